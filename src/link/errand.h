/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A process that asks one server for a command (trust.md X1, S21): the command has keys and files, this has neither, and the network. The
 * command sends a path, and what is posted there; this sends back the status and the body. Over one pair of sockets, one after the other.
 */
#ifndef LINK_ERRAND_H
#define LINK_ERRAND_H

#include "link/outside.h"

enum {
	ERRAND_POST_MAX = 16 << 10,
	ERRAND_BODY_MAX = 17 << 20, /* an entry bundle: 256 entries of 64 KiB */
	ERRAND_MS = 20 * 1000       /* for one answer */
};

struct errand_options {
	struct text base;  /* https://tenor.acme.example; what is asked for begins with it */
	struct text token; /* Bearer; empty: none */
	struct text named; /* as of outside_init */
};

/* The process's whole life: serves fd until its other end is closed. ready: locks it in, before the first connection. Its exit status. */
int errand_run(const struct errand_options *o, int fd, enum rc (*ready)(struct err *err));

/*
 * The command's side: path begins with a slash. *status 0: there was no answer, for whatever reason of the network or of S21; else *body, in
 * the arena, is at most `most` bytes. RC_IO: the process is gone.
 */
enum rc errand_ask(int fd, struct arena *a, struct text path, const struct text *post, size_t most,
		   int *status, struct text *body, struct err *err) MUST_USE;

#endif
