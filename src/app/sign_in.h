/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who is signed in (trust.md S2 to S7, S11, S14): passwords, second factors, recovery codes, invitations, sessions, API tokens. Rows of
 * the workspace; every change of a user, a factor or a token has its entry in the install log, sessions have none (P8). It knows no HTTP.
 */
#ifndef APP_SIGN_IN_H
#define APP_SIGN_IN_H

#include "app/workspace.h"

enum visitor_kind { VISITOR_NOBODY, VISITOR_SESSION, VISITOR_TOKEN };

/* A person or program, for one request. Rights are asked with roles_have(roles, R_...) for pages; verbs check again by themselves. */
struct visitor {
	enum visitor_kind kind;
	struct text
		user; /* what --as takes: "u_..." of a person, "t_..." of a token; empty: nobody */
	struct text person; /* "u_...": the person, or whoever made the token */
	struct text handle;
	bool client;          /* the side */
	struct text contract; /* a client's engagement; provider's: empty, all */
	roles roles;
	bool password; /* has a password; false after an invitation or a reset: ask for one first */
	bool identity; /* has no password, but a provider of identities to sign in by (S10) */
	bool mfa;      /* has a second factor */
	bool factor_goes; /* two people take the second factor away, or one asked for it (S7): said on every page */
	instant factor_goes_at; /* INSTANT_NONE: not approved yet */
	bool mfa_required;      /* must have one (S6): without it only setting it up is open */
	instant stepped_up; /* the last time a second factor was given in this session; INSTANT_NONE */
	unsigned char session[32]; /* SHA-256 of the cookie */
	struct text form_token;
	struct text language, zone; /* the viewer's own setting, or empty */
	/* tokens: scope (P2); empty: all that the creator may. workspace_open holds a token to it by itself. */
	struct text token; /* "t_..." */
	const struct text *contracts, *kinds;
	size_t n_contracts, n_kinds;
	rights rights; /* what a token may of what its maker may; a person's: all of its roles */
};

/* P3: may this visitor use a right now? RC_USAGE with code "right", or "step_up" where the second factor must be given again first (S7). */
enum rc visitor_may(const struct visitor *who, enum permission right, instant now,
		    struct err *err) MUST_USE;

struct sign_in;

/* Over one workspace, kept open in a worker. Reads and writes by its own connections. */
enum rc sign_in_open(struct app *app, struct arena *a, struct text workspace, struct text key,
		     struct sign_in **out, struct err *err) MUST_USE;
void sign_in_close(struct sign_in *s);

/* A write or a sync of its files failed: nothing may be acknowledged any more (trust.md D3). */
bool sign_in_broken(const struct sign_in *s);

/*
 * Memory that all workers share for the times sessions and tokens were last seen (S3): sign_in_shared_bytes() of it, zeroed. The door
 * gives it; without it each time is written to the store at once.
 */
size_t sign_in_shared_bytes(void);
void sign_in_share(struct sign_in *s, void *shared);
/* Writes to the store what the shared memory knows, and refusals that were counted (O2), at most once a minute. */
enum rc sign_in_flush(struct sign_in *s, instant now, struct err *err) MUST_USE;

/* Where the next attempts come from: a few words for the list of sessions, and the mark of a device known before (S4). Views. */
struct sign_in_from {
	struct text device, mark;
	bool stay; /* 30 days, for viewers without a second factor (S2) */
};
void sign_in_from(struct sign_in *s, const struct sign_in_from *from);
/* The mark for a device on which this person has signed in: 180 days (S4). */
struct text sign_in_mark(struct sign_in *s, struct arena *a, struct text user, instant now);
bool sign_in_known(struct sign_in *s, struct text user, struct text mark, instant now);
/* The opaque id of an account, or empty. Nothing that an answer may tell (S11). */
enum rc sign_in_account(struct sign_in *s, struct arena *a, struct text handle, struct text *user,
			struct err *err) MUST_USE;

/* The token of forms that belongs to a cookie: derived from it, so that nobody needs to keep it (S8). */
struct text sign_in_form_token(struct arena *a, struct text cookie);
instant sign_in_now(const struct sign_in *s);

/* --- sessions --- */

/* RC_MISSING: no such session, or it ended. The visitor's texts are in a. */
enum rc sign_in_visitor(struct sign_in *s, struct arena *a, struct text cookie, instant now,
			struct visitor *out, struct err *err) MUST_USE;
