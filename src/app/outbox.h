/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is to be sent (docs/decisions/0023): entered in the transaction that causes it, so that there is neither a cause without its mail nor
 * a mail without its cause; sent later by whoever takes it first. Taking lasts OUTBOX_LEASE_MS: who dies with a mail in hand leaves it to
 * the next, and nobody else has it meanwhile. A mail may therefore arrive twice, with the same Message-ID, and is never lost.
 */
#ifndef APP_OUTBOX_H
#define APP_OUTBOX_H

#include "app/mail.h"

enum {
	OUTBOX_LEASE_MS = 2 * 60 * 1000,
	OUTBOX_AT_ONCE = 20, /* mails a turn */
};
#define OUTBOX_FIRST_WAIT_MS                                                                       \
	MINUTE_MS /* after the first try that failed; four times as long after each further one, */
#define OUTBOX_LONGEST_WAIT_MS (4 * HOUR_MS) /* and so long at most */
#define OUTBOX_GIVE_UP_MS (3 * DAY_MS)       /* since it was caused */
#define OUTBOX_TOKEN_MS (14 * DAY_MS)        /* before its end whoever made a token is told (S14) */
#define OUTBOX_KEPT_MS (90 * DAY_MS)         /* what was sent or given up */
#define OUTBOX_BUNDLE_MS (5 * MINUTE_MS)     /* BUNDLED waits so long for more of the same */

/* When one goes out (sla.md R73). What may wait does so while its person has quiet hours. */
enum mail_pace {
	MAIL_AS_ITS_KIND, /* app/mails.def: ACCOUNT and URGENT at once, the others may wait */
	MAIL_AT_ONCE,
	MAIL_MAY_WAIT,
};

struct mail_wish {
	enum mail_kind kind;
	struct text person, contract, object;
	struct text
		secret; /* of its link; empty: none. Sealed, and gone with the first mail that arrives */
	struct text cause; /* one mail for each; empty: its own */
	instant ends_at;   /* of use no longer then; INSTANT_NONE: OUTBOX_GIVE_UP_MS from now */
	enum mail_pace pace;
	instant before; /* 0: none; what may wait goes at once where the hours would end after it */
};
/*
 * In the transaction under way, of a workspace opened for writing. *put false: no mail is set up, or the person has no address, or wants
 * none of this kind, or one that waits tells of it as well (app/mails.def). A link takes the place of one that waits for the same person.
 */
enum rc outbox_put(struct workspace *ws, const struct mail_wish *w, bool *put,
		   struct err *err) MUST_USE;

/* To whoever of a contract's client has the right to see it: one mail a person and cause. */
struct mail_notice {
	enum mail_kind kind;
	enum permission right;
	struct text contract, object;
	struct text cause; /* empty: that there is such an object */
};
enum rc outbox_tell_client(struct workspace *ws, const struct mail_notice *n,
			   struct err *err) MUST_USE;

/* To everybody who has a right, of either side, whatever it is about; not to auditors. cause: one mail a person for each. */
enum rc outbox_tell_all(struct workspace *ws, enum mail_kind kind, enum permission right,
			struct text cause, struct err *err) MUST_USE;

/* When a mail that failed is tried again: so long after its n-th try, from 1. */
int64_t outbox_wait_ms(int64_t tries);

struct outbox_turn {
	const struct mail_way *way;
	struct text base_url; /* what links begin with; empty: as tenor mail set says */
	/* Told of each mail. NULL: nobody wants to know. */
	void (*said)(void *context, enum mail_fate fate, const char *why);
	void *said_context;
	/* Told how many wait, before the first is sent and after the last. NULL: likewise. */
	void (*waits)(const struct outbox_depth *d);
	/* What came of it. */
	size_t sent, put_off, given_up;
	struct outbox_depth left;
};
/*
 * One turn: enters what time and the record bring (tokens that end; app/news.h), gives up what is over, and sends at most OUTBOX_AT_ONCE that
 * are due. Opens the workspace that args name, for writing only where there is something to do.
 */
enum rc outbox_turn(struct app *app, const struct args *args, struct outbox_turn *t,
		    struct err *err) MUST_USE;

#endif
