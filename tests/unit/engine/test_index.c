/* SPDX-License-Identifier: Apache-2.0 */
/* Indexation: ratio, months, floor and cap, missing months, links, notice, choice (money.md R52 to R59; X41 to X44). */
#include "money_fixture.h"

static struct bill *indexed(const char *term, const char *charges, const char *clause)
{
	struct bill *b = bill_new();

	b->term = term;
	bill_version(
		b, NULL,
		text_format(b->e->arena, "charges: [%s]\nindexation: {%s}\n", charges, clause).p);
	return b;
}

static void published(struct bill *b, const char *series, const char *month, const char *value)
{
	(void)engine_fact(b->e,
			  text_format(b->e->arena,
				      "%s-20 14:00 index.published provider series=%s month=%s "
				      "value=%s",
				      month, series, month, value)
				  .p);
}

static const char care[] = "{id: care, type: recurring, amount: 7200 USD, period: 1mo}";

static const struct adjustment *adjustment(const struct bill *b, const char *date)
{
	for (size_t i = 0; i < b->c->n_adjustments; i++)
		if (b->c->adjustments[i].date == bill_day(date))
			return &b->c->adjustments[i];
	engine_fail("no adjustment", text_of(date));
}

static bool state_is(const struct bill *b, const char *date, enum adjustment_state want,
		     const char *name)
{
	return is_i64(adjustment(b, date)->state, want, "%s", name);
}

/* X41: 5 % a year, chained. */
static void five_years(void)
{
	static const char *const values[] = {"100",      "105",        "110.25",
					     "115.7625", "121.550625", "127.62815625"};
	static const char *const want[] = {"7560.00", "7938.00", "8334.90", "8751.65", "9189.23"};
	struct bill *b =
		indexed("effective_date: \"2026-01-01\", initial: 120mo", care,
			"formula: index, first: \"2027-01-01\", every: 12mo, index: {series: "
			"us_cpi_u, ratio_decimals: 6}, cap: 10%, applies_to: [care]");

	for (int i = 0; i < 6; i++)
		published(b, "us_cpi_u", text_format(b->e->arena, "%d-01", 2026 + i).p, values[i]);
	bill_run(b, "2031-02-01");
	is_bill(b, "care", "2026-12-01", "7200.00", "before the first adjustment");
	for (int i = 0; i < 5; i++)
		is_bill(b, "care", text_format(b->e->arena, "%d-01-01", 2027 + i).p, want[i],
			"X41: each on the one before");
	bill_free(b);
}

/* X42: 100, 95, 100. */
static void fall_and_recovery(void)
{
	struct bill *b =
		indexed("effective_date: \"2026-01-01\", initial: 120mo", care,
			"formula: index, first: \"2027-01-01\", every: 12mo, index: {series: "
			"us_cpi_u}, cap: 5%, floor: 0%, applies_to: [care]");

	published(b, "us_cpi_u", "2026-01", "100");
	published(b, "us_cpi_u", "2027-01", "95");
	published(b, "us_cpi_u", "2028-01", "100");
	bill_run(b, "2028-06-01");
	is_bill(b, "care", "2027-06-01", "7200.00", "X42: the floor");
	is_bill(b, "care", "2028-06-01", "7200.00", "X42: a fall and a recovery change nothing");
	state_is(b, "2027-01-01", ADJUST_NOTHING, "R55: what the floor reduces to nothing is none");
	ok(adjustment(b, "2028-01-01")->base_month == bill_day("2026-01-01"),
	   "R55: the base stays");
	ok(adjustment(b, "2027-01-01")->floored && !adjustment(b, "2028-01-01")->floored,
	   "floored");
	bill_free(b);

	/* a floor below zero lowers the price, and then the base moves */
	b = indexed("effective_date: \"2026-01-01\", initial: 120mo", care,
		    "formula: index, first: \"2027-01-01\", every: 12mo, index: {series: "
		    "us_cpi_u}, cap: "
		    "5%, floor: -2%, applies_to: [care]");
	published(b, "us_cpi_u", "2026-01", "100");
	published(b, "us_cpi_u", "2027-01", "95");
	published(b, "us_cpi_u", "2028-01", "100");
	bill_run(b, "2028-06-01");
	is_bill(b, "care", "2027-06-01", "7056.00", "floor -2 %");
	is_bill(b, "care", "2028-06-01", "7408.80", "then 5.26 %, capped at 5 %");
	ok(adjustment(b, "2028-01-01")->capped &&
		   adjustment(b, "2028-01-01")->base_month == bill_day("2027-01-01"),
	   "capped, from the month used");
	bill_free(b);
}

