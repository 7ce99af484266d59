/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Why something failed (sla.md R59): events that a cause.linked fact names carry its cause, by ticket, outage, subject or
 * fact; every other event is a cause of its own.
 */
#include "engine/remedy_work.h"

#include <assert.h>

#include <stdlib.h>

struct link {
	symbol event, cause;
	uint32_t place; /* in the order in which they were linked (R15) */
};

struct outage {
	symbol id;
	struct span span; /* to as_of while it lasts */
	uint32_t began, ended;
};

struct cause_index {
	const struct link *links; /* by event */
	size_t n_links;
	const struct outage *outages; /* by beginning */
	size_t n_outages;
};

static int by_event(const void *x, const void *y)
{
	const struct link *a = x, *b = y;

	if (a->event != b->event)
		return a->event < b->event ? -1 : 1;
	return (a->place > b->place) - (a->place < b->place);
}

static void index_links(struct arena *a, const struct view *v, struct cause_index *out)
{
	struct fact_run run = v->kinds[FACT_CAUSE_LINKED];
	struct link *links = NULL;
	size_t n = 0, cap = 0;

	for (size_t i = 0; i < run.n; i++) {
		const struct fact *f = view_fact(v, run.v[i]);
		symbol cause = fact_word(f, FIELD_CAUSE);

		if (!view_counts(v, run.v[i]))
			continue;
		for (size_t k = 0; k < f->n_values; k++) {
			if (f->values[k].field != FIELD_EVENTS)
				continue;
			links = arena_grow(a, links, n, &cap, sizeof(*links));
			links[n] = (struct link){f->values[k].word, cause, (uint32_t)n};
			n++;
		}
	}
	if (n > 0)
		qsort(links, n, sizeof(*links), by_event);
	out->links = links;
	out->n_links = n;
}

/* Beginnings and ends pair by outage id, never by position (R16). */
static void index_outages(struct arena *a, const struct outcome *o, struct cause_index *out)
{
	const struct view *v = o->view;
	struct fact_run began = v->kinds[FACT_OUTAGE_BEGAN], ended = v->kinds[FACT_OUTAGE_ENDED];
	struct outage *outages = arena_array(a, struct outage, began.n);
	uint32_t *place = arena_array(a, uint32_t, symbols_count(v->facts->symbols));
	size_t n = 0;

	for (size_t i = 0; i < began.n; i++) {
		const struct fact *f = view_fact(v, began.v[i]);

		if (place[f->subject] != 0 || !view_counts(v, began.v[i]))
			continue;
		outages[n++] = (struct outage){
			f->subject, {f->occurred_at, o->in.as_of}, began.v[i], NO_FACT};
		place[f->subject] = (uint32_t)n;
	}
	for (size_t i = 0; i < ended.n; i++) {
		const struct fact *f = view_fact(v, ended.v[i]);
		uint32_t at = place[f->subject];

		if (at == 0 || outages[at - 1].ended != NO_FACT || !view_counts(v, ended.v[i]))
			continue;
		outages[at - 1].span.to = f->occurred_at;
		outages[at - 1].ended = ended.v[i];
	}
	out->outages = outages;
	out->n_outages = n;
}

struct cause_index *cause_index_make(struct arena *a, const struct outcome *o)
{
	struct cause_index *out = arena_one(a, struct cause_index);

	index_links(a, o->view, out);
	index_outages(a, o, out);
	return out;
}

/* --- causes and a number for each: a month may have as many as it has late tickets --- */

struct cause_slot {
	struct cause cause;
	uint32_t number; /* UINT32_MAX: free */
};

struct cause_map {
	struct arena *arena;
	struct cause_slot *slots; /* open addressing */
	size_t n, mask;
};

enum { MAP_FIRST = 64, FEW = 8 };

static struct cause_slot *slots_new(struct arena *a, size_t n)
{
	struct cause_slot *slots = arena_array(a, struct cause_slot, n);

	for (size_t i = 0; i < n; i++)
		slots[i].number = UINT32_MAX;
	return slots;
}

