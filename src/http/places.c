/* SPDX-License-Identifier: Apache-2.0 */
#include "http/places.h"

#include <assert.h>

enum { SLOT_BITS = 8 };

_Static_assert(PLACES_SLOTS < 1 << SLOT_BITS, "a slot and one fits its bits");
_Static_assert(ATOMIC_LLONG_LOCK_FREE == 2 && ATOMIC_INT_LOCK_FREE == 2,
	       "shared between processes, so without a lock of this one");

static size_t slot_of(uint64_t waiting)
{
	return (size_t)(waiting & ((1U << SLOT_BITS) - 1)) - 1;
}

/* How many of other workers go first; PLACES_SLOTS: one of its own does. */
static size_t earlier(struct places *p, size_t slot, uint64_t ticket, int64_t now_ms)
{
	size_t n = 0;

	for (size_t i = 0; i < LIMIT_HASHES_PARKED; i++) {
		uint64_t v = atomic_load(&p->waiting[i]);

		if (v == 0 || (ticket != 0 && v >> SLOT_BITS >= ticket))
			continue;
		if (slot_of(v) == slot)
			return PLACES_SLOTS;
		if (now_ms - atomic_load(&p->looked_ms[slot_of(v)]) <= PLACES_BUSY_MS)
			n++;
	}
	return n;
}

bool places_take(struct places *p, size_t slot, uint64_t ticket, int64_t now_ms)
{
	size_t n_free = 0;

	assert(slot < PLACES_SLOTS);
	atomic_store(&p->looked_ms[slot], now_ms);
	for (size_t i = 0; i < LIMIT_HASHES; i++)
		n_free += atomic_load(&p->hashing[i]) == 0;
	if (earlier(p, slot, ticket, now_ms) >= n_free)
		return false;
	for (size_t i = 0; i < LIMIT_HASHES; i++) {
		int none = 0;

		if (atomic_compare_exchange_strong(&p->hashing[i], &none, (int)slot + 1))
			return true;
	}
	return false;
}

void places_done(struct places *p, size_t slot)
{
	for (size_t i = 0; i < LIMIT_HASHES; i++) {
		int own = (int)slot + 1;

		if (atomic_compare_exchange_strong(&p->hashing[i], &own, 0))
			return;
	}
	assert(false && "who is done had a place");
}

bool places_wait(struct places *p, size_t slot, size_t *at, uint64_t *ticket)
{
	uint64_t next = atomic_fetch_add(&p->tickets, 1) + 1;

	assert(slot < PLACES_SLOTS);
	for (size_t i = 0; i < LIMIT_HASHES_PARKED; i++) {
		uint64_t none = 0;

		if (!atomic_compare_exchange_strong(&p->waiting[i], &none,
						    next << SLOT_BITS | (slot + 1)))
			continue;
		*at = i;
		*ticket = next;
		return true;
	}
	return false;
}

void places_leave(struct places *p, size_t at)
{
	assert(at < LIMIT_HASHES_PARKED);
	atomic_store(&p->waiting[at], 0);
}

void places_gone(struct places *p, size_t slot)
{
	for (size_t i = 0; i < LIMIT_HASHES; i++) {
		int own = (int)slot + 1;

		(void)atomic_compare_exchange_strong(&p->hashing[i], &own, 0);
	}
	for (size_t i = 0; i < LIMIT_HASHES_PARKED; i++) {
		uint64_t v = atomic_load(&p->waiting[i]);

		if (v != 0 && slot_of(v) == slot)
			atomic_store(&p->waiting[i], 0);
	}
}
