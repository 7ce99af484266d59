/* SPDX-License-Identifier: Apache-2.0 */
/* The worked examples of sla.md section 11 about remedies, and that of NF-4. */
#include "remedy_fixture.h"

static const char *const tiers[][2] = {{"99.9", "5"}, {"99", "10"}, {"98", "25"}};

static struct fixture *with_uptime_tiers(void)
{
	struct fixture *fx = fixture_new();

	add_charge(fx, "managed", "7200.00 USD");
	set_base(fx, 1, (const int[]){0});
	add_tiers(fx, "uptime_tiers", UPTIME, 3, tiers);
	return fx;
}

/* W6: a report due 10bd after February 2026 is in time to the end of 13 March. */
static void report_due(void)
{
	struct fixture *fx = with_uptime_tiers();
	struct window_result *w = add_window(fx, UPTIME, "2026-02", "99.95");

	set_reporting(fx, "10bd", LATE_NONE, "0");
	settle(fx, "2026-03-02T05:00:00Z");
	is_instant(w->report_due, "2026-03-14T04:00:00Z", "W6: 10bd after February");
	is_i64((int64_t)fx->o.n_deadlines > 0, 1, "W6: it is among the deadlines");
	is_instant(fx->o.deadlines[0].at, "2026-03-14T04:00:00Z", "W6: as the first");
	is_i64(fx->o.deadlines[0].state, DEADLINE_OPEN, "W6: open");
	arena_free(fx->arena);
}

/* W14: two misses of three, however the third went. */
static void chronic(void)
{
	static const struct {
		const char *name, *values[4];
		size_t rights;
	} cases[] = {
		{"W14", {"99.95", "99.80", "99.92", "99.71"}, 1},
		{"W14: misses in January and April only", {"99.80", "99.95", "99.92", "99.71"}, 0},
		{"W14: March not judged", {"99.95", "99.80", NULL, "99.71"}, 1},
		{"every later miss opens a new right", {"99.95", "99.80", "99.70", "99.71"}, 2},
	};
	static const char *const months[] = {"2026-01", "2026-02", "2026-03", "2026-04"};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct fixture *fx = fixture_new();

		fx->promises[0].n_chronic = 1;
		fx->chronic[0] = (struct chronic_rule){.id = text_of("twice"),
						       .metric = UPTIME,
						       .misses = 2,
						       .out_of = 3,
						       .exercise_within = timing(fx, "60d")};
		for (size_t m = 0; m < ARRAY_SIZE(months); m++)
			add_window(fx, UPTIME, months[m], cases[i].values[m]);
		settle(fx, "2026-05-10T00:00:00Z");
		is_i64((int64_t)fx->o.n_rights, (int64_t)cases[i].rights, "%s", cases[i].name);
		if (fx->o.n_rights > 0) {
			const struct right *r = &fx->o.rights[fx->o.n_rights - 1];

			is_instant(r->arose, "2026-05-01T04:00:00Z", "%s: arises", cases[i].name);
			is_instant(r->until, "2026-06-30T04:00:00Z", "%s: until", cases[i].name);
			is_i64((int64_t)r->n_windows, cases[i].rights == 2 ? 3 : 2,
			       "%s: windows named", cases[i].name);
		}
		arena_free(fx->arena);
	}
}

static void schedule(struct fixture *fx, struct charge *c, size_t n,
		     const char *const (*amounts)[2])
{
	/* The type of promise.h has no name of its own. */
	struct step {
		day from;
		struct money amount;
	} *v = arena_array(fx->arena, struct step, n);

	assert(sizeof(*v) == sizeof(*c->schedule));
	for (size_t i = 0; i < n; i++) {
		v[i].from = date(amounts[i][0]);
		v[i].amount = usd(amounts[i][1]);
	}
	c->schedule = (const void *)v;
	c->n_schedule = n;
}

/*
 * W15: month then year cap. Charges of June are 9,000.00, of the 12 months before 8,750.00 on average; the year has used
 * 7,400.00, which five months of 1,480.00 (20 % of 7,400.00) came to.
 */
