/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/clock.h"

#include <assert.h>
#include <string.h>

/* Tickets that a client obligation names (R29): only those are asked about. */
static void find_named(struct clock_engine *e)
{
	const struct view *v = e->view;
	const enum fact_kind kinds[] = {FACT_OBLIGATION_REQUESTED, FACT_OBLIGATION_BREACHED};

	if (e->source.obligation == NULL)
		return;
	for (size_t k = 0; k < ARRAY_SIZE(kinds); k++)
		for (size_t i = 0; i < v->kinds[kinds[k]].n; i++) {
			const struct fact *f = view_fact(v, v->kinds[kinds[k]].v[i]);

			if (e->named == NULL)
				e->named = arena_array(e->arena, uint8_t, v->n_tickets);
			for (size_t n = 0; n < f->n_values; n++) {
				symbol word = f->values[n].word;

				if (f->values[n].field == FIELD_TICKETS && word < v->n_ticket_of &&
				    v->ticket_of[word] != 0)
					e->named[v->ticket_of[word] - 1] = 1;
			}
		}
}

static bool has_shape(const struct clock_engine *e, enum clock_shape shape)
{
	for (size_t v = 0; v < e->n_versions; v++)
		for (size_t m = 0; m < e->versions[v].promise->n_metrics; m++)
			if (e->plans[v][m].shape == shape)
				return true;
	return false;
}

/*
 * Room for a clock of each ticket, and of each reopening, for each metric that starts with them; only exchanges and intervals make
 * the array grow.
 */
static void reserve(struct clock_engine *e)
{
	size_t most = 0, reopened = e->view->kinds[FACT_TICKET_REOPENED].n;

	for (size_t v = 0; v < e->n_versions; v++) {
		size_t n = 0;

		for (size_t m = 0; m < e->versions[v].promise->n_metrics; m++) {
			const struct metric_plan *p = &e->plans[v][m];

			if (p->shape == SHAPE_LOGGED)
				n += e->view->n_tickets + (p->ends ? reopened : 0);
		}
		most = n > most ? n : most;
	}
	e->cap_clocks = most + 1;
	e->clocks = arena_array(e->arena, struct clock, e->cap_clocks);
}

struct clock_engine *clock_engine_new(struct arena *a, const struct view *v,
				      const struct version *versions, size_t n_versions,
				      const struct excuse_source *source)
{
	struct clock_engine *e = arena_one(a, struct clock_engine);
	const struct promise *last = versions[n_versions - 1].promise;

	assert(n_versions > 0 && n_versions < UINT16_MAX);
	e->arena = a;
	e->view = v;
	e->versions = versions;
	e->n_versions = n_versions;
	e->reader = ticket_reader_new(a, v, versions, n_versions);
	if (source != NULL)
		e->source = *source;
	e->as_of = v->as_of;
	e->begin = versions[0].promise->service_start;
	e->begin = e->begin == INSTANT_NONE ? INSTANT_MIN : e->begin;
	e->end = last->end == INSTANT_NONE ? INSTANT_MAX : last->end;
	e->plans = arena_array(a, struct metric_plan *, n_versions);
	for (size_t k = 0; k < n_versions; k++) {
		size_t n = versions[k].promise->n_metrics;

		e->plans[k] = arena_array(a, struct metric_plan, n);
		for (size_t m = 0; m < n; m++)
			metric_plan_make(e, (uint16_t)k, (uint16_t)m, &e->plans[k][m]);
	}
	find_named(e);
	days_off_find(e);
	return e;
}

/* A ticket about another service of the contract is not the metric's; one that names none is. */
static bool concerns(const struct metric_plan *p, const struct ticket *t)
{
	return p->shape != SHAPE_NONE && p->shape != SHAPE_PAIR &&
	       (p->metric->service < 0 || t->service < 0 || p->metric->service == t->service);
}

static void ticket_excuses(struct clock_engine *e, const struct metric_plan *p, uint32_t place)
{
	e->excuses = NULL;
	e->n_excuses = 0;
	if (p->excused && e->named != NULL && e->named[place] != 0)
		e->excuses = e->source.obligation(e->arena, e->view, p->promise, p->index,
						  e->view->ticket_ids[place], &e->n_excuses);
}

