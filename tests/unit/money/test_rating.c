/* SPDX-License-Identifier: Apache-2.0 */
/* Rate cards: the examples of money.md, and the two ways of rating against each other. */
#include "money/rating.h"

#include "tap.h"
#include "unit/money/random.h"

#include <string.h>
#include <time.h>

#define OPEN                                                                                       \
	true,                                                                                      \
	{                                                                                          \
		0, 0                                                                               \
	}
#define TO(n)                                                                                      \
	false,                                                                                     \
	{                                                                                          \
		(n), 0                                                                             \
	}

static const struct rate_tier x15[] = {{TO(12), {85, 0}, {0, 0}}, {OPEN, {79, 0}, {0, 0}}};
static const struct rate_tier x14[] = {{TO(10), {10, 0}, {0, 0}}, {OPEN, {8, 0}, {0, 0}}};
static const struct rate_tier x14_later[] = {{TO(10), {11, 0}, {0, 0}}, {OPEN, {9, 0}, {0, 0}}};
static const struct rate_tier x29[] = {{TO(20), {0, 0}, {40, 0}}, {OPEN, {15, 1}, {10, 0}}};
static const struct rate_tier x30[] = {
	{TO(50), {4, 0}, {0, 0}}, {TO(100), {3, 0}, {0, 0}}, {OPEN, {25, 1}, {0, 0}}};
static const struct rate_tier closed[] = {{TO(10), {1, 0}, {0, 0}}, {TO(20), {2, 0}, {0, 0}}};
static const struct rate_tier shares[] = {
	{TO(10), {1, 0}, {200, 0}}, {TO(20), {2, 0}, {300, 0}}, {OPEN, {3, 0}, {400, 0}}};
static const struct rate_tier by_tens[] = {{TO(20), {5, 0}, {0, 0}}, {OPEN, {4, 0}, {1, 0}}};

static const struct {
	const char *rule;
	struct rate_card card;
	int64_t num, den; /* quantity */
	const char *amount;
} cases[] = {
	{"X15", {x15, 2, .included = {48, 1}}, 63, 1, "1257"},
	{"FK-22 all", {x15, 2, .included = {48, 1}, .count_all = true}, 65, 1, "1343"},
	{"FK-22 all, 63", {x15, 2, .included = {48, 1}, .count_all = true}, 63, 1, "1185"},
	{"all, within the first tier",
	 {x15, 2, .included = {4, 1}, .count_all = true},
	 14,
	 1,
	 "838"},
	{"all, fewer than included", {x29, 2, .included = {25, 1}, .count_all = true}, 22, 1, "50"},
	{"billable, fewer than included", {x29, 2, .included = {25, 1}}, 22, 1, "40"},
	{"X14 average_daily", {.price = {85, 0}}, 1493, 30, "4230.166666667"},
	{"X16", {.price = {45, 0}}, 42, 30, "63"},
	{"X26", {.price = {12, 2}, .included = {2000, 1}, .block = {1, 0}}, 23456, 10, "41.52"},
	{"FK-23 exact",
	 {.price = {12, 2}, .included = {0, 1}, .block = {1, 0}, .block_exact = true},
	 3004,
	 10,
	 "36.048"},
	{"exact blocks of 3",
	 {.price = {1, 0}, .block = {3, 0}, .block_exact = true},
	 10,
	 1,
	 "3.333333333"},
	{"X27 first", {.price = {100, 0}, .included = {110, 1}}, 50, 1, "0"},
	{"X27 second", {.price = {100, 0}, .included = {110, 1}}, 125, 1, "1500"},
	{"X28", {.price = {10, 0}, .block = {1000, 0}}, 1300, 1, "20"},
	{"X28 later", {.price = {10, 0}, .block = {1000, 0}}, 1900, 1, "20"},
	{"X29 none", {x29, 2, .volume = false}, 0, 1, "40"},
	{"X29 inclusive", {x29, 2, .volume = false}, 20, 1, "40"},
	{"X29 just beyond", {x29, 2, .volume = false}, 20001, 1000, "50.0015"},
	{"X29 30", {x29, 2, .volume = false}, 30, 1, "65"},
	{"X30 50", {x30, 3, .volume = true}, 50, 1, "200"},
	{"X30 51", {x30, 3, .volume = true}, 51, 1, "153"},
	{"X30 101", {x30, 3, .volume = true}, 101, 1, "252.5"},
	{"R40 volume: base fee at 0", {x29, 2, .volume = true}, 0, 1, "40"},
	{"R40 volume: the tier's own flat", {x29, 2, .volume = true}, 30, 1, "55"},
	{"volume, all",
	 {x30, 3, .volume = true, .count_all = true, .included = {60, 1}},
	 110,
	 1,
	 "125"},
	{"X31", {.price = {100, 0}, .block = {10, 0}, .included = {10, 1}}, 121, 1, "1200"},
	{"R37 tiers of blocks", {by_tens, 2, .block = {10, 0}}, 35, 1, "19"},
	{"R25 included in a stub", {.price = {31, 0}, .included = {120, 31}}, 10, 1, "190"},
	{"R41", {.price = {25, 1}, .pct = true}, 1234567, 100, "308.64175"},
	{"percentages by tier", {shares, 3, .pct = true}, 21, 1, "900.33"},
	{"eleven decimals of a bill", {.price = {123456789, 9}}, 999999999999, 1, NULL},
	{"long numbers", {.price = {999999999999999999, 9}}, 999999999, 1, NULL},
};

