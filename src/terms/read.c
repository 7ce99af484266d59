/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading a contract: YAML, the table, references, rules; every problem is kept with its place (contract-language.md CL-6).
 * This file has the order of the steps and the second of them, from raw nodes to typed ones.
 */
#include "terms/read.h"

#include "terms/canonical.h"

#include <assert.h>
#include <stdarg.h>
#include <stdlib.h>

enum { SHOWN_MAX = 60, MESSAGE_MAX = 2000 };

struct text shown(struct arena *a, struct text t)
{
	size_t n = t.n <= SHOWN_MAX ? t.n : SHOWN_MAX;

	/* Not in the middle of a character. */
	while (n > 0 && n < t.n && ((unsigned char)t.p[n] & 0xc0) == 0x80)
		n--;

	char *p = arena_copy(a, t.p, n);

	for (size_t i = 0; i < n; i++)
		if ((unsigned char)p[i] < 0x20)
			p[i] = ' ';
	return n == t.n ? (struct text){p, n} : text_format(a, "%.*s...", (int)n, p);
}

static void keep(struct reader *r, const char *code, struct place at, struct text message)
{
	struct findings *f = &r->c->findings;

	f->errors++;
	if (f->n == FINDINGS_MAX)
		return;
	f->v = arena_grow(r->a, f->v, f->n, &f->cap, sizeof(*f->v));
	f->v[f->n++] = (struct finding){.code = code,
					.severity = 'X',
					.line = at.line,
					.column = at.column,
					.path = at.path,
					.message = message};
}

PRINTF_LIKE(2, 0) static struct text message_of(struct arena *a, const char *fmt, va_list ap)
{
	char message[MESSAGE_MAX];

	(void)vsnprintf(message, sizeof(message), fmt, ap);
	return text_copy(a, text_of(message));
}

void problem(struct reader *r, const char *code, struct place at, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	keep(r, code, at, message_of(r->a, fmt, ap));
	va_end(ap);
}

void problem_node(struct reader *r, const char *code, const struct node *n, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	keep(r, code, (struct place){n->line, n->column, node_path(r->a, n)},
	     message_of(r->a, fmt, ap));
	va_end(ap);
}

void problem_missing(struct reader *r, const char *code, const struct node *map, const char *key,
		     const char *fmt, ...)
{
	struct text path = node_path(r->a, map);
	va_list ap;

	va_start(ap, fmt);
	keep(r, code,
	     (struct place){
		     map->line, map->column,
		     text_format(r->a, "%.*s%s%s", TEXT_ARG(path), path.n > 0 ? "." : "", key)},
	     message_of(r->a, fmt, ap));
	va_end(ap);
}

void problem_err(struct reader *r, const char *code, const struct node *n, const struct err *err)
{
	problem_node(r, code, n, "%s%s%s", err->message, err->hint[0] == '\0' ? "" : ": ",
		     err->hint);
}

/* Step 2. Recursion is bounded by DEPTH_MAX, which yaml_read has checked. */
static void map_read(struct reader *r, const struct raw *raw, struct node *map);

static struct node *node_add(struct reader *r, struct node *parent, const struct raw *raw,
			     const struct term *term, struct text key)
{
	struct node *n = arena_one(r->a, struct node);

	n->term = term;
	n->key = key;
	n->parent = parent;
	n->line = raw->line;
	n->column = raw->column;
	n->key_line = raw->key_line;
	n->key_column = raw->key_column;
	if (parent == NULL)
		return n;
	if (parent->last == NULL)
		parent->child = n;
	else
		parent->last->next = n;
	parent->last = n;
	parent->n++;
	return n;
}

static void scalar_add(struct reader *r, struct node *n, const struct raw *raw)
{
	n->kind = NODE_SCALAR;
	n->written = raw->text;
	n->text = raw->text;
	n->quoted = raw->quoted;
	n->broken = raw->bad;
	if (raw->kind != RAW_SCALAR) {
		if (!raw->bad)
			problem_node(r, type_code(n->term->type), n, "a %s is not %s",
				     raw->kind == RAW_MAP ? "map" : "list",
				     type_noun(n->term->type));
		n->broken = true;
	}
	if (!n->broken)
		n->broken = !scalar_read(r, n);
}

