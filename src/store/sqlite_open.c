/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Opening a file of SQLite: is it one of ours, whole, of a schema we know, may it be written; then every setting of trust.md D1, each
 * read back after it was set. The file is looked at through SQLite's own handle only: closing another descriptor of it would drop
 * the locks of every connection of this process.
 */
#include "store/sqlite_parts.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum { HEADER_BYTES = 100 };

static const char magic[16] = "SQLite format 3";

/* Each is asked again after it was set: a setting that did not take is an error (D1). */
static const struct {
	const char *set, *get, *want;
} pragmas[] = {
	{"PRAGMA busy_timeout = 5000", "PRAGMA busy_timeout", "5000"},
	{"PRAGMA synchronous = FULL", "PRAGMA synchronous", "2"},
	{"PRAGMA foreign_keys = ON", "PRAGMA foreign_keys", "1"},
	/* so that a conflict clause cannot delete past the triggers */
	{"PRAGMA recursive_triggers = ON", "PRAGMA recursive_triggers", "1"},
	{"PRAGMA cell_size_check = ON", "PRAGMA cell_size_check", "1"},
	{"PRAGMA secure_delete = ON", "PRAGMA secure_delete", "1"},
	{"PRAGMA mmap_size = 0", "PRAGMA mmap_size", "0"},
	{"PRAGMA temp_store = MEMORY", "PRAGMA temp_store", "2"},
	{"PRAGMA cache_size = -32768", "PRAGMA cache_size", "-32768"},
};

static const struct {
	int option, want;
	const char *name;
} options[] = {
	{SQLITE_DBCONFIG_DEFENSIVE, 1, "defensive"},
	{SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, "trusted_schema"},
	{SQLITE_DBCONFIG_DQS_DML, 0, "dqs_dml"},
	{SQLITE_DBCONFIG_DQS_DDL, 0, "dqs_ddl"},
	{SQLITE_DBCONFIG_ENABLE_TRIGGER, 1, "enable_trigger"},
	{SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, "load_extension"},
	{SQLITE_DBCONFIG_WRITABLE_SCHEMA, 0, "writable_schema"},
};

const char *sqlite_name(const char *path, char *out, size_t size)
{
	int n = snprintf(out, size, "%s%s", path[0] == '/' ? "" : "./", path);

	return n > 0 && (size_t)n < size ? out : NULL;
}

static void directory_of(const char *path, char *out, size_t size)
{
	const char *slash = strrchr(path, '/');

	if (slash == NULL)
		(void)snprintf(out, size, ".");
	else
		(void)snprintf(out, size, "%.*s", slash == path ? 1 : (int)(slash - path), path);
}

enum rc sqlite_sync_directory(const char *path, struct err *err)
{
	char directory[NAME_BYTES];
	int fd, failed;

	directory_of(path, directory, sizeof(directory));
	fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return err_set(err, RC_IO, "the directory '%s' cannot be opened: %s", directory,
			       strerror(errno));
	failed = fsync(fd) != 0 ? errno : 0;
	(void)close(fd);
	if (failed != 0)
		return err_set(err, RC_IO, "the directory '%s' could not be synced: %s", directory,
			       strerror(failed));
	return RC_OK;
}

/* --- the read door (P4) --- */

static bool harmless_function(const char *name)
{
	static const char *const list[] = {"count", "max", "min", "sum", "coalesce", "length"};

	for (size_t i = 0; i < ARRAY_SIZE(list); i++)
		if (strcmp(name, list[i]) == 0)
			return true;
	return false;
}

/*
 * What a view is over is for that view alone; the view itself lies in 'temp', as what it is joined to. That there is a scope is no secret
 * (SQLite asks so, without a column and outside of the view, for a table of which only the rows count).
 */
static bool through_view(const struct sqlite *q, const char *table, const char *column,
			 const char *database, const char *inner)
{
	bool in_temp = database != NULL && strcmp(database, "temp") == 0;
	bool of_scope = in_temp && strcmp(table, "scope") == 0;

	if (of_scope)
		return *column == '\0' || sqlite_is_view(inner);
	if (!schema_has_table(q->schema, table))
		return false;
	return sqlite_is_view(inner) || !sqlite_is_view(table) || in_temp;
}

