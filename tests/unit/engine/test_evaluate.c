/* SPDX-License-Identifier: Apache-2.0 */
/* Whole evaluations (sla.md R22): excuses of duties and maintenance, reports, contested facts, versions, and what never changes. */
#include "engine/clock.h"

#include "engine_fixture.h"

#define PRIORITIES                                                                                 \
	"  priorities: [{id: P1, name: high}, {id: P2, name: middle}, {id: P3, name: low}]\n"
#define RESOLVE(goal, more)                                                                        \
	PRIORITIES "  metrics: [{id: m, kind: elapsed, start: ticket.logged, stop: "               \
		   "ticket.restored, targets: [{id: t, within: " goal                              \
		   "}], window: calendar_month" more "}]\n"
#define UPTIME(more)                                                                               \
	PRIORITIES "  metrics: [{id: m, kind: availability, scope: [server], schedule: always, "   \
		   "target: 99.9%, window: calendar_month" more "}]\n"

static const struct clock *clock_of(const struct engine *e, const struct outcome *o,
				    const char *subject)
{
	symbol y = symbol_find(e->facts->symbols, text_of(subject));

	for (size_t i = 0; i < o->n_clocks; i++)
		if (o->clocks[i].subject == y)
			return &o->clocks[i];
	engine_fail("no clock", text_of(subject));
}

/* --- excuses --- */

static void w22_client_obligation(void)
{
	struct engine *e = engine_new();
	const struct promise *p = engine_promise(e, "2026-01-01", RESOLVE("8h@desk", ""),
						 "client_obligations: [{id: access, text: Access, "
						 "within: 4h@desk, excuses: [m]}]\n");

	e->versions[0] = (struct version){p, INSTANT_MIN};
	e->n_versions = 1;
	engine_facts(e, "2026-02-03 09:30 ticket.logged client ticket=T1\n"
			"2026-02-03 09:30 ticket.logged client ticket=T2\n"
			"2026-02-03 11:00 obligation.requested provider event=D1 obligation=access "
			"tickets=T1\n"
			"2026-02-04 10:15 obligation.met client event=D1\n");

	struct outcome *o =
		engine_outcome(e, "2026-02-04 10:30", "2026-02-01 00:00", "2026-03-01 00:00");

	(void)is_instant(clock_of(e, o, "T1")->deadline, engine_time(e, "2026-02-04T17:45:00Z"),
			 "W22: 195 min excused");
	(void)is_instant(clock_of(e, o, "T2")->deadline, engine_time(e, "2026-02-04T14:30:00Z"),
			 "W22: a ticket that the duty does not name");

	const struct clock_detail *d =
		outcome_clock_detail(e->arena, o, (uint32_t)(clock_of(e, o, "T1") - o->clocks));

	(void)is_i64(d->paused_ms, 195 * MINUTE_MS, "W22: open time excused");
	o = engine_outcome(e, "2026-02-04 09:30", "2026-02-01 00:00", "2026-03-01 00:00");
	(void)is_i64(clock_of(e, o, "T1")->state, CLOCK_PAUSED, "not met yet: no deadline");
	(void)is_instant(clock_of(e, o, "T1")->deadline, INSTANT_NONE, "not met yet: no deadline");
	engine_free(e);
}

static void maintenance_pause(void)
{
	struct engine *e = engine_new();
	const struct promise *p = engine_promise(
		e, "2026-01-01",
		RESOLVE("8h", ", pause: [{id: w, while: maintenance.window}], service: help"),
		"maintenance: {windows: [{id: eve, days: tue, open: [\"18:00-22:00\"]}], notice: "
		"{routine: 24h}}\n");

	e->versions[0] = (struct version){p, INSTANT_MIN};
	e->n_versions = 1;
	engine_facts(e, "2026-01-25 12:00 maintenance.announced provider maintenance=M1 "
			"from=2026-01-27T18:00 to=2026-01-27T20:00 assets=server,router "
			"work=routine\n"
			"2026-01-27 15:00 ticket.logged client ticket=T1\n");

	struct outcome *o =
		engine_outcome(e, "2026-01-27 21:00", "2026-01-01 00:00", "2026-02-01 00:00");

	(void)is_instant(clock_of(e, o, "T1")->deadline, engine_time(e, "2026-01-28 01:00"),
			 "two hours of maintenance do not count");
	engine_free(e);
}

