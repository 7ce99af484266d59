/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Instants and civil dates. An instant is milliseconds since 1970-01-01T00:00:00Z. A civil date is a day number: days since
 * 1970-01-01, proleptic Gregorian. No clock and no zone is known here (DESIGN section 3, sla.md R1).
 */
#ifndef TIME_INSTANT_H
#define TIME_INSTANT_H

#include "base/buf.h"
#include "base/err.h"
#include "base/text.h"

typedef int64_t instant;
typedef int32_t day;

#define SECOND_MS INT64_C(1000)
#define MINUTE_MS INT64_C(60000)
#define HOUR_MS INT64_C(3600000)
#define DAY_MS INT64_C(86400000)

/* No instant: before everything, after everything. Valid instants lie within years 1 to 9999. */
#define INSTANT_NONE INT64_MIN
#define INSTANT_MIN INT64_C(-62135596800000)
#define INSTANT_MAX INT64_C(253402300800000) /* 10000-01-01T00:00:00Z */
#define DAY_NONE INT32_MIN

struct civil {
	int32_t year;
	int32_t month; /* 1 to 12 */
	int32_t mday;  /* 1 to 31 */
};

day day_of(int32_t year, int32_t month, int32_t mday);
struct civil civil_of(day d);
/* 0 = Monday ... 6 = Sunday. */
int weekday_of(day d);
bool leap_year(int32_t year);
int days_in_month(int32_t year, int32_t month);
/* Months later (or earlier), the day of the month clamped to the month's end (CL-10). */
day day_add_months(day d, int32_t months);

/* YYYY-MM-DD that exists, years 1 to 9999. */
bool day_parse(struct text t, day *out);
/* YYYY-MM: the first day of the month. */
bool month_parse(struct text t, day *out);
/* HH:MM, to 24:00: minutes from midnight. */
bool minutes_parse(struct text t, int32_t *out);
/*
 * RFC 3339: YYYY-MM-DDTHH:MM[:SS[.fff...]](Z|+HH:MM|-HH:MM), also with a blank for T and lower case t, z. Fractions beyond
 * milliseconds are cut. *minute_precision, if not NULL, tells that no seconds were given (sla.md R1). Without an offset it is
 * an error: there is no local zone.
 */
enum rc instant_parse(struct text t, instant *out, bool *minute_precision, struct err *err) MUST_USE;

void day_print(struct buf *out, day d);          /* 2026-03-31 */
void instant_print(struct buf *out, instant t);  /* 2026-03-31T04:00:00.000Z; without .000 when whole seconds */

/* UTC */
day day_of_instant(instant t);                   /* floor */
instant instant_of_day(day d);                   /* 00:00:00Z */

#endif
