/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/clock_judge.h"

#include <string.h>

struct timeline course_timeline(struct clock_engine *e, const struct life *l, const struct goal *g)
{
	/* R10: a civil goal that was paused ends at the smallest instant, whatever at_closing says. */
	enum at_closing at = g->civil ? AT_CLOSING_CLOSE : l->plan->metric->at_closing;

	struct spans gone = clock_gone(e, g->calendar);

	return (struct timeline){g->calendar, at, gone.v, gone.n};
}

int64_t threshold_ms(int64_t goal_ms, int percent)
{
	return goal_ms / 100 * percent + (goal_ms % 100 * percent + 99) / 100;
}

/* R10: the date, unless open time before it was lost to a pause; then as much time as the date would have given. */
static void measure_civil(struct clock_engine *e, const struct life *l, const struct goal *g,
			  const struct course *c, int64_t carried, instant to, struct mark *out)
{
	struct timeline t = course_timeline(e, l, g);
	instant date;

	out->deadline = INSTANT_NONE;
	out->used_ms = carried + timeline_used_ms(&t, c->origin, to);
	if (!goal_date(l->plan, g, c->origin, &date))
		return;

	int64_t open_ms = calendar_elapsed_ms(g->calendar, c->origin, date);

	out->goal_ms = open_ms;
	if (carried == 0 && timeline_used_ms(&t, c->origin, date) == open_ms) {
		out->deadline = date;
		return;
	}
	if (open_ms <= carried)
		out->deadline = c->origin;
	else if (!timeline_reach(&t, c->origin, open_ms - carried, &out->deadline))
		out->deadline = INSTANT_NONE;
}

/* R33: nobody is late while it was restored; what was left goes on from the reopening. */
static instant after_cut(const struct clock_engine *e, instant t)
{
	for (size_t i = 0; i < e->n_cuts; i++)
		if (e->cuts[i].span.from <= t && t < e->cuts[i].span.to)
			t = e->cuts[i].span.to;
	return t;
}

static void measure(struct clock_engine *e, const struct life *l, const struct goal *g,
		    const struct course *c, int64_t carried, instant to, struct mark *out)
{
	struct timeline t = course_timeline(e, l, g);

	out->goal_ms = g->ms;
	if (g->civil) {
		measure_civil(e, l, g, c, carried, to, out);
	} else if (g->endless || g->ms <= carried) {
		out->used_ms = carried + timeline_used_ms(&t, c->origin, to);
		out->deadline = g->endless ? INSTANT_NONE : c->origin;
	} else {
		timeline_measure(&t, c->origin, g->ms - carried, to, &out->used_ms, &out->deadline);
		out->used_ms += carried;
	}
	if (out->deadline != INSTANT_NONE && out->deadline < c->floor)
		out->deadline = c->floor;
	if (out->deadline != INSTANT_NONE)
		out->deadline = after_cut(e, out->deadline);
}

void course_measure(struct clock_engine *e, const struct life *l, struct course *c, instant to)
{
	c->binding = -1;
	if (c->target < 0)
		return;

	const struct target_plan *target = &l->plan->targets[c->target];

	for (int k = 0; k < 2; k++) {
		if (!target->goals[k].set)
			continue;
		measure(e, l, &target->goals[k], c, c->carried[k], to, &c->marks[k]);
		if (c->binding < 0 || (c->marks[k].deadline != INSTANT_NONE &&
				       (c->marks[c->binding].deadline == INSTANT_NONE ||
					c->marks[k].deadline < c->marks[c->binding].deadline)))
			c->binding = k;
	}
}

instant course_deadline(const struct course *c)
{
	return c->binding < 0 ? INSTANT_NONE : c->marks[c->binding].deadline;
}

/* R37: ceil(goal x percent / 100), exact for any percentage. */
static int64_t part_ms(int64_t goal_ms, struct decimal percent)
{
	i128 of = 100;

	for (unsigned i = 0; i < percent.scale; i++)
		of *= 10;
	return (int64_t)(((i128)goal_ms * percent.units + of - 1) / of);
}

instant course_threshold(struct clock_engine *e, const struct life *l, const struct course *c,
			 struct decimal percent)
{
	bool all = decimal_cmp(percent, decimal_of(100)) == 0;
	instant first = INSTANT_NONE;

