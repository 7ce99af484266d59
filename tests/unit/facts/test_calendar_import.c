/* SPDX-License-Identifier: Apache-2.0 */
/* iCalendar maintenance: zones, recurrences, changes of one instance, cancellations, and what is broken. */
#include "files.h"

#include "facts/ics_read.h"

#define CAL(events)                                                                                \
	"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Test//EN\r\n" events "END:VCALENDAR\r\n"
#define NEW_YORK "BEGIN:VTIMEZONE\r\nTZID:America/New_York\r\nEND:VTIMEZONE\r\n"
#define EVENT(uid, lines)                                                                          \
	"BEGIN:VEVENT\r\nUID:" uid "\r\nDTSTAMP:20260301T120000Z\r\n" lines "END:VEVENT\r\n"

/* A line of the file is a line here. */
/* clang-format off */
static const struct import_case cases[] = {
	{.name = "in UTC, by zone, floating, by day",
	 .zone = "America/New_York",
	 .input = CAL(
		NEW_YORK
		EVENT("utc",
			"DTSTART:20260411T220000Z\r\n"
			"DTEND:20260412T080000Z\r\n"
			"CATEGORIES:fw1,fw2\r\n"
			"X-TENOR-WORK:rout\r\n"
			" ine\r\n"
			"X-TENOR-CHANGE:CHG-7\r\n"
			"SUMMARY:New disks\\, and more\r\n")
		EVENT("zone",
			"DTSTART;TZID=America/New_York:20260411T220000\r\n"
			"DURATION:PT10H\r\n"
			"X-TENOR-ASSETS:fw3\r\n"
			"CATEGORIES:x\r\n")
		EVENT("float",
			"DTSTART:20260411T220000\r\n"
			"DTEND:20260412T080000\r\n")
		EVENT("day",
			"DTSTART;VALUE=DATE:20260411\r\n")
		EVENT("dst",
			"DTSTART;TZID=America/New_York:20260308T023000\r\n"
			"DTEND;TZID=America/New_York:20260308T040000\r\n")),
	 .facts =
		"{\"id\":\"utc:announced\",\"kind\":\"maintenance.announced\",\"occurred_at\":\"2026-03-01T12:00:00Z\",\"recorded_at\":\"2026-03-01T12:00:00Z\",\"party\":\"provider\",\"maintenance\":\"utc\",\"from\":\"2026-04-11T22:00:00Z\",\"to\":\"2026-04-12T08:00:00Z\",\"assets\":[\"fw1\",\"fw2\"],\"work\":\"routine\",\"change\":\"CHG-7\",\"reason\":\"New disks, and more\"}\n"
		"{\"id\":\"zone:announced\",\"kind\":\"maintenance.announced\",\"occurred_at\":\"2026-03-01T12:00:00Z\",\"recorded_at\":\"2026-03-01T12:00:00Z\",\"party\":\"provider\",\"maintenance\":\"zone\",\"from\":\"2026-04-12T02:00:00Z\",\"to\":\"2026-04-12T12:00:00Z\",\"assets\":[\"fw3\"]}\n"
		"{\"id\":\"float:announced\",\"kind\":\"maintenance.announced\",\"occurred_at\":\"2026-03-01T12:00:00Z\",\"recorded_at\":\"2026-03-01T12:00:00Z\",\"party\":\"provider\",\"maintenance\":\"float\",\"from\":\"2026-04-12T02:00:00Z\",\"to\":\"2026-04-12T12:00:00Z\"}\n"
		"{\"id\":\"day:announced\",\"kind\":\"maintenance.announced\",\"occurred_at\":\"2026-03-01T12:00:00Z\",\"recorded_at\":\"2026-03-01T12:00:00Z\",\"party\":\"provider\",\"maintenance\":\"day\",\"from\":\"2026-04-11T04:00:00Z\",\"to\":\"2026-04-12T04:00:00Z\"}\n"
		"{\"id\":\"dst:announced\",\"kind\":\"maintenance.announced\",\"occurred_at\":\"2026-03-01T12:00:00Z\",\"recorded_at\":\"2026-03-01T12:00:00Z\",\"party\":\"provider\",\"maintenance\":\"dst\",\"from\":\"2026-03-08T07:30:00Z\",\"to\":\"2026-03-08T08:00:00Z\"}\n",
	 .report =
		"file: read as icalendar\n"
		"rows: 5 read, 5 taken, 0 skipped\n"
		"facts: 5 new, 0 already there, 0 in conflict\n"
		"dates without an offset: read as America/New_York\n"
		"observes: nothing by itself; outside what facts say, nothing is known\n"
		"flagged: zone_gap 1\n"
		"zone.gap: a local time that did not exist, moved forward: 1\n"
		"  line 37: the local time did not exist; moved forward by the gap\n"},
	{.name = "a series in local time, a day left out, an instance moved, one cancelled",
	 .zone = "America/New_York",
	 .input = CAL(
		NEW_YORK
		EVENT("s",
			"DTSTART;TZID=America/New_York:20260221T220000\r\n"
			"DTEND;TZID=America/New_York:20260222T020000\r\n"
			"RRULE:FREQ=WEEKLY;COUNT=5\r\n"
			"EXDATE;TZID=America/New_York:20260228T220000\r\n")
		EVENT("s",
			"RECURRENCE-ID;TZID=America/New_York:20260307T220000\r\n"
			"DTSTART;TZID=America/New_York:20260308T220000\r\n"
			"DTEND;TZID=America/New_York:20260309T020000\r\n")
		EVENT("s",
			"RECURRENCE-ID;TZID=America/New_York:20260314T220000\r\n"
			"STATUS:CANCELLED\r\n"
			"DTSTART;TZID=America/New_York:20260314T220000\r\n"
			"DTEND;TZID=America/New_York:20260315T020000\r\n")
		EVENT("r",
			"DTSTART:20260501T000000Z\r\n"
			"DURATION:PT1H\r\n"
			"RDATE:20260601T000000Z\r\n")),
	 .facts =
		"{\"id\":\"s/2026-02-22T03:00:00Z:announced\",\"kind\":\"maintenance.announced\",\"occurred_at\":\"2026-03-01T12:00:00Z\",\"recorded_at\":\"2026-03-01T12:00:00Z\",\"party\":\"provider\",\"maintenance\":\"s/2026-02-22T03:00:00Z\",\"from\":\"2026-02-22T03:00:00Z\",\"to\":\"2026-02-22T07:00:00Z\"}\n"
		"{\"id\":\"s/2026-03-15T02:00:00Z:announced\",\"kind\":\"maintenance.announced\",\"occurred_at\":\"2026-03-01T12:00:00Z\",\"recorded_at\":\"2026-03-01T12:00:00Z\",\"party\":\"provider\",\"maintenance\":\"s/2026-03-15T02:00:00Z\",\"from\":\"2026-03-15T02:00:00Z\",\"to\":\"2026-03-15T06:00:00Z\"}\n"
		"{\"id\":\"s/2026-03-22T02:00:00Z:announced\",\"kind\":\"maintenance.announced\",\"occurred_at\":\"2026-03-01T12:00:00Z\",\"recorded_at\":\"2026-03-01T12:00:00Z\",\"party\":\"provider\",\"maintenance\":\"s/2026-03-22T02:00:00Z\",\"from\":\"2026-03-22T02:00:00Z\",\"to\":\"2026-03-22T06:00:00Z\"}\n"
		"{\"id\":\"s/2026-03-08T03:00:00Z:announced\",\"kind\":\"maintenance.announced\",\"occurred_at\":\"2026-03-01T12:00:00Z\",\"recorded_at\":\"2026-03-01T12:00:00Z\",\"party\":\"provider\",\"maintenance\":\"s/2026-03-08T03:00:00Z\",\"from\":\"2026-03-09T02:00:00Z\",\"to\":\"2026-03-09T06:00:00Z\"}\n"
		"{\"id\":\"s/2026-03-15T02:00:00Z:cancelled\",\"kind\":\"maintenance.cancelled\",\"occurred_at\":\"2026-03-01T12:00:00Z\",\"recorded_at\":\"2026-03-01T12:00:00Z\",\"party\":\"provider\",\"maintenance\":\"s/2026-03-15T02:00:00Z\"}\n"
		"{\"id\":\"r/2026-05-01T00:00:00Z:announced\",\"kind\":\"maintenance.announced\",\"occurred_at\":\"2026-03-01T12:00:00Z\",\"recorded_at\":\"2026-03-01T12:00:00Z\",\"party\":\"provider\",\"maintenance\":\"r/2026-05-01T00:00:00Z\",\"from\":\"2026-05-01T00:00:00Z\",\"to\":\"2026-05-01T01:00:00Z\"}\n"
		"{\"id\":\"r/2026-06-01T00:00:00Z:announced\",\"kind\":\"maintenance.announced\",\"occurred_at\":\"2026-03-01T12:00:00Z\",\"recorded_at\":\"2026-03-01T12:00:00Z\",\"party\":\"provider\",\"maintenance\":\"r/2026-06-01T00:00:00Z\",\"from\":\"2026-06-01T00:00:00Z\",\"to\":\"2026-06-01T01:00:00Z\"}\n",
	 .report =
		"file: read as icalendar\n"
		"rows: 4 read, 4 taken, 0 skipped\n"
		"facts: 7 new, 0 already there, 0 in conflict\n"
		"dates without an offset: read as America/New_York\n"
		"observes: nothing by itself; outside what facts say, nothing is known\n"
		"flagged: same_time 2\n"},
	{.name = "what cannot be read, each by itself",
	 .input = CAL(
		"BEGIN:VTODO\r\n"
		"UID:t\r\n"
		"END:VTODO\r\n"
		"BEGIN:VEVENT\r\n"
		"DTSTART:20260411T220000Z\r\n"
		"END:VEVENT\r\n"
		"BEGIN:VEVENT\r\n"
		"UID:none\r\n"
		"END:VEVENT\r\n"
		EVENT("bad",
			"DTSTART:20261341T220000Z\r\n")
		EVENT("empty",
			"DTSTART:20260411T220000Z\r\n"
			"DTEND:20260411T220000Z\r\n")
		EVENT("back",
			"DTSTART:20260411T220000Z\r\n"
			"DTEND:20260411T210000Z\r\n")
		EVENT("both",
			"DTSTART:20260411T220000Z\r\n"
			"DTEND:20260411T230000Z\r\n"
			"DURATION:PT1H\r\n")
		EVENT("mars",
			"DTSTART;TZID=Mars/Base:20260411T220000\r\n"
			"DURATION:PT1H\r\n")
		EVENT("float",
			"DTSTART:20260411T220000\r\n"
			"DURATION:PT1H\r\n")
		EVENT("second",
			"DTSTART:20260411T220000Z\r\n"
			"DURATION:PT1H\r\n"
			"RRULE:FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30\r\n")
		EVENT("never",
			"DTSTART:20260411T220000Z\r\n"
			"DURATION:PT1H\r\n"
			"RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=3\r\n")
		"BEGIN:VEVENT\r\n"
		"UID:open\r\n"
		"BEGIN:VALARM\r\n"
		"END:VEVENT\r\n"
		EVENT("work",
			"DTSTART:20260411T220000Z\r\n"
			"DURATION:PT1H\r\n"
			"X-TENOR-WORK:sometimes\r\n")),
	 .facts = "",
	 .report =
		"file: read as icalendar\n"
		"rows: 13 read, 0 taken, 13 skipped\n"
		"facts: 0 new, 0 already there, 0 in conflict\n"
		"observes: nothing by itself; outside what facts say, nothing is known\n"
		"flagged: none\n"
		"field.type: a value of another type: 1\n"
		"  line 67: 'sometimes' in 'work' is none of routine/planned_outage/emergency\n"
		"span.empty: an end that is not after its start: 2\n"
		"  line 18: maintenance.announced ends at or before its start\n"
		"  line 24: maintenance.announced ends at or before its start\n"
		"event.invalid: a calendar entry that cannot be read: 7\n"
		"  line 7: no UID\n"
		"  line 10: no DTSTART in 'none'\n"
		"  line 13: a date that does not exist: '20261341T220000Z'\n"
		"  line 30: both DTEND and DURATION in 'both'\n"
		"  line 63: an inner component is not ended\n"
		"  line 37: unknown time zone 'Mars/Base'\n"
		"  line 43: a local time without a zone, and no zone was told\n"
		"event.recurrence: a recurrence that is not followed: 2\n"
		"  line 49: rule 'FREQ=SECONDLY;BYMONTHDAY=30;BYMONTH=2' is not followed\n"
		"  line 56: rule 'FREQ=YEARLY;COUNT=3;BYMONTHDAY=30;BYMONTH=2' never comes true\n"
		"row.ignored: left out because the mapping says so: 1\n"
		"  line 4: a VTODO is no maintenance\n"
		"event.odd: breaks RFC 5545 where nothing is read from: 1\n"
		"  no VTIMEZONE for TZID 'Mars/Base'; taken by its name\n"},
	{.name = "a zone that the file itself explains",
	 .input = CAL(
		"BEGIN:VTIMEZONE\r\n"
		"TZID:Our Zone\r\n"
		"BEGIN:STANDARD\r\n"
		"DTSTART:16010101T020000\r\n"
		"TZOFFSETFROM:-0400\r\n"
		"TZOFFSETTO:-0500\r\n"
		"RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU\r\n"
		"END:STANDARD\r\n"
		"BEGIN:DAYLIGHT\r\n"
		"DTSTART:16010101T020000\r\n"
		"TZOFFSETFROM:-0500\r\n"
		"TZOFFSETTO:-0400\r\n"
		"RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU\r\n"
		"END:DAYLIGHT\r\n"
		"END:VTIMEZONE\r\n"
		EVENT("winter",
			"DTSTART;TZID=Our Zone:20260111T220000\r\nDURATION:PT1H\r\n")
		EVENT("summer",
			"DTSTART;TZID=Our Zone:20260711T220000\r\nDURATION:PT1H\r\n")),
	 .facts =
		"{\"id\":\"winter:announced\",\"kind\":\"maintenance.announced\",\"occurred_at\":\"2026-03-01T12:00:00Z\",\"recorded_at\":\"2026-03-01T12:00:00Z\",\"party\":\"provider\",\"maintenance\":\"winter\",\"from\":\"2026-01-12T03:00:00Z\",\"to\":\"2026-01-12T04:00:00Z\"}\n"
		"{\"id\":\"summer:announced\",\"kind\":\"maintenance.announced\",\"occurred_at\":\"2026-03-01T12:00:00Z\",\"recorded_at\":\"2026-03-01T12:00:00Z\",\"party\":\"provider\",\"maintenance\":\"summer\",\"from\":\"2026-07-12T02:00:00Z\",\"to\":\"2026-07-12T03:00:00Z\"}\n",
	 .report =
		"file: read as icalendar\n"
		"rows: 2 read, 2 taken, 0 skipped\n"
		"facts: 2 new, 0 already there, 0 in conflict\n"
		"observes: nothing by itself; outside what facts say, nothing is known\n"
		"flagged: none\n"},
	{.name = "a file that is cut off",
	 .input = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:x\r\n",
	 .facts = NULL,
	 .report = "file: END:VCALENDAR is missing; the file seems to be cut off"},
};
/* clang-format on */

