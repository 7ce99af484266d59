/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Exact fractions. Kept in lowest terms, and factors are cancelled before they are multiplied, so that 128 bits hold what
 * contracts need; where they would not, the functions called try say so, and in the others an assertion stops the computation
 * (money.md R82).
 */
#include "money/decimal.h"
#include "money/wide.h"

#include <assert.h>

/* n / by, by > 0: most factors are one, and most numbers have 64 bits, whose division is many times cheaper. */
static u128 quotient(u128 n, u128 by)
{
	if (by == 1)
		return n;
	if ((n | by) <= UINT64_MAX)
		return (uint64_t)n / (uint64_t)by;
	return n / by;
}

/* --- 64 bits, which nearly all contracts never leave: the same results in a fifth of the time --- */

static bool is_short(struct fraction f)
{
	return f.num == (int64_t)f.num && f.den == (int64_t)f.den;
}

static uint64_t magnitude_64(int64_t v)
{
	return v < 0 ? (uint64_t)(-(v + 1)) + 1 : (uint64_t)v;
}

static uint64_t gcd_64(uint64_t x, uint64_t y)
{
	if (x == 1 || y == 1)
		return 1;
	while (y != 0) {
		uint64_t r = x % y;

		x = y;
		y = r;
	}
	return x;
}

/* num / den, den > 0, in lowest terms. */
static struct fraction reduced_64(int64_t num, int64_t den)
{
	uint64_t g = den == 1 ? 1 : gcd_64(magnitude_64(num), (uint64_t)den);

	/* g is a factor of den, so it has 63 bits at most */
	if (g != 1) {
		num /= (int64_t)g;
		den /= (int64_t)g;
	}
	return (struct fraction){num, den};
}

/* false: 64 bits do not hold it, which says nothing about 128. */
static bool add_64(struct fraction a, struct fraction b, struct fraction *out)
{
	int64_t x = (int64_t)a.num, y = (int64_t)b.num, den = (int64_t)a.den;

	if (!is_short(a) || !is_short(b))
		return false;
	if (a.den == 1 && b.den == 1) {
		if (__builtin_add_overflow(x, y, &x))
			return false;
		*out = (struct fraction){x, 1};
		return true;
	}
	if (a.den != b.den && (__builtin_mul_overflow(x, (int64_t)b.den, &x) ||
			       __builtin_mul_overflow(y, (int64_t)a.den, &y) ||
			       __builtin_mul_overflow(den, (int64_t)b.den, &den)))
		return false;
	if (__builtin_add_overflow(x, y, &x))
		return false;
	*out = reduced_64(x, den);
	return true;
}

static bool mul_64(struct fraction a, struct fraction b, struct fraction *out)
{
	int64_t num = 0, den = 1;

	if (!is_short(a) || !is_short(b) ||
	    __builtin_mul_overflow((int64_t)a.num, (int64_t)b.num, &num) ||
	    __builtin_mul_overflow((int64_t)a.den, (int64_t)b.den, &den))
		return false;
	*out = reduced_64(num, den);
	return true;
}

/* --- 128 bits --- */

static struct fraction reduced(bool negative, u128 num, u128 den)
{
	assert(den > 0);
	u128 g = wide_gcd(num, den);

	return (struct fraction){wide_signed(negative, quotient(num, g)),
				 wide_signed(false, quotient(den, g))};
}

struct fraction fraction_reduced(i128 num, i128 den)
{
	assert(den > 0);
	if (num == (int64_t)num && den == (int64_t)den)
		return reduced_64((int64_t)num, (int64_t)den);
	return reduced(num < 0, wide_magnitude(num), (u128)den);
}

struct fraction fraction_of_decimal(struct decimal d)
{
	if (d.scale == 0)
		return (struct fraction){d.units, 1};
	return reduced_64(d.units, (int64_t)power_of_ten(d.scale));
}

/* den x times, and both numerators over it. */
static bool common(struct fraction a, struct fraction b, u128 *x, u128 *y, u128 *den)
{
	u128 g = wide_gcd((u128)a.den, (u128)b.den);
	u128 a_times = quotient((u128)b.den, g), b_times = quotient((u128)a.den, g);

	return wide_try_mul(wide_magnitude(a.num), a_times, x) &&
	       wide_try_mul(wide_magnitude(b.num), b_times, y) &&
	       wide_try_mul((u128)a.den, a_times, den);
}

bool fraction_try_add(struct fraction a, struct fraction b, struct fraction *out)
{
	assert(a.den > 0 && b.den > 0);
	u128 x = 0, y = 0, den = 1, sum = 0;

	if (add_64(a, b, out))
		return true;
	if (!common(a, b, &x, &y, &den))
		return false;
	if ((a.num < 0) == (b.num < 0)) {
		if (!wide_try_add(x, y, &sum))
			return false;
		*out = reduced(a.num < 0, sum, den);
	} else if (x >= y) {
		*out = reduced(a.num < 0, x - y, den);
	} else {
		*out = reduced(b.num < 0, y - x, den);
	}
	return true;
}

struct fraction fraction_add(struct fraction a, struct fraction b)
{
	struct fraction sum = {0, 1};
	bool fits = fraction_try_add(a, b, &sum);

	assert(fits);
	return sum;
}

static struct fraction negated(struct fraction f)
{
	return (struct fraction){wide_signed(f.num > 0, wide_magnitude(f.num)), f.den};
}

