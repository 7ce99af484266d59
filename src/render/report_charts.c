/* SPDX-License-Identifier: Apache-2.0 */
/* Pictures of an outcome, and what they say to those who do not see them. */
#include "render/report.h"

enum { TREND = 13 };

static int64_t ppm_of(struct decimal percent)
{
	/* 100 % is 1,000,000: a position on a picture, not a result. */
	struct fraction f = fraction_mul(fraction_of_decimal(percent), fraction_of(10000, 1));
	struct decimal d = fraction_round(f, 0, ROUND_HALF_UP);

	return d.units < 0 ? 0 : (d.units > 1000000 ? 1000000 : d.units);
}

static bool is_share(const struct metric *m)
{
	return m->kind == METRIC_ELAPSED || m->kind == METRIC_AVAILABILITY ||
	       m->kind == METRIC_RATIO;
}

const struct chart *chart_of_trend(struct report *r, const struct window_result *w, bool small)
{
	struct doc *d = r->d;
	const struct metric *m = report_metric(r, w->version, w->metric);
	uint32_t last[TREND];
	size_t n = last_windows(r->o, (uint32_t)(w - r->o->windows), TREND, last);
	struct chart *c = arena_one(d->arena, struct chart);
	struct chart_bar *bars = arena_array(d->arena, struct chart_bar, n);

	if (n < 2 || !is_share(m))
		return NULL;
	for (size_t i = 0; i < n; i++) {
		const struct window_result *x = &r->o->windows[last[i]];

		bars[i] = (struct chart_bar){.label = window_short(r, x),
					     .set = x->value_set,
					     .missed = x->verdict == VERDICT_MISSED,
					     .ppm = x->value_set ? ppm_of(x->shown) : 0};
	}
	*c = (struct chart){.kind = CHART_SHARES,
			    .small = small,
			    .bars = bars,
			    .n_bars = n,
			    .target_ppm = w->target_set ? ppm_of(w->target) : -1,
			    .target = INSTANT_NONE};
	c->label = doc_words(d, SAY(d, W_CHART_TREND, metric_words(r, w->version, w->metric),
				    doc_int(d, (int64_t)n), window_words(r, w),
				    w->value_set ? doc_percent(d, w->shown) : SAY0(d, W_NA)));
	return c;
}

const struct chart *chart_of_priorities(struct report *r, const struct window_result *w)
{
	struct doc *d = r->d;
	const struct promise *p = report_promise(r, w->version);
	struct chart *c = arena_one(d->arena, struct chart);
	struct chart_bar *bars = arena_array(d->arena, struct chart_bar, p->n_priorities);
	struct phrase *said = arena_array(d->arena, struct phrase, p->n_priorities);
	size_t n = 0, with = 0;

	if (w->priorities == NULL)
		return NULL;
	for (size_t i = 0; i < p->n_priorities; i++) {
		const struct priority_share *x = &w->priorities[i];
		bool set = x->samples > 0;

		bars[n] = (struct chart_bar){.label = p->priorities[i].id,
					     .set = set,
					     .missed = set && w->target_set &&
						       decimal_cmp(x->shown, w->target) < 0,
					     .ppm = set ? ppm_of(x->shown) : 0};
		said[n++] = SAY(d, W_PAIR, doc_plain(d, p->priorities[i].id),
				set ? doc_percent(d, x->shown) : SAY0(d, W_NA));
		with += set;
	}
	if (n < 2 || with == 0)
		return NULL;
	*c = (struct chart){.kind = CHART_SHARES,
			    .bars = bars,
			    .n_bars = n,
			    .target_ppm = w->target_set ? ppm_of(w->target) : -1,
			    .target = INSTANT_NONE};
	c->label = doc_words(d, SAY(d, W_CHART_PRIORITIES, metric_words(r, w->version, w->metric),
				    window_words(r, w), doc_join_all(d, "; ", said, n)));
	return c;
}

