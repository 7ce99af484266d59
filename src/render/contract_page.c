/* SPDX-License-Identifier: Apache-2.0 */
#include "render/contract_page.h"

#include "base/json.h"
#include "render/report.h"
#include "render/tree_words.h"
#include "terms/words.h"

#include <assert.h>

enum { WORDS_MAX_BYTES = 1 << 20 };

/* --- values --- */

static bool is_money(const struct term *t)
{
	return t != NULL && (t->type == TERM_MONEY || t->type == TERM_PRICE);
}

static bool may_show(const struct contract_page *p, const struct node *n)
{
	return p->money || !is_money(n->term);
}

static struct phrase withheld(struct doc *d)
{
	return doc_run(d, RUN_SOFT, doc_words(d, SAY0(d, W_PAGE_WITHHELD)), text_of(""));
}

/* --- clauses --- */

struct text contract_clause_anchor(struct arena *a, const struct node *document,
				   const struct node *clause)
{
	return text_format(a, "clause-%.*s-%.*s", TEXT_ARG(document->key), TEXT_ARG(clause->key));
}

/* The document that a clause stands in: its own list, or for words of the library the document's map itself. */
static const struct node *document_of(const struct node *clause)
{
	const struct node *n = clause->parent;

	assert(n != NULL); /* a clause is in a list or in a document's map */
	return n->kind == NODE_ITEMS ? n->parent : n;
}

/* The clauses of a document that are printed, by their numbers (CL-23). */
size_t contract_clauses(struct arena *a, const struct contract *c, const struct node *document,
			const struct node ***out)
{
	const struct node *own = node_at(document, "clauses");
	size_t room = (own == NULL ? 0 : own->n) + c->n_library_clauses, n = 0;
	const struct node **v = arena_array(a, const struct node *, room);

	for (const struct node *x = own == NULL ? NULL : own->child; x != NULL; x = x->next)
		if (clause_number(x) > 0)
			v[n++] = x;
	for (size_t i = 0; i < c->n_library_clauses; i++)
		if (c->library_clauses[i]->parent == document &&
		    clause_number(c->library_clauses[i]) > 0)
			v[n++] = c->library_clauses[i];
	for (size_t i = 1; i < n; i++)
		for (size_t k = i; k > 0 && clause_number(v[k]) < clause_number(v[k - 1]); k--) {
			const struct node *x = v[k];

			v[k] = v[k - 1];
			v[k - 1] = x;
		}
	*out = v;
	return n;
}

/* --- words --- */

struct telling {
	struct arena *arena;
	const struct contract_page *p;
	struct buf out;
	struct text withheld;
};

static void put_value(struct telling *t, const struct word *w, struct word_target target)
{
	const struct term *row = target.node != NULL ? target.node->term : target.row;

	if (!t->p->money && is_money(row))
		buf_text(&t->out, t->withheld);
	else if (target.node != NULL)
		buf_text(&t->out, tree_value(t->arena, target.node));
	else if (target.row != NULL && target.row->otherwise != NULL)
		buf_str(&t->out, target.row->otherwise);
	else
		buf_text(&t->out, w->text);
}

static void put_definition(struct telling *t, const struct word *w, struct word_target target)
{
	struct text name = target.node == NULL || node_at(target.node, "term") == NULL
				   ? w->text
				   : node_at(target.node, "term")->text;

	buf_text(&t->out, name);
}

static void put_word(struct telling *t, const struct word *w)
{
	struct word_target target = words_target(t->p->contract, w);

	switch (w->kind) {
	case WORD_LITERAL:
	case WORD_BROKEN:
		buf_text(&t->out, w->text);
		return;
	case WORD_VALUE:
		put_value(t, w, target);
		return;
	case WORD_CLAUSE:
		buf_text(&t->out,
			 target.node == NULL ? w->text : clause_label(t->arena, target.node));
		return;
	case WORD_DEFINITION:
		put_definition(t, w, target);
		return;
	case WORD_TABLE:
		buf_printf(&t->out, "[%.*s]", TEXT_ARG(w->text));
		return;
	}
}

