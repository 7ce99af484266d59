/* SPDX-License-Identifier: Apache-2.0 */
/* Remedies of whole contracts: from words and facts to what is owed, where the contract's own tree is read. */
#include "engine/outcome.h"

#include "engine_fixture.h"

#define HEAD                                                                                       \
	"tenor: \"1\"\n"                                                                           \
	"contract: {id: T-1, title: Test, currency: USD, timezone: America/New_York, "             \
	"business_calendar: business}\n"                                                           \
	"parties: {provider: {legal_name: P LLC, jurisdiction: US-DE}, client: {legal_name: C "    \
	"Inc, "                                                                                    \
	"jurisdiction: US-NY}}\n"                                                                  \
	"calendars: [{id: business, hours: [{id: w, days: mon-fri, open: [\"00:00-24:00\"]}]}]\n"  \
	"assets: [{id: server, name: Server}]\n"                                                   \
	"services: [{id: net, name: Network, calendar: always}]\n"                                 \
	"payment: {due: 30d}\n"

#define UPTIME                                                                                     \
	"sla:\n"                                                                                   \
	"  metrics: [{id: uptime, kind: availability, scope: [server], target: 99.9%, window: "    \
	"calendar_month, partial_window: prorate, measured_by: {system: probe}}]\n"                \
	"  credits:\n"                                                                             \
	"    base: {charges: [managed]}\n"                                                         \
	"    rules: [{id: tiers, metric: uptime, tiers: [{id: t1, below: 99.9%, credit: 10%}]}]\n" \
	"    caps: [{id: month, per: calendar_month, pct: 50%, of: month_charges}, {id: year, "    \
	"per: "                                                                                    \
	"contract_year, pct: 100%, of: month_charges}]\n"                                          \
	"    apply: {to: credit_note}\n"

static void terms_of(struct engine *e, const char *yaml)
{
	struct zone_source zones = {e->arena, engine_zone};
	struct terms_context context = {.zones = &zones};
	struct contract *c = NULL;
	struct err err = {.line = 0};

	if (contract_read(e->arena, text_of("test.yaml"), text_of(yaml), &context, &c, &err) !=
	    RC_OK)
		engine_fail("contract", text_of(err.message));
	for (size_t i = 0; i < c->findings.n; i++)
		note("%u:%u: %s: %.*s", c->findings.v[i].line, c->findings.v[i].column,
		     c->findings.v[i].code, TEXT_ARG(c->findings.v[i].message));
	if (!c->valid ||
	    promise_build(e->arena, c, &context, &e->versions[0].promise, &err) != RC_OK)
		engine_fail("the contract is not valid", text_of(err.message));
	e->versions[0].from = INSTANT_MIN;
	e->n_versions = 1;
}

static const struct settlement *settled(const struct outcome *o, const struct engine *e,
					const char *month)
{
	for (size_t i = 0; i < o->n_settlements; i++)
		if (o->settlements[i].month.from == engine_time(e, month))
			return &o->settlements[i];
	return NULL;
}

static void is_owed(const struct settlement *s, int64_t minor, const char *name)
{
	is_i64(s != NULL ? s->total.minor : -1, minor, "%s", name);
}

static bool is_whole(struct fraction f, int64_t units)
{
	return fraction_cmp(f, fraction_of(units, 1)) == 0;
}

