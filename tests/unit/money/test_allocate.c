/* SPDX-License-Identifier: Apache-2.0 */
#include "money/money.h"

#include "tap.h"
#include "unit/money/random.h"

enum { MOST_PARTS = 40 };

static const struct currency usd = {"USD", 2};

static const struct {
	const char *name;
	int64_t total_minor;
	size_t n;
	int64_t weights[4][2]; /* as fractions */
	int64_t parts[4];
} cases[] = {
	{"thirds: the first takes the rest",
	 10000,
	 3,
	 {{1, 1}, {1, 1}, {1, 1}},
	 {3334, 3333, 3333}},
	{"two units to the first two", 10001, 3, {{1, 1}, {1, 1}, {1, 1}}, {3334, 3334, 3333}},
	{"a credit mirrors it", -10000, 3, {{1, 1}, {1, 1}, {1, 1}}, {-3334, -3333, -3333}},
	{"the largest remainder, not the first", 100, 3, {{1, 6}, {1, 6}, {2, 3}}, {17, 17, 66}},
	{"days of months", 1000, 2, {{14, 31}, {17, 31}}, {452, 548}},
	{"weights of different kinds", 1000, 3, {{1, 2}, {1, 3}, {1, 7}}, {512, 342, 146}},
	{"a weight of zero gets nothing", 1, 3, {{0, 1}, {1, 1}, {1, 1}}, {0, 1, 0}},
	{"nothing to give", 0, 2, {{1, 1}, {2, 1}}, {0, 0}},
	{"one part", 12345, 1, {{1, 7}}, {12345}},
	{"fewer units than parts", 2, 4, {{1, 1}, {1, 1}, {1, 1}, {1, 1}}, {1, 1, 0, 0}},
	{"percentages of a milestone",
	 100000,
	 4,
	 {{40, 100}, {30, 100}, {20, 100}, {10, 100}},
	 {40000, 30000, 20000, 10000}},
	{"all there is",
	 INT64_MAX,
	 2,
	 {{1, 1}, {1, 1}},
	 {4611686018427387904, 4611686018427387903}},
};

static void table(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct fraction weights[4];
		struct money parts[4];

		for (size_t k = 0; k < cases[i].n; k++)
			weights[k] = fraction_of(cases[i].weights[k][0], cases[i].weights[k][1]);
		money_allocate((struct money){cases[i].total_minor, usd}, weights, cases[i].n,
			       parts);
		for (size_t k = 0; k < cases[i].n; k++) {
			is_i64(parts[k].minor, cases[i].parts[k], "%s: part %zu", cases[i].name,
			       k + 1);
			ok(money_same_currency(parts[k], (struct money){0, usd}), "%s: currency",
			   cases[i].name);
		}
	}
}

/* No part is a unit or more away from its exact share; who got one more lost at least as much as who did not. */
static bool fair(struct money total, const struct fraction *weights, size_t n,
		 const struct money *parts)
{
	struct fraction sum = fraction_of(0, 1), least_raised = fraction_of(1, 1),
			most_kept = fraction_of(0, 1);

	for (size_t i = 0; i < n; i++)
		sum = fraction_add(sum, weights[i]);
	for (size_t i = 0; i < n; i++) {
		struct fraction share =
			fraction_mul(fraction_of(total.minor, 1), fraction_div(weights[i], sum));
		struct fraction lost = fraction_sub(
			share, fraction_of(fraction_round(share, 0, ROUND_DOWN).units, 1));
		struct fraction off = fraction_sub(fraction_of(parts[i].minor, 1), share);

		if (fraction_cmp(off, fraction_of(1, 1)) >= 0 ||
		    fraction_cmp(off, fraction_of(-1, 1)) <= 0)
			return false;
		if (off.num > 0 && fraction_cmp(lost, least_raised) < 0)
			least_raised = lost;
		if (off.num <= 0 && fraction_cmp(lost, most_kept) > 0)
			most_kept = lost;
		/* Equals come in order: a later one is not raised when an earlier one was not. */
		if (off.num > 0 && lost.num > 0 && fraction_cmp(lost, most_kept) == 0)
			return false;
	}
	return fraction_cmp(least_raised, most_kept) >= 0;
}

static void properties(void)
{
	size_t wrong_sum = 0, unfair = 0, not_mirrored = 0;

	for (size_t round = 0; round < 3000; round++) {
		struct fraction weights[MOST_PARTS];
		struct money parts[MOST_PARTS], mirrored[MOST_PARTS];
		size_t n = (size_t)random_between(1, MOST_PARTS);
		struct money total = {random_long(14), usd};
		int64_t sum = 0, den = random_between(1, 31);

		for (size_t i = 0; i < n; i++)
			weights[i] = fraction_of(random_between(0, 1) * random_long(6),
						 random_bits() % 2 == 0 ? den : 1);
		weights[random_between(0, (int64_t)n - 1)] = fraction_of(1 + random_long(6), den);

		money_allocate(total, weights, n, parts);
		money_allocate((struct money){-total.minor, usd}, weights, n, mirrored);
		for (size_t i = 0; i < n; i++) {
			sum += parts[i].minor;
			if (mirrored[i].minor != -parts[i].minor)
				not_mirrored++;
		}
		if (sum != total.minor)
			wrong_sum++;
		if (!fair(total, weights, n, parts))
			unfair++;
	}
	is_i64((int64_t)wrong_sum, 0, "the parts sum to the whole");
	is_i64((int64_t)unfair, 0, "the parts are fair");
	is_i64((int64_t)not_mirrored, 0, "a credit is split like its charge");
}

int main(void)
{
	random_start();
	table();
	properties();
	return tap_done();
}
