/* SPDX-License-Identifier: Apache-2.0 */
#include "money/decimal.h"

#include "tap.h"
#include "unit/money/random.h"

#define MOST ((i128)(((u128)1 << 127) - 1))

/* money.md R83, contract-language.md FK-1: the three modes, alike for both signs. */
static const struct {
	int64_t num, den;
	unsigned places;
	int64_t half_up, half_even, down;
} roundings[] = {
	{2345, 1000, 2, 235, 234, 234}, /* FK-1 */
	{-125, 1000, 2, -13, -12, -12}, /* R83 */
	{125, 1000, 2, 13, 12, 12},
	{135, 1000, 2, 14, 14, 13},
	{1, 2, 0, 1, 0, 0},
	{3, 2, 0, 2, 2, 1},
	{5, 2, 0, 3, 2, 2},
	{-1, 2, 0, -1, 0, 0},
	{1, 3, 4, 3333, 3333, 3333},
	{2, 3, 4, 6667, 6667, 6666},
	{-2, 3, 4, -6667, -6667, -6666},
	{1, 7, 9, 142857143, 142857143, 142857142},
	{0, 5, 2, 0, 0, 0},
	{449, 1000, 1, 4, 4, 4},
	{451, 1000, 1, 5, 5, 4},
	{INT64_MAX, 1, 0, INT64_MAX, INT64_MAX, INT64_MAX},
	{2449999, 1000000, 2, 245, 245, 244}, /* one rounding, never two */
};

/* sla.md R55 and NF-2. */
static const struct {
	int64_t num, den;
	unsigned places;
	int64_t units;
} percents[] = {
	{43155, 43200, 4, 998958},
	{43155, 43200, 2, 9990},
	{42985, 43080, 3, 99779},
	{44270, 44520, 4, 994385},
	{1, 1, 4, 1000000},
	{0, 1, 4, 0},
	{1, 3, 0, 33},
	{9999999, 10000000, 4, 1000000},
};

static const struct {
	const char *name;
	struct fraction (*f)(struct fraction, struct fraction);
	int64_t a_num, a_den, b_num, b_den, num, den;
} sums[] = {
	{"1/2 + 1/3", fraction_add, 1, 2, 1, 3, 5, 6},
	{"1/6 + 1/3", fraction_add, 1, 6, 1, 3, 1, 2},
	{"1/2 - 1/2", fraction_sub, 1, 2, 1, 2, 0, 1},
	{"1/3 - 1/2", fraction_sub, 1, 3, 1, 2, -1, 6},
	{"-1/3 - 1/2", fraction_sub, -1, 3, 1, 2, -5, 6},
	{"-1/3 + 1/2", fraction_add, -1, 3, 1, 2, 1, 6},
	{"0 - 1/2", fraction_sub, 0, 1, 1, 2, -1, 2},
	{"2/3 x 3/4", fraction_mul, 2, 3, 3, 4, 1, 2},
	{"-2/3 x 3/4", fraction_mul, -2, 3, 3, 4, -1, 2},
	{"-2/3 x -3/4", fraction_mul, -2, 3, -3, 4, 1, 2},
	{"0 x -3/4", fraction_mul, 0, 1, -3, 4, 0, 1},
	{"2/3 / 4/3", fraction_div, 2, 3, 4, 3, 1, 2},
	{"2/3 / -4/3", fraction_div, 2, 3, -4, 3, -1, 2},
	{"7200 x 14/28", fraction_mul, 7200, 1, 14, 28, 3600, 1},
	{"big x 1/big", fraction_mul, INT64_MAX, 1, 1, INT64_MAX, 1, 1},
	{"big / big", fraction_div, INT64_MAX, 7, INT64_MAX, 7, 1, 1},
};

static bool equal(struct fraction f, i128 num, i128 den)
{
	return f.num == num && f.den == den;
}

static struct fraction any(void)
{
	int64_t num = random_long(9);

