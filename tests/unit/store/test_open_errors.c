/* SPDX-License-Identifier: Apache-2.0 */
/* Opening what cannot be opened: each case is named precisely, and leaves the file as it was. */
#include "store_fixture.h"

#include "store/schema.h"

#include <sqlite3.h>
#include <sys/wait.h>

enum { PAGE = 4096 };

/* --- making files that are wrong --- */

static void write_bytes(struct arena *a, const char *name, const char *bytes, size_t n)
{
	FILE *f = fopen(scratch_path(a, name).p, "wb");

	if (f == NULL || fwrite(bytes, 1, n, f) != n || fclose(f) != 0)
		exit(1);
}

static void workspace(struct arena *a, const char *name)
{
	store_close(workspace_with_log(a, name));
}

static void sqlite_file(struct arena *a, const char *name, const char *sql)
{
	sqlite3 *db = NULL;

	if (sqlite3_open(scratch_path(a, name).p, &db) != SQLITE_OK ||
	    sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		exit(1);
	(void)sqlite3_close(db);
}

static void damage(struct arena *a, const char *name, long at, size_t n)
{
	FILE *f = fopen(scratch_path(a, name).p, "r+b");

	if (f == NULL || fseek(f, at, SEEK_SET) != 0)
		exit(1);
	for (size_t i = 0; i < n; i++)
		(void)fputc(0xee, f);
	(void)fclose(f);
}

static void make_keys(struct arena *a)
{
	struct err err = {.line = 0};
	struct store *s = NULL;

	must(store_open(a, scratch_path(a, "w.keys"), STORE_KEYS, STORE_CREATE, &s, &err), &err,
	     "keys");
	store_close(s);
}

static void make_all(struct arena *a)
{
	write_bytes(a, "empty.tenor", "", 0);
	write_bytes(a, "text.tenor", "Dear Sir or Madam,\n", 19);
	write_bytes(a, "short.tenor", "SQLi", 4);
	write_bytes(a, "head.tenor", "SQLite format 3\0and then nothing", 32);
	if (mkdir(scratch_path(a, "dir.tenor").p, 0700) != 0 ||
	    mkfifo(scratch_path(a, "pipe.tenor").p, 0600) != 0)
		exit(1);
	sqlite_file(a, "other.tenor", "CREATE TABLE t (x)");
	sqlite_file(a, "wal.tenor", "PRAGMA journal_mode = WAL; CREATE TABLE t (x)");
	workspace(a, "newer.tenor");
	sqlite_file(a, "newer.tenor", "PRAGMA user_version = 9");
	workspace(a, "older.tenor");
	sqlite_file(a, "older.tenor", "PRAGMA user_version = 0");
	workspace(a, "cut.tenor");
	if (truncate(scratch_path(a, "cut.tenor").p, 3 * PAGE) != 0)
		exit(1);
	workspace(a, "cut-page.tenor");
	if (truncate(scratch_path(a, "cut-page.tenor").p, 3 * PAGE + 100) != 0)
		exit(1);
	workspace(a, "cut-head.tenor");
	if (truncate(scratch_path(a, "cut-head.tenor").p, 80) != 0)
		exit(1);
	workspace(a, "bad-page-size.tenor");
	damage(a, "bad-page-size.tenor", 16, 2);
	workspace(a, "bad-schema.tenor");
	damage(a, "bad-schema.tenor", 100, 200);
	make_keys(a);
	workspace(a, "w.tenor");
}

/* --- the table --- */

static const struct {
	const char *name;
	enum store_kind kind;
	enum store_mode mode;
	enum rc rc;
	const char *code;
	const char *says; /* after the name of the scratch directory is taken out */
	const char *hint;
} cases[] = {
	{"none.tenor", STORE_WORKSPACE, STORE_READ, RC_MISSING, "store.missing",
	 "there is no file '/none.tenor'", ""},
	{"none.tenor", STORE_WORKSPACE, STORE_WRITE, RC_MISSING, "store.missing",
	 "there is no file '/none.tenor'", ""},
	{"no/w.tenor", STORE_WORKSPACE, STORE_WRITE, RC_MISSING, "store.missing",
	 "there is no directory '/no'", ""},
	{"no/w.tenor", STORE_WORKSPACE, STORE_CREATE, RC_MISSING, "store.missing",
	 "there is no directory '/no'", ""},
	{"dir.tenor", STORE_WORKSPACE, STORE_READ, RC_INVALID, "store.foreign",
	 "'/dir.tenor' is a directory, not a file of Tenor", "name the file in it"},
	{"dir.tenor", STORE_WORKSPACE, STORE_CREATE, RC_INVALID, "store.foreign",
	 "'/dir.tenor' is a directory, not a file of Tenor", "name the file in it"},
	{"pipe.tenor", STORE_WORKSPACE, STORE_WRITE, RC_INVALID, "store.foreign",
	 "'/pipe.tenor' is not a file", "name a file on a disk"},
	{"empty.tenor", STORE_WORKSPACE, STORE_WRITE, RC_INVALID, "store.foreign",
	 "'/empty.tenor' is empty, not a Tenor workspace",
	 "if making it was interrupted, remove it and make it again"},
	{"empty.tenor", STORE_WORKSPACE, STORE_CREATE, RC_INVALID, "store.exists",
	 "there is '/empty.tenor' already", "it is empty: remove it first"},
	{"w.tenor", STORE_WORKSPACE, STORE_CREATE, RC_INVALID, "store.exists",
	 "there is '/w.tenor' already", "open it, or choose another name"},
	{"text.tenor", STORE_WORKSPACE, STORE_READ, RC_INVALID, "store.foreign",
	 "'/text.tenor' is not a Tenor workspace",
	 "it is no file of SQLite either; is the name right?"},
	{"text.tenor", STORE_WORKSPACE, STORE_WRITE, RC_INVALID, "store.foreign",
	 "'/text.tenor' is not a Tenor workspace",
	 "it is no file of SQLite either; is the name right?"},
	{"short.tenor", STORE_WORKSPACE, STORE_WRITE, RC_INVALID, "store.truncated",
	 "'/short.tenor' is truncated: it has 4 bytes of 100",
	 "restore the last backup: tenor restore DIR"},
	{"head.tenor", STORE_WORKSPACE, STORE_WRITE, RC_INVALID, "store.truncated",
	 "'/head.tenor' is truncated: it has 32 bytes of 100",
	 "restore the last backup: tenor restore DIR"},
	{"other.tenor", STORE_WORKSPACE, STORE_WRITE, RC_INVALID, "store.foreign",
	 "'/other.tenor' is not a Tenor workspace",
	 "it is a file of SQLite that another program made"},
	{"wal.tenor", STORE_WORKSPACE, STORE_READ, RC_INVALID, "store.foreign",
	 "'/wal.tenor' is not a Tenor workspace",
	 "it is a file of SQLite that another program made"},
	{"w.keys", STORE_WORKSPACE, STORE_WRITE, RC_INVALID, "store.foreign",
	 "'/w.keys' is not a Tenor workspace",
	 "it is Tenor's file of keys; the workspace lies beside it"},
	{"w.tenor", STORE_KEYS, STORE_WRITE, RC_INVALID, "store.foreign",
	 "'/w.tenor' is not Tenor's file of keys", "it is a Tenor workspace"},
	{"newer.tenor", STORE_WORKSPACE, STORE_WRITE, RC_INVALID, "store.newer",
	 "'/newer.tenor' was made by a newer Tenor: schema 9, this program knows 8",
	 "update Tenor"},
	{"newer.tenor", STORE_WORKSPACE, STORE_READ, RC_INVALID, "store.newer",
	 "'/newer.tenor' was made by a newer Tenor: schema 9, this program knows 8",
	 "update Tenor"},
	{"newer.tenor", STORE_WORKSPACE, STORE_UPGRADE, RC_INVALID, "store.newer",
	 "'/newer.tenor' was made by a newer Tenor: schema 9, this program knows 8",
	 "update Tenor"},
	{"older.tenor", STORE_WORKSPACE, STORE_WRITE, RC_INVALID, "store.older",
	 "'/older.tenor' was made by an older Tenor: schema 0, this program writes 8",
	 "make a backup, then carry it over with: tenor rebuild --upgrade"},
	{"cut.tenor", STORE_WORKSPACE, STORE_READ, RC_INVALID, "store.truncated", NULL,
	 "restore the last backup: tenor restore DIR"},
	{"cut-page.tenor", STORE_WORKSPACE, STORE_WRITE, RC_INVALID, "store.truncated", NULL,
	 "restore the last backup: tenor restore DIR"},
	{"cut-head.tenor", STORE_WORKSPACE, STORE_WRITE, RC_INVALID, "store.truncated",
	 "'/cut-head.tenor' is truncated: it has 80 bytes of 100",
	 "restore the last backup: tenor restore DIR"},
	{"bad-page-size.tenor", STORE_WORKSPACE, STORE_WRITE, RC_INVALID, "store.damaged", NULL,
	 "restore the last backup: tenor restore DIR"},
	{"bad-schema.tenor", STORE_WORKSPACE, STORE_WRITE, RC_INVALID, "store.damaged", NULL,
	 "restore the last backup: tenor restore DIR"},
	{"", STORE_WORKSPACE, STORE_WRITE, RC_MISSING, "", NULL, NULL},
};

/* Without the scratch directory, so that the table can say it whole. */
static struct text without_scratch(struct arena *a, const char *message)
{
	struct buf out;
	size_t n = strlen(scratch);

	buf_init(&out, ERR_MESSAGE_MAX);
	for (const char *p = message; *p != '\0'; p++) {
		if (strncmp(p, scratch, n) == 0)
			p += n;
		buf_char(&out, *p);
	}
	struct text t = text_copy(a, buf_view(&out));

	buf_free(&out);
	return t;
}

static int64_t size_of(struct arena *a, const char *name)
{
	struct stat st;

	return stat(scratch_path(a, name).p, &st) == 0 ? (int64_t)st.st_size : -1;
}

static void one_case(struct arena *a, size_t i)
{
	struct err err = {.line = 0};
	struct store *s = NULL;
	int64_t before = size_of(a, cases[i].name);
	struct text path = cases[i].name[0] == '\0' ? text_of("") : scratch_path(a, cases[i].name);
	enum rc rc = store_open(a, path, cases[i].kind, cases[i].mode, &s, &err);

	is_i64(rc, cases[i].rc, "'%s' for %d", cases[i].name, (int)cases[i].mode);
	is_text(text_of(err.code), cases[i].code, "its code");
	if (cases[i].says != NULL)
		is_text(without_scratch(a, err.message), cases[i].says, "its message");
	else
		ok(err.message[0] != '\0', "its message: %s", err.message);
	if (cases[i].hint != NULL)
		is_text(text_of(err.hint), cases[i].hint, "its hint");
	ok(s == NULL && size_of(a, cases[i].name) == before, "nothing is opened, made or changed");
}

/* --- who may not --- */

/* Rights mean nothing to root, so a child gives them up; it says by its exit status what it saw. */
static int as_nobody(struct arena *a, const char *name, enum store_mode mode, const char *code)
{
	pid_t child = fork();
	int status = 0;

	if (child == 0) {
		struct err err = {.line = 0};
		struct store *s = NULL;

		if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0))
			_exit(9);
		enum rc rc = store_open(a, scratch_path(a, name), STORE_WORKSPACE, mode, &s, &err);

		if (rc != RC_IO || strcmp(err.code, code) != 0) {
			printf("# %d %s: %s; %s\n", (int)rc, err.code, err.message, err.hint);
			(void)fflush(stdout);
			_exit(1);
		}
		_exit(0);
	}
	if (child < 0 || waitpid(child, &status, 0) != child || !WIFEXITED(status))
		return -1;
	return WEXITSTATUS(status);
}

