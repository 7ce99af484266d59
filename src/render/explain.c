/* SPDX-License-Identifier: Apache-2.0 */
#include "render/explain.h"

#include "render/explain_items.h"
#include "render/json_parts.h"

static void add_title(struct report *r, struct phrase title)
{
	const struct promise *p = statement_promise(r);
	struct doc *d = r->d;
	struct phrase under[2] = {
		SAY(d, W_VERSION,
		    doc_run(d, RUN_CODE, text_sub(text_of(p->contract->hash), 0, 12), text_of(""))),
		SAY(d, W_KNOWN_TO, doc_time(d, r->o->in.known_as_of, TIME_FULL))};

	d->title = title;
	d->aside = doc_plain(d, p->id);
	d->under = doc_join_all(d, " \xc2\xb7 ", under, 2);
	doc_footer(d, SAY(d, W_TIMES_SHOWN_IN, doc_plain(d, zone_name(statement_zone(r)))));
}

static enum wording group_of(enum item_kind kind)
{
	static const enum wording words[] = {
		[ITEM_REASON] = W_LIST_NUMBERS,
		[ITEM_METRIC] = W_LIST_METRICS,
		[ITEM_WINDOW] = W_LIST_WINDOWS,
		[ITEM_TICKET] = W_LIST_TICKETS,
		[ITEM_OUTAGE] = W_LIST_OUTAGES,
		[ITEM_EXCUSE] = W_LIST_EXCUSES,
		[ITEM_CREDIT] = W_LIST_CREDITS,
		[ITEM_BASE] = W_LIST_BASES,
		[ITEM_CAP] = W_CAPS,
		[ITEM_RIGHT] = W_LIST_RIGHTS,
		[ITEM_DEADLINE] = W_LIST_DEADLINES,
	};

	return words[kind];
}

struct doc *explain_list(struct arena *a, const struct outcome *o,
			 const struct statement_options *options)
{
	struct report *r = report_new(a, o, options);
	struct doc *d = r->d;
	struct items items = items_make(r);
	const struct table_column columns[] = {{SAY0(d, W_WHAT), COLUMN_TEXT},
					       {SAY0(d, W_SAYS), COLUMN_TEXT}};
	struct table *t = NULL;

	add_title(r, SAY0(d, W_EXPLAIN_LIST));
	for (size_t i = 0; i < items.n; i++) {
		if (i == 0 || items.v[i].kind != items.v[i - 1].kind) {
			doc_section(d, text_format(a, "list-%d", (int)items.v[i].kind).p,
				    SAY0(d, group_of(items.v[i].kind)));
			t = doc_table(d, NO_WORDS, columns, ARRAY_SIZE(columns));
			t->headless = true;
		}
		ROW(d, t, doc_run(d, RUN_CODE, items.v[i].id, text_of("")),
		    item_words(r, &items.v[i]));
	}
	if (items.n == 0)
		doc_paragraph(d, SAY0(d, W_NO_WINDOWS));
	return d;
}

/* --- one thing --- */

static void explain_window(struct report *r, uint32_t window)
{
	const struct window_result *w = &r->o->windows[window];
	struct doc *d = r->d;

	reason_window(r, 0, window);
	if (w->n_clocks == 0)
		return;
	(void)doc_reason(d, 0, STATE_NONE, SAY0(d, W_CASES_HEADING), NO_WORDS);
	const struct chart *times = chart_of_times(r, w, false);

	if (times != NULL)
		doc_chart(d, times);
	add_sample_table(r, window);
}

static bool same_metric(const struct report *r, uint32_t x, uint32_t y)
{
	const struct window_result *a = &r->o->windows[x], *b = &r->o->windows[y];

	return text_eq(report_metric(r, a->version, a->metric)->id,
		       report_metric(r, b->version, b->metric)->id);
}

