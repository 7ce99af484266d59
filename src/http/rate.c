/* SPDX-License-Identifier: Apache-2.0 */
#include "http/rate.h"

#include "base/arena.h"

#include <arpa/inet.h>
#include <assert.h>
#include <sodium.h>
#include <stdatomic.h>
#include <string.h>

enum { SETS = 8192, WAYS = 8, TIME_BITS = 41, TRIES = 10000 };
/* 2020-01-01: a bucket's time is counted from then in 41 bits of milliseconds, 69 years. */
#define EPOCH_MS INT64_C(1577836800000)
#define TIME_MASK ((UINT64_C(1) << TIME_BITS) - 1)

_Static_assert(SETS *WAYS == 65536, "S16");
_Static_assert(ATOMIC_LLONG_LOCK_FREE == 2,
	       "shared between processes, so without a lock of this one");

enum { KEY_NONE, KEY_MAKING, KEY_MADE };

struct rates {
	_Atomic int key_state;
	unsigned char key[crypto_shorthash_KEYBYTES];
	/* The upper bits are of the hash of who it is, the lower the time; 0 is free. */
	_Atomic uint64_t v[SETS][WAYS];
};

static const struct {
	int64_t burst, interval_ms;
} rows[RATE_COUNT] = {
	[RATE_SIGN_IN_ACCOUNT] = {10, 60000},
	[RATE_SIGN_IN_ADDRESS] = {50, 1200},
	[RATE_SIGN_IN_KNOWN] = {10, 60000},
	[RATE_RESET_ACCOUNT] = {3, 1200000},
	[RATE_RESET_ADDRESS] = {20, 180000},
	[RATE_OPEN_PAGE] = {60, 500},
	[RATE_TOKEN] = {100, 100},
	[RATE_PROVIDER] = {1000, 10},
	[RATE_HOOK] = {200, 50},
	[RATE_EXPORT] = {60, 500},
};

size_t rate_bytes(void)
{
	return sizeof(struct rates);
}

void rate_start(void *memory)
{
	struct rates *r = memory;
	int none = KEY_NONE;

	if (atomic_compare_exchange_strong(&r->key_state, &none, KEY_MAKING)) {
		randombytes_buf(r->key, sizeof(r->key));
		atomic_store(&r->key_state, KEY_MADE);
	}
	/* Sixteen bytes are soon there. */
	while (atomic_load(&r->key_state) != KEY_MADE)
		;
}

static uint64_t hash_of(const struct rates *r, enum rate rate, struct text who)
{
	unsigned char in[1 + 256], out[crypto_shorthash_BYTES];
	size_t n = who.n < sizeof(in) - 1 ? who.n : sizeof(in) - 1;
	uint64_t x;

	in[0] = (unsigned char)rate;
	if (n > 0)
		memcpy(in + 1, who.p, n);
	(void)crypto_shorthash(out, in, n + 1, r->key);
	memcpy(&x, out, sizeof(x));
	return x;
}

/* The entry with this tag, or the one that has been idle longest. */
static _Atomic uint64_t *place(_Atomic uint64_t *set, uint64_t tag, uint64_t *seen)
{
	_Atomic uint64_t *oldest = &set[0];
	uint64_t least = UINT64_MAX;

	for (size_t i = 0; i < WAYS; i++) {
		uint64_t v = atomic_load(&set[i]);

		if (v != 0 && v >> TIME_BITS == tag) {
			*seen = v;
			return &set[i];
		}
		if ((v & TIME_MASK) < least) {
			least = v & TIME_MASK;
			oldest = &set[i];
			*seen = v;
		}
	}
	return oldest;
}

bool rate_take(void *memory, enum rate rate, struct text who, instant now, int64_t *retry_s)
{
	struct rates *r = memory;
	int64_t interval = rows[rate].interval_ms, room = (rows[rate].burst - 1) * interval;
	int64_t at = now > EPOCH_MS ? now - EPOCH_MS : 1;
	uint64_t x, tag;

	assert(atomic_load(&r->key_state) == KEY_MADE);
	x = hash_of(r, rate, who);
	tag = x >> TIME_BITS;
	*retry_s = 1;
	/* Each round that does not succeed is one in which another worker did. */
	for (int i = 0; i < TRIES; i++) {
		uint64_t seen = 0;
		_Atomic uint64_t *at_place = place(r->v[x % SETS], tag, &seen);
		bool own = seen != 0 && seen >> TIME_BITS == tag;
		int64_t spent = own ? (int64_t)(seen & TIME_MASK) : 0;

		if (spent > at + room) {
			*retry_s = (spent - at - room + SECOND_MS - 1) / SECOND_MS;
			return false;
		}
		spent = (spent > at ? spent : at) + interval;
		if (atomic_compare_exchange_strong(
			    at_place, &seen, tag << TIME_BITS | ((uint64_t)spent & TIME_MASK)))
			return true;
	}
	return false;
}

struct text rate_address(struct text address, char room[16])
{
	static const unsigned char mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
	char name[INET6_ADDRSTRLEN] = {0};
	unsigned char six[16];

	if (address.n >= sizeof(name))
		return text_sub(address, 0, 16);
	if (address.n > 0)
		memcpy(name, address.p, address.n);
	if (inet_pton(AF_INET, name, room) == 1)
		return (struct text){room, 4};
	if (inet_pton(AF_INET6, name, six) != 1)
		return address.n < 16 ? address : text_sub(address, 0, 16);
	if (memcmp(six, mapped, sizeof(mapped)) == 0) {
		memcpy(room, six + 12, 4);
		return (struct text){room, 4};
	}
	memcpy(room, six, 8);
	return (struct text){room, 8};
}
