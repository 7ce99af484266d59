/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The structure tree, links and bookmarks as objects of PDF 1.7, and the marks in page contents that belong to them. Cairo makes a
 * structure of its own; it knows no tables over several pages, no scopes of headings, no decoration and no words for pictures, so it
 * is put aside and only its marks are kept.
 */
#include "render/pdf_parts.h"

#include "base/json.h"

#include <assert.h>

/* --- objects --- */

size_t object_new(struct adding *a)
{
	return a->next++;
}

void object_begin(struct adding *a, size_t id)
{
	buf_printf(a->b, ",\n\"obj:%zu 0 R\":{\"value\":", id);
}

static void object_end(struct adding *a)
{
	buf_char(a->b, '}');
}

void put_string(struct buf *b, struct text t)
{
	struct buf quoted;

	buf_init(&quoted, 6 * t.n + 8);
	json_quote(&quoted, t);
	buf_str(b, "\"u:");
	buf_text(b, text_sub(buf_view(&quoted), 1, quoted.n));
	buf_free(&quoted);
}

void put_reference(struct buf *b, size_t id)
{
	buf_printf(b, "\"%zu 0 R\"", id);
}

/* Thousandths of a point. */
static void put_points(struct buf *b, int v)
{
	int64_t t = (int64_t)v * 1000 / 1024;

	if (t < 0) {
		buf_char(b, '-');
		t = -t;
	}
	buf_i64(b, t / 1000);
	buf_char(b, '.');
	buf_i64_pad(b, t % 1000, 3);
}

static void put_destination(struct adding *a, const struct piece *to)
{
	struct printing *p = a->p;

	buf_str(a->b, "[");
	put_reference(a->b, (size_t)a->pages[to->page]);
	buf_str(a->b, ",\"/XYZ\",");
	put_points(a->b, p->left);
	buf_char(a->b, ',');
	/* a little above it, so that it does not stick to the edge of a window */
	put_points(a->b, p->sheet_h - to->y + PT(8));
	buf_str(a->b, ",null]");
}

/* --- structure --- */

static void put_kid(struct adding *a, const struct node *n, const struct kid *k, size_t page,
		    const size_t *places)
{
	struct buf *b = a->b;

	switch (k->kind) {
	case KID_NODE:
		put_reference(b, k->node->id);
		return;
	case KID_CONTENT:
		if (k->page == page) {
			buf_printf(b, "%zu", k->index);
			return;
		}
		buf_str(b, "{\"/Type\":\"/MCR\",\"/Pg\":");
		put_reference(b, (size_t)a->pages[k->page]);
		buf_printf(b, ",\"/MCID\":%zu}", k->index);
		return;
	case KID_LINK:
		buf_str(b, "{\"/Type\":\"/OBJR\",\"/Obj\":");
		put_reference(b, places[k->index]);
		buf_str(b, ",\"/Pg\":");
		put_reference(b, (size_t)a->pages[k->page]);
		buf_char(b, '}');
		return;
	}
	assert(n == NULL && "a kid of no kind");
}

static void put_attributes(struct buf *b, const struct node *n)
{
	if (n->scope == NULL && n->row_span <= 1)
		return;
	buf_str(b, ",\"/A\":{\"/O\":\"/Table\"");
	if (n->scope != NULL)
		buf_printf(b, ",\"/Scope\":\"/%s\"", n->scope);
	if (n->row_span > 1)
		buf_printf(b, ",\"/RowSpan\":%zu", n->row_span);
	buf_char(b, '}');
}

static void put_node(struct adding *a, const struct node *n, const size_t *places)
{
	struct buf *b = a->b;
	const struct kid *content = n->first;

	while (content != NULL && content->kind != KID_CONTENT)
		content = content->next;
	object_begin(a, n->id);
	/* There are hundreds a page, so what may be left out is: its type, and an array around an only kid. */
	buf_printf(b, "{\"/S\":\"/%s\",\"/P\":", n->role);
	put_reference(b, n->parent != NULL ? n->parent->id : a->root);
	if (content != NULL) {
		buf_str(b, ",\"/Pg\":");
		put_reference(b, (size_t)a->pages[content->page]);
	}
	if (n->alt.n > 0) {
		buf_str(b, ",\"/Alt\":");
		put_string(b, n->alt);
	}
	put_attributes(b, n);
	if (n->first != NULL) {
		buf_str(b, n->first == n->last ? ",\"/K\":" : ",\"/K\":[");
		for (const struct kid *k = n->first; k != NULL; k = k->next) {
			if (k != n->first)
				buf_char(b, ',');
			put_kid(a, n, k, content != NULL ? content->page : SIZE_MAX, places);
		}
		buf_str(b, n->first == n->last ? "" : "]");
	}
	buf_char(b, '}');
	object_end(a);
}

