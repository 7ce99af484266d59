/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The read door's scope (trust.md P4): with it the statements of the program see rows of the contracts in it and of no other, and no form
 * of a question reaches the tables behind the views.
 */
#include "store_fixture.h"

#include "store/sqlite_parts.h"

static struct hasher *hasher;

enum { ENTRIES = 3 };

static void add_log(struct store *s, const char *contract, enum log_kind kind, int64_t number)
{
	struct arena *a = arena_new(1 << 20);
	struct err err = {.line = 0};
	struct log_head head = new_log(contract, kind, number), at;
	struct stored_entry v[ENTRIES];
	int64_t id = 0;

	must(store_begin(s, &err), &err, "begin");
	must(record_log_add(s, &head, &id, &err), &err, "log");
	must(record_log_of_id(s, a, id, &at, &err), &err, "its head");
	for (int i = 0; i < ENTRIES; i++)
		v[i] = (struct stored_entry){.id = entry_uuid(100 * number + i),
					     .bytes = entry_text(a, 100 * number + i, 10)};
	must(append_all(s, hasher, &at, v, ENTRIES, INT64_C(1772442000000), &err), &err, "entries");
	must(store_commit(s, &err), &err, "commit");
	arena_free(a);
}

static int64_t one(struct store *s, const char *sql)
{
	sqlite3_stmt *stmt = NULL;
	int64_t n = -1;

	if (sqlite3_prepare_v2(native_of(s)->db, sql, -1, &stmt, NULL) == SQLITE_OK &&
	    sqlite3_step(stmt) == SQLITE_ROW)
		n = sqlite3_column_int64(stmt, 0);
	(void)sqlite3_finalize(stmt);
	return n;
}

static void scope(struct store *s, const char *const *contracts, size_t n, bool all)
{
	struct text v[4];
	struct err err = {.line = 0};

	for (size_t i = 0; i < n; i++)
		v[i] = text_of(contracts[i]);
	fine(store_scope(s, &(struct store_scope){v, n, all}, &err), &err, "a scope is set");
}

static void seen(struct store *s, struct arena *a, int64_t logs, int64_t entries, bool first,
		 bool second, const char *who)
{
	struct err err = {.line = 0};
	struct log_head *v;
	struct stored_entry e;
	size_t n = 0;

	fine(record_logs(s, a, &v, &n, &err), &err, "logs are listed");
	is_i64((int64_t)n, logs, "logs that %s sees", who);
	is_i64(one(s, "SELECT count(*) FROM entry"), entries, "entries that %s sees", who);
	ok((record_entry(s, a, 2, 1, &e, &err) == RC_OK) == first,
	   "%s: an entry of the first contract", who);
	err_clear(&err);
	ok((record_entry(s, a, 3, 1, &e, &err) == RC_OK) == second, "%s: an entry of the second",
	   who);
}

static void scopes(struct arena *a)
{
	static const char *const first[] = {"c1"}, *const both[] = {"c1", "c2"},
				 *const none[] = {"c9"}, *const odd[] = {"c1' OR 1"};
	struct store *s = open_as(a, "scope.tenor", STORE_READ);

	seen(s, a, 4, 12, true, true, "who has no scope (the command line)");
	scope(s, NULL, 0, false);
	seen(s, a, 1, 0, false, false, "nobody");
	scope(s, first, 1, false);
	seen(s, a, 2, 6, true, false, "the first client");
	scope(s, none, 1, false);
	seen(s, a, 1, 3, false, false, "who names a contract that is none");
	scope(s, odd, 1, false);
	seen(s, a, 1, 3, false, false, "who names one in words of SQL");
	scope(s, both, 2, false);
	seen(s, a, 3, 9, true, true, "a program for both");
	scope(s, NULL, 0, true);
	seen(s, a, 4, 12, true, true, "the provider");
	scope(s, NULL, 0, false);
	seen(s, a, 1, 0, false, false, "nobody again: statements outlive a request");
	store_close(s);
}

