/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The keys file (trust.md J23): how keys are wrapped, opening and closing it, the seeds of signing keys. Every wrapped key is
 * XChaCha20-Poly1305 under the key-encryption key with a random nonce; what it is for is its associated data.
 */
#include "store/keys_parts.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

_Static_assert((int)KEY_BYTES == (int)ED25519_SEED && (int)KEY_BYTES == (int)ED25519_PUBLIC,
	       "halves of a pair");
_Static_assert(KEY_BYTES == crypto_aead_xchacha20poly1305_ietf_KEYBYTES, "the key of the cipher");
_Static_assert(NONCE_BYTES == crypto_aead_xchacha20poly1305_ietf_NPUBBYTES, "its nonce");
_Static_assert(SEAL_TAG_BYTES == crypto_aead_xchacha20poly1305_ietf_ABYTES, "its tag");

#define LOOKUP_NAME "-lookup" /* no seed of a signing key begins with a dash */
#define META_KEK "kek"
#define META_SCRUB "scrub_due"

enum { NAME_BYTES_MAX = 200, KEK_ID_BYTES = 16 };

/* --- sealing --- */

struct key_place key_place(const char *use, struct text name)
{
	struct key_place p = {.n = 0};
	size_t n = strlen(use) + 1;

	assert(n + name.n <= sizeof(p.b));
	memcpy(p.b, use, n); /* with its NUL: a use never runs into a name */
	if (name.n > 0)
		memcpy(p.b + n, name.p, name.n);
	p.n = n + name.n;
	return p;
}

void key_encrypt(const struct keys *k, const unsigned char key[KEY_BYTES],
		 const struct key_place *place, struct text plain, unsigned char nonce[NONCE_BYTES],
		 unsigned char *out)
{
	unsigned long long n = 0;

	k->random.fill(k->random.context, nonce, NONCE_BYTES);
	(void)crypto_aead_xchacha20poly1305_ietf_encrypt(out, &n, (const unsigned char *)plain.p,
							 plain.n, place->b, place->n, NULL, nonce,
							 key);
	assert(n == plain.n + SEAL_TAG_BYTES);
}

bool key_decrypt(const unsigned char key[KEY_BYTES], const struct key_place *place,
		 struct text nonce, struct text cipher, unsigned char *out)
{
	unsigned long long n = 0;

	return nonce.n == NONCE_BYTES && cipher.n >= SEAL_TAG_BYTES &&
	       crypto_aead_xchacha20poly1305_ietf_decrypt(
		       out, &n, NULL, (const unsigned char *)cipher.p, cipher.n, place->b, place->n,
		       (const unsigned char *)nonce.p, key) == 0;
}

/* A name for the key-encryption key that tells nothing of it: says which file belongs to which. */
static void kek_id(const unsigned char kek[KEY_BYTES], char hex[2 * KEK_ID_BYTES + 1])
{
	static const unsigned char use[] = "tenor kek id";
	unsigned char id[KEK_ID_BYTES];

	(void)crypto_generichash(id, sizeof(id), use, sizeof(use), kek, KEY_BYTES);
	(void)sodium_bin2hex(hex, 2 * KEK_ID_BYTES + 1, id, sizeof(id));
}

enum rc keys_begin(struct keys *k, bool *own, struct err *err)
{
	*own = !store_in_transaction(k->store);
	return *own ? store_begin(k->store, err) : RC_OK;
}

enum rc keys_end(struct keys *k, bool own, enum rc rc, struct err *err)
{
	if (!own)
		return rc;
	if (rc == RC_OK)
		return store_commit(k->store, err);
	store_rollback(k->store);
	return rc;
}

/* --- seeds --- */

static enum rc wrapped_add(struct keys *k, struct text name, const char *use, struct text plain,
			   struct err *err)
{
	struct key_place place = key_place(use, name);
	unsigned char nonce[NONCE_BYTES], cipher[WRAPPED_PAIR_BYTES];

	assert(plain.n + SEAL_TAG_BYTES <= sizeof(cipher));
	key_encrypt(k, k->secrets->kek, &place, plain, nonce, cipher);

