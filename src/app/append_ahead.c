/* SPDX-License-Identifier: Apache-2.0 */
#include "app/append_ahead.h"

#include <assert.h>
#include <pthread.h>

/* How many runs may lie ready: where the machine or the disk makes one thread wait, the other has something to go on with. */
enum { RUNS = 4 };

/* A run of facts, printed together. */
struct run {
	size_t from, n;
	instant recorded_at;
	struct text version;
	struct entry entry; /* what all of them have in common, and the one under work */
	size_t offset[BATCH_FACTS], length[BATCH_FACTS]; /* length 0: not printed */
	struct hash leaf[BATCH_FACTS];
	struct buf bytes;
};

struct ahead {
	struct appending *x; /* its ids of a run are written with the run */
	struct run runs[RUNS];
	const struct run *ready; /* the caller's; NULL: none yet */
	/* the thread's */
	/* the caller reads the log's head again for each batch, so that is not looked at from here */
	struct entry common;
	struct hasher *hasher;
	struct buf body;
	size_t from; /* the first fact that is in no run yet */
	/* of both, under the lock */
	size_t made, taken; /* how many runs were printed, and how many the caller is done with */
	instant now;
	struct text version;
	bool stop;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	pthread_t thread;
	bool begun, threaded;
};

struct ahead *ahead_new(struct appending *x)
{
	struct ahead *a = arena_one(x->ws->arena, struct ahead);

	a->x = x;
	a->common = (struct entry){
		.log = x->log->uuid, .client = x->ws->actor.client, .actor = x->ws->actor.id};
	for (size_t i = 0; i < RUNS; i++)
		buf_init(&a->runs[i].bytes,
			 (size_t)BATCH_FACTS * ENTRY_MAX_BYTES + (size_t)2 * BODY_ROOM);
	buf_init(&a->body, BODY_ROOM);
	a->hasher = hasher_new(x->ws->arena);
	if (pthread_mutex_init(&a->lock, NULL) != 0 || pthread_cond_init(&a->changed, NULL) != 0)
		memory_none();
	return a;
}

/* --- in the thread --- */

static void print_one(struct ahead *a, struct run *r, size_t k)
{
	const struct appending *x = a->x;
	const struct fact *f = &x->set->v[r->from + k];
	struct body_text texts[BODY_TEXTS_MAX];
	struct err err = {.line = 0};
	struct entry *e = &r->entry;
	size_t n_texts = 0, from = r->bytes.n, at = r->from + k - x->from;

	r->length[k] = 0;
	if (!append_is_plain(x, r->from + k))
		return;
	buf_clear(&a->body);
	body_print(x->set, f, x->refs[at], x->ws->actor.client ? PARTY_CLIENT : PARTY_PROVIDER,
		   &a->body, texts, &n_texts);
	assert(n_texts == 0);
	e->id = x->ids[at];
	e->occurred_at = f->occurred_at;
	e->kind = (enum fact_kind)f->kind;
	e->body = buf_view(&a->body);
	if (a->body.full || entry_print(e, &r->bytes, &err) != RC_OK || r->bytes.full) {
		r->bytes.n = from;
		return;
	}
	r->offset[k] = from;
	r->length[k] = r->bytes.n - from;
	r->leaf[k] = merkle_leaf(a->hasher, (struct text){r->bytes.p + from, r->length[k]});
}

/* The next facts, recorded as of `now` under a version. */
static void print_run(struct ahead *a, struct run *r, instant now, struct text version)
{
	struct appending *x = a->x;

	r->from = a->from;
	r->n = x->to - r->from < BATCH_FACTS ? x->to - r->from : BATCH_FACTS;
	r->recorded_at = now;
	r->version = version;
	r->entry = a->common;
	r->entry.recorded_at = now;
	r->entry.contract = version;
	buf_clear(&r->bytes);
	if (x->ids_ahead)
		append_ids(x, r->from, r->n);
	for (size_t k = 0; k < r->n; k++)
		print_one(a, r, k);
	a->from += r->n;
}

