/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/contradictions.h"

#include "engine/windows.h"

#include <assert.h>
#include <stdlib.h>

static bool inside(struct span s, instant t)
{
	return t >= s.from && t < s.to;
}

static bool touches(struct span x, struct span y)
{
	return x.from < y.to && y.from < x.to;
}

/* Counts of an asset share its name for years: each speaks for its own instant alone. */
static bool is_reading(const struct fact *f)
{
	return f->kind == FACT_PROBE_SAMPLE || f->kind == FACT_REQUESTS_COUNTED;
}

/* --- subjects that a span of time knows --- */

static void know(const struct outcome *o, bool *known, uint32_t fact)
{
	if (fact != NO_FACT)
		known[o->in.facts->v[fact].subject] = true;
}

static void know_availability(const struct outcome *o, bool *known, const struct availability *av,
			      struct span span)
{
	for (size_t i = 0; i < av->n_outages; i++)
		if (touches(av->outages[i].span, span))
			know(o, known, av->outages[i].began_fact);
	for (size_t i = 0; i < av->n_excuses; i++)
		if (touches(av->excuses[i].asked, span))
			know(o, known, av->excuses[i].fact);
}

static bool lies_in(const struct clock *c, struct span span, instant as_of)
{
	instant end = c->settled != INSTANT_NONE ? c->settled : as_of;

	return c->start < span.to && end >= span.from;
}

/* Which symbols are subjects of something in the span: a fact, a case, an outage or an excuse. */
static bool *known_subjects(struct arena *a, const struct outcome *o, struct span span)
{
	const struct view *v = o->view;
	bool *known = arena_array(a, bool, symbols_count(o->in.facts->symbols));

	for (size_t i = 0; i < v->all.n; i++)
		if (inside(span, view_fact(v, v->all.v[i])->occurred_at))
			know(o, known, v->all.v[i]);
	for (size_t i = 0; i < o->n_clocks; i++)
		if (lies_in(&o->clocks[i], span, o->in.as_of))
			known[o->clocks[i].subject] = true;
	for (size_t i = 0; i < o->n_windows; i++) {
		const struct availability *av = o->windows[i].availability;

		if (av == NULL || !touches(o->windows[i].window, span))
			continue;
		know_availability(o, known, av, span);
		for (size_t k = 0; k < av->n_members; k++)
			know_availability(o, known, &av->members[k], span);
	}
	return known;
}

/* --- contradictions --- */

struct dated {
	instant at;
	uint32_t fact;
};

static int by_instant(const void *x, const void *y)
{
	const struct dated *a = x, *b = y;

	if (a->at != b->at)
		return a->at < b->at ? -1 : 1;
	return (a->fact > b->fact) - (a->fact < b->fact);
}

static size_t count_outweighed(const struct view *v)
{
	size_t n = 0;

	for (size_t i = 0; i < v->facts->n; i++)
		n += v->outweighed_by[i] != NO_FACT;
	return n;
}

size_t contradictions_find(struct arena *a, const struct outcome *o, struct contradiction **out)
{
	const struct view *v = o->view;
	size_t n = count_outweighed(v), used = 0;

	*out = NULL;
	if (n == 0)
		return 0;

	struct dated *found = arena_array(a, struct dated, n);
	bool *known = known_subjects(a, o, o->in.period);

	for (uint32_t i = 0; i < v->facts->n; i++) {
		const struct fact *f = view_fact(v, i);

		if (v->outweighed_by[i] != NO_FACT &&
		    (inside(o->in.period, f->occurred_at) || (known[f->subject] && !is_reading(f))))
			found[used++] = (struct dated){f->occurred_at, i};
	}
	if (used > 0)
		qsort(found, used, sizeof(*found), by_instant);

	struct contradiction *list = arena_array(a, struct contradiction, used);

	for (size_t i = 0; i < used; i++)
		list[i] = (struct contradiction){.fact = found[i].fact,
						 .counted = v->outweighed_by[found[i].fact]};
	*out = list;
	return used;
}

/* Windows of the statement: calendar windows that meet its period, rolling ones that end in it. */
static bool of_period(const struct outcome *o, const struct window_result *w)
{
	bool rolling = w->kind == WINDOW_ROLLING_30D || w->kind == WINDOW_ROLLING_90D ||
		       w->kind == WINDOW_ROLLING_12MO;

	return rolling ? inside(o->in.period, w->window.to - 1) : touches(w->window, o->in.period);
}

static bool same_result(const struct window_result *x, const struct window_result *y)
{
	return x->verdict == y->verdict && x->why_not == y->why_not &&
	       x->value_set == y->value_set &&
	       (!x->value_set || fraction_cmp(x->value, y->value) == 0);
}

/* The result alone: what it points to belongs to the other evaluation. */
static struct window_result bare(const struct window_result *before,
				 const struct window_result *after)
{
	struct window_result w = after != NULL ? *after : *before;

	if (after == NULL) { /* without the record that counts nothing was known so early */
		w.verdict = VERDICT_NOT_JUDGED;
		w.why_not = NJ_NO_SAMPLES;
		w.value_set = false;
		w.samples = w.in_time = 0;
	}
	w.held = false;
	w.alternative = NULL;
	w.priorities = NULL;
	w.clocks = NULL;
	w.n_clocks = 0;
	w.availability = NULL;
	return w;
}

static void compare_windows(struct arena *a, const struct outcome *o, const struct outcome *other,
			    struct contradiction *x)
{
	struct window_change *list = NULL;
	size_t cap = 0;

