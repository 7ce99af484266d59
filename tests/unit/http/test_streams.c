/* SPDX-License-Identifier: Apache-2.0 */
/* Answers that stay open (trust.md S16): four of one session, 2,000 of all, in several processes; nobody's are kept by a worker that died. */
#include "http/streams.h"

#include "eight.h"
#include "tap.h"

#include <string.h>

static size_t take(struct streams *s, size_t slot, const char *whose, size_t most)
{
	size_t n = 0, at;

	while (n < most && streams_take(s, slot, text_of(whose), &at))
		n++;
	return n;
}

static void of_one(void)
{
	static struct streams s;
	size_t at[LIMIT_STREAMS_OF_ONE];

	for (size_t i = 0; i < LIMIT_STREAMS_OF_ONE; i++)
		ok(streams_take(&s, i, text_of("ana"), &at[i]), "number %zu of one session", i + 1);
	is_i64((int64_t)take(&s, 9, "ana", 1), 0, "one more is not, in whatever worker");
	is_i64((int64_t)take(&s, 9, "ben", 10), LIMIT_STREAMS_OF_ONE,
	       "another session has its own");
	streams_leave(&s, at[1]);
	is_i64((int64_t)take(&s, 9, "ana", 10), 1, "where one ended another may begin");
}

static void of_all(void)
{
	static struct streams s;
	size_t n = 0, last = 0;
	char whose[16];

	for (; n < LIMIT_STREAMS + 10; n++) {
		(void)snprintf(whose, sizeof(whose), "s%zu", n / LIMIT_STREAMS_OF_ONE);
		if (!streams_take(&s, n % 3, text_of(whose), &last))
			break;
	}
	is_i64((int64_t)n, LIMIT_STREAMS, "so many of all");
	is_i64((int64_t)take(&s, 0, "somebody new", 1), 0, "and not one more");
	streams_leave(&s, last);
	is_i64((int64_t)take(&s, 0, "somebody new", 4), 1, "until one ends");
}

static void the_dead(void)
{
	static struct streams s;

	is_i64((int64_t)(take(&s, 4, "ana", 2) + take(&s, 5, "ana", 9)), LIMIT_STREAMS_OF_ONE,
	       "two in one worker, two in another");
	streams_gone(&s, 4);
	is_i64((int64_t)take(&s, 6, "ana", 9), 2,
	       "those of the one that ended are free, no others");
	streams_gone(&s, 4);
	is_i64((int64_t)take(&s, 6, "ana", 9), 0, "twice gone is gone");
	streams_gone(&s, 0);
	is_i64((int64_t)take(&s, 6, "ana", 9), 0, "what is free is nobody's");
}

static bool enter(void *place, size_t slot, size_t *at)
{
	return streams_take(place, slot, text_of("ana"), at);
}

static void leave(void *place, size_t slot, size_t at)
{
	(void)slot;
	streams_leave(place, at);
}

/* Eight processes that all want those of one session: never more than four have one. */
static void processes(void)
{
	static const struct eight_ways ways = {enter, leave};

	eight_at_once(sizeof(struct streams), &ways, 200, LIMIT_STREAMS_OF_ONE);
}

int main(void)
{
	of_one();
	of_all();
	the_dead();
	processes();
	return tap_done();
}
