/* SPDX-License-Identifier: Apache-2.0 */
/* The worked examples of sla.md section 11 that are about clocks, and the rules of section 3 one by one. */
#include "engine/clock.h"
#include "engine/windows.h"

#include "engine_fixture.h"

/* One metric of tickets, as written after `metrics:`; P1 to P3 are its priorities. */
static const char *one_metric(struct engine *e, const char *rules, const char *metric)
{
	return text_format(e->arena,
			   "  priorities: [{id: P1, name: high}, {id: P2, name: middle}, {id: P3, "
			   "name: low}]\n%s"
			   "  metrics:\n    - {id: m, kind: elapsed, %s, window: calendar_month}\n",
			   rules, metric)
		.p;
}

struct run {
	struct engine *engine;
	struct clock_engine *clocks;
	const struct clock *v;
	size_t n;
};

static struct run run_clocks(const char *rules, const char *metric, const char *facts,
			     const char *as_of)
{
	struct run r = {.engine = engine_new()};
	struct engine *e = r.engine;

	(void)engine_terms(e, "2026-01-01", one_metric(e, rules, metric));
	engine_facts(e, facts);

	instant t = engine_time(e, as_of);
	struct view *v = view_make(e->arena, e->facts, t, t);

	view_reports(v, e->versions[0].promise);
	r.clocks = clock_engine_new(e->arena, v, e->versions, e->n_versions, NULL);
	clock_engine_run(r.clocks);
	r.v = r.clocks->clocks;
	r.n = r.clocks->n_clocks;
	return r;
}

#define RESOLVE(target)                                                                            \
	"start: ticket.logged, stop: ticket.restored, targets: [{id: t, " target "}]"
#define PAUSED(target) RESOLVE(target) ", pause: [{id: c, while: ticket.waiting_client}]"
#define L(time) time " ticket.logged client ticket=T1 priority=P3\n"
#define WAIT(from, to)                                                                             \
	from " ticket.waiting_client provider ticket=T1\n" to " ticket.resumed provider "          \
	     "ticket=T1\n"

#define ANSWER(target) "start: ticket.logged, stop: ticket.answered, targets: [{id: t, " target "}]"
#define BOTH RESOLVE("within: 30min@desk, or_within: 2h")
#define RAISE                                                                                      \
	"start: ticket.logged, stop: ticket.restored, targets: [{id: a, priority: P1, within: "    \
	"4h}, {id: b, within: 8h@desk}]"
#define RAISED "2026-01-24 10:00 ticket.priority_set client ticket=T1 priority=P1\n"
#define LOWER                                                                                      \
	"start: ticket.logged, stop: ticket.restored, targets: [{id: a, priority: P1, within: "    \
	"30min}, {id: b, within: 8h@desk}]"
#define VENDOR(more)                                                                               \
	RESOLVE("within: 4h@desk") ", pause: [{id: v, while: ticket.waiting_vendor, " more "}]"
#define ASKED                                                                                      \
	RESOLVE("within: 4h@desk")                                                                 \
	", pause: [{id: c, while: ticket.waiting_client, proof: client_message}]"
#define NEXT                                                                                       \
	"start: ticket.client_message, stop: ticket.provider_message, targets: [{id: t, within: "  \
	"2h@desk}]"
#define UPDATE                                                                                     \
	"start: ticket.provider_message, stop: ticket.provider_message, targets: [{id: t, "        \
	"within: 2h@desk}]"
#define EXCHANGE                                                                                   \
	"2026-01-27 09:05 ticket.message client ticket=T1\n"                                       \
	"2026-01-27 09:30 ticket.message provider ticket=T1\n"                                     \
	"2026-01-27 10:00 ticket.message client ticket=T1\n"                                       \
	"2026-01-27 10:30 ticket.message client ticket=T1\n"                                       \
	"2026-01-27 11:30 ticket.message provider ticket=T1\n"                                     \
	"2026-01-27 12:30 ticket.message client ticket=T1\n"
#define MERGE                                                                                      \
	"2026-01-27 09:00 ticket.logged client ticket=T1 priority=P3\n"                            \
	"2026-01-27 09:30 ticket.logged client ticket=T2 priority=P3\n"                            \
	"2026-01-27 10:00 ticket.waiting_client provider ticket=T1\n"                              \
	"2026-01-27 10:30 ticket.waiting_client provider ticket=T2\n"                              \
	"2026-01-27 11:00 ticket.resumed provider ticket=T1\n"                                     \
	"2026-01-27 11:15 ticket.resumed provider ticket=T2\n"                                     \
	"2026-01-27 12:00 ticket.merged provider ticket=T1 into=T2\n"

#define DAY_OFF(recorded, calendar)                                                                \
	recorded " calendar.exception client calendar=" calendar " date=2026-02-04\n"

