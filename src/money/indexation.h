/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A price by an index: the ratio of two months, bounded, times the price (money.md R53 to R55, NF-7). Which months, and whether
 * they were published, others say.
 */
#ifndef MONEY_INDEXATION_H
#define MONEY_INDEXATION_H

#include "money/decimal.h"

/* What the bounds did. A floor of 0 % that was reached means that there was no adjustment (R55). */
enum index_effect { INDEX_FREE, INDEX_FLOOR, INDEX_CAP };

struct index_bounds {
	bool has_cap;
	struct decimal cap, floor; /* percent of change; the floor may be negative */
};

/* R53: value / base, half up to `places` decimals (0 to 9). base > 0, value >= 0. false: too large. */
bool index_ratio(struct decimal value, struct decimal base, unsigned places,
		 struct decimal *ratio) MUST_USE;
/* clamp(ratio, 1 + floor, 1 + cap). */
bool index_clamp(struct decimal ratio, const struct index_bounds *bounds, struct fraction *out,
		 enum index_effect *effect) MUST_USE;
/* round(price x ratio) at the decimals that the price is written with. */
bool index_price(struct decimal price, unsigned places, struct fraction ratio, enum rounding mode,
		 struct decimal *out) MUST_USE;

#endif
