/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A page that is asked for again within a second, by the same person in the same words, while nothing was recorded: it is given as it was
 * made. What it was made from is in the workspace, whose stamp is asked at each request, so that a right, a session or a fact that changed
 * makes it anew; and time, of which a page shows minutes. Pages with forms are made each time: a form has an id of its own.
 */
#include "app/watch.h"
#include "http/compress.h"
#include "http/fields.h"
#include "http/policy.h"
#include "web/parts.h"

#include <sodium.h>
#include <string.h>

enum {
	PAGES = 64,
	PAGE_BYTES_MAX = 256 << 10,
	FRESH_MS = 1000,
	/* What took long to work out is given for ten times as long, but no longer than a minute that pages show. */
	TIMES_AS_LONG = 10,
	HEAVY_FRESH_MS_MAX = MINUTE_MS,
	HEAVY_PAGE_BYTES_MAX = 2 << 20,
	WAITING = 64
};

/* What was made: it lies here as long as it is kept, and as long as connections take it. */
struct again_bytes {
	struct arena *arena; /* of itself and what follows */
	const char *action;
	struct text type, body;
	struct text zipped; /* the body compressed, once somebody took it so; else empty */
	enum zip zip;       /* of the body */
	size_t holders;
};

struct again_page {
	unsigned char asked[32]; /* what was asked, and by whom */
	instant made, until;     /* made INSTANT_NONE: the place is free */
	struct again_bytes *bytes;
};

/* A page that the keeper works out, and the stamp when it was asked for: what is recorded meanwhile may not be in it. */
struct again_waiting {
	char id[REQUEST_ID_TEXT + 1]; /* of the request */
	unsigned char asked[32];
	struct store_stamp stamp;
};

struct again {
	struct again_page v[PAGES];
	struct again_waiting waiting[WAITING]; /* the oldest makes room */
	size_t n_waiting;
	struct store_stamp stamp; /* all pages are of this one */
	unsigned char asked[32];  /* of the request under way */
	bool open;                /* its answer may be kept */
};

struct again *again_new(struct arena *a)
{
	struct again *g = arena_one(a, struct again);

	for (size_t i = 0; i < PAGES; i++)
		g->v[i].made = INSTANT_NONE;
	return g;
}

static void leave(void *bytes)
{
	struct again_bytes *b = bytes;

	b->holders--;
	if (b->holders == 0)
		arena_free(b->arena);
}

static void forget(struct again_page *k)
{
	if (k->bytes != NULL)
		leave(k->bytes);
	*k = (struct again_page){.made = INSTANT_NONE};
}

void again_free(struct again *g)
{
	for (size_t i = 0; i < PAGES; i++)
		forget(&g->v[i]);
}

static void hash_text(crypto_generichash_state *h, struct text t)
{
	uint64_t n = t.n;

	(void)crypto_generichash_update(h, (const unsigned char *)&n, sizeof(n));
	if (t.n > 0)
		(void)crypto_generichash_update(h, (const unsigned char *)t.p, t.n);
}

static void hash_fields(crypto_generichash_state *h, const struct fields *f)
{
	uint64_t n = f->n;

	(void)crypto_generichash_update(h, (const unsigned char *)&n, sizeof(n));
	for (size_t i = 0; i < f->n; i++) {
		hash_text(h, f->v[i].name);
		hash_text(h, f->v[i].value);
	}
}

/* Every word of the request but its body, of which it has none; the cookie of the session is one of its fields. */
static void what_is_asked(const struct request *q, unsigned char out[32])
{
	crypto_generichash_state h;

	(void)crypto_generichash_init(&h, NULL, 0, 32);
	hash_text(&h, q->path);
	hash_fields(&h, &q->query);
	hash_fields(&h, &q->headers);
	(void)crypto_generichash_final(&h, out, 32);
}

static bool fresh(const struct again_page *k, instant now)
{
	return k->made != INSTANT_NONE && k->made <= now && now < k->until;
}

/*
 * Compressing takes ten times as long as giving a page, so what is asked for again is compressed once; and whether it may be, which is a
 * look through the whole page, is asked once.
 */
static struct text zipped(struct again_bytes *b, struct arena *a, bool takes)
{
	struct response r = {.arena = a, .status = 200, .type = b->type, .lent = b->body};

	if (b->zip == ZIP_UNASKED)
		b->zip = compress_may(&r) ? ZIP_MAY : ZIP_NEVER;
	if (!takes || b->zip == ZIP_NEVER || b->zipped.n > 0)
		return takes ? b->zipped : (struct text){NULL, 0};
	buf_init(&r.body, b->body.n);
	if (compress_gzip(&r))
		b->zipped = text_copy(b->arena, response_bytes(&r));
	else
		b->zip = ZIP_NEVER;
	buf_free(&r.body);
	return b->zipped;
}

