/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A back-test over generated tickets in memory: 36 months of New York, each ticket logged, answered, waiting for the client,
 * resumed, restored and closed; one in ten has its priority raised, one in twenty is reopened. The new version promises a
 * resolution in half the time. Not measured here: reading facts from a file (bench_csv) or from the record.
 *
 *   bench_backtest [TICKETS] [MOST_FACTS]   key value lines; MOST_FACTS: growth from 10,000 facts up to so many (0: no growth)
 *
 * evaluate_ms is one evaluation with its view; both_ms two of them that share one view; compare_ms the comparison.
 */
#include "app/zones.h"
#include "engine/compare.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { RUNS = 3, FACTS_PER_10_TICKETS = 62 };

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
	fprintf(stderr, "bench_backtest: %s: %s\n", what, err->message);
	exit(1);
}

static const struct promise *make_promise(struct arena *a, const char *within)
{
	struct zone_source zones = zones_system(a);
	struct terms_context context = {&zones, NULL, NULL};
	struct contract *c = NULL;
	const struct promise *p = NULL;
	struct err err = {.line = 0};

	if (contract_read(a, text_of("bench"), text_format(a, contract, within), &context, &c,
			  &err) != RC_OK)
		stop_with("contract", &err);
	if (!c->valid) {
		fprintf(stderr, "bench_backtest: %.*s\n", TEXT_ARG(c->findings.v[0].message));
		exit(1);
	}
	if (promise_build(a, c, &context, &p, &err) != RC_OK)
		stop_with("promise", &err);
	return p;
}

struct words {
	symbol priorities[3], email;
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

/* Tickets by number, each with all its facts, as a ticket tool exports them; numbers rise with the time of logging. */
static struct facts *make_facts(struct arena *a, size_t tickets)
{
	struct facts *facts = facts_new(a);
	struct words w;
	const char *const names[] = {"P1", "P2", "P3"};
	const instant first = instant_of_day(day_of(2023, 1, 2));
	const int64_t length_ms = 36 * 30 * DAY_MS;

	(void)facts_add_source(facts, (struct fact_source){.name = text_of("bench")});
	for (size_t i = 0; i < 3; i++)
		w.priorities[i] = symbol_add(facts->symbols, text_of(names[i]));
	w.email = symbol_add(facts->symbols, text_of("email"));
	for (size_t i = 0; i < tickets; i++)
		add_ticket(facts, &w, i, first + length_ms / (int64_t)tickets * (int64_t)i);
	return facts;
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
		stop_with("evaluate", &err);
	return o;
}

static void measure_one(const struct evaluation *in, struct result *best)
{
	struct arena *a = arena_new((size_t)16 << 30);
	double start = now_s();
	struct outcome *o = evaluated(a, in);
	double end = now_s();

	best->evaluate_s = end - start < best->evaluate_s ? end - start : best->evaluate_s;
	best->clocks = o->n_clocks;
	best->credits = o->n_credits;
	arena_free(a);
}

static void measure_both(struct evaluation before, struct evaluation after, struct result *best)
{
	struct arena *a = arena_new((size_t)16 << 30);
	const struct compare_options options = {.items = 10};
	double start = now_s();

	before.view = evaluation_view(a, &before);
	if (evaluations_share_view(a, &before, &after))
		after.view = before.view;

	struct outcome *x = evaluated(a, &before), *y = evaluated(a, &after);
	double judged = now_s();
	struct comparison *c = NULL;
	struct err err = {.line = 0};

	if (compare_outcomes(a, x, y, &options, &c, &err) != RC_OK)
		stop_with("compare", &err);

	double end = now_s();

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

static size_t number(int argc, char **argv, int i, size_t otherwise)
{
	int64_t n = 0;

	if (argc <= i)
		return otherwise;
	if (!text_digits(text_of(argv[i]), &n)) {
		fprintf(stderr, "usage: bench_backtest [TICKETS] [MOST_FACTS]\n");
		exit(64);
	}
	return (size_t)n;
}

int main(int argc, char **argv)
{
	size_t tickets = number(argc, argv, 1, 1000000), most = number(argc, argv, 2, 10000000);
	struct arena *terms = arena_new((size_t)1 << 28), *a = arena_new((size_t)16 << 30);
	const struct promise *before = make_promise(terms, "16h"),
			     *after = make_promise(terms, "8h");
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
		state = 20260311;
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
