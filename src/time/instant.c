/* SPDX-License-Identifier: Apache-2.0 */
#include "time/instant.h"

#include <assert.h>

/* Far outside what is valid, close enough that day numbers and local times never overflow. */
#define INSTANT_SANE INT64_C(1000000000000000)

/*
 * Days are counted in eras of 400 years that begin on 1 March, so that the leap day is the last of its year and the length of
 * a month before it is (153 * m + 2) / 5. Exact for every year an int32_t day number can hold.
 */
enum { DAYS_PER_ERA = 146097, DAYS_TO_EPOCH = 719468 };

static int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0 ? 1 : 0);
}

day day_of(int32_t year, int32_t month, int32_t mday)
{
	assert(month >= 1 && month <= 12);

	int64_t y = (int64_t)year - (month <= 2 ? 1 : 0);
	int64_t era = floor_div(y, 400);
	int64_t yoe = y - era * 400;
	int64_t doy = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + mday - 1;
	int64_t doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
	int64_t d = era * DAYS_PER_ERA + doe - DAYS_TO_EPOCH;

	assert(d > DAY_NONE && d <= INT32_MAX);
	return (day)d;
}

struct civil civil_of(day d)
{
	int64_t z = (int64_t)d + DAYS_TO_EPOCH;
	int64_t era = floor_div(z, DAYS_PER_ERA);
	int32_t doe = (int32_t)(z - era * DAYS_PER_ERA);
	int32_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int32_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int32_t mp = (5 * doy + 2) / 153;
	int32_t month = mp < 10 ? mp + 3 : mp - 9;
	int32_t year = yoe + (int32_t)(era * 400) + (month <= 2 ? 1 : 0);

	return (struct civil){year, month, doy - (153 * mp + 2) / 5 + 1};
}

int weekday_of(day d)
{
	/* 1970-01-01 was a Thursday. */
	int64_t w = ((int64_t)d + 3) % 7;

	return (int)(w < 0 ? w + 7 : w);
}

