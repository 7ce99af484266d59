/* SPDX-License-Identifier: Apache-2.0 */
/* Blocks to pieces, one below the other; which page they come to is not known yet. Tables are in pdf_table.c. */
#include "render/pdf_parts.h"

#include <assert.h>

enum {
	GAP_BLOCK = PT(6),
	GAP_LINE = PT(2),
	GAP_SECTION = PT(20),
	GAP_REASON = PT(12),
	GAP_COLUMN = PT(10),
	INDENT = PT(11),
	KEY_MAX = PT(120),
	TILE_PAD = PT(9),
	TILES_MAX = 4, /* beside each other */
	RULE = PT(1) / 2,
};

/* --- the chain --- */

struct node *node_new(struct printing *p, struct node *parent, const char *role)
{
	struct node *n = arena_one(p->arena, struct node);

	n->role = role;
	n->parent = parent;
	if (p->nodes_last == NULL)
		p->nodes = n;
	else
		p->nodes_last->after = n;
	p->nodes_last = n;
	if (parent != NULL) {
		struct kid *k = arena_one(p->arena, struct kid);

		k->kind = KID_NODE;
		k->node = n;
		if (parent->last == NULL)
			parent->first = k;
		else
			parent->last->next = k;
		parent->last = k;
	}
	return n;
}

struct piece *piece_new(struct printing *p, int before, int height)
{
	struct piece *piece = arena_one(p->arena, struct piece);

	piece->before = before;
	piece->height = height;
	if (p->last == NULL)
		p->first = piece;
	else
		p->last->next = piece;
	p->last = piece;
	p->n_pieces++;
	return piece;
}

struct drawn *drawn_new(struct printing *p, struct piece *to, enum drawn_kind kind)
{
	struct drawn *d = arena_one(p->arena, struct drawn);

	d->kind = kind;
	if (to->last == NULL)
		to->first = d;
	else
		to->last->next = d;
	to->last = d;
	return d;
}

void drawn_box(struct printing *p, struct piece *to, int x, int y, int w, int h, enum ink ink)
{
	struct drawn *d = drawn_new(p, to, DRAWN_BOX);

	d->x = x;
	d->y = y;
	d->w = w;
	d->h = h;
	d->ink = ink;
}

/* --- cells --- */

static void draw_line(struct printing *p, struct piece *to, const struct cell *c, int line, int y)
{
	struct drawn *d = drawn_new(p, to, DRAWN_WORDS);

	d->x = c->x;
	if (c->right)
		d->x += c->width - words_line_width(c->words, line);
	d->y = y;
	d->words = c->words;
	d->line = line;
	d->node = c->node;
}

static bool empty(const struct cell *c)
{
	return c->words == NULL || c->words->layout == NULL;
}

/* Measures of cells that are already broken to their widths. */
struct row_size {
	int lines, leading, baseline, height;
};

static struct row_size size_of(const struct cell *cells, size_t n)
{
	struct row_size s = {0, 0, 0, 0};

	for (size_t i = 0; i < n; i++) {
		const struct words *w = cells[i].words;
		int base, below;

		if (empty(&cells[i]))
			continue;
		base = letter_baseline(w->letter);
		s.lines = w->lines > s.lines ? w->lines : s.lines;
		s.leading = letter_leading(w->letter) > s.leading ? letter_leading(w->letter)
								  : s.leading;
		s.baseline = base > s.baseline ? base : s.baseline;
		below = w->lines * letter_leading(w->letter) - base;
		s.height = below > s.height ? below : s.height;
	}
	s.height += s.baseline;
	return s;
}

static void draw_bar(struct printing *p, struct piece *piece, const struct row_look *look)
{
	if (look->bar_width > 0)
		drawn_box(p, piece, look->bar_x, 0, look->bar_width, piece->height, look->bar);
}

static struct piece *put_whole(struct printing *p, const struct cell *cells, size_t n,
			       const struct row_look *look, const struct row_size *s)
{
	struct piece *piece = piece_new(p, look->before, look->above + s->height + look->below);

	piece->keep = look->keep;
	draw_bar(p, piece, look);
	for (size_t i = 0; i < n; i++) {
		const struct cell *c = &cells[i];
		int y, step;

		if (empty(c))
			continue;
		step = letter_leading(c->words->letter);
		y = look->above + s->baseline;
		if (look->feet)
			y = look->above + s->height - step * c->words->lines +
			    letter_baseline(c->words->letter);
		for (int k = 0; k < c->words->lines; k++)
			draw_line(p, piece, c, k, y + k * step);
	}
	return piece;
}