static const struct {
	const char *name, *rules, *metric, *facts, *as_of;
	size_t clock; /* which of the ticket's clocks */
	const char *due;
	enum clock_state state;
	int64_t used_min;
} cases[] = {
	{"W1 pause over a weekend", "", PAUSED("within: 4h@desk"),
	 L("2026-01-23 15:00") WAIT("2026-01-23 16:00", "2026-01-26 10:00"), "2026-01-26 10:00", 0,
	 "2026-01-26T18:00:00Z", CLOCK_RUNNING, 60},
	{"W1 without the pause", "", PAUSED("within: 4h@desk"), L("2026-01-23 15:00"),
	 "2026-01-23 15:00", 0, "2026-01-26T16:00:00Z", CLOCK_RUNNING, 0},
	{"W1 while paused there is no deadline", "", PAUSED("within: 4h@desk"),
	 L("2026-01-23 15:00") "2026-01-23 16:00 ticket.waiting_client provider ticket=T1\n",
	 "2026-01-26 10:00", 0, NULL, CLOCK_PAUSED, 60},
	{"W2 pause in the lunch break", "", PAUSED("within: 2h@split"),
	 L("2026-01-27 11:00") WAIT("2026-01-27 11:45", "2026-01-27 13:15"), "2026-01-27 13:15", 0,
	 "2026-01-27T19:30:00Z", CLOCK_RUNNING, 45},
	{"W2 inside the break only", "", PAUSED("within: 2h@split"),
	 L("2026-01-27 11:00") WAIT("2026-01-27 12:10", "2026-01-27 12:50"), "2026-01-27 13:15", 0,
	 "2026-01-27T19:00:00Z", CLOCK_RUNNING, 75},
	{"W3 into summer time", "", RESOLVE("within: 8h"), L("2026-03-08 00:30"),
	 "2026-03-08 01:00", 0, "2026-03-08T13:30:00Z", CLOCK_RUNNING, 30},
	{"W3 out of summer time", "", RESOLVE("within: 8h"), L("2026-11-01 00:30"),
	 "2026-11-01 00:30", 0, "2026-11-01T12:30:00Z", CLOCK_RUNNING, 0},
	{"W3 a civil day", "", RESOLVE("within: 1d"), L("2026-03-07 15:00"), "2026-03-07 15:00", 0,
	 "2026-03-08T19:00:00Z", CLOCK_RUNNING, 0},
	{"W3 24 hours", "", RESOLVE("within: 24h"), L("2026-03-07 15:00"), "2026-03-07 15:00", 0,
	 "2026-03-08T20:00:00Z", CLOCK_RUNNING, 0},
	{"W4 stop at the closing instant", "", RESOLVE("within: 8h@desk"),
	 L("2026-01-27 09:00") "2026-01-27 17:00 ticket.restored provider ticket=T1\n",
	 "2026-01-28 12:00", 0, "2026-01-27T22:00:00Z", CLOCK_MET, 480},
	{"W4 a millisecond later", "", RESOLVE("within: 8h@desk"),
	 L("2026-01-27 09:00") "2026-01-27 17:00:00.001 ticket.restored provider ticket=T1\n",
	 "2026-01-28 12:00", 0, "2026-01-27T22:00:00Z", CLOCK_MISSED, 480},
	{"W4 next_open", "", RESOLVE("within: 8h@desk") ", at_closing: next_open",
	 L("2026-01-27 09:00") "2026-01-27 17:00:00.001 ticket.restored provider ticket=T1\n",
	 "2026-01-28 12:00", 0, "2026-01-28T14:00:00Z", CLOCK_MET, 480},
	{"W5 a business day", "", RESOLVE("within: 1bd@desk"), L("2026-02-13 16:20"),
	 "2026-02-13 16:20", 0, "2026-02-17T21:20:00Z", CLOCK_RUNNING, 0},
	{"W5 by 17:00", "", RESOLVE("within: 1bd@desk, by: \"17:00\""), L("2026-02-13 16:20"),
	 "2026-02-13 16:20", 0, "2026-02-17T22:00:00Z", CLOCK_RUNNING, 0},
	{"W5 paused", "", PAUSED("within: 1bd@desk"),
	 L("2026-02-13 16:20") WAIT("2026-02-13 16:30", "2026-02-17 10:00"), "2026-02-17 10:00", 0,
	 "2026-02-18T14:50:00Z", CLOCK_RUNNING, 10},
	{"W7 continue, first result", "", RESOLVE("within: 8h@desk"),
	 L("2026-02-02 10:00") "2026-02-02 15:00 ticket.restored provider ticket=T1\n"
			       "2026-02-04 11:00 ticket.reopened client ticket=T1\n"
			       "2026-02-04 14:20 ticket.restored provider ticket=T1\n",
	 "2026-03-01 00:00", 0, "2026-02-03T15:00:00Z", CLOCK_MET, 300},
	{"W7 continue, the goal goes on", "", RESOLVE("within: 8h@desk"),
	 L("2026-02-02 10:00") "2026-02-02 15:00 ticket.restored provider ticket=T1\n"
			       "2026-02-04 11:00 ticket.reopened client ticket=T1\n"
			       "2026-02-04 14:20 ticket.restored provider ticket=T1\n",
	 "2026-03-01 00:00", 1, "2026-02-04T19:00:00Z", CLOCK_MISSED, 500},
	{"W7 new_cycle", "", RESOLVE("within: 8h@desk") ", reopen: new_cycle",
	 L("2026-02-02 10:00") "2026-02-02 15:00 ticket.restored provider ticket=T1\n"
			       "2026-02-04 11:00 ticket.reopened client ticket=T1\n"
			       "2026-02-04 14:20 ticket.restored provider ticket=T1\n",
	 "2026-03-01 00:00", 1, "2026-02-05T16:00:00Z", CLOCK_MET, 200},
	/* W8: 1 h of P3 used, raised on Saturday */
	{"W8 from_start", "", RAISE, L("2026-01-23 16:00") RAISED, "2026-01-24 10:00", 0,
	 "2026-01-24T15:00:00Z", CLOCK_AT_RISK, 1080},
	{"W8 from_start, breached 1 ms later", "", RAISE, L("2026-01-23 16:00") RAISED,
	 "2026-01-24 10:00:00.001", 0, "2026-01-24T15:00:00Z", CLOCK_BREACHED, 1080},
	{"W8 carry_elapsed", "  priority_rules: {on_change: carry_elapsed}\n", RAISE,
	 L("2026-01-23 16:00") RAISED, "2026-01-24 10:00", 0, "2026-01-24T18:00:00Z", CLOCK_RUNNING,
	 60},
	{"W8 from_change", "  priority_rules: {on_change: from_change}\n", RAISE,
	 L("2026-01-23 16:00") RAISED, "2026-01-24 10:00", 0, "2026-01-24T19:00:00Z", CLOCK_RUNNING,
	 0},

	{"W9 Friday 16:50, at the desk", "", RESOLVE("within: 30min@desk"), L("2026-01-23 16:50"),
	 "2026-01-23 16:50", 0, "2026-01-26T14:20:00Z", CLOCK_RUNNING, 0},
	{"W9 Friday 16:50, both", "", BOTH, L("2026-01-23 16:50"), "2026-01-23 16:50", 0,
	 "2026-01-23T23:50:00Z", CLOCK_RUNNING, 0},
	{"W9 Monday 08:30, both", "", BOTH, L("2026-01-26 08:30"), "2026-01-26 08:30", 0,
	 "2026-01-26T14:30:00Z", CLOCK_RUNNING, 0},
	{"W9 Monday 08:30, day and night", "", RESOLVE("within: 2h"), L("2026-01-26 08:30"),
	 "2026-01-26 08:30", 0, "2026-01-26T15:30:00Z", CLOCK_RUNNING, 0},
	{"W9 Saturday 14:00, at the desk", "", RESOLVE("within: 30min@desk"), L("2026-01-24 14:00"),
	 "2026-01-24 14:00", 0, "2026-01-26T14:30:00Z", CLOCK_RUNNING, 0},
	{"W9 Saturday 14:00, both", "", BOTH, L("2026-01-24 14:00"), "2026-01-24 14:00", 0,
	 "2026-01-24T21:00:00Z", CLOCK_RUNNING, 0},

	/* W19: all of it at one instant */
	{"W19 logged and answered", "", ANSWER("within: 1h@desk"),
	 L("2026-01-27 10:00") "2026-01-27 10:00 ticket.message provider ticket=T1\n",
	 "2026-01-27 12:00", 0, "2026-01-27T16:00:00Z", CLOCK_MET, 0},
	{"W19 restored and reopened", "", RESOLVE("within: 8h@desk"),
	 L("2026-01-27 09:00") "2026-01-27 10:00 ticket.reopened client ticket=T1\n"
			       "2026-01-27 10:00 ticket.restored provider ticket=T1\n",
	 "2026-01-27 12:00", 1, "2026-01-27T22:00:00Z", CLOCK_RUNNING, 180},
	{"W19 waiting and client message", "", PAUSED("within: 8h@desk"),
	 L("2026-01-27 09:00") "2026-01-27 10:00 ticket.message client ticket=T1\n"
			       "2026-01-27 10:00 ticket.waiting_client provider ticket=T1\n",
	 "2026-01-27 12:00", 0, "2026-01-27T22:00:00Z", CLOCK_RUNNING, 180},
	{"W19 priority lowered and restored", "", LOWER,
	 "2026-01-27 09:00 ticket.logged client ticket=T1 priority=P1\n"
	 "2026-01-27 10:00 ticket.priority_agreed client ticket=T1 priority=P3\n"
	 "2026-01-27 10:00 ticket.restored provider ticket=T1\n",
	 "2026-01-27 12:00", 0, "2026-01-27T14:30:00Z", CLOCK_MISSED, 60},

	/* R24 */
	{"R24 an automatic reply is no answer", "", ANSWER("within: 1h@desk"),
	 L("2026-01-27 09:00") "2026-01-27 09:10 ticket.message provider ticket=T1 "
			       "author=automatic\n",
	 "2026-01-27 09:30", 0, "2026-01-27T15:00:00Z", CLOCK_RUNNING, 30},
	{"R24 an internal note is no answer", "", ANSWER("within: 1h@desk"),
	 L("2026-01-27 09:00") "2026-01-27 09:10 ticket.message provider ticket=T1 "
			       "visibility=internal\n",
	 "2026-01-27 09:50", 0, "2026-01-27T15:00:00Z", CLOCK_AT_RISK, 50},
	{"R24 the client's own message is no answer", "", ANSWER("within: 1h@desk"),
	 L("2026-01-27 09:00") "2026-01-27 09:10 ticket.message client ticket=T1\n",
	 "2026-01-27 10:00:00.001", 0, "2026-01-27T15:00:00Z", CLOCK_BREACHED, 60},
	{"R24 restoring answers", "", ANSWER("within: 1h@desk"),
	 L("2026-01-27 09:00") "2026-01-27 09:10 ticket.restored provider ticket=T1\n",
	 "2026-01-27 12:00", 0, "2026-01-27T15:00:00Z", CLOCK_MET, 10},
	{"R24 a call taken live", "", ANSWER("within: 1h@desk"),
	 "2026-01-27 09:00 ticket.logged provider ticket=T1 priority=P3 live=true channel=phone\n",
	 "2026-01-27 12:00", 0, "2026-01-27T15:00:00Z", CLOCK_MET, 0},
	{"R24 an alarm has no first response", "", ANSWER("within: 1h@desk"),
	 "2026-01-27 09:00 ticket.logged monitor ticket=T1 priority=P3\n", "2026-01-27 12:00", 0,
	 NULL, CLOCK_VOID, 0},
	{"R24 nor has the provider's own ticket", "", ANSWER("within: 1h@desk"),
	 "2026-01-27 09:00 ticket.logged provider ticket=T1 priority=P3\n", "2026-01-27 12:00", 0,
	 NULL, CLOCK_VOID, 0},
	{"R24 an alarm is resolved like any other", "", RESOLVE("within: 4h@desk"),
	 "2026-01-27 09:00 ticket.logged monitor ticket=T1 priority=P3\n", "2026-01-27 12:00", 0,
	 "2026-01-27T18:00:00Z", CLOCK_AT_RISK, 180},

	/* R27 */
	{"R27 a client message ends waiting for the client", "", PAUSED("within: 4h@desk"),
	 L("2026-01-27 09:00") "2026-01-27 10:00 ticket.waiting_client provider ticket=T1\n"
			       "2026-01-27 11:00 ticket.message client ticket=T1\n",
	 "2026-01-27 11:30", 0, "2026-01-27T19:00:00Z", CLOCK_RUNNING, 90},
	{"R27 until a date the client chose", "", PAUSED("within: 4h@desk"),
	 L("2026-01-27 09:00") "2026-01-27 10:00 ticket.waiting_client provider ticket=T1 "
			       "until=2026-01-27T12:00\n",
	 "2026-01-27 13:00", 0, "2026-01-27T20:00:00Z", CLOCK_RUNNING, 120},
	{"R27 a pause that no metric lists runs", "", PAUSED("within: 4h@desk"),
	 L("2026-01-27 09:00") "2026-01-27 10:00 ticket.waiting_vendor provider ticket=T1\n",
	 "2026-01-27 11:00", 0, "2026-01-27T18:00:00Z", CLOCK_RUNNING, 120},
	{"R27 a pause of another kind ends it", "", PAUSED("within: 4h@desk"),
	 L("2026-01-27 09:00") "2026-01-27 10:00 ticket.waiting_client provider ticket=T1\n"
			       "2026-01-27 11:00 ticket.waiting_vendor provider ticket=T1\n",
	 "2026-01-27 12:00", 0, "2026-01-27T19:00:00Z", CLOCK_RUNNING, 120},
	{"R27 beyond its allowance the clock runs", "", VENDOR("max: 2h@desk"),
	 L("2026-01-27 09:00") "2026-01-27 10:00 ticket.waiting_vendor provider ticket=T1\n",
	 "2026-01-27 13:00", 0, "2026-01-27T20:00:00Z", CLOCK_RUNNING, 120},
	{"R27 the allowance is for all pauses of a ticket", "", VENDOR("max: 2h@desk"),
	 L("2026-01-27 09:00") "2026-01-27 10:00 ticket.waiting_vendor provider ticket=T1\n"
			       "2026-01-27 11:30 ticket.resumed provider ticket=T1\n"
			       "2026-01-27 12:00 ticket.waiting_vendor provider ticket=T1\n",
	 "2026-01-27 14:00", 0, "2026-01-27T20:00:00Z", CLOCK_AT_RISK, 180},
	{"R27 an allowance in business days", "", VENDOR("max: 1bd@desk"),
	 L("2026-01-23 15:00") "2026-01-23 16:00 ticket.waiting_vendor provider ticket=T1\n",
	 "2026-01-26 17:00", 0, "2026-01-27T16:00:00Z", CLOCK_RUNNING, 120},
	{"R27 no supplier's number", "", VENDOR("proof: supplier_ticket"),
	 L("2026-01-27 09:00") "2026-01-27 10:00 ticket.waiting_vendor provider ticket=T1\n",
	 "2026-01-27 11:00", 0, "2026-01-27T18:00:00Z", CLOCK_RUNNING, 120},
	{"R27 with the supplier's number", "", VENDOR("proof: supplier_ticket"),
	 L("2026-01-27 09:00") "2026-01-27 10:00 ticket.waiting_vendor provider ticket=T1 "
			       "supplier_ticket=S-9\n",
	 "2026-01-27 11:00", 0, NULL, CLOCK_PAUSED, 60},
	{"R27 waiting without a question", "", ASKED,
	 L("2026-01-27 09:00") "2026-01-27 10:00 ticket.waiting_client provider ticket=T1\n",
	 "2026-01-27 11:00", 0, "2026-01-27T18:00:00Z", CLOCK_RUNNING, 120},
	{"R27 a question that was answered", "", ASKED,
	 L("2026-01-27 09:00") "2026-01-27 09:10 ticket.message provider ticket=T1 asks=true\n"
			       "2026-01-27 09:20 ticket.message client ticket=T1\n"
			       "2026-01-27 10:00 ticket.waiting_client provider ticket=T1\n",
	 "2026-01-27 11:00", 0, "2026-01-27T18:00:00Z", CLOCK_RUNNING, 120},
	{"R27 a question that stands", "", ASKED,
	 L("2026-01-27 09:00") "2026-01-27 10:00 ticket.waiting_client provider ticket=T1\n"
			       "2026-01-27 10:00 ticket.message provider ticket=T1 asks=true\n",
	 "2026-01-27 11:00", 0, NULL, CLOCK_PAUSED, 60},
	{"R28 the breach came before the pause", "", PAUSED("within: 1h@desk"),
	 L("2026-01-27 09:00") "2026-01-27 10:30 ticket.waiting_client provider ticket=T1\n",
	 "2026-01-27 11:00", 0, "2026-01-27T15:00:00Z", CLOCK_BREACHED, 90},

	/* R31, R32 */
	{"R32 lowering by one party does not count", "", LOWER,
	 "2026-01-27 09:00 ticket.logged client ticket=T1 priority=P1\n"
	 "2026-01-27 09:10 ticket.priority_set provider ticket=T1 priority=P3\n",
	 "2026-01-27 09:20", 0, "2026-01-27T14:30:00Z", CLOCK_RUNNING, 20},
	{"R32 the less urgent one while disputed", "  priority_rules: {if_disputed: lower}\n",
	 LOWER,
	 "2026-01-27 09:00 ticket.logged client ticket=T1 priority=P1\n"
	 "2026-01-27 09:10 ticket.priority_set provider ticket=T1 priority=P3\n",
	 "2026-01-27 09:20", 0, "2026-01-27T22:00:00Z", CLOCK_RUNNING, 20},
	{"R32 lowering agreed", "", LOWER,
	 "2026-01-27 09:00 ticket.logged client ticket=T1 priority=P1\n"
	 "2026-01-27 09:10 ticket.priority_agreed client ticket=T1 priority=P3\n",
	 "2026-01-27 09:20", 0, "2026-01-27T22:00:00Z", CLOCK_RUNNING, 20},
	{"R32 the provider decides", "  priority_rules: {final: provider}\n", LOWER,
	 "2026-01-27 09:00 ticket.logged client ticket=T1 priority=P1\n"
	 "2026-01-27 09:10 ticket.priority_set provider ticket=T1 priority=P3\n"
	 "2026-01-27 09:15 ticket.priority_set client ticket=T1 priority=P1\n",
	 "2026-01-27 09:20", 0, "2026-01-27T22:00:00Z", CLOCK_RUNNING, 20},
	{"R32 the client decides", "  priority_rules: {final: client}\n", LOWER,
	 "2026-01-27 09:00 ticket.logged client ticket=T1 priority=P3\n"
	 "2026-01-27 09:05 ticket.priority_set provider ticket=T1 priority=P3\n"
	 "2026-01-27 09:10 ticket.priority_set client ticket=T1 priority=P1\n",
	 "2026-01-27 09:20", 0, "2026-01-27T14:30:00Z", CLOCK_RUNNING, 20},
	{"R31 a breach is never undone", "", LOWER,
	 "2026-01-27 09:00 ticket.logged client ticket=T1 priority=P1\n"
	 "2026-01-27 09:31 ticket.priority_agreed client ticket=T1 priority=P3\n",
	 "2026-01-27 09:40", 0, "2026-01-27T14:30:00Z", CLOCK_BREACHED, 40},

	/* R33, R35 */
	{"R33 the clock goes on after the reopening", "", RESOLVE("within: 8h@desk"),
	 L("2026-02-02 10:00") "2026-02-02 15:00 ticket.restored provider ticket=T1\n"
			       "2026-02-04 11:00 ticket.reopened client ticket=T1\n",
	 "2026-02-04 12:30", 1, "2026-02-04T19:00:00Z", CLOCK_AT_RISK, 390},
	{"R35 cancelled by the client in time", "", RESOLVE("within: 4h@desk"),
	 L("2026-01-27 09:00") "2026-01-27 10:00 ticket.cancelled client ticket=T1\n",
	 "2026-01-28 12:00", 0, NULL, CLOCK_VOID, 60},
	{"R35 cancelled by the client too late", "", RESOLVE("within: 4h@desk"),
	 L("2026-01-27 09:00") "2026-01-27 14:00 ticket.cancelled client ticket=T1\n",
	 "2026-01-28 12:00", 0, "2026-01-27T18:00:00Z", CLOCK_MISSED, 300},
	{"R35 cancelled by the provider counts as resolved", "", RESOLVE("within: 4h@desk"),
	 L("2026-01-27 09:00") "2026-01-27 10:00 ticket.cancelled provider ticket=T1\n",
	 "2026-01-28 12:00", 0, "2026-01-27T18:00:00Z", CLOCK_MET, 60},
	{"R35 out of scope", "", RESOLVE("within: 4h@desk"),
	 L("2026-01-27 09:00") "2026-01-27 10:00 ticket.scope_set provider ticket=T1 "
			       "in_scope=false\n",
	 "2026-01-28 12:00", 0, NULL, CLOCK_VOID, 0},
	{"R35 stopped before it began", "", RESOLVE("within: 4h@desk"),
	 L("2026-01-27 09:00") "2026-01-26 10:00 ticket.restored provider ticket=T1\n",
	 "2026-01-28 12:00", 0, NULL, CLOCK_VOID, 0},
	{"R35 the service ended first", "", RESOLVE("within: 4h@desk"), L("2028-12-29 15:00"),
	 "2029-01-10 12:00", 0, NULL, CLOCK_VOID, 120},
	{"R35 late when the service ended", "", RESOLVE("within: 1h@desk"), L("2028-12-29 15:00"),
	 "2029-01-10 12:00", 0, "2028-12-29T21:00:00Z", CLOCK_BREACHED, 120},
	{"R14 closing implies restoring", "", RESOLVE("within: 4h@desk"),
	 L("2026-01-27 09:00") "2026-01-27 10:00 ticket.closed provider ticket=T1\n",
	 "2026-01-28 12:00", 0, "2026-01-27T18:00:00Z", CLOCK_MET, 60},
	{"no priority, and no target for the rest", "",
	 RESOLVE("priority: P1, within: 4h}, {id: u, priority: P2, within: 4h}, {id: v, priority: "
		 "P3, within: 4h"),
	 "2026-01-27 09:00 ticket.logged client ticket=T1\n", "2026-01-28 12:00", 0, NULL,
	 CLOCK_VOID, 0},
	{"a workaround does not resolve", "",
	 "start: ticket.logged, stop: ticket.resolved, targets: [{id: t, within: 4h@desk}]",
	 L("2026-01-27 09:00") "2026-01-27 10:00 ticket.restored provider ticket=T1 "
			       "workaround=true\n",
	 "2026-01-27 11:00", 0, "2026-01-27T18:00:00Z", CLOCK_RUNNING, 120},

	/* R25: exchanges; the update interval */
	{"next response: the first message counts", "", NEXT, L("2026-01-27 09:00") EXCHANGE,
	 "2026-01-27 13:00", 0, "2026-01-27T17:00:00Z", CLOCK_MET, 90},
	{"next response: a second exchange", "", NEXT, L("2026-01-27 09:00") EXCHANGE,
	 "2026-01-27 13:00", 1, "2026-01-27T19:30:00Z", CLOCK_RUNNING, 30},
	{"update: from the answer to the next message", "", UPDATE, L("2026-01-27 09:00") EXCHANGE,
	 "2026-01-27 13:00", 0, "2026-01-27T16:30:00Z", CLOCK_MET, 120},
	{"update: from there on", "", UPDATE, L("2026-01-27 09:00") EXCHANGE, "2026-01-27 13:00", 1,
	 "2026-01-27T18:30:00Z", CLOCK_AT_RISK, 90},
	{"dispatch", "",
	 "start: ticket.logged, stop: ticket.assigned, targets: [{id: t, within: "
	 "30min}]",
	 L("2026-01-27 09:00") "2026-01-27 09:31 ticket.assigned provider ticket=T1\n",
	 "2026-01-27 13:00", 0, "2026-01-27T14:30:00Z", CLOCK_MISSED, 31},

	/* R34 */
	{"R34 the merged ticket's clock is void", "", PAUSED("within: 8h@desk"), MERGE,
	 "2026-01-27 12:00", 0, NULL, CLOCK_VOID, 120},
	{"R34 the survivor starts at the earliest receipt, paused only while both are", "",
	 PAUSED("within: 8h@desk"), MERGE, "2026-01-27 12:00", 1, "2026-01-28T14:30:00Z",
	 CLOCK_RUNNING, 150},
	{"R34 the most urgent priority", "", LOWER,
	 "2026-01-27 09:00 ticket.logged client ticket=T1 priority=P1\n"
	 "2026-01-27 09:05 ticket.logged client ticket=T2 priority=P3\n"
	 "2026-01-27 09:10 ticket.merged provider ticket=T1 into=T2\n",
	 "2026-01-27 09:20", 1, "2026-01-27T14:30:00Z", CLOCK_RUNNING, 20},
	{"R34 an answer on any member", "", ANSWER("within: 1h@desk"),
	 "2026-01-27 09:00 ticket.logged client ticket=T1 priority=P3\n"
	 "2026-01-27 09:05 ticket.logged client ticket=T2 priority=P3\n"
	 "2026-01-27 09:20 ticket.message provider ticket=T1\n"
	 "2026-01-27 09:30 ticket.merged provider ticket=T1 into=T2\n",
	 "2026-01-27 12:00", 1, "2026-01-27T15:00:00Z", CLOCK_MET, 20},
	{"R34 a circle is ignored", "", RESOLVE("within: 8h@desk"),
	 "2026-01-27 09:00 ticket.logged client ticket=T1 priority=P3\n"
	 "2026-01-27 09:05 ticket.logged client ticket=T2 priority=P3\n"
	 "2026-01-27 09:10 ticket.merged provider ticket=T1 into=T2\n"
	 "2026-01-27 09:20 ticket.merged provider ticket=T2 into=T1\n",
	 "2026-01-27 10:00", 1, "2026-01-27T22:00:00Z", CLOCK_RUNNING, 60},
	{"R34 a merge into a closed ticket is ignored", "", RESOLVE("within: 8h@desk"),
	 "2026-01-27 09:00 ticket.logged client ticket=T1 priority=P3\n"
	 "2026-01-27 09:05 ticket.logged client ticket=T2 priority=P3\n"
	 "2026-01-27 09:10 ticket.closed provider ticket=T2\n"
	 "2026-01-27 09:20 ticket.merged provider ticket=T1 into=T2\n",
	 "2026-01-27 10:00", 0, "2026-01-27T22:00:00Z", CLOCK_RUNNING, 60},
	{"R34 a split inherits start and pauses", "", PAUSED("within: 8h@desk"),
	 L("2026-01-27 09:00") WAIT(
		 "2026-01-27 10:00",
		 "2026-01-27 11:00") "2026-01-27 12:00 ticket.split provider ticket=T1 into=T2\n"
				     "2026-01-27 12:00 ticket.message provider ticket=T2\n",
	 "2026-01-27 13:00", 1, "2026-01-28T15:00:00Z", CLOCK_RUNNING, 180},

	/* R3 */
	{"R3 a day proclaimed later", "", RESOLVE("within: 8h@desk"),
	 DAY_OFF("2026-02-03 20:00", "desk") L("2026-02-03 13:00"), "2026-02-05 10:00", 0,
	 "2026-02-05T18:00:00Z", CLOCK_RUNNING, 300},
	{"R3 a business day", "", RESOLVE("within: 1bd@desk"),
	 DAY_OFF("2026-02-03 20:00", "desk") L("2026-02-03 16:20"), "2026-02-05 10:00", 0,
	 "2026-02-05T21:20:00Z", CLOCK_RUNNING, 100},
	{"R3 proclaimed on that very day", "", RESOLVE("within: 8h@desk"),
	 DAY_OFF("2026-02-04 00:00", "desk") L("2026-02-03 13:00"), "2026-02-04 10:00", 0,
	 "2026-02-04T18:00:00Z", CLOCK_RUNNING, 300},
	{"R3 on another calendar", "", RESOLVE("within: 8h@desk"),
	 DAY_OFF("2026-02-03 20:00", "split") L("2026-02-03 13:00"), "2026-02-04 10:00", 0,
	 "2026-02-04T18:00:00Z", CLOCK_RUNNING, 300},
	{"R3 day and night has no days off", "", RESOLVE("within: 30h"),
	 DAY_OFF("2026-02-03 20:00", "desk") L("2026-02-03 13:00"), "2026-02-04 10:00", 0,
	 "2026-02-05T00:00:00Z", CLOCK_RUNNING, 1260},
	{"R3 together with a pause", "", PAUSED("within: 8h@desk"),
	 DAY_OFF("2026-02-03 20:00", "desk") L("2026-02-03 13:00")
		 WAIT("2026-02-03 16:00", "2026-02-05 10:00"),
	 "2026-02-05 10:00", 0, "2026-02-05T20:00:00Z", CLOCK_RUNNING, 180},

	/* other subjects */
	{"an outage", "", "start: outage.began, stop: outage.ended, targets: [{id: t, within: 4h}]",
	 "2026-01-24 09:00 outage.began monitor outage=O1 assets=server\n"
	 "2026-01-24 10:00 outage.began monitor outage=O2 assets=server\n"
	 "2026-01-24 10:00 outage.ended monitor outage=O1\n",
	 "2026-01-24 11:00", 0, "2026-01-24T18:00:00Z", CLOCK_MET, 60},
	{"an open outage", "",
	 "start: outage.began, stop: outage.ended, targets: [{id: t, within: "
	 "4h}]",
	 "2026-01-24 09:00 outage.began monitor outage=O1 assets=server\n"
	 "2026-01-24 10:00 outage.began monitor outage=O2 assets=server\n"
	 "2026-01-24 10:00 outage.ended monitor outage=O1\n",
	 "2026-01-24 11:00", 1, "2026-01-24T19:00:00Z", CLOCK_RUNNING, 60},
	{"a patch, in civil days", "",
	 "start: patch.released, stop: patch.installed, targets: [{id: t, within: 14d}]",
	 "2026-03-01 12:00 patch.released provider subject=KB1\n", "2026-03-10 12:00", 0,
	 "2026-03-15T16:00:00Z", CLOCK_RUNNING, 9 * 1440 - 60},
};