bool leap_year(int32_t year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int days_in_month(int32_t year, int32_t month)
{
	assert(month >= 1 && month <= 12);
	if (month == 2)
		return leap_year(year) ? 29 : 28;
	return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

day day_add_months(day d, int32_t months)
{
	struct civil c = civil_of(d);
	int64_t m = (int64_t)c.year * 12 + c.month - 1 + months;
	int32_t year = (int32_t)floor_div(m, 12);
	int32_t month = (int32_t)(m - (int64_t)year * 12) + 1;
	int32_t last = days_in_month(year, month);

	return day_of(year, month, c.mday < last ? c.mday : last);
}

/* Exactly n digits at p. */
static bool digits(const char *p, size_t n, int32_t *out)
{
	int32_t v = 0;

	for (size_t i = 0; i < n; i++) {
		if (p[i] < '0' || p[i] > '9')
			return false;
		v = v * 10 + (p[i] - '0');
	}
	*out = v;
	return true;
}

bool day_parse(struct text t, day *out)
{
	int32_t y, m, d;

	if (t.n != 10 || t.p[4] != '-' || t.p[7] != '-' || !digits(t.p, 4, &y) ||
	    !digits(t.p + 5, 2, &m) || !digits(t.p + 8, 2, &d))
		return false;
	if (y < 1 || m < 1 || m > 12 || d < 1 || d > days_in_month(y, m))
		return false;
	*out = day_of(y, m, d);
	return true;
}

bool month_parse(struct text t, day *out)
{
	int32_t y, m;

	if (t.n != 7 || t.p[4] != '-' || !digits(t.p, 4, &y) || !digits(t.p + 5, 2, &m))
		return false;
	if (y < 1 || m < 1 || m > 12)
		return false;
	*out = day_of(y, m, 1);
	return true;
}

bool minutes_parse(struct text t, int32_t *out)
{
	int32_t h, m;

	if (t.n != 5 || t.p[2] != ':' || !digits(t.p, 2, &h) || !digits(t.p + 3, 2, &m))
		return false;
	if (m > 59 || h > 24 || (h == 24 && m != 0))
		return false;
	*out = h * 60 + m;
	return true;
}

static enum rc not_an_instant(struct text t, struct err *err)
{
	err_hint(err, "write a date, a time and an offset: 2026-03-31T04:00:00Z or "
		      "2026-03-31T00:00-04:00");
	return err_set(err, RC_INVALID, "\"%.*s\" is not an instant", TEXT_ARG(text_sub(t, 0, 60)));
}

/* [:SS[.fff...]] at t[*at]; moves *at behind it. */
static bool parse_seconds(struct text t, size_t *at, int32_t *s, int32_t *ms, bool *given)
{
	*s = 0;
	*ms = 0;
	*given = *at < t.n && t.p[*at] == ':';
	if (!*given)
		return true;
	if (t.n - *at < 3 || !digits(t.p + *at + 1, 2, s) || *s > 60)
		return false;
	*at += 3;
	if (*at >= t.n || t.p[*at] != '.')
		return true;

	int32_t unit = 100;
	size_t first = ++*at;

	while (*at < t.n && t.p[*at] >= '0' && t.p[*at] <= '9') {
		*ms += unit * (t.p[*at] - '0');
		unit /= 10;
		++*at;
	}
	return *at > first;
}

/* Z or +HH:MM or -HH:MM, the rest of t from at. */
static bool parse_offset(struct text t, size_t at, int32_t *offset_min)
{
	int32_t h, m;

	if (t.n - at == 1 && (t.p[at] == 'Z' || t.p[at] == 'z')) {
		*offset_min = 0;
		return true;
	}
	if (t.n - at != 6 || (t.p[at] != '+' && t.p[at] != '-') || t.p[at + 3] != ':' ||
	    !digits(t.p + at + 1, 2, &h) || !digits(t.p + at + 4, 2, &m) || h > 23 || m > 59)
		return false;
	*offset_min = (t.p[at] == '-' ? -1 : 1) * (h * 60 + m);
	return true;
}

enum rc instant_parse(struct text t, instant *out, bool *minute_precision, struct err *err)
{
	int32_t h, min, s, ms, offset_min;
	size_t at = 16;
	bool seconds;
	day d;

	if (t.n < 17 || !day_parse(text_sub(t, 0, 10), &d) ||
	    (t.p[10] != 'T' && t.p[10] != 't' && t.p[10] != ' ') || t.p[13] != ':' ||
	    !digits(t.p + 11, 2, &h) || !digits(t.p + 14, 2, &min) || h > 23 || min > 59)
		return not_an_instant(t, err);
	if (!parse_seconds(t, &at, &s, &ms, &seconds) || !parse_offset(t, at, &offset_min))
		return not_an_instant(t, err);

	instant r = instant_of_day(d) + h * HOUR_MS + (min - offset_min) * MINUTE_MS +
		    s * SECOND_MS + ms;

	/* A leap second exists only as the last of a UTC day; it counts as the second after it, as POSIX time does. */
	if (s == 60 && r - instant_of_day(day_of_instant(r)) >= SECOND_MS)
		return not_an_instant(t, err);
	if (r < INSTANT_MIN || r >= INSTANT_MAX)
		return err_set(err, RC_INVALID, "\"%.*s\" is not within the years 1 to 9999 UTC",
			       TEXT_ARG(t));
	*out = r;
	if (minute_precision != NULL)
		*minute_precision = !seconds;
	return RC_OK;
}

void day_print(struct buf *out, day d)
{
	struct civil c = civil_of(d);

	if (c.year < 0)
		buf_char(out, '-');
	buf_i64_pad(out, c.year < 0 ? -c.year : c.year, 4);
	buf_char(out, '-');
	buf_i64_pad(out, c.month, 2);
	buf_char(out, '-');
	buf_i64_pad(out, c.mday, 2);
}

void instant_print(struct buf *out, instant t)
{
	day d = day_of_instant(t);
	int64_t ms = t - instant_of_day(d);

	day_print(out, d);
	buf_char(out, 'T');
	buf_i64_pad(out, ms / HOUR_MS, 2);
	buf_char(out, ':');
	buf_i64_pad(out, ms / MINUTE_MS % 60, 2);
	buf_char(out, ':');
	buf_i64_pad(out, ms / SECOND_MS % 60, 2);
	if (ms % SECOND_MS != 0) {
		buf_char(out, '.');
		buf_i64_pad(out, ms % SECOND_MS, 3);
	}
	buf_char(out, 'Z');
}

day day_of_instant(instant t)
{
	assert(t >= -INSTANT_SANE && t <= INSTANT_SANE);
	return (day)floor_div(t, DAY_MS);
}

instant instant_of_day(day d)
{
	return (instant)d * DAY_MS;
}
