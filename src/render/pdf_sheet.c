/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pieces to pages, and pages drawn by cairo. Around each thing drawn stands a mark with a number; whose content it is, is kept by page
 * and number, so that pdf_tree can tell a screen reader what cairo's own marks cannot: tables over several pages, what is decoration.
 */
#include "render/pdf_calls.h"
#include "render/pdf_parts.h"

#include <assert.h>

/* --- which page --- */

struct chain {
	struct piece *last;
	int height; /* without the space before it */
};

/* Pieces that want to stand together. */
static struct chain chain_of(struct piece *first)
{
	struct chain c = {first, first->height};

	while (c.last->keep && c.last->next != NULL) {
		c.last = c.last->next;
		c.height += c.last->before + c.last->height;
		/* Longer than any page: how long does not matter. */
		if (c.height > PT(5000))
			break;
	}
	return c;
}

static int page_top(const struct printing *p, size_t page)
{
	return page == 0 ? p->top_first : p->top;
}

/* Headings that are drawn again above a piece at the top of a page. */
static int head_height(const struct piece *piece)
{
	return piece->head == NULL || piece->head == piece ? 0 : piece->head->height;
}

struct cursor {
	size_t page;
	int y;
	bool fresh; /* nothing stands on the page */
};

static void turn(struct printing *p, struct cursor *c)
{
	*c = (struct cursor){c->page + 1, page_top(p, c->page + 1), true};
}

static void place(struct cursor *c, struct piece *piece)
{
	c->y += c->fresh ? head_height(piece) : piece->before;
	piece->page = c->page;
	piece->y = c->y;
	c->y += piece->height;
	c->fresh = false;
}

static void place_chain(struct printing *p, struct cursor *c, struct piece *first)
{
	struct chain chain = chain_of(first);
	int room = p->bottom - c->y, all = p->bottom - p->top - head_height(first);

	if (first->before + chain.height > room && !c->fresh &&
	    (chain.height <= all || room < all / 4))
		turn(p, c);
	for (struct piece *k = first;; k = k->next) {
		if (!c->fresh && c->y + k->before + k->height > p->bottom)
			turn(p, c);
		place(c, k);
		if (k == chain.last)
			break;
	}
}

enum rc sheets_break(struct printing *p, struct err *err)
{
	struct cursor c = {0, p->top_first, true};

	for (struct piece *k = p->first; k != NULL;) {
		struct piece *last = chain_of(k).last;

		place_chain(p, &c, k);
		k = last->next;
		if (c.page >= PDF_PAGES_MAX) {
			err_hint(err, "print a shorter period, or write html");
			return err_set(err, RC_LIMIT, "the document has more than %d pages",
				       PDF_PAGES_MAX);
		}
	}
	p->pages = c.page + 1;
	p->marks = arena_array(p->arena, struct page_marks, p->pages);
	return RC_OK;
}

/* --- marks --- */

struct sheet {
	struct printing *p;
	cairo_t *cr;
	size_t page;
	bool open;
	struct node *node; /* whose mark is open; NULL: decoration */
	/* the link that was drawn last: one that goes on in the next line is the same */
	const struct words *link_words;
	const struct run *link_run;
	struct node *link;
};

static void mark_end(struct sheet *s)
{
	if (s->open)
		cairo_tag_end(s->cr, s->node != NULL ? "P" : "NonStruct");
	s->open = false;
}

static void mark(struct sheet *s, struct node *node)
{
	struct page_marks *m = &s->p->marks[s->page];

	if (s->open && s->node == node)
		return;
	mark_end(s);
	cairo_tag_begin(s->cr, node != NULL ? "P" : "NonStruct", NULL);
	s->open = true;
	s->node = node;
	m->v = arena_grow(s->p->arena, m->v, m->n, &m->cap, sizeof(struct node *));
	m->v[m->n] = node;
	if (node != NULL) {
		struct kid *k = arena_one(s->p->arena, struct kid);

		*k = (struct kid){.kind = KID_CONTENT, .page = s->page, .index = m->n};
		if (node->last == NULL)
			node->first = k;
		else
			node->last->next = k;
		node->last = k;
	}
	m->n++;
}

