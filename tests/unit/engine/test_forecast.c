/* SPDX-License-Identifier: Apache-2.0 */
/* What a contract has cost and will cost (money.md R130 to R135, X58): actual by month, fees ahead, trend, reserve, budget, alerts. */
#include "engine/budget.h"

#include "money_fixture.h"

#include <time.h>

#define USAGE                                                                                      \
	"{id: data, type: usage, meter: m, unit: GB, aggregate: sum, price: 1 USD, period: 1mo}"
#define CARE "{id: care, type: recurring, amount: \"%s USD\", period: 1mo}"

static const int64_t x58[] = {120000, 126000, 118000, 131000, 135000, 129000,
			      140000, 142000, 138000, 149000, 146000, 152000};

struct plan {
	struct bill *b;
	struct forecast_input in;
	struct billing_settings settings;
	struct earned_credit credits[24];
	struct forecast f;
	struct budget y;
};

static struct plan *plan_new(void)
{
	struct bill *b = bill_new();
	struct plan *p = arena_one(b->e->arena, struct plan);

	p->b = b;
	p->settings.bounds_off = true;
	return p;
}

/* Usage of so many cents in a month at one dollar a unit. */
static void used(struct plan *p, int year, int month, int64_t cents)
{
	engine_facts(
		p->b->e,
		text_format(
			p->b->e->arena,
			"%04d-%02d-15 10:00 usage.recorded provider meter=m quantity=%lld.%02lld\n",
			year, month, (long long)(cents / 100), (long long)(cents % 100))
			.p);
}

/* Everything that is due by the day stands on no document yet. */
static void look(struct plan *p, const char *on)
{
	struct bill *b = p->b;
	struct billing_input in = {.settings = &p->settings, .date = bill_day(on)};
	struct billing out;
	const struct invoice **due = arena_array(b->e->arena, const struct invoice *, 1);

	bill_run(b, on);
	in.charging = b->c;
	if (billing_make(b->e->arena, &in, &out, &b->err) != RC_OK)
		engine_fail("billing", text_of(b->err.message));
	due[0] = out.invoice;
	p->in = (struct forecast_input){.charging = b->c,
					.due = due,
					.n_due = out.invoice != NULL ? 1 : 0,
					.credits = p->credits,
					.n_credits = p->in.n_credits,
					.settings = &p->settings};
}

static void forecast_on(struct plan *p, const char *on, size_t n)
{
	look(p, on);
	if (forecast_make(p->b->e->arena, &p->in, n, 1, &p->f, &p->b->err) != RC_OK)
		engine_fail("forecast", text_of(p->b->err.message));
}

static void budget_on(struct plan *p, const char *on, const char *year)
{
	look(p, on);
	if (budget_make(p->b->e->arena, &p->in, bill_day(year), &p->y, &p->b->err) != RC_OK)
		engine_fail("budget", text_of(p->b->err.message));
}

static const struct forecast_charge *charge(const struct plan *p, const char *id)
{
	for (size_t i = 0; i < p->f.n_charges; i++)
		if (text_is(p->f.charges[i].id, id))
			return &p->f.charges[i];
	engine_fail("no such charge", text_of(id));
	return NULL;
}

static const struct assumption *assumed(const struct plan *p, enum assumption_kind kind)
{
	for (size_t i = 0; i < p->f.n_assumptions; i++)
		if (p->f.assumptions[i].kind == kind)
			return &p->f.assumptions[i];
	return NULL;
}

static void year_of_usage(struct plan *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		used(p, 2026, (int)i + 1, x58[i]);
}

/* --- X58 --- */

