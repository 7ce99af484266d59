/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What issued statements would say today (sla.md R21): which figures changed, from what to what, why, and what follows under
 * invoicing.corrections (FK-34) and R18. One document for all restated months of a contract. Nothing is computed here.
 */
#ifndef RENDER_RESTATE_H
#define RENDER_RESTATE_H

#include "engine/restate.h"
#include "render/restate_money.h"

struct restate_options {
	const struct language *language;   /* NULL: English */
	const struct restate_money *money; /* NULL: no invoice was issued */
	bool statements;                   /* some were issued */
};

/* n may be 0: then no closed month is restated. */
struct doc *restate_doc(struct arena *a, const struct restatement *const *v, size_t n,
			const struct restate_options *options);

/* {"tenor_restatement": 1, ...}: the fields are described in restate.c. */
void restate_json(struct arena *a, const struct restatement *const *v, size_t n,
		  const struct restate_options *options, bool pretty, struct buf *out);

#endif
