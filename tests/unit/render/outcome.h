/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A small outcome, filled by hand: March 2026 of one contract with a ticket that was late, one in time, one withdrawn, a
 * maintenance that was excused and one that was not, an outage, a credit with a cap, a right and deadlines. What the engine
 * would compute does not matter here, only how it reads; so the functions of the engine that a rendering calls back are here.
 */
#ifndef RENDER_OUTCOME_H
#define RENDER_OUTCOME_H

#include "render/report.h"

#include "fixture.h"

static const char fixture_contract[] =
	"tenor: \"1\"\n"
	"contract: {id: HL-1, title: Harbour office, currency: USD, timezone: America/New_York}\n"
	"documents:\n"
	"  - {id: sla, kind: sla, title: Service schedule, clauses: [{id: scope, heading: Scope, "
	"text: \"What is served.\"}, "
	"{id: levels, heading: Levels, text: \"The server is up {{sla.metrics.uptime.target}} of a "
	"month.\"}]}\n"
	"parties:\n"
	"  provider: {legal_name: Quay IT Ltd, jurisdiction: US-NY, notice: {email: "
	"a@quay.example}, contacts: [{id: q1, name: Q, email: "
	"q@quay.example, roles: [signatory], authority: may_bind}]}\n"
	"  client: {legal_name: Lantern & Co, jurisdiction: US-NY, notice: {email: "
	"b@lantern.example}, contacts: [{id: l1, name: L, email: "
	"l@lantern.example, roles: [signatory], authority: may_bind}]}\n"
	"calendars: [{id: office, hours: [{id: week, days: mon-fri, open: [\"09:00-17:00\"]}]}]\n"
	"assets: [{id: server, kind: server, name: Server}]\n"
	"term: {effective_date: \"2026-01-01\", initial: 12mo}\n"
	"services: [{id: desk, name: Desk, calendar: office}]\n"
	"sla:\n"
	"  clause: sla.levels\n"
	"  priorities: [{id: P1, name: urgent, test: \"Nobody can work\"}, {id: P2, name: normal, "
	"test: \"Work goes on\"}]\n"
	"  metrics:\n"
	"    - {id: resolution, kind: elapsed, service: desk, start: ticket.logged, stop: "
	"ticket.restored, pause: [{id: client, while: "
	"ticket.waiting_client}], targets: [{id: p1, priority: P1, within: 8h@office}, {id: p2, "
	"priority: P2, within: 24h@office}], window: "
	"calendar_month}\n"
	"    - {id: uptime, kind: availability, scope: [server], target: 99.5%, window: "
	"calendar_month, exclude: [{id: planned, cause: "
	"scheduled_maintenance, max: 4h, per: calendar_month}]}\n"
	"  credits:\n"
	"    base: {charges: [care]}\n"
	"    rules: [{id: uptime, metric: uptime, tiers: [{id: t1, below: 99.5%, credit: 5%}, {id: "
	"t2, below: 98%, credit: 10%}]}]\n"
	"    caps: [{id: month, per: calendar_month, pct: 10%, of: month_charges}]\n"
	"  chronic: [{id: thrice, metric: uptime, misses: 2, out_of: 3, exercise_within: 60d, "
	"notice: 30d}]\n"
	"charges: [{id: care, type: recurring, name: Server care, amount: \"450.00 USD\", period: "
	"1mo}]\n"
	"payment: {due: 30d, from: invoice_date}\n"
	"governing_law: {law: US-NY, courts: \"Albany\"}\n";

static const struct zone *fixture_ny;

static enum rc fixture_find(void *context, struct text name, const struct zone **out,
			    struct err *err)
{
	(void)context;
	if (!text_is(name, "America/New_York"))
		return err_set(err, RC_MISSING, "no zone \"%.*s\"", TEXT_ARG(name));
	*out = fixture_ny;
	return RC_OK;
}

/* The promise of a contract's text, or NULL with its findings noted. */
UNUSED static const struct promise *fixture_promise(struct arena *a, const char *yaml)
{
	const struct zone_source zones = {NULL, fixture_find};
	const struct terms_context context = {.zones = &zones};
	struct contract *c = NULL;
	const struct promise *p = NULL;
	struct err err = {.line = 0};

	fixture_ny = new_york(a);
	if (contract_read(a, text_of("c.yaml"), text_of(yaml), &context, &c, &err) != RC_OK)
		note("%s", err.message);
	for (size_t i = 0; c != NULL && i < c->findings.n; i++)
		note("%u: %s: %.*s", c->findings.v[i].line, c->findings.v[i].code,
		     TEXT_ARG(c->findings.v[i].message));
	if (c == NULL || !c->valid || promise_build(a, c, &context, &p, &err) != RC_OK)
		return NULL;
	return p;
}

