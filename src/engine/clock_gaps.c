/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What does not count on one clock (sla.md R26, R27, R29, R33): pauses the metric lists, with their proof and allowance,
 * excuses, and the time between a stop and a reopening; all united into one set.
 */
#include "engine/clock.h"

static void add_gap(struct clock_engine *e, struct piece gap)
{
	if (gap.span.from >= gap.span.to)
		return;
	e->gaps = arena_grow(e->arena, e->gaps, e->n_gaps, &e->cap_gaps, sizeof(*e->gaps));

	size_t at = e->n_gaps++;

	for (; at > 0 && e->gaps[at - 1].span.from > gap.span.from; at--)
		e->gaps[at] = e->gaps[at - 1];
	e->gaps[at] = gap;
}

static bool proved(const struct pause_rule *rule, const struct ticket_pause *p)
{
	switch (rule->proof) {
	case PAUSE_PROOF_SUPPLIER_TICKET:
		return p->supplier_ticket;
	case PAUSE_PROOF_CLIENT_MESSAGE:
		return p->asked;
	case PAUSE_PROOF_UNSAID:
		break;
	}
	return true;
}

/* What is left of a pause's allowance: open time of its own calendar (R27). */
struct allowance {
	bool known;
	int64_t whole_ms, left_ms;
};

static struct allowance whole_allowance(const struct metric_plan *p, const struct goal *g,
					instant from)
{
	struct allowance all = {.known = true, .left_ms = g->ms};
	instant until;

	if (g->civil)
		all.left_ms = goal_date(p, g, from, &until)
				      ? calendar_elapsed_ms(g->calendar, from, until)
				      : 0;
	all.whole_ms = all.left_ms;
	return all;
}

static struct goal allowance_goal(const struct metric_plan *p, const struct pause_rule *rule)
{
	struct goal g = {.set = true, .timing = &rule->max, .by_min = -1};

	g.calendar = rule->max.calendar;
	if (g.calendar == NULL && rule->max.duration.unit == UNIT_BD)
		g.calendar = p->promise->business;
	if (g.calendar == NULL)
		g.calendar = calendar_always();
	g.civil = !duration_exact_ms(rule->max.duration, &g.ms);
	return g;
}

/* When that much of a pause is over, if before its end, and before what was found so far. */
static void reach_within(const struct timeline *t, struct span pause, int64_t ms, instant *found)
{
	instant at = pause.from;

	if (ms > 0 && (!timeline_reach(t, pause.from, ms, &at) || at >= pause.to))
		return;
	if (*found == INSTANT_NONE || at < *found)
		*found = at;
}

/* For whoever is told of it; of tickets that were merged, the one whose allowance is used up first. */
static void note_use(struct clock_engine *e, const struct pause_rule *rule,
		     const struct timeline *t, struct span pause, const struct allowance *left)
{
	struct pause_use *u;
	size_t i = 0;

	while (i < e->n_uses && e->uses[i].rule != rule)
		i++;
	if (i == e->n_uses) {
		e->uses = arena_grow(e->arena, e->uses, e->n_uses, &e->cap_uses, sizeof(*e->uses));
		e->uses[e->n_uses++] = (struct pause_use){rule, INSTANT_NONE, INSTANT_NONE, pause};
	}
	u = &e->uses[i];
	if (pause.from > u->last.from)
		u->last = pause;
	reach_within(t, pause, left->left_ms - left->whole_ms / 2, &u->half);
	reach_within(t, pause, left->left_ms, &u->all);
}

/* Where the allowance ends the pause; the rest is recorded, and runs. */
static instant spend(struct clock_engine *e, const struct metric_plan *p, struct piece gap,
		     struct allowance *left)
{
	struct goal g = allowance_goal(p, p->pause[gap.event]);
	struct timeline t = {g.calendar, AT_CLOSING_CLOSE, NULL, 0};
	instant end = gap.span.from;

