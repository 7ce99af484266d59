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
	struct crew *crew;
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
 * Each hand but the caller begins a read of its own, does the work and ends it. The work is shared out by who takes it next: a hand that
 * gets no thread takes none. The caller goes on with something else meanwhile, which may not be in what the hands see of its workspace
 * (it is as it was when they began), and joins: it works, too, until all are done. The first failure by number.
 */
void crew_begin(struct crew *c, enum rc (*work)(void *context, struct hand *h), void *context);
enum rc crew_join(struct crew *c, struct err *err) MUST_USE;
/* Both at once. */
enum rc crew_work(struct crew *c, enum rc (*work)(void *context, struct hand *h), void *context,
		  struct err *err) MUST_USE;
/* The caller alone, whatever the others are at. */
enum rc crew_alone(struct crew *c, enum rc (*work)(void *context, struct hand *h), void *context,
		   struct err *err) MUST_USE;
/*
 * n pieces of something more urgent, while the crew may be at something else: the caller does them, and with it every hand that comes by
 * (crew_help), each piece once, by whoever takes it; all are done when it returns. Each hand reads what is committed by now, in a
 * transaction of its own; what a piece makes lies in its hand's arena, which lives as long as that of the turn that is being written. A
 * piece keeps to itself what became of it. Not inside a transaction. Fails where the caller cannot read.
 */
enum rc crew_share(struct crew *c, size_t n, void (*one)(void *context, struct hand *h, size_t i),
		   void *context, struct err *err) MUST_USE;
/* A hand has done a part of its work: is there something more urgent? */
enum rc crew_help(struct hand *h) MUST_USE;
/* A long read is begun anew now and then: what others write meanwhile cannot be tidied up behind it. */
enum rc crew_anew(struct hand *h) MUST_USE;
/*
 * Work of another turn is next, while none is under way. What the hands made in the last turn stays, what they made in the one before that
 * is gone: so one turn can be worked out while what came of the other is written. The caller's arena is the caller's own matter.
 */
void crew_turn(struct crew *c);

#endif