/* W24: the service starts on 16 April and is down for an hour. */
static void w24_partial(void)
{
	static const struct {
		const char *sla, *shown;
		enum not_judged why;
	} cases[] = {
		{UPTIME(", partial_window: prorate"), "99.7222", JUDGED},
		{UPTIME(", partial_window: full"), "99.8611", JUDGED},
		{UPTIME(", partial_window: exclude"), NULL, NJ_PARTIAL},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct engine *e = engine_new();

		(void)engine_terms(e, "2026-04-16", cases[i].sla);
		(void)facts_add_source(
			e->facts,
			(struct fact_source){.name = text_of("outages"),
					     .observes_outages = true,
					     .covers = {engine_time(e, "2026-04-16 00:00"),
							engine_time(e, "2026-05-01 00:00")}});
		(void)engine_fact_from(e, 1,
				       "2026-04-20 10:00 outage.began provider outage=O1 "
				       "assets=server");
		(void)engine_fact_from(e, 1, "2026-04-20 11:00 outage.ended provider outage=O1");

		struct outcome *o = engine_outcome(e, "2026-05-01 00:00", "2026-04-01 00:00",
						   "2026-05-01 00:00");
		const struct window_result *w = engine_window(o, "m", "2026-04");

		if (ok(w != NULL, "W24: a window") && cases[i].shown != NULL)
			(void)is_decimal(w->shown, 4, cases[i].shown, "W24");
		(void)is_i64(w->why_not, cases[i].why, "W24: why not");
		(void)is_i64(w->verdict,
			     cases[i].why == JUDGED ? VERDICT_MISSED : VERDICT_NOT_JUDGED,
			     "W24: verdict");
		engine_free(e);
	}
}

/* W24: the error budget of a whole April at 99.9 % is 43 min 12 s. */
static void w24_budget(void)
{
	struct engine *e = engine_new();

	(void)engine_terms(e, "2026-04-01", UPTIME(", decimals: 3"));
	(void)facts_add_source(
		e->facts, (struct fact_source){.name = text_of("outages"),
					       .observes_outages = true,
					       .covers = {engine_time(e, "2026-04-01 00:00"),
							  engine_time(e, "2026-05-01 00:00")}});

	struct outcome *o =
		engine_outcome(e, "2026-05-01 00:00", "2026-04-01 00:00", "2026-05-01 00:00");
	const struct window_result *w = engine_window(o, "m", "2026-04");

	if (ok(w != NULL && w->availability != NULL, "W24: availability"))
		(void)is_i64(w->availability->budget_ms, 43 * MINUTE_MS + 12 * SECOND_MS,
			     "W24: budget");
	engine_free(e);
}

/* --- reports and disputes --- */

#define LATE_TICKET                                                                                \
	"2026-03-10 09:00 ticket.logged client ticket=T1 priority=P1\n"                            \
	"2026-03-10 15:00 ticket.restored provider ticket=T1\n"
#define EXCUSE                                                                                     \
	"2026-03-10 10:00 ticket.waiting_client provider ticket=T1 id=x recorded=%s\n"             \
	"2026-03-10 14:00 ticket.resumed provider ticket=T1 recorded=%s\n"
#define PAUSED RESOLVE("4h@desk", ", pause: [{id: c, while: ticket.waiting_client}]")