static void month_then_year_cap(void)
{
	static const char *const other[][2] = {{"2025-12-01", "2600.00 USD"},
					       {"2026-01-01", "200.00 USD"},
					       {"2026-06-01", "1800.00 USD"}};
	static const char *const months[] = {"2026-01", "2026-02", "2026-03", "2026-04", "2026-05"};
	struct fixture *fx = with_uptime_tiers();
	struct window_result *w;

	schedule(fx, add_charge(fx, "other", "2500.00 USD"), 3, other);
	add_breach_rule(fx, "p1_each", RESPONSE, "5");
	add_cap(fx, CAP_CALENDAR_MONTH, "20", CAP_MONTH_CHARGES);
	add_cap(fx, CAP_CONTRACT_YEAR, "100", CAP_AVERAGE_MONTH_12MO);
	for (size_t i = 0; i < ARRAY_SIZE(months); i++)
		add_window(fx, UPTIME, months[i], "97");
	add_window(fx, UPTIME, "2026-06", "97.2");
	w = add_window(fx, RESPONSE, "2026-06", "90");
	add_sample(fx, w, "T-1", 0, true);
	add_sample(fx, w, "T-2", 0, false);
	add_sample(fx, w, "T-3", 0, true);
	settle(fx, "2026-07-02T00:00:00Z");

	const struct settlement *s = settlement_in(fx, "2026-06");

	is_money(total_in(fx, "2026-05"), "1480.00 USD", "W15: a month before");
	if (!ok(s != NULL && s->n_caps == 2 && s->n_credits == 3, "W15: June is settled"))
		return;
	is_exact(s->caps[0].of, "9000", "W15: charges of the month");
	is_exact(s->caps[0].cut, "720", "W15: cut by the month");
	is_exact(s->caps[1].of, "8750", "W15: average month");
	is_i64(s->caps[1].months, 12, "W15: of twelve");
	is_exact(s->caps[1].used_before, "7400", "W15: used by the year");
	is_exact(s->caps[1].cut, "450", "W15: cut by the year");
	is_exact(s->caps[1].used, "8750", "W15: the year is used up");
	is_money(s->total, "1350.00 USD", "W15: owed");
	is_money(s->lapsed, "1170.00 USD", "W15: lapsed");
	is_money(rule_total(fx, "2026-06", 0), "964.29 USD", "W15: uptime");
	is_money(rule_total(fx, "2026-06", 1), "385.71 USD", "W15: two P1 events");
	ok(fraction_cmp(credit_of(fx, "2026-06", 0)->after_caps, fraction_of(6750, 7)) == 0,
	   "W15: exactly 964.2857...");
	is_i64((int64_t)credit_of(fx, "2026-06", 0)->n_cuts, 2, "W15: both cuts are named");
	arena_free(fx->arena);
}

/* W16: the last instant to claim 360.00 of February. */
static void claims(void)
{
	static const struct {
		const char *name, *delivered, *claimed, *as_of, *until;
		bool from_window_end;
		enum credit_fate fate;
	} cases[] = {
		{"W16: at the last instant", NULL, "2026-03-08T05:00:00Z", "2026-03-20T00:00:00Z",
		 "2026-03-08T05:00:00Z", true, CREDIT_DUE},
		{"W16: 1 ms late", NULL, "2026-03-08T05:00:00.001Z", "2026-03-20T00:00:00Z",
		 "2026-03-08T05:00:00Z", true, CREDIT_UNCLAIMED},
		{"W16: not claimed", NULL, NULL, "2026-03-08T05:00:00.001Z", "2026-03-08T05:00:00Z",
		 true, CREDIT_UNCLAIMED},
		{"W16: can still be claimed", NULL, NULL, "2026-03-08T05:00:00Z",
		 "2026-03-08T05:00:00Z", true, CREDIT_CLAIM_OPEN},
		{"W16: from the report", "2026-03-10T15:00:00Z", "2026-03-18T04:00:00Z",
		 "2026-03-20T00:00:00Z", "2026-03-18T04:00:00Z", false, CREDIT_DUE},
		{"W16: from the report, 1 ms late", "2026-03-10T15:00:00Z",
		 "2026-03-18T04:00:00.001Z", "2026-03-20T00:00:00Z", "2026-03-18T04:00:00Z", false,
		 CREDIT_UNCLAIMED},
		{"an early claim counts", "2026-03-10T15:00:00Z", "2026-03-02T15:00:00Z",
		 "2026-03-20T00:00:00Z", "2026-03-18T04:00:00Z", false, CREDIT_DUE},
		{"no report, no expiry", NULL, NULL, "2026-12-20T00:00:00Z", "none", false,
		 CREDIT_CLAIM_OPEN},
		{"no report, claimed late in the year", NULL, "2026-12-19T00:00:00Z",
		 "2026-12-20T00:00:00Z", "none", false, CREDIT_DUE},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct fixture *fx = with_uptime_tiers();
		struct credits *k = &fx->promises[0].credits;
		bool due = cases[i].fate == CREDIT_DUE;

		k->claim = true;
		k->claim_within = timing(fx, "7d");
		k->claim_from_window_end = cases[i].from_window_end;
		set_reporting(fx, "10bd", LATE_NONE, "0");
		add_window(fx, UPTIME, "2026-02", "99.5");
		if (cases[i].delivered != NULL)
			add_fact(fx, FACT_REPORT_DELIVERED, PARTY_PROVIDER, cases[i].delivered,
				 SAID({FIELD_WINDOW, "2026-02"}));
		if (cases[i].claimed != NULL)
			add_fact(fx, FACT_CREDIT_CLAIMED, PARTY_CLIENT, cases[i].claimed,
				 SAID({FIELD_WINDOW, "2026-02"}));
		settle(fx, cases[i].as_of);

		const struct credit *c = credit_of(fx, "2026-02", 0);

		if (!ok(c != NULL, "%s: there is a credit", cases[i].name))
			continue;
		is_i64(c->fate, cases[i].fate, "%s: fate", cases[i].name);
		is_instant(c->claim_until, cases[i].until, "%s: until", cases[i].name);
		is_money(c->amount, "360.00 USD", "%s: shown with its amount", cases[i].name);
		is_money(total_in(fx, "2026-02"), due ? "360.00 USD" : "0.00 USD", "%s: owed",
			 cases[i].name);
		is_money(settlement_in(fx, "2026-02")->lapsed,
			 cases[i].fate == CREDIT_UNCLAIMED ? "360.00 USD" : "0.00 USD",
			 "%s: lapsed", cases[i].name);
		arena_free(fx->arena);
	}
}

