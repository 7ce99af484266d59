/* SPDX-License-Identifier: Apache-2.0 */
#include "money/indexation.h"

#include <assert.h>

enum { PERCENT = 100 };

bool index_ratio(struct decimal value, struct decimal base, unsigned places, struct decimal *ratio)
{
	struct fraction f = {0, 1};

	assert(base.units > 0 && value.units >= 0);
	return fraction_try_div(fraction_of_decimal(value), fraction_of_decimal(base), &f) &&
	       fraction_try_round(f, places, ROUND_HALF_UP, ratio);
}

static bool one_and(struct decimal pct, struct fraction *out)
{
	struct fraction f = {0, 1};

	return fraction_try_mul(fraction_of_decimal(pct), fraction_of(1, PERCENT), &f) &&
	       fraction_try_add(f, fraction_of(1, 1), out);
}

bool index_clamp(struct decimal ratio, const struct index_bounds *bounds, struct fraction *out,
		 enum index_effect *effect)
{
	struct fraction r = fraction_of_decimal(ratio), floor = {1, 1}, cap = {1, 1};

	if (!one_and(bounds->floor, &floor) || (bounds->has_cap && !one_and(bounds->cap, &cap)))
		return false;
	*effect = INDEX_FREE;
	*out = r;
	if (bounds->has_cap && fraction_cmp(r, cap) > 0) {
		*effect = INDEX_CAP;
		*out = cap;
	} else if (fraction_cmp(r, floor) < 0) {
		*effect = INDEX_FLOOR;
		*out = floor;
	}
	return true;
}

bool index_price(struct decimal price, unsigned places, struct fraction ratio, enum rounding mode,
		 struct decimal *out)
{
	struct fraction f = {0, 1};

	return fraction_try_mul(fraction_of_decimal(price), ratio, &f) &&
	       fraction_try_round(f, places, mode, out);
}
