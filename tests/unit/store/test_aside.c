/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Carrying over aside (sqlite_aside.c) on a real disk, whose writes and syncs of the file itself, not of its log, fail on demand where
 * the second thread does them: what was acknowledged is there, the log stays bounded, a failed sync shuts the store (trust.md D3), a
 * full disk does not, and without a second connection all goes on as before.
 */
#include "store_fixture.h"

#include "store/sqlite.h"

#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>

enum { COMMITS = 120, PAGES = 8, IN_BATCH = 3, PAD = 9000 };

/* --- a disk that fails on demand --- */

static struct {
	sqlite3_vfs vfs, *real;
	sqlite3_io_methods methods;
	const sqlite3_io_methods *real_methods;
	pthread_t writer;
	atomic_int sync_code, write_code;                     /* 0: as the disk does */
	atomic_int aside_writes, aside_syncs, aside_unsynced; /* written since its last sync */
	int open_left; /* how many more connections may open the file */
} disk;

static int write_file(sqlite3_file *f, const void *p, int n, sqlite3_int64 at)
{
	bool aside = pthread_equal(pthread_self(), disk.writer) == 0;
	int code = aside ? atomic_load(&disk.write_code) : 0;

	atomic_fetch_add(&disk.aside_writes, aside ? 1 : 0);
	atomic_fetch_add(&disk.aside_unsynced, aside ? 1 : 0);
	return code != 0 ? code : disk.real_methods->xWrite(f, p, n, at);
}

static int sync_file(sqlite3_file *f, int flags)
{
	bool aside = pthread_equal(pthread_self(), disk.writer) == 0;
	int code = aside ? atomic_load(&disk.sync_code) : 0;

	atomic_fetch_add(&disk.aside_syncs, aside ? 1 : 0);
	if (aside)
		atomic_store(&disk.aside_unsynced, 0);
	return code != 0 ? code : disk.real_methods->xSync(f, flags);
}

static int open_file(sqlite3_vfs *vfs, sqlite3_filename name, sqlite3_file *f, int flags,
		     int *out_flags)
{
	bool main_file = (flags & SQLITE_OPEN_MAIN_DB) != 0;
	int code;

	(void)vfs;
	if (main_file && disk.open_left-- <= 0)
		return SQLITE_CANTOPEN;
	code = disk.real->xOpen(disk.real, name, f, flags, out_flags);
	if (code != SQLITE_OK || !main_file)
		return code;
	disk.real_methods = f->pMethods;
	disk.methods = *f->pMethods;
	disk.methods.xWrite = write_file;
	disk.methods.xSync = sync_file;
	f->pMethods = &disk.methods;
	return SQLITE_OK;
}

static void disk_make(void)
{
	disk.writer = pthread_self();
	disk.real = sqlite3_vfs_find(NULL);
	disk.vfs = *disk.real;
	disk.vfs.zName = "failing";
	disk.vfs.pNext = NULL;
	disk.vfs.xOpen = open_file;
	if (sqlite3_vfs_register(&disk.vfs, 1) != SQLITE_OK)
		exit(1);
}

/* --- runs --- */

static const struct {
	const char *name;
	int connections;
	int sync_code, write_code; /* from the middle of the run on */
	bool breaks;
} cases[] = {
	{"a sound disk", 2, 0, 0, false},
	{"no second connection", 1, 0, 0, false},
	{"a sync of the file that fails", 2, SQLITE_IOERR_FSYNC, 0, true},
	{"a write to the file that fails", 2, 0, SQLITE_IOERR_WRITE, true},
	{"no room in the file", 2, 0, SQLITE_FULL, false},
};

static struct hasher *hasher;

struct seen {
	int64_t acknowledged, asked, log_most;
	enum rc rc;
	bool broken;
};

static int64_t log_bytes(const char *name)
{
	char path[FIXTURE_PATH];
	struct stat st;

	(void)snprintf(path, sizeof(path), "%s/%s-wal", scratch, name);
	return stat(path, &st) == 0 ? (int64_t)st.st_size : 0;
}

