/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Clocks over generated tickets in memory: a year of New York, each ticket logged, answered, waiting for the client, resumed,
 * restored and closed; one in ten has its priority raised, one in twenty is reopened. Two clocks a ticket: a response on two
 * calendars without pauses and a resolution with pauses.
 *
 *   bench_clocks [TICKETS] [MOST_FACTS]   key value lines; MOST_FACTS: growth from 10,000 facts up to so many (0: no growth)
 *
 * clocks_per_second counts reading the tickets and judging their clocks; the view is made before. view_ms is making it.
 */
#include "app/zones.h"
#include "engine/clock.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { RUNS = 5, FACTS_PER_10_TICKETS = 62 };

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

static uint64_t state = 20260311;

static int64_t random_below(int64_t n)
{
	state = state * 48271 % 2147483647;
	return (int64_t)(state % (uint64_t)n);
}

/* Processor time of this thread: what others do on the machine is not counted. */
static double now_s(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void stop_with(const char *what, const struct err *err)
{
	fprintf(stderr, "bench_clocks: %s: %s\n", what, err->message);
	exit(1);
}

static const struct promise *make_promise(struct arena *a)
{
	struct zone_source zones = zones_system(a);
	struct terms_context context = {&zones, NULL, NULL};
	struct contract *c = NULL;
	const struct promise *p = NULL;
	struct err err = {.line = 0};

	if (contract_read(a, text_of("bench"), text_of(contract), &context, &c, &err) != RC_OK)
		stop_with("contract", &err);
	if (!c->valid) {
		fprintf(stderr, "bench_clocks: %.*s\n", TEXT_ARG(c->findings.v[0].message));
		exit(1);
	}
	if (promise_build(a, c, &context, &p, &err) != RC_OK)
		stop_with("promise", &err);
	return p;
}

struct words {
	symbol priorities[3], email, person;
};

static void add(struct facts *facts, symbol ticket, instant at, enum fact_kind kind,
		enum party party, const struct fact_value *more, size_t n_more)
{
	struct fact_value values[5] = {{.field = FIELD_TICKET, .word = ticket}};
	struct fact f = {.occurred_at = at, .recorded_at = at, .subject = ticket};
	char id[24];

	(void)snprintf(id, sizeof(id), "f%zu", facts->n);
	if (n_more > 0)
		memcpy(values + 1, more, n_more * sizeof(*more));
	f.id = symbol_add(facts->symbols, text_of(id));
	f.kind = (uint16_t)kind;
	f.party = (uint8_t)party;
	f.n_values = (uint8_t)(1 + n_more);
	f.values = values;
	facts_add(facts, &f);
}

/* at: when it is logged. */
static void add_ticket(struct facts *facts, const struct words *w, size_t number, instant at)
{
	struct fact_value logged[] = {
		{.field = FIELD_PRIORITY, .word = w->priorities[random_below(3)]},
		{.field = FIELD_CHANNEL, .word = w->email},
	};
	struct fact_value raised = {.field = FIELD_PRIORITY, .word = w->priorities[0]};
	char id[24];

	(void)snprintf(id, sizeof(id), "T%zu", number);

	symbol ticket = symbol_add(facts->symbols, text_of(id));

	add(facts, ticket, at, FACT_TICKET_LOGGED, PARTY_CLIENT, logged, 2);
	at += random_below(3600) * SECOND_MS;
	add(facts, ticket, at, FACT_TICKET_MESSAGE, PARTY_PROVIDER, NULL, 0);
	if (random_below(10) == 0) {
		at += random_below(3600) * SECOND_MS;
		add(facts, ticket, at, FACT_TICKET_PRIORITY_SET, PARTY_CLIENT, &raised, 1);
	}
	at += random_below(4 * 3600) * SECOND_MS;
	add(facts, ticket, at, FACT_TICKET_WAITING_CLIENT, PARTY_PROVIDER, NULL, 0);
	at += random_below(24 * 3600) * SECOND_MS;
	add(facts, ticket, at, FACT_TICKET_RESUMED, PARTY_PROVIDER, NULL, 0);
	at += random_below(8 * 3600) * SECOND_MS;
	add(facts, ticket, at, FACT_TICKET_RESTORED, PARTY_PROVIDER, NULL, 0);
	if (random_below(20) == 0) {
		at += random_below(8 * 3600) * SECOND_MS;
		add(facts, ticket, at, FACT_TICKET_REOPENED, PARTY_CLIENT, NULL, 0);
		at += random_below(8 * 3600) * SECOND_MS;
		add(facts, ticket, at, FACT_TICKET_RESTORED, PARTY_PROVIDER, NULL, 0);
	}
	at += random_below(8 * 3600) * SECOND_MS;
	add(facts, ticket, at, FACT_TICKET_CLOSED, PARTY_PROVIDER, NULL, 0);
}

/*
 * Tickets by number, each with all its facts, as a ticket tool exports them: numbers rise with the time of logging, unless
 * scattered.
 */
static struct facts *make_facts(struct arena *a, size_t tickets, bool scattered)
{
	struct facts *facts = facts_new(a);
	struct words w;
	const char *const names[] = {"P1", "P2", "P3"};
	const instant year = instant_of_day(day_of(2025, 1, 2));
	const int64_t length_ms = 360 * DAY_MS;

	(void)facts_add_source(facts, (struct fact_source){.name = text_of("bench")});
	for (size_t i = 0; i < 3; i++)
		w.priorities[i] = symbol_add(facts->symbols, text_of(names[i]));
	w.email = symbol_add(facts->symbols, text_of("email"));
	w.person = symbol_add(facts->symbols, text_of("person"));
	for (size_t i = 0; i < tickets; i++) {
		instant at = scattered ? random_below(length_ms / SECOND_MS) * SECOND_MS
				       : length_ms / (int64_t)tickets * (int64_t)i;

		add_ticket(facts, &w, i, year + at);
	}
	return facts;
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
		double start = now_s();
		struct view *v = view_make(a, facts, as_of, as_of);
		double made = now_s();
		size_t before = arena_used_bytes(a);
		struct clock_engine *e = clock_engine_new(a, v, &version, 1, NULL);

		clock_engine_run(e);

		double end = now_s();

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

static size_t number(int argc, char **argv, int i, size_t otherwise)
{
	int64_t n = 0;

	if (argc <= i)
		return otherwise;
	if (!text_digits(text_of(argv[i]), &n)) {
		fprintf(stderr, "usage: bench_clocks [TICKETS] [MOST_FACTS]\n");
		exit(64);
	}
	return (size_t)n;
}

int main(int argc, char **argv)
{
	size_t tickets = number(argc, argv, 1, 1000000), most = number(argc, argv, 2, 10000000);
	struct arena *terms = arena_new((size_t)1 << 28), *a = arena_new((size_t)16 << 30);
	const struct promise *p = make_promise(terms);
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
		state = 20260311;
		r = measure(make_facts(a, n * 10 / FACTS_PER_10_TICKETS, false), p);
		arena_free(a);
		printf("growth facts %zu clocks %zu view_ms %.2f clocks_ms %.2f ns_per_fact %.1f\n",
		       r.facts, r.clocks, r.view_s * 1e3, r.clocks_s * 1e3,
		       (r.view_s + r.clocks_s) * 1e9 / (double)r.facts);
	}
	arena_free(terms);
	return 0;
}
