/* SPDX-License-Identifier: Apache-2.0 */
/* The door (trust.md S2, S8, S14, S16): which request is whose, from where it may come, and how often. */
#include "../app/access_fixture.h"

#include "http/door.h"

static struct bench bench;
static struct sign_in *signs;

static struct door *door_of(const char *base_url)
{
	struct door_options o = {text_of(base_url), signs};

	return door_new(bench.arena, &o, arena_alloc(bench.arena, door_shared_bytes() + 64));
}

struct call {
	struct request q;
	struct response r;
	struct field headers[8], cookies[8];
};

static void call_begin(struct call *c, enum method method, const char *address)
{
	memset(c, 0, sizeof(*c));
	c->q.arena = c->r.arena = bench.arena;
	c->q.method = method;
	c->q.now = bench.now;
	c->q.address = text_of(address);
	c->q.headers.v = c->headers;
	c->q.cookies.v = c->cookies;
	c->r.status = 200;
}

static void call_header(struct call *c, const char *name, struct text value)
{
	c->headers[c->q.headers.n++] = (struct field){text_of(name), value};
}

static void call_cookie(struct call *c, const char *name, struct text value)
{
	c->cookies[c->q.cookies.n++] = (struct field){text_of(name), value};
}

/* The value of a cookie that an answer sets, or empty. */
static struct text cookie_set(const struct response *r, const char *name, const char *with)
{
	for (size_t i = 0; i < r->n_fields; i++) {
		struct text v = r->fields[i].value, pair, word;

		if (!text_eq_nocase(r->fields[i].name, text_of("set-cookie")) ||
		    !text_has(v, text_of(with)))
			continue;
		(void)text_cut(v, ';', &pair);
		pair = text_cut(pair, '=', &word);
		if (text_is(word, name))
			return pair;
	}
	return text_of("");
}

static struct text form_body(struct text token)
{
	return text_format(bench.arena, "form=%.*s&title=x", TEXT_ARG(token));
}

static void call_form(struct call *c, struct text body)
{
	call_header(c, "content-type", text_of("application/x-www-form-urlencoded"));
	c->q.body = body;
}

static struct text session_new(void)
{
	struct err err = {.line = 0};
	struct sign_in_result r;

	if (sign_in_link(signs, bench.arena, bench_link(&bench, "user link owner"), bench.now, &r,
			 &err) != RC_OK)
		bail("link", &err);
	return r.cookie;
}

/* --- where from --- */

static void origins(void)
{
	static const struct {
		enum method method;
		const char *site, *dest, *origin;
		const char *code; /* empty: passes, or fails for the form's token only */
	} rows[] = {{METHOD_POST, "same-origin", NULL, NULL, ""},
		    {METHOD_POST, "none", NULL, NULL, ""},
		    {METHOD_POST, "same-site", NULL, NULL, "cross_site"},
		    {METHOD_POST, "cross-site", NULL, NULL, "cross_site"},
		    {METHOD_POST, "", NULL, NULL, "cross_site"},
		    {METHOD_POST, "cross-site", NULL, "http://127.0.0.1:8440", "cross_site"},
		    {METHOD_POST, NULL, NULL, "http://127.0.0.1:8440", ""},
		    {METHOD_POST, NULL, NULL, "http://127.0.0.1:8441", "cross_site"},
		    {METHOD_POST, NULL, NULL, "https://127.0.0.1:8440", "cross_site"},
		    {METHOD_POST, NULL, NULL, "null", "cross_site"},
		    {METHOD_POST, NULL, NULL, "", "cross_site"},
		    {METHOD_POST, NULL, NULL, NULL, "cross_site"},
		    {METHOD_DELETE, NULL, NULL, NULL, "cross_site"},
		    {METHOD_PUT, "cross-site", NULL, NULL, "cross_site"},
		    {METHOD_PATCH, "same-site", NULL, NULL, "cross_site"},
		    {METHOD_GET, NULL, NULL, NULL, ""},
		    {METHOD_GET, "cross-site", "document", NULL, ""},
		    {METHOD_GET, "cross-site", "image", NULL, "cross_site"},
		    {METHOD_GET, "cross-site", NULL, NULL, "cross_site"},
		    {METHOD_HEAD, "cross-site", "empty", NULL, "cross_site"},
		    {METHOD_GET, "same-site", "empty", NULL, ""}};
	struct door *d = door_of("http://127.0.0.1:8440");
	struct text cookie = session_new();
	struct visitor v = visitor_of(&bench, signs, cookie);

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct err err = {.line = 0};
		struct visitor who;
		struct call c;
		enum rc rc;

		call_begin(&c, rows[i].method, "192.0.2.1");
		call_cookie(&c, "tenor-dev", cookie);
		if (rows[i].site != NULL)
			call_header(&c, "sec-fetch-site", text_of(rows[i].site));
		if (rows[i].dest != NULL)
			call_header(&c, "sec-fetch-dest", text_of(rows[i].dest));
		if (rows[i].origin != NULL)
			call_header(&c, "origin", text_of(rows[i].origin));
		if (!method_safe(rows[i].method))
			call_header(&c, "x-tenor-form", v.form_token);
		rc = door_page(d, &c.q, &c.r, &who, &err);
		is_text(text_of(err.code), rows[i].code, "row %zu: %s", i, rows[i].code);
		is_i64(rc, rows[i].code[0] == '\0' ? RC_OK : RC_INVALID, "result");
		ok(rc != RC_OK || who.kind == VISITOR_SESSION, "whose it is");
	}
}

