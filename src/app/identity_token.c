/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An ID token (trust.md S10): three algorithms, keys of the issuer's set alone, every claim looked at. The kind of key must be that of the
 * algorithm, so that a public key is never taken for a secret.
 */
#include "app/identity.h"

#include "app/sign_in_parts.h"

#include <cjose/cjose.h>
#include <jansson.h>
#include <string.h>

enum { SKEW_S = 60, SUBJECT_MAX = 255, TOKEN_MAX = 64 << 10 };

static const struct {
	const char *alg, *kty;
} algorithms[] = {{"RS256", "RSA"}, {"PS256", "RSA"}, {"ES256", "EC"}};

static enum rc refused(struct err *err, const char *why)
{
	err_code(err, "identity");
	return err_set(err, RC_INVALID, "the ID token was refused: %s", why);
}

static const char *word(const json_t *object, const char *key)
{
	const char *s = json_string_value(json_object_get(object, key));

	return s == NULL ? "" : s;
}

/* --- the signature --- */

/* Letters of base64url alone, as many as whole bytes take, at least one. */
static bool is_base64url(const char *p, size_t n)
{
	static const char letters[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

	for (size_t i = 0; i < n; i++)
		if (memchr(letters, p[i], sizeof(letters) - 1) == NULL)
			return false;
	return n > 0 && n % 4 != 1;
}

/* header.claims.signature, each in base64url: the library ends the process over some texts that are not (tests/fuzz/fuzz_identity.c). */
static bool is_compact(struct text token)
{
	struct text rest = token;
	size_t parts = 0;

	if (token.n == 0 || token.n > TOKEN_MAX || token.p[token.n - 1] == '.')
		return false;
	while (rest.n > 0) {
		struct text part;

		rest = text_cut(rest, '.', &part);
		if (!is_base64url(part.p, part.n))
			return false;
		parts++;
	}
	return parts == 3;
}

/* The kind of key that the header's algorithm asks for; NULL with words: refused. */
static const char *kind_of(const json_t *header, struct err *err)
{
	static const char *const never[] = {"jku",  "x5u", "jwk", "x5c",
					    "crit", "enc", "zip", "b64"};
	const char *alg = word(header, "alg");

	for (size_t i = 0; i < ARRAY_SIZE(never); i++)
		if (json_object_get(header, never[i]) != NULL) {
			(void)refused(
				err,
				"its header brings a key, an address or a condition of its own");
			return NULL;
		}
	for (size_t i = 0; i < ARRAY_SIZE(algorithms); i++)
		if (strcmp(alg, algorithms[i].alg) == 0)
			return algorithms[i].kty;
	(void)refused(err, "its algorithm is not RS256, PS256 or ES256");
	return NULL;
}

static bool key_fits(const json_t *key, const char *kty, const char *alg)
{
	const char *use = word(key, "use"), *own = word(key, "alg");

	return strcmp(word(key, "kty"), kty) == 0 && (use[0] == '\0' || strcmp(use, "sig") == 0) &&
	       (own[0] == '\0' || strcmp(own, alg) == 0);
}

/* By its id; without one in the header the only key that fits. */
static json_t *find_key(const json_t *keys, const json_t *header, const char *kty)
{
	const json_t *list = json_object_get(keys, "keys");
	const char *kid = word(header, "kid");
	json_t *found = NULL;
	size_t n = 0;

	for (size_t i = 0; i < json_array_size(list); i++) {
		json_t *key = json_array_get(list, i);

		if (!key_fits(key, kty, word(header, "alg")) ||
		    (kid[0] != '\0' && strcmp(word(key, "kid"), kid) != 0))
			continue;
		found = key;
		n++;
	}
	return n == 1 ? found : NULL;
}

/* The public half of a key, each number in base64url: more the library need not see, and other text it does not survive. */
static json_t *public_half(const json_t *key)
{
	static const char *const members[] = {"kty", "crv", "n", "e", "x", "y"};
	json_t *half = json_object();
	bool fits = half != NULL;

	for (size_t i = 0; i < ARRAY_SIZE(members) && fits; i++) {
		json_t *v = json_object_get(key, members[i]);

		if (v == NULL)
			continue;
		fits = json_is_string(v) &&
		       (members[i][1] != '\0' ||
			is_base64url(json_string_value(v), json_string_length(v))) &&
		       json_object_set(half, members[i], v) == 0;
	}
	if (fits)
		return half;
	json_decref(half);
	return NULL;
}

static enum rc signed_by(cjose_jws_t *jws, const json_t *key, struct err *err)
{
	cjose_err why;
	json_t *half = public_half(key);
	cjose_jwk_t *jwk = half == NULL ? NULL : cjose_jwk_import_json(half, &why);
	enum rc rc;

	json_decref(half);
	if (jwk == NULL)
		return refused(err, "the issuer's key cannot be read");
	rc = cjose_jws_verify(jws, jwk, &why) ? RC_OK : refused(err, "its signature is wrong");
	cjose_jwk_release(jwk);
	return rc;
}

static enum rc check_signature(cjose_jws_t *jws, struct text keys, struct err *err)
{
	const json_t *header = cjose_jws_get_protected(jws);
	const char *kty = kind_of(header, err);
	json_error_t where;
	json_t *set, *key;
	enum rc rc;

	if (kty == NULL)
		return RC_INVALID;
	set = json_loadb(keys.p, keys.n, JSON_REJECT_DUPLICATES, &where);
	key = find_key(set, header, kty);
	rc = key == NULL ? refused(err, "the issuer has no such key") : signed_by(jws, key, err);
	json_decref(set);
	return rc;
}

/* --- the claims --- */

static bool is_audience(const json_t *claims, struct text client)
{
	const json_t *aud = json_object_get(claims, "aud"), *azp = json_object_get(claims, "azp");
	bool found = false;

	if (azp != NULL && !text_is(client, word(claims, "azp")))
		return false;
	if (json_is_string(aud))
		return text_is(client, json_string_value(aud));
	for (size_t i = 0; i < json_array_size(aud); i++)
		found = found || (json_is_string(json_array_get(aud, i)) &&
				  text_is(client, json_string_value(json_array_get(aud, i))));
	/* For several it must say which of them asked (OpenID Connect Core 3.1.3.7). */
	return found && (json_array_size(aud) == 1 || azp != NULL);
}

/* A time of seconds; false: it is there and none. */
static bool moment(const json_t *claims, const char *key, bool must, int64_t *out)
{
	const json_t *v = json_object_get(claims, key);

	if (v == NULL)
		return !must;
	if (!json_is_integer(v) || json_integer_value(v) < 0 ||
	    json_integer_value(v) > (INT64_C(1) << 40))
		return false;
	*out = json_integer_value(v);
	return true;
}

static enum rc check_times(const json_t *claims, instant now, struct err *err)
{
	int64_t seconds = now / SECOND_MS, exp = 0, iat = 0, nbf = 0;

	if (!moment(claims, "exp", true, &exp) || !moment(claims, "iat", true, &iat) ||
	    !moment(claims, "nbf", false, &nbf))
		return refused(err, "it does not say when it holds");
	if (seconds > exp + SKEW_S)
		return refused(err, "its time is over");
	if (iat > seconds + SKEW_S || nbf > seconds + SKEW_S)
		return refused(err, "its time is still to come");
	return RC_OK;
}

static bool vouches(const json_t *claims, const struct identity_provider *p)
{
	const json_t *amr = json_object_get(claims, "amr");

	for (size_t i = 0; i < p->n_strong; i++)
		if (text_is(p->strong[i], word(claims, "acr")))
			return true;
	/* Asked for by name only: that a provider says "mfa" of itself is a setting of whoever trusts it. */
	for (size_t k = 0; k < json_array_size(amr); k++)
		for (size_t i = 0; i < p->n_strong; i++)
			if (json_is_string(json_array_get(amr, k)) &&
			    text_is(p->strong[i], json_string_value(json_array_get(amr, k))))
				return true;
	return false;
}

/* Keyed, so that the file names nobody: two lengths apart by a NUL, which neither has. */
static void identity_hash(const struct sign_in *s, struct text issuer, const char *subject,
			  struct hash *out)
{
	crypto_auth_hmacsha256_state h;

	(void)crypto_auth_hmacsha256_init(&h, s->pepper, sizeof(s->pepper));
	(void)crypto_auth_hmacsha256_update(&h, (const unsigned char *)"identity",
					    sizeof("identity"));
	(void)crypto_auth_hmacsha256_update(&h, (const unsigned char *)issuer.p, issuer.n);
	(void)crypto_auth_hmacsha256_update(&h, (const unsigned char *)"", 1);
	(void)crypto_auth_hmacsha256_update(&h, (const unsigned char *)subject, strlen(subject));
	(void)crypto_auth_hmacsha256_final(&h, out->b);
}

static enum rc check_claims(struct sign_in *s, const struct identity_provider *p,
			    const json_t *claims, const struct identity_way *way, instant now,
			    struct identity *out, struct err *err)
{
	const char *subject = word(claims, "sub"), *nonce = word(claims, "nonce");
	enum rc rc;

	if (!text_is(p->issuer, word(claims, "iss")))
		return refused(err, "it is of another issuer");
	if (!is_audience(claims, p->client))
		return refused(err, "it is for somebody else");
	rc = check_times(claims, now, err);
	if (rc != RC_OK)
		return rc;
	if (strlen(nonce) != strlen(way->nonce) ||
	    sodium_memcmp(nonce, way->nonce, strlen(way->nonce)) != 0)
		return refused(err, "it answers another question (nonce)");
	if (subject[0] == '\0' || strlen(subject) > SUBJECT_MAX)
		return refused(err, "it names nobody");
	identity_hash(s, p->issuer, subject, &out->hash);
	out->strong = vouches(claims, p);
	return RC_OK;
}

enum rc identity_read(struct sign_in *s, const struct identity_provider *p, struct text token,
		      struct text keys, const struct identity_way *way, instant now,
		      struct identity *out, struct err *err)
{
	cjose_err why;
	cjose_jws_t *jws = is_compact(token) ? cjose_jws_import(token.p, token.n, &why) : NULL;
	uint8_t *body = NULL;
	size_t n = 0;
	json_error_t where;
	json_t *claims;
	enum rc rc;

	if (jws == NULL)
		return refused(err, "it is no signed token");
	rc = check_signature(jws, keys, err);
	if (rc == RC_OK && !cjose_jws_get_plaintext(jws, &body, &n, &why))
		rc = refused(err, "it says nothing");
	if (rc == RC_OK) {
		claims = json_loadb((const char *)body, n, JSON_REJECT_DUPLICATES, &where);
		rc = json_is_object(claims) ? check_claims(s, p, claims, way, now, out, err)
					    : refused(err, "what it says is no JSON object");
		json_decref(claims);
	}
	cjose_jws_release(jws);
	return rc;
}
