/* SPDX-License-Identifier: Apache-2.0 */
/* Rules, combination, caps over time, claims before caps, earn-back, bonus, rights and what is held (sla.md section 6). */
#include "engine/one_short.h"
#include "remedy_fixture.h"

#include <string.h>

static const char *const tiers[][2] = {{"99.9", "5"}, {"99", "10"}, {"98", "25"}};
static const char *const months[] = {"2026-01", "2026-02", "2026-03", "2026-04",
				     "2026-05", "2026-06", "2026-07", "2026-08"};

/* 7,200.00 a month, which is the base. */
static struct fixture *managed(void)
{
	struct fixture *fx = fixture_new();

	add_charge(fx, "managed", "7200.00 USD");
	set_base(fx, 1, (const int[]){0});
	return fx;
}

/* FK-13, R57: which tier a value reaches. */
static void tier_edges(void)
{
	static const struct {
		const char *shown;
		enum tier_edge edge;
		int tier;
	} cases[] = {
		{"99.9", EDGE_BELOW, -1},
		{"99.9", EDGE_AT_OR_BELOW, 0},
		{"99.8999", EDGE_BELOW, 0},
		{"99", EDGE_BELOW, 0},
		{"99", EDGE_AT_OR_BELOW, 1},
		{"98.9999", EDGE_BELOW, 1},
		{"98", EDGE_BELOW, 1},
		{"98", EDGE_AT_OR_BELOW, 2},
		{"97.9999", EDGE_BELOW, 2},
		{"0", EDGE_BELOW, 2},
		{"99.9001", EDGE_AT_OR_BELOW, -1},
		{"100", EDGE_AT_OR_BELOW, -1},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct fixture *fx = managed();

		add_tiers(fx, "tiers", UPTIME, 3, tiers)->edge = cases[i].edge;
		add_window(fx, UPTIME, "2026-03", cases[i].shown);
		settle(fx, "2026-04-02T00:00:00Z");
		is_i64(fx->o.n_credits > 0 ? fx->o.credits[0].tier : -1, cases[i].tier, "%s %s",
		       cases[i].shown, cases[i].edge == EDGE_BELOW ? "below" : "at or below");
		arena_free(fx->arena);
	}
}

/* Nothing comes of goals, of windows that run, and of windows that are not judged (R41). */
static void no_credit(void)
{
	static const char *const names[] = {"a goal", "a window that runs", "a window not judged"};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		struct fixture *fx = managed();
		struct window_result *w = add_window(fx, UPTIME, "2026-03", "90");

		add_tiers(fx, "tiers", UPTIME, 3, tiers);
		add_breach_rule(fx, "each", UPTIME, "5");
		add_pattern(fx, "pattern", "99", 1, 1, "5");
		fx->promises[0].n_chronic = 1;
		fx->chronic[0] = (struct chronic_rule){
			.id = text_of("once"), .metric = UPTIME, .misses = 1, .out_of = 1};
		if (i == 0)
			fx->metrics[UPTIME].role = ROLE_GOAL;
		if (i == 1)
			w->running = true;
		if (i == 2) {
			w->verdict = VERDICT_NOT_JUDGED;
			w->why_not = NJ_SMALL_SAMPLE;
		}
		settle(fx, "2026-04-02T00:00:00Z");
		is_i64((int64_t)fx->o.n_credits, 0, "%s gives no credit", names[i]);
		is_i64((int64_t)fx->o.n_rights, 0, "%s opens no right", names[i]);
		arena_free(fx->arena);
	}
}

/* R40: a rule with a priority looks at that one. */
static void priorities(void)
{
	struct fixture *fx = managed();
	struct window_result *w = add_window(fx, RESPONSE, "2026-03", "99.95");
	struct priority_share shares[3] = {
		{10, 9, dec("90")}, {190, 190, dec("100")}, {0, 0, {0, 0}}};

	w->priorities = shares;
	add_tiers(fx, "all", RESPONSE, 3, tiers);
	add_tiers(fx, "p1", RESPONSE, 3, tiers)->priority = 0;
	add_tiers(fx, "p2", RESPONSE, 3, tiers)->priority = 1;
	add_breach_rule(fx, "p1_each", RESPONSE, "2")->priority = 0;
	add_breach_rule(fx, "p2_each", RESPONSE, "2")->priority = 1;
	add_sample(fx, w, "T-1", 0, true);
	add_sample(fx, w, "T-2", 1, false);
	settle(fx, "2026-04-02T00:00:00Z");
	is_i64((int64_t)fx->o.n_credits, 2, "two credits");
	ok(credit_of(fx, "2026-03", 0) == NULL, "none for all priorities together");
	is_i64(credit_of(fx, "2026-03", 1)->tier, 2, "P1's tier");
	is_i64(credit_of(fx, "2026-03", 3)->clock, 0, "P1's missed sample");
	is_i64(credit_of(fx, "2026-03", 3)->fate, CREDIT_SAME_CAUSE, "is the cause of both");
	arena_free(fx->arena);
}