	const struct bind binds[] = {
		BIND_T(name), BIND_B(((struct text){(const char *)nonce, sizeof(nonce)})),
		BIND_B(((struct text){(const char *)cipher, plain.n + SEAL_TAG_BYTES}))};

	return store_run(k->store, SQL_SEED_ADD, binds, ARRAY_SIZE(binds), NULL, err);
}

/* Sealed as one, so that neither half can be put beside another's. */
static enum rc pair_add(struct keys *k, struct text name, const struct key_pair *pair,
			struct err *err)
{
	unsigned char plain[2 * KEY_BYTES];
	enum rc rc;

	memcpy(plain, pair->seed, KEY_BYTES);
	memcpy(plain + KEY_BYTES, pair->public_key, KEY_BYTES);
	rc = wrapped_add(k, name, "pair", (struct text){(const char *)plain, sizeof(plain)}, err);
	sodium_memzero(plain, sizeof(plain));
	return rc;
}

/* Opens what rests there: *n bytes, a seed or a pair. */
static enum rc wrapped_read(struct keys *k, struct text name, unsigned char plain[2 * KEY_BYTES],
			    size_t *n, struct err *err)
{
	struct key_place place;
	struct cursor c;
	struct text cipher;
	bool row;
	enum rc rc = store_one(k->store, SQL_SEED, &BIND_T(name), 1, &c, &row, err);

	if (rc != RC_OK)
		return rc;
	cipher = row ? cursor_text(&c, 1) : text_of("");
	place = key_place(cipher.n == WRAPPED_PAIR_BYTES ? "pair" : "seed", name);
	if (!row)
		rc = err_set(err, RC_MISSING, "there is no key '%.*s' in %.*s", TEXT_ARG(name),
			     TEXT_ARG(store_path(k->store)));
	else if ((cipher.n != WRAPPED_BYTES && cipher.n != WRAPPED_PAIR_BYTES) ||
		 !key_decrypt(k->secrets->kek, &place, cursor_text(&c, 0), cipher, plain))
		rc = err_set(err, RC_INVALID, "the key '%.*s' in %.*s was altered", TEXT_ARG(name),
			     TEXT_ARG(store_path(k->store)));
	else
		*n = cipher.n - SEAL_TAG_BYTES;
	cursor_close(&c);
	return rc;
}

static enum rc seed_read(struct keys *k, struct text name, unsigned char seed[KEY_BYTES],
			 struct err *err)
{
	unsigned char plain[2 * KEY_BYTES];
	size_t n = 0;
	enum rc rc = wrapped_read(k, name, plain, &n, err);

	if (rc == RC_OK)
		memcpy(seed, plain, KEY_BYTES);
	sodium_memzero(plain, sizeof(plain));
	return rc;
}

static enum rc name_check(struct text name, struct err *err)
{
	if (name.n > 0 && name.n <= NAME_BYTES_MAX && name.p[0] != '-')
		return RC_OK;
	return err_set(err, RC_INVALID, "'%.*s' is no name of a key", TEXT_ARG(name));
}

enum rc keys_seed_make(struct keys *k, struct text name, unsigned char seed[KEY_BYTES],
		       struct err *err)
{
	struct key_pair made;
	bool own = false;
	enum rc rc = name_check(name, err);

	if (rc == RC_OK)
		rc = keys_begin(k, &own, err);
	if (rc != RC_OK)
		return rc;
	k->random.fill(k->random.context, made.seed, sizeof(made.seed));
	ed25519_public(made.seed, made.public_key);
	rc = pair_add(k, name, &made, err);
	if (rc == RC_INVALID && strcmp(err->code, "unique") == 0)
		rc = err_set(err, rc, "there is a key '%.*s' already: one key has one use",
			     TEXT_ARG(name));
	rc = keys_end(k, own, rc, err);
	if (rc == RC_OK)
		memcpy(seed, made.seed, KEY_BYTES);
	key_pair_wipe(&made);
	return rc;
}

enum rc keys_seed(struct keys *k, struct text name, unsigned char seed[KEY_BYTES], struct err *err)
{
	unsigned char found[KEY_BYTES];
	enum rc rc = name_check(name, err);

