/* SPDX-License-Identifier: Apache-2.0 */
#include "http/policy.h"

#include "http/fields.h"
#include "http/limits.h"

#include <string.h>

static struct policy_verdict refuse(int status, const char *reason, const char *title)
{
	return (struct policy_verdict){.status = status, .reason = reason, .title = title};
}

/* --- the request line --- */

static bool find_method(struct text word, enum method *out)
{
	for (int m = 0; m < METHOD_COUNT; m++)
		if (text_is(word, method_word((enum method)m))) {
			*out = (enum method)m;
			return true;
		}
	return false;
}

/* Every byte that may stand in a target: visible ASCII without '#', and %XX of two digits that is not %00. */
static bool target_sound(struct text t)
{
	for (size_t i = 0; i < t.n; i++) {
		unsigned char c = (unsigned char)t.p[i];

		if (c <= ' ' || c >= 0x7f || c == '#' || c == '"' || c == '<' || c == '>')
			return false;
		if (c != '%')
			continue;
		if (t.n - i < 3 || hex_value(t.p[i + 1]) < 0 || hex_value(t.p[i + 2]) < 0 ||
		    (t.p[i + 1] == '0' && t.p[i + 2] == '0'))
			return false;
		i += 2;
	}
	return true;
}

static struct policy_verdict check_line(const struct policy_head *h)
{
	struct policy_verdict v = {.status = 0};

	if (!text_is(h->version, "HTTP/1.1") && !text_is(h->version, "HTTP/1.0"))
		return refuse(505, "version", "only HTTP/1.1 and HTTP/1.0 are spoken here");
	if (h->target.n > LIMIT_TARGET_BYTES)
		return refuse(414, "target.long", "the address is longer than 8,190 bytes");
	if (!find_method(h->method, &v.method))
		return refuse(405, "method", "no such method");
	if (h->target.n == 0 || h->target.p[0] != '/' || !target_sound(h->target))
		return refuse(400, "target", "the address is not a path of this server");
	v.query = text_cut(h->target, '?', &v.path);
	return v;
}

/* --- fields --- */

static bool is_token(struct text name)
{
	static const char marks[] = "!#$%&'*+-.^_`|~";

	for (size_t i = 0; i < name.n; i++) {
		char c = name.p[i];

		if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
		      (c != '\0' && strchr(marks, c) != NULL)))
			return false;
	}
	return name.n > 0;
}

static bool is_value(struct text value)
{
	for (size_t i = 0; i < value.n; i++)
		if (((unsigned char)value.p[i] < ' ' && value.p[i] != '\t') || value.p[i] == 0x7f)
			return false;
	return true;
}

/* Fields that mean something here only once: a second one is how two programs come to different readings. */
static const char *const single[] = {
	"host",   "content-length", "transfer-encoding", "content-type",    "authorization",
	"origin", "sec-fetch-site", "sec-fetch-dest",    "if-none-match",   "idempotency-key",
	"expect", "cookie",         "content-encoding",  "x-forwarded-for",
};

static bool named(const struct field *f, const char *name)
{
	return text_eq_nocase(f->name, text_of(name));
}

static size_t count_of(const struct policy_head *h, const char *name, struct text *value)
{
	size_t n = 0;

	for (size_t i = 0; i < h->n_fields; i++)
		if (named(&h->fields[i], name) && n++ == 0)
			*value = h->fields[i].value;
	return n;
}

static bool host_sound(struct text host)
{
	if (host.n == 0 || host.n > 255)
		return false;
	for (size_t i = 0; i < host.n; i++) {
		char c = host.p[i];

		if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
		      c == '.' || c == '-' || c == ':' || c == '[' || c == ']' || c == '_'))
			return false;
	}
	return true;
}

static struct policy_verdict check_fields(const struct policy_head *h, struct policy_verdict v)
{
	struct text value = {NULL, 0};

