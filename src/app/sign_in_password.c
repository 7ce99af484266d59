/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Passwords (trust.md S4, S5, S11, S16): Argon2id over a keyed hash of the NFKC text. An account that does not exist, has no password or
 * may act no longer costs the same work and the same write, and has the same answer.
 */
#include "app/sign_in_parts.h"

#include "app/mail.h"
#include "store/record_mail.h"

#include <assert.h>
#include <string.h>
#include <uninorm.h>

enum {
	PASSWORD_MAX_BYTES = 256,
	PASSWORD_ALONE = 15, /* characters */
	PASSWORD_BESIDE = 8, /* with a second factor */
	FAILURES_MAX = 100,  /* then known devices only, until a reset */
	NFKC_MAX = 32 * PASSWORD_MAX_BYTES
};

static const char unknown_count[] = "sign_in_unknown";

/* NFKC into out; false: longer than 256 bytes, or not UTF-8. */
static bool normal(struct text password, uint8_t out[NFKC_MAX], size_t *n)
{
	uint8_t *made;

	*n = NFKC_MAX;
	if (password.n > PASSWORD_MAX_BYTES || !text_utf8(password, NULL))
		return false;
	if (password.n == 0) {
		*n = 0;
		return true;
	}
	made = u8_normalize(UNINORM_NFKC, (const uint8_t *)password.p, password.n, out, n);
	/* No character grows to more than 18 times its bytes, so the room given is used, and nothing is allocated. */
	assert(made == out);
	return true;
}

static bool peppered(const struct sign_in *s, struct text password,
		     unsigned char out[crypto_auth_hmacsha256_BYTES])
{
	uint8_t text[NFKC_MAX];
	size_t n;
	bool good = normal(password, text, &n);

	(void)crypto_auth_hmacsha256(out, text, good ? n : 0, s->pepper);
	sodium_memzero(text, sizeof(text));
	return good;
}

static enum rc hash_password(const struct sign_in *s, struct text password,
			     char out[crypto_pwhash_STRBYTES], struct err *err)
{
	unsigned char key[crypto_auth_hmacsha256_BYTES];
	int failed;

	(void)peppered(s, password, key);
	failed = crypto_pwhash_str_alg(out, (const char *)key, sizeof(key), 1, PASSWORD_MEMORY,
				       crypto_pwhash_ALG_ARGON2ID13);
	sodium_memzero(key, sizeof(key));
	return failed == 0 ? RC_OK : err_set(err, RC_IO, "no memory to hash a password");
}

/* S11: what a password is held against where there is no account, so that it takes as long: a hash of the usual cost, of no password. */
static const char dummy[crypto_pwhash_STRBYTES] =
	"$argon2id$v=19$m=47104,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$"
	"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/* stored.n == 0: work for nothing. */
static bool verify(const struct sign_in *s, struct text stored, struct text password)
{
	unsigned char key[crypto_auth_hmacsha256_BYTES];
	char hash[crypto_pwhash_STRBYTES] = {0};
	bool good = peppered(s, password, key), there = stored.n > 0 && stored.n < sizeof(hash);

	assert(crypto_pwhash_str_needs_rehash(dummy, 1, PASSWORD_MEMORY) == 0);
	memcpy(hash, there ? stored.p : dummy, there ? stored.n : strlen(dummy));
	good &= crypto_pwhash_str_verify(hash, (const char *)key, sizeof(key)) == 0;
	sodium_memzero(key, sizeof(key));
	return good && there;
}

/* --- refusals --- */

enum rc refusal_count(struct turn *t, struct text user, struct err *err)
{
	struct stored_credential c;
	enum rc rc = record_credential(t->ws.store, t->scratch, user, &c, err);

	if (rc != RC_OK)
		return rc == RC_MISSING ? RC_OK : rc;
	c.unsaid++;
	return record_credential_put(t->ws.store, &c, err);
}

static enum rc count_unknown(struct turn *t, struct err *err)
{
	struct text was = text_of("0");
	int64_t n = 0;
	enum rc rc = record_meta(t->ws.store, t->scratch, unknown_count, &was, err);

	if (rc != RC_OK && rc != RC_MISSING)
		return rc;
	if (!text_digits(was, &n))
		n = 0;
	return record_meta_put(t->ws.store, unknown_count,
			       text_format(t->scratch, "%lld", (long long)(n + 1) % 1000000000),
			       err);
}

static enum rc refuse(struct turn *t, struct text user, struct err *err)
{
	struct stored_credential c;
	enum rc rc =
		user.n > 0 ? record_credential(t->ws.store, t->scratch, user, &c, err) : RC_MISSING;