static void state_is(const struct clock *c, enum clock_state want, const char *name)
{
	(void)is_i64(c->state, want, "%s: state", name);
}

static void worked_examples(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct run r =
			run_clocks(cases[i].rules, cases[i].metric, cases[i].facts, cases[i].as_of);

		if (!ok(r.n > cases[i].clock, "%s: has the clock", cases[i].name)) {
			engine_free(r.engine);
			continue;
		}

		const struct clock *c = &r.v[cases[i].clock];

		(void)is_instant(c->deadline,
				 cases[i].due == NULL ? INSTANT_NONE
						      : engine_time(r.engine, cases[i].due),
				 cases[i].name);
		state_is(c, cases[i].state, cases[i].name);
		(void)is_i64(c->used_ms / MINUTE_MS, cases[i].used_min, "%s: minutes used",
			     cases[i].name);
		(void)is_i64(c->left_ms, c->goal_ms - c->used_ms, "%s: left", cases[i].name);
		engine_free(r.engine);
	}
}

/* --- why a clock is void, and what is said about facts --- */

static const struct {
	const char *name, *metric, *facts;
	size_t clock;
	enum void_reason reason;
	size_t fact;    /* the fact whose flags are looked at */
	unsigned flags; /* all of them */
} marks[] = {
	{"cancelled", RESOLVE("within: 4h@desk"),
	 L("2026-01-27 09:00") "2026-01-27 10:00 ticket.cancelled client ticket=T1\n", 0,
	 VOID_CANCELLED, 1, 0},
	{"merged", PAUSED("within: 8h@desk"), MERGE, 0, VOID_MERGED, 6, 0},
	{"out of scope", RESOLVE("within: 4h@desk"),
	 L("2026-01-27 09:00") "2026-01-27 10:00 ticket.scope_set provider ticket=T1 "
			       "in_scope=false\n",
	 0, VOID_OUT_OF_SCOPE, 1, 0},
	{"stop before start", RESOLVE("within: 4h@desk"),
	 L("2026-01-27 09:00") "2026-01-26 10:00 ticket.restored provider ticket=T1\n", 0,
	 VOID_STOP_BEFORE_START, 1, FLAG_OUT_OF_ORDER},
	{"an alarm", ANSWER("within: 4h@desk"),
	 "2026-01-27 09:00 ticket.logged monitor ticket=T1 priority=P3\n", 0, VOID_MONITOR_TICKET,
	 0, 0},
	{"before the service", RESOLVE("within: 4h@desk"), L("2025-12-31 09:00"), 0,
	 VOID_BEFORE_SERVICE, 0, 0},
	{"restoring is implied", RESOLVE("within: 4h@desk"),
	 L("2026-01-27 09:00") "2026-01-27 10:00 ticket.resolved provider ticket=T1\n", 0,
	 VOID_NONE, 1, FLAG_IMPLIED},
	{"restored and then closed implies nothing", RESOLVE("within: 4h@desk"),
	 L("2026-01-27 09:00") "2026-01-27 10:00 ticket.restored provider ticket=T1\n"
			       "2026-01-27 10:30 ticket.closed provider ticket=T1\n",
	 0, VOID_NONE, 2, 0},
	{"resumed without a pause", RESOLVE("within: 4h@desk"),
	 L("2026-01-27 09:00") "2026-01-27 10:00 ticket.resumed provider ticket=T1\n", 0, VOID_NONE,
	 1, FLAG_OUT_OF_ORDER},
	{"resumed after the client wrote", PAUSED("within: 4h@desk"),
	 L("2026-01-27 09:00") "2026-01-27 10:00 ticket.waiting_client provider ticket=T1\n"
			       "2026-01-27 11:00 ticket.message client ticket=T1\n"
			       "2026-01-27 11:10 ticket.resumed provider ticket=T1\n",
	 0, VOID_NONE, 3, 0},
	{"reopened without an end", RESOLVE("within: 4h@desk"),
	 L("2026-01-27 09:00") "2026-01-27 10:00 ticket.reopened client ticket=T1\n", 0, VOID_NONE,
	 1, FLAG_OUT_OF_ORDER},
	{"a message on a merged ticket", PAUSED("within: 8h@desk"),
	 MERGE "2026-01-27 12:30 ticket.message client ticket=T1\n", 0, VOID_MERGED, 7,
	 FLAG_OUT_OF_ORDER},
	{"no proof", VENDOR("proof: supplier_ticket"),
	 L("2026-01-27 09:00") "2026-01-27 10:00 ticket.waiting_vendor provider ticket=T1\n", 0,
	 VOID_NONE, 1, FLAG_UNPROVEN},
	{"a date that the client chose", PAUSED("within: 4h@desk"),
	 L("2026-01-27 09:00") "2026-01-27 10:00 ticket.waiting_client provider ticket=T1 "
			       "until=2026-01-27T12:00\n",
	 0, VOID_NONE, 1, 0},
};

