/* SPDX-License-Identifier: Apache-2.0 */
/* Edges, stubs and weights of service periods: the examples of money.md, and properties over random grids. */
#include "time/period.h"

#include "tap.h"
#include "unit/money/random.h"

static day date(const char *s)
{
	day d = DAY_NONE;

	if (!day_parse(text_of(s), &d))
		ok(false, "%s is a date", s);
	return d;
}

static struct duration period(const char *s)
{
	struct duration d = {0, UNIT_MO, {NULL, 0}};
	struct err err = {.line = 0};

	if (duration_parse(text_of(s), &d, &err) != RC_OK)
		ok(false, "%s is a duration", s);
	return d;
}

/* X1, X2, R3, R4: edge k of a grid. */
static const struct {
	const char *rule, *period, *start;
	bool calendar;
	const char *edges[9];
} grids[] = {
	{"X1",
	 "1mo",
	 "2026-08-31",
	 false,
	 {"2026-08-31", "2026-09-30", "2026-10-31", "2026-11-30", "2026-12-31", "2027-01-31",
	  "2027-02-28", "2027-03-31"}},
	{"X2",
	 "12mo",
	 "2024-02-29",
	 false,
	 {"2024-02-29", "2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29"}},
	{"X2 in years",
	 "1y",
	 "2024-02-29",
	 false,
	 {"2024-02-29", "2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29"}},
	{"R3 30d", "30d", "2016-04-08", false, {"2016-04-08", "2016-05-08", "2016-06-07"}},
	{"R3 week", "1w", "2026-11-26", false, {"2026-11-26", "2026-12-03"}},
	{"R4 that does not fit",
	 "5mo",
	 "2026-08-31",
	 true,
	 {"2026-08-31", "2027-01-31", "2027-06-30"}},
};

/* The full period around a date. */
static const struct {
	const char *rule, *period, *start;
	bool calendar;
	const char *on, *from, *to;
} arounds[] = {
	{"R4 month", "1mo", "2026-05-20", true, "2026-05-20", "2026-05-01", "2026-06-01"},
	{"R4 quarter of January's cycle", "3mo", "2026-05-20", true, "2026-05-20", "2026-04-01",
	 "2026-07-01"},
	{"R4 half-year", "6mo", "2026-05-20", true, "2026-12-31", "2026-07-01", "2027-01-01"},
	{"R4 year", "1y", "2026-05-20", true, "2026-12-31", "2026-01-01", "2027-01-01"},
	{"R4 week from Monday", "1w", "2026-05-20", true, "2026-05-20", "2026-05-18", "2026-05-25"},
	{"R4 before 1970", "1w", "1969-05-20", true, "1969-12-28", "1969-12-22", "1969-12-29"},
	{"X8", "1mo", "2011-02-15", false, "2011-03-10", "2011-02-15", "2011-03-15"},
	{"before the anchor", "1mo", "2026-08-31", false, "2026-02-28", "2026-02-28", "2026-03-31"},
	{"the last day of a short month", "1mo", "2026-08-31", false, "2026-02-27", "2026-01-31",
	 "2026-02-28"},
	{"days before the anchor", "30d", "2026-08-31", false, "2026-08-30", "2026-08-01",
	 "2026-08-31"},
};

/* R13 and its examples. */
static const struct {
	const char *rule, *period, *start;
	bool calendar;
	const char *from, *to;
	enum day_count count;
	int64_t days, of;
} weights[] = {
	{"X4", "1mo", "2028-02-27", true, "2028-02-27", "2028-03-01", DAY_COUNT_ACTUAL, 3, 29},
	{"X6 actual_days", "1mo", "2026-05-20", true, "2026-05-20", "2026-06-01", DAY_COUNT_ACTUAL,
	 12, 31},
	{"X6 days_30", "1mo", "2026-05-20", true, "2026-05-20", "2026-06-01", DAY_COUNT_30, 11, 30},
	{"X6 none", "1mo", "2026-05-20", true, "2026-05-20", "2026-06-01", DAY_COUNT_NONE, 1, 1},
	{"none of no day", "1mo", "2026-05-20", true, "2026-05-20", "2026-05-20", DAY_COUNT_NONE, 0,
	 1},
	{"X7 free", "1mo", "2026-01-01", true, "2026-05-01", "2026-05-13", DAY_COUNT_ACTUAL, 12,
	 31},
	{"X7 billed", "1mo", "2026-01-01", true, "2026-05-01", "2026-05-14", DAY_COUNT_ACTUAL, 13,
	 31},
	{"X8 stub", "1mo", "2011-02-15", false, "2011-03-10", "2011-03-15", DAY_COUNT_ACTUAL, 5,
	 28},
	{"FK-18 actual_days", "1mo", "2026-02-15", true, "2026-02-15", "2026-03-01",
	 DAY_COUNT_ACTUAL, 14, 28},
	{"FK-18 days_30", "1mo", "2026-02-15", true, "2026-02-15", "2026-03-01", DAY_COUNT_30, 16,
	 30},
	{"a whole short month", "1mo", "2026-02-15", true, "2026-02-01", "2026-03-01", DAY_COUNT_30,
	 30, 30},
	{"a quarter of 90", "3mo", "2026-02-15", true, "2026-02-15", "2026-04-01", DAY_COUNT_30, 46,
	 90},
	{"the 31st counts as the 30th", "1mo", "2026-01-01", true, "2026-01-31", "2026-02-01",
	 DAY_COUNT_30, 1, 30},
	{"the end of an anchor on the 31st", "1mo", "2026-01-31", false, "2026-02-14", "2026-02-28",
	 DAY_COUNT_30, 16, 30},
	{"thirty days are thirty days", "30d", "2026-01-31", false, "2026-02-01", "2026-02-28",
	 DAY_COUNT_30, 27, 30},
	{"X13", "1y", "2014-01-01", true, "2014-01-14", "2014-02-08", DAY_COUNT_ACTUAL, 25, 365},
};

