/* SPDX-License-Identifier: Apache-2.0 */
#include "render/layout.h"

#include <assert.h>
#include <string.h>
#include <unistr.h>
#include <uniwidth.h>

enum { GAP = 2, WORD_MAX = 24, KEEP_MAX = 26, SENTENCE_MIN = 22, COLUMNS_MAX = 16 };

/* --- flat text --- */

static enum style run_style(const struct run *r, enum style plain)
{
	static const enum style states[] = {
		[STATE_NONE] = STYLE_PLAIN, [STATE_KEPT] = STYLE_KEPT,
		[STATE_RISK] = STYLE_RISK,  [STATE_MISSED] = STYLE_MISSED,
		[STATE_OPEN] = STYLE_PLAIN,
	};

	switch (r->kind) {
	case RUN_STRONG:
		return STYLE_STRONG;
	case RUN_SOFT:
		return STYLE_SOFT;
	case RUN_REF:
		return STYLE_REF;
	case RUN_STATE:
		return states[r->state];
	case RUN_TEXT:
	case RUN_CODE:
	case RUN_TIME:
	case RUN_ABBR:
	case RUN_LINK:
	case RUN_SAME:
		break;
	}
	return plain;
}

struct flat flat_text(struct page *p, struct text t, enum style style)
{
	unsigned char *s = arena_alloc(p->arena, t.n);

	for (size_t i = 0; i < t.n; i++)
		s[i] = (unsigned char)style;
	return (struct flat){t.p, s, t.n};
}

struct flat flat_join(struct page *p, struct flat a, struct flat b)
{
	size_t n = a.n + b.n;
	char *to = arena_alloc(p->arena, n);
	unsigned char *style = arena_alloc(p->arena, n);

	if (a.n > 0) {
		memcpy(to, a.p, a.n);
		memcpy(style, a.style, a.n);
	}
	if (b.n > 0) {
		memcpy(to + a.n, b.p, b.n);
		memcpy(style + a.n, b.style, b.n);
	}
	return (struct flat){to, style, n};
}

struct flat flatten(struct page *p, struct phrase words, enum style plain)
{
	size_t n = 0;
	const struct run *r = words.first;

	for (size_t i = 0; i < words.n; i++, r = r->next)
		n += r->text.n + (r->kind == RUN_REF ? 2 : 0);

	char *to = arena_alloc(p->arena, n);
	unsigned char *style = arena_alloc(p->arena, n);
	size_t at = 0;

	r = words.first;
	for (size_t i = 0; i < words.n; i++, r = r->next) {
		bool ref = r->kind == RUN_REF;
		size_t from = at;

		if (ref)
			to[at++] = '[';
		if (r->text.n > 0)
			memcpy(to + at, r->text.p, r->text.n);
		at += r->text.n;
		if (ref)
			to[at++] = ']';
		for (size_t k = from; k < at; k++)
			style[k] = (unsigned char)run_style(r, plain);
	}
	assert(at == n);
	return (struct flat){to, style, n};
}

/* One character at i: its bytes and columns. The text was cleaned when it came into the document. */
static size_t character(struct flat f, size_t i, size_t *columns)
{
	ucs4_t c = 0xfffd;
	int n = u8_mbtoucr(&c, (const uint8_t *)f.p + i, f.n - i);
	int w = uc_width(c, "UTF-8");

	*columns = w > 0 ? (size_t)w : 0;
	return n > 0 ? (size_t)n : 1;
}

static size_t columns_of(struct flat f, size_t from, size_t to)
{
	size_t sum = 0, w = 0;

	for (size_t i = from; i < to;) {
		i += character(f, i, &w);
		sum += w;
	}
	return sum;
}

size_t flat_columns(struct flat f)
{
	return columns_of(f, 0, f.n);
}

size_t text_columns(struct text t)
{
	return flat_columns((struct flat){t.p, NULL, t.n});
}

/* --- wrapping --- */

/* The end of the line that begins at `from` and may take `width` columns; at least one character. */
static size_t line_end(struct flat f, size_t from, size_t width)
{
	size_t used = 0, blank = from, joint = from, w = 0;

	for (size_t i = from; i < f.n;) {
		size_t n = character(f, i, &w);

		if (f.p[i] == ' ')
			blank = i;
		if (used + w > width && i > from && f.p[i] != ' ') {
			if (blank > from)
				return blank;
			/* A path longer than the line breaks after one of its parts. */
			return joint > from ? joint : i;
		}
		used += w;
		i += n;
		if (f.p[i - n] == '.' || f.p[i - n] == '/' || f.p[i - n] == '_')
			joint = i;
	}
	return f.n;
}

struct lines wrap(struct page *p, struct flat f, size_t width)
{
	struct line *v = NULL;
	size_t n = 0, cap = 0;

