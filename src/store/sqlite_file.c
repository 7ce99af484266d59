/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The file as a whole: making its tables and carrying them from schema to schema (trust.md D7), checking, copying, scrubbing,
 * and beginning the derived tables anew.
 */
#include "store/sqlite_parts.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { COPY_PAGES = 256, COPY_WAITS_MAX = 200, COPY_WAIT_MS = 25, SQL_BYTES = 160 };

/* --- schema --- */

static int remake_derived(struct sqlite *q)
{
	char drop[SQL_BYTES];
	int code = SQLITE_OK;

	for (size_t i = 0; i < q->schema->derived_n && code == SQLITE_OK; i++) {
		(void)snprintf(drop, sizeof(drop), "DROP TABLE IF EXISTS %s",
			       q->schema->derived[i].name);
		code = sqlite_exec_own(q, drop);
		if (code == SQLITE_OK)
			code = sqlite_exec_own(q, q->schema->derived[i].sql);
	}
	return code;
}

static int number_of(struct sqlite *q, const char *sql, int64_t *out)
{
	sqlite3_stmt *stmt = NULL;
	int code = sqlite_prepare_own(q, sql, &stmt);

	*out = 0;
	if (code == SQLITE_OK) {
		code = sqlite_step_own(q, stmt);
		if (code == SQLITE_ROW)
			*out = sqlite3_column_int64(stmt, 0);
		code = code == SQLITE_ROW || code == SQLITE_DONE ? SQLITE_OK : code;
	}
	(void)sqlite3_finalize(stmt);
	return code;
}

static enum rc step_failed(struct store *s, int from, int version, int code, struct err *err)
{
	struct sqlite *q = native_of(s);
	char words[200];

	(void)snprintf(words, sizeof(words), "%s", sqlite3_errmsg(q->db));
	if ((code & 0xff) != SQLITE_ERROR && (code & 0xff) != SQLITE_CONSTRAINT)
		return sqlite_fail(s, code, err);
	err_code(err, "store.upgrade");
	err_hint(err, "it is as it was; the older Tenor still opens it");
	return err_set(err, RC_INVALID, "carrying '%s' from schema %d to %d failed: %s", s->path.p,
		       from, version, words);
}

/* The steps after `from`, and the derived tables anew, inside the transaction. */
static enum rc take_steps(struct store *s, int from, struct err *err)
{
	struct sqlite *q = native_of(s);
	char sql[SQL_BYTES];
	int64_t orphans = 0;

	for (size_t i = 0; i < q->schema->steps_n; i++) {
		const struct schema_step *step = &q->schema->steps[i];
		int code = step->version > from ? sqlite_exec_own(q, step->sql) : SQLITE_OK;

		if (code != SQLITE_OK)
			return step_failed(s, from, step->version, code, err);
	}
	int code = remake_derived(q);

	if (code == SQLITE_OK)
		code = number_of(q, "SELECT count(*) FROM pragma_foreign_key_check", &orphans);
	(void)snprintf(sql, sizeof(sql), "PRAGMA application_id = %d", q->schema->application_id);
	if (code == SQLITE_OK)
		code = sqlite_exec_own(q, sql);
	(void)snprintf(sql, sizeof(sql), "PRAGMA user_version = %d", q->schema->version);
	if (code == SQLITE_OK)
		code = sqlite_exec_own(q, sql);
	if (code != SQLITE_OK)
		return step_failed(s, from, q->schema->version, code, err);
	if (orphans > 0) {
		err_code(err, "store.upgrade");
		return err_set(err, RC_INVALID,
			       "carrying '%s' from schema %d to %d would leave %lld rows without "
			       "what they refer to",
			       s->path.p, from, q->schema->version, (long long)orphans);
	}
	return RC_OK;
}

/* Who waited for the lock may find the work done by another process. */
static enum rc still_to_do(struct store *s, int64_t *version, bool *done, struct err *err)
{
	struct sqlite *q = native_of(s);
	int64_t tables = 0;
	int code = number_of(q, "PRAGMA user_version", version);

	if (code == SQLITE_OK)
		code = number_of(q, "SELECT count(*) FROM sqlite_schema", &tables);
	if (code != SQLITE_OK)
		return sqlite_fail(s, code, err);
	if (s->mode == STORE_CREATE && tables > 0) {
		err_code(err, "store.exists");
		return err_set(err, RC_INVALID, "there is '%s' already", s->path.p);
	}
	*done = *version >= q->schema->version;
	return RC_OK;
}

