/* SPDX-License-Identifier: Apache-2.0 */
/* The base of credits (sla.md R58): fixed charges month by month, prorated as money.md says. */
#include "remedy_fixture.h"

#include "engine/base.h"

static const char *const tiers[][2] = {{"100", "10"}};

/* One charge, one month: what it comes to there. Dates NULL: none. */
static const struct {
	const char *name, *amount;
	int64_t every;
	enum unit unit;
	enum prorate prorate;
	bool anniversary;
	const char *from, *until;
	bool last_day_billed;
	const char *raised, *to; /* an agreed later amount */
	const char *month, *want;
} cases[] = {
	{"a whole month", "7200.00 USD", 1, UNIT_MO, PRORATE_ACTUAL_DAYS, false, NULL, NULL, false,
	 NULL, NULL, "2026-03", "7200"},
	{"FK-18 actual_days", "7200.00 USD", 1, UNIT_MO, PRORATE_ACTUAL_DAYS, false, "2026-02-15",
	 NULL, false, NULL, NULL, "2026-02", "3600"},
	{"FK-18 days_30", "7200.00 USD", 1, UNIT_MO, PRORATE_DAYS_30, false, "2026-02-15", NULL,
	 false, NULL, NULL, "2026-02", "3840"},
	{"FK-18 none", "7200.00 USD", 1, UNIT_MO, PRORATE_NONE, false, "2026-02-15", NULL, false,
	 NULL, NULL, "2026-02", "7200"},
	{"FK-18, the month before", "7200.00 USD", 1, UNIT_MO, PRORATE_NONE, false, "2026-02-15",
	 NULL, false, NULL, NULL, "2026-01", "0"},
	{"FK-19 free", "7200.00 USD", 1, UNIT_MO, PRORATE_ACTUAL_DAYS, false, NULL, "2026-03-10",
	 false, NULL, NULL, "2026-03", "2090.32"},
	{"FK-19 billed", "7200.00 USD", 1, UNIT_MO, PRORATE_ACTUAL_DAYS, false, NULL, "2026-03-10",
	 true, NULL, NULL, "2026-03", "2322.58"},
	{"money.md X4", "465.00 USD", 1, UNIT_MO, PRORATE_ACTUAL_DAYS, false, "2028-02-27", NULL,
	 false, NULL, NULL, "2028-02", "48.1"},
	{"money.md X6 actual_days", "465.00 USD", 1, UNIT_MO, PRORATE_ACTUAL_DAYS, false,
	 "2026-05-20", NULL, false, NULL, NULL, "2026-05", "180"},
	{"money.md X6 days_30", "465.00 USD", 1, UNIT_MO, PRORATE_DAYS_30, false, "2026-05-20",
	 NULL, false, NULL, NULL, "2026-05", "170.5"},
	{"money.md X6 none", "465.00 USD", 1, UNIT_MO, PRORATE_NONE, false, "2026-05-20", NULL,
	 false, NULL, NULL, "2026-05", "465"},
	{"money.md X7 free", "640.00 USD", 1, UNIT_MO, PRORATE_ACTUAL_DAYS, false, NULL,
	 "2026-05-13", false, NULL, NULL, "2026-05", "247.74"},
	{"money.md X7 billed", "640.00 USD", 1, UNIT_MO, PRORATE_ACTUAL_DAYS, false, NULL,
	 "2026-05-13", true, NULL, NULL, "2026-05", "268.39"},
	{"money.md X12", "7200.00 USD", 1, UNIT_MO, PRORATE_ACTUAL_DAYS, false, NULL, NULL, false,
	 "2026-06-11", "7500.00 USD", "2026-06", "7400"},
	{"a raise without proration waits for the period", "7200.00 USD", 1, UNIT_MO, PRORATE_NONE,
	 false, NULL, NULL, false, "2026-06-11", "7500.00 USD", "2026-06", "7200"},
	{"... and counts in the next", "7200.00 USD", 1, UNIT_MO, PRORATE_NONE, false, NULL, NULL,
	 false, "2026-06-11", "7500.00 USD", "2026-07", "7500"},
	{"a quarter by days, January", "21600.00 USD", 3, UNIT_MO, PRORATE_ACTUAL_DAYS, false, NULL,
	 NULL, false, NULL, NULL, "2026-01", "7440"},
	{"a quarter by days, February", "21600.00 USD", 3, UNIT_MO, PRORATE_ACTUAL_DAYS, false,
	 NULL, NULL, false, NULL, NULL, "2026-02", "6720"},
	{"a quarter by months of 30 days", "21600.00 USD", 3, UNIT_MO, PRORATE_DAYS_30, false, NULL,
	 NULL, false, NULL, NULL, "2026-01", "7200"},
	{"a quarter without proration", "21600.00 USD", 3, UNIT_MO, PRORATE_NONE, false, NULL, NULL,
	 false, NULL, NULL, "2026-02", "7200"},
	{"a year by days", "36500.00 USD", 1, UNIT_Y, PRORATE_ACTUAL_DAYS, false, NULL, NULL, false,
	 NULL, NULL, "2026-03", "3100"},
	{"FK-20: the 31st comes back", "930.00 USD", 1, UNIT_MO, PRORATE_ACTUAL_DAYS, true,
	 "2026-01-31", NULL, false, NULL, NULL, "2026-03", "931"},
	{"weeks begin on Monday", "70.00 USD", 1, UNIT_W, PRORATE_ACTUAL_DAYS, false, NULL, NULL,
	 false, NULL, NULL, "2026-02", "280"},
	{"before the service", "7200.00 USD", 1, UNIT_MO, PRORATE_ACTUAL_DAYS, false, NULL, NULL,
	 false, NULL, NULL, "2024-12", "0"},
	{"after the term", "7200.00 USD", 1, UNIT_MO, PRORATE_ACTUAL_DAYS, false, NULL, NULL, false,
	 NULL, NULL, "2030-01", "0"},
};

