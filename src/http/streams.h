/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Answers that stay open (trust.md S16), in memory that all workers of a host share: four of one session, 2,000 of all. No lock: a worker
 * may be killed at any moment, and what it held is given back by the master.
 */
#ifndef HTTP_STREAMS_H
#define HTTP_STREAMS_H

#include "base/text.h"
#include "http/limits.h"

#include <stdatomic.h>

/* Zeroed at first. Read and written by the functions below alone. */
struct streams {
	_Atomic uint64_t
		open[LIMIT_STREAMS]; /* hash of whose << 8 | slot + 1 of the worker; 0: free */
};

/*
 * One more for the worker in this slot, of the session that whose names: true and *at, its place; false: there are as many as may be, of
 * this session or of all. Of several that ask for the last one at the same moment none may get it; none gets one too many.
 */
bool streams_take(struct streams *s, size_t slot, struct text whose, size_t *at);
/* It is over, whatever the reason. */
void streams_leave(struct streams *s, size_t at);
/* The worker of this slot has ended: so have its answers. Before another one is started in it. */
void streams_gone(struct streams *s, size_t slot);

#endif
