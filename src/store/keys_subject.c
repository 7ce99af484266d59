/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Subjects of the keys file: their keys and labels, sealing and opening of slots, erasure (trust.md J22 to J24). A label is sealed
 * under its subject's key, so that the one deletion of that key takes it too, and is found by a keyed hash.
 */
#include "store/keys_parts.h"

#include "base/sha256.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

enum {
	SUBJECT_CHARS = 16,     /* after "s_" (J5) */
	LABEL_BYTES_MAX = 4096, /* a line of text of a contract (500 characters) always fits */
	SLOT_NAME_MAX = 48,
	MAC_BYTES = 32,
};

static struct text bytes_of(const unsigned char *p, size_t n)
{
	return (struct text){(const char *)p, n};
}

static bool subject_shaped(struct text t)
{
	bool fits = t.n == 2 + SUBJECT_CHARS && text_starts(t, "s_");

	for (size_t i = 2; i < t.n && fits; i++)
		fits = text_find(text_of("0123456789abcdefghjkmnpqrstvwxyz"), t.p[i], 0) < 32;
	return fits;
}

static enum rc not_there(struct keys *k, struct text subject, struct err *err)
{
	instant at = INSTANT_NONE;
	enum rc rc = keys_erased_at(k, subject, &at, err);
	struct buf b;

	if (rc != RC_OK)
		return rc;
	if (at == INSTANT_NONE)
		return err_set(err, RC_MISSING, "no subject '%.*s' has a key here",
			       TEXT_ARG(subject));
	buf_init(&b, 64);
	instant_print(&b, at);
	rc = err_set(err, RC_MISSING, "'%.*s' was erased on %.*s", TEXT_ARG(subject),
		     TEXT_ARG(text_sub(buf_view(&b), 0, 10)));
	buf_free(&b);
	return rc;
}

static enum rc altered(struct keys *k, struct text subject, const char *what, struct err *err)
{
	return err_set(err, RC_INVALID, "the %s of '%.*s' in %.*s was altered", what,
		       TEXT_ARG(subject), TEXT_ARG(store_path(k->store)));
}

/* The key of a subject; label, if not NULL, is copied into a. */
static enum rc subject_read(struct keys *k, struct text subject, unsigned char key[KEY_BYTES],
			    struct arena *a, struct text *label, struct err *err)
{
	struct key_place place, label_place;
	struct cursor c;
	bool row;
	enum rc rc;

	if (!subject_shaped(subject))
		return err_set(err, RC_INVALID, "'%.*s' is no subject", TEXT_ARG(subject));
	place = key_place("subject", subject);
	label_place = key_place("label", subject);
	rc = store_one(k->store, SQL_SUBJECT, &BIND_T(subject), 1, &c, &row, err);
	if (rc != RC_OK)
		return rc;
	if (!row) {
		cursor_close(&c);
		return not_there(k, subject, err);
	}
	if (cursor_text(&c, 1).n != WRAPPED_BYTES ||
	    !key_decrypt(k->secrets->kek, &place, cursor_text(&c, 0), cursor_text(&c, 1), key)) {
		rc = altered(k, subject, "key", err);
	} else if (label != NULL && !cursor_is_null(&c, 3)) {
		size_t n = cursor_text(&c, 3).n;
		unsigned char *plain = arena_alloc(a, n + 1);

		if (!key_decrypt(key, &label_place, cursor_text(&c, 2), cursor_text(&c, 3), plain))
			rc = altered(k, subject, "label", err);
		else
			*label = bytes_of(plain, n - SEAL_TAG_BYTES);
	}
	cursor_close(&c);
	return rc;
}

/* --- labels --- */

static void label_mac(const struct keys *k, struct text label, unsigned char mac[MAC_BYTES])
{
	(void)crypto_generichash(mac, MAC_BYTES, (const unsigned char *)label.p, label.n,
				 k->secrets->lookup, KEY_BYTES);
}

static enum rc label_check(struct text label, struct err *err)
{
	if (label.n <= LABEL_BYTES_MAX)
		return RC_OK;
	return err_set(err, RC_LIMIT, "a label has at most %d bytes", LABEL_BYTES_MAX);
}

