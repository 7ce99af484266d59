/* SPDX-License-Identifier: Apache-2.0 */
/* Status pages and Upptime: components become assets, incidents outages, figures stay figures. */
#include "files.h"

#define PAGE "[mapping]\nrows = statuspage\nname = page\n"
#define STATES "[states]\noperational = up\nmajor_outage = down\nunder_maintenance = ignore\n"
#define SEVERITIES "[severities]\nminor = degraded\nmajor = down\nnone = ignore\n"

/* A line of the file is a line here. */
/* clang-format off */
static const struct import_case cases[] = {
	{.name = "transitions of components",
	 .input =
		"{\"observed_at\":\"2026-01-07T05:22:48Z\",\"component_id\":\"c1\",\"component\":\"Git\",\"old\":null,\"new\":\"operational\",\"component_updated_at\":\"2025-12-29T22:51:43.831Z\"}\n"
		"{\"observed_at\":\"2026-01-07T06:22:48Z\",\"component_id\":\"c1\",\"component\":\"Git again\",\"old\":\"operational\",\"new\":\"major_outage\",\"component_updated_at\":\"2026-01-07T06:00:00.000Z\"}\n"
		"{\"observed_at\":\"2026-01-07T07:22:48Z\",\"component_id\":\"c1\",\"component\":\"Git\",\"old\":\"major_outage\",\"new\":\"on_fire\",\"component_updated_at\":\"2026-01-07T07:00:00.000Z\"}\n",
	 .facts =
		"{\"id\":\"c1@2026-01-07T05:22:48Z\",\"kind\":\"probe.sample\",\"occurred_at\":\"2025-12-29T22:51:43.831Z\",\"recorded_at\":\"2026-01-07T05:22:48Z\",\"party\":\"provider\",\"asset\":\"c1\",\"state\":\"up\"}\n"
		"{\"id\":\"c1@2026-01-07T06:22:48Z\",\"kind\":\"probe.sample\",\"occurred_at\":\"2026-01-07T06:00:00Z\",\"recorded_at\":\"2026-01-07T06:22:48Z\",\"party\":\"provider\",\"asset\":\"c1\",\"state\":\"down\"}\n",
	 .report =
		"file: read as statuspage_transitions\n"
		"rows: 3 read, 2 taken, 1 skipped\n"
		"facts: 2 new, 0 already there, 0 in conflict\n"
		"observes: 2026-01-07T05:22:48Z to 2026-01-07T06:22:48Z, its first to its last record\n"
		"flagged: late 1\n"
		"state.unknown: a state that the mapping does not know: 1\n"
		"  line 3: state 'on_fire' is not in [states] as up, down, degraded or unknown\n"},
	{.name = "by the time of the poll, states and assets as mapped",
	 .mapping = PAGE STATES
	 "[statuspage]\noccurred = observed_at\n[assets]\nc1 = git\nWeb = web\n",
	 .input =
		"{\"observed_at\":\"2026-01-07T05:22:48Z\",\"component_id\":\"c1\",\"component\":\"Git\",\"old\":null,\"new\":\"operational\",\"component_updated_at\":\"2025-12-29T22:51:43.831Z\"}\n"
		"{\"observed_at\":\"2026-01-07T06:22:48Z\",\"component_id\":\"c2\",\"component\":\"Web\",\"old\":\"operational\",\"new\":\"major_outage\",\"component_updated_at\":\"2026-01-07T06:00:00.000Z\"}\n"
		"{\"observed_at\":\"2026-01-07T07:22:48Z\",\"component_id\":\"c2\",\"component\":\"Web\",\"old\":\"major_outage\",\"new\":\"under_maintenance\",\"component_updated_at\":null}\n",
	 .facts =
		"{\"id\":\"c1@2026-01-07T05:22:48Z\",\"kind\":\"probe.sample\",\"occurred_at\":\"2026-01-07T05:22:48Z\",\"recorded_at\":\"2026-01-07T05:22:48Z\",\"party\":\"provider\",\"asset\":\"git\",\"state\":\"up\"}\n"
		"{\"id\":\"c2@2026-01-07T06:22:48Z\",\"kind\":\"probe.sample\",\"occurred_at\":\"2026-01-07T06:22:48Z\",\"recorded_at\":\"2026-01-07T06:22:48Z\",\"party\":\"provider\",\"asset\":\"web\",\"state\":\"down\"}\n",
	 .report =
		"file: read as statuspage_transitions\n"
		"rows: 3 read, 2 taken, 1 skipped\n"
		"facts: 2 new, 0 already there, 0 in conflict\n"
		"observes: 2026-01-07T05:22:48Z to 2026-01-07T06:22:48Z, its first to its last record\n"
		"flagged: none\n"
		"row.ignored: left out because the mapping says so: 1\n"
		"  line 3: state 'under_maintenance' says nothing\n"},
	{.name = "incidents of every kind",
	 .mapping = PAGE SEVERITIES,
	 .input =
		"{\"id\":\"i1\",\"created_at\":\"2026-02-07T06:05:00Z\",\"started_at\":\"2026-02-07T06:00:00Z\",\"resolved_at\":\"2026-02-07T07:00:00Z\",\"impact\":\"major\",\"shortlink\":\"https://status.example/1\",\"incident_updates\":[{\"affected_components\":[{\"code\":\"c1\",\"name\":\"Git\"}]},{\"affected_components\":null}],\"components\":[{\"id\":\"c2\",\"name\":\"Api\"},{\"id\":\"c1\"}]}\n"
		"{\"id\":\"i2\",\"created_at\":\"2026-02-08T06:00:00Z\",\"resolved_at\":null,\"impact\":\"minor\",\"components\":[{\"id\":\"c1\"}]}\n"
		"{\"id\":\"i3\",\"created_at\":\"2026-02-09T06:00:00Z\",\"resolved_at\":\"2026-02-09T06:00:00Z\",\"impact\":\"minor\",\"components\":[{\"id\":\"c3\"}]}\n"
		"{\"id\":\"i4\",\"created_at\":\"2026-02-10T06:00:00Z\",\"resolved_at\":\"2026-02-10T05:00:00Z\",\"impact\":\"minor\",\"components\":[{\"id\":\"c3\"}]}\n"
		"{\"id\":\"i5\",\"created_at\":\"2026-02-11T06:00:00Z\",\"impact\":\"none\",\"components\":[{\"id\":\"c3\"}]}\n"
		"{\"id\":\"i6\",\"created_at\":\"2026-02-12T06:00:00Z\",\"impact\":\"major\",\"components\":[]}\n"
		"{\"id\":\"i7\",\"created_at\":\"2026-02-13T06:00:00Z\",\"impact\":\"terrible\",\"components\":[{\"id\":\"c3\"}]}\n"
		"{\"created_at\":\"2026-02-13T06:00:00Z\",\"impact\":\"major\"}\n",
	 .facts =
		"{\"id\":\"i1:began\",\"kind\":\"outage.began\",\"occurred_at\":\"2026-02-07T06:00:00Z\",\"recorded_at\":\"2026-02-07T06:05:00Z\",\"party\":\"provider\",\"outage\":\"i1\",\"assets\":[\"c2\",\"c1\"],\"severity\":\"down\",\"evidence\":\"https://status.example/1\"}\n"
		"{\"id\":\"i1:ended\",\"kind\":\"outage.ended\",\"occurred_at\":\"2026-02-07T07:00:00Z\",\"recorded_at\":\"2026-02-07T07:00:00Z\",\"party\":\"provider\",\"outage\":\"i1\"}\n"
		"{\"id\":\"i2:began\",\"kind\":\"outage.began\",\"occurred_at\":\"2026-02-08T06:00:00Z\",\"recorded_at\":\"2026-02-08T06:00:00Z\",\"party\":\"provider\",\"outage\":\"i2\",\"assets\":[\"c1\"],\"severity\":\"degraded\"}\n"
		"{\"id\":\"i3:began\",\"kind\":\"outage.began\",\"occurred_at\":\"2026-02-09T06:00:00Z\",\"recorded_at\":\"2026-02-09T06:00:00Z\",\"party\":\"provider\",\"outage\":\"i3\",\"assets\":[\"c3\"],\"severity\":\"degraded\"}\n"
		"{\"id\":\"i3:ended\",\"kind\":\"outage.ended\",\"occurred_at\":\"2026-02-09T06:00:00Z\",\"recorded_at\":\"2026-02-09T06:00:00Z\",\"party\":\"provider\",\"outage\":\"i3\"}\n"
		"{\"id\":\"i4:began\",\"kind\":\"outage.began\",\"occurred_at\":\"2026-02-10T06:00:00Z\",\"recorded_at\":\"2026-02-10T06:00:00Z\",\"party\":\"provider\",\"outage\":\"i4\",\"assets\":[\"c3\"],\"severity\":\"degraded\"}\n"
		"{\"id\":\"i4:ended\",\"kind\":\"outage.ended\",\"occurred_at\":\"2026-02-10T05:00:00Z\",\"recorded_at\":\"2026-02-10T06:00:00Z\",\"party\":\"provider\",\"outage\":\"i4\"}\n",
	 .report =
		"file: read as statuspage_incidents\n"
		"rows: 8 read, 4 taken, 4 skipped\n"
		"facts: 7 new, 0 already there, 0 in conflict\n"
		"observes: 2026-02-07T06:00:00Z to 2026-02-13T06:00:00Z, its first to its last record\n"
		"flagged: out_of_order 1, same_time 2\n"
		"field.missing: a required field is not there: 1\n"
		"  line 8: an incident without id\n"
		"state.unknown: a state that the mapping does not know: 1\n"
		"  line 7: impact 'terrible' is not in [severities] as down, degraded or ignore\n"
		"asset.unknown: a component that is no asset of the contract and is not mapped to one: 1\n"
		"  line 6: incident 'i6' names no component that is an asset of the contract; `* = asset` in [assets] takes all\n"
		"row.ignored: left out because the mapping says so: 1\n"
		"  line 5: incident 'i5' has impact 'none', which makes no outage\n"
		"order.impossible: an end before its start, a stop before the ticket was logged: 1\n"
		"  line 4: incident 'i4' ends before it begins\n"
		"outage.open: an outage without an end: 1\n"
		"  line 2: incident 'i2' has no end in the file\n"},
	{.name = "one asset for all the rest",
	 .mapping = PAGE SEVERITIES "[assets]\n* = site\n",
	 .input = "{\"id\":\"i6\",\"created_at\":\"2026-02-12T06:00:00Z\",\"resolved_at\":\"2026-02-12T07:00:00Z\",\"impact\":\"major\",\"components\":[]}\n",
	 .facts =
		"{\"id\":\"i6:began\",\"kind\":\"outage.began\",\"occurred_at\":\"2026-02-12T06:00:00Z\",\"recorded_at\":\"2026-02-12T06:00:00Z\",\"party\":\"provider\",\"outage\":\"i6\",\"assets\":[\"site\"],\"severity\":\"down\"}\n"
		"{\"id\":\"i6:ended\",\"kind\":\"outage.ended\",\"occurred_at\":\"2026-02-12T07:00:00Z\",\"recorded_at\":\"2026-02-12T07:00:00Z\",\"party\":\"provider\",\"outage\":\"i6\"}\n",
	 .report =
		"file: read as statuspage_incidents\n"
		"rows: 1 read, 1 taken, 0 skipped\n"
		"facts: 2 new, 0 already there, 0 in conflict\n"
		"observes: 2026-02-12T06:00:00Z to 2026-02-12T07:00:00Z, its first to its last record\n"
		"flagged: none\n"},
	{.name = "maintenance that was announced",
	 .input =
		"{\"id\":\"m1\",\"name\":\"disks\",\"created_at\":\"2026-02-07T06:00:00Z\",\"scheduled_for\":\"2026-02-08T06:00:00Z\",\"scheduled_until\":\"2026-02-08T07:00:00Z\",\"impact\":\"maintenance\",\"components\":[{\"id\":\"c1\",\"name\":\"Git\"}]}\n"
		"{\"id\":\"m2\",\"name\":\"disks\",\"created_at\":\"2026-02-07T06:00:00Z\",\"scheduled_for\":\"2026-02-08T06:00:00Z\",\"scheduled_until\":\"2026-02-08T06:00:00Z\",\"components\":[{\"id\":\"c1\",\"name\":\"Git\"}]}\n",
	 .facts = "{\"id\":\"m1:announced\",\"kind\":\"maintenance.announced\",\"occurred_at\":\"2026-02-07T06:00:00Z\",\"recorded_at\":\"2026-02-07T06:00:00Z\",\"party\":\"provider\",\"maintenance\":\"m1\",\"from\":\"2026-02-08T06:00:00Z\",\"to\":\"2026-02-08T07:00:00Z\",\"assets\":[\"c1\"],\"reason\":\"disks\"}\n",
	 .report =
		"file: read as statuspage_maintenance\n"
		"rows: 2 read, 1 taken, 1 skipped\n"
		"facts: 1 new, 0 already there, 0 in conflict\n"
		"observes: nothing by itself; outside what facts say, nothing is known\n"
		"flagged: none\n"
		"span.empty: an end that is not after its start: 1\n"
		"  line 2: maintenance.announced ends at or before its start\n"},
	{.name = "a summary",
	 .input =
		"{\"page\":{\"updated_at\":\"2026-08-22T22:15:57.599Z\"},\n"
		"\"components\":[{\"id\":\"c1\",\"name\":\"Git\",\"status\":\"operational\",\"group\":false},\n"
		"{\"id\":\"g\",\"name\":\"Group\",\"status\":\"operational\",\"group\":true}],\n"
		"\"incidents\":[],\"scheduled_maintenances\":[]}\n",
	 .facts = "{\"id\":\"c1@2026-08-22T22:15:57.599Z\",\"kind\":\"probe.sample\",\"occurred_at\":\"2026-08-22T22:15:57.599Z\",\"recorded_at\":\"2026-08-22T22:15:57.599Z\",\"party\":\"provider\",\"asset\":\"c1\",\"state\":\"up\"}\n",
	 .report =
		"file: read as statuspage_summary\n"
		"rows: 2 read, 1 taken, 1 skipped\n"
		"facts: 1 new, 0 already there, 0 in conflict\n"
		"observes: nothing by itself; outside what facts say, nothing is known\n"
		"flagged: none\n"
		"row.ignored: left out because the mapping says so: 1\n"
		"  'Group' is a group of components\n"},
	{.name = "figures of Upptime",
	 .input =
		"[\n"
		"{\"name\":\"Web\",\"slug\":\"web\",\"uptime\":\"99.93%\",\"uptimeDay\":\"100.00%\",\"dailyMinutesDown\":{\"2026-06-16\":69,\"2026-06-17\":\"x\"}}\n"
		"]\n",
	 .facts = "",
	 .report =
		"file: read as upptime_summary\n"
		"rows: 1 read, 1 taken, 0 skipped\n"
		"facts: 0 new, 0 already there, 0 in conflict\n"
		"observes: nothing by itself; outside what facts say, nothing is known\n"
		"flagged: none\n"
		"field.type: a value of another type: 1\n"
		"  '2026-06-17' of monitor 'web' is no whole number of minutes\n"
		"as reported: web, all: 99.93%\n"
		"as reported: web, day: 100.00%\n"
		"as reported: web, 2026-06-16: 69 min down\n"},
	{.name = "checks of Upptime",
	 .input =
		"commit_time,monitor,status,code,response_ms,last_updated,start_time,commit\n"
		"2026-01-20T16:55:03Z,web,up,200,94,2026-01-19T23:11:47.152Z,2020-08-10T07:54:39.000Z,ac\n"
		"2026-01-20T16:56:03Z,web,down,0,0,2026-01-20T16:56:00.000Z,2020-08-10T07:54:39.000Z,ad\n"
		"2026-01-20T16:57:03Z,web,asleep,0,0,2026-01-20T16:57:00.000Z,2020-08-10T07:54:39.000Z,ad\n",
	 .facts =
		"{\"id\":\"web@2026-01-19T23:11:47.152Z\",\"kind\":\"probe.sample\",\"occurred_at\":\"2026-01-19T23:11:47.152Z\",\"recorded_at\":\"2026-01-20T16:55:03Z\",\"party\":\"monitor\",\"asset\":\"web\",\"state\":\"up\"}\n"
		"{\"id\":\"web@2026-01-20T16:56:00.000Z\",\"kind\":\"probe.sample\",\"occurred_at\":\"2026-01-20T16:56:00Z\",\"recorded_at\":\"2026-01-20T16:56:03Z\",\"party\":\"monitor\",\"asset\":\"web\",\"state\":\"down\"}\n",
	 .report =
		"file: read as upptime_checks\n"
		"rows: 3 read, 2 taken, 1 skipped\n"
		"facts: 2 new, 0 already there, 0 in conflict\n"
		"observes: 2026-01-19T23:11:47.152Z to 2026-01-20T16:56:03Z, its first to its last record\n"
		"flagged: none\n"
		"state.unknown: a state that the mapping does not know: 1\n"
		"  line 4: state 'asleep' is not in [states] as up, down, degraded or unknown\n"},
	{.name = "codes that decide",
	 .mapping =
		"[mapping]\n"
		"rows = samples\n"
		"[dates]\n"
		"format = iso\n"
		"[columns]\n"
		"asset = monitor\n"
		"state = status\n"
		"occurred = at\n"
		"code = code\n"
		"[states]\n"
		"up = up\n"
		"down = down\n"
		"[codes]\n"
		"401 = up\n"
		"503 = ignore\n",
	 .input =
		"at,monitor,status,code\n"
		"2026-01-20T16:55:03Z,web,down,401\n"
		"2026-01-20T16:56:03Z,web,down,503\n",
	 .facts = "{\"id\":\"web@2026-01-20T16:55:03Z\",\"kind\":\"probe.sample\",\"occurred_at\":\"2026-01-20T16:55:03Z\",\"recorded_at\":\"2026-01-20T16:55:03Z\",\"party\":\"monitor\",\"asset\":\"web\",\"state\":\"up\"}\n",
	 .report =
		"file: read as test.map\n"
		"rows: 2 read, 1 taken, 1 skipped\n"
		"facts: 1 new, 0 already there, 0 in conflict\n"
		"time of recording: not in the file; taken to be the time of occurrence\n"
		"observes: nothing by itself; outside what facts say, nothing is known\n"
		"flagged: none\n"
		"row.ignored: left out because the mapping says so: 1\n"
		"  line 3: state 'down' says nothing\n"},
	{.name = "a document that is cut off",
	 .input = "{\"page\":{\"updated_at\":\"2026-08-22T22:15:57.599Z\"},\n\"components\":[",
	 .facts = NULL,
	 .report = "file:2:14: import.json: ']' expected near end of file; facts are JSON lines: one whole object a line"},
};
/* clang-format on */