/* W20: one root cause, one credit. */
static void root_cause(void)
{
	static const struct {
		const char *name;
		bool sum;
		const char *total;
	} cases[] = {{"W20", false, "720.00 USD"}, {"W20: same_cause: sum", true, "1080.00 USD"}};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct fixture *fx = with_uptime_tiers();
		struct window_result *up = add_window(fx, UPTIME, "2026-04", "99.5");
		struct window_result *w = add_window(fx, RESPONSE, "2026-04", "80");

		add_breach_rule(fx, "p1_each", RESPONSE, "5");
		fx->promises[0].credits.same_cause_sum = cases[i].sum;
		set_downtime(fx, up, "2026-04-07T10:00:00Z", "2026-04-07T16:00:00Z");
		add_fact(fx, FACT_OUTAGE_BEGAN, PARTY_MONITOR, "2026-04-07T10:00:00Z",
			 SAID({FIELD_OUTAGE, "8"}, {FIELD_ASSETS, "server"}));
		add_fact(fx, FACT_OUTAGE_BEGAN, PARTY_MONITOR, "2026-04-07T12:00:00Z",
			 SAID({FIELD_OUTAGE, "9"}, {FIELD_ASSETS, "server"}));
		add_fact(fx, FACT_OUTAGE_ENDED, PARTY_MONITOR, "2026-04-07T13:00:00Z",
			 SAID({FIELD_OUTAGE, "8"}));
		add_fact(fx, FACT_OUTAGE_ENDED, PARTY_MONITOR, "2026-04-07T16:00:00Z",
			 SAID({FIELD_OUTAGE, "9"}));
		/* another outage, over before the counted downtime */
		add_fact(fx, FACT_OUTAGE_BEGAN, PARTY_MONITOR, "2026-04-01T10:00:00Z",
			 SAID({FIELD_OUTAGE, "T-2"}, {FIELD_ASSETS, "server"}));
		add_fact(fx, FACT_OUTAGE_ENDED, PARTY_MONITOR, "2026-04-01T11:00:00Z",
			 SAID({FIELD_OUTAGE, "T-2"}));
		add_fact(fx, FACT_CAUSE_LINKED, PARTY_PROVIDER, "2026-04-08T10:00:00Z",
			 SAID({FIELD_CAUSE, "RC-7"}, {FIELD_EVENTS, "8"}, {FIELD_EVENTS, "T-1"}));
		add_sample(fx, w, "T-1", 0, true);
		add_sample(fx, w, "T-2", 0, true);
		settle(fx, "2026-05-02T00:00:00Z");

		if (!ok(fx->o.n_credits == 3, "%s: three credits", cases[i].name))
			continue;
		is_money(total_in(fx, "2026-04"), cases[i].total, "%s: owed", cases[i].name);
		is_i64(fx->o.credits[0].fate, CREDIT_DUE, "%s: c1, tie in file order",
		       cases[i].name);
		is_i64((int64_t)fx->o.credits[0].n_causes, 2, "%s: c1 has two causes",
		       cases[i].name);
		is_i64(fx->o.credits[1].fate, cases[i].sum ? CREDIT_DUE : CREDIT_SAME_CAUSE,
		       "%s: c2", cases[i].name);
		is_i64(fx->o.credits[1].other, cases[i].sum ? UINT32_MAX : 0, "%s: c2 names c1",
		       cases[i].name);
		is_i64(fx->o.credits[2].fate, CREDIT_DUE, "%s: c3", cases[i].name);
		arena_free(fx->arena);
	}
}

