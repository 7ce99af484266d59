/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Token buckets in memory that all workers share (trust.md S16): 65,536, of which the one that has been idle longest gives way. A bucket
 * is one number that is changed at once: the time up to which its rate is spent, so that burst and rate need no counter and no lock.
 */
#ifndef HTTP_RATE_H
#define HTTP_RATE_H

#include "base/text.h"
#include "time/instant.h"

enum rate {
	RATE_SIGN_IN_ACCOUNT,
	RATE_SIGN_IN_ADDRESS,
	RATE_SIGN_IN_KNOWN, /* an account from a device known: nobody else can spend it */
	RATE_RESET_ACCOUNT,
	RATE_RESET_ADDRESS,
	RATE_OPEN_PAGE, /* pages without sign-in, by address */
	RATE_TOKEN,
	RATE_PROVIDER,
	RATE_HOOK,
	RATE_EXPORT, /* documents and exports, by user */
	RATE_COUNT
};

/* Zeroed memory of this size, aligned to 64 bytes. */
size_t rate_bytes(void);
/* Before the first use in a process: the key under which names are hashed is made by whoever comes first. */
void rate_start(void *memory);
/* One more: true, or false and *retry_s seconds (1 and up) until there is room. */
bool rate_take(void *memory, enum rate rate, struct text who, instant now, int64_t *retry_s);
/* An address as its buckets know it: an IPv6 one by its first 64 bits, one that carries an IPv4 address as that. n: at most 16 bytes. */
struct text rate_address(struct text address, char room[16]);

#endif
