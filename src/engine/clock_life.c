/* SPDX-License-Identifier: Apache-2.0 */
/* Which clocks a ticket has for a metric, and where each starts and stops (sla.md section 3, R24, R25, R33 to R35). */
#include "engine/clock.h"

/* More cycles, exchanges or intervals of one ticket than this are not told apart: no ticket has them, a damaged file may. */
enum { CYCLES_MAX = 10000 };

static bool stops_clock(int stop, const struct ticket_moment *m)
{
	switch ((enum moment)m->kind) {
	case MOMENT_PROVIDER_MESSAGE:
		return stop == EVENT_ANSWERED || stop == EVENT_PROVIDER_MESSAGE;
	case MOMENT_ASSIGNED:
		return stop == EVENT_ASSIGNED;
	case MOMENT_WORK_STARTED:
		return stop == EVENT_WORK_STARTED;
	case MOMENT_RESTORED:
		return stop == EVENT_RESTORED || stop == EVENT_ASSIGNED ||
		       stop == EVENT_WORK_STARTED ||
		       (m->answers && (stop == EVENT_ANSWERED || stop == EVENT_PROVIDER_MESSAGE));
	case MOMENT_RESOLVED:
		return stop != EVENT_CLOSED &&
		       (m->answers || (stop != EVENT_ANSWERED && stop != EVENT_PROVIDER_MESSAGE));
	case MOMENT_CLOSED:
		return m->answers || (stop != EVENT_ANSWERED && stop != EVENT_PROVIDER_MESSAGE);
	case MOMENT_CANCELLED: /* by the client it ends every clock, by the provider it counts as resolved (R35) */
		return true;
	case MOMENT_CLIENT_MESSAGE:
	case MOMENT_REOPENED:
		break;
	}
	return false;
}

/* Work that was done must have been begun: the engine infers it where nobody recorded it (R14). */
static void flag_implied(const struct clock_engine *e, int stop, const struct ticket_moment *m)
{
	if ((stop == EVENT_ASSIGNED || stop == EVENT_WORK_STARTED) && m->kind >= MOMENT_RESTORED)
		e->view->flags[m->fact] |= FLAG_IMPLIED;
}

static struct life life_of(const struct metric_plan *p, const struct ticket *t, instant start,
			   uint32_t start_fact)
{
	return (struct life){
		.plan = p,
		.ticket = t,
		.subject = t->id,
		.start = start,
		.stop = INSTANT_NONE,
		.start_fact = start_fact,
		.stop_fact = NO_FACT,
		.reason = t->out_of_scope ? VOID_OUT_OF_SCOPE : VOID_NONE,
	};
}

static void stop_at(struct life *l, const struct ticket_moment *m)
{
	l->stop = m->at;
	l->stop_fact = m->fact;
	l->cancelled = m->kind == MOMENT_CANCELLED && m->by_client;
}

static void cut(struct clock_engine *e, const struct life *stopped, const struct ticket_moment *m)
{
	e->cuts = arena_grow(e->arena, e->cuts, e->n_cuts, &e->cap_cuts, sizeof(*e->cuts));
	e->cuts[e->n_cuts++] = (struct piece){
		.span = {stopped->stop, m->at},
		.kind = PIECE_CUT,
		.from_fact = stopped->stop_fact,
		.to_fact = m->fact,
	};
}

/* R35: it was stopped only before it was received. */
static bool stopped_early(const struct metric_plan *p, const struct ticket *t, struct life *l)
{
	for (size_t i = 0; i < t->n_early; i++)
		if (stops_clock(p->stop, &t->early[i])) {
			stop_at(l, &t->early[i]);
			l->cancelled = false;
			l->reason = VOID_STOP_BEFORE_START;
			return true;
		}
	return false;
}

/* From receipt to a stop that comes once: answer, assignment, arrival. */
static void once(struct clock_engine *e, const struct metric_plan *p, const struct ticket *t)
{
	struct life l = life_of(p, t, t->logged, t->logged_fact);
	bool answer = p->stop == EVENT_ANSWERED || p->stop == EVENT_PROVIDER_MESSAGE;
	size_t i = 0;

	if (answer && t->monitor) {
		l.reason = VOID_MONITOR_TICKET;
	} else if (answer && t->live) {
		l.stop = t->logged;
		l.stop_fact = t->logged_fact;
	} else {
		while (i < t->n_moments && !stops_clock(p->stop, &t->moments[i]))
			i++;
		if (i < t->n_moments) {
			stop_at(&l, &t->moments[i]);
			flag_implied(e, p->stop, &t->moments[i]);
		} else {
			(void)stopped_early(p, t, &l);
		}
	}
	clock_judge(e, &l);
}

