/* SPDX-License-Identifier: Apache-2.0 */
#include "time/duration.h"

#include "zones.h"

/* Text, its number and unit; or what is said about it. */
static const struct {
	const char *text;
	int64_t n; /* -1: refused */
	enum unit unit;
	const char *calendar, *hint;
} texts[] = {
	{"15min", 15, UNIT_MIN, "", NULL},
	{"4h", 4, UNIT_H, "", NULL},
	{"4h@support", 4, UNIT_H, "support", NULL},
	{"30min@desk_2", 30, UNIT_MIN, "desk_2", NULL},
	{"2d", 2, UNIT_D, "", NULL},
	{"3bd", 3, UNIT_BD, "", NULL},
	{"3bd@office", 3, UNIT_BD, "office", NULL},
	{"1w", 1, UNIT_W, "", NULL},
	{"6mo", 6, UNIT_MO, "", NULL},
	{"3y", 3, UNIT_Y, "", NULL},
	{"0min", 0, UNIT_MIN, "", NULL},
	{"999999999min", 999999999, UNIT_MIN, "", NULL},
	{"4 hours", -1, UNIT_H, "", "write 4h"},
	{"4hours@support", -1, UNIT_H, "", "write 4h@support"},
	{"90 min", -1, UNIT_MIN, "", "write 90min"},
	{"1h30min", -1, UNIT_MIN, "", "write 90min"},
	{"1h 30m", -1, UNIT_MIN, "", "write 90min"},
	{"1.5h", -1, UNIT_MIN, "", "write 90min"},
	{"2.5 hours@desk", -1, UNIT_MIN, "", "write 150min@desk"},
	{"007h", -1, UNIT_H, "", "write 7h"},
	{"3 business days", -1, UNIT_BD, "", "write 3bd"},
	{"6 Months", -1, UNIT_MO, "", "write 6mo"},
	{"4H", -1, UNIT_H, "", "write 4h"},
	{"1000000000min", -1, UNIT_H, "", "write a number of at most 9 digits"},
	{"1000000000h@support", -1, UNIT_H, "", "write a number of at most 9 digits"},
	{"2d@support", -1, UNIT_D, "",
	 "a day of work is not 24 hours: write open hours, 8h@support, or business days, "
	 "2bd@support"},
	{"1w@support", -1, UNIT_W, "",
	 "a day of work is not 24 hours: write open hours, 8h@support, or business days, "
	 "1bd@support"},
	{"4h@", -1, UNIT_H, "",
	 "write the calendar's id: letters, digits and _, a letter first, at most 40"},
	{"4h@2nd", -1, UNIT_H, "",
	 "write the calendar's id: letters, digits and _, a letter first, at most 40"},
	{"4h@a@b", -1, UNIT_H, "",
	 "write the calendar's id: letters, digits and _, a letter first, at most 40"},
	{"", -1, UNIT_H, "",
	 "write a whole number and one of min, h, d, bd, w, mo, y: 15min, 4h@support, 2bd"},
	{"h", -1, UNIT_H, "",
	 "write a whole number and one of min, h, d, bd, w, mo, y: 15min, 4h@support, 2bd"},
	{"-4h", -1, UNIT_H, "",
	 "write a whole number and one of min, h, d, bd, w, mo, y: 15min, 4h@support, 2bd"},
	{"4", -1, UNIT_H, "",
	 "write a whole number and one of min, h, d, bd, w, mo, y: 15min, 4h@support, 2bd"},
	{"4fortnights", -1, UNIT_H, "",
	 "write a whole number and one of min, h, d, bd, w, mo, y: 15min, 4h@support, 2bd"},
	{"P1D", -1, UNIT_H, "",
	 "write a whole number and one of min, h, d, bd, w, mo, y: 15min, 4h@support, 2bd"},
};