/* With the contract's assets known, what is none of them is left out and said, once a component and counted for all. */
static void test_known_assets(void)
{
	static const struct text known[] = {{"git", 3}};
	static const struct import_alias aliases[] = {{{"c1", 2}, {"git", 3}},
						      {{"c3", 2}, {"gitt", 4}}};
	struct import_options o = plain_options("page");
	struct buf b;
	struct imported im;

	o.known_assets = known;
	o.n_known_assets = ARRAY_SIZE(known);
	o.assets = aliases;
	o.n_assets = ARRAY_SIZE(aliases);
	buf_init(&b, 1 << 16);
	for (int i = 0; i < 6; i++)
		buf_printf(&b,
			   "{\"observed_at\":\"2026-01-07T0%d:00:00Z\",\"component_id\":\"c%d\","
			   "\"component\":\"x\","
			   "\"new\":\"operational\",\"component_updated_at\":null}\n",
			   i, i % 3 + 1);
	im = import_text(buf_view(&b), &o, 0);
	is_i64((int64_t)im.report->taken, 2, "two of a mapped component");
	is_i64((int64_t)im.report->skipped, 4, "four of others");
	is_i64((int64_t)im.report->counts[IMPORT_ASSET_UNKNOWN], 4, "all counted");
	is_i64((int64_t)im.report->n_notes, 2,
	       "each component told once; an alias must lead to an asset, too");
	ok(fact_word(&im.facts->v[0], FIELD_ASSET) ==
		   symbol_find(im.facts->symbols, text_of("git")),
	   "the asset's id");
	buf_free(&b);
	imported_free(&im);
}

int main(void)
{
	run_cases(cases, ARRAY_SIZE(cases));
	test_known_assets();
	return tap_done();
}