/* X43: October 2025 does not exist. */
static void missing_month(void)
{
	static const struct {
		const char *if_missing, *want, *used;
		enum adjustment_state state;
	} rows[] = {
		{"previous_month", "7408.38", "2025-09-01", ADJUSTED},
		{"next_month", "7392.92", "2025-11-01", ADJUSTED},
		{"wait", "7200.00", NULL, ADJUST_WAITS},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char clause[240];
		struct bill *b;

		(void)snprintf(
			clause, sizeof(clause),
			"formula: index, first: \"2026-03-01\", every: 12mo, index: {series: "
			"us_cpi_u, lag: 5mo, if_missing: %s}, applies_to: [care]",
			rows[i].if_missing);
		b = indexed("effective_date: \"2025-03-01\", initial: 60mo", care, clause);
		published(b, "us_cpi_u", "2024-10", "315.664");
		published(b, "us_cpi_u", "2025-09", "324.8");
		published(b, "us_cpi_u", "2025-11", "324.122");
		bill_run(b, "2026-03-31");
		is_bill(b, "care", "2026-03-01", rows[i].want,
			text_format(b->e->arena, "X43: %s", rows[i].if_missing).p);
		state_is(b, "2026-03-01", rows[i].state, "... its state");

		const struct adjustment *a = adjustment(b, "2026-03-01");

		ok(a->month_wanted == bill_day("2025-10-01"), "October was wanted");
		if (rows[i].used != NULL) {
			ok(a->month_used == bill_day(rows[i].used), "the month used is recorded");
			is_decimal(a->ratio, 6, i == 0 ? "1.028942" : "1.026794", "X43: the ratio");
		}
		bill_run(b, "2027-03-31");
		if (i == 0)
			ok(adjustment(b, "2027-03-01")->base_month == bill_day("2025-09-01"),
			   "X43: next base: September 2025");
		bill_free(b);
	}
}

/* X44: decimals of the ratio; prices of a charge of hours, too. */
static void decimals(void)
{
	static const char *const want[][2] = {{"6", "7416.91"}, {"3", "7416.00"}};
	static const char *const hours[] = {"169.97", "169.95"};

	for (size_t i = 0; i < 2; i++) {
		char clause[240];
		struct bill *b;
		const struct price_piece *p = NULL;

		(void)snprintf(
			clause, sizeof(clause),
			"formula: index, first: \"2026-02-01\", every: 12mo, index: {series: "
			"us_cpi_u, lag: 5mo, ratio_decimals: %s}, applies_to: [care, work]",
			want[i][0]);
		b = indexed("effective_date: \"2025-02-01\", initial: 60mo",
			    "{id: care, type: recurring, amount: 7200 USD, period: 1mo}, {id: "
			    "work, type: "
			    "time, price: 165 USD, increment: 15min}, {id: rest, type: recurring, "
			    "amount: 10 USD, period: 1mo}",
			    clause);
		published(b, "us_cpi_u", "2024-09", "315.301");
		published(b, "us_cpi_u", "2025-09", "324.8");
		bill_run(b, "2026-02-28");
		is_bill(b, "care", "2026-02-01", want[i][1], "X44");
		ok(slot_prices(b->c, 1,
			       (struct days){bill_day("2026-02-01"), bill_day("2026-03-01")},
			       &p) == 1 &&
			   p->why == PRICE_INDEX,
		   "a price of hours");
		is_decimal(p->amount, 2, hours[i], "X44: 165.00");
		is_bill(b, "rest", "2026-02-01", "10.00", "a charge that is not listed");
		bill_free(b);
	}
}

