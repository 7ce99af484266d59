/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of who signs in: binding and reading. */
#include "store/record_access.h"

#include "store/record_desk.h"
#include "store/record_grants.h"
#include "store/record_mail.h"
#include "store/record_parts.h"

static struct bind bind_flag(bool b)
{
	return BIND_I(b ? 1 : 0);
}

/* --- people --- */

static enum rc one_user(struct store *s, struct arena *a, enum statement q, struct text word,
			struct stored_user *out, struct err *err)
{
	struct cursor c;
	bool row = false;
	enum rc rc = store_one(s, q, &BIND_T(word), 1, &c, &row, err);

	if (rc == RC_OK && row)
		*out = (struct stored_user){.id = cursor_copy(&c, 0, a),
					    .handle = cursor_copy(&c, 1, a),
					    .client = cursor_int(&c, 2) != 0,
					    .roles = cursor_copy(&c, 3, a),
					    .contract = cursor_copy(&c, 4, a),
					    .added_at = cursor_int(&c, 5),
					    .ended_at = read_instant(&c, 6)};
	cursor_close(&c);
	return rc == RC_OK && !row ? RC_MISSING : rc;
}

enum rc record_user_of_id(struct store *s, struct arena *a, struct text id, struct stored_user *out,
			  struct err *err)
{
	return one_user(s, a, SQL_PERSON_OF_ID, id, out, err);
}

enum rc record_user_of_handle(struct store *s, struct arena *a, struct text handle,
			      struct stored_user *out, struct err *err)
{
	return one_user(s, a, SQL_PERSON_OF_HANDLE, handle, out, err);
}

/* --- passwords and second factors --- */

static struct stored_credential read_credential(const struct cursor *c, struct arena *a)
{
	return (struct stored_credential){.person = cursor_copy(c, 0, a),
					  .hash = cursor_copy(c, 1, a),
					  .set_at = cursor_int(c, 2),
					  .failures = cursor_int(c, 3),
					  .unsaid = cursor_int(c, 4),
					  .said_at = read_instant(c, 5)};
}

enum rc record_credential(struct store *s, struct arena *a, struct text person,
			  struct stored_credential *out, struct err *err)
{
	struct cursor c;
	bool row = false;
	enum rc rc = store_one(s, SQL_CREDENTIAL, &BIND_T(person), 1, &c, &row, err);

	if (rc == RC_OK && row)
		*out = read_credential(&c, a);
	cursor_close(&c);
	return rc == RC_OK && !row ? RC_MISSING : rc;
}

enum rc record_credentials_unsaid(struct store *s, struct arena *a, struct stored_credential **out,
				  size_t *n, struct err *err)
{
	struct stored_credential *v = NULL;
	struct rows r = rows_of(s, a, SQL_CREDENTIALS_UNSAID, NULL, 0, err);

	while (rows_next(&r, err)) {
		v = rows_room(&r, v, sizeof(*v));
		v[r.n++] = read_credential(&r.c, a);
	}
	if (rows_end(&r) == RC_OK) {
		*out = v;
		*n = r.n;
	}
	return r.rc;
}

enum rc record_credential_put(struct store *s, const struct stored_credential *c, struct err *err)
{
	const struct bind binds[] = {BIND_T(c->person), BIND_T(c->hash),
				     BIND_I(c->set_at), BIND_I(c->failures),
				     BIND_I(c->unsaid), bind_instant(c->said_at)};

	return store_run(s, SQL_CREDENTIAL_PUT, binds, ARRAY_SIZE(binds), NULL, err);
}

enum rc record_credential_drop(struct store *s, struct text person, struct err *err)
{
	return store_run(s, SQL_CREDENTIAL_DROP, &BIND_T(person), 1, NULL, err);
}

enum rc record_factor(struct store *s, struct arena *a, struct text person, int64_t standing,
		      struct stored_factor *out, struct err *err)
{
	const struct bind binds[] = {BIND_T(person), BIND_I(standing)};
	struct cursor c;
	bool row = false;
	enum rc rc = store_one(s, SQL_FACTOR, binds, ARRAY_SIZE(binds), &c, &row, err);

	if (rc == RC_OK && row)
		*out = (struct stored_factor){.person = cursor_copy(&c, 0, a),
					      .standing = cursor_int(&c, 1),
					      .nonce = cursor_copy(&c, 2, a),
					      .cipher = cursor_copy(&c, 3, a),
					      .step = cursor_int(&c, 4),
					      .misses = cursor_int(&c, 5),
					      .closed_until = read_instant(&c, 6)};
	cursor_close(&c);
	return rc == RC_OK && !row ? RC_MISSING : rc;
}