struct cause_map *cause_map_new(struct arena *a)
{
	struct cause_map *m = arena_one(a, struct cause_map);

	*m = (struct cause_map){
		.arena = a, .slots = slots_new(a, MAP_FIRST), .mask = MAP_FIRST - 1};
	return m;
}

static bool same_cause(const struct cause *x, const struct cause *y)
{
	return x->word == y->word && x->of == y->of;
}

/*
 * The tickets of a month are symbols in equal steps: taken as they are they would pile up in a small table, so their bits are
 * mixed. 32 by 32 bits never wrap in 64.
 */
static struct cause_slot *slot_of(const struct cause_map *m, const struct cause *c)
{
	uint64_t mixed = (uint64_t)(c->word ^ (c->of << 24)) * 2654435769u;
	size_t i = (size_t)((mixed >> 32) ^ mixed) & m->mask;

	while (m->slots[i].number != UINT32_MAX && !same_cause(&m->slots[i].cause, c))
		i = (i + 1) & m->mask;
	return &m->slots[i];
}

uint32_t cause_map_number(const struct cause_map *m, const struct cause *c)
{
	return slot_of(m, c)->number;
}

bool cause_map_add(struct cause_map *m, const struct cause *c, uint32_t number)
{
	struct cause_slot *slot = slot_of(m, c);

	assert(number != UINT32_MAX);
	if (slot->number != UINT32_MAX)
		return false;
	*slot = (struct cause_slot){*c, number};
	if (++m->n * 2 <= m->mask)
		return true;

	struct cause_map bigger = {.arena = m->arena, .n = m->n, .mask = m->mask * 2 + 1};

	bigger.slots = slots_new(m->arena, bigger.mask + 1);
	for (size_t i = 0; i <= m->mask; i++)
		if (m->slots[i].number != UINT32_MAX)
			*slot_of(&bigger, &m->slots[i].cause) = m->slots[i];
	*m = bigger;
	return true;
}

/* --- sets of causes --- */

struct gathering {
	struct arena *arena;
	const struct cause_index *index;
	const struct facts *facts;
	struct cause *v;
	size_t n, cap;
	struct cause_map *seen;
};

static struct gathering gathering_for(const struct remedy *r)
{
	return (struct gathering){.arena = r->arena, .index = r->index, .facts = r->o->view->facts};
}

/* Most credits have one cause or a few, which are looked through; many are looked up. */
static bool is_new(struct gathering *g, const struct cause *cause)
{
	if (g->n < FEW) {
		for (size_t i = 0; i < g->n; i++)
			if (same_cause(&g->v[i], cause))
				return false;
		return true;
	}
	if (g->seen == NULL) {
		g->seen = cause_map_new(g->arena);
		for (size_t i = 0; i < g->n; i++)
			(void)cause_map_add(g->seen, &g->v[i], (uint32_t)i);
	}
	return cause_map_add(g->seen, cause, (uint32_t)g->n);
}

static void gather(struct gathering *g, struct cause cause)
{
	if (!is_new(g, &cause))
		return;
	g->v = arena_grow(g->arena, g->v, g->n, &g->cap, sizeof(*g->v));
	g->v[g->n++] = cause;
}

/* The causes that a word is linked to; false: none. */
static bool gather_linked(struct gathering *g, symbol event)
{
	const struct link *links = g->index->links;
	size_t low = 0, high = g->index->n_links;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (links[middle].event < event)
			low = middle + 1;
		else
			high = middle;
	}

	bool any = false;

	for (; event != 0 && low < g->index->n_links && links[low].event == event; low++) {
		gather(g, (struct cause){links[low].cause, FIELD_CAUSE});
		any = true;
	}
	return any;
}

static bool gather_linked_fact(struct gathering *g, uint32_t fact)
{
	return fact != NO_FACT && gather_linked(g, g->facts->v[fact].id);
}

static void gather_event(struct gathering *g, struct cause own, uint32_t first, uint32_t last)
{
	bool linked = gather_linked(g, own.word);

	linked = gather_linked_fact(g, first) || linked;
	linked = gather_linked_fact(g, last) || linked;
	if (!linked)
		gather(g, own);
}

