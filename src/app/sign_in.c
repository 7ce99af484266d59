/* SPDX-License-Identifier: Apache-2.0 */
/* Opening, one turn of work, who a cookie or a token is. */
#include "app/sign_in_parts.h"

#include "app/append.h"
#include "app/identity.h"
#include "app/outbox.h"
#include "app/seen.h"
#include "app/signing.h"
#include "base/base32.h"
#include "base/json.h"
#include "facts/exact.h"
#include "store/record_grants.h"

#include <liboath/oath.h>
#include <string.h>

enum { SCRATCH_BYTES = 64 << 20 };

static const struct action own_action = {.verb = "sign in", .right = R_NONE};

/* --- opening --- */

/* A key of the file of keys, made when it is first needed. */
static enum rc own_key(struct sign_in *s, const char *name, unsigned char key[KEY_BYTES],
		       struct err *err)
{
	struct err none = {.line = 0};
	enum rc rc = keys_seed(s->ws.keys, text_of(name), key, &none);

	if (rc != RC_MISSING) {
		if (rc != RC_OK)
			*err = none;
		return rc;
	}
	rc = keys_seed_make(s->ws.keys, text_of(name), key, err);
	/* Two workers that start at once: the other was first, and its key is the one. */
	if (rc == RC_INVALID && strcmp(err->code, "unique") == 0) {
		err_clear(err);
		rc = keys_seed(s->ws.keys, text_of(name), key, err);
	}
	return rc;
}

static enum rc fill(struct sign_in *s, struct err *err)
{
	enum rc rc = own_key(s, "sign-in/pepper", s->pepper, err);

	if (rc == RC_OK)
		rc = own_key(s, "sign-in/device", s->mark_key, err);
	if (rc != RC_OK)
		return rc;
	if (oath_init() != OATH_OK)
		return err_set(err, RC_IO, "the library of one-time codes cannot be started");
	return RC_OK;
}

enum rc sign_in_open(struct app *app, struct arena *a, struct text workspace, struct text key,
		     struct sign_in **out, struct err *err)
{
	struct sign_in *s = arena_one(a, struct sign_in);
	struct args args = {.action = &own_action};
	enum rc rc;

	args.values[PARAM_WORKSPACE].v = &workspace;
	args.values[PARAM_WORKSPACE].n = 1;
	args.values[PARAM_KEY].v = &key;
	args.values[PARAM_KEY].n = key.n > 0 ? 1 : 0;
	s->app = *app;
	s->app.arena = a;
	s->app.served = NULL;
	rc = workspace_open_any_clock(&s->app, &args, STORE_WRITE, &s->ws, err);
	if (rc != RC_OK)
		return rc;
	rc = fill(s, err);
	if (rc == RC_OK)
		*out = s;
	else
		sign_in_close(s);
	return rc;
}

void sign_in_close(struct sign_in *s)
{
	workspace_close(&s->ws);
	sodium_memzero(s->pepper, sizeof(s->pepper));
	sodium_memzero(s->mark_key, sizeof(s->mark_key));
}

bool sign_in_broken(const struct sign_in *s)
{
	return s->app.disk_failed || store_broken(s->ws.store) || keys_broken(s->ws.keys);
}

size_t sign_in_shared_bytes(void)
{
	return seen_bytes();
}

void sign_in_share(struct sign_in *s, void *shared)
{
	s->shared = shared;
}

instant sign_in_now(const struct sign_in *s)
{
	return s->app.world->now(s->app.world->context);
}

void sign_in_from(struct sign_in *s, const struct sign_in_from *from)
{
	s->from = *from;
}

/* --- a turn --- */

void turn_begin(struct sign_in *s, struct turn *t, const struct stored_user *who, instant now)
{
	t->s = s;
	t->scratch = arena_new(SCRATCH_BYTES);
	t->app = s->app;
	t->app.arena = t->scratch;
	t->ws = s->ws;
	t->ws.app = &t->app;
	t->ws.arena = t->scratch;
	t->ws.now = now;
	t->ws.audited = false;
	if (who != NULL)
		t->ws.actor = *who;
}

enum rc turn_end(struct turn *t, enum rc rc, struct err *err)
{
	bool under_way = store_in_transaction(t->ws.store);

	if (under_way)
		rc = workspace_end(&t->ws, rc, err);
	if (under_way && rc == RC_OK)
		rc = sign_install(&t->ws, err);
	t->s->app.disk_failed |= t->app.disk_failed || store_broken(t->ws.store);
	arena_free(t->scratch);
	return rc;
}

