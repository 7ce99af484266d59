/* SPDX-License-Identifier: Apache-2.0 */
/* Why a window has its value: outages, excuses, allowances and the denominator in words; samples of shares and means. */
#include "render/reason.h"

#include <assert.h>
#include <stdlib.h>

/* --- headings --- */

static struct phrase scope_words(const struct report *r, const struct window_result *w)
{
	const struct promise *p = report_promise(r, w->version);
	const struct metric *m = report_metric(r, w->version, w->metric);
	struct phrase all[6];
	size_t n = 0;

	for (size_t i = 0; i < m->n_scope && n < 5; i++)
		all[n++] = doc_plain(r->d, p->assets[m->scope[i]].id);
	if (m->n_scope > 5)
		all[n++] = COUNTED(r->d, (int64_t)m->n_scope - 5, W_MORE);
	if (m->n_scope == 0 && m->service >= 0)
		all[n++] = doc_plain(r->d, p->services[m->service].id);
	return doc_join_all(r->d, ", ", all, n);
}

struct phrase value_words(const struct report *r, const struct window_result *w)
{
	const struct metric *m = report_metric(r, w->version, w->metric);

	if (!w->value_set)
		return SAY0(r->d, W_NA);
	switch (m->kind) {
	case METRIC_ELAPSED:
	case METRIC_AVAILABILITY:
	case METRIC_RATIO:
		return doc_percent(r->d, w->shown);
	case METRIC_MEAN:
	case METRIC_PERCENTILE:
	case METRIC_COUNT:
		break;
	}
	return doc_decimal(r->d, w->shown);
}

struct phrase window_target_words(const struct report *r, const struct window_result *w)
{
	const struct metric *m = report_metric(r, w->version, w->metric);

	if (!w->target_set)
		return NO_WORDS;
	switch (m->kind) {
	case METRIC_ELAPSED:
	case METRIC_AVAILABILITY:
	case METRIC_RATIO:
		return doc_percent(r->d, w->target);
	case METRIC_MEAN:
	case METRIC_PERCENTILE:
	case METRIC_COUNT:
		break;
	}
	return doc_decimal(r->d, w->target);
}

struct phrase window_heading(struct report *r, uint32_t window)
{
	const struct window_result *w = &r->o->windows[window];
	const struct metric *m = report_metric(r, w->version, w->metric);
	const struct availability *av = w->availability;
	struct doc *d = r->d;
	struct phrase name = metric_words(r, w->version, w->metric), value = value_words(r, w);

	if (m->kind == METRIC_AVAILABILITY) {
		struct phrase scope = scope_words(r, w);

		if (scope.n > 0)
			name = SAY(d, W_METRIC_OF, name, scope);
		if (av != NULL && w->value_set && av->n_members == 0 &&
		    av->down_ms == av->down_as_up_ms)
			value = SAY(d, W_DOWN_IS, quotient_words(r, av->down_ms, av->base_ms),
				    value);
	} else if (w->value_set && m->kind != METRIC_MEAN && m->kind != METRIC_PERCENTILE &&
		   w->samples > 0) {
		value = SAY(d, W_SHARE_IS, doc_int(d, w->in_time), doc_int(d, w->samples), value);
	}
	struct phrase out = SAY(d, W_COLON, name, value), target = window_target_words(r, w);

	return target.n > 0 ? SAY(d, W_PROMISED, out, target) : out;
}

/* --- availability --- */

static struct phrase summer_words(const struct report *r, struct span s)
{
	const struct zone *z = r->d->zone;
	struct doc *d = r->d;

	if (z == NULL)
		return NO_WORDS;
	for (instant t = zone_next_change(z, s.from - 1); t < s.to; t = zone_next_change(z, t)) {
		int32_t before = zone_offset_s(z, t - 1), after = zone_offset_s(z, t);

		if (before != after)
			return SAY(d, after > before ? W_SUMMER_BEGAN : W_SUMMER_ENDED,
				   doc_time(d, t, TIME_DATE));
	}
	return NO_WORDS;
}

