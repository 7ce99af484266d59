/* SPDX-License-Identifier: Apache-2.0 */
/* Every cause of sla.metrics[].exclude: what proves it, and what it then takes (sla.md R52, R53, R29, R18, R19). */
#include "unit/engine/availability_fixture.h"
#include "unit/engine/engine_fixture.h"

#define APRIL "2026-04-01T04:00:00Z", "2026-05-01T04:00:00Z"

/* Nobody else says anything: the asset a is down on Friday 10 April from 10:00Z to 12:00Z. `began` adds to that fact. */
struct told {
	enum party party;
	const char *when, *recorded, *words;
};

struct cause_case {
	const char *name;
	enum excuse_cause rule;
	const char *began;
	struct told facts[4];
	int64_t down_min;
	enum excuse_refusal refusal;
	int64_t would_min;
	int flagged; /* fact that must be flagged `unproven`: 0 the outage, 1 the first told, ...; -1: none */
};

#define PROVIDER PARTY_PROVIDER
#define CLIENT PARTY_CLIENT
#define T(x) "2026-04-10T" x ":00Z"
#define DECLARED "force_majeure.declared event=f1 event_kind=utility_failure assets=a"
#define ASKED "obligation.requested event=q1 obligation=access"

static const struct cause_case cases[] = {
	/* R52; the contract lists utility_failure and war, and wants a declaration within a day */
	{"declared within the notice: from the event",
	 CAUSE_FORCE_MAJEURE,
	 "",
	 {{PROVIDER, T("10:30"), T("20:00"), DECLARED}},
	 30,
	 EXCUSE_VALID,
	 0,
	 -1},
	{"the day of the event is not counted: kept at 24:00 of the next",
	 CAUSE_FORCE_MAJEURE,
	 "",
	 {{PROVIDER, T("09:00"), "2026-04-12T04:00:00Z", DECLARED}},
	 0,
	 EXCUSE_VALID,
	 0,
	 -1},
	{"a millisecond later: from the declaration",
	 CAUSE_FORCE_MAJEURE,
	 "",
	 {{PROVIDER, T("09:00"), "2026-04-12T04:00:00.001Z", DECLARED}},
	 120,
	 EXCUSE_NOTICE_SHORT,
	 120,
	 -1},
	{"declared too late, while still down",
	 CAUSE_FORCE_MAJEURE,
	 "",
	 {{PROVIDER, "2026-04-08T09:00:00Z", T("11:00"), DECLARED}},
	 60,
	 EXCUSE_NOTICE_SHORT,
	 60,
	 -1},
	{"too late, but reported by the client itself",
	 CAUSE_FORCE_MAJEURE,
	 "",
	 {{CLIENT, "2026-04-08T09:00:00Z", T("11:00"), DECLARED}},
	 0,
	 EXCUSE_VALID,
	 0,
	 -1},
	{"until it ended",
	 CAUSE_FORCE_MAJEURE,
	 "",
	 {{PROVIDER, T("09:00"), NULL, DECLARED},
	  {PROVIDER, T("11:30"), NULL, "force_majeure.ended event=f1"}},
	 30,
	 EXCUSE_VALID,
	 0,
	 -1},
	{"the end of another event",
	 CAUSE_FORCE_MAJEURE,
	 "",
	 {{PROVIDER, T("09:00"), NULL, DECLARED},
	  {PROVIDER, T("11:30"), NULL, "force_majeure.ended event=f2"}},
	 0,
	 EXCUSE_VALID,
	 0,
	 -1},
	{"an event the contract does not list",
	 CAUSE_FORCE_MAJEURE,
	 "",
	 {{PROVIDER, T("09:00"), NULL,
	   "force_majeure.declared event=f1 event_kind=pandemic assets=a"}},
	 120,
	 EXCUSE_NOT_LISTED,
	 120,
	 -1},
	{"no assets named: all",
	 CAUSE_FORCE_MAJEURE,
	 "",
	 {{PROVIDER, T("09:00"), NULL, "force_majeure.declared event=f1 event_kind=war"}},
	 0,
	 EXCUSE_VALID,
	 0,
	 -1},
	{"a cause the metric does not exclude",
	 CAUSE_SUSPENSION,
	 "",
	 {{PROVIDER, T("09:00"), NULL, DECLARED}},
	 120,
	 EXCUSE_NOT_LISTED,
	 120,
	 -1},
	{"the word alone",
	 CAUSE_FORCE_MAJEURE,
	 "cause=force_majeure ",
	 {{0}},
	 120,
	 EXCUSE_UNPROVEN,
	 120,
	 0},

	/* R29, R53; access is due within 4 h */
	{"a duty asked for, named by the outage",
	 CAUSE_CLIENT_OBLIGATION,
	 "event=q1 ",
	 {{PROVIDER, T("06:30"), NULL, ASKED},
	  {CLIENT, T("11:45"), NULL, "obligation.met event=q1"}},
	 45,
	 EXCUSE_VALID,
	 0,
	 -1},
	{"named by its obligation as cause",
	 CAUSE_CLIENT_OBLIGATION,
	 "cause=access ",
	 {{PROVIDER, T("06:30"), NULL, ASKED},
	  {CLIENT, T("11:45"), NULL, "obligation.met event=q1"}},
	 45,
	 EXCUSE_VALID,
	 0,
	 -1},
	{"a duty no outage names",
	 CAUSE_CLIENT_OBLIGATION,
	 "cause=client_obligation ",
	 {{PROVIDER, T("06:30"), NULL, ASKED}},
	 120,
	 EXCUSE_UNPROVEN,
	 120,
	 0},
	{"inside the client's allowance all along",
	 CAUSE_CLIENT_OBLIGATION,
	 "cause=client_obligation event=q1 ",
	 {{PROVIDER, T("09:00"), NULL, ASKED}},
	 120,
	 EXCUSE_UNPROVEN,
	 120,
	 0},
	{"a standing duty, breached",
	 CAUSE_CLIENT_OBLIGATION,
	 "event=q2 ",
	 {{PROVIDER, T("09:30"), NULL, "obligation.breached event=q2 obligation=power"},
	  {CLIENT, T("11:00"), NULL, "obligation.met event=q2"}},
	 60,
	 EXCUSE_VALID,
	 0,
	 -1},
	{"a duty that excuses another metric",
	 CAUSE_CLIENT_OBLIGATION,
	 "event=q3 ",
	 {{PROVIDER, T("09:30"), NULL, "obligation.breached event=q3 obligation=channel"}},
	 120,
	 EXCUSE_NOT_LISTED,
	 120,
	 -1},

	/* R53 */
	{"the client asked for the outage",
	 CAUSE_CLIENT_REQUEST,
	 "",
	 {{CLIENT, T("09:00"), NULL, "downtime.requested event=d1 outage=o1"}},
	 0,
	 EXCUSE_VALID,
	 0,
	 -1},
	{"the client asked for an hour",
	 CAUSE_CLIENT_REQUEST,
	 "",
	 {{CLIENT, T("09:00"), NULL,
	   "downtime.requested event=d1 from=2026-04-10T10:30:00Z to=2026-04-10T11:30:00Z "
	   "assets=a"}},
	 60,
	 EXCUSE_VALID,
	 0,
	 -1},
	{"an hour of an outage",
	 CAUSE_CLIENT_REQUEST,
	 "",
	 {{CLIENT, T("09:00"), NULL,
	   "downtime.requested event=d1 outage=o1 from=2026-04-10T10:30:00Z "
	   "to=2026-04-10T11:30:00Z"}},
	 60,
	 EXCUSE_VALID,
	 0,
	 -1},
	{"the outage names the request",
	 CAUSE_CLIENT_REQUEST,
	 "event=d1 ",
	 {{CLIENT, T("09:00"), NULL, "downtime.requested event=d1"}},
	 0,
	 EXCUSE_VALID,
	 0,
	 -1},
	{"the provider says that the client asked",
	 CAUSE_CLIENT_REQUEST,
	 "",
	 {{PROVIDER, T("09:00"), NULL, "downtime.requested event=d1 outage=o1"}},
	 120,
	 EXCUSE_UNPROVEN,
	 120,
	 1},
	{"and the client accepts that",
	 CAUSE_CLIENT_REQUEST,
	 "",
	 {{PROVIDER, T("09:00"), NULL, "downtime.requested event=d1 outage=o1"},
	  {CLIENT, T("18:00"), NULL, "fact.accepted fact=fact-2"}},
	 0,
	 EXCUSE_VALID,
	 0,
	 -1},

	{"a supplier and its statement",
	 CAUSE_THIRD_PARTY_NETWORK,
	 "cause=third_party_network supplier=Telco ",
	 {{PARTY_SUPPLIER, T("15:00"), NULL, "supplier.stated event=s1 supplier=Telco outage=o1"}},
	 0,
	 EXCUSE_VALID,
	 0,
	 -1},
	{"a statement about an outage put down to nothing",
	 CAUSE_THIRD_PARTY_SERVICE,
	 "",
	 {{PROVIDER, T("15:00"), NULL, "supplier.stated event=s1 supplier=Telco outage=o1"}},
	 0,
	 EXCUSE_VALID,
	 0,
	 -1},
	{"a network where only services are excluded",
	 CAUSE_THIRD_PARTY_SERVICE,
	 "cause=third_party_network ",
	 {{PROVIDER, T("15:00"), NULL, "supplier.stated event=s1 supplier=Telco outage=o1"}},
	 120,
	 EXCUSE_NOT_LISTED,
	 120,
	 -1},
	{"another supplier's statement",
	 CAUSE_THIRD_PARTY_NETWORK,
	 "cause=third_party_network supplier=Cloudy ",
	 {{PROVIDER, T("15:00"), NULL, "supplier.stated event=s1 supplier=Telco outage=o1"}},
	 120,
	 EXCUSE_UNPROVEN,
	 120,
	 1},
	{"a supplier without a statement",
	 CAUSE_THIRD_PARTY_NETWORK,
	 "cause=third_party_network supplier=Telco ",
	 {{0}},
	 120,
	 EXCUSE_UNPROVEN,
	 120,
	 0},
	{"a statement about another outage",
	 CAUSE_THIRD_PARTY_NETWORK,
	 "cause=third_party_network ",
	 {{PROVIDER, T("15:00"), NULL, "supplier.stated event=s1 supplier=Telco outage=o7"}},
	 120,
	 EXCUSE_UNPROVEN,
	 120,
	 0},

	{"suspended after notice",
	 CAUSE_SUSPENSION,
	 "",
	 {{PROVIDER, "2026-04-08T09:00:00Z", NULL, "notice.given event=u1 notice=suspension"},
	  {PROVIDER, T("10:30"), NULL, "suspension.began event=u1 service=hosting"},
	  {PROVIDER, T("11:00"), NULL, "suspension.ended event=u1"}},
	 90,
	 EXCUSE_VALID,
	 0,
	 -1},
	{"notice that names the service",
	 CAUSE_SUSPENSION,
	 "",
	 {{PROVIDER, "2026-04-08T09:00:00Z", NULL,
	   "notice.given event=n1 notice=suspension service=hosting"},
	  {PROVIDER, T("09:00"), NULL, "suspension.began event=u1 service=hosting"}},
	 0,
	 EXCUSE_VALID,
	 0,
	 -1},
	{"suspended without notice is downtime",
	 CAUSE_SUSPENSION,
	 "",
	 {{PROVIDER, T("09:00"), NULL, "suspension.began event=u1 service=hosting"}},
	 120,
	 EXCUSE_UNPROVEN,
	 120,
	 1},
	{"notice of something else",
	 CAUSE_SUSPENSION,
	 "",
	 {{PROVIDER, "2026-04-08T09:00:00Z", NULL, "notice.given event=u1 notice=termination"},
	  {PROVIDER, T("09:00"), NULL, "suspension.began event=u1 service=hosting"}},
	 120,
	 EXCUSE_UNPROVEN,
	 120,
	 2},
	{"notice after the fact",
	 CAUSE_SUSPENSION,
	 "",
	 {{PROVIDER, T("09:00"), NULL, "suspension.began event=u1 service=hosting"},
	  {PROVIDER, T("08:00"), T("13:00"), "notice.given event=u1 notice=suspension"}},
	 120,
	 EXCUSE_UNPROVEN,
	 120,
	 1},

	/* R19: in the reading that holds contested facts they count, and are marked */
	{"contested by the client",
	 CAUSE_FORCE_MAJEURE,
	 "",
	 {{PROVIDER, T("09:00"), NULL, DECLARED},
	  {CLIENT, T("18:00"), NULL, "fact.contested fact=fact-2"}},
	 0,
	 EXCUSE_CONTESTED,
	 120,
	 -1},
};

