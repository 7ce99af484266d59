/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Verifier keys of C2SP signed notes: their text form, their id, and which Ed25519 points may be one (trust.md J10, J16). Not the
 * place that trusts them: who has the bundle or the trust file decides that.
 */
#include "journal/note_parts.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

/* White space beyond ASCII, which the note format forbids in names: it would make two names look alike. */
static const char *const wide_spaces[] = {
	"\xc2\x85",     "\xc2\xa0",     "\xe1\x9a\x80", "\xe2\x80\x80", "\xe2\x80\x81",
	"\xe2\x80\x82", "\xe2\x80\x83", "\xe2\x80\x84", "\xe2\x80\x85", "\xe2\x80\x86",
	"\xe2\x80\x87", "\xe2\x80\x88", "\xe2\x80\x89", "\xe2\x80\x8a", "\xe2\x80\xa8",
	"\xe2\x80\xa9", "\xe2\x80\xaf", "\xe2\x81\x9f", "\xe3\x80\x80",
};

bool key_name_ok(struct text t)
{
	bool wide = false;

	if (t.n == 0 || t.n > KEY_NAME_MAX || !text_utf8(t, NULL))
		return false;
	for (size_t i = 0; i < t.n; i++) {
		unsigned char c = (unsigned char)t.p[i];

		if (c <= 0x20 || c == 0x7f || c == '+')
			return false;
		wide = wide || c >= 0x80;
	}
	for (size_t i = 0; wide && i < ARRAY_SIZE(wide_spaces); i++)
		if (text_has(t, text_of(wide_spaces[i])))
			return false;
	return true;
}

bool decimal_read(struct text t, int64_t *out)
{
	int64_t v;

	if (t.n > 1 && t.p[0] == '0')
		return false;
	if (!text_digits(t, &v) || v > MERKLE_SIZE_MAX)
		return false;
	*out = v;
	return true;
}

bool hash_read_base64(struct text t, struct hash *out)
{
	struct hash h = {{0}};
	size_t n;

	if (!base64_read(t, h.b, sizeof(h.b), &n) || n != sizeof(h.b))
		return false;
	*out = h;
	return true;
}

/* A key made by its rule always lies in the main subgroup; a point that does not would let one signature verify here and fail
 * elsewhere. libsodium checks the canonical encoding and the small orders in the same call. */
bool ed25519_point_ok(const unsigned char point[ED25519_PUBLIC])
{
	return crypto_core_ed25519_is_valid_point(point) == 1;
}

void ed25519_public(const unsigned char seed[ED25519_SEED], unsigned char out[ED25519_PUBLIC])
{
	unsigned char secret[crypto_sign_SECRETKEYBYTES];
	int rc = crypto_sign_seed_keypair(out, secret, seed);

	assert(rc == 0);
	(void)rc;
	sodium_memzero(secret, sizeof(secret));
}

/* First 4 bytes of SHA-256(name, newline, type, public key). */
static void key_id(const struct vkey *k, unsigned char id[KEY_ID_BYTES])
{
	unsigned char bytes[KEY_NAME_MAX + 2 + ED25519_PUBLIC], digest[SHA256_BYTES];
	size_t n = k->name.n;

	assert(n > 0 && n <= KEY_NAME_MAX);
	memcpy(bytes, k->name.p, n);
	bytes[n++] = '\n';
	bytes[n++] = (unsigned char)k->type;
	memcpy(bytes + n, k->key, ED25519_PUBLIC);
	sha256((struct text){(const char *)bytes, n + ED25519_PUBLIC}, digest);
	memcpy(id, digest, KEY_ID_BYTES);
}

static enum rc make(struct text name, enum key_type type, const unsigned char key[ED25519_PUBLIC],
		    struct vkey *out, struct err *err)
{
	struct vkey k = {.name = name, .type = type};

	assert(type == KEY_LOG || type == KEY_COSIGNER);
	if (!key_name_ok(name)) {
		err_set(err, RC_INVALID, "'%.*s' cannot be the name of a key",
			TEXT_ARG(text_sub(name, 0, KEY_NAME_MAX)));
		err_hint(err, "1 to %d bytes without space, control character or '+'",
			 KEY_NAME_MAX);
		return RC_INVALID;
	}
	memcpy(k.key, key, ED25519_PUBLIC);
	key_id(&k, k.id);
	*out = k;
	return RC_OK;
}