/* From receipt to the end, again after each reopening (R33). */
static void cycles(struct clock_engine *e, const struct metric_plan *p, const struct ticket *t)
{
	struct life l = life_of(p, t, t->logged, t->logged_fact);
	bool open = true, stopped = false;

	for (size_t i = 0; i < t->n_moments && l.cycle < CYCLES_MAX; i++) {
		const struct ticket_moment *m = &t->moments[i];

		if (open && stops_clock(p->stop, m)) {
			stop_at(&l, m);
			clock_judge(e, &l);
			open = false;
			stopped = true;
		} else if (!open && m->kind == MOMENT_REOPENED) {
			open = true;
			l.cycle++;
			if (p->metric->reopen == REOPEN_NEW_CYCLE) {
				l.start = m->at;
				l.start_fact = m->fact;
			} else {
				cut(e, &l, m);
			}
			l.stop = INSTANT_NONE;
			l.stop_fact = NO_FACT;
			l.cancelled = false;
		}
	}
	if (open) {
		if (!stopped)
			(void)stopped_early(p, t, &l);
		clock_judge(e, &l);
	}
}

static bool ends_ticket(const struct ticket_moment *m)
{
	return m->kind == MOMENT_RESTORED || m->kind == MOMENT_RESOLVED ||
	       m->kind == MOMENT_CLOSED || m->kind == MOMENT_CANCELLED;
}

static bool answers(const struct ticket_moment *m)
{
	return m->answers || m->kind == MOMENT_PROVIDER_MESSAGE;
}

/* R25: from the first client message after the last answer. The first response has a clock of its own. */
static void exchanges(struct clock_engine *e, const struct metric_plan *p, const struct ticket *t)
{
	struct life l = life_of(p, t, INSTANT_NONE, NO_FACT);
	bool answered = t->live || t->monitor, ended = false;
	uint16_t cycle = 0;

	for (size_t i = 0; i < t->n_moments && cycle < CYCLES_MAX; i++) {
		const struct ticket_moment *m = &t->moments[i];
		bool waits = l.start != INSTANT_NONE;

		if (waits && (answers(m) || m->kind == MOMENT_CANCELLED)) {
			stop_at(&l, m);
			clock_judge(e, &l);
			l = life_of(p, t, INSTANT_NONE, NO_FACT);
			l.cycle = ++cycle;
		} else if (!waits && ((m->kind == MOMENT_CLIENT_MESSAGE && answered && !ended) ||
				      m->kind == MOMENT_REOPENED)) {
			l.start = m->at;
			l.start_fact = m->fact;
		}
		answered = answered || answers(m);
		ended = m->kind != MOMENT_REOPENED && (ended || ends_ticket(m));
	}
	if (l.start != INSTANT_NONE)
		clock_judge(e, &l);
}

/* From each provider message, the answer first, to the next one or to restoration. */
static void intervals(struct clock_engine *e, const struct metric_plan *p, const struct ticket *t)
{
	struct life l = life_of(p, t, t->live ? t->logged : INSTANT_NONE,
				t->live ? t->logged_fact : NO_FACT);
	bool ended = false;
	uint16_t cycle = 0;

	for (size_t i = 0; i < t->n_moments && cycle < CYCLES_MAX; i++) {
		const struct ticket_moment *m = &t->moments[i];
		bool message = m->kind == MOMENT_PROVIDER_MESSAGE;

		if (l.start != INSTANT_NONE && (message || ends_ticket(m))) {
			stop_at(&l, m);
			clock_judge(e, &l);
			l = life_of(p, t, INSTANT_NONE, NO_FACT);
			l.cycle = ++cycle;
		}
		ended = m->kind != MOMENT_REOPENED && (ended || ends_ticket(m));
		if (message && !ended) {
			l.start = m->at;
			l.start_fact = m->fact;
		}
	}
	if (l.start != INSTANT_NONE)
		clock_judge(e, &l);
}