const struct chart *chart_of_times(struct report *r, const struct window_result *w, bool small)
{
	struct doc *d = r->d;
	struct chart *c = arena_one(d->arena, struct chart);
	struct chart_bar *bars = arena_array(d->arena, struct chart_bar, w->n_clocks);
	size_t n = 0;

	for (size_t i = 0; i < w->n_clocks; i++) {
		const struct clock *x = &r->o->clocks[w->clocks[i]];

		if (x->goal_ms <= 0)
			continue;
		struct decimal share = fraction_round(
			fraction_of((i128)x->used_ms * 1000000, x->goal_ms), 0, ROUND_HALF_UP);
		/* Late by an hour of a day and late by a millisecond are both late; the goal itself is not. */
		bool late = clock_late(x);
		int64_t ppm = share.units;

		if (late && ppm <= 1000000)
			ppm = 1000001;
		if (!late && ppm > 1000000)
			ppm = 1000000;
		bars[n++] = (struct chart_bar){.set = true, .missed = late, .ppm = ppm};
	}
	if (n < 2)
		return NULL;
	*c = (struct chart){.kind = CHART_TIMES,
			    .small = small,
			    .bars = bars,
			    .n_bars = n,
			    .target_ppm = -1,
			    .target = INSTANT_NONE};
	c->label = doc_words(d, SAY(d, W_CHART_TIMES, metric_words(r, w->version, w->metric),
				    doc_int(d, w->in_time), doc_int(d, w->samples)));
	return c;
}

enum chart_mark report_mark(enum availability_state s)
{
	switch (s) {
	case AV_DOWN:
		return MARK_DOWN;
	case AV_EXCUSED:
		return MARK_EXCUSED;
	case AV_UNKNOWN:
	case AV_UNAGREED:
		return MARK_UNKNOWN;
	case AV_DROPPED:
	case AV_DEGRADED:
		return MARK_WAITED;
	case AV_UP:
		break;
	}
	return MARK_OPEN;
}

static void strip_ticks(struct report *r, struct chart *c)
{
	struct doc *d = r->d;
	struct chart_tick *ticks = arena_array(d->arena, struct chart_tick, 64);
	const struct zone *z = d->zone != NULL ? d->zone : zone_utc();
	size_t n = 0;
	bool month = c->axis.to - c->axis.from <= 40 * DAY_MS;
	day first = zone_day(z, c->axis.from);

	for (day x = first; n < 60; x = month ? x + 7 : day_add_months(first, (int32_t)n)) {
		instant t = zone_midnight(z, x);

		if (t >= c->axis.to)
			break;
		if (t >= c->axis.from)
			ticks[n] = (struct chart_tick){
				t,
				doc_words(d, doc_time(d, t, month ? TIME_DAY : TIME_MONTH_SHORT)),
				false};
		n++;
	}
	c->ticks = ticks;
	c->n_ticks = n;
}

const struct chart *chart_of_window(struct report *r, const struct window_result *w, bool small)
{
	const struct availability *av = w->availability;
	struct doc *d = r->d;
	struct chart *c = arena_one(d->arena, struct chart);

	if (av == NULL || av->n_pieces == 0)
		return NULL;
	struct chart_span *spans = arena_array(d->arena, struct chart_span, av->n_pieces);
	size_t n = 0;

	for (size_t i = 0; i < av->n_pieces; i++)
		if (av->pieces[i].state != AV_UP)
			spans[n++] = (struct chart_span){av->pieces[i].span,
							 report_mark(av->pieces[i].state)};
	*c = (struct chart){.kind = CHART_STRIP,
			    .small = small,
			    .axis = w->window,
			    .spans = spans,
			    .n_spans = n,
			    .target = INSTANT_NONE};
	c->label = doc_words(d, SAY(d, W_CHART_STRIP, window_words(r, w),
				    COUNTED(d, (int64_t)av->n_outages, W_OUTAGES),
				    COUNTED(d, (int64_t)av->n_excuses, W_EXCUSES),
				    doc_span(d, av->down_ms)));
	strip_ticks(r, c);
	return c;
}

/* --- a clock as it ran --- */

struct drawing {
	struct report *r;
	struct chart_span *spans;
	size_t n;
	struct chart_tick *ticks;
	size_t n_ticks, room;
};

static void draw(struct drawing *x, struct span s, enum chart_mark mark)
{
	if (s.from < s.to)
		x->spans[x->n++] = (struct chart_span){s, mark};
}

static void tick(struct drawing *x, instant at, struct phrase words, bool strong)
{
	if (x->n_ticks < x->room)
		x->ticks[x->n_ticks++] = (struct chart_tick){at, doc_words(x->r->d, words), strong};
}

