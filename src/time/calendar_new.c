/* SPDX-License-Identifier: Apache-2.0 */
/* Making a calendar: copies and checks its hours and works out the dates that have hours of their own. */
#include "time/calendar_table.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static const char *const day_names[7] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
					 "Friday", "Saturday", "Sunday"};

static int by_from_min(const void *x, const void *y)
{
	const struct day_range *a = x, *b = y;

	return (a->from_min > b->from_min) - (a->from_min < b->from_min);
}

static int by_day(const void *x, const void *y)
{
	const day *a = x, *b = y;

	return (*a > *b) - (*a < *b);
}

static int by_date(const void *x, const void *y)
{
	const struct fixed_date *a = x, *b = y;

	return (a->date > b->date) - (a->date < b->date);
}

/* Hours of a date as they are collected; of two for one date the later counts. */
struct entry {
	struct fixed_date f;
	size_t order;
};

static int by_date_and_order(const void *x, const void *y)
{
	const struct entry *a = x, *b = y;

	if (a->f.date != b->f.date)
		return a->f.date < b->f.date ? -1 : 1;
	return (a->order > b->order) - (a->order < b->order);
}

static enum rc bad_hours(struct err *err, const char *when, struct day_range r, const char *why)
{
	err_code(err, "rule.hours");
	return err_set(err, RC_INVALID, "hours %02d:%02d-%02d:%02d of %s %s",
		       (int)(r.from_min / 60), (int)(r.from_min % 60), (int)(r.to_min / 60),
		       (int)(r.to_min % 60), when, why);
}

static enum rc check_range(struct day_range r, const char *when, struct err *err)
{
	if (r.from_min < 0 || r.to_min > 1440 || r.from_min >= r.to_min)
		return bad_hours(err, when, r, "do not end after they begin within one day");
	return RC_OK;
}

/* Sorted, checked, touching ranges joined (R2). */
static enum rc copy_hours(struct arena *a, const struct day_range *v, size_t n, const char *when,
			  struct hours *out, struct err *err)
{
	struct day_range *r = arena_array(a, struct day_range, n);
	size_t kept = 0;

	for (size_t i = 0; i < n; i++) {
		enum rc rc = check_range(v[i], when, err);

		if (rc != RC_OK)
			return rc;
		r[i] = v[i];
	}
	qsort(r, n, sizeof(*r), by_from_min);
	for (size_t i = 0; i < n; i++) {
		if (kept > 0 && r[i].from_min < r[kept - 1].to_min)
			return bad_hours(err, when, r[i], "overlap others of that day");
		if (kept > 0 && r[i].from_min == r[kept - 1].to_min)
			r[kept - 1].to_min = r[i].to_min;
		else
			r[kept++] = r[i];
	}
	*out = (struct hours){r, kept};
	return RC_OK;
}

static const char *date_text(struct arena *a, day d)
{
	struct civil v = civil_of(d);

	return text_format(a, "%04d-%02d-%02d", (int)v.year, (int)v.month, (int)v.mday).p;
}

/* Hours without one break. */
static struct hours minus_break(struct arena *a, struct hours h, struct day_range cut)
{
	struct day_range *r = arena_array(a, struct day_range, 2 * h.n);
	size_t n = 0;

	for (size_t i = 0; i < h.n; i++) {
		struct day_range before = {h.v[i].from_min, cut.from_min < h.v[i].to_min
								    ? cut.from_min
								    : h.v[i].to_min};
		struct day_range after = {
			cut.to_min > h.v[i].from_min ? cut.to_min : h.v[i].from_min, h.v[i].to_min};

		if (before.from_min < before.to_min)
			r[n++] = before;
		if (after.from_min < after.to_min)
			r[n++] = after;
	}
	return (struct hours){r, n};
}

/* Sorts the entries by date and makes the last of each date the calendar's. */
static struct fixed_date *fix_dates(struct arena *a, struct calendar *c, struct entry *v, size_t n)
{
	struct fixed_date *fixed = arena_array(a, struct fixed_date, n);
	size_t kept = 0;

	qsort(v, n, sizeof(*v), by_date_and_order);
	for (size_t i = 0; i < n; i++)
		if (i + 1 == n || v[i + 1].f.date != v[i].f.date)
			fixed[kept++] = v[i].f;
	c->fixed = fixed;
	c->n_fixed = kept;
	return fixed;
}

static enum rc copy_replace(struct arena *a, const struct calendar_spec *spec, struct calendar *c,
			    struct err *err)
{
	struct entry *v = arena_array(a, struct entry, spec->n_replace);

	for (size_t i = 0; i < spec->n_replace; i++) {
		const struct date_hours *from = &spec->replace[i];
		enum rc rc = copy_hours(a, from->v, from->n, date_text(a, from->date),
					&v[i].f.hours, err);

		if (rc != RC_OK)
			return rc;
		v[i].f.date = from->date;
		v[i].order = i;
		if (spec->holidays_first && calendar_is_holiday(c, from->date))
			v[i].f.hours.n = 0;
	}
	(void)fix_dates(a, c, v, spec->n_replace);
	return RC_OK;
}

/* Breaks are cut out of what their dates would have without them. */
static enum rc cut_breaks(struct arena *a, const struct calendar_spec *spec, struct calendar *c,
			  struct err *err)
{
	struct entry *v = arena_array(a, struct entry, c->n_fixed + spec->n_breaks);
	size_t n = 0;

