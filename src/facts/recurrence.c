/* SPDX-License-Identifier: Apache-2.0 */
#include "facts/recurrence.h"

#include <assert.h>

/* [from, to) */
struct days {
	day from, to;
};

static day first_of_month(int32_t months)
{
	int32_t year = months / 12, month = months % 12;

	return day_of(year, month + 1, 1);
}

/* The n-th period after that of start; false: beyond the years that are known. */
static bool period_days(const struct recurrence *r, int32_t n, struct days *out)
{
	struct civil start = civil_of(r->start);
	int64_t step = (int64_t)n * r->interval;
	int64_t month = (int64_t)start.year * 12 + start.month - 1 + step;
	day week = r->start - (weekday_of(r->start) - r->week_start + 7) % 7;

	/* Nothing that is followed reaches beyond a hundred years or so; this only keeps the sums small. */
	if (step > INT64_C(400) * 366)
		return false;
	switch (r->by) {
	case BY_DAY:
		*out = (struct days){r->start + (day)step, r->start + (day)step + 1};
		return true;
	case BY_WEEK:
		*out = (struct days){week + 7 * (day)step, week + 7 * (day)step + 7};
		return true;
	case BY_MONTH:
		if (month / 12 >= 9999)
			return false;
		*out = (struct days){first_of_month((int32_t)month),
				     first_of_month((int32_t)month + 1)};
		return true;
	case BY_YEAR:
		if (start.year + step >= 9999)
			return false;
		*out = (struct days){day_of(start.year + (int32_t)step, 1, 1),
				     day_of(start.year + (int32_t)step + 1, 1, 1)};
		return true;
	}
	return false;
}

static bool month_day_fits(const struct recurrence *r, struct civil c)
{
	int length = days_in_month(c.year, c.month);

	for (size_t i = 0; i < r->n_month_days; i++)
		if (c.mday == r->month_days[i] || c.mday == length + 1 + r->month_days[i])
			return true;
	return false;
}

/* Where a day lies in its month or year, counted in weeks from both ends: the second Sunday, the last Friday. */
static bool nth_fits(const struct recurrence *r, struct civil c, day d, int nth)
{
	bool in_month = r->by == BY_MONTH || r->months != 0;
	day from = in_month ? day_of(c.year, c.month, 1) : day_of(c.year, 1, 1);
	day length = in_month ? days_in_month(c.year, c.month) : (leap_year(c.year) ? 366 : 365);
	int front = (d - from) / 7 + 1, back = (from + length - 1 - d) / 7 + 1;

	return nth == front || nth == -back;
}

static bool weekday_fits(const struct recurrence *r, struct civil c, day d)
{
	int weekday = weekday_of(d);

	for (size_t i = 0; i < r->n_weekdays; i++)
		if (r->weekdays[i].weekday == weekday &&
		    (r->weekdays[i].nth == 0 || nth_fits(r, c, d, r->weekdays[i].nth)))
			return true;
	return false;
}

/* What the rule leaves open is as it is at the start. */
static bool default_fits(const struct recurrence *r, struct civil c, day d)
{
	struct civil start = civil_of(r->start);

	switch (r->by) {
	case BY_DAY:
		return true;
	case BY_WEEK:
		return weekday_of(d) == weekday_of(r->start);
	case BY_MONTH:
		return c.mday == start.mday;
	case BY_YEAR:
		return c.mday == start.mday && (r->months != 0 || c.month == start.month);
	}
	return false;
}

static bool fits(const struct recurrence *r, day d)
{
	struct civil c = civil_of(d);

	if (r->months != 0 && (r->months & 1u << c.month) == 0)
		return false;
	if (r->n_month_days == 0 && r->n_weekdays == 0)
		return default_fits(r, c, d);
	return (r->n_month_days == 0 || month_day_fits(r, c)) &&
	       (r->n_weekdays == 0 || weekday_fits(r, c, d));
}

/* BYSETPOS keeps the first, the last, ... of a period's days. */
static bool position_fits(const struct recurrence *r, size_t i, size_t n)
{
	int front = (int)i + 1, back = (int)i - (int)n;

	if (r->n_positions == 0)
		return true;
	for (size_t p = 0; p < r->n_positions; p++)
		if (r->positions[p] == front || r->positions[p] == back)
			return true;
	return false;
}

static void gather(struct recurrence_walk *w, struct days period)
{
	size_t n = 0, kept = 0;

	assert(period.to - period.from <= RECURRENCE_PERIOD_DAYS);
	for (day d = period.from; d < period.to; d++)
		if (fits(w->rule, d))
			w->days[n++] = d;
	for (size_t i = 0; i < n; i++)
		if (position_fits(w->rule, i, n))
			w->days[kept++] = w->days[i];
	w->n = kept;
	w->at = 0;
}

bool recurrence_next(struct recurrence_walk *w, day last, day *out)
{
	struct days period;

	assert(w->rule->interval >= 1);
	for (;;) {
		while (w->begun && w->at < w->n) {
			day d = w->days[w->at++];

			if (d < w->rule->start)
				continue;
			if (d > last)
				return false;
			*out = d;
			return true;
		}
		if (w->begun)
			w->period++;
		w->begun = true;
		if (!period_days(w->rule, w->period, &period) || period.from > last)
			return false;
		gather(w, period);
	}
}