static const char *printed(struct fraction f, const char *want)
{
	static struct buf out;
	const char *point = strchr(want, '.');
	struct decimal d = {0, 0};
	unsigned places = point != NULL ? (unsigned)strlen(point + 1) : 0;

	if (out.max == 0)
		buf_init(&out, 256);
	buf_clear(&out);
	if (!fraction_try_round(f, places < 9 ? places : 9, ROUND_HALF_UP, &d))
		return "too long";
	decimal_print(&out, d);
	buf_char(&out, '\0');
	return out.p;
}

static void table(struct arena *a)
{
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct fraction amount = {0, 1}, q = fraction_of(cases[i].num, cases[i].den);
		struct rate_parts parts = {NULL, 0, {0, 1}};

		if (cases[i].amount == NULL) {
			ok(rate_amount(&cases[i].card, q, &amount), "%s fits", cases[i].rule);
			continue;
		}
		if (ok(rate_amount(&cases[i].card, q, &amount), "%s can be rated", cases[i].rule))
			is_text(text_of(printed(amount, cases[i].amount)), cases[i].amount, "%s",
				cases[i].rule);
		ok(rate_parts(a, &cases[i].card, (struct fraction){0, 0}, q, &parts) &&
			   fraction_cmp(parts.amount, amount) == 0,
		   "%s: its parts sum to it", cases[i].rule);
	}
}