enum rc record_factor_put(struct store *s, const struct stored_factor *f, struct err *err)
{
	const struct bind binds[] = {BIND_T(f->person),
				     BIND_I(f->standing),
				     BIND_B(f->nonce),
				     BIND_B(f->cipher),
				     BIND_I(f->step),
				     BIND_I(f->misses),
				     bind_instant(f->closed_until)};

	return store_run(s, SQL_FACTOR_PUT, binds, ARRAY_SIZE(binds), NULL, err);
}

enum rc record_factor_drop(struct store *s, struct text person, int64_t standing, struct err *err)
{
	const struct bind binds[] = {BIND_T(person), BIND_I(standing)};

	return store_run(s, SQL_FACTOR_DROP, binds, ARRAY_SIZE(binds), NULL, err);
}

enum rc record_recovery_add(struct store *s, struct text person, const struct hash *hash,
			    struct err *err)
{
	const struct bind binds[] = {BIND_T(person), bind_hash(hash)};

	return store_run(s, SQL_RECOVERY_ADD, binds, ARRAY_SIZE(binds), NULL, err);
}

enum rc record_recovery_use(struct store *s, struct text person, const struct hash *hash,
			    bool *used, struct err *err)
{
	const struct bind binds[] = {BIND_T(person), bind_hash(hash)};
	int64_t changed = 0;
	enum rc rc = store_run(s, SQL_RECOVERY_USE, binds, ARRAY_SIZE(binds), &changed, err);

	*used = rc == RC_OK && changed > 0;
	return rc;
}

enum rc record_recovery_drop(struct store *s, struct text person, struct err *err)
{
	return store_run(s, SQL_RECOVERY_DROP, &BIND_T(person), 1, NULL, err);
}

enum rc record_recovery_count(struct store *s, struct text person, int64_t *n, struct err *err)
{
	struct cursor c;
	bool row = false;
	enum rc rc = store_one(s, SQL_RECOVERY_COUNT, &BIND_T(person), 1, &c, &row, err);

	*n = rc == RC_OK && row ? cursor_int(&c, 0) : 0;
	cursor_close(&c);
	return rc;
}

/* --- sessions --- */

enum rc record_session_add(struct store *s, const struct stored_session *x, struct err *err)
{
	const struct bind binds[] = {
		bind_hash(&x->hash), BIND_T(x->person),   bind_flag(x->half),
		BIND_T(x->device),   BIND_I(x->began_at), BIND_I(x->seen_at),
		BIND_I(x->idle_ms),  BIND_I(x->ends_at),  bind_instant(x->stepped_up_at)};

	return store_run(s, SQL_SESSION_ADD, binds, ARRAY_SIZE(binds), NULL, err);
}

static enum rc read_session(const struct cursor *c, struct arena *a, struct stored_session *out,
			    struct err *err)
{
	struct stored_session x = {.person = cursor_copy(c, 1, a),
				   .half = cursor_int(c, 2) != 0,
				   .device = cursor_copy(c, 3, a),
				   .began_at = cursor_int(c, 4),
				   .seen_at = cursor_int(c, 5),
				   .idle_ms = cursor_int(c, 6),
				   .ends_at = cursor_int(c, 7),
				   .stepped_up_at = read_instant(c, 8)};
	enum rc rc = read_fixed(c, 0, x.hash.b, sizeof(x.hash.b), err);

	if (rc == RC_OK)
		*out = x;
	return rc;
}

enum rc record_session(struct store *s, struct arena *a, const struct hash *hash,
		       struct stored_session *out, struct err *err)
{
	const struct bind by = bind_hash(hash);
	struct cursor c;
	bool row = false;
	enum rc rc = store_one(s, SQL_SESSION, &by, 1, &c, &row, err);

	if (rc == RC_OK && row)
		rc = read_session(&c, a, out, err);
	cursor_close(&c);
	return rc == RC_OK && !row ? RC_MISSING : rc;
}

enum rc record_sessions(struct store *s, struct arena *a, struct stored_session **out, size_t *n,
			struct err *err)
{
	struct stored_session *v = NULL;
	struct rows r = rows_of(s, a, SQL_SESSIONS, NULL, 0, err);

	while (rows_next(&r, err)) {
		v = rows_room(&r, v, sizeof(*v));
		r.rc = read_session(&r.c, a, &v[r.n++], err);
	}
	if (rows_end(&r) == RC_OK) {
		*out = v;
		*n = r.n;
	}
	return r.rc;
}

enum rc record_session_seen(struct store *s, const struct hash *hash, instant at, struct err *err)
{
	const struct bind binds[] = {BIND_I(at), bind_hash(hash)};

