/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What identifiers say to people: states, outcomes, roles, kinds of what happens (said.def). JSON, CSV and the record keep the identifiers.
 */
#ifndef RENDER_SAID_H
#define RENDER_SAID_H

#include "base/arena.h"
#include "facts/kinds.h"
#include "render/doc.h"

/* false: it is nobody's word but the contract's or a person's, and is shown as it is. */
bool said_find(struct text id, enum wording *out);
/* Its words, or itself. */
struct text said_text(const struct language *l, struct text id);
/* Of several, apart by blanks: "owner, runs the installation". */
struct text said_list(struct arena *a, const struct language *l, struct text ids);
/* The words in a document's language. */
struct phrase said_phrase(struct doc *d, struct text id);
/* What a kind of fact or entry is called: "outage began". */
struct phrase said_kind(struct doc *d, enum fact_kind k);

#endif