/* W21: what a late report costs, by both rules. */
static void late_report(void)
{
	static const struct {
		const char *name, *delivered, *shown;
		enum if_late if_late;
		const char *total;
		enum verdict verdict;
	} cases[] = {
		{"W21: credit", "2026-05-18T14:00:00Z", "99.97", LATE_CREDIT, "72.00 USD",
		 VERDICT_MET},
		{"W21: deemed, 99.97", "2026-05-18T14:00:00Z", "99.97", LATE_DEEMED_FAILURE,
		 "360.00 USD", VERDICT_MISSED},
		{"W21: deemed, 98.70", "2026-05-18T14:00:00Z", "98.70", LATE_DEEMED_FAILURE,
		 "720.00 USD", VERDICT_MISSED},
		{"never delivered", NULL, "99.97", LATE_CREDIT, "72.00 USD", VERDICT_MET},
		{"at the last instant", "2026-05-15T04:00:00Z", "99.97", LATE_DEEMED_FAILURE,
		 "0.00 USD", VERDICT_MET},
		{"1 ms late", "2026-05-15T04:00:00.001Z", "99.97", LATE_DEEMED_FAILURE,
		 "360.00 USD", VERDICT_MISSED},
		{"late without consequence", NULL, "99.97", LATE_NONE, "0.00 USD", VERDICT_MET},
		{"a month without samples gets a report", NULL, NULL, LATE_DEEMED_FAILURE,
		 "360.00 USD", VERDICT_MISSED},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct fixture *fx = with_uptime_tiers();
		struct window_result *w = add_window(fx, UPTIME, "2026-04", cases[i].shown);
		bool deemed = cases[i].if_late == LATE_DEEMED_FAILURE &&
			      cases[i].verdict == VERDICT_MISSED;

		set_reporting(fx, "10bd", cases[i].if_late, "1");
		if (cases[i].delivered != NULL)
			add_fact(fx, FACT_REPORT_DELIVERED, PARTY_PROVIDER, cases[i].delivered,
				 SAID({FIELD_WINDOW, "2026-04"}));
		settle(fx, "2026-05-20T00:00:00Z");
		is_instant(w->report_due, "2026-05-15T04:00:00Z", "%s: due", cases[i].name);
		is_i64(w->verdict, cases[i].verdict, "%s: verdict", cases[i].name);
		is_i64(w->deemed, deemed, "%s: deemed", cases[i].name);
		is_money(total_in(fx, "2026-04"), cases[i].total, "%s: owed", cases[i].name);
		arena_free(fx->arena);
	}
}