static void trend(void)
{
	struct plan *p = plan_new();
	const struct forecast_charge *x;

	bill_version(p->b, NULL, "charges: [" USAGE "]\n");
	year_of_usage(p, ARRAY_SIZE(x58));
	forecast_on(p, "2027-01-10", 3);
	x = charge(p, "data");
	ok(x->basis == FORECAST_TREND && x->n_history == 12, "X58: a line through 12 months");
	ok(fraction_cmp(x->trend.slope, fraction_of(28375, 10)) == 0, "X58: slope 28.375");
	is_i64(p->f.months[0].p50, 155513, "X58: January 1,555.13");
	is_i64(p->f.months[1].p50, 158350, "X58: February 1,583.50");
	is_i64(p->f.months[2].p50, 161188, "X58: March 1,611.88");
	is_i64(p->f.months[0].reserve, 2000, "X58: residual 20.00");
	is_i64(p->f.sum.p50, 475051, "X58: P50 4,750.51");
	is_i64(p->f.sum.p90, 481051, "X58: P90 4,810.51");
	is_i64(p->f.sum.reserve, 6000, "R135: the reserve is their difference");
	is_i64((int64_t)p->f.checked, 9, "R135: months that three others come before");
	ok(p->f.under > 0 && p->f.under < p->f.checked, "R135: how many stayed under their P90");
	forecast_on(p, "2027-01-31", 3);
	is_i64(p->f.sum.p50, 475051, "the running month is forecast until its end");
	bill_free(p->b);
}

/* R134: fewer months. */
static void short_histories(void)
{
	static const struct {
		size_t months;
		const char *on;
		enum forecast_basis basis;
		int64_t p50;
	} rows[] = {
		{2, "2026-03-10", FORECAST_UNKNOWN, 0},
		{3, "2026-04-10", FORECAST_MEDIAN, 120000},
		{5, "2026-06-10", FORECAST_MEDIAN, 126000},
		{6, "2026-07-10", FORECAST_TREND, 136450},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct plan *p = plan_new();

		bill_version(p->b, NULL, "charges: [" USAGE "]\n");
		year_of_usage(p, rows[i].months);
		forecast_on(p, rows[i].on, 1);
		is_i64((int64_t)charge(p, "data")->basis, (int64_t)rows[i].basis,
		       "R134: %zu months", rows[i].months);
		if (i < 3)
			is_i64(p->f.sum.p50, rows[i].p50, "R134: P50 of %zu months",
			       rows[i].months);
		bill_free(p->b);
	}
}

/* R134: no history, but a quantity that the contract covers. */
static void planned(void)
{
	static const char users[] = "charges: [{id: users, type: per_unit, count: active_users, "
				    "count_at: period_end, price: 25 USD, period: 1mo, included: "
				    "{qty: 4}}]\n",
			  help[] = "{id: help, name: Help, calendar: support";
	struct plan *p = plan_new();
	struct text file;
	size_t at = 0;

	bill_version(p->b, NULL, users);
	forecast_on(p, "2026-02-10", 2);
	ok(charge(p, "users")->basis == FORECAST_UNKNOWN && p->f.sum.p50 == 0 &&
		   assumed(p, ASSUME_UNKNOWN) != NULL,
	   "R134: nothing known is said, not guessed");

	file = bill_file(p->b, users);
	while (memcmp(file.p + at, help, sizeof(help) - 1) != 0)
		at++;
	at += sizeof(help) - 1;
	file = text_format(p->b->e->arena, "%.*s, covers: [{id: u, unit: user, qty: 50}]%.*s",
			   (int)at, file.p, (int)(file.n - at), file.p + at);
	p->b->versions[0].pricing = bill_pricing(p->b, file);
	forecast_on(p, "2026-02-10", 2);
	ok(charge(p, "users")->basis == FORECAST_PLANNED && assumed(p, ASSUME_PLANNED) != NULL,
	   "R134: `covers`, marked as without history");
	is_i64(p->f.sum.p50, 2 * 46 * 2500, "R134: its quantity at the price, included units off");
	bill_free(p->b);
}

static void only_contract(void)
{
	struct plan *p = plan_new();

	bill_version(p->b, NULL,
		     "charges: [" USAGE "]\nbudget: {fiscal_year_start: \"01-01\", amount: 100 "
		     "USD}\n");
	year_of_usage(p, ARRAY_SIZE(x58));
	forecast_on(p, "2027-01-10", 3);
	ok(p->f.sum.p50 == 0 && assumed(p, ASSUME_ONLY_CONTRACT) != NULL,
	   "budget.forecast: contract_only has no trend");
	bill_free(p->b);
}

/* --- R133 --- */

