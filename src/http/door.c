/* SPDX-License-Identifier: Apache-2.0 */
#include "http/door.h"

#include "base/base32.h"
#include "http/fields.h"
#include "http/rate.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

enum { SECRET_TEXT = BASE64URL_TEXT(32), LINE = 64 };

struct door {
	struct sign_in *sign_in;
	void *rates;
	struct text base_url; /* without a slash at its end */
	bool secure;
	const char *cookie, *device,
		*before; /* names of cookies: the session, the device known, before signing in */
	const char *kept[2]; /* by enum door_cookie */
};

/* --- the memory that is shared: rates, then times seen --- */

static size_t rates_room(void)
{
	return (rate_bytes() + LINE - 1) / LINE * LINE;
}

size_t door_shared_bytes(void)
{
	return rates_room() + sign_in_shared_bytes();
}

struct door *door_new(struct arena *a, const struct door_options *o, void *shared)
{
	struct door *d = arena_one(a, struct door);

	d->sign_in = o->sign_in;
	d->rates = shared;
	d->base_url = text_copy(a, text_ends(o->base_url, "/")
					   ? text_sub(o->base_url, 0, o->base_url.n - 1)
					   : o->base_url);
	d->secure = text_starts(d->base_url, "https://");
	/* S1: without TLS only on loopback, where browsers refuse __Host- */
	d->cookie = d->secure ? "__Host-tenor" : "tenor-dev";
	d->device = d->secure ? "__Host-tenor-device" : "tenor-dev-device";
	d->kept[DOOR_WAY] = d->secure ? "__Host-tenor-way" : "tenor-dev-way";
	d->kept[DOOR_OFFER] = d->secure ? "__Host-tenor-offer" : "tenor-dev-offer";
	d->before = d->secure ? "__Host-tenor-before" : "tenor-dev-before";
	rate_start(d->rates);
	sign_in_share(d->sign_in, (char *)shared + rates_room());
	return d;
}

/* --- rates --- */

static enum rc too_many(struct response *r, int64_t retry_s, struct err *err)
{
	response_field(r, "Retry-After", text_format(r->arena, "%lld", (long long)retry_s));
	r->refused = "rate";
	err_code(err, "too_many");
	err_hint(err, "try again in %lld seconds", (long long)retry_s);
	return err_set(err, RC_LIMIT, "too many requests");
}

static enum rc door_rate(struct door *d, const struct request *q, struct response *r,
			 enum rate rate, struct text who, struct err *err)
{
	int64_t retry_s;

	return rate_take(d->rates, rate, who, q->now, &retry_s) ? RC_OK : too_many(r, retry_s, err);
}

static enum rc address_rate(struct door *d, const struct request *q, struct response *r,
			    enum rate rate, struct err *err)
{
	char room[16];

	if (request_again(q))
		return RC_OK;
	return door_rate(d, q, r, rate, rate_address(q->address, room), err);
}

enum rc door_export(struct door *d, const struct request *q, struct response *r,
		    const struct visitor *who, struct err *err)
{
	if (request_again(q))
		return RC_OK;
	return door_rate(d, q, r, RATE_EXPORT, who->kind == VISITOR_TOKEN ? who->token : who->user,
			 err);
}

enum rc door_reset(struct door *d, const struct request *q, struct response *r, struct text account,
		   struct err *err)
{
	enum rc rc = address_rate(d, q, r, RATE_RESET_ADDRESS, err);

	if (rc != RC_OK || request_again(q))
		return rc;
	return door_rate(d, q, r, RATE_RESET_ACCOUNT, account, err);
}

/* --- where a request comes from (S8) --- */

static enum rc cross_site(struct response *r, struct err *err)
{
	r->refused = "cross_site";
	err_code(err, "cross_site");
	err_hint(err, "open the page here and send it from there");
	return err_set(err, RC_INVALID, "this request comes from another site");
}

static enum rc same_origin(const struct door *d, const struct request *q, struct response *r,
			   struct err *err)
{
	struct text site = fields_get(&q->headers, "sec-fetch-site");
	struct text origin = fields_get(&q->headers, "origin");

