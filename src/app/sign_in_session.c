/* SPDX-License-Identifier: Apache-2.0 */
/* Sessions (trust.md S2, S3, S7): made, found, listed, ended; links that begin one (S11). */
#include "app/sign_in_parts.h"

#include "app/seen.h"
#include "base/base64.h"
#include "store/record_grants.h"

#include <string.h>

enum { SHORT_ID = 8 };

enum rc user_open(struct turn *t, struct text id, struct stored_user *out, struct err *err)
{
	enum rc rc = record_user_of_id(t->ws.store, t->scratch, id, out, err);

	return rc == RC_OK && out->ended_at != INSTANT_NONE ? RC_MISSING : rc;
}

enum rc session_find(struct sign_in *s, struct arena *a, const struct hash *hash, instant now,
		     struct stored_session *out, struct err *err)
{
	struct stored_session x;
	enum rc rc = record_session(s->ws.store, a, hash, &x, err);
	instant seen = INSTANT_NONE;

	if (rc != RC_OK)
		return rc;
	if (s->shared != NULL)
		seen = seen_get(s->shared, hash);
	if (seen == INSTANT_NONE || seen < x.seen_at)
		seen = x.seen_at;
	if (now >= x.ends_at || now - seen >= x.idle_ms)
		return RC_MISSING;
	x.seen_at = seen;
	*out = x;
	return RC_OK;
}

/* S2: a viewer without a second factor, and without a role that needs one, may stay. */
static enum rc may_stay(struct turn *t, const struct stored_user *u, bool half, bool *stays,
			struct err *err)
{
	struct stored_factor f;
	bool client = u->client;
	roles set = 0;
	enum rc rc = roles_parse(u->roles, &set, &client, err);

	*stays = false;
	if (rc != RC_OK || half || !t->s->from.stay || !text_is(u->roles, "viewer"))
		return rc;
	rc = record_factor(t->ws.store, t->scratch, u->id, FACTOR_STANDS, &f, err);
	*stays = rc == RC_MISSING;
	return rc == RC_MISSING ? RC_OK : rc;
}

enum rc session_make(struct turn *t, struct arena *a, const struct stored_user *u, bool half,
		     const struct stored_session *like, const char *method,
		     struct sign_in_result *out, struct err *err)
{
	instant now = t->ws.now;
	struct stored_session x = {.person = u->id,
				   .half = half,
				   .device = t->s->from.device,
				   .began_at = now,
				   .seen_at = now,
				   .idle_ms = half ? HALF_SESSION_MS : SESSION_IDLE_MS,
				   .ends_at = now + (half ? HALF_SESSION_MS : SESSION_LONG_MS),
				   .stepped_up_at = INSTANT_NONE};
	struct text cookie = secret_make(t->s, a, &x.hash);
	bool stays = false;
	enum rc rc = may_stay(t, u, half, &stays, err);

	if (stays)
		x.idle_ms = VIEWER_LONG_MS;
	if (stays)
		x.ends_at = now + VIEWER_LONG_MS;
	if (like != NULL) {
		x.device = like->device;
		x.began_at = like->began_at;
		x.ends_at = like->ends_at;
		x.idle_ms = like->idle_ms;
	}
	if (!half && method != NULL &&
	    (strcmp(method, "factor") == 0 || strcmp(method, "recovery") == 0))
		x.stepped_up_at = now;
	if (rc == RC_OK)
		rc = record_access_sweep(t->ws.store, now, err);
	if (rc == RC_OK)
		rc = record_session_add(t->ws.store, &x, err);
	if (rc == RC_OK && !half)
		rc = turn_note(t, u->id,
			       &(struct access_note){FACT_SIGNED_IN, method, INSTANT_NONE, 0}, err);
	if (rc == RC_OK)
		*out = (struct sign_in_result){half ? SIGN_IN_SECOND : SIGN_IN_DONE, cookie,
					       text_copy(a, u->id), stays, 0};
	return rc;
}

