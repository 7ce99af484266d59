/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the charges of two versions come to over the same months and the same facts: the money half of a back-test (CL-56). Pure, and of
 * nothing but what engine/charging.h and engine/billing.h computed for each side: no rule of a charge is applied here a second time.
 *
 * Which month. An item is shared by days over its service period (money.md R141), rounded once from the beginning, so a yearly fee is
 * comparable with a monthly one and the shares of all months sum to the item; its discounts and its minimum the same. A true-up, known
 * only when its period is over, belongs to the month of the period's last day. An item whose due edge is beyond the run is on neither
 * side.
 *
 * Tax. Per month and category on what is left after discounts (R68), before service credits.
 *
 * Why. An item of one charge and one service period is compared with the same item of the other side. Its difference is put down to
 * what the two contracts say otherwise of that charge:
 *
 *   price      amounts, prices, tiers, percentages, factors, schedule, indexation
 *   allowance  included quantities, hours bought, what carries over
 *   quantity   what is counted, when, in which blocks and increments
 *
 * Only one of them: all of the difference is its. Price and one other: price is what the quantity of before costs more at the average
 * rate of after, the other has the rest. All else is `other`: periods that do not pair, both allowance and counting, minimum and maximum,
 * and what one side alone has. The four sum to the difference exactly.
 */
#ifndef ENGINE_COMPARE_CHARGES_H
#define ENGINE_COMPARE_CHARGES_H

#include "engine/billing.h"
#include "engine/compare.h"

struct billed_side {
	const struct charging *charging;
	const struct billed_sum *v;
	size_t n;
};

enum charge_why { WHY_PRICE, WHY_ALLOWANCE, WHY_QUANTITY, WHY_OTHER, CHARGE_WHYS };

struct two_amounts {
	int64_t of[SIDES]; /* minor units */
};

struct compared_charge {
	enum { ROW_CHARGE, ROW_DISCOUNT, ROW_COMMITMENT } row;
	struct text id; /* "commitment" for that */
	struct text name, type;
	enum presence presence;
	struct two_amounts total;
	struct two_amounts *months; /* n_months of the comparison */
	int64_t why[CHARGE_WHYS];
	/* Billed units of the items of the period, where all have one unit and lie in it whole. */
	bool quantity_set[SIDES];
	struct fraction quantity[SIDES];
	struct text unit[SIDES];
};

struct compared_charges {
	struct currency currency;
	bool tax_included[SIDES]; /* prices include tax: amounts of that side do */
	const struct days *months;
	size_t n_months;
	const struct compared_charge
		*v; /* in order of the version after, then those removed, then the commitment */
	size_t n;
	const struct two_amounts *sums, *taxes; /* of each month */
	struct two_amounts sum, tax;
	int64_t why[CHARGE_WHYS];
};

/* The local months that a span of whole months has. */
const struct days *months_of_span(struct arena *a, const struct zone *zone, struct span period,
				  size_t *n);
/* RC_LIMIT: beyond 64 bits (R82). RC_INVALID: not one currency (R80). */
enum rc compare_charges(struct arena *a, const struct billed_side side[SIDES],
			const struct days *months, size_t n_months, struct compared_charges **out,
			struct err *err) MUST_USE;

const char *charge_why_word(enum charge_why w); /* "price" */

#endif