static const struct {
	const char *name, *recorded, *more;
	enum verdict verdict;
	bool held;
} disputes[] = {
	{"a pause recorded in time", "2026-03-10T14:00", "", VERDICT_MET, false},
	{"R18 a pause recorded after the report", "2026-04-12T12:00",
	 "2026-04-10 12:00 report.delivered provider window=2026-03\n", VERDICT_MISSED, false},
	{"R18 and accepted", "2026-04-12T12:00",
	 "2026-04-10 12:00 report.delivered provider window=2026-03\n"
	 "2026-04-13 12:00 fact.accepted client fact=x\n",
	 VERDICT_MET, false},
	{"R19 a contested pause", "2026-03-10T14:00",
	 "2026-03-20 12:00 fact.contested client fact=x\n", VERDICT_MET, true},
	{"R19 settled: it stands", "2026-03-10T14:00",
	 "2026-03-20 12:00 fact.contested client fact=x\n"
	 "2026-03-25 12:00 dispute.settled client fact=x outcome=upheld\n",
	 VERDICT_MET, false},
	{"R19 not settled by the side that gains from it", "2026-03-10T14:00",
	 "2026-03-20 12:00 fact.contested client fact=x\n"
	 "2026-03-25 12:00 dispute.settled provider fact=x outcome=upheld\n",
	 VERDICT_MET, true},
	{"R18 not settled where nobody contests", "2026-04-12T12:00",
	 "2026-04-10 12:00 report.delivered provider window=2026-03\n"
	 "2026-04-13 12:00 dispute.settled provider fact=x outcome=upheld\n",
	 VERDICT_MISSED, false},
	{"R19 settled: withdrawn", "2026-03-10T14:00",
	 "2026-03-20 12:00 fact.contested client fact=x\n"
	 "2026-03-25 12:00 dispute.settled provider fact=x outcome=withdrawn\n",
	 VERDICT_MISSED, false},
	{"R19 contested, but it decides nothing", "2026-03-10T14:00",
	 "2026-03-10 09:30 ticket.message client ticket=T1 id=y\n"
	 "2026-03-20 12:00 fact.contested provider fact=y\n",
	 VERDICT_MET, false},
};

static void reports_and_disputes(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(disputes); i++) {
		struct engine *e = engine_new();
		const char *at = disputes[i].recorded;

		(void)engine_terms(e, "2026-01-01", PAUSED);
		engine_facts(e, LATE_TICKET);
		engine_facts(e, text_format(e->arena, EXCUSE, at, at).p);
		engine_facts(e, disputes[i].more);

		struct outcome *o = engine_outcome(e, "2026-05-01 00:00", "2026-03-01 00:00",
						   "2026-04-01 00:00");
		const struct window_result *w = engine_window(o, "m", "2026-03");

		(void)is_i64(w->verdict, disputes[i].verdict, "%s: verdict", disputes[i].name);
		(void)is_i64(w->held, disputes[i].held, "%s: held", disputes[i].name);
		if (disputes[i].held)
			(void)ok(w->alternative != NULL &&
					 w->alternative->verdict == VERDICT_MISSED &&
					 w->alternative->samples == 1 &&
					 w->alternative->in_time == 0,
				 "%s: the other way", disputes[i].name);
		else
			(void)ok(w->alternative == NULL, "%s: no other way", disputes[i].name);
		engine_free(e);
	}
}

/* R17: the client and the provider tell the end differently; the record made first counts, the other is tried. */
static void contradiction(void)
{
	struct engine *e = engine_new();
	struct outcome *other = NULL;
	struct err err = {.line = 0};

	(void)engine_terms(e, "2026-01-01", RESOLVE("4h@desk", ""));
	engine_facts(e, "2026-03-10 09:00 ticket.logged client ticket=T1 priority=P1\n"
			"2026-03-10 12:00 ticket.restored provider ticket=T1 id=early\n"
			"2026-03-10 15:00 ticket.restored client ticket=T1 id=later\n");

	struct outcome *o =
		engine_outcome(e, "2026-04-01 00:00", "2026-03-01 00:00", "2026-04-01 00:00");

	(void)is_i64(engine_window(o, "m", "2026-03")->verdict, VERDICT_MET,
		     "R17: as recorded first");
	(void)is_i64(o->view->outweighed_by[2], 1, "R17: the client's does not count");
	if (ok(evaluate_instead(e->arena, o, 2, &other, &err) == RC_OK, "R17: the other way"))
		(void)is_i64(engine_window(other, "m", "2026-03")->verdict, VERDICT_MISSED,
			     "R17: would turn it to missed");
	engine_free(e);
}

/* --- versions --- */