	assert(width >= 1);
	for (size_t i = 0; i < f.n;) {
		while (i < f.n && f.p[i] == ' ')
			i++;
		if (i >= f.n)
			break;
		size_t end = line_end(f, i, width), to = end;

		while (to > i && f.p[to - 1] == ' ')
			to--;
		v = arena_grow(p->arena, v, n, &cap, sizeof(*v));
		v[n++] = (struct line){i, to, columns_of(f, i, to)};
		i = end;
	}
	return (struct lines){v, n};
}

/* --- output --- */

static void set_style(struct page *p, enum style s)
{
	if (!p->colour || p->style == s)
		return;
	p->style = s;
	switch (s) {
	case STYLE_PLAIN:
		buf_str(p->out, "\x1b[0m");
		return;
	case STYLE_STRONG:
		buf_str(p->out, "\x1b[0;1m");
		return;
	case STYLE_SOFT:
		buf_str(p->out, "\x1b[0;2m");
		return;
	case STYLE_KEPT:
		buf_str(p->out, "\x1b[0;32m");
		return;
	case STYLE_RISK:
		buf_str(p->out, "\x1b[0;33m");
		return;
	case STYLE_MISSED:
		buf_str(p->out, "\x1b[0;31m");
		return;
	case STYLE_REF:
		buf_str(p->out, "\x1b[0;36m");
		return;
	}
}

void put_blanks(struct page *p, size_t n)
{
	p->blanks += n;
}

/* Does a blank that does not break stand at i? Its length, else 0. */
static size_t hard_blank(struct flat f, size_t i)
{
	if (i + 1 < f.n && memcmp(f.p + i, "\xc2\xa0", 2) == 0)
		return 2;
	return i + 2 < f.n && memcmp(f.p + i, "\xe2\x80\xaf", 3) == 0 ? 3 : 0;
}

void put_flat(struct page *p, struct flat f, size_t from, size_t to)
{
	if (from >= to)
		return;
	if (p->blanks > 0) {
		set_style(p, STYLE_PLAIN);
		buf_pad(p->out, ' ', p->blanks);
		p->blanks = 0;
	}
	for (size_t i = from; i < to;) {
		size_t hard = hard_blank(f, i);

		set_style(p, (enum style)f.style[i]);
		buf_add(p->out, hard > 0 ? " " : f.p + i, 1);
		i += hard > 0 ? hard : 1;
	}
}

void put_end(struct page *p)
{
	p->blanks = 0;
	set_style(p, STYLE_PLAIN);
	buf_char(p->out, '\n');
}

void put_hanging(struct page *p, size_t first, size_t rest, struct flat f)
{
	size_t room = p->width > first ? p->width - first : 1;
	struct lines one = wrap(p, f, room);

	if (one.n == 0) {
		put_end(p);
		return;
	}
	put_flat(p, f, one.v[0].from, one.v[0].to);
	put_end(p);
	struct flat left = {f.p + one.v[0].to, f.style + one.v[0].to, f.n - one.v[0].to};
	struct lines more = wrap(p, left, p->width > rest ? p->width - rest : 1);

	for (size_t i = 0; i < more.n; i++) {
		put_blanks(p, rest);
		put_flat(p, left, more.v[i].from, more.v[i].to);
		put_end(p);
	}
}

void put_wrapped(struct page *p, size_t first, size_t rest, struct flat f)
{
	if (f.n == 0)
		return;
	put_blanks(p, first);
	put_hanging(p, first, rest, f);
}

/* --- tables --- */

struct grid {
	size_t n;                                        /* columns */
	size_t natural[COLUMNS_MAX], least[COLUMNS_MAX]; /* widest cell, widest word */
	size_t width[COLUMNS_MAX];
	bool number[COLUMNS_MAX];
};

static size_t longest_word(struct flat f)
{
	size_t most = 0, from = 0;

	for (size_t i = 0; i <= f.n; i++) {
		if (i < f.n && f.p[i] != ' ')
			continue;
		size_t w = columns_of(f, from, i);

		most = w > most ? w : most;
		from = i + 1;
	}
	return most;
}

static void measure(struct grid *g, size_t column, struct flat f)
{
	size_t natural = flat_columns(f), least = longest_word(f);

	/* A number is never broken; a word only if it is very long. */
	if (g->number[column])
		least = natural;
	else if (least > WORD_MAX)
		least = WORD_MAX;
	if (natural > g->natural[column])
		g->natural[column] = natural;
	if (least > g->least[column])
		g->least[column] = least;
}

static size_t shown_rows(const struct page *p, const struct table *t)
{
	return t->limit == 0 || p->unlimited || t->n_rows <= t->limit ? t->n_rows : t->limit;
}

static size_t total(const size_t *v, size_t n)
{
	size_t sum = n > 0 ? (n - 1) * GAP : 0;

	for (size_t i = 0; i < n; i++)
		sum += v[i];
	return sum;
}

/* Takes from the widest column that is wider than its floor, until the table fits. false: it does not yet. */
static bool shrink(struct grid *g, const size_t *floor, size_t room)
{
	while (total(g->width, g->n) > room) {
		size_t widest = g->n;

		for (size_t i = 0; i < g->n; i++)
			if (g->width[i] > floor[i] &&
			    (widest == g->n || g->width[i] > g->width[widest]))
				widest = i;
		if (widest == g->n)
			return false;
		g->width[widest]--;
	}
	return true;
}

