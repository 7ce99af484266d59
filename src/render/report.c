/* SPDX-License-Identifier: Apache-2.0 */
/* Which windows and reasons a report shows. The words are in report_words.c. */
#include "render/reason.h"

#include <assert.h>

struct report *report_new(struct arena *a, const struct outcome *o,
			  const struct statement_options *options)
{
	struct report *r = arena_one(a, struct report);
	const struct promise *p = o->in.versions[0].promise;

	r->o = o;
	r->options = *options;
	if (r->options.language == NULL)
		r->options.language = language_english();
	if (r->options.rows == 0)
		r->options.rows = STATEMENT_ROWS_DEFAULT;
	r->d = doc_new(a, r->options.language, p->zone);
	r->n_contradictions = contradictions_find(a, o, &r->contradictions);
	r->plan = plan_make(a, o, r->n_contradictions);
	for (size_t i = 0; i < r->plan.n; i++)
		(void)doc_reserve(r->d);
	return r;
}

const struct promise *statement_promise(const struct report *r)
{
	const struct evaluation *in = &r->o->in;
	const struct promise *p = in->versions[0].promise;

	for (size_t i = 0; i < in->n_versions; i++)
		if (in->versions[i].from <= in->period.from)
			p = in->versions[i].promise;
	return p;
}

const struct zone *statement_zone(const struct report *r)
{
	return r->d->zone != NULL ? r->d->zone : zone_utc();
}

/* A calendar window is shown if it meets the period: a running quarter belongs to each of its months. A rolling one if it ends there. */
bool window_shown(const struct outcome *o, const struct window_result *w)
{
	const struct span *period = &o->in.period;

	switch (w->kind) {
	case WINDOW_ROLLING_30D:
	case WINDOW_ROLLING_90D:
	case WINDOW_ROLLING_12MO:
		return w->window.to > period->from && w->window.to <= period->to;
	case WINDOW_CALENDAR_MONTH:
	case WINDOW_CALENDAR_QUARTER:
	case WINDOW_CALENDAR_YEAR:
	case WINDOW_UNSAID:
		break;
	}
	return w->window.from < period->to && w->window.to > period->from;
}

bool credit_shown(const struct outcome *o, const struct credit *c)
{
	if (c->month >= o->in.period.from && c->month < o->in.period.to)
		return true;
	return c->window < o->n_windows && window_shown(o, &o->windows[c->window]);
}

bool clock_late(const struct clock *c)
{
	return c->state == CLOCK_MISSED || c->state == CLOCK_BREACHED;
}

bool void_shown(const struct outcome *o, const struct clock *c)
{
	return c->state == CLOCK_VOID && c->reason != VOID_NONE && c->start >= o->in.period.from &&
	       c->start < o->in.period.to;
}

size_t outage_count(const struct availability *av)
{
	size_t n = av->n_outages;

	for (size_t i = 0; i < av->n_members; i++)
		n += av->members[i].n_outages;
	return n;
}

const struct raw_outage *outage_of(const struct availability *av, size_t place)
{
	size_t member = 0;

	if (place < av->n_outages)
		return &av->outages[place];
	place -= av->n_outages;
	while (place >= av->members[member].n_outages) {
		place -= av->members[member++].n_outages;
		assert(member < av->n_members);
	}
	return &av->members[member].outages[place];
}

size_t flagged_facts(struct arena *a, const struct outcome *o, uint16_t flag, uint32_t **out)
{
	const struct view *v = o->view;
	uint32_t *list = NULL;
	size_t n = 0, cap = 0;

	/* What waits for a second person is in a run of its own. */
	const struct fact_run *run = flag == FLAG_PENDING ? &v->pending : &v->all;

	for (size_t i = 0; i < run->n; i++) {
		uint32_t f = run->v[i];
		instant t = view_fact(v, f)->occurred_at;

		if ((v->flags[f] & flag) == 0 || t < o->in.period.from || t >= o->in.period.to)
			continue;
		list = arena_grow(a, list, n, &cap, sizeof(*list));
		list[n++] = f;
	}
	*out = list;
	return n;
}

/* --- the plan --- */

struct planning {
	struct arena *arena;
	const struct outcome *o;
	struct reason *v;
	size_t n, cap;
};

static void plan_add(struct planning *p, enum reason_kind kind, uint32_t index, uint32_t window)
{
	p->v = arena_grow(p->arena, p->v, p->n, &p->cap, sizeof(*p->v));
	p->v[p->n++] = (struct reason){kind, index, window};
}

/* Late clocks, the most urgent priority first, those without one last; in the order of the engine within each. */
static void plan_late(struct planning *p, uint32_t index, const struct promise *promise)
{
	const struct window_result *w = &p->o->windows[index];

	for (size_t k = 0; k <= promise->n_priorities; k++) {
		int priority = k < promise->n_priorities ? (int)k : -1;

		for (size_t i = 0; i < w->n_clocks; i++) {
			const struct clock *c = &p->o->clocks[w->clocks[i]];

			if (c->priority == priority && clock_late(c))
				plan_add(p, REASON_CLOCK, w->clocks[i], index);
		}
	}
}

static void plan_window(struct planning *p, uint32_t index)
{
	const struct window_result *w = &p->o->windows[index];
	const struct promise *promise = p->o->in.versions[w->version].promise;
	const struct metric *m = &promise->metrics[w->metric];

	plan_late(p, index, promise);
	if (m->kind != METRIC_ELAPSED || m->comply || w->held)
		plan_add(p, REASON_WINDOW, index, index);
}

