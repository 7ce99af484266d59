/* SPDX-License-Identifier: Apache-2.0 */
#include "app/seen.h"

#include <stdatomic.h>
#include <string.h>

/* A set is looked through as a whole; its entries are (part of the hash, time). */
enum { SETS = 4096, WAYS = 8 };

_Static_assert(ATOMIC_LLONG_LOCK_FREE == 2,
	       "shared between processes, so without a lock of this one");

struct entry {
	_Atomic uint64_t who; /* 0: free */
	_Atomic int64_t at;
};

struct seen {
	_Atomic int64_t flushed;
	struct entry v[SETS][WAYS];
};

size_t seen_bytes(void)
{
	return sizeof(struct seen);
}

static uint64_t part_of(const struct hash *who)
{
	uint64_t x;

	memcpy(&x, who->b, sizeof(x));
	return x == 0 ? 1 : x;
}

void seen_put(void *memory, const struct hash *who, instant at)
{
	struct seen *s = memory;
	uint64_t x = part_of(who);
	struct entry *set = s->v[x % SETS], *give = &set[0];

	for (size_t i = 0; i < WAYS; i++) {
		uint64_t there = atomic_load(&set[i].who);

		if (there == x) {
			/* Two workers at once: the later time stays. */
			int64_t old = atomic_load(&set[i].at);

			while (old < at && !atomic_compare_exchange_weak(&set[i].at, &old, at))
				;
			return;
		}
		if (atomic_load(&set[i].at) < atomic_load(&give->at))
			give = &set[i];
	}
	/* Whoever reads between the two stores finds the old time under the new name: too early, which only shortens a session. */
	atomic_store(&give->at, 0);
	atomic_store(&give->who, x);
	atomic_store(&give->at, at);
}

instant seen_get(const void *memory, const struct hash *who)
{
	const struct seen *s = memory;
	uint64_t x = part_of(who);
	const struct entry *set = s->v[x % SETS];

	for (size_t i = 0; i < WAYS; i++) {
		if (atomic_load(&set[i].who) == x) {
			int64_t at = atomic_load(&set[i].at);

			return at == 0 ? INSTANT_NONE : at;
		}
	}
	return INSTANT_NONE;
}

bool seen_flush_due(void *memory, instant now)
{
	struct seen *s = memory;
	int64_t last = atomic_load(&s->flushed);

	return now - last >= 60 * SECOND_MS &&
	       atomic_compare_exchange_strong(&s->flushed, &last, now);
}