/* --- the form's token --- */

static enum rc post(struct door *d, struct text cookie, const char *before,
		    struct text before_value, struct text body, struct err *err)
{
	struct visitor who;
	struct call c;

	err_clear(err);
	call_begin(&c, METHOD_POST, "192.0.2.1");
	call_header(&c, "sec-fetch-site", text_of("same-origin"));
	if (cookie.n > 0)
		call_cookie(&c, "tenor-dev", cookie);
	if (before_value.n > 0)
		call_cookie(&c, before, before_value);
	call_form(&c, body);
	return door_page(d, &c.q, &c.r, &who, err);
}

static void forms(void)
{
	struct door *d = door_of("http://127.0.0.1:8440/");
	struct text one = session_new(), two = session_new(), none = {NULL, 0}, before, token;
	struct visitor v = visitor_of(&bench, signs, one), nobody = {.kind = VISITOR_NOBODY};
	struct err err = {.line = 0};
	struct text almost = text_copy(bench.arena, v.form_token);
	struct call c;

	((char *)(uintptr_t)almost.p)[20] = almost.p[20] == 'A' ? 'B' : 'A';
	is_i64(post(d, one, "", none, form_body(v.form_token), &err), RC_OK,
	       "the session's own token");
	is_i64(post(d, two, "", none, form_body(v.form_token), &err), RC_INVALID,
	       "another session's");
	is_text(text_of(err.code), "form_expired", "code");
	is_i64(post(d, one, "", none, form_body(almost), &err), RC_INVALID, "one character else");
	is_i64(post(d, one, "", none, form_body(none), &err), RC_INVALID, "an empty one");
	is_i64(post(d, one, "", none, text_of("title=x"), &err), RC_INVALID, "none");
	is_i64(post(d, one, "", none,
		    text_format(bench.arena, "form=%.*s&form=%.*s", TEXT_ARG(v.form_token),
				TEXT_ARG(v.form_token)),
		    &err),
	       RC_INVALID, "two");
	/* before signing in */
	call_begin(&c, METHOD_GET, "192.0.2.1");
	token = door_form_token(d, &c.q, &c.r, &nobody);
	before = cookie_set(&c.r, "tenor-dev-before", "; HttpOnly; SameSite=Lax");
	is_i64((int64_t)before.n, 43, "a cookie before there is a session");
	is_i64(post(d, none, "tenor-dev-before", before, form_body(token), &err), RC_OK,
	       "the form for signing in");
	is_i64(post(d, none, "", none, form_body(token), &err), RC_INVALID, "without its cookie");
	is_i64(post(d, none, "tenor-dev-before", one, form_body(token), &err), RC_INVALID,
	       "with another");
	call_begin(&c, METHOD_GET, "192.0.2.1");
	call_cookie(&c, "tenor-dev-before", before);
	ok(text_eq(door_form_token(d, &c.q, &c.r, &nobody), token) && c.r.n_fields == 0,
	   "the cookie that is there is kept");
	ok(text_eq(door_form_token(d, &c.q, &c.r, &v), v.form_token), "a session has its own");
}

/* --- cookies --- */

