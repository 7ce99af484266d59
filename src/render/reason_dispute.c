/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Facts in dispute: a record that another outweighs, with what it would change (sla.md R17); a window that a contested fact
 * decides, with its other result and the part of a credit that waits (R19).
 */
#include "render/reason.h"

#include <assert.h>

/* --- contradictions --- */

/* Tried when first asked for: each is a whole evaluation, thrown away but for what it changes. */
const struct contradiction *contradiction_at(const struct report *r, uint32_t index)
{
	struct contradiction *x = &r->contradictions[index];
	struct err err = {.line = 0};

	assert(index < r->n_contradictions);
	if (!x->tried && index < CONTRADICTIONS_TRIED_MAX) {
		struct arena *scratch = arena_like(r->d->arena);
		enum rc rc = contradiction_try(r->d->arena, scratch, r->o, x, &err);

		/* Left untried: the reader is told that what it would change is not known. */
		if (rc != RC_OK)
			assert(!x->tried);
		arena_free(scratch);
	}
	return x;
}

/* The verdict alone: that it may still change is said of the window itself. */
static struct phrase verdict_alone(const struct report *r, const struct window_result *w)
{
	struct window_result bare = *w;

	bare.held = false;
	bare.running = false;
	return verdict_words(r, &bare);
}

/* "missed (50 %)" */
static struct phrase verdict_and_value(const struct report *r, const struct window_result *w)
{
	struct phrase verdict = verdict_alone(r, w);

	return w->value_set ? SAY(r->d, W_IN_BRACKETS, verdict, value_words(r, w)) : verdict;
}

static struct phrase change_words(const struct report *r, const struct window_change *x)
{
	const struct window_result *w = &r->o->windows[x->window];
	struct doc *d = r->d;
	struct phrase name =
		SAY(d, W_PAIR, metric_words(r, w->version, w->metric), window_words(r, w));

	if (w->verdict == x->after.verdict && w->value_set && x->after.value_set)
		return SAY(d, W_WOULD_BE, name, value_words(r, w), value_words(r, &x->after));
	return SAY(d, W_WOULD_TURN, name, verdict_and_value(r, w), verdict_and_value(r, &x->after));
}

static struct phrase total_words(const struct report *r, const struct total_change *x)
{
	struct doc *d = r->d;

	return SAY(d, W_WOULD_BE, SAY(d, W_CREDITS_OF, doc_time(d, x->month.from, TIME_MONTH)),
		   doc_money(d, x->before), doc_money(d, x->after));
}

struct phrase contradiction_heading(struct report *r, uint32_t index)
{
	const struct contradiction *x = contradiction_at(r, index);
	struct phrase fact = fact_words(r, x->fact), all = NO_WORDS;
	struct doc *d = r->d;

	if (!x->tried)
		return SAY(d, W_OUTWEIGHED_UNTRIED, fact);
	if (x->n_windows + x->n_totals == 0)
		return SAY(d, W_OUTWEIGHED_IDLE, fact);
	for (size_t i = 0; i < x->n_windows; i++) {
		struct phrase both[2] = {all, change_words(r, &x->windows[i])};

		all = doc_join_all(d, "; ", both, 2);
	}
	for (size_t i = 0; i < x->n_totals; i++) {
		struct phrase both[2] = {all, total_words(r, &x->totals[i])};

		all = doc_join_all(d, "; ", both, 2);
	}
	return SAY(d, W_OUTWEIGHED, fact, all);
}

static struct phrase recorded_words(const struct report *r, uint32_t fact)
{
	struct doc *d = r->d;

	return SAY(d, W_RECORDED_AT, fact_words(r, fact),
		   doc_time(d, view_fact(r->o->view, fact)->recorded_at, TIME_FULL),
		   fact_source_words(r, fact));
}

void reason_contradiction(struct report *r, size_t number, uint32_t index)
{
	const struct contradiction *x = contradiction_at(r, index);
	struct doc *d = r->d;
	struct phrase key = SAY0(d, W_IF_IT_COUNTED);

	(void)doc_reason(d, number, STATE_OPEN, contradiction_heading(r, index), NO_WORDS);
	doc_paragraph(d, SAY0(d, W_FLAG_WHY_CONTRADICTING));
	struct pairs *pairs = doc_pairs(d);

	pair_add(d, pairs, SAY0(d, W_COUNTS), recorded_words(r, x->counted));
	pair_add(d, pairs, SAY0(d, W_COUNTS_NOT), recorded_words(r, x->fact));
	for (size_t i = 0; i < x->n_windows; i++) {
		struct phrase words = change_words(r, &x->windows[i]);
		size_t why = plan_number(&r->plan, REASON_WINDOW, x->windows[i].window);

		if (why > 0 && !r->full)
			words = doc_join(d, doc_join(d, words, doc_plain(d, text_of(" "))),
					 doc_ref(d, why));
		pair_add(d, pairs, key, words);
		key = NO_WORDS;
	}
	for (size_t i = 0; i < x->n_totals; i++) {
		pair_add(d, pairs, key, total_words(r, &x->totals[i]));
		key = NO_WORDS;
	}
	if (key.n > 0)
		pair_add(d, pairs, key, SAY0(d, x->tried ? W_WOULD_NOTHING : W_WOULD_UNTRIED));
	if (!r->full)
		return;
	add_rules(r, pairs, "sla.md R14, R17");
	struct table *t = fact_table(r, SAY0(d, W_FACTS));

	fact_row_add(r, t, x->counted);
	fact_row_add(r, t, x->fact);
}

