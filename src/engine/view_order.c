/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/view_order.h"

#include <string.h>

enum { DIGIT_BITS = 11, DIGITS = 1 << DIGIT_BITS, SMALL = 32 };

static void insertion_sort(struct timed *v, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		struct timed x = v[i];
		size_t j = i;

		for (; j > 0 && v[j - 1].at > x.at; j--)
			v[j] = v[j - 1];
		v[j] = x;
	}
}

/* One digit of a radix sort: stable, so the digits may be taken from the lowest up. */
static void sort_digit(const struct timed *from, struct timed *to, size_t n, instant least,
		       unsigned shift)
{
	size_t place[DIGITS] = {0};
	size_t sum = 0;

	for (size_t i = 0; i < n; i++)
		place[((uint64_t)(from[i].at - least) >> shift) & (DIGITS - 1)]++;
	for (size_t d = 0; d < DIGITS; d++) {
		size_t count = place[d];

		place[d] = sum;
		sum += count;
	}
	for (size_t i = 0; i < n; i++) {
		uint64_t key = (uint64_t)(from[i].at - least);

		to[place[(key >> shift) & (DIGITS - 1)]++] = from[i];
	}
}

void timed_sort(struct arena *a, struct timed *v, size_t n)
{
	if (n <= SMALL) {
		insertion_sort(v, n);
		return;
	}

	instant least = v[0].at;
	instant most = least;
	bool sorted = true;

	for (size_t i = 1; i < n; i++) {
		sorted = sorted && v[i - 1].at <= v[i].at;
		least = v[i].at < least ? v[i].at : least;
		most = v[i].at > most ? v[i].at : most;
	}
	if (sorted)
		return;

	struct timed *from = v, *to = arena_array(a, struct timed, n);
	uint64_t range = (uint64_t)(most - least);

	for (unsigned shift = 0; shift < 64 && range >> shift != 0; shift += DIGIT_BITS) {
		struct timed *other = from;

		sort_digit(from, to, n, least, shift);
		from = to;
		to = other;
	}
	if (from != v)
		memcpy(v, from, n * sizeof(*v));
}
