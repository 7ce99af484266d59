/* SPDX-License-Identifier: Apache-2.0 */
#include "render/versus.h"

#include <assert.h>
#include <inttypes.h>

struct doc *versus_doc(struct arena *a, const struct language *language,
		       struct statement_options *words)
{
	if (language == NULL)
		language = language_english();
	*words = (struct statement_options){.language = language, .rows = STATEMENT_ROWS_DEFAULT};
	return doc_new(a, language, NULL);
}

struct versus versus_new(struct doc *d, const struct comparison *c,
			 const struct statement_options *options)
{
	struct versus v = {.d = d, .c = c};

	for (size_t s = BEFORE; s < SIDES; s++)
		v.side[s] = (struct report){.d = d, .o = c->of[s], .options = *options};
	d->zone = versus_promise(&v)->zone;
	return v;
}

const struct promise *versus_promise(const struct versus *v)
{
	const struct evaluation *in = &v->c->of[AFTER]->in;

	return in->versions[in->n_versions - 1].promise;
}

/* --- words --- */

static bool one_month(const struct versus *v)
{
	return v->c->n_months <= 1;
}

struct phrase versus_period(const struct versus *v)
{
	struct span p = v->c->of[AFTER]->in.period;
	struct phrase from = doc_time(v->d, p.from, TIME_MONTH);

	if (one_month(v))
		return from;
	return SAY(v->d, W_PERIOD, from, doc_time(v->d, p.to - 1, TIME_MONTH));
}

struct phrase versus_when(const struct versus *v)
{
	struct span p = v->c->of[AFTER]->in.period;
	struct phrase from = doc_time(v->d, p.from, TIME_MONTH);

	if (one_month(v))
		return SAY(v->d, W_IN_MONTH, from);
	return SAY(v->d, W_FROM_UNTIL, from, doc_time(v->d, p.to - 1, TIME_MONTH));
}

struct phrase versus_amount(const struct versus *v, struct money m)
{
	return amount_words(&v->side[AFTER], m);
}

struct phrase versus_difference(const struct versus *v, struct money m)
{
	struct phrase amount = versus_amount(v, m);

	return m.minor > 0 ? SAY(v->d, W_PLUS, amount) : amount;
}

struct money versus_size(struct money m)
{
	return m.minor < 0 ? money_sub((struct money){0, m.currency}, m) : m;
}

static const struct window_result *window_of(const struct versus *v,
					     const struct compared_window *w, enum side s)
{
	return w->of[s] == NO_INDEX ? NULL : &v->c->of[s]->windows[w->of[s]];
}

struct phrase versus_result(const struct versus *v, const struct compared_window *w, enum side s)
{
	const struct window_result *x = window_of(v, w, s);
	const struct report *r = &v->side[s];
	struct phrase value;

	if (x == NULL)
		return NO_WORDS;

	const struct metric *m = report_metric(r, x->version, x->metric);

	if (m->kind == METRIC_ELAPSED && !m->comply)
		value = x->samples == 0 ? NO_WORDS
					: SAY(v->d, W_IN_TIME_OF, doc_int(v->d, x->in_time),
					      doc_int(v->d, x->samples));
	else
		value = x->value_set ? value_words(r, x) : NO_WORDS;

	struct phrase both[2] = {value, verdict_words(r, x)};

	return doc_join_all(v->d, ", ", both, 2);
}

struct phrase versus_metric(const struct versus *v, size_t metric)
{
	const struct compared_metric *m = &v->c->metrics[metric];
	enum side s = m->presence == REMOVED ? BEFORE : AFTER;
	struct phrase name = metric_words(&v->side[s], m->version[s], m->metric[s]);

	if (m->presence == ADDED)
		return SAY(v->d, W_IS_ADDED, name);
	return m->presence == REMOVED ? SAY(v->d, W_IS_REMOVED, name) : name;
}

struct phrase versus_window(const struct versus *v, const struct compared_window *w)
{
	enum side s = w->of[AFTER] != NO_INDEX ? AFTER : BEFORE;

	return window_words(&v->side[s], window_of(v, w, s));
}

/* --- what makes the difference --- */

/* "4 h, in time", "2 h, late by 1 h" */
static struct phrase clock_side(const struct versus *v, const struct compared_part *p, enum side s)
{
	struct doc *d = v->d;
	struct report r = v->side[s];
	const struct clock *c;
	struct phrase goal;

	if (p->clock[s] == NO_INDEX)
		return SAY0(d, W_NOT_A_CASE);
	c = &v->c->of[s]->clocks[p->clock[s]];
	if (c->state == CLOCK_VOID)
		return clock_verdict_words(&r, c);
	goal = doc_span(d, c->goal_ms);
	if (p->state[s] == PART_ABSENT)
		return SAY(d, W_COUNTS_ELSEWHERE, goal);
	if (p->state[s] == PART_LATE && c->stop == INSTANT_NONE)
		return SAY(d, W_WITHIN_LATE_OPEN, goal);
	if (p->state[s] == PART_LATE)
		return SAY(d, W_WITHIN_LATE, goal, doc_span(d, -c->left_ms));
	return p->state[s] == PART_IN_TIME ? SAY(d, W_WITHIN_IN_TIME, goal) : goal;
}

static struct phrase part_side(const struct versus *v, const struct compared_part *p, enum side s)
{
	const struct compared_window *w = &v->c->windows[p->window];

	if (p->clock[BEFORE] != NO_INDEX || p->clock[AFTER] != NO_INDEX)
		return clock_side(v, p, s);
	if (p->outage[BEFORE] != NULL || p->outage[AFTER] != NULL) {
		struct phrase both[2] = {
			p->outage[s] != NULL ? outage_effect(&v->side[s], p->outage[s]) : NO_WORDS,
			versus_result(v, w, s)};

		return doc_join_all(v->d, "; ", both, 2);
	}
	return versus_result(v, w, s);
}