static void fees(void)
{
	struct plan *p = plan_new();

	bill_version(p->b, NULL,
		     "charges: [{id: care, type: recurring, amount: \"100.00 USD\", period: 1mo, "
		     "schedule: [{id: s1, from: \"2026-09-01\", amount: \"120.00 USD\"}]}, {id: "
		     "line, type: "
		     "recurring, amount: \"90.00 USD\", period: 3mo, bill: arrears}]\n");
	forecast_on(p, "2026-07-10", 6);
	is_i64(p->f.months[0].certain, 10000 + 3033, "a quarter by day: July has 31 of 92");
	is_i64(p->f.months[2].certain, 12000 + 2935, "R133: the scheduled price");
	is_i64(p->f.sum.p50, 2 * 10000 + 4 * 12000 + 18000, "R133: fees of half a year");
	is_i64(p->f.sum.reserve, 0, "what is certain needs no reserve");
	bill_free(p->b);

	p = plan_new();
	p->b->stop = bill_day("2026-09-16");
	bill_version(p->b, NULL,
		     "charges: [{id: care, type: recurring, amount: \"100.00 USD\", "
		     "period: 1mo}]\n");
	forecast_on(p, "2026-07-10", 6);
	is_i64(p->f.sum.p50, 20000 + 5000, "R10: nothing after the contract's end");
	ok(assumed(p, ASSUME_ENDS) != NULL, "and it is said");
	bill_free(p->b);
}

static void unknown_index(void)
{
	static const struct {
		const char *name, *bounds, *facts;
		int64_t p50, p90;
		enum assumption_kind kind;
	} rows[] = {
		{"R133: not known: the floor, in P90 the cap", "floor: 1%, cap: 5%", NULL,
		 3 * 10000 + 3 * 10100, 3 * 10000 + 3 * 10500, ASSUME_INDEX},
		{"R133: without a cap", "floor: 0%", NULL, 60000, 60000, ASSUME_INDEX_NO_CAP},
		{"R133: known", "floor: 0%, cap: 5%",
		 "2026-01-20 10:00 index.published provider series=us_cpi_u month=2025-11 "
		 "value=100\n"
		 "2026-06-20 10:00 index.published provider series=us_cpi_u month=2026-08 "
		 "value=103\n",
		 3 * 10000 + 3 * 10300, 3 * 10000 + 3 * 10300, ASSUME_INDEX_KNOWN},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct plan *p = plan_new();

		bill_version(
			p->b, NULL,
			text_format(p->b->e->arena,
				    "charges: [{id: care, type: recurring, amount: \"100.00 "
				    "USD\", period: 1mo}]\nindexation: {formula: index, first: "
				    "\"2026-10-01\", every: 12mo, index: {series: us_cpi_u, "
				    "lag: 2mo}, %s, applies_to: [care]}\n",
				    rows[i].bounds)
				.p);
		if (rows[i].facts != NULL)
			engine_facts(p->b->e, rows[i].facts);
		forecast_on(p, "2026-07-10", 6);
		is_i64(p->f.sum.p50, rows[i].p50, "%s: P50", rows[i].name);
		is_i64(p->f.sum.p90, rows[i].p90, "%s: P90", rows[i].name);
		ok(assumed(p, rows[i].kind) != NULL, "%s: said", rows[i].name);
		bill_free(p->b);
	}
}

static void commitment(void)
{
	struct plan *p = plan_new();

	bill_version(p->b, NULL,
		     "charges: [{id: care, type: recurring, amount: \"100.00 USD\", period: 1mo}, "
		     "" USAGE "]\ncommitment: {amount: \"2000.00 USD\", per: 12mo, counts: [care, "
		     "data]}\n");
	for (int m = 1; m <= 6; m++)
		used(p, 2026, m, 1000);
	forecast_on(p, "2026-07-10", 12);
	is_i64(p->f.topup[5], 200000 - 120000 - 12000, "R133: what is missing at the year's end");
	is_i64(p->f.months[5].certain, 10000 + 68000, "and where it is owed");
	is_i64(p->f.sum.p50, 12 * 11000 + 68000, "R133: the lower bound");
	bill_free(p->b);
}

