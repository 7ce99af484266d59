/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A back-test over generated tickets in memory (tickets.h): 36 months of New York. The new version promises a resolution in half the
 * time. Not measured here: reading facts from a file (bench_csv) or from the record.
 *
 *   bench_backtest [TICKETS] [MOST_FACTS]   key value lines; MOST_FACTS: growth from 10,000 facts up to so many (0: no growth)
 *
 * evaluate_ms is one evaluation with its view; both_ms two of them that share one view; compare_ms the comparison.
 */
#include "engine/compare.h"
#include "tickets.h"

#include <stdio.h>

enum { RUNS = 3 };

/* The resolution of all but the most urgent priority is what the amendment changes. */
static const char contract[] =
	"tenor: \"1\"\n"
	"contract: {id: B-1, title: Bench, currency: USD, timezone: America/New_York, "
	"business_calendar: desk}\n"
	"parties: {provider: {legal_name: P LLC, jurisdiction: US-DE}, client: {legal_name: C Inc, "
	"jurisdiction: US-NY}}\n"
	"calendars: [{id: desk, hours: [{id: w, days: mon-fri, open: [\"09:00-17:00\"]}], "
	"holidays: [{id: us, set: us_federal}]}]\n"
	"term: {effective_date: \"2023-01-01\", initial: 60mo}\n"
	"services: [{id: help, name: Help, calendar: desk}]\n"
	"charges: [{id: care, type: recurring, amount: \"720000.00 USD\", period: 1mo}]\n"
	"payment: {due: 30d}\n"
	"sla:\n"
	"  priorities: [{id: P1, name: high}, {id: P2, name: middle}, {id: P3, name: low}]\n"
	"  metrics:\n"
	"    - {id: response, kind: elapsed, start: ticket.logged, stop: ticket.answered, targets: "
	"[{id: p1, priority: P1, within: 45min}, {id: rest, within: 1h@desk}]}\n"
	"    - {id: resolution, kind: elapsed, start: ticket.logged, stop: ticket.restored, "
	"comply: "
	"{at_least: 95%%}, pause: [{id: c, while: ticket.waiting_client}], targets: [{id: p1, "
	"priority: P1, within: 8h}, {id: rest, within: %s@desk}]}\n"
	"  credits:\n"
	"    base: {charges: [care]}\n"
	"    rules: [{id: response, metric: response, priority: P1, each_breach: 0.001%%}, {id: "
	"resolution, metric: resolution, tiers: [{id: t1, below: 95%%, credit: 5%%}, {id: t2, "
	"below: 90%%, credit: 10%%}]}]\n";

/* 36 months of them. */
static struct facts *make_facts(struct arena *a, size_t n)
{
	struct tickets t = {
		.n = n, .first = instant_of_day(day_of(2023, 1, 2)), .length_ms = 36 * 30 * DAY_MS};

	return tickets_make(a, &t);
}

struct result {
	double evaluate_s, both_s, compare_s;
	size_t facts, clocks, credits, months, bytes;
};

static struct evaluation evaluation_of(const struct facts *facts, const struct version *version)
{
	const struct zone *zone = version->promise->zone;
	instant as_of = instant_of_day(day_of(2026, 2, 1));

	return (struct evaluation){.versions = version,
				   .n_versions = 1,
				   .facts = facts,
				   .as_of = as_of,
				   .known_as_of = as_of,
				   .period = {zone_midnight(zone, day_of(2023, 1, 1)),
					      zone_midnight(zone, day_of(2026, 1, 1))}};
}

static struct outcome *evaluated(struct arena *a, const struct evaluation *in)
{
	struct outcome *o = NULL;
	struct err err = {.line = 0};

	if (evaluate(a, in, &o, &err) != RC_OK)
		bench_stop("evaluate", &err);
	return o;
}

static void measure_one(const struct evaluation *in, struct result *best)
{
	struct arena *a = arena_new((size_t)16 << 30);
	double start = bench_now_s();
	struct outcome *o = evaluated(a, in);
	double end = bench_now_s();

	best->evaluate_s = end - start < best->evaluate_s ? end - start : best->evaluate_s;
	best->clocks = o->n_clocks;
	best->credits = o->n_credits;
	arena_free(a);
}

static void measure_both(struct evaluation before, struct evaluation after, struct result *best)
{
	struct arena *a = arena_new((size_t)16 << 30);
	const struct compare_options options = {.items = 10};
	double start = bench_now_s();

	before.view = evaluation_view(a, &before);
	if (evaluations_share_view(a, &before, &after))
		after.view = before.view;

	struct outcome *x = evaluated(a, &before), *y = evaluated(a, &after);
	double judged = bench_now_s();
	struct comparison *c = NULL;
	struct err err = {.line = 0};

	if (compare_outcomes(a, x, y, &options, &c, &err) != RC_OK)
		bench_stop("compare", &err);

	double end = bench_now_s();

	best->both_s = judged - start < best->both_s ? judged - start : best->both_s;
	best->compare_s = end - judged < best->compare_s ? end - judged : best->compare_s;
	best->months = c->n_months;
	best->bytes = arena_used_bytes(a);
	arena_free(a);
}

static struct result measure(const struct facts *facts, const struct promise *before,
			     const struct promise *after)
{
	struct result best = {.evaluate_s = 1e9, .both_s = 1e9, .compare_s = 1e9};
	struct version versions[2] = {{before, INSTANT_MIN}, {after, INSTANT_MIN}};
	struct evaluation x = evaluation_of(facts, &versions[0]),
			  y = evaluation_of(facts, &versions[1]);

	for (int run = 0; run < RUNS; run++) {
		measure_one(&x, &best);
		measure_both(x, y, &best);
	}
	best.facts = facts->n;
	return best;
}

int main(int argc, char **argv)
{
	size_t tickets = bench_number(argc, argv, 1, 1000000),
	       most = bench_number(argc, argv, 2, 10000000);
	struct arena *terms = arena_new((size_t)1 << 28), *a = arena_new((size_t)16 << 30);
	const struct promise *before = tickets_promise(terms, text_format(terms, contract, "16h")),
			     *after = tickets_promise(terms, text_format(terms, contract, "8h"));
	struct result r = measure(make_facts(a, tickets), before, after);

	arena_free(a);
	printf("tickets %zu\n", tickets);
	printf("facts %zu\n", r.facts);
	printf("months %zu\n", r.months);
	printf("clocks %zu\n", r.clocks);
	printf("credits %zu\n", r.credits);
	printf("evaluate_ms %.1f\n", r.evaluate_s * 1e3);
	printf("both_ms %.1f\n", r.both_s * 1e3);
	printf("compare_ms %.1f\n", r.compare_s * 1e3);
	printf("bytes_per_fact %.1f\n", (double)r.bytes / (double)r.facts);
	for (size_t n = 10000; n <= most; n *= 10) {
		a = arena_new((size_t)16 << 30);
		r = measure(make_facts(a, n * 10 / FACTS_PER_10_TICKETS), before, after);
		arena_free(a);
		printf("growth facts %zu evaluate_ms %.2f both_ms %.2f compare_ms %.2f "
		       "ns_per_fact %.1f\n",
		       r.facts, r.evaluate_s * 1e3, r.both_s * 1e3, r.compare_s * 1e3,
		       (r.both_s + r.compare_s) * 1e9 / (double)r.facts);
	}
	arena_free(terms);
	return 0;
}
