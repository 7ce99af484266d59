/* SPDX-License-Identifier: Apache-2.0 */
#include "facts/pack_columns.h"

#include <assert.h>
#include <string.h>

void column_add(struct arena *a, struct column *c, int64_t x)
{
	c->v = arena_grow(a, c->v, c->n, &c->cap, sizeof(*c->v));
	c->v[c->n++] = x;
}

static void put_number(struct buf *out, uint64_t x, unsigned bytes)
{
	char b[8];

	for (unsigned i = 0; i < bytes; i++)
		b[i] = (char)(unsigned char)((x >> (8 * i)) & 0xff);
	buf_add(out, b, bytes);
}

static unsigned width_of(uint64_t most)
{
	if (most == 0)
		return 0;
	if (most <= UINT8_MAX)
		return 1;
	if (most <= UINT16_MAX)
		return 2;
	return most <= UINT32_MAX ? 4 : 8;
}

void column_put(struct buf *out, const struct column *c)
{
	int64_t least = c->n == 0 ? 0 : c->v[0], most = least, range;

	for (size_t i = 1; i < c->n; i++) {
		least = c->v[i] < least ? c->v[i] : least;
		most = c->v[i] > most ? c->v[i] : most;
	}

	bool far = __builtin_sub_overflow(most, least, &range);

	assert(!far && c->n <= UINT32_MAX);
	unsigned width = width_of((uint64_t)range);

	put_number(out, c->n, 4);
	put_number(out, width, 1);
	/* As two's complement. */
	put_number(out, least < 0 ? ~(uint64_t)(-(least + 1)) : (uint64_t)least, 8);
	if (width == 0)
		return;
	for (size_t i = 0; i < c->n; i++)
		put_number(out, (uint64_t)(c->v[i] - least), width);
}

void texts_put(struct arena *a, struct buf *out, const struct text_list *list)
{
	struct column lengths = {.n = 0};

	for (size_t i = 0; i < list->n; i++) {
		assert(list->v[i].n > 0 && list->v[i].n <= PACK_TEXT_MAX);
		column_add(a, &lengths, (int64_t)list->v[i].n);
	}
	column_put(out, &lengths);
	for (size_t i = 0; i < list->n; i++)
		buf_text(out, list->v[i]);
}

const unsigned char *pack_take(struct pack_reader *r, size_t n)
{
	if (r->bad || n > r->left) {
		r->bad = true;
		return NULL;
	}

	const unsigned char *p = r->p;

	r->p += n;
	r->left -= n;
	return p;
}

static uint32_t get_16(const unsigned char *p)
{
	return (uint32_t)p[0] | (uint32_t)p[1] << 8;
}

static uint32_t get_32(const unsigned char *p)
{
	return get_16(p) | get_16(p + 2) << 16;
}

static uint64_t get_64(const unsigned char *p)
{
	return (uint64_t)get_32(p) | (uint64_t)get_32(p + 4) << 32;
}

static bool get_wide(const unsigned char *p, int64_t least, int64_t *v, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		uint64_t above = get_64(p + 8 * i);

		if (above > INT64_MAX || __builtin_add_overflow(least, (int64_t)above, &v[i]))
			return false;
	}
	return true;
}

static bool get_numbers(const unsigned char *p, unsigned width, int64_t least, int64_t *v, size_t n)
{
	if (width == 8)
		return get_wide(p, least, v, n);
	if (least > INT64_MAX - UINT32_MAX)
		return false;
	switch (width) {
	case 0:
		for (size_t i = 0; i < n; i++)
			v[i] = least;
		return true;
	case 1:
		for (size_t i = 0; i < n; i++)
			v[i] = least + p[i];
		return true;
	case 2:
		for (size_t i = 0; i < n; i++)
			v[i] = least + get_16(p + 2 * i);
		return true;
	case 4:
		for (size_t i = 0; i < n; i++)
			v[i] = least + get_32(p + 4 * i);
		return true;
	default:
		return false;
	}
}

static void make_room(struct arena *a, void **v, size_t *cap, size_t n, size_t size)
{
	size_t want = *cap == 0 ? 32 : *cap;

	if (n <= *cap)
		return;
	while (want < n)
		want *= 2;
	*v = arena_alloc_array(a, want, size);
	*cap = want;
}

void column_get(struct pack_reader *r, struct arena *a, struct column *c, size_t max)
{
	const unsigned char *head = pack_take(r, 13);
	size_t n = head == NULL ? 0 : get_32(head), width = head == NULL ? 0 : head[4];
	uint64_t bits = head == NULL ? 0 : get_64(head + 5);
	int64_t least = bits > INT64_MAX ? -(int64_t)~bits - 1 : (int64_t)bits;
	void *v = c->v;

	c->n = 0;
	r->bad = r->bad || n > max || width > 8;

	const unsigned char *p = r->bad ? NULL : pack_take(r, n * width);

	if (p == NULL)
		return;
	make_room(a, &v, &c->cap, n, sizeof(*c->v));
	c->v = v;
	if (get_numbers(p, (unsigned)width, least, c->v, n))
		c->n = n;
	else
		r->bad = true;
}

void texts_get(struct pack_reader *r, struct arena *a, struct column *lengths,
	       struct text_list *list, size_t max)
{
	void *v = list->v;

	list->n = 0;
	column_get(r, a, lengths, max);
	make_room(a, &v, &list->cap, lengths->n, sizeof(*list->v));
	list->v = v;
	for (size_t i = 0; i < lengths->n; i++) {
		int64_t n = lengths->v[i];
		const unsigned char *p =
			n < 1 || n > PACK_TEXT_MAX ? NULL : pack_take(r, (size_t)n);

		if (p == NULL) {
			r->bad = true;
			return;
		}
		list->v[i] = (struct text){(const char *)p, (size_t)n};
	}
	list->n = lengths->n;
}

enum { SUM_WORDS = 4096 }; /* so many before a sum must be folded: below 2^64 */

/* Fletcher's sums of words of 32 bits, modulo 2^32 - 1; the length counts, so zeros at the end do too. */
uint64_t pack_sum(struct text bytes)
{
	const unsigned char *p = (const unsigned char *)bytes.p;
	size_t words = bytes.n / 4, i = 0;
	uint64_t sum = 1 + (bytes.n & UINT32_MAX), sums = 0;
	unsigned char tail[4] = {0};

	while (i < words) {
		size_t end = words - i < SUM_WORDS ? words : i + SUM_WORDS;

		for (; i < end; i++) {
			sum += get_32(p + 4 * i);
			sums += sum;
		}
		sum %= UINT32_MAX;
		sums %= UINT32_MAX;
	}
	if (bytes.n % 4 > 0)
		memcpy(tail, p + 4 * words, bytes.n % 4);
	sum = (sum + get_32(tail)) % UINT32_MAX;
	sums = (sums + sum) % UINT32_MAX;
	return sums << 32 | sum;
}
