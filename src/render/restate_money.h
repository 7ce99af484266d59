/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Issued invoices against what is known now (money.md R17, R91 to R98): which amounts differ and what follows. A part of the restatement
 * (render/restate.h), and a table of its own. Nothing is computed here.
 */
#ifndef RENDER_RESTATE_MONEY_H
#define RENDER_RESTATE_MONEY_H

#include "base/json.h"
#include "engine/billing.h"
#include "render/doc.h"

struct restate_money {
	struct text contract, title;
	struct currency currency;
	day on; /* what is due by then */
	const struct restated *rows;
	size_t n;
	bool by_credit_note; /* FK-34 */
	bool tax_included;   /* R69: amounts are with their tax */
	bool parked;         /* R74: the next document waits for a person */
};

/* A section of a document. */
void restate_money_add(struct doc *d, const struct restate_money *m);
/* An object: described in restate_money.c. */
void restate_money_json(struct arena *a, const struct restate_money *m, struct json *j);
void restate_money_csv(const struct restate_money *m, struct buf *out);

#endif