static int read_door(void *context, int action, const char *first, const char *second,
		     const char *database, const char *inner)
{
	const struct sqlite *q = (const struct sqlite *)context;

	if (q->own || action == SQLITE_SELECT)
		return SQLITE_OK;
	if (action == SQLITE_READ && q->scoped)
		return through_view(q, first, second, database, inner) ? SQLITE_OK : SQLITE_DENY;
	if (action == SQLITE_READ)
		return schema_has_table(q->schema, first) ? SQLITE_OK : SQLITE_DENY;
	if (action == SQLITE_FUNCTION)
		return harmless_function(second) ? SQLITE_OK : SQLITE_DENY;
	return SQLITE_DENY;
}

/* --- what is wrong with it --- */

static enum rc not_ours(struct store *s, struct err *err, const char *why, const char *hint)
{
	err_code(err, "store.foreign");
	err_hint(err, "%s", hint);
	return err_set(err, RC_INVALID, "'%s' %s", s->path.p, why);
}

static enum rc truncated(struct store *s, struct err *err, int64_t has, int64_t wants)
{
	err_code(err, "store.truncated");
	err_hint(err, "restore the last backup: tenor restore DIR");
	return err_set(err, RC_INVALID, "'%s' is truncated: it has %lld bytes of %lld", s->path.p,
		       (long long)has, (long long)wants);
}

static enum rc name_looks_wrong(struct store *s, struct err *err)
{
	struct stat st;

	if (s->path.n == 0 || strlen(s->path.p) != s->path.n)
		return err_set(err, RC_MISSING, "an empty name is no file of Tenor");
	if (stat(s->path.p, &st) != 0)
		return RC_OK; /* what it means is said when opening fails */
	if (S_ISDIR(st.st_mode))
		return not_ours(s, err, "is a directory, not a file of Tenor",
				"name the file in it");
	if (!S_ISREG(st.st_mode))
		return not_ours(s, err, "is not a file", "name a file on a disk");
	if (s->mode != STORE_CREATE)
		return RC_OK;
	err_code(err, "store.exists");
	err_hint(err, st.st_size == 0 ? "it is empty: remove it first"
				      : "open it, or choose another name");
	return err_set(err, RC_INVALID, "there is '%s' already", s->path.p);
}

static enum rc cannot_open(struct store *s, int code, struct err *err)
{
	char directory[NAME_BYTES];
	struct stat st;

	directory_of(s->path.p, directory, sizeof(directory));
	if (stat(directory, &st) != 0) {
		err_code(err, "store.missing");
		return err_set(err, RC_MISSING, "there is no directory '%s'", directory);
	}
	if (stat(s->path.p, &st) != 0 && s->mode != STORE_CREATE) {
		err_code(err, "store.missing");
		return err_set(err, RC_MISSING, "there is no file '%s'", s->path.p);
	}
	if (access(directory, W_OK) != 0) {
		err_code(err, "store.readonly");
		err_hint(err, s->mode == STORE_READ
				      ? "copy the file to a directory of yours and read it there"
				      : "its owner, or who may write to it and its directory, can");
		return err_set(err, RC_IO,
			       "the directory '%s' cannot be written, and '%s' needs its "
			       "'-wal' and '-shm' beside it",
			       directory, s->path.p);
	}
	if (stat(s->path.p, &st) == 0 && access(s->path.p, R_OK) != 0)
		return err_set(err, RC_IO, "'%s' cannot be read: %s", s->path.p, strerror(errno));
	return sqlite_fail(s, code, err);
}

static sqlite3_file *file_of(struct sqlite *q)
{
	sqlite3_file *f = NULL;

	if (sqlite3_file_control(q->db, "main", SQLITE_FCNTL_FILE_POINTER, &f) != SQLITE_OK ||
	    f == NULL || f->pMethods == NULL)
		return NULL;
	return f;
}

