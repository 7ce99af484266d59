/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Checkpoints (trust.md J10 to J14): the committed bytes are read again and recomputed with other code, compared with what the appender
 * stored and with the checkpoint signed last, and only then signed. On a difference nothing is signed and the log is frozen.
 */
#ifndef APP_SIGNING_H
#define APP_SIGNING_H

#include "app/crew.h"
#include "app/workspace.h"
#include "journal/note.h"

enum { SEED_NAME_BYTES = 80 };

/*
 * Signs the log's head if it has grown since the last checkpoint, stores it, and notes it in the install log (checkpoint_made). The
 * checkpoint of the head, new or not, goes to *out (may be NULL). RC_INVALID with code "log_frozen": what does not fit and where.
 * Not inside a transaction. keep: goes into every bundle, since a document prints it (J19).
 */
enum rc sign_log(struct workspace *ws, const struct log_head *log, bool keep,
		 struct stored_checkpoint *out, struct err *err) MUST_USE;
/*
 * What one knows of a log who has looked at it in the same way and has written to it since: the checkpoint signed last, with what was
 * recomputed up to it, and its key. It holds while the log has the size; who appends entries that are of no key moves that along. The entries
 * since are read and recomputed all the same (J13).
 */
struct log_known {
	int64_t size; /* -1: nothing is known */
	struct stored_checkpoint last;
	bool one_key; /* the log has had one key only: this */
	struct vkey key;
	char seed_name[SEED_NAME_BYTES];
};
/*
 * The same for many logs, in one transaction, so that all of them wait for the disk once. Each is looked at by itself: one that does not fit
 * is frozen, its row says why, and the others are signed. Fails as a whole where the disk does. crew: those of its hands that come by look
 * and sign, too (crew_share); NULL: the caller alone. What is written does not depend on it.
 */
struct log_signing {
	struct uuid log;
	const struct log_known *known; /* NULL: all is read again */
	enum rc rc;                    /* of this one; what follows holds if it is RC_OK */
	struct err err;
	struct log_head head;                /* as it was looked at */
	struct stored_checkpoint checkpoint; /* of that */
};
enum rc sign_logs(struct workspace *ws, struct crew *crew, struct log_signing *v, size_t n,
		  bool keep, struct err *err) MUST_USE;
/*
 * For one who only reads, in the transaction under way: looks at a log in the same way. *there: its head is signed, and head, checkpoint and
 * *known hold; else sign_logs signs it, or says why not. Fails where the disk does.
 */
enum rc sign_seen(struct workspace *ws, struct log_signing *v, bool *there, struct log_known *known,
		  struct err *err) MUST_USE;
/* The install log, last of a verb. */
enum rc sign_install(struct workspace *ws, struct err *err) MUST_USE;
/*
 * The end of a verb that wrote to a log: sign_log, then the install log, which tells of that checkpoint; not twice if it is the log. What
 * was written stays written if this fails.
 */
enum rc sign_log_and_install(struct workspace *ws, const struct log_head *log, bool keep,
			     struct stored_checkpoint *out, struct err *err) MUST_USE;
/* The same for every engagement among the logs that has an entry. */
enum rc sign_engagements(struct workspace *ws, const struct log_head *logs, size_t n,
			 struct err *err) MUST_USE;

/* A log's keys in force now: a seed each, two while a new one is brought in (J14). */
enum { LOG_KEYS_MAX = 8 };
struct log_keys {
	struct vkey v[LOG_KEYS_MAX];
	char seed_names[LOG_KEYS_MAX][SEED_NAME_BYTES];
	bool retired[LOG_KEYS_MAX];
	size_t n;
};
enum rc log_keys_read(struct workspace *ws, const struct log_head *log, struct log_keys *out,
		      struct err *err) MUST_USE;

/*
 * Recomputes entries [from's size, log's size) of the store on top of *state and compares leaf hashes as stored; RC_INVALID names the
 * entry: 'entry 17 is not what was recorded: its leaf hash differs'. each may be NULL.
 */
enum rc recompute_log(struct store *store, const struct log_head *log, struct recompute *state,
		      struct err *err) MUST_USE;

#endif