/* RC_MISSING: no such token, expired, or revoked. */
enum rc sign_in_token(struct sign_in *s, struct arena *a, struct text token, instant now,
		      struct visitor *out, struct err *err) MUST_USE;

/*
 * What comes next is asked by a page on its own, not by a person: true keeps a session from being noted as seen, so that a page that is
 * kept up to date does not keep it alive (S2). Holds until it is set again.
 */
void sign_in_unseen(struct sign_in *s, bool by_itself);

enum sign_in_fate { SIGN_IN_REFUSED, SIGN_IN_DONE, SIGN_IN_SECOND };

struct sign_in_result {
	enum sign_in_fate fate;
	struct text
		cookie; /* DONE: the new session's; SECOND: a half session that only takes the second factor */
	struct text user; /* whose; empty if REFUSED */
	bool stays;       /* for 30 days */
	int64_t wait_s;   /* REFUSED: no code is looked at for so many seconds (S6); 0 */
};
/* S4, S5, S11: the same answer and time class whether the account exists or not. */
enum rc sign_in_password(struct sign_in *s, struct arena *a, struct text handle,
			 struct text password, instant now, struct sign_in_result *out,
			 struct err *err) MUST_USE;
/* Code of TOTP, or a recovery code (S6). half: the cookie of SIGN_IN_SECOND. */
enum rc sign_in_second(struct sign_in *s, struct arena *a, struct text half, struct text code,
		       instant now, struct sign_in_result *out, struct err *err) MUST_USE;
/*
 * A link that `user invite` (7 days), `user reset` or `user link` (30 min) printed, once. A reset ends all sessions and takes the password
 * away. Opening a page must not use it up: call this for a POST. Refused links are all alike.
 */
enum rc sign_in_link(struct sign_in *s, struct arena *a, struct text link, instant now,
		     struct sign_in_result *out, struct err *err) MUST_USE;
/* S7: a second factor for this session; a new cookie, the old one is dead. */
enum rc sign_in_step_up(struct sign_in *s, struct arena *a, const struct visitor *who,
			struct text code, instant now, struct sign_in_result *out,
			struct err *err) MUST_USE;
enum rc sign_in_end(struct sign_in *s, const struct visitor *who, struct err *err) MUST_USE;

struct session_row {
	struct text id; /* the first 8 characters of its hash: enough to end it by */
	struct text handle, device;
	instant began, seen, ends;
	bool current;
};
/* Of one user; user empty: all (OP). */
enum rc sign_in_sessions(struct sign_in *s, struct arena *a, struct text user,
			 struct session_row **out, size_t *n, struct err *err) MUST_USE;
enum rc sign_in_end_session(struct sign_in *s, struct text user, struct text id,
			    struct err *err) MUST_USE;

/* --- a person's own --- */

/*
 * Sets the first or another password; ends all other sessions. RC_INVALID, key "password", names what S5 asks; RC_USAGE with code
 * "step_up" where the person has a second factor and did not give it in the last five minutes.
 */
enum rc sign_in_set_password(struct sign_in *s, const struct visitor *who, struct text password,
			     instant now, struct err *err) MUST_USE;
/* A new TOTP secret, not in force until confirmed by a code: otpauth URI (for the QR code). */
enum rc sign_in_totp_begin(struct sign_in *s, struct arena *a, const struct visitor *who,
			   struct text *uri, struct err *err) MUST_USE;
/* Confirms it; ten recovery codes, shown once. */
enum rc sign_in_totp_confirm(struct sign_in *s, struct arena *a, const struct visitor *who,
			     struct text code, instant now, struct text codes[10],
			     struct err *err) MUST_USE;
/* S7: the second factor stays, whoever asked that it goes. */
enum rc sign_in_keep_factor(struct sign_in *s, const struct visitor *who, struct err *err) MUST_USE;
/* Language and zone of the viewer's own. */
enum rc sign_in_prefer(struct sign_in *s, const struct visitor *who, struct text language,
		       struct text zone, struct err *err) MUST_USE;
/* Mail that is not about the account itself: *has an address that it could go to, *wanted, and the hours at which it waits; empty: at none. */
enum rc sign_in_notices(struct sign_in *s, struct arena *a, struct text person, bool *has,
			bool *wanted, struct text *hours, struct err *err) MUST_USE;
/* RC_USAGE: they are no quiet hours (app/hours.h). */
enum rc sign_in_want_notices(struct sign_in *s, const struct visitor *who, bool wanted,
			     struct text hours, struct err *err) MUST_USE;

#endif
