/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which rule takes which time (sla.md R51, R53): the first listed takes an instant and its allowance is used; an allowance is
 * used up earliest first over its whole period, across the metric's windows.
 */
#include "engine/availability_parts.h"
#include "engine/windows.h"

/* Announced ahead further than any window reaches: not looked at yet. */
#define AHEAD_MS (400 * DAY_MS)

struct spans spans_near(struct spans of, struct span range)
{
	size_t low = 0, high = of.n, end;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (of.v[mid].to <= range.from)
			low = mid + 1;
		else
			high = mid;
	}
	for (end = low; end < of.n && of.v[end].from < range.to;)
		end++;
	if (end == low)
		return (struct spans){NULL, 0};
	return (struct spans){of.v + low, end - low};
}

int64_t allowance_ms(const struct promise *p, const struct exclude_rule *r, instant t,
		     struct span *period)
{
	int64_t ms;

	*period = r->per < 0 ? (struct span){INSTANT_MIN, INSTANT_MAX}
			     : window_at(p, (enum window_kind)r->per, t);
	if (duration_exact_ms(r->max.duration, &ms))
		return ms;

	instant from = r->per < 0 ? t : period->from, to = from;

	return excuse_shift(p, &r->max, 1, from, &to) ? to - from : 0;
}

/* From where the allowance is used up to the end of its period, for each period in which that happens. */
static struct spans beyond_allowance(struct arena *a, const struct promise *p,
				     const struct exclude_rule *r, struct spans wanted)
{
	struct span *out = NULL;
	struct span period = {INSTANT_MIN, INSTANT_MIN};
	int64_t left_ms = 0;
	size_t n = 0, cap = 0;

	for (size_t i = 0; i < wanted.n; i++) {
		instant t = wanted.v[i].from;

		while (t < wanted.v[i].to) {
			if (t >= period.to)
				left_ms = allowance_ms(p, r, t, &period);

			instant end = wanted.v[i].to < period.to ? wanted.v[i].to : period.to;

			if (end - t > left_ms) {
				if (n == 0 || out[n - 1].to != period.to) {
					out = arena_grow(a, out, n, &cap, sizeof(*out));
					out[n++] = (struct span){t + left_ms, period.to};
				}
				left_ms = 0;
			} else {
				left_ms -= end - t;
			}
			t = end;
		}
	}
	return spans_union(a, out, n);
}

/* The proved time of all claims for a cause that cover a component. */
static struct spans proved_for(struct arena *a, const struct availability_history *h,
			       enum excuse_cause cause, size_t component, struct span within)
{
	struct span *out = NULL;
	size_t n = 0, cap = 0;

	for (size_t i = 0; i < h->claims.n; i++) {
		const struct claim *c = &h->claims.v[i];

		if (c->cause != cause || !claim_covers(c, component))
			continue;
		for (size_t k = 0; k < c->proved.n; k++) {
			struct span s = c->proved.v[k];

			s.from = s.from > within.from ? s.from : within.from;
			s.to = s.to < within.to ? s.to : within.to;
			out = arena_grow(a, out, n, &cap, sizeof(*out));
			out[n++] = s;
		}
	}
	return spans_union(a, out, n);
}

static struct spans together(struct arena *a, const struct spans *sets, size_t n)
{
	struct span *out;
	size_t total = 0, used = 0;

	for (size_t i = 0; i < n; i++)
		total += sets[i].n;
	out = arena_array(a, struct span, total);
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < sets[i].n; k++)
			out[used++] = sets[i].v[k];
	return spans_union(a, out, used);
}

/* Time before the service began is in no window and uses no allowance. */
static struct span time_that_counts(const struct availability_history *h)
{
	instant from = h->p->service_start != INSTANT_NONE ? h->p->service_start : INSTANT_MIN;
	instant to = h->v->as_of < INSTANT_MAX - AHEAD_MS ? h->v->as_of + AHEAD_MS : INSTANT_MAX;

	return (struct span){from, to};
}

static void grant_rule(struct arena *a, const struct availability_history *h,
		       const struct exclude_rule *r, struct spans *taken, struct grant *g)
{
	struct spans *of = arena_array(a, struct spans, h->c.n);
	struct span counts = time_that_counts(h);
	struct spans beyond = {NULL, 0};

	for (size_t i = 0; i < h->c.n; i++)
		of[i] = spans_minus(a, proved_for(a, h, r->cause, i, counts), taken[i]);
	g->limited = r->max.set;

	struct spans all = together(a, of, h->c.n);

	if (all.n > 0)
		g->wanted = excuse_common(
			a, all,
			agreed_time(a, h, (struct span){all.v[0].from, all.v[all.n - 1].to}));
	if (g->limited)
		beyond = beyond_allowance(a, h->p, r, g->wanted);
	g->used = spans_minus(a, g->wanted, beyond);
	for (size_t i = 0; i < h->c.n; i++) {
		struct spans both[2] = {taken[i], spans_minus(a, of[i], beyond)};

		of[i] = both[1];
		taken[i] = together(a, both, ARRAY_SIZE(both));
	}
	g->of = of;
}

const struct grant *grants_make(struct arena *a, const struct availability_history *h)
{
	struct grant *out = arena_array(a, struct grant, h->m->n_excludes);
	struct spans *taken = arena_array(a, struct spans, h->c.n);

	for (size_t r = 0; r < h->m->n_excludes; r++)
		grant_rule(a, h, &h->m->excludes[r], taken, &out[r]);
	return out;
}
