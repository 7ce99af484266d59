/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Named holiday sets, computed by rule for any year: us_federal, us_ca, gb_eng, de_by, ... (issue: run a month; docs/holidays.md
 * lists all of them with the category of days each follows and every known difference).
 */
#ifndef TIME_HOLIDAYS_H
#define TIME_HOLIDAYS_H

#include "time/instant.h"

struct holiday_set;

/* NULL if no set has that name. */
const struct holiday_set *holiday_set_find(struct text name);
size_t holiday_set_count(void);
const struct holiday_set *holiday_set_at(size_t i); /* in order of name */

const char *holiday_set_name(const struct holiday_set *s);     /* "de_by" */
const char *holiday_set_title(const struct holiday_set *s);    /* "Germany, Bavaria" */
const char *holiday_set_category(const struct holiday_set *s); /* "public", "government", "bank": the kind of days it follows */

struct holiday {
	day date;
	const char *name; /* English, constant */
};

enum { HOLIDAYS_PER_YEAR_MAX = 64 };

/* The days of one year, 1970 to 9999, ascending, one entry a date; returns how many. */
size_t holiday_set_year(const struct holiday_set *s, int32_t year, struct holiday out[HOLIDAYS_PER_YEAR_MAX]);
/* The name of the holiday on that date, or NULL. */
const char *holiday_set_on(const struct holiday_set *s, day d);

/* Gregorian Easter Sunday. */
day easter_sunday(int32_t year);

#endif
