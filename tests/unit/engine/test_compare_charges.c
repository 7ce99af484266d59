/* SPDX-License-Identifier: Apache-2.0 */
/* What the charges of two versions come to over the same facts (engine/compare_charges.h): by charge and month, why, tax, true-up. */
#include "engine/compare_charges.h"

#include "money_fixture.h"

#include "../../tap.h"

struct two {
	struct bill *b[SIDES];
	struct billed_side side[SIDES];
	struct compared_charges *out;
	enum rc rc;
	struct err err;
};

static struct billed_side sums_of(struct bill *b, const char *on)
{
	struct billing_settings settings = {.bounds_off = true};
	struct billing_input in = {.settings = &settings, .date = bill_day(on)};
	struct billed_sum *v = NULL;
	size_t n = 0;

	bill_run(b, on);
	in.charging = b->c;
	if (billing_sums(b->e->arena, &in, &v, &n, &b->err) != RC_OK)
		engine_fail("sums", text_of(b->err.message));
	return (struct billed_side){b->c, v, n};
}

/* Both sides over the months from .. to (first days), as of the end, the same facts on each. */
static void compare_run(struct two *t, const char *before, const char *after, const char *facts,
			const char *from, const char *to)
{
	const char *blocks[SIDES] = {before, after};
	const struct days *months;
	size_t n;
	struct span span;

	for (size_t s = 0; s < SIDES; s++) {
		struct bill *b = t->b[s];

		bill_version(b, NULL, blocks[s]);
		if (facts != NULL)
			engine_facts(b->e, facts);
		t->side[s] = sums_of(b, to);
	}
	span = (struct span){zone_midnight(t->b[0]->e->zone, bill_day(from)),
			     zone_midnight(t->b[0]->e->zone, bill_day(to))};
	months = months_of_span(t->b[0]->e->arena, t->b[0]->e->zone, span, &n);
	err_clear(&t->err);
	t->rc = compare_charges(t->b[1]->e->arena, t->side, months, n, &t->out, &t->err);
}

static struct two two_new(void)
{
	struct two t = {.b = {bill_new(), bill_new()}};

	return t;
}

static void two_free(struct two *t)
{
	bill_free(t->b[0]);
	bill_free(t->b[1]);
}

/* "200.00 260.00 price 60.00": a row's totals and what its difference is put down to. */
static struct text row_words(const struct two *t, const char *id)
{
	struct arena *a = t->b[1]->e->arena;

	for (size_t i = 0; i < t->out->n; i++) {
		const struct compared_charge *r = &t->out->v[i];
		struct text out;

		if (!text_is(r->id, id))
			continue;
		out = text_format(a, "%.*s %.*s", TEXT_ARG(bill_amount(t->b[1], r->total.of[0])),
				  TEXT_ARG(bill_amount(t->b[1], r->total.of[1])));
		for (size_t w = 0; w < CHARGE_WHYS; w++)
			if (r->why[w] != 0)
				out = text_format(a, "%.*s %s %.*s", TEXT_ARG(out),
						  charge_why_word((enum charge_why)w),
						  TEXT_ARG(bill_amount(t->b[1], r->why[w])));
		return out;
	}
	return text_of("none");
}

static const struct compared_charge *row_named(const struct two *t, const char *id)
{
	for (size_t i = 0; i < t->out->n; i++)
		if (text_is(t->out->v[i].id, id))
			return &t->out->v[i];
	engine_fail("no row", text_of(id));
	return NULL;
}

#define USERS                                                                                      \
	"2026-01-01 00:00 units.listed provider list=L1 count=active_users units=u1,u2,u3,u4\n"    \
	"2026-02-10 00:00 units.listed provider list=L2 count=active_users units=u1,u2,u3,u4,u5\n"
#define FEE(amount, period)                                                                        \
	"{id: fee, type: recurring, amount: \"" amount " USD\", period: " period "}"
#define PER_USER(price, more)                                                                      \
	"{id: users, type: per_unit, count: active_users, unit: user, price: \"" price             \
	" USD\", period: 1mo" more "}"
#define CHARGES(what) "charges: [" what "]\n"

