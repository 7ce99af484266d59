/* SPDX-License-Identifier: Apache-2.0 */
#include "facts/date_format.h"
#include "facts/fact.h"

#include "files.h"

/* A text read by a form and in a zone; "" for an instant: what is wrong with it. */
static const struct {
	const char *form, *zone, *text, *want;
	enum date_result result;
	unsigned flags;
} cases[] = {
	{"D/M/YYYY HH:MM", "UTC", "29/2/2016 01:16", "2016-02-29T01:16:00Z", DATE_OK,
	 FLAG_MINUTE_PRECISION},
	{"DD-MM-YYYY HH:mm", "+02:00", "29-02-2016 01:16", "2016-02-28T23:16:00Z", DATE_OK,
	 FLAG_MINUTE_PRECISION},
	{"D/M/YYYY HH:mm", "America/New_York", "1/7/2026 09:00", "2026-07-01T13:00:00Z", DATE_OK,
	 FLAG_MINUTE_PRECISION},
	{"D/M/YYYY HH:mm", "America/New_York", "1/1/2026 09:00", "2026-01-01T14:00:00Z", DATE_OK,
	 FLAG_MINUTE_PRECISION},
	{"D/M/YYYY HH:mm", "America/New_York", "8/3/2026 02:30", "2026-03-08T07:30:00Z", DATE_OK,
	 FLAG_MINUTE_PRECISION | FLAG_ZONE_GAP},
	{"D/M/YYYY HH:mm", "America/New_York", "1/11/2026 01:30", "2026-11-01T05:30:00Z", DATE_OK,
	 FLAG_MINUTE_PRECISION | FLAG_ZONE_TWICE},
	{"D/M/YYYY HH:mm:ss", "America/New_York", "8/3/2026 03:00:00", "2026-03-08T07:00:00Z",
	 DATE_OK, 0},
	{"D/M/YYYY HH:mm:ss", "America/New_York", "8/3/2026 23:59:59", "2026-03-09T03:59:59Z",
	 DATE_OK, 0},
	{"M/D/YYYY h:mm AM", "UTC", "3/4/2026 12:05 am", "2026-03-04T00:05:00Z", DATE_OK,
	 FLAG_MINUTE_PRECISION},
	{"M/D/YYYY h:mm AM", "UTC", "3/4/2026 12:05 PM", "2026-03-04T12:05:00Z", DATE_OK,
	 FLAG_MINUTE_PRECISION},
	{"M/D/YYYY h:mm AM", "UTC", "3/4/2026 13:05 PM", "", DATE_IMPOSSIBLE, 0},
	{"D/MMM/YY h:mm:ss.SSS AM Z", "", "3/feb/26 4:05:06.7 PM +01:30",
	 "2026-02-03T14:35:06.700Z", DATE_OK, 0},
	{"D MMM YYYY", "UTC", "3 Feb 2026", "2026-02-03T00:00:00Z", DATE_OK, FLAG_MINUTE_PRECISION},
	{"D MMM YYYY", "UTC", "3 Fev 2026", "", DATE_MALFORMED, 0},
	{"D/M/YYYY HH:mm", "UTC", "30/2/2026 10:00", "", DATE_IMPOSSIBLE, 0},
	{"D/M/YYYY HH:mm", "UTC", "1/13/2026 10:00", "", DATE_IMPOSSIBLE, 0},
	{"D/M/YYYY HH:mm", "UTC", "1/1/2026 24:00", "2026-01-02T00:00:00Z", DATE_OK,
	 FLAG_MINUTE_PRECISION},
	{"D/M/YYYY HH:mm", "UTC", "1/1/2026 24:01", "", DATE_IMPOSSIBLE, 0},
	{"D/M/YYYY HH:mm", "UTC", "1/1/2026 9:00", "", DATE_MALFORMED, 0},
	{"D/M/YYYY HH:mm", "UTC", "1/1/2026 09:00 ", "", DATE_MALFORMED, 0},
	{"D/M/YYYY HH:mm", "UTC", "", "", DATE_MALFORMED, 0},
	{"D/M/YYYY HH:mm", "", "1/1/2026 09:00", "", DATE_NO_ZONE, 0},
	{"iso", "", "2026-03-31T09:15:30.123456Z", "2026-03-31T09:15:30.123Z", DATE_OK, 0},
	{"iso", "", "2026-03-31 09:15:30 -0400", "2026-03-31T13:15:30Z", DATE_OK, 0},
	{"iso", "America/New_York", "2026-03-31T09:15", "2026-03-31T13:15:00Z", DATE_OK,
	 FLAG_MINUTE_PRECISION},
	{"iso", "", "2026-03-31T09:15", "", DATE_NO_ZONE, 0},
	{"iso", "UTC", "2026-12-31T23:59:60Z", "2027-01-01T00:00:00Z", DATE_OK, 0},
	{"iso", "UTC", "0000-01-01T00:00:00Z", "", DATE_IMPOSSIBLE, 0},
	{"iso", "UTC", "0001-01-01T00:00:00+01:00", "", DATE_IMPOSSIBLE, 0},
	{"iso", "UTC", "2026-02-29T00:00:00Z", "", DATE_IMPOSSIBLE, 0},
};

