/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Step 3 of reading: everything that names something else. Ids of lists, clauses, calendars of durations, holiday sets,
 * paths, and the references inside words (contract-language.md section 2, CL-3, CL-20 to CL-25, CL-44).
 */
#include "base/sha256.h"
#include "terms/canonical.h"
#include "terms/library.h"
#include "terms/read.h"
#include "terms/words.h"

#include "time/holidays.h"

#include <assert.h>
#include <stdlib.h>

enum { WORDS_MAX = ITEMS_MAX };

struct list_noun {
	const char *path, *noun;
};

static const struct list_noun nouns[] = {
	{"calendars", "calendar"},
	{"charges", "charge"},
	{"services", "service"},
	{"sites", "site"},
	{"assets", "asset"},
	{"sla.priorities", "priority"},
	{"sla.metrics", "metric"},
	{"taxes.categories", "tax category"},
	{"parties.provider.contacts", "contact of the provider"},
	{"parties.client.contacts", "contact of the client"},
};

static const char *noun_of(const char *path)
{
	for (size_t i = 0; i < ARRAY_SIZE(nouns); i++)
		if (text_is(text_of(path), nouns[i].path))
			return nouns[i].noun;
	return "item";
}

/* The items of a list by its path, or NULL if it is not there or is no list. */
static const struct node *list_at(const struct node *root, const char *path)
{
	const struct node *n = node_at(root, path);

	return n == NULL || n->kind != NODE_ITEMS ? NULL : n;
}

static const struct node *item_at(const struct node *root, const char *path, struct text id)
{
	const struct node *list = list_at(root, path);

	return list == NULL ? NULL : node_item(list, id);
}

/* "; did you mean "x"?" with the nearest id of a list, or nothing. */
static struct text meant(struct reader *r, const struct node *list, struct text id)
{
	struct text words[WORDS_MAX];
	size_t n = 0;

	for (const struct node *i = list == NULL ? NULL : list->child; i != NULL && n < WORDS_MAX;
	     i = i->next)
		words[n++] = i->key;
	struct text near = text_nearest(id, words, n);

	return near.n == 0 ? near : text_format(r->a, "; did you mean \"%.*s\"?", TEXT_ARG(near));
}

static void unresolved(struct reader *r, struct node *n, const char *list, struct text id)
{
	struct text near = meant(r, list_at(r->root, list), id);

	n->broken = true;
	for (size_t i = 0; i < ARRAY_SIZE(nouns); i++) {
		if (text_is(text_of(list), nouns[i].path) ||
		    item_at(r->root, nouns[i].path, id) == NULL)
			continue;
		problem_node(r, "ref.kind", n, "\"%.*s\" is a %s, not a %s", TEXT_ARG(id),
			     nouns[i].noun, noun_of(list));
		return;
	}
	problem_node(r, "ref.unknown", n, "no %s \"%.*s\"%.*s", noun_of(list), TEXT_ARG(id),
		     TEXT_ARG(near));
}

static bool is_always(const char *list, struct text id)
{
	return text_is(text_of(list), "calendars") && text_is(id, "always");
}

static void resolve_ref(struct reader *r, struct node *n)
{
	n->value.ref = item_at(r->root, n->term->arg, n->text);
	if (n->value.ref == NULL && !is_always(n->term->arg, n->text))
		unresolved(r, n, n->term->arg, n->text);
}

static void resolve_duration(struct reader *r, struct node *n)
{
	struct text id = n->value.duration.calendar;

	if (id.n > 0 && !is_always("calendars", id) && item_at(r->root, "calendars", id) == NULL)
		unresolved(r, n, "calendars", id);
}