	if (method_safe(q->method)) {
		struct text dest = fields_get(&q->headers, "sec-fetch-dest");

		return text_is(site, "cross-site") && !text_is(dest, "document")
			       ? cross_site(r, err)
			       : RC_OK;
	}
	if (site.p != NULL)
		return text_is(site, "same-origin") || text_is(site, "none") ? RC_OK
									     : cross_site(r, err);
	return origin.p != NULL && text_eq(origin, d->base_url) ? RC_OK : cross_site(r, err);
}

/* --- the form's token (S8) --- */

/* What a script of ours sends it in. */
static const char form_header[] = "x-tenor-form";

static enum rc given_token(const struct request *q, struct text *out, struct err *err)
{
	struct fields form = {NULL, 0};
	const struct part *files;
	size_t n_files;
	enum rc rc;

	*out = fields_get(&q->headers, form_header);
	if (out->p != NULL)
		return RC_OK;
	rc = form_parse(q, &form, &files, &n_files, err);
	if (rc == RC_OK)
		*out = fields_get(&form, "form");
	return rc;
}

static enum rc form_fits(const struct door *d, const struct request *q, struct response *r,
			 const struct visitor *who, struct err *err)
{
	struct text want = who->form_token, got;
	enum rc rc = given_token(q, &got, err);

	if (rc != RC_OK)
		return rc;
	if (who->kind == VISITOR_NOBODY) {
		struct text before = fields_get(&q->cookies, d->before);

		want = before.n == SECRET_TEXT ? sign_in_form_token(q->arena, before) : text_of("");
	}
	if (want.n == SECRET_TEXT && got.n == want.n && sodium_memcmp(want.p, got.p, want.n) == 0)
		return RC_OK;
	r->refused = "form";
	err_code(err, "form_expired");
	err_hint(err, "open the page again");
	return err_set(err, RC_INVALID, "this form is too old, or of another session");
}

static void set_cookie(const struct door *d, struct response *r, const char *name,
		       struct text value, int64_t age_s)
{
	struct text age = age_s >= 0 ? text_format(r->arena, "; Max-Age=%lld", (long long)age_s)
				     : text_of("");

	response_field(r, "Set-Cookie",
		       text_format(r->arena, "%s=%.*s; Path=/; HttpOnly; SameSite=Lax%s%.*s", name,
				   TEXT_ARG(value), d->secure ? "; Secure" : "", TEXT_ARG(age)));
}

struct text door_kept(const struct door *d, const struct request *q, enum door_cookie which)
{
	return fields_get(&q->cookies, d->kept[which]);
}

void door_keep(const struct door *d, struct response *r, enum door_cookie which, struct text value,
	       int64_t age_s)
{
	set_cookie(d, r, d->kept[which], value, age_s);
}

struct text door_form_token(struct door *d, const struct request *q, struct response *r,
			    const struct visitor *who)
{
	struct text before = fields_get(&q->cookies, d->before);
	unsigned char raw[32];
	struct buf b;

	if (who->kind == VISITOR_SESSION)
		return who->form_token;
	if (before.n != SECRET_TEXT || !base64url_read(before, raw, sizeof(raw))) {
		randombytes_buf(raw, sizeof(raw));
		buf_init(&b, 64);
		base64url_add(&b, raw, sizeof(raw));
		before = text_copy(r->arena, buf_view(&b));
		buf_free(&b);
		set_cookie(d, r, d->before, before, -1);
	}
	return sign_in_form_token(r->arena, before);
}

/* --- pages and API --- */

/* What a minute has gathered is written; a store that is busy just now is tried again by a later request. */
static enum rc flush(struct door *d, const struct request *q, struct err *err)
{
	struct err why = {.line = 0};
	enum rc rc = sign_in_flush(d->sign_in, q->now, &why);

	if (rc == RC_OK || strcmp(why.code, "store.io") != 0)
		return RC_OK;
	*err = why;
	return rc;
}

struct text door_session(const struct door *d, const struct request *q)
{
	return fields_get(&q->cookies, d->cookie);
}

