/* SPDX-License-Identifier: Apache-2.0 */
#include "app/append_ahead.h"

#include <assert.h>
#include <pthread.h>

/* A run of facts, printed together. */
struct run {
	size_t from, n;
	instant recorded_at;
	struct text version;
	struct entry entry; /* what all of them have in common, and the one under work */
	size_t offset[BATCH_FACTS], length[BATCH_FACTS]; /* length 0: not printed */
	struct hash leaf[BATCH_FACTS];
	struct buf bytes, body;
};

struct ahead {
	const struct appending *x;
	struct run runs[2];
	struct run *ready, *making; /* NULL: none */
	struct hasher *hasher;      /* the thread's */
	pthread_t thread;
	bool threaded; /* it runs */
};

struct ahead *ahead_new(struct appending *x)
{
	struct ahead *a = arena_one(x->ws->arena, struct ahead);

	a->x = x;
	for (size_t i = 0; i < ARRAY_SIZE(a->runs); i++) {
		buf_init(&a->runs[i].bytes, (size_t)BATCH_FACTS * ENTRY_MAX_BYTES + (size_t)2 * BODY_ROOM);
		buf_init(&a->runs[i].body, BODY_ROOM);
	}
	a->hasher = hasher_new(x->ws->arena);
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
	buf_clear(&r->body);
	body_print(x->set, f, x->refs[at], x->ws->actor.client ? PARTY_CLIENT : PARTY_PROVIDER,
		   &r->body, texts, &n_texts);
	assert(n_texts == 0);
	e->id = x->ids[at];
	e->occurred_at = f->occurred_at;
	e->kind = (enum fact_kind)f->kind;
	e->body = buf_view(&r->body);
	if (r->body.full || entry_print(e, &r->bytes, &err) != RC_OK || r->bytes.full) {
		r->bytes.n = from;
		return;
	}
	r->offset[k] = from;
	r->length[k] = r->bytes.n - from;
	r->leaf[k] = merkle_leaf(a->hasher, (struct text){r->bytes.p + from, r->length[k]});
}

static void *print_run(void *context)
{
	struct ahead *a = context;
	struct run *r = a->making;

	for (size_t k = 0; k < r->n; k++)
		print_one(a, r, k);
	return NULL;
}

/* --- in the caller's --- */

static void begin_run(struct ahead *a, struct run *r, size_t from, instant now, struct text version)
{
	const struct appending *x = a->x;

	if (from >= x->to)
		return;
	r->from = from;
	r->n = x->to - from < BATCH_FACTS ? x->to - from : BATCH_FACTS;
	r->recorded_at = now;
	r->version = version;
	r->entry = (struct entry){.log = x->log->uuid,
				  .recorded_at = now,
				  .client = x->ws->actor.client,
				  .actor = x->ws->actor.id,
				  .contract = version};
	buf_clear(&r->bytes);
	a->making = r;
	a->threaded = pthread_create(&a->thread, NULL, print_run, a) == 0;
	/* No thread to be had: its work is done here. */
	if (!a->threaded)
		(void)print_run(a);
}

static void wait_for_run(struct ahead *a)
{
	if (a->threaded && pthread_join(a->thread, NULL) != 0)
		assert(false && "a thread of our own is joined once");
	a->threaded = false;
	a->ready = a->making;
	a->making = NULL;
}

static bool covers(const struct run *r, size_t i)
{
	return r != NULL && i >= r->from && i - r->from < r->n;
}

bool ahead_entry(struct ahead *a, size_t i, instant since, instant now, struct text version,
		 struct text *bytes, struct hash *leaf, instant *recorded_at)
{
	const struct run *r;

	/* Nothing was printed of the first run: the second is, meanwhile. */
	if (a->ready == NULL && a->making == NULL)
		begin_run(a, &a->runs[0], i + BATCH_FACTS, now, version);
	if (covers(a->making, i)) {
		wait_for_run(a);
		begin_run(a, a->ready == &a->runs[0] ? &a->runs[1] : &a->runs[0],
			  a->ready->from + a->ready->n, now, version);
	}
	if (!covers(a->ready, i))
		return false;
	r = a->ready;
	/* Another process may have recorded something later, or agreed to a version, since it was printed. */
	if (r->length[i - r->from] == 0 || r->recorded_at < since || !text_eq(r->version, version))
		return false;
	*bytes = (struct text){r->bytes.p + r->offset[i - r->from], r->length[i - r->from]};
	*leaf = r->leaf[i - r->from];
	*recorded_at = r->recorded_at;
	return true;
}

void ahead_free(struct ahead *a)
{
	wait_for_run(a);
	for (size_t i = 0; i < ARRAY_SIZE(a->runs); i++) {
		buf_free(&a->runs[i].bytes);
		buf_free(&a->runs[i].body);
	}
	hasher_free(a->hasher);
}