static struct days month_days(const char *month)
{
	struct days d = {0, 0};

	if (month_parse(text_of(month), &d.from))
		d.to = day_add_months(d.from, 1);
	return d;
}

static struct base base_of(struct fixture *fx, uint16_t version, const char *month)
{
	struct days d = month_days(month);
	struct span s = {zone_midnight(fx->zone, d.from), zone_midnight(fx->zone, d.to)};

	return base_make(fx->arena, &fx->o, version, s, d);
}

static void one_charge(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct fixture *fx = fixture_new();
		struct charge *c = add_charge(fx, "managed", cases[i].amount);
		struct step {
			day from;
			struct money amount;
		} *later = arena_array(fx->arena, struct step, 1);

		c->period = (struct duration){cases[i].every, cases[i].unit, {NULL, 0}};
		c->prorate = cases[i].prorate;
		c->anchor_anniversary = cases[i].anniversary;
		c->last_day_billed = cases[i].last_day_billed;
		if (cases[i].from != NULL)
			c->from = date(cases[i].from);
		if (cases[i].until != NULL)
			c->until = date(cases[i].until);
		if (cases[i].raised != NULL) {
			*later = (struct step){date(cases[i].raised), usd(cases[i].to)};
			c->schedule = (const void *)later;
			c->n_schedule = 1;
		}
		set_base(fx, 1, (const int[]){0});

		struct base b = base_of(fx, 0, cases[i].month);
		struct fraction sum = {0, 1};

		is_exact(b.exact, cases[i].want, cases[i].name);
		for (size_t k = 0; k < b.n_lines; k++)
			sum = fraction_add(sum, b.lines[k].exact);
		ok(fraction_cmp(sum, b.exact) == 0, "%s: lines sum to the base", cases[i].name);
		arena_free(fx->arena);
	}
}

/* Months of a longer period sum to the whole, by every rule and from every day. */
static void months_sum_to_the_whole(void)
{
	static const enum prorate rules[] = {PRORATE_ACTUAL_DAYS, PRORATE_DAYS_30, PRORATE_NONE};
	int64_t wrong = 0;

	for (size_t r = 0; r < ARRAY_SIZE(rules); r++)
		for (day from = date("2025-12-20"); from < date("2026-02-10"); from++) {
			struct fixture *fx = fixture_new();
			struct charge *c = add_charge(fx, "managed", "1000.00 USD");
			struct fraction sum = {0, 1};

			c->period = (struct duration){6, UNIT_MO, {NULL, 0}};
			c->anchor_anniversary = true;
			c->prorate = rules[r];
			c->from = from;
			c->until = day_add_months(from, 6);
			for (day m = day_of(2025, 12, 1); m < c->until; m = day_add_months(m, 1))
				sum = fraction_add(
					sum,
					base_all_charges(fx->arena, &fx->o, 0,
							 (struct days){m, day_add_months(m, 1)}));
			if (fraction_cmp(sum, fraction_of(1000, 1)) != 0)
				wrong++;
			arena_free(fx->arena);
		}
	is_i64(wrong, 0, "six months sum to the amount of a half-year");
}