static uint32_t big_endian(const unsigned char *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

struct header {
	unsigned char b[HEADER_BYTES];
	sqlite3_int64 size;
};

static enum rc read_header(struct store *s, struct header *h, struct err *err)
{
	sqlite3_file *f = file_of(native_of(s));
	int code = SQLITE_CANTOPEN;

	*h = (struct header){.size = 0};
	if (f != NULL)
		code = f->pMethods->xFileSize(f, &h->size);
	if (code == SQLITE_OK && h->size > 0)
		code = f->pMethods->xRead(f, h->b, HEADER_BYTES, 0);
	/* a short file reads as zeros after its end */
	return code == SQLITE_OK || code == SQLITE_IOERR_SHORT_READ ? RC_OK
								    : sqlite_fail(s, code, err);
}

static enum rc id_is_ours(struct store *s, uint32_t id, struct err *err)
{
	const struct sqlite *q = native_of(s);
	char why[80];

	if (id == (uint32_t)q->schema->application_id)
		return RC_OK;
	(void)snprintf(why, sizeof(why), "is not %s", q->schema->what);
	if (id == STORE_KEYS_APPLICATION_ID)
		return not_ours(s, err, why,
				"it is Tenor's file of keys; the workspace lies beside it");
	if (id == STORE_APPLICATION_ID)
		return not_ours(s, err, why, "it is a Tenor workspace");
	return not_ours(s, err, why, "it is a file of SQLite that another program made");
}

static enum rc header_is_ours(struct store *s, const struct header *h, struct err *err)
{
	const struct sqlite *q = native_of(s);
	char why[80];

	if (h->size == 0) {
		(void)snprintf(why, sizeof(why), "is empty, not %s", q->schema->what);
		return not_ours(s, err, why,
				"if making it was interrupted, remove it and make it again");
	}
	size_t same = h->size < (int64_t)sizeof(magic) ? (size_t)h->size : sizeof(magic);

	if (memcmp(h->b, magic, same) != 0) {
		(void)snprintf(why, sizeof(why), "is not %s", q->schema->what);
		return not_ours(s, err, why, "it is no file of SQLite either; is the name right?");
	}
	if (h->size < HEADER_BYTES)
		return truncated(s, err, h->size, HEADER_BYTES);
	return id_is_ours(s, big_endian(h->b + 68), err);
}

/*
 * With a write-ahead log (or, while it is made, a journal) beside it the first page may be half written and is good again only with
 * that: then SQLite reads it first. Without one it is looked at before SQLite touches what may be another program's file.
 */
static bool needs_recovery(struct store *s)
{
	const char *name = sqlite3_db_filename(native_of(s)->db, "main");
	sqlite3_vfs *vfs = sqlite3_vfs_find(NULL);
	int log = 0, journal = 0;

	if (name == NULL || vfs == NULL)
		return false;
	(void)vfs->xAccess(vfs, sqlite3_filename_wal(name), SQLITE_ACCESS_EXISTS, &log);
	(void)vfs->xAccess(vfs, sqlite3_filename_journal(name), SQLITE_ACCESS_EXISTS, &journal);
	return log != 0 || journal != 0;
}

/* Bytes that the file had when its first page was written, or 0 if that page does not say. */
static int64_t bytes_of_header(const struct header *h)
{
	uint32_t page = (uint32_t)h->b[16] << 8 | h->b[17];

	page = page == 1 ? 65536 : page; /* does not fit two bytes */
	if (memcmp(h->b, magic, sizeof(magic)) != 0 || page < 512 || (page & (page - 1)) != 0 ||
	    memcmp(h->b + 24, h->b + 92, 4) != 0)
		return 0;
	return (int64_t)page * (int64_t)big_endian(h->b + 28);
}

/* SQLite said the file is damaged: is it only shorter than its header says? */
static enum rc damaged(struct store *s, int code, struct err *err)
{
	struct header h;
	enum rc rc = read_header(s, &h, err);

	if (rc == RC_OK)
		rc = header_is_ours(s, &h, err);
	if (rc != RC_OK)
		return rc;
	if (h.size < bytes_of_header(&h))
		return truncated(s, err, h.size, bytes_of_header(&h));
	return sqlite_fail(s, code, err);
}

static enum rc pragma_number(struct store *s, const char *sql, int64_t *out, struct err *err)
{
	struct sqlite *q = native_of(s);
	sqlite3_stmt *stmt = NULL;
	int code = sqlite_prepare_own(q, sql, &stmt);

	*out = 0;
	if (code == SQLITE_OK)
		code = sqlite_step_own(q, stmt);
	if (code == SQLITE_ROW)
		*out = sqlite3_column_int64(stmt, 0);
	(void)sqlite3_finalize(stmt);
	return code == SQLITE_ROW || code == SQLITE_DONE ? RC_OK : sqlite_fail(s, code, err);
}

/* As SQLite sees it, with what the log has: the header in the file may be older, or not there yet. */
static enum rc what_is_read_is_ours(struct store *s, struct err *err)
{
	int64_t pages, id = 0;
	enum rc rc = pragma_number(s, "PRAGMA page_count", &pages, err);

	if (rc == RC_OK && pages == 0)
		rc = header_is_ours(s, &(struct header){.size = 0}, err);
	if (rc == RC_OK)
		rc = pragma_number(s, "PRAGMA application_id", &id, err);
	return rc == RC_OK ? id_is_ours(s, (uint32_t)id, err) : rc;
}

/*
 * Pages that the header counts and the file has not must be in the write-ahead log, from which somebody may be carrying them over
 * just now; SQLite itself does not look. The header was read first and the length is read last, so that a file that grows passes.
 */
static enum rc check_length(struct store *s, const struct header *h, struct err *err)
{
	struct sqlite *q = native_of(s);
	sqlite3_file *f = file_of(q), *log = NULL;
	sqlite3_int64 size = 0, log_size = 0;
	int64_t wants = bytes_of_header(h);

	if (f == NULL || wants == 0)
		return RC_OK;
	if (sqlite3_file_control(q->db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log) != SQLITE_OK ||
	    log == NULL || log->pMethods == NULL ||
	    log->pMethods->xFileSize(log, &log_size) != SQLITE_OK)
		log_size = 0;
	int code = f->pMethods->xFileSize(f, &size);

	if (code != SQLITE_OK)
		return sqlite_fail(s, code, err);
	/* what the log can hold, counted generously: its frames have a header each */
	return size + log_size < wants ? truncated(s, err, size, wants) : RC_OK;
}

/* What SQLite takes for damage while it reads the tables may be pages that are gone: that is said, since it is the cause. */
static enum rc rather_cut_short(struct store *s, const struct header *h, enum rc rc,
				struct err *err)
{
	struct err cut = {.line = 0};

	if (rc == RC_OK || strcmp(err->code, "store.damaged") != 0 ||
	    check_length(s, h, &cut) == RC_OK || strcmp(cut.code, "store.truncated") != 0)
		return rc;
	*err = cut;
	return RC_INVALID;
}

/* --- settings --- */

static enum rc did_not_take(struct store *s, const char *what, const char *got, struct err *err)
{
	err_code(err, "store.setting");
	return err_set(err, RC_IO, "'%s': the setting '%s' did not take: it is '%s'", s->path.p,
		       what, got);
}

static enum rc set_pragma(struct store *s, const char *set, const char *get, const char *want,
			  struct err *err)
{
	struct sqlite *q = native_of(s);
	sqlite3_stmt *stmt = NULL;
	char got[24] = "";
	int code = sqlite_exec_own(q, set);

	if (code == SQLITE_OK)
		code = sqlite_prepare_own(q, get, &stmt);
	if (code == SQLITE_OK) {
		code = sqlite_step_own(q, stmt);
		if (code == SQLITE_ROW)
			(void)snprintf(got, sizeof(got), "%s",
				       (const char *)sqlite3_column_text(stmt, 0));
		else if (strcmp(want, "0") == 0 && code == SQLITE_DONE)
			(void)snprintf(got, sizeof(got), "0"); /* a VFS without mmap says nothing */
	}
	(void)sqlite3_finalize(stmt);
	if (code != SQLITE_OK && code != SQLITE_ROW && code != SQLITE_DONE)
		return sqlite_fail(s, code, err);
	return strcmp(got, want) == 0 ? RC_OK : did_not_take(s, set, got, err);
}

static enum rc set_options(struct store *s, struct err *err)
{
	struct sqlite *q = native_of(s);

	if (sqlite3_extended_result_codes(q->db, 1) != SQLITE_OK)
		return did_not_take(s, "extended result codes", "off", err);
	for (size_t i = 0; i < ARRAY_SIZE(options); i++) {
		int got = -1;

		if (sqlite3_db_config(q->db, options[i].option, options[i].want, &got) !=
			    SQLITE_OK ||
		    got != options[i].want)
			return did_not_take(s, options[i].name, got == 0 ? "off" : "on", err);
	}
	if (s->mode == STORE_READ && sqlite3_set_authorizer(q->db, read_door, q) != SQLITE_OK)
		return did_not_take(s, "authorizer", "none", err);
	return RC_OK;
}

static int count_log_pages(void *context, sqlite3 *db, const char *name, int pages)
{
	(void)db;
	(void)name;
	((struct sqlite *)context)->log_pages = pages;
	return SQLITE_OK;
}

static enum rc set_pragmas(struct store *s, struct err *err)
{
	enum rc rc = RC_OK;

	for (size_t i = 0; i < ARRAY_SIZE(pragmas) && rc == RC_OK; i++)
		rc = set_pragma(s, pragmas[i].set, pragmas[i].get, pragmas[i].want, err);
	return rc;
}

/*
 * So small that what was read is still in the processor's caches when its memory is taken for the next. A connection drops what it has
 * whenever another one has written, so a large one would be filled again and again.
 */
enum rc sqlite_read_through(struct store *s, struct err *err)
{
	return set_pragma(s, "PRAGMA cache_size = -1024", "PRAGMA cache_size", "-1024", err);
}

static enum rc keep_own_statements(struct store *s, struct err *err)
{
	struct sqlite *q = native_of(s);
	int code = sqlite_prepare_own(q, "BEGIN IMMEDIATE", &q->begin_write);

	if (code == SQLITE_OK)
		code = sqlite_prepare_own(q, "BEGIN", &q->begin_read);
	if (code == SQLITE_OK)
		code = sqlite_prepare_own(q, "COMMIT", &q->commit);
	return code == SQLITE_OK ? RC_OK : sqlite_fail(s, code, err);
}

/* --- opening --- */

/* A file system that nobody can write needs no locks; then, and only then, SQLite may read without its '-shm'. */
static bool on_read_only_disk(const char *path)
{
	struct statvfs st;

	return statvfs(path, &st) == 0 && (st.f_flag & ST_RDONLY) != 0;
}

static bool as_uri(const char *name, char *out, size_t size)
{
	static const char hex[] = "0123456789ABCDEF";
	size_t n = (size_t)snprintf(out, size, "file:");

	for (const char *p = name; *p != '\0'; p++) {
		unsigned char c = (unsigned char)*p;

		if (n + 16 > size)
			return false;
		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		    c == '/' || c == '.' || c == '-' || c == '_') {
			out[n++] = (char)c;
		} else {
			out[n++] = '%';
			out[n++] = hex[c >> 4];
			out[n++] = hex[c & 15];
		}
	}
	(void)snprintf(out + n, size - n, "?immutable=1");
	return true;
}

