/* SPDX-License-Identifier: Apache-2.0 */
/* What was not counted, what facts are flagged, and the parts that every full explanation has: facts, terms, clause, rules. */
#include "render/reason.h"

#include <assert.h>

/* --- facts --- */

struct table *fact_table(struct report *r, struct phrase caption)
{
	struct doc *d = r->d;
	const struct table_column columns[] = {
		{SAY0(d, W_WHEN), COLUMN_TEXT},      {SAY0(d, W_ABOUT), COLUMN_TEXT},
		{SAY0(d, W_FACT_KIND), COLUMN_TEXT}, {SAY0(d, W_BY), COLUMN_TEXT},
		{SAY0(d, W_RECORDED), COLUMN_TEXT},  {SAY0(d, W_SOURCE), COLUMN_TEXT},
		{SAY0(d, W_FACT_ID), COLUMN_TEXT}};

	return doc_table(d, caption, columns, ARRAY_SIZE(columns));
}

void fact_row_add(struct report *r, struct table *t, uint32_t fact)
{
	const struct fact *f = view_fact(r->o->view, fact);
	struct doc *d = r->d;
	struct phrase recorded = f->recorded_at == f->occurred_at
					 ? SAY0(d, W_AT_ONCE)
					 : doc_time(d, f->recorded_at, TIME_MOMENT);

	ROW(d, t, doc_time(d, f->occurred_at, TIME_MOMENT), symbol_words(r, f->subject),
	    doc_run(d, RUN_CODE, text_of(fact_row((enum fact_kind)f->kind)->kind), text_of("")),
	    party_words(r, (enum party)f->party), recorded, fact_source_words(r, fact),
	    doc_run(d, RUN_CODE, symbol_text(r->o->in.facts->symbols, f->id), text_of("")));
}

void limit_table(struct report *r, struct table *t, struct text what)
{
	struct doc *d = r->d;
	size_t limit = r->full ? 0 : r->options.rows;

	if (limit == 0 || t->n_rows <= limit)
		return;
	t->limit = limit;
	struct phrase more = COUNTED(d, (int64_t)(t->n_rows - limit), W_MORE);

	if (r->options.explain_command.n == 0) {
		t->more = SAY(d, W_MORE_IN_PAGE, more);
		return;
	}
	t->more = SAY(d, W_MORE_BY, more,
		      doc_run(d, RUN_CODE,
			      text_format(d->arena, "%.*s --what '%.*s'",
					  TEXT_ARG(r->options.explain_command), TEXT_ARG(what)),
			      text_of("")));
}

/* --- void clocks: one line a ticket, whatever the number of its clocks --- */

static size_t void_subjects(struct report *r, enum void_reason reason, struct table *t)
{
	size_t n = 0;
	bool *seen = arena_array(r->d->arena, bool, symbols_count(r->o->in.facts->symbols));
	struct doc *d = r->d;

	for (size_t i = 0; i < r->o->n_clocks; i++) {
		const struct clock *c = &r->o->clocks[i];

		if ((enum void_reason)c->reason != reason || !void_shown(r->o, c) ||
		    seen[c->subject])
			continue;
		seen[c->subject] = true;
		n++;
		if (t != NULL)
			ROW(d, t, symbol_words(r, c->subject),
			    metric_words(r, c->version, c->metric),
			    doc_time(d, c->start, TIME_MOMENT),
			    c->start_fact != NO_FACT ? fact_source_words(r, c->start_fact)
						     : NO_WORDS);
	}
	return n;
}

struct phrase void_heading(struct report *r, enum void_reason reason)
{
	return void_words(r, reason, (int64_t)void_subjects(r, reason, NULL));
}

void reason_void(struct report *r, size_t number, enum void_reason reason)
{
	struct doc *d = r->d;
	const struct table_column columns[] = {{SAY0(d, W_TICKET), COLUMN_TEXT},
					       {SAY0(d, W_PROMISE), COLUMN_TEXT},
					       {SAY0(d, W_EVENT_LOGGED), COLUMN_TEXT},
					       {SAY0(d, W_SOURCE), COLUMN_TEXT}};

	(void)doc_reason(d, number, STATE_OPEN, void_heading(r, reason), NO_WORDS);
	struct table *t = doc_table(d, NO_WORDS, columns, ARRAY_SIZE(columns));

	(void)void_subjects(r, reason, t);
	limit_table(r, t, text_format(d->arena, "%zu", number));
	if (r->full)
		add_rules(r, doc_pairs(d),
			  reason == VOID_MONITOR_TICKET ? "sla.md R24" : "sla.md R34, R35");
}

/* --- flags --- */