/* A feed that stamps everything anew at each export adds nothing; a moved event corrects. */
static void test_again(void)
{
	struct import_options o = plain_options("feed");
	const char *first = CAL(EVENT("a", "DTSTART:20260411T220000Z\r\nDURATION:PT1H\r\n"));
	const char *later = CAL("BEGIN:VEVENT\r\nUID:a\r\nDTSTAMP:20260401T000000Z\r\nDTSTART:"
				"20260411T220000Z\r\nDURATION:PT1H\r\n"
				"END:VEVENT\r\n");
	const char *moved = CAL("BEGIN:VEVENT\r\nUID:a\r\nDTSTAMP:20260402T000000Z\r\nDTSTART:"
				"20260412T220000Z\r\nDURATION:PT1H\r\n"
				"END:VEVENT\r\n");
	struct imported im = import_text(text_of(first), &o, 0);

	import_more(&im, text_of(later), &o, 0);
	is_i64((int64_t)im.report->duplicates, 1,
	       "the same announcement with another stamp is the one we have");
	import_more(&im, text_of(moved), &o, 0);
	is_i64((int64_t)im.facts->n, 2, "a moved event is a new fact");
	ok(im.facts->n == 2 && im.facts->v[1].corrects == im.facts->v[0].id,
	   "that corrects the one before");
	imported_free(&im);
}

