/* SPDX-License-Identifier: Apache-2.0 */
/* Facts in our own form, as JSON lines and as CSV: every type, every mistake, and the way out and back. */
#include "files.h"

/* A line of the file is a line here. */
/* clang-format off */
static const struct import_case cases[] = {
	{.name = "every type of field",
	 .input =
		"{\"id\":\"a\",\"kind\":\"ticket.logged\",\"occurred_at\":\"2026-03-02T09:00:00Z\",\"recorded_at\":\"2026-03-02T09:00:01.500Z\",\"party\":\"client\",\"ticket\":\"T1\",\"priority\":\"P1\",\"live\":true}\n"
		"{\"id\":\"b\",\"kind\":\"ticket.waiting_client\",\"occurred_at\":\"2026-03-02T10:00-05:00\",\"recorded_at\":\"2026-03-02T15:00:00Z\",\"ticket\":\"T1\",\"until\":\"2026-03-05T09:00:00Z\",\"seq\":2}\n"
		"\n"
		"{\"id\":\"c\",\"kind\":\"survey.answered\",\"occurred_at\":\"2026-03-02T10:00:00Z\",\"recorded_at\":\"2026-03-02T10:00:00Z\",\"subject\":\"s\",\"score\":\"4.50\"}\n"
		"{\"id\":\"d\",\"kind\":\"outage.began\",\"occurred_at\":\"2026-03-02T10:00:00Z\",\"recorded_at\":\"2026-03-02T10:00:00Z\",\"outage\":\"o\",\"assets\":[\"fw1\",\"fw2\"],\"severity\":\"down\",\"corrects\":\"c\"}\n"
		"{\"kind\":\"requests.counted\",\"occurred_at\":\"2026-03-02T10:00:00Z\",\"recorded_at\":\"2026-03-02T10:00:00Z\",\"asset\":\"fw1\",\"slot\":\"2026-03-02T10:00:00Z\",\"requests\":1000,\"errors\":10}",
	 .facts =
		"{\"id\":\"a\",\"kind\":\"ticket.logged\",\"occurred_at\":\"2026-03-02T09:00:00Z\",\"recorded_at\":\"2026-03-02T09:00:01.500Z\",\"party\":\"client\",\"ticket\":\"T1\",\"priority\":\"P1\",\"live\":true}\n"
		"{\"id\":\"b\",\"kind\":\"ticket.waiting_client\",\"occurred_at\":\"2026-03-02T15:00:00Z\",\"recorded_at\":\"2026-03-02T15:00:00Z\",\"seq\":2,\"ticket\":\"T1\",\"until\":\"2026-03-05T09:00:00Z\"}\n"
		"{\"id\":\"c\",\"kind\":\"survey.answered\",\"occurred_at\":\"2026-03-02T10:00:00Z\",\"recorded_at\":\"2026-03-02T10:00:00Z\",\"subject\":\"s\",\"score\":\"4.5\"}\n"
		"{\"id\":\"d\",\"kind\":\"outage.began\",\"occurred_at\":\"2026-03-02T10:00:00Z\",\"recorded_at\":\"2026-03-02T10:00:00Z\",\"corrects\":\"c\",\"outage\":\"o\",\"assets\":[\"fw1\",\"fw2\"],\"severity\":\"down\"}\n"
		"{\"id\":\"b3c24fdcd187d6a1\",\"kind\":\"requests.counted\",\"occurred_at\":\"2026-03-02T10:00:00Z\",\"recorded_at\":\"2026-03-02T10:00:00Z\",\"asset\":\"fw1\",\"slot\":\"2026-03-02T10:00:00Z\",\"requests\":1000,\"errors\":10}\n",
	 .report =
		"file: read as tenor_jsonl\n"
		"rows: 5 read, 5 taken, 0 skipped\n"
		"facts: 5 new, 0 already there, 0 in conflict\n"
		"observes: nothing by itself; outside what facts say, nothing is known\n"
		"flagged: minute_precision 1\n"},
	{.name = "mistakes name themselves",
	 .input =
		"{\"kind\":\"ticket.resolvd\",\"occurred_at\":\"2026-03-02T09:00:00Z\",\"ticket\":\"T1\"}\n"
		"{\"kind\":\"ticket.logged\",\"occurred_at\":\"2026-03-02T09:00:00Z\",\"ticket\":\"T1\",\"prority\":\"P1\"}\n"
		"{\"kind\":\"ticket.logged\",\"occurred_at\":\"2026-03-02T09:00:00Z\"}\n"
		"{\"kind\":\"ticket.logged\",\"occurred_at\":\"2026-02-30T09:00:00Z\",\"ticket\":\"T1\"}\n"
		"{\"kind\":\"ticket.logged\",\"occurred_at\":\"2026-03-02 09:00\",\"ticket\":\"T1\"}\n"
		"{\"kind\":\"ticket.logged\",\"ticket\":\"T1\"}\n"
		"{\"kind\":\"ticket.logged\",\"occurred_at\":\"2026-03-02T09:00:00Z\",\"ticket\":7}\n"
		"{\"kind\":\"ticket.logged\",\"occurred_at\":\"2026-03-02T09:00:00Z\",\"ticket\":\"T1\",\"live\":\"yes\"}\n"
		"{\"kind\":\"survey.answered\",\"occurred_at\":\"2026-03-02T10:00:00Z\",\"subject\":\"s\",\"score\":4.5}\n"
		"{\"kind\":\"probe.sample\",\"occurred_at\":\"2026-03-02T10:00:00Z\",\"asset\":\"a\",\"state\":\"Down\"}\n"
		"{\"kind\":\"ticket.logged\",\"occurred_at\":\"2026-03-02T09:00:00Z\",\"ticket\":\"T1\",\"party\":\"vendor\"}\n"
		"{\"kind\":\"ticket.logged\",\"occurred_at\":\"2026-03-02T09:00:00Z\",\"ticket\":\"T1\",\"seq\":-1}\n"
		"{\"kind\":\"ticket.logged\",\"kind\":\"ticket.closed\"}\n"
		"{\"kind\":\"ticket.logged\"\n"
		"[1]\n"
		"{\"hello\":1}\n"
		"{\"kind\":\"maintenance.announced\",\"occurred_at\":\"2026-03-02T09:00:00Z\",\"maintenance\":\"m\",\"from\":\"2026-03-03T09:00:00Z\",\"to\":\"2026-03-03T08:00:00Z\"}\n"
		"{\"kind\":\"calendar.exception\",\"occurred_at\":\"2026-03-02T09:00:00Z\",\"calendar\":\"c\",\"date\":\"2026-13-01\"}\n"
		"{\"kind\":\"ticket.logged\",\"occurred_at\":\"2026-03-02T09:00:00Z\",\"ticket\":\"T\xff\"}\n"
		"{\"id\":\"x\",\"kind\":\"ticket.closed\",\"occurred_at\":\"2026-03-02T09:00:00Z\",\"ticket\":\"T1\"}\n"
		"{\"id\":\"x\",\"kind\":\"ticket.closed\",\"occurred_at\":\"2026-03-02T09:00:00Z\",\"ticket\":\"T1\"}\n"
		"{\"id\":\"x\",\"kind\":\"ticket.closed\",\"occurred_at\":\"2026-03-02T09:00:01Z\",\"ticket\":\"T1\"}\n",
	 .facts = "{\"id\":\"x\",\"kind\":\"ticket.closed\",\"occurred_at\":\"2026-03-02T09:00:00Z\",\"recorded_at\":\"2026-03-02T09:00:00Z\",\"ticket\":\"T1\"}\n",
	 .report =
		"file: read as tenor_jsonl\n"
		"rows: 22 read, 2 taken, 20 skipped\n"
		"facts: 1 new, 1 already there, 1 in conflict\n"
		"time of recording: not in the file; taken to be the time of occurrence\n"
		"observes: nothing by itself; outside what facts say, nothing is known\n"
		"flagged: none\n"
		"row.utf8: bytes that are not UTF-8: 1\n"
		"  line 19: unable to decode byte 0xff near '\"T', column 72\n"
		"row.json: not one JSON object in a line: 4\n"
		"  line 13: duplicate object key near '\"kind\"', column 30\n"
		"  line 14: '}' expected near end of file, column 23\n"
		"  line 15: a JSON value that is no object\n"
		"  line 16: no fact, and no object of a status page that is known\n"
		"field.unknown: a field that no row of the table of facts names: 1\n"
		"  line 2: ticket.logged has no field 'prority'; did you mean 'priority'?\n"
		"field.missing: a required field is not there: 1\n"
		"  line 3: ticket.logged needs 'ticket'\n"
		"field.type: a value of another type: 6\n"
		"  line 7: 'ticket' must be a text\n"
		"  line 8: 'live' must be true or false\n"
		"  line 9: 'score' must be a decimal number as text, like \"4.5\", or a whole number\n"
		"  line 10: 'Down' in 'state' is none of up/down/degraded/unknown\n"
		"  line 12: 'seq' is no whole number from 0 to 4294967295\n"
		"  line 18: '2026-13-01' in 'date' is no date; write YYYY-MM-DD\n"
		"kind.unknown: a kind of fact that does not exist: 1\n"
		"  line 1: unknown kind 'ticket.resolvd'; did you mean 'ticket.resolved'?\n"
		"date.format: a date that is not written as the mapping says: 1\n"
		"  line 5: '2026-03-02 09:00' in 'occurred_at' is not written as 2026-03-31T09:15:00Z, with an offset\n"
		"date.missing: no date where one is needed: 1\n"
		"  line 6: no date in 'occurred_at'\n"
		"date.none: a date or time that does not exist: 1\n"
		"  line 4: '2026-02-30T09:00:00Z' in 'occurred_at' does not exist\n"
		"party.unknown: a party that does not exist: 1\n"
		"  line 11: unknown party 'vendor'; known are provider, client, monitor, supplier\n"
		"id.conflict: the same id twice with other content: 1\n"
		"  line 22: id 'x' was taken with other content on line 20 of file\n"
		"span.empty: an end that is not after its start: 1\n"
		"  line 17: maintenance.announced ends at or before its start\n"
		"id.again: the same id and content again: taken once: 1\n"
		"  line 21: 'x' again, with the same content\n"},
	{.name = "our CSV, with the columns that are needed",
	 .input = "\xef\xbb\xbf"
		  "kind,occurred_at,recorded_at,party,ticket,priority,assets,outage,from,to,"
		  "maintenance,window,live\r\n"
		  "ticket.logged,2026-03-02T09:00:00Z,2026-03-02T09:00:00Z,client,T1,P1,,,,,,,"
		  "TRUE\r\n"
		  "outage.began,2026-03-02T09:00:00Z,2026-03-02T09:00:00Z,monitor,,,fw1; "
		  "fw2,o1,,,,,\r\n"
		  "maintenance.announced,2026-03-02T09:00:00Z,2026-03-02T09:00:00Z,provider,,,fw1,,"
		  "2026-03-05T00:00:00Z,"
		  "2026-03-05T02:00:00Z,m1,,\r\n"
		  "report.delivered,2026-03-02T09:00:00Z,2026-03-02T09:00:00Z,provider,,,,,,it_"
		  "lead,,2026-02,\r\n"
		  "ticket.closed,2026-03-02T09:00:00Z,2026-03-02T09:00:00Z,provider,T1,P1,,,,,,,"
		  "\r\n",
	 .facts =
		"{\"id\":\"525e6e72169a49b7\",\"kind\":\"ticket.logged\",\"occurred_at\":\"2026-03-02T09:00:00Z\",\"recorded_at\":\"2026-03-02T09:00:00Z\",\"party\":\"client\",\"ticket\":\"T1\",\"priority\":\"P1\",\"live\":true}\n"
		"{\"id\":\"b208484e6411c854\",\"kind\":\"outage.began\",\"occurred_at\":\"2026-03-02T09:00:00Z\",\"recorded_at\":\"2026-03-02T09:00:00Z\",\"party\":\"monitor\",\"outage\":\"o1\",\"assets\":[\"fw1\",\"fw2\"]}\n"
		"{\"id\":\"e149020c92910d69\",\"kind\":\"maintenance.announced\",\"occurred_at\":\"2026-03-02T09:00:00Z\",\"recorded_at\":\"2026-03-02T09:00:00Z\",\"party\":\"provider\",\"maintenance\":\"m1\",\"from\":\"2026-03-05T00:00:00Z\",\"to\":\"2026-03-05T02:00:00Z\",\"assets\":[\"fw1\"]}\n"
		"{\"id\":\"f346b488cbc63c88\",\"kind\":\"report.delivered\",\"occurred_at\":\"2026-03-02T09:00:00Z\",\"recorded_at\":\"2026-03-02T09:00:00Z\",\"party\":\"provider\",\"window\":\"2026-02\",\"to\":\"it_lead\"}\n",
	 .report =
		"file: read as tenor_csv\n"
		"rows: 5 read, 4 taken, 1 skipped\n"
		"facts: 4 new, 0 already there, 0 in conflict\n"
		"observes: nothing by itself; outside what facts say, nothing is known\n"
		"flagged: none\n"
		"field.unknown: a field that no row of the table of facts names: 1\n"
		"  line 6: ticket.closed has no field 'priority'\n"
		"file.encoding: a byte-order mark, or old line ends: 1\n"
		"  line 1: a byte-order mark before the header was dropped\n"},
	{.name = "a column that is no field",
	 .input = "kind,occurred_at,tikcet\nticket.logged,2026-03-02T09:00:00Z,T1\n",
	 .facts = NULL,
	 .report = "file:1: import.header: column 3 'tikcet' is no field of a fact; did you mean 'ticket'?"},
	{.name = "dates without an offset need a zone, row by row",
	 .input =
		"kind,occurred_at,ticket\n"
		"ticket.logged,2026-03-02 09:00,T1\n"
		"ticket.logged,2026-03-02T09:00Z,T2\n",
	 .facts = "{\"id\":\"d31699a787eb26a4\",\"kind\":\"ticket.logged\",\"occurred_at\":\"2026-03-02T09:00:00Z\",\"recorded_at\":\"2026-03-02T09:00:00Z\",\"ticket\":\"T2\"}\n",
	 .report =
		"file: read as tenor_csv\n"
		"rows: 2 read, 1 taken, 1 skipped\n"
		"facts: 1 new, 0 already there, 0 in conflict\n"
		"time of recording: not in the file; taken to be the time of occurrence\n"
		"observes: nothing by itself; outside what facts say, nothing is known\n"
		"flagged: minute_precision 1\n"
		"date.format: a date that is not written as the mapping says: 1\n"
		"  line 2: '2026-03-02 09:00' in 'occurred_at' says no time zone, and none was told\n"},
	{.name = "what the record says of itself is in no file: JSON",
	 .input =
		"{\"kind\":\"version_agreed\",\"occurred_at\":\"2026-03-02T09:00:00Z\",\"version\":\"00\",\"number\":1}\n"
		"{\"kind\":\"fact_withdrawn\",\"occurred_at\":\"2026-03-02T09:00:00Z\",\"fact\":\"f\"}\n"
		"{\"kind\":\"ticket.logged\",\"occurred_at\":\"2026-03-02T09:00:00Z\",\"recorded_at\":\"2026-03-02T09:00:00Z\",\"ticket\":\"T1\",\"vkey\":\"k\"}\n",
	 .facts = "",
	 .report =
		"file: read as tenor_jsonl\n"
		"rows: 3 read, 0 taken, 3 skipped\n"
		"facts: 0 new, 0 already there, 0 in conflict\n"
		"observes: nothing by itself; outside what facts say, nothing is known\n"
		"flagged: none\n"
		"field.unknown: a field that no row of the table of facts names: 1\n"
		"  line 3: ticket.logged has no field 'vkey'\n"
		"kind.unknown: a kind of fact that does not exist: 2\n"
		"  line 1: 'version_agreed' is written by Tenor, not by files\n"
		"  line 2: 'fact_withdrawn' is written by Tenor, not by files\n"},
	{.name = "what the record says of itself is in no file: CSV",
	 .input =
		"kind,occurred_at,recorded_at,fact\n"
		"correction_approved,2026-03-02T09:00Z,2026-03-02T09:00Z,f\n",
	 .facts = "",
	 .report =
		"file: read as tenor_csv\n"
		"rows: 1 read, 0 taken, 1 skipped\n"
		"facts: 0 new, 0 already there, 0 in conflict\n"
		"observes: nothing by itself; outside what facts say, nothing is known\n"
		"flagged: none\n"
		"kind.unknown: a kind of fact that does not exist: 1\n"
		"  line 2: 'correction_approved' is written by Tenor, not by files\n"},
	{.name = "no column for the fields of the record",
	 .input = "kind,occurred_at,signature\nticket.logged,2026-03-02T09:00:00Z,T1\n",
	 .facts = NULL,
	 .report = "file:1: import.header: column 3 'signature' is no field of a fact"},
};
/* clang-format on */