	for (uint32_t i = 0; i < o->n_windows; i++) {
		const struct window_result *w = &o->windows[i];

		if (!of_period(o, w))
			continue;

		struct window_result after = bare(w, window_counterpart(other, w));

		if (same_result(w, &after))
			continue;
		list = arena_grow(a, list, x->n_windows, &cap, sizeof(*list));
		list[x->n_windows++] = (struct window_change){i, after};
	}
	x->windows = list;
}

static const struct settlement *settled_in(const struct outcome *o, instant month)
{
	for (size_t i = 0; i < o->n_settlements; i++)
		if (o->settlements[i].month.from == month)
			return &o->settlements[i];
	return NULL;
}

struct totals {
	struct arena *arena;
	struct total_change *v;
	size_t n, cap;
};

/* One month of either evaluation; the other may have settled nothing in it. */
static void compare_month(struct totals *t, const struct outcome *o, struct span month,
			  const struct settlement *before, const struct settlement *after)
{
	const struct settlement *either = before != NULL ? before : after;

	assert(either != NULL);

	struct currency currency = either->total.currency;
	struct money was = before != NULL ? before->total : (struct money){0, currency};
	struct money is = after != NULL ? after->total : (struct money){0, currency};

	if (was.minor == is.minor || !inside(o->in.period, month.from))
		return;
	t->v = arena_grow(t->arena, t->v, t->n, &t->cap, sizeof(*t->v));
	t->v[t->n++] = (struct total_change){month, was, is};
}

static void compare_totals(struct arena *a, const struct outcome *o, const struct outcome *other,
			   struct contradiction *x)
{
	struct totals t = {.arena = a};
	size_t i = 0;

	/* Both lists are by month: those that only the other way settles go between. */
	for (size_t k = 0; k < other->n_settlements; k++) {
		const struct settlement *s = &other->settlements[k];

		for (; i < o->n_settlements && o->settlements[i].month.from < s->month.from; i++)
			compare_month(&t, o, o->settlements[i].month, &o->settlements[i], NULL);
		compare_month(&t, o, s->month, settled_in(o, s->month.from), s);
		i += i < o->n_settlements && o->settlements[i].month.from == s->month.from;
	}
	for (; i < o->n_settlements; i++)
		compare_month(&t, o, o->settlements[i].month, &o->settlements[i], NULL);
	x->totals = t.v;
	x->n_totals = t.n;
}

enum rc contradiction_try(struct arena *a, struct arena *scratch, const struct outcome *o,
			  struct contradiction *x, struct err *err)
{
	struct outcome *other = NULL;
	struct contradiction out = {.fact = x->fact, .counted = x->counted, .tried = true};
	enum rc rc;

	assert(o->view->outweighed_by[x->fact] != NO_FACT);
	rc = evaluate_instead(scratch, o, x->fact, &other, err);
	if (rc != RC_OK)
		return rc;
	compare_windows(a, o, other, &out);
	compare_totals(a, o, other, &out);
	*x = out;
	return RC_OK;
}

/* --- contested facts --- */

static bool about_ticket(const struct fact *f)
{
	return fact_row((enum fact_kind)f->kind)->subject == FIELD_TICKET;
}

/* Has the metric of the window a clock of that subject, or none at all? Then anything may be a case of it. */
static bool may_be_case(const struct outcome *o, const struct window_result *w, symbol subject)
{
	bool any = false;

	for (size_t i = 0; i < o->n_clocks; i++) {
		const struct clock *c = &o->clocks[i];

		if (c->version != w->version || c->metric != w->metric)
			continue;
		if (c->subject == subject)
			return true;
		any = true;
	}
	for (size_t i = 0; o->in.past != NULL && i < o->in.past->n_in_time; i++)
		any = any || (o->in.past->in_time[i].version == w->version &&
			      o->in.past->in_time[i].metric == w->metric);
	return !any;
}

static bool read_by_metric(const struct outcome *o, const struct window_result *w,
			   const struct fact *f)
{
	const struct metric *m = &outcome_promise(o, w->version)->metrics[w->metric];

	if (m->kind == METRIC_AVAILABILITY)
		return !about_ticket(f);
	if (about_ticket(f) || f->kind == FACT_OUTAGE_BEGAN || f->kind == FACT_OUTAGE_ENDED)
		return may_be_case(o, w, f->subject);
	return f->kind != FACT_PROBE_SAMPLE;
}

size_t contested_facts(struct arena *a, const struct outcome *o, uint32_t window, uint32_t **out)
{
	const struct window_result *w = &o->windows[window];
	const struct view *v = o->view;
	bool *known = known_subjects(a, o, w->window);
	uint32_t *near = arena_array(a, uint32_t, v->all.n),
		 *all = arena_array(a, uint32_t, v->all.n);
	size_t n_near = 0, n_all = 0;

	for (size_t i = 0; i < v->all.n; i++) {
		const struct fact *f = view_fact(v, v->all.v[i]);

		if (v->contested[v->all.v[i]] != 1)
			continue;
		all[n_all++] = v->all.v[i];
		if (read_by_metric(o, w, f) &&
		    (inside(w->window, f->occurred_at) || (known[f->subject] && !is_reading(f))))
			near[n_near++] = v->all.v[i];
	}
	*out = n_near > 0 ? near : all;
	return n_near > 0 ? n_near : n_all;
}

uint32_t contested_by(const struct outcome *o, uint32_t fact)
{
	struct fact_run run = o->view->kinds[FACT_FACT_CONTESTED];
	const struct fact *of = view_fact(o->view, fact);

	for (size_t i = 0; i < run.n; i++) {
		const struct fact *f = view_fact(o->view, run.v[i]);

		if (f->subject == of->id && f->party != of->party)
			return run.v[i];
	}
	return NO_FACT;
}