static void set_read(struct reader *r, struct node *set, const struct raw *raw)
{
	set->kind = NODE_SET;
	if (raw->kind != RAW_LIST) {
		if (!raw->bad)
			problem_node(r, "type.list", set, "\"%.*s\" is not a list: write [%.*s]",
				     TEXT_ARG(shown(r->a, raw->text)),
				     TEXT_ARG(shown(r->a, raw->text)));
		set->broken = true;
		return;
	}
	set->broken = raw->bad;
	for (const struct raw *m = raw->child; m != NULL; m = m->next) {
		struct node *n = node_add(r, set, m, set->term, (struct text){"", 0});

		scalar_add(r, n, m);
		for (const struct node *o = set->child; o != n && !n->broken; o = o->next) {
			if (o->broken || !text_eq(o->text, n->text))
				continue;
			problem_node(r, "value.range", n,
				     "\"%.*s\" is listed twice; such a list is a set",
				     TEXT_ARG(shown(r->a, n->text)));
			n->broken = true;
		}
	}
}

static void id_check(struct reader *r, const struct node *items, struct node *item)
{
	const struct node *id = node_at(item, "id");

	if (id == NULL || id->broken)
		return;
	if (items->parent->parent == NULL && text_is(items->key, "calendars") &&
	    text_eq_nocase(id->text, text_of("always")))
		problem_node(r, "id.reserved", id,
			     "\"always\" is predefined: every day, day and night");
	for (const struct node *o = items->child; o != item; o = o->next) {
		if (!text_eq_nocase(o->key, id->text))
			continue;
		const struct node *first = node_at(o, "id");

		problem_node(r, "id.duplicate", id,
			     "\"%.*s\" repeats \"%.*s\" of line %u; case does not count",
			     TEXT_ARG(id->text), TEXT_ARG(first->text), first->line);
		return;
	}
}

static void items_read(struct reader *r, struct node *items, const struct raw *raw)
{
	items->kind = NODE_ITEMS;
	items->broken = raw->bad;
	if (raw->kind != RAW_LIST) {
		if (!raw->bad)
			problem_node(r, "type.list", items,
				     "%s is a list of items, each with an id", items->term->key);
		items->broken = true;
		return;
	}
	for (const struct raw *m = raw->child; m != NULL; m = m->next) {
		struct node *item = node_add(r, items, m, items->term, (struct text){"", 0});

		/* The id first, so that every path below names it. */
		item->key = text_format(r->a, "%zu", m->index + 1);
		if (m->id != NULL)
			item->key = shown(r->a, m->id->text);
		map_read(r, m, item);
		id_check(r, items, item);
	}
}

static void unknown_key(struct reader *r, const struct node *map, const struct raw *raw)
{
	struct text words[128], path = node_path(r->a, map);
	size_t n = 0;
	const struct term *row = map->term;

	for (size_t i = 1; i < term_count() && n < ARRAY_SIZE(words) - 2; i++)
		if (term_at(term_at(i)->parent) == row && !term_is_shared(term_at(i)))
			words[n++] = text_of(term_at(i)->key);
	words[n++] = text_of("clause");
	if (row->type == TERM_ITEMS)
		words[n++] = text_of("id");

	/* The nearest word is for people: none is looked for when no more problems are kept. */
	bool kept = r->c->findings.n < FINDINGS_MAX;
	struct text near = text_nearest(raw->key, words, kept ? n : 0);
	struct place at = {raw->key_line, raw->key_column,
			   text_format(r->a, "%.*s%s%.*s", TEXT_ARG(path), path.n > 0 ? "." : "",
				       TEXT_ARG(shown(r->a, raw->key)))};

	if (near.n > 0)
		problem(r, "key.unknown", at, "unknown key \"%.*s\"; did you mean \"%.*s\"?",
			TEXT_ARG(shown(r->a, raw->key)), TEXT_ARG(near));
	else
		problem(r, "key.unknown", at, "unknown key \"%.*s\"; %s has no such key",
			TEXT_ARG(shown(r->a, raw->key)),
			*row->path == '\0' ? "a contract" : row->path);
}