/* Everything that can be said, written as JSON lines and as CSV and read again, is the same. */
static void test_round_trip(void)
{
	struct import_options o = plain_options("first"), lines = plain_options("lines"),
			      table = plain_options("table");
	struct imported im = import_text(text_of(cases[0].input), &o, 0),
			again = {.arena = arena_new(TEST_ARENA)};
	struct buf csv;

	again.facts = facts_new(again.arena);
	import_more(&again, facts_text(&im), &lines, 5);
	ok(again.rc == RC_OK && text_eq(facts_text(&im), facts_text(&again)),
	   "JSON lines out and back");
	import_more(&again, facts_text(&im), &lines, 0);
	is_i64((int64_t)again.report->duplicates, (int64_t)im.facts->n,
	       "read a second time: all there already");

	buf_init(&csv, 1 << 20);
	facts_csv_header(&csv);
	for (size_t i = 0; i < im.facts->n; i++)
		fact_print_csv(im.facts, &im.facts->v[i], &csv);
	import_more(&again, buf_view(&csv), &table, 3);
	ok(again.rc == RC_OK && again.report->duplicates == im.facts->n &&
		   again.report->conflicts == 0,
	   "CSV out and back: %llu the same",
	   again.rc == RC_OK ? (unsigned long long)again.report->duplicates : 0);
	if (again.rc != RC_OK)
		note("%s", again.err.message);
	buf_free(&csv);
	imported_free(&again);
	imported_free(&im);
}