static void ticket_clocks(struct clock_engine *e, uint32_t place)
{
	if (!ticket_read(e->reader, place, &e->ticket))
		return;

	const struct promise *promise = e->versions[e->ticket.version].promise;
	const struct metric_plan *plans = e->plans[e->ticket.version];

	for (size_t m = 0; m < promise->n_metrics; m++) {
		if (!concerns(&plans[m], &e->ticket))
			continue;
		ticket_excuses(e, &plans[m], place);
		clock_lives(e, &plans[m], &e->ticket);
	}
}

static void pair_clocks(struct clock_engine *e)
{
	for (size_t v = 0; v < e->n_versions; v++)
		for (size_t m = 0; m < e->versions[v].promise->n_metrics; m++) {
			const struct metric_plan *p = &e->plans[v][m];

			if (p->shape != SHAPE_PAIR)
				continue;
			e->excuses = p->excuses;
			e->n_excuses = p->n_excuses;
			clock_pairs(e, p, 0);
		}
}

enum { BLOCK_TICKETS = 32 };

/*
 * Tickets come in order of time, their facts lie in order of arrival: where the two differ each ticket is ten cache misses, one
 * after the other. Loading the facts of a block of tickets first, then their values, lets the misses overlap; it more than
 * doubles the speed (bench_clocks, scattered). Prefetch instructions do not, they are dropped where a page is not mapped yet.
 * The sum is of no use, but keeps the loads.
 */
static uint32_t load_block(const struct view *v, size_t from)
{
	size_t end = from + BLOCK_TICKETS < v->n_tickets ? from + BLOCK_TICKETS : v->n_tickets;
	const struct fact *facts = v->facts->v;
	uint32_t sum = 0;

	for (size_t t = from; t < end; t++)
		for (size_t i = 0; i < v->tickets[t].n; i++)
			sum |= facts[v->tickets[t].v[i]].kind;
	for (size_t t = from; t < end; t++)
		for (size_t i = 0; i < v->tickets[t].n; i++)
			if (facts[v->tickets[t].v[i]].n_values > 0)
				sum |= facts[v->tickets[t].v[i]].values[0].field;
	return sum;
}

void clock_engine_run(struct clock_engine *e)
{
	reserve(e);
	for (uint32_t t = 0; t < e->view->n_tickets; t++) {
		if (t % BLOCK_TICKETS == 0)
			e->loaded |= load_block(e->view, t);
		ticket_clocks(e, t);
	}
	if (has_shape(e, SHAPE_PAIR))
		pair_clocks(e);
}

void clock_engine_past(struct clock_engine *e, const struct past *past)
{
	struct clock *all;

	if (past->n_clocks == 0)
		return;
	all = arena_array(e->arena, struct clock, e->n_clocks + past->n_clocks);
	if (e->n_clocks > 0)
		memcpy(all, e->clocks, e->n_clocks * sizeof(*all));
	memcpy(all + e->n_clocks, past->clocks, past->n_clocks * sizeof(*all));
	e->clocks = all;
	e->n_clocks += past->n_clocks;
	e->cap_clocks = e->n_clocks;
}

void clock_again(struct clock_engine *e, const struct clock *c, struct recorder *r)
{
	const struct metric_plan *p = &e->plans[c->version][c->metric];

	r->metric = c->metric;
	r->cycle = c->cycle;
	e->recorder = r;
	if (p->shape == SHAPE_PAIR) {
		e->excuses = p->excuses;
		e->n_excuses = p->n_excuses;
		clock_pairs(e, p, c->subject);
	} else {
		uint32_t place = e->view->ticket_of[c->subject] - 1;
		bool read = ticket_read(e->reader, place, &e->ticket);

		assert(read && e->ticket.version == c->version);
		if (read) {
			ticket_excuses(e, p, place);
			clock_lives(e, p, &e->ticket);
		}
	}
	e->recorder = NULL;
}

int64_t clock_used_at_ms(struct clock_engine *e, const struct clock *c, instant at)
{
	struct recorder r = {.arena = e->arena};
	instant as_of = e->as_of;

	e->as_of = at;
	clock_again(e, c, &r);
	e->as_of = as_of;
	return r.clock.used_ms;
}
