/* SPDX-License-Identifier: Apache-2.0 */
/* The store itself: settings, what triggers and the read door refuse, transactions, cursors, scrubbing, checking (trust.md D1, P4). */
#include "store_fixture.h"

#include "store/sqlite_parts.h"

static struct hasher *hasher;

/* --- every statement of the table fits the schema of its file --- */

static void statements_fit(struct arena *a)
{
	struct err err = {.line = 0};
	struct buf why;

	buf_init(&why, 4096);
	for (int kind = STORE_WORKSPACE; kind <= STORE_KEYS; kind++) {
		struct store *s = NULL;
		int fit = 0, all = 0;

		must(store_open(a, scratch_path(a, kind == STORE_KEYS ? "fit.keys" : "fit.tenor"),
				(enum store_kind)kind, STORE_CREATE, &s, &err),
		     &err, "create");
		for (int q = 0; q < SQL_COUNT; q++) {
			if (!sqlite_statement_is_of((enum statement)q, (enum store_kind)kind))
				continue;
			all++;
			fit += sqlite_prepares(s, (enum statement)q, &why) ? 1 : 0;
		}
		ok(all > 1 && fit == all, "%d of %d statements of file %d fit its schema", fit, all,
		   kind);
		if (why.n > 0)
			note("%.*s", (int)why.n, why.p);
		store_close(s);
	}
	buf_free(&why);
}

/* --- settings --- */

static const struct {
	const char *pragma, *want;
} settings[] = {
	{"journal_mode", "wal"},  {"synchronous", "2"},        {"foreign_keys", "1"},
	{"cell_size_check", "1"}, {"secure_delete", "1"},      {"mmap_size", "0"},
	{"temp_store", "2"},      {"busy_timeout", "5000"},    {"application_id", "1414418993"},
	{"user_version", "8"},    {"recursive_triggers", "1"}, {"trusted_schema", "0"},
};

static void settings_took(struct arena *a)
{
	struct store *s = open_as(a, "s.tenor", STORE_WRITE);

	for (size_t i = 0; i < ARRAY_SIZE(settings); i++) {
		sqlite3_stmt *stmt = NULL;
		struct text sql = text_format(a, "PRAGMA %s", settings[i].pragma);
		bool row = sqlite_prepare_own(native_of(s), sql.p, &stmt) == SQLITE_OK &&
			   sqlite3_step(stmt) == SQLITE_ROW;

		is_text(text_of(row ? (const char *)sqlite3_column_text(stmt, 0) : "no row"),
			settings[i].want, "setting %s", settings[i].pragma);
		(void)sqlite3_finalize(stmt);
	}
	store_close(s);
}

/* --- what no SQL may do to the record, whoever writes it --- */

