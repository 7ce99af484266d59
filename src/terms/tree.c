/* SPDX-License-Identifier: Apache-2.0 */
/* Looking things up in a typed tree, with the defaults of the table. */
#include "terms/library.h"
#include "terms/read.h"
#include "terms/table.h"

#include <assert.h>
#include <string.h>

const struct node *node_item(const struct node *items, struct text id)
{
	assert(items->kind == NODE_ITEMS);
	for (const struct node *n = items->child; n != NULL; n = n->next)
		if (text_eq(n->key, id))
			return n;
	return NULL;
}

static const struct node *step(const struct node *n, struct text key)
{
	if (n->kind != NODE_MAP && n->kind != NODE_ITEMS)
		return NULL;
	if (key.n == 0)
		return NULL; /* every child of a map or a list has a key */
	for (const struct node *c = n->child; c != NULL; c = c->next)
		if (c->key.n == key.n && c->key.p[0] == key.p[0] &&
		    memcmp(c->key.p, key.p, key.n) == 0)
			return c;
	return NULL;
}

static const struct node *child_of_row(const struct node *map, const struct term *row)
{
	const struct node *c = map->child;

	while (c != NULL && c->term != row)
		c = c->next;
	return c;
}

const struct node *node_at_text(const struct node *n, struct text path)
{
	while (path.n > 0 && n != NULL) {
		struct text key;

		path = text_cut(path, '.', &key);
		n = step(n, key);
	}
	return n;
}

const struct node *node_at(const struct node *n, const char *path)
{
	return node_at_text(n, text_of(path));
}

/* The next key of a path; false: it has ended. */
static bool next_key(const char **path, struct text *key)
{
	const char *p = *path, *end = p;

	if (*p == '\0')
		return false;
	while (*end != '\0' && *end != '.')
		end++;
	*key = (struct text){p, (size_t)(end - p)};
	*path = *end == '.' ? end + 1 : end;
	return true;
}

const struct node *node_at_row(const struct node *map, const char *path, const struct term **row)
{
	const struct term *t = map->term;
	const struct node *n = map;
	struct text key;

	while (next_key(&path, &key)) {
		const struct term *child = term_child(t, key);

		/* What is written knows its row; under a list stand items by their ids, and a form has keys of its own. */
		if (n != NULL && n->kind == NODE_MAP && child != NULL) {
			n = child_of_row(n, child);
		} else if (n != NULL) {
			bool in_map = n->kind == NODE_MAP;

			n = step(n, key);
			child = n != NULL && in_map ? n->term : child;
		}
		t = child;
		assert(t != NULL && "a path of terms.def");
	}
	*row = t;
	return n;
}

bool path_is_written(const struct node *root, struct text path)
{
	return node_at_text(root, path) != NULL;
}

struct text node_path(struct arena *a, const struct node *n)
{
	struct text path = {"", 0};

	assert(n != NULL);
	for (; n->parent != NULL; n = n->parent) {
		if (n->key.n == 0) /* a member of a set has the path of the set */
			continue;
		path = path.n == 0 ? n->key
				   : text_format(a, "%.*s.%.*s", TEXT_ARG(n->key), TEXT_ARG(path));
	}
	return path;
}

const struct node *node_after(const struct node *n)
{
	if (n->child != NULL)
		return n->child;
	while (n != NULL && n->next == NULL)
		n = n->parent;
	return n == NULL ? NULL : n->next;
}

struct node *node_after_mutable(struct node *n)
{
	if (n->child != NULL)
		return n->child;
	while (n != NULL && n->next == NULL)
		n = n->parent;
	return n == NULL ? NULL : n->next;
}

const struct node *node_clause(const struct node *n)
{
	for (; n != NULL; n = n->parent) {
		if (n->kind != NODE_MAP)
			continue;
		for (const struct node *c = n->child; c != NULL; c = c->next)
			if (c->term == term_clause())
				return c->value.ref;
	}
	return NULL;
}

/* The value of a key, or NULL if the default holds. The row must exist and be of that type. */
static const struct node *value_of(const struct node *map, const char *key, enum term_type type,
				   const struct term **row)
{
	const struct node *n = node_at_row(map, key, row);

	assert(map->kind == NODE_MAP);
	assert((*row)->type == type && !(*row)->set);
	return n == NULL || n->hole || n->broken ? NULL : n;
}

bool term_is_set(const struct node *map, const char *key)
{
	const struct term *row;
	const struct node *n = node_at_row(map, key, &row);

	return n != NULL && !n->hole;
}

bool term_duration(const struct node *map, const char *key, struct duration *out)
{
	const struct term *row;
	const struct node *n = value_of(map, key, TERM_DUR, &row);
	struct err err = {.line = 0};

	if (n == NULL && row->otherwise == NULL)
		return false;
	if (n != NULL) {
		*out = n->value.duration;
		return true;
	}
	enum rc rc = duration_parse(text_of(row->otherwise), out, &err);

	assert(rc == RC_OK && "the defaults of terms.def are durations");
	return rc == RC_OK;
}