/* --- facts --- */

enum {
	F_LOGGED,
	F_WAITING,
	F_ANSWER,
	F_RESTORED,
	F_OTHER_LOGGED,
	F_OTHER_RESTORED,
	F_CANCELLED,
	F_MAINTENANCE,
	F_SHORT,
	F_BEGAN,
	F_ENDED,
};

static const struct {
	enum fact_kind kind;
	const char *subject, *at;
	enum party party;
	uint16_t flags;
} fixture_facts[] = {
	[F_LOGGED] = {FACT_TICKET_LOGGED, "T-118", "2026-03-10T13:12:00Z", PARTY_CLIENT, 0},
	[F_WAITING] = {FACT_TICKET_WAITING_CLIENT, "T-118", "2026-03-10T17:00:00Z", PARTY_PROVIDER,
		       0},
	[F_ANSWER] = {FACT_TICKET_MESSAGE, "T-118", "2026-03-10T17:55:00Z", PARTY_CLIENT, 0},
	[F_RESTORED] = {FACT_TICKET_RESTORED, "T-118", "2026-03-11T14:40:00Z", PARTY_PROVIDER,
			FLAG_LATE},
	[F_OTHER_LOGGED] = {FACT_TICKET_LOGGED, "T-<9>", "2026-03-12T14:00:00Z", PARTY_CLIENT, 0},
	[F_OTHER_RESTORED] = {FACT_TICKET_RESTORED, "T-<9>", "2026-03-12T15:00:00Z", PARTY_PROVIDER,
			      0},
	[F_CANCELLED] = {FACT_TICKET_CANCELLED, "=T-7", "2026-03-13T15:00:00Z", PARTY_CLIENT, 0},
	[F_MAINTENANCE] = {FACT_MAINTENANCE_ANNOUNCED, "M-1", "2026-03-04T03:00:00Z",
			   PARTY_PROVIDER, 0},
	[F_SHORT] = {FACT_MAINTENANCE_ANNOUNCED, "M-2", "2026-03-23T20:00:00Z", PARTY_PROVIDER, 0},
	[F_BEGAN] = {FACT_OUTAGE_BEGAN, "9", "2026-03-24T18:00:00Z", PARTY_MONITOR, 0},
	[F_ENDED] = {FACT_OUTAGE_ENDED, "9", "2026-03-24T22:10:00Z", PARTY_MONITOR, 0},
};

static struct facts *fixture_fill(struct arena *a)
{
	struct facts *f = facts_new(a);
	uint16_t source =
		facts_add_source(f, (struct fact_source){.name = text_of("events.jsonl"),
							 .format = text_of("tenor_jsonl")});

	for (uint32_t i = 0; i < ARRAY_SIZE(fixture_facts); i++) {
		struct fact x = {.occurred_at = at(fixture_facts[i].at),
				 .recorded_at = at(fixture_facts[i].at),
				 .id = symbol_add(f->symbols, text_format(a, "f-%u", i)),
				 .subject =
					 symbol_add(f->symbols, text_of(fixture_facts[i].subject)),
				 .line = i + 1,
				 .kind = (uint8_t)fixture_facts[i].kind,
				 .source = source,
				 .flags = fixture_facts[i].flags,
				 .party = (uint8_t)fixture_facts[i].party};

		if ((x.flags & FLAG_LATE) != 0)
			x.recorded_at += 77 * HOUR_MS;
		(void)facts_add(f, &x);
	}
	return f;
}

/* --- clocks --- */

static const struct piece fixture_pieces[] = {
	{.span = {1773148320000, 1773162000000},
	 .kind = PIECE_RAN,
	 .from_fact = NO_FACT,
	 .to_fact = NO_FACT},
	{.span = {1773162000000, 1773165300000},
	 .kind = PIECE_PAUSED,
	 .from_fact = F_WAITING,
	 .to_fact = F_ANSWER,
	 .event = EVENT_WAITING_CLIENT},
	{.span = {1773165300000, 1773176400000},
	 .kind = PIECE_RAN,
	 .from_fact = NO_FACT,
	 .to_fact = NO_FACT},
	{.span = {1773176400000, 1773234000000},
	 .kind = PIECE_CLOSED,
	 .from_fact = NO_FACT,
	 .to_fact = NO_FACT},
	{.span = {1773234000000, 1773240000000},
	 .kind = PIECE_RAN,
	 .from_fact = NO_FACT,
	 .to_fact = NO_FACT},
};