struct text contract_clause_words(const struct node *clause)
{
	const struct node *words = node_at(clause, "text");

	return words == NULL ? text_of("") : words->text;
}

static struct text words_of(struct telling *t, const struct node *clause)
{
	struct text rest = contract_clause_words(clause), all;
	struct word w;

	buf_init(&t->out, WORDS_MAX_BYTES);
	while (words_next(&rest, &w))
		put_word(t, &w);
	all = text_copy(t->arena, buf_view(&t->out));
	buf_free(&t->out);
	return all;
}

/* --- the document --- */

static const char *state_key(const struct contract_page *p, size_t version)
{
	return version == p->in_force ? "in_force" : version > p->in_force ? "coming" : "past";
}

static struct phrase state_words(struct doc *d, const struct contract_page *p, size_t version)
{
	if (version == p->in_force)
		return doc_state_run(d, STATE_KEPT, SAY0(d, W_PAGE_IN_FORCE));
	return SAY0(d, version > p->in_force ? W_PAGE_COMING : W_PAGE_PAST);
}

static instant from_of(const struct contract_page *p, size_t version)
{
	const struct contract_version *v = &p->versions[version];

	if (v->from != INSTANT_MIN)
		return v->from;
	return p->promise->service_start != INSTANT_NONE ? p->promise->service_start : v->agreed;
}

static void versions_table(struct doc *d, const struct contract_page *p)
{
	const struct table_column columns[] = {{SAY0(d, W_PAGE_VERSION), COLUMN_NUMBER},
					       {SAY0(d, W_STATE), COLUMN_TEXT},
					       {SAY0(d, W_PAGE_FROM), COLUMN_TEXT},
					       {SAY0(d, W_PAGE_AGREED), COLUMN_TEXT},
					       {SAY0(d, W_PAGE_HASH), COLUMN_TEXT}};
	struct table *t;

	doc_section(d, "versions", SAY0(d, W_PAGE_VERSIONS));
	t = doc_table(d, NO_WORDS, columns, ARRAY_SIZE(columns));
	for (size_t i = 0; i < p->n_versions; i++)
		ROW(d, t, doc_int(d, (int64_t)i + 1), state_words(d, p, i),
		    doc_time(d, from_of(p, i), TIME_DATE),
		    doc_time(d, p->versions[i].agreed, TIME_DATE),
		    doc_run(d, RUN_CODE, text_sub(p->versions[i].hash, 0, 12), text_of("")));
}

/* Of an item of the list itself, not of what is in it. */
static bool is_of_item(const struct node *list, const struct node *x, const char *key)
{
	return list->kind == NODE_ITEMS && x->parent->parent == list && text_is(x->key, key);
}

/* Where a value stands below the list: "helpdesk.calendar"; an item's name stands for the item. */
static struct text path_below(struct arena *a, const struct node *list, const struct node *x)
{
	struct text path = node_path(a, is_of_item(list, x, "name") ? x->parent : x);
	struct text above = text_format(a, "%.*s.", TEXT_ARG(node_path(a, list)));

	return text_starts(path, above.p) ? text_sub(path, above.n, path.n) : path;
}

/* A list or a map that the words ask for, where they ask for it. The clause of an item is the one that is read. */
static void list_table(struct doc *d, const struct contract_page *p, const struct node *list)
{
	const struct table_column columns[] = {{SAY0(d, W_PAGE_TERM), COLUMN_TEXT},
					       {SAY0(d, W_PAGE_VALUE), COLUMN_TEXT}};
	struct table *t = doc_table(d, doc_run(d, RUN_CODE, node_path(d->arena, list), text_of("")),
				    columns, ARRAY_SIZE(columns));

	for (const struct node *x = tree_next(list, list, tree_is_value(list)); x != NULL;
	     x = tree_next(x, list, tree_is_value(x))) {
		struct phrase value;

		if (!tree_is_value(x) || tree_is_id(x) || is_of_item(list, x, "clause"))
			continue;
		value = may_show(p, x) ? doc_plain(d, tree_value(d->arena, x)) : withheld(d);
		if (is_of_item(list, x, "name"))
			value = doc_run(d, RUN_STRONG, tree_value(d->arena, x), text_of(""));
		ROW(d, t, doc_run(d, RUN_CODE, path_below(d->arena, list, x), text_of("")), value);
	}
}