static void explain_metric(struct report *r, uint32_t window)
{
	const struct chart *trend = NULL;
	uint32_t last = window;

	for (size_t i = 0; i < r->plan.n_windows; i++)
		if (same_metric(r, r->plan.windows[i], window))
			last = r->plan.windows[i];
	trend = chart_of_trend(r, &r->o->windows[last], false);
	if (trend != NULL)
		doc_chart(r->d, trend);
	for (size_t i = 0; i < r->plan.n_windows; i++)
		if (same_metric(r, r->plan.windows[i], window))
			explain_window(r, r->plan.windows[i]);
}

static void explain_ticket(struct report *r, uint32_t clock)
{
	symbol subject = r->o->clocks[clock].subject;
	struct fact_run facts = view_ticket(r->o->view, subject);
	struct doc *d = r->d;

	r->facts_later = true;
	for (uint32_t i = 0; i < r->o->n_clocks; i++)
		if (r->o->clocks[i].subject == subject)
			reason_clock(r, 0, i);
	if (facts.n == 0)
		return;
	(void)doc_reason(d, 0, STATE_NONE, SAY0(d, W_ALL_FACTS), NO_WORDS);
	struct table *t = fact_table(r, NO_WORDS);

	for (size_t i = 0; i < facts.n; i++)
		fact_row_add(r, t, facts.v[i]);
}

static struct phrase asset_words(const struct report *r, const struct promise *p, const int *assets,
				 size_t n)
{
	struct phrase all = NO_WORDS;

	for (size_t i = 0; i < n; i++) {
		struct phrase both[2] = {all, doc_plain(r->d, p->assets[assets[i]].id)};

		all = doc_join_all(r->d, ", ", both, 2);
	}
	return all;
}

static void explain_outage(struct report *r, uint32_t window, uint32_t place)
{
	const struct window_result *w = &r->o->windows[window];
	const struct promise *p = report_promise(r, w->version);
	const struct metric *m = &p->metrics[w->metric];
	const struct raw_outage *x = outage_of(w->availability, place);
	struct doc *d = r->d;
	struct pairs *pairs = doc_pairs(d);

	pair_add(d, pairs, SAY0(d, W_WHEN), span_words(r, x->span))->amount =
		doc_span(d, x->span.to - x->span.from);
	pair_add(d, pairs, SAY0(d, W_COMPONENT), asset_words(r, p, x->assets, x->n_assets));
	pair_add(d, pairs, SAY0(d, W_EFFECT), outage_effect(r, x));
	pair_add(d, pairs, SAY0(d, W_FOR),
		 SAY(d, W_PAIR, metric_words(r, w->version, w->metric), window_words(r, w)));
	if (m->min_outage_ms > 0)
		pair_add(d, pairs, SAY0(d, W_MIN_OUTAGE), doc_span(d, m->min_outage_ms));
	add_rules(r, pairs, "sla.md R44-R49");
	add_terms(r, m->node, NULL);
	struct table *t = fact_table(r, SAY0(d, W_FACTS));

	if (x->began_fact != NO_FACT)
		fact_row_add(r, t, x->began_fact);
	if (x->ended_fact != NO_FACT)
		fact_row_add(r, t, x->ended_fact);
}

static void explain_excuse(struct report *r, uint32_t window, uint32_t place)
{
	const struct window_result *w = &r->o->windows[window];
	const struct metric *m = report_metric(r, w->version, w->metric);
	const struct excuse *e = &w->availability->excuses[place];
	struct doc *d = r->d;
	struct pairs *pairs = doc_pairs(d);

	pair_add(d, pairs, SAY0(d, W_CAUSE), cause_words(r, e->cause));
	pair_add(d, pairs, SAY0(d, W_ASKED), span_words(r, e->asked))->amount =
		doc_span(d, e->asked.to - e->asked.from);
	if (e->granted.from < e->granted.to)
		pair_add(d, pairs, SAY0(d, W_GRANTED), span_words(r, e->granted))->amount =
			doc_span(d, e->granted_ms);
	pair_add(d, pairs, SAY0(d, W_EFFECT), excuse_effect(r, e));
	pair_add(d, pairs, SAY0(d, W_FOR),
		 SAY(d, W_PAIR, metric_words(r, w->version, w->metric), window_words(r, w)));
	add_rules(r, pairs, "sla.md R12, R18, R50-R53");
	add_terms(r, e->exclude >= 0 ? m->excludes[e->exclude].node : m->node, NULL);
	if (e->cause == CAUSE_SCHEDULED_MAINTENANCE || e->cause == CAUSE_EMERGENCY_MAINTENANCE)
		add_terms(r, report_promise(r, w->version)->maintenance.node, NULL);
	struct table *t = fact_table(r, SAY0(d, W_FACTS));

	if (e->fact != NO_FACT)
		fact_row_add(r, t, e->fact);
	if (e->actual_fact != NO_FACT)
		fact_row_add(r, t, e->actual_fact);
}