static void check_texts(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		struct duration d = {0, UNIT_MIN, {"", 0}};
		struct err err = {0};
		enum rc rc = duration_parse(text_of(texts[i].text), &d, &err);

		if (texts[i].n < 0) {
			ok(rc == RC_INVALID, "refused: \"%s\"", texts[i].text);
			is_text(text_of(err.hint), texts[i].hint, "with what would be right");
			is_text(text_of(err.code), "type.dur", "and a code");
			continue;
		}

		struct buf b;

		buf_init(&b, 100);
		duration_print(&b, d);
		ok(rc == RC_OK && d.n == texts[i].n && d.unit == texts[i].unit &&
			   text_is(d.calendar, texts[i].calendar),
		   "read: \"%s\"", texts[i].text);
		is_text(buf_view(&b), texts[i].text, "and printed");
		buf_free(&b);
	}
}

/* Two calendars of New York: support (CL-11: Mon-Fri 07:30-18:00) and business days without the federal holidays that matter. */
static const struct day_range support_hours[] = {{450, 1080}}, desk_hours[] = {{540, 1020}},
			      all_day[] = {{0, 1440}};

enum { NONE, SUPPORT, DESK, BUSINESS, ALWAYS };

static const struct {
	const char *name;
	const char *duration;
	int sign;
	enum anchor anchor;
	const char *at;
	int calendar, business;
	bool roll;
	const char *want; /* NULL: refused */
} cases[] = {
	{"CL-11 open hours over a weekend", "4h@support", 1, ANCHOR_MOMENT,
	 "2026-03-06T17:00-05:00", SUPPORT, BUSINESS, false, "2026-03-09T14:30:00Z"},
	{"CL-11 Saturday + 1bd", "1bd", 1, ANCHOR_MOMENT, "2026-03-07T10:00-05:00", NONE, BUSINESS,
	 false, "2026-03-09T14:00:00Z"},
	{"CL-11 Saturday + 4h@support", "4h@support", 1, ANCHOR_MOMENT, "2026-03-07T10:00-05:00",
	 SUPPORT, BUSINESS, false, "2026-03-09T15:30:00Z"},
	{"CL-11 24h into summer time", "24h", 1, ANCHOR_MOMENT, "2026-03-07T12:00-05:00", NONE,
	 BUSINESS, false, "2026-03-08T17:00:00Z"},
	{"CL-11 1d into summer time", "1d", 1, ANCHOR_MOMENT, "2026-03-07T12:00-05:00", NONE,
	 BUSINESS, false, "2026-03-08T16:00:00Z"},
	{"W3 1d", "1d", 1, ANCHOR_MOMENT, "2026-03-07T15:00-05:00", NONE, NONE, false,
	 "2026-03-08T19:00:00Z"},
	{"W3 24h", "24h", 1, ANCHOR_MOMENT, "2026-03-07T15:00-05:00", NONE, NONE, false,
	 "2026-03-08T20:00:00Z"},
	{"CL-11 10bd after March", "10bd", 1, ANCHOR_EDGE, "2026-04-01T00:00-04:00", NONE, BUSINESS,
	 false, "2026-04-15T04:00:00Z"},
	{"W6, CL-11 10bd after February", "10bd", 1, ANCHOR_EDGE, "2026-03-01T00:00-05:00", NONE,
	 BUSINESS, false, "2026-03-14T04:00:00Z"},
	{"CL-11 60d before a term's end", "60d", -1, ANCHOR_EDGE, "2029-02-01T00:00-05:00", NONE,
	 BUSINESS, false, "2028-12-03T05:00:00Z"},
	{"CL-12 rolled back to Friday", "60d", -1, ANCHOR_EDGE, "2029-02-01T00:00-05:00", NONE,
	 BUSINESS, true, "2028-12-02T05:00:00Z"},
	{"CL-12 rolled forward", "5d", 1, ANCHOR_DATE, "2026-02-09T00:00-05:00", NONE, BUSINESS,
	 true, "2026-02-18T05:00:00Z"},
	{"CL-12 not rolled when it works", "4d", 1, ANCHOR_DATE, "2026-02-09T00:00-05:00", NONE,
	 BUSINESS, true, "2026-02-14T05:00:00Z"},
	{"CL-12 a moment keeps its time", "1d", 1, ANCHOR_MOMENT, "2026-02-13T10:00-05:00", NONE,
	 BUSINESS, true, "2026-02-17T15:00:00Z"},
	{"CL-12 hours never roll", "24h", 1, ANCHOR_MOMENT, "2026-02-13T10:00-05:00", NONE,
	 BUSINESS, true, "2026-02-14T15:00:00Z"},
	{"CL-12 needs a calendar", "1d", 1, ANCHOR_MOMENT, "2026-02-13T10:00-05:00", NONE, NONE,
	 true, NULL},
	{"CL-10 31 January + 1mo", "1mo", 1, ANCHOR_DATE, "2026-01-31T00:00-05:00", NONE, NONE,
	 false, "2026-03-01T05:00:00Z"},
	{"CL-10 31 January + 2mo", "2mo", 1, ANCHOR_DATE, "2026-01-31T00:00-05:00", NONE, NONE,
	 false, "2026-04-01T04:00:00Z"},
	{"29 February + 1y", "1y", 1, ANCHOR_MOMENT, "2028-02-29T12:00-05:00", NONE, NONE, false,
	 "2029-02-28T17:00:00Z"},
	{"two weeks before a date", "2w", -1, ANCHOR_DATE, "2026-03-15T00:00-04:00", NONE, NONE,
	 false, "2026-03-02T05:00:00Z"},
	{"W5", "1bd@desk", 1, ANCHOR_MOMENT, "2026-02-13T16:20-05:00", DESK, BUSINESS, false,
	 "2026-02-17T21:20:00Z"},
	{"bd after a date", "2bd", 1, ANCHOR_DATE, "2026-02-12T00:00-05:00", NONE, BUSINESS, false,
	 "2026-02-18T05:00:00Z"},
	{"bd before a date: of that day", "1bd", -1, ANCHOR_DATE, "2026-02-17T00:00-05:00", NONE,
	 BUSINESS, false, "2026-02-14T05:00:00Z"},
	{"bd before an edge: its beginning", "1bd", -1, ANCHOR_EDGE, "2026-02-17T00:00-05:00", NONE,
	 BUSINESS, false, "2026-02-13T05:00:00Z"},
	{"bd without calendar", "1bd", 1, ANCHOR_MOMENT, "2026-02-13T16:20-05:00", NONE, NONE,
	 false, NULL},
	{"bd when it is always open", "1bd", 1, ANCHOR_MOMENT, "2026-02-13T22:20-05:00", ALWAYS,
	 BUSINESS, false, "2026-02-15T03:20:00Z"},
	{"W16 7 March 24:00", "7d", 1, ANCHOR_EDGE, "2026-03-01T00:00-05:00", NONE, NONE, false,
	 "2026-03-08T05:00:00Z"},
	{"W16 from a report of 10 March", "7d", 1, ANCHOR_DATE, "2026-03-10T00:00-04:00", NONE,
	 NONE, false, "2026-03-18T04:00:00Z"},
	{"W14 60d after April", "60d", 1, ANCHOR_EDGE, "2026-05-01T00:00-04:00", NONE, NONE, false,
	 "2026-06-30T04:00:00Z"},
	{"hours after a date begin at its end", "24h", 1, ANCHOR_DATE, "2026-03-10T00:00-04:00",
	 NONE, NONE, false, "2026-03-12T04:00:00Z"},
	{"hours before an edge", "24h", -1, ANCHOR_EDGE, "2026-03-10T00:00-04:00", NONE, NONE,
	 false, "2026-03-09T04:00:00Z"},
	{"open hours backwards", "4h@desk", -1, ANCHOR_MOMENT, "2026-02-17T10:00-05:00", DESK, NONE,
	 false, "2026-02-13T19:00:00Z"},
	{"always is day and night", "4h@always", 1, ANCHOR_MOMENT, "2026-02-14T10:00-05:00", ALWAYS,
	 NONE, false, "2026-02-14T19:00:00Z"},
	{"no days", "0d", 1, ANCHOR_DATE, "2026-03-10T00:00-04:00", NONE, NONE, false,
	 "2026-03-11T04:00:00Z"},
	{"no business days after an edge", "0bd", 1, ANCHOR_EDGE, "2026-03-10T00:00-04:00", NONE,
	 BUSINESS, false, "2026-03-10T04:00:00Z"},
	{"past the year 9999", "8000y", 1, ANCHOR_MOMENT, "2026-02-14T10:00-05:00", NONE, NONE,
	 false, NULL},
	{"far past it", "999999999y", 1, ANCHOR_MOMENT, "2026-02-14T10:00-05:00", NONE, NONE, false,
	 NULL},
	{"before the year 1", "999999999w", -1, ANCHOR_MOMENT, "2026-02-14T10:00-05:00", NONE, NONE,
	 false, NULL},
	{"minutes beyond all", "999999999h", 1, ANCHOR_MOMENT, "9000-02-14T10:00-05:00", NONE, NONE,
	 false, NULL},
	{"open hours beyond all", "999999999h@desk", 1, ANCHOR_MOMENT, "2026-02-14T10:00-05:00",
	 DESK, NONE, false, NULL},
};