	return store_run(s, SQL_SESSION_SEEN, binds, ARRAY_SIZE(binds), NULL, err);
}

enum rc record_session_drop(struct store *s, const struct hash *hash, bool *ended, struct err *err)
{
	const struct bind by = bind_hash(hash);
	int64_t changed = 0;
	enum rc rc = store_run(s, SQL_SESSION_DROP, &by, 1, &changed, err);

	if (ended != NULL)
		*ended = rc == RC_OK && changed > 0;
	return rc;
}

enum rc record_sessions_drop(struct store *s, struct text person, const struct hash *but,
			     int64_t *ended, struct err *err)
{
	static const struct hash nobody; /* no cookie has this hash */
	const struct bind binds[] = {BIND_T(person), bind_hash(but == NULL ? &nobody : but)};
	int64_t changed = 0;
	enum rc rc = store_run(s, SQL_SESSIONS_DROP, binds, ARRAY_SIZE(binds), &changed, err);

	if (ended != NULL)
		*ended = changed;
	return rc;
}

enum rc record_access_sweep(struct store *s, instant now, struct err *err)
{
	enum rc rc = store_run(s, SQL_SESSIONS_OVER, &BIND_I(now), 1, NULL, err);

	return rc == RC_OK ? store_run(s, SQL_INVITATIONS_OVER, &BIND_I(now), 1, NULL, err) : rc;
}

/* --- links --- */

enum rc record_link_add(struct store *s, const struct stored_link *l, struct err *err)
{
	const struct bind binds[] = {bind_hash(&l->hash), BIND_T(l->person), BIND_I(l->kind),
				     BIND_I(l->made_at), BIND_I(l->ends_at)};

	return store_run(s, SQL_INVITATION_ADD, binds, ARRAY_SIZE(binds), NULL, err);
}

enum rc record_link(struct store *s, struct arena *a, const struct hash *hash,
		    struct stored_link *out, struct err *err)
{
	const struct bind by = bind_hash(hash);
	struct cursor c;
	bool row = false;
	enum rc rc = store_one(s, SQL_INVITATION, &by, 1, &c, &row, err);

	if (rc == RC_OK && row)
		*out = (struct stored_link){.hash = *hash,
					    .person = cursor_copy(&c, 1, a),
					    .kind = (enum link_kind)cursor_int(&c, 2),
					    .made_at = cursor_int(&c, 3),
					    .ends_at = cursor_int(&c, 4)};
	cursor_close(&c);
	return rc == RC_OK && !row ? RC_MISSING : rc;
}

enum rc record_link_drop(struct store *s, const struct hash *hash, bool *was_there, struct err *err)
{
	const struct bind by = bind_hash(hash);
	int64_t changed = 0;
	enum rc rc = store_run(s, SQL_INVITATION_DROP, &by, 1, &changed, err);

	*was_there = rc == RC_OK && changed > 0;
	return rc;
}

enum rc record_links_drop(struct store *s, struct text person, struct err *err)
{
	return store_run(s, SQL_INVITATIONS_DROP, &BIND_T(person), 1, NULL, err);
}

/* --- tokens --- */

enum rc record_token_add(struct store *s, const struct stored_token *t, struct err *err)
{
	const struct text look = {(const char *)t->look, sizeof(t->look)};
	const struct bind binds[] = {BIND_T(t->id),     BIND_B(look),      bind_hash(&t->secret),
				     BIND_T(t->person), BIND_T(t->label),  BIND_T(t->contracts),
				     BIND_T(t->kinds),  BIND_T(t->rights), BIND_I(t->made_at),
				     BIND_I(t->ends_at)};

	return store_run(s, SQL_TOKEN_ADD, binds, ARRAY_SIZE(binds), NULL, err);
}

static enum rc read_token(const struct cursor *c, struct arena *a, struct stored_token *out,
			  struct err *err)
{
	struct stored_token t = {.id = cursor_copy(c, 0, a),
				 .person = cursor_copy(c, 3, a),
				 .label = cursor_copy(c, 4, a),
				 .contracts = cursor_copy(c, 5, a),
				 .kinds = cursor_copy(c, 6, a),
				 .rights = cursor_copy(c, 7, a),
				 .made_at = cursor_int(c, 8),
				 .ends_at = cursor_int(c, 9),
				 .used_at = read_instant(c, 10),
				 .revoked_at = read_instant(c, 11)};
	enum rc rc = read_fixed(c, 1, t.look, sizeof(t.look), err);

