/* SPDX-License-Identifier: Apache-2.0 */
/* The order of evaluation (sla.md R22): each step reads only what earlier ones made. */
#include "engine/availability.h"
#include "engine/clock_excuses.h"
#include "engine/ratio.h"
#include "engine/remedy.h"
#include "engine/windows.h"

#include <assert.h>
#include <string.h>

/* Names of the measuring systems of all metrics: where facts contradict, theirs count (R17). */
static struct view_rules rules_of(struct arena *a, const struct evaluation *in)
{
	struct text *systems = NULL;
	size_t n = 0, cap = 0;

	for (size_t v = 0; v < in->n_versions; v++)
		for (size_t m = 0; m < in->versions[v].promise->n_metrics; m++) {
			struct text name = in->versions[v].promise->metrics[m].measured_by.system;

			if (name.n == 0)
				continue;
			systems = arena_grow(a, systems, n, &cap, sizeof(*systems));
			systems[n++] = name;
		}
	return (struct view_rules){.systems = systems,
				   .n_systems = n,
				   .instead = in->instead,
				   .n_instead = in->n_instead};
}

/* Step 7. Allowances and raw outages are worked out once for each metric, over all its windows. */
static void judge_availability(struct outcome *o)
{
	const struct availability_history *history = NULL;

	for (size_t i = 0; i < o->n_windows; i++) {
		struct window_result *w = &o->windows[i];
		const struct promise *p = outcome_promise(o, w->version);
		const struct metric *m = &p->metrics[w->metric];
		const struct window_result *before = i == 0 ? NULL : &o->windows[i - 1];

		if (m->kind != METRIC_AVAILABILITY)
			continue;
		if (before == NULL || before->version != w->version || before->metric != w->metric)
			history = availability_history_make(o->arena, o->view, p, m);
		w->target_set = m->target_set;
		w->target = m->target;
		if (w->judged.from >= w->judged.to || w->judged.from > o->in.as_of)
			continue; /* outside the term, or not begun */

		enum not_judged why = w->why_not;

		availability_window(o->arena, history, w);
		if (why != JUDGED) {
			w->why_not = why;
			w->verdict = VERDICT_NOT_JUDGED;
		}
	}
}

/* The same selection with flags and waits of its own, as if it had been made again: from a view that nothing has marked yet. */
static struct view *view_again(struct arena *a, const struct view *made)
{
	struct view *v = arena_one(a, struct view);
	size_t n = made->facts->n;

	*v = *made;
	v->arena = a;
	v->flags = arena_array(a, uint16_t, n);
	v->waits = arena_array(a, uint8_t, n);
	if (n > 0)
		memcpy(v->flags, made->flags, n * sizeof(*v->flags));
	return v;
}

/* Steps 1 to 8. */
static void evaluate_windows(struct outcome *o, const struct view_rules *rules)
{
	const struct excuse_source excuses = clock_excuses();
	const struct evaluation *in = &o->in;
	struct arena *a = o->arena;
	struct metric_keys keys = metric_keys_make(a, in->versions, in->n_versions);

	if (in->view != NULL && !rules->without_contested)
		o->view = view_again(a, in->view);
	else
		o->view = view_make_by(a, in->facts, in->as_of, in->known_as_of, rules);
	view_reports(o->view, in->versions[in->n_versions - 1].promise);
	o->engine = clock_engine_new(a, o->view, in->versions, in->n_versions, &excuses);
	clock_engine_run(o->engine);
	o->n_own_clocks = o->engine->n_clocks;
	if (in->past != NULL)
		clock_engine_past(o->engine, in->past);
	o->clocks = o->engine->clocks;
	o->n_clocks = o->engine->n_clocks;
	o->n_windows = windows_make(a, in, o->view, &keys, &o->windows);
	judge_windows(judging_new(a, o->engine, in, &keys), o->windows, o->n_windows);
	judge_availability(o);
}

/* --- contested facts (R19) --- */

static bool any_contested(const struct view *v)
{
	for (size_t i = 0; i < v->all.n; i++)
		if (v->contested[v->all.v[i]] == 1)
			return true;
	return false;
}

static bool same_shares(const struct window_result *x, const struct window_result *y, size_t n)
{
	if (x->priorities == NULL || y->priorities == NULL)
		return x->priorities == y->priorities;
	for (size_t i = 0; i <= n; i++)
		if (x->priorities[i].samples != y->priorities[i].samples ||
		    x->priorities[i].in_time != y->priorities[i].in_time)
			return false;
	return true;
}

static bool same_result(const struct window_result *x, const struct window_result *y, size_t n)
{
	return x->verdict == y->verdict && x->why_not == y->why_not &&
	       x->value_set == y->value_set &&
	       (!x->value_set || fraction_cmp(x->value, y->value) == 0) && same_shares(x, y, n);
}

static void hold_contested(struct outcome *o, struct view_rules rules)
{
	struct outcome *other = arena_one(o->arena, struct outcome);

	if (!any_contested(o->view))
		return;
	other->arena = o->arena;
	other->in = o->in;
	rules.without_contested = true;
	evaluate_windows(other, &rules);
	for (size_t i = 0; i < o->n_windows; i++) {
		struct window_result *w = &o->windows[i];
		const struct window_result *without = window_counterpart(other, w);
		size_t n = outcome_promise(o, w->version)->n_priorities;

		if (without == NULL || same_result(w, without, n))
			continue;

		struct window_result *alternative = arena_one(o->arena, struct window_result);

		*alternative = *without;
		alternative->clocks = NULL; /* indexes into the other outcome's clocks */
		alternative->n_clocks = 0;
		w->held = true;
		w->alternative = alternative;
	}
}