static void explain_base(struct report *r, uint32_t base)
{
	const struct base *b = &r->o->bases[base];
	const struct promise *p = statement_promise(r);
	struct doc *d = r->d;
	const struct table_column columns[] = {{SAY0(d, W_CHARGE), COLUMN_TEXT},
					       {SAY0(d, W_NAME), COLUMN_TEXT},
					       {SAY0(d, W_DAYS), COLUMN_NUMBER},
					       {SAY0(d, W_AMOUNT), COLUMN_NUMBER}};

	if (b->given)
		doc_paragraph(d, SAY0(d, W_BASE_GIVEN));
	struct table *t = doc_table(d, NO_WORDS, columns, ARRAY_SIZE(columns));

	for (size_t i = 0; i < b->n_lines; i++) {
		const struct base_line *l = &b->lines[i];
		struct phrase days =
			l->known ? SAY(d, W_OF, doc_int(d, l->days), doc_int(d, l->of_days))
				 : NO_WORDS;

		ROW(d, t, doc_plain(d, p->charges[l->charge].id),
		    doc_plain(d, p->charges[l->charge].name), days,
		    l->known ? doc_exact(d, l->exact, p->currency.decimals)
			     : SAY0(d, W_NOT_COUNTED_YET));
	}
	ROW(d, t, SAY0(d, W_SUM), NO_WORDS, NO_WORDS, doc_exact(d, b->exact, p->currency.decimals));
	add_rules(r, doc_pairs(d), "sla.md R58");
	add_terms(r, p->credits.node, NULL);
	for (size_t i = 0; i < b->n_lines; i++)
		add_terms(r, p->charges[b->lines[i].charge].node, NULL);
}

static void explain_cap(struct report *r, const struct cap_use *of)
{
	struct doc *d = r->d;
	const struct cap_rule *cap = &report_promise(r, of->version)->credits.caps[of->cap];
	struct pairs *pairs = doc_pairs(d);

	for (size_t i = 0; i < r->o->n_settlements; i++) {
		const struct settlement *s = &r->o->settlements[i];

		for (size_t k = 0; k < s->n_caps; k++)
			if (text_eq(report_promise(r, s->caps[k].version)
					    ->credits.caps[s->caps[k].cap]
					    .id,
				    cap->id))
				pair_add(d, pairs, doc_time(d, s->month.from, TIME_MONTH),
					 cap_words(r, &s->caps[k]));
	}
	add_rules(r, pairs, "sla.md R57, R62");
	add_terms(r, cap->node, NULL);
}