/* NF-7: fixed, tiers, flat sums, the decimals that are written. */
static void fixed_and_tiers(void)
{
	struct bill *b = indexed(
		"effective_date: \"2026-01-01\", initial: 60mo",
		"{id: data, type: usage, meter: m, period: 1mo, tiers: [{id: t1, up_to: 10, price: "
		"\"0.123 USD\", flat: 5 USD}, {id: t2, price: 1 USD}]}, {id: one, type: usage, "
		"meter: m, "
		"period: 1mo, price: \"0.1250 USD\"}",
		"formula: fixed, pct: 3%, first: \"2026-06-01\", every: 12mo, applies_to: [data, "
		"one]");

	engine_facts(b->e, "2026-05-05 10:00 usage.recorded provider meter=m quantity=1000\n"
			   "2026-06-05 10:00 usage.recorded provider meter=m quantity=1000\n");
	bill_run(b, "2026-07-01");
	is_bill(b, "data", "2026-05-01", "996.23", "before");
	/* 5.15 + 10 x 0.127 + 990 x 1.03 */
	is_bill(b, "data", "2026-06-01", "1026.12", "each tier at its decimals");
	/* 0.125 x 1.03 = 0.12875 at three decimals: 0.129 */
	is_bill(b, "one", "2026-06-01", "129.00", "a price at its decimals");
	ok(adjustment(b, "2026-06-01")->n_prices == 2 &&
		   adjustment(b, "2026-06-01")->prices[0].new_price.units == 127,
	   "R59: the first tier's price is told");
	bill_free(b);
}

/* FK-28: chained, or from signing on the original price. */
static void from_signing(void)
{
	static const struct {
		const char *how, *want;
	} rows[] = {
		{"index_from: previous_adjustment, multiplicand: current_price", "7938.00"},
		{"index_from: signing, multiplicand: original_price", "7938.00"},
		{"index_from: signing, multiplicand: current_price", "8334.90"}, /* F-06: twice */
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char clause[300];
		struct bill *b;

		(void)snprintf(
			clause, sizeof(clause),
			"formula: index, first: \"2027-01-01\", every: 12mo, index: {series: "
			"us_cpi_u}, applies_to: [care], %s",
			rows[i].how);
		b = indexed("effective_date: \"2026-01-01\", initial: 60mo", care, clause);
		published(b, "us_cpi_u", "2026-01", "100");
		published(b, "us_cpi_u", "2027-01", "105");
		published(b, "us_cpi_u", "2028-01", "110.25");
		bill_run(b, "2028-02-01");
		is_bill(b, "care", "2028-01-01", rows[i].want, rows[i].how);
		bill_free(b);
	}
}

/* R57: the first value counts; a rebased series needs its link. */
static void published_values(void)
{
	const char *clause = "formula: index, first: \"2027-01-01\", every: 12mo, index: {series: "
			     "us_cpi_u}, applies_to: [care]";
	struct bill *b = indexed("effective_date: \"2026-01-01\", initial: 60mo", care, clause);

	published(b, "us_cpi_u", "2026-01", "100");
	published(b, "us_cpi_u", "2027-01", "103");
	engine_facts(b->e,
		     "2027-02-25 10:00 index.published provider series=us_cpi_u month=2027-01 "
		     "value=104\n");
	bill_run(b, "2027-03-01");
	is_bill(b, "care", "2027-02-01", "7416.00", "later revisions are ignored");
	bill_free(b);

	b = indexed("effective_date: \"2026-01-01\", initial: 60mo", care, clause);
	published(b, "us_cpi_u", "2026-01", "250");
	published(b, "us_cpi_u", "2027-01", "103");
	engine_facts(b->e, "2026-10-25 10:00 index.linked provider series=us_cpi_u month=2026-10 "
			   "old_value=255 value=102\n");
	bill_run(b, "2027-03-01");
	/* 250 is 100 of the new base */
	is_bill(b, "care", "2027-02-01", "7416.00", "by the link");
	bill_free(b);
}

