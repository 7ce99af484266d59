/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Hands that read a workspace at once: each with a connection of its own, that may only read, and an arena of its own, in a thread of its
 * own but for the first, which is the caller with its own workspace. Who writes is the caller alone, when all have come back. What they
 * work out must not depend on how many they are.
 */
#ifndef APP_CREW_H
#define APP_CREW_H

#include "app/workspace.h"

struct crew;

struct hand {
	struct workspace *ws;  /* the first one's is the caller's */
	struct arena *scratch; /* for one piece of work; whoever uses it clears it */
	struct err err;
	enum rc rc;
};

/*
 * As many hands as may work at once (world.threads), `most` at most; 1: the caller alone, no thread, no connection. A connection that
 * cannot be had costs time only: what is the matter with the file shows where the caller reads it. In the workspace's arena; the inputs
 * that the caller keeps (inputs_keep) each hand keeps, too.
 */
struct crew *crew_new(struct workspace *ws, size_t most);
void crew_free(struct crew *c);

/*
 * Each hand begins a read of its own, does the work and ends it; returns when all are done: the first failure by number. The work is
 * shared out by who takes it next: a hand that gets no thread takes none.
 */
enum rc crew_work(struct crew *c, enum rc (*work)(void *context, struct hand *h), void *context,
		  struct err *err) MUST_USE;
/* Their arenas but the caller's are emptied: nothing that the hands made is needed any more. */
void crew_clear(struct crew *c);

#endif