static bool any_void(const struct outcome *o, enum void_reason reason)
{
	for (size_t i = 0; i < o->n_clocks; i++)
		if (o->clocks[i].reason == reason && void_shown(o, &o->clocks[i]))
			return true;
	return false;
}

/* Flags that can change what somebody reads into a figure. Minutes without seconds and shared instants are only counted. */
static const uint16_t told_flags[] = {
	FLAG_PENDING,       FLAG_LATE,         FLAG_RESTATING,  FLAG_FUTURE,
	FLAG_CONTRADICTING, FLAG_OUT_OF_ORDER, FLAG_IMPLIED,    FLAG_UNPROVEN,
	FLAG_OVERLAPPING,   FLAG_ZONE_GAP,     FLAG_ZONE_TWICE,
};

static unsigned bit_of(uint16_t flag)
{
	unsigned bit = 0;

	while (flag > 1) {
		flag = (uint16_t)(flag >> 1);
		bit++;
	}
	return bit;
}

static void plan_rest(struct planning *p, size_t n_contradictions)
{
	const struct outcome *o = p->o;
	uint16_t seen = 0;

	for (uint32_t i = 0; i < o->n_credits; i++)
		if (credit_shown(o, &o->credits[i]))
			plan_add(p, REASON_CREDIT, i, o->credits[i].window);
	for (uint32_t i = 0; i < o->n_rights; i++)
		plan_add(p, REASON_RIGHT, i, o->rights[i].window);
	for (int v = VOID_CANCELLED; v <= VOID_BEFORE_SERVICE; v++)
		if (any_void(o, (enum void_reason)v))
			plan_add(p, REASON_VOID, (uint32_t)v, UINT32_MAX);
	for (uint32_t i = 0; i < n_contradictions && i < CONTRADICTIONS_TRIED_MAX; i++)
		plan_add(p, REASON_CONTRADICTION, i, UINT32_MAX);
	for (size_t i = 0; i < o->view->all.n; i++) {
		uint32_t f = o->view->all.v[i];
		instant t = view_fact(o->view, f)->occurred_at;

		if (t >= o->in.period.from && t < o->in.period.to)
			seen |= o->view->flags[f];
	}
	for (size_t i = 0; i < o->view->pending.n; i++) {
		instant t = view_fact(o->view, o->view->pending.v[i])->occurred_at;

		if (t >= o->in.period.from && t < o->in.period.to)
			seen |= FLAG_PENDING;
	}
	for (size_t i = 0; i < ARRAY_SIZE(told_flags); i++)
		if ((seen & told_flags[i]) != 0)
			plan_add(p, REASON_FLAG, bit_of(told_flags[i]), UINT32_MAX);
}

struct plan plan_make(struct arena *a, const struct outcome *o, size_t n_contradictions)
{
	struct planning p = {.arena = a, .o = o};
	uint32_t *windows = arena_array(a, uint32_t, o->n_windows);
	size_t n = 0;

	for (uint32_t i = 0; i < o->n_windows; i++) {
		if (!window_shown(o, &o->windows[i]))
			continue;
		windows[n++] = i;
		plan_window(&p, i);
	}
	plan_rest(&p, n_contradictions);

	/* Many thousand clocks may be late; each is looked up by its rows. */
	uint32_t *clocks = arena_array(a, uint32_t, o->n_clocks);

	for (size_t i = p.n; i > 0; i--)
		if (p.v[i - 1].kind == REASON_CLOCK)
			clocks[p.v[i - 1].index] = (uint32_t)i;
	return (struct plan){windows, n, p.v, p.n, clocks};
}

size_t plan_number(const struct plan *p, enum reason_kind kind, uint32_t index)
{
	if (kind == REASON_CLOCK)
		return p->clocks[index];
	for (size_t i = 0; i < p->n; i++)
		if (p->v[i].kind == kind && p->v[i].index == index)
			return i + 1;
	return 0;
}

size_t last_windows(const struct outcome *o, uint32_t window, size_t max, uint32_t *out)
{
	const struct window_result *of = &o->windows[window];
	const struct metric *m = &o->in.versions[of->version].promise->metrics[of->metric];
	size_t n = 0;

	/* A metric keeps its id from version to version; its place may change. */
	for (uint32_t i = window + 1; i > 0 && n < max; i--) {
		const struct window_result *w = &o->windows[i - 1];
		const struct metric *x = &o->in.versions[w->version].promise->metrics[w->metric];

		if (text_eq(x->id, m->id) && w->kind == of->kind)
			out[n++] = i - 1;
	}
	for (size_t i = 0; i < n / 2; i++) {
		uint32_t t = out[i];

		out[i] = out[n - 1 - i];
		out[n - 1 - i] = t;
	}
	return n;
}

void reason_add(struct report *r, size_t number, const struct reason *x)
{
	switch (x->kind) {
	case REASON_CLOCK:
		reason_clock(r, number, x->index);
		return;
	case REASON_WINDOW:
		reason_window(r, number, x->index);
		return;
	case REASON_CREDIT:
		reason_credit(r, number, x->index);
		return;
	case REASON_RIGHT:
		reason_right(r, number, x->index);
		return;
	case REASON_VOID:
		reason_void(r, number, (enum void_reason)x->index);
		return;
	case REASON_CONTRADICTION:
		reason_contradiction(r, number, x->index);
		return;
	case REASON_FLAG:
		reason_flag(r, number, x->index);
		return;
	}
}
