/* SPDX-License-Identifier: Apache-2.0 */
#include "render/atrisk.h"

#include "render/json_parts.h"
#include "render/reason.h"
#include "render/statement_parts.h"

#include <stdlib.h>

static bool is_open(const struct clock *c)
{
	return c->stop == INSTANT_NONE && (c->state == CLOCK_RUNNING || c->state == CLOCK_AT_RISK ||
					   c->state == CLOCK_PAUSED || c->state == CLOCK_BREACHED);
}

/* What is worst comes first: late, at risk, running, paused. */
static int rank(const struct clock *c)
{
	switch ((enum clock_state)c->state) {
	case CLOCK_BREACHED:
		return 0;
	case CLOCK_AT_RISK:
		return 1;
	case CLOCK_RUNNING:
		return 2;
	case CLOCK_PAUSED:
		return c->at_risk ? 3 : 4;
	case CLOCK_MET:
	case CLOCK_MISSED:
	case CLOCK_VOID:
		break;
	}
	return 5;
}

struct open_clock {
	const struct clock *c;
	uint32_t index;
};

static int by_urgency(const void *x, const void *y)
{
	const struct open_clock *a = x, *b = y;
	int d = rank(a->c) - rank(b->c);

	if (d != 0)
		return d;
	if (a->c->left_ms != b->c->left_ms)
		return a->c->left_ms < b->c->left_ms ? -1 : 1;
	return (a->index > b->index) - (a->index < b->index);
}

static struct open_clock *open_clocks(const struct report *r, size_t *n)
{
	struct open_clock *v = arena_array(r->d->arena, struct open_clock, r->o->n_clocks);

	*n = 0;
	for (uint32_t i = 0; i < r->o->n_clocks; i++)
		if (is_open(&r->o->clocks[i]))
			v[(*n)++] = (struct open_clock){&r->o->clocks[i], i};
	qsort(v, *n, sizeof(*v), by_urgency);
	return v;
}

static struct phrase due_words(struct report *r, const struct open_clock *l)
{
	struct doc *d = r->d;

	if (l->c->deadline != INSTANT_NONE)
		return doc_time(d, l->c->deadline, TIME_MOMENT);
	const struct clock_detail *detail = outcome_clock_detail(d->arena, r->o, l->index);

	if (detail->due_if_resumed == INSTANT_NONE)
		return NO_WORDS;
	return SAY(d, W_IF_RESUMED, doc_time(d, detail->due_if_resumed, TIME_MOMENT));
}

static struct phrase state_words(struct report *r, const struct clock *c)
{
	struct doc *d = r->d;

	if (c->state == CLOCK_BREACHED)
		return doc_state_run(d, STATE_MISSED, SAY0(d, W_STATE_LATE));
	if (c->state == CLOCK_PAUSED)
		return doc_state_run(d, c->at_risk ? STATE_RISK : STATE_OPEN,
				     SAY0(d, c->at_risk ? W_STATE_PAUSED_AT_RISK : W_STATE_PAUSED));
	if (c->state == CLOCK_AT_RISK)
		return doc_state_run(d, STATE_RISK, SAY0(d, W_STATE_AT_RISK));
	return doc_state_run(d, STATE_OPEN, SAY0(d, W_STATE_RUNNING));
}

static void add_clocks(struct report *r)
{
	struct doc *d = r->d;
	size_t n = 0;
	struct open_clock *v = open_clocks(r, &n);
	const struct table_column columns[] = {
		{SAY0(d, W_TICKET), COLUMN_TEXT},  {SAY0(d, W_PRIORITY), COLUMN_TEXT},
		{SAY0(d, W_PROMISE), COLUMN_TEXT}, {SAY0(d, W_STATE), COLUMN_TEXT},
		{SAY0(d, W_LEFT), COLUMN_NUMBER},  {SAY0(d, W_OF_GOAL), COLUMN_NUMBER},
		{SAY0(d, W_DUE), COLUMN_TEXT}};

	doc_section(d, "clocks", SAY0(d, W_OPEN_CLOCKS));
	if (n == 0) {
		doc_paragraph(d, SAY0(d, W_NO_OPEN_CLOCKS));
		return;
	}
	struct table *t = doc_table(d, NO_WORDS, columns, ARRAY_SIZE(columns));

	for (size_t i = 0; i < n; i++)
		ROW(d, t, symbol_words(r, v[i].c->subject),
		    priority_words(r, v[i].c->version, v[i].c->priority),
		    metric_words(r, v[i].c->version, v[i].c->metric), state_words(r, v[i].c),
		    doc_span(d, v[i].c->left_ms), doc_span(d, v[i].c->goal_ms),
		    due_words(r, &v[i]));
}

