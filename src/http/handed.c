/* SPDX-License-Identifier: Apache-2.0 */
#include "http/handed.h"

#include "http/policy.h"

#include <string.h>

/* --- writing --- */

static void put_number(struct buf *out, uint64_t n, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		buf_char(out, (char)(unsigned char)(n >> 8 * i & 0xff));
}

/* A text that is not there is another than an empty one. */
static void put_text(struct buf *out, struct text t)
{
	put_number(out, t.p == NULL ? 0 : t.n + 1, 8);
	buf_text(out, t);
}

static void put_fields(struct buf *out, const struct field *v, size_t n)
{
	put_number(out, n, 8);
	for (size_t i = 0; i < n; i++) {
		put_text(out, v[i].name);
		put_text(out, v[i].value);
	}
}

static struct text word(const char *w)
{
	return w == NULL ? (struct text){NULL, 0} : text_of(w);
}

/* --- reading --- */

struct reading {
	struct arena *arena;
	struct text rest;
	bool bad;
};

static uint64_t take_number(struct reading *r, size_t bytes)
{
	uint64_t n = 0;

	if (r->rest.n < bytes) {
		r->bad = true;
		return 0;
	}
	for (size_t i = 0; i < bytes; i++)
		n |= (uint64_t)(unsigned char)r->rest.p[i] << 8 * i;
	r->rest = text_sub(r->rest, bytes, r->rest.n);
	return n;
}

/* Where it lies in the bytes. */
static struct text take_plain(struct reading *r)
{
	uint64_t n = take_number(r, 8);
	struct text out = {NULL, 0};

	if (n == 0 || r->bad)
		return out;
	if (n - 1 > r->rest.n) {
		r->bad = true;
		return out;
	}
	out = text_sub(r->rest, 0, (size_t)n - 1);
	r->rest = text_sub(r->rest, (size_t)n - 1, r->rest.n);
	return out;
}

static struct text take_text(struct reading *r)
{
	struct text t = take_plain(r);

	return t.p == NULL ? t : text_copy(r->arena, t);
}

static const char *take_word(struct reading *r)
{
	return take_text(r).p;
}

/* A field takes at least the two numbers of its lengths. */
static size_t take_count(struct reading *r, size_t most)
{
	uint64_t n = take_number(r, 8);

	if (n > r->rest.n / 16 || n > most)
		r->bad = true;
	return r->bad ? 0 : (size_t)n;
}

static struct fields take_fields(struct reading *r)
{
	size_t n = take_count(r, SIZE_MAX);
	struct field *v = arena_array(r->arena, struct field, n);

	for (size_t i = 0; i < n; i++) {
		v[i].name = take_text(r);
		v[i].value = take_text(r);
	}
	return (struct fields){v, n};
}

/* A value that goes on with another field is none. */
static bool in_one_line(struct text t)
{
	return text_find(t, '\r', 0) == t.n && text_find(t, '\n', 0) == t.n;
}

/* --- a request --- */

void handed_request(const struct request *q, struct buf *out)
{
	buf_add(out, q->id, REQUEST_ID_TEXT);
	put_number(out, (uint64_t)q->now, 8);
	put_number(out, (uint64_t)q->method, 1);
	put_text(out, q->path);
	put_text(out, q->address);
	put_fields(out, q->query.v, q->query.n);
	put_fields(out, q->headers.v, q->headers.n);
	put_fields(out, q->cookies.v, q->cookies.n);
	put_text(out, q->body);
}

bool handed_request_read(struct arena *a, struct text bytes, struct request *out)
{
	struct reading r = {.arena = a, .rest = bytes};
	uint64_t method;

	*out = (struct request){.arena = a};
	if (bytes.n < HANDED_OWN_BYTES)
		return false;
	memcpy(out->id, bytes.p, REQUEST_ID_TEXT);
	r.rest = text_sub(bytes, REQUEST_ID_TEXT, bytes.n);
	out->now = (instant)take_number(&r, 8);
	method = take_number(&r, 1);
	if (method >= METHOD_COUNT)
		return false;
	out->method = (enum method)method;
	out->path = take_text(&r);
	out->address = take_text(&r);
	out->query = take_fields(&r);
	out->headers = take_fields(&r);
	out->cookies = take_fields(&r);
	out->body = take_text(&r);
	return !r.bad && r.rest.n == 0 &&
	       path_segments(a, out->path, &out->segments, &out->n_segments);
}

/* --- an answer --- */

void handed_response(const struct response *r, struct buf *out)
{
	put_number(out, (uint64_t)r->status, 2);
	put_number(out, r->keep, 1);
	put_number(out, r->again, 1);
	put_text(out, r->type);
	put_text(out, r->etag);
	put_text(out, word(r->action));
	put_text(out, word(r->refused));
	put_text(out, r->actor);
	put_text(out, r->log);
	put_fields(out, r->fields, r->n_fields);
	put_text(out, response_bytes(r));
}

bool handed_response_read(struct text bytes, struct response *r)
{
	struct reading in = {.arena = r->arena, .rest = bytes};
	size_t n;

	r->status = (int)take_number(&in, 2);
	r->keep = take_number(&in, 1) != 0;
	r->again = take_number(&in, 1) != 0;
	r->type = take_text(&in);
	r->etag = take_text(&in);
	r->action = take_word(&in);
	r->refused = take_word(&in);
	r->actor = take_text(&in);
	r->log = take_text(&in);
	n = take_count(&in, RESPONSE_FIELDS_MAX);
	for (r->n_fields = 0; r->n_fields < n; r->n_fields++) {
		r->fields[r->n_fields].name = take_text(&in);
		r->fields[r->n_fields].value = take_text(&in);
		in.bad = in.bad || r->fields[r->n_fields].name.n == 0 ||
			 !in_one_line(r->fields[r->n_fields].name) ||
			 !in_one_line(r->fields[r->n_fields].value);
	}
	buf_clear(&r->body);
	buf_text(&r->body, take_plain(&in));
	return !in.bad && in.rest.n == 0 && r->status >= 200 && r->status <= 599 && !r->body.full;
}