/* --- the outcome --- */

static bool touches(struct span x, struct span y)
{
	return x.from < y.to && y.from < x.to;
}

static bool observed(const struct outcome *o)
{
	const struct view *v = o->view;
	struct span period = o->in.period;

	for (size_t i = 0; i < v->all.n; i++) {
		instant t = view_fact(v, v->all.v[i])->occurred_at;

		if (t >= period.from && t < period.to)
			return true;
	}
	for (size_t i = 0; i < o->in.facts->n_sources; i++)
		if (o->in.facts->sources[i].read_at <= o->in.known_as_of &&
		    touches(o->in.facts->sources[i].covers, period))
			return true;
	for (size_t i = 0; i < o->n_clocks; i++)
		if (o->clocks[i].sample && o->clocks[i].settled >= period.from &&
		    o->clocks[i].settled < period.to)
			return true;
	return false;
}

enum rc evaluate(struct arena *a, const struct evaluation *in, struct outcome **out,
		 struct err *err)
{
	struct outcome *o = arena_one(a, struct outcome);
	struct view_rules rules = rules_of(a, in);
	enum rc rc;

	assert(in->n_versions > 0 && in->n_versions <= UINT16_MAX &&
	       in->period.from < in->period.to);
	assert(in->view == NULL || (in->view->facts == in->facts && in->view->as_of == in->as_of &&
				    in->view->known_as_of == in->known_as_of));
	o->arena = a;
	o->in = *in;
	evaluate_windows(o, &rules);
	hold_contested(o, rules);
	o->no_facts = !observed(o);

	rc = remedy_reports(a, o, err);
	if (rc != RC_OK)
		return rc;
	rc = remedy_evaluate(a, o, err);
	if (rc != RC_OK)
		return rc;
	*out = o;
	return RC_OK;
}

const struct view *evaluation_view(struct arena *a, const struct evaluation *in)
{
	struct view_rules rules = rules_of(a, in);

	return view_make_by(a, in->facts, in->as_of, in->known_as_of, &rules);
}

static bool names_all(const struct view_rules *x, const struct view_rules *y)
{
	for (size_t i = 0; i < y->n_systems; i++) {
		size_t k = 0;

		while (k < x->n_systems && !text_eq(x->systems[k], y->systems[i]))
			k++;
		if (k == x->n_systems)
			return false;
	}
	return true;
}

bool evaluations_share_view(struct arena *a, const struct evaluation *x, const struct evaluation *y)
{
	struct view_rules rx = rules_of(a, x), ry = rules_of(a, y);

	if (x->facts != y->facts || x->as_of != y->as_of || x->known_as_of != y->known_as_of ||
	    x->n_instead != y->n_instead)
		return false;
	for (size_t i = 0; i < x->n_instead; i++)
		if (x->instead[i] != y->instead[i])
			return false;
	return names_all(&rx, &ry) && names_all(&ry, &rx);
}

enum rc evaluate_instead(struct arena *a, const struct outcome *o, uint32_t fact,
			 struct outcome **out, struct err *err)
{
	uint32_t *instead = arena_array(a, uint32_t, o->in.n_instead + 1);
	struct evaluation in = o->in;

	if (in.n_instead > 0)
		memcpy(instead, in.instead, in.n_instead * sizeof(*instead));
	instead[in.n_instead++] = fact;
	in.instead = instead;
	in.view = NULL; /* another fact counts */
	return evaluate(a, &in, out, err);
}

const struct promise *outcome_promise(const struct outcome *o, uint16_t version)
{
	assert(version < o->in.n_versions);
	return o->in.versions[version].promise;
}

const struct clock_detail *outcome_clock_detail(struct arena *a, const struct outcome *o,
						uint32_t clock)
{
	struct clock_detail *d = arena_one(a, struct clock_detail);
	struct recorder r = {.arena = a, .detail = d};
	static const int percents[] = {50, 75, 90, 100};

	assert(clock < o->n_clocks);
	for (size_t i = 0; i < ARRAY_SIZE(percents); i++)
		d->thresholds[i] = (struct threshold){percents[i], INSTANT_NONE};
	d->unpaused_deadline = INSTANT_NONE;
	d->due_if_resumed = INSTANT_NONE;
	d->by_min = -1;
	clock_again(o->engine, &o->clocks[clock], &r);
	return d;
}

static bool in_period(const struct outcome *o, const struct window_result *w)
{
	bool roll = w->kind == WINDOW_ROLLING_30D || w->kind == WINDOW_ROLLING_90D ||
		    w->kind == WINDOW_ROLLING_12MO;
	instant at = roll ? w->window.to - 1 : w->window.from;

	return at >= o->in.period.from && at < o->in.period.to;
}

size_t outcome_windows(const struct outcome *o, uint16_t metric, const uint32_t **out)
{
	const struct promise *last = outcome_promise(o, (uint16_t)(o->in.n_versions - 1));
	uint32_t *list = arena_array(o->arena, uint32_t, o->n_windows);
	size_t n = 0;

	assert(metric < last->n_metrics);
	for (uint32_t i = 0; i < o->n_windows; i++) {
		const struct window_result *w = &o->windows[i];
		const struct metric *m = &outcome_promise(o, w->version)->metrics[w->metric];

		if (text_eq(m->id, last->metrics[metric].id) && in_period(o, w))
			list[n++] = i;
	}
	*out = list;
	return n;
}
