/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One request under way in a worker, from the head to the answer that is handed to the library: made of what the library parsed, held to
 * the policy, given to the site, finished with what every answer has. It knows no socket.
 */
#ifndef HTTP_CALL_H
#define HTTP_CALL_H

#include "http/policy.h"
#include "http/worker.h"

enum call_state { CALL_HEAD, CALL_BODY, CALL_ANSWERED };

struct call {
	const struct server *server;
	struct arena *arena;
	enum call_state state;
	bool ops; /* came by the listener for operation */
	struct text target;
	struct field *fields; /* of the head, as sent */
	size_t n_fields, cap_fields;
	struct request q;
	struct response r;
	struct policy_verdict verdict;
	struct buf body;
	size_t body_max, dropped;
	bool late; /* its body is one of those that share LIMIT_LATE_BYTES */
	size_t came;               /* bytes of the body so far */
	struct body_piece piece;   /* q.piece, where the body is taken in pieces */
	struct arena *piece_arena; /* for the piece under way; of the worker */
	size_t piece_lines;        /* of it, so far */
	bool stopped;              /* the answer is in r: what still comes is read and forgotten */
	bool close;                /* the connection ends with this answer */
	bool live;                 /* /-/live, for whoever asks */
	bool handed;               /* the keeper answered */
	size_t slot;               /* of the worker */
	bool streaming;            /* its answer stays open, and has its place among those */
	size_t stream_at;
	int64_t began_us, answered_us;
};

struct call *call_new(struct arena *a, const struct server *s, struct text target);
void call_field(struct call *c, struct text name, struct text value);
/* Bytes of bodies and answers that a worker holds, and how many of them are of late forms. */
struct bytes_held {
	size_t all, late;
};
/* After the last field. false: refused, the answer is in c->r. held: already. */
bool call_head(struct call *c, struct text method, struct text version, size_t head_bytes,
	       struct text peer, struct bytes_held held);
/* Is its body taken in pieces? Then piece_arena is to be set before the first bytes. */
bool call_in_pieces(const struct call *c);
/* Bytes of the body. false: so much too many that the connection is not worth an answer. */
bool call_body(struct call *c, struct text bytes);
/* The whole request is there: asks the site, and finishes the answer. */
void call_answer(struct call *c);
/* It asks the process that connects out, and waits; once it is told the answer (empty: there is none), call_answer answers again. */
bool call_asks(const struct call *c);
void call_told(struct call *c, struct text answer);
/* It hashes a password, and waits for a place; once it has one, or is refused, call_answer answers again. */
bool call_hashes(const struct call *c);
void call_placed(struct call *c, enum hashing how);
/*
 * It is too much for a worker, and the keeper is to answer it. call_handed: it has; call_answer then only finishes. call_alone: it has not
 * (HEAVY_BUSY, HEAVY_LARGE), and call_answer answers again.
 */
bool call_heavy(const struct call *c);
void call_handed(struct call *c, struct text answer, int64_t took_ms);
void call_alone(struct call *c, enum heavy how);
/* The answer went out, or never will: log and metrics. */
void call_done(struct call *c);
void call_free(struct call *c);

/* A field that the answer has already? */
bool response_has(const struct response *r, const char *name);

#endif
