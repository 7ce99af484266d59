/* SPDX-License-Identifier: Apache-2.0 */
/* Eight processes that all want into one place of shared memory, each many times: how many were in at once. */
#ifndef UNIT_HTTP_EIGHT_H
#define UNIT_HTTP_EIGHT_H

#include "tap.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { EIGHT = 8 };

/* What they share, all of it zero at first. */
struct eight {
	_Atomic int in, most, turns;
	_Alignas(64) unsigned char place[];
};

/* enter: false: not now, it is asked again. *at is for leave. */
struct eight_ways {
	bool (*enter)(void *place, size_t slot, size_t *at);
	void (*leave)(void *place, size_t slot, size_t at);
};

static inline void eight_turns(struct eight *e, const struct eight_ways *ways, size_t slot,
			       int turns)
{
	for (int i = 0; i < turns;) {
		size_t at = 0;
		int in, most;

		if (!ways->enter(e->place, slot, &at))
			continue;
		in = atomic_fetch_add(&e->in, 1) + 1;
		most = atomic_load(&e->most);
		while (in > most && !atomic_compare_exchange_weak(&e->most, &most, in))
			;
		(void)atomic_fetch_add(&e->turns, 1);
		(void)atomic_fetch_sub(&e->in, 1);
		ways->leave(e->place, slot, at);
		i++;
	}
}

/* All have their turns, and never more than `limit` are in a place of so many bytes. */
static inline void eight_at_once(size_t bytes, const struct eight_ways *ways, int turns, int limit)
{
	size_t all_bytes = sizeof(struct eight) + bytes;
	FILE *f = tmpfile();
	struct eight *e = MAP_FAILED;
	bool all = true;

	if (f != NULL && ftruncate(fileno(f), (off_t)all_bytes) == 0)
		e = mmap(NULL, all_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fileno(f), 0);
	if (e == MAP_FAILED) {
		perror("mmap");
		exit(1);
	}
	fflush(stdout);
	for (size_t slot = 0; slot < EIGHT; slot++) {
		if (fork() != 0)
			continue;
		eight_turns(e, ways, slot, turns);
		_exit(0);
	}
	for (int i = 0; i < EIGHT; i++) {
		int status = 1;

		all = wait(&status) > 0 && status == 0 && all;
	}
	ok(all, "eight processes have had theirs");
	is_i64(atomic_load(&e->turns), EIGHT * turns, "all of them");
	ok(atomic_load(&e->most) <= limit, "%d at a time", limit);
	(void)munmap(e, all_bytes);
	(void)fclose(f);
}

#endif
