/* SPDX-License-Identifier: Apache-2.0 */
/* The header policy (trust.md H1 to H3), hosts and hops (S1), tags and codings: tables of cases. What the library parses first is in test_http.py. */
#include "http/policy.h"

#include "http/limits.h"

#include "tap.h"

#include <string.h>

static struct arena *arena;

/* "Name: value|Name: value" */
static size_t fields_of(const char *words, struct field *out)
{
	struct text rest = text_of(words), one;
	size_t n = 0;

	while (rest.n > 0) {
		rest = text_cut(rest, '|', &one);
		out[n].value = text_cut(one, ':', &out[n].name);
		if (text_starts(out[n].value, " "))
			out[n].value = text_sub(out[n].value, 1, out[n].value.n);
		n++;
	}
	return n;
}

static const struct {
	const char *method, *target, *version, *fields;
	int status;
	const char *reason; /* where it is refused */
} heads[] = {
	{"GET", "/", "HTTP/1.1", "Host: a", 0, ""},
	{"HEAD", "/x?y=%20", "HTTP/1.0", "HOST: a.example:80", 0, ""},
	{"POST", "/", "HTTP/1.1", "Host: a|Content-Length: 0", 0, ""},
	{"POST", "/", "HTTP/1.1", "Host: a|Content-Length: 123456789012345", 0, ""},
	{"POST", "/", "HTTP/1.1", "Host: a|Transfer-Encoding: Chunked", 0, ""},
	{"GET", "/", "HTTP/1.1", "Host: a|Content-Length: 0", 0, ""},
	{"PUT", "/", "HTTP/1.1", "Host: [::1]:80|Expect: 100-Continue|Content-Length: 1", 0, ""},
	{"GET", "/", "HTTP/1.2", "Host: a", 505, "version"},
	{"GET", "/", "", "Host: a", 505, "version"},
	{"GET", "/", "HTTP/1.10", "Host: a", 505, "version"},
	{"Get", "/", "HTTP/1.1", "Host: a", 405, "method"},
	{"OPTIONS", "*", "HTTP/1.1", "Host: a", 405, "method"},
	{"GET", "*", "HTTP/1.1", "Host: a", 400, "target"},
	{"GET", "", "HTTP/1.1", "Host: a", 400, "target"},
	{"GET", "http://a/", "HTTP/1.1", "Host: a", 400, "target"},
	{"GET", "/ ", "HTTP/1.1", "Host: a", 400, "target"},
	{"GET", "/#", "HTTP/1.1", "Host: a", 400, "target"},
	{"GET", "/\xc3\xa9", "HTTP/1.1", "Host: a", 400, "target"},
	{"GET", "/\x7f", "HTTP/1.1", "Host: a", 400, "target"},
	{"GET", "/%", "HTTP/1.1", "Host: a", 400, "target"},
	{"GET", "/%4", "HTTP/1.1", "Host: a", 400, "target"},
	{"GET", "/%4g", "HTTP/1.1", "Host: a", 400, "target"},
	{"GET", "/%00", "HTTP/1.1", "Host: a", 400, "target"},
	{"GET", "/", "HTTP/1.1", "Accept: a", 400, "host.none"},
	{"GET", "/", "HTTP/1.1", "Host: ", 400, "host.bad"},
	{"GET", "/", "HTTP/1.1", "Host: a@b", 400, "host.bad"},
	{"GET", "/", "HTTP/1.1", "Host: a,b", 400, "host.bad"},
	{"GET", "/", "HTTP/1.1", "Host: a b", 400, "host.bad"},
	{"GET", "/", "HTTP/1.1", "Host: a/b", 400, "host.bad"},
	{"GET", "/", "HTTP/1.1", "Host: a|host: a", 400, "field.twice"},
	{"GET", "/", "HTTP/1.1", "Host: a|Authorization: x|authorization: x", 400, "field.twice"},
	{"GET", "/", "HTTP/1.1", "Host : a", 400, "field.name"},
	{"GET", "/", "HTTP/1.1", "Host: a|: b", 400, "field.name"},
	{"GET", "/", "HTTP/1.1", "Host: a|x y: b", 400, "field.name"},
	{"GET", "/", "HTTP/1.1", "Host: a|X: \x01", 400, "field.value"},
	{"GET", "/", "HTTP/1.1", "Host: a|X: a\nb", 400, "field.value"},
	{"GET", "/", "HTTP/1.1", "Host: a|X: a\tb", 0, ""},
	{"POST", "/", "HTTP/1.1", "Host: a|Content-Length: 1|Content-Length: 1", 400,
	 "field.twice"},
	{"POST", "/", "HTTP/1.1", "Host: a|Content-Length: 1|Transfer-Encoding: chunked", 400,
	 "length.and.coding"},
	{"POST", "/", "HTTP/1.1", "Host: a|Content-Length: ", 400, "length.bad"},
	{"POST", "/", "HTTP/1.1", "Host: a|Content-Length: +1", 400, "length.bad"},
	{"POST", "/", "HTTP/1.1", "Host: a|Content-Length: -1", 400, "length.bad"},
	{"POST", "/", "HTTP/1.1", "Host: a|Content-Length: 0x1", 400, "length.bad"},
	{"POST", "/", "HTTP/1.1", "Host: a|Content-Length: 1, 1", 400, "length.bad"},
	{"POST", "/", "HTTP/1.1", "Host: a|Content-Length: 1234567890123456", 400, "length.bad"},
	{"POST", "/", "HTTP/1.0", "Host: a|Transfer-Encoding: chunked", 400, "coding"},
	{"POST", "/", "HTTP/1.1", "Host: a|Transfer-Encoding: gzip, chunked", 400, "coding"},
	{"POST", "/", "HTTP/1.1", "Host: a|Content-Encoding: gzip|Content-Length: 1", 415,
	 "coding.content"},
	{"GET", "/", "HTTP/1.1", "Host: a|Content-Length: 1", 400, "body"},
	{"DELETE", "/", "HTTP/1.1", "Host: a|Transfer-Encoding: chunked", 400, "body"},
	{"POST", "/", "HTTP/1.1", "Host: a|Expect: x", 417, "expect"},
};

