/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a pack is made of: columns of numbers, lists of texts, a check sum. Little end first on every machine; the same content has
 * one form only. Private to pack.c and unpack.c.
 */
#ifndef FACTS_PACK_COLUMNS_H
#define FACTS_PACK_COLUMNS_H

#include "base/buf.h"
#include "facts/fact.h"

/* "TFP1", the check sum of the rest, the rest. */
enum { PACK_MAGIC = 4, PACK_SUM = 8, PACK_VALUES_MAX = 1024 * FACT_VALUES_MAX, PACK_TEXT_MAX = 65535 };

struct column {
	int64_t *v;
	size_t n, cap;
};

void column_add(struct arena *a, struct column *c, int64_t x);
/* How many, the least of them, and what each is above it in 0, 1, 2, 4 or 8 bytes. Numbers lie less than 2^63 apart. */
void column_put(struct buf *out, const struct column *c);

struct text_list {
	struct text *v;
	size_t n, cap;
};

/* Each of 1 to 65,535 bytes. */
void texts_put(struct arena *a, struct buf *out, const struct text_list *list);

/* What is left to read; bad once something did not fit, and then everything reads as empty. */
struct pack_reader {
	const unsigned char *p;
	size_t left;
	bool bad;
};

/* n bytes; NULL if there are not so many. */
const unsigned char *pack_take(struct pack_reader *r, size_t n);
/* Into the memory that c and list have, or more from the arena; bad if there are more than max. Texts are views into what is read. */
void column_get(struct pack_reader *r, struct arena *a, struct column *c, size_t max);
void texts_get(struct pack_reader *r, struct arena *a, struct column *lengths,
	       struct text_list *list, size_t max);

/* Every flip of one bit changes it. */
uint64_t pack_sum(struct text bytes);

#endif
