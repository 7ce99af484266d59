/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Transactions and statements over SQLite. Statements are prepared at their first use and kept; a second cursor on a statement that
 * is in use gets one of its own. The checkpoint of the write-ahead log is ours and not SQLite's automatic one, whose failed sync
 * would be passed over in silence (trust.md D3).
 */
#include "store/sqlite.h"

#include "store/sqlite_parts.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { OF_WORKSPACE = 1, OF_KEYS = 2, OF_EITHER = 3 };

static const struct {
	const char *sql;
	int of;
} statements[SQL_COUNT] = {
#define STATEMENT(name, kind, sql, about) [SQL_##name] = {sql, OF_##kind},
#include "store/statements.def"
};

bool sqlite_statement_is_of(enum statement q, enum store_kind kind)
{
	return (statements[q].of & (kind == STORE_KEYS ? OF_KEYS : OF_WORKSPACE)) != 0;
}

void *sqlite_native_new(struct arena *a)
{
	struct sqlite *q = arena_one(a, struct sqlite);

	q->checkpoint_pages = CHECKPOINT_PAGES;
	return q;
}

void sqlite_checkpoint_after(struct store *s, int pages)
{
	native_of(s)->checkpoint_pages = pages;
}

/* --- errors --- */

static enum rc fail_io(struct store *s, sqlite3 *db, int code, struct err *err)
{
	int system_error = sqlite3_system_errno(db);

	/* Never retried: the kernel marks pages clean after a failed sync, and a second one would succeed without them (D3). */
	s->broken = true;
	err_code(err, "store.io");
	err_hint(err, "nothing is written any more; look at the disk, then start again");
	if (system_error != 0)
		return err_set(err, RC_IO, "reading or writing '%s' failed: %s (%d)", s->path.p,
			       strerror(system_error), code);
	return err_set(err, RC_IO, "reading or writing '%s' failed: %s (%d)", s->path.p,
		       sqlite3_errstr(code), code);
}

/*
 * SQLite calls a page damaged, too, that the disk could not give (EIO, ENXIO). That is no damage to freeze a log for (J13): another
 * reading may succeed. Which: the file itself, or its log.
 */
static bool reading_failed(sqlite3 *db, int which)
{
	sqlite3_file *f = NULL;
	int why = 0;

	if (sqlite3_file_control(db, "main", which, &f) != SQLITE_OK || f == NULL ||
	    f->pMethods == NULL ||
	    f->pMethods->xFileControl(f, SQLITE_FCNTL_LAST_ERRNO, &why) != SQLITE_OK)
		return false;
	return why == EIO || why == ENXIO;
}

static enum rc fail_full(const struct store *s, struct err *err)
{
	err_code(err, "disk_full");
	err_hint(err, "make room; nothing that was acknowledged is lost");
	return err_set(err, RC_IO, "no room left on the disk for '%s'", s->path.p);
}

static enum rc fail_constraint(struct store *s, sqlite3 *db, int code, struct err *err)
{
	const char *words = sqlite3_errmsg(db);

	if (code == SQLITE_CONSTRAINT_UNIQUE || code == SQLITE_CONSTRAINT_PRIMARYKEY ||
	    code == SQLITE_CONSTRAINT_ROWID) {
		err_code(err, "unique");
		return err_set(err, RC_INVALID, "there is one already in '%s': %s", s->path.p,
			       words);
	}
	err_code(err, code == SQLITE_CONSTRAINT_TRIGGER ? "store.refused" : "store.constraint");
	return err_set(err, RC_INVALID, "'%s' refuses it: %s", s->path.p, words);
}

