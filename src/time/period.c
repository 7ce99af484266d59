/* SPDX-License-Identifier: Apache-2.0 */
#include "time/period.h"

#include <assert.h>

/* A thousand years: no term is longer. */
enum { MONTHS_MAX = 12000, DAYS_MAX = 365000, MONTHS_A_YEAR = 12, DAYS_A_WEEK = 7 };

static day later(day x, day y)
{
	return x > y ? x : y;
}

static day earlier(day x, day y)
{
	return x < y ? x : y;
}

static int64_t floor_div(int64_t n, int64_t by)
{
	return n / by - (n % by < 0 ? 1 : 0);
}

bool days_empty(struct days d)
{
	return d.from >= d.to;
}

struct days days_both(struct days x, struct days y)
{
	struct days both = {later(x.from, y.from), earlier(x.to, y.to)};

	if (both.to < both.from)
		both.to = both.from;
	return both;
}

/* n units of so many months or days each, as many as a thousand years hold. */
static int32_t at_most(int64_t n, int32_t each, int32_t most)
{
	assert(n > 0);
	return n < most / each ? (int32_t)n * each : most;
}

bool period_fits_calendar(struct duration period)
{
	switch (period.unit) {
	case UNIT_MO:
		return period.n > 0 && period.n <= MONTHS_A_YEAR && MONTHS_A_YEAR % period.n == 0;
	case UNIT_Y:
	case UNIT_W:
		return period.n == 1;
	case UNIT_D:
	case UNIT_BD:
	case UNIT_H:
	case UNIT_MIN:
		return false;
	}
	assert(false && "a unit that does not exist");
	return false;
}

struct grid grid_of(struct duration period, bool calendar, day start)
{
	struct grid g = {.anchor = start != DAY_NONE ? start : day_of(1970, 1, 1)};

	switch (period.unit) {
	case UNIT_MO:
		g.months = at_most(period.n, 1, MONTHS_MAX);
		break;
	case UNIT_Y:
		g.months = at_most(period.n, MONTHS_A_YEAR, MONTHS_MAX);
		break;
	case UNIT_W:
		g.days = at_most(period.n, DAYS_A_WEEK, DAYS_MAX);
		break;
	case UNIT_D:
	case UNIT_BD:
	case UNIT_H:
	case UNIT_MIN:
		g.days = at_most(period.n, 1, DAYS_MAX);
		break;
	}
	if (!calendar || !period_fits_calendar(period))
		return g;
	/* Every January and every Monday is an edge, so that any one of them will do as the anchor. */
	g.anchor = g.months > 0 ? day_of(1970, 1, 1) : day_of(1970, 1, 5);
	return g;
}

day grid_edge(const struct grid *g, int64_t k)
{
	assert((g->months > 0) != (g->days > 0));
	if (g->days > 0)
		return (day)(g->anchor + k * g->days);
	return day_add_months(g->anchor, (int32_t)(k * g->months));
}

int64_t grid_index(const struct grid *g, day d)
{
	assert((g->months > 0) != (g->days > 0));
	if (g->days > 0)
		return floor_div((int64_t)d - g->anchor, g->days);

	struct civil first = civil_of(g->anchor), at = civil_of(d);
	int64_t apart = ((int64_t)at.year - first.year) * MONTHS_A_YEAR + at.month - first.month;
	int64_t k = floor_div(apart, g->months);

	/* The edge of the same month may still lie ahead. */
	return grid_edge(g, k) > d ? k - 1 : k;
}

struct days grid_around(const struct grid *g, day d)
{
	/* Months from the first of one: most charges, and no edge has to be reckoned from the anchor. */
	if (g->months == 1 && (g->anchor == 0 || civil_of(g->anchor).mday == 1)) {
		struct civil c = civil_of(d);
		day from = d - (c.mday - 1);

		return (struct days){from, from + days_in_month(c.year, c.month)};
	}

	int64_t k = grid_index(g, d);

	return (struct days){grid_edge(g, k), grid_edge(g, k + 1)};
}

