/* SPDX-License-Identifier: Apache-2.0 */
/* Tickets from audit logs and from lists: which facts come of which rows, and what the report says. */
#include "files.h"

#define AUDIT                                                                                      \
	"[mapping]\nname = audit\nrows = ticket_states\n"                                          \
	"[file]\nnull = ?\nwhole_log = yes\n"                                                      \
	"[dates]\nformat = D/M/YYYY HH:mm\n"                                                       \
	"[columns]\nticket = no\nstate = state\noccurred = at\nrecorded = at\norder = n\n"         \
	"reopenings = re\nlogged = opened\npriority = prio\ntechnician = who\nverdict = sla\n"     \
	"[states]\nNew = open\nActive = work answer\nAsk = waiting_client\nVendor = "              \
	"waiting_vendor\n"                                                                         \
	"Done = restored resolved by_person\nClosed = closed\nGone = cancelled\n-100 = ignore\n"   \
	"[priorities]\n1 - Top = P1\n2 - Low = P2\n[verdicts]\ntrue = met\nfalse = missed\n"

#define HEAD "no,state,at,n,re,opened,prio,who,sla\n"

/* A line of the file is a line here. */
/* clang-format off */
static const struct import_case cases[] = {
	{.name = "the life of a ticket",
	 .mapping = AUDIT,
	 .zone = "America/New_York",
	 .input = HEAD "T1,New,1/3/2026 09:05,0,0,1/3/2026 09:00,2 - Low,?,true\n"
		"T1,Active,1/3/2026 10:00,1,0,1/3/2026 09:00,1 - Top,ann,true\n"
		"T1,Ask,1/3/2026 11:00,2,0,1/3/2026 09:00,1 - Top,ann,true\n"
		"T1,Active,1/3/2026 12:00,3,0,1/3/2026 09:00,1 - Top,bob,true\n"
		"T1,Done,1/3/2026 13:00,4,0,1/3/2026 09:00,1 - Top,bob,true\n"
		"T1,Active,1/3/2026 14:00,5,1,1/3/2026 09:00,1 - Top,bob,true\n"
		"T1,Done,1/3/2026 15:00,6,1,1/3/2026 09:00,1 - Top,bob,true\n"
		"T1,Closed,1/3/2026 16:00,7,1,1/3/2026 09:00,1 - Top,bob,true\n"
		"T1,Closed,1/3/2026 16:10,8,1,1/3/2026 09:00,1 - Top,bob,false\n",
	 .facts =
		"{\"id\":\"T1:logged\",\"kind\":\"ticket.logged\",\"occurred_at\":\"2026-03-01T14:00:00Z\",\"recorded_at\":\"2026-03-01T14:05:00Z\",\"party\":\"provider\",\"seq\":2,\"ticket\":\"T1\",\"priority\":\"P2\"}\n"
		"{\"id\":\"T1:1.assigned\",\"kind\":\"ticket.assigned\",\"occurred_at\":\"2026-03-01T15:00:00Z\",\"recorded_at\":\"2026-03-01T15:00:00Z\",\"party\":\"provider\",\"seq\":4,\"ticket\":\"T1\",\"technician\":\"ann\"}\n"
		"{\"id\":\"T1:1.priority\",\"kind\":\"ticket.priority_set\",\"occurred_at\":\"2026-03-01T15:00:00Z\",\"recorded_at\":\"2026-03-01T15:00:00Z\",\"party\":\"provider\",\"seq\":4,\"ticket\":\"T1\",\"priority\":\"P1\"}\n"
		"{\"id\":\"T1:1.answered\",\"kind\":\"ticket.message\",\"occurred_at\":\"2026-03-01T15:00:00Z\",\"recorded_at\":\"2026-03-01T15:00:00Z\",\"party\":\"provider\",\"seq\":4,\"ticket\":\"T1\",\"author\":\"human\",\"visibility\":\"public\"}\n"
		"{\"id\":\"T1:1.started\",\"kind\":\"ticket.work_started\",\"occurred_at\":\"2026-03-01T15:00:00Z\",\"recorded_at\":\"2026-03-01T15:00:00Z\",\"party\":\"provider\",\"seq\":4,\"ticket\":\"T1\",\"technician\":\"ann\"}\n"
		"{\"id\":\"T1:2.waiting_client\",\"kind\":\"ticket.waiting_client\",\"occurred_at\":\"2026-03-01T16:00:00Z\",\"recorded_at\":\"2026-03-01T16:00:00Z\",\"party\":\"provider\",\"seq\":6,\"ticket\":\"T1\"}\n"
		"{\"id\":\"T1:3.assigned\",\"kind\":\"ticket.assigned\",\"occurred_at\":\"2026-03-01T17:00:00Z\",\"recorded_at\":\"2026-03-01T17:00:00Z\",\"party\":\"provider\",\"seq\":8,\"ticket\":\"T1\",\"technician\":\"bob\"}\n"
		"{\"id\":\"T1:3.resumed\",\"kind\":\"ticket.resumed\",\"occurred_at\":\"2026-03-01T17:00:00Z\",\"recorded_at\":\"2026-03-01T17:00:00Z\",\"party\":\"provider\",\"seq\":8,\"ticket\":\"T1\"}\n"
		"{\"id\":\"T1:4.restored\",\"kind\":\"ticket.restored\",\"occurred_at\":\"2026-03-01T18:00:00Z\",\"recorded_at\":\"2026-03-01T18:00:00Z\",\"party\":\"provider\",\"seq\":10,\"ticket\":\"T1\",\"author\":\"human\"}\n"
		"{\"id\":\"T1:4.resolved\",\"kind\":\"ticket.resolved\",\"occurred_at\":\"2026-03-01T18:00:00Z\",\"recorded_at\":\"2026-03-01T18:00:00Z\",\"party\":\"provider\",\"seq\":10,\"ticket\":\"T1\",\"author\":\"human\"}\n"
		"{\"id\":\"T1:5.reopened\",\"kind\":\"ticket.reopened\",\"occurred_at\":\"2026-03-01T19:00:00Z\",\"recorded_at\":\"2026-03-01T19:00:00Z\",\"party\":\"provider\",\"seq\":11,\"ticket\":\"T1\"}\n"
		"{\"id\":\"T1:5.started\",\"kind\":\"ticket.work_started\",\"occurred_at\":\"2026-03-01T19:00:00Z\",\"recorded_at\":\"2026-03-01T19:00:00Z\",\"party\":\"provider\",\"seq\":12,\"ticket\":\"T1\",\"technician\":\"bob\"}\n"
		"{\"id\":\"T1:6.restored\",\"kind\":\"ticket.restored\",\"occurred_at\":\"2026-03-01T20:00:00Z\",\"recorded_at\":\"2026-03-01T20:00:00Z\",\"party\":\"provider\",\"seq\":14,\"ticket\":\"T1\",\"author\":\"human\"}\n"
		"{\"id\":\"T1:6.resolved\",\"kind\":\"ticket.resolved\",\"occurred_at\":\"2026-03-01T20:00:00Z\",\"recorded_at\":\"2026-03-01T20:00:00Z\",\"party\":\"provider\",\"seq\":14,\"ticket\":\"T1\",\"author\":\"human\"}\n"
		"{\"id\":\"T1:7.closed\",\"kind\":\"ticket.closed\",\"occurred_at\":\"2026-03-01T21:00:00Z\",\"recorded_at\":\"2026-03-01T21:00:00Z\",\"party\":\"provider\",\"seq\":16,\"ticket\":\"T1\",\"reported_verdict\":\"missed\"}\n",
	 .report =
		"file: read as audit\n"
		"rows: 9 read, 9 taken, 0 skipped\n"
		"facts: 15 new, 0 already there, 0 in conflict\n"
		"dates without an offset: read as America/New_York\n"
		"observes: nothing by itself; outside what facts say, nothing is known\n"
		"flagged: minute_precision 15, same_time 12\n"},
	{.name = "rows in any order, ties by the counter, ids that stay",
	 .mapping = AUDIT,
	 .zone = "UTC",
	 .input = HEAD "A,Closed,2/3/2026 09:00,3,0,1/3/2026 09:00,2 - Low,?,\n"
		"B,Vendor,1/3/2026 09:00,0,0,1/3/2026 09:00,2 - Low,?,\n"
		"A,Done,2/3/2026 09:00,2,0,1/3/2026 09:00,2 - Low,?,\n"
		"A,New,1/3/2026 09:00,0,0,1/3/2026 09:00,2 - Low,?,\n"
		"B,-100,1/3/2026 09:30,1,0,1/3/2026 09:00,2 - Low,?,\n"
		"B,Ask,1/3/2026 10:00,2,0,1/3/2026 09:00,9 - Odd,?,\n"
		"B,Gone,1/3/2026 10:00,2,0,1/3/2026 09:00,9 - Odd,?,\n",
	 .facts =
		"{\"id\":\"A:logged\",\"kind\":\"ticket.logged\",\"occurred_at\":\"2026-03-01T09:00:00Z\",\"recorded_at\":\"2026-03-01T09:00:00Z\",\"party\":\"provider\",\"seq\":2,\"ticket\":\"A\",\"priority\":\"P2\"}\n"
		"{\"id\":\"A:2.restored\",\"kind\":\"ticket.restored\",\"occurred_at\":\"2026-03-02T09:00:00Z\",\"recorded_at\":\"2026-03-02T09:00:00Z\",\"party\":\"provider\",\"seq\":4,\"ticket\":\"A\",\"author\":\"human\"}\n"
		"{\"id\":\"A:2.resolved\",\"kind\":\"ticket.resolved\",\"occurred_at\":\"2026-03-02T09:00:00Z\",\"recorded_at\":\"2026-03-02T09:00:00Z\",\"party\":\"provider\",\"seq\":4,\"ticket\":\"A\",\"author\":\"human\"}\n"
		"{\"id\":\"A:3.closed\",\"kind\":\"ticket.closed\",\"occurred_at\":\"2026-03-02T09:00:00Z\",\"recorded_at\":\"2026-03-02T09:00:00Z\",\"party\":\"provider\",\"seq\":6,\"ticket\":\"A\"}\n"
		"{\"id\":\"B:logged\",\"kind\":\"ticket.logged\",\"occurred_at\":\"2026-03-01T09:00:00Z\",\"recorded_at\":\"2026-03-01T09:00:00Z\",\"party\":\"provider\",\"seq\":2,\"ticket\":\"B\",\"priority\":\"P2\"}\n"
		"{\"id\":\"B:0.waiting_vendor\",\"kind\":\"ticket.waiting_vendor\",\"occurred_at\":\"2026-03-01T09:00:00Z\",\"recorded_at\":\"2026-03-01T09:00:00Z\",\"party\":\"provider\",\"seq\":2,\"ticket\":\"B\"}\n"
		"{\"id\":\"B:2.priority\",\"kind\":\"ticket.priority_set\",\"occurred_at\":\"2026-03-01T10:00:00Z\",\"recorded_at\":\"2026-03-01T10:00:00Z\",\"party\":\"provider\",\"seq\":4,\"ticket\":\"B\",\"priority\":\"9 - Odd\"}\n"
		"{\"id\":\"B:2.waiting_client\",\"kind\":\"ticket.waiting_client\",\"occurred_at\":\"2026-03-01T10:00:00Z\",\"recorded_at\":\"2026-03-01T10:00:00Z\",\"party\":\"provider\",\"seq\":4,\"ticket\":\"B\"}\n"
		"{\"id\":\"B:2-3.cancelled\",\"kind\":\"ticket.cancelled\",\"occurred_at\":\"2026-03-01T10:00:00Z\",\"recorded_at\":\"2026-03-01T10:00:00Z\",\"party\":\"provider\",\"seq\":6,\"ticket\":\"B\"}\n",
	 .report =
		"file: read as audit\n"
		"rows: 7 read, 6 taken, 1 skipped\n"
		"facts: 9 new, 0 already there, 0 in conflict\n"
		"dates without an offset: read as UTC\n"
		"observes: nothing by itself; outside what facts say, nothing is known\n"
		"flagged: minute_precision 9, same_time 8\n"
		"row.ignored: left out because the mapping says so: 1\n"
		"  line 6: state '-100' says nothing\n"
		"priority.unknown: a priority that the mapping does not know, kept as it is: 1\n"
		"  line 7: priority '9 - Odd' is not mapped; kept as it is\n"
		"file.order: not in order of time in the file: 1\n"
		"  line 2: rows of ticket 'A' are not in order of time; they were put in order\n"},
	{.name = "rows that cannot be used are left out, one by one",
	 .mapping = AUDIT,
	 .zone = "America/New_York",
	 .input = HEAD "T1,New,31/4/2026 09:05,0,0,1/3/2026 09:00,2 - Low,?,true\n"
		"T1,New,2026-03-01,0,0,1/3/2026 09:00,2 - Low,?,true\n"
		"T1,New,,0,0,1/3/2026 09:00,2 - Low,?,true\n"
		"T1,Strange,1/3/2026 09:05,0,0,1/3/2026 09:00,2 - Low,?,true\n"
		"?,New,1/3/2026 09:05,0,0,1/3/2026 09:00,2 - Low,?,true\n"
		"T1,New,1/3/2026 09:05,0,0\n"
		"T1,N\xff\x77,1/3/2026 09:05,0,0,1/3/2026 09:00,2 - Low,?,true\n"
		"T1,\"New\"x,1/3/2026 09:05,0,0,1/3/2026 09:00,2 - Low,?,true\n"
		"\"T\n"
		"2\",New,8/3/2026 02:30,0,0,1/11/2026 01:30,2 - Low,?,true\n"
		"T3,New,1/3/2026 09:05,0,0,1/3/2026 09:00,2 - Low,\"?,true\n",
	 .facts =
		"{\"id\":\"T\\n"
		"2:logged\",\"kind\":\"ticket.logged\",\"occurred_at\":\"2026-11-01T05:30:00Z\",\"recorded_at\":\"2026-03-08T07:30:00Z\",\"party\":\"provider\",\"seq\":2,\"ticket\":\"T\\n"
		"2\",\"priority\":\"P2\"}\n",
	 .report =
		"file: read as audit\n"
		"rows: 10 read, 1 taken, 9 skipped\n"
		"facts: 1 new, 0 already there, 0 in conflict\n"
		"dates without an offset: read as America/New_York\n"
		"observes: nothing by itself; outside what facts say, nothing is known\n"
		"flagged: future 1, minute_precision 1, zone_twice 1\n"
		"row.columns: another number of columns than the header: 1\n"
		"  line 7: the row has 5 columns, the header 9\n"
		"row.quote: a quotation mark in the wrong place, or never closed: 2\n"
		"  line 9: a quotation mark in the wrong place, column 2\n"
		"  line 12: a quotation mark opened in column 8 is never closed; all that follows was left out\n"
		"row.utf8: bytes that are not UTF-8: 1\n"
		"  line 8: column 2 is not UTF-8\n"
		"field.missing: a required field is not there: 1\n"
		"  line 6: no ticket\n"
		"date.format: a date that is not written as the mapping says: 1\n"
		"  line 3: '2026-03-01' in 'occurred' is not written as 'D/M/YYYY HH:mm'\n"
		"date.missing: no date where one is needed: 1\n"
		"  line 4: no date in 'occurred'\n"
		"date.none: a date or time that does not exist: 1\n"
		"  line 2: '31/4/2026 09:05' in 'occurred' does not exist\n"
		"state.unknown: a state that the mapping does not know: 1\n"
		"  line 5: state 'Strange' is not in [states]\n"
		"order.impossible: an end before its start, a stop before the ticket was logged: 1\n"
		"  line 10: ticket 'T 2' changed before it was logged\n"
		"zone.twice: a local time that occurred twice, the first taken: 1\n"
		"  line 10: the local time occurred twice; the first is taken\n"},
	{.name = "an end without the counter of reopenings rising is none",
	 .mapping = AUDIT,
	 .zone = "UTC",
	 .input = HEAD "T1,Done,1/3/2026 09:05,0,0,1/3/2026 10:00,2 - Low,?,true\n"
		"T1,New,1/3/2026 10:00,1,0,1/3/2026 10:00,2 - Low,?,true\n",
	 .facts =
		"{\"id\":\"T1:logged\",\"kind\":\"ticket.logged\",\"occurred_at\":\"2026-03-01T10:00:00Z\",\"recorded_at\":\"2026-03-01T09:05:00Z\",\"party\":\"provider\",\"seq\":2,\"ticket\":\"T1\",\"priority\":\"P2\"}\n"
		"{\"id\":\"T1:0.restored\",\"kind\":\"ticket.restored\",\"occurred_at\":\"2026-03-01T09:05:00Z\",\"recorded_at\":\"2026-03-01T09:05:00Z\",\"party\":\"provider\",\"seq\":2,\"ticket\":\"T1\",\"author\":\"human\"}\n"
		"{\"id\":\"T1:0.resolved\",\"kind\":\"ticket.resolved\",\"occurred_at\":\"2026-03-01T09:05:00Z\",\"recorded_at\":\"2026-03-01T09:05:00Z\",\"party\":\"provider\",\"seq\":2,\"ticket\":\"T1\",\"author\":\"human\"}\n",
	 .report =
		"file: read as audit\n"
		"rows: 2 read, 2 taken, 0 skipped\n"
		"facts: 3 new, 0 already there, 0 in conflict\n"
		"dates without an offset: read as UTC\n"
		"observes: nothing by itself; outside what facts say, nothing is known\n"
		"flagged: future 1, out_of_order 2, minute_precision 3, same_time 2\n"
		"order.impossible: an end before its start, a stop before the ticket was logged: 1\n"
		"  line 2: ticket 'T1' changed before it was logged\n"
		"reopen.uncounted: left a final state, but the counter of reopenings did not rise: 1\n"
		"  line 3: ticket 'T1' is 'New' again, but its counter of reopenings did not rise: not taken as reopened\n"},
	{.name = "a list of tickets",
	 .input =
		"id,subject,status,priority,channel,service,site,assignee,created,assigned,first_response,resolved,closed,sla_met\n"
		"T1,\"printer, \"\"again\"\"\",open,High,email,helpdesk,hq,ann,2026-03-02T09:00:00Z,2026-03-02T09:10Z,2026-03-02T10:20:30+01:00,2026-03-02T12:00:00Z,2026-03-03T00:00:00Z,yes\n"
		"T2,x,open,Odd,-,,,,2026-03-02T09:00:00Z,,,2026-03-02T08:00:00Z,N/A,\n"
		"T1,again,open,High,email,helpdesk,hq,ann,2026-03-02T09:00:00Z,2026-03-02T09:10Z,2026-03-02T10:20:30+01:00,2026-03-02T13:00:00Z,2026-03-03T00:00:00Z,yes\n",
	 .facts =
		"{\"id\":\"T1:logged\",\"kind\":\"ticket.logged\",\"occurred_at\":\"2026-03-02T09:00:00Z\",\"recorded_at\":\"2026-03-02T09:00:00Z\",\"party\":\"provider\",\"ticket\":\"T1\",\"service\":\"helpdesk\",\"site\":\"hq\",\"channel\":\"email\",\"priority\":\"P2\"}\n"
		"{\"id\":\"T1:assigned\",\"kind\":\"ticket.assigned\",\"occurred_at\":\"2026-03-02T09:10:00Z\",\"recorded_at\":\"2026-03-02T09:10:00Z\",\"party\":\"provider\",\"ticket\":\"T1\",\"technician\":\"ann\"}\n"
		"{\"id\":\"T1:answered\",\"kind\":\"ticket.message\",\"occurred_at\":\"2026-03-02T09:20:30Z\",\"recorded_at\":\"2026-03-02T09:20:30Z\",\"party\":\"provider\",\"ticket\":\"T1\",\"author\":\"human\",\"visibility\":\"public\"}\n"
		"{\"id\":\"T1:restored\",\"kind\":\"ticket.restored\",\"occurred_at\":\"2026-03-02T12:00:00Z\",\"recorded_at\":\"2026-03-02T12:00:00Z\",\"party\":\"provider\",\"ticket\":\"T1\"}\n"
		"{\"id\":\"T1:resolved\",\"kind\":\"ticket.resolved\",\"occurred_at\":\"2026-03-02T12:00:00Z\",\"recorded_at\":\"2026-03-02T12:00:00Z\",\"party\":\"provider\",\"ticket\":\"T1\"}\n"
		"{\"id\":\"T1:closed\",\"kind\":\"ticket.closed\",\"occurred_at\":\"2026-03-03T00:00:00Z\",\"recorded_at\":\"2026-03-03T00:00:00Z\",\"party\":\"provider\",\"ticket\":\"T1\",\"reported_verdict\":\"met\"}\n"
		"{\"id\":\"T2:logged\",\"kind\":\"ticket.logged\",\"occurred_at\":\"2026-03-02T09:00:00Z\",\"recorded_at\":\"2026-03-02T09:00:00Z\",\"party\":\"provider\",\"ticket\":\"T2\",\"priority\":\"Odd\"}\n"
		"{\"id\":\"T2:restored\",\"kind\":\"ticket.restored\",\"occurred_at\":\"2026-03-02T08:00:00Z\",\"recorded_at\":\"2026-03-02T08:00:00Z\",\"party\":\"provider\",\"ticket\":\"T2\"}\n"
		"{\"id\":\"T2:resolved\",\"kind\":\"ticket.resolved\",\"occurred_at\":\"2026-03-02T08:00:00Z\",\"recorded_at\":\"2026-03-02T08:00:00Z\",\"party\":\"provider\",\"ticket\":\"T2\"}\n",
	 .report =
		"file: read as ticket_export\n"
		"rows: 3 read, 3 taken, 0 skipped\n"
		"facts: 9 new, 4 already there, 2 in conflict\n"
		"time of recording: not in the file; taken to be the time of occurrence\n"
		"observes: nothing by itself; outside what facts say, nothing is known\n"
		"flagged: out_of_order 2, minute_precision 1, same_time 4\n"
		"id.conflict: the same id twice with other content: 2\n"
		"  line 4: id 'T1:restored' was taken with other content on line 2 of file\n"
		"  line 4: id 'T1:resolved' was taken with other content on line 2 of file\n"
		"id.again: the same id and content again: taken once: 4\n"
		"  line 4: 'T1:logged' again, with the same content\n"
		"  line 4: 'T1:assigned' again, with the same content\n"
		"  line 4: 'T1:answered' again, with the same content\n"
		"  line 4: 'T1:closed' again, with the same content\n"
		"priority.unknown: a priority that the mapping does not know, kept as it is: 1\n"
		"  line 3: priority 'Odd' is not mapped; kept as it is\n"
		"order.impossible: an end before its start, a stop before the ticket was logged: 2\n"
		"  line 3: ticket 'T2' was restored before it was logged\n"
		"  line 3: ticket 'T2' was resolved before it was logged\n"},
};
/* clang-format on */

int main(void)
{
	run_cases(cases, ARRAY_SIZE(cases));
	return tap_done();
}