bool term_decimal(const struct node *map, const char *key, struct decimal *out)
{
	const struct term *row = term_child(map->term, text_of(key));
	struct err err = {.line = 0};

	assert(row != NULL);
	const struct node *n =
		value_of(map, key, row->type == TERM_PCT ? TERM_PCT : TERM_DEC, &row);

	if (n == NULL && row->otherwise == NULL)
		return false;
	if (n != NULL) {
		*out = n->value.decimal;
		return true;
	}
	enum rc rc = row->type == TERM_PCT ? percent_parse(text_of(row->otherwise), out, &err)
					   : decimal_parse(text_of(row->otherwise), out, &err);

	assert(rc == RC_OK && "the defaults of terms.def are numbers");
	return rc == RC_OK;
}

bool term_money(const struct node *map, const char *key, struct money *out)
{
	const struct term *row;
	const struct node *n = value_of(map, key, TERM_MONEY, &row);

	assert(row->otherwise == NULL && "money has no defaults");
	if (n == NULL)
		return false;
	*out = n->value.money;
	return true;
}

bool term_int(const struct node *map, const char *key, int64_t *out)
{
	const struct term *row;
	const struct node *n = value_of(map, key, TERM_INT, &row);

	if (n == NULL && row->otherwise == NULL)
		return false;
	if (n != NULL) {
		*out = n->value.integer;
		return true;
	}
	bool number = text_int(text_of(row->otherwise), out);

	assert(number && "the defaults of terms.def are numbers");
	return number;
}

bool term_truth(const struct node *map, const char *key)
{
	const struct term *row;
	const struct node *n = value_of(map, key, TERM_BOOL, &row);

	if (n != NULL)
		return n->value.truth;
	return row->otherwise != NULL && text_is(text_of(row->otherwise), "true");
}

struct text term_text(const struct node *map, const char *key)
{
	const struct term *row;
	const struct node *n = node_at_row(map, key, &row);

	assert(row->type != TERM_MAP && row->type != TERM_ITEMS && !row->set);
	if (n != NULL && !n->hole && !n->broken)
		return n->text;
	return text_of(row->otherwise);
}

int term_choice(const struct node *map, const char *key)
{
	const struct term *row;
	const struct node *n = value_of(map, key, TERM_ENUM, &row);

	if (n != NULL)
		return n->value.choice;
	return row->otherwise == NULL ? -1 : word_index(row->arg, text_of(row->otherwise));
}

const struct node *term_ref(const struct node *map, const char *key)
{
	const struct term *row;
	const struct node *n = value_of(map, key, TERM_REF, &row);

	return n == NULL ? NULL : n->value.ref;
}

static const struct node *root_of(const struct node *n)
{
	while (n->parent != NULL)
		n = n->parent;
	return n;
}

/* Printed unless `when` names a path that is not written (CL-23). */
static bool own_clause_printed(const struct node *root, const struct node *clause)
{
	const struct node *when = node_at(clause, "when");

	return when == NULL || when->hole || path_is_written(root, when->text);
}

unsigned clause_number(const struct node *clause)
{
	const struct node *root = root_of(clause), *document = clause->parent;

	while (document->kind != NODE_MAP)
		document = document->parent;

	const struct node *own = node_at(document, "clauses"),
			  *library = node_at(document, "library");
	const struct library_document *lib =
		library == NULL || library->hole ? NULL : library_find(library->text);
	unsigned number = 0;

	/* The library's clauses in their order, some replaced by the document's own; then what the document adds (CL-25). */
	for (size_t i = 0; lib != NULL && i < lib->n; i++) {
		struct text id = text_of(lib->clauses[i].id);
		const struct node *instead = own == NULL ? NULL : node_item(own, id);
		bool printed = instead != NULL ? own_clause_printed(root, instead)
					       : library_clause_printed(&lib->clauses[i], root);

		number += printed ? 1 : 0;
		if (text_eq(clause->key, id))
			return printed ? number : 0;
	}
	for (const struct node *n = own == NULL ? NULL : own->child; n != NULL; n = n->next) {
		if (lib != NULL && library_clause(lib, n->key) != NULL)
			continue;
		bool printed = own_clause_printed(root, n);

		number += printed ? 1 : 0;
		if (n == clause)
			return printed ? number : 0;
	}
	return 0;
}

struct text clause_label(struct arena *a, const struct node *clause)
{
	if (clause == NULL)
		return text_of(CLAUSE_NONE);

	const struct node *document = clause->parent;

	while (document->kind != NODE_MAP)
		document = document->parent;

	struct text title = term_text(document, "title"), heading = term_text(clause, "heading");
	unsigned number = clause_number(clause);

	if (number == 0)
		return text_format(a, "%.*s, %.*s" CLAUSE_UNPRINTED, TEXT_ARG(title),
				   TEXT_ARG(heading));
	return text_format(a, "%.*s %u, %.*s", TEXT_ARG(title), number, TEXT_ARG(heading));
}