/* How several components make one service (sla.md R49). */
static void add_group(struct report *r, struct pairs *pairs, const struct metric *m)
{
	static const enum wording words[] = {
		[GROUP_ANY_DOWN] = W_GROUP_ANY,      [GROUP_ALL_DOWN] = W_GROUP_ALL,
		[GROUP_K_OF_N] = W_GROUP_K,          [GROUP_MEAN] = W_GROUP_MEAN,
		[GROUP_WEIGHTED] = W_GROUP_WEIGHTED,
	};
	struct doc *d = r->d;

	if (m->n_scope < 2)
		return;
	assert((size_t)m->group < ARRAY_SIZE(words));
	pair_add(d, pairs, SAY0(d, W_GROUP),
		 m->group == GROUP_K_OF_N
			 ? SAY(d, W_GROUP_K, doc_int(d, m->k), doc_int(d, (int64_t)m->n_scope))
			 : SAY0(d, words[m->group]));
}

/* A dead probe must not pay: more than a hundredth unseen is said (sla.md R45). */
/* A value on little of the time must say so: a dead probe neither pays nor passes (sla.md R45). */
void unseen_note(struct report *r, const struct window_result *w, bool named, size_t reason)
{
	const struct availability *av = w->availability;
	struct doc *d = r->d;

	if (av == NULL || av->unknown_ms == 0 || av->unknown_ms <= av->agreed_ms / 100)
		return;
	struct phrase says = SAY(d, W_UNSEEN, quotient_words(r, av->unknown_ms, av->agreed_ms));

	if (named)
		says = SAY(d, W_COLON, metric_words(r, w->version, w->metric), says);
	if (reason > 0)
		says = SAY(d, W_PAIR_PLAIN, says, doc_ref(d, reason));
	doc_note(d, STATE_RISK, says);
}

/* The part of the window that is judged, and how much of it is agreed: the first steps from the window to A'. */
static size_t agreed_parts(const struct report *r, const struct window_result *w,
			   const struct availability *av, struct phrase *parts)
{
	struct doc *d = r->d;
	const struct metric *m = report_metric(r, w->version, w->metric);
	int64_t window_ms = w->window.to - w->window.from;
	int64_t agreed_ms = av->n_members > 0 ? av->members[0].agreed_ms : av->agreed_ms;
	struct phrase has = SAY(d, W_WINDOW_HAS, window_words(r, w), doc_span(d, window_ms));
	struct phrase summer = summer_words(r, w->window);
	size_t n = 0;

	parts[n++] = summer.n > 0 ? SAY(d, W_IN_BRACKETS, has, summer) : has;
	if (av->window_ms != window_ms)
		parts[n++] =
			SAY(d, W_JUDGED_PART, span_words(r, w->judged), doc_span(d, av->window_ms));
	if (agreed_ms != av->window_ms && r->o->in.as_of < w->judged.to)
		parts[n++] = SAY(d, W_SEEN_UNTIL, doc_time(d, r->o->in.as_of, TIME_FULL));
	if (agreed_ms != av->window_ms && m->schedule != NULL && !calendar_is_always(m->schedule))
		parts[n++] = SAY(d, W_AGREED, doc_span(d, agreed_ms),
				 doc_plain(d, calendar_id(m->schedule)));
	else if (agreed_ms != av->window_ms)
		parts[n++] = SAY(d, W_AGREED_TIME, doc_span(d, agreed_ms));
	if (av->n_members > 1)
		parts[n++] = SAY(d, W_MEMBERS_TOGETHER, doc_int(d, (int64_t)av->n_members),
				 doc_span(d, av->agreed_ms));
	return n;
}

/*
 * From agreed time to A': what was not observed and what is excused, each named once. Where degraded counts half, time in which
 * only a degraded component was seen is out in one of the two readings: half of it leaves or stays, and is said for itself.
 */