/* Blank lines part paragraphs, as in Markdown. */
static void paragraphs(struct doc *d, struct text words)
{
	size_t from = 0;

	for (size_t i = 0; i <= words.n; i++) {
		bool end = i == words.n ||
			   (words.p[i] == '\n' && i + 1 < words.n && words.p[i + 1] == '\n');
		struct text one = end ? text_trim(text_sub(words, from, i)) : text_of("");

		if (one.n > 0)
			doc_paragraph(d, doc_plain(d, one));
		if (end)
			from = i;
	}
}

/* Has it a letter or a digit, or only the full stop after a table? */
static bool says_something(struct text words)
{
	for (size_t i = 0; i < words.n; i++)
		if ((words.p[i] & 0x80) != 0 || (words.p[i] >= '0' && words.p[i] <= '9') ||
		    (words.p[i] >= 'A' && words.p[i] <= 'Z') ||
		    (words.p[i] >= 'a' && words.p[i] <= 'z'))
			return true;
	return false;
}

static void end_words(struct doc *d, struct telling *t)
{
	struct text words = text_copy(t->arena, buf_view(&t->out));

	if (says_something(words))
		paragraphs(d, words);
	buf_clear(&t->out);
}

/* A clause as it is read: its words, and each list where they ask for it (CL-22). */
static void tell_clause(struct doc *d, const struct contract_page *p, struct telling *t,
			const struct node *clause)
{
	struct text rest = contract_clause_words(clause);
	struct word w;

	buf_init(&t->out, WORDS_MAX_BYTES);
	while (words_next(&rest, &w)) {
		const struct node *list =
			w.kind == WORD_TABLE ? words_target(p->contract, &w).node : NULL;

		if (list == NULL) {
			put_word(t, &w);
			continue;
		}
		end_words(d, t);
		list_table(d, p, list);
	}
	end_words(d, t);
	buf_free(&t->out);
}

static void papers(struct doc *d, const struct contract_page *p, struct telling *t)
{
	const struct node *documents = node_at(p->contract->root, "documents");

	for (const struct node *x = documents == NULL ? NULL : documents->child; x != NULL;
	     x = x->next) {
		const struct node **clauses;
		size_t n = contract_clauses(d->arena, p->contract, x, &clauses);

		doc_section(d, text_format(d->arena, "document-%.*s", TEXT_ARG(x->key)).p,
			    doc_plain(d, term_text(x, "title")));
		for (size_t i = 0; i < n; i++) {
			doc_section(d, contract_clause_anchor(d->arena, x, clauses[i]).p,
				    doc_plain(d, text_format(d->arena, "%u. %.*s",
							     clause_number(clauses[i]),
							     TEXT_ARG(term_text(clauses[i],
										"heading")))));
			tell_clause(d, p, t, clauses[i]);
		}
	}
}

static struct phrase clause_link(struct doc *d, const struct node *n)
{
	const struct node *clause = node_clause(n);

	if (clause == NULL)
		return NO_WORDS;
	return doc_link(d,
			text_format(d->arena, "#%.*s",
				    TEXT_ARG(contract_clause_anchor(d->arena, document_of(clause),
								    clause))),
			tree_clause(d, clause_label(d->arena, clause)));
}

static bool is_block(const struct node *block)
{
	return !text_is(block->key, "documents") && !text_is(block->key, "tenor");
}

