/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The process that connects out, as the master has it (trust.md X1): forked before the master gives up sockets, kept by a small process
 * that starts it anew when it dies, and a socket pair for each worker.
 */
#ifndef HTTP_LINKED_H
#define HTTP_LINKED_H

#include "http/worker.h"

#include <sys/types.h>

struct linked {
	int fds[SLOTS_MAX]; /* the workers' ends, by slot */
	size_t n;
	pid_t keeper; /* 0: there is none */
};

/* run in the new process, with the other ends; n pairs. */
enum rc linked_start(struct linked *l, size_t n,
		     int (*run)(void *context, const int *fds, size_t n), void *context,
		     struct err *err) MUST_USE;
void linked_stop(struct linked *l);

#endif
