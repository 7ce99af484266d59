/* SPDX-License-Identifier: Apache-2.0 */
/* Lines and tables of a fixed width. Private to the text rendering of documents. */
#ifndef RENDER_LAYOUT_H
#define RENDER_LAYOUT_H

#include "render/doc.h"

enum style {
	STYLE_PLAIN,
	STYLE_STRONG,
	STYLE_SOFT,
	STYLE_KEPT,
	STYLE_RISK,
	STYLE_MISSED,
	STYLE_REF
};

/* Where it is written. used: columns of the line so far, kept back blanks included. */
struct page {
	struct arena *arena;
	struct buf *out;
	size_t width;
	bool colour, unlimited;
	bool after_heading; /* nothing stands yet under a section's heading */
	enum style style;   /* in force */
	size_t blanks;      /* not yet written: a line never ends with them */
};

/* Text with a style for each byte. Blanks that do not break are still U+00A0 or U+202F; they are printed as blanks. */
struct flat {
	const char *p;
	const unsigned char *style;
	size_t n;
};

/* Bytes [from, to) of a flat, and the columns they take. */
struct line {
	size_t from, to, columns;
};

struct lines {
	const struct line *v;
	size_t n;
};

struct flat flatten(struct page *p, struct phrase words, enum style plain);
struct flat flat_text(struct page *p, struct text t, enum style style);
struct flat flat_join(struct page *p, struct flat a, struct flat b);
size_t flat_columns(struct flat f);
/* Broken at blanks, and inside a word only if it is longer than a line; width >= 1. An empty text has no line. */
struct lines wrap(struct page *p, struct flat f, size_t width);

void put_blanks(struct page *p, size_t n);
void put_flat(struct page *p, struct flat f, size_t from, size_t to);
void put_end(struct page *p);
/* All of f, its first line at column `first`, the others at `rest`. */
void put_wrapped(struct page *p, size_t first, size_t rest, struct flat f);
/* The same if the line already holds `first` columns. */
void put_hanging(struct page *p, size_t first, size_t rest, struct flat f);
void put_table(struct page *p, const struct table *t, size_t indent);

#endif