/* --- ink and shapes --- */

static void use_ink(const struct sheet *s, enum ink ink)
{
	uint32_t v = s->p->inks[ink];

	cairo_set_source_rgb(s->cr, (v >> 16 & 255) / 255.0, (v >> 8 & 255) / 255.0,
			     (v & 255) / 255.0);
}

static enum ink state_ink(enum doc_state state)
{
	switch (state) {
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
	return INK_IDLE;
}

/* A state is a word and a shape before it is a colour: it must be told apart on a black and white print. x, y: left end of its
   baseline, in points. */
static void draw_shape(const struct sheet *s, enum doc_state state, int x, int y)
{
	cairo_t *cr = s->cr;

	cairo_save(cr);
	cairo_translate(cr, x / 1024.0, y / 1024.0);
	cairo_set_line_width(cr, 1.3);
	cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
	cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
	switch (state) {
	case STATE_KEPT:
		cairo_move_to(cr, 1.2, -3.1);
		cairo_line_to(cr, 3.3, -0.9);
		cairo_line_to(cr, 7, -5.9);
		cairo_stroke(cr);
		break;
	case STATE_RISK:
		cairo_arc(cr, 4.1, -3.2, 2.9, 0, 6.283185307179586);
		cairo_set_line_width(cr, 0.9);
		cairo_stroke(cr);
		cairo_arc(cr, 4.1, -3.2, 2.9, -1.5707963267948966, 1.5707963267948966);
		cairo_fill(cr);
		break;
	case STATE_MISSED:
		cairo_move_to(cr, 1.6, -5.6);
		cairo_line_to(cr, 6.4, -0.8);
		cairo_move_to(cr, 6.4, -5.6);
		cairo_line_to(cr, 1.6, -0.8);
		cairo_stroke(cr);
		break;
	case STATE_NONE:
	case STATE_OPEN:
		cairo_move_to(cr, 1.6, -3.1);
		cairo_line_to(cr, 6.6, -3.1);
		cairo_stroke(cr);
		break;
	}
	cairo_restore(cr);
}

/* --- words --- */

static const struct stretch *stretch_at(const struct words *w, size_t byte)
{
	size_t low = 0, high = w->n;

	while (high - low > 1) {
		size_t middle = (low + high) / 2;

		if (w->v[middle].from <= byte)
			low = middle;
		else
			high = middle;
	}
	return w->n == 0 ? NULL : &w->v[low];
}

static enum ink stretch_ink(const struct words *w, const struct stretch *k)
{
	if (k == NULL)
		return letter_ink(w->letter);
	switch (k->run->kind) {
	case RUN_SOFT:
		return INK_QUIET;
	case RUN_LINK:
	case RUN_REF:
		return w->letter == LETTER_FIGURE ? letter_ink(w->letter) : INK_MARK;
	case RUN_STATE:
		return state_ink(k->run->state);
	case RUN_TEXT:
	case RUN_STRONG:
	case RUN_CODE:
	case RUN_TIME:
	case RUN_ABBR:
	case RUN_SAME:
		break;
	}
	return letter_ink(w->letter);
}

/* Where does a run lead to, if it does? */
static bool leads(const struct printing *p, const struct stretch *k)
{
	const struct piece *to = NULL;

	if (k == NULL || (k->run->kind != RUN_LINK && k->run->kind != RUN_REF))
		return false;
	if (k->run->kind == RUN_LINK &&
	    (text_starts(k->run->target, "https://") || text_starts(k->run->target, "http://") ||
	     text_starts(k->run->target, "mailto:")))
		return true;
	return target_found(p, k->run->target, &to);
}

static struct node *link_node(struct sheet *s, const struct drawn *d, const struct run *run)
{
	if (s->link_words == d->words && s->link_run == run)
		return s->link;
	s->link_words = d->words;
	s->link_run = run;
	s->link = node_new(s->p, d->node, "Link");
	return s->link;
}

static void add_place(struct sheet *s, const struct drawn *d, const struct run *run, int x, int y,
		      int w)
{
	struct printing *p = s->p;
	struct place *last = p->places_last, *k;
	int h = letter_leading(d->words->letter);
	struct kid *kid;

	y -= letter_baseline(d->words->letter);
	/* A link of several faces is several glyph items of one line. */
	if (last != NULL && last->node == s->link && last->page == s->page && last->y == y &&
	    last->x + last->w == x) {
		last->w += w;
		return;
	}
	k = arena_one(p->arena, struct place);
	*k = (struct place){.page = s->page,
			    .x = x,
			    .y = y,
			    .w = w,
			    .h = h,
			    .target = run->target,
			    .label = run->text,
			    .node = s->link};
	if (last == NULL)
		p->places = k;
	else
		last->next = k;
	p->places_last = k;
	kid = arena_one(p->arena, struct kid);
	*kid = (struct kid){.kind = KID_LINK, .page = s->page, .index = p->n_places++};
	s->link->last->next = kid;
	s->link->last = kid;
}

static void draw_words(struct sheet *s, const struct drawn *d, int x, int y)
{
	const struct words *w = d->words;
	PangoLayoutLine *line = pango_layout_get_line_readonly(w->layout, d->line);
	const char *text = pango_layout_get_text(w->layout);

	for (GSList *l = line->runs; l != NULL; l = l->next) {
		PangoLayoutRun *run = l->data;
		const struct stretch *k = stretch_at(w, (size_t)run->item->offset);
		bool link = k != NULL && d->node != NULL && leads(s->p, k);
		int width = pango_glyph_string_get_width(run->glyphs);

		mark(s, link && k != NULL ? link_node(s, d, k->run) : d->node);
		use_ink(s, stretch_ink(w, k));
		if (k != NULL && k->run->kind == RUN_STATE && (size_t)run->item->offset == k->from)
			draw_shape(s, k->run->state, x, y);
		else {
			cairo_move_to(s->cr, x / 1024.0, y / 1024.0);
			pango_cairo_show_glyph_item(s->cr, text, run);
		}
		if (link && k != NULL)
			add_place(s, d, k->run, x, y, width);
		x += width;
	}
}

static void draw(struct sheet *s, const struct drawn *d, int x, int y)
{
	switch (d->kind) {
	case DRAWN_WORDS:
		draw_words(s, d, x + d->x, y + d->y);
		return;
	case DRAWN_BOX:
		mark(s, NULL);
		use_ink(s, d->ink);
		cairo_rectangle(s->cr, (x + d->x) / 1024.0, (y + d->y) / 1024.0, d->w / 1024.0,
				d->h / 1024.0);
		cairo_fill(s->cr);
		return;
	case DRAWN_CHART:
		mark(s, d->node);
		chart_paint(s->p, s->cr, d->chart, x + d->x, y + d->y, d->w);
		return;
	case DRAWN_LOGO:
		mark(s, d->node);
		cairo_save(s->cr);
		cairo_translate(s->cr, (x + d->x) / 1024.0, (y + d->y) / 1024.0);
		cairo_scale(s->cr, d->w / 1024.0 / cairo_image_surface_get_width(s->p->logo),
			    d->h / 1024.0 / cairo_image_surface_get_height(s->p->logo));
		cairo_set_source_surface(s->cr, s->p->logo, 0, 0);
		/* Any other filter asks the reader to smooth, which PDF/A forbids. */
		cairo_pattern_set_filter(cairo_get_source(s->cr), CAIRO_FILTER_NEAREST);
		/* Not cairo_paint: with a picture that covers all it drops what was drawn before, our marks too. */
		cairo_rectangle(s->cr, 0, 0, cairo_image_surface_get_width(s->p->logo),
				cairo_image_surface_get_height(s->p->logo));
		cairo_fill(s->cr);
		cairo_restore(s->cr);
		return;
	}
}

/* --- head and foot --- */

static void draw_running(struct sheet *s, const struct words *w, int x, int y)
{
	struct drawn d = {.kind = DRAWN_WORDS, .words = w};

	for (int k = 0; w->layout != NULL && k < w->lines; k++) {
		d.line = k;
		draw_words(s, &d, x, y + k * letter_leading(w->letter));
	}
}

static void draw_head(struct sheet *s)
{
	struct printing *p = s->p;
	struct doc scratch = *p->d;
	struct words aside = words_of(p, doc_words(&scratch, p->d->aside), LETTER_RUNNING),
		     title = words_of(p, doc_words(&scratch, p->d->title), LETTER_RUNNING);
	struct drawn rule = {.kind = DRAWN_BOX, .w = p->width, .h = PT(1) / 2, .ink = INK_LINE};
	int y = PT(42);

	if (p->style->letterhead != NULL && p->style->letterhead->name.n > 0 &&
	    title.layout != NULL)
		title = words_of(p,
				 text_format(p->arena, "%.*s \xc2\xb7 %.*s",
					     TEXT_ARG(p->style->letterhead->name),
					     TEXT_ARG(doc_words(&scratch, p->d->title))),
				 LETTER_RUNNING);
	words_fit(&title, p->width * 3 / 4);
	if (title.layout != NULL)
		title.lines = 1;
	draw_running(s, &title, p->left, y);
	if (aside.layout != NULL && aside.natural <= p->width / 4)
		draw_running(s, &aside, p->left + p->width - aside.natural, y);
	draw(s, &rule, p->left, y + PT(5));
}

static void draw_foot(struct sheet *s)
{
	struct printing *p = s->p;
	struct doc scratch = *p->d;
	struct phrase n = SAY(&scratch, W_PAGE_OF, doc_int(&scratch, (int64_t)s->page + 1),
			      doc_int(&scratch, (int64_t)p->pages));
	struct words page = words_of(p, doc_words(&scratch, n), LETTER_RUNNING);
	int y = p->bottom + PT(24);

	draw_running(s, &p->foot, p->left, y);
	draw_running(s, &page, p->left + p->width - page.natural, y);
}

/* --- all --- */

static struct piece *draw_page(struct sheet *s, struct piece *from)
{
	struct printing *p = s->p;
	const struct piece *head = from->head;

