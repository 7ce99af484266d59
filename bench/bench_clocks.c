/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Clocks over generated tickets in memory (tickets.h): a year of New York. Two clocks a ticket: a response on two calendars without
 * pauses and a resolution with pauses.
 *
 *   bench_clocks [TICKETS] [MOST_FACTS]   key value lines; MOST_FACTS: growth from 10,000 facts up to so many (0: no growth)
 *
 * clocks_per_second counts reading the tickets and judging their clocks; the view is made before. view_ms is making it.
 */
#include "engine/clock.h"
#include "tickets.h"

#include <inttypes.h>
#include <stdio.h>

enum { RUNS = 5 };

static const char contract[] =
	"tenor: \"1\"\n"
	"contract: {id: B-1, title: Bench, currency: USD, timezone: America/New_York, "
	"business_calendar: desk}\n"
	"parties: {provider: {legal_name: P LLC, jurisdiction: US-DE}, client: {legal_name: C Inc, "
	"jurisdiction: US-NY}}\n"
	"calendars: [{id: desk, hours: [{id: w, days: mon-fri, open: [\"09:00-17:00\"]}], "
	"holidays: [{id: us, set: us_federal}]}]\n"
	"term: {effective_date: \"2025-01-01\", initial: 36mo}\n"
	"services: [{id: help, name: Help, calendar: desk}]\n"
	"sla:\n"
	"  priorities: [{id: P1, name: high}, {id: P2, name: middle}, {id: P3, name: low}]\n"
	"  metrics:\n"
	"    - {id: response, kind: elapsed, start: ticket.logged, stop: ticket.answered, targets: "
	"[{id: p1, priority: P1, within: 15min}, {id: rest, within: 1h@desk}]}\n"
	"    - {id: resolution, kind: elapsed, start: ticket.logged, stop: ticket.restored, "
	"pause: [{id: c, while: ticket.waiting_client}], targets: [{id: p1, priority: P1, within: "
	"4h}, {id: rest, within: 16h@desk}]}\n";

/* A year of them. */
static struct facts *make_facts(struct arena *a, size_t n, bool scattered)
{
	struct tickets t = {n, instant_of_day(day_of(2025, 1, 2)), 360 * DAY_MS, scattered};

	return tickets_make(a, &t);
}

struct result {
	double view_s, clocks_s;
	size_t facts, tickets, clocks, view_bytes, clock_bytes;
	int64_t used_ms; /* a sum, so that nothing is computed for nothing */
};

static struct result measure(const struct facts *facts, const struct promise *p)
{
	struct result best = {.clocks_s = 1e9, .view_s = 1e9};
	struct version version = {p, INSTANT_MIN};
	instant as_of = instant_of_day(day_of(2026, 2, 1));

	for (int run = 0; run < RUNS; run++) {
		struct arena *a = arena_new((size_t)16 << 30);
		double start = bench_now_s();
		struct view *v = view_make(a, facts, as_of, as_of);
		double made = bench_now_s();
		size_t before = arena_used_bytes(a);
		struct clock_engine *e = clock_engine_new(a, v, &version, 1, NULL);

		clock_engine_run(e);

		double end = bench_now_s();

		best.view_s = made - start < best.view_s ? made - start : best.view_s;
		best.clocks_s = end - made < best.clocks_s ? end - made : best.clocks_s;
		best.facts = facts->n;
		best.tickets = v->n_tickets;
		best.clocks = e->n_clocks;
		best.view_bytes = before;
		best.clock_bytes = arena_used_bytes(a) - before;
		best.used_ms = 0;
		for (size_t i = 0; i < e->n_clocks; i++)
			best.used_ms += e->clocks[i].used_ms;
		arena_free(a);
	}
	return best;
}

int main(int argc, char **argv)
{
	size_t tickets = bench_number(argc, argv, 1, 1000000),
	       most = bench_number(argc, argv, 2, 10000000);
	struct arena *terms = arena_new((size_t)1 << 28), *a = arena_new((size_t)16 << 30);
	const struct promise *p = tickets_promise(terms, text_of(contract));
	struct result r = measure(make_facts(a, tickets, false), p);

	arena_free(a);
	a = arena_new((size_t)16 << 30);

	struct result scattered = measure(make_facts(a, tickets, true), p);

	arena_free(a);
	printf("tickets %zu\n", r.tickets);
	printf("facts %zu\n", r.facts);
	printf("clocks %zu\n", r.clocks);
	printf("clocks_per_second %.0f\n", (double)r.clocks / r.clocks_s);
	printf("clocks_per_second_scattered %.0f\n", (double)scattered.clocks / scattered.clocks_s);
	printf("clock_bytes %.1f\n", (double)r.clock_bytes / (double)r.clocks);
	printf("view_ms %.1f\n", r.view_s * 1e3);
	printf("view_bytes_per_fact %.1f\n", (double)r.view_bytes / (double)r.facts);
	printf("used_ms_sum %" PRId64 "\n", r.used_ms);
	for (size_t n = 10000; n <= most; n *= 10) {
		a = arena_new((size_t)16 << 30);
		r = measure(make_facts(a, n * 10 / FACTS_PER_10_TICKETS, false), p);
		arena_free(a);
		printf("growth facts %zu clocks %zu view_ms %.2f clocks_ms %.2f ns_per_fact %.1f\n",
		       r.facts, r.clocks, r.view_s * 1e3, r.clocks_s * 1e3,
		       (r.view_s + r.clocks_s) * 1e9 / (double)r.facts);
	}
	arena_free(terms);
	return 0;
}