/* X14b, X27, X28 and the vectors' running tiers: what comes on top. */
static void running(struct arena *a)
{
	struct rate_card first = {x14, 2, .price = {0, 0}}, later = {x14_later, 2, .price = {0, 0}};
	struct rate_card blocks = {.price = {10, 0}, .block = {1000, 0}},
			 fee = {x29, 2, .price = {0, 0}}, volume = {x30, 3, .volume = true};
	struct fraction amount = {0, 1}, none = {0, 0};
	struct rate_parts parts = {NULL, 0, {0, 1}};

	ok(rate_more(&first, none, fraction_of(12, 1), &amount) &&
		   fraction_cmp(amount, fraction_of(116, 1)) == 0,
	   "X14b: 12 units before");
	ok(rate_more(&later, fraction_of(12, 1), fraction_of(22, 1), &amount) &&
		   fraction_cmp(amount, fraction_of(90, 1)) == 0,
	   "X14b: 10 after");
	ok(rate_more(&blocks, fraction_of(1300, 1), fraction_of(1900, 1), &amount) &&
		   amount.num == 0,
	   "X28: 600 more cost nothing");
	ok(rate_more(&fee, none, fraction_of(0, 1), &amount) &&
		   fraction_cmp(amount, fraction_of(40, 1)) == 0,
	   "R40: the base fee of nothing");
	ok(rate_more(&fee, fraction_of(0, 1), fraction_of(5, 1), &amount) && amount.num == 0,
	   "R38: and only once");
	ok(rate_more(&volume, fraction_of(50, 1), fraction_of(51, 1), &amount) &&
		   fraction_cmp(amount, fraction_of(-47, 1)) == 0,
	   "R40: in volume mode more can cost less");

	ok(rate_parts(a, &first, fraction_of(8, 1), fraction_of(15, 1), &parts) && parts.n == 2,
	   "a running count has a part a tier");
	if (parts.n == 2) {
		ok(parts.v[0].tier == 0 &&
			   fraction_cmp(parts.v[0].quantity, fraction_of(2, 1)) == 0,
		   "two units of the first");
		ok(parts.v[1].tier == 1 && fraction_cmp(parts.v[1].amount, fraction_of(40, 1)) == 0,
		   "five of the second");
	}
	ok(rate_parts(a, &fee, none, fraction_of(30, 1), &parts) && parts.n == 4 &&
		   parts.v[0].flat && parts.v[2].flat && !parts.v[3].flat,
	   "flat sums are parts of their own");
	ok(rate_parts(a, &volume, fraction_of(50, 1), fraction_of(51, 1), &parts) && parts.n == 2 &&
		   parts.v[0].quantity.num == -50 && parts.v[1].quantity.num == 51,
	   "R40: the tier left behind gives its units back");
}

/* R82: what facts can make too large, or wrong, is said. */
static void refused(struct arena *a)
{
	struct fraction amount = {7, 1}, big = {((i128)1 << 126), 1}, negative = {-1, 1};
	struct rate_card dear = {.price = {999999999999999999, 0}},
			 two = {closed, 2, .price = {0, 0}}, one = {.price = {1, 0}};
	struct rate_parts parts = {NULL, 0, {0, 1}};
	struct event_rate rate = {.pct = {999999999999999999, 0}, .fixed = {1, 9}};
	struct decimal bases[3] = {
		{999999999999999999, 0}, {999999999999999999, 0}, {999999999999999999, 0}};

	ok(!rate_amount(&dear, big, &amount) && amount.num == 7,
	   "too much is said, and nothing written");
	ok(!rate_parts(a, &dear, (struct fraction){0, 0}, big, &parts), "also by parts");
	ok(!rate_amount(&one, negative, &amount), "R43: a negative quantity is none");
	ok(rate_amount(&two, fraction_of(20, 1), &amount), "the last unit of a closed card");
	ok(!rate_amount(&two, fraction_of(21, 1), &amount), "nothing beyond it");
	ok(!rate_amount(&two, fraction_of(20000001, 1000000), &amount),
	   "not even a part of a unit");
	ok(!rate_events(&rate, bases, 3, &amount), "events too large are said");
	ok(rate_events(&rate, bases, 0, &amount) && amount.num == 0, "no events cost nothing");
}

static void events(void)
{
	/* X32 */
	struct event_rate rate = {.pct = {299, 2},
				  .fixed = {2, 0},
				  .has_min = true,
				  .has_max = true,
				  .min = {175, 2},
				  .max = {12, 0}};
	struct decimal bases[] = {{10, 0}, {80, 0}, {10000, 0}}, small[] = {{0, 0}};
	struct fraction amount = {0, 1};

	ok(rate_events(&rate, bases, 3, &amount) &&
		   fraction_cmp(amount, fraction_of(18691, 1000)) == 0,
	   "X32: 18.691 before its rounding");
	rate.fixed = (struct decimal){0, 0};
	ok(rate_events(&rate, small, 1, &amount) &&
		   fraction_cmp(amount, fraction_of(175, 100)) == 0,
	   "R41: at least the minimum");
}

