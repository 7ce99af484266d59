/* SPDX-License-Identifier: Apache-2.0 */
#include "render/changes.h"

#include "base/json.h"
#include "render/tree_words.h"

#include <assert.h>

static bool is_minor(const struct contract *before, const struct changes *c)
{
	return changes_are_minor(c, node_at(before->root, "amendments.minor"));
}

static struct phrase hash_words(struct doc *d, const struct contract *c)
{
	return doc_run(d, RUN_CODE, text_sub(text_of(c->hash), 0, 12), text_of(""));
}

static const char *help_of(const struct node *n)
{
	return n != NULL && n->term != NULL ? n->term->help : "";
}

static void add_row(struct doc *d, struct table *t, struct text path, struct phrase before,
		    struct phrase after, const struct node *n)
{
	ROW(d, t, doc_run(d, RUN_CODE, path, text_of("")), before, after,
	    doc_plain(d, text_of(help_of(n))));
}

/* A block that came or went: each of its values in a row of its own. */
static void add_block(struct doc *d, struct table *t, const struct node *n, bool added)
{
	struct phrase gone = SAY0(d, W_NOT_THERE);
	bool any = false;

	for (const struct node *x = n; x != NULL; x = tree_next(x, n, tree_is_value(x))) {
		if (!tree_is_value(x) || tree_is_id(x))
			continue;
		struct phrase value = doc_plain(d, tree_value(d->arena, x));

		add_row(d, t, node_path(d->arena, x), added ? gone : value, added ? value : gone,
			x);
		any = true;
	}
	if (!any)
		add_row(d, t, node_path(d->arena, n), added ? gone : SAY0(d, W_THERE),
			added ? SAY0(d, W_THERE) : gone, n);
}

static void add_change(struct doc *d, struct table *t, const struct change *c)
{
	switch (c->kind) {
	case CHANGE_ADDED:
		add_block(d, t, c->new_node, true);
		return;
	case CHANGE_REMOVED:
		add_block(d, t, c->old_node, false);
		return;
	case CHANGE_REORDERED:
		add_row(d, t, c->path, SAY(d, W_ORDER, doc_plain(d, c->before)),
			SAY(d, W_ORDER, doc_plain(d, c->after)), c->new_node);
		return;
	case CHANGE_CHANGED:
		break;
	}
	bool values = c->old_node != NULL && c->new_node != NULL && tree_is_value(c->old_node) &&
		      tree_is_value(c->new_node);

	add_row(d, t, c->path, doc_plain(d, values ? tree_value(d->arena, c->old_node) : c->before),
		doc_plain(d, values ? tree_value(d->arena, c->new_node) : c->after), c->new_node);
}

/* By label: what is gone stands under the clause of the old contract, what came under that of the new one. */
static bool same_clause(const struct change *x, const struct change *y)
{
	return (x->clause == NULL) == (y->clause == NULL) && text_eq(x->label, y->label);
}

static int64_t clause_count(const struct changes *c)
{
	int64_t n = 0;

	for (size_t i = 0; i < c->n; i++)
		n += i == 0 || !same_clause(&c->v[i], &c->v[i - 1]);
	return n;
}

static void add_clauses(struct doc *d, const struct changes *c)
{
	const struct table_column columns[] = {{SAY0(d, W_TERM), COLUMN_TEXT},
					       {SAY0(d, W_WAS), COLUMN_TEXT},
					       {SAY0(d, W_IS), COLUMN_TEXT},
					       {SAY0(d, W_WHAT_IT_IS), COLUMN_PAGE}};
	struct table *t = NULL;

	for (size_t i = 0; i < c->n; i++) {
		const struct change *x = &c->v[i];

		if (i == 0 || !same_clause(x, &c->v[i - 1])) {
			struct phrase label =
				x->clause != NULL ? doc_plain(d, x->label) : SAY0(d, W_NO_CLAUSE);

			doc_section(d, text_format(d->arena, "clause-%zu", i + 1).p, label);
			t = doc_table(d, NO_WORDS, columns, ARRAY_SIZE(columns));
		}
		add_change(d, t, x);
	}
}

struct doc *changes_doc(struct arena *a, const struct contract *before,
			const struct contract *after, const struct changes *c,
			const struct language *l)
{
	struct doc *d = doc_new(a, l, NULL);
	const struct node *id = node_at(after->root, "contract.id"),
			  *title = node_at(after->root, "contract.title");

	d->title = SAY0(d, W_CHANGES);
	d->aside = id != NULL ? doc_plain(d, id->text) : NO_WORDS;
	d->subject = title != NULL ? doc_plain(d, title->text) : NO_WORDS;
	d->parties = SAY(d, W_VERSIONS, hash_words(d, before), hash_words(d, after));
	if (c->n == 0) {
		doc_paragraph(d, SAY0(d, W_NO_CHANGE));
		return d;
	}
	struct phrase counts = SAY(d, W_UNDER, COUNTED(d, (int64_t)c->n, W_CHANGES_N),
				   COUNTED(d, clause_count(c), W_CLAUSES));

	d->under = SAY(d, W_PAIR, counts, SAY0(d, is_minor(before, c) ? W_MINOR : W_MATERIAL));
	add_clauses(d, c);
	return d;
}

void changes_json(const struct contract *before, const struct contract *after,
		  const struct changes *c, struct buf *out)
{
	static const char *const kinds[] = {"added", "removed", "changed", "reordered"};
	struct json j;

	json_init(&j, out, true);
	json_open_object(&j);
	json_kv_int(&j, "tenor_diff", 1);
	json_kv_str(&j, "before", before->hash);
	json_kv_str(&j, "after", after->hash);
	json_kv_bool(&j, "minor", is_minor(before, c));
	json_key(&j, "changes");
	json_open_array(&j);
	for (size_t i = 0; i < c->n; i++) {
		const struct change *x = &c->v[i];

		assert((size_t)x->kind < ARRAY_SIZE(kinds));
		json_open_object(&j);
		json_kv_str(&j, "kind", kinds[x->kind]);
		json_kv_text(&j, "path", x->path);
		if (x->before.n > 0)
			json_kv_text(&j, "before", x->before);
		if (x->after.n > 0)
			json_kv_text(&j, "after", x->after);
		if (x->clause != NULL)
			json_kv_text(&j, "clause", x->label);
		if (x->old_node != NULL)
			json_kv_int(&j, "line_before", x->old_node->line);
		if (x->new_node != NULL)
			json_kv_int(&j, "line_after", x->new_node->line);
		json_end_object(&j);
	}
	json_end_array(&j);
	json_end_object(&j);
	buf_char(out, '\n');
}
