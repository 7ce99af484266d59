/* SPDX-License-Identifier: Apache-2.0 */
/* What a process owes to the one that forked it. */
#ifndef BASE_PROCESS_H
#define BASE_PROCESS_H

#include <sys/types.h>

/*
 * In a new process: it is sent the signal `number` when `parent` ends, at once where that has ended already. parent: getpid() before the
 * fork.
 */
void process_end_with(pid_t parent, int number);

#endif
