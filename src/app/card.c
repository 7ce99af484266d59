/* SPDX-License-Identifier: Apache-2.0 */
#include "app/card.h"

enum { CARD_MIN = 13, CARD_MAX = 19, CARD_SHOWN = 4 };

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Digits from `at` on, with single blanks or hyphens between; *end is after the last. */
static size_t digits_from(struct text t, size_t at, size_t places[CARD_MAX + 1], size_t *end)
{
	size_t n = 0;

	for (size_t i = at; i < t.n; i++) {
		if (is_digit(t.p[i])) {
			if (n == CARD_MAX + 1)
				return n;
			places[n++] = i;
			*end = i + 1;
			continue;
		}
		if ((t.p[i] != ' ' && t.p[i] != '-') || i + 1 == t.n || !is_digit(t.p[i + 1]))
			break;
	}
	return n;
}

static bool luhn(struct text t, const size_t *places, size_t n)
{
	unsigned sum = 0;

	for (size_t i = 0; i < n; i++) {
		unsigned d = (unsigned)(t.p[places[n - 1 - i]] - '0');

		if (i % 2 == 1)
			d = d * 2 > 9 ? d * 2 - 9 : d * 2;
		sum += d;
	}
	return sum % 10 == 0;
}

struct text card_masked(struct arena *a, struct text words, bool *masked)
{
	char *copy = NULL;

	for (size_t i = 0; i < words.n;) {
		size_t places[CARD_MAX + 1], end = i, n;

		if (!is_digit(words.p[i])) {
			i++;
			continue;
		}
		n = digits_from(words, i, places, &end);
		if (n >= CARD_MIN && n <= CARD_MAX && luhn(words, places, n)) {
			if (copy == NULL)
				copy = arena_copy(a, words.p, words.n);
			for (size_t k = 0; k + CARD_SHOWN < n; k++)
				copy[places[k]] = '*';
			*masked = true;
		}
		/* A longer run of digits is no card: it is left behind as a whole. */
		while (n > CARD_MAX && end < words.n && is_digit(words.p[end]))
			end++;
		i = end;
	}
	return copy == NULL ? words : (struct text){copy, words.n};
}