static const struct {
	const char *sql;
	bool allowed;
} forms[] = {
	{"SELECT count(*) FROM entry", true},
	{"SELECT count(*) FROM temp.entry", true},
	{"SELECT count(*) FROM client", true},
	{"SELECT count(*) FROM main.client", true},
	{"SELECT count(*) FROM main.entry", false},
	{"SELECT 1 FROM main.log", false},
	{"SELECT bytes FROM main.entry AS entry", false},
	{"SELECT (SELECT bytes FROM main.entry) FROM log", false},
	{"SELECT 1 FROM log WHERE EXISTS (SELECT bytes FROM main.entry)", false},
	{"SELECT bytes FROM entry UNION ALL SELECT bytes FROM main.entry", false},
	{"SELECT m.bytes FROM entry AS v JOIN main.entry AS m ON m.place = v.place", false},
	{"WITH mine AS (SELECT * FROM main.entry) SELECT * FROM mine", false},
	{"SELECT * FROM (SELECT * FROM main.slot)", false},
	{"SELECT bytes FROM main.fact_pack", false},
	{"SELECT word FROM main.found_word", false},
	{"SELECT * FROM main.note", false},
	{"SELECT * FROM main.ticket", false},
	{"SELECT log FROM temp.scope", false},
	{"SELECT log FROM scope", false},
	{"INSERT INTO temp.scope VALUES (0, 0, 0)", false},
	{"UPDATE temp.scope SET log = 0", false},
	{"DELETE FROM temp.scope", false},
	{"DROP VIEW temp.entry", false},
	{"CREATE TEMP VIEW mine AS SELECT * FROM main.entry", false},
	{"CREATE TEMP TRIGGER t INSTEAD OF INSERT ON entry BEGIN SELECT 1; END", false},
	{"SELECT * FROM sqlite_temp_schema", false},
	{"SELECT sql FROM temp.sqlite_master", false},
	{"PRAGMA temp.table_info(scope)", false},
	{"SELECT name FROM pragma_table_list", false},
};

static void bypass(struct arena *a)
{
	static const char *const first[] = {"c1"};
	struct store *s = open_as(a, "scope.tenor", STORE_READ);

	scope(s, first, 1, false);
	for (size_t i = 0; i < ARRAY_SIZE(forms); i++) {
		sqlite3_stmt *stmt = NULL;
		int code = sqlite3_prepare_v2(native_of(s)->db, forms[i].sql, -1, &stmt, NULL);

		ok((code == SQLITE_OK) == forms[i].allowed, "behind the views %s: %s",
		   forms[i].allowed ? "comes" : "nobody comes", forms[i].sql);
		(void)sqlite3_finalize(stmt);
	}
	store_close(s);
}

/* Each table that says of a row which log it is of has its view; a table that is new must have one, too. */
static void no_table_left_out(struct arena *a)
{
	struct store *s = open_as(a, "scope.tenor", STORE_WRITE);
	sqlite3_stmt *stmt = NULL;
	int found = 0;

	if (sqlite_prepare_own(native_of(s),
			       "SELECT DISTINCT t.name FROM sqlite_schema AS t JOIN "
			       "pragma_table_info(t.name) AS c"
			       " WHERE t.type = 'table' AND c.name IN ('log', 'place', 'contract') "
			       "AND t.name NOT IN"
			       " ('person', 'work_timer', 'draft')",
			       &stmt) != SQLITE_OK)
		ok(false, "tables are listed");
	for (; sqlite_step_own(native_of(s), stmt) == SQLITE_ROW; found++) {
		const char *name = (const char *)sqlite3_column_text(stmt, 0);

		ok(sqlite_is_view(name), "%s has a view", name);
	}
	(void)sqlite3_finalize(stmt);
	ok(found > 10, "%d tables have rows of a log", found);
	store_close(s);
}

int main(void)
{
	struct arena *a = arena_new(64 << 20);
	struct store *s;

	scratch_make();
	hasher = hasher_new(a);
	s = open_as(a, "scope.tenor", STORE_CREATE);
	add_log(s, "install", LOG_INSTALL, 0);
	add_log(s, "c1", LOG_ENGAGEMENT, 1);
	add_log(s, "c2", LOG_ENGAGEMENT, 2);
	add_log(s, "c3", LOG_ENGAGEMENT, 3);
	store_close(s);
	scopes(a);
	bypass(a);
	no_table_left_out(a);
	hasher_free(hasher);
	scratch_remove();
	arena_free(a);
	return tap_done();
}