static void give(struct again_bytes *b, const struct request *q, struct response *r)
{
	bool takes = takes_gzip(fields_get(&q->headers, "accept-encoding"));

	r->type = text_copy(r->arena, b->type);
	r->action = arena_copy(r->arena, b->action, strlen(b->action));
	r->lent = zipped(b, r->arena, takes);
	r->zip = r->lent.n > 0 ? ZIP_IS : b->zip;
	if (r->lent.n == 0)
		r->lent = b->body;
	r->lent_back = leave;
	r->lent_by = b;
	b->holders++;
}

bool again_give(struct web *w, const struct request *q, struct response *r)
{
	struct again *g = w->again;
	struct store_stamp stamp;
	struct err none = {.line = 0};

	g->open = false;
	if (q->method != METHOD_GET || door_session(w->o.door, q).n == 0)
		return false;
	if (watch_stamp(w->o.sign_in, &stamp, &none) != RC_OK)
		return false;
	if (memcmp(&stamp, &g->stamp, sizeof(stamp)) != 0)
		for (size_t i = 0; i < PAGES; i++)
			forget(&g->v[i]);
	g->stamp = stamp;
	what_is_asked(q, g->asked);
	for (size_t i = 0; i < PAGES; i++) {
		const struct again_page *k = &g->v[i];

		if (!fresh(k, q->now) || memcmp(k->asked, g->asked, sizeof(g->asked)) != 0)
			continue;
		give(k->bytes, q, r);
		return true;
	}
	g->open = true;
	return false;
}

/* A place that is free or of the past; the oldest, if there is none. */
static struct again_page *place(struct again *g, instant now)
{
	struct again_page *oldest = &g->v[0];

	for (size_t i = 0; i < PAGES; i++) {
		if (!fresh(&g->v[i], now))
			return &g->v[i];
		if (g->v[i].made < oldest->made)
			oldest = &g->v[i];
	}
	return oldest;
}

static void keep(struct again *g, const unsigned char asked[32], const struct response *r,
		 instant now, int64_t fresh_ms)
{
	struct again_page *k = place(g, now);
	struct arena *a = arena_new(2 * r->body.n + PAGE_BYTES_MAX);

	forget(k);
	memcpy(k->asked, asked, sizeof(k->asked));
	k->made = now;
	k->until = now + fresh_ms;
	k->bytes = arena_one(a, struct again_bytes);
	*k->bytes = (struct again_bytes){.arena = a,
					 .action = arena_copy(a, r->action, strlen(r->action)),
					 .type = text_copy(a, r->type),
					 .body = text_copy(a, buf_view(&r->body)),
					 .holders = 1};
}

/* For how long a page is given that took so long to make. */
static int64_t fresh_for(int64_t took_ms)
{
	int64_t fresh = TIMES_AS_LONG * took_ms;

	return fresh < FRESH_MS             ? FRESH_MS
	       : fresh > HEAVY_FRESH_MS_MAX ? HEAVY_FRESH_MS_MAX
					    : fresh;
}

void again_keep(struct page *p)
{
	struct again *g = p->w->again;
	struct response *r = p->r;

	r->again = p->plain && r->status == 200 && r->n_fields == 0 && r->stream == NULL &&
		   !roles_audit(p->who.roles) && r->etag.n == 0 && !r->body.full &&
		   p->who.kind == VISITOR_SESSION;
	if (g->open && r->again && r->body.n <= PAGE_BYTES_MAX)
		keep(g, g->asked, r, p->q->now,
		     fresh_for(p->w->o.world->now(p->w->o.world->context) - p->q->now));
}

void again_wait(struct web *w, const struct request *q)
{
	struct again *g = w->again;
	struct again_waiting *k;

	if (!g->open)
		return;
	k = &g->waiting[g->n_waiting++ % WAITING];
	memcpy(k->id, q->id, sizeof(k->id));
	memcpy(k->asked, g->asked, sizeof(k->asked));
	k->stamp = g->stamp;
}

void again_given(struct web *w, const struct request *q, const struct response *r, int64_t took_ms)
{
	struct again *g = w->again;
	struct store_stamp stamp;
	struct err none = {.line = 0};

	if (!r->again || r->body.n > HEAVY_PAGE_BYTES_MAX ||
	    watch_stamp(w->o.sign_in, &stamp, &none) != RC_OK ||
	    memcmp(&stamp, &g->stamp, sizeof(stamp)) != 0)
		return;
	for (size_t i = 0; i < WAITING; i++) {
		const struct again_waiting *k = &g->waiting[i];

		if (strcmp(k->id, q->id) == 0 && memcmp(&k->stamp, &stamp, sizeof(stamp)) == 0) {
			keep(g, k->asked, r, q->now + took_ms, fresh_for(took_ms));
			return;
		}
	}
}
