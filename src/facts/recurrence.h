/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Days of a recurrence (RFC 5545, RRULE) by day, week, month or year, with BYMONTH, BYMONTHDAY, BYDAY and BYSETPOS: what
 * maintenance calendars use. Written here and not left to libical because a rule that never comes true ("30 February") keeps
 * libical busy for seconds, and times of the day multiply that; here the work is bounded by the days between start and end.
 * Times of the day, zones, COUNT, UNTIL and exceptions are the caller's.
 */
#ifndef FACTS_RECURRENCE_H
#define FACTS_RECURRENCE_H

#include "time/instant.h"

enum recurrence_by { BY_DAY, BY_WEEK, BY_MONTH, BY_YEAR };

enum { RECURRENCE_DAYS_MAX = 64, RECURRENCE_PERIOD_DAYS = 366 };

struct recurrence {
	enum recurrence_by by;
	int32_t interval; /* at least 1 */
	int week_start;   /* 0 = Monday */
	day start;
	unsigned months;                     /* bit 1 = January; 0: all, or that of start */
	int month_days[RECURRENCE_DAYS_MAX]; /* 1 to 31, or -1 to -31 from the end */
	size_t n_month_days;
	struct {
		int nth;     /* 0: every one; else within the month, or the year */
		int weekday; /* 0 = Monday */
	} weekdays[RECURRENCE_DAYS_MAX];
	size_t n_weekdays;
	int positions[RECURRENCE_DAYS_MAX]; /* BYSETPOS */
	size_t n_positions;
};

/* A walk over the days in order, from start. */
struct recurrence_walk {
	const struct recurrence *rule;
	int32_t period;                   /* periods after that of start */
	day days[RECURRENCE_PERIOD_DAYS]; /* of the period at hand */
	size_t n, at;
	bool begun;
};

/* The next day, at or after start and at or before `last`; false: there is none. */
bool recurrence_next(struct recurrence_walk *w, day last, day *out);

#endif