static enum rc find(struct keys *k, const unsigned char mac[MAC_BYTES], char subject[19],
		    bool *found, struct err *err)
{
	struct bind bind = BIND_B(bytes_of(mac, MAC_BYTES));
	struct cursor c;
	enum rc rc = store_one(k->store, SQL_SUBJECT_OF_LABEL, &bind, 1, &c, found, err);

	if (rc != RC_OK)
		return rc;
	if (*found && !subject_shaped(cursor_text(&c, 0)))
		rc = err_set(err, RC_INVALID, "a subject in %.*s was altered",
			     TEXT_ARG(store_path(k->store)));
	else if (*found)
		(void)snprintf(subject, 19, "%.*s", TEXT_ARG(cursor_text(&c, 0)));
	cursor_close(&c);
	return rc;
}

enum rc keys_subject_find(struct keys *k, struct text label, char subject[19], bool *found,
			  struct err *err)
{
	unsigned char mac[MAC_BYTES];
	enum rc rc = label_check(label, err);

	if (rc != RC_OK)
		return rc;
	if (label.n == 0) {
		*found = false;
		return RC_OK;
	}
	label_mac(k, label, mac);
	return find(k, mac, subject, found, err);
}

static void subject_name(const struct keys *k, char subject[19])
{
	static const char digits[] = "0123456789abcdefghjkmnpqrstvwxyz";
	unsigned char random[SUBJECT_CHARS];

	k->random.fill(k->random.context, random, sizeof(random));
	memcpy(subject, "s_", 2);
	for (size_t i = 0; i < SUBJECT_CHARS; i++)
		subject[2 + i] = digits[random[i] & 31u];
	subject[2 + SUBJECT_CHARS] = '\0';
}

static enum rc subject_add(struct keys *k, const char subject[19], struct text label,
			   const unsigned char mac[MAC_BYTES], struct err *err)
{
	struct text name = text_of(subject);
	struct key_place place = key_place("subject", name), label_place = key_place("label", name);
	unsigned char key[KEY_BYTES], nonce[NONCE_BYTES], cipher[WRAPPED_BYTES],
		label_nonce[NONCE_BYTES], label_cipher[LABEL_BYTES_MAX + SEAL_TAG_BYTES];
	struct bind binds[] = {BIND_T(name),
			       BIND_B(bytes_of(nonce, sizeof(nonce))),
			       BIND_B(bytes_of(cipher, sizeof(cipher))),
			       BIND_NOTHING,
			       BIND_NOTHING,
			       BIND_NOTHING};

	k->random.fill(k->random.context, key, sizeof(key));
	key_encrypt(k, k->secrets->kek, &place, bytes_of(key, sizeof(key)), nonce, cipher);
	if (label.n > 0) {
		key_encrypt(k, key, &label_place, label, label_nonce, label_cipher);
		binds[3] = BIND_B(bytes_of(mac, MAC_BYTES));
		binds[4] = BIND_B(bytes_of(label_nonce, sizeof(label_nonce)));
		binds[5] = BIND_B(bytes_of(label_cipher, label.n + SEAL_TAG_BYTES));
	}
	sodium_memzero(key, sizeof(key));
	return store_run(k->store, SQL_SUBJECT_ADD, binds, ARRAY_SIZE(binds), NULL, err);
}

enum rc keys_subject(struct keys *k, struct text label, char subject[19], struct err *err)
{
	unsigned char mac[MAC_BYTES] = {0};
	char name[19];
	bool found = false, own = false;
	enum rc rc = keys_subject_find(k, label, name, &found, err);

	if (rc == RC_OK && !found)
		rc = keys_begin(k, &own, err);
	if (rc != RC_OK)
		return rc;
	if (!found) {
		/* Again, now that nobody else writes. */
		if (label.n > 0) {
			label_mac(k, label, mac);
			rc = find(k, mac, name, &found, err);
		}
		if (rc == RC_OK && !found) {
			subject_name(k, name);
			rc = subject_add(k, name, label, mac, err);
		}
		rc = keys_end(k, own, rc, err);
	}
	if (rc == RC_OK)
		memcpy(subject, name, sizeof(name));
	return rc;
}

enum rc keys_subject_label(struct keys *k, struct arena *a, struct text subject, struct text *label,
			   struct err *err)
{
	unsigned char key[KEY_BYTES];
	struct text found = {"", 0};
	enum rc rc = subject_read(k, subject, key, a, &found, err);

	sodium_memzero(key, sizeof(key));
	if (rc == RC_OK)
		*label = found;
	return rc;
}

static void finding_key(const unsigned char key[KEY_BYTES], unsigned char out[FINDING_KEY_BYTES])
{
	static const unsigned char use[] = "tenor/finding/1";

	(void)crypto_generichash(out, FINDING_KEY_BYTES, use, sizeof(use) - 1, key, KEY_BYTES);
}