static void terms(struct fixture *x, enum excuse_cause cause)
{
	static const int this_metric[] = {0}, other[] = {1};
	static const struct obligation obligations[] = {
		{.id = {"access", 6},
		 .within = {.set = true, .duration = {.n = 4, .unit = UNIT_H}},
		 .excuses = this_metric,
		 .n_excuses = 1},
		{.id = {"power", 5}, .standing = true, .excuses = this_metric, .n_excuses = 1},
		{.id = {"channel", 7}, .standing = true, .excuses = other, .n_excuses = 1}};

	watched(x, "2024-01-01T00:00:00Z", "2027-01-01T00:00:00Z");
	x->metric.service = 0;
	x->p.obligations = obligations;
	x->p.n_obligations = ARRAY_SIZE(obligations);
	x->p.force_majeure = (struct force_majeure){
		.set = true,
		.events = 1u << 5 | 1u << 6,
		.notice = {.set = true, .duration = {.n = 1, .unit = UNIT_D}}};
	(void)rule_add(x, cause);
}

static void test_causes(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct cause_case *c = &cases[i];
		struct fixture x;
		char words[200];
		uint32_t told[5];
		size_t n = 0;

		fixture_init(&x);
		terms(&x, c->rule);
		(void)snprintf(words, sizeof(words), "outage.began outage=o1 %sassets=a", c->began);
		told[n++] = fact_by(&x, PARTY_MONITOR, T("10:00"), NULL, words);
		(void)fact_by(&x, PARTY_MONITOR, T("12:00"), NULL, "outage.ended outage=o1");
		for (size_t k = 0; k < 4 && c->facts[k].words != NULL; k++)
			told[n++] = fact_by(&x, c->facts[k].party, c->facts[k].when,
					    c->facts[k].recorded, c->facts[k].words);

		struct view *v = fixture_view(&x);
		struct window_result w = judged_in(&x, v, APRIL);
		const struct availability *s = w.availability;

		is_i64(s->down_ms, c->down_min * MINUTE_MS, "%s: D'", c->name);
		is_i64((int64_t)s->n_excuses, 1, "%s: shown once", c->name);
		if (s->n_excuses == 1) {
			is_i64(s->excuses[0].refusal, c->refusal, "%s: refusal", c->name);
			is_i64(s->excuses[0].would_excuse_ms, c->would_min * MINUTE_MS,
			       "%s: would excuse", c->name);
		}
		for (size_t k = 0; k < n; k++)
			ok(((v->flags[told[k]] & FLAG_UNPROVEN) != 0) == ((int)k == c->flagged),
			   "%s: fact %zu flagged", c->name, k);
		fixture_free(&x);
	}
}