static void check_heads(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(heads); i++) {
		struct field fields[8] = {{{NULL, 0}, {NULL, 0}}};
		struct policy_head h = {.method = text_of(heads[i].method),
					.target = text_of(heads[i].target),
					.version = text_of(heads[i].version),
					.fields = fields};
		struct policy_verdict v;

		h.n_fields = fields_of(heads[i].fields, fields);
		v = policy_check(&h);
		ok(v.status == heads[i].status &&
			   (v.status == 0 || strcmp(v.reason, heads[i].reason) == 0),
		   "%s %s %s | %s: %d %s", heads[i].method, i == 17 ? "/e" : heads[i].target,
		   heads[i].version, i == 34 || i == 35 ? "control" : heads[i].fields,
		   heads[i].status, heads[i].reason);
	}
}

static struct policy_verdict with(size_t target, size_t n_fields, size_t bytes)
{
	struct field *f = arena_array(arena, struct field, n_fields);
	char *path = (char *)arena_alloc(arena, target + 1);
	struct policy_head h = {.method = text_of("GET"),
				.version = text_of("HTTP/1.1"),
				.fields = f,
				.n_fields = n_fields,
				.bytes = bytes};

	memset(path, '/', target);
	h.target = (struct text){path, target};
	for (size_t i = 0; i < n_fields; i++)
		f[i] = (struct field){i == 0 ? text_of("Host") : text_of("X"), text_of("a")};
	return policy_check(&h);
}

static void check_limits(void)
{
	is_i64(with(LIMIT_TARGET_BYTES, 1, 0).status, 0, "a target at the limit");
	is_i64(with(LIMIT_TARGET_BYTES + 1, 1, 0).status, 414, "and one beyond");
	is_i64(with(1, LIMIT_HEAD_FIELDS, 0).status, 0, "fields at the limit");
	is_i64(with(1, LIMIT_HEAD_FIELDS + 1, 0).status, 431, "and one beyond");
	is_i64(with(1, 1, LIMIT_HEAD_BYTES).status, 0, "a head at the limit");
	is_i64(with(1, 1, LIMIT_HEAD_BYTES + 1).status, 431, "and one beyond");
}

static const struct {
	const char *path, *segments; /* joined by '|'; NULL: refused */
} paths[] = {
	{"/", ""},         {"/a", "a"},      {"/a/b-1", "a|b-1"}, {"/a%20b/%C3%A9", "a b|\xc3\xa9"},
	{"/%2541", "%41"}, {"/a+b", "a+b"},  {"/...", "..."},     {"", NULL},
	{"a", NULL},       {"//", NULL},     {"/a/", NULL},       {"/a//b", NULL},
	{"/.", NULL},      {"/..", NULL},    {"/a/../b", NULL},   {"/%2e", NULL},
	{"/%2E%2e", NULL}, {"/a%2fb", NULL}, {"/a%2Fb", NULL},    {"/a%5cb", NULL},
	{"/a\\b", NULL},   {"/%ff", NULL},   {"/%c0%af", NULL},   {"/%0a", NULL},
	{"/%7f", NULL},    {"/%00", NULL},   {"/%", NULL},
};

static void check_paths(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		const struct text *v = NULL;
		size_t n = 0;
		bool found = path_segments(arena, text_of(paths[i].path), &v, &n);
		struct buf got;

		buf_init(&got, 1000);
		for (size_t k = 0; found && k < n; k++) {
			buf_str(&got, k > 0 ? "|" : "");
			buf_text(&got, v[k]);
		}
		ok(found == (paths[i].segments != NULL) &&
			   (!found || text_is(buf_view(&got), paths[i].segments)),
		   "path %s", paths[i].path);
		buf_free(&got);
	}
}