/* Another series by amendment: held until it is linked. */
static void other_series(void)
{
	struct bill *b = bill_new();
	static const char *const series[] = {"uk_rpi", "uk_cpi"};

	b->term = "effective_date: \"2026-01-01\", initial: 60mo";
	for (int i = 0; i < 2; i++)
		bill_version(
			b, i == 0 ? NULL : "2027-06-01",
			text_format(b->e->arena,
				    "charges: [%s]\nindexation: {formula: index, first: "
				    "\"2027-01-01\", every: 12mo, index: {series: %s}, applies_to: "
				    "[care]}\n",
				    care, series[i])
				.p);
	published(b, "uk_rpi", "2026-01", "400");
	published(b, "uk_rpi", "2027-01", "412");
	published(b, "uk_cpi", "2028-01", "140");
	bill_run(b, "2028-02-01");
	is_bill(b, "care", "2028-01-01", "7416.00", "R57: held");
	state_is(b, "2028-01-01", ADJUST_WAITS, "... and shown");
	engine_facts(b->e, "2027-06-25 10:00 index.linked provider series=uk_cpi month=2027-06 "
			   "old_value=420 value=135\n");
	bill_run(b, "2028-02-01");
	/* 412 x 135 / 420 = 132.428571; 140 / that = 1.057174 */
	is_bill(b, "care", "2028-01-01", "7840.00", "linked");
	bill_free(b);
}

/* R56: wait, and then from the next period, never backwards. */
static void waiting(void)
{
	struct bill *b =
		indexed("effective_date: \"2026-01-01\", initial: 60mo", care,
			"formula: index, first: \"2027-01-01\", every: 12mo, index: {series: "
			"us_cpi_u, if_missing: wait}, applies_to: [care]");

	published(b, "us_cpi_u", "2026-01", "100");
	bill_run(b, "2027-01-31");
	is_bill(b, "care", "2027-01-01", "7200.00", "the old price until publication");
	engine_facts(b->e,
		     "2027-02-11 10:00 index.published provider series=us_cpi_u month=2027-01 "
		     "value=103\n");
	bill_run(b, "2027-03-31");
	is_bill(b, "care", "2027-01-01", "7200.00", "never backwards");
	is_bill(b, "care", "2027-02-01", "7200.00", "not inside a period");
	is_bill(b, "care", "2027-03-01", "7416.00", "from the next");
	ok(adjustment(b, "2027-01-01")->effective == bill_day("2027-03-01"), "and says from when");
	bill_free(b);

	b = indexed(
		"effective_date: \"2026-01-01\", initial: 60mo", care,
		"formula: index, first: \"2027-01-01\", every: 12mo, index: {series: us_cpi_u}, "
		"applies_to: [care]");
	bill_run(b, "2027-01-31");
	state_is(b, "2027-01-01", ADJUST_WAITS, "nothing was ever published");
	ok(b->c->n_adjustments == 2 && b->c->adjustments[1].state == ADJUST_WAITS,
	   "and the one ahead waits, too");
	bill_free(b);
}

