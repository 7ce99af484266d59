/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A page that is asked for again within a second, by the same person in the same words, while nothing was recorded: it is given as it was
 * made. What it was made from is in the workspace, whose stamp is asked at each request, so that a right, a session or a fact that changed
 * makes it anew; and time, of which a page shows minutes. Pages with forms are made each time: a form has an id of its own.
 */
#include "app/watch.h"
#include "web/parts.h"

#include <sodium.h>
#include <string.h>

enum { PAGES = 64, PAGE_BYTES_MAX = 256 << 10, FRESH_MS = 1000 };

struct again_page {
	unsigned char asked[32]; /* what was asked, and by whom */
	instant made;            /* INSTANT_NONE: the place is free */
	const char *action;
	struct arena *arena; /* of what follows */
	struct text type, body;
};

struct again {
	struct again_page v[PAGES];
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

void again_free(struct again *g)
{
	for (size_t i = 0; i < PAGES; i++)
		arena_free(g->v[i].arena);
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

static void forget(struct again_page *k)
{
	arena_free(k->arena);
	*k = (struct again_page){.made = INSTANT_NONE};
}

static bool fresh(const struct again_page *k, instant now)
{
	return k->made != INSTANT_NONE && k->made <= now && now - k->made < FRESH_MS;
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
		buf_text(&r->body, k->body);
		r->type = text_copy(r->arena, k->type);
		r->action = k->action;
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

void again_keep(struct page *p)
{
	struct again *g = p->w->again;
	const struct response *r = p->r;
	struct again_page *k;

	if (!g->open || !p->plain || r->status != 200 || r->n_fields > 0 || r->stream != NULL ||
	    roles_audit(p->who.roles) || r->etag.n > 0 || r->body.full || r->body.n > PAGE_BYTES_MAX || p->who.kind != VISITOR_SESSION)
		return;
	k = place(g, p->q->now);
	forget(k);
	k->arena = arena_new((size_t)2 * PAGE_BYTES_MAX);
	memcpy(k->asked, g->asked, sizeof(k->asked));
	k->made = p->q->now;
	k->action = r->action;
	k->type = text_copy(k->arena, r->type);
	k->body = text_copy(k->arena, buf_view(&r->body));
}
