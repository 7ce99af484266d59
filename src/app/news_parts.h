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

/* What was worked out as due, whether or not it was told before. */
struct standing {
	struct text subject, name;
};

struct looking {
	struct workspace *ws;
	struct workspace there; /* the same with an arena that is emptied after each log */
	struct news *out;
	const struct reader *readers;
	size_t n_readers;
	roles desk, owner, lead, signer, finance, billing, manager;
	/* of the log that is looked at */
	bool first; /* all of it never was worked out: what follows from that is no news, and is not counted either */
	instant since; /* when mail was set up, where it is the first look; INSTANT_MIN: it is not */
	size_t old;    /* alerts that are not told because they come from old history (R75) */
	enum rc rc;    /* of asking what was told before */
	struct err err;
	struct standing *standing;
	size_t n_standing, standing_cap;
	/* tickets, outages and work of which something was told and which entries since are about */
	struct text *touched;
	size_t n_touched, touched_cap;
};

/* One thing to tell, in the arena of looking.ws or longer. */
struct telling {
	enum mail_kind kind;
	const struct log_head *log; /* NULL: of no contract */
	struct text object;
	struct text
		cause; /* one mail a person for each; it names the rule, the subject and the threshold (R71) */
	enum mail_pace pace;
	instant before; /* 0, or what is normal does not wait beyond it (R73) */
	instant until;  /* INSTANT_NONE, or what it says is over then */
};
/* As its kind goes, with no end. */
struct telling news_telling(enum mail_kind kind, const struct log_head *log, struct text object,
			    struct text cause);
void news_tell(struct looking *l, const struct telling *t, const struct reader *to);
/* To whoever of a side has one of those roles. Returns how many they are. */
size_t news_tell_those(struct looking *l, const struct telling *t, bool client, roles which);
/* The same; where nobody has one, to the owners or signers of the side. */
void news_tell_role(struct looking *l, const struct telling *t, bool client, roles which);
/* To the service desk or the IT lead, in the same way. */
void news_tell_roles(struct looking *l, const struct telling *t, bool client);
/* Of the provider and of the client: what concerns both is told to both at once (R72). */
void news_tell_both(struct looking *l, const struct telling *t);

/*
 * Alerts are a function of state (R71): each look works out all that is due, by subject (a ticket, an outage, or empty) and name
 * ("kind/rest"). true: it is to be told now. Not what was known before; nor what was due more than a day before it is known, which is
 * counted (R75).
 */
bool news_due(struct looking *l, const struct log_head *log, struct text subject, struct text name,
	      instant at);
/* The same, but nothing of what was there when mail was set up, or of before this was kept. */
bool news_due_since(struct looking *l, const struct log_head *log, struct text subject,
		    struct text name, instant at);
/* It holds, and is told to nobody: a lower step beside a higher one (R37). */
void news_known(struct looking *l, const struct log_head *log, struct text subject,
		struct text name);
/* It holds; whether it is told is decided elsewhere, or was. */
void news_stands(struct looking *l, struct text subject, struct text name);
/* When it was told; INSTANT_NONE: it never was, or it was told and taken back. */
instant news_told_at(struct looking *l, const struct log_head *log, struct text subject,
		     struct text name);
/* The cause of the mails about an alert. */
struct text news_cause(struct looking *l, const struct log_head *log, struct text subject,
		       struct text name);
/* Was something told of this subject, and is an entry since about it? */
bool news_touched(const struct looking *l, struct text subject);
/* Something that entries are about: touched, if something was told of it. */
void news_touch(struct looking *l, const struct log_head *log, struct text subject);
/* What was told of a subject and does not stand any more is withdrawn (R71), once. */
void news_withdraw(struct looking *l, const struct log_head *log, struct text subject);

/* By its word, which must be one of rights.def. */
roles news_role(const char *word);
/* A technician's id, or the handle that an import has. */
bool news_is_person(const struct stored_user *u, struct text who);
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
void news_tell_desk(struct looking *l, const struct telling *t, struct text technician);
/* The steps of a clock that are told anyway; highest: when the highest of those reached was, INSTANT_MIN: none is. */
struct clock_steps {
	instant at[3];
	const char *const *words;
	instant highest;
	enum mail_pace pace; /* of what is not a breach */
	instant before;      /* the deadline; 0: none is known */
};
/* The name of an alert about a step of a clock. */
struct text news_clock_name(struct looking *l, const struct outcome *o, const struct clock *c,
			    struct text step);
struct text news_level_name(struct looking *l, const struct outcome *o, const struct clock *c,
			    const struct alert_level *level);
/* sla.alerts: the levels of a clock that are reached, to the roles that the contract names (R38). *next as above. */
void news_levels(struct looking *l, const struct log_head *log, const struct outcome *o,
		 const struct clock *c, const struct alert_level *levels, size_t n,
		 const struct clock_steps *steps, instant *next);
/* The roles that the contract wants told of an event that is no clock's: a pattern, a cap. */
void news_rules(struct looking *l, const struct promise *p, enum alert_event event,
		const struct telling *t);
/* Something urgent that was told, and the event that whoever saw it names in alert.acknowledged. */
struct urgent {
	enum mail_kind kind;
	struct text subject, object, name;
	struct text metric; /* of a target; empty: of an outage */
	instant raised;
	symbol event;
};
/*
 * R74: each side that has not seen it within NEWS_UNSEEN_MS hears it at the next level; after the last one, and as long again, it is noted
 * for the report that it was told and nobody of that side acknowledged it.
 */
void news_chain(struct looking *l, const struct log_head *log, const struct outcome *o,
		const struct urgent *u, instant *next);
/* Outages: that they began and ended, and whether they were seen. */
void news_outages(struct looking *l, const struct log_head *log, const struct outcome *o,
		  instant *next);
/* All of the record: service levels, credits, rights, and what is due of either side. *next: when to look again. */
enum rc news_whole(struct looking *l, const struct log_head *log, instant *next,
		   struct err *err) MUST_USE;
/* What waits for whoever's morning it has become since `last`. *due: it was somebody's. */
enum rc news_mornings(struct looking *l, instant last, bool *due, struct err *err) MUST_USE;

/* The entries of what nobody acknowledged (R74), in the transaction under way. *wrote: there is one. */
enum rc news_enter_unseen(struct workspace *ws, const struct news *n, bool *wrote,
			  struct err *err) MUST_USE;

#endif