/* Two lines at least stand together at each end of a page. */
static struct piece *put_lines(struct printing *p, const struct cell *cells, size_t n,
			       const struct row_look *look, const struct row_size *s)
{
	struct piece *first = NULL;

	for (int k = 0; k < s->lines; k++) {
		bool begins = k == 0, ends = k == s->lines - 1;
		int above = begins ? look->above : 0, below = ends ? look->below : 0;
		struct piece *piece =
			piece_new(p, begins ? look->before : 0, above + s->leading + below);

		piece->keep = ends ? look->keep : begins || k == s->lines - 2;
		draw_bar(p, piece, look);
		for (size_t i = 0; i < n; i++)
			if (!empty(&cells[i]) && k < cells[i].words->lines)
				draw_line(p, piece, &cells[i], k, above + s->baseline);
		first = begins ? piece : first;
	}
	return first;
}

struct piece *put_cells(struct printing *p, const struct cell *cells, size_t n,
			const struct row_look *look)
{
	struct row_size s;

	for (size_t i = 0; i < n; i++)
		if (!empty(&cells[i]))
			words_fit(cells[i].words, cells[i].width);
	s = size_of(cells, n);
	if (s.lines > 1 && (look->split || s.height > (p->bottom - p->top) * 2 / 3))
		return put_lines(p, cells, n, look, &s);
	return put_whole(p, cells, n, look, &s);
}

static struct words *own(struct printing *p, struct words w)
{
	struct words *out = arena_one(p->arena, struct words);

	*out = w;
	return out;
}

static struct words *set(struct printing *p, struct phrase phrase, enum letter letter)
{
	return own(p, words_set(p, phrase, letter, WORDS_PLAIN));
}

/* --- a place to lead to --- */

static struct spot *spot_new(struct printing *p, struct text name, const struct piece *piece)
{
	struct spot *s = arena_one(p->arena, struct spot);

	*s = (struct spot){name, piece, p->spots};
	p->spots = s;
	return s;
}

static void bookmark(struct printing *p, struct phrase words, size_t reason, unsigned level,
		     const struct piece *piece)
{
	struct bookmark *b = arena_one(p->arena, struct bookmark);
	struct doc scratch = *p->d;

	b->title = doc_words(&scratch, words);
	if (reason > 0)
		b->title = text_format(p->arena, "[%zu] %.*s", reason, TEXT_ARG(b->title));
	b->level = level;
	b->piece = piece;
	if (p->bookmarks_last == NULL)
		p->bookmarks = b;
	else
		p->bookmarks_last->next = b;
	p->bookmarks_last = b;
}

bool target_found(const struct printing *p, struct text target, const struct piece **out)
{
	int64_t n = 0;
	struct text name = text_starts(target, "#") ? text_sub(target, 1, target.n) : target;

	if (text_starts(name, "why-"))
		name = text_sub(name, 4, name.n);
	if (text_digits(name, &n)) {
		if (n < 1 || (size_t)n > p->d->n_reasons || p->reasons[n] == NULL)
			return false;
		*out = p->reasons[n]->piece;
		return true;
	}
	for (const struct spot *s = p->spots; s != NULL; s = s->next) {
		if (!text_eq(s->name, name))
			continue;
		*out = s->piece;
		return true;
	}
	return false;
}

/* --- head of the first page --- */

static void flow_letterhead(struct printing *p)
{
	const struct pdf_letterhead *l = p->style->letterhead;
	struct node *div;
	struct piece *piece;
	int lines = 0, step = letter_leading(LETTER_FINE_QUIET), height;

	if (l == NULL || (l->name.n == 0 && l->n_lines == 0 && p->logo == NULL))
		return;
	lines = (int)l->n_lines * step;
	height = p->logo != NULL ? p->logo_h : letter_leading(LETTER_NAME);
	height = lines > height ? lines : height;
	piece = piece_new(p, 0, height + PT(10));
	piece->keep = true;
	div = node_new(p, p->root, "Div");
	if (p->logo != NULL) {
		struct drawn *d = drawn_new(p, piece, DRAWN_LOGO);

		*d = (struct drawn){.kind = DRAWN_LOGO, .w = p->logo_w, .h = p->logo_h};
		d->node = node_new(p, div, "Figure");
		d->node->alt = l->name.n > 0 ? l->name : text_of("logo");
	} else if (l->name.n > 0) {
		struct words *w = own(p, words_of(p, l->name, LETTER_NAME));
		struct cell c = {w, 0, p->width * 6 / 10, false, node_new(p, div, "P")};

		words_fit(w, c.width);
		for (int k = 0; k < w->lines; k++)
			draw_line(p, piece, &c, k,
				  letter_baseline(LETTER_NAME) + k * letter_leading(LETTER_NAME));
	}
	for (size_t i = 0; i < l->n_lines; i++) {
		struct words *w = own(p, words_of(p, l->lines[i], LETTER_FINE_QUIET));
		struct cell c = {w, p->width * 6 / 10, p->width * 4 / 10, true,
				 node_new(p, div, "P")};

		if (w->layout != NULL)
			draw_line(p, piece, &c, 0,
				  letter_baseline(LETTER_FINE_QUIET) + (int)i * step);
	}
	drawn_box(p, piece, 0, height + PT(9), p->width, PT(1), INK_MARK);
}

