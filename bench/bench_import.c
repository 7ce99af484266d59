/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Durable import and what it is measured against, each in a process of its own:
 *
 *   bench_import run IMPORT-WORDS...       `tenor import ...` as the program runs it, with the moment of the last commit of facts
 *   bench_import bare WORKSPACE FILE       the entries of WORKSPACE into FILE by bare SQLite: table (place, bytes)
 *   bench_import unique WORKSPACE FILE     the same with their ids, which must be unique
 *   bench_import rows WORKSPACE FILE       the same with all columns of Tenor's table: log, id, leaf; unique (log, id)
 *
 * Bare: the entries of the first engagement lie in memory; a prepared INSERT an entry, one transaction a batch of 1,000, with every
 * setting of src/store/sqlite_open.c; the clock runs from the first BEGIN until the last COMMIT is on the disk.
 */
#include "app/app.h"
#include "app/zones.h"
#include "entries.h"

#include <inttypes.h>
#include <sqlite3.h>
#include <string.h>

enum { BATCH = 1000 };

/* --- the program --- */

struct marks {
	struct moment read, committed;
	uint64_t facts;
};

/* The import tells of each batch that is on the disk; the first one tells that the files have been read. */
static void mark(void *context, struct text name, uint64_t done, uint64_t all, bool last)
{
	struct marks *m = context;

	if (!text_is(name, "recording"))
		return;
	if (m->facts == 0)
		m->read = moment_now();
	m->facts = all;
	if (last)
		m->committed = moment_now();
	(void)done;
}

static int run_import(int argc, char **argv)
{
	struct moment start = moment_now();
	struct arena *a = arena_new((size_t)16 << 30);
	struct text *words = arena_array(a, struct text, (size_t)argc);
	struct marks marks = {.facts = 0};
	struct app app = {
		.arena = a, .zones = zones_system(a), .progress = mark, .progress_context = &marks};
	struct world world;
	struct args args;
	struct reply reply;
	struct err err = {.line = 0};
	bool help;

	words[0] = text_of("import");
	for (int i = 2; i < argc; i++)
		words[i - 1] = text_of(argv[i]);
	world_system(a, &world);
	app.world = &world;
	if (args_parse(a, words, (size_t)argc - 1, &args, &help, &err) != RC_OK ||
	    app_run(&app, &args, &reply, &err) != RC_OK)
		stop_with("import", &err);

	struct moment end = moment_now();

	printf("facts %" PRIu64 "\n", marks.facts);
	span_print("read", start, marks.read);
	span_print("commit", start, marks.committed);
	span_print("whole", start, end);
	memory_print();
	buf_free(&reply.out);
	buf_free(&reply.notes);
	arena_free(a);
	return reply.status;
}

/* --- bare SQLite --- */

static sqlite3 *db;

static void must(int code)
{
	if (code == SQLITE_OK || code == SQLITE_DONE || code == SQLITE_ROW)
		return;
	fprintf(stderr, "bench_import: sqlite: %s\n", sqlite3_errmsg(db));
	exit(1);
}

static void exec(const char *sql)
{
	must(sqlite3_exec(db, sql, NULL, NULL, NULL));
}

static const struct table {
	const char *name, *create, *insert;
} tables[] = {
	{"bare", "CREATE TABLE entry (place INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT",
	 "INSERT INTO entry (place, bytes) VALUES (?1, ?2)"},
	{"unique",
	 "CREATE TABLE entry (place INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, bytes BLOB NOT "
	 "NULL) STRICT",
	 "INSERT INTO entry (place, bytes, id) VALUES (?1, ?2, ?3)"},
	{"rows",
	 "CREATE TABLE entry (place INTEGER PRIMARY KEY, log INTEGER NOT NULL, id BLOB NOT NULL,"
	 " leaf BLOB NOT NULL, bytes BLOB NOT NULL, UNIQUE (log, id)) STRICT",
	 "INSERT INTO entry (place, bytes, id, log, leaf) VALUES (?1, ?2, ?3, ?4, ?5)"},
};

static void open_bare(const char *file, const struct table *t)
{
	static const char *const settings[] = {
		"PRAGMA busy_timeout = 5000",
		"PRAGMA synchronous = FULL",
		"PRAGMA foreign_keys = ON",
		"PRAGMA recursive_triggers = ON",
		"PRAGMA cell_size_check = ON",
		"PRAGMA secure_delete = ON",
		"PRAGMA mmap_size = 0",
		"PRAGMA temp_store = MEMORY",
		"PRAGMA cache_size = -32768",
		"PRAGMA journal_mode = WAL",
		"PRAGMA wal_autocheckpoint = 1000",
	};

	must(sqlite3_open_v2(
		file, &db, SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL));
	must(sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL));
	must(sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL));
	for (size_t i = 0; i < ARRAY_SIZE(settings); i++)
		exec(settings[i]);
	exec(t->create);
}

static void insert_all(const struct entries *all, const struct table *t)
{
	sqlite3_stmt *insert, *begin, *commit;

	must(sqlite3_prepare_v2(db, "BEGIN IMMEDIATE", -1, &begin, NULL));
	must(sqlite3_prepare_v2(db, "COMMIT", -1, &commit, NULL));
	must(sqlite3_prepare_v2(db, t->insert, -1, &insert, NULL));

	const int columns = sqlite3_bind_parameter_count(insert);

	for (size_t i = 0; i < all->n; i++) {
		const struct stored_entry *e = &all->v[i];

		if (i % BATCH == 0) {
			must(sqlite3_step(begin));
			must(sqlite3_reset(begin));
		}
		must(sqlite3_bind_int64(insert, 1, e->index));
		must(sqlite3_bind_blob64(insert, 2, e->bytes.p, e->bytes.n, SQLITE_STATIC));
		if (columns >= 3)
			must(sqlite3_bind_blob(insert, 3, e->id.b, sizeof(e->id.b), SQLITE_STATIC));
		if (columns >= 5) {
			must(sqlite3_bind_int64(insert, 4, 1));
			must(sqlite3_bind_blob(insert, 5, e->leaf.b, sizeof(e->leaf.b),
					       SQLITE_STATIC));
		}
		must(sqlite3_step(insert));
		must(sqlite3_reset(insert));
		if (i % BATCH == BATCH - 1 || i == all->n - 1) {
			must(sqlite3_step(commit));
			must(sqlite3_reset(commit));
		}
	}
	must(sqlite3_finalize(insert));
	must(sqlite3_finalize(begin));
	must(sqlite3_finalize(commit));
}

static int run_bare(const char *workspace, const char *file, const struct table *t)
{
	struct arena *a = arena_new((size_t)16 << 30);
	struct entries all = entries_read(a, workspace);

	open_bare(file, t);

	struct moment start = moment_now();

	insert_all(&all, t);

	struct moment end = moment_now();

	must(sqlite3_close(db));
	printf("entries %zu\nbytes %" PRIu64 "\n", all.n, all.bytes);
	span_print(t->name, start, end);
	arena_free(a);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc > 2 && strcmp(argv[1], "run") == 0)
		return run_import(argc, argv);
	for (size_t i = 0; argc == 4 && i < ARRAY_SIZE(tables); i++)
		if (strcmp(argv[1], tables[i].name) == 0)
			return run_bare(argv[2], argv[3], &tables[i]);
	fprintf(stderr, "usage: bench_import run WORDS... | bare|unique|rows WORKSPACE FILE\n");
	return 64;
}
