/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/strips.h"

#include "engine/availability_parts.h"
#include "engine/ticket.h"

struct cutting {
	struct arena *arena;
	const struct outcome *o;
	const struct zone *zone;
	struct span month; /* up to as_of */
};

static struct span clipped(struct span s, struct span range)
{
	if (s.from < range.from)
		s.from = range.from;
	if (s.to > range.to)
		s.to = range.to;
	return s;
}

/* --- days --- */

static void add_piece(struct strip_day *days, size_t n, const struct cutting *c,
		      const struct availability_piece *p)
{
	day first = days[0].day;

	for (day d = zone_day(c->zone, p->span.from); d - first < (day)n; d++) {
		struct span day_span = {zone_midnight(c->zone, d), zone_midnight(c->zone, d + 1)};
		struct span s = clipped(p->span, day_span);

		if (day_span.from >= p->span.to)
			break;
		if (s.from < s.to)
			days[d - first].ms[p->state] += s.to - s.from;
	}
}

static void cut(const struct cutting *c, struct strip *s)
{
	day first = zone_day(c->zone, c->month.from), last = zone_day(c->zone, c->month.to - 1);
	size_t n = c->month.from < c->month.to ? (size_t)(last - first + 1) : 0;
	struct strip_day *days = arena_array(c->arena, struct strip_day, n);

	for (size_t i = 0; i < n; i++)
		days[i].day = first + (day)i;
	for (size_t i = 0; i < s->n_pieces && n > 0; i++)
		add_piece(days, n, c, &s->pieces[i]);
	s->days = days;
	s->n_days = n;
}

/* --- pieces --- */

static struct strip judged(const struct cutting *c, const struct availability *av, int asset)
{
	struct availability_piece *v =
		arena_array(c->arena, struct availability_piece, av->n_pieces);
	struct strip s = {.asset = asset, .judged = true, .pieces = v};

	for (size_t i = 0; i < av->n_pieces; i++) {
		struct availability_piece p = av->pieces[i];

		p.span = clipped(p.span, c->month);
		if (p.span.from < p.span.to)
			v[s.n_pieces++] = p;
	}
	cut(c, &s);
	return s;
}

static enum availability_state state_of(enum seen s)
{
	switch (s) {
	case SEEN_UP:
		return AV_UP;
	case SEEN_DEGRADED:
		return AV_DEGRADED;
	case SEEN_DOWN:
		return AV_DOWN;
	case SEEN_UNKNOWN:
		break;
	}
	return AV_UNKNOWN;
}

static struct strip seen(const struct cutting *c, const struct component *of)
{
	struct availability_piece *v = arena_array(c->arena, struct availability_piece, of->n);
	struct strip s = {.asset = of->asset, .pieces = v};

	for (size_t i = 0; i < of->n; i++) {
		struct span span = {of->v[i].at, i + 1 < of->n ? of->v[i + 1].at : INSTANT_MAX};

		span = clipped(span, c->month);
		if (span.from >= span.to)
			continue;
		v[s.n_pieces++] = (struct availability_piece){.span = span,
							      .state = state_of(of->v[i].seen),
							      .exclude = -1,
							      .fact = of->v[i].fact,
							      .down = of->v[i].seen == SEEN_DOWN};
	}
	cut(c, &s);
	return s;
}

/* --- metrics --- */

static uint32_t window_of(const struct cutting *c, const struct metric *m)
{
	uint32_t found = UINT32_MAX;

	for (uint32_t i = 0; i < c->o->n_windows; i++) {
		const struct window_result *w = &c->o->windows[i];
		const struct metric *x = &outcome_promise(c->o, w->version)->metrics[w->metric];

		if (w->availability != NULL && text_eq(x->id, m->id) &&
		    w->window.from < c->month.to && w->window.to > c->month.from)
			found = i;
	}
	return found;
}

static void components(const struct cutting *c, const struct promise *p, const struct metric *m,
		       const struct availability *av, struct metric_strips *out)
{
	struct strip *v;

	if (av != NULL && av->n_members > 0) {
		v = arena_array(c->arena, struct strip, av->n_members);
		for (size_t i = 0; i < av->n_members; i++)
			v[i] = judged(c, &av->members[i], i < m->n_scope ? m->scope[i] : -1);
		out->n_components = av->n_members;
	} else {
		struct outages outages = outages_make(c->arena, c->o->view);
		struct components of = components_make(c->arena, c->o->view, p, m, &outages);

		v = arena_array(c->arena, struct strip, of.n);
		for (size_t i = 0; i < of.n; i++)
			v[i] = seen(c, &of.v[i]);
		out->n_components = of.n;
	}
	out->components = v;
}

static struct metric_strips strips_of(const struct cutting *c, uint16_t version, uint16_t metric)
{
	struct metric_strips s = {
		.version = version, .metric = metric, .whole = {.asset = -1, .judged = true}};
	const struct promise *p = outcome_promise(c->o, version);
	const struct availability *av = NULL;

	s.window = window_of(c, &p->metrics[metric]);
	if (s.window != UINT32_MAX) {
		const struct window_result *w = &c->o->windows[s.window];

		av = w->availability;
		/* an earlier version's window has that version's assets */
		p = outcome_promise(c->o, w->version);
		s.version = w->version;
		s.metric = w->metric;
	}
	if (av != NULL && av->n_members == 0)
		s.whole = judged(c, av, -1);
	components(c, p, &p->metrics[s.metric], av, &s);
	return s;
}

void strips_make(struct arena *a, const struct outcome *o, struct span month,
		 struct metric_strips **out, size_t *n)
{
	uint16_t version = version_at(o->in.versions, o->in.n_versions, month.to - 1);
	const struct promise *p = outcome_promise(o, version);
	struct cutting c = {.arena = a, .o = o, .zone = p->zone, .month = month};

	if (c.month.to > o->in.as_of)
		c.month.to = o->in.as_of > month.from ? o->in.as_of : month.from;
	*out = arena_array(a, struct metric_strips, p->n_metrics);
	*n = 0;
	for (size_t i = 0; i < p->n_metrics; i++)
		if (p->metrics[i].kind == METRIC_AVAILABILITY)
			(*out)[(*n)++] = strips_of(&c, version, (uint16_t)i);
}