/* R52: with recovery still due the excuse ends at event + rto. */
static void test_recovery(void)
{
	struct fixture x;

	fixture_init(&x);
	terms(&x, CAUSE_FORCE_MAJEURE);
	x.service.rto = hours(2);
	x.p.force_majeure.recovery_still_due = true;
	outage_add(&x, "o1", "assets=a", T("10:00"), T("12:00"));
	(void)fact_add(&x, T("09:00"), DECLARED);

	struct window_result w = judged(&x, APRIL);

	is_i64(w.availability->down_ms, HOUR_MS, "recovery was due at 11:00");
	x.p.force_majeure.recovery_still_due = false;
	w = judged(&x, APRIL);
	is_i64(w.availability->down_ms, 0, "recovery was not due");
	fixture_free(&x);
}

/* R53: the first listed takes the time, and only its allowance is used. */
static void test_first_listed(void)
{
	static const struct {
		const char *name;
		enum excuse_cause first, second;
		int64_t left_h; /* of the 8 h for maintenance, after 4 h of it */
	} orders[] = {
		{"maintenance first", CAUSE_SCHEDULED_MAINTENANCE, CAUSE_FORCE_MAJEURE, 4},
		{"force majeure first", CAUSE_FORCE_MAJEURE, CAUSE_SCHEDULED_MAINTENANCE, 7},
	};

	for (size_t i = 0; i < ARRAY_SIZE(orders); i++) {
		struct fixture x;

		fixture_init(&x);
		terms(&x, orders[i].first);
		(void)rule_add(&x, orders[i].second);
		for (size_t r = 0; r < 2; r++)
			if (x.rules[r].cause == CAUSE_SCHEDULED_MAINTENANCE) {
				x.rules[r].max = hours(8);
				x.rules[r].per = WINDOW_CALENDAR_MONTH;
			}
		(void)fact_add(&x, "2026-04-01T09:00:00Z",
			       "maintenance.announced maintenance=m1 from=2026-04-10T09:00:00Z "
			       "to=2026-04-10T13:00:00Z");
		(void)fact_add(&x, T("09:00"), DECLARED);
		(void)fact_add(&x, T("12:00"), "force_majeure.ended event=f1");
		outage_add(&x, "o1", "assets=a", T("10:00"), T("12:00"));

		struct window_result w = judged(&x, APRIL);
		const struct availability *s = w.availability;

		is_i64(s->down_ms, 0, "%s: nothing counts", orders[i].name);
		is_i64(s->removed_ms, 4 * HOUR_MS, "%s: 4 h are out", orders[i].name);
		is_i64(s->excuses[0].allowance_left_ms, orders[i].left_h * HOUR_MS,
		       "%s: allowance left", orders[i].name);
		fixture_free(&x);
	}
}

