/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one function for every connection that goes out (trust.md S21): one address, asked once. https, and http where the operator named the
 * address; no redirect, no proxy of the environment, the certificate verified, the address looked at that is connected to (egress.h), time
 * and bytes bounded. For processes that do nothing else; curl is loaded by them alone.
 */
#ifndef LINK_OUTSIDE_H
#define LINK_OUTSIDE_H

#include "base/buf.h"
#include "base/err.h"

#include <sys/socket.h>

enum { OUTSIDE_URL_MAX = 2048, OUTSIDE_ANSWER_BYTES = 64 << 10 /* S21 */ };

struct outside {
	void *curl; /* its handle */
	struct text
		named; /* an address inside the network that may be connected to, "127.0.0.1:8700"; empty: none */
	bool http;       /* without TLS, too; only ever with named */
	struct buf body; /* of the last answer */
};

/* Before a process locks itself in. RC_MISSING: the library. */
enum rc outside_load(struct err *err) MUST_USE;
/* Once in a process, after outside_load; named and http as above. false: no memory. */
bool outside_init(struct outside *o, struct text named, bool http);
void outside_clear(struct outside *o);

/* An address that may be asked at all: https (or http), a host, no name or password in it, not too long. */
bool outside_url(const struct outside *o, const char *url);

struct outside_ask {
	const char *url;
	const struct text *post;  /* what is posted; NULL: GET */
	const char *type;         /* content type of what is posted; NULL: a form */
	struct text user, secret; /* Basic, both escaped; empty: none */
	const char *token;        /* Bearer; NULL: none */
	size_t most;              /* bytes of the answer */
	int64_t within_ms;
};

/* false: there is no whole answer. Else *status is that of the answer, and o->body is its body until the next one. */
bool outside_fetch(struct outside *o, const struct outside_ask *ask, int *status);

/*
 * What every way out has, whatever it speaks: its URL, one of the schemes ("https,http"), no proxy, no signal, a time, and sockets to where
 * egress.h lets it go (trust.md S21). Its strings and itself outlive the call that is made. false: the library does not take it.
 */
struct outside_way {
	const char *url, *schemes;
	int64_t within_ms;
	struct text named;
	bool (*allows)(const struct sockaddr *to, struct text named);
};
bool outside_way(struct outside *o, const struct outside_way *w);

/* As it stands in a form or a user's name: "a%20b". */
void outside_escape(struct outside *o, struct text value, struct buf *out);

#endif