/* Missed samples are missed whatever the window as a whole came to; where there are none the window is one. */
static void breaches(void)
{
	struct fixture *fx = managed();
	struct window_result *w = add_window(fx, RESPONSE, "2026-03", "99.95");

	add_breach_rule(fx, "each", RESPONSE, "2");
	add_breach_rule(fx, "down", UPTIME, "3");
	add_sample(fx, w, "T-1", 0, true);
	add_sample(fx, w, "T-2", 1, true)->state = CLOCK_BREACHED;
	add_sample(fx, w, "T-3", 1, false);
	add_window(fx, UPTIME, "2026-03", "99");
	add_window(fx, UPTIME, "2026-04", "99.95");
	settle(fx, "2026-05-02T00:00:00Z");
	is_money(rule_total(fx, "2026-03", 0), "288.00 USD", "two late answers of a month in time");
	is_money(rule_total(fx, "2026-03", 1), "216.00 USD", "a missed window without samples");
	is_money(total_in(fx, "2026-04"), "0.00 USD", "a window that met its target");
	arena_free(fx->arena);
}

/* R57: which months a pattern credit falls in; b is below, - is not, n is not judged. */
static void patterns(void)
{
	static const struct {
		const char *name, *values;
		int64_t times, in;
		bool consecutive;
		const char *credits;
	} cases[] = {
		{"three of six", "b-b-b-b-", 3, 6, false, "....x..."},
		{"used windows do not count again", "bbbbbbbb", 3, 6, false, "..x..x.."},
		{"too far apart", "b---b--b", 3, 6, false, "........"},
		{"windows not judged keep their place", "bnnnbnnb", 3, 6, false, "........"},
		{"and are no miss", "bbnb----", 3, 4, false, "...x...."},
		{"unbroken", "bb-bbb--", 3, 6, true, ".....x.."},
		{"a run ends with a hit", "bb-bb-bb", 3, 6, true, "........"},
		{"a window not judged breaks no run", "bbnb----", 3, 4, true, "...x...."},
		{"a used run does not go on", "bbbb-bbb", 3, 3, true, "..x....x"},
		{"once is a pattern too", "-b-b----", 1, 1, false, ".x.x...."},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct fixture *fx = managed();
		char got[9] = "........";

		add_pattern(fx, "pattern", "99.5", cases[i].times, cases[i].in, "6")
			->pattern_consecutive = cases[i].consecutive;
		for (size_t m = 0; m < ARRAY_SIZE(months); m++)
			add_window(fx, UPTIME, months[m],
				   cases[i].values[m] == 'n'   ? NULL
				   : cases[i].values[m] == 'b' ? "99.4"
							       : "99.5");
		settle(fx, "2026-09-02T00:00:00Z");
		for (size_t m = 0; m < ARRAY_SIZE(months); m++)
			if (total_in(fx, months[m]).minor == 43200)
				got[m] = 'x';
		is_text(text_of(got), cases[i].credits, "%s", cases[i].name);
		arena_free(fx->arena);
	}
}

