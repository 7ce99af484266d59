/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who signs in, at rest (trust.md S2 to S7, S11, S14): passwords, second factors, recovery codes, sessions, links, tokens. Hashes and
 * sealed bytes only; what they mean and who may is decided in app/. What changes something is called in a transaction.
 */
#ifndef STORE_RECORD_ACCESS_H
#define STORE_RECORD_ACCESS_H

#include "store/keys.h"
#include "store/record.h"

/* RC_MISSING without err text where there is none, here and below. */
enum rc record_user_of_id(struct store *s, struct arena *a, struct text id, struct stored_user *out,
			  struct err *err) MUST_USE;
enum rc record_user_of_handle(struct store *s, struct arena *a, struct text handle,
			      struct stored_user *out, struct err *err) MUST_USE;

struct stored_credential {
	struct text person, hash;
	instant set_at;
	int64_t failures; /* consecutive (S16) */
	int64_t unsaid;   /* of those, not in the install log yet (O2) */
	instant said_at;  /* the last time some were said there; INSTANT_NONE */
};
enum rc record_credential(struct store *s, struct arena *a, struct text person,
			  struct stored_credential *out, struct err *err) MUST_USE;
enum rc record_credential_put(struct store *s, const struct stored_credential *c,
			      struct err *err) MUST_USE;

/* Those with failures that are not said yet. */
enum rc record_credentials_unsaid(struct store *s, struct arena *a, struct stored_credential **out,
				  size_t *n, struct err *err) MUST_USE;

enum { FACTOR_WAITS, FACTOR_STANDS };
struct stored_factor {
	struct text person;
	int64_t standing;
	struct text nonce, cipher; /* of keys_wrap */
	int64_t step;              /* the last one that was accepted */
	int64_t misses;
	instant closed_until; /* INSTANT_NONE: open */
};
enum rc record_factor(struct store *s, struct arena *a, struct text person, int64_t standing,
		      struct stored_factor *out, struct err *err) MUST_USE;
enum rc record_factor_put(struct store *s, const struct stored_factor *f, struct err *err) MUST_USE;
enum rc record_factor_drop(struct store *s, struct text person, int64_t standing,
			   struct err *err) MUST_USE;

enum rc record_recovery_add(struct store *s, struct text person, const struct hash *hash,
			    struct err *err) MUST_USE;
enum rc record_recovery_use(struct store *s, struct text person, const struct hash *hash,
			    bool *used, struct err *err) MUST_USE;
enum rc record_recovery_drop(struct store *s, struct text person, struct err *err) MUST_USE;
enum rc record_recovery_count(struct store *s, struct text person, int64_t *n,
			      struct err *err) MUST_USE;

struct stored_session {
	struct hash hash; /* of the cookie */
	struct text person;
	bool half; /* the password was right, the second factor is still to come */
	struct text device;
	instant began_at, seen_at;
	int64_t idle_ms; /* it ends this long after it was last seen, at ends_at at the latest */
	instant ends_at, stepped_up_at;
};
enum rc record_session_add(struct store *s, const struct stored_session *x,
			   struct err *err) MUST_USE;
enum rc record_session(struct store *s, struct arena *a, const struct hash *hash,
		       struct stored_session *out, struct err *err) MUST_USE;
enum rc record_sessions(struct store *s, struct arena *a, struct stored_session **out, size_t *n,
			struct err *err) MUST_USE;
enum rc record_session_seen(struct store *s, const struct hash *hash, instant at,
			    struct err *err) MUST_USE;
/* *ended may be NULL. */
enum rc record_session_drop(struct store *s, const struct hash *hash, bool *ended,
			    struct err *err) MUST_USE;
/* All of a person but one; but NULL: all. */
enum rc record_sessions_drop(struct store *s, struct text person, const struct hash *but,
			     int64_t *ended, struct err *err) MUST_USE;
/* Sessions and links whose time is over. */
enum rc record_access_sweep(struct store *s, instant now, struct err *err) MUST_USE;

enum link_kind { LINK_INVITATION, LINK_RESET, LINK_SIGN_IN };
struct stored_link {
	struct hash hash;
	struct text person;
	enum link_kind kind;
	instant made_at, ends_at;
};
enum rc record_link_add(struct store *s, const struct stored_link *l, struct err *err) MUST_USE;
enum rc record_link(struct store *s, struct arena *a, const struct hash *hash,
		    struct stored_link *out, struct err *err) MUST_USE;
enum rc record_link_drop(struct store *s, const struct hash *hash, bool *was_there,
			 struct err *err) MUST_USE;
enum rc record_links_drop(struct store *s, struct text person, struct err *err) MUST_USE;

enum { TOKEN_LOOK_BYTES = 10, TOKEN_SECRET_BYTES = 32 };
struct stored_token {
	struct text id; /* t_... */
	unsigned char look[TOKEN_LOOK_BYTES];
	struct hash secret; /* its SHA-256 */
	struct text person; /* who made it */
	struct text label;
	struct text contracts, kinds,
		rights; /* words apart by blanks; contracts, kinds: empty is all */
	instant made_at, ends_at, used_at, revoked_at;
};
enum rc record_token_add(struct store *s, const struct stored_token *t, struct err *err) MUST_USE;
enum rc record_token_of_look(struct store *s, struct arena *a,
			     const unsigned char look[TOKEN_LOOK_BYTES], struct stored_token *out,
			     struct err *err) MUST_USE;
enum rc record_token(struct store *s, struct arena *a, struct text id, struct stored_token *out,
		     struct err *err) MUST_USE;
enum rc record_tokens(struct store *s, struct arena *a, struct stored_token **out, size_t *n,
		      struct err *err) MUST_USE;
enum rc record_token_used(struct store *s, struct text id, instant at, struct err *err) MUST_USE;
enum rc record_token_revoke(struct store *s, struct text id, instant at, bool *revoked,
			    struct err *err) MUST_USE;

/* RC_MISSING: none set. */
enum rc record_preference(struct store *s, struct arena *a, struct text person,
			  struct text *language, struct text *zone, struct err *err) MUST_USE;
enum rc record_preference_put(struct store *s, struct text person, struct text language,
			      struct text zone, struct err *err) MUST_USE;

/* A person's password, or all there is: password, factors, codes, sessions, links, preference, named lists, a timer; tokens are revoked. */
enum rc record_credential_drop(struct store *s, struct text person, struct err *err) MUST_USE;
enum rc record_access_forget(struct store *s, struct text person, instant at,
			     struct err *err) MUST_USE;

#endif
