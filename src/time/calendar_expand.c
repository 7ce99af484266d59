/* SPDX-License-Identifier: Apache-2.0 */
/* From the rules of a calendar to blocks of UTC intervals with prefix sums. */
#include "time/calendar_table.h"

#include <assert.h>
#include <string.h>

/* Local times this near a change of offset are left to zone_instant. */
#define NEAR_CHANGE_MS (3 * DAY_MS)

void wall_clock_init(struct wall_clock *w, const struct zone *z)
{
	*w = (struct wall_clock){.zone = z, .from = 0, .to = 0, .next_change = INSTANT_NONE};
}

/* The instant of a local time; *near tells that a change of offset is near. */
static instant wall_clock_instant(struct wall_clock *w, day d, int32_t min, bool *near)
{
	instant t = instant_of_day(d) + min * MINUTE_MS - w->offset_s * SECOND_MS;

	*near = t < w->from || t >= w->to;
	if (!*near)
		return t;

	t = zone_instant(w->zone, d, min * MINUTE_MS, NULL);

	instant next = zone_next_change(w->zone, t);

	if (next != w->next_change) {
		w->next_change = next;
		w->offset_s = zone_offset_s(w->zone, t);
		w->from = t + NEAR_CHANGE_MS;
		w->to = next - NEAR_CHANGE_MS;
	}
	return t;
}

/* Some zones left out a date when they crossed the date line: nobody worked on it. */
static bool date_exists(const struct zone *z, day d)
{
	return zone_day(z, zone_instant(z, d, 0, NULL)) == d ||
	       zone_day(z, zone_instant(z, d, DAY_MS - 1, NULL)) == d;
}

void wall_clock_spans(struct wall_clock *w, struct arena *a, day d, struct hours h,
		      struct span_list *out)
{
	for (size_t i = 0; i < h.n; i++) {
		bool near_from, near_to;
		instant from = wall_clock_instant(w, d, h.v[i].from_min, &near_from);
		instant to = wall_clock_instant(w, d, h.v[i].to_min, &near_to);

		if (from >= to || ((near_from || near_to) && !date_exists(w->zone, d)))
			continue;
		out->v = arena_grow(a, out->v, out->n, &out->cap, sizeof(*out->v));
		out->v[out->n++] = (struct span){from, to};
	}
}

static const struct fixed_date *find_fixed(const struct calendar *c, day d)
{
	size_t lo = 0, hi = c->n_fixed;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (c->fixed[mid].date < d)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < c->n_fixed && c->fixed[lo].date == d ? &c->fixed[lo] : NULL;
}

struct hours calendar_hours(const struct calendar *c, day d, bool closed_by_holiday)
{
	const struct fixed_date *fixed = c->n_fixed > 0 ? find_fixed(c, d) : NULL;

	if (fixed != NULL)
		return fixed->hours;
	return closed_by_holiday ? (struct hours){NULL, 0} : c->week[weekday_of(d)];
}

bool calendar_leap_day_moved(const struct calendar *c, day d, const struct civil *v)
{
	return c->leap_day_moves && v->month == 2 && v->mday == 28 && d >= c->leap_day_from &&
	       !leap_year(v->year) && (c->yearly[2] >> 29 & 1);
}

static void close_yearly(const struct calendar *c, day first, struct day_bits *out)
{
	struct civil v = civil_of(first);

	for (uint32_t i = 0; i < CHUNK_DAYS; i++) {
		if (calendar_leap_day_moved(c, first + (day)i, &v) ||
		    (c->yearly[v.month] >> v.mday & 1))
			day_bit_set(out, i);
		if (++v.mday > days_in_month(v.year, v.month)) {
			v.mday = 1;
			v.year += v.month == 12 ? 1 : 0;
			v.month = v.month == 12 ? 1 : v.month + 1;
		}
	}
}

static void close_set(const struct holiday_set *set, day first, struct day_bits *out)
{
	int32_t from = civil_of(first).year, to = civil_of(first + CHUNK_DAYS - 1).year;

	for (int32_t y = from < 1970 ? 1970 : from; y <= to && y <= 9999; y++) {
		struct holiday v[HOLIDAYS_PER_YEAR_MAX];
		size_t n = holiday_set_year(set, y, v);

		for (size_t i = 0; i < n; i++)
			if (v[i].date >= first && v[i].date < first + CHUNK_DAYS)
				day_bit_set(out, (uint32_t)(v[i].date - first));
	}
}

