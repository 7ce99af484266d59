/* SPDX-License-Identifier: Apache-2.0 */
/* What the verbs that import share: files read for a contract, their facts taken into its log, and what is said of it. Private to app. */
#ifndef APP_IMPORT_PARTS_H
#define APP_IMPORT_PARTS_H

#include "app/append.h"
#include "app/import_wish.h"
#include "app/load.h"
#include "app/money_rules.h"
#include "app/recall.h"

struct importing {
	struct workspace ws;
	const struct args *args;
	const struct import_wish *wish;
	/* of one contract */
	struct log_head log;
	struct recalled versions;
	const struct money_rules *rules;
	const struct contract *contract; /* the newest version */
	struct loaded loaded;
	struct append_count count;
	struct appended *results;
	size_t sources_new, pinned;
	struct money_flags flags;
};

/* The workspace of a call that names files; to be closed by workspace_close(&(*out)->ws) if RC_OK. */
enum rc import_open(struct app *app, const struct args *args, const struct import_wish *wish,
		    struct importing **out, struct err *err) MUST_USE;
/* x is now about this log; nothing is read yet. RC_MISSING: it has no agreed version. */
enum rc import_begin(struct importing *x, const struct log_head *log, struct err *err) MUST_USE;
/* The call's files into x->loaded, sources and parties named; RC_INVALID: a fact that the verb does not take. */
enum rc import_read(struct importing *x, struct reply *reply, struct err *err) MUST_USE;
/* x->loaded's facts into the log, which is signed: x->count, results, flags. */
enum rc import_take(struct importing *x, struct stored_checkpoint *c, struct err *err) MUST_USE;

/* "NW-2026: 2 facts recorded", and what was not, and why. */
void import_say(const struct importing *x, struct buf *out);
/* Members of an object that is open: the counts; the files and what is said of their rows. */
void import_counts_json(const struct importing *x, const struct stored_checkpoint *c,
			struct json *j);
void import_files_json(const struct loaded *l, struct json *j);

#endif