static int open_handle(struct store *s)
{
	struct sqlite *q = native_of(s);
	char name[NAME_BYTES], uri[3 * NAME_BYTES];
	int flags = SQLITE_OPEN_NOMUTEX |
		    (s->mode == STORE_READ ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE);

	if (sqlite_name(s->path.p, name, sizeof(name)) == NULL)
		return SQLITE_CANTOPEN;
	if (s->mode == STORE_CREATE)
		flags |= SQLITE_OPEN_CREATE;
	if (s->mode == STORE_READ && on_read_only_disk(name) && as_uri(name, uri, sizeof(uri)))
		return sqlite3_open_v2(uri, &q->db, flags | SQLITE_OPEN_URI, NULL);
	return sqlite3_open_v2(name, &q->db, flags, NULL);
}

static enum rc ready_to_write(struct store *s, struct err *err)
{
	struct sqlite *q = native_of(s);

	if (s->mode == STORE_READ)
		return RC_OK;
	(void)sqlite3_wal_hook(q->db, count_log_pages, q);
	return set_pragma(s, "PRAGMA journal_mode = WAL", "PRAGMA journal_mode", "wal", err);
}

static enum rc known_schema(struct store *s, int version, struct err *err)
{
	struct sqlite *q = native_of(s);

	if (version == q->schema->version)
		return RC_OK;
	if (version > q->schema->version) {
		err_code(err, "store.newer");
		err_hint(err, "update Tenor");
		return err_set(err, RC_INVALID,
			       "'%s' was made by a newer Tenor: schema %d, this program knows %d",
			       s->path.p, version, q->schema->version);
	}
	if (s->mode == STORE_UPGRADE && version >= 1)
		return sqlite_carry(s, err);
	err_code(err, "store.older");
	err_hint(err, "make a backup, then carry it over with: tenor rebuild --upgrade");
	return err_set(err, RC_INVALID,
		       "'%s' was made by an older Tenor: schema %d, this program writes %d",
		       s->path.p, version, q->schema->version);
}