	return fraction_of(random_bits() % 2 == 0 ? num : -num, 1 + random_long(6));
}

/* Laws of arithmetic, and rounding against its definition. */
static void properties(void)
{
	size_t wrong_laws = 0, wrong_order = 0, wrong_rounding = 0;

	for (size_t i = 0; i < 20000; i++) {
		struct fraction a = any(), b = any(), sum = fraction_add(a, b);

		if (fraction_cmp(fraction_sub(sum, b), a) != 0 ||
		    fraction_cmp(fraction_add(b, a), sum) != 0)
			wrong_laws++;
		if (b.num != 0 && !equal(fraction_div(fraction_mul(a, b), b), a.num, a.den))
			wrong_laws++;

		i128 left = a.num * b.den, right = b.num * a.den;

		if (fraction_cmp(a, b) != (left > right) - (left < right))
			wrong_order++;

		/* Half up is the nearest; half even is another one only in the very middle, and then it is even. */
		i128 up = fraction_round(a, 2, ROUND_HALF_UP).units,
		     even = fraction_round(a, 2, ROUND_HALF_EVEN).units;
		i128 down = fraction_round(a, 2, ROUND_DOWN).units;
		i128 exact = a.num * 100, off_up = exact - up * a.den,
		     off_down = exact - down * a.den;
		i128 size = off_up < 0 ? -off_up : off_up;
		bool middle = 2 * size == a.den;

		if (2 * size > a.den || (middle && even % 2 != 0) || (!middle && even != up))
			wrong_rounding++;
		if ((off_down < 0 ? -off_down : off_down) >= a.den ||
		    (exact >= 0 ? off_down < 0 : off_down > 0))
			wrong_rounding++;
	}
	is_i64((int64_t)wrong_laws, 0, "sums and products can be undone");
	is_i64((int64_t)wrong_order, 0, "order is that of the cross products");
	is_i64((int64_t)wrong_rounding, 0, "rounding keeps its definition");
}

/* num / den with every common factor taken out, the slow way. */
static struct fraction lowest(i128 num, i128 den)
{
	i128 x = num < 0 ? -num : num, y = den;

	while (y != 0) {
		i128 r = x % y;

		x = y;
		y = r;
	}
	return (struct fraction){num / x, den / x};
}

/* Numbers of every length up to 62 bits, so that sums and products lie on both sides of 64 bits. */
static struct fraction any_length(void)
{
	int64_t num = (int64_t)(random_bits() >> (2 + random_bits() % 60)),
		den = (int64_t)(random_bits() >> (2 + random_bits() % 60));

	return fraction_of(random_bits() % 2 == 0 ? num : -num, den > 0 ? den : 1);
}

static void lengths(void)
{
	size_t wrong_sums = 0, wrong_products = 0, wrong_order = 0;
	struct fraction most = {INT64_MAX, 1}, least = {INT64_MIN, 1}, one = {1, 1};

	for (size_t i = 0; i < 50000; i++) {
		struct fraction a = any_length(), b = any_length(), sum = {0, 1}, product = {0, 1};
		i128 left = a.num * b.den, right = b.num * a.den;
		struct fraction sum_is = lowest(left + right, a.den * b.den),
				product_is = lowest(a.num * b.num, a.den * b.den);

		if (!fraction_try_add(a, b, &sum) || !equal(sum, sum_is.num, sum_is.den))
			wrong_sums++;
		if (!fraction_try_mul(a, b, &product) ||
		    !equal(product, product_is.num, product_is.den))
			wrong_products++;
		if (fraction_cmp(a, b) != (left > right) - (left < right))
			wrong_order++;
	}
	is_i64((int64_t)wrong_sums, 0, "sums of numbers of any length");
	is_i64((int64_t)wrong_products, 0, "products, too");
	is_i64((int64_t)wrong_order, 0, "and their order");
	ok(equal(fraction_add(most, one), (i128)INT64_MAX + 1, 1), "one more than 64 bits hold");
	ok(equal(fraction_sub(least, one), (i128)INT64_MIN - 1, 1), "one less");
	ok(equal(fraction_mul(least, least), (i128)1 << 126, 1), "2^63 x 2^63");
	ok(equal(fraction_of(INT64_MIN, INT64_MAX), INT64_MIN, INT64_MAX), "nothing to cancel");
	ok(equal(fraction_of(INT64_MIN, (i128)1 << 63), -1, 1), "2^63 cancelled");
	ok(equal(fraction_of(INT64_MIN, (i128)1 << 62), -2, 1), "2^62 cancelled");
}