/* R58: notice in time, late, missing; a fall needs none. */
static void notice(void)
{
	static const struct {
		const char *name, *announced, *effective;
		enum adjustment_state state;
		const char *january, *may;
	} rows[] = {
		{"in time", "2026-10-02 23:00", "2027-01-01", ADJUSTED, "7416.00", "7416.00"},
		{"late", "2027-01-15 10:00", "2027-05-01", ADJUSTED, "7200.00", "7416.00"},
		{"missing", NULL, "2027-01-01", ADJUST_NOTICE, "7200.00", "7200.00"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct bill *b =
			indexed("effective_date: \"2026-01-01\", initial: 60mo", care,
				"formula: index, first: \"2027-01-01\", every: 12mo, index: "
				"{series: us_cpi_u}, notice: 90d, applies_to: [care]");

		published(b, "us_cpi_u", "2026-01", "100");
		published(b, "us_cpi_u", "2027-01", "103");
		if (rows[i].announced != NULL)
			(void)engine_fact(b->e, text_format(b->e->arena,
							    "%s price.announced provider "
							    "date=2027-01-01",
							    rows[i].announced)
							.p);
		engine_facts(b->e, "2026-05-01 10:00 price.announced client date=2027-01-01\n"
				   "2026-05-01 10:00 price.announced provider date=2029-01-01\n");
		bill_run(b, "2027-05-31");
		is_bill(b, "care", "2027-01-01", rows[i].january, rows[i].name);
		is_bill(b, "care", "2027-05-01", rows[i].may, "... and later");
		state_is(b, "2027-01-01", rows[i].state, "... its state");
		ok(adjustment(b, "2027-01-01")->effective == bill_day(rows[i].effective),
		   "... from when");
		ok(adjustment(b, "2027-01-01")->notice_due == engine_time(b->e, "2026-10-03 00:00"),
		   "OB-4: when notice is due");
		ok(adjustment(b, "2028-01-01")->date == bill_day("2028-01-01"),
		   "next year's date stays");
		bill_free(b);
	}
}

static void no_notice_of_a_fall(void)
{
	struct bill *b =
		indexed("effective_date: \"2026-01-01\", initial: 60mo", care,
			"formula: index, first: \"2027-01-01\", every: 12mo, index: {series: "
			"us_cpi_u}, notice: 90d, floor: -5%, applies_to: [care]");

	published(b, "us_cpi_u", "2026-01", "100");
	published(b, "us_cpi_u", "2027-01", "99");
	bill_run(b, "2027-01-31");
	is_bill(b, "care", "2027-01-01", "7128.00", "a fall needs no notice");
	bill_free(b);
}

/* R58: provider_choice needs a fact, at most the computed price. */
static void choice(void)
{
	static const struct {
		const char *name, *fact, *want;
		enum adjustment_state state;
	} rows[] = {
		{"no choice made", NULL, "7200.00", ADJUST_CHOICE},
		{"all of it", "", "7416.00", ADJUSTED},
		{"less", " pct=1.5", "7308.00", ADJUSTED},
		{"never more", " pct=9", "7416.00", ADJUSTED},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct bill *b =
			indexed("effective_date: \"2026-01-01\", initial: 60mo", care,
				"formula: index, first: \"2027-01-01\", every: 12mo, index: "
				"{series: us_cpi_u}, mode: provider_choice, applies_to: [care]");

		published(b, "us_cpi_u", "2026-01", "100");
		published(b, "us_cpi_u", "2027-01", "103");
		if (rows[i].fact != NULL)
			(void)engine_fact(b->e,
					  text_format(b->e->arena,
						      "2026-11-01 10:00 price.announced provider "
						      "date=2027-01-01%s",
						      rows[i].fact)
						  .p);
		bill_run(b, "2027-01-31");
		is_bill(b, "care", "2027-01-01", rows[i].want, rows[i].name);
		state_is(b, "2027-01-01", rows[i].state, "... its state");
		bill_free(b);
	}
}

/* R52: two changes of one price on one date. */
static void two_changes(void)
{
	struct bill *b = bill_new();
	static const char clause[] = "indexation: {formula: fixed, pct: 3%, first: \"2027-02-01\", "
				     "every: 365d, applies_to: "
				     "[managed]}\n";

	b->term = "effective_date: \"2026-02-01\", initial: 60mo";
	bill_version(
		b, NULL,
		text_format(b->e->arena,
			    "charges: [{id: managed, type: recurring, amount: 10 USD, period: 1mo, "
			    "schedule: [{id: s, from: \"2028-02-01\", amount: 20 USD}]}]\n%s",
			    clause)
			.p);
	ok(bill_try(b, "2028-02-10") == RC_INVALID, "schedule and index");
	is_text(text_of(b->err.message),
		"two price changes of 'managed' on 2028-02-01: schedule and indexation: keep one",
		"R52 with its text");
	bill_free(b);

	b = bill_new();
	b->term = "effective_date: \"2026-02-01\", initial: 60mo";
	for (int i = 0; i < 2; i++)
		bill_version(b, i == 0 ? NULL : "2027-02-01",
			     text_format(b->e->arena,
					 "charges: [{id: managed, type: recurring, amount: %d USD, "
					 "period: 1mo}]\n%s",
					 10 + i, clause)
				     .p);
	ok(bill_try(b, "2027-02-10") == RC_INVALID, "amendment and index");
	is_text(text_of(b->err.message),
		"two price changes of 'managed' on 2027-02-01: amendment and indexation: keep one",
		"R52 with its text");
	bill_free(b);
}

/* An amendment that leaves the price leaves the indexed one; one that writes another replaces it. */
static void amended(void)
{
	static const struct {
		const char *name, *amount, *want;
	} rows[] = {{"Other", "100.00", "103.00"}, {"Care", "110.00", "110.00"}};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct bill *b = bill_new();
		static const char clause[] =
			"indexation: {formula: fixed, pct: 3%, first: \"2027-01-01\", every: 12mo, "
			"applies_to: [care, users]}\n";

		for (int k = 0; k < 2; k++)
			bill_version(
				b, k == 0 ? NULL : "2027-03-01",
				text_format(
					b->e->arena,
					"charges: [{id: care, name: %s, type: recurring, amount: "
					"%s USD, period: 1mo}, {id: users, name: %s, type: "
					"per_unit, count: devices, period: 1mo, included: {qty: "
					"%d}, price: 1 USD}]\n%s",
					k == 0 ? "Care" : rows[i].name,
					k == 0 ? "100.00" : rows[i].amount,
					k == 0 ? "Care" : rows[i].name, 1 + k, clause)
					.p);
		engine_facts(b->e, "2026-01-01 00:00 units.listed provider list=L count=devices "
				   "units=a,b,c\n");
		bill_run(b, "2027-04-01");
		is_bill(b, "care", "2027-02-01", "103.00", "indexed");
		is_bill(b, "care", "2027-03-01", rows[i].want, "and amended");
		is_bill(b, "users", "2027-02-01", "2.06", "units indexed");
		is_bill(b, "users", "2027-03-01", "1.03",
			"the amended words at the indexed price: 2 included");
		bill_free(b);
	}
}