	if (!left->known)
		*left = whole_allowance(p, &g, gap.span.from);
	if (e->recorder != NULL)
		note_use(e, p->pause[gap.event], &t, gap.span, left);
	if (left->left_ms > 0 && !timeline_reach(&t, gap.span.from, left->left_ms, &end))
		end = gap.span.to;
	if (end >= gap.span.to) {
		left->left_ms -= timeline_used_ms(&t, gap.span.from, gap.span.to);
		return gap.span.to;
	}
	left->left_ms = 0;
	gap.span.from = end;
	gap.kind = PIECE_RAN;
	gap.beyond_max = true;
	add_gap(e, gap);
	return end;
}

/* R27: a pause ends at a stop; the stops of this clock are its last one and those that were reopened. */
static struct ticket_pause end_at_stops(const struct clock_engine *e, const struct life *l,
					struct ticket_pause p)
{
	for (size_t i = 0; i < e->n_cuts; i++)
		if (e->cuts[i].span.from >= p.span.from && e->cuts[i].span.from < p.span.to) {
			p.span.to = e->cuts[i].span.from;
			p.to_fact = e->cuts[i].from_fact;
		}
	if (l->stop != INSTANT_NONE && l->stop < p.span.to) {
		p.span.to = l->stop > p.span.from ? l->stop : p.span.from;
		p.to_fact = l->stop_fact;
	}
	return p;
}

/*
 * The first pause that may touch the clock. Pauses of one ticket follow each other; those before the clock's start matter only
 * to an allowance, which is the ticket's.
 */