enum rc turn_tell(struct turn *t, struct text user, struct err *err)
{
	const struct mail_wish w = {.kind = MAIL_SIGN_IN, .person = user, .ends_at = INSTANT_NONE};
	bool put;

	return outbox_put(&t->ws, &w, &put, err);
}

enum rc turn_note(struct turn *t, struct text user, const struct access_note *n, struct err *err)
{
	struct own_note note;
	struct json *j;
	enum rc rc = workspace_clock(&t->ws, err);

	if (rc != RC_OK)
		return rc;
	j = own_note_begin(&note);
	if (n->method != NULL)
		json_kv_str(j, "method", n->method);
	if (n->times > 0)
		json_kv_int(j, "times", n->times);
	if (n->to != INSTANT_NONE)
		json_kv_text(j, "to", exact_instant_text(t->scratch, n->to));
	json_kv_text(j, "user", user);
	return own_note_append(&t->ws, &t->ws.install, n->kind, &note, err);
}

/* --- secrets of cookies and links --- */

bool secret_hash(struct text secret, struct hash *out)
{
	unsigned char raw[SECRET_BYTES];

	if (!base64url_read(secret, raw, sizeof(raw)))
		return false;
	sha256((struct text){(const char *)raw, sizeof(raw)}, out->b);
	sodium_memzero(raw, sizeof(raw));
	return true;
}

struct text secret_make(struct sign_in *s, struct arena *a, struct hash *hash)
{
	unsigned char raw[SECRET_BYTES];
	struct buf b;
	struct text out;

	s->app.world->random.fill(s->app.world->random.context, raw, sizeof(raw));
	sha256((struct text){(const char *)raw, sizeof(raw)}, hash->b);
	buf_init(&b, 64);
	base64url_add(&b, raw, sizeof(raw));
	out = text_copy(a, buf_view(&b));
	buf_free(&b);
	sodium_memzero(raw, sizeof(raw));
	return out;
}

/* The token of forms is derived from the cookie, which the store does not know (S8). */
struct text sign_in_form_token(struct arena *a, struct text cookie)
{
	static const char use[] = "tenor/form-token/1";
	unsigned char mac[crypto_auth_hmacsha256_BYTES], key[crypto_auth_hmacsha256_KEYBYTES];
	struct buf b;
	struct text out;

	sha256(cookie, key);
	(void)crypto_auth_hmacsha256(mac, (const unsigned char *)use, strlen(use), key);
	buf_init(&b, 64);
	base64url_add(&b, mac, sizeof(mac));
	out = text_copy(a, buf_view(&b));
	buf_free(&b);
	return out;
}

/* --- devices known (S4): <user>.<end>.<mac> --- */

static void mark_mac(const struct sign_in *s, struct text signed_part,
		     unsigned char mac[crypto_auth_hmacsha256_BYTES])
{
	(void)crypto_auth_hmacsha256(mac, (const unsigned char *)signed_part.p, signed_part.n,
				     s->mark_key);
}

struct text sign_in_mark(struct sign_in *s, struct arena *a, struct text user, instant now)
{
	instant end = now + 180 * DAY_MS;
	unsigned char mac[crypto_auth_hmacsha256_BYTES];
	struct text head = text_format(a, "%.*s.%lld", TEXT_ARG(user), (long long)end);
	struct buf b;
	struct text out;

	mark_mac(s, head, mac);
	buf_init(&b, 256);
	buf_text(&b, head);
	buf_char(&b, '.');
	base64url_add(&b, mac, sizeof(mac));
	out = text_copy(a, buf_view(&b));
	buf_free(&b);
	return out;
}

bool sign_in_known(struct sign_in *s, struct text user, struct text mark, instant now)
{
	unsigned char mac[crypto_auth_hmacsha256_BYTES], given[crypto_auth_hmacsha256_BYTES];
	struct text who, until, rest = text_cut(mark, '.', &who);
	struct text signature = text_cut(rest, '.', &until);
	int64_t end;

	if (user.n == 0 || !text_eq(who, user) || !text_digits(until, &end) ||
	    !base64url_read(signature, given, sizeof(given)))
		return false;
	mark_mac(s, text_sub(mark, 0, who.n + 1 + until.n), mac);
	return sodium_memcmp(mac, given, sizeof(mac)) == 0 && now < end;
}

enum rc sign_in_account(struct sign_in *s, struct arena *a, struct text handle, struct text *user,
			struct err *err)
{
	struct stored_user u;
	enum rc rc = record_user_of_handle(s->ws.store, a, handle, &u, err);