	if (rc == RC_OK)
		rc = read_fixed(c, 2, t.secret.b, sizeof(t.secret.b), err);
	if (rc == RC_OK)
		*out = t;
	return rc;
}

static enum rc one_token(struct store *s, struct arena *a, enum statement q, struct bind by,
			 struct stored_token *out, struct err *err)
{
	struct cursor c;
	bool row = false;
	enum rc rc = store_one(s, q, &by, 1, &c, &row, err);

	if (rc == RC_OK && row)
		rc = read_token(&c, a, out, err);
	cursor_close(&c);
	return rc == RC_OK && !row ? RC_MISSING : rc;
}

enum rc record_token_of_look(struct store *s, struct arena *a,
			     const unsigned char look[TOKEN_LOOK_BYTES], struct stored_token *out,
			     struct err *err)
{
	return one_token(s, a, SQL_TOKEN_OF_LOOK,
			 BIND_B(((struct text){(const char *)look, TOKEN_LOOK_BYTES})), out, err);
}

enum rc record_token(struct store *s, struct arena *a, struct text id, struct stored_token *out,
		     struct err *err)
{
	return one_token(s, a, SQL_TOKEN_OF_ID, BIND_T(id), out, err);
}

enum rc record_tokens(struct store *s, struct arena *a, struct stored_token **out, size_t *n,
		      struct err *err)
{
	struct stored_token *v = NULL;
	struct rows r = rows_of(s, a, SQL_TOKENS, NULL, 0, err);

	while (rows_next(&r, err)) {
		v = rows_room(&r, v, sizeof(*v));
		r.rc = read_token(&r.c, a, &v[r.n++], err);
	}
	if (rows_end(&r) == RC_OK) {
		*out = v;
		*n = r.n;
	}
	return r.rc;
}

enum rc record_token_used(struct store *s, struct text id, instant at, struct err *err)
{
	const struct bind binds[] = {BIND_I(at), BIND_T(id)};

	return store_run(s, SQL_TOKEN_USED, binds, ARRAY_SIZE(binds), NULL, err);
}

enum rc record_token_revoke(struct store *s, struct text id, instant at, bool *revoked,
			    struct err *err)
{
	const struct bind binds[] = {BIND_I(at), BIND_T(id)};
	int64_t changed = 0;
	enum rc rc = store_run(s, SQL_TOKEN_REVOKE, binds, ARRAY_SIZE(binds), &changed, err);

	*revoked = rc == RC_OK && changed > 0;
	return rc;
}

/* --- preferences, and all of a person --- */

enum rc record_preference(struct store *s, struct arena *a, struct text person,
			  struct text *language, struct text *zone, struct err *err)
{
	struct cursor c;
	bool row = false;
	enum rc rc = store_one(s, SQL_PREFERENCE, &BIND_T(person), 1, &c, &row, err);

	if (rc == RC_OK && row) {
		*language = cursor_copy(&c, 0, a);
		*zone = cursor_copy(&c, 1, a);
	}
	cursor_close(&c);
	return rc == RC_OK && !row ? RC_MISSING : rc;
}

enum rc record_preference_put(struct store *s, struct text person, struct text language,
			      struct text zone, struct err *err)
{
	const struct bind binds[] = {BIND_T(person), BIND_T(language), BIND_T(zone)};

	return store_run(s, SQL_PREFERENCE_PUT, binds, ARRAY_SIZE(binds), NULL, err);
}

enum rc record_access_forget(struct store *s, struct text person, instant at, struct err *err)
{
	const struct bind revoke[] = {BIND_I(at), BIND_T(person)};
	enum rc rc = record_credential_drop(s, person, err);

	if (rc == RC_OK)
		rc = record_factor_drop(s, person, FACTOR_WAITS, err);
	if (rc == RC_OK)
		rc = record_factor_drop(s, person, FACTOR_STANDS, err);
	if (rc == RC_OK)
		rc = record_recovery_drop(s, person, err);
	if (rc == RC_OK)
		rc = record_sessions_drop(s, person, NULL, NULL, err);
	if (rc == RC_OK)
		rc = record_links_drop(s, person, err);
	if (rc == RC_OK)
		rc = store_run(s, SQL_PREFERENCE_DROP, &BIND_T(person), 1, NULL, err);
	if (rc == RC_OK)
		rc = record_desk_forget(s, person, err);
	if (rc == RC_OK)
		rc = record_grants_forget(s, person, err);
	if (rc == RC_OK)
		rc = record_mail_forget(s, person, err);
	if (rc == RC_OK)
		rc = store_run(s, SQL_TOKENS_REVOKE, revoke, ARRAY_SIZE(revoke), NULL, err);
	return rc;
}