	if (rc == RC_OK)
		rc = seed_read(k, name, found, err);
	if (rc == RC_OK)
		memcpy(seed, found, sizeof(found));
	sodium_memzero(found, sizeof(found));
	return rc;
}

enum rc keys_pair(struct keys *k, struct text name, struct key_pair *out, struct err *err)
{
	unsigned char plain[2 * KEY_BYTES];
	size_t n = 0;
	enum rc rc = name_check(name, err);

	if (rc == RC_OK)
		rc = wrapped_read(k, name, plain, &n, err);
	if (rc == RC_OK) {
		memcpy(out->seed, plain, KEY_BYTES);
		if (n == sizeof(plain))
			memcpy(out->public_key, plain + KEY_BYTES, KEY_BYTES);
		else
			ed25519_public(out->seed, out->public_key);
	}
	sodium_memzero(plain, sizeof(plain));
	return rc;
}

enum rc keys_seed_drop(struct keys *k, struct text name, struct err *err)
{
	int64_t changed = 0;
	enum rc rc = name_check(name, err);

	if (rc == RC_OK)
		rc = store_begin(k->store, err);
	if (rc != RC_OK)
		return rc;
	rc = store_run(k->store, SQL_SEED_DROP, &BIND_T(name), 1, &changed, err);
	if (rc == RC_OK && changed == 0)
		rc = err_set(err, RC_MISSING, "there is no key '%.*s' in %.*s", TEXT_ARG(name),
			     TEXT_ARG(store_path(k->store)));
	if (rc == RC_OK)
		rc = keys_scrub_due(k, err);
	rc = keys_end(k, true, rc, err);
	return rc == RC_OK ? keys_scrub(k, err) : rc;
}

/* --- what rests in the workspace --- */

void keys_wrap(struct keys *k, const char *use, struct text name, struct text plain, unsigned char nonce[NONCE_BYTES],
	       unsigned char *cipher)
{
	struct key_place place = key_place(use, name);

	assert(plain.n <= WRAP_MAX_BYTES && strcmp(use, "seed") != 0 && strcmp(use, "pair") != 0);
	key_encrypt(k, k->secrets->kek, &place, plain, nonce, cipher);
}

enum rc keys_unwrap(struct keys *k, const char *use, struct text name, struct text nonce, struct text cipher, unsigned char *out,
		    struct err *err)
{
	struct key_place place = key_place(use, name);

	if (cipher.n <= WRAP_MAX_BYTES + SEAL_TAG_BYTES && key_decrypt(k->secrets->kek, &place, nonce, cipher, out))
		return RC_OK;
	return err_set(err, RC_INVALID, "a secret of '%.*s' was altered, or sealed with another key", TEXT_ARG(name));
}

/* --- scrubbing --- */

static enum rc meta_put(struct keys *k, const char *key, struct text value, struct err *err)
{
	const struct bind binds[] = {BIND_T(text_of(key)), BIND_T(value)};

	return store_run(k->store, SQL_META_PUT, binds, ARRAY_SIZE(binds), NULL, err);
}

/* The value, cut to the room there is, or empty. */
static enum rc meta_get(struct keys *k, const char *key, char *out, size_t room, struct err *err)
{
	struct cursor c;
	bool row;
	enum rc rc = store_one(k->store, SQL_META, &BIND_T(text_of(key)), 1, &c, &row, err);

	if (rc != RC_OK)
		return rc;
	(void)snprintf(out, room, "%.*s", row ? (int)cursor_text(&c, 0).n : 0,
		       row ? cursor_text(&c, 0).p : "");
	cursor_close(&c);
	return RC_OK;
}

enum rc keys_scrub_due(struct keys *k, struct err *err)
{
	return meta_put(k, META_SCRUB, text_of("1"), err);
}

enum rc keys_scrub(struct keys *k, struct err *err)
{
	char due[8];
	enum rc rc = meta_get(k, META_SCRUB, due, sizeof(due), err);

	if (rc != RC_OK || strcmp(due, "1") != 0)
		return rc;
	rc = store_scrub(k->store, err);
	if (rc == RC_OK)
		rc = store_begin(k->store, err);
	if (rc != RC_OK)
		return rc;
	return keys_end(k, true, meta_put(k, META_SCRUB, text_of("0"), err), err);
}