	*user = rc == RC_OK && u.ended_at == INSTANT_NONE ? u.id : text_of("");
	return rc == RC_MISSING ? RC_OK : rc;
}

/* --- who it is --- */

enum rc visitor_may(const struct visitor *who, enum permission right, instant now, struct err *err)
{
	struct buf holders;

	if (!rights_have(who->rights, right) && right != R_NONE) {
		buf_init(&holders, 512);
		right_holders(right, &holders);
		err_code(err, "right");
		err_hint(err, "roles that may: %.*s", TEXT_ARG(buf_view(&holders)));
		buf_free(&holders);
		return err_set(err, RC_USAGE, "the right %s is missing", right_word(right));
	}
	if (who->kind != VISITOR_SESSION || !right_steps_up(right) || factor_fresh(who, now))
		return RC_OK;
	err_code(err, "step_up");
	err_hint(err, who->mfa ? "give the code of your second factor again"
			       : "set up a second factor first");
	return err_set(err, RC_USAGE, "this asks for your second factor of the last five minutes");
}

static enum rc fill_person(struct sign_in *s, struct arena *a, const struct stored_user *u,
			   struct visitor *v, struct err *err)
{
	bool client = u->client;
	enum rc rc = roles_parse(u->roles, &v->roles, &client, err);

	v->handle = u->handle;
	v->person = u->id;
	v->client = u->client;
	v->contract = u->contract;
	v->rights = rights_of(v->roles);
	v->mfa_required = roles_need_factor(v->roles);
	if (rc == RC_OK)
		rc = record_preference(s->ws.store, a, u->id, &v->language, &v->zone, err);
	return rc == RC_MISSING ? RC_OK : rc;
}

static enum rc fill_factors(struct sign_in *s, struct arena *a, struct visitor *v, struct err *err)
{
	struct stored_factor_reset r;
	struct stored_credential c;
	struct stored_factor f;
	enum rc rc = record_credential(s->ws.store, a, v->person, &c, err);

	v->password = rc == RC_OK;
	if (rc != RC_OK && rc != RC_MISSING)
		return rc;
	if (!v->password)
		rc = identity_has(s, v->person, &v->identity, err);
	if (rc != RC_OK && rc != RC_MISSING)
		return rc;
	rc = record_factor(s->ws.store, a, v->person, FACTOR_STANDS, &f, err);
	v->mfa = rc == RC_OK;
	v->factor_goes_at = INSTANT_NONE;
	if (rc != RC_OK)
		return rc == RC_MISSING ? RC_OK : rc;
	rc = record_factor_reset(s->ws.store, a, v->person, &r, err);
	v->factor_goes = rc == RC_OK;
	if (rc == RC_OK)
		v->factor_goes_at = r.due_at;
	return rc == RC_MISSING ? RC_OK : rc;
}

/* Now, for all workers; or at once where nothing is shared. */
static enum rc note_seen(struct sign_in *s, const struct hash *hash, instant now, struct err *err)
{
	if (s->by_itself)
		return RC_OK;
	if (s->shared != NULL) {
		seen_put(s->shared, hash, now);
		return RC_OK;
	}
	return record_session_seen(s->ws.store, hash, now, err);
}

void sign_in_unseen(struct sign_in *s, bool by_itself)
{
	s->by_itself = by_itself;
}

enum rc sign_in_visitor(struct sign_in *s, struct arena *a, struct text cookie, instant now,
			struct visitor *out, struct err *err)
{
	struct visitor v = {.kind = VISITOR_SESSION};
	struct stored_session x;
	struct stored_user u;
	struct hash hash;
	enum rc rc =
		secret_hash(cookie, &hash) ? session_find(s, a, &hash, now, &x, err) : RC_MISSING;

	if (rc == RC_OK && x.half)
		rc = RC_MISSING;
	if (rc == RC_OK)
		rc = record_user_of_id(s->ws.store, a, x.person, &u, err);
	if (rc == RC_OK && u.ended_at != INSTANT_NONE)
		rc = RC_MISSING;
	if (rc != RC_OK)
		return rc;
	v.user = u.id;
	v.stepped_up = x.stepped_up_at;
	memcpy(v.session, hash.b, sizeof(v.session));
	v.form_token = sign_in_form_token(a, cookie);
	rc = fill_person(s, a, &u, &v, err);
	if (rc == RC_OK)
		rc = fill_factors(s, a, &v, err);
	if (rc == RC_OK)
		rc = note_seen(s, &hash, now, err);
	if (rc == RC_OK)
		*out = v;
	return rc;
}