enum rc keys_finding(struct keys *k, struct text subject, unsigned char out[FINDING_KEY_BYTES],
		     struct err *err)
{
	unsigned char key[KEY_BYTES];
	enum rc rc = subject_read(k, subject, key, NULL, NULL, err);

	if (rc == RC_OK)
		finding_key(key, out);
	sodium_memzero(key, sizeof(key));
	return rc;
}

enum rc keys_finding_each(struct keys *k, int64_t most,
			  void (*each)(void *context, struct text subject,
				       const unsigned char key[FINDING_KEY_BYTES]),
			  void *context, struct err *err)
{
	unsigned char key[KEY_BYTES], finding[FINDING_KEY_BYTES];
	struct cursor c;
	bool row = false;
	enum rc rc = store_query(k->store, SQL_SUBJECT_KEYS, NULL, 0, &c, err);

	for (; most > 0 && rc == RC_OK && (rc = store_next(&c, &row, err)) == RC_OK && row;
	     most--) {
		struct text subject = cursor_text(&c, 0);
		struct key_place place;

		if (!subject_shaped(subject) || cursor_text(&c, 2).n != WRAPPED_BYTES)
			continue;
		place = key_place("subject", subject);
		if (!key_decrypt(k->secrets->kek, &place, cursor_text(&c, 1), cursor_text(&c, 2),
				 key))
			continue;
		finding_key(key, finding);
		each(context, subject, finding);
	}
	cursor_close(&c);
	sodium_memzero(key, sizeof(key));
	sodium_memzero(finding, sizeof(finding));
	return rc;
}

/* --- slots --- */

/* Log, entry, slot, commit (J23): only the slot's name varies in length, so no two places give the same bytes. */
static struct key_place slot_bytes(const struct slot_place *p)
{
	struct key_place x = {.n = 0};

	memcpy(x.b, p->log.b, sizeof(p->log.b));
	x.n = sizeof(p->log.b);
	memcpy(x.b + x.n, p->entry.b, sizeof(p->entry.b));
	x.n += sizeof(p->entry.b);
	memcpy(x.b + x.n, p->slot.p, p->slot.n);
	x.n += p->slot.n;
	memcpy(x.b + x.n, p->commit.b, sizeof(p->commit.b));
	x.n += sizeof(p->commit.b);
	return x;
}

static enum rc place_check(const struct slot_place *p, struct err *err)
{
	if (p->slot.n > 0 && p->slot.n <= SLOT_NAME_MAX)
		return RC_OK;
	return err_set(err, RC_INVALID, "'%.*s' is no name of a slot",
		       (int)(p->slot.n <= SLOT_NAME_MAX ? p->slot.n : SLOT_NAME_MAX), p->slot.p);
}

static enum rc slot_wrong(const struct slot_place *p, const char *what, struct err *err)
{
	char entry[UUID_TEXT + 1];

	uuid_text(&p->entry, entry);
	return err_set(err, RC_INVALID, "slot '%.*s' of entry %s: %s", TEXT_ARG(p->slot), entry,
		       what);
}

static bool commit_fits(const struct slot_place *p, struct text salted)
{
	unsigned char hash[SHA256_BYTES];

	sha256(salted, hash);
	return memcmp(hash, p->commit.b, sizeof(hash)) == 0;
}

enum rc keys_seal(struct keys *k, struct arena *a, struct text subject,
		  const struct slot_place *place, const unsigned char salt[SALT_BYTES],
		  struct text private_bytes, unsigned char nonce[NONCE_BYTES], struct text *cipher,
		  struct err *err)
{
	unsigned char key[KEY_BYTES], *bytes;
	size_t n = SALT_BYTES + private_bytes.n;
	enum rc rc = place_check(place, err);

	if (rc != RC_OK)
		return rc;
	if (private_bytes.n > SLOT_MAX_BYTES)
		return err_set(err, RC_LIMIT, "private bytes are %zu; the limit is %d",
			       private_bytes.n, SLOT_MAX_BYTES);
	rc = subject_read(k, subject, key, NULL, NULL, err);
	if (rc != RC_OK)
		return rc;
	bytes = arena_alloc(a, n + SEAL_TAG_BYTES);
	memcpy(bytes, salt, SALT_BYTES);
	if (private_bytes.n > 0)
		memcpy(bytes + SALT_BYTES, private_bytes.p, private_bytes.n);
	/* What cannot be opened again is not sealed. */
	if (commit_fits(place, bytes_of(bytes, n))) {
		struct key_place where = slot_bytes(place);

		/* in its place: what was readable is overwritten */
		key_encrypt(k, key, &where, bytes_of(bytes, n), nonce, bytes);
		*cipher = bytes_of(bytes, n + SEAL_TAG_BYTES);
	} else {
		sodium_memzero(bytes, n);
		rc = slot_wrong(place, "the commitment does not fit its salt and bytes", err);
	}
	sodium_memzero(key, sizeof(key));
	return rc;
}

