/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of news share. Private to news*.c. */
#ifndef APP_NEWS_PARTS_H
#define APP_NEWS_PARTS_H

#include "app/news.h"

/* Somebody who gets mail of this kind and has an address. */
struct reader {
	const struct stored_user *user;
	roles roles;
};

struct looking {
	struct workspace *ws;
	struct workspace there; /* the same with an arena that is emptied after each log */
	struct news *out;
	const struct reader *readers;
	size_t n_readers;
	roles desk, owner, lead, signer;
};

/* cause: once a cause and person; it names the rule, the subject and the threshold (R71). In the arena of looking.ws. */
void news_tell(struct looking *l, enum mail_kind kind, const struct log_head *log,
	       struct text object, struct text cause, const struct reader *to);
/* To whoever of a side has one of the first roles; where nobody has, of the others. */
void news_tell_roles(struct looking *l, enum mail_kind kind, const struct log_head *log,
		     struct text object, struct text cause, bool client);
/* Of that side, and may see the contract's tickets. */
bool news_may(const struct reader *r, const struct log_head *log, bool client);

/* Who has to do with a ticket. */
struct ticket_people {
	struct text opener, technician; /* technician: an opaque id or a handle; empty: nobody */
	struct text *writers;
	size_t n;
};

/* Clocks of what is open (R36, R37): *next is the first instant at which another threshold is reached; INSTANT_MAX: none. */
enum rc news_targets(struct looking *l, const struct log_head *log, instant *next,
		     struct err *err) MUST_USE;
/* To the desk of the provider and, of the ticket, whoever has it. */
void news_tell_desk(struct looking *l, enum mail_kind kind, const struct log_head *log,
		    struct text object, struct text cause, struct text technician);
/* What waits for whoever's morning it has become since `last`. *due: it was somebody's. */
enum rc news_mornings(struct looking *l, instant last, bool *due, struct err *err) MUST_USE;

#endif