static size_t removed_parts(const struct report *r, const struct metric *m,
			    const struct availability *av, struct phrase *parts)
{
	struct doc *d = r->d;
	int64_t unknown_ms = m->unknown == UNKNOWN_EXCLUDE ? av->unknown_ms : 0;
	int64_t excused_ms = m->excluded_time == EXCLUDED_REMOVE_BOTH ? av->excused_ms : 0;
	int64_t half_ms = av->agreed_ms - unknown_ms - excused_ms - av->base_ms;
	size_t n = 0;

	if (unknown_ms > 0)
		parts[n++] = SAY(d, W_UNKNOWN_EXCLUDED, doc_span(d, unknown_ms));
	if (excused_ms > 0)
		parts[n++] = SAY(d, W_REMOVED, doc_span(d, excused_ms));
	if (half_ms > 0)
		parts[n++] = SAY(d, W_HALF_REMOVED, doc_span(d, half_ms));
	if (half_ms < 0)
		parts[n++] = SAY(d, W_HALF_KEPT, doc_span(d, -half_ms));
	return n;
}

/* Time that stays in A' and is worth a word. */
static size_t kept_parts(const struct report *r, const struct metric *m,
			 const struct availability *av, struct phrase *parts)
{
	struct doc *d = r->d;
	size_t n = 0;

	if (av->unknown_ms > 0 && m->unknown != UNKNOWN_EXCLUDE)
		parts[n++] = SAY(d, m->unknown == UNKNOWN_UP ? W_UNKNOWN_UP : W_UNKNOWN_DOWN,
				 doc_span(d, av->unknown_ms));
	if (av->as_up_ms > 0)
		parts[n++] = SAY(d, W_AS_UP, doc_span(d, av->as_up_ms));
	if (av->dropped_ms > 0)
		parts[n++] = SAY(d, W_DROPPED, doc_span(d, av->dropped_ms),
				 doc_span(d, m->min_outage_ms));
	return n;
}

/* "March 2026 has 743 h (summer time began on 8 Mar); less 1 h maintenance": A' in words. */
static void add_denominator(struct report *r, struct pairs *pairs, const struct window_result *w,
			    const struct availability *av)
{
	struct doc *d = r->d;
	const struct metric *m = report_metric(r, w->version, w->metric);
	struct phrase parts[12];
	size_t n = agreed_parts(r, w, av, parts);

	n += removed_parts(r, m, av, parts + n);
	n += kept_parts(r, m, av, parts + n);
	assert(n <= ARRAY_SIZE(parts));
	pair_add(d, pairs, SAY0(d, W_TIME_COUNTED), doc_join_all(d, "; ", parts, n))->amount =
		doc_span(d, av->base_ms);
	pair_add(d, pairs, SAY0(d, W_DOWN), SAY0(d, W_DOWN_WORDS))->amount =
		doc_span(d, av->down_ms);
	if (av->down_as_up_ms != av->down_ms)
		pair_add(d, pairs, NO_WORDS, SAY(d, W_HALF_DOWN, doc_span(d, av->down_as_up_ms)));
	pair_add(d, pairs, SAY0(d, W_MAINTENANCE_RULE),
		 SAY0(d, m->excluded_time == EXCLUDED_REMOVE_BOTH ? W_RULE_REMOVE_BOTH
								  : W_RULE_AS_UP));
	if (w->target_set)
		pair_add(d, pairs, SAY0(d, W_BUDGET),
			 SAY(d, W_BUDGET_SPENT, doc_span(d, av->budget_ms),
			     doc_span(d, av->spent_ms)));
}

struct phrase outage_effect(const struct report *r, const struct raw_outage *x)
{
	struct doc *d = r->d;
	struct phrase parts[4];
	size_t n = 0;

	if (x->dropped)
		return SAY0(d, W_OUTAGE_DROPPED);
	if (x->counted_ms > 0)
		parts[n++] = SAY(d, W_OUTAGE_COUNTED, doc_span(d, x->counted_ms));
	if (x->excused_ms > 0)
		parts[n++] = SAY(d, W_OUTAGE_EXCUSED, doc_span(d, x->excused_ms));
	if (n == 0)
		parts[n++] = SAY0(d, W_OUTAGE_NOTHING);
	if (x->degraded)
		parts[n++] = SAY0(d, W_OUTAGE_DEGRADED);
	if (x->open)
		parts[n++] = SAY0(d, W_OUTAGE_OPEN);
	return doc_join_all(d, ", ", parts, n);
}

