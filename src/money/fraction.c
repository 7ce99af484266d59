/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Exact fractions. Kept in lowest terms, and factors are cancelled before they are multiplied, so that 128 bits hold what
 * contracts need; where they would not, an assertion stops the computation (money.md R82).
 */
#include "money/decimal.h"
#include "money/wide.h"

#include <assert.h>

static struct fraction reduced(bool negative, u128 num, u128 den)
{
	assert(den > 0);
	u128 g = wide_gcd(num, den);

	return (struct fraction){wide_signed(negative, num / g), wide_signed(false, den / g)};
}

struct fraction fraction_of(i128 num, i128 den)
{
	assert(den > 0);
	return reduced(num < 0, wide_magnitude(num), (u128)den);
}

struct fraction fraction_of_decimal(struct decimal d)
{
	return fraction_of(d.units, (i128)power_of_ten(d.scale));
}

struct fraction fraction_add(struct fraction a, struct fraction b)
{
	assert(a.den > 0 && b.den > 0);
	u128 g = wide_gcd((u128)a.den, (u128)b.den);
	u128 a_times = (u128)b.den / g, b_times = (u128)a.den / g;
	u128 x = wide_mul(wide_magnitude(a.num), a_times),
	     y = wide_mul(wide_magnitude(b.num), b_times);
	u128 den = wide_mul((u128)a.den, a_times);

	if ((a.num < 0) == (b.num < 0))
		return reduced(a.num < 0, wide_add(x, y), den);
	if (x >= y)
		return reduced(a.num < 0, x - y, den);
	return reduced(b.num < 0, y - x, den);
}

static struct fraction negated(struct fraction f)
{
	return (struct fraction){wide_signed(f.num > 0, wide_magnitude(f.num)), f.den};
}

struct fraction fraction_sub(struct fraction a, struct fraction b)
{
	return fraction_add(a, negated(b));
}

/* (a / b) x (c / d), cancelled crosswise first. */
static struct fraction product(bool negative, u128 a, u128 b, u128 c, u128 d)
{
	assert(b > 0 && d > 0);
	u128 ad = wide_gcd(a, d), cb = wide_gcd(c, b);

	return reduced(negative, wide_mul(a / ad, c / cb), wide_mul(b / cb, d / ad));
}

struct fraction fraction_mul(struct fraction a, struct fraction b)
{
	assert(a.den > 0 && b.den > 0);
	return product((a.num < 0) != (b.num < 0), wide_magnitude(a.num), (u128)a.den,
		       wide_magnitude(b.num), (u128)b.den);
}

struct fraction fraction_div(struct fraction a, struct fraction b)
{
	assert(a.den > 0 && b.den > 0 && b.num != 0);
	return product((a.num < 0) != (b.num < 0), wide_magnitude(a.num), (u128)a.den, (u128)b.den,
		       wide_magnitude(b.num));
}

/* a / b against c / d without multiplying: equal whole parts leave the rests, and those compare as their inverses turned. */
static int cmp_magnitudes(u128 a, u128 b, u128 c, u128 d)
{
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

static struct decimal rounded(struct fraction f, uint64_t times, unsigned places,
			      enum rounding mode)
{
	assert(f.den > 0 && places <= 9);
	u128 rest, den = (u128)f.den;
	u128 whole = wide_times_over((u128)times * power_of_ten(places), wide_magnitude(f.num), den,
				     &rest);

	if (away_from_zero(whole, rest, den, mode))
		whole = wide_add(whole, 1);
	assert(whole <= INT64_MAX);
	int64_t units = (int64_t)whole;

	return (struct decimal){f.num < 0 ? -units : units, (uint8_t)places};
}

struct decimal fraction_round(struct fraction f, unsigned places, enum rounding mode)
{
	return rounded(f, 1, places, mode);
}

struct decimal fraction_percent(struct fraction f, unsigned places, enum rounding mode)
{
	return rounded(f, 100, places, mode);
}