/* The first read of the file by SQLite: most of what can be wrong shows here. */
static enum rc first_read(struct store *s, int *version, struct err *err)
{
	struct sqlite *q = native_of(s);
	int code = sqlite_prepare_own(q, "PRAGMA user_version", &q->version);

	if (code == SQLITE_OK) {
		code = sqlite_step_own(q, q->version);
		if (code == SQLITE_ROW)
			*version = sqlite3_column_int(q->version, 0);
		int after = sqlite3_reset(q->version);

		code = code == SQLITE_ROW ? after : code;
	}
	if (code == SQLITE_OK)
		return RC_OK;
	if ((code & 0xff) == SQLITE_CORRUPT || (code & 0xff) == SQLITE_NOTADB)
		return damaged(s, code, err);
	if ((code & 0xff) == SQLITE_CANTOPEN || (code & 0xff) == SQLITE_READONLY)
		return cannot_open(s, code, err);
	return sqlite_fail(s, code, err);
}

/* Closing carries the write-ahead log over, which is not done to a file that may not be ours. */
static enum rc carry_on_close(struct store *s, bool on, struct err *err)
{
	int got = -1, want = on ? 0 : 1;

	if (sqlite3_db_config(native_of(s)->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, want, &got) !=
		    SQLITE_OK ||
	    got != want)
		return did_not_take(s, "no_ckpt_on_close", got == 0 ? "off" : "on", err);
	return RC_OK;
}

