/* SPDX-License-Identifier: Apache-2.0 */
#include "money/wide.h"

#include <assert.h>

uint64_t power_of_ten(unsigned n)
{
	static const uint64_t powers[] = {1,
					  10,
					  100,
					  1000,
					  10000,
					  100000,
					  1000000,
					  10000000,
					  100000000,
					  1000000000,
					  UINT64_C(10000000000),
					  UINT64_C(100000000000),
					  UINT64_C(1000000000000),
					  UINT64_C(10000000000000),
					  UINT64_C(100000000000000),
					  UINT64_C(1000000000000000),
					  UINT64_C(10000000000000000),
					  UINT64_C(100000000000000000),
					  UINT64_C(1000000000000000000)};

	assert(n < ARRAY_SIZE(powers));
	return powers[n];
}

bool wide_try_add(u128 a, u128 b, u128 *sum)
{
	if (a > WIDE_MAX || b > WIDE_MAX - a)
		return false;
	*sum = a + b;
	return true;
}

/* How many bits a number has. */
static unsigned length(u128 n)
{
	uint64_t high = (uint64_t)(n >> 64), low = (uint64_t)n;

	if (high != 0)
		return 128 - (unsigned)__builtin_clzll(high);
	return low != 0 ? 64 - (unsigned)__builtin_clzll(low) : 0;
}

bool wide_try_mul(u128 a, u128 b, u128 *product)
{
	/* The sum of the lengths tells nearly always, and costs no division. */
	if (length(a) + length(b) > 127 && a != 0 && b > WIDE_MAX / a)
		return false;
	*product = a * b;
	return true;
}

u128 wide_add(u128 a, u128 b)
{
	u128 sum = 0;
	bool fits = wide_try_add(a, b, &sum);

	assert(fits);
	return sum;
}

u128 wide_mul(u128 a, u128 b)
{
	u128 product = 0;
	bool fits = wide_try_mul(a, b, &product);

	assert(fits);
	return product;
}

u128 wide_gcd(u128 a, u128 b)
{
	if (a == 1 || b == 1)
		return 1;
	while (b > UINT64_MAX || (b != 0 && a > UINT64_MAX)) {
		u128 r = a % b;

		a = b;
		b = r;
	}
	if (b == 0)
		return a;

	/* Division of 64 bits is many times cheaper. */
	uint64_t x = (uint64_t)a, y = (uint64_t)b;

	while (y != 0) {
		uint64_t r = x % y;

		x = y;
		y = r;
	}
	return x;
}

/* 2 x *q + *r / den + what another `whole` and `part` of den add if `one`. */
static bool shift_in(bool one, u128 whole, u128 part, u128 den, u128 *q, u128 *r)
{
	if (!wide_try_add(*q, *q, q))
		return false;
	*r += *r;
	if (*r >= den) {
		*r -= den;
		if (!wide_try_add(*q, 1, q))
			return false;
	}
	if (!one)
		return true;
	if (!wide_try_add(*q, whole, q))
		return false;
	*r += part;
	if (*r >= den) {
		*r -= den;
		return wide_try_add(*q, 1, q);
	}
	return true;
}

bool wide_try_times_over(u128 factor, u128 num, u128 den, u128 *whole, u128 *rest)
{
	assert(num <= WIDE_MAX && den > 0 && den <= WIDE_MAX);
	if (length(factor) + length(num) <= 64 && den <= UINT64_MAX) {
		uint64_t product = (uint64_t)factor * (uint64_t)num;

		*whole = product / (uint64_t)den;
		*rest = product % (uint64_t)den;
		return true;
	}
	if (length(factor) + length(num) <= 127) {
		*whole = factor * num / den;
		*rest = factor * num % den;
		return true;
	}

	u128 times = num / den, part = num % den, q = 0, r = 0;

	/* Long multiplication by the bits of factor, dividing as it goes: r stays below den, so that 2r and r + part fit. */
	for (unsigned done = 0; done < 128; done++)
		if (!shift_in((factor >> (127 - done) & 1) != 0, times, part, den, &q, &r))
			return false;
	*whole = q;
	*rest = r;
	return true;
}

u128 wide_times_over(u128 factor, u128 num, u128 den, u128 *rest)
{
	u128 whole = 0;
	bool fits = wide_try_times_over(factor, num, den, &whole, rest);

	assert(fits);
	return whole;
}

u128 wide_magnitude(i128 v)
{
	return v < 0 ? (u128)(-(v + 1)) + 1 : (u128)v;
}

i128 wide_signed(bool negative, u128 m)
{
	assert(m <= WIDE_MAX);
	return negative ? -(i128)m : (i128)m;
}
