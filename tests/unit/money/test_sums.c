/* SPDX-License-Identifier: Apache-2.0 */
/* Tax, interest, index and trend: what does not fit is said and never wraps; laws that hold for any numbers. The worked examples run
 * through tenor calc (tests/program/test_billing_examples.py). */
#include "money/indexation.h"
#include "money/interest.h"
#include "money/tax.h"
#include "money/trend.h"

#include "tap.h"
#include "unit/money/random.h"

static const struct currency eur = {"EUR", 2}, gbp = {"GBP", 2}, usd = {"USD", 2};

static struct money cents(int64_t n)
{
	return (struct money){n, eur};
}

/* X46, X47, X48, X49: the rounding of a category's tax. */
static const struct {
	int64_t taxable;
	struct decimal pct;
	int64_t tax, within;
} taxes[] = {
	{3009, {7, 0}, 211, 197},        {37001, {21, 0}, 7770, 6422},
	{2997, {19, 0}, 569, 479},       {520132, {19, 0}, 98825, 83046},
	{-806, {19, 0}, -153, -129},     {100, {0, 0}, 0, 0},
	{214105, {14, 0}, 29975, 26294}, {-214119, {55, 1}, -11777, -11163},
};

static void tax(struct arena *a)
{
	struct money got = cents(7), left = cents(0), parts[3],
		     nets[3] = {cents(INT64_MAX), cents(1), cents(-5)};
	struct tax_line lines[2] = {{cents(INT64_MAX), TAX_S, {19, 0}}, {cents(1), TAX_S, {19, 0}}};
	struct tax_groups groups;
	enum tax_category c = TAX_S;

	for (size_t i = 0; i < ARRAY_SIZE(taxes); i++) {
		ok(tax_on(cents(taxes[i].taxable), taxes[i].pct, ROUND_HALF_UP, &got) &&
			   got.minor == taxes[i].tax,
		   "R68: tax on %d", (int)taxes[i].taxable);
		ok(tax_within(cents(taxes[i].taxable), taxes[i].pct, ROUND_HALF_UP, &got) &&
			   got.minor == taxes[i].within,
		   "R69: tax within %d", (int)taxes[i].taxable);
	}
	ok(!tax_on(cents(INT64_MAX), (struct decimal){101, 0}, ROUND_HALF_UP, &got),
	   "R82: a tax too large is said");
	ok(!tax_groups(a, lines, 2, false, ROUND_HALF_UP, &groups, NULL),
	   "R82: a sum too large is said");
	ok(!tax_split_reduction(a, cents(5), nets, 3, parts, &left), "R82: also by a split");
	nets[0] = cents(2);
	ok(tax_split_reduction(a, cents(5), nets, 3, parts, &left) && parts[0].minor == 2 &&
		   parts[1].minor == 1 && parts[2].minor == 0 && left.minor == 2,
	   "R62: no category falls below zero, and the rest waits");
	for (size_t i = 0; i < TAX_CATEGORIES; i++)
		ok(tax_category_find(text_of(tax_category_code((enum tax_category)i)), &c) &&
			   (size_t)c == i,
		   "R64: %s", tax_category_code((enum tax_category)i));
	ok(!tax_category_find(text_of("s"), &c), "R64: no other");
}

/* R83 place: document, and R69: printed lines sum to the rounded sum. */
static void round_to(struct arena *a)
{
	struct fraction three[3] = {{4, 1000}, {4, 1000}, {4, 1000}},
			mixed[2] = {{-1255, 1000}, {3005, 1000}};
	struct money parts[3];
	size_t wrong = 0;

	ok(money_round_to(a, cents(1), three, 3, parts) && parts[0].minor == 1 &&
		   parts[1].minor + parts[2].minor == 0,
	   "three lines of 0.004 are 0.01 on the first");
	ok(!money_round_to(a, cents(4), three, 3, parts) &&
		   !money_round_to(a, cents(-1), three, 3, parts),
	   "no other total is theirs");
	ok(money_round_to(a, cents(175), mixed, 2, parts) && parts[0].minor + parts[1].minor == 175,
	   "also with lines below zero");
	for (size_t i = 0; i < 2000; i++) {
		struct fraction exact[5], sum = {0, 1};
		struct money printed[5], total;
		int64_t all = 0;

		for (size_t k = 0; k < 5; k++) {
			exact[k] = fraction_of(random_between(-100000, 100000),
					       random_between(1, 400));
			sum = fraction_add(sum, exact[k]);
		}
		total = money_round(sum, eur, ROUND_HALF_UP);
		if (!money_round_to(a, total, exact, 5, printed))
			wrong++;
		for (size_t k = 0; k < 5; k++) {
			struct fraction off = fraction_sub(money_exact(printed[k]), exact[k]);

			all += printed[k].minor;
			wrong += fraction_cmp(off, fraction_of(1, 100)) >= 0 ||
						 fraction_cmp(off, fraction_of(-1, 100)) <= 0
					 ? 1
					 : 0;
		}
		wrong += all == total.minor ? 0 : 1;
	}
	is_i64((int64_t)wrong, 0, "printed lines sum to the total, each within one minor unit");
}

static struct interest_span span(int32_t days, int64_t open, struct decimal pct)
{
	return (struct interest_span){0, days, 0, cents(open), pct};
}

