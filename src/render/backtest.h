/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a new version of a contract would have cost (CL-56): for one contract, or for a whole portfolio with a table of contracts
 * first. The answer comes first: what the client would have paid in all, charges and credits; then charges by month and by charge with
 * why they differ, credits by month and promise, the tickets that make most of it, and what changed in the contract. Nothing is
 * computed here but sums over contracts of one currency, and charges less credits.
 *
 * As text: doc_text(backtest_doc(...)); as a page: doc_html.
 */
#ifndef RENDER_BACKTEST_H
#define RENDER_BACKTEST_H

#include "engine/compare_charges.h"
#include "render/doc.h"
#include "terms/diff.h"

struct backtest_contract {
	const struct comparison *comparison;
	const struct compared_charges *charges; /* NULL: neither version charges anything */
	const struct changes *changes; /* from the old to the new version; NULL: not shown */
};

struct backtest_options {
	const struct language *language; /* NULL: English */
};

/* n > 0. */
struct doc *backtest_doc(struct arena *a, const struct backtest_contract *v, size_t n,
			 const struct backtest_options *options);

/*
 * {"tenor_backtest": 1, ...}: every figure as exact text or integer; the fields are described in backtest.c, next to what writes
 * them. No float, no null; absent means there is none.
 */
void backtest_json(struct arena *a, const struct backtest_contract *v, size_t n,
		   const struct backtest_options *options, bool pretty, struct buf *out);
/* A row for each contract, charge or promise, and month: what it came to before and after. Described in backtest_charges.c. */
void backtest_csv(const struct backtest_contract *v, size_t n, struct buf *out);

#endif