static void credits(void)
{
	static const char *const months[] = {"2026-01", "2026-02", "2026-03",
					     "2026-04", "2026-05", "2026-06"};
	struct plan *p = plan_new();

	bill_version(p->b, NULL,
		     "charges: [{id: care, type: recurring, amount: \"100.00 USD\", "
		     "period: 1mo}]\n");
	for (size_t i = 0; i < ARRAY_SIZE(months); i++)
		p->credits[i] = (struct earned_credit){.rule = text_of("r"),
						       .month = text_of(months[i]),
						       .amount = i % 3 == 2 ? 0 : (int64_t)i * 200,
						       .due = true};
	p->in.n_credits = ARRAY_SIZE(months);
	forecast_on(p, "2026-07-10", 2);
	/* 0 200 0 600 800 0 */
	is_i64(p->f.months[0].credits, 100, "R135: the median month's credit");
	is_i64(p->f.sum.p50, 20000 - 200, "R135: subtracted in P50");
	is_i64(p->f.sum.p90, 20000, "R135: not in P90");
	bill_free(p->b);
}

/* --- the budget --- */

static void year(void)
{
	struct plan *p = plan_new();
	int64_t sum = 0;

	bill_version(p->b, NULL,
		     "charges: [{id: care, type: recurring, amount: \"9000.00 USD\", period: "
		     "1mo}, " USAGE "]\nbudget: {fiscal_year_start: \"01-01\", amount: 118000 USD, "
		     "alert_at: [80%, 100%], forecast: contract_plus_trend}\n");
	for (int m = 1; m <= 7; m++)
		used(p, 2026, m, 100000);
	budget_on(p, "2026-08-10", "2026-01-01");
	for (size_t i = 0; i < BUDGET_MONTHS; i++)
		sum += p->y.months[i].budget;
	is_i64(sum, 11800000, "R130: the months' budgets add up");
	is_i64(p->y.months[0].budget - p->y.months[11].budget, 1, "R130: largest remainder");
	is_i64(p->y.alerts[0].amount, 9440000, "R132: 80 %% of 118,000.00 is 94,400.00");
	is_i64((int64_t)p->y.n_over, 7, "seven months are over");
	is_i64(p->y.actual, 7 * 1000000 + 900000, "actual with the fee that is due");
	is_i64(p->y.outlook, 12 * 1000000, "R132: actual and P50");
	is_i64(p->y.alerts[0].reached, -1, "R132: not reached");
	is_i64(p->y.alerts[0].forecast, 9, "R132: P50 reaches 94,400.00 in October");
	is_i64(p->y.alerts[1].forecast, 11, "R132: and the budget in December");
	budget_on(p, "2026-12-02", "2026-01-01");
	ok(p->y.alerts[0].reached >= 0 && p->y.alerts[0].forecast == -1,
	   "R132: reached, so it is not forecast");
	bill_free(p->b);
}

/* R130: price and volume, exactly. */
static void variance(void)
{
	struct plan *p = plan_new();
	int64_t price = 0, volume = 0;

	bill_version(p->b, NULL,
		     "charges: [{id: care, type: recurring, amount: \"100.00 USD\", period: 1mo}, "
		     "" USAGE "]\nbudget: {fiscal_year_start: \"01-01\", amount: 1200 USD}\n");
	bill_version(p->b, "2026-03-01",
		     "charges: [{id: care, type: recurring, amount: \"130.00 USD\", period: 1mo}, "
		     "" USAGE "]\nbudget: {fiscal_year_start: \"01-01\", amount: 1200 USD}\n");
	used(p, 2026, 2, 5000);
	budget_on(p, "2026-07-01", "2026-01-01");
	is_i64(p->y.variance, 2 * 10000 + 4 * 13000 + 5000 - 60000, "actual less budget");
	for (size_t i = 0; i < p->y.n_rows; i++) {
		price += p->y.rows[i].price;
		volume += p->y.rows[i].volume;
		if (text_is(p->y.rows[i].id, "care")) {
			is_i64(p->y.rows[i].price, 12000, "R130: 30.00 more for four months");
			is_i64(p->y.rows[i].volume, 0, "R130: as many months as planned");
		} else {
			is_i64(p->y.rows[i].volume, 5000, "R130: what was not planned is volume");
		}
	}
	is_i64(price + volume - p->y.unassigned, p->y.variance, "R130: the sum is exact");
	bill_free(p->b);
}