static bool has_budget(const struct window_result *w)
{
	return w->running && w->availability != NULL && w->target_set;
}

static void add_budgets(struct report *r)
{
	struct doc *d = r->d;
	static const enum wording states[] = {W_BUDGET_ON_TRACK, W_BUDGET_AT_RISK, W_BUDGET_LOST};
	static const enum doc_state shapes[] = {STATE_KEPT, STATE_RISK, STATE_MISSED};
	const struct table_column columns[] = {
		{SAY0(d, W_PROMISE), COLUMN_TEXT}, {SAY0(d, W_WINDOW), COLUMN_TEXT},
		{SAY0(d, W_TARGET), COLUMN_TEXT},  {SAY0(d, W_ALLOWED), COLUMN_NUMBER},
		{SAY0(d, W_SPENT), COLUMN_NUMBER}, {SAY0(d, W_STATE), COLUMN_TEXT}};
	struct table *t = NULL;

	for (size_t i = 0; i < r->o->n_windows; i++) {
		const struct window_result *w = &r->o->windows[i];

		if (!has_budget(w))
			continue;
		if (t == NULL) {
			doc_section(d, "budgets", SAY0(d, W_BUDGETS));
			t = doc_table(d, NO_WORDS, columns, ARRAY_SIZE(columns));
		}
		ROW(d, t, metric_words(r, w->version, w->metric), window_words(r, w),
		    doc_percent(d, w->target), doc_span(d, w->availability->budget_ms),
		    doc_span(d, w->availability->spent_ms),
		    doc_state_run(d, shapes[w->availability->budget_state],
				  SAY0(d, states[w->availability->budget_state])));
	}
	for (size_t i = 0; i < r->o->n_windows; i++)
		if (has_budget(&r->o->windows[i]))
			unseen_note(r, &r->o->windows[i], true, 0);
}

struct doc *atrisk_doc(struct arena *a, const struct outcome *o,
		       const struct statement_options *options)
{
	struct report *r = report_new(a, o, options);
	const struct promise *p = statement_promise(r);
	struct doc *d = r->d;

	d->title = SAY0(d, W_ATRISK);
	d->aside = doc_plain(d, p->id);
	d->parties = SAY(d, W_FOR_PARTY, doc_plain(d, p->provider), doc_plain(d, p->client));
	d->subject = doc_plain(d, p->title);
	d->under = SAY(d, W_AS_OF, doc_time(d, o->in.as_of, TIME_FULL));
	add_clocks(r);
	add_budgets(r);
	statement_deadlines(r);
	doc_footer(d, SAY(d, W_TIMES_SHOWN_IN, doc_plain(d, zone_name(statement_zone(r)))));
	return d;
}

void atrisk_json(struct arena *a, const struct outcome *o, const struct statement_options *options,
		 struct buf *out)
{
	struct report *r = report_new(a, o, options);
	struct json j;
	size_t n = 0;
	struct open_clock *v = open_clocks(r, &n);

	json_init(&j, out, true);
	json_open_object(&j);
	json_kv_int(&j, "tenor_atrisk", 1);
	json_instant(&j, "as_of", o->in.as_of);
	json_key(&j, "clocks");
	json_open_array(&j);
	for (size_t i = 0; i < n; i++)
		json_clock(&j, r, v[i].index, true);
	json_end_array(&j);
	json_key(&j, "budgets");
	json_open_array(&j);
	for (uint32_t i = 0; i < o->n_windows; i++)
		if (has_budget(&o->windows[i]))
			json_window(&j, r, i, false);
	json_end_array(&j);
	json_end_object(&j);
	buf_char(out, '\n');
}
