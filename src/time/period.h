/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Service periods: the grid of edges that a charge's period makes, the stubs at both ends of its life, and how much of a full
 * period a piece of one is (money.md R3 to R5, R11, R13). Civil days only; whose midnight an edge is the caller's zone says.
 * No price is known here.
 */
#ifndef TIME_PERIOD_H
#define TIME_PERIOD_H

#include "base/arena.h"
#include "time/duration.h"

/* Civil days [from, to). */
struct days {
	day from, to;
};

bool days_empty(struct days d);
/* What both have; empty (to == from) if nothing. */
struct days days_both(struct days x, struct days y);

/*
 * Edge k is anchor + k periods, counted from the anchor every time (CL-10): the 31st comes back after a short month. Exactly
 * one of months and days is set.
 */
struct grid {
	day anchor;
	int32_t months, days;
};

/*
 * R4: a calendar anchor fits months that divide the year (1mo, 2mo, 3mo, 4mo, 6mo, 12mo), 1y and 1w. Whoever reads a contract
 * refuses the rest.
 */
bool period_fits_calendar(struct duration period);
/*
 * The grid of a period (d, w, mo, y; at least 1) whose charge begins on `start`. calendar: the cycle of January, a week from
 * Monday; a period that does not fit the calendar begins on start all the same, as anniversary does. start DAY_NONE: 1970-01-01.
 */
struct grid grid_of(struct duration period, bool calendar, day start);

day grid_edge(const struct grid *g, int64_t k);
/* The greatest k whose edge is not after d. */
int64_t grid_index(const struct grid *g, day d);
/* The full period around d. */
struct days grid_around(const struct grid *g, day d);
/* Complete periods from one date to a later one, both counted from the first (0 if to is not later). */
int64_t periods_whole(day from, day to, int32_t months, int32_t days);

/* A service period: the days that are served, and the full period around them; a stub if they differ (R5). */
struct service_period {
	struct days own, full;
};

struct service_periods {
	const struct service_period *v;
	size_t n;
};

/* Those service periods of a life [from, to) of which any day lies in `within`, whole as they are. */
struct service_periods periods_of(struct arena *a, const struct grid *g, struct days life,
				  struct days within);
/*
 * R11, after a move of the anchor: the parts of those service periods of the new grid that none of the n covered spans (any
 * order) holds. A day is paid at most once.
 */
struct service_periods periods_not_covered(struct arena *a, const struct grid *g, struct days life,
					   struct days within, const struct days *covered,
					   size_t n);

enum day_count { DAY_COUNT_ACTUAL, DAY_COUNT_30, DAY_COUNT_NONE };

/* days / of: R13, exact. of > 0. */
struct weight {
	int64_t days, of;
};

/*
 * The weight of `own` days, which lie inside the full period. DAY_COUNT_30 counts months as 30 days and a period of months as 30
 * times that many; a period in days is counted as it is. Weights of pieces that cover a period sum to 1: the last takes the rest.
 * DAY_COUNT_NONE: 1 of 1 if there is any day. A whole period weighs of / of.
 */
struct weight days_weight(const struct grid *g, struct days own, struct days full,
			  enum day_count count);
/* How many of the days lie in leap years (FK-27 actual_actual). */
int32_t days_in_leap_years(struct days d);
/* Months of 30 days between two dates: 30 x months + min(30, day of to) - min(30, day of from). */
int64_t days_30_between(day from, day to);

#endif