/* From 10 April 8 hours become 2: running clocks keep their promise, April is judged by the old terms (R20). */
static void versions(void)
{
	struct engine *e = engine_new();

	e->versions[0] = (struct version){
		engine_promise(e, "2026-01-01", RESOLVE("8h@desk", ""), ""), INSTANT_MIN};
	e->versions[1] = (struct version){
		engine_promise(e, "2026-01-01", RESOLVE("2h@desk", ", comply: {at_least: 50%}"),
			       ""),
		engine_time(e, "2026-04-10 00:00")};
	e->n_versions = 2;
	engine_facts(e, "2026-04-09 15:00 ticket.logged client ticket=T1\n"
			"2026-04-10 15:00 ticket.restored provider ticket=T1\n"
			"2026-04-10 09:00 ticket.logged client ticket=T2\n"
			"2026-04-10 12:00 ticket.restored provider ticket=T2\n"
			"2026-05-04 09:00 ticket.logged client ticket=T3\n"
			"2026-05-04 12:00 ticket.restored provider ticket=T3\n");

	struct outcome *o =
		engine_outcome(e, "2026-06-01 00:00", "2026-04-01 00:00", "2026-06-01 00:00");

	(void)is_i64(clock_of(e, o, "T1")->state, CLOCK_MET, "R20: the old promise");
	(void)is_i64(clock_of(e, o, "T2")->state, CLOCK_MISSED, "R20: the new promise");
	(void)is_i64(engine_window(o, "m", "2026-04")->version, 0, "R20: April");
	(void)is_i64(engine_window(o, "m", "2026-04")->samples, 2, "R20: samples of both");
	(void)ok(!engine_window(o, "m", "2026-04")->target_set, "R20: old terms");
	(void)is_i64(engine_window(o, "m", "2026-05")->version, 1, "R20: May");

	const uint32_t *list = NULL;

	(void)is_i64((int64_t)outcome_windows(o, 0, &list), 2, "windows of both versions");
	engine_free(e);
}

static void nothing_known(void)
{
	struct engine *e = engine_new();

	(void)engine_terms(e, "2026-01-01", RESOLVE("8h@desk", ""));

	struct outcome *o =
		engine_outcome(e, "2026-03-01 00:00", "2026-02-01 00:00", "2026-03-01 00:00");
	const uint32_t *list = NULL;

	(void)ok(o->no_facts, "nothing is known");
	(void)is_i64((int64_t)outcome_windows(o, 0, &list), 1, "one window all the same");
	(void)is_i64(o->windows[list[0]].verdict, VERDICT_NOT_JUDGED, "not 100 %%");
	engine_facts(e, "2026-02-10 09:00 ticket.logged client ticket=T1\n");
	o = engine_outcome(e, "2026-02-10 10:00", "2026-02-01 00:00", "2026-03-01 00:00");
	(void)ok(!o->no_facts, "something is known");
	(void)is_i64((int64_t)o->n_clocks, 1, "a running clock is in the outcome");
	(void)is_i64(o->clocks[0].state, CLOCK_RUNNING, "and running");
	engine_free(e);
}

/* --- properties --- */

static uint64_t state;

static int64_t random_below(int64_t n)
{
	state = state * 48271 % 2147483647;
	return (int64_t)(state % (uint64_t)n);
}

#define EVERYTHING                                                                                 \
	PRIORITIES                                                                                 \
	"  priority_rules: {on_change: %s, if_disputed: %s}\n"                                     \
	"  metrics:\n"                                                                             \
	"    - {id: response, kind: elapsed, start: ticket.logged, stop: ticket.answered, "        \
	"targets: [{id: p1, priority: P1, within: 15min}, {id: r, within: 30min@desk, or_within: " \
	"20h}], window: calendar_month}\n"                                                         \
	"    - {id: next, kind: elapsed, start: ticket.client_message, stop: "                     \
	"ticket.provider_message, targets: [{id: r, within: 2h@split}], window: "                  \
	"calendar_month}\n"                                                                        \
	"    - {id: resolution, kind: elapsed, start: ticket.logged, stop: ticket.restored, "      \
	"pause: [{id: c, while: ticket.waiting_client}, {id: v, while: ticket.waiting_vendor, "    \
	"max: 3bd}], targets: [{id: p1, priority: P1, within: 4h}, {id: p2, priority: P2, "        \
	"within: 1bd@desk, by: \"17:00\"}, {id: r, within: 16h@desk}], window: calendar_quarter, " \
	"reopen: %s, comply: {at_least: 90%%, min_sample: 3, below_min: carry}}\n"                 \
	"    - {id: uptime, kind: availability, scope: [server, router], group: any_down, "        \
	"target: 99.9%%, window: calendar_month}\n"