/* By page the structure of each mark, then by link: keys of pages are their numbers, those of links follow. */
static void put_parents(struct adding *a)
{
	struct printing *p = a->p;
	struct buf *b = a->b;

	object_begin(a, a->parents);
	buf_str(b, "{\"/Nums\":[");
	for (size_t i = 0; i < p->pages; i++) {
		const struct page_marks *m = &p->marks[i];

		buf_printf(b, "%s%zu,[", i > 0 ? "," : "", i);
		for (size_t k = 0; k < m->n; k++) {
			if (k > 0)
				buf_char(b, ',');
			if (m->v[k] == NULL)
				buf_str(b, "null");
			else
				put_reference(b, m->v[k]->id);
		}
		buf_char(b, ']');
	}
	for (const struct place *k = p->places; k != NULL; k = k->next) {
		buf_printf(b, ",%zu,", k->key);
		put_reference(b, k->node->id);
	}
	buf_str(b, "]}");
	object_end(a);
}

/* --- links --- */

static void put_place(struct adding *a, const struct place *k, size_t id)
{
	struct printing *p = a->p;
	struct buf *b = a->b;
	const struct piece *to = NULL;

	object_begin(a, id);
	buf_str(b, "{\"/Type\":\"/Annot\",\"/Subtype\":\"/Link\",\"/Rect\":[");
	put_points(b, k->x);
	buf_char(b, ',');
	put_points(b, p->sheet_h - k->y - k->h);
	buf_char(b, ',');
	put_points(b, k->x + k->w);
	buf_char(b, ',');
	put_points(b, p->sheet_h - k->y);
	/* Printed as it is seen: PDF/A asks for bit 3 */
	buf_printf(b,
		   "],\"/Border\":[0,0,0],\"/F\":4,\"/StructParent\":%zu,\"/Contents\":", k->key);
	put_string(b, k->label);
	if (target_found(p, k->target, &to)) {
		buf_str(b, ",\"/Dest\":");
		put_destination(a, to);
	} else {
		buf_str(b, ",\"/A\":{\"/S\":\"/URI\",\"/URI\":");
		put_string(b, k->target);
		buf_char(b, '}');
	}
	buf_char(b, '}');
	object_end(a);
}

/* Places come in the order of pages. */
static void put_annots(struct adding *a, const size_t *places)
{
	size_t i = 0;

	const struct place *k = a->p->places;

	while (k != NULL) {
		size_t page = k->page;
		bool first = true;

		a->annots[page] = object_new(a);
		object_begin(a, a->annots[page]);
		buf_char(a->b, '[');
		for (; k != NULL && k->page == page; k = k->next, first = false) {
			if (!first)
				buf_char(a->b, ',');
			put_reference(a->b, places[i++]);
		}
		buf_char(a->b, ']');
		object_end(a);
	}
}

/* --- bookmarks --- */

struct outline {
	const struct bookmark *mark;
	size_t id, parent, first, last, previous, next, kids; /* object numbers, 0: none */
};

static void put_link(struct buf *b, const char *key, size_t id)
{
	if (id == 0)
		return;
	buf_printf(b, ",\"/%s\":", key);
	put_reference(b, id);
}

static void put_outline(struct adding *a, const struct outline *o)
{
	struct buf *b = a->b;

	object_begin(a, o->id);
	buf_str(b, "{\"/Title\":");
	put_string(b, o->mark->title);
	buf_str(b, ",\"/Dest\":");
	put_destination(a, o->mark->piece);
	put_link(b, "Parent", o->parent);
	put_link(b, "First", o->first);
	put_link(b, "Last", o->last);
	put_link(b, "Prev", o->previous);
	put_link(b, "Next", o->next);
	/* negative: closed at first */
	if (o->kids > 0)
		buf_printf(b, ",\"/Count\":-%zu", o->kids);
	buf_char(b, '}');
	object_end(a);
}