static void from_reopening(struct clock_engine *e, const struct metric_plan *p,
			   const struct ticket *t)
{
	struct life l = life_of(p, t, INSTANT_NONE, NO_FACT);
	uint16_t cycle = 0;

	for (size_t i = 0; i < t->n_moments && cycle < CYCLES_MAX; i++) {
		const struct ticket_moment *m = &t->moments[i];

		if (l.start != INSTANT_NONE && stops_clock(p->stop, m)) {
			stop_at(&l, m);
			clock_judge(e, &l);
			l = life_of(p, t, INSTANT_NONE, NO_FACT);
			l.cycle = ++cycle;
		} else if (l.start == INSTANT_NONE && m->kind == MOMENT_REOPENED) {
			l.start = m->at;
			l.start_fact = m->fact;
		}
	}
	if (l.start != INSTANT_NONE)
		clock_judge(e, &l);
}

void clock_lives(struct clock_engine *e, const struct metric_plan *p, const struct ticket *t)
{
	e->n_cuts = 0;
	switch (p->shape) {
	case SHAPE_LOGGED:
		if (p->ends)
			cycles(e, p, t);
		else
			once(e, p, t);
		break;
	case SHAPE_EXCHANGE:
		exchanges(e, p, t);
		break;
	case SHAPE_INTERVAL:
		intervals(e, p, t);
		break;
	case SHAPE_REOPENED:
		from_reopening(e, p, t);
		break;
	case SHAPE_NONE:
	case SHAPE_PAIR:
		break;
	}
}

/* --- pairs of facts --- */

static void pair(struct clock_engine *e, const struct metric_plan *p, uint32_t start, uint32_t stop,
		 uint32_t early)
{
	const struct fact *facts = e->view->facts->v;
	struct life l = {
		.plan = p,
		.subject = facts[start].subject,
		.start = facts[start].occurred_at,
		.stop = INSTANT_NONE,
		.start_fact = start,
		.stop_fact = NO_FACT,
	};

	/* As a ticket does, a pair follows the version in force at its start (R20). */
	if (version_at(e->versions, e->n_versions, l.start) != p->version)
		return;
	if (stop != NO_FACT) {
		l.stop = facts[stop].occurred_at;
		l.stop_fact = stop;
	} else if (early != NO_FACT) {
		l.stop = facts[early].occurred_at;
		l.stop_fact = early;
		l.reason = VOID_STOP_BEFORE_START;
	}
	clock_judge(e, &l);
}

static uint32_t place_of(uint32_t place_plus_one)
{
	return place_plus_one == 0 ? NO_FACT : place_plus_one - 1;
}

/* For each subject its first start and the first stop that sorts after it; only one subject, unless 0. */
void clock_pairs(struct clock_engine *e, const struct metric_plan *p, symbol only)
{
	const struct view *v = e->view;
	struct fact_run starts = v->kinds[event_row((enum fact_event)p->metric->start)->kind];
	struct fact_run stops = v->kinds[event_row((enum fact_event)p->stop)->kind];
	uint32_t *start_of = arena_array(e->arena, uint32_t, v->n_ticket_of);
	uint32_t *stop_of = arena_array(e->arena, uint32_t, v->n_ticket_of);
	uint32_t *early_of = arena_array(e->arena, uint32_t, v->n_ticket_of);

	e->n_cuts = 0;
	for (size_t i = 0; i < starts.n; i++) {
		symbol subject = v->facts->v[starts.v[i]].subject;

		if (start_of[subject] == 0)
			start_of[subject] = starts.v[i] + 1;
	}
	for (size_t i = 0; i < stops.n; i++) {
		const struct fact *stop = &v->facts->v[stops.v[i]];
		uint32_t start = start_of[stop->subject];

		if (start == 0)
			continue;
		if (fact_order(stop, &v->facts->v[start - 1]) < 0) {
			v->flags[stops.v[i]] |= FLAG_OUT_OF_ORDER;
			early_of[stop->subject] = stops.v[i] + 1;
		} else if (stop_of[stop->subject] == 0) {
			stop_of[stop->subject] = stops.v[i] + 1;
		}
	}
	for (size_t i = 0; i < starts.n; i++) {
		symbol subject = v->facts->v[starts.v[i]].subject;

		if (start_of[subject] == starts.v[i] + 1 && (only == 0 || subject == only))
			pair(e, p, starts.v[i], place_of(stop_of[subject]),
			     place_of(early_of[subject]));
	}
}
