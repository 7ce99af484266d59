/* SPDX-License-Identifier: Apache-2.0 */
/* Agreed time: when the service has to be there at all (sla.md R43, R3). */
#include "engine/availability_parts.h"
#include "engine/clock.h"

static bool always(const struct metric *m)
{
	return m->schedule == NULL || calendar_is_always(m->schedule);
}

struct spans days_proclaimed(struct arena *a, const struct view *v, const struct promise *p,
			     const struct metric *m)
{
	struct fact_run run = v->kinds[FACT_CALENDAR_EXCEPTION];
	struct span *out = arena_array(a, struct span, run.n);
	struct text id = {NULL, 0};
	size_t n = 0;

	if (always(m))
		return (struct spans){NULL, 0};
	for (size_t i = 0; i < p->n_calendars; i++)
		if (p->calendars[i].calendar == m->schedule)
			id = p->calendars[i].id;
	for (size_t i = 0; i < run.n; i++) {
		const struct zone *z = calendar_zone(m->schedule);
		struct text of;
		day date;

		if (!day_off_read(v, run.v[i], &of, &date) || !text_eq(of, id))
			continue; /* facts with a malformed date are refused on import */
		if (day_off_acts(z, date, view_fact(v, run.v[i])->recorded_at))
			out[n++] =
				(struct span){zone_midnight(z, date), zone_midnight(z, date + 1)};
	}
	return spans_union(a, out, n);
}

struct spans agreed_time(struct arena *a, const struct availability_history *h, struct span range)
{
	if (range.from >= range.to)
		return (struct spans){NULL, 0};
	if (always(h->m))
		return spans_union(a, &range, 1);
	return spans_minus(a, calendar_spans(a, h->m->schedule, range.from, range.to),
			   h->proclaimed);
}