static void put_paragraph(struct printing *p, struct phrase words, enum letter letter,
			  const char *role, const struct row_look *look)
{
	struct cell c = {set(p, words, letter), look->bar_width > 0 ? INDENT : 0, 0, false, NULL};

	if (empty(&c))
		return;
	c.x += look->bar_x;
	c.width = p->width - c.x;
	c.node = node_new(p, p->here, role);
	(void)put_cells(p, &c, 1, look);
}

static void flow_title(struct printing *p)
{
	const struct doc *d = p->d;
	struct words *title = set(p, d->title, LETTER_TITLE),
		     *aside = set(p, d->aside, LETTER_FINE_QUIET),
		     *verdict = set(p, d->verdict, LETTER_TEXT);
	int right = verdict->layout != NULL ? verdict->natural : 0;
	struct row_look look = {.before = PT(16), .keep = true}, under = {.keep = true};
	struct cell cells[2];
	struct phrase about = doc_join_all(&(struct doc){.arena = p->arena}, " \xc2\xb7 ",
					   (const struct phrase[]){d->parties, d->subject}, 2);

	right = aside->layout != NULL && aside->natural > right ? aside->natural : right;
	right = right > p->width / 3 ? p->width / 3 : right;
	cells[0] = (struct cell){title, 0, p->width - right - GAP_COLUMN, false, NULL};
	cells[1] = (struct cell){verdict, p->width - right, right, true, NULL};
	if (title->layout == NULL)
		return;
	cells[0].node = node_new(p, p->root, "H1");
	if (verdict->layout != NULL)
		cells[1].node = node_new(p, p->root, "P");
	(void)put_cells(p, cells, 2, &look);
	if (about.n > 0 || aside->layout != NULL) {
		cells[0] = (struct cell){set(p, about, LETTER_TEXT), 0,
					 p->width - right - GAP_COLUMN, false, NULL};
		cells[1] = (struct cell){aside, p->width - right, right, true, NULL};
		if (!empty(&cells[0]))
			cells[0].node = node_new(p, p->root, "P");
		if (!empty(&cells[1]))
			cells[1].node = node_new(p, p->root, "P");
		under.before = PT(3);
		(void)put_cells(p, cells, 2, &under);
	}
	under.before = PT(1);
	if (d->under.n > 0)
		put_paragraph(p, d->under, LETTER_FINE_QUIET, "P", &under);
	p->last->keep = false;
}

/* --- headings --- */

static void flow_section(struct printing *p, const struct block *b)
{
	struct cell c = {set(p, b->words, LETTER_HEADING), 0, p->width, false, NULL};
	struct row_look look = {.before = GAP_SECTION, .below = PT(4), .keep = true};
	struct piece *piece;

	p->section = node_new(p, p->root, "Sect");
	p->here = p->section;
	c.node = node_new(p, p->here, "H2");
	piece = put_cells(p, &c, 1, &look);
	drawn_box(p, p->last, 0, p->last->height - RULE, p->width, RULE, INK_LINE);
	if (b->anchor.n > 0)
		(void)spot_new(p, b->anchor, piece);
	bookmark(p, b->words, 0, 1, piece);
}

