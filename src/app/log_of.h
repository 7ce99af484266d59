/* SPDX-License-Identifier: Apache-2.0 */
/* The log that a verb of the log is about: --contract ID, or --install; and its checkpoints. */
#ifndef APP_LOG_OF_H
#define APP_LOG_OF_H

#include "app/workspace.h"
#include "journal/note.h"

/* The log of a contract, named by the contract's id or by the UUID of the log itself, which is what stands in its origin. */
enum rc log_named(struct workspace *ws, struct text name, struct log_head *out,
		  struct err *err) MUST_USE;
/* RC_USAGE unless exactly one of --contract and --install is given; the install log needs AUDIT_READ. */
enum rc log_of(struct workspace *ws, const struct args *args, struct log_head *out,
	       struct err *err) MUST_USE;
/* Opens the workspace too; for reading, unless write. */
enum rc log_open(struct app *app, const struct args *args, bool write, struct workspace *ws,
		 struct log_head *out, struct err *err) MUST_USE;

/* A number given as word of an option, at least `least`; RC_USAGE. */
enum rc log_number(const struct args *args, enum param p, int64_t least, int64_t *out,
		   struct err *err) MUST_USE;

/*
 * The checkpoint of --size N, which must be there, or of the head, which is signed if it is not yet. RC_MISSING names the sizes near.
 * The workspace may be one opened for reading: it is then opened for writing where the head must be signed.
 */
enum rc log_checkpoint(struct app *app, const struct args *args, struct workspace *ws,
		       struct log_head *log, struct stored_checkpoint *out,
		       struct err *err) MUST_USE;

#endif