/* R18: a fact that waits for the other party excuses nothing, and says so. */
static void test_waiting(void)
{
	struct fixture x;

	fixture_init(&x);
	terms(&x, CAUSE_FORCE_MAJEURE);
	outage_add(&x, "o1", "assets=a", T("10:00"), T("12:00"));

	uint32_t f = fact_add(&x, T("09:00"), DECLARED);
	struct view *v = fixture_view(&x);

	v->waits[f] = 1;

	struct window_result w = judged_in(&x, v, APRIL);

	is_i64(w.availability->down_ms, 2 * HOUR_MS, "R18: it counts until accepted");
	ok(w.availability->excuses[0].refusal == EXCUSE_AFTER_REPORT, "and says why");
	is_i64(w.availability->excuses[0].would_excuse_ms, 2 * HOUR_MS, "and what it would change");
	fixture_free(&x);
}

/* R49: down beats out in series, so one component's maintenance does not hide another's failure. */
static void test_maintenance_hides_nothing(void)
{
	static const struct {
		const char *name;
		enum group group;
		int64_t down_h, removed_h, would_h;
	} groups[] = {
		{"any_down", GROUP_ANY_DOWN, 1, 4 - 1, 0},
		{"all_down", GROUP_ALL_DOWN, 0, 1, 0},
	};

	for (size_t i = 0; i < ARRAY_SIZE(groups); i++) {
		struct fixture x;

		fixture_init(&x);
		terms(&x, CAUSE_SCHEDULED_MAINTENANCE);
		x.metric.n_scope = 2;
		x.metric.group = groups[i].group;
		(void)fact_add(&x, "2026-04-01T09:00:00Z",
			       "maintenance.announced maintenance=m1 from=2026-04-10T09:00:00Z "
			       "to=2026-04-10T13:00:00Z assets=a");
		outage_add(&x, "o1", "assets=a", T("09:00"), T("13:00"));
		outage_add(&x, "o2", "assets=b", T("10:00"), T("11:00"));

		struct window_result w = judged(&x, APRIL);

		is_i64(w.availability->down_ms, groups[i].down_h * HOUR_MS, "%s: D'",
		       groups[i].name);
		is_i64(w.availability->removed_ms, groups[i].removed_h * HOUR_MS, "%s: out",
		       groups[i].name);
		fixture_free(&x);
	}
}