static void lock(struct ahead *a)
{
	if (pthread_mutex_lock(&a->lock) != 0)
		assert(false && "a lock of our own is taken once");
}

static void unlock(struct ahead *a)
{
	if (pthread_mutex_unlock(&a->lock) != 0)
		assert(false && "it was taken");
}

static void tell(struct ahead *a)
{
	(void)pthread_cond_signal(&a->changed);
}

static void wait_for_other(struct ahead *a)
{
	(void)pthread_cond_wait(&a->changed, &a->lock);
}

static void *print_runs(void *context)
{
	struct ahead *a = context;

	lock(a);
	while (a->from < a->x->to) {
		while (!a->stop && a->made - a->taken == RUNS)
			wait_for_other(a);
		if (a->stop)
			break;

		struct run *r = &a->runs[a->made % RUNS];
		instant now = a->now;
		struct text version = a->version;

		unlock(a);
		print_run(a, r, now, version);
		lock(a);
		a->made++;
		tell(a);
	}
	unlock(a);
	return NULL;
}

/* --- in the caller's --- */

/* The caller stores the facts before `from` without any help, meanwhile. */
static void begin(struct ahead *a, size_t from, instant now, struct text version)
{
	a->begun = true;
	a->from = from;
	a->now = now;
	a->version = version;
	a->threaded = pthread_create(&a->thread, NULL, print_runs, a) == 0;
}

/* The caller is done with the run that it had. */
static void next_run(struct ahead *a, instant now, struct text version)
{
	lock(a);
	a->taken += a->ready != NULL;
	a->now = now;
	a->version = version;
	tell(a);
	/* No thread to be had: its work is done here. */
	if (!a->threaded) {
		print_run(a, &a->runs[a->made % RUNS], now, version);
		a->made++;
	}
	while (a->made == a->taken)
		wait_for_other(a);
	a->ready = &a->runs[a->taken % RUNS];
	unlock(a);
}

/* Where the facts end that the caller stores without any help. */
static size_t first_end(const struct ahead *a)
{
	return a->x->from + BATCH_FACTS;
}

static bool covers(const struct run *r, size_t i)
{
	return r != NULL && i >= r->from && i - r->from < r->n;
}

bool ahead_entry(struct ahead *a, size_t i, instant since, instant now, struct text version,
		 struct text *bytes, struct hash *leaf, instant *recorded_at)
{
	const struct run *r;

	if (!a->begun)
		begin(a, first_end(a), now, version);
	/* The first fact of a run may have been stored before its turn, because another one names it. */
	while (i >= (a->ready == NULL ? first_end(a) : a->ready->from + a->ready->n))
		next_run(a, now, version);
	r = a->ready;
	if (!covers(r, i))
		return false;
	/* Another process may have recorded something later, or agreed to a version, since it was printed. */
	if (r->length[i - r->from] == 0 || r->recorded_at < since || !text_eq(r->version, version))
		return false;
	*bytes = (struct text){r->bytes.p + r->offset[i - r->from], r->length[i - r->from]};
	*leaf = r->leaf[i - r->from];
	*recorded_at = r->recorded_at;
	return true;
}

instant ahead_clock(const struct ahead *a, instant otherwise)
{
	return a->ready != NULL ? a->ready->recorded_at : otherwise;
}

void ahead_free(struct ahead *a)
{
	if (a->threaded) {
		lock(a);
		a->stop = true;
		tell(a);
		unlock(a);
		if (pthread_join(a->thread, NULL) != 0)
			assert(false && "a thread of our own is joined once");
	}
	(void)pthread_cond_destroy(&a->changed);
	(void)pthread_mutex_destroy(&a->lock);
	for (size_t i = 0; i < RUNS; i++)
		buf_free(&a->runs[i].bytes);
	buf_free(&a->body);
	hasher_free(a->hasher);
}