/* One kind of change each; expected: the row after the run over January to March. */
static const struct {
	const char *before, *after, *id, *want, *name;
} cases[] = {
	{CHARGES(FEE("100.00", "1mo")), CHARGES(FEE("120.00", "1mo")), "fee",
	 "300.00 360.00 price 60.00", "dearer: three months at 20.00 more"},
	{CHARGES(FEE("100.00", "1mo")), CHARGES(FEE("90.00", "1mo")), "fee",
	 "300.00 270.00 price -30.00", "cheaper"},
	{CHARGES(FEE("100.00", "1mo")), CHARGES(FEE("100.00", "1mo")), "fee", "300.00 300.00",
	 "no change"},
	{CHARGES(FEE("100.00", "1mo")), CHARGES(FEE("300.00", "3mo")), "fee", "300.00 300.00",
	 "another period of the same price"},
	{CHARGES(FEE("100.00", "1mo")), CHARGES(FEE("330.00", "3mo")), "fee",
	 "300.00 330.00 other 30.00", "another period: items that do not pair"},
	{CHARGES(FEE("100.00", "1mo")), CHARGES(FEE("100.00", "1mo") ", " PER_USER("10.00", "")),
	 "users", "0.00 140.00 other 140.00", "an added charge"},
	{CHARGES(FEE("100.00", "1mo") ", " PER_USER("10.00", "")), CHARGES(FEE("100.00", "1mo")),
	 "users", "140.00 0.00 other -140.00", "a removed charge"},
	{CHARGES(PER_USER("10.00", "")), CHARGES(PER_USER("12.50", "")), "users",
	 "140.00 175.00 price 35.00", "14 users at 2.50 more"},
	{CHARGES(PER_USER("10.00", "")), CHARGES(PER_USER("10.00", ", included: {qty: 2}")),
	 "users", "140.00 80.00 allowance -60.00", "two users a month are included"},
	{CHARGES(PER_USER("10.00", "")), CHARGES(PER_USER("10.00", ", count_at: period_start")),
	 "users", "140.00 130.00 quantity -10.00", "counted at the start: 4, 4, 5"},
	{CHARGES(PER_USER("10.00", "")), CHARGES(PER_USER("12.00", ", count_at: period_start")),
	 "users", "140.00 156.00 price 28.00 quantity -12.00",
	 "both: 14 at 2.00 more, one user of 12.00 less"},
	{CHARGES(PER_USER("10.00", ", included: {qty: 1}")),
	 CHARGES(PER_USER("10.00", ", included: {qty: 2}, count_at: period_start")), "users",
	 "110.00 70.00 other -40.00", "allowance and counting cannot be told apart"},
	{CHARGES(FEE("100.00", "1mo")),
	 CHARGES(FEE("100.00", "1mo") ", {id: loyal, type: discount, pct: 10%, applies_to: [fee]}"),
	 "loyal", "0.00 -30.00 other -30.00", "an added discount"},
	{CHARGES(FEE("100.00", "1mo")),
	 CHARGES("{id: fee, type: recurring, amount: \"100.00 USD\", period: 1mo, max_amount: "
		 "\"80.00 USD\"}"),
	 "fee", "300.00 240.00 other -60.00", "a bound of the charge"},
};

static void kinds_of_change(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct two t = two_new();

		compare_run(&t, cases[i].before, cases[i].after, USERS, "2026-01-01", "2026-04-01");
		is_i64(t.rc, RC_OK, "%s", cases[i].name);
		is_text(row_words(&t, cases[i].id), cases[i].want, "%s", cases[i].name);
		two_free(&t);
	}
}

