/* SPDX-License-Identifier: Apache-2.0 */
/* What the parts of the keys file share: the wrapping of keys and the secrets held while it is open. Private. */
#ifndef STORE_KEYS_PARTS_H
#define STORE_KEYS_PARTS_H

#include "store/keys.h"

enum {
	WRAPPED_BYTES = KEY_BYTES + SEAL_TAG_BYTES,
	WRAPPED_PAIR_BYTES = 2 * KEY_BYTES + SEAL_TAG_BYTES,
	PLACE_BYTES_MAX = 256
};

/* In memory of its own, which is wiped when it is given back. */
struct key_secrets {
	unsigned char kek[KEY_BYTES];
	unsigned char lookup[KEY_BYTES]; /* of the hashes by which labels are found */
};

struct keys {
	struct arena *a;
	struct store *store;
	struct entropy random;
	struct key_secrets *secrets;
	struct text kek_path;
	bool broken; /* closed, and a write failed by then */
};

/* Associated data: what the sealed bytes are for, so that one cannot be put in place of another. */
struct key_place {
	unsigned char b[PLACE_BYTES_MAX];
	size_t n;
};

struct key_place key_place(const char *use, struct text name);

/* Reads the file of the key-encryption key. */
enum rc kek_read(struct text path, unsigned char kek[KEY_BYTES], struct err *err) MUST_USE;

/* n bytes and a tag into out, under a fresh nonce. */
void key_encrypt(const struct keys *k, const unsigned char key[KEY_BYTES],
		 const struct key_place *place, struct text plain, unsigned char nonce[NONCE_BYTES],
		 unsigned char *out);
/* cipher.n - SEAL_TAG_BYTES bytes into out; false: altered, or sealed for another place or key. */
bool key_decrypt(const unsigned char key[KEY_BYTES], const struct key_place *place,
		 struct text nonce, struct text cipher, unsigned char *out) MUST_USE;

/* Begins a transaction unless the caller has one under way (*own false); ends it, undone unless rc is RC_OK. */
enum rc keys_begin(struct keys *k, bool *own, struct err *err) MUST_USE;
enum rc keys_end(struct keys *k, bool own, enum rc rc, struct err *err) MUST_USE;

/* Truncates the log of the file and its free pages after something was deleted; again on the next call if that failed. */
enum rc keys_scrub(struct keys *k, struct err *err) MUST_USE;
/* Notes, in the transaction that deletes, that the file is to be scrubbed. */
enum rc keys_scrub_due(struct keys *k, struct err *err) MUST_USE;

#endif