static void rights(struct arena *a)
{
	workspace(a, "read.tenor");
	(void)chmod(scratch, 0777);
	(void)chmod(scratch_path(a, "read.tenor").p, 0444);
	(void)fflush(stdout);
	is_i64(as_nobody(a, "read.tenor", STORE_WRITE, "store.readonly"), 0,
	       "a file that may only be read, for writing");
	(void)chmod(scratch_path(a, "read.tenor").p, 0666);
	is_i64(size_of(a, "read.tenor-wal"), -1, "which leaves nothing beside it");
	(void)chmod(scratch, 0555);
	is_i64(as_nobody(a, "read.tenor", STORE_WRITE, "store.readonly"), 0,
	       "a directory that may only be read, for writing");
	is_i64(as_nobody(a, "read.tenor", STORE_READ, "store.readonly"), 0,
	       "and for reading, which needs shared memory beside the file");
	is_i64(as_nobody(a, "new.tenor", STORE_CREATE, "store.readonly"), 0,
	       "and for making a file in it");
	(void)chmod(scratch, 0700);
}

/* --- who is in the way --- */

static void locked(struct arena *a)
{
	struct err err = {.line = 0};
	struct store *s = NULL;
	sqlite3 *db = NULL;

	/* another program that holds the whole file, as no Tenor does */
	workspace(a, "locked.tenor");
	if (sqlite3_open(scratch_path(a, "locked.tenor").p, &db) != SQLITE_OK ||
	    sqlite3_exec(db,
			 "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = DELETE;"
			 "BEGIN EXCLUSIVE; CREATE TABLE t (x)",
			 NULL, NULL, NULL) != SQLITE_OK)
		exit(1);
	is_i64(store_open(a, scratch_path(a, "locked.tenor"), STORE_WORKSPACE, STORE_WRITE, &s,
			  &err),
	       RC_IO, "a file that another process holds");
	is_text(text_of(err.code), "store.locked", "its code");
	ok(strstr(err.message, "is being written by another process") != NULL, "its message: %s",
	   err.message);
	(void)sqlite3_close(db);
}

/* A file cut short while its write-ahead log still has frames: SQLite alone would not notice. */
static void cut_with_log(struct arena *a)
{
	struct err err = {.line = 0};
	struct hasher *h = hasher_new(a);
	struct store *s = workspace_with_log(a, "live.tenor"), *other = NULL;

	must(append_batch(s, h, 0, 200, 400, &err), &err, "append");
	must(store_scrub(s, &err), &err, "scrub");
	must(append_batch(s, h, 200, 2, 400, &err), &err, "append");
	if (truncate(scratch_path(a, "live.tenor").p, 10 * PAGE) != 0)
		exit(1);
	is_i64(store_open(a, scratch_path(a, "live.tenor"), STORE_WORKSPACE, STORE_READ, &other,
			  &err),
	       RC_INVALID, "a file cut short beside its write-ahead log");
	is_text(text_of(err.code), "store.truncated", "its code");
	hasher_free(h);
	store_close(s);
}

int main(void)
{
	struct arena *a = arena_new(64 << 20);

	scratch_make();
	make_all(a);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		one_case(a, i);
	rights(a);
	locked(a);
	cut_with_log(a);
	(void)unlink(scratch_path(a, "pipe.tenor").p);
	scratch_remove();
	arena_free(a);
	return tap_done();
}