/* A discount of 10 % from April, a single payment on the effective date, a service that starts in the middle of a month. */
static void discounts_and_years(void)
{
	static const char yaml[] = HEAD
		"term: {effective_date: \"2026-01-10\", service_start: \"2026-02-15\", initial: "
		"36mo, "
		"counts_from: service_start}\n"
		"charges:\n"
		"  - {id: setup, type: one_time, amount: \"500.00 USD\", due: effective_date}\n"
		"  - {id: managed, type: recurring, amount: \"1000.00 USD\", period: 1mo}\n"
		"  - {id: loyal, type: discount, pct: 10%, applies_to: [managed], from: "
		"\"2026-04-01\"}\n"
		"  - {id: ahead, type: discount, pct: 3%, applies_to: [managed], when: "
		"paid_year_ahead}\n" UPTIME;
	struct engine *e = engine_new();
	struct outcome *o;
	const struct settlement *march, *april;

	terms_of(e, yaml);
	engine_facts(e, "2026-02-20 10:00 outage.began monitor outage=o1 assets=server\n"
			"2026-02-20 14:00 outage.ended monitor outage=o1\n"
			"2026-03-10 10:00 outage.began monitor outage=o2 assets=server\n"
			"2026-03-10 14:00 outage.ended monitor outage=o2\n"
			"2026-04-10 10:00 outage.began monitor outage=o3 assets=server\n"
			"2026-04-10 14:00 outage.ended monitor outage=o3\n");
	o = engine_outcome(e, "2026-05-02 09:00", "2026-04-01 00:00", "2026-05-01 00:00");
	march = settled(o, e, "2026-03-01 00:00");
	april = settled(o, e, "2026-04-01 00:00");
	is_owed(settled(o, e, "2026-02-01 00:00"), 5000, "February: 10 % of 14/28 of 1,000.00");
	is_owed(march, 10000, "March: 10 % of 1,000.00");
	is_owed(april, 9000, "April: 10 % of 900.00, after the discount");
	if (ok(march != NULL && april != NULL && april->n_caps == 2, "both months are settled")) {
		ok(is_whole(march->caps[0].of, 1000), "March has no single payment in it");
		ok(is_whole(april->caps[0].of, 900), "a cap looks at what is left of charges");
		ok(is_whole(april->caps[1].used_before, 150),
		   "the contract year began in February");
		is_instant(april->caps[1].period.from, engine_time(e, "2026-02-15 00:00"),
			   "on the day that the term counts from");
		ok(april->applied != NULL && text_is(april->applied->key, "apply"),
		   "how it is given is named");
	}

	const struct base *b = &o->bases[o->credits[o->n_credits - 1].base];

	if (ok(b->n_lines == 2, "the discount is a line of the base"))
		ok(is_whole(b->lines[0].exact, 1000) && is_whole(b->lines[1].exact, -100) &&
			   b->lines[1].charge == 2,
		   "1,000.00 less 100.00");
	ok(o->credits[0].n_causes == 1 &&
		   text_is(symbol_text(e->facts->symbols, o->credits[0].causes[0]), "o1"),
	   "the outage is the cause");
	engine_free(e);
}

static const struct act_deadline *renewal_on(const struct outcome *o, const char *last_day)
{
	for (size_t i = 0; i < o->n_deadlines; i++)
		if (o->deadlines[i].kind == DEADLINE_NON_RENEWAL &&
		    text_is(o->deadlines[i].subject, last_day))
			return &o->deadlines[i];
	return NULL;
}