static void cookies(void)
{
	struct door *dev = door_of("http://127.0.0.1:8440"),
		    *tls = door_of("https://tenor.acme.example");
	struct err err = {.line = 0};
	struct text cookie = session_new(), mark;
	struct visitor who;
	struct call c;

	call_begin(&c, METHOD_GET, "192.0.2.1");
	door_set_session(tls, &c.r, cookie, false);
	ok(text_eq(cookie_set(&c.r, "__Host-tenor", "; Path=/; HttpOnly; SameSite=Lax; Secure"),
		   cookie),
	   "S2's cookie");
	ok(cookie_set(&c.r, "__Host-tenor", "Max-Age").n == 0, "which ends with the browser");
	mark = cookie_set(&c.r, "__Host-tenor-device", "; Max-Age=15552000");
	ok(sign_in_known(signs, visitor_of(&bench, signs, cookie).person, mark, bench.now),
	   "the device is known for 180 days");
	call_begin(&c, METHOD_GET, "192.0.2.1");
	door_set_session(dev, &c.r, cookie, true);
	ok(text_eq(cookie_set(&c.r, "tenor-dev", "SameSite=Lax; Max-Age=2592000"), cookie),
	   "for thirty days, without TLS");
	call_begin(&c, METHOD_GET, "192.0.2.1");
	door_end_session(tls, &c.r);
	ok(c.r.n_fields == 1 && text_has(c.r.fields[0].value, text_of("__Host-tenor=; ")) &&
		   text_has(c.r.fields[0].value, text_of("Max-Age=0")),
	   "its end");
	call_begin(&c, METHOD_GET, "192.0.2.1");
	call_cookie(&c, "tenor-dev", cookie);
	is_i64(door_page(tls, &c.q, &c.r, &who, &err), RC_OK, "a cookie by the other name");
	is_i64(who.kind, VISITOR_NOBODY, "is nobody");
	call_begin(&c, METHOD_GET, "192.0.2.1");
	call_cookie(&c, "__Host-tenor", cookie);
	is_i64(door_page(tls, &c.q, &c.r, &who, &err), RC_OK, "by its own");
	is_i64(who.kind, VISITOR_SESSION, "it is somebody");
	bench.now += HOUR_MS;
	call_begin(&c, METHOD_GET, "192.0.2.1");
	call_cookie(&c, "__Host-tenor", cookie);
	is_i64(door_page(tls, &c.q, &c.r, &who, &err), RC_OK, "an hour later");
	is_i64(who.kind, VISITOR_NOBODY, "nobody again");
}

/* --- programs --- */

/* How many webhooks of this token pass in one moment, of 300. */
static int64_t hooks_of(struct door *d, struct text token)
{
	static const char *const path[] = {"api", "v1", "hooks", "alertmanager"};
	struct text segments[ARRAY_SIZE(path)];
	int64_t n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(path); i++)
		segments[i] = text_of(path[i]);
	for (int i = 0; i < 300; i++) {
		struct err err = {.line = 0};
		struct visitor who;
		struct call c;

		call_begin(&c, METHOD_POST, "192.0.2.1");
		c.q.segments = segments;
		c.q.n_segments = ARRAY_SIZE(segments);
		call_header(&c, "authorization",
			    text_format(bench.arena, "Bearer %.*s", TEXT_ARG(token)));
		n += door_api(d, &c.q, &c.r, &who, &err) == RC_OK ? 1 : 0;
	}
	return n;
}

/* Of a hundred documents of one visitor. A request that is handled again counts once. */
static int64_t exports_of(struct door *d, const struct visitor *who)
{
	int64_t n = 0;

	for (int i = 0; i < 100; i++) {
		struct err err = {.line = 0};
		struct call c;

		call_begin(&c, METHOD_GET, "192.0.2.1");
		n += door_export(d, &c.q, &c.r, who, &err) == RC_OK ? 1 : 0;
		call_begin(&c, METHOD_GET, "192.0.2.1");
		c.q.heavy = HEAVY_BUSY;
		ok(door_export(d, &c.q, &c.r, who, &err) == RC_OK, "handled again it passes");
	}
	return n;
}

static int64_t resets(struct door *d, const char *account, const char *address, int64_t most)
{
	int64_t n = 0;

	for (; n < most; n++) {
		struct err err = {.line = 0};
		struct call c;

		call_begin(&c, METHOD_POST, address);
		if (door_reset(d, &c.q, &c.r, text_of(account), &err) != RC_OK)
			return n;
	}
	return n;
}

/* What is made for people on pages: documents, links that reset. */
static void made(void)
{
	struct door *d = door_of("http://127.0.0.1:8440");
	struct visitor owner = visitor_of(&bench, signs, session_new());
	int64_t n = 0;

	is_i64(exports_of(d, &owner), 60, "sixty documents and exports of a person");
	is_i64(resets(d, "ana", "198.51.100.1", 10), 3, "three resets of one account");
	is_i64(resets(d, "ana", "198.51.100.2", 10), 0, "from wherever");
	for (int i = 0; i < 30; i++)
		n += resets(d, text_format(bench.arena, "r%d", i).p, "198.51.100.3", 1);
	is_i64(n, 20, "twenty from one address");
}