/* The longest period that can be written is only a very long one. */
static void longest_periods(void)
{
	static const enum unit units[] = {UNIT_D, UNIT_W, UNIT_MO, UNIT_Y};

	for (size_t u = 0; u < ARRAY_SIZE(units); u++)
		for (int anniversary = 0; anniversary < 2; anniversary++) {
			struct fixture *fx = fixture_new();
			struct charge *c = add_charge(fx, "managed", "7200.00 USD");
			struct base b;

			set_base(fx, 1, (const int[]){0});
			c->period = (struct duration){999999999, units[u], {NULL, 0}};
			c->anchor_anniversary = anniversary == 1;
			b = base_of(fx, 0, "2026-03");
			ok(b.exact.num > 0 && fraction_cmp(b.exact, fraction_of(1, 1)) < 0,
			   "a month of unit %zu is a small part of it", u);
			arena_free(fx->arena);
		}
}

/* What nobody has counted is named and adds nothing; what is not listed is not there. */
static void unknown_lines(void)
{
	static const struct {
		enum charge_type type;
		bool period, known;
	} kinds[] = {
		{CHARGE_RECURRING, true, true},      {CHARGE_PREPAID, true, true},
		{CHARGE_PREPAID, false, false},      {CHARGE_PER_UNIT, true, false},
		{CHARGE_USAGE, true, false},         {CHARGE_TIME, false, false},
		{CHARGE_PASS_THROUGH, false, false},
	};
	struct fixture *fx = fixture_new();
	int listed[ARRAY_SIZE(kinds)];

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		struct charge *c = add_charge(fx, &"abcdefg"[i],
					      kinds[i].type <= CHARGE_RECURRING ||
							      kinds[i].type == CHARGE_PREPAID
						      ? "100.00 USD"
						      : NULL);

		c->type = kinds[i].type;
		c->period_set = kinds[i].period;
		listed[i] = (int)i;
	}
	add_charge(fx, "unlisted", "5000.00 USD");
	set_base(fx, ARRAY_SIZE(kinds), listed);

	struct base b = base_of(fx, 0, "2026-03");

	is_exact(b.exact, "200", "only fixed charges add to the base");
	if (ok(b.n_lines == ARRAY_SIZE(kinds), "every listed charge has a line"))
		for (size_t i = 0; i < b.n_lines; i++)
			ok(b.lines[i].charge == (int)i && b.lines[i].known == kinds[i].known,
			   "line %zu", i);
	is_exact(base_all_charges(fx->arena, &fx->o, 0, month_days("2026-03")), "5200",
		 "caps look at all charges");

	fx->o.in.base_given = true;
	fx->o.in.base = usd("1230.00 USD");
	b = base_of(fx, 0, "2026-03");
	is_exact(b.exact, "1230", "a base that is given");
	ok(b.given && b.n_lines == 0, "and says so");
	is_exact(base_all_charges(fx->arena, &fx->o, 0, month_days("2026-03")), "6230",
		 "stands in for the listed charges in caps");
	arena_free(fx->arena);
}

/* Without a list (lint F-13) all money that comes back counts. */
static void no_list(void)
{
	struct fixture *fx = fixture_new();

	add_charge(fx, "managed", "100.00 USD");
	add_charge(fx, "setup", "900.00 USD")->type = CHARGE_ONE_TIME;
	is_exact(base_of(fx, 0, "2026-03").exact, "100", "no list: recurring money");
	is_exact(base_of(fx, 0, "2025-01").exact, "100", "no list: not what is paid once");
	is_exact(base_all_charges(fx->arena, &fx->o, 0, month_days("2025-01")), "1000",
		 "a single payment counts in its month for caps");
	is_exact(base_all_charges(fx->arena, &fx->o, 0, month_days("2025-02")), "100",
		 "and in no other");
	arena_free(fx->arena);
}

/* Two versions, the second from 16 March 2026 (CL-45: charges split at that date). */
static struct fixture *amended(const char *amount, enum prorate prorate)
{
	struct fixture *fx = fixture_new();
	struct charge *later = arena_array(fx->arena, struct charge, 1);

