/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers for property tests, from a seed that is printed: TENOR_SEED=n runs the same again. */
#ifndef TEST_RANDOM_H
#define TEST_RANDOM_H

#include "tap.h"

static uint64_t random_state;

UNUSED static void random_start(void)
{
	const char *set = getenv("TENOR_SEED");
	int64_t seed = 20260310;

	if (set != NULL && !text_digits(text_of(set), &seed))
		note("TENOR_SEED is not a number");
	random_state = (uint64_t)seed | 1;
	note("TENOR_SEED=%" PRId64, seed);
}

/* xorshift64: no bit is shifted out unseen, which the integer sanitizer would report. */
UNUSED static uint64_t random_bits(void)
{
	random_state ^= (random_state & (UINT64_MAX >> 13)) << 13;
	random_state ^= random_state >> 7;
	random_state ^= (random_state & (UINT64_MAX >> 17)) << 17;
	return random_state;
}

/* from <= x <= to */
UNUSED static int64_t random_between(int64_t from, int64_t to)
{
	return from + (int64_t)(random_bits() % (uint64_t)(to - from + 1));
}

/* A positive number whose length in digits is as likely as any other up to `digits`. */
UNUSED static int64_t random_long(unsigned digits)
{
	int64_t top = 10;

	for (int64_t n = random_between(1, digits); n > 1; n--)
		top *= 10;
	return random_between(0, top - 1);
}

#endif