static void flow_reason(struct printing *p, const struct block *b)
{
	struct words *aside = set(p, b->aside, LETTER_FINE_QUIET);
	int right = aside->layout == NULL ? 0 : aside->natural;
	bool under = p->section != NULL;
	struct row_look look = {.before = p->last != NULL && p->last->keep ? PT(5) : GAP_REASON,
				.keep = true};
	struct phrase heading = b->words;
	struct doc scratch = *p->d;
	struct cell cells[2];
	struct piece *piece;

	if (b->reason > 0) {
		struct phrase n = doc_run(&scratch, RUN_SOFT,
					  text_format(p->arena, "[%zu] ", b->reason), text_of(""));

		heading = doc_join(&scratch, n, heading);
	}
	right = right > p->width * 2 / 5 ? p->width * 2 / 5 : right;
	p->here = node_new(p, under ? p->section : p->root, under ? "Div" : "Sect");
	cells[0] = (struct cell){set(p, heading, LETTER_SUBHEADING), 0,
				 p->width - right - (right > 0 ? GAP_COLUMN : 0), false,
				 node_new(p, p->here, under ? "H3" : "H2")};
	cells[1] = (struct cell){aside, p->width - right, right, true, NULL};
	if (right > 0)
		cells[1].node = node_new(p, p->here, "P");
	piece = put_cells(p, cells, 2, &look);
	if (b->reason > 0)
		p->reasons[b->reason] = spot_new(p, text_of(""), piece);
	if (b->anchor.n > 0)
		(void)spot_new(p, b->anchor, piece);
	bookmark(p, b->words, b->reason, under ? 2 : 1, piece);
}

/* --- pairs, lists --- */

static void flow_pairs(struct printing *p, const struct pairs *pairs)
{
	struct node *list, *item = NULL;
	int key = 0, before = GAP_BLOCK;
	size_t n = 0;

	for (const struct pair *k = pairs->first; k != NULL; k = k->next, n++) {
		struct words w = words_set(p, k->key, LETTER_QUIET, WORDS_CAPITAL);

		key = w.layout != NULL && w.natural > key ? w.natural : key;
	}
	if (n == 0)
		return;
	key = key > KEY_MAX ? KEY_MAX : key;
	list = node_new(p, p->here, "L");
	for (const struct pair *k = pairs->first; k != NULL; k = k->next) {
		bool raw = k->key.n > 0 && k->key.first->kind == RUN_CODE;
		struct words *name = own(p, words_set(p, k->key, LETTER_QUIET,
						      raw ? WORDS_PLAIN : WORDS_CAPITAL)),
			     *amount = set(p, k->amount, LETTER_TEXT);
		int right = amount->layout == NULL ? 0 : amount->natural;
		int at = key > 0 ? key + GAP_COLUMN : 0;
		struct row_look look = {.before = before};
		struct cell cells[3] = {{name, 0, key, false, NULL},
					{set(p, k->value, LETTER_TEXT), at,
					 p->width - at - (right > 0 ? right + GAP_COLUMN : 0),
					 false, NULL},
					{amount, p->width - right, right, true, NULL}};

		if (item == NULL || k->key.n > 0)
			item = node_new(p, list, "LI");
		if (!empty(&cells[0]))
			cells[0].node = node_new(p, item, "Lbl");
		cells[1].node = cells[2].node = node_new(p, item, "LBody");
		(void)put_cells(p, cells, 3, &look);
		before = GAP_LINE;
	}
}

static void flow_list(struct printing *p, const struct list *l)
{
	struct node *list;
	struct row_look look = {.before = GAP_BLOCK, .split = true};
	bool all = l->limit == 0 || l->n <= PDF_ROWS_MAX;
	size_t limit = all ? l->n : l->limit, i = 0;

	if (l->first == NULL)
		return;
	list = node_new(p, p->here, "L");
	for (const struct list_item *k = l->first; k != NULL && i < limit; k = k->next, i++) {
		struct node *item = node_new(p, list, "LI");
		struct cell cells[2] = {{own(p, words_of(p, text_of("\xe2\x80\xa2"), LETTER_QUIET)),
					 0, INDENT, false, node_new(p, item, "Lbl")},
					{set(p, k->words, LETTER_TEXT), INDENT, p->width - INDENT,
					 false, node_new(p, item, "LBody")}};

		(void)put_cells(p, cells, 2, &look);
		look.before = GAP_LINE;
	}
	if (!all)
		put_paragraph(p, l->more, LETTER_QUIET, "P", &look);
}

/* --- words --- */

static enum ink state_ink(enum doc_state s)
{
	switch (s) {
	case STATE_KEPT:
		return INK_GOOD;
	case STATE_RISK:
		return INK_WARN;
	case STATE_MISSED:
		return INK_BAD;
	case STATE_NONE:
	case STATE_OPEN:
		break;
	}
	return INK_LINE;
}