/* sla.md section 8: would one more missed month complete a pattern, or a count of chronic failure? Months as above, the last one is over. */
static void one_short(void)
{
	static const struct {
		const char *name, *values;
		int64_t times, in;
		bool consecutive, pattern;
		int64_t misses, out_of;
		bool chronic;
	} cases[] = {
		{"two of three", "-----b-b", 3, 6, false, true, 3, 6, true},
		{"one of three", "-------b", 3, 6, false, false, 3, 6, false},
		{"the first of them falls out with the next month", "--b----b", 3, 6, false, false,
		 3, 6, false},
		{"it is the last that still counts", "---b---b", 3, 6, false, true, 3, 6, true},
		{"a good month last breaks no count", "----bb--", 3, 6, false, true, 3, 6, true},
		{"but an unbroken run", "----bb--", 3, 6, true, false, 3, 6, true},
		{"unbroken to the end", "------bb", 3, 6, true, true, 4, 6, false},
		{"a month not judged breaks nothing", "-----bnb", 3, 6, true, true, 3, 6, true},
		{"used months do not count again for a pattern", "-----bbb", 3, 6, false, false, 4,
		 6, true},
		{"what one miss completes is always one short", "-------b", 1, 1, false, false, 1,
		 1, false},
		{"a second in a row", "-------b", 2, 2, true, true, 2, 2, true},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct fixture *fx = managed();
		bool pattern = false, chronic = false;
		struct one_short *v;
		size_t n;

		add_pattern(fx, "pattern", "99.5", cases[i].times, cases[i].in, "6")
			->pattern_consecutive = cases[i].consecutive;
		fx->promises[0].n_chronic = 1;
		fx->chronic[0] = (struct chronic_rule){.id = text_of("often"),
						       .metric = UPTIME,
						       .misses = cases[i].misses,
						       .out_of = cases[i].out_of};
		for (size_t m = 0; m < ARRAY_SIZE(months); m++)
			add_window(fx, UPTIME, months[m],
				   cases[i].values[m] == 'n'   ? NULL
				   : cases[i].values[m] == 'b' ? "99.4"
							       : "99.95");
		settle(fx, "2026-09-02T00:00:00Z");
		n = one_short_list(fx->arena, &fx->o, &v);
		for (size_t k = 0; k < n; k++) {
			pattern = pattern || v[k].rule == 0;
			chronic = chronic || v[k].chronic == 0;
			ok(fx->o.windows[v[k].window].verdict == VERDICT_MISSED,
			   "%s: the window named is a missed one", cases[i].name);
		}
		ok(pattern == cases[i].pattern, "pattern: %s", cases[i].name);
		ok(chronic == cases[i].chronic, "chronic: %s", cases[i].name);
		arena_free(fx->arena);
	}
}

/* R60, FK-14: 5 % of uptime, 10 % of spare, 2 x 4 % of response; R67's late report stands beside them. */
static void combine(void)
{
	static const struct {
		const char *name;
		enum combine how;
		const char *total;
		size_t due;
	} cases[] = {
		{"sum", COMBINE_SUM, "1728.00 USD", 5},
		{"largest", COMBINE_LARGEST, "792.00 USD", 2},
		{"first", COMBINE_FIRST, "648.00 USD", 3},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct fixture *fx = managed();
		struct window_result *w;
		size_t due = 0;

		fx->promises[0].credits.combine = cases[i].how;
		set_reporting(fx, "10bd", LATE_CREDIT, "1");
		add_breach_rule(fx, "each", RESPONSE, "4");
		add_tiers(fx, "uptime", UPTIME, 3, tiers);
		add_tiers(fx, "spare", SPARE, 3, tiers);
		add_window(fx, UPTIME, "2026-03", "99.5");
		w = add_window(fx, RESPONSE, "2026-03", "98");
		add_sample(fx, w, "T-1", 0, true);
		add_sample(fx, w, "T-2", 0, true);
		add_window(fx, SPARE, "2026-03", "98.5");
		settle(fx, "2026-06-02T00:00:00Z");
		for (size_t k = 0; k < fx->o.n_credits; k++)
			due += fx->o.credits[k].fate == CREDIT_DUE;
		is_money(total_in(fx, "2026-03"), cases[i].total, "%s", cases[i].name);
		is_i64((int64_t)due, (int64_t)cases[i].due, "%s: credits due", cases[i].name);
		arena_free(fx->arena);
	}
}

static void combine_tie(void)
{
	struct fixture *fx = managed();

	fx->promises[0].credits.combine = COMBINE_LARGEST;
	add_tiers(fx, "spare", SPARE, 3, tiers);
	add_tiers(fx, "uptime", UPTIME, 3, tiers);
	add_window(fx, UPTIME, "2026-03", "99.5");
	add_window(fx, SPARE, "2026-03", "99.5");
	settle(fx, "2026-04-02T00:00:00Z");
	is_i64(credit_of(fx, "2026-03", 0)->fate, CREDIT_DUE,
	       "a tie goes to the first in file order");
	is_i64(credit_of(fx, "2026-03", 1)->fate, CREDIT_NOT_COMBINED, "not to the second");
	is_i64(credit_of(fx, "2026-03", 1)->other, 0, "which names the first");
	arena_free(fx->arena);
}