static const struct {
	const char *sql;
	int code;
} refused[] = {
	{"UPDATE entry SET leaf = zeroblob(32)", SQLITE_CONSTRAINT_TRIGGER},
	{"UPDATE entry SET place = place + 1", SQLITE_CONSTRAINT_TRIGGER},
	{"DELETE FROM entry", SQLITE_CONSTRAINT_TRIGGER},
	{"INSERT OR REPLACE INTO entry SELECT * FROM entry LIMIT 1", SQLITE_CONSTRAINT_TRIGGER},
	{"UPDATE blob SET bytes = x'00'", SQLITE_CONSTRAINT_TRIGGER},
	{"DELETE FROM blob", SQLITE_CONSTRAINT_TRIGGER},
	{"UPDATE checkpoint SET root = zeroblob(32)", SQLITE_CONSTRAINT_TRIGGER},
	{"UPDATE checkpoint SET size = size + 1", SQLITE_CONSTRAINT_TRIGGER},
	{"DELETE FROM checkpoint", SQLITE_CONSTRAINT_TRIGGER},
	{"UPDATE log SET size = size - 1", SQLITE_CONSTRAINT_TRIGGER},
	{"UPDATE log SET uuid = zeroblob(16)", SQLITE_CONSTRAINT_TRIGGER},
	{"UPDATE log SET origin = 'x'", SQLITE_CONSTRAINT_TRIGGER},
	{"DELETE FROM log", SQLITE_CONSTRAINT_TRIGGER},
	{"UPDATE slot SET cipher = x'00'", SQLITE_CONSTRAINT_TRIGGER},
	{"INSERT INTO entry VALUES ((1 << 40) + 77, 2, zeroblob(16), zeroblob(32), x'00')",
	 SQLITE_CONSTRAINT_CHECK},
	{"INSERT INTO entry VALUES ((1 << 40) + 77, 1, zeroblob(15), zeroblob(32), x'00')",
	 SQLITE_CONSTRAINT_CHECK},
	{"INSERT INTO entry VALUES ((1 << 40) + 77, 1, zeroblob(16), zeroblob(31), x'00')",
	 SQLITE_CONSTRAINT_CHECK},
	{"INSERT INTO entry VALUES ((1 << 40) + 77, 1, zeroblob(16), zeroblob(32), "
	 "zeroblob(65536))",
	 SQLITE_CONSTRAINT_CHECK},
	{"INSERT INTO entry VALUES ((1 << 40) + 77, 1, 'text', zeroblob(32), x'00')",
	 SQLITE_CONSTRAINT_DATATYPE},
	{"INSERT INTO entry VALUES ((9 << 40) + 77, 9, zeroblob(16), zeroblob(32), x'00')",
	 SQLITE_CONSTRAINT_FOREIGNKEY},
	{"PRAGMA writable_schema = ON; DELETE FROM sqlite_master", SQLITE_ERROR},
	{"SELECT \"no such column\"", SQLITE_ERROR},
	{"SELECT load_extension('x')", SQLITE_ERROR},
};

static void fill_a_little(struct arena *a, struct store *s)
{
	struct err err = {.line = 0};
	struct hash h = {{1}};
	struct stored_checkpoint k = {.size = 3, .root = h, .note = text_of("note"), .made_at = 5};
	char nonce[24] = {0};
	struct stored_slot slot = {.id = entry_uuid(0),
				   .name = text_of("text"),
				   .subject = text_of("s_1"),
				   .nonce = {nonce, sizeof(nonce)},
				   .cipher = text_of("sealed words of one person")};

	must(append_batch(s, hasher, 0, 3, 300, &err), &err, "append");
	must(store_begin(s, &err), &err, "begin");
	must(record_blob_put(s, &h, text_of("version"), text_of("bytes"), &err), &err, "blob");
	must(record_checkpoint_put(s, 1, &k, &err), &err, "checkpoint");
	must(record_slot_put(s, 1, &slot, &err), &err, "slot");
	must(record_pack_put(s, 1, 0, text_of("pack"), &err), &err, "pack");
	must(record_mark(s, 1, 7, 2, &err), &err, "mark");
	must(store_commit(s, &err), &err, "commit");
	(void)a;
}

static void triggers_refuse(struct arena *a)
{
	struct store *s = open_as(a, "s.tenor", STORE_WRITE);

	fill_a_little(a, s);
	for (size_t i = 0; i < ARRAY_SIZE(refused); i++) {
		int code = sqlite3_exec(native_of(s)->db, refused[i].sql, NULL, NULL, NULL);

		is_i64(code, refused[i].code, "refused: %s", refused[i].sql);
	}
	store_close(s);
}

/* --- the read door --- */

static const struct {
	const char *sql;
	bool allowed;
} door[] = {
	{"SELECT count(*) FROM entry", true},
	{"SELECT max(id), length(origin) FROM log", true},
	{"SELECT bytes FROM fact_pack", true},
	{"SELECT * FROM sqlite_master", false},
	{"SELECT * FROM sqlite_schema", false},
	{"PRAGMA user_version", false},
	{"PRAGMA table_info(meta)", false},
	{"SELECT * FROM pragma_table_info('meta')", false},
	{"ATTACH ':memory:' AS x", false},
	{"DETACH main", false},
	{"INSERT INTO meta VALUES ('a', 'b')", false},
	{"UPDATE meta SET value = 'x'", false},
	{"DELETE FROM slot", false},
	{"CREATE TEMP TABLE t (x)", false},
	{"CREATE TEMP VIEW v AS SELECT 1", false},
	{"DROP TABLE mark", false},
	{"ALTER TABLE meta RENAME TO m", false},
	{"VACUUM", false},
	{"ANALYZE", false},
	{"REINDEX", false},
	{"SAVEPOINT x", false},
	{"SELECT randomblob(4)", false},
	{"SELECT hex(bytes) FROM entry", false},
	{"SELECT load_extension('x')", false},
	{"WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x FROM n", false},
};

