/* SPDX-License-Identifier: Apache-2.0 */
#include "terms/words.h"

#include "terms/table.h"

static size_t find_pair(struct text t, char c)
{
	for (size_t i = 0; i + 1 < t.n; i++)
		if (t.p[i] == c && t.p[i + 1] == c)
			return i;
	return t.n;
}

static bool path_shaped(struct text t)
{
	for (size_t i = 0; i < t.n; i++) {
		char c = t.p[i];
		bool fits = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			    (c >= '0' && c <= '9') || c == '_' || c == '.';

		if (!fits)
			return false;
	}
	return t.n > 0 && t.p[0] != '.' && t.p[t.n - 1] != '.';
}

static struct word reference(struct text inside)
{
	struct word w = {WORD_VALUE, inside, {"", 0}};
	struct text head, rest = text_cut(inside, ':', &head);

	if (head.n == inside.n)
		return path_shaped(inside) ? w : (struct word){WORD_BROKEN, inside, {"", 0}};
	w.text = rest;
	if (text_is(head, "def")) {
		w.kind = WORD_DEFINITION;
	} else if (text_is(head, "clause")) {
		w.kind = WORD_CLAUSE;
	} else if (text_is(head, "table")) {
		w.kind = WORD_TABLE;
		w.of = text_cut(rest, ':', &w.text);
	} else {
		return (struct word){WORD_BROKEN, inside, {"", 0}};
	}
	if (!path_shaped(w.text) || (w.of.n > 0 && !path_shaped(w.of)))
		return (struct word){WORD_BROKEN, inside, {"", 0}};
	return w;
}

bool words_next(struct text *rest, struct word *out)
{
	size_t begin = find_pair(*rest, '{');

	if (rest->n == 0)
		return false;
	if (begin > 0) {
		*out = (struct word){WORD_LITERAL, text_sub(*rest, 0, begin), {"", 0}};
		*rest = text_sub(*rest, begin, rest->n);
		return true;
	}

	struct text after = text_sub(*rest, 2, rest->n);
	size_t end = find_pair(after, '}');

	if (end == after.n) {
		*out = (struct word){WORD_BROKEN, *rest, {"", 0}};
		*rest = text_sub(*rest, rest->n, rest->n);
		return true;
	}
	*out = reference(text_sub(after, 0, end));
	*rest = text_sub(after, end + 2, after.n);
	return true;
}

const struct node *clause_find(const struct contract *c, struct text name)
{
	struct text document, clause = text_cut(name, '.', &document);
	const struct node *list = node_at(c->root, "documents"),
			  *in = list == NULL || list->kind != NODE_ITEMS
					? NULL
					: node_item(list, document),
			  *own = in == NULL ? NULL : node_at(in, "clauses"),
			  *found = own == NULL || own->kind != NODE_ITEMS ? NULL
									  : node_item(own, clause);

	for (size_t i = 0; i < c->n_library_clauses && found == NULL; i++)
		if (c->library_clauses[i]->parent == in &&
		    text_eq(c->library_clauses[i]->key, clause))
			found = c->library_clauses[i];
	return found;
}

const struct term *path_row(struct text path)
{
	const struct term *t = term_at(0);
	bool want_id = false;

	while (path.n > 0 && t != NULL) {
		struct text part;

		path = text_cut(path, '.', &part);
		if (want_id) {
			want_id = false;
			continue;
		}
		if (t->set || (t->type != TERM_MAP && t->type != TERM_ITEMS))
			return NULL;
		t = term_child(t, part);
		want_id = t != NULL && t->type == TERM_ITEMS;
	}
	return t;
}

/* A value that nobody wrote, but whose map is written, has the default of its row. */
static const struct term *default_row(const struct contract *c, struct text path)
{
	size_t cut = path.n;

	while (cut > 0 && path.p[cut - 1] != '.')
		cut--;
	if (cut == 0)
		return NULL;
	const struct node *map = node_at_text(c->root, text_sub(path, 0, cut - 1));
	const struct term *row = map == NULL || map->kind != NODE_MAP
					 ? NULL
					 : term_child(map->term, text_sub(path, cut, path.n));

	return row != NULL && row->otherwise != NULL ? row : NULL;
}

static const struct node *definition_find(const struct contract *c, struct text id)
{
	const struct node *list = node_at(c->root, "definitions");

	return list == NULL || list->kind != NODE_ITEMS ? NULL : node_item(list, id);
}

struct word_target words_target(const struct contract *c, const struct word *w)
{
	struct word_target t = {NULL, NULL};

	switch (w->kind) {
	case WORD_VALUE:
		t.node = node_at_text(c->root, w->text);
		t.row = t.node == NULL ? default_row(c, w->text) : t.node->term;
		break;
	case WORD_TABLE:
		t.node = node_at_text(c->root, w->text);
		t.row = t.node == NULL ? NULL : t.node->term;
		break;
	case WORD_DEFINITION:
		t.node = definition_find(c, w->text);
		break;
	case WORD_CLAUSE:
		t.node = clause_find(c, w->text);
		break;
	case WORD_LITERAL:
	case WORD_BROKEN:
		break;
	}
	return t;
}
