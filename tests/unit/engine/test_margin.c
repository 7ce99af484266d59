/* SPDX-License-Identifier: Apache-2.0 */
/* Revenue of the ledger against the provider's own cost: by month, by technician, beyond the window, beyond 64 bits. */
#include "engine/margin.h"

#include "account_fixture.h"

static struct posting posting(enum ledger_account account, int64_t amount)
{
	return (struct posting){.account = account, .amount = amount};
}

/* Two months of 1,000.00 earned, a service credit of 50.00 in the second; tax and receivable are no revenue. */
static struct ledger books_of_two_months(struct arena *a)
{
	struct posting *p = arena_array(a, struct posting, 7);
	struct transaction *t = arena_array(a, struct transaction, 3);

	p[0] = posting(LEDGER_RECEIVABLE, 119000);
	p[1] = posting(LEDGER_TAX, -19000);
	p[2] = posting(LEDGER_REVENUE, -100000);
	p[3] = posting(LEDGER_UNBILLED, 95000);
	p[4] = posting(LEDGER_REVENUE, -100000);
	p[5] = posting(LEDGER_SERVICE_CREDITS, 5000);
	p[6] = posting(LEDGER_REVENUE, -70000);
	t[0] = (struct transaction){.date = bill_day("2026-01-31"), .postings = p, .n_postings = 3};
	t[1] = (struct transaction){
		.date = bill_day("2026-02-28"), .postings = p + 3, .n_postings = 3};
	t[2] = (struct transaction){
		.date = bill_day("2026-03-01"), .postings = p + 6, .n_postings = 1};
	return (struct ledger){.v = t, .n = 3};
}

static struct own_cost cost(const char *date, enum cost_kind kind, int64_t amount, const char *who)
{
	return (struct own_cost){bill_day(date), kind, amount, text_of(who)};
}

static const struct days window = {20454, 20513}; /* 2026-01-01 to 2026-03-01 */

static void by_month(struct arena *a)
{
	struct ledger l = books_of_two_months(a);
	const struct ledger *one[] = {&l}, *two[] = {&l, &l};
	const struct own_cost costs[] = {cost("2026-01-31", COST_HOURS, 30000, "zoe"),
					 cost("2026-02-01", COST_HOURS, 10000, "adam"),
					 cost("2026-02-10", COST_SUPPLIER, 96000, ""),
					 cost("2026-02-28", COST_HOURS, 5000, "zoe"),
					 cost("2026-03-01", COST_HOURS, 99, "zoe"),
					 cost("2025-12-31", COST_SUPPLIER, 99, "")};
	struct margin m = {.n_months = 0};
	struct err err = {.line = 0};

	is_i64(window.from, bill_day("2026-01-01"), "the window begins in January");
	is_i64(window.to, bill_day("2026-03-01"), "and ends with February");
	is_i64(margin_make(a, one, 1, costs, ARRAY_SIZE(costs), window, &m, &err), RC_OK, "made");
	is_i64((int64_t)m.n_months, 2, "two months");
	is_i64(m.months[0].revenue, 100000, "January: what was earned, without tax");
	is_i64(m.months[0].left, 70000, "January: less 300.00 of hours");
	is_i64(m.months[1].revenue, 95000, "February: a service credit is less revenue");
	is_i64(m.months[1].costs[COST_HOURS], 15000, "February: hours");
	is_i64(m.months[1].costs[COST_SUPPLIER], 96000, "February: suppliers");
	is_i64(m.months[1].left, -16000, "February: a loss is a number below zero");
	is_i64(m.total.revenue, 195000, "the total's revenue");
	is_i64(m.total.left, 54000, "the total's margin");
	is_i64((int64_t)m.n_outside, 2, "costs of other days are counted, not added");
	is_i64((int64_t)m.n_technicians, 2, "two technicians");
	is_text(m.technicians[0].technician, "adam", "by name");
	is_i64(m.technicians[1].amount, 35000, "with all of their months");
	is_i64(margin_make(a, two, 2, costs, ARRAY_SIZE(costs), window, &m, &err), RC_OK, "made");
	is_i64(m.total.revenue, 390000, "several ledgers are added");
	is_i64(margin_make(a, NULL, 0, NULL, 0, window, &m, &err), RC_OK, "nothing at all");
	is_i64(m.total.left, 0, "has a margin of nothing");
	is_i64((int64_t)m.n_months, 2, "in each month of the window");
}

static void too_large(struct arena *a)
{
	struct posting p = posting(LEDGER_REVENUE, -INT64_MAX);
	struct transaction t = {.date = window.from, .postings = &p, .n_postings = 1};
	struct ledger l = {.v = &t, .n = 1};
	const struct ledger *twice[] = {&l, &l};
	const struct own_cost costs[] = {cost("2026-01-31", COST_HOURS, INT64_MAX, "zoe"),
					 cost("2026-02-01", COST_HOURS, INT64_MAX, "zoe")};
	struct margin m = {.n_months = 0};
	struct err err = {.line = 0};

	is_i64(margin_make(a, twice, 2, NULL, 0, window, &m, &err), RC_LIMIT, "revenue (R82)");
	err_clear(&err);
	is_i64(margin_make(a, twice, 1, costs, 1, window, &m, &err), RC_OK, "one of each fits");
	is_i64(margin_make(a, twice, 1, costs, 2, window, &m, &err), RC_LIMIT, "costs");
}

int main(void)
{
	struct arena *a = arena_new((size_t)1 << 20);

	by_month(a);
	too_large(a);
	arena_free(a);
	return tap_done();
}