static void flow_words(struct printing *p, const struct block *b)
{
	struct row_look look = {.before = GAP_BLOCK, .split = true};

	if (b->kind == BLOCK_NOTE) {
		look.bar = state_ink(b->state);
		look.bar_width = PT(2);
	}
	if (b->kind == BLOCK_QUOTE) {
		struct node *outer = p->here;

		look.bar = INK_LINE;
		look.bar_width = PT(2);
		look.keep = b->aside.n > 0;
		p->here = node_new(p, outer, "BlockQuote");
		put_paragraph(p, b->words, LETTER_TEXT, "P", &look);
		look.before = 0;
		look.keep = false;
		put_paragraph(p, b->aside, LETTER_FINE_QUIET, "P", &look);
		p->here = outer;
		return;
	}
	put_paragraph(p, b->words, LETTER_TEXT, "P", &look);
}

static void flow_chart(struct printing *p, const struct chart *c)
{
	struct piece *piece = piece_new(p, GAP_BLOCK, chart_height(c, p->width));
	struct drawn *d = drawn_new(p, piece, DRAWN_CHART);

	d->w = p->width;
	d->chart = c;
	d->node = node_new(p, p->here, "Figure");
	d->node->alt = c->label;
}

/* --- tiles --- */

struct tile_set {
	struct words *heading, *figure, *unit, *state, *note;
	int height;
};

static int lines_of(struct words *w, int width)
{
	if (w->layout == NULL)
		return 0;
	words_fit(w, width);
	return w->lines * letter_leading(w->letter);
}

static struct tile_set tile_measure(struct printing *p, const struct tile *t, int width)
{
	struct tile_set s = {
		set(p, t->heading, LETTER_FINE_STRONG), set(p, t->figure, LETTER_FIGURE),
		set(p, t->unit, LETTER_FINE_QUIET),     set(p, t->state, LETTER_FINE),
		set(p, t->note, LETTER_FINE_QUIET),     0};
	int figure = lines_of(s.figure, width);

	s.height = lines_of(s.heading, width) + PT(3) + figure;
	if (s.unit->layout != NULL &&
	    (s.figure->layout == NULL || s.figure->lines > 1 ||
	     words_line_width(s.figure, 0) + PT(4) + s.unit->natural > width))
		s.height += lines_of(s.unit, width);
	if (s.state->layout != NULL)
		s.height += PT(2) + lines_of(s.state, width);
	if (s.note->layout != NULL)
		s.height += PT(2) + lines_of(s.note, width);
	if (t->chart != NULL)
		s.height += PT(6) + chart_height(t->chart, width);
	return s;
}

static int tile_words(struct printing *p, struct piece *piece, struct words *w, int x, int y,
		      struct node *div)
{
	struct cell c = {w, x, 0, false, NULL};

	if (w->layout == NULL)
		return y;
	c.node = node_new(p, div, "P");
	for (int k = 0; k < w->lines; k++)
		draw_line(p, piece, &c, k,
			  y + letter_baseline(w->letter) + k * letter_leading(w->letter));
	return y + w->lines * letter_leading(w->letter);
}

static void tile_draw(struct printing *p, struct piece *piece, const struct tile *t,
		      const struct tile_set *s, int x, int width)
{
	struct node *div = node_new(p, p->here, "Div");
	int y = tile_words(p, piece, s->heading, x, TILE_PAD, div) + PT(3);
	int base = y + letter_baseline(LETTER_FIGURE), right = x;

	if (s->figure->layout != NULL)
		right += words_line_width(s->figure, 0) + PT(4);
	y = tile_words(p, piece, s->figure, x, y, div);
	if (s->unit->layout != NULL) {
		struct cell c = {s->unit, right, 0, false, node_new(p, div, "P")};

		if (s->figure->layout != NULL && s->figure->lines == 1 &&
		    right + s->unit->natural <= x + width)
			draw_line(p, piece, &c, 0, base);
		else
			y = tile_words(p, piece, s->unit, x, y, div);
	}
	if (s->state->layout != NULL)
		y = tile_words(p, piece, s->state, x, y + PT(2), div);
	if (s->note->layout != NULL)
		y = tile_words(p, piece, s->note, x, y + PT(2), div);
	if (t->chart != NULL) {
		struct drawn *d = drawn_new(p, piece, DRAWN_CHART);

		d->x = x;
		/* Charts of one row stand on one line. */
		d->y = piece->height - TILE_PAD - chart_height(t->chart, width);
		d->w = width;
		d->chart = t->chart;
		d->node = node_new(p, div, "Figure");
		d->node->alt = t->chart->label;
	}
}