/* R141: a yearly fee has in a month what its days are of it; R48: a true-up belongs to the month its period ends in. */
static void months(void)
{
	static const char yearly[] = CHARGES(FEE("1200.00", "1mo"));
	static const char committed[] =
		CHARGES(FEE("1000.00", "1mo")) "commitment: {amount: \"4000.00 USD\", per: 3mo, "
					       "counts: [fee], shortfall: bill_difference}\n";
	struct two t = two_new();
	const struct compared_charge *fee;

	compare_run(&t,
		    CHARGES("{id: fee, type: recurring, amount: \"12000.00 USD\", period: 12mo, "
			    "anchor: anniversary}"),
		    yearly, NULL, "2026-02-01", "2026-04-01");
	fee = row_named(&t, "fee");
	is_i64(fee->months[0].of[BEFORE], 92055, "February has 28 of 365 days: %s", "920.55");
	is_i64(fee->months[1].of[BEFORE], 101917, "March: what 59 and 90 days differ by, %s",
	       "1,939.72 and 2,958.90 rounded from the beginning");
	is_i64(fee->months[1].of[AFTER], 120000, "a month by itself");
	is_i64(t.out->sum.of[BEFORE], 193972, "the months sum");
	two_free(&t);

	t = two_new();
	compare_run(&t, CHARGES(FEE("1000.00", "1mo")), committed, NULL, "2026-01-01",
		    "2026-04-01");
	is_text(row_words(&t, "commitment"), "0.00 1000.00 other 1000.00", "R48: the true-up");
	is_i64(row_named(&t, "commitment")->months[2].of[AFTER], 100000, "in March");
	is_i64(row_named(&t, "commitment")->months[1].of[AFTER], 0, "and not before");
	two_free(&t);
}

static void taxes(void)
{
	static const char plain[] =
		"taxes: {categories: [{id: std, code: S, rate: 8.875%}]}\n" CHARGES(
			"{id: fee, type: recurring, amount: \"100.03 USD\", period: 1mo, tax: "
			"std}");
	static const char more[] =
		"taxes: {categories: [{id: std, code: S, rate: 10%}], prices_include_tax: "
		"true}\n" CHARGES("{id: fee, type: recurring, amount: \"110.00 USD\", period: 1mo, "
				  "tax: std}");
	struct two t = two_new();

	compare_run(&t, plain, more, NULL, "2026-01-01", "2026-03-01");
	is_i64(t.out->tax.of[BEFORE], 1776, "R68: 8.88 a month");
	is_i64(t.out->tax.of[AFTER], 2000, "R69: 10.00 inside of 110.00");
	ok(!t.out->tax_included[BEFORE] && t.out->tax_included[AFTER], "which includes it is said");
	is_i64(t.out->sum.of[AFTER], 22000, "the amounts are those of the prices");
	two_free(&t);
}

static void quantities(void)
{
	struct two t = two_new();
	const struct compared_charge *r;

	compare_run(&t, CHARGES(PER_USER("10.00", "")),
		    CHARGES(PER_USER("10.00", ", included: {qty: 2}")), USERS, "2026-01-01",
		    "2026-04-01");
	r = row_named(&t, "users");
	ok(r->quantity_set[BEFORE] && r->quantity_set[AFTER], "both have units");
	is_i64((int64_t)(r->quantity[BEFORE].num / r->quantity[BEFORE].den), 14, "14 users");
	is_i64((int64_t)(r->quantity[AFTER].num / r->quantity[AFTER].den), 8, "of them 8 paid");
	is_text(r->unit[AFTER], "user", "named as the contract does");
	two_free(&t);
}

static void other_currency(void)
{
	struct two t = two_new();

	t.b[1]->contract = "currency: EUR, timezone: America/New_York, business_calendar: business";
	compare_run(&t, CHARGES(FEE("100.00", "1mo")),
		    "charges: [{id: fee, type: recurring, amount: \"100.00 EUR\", period: 1mo}]\n",
		    NULL, "2026-01-01", "2026-02-01");
	is_i64(t.rc, RC_INVALID, "R80: refused");
	is_text(text_of(t.err.message), "contract currency cannot change: 'USD' to 'EUR'",
		"says so");
	two_free(&t);
}

static void too_much(void)
{
	static const char metered[] = CHARGES("{id: store, type: usage, meter: gib, unit: GiB, "
					      "price: \"999999999999.00 USD\", period: 1mo}");
	struct two t = two_new();

	compare_run(&t, CHARGES(FEE("100.00", "1mo")), metered,
		    "2026-01-05 00:00 usage.recorded provider id=r1 meter=gib quantity=60000\n"
		    "2026-02-05 00:00 usage.recorded provider id=r2 meter=gib quantity=60000\n",
		    "2026-01-01", "2026-04-01");
	is_i64(t.rc, RC_LIMIT, "R82: two months do not fit into 64 bits");
	two_free(&t);
}

int main(void)
{
	kinds_of_change();
	months();
	taxes();
	quantities();
	other_currency();
	too_much();
	return tap_done();
}
