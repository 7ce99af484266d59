/* SPDX-License-Identifier: Apache-2.0 */
#include "http/call.h"

#include "http/clock.h"
#include "http/compress.h"
#include "http/fields.h"
#include "http/handed.h"
#include "http/limits.h"
#include "http/log.h"

#include <sodium.h>
#include <string.h>

/* --- the request --- */

static void make_id(char out[REQUEST_ID_TEXT + 1])
{
	static const char letters[] = "0123456789abcdefghjkmnpqrstvwxyz";
	unsigned char random[REQUEST_ID_TEXT];

	randombytes_buf(random, sizeof(random));
	for (size_t i = 0; i < REQUEST_ID_TEXT; i++)
		out[i] = letters[random[i] % 32];
	out[REQUEST_ID_TEXT] = '\0';
}

struct call *call_new(struct arena *a, const struct server *s, struct text target)
{
	struct call *c = arena_one(a, struct call);

	c->arena = a;
	c->server = s;
	c->target = text_copy(a, target);
	c->q.arena = a;
	c->r = (struct response){.arena = a, .status = 200};
	make_id(c->q.id);
	buf_init(&c->body, 0);
	buf_init(&c->r.body, RESPONSE_BODY_MAX);
	return c;
}

void call_free(struct call *c)
{
	response_clear(&c->r);
	buf_free(&c->body);
	buf_free(&c->r.body);
}

void call_field(struct call *c, struct text name, struct text value)
{
	/* One beyond the limit tells that it was passed; what comes after it adds nothing. */
	if (c->n_fields > LIMIT_HEAD_FIELDS)
		return;
	c->fields = (struct field *)arena_grow(c->arena, c->fields, c->n_fields, &c->cap_fields,
					       sizeof(*c->fields));
	c->fields[c->n_fields++] = (struct field){name, value};
}

static bool refuse(struct call *c, int status, const char *reason, const char *title,
		   struct text detail)
{
	c->r.refused = reason;
	response_problem(&c->r, &c->q, status, reason, title, detail);
	return false;
}

static bool refuse_plain(struct call *c, int status, const char *reason, const char *title)
{
	return refuse(c, status, reason, title, (struct text){NULL, 0});
}

static bool refuse_err(struct call *c, const char *reason, const struct err *err)
{
	c->r.refused = reason;
	response_problem(&c->r, &c->q, 400, reason, "the request is malformed",
			 text_copy(c->arena, text_of(err->message)));
	return false;
}

static bool host_known(const struct call *c)
{
	const struct server_options *o = c->server->options;

	if (host_is(c->verdict.host, c->server->base_url))
		return true;
	for (size_t i = 0; i < o->n_aliases; i++)
		if (text_eq_nocase(c->verdict.host, o->aliases[i]))
			return true;
	return false;
}

static bool read_parts(struct call *c, struct text peer)
{
	const struct server_options *o = c->server->options;
	struct field *fields = arena_array(c->arena, struct field, c->n_fields);
	struct err err = {.line = 0};
	struct text at;

	for (size_t i = 0; i < c->n_fields; i++)
		fields[i] =
			(struct field){text_lower(c->arena, c->fields[i].name), c->fields[i].value};
	c->q.headers = (struct fields){fields, c->n_fields};
	c->q.method = c->verdict.method;
	c->q.path = c->verdict.path;
	c->q.now = wall_now();
	at = forwarded_for(peer, fields_get(&c->q.headers, "x-forwarded-for"), o->proxies,
			   o->n_proxies);
	c->q.address = text_copy(c->arena, at);
	c->live = text_is(c->verdict.path, "/-/live");
	if (!c->live && !c->ops && !host_known(c))
		return refuse_plain(c, 421, "host.other",
				    "this server does not answer for that host");
	if (!path_segments(c->arena, c->verdict.path, &c->q.segments, &c->q.n_segments))
		return refuse_plain(c, 404, "not_found", "there is nothing here");
	if (pairs_parse(c->arena, c->verdict.query, &c->q.query, &err) != RC_OK)
		return refuse_err(c, "query", &err);
	c->q.cookies = cookies_parse(c->arena, fields_get(&c->q.headers, "cookie"));
	return true;
}

