/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Service calendars: when is somebody there? A zone, ranges per weekday, closed days, hours of single dates (sla.md R2 to R8).
 *
 * A calendar is expanded into UTC intervals with prefix sums, block by block as far as it is asked for, so a deadline or an
 * elapsed time is a binary search without a horizon. The blocks are a cache: results never depend on what was asked before.
 */
#ifndef TIME_CALENDAR_H
#define TIME_CALENDAR_H

#include "time/intervals.h"
#include "time/zone.h"

/* Local wall clock [from, to) of one date, minutes from midnight, 0 <= from < to <= 1440; any order, touching ones are joined. */
struct day_range {
	int32_t from_min, to_min;
};

/* Hours of one date; n == 0 is closed. If a date is given twice in replace the last entry counts; in breaks both do. */
struct date_hours {
	day date;
	const struct day_range *v;
	size_t n;
};

struct holiday_set; /* time/holidays.h */

struct calendar_spec {
	struct text id;
	const struct zone *zone;                  /* NULL: always, 24x7 in absolute time */
	struct {
		const struct day_range *v;
		size_t n;
	} week[7];                                /* Monday first */
	const struct holiday_set *const *sets;    /* closed by rule */
	size_t n_sets;
	const int32_t *yearly;                    /* month * 100 + day of the month, closed each year; 229 only in leap years */
	size_t n_yearly;
	const day *dates;                         /* closed once, any order */
	size_t n_dates;
	const struct date_hours *replace;         /* wins over holidays (R2) */
	size_t n_replace;
	const struct date_hours *breaks;          /* subtracted last; only test vectors use it */
	size_t n_breaks;
	bool holidays_first;                      /* true: a holiday wins over replace (test vectors); false: R2 */
	bool leap_day_moves;                      /* a yearly 229 means 28 February in other years (type monthday of the language) */
	day leap_day_from;                        /* ... from this date on */
};

struct calendar;

/*
 * Copies what it needs; the arena also holds the blocks, so it must outlive the calendar and belong to one thread. Fails if a
 * range is not one or two ranges of a day overlap (rule.hours), or if no date is ever open (rule.never_open).
 */
enum rc calendar_new(struct arena *a, const struct calendar_spec *spec, const struct calendar **out, struct err *err) MUST_USE;
/* The predefined calendar `always`. */
const struct calendar *calendar_always(void);
bool calendar_is_always(const struct calendar *c);
struct text calendar_id(const struct calendar *c);
const struct zone *calendar_zone(const struct calendar *c); /* NULL for always */

enum at_closing { AT_CLOSING_CLOSE, AT_CLOSING_NEXT_OPEN };

/* sla.md R5 */
int64_t calendar_elapsed_ms(const struct calendar *c, instant from, instant to);
/* sla.md R6; d_ms >= 0. false: past INSTANT_MAX, or (next_open) never open again. */
bool calendar_deadline(const struct calendar *c, instant from, int64_t d_ms, enum at_closing at, instant *out);
/* sla.md R7; d_ms >= 0. false: before INSTANT_MIN. */
bool calendar_before(const struct calendar *c, instant to, int64_t d_ms, instant *out);
bool calendar_is_open(const struct calendar *c, instant t);
bool calendar_next_open(const struct calendar *c, instant t, instant *out);  /* R6, d = 0 */
bool calendar_prev_open(const struct calendar *c, instant t, instant *out);  /* R7, d = 0 */
/* Open intervals inside [from, to), clipped. */
struct spans calendar_spans(struct arena *a, const struct calendar *c, instant from, instant to);

/*
 * A working day is a local date with any open time (R8). Dates are of the calendar's zone (UTC for always). A date that a zone
 * skipped altogether (Apia, 30 December 2011) has no hours.
 */
bool calendar_working_day(const struct calendar *c, day d);
/* The n-th working day strictly after d (n > 0) or before it (n < 0); d itself for n = 0. false: outside the years 1 to 9999. */
bool calendar_nth_working_day(const struct calendar *c, day d, int64_t n, day *out);
/* sla.md R8: same local time on the n-th working day strictly after t's local date. */
bool calendar_workday(const struct calendar *c, instant t, int64_t n, instant *out);
/* The two variants that no contract term uses (R8): roll forward to the next opening; that day's last closing. */
bool calendar_workday_forward(const struct calendar *c, instant t, int64_t n, instant *out);
bool calendar_workday_closing(const struct calendar *c, instant t, int64_t n, instant *out);
/*
 * working_days_same_time and working_days_end_of_day of the vectors (GLPI, README 1.3): a closed date first moves to the next
 * working day, then n working days on; there the same time, but not after the last closing (from a closed date: the first
 * opening), or the last closing.
 */
bool calendar_workday_glpi(const struct calendar *c, instant t, int64_t n, instant *out);
bool calendar_workday_glpi_closing(const struct calendar *c, instant t, int64_t n, instant *out);
/* First opening and last closing of a local date; false if it has no open time. */
bool calendar_day_hours(const struct calendar *c, day d, instant *opening, instant *closing);
/* Is the whole local date a holiday of this calendar (a set, yearly or dated entry), whatever `replace` says? */
bool calendar_is_holiday(const struct calendar *c, day d);
/* Is it a 28 February that a yearly 02-29 closes? Not in a record whose engine does not read it so yet (calendar_spec.leap_day_moves). */
bool calendar_is_leap_holiday(const struct calendar *c, day d);

#endif