static const uint32_t fixture_clock_facts[] = {F_LOGGED, F_WAITING, F_ANSWER, F_RESTORED};

/* Stands for the engine's: the late ticket in pieces, the others without. */
const struct clock_detail *outcome_clock_detail(struct arena *a, const struct outcome *o,
						uint32_t clock)
{
	struct clock_detail *d = arena_one(a, struct clock_detail);
	const struct metric *m = &o->in.versions[0].promise->metrics[0];

	*d = (struct clock_detail){.unpaused_deadline = INSTANT_NONE,
				   .due_if_resumed = INSTANT_NONE,
				   .by_min = -1,
				   .binding = m->targets[0].within};
	if (clock != 0)
		return d;
	d->pieces = fixture_pieces;
	d->n_pieces = ARRAY_SIZE(fixture_pieces);
	d->facts = fixture_clock_facts;
	d->n_facts = ARRAY_SIZE(fixture_clock_facts);
	d->unpaused_deadline = at("2026-03-11T13:12:00Z");
	d->paused_ms = 55 * MINUTE_MS;
	d->thresholds[0] = (struct threshold){50, at("2026-03-10T18:07:00Z")};
	return d;
}

/* Facts in dispute, as the engine would find them: what a test puts here. */
static struct {
	struct contradiction found[CONTRADICTIONS_TRIED_MAX + 5];
	size_t n_found, tries;
	bool fails;
	const struct window_change *windows; /* what each would change */
	size_t n_windows;
	const struct total_change *totals;
	size_t n_totals;
	uint32_t contested, by;
} fixture_dispute = {.contested = NO_FACT, .by = NO_FACT};

size_t contradictions_find(struct arena *a, const struct outcome *o, struct contradiction **out)
{
	(void)o;
	*out = arena_array(a, struct contradiction, fixture_dispute.n_found);
	for (size_t i = 0; i < fixture_dispute.n_found; i++)
		(*out)[i] = fixture_dispute.found[i];
	return fixture_dispute.n_found;
}

enum rc contradiction_try(struct arena *a, struct arena *scratch, const struct outcome *o,
			  struct contradiction *x, struct err *err)
{
	(void)a;
	(void)scratch;
	(void)o;
	fixture_dispute.tries++;
	if (fixture_dispute.fails)
		return err_set(err, RC_LIMIT, "too large to be counted");
	x->tried = true;
	x->windows = fixture_dispute.windows;
	x->n_windows = fixture_dispute.n_windows;
	x->totals = fixture_dispute.totals;
	x->n_totals = fixture_dispute.n_totals;
	return RC_OK;
}

size_t contested_facts(struct arena *a, const struct outcome *o, uint32_t window, uint32_t **out)
{
	(void)o;
	(void)window;
	*out = arena_array(a, uint32_t, 1);
	**out = fixture_dispute.contested;
	return fixture_dispute.contested != NO_FACT;
}

uint32_t contested_by(const struct outcome *o, uint32_t fact)
{
	(void)o;
	return fact == fixture_dispute.contested ? fixture_dispute.by : NO_FACT;
}

static void fixture_clocks(struct arena *a, struct outcome *o)
{
	struct symbols *s = o->in.facts->symbols;

	o->clocks = arena_array(a, struct clock, 3);
	o->n_clocks = 3;
	o->clocks[0] = (struct clock){.subject = symbol_find(s, text_of("T-118")),
				      .priority = 0,
				      .target = 0,
				      .state = CLOCK_MISSED,
				      .sample = true,
				      .detailed = true,
				      .start = at("2026-03-10T13:12:00Z"),
				      .stop = at("2026-03-11T14:40:00Z"),
				      .deadline = at("2026-03-11T14:07:00Z"),
				      .settled = at("2026-03-11T14:07:00Z"),
				      .goal_ms = 8 * HOUR_MS,
				      .used_ms = 8 * HOUR_MS + 33 * MINUTE_MS,
				      .left_ms = -33 * MINUTE_MS,
				      .start_fact = F_LOGGED,
				      .stop_fact = F_RESTORED};
	o->clocks[1] = (struct clock){.subject = symbol_find(s, text_of("T-<9>")),
				      .priority = 1,
				      .target = 1,
				      .state = CLOCK_MET,
				      .sample = true,
				      .start = at("2026-03-12T14:00:00Z"),
				      .stop = at("2026-03-12T15:00:00Z"),
				      .deadline = at("2026-03-17T14:00:00Z"),
				      .settled = at("2026-03-12T15:00:00Z"),
				      .goal_ms = 24 * HOUR_MS,
				      .used_ms = HOUR_MS,
				      .left_ms = 23 * HOUR_MS,
				      .start_fact = F_OTHER_LOGGED,
				      .stop_fact = F_OTHER_RESTORED};
	o->clocks[2] = (struct clock){.subject = symbol_find(s, text_of("=T-7")),
				      .priority = 1,
				      .target = 1,
				      .state = CLOCK_VOID,
				      .reason = VOID_CANCELLED,
				      .start = at("2026-03-13T14:00:00Z"),
				      .stop = INSTANT_NONE,
				      .deadline = INSTANT_NONE,
				      .settled = INSTANT_NONE,
				      .start_fact = NO_FACT,
				      .stop_fact = F_CANCELLED};
}