static void tokens(void)
{
	struct door *d = door_of("https://tenor.acme.example");
	struct err err = {.line = 0};
	struct text token, cookie = session_new();
	struct visitor who;
	struct call c;
	size_t at = 0;
	int64_t passed = 0;

	bench_must(&bench, "token add probes --right USAGE_WRITE");
	while (at < bench.said.n && !text_starts(text_sub(bench.said, at, bench.said.n), "tnr_"))
		at++;
	token = text_sub(bench.said, at, at + TOKEN_TEXT);
	call_begin(&c, METHOD_POST, "192.0.2.1");
	call_cookie(&c, "__Host-tenor", cookie);
	is_i64(door_api(d, &c.q, &c.r, &who, &err), RC_USAGE, "a cookie is no token");
	is_text(text_of(err.code), "token", "code");
	is_text(c.r.fields[0].name, "WWW-Authenticate", "says how");
	call_begin(&c, METHOD_POST, "192.0.2.1");
	call_header(&c, "authorization", text_format(bench.arena, "Basic %.*s", TEXT_ARG(token)));
	is_i64(door_api(d, &c.q, &c.r, &who, &err), RC_USAGE, "another scheme");
	call_begin(&c, METHOD_POST, "192.0.2.1");
	call_header(&c, "authorization", text_format(bench.arena, "Bearer %.*sa", TEXT_ARG(token)));
	is_i64(door_api(d, &c.q, &c.r, &who, &err), RC_USAGE, "no token");
	ok(text_has(c.r.fields[0].value, text_of("invalid_token")), "is said to be none");
	for (int i = 0; i < 101; i++) {
		call_begin(&c, METHOD_POST, "192.0.2.1");
		call_header(&c, "authorization",
			    text_format(bench.arena, "bearer %.*s", TEXT_ARG(token)));
		err_clear(&err);
		passed += door_api(d, &c.q, &c.r, &who, &err) == RC_OK ? 1 : 0;
	}
	is_i64(passed, 100, "a burst of a hundred");
	is_text(text_of(err.code), "too_many", "then not");
	is_text(c.r.fields[0].name, "Retry-After", "until when");
	is_i64(hooks_of(d, token), 200, "a monitor's webhooks have a burst of their own");
	is_i64(exports_of(d, &who), 60, "sixty documents and exports of a program");
}

/* --- attempts --- */

static int64_t attempts(struct door *d, const char *account, const char *address, struct text mark,
			int64_t most)
{
	int64_t n = 0;

	for (; n < most; n++) {
		struct err err = {.line = 0};
		struct call c;

		call_begin(&c, METHOD_POST, address);
		if (mark.n > 0)
			call_cookie(&c, "tenor-dev-device", mark);
		if (door_may_try(d, &c.q, &c.r, text_of(account), &err) != RC_OK)
			return n;
	}
	return n;
}

static void tries(void)
{
	struct door *d = door_of("http://127.0.0.1:8440");
	struct text none = {NULL, 0}, mark, user;
	struct err err = {.line = 0};
	struct visitor who;
	struct call c;
	int64_t n = 0;

	is_i64(attempts(d, "owner", "198.51.100.1", none, 100), 10, "ten on one account");
	is_i64(attempts(d, "owner", "198.51.100.2", none, 100), 0, "from wherever");
	is_i64(attempts(d, "nobody", "198.51.100.2", none, 100), 10,
	       "the same for one that does not exist");
	is_i64(sign_in_account(signs, bench.arena, text_of("owner"), &user, &err), RC_OK,
	       "the owner");
	mark = sign_in_mark(signs, bench.arena, user, bench.now);
	is_i64(attempts(d, "owner", "198.51.100.3", mark, 100), 10,
	       "a device known before is not locked out by others");
	for (int i = 0; i < 100; i++)
		n += attempts(d, text_format(bench.arena, "a%d", i).p, "198.51.100.4", none, 1);
	is_i64(n, 50, "fifty from one address");
	is_i64(attempts(d, "", "198.51.100.5", none, 60), 50, "second steps count by the address");
	for (n = 0; n < 100; n++) {
		call_begin(&c, METHOD_GET, "198.51.100.9");
		err_clear(&err);
		if (door_page(d, &c.q, &c.r, &who, &err) != RC_OK)
			break;
	}
	is_i64(n, 60, "sixty pages without signing in");
	is_text(text_of(err.code), "too_many", "code");
}

int main(void)
{
	bench_open(&bench);
	signs = bench_sign_in(&bench);
	origins();
	forms();
	cookies();
	tokens();
	made();
	tries();
	sign_in_close(signs);
	bench_close(&bench);
	return tap_done();
}