enum rc sqlite_fail_of(struct store *s, sqlite3 *db, int code, struct err *err)
{
	switch (code & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		err_code(err, "store.locked");
		/* trust.md D1: so long and no longer; what goes on for minutes is told to somebody who can look */
		err_hint(
			err,
			"this command waited %d s for the other one and gave up: say it again when "
			"that is done",
			BUSY_MS / 1000);
		return err_set(err, RC_IO, "'%s' is being written by another process", s->path.p);
	case SQLITE_FULL:
		return fail_full(s, err);
	case SQLITE_IOERR:
		/* The index of the log in '-shm' holds nothing that lasts: no room for it is no failed write. */
		if (code == SQLITE_IOERR_SHMSIZE &&
		    (sqlite3_system_errno(db) == ENOSPC || sqlite3_system_errno(db) == EDQUOT))
			return fail_full(s, err);
		if (code == SQLITE_IOERR_NOMEM)
			return err_set(err, RC_LIMIT, "no memory left to read or write '%s'",
				       s->path.p);
		return fail_io(s, db, code, err);
	case SQLITE_NOMEM:
		return err_set(err, RC_LIMIT, "no memory left to read or write '%s'", s->path.p);
	case SQLITE_TOOBIG:
		return err_set(err, RC_LIMIT, "larger than '%s' can keep", s->path.p);
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		if (reading_failed(db, SQLITE_FCNTL_FILE_POINTER) ||
		    reading_failed(db, SQLITE_FCNTL_JOURNAL_POINTER))
			return fail_io(s, db, SQLITE_IOERR_CORRUPTFS, err);
		err_code(err, "store.damaged");
		err_hint(err, "restore the last backup: tenor restore DIR");
		return err_set(err, RC_INVALID, "'%s' is damaged: %s", s->path.p,
			       sqlite3_errstr(code));
	case SQLITE_READONLY:
	case SQLITE_PERM:
		err_code(err, "store.readonly");
		err_hint(err, "its owner, or who may write to it and its directory, can");
		return err_set(err, RC_IO, "'%s' cannot be written", s->path.p);
	case SQLITE_CANTOPEN:
		err_code(err, "store.cantopen");
		err_hint(err, "the program needs to write '-wal' and '-shm' files beside it");
		return err_set(err, RC_IO, "'%s' cannot be opened", s->path.p);
	case SQLITE_INTERRUPT:
		err_code(err, "store.slow");
		err_hint(err, "ask for less: a shorter period, fewer of them");
		return err_set(err, RC_IO, "a question to '%s' took longer than %lld ms", s->path.p,
			       (long long)native_of(s)->limit_ms);
	case SQLITE_AUTH:
		err_code(err, "store.refused");
		return err_set(err, RC_INVALID, "reading of '%s' does not allow it: %s", s->path.p,
			       sqlite3_errmsg(db));
	case SQLITE_CONSTRAINT:
		return fail_constraint(s, db, code, err);
	default:
		err_code(err, "store.sqlite");
		return err_set(err, RC_IO, "'%s': %s (%d)", s->path.p, sqlite3_errmsg(db), code);
	}
}

enum rc sqlite_fail(struct store *s, int code, struct err *err)
{
	return sqlite_fail_of(s, native_of(s)->db, code, err);
}

/* --- steps --- */

