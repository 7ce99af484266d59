/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who somebody is at a provider of identities (OpenID Connect, trust.md S10): the way there and back, made of one secret that the browser
 * keeps; what an ID token says, once its signature and every claim were looked at; whose account that is. Network and HTTP are somebody
 * else's: what is fetched comes in as text.
 */
#ifndef APP_IDENTITY_H
#define APP_IDENTITY_H

#include "app/sign_in.h"

struct identity_provider {
	struct text issuer; /* as its tokens name it; empty: none is configured */
	struct text client, name;
	const struct text *strong; /* values of acr that stand for a second factor */
	size_t n_strong;
};

enum {
	IDENTITY_WAY_MS = 10 * 60 * 1000, /* from leaving to coming back */
	IDENTITY_OFFER_MS = 10 * 60 * 1000,
	IDENTITY_TEXT = 44 /* 32 bytes in base64url, and a NUL */
};

/* The way there: all of it is derived from the cookie, so nothing is kept while somebody is away. */
struct identity_way {
	char state[IDENTITY_TEXT], nonce[IDENTITY_TEXT], verifier[IDENTITY_TEXT],
		challenge[IDENTITY_TEXT];
};
/* A new cookie: <milliseconds>.<secret>. */
struct text identity_leave(struct sign_in *s, struct arena *a, instant now);
/* false: no such cookie, or too old. */
bool identity_way(struct text cookie, instant now, struct identity_way *out);
/* Was that way never come back by before (RC_INVALID otherwise)? Kept in the store, so that a replay is known by every worker. */
enum rc identity_once(struct sign_in *s, const struct identity_way *way, instant now,
		      struct err *err) MUST_USE;

struct identity {
	struct hash hash; /* of issuer and subject, keyed */
	bool strong;      /* acr or amr say that there was a second factor */
};
/*
 * RS256, PS256, ES256 by a key of the issuer's own set; no other algorithm, no key from elsewhere; iss, aud, exp, iat, nbf, nonce.
 * RC_INVALID with code "identity": says what was wrong with it, for the log of the operator; people are told no more than that it failed.
 */
enum rc identity_read(struct sign_in *s, const struct identity_provider *p, struct text token,
		      struct text keys, const struct identity_way *way, instant now,
		      struct identity *out, struct err *err) MUST_USE;

/* Signs in whose account it is; a second factor is asked for where the person has one, unless the provider vouches for one. REFUSED: nobody's. */
enum rc identity_sign_in(struct sign_in *s, struct arena *a, const struct identity *i, instant now,
			 struct sign_in_result *out, struct err *err) MUST_USE;

/* What somebody who is signed in has shown to be, until the password says that it is to be linked: for a cookie. */
struct text identity_offer(struct sign_in *s, struct arena *a, const struct visitor *who,
			   const struct identity *i, instant now);
/* RC_INVALID: no such offer, the password is wrong, or the identity is somebody else's. */
enum rc identity_link(struct sign_in *s, const struct visitor *who, struct text offer,
		      struct text password, instant now, struct err *err) MUST_USE;
/* Is one linked with the account? */
enum rc identity_has(struct sign_in *s, struct text person, bool *out, struct err *err) MUST_USE;
enum rc identity_unlink(struct sign_in *s, const struct visitor *who, instant now,
			struct err *err) MUST_USE;

#endif