	if (s->page > 0)
		draw_head(s);
	if (head != NULL && head != from)
		for (const struct drawn *d = head->first; d != NULL; d = d->next) {
			struct drawn again = *d;

			/* The table's headings are read once; here they are decoration. */
			again.node = NULL;
			draw(s, &again, p->left, from->y - head->height);
		}
	for (; from != NULL && from->page == s->page; from = from->next)
		for (const struct drawn *d = from->first; d != NULL; d = d->next)
			draw(s, d, p->left, from->y);
	draw_foot(s);
	mark_end(s);
	return from;
}

static cairo_status_t write_out(void *context, const unsigned char *bytes, unsigned n)
{
	struct buf *out = context;

	buf_add(out, (const char *)bytes, n);
	return out->full ? CAIRO_STATUS_WRITE_ERROR : CAIRO_STATUS_SUCCESS;
}

enum rc sheets_draw(struct printing *p, struct buf *out, struct err *err)
{
	cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(
		write_out, out, p->sheet_w / 1024.0, p->sheet_h / 1024.0);
	struct sheet s = {.p = p, .cr = cairo_create(surface)};
	struct piece *k = p->first;
	cairo_status_t status;

	for (s.page = 0; s.page < p->pages && k != NULL; s.page++) {
		k = draw_page(&s, k);
		cairo_show_page(s.cr);
	}
	status = cairo_status(s.cr);
	cairo_destroy(s.cr);
	cairo_surface_finish(surface);
	if (status == CAIRO_STATUS_SUCCESS)
		status = cairo_surface_status(surface);
	cairo_surface_destroy(surface);
	if (status == CAIRO_STATUS_NO_MEMORY)
		memory_none();
	if (status == CAIRO_STATUS_SUCCESS)
		return RC_OK;
	if (out->full)
		return err_set(err, RC_LIMIT, "the document is larger than %zu bytes", out->max);
	return err_set(err, RC_IO, "the pages cannot be drawn: %s", cairo_status_to_string(status));
}