static void read_door(struct arena *a)
{
	struct text bytes;
	struct err err = {.line = 0};
	struct store *s = open_as(a, "s.tenor", STORE_READ);
	struct buf problems;
	int64_t n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(door); i++) {
		sqlite3_stmt *stmt = NULL;
		int code = sqlite3_prepare_v2(native_of(s)->db, door[i].sql, -1, &stmt, NULL);
		/* VACUUM only fails when it runs: the file is open for reading */
		int after = code == SQLITE_OK ? sqlite3_step(stmt) : code;

		ok((code == SQLITE_OK && (after == SQLITE_ROW || after == SQLITE_DONE)) ==
			   door[i].allowed,
		   "read door %s: %s", door[i].allowed ? "opens" : "is shut", door[i].sql);
		(void)sqlite3_finalize(stmt);
	}
	fine(store_begin_read(s, &err), &err, "a reader's transaction passes");
	fine(record_pack_last(s, a, 1, &n, &bytes, &err), &err, "and its statements");
	store_rollback(s);
	buf_init(&problems, 4096);
	fine(store_check(s, false, &problems, &err), &err, "and the check of the file");
	is_i64((int64_t)problems.n, 0, "which is sound");
	buf_free(&problems);
	store_close(s);
}

/* --- transactions --- */

static void transactions(struct arena *a)
{
	struct err err = {.line = 0};
	struct store *one = open_as(a, "s.tenor", STORE_WRITE);
	struct store *two = open_as(a, "s.tenor", STORE_WRITE);
	struct text value = {NULL, 0};

	must(store_begin(one, &err), &err, "begin");
	ok(store_in_transaction(one), "one is in a transaction");
	must(record_meta_put(one, "provider", text_of("first"), &err), &err, "put");
	must(sqlite_exec_own(native_of(two), "PRAGMA busy_timeout = 20") == 0 ? RC_OK : RC_IO, &err,
	     "timeout");
	ok(store_begin(two, &err) == RC_IO && !store_in_transaction(two),
	   "a second writer waits, then is told");
	ok(strstr(err.message, "is being written by another process") != NULL, "why: %s",
	   err.message);
	is_text(text_of(err.code), "store.locked", "code");
	ok(!store_broken(two), "and is not broken by it");
	must(store_begin_read(two, &err), &err, "begin_read");
	must(store_commit(one, &err), &err, "commit");
	is_i64(record_meta(two, a, "provider", &value, &err), RC_MISSING,
	       "a reader keeps the moment it began with");
	store_rollback(two);
	fine(record_meta(two, a, "provider", &value, &err), &err, "and sees the next one after");
	is_text(value, "first", "as it was written");

	must(store_begin(two, &err), &err, "begin");
	must(record_meta_put(two, "provider", text_of("second"), &err), &err, "put");
	store_rollback(two);
	must(record_meta(two, a, "provider", &value, &err), &err, "meta");
	is_text(value, "first", "rolled back");
	fine(record_meta_put(two, "provider", text_of("alone"), &err), &err,
	     "a write alone is its own transaction");
	must(record_meta(one, a, "provider", &value, &err), &err, "meta");
	is_text(value, "alone", "and the other one sees it");
	must(store_begin(two, &err), &err, "begin");
	must(record_meta_put(two, "provider", text_of("lost"), &err), &err, "put");
	store_close(two);
	must(record_meta(one, a, "provider", &value, &err), &err, "meta");
	is_text(value, "alone", "closing undoes what was not committed");
	store_close(one);
}

