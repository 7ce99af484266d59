/* SPDX-License-Identifier: Apache-2.0 */
/* How one clock came about, written down by the run that judged it (outcome.h, struct clock_detail). */
#include "engine/clock_judge.h"

#include <assert.h>

struct pieces {
	struct arena *arena;
	struct piece *v;
	size_t n, cap;
};

static void add_piece(struct pieces *out, struct piece p, instant from, instant to)
{
	if (from >= to)
		return;
	p.span = (struct span){from, to};
	out->v = arena_grow(out->arena, out->v, out->n, &out->cap, sizeof(*out->v));
	out->v[out->n++] = p;
}

/* Open and closed stretches between two instants, where nothing is gone. */
static void add_running(struct pieces *out, const struct goal *g, struct piece like, instant from,
			instant to)
{
	struct spans open = calendar_spans(out->arena, g->calendar, from, to);
	struct piece closed = {.kind = PIECE_CLOSED,
			       .why = g->timing != NULL ? g->timing->node : NULL,
			       .from_fact = NO_FACT,
			       .to_fact = NO_FACT};
	instant at = from;

	for (size_t i = 0; i < open.n; i++) {
		add_piece(out, closed, at, open.v[i].from);
		add_piece(out, like, open.v[i].from, open.v[i].to);
		at = open.v[i].to;
	}
	add_piece(out, closed, at, to);
}

/* R3; empty if the day is off on another calendar. */
static struct piece day_off_piece(const struct day_off *d, const struct goal *g)
{
	return (struct piece){
		.span = d->calendar == g->calendar ? d->day
						   : (struct span){INSTANT_MIN, INSTANT_MIN},
		.kind = PIECE_CLOSED,
		.why = g->timing != NULL ? g->timing->node : NULL,
		.from_fact = d->fact,
		.to_fact = NO_FACT,
	};
}

/* What covers t, and until when that stays so: what is gone before a pause that did not count. */
static struct piece piece_at(const struct clock_engine *e, const struct goal *g, instant t,
			     instant *until)
{
	struct piece found = {.kind = PIECE_RAN, .from_fact = NO_FACT, .to_fact = NO_FACT};

	for (size_t i = 0; i < e->n_gaps + e->n_days_off; i++) {
		struct piece gap =
			i < e->n_gaps ? e->gaps[i] : day_off_piece(&e->days_off[i - e->n_gaps], g);

		if (gap.span.from > t) {
			*until = gap.span.from < *until ? gap.span.from : *until;
			continue;
		}
		if (gap.span.to <= t)
			continue;
		*until = gap.span.to < *until ? gap.span.to : *until;
		if (found.kind == PIECE_RAN)
			found = gap;
	}
	return found;
}

static void record_pieces(struct clock_engine *e, const struct life *l, const struct course *c)
{
	const struct goal *g = &l->plan->targets[c->target].goals[c->binding];
	struct pieces out = {.arena = e->recorder->arena};
	const struct clock *clock = &e->recorder->clock;
	instant end = clock->stop != INSTANT_NONE ? clock->stop : e->as_of;

	if (clock->deadline != INSTANT_NONE && clock->deadline > end)
		end = clock->deadline;
	for (instant at = l->start; at < end;) {
		instant until = end;
		struct piece p = piece_at(e, g, at, &until);

		if (p.kind == PIECE_RAN)
			add_running(&out, g, p, at, until);
		else
			add_piece(&out, p, at, until);
		at = until;
	}
	e->recorder->detail->pieces = out.v;
	e->recorder->detail->n_pieces = out.n;
}

/* R28: "due 16:30 if resumed now". */
static instant due_if_resumed(struct clock_engine *e, const struct life *l, const struct course *c)
{
	struct course resumed = *c;
	size_t n = e->n_gone;

	for (size_t i = 0; i < n; i++)
		if (e->gone[i].from <= e->as_of && e->as_of < e->gone[i].to) {
			struct span open = e->gone[i];

			e->gone[i].to = e->as_of;
			if (open.from == e->as_of)
				e->n_gone = i;
			course_measure(e, l, &resumed, e->as_of);
			e->gone[i] = open;
			e->n_gone = n;
			return course_deadline(&resumed);
		}
	return INSTANT_NONE;
}

static instant unpaused_deadline(struct clock_engine *e, const struct life *l,
				 const struct course *c)
{
	struct course unpaused = *c;
	size_t n = e->n_gone;

	e->n_gone = 0;
	course_measure(e, l, &unpaused, e->as_of);
	e->n_gone = n;
	return course_deadline(&unpaused);
}

static void add_fact(uint32_t *v, size_t *n, uint32_t fact)
{
	if (fact != NO_FACT)
		v[(*n)++] = fact;
}