	if (h->n_fields > LIMIT_HEAD_FIELDS)
		return refuse(431, "fields.many", "more than 64 header fields");
	if (h->bytes > LIMIT_HEAD_BYTES)
		return refuse(431, "head.long", "the head is longer than 16 KiB");
	for (size_t i = 0; i < h->n_fields; i++) {
		if (!is_token(h->fields[i].name))
			return refuse(400, "field.name",
				      "a header field's name has a byte that it may not have");
		if (!is_value(h->fields[i].value))
			return refuse(400, "field.value",
				      "a header field's value has a control byte");
	}
	for (size_t i = 0; i < ARRAY_SIZE(single); i++)
		if (count_of(h, single[i], &value) > 1)
			return refuse(400, "field.twice",
				      "a header field that may come once came twice");
	if (count_of(h, "host", &v.host) == 0)
		return refuse(400, "host.none", "there is no Host");
	if (!host_sound(v.host))
		return refuse(400, "host.bad", "the Host is not a name or address with a port");
	return v;
}

/* --- framing --- */

static bool read_length(struct text t, uint64_t *out)
{
	int64_t n = 0;

	/* digits only: no sign, blank, comma, hexadecimal */
	if (t.n == 0 || t.n > LIMIT_LENGTH_DIGITS || !text_digits(t, &n))
		return false;
	*out = (uint64_t)n;
	return true;
}

static struct policy_verdict check_framing(const struct policy_head *h, struct policy_verdict v)
{
	struct text length = {NULL, 0}, coding = {NULL, 0}, expect = {NULL, 0};
	bool has_length = count_of(h, "content-length", &length) > 0;
	bool has_coding = count_of(h, "transfer-encoding", &coding) > 0;

	if (has_length && has_coding)
		return refuse(400, "length.and.coding",
			      "Content-Length and Transfer-Encoding together");
	if (has_length && !read_length(length, &v.length))
		return refuse(400, "length.bad",
			      "Content-Length is not a number of 1 to 15 digits");
	if (has_coding &&
	    (!text_is(h->version, "HTTP/1.1") || !text_eq_nocase(coding, text_of("chunked"))))
		return refuse(400, "coding",
			      "the only Transfer-Encoding is 'chunked', of HTTP/1.1");
	v.chunked = has_coding;
	v.has_body = v.chunked || v.length > 0;
	if (v.has_body && (method_safe(v.method) || v.method == METHOD_DELETE))
		return refuse(400, "body", "a request of this method has no body");
	if (count_of(h, "content-encoding", &coding) > 0 &&
	    !text_eq_nocase(coding, text_of("identity")))
		return refuse(415, "coding.content",
			      "bodies are taken as they are, not compressed");
	if (count_of(h, "expect", &expect) == 0)
		return v;
	if (!text_eq_nocase(expect, text_of("100-continue")))
		return refuse(417, "expect", "the only Expect is '100-continue'");
	v.expects = true;
	return v;
}

struct policy_verdict policy_check(const struct policy_head *h)
{
	struct policy_verdict v = check_line(h);

	if (v.status == 0)
		v = check_fields(h, v);
	if (v.status == 0)
		v = check_framing(h, v);
	return v;
}

/* --- the path --- */

static bool add_segment(struct arena *a, struct text raw, struct text *out)
{
	if (raw.n == 0 || !percent_decode(a, raw, false, out))
		return false;
	if (text_is(*out, ".") || text_is(*out, ".."))
		return false;
	for (size_t i = 0; i < out->n; i++) {
		unsigned char c = (unsigned char)out->p[i];

		if (c == '/' || c == '\\' || c < ' ' || c == 0x7f)
			return false;
	}
	return true;
}

bool path_segments(struct arena *a, struct text path, const struct text **out, size_t *n)
{
	struct text *v = arena_array(a, struct text, LIMIT_SEGMENTS);
	struct text rest = text_sub(path, 1, path.n), raw;
	size_t count = 0;

	*out = v;
	*n = 0;
	if (path.n == 0 || path.p[0] != '/')
		return false;
	if (path.n == 1)
		return true;
	for (size_t slash = 0; slash <= rest.n;) {
		size_t end = text_find(rest, '/', slash);

		raw = text_sub(rest, slash, end);
		if (count == LIMIT_SEGMENTS || !add_segment(a, raw, &v[count]))
			return false;
		count++;
		slash = end + 1;
	}
	*n = count;
	return true;
}