enum rc sign_in_token(struct sign_in *s, struct arena *a, struct text token, instant now,
		      struct visitor *out, struct err *err)
{
	struct visitor v = {
		.kind = VISITOR_TOKEN, .stepped_up = INSTANT_NONE, .form_token = text_of("")};
	struct token_scope scope;
	struct token_bytes bytes;
	struct stored_token t;
	struct stored_user u;
	struct hash secret = {{0}}, id = {{0}};
	enum rc rc;

	if (!token_parse(token, &bytes))
		return RC_MISSING;
	sha256((struct text){(const char *)bytes.secret, sizeof(bytes.secret)}, secret.b);
	rc = record_token_of_look(s->ws.store, a, bytes.look, &t, err);
	if (rc == RC_OK && sodium_memcmp(secret.b, t.secret.b, sizeof(secret.b)) != 0)
		rc = RC_MISSING;
	if (rc == RC_OK)
		rc = token_holds(s->ws.store, a, &t, now, &u, &scope, err);
	if (rc == RC_OK)
		rc = fill_person(s, a, &u, &v, err);
	if (rc != RC_OK)
		return rc;
	v.user = v.token = t.id;
	v.handle = t.label;
	v.rights &= scope.rights;
	v.contracts = scope.contracts;
	v.n_contracts = scope.n_contracts;
	v.kinds = scope.kinds;
	v.n_kinds = scope.n_kinds;
	sha256(t.id, id.b);
	if (s->shared != NULL)
		seen_put(s->shared, &id, now);
	else
		rc = record_token_used(s->ws.store, t.id, now, err);
	if (rc == RC_OK)
		*out = v;
	return rc;
}

/* --- once a minute --- */

static enum rc flush_sessions(struct turn *t, struct err *err)
{
	struct stored_session *v;
	size_t n = 0;
	enum rc rc = record_sessions(t->ws.store, t->scratch, &v, &n, err);

	for (size_t i = 0; rc == RC_OK && i < n; i++) {
		instant at = seen_get(t->s->shared, &v[i].hash);

		if (at != INSTANT_NONE && at > v[i].seen_at)
			rc = record_session_seen(t->ws.store, &v[i].hash, at, err);
	}
	return rc;
}

static enum rc flush_tokens(struct turn *t, struct err *err)
{
	struct stored_token *v;
	size_t n = 0;
	enum rc rc = record_tokens(t->ws.store, t->scratch, &v, &n, err);

	for (size_t i = 0; rc == RC_OK && i < n; i++) {
		struct hash id = {{0}};
		instant at;

		sha256(v[i].id, id.b);
		at = seen_get(t->s->shared, &id);
		if (at != INSTANT_NONE && (v[i].used_at == INSTANT_NONE || at > v[i].used_at))
			rc = record_token_used(t->ws.store, v[i].id, at, err);
	}
	return rc;
}

/* O2: summed by account and minute, so that a flood cannot fill the log. */
static enum rc flush_refusals(struct turn *t, struct err *err)
{
	struct stored_credential *v;
	size_t n = 0;
	enum rc rc = record_credentials_unsaid(t->ws.store, t->scratch, &v, &n, err);

	for (size_t i = 0; rc == RC_OK && i < n; i++) {
		rc = turn_note(t, v[i].person,
			       &(struct access_note){FACT_SIGN_IN_REFUSED, NULL, INSTANT_NONE,
						     v[i].unsaid},
			       err);
		v[i].unsaid = 0;
		v[i].said_at = t->ws.now;
		if (rc == RC_OK)
			rc = record_credential_put(t->ws.store, &v[i], err);
	}
	return rc;
}

enum rc sign_in_flush(struct sign_in *s, instant now, struct err *err)
{
	struct turn t;
	enum rc rc;

	if (s->shared == NULL || !seen_flush_due(s->shared, now))
		return RC_OK;
	turn_begin(s, &t, NULL, now);
	rc = workspace_begin(&t.ws, err);
	if (rc == RC_OK)
		rc = flush_sessions(&t, err);
	if (rc == RC_OK)
		rc = flush_tokens(&t, err);
	if (rc == RC_OK)
		rc = flush_refusals(&t, err);
	if (rc == RC_OK)
		rc = record_access_sweep(t.ws.store, now, err);
	return turn_end(&t, rc, err);
}