static void reasons(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(marks); i++) {
		struct run r = run_clocks("", marks[i].metric, marks[i].facts, "2026-01-28 12:00");

		if (ok(r.n > marks[i].clock, "%s: has the clock", marks[i].name))
			(void)is_i64(r.v[marks[i].clock].reason, marks[i].reason, "%s: reason",
				     marks[i].name);
		(void)is_i64(r.clocks->view->flags[marks[i].fact], marks[i].flags, "%s: flags",
			     marks[i].name);
		engine_free(r.engine);
	}
}

/* --- detail --- */

static bool same_clock(const struct clock *x, const struct clock *y)
{
	return x->subject == y->subject && x->cycle == y->cycle && x->state == y->state &&
	       x->start == y->start && x->stop == y->stop && x->deadline == y->deadline &&
	       x->settled == y->settled && x->goal_ms == y->goal_ms && x->used_ms == y->used_ms;
}

static struct clock_detail detail_of(struct run *r, size_t clock)
{
	struct clock_detail d = {.by_min = -1};
	struct recorder rec = {.arena = r->engine->arena, .detail = &d};

	clock_again(r->clocks, &r->v[clock], &rec);
	(void)ok(same_clock(&rec.clock, &r->v[clock]), "the same clock again is the same clock");
	return d;
}

