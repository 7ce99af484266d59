/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Mail as the workspace has it (docs/decisions/0023): how it goes out, who gets it where, what it says. Nothing is sent here (outbox.h).
 * It goes to one person at a time, and says no more than a link and what that leads to: no amount, and no word that somebody wrote.
 */
#ifndef APP_MAIL_H
#define APP_MAIL_H

#include "app/workspace.h"
#include "render/words.h"
#include "store/record_mail.h"

/* --- how it goes out: what the operator set (tenor mail set) --- */

struct mail_settings {
	struct text server;         /* smtp://host:587 or smtps://host; empty: no mail is sent */
	struct text from;           /* the sender's address */
	struct text user, secret;   /* name there, and the file with the password; empty: none */
	struct text address;        /* where the server is inside the network; empty: it is not */
	struct text base_url;       /* what links begin with where no server of ours says so (S1) */
	struct text language, zone; /* of whoever chose none; empty: English, UTC */
	bool plain;                 /* without TLS, too */
};
/* Is a server set? One question, where no more of it is needed. */
enum rc mail_goes_out(struct workspace *ws, bool *out, struct err *err) MUST_USE;
/* server empty: none is set. */
enum rc mail_settings_read(struct workspace *ws, struct mail_settings *out,
			   struct err *err) MUST_USE;
/* In a transaction. RC_USAGE names the setting that is wrong, and what would be right. */
enum rc mail_settings_keep(struct workspace *ws, const struct mail_settings *m,
			   struct err *err) MUST_USE;

/* --- who gets it where --- */

/* RC_USAGE: it is not one address of letters, digits and signs, name@host.example. */
enum rc mail_address_ok(struct text address, struct err *err) MUST_USE;
/* Makes a key for it and seals it for its person; before the transaction, in which it is then put. */
enum rc mailbox_seal(struct workspace *ws, struct text person, struct text address,
		     struct stored_mailbox *out, struct err *err) MUST_USE;
/*
 * In a transaction; what the person wants stays. *before: subject of the address that is no longer used, empty: there was none. Its key
 * is to be destroyed after the commit, by mailbox_end.
 */
enum rc mailbox_put(struct workspace *ws, const struct stored_mailbox *m, struct text *before,
		    struct err *err) MUST_USE;
enum rc mailbox_end(struct workspace *ws, struct text before, struct err *err) MUST_USE;
/* RC_MISSING without words: the person has none, or it was erased. */
enum rc mailbox_of(struct workspace *ws, struct text person, struct stored_mailbox *row,
		   struct text *address, struct err *err) MUST_USE;

/*
 * In a transaction: when a person wants mail to wait that is not urgent (sla.md R73), app/hours.h; empty: at no hours. What waits for the
 * hours of before is due now. RC_USAGE: they are no quiet hours.
 */
enum rc mail_quiet_hours(struct workspace *ws, struct text person, struct text hours,
			 struct err *err) MUST_USE;

/* The language and zone of what somebody gets: the person's own, else as the operator set them; English and UTC where neither says one. */
enum rc mail_manner(struct workspace *ws, const struct mail_settings *m, struct text person,
		    const struct language **l, const struct zone **z, struct err *err) MUST_USE;

/* --- what it says --- */

enum mail_kind {
#define MAIL(name, kind, about, path, names, subject, body) MAIL_##name,
#include "app/mails.def"
	MAIL_KINDS
};

/* When it goes out and to whom: app/mails.def says what each means. */
enum mail_about {
	MAIL_ABOUT_ACCOUNT,
	MAIL_ABOUT_NOTICE,
	MAIL_ABOUT_URGENT,
	MAIL_ABOUT_BUNDLED,
	MAIL_ABOUT_DAILY,
};

struct mail_row {
	const char *kind;
	enum mail_about about;
	const char *path;
	const char *names; /* apart by blanks */
	enum wording subject, body;
};
const struct mail_row *mail_row(enum mail_kind k);
bool mail_find(struct text kind, enum mail_kind *out);

struct mail_words {
	struct text subject, body; /* with {names} */
};
/* The usual ones in a language, with the names that the kind has. */
struct mail_words mail_usual(struct arena *a, enum mail_kind k, const struct language *l);
/* The provider's own for the words of the language, else the usual ones. */
enum rc mail_words_of(struct workspace *ws, enum mail_kind k, const struct language *l,
		      struct mail_words *out, bool *own, struct err *err) MUST_USE;
/* RC_USAGE: a name that the kind has not, no {link} in the body, a subject of several lines, too long. Says which. */
enum rc mail_words_ok(enum mail_kind k, const struct mail_words *w, struct err *err) MUST_USE;

/* A value for each name of the kind, in the order of its row. */
struct mail_values {
	struct text v[6];
};
struct text mail_fill(struct arena *a, enum mail_kind k, struct text pattern,
		      const struct mail_values *values);

/* --- one mail --- */

/* Ready to go: head lines without an end of line, "Name: value"; a long one is folded ("\r\n "). */
struct mail_letter {
	struct text from, to; /* addresses */
	const struct text *head;
	size_t n_head;
	struct text body; /* UTF-8, lines end in \n */
};
struct mail_parts {
	struct text from, provider, to, message;
	struct text
		thread; /* a Message-ID that mails about the same have in common; empty: it is about nothing that goes on */
	instant made_at;
	struct mail_words words; /* filled */
};
/* RC_INVALID: a value has an end of line or a NUL, or an address is none (S22). */
enum rc mail_letter_of(struct arena *a, const struct mail_parts *p, struct mail_letter *out,
		       struct err *err) MUST_USE;

/* What came of handing one on. */
enum mail_fate { MAIL_SENT, MAIL_LATER, MAIL_NEVER };
enum { MAIL_WHY_BYTES = 24 };
/* How it goes out, by a process that connects out; why: a word for what went wrong ("connect", "answer 451"). */
struct mail_way {
	void *context;
	enum mail_fate (*send)(void *context, const struct mail_letter *l,
			       char why[MAIL_WHY_BYTES]);
};

#endif