static const struct {
	const char *from, *to;
	int32_t months, days;
	int64_t whole;
} wholes[] = {
	{"2012-07-16", "2012-09-15", 1, 0, 1},  {"2012-07-16", "2012-09-16", 1, 0, 2},
	{"2024-01-31", "2024-02-28", 1, 0, 0},  {"2024-01-31", "2024-02-29", 1, 0, 1},
	{"2024-01-31", "2024-01-31", 1, 0, 0},  {"2024-01-31", "2023-01-31", 1, 0, 0},
	{"2024-02-29", "2025-02-28", 12, 0, 1}, {"2024-01-01", "2024-03-01", 0, 30, 2},
};

static const struct {
	const char *period;
	bool fits;
} fits[] = {{"1mo", true},  {"2mo", true}, {"3mo", true},  {"4mo", true},  {"6mo", true},
	    {"12mo", true}, {"1y", true},  {"1w", true},   {"5mo", false}, {"24mo", false},
	    {"2y", false},  {"2w", false}, {"30d", false}, {"7d", false}};

static void table(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(grids); i++) {
		struct grid g =
			grid_of(period(grids[i].period), grids[i].calendar, date(grids[i].start));

		for (int64_t k = 0; k < 9 && grids[i].edges[k] != NULL; k++)
			is_i64(grid_edge(&g, k), date(grids[i].edges[k]), "%s: edge %d",
			       grids[i].rule, (int)k);
	}
	for (size_t i = 0; i < ARRAY_SIZE(arounds); i++) {
		struct grid g = grid_of(period(arounds[i].period), arounds[i].calendar,
					date(arounds[i].start));
		struct days full = grid_around(&g, date(arounds[i].on));

		is_i64(full.from, date(arounds[i].from), "%s: from", arounds[i].rule);
		is_i64(full.to, date(arounds[i].to), "%s: to", arounds[i].rule);
	}
	for (size_t i = 0; i < ARRAY_SIZE(weights); i++) {
		struct grid g = grid_of(period(weights[i].period), weights[i].calendar,
					date(weights[i].start));
		struct days own = {date(weights[i].from), date(weights[i].to)};
		struct weight w = days_weight(&g, own, grid_around(&g, own.from), weights[i].count);

		is_i64(w.days, weights[i].days, "%s: days", weights[i].rule);
		is_i64(w.of, weights[i].of, "%s: of", weights[i].rule);
	}
	for (size_t i = 0; i < ARRAY_SIZE(wholes); i++)
		is_i64(periods_whole(date(wholes[i].from), date(wholes[i].to), wholes[i].months,
				     wholes[i].days),
		       wholes[i].whole, "whole periods from %s to %s", wholes[i].from,
		       wholes[i].to);
	for (size_t i = 0; i < ARRAY_SIZE(fits); i++)
		ok(period_fits_calendar(period(fits[i].period)) == fits[i].fits,
		   "R4: %s %s a calendar", fits[i].period, fits[i].fits ? "fits" : "does not fit");
}

static void is_period(struct service_period p, const char *from, const char *to, int64_t full,
		      const char *what)
{
	is_i64(p.own.from, date(from), "%s: from %s", what, from);
	is_i64(p.own.to, date(to), "%s: to %s", what, to);
	is_i64(p.full.to - p.full.from, full, "%s: of %d days", what, (int)full);
}