int64_t periods_whole(day from, day to, int32_t months, int32_t days)
{
	struct grid g = {from, months, days};

	return to > from ? grid_index(&g, to) : 0;
}

struct list {
	struct arena *arena;
	struct service_period *v;
	size_t n, cap;
};

static void add(struct list *to, struct days own, struct days full)
{
	if (days_empty(own))
		return;
	to->v = arena_grow(to->arena, to->v, to->n, &to->cap, sizeof(*to->v));
	to->v[to->n++] = (struct service_period){own, full};
}

struct service_periods periods_of(struct arena *a, const struct grid *g, struct days life,
				  struct days within)
{
	struct list out = {.arena = a};
	struct days asked = days_both(life, within);

	for (day d = asked.from; d < asked.to;) {
		struct days full = grid_around(g, d);

		add(&out, days_both(life, full), full);
		d = full.to;
	}
	return (struct service_periods){out.v, out.n};
}

/* The first stretch of `own` that is not covered; empty, at its end, if there is none. */
static struct days first_gap(struct days own, const struct days *covered, size_t n)
{
	struct days gap = own;

	for (size_t i = 0; i < n;) {
		if (covered[i].from <= gap.from && covered[i].to > gap.from) {
			gap.from = covered[i].to;
			i = 0; /* what was looked at before may cover the new first day */
		} else {
			i++;
		}
	}
	for (size_t i = 0; i < n; i++)
		if (covered[i].from > gap.from && !days_empty(covered[i]))
			gap.to = earlier(gap.to, covered[i].from);
	return gap;
}

struct service_periods periods_not_covered(struct arena *a, const struct grid *g, struct days life,
					   struct days within, const struct days *covered, size_t n)
{
	struct list out = {.arena = a};
	struct service_periods all = periods_of(a, g, life, within);

	for (size_t i = 0; i < all.n; i++) {
		struct days own = all.v[i].own;

		while (!days_empty(own)) {
			struct days gap = first_gap(own, covered, n);

			add(&out, gap, all.v[i].full);
			own.from = gap.to > gap.from ? gap.to : own.to;
		}
	}
	return (struct service_periods){out.v, out.n};
}

/* Days of a calendar of 30-day months; only differences mean anything. */
static int64_t days_30(day d)
{
	struct civil c = civil_of(d);

	return c.year * INT64_C(360) + c.month * INT64_C(30) + (c.mday < 30 ? c.mday : 30);
}

int64_t days_30_between(day from, day to)
{
	return days_30(to) - days_30(from);
}

/* Counted days of the full period before x; the last day takes what months of other lengths left over (R13). */
static int64_t days_30_before(const struct grid *g, struct days full, day x)
{
	int64_t whole = g->months * INT64_C(30);

	if (x >= full.to)
		return whole;

	int64_t before = days_30_between(full.from, x);

	return before < whole ? before : whole;
}

struct weight days_weight(const struct grid *g, struct days own, struct days full,
			  enum day_count count)
{
	own = days_both(own, full);
	assert(!days_empty(full));
	switch (count) {
	case DAY_COUNT_NONE:
		return (struct weight){days_empty(own) ? 0 : 1, 1};
	case DAY_COUNT_30:
		if (g->months == 0)
			break;
		return (struct weight){days_30_before(g, full, own.to) -
					       days_30_before(g, full, own.from),
				       g->months * INT64_C(30)};
	case DAY_COUNT_ACTUAL:
		break;
	}
	return (struct weight){own.to - own.from, full.to - full.from};
}

int32_t days_in_leap_years(struct days d)
{
	int32_t sum = 0;

	if (days_empty(d))
		return 0;
	for (int32_t year = civil_of(d.from).year; year <= civil_of(d.to - 1).year; year++) {
		struct days in_year = {day_of(year, 1, 1), day_of(year + 1, 1, 1)};
		struct days both = days_both(d, in_year);

		sum += leap_year(year) ? both.to - both.from : 0;
	}
	return sum;
}