/* What is deemed is the smallest tier and a window below; what was never promised is not deemed. */
static void what_is_deemed(void)
{
	static const struct {
		const char *name;
		enum not_judged why;
		const char *total;
	} cases[] = {
		{"a value of too few samples reaches no tier", NJ_SMALL_SAMPLE, "792.00 USD"},
		{"before applies_from nothing was promised", NJ_BEFORE_APPLIES, "0.00 USD"},
		{"nor in a part that is not judged", NJ_PARTIAL, "0.00 USD"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct fixture *fx = with_uptime_tiers();
		struct window_result *w = add_window(fx, UPTIME, "2026-04", "50");

		add_pattern(fx, "pattern", "99.5", 1, 1, "6");
		set_reporting(fx, "10bd", LATE_DEEMED_FAILURE, "1");
		w->verdict = VERDICT_NOT_JUDGED;
		w->why_not = cases[i].why;
		settle(fx, "2026-05-20T00:00:00Z");
		is_money(total_in(fx, "2026-04"), cases[i].total, "%s", cases[i].name);
		arena_free(fx->arena);
	}
}

/* W15's numbers with both rules on one metric: each rule is a line of its own. */
static void lines_of_one_window(void)
{
	struct fixture *fx = fixture_new();
	struct window_result *w;

	add_charge(fx, "managed", "7200.00 USD");
	set_base(fx, 1, (const int[]){0});
	add_tiers(fx, "tiers", RESPONSE, 3, tiers);
	add_breach_rule(fx, "each", RESPONSE, "5");
	add_cap(fx, CAP_CALENDAR_MONTH, "18.75", CAP_MONTH_CHARGES);
	fx->promises[0].credits.same_cause_sum = true;
	w = add_window(fx, RESPONSE, "2026-06", "97.2");
	add_sample(fx, w, "T-1", 0, true);
	add_sample(fx, w, "T-2", 0, true);
	settle(fx, "2026-07-02T00:00:00Z");
	is_money(total_in(fx, "2026-06"), "1350.00 USD", "one window: owed");
	is_money(rule_total(fx, "2026-06", 0), "964.29 USD", "one window: tiers");
	is_money(rule_total(fx, "2026-06", 1), "385.71 USD", "one window: two events");
	arena_free(fx->arena);
}

/* Until the last instant is over nothing is late. */
static void not_late_yet(void)
{
	static const struct {
		const char *as_of;
		int64_t deemed;
	} cases[] = {{"2026-05-15T04:00:00Z", 0}, {"2026-05-15T04:00:00.001Z", 1}};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct fixture *fx = with_uptime_tiers();
		struct window_result *w = add_window(fx, UPTIME, "2026-04", "99.97");

		set_reporting(fx, "10bd", LATE_DEEMED_FAILURE, "1");
		settle(fx, cases[i].as_of);
		is_i64(w->deemed, cases[i].deemed, "deemed at %s", cases[i].as_of);
		arena_free(fx->arena);
	}
}

/* W21: ... and April is a miss for chronic rules. */
static void deemed_is_chronic(void)
{
	struct fixture *fx = with_uptime_tiers();

	fx->promises[0].n_chronic = 1;
	fx->chronic[0] = (struct chronic_rule){
		.id = text_of("once"), .metric = UPTIME, .misses = 1, .out_of = 1};
	set_reporting(fx, "10bd", LATE_DEEMED_FAILURE, "1");
	add_window(fx, UPTIME, "2026-04", "99.97");
	settle(fx, "2026-05-20T00:00:00Z");
	is_i64((int64_t)fx->o.n_rights, 1, "W21: a deemed miss counts for chronic rules");
	is_instant(fx->o.n_rights > 0 ? fx->o.rights[0].until : 0, "none", "no limit stated, none");
	arena_free(fx->arena);
}

/* NF-4: 25 % + 6 % of 7,200.00 = 2,232.00; the month cap is 30 % of 8,400.00 = 2,520.00. */
static void named_formula(void)
{
	static const char *const months[] = {"2026-04", "2026-05", "2026-06"};
	struct fixture *fx = with_uptime_tiers();
	struct charge *block = add_charge(fx, "block", "1200.00 USD");

	block->type = CHARGE_PREPAID;
	block->prorate = PRORATE_NONE;
	add_charge(fx, "users", NULL)->type = CHARGE_PER_UNIT;
	set_base(fx, 2, (const int[]){0, 2});
	add_pattern(fx, "uptime_pattern", "99.5", 3, 6, "6");
	add_cap(fx, CAP_CALENDAR_MONTH, "30", CAP_MONTH_CHARGES);
	for (size_t i = 0; i < ARRAY_SIZE(months); i++)
		add_window(fx, UPTIME, months[i], i < 2 ? "99.4" : "97");
	settle(fx, "2026-07-02T00:00:00Z");

	const struct settlement *s = settlement_in(fx, "2026-06");

	if (!ok(s != NULL && s->n_caps == 1, "NF-4: June is settled"))
		return;
	is_money(s->total, "2232.00 USD", "NF-4: 25 %% + 6 %%");
	is_exact(s->caps[0].limit, "2520", "NF-4: month cap");
	is_i64((int64_t)credit_of(fx, "2026-06", 1)->n_pattern_windows, 3, "NF-4: three windows");
	is_money(total_in(fx, "2026-05"), "360.00 USD", "no pattern after two");

	const struct base *b = &fx->o.bases[credit_of(fx, "2026-06", 0)->base];

	is_exact(b->exact, "7200", "NF-4: base");
	ok(b->n_lines == 2 && b->lines[0].known && !b->lines[1].known,
	   "users are named, though nobody has counted them");
	arena_free(fx->arena);
}

int main(void)
{
	report_due();
	chronic();
	month_then_year_cap();
	claims();
	root_cause();
	late_report();
	what_is_deemed();
	lines_of_one_window();
	not_late_yet();
	deemed_is_chronic();
	named_formula();
	return tap_done();
}
