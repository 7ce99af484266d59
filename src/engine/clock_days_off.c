/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Days proclaimed after a version was approved (sla.md R3). Calendars are pinned by the version, so such a day is taken out of the
 * timelines that count on the calendar, as a pause would be; it acts only on dates after the one it was recorded on.
 */
#include "engine/clock.h"

bool day_off_read(const struct view *v, uint32_t fact, struct text *calendar, day *date)
{
	const struct fact *f = view_fact(v, fact);
	day on;

	if (!day_parse(symbol_text(v->facts->symbols, fact_word(f, FIELD_DATE)), &on))
		return false;
	*calendar = symbol_text(v->facts->symbols, f->subject);
	*date = on;
	return true;
}

bool day_off_acts(const struct zone *zone, day date, instant recorded_at)
{
	return date > zone_day(zone, recorded_at);
}

static void add_day(struct clock_engine *e, const struct calendar *calendar, day date,
		    uint32_t fact)
{
	const struct zone *zone = calendar_zone(calendar);
	struct day_off d = {calendar, {0, 0}, fact};
	size_t at = e->n_days_off;

	if (zone == NULL || !day_off_acts(zone, date, view_fact(e->view, fact)->recorded_at))
		return;
	d.day = (struct span){zone_midnight(zone, date), zone_midnight(zone, date + 1)};
	e->days_off = arena_grow(e->arena, e->days_off, e->n_days_off, &e->cap_days_off,
				 sizeof(*e->days_off));
	for (; at > 0 && e->days_off[at - 1].day.from > d.day.from; at--)
		e->days_off[at] = e->days_off[at - 1];
	e->days_off[at] = d;
	e->n_days_off++;
}

void days_off_find(struct clock_engine *e)
{
	struct fact_run run = e->view->kinds[FACT_CALENDAR_EXCEPTION];

	for (size_t i = 0; i < run.n; i++) {
		struct text id;
		day date;

		if (!day_off_read(e->view, run.v[i], &id, &date))
			continue; /* facts with a malformed date are refused on import */
		for (size_t v = 0; v < e->n_versions; v++)
			for (size_t c = 0; c < e->versions[v].promise->n_calendars; c++) {
				const struct named_calendar *n =
					&e->versions[v].promise->calendars[c];

				if (text_eq(n->id, id))
					add_day(e, n->calendar, date, run.v[i]);
			}
	}
}

static void count_span(struct clock_engine *e, struct span s)
{
	if (e->n_counted > 0 && s.from <= e->counted[e->n_counted - 1].to) {
		if (s.to > e->counted[e->n_counted - 1].to)
			e->counted[e->n_counted - 1].to = s.to;
		return;
	}
	e->counted = arena_grow(e->arena, e->counted, e->n_counted, &e->cap_counted,
				sizeof(*e->counted));
	e->counted[e->n_counted++] = s;
}

struct spans clock_gone(struct clock_engine *e, const struct calendar *calendar)
{
	size_t i = 0;

	if (e->n_days_off == 0)
		return (struct spans){e->gone, e->n_gone};
	e->n_counted = 0;
	for (size_t k = 0; k < e->n_days_off; k++) {
		if (e->days_off[k].calendar != calendar)
			continue;
		for (; i < e->n_gone && e->gone[i].from <= e->days_off[k].day.from; i++)
			count_span(e, e->gone[i]);
		count_span(e, e->days_off[k].day);
	}
	for (; i < e->n_gone; i++)
		count_span(e, e->gone[i]);
	return (struct spans){e->counted, e->n_counted};
}
