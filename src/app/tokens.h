/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tokens of programs (trust.md S14, P2): tnr_<16>_<52> in base32, of which the first part is looked up and the second kept as its
 * SHA-256. A program acts with what its maker may, cut to the token's scope, for as long as its maker may act. It knows no HTTP.
 */
#ifndef APP_TOKENS_H
#define APP_TOKENS_H

#include "app/workspace.h"
#include "store/record_access.h"

enum { TOKEN_TEXT = 73, TOKEN_DAYS_DEFAULT = 90, TOKEN_DAYS_MAX = 366, SCOPE_MAX = 8000 };

struct token_bytes {
	unsigned char look[TOKEN_LOOK_BYTES], secret[TOKEN_SECRET_BYTES];
};

/* false: no token; there is one text for a token. */
bool token_parse(struct text t, struct token_bytes *out);
void token_print(const struct token_bytes *t, char out[TOKEN_TEXT + 1]);

/* RC_MISSING with words: unknown, over, revoked, or its maker may act no longer. actor->id is the token's. */
enum rc token_actor(struct store *s, struct arena *a, struct text id, instant now,
		    struct stored_user *actor, const struct token_scope **scope,
		    struct err *err) MUST_USE;
/* The same for one that is there; user is its maker. */
enum rc token_holds(struct store *s, struct arena *a, const struct stored_token *t, instant now,
		    struct stored_user *user, struct token_scope *scope, struct err *err) MUST_USE;
/* All values of a parameter as words apart by blanks, RC_LIMIT above SCOPE_MAX bytes; and such words as a list. */
enum rc words_join(struct arena *a, const struct args *args, enum param p, struct text *out,
		   struct err *err) MUST_USE;
const struct text *words_list(struct arena *a, struct text words, size_t *n);

#endif