static void explain_deadline(struct report *r, const struct act_deadline *x)
{
	struct doc *d = r->d;
	struct pairs *pairs = doc_pairs(d);
	static const enum wording states[] = {[DEADLINE_OPEN] = W_DEADLINE_OPEN,
					      [DEADLINE_MET] = W_DEADLINE_MET,
					      [DEADLINE_LATE] = W_OVERDUE};

	pair_add(d, pairs, SAY0(d, W_WHAT), deadline_words(r, x));
	pair_add(d, pairs, SAY0(d, W_WHO), party_words(r, x->who));
	pair_add(d, pairs, SAY0(d, W_UNTIL), doc_time(d, x->at, TIME_DEADLINE));
	pair_add(d, pairs, SAY0(d, W_RESULT),
		 SAY0(d, x->state == DEADLINE_LATE && x->done != INSTANT_NONE ? W_STATE_LATE : states[x->state]));
	if (x->done != INSTANT_NONE)
		pair_add(d, pairs, SAY0(d, W_DONE), doc_time(d, x->done, TIME_FULL));
	add_rules(r, pairs, "sla.md R11, R12; contract-language.md CL-10 to CL-12");
	add_terms(r, x->why, NULL);
	if (x->fact != NO_FACT)
		fact_row_add(r, fact_table(r, SAY0(d, W_FACTS)), x->fact);
}

static void explain_item(struct report *r, const struct item_of *x)
{
	switch (x->kind) {
	case ITEM_REASON:
		reason_add(r, x->index + 1, &r->plan.v[x->index]);
		return;
	case ITEM_METRIC:
		explain_metric(r, x->index);
		return;
	case ITEM_WINDOW:
		explain_window(r, x->index);
		return;
	case ITEM_TICKET:
		explain_ticket(r, x->index);
		return;
	case ITEM_OUTAGE:
		explain_outage(r, x->index, x->place);
		return;
	case ITEM_EXCUSE:
		explain_excuse(r, x->index, x->place);
		return;
	case ITEM_CREDIT:
		reason_credit(r, 0, x->index);
		return;
	case ITEM_BASE:
		explain_base(r, x->index);
		return;
	case ITEM_CAP:
		explain_cap(r, &r->o->settlements[x->index].caps[x->place]);
		return;
	case ITEM_RIGHT:
		reason_right(r, 0, x->index);
		return;
	case ITEM_DEADLINE:
		explain_deadline(r, &r->o->deadlines[x->index]);
		return;
	}
}

enum rc explain_doc(struct arena *a, const struct outcome *o,
		    const struct statement_options *options, struct text what, struct doc **out,
		    struct err *err)
{
	struct report *r = report_new(a, o, options);
	struct items items = items_make(r);
	const struct item_of *x = NULL;
	enum rc rc = items_find(r, &items, what, &x, err);

	if (rc != RC_OK)
		return rc;
	r->full = true;
	add_title(r, SAY(r->d, W_EXPLAIN_TITLE, doc_plain(r->d, x->id)));
	explain_item(r, x);
	*out = r->d;
	return RC_OK;
}

/* --- JSON --- */

static void json_clocks_of(struct json *j, const struct report *r, symbol subject)
{
	struct fact_run facts = view_ticket(r->o->view, subject);

	json_key(j, "clocks");
	json_open_array(j);
	for (uint32_t i = 0; i < r->o->n_clocks; i++)
		if (r->o->clocks[i].subject == subject)
			json_clock(j, r, i, true);
	json_end_array(j);
	json_key(j, "facts");
	json_open_array(j);
	for (size_t i = 0; i < facts.n; i++)
		json_fact(j, r, facts.v[i]);
	json_end_array(j);
}

static void json_reason(struct json *j, const struct report *r, const struct reason *x)
{
	uint32_t *facts = NULL;
	size_t n = 0;

	switch (x->kind) {
	case REASON_CLOCK:
		json_key(j, "clock");
		json_clock(j, r, x->index, true);
		return;
	case REASON_WINDOW:
		json_key(j, "window");
		json_window(j, r, x->index, true);
		return;
	case REASON_CREDIT:
		json_key(j, "credit");
		json_credit(j, r, x->index);
		return;
	case REASON_RIGHT:
		json_key(j, "right");
		json_right(j, r, x->index);
		return;
	case REASON_VOID:
		json_key(j, "clocks");
		json_open_array(j);
		for (uint32_t i = 0; i < r->o->n_clocks; i++)
			if (r->o->clocks[i].reason == x->index &&
			    void_shown(r->o, &r->o->clocks[i]))
				json_clock(j, r, i, false);
		json_end_array(j);
		return;
	case REASON_CONTRADICTION:
		json_key(j, "contradiction");
		json_contradiction(j, r, x->index);
		return;
	case REASON_FLAG:
		n = flagged_facts(r->d->arena, r->o, (uint16_t)(1u << x->index), &facts);
		json_key(j, "facts");
		json_open_array(j);
		for (size_t i = 0; i < n; i++)
			json_fact(j, r, facts[i]);
		json_end_array(j);
		return;
	}
}

