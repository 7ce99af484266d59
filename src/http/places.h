/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Places for hashing passwords (trust.md S5), in memory that all workers of a host share: two hash at a time, 20 wait in the order in which
 * they came, for more there is no place. No lock: a worker may be killed at any moment, and its places are given back by the master.
 */
#ifndef HTTP_PLACES_H
#define HTTP_PLACES_H

#include "http/limits.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PLACES_SLOTS = 128 }; /* of workers, at a time */

/* Zeroed at first. Read and written by the functions below alone. */
struct places {
	_Atomic uint64_t tickets;
	_Atomic int hashing[LIMIT_HASHES];             /* slot + 1 of the worker; 0: free */
	_Atomic uint64_t waiting[LIMIT_HASHES_PARKED]; /* ticket << 8 | slot + 1; 0: free */
	_Atomic int64_t
		looked_ms[PLACES_SLOTS]; /* when a worker last looked whether it is its turn */
};

/*
 * One of the two for the worker in this slot: true, or false where none is free for it yet. ticket: of places_wait, 0 for who has not
 * waited. Who came earlier goes first, unless their worker has been busy with something else for PLACES_BUSY_MS. now_ms: of the steady
 * clock, the same in all processes.
 */
bool places_take(struct places *p, size_t slot, uint64_t ticket, int64_t now_ms);
void places_done(struct places *p, size_t slot);

/* A place to wait at: *at, and *ticket (1 and up, in order). false: all are taken. */
bool places_wait(struct places *p, size_t slot, size_t *at, uint64_t *ticket);
/* Waits no longer, whatever the reason. */
void places_leave(struct places *p, size_t at);

/* The worker of this slot has ended: what it held is free. Before another one is started in it. */
void places_gone(struct places *p, size_t slot);

enum { PLACES_BUSY_MS = 200 };

#endif
