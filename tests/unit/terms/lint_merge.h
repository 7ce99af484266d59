/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Contracts bent by pieces of YAML, as lint.md section 8 does it: first the paths in `minus` go, then `add` is merged, maps key by
 * key, list items by `id`, new ids at the end, everything else replaced. The result is printed as YAML again, so that a test goes
 * through the reader as a file would.
 */
#ifndef LINT_MERGE_H
#define LINT_MERGE_H

#include "base/buf.h"
#include "tap.h"

#include <string.h>
#include <yaml.h>

enum tree_kind { TREE_SCALAR, TREE_MAP, TREE_LIST };

struct tree {
	enum tree_kind kind;
	struct text key, text;
	bool quoted;
	struct tree *child, *next;
};

static void merge_dies(const char *why)
{
	printf("Bail out! %s\n", why);
	exit(1);
}

static struct tree *tree_made(struct arena *a, yaml_document_t *d, int index)
{
	yaml_node_t *n = yaml_document_get_node(d, index);
	struct tree *t = arena_one(a, struct tree), **end = &t->child;

	if (n->type == YAML_SCALAR_NODE) {
		t->kind = TREE_SCALAR;
		t->quoted = n->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
		t->text = text_copy(a, (struct text){(const char *)n->data.scalar.value,
						     n->data.scalar.length});
	} else if (n->type == YAML_SEQUENCE_NODE) {
		t->kind = TREE_LIST;
		for (yaml_node_item_t *i = n->data.sequence.items.start;
		     i < n->data.sequence.items.top; i++) {
			*end = tree_made(a, d, *i);
			end = &(*end)->next;
		}
	} else {
		t->kind = TREE_MAP;
		for (yaml_node_pair_t *p = n->data.mapping.pairs.start;
		     p < n->data.mapping.pairs.top; p++) {
			*end = tree_made(a, d, p->value);
			(*end)->key = tree_made(a, d, p->key)->text;
			end = &(*end)->next;
		}
	}
	return t;
}

/* A YAML text as a tree; dies if it is none, since only tests and their references come here. */
UNUSED static struct tree *tree_of(struct arena *a, struct text yaml)
{
	yaml_parser_t parser;
	yaml_document_t document;

	if (!yaml_parser_initialize(&parser))
		merge_dies("no YAML parser");
	yaml_parser_set_input_string(&parser, (const unsigned char *)yaml.p, yaml.n);
	if (!yaml_parser_load(&parser, &document) ||
	    yaml_document_get_root_node(&document) == NULL) {
		printf("# %.*s\n", TEXT_ARG(yaml));
		merge_dies("a piece of YAML cannot be read");
	}
	struct tree *t = tree_made(a, &document, 1);

	yaml_document_delete(&document);
	yaml_parser_delete(&parser);
	return t;
}

UNUSED static struct tree *tree_get(struct tree *t, const char *key)
{
	for (struct tree *c = t == NULL || t->kind != TREE_MAP ? NULL : t->child; c != NULL;
	     c = c->next)
		if (text_is(c->key, key))
			return c;
	return NULL;
}

static struct text tree_id(struct tree *item)
{
	struct tree *id = tree_get(item, "id");

	return id == NULL ? (struct text){"", 0} : id->text;
}

static bool is_named(struct tree *parent, struct tree *c, struct text name)
{
	return text_eq(parent->kind == TREE_LIST ? tree_id(c) : c->key, name);
}

/* Where the child of that key or id hangs, or where a new one would. */
static struct tree **tree_place(struct tree *parent, struct text name)
{
	struct tree **at = &parent->child;

	while (*at != NULL && !is_named(parent, *at, name))
		at = &(*at)->next;
	return at;
}