static int by_key(const void *x, const void *y)
{
	const struct raw *a = *(struct raw *const *)x, *b = *(struct raw *const *)y;
	int c = text_cmp(a->key, b->key);

	return c != 0 ? c : (a->index > b->index) - (a->index < b->index);
}

/* Which keys of a map are written twice? Sorted, so that many keys do not take long. */
static void find_repeats(struct reader *r, const struct raw *map)
{
	struct raw **v = arena_array(r->a, struct raw *, map->n);
	size_t n = 0;

	for (struct raw *c = map->child; c != NULL; c = c->next)
		v[n++] = c;
	if (n > 1)
		qsort(v, n, sizeof(struct raw *), by_key);
	for (size_t i = 1; i < n; i++)
		if (text_eq(v[i]->key, v[i - 1]->key))
			v[i]->first = v[i - 1]->first != NULL ? v[i - 1]->first : v[i - 1];
}

static void key_repeated(struct reader *r, const struct node *map, const struct raw *raw)
{
	struct text path = node_path(r->a, map), key = shown(r->a, raw->key);

	problem(r, "key.duplicate",
		(struct place){raw->key_line, raw->key_column,
			       text_format(r->a, "%.*s%s%.*s", TEXT_ARG(path),
					   path.n > 0 ? "." : "", TEXT_ARG(key))},
		"key \"%.*s\" is written twice, first in line %u", TEXT_ARG(key),
		raw->first->key_line);
}

static void child_read(struct reader *r, struct node *map, const struct raw *raw)
{
	const struct term *row = term_child(map->term, raw->key);

	if (row == NULL && r->form)
		row = form_term(map, raw->key);
	if (row == NULL) {
		unknown_key(r, map, raw);
		return;
	}

	struct node *n = node_add(r, map, raw, row, text_of(row->key));

	if (row->set)
		set_read(r, n, raw);
	else if (row->type == TERM_ITEMS)
		items_read(r, n, raw);
	else if (row->type == TERM_MAP)
		map_read(r, raw, n);
	else
		scalar_add(r, n, raw);
}

static const struct term *discriminator(const struct term *items)
{
	const struct term *kind = term_own_child(items, text_of("type"));

	return kind != NULL ? kind : term_own_child(items, text_of("kind"));
}

/* Keys that this kind of item must not have, and those that every one must have. */
static void keys_check(struct reader *r, const struct node *map, bool any_bad)
{
	const struct term *row = map->term, *by = discriminator(row);
	const struct node *kind = by == NULL ? NULL : node_at(map, by->key);

	for (const struct node *n = map->child; n != NULL; n = n->next) {
		if (n->term->kinds == NULL || kind == NULL || kind->broken || kind->hole ||
		    word_index(n->term->kinds, kind->text) >= 0)
			continue;
		problem(r, "key.excluded",
			(struct place){n->key_line, n->key_column, node_path(r->a, n)},
			"\"%s\" is for %s only, this is %.*s", n->term->key, n->term->kinds,
			TEXT_ARG(kind->text));
	}
	if (row->type == TERM_ITEMS && node_at(map, "id") == NULL && !any_bad)
		problem_missing(r, "key.missing", map, "id",
				"\"id\" is required in every item of a list");

	/* what is under a row lies right behind it, so only those rows are looked at for a map of a contract */
	const struct term *rows = term_at(0);
	const size_t own = (size_t)(row - rows), n_rows = term_count();

	for (size_t i = own + 1; i < n_rows && rows[i].parent >= own; i++) {
		const struct term *t = &rows[i];

		if (t->parent != own || !t->required || node_at(map, t->key) != NULL ||
		    term_is_shared(t) || (r->form && !form_has(t)))
			continue;
		if (t->kinds == NULL && !any_bad)
			problem_missing(r, "key.missing", map, t->key, "\"%s\" is required: %s",
					t->key, t->help);
	}
}