static const char *random_terms(struct engine *e)
{
	static const char *const modes[] = {"from_start", "from_change", "carry_elapsed"};
	static const char *const disputed[] = {"higher", "lower", "escalate"};

	return text_format(e->arena, EVERYTHING, modes[random_below(3)], disputed[random_below(3)],
			   random_below(2) == 0 ? "continue" : "new_cycle")
		.p;
}

/* One fact of a random ticket or outage, at an instant that no other fact has. */
static const char *random_fact(struct engine *e, int64_t number)
{
	static const struct {
		const char *before, *after;
	} forms[] = {
		{"ticket.message client ticket=T", ""},
		{"ticket.message provider ticket=T", ""},
		{"ticket.waiting_client provider ticket=T", ""},
		{"ticket.waiting_vendor provider ticket=T", ""},
		{"ticket.resumed provider ticket=T", ""},
		{"ticket.priority_set client ticket=T", " priority=P1"},
		{"ticket.priority_set provider ticket=T", " priority=P3"},
		{"ticket.priority_agreed client ticket=T", " priority=P2"},
		{"ticket.restored provider ticket=T", ""},
		{"ticket.reopened client ticket=T", ""},
		{"ticket.closed provider ticket=T", ""},
		{"ticket.cancelled client ticket=T", ""},
		{"ticket.merged provider ticket=T", " into=T3"},
		{"ticket.split provider ticket=T", " into=T4"},
		{"outage.began monitor outage=O", " assets=server"},
		{"outage.ended monitor outage=O", ""},
	};
	instant at =
		engine_time(e, "2026-02-01 00:00") + random_below(80 * 86400) * SECOND_MS + number;
	struct text body;
	struct buf b;

	if (number < 6) {
		body = text_format(e->arena, "ticket.logged client ticket=T%d priority=P%d",
				   (int)number, (int)random_below(4));
	} else {
		size_t form = (size_t)random_below(ARRAY_SIZE(forms));

		body = text_format(e->arena, "%s%d%s", forms[form].before, (int)random_below(6),
				   forms[form].after);
	}
	buf_init(&b, 64);
	instant_print(&b, at);

	const char *line =
		text_format(e->arena, "%.*s %.*s", TEXT_ARG(buf_view(&b)), TEXT_ARG(body)).p;

	buf_free(&b);
	return line;
}

static bool same_clocks(const struct engine *x, const struct outcome *of_x, const struct engine *y,
			const struct outcome *of_y)
{
	if (of_x->n_clocks != of_y->n_clocks)
		return false;
	for (size_t i = 0; i < of_x->n_clocks; i++) {
		const struct clock *a = &of_x->clocks[i], *b = &of_y->clocks[i];

		if (!text_eq(symbol_text(x->facts->symbols, a->subject),
			     symbol_text(y->facts->symbols, b->subject)) ||
		    a->metric != b->metric || a->cycle != b->cycle || a->state != b->state ||
		    a->reason != b->reason || a->priority != b->priority ||
		    a->target != b->target || a->start != b->start || a->stop != b->stop ||
		    a->deadline != b->deadline || a->settled != b->settled ||
		    a->goal_ms != b->goal_ms || a->used_ms != b->used_ms)
			return false;
	}
	return true;
}

static bool same_windows(const struct outcome *x, const struct outcome *y)
{
	if (x->n_windows != y->n_windows)
		return false;
	for (size_t i = 0; i < x->n_windows; i++) {
		const struct window_result *a = &x->windows[i], *b = &y->windows[i];

		if (a->metric != b->metric || a->window.from != b->window.from ||
		    a->verdict != b->verdict || a->why_not != b->why_not ||
		    a->samples != b->samples || a->in_time != b->in_time ||
		    a->value_set != b->value_set ||
		    (a->value_set && fraction_cmp(a->value, b->value) != 0))
			return false;
	}
	return true;
}

