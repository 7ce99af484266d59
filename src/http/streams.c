/* SPDX-License-Identifier: Apache-2.0 */
#include "http/streams.h"

#include "base/sha256.h"

#include <assert.h>

enum { SLOT_BITS = 8, STREAM_SLOTS = (1 << SLOT_BITS) - 1 };

/* Whose an answer is, as its place says it: a session's secret is not to lie in shared memory. */
static uint64_t hash_of(struct text whose)
{
	unsigned char hash[SHA256_BYTES];
	uint64_t out = 0;

	sha256(whose, hash);
	for (size_t i = 0; i < sizeof(out) - 1; i++)
		out = out << 8 | hash[i];
	return out;
}

bool streams_take(struct streams *s, size_t slot, struct text whose, size_t *at)
{
	uint64_t hash = hash_of(whose);
	size_t i = 0, own = 0;

	assert(slot < STREAM_SLOTS);
	for (; i < LIMIT_STREAMS; i++) {
		uint64_t none = 0;

		if (atomic_compare_exchange_strong(&s->open[i], &none,
						   hash << SLOT_BITS | (slot + 1)))
			break;
	}
	if (i == LIMIT_STREAMS)
		return false;
	/* Taken before it is counted, so that two who count at once see each other. */
	for (size_t k = 0; k < LIMIT_STREAMS; k++)
		own += atomic_load(&s->open[k]) >> SLOT_BITS == hash;
	if (own > LIMIT_STREAMS_OF_ONE) {
		streams_leave(s, i);
		return false;
	}
	*at = i;
	return true;
}

void streams_leave(struct streams *s, size_t at)
{
	assert(at < LIMIT_STREAMS);
	atomic_store(&s->open[at], 0);
}

void streams_gone(struct streams *s, size_t slot)
{
	for (size_t i = 0; i < LIMIT_STREAMS; i++)
		if ((atomic_load(&s->open[i]) & STREAM_SLOTS) == slot + 1)
			streams_leave(s, i);
}
