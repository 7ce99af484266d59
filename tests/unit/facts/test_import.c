/* SPDX-License-Identifier: Apache-2.0 */
/* The front of all importers: what a file is taken to be, and one clear message for each file that cannot be read. */
#include "files.h"

#define FACT                                                                                       \
	"{\"kind\":\"ticket.logged\",\"occurred_at\":\"2026-03-02T09:00:00Z\",\"ticket\":\"T1\"}"  \
	"\n"

/* What is found from the first bytes; NULL: refused with this message. */
static const struct {
	const char *name, *input;
	size_t n;
	const char *format, *message, *hint;
} files[] = {
	{"a fact", FACT, 0, "tenor_jsonl", NULL, NULL},
	{"a fact after a mark and blank lines", "\xef\xbb\xbf\n\n" FACT, 0, "tenor_jsonl", NULL,
	 NULL},
	{"a transition", "{\"component_id\":\"c\",\"new\":\"operational\"}\n", 0,
	 "statuspage_transitions", NULL, NULL},
	{"an incident", "{\"id\":\"i\",\"incident_updates\":[]}", 0, "statuspage_incidents", NULL,
	 NULL},
	{"a maintenance", "{\"id\":\"i\",\"scheduled_for\":\"x\"}", 0, "statuspage_maintenance",
	 NULL, NULL},
	{"a summary in one line", "{\"components\":[]}", 0, "statuspage_summary", NULL, NULL},
	{"a document of many lines", "{\n\"components\":[]}", 0, "statuspage_summary", NULL, NULL},
	{"a list of monitors", "[{\"slug\":\"a\",\"uptime\":\"1%\"}]", 0, "upptime_summary", NULL,
	 NULL},
	{"a calendar", "begin:vcalendar\nEND:VCALENDAR\n", 0, "icalendar", NULL, NULL},
	{"our table", "occurred_at,kind,ticket\n", 0, "tenor_csv", NULL, NULL},
	{"a table that says sep=", "sep=,\noccurred_at,kind,ticket\n", 0, "tenor_csv", NULL, NULL},
	{"nothing", "", 0, NULL, "the file is empty", NULL},
	{"blank lines", "\n \r\n\n", 0, NULL, "the file has no header", NULL},
	{"UTF-16",
	 "\xff\xfe"
	 "a\0,\0",
	 6, NULL, "the file is UTF-16 or UTF-32, not UTF-8", "save it as UTF-8"},
	{"UTF-16 without a mark", "a\0,\0b\0\n\0", 8, NULL,
	 "the first line has NUL bytes, as UTF-16 has", "save it as UTF-8"},
	{"an unknown header", "a,b,c\n1,2,3\n", 0, NULL,
	 "no ready mapping knows this header: 'a,b,c'",
	 "`tenor map FILE` proposes a mapping; edit it and give it with --map"},
	{"another delimiter",
	 "commit_time;monitor;status;code;response_ms;last_updated;start_time;commit\n", 0, NULL,
	 "the header is that of 'upptime_checks', but with ';' between columns, not ','",
	 "take `tenor map --show upptime_checks` and change `delimiter` in it"},
	{"one column more",
	 "commit_time,monitor,status,code,response_ms,last_updated,start_time,commit,x\n", 0, NULL,
	 "no ready mapping knows this header: "
	 "'commit_time,monitor,status,code,response_ms,last_updated,start_time,commit,x'",
	 "`tenor map FILE` proposes a mapping; edit it and give it with --map"},
	{"a JSON value", "\n[1", 0, NULL, "']' expected near end of file",
	 "facts are JSON lines: one whole object a line"},
};

static void test_detection(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		struct text input = files[i].n > 0 ? (struct text){files[i].input, files[i].n}
						   : text_of(files[i].input);

		for (size_t chunk = 0; chunk < 2; chunk++) {
			struct import_options o = plain_options("f");
			struct imported im = import_text(input, &o, chunk);

			if (files[i].format != NULL) {
				if (ok(im.rc == RC_OK, "%s is read", files[i].name))
					is_text(im.report->format, files[i].format, "%s: format",
						files[i].name);
				else
					note("%s", im.err.message);
			} else {
				ok(im.rc != RC_OK, "%s is refused", files[i].name);
				is_text(text_of(im.err.message), files[i].message, "%s: message",
					files[i].name);
				is_text(text_of(im.err.hint),
					files[i].hint == NULL ? "" : files[i].hint, "%s: hint",
					files[i].name);
				is_text(text_of(im.err.file), "f", "%s: file", files[i].name);
			}
			imported_free(&im);
		}
	}
}

#define AUDIT_HEAD                                                                                 \
	"[mapping]\nrows = ticket_states\nname = m\n[dates]\nformat = D/M/YYYY "                   \
	"HH:mm\n[states]\nNew = open\n"