/* Where a product would pass 128 bits although its result does not. */
static void edges(void)
{
	struct fraction near_one = {MOST - 1, MOST}, most = {MOST, 1}, least = {1, MOST};

	ok(equal(fraction_mul(most, least), 1, 1),
	   "factors are cancelled before they are multiplied");
	ok(equal(fraction_div(near_one, near_one), 1, 1), "and before they are divided");
	is_i64(fraction_cmp(near_one, (struct fraction){MOST - 2, MOST - 1}), 1,
	       "fractions that differ by 2^-254 are told apart");
	is_i64(fraction_cmp((struct fraction){-(MOST - 1), MOST},
			    (struct fraction){-(MOST - 2), MOST - 1}),
	       -1, "also below zero");
	is_i64(fraction_cmp(near_one, near_one), 0, "and are equal to themselves");
	is_i64(fraction_round(near_one, 9, ROUND_DOWN).units, 999999999,
	       "rounding does not multiply out: down");
	is_i64(fraction_round(near_one, 9, ROUND_HALF_UP).units, 1000000000,
	       "rounding does not multiply out: up");
	is_i64(fraction_percent(near_one, 4, ROUND_DOWN).units, 999999, "nor does a percentage");
	ok(equal(fraction_of(-MOST, MOST), -1, 1), "the largest numbers are reduced");
	ok(equal(fraction_of(0, 12), 0, 1), "zero is 0/1");
	ok(equal(fraction_of_decimal((struct decimal){-250, 3}), -1, 4), "a decimal is a fraction");
	ok(equal(fraction_of_decimal((struct decimal){INT64_MIN, 0}), INT64_MIN, 1),
	   "also the smallest");
}

int main(void)
{
	random_start();
	for (size_t i = 0; i < ARRAY_SIZE(roundings); i++) {
		struct fraction f = fraction_of(roundings[i].num, roundings[i].den);
		unsigned places = roundings[i].places;

		is_i64(fraction_round(f, places, ROUND_HALF_UP).units, roundings[i].half_up,
		       "rounding %zu: half up", i);
		is_i64(fraction_round(f, places, ROUND_HALF_EVEN).units, roundings[i].half_even,
		       "rounding %zu: half even", i);
		is_i64(fraction_round(f, places, ROUND_DOWN).units, roundings[i].down,
		       "rounding %zu: down", i);
		is_i64(fraction_round(f, places, ROUND_DOWN).scale, places, "rounding %zu: scale",
		       i);
	}
	for (size_t i = 0; i < ARRAY_SIZE(percents); i++)
		is_i64(fraction_percent(fraction_of(percents[i].num, percents[i].den),
					percents[i].places, ROUND_HALF_UP)
			       .units,
		       percents[i].units, "%" PRId64 " of %" PRId64 " in percent", percents[i].num,
		       percents[i].den);
	for (size_t i = 0; i < ARRAY_SIZE(sums); i++)
		ok(equal(sums[i].f(fraction_of(sums[i].a_num, sums[i].a_den),
				   fraction_of(sums[i].b_num, sums[i].b_den)),
			 sums[i].num, sums[i].den),
		   "%s = %" PRId64 "/%" PRId64, sums[i].name, sums[i].num, sums[i].den);
	edges();
	lengths();
	properties();
	return tap_done();
}