static enum rc carry_inside(struct store *s, struct err *err)
{
	struct sqlite *q = native_of(s);
	int64_t version = 0;
	bool done = false;
	int code = sqlite_exec_own(q, "BEGIN IMMEDIATE");

	if (code != SQLITE_OK)
		return sqlite_fail(s, code, err);
	enum rc rc = still_to_do(s, &version, &done, err);

	if (rc == RC_OK && !done)
		rc = take_steps(s, (int)version, err);
	if (rc == RC_OK) {
		code = sqlite_exec_own(q, "COMMIT");
		if (code != SQLITE_OK)
			rc = sqlite_fail(s, code, err);
	}
	if (sqlite3_get_autocommit(q->db) == 0)
		(void)sqlite_exec_own(q, "ROLLBACK"); /* rc says why already */
	return rc;
}

/*
 * All steps in one transaction: a kill leaves the old schema or the new one (D7). Foreign keys are off meanwhile, so that a step
 * may make a table anew, and checked before the commit.
 */
enum rc sqlite_carry(struct store *s, struct err *err)
{
	struct sqlite *q = native_of(s);
	int64_t on = 0;
	int code = sqlite_exec_own(q, "PRAGMA foreign_keys = OFF");

	if (code != SQLITE_OK)
		return sqlite_fail(s, code, err);
	enum rc rc = carry_inside(s, err);

	code = sqlite_exec_own(q, "PRAGMA foreign_keys = ON");
	if (code == SQLITE_OK)
		code = number_of(q, "PRAGMA foreign_keys", &on);
	if (rc == RC_OK && (code != SQLITE_OK || on != 1))
		rc = err_set(err, RC_IO, "'%s': the setting 'foreign_keys' did not take",
			     s->path.p);
	return rc;
}

enum rc sqlite_drop_derived(struct store *s, struct err *err)
{
	int code = remake_derived(native_of(s));

	return code == SQLITE_OK ? RC_OK : sqlite_fail(s, code, err);
}

/* --- checking --- */

static enum rc rows_as_lines(struct store *s, const char *sql, struct buf *out, struct err *err)
{
	struct sqlite *q = native_of(s);
	sqlite3_stmt *stmt = NULL;
	int code = sqlite_prepare_own(q, sql, &stmt);

	while (code == SQLITE_OK && (code = sqlite_step_own(q, stmt)) == SQLITE_ROW) {
		const char *first = (const char *)sqlite3_column_text(stmt, 0);

		code = SQLITE_OK;
		if (first != NULL && strcmp(first, "ok") == 0)
			continue;
		for (int i = 0; i < sqlite3_column_count(stmt); i++) {
			const char *cell = (const char *)sqlite3_column_text(stmt, i);

			buf_printf(out, "%s%s", i > 0 ? " " : "", cell != NULL ? cell : "-");
		}
		buf_char(out, '\n');
	}
	(void)sqlite3_finalize(stmt);
	if (code == SQLITE_DONE)
		return RC_OK;
	if ((code & 0xff) != SQLITE_CORRUPT && (code & 0xff) != SQLITE_NOTADB)
		return sqlite_fail(s, code, err);
	buf_printf(out, "%s\n", sqlite3_errmsg(q->db));
	return RC_OK;
}

enum rc sqlite_check(struct store *s, bool quick, struct buf *problems, struct err *err)
{
	enum rc rc = rows_as_lines(s, quick ? "PRAGMA quick_check" : "PRAGMA integrity_check",
				   problems, err);

	if (rc == RC_OK)
		rc = rows_as_lines(s,
				   "SELECT 'row ' || rowid || ' of ' || \"table\" || ' refers to "
				   "no row of ' ||"
				   " parent FROM pragma_foreign_key_check",
				   problems, err);
	return rc;
}

/* --- copying --- */

static enum rc copy_failed(struct store *s, const char *to, int code, const char *words,
			   struct err *err)
{
	if ((code & 0xff) == SQLITE_FULL) {
		err_code(err, "disk_full");
		return err_set(err, RC_IO, "no room left on the disk for '%s'", to);
	}
	err_code(err, "store.copy");
	return err_set(err, RC_IO, "copying '%s' to '%s' failed: %s (%d)", s->path.p, to, words,
		       code);
}

static enum rc open_copy(struct store *s, const char *to, sqlite3 **out, struct err *err)
{
	char name[4200];
	struct stat st;
	int code = SQLITE_CANTOPEN;