static void resolve_clause(struct reader *r, struct node *n)
{
	struct text document, clause = text_cut(n->text, '.', &document);

	n->value.ref = clause_find(r->c, n->text);
	if (n->value.ref != NULL)
		return;
	n->broken = true;

	const struct node *list = list_at(r->root, "documents"),
			  *in = list == NULL ? NULL : node_item(list, document);

	if (list == NULL) {
		problem_node(r, "ref.unknown", n,
			     "no clause \"%.*s\": this contract has no documents",
			     TEXT_ARG(n->text));
		return;
	}
	if (in == NULL) {
		problem_node(r, "ref.unknown", n, "no document \"%.*s\"%.*s", TEXT_ARG(document),
			     TEXT_ARG(meant(r, list, document)));
		return;
	}

	struct text words[WORDS_MAX];
	size_t count = 0;
	const struct node *own = node_at(in, "clauses");

	for (const struct node *c = own == NULL ? NULL : own->child; c != NULL && count < WORDS_MAX;
	     c = c->next)
		words[count++] = c->key;
	for (size_t i = 0; i < r->c->n_library_clauses && count < WORDS_MAX; i++)
		if (r->c->library_clauses[i]->parent == in)
			words[count++] = r->c->library_clauses[i]->key;
	struct text near = text_nearest(clause, words, count);

	if (near.n > 0)
		problem_node(r, "ref.unknown", n, "no clause \"%.*s\"; did you mean \"%.*s.%.*s\"?",
			     TEXT_ARG(n->text), TEXT_ARG(document), TEXT_ARG(near));
	else
		problem_node(r, "ref.unknown", n, "no clause \"%.*s\"", TEXT_ARG(n->text));
}

static void resolve_holiday_set(struct reader *r, struct node *n)
{
	struct text words[WORDS_MAX];
	size_t count = holiday_set_count() < WORDS_MAX ? holiday_set_count() : WORDS_MAX;

	if (holiday_set_find(n->text) != NULL)
		return;
	for (size_t i = 0; i < count; i++)
		words[i] = text_of(holiday_set_name(holiday_set_at(i)));
	struct text near = text_nearest(n->text, words, count);

	n->broken = true;
	problem_node(r, "ref.unknown", n, "no holiday set \"%.*s\"%s%.*s%s", TEXT_ARG(n->text),
		     near.n > 0 ? "; did you mean \"" : "", TEXT_ARG(near),
		     near.n > 0 ? "\"?" : "");
}

/* In a canonical form the hash of what is named follows the name (CL-44). */
static bool lacks_hash(struct reader *r, struct node *n)
{
	const struct node *hash = form_hash(n);

	if (!r->form || (hash != NULL && !hash->broken))
		return false;
	n->broken = true;
	if (hash == NULL)
		problem_node(r, "key.missing", n, "\"%s\" is not followed by \"%s_sha256\"",
			     n->term->key, n->term->key);
	return true;
}

static void resolve_ics(struct reader *r, struct node *n)
{
	const struct node *hash = form_hash(n);
	struct text bytes;
	char hex[SHA256_HEX + 1];
	struct err err = {.line = 0};

	if (lacks_hash(r, n))
		return;
	if (r->context != NULL && r->context->load != NULL &&
	    r->context->load(r->context->load_context, ics_source(r->a, n), &bytes, &err) ==
		    RC_OK) {
		sha256_hex(bytes, hex);
		n->value.sha256 = text_copy(r->a, text_of(hex));
		if (hash == NULL || text_is(hash->text, hex))
			return;
		n->broken = true;
		problem_node(r, "ref.unknown", n,
			     "the calendar \"%.*s\" is not the one that was agreed: its SHA-256 is %.12s",
			     TEXT_ARG(shown(r->a, n->text)), hex);
		return;
	}
	n->broken = true;
	problem_node(r, "ref.unknown", n, "cannot read the calendar \"%.*s\"%s%s",
		     TEXT_ARG(shown(r->a, n->text)), err.message[0] == '\0' ? "" : ": ",
		     err.message);
}

/* Where a path of keys and ids leaves what is written: "no "metric" in sla; did you mean "metrics"?". */
static struct text lost(struct reader *r, struct text path)
{
	const struct node *n = r->root;
	struct text words[WORDS_MAX] = {{"", 0}}, done = {"", 0}, rest = path, part = {"", 0};
	size_t count = 0;

	for (const struct node *next = n; next != NULL && rest.n > 0;) {
		n = next;
		rest = text_cut(rest, '.', &part);
		next = n->kind == NODE_MAP || n->kind == NODE_ITEMS ? node_at_text(n, part) : NULL;
		if (next != NULL)
			done = text_sub(path, 0, (size_t)(part.p + part.n - path.p));
	}
	for (const struct node *c = n->kind == NODE_MAP || n->kind == NODE_ITEMS ? n->child : NULL;
	     c != NULL && count < WORDS_MAX; c = c->next)
		words[count++] = c->key;
	struct text near = text_nearest(part, words, count);
	const char *in = done.n > 0 ? " in " : "";

