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
	struct text user;     /* "u_..."; what --as takes; empty: nobody */
	struct text handle;
	bool client;          /* the side */
	struct text contract; /* a client's engagement; provider's: empty, all */
	roles roles;
	bool mfa;             /* has a second factor */
	instant stepped_up;   /* the last time a second factor was given in this session; INSTANT_NONE */
	unsigned char session[32]; /* SHA-256 of the cookie */
	struct text form_token;
	struct text language, zone; /* the viewer's own setting, or empty */
	/* tokens: scope (P2); empty: all that the creator may */
	struct text token;    /* "t_..." */
	const struct text *contracts, *kinds;
	size_t n_contracts, n_kinds;
};

struct sign_in;

/* Over one workspace, kept open in a worker. Reads and writes by its own connections. */
enum rc sign_in_open(struct app *app, struct arena *a, struct text workspace, struct text key, struct sign_in **out, struct err *err) MUST_USE;
void sign_in_close(struct sign_in *s);

/* --- sessions --- */

/* RC_MISSING: no such session, or it ended. The visitor's texts are in a. */
enum rc sign_in_visitor(struct sign_in *s, struct arena *a, struct text cookie, instant now, struct visitor *out, struct err *err) MUST_USE;
/* RC_MISSING: no such token, expired, or revoked. */
enum rc sign_in_token(struct sign_in *s, struct arena *a, struct text token, instant now, struct visitor *out, struct err *err) MUST_USE;

enum sign_in_fate { SIGN_IN_REFUSED, SIGN_IN_DONE, SIGN_IN_SECOND };

struct sign_in_result {
	enum sign_in_fate fate;
	struct text cookie;  /* DONE: the new session's; SECOND: a half session that only takes the second factor */
};
/* S4, S5, S11: the same answer and time class whether the account exists or not. */
enum rc sign_in_password(struct sign_in *s, struct arena *a, struct text handle, struct text password, instant now,
			 struct sign_in_result *out, struct err *err) MUST_USE;
/* Code of TOTP, or a recovery code (S6). half: the cookie of SIGN_IN_SECOND. */
enum rc sign_in_second(struct sign_in *s, struct arena *a, struct text half, struct text code, instant now,
		       struct sign_in_result *out, struct err *err) MUST_USE;
/* A link that `tenor demo` or `user invite` printed: once, for 30 min (invitations 7 days). */
enum rc sign_in_link(struct sign_in *s, struct arena *a, struct text link, instant now, struct sign_in_result *out, struct err *err) MUST_USE;
/* S7: a second factor for this session; a new cookie. */
enum rc sign_in_step_up(struct sign_in *s, struct arena *a, const struct visitor *who, struct text code, instant now,
			struct sign_in_result *out, struct err *err) MUST_USE;
enum rc sign_in_end(struct sign_in *s, const struct visitor *who, struct err *err) MUST_USE;

struct session_row {
	struct text id;      /* the first 8 characters of its hash: enough to end it by */
	struct text handle, device;
	instant began, seen, ends;
	bool current;
};
/* Of one user; user empty: all (OP). */
enum rc sign_in_sessions(struct sign_in *s, struct arena *a, struct text user, struct session_row **out, size_t *n, struct err *err) MUST_USE;
enum rc sign_in_end_session(struct sign_in *s, struct text user, struct text id, struct err *err) MUST_USE;

/* --- a person's own --- */

/* Sets the first or another password; ends all other sessions. RC_INVALID names what S5 asks. */
enum rc sign_in_set_password(struct sign_in *s, const struct visitor *who, struct text password, instant now, struct err *err) MUST_USE;
/* A new TOTP secret, not in force until confirmed by a code: otpauth URI (for the QR code). */
enum rc sign_in_totp_begin(struct sign_in *s, struct arena *a, const struct visitor *who, struct text *uri, struct err *err) MUST_USE;
/* Confirms it; ten recovery codes, shown once. */
enum rc sign_in_totp_confirm(struct sign_in *s, struct arena *a, const struct visitor *who, struct text code, instant now,
			     struct text codes[10], struct err *err) MUST_USE;
/* Language and zone of the viewer's own. */
enum rc sign_in_prefer(struct sign_in *s, const struct visitor *who, struct text language, struct text zone, struct err *err) MUST_USE;

#endif
