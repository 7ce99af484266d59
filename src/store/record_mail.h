/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Mail at rest (docs/decisions/0023): sealed addresses, what is to be sent, texts of the provider's own. What they mean is decided in app/.
 * What changes something is called in a transaction. RC_MISSING without words where there is none.
 */
#ifndef STORE_RECORD_MAIL_H
#define STORE_RECORD_MAIL_H

#include "store/record.h"

struct stored_mailbox {
	struct text person, subject;
	struct text nonce, cipher; /* of keys_seal, the commit in front of the cipher */
	bool quiet;                /* wants nothing but what is about the account itself */
	instant set_at;
};
enum rc record_mailbox(struct store *s, struct arena *a, struct text person,
		       struct stored_mailbox *out, struct err *err) MUST_USE;
/* By the person's id. */
enum rc record_mailboxes(struct store *s, struct arena *a, struct stored_mailbox **out, size_t *n,
			 struct err *err) MUST_USE;
enum rc record_mailbox_put(struct store *s, const struct stored_mailbox *m,
			   struct err *err) MUST_USE;
/* *there false: no address is kept. */
enum rc record_mailbox_quiet(struct store *s, struct text person, bool quiet, bool *there,
			     struct err *err) MUST_USE;
enum rc record_mailbox_drop(struct store *s, struct text person, struct err *err) MUST_USE;
/* By the subject of an erasure (trust.md J24). */
enum rc record_mailbox_erase(struct store *s, struct text subject, struct err *err) MUST_USE;

/* When a person wants what is not urgent to wait (sla.md R73), as it was written. RC_MISSING: at no hours. */
enum rc record_quiet_hours(struct store *s, struct arena *a, struct text person, struct text *hours,
			   struct err *err) MUST_USE;
/* Empty: at none. */
enum rc record_quiet_hours_put(struct store *s, struct text person, struct text hours,
			       struct err *err) MUST_USE;

enum outbox_state { OUTBOX_WAITS, OUTBOX_SENT, OUTBOX_FAILED };
struct stored_mail {
	struct text id;    /* m_ and 16 characters */
	struct text cause; /* what caused it: it is sent once for each */
	struct text kind;  /* a word of app/mails.def */
	struct text person, contract, object;
	struct text message; /* its Message-ID without brackets, the same in every try */
	instant made_at, ends_at;
	enum outbox_state state;
	int64_t tries;
	instant due_at, changed_at;
	struct text reason;        /* why the last try failed; a word of this program's */
	struct text nonce, cipher; /* of keys_wrap: the secret of its link; empty: none */
};
/* As it waits, from due_at on; state, tries, changed_at, reason are not looked at. Nothing where its cause has one already. */
enum rc record_outbox_add(struct store *s, const struct stored_mail *m, struct err *err) MUST_USE;
enum rc record_outbox(struct store *s, struct arena *a, struct stored_mail **out, size_t *n,
		      struct err *err) MUST_USE;
enum rc record_outbox_one(struct store *s, struct arena *a, struct text id, struct stored_mail *out,
			  struct err *err) MUST_USE;
/* The first that is due by now. */
enum rc record_outbox_next(struct store *s, struct arena *a, instant now, struct stored_mail *out,
			   struct err *err) MUST_USE;
/* Is there one of this cause? */
enum rc record_outbox_caused(struct store *s, struct text cause, bool *out,
			     struct err *err) MUST_USE;
/* The one of this cause. */
enum rc record_outbox_of_cause(struct store *s, struct arena *a, struct text cause,
			       struct stored_mail *out, struct err *err) MUST_USE;
/* Others of the same person, kind and contract that are due were said by m. */
enum rc record_outbox_joined(struct store *s, const struct stored_mail *m, struct text reason,
			     instant now, struct err *err) MUST_USE;
/* One that waits for a person, of a kind and a contract. */
enum rc record_outbox_counting(struct store *s, struct arena *a, struct text person,
			       struct text kind, struct text contract, struct stored_mail *out,
			       struct err *err) MUST_USE;
/* It is about something else, or more. Nothing where it was sent meanwhile. */
enum rc record_outbox_object(struct store *s, struct text id, struct text object,
			     struct err *err) MUST_USE;
/* What waits for a person and was never tried is due now. */
enum rc record_outbox_release(struct store *s, struct text person, instant now,
			      struct err *err) MUST_USE;
/* Does one wait for the same person, of the same kind and about the same? */
enum rc record_outbox_waits(struct store *s, const struct stored_mail *m, bool *out,
			    struct err *err) MUST_USE;
