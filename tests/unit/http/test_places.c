/* SPDX-License-Identifier: Apache-2.0 */
/* Places for hashing (trust.md S5): two at a time, 20 wait in order, nobody's are kept by a worker that died or is busy. */
#include "eight.h"
#include "http/places.h"
#include "tap.h"

#include <string.h>

#define NOW INT64_C(1000000)

static void two_at_a_time(void)
{
	struct places p = {.tickets = 0};

	ok(places_take(&p, 0, 0, NOW) && places_take(&p, 7, 0, NOW), "two hash at once");
	ok(!places_take(&p, 9, 0, NOW), "a third does not");
	places_done(&p, 7);
	ok(places_take(&p, PLACES_SLOTS - 1, 0, NOW), "until one is done");
	ok(!places_take(&p, 7, 0, NOW), "and again not");
}

static void twenty_wait(void)
{
	struct places p = {.tickets = 0};
	uint64_t ticket = 0, before = 0;
	size_t at[LIMIT_HASHES_PARKED + 1] = {0};
	bool rising = true, all = true;

	for (size_t i = 0; i < LIMIT_HASHES_PARKED; i++) {
		all = places_wait(&p, i % 3, &at[i], &ticket) && all;
		rising = rising && ticket > before;
		before = ticket;
	}
	ok(all, "20 wait");
	ok(rising, "in order");
	ok(!places_wait(&p, 5, &at[LIMIT_HASHES_PARKED], &ticket),
	   "for the 21st there is no place");
	places_leave(&p, at[4]);
	ok(places_wait(&p, 5, &at[4], &ticket), "until one leaves");
	ok(!places_wait(&p, 5, &at[LIMIT_HASHES_PARKED], &ticket), "and again not");
}

static void in_order(void)
{
	struct places p = {.tickets = 0};
	uint64_t first = 0, second = 0, third = 0;
	size_t at[3] = {0};

	ok(places_take(&p, 0, 0, NOW) && places_take(&p, 1, 0, NOW), "both are taken");
	ok(places_wait(&p, 2, &at[0], &first) && places_wait(&p, 3, &at[1], &second) &&
		   places_wait(&p, 3, &at[2], &third),
	   "three wait");
	/* all of them look, as they do in each turn */
	ok(!places_take(&p, 2, first, NOW) && !places_take(&p, 3, second, NOW), "none is free");
	places_done(&p, 0);
	ok(!places_take(&p, 3, second, NOW), "the second waits for the first");
	ok(!places_take(&p, 4, 0, NOW), "and who comes new for both");
	ok(places_take(&p, 2, first, NOW), "the first goes");
	places_leave(&p, at[0]);
	places_done(&p, 1);
	ok(!places_take(&p, 3, third, NOW), "a worker's own ones go in order, too");
	ok(places_take(&p, 3, second, NOW), "the second goes");
}

static void busy_ones_hold_up_nobody(void)
{
	struct places p = {.tickets = 0};
	uint64_t first = 0, second = 0;
	size_t at = 0;

	ok(places_wait(&p, 2, &at, &first) && places_wait(&p, 3, &at, &second), "two wait");
	ok(places_take(&p, 9, 0, NOW), "while they have not looked, somebody else goes");
	ok(!places_take(&p, 3, second, NOW + 1000) || !places_take(&p, 2, first, NOW + 1000),
	   "one place is left");
	places_done(&p, 3);
	ok(!places_take(&p, 8, 0, NOW + 1000 + PLACES_BUSY_MS),
	   "who looked a moment ago goes first");
	ok(places_take(&p, 8, 0, NOW + 1001 + PLACES_BUSY_MS), "who has not since does not");
}

static void the_dead_hold_nothing(void)
{
	struct places p = {.tickets = 0};
	uint64_t ticket = 0;
	size_t at = 0, n = 0;

	ok(places_take(&p, 4, 0, NOW) && places_take(&p, 4, 0, NOW), "a worker has both");
	while (places_wait(&p, n % 2 == 0 ? 4 : 5, &at, &ticket))
		n++;
	places_gone(&p, 4);
	ok(places_take(&p, 6, 0, NOW + 1000), "its places are free");
	for (n = 0; places_wait(&p, 6, &at, &ticket);)
		n++;
	is_i64((int64_t)n, LIMIT_HASHES_PARKED / 2, "those where it waited, too, and no others");
	places_gone(&p, 5);
	places_gone(&p, 6);
	places_gone(&p, 6);
	ok(places_take(&p, 0, 0, NOW) && places_take(&p, 1, 0, NOW), "twice gone is gone");
}

static bool enter(void *place, size_t slot, size_t *at)
{
	(void)at;
	return places_take(place, slot, 0, NOW);
}

static void leave(void *place, size_t slot, size_t at)
{
	(void)at;
	places_done(place, slot);
}

/* Eight processes at once: each counts itself in and out under its place, and never more than two are in. */
static void processes(void)
{
	static const struct eight_ways ways = {enter, leave};

	eight_at_once(sizeof(struct places), &ways, 500, LIMIT_HASHES);
}

int main(void)
{
	two_at_a_time();
	twenty_wait();
	in_order();
	busy_ones_hold_up_nobody();
	the_dead_hold_nothing();
	processes();
	return tap_done();
}
