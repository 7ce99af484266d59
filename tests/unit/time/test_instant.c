/* SPDX-License-Identifier: Apache-2.0 */
#include "time/instant.h"

#include "tap.h"

/* Text in, canonical text out; NULL: refused. */
static const struct {
	const char *in, *out;
	bool minute;
} instants[] = {
	{"2026-03-31T04:00:00Z", "2026-03-31T04:00:00Z", false},
	{"2026-03-31T04:00:00.000Z", "2026-03-31T04:00:00Z", false},
	{"2026-03-31T04:00:00.5Z", "2026-03-31T04:00:00.500Z", false},
	{"2026-03-31T04:00:00.123456789Z", "2026-03-31T04:00:00.123Z", false},
	{"2026-03-31T00:00-04:00", "2026-03-31T04:00:00Z", true},
	{"2026-03-31 00:00:01+05:45", "2026-03-30T18:15:01Z", false},
	{"2026-03-31t04:00z", "2026-03-31T04:00:00Z", true},
	{"1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z", false},
	{"0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z", false},
	{"9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z", false},
	{"2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z", false},
	{"2016-12-31T18:59:60.25-05:00", "2017-01-01T00:00:00.250Z", false},
	{"2024-02-29T00:00:00Z", "2024-02-29T00:00:00Z", false},
	{"2016-12-31T12:00:60Z", NULL, false},
	{"2023-02-29T00:00:00Z", NULL, false},
	{"1900-02-29T00:00:00Z", NULL, false},
	{"0001-01-01T00:00:00+01:00", NULL, false},
	{"9999-12-31T23:00:00-01:00", NULL, false},
	{"0000-01-01T00:00:00Z", NULL, false},
	{"2026-03-31T04:00:00", NULL, false},
	{"2026-03-31", NULL, false},
	{"2026-03-31T24:00:00Z", NULL, false},
	{"2026-03-31T04:60Z", NULL, false},
	{"2026-03-31T04:00:61Z", NULL, false},
	{"2026-03-31T04:00:00.Z", NULL, false},
	{"2026-03-31T04:00:00,5Z", NULL, false},
	{"2026-03-31T04:00:00+0400", NULL, false},
	{"2026-03-31T04:00:00+24:00", NULL, false},
	{"2026-03-31T04:00:00Zx", NULL, false},
	{"2026-03-31T04:00:00 Z", NULL, false},
	{"26-03-31T04:00:00Z", NULL, false},
	{"2026-3-31T04:00:00Z", NULL, false},
	{"", NULL, false},
};

static const struct {
	const char *from;
	int32_t months;
	const char *to;
} months[] = {
	{"2026-01-31", 1, "2026-02-28"},   {"2026-01-31", 2, "2026-03-31"},
	{"2024-01-31", 1, "2024-02-29"},   {"2024-02-29", 12, "2025-02-28"},
	{"2024-02-29", 48, "2028-02-29"},  {"2026-03-31", -1, "2026-02-28"},
	{"2026-01-15", -1, "2025-12-15"},  {"2026-12-31", 1, "2027-01-31"},
	{"2026-05-31", -27, "2024-02-29"}, {"2000-03-01", -2400, "1800-03-01"},
	{"2026-07-04", 0, "2026-07-04"},
};

static const struct {
	const char *text;
	int32_t minutes; /* -1: refused */
} times[] = {
	{"00:00", 0},  {"09:30", 570}, {"23:59", 1439}, {"24:00", 1440},
	{"24:01", -1}, {"25:00", -1},  {"9:30", -1},    {"09:60", -1},
	{"09-30", -1}, {"+9:30", -1},  {"09:300", -1},
};

static void check_parse(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(instants); i++) {
		struct err err = {0};
		instant t = 42;
		bool minute = false;
		enum rc rc = instant_parse(text_of(instants[i].in), &t, &minute, &err);
		struct buf b;

		if (instants[i].out == NULL) {
			ok(rc == RC_INVALID && err.message[0] != '\0' && t == 42, "refused: \"%s\"",
			   instants[i].in);
			continue;
		}
		buf_init(&b, 64);
		instant_print(&b, t);
		is_text(buf_view(&b), instants[i].out, "read: \"%s\"", instants[i].in);
		ok(rc == RC_OK && minute == instants[i].minute, "precision of \"%s\"",
		   instants[i].in);
		buf_free(&b);
	}
}

static void check_small(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(months); i++) {
		struct buf b;
		day d = 0;

		buf_init(&b, 64);
		ok(day_parse(text_of(months[i].from), &d), "a date: %s", months[i].from);
		day_print(&b, day_add_months(d, months[i].months));
		is_text(buf_view(&b), months[i].to, "%s and %d months", months[i].from,
			(int)months[i].months);
		buf_free(&b);
	}
	for (size_t i = 0; i < ARRAY_SIZE(times); i++) {
		int32_t m = -1;
		bool read = minutes_parse(text_of(times[i].text), &m);

		ok(read == (times[i].minutes >= 0) && m == times[i].minutes, "time of day \"%s\"",
		   times[i].text);
	}

	day d = 0;

	ok(month_parse(text_of("2026-03"), &d) && d == day_of(2026, 3, 1),
	   "a month is its first day");
	ok(!month_parse(text_of("2026-13"), &d) && !month_parse(text_of("2026-3"), &d) &&
		   !month_parse(text_of("2026-03-01"), &d) && !month_parse(text_of("0000-01"), &d),
	   "no months");
}

/* Every day from 0001-01-01 to 9999-12-31 follows the one before it. */
static void check_every_day(void)
{
	struct civil want = {1, 1, 1};
	day bad = DAY_NONE, d = day_of(1, 1, 1);
	int weekday = 0; /* 0001-01-01 was a Monday */

	for (; want.year <= 9999; d++) {
		struct civil got = civil_of(d);

		if (got.year != want.year || got.month != want.month || got.mday != want.mday ||
		    day_of(want.year, want.month, want.mday) != d || weekday_of(d) != weekday) {
			bad = d;
			break;
		}
		weekday = (weekday + 1) % 7;
		if (++want.mday > days_in_month(want.year, want.month)) {
			want.mday = 1;
			if (++want.month > 12) {
				want.month = 1;
				want.year++;
			}
		}
	}
	is_i64(bad, DAY_NONE,
	       "every date of the years 1 to 9999 is the next day, and its weekday the next");
	is_i64(instant_of_day(d), INSTANT_MAX, "and the day after them is the end of time");
	is_i64(instant_of_day(day_of(1, 1, 1)), INSTANT_MIN, "as the first is its beginning");
}

int main(void)
{
	check_parse();
	check_small();
	check_every_day();
	is_i64(day_of(1970, 1, 1), 0, "day 0 is 1970-01-01");
	is_i64(weekday_of(day_of(2026, 11, 25)), 2, "2026-11-25 is a Wednesday");
	is_i64(day_of_instant(-1), -1, "the millisecond before 1970 is of 1969");
	is_i64(day_of_instant(-DAY_MS), -1, "as is the day");
	return tap_done();
}