struct phrase excuse_effect(const struct report *r, const struct excuse *e)
{
	struct doc *d = r->d;
	struct phrase parts[4];
	size_t n = 0;

	if (e->refusal != EXCUSE_VALID && e->granted_ms == 0) {
		parts[n++] =
			SAY(d, W_EXCUSE_REFUSED, cause_words(r, e->cause), refusal_words(r, e));
		if (e->would_excuse_ms > 0)
			parts[n++] = SAY(d, W_WOULD_EXCUSE, doc_span(d, e->would_excuse_ms));
		return doc_join_all(d, "; ", parts, n);
	}
	parts[n++] = SAY(d, W_EXCUSE_GRANTED, doc_span(d, e->granted_ms), cause_words(r, e->cause));
	if (e->needed_ms == 0 && e->notice_ms > 0)
		parts[n++] = SAY(d, W_NOTICE_ONLY, doc_span(d, e->notice_ms));
	else if (e->needed_ms > 0)
		parts[n++] = SAY(d, W_NOTICE_GIVEN, doc_span(d, e->notice_ms),
				 doc_span(d, e->needed_ms));
	if (e->allowance)
		parts[n++] = SAY(d, W_ALLOWANCE_LEFT, doc_span(d, e->allowance_left_ms));
	if (e->refusal != EXCUSE_VALID)
		parts[n++] = refusal_words(r, e);
	return doc_join_all(d, "; ", parts, n);
}

static struct phrase outage_name(const struct report *r, const struct raw_outage *x, size_t index)
{
	if (x->began_fact != NO_FACT && view_fact(r->o->view, x->began_fact)->subject != 0)
		return SAY(r->d, W_OUTAGE_ID,
			   symbol_words(r, view_fact(r->o->view, x->began_fact)->subject));
	return SAY(r->d, W_OUTAGE_ID, doc_int(r->d, (int64_t)index + 1));
}

static struct phrase excuse_name(const struct report *r, const struct excuse *e)
{
	if (e->fact == NO_FACT)
		return cause_words(r, e->cause);
	return symbol_words(r, view_fact(r->o->view, e->fact)->subject);
}

/* An outage or an excuse; of mean and weighted, also of which component. */
struct interval {
	instant from;
	const struct raw_outage *outage; /* or NULL */
	const struct excuse *excuse;     /* or NULL */
	int member;                      /* index, -1: of all */
	uint32_t index;
};

static int by_time(const void *x, const void *y)
{
	const struct interval *a = x, *b = y;

	if (a->from != b->from)
		return a->from < b->from ? -1 : 1;
	if ((a->outage == NULL) != (b->outage == NULL))
		return a->outage == NULL ? 1 : -1;
	if (a->member != b->member)
		return a->member < b->member ? -1 : 1;
	return (a->index > b->index) - (a->index < b->index);
}

static size_t put_outages(struct interval *v, const struct availability *av, int member)
{
	for (uint32_t i = 0; i < av->n_outages; i++)
		v[i] = (struct interval){av->outages[i].span.from, &av->outages[i], NULL, member,
					 i};
	return av->n_outages;
}

/* Outages and excuses in one order of time. */
static size_t intervals_of(struct arena *a, const struct availability *av, struct interval **out)
{
	size_t n = av->n_outages + av->n_excuses;

	for (size_t i = 0; i < av->n_members; i++)
		n += av->members[i].n_outages;

	struct interval *v = arena_array(a, struct interval, n);
	size_t used = put_outages(v, av, -1);

	for (size_t i = 0; i < av->n_members; i++)
		used += put_outages(v + used, &av->members[i], (int)i);
	for (uint32_t i = 0; i < av->n_excuses; i++)
		v[used++] =
			(struct interval){av->excuses[i].asked.from, NULL, &av->excuses[i], -1, i};
	assert(used == n);
	if (n > 0)
		qsort(v, n, sizeof(*v), by_time);
	*out = v;
	return n;
}

static struct phrase member_words(const struct report *r, const struct window_result *w, size_t i)
{
	const struct metric *m = report_metric(r, w->version, w->metric);

