/* SPDX-License-Identifier: Apache-2.0 */
/*
 * C2SP signed notes, checkpoints and cosignatures, verifier keys (trust.md J10, J14, J16, J17). Ed25519 by libsodium. Secret keys
 * are given by the caller and never kept here.
 */
#ifndef JOURNAL_NOTE_H
#define JOURNAL_NOTE_H

#include "base/base64.h"
#include "journal/merkle.h"

enum {
	NOTE_MAX_BYTES = 16 << 10,
	NOTE_SIGNATURES_MAX = 16,
	ED25519_PUBLIC = 32,
	ED25519_SEED = 32,
	ED25519_SIGNATURE = 64,
	KEY_ID_BYTES = 4,
	KEY_NAME_MAX = 200,
};

enum key_type { KEY_LOG = 1, KEY_COSIGNER = 4 };

/* A verifier key: "name+keyid+base64(type || public key)". */
struct vkey {
	struct text name;
	unsigned char id[KEY_ID_BYTES];
	enum key_type type;
	unsigned char key[ED25519_PUBLIC];
};

/* Key id = first 4 bytes of SHA-256(name, newline, type, public key). A name has no space, no + and no newline. */
enum rc vkey_make(struct text name, enum key_type type, const unsigned char key[ED25519_PUBLIC],
		  struct vkey *out, struct err *err) MUST_USE;
/* Refuses a key id that does not fit, non-canonical or small-order points, base64 that does not re-encode (J16). Views into line. */
enum rc vkey_parse(struct text line, struct vkey *out, struct err *err) MUST_USE;
/*
 * The same without a look at the point, which takes longer than a signature: for who signs with the seed at hand (note_sign_own tells
 * whether it is the seed's key, and then it is a good one). Never for who verifies.
 */
enum rc vkey_parse_own(struct text line, struct vkey *out, struct err *err) MUST_USE;
void vkey_print(const struct vkey *k, struct buf *out);
bool vkey_eq(const struct vkey *x, const struct vkey *y);
/* The public key of a seed. */
void ed25519_public(const unsigned char seed[ED25519_SEED], unsigned char out[ED25519_PUBLIC]);

/* What signs: the seed with its public key, which only who made them of each other may put together. */
struct key_pair {
	unsigned char seed[ED25519_SEED], public_key[ED25519_PUBLIC];
};

void key_pair_wipe(struct key_pair *p);

struct note_signature {
	struct text name;
	unsigned char id[KEY_ID_BYTES];
	unsigned char bytes
		[8 +
		 ED25519_SIGNATURE]; /* cosignatures begin with their time, 8 bytes big end first */
	size_t n;
	struct text line; /* as it stands, with its newline */
};

struct note {
	struct text text; /* what is signed: up to and with the newline before the blank line */
	struct note_signature signatures[NOTE_SIGNATURES_MAX];
	size_t n;
};

/* Views into bytes. RC_INVALID: no blank line, malformed signature line, more than 16, control characters; RC_LIMIT over 16 KiB. */
enum rc note_parse(struct text bytes, struct note *out, struct err *err) MUST_USE;

struct checkpoint {
	struct text origin;
	int64_t size;
	struct hash root;
};

/* The text of a checkpoint: origin, size, root, one a line (no extension lines). */
void checkpoint_print(const struct checkpoint *c, struct buf *out);
/* J16: leading zeros, sizes above 2^53, size 0 with another root than SHA-256(""), base64 that does not re-encode, extension lines. */
enum rc checkpoint_parse(struct text text, struct checkpoint *out, struct err *err) MUST_USE;

/* Appends "— name base64(id || signature)\n" for the note text. */
void note_sign(const struct vkey *key, const unsigned char seed[ED25519_SEED], struct text text,
	       struct buf *out);
/* The same with a key of vkey_parse_own. False: it is not the key of the pair; nothing is signed, nothing appended. */
bool note_sign_own(const struct vkey *key, const struct key_pair *pair, struct text text,
		   struct buf *out) MUST_USE;
/* J17: the cosignature over "cosignature/v1\ntime <unix seconds>\n" and the text. */
void note_cosign(const struct vkey *key, const unsigned char seed[ED25519_SEED], int64_t unix_s,
		 struct text text, struct buf *out);

/* What one known key says about a note. */
enum note_verdict { NOTE_UNSIGNED, NOTE_SIGNED, NOTE_FORGED };
/* NOTE_SIGNED also sets *unix_s for cosigner keys. A key's name and id both must fit, else the line is another's. */
enum note_verdict note_check(const struct note *n, const struct vkey *key, int64_t *unix_s);

/*
 * A checkpoint under any of the keys: unknown keys are ignored, a known key whose signature fails refuses the note (J10). At least
 * one key of type KEY_LOG named like the origin must have signed. *signers counts the known keys that did.
 */
enum rc checkpoint_open(struct text bytes, const struct vkey *keys, size_t n_keys,
			struct checkpoint *out, size_t *signers, struct err *err) MUST_USE;

/* C2SP tlog-proof: "c2sp.org/tlog-proof@v1", index, hashes, blank line, note (J15). */
struct proof_file {
	int64_t index;
	struct proof proof;
	struct text note;
};

void proof_file_print(int64_t index, const struct proof *p, struct text note, struct buf *out);
enum rc proof_file_parse(struct text bytes, struct proof_file *out, struct err *err) MUST_USE;

#endif
