/* SPDX-License-Identifier: Apache-2.0 */
/* How each metric is clocked: its shape, goals and pauses, worked out once for all tickets. */
#include "engine/clock.h"

#include <assert.h>

static struct goal goal_of(const struct promise *p, const struct timing *t, int32_t by_min)
{
	struct goal g = {.set = t->set, .timing = t, .by_min = by_min};

	if (!t->set)
		return g;
	g.calendar = t->calendar;
	if (g.calendar == NULL && t->duration.unit == UNIT_BD)
		g.calendar = p->business;
	if (g.calendar == NULL)
		g.calendar =
			calendar_always(); /* R9: d, w, mo, y and bare h, min run day and night */
	g.civil = by_min >= 0 || !duration_exact_ms(t->duration, &g.ms);
	return g;
}

static bool shape_of_start(int start, enum clock_shape *shape)
{
	switch (start) {
	case EVENT_LOGGED:
		*shape = SHAPE_LOGGED;
		return true;
	case EVENT_CLIENT_MESSAGE:
		*shape = SHAPE_EXCHANGE;
		return true;
	case EVENT_PROVIDER_MESSAGE:
		*shape = SHAPE_INTERVAL;
		return true;
	case EVENT_REOPENED:
		*shape = SHAPE_REOPENED;
		return true;
	case EVENT_OUTAGE_BEGAN:
	case EVENT_PATCH_RELEASED:
	case EVENT_OBLIGATION_REQUESTED:
		*shape = SHAPE_PAIR;
		return true;
	default:
		return false;
	}
}

static bool of_values(const struct metric *m)
{
	return m->kind == METRIC_MEAN || m->kind == METRIC_PERCENTILE || m->kind == METRIC_COUNT;
}

/* R42: a mean, percentile or count of used times has a clock of its own, from receipt. */
static void find_shape(struct metric_plan *p)
{
	const struct metric *m = p->metric;
	int start = m->start, stop = m->stop;

	p->shape = SHAPE_NONE;
	if (of_values(m)) {
		if (m->value != EVENT_MINUTES_TO_ANSWER && m->value != EVENT_MINUTES_TO_RESTORE)
			return;
		start = start < 0 ? EVENT_LOGGED : start;
		stop = m->value == EVENT_MINUTES_TO_ANSWER ? EVENT_ANSWERED : EVENT_RESTORED;
	} else if (m->kind != METRIC_ELAPSED) {
		return;
	}
	p->stop = stop;
	if (!shape_of_start(start, &p->shape))
		p->shape = SHAPE_NONE;
	p->ends = stop == EVENT_RESTORED || stop == EVENT_RESOLVED || stop == EVENT_CLOSED;
}

/* R42: without a target a ticket is overdue once it is beyond the limit of the mean or percentile; without a limit never. */
static struct goal limit_goal(const struct metric *m)
{
	struct goal g = {.set = true, .by_min = -1, .calendar = calendar_always(), .endless = true};

	if (m->kind == METRIC_COUNT || !m->at_most_set || m->at_most.units <= 0)
		return g;

	struct decimal ms = fraction_round(
		fraction_mul(fraction_of_decimal(m->at_most), fraction_of(MINUTE_MS, 1)), 0,
		ROUND_DOWN);

	g.ms = ms.units;
	g.endless = g.ms <= 0;
	return g;
}

static void plan_targets(struct arena *a, struct metric_plan *p)
{
	const struct metric *m = p->metric;
	size_t n_priorities = p->promise->n_priorities;
	size_t n = m->n_targets == 0 && m->kind != METRIC_ELAPSED ? 1 : m->n_targets;
	struct target_plan *targets = arena_array(a, struct target_plan, n);
	int16_t *of = arena_array(a, int16_t, n_priorities + 1);
	int16_t rest = -1;

	for (size_t i = 0; i < n && m->n_targets > 0; i++) {
		const struct target *t = &m->targets[i];

		targets[i].index = (int16_t)i;
		targets[i].goals[0] = goal_of(p->promise, &t->within, t->by_min);
		targets[i].goals[1] = goal_of(p->promise, &t->or_within, -1);
		if (t->priority < 0)
			rest = (int16_t)i;
	}
	if (m->n_targets == 0 && n == 1) {
		targets[0].index = -1;
		targets[0].goals[0] = limit_goal(m);
		rest = 0;
	}
	for (size_t i = 0; i <= n_priorities; i++)
		of[i] = rest;
	for (size_t i = 0; i < m->n_targets; i++)
		if (m->targets[i].priority >= 0)
			of[m->targets[i].priority + 1] = (int16_t)i;
	p->targets = targets;
	p->target_of = of;
}

static bool excused_by_duty(const struct promise *p, int metric)
{
	for (size_t i = 0; i < p->n_obligations; i++)
		for (size_t k = 0; k < p->obligations[i].n_excuses; k++)
			if (p->obligations[i].excuses[k] == metric)
				return true;
	return false;
}

void metric_plan_make(struct clock_engine *e, uint16_t version, uint16_t metric,
		      struct metric_plan *p)
{
	const struct promise *promise = e->versions[version].promise;

	p->promise = promise;
	p->metric = &promise->metrics[metric];
	p->version = version;
	p->index = metric;
	find_shape(p);
	if (p->shape == SHAPE_NONE)
		return;
	plan_targets(e->arena, p);
	for (size_t i = 0; i < p->metric->n_pauses; i++) {
		p->allowances = p->allowances || p->metric->pauses[i].max.set;
		if (p->pause[p->metric->pauses[i].while_event] == NULL)
			p->pause[p->metric->pauses[i].while_event] = &p->metric->pauses[i];
	}
	p->pauses = p->pause[EVENT_WAITING_CLIENT] != NULL ||
		    p->pause[EVENT_WAITING_VENDOR] != NULL || p->pause[EVENT_SCHEDULED] != NULL;
	if (p->pause[EVENT_MAINTENANCE_WINDOW] != NULL && e->source.maintenance != NULL)
		p->maintenance = e->source.maintenance(e->arena, e->view, promise);
	p->excused = e->source.obligation != NULL && excused_by_duty(promise, metric);
	if (p->excused && p->shape == SHAPE_PAIR)
		p->excuses =
			e->source.obligation(e->arena, e->view, promise, metric, 0, &p->n_excuses);
}

bool goal_date(const struct metric_plan *p, const struct goal *g, instant start, instant *out)
{
	const struct promise *promise = p->promise;
	struct err err = {.line = 0};
	/* Rolling is for acts toward the other party (CL-12, notices.roll), not for clocks. */
	struct duration_context context = {promise->zone, g->timing->calendar, promise->business,
					   false};
	instant due;

	if (duration_add(g->timing->duration, 1, ANCHOR_MOMENT, start, &context, &due, &err) !=
	    RC_OK)
		return false;
	if (g->by_min >= 0) {
		const struct zone *zone = calendar_zone(g->calendar);

		if (zone == NULL)
			zone = promise->zone;

		day date = zone_day(zone, due);
		int64_t ms = g->by_min * MINUTE_MS;

		due = zone_instant(zone, date, ms, NULL);
		if (due <= start)
			due = zone_instant(zone, date + 1, ms, NULL);
	}
	*out = due;
	return true;
}
