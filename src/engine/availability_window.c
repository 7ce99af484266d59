/* SPDX-License-Identifier: Apache-2.0 */
/* One unit in one window: what of its time is agreed, removed, down, and counted (sla.md R43, R46 to R48). */
#include "engine/availability_parts.h"

#include <assert.h>

static instant later(instant x, instant y)
{
	return x > y ? x : y;
}

static instant earlier(instant x, instant y)
{
	return x < y ? x : y;
}

/* The last stretch that begins not after t. */
static size_t stretch_at(const struct stretch *v, size_t n, instant t)
{
	size_t low = 0, high = n;

	while (high - low > 1) {
		size_t mid = low + (high - low) / 2;

		if (v[mid].from <= t)
			low = mid;
		else
			high = mid;
	}
	return low;
}

size_t outage_at(const struct judged_unit *u, instant t)
{
	size_t low = 0, high = u->n_outages;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (u->outages[mid].span.to <= t)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* Is the group down inside an outage that is long enough (R47)? */
static bool survives(const struct judged_unit *u, size_t outage, instant t)
{
	return outage < u->n_outages && u->outages[outage].span.from <= t &&
	       !u->outages[outage].dropped;
}

static enum availability_state state_of(const struct metric *m, const struct stretch *s,
					bool survived)
{
	if (s->excused)
		return AV_EXCUSED;
	if (s->worst == VALUE_DOWN && !survived)
		return AV_DROPPED;
	if (s->worst == VALUE_DOWN)
		return s->best == VALUE_DOWN ? AV_DOWN : AV_DEGRADED;
	if (s->worst == VALUE_OUT)
		return AV_UNKNOWN;
	if (m->degraded == DEGRADED_UP && s->raw == VALUE_DOWN && s->raw_hard != VALUE_DOWN)
		return AV_DEGRADED;
	return AV_UP;
}

static void add_piece(struct account *x, struct availability_piece piece)
{
	struct availability_piece *last = x->n_pieces > 0 ? &x->pieces[x->n_pieces - 1] : NULL;

	if (!x->with_pieces)
		return;
	if (last != NULL && last->state == piece.state && last->exclude == piece.exclude &&
	    last->down == piece.down) {
		assert(last->span.to == piece.span.from);
		last->span.to = piece.span.to;
		return;
	}
	x->pieces = arena_grow(x->arena, x->pieces, x->n_pieces, &x->cap, sizeof(*x->pieces));
	x->pieces[x->n_pieces++] = piece;
}

/* Agreed time that lies in one stretch. */
static void count_agreed(struct account *x, const struct stretch *s, struct span span,
			 size_t outage)
{
	const struct metric *m = x->h->m;
	struct availability *v = &x->sum;
	int64_t ms = span.to - span.from;
	bool survived = survives(x->unit, outage, span.from);
	bool was_down = (m->degraded == DEGRADED_UP ? s->raw_hard : s->raw) == VALUE_DOWN;
	int64_t worst_ms = s->worst == VALUE_DOWN && survived ? ms : 0;
	int64_t best_ms = s->best == VALUE_DOWN && survived ? ms : 0;
	struct availability_piece piece = {.span = span,
					   .state = state_of(m, s, survived),
					   .exclude = s->excused ? s->rule : -1,
					   .fact = s->fact,
					   .down = s->raw == VALUE_DOWN};

	v->agreed_ms += ms;
	x->base_twice_ms += (s->worst == VALUE_OUT ? 0 : ms) + (s->best == VALUE_OUT ? 0 : ms);
	v->excused_ms += s->excused ? ms : 0;
	v->as_up_ms += s->excused && s->worst == VALUE_UP && was_down && survived ? ms : 0;
	v->unknown_ms += s->blind ? ms : 0;
	v->dropped_ms += piece.state == AV_DROPPED ? ms : 0;
	v->down_ms += worst_ms;
	v->down_as_up_ms += best_ms;
	if (x->outages != NULL && s->raw == VALUE_DOWN && outage < x->first_outage + x->n_outages) {
		x->outages[outage - x->first_outage].counted_ms += worst_ms + best_ms;
		x->outages[outage - x->first_outage].excused_ms += s->excused ? ms : 0;
	}
	add_piece(x, piece);
}

/* A part of one stretch, cut where agreed time begins and ends. agreed->v is moved on. */
static void count_stretch(struct account *x, const struct stretch *s, struct span span,
			  struct spans *agreed)
{
	size_t outage = outage_at(x->unit, span.from);
	instant t = span.from;

	while (t < span.to) {
		while (agreed->n > 0 && agreed->v[0].to <= t) {
			agreed->v++;
			agreed->n--;
		}

		bool open = agreed->n > 0 && agreed->v[0].from <= t;
		instant end = agreed->n == 0 ? span.to
					     : earlier(span.to,
						       open ? agreed->v[0].to : agreed->v[0].from);

		if (open)
			count_agreed(x, s, (struct span){t, end}, outage);
		else
			add_piece(x, (struct availability_piece){.span = {t, end},
								 .state = AV_UNAGREED,
								 .exclude = -1,
								 .fact = NO_FACT,
								 .down = s->raw == VALUE_DOWN});
		t = end;
	}
}

void account_add(struct account *x, const struct stretch *v, size_t n, struct span range)
{
	struct spans agreed = agreed_time(x->arena, x->h, range);

	if (range.from >= range.to)
		return;
	for (size_t i = stretch_at(v, n, range.from); i < n && v[i].from < range.to; i++) {
		instant end = i + 1 < n ? v[i + 1].from : INSTANT_MAX;

		count_stretch(x, &v[i],
			      (struct span){later(v[i].from, range.from), earlier(end, range.to)},
			      &agreed);
	}
}

/* partial_window `full`: outside the service it was up (R43). */
static void add_outside(struct account *x, struct span range)
{
	const struct stretch up = {.from = range.from, .rule = -1, .fact = NO_FACT};
	struct account alone = {.arena = x->arena,
				.h = x->h,
				.unit = &(const struct judged_unit){.n = 0},
				.pieces = x->pieces,
				.n_pieces = x->n_pieces,
				.cap = x->cap,
				.with_pieces = x->with_pieces};

	account_add(&alone, &up, 1, range);
	x->pieces = alone.pieces;
	x->n_pieces = alone.n_pieces;
	x->cap = alone.cap;
	x->sum.agreed_ms += alone.sum.agreed_ms;
	x->base_twice_ms += alone.base_twice_ms;
}

struct span window_range(const struct availability_history *h, const struct window_result *w)
{
	return h->m->partial == PARTIAL_FULL ? w->window : w->judged;
}

/* The part of the range in which the service is given. */
static struct span in_service(const struct availability_history *h, const struct window_result *w)
{
	struct span s = w->judged;

	if (h->m->partial != PARTIAL_FULL)
		return s;
	if (h->p->service_start != INSTANT_NONE)
		s.from = later(s.from, h->p->service_start);
	if (h->p->end != INSTANT_NONE)
		s.to = earlier(s.to, h->p->end);
	s.from = later(s.from, w->window.from);
	s.to = later(earlier(s.to, w->window.to), s.from);
	return s;
}

static void add_range(struct account *x, const struct window_result *w, struct span range)
{
	struct span service = in_service(x->h, w);

	service.from = earlier(later(service.from, range.from), range.to);
	service.to = later(earlier(service.to, range.to), service.from);
	add_outside(x, (struct span){range.from, service.from});
	account_add(x, x->unit->v, x->unit->n_stretches, service);
	add_outside(x, (struct span){service.to, range.to});
}

void account_outages(struct account *x, struct span range)
{
	const struct judged_unit *u = x->unit;

	x->first_outage = outage_at(u, range.from);
	while (x->first_outage + x->n_outages < u->n_outages &&
	       u->outages[x->first_outage + x->n_outages].span.from < range.to)
		x->n_outages++;
	x->outages = arena_array(x->arena, struct raw_outage, x->n_outages);
	for (size_t i = 0; i < x->n_outages; i++) {
		const struct group_outage *o = &u->outages[x->first_outage + i];

		x->outages[i] = (struct raw_outage){.span = o->span,
						    .dropped = o->dropped,
						    .open = o->open,
						    .degraded = o->degraded,
						    .began_fact = o->began_fact,
						    .ended_fact = o->ended_fact,
						    .assets = o->assets,
						    .n_assets = o->n_assets};
	}
}

/* The announcement, declaration or duty behind excused time. */
static void name_excuses(struct account *x, const struct excuse *excuses, size_t n)
{
	for (size_t i = 0; i < x->n_pieces; i++) {
		struct availability_piece *p = &x->pieces[i];

		if (p->state != AV_EXCUSED || p->exclude < 0)
			continue;
		for (size_t k = 0; k < n; k++)
			if (excuses[k].cause == x->h->m->excludes[p->exclude].cause &&
			    excuses[k].granted.from <= p->span.from &&
			    p->span.from < excuses[k].granted.to) {
				p->fact = excuses[k].fact;
				break;
			}
	}
}

struct unit_result unit_window(struct arena *a, const struct availability_history *h,
			       const struct judged_unit *u, const struct window_result *w,
			       const struct excuse *excuses, size_t n_excuses)
{
	struct span range = window_range(h, w);
	instant now = later(range.from, earlier(range.to, h->v->as_of));
	struct account past = {.arena = a, .h = h, .unit = u, .with_pieces = true};
	struct account future = {.arena = a, .h = h, .unit = u};

	account_outages(&past, (struct span){range.from, now});
	add_range(&past, w, (struct span){range.from, now});
	add_range(&future, w, (struct span){now, range.to});
	for (size_t i = 0; i < past.n_outages; i++)
		past.outages[i].counted_ms /= 2; /* the mean of degraded as down and as up (R46) */
	name_excuses(&past, excuses, n_excuses);
	past.sum.base_ms = past.base_twice_ms / 2;
	past.sum.removed_ms = past.sum.agreed_ms - past.sum.base_ms;
	past.sum.window_ms = range.to - range.from;
	past.sum.pieces = past.pieces;
	past.sum.n_pieces = past.n_pieces;
	past.sum.outages = past.outages;
	past.sum.n_outages = past.n_outages;
	return (struct unit_result){past.sum, past.base_twice_ms, future.base_twice_ms};
}
