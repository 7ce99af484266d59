/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Components joined to a group by one sweep over everything that changes, with three values per instant, never by a product
 * (sla.md R49, W18). Each instant is judged several times from the same counts: as if nothing were excused, after excuses,
 * with degraded as down and as up.
 */
#include "engine/availability_parts.h"

#include "engine/view_order.h"

#include <assert.h>

enum { SEEN_COUNT = SEEN_DOWN + 1 };

/* How many components are in each state, excused or not. */
struct counts {
	size_t of[SEEN_COUNT][2];
};

/* How a state is read. */
struct reading {
	enum { EXCUSED_AS_SEEN, EXCUSED_OUT, EXCUSED_UP } excused;
	bool degraded_down;
	enum unknown_time unknown;
};

static enum value read_state(enum seen seen, bool excused, const struct reading *r)
{
	if (excused && r->excused != EXCUSED_AS_SEEN)
		return r->excused == EXCUSED_UP ? VALUE_UP : VALUE_OUT;
	if (seen == SEEN_UP || (seen == SEEN_DEGRADED && !r->degraded_down))
		return VALUE_UP;
	if (seen != SEEN_UNKNOWN)
		return VALUE_DOWN;
	if (r->unknown == UNKNOWN_EXCLUDE)
		return VALUE_OUT;
	return r->unknown == UNKNOWN_UP ? VALUE_UP : VALUE_DOWN;
}

/* The table of R49. Down beats out in series, so one component's maintenance does not hide another's failure. */
static enum value group_value(const struct judged_unit *u, const struct counts *c, struct reading r)
{
	size_t n[3] = {0};

	for (int seen = 0; seen < SEEN_COUNT; seen++)
		for (int excused = 0; excused < 2; excused++)
			n[read_state((enum seen)seen, excused != 0, &r)] += c->of[seen][excused];

	switch (u->group) {
	case GROUP_ALL_DOWN:
		if (n[VALUE_UP] > 0)
			return VALUE_UP;
		return n[VALUE_DOWN] == u->n ? VALUE_DOWN : VALUE_OUT;
	case GROUP_K_OF_N:
		if ((int64_t)n[VALUE_UP] >= u->k)
			return VALUE_UP;
		return (int64_t)(n[VALUE_UP] + n[VALUE_OUT]) < u->k ? VALUE_DOWN : VALUE_OUT;
	case GROUP_ANY_DOWN:
	case GROUP_MEAN:
	case GROUP_WEIGHTED:
		break;
	}
	if (n[VALUE_DOWN] > 0)
		return VALUE_DOWN;
	return n[VALUE_UP] == u->n ? VALUE_UP : VALUE_OUT;
}

/* --- what happens when --- */

enum step_kind { STEP_SEEN, STEP_EXCUSE, STEP_EXCUSE_ENDS, STEP_FUTURE };

struct step {
	enum step_kind kind;
	uint32_t member; /* place in the unit */
	uint32_t rule;   /* n_excludes: the extra claim */
	const struct change *change;
};

struct steps {
	struct step *v;
	struct timed *when;
	size_t n, cap, when_cap;
};

/* Where one member stands while the sweep goes on. */
struct member {
	const struct change *now;
	enum seen seen;
	unsigned excuses;
	bool was_down; /* in the outage that is open */
};

struct sweeping {
	struct arena *a;
	const struct sweep *s;
	struct steps steps;
	struct member *members;
	struct counts counts;
	unsigned *rules;    /* how many members each rule excuses now */
	uint32_t last_fact; /* of the last change of state */
};

static void step_add(struct sweeping *w, instant t, struct step step)
{
	struct steps *s = &w->steps;

	s->v = arena_grow(w->a, s->v, s->n, &s->cap, sizeof(*s->v));
	s->when = arena_grow(w->a, s->when, s->n, &s->when_cap, sizeof(*s->when));
	s->v[s->n] = step;
	s->when[s->n] = (struct timed){t, (uint32_t)s->n};
	s->n++;
}

static void add_excuses(struct sweeping *w, struct spans spans, uint32_t member, uint32_t rule)
{
	struct span range = w->s->range;
	struct spans near = spans_near(spans, range);

	for (size_t i = 0; i < near.n; i++) {
		instant from = near.v[i].from > range.from ? near.v[i].from : range.from;

		step_add(w, from, (struct step){STEP_EXCUSE, member, rule, NULL});
		if (near.v[i].to < range.to)
			step_add(w, near.v[i].to,
				 (struct step){STEP_EXCUSE_ENDS, member, rule, NULL});
	}
}

