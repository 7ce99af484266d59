/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Second factors (trust.md S6, S7): codes by time (RFC 6238, SHA-1, 6 digits, 30 s), one step either way, each step once; ten recovery
 * codes; a wait that doubles. The secret rests sealed under the key file; of recovery codes there are hashes.
 */
#include "app/sign_in_parts.h"

#include "base/base32.h"

#include <liboath/oath.h>
#include <string.h>

enum {
	TOTP_SECRET_BYTES = 20,
	TOTP_DIGITS = 6,
	TOTP_STEP_S = 30,
	MISSES_FREE = 5,
	WAIT_MAX_S = 15 * 60
};

static const char use[] = "totp";

bool factor_fresh(const struct visitor *who, instant now)
{
	return who->stepped_up != INSTANT_NONE && now >= who->stepped_up &&
	       now - who->stepped_up <= STEP_UP_MS;
}

/* --- a code --- */

static enum rc unseal(struct turn *t, const struct stored_factor *f,
		      unsigned char secret[TOTP_SECRET_BYTES], struct err *err)
{
	if (f->cipher.n != TOTP_SECRET_BYTES + SEAL_TAG_BYTES)
		return err_set(err, RC_INVALID, "the second factor of '%.*s' is damaged",
			       TEXT_ARG(f->person));
	return keys_unwrap(t->ws.keys, use, f->person, f->nonce, f->cipher, secret, err);
}

/* The step whose code it is, later than the last one that was taken; -1: none. */
static int64_t step_of(const unsigned char secret[TOTP_SECRET_BYTES], struct text code, instant now,
		       int64_t last)
{
	int64_t present = now / (TOTP_STEP_S * SECOND_MS), found = -1;
	char want[TOTP_DIGITS + 1];

	if (code.n != TOTP_DIGITS || present < 1)
		return -1;
	for (int64_t step = present - 1; step <= present + 1; step++) {
		if (oath_hotp_generate((const char *)secret, TOTP_SECRET_BYTES, (uint64_t)step,
				       TOTP_DIGITS, false, OATH_HOTP_DYNAMIC_TRUNCATION,
				       want) != OATH_OK)
			continue;
		if (sodium_memcmp(want, code.p, TOTP_DIGITS) == 0 && step > last && found < 0)
			found = step;
	}
	return found;
}

/* Blanks and dashes that people type are no part of a code. */
static struct text plain_code(struct arena *a, struct text code)
{
	char *p = arena_alloc(a, code.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < code.n; i++) {
		char c = code.p[i];

		if (c != ' ' && c != '-')
			p[n++] = c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
	}
	return (struct text){p, n};
}

static bool recovery_hash(struct text code, struct hash *out)
{
	unsigned char raw[RECOVERY_BYTES];

	if (!base32_read(code, raw, sizeof(raw)))
		return false;
	sha256((struct text){(const char *)raw, sizeof(raw)}, out->b);
	return true;
}

/* 5 misses, then 30 s, doubled to 15 min. */
static void miss(struct stored_factor *f, instant now, int64_t *wait_s)
{
	int64_t wait = TOTP_STEP_S;

	*wait_s = 0;
	if (++f->misses < MISSES_FREE)
		return;
	for (int64_t i = MISSES_FREE; i < f->misses && wait < WAIT_MAX_S; i++)
		wait *= 2;
	*wait_s = wait < WAIT_MAX_S ? wait : WAIT_MAX_S;
	f->closed_until = now + *wait_s * SECOND_MS;
}

static enum rc try_recovery(struct turn *t, const struct stored_factor *f, struct text code,
			    bool *good, struct err *err)
{
	struct hash hash;

	*good = false;
	if (f->standing != FACTOR_STANDS || !recovery_hash(code, &hash))
		return RC_OK;
	return record_recovery_use(t->ws.store, f->person, &hash, good, err);
}

