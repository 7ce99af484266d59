/* SPDX-License-Identifier: Apache-2.0 */
#include "money/wide.h"

#include <assert.h>

uint64_t power_of_ten(unsigned n)
{
	uint64_t p = 1;

	assert(n <= 18);
	for (unsigned i = 0; i < n; i++)
		p *= 10;
	return p;
}

u128 wide_add(u128 a, u128 b)
{
	assert(a <= WIDE_MAX && b <= WIDE_MAX - a);
	return a + b;
}

u128 wide_mul(u128 a, u128 b)
{
	assert(a == 0 || b <= WIDE_MAX / a);
	return a * b;
}

u128 wide_gcd(u128 a, u128 b)
{
	while (b != 0) {
		u128 r = a % b;

		a = b;
		b = r;
	}
	return a;
}

u128 wide_times_over(u128 factor, u128 num, u128 den, u128 *rest)
{
	assert(num <= WIDE_MAX && den > 0 && den <= WIDE_MAX);

	u128 whole = num / den, part = num % den, q = 0, r = 0;

	/* Long multiplication by the bits of factor, dividing as it goes: r stays below den, so that 2r and r + part fit. */
	for (unsigned done = 0; done < 128; done++) {
		bool one = (factor >> (127 - done) & 1) != 0;

		q = wide_add(q, q);
		r += r;
		if (r >= den) {
			r -= den;
			q = wide_add(q, 1);
		}
		if (!one)
			continue;
		q = wide_add(q, whole);
		r += part;
		if (r >= den) {
			r -= den;
			q = wide_add(q, 1);
		}
	}
	*rest = r;
	return q;
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
