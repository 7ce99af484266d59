/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Carrying over aside: in a run of many commits what they leave in the write-ahead log is copied into the file, and synced there, by a
 * second thread on a connection of its own, while the first writes what comes next. Copying takes a fifth of the time of an import.
 *
 * Nothing is promised less. A commit is durable by the sync of the log, which stays where it was; a failed write or sync of the other
 * thread shuts the store before the next acknowledgement, as if it had happened in the commit (trust.md D3). The log begins anew only
 * when all of it is in the file and nobody writes: the first thread does the last, small part itself. So the log stays near LOG_RUNS
 * times what it may hold otherwise; at WAIT_RUNS times that the first thread waits and does what is left.
 */
#include "store/sqlite_parts.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

/* In multiples of checkpoint_pages: from here on the log should begin anew; and from here on the writer waits for the other thread. */
enum { LOG_RUNS = 4, WAIT_RUNS = 8 };

struct aside {
	sqlite3 *db;
	pthread_t thread;
	bool running;     /* the thread is to be joined */
	atomic_bool done; /* it has said its code */
	int code;
	int begun_at; /* pages of the log when it began last */
	int pages;    /* of the log after the last commit */
};

/* --- in the thread --- */

static void *carry(void *context)
{
	struct aside *a = context;

	a->code = sqlite3_wal_checkpoint_v2(a->db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
	atomic_store(&a->done, true);
	return NULL;
}

/* --- in the writer's --- */

/* Takes the thread's end: waits for it, or only looks whether it has ended. */
static enum rc settle(struct store *s, bool wait, struct err *err)
{
	struct aside *a = native_of(s)->aside;

	if (!a->running || (!wait && !atomic_load(&a->done)))
		return RC_OK;
	if (pthread_join(a->thread, NULL) != 0)
		assert(false && "a thread of our own is joined once");
	a->running = false;
	return sqlite_carried(s, a->db, a->code, err);
}

static void start(struct aside *a, int pages)
{
	a->begun_at = pages;
	atomic_store(&a->done, false);
	a->running = pthread_create(&a->thread, NULL, carry, a) == 0;
}

enum rc sqlite_aside_before_commit(struct store *s, struct err *err)
{
	return native_of(s)->aside == NULL ? RC_OK : settle(s, false, err);
}

enum rc sqlite_aside_after_commit(struct store *s, struct err *err)
{
	struct sqlite *q = native_of(s);
	struct aside *a = q->aside;
	int pages = q->log_pages, run = q->checkpoint_pages;
	enum rc rc;

	a->pages = pages;
	if (pages < a->begun_at)
		a->begun_at = 0;
	bool full = pages >= WAIT_RUNS * run;

	rc = settle(s, full, err);
	if (rc != RC_OK || a->running)
		return rc;
	/* Where one commit is larger than what is small, the writer's part is what the log has. */
	if (full || (pages >= LOG_RUNS * run && pages - a->begun_at < run / 2))
		return sqlite_carry_over(s, err);
	if (pages - a->begun_at < run)
		return RC_OK;
	start(a, pages);
	/* No thread to be had: its work is done here. */
	return a->running ? RC_OK : sqlite_carry_over(s, err);
}

/*
 * Nobody reads: what is left of a log that should begin anew is carried over, and the next commit begins it. Where the thread is still at
 * it that is left to a later time, unless the log is so long that this is waited for: all threads would rest meanwhile.
 */
enum rc sqlite_aside_rest(struct store *s, struct err *err)
{
	struct sqlite *q = native_of(s);
	struct aside *a = q->aside;
	enum rc rc;

	if (a == NULL)
		return RC_OK;
	rc = settle(s, a->pages >= WAIT_RUNS * q->checkpoint_pages, err);
	if (rc != RC_OK || a->running || a->pages < LOG_RUNS * q->checkpoint_pages)
		return rc;
	return sqlite_carry_over(s, err);
}

/*
 * The connection must have read once: before that it does not know that there is a log. It is closed before the other one, which
 * carries over what is left and hears of it if that fails.
 */
static int open_second(struct store *s, sqlite3 **db)
{
	static const char settings[] = "PRAGMA synchronous = FULL; PRAGMA mmap_size = 0;"
				       " PRAGMA wal_autocheckpoint = 0; PRAGMA user_version";
	char name[NAME_BYTES];
	int code;

	if (sqlite_name(s->path.p, name, sizeof(name)) == NULL)
		return SQLITE_CANTOPEN;
	code = sqlite3_open_v2(name, db, SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_READWRITE, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_db_config(*db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	return code == SQLITE_OK ? sqlite3_exec(*db, settings, NULL, NULL, NULL) : code;
}

enum rc sqlite_aside_begin(struct store *s, struct arena *arena, struct err *err)
{
	struct sqlite *q = native_of(s);
	struct aside *a = arena_one(arena, struct aside);
	int code;

	assert(q->aside == NULL && s->mode != STORE_READ && s->transaction == TRANSACTION_NONE);
	code = open_second(s, &a->db);
	if (code == SQLITE_OK) {
		atomic_init(&a->done, false);
		q->aside = a;
		return RC_OK;
	}
	enum rc rc = (code & 0xff) == SQLITE_IOERR ? sqlite_fail_of(s, a->db, code, err) : RC_OK;

	/* Anything else that keeps a second connection away costs time only: commits carry over by themselves. */
	(void)sqlite3_close(a->db);
	return rc;
}

enum rc sqlite_aside_end(struct store *s, struct err *err)
{
	struct sqlite *q = native_of(s);
	struct aside *a = q->aside;
	enum rc rc;
	int code;

	if (a == NULL)
		return RC_OK;
	rc = settle(s, true, err);
	q->aside = NULL;
	code = sqlite3_close(a->db);
	assert(code == SQLITE_OK);
	(void)code;
	return rc;
}
