/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the benches of money share: contracts of eight charges that differ in their prices, and a month of facts for each, in memory. The
 * contract's text is here as well, for benches that go through the record. Not a program.
 */
#ifndef BENCH_INVOICES_H
#define BENCH_INVOICES_H

#include "engine/billing.h"

/*
 * A fixed fee, users by a dated list with comings and goings, licences that are ordered, hours with an allowance, storage by graduated
 * tiers, calls with a least amount, a discount on the fees: eight lines, since hours and storage have two each. Two tax categories; in
 * arrears, so that the month of June 2026 falls due on 1 July. number gives the id and the prices.
 */
struct text invoices_contract(struct arena *a, size_t number);

struct invoices_month {
	struct facts *facts;
	day on; /* the first day after it */
	instant known;
};

/* Twenty-seven facts of June 2026 for contract `number`, as an import has them. */
struct invoices_month invoices_facts(struct arena *a, size_t number, const struct zone *zone);
/* The same facts as JSON lines. */
void invoices_lines(size_t number, struct buf *out);

/* Its prices, compiled. Ends the program where the text is no contract. */
const struct pricing *invoices_pricing(struct arena *a, const struct zone_source *zones,
				       size_t number);

#endif
