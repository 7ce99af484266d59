/* SPDX-License-Identifier: Apache-2.0 */
#include "money/trend.h"

#include <assert.h>

/* Insertion sort: 120 months have 7,140 slopes, and a forecast has few lines. */
static void sort(struct fraction *v, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		struct fraction x = v[i];
		size_t k = i;

		for (; k > 0 && fraction_cmp(v[k - 1], x) > 0; k--)
			v[k] = v[k - 1];
		v[k] = x;
	}
}

/* Sorts v. */
static bool median(struct fraction *v, size_t n, struct fraction *out)
{
	struct fraction sum = {0, 1};

	assert(n > 0);
	sort(v, n);
	if (n % 2 == 1) {
		*out = v[n / 2];
		return true;
	}
	return fraction_try_add(v[n / 2 - 1], v[n / 2], &sum) &&
	       fraction_try_mul(sum, fraction_of(1, 2), out);
}

static bool slope_of(struct arena *a, const int64_t *minor, size_t n, struct fraction *out)
{
	struct fraction *v = arena_array(a, struct fraction, n * (n - 1) / 2);
	size_t count = 0;

	for (size_t i = 0; i < n; i++)
		for (size_t k = i + 1; k < n; k++)
			v[count++] = fraction_of((i128)minor[k] - minor[i], (i128)(k - i));
	return median(v, count, out);
}

/* What the line says of month x. */
static bool on_line(const struct trend *t, int64_t x, struct fraction *out)
{
	struct fraction rise = {0, 1};

	return fraction_try_mul(t->slope, fraction_of(x, 1), &rise) &&
	       fraction_try_add(t->intercept, rise, out);
}

/* What each month lies above the line that t is so far. */
static bool above_line(const struct trend *t, const int64_t *minor, struct fraction *v)
{
	for (size_t i = 0; i < t->n; i++) {
		struct fraction line = {0, 1};

		if (!on_line(t, (int64_t)i + 1, &line) ||
		    !fraction_try_sub(fraction_of(minor[i], 1), line, &v[i]))
			return false;
	}
	return true;
}

bool trend_make(struct arena *a, const int64_t *minor, size_t n, struct trend *out)
{
	enum { RANK_PERCENT = 90, PERCENT = 100 };
	struct fraction none = {0, 1}, *v = arena_array(a, struct fraction, n);
	struct trend t = {TREND_NONE, n, none, none, none};

	assert(n <= TREND_MONTHS_MAX);
	if (n < TREND_MEDIAN_MONTHS) {
		*out = t;
		return true;
	}
	t.kind = n < TREND_LINE_MONTHS ? TREND_MEDIAN : TREND_LINE;
	if (t.kind == TREND_LINE && !slope_of(a, minor, n, &t.slope))
		return false;
	if (!above_line(&t, minor, v) || !median(v, n, &t.intercept) || !above_line(&t, minor, v))
		return false;
	sort(v, n);

	struct fraction high = v[(n * RANK_PERCENT + PERCENT - 1) / PERCENT - 1];

	if (high.num > 0)
		t.residual = high;
	*out = t;
	return true;
}

bool trend_p50(const struct trend *t, int64_t ahead, struct fraction *minor)
{
	struct fraction f = {0, 1};

	assert(t->kind != TREND_NONE);
	if (!on_line(t, (int64_t)t->n + ahead, &f))
		return false;
	*minor = f.num > 0 ? f : (struct fraction){0, 1};
	return true;
}
