/* SPDX-License-Identifier: Apache-2.0 */
/* Outage facts by id, and what was seen of each component (sla.md R44, R47, W19). */
#include "engine/outage.h"

#include "engine/excuse.h"
#include "engine/view_order.h"

#include <assert.h>
#include <string.h>

/* An outage ends with the first end of its id after it began; one that never ends runs to as_of. */
static size_t pair(const struct view *v, struct fact_run run, struct outage *out)
{
	size_t n = 0, open = 0;
	symbol degraded = excuse_symbol(v, text_of("degraded"));

	for (size_t i = 0; i < run.n; i++) {
		const struct fact *f = view_fact(v, run.v[i]);

		if (f->kind == FACT_OUTAGE_BEGAN) {
			out[n++] = (struct outage){
				.id = f->subject,
				.span = {f->occurred_at, v->as_of},
				.open = true,
				.degraded = excuse_word_is(f, FIELD_SEVERITY, degraded),
				.began = run.v[i],
				.ended = NO_FACT};
			continue;
		}
		if (n == 0)
			v->flags[run.v[i]] |= FLAG_OUT_OF_ORDER;
		for (; open < n; open++) {
			out[open].span.to = f->occurred_at;
			out[open].open = false;
			out[open].ended = run.v[i];
		}
	}
	return n;
}

struct outages outages_make(struct arena *a, const struct view *v)
{
	static const enum fact_kind kinds[] = {FACT_OUTAGE_BEGAN, FACT_OUTAGE_ENDED};
	struct subject_runs all = subject_runs_make(a, v, kinds, ARRAY_SIZE(kinds));
	struct outage *out = arena_array(a, struct outage, v->kinds[FACT_OUTAGE_BEGAN].n);
	size_t n = 0;

	for (size_t i = 0; i < all.n;) {
		struct fact_run run = subject_run(&all, all.subjects[i]);

		n += pair(v, run, out + n);
		i += run.n;
	}
	return (struct outages){out, n};
}

struct outages outages_of(const struct outages *all, symbol id)
{
	size_t low = 0, high = all->n, end;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (all->v[mid].id < id)
			low = mid + 1;
		else
			high = mid;
	}
	for (end = low; end < all->n && all->v[end].id == id;)
		end++;
	if (end == low)
		return (struct outages){NULL, 0};
	return (struct outages){all->v + low, end - low};
}

int component_place(const struct components *c, symbol id)
{
	return id < c->n_place ? (int)c->place[id] - 1 : -1;
}

size_t components_named(const struct components *c, const struct fact *f, bool *set)
{
	size_t n = 0;

	memset(set, 0, c->n * sizeof(*set));
	for (size_t i = 0; i < f->n_values; i++) {
		int place = f->values[i].field == FIELD_ASSETS
				    ? component_place(c, f->values[i].word)
				    : -1;

		if (place >= 0 && !set[place]) {
			set[place] = true;
			n++;
		}
	}
	return n;
}

const struct change *component_at(const struct component *c, instant t)
{
	size_t low = 0, high = c->n;

	assert(c->n > 0);
	while (high - low > 1) {
		size_t mid = low + (high - low) / 2;

		if (c->v[mid].at <= t)
			low = mid;
		else
			high = mid;
	}
	return &c->v[low];
}

/* The scope's assets, or the service as one component that facts name by the service's id. */
static struct components name_components(struct arena *a, const struct view *v,
					 const struct promise *p, const struct metric *m)
{
	size_t n = m->n_scope > 0 ? m->n_scope : 1;
	struct component *out = arena_array(a, struct component, n);
	size_t n_place = symbols_count(v->facts->symbols);
	uint16_t *place = arena_array(a, uint16_t, n_place);

	assert(n < UINT16_MAX);
	for (size_t i = 0; i < n; i++) {
		struct text id = {NULL, 0};

		out[i].asset = m->n_scope > 0 ? m->scope[i] : -1;
		if (m->n_scope > 0)
			id = p->assets[m->scope[i]].id;
		else if (m->service >= 0)
			id = p->services[m->service].id;
		out[i].id = excuse_symbol(v, id);
		if (out[i].id != 0)
			place[out[i].id] = (uint16_t)(i + 1);
	}
	return (struct components){out, n, place, n_place};
}