/* Permuting the journal order of facts with distinct instants changes nothing. */
static void any_order(void)
{
	enum { ROUNDS = 200, FACTS = 60 };
	bool clocks = true, windows = true;
	size_t judged = 0;

	for (int round = 0; round < ROUNDS; round++) {
		struct engine *x = engine_new(), *y = engine_new();
		const char *terms = random_terms(x);
		const char *lines[FACTS];

		for (int64_t i = 0; i < FACTS; i++)
			lines[i] = random_fact(x, i);
		for (size_t i = 0; i < FACTS; i++)
			(void)engine_fact(x, lines[i]);
		for (size_t i = FACTS; i-- > 1;) {
			size_t k = (size_t)random_below((int64_t)i + 1);
			const char *other = lines[k];

			lines[k] = lines[i];
			lines[i] = other;
		}
		for (size_t i = 0; i < FACTS; i++)
			(void)engine_fact(y, lines[i]);
		(void)engine_terms(x, "2026-01-01", terms);
		(void)engine_terms(y, "2026-01-01", terms);

		struct outcome *of_x = engine_outcome(x, "2026-04-25 13:30", "2026-03-01 00:00",
						      "2026-04-01 00:00");
		struct outcome *of_y = engine_outcome(y, "2026-04-25 13:30", "2026-03-01 00:00",
						      "2026-04-01 00:00");

		clocks = clocks && same_clocks(x, of_x, y, of_y);
		windows = windows && same_windows(of_x, of_y);
		for (size_t i = 0; i < of_x->n_clocks; i++)
			judged += of_x->clocks[i].state != CLOCK_VOID;
		engine_free(x);
		engine_free(y);
	}
	(void)ok(clocks, "another order of arrival: the same clocks");
	(void)ok(windows, "another order of arrival: the same windows");
	(void)ok(judged > 1000, "enough clocks were judged: %zu", judged);
}

/* Used time up to the deadline is the goal; detail is what was judged, in pieces without gaps. */
static void identities(void)
{
	enum { ROUNDS = 200, FACTS = 60 };
	bool used = true, pieces = true, counted = true;
	size_t exact = 0;

	for (int round = 0; round < ROUNDS; round++) {
		struct engine *e = engine_new();

		(void)engine_terms(e, "2026-01-01", random_terms(e));
		for (int64_t i = 0; i < FACTS; i++)
			(void)engine_fact(e, random_fact(e, i));

		struct outcome *o = engine_outcome(e, "2026-04-25 13:30", "2026-03-01 00:00",
						   "2026-04-01 00:00");

		for (uint32_t i = 0; i < o->n_clocks; i++) {
			const struct clock *c = &o->clocks[i];
			const struct clock_detail *d = outcome_clock_detail(e->arena, o, i);
			int64_t ran = 0;

			if (c->state == CLOCK_VOID)
				continue;
			for (size_t k = 0; k < d->n_pieces; k++) {
				instant from = d->pieces[k].span.from, to = d->pieces[k].span.to;

				pieces = pieces && (k == 0 ? from == c->start
							   : from == d->pieces[k - 1].span.to);
				if (d->pieces[k].kind == PIECE_RAN && from < c->deadline)
					ran += (to < c->deadline ? to : c->deadline) - from;
			}
			/* A changed priority may move the start of counting, and a date may lie outside hours. */
			if (d->n_steps > 0 || c->deadline == INSTANT_NONE)
				continue;
			used = used && ran == c->goal_ms;
			counted = counted && c->used_ms + c->left_ms == c->goal_ms;
			exact++;
		}
		engine_free(e);
	}
	(void)ok(used, "what ran up to the deadline is the goal");
	(void)ok(pieces, "pieces follow each other without gaps");
	(void)ok(counted, "used and left are the goal");
	(void)ok(exact > 1000, "enough clocks were looked at: %zu", exact);
}

