/* SPDX-License-Identifier: Apache-2.0 */
/*
 * /live/events: pages that are kept up to date. An answer that stays open says which contract's record grew and nothing else; the page then asks
 * for itself anew, with the rights of that moment. Sizes of logs are read once a second for all pages of a worker; who listens is asked
 * again with every heartbeat, so that a session that ended hears no more.
 */
#include "app/watch.h"
#include "base/json.h"
#include "web/parts.h"

enum { HEARTBEAT_MS = 15 * 1000, RETRY_MS = 3000, TOLD_MAX = 32 };

struct grown {
	struct text contract;
	bool internal; /* the provider's notes on all contracts; contract: empty */
	int64_t log, size;
	instant at; /* when it was seen to have grown */
};

struct live {
	struct arena *arena; /* of the worker: logs come, none goes */
	struct grown *v;
	size_t n, cap;
};

/* One page that listens. */
struct listener {
	struct text contract; /* the page's; empty: all that the person may see */
	struct text own;      /* a client's engagement; empty: the provider's side, which sees all (P2) */
	instant since, ask_at;
};

struct live *live_new(struct arena *a)
{
	struct live *l = arena_one(a, struct live);

	l->arena = a;
	return l;
}

/* --- what grew --- */

static void take_log(struct live *l, const struct watched_log *w, size_t i, instant now)
{
	struct grown *g;

	if (i == l->n) {
		l->v = (struct grown *)arena_grow(l->arena, l->v, l->n, &l->cap, sizeof(*l->v));
		l->v[l->n++] = (struct grown){.size = -1};
	}
	g = &l->v[i];
	if (g->log != w->log)
		*g = (struct grown){.contract = text_copy(l->arena, w->contract),
				    .internal = w->internal,
				    .log = w->log,
				    .size = -1};
	if (g->size != w->size)
		g->at = now;
	g->size = w->size;
}

void web_tick(struct web *w, struct arena *a, instant now)
{
	struct live *l = w->live;
	struct err err = {.line = 0};
	struct watched_log *logs;
	size_t n = 0;

	/* A store that is busy is asked again in a second. */
	if (watch_logs(w->o.sign_in, a, &logs, &n, &err) != RC_OK)
		return;
	for (size_t i = 0; i < n; i++)
		take_log(l, &logs[i], i, now);
}

static bool hears(const struct listener *who, const struct grown *g)
{
	if (g->internal)
		return who->own.n == 0;
	if (who->own.n > 0 && !text_eq(who->own, g->contract))
		return false;
	return who->contract.n == 0 || text_eq(who->contract, g->contract);
}

/* So that a browser that comes back tells since when it knows nothing. */
static void put_id(struct buf *out, instant now)
{
	buf_printf(out, "id: %lld\n", (long long)now);
}

/* One event for each contract; where very many grew at once, one for all. */
static void put_grown(const struct live *l, struct listener *who, struct buf *out, instant now)
{
	size_t told = 0;

	for (size_t i = 0; i < l->n && told <= TOLD_MAX; i++) {
		const struct grown *g = &l->v[i];

		if (g->at <= who->since || !hears(who, g))
			continue;
		put_id(out, now);
		buf_str(out, "event: grew\ndata: {");
		if (told++ < TOLD_MAX && !g->internal) {
			buf_str(out, "\"contract\":");
			json_quote(out, g->contract);
		}
		buf_str(out, "}\n\n");
	}
	who->since = now;
}

/* --- who listens --- */

/* Whoever sees tickets of its own alone (P3) must not learn of others' by this, nor an auditor of what its grant leaves out (P2): their pages ask each minute. */
static bool hears_at_all(const struct visitor *v)
{
	return roles_have(v->roles, R_TICKET_READ) && !roles_own_only(v->roles, R_TICKET_READ) &&
	       !roles_audit(v->roles);
}

/* Fills who listens; false: nobody who may. */
static bool may_listen(const struct visitor *v, struct listener *who)
{
	if (v->kind != VISITOR_SESSION || !hears_at_all(v))
		return false;
	if (who->own.n > 0 && !text_eq(who->own, v->contract))
		return false;
	return v->contract.n == 0 || who->contract.n == 0 || text_eq(who->contract, v->contract);
}

bool web_more(struct web *w, struct arena *a, const struct request *q, void *stream, instant now,
	      struct buf *out)
{
	struct listener *who = stream;

	if (now >= who->ask_at) {
		struct err err = {.line = 0};
		struct visitor v = {.kind = VISITOR_NOBODY};
		enum rc rc;

		sign_in_unseen(w->o.sign_in, true);
		rc = sign_in_visitor(w->o.sign_in, a, door_session(w->o.door, q), now, &v, &err);
		sign_in_unseen(w->o.sign_in, false);
		if (rc != RC_OK || !may_listen(&v, who))
			return false;
		who->ask_at = now + HEARTBEAT_MS;
		put_id(out, now);
		buf_char(out, '\n');
	}
	put_grown(w->live, who, out, now);
	return true;
}

/* --- the page's side --- */

struct text live_source(const struct page *p)
{
	struct text contract = page_name(p, "contract");
	struct text out;
	struct buf b;

	if (p->who.kind != VISITOR_SESSION || !hears_at_all(&p->who))
		return text_of("");
	buf_init(&b, 2048);
	buf_printf(&b, "/live/events?since=%lld", (long long)p->q->now);
	if (contract.n > 0) {
		buf_str(&b, "&contract=");
		buf_path_segment(&b, contract);
	}
	out = text_copy(p->q->arena, buf_view(&b));
	buf_free(&b);
	return out;
}

/* Since when the page knows nothing: told by the page, or by a browser that comes back. */
static instant since_when(const struct page *p)
{
	struct text given = fields_get(&p->q->headers, "last-event-id");
	int64_t at = 0;

	if (given.n == 0)
		given = fields_get(&p->q->query, "since");
	return text_digits(given, &at) && at < p->q->now ? at : p->q->now;
}

bool live_page(struct page *p)
{
	struct listener who = {.contract = fields_get(&p->q->query, "contract"),
			       .own = p->who.client ? p->who.contract : text_of(""),
			       .since = since_when(p),
			       .ask_at = p->q->now + HEARTBEAT_MS};
	struct live *l = p->w->live;
	bool known = who.contract.n == 0;

	if (!path_fits(p, "/live/events") || !method_safe(p->q->method))
		return false;
	p->r->action = "events";
	for (size_t i = 0; i < l->n && !known; i++)
		known = !l->v[i].internal && hears(&who, &l->v[i]);
	if (p->who.kind != VISITOR_SESSION) {
		response_problem(p->r, p->q, 401, "token", "sign in first", text_of(""));
		return true;
	}
	if (!hears_at_all(&p->who)) {
		response_problem(p->r, p->q, 403, "right", "this is not for your role", text_of(""));
		return true;
	}
	if (!known || !may_listen(&p->who, &who)) {
		page_missing(p);
		return true;
	}
	p->r->type = text_of("text/event-stream");
	p->r->actor = p->who.user;
	/* nginx would hold it back until its buffer is full */
	response_field(p->r, "X-Accel-Buffering", text_of("no"));
	buf_printf(&p->r->body, "retry: %d\n\n", RETRY_MS);
	if (p->q->method == METHOD_GET) {
		struct listener *stays = arena_one(p->q->arena, struct listener);

		*stays = who;
		p->r->stream = stays;
		p->r->stream_of = door_session(p->w->o.door, p->q);
	}
	return true;
}
