/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the SQLite back end share; nobody else includes it. */
#ifndef STORE_SQLITE_PARTS_H
#define STORE_SQLITE_PARTS_H

#include "store/backend.h"
#include "store/sqlite.h"

#include <sqlite3.h>
#include <sys/types.h>

/* SLOW_STEPS: of SQLite's machine, from one look at the clock to the next */
enum { SLOW_STEPS = 20000, BUSY_MS = 5000, CHECKPOINT_PAGES = 1000, NAME_BYTES = 4200 };

struct aside; /* sqlite_aside.c */

struct prepared {
	sqlite3_stmt *stmt;
	bool busy; /* a cursor is on it */
};

struct sqlite {
	sqlite3 *db;
	struct prepared statement[SQL_COUNT];
	sqlite3_stmt *begin_write, *begin_read, *commit;
	sqlite3_stmt *version; /* reading user_version takes the snapshot, too */
	sqlite3_stmt *stamp;   /* NULL: not asked for yet */
	const struct schema *schema;
	bool own;    /* the back end's own SQL passes the authorizer */
	bool scoped; /* there are views of a scope, and what is behind them is denied */
	sqlite3_stmt *scope_none, *scope_all, *scope_add;
	int log_pages, checkpoint_pages;
	struct aside *aside;             /* NULL: commits carry the log over by themselves */
	pid_t pid;                       /* a handle does not survive a fork (D1) */
	int64_t limit_ms, slow_since_ms; /* of a step; -1: it has not taken SLOW_STEPS yet */
};

static inline struct sqlite *native_of(const struct store *s)
{
	return (struct sqlite *)s->native;
}

/* Words a result code of SQLite; marks the store broken where D3 says so. */
enum rc sqlite_fail(struct store *s, int code, struct err *err);
/* The same of a second connection to the file. */
enum rc sqlite_fail_of(struct store *s, sqlite3 *db, int code, struct err *err);
/* Carries the log over, as far as readers let it; and words how that went. */
enum rc sqlite_carry_over(struct store *s, struct err *err);
enum rc sqlite_carried(struct store *s, sqlite3 *db, int code, struct err *err);
/* Prepares the back end's own SQL. */
int sqlite_prepare_own(struct sqlite *q, const char *sql, sqlite3_stmt **out);
int sqlite_step_own(struct sqlite *q, sqlite3_stmt *stmt);
/* One step of it, and it is ready for the next time; SQLITE_OK where both went well. */
int sqlite_step_once(struct sqlite *q, sqlite3_stmt *stmt);
int sqlite_exec_own(struct sqlite *q, const char *sql);
/* user_version as the transaction under way sees it. */
enum rc sqlite_version(struct store *s, int *version, struct err *err);

/* sqlite_open.c */
enum rc sqlite_open(struct store *s, struct err *err);
void sqlite_close(struct store *s);
/* Syncs the directory that the file lies in, so that its name is on the disk. */
enum rc sqlite_sync_directory(const char *path, struct err *err);
/* The path as SQLite takes it: never a special name such as ':memory:'. */
const char *sqlite_name(const char *path, char *out, size_t size);

enum rc sqlite_read_through(struct store *s, struct err *err); /* sqlite_open.c */

/* sqlite_scope.c */
enum rc sqlite_scope(struct store *s, const struct store_scope *scope, struct err *err);
/* Is there a view of this name? */
bool sqlite_is_view(const char *name);
void sqlite_scope_close(struct sqlite *q);

/* sqlite_aside.c */
enum rc sqlite_aside_begin(struct store *s, struct arena *arena, struct err *err);
/* Waits for the thread. Nothing where it was not begun. */
enum rc sqlite_aside_rest(struct store *s, struct err *err);
enum rc sqlite_aside_end(struct store *s, struct err *err);
/* What failed aside fails the commit that finds it. */
enum rc sqlite_aside_before_commit(struct store *s, struct err *err);
/* Only of one that wrote something, where it was begun. */
enum rc sqlite_aside_after_commit(struct store *s, struct err *err);

/* sqlite_file.c */
enum rc sqlite_carry(struct store *s, struct err *err);
enum rc sqlite_check(struct store *s, bool quick, struct buf *problems, struct err *err);
enum rc sqlite_copy(struct store *s, struct text to,
		    void (*progress)(void *context, int64_t done, int64_t all), void *context,
		    struct err *err);
enum rc sqlite_scrub(struct store *s, struct err *err);
enum rc sqlite_drop_derived(struct store *s, struct err *err);

#endif
