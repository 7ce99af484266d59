/* SPDX-License-Identifier: Apache-2.0 */
/* What was not counted, what facts are flagged, and the parts that every full explanation has: facts, terms, clause, rules. */
#include "facts/pack.h"
#include "render/reason.h"
#include "render/said.h"
#include "render/tree_words.h"
#include "terms/words.h"

#include <assert.h>

/* --- facts --- */

struct table *fact_table(struct report *r, struct phrase caption)
{
	struct doc *d = r->d;
	const struct table_column columns[] = {
		{SAY0(d, W_WHEN), COLUMN_TEXT},      {SAY0(d, W_ABOUT), COLUMN_PAGE},
		{SAY0(d, W_FACT_KIND), COLUMN_TEXT}, {SAY0(d, W_BY), COLUMN_TEXT},
		{SAY0(d, W_RECORDED), COLUMN_PAGE},  {SAY0(d, W_SOURCE), COLUMN_TEXT},
		{SAY0(d, W_FACT_ID), COLUMN_TEXT}};

	return doc_table(d, caption, columns, ARRAY_SIZE(columns));
}

void fact_row_add(struct report *r, struct table *t, uint32_t fact)
{
	const struct fact *f = view_fact(r->o->view, fact);
	struct doc *d = r->d;
	char room[UUID_TEXT + 1];
	struct text id = text_copy(d->arena, facts_id(r->o->in.facts, f, room));
	struct phrase recorded = f->recorded_at == f->occurred_at
					 ? SAY0(d, W_AT_ONCE)
					 : doc_time(d, f->recorded_at, TIME_MOMENT);

	ROW(d, t, doc_time(d, f->occurred_at, TIME_MOMENT), symbol_words(r, f->subject),
	    said_kind(d, (enum fact_kind)f->kind), party_words(r, (enum party)f->party), recorded,
	    fact_source_words(r, fact), doc_run(d, RUN_CODE, id, text_of("")));
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
	struct text command = r->options.explain_command;
	struct text how = what.n > 0 ? text_format(d->arena, "%.*s --what '%.*s'",
						   TEXT_ARG(command), TEXT_ARG(what))
				     : text_format(d->arena, "%.*s --list", TEXT_ARG(command));

	t->more = SAY(d, W_MORE_BY, more, doc_run(d, RUN_CODE, how, text_of("")));
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
	case FLAG_PENDING:
		return W_FLAG_WHY_PENDING;
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
		add_rules(r, doc_pairs(d),
			  (1u << bit) == FLAG_PENDING ? "trust.md J30, J31"
						      : "sla.md R1, R4, R14-R18");
}

/* --- contract --- */

void add_rules(struct report *r, struct pairs *pairs, const char *rules)
{
	pair_add(r->d, pairs, SAY0(r->d, W_COMPUTED_BY), doc_plain(r->d, text_of(rules)));
}

enum { TERMS_MAX = 60, CLAUSE_MAX = 1 << 16 };

/* A reference in the words of a clause, as a reader sees it (contract-language.md CL-22). */
static void put_reference(struct report *r, struct buf *b, const struct contract *c,
			  const struct word *w)
{
	struct word_target target = words_target(c, w);

	switch (w->kind) {
	case WORD_LITERAL:
		buf_text(b, w->text);
		return;
	case WORD_VALUE:
		if (target.node != NULL)
			buf_text(b, target.node->text);
		else if (target.row != NULL && target.row->otherwise != NULL)
			buf_str(b, target.row->otherwise);
		else
			buf_text(b, w->text);
		return;
	case WORD_CLAUSE:
		if (target.node != NULL)
			buf_text(b, clause_label(r->d->arena, target.node));
		else
			buf_text(b, w->text);
		return;
	case WORD_TABLE:
		buf_printf(b, "[%.*s]", TEXT_ARG(w->text));
		return;
	case WORD_DEFINITION:
	case WORD_BROKEN:
		buf_text(b, w->text);
		return;
	}
}

static void add_clause(struct report *r, const struct node *n)
{
	const struct node *clause = node_clause(n),
			  *words = clause == NULL ? NULL : node_at(clause, "text");
	const struct contract *c = statement_promise(r)->contract;
	struct text rest = words == NULL ? text_of("") : words->text;
	struct word w;
	struct buf b;

	/* Once for a clause: several terms of one explanation stand in it. */
	if (words == NULL || clause == r->clause_said)
		return;
	r->clause_said = clause;
	buf_init(&b, CLAUSE_MAX);
	while (words_next(&rest, &w))
		put_reference(r, &b, c, &w);
	doc_quote(r->d, doc_plain(r->d, text_copy(r->d->arena, buf_view(&b))), clause_words(r, n));
	buf_free(&b);
}

static bool is_within(const struct node *n, const struct node *top)
{
	while (n != NULL && n != top)
		n = n->parent;
	return n != NULL;
}

/* An item of the list that has the focus, and not the focus itself: another priority's target, another rule. */
static bool is_other(const struct node *n, const struct node *focus)
{
	return focus != NULL && n->parent != NULL && n->parent->kind == NODE_ITEMS &&
	       is_within(focus, n->parent) && !is_within(focus, n) && n != focus;
}

void add_terms(struct report *r, const struct node *n, const struct node *focus)
{
	struct doc *d = r->d;
	size_t shown = 0;

	if (n == NULL || n->term == NULL)
		return;
	struct text base = node_path(d->arena, n);

	doc_paragraph(d, SAY(d, W_TERMS_OF, doc_run(d, RUN_CODE, base, text_of(""))));
	struct pairs *pairs = doc_pairs(d);

	for (const struct node *x = n; x != NULL && shown < TERMS_MAX;) {
		bool other = x != n && is_other(x, focus), value = tree_is_value(x);

		if (value && !other && !tree_is_id(x)) {
			struct text path = node_path(d->arena, x);

			if (path.n > base.n && base.n > 0)
				path = text_sub(path, base.n + 1, path.n);
			struct pair *p = pair_add(d, pairs, doc_run(d, RUN_CODE, path, text_of("")),
						  doc_plain(d, tree_value(d->arena, x)));

			/* A version of the record has no lines. */
			if (x->line > 0)
				p->amount = SAY(d, W_LINE,
						doc_plain(d, text_format(d->arena, "%u", x->line)));
			shown++;
		}
		x = tree_next(x, n, other || value);
	}
	add_clause(r, n);
}
