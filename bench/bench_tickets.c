/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writes generated tickets as Tenor's own CSV, as a ticket tool exports them: by number, each with all its facts. 36 months from
 * January 2023; each ticket is logged, answered, waits for the client, is resumed, restored and closed; one in ten has its priority
 * raised, one in twenty is reopened: about 6.2 facts a ticket. The same number gives the same bytes.
 *
 *   bench_tickets TICKETS > tickets.csv
 */
#include "base/buf.h"
#include "time/instant.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { MONTHS_DAYS = 36 * 30 };

static uint64_t state = 20260311;

static int64_t random_below(int64_t n)
{
	state = state * 48271 % 2147483647;
	return (int64_t)(state % (uint64_t)n);
}

struct ticket {
	int64_t number;
	unsigned facts;
	instant at;
};

static void row(struct ticket *t, const char *kind, const char *party, const char *rest)
{
	struct buf when;

	buf_init(&when, 64);
	instant_print(&when, t->at);
	printf("%" PRId64 "-%u,%s,%.*s,%s,T%" PRId64 ",%s\n", t->number, t->facts++, kind,
	       TEXT_ARG(buf_view(&when)), party, t->number, rest);
	buf_free(&when);
}

static void later(struct ticket *t, int64_t hours)
{
	t->at += random_below(hours * 3600) * SECOND_MS;
}

static void write_ticket(int64_t number, instant at)
{
	struct ticket t = {number, 0, at};
	char logged[32];

	(void)snprintf(logged, sizeof(logged), "P%d,email,,", 1 + (int)random_below(3));
	row(&t, "ticket.logged", "client", logged);
	later(&t, 1);
	row(&t, "ticket.message", "provider", ",,human,public");
	if (random_below(10) == 0) {
		later(&t, 1);
		row(&t, "ticket.priority_set", "client", "P1,,,");
	}
	later(&t, 4);
	row(&t, "ticket.waiting_client", "provider", ",,,");
	later(&t, 24);
	row(&t, "ticket.resumed", "provider", ",,,");
	later(&t, 8);
	row(&t, "ticket.restored", "provider", ",,human,");
	if (random_below(20) == 0) {
		later(&t, 8);
		row(&t, "ticket.reopened", "client", ",,,");
		later(&t, 8);
		row(&t, "ticket.restored", "provider", ",,human,");
	}
	later(&t, 8);
	row(&t, "ticket.closed", "provider", ",,,");
}

int main(int argc, char **argv)
{
	const instant first = instant_of_day(day_of(2023, 1, 2));
	int64_t tickets = 0;

	if (argc != 2 || !text_digits(text_of(argv[1]), &tickets) || tickets == 0) {
		fprintf(stderr, "usage: bench_tickets TICKETS\n");
		return 64;
	}
	puts("id,kind,occurred_at,party,ticket,priority,channel,author,visibility");
	for (int64_t i = 0; i < tickets; i++)
		write_ticket(i, first + MONTHS_DAYS * DAY_MS / tickets * i);
	return fflush(stdout) == 0 ? 0 : 74;
}