	if (to[0] == '\0' || stat(to, &st) == 0) {
		err_code(err, "store.exists");
		err_hint(err, "choose a name that is not there yet");
		return err_set(err, RC_INVALID, "there is '%s' already", to);
	}
	if (sqlite_name(to, name, sizeof(name)) != NULL)
		code = sqlite3_open_v2(
			name, out, SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
			NULL);
	(void)chmod(to, S_IRUSR | S_IWUSR);
	/* a copy that is interrupted is thrown away, so it needs no journal; what it is synced by comes at the end */
	if (code == SQLITE_OK)
		code = sqlite3_exec(*out, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF",
				    NULL, NULL, NULL);
	return code == SQLITE_OK
		       ? RC_OK
		       : copy_failed(s, to, code,
				     *out != NULL ? sqlite3_errmsg(*out) : sqlite3_errstr(code),
				     err);
}

/* The source stands still: its read transaction is open, so writers never make the copy begin again. */
static enum rc copy_pages(struct store *s, sqlite3 *db, const char *to,
			  void (*progress)(void *context, int64_t done, int64_t all), void *context,
			  struct err *err)
{
	sqlite3_backup *b = sqlite3_backup_init(db, "main", native_of(s)->db, "main");
	int code = SQLITE_OK, waits = 0;

	if (b == NULL)
		return copy_failed(s, to, sqlite3_errcode(db), sqlite3_errmsg(db), err);
	while (code == SQLITE_OK) {
		code = sqlite3_backup_step(b, COPY_PAGES);
		if (((code & 0xff) == SQLITE_BUSY || (code & 0xff) == SQLITE_LOCKED) &&
		    waits++ < COPY_WAITS_MAX) {
			(void)sqlite3_sleep(COPY_WAIT_MS);
			code = SQLITE_OK;
		}
		if (progress != NULL)
			progress(context, sqlite3_backup_pagecount(b) - sqlite3_backup_remaining(b),
				 sqlite3_backup_pagecount(b));
	}
	int end = sqlite3_backup_finish(b);

	if (code == SQLITE_DONE && end == SQLITE_OK)
		return RC_OK;
	return copy_failed(s, to, code != SQLITE_DONE ? code : end, sqlite3_errmsg(db), err);
}

static enum rc sync_copy(const char *to, struct err *err)
{
	int fd = open(to, O_RDONLY | O_CLOEXEC), failed = 0;

	if (fd < 0 || fsync(fd) != 0)
		failed = errno;
	if (fd >= 0)
		(void)close(fd);
	if (failed != 0)
		return err_set(err, RC_IO, "'%s' could not be synced: %s", to, strerror(failed));
	return sqlite_sync_directory(to, err);
}

enum rc sqlite_copy(struct store *s, struct text to,
		    void (*progress)(void *context, int64_t done, int64_t all), void *context,
		    struct err *err)
{
	char path[4200];
	sqlite3 *db = NULL;

	if (to.n >= sizeof(path))
		return err_set(err, RC_INVALID, "the name of the copy is longer than %zu bytes",
			       sizeof(path) - 1);
	(void)snprintf(path, sizeof(path), "%.*s", TEXT_ARG(to));
	enum rc rc = open_copy(s, path, &db, err);
	bool made = db != NULL && rc != RC_INVALID;

	if (rc == RC_OK)
		rc = store_begin_read(s, err);
	if (rc == RC_OK) {
		rc = copy_pages(s, db, path, progress, context, err);
		store_rollback(s);
	}
	if (sqlite3_close(db) != SQLITE_OK && rc == RC_OK)
		rc = err_set(err, RC_IO, "'%s' could not be closed", path);
	if (rc == RC_OK)
		rc = sync_copy(path, err);
	if (rc != RC_OK && made)
		(void)unlink(path);
	return rc;
}

/* --- scrubbing --- */

enum rc sqlite_scrub(struct store *s, struct err *err)
{
	struct sqlite *q = native_of(s);
	int code = SQLITE_OK;

	/* J24 step 5: the keys' file is small enough to be written anew */
	if (s->kind == STORE_KEYS)
		code = sqlite_exec_own(q, "VACUUM");
	if (code == SQLITE_OK)
		code = sqlite3_wal_checkpoint_v2(q->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL,
						 NULL);
	if (code == SQLITE_OK)
		return RC_OK;
	if ((code & 0xff) == SQLITE_BUSY || (code & 0xff) == SQLITE_LOCKED) {
		err_code(err, "store.locked");
		err_hint(err, "do it again when nobody reads it: until then erased bytes stay in "
			      "its '-wal'");
		return err_set(err, RC_IO, "'%s' is being used by another process", s->path.p);
	}
	return sqlite_fail(s, code, err);
}
