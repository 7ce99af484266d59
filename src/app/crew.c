/* SPDX-License-Identifier: Apache-2.0 */
#include "app/crew.h"

#include "app/inputs.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

/* PIECES: so many of a share are taken at once */
enum { HANDS_MAX = 16, TURNS = 2, PIECES = 4 };

struct member {
	struct hand hand;
	struct crew *crew;
	/* not of the caller's: a copy of its workspace with these in it */
	struct workspace own;
	struct store *store;
	struct hasher *hasher;
	struct arena *arenas[TURNS]; /* of what is worked out: this turn's, and the last one's */
	struct arena *kept;          /* of what is kept as long as the crew */
	struct zones_kept *zones;
	enum rc (*work)(void *context, struct hand *h);
	void *context;
	pthread_t thread;
	bool running;
};

/* What is shared out, under the lock. */
struct share {
	void (*one)(void *context, struct hand *h, size_t i);
	void *context;
	size_t n, taken, done;
	unsigned number; /* of shares so far */
};

struct crew {
	struct workspace *ws;
	struct member v[HANDS_MAX];
	size_t n, turn;
	struct share share;
	atomic_bool open; /* something of it is to be taken */
	pthread_mutex_t lock;
	pthread_cond_t all_done;
};

/* --- making it --- */

/* Another hand; false: it cannot be had. */
static bool add(struct crew *c)
{
	const struct arena *like = c->ws->arena;
	struct member *m = &c->v[c->n];
	struct arena *kept = arena_like(like);
	struct err unsaid = {.line = 0};

	if (store_open(kept, c->ws->path, STORE_WORKSPACE, STORE_READ, &m->store, &unsaid) !=
		    RC_OK ||
	    store_read_through(m->store, &unsaid) != RC_OK) {
		store_close(m->store);
		arena_free(kept);
		return false;
	}
	m->crew = c;
	m->kept = kept;
	m->hasher = hasher_new(kept);
	for (size_t i = 0; i < TURNS; i++)
		m->arenas[i] = arena_like(like);
	m->hand = (struct hand){.crew = c, .ws = &m->own, .scratch = arena_like(like)};
	if (c->ws->zones != NULL) {
		inputs_keep(&m->own, kept);
		m->zones = m->own.zones;
	}
	c->n++;
	return true;
}

struct crew *crew_new(struct workspace *ws, size_t most)
{
	struct crew *c = arena_one(ws->arena, struct crew);
	size_t threads = ws->app->world->threads;

	c->ws = ws;
	c->v[0].crew = c;
	c->v[0].hand = (struct hand){.crew = c, .ws = ws, .scratch = arena_like(ws->arena)};
	c->n = 1;
	if (pthread_mutex_init(&c->lock, NULL) != 0 || pthread_cond_init(&c->all_done, NULL) != 0)
		memory_none();
	if (most > HANDS_MAX)
		most = HANDS_MAX;
	if (most > threads)
		most = threads;
	while (c->n < most && add(c))
		;
	return c;
}

void crew_free(struct crew *c)
{
	(void)pthread_cond_destroy(&c->all_done);
	(void)pthread_mutex_destroy(&c->lock);
	for (size_t i = 0; i < c->n; i++) {
		struct member *m = &c->v[i];

		arena_free(m->hand.scratch);
		if (i == 0)
			continue;
		store_close(m->store);
		hasher_free(m->hasher);
		for (size_t k = 0; k < TURNS; k++)
			arena_free(m->arenas[k]);
		arena_free(m->kept);
	}
}

void crew_turn(struct crew *c)
{
	c->turn = (c->turn + 1) % TURNS;
	for (size_t i = 1; i < c->n; i++)
		arena_rewind(c->v[i].arenas[c->turn]);
}

/* --- working --- */

static void work_one(struct member *m)
{
	struct hand *h = &m->hand;

	err_clear(&h->err);
	h->rc = store_begin_read(h->ws->store, &h->err);
	if (h->rc == RC_OK)
		h->rc = m->work(m->context, h);
	store_rollback(h->ws->store);
}

enum rc crew_anew(struct hand *h)
{
	store_rollback(h->ws->store);
	return store_begin_read(h->ws->store, &h->err);
}

static void *work_aside(void *context)
{
	work_one(context);
	return NULL;
}

