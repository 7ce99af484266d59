/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a failing disk does (trust.md D3, R4, R5): call N fails, for every N until a run has no failure left, once and for ever after.
 * A failed write or sync shuts the store and is never retried; a full disk does not. Whatever was acknowledged is there afterwards.
 */
#include "store_fixture.h"
#include "vfs_record.c"

#include "store/sqlite.h"

enum { COMMITS = 10 };

static const char disk_path[] = "/mem/w.tenor";
static struct hasher *hasher;

static const struct {
	const char *name;
	int code; /* 0: an I/O error of the call's own */
	bool ever;
	bool breaks;
} faults[] = {
	{"an I/O error", 0, false, true},
	{"I/O errors from then on", 0, true, true},
	{"a full disk", SQLITE_FULL, false, false},
	{"a disk that stays full", SQLITE_FULL, true, false},
};

struct run {
	int64_t acknowledged; /* entries */
	int64_t asked;
	int kept_going; /* commits after the one that failed */
	const char *wrong;
};

static enum rc one_commit(struct store *s, int k, struct err *err)
{
	/* two of the sizes fill several pages, so that the log is carried over in between */
	return append_batch(s, hasher, k * 3, 3, k % 3 == 0 ? 9000 : 100, err);
}

static void check_broken(struct store *s, struct run *r)
{
	struct err err = {.line = 0};
	struct cursor c;

	if (store_begin(s, &err) == RC_OK || strcmp(err.code, "store.broken") != 0)
		r->wrong = "a broken store begins a transaction";
	else if (store_query(s, SQL_LOGS, NULL, 0, &c, &err) == RC_OK)
		r->wrong = "a broken store is read";
	else if (record_meta_put(s, "a", text_of("b"), &err) == RC_OK)
		r->wrong = "a broken store is written";
	else if (store_scrub(s, &err) == RC_OK)
		r->wrong = "a broken store is scrubbed";
}

static void commits(struct store *s, struct disk *d, size_t fault, struct run *r)
{
	for (int k = 0; k < COMMITS && r->wrong == NULL; k++) {
		struct err err = {.line = 0};
		bool before = d->failed;

		r->asked = (k + 1) * 3;
		enum rc rc = one_commit(s, k, &err);

		if (rc == RC_OK && !before && d->failed_sync && !store_broken(s))
			r->wrong = "a failed sync was passed over";
		if (rc == RC_OK) {
			r->acknowledged = r->asked;
			r->kept_going += before ? 1 : 0;
			continue;
		}
		if (!d->failed)
			r->wrong = "a commit failed without a fault";
		else if (faults[fault].breaks && !store_broken(s))
			r->wrong = "a failed write left the store open";
		else if (store_broken(s))
			check_broken(s, r);
		else if (strcmp(err.code, "disk_full") != 0)
			r->wrong = "a full disk is called something else";
		if (store_broken(s))
			return;
		k--; /* once: the next attempt succeeds; for ever: until the limit of attempts */
		if (faults[fault].ever)
			return;
	}
}

static bool numbers_fit(struct disk *d, struct run *r)
{
	struct arena *a = arena_new(64 << 20);
	struct err err = {.line = 0};
	struct log_head head = {.id = 0};
	struct store *s = NULL;
	struct buf problems;
	enum rc rc = RC_OK;
	bool all = true;

	d->fail_at = 0;
	disk_use(d);
	buf_init(&problems, 4096);
	if (store_open(a, text_of(disk_path), STORE_WORKSPACE, STORE_WRITE, &s, &err) != RC_OK) {
		r->wrong = "the workspace does not open afterwards";
	} else {
		if (store_check(s, false, &problems, &err) != RC_OK || problems.n > 0)
			r->wrong = "the workspace is not sound afterwards";
		if (record_log_of_contract(s, a, text_of("c1"), &head, &err) != RC_OK ||
		    head.edge.size < r->acknowledged || head.edge.size > r->asked)
			r->wrong = "what was acknowledged is not there";
		for (int64_t i = 0; i < head.edge.size; i++) {
			struct uuid id = entry_uuid(i);

			all = all && record_has_id(s, 1, &id, &err, &rc);
		}
		if (!all)
			r->wrong = "an entry is missing";
		if (append_batch(s, hasher, head.edge.size, 1, 10, &err) != RC_OK)
			r->wrong = "the next attempt fails";
		store_close(s);
	}
	if (r->wrong != NULL)
		printf("# %s: %s %.*s\n", r->wrong, err.message, (int)problems.n, problems.p);
	buf_free(&problems);
	arena_free(a);
	return r->wrong == NULL;
}

static void every_call(size_t fault, const struct disk *first)
{
	struct disk *d = disk_new();
	int64_t at = 1, wrong = 0, broke = 0, went_on = 0;
	bool failed = true;

	for (; failed; at++) {
		struct arena *a = arena_new(64 << 20);
		struct err err = {.line = 0};
		struct run r = {.wrong = NULL};
		struct store *s = NULL;

		disk_copy(d, first);
		disk_use(d);
		d->calls = 0;
		d->fail_at = at;
		d->fail_code = faults[fault].code;
		d->fail_ever = faults[fault].ever;
		d->failed = d->failed_sync = false;
		if (store_open(a, text_of(disk_path), STORE_WORKSPACE, STORE_WRITE, &s, &err) ==
		    RC_OK) {
			sqlite_checkpoint_after(s, 8);
			commits(s, d, fault, &r);
			broke += store_broken(s) ? 1 : 0;
			went_on += r.kept_going > 0 ? 1 : 0;
			store_close(s);
		}
		failed = d->failed;
		if (!numbers_fit(d, &r)) {
			note("call %lld", (long long)at);
			wrong++;
		}
		arena_free(a);
	}
	is_i64(wrong, 0, "%s at each of %lld calls", faults[fault].name, (long long)at - 2);
	ok(at > 50, "there are such calls");
	if (faults[fault].breaks)
		ok(broke > 50, "%lld of them shut the store", (long long)broke);
	else if (!faults[fault].ever)
		ok(went_on > 30, "after %lld of them it went on", (long long)went_on);
	disk_free(d);
}

int main(void)
{
	struct arena *a = arena_new(64 << 20);
	struct disk *first = disk_new();
	struct err err = {.line = 0};
	struct log_head head = new_log("c1", LOG_ENGAGEMENT, 0);
	struct store *s = NULL;
	int64_t id = 0;

	disk_register();
	hasher = hasher_new(a);
	disk_use(first);
	must(store_open(a, text_of(disk_path), STORE_WORKSPACE, STORE_CREATE, &s, &err), &err,
	     "create");
	must(store_begin(s, &err), &err, "begin");
	must(record_log_add(s, &head, &id, &err), &err, "log");
	must(store_commit(s, &err), &err, "commit");
	store_close(s);
	for (size_t i = 0; i < ARRAY_SIZE(faults); i++)
		every_call(i, first);
	disk_free(first);
	hasher_free(hasher);
	arena_free(a);
	return tap_done();
}