/* For each component a list of indexes, dealt out by counting first. */
struct dealt {
	uint32_t *v;
	size_t *from; /* n + 1 places */
};

static struct dealt deal_room(struct arena *a, size_t n, const size_t *count)
{
	struct dealt d = {NULL, arena_array(a, size_t, n + 1)};

	for (size_t i = 0; i < n; i++)
		d.from[i + 1] = d.from[i] + count[i];
	d.v = arena_array(a, uint32_t, d.from[n]);
	return d;
}

/*
 * Samples of each component. Where measured_by.system has samples of it, only those: another probe that disagrees would make
 * the two contradict at every interval, and the system's count (R17).
 */
static struct dealt deal_samples(struct arena *a, const struct view *v, const struct metric *m,
				 const struct components *c)
{
	struct fact_run run = v->kinds[FACT_PROBE_SAMPLE];
	size_t *count = arena_array(a, size_t, c->n), *measured = arena_array(a, size_t, c->n);
	size_t *next = arena_array(a, size_t, c->n);

	for (size_t i = 0; i < run.n; i++) {
		const struct fact *f = view_fact(v, run.v[i]);
		int place = component_place(c, f->subject);

		if (place < 0)
			continue;
		count[place]++;
		measured[place] += sample_of_system(v, &m->measured_by, f);
	}
	for (size_t i = 0; i < c->n; i++)
		count[i] = measured[i] > 0 ? measured[i] : count[i];

	struct dealt d = deal_room(a, c->n, count);

	for (size_t i = 0; i < run.n; i++) {
		const struct fact *f = view_fact(v, run.v[i]);
		int place = component_place(c, f->subject);

		if (place < 0 || (measured[place] > 0 && !sample_of_system(v, &m->measured_by, f)))
			continue;
		d.v[d.from[place] + next[place]++] = run.v[i];
	}
	return d;
}

static struct dealt deal_outages(struct arena *a, const struct view *v, const struct components *c,
				 const struct outages *outages)
{
	size_t *count = arena_array(a, size_t, c->n), *next = arena_array(a, size_t, c->n);
	bool *set = arena_array(a, bool, c->n);

	for (size_t i = 0; i < outages->n; i++) {
		(void)components_named(c, view_fact(v, outages->v[i].began), set);
		for (size_t k = 0; k < c->n; k++)
			count[k] += set[k];
	}

	struct dealt d = deal_room(a, c->n, count);

	for (size_t i = 0; i < outages->n; i++) {
		(void)components_named(c, view_fact(v, outages->v[i].began), set);
		for (size_t k = 0; k < c->n; k++)
			if (set[k])
				d.v[d.from[k] + next[k]++] = (uint32_t)i;
	}
	return d;
}

/*
 * Up while somebody watches for outages, unknown else: for components without samples. Room for 2 x sources + 1. What was
 * recorded later than known_as_of is not seen (R13), so it proves no watching either: from there on silence says nothing.
 */
static size_t coverage_read(struct arena *a, const struct view *v, struct change *out)
{
	struct span *covers = arena_array(a, struct span, v->facts->n_sources);
	size_t n = 0, n_covers = 0;

	for (size_t i = 0; i < v->facts->n_sources; i++) {
		struct span s = v->facts->sources[i].covers;

		if (v->known_as_of < v->as_of && s.to > v->known_as_of)
			s.to = v->known_as_of;
		/* A file read later was no watching either, as far as was known then (J31). */
		if (v->facts->sources[i].observes_outages && s.from < s.to &&
		    v->facts->sources[i].read_at <= v->known_as_of)
			covers[n_covers++] = s;
	}

	struct spans s = spans_union(a, covers, n_covers);

	out[n++] = (struct change){INSTANT_MIN, SEEN_UNKNOWN, NO_FACT};
	for (size_t i = 0; i < s.n && s.v[i].from <= v->as_of; i++) {
		out[n++] = (struct change){s.v[i].from, SEEN_UP, NO_FACT};
		if (s.v[i].to <= v->as_of)
			out[n++] = (struct change){s.v[i].to, SEEN_UNKNOWN, NO_FACT};
	}
	return n;
}

