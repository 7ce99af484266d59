/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tables to pieces: columns as wide as their words ask for, numbers never broken and on one right edge, headings drawn again on every
 * page that the table reaches.
 */
#include "render/pdf_parts.h"

enum {
	COLUMN_GAP = PT(11),
	COLUMN_GAP_SMALL = PT(7),
	ROW_PAD = PT(3),
	RULE = PT(1) / 2,
	COLUMN_LEAST = PT(4)
};

struct column {
	int least, natural, width, x;
	bool number; /* at the right edge, never broken */
};

/* What the words of a table are set in. */
struct dress {
	enum letter text, strong, heading;
	int gap;
};

static const struct dress dresses[] = {
	{LETTER_TEXT, LETTER_STRONG, LETTER_COLUMN, COLUMN_GAP},
	{LETTER_FINE, LETTER_FINE_STRONG, LETTER_SMALL_COLUMN, COLUMN_GAP},
	{LETTER_SMALL, LETTER_SMALL_STRONG, LETTER_SMALL_COLUMN, COLUMN_GAP_SMALL},
};

struct setting {
	struct printing *p;
	const struct table *t;
	const struct dress *dress;
	struct column *columns;
	struct words *cells; /* by row and column, the headings first */
	size_t rows;         /* shown */
	int left, room;
	struct node *node;
};

static bool same(struct phrase c)
{
	return c.n == 1 && c.first->kind == RUN_SAME;
}

static struct words *cell_at(const struct setting *s, size_t row, size_t column)
{
	return &s->cells[row * s->t->n_columns + column];
}

static bool number(const struct setting *s, size_t column)
{
	return s->columns[column].number;
}

static void find_numbers(struct setting *s)
{
	for (size_t c = 0; c < s->t->n_columns; c++)
		s->columns[c].number = table_has_numbers(s->t, c);
}

/* --- widths --- */

static void measure(struct setting *s, size_t row)
{
	for (size_t c = 0; c < s->t->n_columns; c++) {
		const struct words *w = cell_at(s, row, c);
		struct column *column = &s->columns[c];
		int least;

		if (w->layout == NULL)
			continue;
		least = number(s, c) && row > 0 ? w->natural : words_least(w);
		column->least = least > column->least ? least : column->least;
		column->natural = w->natural > column->natural ? w->natural : column->natural;
	}
}

static void set_words(struct setting *s)
{
	const struct table *t = s->t;
	size_t row = 1;

	s->columns = arena_array(s->p->arena, struct column, t->n_columns);
	find_numbers(s);
	s->cells = arena_array(s->p->arena, struct words, (s->rows + 1) * t->n_columns);
	if (!t->headless)
		for (size_t c = 0; c < t->n_columns; c++)
			*cell_at(s, 0, c) = words_set(s->p, t->columns[c].heading,
						      s->dress->heading, WORDS_CAPITAL);
	for (const struct row *r = t->first; r != NULL && row <= s->rows; r = r->next, row++)
		for (size_t c = 0; c < t->n_columns; c++)
			*cell_at(s, row, c) =
				words_set(s->p, r->cells[c],
					  c == 0 && !t->headless && !number(s, 0) ? s->dress->strong
										  : s->dress->text,
					  WORDS_PLAIN);
	for (row = 0; row <= s->rows; row++)
		measure(s, row);
}

static int sum(const struct setting *s, bool natural)
{
	int64_t all = ((int64_t)s->t->n_columns - 1) * s->dress->gap;

	for (size_t c = 0; c < s->t->n_columns; c++)
		all += natural ? s->columns[c].natural : s->columns[c].least;
	return all > INT32_MAX / 2 ? INT32_MAX / 2 : (int)all;
}