static size_t first_pause(const struct clock_engine *e, const struct life *l,
			  const struct ticket *t)
{
	size_t low = 0, high = t->n_pauses;

	if (l->plan->allowances || e->reader->linked)
		return 0;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (t->pauses[middle].span.to <= l->start)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void add_pauses(struct clock_engine *e, const struct life *l, const struct ticket *t)
{
	struct allowance left[EVENT_COUNT] = {{.known = false}};

	for (size_t i = first_pause(e, l, t); i < t->n_pauses; i++) {
		const struct pause_rule *rule = l->plan->pause[t->pauses[i].event];

		if (l->stop != INSTANT_NONE && t->pauses[i].span.from >= l->stop)
			break;
		if (rule == NULL)
			continue;

		struct ticket_pause p = end_at_stops(e, l, t->pauses[i]);
		struct piece gap = {
			.span = p.span,
			.kind = PIECE_PAUSED,
			.why = rule->node,
			.from_fact = p.from_fact,
			.to_fact = p.to_fact,
			.event = p.event,
		};

		if (gap.span.from >= gap.span.to)
			continue;
		if (!proved(rule, &p)) {
			e->view->flags[p.from_fact] |= FLAG_UNPROVEN;
			gap.kind = PIECE_RAN;
			gap.unproven = true;
		} else if (rule->max.set) {
			gap.span.to = spend(e, l->plan, gap, &left[p.event]);
		}
		if (gap.span.to > l->start)
			add_gap(e, gap);
	}
}

/* When a ticket of a group was running: received, not yet merged, not paused. Leaves its pauses in gaps. */
static struct spans running_spans(struct clock_engine *e, const struct life *l,
				  const struct ticket *member, bool survivor)
{
	bool merged = !survivor && member->merged_at != INSTANT_NONE;
	struct span alive = {member->logged, merged ? member->merged_at : INSTANT_MAX};

	e->n_gaps = 0;
	add_pauses(e, l, member);

	struct span *paused = arena_array(e->arena, struct span, e->n_gaps);
	size_t n = 0;

	for (size_t i = 0; i < e->n_gaps; i++)
		if (e->gaps[i].kind == PIECE_PAUSED)
			paused[n++] = e->gaps[i].span;
	return spans_minus(e->arena, spans_union(e->arena, &alive, 1),
			   spans_union(e->arena, paused, n));
}

/* The recorded pause that a common one is shown as: the last to begin. */
static struct piece shown_as(const struct piece *pauses, size_t n, struct span common)
{
	struct piece best = {.kind = PIECE_PAUSED, .from_fact = NO_FACT, .to_fact = NO_FACT};

	for (size_t i = 0; i < n; i++)
		if (pauses[i].kind == PIECE_PAUSED && pauses[i].span.from < common.to &&
		    pauses[i].span.to > common.from &&
		    (best.from_fact == NO_FACT || pauses[i].span.from >= best.span.from))
			best = pauses[i];
	best.span = common;
	return best;
}

/* R34: paused only while every ticket of the group, from its receipt until it is merged, is paused. */
static void add_common_pauses(struct clock_engine *e, const struct life *l)
{
	const struct ticket *t = l->ticket;
	struct span whole = {l->start, INSTANT_MAX}, *any = NULL;
	struct piece *pauses = NULL;
	size_t n_any = 0, cap_any = 0, n = 0, cap = 0;

	for (size_t i = 0; i < t->n_members; i++) {
		struct spans running = running_spans(e, l, &t->members[i], i == 0);

		for (size_t k = 0; k < running.n; k++) {
			any = arena_grow(e->arena, any, n_any, &cap_any, sizeof(*any));
			any[n_any++] = running.v[k];
		}
		for (size_t k = 0; k < e->n_gaps; k++) {
			pauses = arena_grow(e->arena, pauses, n, &cap, sizeof(*pauses));
			pauses[n++] = e->gaps[k];
		}
	}

	struct spans common = spans_minus(e->arena, spans_union(e->arena, &whole, 1),
					  spans_union(e->arena, any, n_any));

	e->n_gaps = 0;
	for (size_t i = 0; i < common.n; i++)
		add_gap(e, shown_as(pauses, n, common.v[i]));
	for (size_t i = 0; i < n; i++)
		if (pauses[i].kind == PIECE_RAN)
			add_gap(e, pauses[i]);
}

/* Time that is not of the ticket itself: as far as this clock runs. */
static void add_clipped(struct clock_engine *e, const struct life *l, struct piece gap)
{
	instant end = l->stop != INSTANT_NONE ? l->stop : INSTANT_MAX;

	if (gap.span.to > end) {
		gap.span.to = end;
		gap.to_fact = l->stop_fact;
	}
	if (gap.span.to > l->start)
		add_gap(e, gap);
}

static void add_maintenance(struct clock_engine *e, const struct life *l)
{
	const struct metric_plan *p = l->plan;

	for (size_t i = 0; i < p->maintenance.n; i++)
		add_clipped(e, l,
			    (struct piece){.span = p->maintenance.v[i],
					   .kind = PIECE_PAUSED,
					   .why = p->pause[EVENT_MAINTENANCE_WINDOW]->node,
					   .event = EVENT_MAINTENANCE_WINDOW,
					   .from_fact = NO_FACT,
					   .to_fact = NO_FACT});
}

static void unite(struct clock_engine *e)
{
	e->n_gone = 0;
	for (size_t i = 0; i < e->n_gaps; i++) {
		struct span s = e->gaps[i].span;

		if (e->gaps[i].kind == PIECE_RAN)
			continue;
		if (e->n_gone > 0 && s.from <= e->gone[e->n_gone - 1].to) {
			if (s.to > e->gone[e->n_gone - 1].to)
				e->gone[e->n_gone - 1].to = s.to;
			continue;
		}
		e->gone = arena_grow(e->arena, e->gone, e->n_gone, &e->cap_gone, sizeof(*e->gone));
		e->gone[e->n_gone++] = s;
	}
}

void clock_gather(struct clock_engine *e, const struct life *l)
{
	const struct metric_plan *p = l->plan;

	e->n_gaps = e->n_uses = 0;
	if (l->ticket != NULL && p->pauses) {
		if (l->ticket->n_members > 0)
			add_common_pauses(e, l);
		else if (l->ticket->n_pauses > 0)
			add_pauses(e, l, l->ticket);
	}
	for (size_t i = 0; i < e->n_cuts; i++)
		add_gap(e, e->cuts[i]);
	add_maintenance(e, l);
	for (size_t i = 0; i < e->n_excuses; i++)
		add_clipped(e, l, e->excuses[i]);
	unite(e);
}