static void term_block(struct doc *d, const struct contract_page *p, const struct node *block)
{
	const struct table_column columns[] = {{SAY0(d, W_PAGE_TERM), COLUMN_TEXT},
					       {SAY0(d, W_PAGE_VALUE), COLUMN_TEXT},
					       {SAY0(d, W_CLAUSE), COLUMN_PAGE}};
	struct table *t = NULL;

	for (const struct node *x = block; x != NULL; x = tree_next(x, block, tree_is_value(x))) {
		if (!tree_is_value(x) || tree_is_id(x))
			continue;
		if (t == NULL)
			t = doc_table(d, doc_run(d, RUN_CODE, block->key, text_of("")), columns,
				      ARRAY_SIZE(columns));
		ROW(d, t, doc_run(d, RUN_CODE, node_path(d->arena, x), text_of("")),
		    may_show(p, x) ? doc_plain(d, tree_value(d->arena, x)) : withheld(d),
		    clause_link(d, x));
	}
}

struct doc *contract_doc(struct arena *a, const struct contract_page *p)
{
	struct doc *d = doc_new(a, p->language, p->promise->zone);
	struct telling t = {.arena = a, .p = p, .withheld = doc_words(d, SAY0(d, W_PAGE_WITHHELD))};

	d->title = doc_plain(d, p->promise->title);
	d->aside = doc_plain(d, p->promise->id);
	d->parties = SAY(d, W_FOR_PARTY, doc_plain(d, p->promise->provider),
			 doc_plain(d, p->promise->client));
	if (p->draft.n > 0) {
		d->under = SAY(d, W_PAGE_DRAFT, doc_run(d, RUN_CODE, p->draft, text_of("")));
	} else {
		d->under = SAY(d, W_PAGE_UNDER, doc_int(d, (int64_t)p->shown + 1),
			       state_words(d, p, p->shown),
			       doc_time(d, from_of(p, p->shown), TIME_DATE));
		versions_table(d, p);
	}
	papers(d, p, &t);
	doc_section(d, "terms", SAY0(d, W_PAGE_TERMS));
	for (const struct node *x = p->contract->root->child; x != NULL; x = x->next)
		if (is_block(x))
			term_block(d, p, x);
	doc_footer(d, SAY(d, W_VERSION,
			  doc_run(d, RUN_CODE, p->versions[p->shown].hash, text_of(""))));
	doc_footer(d, SAY(d, W_AS_OF, doc_time(d, p->now, TIME_FULL)));
	if (!p->money)
		doc_footer(d, SAY0(d, W_TODAY_WITHHELD));
	return d;
}

/* --- JSON --- */

static void json_at(struct json *j, const char *key, instant t)
{
	struct buf b;

	if (t == INSTANT_NONE || t == INSTANT_MIN)
		return;
	buf_init(&b, 64);
	instant_print(&b, t);
	json_kv_text(j, key, buf_view(&b));
	buf_free(&b);
}

static void json_versions(struct json *j, const struct contract_page *p)
{
	json_key(j, "versions");
	json_open_array(j);
	for (size_t i = 0; i < p->n_versions; i++) {
		json_open_object(j);
		json_kv_int(j, "version", (int64_t)i + 1);
		json_kv_text(j, "hash", p->versions[i].hash);
		json_at(j, "agreed_at", p->versions[i].agreed);
		json_at(j, "in_force_from", from_of(p, i));
		json_kv_str(j, "state", state_key(p, i));
		json_end_object(j);
	}
	json_end_array(j);
}

/* Paths of the values that a clause governs: those whose nearest clause it is. */
static void json_governs(struct json *j, struct arena *a, const struct contract_page *p,
			 const struct node *clause)
{
	const struct node *root = p->contract->root;

	json_key(j, "terms");
	json_open_array(j);
	for (const struct node *x = root; x != NULL; x = tree_next(x, root, tree_is_value(x)))
		if (tree_is_value(x) && !tree_is_id(x) && node_clause(x) == clause)
			json_text(j, node_path(a, x));
	json_end_array(j);
}

