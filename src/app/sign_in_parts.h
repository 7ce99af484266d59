/* SPDX-License-Identifier: Apache-2.0 */
/* What the parts of signing in share: the open workspace, one turn of work in it, sessions and entries. Private. */
#ifndef APP_SIGN_IN_PARTS_H
#define APP_SIGN_IN_PARTS_H

#include "app/sign_in.h"
#include "app/tokens.h"

#include <sodium.h>

enum {
	SECRET_BYTES = 32, /* of a cookie, a link */
	SESSION_IDLE_MS = 30 * MINUTE_MS,
	SESSION_LONG_MS = 12 * HOUR_MS,
	HALF_SESSION_MS = 10 * MINUTE_MS,
	STEP_UP_MS = 5 * MINUTE_MS, /* S7 */
	RECOVERY_CODES = 10,
	RECOVERY_BYTES = 10
};
/* S5: Argon2id over 46 MiB, once, in one lane. */
#define PASSWORD_MEMORY 48234496
#define VIEWER_LONG_MS (INT64_C(30) * DAY_MS) /* S2 */

struct sign_in {
	struct app app;
	struct workspace ws;
	unsigned char pepper[KEY_BYTES], mark_key[KEY_BYTES];
	void *shared; /* seen.h; NULL: times are written at once */
	struct sign_in_from from;
	bool by_itself; /* sign_in_unseen */
};

/*
 * One call's work: a workspace that shares the open store and keys and has an arena of its own, given back by turn_end. who acts: entries
 * are in that person's name.
 */
struct turn {
	struct sign_in *s;
	struct app app;
	struct workspace ws;
	struct arena *scratch;
};

void turn_begin(struct sign_in *s, struct turn *t, const struct stored_user *who, instant now);
/* Commits if rc is RC_OK and signs the install log if it grew; undoes what is under way otherwise. */
enum rc turn_end(struct turn *t, enum rc rc, struct err *err) MUST_USE;
/* An entry of the install log about a person: {user, method}, or with a time or a count. */
struct access_note {
	enum fact_kind kind;
	const char *method; /* NULL: none */
	instant to;         /* INSTANT_NONE: none */
	int64_t times;      /* 0: none */
};
enum rc turn_note(struct turn *t, struct text user, const struct access_note *n,
		  struct err *err) MUST_USE;

/* In a transaction: the person is told that what the account is entered by has changed (a mail, outbox.h). */
enum rc turn_tell(struct turn *t, struct text user, struct err *err) MUST_USE;

/* The hash that a cookie or link is stored by; false: not one. */
bool secret_hash(struct text secret, struct hash *out);
/* A fresh one, in a, and its hash. */
struct text secret_make(struct sign_in *s, struct arena *a, struct hash *hash);

/* Is the account open? RC_MISSING without words otherwise. */
enum rc user_open(struct turn *t, struct text id, struct stored_user *out,
		  struct err *err) MUST_USE;

/* In a transaction: a session, and its entry unless it is half. like NULL: a new one; else its beginning and end stay. */
enum rc session_make(struct turn *t, struct arena *a, const struct stored_user *u, bool half,
		     const struct stored_session *like, const char *method,
		     struct sign_in_result *out, struct err *err) MUST_USE;
/* The session by its hash, if it is still good now; RC_MISSING. */
enum rc session_find(struct sign_in *s, struct arena *a, const struct hash *hash, instant now,
		     struct stored_session *out, struct err *err) MUST_USE;
/* DONE, or SECOND where the person has a second factor. In a transaction. */
enum rc session_first(struct turn *t, struct arena *a, const struct stored_user *u,
		      const char *method, struct sign_in_result *out, struct err *err) MUST_USE;

/* In a transaction: a code of the factor in force, or a recovery code. *method names which; NULL: wrong, and *wait_s seconds to wait. */
enum rc factor_try(struct turn *t, struct text user, struct text code, const char **method,
		   int64_t *wait_s, struct err *err) MUST_USE;
bool factor_fresh(const struct visitor *who, instant now);

/* In a transaction: one more refusal of an account, to be said later (O2). */
enum rc refusal_count(struct turn *t, struct text user, struct err *err) MUST_USE;

/* Is it the password of an account? A wrong one counts as one more refusal (S16); no session comes of a right one. */
enum rc sign_in_check(struct sign_in *s, struct text handle, struct text password, instant now,
		      bool *right, struct err *err) MUST_USE;

/* In a transaction: ten new recovery codes, in a. */
enum rc recovery_make(struct turn *t, struct arena *a, struct text user,
		      struct text codes[RECOVERY_CODES], struct err *err) MUST_USE;

/* S5 but the length: RC_INVALID names what is wrong with it. */
enum rc password_common(struct text password, const struct text *own, size_t n_own,
			struct err *err) MUST_USE;

#endif