static void other_years(void)
{
	struct plan *p = plan_new();

	bill_version(p->b, NULL,
		     "charges: [{id: care, type: recurring, amount: \"100.00 USD\", period: 1mo}]\n"
		     "budget: {fiscal_year_start: \"04-06\", amount: 1200 USD}\n");
	look(p, "2026-07-10");
	is_i64(budget_year_of(p->b->versions[0].pricing, bill_day("2026-04-05")),
	       bill_day("2025-04-06"), "the day before belongs to the year before");
	is_i64(budget_year_of(p->b->versions[0].pricing, bill_day("2026-04-06")),
	       bill_day("2026-04-06"), "the first day");
	budget_on(p, "2026-07-10", "2026-04-06");
	/* 25 of April's 30 days and 5 of May's 31 */
	is_i64(p->y.months[0].actual, 8333 + 1613, "months from the 6th");
	is_i64((int64_t)p->y.n_over, 3, "three of them are over");
	bill_free(p->b);
}

/* --- properties --- */

static void random_forecasts(uint64_t seed)
{
	struct plan *p = plan_new();
	uint64_t state = seed * 2 + 1;
	int64_t p50 = 0, p90 = 0, reserve = 0, charges = 0;
	size_t months = 3 + (size_t)(seed % 10);
	bool ordered = true, split = true;
	int64_t budget = 0, parts = 0;

	bill_version(p->b, NULL,
		     text_format(p->b->e->arena,
				 "charges: [{id: care, type: recurring, amount: \"%d.%02d USD\", "
				 "period: 3mo, anchor: anniversary}, " USAGE
				 "]\nbudget: {fiscal_year_start: \"01-01\", amount: %d.%02d USD, "
				 "forecast: contract_plus_trend, alert_at: [50%%, 90%%]}\n",
				 (int)(seed % 977), (int)(seed % 89 + 10), (int)(seed % 4999) + 1,
				 (int)(seed % 83 + 10))
			     .p);
	for (size_t m = 0; m < months; m++) {
		state = (state * 48271) % 2147483647;
		used(p, 2026, (int)m + 1, (int64_t)(state % 300000));
	}

	const char *on = months < 12
				 ? text_format(p->b->e->arena, "2026-%02d-05", (int)months + 1).p
				 : "2027-01-05";

	forecast_on(p, on, 7);
	for (size_t i = 0; i < p->f.n; i++) {
		const struct forecast_month *m = &p->f.months[i];

		ordered = ordered && m->p90 >= m->p50 && m->reserve == m->p90 - m->p50 &&
			  m->p50 == m->certain + m->trend - m->credits && m->p50 >= 0;
		p50 += m->p50;
		p90 += m->p90;
		reserve += m->reserve;
	}
	for (size_t i = 0; i < p->f.n_charges; i++)
		charges += p->f.charges[i].sum_p50;
	budget_on(p, on, "2026-01-01");
	for (size_t i = 0; i < BUDGET_MONTHS; i++) {
		budget += p->y.months[i].budget;
		split = split && p->y.months[i].budget >= p->y.months[11].budget &&
			p->y.months[i].budget <= p->y.months[11].budget + 1;
	}
	for (size_t i = 0; i < p->y.n_rows; i++)
		parts += p->y.rows[i].price + p->y.rows[i].volume;
	if (!ordered || p50 != p->f.sum.p50 || p90 != p->f.sum.p90 || reserve != p->f.sum.reserve ||
	    charges != p50 || !split || budget != p->y.amount ||
	    parts - p->y.credits - p->y.unassigned != p->y.variance)
		ok(false, "seed %llu: sums, P90 at least P50, the split adds up",
		   (unsigned long long)seed);
	bill_free(p->b);
}

int main(void)
{
	const char *given = getenv("TENOR_SEED");
	uint64_t seed = given != NULL ? strtoull(given, NULL, 10) : (uint64_t)time(NULL);

	trend();
	short_histories();
	planned();
	only_contract();
	fees();
	unknown_index();
	commitment();
	credits();
	year();
	variance();
	other_years();
	note("seed %llu", (unsigned long long)seed);
	for (uint64_t i = 0; i < 40; i++)
		random_forecasts((seed + i * 7919) % 1000000007);
	ok(true, "40 random forecasts");
	return tap_done();
}
