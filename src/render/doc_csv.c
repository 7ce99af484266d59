/* SPDX-License-Identifier: Apache-2.0 */
/* The tables of a document as CSV: what a page shows, for a spreadsheet. Where a verb has a table of its own, that says more. */
#include "render/doc.h"
#include "render/table_csv.h"

#include <string.h>

/* What stands between thousands, and before decimals, in the writing of the document. */
struct writing {
	struct text group, point;
};

static struct writing writing_of(const struct doc *d)
{
	struct writing w;
	struct buf b;
	struct text t;

	buf_init(&b, 64);
	format_number(&b, d->language, text_of("1234.5"));
	t = text_copy(d->arena, buf_view(&b));
	buf_free(&b);
	w.group = text_sub(t, 1, text_find(t, '2', 0));
	w.point = text_sub(t, text_find(t, '4', 0) + 1, text_find(t, '5', 0));
	return w;
}

/* A number as programs write it; empty: the words are none. */
static struct text number_in(const struct doc *d, const struct writing *w, struct text t)
{
	static const char minus[] = "\xe2\x88\x92";
	char *out = arena_alloc(d->arena, t.n + 1);
	size_t n = 0, digits = 0, points = 0;

	for (size_t i = 0; i < t.n;) {
		struct text rest = text_sub(t, i, t.n);

		if (i == 0 && (text_starts(rest, minus) || rest.p[0] == '-')) {
			out[n++] = '-';
			i += rest.p[0] == '-' ? 1 : sizeof(minus) - 1;
		} else if (rest.p[0] >= '0' && rest.p[0] <= '9') {
			out[n++] = rest.p[0];
			digits++;
			i++;
		} else if (w->point.n > 0 && points == 0 && rest.n >= w->point.n &&
			   text_eq(text_sub(rest, 0, w->point.n), w->point)) {
			out[n++] = '.';
			points++;
			i += w->point.n;
		} else if (w->group.n > 0 && digits > 0 && points == 0 && rest.n >= w->group.n &&
			   text_eq(text_sub(rest, 0, w->group.n), w->group)) {
			i += w->group.n;
		} else {
			return (struct text){NULL, 0};
		}
	}
	return digits > 0 ? (struct text){out, n} : (struct text){NULL, 0};
}

struct field_csv {
	struct text text;
	bool number;
};

/* A moment alone in its cell is written as programs read it, and so is a number of a column of numbers. */
static struct field_csv field_of(struct doc *d, const struct writing *w, struct phrase p,
				 bool numbers)
{
	struct text words = doc_words(d, p), exact = {NULL, 0};

	if (p.n == 1 && p.first->kind == RUN_TIME)
		return (struct field_csv){p.first->target, false};
	if (numbers)
		exact = number_in(d, w, words);
	return exact.n > 0 ? (struct field_csv){exact, true} : (struct field_csv){words, false};
}

static bool is_as_above(struct phrase p)
{
	return p.n == 1 && p.first->kind == RUN_SAME;
}

static void put_table(struct doc *d, const struct writing *w, const struct table *t,
		      struct table_csv *c)
{
	struct field_csv *above = arena_array(d->arena, struct field_csv, t->n_columns + 1);

	for (size_t k = 0; k < t->n_columns; k++)
		csv_text(c, doc_words(d, t->columns[k].heading));
	csv_end(c);
	for (const struct row *r = t->first; r != NULL; r = r->next) {
		for (size_t k = 0; k < t->n_columns; k++) {
			if (!is_as_above(r->cells[k]))
				above[k] = field_of(d, w, r->cells[k], table_has_numbers(t, k));
			if (above[k].number)
				csv_field(c, above[k].text, false);
			else
				csv_text(c, above[k].text);
		}
		csv_end(c);
	}
}

void doc_csv(const struct doc *of, struct buf *out)
{
	struct doc d = *of; /* words are made in its arena; it is not changed */
	struct table_csv c = {.out = out};
	struct writing w = writing_of(&d);
	struct phrase section = NO_WORDS;
	bool any = false;

	for (const struct block *b = d.first; b != NULL; b = b->next) {
		if (b->kind == BLOCK_SECTION || b->kind == BLOCK_REASON)
			section = b->words;
		if (b->kind != BLOCK_TABLE || b->medium == ON_TEXT)
			continue;
		if (any)
			csv_end(&c);
		any = true;
		if (section.n > 0) {
			csv_text(&c, doc_words(&d, section));
			csv_end(&c);
		}
		put_table(&d, &w, b->of.table, &c);
	}
}