/* Open stretches first, as the ground on which the rest is drawn. */
static void draw_open(struct drawing *x, const struct clock_detail *detail)
{
	struct span open = {0, 0};

	for (size_t i = 0; i < detail->n_pieces; i++) {
		const struct piece *p = &detail->pieces[i];
		bool is_open = p->kind != PIECE_CLOSED && p->kind != PIECE_CUT;

		if (is_open && open.to == p->span.from && open.from < open.to) {
			open.to = p->span.to;
			continue;
		}
		if (!is_open)
			continue;
		draw(x, open, MARK_OPEN);
		open = p->span;
		tick(x, open.from,
		     doc_time(x->r->d, open.from, x->n_ticks == 0 ? TIME_MOMENT : TIME_DAY_CLOCK),
		     false);
	}
	draw(x, open, MARK_OPEN);
}

static void draw_pieces(struct drawing *x, const struct clock *c, const struct clock_detail *detail,
			instant end)
{
	for (size_t i = 0; i < detail->n_pieces; i++) {
		const struct piece *p = &detail->pieces[i];
		struct span s = p->span;

		if (s.to > end)
			s.to = end;
		if (s.from >= s.to)
			continue;
		if (p->kind == PIECE_PAUSED || p->kind == PIECE_EXCUSED)
			draw(x, s, MARK_WAITED);
		if (p->kind != PIECE_RAN)
			continue;
		instant due = c->deadline == INSTANT_NONE ? s.to : c->deadline;

		draw(x, (struct span){s.from, s.to < due ? s.to : due}, MARK_RAN);
		draw(x, (struct span){s.from > due ? s.from : due, s.to}, MARK_OVER);
	}
}

enum { CHART_PIECES_MAX = 120, CHART_TICKS_MAX = 40 };

/* What somebody sees who sees the picture: from when to when it ran, why it stood, how much of the goal that is, and when it is due. */
static struct phrase clock_told(struct report *r, const struct clock *c, struct phrase ran,
				struct phrase stood)
{
	struct doc *d = r->d;
	struct phrase due = c->deadline != INSTANT_NONE ? doc_time(d, c->deadline, TIME_MOMENT)
							: SAY0(d, W_NOT_YET);
	struct phrase told =
		SAY(d, W_CHART_CLOCK, symbol_words(r, c->subject),
		    c->used_ms > 0 ? SAY(d, W_CHART_CLOCK_RAN, ran) : SAY0(d, W_CHART_CLOCK_IDLE),
		    doc_span(d, c->used_ms), doc_span(d, c->goal_ms), due);

	if (stood.n > 0)
		told = SAY(d, W_CHART_CLOCK_STOOD, told, stood);
	if (c->stop != INSTANT_NONE)
		told = SAY(d, W_CHART_CLOCK_END, told,
			   event_words(r, report_metric(r, c->version, c->metric)->stop),
			   doc_time(d, c->stop, TIME_MOMENT));
	return told;
}

const struct chart *chart_of_clock(struct report *r, uint32_t clock,
				   const struct clock_detail *detail, struct phrase ran,
				   struct phrase stood)
{
	const struct clock *c = &r->o->clocks[clock];
	struct doc *d = r->d;
	instant end = c->stop != INSTANT_NONE ? c->stop : r->o->in.as_of;
	struct drawing x = {.r = r, .room = CHART_TICKS_MAX};

	if (c->state == CLOCK_VOID || detail->n_pieces == 0 || detail->n_pieces > CHART_PIECES_MAX)
		return NULL;
	x.spans = arena_array(d->arena, struct chart_span, 4 * detail->n_pieces);
	x.ticks = arena_array(d->arena, struct chart_tick, CHART_TICKS_MAX);
	draw_open(&x, detail);
	draw_pieces(&x, c, detail, end);
	if (c->deadline != INSTANT_NONE)
		tick(&x, c->deadline, SAY(d, W_CHART_DUE, doc_time(d, c->deadline, TIME_DAY_CLOCK)),
		     true);
	if (c->stop != INSTANT_NONE)
		tick(&x, c->stop,
		     SAY(d, W_CHART_STOP,
			 event_words(r, report_metric(r, c->version, c->metric)->stop),
			 doc_time(d, c->stop, TIME_DAY_CLOCK)),
		     false);
	struct chart *out = arena_one(d->arena, struct chart);

	*out = (struct chart){.kind = CHART_CLOCK,
			      .spans = x.spans,
			      .n_spans = x.n,
			      .ticks = x.ticks,
			      .n_ticks = x.n_ticks,
			      .target = c->deadline};
	out->label = doc_words(d, clock_told(r, c, ran, stood));
	return out;
}