static void w23_thresholds(void)
{
	static const char *const at[] = {"2026-01-26T16:00:00Z", "2026-01-26T18:00:00Z",
					 "2026-01-26T19:12:00Z", "2026-01-26T20:00:00Z"};
	struct run r = run_clocks("", RESOLVE("within: 8h@desk"), L("2026-01-23 15:00"),
				  "2026-01-26 12:00");
	struct clock_detail d = detail_of(&r, 0);
	struct timeline after = {r.engine->versions[0].promise->calendars[0].calendar,
				 AT_CLOSING_CLOSE, NULL, 0};
	instant t = 0;

	for (size_t i = 0; i < ARRAY_SIZE(at); i++)
		(void)is_instant(d.thresholds[i].at, engine_time(r.engine, at[i]), "W23 threshold");
	(void)ok(timeline_reach(&after, r.v[0].deadline, 2 * HOUR_MS, &t), "W23 after");
	(void)is_instant(t, engine_time(r.engine, "2026-01-26T22:00:00Z"), "W23 after: 2h@desk");
	engine_free(r.engine);
}

/* W2: the pause of 90 min costs 30 min of open time; the pieces tell the whole life without gaps. */
static void pieces(void)
{
	static const enum piece_kind kinds[] = {PIECE_RAN, PIECE_PAUSED, PIECE_RAN};
	struct run r =
		run_clocks("", PAUSED("within: 2h@split"),
			   L("2026-01-27 11:00") WAIT("2026-01-27 11:45", "2026-01-27 13:15"),
			   "2026-01-27 14:00");
	struct clock_detail d = detail_of(&r, 0);

	(void)is_i64((int64_t)d.n_pieces, 3, "pieces");
	for (size_t i = 0; i < d.n_pieces && i < ARRAY_SIZE(kinds); i++) {
		(void)is_i64(d.pieces[i].kind, kinds[i], "piece %zu", i);
		if (i > 0)
			(void)is_i64(d.pieces[i].span.from, d.pieces[i - 1].span.to, "no gap");
	}
	(void)is_instant(d.unpaused_deadline, engine_time(r.engine, "2026-01-27T19:00:00Z"),
			 "unpaused");
	(void)is_i64(d.paused_ms, 30 * MINUTE_MS, "open time lost");
	(void)is_i64((int64_t)d.n_facts, 3, "facts");
	(void)ok(d.pieces != NULL && d.pieces[1].event == EVENT_WAITING_CLIENT,
		 "what it waited for");
	engine_free(r.engine);
}