static void interest(struct arena *a)
{
	struct interest_span v[2] = {span(101, 500000, (struct decimal){1225, 2}),
				     span(3, 0, (struct decimal){0, 0})};
	struct interest_spans one = {v, 1}, two = {v, 2};
	struct yearly_rate rate = {0, {12, 0}};
	struct paid paid[2] = {{20, cents(4)}, {10, cents(4)}};
	struct owed owed = {cents(9), 0, 30, 0, paid, 2, &rate, 1};
	struct fraction exact = {0, 1};
	struct money got = cents(0);
	struct decimal pct = {0, 0};

	ok(interest_simple(&one, YEAR_365, &exact) &&
		   money_round(exact, eur, ROUND_HALF_UP).minor == 16949,
	   "X52: simple");
	ok(interest_compound(&one, YEAR_365, ROUND_HALF_UP, &got) && got.minor == 17236,
	   "X52: compound");
	v[0] = span(3, 50000000, (struct decimal){365, 1});
	ok(interest_compound(&one, YEAR_365, ROUND_HALF_UP, &got) && got.minor == 150150,
	   "three days at a tenth of a percent");
	v[0] = span(1, 50000, (struct decimal){365, 2});
	ok(interest_compound(&one, YEAR_365, ROUND_HALF_UP, &got) && got.minor == 5 &&
		   interest_compound(&one, YEAR_365, ROUND_DOWN, &got),
	   "one day is simple");
	v[0] = span(1, 5000, (struct decimal){365, 2});
	ok(interest_compound(&one, YEAR_365, ROUND_HALF_UP, &got) && got.minor == 1 &&
		   interest_compound(&one, YEAR_365, ROUND_HALF_EVEN, &got) && got.minor == 0,
	   "a tie is a tie");
	/* The second span continues the first: cut or not, the number is the same. */
	v[0] = span(400, 123456789, (struct decimal){9875, 3});
	ok(interest_compound(&one, YEAR_365, ROUND_HALF_UP, &got), "400 days at once");
	int64_t whole = got.minor;

	v[0] = span(150, 123456789, (struct decimal){9875, 3});
	v[1] = span(250, 123456789, (struct decimal){9875, 3});
	ok(interest_compound(&two, YEAR_365, ROUND_HALF_UP, &got) && got.minor == whole,
	   "R107: spans continue each other");
	v[0] = span(2000000000, INT64_MAX, (struct decimal){100, 0});
	ok(!interest_compound(&one, YEAR_365, ROUND_HALF_UP, &got),
	   "R82: what grows beyond all bounds is said");
	ok(!interest_simple(
		   &(struct interest_spans){
			   &(struct interest_span){
				   0, 2000000000, 0, cents(INT64_MAX), {INT64_MAX, 18}},
			   1},
		   YEAR_ACTUAL, &exact) ||
		   !money_try_round(exact, eur, ROUND_HALF_UP, &got),
	   "R82: also simple");
	ok(!interest_spans(a, &owed, &one), "payments out of order are refused");
	ok(!interest_yearly((struct decimal){INT64_MAX / 2, 0}, true, false, pct, &pct),
	   "R82: a rate too large");
	ok(interest_yearly((struct decimal){2, 0}, true, true, (struct decimal){18, 0}, &pct) &&
		   pct.units == 18,
	   "R107: max_per_year");
	ok(statutory_sum(STATUTORY_UK_1998, (struct money){99999, gbp}, &got) && got.minor == 4000,
	   "R110: below 1,000");
	ok(statutory_sum(STATUTORY_UK_1998, (struct money){100000, gbp}, &got) && got.minor == 7000,
	   "R110: from 1,000");
	ok(statutory_sum(STATUTORY_UK_1998, (struct money){1000000, gbp}, &got) &&
		   got.minor == 10000,
	   "R110: from 10,000");
	ok(statutory_sum(STATUTORY_EU_2011_7, cents(1), &got) && got.minor == 4000, "R110: 40 EUR");
	ok(!statutory_sum(STATUTORY_EU_2011_7, (struct money){1, usd}, &got),
	   "R110: no sum in dollars");
}

static void trend(struct arena *a)
{
	int64_t few[5] = {300, 100, 200, 900, 200}, falling[6] = {600, 500, 400, 300, 200, 100};
	int64_t most[6] = {INT64_MAX, INT64_MIN, INT64_MAX, INT64_MIN, 0, 1};
	struct trend t;
	struct fraction f = {0, 1};
	struct decimal d = {0, 0};
	enum index_effect effect = INDEX_FREE;

	ok(trend_make(a, few, 2, &t) && t.kind == TREND_NONE, "R134: two months say nothing");
	ok(trend_make(a, few, 3, &t) && t.kind == TREND_MEDIAN && trend_p50(&t, 9, &f) &&
		   f.num == 200 && f.den == 1,
	   "R134: three give their median");
	ok(trend_make(a, few, 5, &t) && t.residual.num == 700, "R134: and what lies above it");
	ok(trend_make(a, falling, 6, &t) && t.kind == TREND_LINE && trend_p50(&t, 1, &f) &&
		   f.num == 0 && trend_p50(&t, 9, &f) && f.num == 0,
	   "R134: not below zero");
	ok(trend_make(a, most, 6, &t), "R82: the largest months fit");
	ok(!index_price((struct decimal){INT64_MAX, 0}, 2, fraction_of(2, 1), ROUND_HALF_UP, &d),
	   "R82: a price too large");
	ok(index_clamp((struct decimal){95, 2},
		       &(struct index_bounds){.has_cap = true, .cap = {5, 0}, .floor = {-10, 0}},
		       &f, &effect) &&
		   effect == INDEX_FREE && f.num == 19,
	   "R53: a floor below zero lets prices fall");
}

int main(void)
{
	struct arena *a = arena_new((size_t)64 << 20);

	random_start();
	tax(a);
	round_to(a);
	interest(a);
	trend(a);
	arena_free(a);
	return tap_done();
}
