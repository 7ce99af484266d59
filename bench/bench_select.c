/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What `tenor backtest` is measured against: a bare pass over the entries of a workspace by SQLite, in a process of its own: the file
 * is opened, every row stepped, every column fetched and every byte of it added up. The settings are those of src/store/sqlite_open.c.
 *
 *   bench_select WORKSPACE
 */
#include "entries.h"

#include <inttypes.h>
#include <sqlite3.h>

static uint64_t sum_of(sqlite3_stmt *s, int column)
{
	const unsigned char *p = sqlite3_column_blob(s, column);
	size_t n = (size_t)sqlite3_column_bytes(s, column);
	uint64_t sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += p[i];
	return sum;
}

int main(int argc, char **argv)
{
	static const char *const settings[] = {"PRAGMA cell_size_check = ON",
					       "PRAGMA mmap_size = 0", "PRAGMA temp_store = MEMORY",
					       "PRAGMA cache_size = -32768"};
	struct moment start = moment_now();
	sqlite3 *db;
	sqlite3_stmt *s;
	uint64_t rows = 0, sum = 0;
	int code;

	if (argc != 2) {
		fprintf(stderr, "usage: bench_select WORKSPACE\n");
		return 64;
	}
	code = sqlite3_open_v2(argv[1], &db, SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_READWRITE, NULL);
	for (size_t i = 0; i < ARRAY_SIZE(settings) && code == SQLITE_OK; i++)
		code = sqlite3_exec(db, settings[i], NULL, NULL, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_prepare_v2(
			db, "SELECT place, log, id, leaf, bytes FROM entry ORDER BY place", -1, &s,
			NULL);
	if (code == SQLITE_OK)
		while ((code = sqlite3_step(s)) == SQLITE_ROW) {
			sum += (uint64_t)sqlite3_column_int64(s, 0) +
			       (uint64_t)sqlite3_column_int64(s, 1);
			sum += sum_of(s, 2) + sum_of(s, 3) + sum_of(s, 4);
			rows++;
		}
	if (code != SQLITE_DONE) {
		fprintf(stderr, "bench_select: %s\n", sqlite3_errmsg(db));
		return 1;
	}
	(void)sqlite3_finalize(s);
	(void)sqlite3_close(db);

	struct moment end = moment_now();

	printf("rows %" PRIu64 "\nsum %" PRIu64 "\n", rows, sum);
	span_print("select", start, end);
	memory_print();
	return 0;
}