/* OB-1: 60d before 2029-02-01 00:00 is a Saturday; rolled, Friday 2028-12-01 24:00. */
static void renewals(void)
{
	static const char yaml[] = HEAD
		"term: {effective_date: \"2026-02-01\", initial: 36mo, renewal: {mode: automatic, "
		"period: 12mo, max_renewals: 2, non_renewal_notice: {by: either, at_least: 60d}}}\n"
		"notices: {methods: [email], roll: to_business_day}\n"
		"charges: [{id: managed, type: recurring, amount: \"1000.00 USD\", period: "
		"1mo}]\n" UPTIME;
	static const struct {
		const char *name, *fact, *as_of, *last_day, *at;
		enum deadline_state state;
	} cases[] = {
		{"open", "", "2028-11-02 09:00", "2029-01-31", "2028-12-02T05:00:00Z",
		 DEADLINE_OPEN},
		{"given at the last instant",
		 "2028-12-02T05:00:00Z notice.given client event=n1 notice=non_renewal\n",
		 "2028-12-10 09:00", "2029-01-31", "2028-12-02T05:00:00Z", DEADLINE_MET},
		{"1 ms late",
		 "2028-12-02T05:00:00.001Z notice.given client event=n1 notice=non_renewal\n",
		 "2028-12-10 09:00", "2029-01-31", "2028-12-02T05:00:00Z", DEADLINE_LATE},
		{"another notice",
		 "2028-11-02T05:00:00Z notice.given client event=n1 notice=termination\n",
		 "2028-12-10 09:00", "2029-01-31", "2028-12-02T05:00:00Z", DEADLINE_LATE},
		{"the next year", "", "2029-11-10 09:00", "2030-01-31", "2029-12-01T05:00:00Z",
		 DEADLINE_OPEN},
		{"a late notice is in time for the next",
		 "2028-12-02T05:00:00.001Z notice.given client event=n1 notice=non_renewal\n",
		 "2029-11-10 09:00", "2030-01-31", "2029-12-01T05:00:00Z", DEADLINE_MET},
		{"the term ends with the second renewal", "", "2030-11-20 09:00", "2030-01-31",
		 "2029-12-01T05:00:00Z", DEADLINE_LATE},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct engine *e = engine_new();
		const struct act_deadline *d;
		struct outcome *o;

		terms_of(e, yaml);
		engine_facts(e, cases[i].fact);
		o = engine_outcome(e, cases[i].as_of, "2028-11-01 00:00", "2028-12-01 00:00");
		d = renewal_on(o, cases[i].last_day);
		ok(renewal_on(o, "2031-01-31") == NULL, "%s: not after the last renewal",
		   cases[i].name);
		if (ok(d != NULL, "%s: listed", cases[i].name)) {
			is_instant(d->at, engine_time(e, cases[i].at), cases[i].name);
			is_i64(d->state, cases[i].state, "%s: state", cases[i].name);
		}
		engine_free(e);
	}
}

/* NF-4 on the contract of the reference: the month cap is 30 % of 8,400.00 = 2,520.00. */
static void reference_contract(void)
{
	const char *shared = tap_shared();
	struct engine *e = engine_new();
	char path[512];

	(void)snprintf(path, sizeof(path), "%s/reference/terms-example.yaml",
		       shared != NULL ? shared : "");

	struct text yaml = engine_file(e->arena, path);

	if (yaml.p == NULL) {
		ok(true, "the contract of the reference # SKIP not here");
		engine_free(e);
		return;
	}
	terms_of(e, yaml.p);
	engine_facts(e, "2026-04-10 10:00 outage.began monitor outage=o1 assets=files\n"
			"2026-04-10 20:00 outage.ended monitor outage=o1\n"
			"2026-05-12 10:00 outage.began monitor outage=o2 assets=files\n"
			"2026-05-12 20:00 outage.ended monitor outage=o2\n"
			"2026-06-09 10:00 outage.began monitor outage=o3 assets=files\n"
			"2026-06-10 10:00 outage.ended monitor outage=o3\n"
			"2026-05-14 10:00 report.delivered provider window=2026-04\n"
			"2026-06-12 10:00 report.delivered provider window=2026-05\n");

	struct outcome *o =
		engine_outcome(e, "2026-07-02 09:00", "2026-06-01 00:00", "2026-07-01 00:00");
	const struct settlement *june = settled(o, e, "2026-06-01 00:00");

	is_owed(june, 223200, "NF-4: 25 % + 6 % of 7,200.00 = 2,232.00");
	if (june != NULL)
		ok(is_whole(june->caps[0].of, 8400) && is_whole(june->caps[0].limit, 2520),
		   "NF-4: the month cap is 30 %% of 8,400.00 = 2,520.00");
	engine_free(e);
}

int main(void)
{
	discounts_and_years();
	renewals();
	reference_contract();
	return tap_done();
}
