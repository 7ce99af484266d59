/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Output bytes, growing up to a maximum set at birth. Writing past it sets `full` and drops the rest, so a writer checks
 * once at the end; nothing half-written is then used.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/text.h"

struct buf {
	char *p;
	size_t n, cap, max;
	bool full;
};

void buf_init(struct buf *b, size_t max_bytes);
/* Empty, memory kept. */
void buf_clear(struct buf *b);
void buf_free(struct buf *b);
void buf_add(struct buf *b, const char *p, size_t n);
/* n > 0 bytes more, all of which the caller writes at once; NULL: full. Until the next call that adds. */
char *buf_room(struct buf *b, size_t n);
void buf_text(struct buf *b, struct text t);
void buf_str(struct buf *b, const char *s);
/* The most called of all: where there is room it is one store, here. */
static inline void buf_char(struct buf *b, char c)
{
	if (!b->full && b->n < b->cap && b->n < b->max)
		b->p[b->n++] = c;
	else
		buf_add(b, &c, 1);
}
void buf_pad(struct buf *b, char c, size_t times);
void buf_i64(struct buf *b, int64_t v);
/* At least width digits, zeros in front; v >= 0. */
void buf_i64_pad(struct buf *b, int64_t v, unsigned width);
void buf_printf(struct buf *b, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* One segment of a path or a value of a query: all but letters, digits and -._~ escaped, %2F. */
void buf_path_segment(struct buf *b, struct text t);
struct text buf_view(const struct buf *b);

#endif