	for (int k = 0; k < 2 && c->target >= 0; k++) {
		const struct goal *g = &l->plan->targets[c->target].goals[k];

		if (!g->set || g->endless)
			continue;

		struct timeline t = course_timeline(e, l, g);
		int64_t ms = part_ms(c->marks[k].goal_ms, percent) - c->carried[k];
		instant at = c->origin;

		if (all)
			at = c->marks[k].deadline; /* a date may lie outside hours (R8) */
		else if (ms > 0 && !timeline_reach(&t, c->origin, ms, &at))
			continue;
		if (at == INSTANT_NONE)
			continue;
		at = at < c->floor ? c->floor : at;
		if (first == INSTANT_NONE || at < first)
			first = at;
	}
	return first;
}

/* R36: at risk once 75 % of a goal is used. */
static bool at_risk(const struct course *c, const struct target_plan *target)
{
	for (int k = 0; k < 2; k++)
		if (target->goals[k].set && !target->goals[k].endless &&
		    c->marks[k].used_ms >= threshold_ms(c->marks[k].goal_ms, AT_RISK_PERCENT))
			return true;
	return false;
}

/* --- priority changes (R31) --- */

static void change_target(const struct life *l, struct course *c,
			  const struct ticket_priority *step)
{
	enum on_change mode = l->plan->promise->on_change;

	c->priority = step->to;
	c->target = l->plan->target_of[step->to + 1];
	c->floor = step->at;
	if (mode == CHANGE_FROM_START)
		return;

	int64_t used_ms = c->binding < 0 ? 0 : c->marks[c->binding].used_ms;

	c->origin = step->at;
	c->carried[0] = mode == CHANGE_CARRY_ELAPSED ? used_ms : 0;
	c->carried[1] = c->carried[0];
}

static void record_step(struct clock_engine *e, const struct life *l,
			const struct ticket_priority *step, const struct course *before)
{
	struct clock_detail *d = e->recorder->detail;
	struct course after = *before;

	if (step->counts) {
		change_target(l, &after, step);
		course_measure(e, l, &after, step->at);
	}

	struct priority_step *grown =
		arena_array(e->recorder->arena, struct priority_step, d->n_steps + 1);

	if (d->n_steps > 0)
		memcpy(grown, d->steps, d->n_steps * sizeof(*grown));
	grown[d->n_steps++] = (struct priority_step){
		.at = step->at,
		.from = step->from,
		.to = step->to,
		.deadline_before = course_deadline(before),
		.deadline_after = course_deadline(&after),
		.used_ms = before->binding < 0 ? 0 : before->marks[before->binding].used_ms,
		.counts = step->counts,
		.fact = step->fact,
	};
	d->steps = grown;
}

static bool recording(const struct clock_engine *e, const struct life *l)
{
	return e->recorder != NULL && e->recorder->detail != NULL &&
	       e->recorder->metric == l->plan->index && e->recorder->cycle == l->cycle;
}

/* Follows the changes up to the stop, or to the breach: a breach already settled is never undone. */
static void follow_priorities(struct clock_engine *e, const struct life *l, struct course *c,
			      instant to)
{
	const struct ticket *t = l->ticket;

	for (size_t i = 0; i < t->n_priorities; i++) {
		const struct ticket_priority *step = &t->priorities[i];
		bool record = recording(e, l) && step->at > l->start && step->at <= to;

		/* A stop sorts before a change of the same instant (R16). */
		if (step->at > to || (l->stop != INSTANT_NONE && step->at >= l->stop))
			break;
		if (step->at <= l->start) {
			if (step->counts) {
				c->priority = step->to;
				c->target = l->plan->target_of[step->to + 1];
			}
			continue;
		}
		if (!step->counts && !record)
			continue;
		course_measure(e, l, c, step->at);

		instant deadline = course_deadline(c);

		if (deadline != INSTANT_NONE && deadline < step->at)
			break;
		if (record)
			record_step(e, l, step, c);
		if (step->counts)
			change_target(l, c, step);
	}
}

/* --- the result --- */

static bool within(const struct span *v, size_t n, instant t)
{
	for (size_t i = 0; i < n && v[i].from <= t; i++)
		if (t < v[i].to)
			return true;
	return false;
}