	if (near.n > 0)
		return text_format(r->a, "no \"%.*s\"%s%.*s; did you mean \"%.*s\"?",
				   TEXT_ARG(part), in, TEXT_ARG(done), TEXT_ARG(near));
	if (path_row(path) != NULL)
		return text_format(r->a, "\"%.*s\" is not written in this contract",
				   TEXT_ARG(path));
	return text_format(r->a, "no \"%.*s\"%s%.*s", TEXT_ARG(part), in, TEXT_ARG(done));
}

/* amendments.minor: keys of the table; an id must exist. when: keys of the table, set or not. */
static void resolve_path(struct reader *r, struct node *n)
{
	const struct term *row = path_row(n->text);
	struct text so_far = n->text;

	if (row != NULL && n->term->type == TERM_KEYPATH)
		return;
	if (row == NULL) {
		n->broken = true;
		problem_node(r, "ref.unknown", n, "%.*s", TEXT_ARG(lost(r, n->text)));
		return;
	}
	/* Every part that is an id stands right behind a list that is written. */
	for (size_t at = 0; at < so_far.n;) {
		size_t to = text_find(so_far, '.', at);
		const struct node *list = node_at_text(r->root, text_sub(so_far, 0, to));
		size_t id_to = to < so_far.n ? text_find(so_far, '.', to + 1) : to;

		if (list != NULL && list->kind == NODE_ITEMS && to < so_far.n &&
		    node_at_text(r->root, text_sub(so_far, 0, id_to)) == NULL) {
			n->broken = true;
			problem_node(r, "ref.unknown", n, "%.*s",
				     TEXT_ARG(lost(r, text_sub(so_far, 0, id_to))));
			return;
		}
		at = to + 1;
	}
}

static bool has_item_of(const struct node *items, struct text kind)
{
	for (const struct node *i = items->child; i != NULL; i = i->next) {
		const struct node *k = node_at(i, "type");

		if (k == NULL)
			k = node_at(i, "kind");
		if (k != NULL && text_eq(k->text, kind))
			return true;
	}
	return false;
}

/* What is wrong with one reference: its code, or NULL; *text says it. */
static const char *word_problem(struct reader *r, const struct word *w, struct text *text)
{
	struct word_target t = words_target(r->c, w);
	bool scalar = t.node != NULL && (t.node->kind == NODE_SCALAR || t.node->kind == NODE_SET);

	if (w->kind == WORD_LITERAL)
		return NULL;
	if (w->kind == WORD_BROKEN) {
		*text = text_format(r->a,
				    "\"%.*s\" is no reference: write {{path}}, {{table:path}}, "
				    "{{def:id}} or {{clause:document.clause}}",
				    TEXT_ARG(shown(r->a, w->text)));
		return "ref.unknown";
	}
	if (t.node == NULL && t.row == NULL) {
		const struct node *definitions = list_at(r->root, "definitions");

		if (w->kind == WORD_DEFINITION)
			*text = text_format(r->a, "no definition \"%.*s\"%.*s", TEXT_ARG(w->text),
					    TEXT_ARG(meant(r, definitions, w->text)));
		else if (w->kind == WORD_CLAUSE)
			*text = text_format(r->a, "no clause \"%.*s\"", TEXT_ARG(w->text));
		else
			*text = lost(r, w->text);
		return "ref.unknown";
	}
	if (w->kind == WORD_VALUE && t.node != NULL && !scalar) {
		*text = text_format(r->a, "\"%.*s\" is a %s: write {{table:%.*s}}",
				    TEXT_ARG(w->text), t.node->kind == NODE_ITEMS ? "list" : "map",
				    TEXT_ARG(w->text));
		return "ref.kind";
	}
	if (w->kind == WORD_TABLE && t.node->kind == NODE_SCALAR) {
		*text = text_format(r->a, "\"%.*s\" is one value: write {{%.*s}}",
				    TEXT_ARG(w->text), TEXT_ARG(w->text));
		return "ref.kind";
	}
	if (w->of.n > 0 && (t.node->kind != NODE_ITEMS || !has_item_of(t.node, w->of))) {
		*text = text_format(r->a, "no \"%.*s\" among %.*s", TEXT_ARG(w->of),
				    TEXT_ARG(w->text));
		return "ref.unknown";
	}
	return NULL;
}