	if (rc == RC_MISSING)
		return count_unknown(t, err);
	if (rc != RC_OK)
		return rc;
	c.failures++;
	c.unsaid++;
	return record_credential_put(t->ws.store, &c, err);
}

/* --- signing in --- */

struct attempt {
	struct stored_user user;
	struct stored_credential credential;
	bool there; /* an active account with a password */
};

static enum rc look_up(struct turn *t, struct text handle, struct attempt *x, struct err *err)
{
	enum rc rc = record_user_of_handle(t->ws.store, t->scratch, handle, &x->user, err);

	x->there = rc == RC_OK && x->user.ended_at == INSTANT_NONE;
	x->credential = (struct stored_credential){.hash = text_of("")};
	/* Asked for in any case: the same look-ups (S11). */
	if (rc == RC_OK || rc == RC_MISSING)
		rc = record_credential(t->ws.store, t->scratch,
				       x->there ? x->user.id : text_of("-"), &x->credential, err);
	if (rc != RC_MISSING)
		return rc;
	x->there = false;
	return RC_OK;
}

static enum rc let_in(struct turn *t, struct arena *a, const struct attempt *x,
		      struct text password, struct sign_in_result *out, struct err *err)
{
	char hash[crypto_pwhash_STRBYTES] = {0};
	struct stored_credential c;
	struct stored_user u;
	enum rc rc = user_open(t, x->user.id, &u, err);

	if (rc == RC_OK)
		rc = record_credential(t->ws.store, t->scratch, x->user.id, &c, err);
	/* Ended or set anew since the password was looked at. */
	if (rc == RC_OK && !text_eq(c.hash, x->credential.hash))
		rc = RC_MISSING;
	if (rc != RC_OK)
		return rc;
	if (crypto_pwhash_str_needs_rehash(x->credential.hash.p, 1, PASSWORD_MEMORY) != 0) {
		rc = hash_password(t->s, password, hash, err);
		c.hash = text_of(hash);
	}
	c.failures = 0;
	if (rc == RC_OK)
		rc = record_credential_put(t->ws.store, &c, err);
	t->ws.actor = u;
	return rc == RC_OK ? session_first(t, a, &u, "password", out, err) : rc;
}

/* After a hundred failures the password works from devices known before alone, until a reset (S16). */
static bool fits(struct sign_in *s, const struct attempt *x, struct text password, instant now)
{
	bool good = verify(s, x->there ? x->credential.hash : text_of(""), password);

	return good && (x->credential.failures < FAILURES_MAX ||
			sign_in_known(s, x->user.id, s->from.mark, now));
}

enum rc sign_in_check(struct sign_in *s, struct text handle, struct text password, instant now,
		      bool *right, struct err *err)
{
	struct attempt x = {.there = false};
	struct turn t;
	enum rc rc;

	*right = false;
	turn_begin(s, &t, NULL, now);
	rc = look_up(&t, handle, &x, err);
	if (rc == RC_OK) {
		*right = fits(s, &x, password, now);
		rc = workspace_begin(&t.ws, err);
	}
	if (rc == RC_OK && !*right)
		rc = refuse(&t, x.there ? x.user.id : text_of(""), err);
	return turn_end(&t, rc, err);
}

enum rc sign_in_password(struct sign_in *s, struct arena *a, struct text handle,
			 struct text password, instant now, struct sign_in_result *out,
			 struct err *err)
{
	struct attempt x = {.there = false};
	struct turn t;
	bool good = false;
	enum rc rc;

	*out = (struct sign_in_result){.fate = SIGN_IN_REFUSED};
	turn_begin(s, &t, NULL, now);
	rc = look_up(&t, handle, &x, err);
	if (rc == RC_OK) {
		good = fits(s, &x, password, now);
		rc = workspace_begin(&t.ws, err);
	}
	if (rc == RC_OK)
		rc = good ? let_in(&t, a, &x, password, out, err)
			  : refuse(&t, x.there ? x.user.id : text_of(""), err);
	rc = turn_end(&t, rc, err);
	if (rc != RC_OK)
		*out = (struct sign_in_result){.fate = SIGN_IN_REFUSED};
	return rc == RC_MISSING ? RC_OK : rc;
}

/* --- setting one --- */

static size_t characters(const uint8_t *p, size_t n)
{
	size_t out = 0;

	for (size_t i = 0; i < n; i++)
		out += (p[i] & 0xc0) != 0x80;
	return out;
}

static enum rc long_enough(const struct visitor *who, struct text password, struct err *err)
{
	size_t least = who->mfa || who->mfa_required ? PASSWORD_BESIDE : PASSWORD_ALONE, n;
	uint8_t text[NFKC_MAX];