struct ordered {
	size_t order;
	struct node *node;
};

static int by_order(const void *x, const void *y)
{
	const struct ordered *a = x, *b = y;

	return (a->order > b->order) - (a->order < b->order);
}

/* A form has its keys sorted by byte, which nobody wants to read: here they come as the table has them, ids and clauses first. */
static void order_keys(struct reader *r, struct node *map)
{
	struct ordered *v = arena_array(r->a, struct ordered, map->n);
	size_t n = 0;

	for (struct node *c = map->child; c != NULL; c = c->next) {
		const struct term *row = c->term;
		size_t behind = 0;

		if (form_only(row)) {
			row = form_follows(map, row);
			behind = 1;
		}
		v[n].node = c;
		v[n++].order = (row == term_id()       ? 0
				: row == term_clause() ? 1
						       : 2 + (size_t)(row - term_at(0))) *
				       2 +
			       behind;
	}
	if (n > 1)
		qsort(v, n, sizeof(*v), by_order);
	for (size_t i = 0; i < n; i++)
		v[i].node->next = i + 1 < n ? v[i + 1].node : NULL;
	map->child = n > 0 ? v[0].node : NULL;
	map->last = n > 0 ? v[n - 1].node : NULL;
}

static void map_read(struct reader *r, const struct raw *raw, struct node *map)
{
	bool any_bad = false;

	map->kind = NODE_MAP;
	map->broken = raw->bad;
	if (raw->kind != RAW_MAP) {
		if (!raw->bad)
			problem_node(r, "type.map", map, "%s is a map of keys",
				     *map->term->key == '\0' ? "a contract" : map->term->key);
		map->broken = true;
		return;
	}
	/* a form was refused already where a key is repeated (canon_parse) */
	if (!r->form)
		find_repeats(r, raw);
	for (const struct raw *c = raw->child; c != NULL; c = c->next) {
		any_bad |= c->key_bad;
		if (c->key_bad)
			continue;
		if (c->first != NULL)
			key_repeated(r, map, c);
		else
			child_read(r, map, c);
	}
	if (r->form)
		order_keys(r, map);
	if (!map->broken)
		keys_check(r, map, any_bad);
}

struct node *tree_read(struct reader *r, const struct raw *raw)
{
	struct node *root = node_add(r, NULL, raw, term_at(0), (struct text){"", 0});

	map_read(r, raw, root);
	return root;
}

static int by_place(const void *x, const void *y)
{
	const struct finding *a = x, *b = y;

	if (a->line != b->line)
		return (a->line > b->line) - (a->line < b->line);
	if (a->column != b->column)
		return (a->column > b->column) - (a->column < b->column);
	int code = text_cmp(text_of(a->code), text_of(b->code));

	return code != 0 ? code : text_cmp(a->path, b->path);
}

void contract_check(struct reader *r, const struct raw *raw)
{
	struct contract *c = r->c;

	if (raw != NULL) {
		r->root = tree_read(r, raw);
		c->root = r->root;
		c->is_template = node_at(r->root, "template") != NULL;
		tree_resolve(r);
		holes_check(r);
		rules_check(r);
	}
	c->valid = c->findings.errors == 0;
	if (c->findings.n > 0)
		qsort(c->findings.v, c->findings.n, sizeof(*c->findings.v), by_place);
	if (c->valid && !r->sealed)
		canonical_seal(c);
}

enum rc contract_read(struct arena *a, struct text file, struct text bytes,
		      const struct terms_context *context, struct contract **out, struct err *err)
{
	struct contract *c = arena_one(a, struct contract);
	struct reader r = {.a = a, .c = c, .context = context};

	c->arena = a;
	c->file = text_copy(a, file);
	*out = c;

	contract_check(&r, yaml_read(&r, bytes));
	if (bytes.n > FILE_BYTES_MAX) {
		err_at(err, file, 0, 0);
		return err_set(err, RC_LIMIT, "the file is larger than %d bytes", FILE_BYTES_MAX);
	}
	return RC_OK;
}