/* --- what only a whole contract says --- */

static const char contract[] =
	"tenor: \"1\"\n"
	"contract: {id: T-1, title: Test, currency: USD, timezone: America/New_York}\n"
	"parties: {provider: {legal_name: P LLC, jurisdiction: US-DE}, client: {legal_name: C Inc, "
	"jurisdiction: US-NY}}\n"
	"assets: [{id: server, name: Server}]\n"
	"term: {effective_date: \"2026-01-01\", initial: 36mo}\n"
	"services: [{id: net, name: Network, calendar: always}]\n"
	"subcontractors: {consent: notice}\n"
	"compliance: {gdpr: {roles: {client: controller, provider: processor}, subprocessors: "
	"{authorisation: general, list: [{id: telco, name: Telco Ltd, purpose: lines, country: "
	"US}]}, transfers: {allowed: false}}}\n"
	"payment: {due: 30d, suspension: {after_overdue: 30d, notice: 48h, services: [net]}}\n"
	"sla:\n"
	"  metrics:\n"
	"    - {id: up, kind: availability, service: net, scope: [server], schedule: always, "
	"target: "
	"99.9%, window: calendar_month, exclude: [{id: t, cause: third_party_network, proof: "
	"supplier_statement}, {id: s, cause: suspension, proof: suspension_notice}], measured_by: "
	"{system: probe, point: port}}\n";