/* What samples or coverage show, and how many outages are open on top of it. */
struct overlay {
	const struct change *base;
	size_t down, degraded;
	uint32_t down_fact, degraded_fact;
};

static struct change overlaid(const struct overlay *o, instant t, uint32_t trigger)
{
	struct change c = {t, o->base->seen, trigger};

	if (o->down > 0) {
		c.seen = SEEN_DOWN;
		c.fact = o->down_fact;
	} else if (o->base->seen == SEEN_DOWN || o->base->seen == SEEN_DEGRADED) {
		c.fact = o->base->fact;
	}
	if (o->degraded > 0 && c.seen != SEEN_DOWN) {
		c.seen = SEEN_DEGRADED;
		c.fact = o->degraded_fact;
	}
	return c;
}

static void outage_step(struct overlay *o, const struct outage *x, bool begins)
{
	size_t *open = x->degraded ? &o->degraded : &o->down;
	uint32_t *fact = x->degraded ? &o->degraded_fact : &o->down_fact;

	if (!begins) {
		--*open;
	} else if ((*open)++ == 0) {
		*fact = x->began;
	}
}

/*
 * Outage facts beat unknown and up (R44), down beats degraded. Time already down stays as it was when another outage begins,
 * so overlaps and splits change nothing.
 */
static void overlay_outages(struct arena *a, const struct outages *all, const uint32_t *mine,
			    size_t n, const struct change *base, size_t n_base, struct component *c)
{
	struct timed *steps = arena_array(a, struct timed, 2 * n + n_base);
	struct change *out = arena_array(a, struct change, 2 * n + n_base);
	struct overlay o = {.base = &base[0]};
	size_t n_steps = 0, n_out = 0;

	out[n_out++] = base[0]; /* from INSTANT_MIN on, before any step */
	for (size_t i = 1; i < n_base; i++)
		steps[n_steps++] = (struct timed){base[i].at, (uint32_t)(2 * n + i)};
	for (size_t i = 0; i < n; i++) {
		struct span s = all->v[mine[i]].span;

		if (s.from >= s.to)
			continue;
		steps[n_steps++] = (struct timed){s.from, (uint32_t)(2 * i)};
		if (!all->v[mine[i]].open)
			steps[n_steps++] = (struct timed){s.to, (uint32_t)(2 * i + 1)};
	}
	timed_sort(a, steps, n_steps);

	for (size_t i = 0; i < n_steps;) {
		instant t = steps[i].at;
		uint32_t trigger = NO_FACT;

		for (; i < n_steps && steps[i].at == t; i++) {
			uint32_t step = steps[i].i;

			if (step >= 2 * n) {
				o.base = &base[step - 2 * n];
				trigger = o.base->fact;
				continue;
			}

			const struct outage *x = &all->v[mine[step / 2]];

			outage_step(&o, x, step % 2 == 0);
			trigger = step % 2 == 0 ? x->began : x->ended;
		}

		struct change next = overlaid(&o, t, trigger);

		if (out[n_out - 1].seen != next.seen)
			out[n_out++] = next;
	}
	c->v = out;
	c->n = n_out;
}

struct components components_make(struct arena *a, const struct view *v, const struct promise *p,
				  const struct metric *m, const struct outages *outages)
{
	struct components c = name_components(a, v, p, m);
	struct dealt samples = deal_samples(a, v, m, &c);
	struct dealt down = deal_outages(a, v, &c, outages);
	struct component *out = arena_array(a, struct component, c.n);
	struct change *watched = arena_array(a, struct change, 2 * v->facts->n_sources + 1);
	size_t n_watched = coverage_read(a, v, watched);

	for (size_t i = 0; i < c.n; i++) {
		struct fact_run run = {samples.v + samples.from[i],
				       samples.from[i + 1] - samples.from[i]};
		const struct change *read = watched;
		size_t n = n_watched;

		if (run.n > 0)
			read = samples_read(a, v, &m->measured_by, run, &n);
		out[i] = c.v[i];
		overlay_outages(a, outages, down.v + down.from[i], down.from[i + 1] - down.from[i],
				read, n, &out[i]);
	}
	c.v = out;
	return c;
}