/* Beyond as_of nothing is seen: what is not excused already is taken to be up, for the error budget (R56). */
static void add_member(struct sweeping *w, uint32_t i)
{
	const struct availability_history *h = w->s->h;
	size_t place = w->s->unit->first + i;
	const struct component *c = &h->c.v[place];
	const struct change *at = component_at(c, w->s->range.from);
	struct member *m = &w->members[i];
	uint32_t n_rules = (uint32_t)h->m->n_excludes;

	*m = (struct member){.now = at, .seen = at->seen};
	w->counts.of[m->seen][0]++;
	for (const struct change *x = at + 1; x < c->v + c->n && x->at < w->s->range.to; x++)
		step_add(w, x->at, (struct step){STEP_SEEN, i, 0, x});
	if (h->v->as_of < w->s->range.to)
		step_add(w, h->v->as_of > w->s->range.from ? h->v->as_of : w->s->range.from,
			 (struct step){STEP_FUTURE, i, 0, NULL});
	for (uint32_t r = 0; r < n_rules; r++)
		add_excuses(w, h->grants[r].of[place], i, r);
	if (w->s->extra != NULL && claim_covers(w->s->extra, place))
		add_excuses(w, (struct spans){&w->s->extra->asked, 1}, i, n_rules);
}

static void take(struct sweeping *w, const struct step *step)
{
	struct member *m = &w->members[step->member];

	w->counts.of[m->seen][m->excuses > 0]--;
	switch (step->kind) {
	case STEP_SEEN:
		m->now = step->change;
		m->seen = step->change->seen;
		w->last_fact = step->change->fact;
		break;
	case STEP_FUTURE:
		m->seen = SEEN_UP;
		break;
	case STEP_EXCUSE:
		m->excuses++;
		w->rules[step->rule]++;
		break;
	case STEP_EXCUSE_ENDS:
		m->excuses--;
		w->rules[step->rule]--;
		break;
	}
	w->counts.of[m->seen][m->excuses > 0]++;
}

static bool is_failing(const struct member *m)
{
	return m->seen == SEEN_DOWN || m->seen == SEEN_DEGRADED;
}

static uint32_t down_by(const struct sweeping *w)
{
	for (size_t i = 0; i < w->s->unit->n; i++)
		if (is_failing(&w->members[i]))
			return w->members[i].now->fact;
	return NO_FACT;
}

/* Everything R46 to R49 ask about the instant at hand. */
static struct stretch judge(const struct sweeping *w, instant from)
{
	const struct metric *m = w->s->h->m;
	const struct judged_unit *u = w->s->unit;
	bool as_up = m->excluded_time == EXCLUDED_COUNT_AS_UP;
	struct reading r = {EXCUSED_AS_SEEN, true, m->unknown};
	struct stretch s = {.from = from, .rule = -1, .fact = NO_FACT};

	s.raw = (uint8_t)group_value(u, &w->counts, r);
	r.degraded_down = false;
	s.raw_hard = (uint8_t)group_value(u, &w->counts, r);

	r.excused = as_up ? EXCUSED_UP : EXCUSED_OUT;
	s.best = (uint8_t)group_value(u, &w->counts, r);
	r.degraded_down = true;
	s.worst = (uint8_t)group_value(u, &w->counts, r);
	if (m->degraded == DEGRADED_UP)
		s.worst = s.best;
	if (m->degraded == DEGRADED_DOWN)
		s.best = s.worst;

	r.degraded_down = m->degraded != DEGRADED_UP;
	for (size_t i = 0; i <= m->n_excludes && s.rule < 0; i++)
		if (w->rules[i] > 0)
			s.rule = (int)i;
	if (s.rule >= 0) {
		/* Unseen time that counts as down leaves it to the excuse whether the group is out; left out, it has its own name. */
		struct reading known = {EXCUSED_OUT, r.degraded_down,
					m->unknown == UNKNOWN_DOWN ? UNKNOWN_DOWN : UNKNOWN_UP};

		s.excused = group_value(u, &w->counts, known) == VALUE_OUT &&
			    s.worst == (as_up ? VALUE_UP : VALUE_OUT);
	}
	r.unknown = UNKNOWN_EXCLUDE;
	s.blind = !s.excused && group_value(u, &w->counts, r) == VALUE_OUT;
	if (!s.excused || s.rule == (int)m->n_excludes)
		s.rule = -1;
	if (s.raw == VALUE_DOWN)
		s.fact = down_by(w);
	return s;
}

