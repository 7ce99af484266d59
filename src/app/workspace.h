/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A workspace under work: the provider's one file, its keys, who acts and when. Every verb that touches the record opens one; opening
 * checks the right its row names (trust.md P3) and, for writing, the clock (J29).
 *
 *	rc = workspace_open(app, args, STORE_WRITE, &ws, err);
 *	rc = workspace_begin(&ws, err); ... append ... workspace_audit(...); rc = workspace_commit(&ws, err);
 *	rc = workspace_sign_all(&ws, err);             checkpoints of the logs that grew
 *	workspace_close(&ws);                          always
 */
#ifndef APP_WORKSPACE_H
#define APP_WORKSPACE_H

#include "app/app.h"
#include "store/keys.h"
#include "store/record.h"

/* What a token may of what its maker may (trust.md P2): empty lists are all. */
struct token_scope {
	rights rights;
	const struct text *contracts, *kinds;
	size_t n_contracts, n_kinds;
};

struct workspace {
	struct app *app;
	struct arena *arena;
	const struct action *action;
	struct text path, keys_path, kek_path;
	struct store *store;
	struct keys *keys; /* NULL: not opened, or not there (keys_why tells) */
	struct err keys_why;
	struct hasher *hasher;
	struct zones_kept *zones; /* that were read (app/inputs.h); NULL: none is kept */
	struct log_head install;
	struct stored_user actor; /* id: a token's, where a program asks */
	roles roles;
	const struct token_scope *token; /* NULL: a person */
	struct audit_grant *grant;       /* app/grants.h; NULL: no auditor */
	instant now;
	bool audited; /* this verb has its entry in the install log */
	struct kept_place *place; /* NULL: opened for this call alone */
};

/* --workspace FILE, else the only *.tenor file of the current folder. RC_USAGE: none or several there. */
enum rc workspace_find(struct app *app, const struct args *args, struct text *path,
		       struct err *err) MUST_USE;

/*
 * Opens the file, the keys beside it (needed for writing; for reading they are opened if they are there), finds who acts (--as
 * HANDLE, else the first owner), checks the right of the verb's row: RC_USAGE with code "right" names who has it.
 */
enum rc workspace_open(struct app *app, const struct args *args, enum store_mode mode,
		       struct workspace *out, struct err *err) MUST_USE;
/*
 * The same without what a sound file is held to before work: the clock, the derived tables, erasures that were interrupted. For
 * `clock accept`, `rebuild` and `doctor`, which see to those themselves.
 */
enum rc workspace_open_any_clock(struct app *app, const struct args *args, enum store_mode mode,
				 struct workspace *out, struct err *err) MUST_USE;
/* Again the same, of files that lie elsewhere (a restore's draft). keys empty: beside the path. */
struct workspace_files {
	struct text path, keys;
};
struct text workspace_keys_beside(struct arena *a, struct text path);
enum rc workspace_open_files(struct app *app, const struct args *args,
			     const struct workspace_files *files, enum store_mode mode,
			     struct workspace *out, struct err *err) MUST_USE;
/* RC_IO with code "clock": too far behind the highest time seen, or ahead of it (J29). */
enum rc workspace_clock(const struct workspace *ws, struct err *err) MUST_USE;
void workspace_close(struct workspace *ws);
/* A right beyond the row's, for what a verb does with one fact or one field. */
enum rc workspace_may(const struct workspace *ws, enum permission right, struct err *err) MUST_USE;
/* The same as a question: what may not be seen is left out. */
bool workspace_allows(const struct workspace *ws, enum permission right);
bool workspace_client(const struct workspace *ws); /* the side that acts */
/* Is that kind of fact in the token's scope? A person's is everything. */
bool workspace_kind(const struct workspace *ws, struct text kind);
/* The keys, or why there are none. */
enum rc workspace_keys(struct workspace *ws, struct keys **out, struct err *err) MUST_USE;

/* Transactions. begin moves `now` on and rereads the install log's head; commit keeps the highest time seen. */
enum rc workspace_begin(struct workspace *ws, struct err *err) MUST_USE;
enum rc workspace_commit(struct workspace *ws, struct err *err) MUST_USE;
/* The keys' own transaction, so that many new subjects cost one sync: committed by workspace_commit, before the entries. */
enum rc workspace_keys_begin(struct workspace *ws, struct err *err) MUST_USE;
void workspace_rollback(struct workspace *ws);
/* The end of what was begun: committed if rc is RC_OK and that works, else rolled back. Returns what came of it. */
enum rc workspace_end(struct workspace *ws, enum rc rc, struct err *err) MUST_USE;

/* The engagement's log by --contract ID (RC_MISSING names those there are); a person of a client sees its own only (P5: the same words). */
enum rc workspace_log(struct workspace *ws, struct text contract, struct log_head *out,
		      struct err *err) MUST_USE;
/* Every engagement that the actor may see, by contract id. */
enum rc workspace_logs(struct workspace *ws, struct log_head **out, size_t *n,
		       struct err *err) MUST_USE;

/*
 * The same in turns, for many contracts: at most `most` at once of those after *after (0: from the first), which is moved on. *n 0: there
 * are none left.
 */
enum rc workspace_logs_after(struct workspace *ws, int64_t *after, size_t most,
			     struct log_head **out, size_t *n, struct err *err) MUST_USE;
/* The engagement of a number as derived tables have it; RC_MISSING without words: there is none, or it is not to be seen. */
enum rc workspace_log_of_id(struct workspace *ws, int64_t id, struct log_head *out,
			    struct err *err) MUST_USE;

/*
 * What the derived tables were made by: a hash of the table of facts, whose numbers they hold. A file whose tag is another has them
 * made again when it is opened for writing.
 */
struct text workspace_derived_tag(struct arena *a);

/* action_done, in the transaction under way; workspace_audit is what verbs call. */
enum rc workspace_note(struct workspace *ws, struct text contract, struct text object,
		       struct err *err) MUST_USE;
/* The verb's entry in the install log (J1, P8): action_done. Once a verb, in the transaction under way. object may be empty. */
enum rc workspace_audit(struct workspace *ws, struct text contract, struct text object,
			struct err *err) MUST_USE;

#endif
