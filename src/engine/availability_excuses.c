/* SPDX-License-Identifier: Apache-2.0 */
/* What was asked not to count in a window, what was granted, and what the rest would have changed (sla.md R51, R53, R68). */
#include "engine/availability_parts.h"

static struct span overlap(struct span x, struct span y)
{
	struct span s = {x.from > y.from ? x.from : y.from, x.to < y.to ? x.to : y.to};

	s.to = s.to > s.from ? s.to : s.from;
	return s;
}

/* The agreed time of a range that rules of the claim's cause took for it. */
static struct spans granted_in(struct arena *a, const struct availability_history *h,
			       const struct claim *c, struct span range)
{
	struct span *out = NULL;
	size_t n = 0, cap = 0;
	struct spans proved = spans_near(c->proved, range);

	for (size_t r = 0; r < h->m->n_excludes; r++)
		for (size_t k = 0; h->m->excludes[r].cause == c->cause && k < h->c.n; k++) {
			if (!claim_covers(c, k))
				continue;

			struct spans taken =
				excuse_common(a, proved, spans_near(h->grants[r].of[k], range));

			for (size_t i = 0; i < taken.n; i++) {
				out = arena_grow(a, out, n, &cap, sizeof(*out));
				out[n++] = overlap(taken.v[i], range);
			}
		}
	return excuse_common(a, spans_union(a, out, n), agreed_time(a, h, range));
}

/* Twice the counted downtime of all units in a range; `extra` NULL: as it is, else with that claim granted in full. */
static int64_t counted_twice(struct arena *a, const struct availability_history *h,
			     struct span range, const struct claim *extra)
{
	int64_t ms = 0;

	for (size_t i = 0; i < h->n_units; i++) {
		const struct judged_unit *u = &h->units[i];
		struct account x = {.arena = a, .h = h, .unit = u};

		if (extra == NULL) {
			account_add(&x, u->v, u->n_stretches, range);
		} else {
			struct sweep s = {.h = h, .unit = u, .range = range, .extra = extra};
			struct found found = {0};

			sweep_group(a, &s, &found, false);
			account_add(&x, found.v, found.n, range);
		}
		ms += x.sum.down_ms + x.sum.down_as_up_ms;
	}
	return ms;
}

/* Counted downtime that granting the whole claim would remove. */
static int64_t would_excuse(struct arena *a, const struct availability_history *h,
			    const struct claim *c, struct span range)
{
	struct span seen = {range.from, range.to < h->v->as_of ? range.to : h->v->as_of};
	int64_t before;

	if (seen.from >= seen.to)
		return 0;
	before = counted_twice(a, h, seen, NULL);
	return before == 0 ? 0 : (before - counted_twice(a, h, seen, c)) / 2;
}

/* Downtime that what was granted keeps from counting. */
static int64_t does_excuse(struct arena *a, const struct availability_history *h,
			   struct spans granted)
{
	int64_t ms = 0;

	for (size_t u = 0; u < h->n_units; u++)
		for (size_t i = 0; i < granted.n; i++) {
			struct account x = {.arena = a, .h = h, .unit = &h->units[u]};

			account_outages(&x, granted.v[i]);
			account_add(&x, x.unit->v, x.unit->n_stretches, granted.v[i]);
			for (size_t o = 0; o < x.n_outages; o++)
				ms += x.outages[o].dropped ? 0 : x.outages[o].excused_ms;
		}
	return ms;
}

static int first_rule(const struct metric *m, enum excuse_cause cause)
{
	for (size_t r = 0; r < m->n_excludes; r++)
		if (m->excludes[r].cause == cause)
			return (int)r;
	return -1;
}

/* What of the allowance is left after this claim, in the period in which it ends. */
static void tell_allowance(struct arena *a, const struct availability_history *h,
			   const struct claim *c, struct span range, struct excuse *e)
{
	const struct exclude_rule *rule = &h->m->excludes[e->exclude];
	const struct grant *g = &h->grants[e->exclude];
	struct spans wanted =
		excuse_common(a, spans_near(c->proved, range), spans_near(g->wanted, range));
	struct span asked = overlap(c->asked, range), period;
	int64_t max_ms = allowance_ms(h->p, rule, asked.to - 1, &period);

	e->allowance = true;
	e->allowance_left_ms =
		max_ms -
		spans_length_ms(excuse_clip(a, g->used,
					    overlap(period, (struct span){INSTANT_MIN, asked.to})));
	if (e->refusal == EXCUSE_VALID && spans_length_ms(spans_minus(a, wanted, g->used)) > 0)
		e->refusal = EXCUSE_ALLOWANCE_USED;
}

static struct excuse tell(struct arena *a, const struct availability_history *h,
			  const struct claim *c, struct span range)
{
	struct span asked = overlap(c->asked, range);
	struct spans granted = granted_in(a, h, c, asked);
	struct excuse e = {.asked = c->asked,
			   .granted_ms = spans_length_ms(granted),
			   .exclude = first_rule(h->m, c->cause),
			   .cause = c->cause,
			   .refusal = c->refusal,
			   .notice_ms = c->notice_ms,
			   .needed_ms = c->needed_ms,
			   .fact = c->fact,
			   .actual_fact = c->actual_fact};

	if (granted.n > 0)
		e.granted = (struct span){granted.v[0].from, granted.v[granted.n - 1].to};
	if (e.exclude < 0 && e.refusal == EXCUSE_VALID)
		e.refusal = EXCUSE_NOT_LISTED;
	if (e.exclude >= 0 && h->grants[e.exclude].limited)
		tell_allowance(a, h, c, asked, &e);
	if (e.refusal == EXCUSE_VALID && h->v->contested[c->fact] == 1) {
		e.refusal = EXCUSE_CONTESTED;
		e.would_excuse_ms = does_excuse(a, h, granted);
	} else if (e.refusal != EXCUSE_VALID) {
		e.would_excuse_ms = would_excuse(a, h, c, asked);
	}
	return e;
}

struct excuse *window_excuses(struct arena *a, const struct availability_history *h,
			      const struct window_result *w, size_t *n_out)
{
	struct span range = window_range(h, w);
	struct excuse *v = NULL;
	size_t n = 0, cap = 0;

	for (size_t i = 0; i < h->claims.n && h->claims.v[i].asked.from < range.to; i++) {
		const struct claim *c = &h->claims.v[i];

		if (c->asked.to <= range.from)
			continue;
		v = arena_grow(a, v, n, &cap, sizeof(*v));
		v[n++] = tell(a, h, c, range);
	}
	*n_out = n;
	return v;
}
