/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Carrying a file from schema to schema (trust.md D7), over steps made up here: all of them or none, whether a step fails, the power
 * is cut or a write fails; and a program that is older or newer than the file says so.
 */
#include "store_fixture.h"
#include "vfs_record.c"

#include "store/schema.h"
#include "store/sqlite_parts.h"

#include <stdlib.h>

/* --- a schema in three versions --- */

static const struct schema_step steps[] = {
	{1, "CREATE TABLE meta (key TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL) STRICT"},
	{1, "CREATE TABLE item (id INTEGER PRIMARY KEY, price INTEGER NOT NULL) STRICT"},
	{1, "CREATE TABLE part (item INTEGER NOT NULL REFERENCES item (id), name TEXT NOT NULL) "
	    "STRICT"},
	{2, "ALTER TABLE item ADD COLUMN currency TEXT NOT NULL DEFAULT 'EUR'"},
	{2, "CREATE INDEX part_item ON part (item)"},
	/* a table made anew, which foreign keys would not let happen */
	{3, "CREATE TABLE item_3 (id INTEGER PRIMARY KEY, minor INTEGER NOT NULL, currency TEXT "
	    "NOT NULL) STRICT"},
	{3, "INSERT INTO item_3 SELECT id, price * 100, currency FROM item"},
	{3, "DROP TABLE item"},
	{3, "ALTER TABLE item_3 RENAME TO item"},
	/* test only: fails, or leaves a row that refers to nothing */
	{4, "INSERT INTO item VALUES (1, 2, 'USD')"},
	{5, "DELETE FROM item WHERE id = 2"},
};

enum { STEPS_1 = 3, STEPS_2 = 5, STEPS_3 = 9, STEPS_FAIL = 10 };

static const char *const kept[] = {"meta", "item", "part"};
static const struct derived_table derived_1[] = {
	{"cache", "CREATE TABLE cache (item INTEGER PRIMARY KEY, old INTEGER) STRICT"}};
static const struct derived_table derived_3[] = {
	{"cache", "CREATE TABLE cache (item INTEGER PRIMARY KEY, total INTEGER) STRICT"}};
static const char *const derived_names[] = {"cache"};

static struct schema schema_at(int version, size_t steps_n)
{
	return (struct schema){.version = version,
			       .application_id = STORE_APPLICATION_ID,
			       .what = "a Tenor workspace",
			       .steps = steps,
			       .steps_n = steps_n,
			       .kept = kept,
			       .kept_n = ARRAY_SIZE(kept),
			       .derived = version < 3 ? derived_1 : derived_3,
			       .derived_names = derived_names,
			       .derived_n = 1};
}

static enum rc open_at(struct arena *a, struct text path, const struct schema *schema,
		       enum store_mode mode, struct store **out, struct err *err)
{
	return store_open_schema(a, path, STORE_WORKSPACE, schema, mode, out, err);
}

static int64_t number(struct store *s, const char *sql)
{
	sqlite3_stmt *stmt = NULL;
	int64_t n = -1;

	if (sqlite_prepare_own(native_of(s), sql, &stmt) == SQLITE_OK &&
	    sqlite_step_own(native_of(s), stmt) == SQLITE_ROW)
		n = sqlite3_column_int64(stmt, 0);
	(void)sqlite3_finalize(stmt);
	return n;
}

static const char filling[] = "BEGIN; INSERT INTO item VALUES (1, 10), (2, 20), (3, 30);"
			      "INSERT INTO part VALUES (1, 'a'), (2, 'b'), (2, 'c');"
			      "INSERT INTO cache VALUES (1, 5); COMMIT";

static void make_first(struct arena *a, struct text path)
{
	struct err err = {.line = 0};
	struct schema one = schema_at(1, STEPS_1);
	struct store *s = NULL;

	must(open_at(a, path, &one, STORE_CREATE, &s, &err), &err, "create");
	must(sqlite_exec_own(native_of(s), filling) == SQLITE_OK ? RC_OK : RC_IO, &err, "fill");
	store_close(s);
}

/* Is it whole and as version 1 left it, or as version 3 makes it? 0: neither. */
static int version_of(struct store *s)
{
	bool first = number(s, "PRAGMA user_version") == 1 &&
		     number(s, "SELECT sum(price) FROM item") == 60 &&
		     number(s, "SELECT count(old) FROM cache") == 1 &&
		     number(s, "SELECT count(*) FROM sqlite_schema WHERE name = 'part_item'") == 0;
	bool third = number(s, "PRAGMA user_version") == 3 &&
		     number(s, "SELECT sum(minor) FROM item WHERE currency = 'EUR'") == 6000 &&
		     number(s, "SELECT count(total) FROM cache") == 0 &&
		     number(s, "SELECT count(*) FROM cache") == 0 &&
		     number(s, "SELECT count(*) FROM sqlite_schema WHERE name = 'part_item'") == 1;
	bool parts = number(s, "SELECT count(*) FROM part JOIN item ON item = id") == 3;

	return !parts ? 0 : first ? 1 : third ? 3 : 0;
}

