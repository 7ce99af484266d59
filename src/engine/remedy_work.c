/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/remedy_work.h"

#include "engine/windows.h"

#include <assert.h>
#include <stdlib.h>

const struct promise *promise_at(const struct outcome *o, uint16_t version)
{
	assert(version < o->in.n_versions);
	return o->in.versions[version].promise;
}

const struct metric *metric_of(const struct outcome *o, const struct window_result *w)
{
	const struct promise *p = promise_at(o, w->version);

	assert(w->metric < p->n_metrics);
	return &p->metrics[w->metric];
}

bool window_judged(const struct outcome *o, const struct window_result *w)
{
	return !w->running && w->verdict != VERDICT_NOT_JUDGED &&
	       metric_of(o, w)->role == ROLE_COMMITMENT;
}

instant window_end(const struct window_result *w)
{
	return w->judged.from < w->judged.to ? w->judged.to : w->window.to;
}

struct span month_around(const struct promise *p, instant t)
{
	return (struct span){window_month(p, t, 0), window_month(p, t, 1)};
}

struct span failure_month(const struct outcome *o, const struct window_result *w)
{
	return month_around(promise_at(o, w->version), window_end(w) - 1);
}

struct placed {
	instant end;
	uint32_t window;
};

static int by_end(const void *x, const void *y)
{
	const struct placed *a = x, *b = y;

	if (a->end != b->end)
		return a->end < b->end ? -1 : 1;
	return (a->window > b->window) - (a->window < b->window);
}

struct indexes metric_windows(struct arena *a, const struct outcome *o, struct text metric)
{
	struct placed *found = arena_array(a, struct placed, o->n_windows);
	struct indexes out = {arena_array(a, uint32_t, o->n_windows), 0};

	for (uint32_t i = 0; i < o->n_windows; i++) {
		const struct window_result *w = &o->windows[i];

		if (!w->running && text_eq(metric_of(o, w)->id, metric))
			found[out.n++] = (struct placed){window_end(w), i};
	}
	if (out.n > 0)
		qsort(found, out.n, sizeof(*found), by_end);
	for (size_t i = 0; i < out.n; i++)
		out.v[i] = found[i].window;
	return out;
}

enum rc act_due(const struct promise *p, const struct timing *t, enum anchor anchor, instant at,
		instant *out, struct err *err)
{
	struct duration_context context = {
		.zone = p->zone, .calendar = t->calendar, .business = p->business, .roll = p->roll};

	return duration_add(t->duration, 1, anchor, at, &context, out, err);
}

struct fraction percent_of(struct decimal pct, struct fraction amount)
{
	return fraction_mul(fraction_mul(fraction_of_decimal(pct), fraction_of(1, 100)), amount);
}

uint32_t base_index(struct remedy *r, uint16_t version, struct span month, struct days days)
{
	struct base_key key = {version, month.from, days.from, days.to};
	size_t cap = r->bases_cap;

	for (uint32_t i = 0; i < r->n_bases; i++) {
		const struct base_key *k = &r->base_keys[i];

		if (k->version == key.version && k->month == key.month && k->from == key.from &&
		    k->to == key.to)
			return i;
	}
	r->bases = arena_grow(r->arena, r->bases, r->n_bases, &r->bases_cap, sizeof(*r->bases));
	r->base_keys = arena_grow(r->arena, r->base_keys, r->n_bases, &cap, sizeof(key));
	r->bases[r->n_bases] = base_make(r->arena, r->o, version, month, days);
	r->base_keys[r->n_bases] = key;
	return (uint32_t)r->n_bases++;
}