/* Counts a miss or takes the step; *method NULL: wrong. */
static enum rc try_on(struct turn *t, struct stored_factor *f, struct text code,
		      const char **method, int64_t *wait_s, struct err *err)
{
	unsigned char secret[TOTP_SECRET_BYTES];
	struct text plain = plain_code(t->scratch, code);
	int64_t step;
	bool recovered = false;
	enum rc rc;

	*method = NULL;
	*wait_s = 0;
	if (f->closed_until != INSTANT_NONE && t->ws.now < f->closed_until) {
		*wait_s = (f->closed_until - t->ws.now + SECOND_MS - 1) / SECOND_MS;
		return RC_OK;
	}
	rc = unseal(t, f, secret, err);
	if (rc != RC_OK)
		return rc;
	step = step_of(secret, plain, t->ws.now, f->step);
	sodium_memzero(secret, sizeof(secret));
	if (step < 0)
		rc = try_recovery(t, f, plain, &recovered, err);
	if (step >= 0 || recovered) {
		*method = recovered ? "recovery" : "factor";
		f->step = step >= 0 ? step : f->step;
		f->misses = 0;
		f->closed_until = INSTANT_NONE;
	} else {
		miss(f, t->ws.now, wait_s);
	}
	if (rc == RC_OK)
		rc = record_factor_put(t->ws.store, f, err);
	return rc == RC_OK && *method == NULL ? refusal_count(t, f->person, err) : rc;
}

enum rc factor_try(struct turn *t, struct text user, struct text code, const char **method,
		   int64_t *wait_s, struct err *err)
{
	struct stored_factor f;
	enum rc rc = record_factor(t->ws.store, t->scratch, user, FACTOR_STANDS, &f, err);

	*method = NULL;
	*wait_s = 0;
	return rc == RC_OK ? try_on(t, &f, code, method, wait_s, err) : rc;
}

/* --- the second step of signing in, and step-up --- */

/* In a transaction: the session that old is followed by, or a refusal. */
static enum rc follow(struct turn *t, struct arena *a, const struct stored_session *old,
		      struct text code, struct sign_in_result *out, struct err *err)
{
	const char *method;
	struct stored_user u;
	int64_t wait_s;
	enum rc rc = user_open(t, old->person, &u, err);

	if (rc != RC_OK)
		return rc;
	t->ws.actor = u;
	rc = factor_try(t, u.id, code, &method, &wait_s, err);
	if (rc != RC_OK)
		return rc;
	out->wait_s = wait_s;
	if (method == NULL)
		return RC_OK;
	rc = record_session_drop(t->ws.store, &old->hash, NULL, err);
	return rc == RC_OK ? session_make(t, a, &u, false, old->half ? NULL : old, method, out, err)
			   : rc;
}

static enum rc second(struct sign_in *s, struct arena *a, const struct hash *hash, bool half,
		      struct text code, instant now, struct sign_in_result *out, struct err *err)
{
	struct stored_session old;
	struct turn t;
	enum rc rc;

	*out = (struct sign_in_result){.fate = SIGN_IN_REFUSED};
	turn_begin(s, &t, NULL, now);
	/* One writer at a time: of two with one code, one finds the step taken. */
	rc = workspace_begin(&t.ws, err);
	if (rc == RC_OK)
		rc = session_find(s, t.scratch, hash, now, &old, err);
	if (rc == RC_OK && old.half != half)
		rc = RC_MISSING;
	if (rc == RC_OK)
		rc = follow(&t, a, &old, code, out, err);
	rc = turn_end(&t, rc, err);
	if (rc != RC_OK)
		*out = (struct sign_in_result){.fate = SIGN_IN_REFUSED};
	return rc == RC_MISSING ? RC_OK : rc;
}

enum rc sign_in_second(struct sign_in *s, struct arena *a, struct text half, struct text code,
		       instant now, struct sign_in_result *out, struct err *err)
{
	struct hash hash;

	*out = (struct sign_in_result){.fate = SIGN_IN_REFUSED};
	return secret_hash(half, &hash) ? second(s, a, &hash, true, code, now, out, err) : RC_OK;
}

