/* SPDX-License-Identifier: Apache-2.0 */
#include "app/tokens.h"

#include "base/base32.h"

#include <assert.h>
#include <string.h>

enum { LOOK_TEXT = BASE32_TEXT(TOKEN_LOOK_BYTES), SECRET_TEXT = BASE32_TEXT(TOKEN_SECRET_BYTES) };
static const char prefix[] = "tnr_";
_Static_assert(sizeof(prefix) - 1 + LOOK_TEXT + 1 + SECRET_TEXT == TOKEN_TEXT,
	       "S14: 73 characters");

bool token_parse(struct text t, struct token_bytes *out)
{
	const size_t head = strlen(prefix), bar = head + LOOK_TEXT;
	struct token_bytes got = {{0}, {0}};

	if (t.n != TOKEN_TEXT || !text_starts(t, prefix) || t.p[bar] != '_' ||
	    !base32_read(text_sub(t, head, bar), got.look, sizeof(got.look)) ||
	    !base32_read(text_sub(t, bar + 1, t.n), got.secret, sizeof(got.secret)))
		return false;
	*out = got;
	return true;
}

void token_print(const struct token_bytes *t, char out[TOKEN_TEXT + 1])
{
	struct buf b;

	buf_init(&b, TOKEN_TEXT + 1);
	buf_str(&b, prefix);
	base32_add(&b, t->look, sizeof(t->look));
	buf_char(&b, '_');
	base32_add(&b, t->secret, sizeof(t->secret));
	assert(b.n == TOKEN_TEXT);
	memcpy(out, b.p, TOKEN_TEXT);
	out[TOKEN_TEXT] = '\0';
	buf_free(&b);
}

const struct text *words_list(struct arena *a, struct text words, size_t *n)
{
	struct text *v = NULL, word;
	size_t used = 0, cap = 0;

	while (words.n > 0) {
		words = text_cut(words, ' ', &word);
		if (word.n == 0)
			continue;
		v = arena_grow(a, v, used, &cap, sizeof(*v));
		v[used++] = word;
	}
	*n = used;
	return v;
}

enum rc words_join(struct arena *a, const struct args *args, enum param p, struct text *out,
		   struct err *err)
{
	struct buf b;

	buf_init(&b, SCOPE_MAX);
	for (size_t i = 0; i < args->values[p].n; i++) {
		struct text v = args->values[p].v[i];

		if (i > 0)
			buf_char(&b, ' ');
		/* what stands in a list has no blank; a list written in one word has commas */
		for (size_t k = 0; k < v.n; k++)
			buf_char(&b, v.p[k] == ',' ? ' ' : v.p[k]);
	}
	*out = text_copy(a, buf_view(&b));
	if (b.full)
		(void)err_set(err, RC_LIMIT, "--%s is longer than %d bytes in all",
			      param_row(p)->name, SCOPE_MAX);
	enum rc rc = b.full ? RC_LIMIT : RC_OK;

	buf_free(&b);
	return rc;
}

enum rc token_holds(struct store *s, struct arena *a, const struct stored_token *t, instant now,
		    struct stored_user *user, struct token_scope *scope, struct err *err)
{
	enum rc rc;

	if (t->revoked_at != INSTANT_NONE)
		return err_set(err, RC_MISSING, "this token was revoked");
	if (now >= t->ends_at)
		return err_set(err, RC_MISSING, "this token is no longer valid");
	rc = record_user_of_id(s, a, t->person, user, err);
	if (rc != RC_OK && rc != RC_MISSING)
		return rc;
	if (rc == RC_MISSING || user->ended_at != INSTANT_NONE)
		return err_set(err, RC_MISSING, "who made this token may act no longer");
	*scope = (struct token_scope){.rights = 0};
	scope->contracts = words_list(a, t->contracts, &scope->n_contracts);
	scope->kinds = words_list(a, t->kinds, &scope->n_kinds);
	return rights_parse(t->rights, &scope->rights, err);
}

enum rc token_actor(struct store *s, struct arena *a, struct text id, instant now,
		    struct stored_user *actor, const struct token_scope **scope, struct err *err)
{
	struct token_scope *found = arena_one(a, struct token_scope);
	struct stored_token t;
	struct stored_user user;
	enum rc rc = record_token(s, a, id, &t, err);

	if (rc == RC_MISSING)
		return err_set(err, rc, "there is no token '%.*s'", TEXT_ARG(id));
	if (rc == RC_OK)
		rc = token_holds(s, a, &t, now, &user, found, err);
	if (rc != RC_OK)
		return rc;
	*actor = user;
	actor->id = t.id;
	actor->handle = t.label;
	*scope = found;
	return RC_OK;
}
