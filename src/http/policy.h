/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The header policy (trust.md H1, H2, H3): what of a request's head is refused before a byte of its body is read. Pure: it looks at what
 * the library parsed, and knows no connection. What framing two programs could read differently is refused, however harmless it looks.
 */
#ifndef HTTP_POLICY_H
#define HTTP_POLICY_H

#include "http/message.h"

struct policy_head {
	struct text method, target, version; /* as sent */
	const struct field *fields;          /* names as sent */
	size_t n_fields;
	size_t bytes; /* the whole head with its blank line; 0: not known */
};

struct policy_verdict {
	int status;         /* 0: go on */
	const char *reason; /* a word for metrics and problems: "length.twice" */
	const char *title;  /* one line for people */
	enum method method;
	bool has_body; /* a length above 0, or chunks */
	bool chunked;
	uint64_t length;
	bool expects; /* Expect: 100-continue */
	struct text host;
	struct text path, query; /* of the target, not decoded */
};

struct policy_verdict policy_check(const struct policy_head *h);

/*
 * The path's segments, decoded once (H3): false, to be answered 404, for ".", "..", an empty segment, an encoded slash, backslash or
 * control byte, more than LIMIT_SEGMENTS, or what is not UTF-8. A slash at the end of a path longer than "/" is an empty segment, too.
 */
bool path_segments(struct arena *a, struct text path, const struct text **out, size_t *n);

/* Is the host of a request one of ours (S1)? Ports count; a port that the scheme implies may be left out. */
bool host_is(struct text host, struct text base_url);
/* "host[:port]" of a base URL, empty if it is not one that S1 allows (https, or http on loopback). */
struct text base_url_host(struct text base_url);
bool base_url_secure(struct text base_url);

/* The client's address (S1): the peer, or, from a listed proxy, the right-most hop of X-Forwarded-For that is not one of them. */
struct text forwarded_for(struct text peer, struct text header, const struct text *proxies,
			  size_t n);

/* Does If-None-Match name this tag (strong, with quotes)? "*" matches whatever there is. */
bool etag_matches(struct text header, struct text etag);
/* Does If-Match (RFC 9110 13.1.1: strongly, so that no W/ does)? */
bool etag_holds(struct text header, struct text etag);
/* Does Accept-Encoding take gzip? */
bool takes_gzip(struct text header);

#endif