/* What a page asks by itself, to be kept up to date, is no sign that somebody is there (S2). */
static bool by_itself(const struct request *q)
{
	return fields_get(&q->headers, "x-tenor-live").p != NULL ||
	       text_is(fields_get(&q->headers, "accept"), "text/event-stream");
}

enum rc door_page(struct door *d, const struct request *q, struct response *r, struct visitor *who,
		  struct err *err)
{
	struct text cookie = door_session(d, q);
	enum rc rc = same_origin(d, q, r, err);

	*who = (struct visitor){.kind = VISITOR_NOBODY, .stepped_up = INSTANT_NONE};
	if (rc == RC_OK && cookie.n == SECRET_TEXT) {
		sign_in_unseen(d->sign_in, by_itself(q));
		rc = sign_in_visitor(d->sign_in, q->arena, cookie, q->now, who, err);
		sign_in_unseen(d->sign_in, false);
		rc = rc == RC_MISSING ? RC_OK : rc;
	}
	if (rc == RC_OK && who->kind == VISITOR_NOBODY)
		rc = address_rate(d, q, r, RATE_OPEN_PAGE, err);
	if (rc == RC_OK && !method_safe(q->method))
		rc = form_fits(d, q, r, who, err);
	return rc == RC_OK ? flush(d, q, err) : rc;
}

static enum rc no_token(struct response *r, bool given, struct err *err)
{
	response_field(r, "WWW-Authenticate",
		       text_of(given ? "Bearer realm=\"tenor\", error=\"invalid_token\""
				     : "Bearer realm=\"tenor\""));
	r->refused = "token";
	err_clear(err);
	err_code(err, "token");
	err_hint(err,
		 "send Authorization: Bearer tnr_..., a token that \"tenor token add\" printed");
	return err_set(err, RC_USAGE, given ? "this token is not valid" : "there is no token");
}

static struct text bearer(const struct request *q)
{
	static const char scheme[] = "bearer ";
	struct text t = fields_get(&q->headers, "authorization");
	size_t n = strlen(scheme);

	if (t.n <= n || !text_eq_nocase(text_sub(t, 0, n), text_of(scheme)))
		return text_of("");
	return text_trim(text_sub(t, n, t.n));
}

enum rc door_api(struct door *d, const struct request *q, struct response *r, struct visitor *who,
		 struct err *err)
{
	struct text token = bearer(q);
	enum rc rc = RC_MISSING;

	*who = (struct visitor){.kind = VISITOR_NOBODY, .stepped_up = INSTANT_NONE};
	if (token.n > 0)
		rc = sign_in_token(d->sign_in, q->arena, token, q->now, who, err);
	if (rc == RC_MISSING) {
		rc = address_rate(d, q, r, RATE_OPEN_PAGE, err);
		return rc == RC_OK ? no_token(r, token.n > 0, err) : rc;
	}
	if (rc == RC_OK && request_again(q))
		return RC_OK;
	if (rc == RC_OK)
		rc = door_rate(d, q, r, door_is_hook(q) ? RATE_HOOK : RATE_TOKEN, who->token, err);
	if (rc == RC_OK)
		rc = door_rate(d, q, r, RATE_PROVIDER, text_of("provider"), err);
	return rc == RC_OK ? flush(d, q, err) : rc;
}

bool door_is_api(const struct request *q)
{
	return q->n_segments > 0 &&
	       (text_is(q->segments[0], "api") || text_is(q->segments[0], "log"));
}

bool door_is_hook(const struct request *q)
{
	static const char *const path[] = {"api", "v1", "hooks"};
	size_t same = 0;

	if (q->n_segments != ARRAY_SIZE(path) + 1)
		return false;
	while (same < ARRAY_SIZE(path) && text_is(q->segments[same], path[same]))
		same++;
	return same == ARRAY_SIZE(path);
}

bool door_knows(struct door *d, const struct request *q)
{
	struct text cookie = door_session(d, q), token = bearer(q);
	struct err err = {.line = 0};
	struct visitor who;

	if (door_is_api(q))
		return token.n > 0 &&
		       sign_in_token(d->sign_in, q->arena, token, q->now, &who, &err) == RC_OK;
	return cookie.n == SECRET_TEXT &&
	       sign_in_visitor(d->sign_in, q->arena, cookie, q->now, &who, &err) == RC_OK;
}