static void check_words(struct reader *r, const struct node *n)
{
	struct text rest = n->text, text = {"", 0};
	const struct node *when =
		text_is(n->key, "text") && n->parent != NULL &&
				term_own_child(n->parent->term, text_of("when")) != NULL
			? node_at(n->parent, "when")
			: NULL;
	struct word w;

	/* A clause that is not printed prints no value (CL-23). */
	if (when != NULL && !when->hole && !path_is_written(r->root, when->text))
		return;
	while (words_next(&rest, &w)) {
		const char *code = word_problem(r, &w, &text);

		if (code == NULL)
			continue;
		problem_node(r, code, n, "%.*s", TEXT_ARG(text));
		/* Long words may hold thousands of them; no more are kept anyway (CL-6). */
		if (r->c->findings.n == FINDINGS_MAX)
			return;
	}
}

static void check_library_words(struct reader *r, const struct node *n,
				const struct library_document *lib, const struct node *own)
{
	for (size_t i = 0; i < lib->n; i++) {
		struct text rest = text_of(lib->clauses[i].text), text = {"", 0};
		struct word w;

		if (own != NULL && own->kind == NODE_ITEMS &&
		    node_item(own, text_of(lib->clauses[i].id)) != NULL)
			continue;
		if (!library_clause_printed(&lib->clauses[i], r->root))
			continue;
		while (words_next(&rest, &w)) {
			const char *code = word_problem(r, &w, &text);

			if (code != NULL)
				problem_node(r, code, n, "clause \"%s\" of %s: %.*s",
					     lib->clauses[i].id, lib->name, TEXT_ARG(text));
		}
	}
}

static void resolve_library(struct reader *r, struct node *n)
{
	const struct node *hash = form_hash(n);
	char hex[SHA256_HEX + 1];

	if (lacks_hash(r, n))
		return;
	if (hash != NULL) {
		library_hash(n->text, hex);
		if (!text_is(hash->text, hex)) {
			n->broken = true;
			problem_node(r, "ref.unknown", n,
				     "the library entry %.*s is not the one that was agreed: its "
				     "SHA-256 is %.12s",
				     TEXT_ARG(n->text), hex);
			return;
		}
	}
	check_library_words(r, n, library_find(n->text), node_at(n->parent, "clauses"));
}

static struct node *scalar_made(struct reader *r, struct node *parent, const char *key,
				const char *text)
{
	struct node *n = arena_one(r->a, struct node);

	n->kind = NODE_SCALAR;
	n->term = term_child(parent->term, text_of(key));
	n->key = text_of(key);
	n->parent = parent;
	n->line = parent->line;
	n->column = parent->column;
	n->text = n->written = text_of(text);
	n->quoted = true;
	if (parent->last == NULL)
		parent->child = n;
	else
		parent->last->next = n;
	parent->last = n;
	parent->n++;
	return n;
}

/* Nodes for what `library` brings in, so that a clause is a clause wherever its words come from. */
static void library_clauses(struct reader *r)
{
	const struct node *list = list_at(r->root, "documents");
	const struct node **made = NULL;
	size_t n = 0, cap = 0;

	for (struct node *d = list == NULL ? NULL : list->child; d != NULL; d = d->next) {
		const struct node *name = node_at(d, "library"), *own = node_at(d, "clauses");
		const struct library_document *lib = name == NULL || name->broken || name->hole
							     ? NULL
							     : library_find(name->text);

		for (size_t i = 0; lib != NULL && i < lib->n; i++) {
			if (own != NULL && own->kind == NODE_ITEMS &&
			    node_item(own, text_of(lib->clauses[i].id)) != NULL)
				continue;
			struct node *clause = arena_one(r->a, struct node);

			clause->kind = NODE_MAP;
			clause->term = term_find(text_of("documents[].clauses"));
			clause->key = text_of(lib->clauses[i].id);
			clause->parent = d;
			clause->line = r->form ? 0 : name->line;
			clause->column = r->form ? 0 : name->column;
			(void)scalar_made(r, clause, "id", lib->clauses[i].id);
			(void)scalar_made(r, clause, "heading", lib->clauses[i].heading);
			(void)scalar_made(r, clause, "text", lib->clauses[i].text);
			if (*lib->clauses[i].when != '\0')
				(void)scalar_made(r, clause, "when", lib->clauses[i].when);
			made = arena_grow(r->a, made, n, &cap, sizeof(*made));
			made[n++] = clause;
		}
	}
	r->c->library_clauses = made;
	r->c->n_library_clauses = n;
}