enum rc vkey_make(struct text name, enum key_type type, const unsigned char key[ED25519_PUBLIC],
		  struct vkey *out, struct err *err)
{
	struct vkey k = {.type = type};
	enum rc rc = make(name, type, key, &k, err);

	if (rc != RC_OK)
		return rc;
	if (!ed25519_point_ok(key))
		return err_set(err, RC_INVALID, "public key of '%.*s' is no valid Ed25519 point",
			       TEXT_ARG(name));
	*out = k;
	return RC_OK;
}

/* The bytes behind the second '+': type and public key. */
static enum rc key_bytes(struct text name, struct text coded, enum key_type *type,
			 unsigned char key[ED25519_PUBLIC], struct err *err)
{
	unsigned char bytes[1 + ED25519_PUBLIC];
	size_t n;

	if (!base64_read(coded, bytes, sizeof(bytes), &n) || n == 0)
		return err_set(err, RC_INVALID, "key '%.*s' is not base64 of at most %zu bytes",
			       TEXT_ARG(name), sizeof(bytes));
	if (bytes[0] != KEY_LOG && bytes[0] != KEY_COSIGNER) {
		err_set(err, RC_INVALID, "key '%.*s' is of unknown type %02x", TEXT_ARG(name),
			(unsigned)bytes[0]);
		err_hint(err, "01 for a log, 04 for a witness");
		return RC_INVALID;
	}
	if (n != sizeof(bytes))
		return err_set(err, RC_INVALID, "key '%.*s' has %zu bytes instead of %zu",
			       TEXT_ARG(name), n, sizeof(bytes));
	*type = (enum key_type)bytes[0];
	memcpy(key, bytes + 1, ED25519_PUBLIC);
	return RC_OK;
}

static enum rc parse(struct text line, bool own, struct vkey *out, struct err *err)
{
	struct text name, hex, rest = text_cut(line, '+', &name), coded = text_cut(rest, '+', &hex);
	unsigned char id[KEY_ID_BYTES] = {0}, key[ED25519_PUBLIC] = {0};
	enum key_type type = KEY_LOG;
	struct vkey k;
	enum rc rc;

	if (hex.n != (size_t)2 * KEY_ID_BYTES || !hex_read(hex, id, sizeof(id))) {
		err_set(err, RC_INVALID, "'%.*s' is not a verifier key",
			TEXT_ARG(text_sub(line, 0, 300)));
		err_hint(err, "a name, '+', 8 lower-case hex digits, '+', base64");
		return RC_INVALID;
	}
	rc = key_bytes(text_sub(name, 0, KEY_NAME_MAX), coded, &type, key, err);
	if (rc == RC_OK)
		rc = own ? make(name, type, key, &k, err) : vkey_make(name, type, key, &k, err);
	if (rc != RC_OK)
		return rc;
	if (memcmp(k.id, id, sizeof(id)) != 0)
		return err_set(err, RC_INVALID, "key id '%.*s' does not fit the key of '%.*s'",
			       TEXT_ARG(hex), TEXT_ARG(name));
	*out = k;
	return RC_OK;
}

enum rc vkey_parse(struct text line, struct vkey *out, struct err *err)
{
	return parse(line, false, out, err);
}

enum rc vkey_parse_own(struct text line, struct vkey *out, struct err *err)
{
	return parse(line, true, out, err);
}

void vkey_print(const struct vkey *k, struct buf *out)
{
	unsigned char bytes[1 + ED25519_PUBLIC];

	bytes[0] = (unsigned char)k->type;
	memcpy(bytes + 1, k->key, ED25519_PUBLIC);
	buf_text(out, k->name);
	buf_char(out, '+');
	hex_add(out, k->id, sizeof(k->id));
	buf_char(out, '+');
	base64_add(out, bytes, sizeof(bytes));
}

bool vkey_eq(const struct vkey *x, const struct vkey *y)
{
	return x->type == y->type && text_eq(x->name, y->name) &&
	       memcmp(x->id, y->id, sizeof(x->id)) == 0 &&
	       memcmp(x->key, y->key, sizeof(x->key)) == 0;
}