static void check_hosts(void)
{
	static const struct {
		const char *host, *base;
		bool is;
	} v[] = {
		{"a.example", "https://a.example", true},
		{"A.Example", "https://a.example/", true},
		{"a.example:443", "https://a.example", true},
		{"a.example", "https://a.example:443", true},
		{"a.example:444", "https://a.example", false},
		{"a.example:80", "https://a.example", false},
		{"b.example", "https://a.example", false},
		{"127.0.0.1:8440", "http://127.0.0.1:8440", true},
		{"127.0.0.1", "http://127.0.0.1:8440", false},
		{"[::1]:1", "http://[::1]:1", true},
		{"", "http://a.example", false},
	};
	static const struct {
		const char *base, *host;
	} bases[] = {
		{"https://a.example", "a.example"},
		{"http://127.0.0.1:1", "127.0.0.1:1"},
		{"http://localhost:1", "localhost:1"},
		{"http://[::1]", "[::1]"},
		{"http://a.example", ""},
		{"http://localhost.example", ""},
		{"ftp://a", ""},
		{"", ""},
		{"https://a/b", ""},
		{"https://", ""},
		{"https://u@a", ""},
	};

	for (size_t i = 0; i < ARRAY_SIZE(v); i++)
		ok(host_is(text_of(v[i].host), text_of(v[i].base)) == v[i].is, "'%s' %s %s",
		   v[i].host, v[i].is ? "is" : "is not", v[i].base);
	for (size_t i = 0; i < ARRAY_SIZE(bases); i++)
		is_text(base_url_host(text_of(bases[i].base)), bases[i].host,
			"host of base URL '%s'", bases[i].base);
}

static void check_hops(void)
{
	const struct text proxies[] = {text_of("10.0.0.1"), text_of("::1")};
	static const struct {
		const char *peer, *header, *client;
	} v[] = {
		{"9.9.9.9", "1.1.1.1", "9.9.9.9"},
		{"10.0.0.1", "", "10.0.0.1"},
		{"10.0.0.1", "1.1.1.1", "1.1.1.1"},
		{"10.0.0.1", "6.6.6.6, 1.1.1.1", "1.1.1.1"},
		{"10.0.0.1", "1.1.1.1,::1", "1.1.1.1"},
		{"10.0.0.1", "1.1.1.1, unknown", "10.0.0.1"},
		{"10.0.0.1", "2001:db8::1", "2001:db8::1"},
		{"10.0.0.1", "10.0.0.1, 10.0.0.1", "10.0.0.1"},
		{"10.0.0.1", ",", "10.0.0.1"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(v); i++)
		is_text(forwarded_for(text_of(v[i].peer), text_of(v[i].header), proxies,
				      ARRAY_SIZE(proxies)),
			v[i].client, "%s with '%s'", v[i].peer, v[i].header);
}

static void check_tags(void)
{
	static const struct {
		const char *header;
		bool matches, holds;
	} tags[] = {{"\"a\"", true, true}, {"W/\"a\"", true, false}, {"\"b\", \"a\"", true, true},
		    {"*", true, true},     {"\"b\"", false, false},  {"a", false, false},
		    {"", false, false}};
	static const struct {
		const char *header;
		bool takes;
	} codings[] = {{"gzip", true},          {"GZIP", true},          {"br, gzip", true},
		       {"gzip;q=0.5", true},    {"gzip; q=0.001", true}, {"gzip;q=0", false},
		       {"gzip;q=0.000", false}, {"br", false},           {"", false},
		       {"xgzip", false}};

	for (size_t i = 0; i < ARRAY_SIZE(tags); i++) {
		struct text header = text_of(tags[i].header), tag = text_of("\"a\"");

		ok(etag_matches(header, tag) == tags[i].matches, "If-None-Match '%.*s'",
		   TEXT_ARG(header));
		ok(etag_holds(header, tag) == tags[i].holds, "If-Match '%.*s'", TEXT_ARG(header));
	}
	ok(!etag_matches(text_of("*"), text_of("")) && !etag_holds(text_of("*"), text_of("")),
	   "what has no tag matches nothing");
	for (size_t i = 0; i < ARRAY_SIZE(codings); i++)
		ok(takes_gzip(text_of(codings[i].header)) == codings[i].takes,
		   "Accept-Encoding '%s'", codings[i].header);
}

int main(void)
{
	arena = arena_new(64 << 20);
	check_heads();
	check_limits();
	check_paths();
	check_hosts();
	check_hops();
	check_tags();
	arena_free(arena);
	return tap_done();
}