/* How many each person was entered since then, by person. */
struct outbox_rush {
	struct text person;
	int64_t n;
};
enum rc record_outbox_rush(struct store *s, struct arena *a, instant since,
			   struct outbox_rush **out, size_t *n, struct err *err) MUST_USE;
/*
 * Takes one until `until`: who reads later does not find it due before. *taken false: somebody else has since it was read. m->tries is
 * then one more.
 */
enum rc record_outbox_claim(struct store *s, struct stored_mail *m, instant until, instant now,
			    bool *taken, struct err *err) MUST_USE;
/* Sent or failed for good; the link is forgotten. */
enum rc record_outbox_done(struct store *s, struct text id, enum outbox_state state,
			   struct text reason, instant now, struct err *err) MUST_USE;
/* Due again then, unless somebody else has it meanwhile. */
enum rc record_outbox_put_off(struct store *s, const struct stored_mail *m, instant due,
			      struct text reason, instant now, struct err *err) MUST_USE;
/* To be tried now, and until ends. */
enum rc record_outbox_again(struct store *s, struct text id, instant now, instant ends,
			    struct err *err) MUST_USE;
/* Gives up what waits past its end; forgets what was done with before `old`. */
enum rc record_outbox_sweep(struct store *s, instant now, instant old, struct err *err) MUST_USE;
/* Gives up all that waits. */
enum rc record_outbox_stop(struct store *s, instant now, struct text reason, int64_t *n,
			   struct err *err) MUST_USE;
enum rc record_outbox_drop(struct store *s, struct text id, bool *there, struct err *err) MUST_USE;
/* Those with a link of a person, which a newer link makes useless. */
enum rc record_outbox_links_drop(struct store *s, struct text person, struct err *err) MUST_USE;

struct outbox_depth {
	int64_t n;           /* that wait */
	instant oldest, due; /* made first; due first; INSTANT_NONE where n is 0 */
};
/* What was looked at of a log (app/news.h). */
struct news_mark {
	int64_t log, size;
	instant next; /* when something of it becomes due; INSTANT_MAX: nothing does; 0: not worked out */
	instant whole; /* when all of it is to be worked out; not above 0: it never was since mail was set up, at -whole */
};
/* Contracts that grew since, or of which something is due by now; at most `most`, those first that were not looked at for longest. */
enum rc record_news_behind(struct store *s, struct arena *a, instant now, size_t most,
			   struct news_mark **out, size_t *n, struct err *err) MUST_USE;
/* A log that was never looked at has size 0, next 0 and whole 1. */
enum rc record_news_one(struct store *s, int64_t log, struct news_mark *out,
			struct err *err) MUST_USE;
enum rc record_news_put(struct store *s, const struct news_mark *m, instant now,
			struct err *err) MUST_USE;
/* All that is in the record is known. */
enum rc record_news_start(struct store *s, instant now, struct err *err) MUST_USE;

/* What the state of a contract brought (sla.md R71): once ever each. */
enum alert_state { ALERT_KNOWN, ALERT_TOLD, ALERT_WITHDRAWN };
struct stored_alert {
	int64_t log;
	struct text subject, name; /* the ticket, the outage or empty; the rest of its key */
	instant known_at;          /* when it was worked out first */
	enum alert_state state;
};
/* RC_MISSING: it was never known. */
enum rc record_alert(struct store *s, int64_t log, struct text subject, struct text name,
		     enum alert_state *out, struct err *err) MUST_USE;
/* Those of a subject that were told and not withdrawn, by name. */
enum rc record_alerts_told(struct store *s, struct arena *a, int64_t log, struct text subject,
			   struct stored_alert **out, size_t *n, struct err *err) MUST_USE;
/* One that is known already takes the state alone. */
enum rc record_alert_put(struct store *s, const struct stored_alert *x, struct err *err) MUST_USE;

enum rc record_outbox_depth(struct store *s, struct outbox_depth *out, struct err *err) MUST_USE;

enum rc record_mail_text(struct store *s, struct arena *a, struct text kind, struct text language,
			 struct text *subject, struct text *body, struct err *err) MUST_USE;
enum rc record_mail_text_put(struct store *s, struct text kind, struct text language,
			     struct text subject, struct text body, struct err *err) MUST_USE;
enum rc record_mail_text_drop(struct store *s, struct text kind, struct text language, bool *there,
			      struct err *err) MUST_USE;

/* All of a person: the address, and what waits or was sent. */
enum rc record_mail_forget(struct store *s, struct text person, struct err *err) MUST_USE;

#endif