	add_charge(fx, "managed", "3100.00 USD")->prorate = prorate;
	set_base(fx, 1, (const int[]){0});
	add_tiers(fx, "tiers", UPTIME, 1, tiers);
	*later = fx->charges[0];
	later->amount = usd(amount);
	fx->promises[1] = fx->promises[0];
	fx->promises[1].charges = later;
	fx->versions[1] = (struct version){&fx->promises[1], midnight(fx, "2026-03-16")};
	fx->o.in.n_versions = 2;
	return fx;
}

static void versions(void)
{
	static const struct {
		const char *name, *amount;
		enum prorate prorate;
		const char *march, *april;
		size_t lines;
	} amendments[] = {
		{"a price raised in March", "6200.00 USD", PRORATE_ACTUAL_DAYS, "4700", "6200", 2},
		{"an amendment of other words", "3100.00 USD", PRORATE_ACTUAL_DAYS, "3100", "3100",
		 1},
		{"without proration", "6200.00 USD", PRORATE_NONE, "3100", "6200", 1},
	};

	for (size_t i = 0; i < ARRAY_SIZE(amendments); i++) {
		struct fixture *fx = amended(amendments[i].amount, amendments[i].prorate);
		const char *name = amendments[i].name;
		struct base b = base_of(fx, 0, "2026-03");

		is_exact(b.exact, amendments[i].march, name);
		is_i64((int64_t)b.n_lines, (int64_t)amendments[i].lines, "%s: lines", name);
		is_exact(base_of(fx, 1, "2026-03").exact, amendments[i].march, name);
		is_exact(base_of(fx, 1, "2026-04").exact, amendments[i].april, name);
		arena_free(fx->arena);
	}
}

/* A charge that the amendment removed still counts for caps while it ran. */
static void removed_charge(void)
{
	struct fixture *fx = amended("3100.00 USD", PRORATE_ACTUAL_DAYS);

	add_charge(fx, "extra", "310.00 USD");
	is_exact(base_all_charges(fx->arena, &fx->o, 1, month_days("2026-03")), "3250",
		 "15 days of a charge that is gone");
	is_exact(base_all_charges(fx->arena, &fx->o, 1, month_days("2026-04")), "3100",
		 "then none");
	arena_free(fx->arena);
}

/* amendments.windows: split: each part of the month has its own base (R20). */
static void split_windows(void)
{
	static const struct {
		const char *name;
		bool split;
		const char *first, *second;
	} ways[] = {{"split", true, "150.00 USD", "320.00 USD"},
		    {"next", false, "470.00 USD", "470.00 USD"}};

	for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
		struct fixture *fx = amended("6200.00 USD", PRORATE_ACTUAL_DAYS);
		struct window_result *w = add_window(fx, UPTIME, "2026-03", "99");

		fx->promises[0].amendments_split = ways[i].split;
		if (ways[i].split)
			w->judged.to = midnight(fx, "2026-03-16");
		w = add_window(fx, UPTIME, "2026-03", "99");
		w->version = 1;
		if (ways[i].split)
			w->judged.from = midnight(fx, "2026-03-16");
		settle(fx, "2026-04-02T00:00:00Z");
		if (!ok(fx->o.n_credits == 2, "%s: two credits", ways[i].name))
			continue;
		is_money(fx->o.credits[0].amount, ways[i].first, "%s: first", ways[i].name);
		is_money(fx->o.credits[1].amount, ways[i].second, "%s: second", ways[i].name);
		arena_free(fx->arena);
	}
}

/* average_month_12mo: full months only, else the current one (section 4). */
static void average_month(void)
{
	struct fixture *fx = fixture_new();
	int64_t months;

	add_charge(fx, "managed", "3100.00 USD");
	fx->promises[0].service_start_day = date("2026-02-15");
	is_exact(base_average_month(fx->arena, &fx->o, 0, date("2026-03-01"), &months), "3100",
		 "no full month before: the current month");
	is_i64(months, 0, "and none is counted");
	fx->charges[0].amount = usd("3200.00 USD");
	is_exact(base_average_month(fx->arena, &fx->o, 0, date("2026-05-01"), &months), "3200",
		 "March and April");
	is_i64(months, 2, "are two");
	is_exact(base_average_month(fx->arena, &fx->o, 0, date("2028-05-01"), &months), "3200",
		 "a year");
	is_i64(months, 12, "is twelve");
	arena_free(fx->arena);
}

int main(void)
{
	one_charge();
	months_sum_to_the_whole();
	longest_periods();
	unknown_lines();
	no_list();
	versions();
	removed_charge();
	split_windows();
	average_month();
	return tap_done();
}