size_t server_body_max(const struct request *q)
{
	struct text type = media_type(fields_get(&q->headers, "content-type"));

	return text_eq_nocase(type, text_of("multipart/form-data")) ? LIMIT_UPLOAD_BYTES
								    : LIMIT_BODY_BYTES;
}

static bool too_large(struct call *c)
{
	return refuse(c, 413, "body.large", "the body is larger than is taken here",
		      text_format(c->arena, "at most %zu bytes are taken", c->body_max));
}

bool call_in_pieces(const struct call *c)
{
	return c->q.piece != NULL;
}

static bool await_body(struct call *c, struct bytes_held held)
{
	const struct site *site = c->server->site;
	size_t most, comes;
	bool late = false;

	if (!c->verdict.has_body)
		return true;
	c->body_max = site->body_max != NULL && !c->ops
			      ? site->body_max(site->context, &c->q, &late)
			      : server_body_max(&c->q);
	most = c->body_max;
	if (!c->ops && site->in_pieces != NULL && site->in_pieces(site->context, &c->q)) {
		c->body_max = LIMIT_STREAM_BYTES;
		most = LIMIT_PIECE_BYTES;
	}
	if (c->verdict.length > c->body_max)
		return too_large(c);
	if (c->body_max == LIMIT_STREAM_BYTES) {
		c->piece = (struct body_piece){.first_line = 1};
		c->q.piece = &c->piece;
	}
	comes = c->verdict.length < most ? (size_t)c->verdict.length : most;
	c->late = late && comes > LIMIT_UNSIGNED_BYTES;
	if (held.all + comes > LIMIT_BODIES_BYTES ||
	    (c->late && held.late + comes > LIMIT_LATE_BYTES)) {
		response_field(&c->r, "Retry-After", text_of("5"));
		return refuse_plain(c, 503, "bodies.many", "too much is coming in at once");
	}
	buf_init(&c->body, most);
	return true;
}

static void finish(struct call *c);

bool call_head(struct call *c, struct text method, struct text version, size_t head_bytes,
	       struct text peer, struct bytes_held held)
{
	const struct policy_head head = {
		.method = method,
		.target = c->target,
		.version = version,
		.fields = c->fields,
		.n_fields = c->n_fields,
		.bytes = head_bytes,
	};

	c->began_us = steady_us();
	c->q.now = wall_now();
	c->verdict = policy_check(&head);
	if (c->verdict.status != 0) {
		if (c->verdict.status == 405)
			response_field(&c->r, "Allow",
				       text_of("GET, HEAD, POST, PUT, PATCH, DELETE"));
		(void)refuse_plain(c, c->verdict.status, c->verdict.reason, c->verdict.title);
	} else if (read_parts(c, peer) && await_body(c, held)) {
		c->state = CALL_BODY;
		return true;
	}
	c->close = true;
	finish(c);
	return false;
}

/* --- the answer --- */

bool response_has(const struct response *r, const char *name)
{
	for (size_t i = 0; i < r->n_fields; i++)
		if (text_eq_nocase(r->fields[i].name, text_of(name)))
			return true;
	return false;
}

static void add_unless(struct response *r, const char *name, const char *value)
{

	if (!response_has(r, name))
		response_field(r, name, text_of(value));
}

static void plain(struct call *c, int status, const char *words)
{
	c->r.status = status;
	c->r.type = text_of("text/plain; charset=utf-8");
	buf_str(&c->r.body, words);
}

