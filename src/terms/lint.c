/* SPDX-License-Identifier: Apache-2.0 */
/* Lint as a whole: the table as rows, the order of findings, how a finding is made (lint.md LN-1 to LN-4). */
#include "terms/lint_rules.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static const struct lint_row rows[] = {
#define LINT(group, number, severities, message, why, fix)                                         \
	{#group "-" #number, severities, message, why, fix},
#include "terms/lint.def"
};

const struct text lint_nothing = {"", 0};

size_t lint_row_count(void)
{
	return ARRAY_SIZE(rows);
}

const struct lint_row *lint_row_at(size_t i)
{
	assert(i < ARRAY_SIZE(rows));
	return &rows[i];
}

static int rank(char severity)
{
	return severity == 'E' ? 0 : severity == 'W' ? 1 : 2;
}

/* Severity, then line (LN-3); what is left only makes the order one. */
static int in_order(const void *x, const void *y)
{
	const struct finding *a = x, *b = y;

	if (rank(a->severity) != rank(b->severity))
		return rank(a->severity) - rank(b->severity);
	if (a->line != b->line)
		return a->line < b->line ? -1 : 1;
	if (a->column != b->column)
		return a->column < b->column ? -1 : 1;

	int by_rule = strcmp(a->code, b->code);

	return by_rule != 0 ? by_rule : text_cmp(a->path, b->path);
}

static void add(struct lint *l, const struct finding *f)
{
	struct findings *out = l->out;

	for (size_t i = 0; i < out->n; i++) {
		struct finding *old = &out->v[i];

		if (strcmp(old->code, f->code) != 0 || !text_eq(old->path, f->path))
			continue;
		if (rank(f->severity) < rank(old->severity))
			*old = *f;
		return;
	}
	out->v = arena_grow(l->a, out->v, out->n, &out->cap, sizeof(*out->v));
	out->v[out->n++] = *f;
}

/* A scalar's canonical text; of a set all members, "a, b". */
static struct text value_of(struct lint *l, const struct node *n)
{
	enum { VALUE_MAX = 1 << 16 };
	struct buf b;
	struct text list;

	if (n->kind == NODE_SCALAR)
		return n->text;
	if (n->kind != NODE_SET)
		return lint_nothing;
	buf_init(&b, VALUE_MAX);
	for (const struct node *c = n->child; c != NULL; c = c->next) {
		buf_str(&b, c == n->child ? "" : ", ");
		buf_text(&b, c->text);
	}
	list = text_copy(l->a, buf_view(&b));
	buf_free(&b);
	return list;
}

/* The clause whose words a node belongs to: the one it is part of, or the nearest `clause` on the way up. */
static const struct node *clause_of(const struct node *at)
{
	for (const struct node *n = at; n != NULL; n = n->parent)
		if (n->kind == NODE_MAP && strcmp(n->term->path, "documents[].clauses") == 0)
			return n;
	return node_clause(at);
}

static struct finding made(struct lint *l, enum lint_rule rule, char severity,
			   const struct node *at, struct text message, struct text effect)
{
	const struct lint_row *row = &rows[rule];
	const struct node *clause = clause_of(at);

	assert(strchr(row->severities, severity) != NULL);
	return (struct finding){
		.code = row->id,
		.severity = severity,
		.line = at->line,
		.column = at->column,
		.path = node_path(l->a, at),
		.value = value_of(l, at),
		.clause = clause == NULL ? lint_nothing : clause_label(l->a, clause),
		.message = message,
		.why = text_of(row->why),
		.fix = text_of(row->fix),
		.effect = effect,
	};
}

void lint_report(struct lint *l, enum lint_rule rule, char severity, const struct node *at,
		 struct text message, struct text effect)
{
	struct finding f = made(l, rule, severity, at, message, effect);

	add(l, &f);
}

void lint_report_missing(struct lint *l, enum lint_rule rule, char severity, const struct node *in,
			 const char *key, struct text message, struct text effect)
{
	struct finding f = made(l, rule, severity, in, message, effect);

	f.path = f.path.n == 0 ? text_of(key) : text_format(l->a, "%.*s.%s", TEXT_ARG(f.path), key);
	f.value = lint_nothing;
	add(l, &f);
}

enum rc lint(struct arena *a, const struct lint_input *in, struct findings *out, struct err *err)
{
	struct findings found = {NULL, 0, 0, 0};
	struct lint l = {a, in, in->contract->root, in->promise, &found, NULL, 0};

	if (!in->contract->valid)
		return err_set(err, RC_INVALID,
			       "a contract with errors is not linted (lint.md LN-1)");
	lint_find_clauses(&l);
	lint_service_levels(&l);
	lint_money(&l);
	lint_term(&l);
	lint_law(&l);
	lint_privacy(&l);
	lint_amendment(&l);
	if (found.n > 0)
		qsort(found.v, found.n, sizeof(*found.v), in_order);
	for (size_t i = 0; i < found.n; i++)
		found.errors += found.v[i].severity == 'E' ? 1 : 0;
	*out = found;
	return RC_OK;
}

char findings_worst(const struct findings *f)
{
	char worst = 0;

	for (size_t i = 0; i < f->n; i++)
		if (worst == 0 || rank(f->v[i].severity) < rank(worst))
			worst = f->v[i].severity;
	return worst;
}