static void paused_detail(void)
{
	struct run r = run_clocks("", PAUSED("within: 4h@desk"),
				  L("2026-01-23 15:00") "2026-01-23 16:00 ticket.waiting_client "
							"provider ticket=T1\n",
				  "2026-01-26 10:00");
	struct clock_detail d = detail_of(&r, 0);

	/* R28: 3 h left, due 13:00 if resumed now */
	(void)is_i64(r.v[0].left_ms, 3 * HOUR_MS, "left");
	(void)is_instant(d.due_if_resumed, engine_time(r.engine, "2026-01-26T18:00:00Z"),
			 "due if resumed now");
	(void)is_instant(d.thresholds[3].at, INSTANT_NONE, "no threshold while paused");
	engine_free(r.engine);
}

#define VENDOR_AT(t) t " ticket.waiting_vendor provider ticket=T1\n"
#define RESUMED_AT(t) t " ticket.resumed provider ticket=T1\n"

/* When half of what pauses may last is used up, and all of it (sla.md section 8, R27). */
static const struct {
	const char *name, *metric, *facts;
	const char *half, *all; /* NULL: not reached */
	bool none;              /* nothing is known of a pause */
} uses[] = {
	{"a pause that goes on", VENDOR("max: 2h@desk"),
	 L("2026-01-27 09:00") VENDOR_AT("2026-01-27 10:00"), "2026-01-27T16:00:00Z",
	 "2026-01-27T17:00:00Z", false},
	{"all pauses of the ticket", VENDOR("max: 2h@desk"),
	 L("2026-01-27 09:00") VENDOR_AT("2026-01-27 10:00") RESUMED_AT("2026-01-27 10:40")
		 VENDOR_AT("2026-01-27 11:00"),
	 "2026-01-27T16:20:00Z", "2026-01-27T17:20:00Z", false},
	{"half in the first of them", VENDOR("max: 2h@desk"),
	 L("2026-01-27 09:00") VENDOR_AT("2026-01-27 10:00") RESUMED_AT("2026-01-27 11:30")
		 VENDOR_AT("2026-01-27 12:00"),
	 "2026-01-27T16:00:00Z", "2026-01-27T17:30:00Z", false},
	{"over before half", VENDOR("max: 2h@desk"),
	 L("2026-01-27 09:00") VENDOR_AT("2026-01-27 10:00") RESUMED_AT("2026-01-27 10:59"), NULL,
	 NULL, false},
	{"over at half: it is the next pause that has used it", VENDOR("max: 2h@desk"),
	 L("2026-01-27 09:00") VENDOR_AT("2026-01-27 10:00") RESUMED_AT("2026-01-27 11:00")
		 VENDOR_AT("2026-01-27 11:30"),
	 "2026-01-27T16:30:00Z", "2026-01-27T17:30:00Z", false},
	{"open time alone: over a weekend", VENDOR("max: 2h@desk"),
	 L("2026-01-23 16:00") VENDOR_AT("2026-01-23 16:30"), "2026-01-26T14:30:00Z",
	 "2026-01-26T15:30:00Z", false},
	{"in business days", VENDOR("max: 1bd@desk"),
	 L("2026-01-23 15:00") VENDOR_AT("2026-01-23 16:00"), "2026-01-26T17:00:00Z",
	 "2026-01-26T21:00:00Z", false},
	{"without an end", VENDOR("proof: supplier_ticket"),
	 L("2026-01-27 09:00") VENDOR_AT("2026-01-27 10:00"), NULL, NULL, true},
};

