/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of news share. Private to news*.c. */
#ifndef APP_NEWS_PARTS_H
#define APP_NEWS_PARTS_H

#include "app/news.h"
#include "engine/outcome.h"

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
/* To whoever of a side has one of those roles. Returns how many they are. */
size_t news_tell_those(struct looking *l, enum mail_kind kind, const struct log_head *log,
		       struct text object, struct text cause, bool client, roles which);
/* By its word, which must be one of rights.def. */
roles news_role(const char *word);
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
/* The steps of a clock that are told anyway; highest: when the highest of those reached was, INSTANT_MIN: none is. */
struct clock_steps {
	instant at[3];
	const char *const *words;
	instant highest;
};
/* What a mail about a step of a clock is caused by: once for each person (R71). */
struct text news_clock_cause(struct looking *l, const struct log_head *log, const struct outcome *o,
			     const struct clock *c, struct text step);
/* sla.alerts: the levels of a clock that are reached, to the roles that the contract names (R38). *next as above. */
void news_levels(struct looking *l, const struct log_head *log, const struct outcome *o,
		 const struct clock *c, const struct alert_level *levels, size_t n,
		 const struct clock_steps *steps, instant *next);
/* Something urgent that was told, and the event that whoever saw it names in alert.acknowledged. */
struct urgent {
	enum mail_kind kind;
	struct text object, cause;
	instant raised;
	symbol event;
};
/* R74: each side that has not seen it within NEWS_UNSEEN_MS hears it at the next level. */
void news_chain(struct looking *l, const struct log_head *log, const struct outcome *o,
		const struct urgent *u, instant *next);
/* The same of outages that have not ended. */
void news_outages(struct looking *l, const struct log_head *log, const struct outcome *o,
		  instant *next);
/* What waits for whoever's morning it has become since `last`. *due: it was somebody's. */
enum rc news_mornings(struct looking *l, instant last, bool *due, struct err *err) MUST_USE;

#endif