static void settle(const struct clock_engine *e, const struct life *l, const struct course *c,
		   instant to, struct clock *out)
{
	bool due = out->deadline != INSTANT_NONE;

	if (l->stop != INSTANT_NONE && out->stop != INSTANT_NONE) {
		bool in_time = !due || l->stop <= out->deadline;

		out->state = in_time ? CLOCK_MET : CLOCK_MISSED;
		out->settled = in_time ? l->stop : out->deadline;
		if (in_time && l->cancelled) {
			out->state = CLOCK_VOID;
			out->reason = VOID_CANCELLED;
		}
	} else if (due && to > out->deadline) {
		out->state = CLOCK_BREACHED;
		out->settled = out->deadline;
	} else if (l->ticket != NULL && l->ticket->merged_at != INSTANT_NONE) {
		out->state = CLOCK_VOID;
		out->reason = VOID_MERGED;
	} else if (e->as_of >= e->end) {
		out->state = CLOCK_VOID;
		out->reason = VOID_END_OF_SERVICE;
	} else {
		out->at_risk = at_risk(c, &l->plan->targets[c->target]);
		out->state = within(e->gone, e->n_gone, e->as_of) ? CLOCK_PAUSED
			     : out->at_risk                       ? CLOCK_AT_RISK
								  : CLOCK_RUNNING;
	}
	if (out->state == CLOCK_VOID)
		out->settled = INSTANT_NONE;
	/* R28: also where the end of the pause is announced; it may be put off. */
	if (out->state == CLOCK_VOID || (out->state == CLOCK_PAUSED && out->deadline > e->as_of))
		out->deadline = INSTANT_NONE;
	out->sample = out->settled != INSTANT_NONE;
}

static void emit(struct clock_engine *e, const struct clock *c)
{
	if (e->recorder != NULL) {
		if (e->recorder->metric == c->metric && e->recorder->cycle == c->cycle)
			e->recorder->clock = *c;
		return;
	}
	e->clocks =
		arena_grow(e->arena, e->clocks, e->n_clocks, &e->cap_clocks, sizeof(*e->clocks));
	e->clocks[e->n_clocks++] = *c;
}

/* Void for a reason that no time can change. */
static bool void_anyway(const struct clock_engine *e, const struct life *l, struct clock *out)
{
	if (l->reason != VOID_NONE)
		out->reason = (uint8_t)l->reason;
	else if (l->start < e->begin)
		out->reason = VOID_BEFORE_SERVICE;
	else if (l->start >= e->end)
		out->reason = VOID_END_OF_SERVICE;
	else
		return false;
	out->state = CLOCK_VOID;
	return true;
}

/* How far the clock ran: to its stop, else to now, a merge or the end of the service. */
static instant run_until(const struct clock_engine *e, const struct life *l, struct clock *out)
{
	instant to = e->as_of;

	if (to > e->end)
		to = e->end;
	if (l->ticket != NULL && l->ticket->merged_at != INSTANT_NONE && l->ticket->merged_at < to)
		to = l->ticket->merged_at;
	if (l->stop != INSTANT_NONE && l->stop <= to) {
		out->stop = l->stop;
		out->stop_fact = l->stop_fact;
		to = l->stop;
	}
	return to;
}

void clock_judge(struct clock_engine *e, const struct life *l)
{
	struct clock out = {
		.subject = l->subject,
		.version = l->plan->version,
		.metric = l->plan->index,
		.priority = (int16_t)(l->ticket != NULL ? l->ticket->priority : -1),
		.target = -1,
		.cycle = l->cycle,
		.start = l->start,
		.stop = INSTANT_NONE,
		.deadline = INSTANT_NONE,
		.settled = INSTANT_NONE,
		.start_fact = l->start_fact,
		.stop_fact = NO_FACT,
	};

	if (void_anyway(e, l, &out)) {
		out.stop = l->stop;
		out.stop_fact = l->stop_fact;
		emit(e, &out);
		return;
	}

	instant to = run_until(e, l, &out);
	struct course c = {
		.priority = out.priority,
		.target = l->plan->target_of[out.priority + 1],
		.origin = l->start,
		.floor = INSTANT_MIN,
		.binding = -1,
	};

	clock_gather(e, l);
	if (l->ticket != NULL && l->ticket->n_priorities > 0)
		follow_priorities(e, l, &c, to);
	course_measure(e, l, &c, to);
	out.priority = (int16_t)c.priority;
	out.detailed = e->n_gaps > 0;
	if (c.binding < 0) {
		out.state = CLOCK_VOID;
		out.reason = c.priority < 0 ? VOID_NO_PRIORITY : VOID_NO_TARGET;
		emit(e, &out);
		return;
	}

	const struct mark *m = &c.marks[c.binding];

	out.target = l->plan->targets[c.target].index;
	out.or_within = c.binding == 1;
	out.deadline = m->deadline;
	out.goal_ms = m->goal_ms;
	out.used_ms = m->used_ms;
	out.left_ms = m->goal_ms - m->used_ms;
	settle(e, l, &c, to, &out);
	emit(e, &out);
	if (recording(e, l))
		clock_record(e, l, &c);
}
