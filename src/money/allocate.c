/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Splitting a sum by largest remainder (DESIGN section 4, money.md R15). Each part first gets its exact share rounded down;
 * the minor units left over go one each to the parts that lost most, the earlier first among equals.
 */
#include "money/money.h"
#include "money/wide.h"

#include <assert.h>

/* The weights as whole numbers over one denominator, and their sum. */
struct weights {
	const struct fraction *v;
	size_t n;
	u128 den, sum;
};

/* Fits, since their sum did. */
static u128 weight(const struct weights *w, size_t i)
{
	return wide_mul((u128)w->v[i].num, w->den / (u128)w->v[i].den);
}

/* false: no 128 bits hold them, or there is nothing to share by. */
static bool weights_of(const struct fraction *v, size_t n, struct weights *w)
{
	*w = (struct weights){v, n, 1, 0};
	for (size_t i = 0; i < n; i++) {
		assert(v[i].num >= 0 && v[i].den > 0);
		u128 den = (u128)v[i].den;

		if (!wide_try_mul(w->den, den / wide_gcd(w->den, den), &w->den))
			return false;
	}
	for (size_t i = 0; i < n; i++) {
		u128 part = 0;

		if (!wide_try_mul((u128)v[i].num, w->den / (u128)v[i].den, &part) ||
		    !wide_try_add(w->sum, part, &w->sum))
			return false;
	}
	return w->sum > 0;
}

/* What part i loses when its share of the total is rounded down to *whole, in parts of the sum of weights. */
static u128 lost(const struct weights *w, u128 total, size_t i, int64_t *whole)
{
	u128 rest, q = wide_times_over(total, weight(w, i), w->sum, &rest);

	assert(q <= total);
	*whole = (int64_t)q;
	return rest;
}

static size_t count_above(const struct weights *w, u128 total, u128 loss)
{
	size_t count = 0;
	int64_t whole;

	for (size_t i = 0; i < w->n; i++)
		if (lost(w, total, i, &whole) > loss)
			count++;
	return count;
}

/* The smallest loss that at most `left` parts exceed: found by halving, since there is no room here to sort n losses. */
static u128 threshold(const struct weights *w, u128 total, size_t left)
{
	u128 from = 0, to = w->sum;

	while (from < to) {
		u128 middle = from + (to - from) / 2;

		if (count_above(w, total, middle) <= left)
			to = middle;
		else
			from = middle + 1;
	}
	return from;
}

/* For few parts: each unit left over goes to the part that lost most of those that have none yet, the first among equals. */
enum { FEW = 32 };

static void deal(u128 losses[FEW], size_t n, size_t left, struct money *parts)
{
	for (; left > 0; left--) {
		size_t most = 0;

		for (size_t i = 1; i < n; i++)
			if (losses[i] > losses[most])
				most = i;
		assert(losses[most] > 0);
		parts[most].minor++;
		losses[most] = 0;
	}
}

/* The same for any number of parts, where losses are worked out again instead of kept. */
static void deal_many(const struct weights *w, u128 size, size_t left, struct money *parts)
{
	u128 loss = threshold(w, size, left);
	size_t ties = left - count_above(w, size, loss);

	for (size_t i = 0; i < w->n; i++) {
		int64_t whole;
		u128 mine = lost(w, size, i, &whole);
		bool more = mine > loss || (mine == loss && ties > 0);

		if (mine == loss && ties > 0)
			ties--;
		parts[i].minor = whole + (more ? 1 : 0);
	}
}

bool money_try_allocate(struct money total, const struct fraction *weights, size_t n,
			struct money *parts)
{
	struct weights w;

	if (!weights_of(weights, n, &w))
		return false;

	u128 size = wide_magnitude(total.minor), given = 0, losses[FEW];

	assert(size <= INT64_MAX);
	for (size_t i = 0; i < n; i++) {
		u128 loss = lost(&w, size, i, &parts[i].minor);

		parts[i].currency = total.currency;
		given = wide_add(given, (u128)parts[i].minor);
		if (n <= FEW)
			losses[i] = loss;
	}

	/* Fewer units are left than parts that lost something, so a weight of zero never gets one. */
	assert(given <= size && size - given < n);
	if (n <= FEW)
		deal(losses, n, (size_t)(size - given), parts);
	else
		deal_many(&w, size, (size_t)(size - given), parts);

	i128 sum = 0;

	for (size_t i = 0; i < n; i++) {
		if (total.minor < 0)
			parts[i].minor = -parts[i].minor;
		sum += parts[i].minor;
	}
	assert(sum == total.minor);
	return true;
}

void money_allocate(struct money total, const struct fraction *weights, size_t n,
		    struct money *parts)
{
	bool fits = money_try_allocate(total, weights, n, parts);

	assert(fits);
}

/* Rounded towards minus infinity, and what was lost by it, in minor units. */
static bool floor_of(struct fraction exact, struct currency c, struct money *whole,
		     struct fraction *loss)
{
	if (!money_try_round(exact, c, ROUND_DOWN, whole))
		return false;
	if (fraction_cmp(money_exact(*whole), exact) > 0 &&
	    !money_try_sub(*whole, (struct money){1, c}, whole))
		return false;
	return fraction_try_sub(exact, money_exact(*whole), loss);
}

/* Positions by falling loss, the first among equals first: runs of 1, 2, 4, ... are merged. */
static size_t *by_loss(struct arena *a, const struct fraction *loss, size_t n)
{
	size_t *from = arena_array(a, size_t, n), *to = arena_array(a, size_t, n);

	for (size_t i = 0; i < n; i++)
		from[i] = i;
	for (size_t run = 1; run < n; run *= 2) {
		for (size_t start = 0; start < n; start += 2 * run) {
			size_t middle = start + run < n ? start + run : n;
			size_t end = middle + run < n ? middle + run : n;
			size_t x = start, y = middle;

			for (size_t k = start; k < end; k++) {
				bool first = x < middle &&
					     (y == end ||
					      fraction_cmp(loss[from[x]], loss[from[y]]) >= 0);

				to[k] = first ? from[x++] : from[y++];
			}
		}

		size_t *done = to;

		to = from;
		from = done;
	}
	return from;
}

bool money_round_to(struct arena *a, struct money total, const struct fraction *exact, size_t n,
		    struct money *parts)
{
	struct fraction *loss = arena_array(a, struct fraction, n);
	struct money given = {0, total.currency}, left = given;

	for (size_t i = 0; i < n; i++)
		if (!floor_of(exact[i], total.currency, &parts[i], &loss[i]) ||
		    !money_try_add(given, parts[i], &given))
			return false;
	if (!money_try_sub(total, given, &left) || left.minor < 0 || (uint64_t)left.minor > n)
		return false;

	const size_t *order = by_loss(a, loss, n);

	for (size_t i = 0; i < (size_t)left.minor; i++)
		parts[order[i]].minor++;
	return true;
}