	return i < m->n_scope
		       ? doc_plain(r->d, report_promise(r, w->version)->assets[m->scope[i]].id)
		       : doc_int(r->d, (int64_t)i + 1);
}

static void outage_row(struct report *r, struct table *t, const struct window_result *w,
		       const struct interval *x)
{
	struct doc *d = r->d;
	struct phrase name = outage_name(r, x->outage, x->index);
	bool by_probe = x->outage->began_fact != NO_FACT &&
			view_fact(r->o->view, x->outage->began_fact)->kind == FACT_PROBE_SAMPLE;

	/* What probes found bears the name of its component already. */
	if (x->member >= 0 && !by_probe)
		name = SAY(d, W_COLON, member_words(r, w, (size_t)x->member), name);
	ROW(d, t, span_words(r, x->outage->span),
	    doc_span(d, x->outage->span.to - x->outage->span.from), name,
	    outage_effect(r, x->outage),
	    x->outage->began_fact != NO_FACT ? fact_source_words(r, x->outage->began_fact)
					     : NO_WORDS);
}

static void excuse_row(struct report *r, struct table *t, const struct excuse *e)
{
	struct doc *d = r->d;

	ROW(d, t, span_words(r, e->asked), doc_span(d, e->asked.to - e->asked.from),
	    excuse_name(r, e), excuse_effect(r, e),
	    e->fact != NO_FACT ? fact_source_words(r, e->fact) : NO_WORDS);
}

static void add_intervals(struct report *r, const struct window_result *w,
			  const struct availability *av, struct text what)
{
	struct doc *d = r->d;
	const struct table_column columns[] = {{SAY0(d, W_WHEN), COLUMN_TEXT},
					       {SAY0(d, W_LENGTH), COLUMN_NUMBER},
					       {SAY0(d, W_WHAT), COLUMN_TEXT},
					       {SAY0(d, W_EFFECT), COLUMN_TEXT},
					       {SAY0(d, W_SOURCE), COLUMN_PAGE}};
	struct interval *v = NULL;
	size_t n = intervals_of(d->arena, av, &v);

	if (n == 0) {
		doc_paragraph(d, SAY0(d, W_NO_OUTAGE));
		return;
	}
	struct table *t =
		doc_table(d, SAY0(d, W_OUTAGES_AND_EXCUSES), columns, ARRAY_SIZE(columns));

	for (size_t i = 0; i < n; i++) {
		if (v[i].outage != NULL)
			outage_row(r, t, w, &v[i]);
		else
			excuse_row(r, t, v[i].excuse);
	}
	limit_table(r, t, what);
}

/* mean and weighted: each component alone (sla.md R49). */
static void add_members(struct report *r, const struct window_result *w,
			const struct availability *av)
{
	struct doc *d = r->d;
	const struct metric *m = report_metric(r, w->version, w->metric);
	const struct table_column columns[] = {{SAY0(d, W_COMPONENT), COLUMN_TEXT},
					       {SAY0(d, W_DOWN), COLUMN_NUMBER},
					       {SAY0(d, W_TIME_COUNTED), COLUMN_NUMBER},
					       {SAY0(d, W_WEIGHT), COLUMN_NUMBER}};

	if (av->n_members == 0)
		return;
	struct table *t = doc_table(d, SAY0(d, W_MEMBERS), columns, ARRAY_SIZE(columns));

	for (size_t i = 0; i < av->n_members; i++)
		ROW(d, t, member_words(r, w, i), doc_span(d, av->members[i].down_ms),
		    doc_span(d, av->members[i].base_ms),
		    m->group == GROUP_WEIGHTED && m->weights != NULL
			    ? doc_exact(d, m->weights[i], 0)
			    : doc_int(d, 1));
}

/* --- other kinds --- */