/* Assets that the contract does not have are told once each and kept; what the mapping knows is mapped. */
static void test_assets(void)
{
	static const struct text known[] = {{"firewall", 8}, {"web", 3}};
	static const struct import_alias aliases[] = {{{"fw1", 3}, {"firewall", 8}}};
	struct import_options o = plain_options("file");
	const char *lines = "{\"kind\":\"outage.began\",\"occurred_at\":\"2026-03-02T10:00:00Z\","
			    "\"outage\":\"o\","
			    "\"assets\":[\"fw1\",\"web\",\"other\"]}\n"
			    "{\"kind\":\"probe.sample\",\"occurred_at\":\"2026-03-02T10:00:00Z\","
			    "\"asset\":\"other\","
			    "\"state\":\"up\"}\n";
	struct imported im;

	o.known_assets = known;
	o.n_known_assets = ARRAY_SIZE(known);
	o.assets = aliases;
	o.n_assets = ARRAY_SIZE(aliases);
	im = import_text(text_of(lines), &o, 0);
	is_i64((int64_t)im.report->taken, 2, "both facts are kept");
	is_i64((int64_t)im.report->counts[IMPORT_ASSET_FOREIGN], 1, "told once");
	ok(fact_has_word(&im.facts->v[0], FIELD_ASSETS,
			 symbol_find(im.facts->symbols, text_of("firewall"))),
	   "mapped");
	is_text(symbol_text(im.facts->symbols, im.facts->v[1].subject), "other", "kept as it is");
	imported_free(&im);
}

int main(void)
{
	test_assets();
	run_cases(cases, ARRAY_SIZE(cases));
	test_round_trip();
	return tap_done();
}
