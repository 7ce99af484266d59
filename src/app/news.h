/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What people are told of because it is in the record, or because time has brought it (docs/decisions/0023; sla.md section 8): answers on
 * tickets, targets at risk and missed, outages, maintenance, and each morning what waits. Nobody who records a fact thinks of mail: what
 * is new in each log is looked at behind it, from a mark on, and the mark is moved in the transaction that enters the mails. So each
 * entry is told of once, whichever way it came in, and both sides' copies are entered together (R72).
 */
#ifndef APP_NEWS_H
#define APP_NEWS_H

#include "app/outbox.h"

enum {
	NEWS_OLD_MS = 24 * 60 * 60 * 1000, /* what happened longer ago is not told singly (R75) */
	NEWS_ENTRIES = 10000,              /* of a log, a turn */
	NEWS_ABOUT = 1000,                 /* of them what they are about */
	NEWS_TICKETS = 200,                /* of a log, a turn; more of them are told together */
	NEWS_READ = 1000,                  /* logs that are looked at in a turn */
	NEWS_LOGS = 100,                   /* of them those whose clocks are worked out */
	NEWS_RUSH_MS = 15 * 60 * 1000,     /* in that time a person gets */
	NEWS_RUSH = 10,                    /* so many, and then one that there is more (R75) */
	NEWS_MORNING_MS = 8 * 60 * 60 * 1000, /* when the day's mail goes out, local time (R73) */
	NEWS_UNSEEN_MS = 15 * 60 * 1000,      /* so long something urgent waits to be seen (R74) */
	NEWS_CHAIN = 2,                       /* levels after the first, then silence */
	NEWS_DAYS = 7,                        /* it looks ahead so far */
	NEWS_WHOLE_MS =
		5 * 60 *
		1000, /* after something came, so long it waits for more before all of the record is worked out */
	NEWS_WINDOW_DAYS = 40, /* a window that ended longer ago is old history (R75) */
};

/* Something that was told, and holds no longer. */
struct news_gone {
	struct text cause; /* of its mails, without the person */
	struct text contract, subject;
};

/* Urgent, told at three levels, and acknowledged at none by that side (R74): a line of the report, so an entry of the contract's log. */
struct news_unseen {
	int64_t log;
	struct text event, metric; /* metric: of a ticket's target; empty: of an outage */
	bool client;
	instant from; /* when it was urgent first */
};

struct news {
	bool any;                          /* there is something to enter */
	bool start;                        /* nothing was marked yet: it begins now */
	struct text before, after;         /* when mornings were seen to, as stored */
	const struct news_mark *from, *to; /* by log: what was marked, and what is to be */
	size_t n_marks;
	const struct news_mark *old; /* as an older version kept them */
	size_t n_old;
	struct mail_wish *v;
	size_t n, cap;
	struct stored_alert *alerts; /* what is known or told from now on */
	size_t n_alerts, alerts_cap;
	struct news_gone *gone;
	size_t n_gone, gone_cap;
	struct news_unseen *unseen;
	size_t n_unseen, unseen_cap;
	const struct text *people; /* who may have been told of it */
	size_t n_people;
};

/* In a transaction: all that is in the record by now is known. For whoever sets mail up. */
enum rc news_start(struct workspace *ws, struct err *err) MUST_USE;
/*
 * What is new, of a workspace opened for reading; begins a read and ends it. It is worked out here, so that nobody waits for it who
 * records something. In the workspace's arena.
 */
enum rc news_look(struct workspace *ws, struct news *out, struct err *err) MUST_USE;
/*
 * In a transaction. Nothing, where somebody else has moved the marks since it was looked at. *wrote: entries were made in logs, to be signed
 * by news_sign after it.
 */
enum rc news_enter(struct workspace *ws, const struct news *n, bool *wrote,
		   struct err *err) MUST_USE;
/* Not in a transaction: signs the logs that news_enter wrote to. One that does not fit is frozen, and mail goes out. */
enum rc news_sign(struct workspace *ws, const struct news *n, struct err *err) MUST_USE;

#endif
