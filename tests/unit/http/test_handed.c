/* SPDX-License-Identifier: Apache-2.0 */
/* A request and an answer as bytes between processes: what comes out is what went in, and no cut or changed copy is taken for one. */
#include "http/handed.h"

#include "tap.h"

#include <string.h>

static struct arena *arena;

static const struct field query[] = {{{"month", 5}, {"2026-03", 7}}, {{"x", 1}, {"", 0}}};
static const struct field headers[] = {{{"cookie", 6}, {"tenor-dev=abc", 13}}};
static const struct field cookies[] = {{{"tenor-dev", 9}, {"abc", 3}}};

static struct request asked(void)
{
	struct request q = {.arena = arena,
			    .id = "0123456789abcdef",
			    .method = METHOD_POST,
			    .path = text_of("/c/NW-1/state%20ment"),
			    .query = {query, 2},
			    .headers = {headers, 1},
			    .cookies = {cookies, 1},
			    .body = text_of("a=1"),
			    .address = text_of("127.0.0.1"),
			    .now = 1772442000123};

	return q;
}

static bool same_fields(const struct fields *a, const struct fields *b)
{
	bool same = a->n == b->n;

	for (size_t i = 0; same && i < a->n; i++)
		same = text_eq(a->v[i].name, b->v[i].name) &&
		       text_eq(a->v[i].value, b->v[i].value) &&
		       (a->v[i].value.p == NULL) == (b->v[i].value.p == NULL);
	return same;
}

static void requests(void)
{
	struct request q = asked(), got;
	struct buf out;

	buf_init(&out, 10000);
	handed_request(&q, &out);
	ok(handed_request_read(arena, buf_view(&out), &got), "a request is read");
	ok(strcmp(got.id, q.id) == 0 && got.now == q.now && got.method == q.method,
	   "its id, time and method");
	is_text(got.path, "/c/NW-1/state%20ment", "its path");
	ok(got.n_segments == 3 && text_is(got.segments[2], "state ment"), "its segments");
	ok(same_fields(&got.query, &q.query) && same_fields(&got.headers, &q.headers) &&
		   same_fields(&got.cookies, &q.cookies),
	   "its fields");
	is_text(got.body, "a=1", "its body");
	is_text(got.address, "127.0.0.1", "whom it came from");
	ok(got.told.p == NULL && got.heavy == HEAVY_UNASKED, "nothing else");
	for (size_t n = 0; n < out.n; n++)
		if (handed_request_read(arena, text_sub(buf_view(&out), 0, n), &got)) {
			ok(false, "cut to %zu bytes it is taken for one", n);
			break;
		}
	buf_char(&out, 'x');
	ok(!handed_request_read(arena, buf_view(&out), &got), "with one more byte it is none");
	buf_free(&out);
}

/* Who asks the same at another moment differs in the first bytes alone. */
static void alike(void)
{
	struct request q = asked(), later = asked();
	struct buf a, b;

	later.now += 5000;
	memcpy(later.id, "fedcba9876543210", REQUEST_ID_TEXT);
	buf_init(&a, 10000);
	buf_init(&b, 10000);
	handed_request(&q, &a);
	handed_request(&later, &b);
	ok(!text_eq(buf_view(&a), buf_view(&b)) &&
		   text_eq(text_sub(buf_view(&a), HANDED_OWN_BYTES, a.n),
			   text_sub(buf_view(&b), HANDED_OWN_BYTES, b.n)),
	   "the same question, asked later");
	buf_free(&a);
	buf_free(&b);
}

static struct response fresh(void)
{
	struct response r = {.arena = arena, .status = 200};

	buf_init(&r.body, RESPONSE_BODY_MAX);
	return r;
}

static void answers(void)
{
	struct response r = fresh(), got = fresh();
	struct buf out;

	r.status = 503;
	r.type = text_of("text/html; charset=utf-8");
	r.action = "page";
	r.refused = "right";
	r.actor = text_of("u_4m2q9r7x1c8v3k6t");
	r.again = true;
	response_field(&r, "Retry-After", text_of("30"));
	buf_str(&r.body, "<!doctype html>");
	buf_init(&out, 10000);
	handed_response(&r, &out);
	ok(handed_response_read(buf_view(&out), &got), "an answer is read");
	ok(got.status == 503 && got.again && !got.keep && !got.heavy, "its status");
	is_text(got.type, "text/html; charset=utf-8", "its type");
	ok(strcmp(got.action, "page") == 0 && strcmp(got.refused, "right") == 0, "its words");
	is_text(got.actor, "u_4m2q9r7x1c8v3k6t", "its actor");
	ok(got.n_fields == 1 && text_is(got.fields[0].value, "30"), "its field");
	is_text(buf_view(&got.body), "<!doctype html>", "its body");
	for (size_t n = 0; n < out.n; n++)
		if (handed_response_read(text_sub(buf_view(&out), 0, n), &got)) {
			ok(false, "cut to %zu bytes it is taken for one", n);
			break;
		}
	buf_free(&out);
	buf_free(&r.body);
	buf_free(&got.body);
}

/* What a process that was broken into could answer. */
static void lies(void)
{
	static const char *const values[] = {"30\r\nSet-Cookie: a=b", "30\nx", "\r"};

	for (size_t i = 0; i < ARRAY_SIZE(values); i++) {
		struct response r = fresh(), got = fresh();
		struct buf out;

		r.fields[r.n_fields++] = (struct field){text_of("Retry-After"), text_of(values[i])};
		buf_init(&out, 10000);
		handed_response(&r, &out);
		ok(!handed_response_read(buf_view(&out), &got),
		   "a field with more lines is refused");
		buf_free(&out);
		buf_free(&r.body);
		buf_free(&got.body);
	}

	struct response r = fresh(), got = fresh();
	struct buf out;

	r.status = 99;
	buf_init(&out, 10000);
	handed_response(&r, &out);
	ok(!handed_response_read(buf_view(&out), &got), "99 is no status");
	buf_free(&out);
	buf_free(&r.body);
	buf_free(&got.body);
}

int main(void)
{
	arena = arena_new((size_t)64 << 20);
	requests();
	alike();
	answers();
	lies();
	arena_free(arena);
	return tap_done();
}