/* left shared out in proportion to what each column wants beyond what it has; what division leaves goes to the last. */
static void share(struct setting *s, int64_t left, int64_t wants)
{
	int64_t given = 0;

	for (size_t c = 0; c < s->t->n_columns; c++) {
		struct column *k = &s->columns[c];
		int64_t part = wants > 0 ? left * (k->natural - k->least) / wants : 0;

		k->width = k->least + (int)part;
		given += part;
	}
	s->columns[s->t->n_columns - 1].width += (int)(wants > 0 ? left - given : 0);
}

/* Everything on one line, and room left: it goes to the columns of text, so that numbers stay near their words. */
static void spread(struct setting *s, int left)
{
	size_t n = 0;

	for (size_t c = 0; c < s->t->n_columns; c++)
		n += number(s, c) ? 0 : 1;
	for (size_t c = 0; c < s->t->n_columns; c++) {
		struct column *k = &s->columns[c];

		k->width = k->natural;
		if (n == 0)
			k->width += left / (int)s->t->n_columns;
		else if (!number(s, c))
			k->width += left / (int)n;
	}
}

/* Not even the longest words fit: the widest columns become equally wide, and words are broken inside; the others stay whole. */
static void squeeze(struct setting *s)
{
	size_t n = s->t->n_columns, wide = n, before;
	int64_t room = s->room - ((int64_t)n - 1) * s->dress->gap, fair;

	/* A column that wants no more than its share leaves more for the others, which may then fit in turn. */
	do {
		int64_t left = room;

		before = wide;
		for (size_t c = 0; c < n; c++)
			left -= s->columns[c].width;
		fair = wide > 0 && left > 0 ? left / (int64_t)wide : 0;
		for (size_t c = 0; c < n; c++) {
			struct column *k = &s->columns[c];

			if (k->width > 0 || k->least > fair)
				continue;
			k->width = k->least > 0 ? k->least : 1;
			wide--;
		}
	} while (wide != before && wide > 0);
	for (size_t c = 0; c < n; c++)
		if (s->columns[c].width == 0)
			s->columns[c].width = fair > COLUMN_LEAST ? (int)fair : COLUMN_LEAST;
}

static void place_columns(struct setting *s)
{
	int least = sum(s, false), natural = sum(s, true), x = s->left;

	if (natural <= s->room)
		spread(s, s->room - natural);
	else if (least <= s->room)
		share(s, s->room - least, (int64_t)natural - least);
	else
		squeeze(s);
	for (size_t c = 0; c < s->t->n_columns; c++) {
		s->columns[c].x = x;
		x += s->columns[c].width + s->dress->gap;
	}
}

/* --- rows --- */

static size_t rows_below(const struct row *r, size_t c)
{
	size_t n = 1;

	for (const struct row *k = r->next; k != NULL && same(k->cells[c]); k = k->next)
		n++;
	return n;
}

/* A rule above the cells of a row that begin something. */
static void draw_rules(struct setting *s, struct piece *piece, const struct row *r)
{
	for (size_t c = 0; c < s->t->n_columns; c++) {
		const struct column *k = &s->columns[c];
		bool last = c + 1 == s->t->n_columns;

		if (!same(r->cells[c]))
			drawn_box(s->p, piece, k->x, 0, k->width + (last ? 0 : s->dress->gap), RULE,
				  INK_LINE);
	}
}

static struct piece *put_head(struct setting *s)
{
	bool under = s->p->last != NULL && s->p->last->keep; /* a heading or the caption */
	struct row_look look = {
		.before = PT(under ? 4 : 12), .below = ROW_PAD, .keep = true, .feet = true};
	struct cell *cells = arena_array(s->p->arena, struct cell, s->t->n_columns);
	struct node *row = node_new(s->p, s->node, "TR");
	struct piece *piece;

