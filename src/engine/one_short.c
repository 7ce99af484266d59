/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/one_short.h"

#include "engine/remedy_work.h"

struct listing {
	struct arena *arena;
	const struct outcome *o;
	struct one_short *v;
	size_t n, cap;
};

/* What was counted back from the next window, which is taken for missed. */
struct counted {
	size_t n;
	uint32_t newest; /* of the missed ones */
};

/* A window that is over, whether or not it was judged. */
static bool is_over(const struct outcome *o, uint32_t window)
{
	return !o->windows[window].running && o->windows[window].why_not != NJ_OUTSIDE_TERM;
}

/* The place after the last window of the run that is over. */
static size_t over_end(const struct outcome *o, struct indexes run)
{
	size_t end = run.n;

	while (end > 0 && !is_over(o, run.v[end - 1]))
		end--;
	return end;
}

static void add(struct listing *l, uint16_t version, int chronic, int rule, struct counted c,
		int64_t needed)
{
	if (needed < 2 || c.n != (size_t)needed - 1)
		return;
	l->v = arena_grow(l->arena, l->v, l->n, &l->cap, sizeof(*l->v));
	l->v[l->n++] = (struct one_short){version, chronic, rule, c.newest};
}

/* R66: windows that were not judged keep their place. */
static struct counted missed_before(const struct outcome *o, struct indexes run, size_t end,
				    int64_t places)
{
	struct counted c = {0, 0};

	for (size_t back = 0; back < (size_t)places && back < end; back++) {
		uint32_t i = run.v[end - 1 - back];

		if (!window_judged(o, &o->windows[i]) || o->windows[i].verdict != VERDICT_MISSED)
			continue;
		c.newest = c.n++ == 0 ? i : c.newest;
	}
	return c;
}

/* Has it made a credit already (R57: a used window does not count again)? */
static bool was_used(const struct outcome *o, const struct credit_rule *rule, uint32_t window)
{
	for (size_t i = 0; i < o->n_credits; i++) {
		const struct credit *c = &o->credits[i];

		if (c->rule < 0 ||
		    !text_eq(promise_at(o, c->version)->credits.rules[c->rule].id, rule->id))
			continue;
		for (size_t k = 0; k < c->n_pattern_windows; k++)
			if (c->pattern_windows[k] == window)
				return true;
	}
	return false;
}

/* R57, R41: a window without a verdict neither counts nor breaks an unbroken run. */
static struct counted below_before(const struct outcome *o, struct indexes run, size_t end,
				   const struct credit_rule *rule)
{
	struct counted c = {0, 0};

	for (size_t back = 0; back + 1 < (size_t)rule->pattern_in && back < end; back++) {
		uint32_t i = run.v[end - 1 - back];

		if (!window_judged(o, &o->windows[i]))
			continue;
		if (pattern_below(&o->windows[i], rule) && !was_used(o, rule, i))
			c.newest = c.n++ == 0 ? i : c.newest;
		else if (rule->pattern_consecutive)
			break;
	}
	return c;
}

/* The run of a metric as far as it is over; false: its last window is of another version, which has rules of its own. */
static bool run_of(const struct listing *l, uint16_t version, int metric, struct indexes *run,
		   size_t *end)
{
	const struct promise *p = promise_at(l->o, version);

	*run = metric_windows(l->arena, l->o, p->metrics[metric].id);
	*end = over_end(l->o, *run);
	return *end > 0 && l->o->windows[run->v[*end - 1]].version == version;
}

static void look_at(struct listing *l, uint16_t version)
{
	const struct promise *p = promise_at(l->o, version);
	struct indexes run;
	size_t end;

	for (size_t i = 0; i < p->n_chronic; i++)
		if (p->chronic[i].out_of > 1 &&
		    run_of(l, version, p->chronic[i].metric, &run, &end))
			add(l, version, (int)i, -1,
			    missed_before(l->o, run, end, p->chronic[i].out_of - 1),
			    p->chronic[i].misses);
	for (size_t i = 0; i < p->credits.n_rules; i++) {
		const struct credit_rule *rule = &p->credits.rules[i];

		if (rule->form == RULE_PATTERN && run_of(l, version, rule->metric, &run, &end))
			add(l, version, -1, (int)i, below_before(l->o, run, end, rule),
			    rule->pattern_times);
	}
}

size_t one_short_list(struct arena *a, const struct outcome *o, struct one_short **out)
{
	struct listing l = {.arena = a, .o = o};

	for (size_t v = 0; v < o->in.n_versions; v++)
		look_at(&l, (uint16_t)v);
	*out = l.v;
	return l.n;
}