/* A mapping that was told, and files that do not fit it. */
static const struct {
	const char *name, *mapping, *input, *message;
} misfits[] = {
	{"the delimiter is another one",
	 AUDIT_HEAD "[columns]\nticket = no\nstate = st\noccurred = at\n", "no;st;at\n",
	 "no column 'no', which mapping 'm' takes for 'ticket'"},
	{"a column is missing",
	 AUDIT_HEAD "[columns]\nticket = no\nstate = status\noccurred = at\n", "no,state,at\n",
	 "no column 'status', which mapping 'm' takes for 'state'"},
	{"a column that is used stands twice",
	 AUDIT_HEAD "[columns]\nticket = no\nstate = st\noccurred = at\n", "no,st,at,at\n",
	 "column 'at' stands twice: columns 3 and 4"},
	{"the header is stated and differs",
	 "[mapping]\nrows = ticket_states\nname = m\nheader = no,st,at\n[dates]\nformat = "
	 "iso\n[columns]\nticket = "
	 "no\nstate = st\noccurred = at\n",
	 "no,at,st\n", "column 2 is 'at'; mapping 'm' wants 'st'"},
	{"the header is stated and longer",
	 "[mapping]\nrows = ticket_states\nname = m\nheader = no,st,at\n[dates]\nformat = "
	 "iso\n[columns]\nticket = "
	 "no\nstate = st\noccurred = at\n",
	 "no,st,at,x\n", "column 4 'x' is not in mapping 'm'"},
	{"no zone was told", AUDIT_HEAD "[columns]\nticket = no\nstate = st\noccurred = at\n",
	 "no,st,at\n", "dates written as 'D/M/YYYY HH:mm' say no time zone, and none was told"},
	{"a zone that is none",
	 AUDIT_HEAD
	 "[columns]\nticket = no\nstate = st\noccurred = at\n[dates]\nzone = Mars/Base\n",
	 "no,st,at\n", "unknown zone 'Mars/Base'"},
	{"a status page is no table", "[mapping]\nrows = statuspage\nname = m\n", "no,st,at\n",
	 "the file is not what the mapping is for"},
	{"JSON is no table", AUDIT_HEAD "[columns]\nticket = no\nstate = st\noccurred = at\n", FACT,
	 "the file is no CSV table"},
	{"a header in bad UTF-8",
	 AUDIT_HEAD "[columns]\nticket = no\nstate = st\noccurred = at\n[dates]\nzone = UTC\n",
	 "no,st,at,\xff\n", "the header is not UTF-8"},
};

static void test_misfits(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(misfits); i++) {
		struct import_options o = plain_options("f");
		struct imported im = {.arena = arena_new(TEST_ARENA)};
		struct mapping *m = NULL;
		bool zone = text_is(text_of(misfits[i].name), "no zone was told");

		im.facts = facts_new(im.arena);
		if (!ok(mapping_parse(im.arena, text_of("m"), text_of(misfits[i].mapping), &m,
				      &im.err) == RC_OK,
			"%s: the mapping is read", misfits[i].name))
			note("%s", im.err.message);
		o.mapping = m;
		if (!zone && m != NULL && m->zone.n == 0)
			o.zone = text_of("UTC");
		import_more(&im, text_of(misfits[i].input), &o, 0);
		ok(im.rc != RC_OK, "%s: refused", misfits[i].name);
		is_text(text_of(im.err.message), misfits[i].message, "%s: message",
			misfits[i].name);
		ok(im.facts->n == 0, "%s: no fact came of it", misfits[i].name);
		imported_free(&im);
	}
}

/* After a failure the same error comes again, and nothing more is taken. */
static void test_failed_stays_failed(void)
{
	struct arena *a = arena_new(TEST_ARENA);
	struct facts *f = facts_new(a);
	struct import_options o = plain_options("f");
	struct importer *im = NULL;
	struct import_report *r = NULL;
	struct err err = {.line = 0}, again = {.line = 0};

	ok(importer_open(a, f, &o, &im, &err) == RC_OK, "opened");
	ok(importer_push(im, "a,b\n", 4, &err) == RC_INVALID, "refused");
	ok(importer_push(im, FACT, sizeof(FACT) - 1, &again) == RC_INVALID, "and again");
	is_text(text_of(again.message), err.message, "with the same message");
	ok(importer_close(im, &r, &again) == RC_INVALID && r == NULL && f->n == 0,
	   "closing it fails, too");

	o.format = text_of("statuspage_incident");
	ok(importer_open(a, f, &o, &im, &err) == RC_OK, "opened with a format that is none");
	ok(importer_push(im, FACT, sizeof(FACT) - 1, &err) == RC_USAGE, "refused");
	is_text(text_of(err.hint), "did you mean 'statuspage_incidents'?", "with the nearest");
	ok(importer_close(im, &r, &err) == RC_USAGE, "closed");
	arena_free(a);
}

/* What was told to be covered is covered, whatever the file holds. */
static void test_covers(void)
{
	struct import_options o = plain_options("f");
	struct imported im;

	o.covers = (struct span){utc("2026-03-01T00:00:00Z"), utc("2026-04-01T00:00:00Z")};
	im = import_text(text_of(FACT), &o, 0);
	ok(im.facts->sources[0].observes_outages && im.report->covers_told, "told to observe");
	ok(im.facts->sources[0].covers.from == o.covers.from &&
		   im.facts->sources[0].covers.to == o.covers.to,
	   "a month");
	ok(!im.facts->sources[0].recorded_known, "no time of recording in the file");
	imported_free(&im);

	im = import_text(text_of("BEGIN:VCALENDAR\nEND:VCALENDAR\n"), &o, 0);
	ok(!im.facts->sources[0].observes_outages && im.facts->sources[0].covers.to == 0,
	   "a calendar observes no outage, whatever was told");
	imported_free(&im);

	o.covers = (struct span){0, 0};
	im = import_text(text_of(FACT), &o, 0);
	ok(!im.facts->sources[0].observes_outages && im.facts->sources[0].covers.to == 0,
	   "tickets observe no outage");
	imported_free(&im);
}

int main(void)
{
	test_detection();
	test_misfits();
	test_failed_stays_failed();
	test_covers();
	return tap_done();
}