static void add_samples(struct report *r, struct pairs *pairs, const struct window_result *w)
{
	struct doc *d = r->d;
	const struct metric *m = report_metric(r, w->version, w->metric);

	pair_add(d, pairs, SAY0(d, W_SAMPLES), COUNTED(d, w->samples, W_CASES));
	if (w->carried_samples > 0)
		pair_add(d, pairs, NO_WORDS, COUNTED(d, w->carried_samples, W_CARRIED_OVER));
	if (w->censored > 0)
		pair_add(d, pairs, NO_WORDS, COUNTED(d, w->censored, W_CENSORED_N));
	if (m->min_sample > 0)
		pair_add(d, pairs, SAY0(d, W_MIN_SAMPLE), COUNTED(d, m->min_sample, W_CASES));
	if (m->kind == METRIC_PERCENTILE)
		pair_add(d, pairs, SAY0(d, W_PERCENTILE),
			 SAY(d, W_PERCENTILE_WORDS, doc_int(d, m->percentile)));
	if (w->slots > 0) {
		pair_add(d, pairs, SAY0(d, W_SLOTS),
			 SAY(d, W_SLOTS_WORDS, doc_int(d, w->slots), doc_span(d, m->slot_ms),
			     doc_int(d, w->empty_slots), doc_int(d, w->left_out_slots)));
	}
	if (w->value_set && m->kind == METRIC_MEAN)
		pair_add(d, pairs, SAY0(d, W_EXACT), doc_exact(d, w->value, 0));
}

static void add_reporting(struct report *r, struct pairs *pairs, const struct window_result *w)
{
	struct doc *d = r->d;

	if (w->report_due == INSTANT_NONE)
		return;
	struct phrase due = SAY(d, W_REPORT_DUE, doc_time(d, w->report_due, TIME_DEADLINE));

	if (w->report_delivered != INSTANT_NONE)
		due = SAY(d, W_REPORT_DELIVERED, due, doc_time(d, w->report_delivered, TIME_FULL));
	pair_add(d, pairs, SAY0(d, W_REPORT), due);
}

static void add_rounding(struct report *r, struct pairs *pairs, const struct window_result *w)
{
	struct doc *d = r->d;
	const struct metric *m = report_metric(r, w->version, w->metric);
	struct buf b;

	if (!w->value_set || (m->kind != METRIC_AVAILABILITY && m->kind != METRIC_RATIO &&
			      m->kind != METRIC_ELAPSED))
		return;
	buf_init(&b, 128);
	format_share(&b, d->language, w->value);
	struct phrase exact = doc_plain(d, text_copy(d->arena, buf_view(&b)));

	buf_free(&b);
	pair_add(d, pairs, SAY0(d, W_ROUNDING),
		 SAY(d, W_ROUNDED_ONCE, exact, value_words(r, w), doc_int(d, m->decimals)));
}

void reason_window(struct report *r, size_t number, uint32_t window)
{
	const struct window_result *w = &r->o->windows[window];
	const struct metric *m = report_metric(r, w->version, w->metric);
	const struct availability *av = w->availability;
	struct doc *d = r->d;
	struct text what = text_format(d->arena, "window %.*s %s", TEXT_ARG(m->id), w->label);

	(void)doc_reason(d, number, verdict_state(w), window_heading(r, window),
			 clause_words(r, m->node));
	const struct chart *chart = m->kind == METRIC_ELAPSED ? chart_of_priorities(r, w)
							      : chart_of_window(r, w, false);

	if (chart != NULL)
		doc_chart(d, chart);
	struct pairs *pairs = doc_pairs(d);

	pair_add(d, pairs, SAY0(d, W_RESULT),
		 doc_state_run(d, verdict_state(w), verdict_words(r, w)));
	add_contested(r, pairs, window);
	if (av != NULL) {
		add_denominator(r, pairs, w, av);
		add_group(r, pairs, m);
	} else {
		add_samples(r, pairs, w);
	}
	add_rounding(r, pairs, w);
	add_reporting(r, pairs, w);
	if (r->full)
		add_rules(r, pairs,
			  av != NULL ? "sla.md R43-R53, R55, R56" : "sla.md R39-R42, R54, R55");
	if (av != NULL) {
		unseen_note(r, w, false, 0);
		add_intervals(r, w, av, what);
		add_members(r, w, av);
	}
	if (r->full) {
		add_contested_facts(r, window);
		add_terms(r, m->node, NULL);
	}
}
