/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A process beside the workers, as the master has it (trust.md X1): the one that connects out, and the keeper. Forked before the master
 * gives up sockets, guarded by a small process that starts it anew when it dies, with a socket pair for each worker.
 */
#ifndef HTTP_LINKED_H
#define HTTP_LINKED_H

#include "http/worker.h"

#include <sys/types.h>

struct linked {
	int fds[SLOTS_MAX + 1]; /* the workers' ends, by slot; the last may be another process's */
	size_t n;
	pid_t guard; /* 0: there is none */
};

/*
 * run in the new process, which is called so in the list of processes, with the other ends; n pairs. jailed: what starts it again when
 * it ends is locked in (X3). RC_IO: neither sockets nor processes are to be had.
 */
enum rc linked_start(struct linked *l, const char *name, size_t n,
		     int (*run)(void *context, const int *fds, size_t n), void *context,
		     bool jailed, struct err *err) MUST_USE;
void linked_stop(struct linked *l);

#endif