/* A rule without an end is followed as long as it was told, and it is said. */
static void test_endless(void)
{
	struct import_options o = plain_options("feed");
	const char *daily = CAL(
		EVENT("d", "DTSTART:20260101T000000Z\r\nDURATION:PT1H\r\nRRULE:FREQ=DAILY\r\n"));
	struct imported im;

	o.expand_until = utc("2026-01-31T00:00:00Z");
	im = import_text(text_of(daily), &o, 0);
	is_i64((int64_t)im.facts->n, 31, "thirty-one days");
	is_i64((int64_t)im.report->counts[IMPORT_EXPANSION], 1, "and a note");
	imported_free(&im);
}

/* What reads a component takes time by the square of its lines: there is a limit (V6). */
static void test_lines(void)
{
	enum { AROUND = 6 };
	struct import_options o = plain_options("feed");

	for (int more = 0; more < 2; more++) {
		struct imported im;
		struct buf b;

		buf_init(&b, 1 << 20);
		buf_str(&b, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Test//EN\r\n"
			    "BEGIN:VEVENT\r\nUID:long\r\nDTSTAMP:20260301T120000Z\r\n"
			    "DTSTART:20260411T220000Z\r\nDURATION:PT1H\r\n");
		for (int i = 0; i < ICS_LINES_MAX - AROUND + more; i++)
			buf_str(&b, "COMMENT:x\r\n");
		buf_str(&b, "END:VEVENT\r\nEND:VCALENDAR\r\n");
		im = import_text(buf_view(&b), &o, 0);
		is_i64((int64_t)im.facts->n, 1 - more, "%d lines of an event",
		       ICS_LINES_MAX + more);
		imported_free(&im);
		buf_free(&b);
	}
}

int main(void)
{
	run_cases(cases, ARRAY_SIZE(cases));
	test_again();
	test_endless();
	test_lines();
	return tap_done();
}