enum rc keys_open_slot(struct keys *k, struct arena *a, struct text subject,
		       const struct slot_place *place, struct text nonce, struct text cipher,
		       unsigned char salt[SALT_BYTES], struct text *private_bytes, struct err *err)
{
	unsigned char key[KEY_BYTES], *plain;
	struct key_place where;
	enum rc rc = place_check(place, err);

	if (rc == RC_OK && nonce.n != NONCE_BYTES)
		rc = slot_wrong(place, "its nonce has not 24 bytes", err);
	if (rc == RC_OK && (cipher.n < SALT_BYTES + SEAL_TAG_BYTES ||
			    cipher.n > SALT_BYTES + SEAL_TAG_BYTES + SLOT_MAX_BYTES))
		rc = slot_wrong(place, "its cipher has a length that cannot be", err);
	if (rc == RC_OK)
		rc = subject_read(k, subject, key, NULL, NULL, err);
	if (rc != RC_OK)
		return rc;
	where = slot_bytes(place);
	plain = arena_alloc(a, cipher.n);
	/* The cipher cannot tell which of them it was: each is part of what is authenticated. */
	if (!key_decrypt(key, &where, nonce, cipher, plain))
		rc = slot_wrong(
			place,
			"cipher, nonce, commitment or subject was altered, or it belongs to "
			"another entry",
			err);
	else if (!commit_fits(place, bytes_of(plain, cipher.n - SEAL_TAG_BYTES)))
		rc = slot_wrong(place, "its bytes are not those that the entry is committed to",
				err);
	sodium_memzero(key, sizeof(key));
	if (rc != RC_OK)
		return rc;
	memcpy(salt, plain, SALT_BYTES);
	*private_bytes = bytes_of(plain + SALT_BYTES, cipher.n - SEAL_TAG_BYTES - SALT_BYTES);
	return RC_OK;
}

/* --- erasure --- */

enum rc keys_erase(struct keys *k, struct text subject, instant at, struct err *err)
{
	const struct bind enter[] = {BIND_T(subject), BIND_I(at)};
	instant before = INSTANT_NONE;
	int64_t deleted = 0;
	enum rc rc;

	if (!subject_shaped(subject))
		return err_set(err, RC_INVALID, "'%.*s' is no subject", TEXT_ARG(subject));
	rc = store_begin(k->store, err);
	if (rc != RC_OK)
		return rc;
	rc = keys_erased_at(k, subject, &before, err);
	if (rc == RC_OK)
		rc = store_run(k->store, SQL_SUBJECT_DROP, &BIND_T(subject), 1, &deleted, err);
	/* Also for one that has no key here: the register of an older copy knows less (J24). */
	if (rc == RC_OK && before == INSTANT_NONE)
		rc = store_run(k->store, SQL_ERASED_ADD, enter, ARRAY_SIZE(enter), NULL, err);
	if (rc == RC_OK && deleted > 0)
		rc = keys_scrub_due(k, err);
	rc = keys_end(k, true, rc, err);
	/* Also what an interrupted erasure left. */
	return rc == RC_OK ? keys_scrub(k, err) : rc;
}

enum rc keys_erased(struct keys *k, struct arena *a, struct text **subjects, size_t *n,
		    struct err *err)
{
	struct text *v = NULL;
	size_t count = 0, cap = 0;
	struct cursor c;
	bool row = true;
	enum rc rc = store_query(k->store, SQL_ERASED, NULL, 0, &c, err);

	while (rc == RC_OK) {
		rc = store_next(&c, &row, err);
		if (rc != RC_OK || !row)
			break;
		v = arena_grow(a, v, count, &cap, sizeof(*v));
		v[count++] = cursor_copy(&c, 0, a);
	}
	cursor_close(&c);
	if (rc != RC_OK)
		return rc;
	*subjects = v;
	*n = count;
	return RC_OK;
}

enum rc keys_erased_at(struct keys *k, struct text subject, instant *at, struct err *err)
{
	struct cursor c;
	bool row;
	enum rc rc = store_one(k->store, SQL_ERASED_AT, &BIND_T(subject), 1, &c, &row, err);