static void gather_clock(struct gathering *g, const struct clock *c)
{
	uint32_t of = FIELD_TICKET;

	if (c->start_fact != NO_FACT)
		of = fact_row((enum fact_kind)g->facts->v[c->start_fact].kind)->subject;
	gather_event(g, (struct cause){c->subject, of}, c->start_fact, c->stop_fact);
}

/* Did an outage help to bring about the downtime that was counted? */
static bool outage_counted(const struct availability *av, const struct outage *outage)
{
	for (size_t i = 0; i < av->n_pieces; i++) {
		const struct availability_piece *piece = &av->pieces[i];
		bool counts = piece->state == AV_DOWN ||
			      (piece->state == AV_DEGRADED && av->down_ms != av->down_as_up_ms);

		if (counts && outage->span.from < piece->span.to &&
		    outage->span.to > piece->span.from)
			return true;
	}
	return false;
}

static bool touches_scope(const struct facts *facts, const struct promise *p,
			  const struct metric *m, const struct outage *outage)
{
	const struct fact *f = &facts->v[outage->began];

	for (size_t i = 0; i < m->n_scope; i++) {
		symbol asset = symbol_find(facts->symbols, p->assets[m->scope[i]].id);

		if (asset != 0 && fact_has_word(f, FIELD_ASSETS, asset))
			return true;
	}
	return m->n_scope == 0;
}

/* Outages by fact that lie in counted downtime; and outages that probes found, which only their first sample names. */
static void gather_downtime(struct gathering *g, const struct promise *p, const struct metric *m,
			    const struct availability *av)
{
	for (size_t i = 0; i < g->index->n_outages; i++) {
		const struct outage *outage = &g->index->outages[i];

		if (outage_counted(av, outage) && touches_scope(g->facts, p, m, outage))
			gather_event(g, (struct cause){outage->id, FIELD_OUTAGE}, outage->began,
				     outage->ended);
	}
	for (size_t i = 0; i < av->n_outages; i++) {
		const struct raw_outage *raw = &av->outages[i];

		if (raw->counted_ms == 0 || raw->began_fact == NO_FACT ||
		    g->facts->v[raw->began_fact].kind == FACT_OUTAGE_BEGAN)
			continue;
		gather_event(g, (struct cause){g->facts->v[raw->began_fact].id, FIELD_FACT_ID},
			     raw->began_fact, raw->ended_fact);
	}
}

static bool is_missed(const struct clock *c)
{
	return c->state == CLOCK_MISSED || c->state == CLOCK_BREACHED;
}

/* The missed samples; where none is missed by itself (a mean, a percentile) all of them made the value. */
static void gather_samples(struct gathering *g, const struct outcome *o,
			   const struct window_result *w, int priority)
{
	bool any = false;

	for (size_t pass = 0; pass < 2 && !any; pass++) {
		for (size_t i = 0; i < w->n_clocks; i++) {
			const struct clock *c = &o->clocks[w->clocks[i]];

			if ((priority >= 0 && c->priority != priority) ||
			    (pass == 0 && !is_missed(c)))
				continue;
			gather_clock(g, c);
			any = true;
		}
	}
}

struct causes causes_of_clock(struct remedy *r, const struct clock *c)
{
	struct gathering g = gathering_for(r);

	gather_clock(&g, c);
	return (struct causes){g.v, g.n};
}

struct causes causes_of_window(struct remedy *r, const struct window_result *w, int priority)
{
	struct gathering g = gathering_for(r);
	const struct promise *p = promise_at(r->o, w->version);
	const struct metric *m = metric_of(r->o, w);

	gather_samples(&g, r->o, w, priority);
	if (w->availability != NULL) {
		gather_downtime(&g, p, m, w->availability);
		for (size_t i = 0; i < w->availability->n_members; i++)
			gather_downtime(&g, p, m, &w->availability->members[i]);
	}
	return (struct causes){g.v, g.n};
}