	for (; n < c->n_fixed; n++)
		v[n].f = c->fixed[n];
	for (size_t i = 0; i < spec->n_breaks; i++) {
		day d = spec->breaks[i].date;

		v[n++].f = (struct fixed_date){d, calendar_hours(c, d, calendar_is_holiday(c, d))};
	}

	struct fixed_date *fixed = fix_dates(a, c, v, n);

	for (size_t i = 0; i < spec->n_breaks; i++) {
		const struct date_hours *cut = &spec->breaks[i];
		struct fixed_date *f = bsearch(&(struct fixed_date){.date = cut->date}, fixed,
					       c->n_fixed, sizeof(*fixed), by_date);

		for (size_t k = 0; k < cut->n; k++) {
			enum rc rc = check_range(cut->v[k], date_text(a, cut->date), err);

			if (rc != RC_OK)
				return rc;
			f->hours = minus_break(a, f->hours, cut->v[k]);
		}
	}
	return RC_OK;
}

static void copy_closed(struct arena *a, const struct calendar_spec *spec, struct calendar *c)
{
	day *dates = arena_array(a, day, spec->n_dates);
	const struct holiday_set **sets = arena_array(a, const struct holiday_set *, spec->n_sets);

	if (spec->n_dates > 0)
		memcpy(dates, spec->dates, spec->n_dates * sizeof(*dates));
	qsort(dates, spec->n_dates, sizeof(*dates), by_day);
	c->dates = dates;
	c->n_dates = spec->n_dates;
	for (size_t i = 0; i < spec->n_sets; i++)
		sets[i] = spec->sets[i];
	c->sets = sets;
	c->n_sets = spec->n_sets;
	for (size_t i = 0; i < spec->n_yearly; i++) {
		int32_t month = spec->yearly[i] / 100, mday = spec->yearly[i] % 100;

		assert(month >= 1 && month <= 12 && mday >= 1 &&
		       mday <= days_in_month(2000, month));
		c->yearly[month] |= UINT32_C(1) << mday;
	}
	c->has_yearly = spec->n_yearly > 0;
	c->leap_day_moves = spec->leap_day_moves;
	c->leap_day_from = spec->leap_day_from;
}

/* Does the week open ever again and again? Not if it is empty, or if each day of the year is closed each year. */
static bool week_opens(const struct calendar *c)
{
	bool hours = false, free_day = false;

	for (size_t i = 0; i < 7; i++)
		hours = hours || c->week[i].n > 0;
	for (int32_t month = 1; month <= 12; month++)
		for (int32_t mday = 1; mday <= days_in_month(2000, month); mday++)
			free_day = free_day || !(c->yearly[month] >> mday & 1);
	return hours && free_day;
}

/* Beyond the last date that can be open nobody needs to look; so a search ends where the calendar does. */
static enum rc set_bounds(struct calendar *c, struct err *err)
{
	struct span_list *list = &c->cache->scratch;
	bool open = week_opens(c);

	c->first_date = open ? FIRST_DAY : LAST_DAY;
	c->last_date = open ? LAST_DAY : FIRST_DAY;
	for (size_t i = 0; i < c->n_fixed; i++) {
		struct wall_clock clock;
		day d = c->fixed[i].date;

		list->n = 0;
		wall_clock_init(&clock, c->zone);
		wall_clock_spans(&clock, c->cache->arena, d, c->fixed[i].hours, list);
		if (list->n == 0)
			continue;
		open = true;
		c->first_date = d < c->first_date ? d : c->first_date;
		c->last_date = d > c->last_date ? d : c->last_date;
	}
	if (!open) {
		err_code(err, "rule.never_open");
		return err_set(err, RC_INVALID, "calendar \"%.*s\" is never open", TEXT_ARG(c->id));
	}

	/* A zone is at most 26 hours away from UTC. */
	instant from = instant_of_day(c->first_date) - 2 * DAY_MS,
		to = instant_of_day(c->last_date) + 3 * DAY_MS;

	c->first_block = from < INSTANT_MIN ? 0 : block_of(from);
	c->last_block = to > INSTANT_MAX ? BLOCKS - 1 : block_of(to);
	return RC_OK;
}

enum rc calendar_new(struct arena *a, const struct calendar_spec *spec, const struct calendar **out,
		     struct err *err)
{
	struct calendar *c = arena_one(a, struct calendar);
	enum rc rc = RC_OK;

	c->id = text_copy(a, spec->id);
	c->zone = spec->zone;
	c->first_date = FIRST_DAY;
	c->last_date = LAST_DAY;
	c->cache = arena_one(a, struct calendar_cache);
	c->cache->arena = a;
	if (c->zone == NULL) {
		*out = c;
		return RC_OK;
	}

	for (size_t i = 0; i < 7 && rc == RC_OK; i++)
		rc = copy_hours(a, spec->week[i].v, spec->week[i].n, day_names[i], &c->week[i],
				err);
	copy_closed(a, spec, c);
	if (rc == RC_OK)
		rc = copy_replace(a, spec, c, err);
	if (rc == RC_OK)
		rc = cut_breaks(a, spec, c, err);
	if (rc == RC_OK)
		rc = set_bounds(c, err);
	if (rc == RC_OK)
		*out = c;
	return rc;
}