static void changed_under_us(struct arena *a)
{
	struct err err = {.line = 0};
	struct store *s = open_as(a, "changed.tenor", STORE_CREATE);
	sqlite3 *db = NULL;

	must(sqlite3_open(scratch_path(a, "changed.tenor").p, &db) == 0 ? RC_OK : RC_IO, &err,
	     "open");
	must(sqlite3_exec(db, "PRAGMA user_version = 9", NULL, NULL, NULL) == 0 ? RC_OK : RC_IO,
	     &err, "raise");
	is_i64(store_begin(s, &err), RC_INVALID, "an upgrade by another process is noticed");
	is_text(text_of(err.code), "store.changed", "code");
	(void)sqlite3_close(db);
	store_close(s);
}

/* --- cursors --- */

static void cursors(struct arena *a)
{
	struct err err = {.line = 0};
	struct store *s = open_as(a, "s.tenor", STORE_WRITE);
	struct bind binds[] = {BIND_I(INT64_C(1) << 40), BIND_I(INT64_C(2) << 40)};
	struct cursor outer, inner;
	bool row = false, inner_row = false;
	int pairs = 0;

	must(store_query(s, SQL_LEAVES, binds, 2, &outer, &err), &err, "outer");
	while (store_next(&outer, &row, &err) == RC_OK && row) {
		must(store_query(s, SQL_LEAVES, binds, 2, &inner, &err), &err, "inner");
		while (store_next(&inner, &inner_row, &err) == RC_OK && inner_row)
			pairs += cursor_int(&inner, 0) >= cursor_int(&outer, 0) ? 1 : 0;
	}
	is_i64(pairs, 6, "a statement within itself: 3 rows give 6 ordered pairs");
	ok(outer.done && inner.done, "both are closed at their end");
	must(store_next(&outer, &row, &err), &err, "next");
	ok(!row, "after the end there is no row");
	cursor_close(&outer);

	must(store_query(s, SQL_LEAVES, binds, 2, &outer, &err), &err, "left");
	must(store_next(&outer, &row, &err), &err, "next");
	cursor_close(&outer);
	cursor_close(&outer);
	ok(outer.done, "a cursor may be closed before its end, and twice");
	store_close(s);
}

/* --- how long a statement may work (trust.md X5) --- */

static void limited(struct arena *a)
{
	enum { MANY = 12000 };
	struct err err = {.line = 0};
	struct store *s = workspace_with_log(a, "slow.tenor");
	struct bind log = BIND_I(1);
	struct cursor c;
	bool row = false;

	must(append_batch(s, hasher, 1, MANY, 8, &err), &err, "many entries");
	must(store_one(s, SQL_ENTRY_COUNT, &log, 1, &c, &row, &err), &err, "count");
	is_i64(cursor_int(&c, 0), MANY, "without a limit a count takes the time it takes");
	cursor_close(&c);
	/* the first look at the clock is too late already */
	store_limit(s, -1);
	ok(store_one(s, SQL_ENTRY_COUNT, &log, 1, &c, &row, &err) == RC_IO &&
		   strcmp(err.code, "store.slow") == 0,
	   "a statement beyond its limit is given up: %s", err.code);
	ok(!store_broken(s), "and nothing is broken by it");
	err_clear(&err);
	store_limit(s, 60000);
	must(store_one(s, SQL_ENTRY_COUNT, &log, 1, &c, &row, &err), &err, "count");
	is_i64(cursor_int(&c, 0), MANY, "within its limit it answers");
	cursor_close(&c);
	fine(append_batch(s, hasher, MANY + 1, 3, 8, &err), &err,
	     "and the next transaction writes");
	store_close(s);
}

/* --- derived tables, scrubbing --- */

static bool file_has(struct arena *a, const char *name, const char *needle)
{
	FILE *f = fopen(scratch_path(a, name).p, "rb");
	static char bytes[4 << 20];
	size_t n;

	if (f == NULL)
		return false;
	n = fread(bytes, 1, sizeof(bytes), f);
	(void)fclose(f);
	return text_has((struct text){bytes, n}, text_of(needle));
}

