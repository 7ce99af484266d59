/* SPDX-License-Identifier: Apache-2.0 */
#include "base/buf.h"

#include "base/arena.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void buf_init(struct buf *b, size_t max_bytes)
{
	*b = (struct buf){.max = max_bytes};
}

void buf_clear(struct buf *b)
{
	b->n = 0;
	b->full = false;
}

void buf_free(struct buf *b)
{
	free(b->p);
	*b = (struct buf){.max = b->max};
}

/* Room for n more bytes, or full. */
static bool reserve(struct buf *b, size_t n)
{
	if (b->full || n > b->max || b->max - n < b->n) {
		b->full = true;
		return false;
	}
	if (b->cap - b->n >= n)
		return true;

	size_t cap = b->cap < 256 ? 256 : b->cap;

	while (cap < b->n + n)
		cap *= 2;
	char *p = realloc(b->p, cap);

	if (p == NULL)
		memory_none();
	b->p = p;
	b->cap = cap;
	return true;
}

char *buf_room(struct buf *b, size_t n)
{
	if (!reserve(b, n))
		return NULL;
	b->n += n;
	return b->p + b->n - n;
}

void buf_add(struct buf *b, const char *p, size_t n)
{
	if (n == 0 || !reserve(b, n))
		return;
	memcpy(b->p + b->n, p, n);
	b->n += n;
}

void buf_text(struct buf *b, struct text t)
{
	buf_add(b, t.p, t.n);
}

void buf_str(struct buf *b, const char *s)
{
	buf_add(b, s, strlen(s));
}

void buf_pad(struct buf *b, char c, size_t times)
{
	for (size_t i = 0; i < times; i++)
		buf_char(b, c);
}

void buf_i64(struct buf *b, int64_t v)
{
	char digits[24];
	size_t at = sizeof(digits);
	uint64_t u = v < 0 ? (uint64_t)(-(v + 1)) + 1 : (uint64_t)v;

	do {
		digits[--at] = (char)('0' + u % 10);
		u /= 10;
	} while (u > 0);
	if (v < 0)
		digits[--at] = '-';
	buf_add(b, digits + at, sizeof(digits) - at);
}

void buf_i64_pad(struct buf *b, int64_t v, unsigned width)
{
	char digits[24];
	size_t at = sizeof(digits);
	uint64_t u = (uint64_t)v;

	assert(v >= 0 && width <= 20);
	do {
		digits[--at] = (char)('0' + u % 10);
		u /= 10;
	} while (u > 0);
	while (sizeof(digits) - at < width)
		digits[--at] = '0';
	buf_add(b, digits + at, sizeof(digits) - at);
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list ap, again;
	char here[256];

	va_start(ap, fmt);
	va_copy(again, ap);
	int n = vsnprintf(here, sizeof(here), fmt, ap);

	va_end(ap);
	assert(n >= 0);
	if ((size_t)n < sizeof(here)) {
		buf_add(b, here, (size_t)n);
	} else if (reserve(b, (size_t)n + 1)) {
		(void)vsnprintf(b->p + b->n, (size_t)n + 1, fmt, again);
		b->n += (size_t)n;
	}
	va_end(again);
}

struct text buf_view(const struct buf *b)
{
	return (struct text){b->p == NULL ? "" : b->p, b->n};
}

void buf_path_segment(struct buf *b, struct text t)
{
	static const char digits[] = "0123456789ABCDEF";

	for (size_t i = 0; i < t.n; i++) {
		unsigned char c = (unsigned char)t.p[i];

		if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		    c == '-' || c == '.' || c == '_' || c == '~') {
			buf_char(b, (char)c);
			continue;
		}
		buf_char(b, '%');
		buf_char(b, digits[c >> 4]);
		buf_char(b, digits[c & 15]);
	}
}