static void test_cases(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct date_format f;
		struct date_reader r;
		struct stamp s = {INSTANT_NONE, 0};
		struct err err = {.line = 0};
		const char *name = cases[i].text;

		if (!ok(date_format_parse(text_of(cases[i].form), &f, &err) == RC_OK &&
				date_reader_init(&r, &f, 1, text_of(cases[i].zone), rule_zones(),
						 &err) == RC_OK,
			"%s: the form is read", cases[i].form)) {
			note("%s", err.message);
			continue;
		}
		for (int again = 0; again < 2; again++) {
			is_i64(date_read(&r, text_of(cases[i].text), &s), cases[i].result,
			       "'%s' by %s", name, cases[i].form);
			if (cases[i].result != DATE_OK)
				continue;
			(void)is_instant(s.at, cases[i].want, "'%s': the instant", name);
			is_i64(s.flags, cases[i].flags, "'%s': flags", name);
		}
	}
}

/* Two forms that read a text as two dates clash; forms that differ in a character do not. */
static void test_clash(void)
{
	static const struct {
		const char *x, *y;
		bool clash;
	} pairs[] = {
		{"D/M/YYYY HH:mm", "M/D/YYYY HH:mm", true},
		{"DD/MM/YYYY", "M/D/YYYY", true},
		{"D/M/YYYY HH:mm", "DD-MM-YYYY HH:mm", false},
		{"D/M/YYYY", "DD/MM/YYYY", false},
		{"iso", "D/M/YYYY", false},
		{"D/M/YYYY", "D/M/YYYY HH:mm", false},
	};

	for (size_t i = 0; i < ARRAY_SIZE(pairs); i++) {
		struct date_format x, y;
		struct err err = {.line = 0};

		ok(date_format_parse(text_of(pairs[i].x), &x, &err) == RC_OK &&
			   date_format_parse(text_of(pairs[i].y), &y, &err) == RC_OK &&
			   date_formats_clash(&x, &y) == pairs[i].clash &&
			   date_formats_clash(&y, &x) == pairs[i].clash,
		   "%s and %s %s", pairs[i].x, pairs[i].y,
		   pairs[i].clash ? "clash" : "do not clash");
	}
}

/* The remembered days give what the zone gives, for every hour of three years in a scattered order. */
static void test_cache(void)
{
	struct date_format f;
	struct date_reader r;
	struct err err = {.line = 0};
	const struct zone *z = NULL;
	size_t wrong = 0;

	ok(date_format_parse(text_of("iso"), &f, &err) == RC_OK &&
		   date_reader_init(&r, &f, 1, text_of("Europe/Berlin"), rule_zones(), &err) ==
			   RC_OK &&
		   rule_zones()->find(rule_zones()->context, text_of("Europe/Berlin"), &z, &err) ==
			   RC_OK,
	   "a zone");
	for (uint32_t i = 0; i < 3 * 366 * 24; i++) {
		uint32_t at = (i * 7919u) % (3 * 366 * 24);
		day d = day_of(2025, 1, 1) + (day)(at / 24);
		struct stamp s;

		if (date_local(&r, d, (int64_t)(at % 24) * HOUR_MS, &s) != DATE_OK ||
		    s.at != zone_instant(z, d, (int64_t)(at % 24) * HOUR_MS, NULL))
			wrong++;
	}
	is_i64((int64_t)wrong, 0, "every hour as the zone says");
}

int main(void)
{
	test_cases();
	test_clash();
	test_cache();
	return tap_done();
}