static void frame(struct printing *p, struct piece *piece, int x, int w)
{
	int h = piece->height;

	drawn_box(p, piece, x, 0, w, RULE, INK_LINE);
	drawn_box(p, piece, x, h - RULE, w, RULE, INK_LINE);
	drawn_box(p, piece, x, 0, RULE, h, INK_LINE);
	drawn_box(p, piece, x + w - RULE, 0, RULE, h, INK_LINE);
}

static void flow_tiles(struct printing *p, const struct tiles *tiles)
{
	const struct tile *t = tiles->first;
	size_t n = 0, columns;
	int before = PT(14);

	for (const struct tile *k = t; k != NULL; k = k->next)
		n++;
	if (n == 0)
		return;
	columns = n <= TILES_MAX ? n : (n % 4 == 0 ? 4 : 3);
	int gap = PT(6), width = (p->width - ((int)columns - 1) * gap) / (int)columns;

	while (t != NULL) {
		struct tile_set sets[TILES_MAX];
		const struct tile *row = t;
		struct piece *piece;
		size_t k = 0;
		int height = 0;

		for (; t != NULL && k < columns; t = t->next, k++) {
			sets[k] = tile_measure(p, t, width - 2 * TILE_PAD);
			height = sets[k].height > height ? sets[k].height : height;
		}
		piece = piece_new(p, before, height + 2 * TILE_PAD);
		for (size_t i = 0; i < k; i++, row = row->next) {
			int x = (int)i * (width + gap);

			frame(p, piece, x, width);
			tile_draw(p, piece, row, &sets[i], x + TILE_PAD, width - 2 * TILE_PAD);
		}
		before = gap;
	}
}

/* --- all --- */

static void flow_block(struct printing *p, const struct block *b)
{
	switch (b->kind) {
	case BLOCK_SECTION:
		flow_section(p, b);
		return;
	case BLOCK_REASON:
		flow_reason(p, b);
		return;
	case BLOCK_TILES:
		flow_tiles(p, b->of.tiles);
		return;
	case BLOCK_TABLE:
		flow_table(p, b->of.table, 0, p->width);
		return;
	case BLOCK_PAIRS:
		flow_pairs(p, b->of.pairs);
		return;
	case BLOCK_LIST:
		flow_list(p, b->of.list);
		return;
	case BLOCK_CHART:
		flow_chart(p, b->of.chart);
		return;
	case BLOCK_PARAGRAPH:
	case BLOCK_NOTE:
	case BLOCK_QUOTE:
		flow_words(p, b);
		return;
	}
}

/* A reason that takes less than a third of a page is not torn. `from` is its first piece. */
static void hold_together(struct printing *p, struct piece *from)
{
	int height = 0;

	for (struct piece *k = from; k != NULL; k = k->next)
		height += k->before + k->height;
	if (height > (p->bottom - p->top) / 3)
		return;
	for (struct piece *k = from; k != NULL && k->next != NULL; k = k->next)
		k->keep = true;
}

static void flow_footer(struct printing *p)
{
	struct row_look look = {.before = PT(18), .split = true};

	p->here = p->root;
	for (const struct list_item *i = p->d->footer; i != NULL; i = i->next) {
		if (i->medium == ON_TEXT)
			continue;
		put_paragraph(p, i->words, LETTER_FINE_QUIET, "P", &look);
		look.before = PT(1);
	}
}

void flow_doc(struct printing *p)
{
	const struct block *b = p->d->first;

	p->root = p->here = node_new(p, NULL, "Document");
	p->reasons = arena_array(p->arena, struct spot *, p->d->n_reasons + 1);
	flow_letterhead(p);
	flow_title(p);
	while (b != NULL) {
		struct piece *before = p->last;
		bool reason = b->kind == BLOCK_REASON;

		if (b->medium == ON_TEXT) {
			b = b->next;
			continue;
		}
		flow_block(p, b);
		for (b = b->next;
		     reason && b != NULL && b->kind != BLOCK_REASON && b->kind != BLOCK_SECTION;
		     b = b->next)
			if (b->medium != ON_TEXT)
				flow_block(p, b);
		if (reason)
			hold_together(p, before == NULL ? p->first : before->next);
	}
	flow_footer(p);
}