/* R59: what an announcement says, ahead of the date. */
static void announcement(void)
{
	struct bill *b = bill_new();
	const struct adjustment *a;

	b->term =
		"effective_date: \"2026-02-01\", initial: 36mo, renewal: {mode: automatic, period: "
		"12mo, non_renewal_notice: {by: either, at_least: 60d}}";
	bill_version(
		b, NULL,
		text_format(
			b->e->arena,
			"charges: [%s, {id: setup, type: one_time, amount: 5 USD}]\nindexation: "
			"{formula: index, first: \"2027-02-01\", every: 12mo, index: {series: "
			"us_cpi_u, lag: 5mo}, cap: 5%%, notice: 90d, applies_to: [care, setup]}\n",
			care)
			.p);
	published(b, "us_cpi_u", "2025-09", "300");
	published(b, "us_cpi_u", "2026-09", "330");
	engine_facts(b->e, "2026-10-30 10:00 price.announced provider date=2027-02-01\n");
	bill_run(b, "2026-11-15");
	a = adjustment(b, "2027-02-01");
	is_i64(a->state, ADJUST_ANNOUNCED, "computable and ahead");
	ok(a->month_used == bill_day("2026-09-01") && a->base_month == bill_day("2025-09-01") &&
		   a->capped && a->entry_now == 1 && a->entry_base == 0 && a->entry_notice == 2,
	   "both months with their facts, the cap");
	is_decimal(a->ratio, 6, "1.100000", "the ratio");
	is_decimal(a->applied, 2, "1.05", "what is applied");
	ok(a->n_prices == 1 && a->prices[0].yearly_effect == 12 * 36000, "the yearly effect");
	is_decimal(a->prices[0].old_price, 2, "7200.00", "old price");
	is_decimal(a->prices[0].new_price, 2, "7560.00", "new price");
	ok(a->last_day_to_leave == bill_day("2028-12-02"), "the last day to decline renewal");
	bill_free(b);
}

static void leaving_for_convenience(void)
{
	struct bill *b = bill_new();

	bill_version(
		b, NULL,
		text_format(
			b->e->arena,
			"charges: [%s]\nindexation: {formula: fixed, pct: 3%%, first: "
			"\"2027-02-01\", every: 12mo, applies_to: [care]}\ntermination: "
			"{convenience: [{id: p, by: provider, notice: 10d}, {id: c, by: client, "
			"notice: 30d}], partial: {allowed: false}}\n",
			care)
			.p);
	bill_run(b, "2026-11-15");
	ok(adjustment(b, "2027-02-01")->last_day_to_leave == bill_day("2027-01-01"),
	   "R59: 30 days before the rise");
	bill_free(b);
}

int main(void)
{
	five_years();
	fall_and_recovery();
	missing_month();
	decimals();
	fixed_and_tiers();
	from_signing();
	published_values();
	other_series();
	waiting();
	notice();
	no_notice_of_a_fall();
	choice();
	two_changes();
	amended();
	announcement();
	leaving_for_convenience();
	return tap_done();
}