static void json_windows_of(struct json *j, const struct report *r, uint32_t window)
{
	json_key(j, "windows");
	json_open_array(j);
	for (size_t i = 0; i < r->plan.n_windows; i++)
		if (same_metric(r, r->plan.windows[i], window))
			json_window(j, r, r->plan.windows[i], true);
	json_end_array(j);
}

static void json_item(struct json *j, const struct report *r, const struct item_of *x)
{
	const struct window_result *w = r->o->windows;

	if (x->kind == ITEM_OUTAGE || x->kind == ITEM_EXCUSE)
		w += x->index; /* the window that knows of it */
	switch (x->kind) {
	case ITEM_REASON:
		json_reason(j, r, &r->plan.v[x->index]);
		return;
	case ITEM_METRIC:
		json_windows_of(j, r, x->index);
		return;
	case ITEM_WINDOW:
		json_key(j, "window");
		json_window(j, r, x->index, true);
		return;
	case ITEM_TICKET:
		json_clocks_of(j, r, r->o->clocks[x->index].subject);
		return;
	case ITEM_OUTAGE:
		json_key(j, "outage");
		json_outage(j, r, report_promise(r, w->version),
			    outage_of(w->availability, x->place));
		return;
	case ITEM_EXCUSE:
		json_key(j, "excuse");
		json_excuse(j, r, &w->availability->excuses[x->place]);
		return;
	case ITEM_CREDIT:
		json_key(j, "credit");
		json_credit(j, r, x->index);
		return;
	case ITEM_BASE:
		json_key(j, "base");
		json_base(j, r, x->index, statement_promise(r));
		return;
	case ITEM_CAP:
		json_key(j, "cap");
		json_cap(j, r, &r->o->settlements[x->index].caps[x->place]);
		return;
	case ITEM_RIGHT:
		json_key(j, "right");
		json_right(j, r, x->index);
		return;
	case ITEM_DEADLINE:
		json_key(j, "deadline");
		json_deadline(j, r, &r->o->deadlines[x->index]);
		return;
	}
}

static void json_list(struct json *j, struct report *r, const struct items *items)
{
	json_key(j, "items");
	json_open_array(j);
	for (size_t i = 0; i < items->n; i++) {
		json_open_object(j);
		json_kv_text(j, "what", items->v[i].id);
		json_kv_text(j, "says", doc_words(r->d, item_words(r, &items->v[i])));
		json_end_object(j);
	}
	json_end_array(j);
}

enum rc explain_json(struct arena *a, const struct outcome *o,
		     const struct statement_options *options, struct text what, struct buf *out,
		     struct err *err)
{
	struct report *r = report_new(a, o, options);
	struct items items = items_make(r);
	const struct item_of *x = NULL;
	enum rc rc = what.n > 0 ? items_find(r, &items, what, &x, err) : RC_OK;
	struct json j;

	if (rc != RC_OK)
		return rc;
	json_init(&j, out, true);
	json_open_object(&j);
	json_kv_int(&j, "tenor_explain", 1);
	if (x == NULL) {
		json_list(&j, r, &items);
	} else {
		json_kv_text(&j, "what", x->id);
		json_kv_text(&j, "says", doc_words(r->d, item_words(r, x)));
		json_item(&j, r, x);
	}
	json_end_object(&j);
	buf_char(out, '\n');
	return RC_OK;
}