/* S7: what two people asked for is due. The recovery codes go too; the person sets up another factor next. */
static enum rc factor_due(struct turn *t, struct text user, struct err *err)
{
	struct stored_factor_reset r;
	enum rc rc = record_factor_reset(t->ws.store, t->scratch, user, &r, err);

	if (rc == RC_MISSING)
		return RC_OK;
	if (rc != RC_OK || r.due_at == INSTANT_NONE || t->ws.now < r.due_at)
		return rc;
	rc = record_factor_drop(t->ws.store, user, FACTOR_STANDS, err);
	if (rc == RC_OK)
		rc = record_factor_drop(t->ws.store, user, FACTOR_WAITS, err);
	if (rc == RC_OK)
		rc = record_recovery_drop(t->ws.store, user, err);
	if (rc == RC_OK)
		rc = record_factor_reset_drop(t->ws.store, user, err);
	if (rc == RC_OK)
		rc = record_sessions_drop(t->ws.store, user, NULL, NULL, err);
	return rc == RC_OK ? turn_note(t, user,
				       &(struct access_note){FACT_FACTOR_RESET, "done", INSTANT_NONE, 0}, err)
			   : rc;
}

enum rc sign_in_keep_factor(struct sign_in *s, const struct visitor *who, struct err *err)
{
	struct stored_user u;
	struct turn t;
	enum rc rc;

	turn_begin(s, &t, NULL, sign_in_now(s));
	rc = workspace_begin(&t.ws, err);
	if (rc == RC_OK)
		rc = user_open(&t, who->person, &u, err);
	if (rc == RC_OK)
		t.ws.actor = u;
	if (rc == RC_OK)
		rc = record_factor_reset_drop(t.ws.store, who->person, err);
	if (rc == RC_OK)
		rc = turn_note(&t, who->person,
			       &(struct access_note){FACT_FACTOR_RESET, "withdrawn", INSTANT_NONE, 0}, err);
	return turn_end(&t, rc, err);
}

enum rc session_first(struct turn *t, struct arena *a, const struct stored_user *u,
		      const char *method, struct sign_in_result *out, struct err *err)
{
	struct stored_factor f;
	enum rc rc = factor_due(t, u->id, err);

	if (rc == RC_OK)
		rc = record_factor(t->ws.store, t->scratch, u->id, FACTOR_STANDS, &f, err);
	if (rc != RC_OK && rc != RC_MISSING)
		return rc;
	return session_make(t, a, u, rc == RC_OK, NULL, method, out, err);
}

/* --- links --- */

static enum rc reset(struct turn *t, const struct stored_user *u, struct err *err)
{
	enum rc rc = record_sessions_drop(t->ws.store, u->id, NULL, NULL, err);

	if (rc == RC_OK)
		rc = record_credential_drop(t->ws.store, u->id, err);
	if (rc == RC_OK)
		rc = record_links_drop(t->ws.store, u->id, err);
	if (rc == RC_OK)
		rc = turn_note(t, u->id,
			       &(struct access_note){FACT_CREDENTIAL_SET, "reset", INSTANT_NONE, 0},
			       err);
	return rc;
}

static enum rc use_link(struct turn *t, struct arena *a, const struct hash *hash,
			struct sign_in_result *out, struct err *err)
{
	static const char *const methods[] = {
		[LINK_INVITATION] = "invitation", [LINK_RESET] = "reset", [LINK_SIGN_IN] = "link"};
	struct stored_link l;
	struct stored_user u;
	bool there = false;
	enum rc rc = record_link(t->ws.store, t->scratch, hash, &l, err);

	if (rc == RC_OK && t->ws.now >= l.ends_at)
		rc = RC_MISSING;
	if (rc == RC_OK)
		rc = user_open(t, l.person, &u, err);
	if (rc == RC_OK)
		rc = record_link_drop(t->ws.store, hash, &there, err);
	if (rc == RC_OK && !there)
		rc = RC_MISSING;
	if (rc != RC_OK)
		return rc;
	t->ws.actor = u;
	if (l.kind == LINK_RESET)
		rc = reset(t, &u, err);
	return rc == RC_OK ? session_first(t, a, &u, methods[l.kind], out, err) : rc;
}