static enum wording flag_why(unsigned bit)
{
	switch ((enum fact_flag)(1 << bit)) {
	case FLAG_LATE:
		return W_FLAG_WHY_LATE;
	case FLAG_RESTATING:
		return W_FLAG_WHY_RESTATING;
	case FLAG_FUTURE:
		return W_FLAG_WHY_FUTURE;
	case FLAG_CONTRADICTING:
		return W_FLAG_WHY_CONTRADICTING;
	case FLAG_OUT_OF_ORDER:
		return W_FLAG_WHY_OUT_OF_ORDER;
	case FLAG_IMPLIED:
		return W_FLAG_WHY_IMPLIED;
	case FLAG_UNPROVEN:
		return W_FLAG_WHY_UNPROVEN;
	case FLAG_OVERLAPPING:
		return W_FLAG_WHY_OVERLAPPING;
	case FLAG_ZONE_GAP:
		return W_FLAG_WHY_ZONE_GAP;
	case FLAG_ZONE_TWICE:
		return W_FLAG_WHY_ZONE_TWICE;
	case FLAG_MINUTE_PRECISION:
		return W_FLAG_WHY_MINUTE;
	case FLAG_SAME_TIME:
		break;
	}
	return W_FLAG_WHY_SAME_TIME;
}

struct phrase flag_heading(struct report *r, unsigned bit)
{
	uint32_t *facts = NULL;
	size_t n = flagged_facts(r->d->arena, r->o, (uint16_t)(1u << bit), &facts);
	struct phrase count = COUNTED(r->d, (int64_t)n, W_FACTS_N);

	if (n == 1)
		return SAY(
			r->d, W_COLON,
			SAY(r->d, W_PAIR_PLAIN, count, flag_words(r, (enum fact_flag)(1 << bit))),
			fact_words(r, facts[0]));
	return SAY(r->d, W_PAIR_PLAIN, count, flag_words(r, (enum fact_flag)(1 << bit)));
}

void reason_flag(struct report *r, size_t number, unsigned bit)
{
	uint32_t *facts = NULL;
	size_t n = flagged_facts(r->d->arena, r->o, (uint16_t)(1u << bit), &facts);
	struct doc *d = r->d;

	(void)doc_reason(d, number, STATE_OPEN, flag_heading(r, bit), NO_WORDS);
	doc_paragraph(d, SAY0(d, flag_why(bit)));
	struct table *t = fact_table(r, NO_WORDS);

	for (size_t i = 0; i < n; i++)
		fact_row_add(r, t, facts[i]);
	limit_table(r, t, text_format(d->arena, "%zu", number));
	if (r->full)
		add_rules(r, doc_pairs(d), "sla.md R1, R4, R14-R18");
}

/* --- contract --- */

void add_rules(struct report *r, struct pairs *pairs, const char *rules)
{
	pair_add(r->d, pairs, SAY0(r->d, W_COMPUTED_BY), doc_plain(r->d, text_of(rules)));
}

enum { TERMS_MAX = 40 };

/* The scalars below a map, depth first along child and parent pointers. */
static const struct node *next_node(const struct node *n, const struct node *top)
{
	if (n->child != NULL)
		return n->child;
	while (n != top && n->next == NULL)
		n = n->parent;
	return n == top ? NULL : n->next;
}

static void add_clause(struct report *r, const struct node *n)
{
	const struct node *clause = node_clause(n);
	struct doc *d = r->d;
	const struct node *words = clause == NULL ? NULL : node_at(clause, "text");

	if (words == NULL)
		return;
	doc_quote(d, doc_plain(d, words->text), clause_words(r, n));
}

void add_terms(struct report *r, const struct node *n)
{
	struct doc *d = r->d;
	size_t shown = 0;

	if (n == NULL || n->term == NULL)
		return;
	doc_paragraph(
		d, SAY(d, W_TERMS_OF, doc_run(d, RUN_CODE, node_path(d->arena, n), text_of(""))));
	struct pairs *pairs = doc_pairs(d);

	for (const struct node *x = n; x != NULL && shown < TERMS_MAX; x = next_node(x, n)) {
		if (x->kind != NODE_SCALAR ||
		    (x->parent != NULL && x->parent->kind == NODE_SET && x != x->parent->child))
			continue;
		const struct node *of =
			x->parent != NULL && x->parent->kind == NODE_SET ? x->parent : x;
		struct text path = node_path(d->arena, of), base = node_path(d->arena, n),
			    value = x->text;

		for (const struct node *y = of == x ? NULL : x->next; y != NULL; y = y->next)
			value = text_format(d->arena, "%.*s, %.*s", TEXT_ARG(value),
					    TEXT_ARG(y->text));
		struct text shorter =
			path.n > base.n ? text_sub(path, base.n + (base.n > 0 ? 1 : 0), path.n)
					: path;

		pair_add(d, pairs, doc_run(d, RUN_CODE, shorter, text_of("")), doc_plain(d, value))
			->amount =
			SAY(d, W_LINE, doc_plain(d, text_format(d->arena, "%u", x->line)));
		shown++;
	}
	add_clause(r, n);
}