/* --- on a real file --- */

static void upgrade(struct arena *a)
{
	struct err err = {.line = 0};
	struct schema one = schema_at(1, STEPS_1), two = schema_at(2, STEPS_2),
		      three = schema_at(3, STEPS_3);
	struct text path = scratch_path(a, "m.tenor");
	struct store *s = NULL;

	make_first(a, path);
	is_i64(open_at(a, path, &three, STORE_WRITE, &s, &err), RC_INVALID,
	       "an older file for writing");
	is_text(text_of(err.code), "store.older", "code");
	is_i64(open_at(a, path, &three, STORE_READ, &s, &err), RC_INVALID,
	       "an older file for reading");
	must(open_at(a, path, &one, STORE_READ, &s, &err), &err, "the older program");
	is_i64(version_of(s), 1, "nothing was touched");
	store_close(s);

	if (!fine(open_at(a, path, &three, STORE_UPGRADE, &s, &err), &err,
		  "an upgrade over two versions"))
		return;
	is_i64(version_of(s), 3, "all steps taken, the derived table made anew");
	is_i64(number(s, "PRAGMA foreign_keys"), 1, "foreign keys are on again");
	is_i64(number(s, "PRAGMA application_id"), STORE_APPLICATION_ID, "still ours");
	fine(store_begin(s, &err), &err, "and it goes on");
	store_rollback(s);
	store_close(s);
	fine(open_at(a, path, &three, STORE_UPGRADE, &s, &err), &err,
	     "an upgrade of what is new already");
	is_i64(version_of(s), 3, "changes nothing");
	store_close(s);
	is_i64(open_at(a, path, &two, STORE_UPGRADE, &s, &err), RC_INVALID,
	       "an older program refuses (D7)");
	is_text(text_of(err.code), "store.newer", "code");
}

static void failing(struct arena *a, const char *name, int version, size_t steps_n,
		    const char *says)
{
	struct err err = {.line = 0};
	struct schema one = schema_at(1, STEPS_1), bad = schema_at(version, steps_n);
	struct text path = scratch_path(a, name);
	struct store *s = NULL;

	if (version == 5) { /* without the step that fails before it */
		static struct schema_step some[STEPS_3 + 1];

		memcpy(some, steps, STEPS_3 * sizeof(*some));
		some[STEPS_3] = steps[STEPS_FAIL];
		bad.steps = some;
		bad.steps_n = STEPS_3 + 1;
	}
	make_first(a, path);
	is_i64(open_at(a, path, &bad, STORE_UPGRADE, &s, &err), RC_INVALID,
	       "an upgrade to %d fails", version);
	is_text(text_of(err.code), "store.upgrade", "code");
	ok(strstr(err.message, says) != NULL, "it says why: %s", err.message);
	must(open_at(a, path, &one, STORE_WRITE, &s, &err), &err, "the older program");
	is_i64(version_of(s), 1, "and leaves the old schema whole");
	store_close(s);
}

/* --- power cuts and failing writes, on a disk in memory --- */

static const char disk_path[] = "/mem/m.tenor";

static int look(struct arena *a, struct disk *d, struct err *err)
{
	struct schema one = schema_at(1, STEPS_1), three = schema_at(3, STEPS_3);
	struct store *s = NULL;
	int version = 0;

	disk_use(d);
	if (open_at(a, text_of(disk_path), &one, STORE_WRITE, &s, err) == RC_OK ||
	    open_at(a, text_of(disk_path), &three, STORE_WRITE, &s, err) == RC_OK) {
		version = version_of(s);
		store_close(s);
	}
	return version;
}