/* --- opening --- */

static enum rc keys_new(struct arena *a, struct text kek_path, const struct entropy *random,
			struct keys **out, struct err *err)
{
	struct keys *k = arena_one(a, struct keys);
	enum rc rc;

	if (sodium_init() < 0)
		return err_set(err, RC_IO, "the library of ciphers cannot be started");
	k->a = a;
	k->random = *random;
	k->kek_path = text_copy(a, kek_path);
	k->secrets = sodium_malloc(sizeof(*k->secrets));
	if (k->secrets == NULL)
		return err_set(err, RC_IO, "no memory for keys");
	rc = kek_read(kek_path, k->secrets->kek, err);
	if (rc == RC_OK)
		*out = k;
	else
		keys_close(k);
	return rc;
}

void keys_close(struct keys *k)
{
	if (k == NULL)
		return;
	if (k->store != NULL) {
		store_close(k->store);
		k->broken = store_broken(k->store);
	}
	/* Wipes it. */
	sodium_free(k->secrets);
	k->store = NULL;
	k->secrets = NULL;
}

bool keys_broken(const struct keys *k)
{
	return k->store == NULL ? k->broken : store_broken(k->store);
}

static enum rc fill_new(struct keys *k, struct err *err)
{
	char id[2 * KEK_ID_BYTES + 1];
	enum rc rc = store_begin(k->store, err);

	if (rc != RC_OK)
		return rc;
	kek_id(k->secrets->kek, id);
	k->random.fill(k->random.context, k->secrets->lookup, KEY_BYTES);
	rc = meta_put(k, META_KEK, text_of(id), err);
	if (rc == RC_OK)
		rc = meta_put(k, META_SCRUB, text_of("0"), err);
	if (rc == RC_OK)
		rc = wrapped_add(k, text_of(LOOKUP_NAME), "seed",
				 (struct text){(const char *)k->secrets->lookup, KEY_BYTES}, err);
	return keys_end(k, true, rc, err);
}

enum rc keys_create(struct arena *a, struct text path, struct text kek_path,
		    const struct entropy *random, struct keys **out, struct err *err)
{
	struct keys *k = NULL;
	enum rc rc = keys_new(a, kek_path, random, &k, err);

	if (rc != RC_OK)
		return rc;
	assert(k != NULL);
	rc = store_open(a, path, STORE_KEYS, STORE_CREATE, &k->store, err);
	if (rc == RC_OK)
		rc = fill_new(k, err);
	if (rc == RC_OK)
		*out = k;
	else
		keys_close(k);
	return rc;
}

/* Is the key-encryption key the one that this file was wrapped with? */
static enum rc check_kek(struct keys *k, struct err *err)
{
	char id[2 * KEK_ID_BYTES + 1], recorded[2 * KEK_ID_BYTES + 1];
	enum rc rc = meta_get(k, META_KEK, recorded, sizeof(recorded), err);

	if (rc != RC_OK)
		return rc;
	kek_id(k->secrets->kek, id);
	if (strcmp(id, recorded) == 0)
		return seed_read(k, text_of(LOOKUP_NAME), k->secrets->lookup, err);
	err_at(err, k->kek_path, 0, 0);
	err_hint(err, "give the key file that was made with it");
	return err_set(err, RC_INVALID, "is not the key-encryption key of '%.*s'",
		       TEXT_ARG(store_path(k->store)));
}

enum rc keys_open(struct arena *a, struct text path, struct text kek_path, enum store_mode mode,
		  const struct entropy *random, struct keys **out, struct err *err)
{
	struct keys *k = NULL;
	enum rc rc;

	assert(mode != STORE_CREATE && "keys_create makes a new one");
	rc = keys_new(a, kek_path, random, &k, err);
	if (rc != RC_OK)
		return rc;
	assert(k != NULL);
	rc = store_open(a, path, STORE_KEYS, mode, &k->store, err);
	if (rc == RC_OK)
		rc = check_kek(k, err);
	if (rc == RC_OK)
		*out = k;
	else
		keys_close(k);
	return rc;
}

struct store *keys_store(struct keys *k)
{
	return k->store;
}