	if (rc != RC_OK)
		return rc;
	*at = row ? cursor_int(&c, 0) : INSTANT_NONE;
	cursor_close(&c);
	return RC_OK;
}

/* --- checking --- */

/* Runs a statement whose first column names something, and checks each after the cursor is closed. */
static enum rc check_each(struct keys *k, enum statement q,
			  enum rc (*check)(struct keys *k, struct arena *a, struct text name,
					   struct err *err),
			  struct buf *problems, struct err *err)
{
	struct arena *a = arena_new((size_t)1 << 28);
	struct text *names = NULL;
	size_t n = 0, cap = 0;
	struct cursor c;
	bool row = true;
	enum rc rc = store_query(k->store, q, NULL, 0, &c, err);

	while (rc == RC_OK) {
		rc = store_next(&c, &row, err);
		if (rc != RC_OK || !row)
			break;
		names = arena_grow(a, names, n, &cap, sizeof(*names));
		names[n++] = cursor_copy(&c, 0, a);
	}
	cursor_close(&c);
	for (size_t i = 0; i < n && rc == RC_OK; i++) {
		struct err wrong = {.line = 0};

		rc = check(k, a, names[i], &wrong);
		if (rc == RC_INVALID || rc == RC_MISSING) {
			buf_printf(problems, "%s\n", wrong.message);
			rc = RC_OK;
		} else if (rc != RC_OK) {
			*err = wrong;
		}
	}
	arena_free(a);
	return rc;
}

static enum rc check_seed(struct keys *k, struct arena *a, struct text name, struct err *err)
{
	unsigned char public_key[KEY_BYTES];
	struct key_pair pair;
	enum rc rc;

	(void)a;
	/* The key of the labels was opened with the file. */
	if (text_starts(name, "-"))
		return RC_OK;
	rc = keys_pair(k, name, &pair, err);
	if (rc != RC_OK)
		return rc;
	ed25519_public(pair.seed, public_key);
	if (memcmp(public_key, pair.public_key, sizeof(public_key)) != 0)
		rc = err_set(err, RC_INVALID,
			     "the public key beside the seed '%.*s' in %.*s is another's",
			     TEXT_ARG(name), TEXT_ARG(store_path(k->store)));
	key_pair_wipe(&pair);
	return rc;
}

static enum rc check_subject(struct keys *k, struct arena *a, struct text subject, struct err *err)
{
	unsigned char mac[MAC_BYTES];
	struct text label = {"", 0};
	char found[19] = "";
	instant at = INSTANT_NONE;
	bool is_found = false;
	enum rc rc = keys_subject_label(k, a, subject, &label, err);

	if (rc == RC_OK)
		rc = keys_erased_at(k, subject, &at, err);
	if (rc == RC_OK && at != INSTANT_NONE)
		return err_set(err, RC_INVALID,
			       "'%.*s' stands in the register of erasures and has a key",
			       TEXT_ARG(subject));
	if (rc != RC_OK || label.n == 0)
		return rc;
	label_mac(k, label, mac);
	rc = find(k, mac, found, &is_found, err);
	if (rc == RC_OK && (!is_found || !text_is(subject, found)))
		rc = altered(k, subject, "hash of the label", err);
	return rc;
}

enum rc keys_check(struct keys *k, struct buf *problems, struct err *err)
{
	enum rc rc = check_each(k, SQL_SEEDS, check_seed, problems, err);

	return rc == RC_OK ? check_each(k, SQL_SUBJECTS, check_subject, problems, err) : rc;
}

enum rc keys_check_subjects(struct keys *k, const struct text *subjects, size_t n,
			    struct buf *problems, struct err *err)
{
	for (size_t i = 0; i < n; i++) {
		unsigned char key[KEY_BYTES];
		struct err wrong = {.line = 0};
		instant at = INSTANT_NONE;
		enum rc rc = keys_erased_at(k, subjects[i], &at, err);

		if (rc != RC_OK)
			return rc;
		if (at != INSTANT_NONE)
			continue;
		rc = subject_read(k, subjects[i], key, NULL, NULL, &wrong);
		sodium_memzero(key, sizeof(key));
		if (rc == RC_INVALID || rc == RC_MISSING) {
			buf_printf(problems, "%s\n", wrong.message);
		} else if (rc != RC_OK) {
			*err = wrong;
			return rc;
		}
	}
	return RC_OK;
}