enum rc sign_in_step_up(struct sign_in *s, struct arena *a, const struct visitor *who,
			struct text code, instant now, struct sign_in_result *out, struct err *err)
{
	struct hash hash;

	memcpy(hash.b, who->session, sizeof(hash.b));
	return second(s, a, &hash, false, code, now, out, err);
}

/* --- setting one up --- */

static void add_escaped(struct buf *out, struct text t)
{
	static const char plain[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

	for (size_t i = 0; i < t.n; i++) {
		if (t.p[i] != '\0' && strchr(plain, t.p[i]) != NULL)
			buf_char(out, t.p[i]);
		else
			buf_printf(out, "%%%02X", (unsigned)(unsigned char)t.p[i]);
	}
}

static struct text otpauth(struct arena *a, struct text issuer, struct text handle,
			   const unsigned char secret[TOTP_SECRET_BYTES])
{
	struct buf b, key;
	struct text out;

	buf_init(&b, 8192);
	buf_init(&key, 64);
	base32_add(&key, secret, TOTP_SECRET_BYTES);
	buf_str(&b, "otpauth://totp/");
	add_escaped(&b, issuer);
	buf_char(&b, ':');
	add_escaped(&b, handle);
	buf_str(&b, "?secret=");
	/* what programs read is in capitals */
	for (size_t i = 0; i < key.n; i++)
		buf_char(&b, key.p[i] >= 'a' && key.p[i] <= 'z' ? (char)(key.p[i] - ('a' - 'A'))
								: key.p[i]);
	buf_str(&b, "&issuer=");
	add_escaped(&b, issuer);
	buf_str(&b, "&algorithm=SHA1&digits=6&period=30");
	out = text_copy(a, buf_view(&b));
	sodium_memzero(key.p, key.n);
	buf_free(&key);
	buf_free(&b);
	return out;
}

static enum rc keep_factor(struct turn *t, struct text user, int64_t standing,
			   const unsigned char secret[TOTP_SECRET_BYTES], int64_t step,
			   struct err *err)
{
	unsigned char nonce[NONCE_BYTES], cipher[TOTP_SECRET_BYTES + SEAL_TAG_BYTES];

	keys_wrap(t->ws.keys, use, user, (struct text){(const char *)secret, TOTP_SECRET_BYTES},
		  nonce, cipher);
	return record_factor_put(
		t->ws.store,
		&(struct stored_factor){.person = user,
					.standing = standing,
					.nonce = {(const char *)nonce, sizeof(nonce)},
					.cipher = {(const char *)cipher, sizeof(cipher)},
					.step = step,
					.misses = 0,
					.closed_until = INSTANT_NONE},
		err);
}

enum rc sign_in_totp_begin(struct sign_in *s, struct arena *a, const struct visitor *who,
			   struct text *uri, struct err *err)
{
	unsigned char secret[TOTP_SECRET_BYTES];
	instant now = sign_in_now(s);
	struct text issuer;
	struct turn t;
	enum rc rc;

	if (who->mfa && !factor_fresh(who, now)) {
		err_code(err, "step_up");
		return err_set(err, RC_USAGE,
			       "another second factor asks for the one you have, of the last five "
			       "minutes");
	}
	turn_begin(s, &t, NULL, now);
	rc = record_meta(t.ws.store, t.scratch, "provider", &issuer, err);
	if (rc == RC_OK)
		rc = workspace_begin(&t.ws, err);
	if (rc == RC_OK) {
		s->app.world->random.fill(s->app.world->random.context, secret, sizeof(secret));
		rc = keep_factor(&t, who->person, FACTOR_WAITS, secret, 0, err);
	}
	if (rc == RC_OK)
		*uri = otpauth(a, issuer, who->handle, secret);
	sodium_memzero(secret, sizeof(secret));
	return turn_end(&t, rc, err);
}

/* abcd-efgh-ijkl-mnop */
static struct text shown(struct arena *a, const unsigned char raw[RECOVERY_BYTES])
{
	struct buf b;
	struct text out;

	buf_init(&b, 64);
	base32_add(&b, raw, RECOVERY_BYTES);
	out = text_format(a, "%.4s-%.4s-%.4s-%.4s", b.p, b.p + 4, b.p + 8, b.p + 12);
	buf_free(&b);
	return out;
}

enum rc recovery_make(struct turn *t, struct arena *a, struct text user,
		      struct text codes[RECOVERY_CODES], struct err *err)
{
	enum rc rc = record_recovery_drop(t->ws.store, user, err);

	for (size_t i = 0; rc == RC_OK && i < RECOVERY_CODES; i++) {
		unsigned char raw[RECOVERY_BYTES];
		struct hash hash;

		t->app.world->random.fill(t->app.world->random.context, raw, sizeof(raw));
		sha256((struct text){(const char *)raw, sizeof(raw)}, hash.b);
		codes[i] = shown(a, raw);
		rc = record_recovery_add(t->ws.store, user, &hash, err);
	}
	return rc;
}

static enum rc stand(struct turn *t, struct arena *a, const struct visitor *who,
		     struct stored_factor *f, struct text codes[RECOVERY_CODES], struct err *err)
{
	unsigned char secret[TOTP_SECRET_BYTES];
	struct hash session;
	enum rc rc = unseal(t, f, secret, err);

	memcpy(session.b, who->session, sizeof(session.b));
	if (rc == RC_OK)
		rc = keep_factor(t, who->person, FACTOR_STANDS, secret, f->step, err);
	sodium_memzero(secret, sizeof(secret));
	if (rc == RC_OK)
		rc = record_factor_drop(t->ws.store, who->person, FACTOR_WAITS, err);
	if (rc == RC_OK)
		rc = recovery_make(t, a, who->person, codes, err);
	if (rc == RC_OK)
		rc = record_sessions_drop(t->ws.store, who->person, &session, NULL, err);
	if (rc == RC_OK)
		rc = turn_note(
			t, who->person,
			&(struct access_note){FACT_CREDENTIAL_SET, "factor", INSTANT_NONE, 0}, err);
	return rc == RC_OK ? turn_tell(t, who->person, err) : rc;
}

static enum rc no_code(int64_t wait_s, struct err *err)
{
	err_key(err, text_of("code"));
	if (wait_s == 0) {
		err_hint(err, "is the clock of the device right?");
		return err_set(err, RC_INVALID, "this is not the code of now");
	}
	err_code(err, "too_many");
	err_hint(err, "try again in %lld seconds", (long long)wait_s);
	return err_set(err, RC_LIMIT, "too many wrong codes");
}

enum rc sign_in_totp_confirm(struct sign_in *s, struct arena *a, const struct visitor *who,
			     struct text code, instant now, struct text codes[RECOVERY_CODES],
			     struct err *err)
{
	const char *method = NULL;
	struct stored_factor f;
	struct stored_user u;
	int64_t wait_s = 0;
	struct turn t;
	enum rc rc;

	turn_begin(s, &t, NULL, now);
	rc = workspace_begin(&t.ws, err);
	if (rc == RC_OK)
		rc = user_open(&t, who->person, &u, err);
	if (rc == RC_OK)
		rc = record_factor(t.ws.store, t.scratch, who->person, FACTOR_WAITS, &f, err);
	if (rc == RC_MISSING)
		rc = err_set(err, RC_INVALID, "no second factor waits for its first code");
	if (rc == RC_OK) {
		t.ws.actor = u;
		rc = try_on(&t, &f, code, &method, &wait_s, err);
	}
	if (rc == RC_OK && method != NULL)
		rc = stand(&t, a, who, &f, codes, err);
	rc = turn_end(&t, rc, err);
	return rc == RC_OK && method == NULL ? no_code(wait_s, err) : rc;
}