	err_key(err, text_of("password"));
	if (!normal(password, text, &n)) {
		if (password.n <= PASSWORD_MAX_BYTES)
			return err_set(err, RC_INVALID, "the password is no text");
		err_hint(err, "at most %d bytes", PASSWORD_MAX_BYTES);
		return err_set(err, RC_INVALID, "the password is too long");
	}
	n = characters(text, n);
	sodium_memzero(text, sizeof(text));
	if (n >= least)
		return RC_OK;
	err_hint(err, "at least %zu characters; a few words are easy to remember", least);
	return err_set(err, RC_INVALID, "the password is too short");
}

static enum rc good_password(struct turn *t, const struct visitor *who, struct text password,
			     struct err *err)
{
	struct text own[4] = {{NULL, 0}};
	enum rc rc = long_enough(who, password, err);

	if (rc == RC_OK)
		rc = record_meta(t->ws.store, t->scratch, "host", &own[0], err);
	if (rc == RC_OK)
		rc = record_meta(t->ws.store, t->scratch, "provider", &own[1], err);
	own[2] = who->handle;
	own[3] = who->contract;
	return rc == RC_OK ? password_common(password, own, ARRAY_SIZE(own), err) : rc;
}

enum rc sign_in_set_password(struct sign_in *s, const struct visitor *who, struct text password,
			     instant now, struct err *err)
{
	char hash[crypto_pwhash_STRBYTES];
	struct stored_user u;
	struct hash session;
	struct turn t;
	enum rc rc;

	if (who->mfa && !factor_fresh(who, now)) {
		err_code(err, "step_up");
		return err_set(
			err, RC_USAGE,
			"another password asks for your second factor of the last five minutes");
	}
	memcpy(session.b, who->session, sizeof(session.b));
	turn_begin(s, &t, NULL, now);
	rc = good_password(&t, who, password, err);
	if (rc == RC_OK)
		rc = hash_password(s, password, hash, err);
	if (rc == RC_OK)
		rc = workspace_begin(&t.ws, err);
	if (rc == RC_OK)
		rc = user_open(&t, who->person, &u, err);
	if (rc == RC_OK) {
		struct stored_credential c = {who->person, text_of(hash), now, 0, 0, INSTANT_NONE};

		t.ws.actor = u;
		rc = record_credential_put(t.ws.store, &c, err);
	}
	if (rc == RC_OK)
		rc = record_sessions_drop(t.ws.store, who->person, &session, NULL, err);
	if (rc == RC_OK)
		rc = record_links_drop(t.ws.store, who->person, err);
	if (rc == RC_OK)
		rc = turn_note(
			&t, who->person,
			&(struct access_note){FACT_CREDENTIAL_SET, "password", INSTANT_NONE, 0},
			err);
	if (rc == RC_OK)
		rc = turn_tell(&t, who->person, err);
	return turn_end(&t, rc, err);
}

enum rc sign_in_prefer(struct sign_in *s, const struct visitor *who, struct text language,
		       struct text zone, struct err *err)
{
	struct turn t;
	enum rc rc;

	turn_begin(s, &t, NULL, sign_in_now(s));
	rc = workspace_begin(&t.ws, err);
	if (rc == RC_OK)
		rc = record_preference_put(t.ws.store, who->person, language, zone, err);
	return turn_end(&t, rc, err);
}

enum rc sign_in_notices(struct sign_in *s, struct arena *a, struct text person, bool *has,
			bool *wanted, struct text *hours, struct err *err)
{
	struct stored_mailbox box = {.quiet = false};
	enum rc rc = record_mailbox(s->ws.store, a, person, &box, err);

	*has = rc == RC_OK;
	*wanted = !box.quiet;
	*hours = text_of("");
	if (rc == RC_OK)
		rc = record_quiet_hours(s->ws.store, a, person, hours, err);
	return rc == RC_MISSING ? RC_OK : rc;
}

enum rc sign_in_want_notices(struct sign_in *s, const struct visitor *who, bool wanted,
			     struct text hours, struct err *err)
{
	struct turn t;
	bool there;
	enum rc rc;

	turn_begin(s, &t, NULL, sign_in_now(s));
	rc = workspace_begin(&t.ws, err);
	if (rc == RC_OK)
		rc = record_mailbox_quiet(t.ws.store, who->person, !wanted, &there, err);
	if (rc == RC_OK)
		rc = mail_quiet_hours(&t.ws, who->person, hours, err);
	return turn_end(&t, rc, err);
}