static const struct calendar *week_of(struct arena *a, const struct zone *z,
				      const struct day_range *hours)
{
	const day closed[] = {date("2026-01-19"), date("2026-02-16")};
	struct calendar_spec s = {.id = text_of("test"), .zone = z, .dates = closed, .n_dates = 2};
	const struct calendar *c = NULL;
	struct err err = {0};

	for (size_t i = 0; i < 5; i++) {
		s.week[i].v = hours;
		s.week[i].n = 1;
	}
	if (calendar_new(a, &s, &c, &err) != RC_OK)
		printf("Bail out! %s\n", err.message);
	return c;
}

static void check_cases(struct arena *a)
{
	const struct zone *z = rule_zone(a, "America/New_York", "EST5EDT,M3.2.0,M11.1.0");
	const struct calendar *calendars[] = {NULL, week_of(a, z, support_hours),
					      week_of(a, z, desk_hours), week_of(a, z, all_day),
					      calendar_always()};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct duration d;
		struct err err = {0};
		const struct duration_context c = {z, calendars[cases[i].calendar],
						   calendars[cases[i].business], cases[i].roll};
		instant t = INSTANT_NONE;

		if (!ok(duration_parse(text_of(cases[i].duration), &d, &err) == RC_OK, "%s: %s",
			cases[i].name, cases[i].duration))
			continue;

		enum rc rc = duration_add(d, cases[i].sign, cases[i].anchor, utc(cases[i].at), &c,
					  &t, &err);

		if (cases[i].want == NULL)
			ok(rc == RC_INVALID && t == INSTANT_NONE && err.message[0] != '\0',
			   "%s: %s", cases[i].name, err.message);
		else
			is_instant(t, cases[i].want, "%s", cases[i].name);
	}
}

int main(void)
{
	struct arena *a = arena_new(256 << 20);
	int64_t ms = 0;

	check_texts();
	check_cases(a);
	ok(duration_exact_ms((struct duration){90, UNIT_MIN, {"", 0}}, &ms) && ms == 5400000,
	   "90 min in ms");
	ok(duration_exact_ms((struct duration){2, UNIT_H, {"", 0}}, &ms) && ms == 7200000,
	   "2 h in ms");
	ok(!duration_exact_ms((struct duration){1, UNIT_D, {"", 0}}, &ms),
	   "a day is no number of ms");
	arena_free(a);
	return tap_done();
}