size_t calendar_dates_from(const struct calendar *c, day d)
{
	size_t lo = 0, hi = c->n_dates;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (c->dates[mid] < d)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

void calendar_closed_days(const struct calendar *c, day first, struct day_bits *out)
{
	memset(out, 0, sizeof(*out));
	for (size_t i = calendar_dates_from(c, first);
	     i < c->n_dates && c->dates[i] < first + CHUNK_DAYS; i++)
		day_bit_set(out, (uint32_t)(c->dates[i] - first));
	if (c->has_yearly)
		close_yearly(c, first, out);
	for (size_t i = 0; i < c->n_sets; i++)
		close_set(c->sets[i], first, out);
}

/* A local time moved out of a gap may overtake the next range, so order is not given; it is nearly so. */
static void sort_spans(struct span *v, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		struct span s = v[i];
		size_t at = i;

		for (; at > 0 && v[at - 1].from > s.from; at--)
			v[at] = v[at - 1];
		v[at] = s;
	}
}

/* Sorts, cuts at the edges, unites what overlaps or touches. */
static void tidy(struct span_list *list, instant from, instant to)
{
	size_t n = 0;

	sort_spans(list->v, list->n);
	for (size_t i = 0; i < list->n; i++) {
		struct span s = list->v[i];

		s.from = s.from < from ? from : s.from;
		s.to = s.to > to ? to : s.to;
		if (s.from >= s.to)
			continue;
		if (n == 0 || list->v[n - 1].to < s.from)
			list->v[n++] = s;
		else if (s.to > list->v[n - 1].to)
			list->v[n - 1].to = s.to;
	}
	list->n = n;
}

/* The open spans of a block into the cache's scratch list. */
static const struct span_list *block_spans(const struct calendar *c, uint32_t number)
{
	instant from = block_from(number), to = block_from(number + 1);
	struct span_list *list = &c->cache->scratch;
	struct wall_clock clock;
	struct day_bits closed;
	/* A zone is at most 26 hours away from UTC. */
	day first = day_of_instant(from) - 2, last = day_of_instant(to) + 2;

	assert(last - first < CHUNK_DAYS);
	list->n = 0;
	wall_clock_init(&clock, c->zone);
	calendar_closed_days(c, first, &closed);
	for (day d = first < c->first_date ? c->first_date : first; d <= last && d <= c->last_date;
	     d++) {
		struct hours h = calendar_hours(c, d, day_bit(&closed, (uint32_t)(d - first)));

		wall_clock_spans(&clock, c->cache->arena, d, h, list);
	}
	tidy(list, from, to > INSTANT_MAX ? INSTANT_MAX : to);
	return list;
}

static struct open_block *block_slot(const struct calendar *c, uint32_t number)
{
	struct block_page **page = &c->cache->blocks[number / BLOCKS_PER_PAGE];

	assert(number < BLOCKS);
	if (*page == NULL)
		*page = arena_one(c->cache->arena, struct block_page);
	return &(*page)->block[number % BLOCKS_PER_PAGE];
}

static int64_t list_length_ms(const struct span_list *list)
{
	return spans_length_ms((struct spans){list->v, list->n});
}

/* Far sums need totals of blocks that nobody looks into: those are not kept. */
int64_t calendar_block_total_ms(const struct calendar *c, uint32_t number)
{
	if (number < c->first_block || number > c->last_block)
		return 0;

	struct open_block *b = block_slot(c, number);

	if (!b->total_known) {
		b->total_ms = list_length_ms(block_spans(c, number));
		b->total_known = true;
	}
	return b->total_ms;
}

static void index_block(struct open_block *b, const struct open_span *v, uint32_t *by_time,
			uint32_t *by_sum, instant from)
{
	uint32_t n = 0;

	for (uint32_t k = 0; k < SLICES; k++) {
		while (n < b->n && v[n].from <= from + ((instant)k << SLICE_SHIFT))
			n++;
		by_time[k] = n;
	}
	while (b->total_ms >> b->sum_shift >= SLICES)
		b->sum_shift++;
	n = 0;
	for (uint32_t k = 0; k < SLICES; k++) {
		while (n + 1 < b->n && v[n + 1].before_ms <= (int64_t)k << b->sum_shift)
			n++;
		by_sum[k] = n;
	}
	b->v = v;
	b->by_time = by_time;
	b->by_sum = by_sum;
}

const struct open_block *calendar_expand(const struct calendar *c, uint32_t number)
{
	struct open_block *b = block_slot(c, number);

	if (b->expanded)
		return b;

	const struct span_list *list = block_spans(c, number);
	struct arena *a = c->cache->arena;
	struct open_span *v = arena_array(a, struct open_span, list->n);
	int64_t before_ms = 0;

	for (size_t i = 0; i < list->n; i++) {
		v[i] = (struct open_span){list->v[i].from, list->v[i].to, before_ms};
		before_ms += v[i].to - v[i].from;
	}
	assert(list->n <= UINT32_MAX);
	b->n = (uint32_t)list->n;
	b->total_ms = before_ms;
	b->total_known = true;
	index_block(b, v, arena_array(a, uint32_t, SLICES), arena_array(a, uint32_t, SLICES),
		    block_from(number));
	b->expanded = true;
	return b;
}
