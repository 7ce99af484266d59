/* SPDX-License-Identifier: Apache-2.0 */
#include "link/outside.h"

#include "base/attr.h"
#include "base/late.h"
#include "link/curl_calls.h"
#include "link/egress.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

/*
 * It brings thirty libraries (LDAP, Kerberos, SSH and what those need). Loaded by processes that connect out alone: none of them is where a
 * database is.
 */
static const struct late_library curl = {"libcurl.so.4", "libcurl4"};

#define LATE(library, name) __typeof__(name) *late_##name;
#include "link/curl_calls.def"
#undef LATE

#define LATE(library, name) {&library, "" #name, &late_##name},
static const struct late_call calls[] = {
#include "link/curl_calls.def"
};
#undef LATE

enum { FIELD_MAX = 512, ANSWER_MOST = 64 << 20 };

enum rc outside_load(struct err *err)
{
	enum rc rc = late_load(calls, ARRAY_SIZE(calls), err);

	if (rc == RC_OK && curl_global_init(CURL_GLOBAL_ALL) != CURLE_OK)
		rc = err_set(err, RC_MISSING, "libcurl cannot be set up");
	return rc;
}

bool outside_init(struct outside *o, struct text named, bool http)
{
	*o = (struct outside){
		.curl = curl_easy_init(), .named = named, .http = http && named.n > 0};
	buf_init(&o->body, ANSWER_MOST);
	return o->curl != NULL;
}

void outside_clear(struct outside *o)
{
	curl_easy_cleanup(o->curl);
	buf_free(&o->body);
}

bool outside_url(const struct outside *o, const char *url)
{
	struct text t = text_of(url), host = text_sub(t, text_find(t, ':', 0) + 3, t.n), name;

	(void)text_cut(host, '/', &name);
	return name.n > 0 && t.n < OUTSIDE_URL_MAX && !text_has(name, text_of("@")) &&
	       (text_starts(t, "https://") || (o->http && text_starts(t, "http://")));
}

static curl_socket_t open_socket(void *context, curlsocktype purpose, struct curl_sockaddr *to)
{
	const struct outside_way *w = context;

	(void)purpose;
	return egress_socket(&to->addr, to->socktype, to->protocol, w->named, w->allows);
}

bool outside_way(struct outside *o, const struct outside_way *w)
{
	CURL *c = o->curl;

	return curl_easy_setopt(c, CURLOPT_URL, w->url) == CURLE_OK &&
	       curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, w->schemes) == CURLE_OK &&
	       curl_easy_setopt(c, CURLOPT_PROXY, "") == CURLE_OK &&
	       curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
	       curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, (long)w->within_ms) == CURLE_OK &&
	       curl_easy_setopt(c, CURLOPT_OPENSOCKETFUNCTION, open_socket) == CURLE_OK &&
	       curl_easy_setopt(c, CURLOPT_OPENSOCKETDATA, w) == CURLE_OK;
}

struct taking {
	struct buf *body;
	size_t most;
};

/* Short of what came: curl gives up. */
static size_t take_body(char *p, size_t one, size_t n, void *context)
{
	struct taking *t = context;

	if (one * n > t->most - t->body->n)
		return 0;
	buf_add(t->body, p, one * n);
	return one * n;
}

static bool fetching(struct outside *o, const struct outside_way *w, struct taking *taking)
{
	CURL *c = o->curl;

	return outside_way(o, w) && curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK &&
	       curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, take_body) == CURLE_OK &&
	       curl_easy_setopt(c, CURLOPT_WRITEDATA, taking) == CURLE_OK;
}

static bool posted(struct outside *o, const struct outside_ask *ask)
{
	return ask->post == NULL ||
	       (curl_easy_setopt(o->curl, CURLOPT_POSTFIELDSIZE, (long)ask->post->n) == CURLE_OK &&
		curl_easy_setopt(o->curl, CURLOPT_POSTFIELDS, ask->post->p) == CURLE_OK);
}

static bool with_secret(struct outside *o, const struct outside_ask *ask)
{
	char *user, *secret;
	bool good;

	if (ask->user.n == 0)
		return true;
	user = curl_easy_escape(o->curl, ask->user.p, (int)ask->user.n);
	secret = curl_easy_escape(o->curl, ask->secret.p, (int)ask->secret.n);
	good = user != NULL && secret != NULL &&
	       curl_easy_setopt(o->curl, CURLOPT_HTTPAUTH, CURLAUTH_BASIC) == CURLE_OK &&
	       curl_easy_setopt(o->curl, CURLOPT_USERNAME, user) == CURLE_OK &&
	       curl_easy_setopt(o->curl, CURLOPT_PASSWORD, secret) == CURLE_OK;
	curl_free(user);
	curl_free(secret);
	return good;
}

static bool with_token(struct outside *o, const struct outside_ask *ask)
{
	return ask->token == NULL ||
	       (curl_easy_setopt(o->curl, CURLOPT_HTTPAUTH, CURLAUTH_BEARER) == CURLE_OK &&
		curl_easy_setopt(o->curl, CURLOPT_XOAUTH2_BEARER, ask->token) == CURLE_OK);
}

bool outside_fetch(struct outside *o, const struct outside_ask *ask, int *status)
{
	const struct outside_way way = {ask->url, o->http ? "http,https" : "https", ask->within_ms,
					o->named, egress_allows_web};
	struct taking taking = {&o->body, ask->most};
	char field[FIELD_MAX];
	struct curl_slist head = {field, NULL};
	long said = 0;
	bool good;

	curl_easy_reset(o->curl);
	buf_clear(&o->body);
	good = outside_url(o, ask->url) && fetching(o, &way, &taking) && posted(o, ask) &&
	       with_secret(o, ask) && with_token(o, ask);
	if (good && ask->type != NULL) {
		(void)snprintf(field, sizeof(field), "Content-Type: %s", ask->type);
		good = curl_easy_setopt(o->curl, CURLOPT_HTTPHEADER, &head) == CURLE_OK;
	}
	good = good && curl_easy_perform(o->curl) == CURLE_OK &&
	       curl_easy_getinfo(o->curl, CURLINFO_RESPONSE_CODE, &said) == CURLE_OK;
	*status = (int)said;
	return good;
}

void outside_escape(struct outside *o, struct text value, struct buf *out)
{
	char *escaped = curl_easy_escape(o->curl, value.p, (int)value.n);

	buf_str(out, escaped == NULL ? "" : escaped);
	curl_free(escaped);
}