static void resolve_scalar(struct reader *r, struct node *n)
{
	switch (n->term->type) {
	case TERM_REF:
		resolve_ref(r, n);
		break;
	case TERM_DUR:
		resolve_duration(r, n);
		break;
	case TERM_CLAUSE:
		resolve_clause(r, n);
		break;
	case TERM_PATH:
	case TERM_KEYPATH:
		resolve_path(r, n);
		break;
	case TERM_PROSE:
		check_words(r, n);
		break;
	case TERM_NAME:
		if (text_is(text_of(n->term->path), "calendars[].holidays[].set"))
			resolve_holiday_set(r, n);
		break;
	case TERM_TEXT:
		if (text_is(text_of(n->term->path), "calendars[].holidays[].ics"))
			resolve_ics(r, n);
		break;
	case TERM_LIB:
		resolve_library(r, n);
		break;
	case TERM_MAP:
	case TERM_ITEMS:
	case TERM_ID:
	case TERM_INT:
	case TERM_DEC:
	case TERM_PCT:
	case TERM_MONEY:
	case TERM_PRICE:
	case TERM_DATE:
	case TERM_MONTH:
	case TERM_MONTHDAY:
	case TERM_TIME:
	case TERM_RANGE:
	case TERM_DAYS:
	case TERM_BOOL:
	case TERM_ENUM:
	case TERM_TZ:
	case TERM_CUR:
	case TERM_LANG:
	case TERM_REGION:
	case TERM_EMAIL:
	case TERM_ROLE:
	case TERM_EVENT:
	case TERM_HASH:
		break;
	}
}

struct member {
	size_t place; /* of the item that a reference names */
	struct node *node;
};

static int by_place_or_text(const void *x, const void *y)
{
	const struct member *a = x, *b = y;

	return a->place != b->place ? (a->place > b->place) - (a->place < b->place)
				    : text_cmp(a->node->text, b->node->text);
}

/*
 * The order of a set means nothing (CL-5), so it may not show: members come in the order of the list they refer to, or of their
 * texts. What is made of a contract is then the same whichever of its files it was read from, and from its canonical form.
 */
static void order_set(struct reader *r, struct node *set)
{
	struct member *v = arena_array(r->a, struct member, set->n);
	size_t n = 0;

	for (struct node *m = set->child; m != NULL; m = m->next) {
		const struct node *item = m->kind != NODE_SCALAR || m->term->type != TERM_REF ||
							  m->broken || m->hole
						  ? NULL
						  : m->value.ref;

		v[n].node = m;
		for (const struct node *o = item == NULL ? NULL : item->parent->child; o != item;
		     o = o->next)
			v[n].place++;
		n++;
	}
	if (n > 1)
		qsort(v, n, sizeof(*v), by_place_or_text);
	for (size_t i = 0; i < n; i++)
		v[i].node->next = i + 1 < n ? v[i + 1].node : NULL;
	set->child = n > 0 ? v[0].node : NULL;
	set->last = n > 0 ? v[n - 1].node : NULL;
}

void tree_resolve(struct reader *r)
{
	library_clauses(r);
	for (struct node *n = r->root; n != NULL; n = node_after_mutable(n))
		if (n->kind == NODE_SCALAR && !n->broken && !n->hole)
			resolve_scalar(r, n);
	for (struct node *n = r->root; n != NULL; n = node_after_mutable(n))
		if (n->kind == NODE_SET && !n->broken)
			order_set(r, n);
}
