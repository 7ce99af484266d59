/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Keys apart from data (trust.md J23, J24): <name>.keys beside the workspace holds the keys of subjects and the seeds of logs, each
 * wrapped (XChaCha20-Poly1305) by a key-encryption key from a file outside the data directory. A copy of the workspace alone, or of
 * both without that file, carries no readable personal text and signs nothing. Also the register of erasures, which a restore replays.
 * Random bytes are the caller's (struct entropy), so that a test can repeat itself.
 */
#ifndef STORE_KEYS_H
#define STORE_KEYS_H

#include "base/uuid.h"
#include "facts/attachment.h"
#include "journal/merkle.h"
#include "journal/note.h"
#include "store/store.h"
#include "time/instant.h"

enum {
	KEY_BYTES = 32,
	NONCE_BYTES = 24,
	SALT_BYTES = 16,
	SEAL_TAG_BYTES = 16,
	PRIVATE_MAX_BYTES = 1 << 20,          /* of a slot that is canonical JSON (J22) */
	SLOT_MAX_BYTES = ATTACHMENT_MAX_BYTES /* of any: what a file's slot may hold */
};

struct entropy {
	void *context;
	void (*fill)(void *context, unsigned char *out,
		     size_t n); /* cannot fail: a machine without random bytes stops */
};

struct keys;

/*
 * What makes or deletes keys needs a file opened for writing. Each call is durable when it returns, unless the caller has a
 * transaction of keys_store() under way: then many subjects cost one sync, to be committed before the entries that name them.
 * keys_erase and keys_seed_drop must stand alone.
 */

/* The file of the key-encryption key: one line "tenor-kek/1 <64 hex digits>\n", mode 0600. kek_make refuses to write over one. */
enum rc kek_make(struct text path, const struct entropy *random, struct err *err) MUST_USE;

/* RC_MISSING names the file that is not there and what it is for; RC_INVALID: another key than this .keys file was wrapped with. */
enum rc keys_create(struct arena *a, struct text path, struct text kek_path,
		    const struct entropy *random, struct keys **out, struct err *err) MUST_USE;
enum rc keys_open(struct arena *a, struct text path, struct text kek_path, enum store_mode mode,
		  const struct entropy *random, struct keys **out, struct err *err) MUST_USE;
void keys_close(struct keys *k);        /* wipes what it held */
bool keys_broken(const struct keys *k); /* store_broken of its file; after keys_close as well */

/* Seeds of signing keys by name ("log/<uuid>", "log/<uuid>/2", "cosign/<name>"); RC_MISSING. One key, one use (J14). */
enum rc keys_seed_make(struct keys *k, struct text name, unsigned char seed[KEY_BYTES],
		       struct err *err) MUST_USE;
enum rc keys_seed(struct keys *k, struct text name, unsigned char seed[KEY_BYTES],
		  struct err *err) MUST_USE;
/*
 * The seed with its public key, which is sealed beside it so that it need not be made for each signature; of a seed that an earlier
 * program kept alone it is made here. Wipe it after use (key_pair_wipe).
 */
enum rc keys_pair(struct keys *k, struct text name, struct key_pair *out, struct err *err) MUST_USE;
enum rc keys_seed_drop(struct keys *k, struct text name, struct err *err) MUST_USE;

/*
 * A secret of at most WRAP_MAX_BYTES that rests in the workspace, sealed by the key-encryption key for one use and one name, such as a
 * second factor's (S6). cipher has room for plain.n + SEAL_TAG_BYTES.
 */
enum { WRAP_MAX_BYTES = 64 };
void keys_wrap(struct keys *k, const char *use, struct text name, struct text plain, unsigned char nonce[NONCE_BYTES],
	       unsigned char *cipher);
/* cipher.n - SEAL_TAG_BYTES bytes into out; RC_INVALID: altered, or of another use, name or key. */
enum rc keys_unwrap(struct keys *k, const char *use, struct text name, struct text nonce, struct text cipher, unsigned char *out,
		    struct err *err) MUST_USE;

/* The subject of a label (a person's name or address as the user writes it; kept only sealed, found by a keyed hash); made if there is
 * none. An empty label always makes a new subject. */
enum rc keys_subject(struct keys *k, struct text label, char subject[19], struct err *err) MUST_USE;
enum rc keys_subject_find(struct keys *k, struct text label, char subject[19], bool *found,
			  struct err *err) MUST_USE;
/* Its label, or empty text; RC_MISSING: erased or never there. */
enum rc keys_subject_label(struct keys *k, struct arena *a, struct text subject, struct text *label,
			   struct err *err) MUST_USE;

/* Associated data of a slot: log, entry, slot, commit (J23). */
struct slot_place {
	struct uuid log, entry;
	struct text slot;
	struct hash commit;
};

/* salt || private bytes, sealed under the subject's key. Takes their length from the arena once: a file may have SLOT_MAX_BYTES. */
enum rc keys_seal(struct keys *k, struct arena *a, struct text subject,
		  const struct slot_place *place, const unsigned char salt[SALT_BYTES],
		  struct text private_bytes, unsigned char nonce[NONCE_BYTES], struct text *cipher,
		  struct err *err) MUST_USE;
/* RC_MISSING: the subject was erased (or is unknown); RC_INVALID: the cipher or its place was altered, or the commit does not fit. */
enum rc keys_open_slot(struct keys *k, struct arena *a, struct text subject,
		       const struct slot_place *place, struct text nonce, struct text cipher,
		       unsigned char salt[SALT_BYTES], struct text *private_bytes,
		       struct err *err) MUST_USE;

/*
 * The key under which words of a subject are hashed to be found by; it follows from the subject's own key and is gone with it. RC_MISSING:
 * erased or never there.
 */
enum { FINDING_KEY_BYTES = 16 };
enum rc keys_finding(struct keys *k, struct text subject, unsigned char out[FINDING_KEY_BYTES],
		     struct err *err) MUST_USE;
/*
 * Those of so many subjects at most, in the order in which the file holds them: a third of the time that asking for each by its name takes,
 * and the file read once in a row. Which ones is not said, and one whose key was altered is left out: who misses one asks keys_finding. The
 * views are good during the call only.
 */
enum rc keys_finding_each(struct keys *k, int64_t most,
			  void (*each)(void *context, struct text subject,
				       const unsigned char key[FINDING_KEY_BYTES]),
			  void *context, struct err *err) MUST_USE;

/* Steps 2, 4 and 5 of J24: deletes the key, enters the register, scrubs the file. Again for one that is erased: nothing to do, RC_OK. */
enum rc keys_erase(struct keys *k, struct text subject, instant at, struct err *err) MUST_USE;
enum rc keys_erased(struct keys *k, struct arena *a, struct text **subjects, size_t *n,
		    struct err *err) MUST_USE;
/* When, for "erased on"; INSTANT_NONE: not erased. */
enum rc keys_erased_at(struct keys *k, struct text subject, instant *at, struct err *err) MUST_USE;
/* Is every key, seed and label readable with this key-encryption key, and no erased subject among them? One line a problem. */
enum rc keys_check(struct keys *k, struct buf *problems, struct err *err) MUST_USE;
/* Does every subject of the list (those of the workspace's slots) have a key, or stand in the register? */
enum rc keys_check_subjects(struct keys *k, const struct text *subjects, size_t n,
			    struct buf *problems, struct err *err) MUST_USE;
struct store *keys_store(struct keys *k); /* for backup: store_copy */

#endif