/* --- cookies of a session (S2, S4) --- */

void door_set_session(struct door *d, struct response *r, struct text cookie, bool for_days)
{
	struct err err = {.line = 0};
	instant now = sign_in_now(d->sign_in);
	struct visitor v;

	set_cookie(d, r, d->cookie, cookie, for_days ? INT64_C(30) * 86400 : -1);
	/* Half a session is nobody's yet, and no device is known by it. */
	if (sign_in_visitor(d->sign_in, r->arena, cookie, now, &v, &err) == RC_OK)
		set_cookie(d, r, d->device, sign_in_mark(d->sign_in, r->arena, v.person, now),
			   INT64_C(180) * 86400);
}

void door_end_session(struct door *d, struct response *r)
{
	set_cookie(d, r, d->cookie, text_of(""), 0);
}

/* --- attempts to sign in --- */

/* "Firefox, Linux": enough to know one's own sessions apart, and no more. */
static struct text device_words(struct arena *a, struct text agent)
{
	static const char *const browsers[][2] = {{"Edg/", "Edge"},        {"OPR/", "Opera"},
						  {"Firefox/", "Firefox"}, {"Chrome/", "Chrome"},
						  {"Safari/", "Safari"},   {"curl/", "curl"}};
	static const char *const systems[][2] = {{"Android", "Android"}, {"iPhone", "iPhone"},
						 {"iPad", "iPad"},       {"Windows", "Windows"},
						 {"Mac OS X", "macOS"},  {"CrOS", "ChromeOS"},
						 {"Linux", "Linux"}};
	const char *browser = "a browser", *system = NULL;

	for (size_t i = ARRAY_SIZE(browsers); i > 0; i--)
		if (text_has(agent, text_of(browsers[i - 1][0])))
			browser = browsers[i - 1][1];
	for (size_t i = ARRAY_SIZE(systems); i > 0; i--)
		if (text_has(agent, text_of(systems[i - 1][0])))
			system = systems[i - 1][1];
	return system == NULL ? text_of(browser) : text_format(a, "%s, %s", browser, system);
}

enum rc door_may_try(struct door *d, const struct request *q, struct response *r,
		     struct text account, struct err *err)
{
	struct sign_in_from from = {
		.device = device_words(q->arena, fields_get(&q->headers, "user-agent")),
		.mark = fields_get(&q->cookies, d->device)};
	struct fields form = {NULL, 0};
	struct err none = {.line = 0};
	struct text user;
	enum rc rc = sign_in_account(d->sign_in, q->arena, account, &user, err);

	if (rc != RC_OK)
		return rc;
	if (form_parse(q, &form, NULL, NULL, &none) == RC_OK)
		from.stay = text_is(fields_get(&form, "stay"), "yes");
	sign_in_from(d->sign_in, &from);
	if (request_again(q))
		return RC_OK;
	rc = address_rate(d, q, r, RATE_SIGN_IN_ADDRESS, err);
	if (rc != RC_OK)
		return rc;
	/* Nobody can lock out somebody who comes from a device that was known before. */
	if (sign_in_known(d->sign_in, user, from.mark, q->now))
		return door_rate(d, q, r, RATE_SIGN_IN_KNOWN, user, err);
	return account.n == 0 ? RC_OK : door_rate(d, q, r, RATE_SIGN_IN_ACCOUNT, account, err);
}

/* Twenty of them are served in less. */
enum { HASH_RETRY_S = 2 };

bool door_may_hash(const struct request *q, struct response *r, enum rc *rc, struct err *err)
{
	*rc = RC_OK;
	if (q->hashing == HASHING_NOW)
		return true;
	if (q->hashing == HASHING_UNASKED) {
		r->hash = true;
		return false;
	}
	*rc = too_many(r, HASH_RETRY_S, err);
	r->refused = "hashes";
	return false;
}