/* First the sentences give way, so that dates and names stay on one line, then all. false: it cannot fit. */
static bool fit(struct grid *g, size_t room)
{
	size_t floor[COLUMNS_MAX] = {0};

	memcpy(g->width, g->natural, sizeof(g->width));
	for (size_t i = 0; i < g->n; i++) {
		floor[i] = g->natural[i] <= KEEP_MAX ? g->natural[i] : SENTENCE_MIN;
		if (floor[i] < g->least[i])
			floor[i] = g->least[i];
	}
	return shrink(g, floor, room) || shrink(g, g->least, room);
}

static void put_cells(struct page *p, const struct grid *g, const struct flat *cells, size_t indent)
{
	struct lines wrapped[COLUMNS_MAX];
	size_t rows = 0;

	for (size_t c = 0; c < g->n; c++) {
		wrapped[c] = wrap(p, cells[c], g->width[c] > 0 ? g->width[c] : 1);
		if (wrapped[c].n > rows)
			rows = wrapped[c].n;
	}
	for (size_t r = 0; r < rows; r++) {
		put_blanks(p, indent);
		for (size_t c = 0; c < g->n; c++) {
			struct line l = r < wrapped[c].n ? wrapped[c].v[r] : (struct line){0, 0, 0};
			size_t spare = g->width[c] - l.columns;

			put_blanks(p, g->number[c] ? spare : 0);
			put_flat(p, cells[c], l.from, l.to);
			put_blanks(p, (g->number[c] ? 0 : spare) + (c + 1 < g->n ? GAP : 0));
		}
		put_end(p);
	}
}

/* Too narrow for columns: each row as lines "heading: value". */
static void put_stacked(struct page *p, const struct table *t, size_t indent)
{
	size_t limit = shown_rows(p, t), i = 0;

	for (const struct row *r = t->first; r != NULL && i < limit; r = r->next, i++) {
		if (i > 0)
			put_end(p);
		for (size_t c = 0; c < t->n_columns; c++) {
			struct flat cell = flatten(p, r->cells[c], STYLE_PLAIN);
			struct flat heading = flatten(p, t->columns[c].heading, STYLE_SOFT);

			if (cell.n == 0 || t->columns[c].kind == COLUMN_PAGE)
				continue;
			if (heading.n > 0)
				cell = flat_join(p,
						 flat_join(p, heading,
							   flat_text(p, text_of(": "), STYLE_SOFT)),
						 cell);
			put_wrapped(p, indent, indent + 2, cell);
		}
	}
}

static void put_more(struct page *p, const struct table *t, size_t indent)
{
	if (shown_rows(p, t) < t->n_rows)
		put_wrapped(p, indent, indent, flatten(p, t->more, STYLE_SOFT));
}

/* The columns that text has room for, by their place in the table. */
static size_t text_columns_of(const struct table *t, size_t places[COLUMNS_MAX])
{
	size_t n = 0;

	assert(t->n_columns <= COLUMNS_MAX);
	for (size_t c = 0; c < t->n_columns; c++)
		if (t->columns[c].kind != COLUMN_PAGE)
			places[n++] = c;
	return n;
}

void put_table(struct page *p, const struct table *t, size_t indent)
{
	size_t places[COLUMNS_MAX], limit = shown_rows(p, t), i = 0;
	struct grid g = {.n = text_columns_of(t, places)};
	struct flat cells[COLUMNS_MAX];

	if (t->caption.n > 0)
		put_wrapped(p, indent, indent, flatten(p, t->caption, STYLE_SOFT));
	for (size_t c = 0; c < g.n; c++) {
		g.number[c] = t->columns[places[c]].kind == COLUMN_NUMBER;
		if (!t->headless)
			measure(&g, c, flatten(p, t->columns[places[c]].heading, STYLE_SOFT));
	}
	for (const struct row *r = t->first; r != NULL && i < limit; r = r->next, i++)
		for (size_t c = 0; c < g.n; c++)
			measure(&g, c, flatten(p, r->cells[places[c]], STYLE_PLAIN));
	if (!fit(&g, p->width > indent ? p->width - indent : 1)) {
		put_stacked(p, t, indent);
		put_more(p, t, indent);
		return;
	}
	if (!t->headless) {
		for (size_t c = 0; c < g.n; c++)
			cells[c] = flatten(p, t->columns[places[c]].heading, STYLE_SOFT);
		put_cells(p, &g, cells, indent);
	}
	i = 0;
	for (const struct row *r = t->first; r != NULL && i < limit; r = r->next, i++) {
		for (size_t c = 0; c < g.n; c++)
			cells[c] = flatten(p, r->cells[places[c]], STYLE_PLAIN);
		put_cells(p, &g, cells, indent);
	}
	put_more(p, t, indent);
}