static const struct promise *read_contract(struct engine *e)
{
	struct zone_source zones = {e->arena, engine_zone};
	struct terms_context context = {.zones = &zones};
	struct contract *c = NULL;
	const struct promise *p = NULL;
	struct err err = {.line = 0};

	if (contract_read(e->arena, text_of("test.yaml"), text_of(contract), &context, &c, &err) !=
	    RC_OK)
		engine_fail("contract", text_of(err.message));
	for (size_t i = 0; i < c->findings.n; i++)
		note("%s: %.*s: %.*s", c->findings.v[i].code, TEXT_ARG(c->findings.v[i].path),
		     TEXT_ARG(c->findings.v[i].message));
	if (!c->valid || promise_build(e->arena, c, &context, &p, &err) != RC_OK)
		engine_fail("not valid", text_of(err.message));
	return p;
}

static int64_t down_under(struct engine *e, const struct promise *p, struct availability *out)
{
	struct view *v = view_make(e->arena, e->facts, at("2026-06-01T00:00:00Z"), INSTANT_MAX);
	const struct availability_history *h =
		availability_history_make(e->arena, v, p, &p->metrics[0]);
	struct span april = {at("2026-04-01T04:00:00Z"), at("2026-05-01T04:00:00Z")};
	struct window_result w = {.window = april, .judged = april};

	availability_window(e->arena, h, &w);
	*out = *w.availability;
	return out->down_ms;
}

static void test_subcontractor(void)
{
	static const struct {
		const char *name, *supplier;
		int64_t down_h;
	} suppliers[] = {{"another supplier excuses", "Carrier", 0},
			 {"a subcontractor by its id", "telco", 2},
			 {"a subcontractor by its id, however written", "TELCO", 2}};

	for (size_t i = 0; i < ARRAY_SIZE(suppliers); i++) {
		struct engine *e = engine_new();
		const struct promise *p = read_contract(e);
		struct availability s;
		char words[200];

		(void)facts_add_source(
			e->facts, (struct fact_source){.observes_outages = true,
						       .covers = {at("2026-01-01T00:00:00Z"),
								  at("2027-01-01T00:00:00Z")}});
		struct fixture x = {.arena = e->arena, .facts = e->facts};

		outage_add(&x, "o1", "assets=server cause=third_party_network", T("10:00"),
			   T("12:00"));
		(void)snprintf(words, sizeof(words),
			       "supplier.stated event=s1 supplier=%s outage=o1",
			       suppliers[i].supplier);
		(void)fact_add(&x, T("15:00"), words);
		is_i64(down_under(e, p, &s), suppliers[i].down_h * HOUR_MS, "%s",
		       suppliers[i].name);
		ok(s.excuses[0].refusal ==
			   (suppliers[i].down_h > 0 ? EXCUSE_SUBCONTRACTOR : EXCUSE_VALID),
		   "%s: refusal", suppliers[i].name);
		engine_free(e);
	}
}

static void test_suspension_notice(void)
{
	static const struct {
		const char *name, *given;
		int64_t down_h;
		enum excuse_refusal refusal;
	} notices[] = {{"48 h of notice, exactly", "2026-04-08T09:00:00Z", 0, EXCUSE_VALID},
		       {"1 ms short of it", "2026-04-08T09:00:00.001Z", 2, EXCUSE_NOTICE_SHORT}};

	for (size_t i = 0; i < ARRAY_SIZE(notices); i++) {
		struct engine *e = engine_new();
		const struct promise *p = read_contract(e);
		struct fixture x = {.arena = e->arena, .facts = e->facts};
		struct availability s;

		(void)facts_add_source(
			e->facts, (struct fact_source){.observes_outages = true,
						       .covers = {at("2026-01-01T00:00:00Z"),
								  at("2027-01-01T00:00:00Z")}});
		outage_add(&x, "o1", "assets=server", T("10:00"), T("12:00"));
		(void)fact_add(&x, notices[i].given, "notice.given event=u1 notice=suspension");
		(void)fact_add(&x, T("09:00"), "suspension.began event=u1 service=net");
		is_i64(down_under(e, p, &s), notices[i].down_h * HOUR_MS, "%s", notices[i].name);
		is_i64(s.excuses[0].refusal, notices[i].refusal, "%s: refusal", notices[i].name);
		engine_free(e);
	}
}

int main(void)
{
	test_causes();
	test_recovery();
	test_first_listed();
	test_waiting();
	test_maintenance_hides_nothing();
	test_subcontractor();
	test_suspension_notice();
	return tap_done();
}