/* Who asks, and when, as the caller's workspace has it now. The keys stay with the caller: what the hands do needs none. */
static void begin(struct member *m)
{
	m->own = *m->crew->ws;
	m->own.store = m->store;
	m->own.arena = m->arenas[m->crew->turn];
	m->own.hasher = m->hasher;
	m->own.zones = m->zones;
	m->own.keys = NULL;
	m->running = pthread_create(&m->thread, NULL, work_aside, m) == 0;
}

void crew_begin(struct crew *c, enum rc (*work)(void *context, struct hand *h), void *context)
{
	for (size_t i = 0; i < c->n; i++) {
		c->v[i].work = work;
		c->v[i].context = context;
		if (i > 0)
			begin(&c->v[i]);
	}
}

static void join(struct member *m)
{
	if (m->running && pthread_join(m->thread, NULL) != 0)
		assert(false && "a thread of our own is joined once");
	/* No thread to be had: the others have done its work. */
	if (!m->running)
		m->hand.rc = RC_OK;
	m->running = false;
}

enum rc crew_join(struct crew *c, struct err *err)
{
	work_one(&c->v[0]);
	for (size_t i = 1; i < c->n; i++)
		join(&c->v[i]);
	for (size_t i = 0; i < c->n; i++)
		if (c->v[i].hand.rc != RC_OK) {
			*err = c->v[i].hand.err;
			return c->v[i].hand.rc;
		}
	return RC_OK;
}

enum rc crew_work(struct crew *c, enum rc (*work)(void *context, struct hand *h), void *context,
		  struct err *err)
{
	crew_begin(c, work, context);
	return crew_join(c, err);
}

enum rc crew_alone(struct crew *c, enum rc (*work)(void *context, struct hand *h), void *context,
		   struct err *err)
{
	struct member *m = &c->v[0];
	enum rc (*other_work)(void *context, struct hand *h) = m->work;
	void *other_context = m->context;

	m->work = work;
	m->context = context;
	work_one(m);
	m->work = other_work;
	m->context = other_context;
	if (m->hand.rc != RC_OK)
		*err = m->hand.err;
	return m->hand.rc;
}

/* --- sharing --- */

static void lock(struct crew *c)
{
	if (pthread_mutex_lock(&c->lock) != 0)
		assert(false && "a lock of our own is taken once");
}

static void unlock(struct crew *c)
{
	if (pthread_mutex_unlock(&c->lock) != 0)
		assert(false && "it was taken");
}

/* Does what is to be taken of a share, and says that it is done. Another share than the one that the hand began to read for is not its. */
static void do_pieces(struct crew *c, struct hand *h, unsigned number)
{
	struct share *s = &c->share;

	lock(c);
	while (s->number == number && s->taken < s->n) {
		size_t from = s->taken, to = s->n - from < PIECES ? s->n : from + PIECES;

		s->taken = to;
		if (to == s->n)
			atomic_store(&c->open, false);
		unlock(c);
		for (size_t i = from; i < to; i++)
			s->one(s->context, h, i);
		lock(c);
		s->done += to - from;
		if (s->done == s->n)
			(void)pthread_cond_signal(&c->all_done);
	}
	unlock(c);
}

enum rc crew_share(struct crew *c, size_t n, void (*one)(void *context, struct hand *h, size_t i),
		   void *context, struct err *err)
{
	struct hand *h = &c->v[0].hand;
	struct share *s = &c->share;
	enum rc rc = store_begin_read(c->ws->store, err);

	if (rc != RC_OK || n == 0) {
		store_rollback(c->ws->store);
		return rc;
	}
	lock(c);
	*s = (struct share){one, context, n, 0, 0, s->number + 1};
	atomic_store(&c->open, true);
	unlock(c);
	do_pieces(c, h, s->number);
	lock(c);
	while (s->done < s->n)
		(void)pthread_cond_wait(&c->all_done, &c->lock);
	unlock(c);
	store_rollback(c->ws->store);
	return RC_OK;
}

enum rc crew_help(struct hand *h)
{
	struct crew *c = h->crew;
	unsigned number;
	enum rc rc;

	if (!atomic_load(&c->open))
		return RC_OK;
	lock(c);
	number = c->share.number;
	unlock(c);
	rc = crew_anew(h);
	if (rc == RC_OK)
		do_pieces(c, h, number);
	return rc;
}