bool fraction_try_sub(struct fraction a, struct fraction b, struct fraction *out)
{
	return fraction_try_add(a, negated(b), out);
}

struct fraction fraction_sub(struct fraction a, struct fraction b)
{
	return fraction_add(a, negated(b));
}

/* (a / b) x (c / d), cancelled crosswise first. */
static bool product(bool negative, u128 a, u128 b, u128 c, u128 d, struct fraction *out)
{
	assert(b > 0 && d > 0);
	u128 ad = wide_gcd(a, d), cb = wide_gcd(c, b), num = 0, den = 1;

	if (!wide_try_mul(quotient(a, ad), quotient(c, cb), &num) ||
	    !wide_try_mul(quotient(b, cb), quotient(d, ad), &den))
		return false;
	*out = reduced(negative, num, den);
	return true;
}

bool fraction_try_mul(struct fraction a, struct fraction b, struct fraction *out)
{
	assert(a.den > 0 && b.den > 0);
	return mul_64(a, b, out) || product((a.num < 0) != (b.num < 0), wide_magnitude(a.num),
					    (u128)a.den, wide_magnitude(b.num), (u128)b.den, out);
}

struct fraction fraction_mul(struct fraction a, struct fraction b)
{
	struct fraction f = {0, 1};
	bool fits = fraction_try_mul(a, b, &f);

	assert(fits);
	return f;
}

bool fraction_try_div(struct fraction a, struct fraction b, struct fraction *out)
{
	assert(a.den > 0 && b.den > 0);
	return b.num != 0 && product((a.num < 0) != (b.num < 0), wide_magnitude(a.num), (u128)a.den,
				     (u128)b.den, wide_magnitude(b.num), out);
}

struct fraction fraction_div(struct fraction a, struct fraction b)
{
	struct fraction f = {0, 1};
	bool fits = fraction_try_div(a, b, &f);

	assert(fits);
	return f;
}

/* a / b against c / d without multiplying: equal whole parts leave the rests, and those compare as their inverses turned. */
static int cmp_magnitudes(u128 a, u128 b, u128 c, u128 d)
{
	if (b == d)
		return (a > c) - (a < c);
	if ((a | b | c | d) <= UINT64_MAX)
		return (a * d > c * b) - (a * d < c * b);
	for (;;) {
		u128 q = a / b, p = c / d, r = a % b, s = c % d;

		if (q != p)
			return q > p ? 1 : -1;
		if (r == 0 || s == 0)
			return (r > 0) - (s > 0);
		a = d;
		c = b;
		b = s;
		d = r;
	}
}

int fraction_cmp(struct fraction a, struct fraction b)
{
	assert(a.den > 0 && b.den > 0);
	if (is_short(a) && is_short(b)) {
		i128 x = a.den == b.den ? a.num : a.num * (int64_t)b.den,
		     y = a.den == b.den ? b.num : b.num * (int64_t)a.den;

		return (x > y) - (x < y);
	}

	int a_sign = (a.num > 0) - (a.num < 0), b_sign = (b.num > 0) - (b.num < 0);

	if (a_sign != b_sign)
		return a_sign > b_sign ? 1 : -1;
	int c = cmp_magnitudes(wide_magnitude(a.num), (u128)a.den, wide_magnitude(b.num),
			       (u128)b.den);

	return a_sign < 0 ? -c : c;
}

/* All modes treat both signs alike, so that a correction mirrors its original (money.md R83). */
static bool away_from_zero(u128 whole, u128 rest, u128 den, enum rounding mode)
{
	switch (mode) {
	case ROUND_HALF_UP:
		return rest >= den - rest;
	case ROUND_HALF_EVEN:
		return rest > den - rest || (rest == den - rest && whole % 2 == 1);
	case ROUND_DOWN:
		return false;
	}
	assert(false && "a rounding that does not exist");
	return false;
}

static bool rounded(struct fraction f, uint64_t times, unsigned places, enum rounding mode,
		    struct decimal *out)
{
	assert(f.den > 0 && places <= 9);
	u128 rest = 0, whole = 0, den = (u128)f.den;

	/* a whole number has nothing to round */
	if (den == 1 && f.num == (int64_t)f.num) {
		int64_t units = (int64_t)f.num;

		if (!__builtin_mul_overflow(units, (int64_t)(times * power_of_ten(places)),
					    &units) &&
		    units != INT64_MIN) {
			*out = (struct decimal){units, (uint8_t)places};
			return true;
		}
	}
	if (!wide_try_times_over((u128)times * power_of_ten(places), wide_magnitude(f.num), den,
				 &whole, &rest))
		return false;
	if (away_from_zero(whole, rest, den, mode) && !wide_try_add(whole, 1, &whole))
		return false;
	if (whole > INT64_MAX)
		return false;

	int64_t units = (int64_t)whole;

	*out = (struct decimal){f.num < 0 ? -units : units, (uint8_t)places};
	return true;
}

bool fraction_try_round(struct fraction f, unsigned places, enum rounding mode, struct decimal *out)
{
	return rounded(f, 1, places, mode, out);
}

struct decimal fraction_round(struct fraction f, unsigned places, enum rounding mode)
{
	struct decimal d = {0, 0};
	bool fits = rounded(f, 1, places, mode, &d);

	assert(fits);
	return d;
}

struct decimal fraction_percent(struct fraction f, unsigned places, enum rounding mode)
{
	struct decimal d = {0, 0};
	bool fits = rounded(f, 100, places, mode, &d);

	assert(fits);
	return d;
}