/* X5, X8: stubs at both ends, and what a moved anchor leaves to bill. */
static void lives(struct arena *a)
{
	struct grid on_15 = grid_of(period("1mo"), false, date("2011-02-15")),
		    on_17 = grid_of(period("1mo"), false, date("2014-06-17"));
	struct days life = {date("2011-03-10"), date("2011-05-15")},
		    ever = {date("2000-01-01"), INT32_MAX};
	struct service_periods p = periods_of(a, &on_15, life, ever);

	if (ok(p.n == 3, "X8: three periods")) {
		is_period(p.v[0], "2011-03-10", "2011-03-15", 28, "X8");
		is_period(p.v[1], "2011-03-15", "2011-04-15", 31, "X8");
		is_period(p.v[2], "2011-04-15", "2011-05-15", 30, "X8");
	}
	p = periods_of(a, &on_15, life, (struct days){date("2011-04-14"), date("2011-04-16")});
	if (ok(p.n == 2, "periods are whole where a window cuts them"))
		is_period(p.v[0], "2011-03-15", "2011-04-15", 31, "window");
	is_i64((int64_t)periods_of(a, &on_15, life, (struct days){life.to, life.to + 100}).n, 0,
	       "nothing after the end");
	is_i64((int64_t)periods_of(a, &on_15, (struct days){life.from, life.from}, ever).n, 0,
	       "no life, no period");

	struct days billed[] = {{date("2014-06-25"), date("2014-07-20")},
				{date("2014-06-20"), date("2014-07-01")}};
	struct days two = {date("2014-06-17"), date("2014-08-17")};

	p = periods_not_covered(a, &on_17, two, two, billed, 2);
	if (ok(p.n == 2, "X5: two gaps")) {
		is_period(p.v[0], "2014-06-17", "2014-06-20", 30, "X5");
		is_period(p.v[1], "2014-07-20", "2014-08-17", 31, "X5");
	}
	p = periods_not_covered(a, &on_17, two, two,
				&(struct days){date("2014-06-20"), date("2014-06-25")}, 1);
	ok(p.n == 3, "R11: a hole in the middle leaves a gap on both sides");
	is_i64((int64_t)periods_not_covered(a, &on_17, two, two, &two, 1).n, 0,
	       "R11: what is covered is not billed again");
	ok(periods_not_covered(a, &on_17, two, two, NULL, 0).n == 2,
	   "R11: nothing covered, all is billed");
}

static struct grid any_grid(void)
{
	static const char *const lengths[] = {"1mo", "2mo", "3mo", "5mo", "6mo", "12mo", "1y",
					      "3y",  "1w",  "2w",  "1d",  "30d", "400d"};

	return grid_of(period(lengths[random_bits() % ARRAY_SIZE(lengths)]), random_bits() % 2 == 0,
		       (day)random_between(date("1900-01-01"), date("2200-01-01")));
}

/* Edges rise and bracket every date; weights of pieces sum to the whole, by any count. */
static void properties(struct arena *a)
{
	size_t wrong_around = 0, wrong_weights = 0, wrong_cover = 0;

	for (size_t i = 0; i < 20000; i++) {
		struct grid g = any_grid();
		day d = (day)random_between(date("1900-01-01"), date("2200-01-01"));
		struct days full = grid_around(&g, d);
		int64_t k = grid_index(&g, d);
		enum day_count count = random_bits() % 2 == 0 ? DAY_COUNT_ACTUAL : DAY_COUNT_30;
		int64_t sum = 0, of = days_weight(&g, full, full, count).of;

		if (full.from > d || full.to <= d || grid_edge(&g, k) != full.from ||
		    grid_index(&g, full.to) != k + 1 || grid_index(&g, full.to - 1) != k)
			wrong_around++;
		for (day from = full.from; from < full.to;) {
			day to = (day)random_between(from + 1, full.to);
			struct weight w = days_weight(&g, (struct days){from, to}, full, count);

			sum += w.days;
			if (w.of != of || w.days < 0)
				wrong_weights++;
			from = to;
		}
		if (sum != of)
			wrong_weights++;
		if (i % 50 != 0)
			continue;

		struct days life = {d, d + (day)random_between(0, 3000)};
		struct days part = {(day)random_between(life.from, life.to), life.to};
		struct service_periods all = periods_of(a, &g, life, life),
				       gaps = periods_not_covered(a, &g, life, life, &part, 1);
		day at = life.from;

		for (size_t j = 0; j < all.n; j++) {
			wrong_cover += all.v[j].own.from != at ? 1 : 0;
			at = all.v[j].own.to;
		}
		wrong_cover += at != life.to ? 1 : 0;
		at = life.from;
		for (size_t j = 0; j < gaps.n; j++) {
			wrong_cover += gaps.v[j].own.from != at ? 1 : 0;
			at = gaps.v[j].own.to;
		}
		wrong_cover += at != part.from ? 1 : 0;
	}
	is_i64((int64_t)wrong_around, 0, "a date lies in the period around it, and only there");
	is_i64((int64_t)wrong_weights, 0, "pieces of a period weigh 1 together");
	is_i64((int64_t)wrong_cover, 0,
	       "periods cover a life without gap or overlap, and what is covered is left out");
}

int main(void)
{
	struct arena *a = arena_new((size_t)64 << 20);

	random_start();
	table();
	lives(a);
	properties(a);
	arena_free(a);
	return tap_done();
}