static void power_cuts(struct arena *a)
{
	struct err err = {.line = 0};
	struct schema three = schema_at(3, STEPS_3);
	struct disk *d = disk_new(), *base = disk_new(), *image = disk_new();
	struct disk_replay r;
	struct store *s = NULL;
	uint64_t seed = 20260302;
	int old = 0, fresh = 0, neither = 0;

	disk_use(d);
	make_first(a, text_of(disk_path));
	disk_copy(base, d);
	disk_record(d, true);
	must(open_at(a, text_of(disk_path), &three, STORE_UPGRADE, &s, &err), &err, "upgrade");
	disk_mark(d, 3);
	store_close(s);
	disk_record(d, false);
	replay_init(&r, d, base);
	for (size_t cut = 0; cut <= d->ops; cut++) {
		replay_to(&r, cut);
		for (int i = 0; i < 20; i++) {
			struct arena *now = arena_new(16 << 20);

			replay_image(&r, &seed, image);
			int version = look(now, image, &err);

			old += version == 1;
			fresh += version == 3;
			if (version == 0 && neither++ == 0)
				note("cut at %zu of %zu: %s", cut, d->ops, err.message);
			arena_free(now);
		}
	}
	is_i64(neither, 0, "a power cut at any moment leaves the old schema or the new one");
	ok(old > 0 && fresh > 0, "%d old, %d new", old, fresh);
	disk_free(d);
	disk_free(base);
	disk_free(image);
}

/* Making a workspace: cut at any moment it is whole, or plainly not made. */
static void cut_creation(struct arena *a)
{
	struct err err = {.line = 0};
	struct disk *d = disk_new(), *base = disk_new(), *image = disk_new();
	struct disk_replay r;
	struct store *s = NULL;
	uint64_t seed = 20260302;
	int whole = 0, none = 0, neither = 0;

	disk_use(d);
	disk_record(d, true);
	must(store_open(a, text_of(disk_path), STORE_WORKSPACE, STORE_CREATE, &s, &err), &err,
	     "create");
	store_close(s);
	disk_record(d, false);
	replay_init(&r, d, base);
	for (size_t cut = 0; cut <= d->ops; cut++) {
		replay_to(&r, cut);
		for (int i = 0; i < 20; i++) {
			struct arena *now = arena_new(16 << 20);
			struct text value = {NULL, 0};

			replay_image(&r, &seed, image);
			disk_use(image);
			err_clear(&err);
			enum rc rc = store_open(now, text_of(disk_path), STORE_WORKSPACE,
						STORE_WRITE, &s, &err);

			if (rc == RC_OK) {
				whole +=
					record_meta(s, now, "provider", &value, &err) == RC_MISSING;
				store_close(s);
			} else if (rc == RC_MISSING || strcmp(err.code, "store.foreign") == 0) {
				none++;
			} else if (neither++ == 0) {
				note("cut at %zu of %zu: %s %s", cut, d->ops, err.code,
				     err.message);
			}
			arena_free(now);
		}
	}
	is_i64(neither, 0, "a workspace cut while it is made is whole, or plainly not made");
	ok(whole > 0 && none > 0, "%d whole, %d not made", whole, none);
	disk_free(d);
	disk_free(base);
	disk_free(image);
}

static void failing_writes(struct arena *a, int code, const char *name)
{
	struct err err = {.line = 0};
	struct schema three = schema_at(3, STEPS_3);
	struct disk *first = disk_new(), *d = disk_new();
	bool failed = true;
	int wrong = 0, runs = 0;

	disk_use(first);
	make_first(a, text_of(disk_path));
	for (int64_t at = 1; failed; at++, runs++) {
		struct arena *now = arena_new(16 << 20);
		struct store *s = NULL;

		disk_copy(d, first);
		disk_use(d);
		d->calls = 0;
		d->fail_at = at;
		d->fail_code = code;
		d->failed = false;
		enum rc rc = open_at(now, text_of(disk_path), &three, STORE_UPGRADE, &s, &err);

		failed = d->failed;
		if (rc == RC_OK)
			store_close(s);
		failed = d->failed;
		d->fail_at = 0;
		int version = look(now, d, &err);

		if (version == 0 || (rc == RC_OK && version != 3)) {
			wrong++;
			note("call %lld: %d, version %d", (long long)at, (int)rc, version);
		}
		arena_free(now);
	}
	is_i64(wrong, 0, "%s at any of %d calls leaves the old schema or the new one", name, runs);
	ok(runs > 10, "and there were such calls");
	disk_free(d);
	disk_free(first);
}

int main(void)
{
	struct arena *a = arena_new(64 << 20);

	scratch_make();
	upgrade(a);
	failing(a, "fail.tenor", 4, STEPS_FAIL,
		"from schema 1 to 4 failed: UNIQUE constraint failed");
	failing(a, "orphan.tenor", 5, 0, "would leave 2 rows without what they refer to");
	disk_register();
	power_cuts(a);
	cut_creation(a);
	failing_writes(a, 0, "a failing write");
	failing_writes(a, SQLITE_FULL, "a full disk");
	arena_free(a);
	scratch_remove();
	return tap_done();
}