static instant instant_or_none(const struct run *r, const char *t)
{
	return t == NULL ? INSTANT_NONE : engine_time(r->engine, t);
}

static void pause_uses(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(uses); i++) {
		struct run r = run_clocks("", uses[i].metric, uses[i].facts, "2026-01-27 12:00");
		struct clock_detail d = detail_of(&r, 0);

		if (is_i64((int64_t)d.n_pauses, uses[i].none ? 0 : 1, "%s: pauses", uses[i].name) &&
		    d.n_pauses == 1) {
			(void)ok(d.pauses[0].rule->while_event == EVENT_WAITING_VENDOR, "%s: rule",
				 uses[i].name);
			(void)is_instant(d.pauses[0].half, instant_or_none(&r, uses[i].half),
					 uses[i].name);
			(void)is_instant(d.pauses[0].all, instant_or_none(&r, uses[i].all),
					 uses[i].name);
		}
		engine_free(r.engine);
	}
}

static void steps(void)
{
	struct run r = run_clocks("", RAISE, L("2026-01-23 16:00") RAISED, "2026-01-24 12:00");
	struct clock_detail d = detail_of(&r, 0);

	if (ok(d.n_steps == 1, "one change")) {
		(void)ok(d.steps[0].counts && d.steps[0].from == 2 && d.steps[0].to == 0,
			 "P3 to P1");
		(void)is_i64(d.steps[0].used_ms, HOUR_MS, "used before it");
		(void)is_instant(d.steps[0].deadline_before,
				 engine_time(r.engine, "2026-01-26T21:00:00Z"), "due before");
		(void)is_instant(d.steps[0].deadline_after,
				 engine_time(r.engine, "2026-01-24T15:00:00Z"), "due after");
	}
	engine_free(r.engine);
}