/* Used time is that of the new version, or of the old one if the clock is only there; they differ where calendars do. */
static struct phrase part_used(const struct versus *v, const struct compared_part *p)
{
	bool clock[SIDES] = {p->clock[BEFORE] != NO_INDEX, p->clock[AFTER] != NO_INDEX};

	if (!clock[BEFORE] && !clock[AFTER])
		return NO_WORDS;
	if (clock[BEFORE] && clock[AFTER] && p->time_ms[BEFORE] != p->time_ms[AFTER])
		return SAY(v->d, W_PAIR, doc_span(v->d, p->time_ms[BEFORE]),
			   doc_span(v->d, p->time_ms[AFTER]));
	return doc_span(v->d, p->time_ms[clock[AFTER] ? AFTER : BEFORE]);
}

static struct phrase item_name(const struct versus *v, const struct compared_item *x)
{
	struct phrase id = symbol_words(&v->side[AFTER], x->subject);

	switch (x->kind) {
	case ITEM_CASE:
		return id;
	case ITEM_OUTAGE:
		return x->subject == 0 ? SAY0(v->d, W_OUTAGE) : SAY(v->d, W_OUTAGE_ID, id);
	case ITEM_WINDOW:
		break;
	}
	return SAY0(v->d, W_ALL_OF_WINDOW);
}

/* The priority by which a clock was judged, if the contract has any. */
static struct phrase part_priority(const struct versus *v, const struct compared_part *p)
{
	enum side s = p->clock[AFTER] != NO_INDEX ? AFTER : BEFORE;
	const struct clock *c;

	if (p->clock[s] == NO_INDEX)
		return NO_WORDS;
	c = &v->c->of[s]->clocks[p->clock[s]];
	return priority_words(&v->side[s], c->version, c->priority);
}

static void item_rows(const struct versus *v, struct table *t, const struct compared_item *x)
{
	struct doc *d = v->d;

	for (size_t i = 0; i < x->n_parts; i++) {
		const struct compared_part *p = &x->parts[i];
		const struct compared_window *w = &v->c->windows[p->window];
		struct phrase promise[2] = {versus_metric(v, w->metric), part_priority(v, p)};

		ROW(d, t, i == 0 ? item_name(v, x) : doc_same(d), doc_join_all(d, " ", promise, 2),
		    SAY(d, W_PAIR_PLAIN, versus_window(v, w), NO_WORDS), part_used(v, p),
		    part_side(v, p, BEFORE), part_side(v, p, AFTER),
		    versus_difference(v, p->share));
	}
}

static struct phrase items_heading(const struct versus *v)
{
	int64_t n = (int64_t)v->c->n_items, outages = 0, cases = 0;

	for (size_t i = 0; i < v->c->n_items; i++) {
		outages += v->c->items[i].kind == ITEM_OUTAGE;
		cases += v->c->items[i].kind == ITEM_CASE;
	}
	enum wording one = W_MAKES_ONE_MIXED, many = W_MAKES_MOST_MIXED;

	if (cases == n) {
		one = W_MAKES_ONE_TICKETS;
		many = W_MAKES_MOST_TICKETS;
	} else if (outages == n) {
		one = W_MAKES_ONE_OUTAGES;
		many = W_MAKES_MOST_OUTAGES;
	}
	return n == 1 ? SAY0(v->d, one) : SAY(v->d, many, doc_int(v->d, n));
}

/* A portfolio has them for each contract, a restatement for each month. */
static const char *items_anchor(const struct versus *v)
{
	return text_format(v->d->arena, "items-%.*s-%" PRId64, TEXT_ARG(versus_promise(v)->id),
			   v->c->of[AFTER]->in.period.from / DAY_MS)
		.p;
}

void versus_items(const struct versus *v, enum wording before, enum wording after)
{
	struct doc *d = v->d;
	const struct comparison *c = v->c;
	const struct table_column columns[] = {
		{SAY0(d, W_CASE), COLUMN_TEXT},   {SAY0(d, W_PROMISE), COLUMN_TEXT},
		{SAY0(d, W_WHEN), COLUMN_PAGE},   {SAY0(d, W_USED), COLUMN_TEXT},
		{SAY0(d, before), COLUMN_TEXT},   {SAY0(d, after), COLUMN_TEXT},
		{SAY0(d, W_SHARE), COLUMN_NUMBER}};
	size_t left = c->n_all_items > c->n_items ? c->n_all_items - c->n_items : 0;
	struct table *t;

	if (c->n_items == 0) {
		doc_paragraph(d, SAY0(d, W_NOTHING_DIFFERS));
		return;
	}
	doc_section(d, items_anchor(v), items_heading(v));
	t = doc_table(d, NO_WORDS, columns, ARRAY_SIZE(columns));
	for (size_t i = 0; i < c->n_items; i++)
		item_rows(v, t, &c->items[i]);
	if (left > 0)
		ROW(d, t, COUNTED(d, (int64_t)left, W_OTHERS), NO_WORDS, NO_WORDS, NO_WORDS,
		    NO_WORDS, NO_WORDS, versus_difference(v, c->rest));
	if (left > 0 || c->n_items > 1)
		ROW(d, t, SAY0(d, W_TOTAL), NO_WORDS, NO_WORDS, NO_WORDS, NO_WORDS, NO_WORDS,
		    versus_difference(v, c->difference));
	if (c->difference.minor != 0)
		doc_paragraph(d, SAY0(d, W_HOW_SHARED));
}