static void json_clause(struct json *j, const struct contract_page *p, struct telling *t,
			const struct node *document, const struct node *clause)
{
	json_open_object(j);
	json_kv_text(j, "id", clause->key);
	json_kv_text(j, "anchor", contract_clause_anchor(t->arena, document, clause));
	json_kv_int(j, "number", clause_number(clause));
	json_kv_text(j, "heading", term_text(clause, "heading"));
	json_kv_text(j, "text", words_of(t, clause));
	json_governs(j, t->arena, p, clause);
	json_end_object(j);
}

static void json_papers(struct json *j, const struct contract_page *p, struct telling *t)
{
	const struct node *documents = node_at(p->contract->root, "documents");

	json_key(j, "documents");
	json_open_array(j);
	for (const struct node *x = documents == NULL ? NULL : documents->child; x != NULL;
	     x = x->next) {
		const struct node **clauses;
		size_t n = contract_clauses(t->arena, p->contract, x, &clauses);

		json_open_object(j);
		json_kv_text(j, "id", x->key);
		json_kv_text(j, "kind", term_text(x, "kind"));
		json_kv_text(j, "title", term_text(x, "title"));
		json_key(j, "clauses");
		json_open_array(j);
		for (size_t i = 0; i < n; i++)
			json_clause(j, p, t, x, clauses[i]);
		json_end_array(j);
		json_end_object(j);
	}
	json_end_array(j);
}

static void json_term(struct json *j, struct arena *a, const struct contract_page *p,
		      const struct node *x)
{
	const struct node *clause = node_clause(x);

	json_open_object(j);
	json_kv_text(j, "path", node_path(a, x));
	if (may_show(p, x))
		json_kv_text(j, "value", tree_value(a, x));
	else
		json_kv_str(j, "withheld", "MONEY_READ");
	if (clause != NULL) {
		json_kv_text(j, "clause", clause_label(a, clause));
		json_kv_text(j, "anchor", contract_clause_anchor(a, document_of(clause), clause));
	}
	json_end_object(j);
}

static void json_metrics(struct json *j, struct arena *a, const struct contract_page *p)
{
	struct doc *d = doc_new(a, p->language, zone_utc());

	json_key(j, "metrics");
	json_open_array(j);
	for (size_t i = 0; i < p->promise->n_metrics; i++) {
		json_open_object(j);
		json_kv_text(j, "metric", p->promise->metrics[i].id);
		json_kv_text(j, "name", doc_words(d, metric_name(d, p->promise, i)));
		json_end_object(j);
	}
	json_end_array(j);
}

void contract_json(struct arena *a, const struct contract_page *p, struct buf *out)
{
	const struct node *root = p->contract->root;
	struct telling t = {.arena = a, .p = p, .withheld = text_of("\xE2\x80\xA6")};
	struct json j;

	json_init(&j, out, true);
	json_open_object(&j);
	json_kv_int(&j, "tenor_contract", 1);
	json_kv_text(&j, "contract", p->promise->id);
	json_kv_text(&j, "title", p->promise->title);
	json_kv_text(&j, "provider", p->promise->provider);
	json_kv_text(&j, "client", p->promise->client);
	json_at(&j, "as_of", p->now);
	json_kv_int(&j, "version", (int64_t)p->shown + 1);
	json_kv_text(&j, "hash", p->versions[p->shown].hash);
	json_kv_str(&j, "state", state_key(p, p->shown));
	json_at(&j, "in_force_from", from_of(p, p->shown));
	json_versions(&j, p);
	json_papers(&j, p, &t);
	json_key(&j, "terms");
	json_open_array(&j);
	for (const struct node *b = root->child; b != NULL; b = b->next)
		for (const struct node *x = is_block(b) ? b : NULL; x != NULL;
		     x = tree_next(x, b, tree_is_value(x)))
			if (tree_is_value(x) && !tree_is_id(x))
				json_term(&j, a, p, x);
	json_end_array(&j);
	json_metrics(&j, a, p);
	json_end_object(&j);
	buf_char(out, '\n');
}