/* --- windows --- */

static const int fixture_assets[] = {0};
static const uint32_t fixture_samples[] = {0, 1};

static const struct availability *fixture_availability(struct arena *a)
{
	struct availability *av = arena_one(a, struct availability);
	struct raw_outage *outage = arena_one(a, struct raw_outage);
	struct excuse *excuses = arena_array(a, struct excuse, 2);

	*outage = (struct raw_outage){
		.span = {at("2026-03-24T18:00:00Z"), at("2026-03-24T22:10:00Z")},
		.counted_ms = 250 * MINUTE_MS,
		.began_fact = F_BEGAN,
		.ended_fact = F_ENDED,
		.assets = fixture_assets,
		.n_assets = 1};
	excuses[0] =
		(struct excuse){.asked = {at("2026-03-08T03:00:00Z"), at("2026-03-08T04:00:00Z")},
				.granted = {at("2026-03-08T03:00:00Z"), at("2026-03-08T04:00:00Z")},
				.granted_ms = HOUR_MS,
				.cause = CAUSE_SCHEDULED_MAINTENANCE,
				.notice_ms = 96 * HOUR_MS,
				.needed_ms = 48 * HOUR_MS,
				.allowance = true,
				.allowance_left_ms = 3 * HOUR_MS,
				.fact = F_MAINTENANCE,
				.actual_fact = NO_FACT};
	excuses[1] =
		(struct excuse){.asked = {at("2026-03-24T18:00:00Z"), at("2026-03-24T20:00:00Z")},
				.exclude = 0,
				.cause = CAUSE_SCHEDULED_MAINTENANCE,
				.refusal = EXCUSE_NOTICE_SHORT,
				.notice_ms = 22 * HOUR_MS,
				.needed_ms = 48 * HOUR_MS,
				.would_excuse_ms = 2 * HOUR_MS,
				.fact = F_SHORT,
				.actual_fact = NO_FACT};
	*av = (struct availability){.window_ms = 743 * HOUR_MS,
				    .agreed_ms = 743 * HOUR_MS,
				    .removed_ms = HOUR_MS,
				    .excused_ms = HOUR_MS,
				    .base_ms = 742 * HOUR_MS,
				    .down_ms = 250 * MINUTE_MS,
				    .down_as_up_ms = 250 * MINUTE_MS,
				    .outages = outage,
				    .n_outages = 1,
				    .excuses = excuses,
				    .n_excuses = 2,
				    .budget_ms = 13356000,
				    .spent_ms = 250 * MINUTE_MS,
				    .budget_state = 2};
	return av;
}

static void fixture_windows(struct arena *a, struct outcome *o)
{
	struct priority_share *shares = arena_array(a, struct priority_share, 3);
	struct window_result march = {.kind = WINDOW_CALENDAR_MONTH,
				      .window = o->in.period,
				      .judged = o->in.period,
				      .label = "2026-03",
				      .verdict = VERDICT_MISSED,
				      .value_set = true,
				      .report_due = INSTANT_NONE,
				      .report_delivered = INSTANT_NONE};

	shares[0] = (struct priority_share){.samples = 1, .in_time = 0, .shown = {0, 4}};
	shares[1] = (struct priority_share){.samples = 1, .in_time = 1, .shown = {1000000, 4}};
	o->windows = arena_array(a, struct window_result, 3);
	o->n_windows = 3;
	o->windows[0] = march;
	o->windows[0].value = fraction_of(1, 2);
	o->windows[0].shown = (struct decimal){500000, 4};
	o->windows[0].samples = 2;
	o->windows[0].in_time = 1;
	o->windows[0].priorities = shares;
	o->windows[0].clocks = fixture_samples;
	o->windows[0].n_clocks = 2;
	/* February of uptime, for the trend, then March */
	o->windows[1] = march;
	o->windows[1].metric = 1;
	o->windows[1].window = o->windows[1].judged =
		(struct span){at("2026-02-01T05:00:00Z"), o->in.period.from};
	memcpy(o->windows[1].label, "2026-02", 8);
	o->windows[1].verdict = VERDICT_MET;
	o->windows[1].value = fraction_of(1, 1);
	o->windows[1].shown = (struct decimal){1000000, 4};
	o->windows[2] = march;
	o->windows[2].metric = 1;
	o->windows[2].value = fraction_of(4427, 4452);
	o->windows[2].shown = (struct decimal){994385, 4};
	o->windows[2].target = (struct decimal){995, 1};
	o->windows[2].target_set = true;
	o->windows[2].availability = fixture_availability(a);
}