enum rc sign_in_link(struct sign_in *s, struct arena *a, struct text link, instant now,
		     struct sign_in_result *out, struct err *err)
{
	struct hash hash = {{0}};
	struct turn t;
	bool looks_like = secret_hash(link, &hash);
	enum rc rc;

	*out = (struct sign_in_result){.fate = SIGN_IN_REFUSED};
	turn_begin(s, &t, NULL, now);
	rc = workspace_begin(&t.ws, err);
	if (rc == RC_OK)
		rc = looks_like ? use_link(&t, a, &hash, out, err) : RC_MISSING;
	rc = turn_end(&t, rc, err);
	if (rc != RC_OK)
		*out = (struct sign_in_result){.fate = SIGN_IN_REFUSED};
	return rc == RC_MISSING ? RC_OK : rc;
}

/* --- ending --- */

enum rc sign_in_end(struct sign_in *s, const struct visitor *who, struct err *err)
{
	struct hash hash;
	struct turn t;
	enum rc rc;

	memcpy(hash.b, who->session, sizeof(hash.b));
	turn_begin(s, &t, NULL, sign_in_now(s));
	rc = workspace_begin(&t.ws, err);
	if (rc == RC_OK)
		rc = record_session_drop(t.ws.store, &hash, NULL, err);
	return turn_end(&t, rc, err);
}

static struct text short_id(struct arena *a, const struct hash *hash)
{
	char hex[SHA256_HEX + 1];

	hash_hex(hash, hex);
	return text_copy(a, (struct text){hex, SHORT_ID});
}

static enum rc handle_of(struct sign_in *s, struct arena *a, struct text user, struct text *handle,
			 struct err *err)
{
	struct stored_user u;
	enum rc rc = record_user_of_id(s->ws.store, a, user, &u, err);

	if (rc == RC_OK)
		*handle = u.handle;
	return rc;
}

enum rc sign_in_sessions(struct sign_in *s, struct arena *a, struct text user,
			 struct session_row **out, size_t *n, struct err *err)
{
	instant now = sign_in_now(s);
	struct stored_session *all;
	struct session_row *rows;
	size_t n_all = 0, used = 0;
	enum rc rc = record_sessions(s->ws.store, a, &all, &n_all, err);

	if (rc != RC_OK)
		return rc;
	rows = arena_array(a, struct session_row, n_all + 1);
	for (size_t i = 0; rc == RC_OK && i < n_all; i++) {
		struct stored_session x;

		if (all[i].half || (user.n > 0 && !text_eq(user, all[i].person)))
			continue;
		rc = session_find(s, a, &all[i].hash, now, &x, err);
		if (rc == RC_MISSING) {
			rc = RC_OK;
			continue;
		}
		if (rc != RC_OK)
			break;
		rows[used] = (struct session_row){.id = short_id(a, &x.hash),
						  .device = x.device,
						  .began = x.began_at,
						  .seen = x.seen_at,
						  .ends = x.ends_at};
		rc = handle_of(s, a, x.person, &rows[used++].handle, err);
	}
	if (rc == RC_OK) {
		*out = rows;
		*n = used;
	}
	return rc;
}

enum rc sign_in_end_session(struct sign_in *s, struct text user, struct text id, struct err *err)
{
	struct stored_session *all;
	size_t n = 0;
	bool found = false;
	struct turn t;
	enum rc rc;

	turn_begin(s, &t, NULL, sign_in_now(s));
	rc = workspace_begin(&t.ws, err);
	if (rc == RC_OK)
		rc = record_sessions(t.ws.store, t.scratch, &all, &n, err);
	for (size_t i = 0; rc == RC_OK && i < n; i++) {
		if (!text_eq(short_id(t.scratch, &all[i].hash), id) ||
		    (user.n > 0 && !text_eq(user, all[i].person)))
			continue;
		rc = record_session_drop(t.ws.store, &all[i].hash, NULL, err);
		found = true;
	}
	if (rc == RC_OK && !found)
		rc = err_set(err, RC_MISSING, "there is no session '%.*s'", TEXT_ARG(id));
	return turn_end(&t, rc, err);
}
