/* SPDX-License-Identifier: Apache-2.0 */
/* Working days: local dates with any open time, and the ways to count them (sla.md R8). */
#include "time/calendar_table.h"

#include <assert.h>

static const struct zone *zone_of(const struct calendar *c)
{
	return calendar_is_always(c) ? zone_utc() : c->zone;
}

static void fill_chunk(const struct calendar *c, day first, struct day_chunk *chunk)
{
	struct span_list *list = &c->cache->scratch;
	struct wall_clock clock;
	struct day_bits closed;

	wall_clock_init(&clock, c->zone);
	calendar_closed_days(c, first, &closed);
	for (int32_t i = 0; i < CHUNK_DAYS; i++) {
		day d = first + i;

		if (d < c->first_date || d > c->last_date)
			continue;
		/* Hours that fall into a gap may leave nothing (R4). */
		list->n = 0;
		wall_clock_spans(&clock, c->cache->arena, d,
				 calendar_hours(c, d, day_bit(&closed, (uint32_t)i)), list);
		if (list->n > 0) {
			day_bit_set(&chunk->open, (uint32_t)i);
			chunk->count++;
		}
	}
	chunk->known = true;
}

static const struct day_chunk *chunk_at(const struct calendar *c, uint32_t number)
{
	struct chunk_page **page = &c->cache->chunks[number / CHUNKS_PER_PAGE];

	assert(number < CHUNKS);
	if (*page == NULL)
		*page = arena_one(c->cache->arena, struct chunk_page);

	struct day_chunk *chunk = &(*page)->chunk[number % CHUNKS_PER_PAGE];

	if (!chunk->known)
		fill_chunk(c, FIRST_DAY + (day)number * CHUNK_DAYS, chunk);
	return chunk;
}

bool calendar_working_day(const struct calendar *c, day d)
{
	if (d < c->first_date || d > c->last_date)
		return false;
	if (calendar_is_always(c))
		return true;

	uint32_t at = (uint32_t)(d - FIRST_DAY);

	return day_bit(&chunk_at(c, at / CHUNK_DAYS)->open, at % CHUNK_DAYS);
}

/* The n-th set bit from bit i on, upwards: its number, or CHUNK_DAYS with *n lessened by the bits passed. */
static uint32_t seek_up(const struct day_chunk *chunk, uint32_t i, int64_t *n)
{
	if (i == 0 && *n > chunk->count) {
		*n -= chunk->count;
		return CHUNK_DAYS;
	}
	for (; i < CHUNK_DAYS; i++)
		if (day_bit(&chunk->open, i) && --*n == 0)
			return i;
	return CHUNK_DAYS;
}

static bool nth_after(const struct calendar *c, day d, int64_t n, day *out)
{
	day from = d + 1 < c->first_date ? c->first_date : d + 1;

	if (from > c->last_date)
		return false;

	uint32_t at = (uint32_t)(from - FIRST_DAY), bit = at % CHUNK_DAYS;
	uint32_t last = (uint32_t)(c->last_date - FIRST_DAY) / CHUNK_DAYS;

	for (uint32_t k = at / CHUNK_DAYS; k <= last; k++, bit = 0) {
		uint32_t i = seek_up(chunk_at(c, k), bit, &n);

		if (i < CHUNK_DAYS) {
			*out = FIRST_DAY + (day)(k * CHUNK_DAYS + i);
			return true;
		}
	}
	return false;
}

/* As seek_up, downwards from the bit before i. */
static uint32_t seek_down(const struct day_chunk *chunk, uint32_t i, int64_t *n)
{
	if (i == CHUNK_DAYS && *n > chunk->count) {
		*n -= chunk->count;
		return CHUNK_DAYS;
	}
	for (; i > 0; i--)
		if (day_bit(&chunk->open, i - 1) && --*n == 0)
			return i - 1;
	return CHUNK_DAYS;
}

static bool nth_before(const struct calendar *c, day d, int64_t n, day *out)
{
	day to = d - 1 > c->last_date ? c->last_date : d - 1;

	if (to < c->first_date)
		return false;

	uint32_t at = (uint32_t)(to - FIRST_DAY), end = at % CHUNK_DAYS + 1;
	uint32_t first = (uint32_t)(c->first_date - FIRST_DAY) / CHUNK_DAYS;

	for (uint32_t k = at / CHUNK_DAYS;; k--, end = CHUNK_DAYS) {
		uint32_t i = seek_down(chunk_at(c, k), end, &n);

		if (i < CHUNK_DAYS) {
			*out = FIRST_DAY + (day)(k * CHUNK_DAYS + i);
			return true;
		}
		if (k == first)
			return false;
	}
}