/* --- remedies --- */

static const uint32_t fixture_credit_list[] = {0};
static const uint32_t fixture_missed[] = {2};

static void fixture_remedies(struct arena *a, struct outcome *o)
{
	struct base_line *line = arena_one(a, struct base_line);
	struct base *base = arena_one(a, struct base);
	struct credit *credit = arena_one(a, struct credit);
	struct cap_use *cap = arena_one(a, struct cap_use);
	struct settlement *settlement = arena_one(a, struct settlement);
	struct right *right = arena_one(a, struct right);
	struct act_deadline *deadline = arena_one(a, struct act_deadline);
	struct currency usd = o->in.versions[0].promise->currency;

	*line = (struct base_line){
		.exact = fraction_of(450, 1), .days = 31, .of_days = 31, .known = true};
	*base = (struct base){
		.month = o->in.period, .lines = line, .n_lines = 1, .exact = fraction_of(450, 1)};
	*credit = (struct credit){.id = "c1",
				  .window = 2,
				  .clock = UINT32_MAX,
				  .breaches = 1,
				  .pct = {5, 0},
				  .exact = fraction_of(45, 2),
				  .after_caps = fraction_of(45, 2),
				  .amount = {2250, usd},
				  .other = UINT32_MAX,
				  .claim_until = INSTANT_NONE,
				  .claimed = INSTANT_NONE,
				  .claim_fact = NO_FACT,
				  .month = o->in.period.from};
	*cap = (struct cap_use){.period = o->in.period,
				.limit = fraction_of(45, 1),
				.used_before = fraction_of(0, 1),
				.used = fraction_of(45, 2),
				.cut = fraction_of(0, 1),
				.of = fraction_of(450, 1)};
	*settlement = (struct settlement){.month = o->in.period,
					  .total = {2250, usd},
					  .credits = fixture_credit_list,
					  .n_credits = 1,
					  .caps = cap,
					  .n_caps = 1,
					  .lapsed = {0, usd},
					  .bonus = {0, usd},
					  .earned_back = {0, usd}};
	*right = (struct right){.arose = at("2026-04-01T04:00:00Z"),
				.until = at("2026-05-31T04:00:00Z"),
				.window = 2,
				.windows = fixture_missed,
				.n_windows = 1,
				.exercised = INSTANT_NONE,
				.fact = NO_FACT};
	*deadline = (struct act_deadline){.kind = DEADLINE_RIGHT,
					  .state = DEADLINE_OPEN,
					  .who = PARTY_CLIENT,
					  .at = at("2026-05-31T04:00:00Z"),
					  .done = INSTANT_NONE,
					  .window = UINT32_MAX,
					  .item = 0,
					  .fact = NO_FACT,
					  .why = o->in.versions[0].promise->chronic[0].node};
	o->bases = base;
	o->n_bases = 1;
	o->credits = credit;
	o->n_credits = 1;
	o->settlements = settlement;
	o->n_settlements = 1;
	o->rights = right;
	o->n_rights = 1;
	o->deadlines = deadline;
	o->n_deadlines = 1;
}

UNUSED static struct outcome *fixture_outcome(struct arena *a)
{
	struct outcome *o = arena_one(a, struct outcome);
	struct version *v = arena_one(a, struct version);

	*v = (struct version){fixture_promise(a, fixture_contract), INSTANT_MIN};
	if (v->promise == NULL)
		return NULL;
	o->arena = a;
	o->in = (struct evaluation){
		.versions = v,
		.n_versions = 1,
		.facts = fixture_fill(a),
		.as_of = at("2026-04-02T13:00:00Z"),
		.known_as_of = at("2026-04-02T13:00:00Z"),
		.period = {at("2026-03-01T05:00:00Z"), at("2026-04-01T04:00:00Z")}};
	o->view = view_make(a, o->in.facts, o->in.as_of, o->in.known_as_of);
	fixture_clocks(a, o);
	fixture_windows(a, o);
	fixture_remedies(a, o);
	return o;
}

#endif