static void derived(struct arena *a)
{
	struct err err = {.line = 0};
	struct store *s = open_as(a, "s.tenor", STORE_WRITE);
	int64_t n = -1, *marks = NULL;
	struct text bytes;
	size_t marks_n = 99, tables = 0;

	must(record_pack_last(s, a, 1, &n, &bytes, &err), &err, "last");
	is_i64(n, 0, "a pack before");
	must(store_begin(s, &err), &err, "begin");
	fine(store_drop_derived(s, &err), &err, "derived tables are made anew");
	must(store_commit(s, &err), &err, "commit");
	must(record_pack_last(s, a, 1, &n, &bytes, &err), &err, "last");
	is_i64(n, -1, "no pack after");
	must(record_marks(s, a, 1, 7, &marks, &marks_n, &err), &err, "marks");
	is_i64((int64_t)marks_n, 0, "no mark after");
	fine(record_pack_put(s, 1, 0, text_of("again"), &err), &err, "kept statements go on");
	is_text(text_of(store_tables(STORE_WORKSPACE, true, &tables)[0]), "mark", "names");
	is_i64((int64_t)tables, 13, "of derived tables");
	(void)store_tables(STORE_WORKSPACE, false, &tables);
	is_i64((int64_t)tables, 31, "and of kept ones");
	store_close(s);
}

static void scrubbing(struct arena *a)
{
	struct err err = {.line = 0};
	struct store *s = open_as(a, "s.tenor", STORE_WRITE);
	const char *secret = "sealed words of one person";
	int64_t n = 0;

	ok(file_has(a, "s.tenor", secret) || file_has(a, "s.tenor-wal", secret),
	   "before erasing the bytes are there");
	fine(record_slots_erase(s, text_of("s_1"), &n, &err), &err, "erase");
	is_i64(n, 1, "one slot");
	fine(store_scrub(s, &err), &err, "scrub");
	ok(!file_has(a, "s.tenor", secret), "not in the file");
	ok(!file_has(a, "s.tenor-wal", secret), "not in the write-ahead log");

	struct store *reader = open_as(a, "s.tenor", STORE_READ);

	must(store_begin_read(reader, &err), &err, "begin_read");
	must(record_meta_put(s, "k", text_of("v"), &err), &err, "put");
	must(sqlite_exec_own(native_of(s), "PRAGMA busy_timeout = 20") == 0 ? RC_OK : RC_IO, &err,
	     "timeout");
	is_i64(store_scrub(s, &err), RC_IO, "a reader in the way is named");
	is_text(text_of(err.code), "store.locked", "code");
	store_close(reader);
	fine(store_scrub(s, &err), &err, "and after it scrubbing works");
	store_close(s);
}

static void checking(struct arena *a)
{
	struct err err = {.line = 0};
	struct store *s = workspace_with_log(a, "check.tenor");
	struct buf problems;

	must(append_batch(s, hasher, 0, 1000, 400, &err), &err, "append");
	store_close(s);
	FILE *f = fopen(scratch_path(a, "check.tenor").p, "r+b");

	for (long page = 100; f != NULL && page < 104; page++) {
		(void)fseek(f, page * 4096 + 3, SEEK_SET);
		(void)fwrite("\xff\xff\xff", 1, 3, f);
	}
	if (f != NULL)
		(void)fclose(f);
	buf_init(&problems, 1 << 16);
	s = open_as(a, "check.tenor", STORE_READ);
	fine(store_check(s, false, &problems, &err), &err, "a damaged file can be checked");
	ok(problems.n > 0, "and what is wrong is told");
	store_close(s);
	buf_free(&problems);
}

int main(void)
{
	struct arena *a = arena_new(256 << 20);

	scratch_make();
	hasher = hasher_new(a);
	statements_fit(a);
	store_close(workspace_with_log(a, "s.tenor"));
	settings_took(a);
	triggers_refuse(a);
	read_door(a);
	transactions(a);
	changed_under_us(a);
	cursors(a);
	limited(a);
	derived(a);
	scrubbing(a);
	checking(a);
	hasher_free(hasher);
	arena_free(a);
	scratch_remove();
	return tap_done();
}