	for (size_t c = 0; c < s->t->n_columns; c++) {
		cells[c] = (struct cell){cell_at(s, 0, c), s->columns[c].x, s->columns[c].width,
					 number(s, c), NULL};
		cells[c].node = node_new(s->p, row, s->t->columns[c].heading.n > 0 ? "TH" : "TD");
		if (s->t->columns[c].heading.n > 0)
			cells[c].node->scope = "Column";
	}
	piece = put_cells(s->p, cells, s->t->n_columns, &look);
	drawn_box(s->p, s->p->last, s->left, s->p->last->height - PT(3) / 4,
		  s->columns[s->t->n_columns - 1].x + s->columns[s->t->n_columns - 1].width -
			  s->left,
		  PT(3) / 4, INK_QUIET);
	/* Higher than most of a page it came in lines, and is not worth repeating. */
	return piece == s->p->last ? piece : NULL;
}

static struct piece *put_row(struct setting *s, const struct row *r, size_t row, bool ruled)
{
	struct row_look look = {.above = ROW_PAD, .below = ROW_PAD};
	struct cell *cells = arena_array(s->p->arena, struct cell, s->t->n_columns);
	struct node *tr = node_new(s->p, s->node, "TR");
	struct piece *piece;

	for (size_t c = 0; c < s->t->n_columns; c++) {
		bool head = c == 0 && !s->t->headless;

		cells[c] = (struct cell){cell_at(s, row, c), s->columns[c].x, s->columns[c].width,
					 number(s, c), NULL};
		if (same(r->cells[c]))
			continue;
		cells[c].node = node_new(s->p, tr, head ? "TH" : "TD");
		cells[c].node->scope = head ? "Row" : NULL;
		cells[c].node->row_span = rows_below(r, c);
	}
	piece = put_cells(s->p, cells, s->t->n_columns, &look);
	if (ruled)
		draw_rules(s, piece, r);
	if (r->anchor.n > 0) {
		struct spot *spot = arena_one(s->p->arena, struct spot);

		*spot = (struct spot){r->anchor, piece, s->p->spots};
		s->p->spots = spot;
	}
	return piece;
}

static void put_rows(struct setting *s, const struct piece *head)
{
	size_t row = 1;

	for (const struct row *r = s->t->first; r != NULL && row <= s->rows; r = r->next, row++) {
		struct piece *piece = put_row(s, r, row, row > 1);

		for (struct piece *k = piece; k != NULL; k = k->next)
			k->head = head;
		/* The first two and the last two rows of a table are not left alone on a page. */
		if (piece == s->p->last && s->rows > 1 && (row == 1 || row + 1 == s->rows))
			piece->keep = true;
	}
}

/* --- a table --- */

static void put_line(struct printing *p, struct phrase words, enum letter letter, struct node *node,
		     int x, int width, const struct row_look *look)
{
	struct words *w = arena_one(p->arena, struct words);
	struct cell c = {w, x, width, false, node};

	*w = words_set(p, words, letter, WORDS_CAPITAL);
	(void)put_cells(p, &c, 1, look);
}

void flow_table(struct printing *p, const struct table *t, int x, int width)
{
	struct setting s = {.p = p, .t = t, .left = x, .room = width};
	struct row_look caption = {.before = PT(10), .keep = true}, more = {.before = PT(3)};
	struct piece *head = NULL;
	bool all = t->limit == 0 || t->n_rows <= PDF_ROWS_MAX;

	s.rows = all ? t->n_rows : t->limit;
	s.node = node_new(p, p->here, "Table");
	for (size_t i = 0; i < ARRAY_SIZE(dresses); i++) {
		s.dress = &dresses[i];
		set_words(&s);
		if (sum(&s, false) <= width)
			break;
	}
	place_columns(&s);
	if (t->caption.n > 0)
		put_line(p, t->caption, LETTER_FINE_QUIET, node_new(p, s.node, "Caption"), x, width,
			 &caption);
	if (!t->headless)
		head = put_head(&s);
	put_rows(&s, head);
	if (!all && t->more.n > 0)
		put_line(p, t->more, LETTER_FINE_QUIET, node_new(p, p->here, "P"), x, width, &more);
}
