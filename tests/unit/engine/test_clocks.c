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
		(void)is_i64(c->used_ms, cases[i].used_min * MINUTE_MS, "%s: used", cases[i].name);
		(void)is_i64(c->left_ms, c->goal_ms - c->used_ms, "%s: left", cases[i].name);
		engine_free(r.engine);
	}
}

int main(void)
{
	worked_examples();
	return tap_done();
}