static void put_outlines(struct adding *a)
{
	struct outline all = {.id = 0}, *chapter = NULL, *last_chapter = NULL, *last_part = NULL,
		       *v;
	size_t n = 0, i = 0;

	for (const struct bookmark *k = a->p->bookmarks; k != NULL; k = k->next)
		n++;
	if (n == 0)
		return;
	a->outlines = all.id = object_new(a);
	v = arena_array(a->p->arena, struct outline, n);
	for (const struct bookmark *k = a->p->bookmarks; k != NULL; k = k->next, i++) {
		struct outline *o = &v[i],
			       *above = k->level == 1 || chapter == NULL ? &all : chapter;
		struct outline **before = above == &all ? &last_chapter : &last_part;

		o->mark = k;
		o->id = object_new(a);
		o->parent = above->id;
		if (*before != NULL) {
			o->previous = (*before)->id;
			(*before)->next = o->id;
		} else {
			above->first = o->id;
		}
		above->last = o->id;
		above->kids++;
		*before = o;
		if (above == &all) {
			chapter = o;
			last_part = NULL;
		}
	}
	for (i = 0; i < n; i++)
		put_outline(a, &v[i]);
	object_begin(a, all.id);
	buf_printf(a->b, "{\"/Type\":\"/Outlines\",\"/Count\":%zu", all.kids);
	put_link(a->b, "First", all.first);
	put_link(a->b, "Last", all.last);
	buf_char(a->b, '}');
	object_end(a);
}

void tree_print(struct adding *a)
{
	struct printing *p = a->p;
	size_t *places = arena_array(p->arena, size_t, p->n_places + 1), i = 0;

	a->root = object_new(a);
	a->parents = object_new(a);
	a->annots = arena_array(p->arena, size_t, p->pages);
	for (struct node *n = p->nodes; n != NULL; n = n->after)
		n->id = object_new(a);
	for (struct place *k = p->places; k != NULL; k = k->next, i++) {
		places[i] = object_new(a);
		k->key = p->pages + i;
	}
	object_begin(a, a->root);
	buf_str(a->b, "{\"/Type\":\"/StructTreeRoot\",\"/K\":[");
	put_reference(a->b, p->root->id);
	buf_str(a->b, "],\"/ParentTree\":");
	put_reference(a->b, a->parents);
	buf_printf(a->b, ",\"/ParentTreeNextKey\":%zu}", p->pages + p->n_places);
	object_end(a);
	put_parents(a);
	for (const struct node *n = p->nodes; n != NULL; n = n->after)
		put_node(a, n, places);
	i = 0;
	for (const struct place *k = p->places; k != NULL; k = k->next)
		put_place(a, k, places[i++]);
	put_annots(a, places);
	put_outlines(a);
}

/* --- contents --- */

/* The end of a string that begins at `from`, "(" included: brackets nest, a backslash takes the next byte. */
static size_t string_end(struct text t, size_t from)
{
	size_t depth = 0;

	for (size_t i = from; i < t.n; i++) {
		if (t.p[i] == '\\')
			i++;
		else if (t.p[i] == '(')
			depth++;
		else if (t.p[i] == ')' && --depth == 0)
			return i + 1;
	}
	return t.n;
}

static bool take(struct text *t, const char *literal)
{
	if (!text_starts(*t, literal))
		return false;
	*t = text_sub(*t, strlen(literal), t->n);
	return true;
}

/* "/P << /MCID 12 >> BDC" at the start of *t: its number, and *t goes on behind it. */
static bool take_mark(struct text *t, bool *decoration, size_t *number)
{
	struct text k = *t, digits;
	int64_t n = 0;
	size_t end = 0;

	*decoration = text_starts(k, "/NonStruct ");
	if (!take(&k, *decoration ? "/NonStruct << /MCID " : "/P << /MCID "))
		return false;
	while (end < k.n && k.p[end] >= '0' && k.p[end] <= '9')
		end++;
	digits = text_sub(k, 0, end);
	k = text_sub(k, end, k.n);
	if (!text_digits(digits, &n) || !take(&k, " >> BDC"))
		return false;
	*number = (size_t)n;
	*t = k;
	return true;
}

bool content_mark(const struct printing *p, size_t page, struct text content, struct buf *out)
{
	const struct page_marks *m = &p->marks[page];
	size_t next = 0, from = 0;

	for (size_t i = 0; i < content.n;) {
		struct text rest = text_sub(content, i, content.n);
		bool decoration = false;
		size_t number = 0;

		if (content.p[i] == '(') {
			i = string_end(content, i);
			continue;
		}
		if (content.p[i] != '/' || !take_mark(&rest, &decoration, &number)) {
			i++;
			continue;
		}
		/* Cairo counts as we do, or everything that follows would be read wrongly. */
		if (number != next || next >= m->n || decoration != (m->v[next] == NULL))
			return false;
		buf_text(out, text_sub(content, from, i));
		if (decoration)
			buf_str(out, "/Artifact BMC");
		else
			buf_printf(out, "/%s <</MCID %zu>> BDC", m->v[next]->role, number);
		next++;
		i = from = (size_t)(rest.p - content.p);
	}
	buf_text(out, text_sub(content, from, content.n));
	return next == m->n;
}