static enum rc open_existing(struct store *s, struct err *err)
{
	struct header h;
	int version = 0;
	enum rc rc = read_header(s, &h, err);

	/* SQLite opens what it may not write for reading, without a word */
	if (rc == RC_OK && s->mode != STORE_READ &&
	    sqlite3_db_readonly(native_of(s)->db, "main") != 0)
		rc = sqlite_fail(s, SQLITE_READONLY, err);
	if (rc == RC_OK && !needs_recovery(s))
		rc = header_is_ours(s, &h, err);
	if (rc == RC_OK)
		rc = carry_on_close(s, false, err);
	if (rc == RC_OK)
		rc = first_read(s, &version, err);
	if (rc == RC_OK)
		rc = what_is_read_is_ours(s, err);
	rc = rather_cut_short(s, &h, rc, err);
	if (rc == RC_OK)
		rc = carry_on_close(s, true, err);
	if (rc == RC_OK)
		rc = check_length(s, &h, err);
	if (rc == RC_OK)
		rc = set_pragmas(s, err);
	if (rc == RC_OK)
		rc = ready_to_write(s, err);
	return rc == RC_OK ? known_schema(s, version, err) : rc;
}

static enum rc create(struct store *s, struct err *err)
{
	struct sqlite *q = native_of(s);
	struct stat st;
	enum rc rc = set_pragmas(s, err);

