/* SPDX-License-Identifier: Apache-2.0 */
/* What a list of tickets and the page of one share. Private to act_ticket*.c. */
#ifndef APP_ACT_TICKET_H
#define APP_ACT_TICKET_H

#include "app/answer.h"
#include "app/notes.h"
#include "app/recall.h"
#include "render/tickets.h"

struct desk_call {
	struct workspace ws;
	const struct args *args;
	struct log_head log;
	struct recalled r;
	struct outcome *outcome;
	struct desk desk;
	const struct language *language;
	enum format format;
	bool words; /* private words may be read */
	struct stored_user *users;
	size_t n_users;
	struct queued *queues; /* the provider's own; none for a client */
	size_t n_queues;
};

const struct promise *desk_newest(const struct desk_call *c);
int64_t desk_index(const struct desk_call *c, uint32_t fact);
struct text desk_id(const struct desk_call *c, const struct desk_ticket *t);
/* A handle or an id; empty: nobody. */
struct text desk_technician(const struct desk_call *c, const struct desk_ticket *t);

/* c->desk from the whole record, or from some entries by rising index (and what else is in them); of a requester its own tickets. */
enum rc desk_whole(struct desk_call *c, struct err *err) MUST_USE;
enum rc desk_some(struct desk_call *c, const int64_t *indexes, size_t n, struct err *err) MUST_USE;

/* The ticket that is asked for with all that is about it: c->desk has it, if it is there and to be seen. */
enum rc desk_one(struct desk_call *c, struct err *err) MUST_USE;
/* It, of c->desk; RC_MISSING in the same words for one that is not to be seen (P5). */
enum rc desk_find(const struct desk_call *c, const struct desk_ticket **out,
		  struct err *err) MUST_USE;

/* The workspace, the versions, people and queues, in a read transaction until desk_end; no facts yet. */
enum rc desk_begin(struct app *app, const struct args *args, struct desk_call *c,
		   struct err *err) MUST_USE;
void desk_end(struct desk_call *c);

/*
 * For verbs that write on a ticket: is it in the record, and one's own where the right is for those alone (P3)? RC_MISSING in the same words.
 * *r: what is recorded about it, and perhaps about others; may be NULL.
 */
enum rc desk_has_ticket(struct workspace *ws, const struct log_head *log, struct text ticket,
			struct recalled *r, struct err *err) MUST_USE;

#endif