static void answer_ops(struct call *c)
{
	const struct site *site = c->server->site;
	struct err err = {.line = 0};

	c->r.action = "ops";
	if (c->q.method != METHOD_GET && c->q.method != METHOD_HEAD) {
		response_field(&c->r, "Allow", text_of("GET, HEAD"));
		(void)refuse_plain(c, 405, "method", "no such method here");
	} else if (text_is(c->q.path, "/live")) {
		plain(c, 200, "live\n");
	} else if (text_is(c->q.path, "/ready")) {
		enum rc rc = server_is_broken(c->server) ? RC_IO
			     : site->ready == NULL       ? RC_OK
							 : site->ready(site->context, &err);

		plain(c, rc == RC_OK ? 200 : 503, rc == RC_OK ? "ready\n" : "not ready: ");
		if (rc != RC_OK)
			buf_printf(&c->r.body, "%s\n", err.code[0] != '\0' ? err.code : "store");
	} else if (text_is(c->q.path, "/metrics")) {
		struct vitals h;
		bool known = site->vitals != NULL && site->vitals(site->context, &h);

		metrics_print(c->server->metrics, &c->r.body);
		if (known)
			metrics_vitals(&h, &c->r.body);
		c->r.type = text_of("text/plain; version=0.0.4; charset=utf-8");
	} else {
		(void)refuse_plain(c, 404, "not_found", "there is nothing here");
	}
}

/* D3: nothing is acknowledged after a write failed, not even what the handler believes to have done. */
static void answer_broken(struct call *c)
{
	response_clear(&c->r);
	c->r = (struct response){.arena = c->arena, .body = c->r.body, .action = c->r.action};
	c->close = true;
	(void)refuse_plain(c, 503, "store.io", "a write failed; this server ends");
}

/* S16 */
static bool may_stay_open(struct call *c)
{
	c->streaming = c->streaming || streams_take(&c->server->shared->streams, c->slot,
						    c->r.stream_of, &c->stream_at);
	return c->streaming;
}

static void ask_site(struct call *c, const struct request *q)
{
	const struct site *site = c->server->site;

	if (!server_is_broken(c->server))
		site->handle(site->context, q, &c->r);
	if (server_is_broken(c->server)) {
		answer_broken(c);
	} else if (response_too_large(&c->r, &c->q)) {
		c->r.refused = "answer.large";
	} else if (c->r.stream != NULL && !may_stay_open(c)) {
		c->r.stream = NULL;
		response_field(&c->r, "Retry-After", text_of("60"));
		(void)refuse_plain(c, 503, "streams.many",
				   "too many pages are kept up to date at once");
	}
	/* What stays open for hours is no connection for a next request. */
	c->close = c->close || c->r.stream != NULL;
}

static void forget_answer(struct call *c)
{
	response_clear(&c->r);
	c->r = (struct response){.arena = c->arena, .status = 200, .body = c->r.body};
}

/* --- a body in pieces --- */

/* What still comes is read, so that the client is there to hear the answer, and forgotten. */
static void stop(struct call *c)
{
	c->stopped = true;
	c->close = true;
	buf_clear(&c->body);
}

/* The site is asked for the first n bytes of what waits; its answer counts where it goes on no further. */
static void take_piece(struct call *c, size_t n, bool last)
{
	struct request q = c->q;

	arena_clear(c->piece_arena);
	q.arena = c->piece_arena;
	q.body = text_sub(buf_view(&c->body), 0, n);
	c->piece.last = last;
	c->piece.done = false;
	ask_site(c, &q);
	if (last)
		return;
	if (!c->piece.done || server_is_broken(c->server)) {
		stop(c);
		return;
	}
	forget_answer(c);
	c->piece.first_line += c->piece_lines;
	c->piece_lines = 0;
	memmove(c->body.p, c->body.p + n, c->body.n - n);
	c->body.n -= n;
}

static void line_too_long(struct call *c)
{
	struct err err = {.line = (uint32_t)c->piece.first_line};

	response_problem_err(
		&c->r, &c->q,
		err_set(&err, RC_LIMIT, "the line is longer than %d MiB", LIMIT_PIECE_BYTES >> 20),
		&err);
	stop(c);
}

static void cut_piece(struct call *c)
{
	size_t n = c->body.n;

	while (n > 0 && c->body.p[n - 1] != '\n')
		n--;
	if (n == 0)
		line_too_long(c);
	else
		take_piece(c, n, false);
}