bool calendar_nth_working_day(const struct calendar *c, day d, int64_t n, day *out)
{
	if (d < FIRST_DAY || d > LAST_DAY)
		return false;
	if (n == 0) {
		*out = d;
		return true;
	}
	if (!calendar_is_always(c))
		return n > 0 ? nth_after(c, d, n, out) : nth_before(c, d, -n, out);
	if (n > LAST_DAY - d || n < FIRST_DAY - d)
		return false;
	*out = d + (day)n;
	return true;
}

static bool within_time(instant t)
{
	return t >= INSTANT_MIN && t < INSTANT_MAX;
}

/* The n-th working day after t's date, and t's local time of day. */
static bool nth_date(const struct calendar *c, instant t, int64_t n, day *date, int32_t *ms)
{
	if (!within_time(t))
		return false;

	struct local l = zone_local(zone_of(c), t);

	*ms = l.ms;
	return calendar_nth_working_day(c, l.date, n, date);
}

bool calendar_workday(const struct calendar *c, instant t, int64_t n, instant *out)
{
	int32_t ms;
	day d;

	if (!nth_date(c, t, n, &d, &ms))
		return false;

	instant r = n == 0 ? t : zone_instant(zone_of(c), d, ms, NULL);

	if (!within_time(r))
		return false;
	*out = r;
	return true;
}

bool calendar_workday_forward(const struct calendar *c, instant t, int64_t n, instant *out)
{
	instant r;

	return calendar_workday(c, t, n, &r) && calendar_next_open(c, r, out);
}

bool calendar_workday_closing(const struct calendar *c, instant t, int64_t n, instant *out)
{
	instant opening;
	int32_t ms;
	day d;

	return nth_date(c, t, n, &d, &ms) && calendar_day_hours(c, d, &opening, out);
}

bool calendar_day_hours(const struct calendar *c, day d, instant *opening, instant *closing)
{
	if (!calendar_working_day(c, d))
		return false;
	if (calendar_is_always(c)) {
		*opening = instant_of_day(d);
		*closing = instant_of_day(d + 1);
		return true;
	}

	struct span_list *list = &c->cache->scratch;
	struct wall_clock clock;

	list->n = 0;
	wall_clock_init(&clock, c->zone);
	wall_clock_spans(&clock, c->cache->arena, d,
			 calendar_hours(c, d, calendar_is_holiday(c, d)), list);
	assert(list->n > 0);
	*opening = list->v[0].from;
	*closing = list->v[0].to;
	for (size_t i = 1; i < list->n; i++) {
		*opening = list->v[i].from < *opening ? list->v[i].from : *opening;
		*closing = list->v[i].to > *closing ? list->v[i].to : *closing;
	}
	return true;
}

/* GLPI's date: a closed start moves on to the next working day before counting. */
static bool glpi_date(const struct calendar *c, instant t, int64_t n, day *out, bool *was_closed,
		      int32_t *ms)
{
	day d;

	if (!nth_date(c, t, 0, &d, ms))
		return false;
	*was_closed = !calendar_working_day(c, d);
	if (*was_closed && !calendar_nth_working_day(c, d, 1, &d))
		return false;
	return calendar_nth_working_day(c, d, n, out);
}

bool calendar_workday_glpi(const struct calendar *c, instant t, int64_t n, instant *out)
{
	instant opening, closing;
	bool was_closed;
	int32_t ms;
	day d;

	if (!glpi_date(c, t, n, &d, &was_closed, &ms) ||
	    !calendar_day_hours(c, d, &opening, &closing))
		return false;

	instant same = zone_instant(zone_of(c), d, ms, NULL);

	*out = was_closed ? opening : same > closing ? closing : same;
	return true;
}

bool calendar_workday_glpi_closing(const struct calendar *c, instant t, int64_t n, instant *out)
{
	instant opening;
	bool was_closed;
	int32_t ms;
	day d;

	return glpi_date(c, t, n, &d, &was_closed, &ms) && calendar_day_hours(c, d, &opening, out);
}

bool calendar_is_holiday(const struct calendar *c, day d)
{
	if (d < FIRST_DAY || d > LAST_DAY)
		return false;

	size_t i = calendar_dates_from(c, d);
	struct civil v = civil_of(d);

	if (i < c->n_dates && c->dates[i] == d)
		return true;
	if (c->yearly[v.month] >> v.mday & 1)
		return true;
	if (calendar_leap_day_moved(c, d, &v))
		return true;
	for (i = 0; i < c->n_sets; i++)
		if (v.year >= 1970 && holiday_set_on(c->sets[i], d) != NULL)
			return true;
	return false;
}

bool calendar_is_leap_holiday(const struct calendar *c, day d)
{
	struct civil v;

	if (d < FIRST_DAY || d > LAST_DAY)
		return false;
	v = civil_of(d);
	return calendar_leap_day_moved(c, d, &v);
}
