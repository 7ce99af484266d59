/* SPDX-License-Identifier: Apache-2.0 */
/* Two canonical documents side by side: how many numbers one has, and where they first differ. */
#include "app/replay.h"

#include <string.h>

enum { SHOWN_MAX = 80, PATH_MAX_BYTES = 400 };

static bool digit(char c)
{
	return c >= '0' && c <= '9';
}

/* -?digits[.digits] at the start; what is left after it. */
static bool take_decimal(struct text t, struct text *rest)
{
	size_t i = t.n > 0 && t.p[0] == '-' ? 1 : 0, from = i;

	while (i < t.n && digit(t.p[i]))
		i++;
	if (i == from)
		return false;
	if (i + 1 < t.n && t.p[i] == '.' && digit(t.p[i + 1]))
		for (i++; i < t.n && digit(t.p[i]);)
			i++;
	*rest = text_sub(t, i, t.n);
	return true;
}

static bool is_number(struct text t)
{
	struct text rest;

	if (!take_decimal(t, &rest))
		return false;
	if (rest.n == 0 || text_is(rest, "%"))
		return true;
	return rest.n == 4 && rest.p[0] == ' ' && rest.p[1] >= 'A' && rest.p[1] <= 'Z' &&
	       rest.p[2] >= 'A' && rest.p[2] <= 'Z' && rest.p[3] >= 'A' && rest.p[3] <= 'Z';
}

size_t document_numbers(const struct canon_doc *doc)
{
	size_t n = 0;

	for (size_t i = 0; i < doc->n; i++)
		n += doc->v[i].type == CANON_INT ||
		     (doc->v[i].type == CANON_TEXT && is_number(doc->v[i].text));
	return n;
}

/* Nodes lie in preorder, so equal documents are equal node by node. */
static bool same_node(const struct canon_node *x, const struct canon_node *y)
{
	if (x->type != y->type || !text_eq(x->key, y->key))
		return false;
	switch (x->type) {
	case CANON_OBJECT:
	case CANON_ARRAY:
		return true;
	case CANON_TEXT:
		return text_eq(x->text, y->text);
	case CANON_INT:
	case CANON_BOOL:
		return x->number == y->number;
	}
	return false;
}

static struct text value_words(struct arena *a, const struct canon_doc *doc, size_t i)
{
	struct text shown =
		text_sub(doc->bytes, doc->v[i].offset, doc->v[i].offset + doc->v[i].length);

	if (doc->v[i].type == CANON_TEXT)
		shown = doc->v[i].text;
	if (shown.n > SHOWN_MAX) {
		size_t cut = SHOWN_MAX;

		/* not inside a character */
		while (cut > 0 && ((unsigned char)shown.p[cut] & 0xC0) == 0x80)
			cut--;
		return text_format(a, "%.*s...", (int)cut, shown.p);
	}
	return text_copy(a, shown);
}

/* From the root down to node `at`: which child at each level. */
static void path_to(const struct canon_doc *doc, uint32_t at, struct buf *path, struct text *clause)
{
	uint32_t parent = 0;

	while (parent != at) {
		const struct canon_node *p = &doc->v[parent];
		const struct canon_node *own =
			p->type == CANON_OBJECT ? canon_member(doc, p, "clause") : NULL;
		uint32_t child = parent + 1, place = 0;

		if (own != NULL && own->type == CANON_TEXT)
			*clause = own->text;
		while (doc->v[child].end <= at) {
			child = doc->v[child].end;
			place++;
		}
		if (p->type == CANON_ARRAY)
			buf_printf(path, "[%u]", place);
		else
			buf_printf(path, "%s%.*s", path->n > 0 ? "." : "",
				   TEXT_ARG(doc->v[child].key));
		parent = child;
	}
}

bool document_differs(struct arena *a, const struct canon_doc *is, const struct canon_doc *ought,
		      struct text *path, struct text *is_value, struct text *ought_value,
		      struct text *clause)
{
	size_t both = is->n < ought->n ? is->n : ought->n, i = 0;
	const struct canon_doc *longer = is->n > ought->n ? is : ought;
	bool same_place;
	struct buf b;

	while (i < both && same_node(&is->v[i], &ought->v[i]))
		i++;
	if (i == is->n && i == ought->n)
		return false;
	/* A value that has changed stands at one place in both; else something is missing in one of them. */
	same_place = i < both && text_eq(is->v[i].key, ought->v[i].key);
	*clause = (struct text){"", 0};
	*is_value = i < is->n && (same_place || longer == is) ? value_words(a, is, i) : text_of("");
	*ought_value = i < ought->n && (same_place || longer == ought) ? value_words(a, ought, i)
								       : text_of("");
	buf_init(&b, PATH_MAX_BYTES);
	path_to(i < longer->n ? longer : is, (uint32_t)i, &b, clause);
	*path = text_copy(a, buf_view(&b));
	*clause = text_copy(a, *clause);
	buf_free(&b);
	return true;
}
