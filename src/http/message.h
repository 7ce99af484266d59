/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A request as a handler sees it, after the policy (trust.md H1 to H3), and the answer it gives. No handler sees a connection: it gets
 * one whole request in an arena of its own and fills one response.
 */
#ifndef HTTP_MESSAGE_H
#define HTTP_MESSAGE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "time/instant.h"

enum method {
	METHOD_GET,
	METHOD_HEAD,
	METHOD_POST,
	METHOD_PUT,
	METHOD_PATCH,
	METHOD_DELETE,
	METHOD_COUNT
};

const char *method_word(enum method m);
bool method_safe(enum method m); /* GET and HEAD */

/* Header fields have their names in lower case; parameters of query and form are decoded UTF-8 and unique (S13). */
struct field {
	struct text name, value;
};

struct fields {
	const struct field *v;
	size_t n;
};

/* Empty with p NULL: there is none. Empty with p: it was given empty. */
struct text fields_get(const struct fields *f, const char *name);

enum { REQUEST_ID_TEXT = 16 };

/* Where a request stands that hashes a password (response.hash). */
enum hashing { HASHING_UNASKED, HASHING_NOW, HASHING_REFUSED };
/* Where a request stands that is too much for a worker (response.heavy). */
enum heavy { HEAVY_UNASKED, HEAVY_NOW, HEAVY_BUSY, HEAVY_LARGE };

/*
 * Lines (application/x-ndjson) that are taken in pieces while they come in (in_pieces of struct site): request.body is whole lines of them,
 * LIMIT_PIECE_BYTES at most, and the site is asked once for each.
 */
struct body_piece {
	size_t first_line; /* of all lines, from 1; those before it are done */
	bool last;
	bool done; /* set by the site: the next one may come; where it is not, what was answered is the answer, and nothing more is taken */
	void *state; /* the site's, in response.arena; NULL at first */
};

struct request {
	struct arena *arena; /* of this request; freed after the answer is sent */
	char id[REQUEST_ID_TEXT +
		1]; /* random letters and digits; in the answer, the log and every problem */
	enum method method;
	struct text path;            /* without the query: "/contracts/nw-1" */
	const struct text *segments; /* decoded: {"contracts", "nw-1"}; "/" has none */
	size_t n_segments;
	struct fields query, headers, cookies;
	struct text body; /* whole; POST, PUT and PATCH only */
	struct text
		address; /* of the client, by S1; for rate limits and signatures only, never for a log */
	instant now;
	/* What came to what the answer asked for (response.ask): the request is answered again, with this. p NULL: nothing was asked yet. */
	struct text told;
	/* HASHING_NOW: it has one of the two places to hash at, until it is answered; HASHING_REFUSED: too many wait, or it waited too long. */
	enum hashing hashing;
	struct body_piece *piece; /* NULL: the body is whole */
	/* HEAVY_NOW: it is answered by the keeper (keeper.h), in memory and time of its own; HEAVY_BUSY, HEAVY_LARGE: the keeper did not. */
	enum heavy heavy;
};

/* The server adds up to 14 fields of its own to what a handler gives. */
enum { RESPONSE_FIELDS_MAX = 32, RESPONSE_BODY_MAX = 64 << 20 };

/* Of a body: whether gzip may be had of it (http/compress.h), and whether it is gzip already. */
enum zip { ZIP_UNASKED, ZIP_NEVER, ZIP_MAY, ZIP_IS };

struct response {
	struct arena *arena; /* the request's */
	int status;          /* 200 at first */
	struct text type;    /* content type; empty: no body */
	struct buf body;
	struct field fields[RESPONSE_FIELDS_MAX];
	size_t n_fields;
	struct text etag;   /* strong, with quotes; the server answers If-None-Match with 304 */
	bool keep;          /* may be kept by the browser (assets); else Cache-Control: no-store */
	const char *action; /* for log and metrics: a word of a table, never a path; NULL: "none" */
	const char
		*refused; /* why it was refused, a word for tenor_refused_total; NULL: it was not */
	struct text actor,
		log; /* for the log of operation (O1): "u_..." or "t_...", the UUID of an engagement's log; or empty */
	/*
	 * Not NULL: the answer stays open after its body, and the site is asked for more of it once a second (struct site, server.h). In
	 * memory of the request. stream_of says whose it is: LIMIT_STREAMS_OF_ONE stay open of one, LIMIT_STREAMS of all; one more is answered 503.
	 */
	void *stream;
	struct text stream_of;
	/*
	 * Not empty: a question to the process that connects out. The connection is parked; once there is an answer, or LIMIT_ASK_MS are over,
	 * the site handles the same request again with request.told, and everything else in here is forgotten.
	 */
	struct text ask;
	/*
	 * What answers this hashes a password, and so takes tens of milliseconds and much memory (trust.md S5): the connection is parked until
	 * there is a place for it, and the site handles the same request again with request.hashing. The rest in here is forgotten.
	 */
	bool hash;
	/*
	 * Too much for a worker: the keeper is to answer it. The connection is parked until it has; where it does not, the site handles the same
	 * request again with request.heavy. The rest in here is forgotten.
	 */
	bool heavy;
	bool again; /* it may be given again to the same person, while nothing is recorded (web/again.c) */
	enum zip zip;
	/*
	 * Instead of the body, bytes that the site goes on keeping: they lie as they are until lent_back(lent_by), which is called once, when the
	 * connection needs them no more. Empty: the body is meant.
	 */
	struct text lent;
	void (*lent_back)(void *lent_by);
	void *lent_by;
};

/* The same request was handled before, and asked for something, or for an earlier piece of it: what counts requests counts it no second time. */
bool request_again(const struct request *q);

/* The bytes of the answer: what is lent, or the body. */
struct text response_bytes(const struct response *r);
/* No bytes any more: the body is empty, and what was lent is given back. */
void response_clear(struct response *r);
/* The body did not fit RESPONSE_BODY_MAX: a problem that says so instead of it, and true. */
bool response_too_large(struct response *r, const struct request *q);
/* Why the keeper did not answer it (request.heavy): the err of what is then told, code "heavy". */
enum rc request_heavy(const struct request *q, struct err *err);

/* name in any case; value is copied. A value with CR, LF or NUL is an assert: handlers print only what they checked. */
void response_field(struct response *r, const char *name, struct text value);
/*
 * The body is a file that somebody sent (S23): to be saved under its name, never shown, and not run even where a browser shows it all the
 * same. name: of letters, digits, '-', '_', '.' (facts/attachment.h), asserted.
 */
void response_file(struct response *r, struct text name);
/* 303 to a path of our own (S9): it begins with one '/' and not with two. */
void response_see(struct response *r, struct text path);

/* application/problem+json (RFC 9457, S13): what every refusal is for programs. code: "not_found", "right", ...; field, line optional. */
void response_problem(struct response *r, const struct request *q, int status, const char *code,
		      const char *title, struct text detail);
/* The same of an err: its code, key, line, column and hint; status by rc (problem_status). */
void response_problem_err(struct response *r, const struct request *q, enum rc rc,
			  const struct err *err);
/* RC_INVALID 422 (or 400 where the request itself is malformed), RC_USAGE 400, code "right" 403, RC_MISSING 404, RC_LIMIT 413, RC_IO 503; codes of conflict 409. */
int problem_status(enum rc rc, const struct err *err);

#endif
