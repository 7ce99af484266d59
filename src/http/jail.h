/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The jail of a process (trust.md X3, X4): after it no exec, no new socket, no file but those named. What is opened before stays open.
 * seccomp must be there; Landlock is used as far as the kernel knows it.
 */
#ifndef HTTP_JAIL_H
#define HTTP_JAIL_H

#include "base/err.h"

struct jail {
	const struct text *writable, *readable; /* folders, or files */
	size_t n_writable, n_readable;
};

/* What the kernel knows of Landlock: its ABI, 0: nothing (X4). */
int jail_landlock(void);

/* *abi: Landlock's, 0 where there is none. RC_IO: the jail could not be closed; then the process must end. */
enum rc jail_enter(const struct jail *j, int *abi, struct err *err) MUST_USE;

/*
 * The master's, once its sockets listen: no exec, no ptrace, no further socket, for it and all that it forks; those enter their own, too.
 */
enum rc jail_master(struct err *err) MUST_USE;

/* Of a process that does nothing but start another one again, which needs its sockets and has a jail of its own: no exec, no ptrace. */
enum rc jail_guard(struct err *err) MUST_USE;

/* Of the process that connects out: sockets it may open, files of names and of trusted certificates it may read, nothing else. */
enum rc jail_link(struct err *err) MUST_USE;

#endif