/* Of t, as much as the piece under way has room for: its bytes, and whole lines of them. */
static size_t fitting(const struct call *c, struct text t)
{
	size_t room = LIMIT_PIECE_BYTES - c->body.n, at = 0;
	struct text part = text_sub(t, 0, room);

	for (size_t lines = c->piece_lines; lines < LIMIT_PIECE_LINES && at < part.n; lines++)
		at += text_find(text_sub(part, at, part.n), '\n', 0) + 1;
	return at < part.n ? at : part.n;
}

static bool body_in_pieces(struct call *c, struct text bytes)
{
	if (c->came > c->body_max && !c->stopped) {
		(void)too_large(c);
		stop(c);
	}
	while (!c->stopped && bytes.n > 0) {
		size_t n = fitting(c, bytes);

		/* Cut only once more has come: so the last piece is never empty. */
		if (n == 0) {
			cut_piece(c);
			continue;
		}
		buf_add(&c->body, bytes.p, n);
		c->piece_lines += text_count(text_sub(bytes, 0, n), '\n');
		bytes = text_sub(bytes, n, bytes.n);
	}
	return c->came <= c->body_max + LIMIT_BODY_BYTES;
}

static void take_last(struct call *c)
{
	if (!c->stopped)
		take_piece(c, c->body.n, true);
}

bool call_body(struct call *c, struct text bytes)
{
	c->came += bytes.n;
	if (c->q.piece != NULL)
		return body_in_pieces(c, bytes);
	if (c->body.n + bytes.n <= c->body_max && c->dropped == 0) {
		buf_add(&c->body, bytes.p, bytes.n);
		return true;
	}
	/* Chunks give no length in advance; the answer can be told only at their end, so a little is waited for. */
	buf_clear(&c->body);
	c->dropped += bytes.n;
	return c->dropped <= LIMIT_BODY_BYTES;
}

void call_answer(struct call *c)
{
	if (c->q.piece != NULL) {
		take_last(c);
		finish(c);
		return;
	}
	c->q.body = buf_view(&c->body);
	if (c->handed) {
		c->close = c->close || server_is_broken(c->server);
	} else if (c->dropped > 0) {
		c->close = true;
		(void)too_large(c);
	} else if (c->ops) {
		answer_ops(c);
	} else if (c->live) {
		c->r.action = "live";
		plain(c, 200, "live\n");
	} else {
		ask_site(c, &c->q);
		if (call_asks(c) || call_hashes(c) || call_heavy(c))
			return;
	}
	finish(c);
}

bool call_asks(const struct call *c)
{
	return c->state == CALL_BODY && c->r.ask.n > 0;
}

bool call_hashes(const struct call *c)
{
	return c->state == CALL_BODY && c->r.hash && c->q.hashing == HASHING_UNASKED;
}

void call_placed(struct call *c, enum hashing how)
{
	forget_answer(c);
	c->q.hashing = how;
}

bool call_heavy(const struct call *c)
{
	return c->state == CALL_BODY && c->r.heavy && c->q.heavy == HEAVY_UNASKED &&
	       c->q.piece == NULL;
}

void call_alone(struct call *c, enum heavy how)
{
	forget_answer(c);
	c->q.heavy = how;
}

void call_handed(struct call *c, struct text answer, int64_t took_ms)
{
	const struct site *site = c->server->site;

	forget_answer(c);
	c->handed = handed_response_read(answer, &c->r);
	if (!c->handed)
		call_alone(c, HEAVY_BUSY);
	else if (site->given != NULL)
		site->given(site->context, &c->q, &c->r, took_ms);
}

void call_told(struct call *c, struct text answer)
{
	forget_answer(c);
	c->q.told = text_copy(c->arena, answer);
	if (c->q.told.p == NULL)
		c->q.told = text_of("");
}

/* A strong tag names bytes: the compressed ones are others. */
static struct text tag_of(struct call *c, struct text tag, bool zipped)
{
	if (!zipped || tag.n < 2)
		return tag;
	return text_format(c->arena, "%.*s.gz\"", (int)(tag.n - 1), tag.p);
}

