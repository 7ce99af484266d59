/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the benches over tickets in memory share: the tickets, the promise they are judged by, and a clock. Not for benches of the
 * record (entries.h); bench_tickets.c writes its tickets as a file.
 */
#ifndef BENCH_TICKETS_H
#define BENCH_TICKETS_H

#include "facts/fact.h"
#include "terms/promise.h"

enum { FACTS_PER_10_TICKETS = 62 };

struct tickets {
	size_t n;
	instant first; /* they are logged from here on, evenly */
	int64_t length_ms;
	bool scattered; /* logged in any order of their numbers, at random times; else numbers rise with the time of logging */
};

/*
 * Tickets by number, each with all its facts, as a ticket tool exports them: logged with one of the priorities P1, P2, P3, answered,
 * waiting for the client, resumed, restored and closed; one in ten has its priority raised, one in twenty is reopened. The same tickets
 * give the same facts.
 */
struct facts *tickets_make(struct arena *a, const struct tickets *t);

/* The promise of a contract's text, with the zones of this system. Stops the program if it is none. */
const struct promise *tickets_promise(struct arena *a, struct text contract);
/* With zones that are read once for many contracts, as the program does. */
const struct promise *tickets_promise_in(struct arena *a, const struct zone_source *zones,
					 struct text contract);

/* Tells what failed, and ends the program. */
_Noreturn void bench_stop(const char *what, const struct err *err);

/* Processor time of this thread: what others do on the machine is not counted. */
double bench_now_s(void);

/* The arguments of a bench, [TICKETS] [MOST_FACTS]; `otherwise` where one is not given. Ends the program where it is no number. */
size_t bench_number(int argc, char **argv, int i, size_t otherwise);

#endif