/* --- contested facts --- */

struct phrase alternative_words(const struct report *r, const struct window_result *w)
{
	const struct window_result *other = w->alternative;

	assert(other != NULL);
	struct phrase verdict = verdict_alone(r, other);

	if (other->value_set)
		verdict = SAY(r->d, W_PAIR, value_words(r, other), verdict);
	return SAY(r->d, W_CONTESTED_WITHOUT, verdict);
}

void add_contested(struct report *r, struct pairs *pairs, uint32_t window)
{
	const struct window_result *w = &r->o->windows[window];
	struct doc *d = r->d;
	uint32_t *facts = NULL;

	if (!w->held || w->alternative == NULL)
		return;
	struct phrase key = SAY0(d, W_CONTESTED);
	size_t n = contested_facts(d->arena, r->o, window, &facts);

	for (size_t i = 0; i < n && (r->full || i < r->options.rows); i++) {
		uint32_t by = contested_by(r->o, facts[i]);
		struct phrase words = fact_words(r, facts[i]);

		if (by != NO_FACT)
			words = SAY(d, W_CONTESTED_BY, words,
				    party_words(r, (enum party)view_fact(r->o->view, by)->party),
				    doc_time(d, view_fact(r->o->view, by)->recorded_at, TIME_FULL));
		pair_add(d, pairs, key, words);
		key = NO_WORDS;
	}
	if (n > r->options.rows && !r->full)
		pair_add(d, pairs, key, COUNTED(d, (int64_t)(n - r->options.rows), W_MORE));
	pair_add(d, pairs, NO_WORDS, alternative_words(r, w));
}

void add_contested_facts(struct report *r, uint32_t window)
{
	const struct window_result *w = &r->o->windows[window];
	uint32_t *facts = NULL;

	if (!w->held || w->alternative == NULL)
		return;
	size_t n = contested_facts(r->d->arena, r->o, window, &facts);
	struct table *t = fact_table(r, SAY0(r->d, W_CONTESTED_FACTS));

	for (size_t i = 0; i < n; i++) {
		uint32_t by = contested_by(r->o, facts[i]);

		fact_row_add(r, t, facts[i]);
		if (by != NO_FACT)
			fact_row_add(r, t, by);
	}
}

/* --- credits --- */

bool credit_same_line(const struct credit *x, const struct credit *y)
{
	return x->version == y->version && x->rule == y->rule && x->window == y->window;
}

bool credit_in_dispute(const struct outcome *o, const struct credit *c)
{
	if (c->fate != CREDIT_DUE && c->fate != CREDIT_HELD)
		return false;
	for (size_t i = 0; i < o->n_credits; i++)
		if (o->credits[i].fate == CREDIT_HELD && credit_same_line(&o->credits[i], c))
			return true;
	return false;
}

/* What of this rule and window is applied, and what waits. */
void add_held(struct report *r, struct pairs *pairs, const struct credit *c)
{
	struct doc *d = r->d;
	struct phrase applied = NO_WORDS, waits = NO_WORDS;

	if (!credit_in_dispute(r->o, c))
		return;
	for (size_t i = 0; i < r->o->n_credits; i++) {
		const struct credit *x = &r->o->credits[i];
		bool held = x->fate == CREDIT_HELD;

		if (!credit_same_line(x, c) || (!held && x->fate != CREDIT_DUE))
			continue;
		struct phrase *into = held ? &waits : &applied;
		struct phrase both[2] = {*into, SAY(d, W_PAIR_PLAIN, doc_plain(d, text_of(x->id)),
						    doc_money(d, x->amount))};

		*into = doc_join_all(d, ", ", both, 2);
	}
	pair_add(d, pairs, SAY0(d, W_CONTESTED),
		 SAY(d, W_APPLIED_AND_WAITS, applied.n > 0 ? applied : SAY0(d, W_NONE), waits));
}
