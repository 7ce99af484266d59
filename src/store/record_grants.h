/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows of what came with schema 4 (trust.md P2, S7, S10): what an auditor may read, a second factor that is to be taken away, who is who at
 * a provider of identities. What they mean is decided in app/. What changes something is called in a transaction.
 */
#ifndef STORE_RECORD_GRANTS_H
#define STORE_RECORD_GRANTS_H

#include "store/record.h"
#include "time/instant.h"

struct stored_grant {
	struct text person, contracts; /* contracts: words apart by blanks */
	day first, end;                /* half-open */
	bool personal;                 /* with PERSONAL_READ (P3, the table's `s`) */
	instant made_at, ends_at;
};
/* RC_MISSING without err text where there is none, here and below. */
enum rc record_grant(struct store *s, struct arena *a, struct text person, struct stored_grant *out,
		     struct err *err) MUST_USE;
enum rc record_grant_put(struct store *s, const struct stored_grant *g, struct err *err) MUST_USE;

enum rc record_grant_drop(struct store *s, struct text person, struct err *err) MUST_USE;

struct stored_factor_reset {
	struct text person, asked_by, approved_by; /* approved_by empty: not yet */
	instant asked_at, due_at;                  /* due_at: INSTANT_NONE until it is approved */
};
enum rc record_factor_reset(struct store *s, struct arena *a, struct text person,
			    struct stored_factor_reset *out, struct err *err) MUST_USE;
/* All, in the order they were asked for. */
enum rc record_factor_resets(struct store *s, struct arena *a, struct stored_factor_reset **out,
			     size_t *n, struct err *err) MUST_USE;
enum rc record_factor_reset_put(struct store *s, const struct stored_factor_reset *r,
				struct err *err) MUST_USE;
enum rc record_factor_reset_drop(struct store *s, struct text person, struct err *err) MUST_USE;

/* Whose it is: hash is a keyed one of issuer and subject. */
enum rc record_identity(struct store *s, struct arena *a, const struct hash *hash,
			struct text *person, struct err *err) MUST_USE;
/* *linked_at: INSTANT_NONE where the person has none. */
enum rc record_identity_of(struct store *s, struct text person, instant *linked_at,
			   struct err *err) MUST_USE;
/* *taken false: it is somebody's already. */
enum rc record_identity_put(struct store *s, const struct hash *hash, struct text person, instant at,
			    bool *taken, struct err *err) MUST_USE;
enum rc record_identities_drop(struct store *s, struct text person, int64_t *dropped,
			       struct err *err) MUST_USE;
/* *first false: this way came back before. What ended by `now` is forgotten. */
enum rc record_identity_return(struct store *s, const struct hash *hash, instant ends, instant now,
			       bool *first, struct err *err) MUST_USE;

/* All of a person's: who may act no longer. */
enum rc record_grants_forget(struct store *s, struct text person, struct err *err) MUST_USE;

#endif