static int64_t steady_ms(void)
{
	struct timespec t = {0, 0};

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Not 0: SQLite gives the statement up. */
static int too_slow(void *context)
{
	struct sqlite *q = context;
	int64_t now = steady_ms();

	if (q->slow_since_ms < 0)
		q->slow_since_ms = now;
	return now - q->slow_since_ms > q->limit_ms;
}

static void limit(struct store *s, int64_t ms)
{
	struct sqlite *q = native_of(s);

	q->limit_ms = ms;
	sqlite3_progress_handler(q->db, SLOW_STEPS, too_slow, q);
}

static int step(struct sqlite *q, sqlite3_stmt *stmt)
{
	q->slow_since_ms = -1;
	return sqlite3_step(stmt);
}

/* --- the back end's own SQL --- */

int sqlite_prepare_own(struct sqlite *q, const char *sql, sqlite3_stmt **out)
{
	int code;

	q->own = true;
	code = sqlite3_prepare_v3(q->db, sql, -1, SQLITE_PREPARE_PERSISTENT, out, NULL);
	q->own = false;
	return code;
}

int sqlite_exec_own(struct sqlite *q, const char *sql)
{
	int code;

	q->own = true;
	code = sqlite3_exec(q->db, sql, NULL, NULL, NULL);
	q->own = false;
	return code;
}

/* SQLite prepares a statement again when a setting or the schema changed, so the authorizer may be asked while stepping, too. */
int sqlite_step_own(struct sqlite *q, sqlite3_stmt *stmt)
{
	int code;

	q->own = true;
	code = step(q, stmt);
	q->own = false;
	return code;
}

enum rc sqlite_version(struct store *s, int *version, struct err *err)
{
	struct sqlite *q = native_of(s);
	int code = sqlite_step_own(q, q->version), found = 0;

	if (code == SQLITE_ROW) {
		found = sqlite3_column_int(q->version, 0);
		code = SQLITE_OK;
	}
	int after = sqlite3_reset(q->version);

	if (code == SQLITE_OK)
		code = after;
	if (code != SQLITE_OK)
		return sqlite_fail(s, code, err);
	*version = found;
	return RC_OK;
}

/* data_version changes with what other connections commit, the count with what this one writes. */
static enum rc stamp(struct store *s, struct store_stamp *out, struct err *err)
{
	struct sqlite *q = native_of(s);
	struct store_stamp now = {.own = sqlite3_total_changes(q->db)};
	int code = q->stamp == NULL ? sqlite_prepare_own(q, "PRAGMA data_version", &q->stamp)
				    : SQLITE_OK;

	if (code == SQLITE_OK)
		code = sqlite_step_own(q, q->stamp);
	if (code == SQLITE_ROW) {
		now.others = sqlite3_column_int64(q->stamp, 0);
		code = SQLITE_OK;
	}
	int after = q->stamp == NULL ? SQLITE_OK : sqlite3_reset(q->stamp);

	if (code == SQLITE_OK)
		code = after;
	if (code != SQLITE_OK)
		return sqlite_fail(s, code, err);
	*out = now;
	return RC_OK;
}

/* --- transactions --- */

static void rollback(struct store *s)
{
	struct sqlite *q = native_of(s);

	/* SQLite may have undone it by itself; if undoing fails the file is as after a crash and heals when opened */
	if (sqlite3_get_autocommit(q->db) == 0 && sqlite_exec_own(q, "ROLLBACK") != SQLITE_OK)
		s->broken = true;
}

int sqlite_step_once(struct sqlite *q, sqlite3_stmt *stmt)
{
	int code = sqlite_step_own(q, stmt), after = sqlite3_reset(stmt);

	return code == SQLITE_DONE || code == SQLITE_ROW ? after : code;
}

static enum rc begin(struct store *s, bool write, struct err *err)
{
	struct sqlite *q = native_of(s);
	int version = 0;
	enum rc rc = RC_OK;

	assert(q->pid == getpid());
	int code = sqlite_step_once(q, write ? q->begin_write : q->begin_read);

	if (code != SQLITE_OK)
		return sqlite_fail(s, code, err);
	/* The first read takes the snapshot; and the file may have been upgraded since it was opened. */
	rc = sqlite_version(s, &version, err);
	if (rc == RC_OK && version != q->schema->version) {
		err_code(err, "store.changed");
		err_hint(err, "start again");
		rc = err_set(err, RC_INVALID,
			     "'%s' was given schema %d by another program just now", s->path.p,
			     version);
	}
	if (rc != RC_OK)
		rollback(s);
	return rc;
}

enum rc sqlite_carried(struct store *s, sqlite3 *db, int code, struct err *err)
{
	/* What is committed is on the disk already. Somebody else carrying over, or a full disk, leaves that for later. */
	if (code == SQLITE_OK || (code & 0xff) == SQLITE_BUSY || (code & 0xff) == SQLITE_FULL)
		return RC_OK;
	return sqlite_fail_of(s, db, code, err);
}

enum rc sqlite_carry_over(struct store *s, struct err *err)
{
	sqlite3 *db = native_of(s)->db;
	int code = sqlite3_wal_checkpoint_v2(db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);

	return sqlite_carried(s, db, code, err);
}

static enum rc commit(struct store *s, struct err *err)
{
	struct sqlite *q = native_of(s);
	enum rc aside = sqlite_aside_before_commit(s, err);

	if (aside != RC_OK) {
		rollback(s);
		return aside;
	}
	q->log_pages = 0;
	int code = sqlite_step_once(q, q->commit);

	if (code != SQLITE_OK) {
		enum rc rc = sqlite_fail(s, code, err);

		rollback(s);
		return rc;
	}
	if (q->aside != NULL && q->log_pages > 0)
		return sqlite_aside_after_commit(s, err);
	return q->log_pages >= q->checkpoint_pages ? sqlite_carry_over(s, err) : RC_OK;
}

/* --- statements --- */

/* SQLite numbers $n by first appearance; the names must agree with the numbers that are bound. */
static void assert_parameters(sqlite3_stmt *stmt)
{
	char want[16];

	for (int i = 1; i <= sqlite3_bind_parameter_count(stmt); i++) {
		(void)snprintf(want, sizeof(want), "$%d", i);
		const char *name = sqlite3_bind_parameter_name(stmt, i);

		assert(name != NULL && strcmp(name, want) == 0);
	}
}

static int prepare(struct sqlite *q, enum statement id, sqlite3_stmt **out)
{
	int code = sqlite3_prepare_v3(q->db, statements[id].sql, -1, SQLITE_PREPARE_PERSISTENT, out,
				      NULL);

	if (code == SQLITE_OK)
		assert_parameters(*out);
	return code;
}

bool sqlite_prepares(struct store *s, enum statement q, struct buf *why)
{
	sqlite3_stmt *stmt = NULL;
	int code = prepare(native_of(s), q, &stmt);

	if (code != SQLITE_OK)
		buf_printf(why, "%s: %s", statements[q].sql, sqlite3_errmsg(native_of(s)->db));
	(void)sqlite3_finalize(stmt);
	return code == SQLITE_OK;
}

/* *kept tells whether the statement is the one that is kept. */
static int statement_take(struct store *s, enum statement id, sqlite3_stmt **out)
{
	struct sqlite *q = native_of(s);
	struct prepared *p = &q->statement[id];

	assert(sqlite_statement_is_of(id, s->kind));
	if (p->busy)
		return prepare(q, id, out);
	if (p->stmt == NULL) {
		int code = prepare(q, id, &p->stmt);

		if (code != SQLITE_OK)
			return code;
	}
	p->busy = true;
	*out = p->stmt;
	return SQLITE_OK;
}

static int statement_give_back(struct sqlite *q, enum statement id, sqlite3_stmt *stmt)
{
	struct prepared *p = &q->statement[id];

	if (stmt != p->stmt)
		return sqlite3_finalize(stmt);
	int code = sqlite3_reset(stmt);

	(void)sqlite3_clear_bindings(stmt);
	p->busy = false;
	return code;
}

static int bind_all(sqlite3_stmt *stmt, const struct bind *binds, size_t n)
{
	int code = SQLITE_OK;

	assert((size_t)sqlite3_bind_parameter_count(stmt) == n);
	for (size_t i = 0; i < n && code == SQLITE_OK; i++) {
		const struct bind *b = &binds[i];
		const char *p = b->text.p != NULL ? b->text.p : "";
		int at = (int)i + 1;

		switch (b->type) {
		case BIND_NULL:
			code = sqlite3_bind_null(stmt, at);
			break;
		case BIND_INT:
			code = sqlite3_bind_int64(stmt, at, b->number);
			break;
		case BIND_TEXT:
			code = sqlite3_bind_text64(stmt, at, p, b->text.n, SQLITE_STATIC,
						   SQLITE_UTF8);
			break;
		case BIND_BYTES:
			code = sqlite3_bind_blob64(stmt, at, p, b->text.n, SQLITE_STATIC);
			break;
		}
	}
	return code;
}

static enum rc run(struct store *s, enum statement id, const struct bind *binds, size_t n,
		   int64_t *changed, struct err *err)
{
	struct sqlite *q = native_of(s);
	sqlite3_stmt *stmt = NULL;
	enum rc rc = RC_OK;
	int code = statement_take(s, id, &stmt);

	if (code != SQLITE_OK)
		return sqlite_fail(s, code, err);
	code = bind_all(stmt, binds, n);
	if (code == SQLITE_OK) {
		code = step(q, stmt);
		assert(code != SQLITE_ROW);
	}
	if (code != SQLITE_DONE)
		rc = sqlite_fail(s, code, err);
	else if (changed != NULL)
		*changed = sqlite3_changes64(q->db);
	(void)statement_give_back(q, id, stmt); /* tells the error of the step again */
	return rc;
}

static enum rc query(struct store *s, enum statement id, const struct bind *binds, size_t n,
		     struct cursor *c, struct err *err)
{
	sqlite3_stmt *stmt = NULL;
	int code = statement_take(s, id, &stmt);

	if (code == SQLITE_OK)
		code = bind_all(stmt, binds, n);
	if (code != SQLITE_OK) {
		enum rc rc = sqlite_fail(s, code, err);

		if (stmt != NULL)
			(void)statement_give_back(native_of(s), id, stmt);
		return rc;
	}
	c->native = stmt;
	c->done = false;
	return RC_OK;
}

static void close_cursor(struct cursor *c)
{
	(void)statement_give_back(native_of(c->store), c->q, (sqlite3_stmt *)c->native);
	c->native = NULL;
}

static enum rc next(struct cursor *c, bool *row, struct err *err)
{
	int code = step(native_of(c->store), (sqlite3_stmt *)c->native);
	enum rc rc = RC_OK;

	if (code == SQLITE_ROW) {
		*row = true;
		return RC_OK;
	}
	if (code != SQLITE_DONE)
		rc = sqlite_fail(c->store, code, err);
	close_cursor(c);
	c->done = true;
	return rc;
}

static int64_t column_int(const struct cursor *c, int column)
{
	return sqlite3_column_int64((sqlite3_stmt *)c->native, column);
}

static struct text column_text(const struct cursor *c, int column)
{
	sqlite3_stmt *stmt = (sqlite3_stmt *)c->native;
	const char *p = (const char *)sqlite3_column_blob(stmt, column);
	int n = sqlite3_column_bytes(stmt, column);

	return (struct text){p != NULL ? p : "", p != NULL ? (size_t)n : 0};
}

static bool column_is_null(const struct cursor *c, int column)
{
	return sqlite3_column_type((sqlite3_stmt *)c->native, column) == SQLITE_NULL;
}

static const struct store_backend backend = {
	.open = sqlite_open,
	.close = sqlite_close,
	.begin = begin,
	.commit = commit,
	.rollback = rollback,
	.run = run,
	.query = query,
	.next = next,
	.cursor_close = close_cursor,
	.column_int = column_int,
	.column_text = column_text,
	.column_is_null = column_is_null,
	.stamp = stamp,
	.scope = sqlite_scope,
	.limit = limit,
	.check = sqlite_check,
	.copy = sqlite_copy,
	.read_through = sqlite_read_through,
	.aside_begin = sqlite_aside_begin,
	.aside_rest = sqlite_aside_rest,
	.aside_end = sqlite_aside_end,
	.scrub = sqlite_scrub,
	.drop_derived = sqlite_drop_derived,
};

const struct store_backend *sqlite_backend(void)
{
	return &backend;
}