/* --- who is asked, who asks --- */

static bool is_loopback(struct text host)
{
	struct text name = host;

	if (text_starts(host, "[::1]"))
		return true;
	(void)text_cut(host, ':', &name);
	return text_is(name, "localhost") || text_starts(name, "127.");
}

bool base_url_secure(struct text base_url)
{
	return text_starts(base_url, "https://");
}

struct text base_url_host(struct text base_url)
{
	struct text host = {NULL, 0};

	if (base_url_secure(base_url))
		host = text_sub(base_url, 8, base_url.n);
	else if (text_starts(base_url, "http://"))
		host = text_sub(base_url, 7, base_url.n);
	if (text_ends(host, "/"))
		host = text_sub(host, 0, host.n - 1);
	if (!host_sound(host) || (!base_url_secure(base_url) && !is_loopback(host)))
		return (struct text){NULL, 0};
	return host;
}

bool host_is(struct text host, struct text base_url)
{
	const char *implied = base_url_secure(base_url) ? ":443" : ":80";
	struct text own = base_url_host(base_url);

	if (text_ends(host, implied))
		host = text_sub(host, 0, host.n - strlen(implied));
	if (text_ends(own, implied))
		own = text_sub(own, 0, own.n - strlen(implied));
	return own.n > 0 && text_eq_nocase(host, own);
}

static bool is_listed(struct text address, const struct text *proxies, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (text_eq_nocase(address, proxies[i]))
			return true;
	return false;
}

static bool address_sound(struct text t)
{
	if (t.n == 0 || t.n > 45)
		return false;
	for (size_t i = 0; i < t.n; i++)
		if (hex_value(t.p[i]) < 0 && t.p[i] != '.' && t.p[i] != ':')
			return false;
	return true;
}

struct text forwarded_for(struct text peer, struct text header, const struct text *proxies,
			  size_t n)
{
	struct text at = peer, rest = header;

	/* From the right: each hop was written by the one that is trusted so far. */
	while (is_listed(at, proxies, n) && rest.n > 0) {
		size_t from = rest.n;
		struct text hop;

		while (from > 0 && rest.p[from - 1] != ',')
			from--;
		hop = text_trim(text_sub(rest, from, rest.n));
		rest = text_sub(rest, 0, from == 0 ? 0 : from - 1);
		if (!address_sound(hop))
			break;
		at = hop;
	}
	return at;
}

/* --- what the client has and takes --- */

static bool names_tag(struct text header, struct text etag, bool weak)
{
	struct text rest = header;

	if (etag.n == 0)
		return false;
	while (rest.n > 0) {
		struct text one;

		rest = text_cut(rest, ',', &one);
		one = text_trim(one);
		if (weak && text_starts(one, "W/"))
			one = text_sub(one, 2, one.n);
		if (text_is(one, "*") || text_eq(one, etag))
			return true;
	}
	return false;
}

bool etag_matches(struct text header, struct text etag)
{
	return names_tag(header, etag, true);
}

bool etag_holds(struct text header, struct text etag)
{
	return names_tag(header, etag, false);
}

bool takes_gzip(struct text header)
{
	struct text rest = header;

	while (rest.n > 0) {
		struct text one, name, weight;

		rest = text_cut(rest, ',', &one);
		weight = text_cut(one, ';', &name);
		if (!text_eq_nocase(text_trim(name), text_of("gzip")))
			continue;
		/* "q=0", "q=0.000": not at all */
		weight = text_trim(weight);
		if (!text_starts(weight, "q=0"))
			return true;
		for (size_t i = 3; i < weight.n; i++)
			if (weight.p[i] >= '1' && weight.p[i] <= '9')
				return true;
		return false;
	}
	return false;
}