static struct decimal any_decimal(unsigned digits)
{
	return (struct decimal){random_long(digits), (uint8_t)(random_bits() % 4)};
}

struct any_card {
	struct rate_tier tiers[6];
	struct rate_card card;
};

static void any(struct any_card *out)
{
	size_t n = random_bits() % 6;
	int64_t to = 0;

	*out = (struct any_card){.card = {.price = any_decimal(6)}};
	for (size_t i = 0; i < n; i++) {
		to += 1 + random_long(4);
		out->tiers[i] = (struct rate_tier){i + 1 == n,
						   {to, 0},
						   any_decimal(6),
						   any_decimal(random_bits() % 2 == 0 ? 1 : 5)};
	}
	out->card.tiers = out->tiers;
	out->card.n_tiers = n;
	out->card.volume = random_bits() % 2 == 0;
	out->card.count_all = random_bits() % 2 == 0;
	out->card.pct = random_bits() % 4 == 0;
	if (random_bits() % 2 == 0)
		out->card.included = fraction_of(random_long(4), random_bits() % 3 == 0 ? 31 : 1);
	if (random_bits() % 2 == 0) {
		out->card.block =
			(struct decimal){1 + random_long(3), (uint8_t)(random_bits() % 2)};
		out->card.block_exact = random_bits() % 3 == 0;
	}
}

/* The short way and, by way of its parts, the long one; splitting a stream never changes the sum (R38). */
static void properties(struct arena *a)
{
	size_t wrong = 0, wrong_split = 0;

	for (size_t i = 0; i < 20000; i++) {
		struct any_card c;
		struct fraction q = fraction_of(
			random_long(6),
			random_bits() % 4 == 0 ? 30 : (i128)1 + (i128)(random_bits() % 2) * 999);
		struct fraction half = fraction_mul(q, fraction_of(random_between(0, 8), 8)),
				x = {0, 1}, y = {0, 1}, z = {0, 1};
		struct rate_parts parts = {NULL, 0, {0, 1}};

		any(&c);
		if (!rate_amount(&c.card, q, &x) ||
		    !rate_parts(a, &c.card, (struct fraction){0, 0}, q, &parts) ||
		    fraction_cmp(x, parts.amount) != 0)
			wrong++;
		if (!rate_amount(&c.card, half, &y) || !rate_more(&c.card, half, q, &z) ||
		    fraction_cmp(fraction_add(y, z), x) != 0)
			wrong_split++;
		if (!rate_parts(a, &c.card, half, q, &parts) || fraction_cmp(z, parts.amount) != 0)
			wrong_split++;
	}
	is_i64((int64_t)wrong, 0, "both ways of rating agree");
	is_i64((int64_t)wrong_split, 0, "R38: parts of a stream cost what the whole costs");
}

/* A figure, not a promise: how long one rating of a usual card takes. */
static void speed(void)
{
	struct rate_card usual = {x30, 3, .included = {10, 1}, .block = {1, 0}};
	struct timespec from, to;
	struct fraction amount = {0, 1};
	i128 sum = 0;

	(void)clock_gettime(CLOCK_MONOTONIC, &from);
	for (int64_t i = 0; i < 1000000; i++)
		if (rate_amount(&usual, (struct fraction){i % 2000, 1}, &amount))
			sum += amount.num;
	(void)clock_gettime(CLOCK_MONOTONIC, &to);
	note("%lld ns a rating of three tiers",
	     (long long)((to.tv_sec - from.tv_sec) * 1000 + (to.tv_nsec - from.tv_nsec) / 1000000));
	ok(sum > 0, "a million ratings");
}

int main(void)
{
	struct arena *a = arena_new((size_t)256 << 20);

	random_start();
	table(a);
	running(a);
	refused(a);
	events();
	properties(a);
	speed();
	arena_free(a);
	return tap_done();
}
