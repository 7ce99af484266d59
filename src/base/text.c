/* SPDX-License-Identifier: Apache-2.0 */
#include "base/text.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int text_cmp(struct text a, struct text b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int c = n == 0 ? 0 : memcmp(a.p, b.p, n);

	return c != 0 ? c : (a.n > b.n) - (a.n < b.n);
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool text_eq_nocase(struct text a, struct text b)
{
	if (a.n != b.n)
		return false;
	for (size_t i = 0; i < a.n; i++)
		if (lower(a.p[i]) != lower(b.p[i]))
			return false;
	return true;
}

bool text_starts(struct text a, const char *prefix)
{
	struct text p = text_of(prefix);

	return a.n >= p.n && text_eq(text_sub(a, 0, p.n), p);
}

bool text_ends(struct text a, const char *suffix)
{
	struct text s = text_of(suffix);

	return a.n >= s.n && text_eq(text_sub(a, a.n - s.n, a.n), s);
}

size_t text_find(struct text a, char c, size_t from)
{
	if (from >= a.n)
		return a.n;
	const char *hit = memchr(a.p + from, c, a.n - from);

	return hit == NULL ? a.n : (size_t)(hit - a.p);
}

size_t text_count(struct text a, char c)
{
	size_t n = 0;

	for (size_t i = 0; i < a.n; i++)
		n += a.p[i] == c;
	return n;
}

bool text_has(struct text a, struct text needle)
{
	if (needle.n == 0)
		return true;
	for (size_t i = 0; i + needle.n <= a.n; i++)
		if (memcmp(a.p + i, needle.p, needle.n) == 0)
			return true;
	return false;
}

struct text text_sub(struct text a, size_t from, size_t to)
{
	if (to > a.n)
		to = a.n;
	if (from > to)
		from = to;
	return (struct text){a.p == NULL ? "" : a.p + from, to - from};
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct text text_trim(struct text a)
{
	while (a.n > 0 && is_blank(a.p[0]))
		a = text_sub(a, 1, a.n);
	while (a.n > 0 && is_blank(a.p[a.n - 1]))
		a.n--;
	return a;
}

struct text text_cut(struct text a, char c, struct text *head)
{
	size_t at = text_find(a, c, 0);

	*head = text_sub(a, 0, at);
	return text_sub(a, at + 1, a.n);
}

struct text text_copy(struct arena *a, struct text t)
{
	return (struct text){arena_copy(a, t.p, t.n), t.n};
}

struct text text_lower(struct arena *a, struct text t)
{
	char *p = arena_copy(a, t.p, t.n);

	for (size_t i = 0; i < t.n; i++)
		if (p[i] >= 'A' && p[i] <= 'Z')
			p[i] = (char)(p[i] - 'A' + 'a');
	return (struct text){p, t.n};
}

struct text text_format(struct arena *a, const char *fmt, ...)
{
	va_list ap, again;
	char here[256]; /* nearly every text fits, and is then formatted once */

	va_start(ap, fmt);
	va_copy(again, ap);
	int n = vsnprintf(here, sizeof(here), fmt, ap);

	va_end(ap);
	assert(n >= 0);
	char *p = arena_alloc(a, (size_t)n + 1);

	if ((size_t)n < sizeof(here))
		memcpy(p, here, (size_t)n);
	else
		(void)vsnprintf(p, (size_t)n + 1, fmt, again);
	va_end(again);
	return (struct text){p, (size_t)n};
}

bool text_digits(struct text t, int64_t *out)
{
	int64_t v = 0;

	if (t.n == 0 || t.n > 18)
		return false;
	for (size_t i = 0; i < t.n; i++) {
		if (t.p[i] < '0' || t.p[i] > '9')
			return false;
		v = v * 10 + (t.p[i] - '0');
	}
	*out = v;
	return true;
}

bool text_int(struct text t, int64_t *out)
{
	bool negative = t.n > 0 && t.p[0] == '-';

	if (!text_digits(text_sub(t, negative ? 1 : 0, t.n), out))
		return false;
	if (negative)
		*out = -*out;
	return true;
}

/* Length of the UTF-8 sequence at p (n bytes are left), 0 if it is none. */
static size_t utf8_at(const unsigned char *p, size_t n)
{
	static const struct {
		unsigned char from, to, second_from, second_to;
		size_t n;
	} rows[] = {
		{0x00, 0x7f, 0, 0, 1},       {0xc2, 0xdf, 0x80, 0xbf, 2},
		{0xe0, 0xe0, 0xa0, 0xbf, 3}, {0xe1, 0xec, 0x80, 0xbf, 3},
		{0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3},
		{0xf0, 0xf0, 0x90, 0xbf, 4}, {0xf1, 0xf3, 0x80, 0xbf, 4},
		{0xf4, 0xf4, 0x80, 0x8f, 4},
	};

	for (size_t r = 0; r < ARRAY_SIZE(rows); r++) {
		if (p[0] < rows[r].from || p[0] > rows[r].to)
			continue;
		if (rows[r].n > n)
			return 0;
		if (rows[r].n > 1 && (p[1] < rows[r].second_from || p[1] > rows[r].second_to))
			return 0;
		for (size_t i = 2; i < rows[r].n; i++)
			if (p[i] < 0x80 || p[i] > 0xbf)
				return 0;
		return rows[r].n;
	}
	return 0;
}

bool text_utf8(struct text t, size_t *at)
{
	for (size_t i = 0; i < t.n;) {
		const unsigned char *p = (const unsigned char *)t.p + i;
		size_t n = *p < 0x80 ? 1 : utf8_at(p, t.n - i);

		if (n == 0) {
			if (at != NULL)
				*at = i;
			return false;
		}
		i += n;
	}
	return true;
}

enum { LONGEST_WORD = 64 };

size_t text_distance(struct text a, struct text b)
{
	size_t row[LONGEST_WORD + 1];

	if (a.n > LONGEST_WORD || b.n > LONGEST_WORD)
		return LONGEST_WORD;
	for (size_t j = 0; j <= b.n; j++)
		row[j] = j;
	for (size_t i = 1; i <= a.n; i++) {
		size_t diagonal = row[0];

		row[0] = i;
		for (size_t j = 1; j <= b.n; j++) {
			size_t best = diagonal + (lower(a.p[i - 1]) != lower(b.p[j - 1]));

			diagonal = row[j];
			if (row[j] + 1 < best)
				best = row[j] + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			row[j] = best;
		}
	}
	return row[b.n];
}

struct text text_nearest(struct text t, const struct text *words, size_t n)
{
	size_t best = LONGEST_WORD;
	struct text found = {"", 0};

	for (size_t i = 0; i < n; i++) {
		size_t d = text_distance(t, words[i]);

		if (d < best) {
			best = d;
			found = words[i];
		}
	}
	/* Two edits in a short word, one in three characters of a long one: more is another word. */
	size_t allowed = t.n < 6 ? 2 : t.n / 3;

	return best <= allowed && best < t.n ? found : (struct text){"", 0};
}