static void record_facts(struct clock_engine *e, const struct life *l)
{
	struct clock_detail *d = e->recorder->detail;
	uint32_t *v = arena_array(e->recorder->arena, uint32_t, 2 * e->n_gaps + d->n_steps + 4);
	const struct fact *facts = e->view->facts->v;
	size_t n = 0, kept = 0;

	add_fact(v, &n, l->start_fact);
	add_fact(v, &n, e->recorder->clock.stop_fact);
	for (size_t i = 0; i < e->n_gaps; i++) {
		add_fact(v, &n, e->gaps[i].from_fact);
		add_fact(v, &n, e->gaps[i].to_fact);
	}
	for (size_t i = 0; i < d->n_steps; i++)
		add_fact(v, &n, d->steps[i].fact);
	if (l->ticket != NULL) {
		add_fact(v, &n, l->ticket->scope_fact);
		add_fact(v, &n, l->ticket->merged_fact);
	}
	for (size_t i = 1; i < n; i++) {
		uint32_t x = v[i];
		size_t at = i;

		for (; at > 0 && fact_order(&facts[v[at - 1]], &facts[x]) > 0; at--)
			v[at] = v[at - 1];
		v[at] = x;
	}
	for (size_t i = 0; i < n; i++)
		if (kept == 0 || v[kept - 1] != v[i])
			v[kept++] = v[i];
	d->facts = v;
	d->n_facts = kept;
}

/* --- escalation (R38) --- */

/* `after` counts on from the deadline; without it a breach is the first millisecond past it. */
static instant breach_level(const struct promise *p, const struct alert_rule *a, instant deadline)
{
	struct duration_context context = promise_duration(p, &a->after);
	struct err err = {.line = 0};
	instant at;

	if (deadline == INSTANT_NONE)
		return INSTANT_NONE;
	if (!a->after.set)
		return deadline + 1;
	return duration_add(a->after.duration, 1, ANCHOR_MOMENT, deadline, &context, &at, &err) ==
			       RC_OK
		       ? at
		       : INSTANT_NONE; /* beyond the year 9999: never */
}

static instant level_at(struct clock_engine *e, const struct life *l, const struct course *c,
			const struct alert_rule *a)
{
	switch (a->event) {
	case ALERT_AT_RISK:
		return course_threshold(e, l, c, a->at_set ? a->at : decimal_of(AT_RISK_PERCENT));
	case ALERT_BREACH:
		return breach_level(l->plan->promise, a, e->recorder->clock.deadline);
	default:
		return INSTANT_NONE; /* of windows, not of clocks */
	}
}

/* Each level once per clock and cycle; a stop cancels the later ones. By instant, ties in the order of the contract. */
static void record_levels(struct clock_engine *e, const struct life *l, const struct course *c)
{
	const struct promise *p = l->plan->promise;
	struct clock_detail *d = e->recorder->detail;
	struct alert_level *v = arena_array(e->recorder->arena, struct alert_level, p->n_alerts);
	size_t n = 0;

	for (size_t i = 0; i < p->n_alerts; i++) {
		instant at = level_at(e, l, c, &p->alerts[i]);
		size_t place = n;

		if (at == INSTANT_NONE || (l->stop != INSTANT_NONE && at > l->stop))
			continue;
		for (; place > 0 && v[place - 1].at > at; place--)
			v[place] = v[place - 1];
		v[place] = (struct alert_level){(int)i, at};
		n++;
	}
	d->levels = v;
	d->n_levels = n;
}

static void record_pauses(struct clock_engine *e)
{
	struct clock_detail *d = e->recorder->detail;
	struct pause_use *v = arena_array(e->recorder->arena, struct pause_use, e->n_uses);

	for (size_t i = 0; i < e->n_uses; i++)
		v[i] = e->uses[i];
	d->pauses = v;
	d->n_pauses = e->n_uses;
}

void clock_record(struct clock_engine *e, const struct life *l, const struct course *c)
{
	static const int percents[] = {50, 75, 90, 100};
	struct clock_detail *d = e->recorder->detail;
	const struct target_plan *target = &l->plan->targets[c->target];
	const struct goal *g = &target->goals[c->binding];
	const struct clock *clock = &e->recorder->clock;
	instant until = clock->deadline != INSTANT_NONE ? clock->deadline : e->as_of;

	record_pieces(e, l, c);
	for (size_t i = 0; i < ARRAY_SIZE(percents); i++)
		d->thresholds[i] = (struct threshold){
			percents[i], course_threshold(e, l, c, decimal_of(percents[i]))};
	record_levels(e, l, c);
	record_pauses(e);
	d->unpaused_deadline = unpaused_deadline(e, l, c);
	struct timeline t = course_timeline(e, l, g);

	d->paused_ms = calendar_elapsed_ms(g->calendar, c->origin, until) -
		       timeline_used_ms(&t, c->origin, until);
	d->due_if_resumed = clock->state == CLOCK_PAUSED ? due_if_resumed(e, l, c) : INSTANT_NONE;
	if (g->timing != NULL)
		d->binding = *g->timing;
	d->by_min = g->by_min;
	record_facts(e, l);
}