/* FK-16: 7,200.00 to March, 7,500.00 from April. */
static void month_of_credit(void)
{
	static const struct {
		const char *name;
		bool of_credit, quarterly;
		const char *claimed, *total;
	} cases[] = {
		{"month of failure", false, false, NULL, "360.00 USD"},
		{"month of credit", true, false, NULL, "375.00 USD"},
		{"month of credit, settled by quarter", true, true, NULL, "400.00 USD"},
		{"month of credit, claimed in May", true, false, "2026-05-05T12:00:00Z",
		 "390.00 USD"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct fixture *fx = managed();
		struct credits *k = &fx->promises[0].credits;
		struct step {
			day from;
			struct money amount;
		} steps[] = {{date("2026-04-01"), usd("7500.00 USD")},
			     {date("2026-05-01"), usd("7800.00 USD")},
			     {date("2026-06-01"), usd("8000.00 USD")}};
		const char *month = cases[i].quarterly ? "2026-04" : "2026-03";

		if (cases[i].quarterly)
			steps[2].from = date("2026-07-01");
		fx->charges[0].schedule = (const void *)steps;
		fx->charges[0].n_schedule = ARRAY_SIZE(steps);
		k->base_of_month_of_credit = cases[i].of_credit;
		k->settle_quarterly = cases[i].quarterly;
		if (cases[i].claimed != NULL) {
			k->claim = true;
			k->claim_within = timing(fx, "60d");
			k->claim_from_window_end = true;
			add_fact(fx, FACT_CREDIT_CLAIMED, PARTY_CLIENT, cases[i].claimed,
				 SAID({FIELD_WINDOW, "2026-03"}));
		}
		add_tiers(fx, "tiers", UPTIME, 3, tiers);
		add_window(fx, UPTIME, month, "99.5");
		settle(fx, "2026-08-02T00:00:00Z");
		is_money(total_in(fx, month), cases[i].total, "%s", cases[i].name);
		arena_free(fx->arena);
	}
}

/* R62: a year's cap of 1,000.00 is used up in order of the month of failure. */
static void cap_over_months(void)
{
	static const struct {
		const char *name;
		enum cap_per per;
		const char *totals[8];
	} cases[] = {
		{"calendar year",
		 CAP_CALENDAR_YEAR,
		 {"720.00 USD", "280.00 USD", "0.00 USD", "0.00 USD", "0.00 USD", "0.00 USD",
		  "0.00 USD", "0.00 USD"}},
		{"calendar quarter",
		 CAP_CALENDAR_QUARTER,
		 {"720.00 USD", "280.00 USD", "0.00 USD", "720.00 USD", "280.00 USD", "0.00 USD",
		  "720.00 USD", "280.00 USD"}},
		{"contract year from 15 June",
		 CAP_CONTRACT_YEAR,
		 {"720.00 USD", "280.00 USD", "0.00 USD", "0.00 USD", "0.00 USD", "720.00 USD",
		  "280.00 USD", "0.00 USD"}},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct fixture *fx = managed();

		if (cases[i].per == CAP_CONTRACT_YEAR)
			fx->promises[0].effective_day = date("2025-06-15");
		add_charge(fx, "other", "800.00 USD");
		add_tiers(fx, "tiers", UPTIME, 3, tiers);
		add_cap(fx, cases[i].per, "12.5", CAP_MONTH_CHARGES);
		for (size_t m = 0; m < ARRAY_SIZE(months); m++)
			add_window(fx, UPTIME, months[m], "98.5");
		settle(fx, "2026-09-02T00:00:00Z");
		for (size_t m = 0; m < ARRAY_SIZE(months); m++)
			is_money(total_in(fx, months[m]), cases[i].totals[m], "%s: %s",
				 cases[i].name, months[m]);
		is_i64(credit_of(fx, "2026-03", 0)->fate, CREDIT_CUT, "%s: nothing left for March",
		       cases[i].name);
		arena_free(fx->arena);
	}
}

/* What a cap is a percentage of. */
static void cap_bases(void)
{
	static const struct {
		const char *name;
		enum cap_of of;
		enum cap_per per;
		const char *want;
	} cases[] = {
		{"month", CAP_MONTH_CHARGES, CAP_CALENDAR_MONTH, "7200"},
		{"quarter", CAP_QUARTER_CHARGES, CAP_CALENDAR_QUARTER, "21600"},
		{"calendar year", CAP_YEAR_CHARGES, CAP_CALENDAR_YEAR, "86400"},
		{"the last contract year, 14 days of it off the calendar", CAP_YEAR_CHARGES,
		 CAP_CONTRACT_YEAR, "86400"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct fixture *fx = managed();

		fx->promises[0].effective_day = date("2025-02-15");
		fx->promises[0].credits.n_caps = 0;
		add_tiers(fx, "tiers", UPTIME, 3, tiers);
		add_cap(fx, cases[i].per, "100", cases[i].of);
		add_window(fx, UPTIME, "2026-03", "98.5");
		settle(fx, "2026-04-02T00:00:00Z");
		is_exact(settlement_in(fx, "2026-03")->caps[0].of, cases[i].want, cases[i].name);
		arena_free(fx->arena);
	}
}

/* A last month that the term cuts short belongs to the contract year that it ends. */
static void last_month(void)
{
	struct fixture *fx = managed();

	fx->promises[0].effective_day = date("2025-02-15");
	fx->promises[0].end = midnight(fx, "2026-02-15");
	add_tiers(fx, "tiers", UPTIME, 3, tiers);
	add_cap(fx, CAP_CONTRACT_YEAR, "10", CAP_MONTH_CHARGES);
	add_window(fx, UPTIME, "2026-01", "98.5");
	add_window(fx, UPTIME, "2026-02", "98.5")->judged.to = midnight(fx, "2026-02-15");
	settle(fx, "2026-04-02T00:00:00Z");
	is_money(total_in(fx, "2026-01"), "720.00 USD", "January uses the year up");
	is_money(total_in(fx, "2026-02"), "0.00 USD", "so nothing is left for half of February");
	is_exact(fx->o.bases[credit_of(fx, "2026-02", 0)->base].exact, "3600",
		 "whose base is half");
	arena_free(fx->arena);
}

/* A ticket and an outage of one name are two causes. */
static void same_name(void)
{
	struct fixture *fx = managed();
	struct window_result *up = add_window(fx, UPTIME, "2026-04", "99.5"), *w;

	w = add_window(fx, RESPONSE, "2026-04", "80");
	add_tiers(fx, "tiers", UPTIME, 3, tiers);
	add_breach_rule(fx, "each", RESPONSE, "5");
	set_downtime(fx, up, "2026-04-07T10:00:00Z", "2026-04-07T16:00:00Z");
	add_fact(fx, FACT_OUTAGE_BEGAN, PARTY_MONITOR, "2026-04-07T10:00:00Z",
		 SAID({FIELD_OUTAGE, "7"}, {FIELD_ASSETS, "server"}));
	add_sample(fx, w, "7", 0, true);
	settle(fx, "2026-05-02T00:00:00Z");
	is_money(total_in(fx, "2026-04"), "720.00 USD", "a ticket 7 is not outage 7");
	arena_free(fx->arena);
}

/* Only outages of what the metric measures are its causes. */
static void scope(void)
{
	static const char *const assets[] = {"server", "router"};

	for (size_t i = 0; i < ARRAY_SIZE(assets); i++) {
		static const struct asset of_contract[] = {{.id = {"server", 6}},
							   {.id = {"router", 6}}};
		static const int measured[] = {0};
		struct fixture *fx = managed();
		struct window_result *up = add_window(fx, UPTIME, "2026-04", "99.5");
		struct window_result *spare = add_window(fx, SPARE, "2026-04", "99.5");

		fx->promises[0].assets = of_contract;
		fx->promises[0].n_assets = 2;
		fx->metrics[UPTIME].scope = measured;
		fx->metrics[UPTIME].n_scope = 1;
		add_tiers(fx, "uptime", UPTIME, 3, tiers);
		add_tiers(fx, "spare", SPARE, 3, tiers);
		set_downtime(fx, up, "2026-04-07T10:00:00Z", "2026-04-07T16:00:00Z");
		set_downtime(fx, spare, "2026-04-07T10:00:00Z", "2026-04-07T16:00:00Z");
		/* over long before */
		add_fact(fx, FACT_OUTAGE_BEGAN, PARTY_MONITOR, "2026-04-01T11:00:00Z",
			 SAID({FIELD_OUTAGE, "0"}, {FIELD_ASSETS, "server"}));
		add_fact(fx, FACT_OUTAGE_ENDED, PARTY_MONITOR, "2026-04-01T12:00:00Z",
			 SAID({FIELD_OUTAGE, "0"}));
		add_fact(fx, FACT_OUTAGE_BEGAN, PARTY_MONITOR, "2026-04-07T11:00:00Z",
			 SAID({FIELD_OUTAGE, "1"}, {FIELD_ASSETS, assets[i]}));
		settle(fx, "2026-05-02T00:00:00Z");
		is_money(total_in(fx, "2026-04"), i == 0 ? "360.00 USD" : "720.00 USD",
			 "an outage of the %s", assets[i]);
		arena_free(fx->arena);
	}
}

/* A pattern that an amendment makes easier is not completed by a window that was good. */
static void amended_pattern(void)
{
	struct fixture *fx = managed();
	struct credit_rule *later = arena_array(fx->arena, struct credit_rule, 1);

	add_pattern(fx, "pattern", "99.5", 3, 6, "6");
	*later = fx->rules[0];
	later->pattern_times = 2;
	fx->promises[1] = fx->promises[0];
	fx->promises[1].credits.rules = later;
	fx->versions[1] = (struct version){&fx->promises[1], midnight(fx, "2026-03-01")};
	fx->o.in.n_versions = 2;
	for (size_t m = 0; m < 4; m++)
		add_window(fx, UPTIME, months[m], m == 2 ? "99.9" : "99.4")->version = m > 1;
	settle(fx, "2026-05-02T00:00:00Z");
	is_money(total_in(fx, "2026-03"), "0.00 USD", "March was good");
	is_money(total_in(fx, "2026-04"), "432.00 USD", "April completes two, one of them before");
	is_i64((int64_t)fx->o.n_credits, 1, "once");
	arena_free(fx->arena);
}

/* R61: a lapsed credit uses no cap. */
static void claims_before_caps(void)
{
	struct fixture *fx = managed();
	struct credits *k = &fx->promises[0].credits;

	k->claim = true;
	k->claim_within = timing(fx, "30d");
	k->claim_from_window_end = true;
	add_tiers(fx, "tiers", UPTIME, 3, tiers);
	add_cap(fx, CAP_CALENDAR_YEAR, "10", CAP_MONTH_CHARGES);
	add_window(fx, UPTIME, "2026-01", "98.5");
	add_window(fx, UPTIME, "2026-02", "98.5");
	add_fact(fx, FACT_CREDIT_CLAIMED, PARTY_CLIENT, "2026-03-10T00:00:00Z",
		 SAID({FIELD_WINDOW, "2026-02"}));
	settle(fx, "2026-06-02T00:00:00Z");
	is_i64(credit_of(fx, "2026-01", 0)->fate, CREDIT_UNCLAIMED, "January was not claimed");
	is_money(settlement_in(fx, "2026-01")->lapsed, "720.00 USD", "and lapsed");
	is_money(total_in(fx, "2026-02"), "720.00 USD", "so the cap is there for February");
	arena_free(fx->arena);
}

/* R12: nobody back-dates a claim but the party that receives it. */
static void claim_instant(void)
{
	static const struct {
		const char *name;
		enum party party;
		enum credit_fate fate;
	} cases[] = {
		{"recorded late by the client", PARTY_CLIENT, CREDIT_UNCLAIMED},
		{"recorded late by the provider", PARTY_PROVIDER, CREDIT_DUE},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct fixture *fx = managed();
		struct credits *k = &fx->promises[0].credits;

		k->claim = true;
		k->claim_within = timing(fx, "7d");
		k->claim_from_window_end = true;
		add_tiers(fx, "tiers", UPTIME, 3, tiers);
		add_window(fx, UPTIME, "2026-02", "99.5");
		add_fact(fx, FACT_CREDIT_CLAIMED, cases[i].party, "2026-03-05T00:00:00Z",
			 SAID({FIELD_WINDOW, "2026-02"}))
			->recorded_at = utc("2026-03-09T00:00:00Z");
		settle(fx, "2026-03-20T00:00:00Z");
		is_i64(credit_of(fx, "2026-02", 0)->fate, cases[i].fate, "%s", cases[i].name);
		arena_free(fx->arena);
	}
}

/* R65: half of January's 720.00 returns after two judged windows that meet the target. m meets, x misses, n not judged. */
static void earn_back(void)
{
	static const struct {
		const char *name, *values, *month;
	} cases[] = {
		{"two good windows", "mmmmmmm", "2026-03"},
		{"one not judged is skipped", "mnmmmmm", "2026-04"},
		{"a miss ends it", "mxmmmmm", NULL},
		{"not yet", "mnnnnnn", NULL},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct fixture *fx = managed();
		struct credits *k = &fx->promises[0].credits;
		struct money sum = usd("0 USD");

		k->earn_back = true;
		k->earn_back_windows = 2;
		k->earn_back_pct = dec("50");
		add_tiers(fx, "tiers", UPTIME, 1, tiers + 1);
		add_window(fx, UPTIME, months[0], "98.5");
		for (size_t m = 1; m < ARRAY_SIZE(months); m++)
			add_window(fx, UPTIME, months[m],
				   cases[i].values[m - 1] == 'n'   ? NULL
				   : cases[i].values[m - 1] == 'x' ? "99.5"
								   : "99.95");
		settle(fx, "2026-09-02T00:00:00Z");
		for (size_t s = 0; s < fx->o.n_settlements; s++)
			sum = money_add(sum, fx->o.settlements[s].earned_back);
		is_money(sum, cases[i].month != NULL ? "360.00 USD" : "0.00 USD", "%s: once",
			 cases[i].name);
		if (cases[i].month != NULL)
			is_money(settlement_in(fx, cases[i].month)->earned_back, "360.00 USD",
				 "%s: in %s", cases[i].name, cases[i].month);
		is_money(total_in(fx, "2026-01"), "720.00 USD", "%s: the credit stands",
			 cases[i].name);
		arena_free(fx->arena);
	}
}

static void bonus(void)
{
	static const struct {
		const char *shown, *bonus;
	} cases[] = {{"99.99", "72.00 USD"}, {"99.9899", "0.00 USD"}, {"100", "72.00 USD"}};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct fixture *fx = managed();
		struct credits *k = &fx->promises[0].credits;

		k->bonus = true;
		k->bonus_metric = UPTIME;
		k->bonus_at_or_above = dec("99.99");
		k->bonus_pct = dec("1");
		add_tiers(fx, "spare", SPARE, 3, tiers);
		add_window(fx, UPTIME, "2026-03", cases[i].shown);
		add_window(fx, SPARE, "2026-03", "99.5");
		settle(fx, "2026-04-02T00:00:00Z");
		is_money(settlement_in(fx, "2026-03")->bonus, cases[i].bonus, "bonus of %s",
			 cases[i].shown);
		arena_free(fx->arena);
	}
}

/* R66: an act uses the right it names, else the one that closes first; a closed one cannot be used. */
static void exercise(void)
{
	static const struct {
		const char *name, *window, *at;
		int used; /* index of the right, -1: none */
	} cases[] = {
		{"without a window: the first to close", NULL, "2026-04-10T00:00:00Z", 0},
		{"by its window", "2026-03", "2026-04-10T00:00:00Z", 1},
		{"at the last instant", "2026-02", "2026-04-30T04:00:00Z", 0},
		{"after the first closed", NULL, "2026-05-10T00:00:00Z", 1},
		{"after its end", "2026-02", "2026-04-30T04:00:00.001Z", -1},
		{"after all ends", NULL, "2026-07-10T00:00:00Z", -1},
		{"before it arose", "2026-03", "2026-03-20T00:00:00Z", -1},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct fixture *fx = managed();

		fx->promises[0].n_chronic = 1;
		fx->chronic[0] = (struct chronic_rule){.id = text_of("twice"),
						       .metric = UPTIME,
						       .misses = 2,
						       .out_of = 3,
						       .exercise_within = timing(fx, "60d")};
		for (size_t m = 0; m < 3; m++)
			add_window(fx, UPTIME, months[m], "99.5");
		add_fact(fx, FACT_RIGHT_EXERCISED, PARTY_CLIENT, cases[i].at,
			 SAID({FIELD_RIGHT, "twice"},
			      {FIELD_WINDOW, cases[i].window != NULL ? cases[i].window : ""}));
		settle(fx, "2026-08-02T00:00:00Z");
		if (!ok(fx->o.n_rights == 2, "%s: two rights", cases[i].name))
			continue;
		for (int k = 0; k < 2; k++)
			ok((fx->o.rights[k].exercised != INSTANT_NONE) == (cases[i].used == k),
			   "%s: right %d", cases[i].name, k);
		arena_free(fx->arena);
	}
}

/* R19: with and without contested facts; what both give is applied, the rest is held. */
static void held(void)
{
	static const struct {
		const char *name, *shown, *otherwise, *total, *held;
	} cases[] = {
		{"a larger tier is contested", "98.5", "99.5", "360.00 USD", "360.00 USD"},
		{"an excuse is contested", "99.5", "98.5", "360.00 USD", "360.00 USD"},
		{"the miss itself is contested", "99.5", "99.95", "0.00 USD", "360.00 USD"},
		{"a miss would come of it", "99.95", "99.5", "0.00 USD", "360.00 USD"},
		{"not judged without it", "99.5", NULL, "0.00 USD", "360.00 USD"},
		{"the same tier both ways", "99.5", "99.6", "360.00 USD", "0.00 USD"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct fixture *fx = managed();
		struct window_result *w, other;
		struct money sum = usd("0 USD"), due = usd("0 USD");

		add_tiers(fx, "tiers", UPTIME, 3, tiers);
		other = *add_window(fx, UPTIME, "2026-03", cases[i].otherwise);
		fx->o.n_windows = 0;
		w = add_window(fx, UPTIME, "2026-03", cases[i].shown);
		w->held = true;
		w->alternative = &other;
		settle(fx, "2026-04-02T00:00:00Z");
		for (size_t k = 0; k < fx->o.n_credits; k++) {
			const struct credit *c = &fx->o.credits[k];

			if (c->fate == CREDIT_HELD) {
				sum = money_add(sum, c->amount);
				ok(fraction_cmp(c->exact, money_exact(c->amount)) == 0,
				   "%s: what is held stands for itself", cases[i].name);
			}
			if (c->fate == CREDIT_DUE)
				due = money_add(due, c->amount);
		}
		is_money(total_in(fx, "2026-03"), cases[i].total, "%s: applied", cases[i].name);
		is_money(due, cases[i].total, "%s: credits due", cases[i].name);
		is_money(sum, cases[i].held, "%s: held", cases[i].name);
		is_i64((int64_t)settlement_in(fx, "2026-03")->n_credits, (int64_t)fx->o.n_credits,
		       "%s: the settlement lists them", cases[i].name);
		arena_free(fx->arena);
	}
}

/* R19 with samples: three late answers, one of them contested. */
static void held_samples(void)
{
	struct fixture *fx = managed();
	struct window_result *w = add_window(fx, RESPONSE, "2026-03", "70"), other;
	struct money sum = usd("0 USD");

	add_breach_rule(fx, "each", RESPONSE, "5");
	add_sample(fx, w, "T-1", 0, true);
	add_sample(fx, w, "T-2", 0, true);
	add_sample(fx, w, "T-3", 0, true);
	w->samples = 10;
	w->in_time = 7;
	other = *w;
	other.clocks = NULL;
	other.n_clocks = 0;
	other.in_time = 8;
	w->held = true;
	w->alternative = &other;
	settle(fx, "2026-04-02T00:00:00Z");
	for (size_t k = 0; k < fx->o.n_credits; k++) {
		is_money(fx->o.credits[k].amount, "360.00 USD", "each is whole");
		if (fx->o.credits[k].fate == CREDIT_HELD)
			sum = money_add(sum, fx->o.credits[k].amount);
	}
	is_i64((int64_t)fx->o.n_credits, 3, "none was cut in two");
	is_money(total_in(fx, "2026-03"), "720.00 USD", "two of three are agreed");
	is_money(sum, "360.00 USD", "one is held");
	arena_free(fx->arena);
}

int main(void)
{
	tier_edges();
	no_credit();
	priorities();
	breaches();
	patterns();
	one_short();
	combine();
	combine_tie();
	month_of_credit();
	cap_over_months();
	cap_bases();
	last_month();
	same_name();
	scope();
	amended_pattern();
	claims_before_caps();
	claim_instant();
	earn_back();
	bonus();
	exercise();
	held();
	held_samples();
	return tap_done();
}
