/* SPDX-License-Identifier: Apache-2.0 */
/* Whose account an identity is: the way there and back, signing in, linking. */
#include "app/identity.h"

#include "app/sign_in_parts.h"
#include "base/base32.h"
#include "store/record_grants.h"

#include <stdio.h>
#include <string.h>

/* --- the way --- */

struct text identity_leave(struct sign_in *s, struct arena *a, instant now)
{
	struct hash unused;
	struct text secret = secret_make(s, a, &unused);

	return text_format(a, "%lld.%.*s", (long long)now, TEXT_ARG(secret));
}

static void put_text(const unsigned char raw[32], char out[IDENTITY_TEXT])
{
	struct buf b;

	buf_init(&b, IDENTITY_TEXT);
	base64url_add(&b, raw, 32);
	(void)snprintf(out, IDENTITY_TEXT, "%.*s", TEXT_ARG(buf_view(&b)));
	buf_free(&b);
}

/* One secret, one value for each use; its moment is part of it. */
static void derive(const unsigned char secret[32], struct text moment, const char *use,
		   char out[IDENTITY_TEXT])
{
	crypto_auth_hmacsha256_state h;
	unsigned char mac[crypto_auth_hmacsha256_BYTES];

	(void)crypto_auth_hmacsha256_init(&h, secret, 32);
	(void)crypto_auth_hmacsha256_update(&h, (const unsigned char *)use, strlen(use) + 1);
	(void)crypto_auth_hmacsha256_update(&h, (const unsigned char *)moment.p, moment.n);
	(void)crypto_auth_hmacsha256_final(&h, mac);
	put_text(mac, out);
}

bool identity_way(struct text cookie, instant now, struct identity_way *out)
{
	struct text moment, rest = text_cut(cookie, '.', &moment);
	unsigned char secret[32], digest[32];
	int64_t left;

	if (!text_digits(moment, &left) || !base64url_read(rest, secret, sizeof(secret)) ||
	    left > now || now - left > IDENTITY_WAY_MS)
		return false;
	derive(secret, moment, "state", out->state);
	derive(secret, moment, "nonce", out->nonce);
	derive(secret, moment, "verifier", out->verifier);
	sha256(text_of(out->verifier), digest);
	put_text(digest, out->challenge);
	sodium_memzero(secret, sizeof(secret));
	return true;
}

enum rc identity_once(struct sign_in *s, const struct identity_way *way, instant now,
		      struct err *err)
{
	struct hash hash;
	struct turn t;
	bool first = false;
	enum rc rc;

	sha256(text_of(way->state), hash.b);
	turn_begin(s, &t, NULL, now);
	rc = workspace_begin(&t.ws, err);
	if (rc == RC_OK)
		rc = record_identity_return(t.ws.store, &hash, now + IDENTITY_WAY_MS, now, &first,
					    err);
	rc = turn_end(&t, rc, err);
	if (rc != RC_OK || first)
		return rc;
	err_code(err, "identity");
	return err_set(err, RC_INVALID, "this way was come back by already");
}

/* --- whose --- */

enum rc identity_sign_in(struct sign_in *s, struct arena *a, const struct identity *i, instant now,
			 struct sign_in_result *out, struct err *err)
{
	struct text person = {NULL, 0};
	struct stored_user u;
	struct turn t;
	enum rc rc;

	*out = (struct sign_in_result){.fate = SIGN_IN_REFUSED};
	turn_begin(s, &t, NULL, now);
	rc = workspace_begin(&t.ws, err);
	if (rc == RC_OK)
		rc = record_identity(t.ws.store, t.scratch, &i->hash, &person, err);
	if (rc == RC_OK)
		rc = user_open(&t, person, &u, err);
	if (rc == RC_OK) {
		t.ws.actor = u;
		rc = i->strong ? session_make(&t, a, &u, false, NULL, "identity", out, err)
			       : session_first(&t, a, &u, "identity", out, err);
	}
	rc = turn_end(&t, rc, err);
	if (rc != RC_OK)
		*out = (struct sign_in_result){.fate = SIGN_IN_REFUSED};
	return rc == RC_MISSING ? RC_OK : rc;
}

/* --- linking: <identity>.<end>.<mac> --- */

static void offer_mac(const struct sign_in *s, struct text person, struct text head,
		      unsigned char mac[crypto_auth_hmacsha256_BYTES])
{
	static const char use[] = "identity-offer";
	crypto_auth_hmacsha256_state h;

	(void)crypto_auth_hmacsha256_init(&h, s->mark_key, sizeof(s->mark_key));
	(void)crypto_auth_hmacsha256_update(&h, (const unsigned char *)use, sizeof(use));
	(void)crypto_auth_hmacsha256_update(&h, (const unsigned char *)person.p, person.n);
	(void)crypto_auth_hmacsha256_update(&h, (const unsigned char *)head.p, head.n);
	(void)crypto_auth_hmacsha256_final(&h, mac);
}

