/* SPDX-License-Identifier: Apache-2.0 */
/* What master and workers have in common (trust.md X1, X2); for files of the server alone. */
#ifndef HTTP_WORKER_H
#define HTTP_WORKER_H

#include "http/metrics.h"
#include "http/places.h"
#include "http/server.h"
#include "http/streams.h"

#include <stdatomic.h>
#include <sys/types.h>

enum { WORKERS_MAX = 64, SLOTS_MAX = 2 * WORKERS_MAX };

/* How a worker ends; what is none of these is a death. */
enum worker_exit {
	EXIT_ORDERLY = 0,
	EXIT_ARENA =
		65, /* a request asked for more than LIMIT_ARENA_BYTES, or the system has no memory */
	EXIT_START = 70,
	EXIT_TRAP = 71,
	EXIT_DISK = 74, /* D3 */
};

enum slot_state { SLOT_FREE, SLOT_STARTING, SLOT_READY, SLOT_REFUSED };

/* In memory that all processes share. */
struct shared {
	atomic_bool disk_failed;
	struct places places;   /* for password hashes (S5) */
	struct streams streams; /* answers that stay open (S16) */
	struct {
		atomic_int state;
		atomic_bool grown; /* wants to be replaced (X2) */
		enum rc rc;        /* of a start that failed */
		struct err err;
	} slots[SLOTS_MAX];
};

struct linked;

struct server {
	const struct server_options *options;
	const struct site *site;
	struct text base_url; /* with the port that it has */
	int listener, ops;    /* ops -1: none */
	struct shared *shared;
	struct metrics *metrics;
	void *site_shared;
	pid_t master;
	const struct linked *linked; /* linked.h; NULL: nothing connects out */
	const struct linked *keeper; /* NULL: there is none */
};

/* The library of HTTP (base/late.h), once, before the first worker is forked. RC_MISSING. */
enum rc worker_load(struct err *err) MUST_USE;

/* A worker's whole life, in its own process; its exit status. */
int worker_run(const struct server *s, size_t slot, size_t index);

/* A word for how a process that ends by enum worker_exit ended, by waitpid: for log and metrics. */
const char *worker_why_ended(int status);

/* D3: of one that ended over its disk all others learn; by waitpid. */
void worker_ended(const struct server *s, int status);

/* For server_disk_failed and server_facts_recorded, which handlers call without a context. */
void server_own(const struct server *s);
bool server_is_broken(const struct server *s);

#endif
