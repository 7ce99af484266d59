/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Text views: bytes that somebody else owns, with a length, not terminated. ASCII rules only; no locale is consulted.
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include "base/arena.h"
#include "base/attr.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct text {
	const char *p;
	size_t n;
};

/* For printf: "%.*s", TEXT_ARG(t). */
#define TEXT_ARG(t) (int)(t).n, (t).p
/* What a struct text of a table begins with: a literal, whose length is then known when the program is built. */
#define TEXT_LITERAL(s)                                                                            \
	{                                                                                          \
		(s), sizeof(s) - 1                                                                 \
	}

/* A view of a string literal or other terminated string; NULL gives the empty text. */
static inline struct text text_of(const char *s)
{
	return s == NULL ? (struct text){"", 0} : (struct text){s, strlen(s)};
}

static inline bool text_eq(struct text a, struct text b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

/* Here, so that the length of a literal costs nothing. */
static inline bool text_is(struct text a, const char *s)
{
	return text_eq(a, text_of(s));
}

/* Order by bytes: <0, 0, >0. */
int text_cmp(struct text a, struct text b);
/* Equal when A-Z and a-z count the same. */
bool text_eq_nocase(struct text a, struct text b);
bool text_starts(struct text a, const char *prefix);
bool text_ends(struct text a, const char *suffix);
/* The first index of c at or after from, or a.n. */
size_t text_find(struct text a, char c, size_t from);
/* How often c occurs in a. */
size_t text_count(struct text a, char c);
/* Does needle occur in a? */
bool text_has(struct text a, struct text needle);
struct text text_sub(struct text a, size_t from, size_t to);
/* Without spaces, tabs, CR and LF at both ends. */
struct text text_trim(struct text a);
/* Cut at the first c: *head is what is before it, the result what is after; without c all is head and the result empty. */
struct text text_cut(struct text a, char c, struct text *head);
struct text text_copy(struct arena *a, struct text t);
/* A copy with A to Z as a to z; other letters stay. */
struct text text_lower(struct arena *a, struct text t);
/* printf into the arena. */
struct text text_format(struct arena *a, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Only digits, 1 to 18 of them: the number; leading zeros allowed. */
bool text_digits(struct text t, int64_t *out);
/* -?digits, at most 18 digits. */
bool text_int(struct text t, int64_t *out);

/* Valid UTF-8 (no surrogates, no overlong forms, up to U+10FFFF)? *at, if not NULL, is the first bad byte. */
bool text_utf8(struct text t, size_t *at);

/* Number of single-character edits between a and b; used to name the nearest known word. Inputs over 64 bytes give 64. */
size_t text_distance(struct text a, struct text b);
/* The nearest of n words to t, or the empty text if none is near enough to be what was meant. */
struct text text_nearest(struct text t, const struct text *words, size_t n);

#endif
