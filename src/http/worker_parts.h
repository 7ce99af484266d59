/* SPDX-License-Identifier: Apache-2.0 */
/* A worker's connections, and those of its requests that sleep until something has come for them; for worker.c and waiting.c alone. */
#ifndef HTTP_WORKER_PARTS_H
#define HTTP_WORKER_PARTS_H

#include "http/call.h"

#include <microhttpd.h>

enum { SPARE_ARENAS = 16, WAIT_TURN_MS = 20 };

/* What a request waits for: an answer of the process that connects out (response.ask), a place to hash at (response.hash), the keeper (response.heavy). */
enum wait { WAIT_NOTHING, WAIT_LINK, WAIT_PLACE, WAIT_KEEPER, WAIT_KINDS };

struct conn {
	struct conn *next, *prev; /* in use; or the next free one */
	int fd;
	bool ops, used_before;
	int64_t since_ms; /* the connection, or the last answer's end, or of the request under way: its head's end, its answer */
	struct call *call;
	size_t held;       /* of its body or answer, counted in worker.held */
	bool late;         /* and in worker.held.late */
	size_t seen_bytes; /* of the body when a stretch of LIMIT_HEAD_MS began, at since_ms */
	/* An answer that stays open: what of r.body went out, whether it waits for more, whether none will come. */
	struct MHD_Connection *stream; /* NULL: none does */
	size_t taken;
	bool parked, last;
	/* A request that sleeps until something has come for it. */
	enum wait waits_for;
	struct MHD_Connection *waits; /* NULL where it does not */
	uint64_t ticket;
	int64_t waits_since_ms, wait_until_ms;
	struct buf pieces; /* of the keeper's answer; WAIT_KEEPER */
	size_t place;      /* where it waits; WAIT_PLACE */
	bool placed;       /* has a place to hash at */
	bool left;         /* the client went while it waited */
};

struct worker {
	const struct server *server;
	size_t slot, index;
	struct MHD_Daemon *daemon;
	struct arena *arena;
	struct conn *free, *open;
	size_t n_open, n_streams;
	struct bytes_held held;
	struct arena *spare[SPARE_ARENAS];
	size_t n_spare;
	int statm, link, keeper; /* ends of socket pairs; -1: there is no such process */
	size_t n_waiting[WAIT_KINDS];
	uint64_t tickets;
	bool hashed; /* or given a place to: in this turn of the loop no other one is */
	bool adding_ops, draining;
	int64_t drain_until_ms, fresh_until_ms; /* fresh_until_ms: 0 when that is past */
	int64_t swept_ms, ops_ms;
};

/* The client closed the connection: a sleeping one is not told of it. */
bool conn_has_left(const struct conn *c);

/*
 * After call_answer: does it wait for something? false: it is to be answered now, which another call_answer may have to make (again). What
 * begins here ends in waiting_look or waiting_end: the connection wakes, and the library asks for it once more.
 */
bool waiting_begin(struct worker *w, struct conn *c, struct MHD_Connection *connection,
		   bool *again);
bool waiting_any(const struct worker *w);
/* In each turn of the loop: what has come, whose time is over, who left. */
void waiting_look(struct worker *w, int64_t now);
/* The worker is to end in most_ms: what can still come is waited for half of it, the rest ends now. */
void waiting_drain(struct worker *w, struct conn *c, int64_t now, int64_t most_ms);
/* All of them, now: the library stops none that sleeps. */
void waiting_end(struct worker *w);
/* The place to hash at, if c has one, is free again. */
void waiting_place_back(struct worker *w, struct conn *c);

#endif