/* A ticket restored and reopened far too often: a limit, not a wrapped number. */
static void too_many_cycles(void)
{
	struct engine *e = engine_new();

	(void)engine_terms(e, "2026-01-01", one_metric(e, "", RESOLVE("within: 8h@desk")));
	engine_facts(e, L("2026-02-02 09:00"));
	for (int64_t i = 0; i < 24000; i++) {
		struct fact f = {
			.occurred_at = engine_time(e, "2026-02-02 09:30") + i * SECOND_MS,
			.subject = symbol_find(e->facts->symbols, text_of("T1")),
			.kind = i % 2 == 0 ? FACT_TICKET_RESTORED : FACT_TICKET_REOPENED,
			.party = PARTY_PROVIDER,
		};

		f.recorded_at = f.occurred_at;
		(void)facts_add(e->facts, &f);
	}

	instant t = engine_time(e, "2026-02-03 09:00");
	struct clock_engine *c = clock_engine_new(e->arena, view_make(e->arena, e->facts, t, t),
						  e->versions, 1, NULL);

	clock_engine_run(c);
	(void)is_i64((int64_t)c->n_clocks, 10001, "ten thousand cycles, and the last one open");
	engine_free(e);
}

static uint64_t state;

static int64_t random_below(int64_t n)
{
	state = state * 48271 % 2147483647;
	return (int64_t)(state % (uint64_t)n);
}

/* The same by another way: open spans of the calendar, less what is gone, walked from the start (R26). */
static void timelines(void)
{
	enum { ROUNDS = 3000, GONE = 6 };
	struct engine *e = engine_new();
	const struct promise *p =
		engine_terms(e, "2026-01-01", one_metric(e, "", RESOLVE("within: 8h")));
	bool reached = true, used = true, inverse = true, later = true;
	instant year = engine_time(e, "2026-01-01 00:00");

	for (int round = 0; round < ROUNDS; round++) {
		struct arena *a = arena_new((size_t)1 << 22);
		const struct calendar *c = p->calendars[random_below(3)].calendar;
		instant start = year + random_below(300 * 86400) * SECOND_MS, want = 0, got = 0;
		int64_t goal = 1 + random_below(60 * 3600) * SECOND_MS;
		struct span gone[GONE];

		for (size_t i = 0; i < GONE; i++) {
			gone[i].from = start + (random_below(20 * 86400) - 86400) * SECOND_MS;
			gone[i].to = gone[i].from + random_below(3 * 86400) * SECOND_MS;
		}

		struct spans off = spans_union(a, gone, GONE);
		struct spans open =
			spans_minus(a, calendar_spans(a, c, start, start + 90 * DAY_MS), off);
		struct timeline t = {c, AT_CLOSING_CLOSE, off.v, off.n};
		struct timeline next = {c, AT_CLOSING_NEXT_OPEN, off.v, off.n};
		bool is = spans_reach(open, goal, &want);

		reached = reached && timeline_reach(&t, start, goal, &got) == is && got == want;
		inverse = inverse && timeline_used_ms(&t, start, got) == goal;
		used = used &&
		       timeline_used_ms(&t, start, start + 90 * DAY_MS) == spans_length_ms(open);
		/* next_open: nothing counts between the two, and something right after */
		later = later && timeline_reach(&next, start, goal, &want) && want >= got &&
			timeline_used_ms(&t, got, want) == 0 &&
			timeline_used_ms(&t, want, want + 1) == 1;
		arena_free(a);
	}
	(void)ok(reached, "a deadline is where the open time that is left is used up");
	(void)ok(inverse, "elapsed up to the deadline is the goal");
	(void)ok(used, "used time is the length of what is left");
	(void)ok(later, "next_open is the last instant with that much used");
	engine_free(e);
}

int main(void)
{
	state = 20260311;
	note("seed %" PRIu64, state);
	timelines();
	worked_examples();
	too_many_cycles();
	reasons();
	w23_thresholds();
	pieces();
	paused_detail();
	pause_uses();
	steps();
	return tap_done();
}