/* A wider pause never makes a deadline earlier. */
static void wider_pauses(void)
{
	enum { ROUNDS = 300 };
	bool later = true;
	size_t compared = 0;

	for (int round = 0; round < ROUNDS; round++) {
		instant due[2] = {INSTANT_NONE, INSTANT_NONE};
		int64_t logged = random_below(86400 * 7), from = logged + random_below(86400 * 3);
		int64_t to = from + 1 + random_below(86400 * 2);
		int64_t wide_from = from - random_below(from - logged + 1);
		int64_t wide_to = to + random_below(86400);

		for (int wide = 0; wide < 2; wide++) {
			struct engine *e = engine_new();
			instant start = engine_time(e, "2026-02-02 00:00");
			struct fact_value ticket = {
				.field = FIELD_TICKET,
				.word = symbol_add(e->facts->symbols, text_of("T1"))};
			const struct {
				enum fact_kind kind;
				int64_t at;
			} facts[] = {
				{FACT_TICKET_LOGGED, logged},
				{FACT_TICKET_WAITING_CLIENT, wide != 0 ? wide_from : from},
				{FACT_TICKET_RESUMED, wide != 0 ? wide_to : to},
			};

			(void)engine_terms(e, "2026-01-01",
					   RESOLVE("12h@split", ", pause: [{id: c, while: "
								"ticket.waiting_client}]"));
			for (size_t i = 0; i < ARRAY_SIZE(facts); i++) {
				instant at = start + facts[i].at * SECOND_MS;
				struct fact f = {.occurred_at = at,
						 .recorded_at = at,
						 .subject = ticket.word,
						 .kind = (uint8_t)facts[i].kind,
						 .party = PARTY_CLIENT,
						 .n_values = 1,
						 .values = &ticket};

				(void)facts_add(e->facts, &f);
			}

			struct outcome *o = engine_outcome(e, "2026-03-01 00:00",
							   "2026-02-01 00:00", "2026-03-01 00:00");

			due[wide] = o->clocks[0].deadline;
			engine_free(e);
		}
		later = later && due[1] >= due[0];
		compared += due[1] > due[0];
	}
	(void)ok(later, "a wider pause never makes a deadline earlier");
	(void)ok(compared > 100, "often it makes it later: %zu", compared);
}

/* One outage told as two that touch is the same downtime. */
static void split_outage(void)
{
	bool same = true;

	for (int round = 0; round < 100; round++) {
		struct fraction value[2];

		for (int parts = 0; parts < 2; parts++) {
			struct engine *e = engine_new();
			uint64_t kept = state;
			int64_t from = random_below(20 * 86400), length = 600 + random_below(86400);
			int64_t cut = random_below(length);
			instant start = engine_time(e, "2026-02-03 00:00");
			const int64_t at[] = {from, from + cut, from + cut, from + length};

			(void)engine_terms(e, "2026-01-01", UPTIME(", min_outage: 5min"));
			e->facts->sources[0].observes_outages = true;
			e->facts->sources[0].covers =
				(struct span){engine_time(e, "2026-02-01 00:00"),
					      engine_time(e, "2026-03-01 00:00")};
			for (size_t i = 0; i < ARRAY_SIZE(at); i++) {
				struct buf b;

				if (parts == 0 && (i == 1 || i == 2))
					continue;
				buf_init(&b, 64);
				instant_print(&b, start + at[i] * SECOND_MS);
				(void)engine_fact(e,
						  text_format(e->arena,
							      "%.*s outage.%s monitor outage=O%d%s",
							      TEXT_ARG(buf_view(&b)),
							      i % 2 == 0 ? "began" : "ended",
							      parts == 0 || i < 2 ? 1 : 2,
							      i % 2 == 0 ? " assets=server" : "")
							  .p);
				buf_free(&b);
			}

			struct outcome *o = engine_outcome(e, "2026-03-01 00:00",
							   "2026-02-01 00:00", "2026-03-01 00:00");
			const struct window_result *w = engine_window(o, "m", "2026-02");

			value[parts] = w->value;
			same = same && w->value_set &&
			       fraction_cmp(w->value, fraction_of(1, 1)) < 0;
			if (parts == 0)
				state = kept;
			engine_free(e);
		}
		same = same && fraction_cmp(value[0], value[1]) == 0;
	}
	(void)ok(same, "splitting an outage fact changes nothing");
}

int main(void)
{
	state = 20260311;
	note("seed %" PRIu64, state);
	w22_client_obligation();
	maintenance_pause();
	w24_partial();
	w24_budget();
	reports_and_disputes();
	contradiction();
	versions();
	nothing_known();
	any_order();
	identities();
	wider_pauses();
	split_outage();
	return tap_done();
}