UNUSED static void tree_minus(struct tree *t, struct text path)
{
	struct tree **at = &t;

	for (struct text rest = path, part; rest.n > 0;) {
		rest = text_cut(rest, '.', &part);
		at = tree_place(*at, part);
		if (*at == NULL) {
			printf("# %.*s\n", TEXT_ARG(path));
			merge_dies("a path to remove is not there");
		}
	}
	*at = (*at)->next;
}

static bool is_items(struct tree *t)
{
	return t->kind == TREE_LIST && t->child != NULL && tree_id(t->child).n > 0;
}

/* Recursion as deep as the pieces of a test are. */
UNUSED static void tree_add(struct tree *to, struct tree *more)
{
	for (struct tree *m = more->child, *next; m != NULL; m = next) {
		struct tree **at = tree_place(to, more->kind == TREE_LIST ? tree_id(m) : m->key);
		bool both = *at != NULL && (*at)->kind == m->kind &&
			    (m->kind == TREE_MAP || (is_items(*at) && is_items(m)));

		next = m->next;
		if (both) {
			tree_add(*at, m);
			continue;
		}
		m->next = *at == NULL ? NULL : (*at)->next;
		*at = m;
	}
}

/* Every scalar that is this word becomes another. */
/* Recursion as above. */
UNUSED static void tree_swap(struct tree *t, const char *word, const char *with)
{
	if (t->kind == TREE_SCALAR && text_is(t->text, word))
		t->text = text_of(with);
	for (struct tree *c = t->child; c != NULL; c = c->next)
		tree_swap(c, word, with);
}

static bool stays_plain(struct text t)
{
	for (size_t i = 0; i < t.n; i++)
		if (strchr(",[]{}#&*!|>'\"%`", t.p[i]) != NULL && !(t.p[i] == '%' && i + 1 == t.n))
			return false;
	return t.n > 0;
}

static void print_scalar(struct buf *out, const struct tree *t)
{
	if (!t->quoted && stays_plain(t->text)) {
		buf_text(out, t->text);
		return;
	}
	buf_char(out, '"');
	for (size_t i = 0; i < t->text.n; i++) {
		char c = t->text.p[i];

		if (c == '\n') {
			buf_str(out, "\\n");
			continue;
		}
		if (c == '"' || c == '\\')
			buf_char(out, '\\');
		buf_char(out, c);
	}
	buf_char(out, '"');
}

/* Flow style below, one key a line at the top. */
/* Recursion as above. */
static void print_tree(struct buf *out, const struct tree *t)
{
	if (t->kind == TREE_SCALAR) {
		print_scalar(out, t);
		return;
	}
	buf_char(out, t->kind == TREE_MAP ? '{' : '[');
	for (const struct tree *c = t->child; c != NULL; c = c->next) {
		if (c->key.n > 0)
			buf_printf(out, "%.*s: ", TEXT_ARG(c->key));
		print_tree(out, c);
		buf_str(out, c->next == NULL ? "" : ", ");
	}
	buf_char(out, t->kind == TREE_MAP ? '}' : ']');
}

UNUSED static struct text tree_print(struct arena *a, const struct tree *t)
{
	struct buf b;

	buf_init(&b, (size_t)1 << 20);
	for (const struct tree *c = t->child; c != NULL; c = c->next) {
		buf_printf(&b, "%.*s: ", TEXT_ARG(c->key));
		print_tree(&b, c);
		buf_char(&b, '\n');
	}
	struct text text = text_copy(a, buf_view(&b));

	buf_free(&b);
	return text;
}

/* base (YAML) with the `minus` and `add` of an edit applied. */
UNUSED static struct tree *tree_bent(struct arena *a, struct text base, struct tree *edit)
{
	struct tree *t = tree_of(a, base), *minus = tree_get(edit, "minus"),
		    *add = tree_get(edit, "add");

	for (struct tree *m = minus == NULL ? NULL : minus->child; m != NULL; m = m->next)
		tree_minus(t, m->text);
	if (add != NULL)
		tree_add(t, add);
	return t;
}

#endif
