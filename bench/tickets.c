/* SPDX-License-Identifier: Apache-2.0 */
#include "tickets.h"

#include "app/zones.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

double bench_now_s(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

void bench_stop(const char *what, const struct err *err)
{
	fprintf(stderr, "%s: %s\n", what, err->message);
	exit(1);
}

size_t bench_number(int argc, char **argv, int i, size_t otherwise)
{
	int64_t n = 0;

	if (argc <= i)
		return otherwise;
	if (!text_digits(text_of(argv[i]), &n)) {
		fprintf(stderr, "usage: %s [TICKETS] [MOST_FACTS]\n", argv[0]);
		exit(64);
	}
	return (size_t)n;
}

const struct promise *tickets_promise(struct arena *a, struct text contract)
{
	struct zone_source zones = zones_system(a);

	return tickets_promise_in(a, &zones, contract);
}

const struct promise *tickets_promise_in(struct arena *a, const struct zone_source *zones,
					 struct text contract)
{
	struct terms_context context = {.zones = zones};
	struct contract *c = NULL;
	const struct promise *p = NULL;
	struct err err = {.line = 0};

	if (contract_read(a, text_of("bench"), contract, &context, &c, &err) != RC_OK)
		bench_stop("contract", &err);
	if (!c->valid) {
		fprintf(stderr, "contract: %.*s\n", TEXT_ARG(c->findings.v[0].message));
		exit(1);
	}
	if (promise_build(a, c, &context, &p, &err) != RC_OK)
		bench_stop("promise", &err);
	return p;
}

/* --- the tickets --- */

struct making {
	struct facts *facts;
	symbol priorities[3], email;
	uint64_t state;
};

static int64_t random_below(struct making *m, int64_t n)
{
	m->state = m->state * 48271 % 2147483647;
	return (int64_t)(m->state % (uint64_t)n);
}

static void add(struct making *m, symbol ticket, instant at, enum fact_kind kind, enum party party,
		const struct fact_value *more, size_t n_more)
{
	struct fact_value values[5] = {{.field = FIELD_TICKET, .word = ticket}};
	struct fact f = {.occurred_at = at, .recorded_at = at, .subject = ticket};
	char id[24];

	(void)snprintf(id, sizeof(id), "f%zu", m->facts->n);
	if (n_more > 0)
		memcpy(values + 1, more, n_more * sizeof(*more));
	f.id = symbol_add(m->facts->symbols, text_of(id));
	f.kind = (uint8_t)kind;
	f.party = (uint8_t)party;
	f.n_values = (uint8_t)(1 + n_more);
	f.values = values;
	facts_add(m->facts, &f);
}

/* at: when it is logged. */
static void add_ticket(struct making *m, size_t number, instant at)
{
	struct fact_value logged[] = {
		{.field = FIELD_PRIORITY, .word = m->priorities[random_below(m, 3)]},
		{.field = FIELD_CHANNEL, .word = m->email},
	};
	struct fact_value raised = {.field = FIELD_PRIORITY, .word = m->priorities[0]};
	char id[24];

	(void)snprintf(id, sizeof(id), "T%zu", number);

	symbol ticket = symbol_add(m->facts->symbols, text_of(id));

	add(m, ticket, at, FACT_TICKET_LOGGED, PARTY_CLIENT, logged, 2);
	at += random_below(m, 3600) * SECOND_MS;
	add(m, ticket, at, FACT_TICKET_MESSAGE, PARTY_PROVIDER, NULL, 0);
	if (random_below(m, 10) == 0) {
		at += random_below(m, 3600) * SECOND_MS;
		add(m, ticket, at, FACT_TICKET_PRIORITY_SET, PARTY_CLIENT, &raised, 1);
	}
	at += random_below(m, 4 * 3600) * SECOND_MS;
	add(m, ticket, at, FACT_TICKET_WAITING_CLIENT, PARTY_PROVIDER, NULL, 0);
	at += random_below(m, 24 * 3600) * SECOND_MS;
	add(m, ticket, at, FACT_TICKET_RESUMED, PARTY_PROVIDER, NULL, 0);
	at += random_below(m, 8 * 3600) * SECOND_MS;
	add(m, ticket, at, FACT_TICKET_RESTORED, PARTY_PROVIDER, NULL, 0);
	if (random_below(m, 20) == 0) {
		at += random_below(m, 8 * 3600) * SECOND_MS;
		add(m, ticket, at, FACT_TICKET_REOPENED, PARTY_CLIENT, NULL, 0);
		at += random_below(m, 8 * 3600) * SECOND_MS;
		add(m, ticket, at, FACT_TICKET_RESTORED, PARTY_PROVIDER, NULL, 0);
	}
	at += random_below(m, 8 * 3600) * SECOND_MS;
	add(m, ticket, at, FACT_TICKET_CLOSED, PARTY_PROVIDER, NULL, 0);
}

struct facts *tickets_make(struct arena *a, const struct tickets *t)
{
	static const char *const names[] = {"P1", "P2", "P3"};
	struct making m = {.facts = facts_new(a), .state = 20260311};

	(void)facts_add_source(m.facts, (struct fact_source){.name = text_of("bench")});
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		m.priorities[i] = symbol_add(m.facts->symbols, text_of(names[i]));
	m.email = symbol_add(m.facts->symbols, text_of("email"));
	for (size_t i = 0; i < t->n; i++) {
		int64_t after_ms = t->scattered
					   ? random_below(&m, t->length_ms / SECOND_MS) * SECOND_MS
					   : t->length_ms / (int64_t)t->n * (int64_t)i;

		add_ticket(&m, i, t->first + after_ms);
	}
	return m.facts;
}