static void compress(struct call *c)
{
	struct response *r = &c->r;

	if (r->stream != NULL || !compress_may(r))
		return;
	if (!response_has(r, "Vary"))
		response_field(r, "Vary", text_of("Accept-Encoding"));
	if (takes_gzip(fields_get(&c->q.headers, "accept-encoding")) && compress_gzip(r))
		response_field(r, "Content-Encoding", text_of("gzip"));
}

/* RFC 9110 13.2.2: before If-None-Match. What is asked of another answer than this one is given none. */
static void not_as_asked(struct call *c)
{
	struct text has = fields_get(&c->q.headers, "if-match");
	struct response *r = &c->r;
	const char *action = r->action;
	struct text actor = r->actor;

	if (has.p == NULL || r->status != 200 || !method_safe(c->q.method) ||
	    etag_holds(has, r->etag) || etag_holds(has, tag_of(c, r->etag, true)))
		return;
	forget_answer(c);
	r->action = action;
	r->actor = actor;
	(void)refuse_plain(c, 412, "precondition", "it is not as If-Match says");
}

static void not_modified(struct call *c)
{
	struct text has = fields_get(&c->q.headers, "if-none-match");
	struct response *r = &c->r;

	if (r->etag.n == 0 || r->status != 200 || !method_safe(c->q.method))
		return;
	if (!etag_matches(has, r->etag) && !etag_matches(has, tag_of(c, r->etag, true)))
		return;
	r->status = 304;
	response_clear(r);
	r->type = (struct text){NULL, 0};
}

static void finish(struct call *c)
{
	static const char csp[] =
		"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
		"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
		"object-src 'none'";
	struct response *r = &c->r;

	not_as_asked(c);
	not_modified(c);
	compress(c);
	if (r->etag.n > 0)
		response_field(r, "ETag", tag_of(c, r->etag, r->zip == ZIP_IS));
	if (r->type.n > 0)
		response_field(r, "Content-Type", r->type);
	response_field(r, "Request-Id", text_of(c->q.id));
	add_unless(r, "Content-Security-Policy", csp);
	add_unless(r, "X-Content-Type-Options", "nosniff");
	add_unless(r, "Referrer-Policy", "no-referrer");
	add_unless(r, "Cross-Origin-Opener-Policy", "same-origin");
	add_unless(r, "Cross-Origin-Resource-Policy", "same-origin");
	add_unless(r, "Strict-Transport-Security", "max-age=31536000; includeSubDomains");
	add_unless(r, "Cache-Control", r->keep ? "max-age=3600" : "no-store");
	if (c->close)
		add_unless(r, "Connection", "close");
	c->state = CALL_ANSWERED;
	c->answered_us = steady_us();
}

void call_done(struct call *c)
{
	int64_t us = steady_us() - c->began_us;
	struct metrics *m = c->server->metrics;
	/* An answer that nobody took is not one; 499 stands for a client that left. */
	int status = c->state == CALL_ANSWERED ? c->r.status : 499;

	if (c->began_us == 0)
		return;
	/* How long an answer stayed open says nothing of how fast it came. */
	if (c->r.stream != NULL)
		metrics_request(m, c->r.action, status, (uint64_t)(c->answered_us - c->began_us));
	else
		metrics_request(m, c->r.action, status, us < 0 ? 0 : (uint64_t)us);
	if (c->r.refused != NULL)
		metrics_refused(m, c->r.refused);
	metrics_arena_peak(m, arena_used_bytes(c->arena));
	log_event(
		&(struct log_event){
			.level = status >= 500 ? LOG_ERROR_EVENT : LOG_INFO_EVENT,
			.event = "request",
			.request = c->q.id,
			.action = c->r.action == NULL ? "none" : c->r.action,
			.reason = c->r.refused,
			.status = status,
			.ms = us / 1000,
			.bytes = (int64_t)response_bytes(&c->r).n,
			.actor = c->r.actor,
			.log = c->r.log,
			.worker = -1,
		},
		wall_now());
}
