/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where the record rests (DESIGN section 8, trust.md D1, D3): one interface for SQLite, which is inside, and for PostgreSQL, which
 * comes next. No rules here and no SQL outside statements.def. A back end opens, begins, ends and runs the statements of that table;
 * everything above is written once.
 *
 * A failed write, or a failed sync, makes the store refuse everything from then on (store_broken): nothing is acknowledged after it.
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

/* "TNR1" (D1) of a workspace, "TNRK" of the file of keys beside it; the schema this program writes. */
enum { STORE_APPLICATION_ID = 0x544E5231, STORE_KEYS_APPLICATION_ID = 0x544E524B };
int store_schema_version(void);

struct store;
/* The schema that this program writes into a file of this kind. */
int store_schema(const struct store *s);

enum store_mode {
	STORE_READ,   /* read only */
	STORE_WRITE,  /* reads and writes; takes the one place of the writer for each transaction */
	STORE_CREATE, /* a new file; fails where there is one */
	STORE_UPGRADE /* STORE_WRITE that may also carry an older schema to this one (D7) */
};

/* Which statements table and schema: the workspace's own file, or the file of keys beside it. */
enum store_kind { STORE_WORKSPACE, STORE_KEYS };

/*
 * Opens a file. Errors name what is the matter and what to do: no such file (RC_MISSING), not a Tenor workspace, made by a newer
 * Tenor (schema N; this one knows M), an older schema (run tenor rebuild --upgrade ... as the caller words it), truncated or
 * damaged (RC_INVALID), cannot be opened for writing, locked by another process (RC_IO).
 */
enum rc store_open(struct arena *a, struct text path, enum store_kind kind, enum store_mode mode,
		   struct store **out, struct err *err) MUST_USE;
void store_close(struct store *s);
struct text store_path(const struct store *s);
/* Has a write failed? Then only store_close helps; it still answers after that, since closing writes as well. */
bool store_broken(const struct store *s);

/* For one who reads through much of the file once: what was read is soon given up for what follows. */
enum rc store_read_through(struct store *s, struct err *err) MUST_USE;

/* --- transactions: one writer; a second process waits 5 s, then RC_IO "is being written by another process" --- */
enum rc store_begin(struct store *s, struct err *err) MUST_USE; /* BEGIN IMMEDIATE */
enum rc store_begin_read(struct store *s,
			 struct err *err) MUST_USE; /* one unchanging view for several reads */
enum rc store_commit(struct store *s, struct err *err) MUST_USE; /* durable when it returns RC_OK */
void store_rollback(struct store *s);
bool store_in_transaction(const struct store *s);
/*
 * Around a run of many commits: work that follows a commit, and that its durability does not wait for, may be done by a second thread
 * while the next transaction is written. What fails there fails the next commit, or the end. The arena lives until the end. Where other
 * connections of the caller read all the while, it says now and then that none of them does (rest), so that the log can begin anew.
 */
enum rc store_aside_begin(struct store *s, struct arena *a, struct err *err) MUST_USE;
enum rc store_aside_rest(struct store *s, struct err *err) MUST_USE;
enum rc store_aside_end(struct store *s, struct err *err) MUST_USE;

/*
 * From now on a statement that works longer than this on one row, or on all it does where it gives none, is given up: RC_IO with the code
 * "store.slow" (trust.md X5). For who answers others; a command takes the time it takes.
 */
void store_limit(struct store *s, int64_t ms);

/*
 * Two stamps of one store are equal only if nothing was committed to the file between them, by anybody. What was worked out from the file
 * after a stamp was taken still holds while the stamp is the same.
 */
struct store_stamp {
	int64_t others, own;
};
enum rc store_stamp(struct store *s, struct store_stamp *out, struct err *err) MUST_USE;

/* --- statements --- */

enum statement {
#define STATEMENT(name, kind, sql, about) SQL_##name,
#include "store/statements.def"
	SQL_COUNT
};

enum bind_type { BIND_NULL, BIND_INT, BIND_TEXT, BIND_BYTES };

struct bind {
	enum bind_type type;
	int64_t number;
	struct text text; /* must live until the statement is run or the cursor closed */
};

#define BIND_I(x) ((struct bind){.type = BIND_INT, .number = (x)})
#define BIND_T(x) ((struct bind){.type = BIND_TEXT, .text = (x)})
#define BIND_B(x) ((struct bind){.type = BIND_BYTES, .text = (x)})
#define BIND_NOTHING ((struct bind){.type = BIND_NULL})

/* Runs a statement that gives no rows, with $1, $2, ... bound in order. *changed may be NULL. A unique constraint: RC_INVALID with code "unique". */
enum rc store_run(struct store *s, enum statement q, const struct bind *binds, size_t n,
		  int64_t *changed, struct err *err) MUST_USE;

/* A query under way. Columns are valid until the next store_next. */
struct cursor {
	struct store *store;
	enum statement q;
	void *native;
	bool done;
};

enum rc store_query(struct store *s, enum statement q, const struct bind *binds, size_t n,
		    struct cursor *c, struct err *err) MUST_USE;
/* *row false: no further row; the cursor is then closed by itself. */
enum rc store_next(struct cursor *c, bool *row, struct err *err) MUST_USE;
void cursor_close(struct cursor *c); /* also after the end */
int64_t cursor_int(const struct cursor *c, int column);
struct text cursor_text(const struct cursor *c, int column); /* also bytes; NULL: empty */
bool cursor_is_null(const struct cursor *c, int column);
struct text cursor_copy(const struct cursor *c, int column, struct arena *a);
/* One row at most: *row false if there was none; the caller reads the columns and closes. */
enum rc store_one(struct store *s, enum statement q, const struct bind *binds, size_t n,
		  struct cursor *c, bool *row, struct err *err) MUST_USE;

/* --- the file as a whole --- */

/* What is wrong inside the file, by the back end's own check (integrity_check, foreign keys): lines of text; empty if sound. */
enum rc store_check(struct store *s, bool quick, struct buf *problems, struct err *err) MUST_USE;
/* An online copy into a new file (the back end's backup API); progress by pages. The copy is synced, and opened by nobody yet. */
enum rc store_copy(struct store *s, struct text to,
		   void (*progress)(void *context, int64_t done, int64_t all), void *context,
		   struct err *err) MUST_USE;
/* Truncates the write-ahead log and gives free pages back overwritten (secure_delete is on): after an erasure (J24). */
enum rc store_scrub(struct store *s, struct err *err) MUST_USE;
/* Drops and recreates the derived tables, empty, inside the transaction under way (tenor rebuild fills them). */
enum rc store_drop_derived(struct store *s, struct err *err) MUST_USE;
/* Names of tables, in order: derived ones or those that are kept. */
const char *const *store_tables(enum store_kind kind, bool derived, size_t *n);

/* --- read door (trust.md P4): STORE_READ takes SELECT on tables only: no PRAGMA, no ATTACH, no writing --- */

/* Whose rows can be seen: those of all logs, or of these contracts and of the install log; n 0 and not all: of none. */
struct store_scope {
	const struct text *contracts;
	size_t n;
	bool all;
};

/*
 * From now on every table that has rows of a log is seen through this scope alone, whatever a statement asks for; called again for each
 * request. STORE_READ of a workspace, outside a transaction. What was never called sees all (the command line).
 */
enum rc store_scope(struct store *s, const struct store_scope *scope, struct err *err) MUST_USE;

#endif