	/* who hosts the file reads it, nobody else on the machine; its '-wal' and '-shm' get the same mode */
	if (stat(s->path.p, &st) == 0 && st.st_size == 0)
		(void)chmod(s->path.p, S_IRUSR | S_IWUSR);
	/* the tables first and then the write-ahead log: until they are there the file is empty, which is named when opened */
	if (rc == RC_OK)
		rc = sqlite_carry(s, err);
	if (rc == RC_OK)
		rc = ready_to_write(s, err);
	if (rc != RC_OK)
		return rc;
	int code = sqlite_prepare_own(q, "PRAGMA user_version", &q->version);

	if (code != SQLITE_OK)
		return sqlite_fail(s, code, err);
	return stat(s->path.p, &st) == 0 ? sqlite_sync_directory(s->path.p, err) : RC_OK;
}

enum rc sqlite_open(struct store *s, struct err *err)
{
	struct sqlite *q = native_of(s);
	enum rc rc = name_looks_wrong(s, err);

	if (rc != RC_OK)
		return rc;
	q->schema = s->schema;
	q->pid = getpid();
	/* Counting every allocation takes a lock each time, and nobody asks for the count. Heard before SQLite's first use only. */
	(void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	int code = open_handle(s);

	if (code != SQLITE_OK)
		rc = cannot_open(s, code, err);
	if (rc == RC_OK)
		rc = sqlite3_busy_timeout(q->db, BUSY_MS) == SQLITE_OK ? set_options(s, err)
								       : RC_IO;
	if (rc == RC_OK)
		rc = s->mode == STORE_CREATE ? create(s, err) : open_existing(s, err);
	if (rc == RC_OK)
		rc = keep_own_statements(s, err);
	if (rc != RC_OK)
		sqlite_close(s);
	return rc;
}

/*
 * What lies in the write-ahead log goes into the file. sqlite3_close would do it, too, and keep to itself that a sync failed, after
 * which nothing may be acknowledged (D3). Another process that reads or writes has its own turn later; where the disk is full the log
 * stays, and loses nothing.
 */
static void carry_over(struct store *s)
{
	int code = sqlite3_wal_checkpoint_v2(native_of(s)->db, NULL, SQLITE_CHECKPOINT_PASSIVE,
					     NULL, NULL) &
		   0xff;

	if (code == SQLITE_IOERR)
		s->broken = true;
}

void sqlite_close(struct store *s)
{
	struct sqlite *q = native_of(s);
	struct err unsaid = {.line = 0};

	/* whoever wants to hear what failed there ends it before */
	(void)(sqlite_aside_end(s, &unsaid) == RC_OK);
	for (int i = 0; i < SQL_COUNT; i++) {
		assert(!q->statement[i].busy); /* a cursor left open */
		(void)sqlite3_finalize(q->statement[i].stmt);
	}
	(void)sqlite3_finalize(q->begin_write);
	(void)sqlite3_finalize(q->begin_read);
	(void)sqlite3_finalize(q->commit);
	(void)sqlite3_finalize(q->version);
	(void)sqlite3_finalize(q->stamp);
	sqlite_scope_close(q);
	if (q->db != NULL && s->mode != STORE_READ && !s->broken)
		carry_over(s);
	int code = sqlite3_close(q->db);

	assert(code == SQLITE_OK);
	q->db = NULL;
}