static struct seen run(size_t c, const char *name)
{
	struct arena *a = arena_new(64 << 20);
	struct seen seen = {.rc = RC_OK};
	struct err err = {.line = 0};
	struct store *s;

	disk.open_left = 1;
	s = workspace_with_log(a, name);
	sqlite_checkpoint_after(s, PAGES);
	disk.open_left = cases[c].connections - 1;
	atomic_store(&disk.aside_writes, 0);
	atomic_store(&disk.aside_syncs, 0);
	atomic_store(&disk.aside_unsynced, 0);
	seen.rc = store_aside_begin(s, a, &err);
	for (int k = 0; k < COMMITS && seen.rc == RC_OK; k++) {
		if (k == COMMITS / 2) {
			atomic_store(&disk.sync_code, cases[c].sync_code);
			atomic_store(&disk.write_code, cases[c].write_code);
		}
		seen.asked = (k + 1) * IN_BATCH;
		seen.rc = append_batch(s, hasher, (int64_t)k * IN_BATCH, IN_BATCH, PAD, &err);
		seen.acknowledged = seen.rc == RC_OK ? seen.asked : seen.acknowledged;
		if (log_bytes(name) > seen.log_most)
			seen.log_most = log_bytes(name);
	}
	if (seen.rc == RC_OK)
		seen.rc = store_aside_end(s, &err);
	seen.broken = store_broken(s);
	store_close(s);
	atomic_store(&disk.sync_code, 0);
	atomic_store(&disk.write_code, 0);
	arena_free(a);
	return seen;
}

static void check_file(const char *name, const struct seen *seen, const char *about)
{
	struct arena *a = arena_new(64 << 20);
	struct err err = {.line = 0};
	struct log_head head = {.id = 0};
	struct buf problems;
	struct store *s;
	enum rc rc = RC_OK;
	bool all = true;

	disk.open_left = 1;
	s = open_as(a, name, STORE_WRITE);
	buf_init(&problems, 4096);
	fine(store_check(s, false, &problems, &err), &err, "the file can be checked");
	is_i64((int64_t)problems.n, 0, "%s: the file is sound", about);
	fine(record_log_of_contract(s, a, text_of("c1"), &head, &err), &err, "its log is read");
	ok(head.edge.size >= seen->acknowledged && head.edge.size <= seen->asked,
	   "%s: what was acknowledged is there", about);
	for (int64_t i = 0; i < head.edge.size; i++) {
		struct uuid id = entry_uuid(i);

		all = all && record_has_id(s, 1, &id, &err, &rc);
	}
	ok(all, "%s: no entry is missing", about);
	buf_free(&problems);
	store_close(s);
	arena_free(a);
}

int main(void)
{
	struct arena *a = arena_new(64 << 20);
	char name[32];

	scratch_make();
	disk_make();
	hasher = hasher_new(a);
	for (size_t c = 0; c < ARRAY_SIZE(cases); c++) {
		(void)snprintf(name, sizeof(name), "w%zu.tenor", c);

		struct seen seen = run(c, name);

		is_i64(seen.broken, cases[c].breaks, "%s: is the store shut?", cases[c].name);
		ok((seen.rc == RC_OK) == !cases[c].breaks, "%s: is it told?", cases[c].name);
		ok((atomic_load(&disk.aside_writes) > 0) == (cases[c].connections == 2),
		   "%s: who carries over", cases[c].name);
		if (cases[c].sync_code == 0 && cases[c].connections == 2 &&
		    cases[c].write_code == 0) {
			ok(atomic_load(&disk.aside_syncs) > 0 &&
				   atomic_load(&disk.aside_unsynced) == 0,
			   "and syncs the file after it: %d times", atomic_load(&disk.aside_syncs));
			/* some 9 pages a commit; eight times PAGES is where the writer waits */
			ok(seen.log_most < (int64_t)12 * PAGES * 4096, "the log stays short: %lld",
			   (long long)seen.log_most);
		}
		check_file(name, &seen, cases[c].name);
	}
	hasher_free(hasher);
	scratch_remove();
	arena_free(a);
	return tap_done();
}