struct text identity_offer(struct sign_in *s, struct arena *a, const struct visitor *who,
			   const struct identity *i, instant now)
{
	unsigned char mac[crypto_auth_hmacsha256_BYTES];
	char hash[IDENTITY_TEXT], sign[IDENTITY_TEXT];
	instant end = now + IDENTITY_OFFER_MS;
	struct text head;

	put_text(i->hash.b, hash);
	head = text_format(a, "%s.%lld", hash, (long long)end);
	offer_mac(s, who->person, head, mac);
	put_text(mac, sign);
	return text_format(a, "%.*s.%s", TEXT_ARG(head), sign);
}

static bool offer_read(const struct sign_in *s, const struct visitor *who, struct text offer,
		       instant now, struct hash *out)
{
	unsigned char mac[crypto_auth_hmacsha256_BYTES], given[crypto_auth_hmacsha256_BYTES];
	struct text hash, until, rest = text_cut(offer, '.', &hash),
				 sign = text_cut(rest, '.', &until);
	int64_t end;

	if (!text_digits(until, &end) || now >= end ||
	    !base64url_read(hash, out->b, sizeof(out->b)) ||
	    !base64url_read(sign, given, sizeof(given)))
		return false;
	offer_mac(s, who->person, text_sub(offer, 0, hash.n + 1 + until.n), mac);
	return sodium_memcmp(mac, given, sizeof(mac)) == 0;
}

static enum rc note_identity(struct turn *t, struct text user, const char *method, struct err *err)
{
	enum rc rc = turn_note(
		t, user, &(struct access_note){FACT_IDENTITY_LINKED, method, INSTANT_NONE, 0}, err);

	return rc == RC_OK ? turn_tell(t, user, err) : rc;
}

static enum rc link_now(struct sign_in *s, const struct visitor *who, const struct hash *hash,
			instant now, struct err *err)
{
	struct stored_user u;
	struct turn t;
	bool taken = false;
	enum rc rc;

	turn_begin(s, &t, NULL, now);
	rc = workspace_begin(&t.ws, err);
	if (rc == RC_OK)
		rc = user_open(&t, who->person, &u, err);
	if (rc == RC_OK) {
		t.ws.actor = u;
		rc = record_identities_drop(t.ws.store, u.id, NULL, err);
	}
	if (rc == RC_OK)
		rc = record_identity_put(t.ws.store, hash, u.id, now, &taken, err);
	if (rc == RC_OK && !taken)
		rc = err_set(err, RC_INVALID, "this identity belongs to another account");
	if (rc == RC_OK)
		rc = note_identity(&t, u.id, "linked", err);
	return turn_end(&t, rc, err);
}

enum rc identity_link(struct sign_in *s, const struct visitor *who, struct text offer,
		      struct text password, instant now, struct err *err)
{
	struct hash hash = {{0}};
	bool right = false;
	enum rc rc;

	if (!offer_read(s, who, offer, now, &hash))
		return err_set(err, RC_INVALID, "this took too long; begin again");
	rc = sign_in_check(s, who->handle, password, now, &right, err);
	if (rc == RC_OK && !right) {
		err_key(err, text_of("password"));
		rc = err_set(err, RC_INVALID, "the password is wrong");
	}
	return rc == RC_OK ? link_now(s, who, &hash, now, err) : rc;
}

enum rc identity_has(struct sign_in *s, struct text person, bool *out, struct err *err)
{
	instant linked_at;
	enum rc rc = record_identity_of(s->ws.store, person, &linked_at, err);

	*out = rc == RC_OK && linked_at != INSTANT_NONE;
	return rc;
}

enum rc identity_unlink(struct sign_in *s, const struct visitor *who, instant now, struct err *err)
{
	struct stored_user u;
	int64_t dropped = 0;
	struct turn t;
	enum rc rc;

	turn_begin(s, &t, NULL, now);
	rc = workspace_begin(&t.ws, err);
	if (rc == RC_OK)
		rc = user_open(&t, who->person, &u, err);
	if (rc == RC_OK) {
		t.ws.actor = u;
		rc = record_identities_drop(t.ws.store, u.id, &dropped, err);
	}
	if (rc == RC_OK && dropped > 0)
		rc = note_identity(&t, u.id, "removed", err);
	return turn_end(&t, rc, err);
}