static bool same(const struct stretch *x, const struct stretch *y)
{
	return x->raw == y->raw && x->raw_hard == y->raw_hard && x->worst == y->worst &&
	       x->best == y->best && x->excused == y->excused && x->blind == y->blind &&
	       x->rule == y->rule;
}

/* --- raw outages --- */

static void outage_opens(struct sweeping *w, const struct stretch *s, struct found *f)
{
	f->outages =
		arena_grow(w->a, f->outages, f->n_outages, &f->outages_cap, sizeof(*f->outages));
	f->outages[f->n_outages++] = (struct group_outage){.span = {s->from, s->from},
							   .open = true,
							   .degraded = true,
							   .began_fact = s->fact,
							   .ended_fact = NO_FACT};
	for (size_t i = 0; i < w->s->unit->n; i++)
		w->members[i].was_down = false;
}

static void outage_ends(struct sweeping *w, instant t, bool open, uint32_t fact, struct found *f)
{
	struct group_outage *o = &f->outages[f->n_outages - 1];
	const struct availability_history *h = w->s->h;
	int *assets = arena_array(w->a, int, w->s->unit->n);

	o->span.to = t;
	o->open = open;
	o->ended_fact = open ? NO_FACT : fact;
	/* length is judged whole: across windows and excuses, with degraded as down (R46, R47) */
	o->dropped = t - o->span.from < h->m->min_outage_ms;
	for (size_t i = 0; i < w->s->unit->n; i++)
		if (w->members[i].was_down)
			assets[o->n_assets++] = h->c.v[w->s->unit->first + i].asset;
	o->assets = assets;
}

/* Follows the raw outage through the instant at hand; at as_of, `last`, whatever is still down stays open. */
static void follow_outage(struct sweeping *w, const struct stretch *s, bool last, struct found *f)
{
	bool going = f->n_outages > 0 && f->outages[f->n_outages - 1].open;
	bool down = s->raw == VALUE_DOWN;

	if (!going && (!down || last))
		return;
	if (!going)
		outage_opens(w, s, f);
	if (last || !down) {
		outage_ends(w, s->from, down, w->last_fact, f);
		return;
	}

	struct group_outage *open = &f->outages[f->n_outages - 1];

	open->degraded = open->degraded && s->raw_hard != VALUE_DOWN;
	for (size_t i = 0; i < w->s->unit->n; i++)
		if (is_failing(&w->members[i]))
			w->members[i].was_down = true;
}

/* All steps of one instant; those that begin the future come after what is seen at as_of itself. */
static size_t take_instant(struct sweeping *w, size_t from, instant t, bool *future)
{
	size_t end = from;

	*future = false;
	for (; end < w->steps.n && w->steps.when[end].at == t; end++) {
		const struct step *step = &w->steps.v[w->steps.when[end].i];

		if (step->kind == STEP_FUTURE)
			*future = true;
		else
			take(w, step);
	}
	return end;
}

void sweep_group(struct arena *a, const struct sweep *s, struct found *found, bool with_outages)
{
	struct sweeping w = {.a = a, .s = s, .last_fact = NO_FACT};
	instant t = s->range.from;
	size_t i = 0;

	assert(s->range.from < s->range.to);
	w.members = arena_array(a, struct member, s->unit->n);
	w.rules = arena_array(a, unsigned, s->h->m->n_excludes + 1);
	for (uint32_t k = 0; k < s->unit->n; k++)
		add_member(&w, k);
	timed_sort(a, w.steps.when, w.steps.n);

	for (;;) {
		bool future;
		size_t end = take_instant(&w, i, t, &future);
		struct stretch now = judge(&w, t);

		if (with_outages && (future || t < s->h->v->as_of))
			follow_outage(&w, &now, future, found);
		for (; future && i < end; i++)
			if (w.steps.v[w.steps.when[i].i].kind == STEP_FUTURE)
				take(&w, &w.steps.v[w.steps.when[i].i]);
		if (future)
			now = judge(&w, t);
		if (found->n == 0 || !same(&found->v[found->n - 1], &now)) {
			found->v =
				arena_grow(a, found->v, found->n, &found->cap, sizeof(*found->v));
			found->v[found->n++] = now;
		}
		i = end;
		if (i == w.steps.n)
			break;
		t = w.steps.when[i].at;
	}
}

void unit_make(struct arena *a, const struct availability_history *h, struct judged_unit *u)
{
	struct sweep s = {.h = h, .unit = u, .range = {INSTANT_MIN, INSTANT_MAX}};
	struct found found = {0};

	sweep_group(a, &s, &found, true);
	u->v = found.v;
	u->n_stretches = found.n;
	u->outages = found.outages;
	u->n_outages = found.n_outages;
}
