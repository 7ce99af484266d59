/* SPDX-License-Identifier: Apache-2.0 */
/* The keys file (trust.md J22 to J24): what opens, what is refused and how it is named, and that what was erased is gone. */
#include "store/keys_parts.h"

#include "base/base64.h"

#include "tap.h"

#include <dirent.h>
#include <sodium.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* --- a folder, random bytes that a seed repeats --- */

static char folder[64];
static struct arena *arena;
static uint64_t state;

static void fill(void *context, unsigned char *out, size_t n)
{
	uint64_t *s = context;

	for (size_t i = 0; i < n; i++) {
		*s ^= (*s & UINT64_C(0x0007ffffffffffff)) << 13;
		*s ^= *s >> 7;
		*s ^= (*s & UINT64_C(0x00007fffffffffff)) << 17;
		out[i] = (unsigned char)(*s >> 32 & 255);
	}
}

static const struct entropy entropy = {&state, fill};

static struct text path(const char *name)
{
	return text_format(arena, "%s/%s", folder, name);
}

static void file_put(struct text name, const char *bytes, mode_t mode)
{
	FILE *f = fopen(name.p, "wb");

	if (f == NULL || fputs(bytes, f) < 0 || fclose(f) != 0 || chmod(name.p, mode) != 0)
		ok(false, "cannot write %s", name.p);
}

static struct text file_get(struct text name)
{
	struct buf b;
	FILE *f = fopen(name.p, "rb");
	struct text t = {"", 0};

	if (f == NULL)
		return t;
	buf_init(&b, (size_t)1 << 26);
	for (int c = fgetc(f); c != EOF; c = fgetc(f))
		buf_char(&b, (char)c);
	(void)fclose(f);
	t = text_copy(arena, buf_view(&b));
	buf_free(&b);
	return t;
}

/* rc, and a message and hint that say so. */
static void refused(enum rc got, enum rc want, const struct err *err, const char *says,
		    const char *what)
{
	struct buf b;

	buf_init(&b, 4096);
	err_print(err, &b);
	ok(got == want && text_has(buf_view(&b), text_of(says)), "%s: refused", what);
	if (got != want || !text_has(buf_view(&b), text_of(says)))
		note("got %d, want %d with \"%s\": %.*s", (int)got, (int)want, says,
		     TEXT_ARG(buf_view(&b)));
	buf_free(&b);
}

static bool done(enum rc rc, const struct err *err, const char *what)
{
	if (!ok(rc == RC_OK, "%s", what))
		note("%s; %s", err->message, err->hint);
	return rc == RC_OK;
}

static struct keys *open_keys(const char *name, const char *kek, enum store_mode mode)
{
	struct keys *k = NULL;
	struct err err = {.line = 0};
	enum rc rc = keys_open(arena, path(name), path(kek), mode, &entropy, &k, &err);

	if (rc != RC_OK)
		ok(false, "open %s: %s", name, err.message);
	return k;
}

static struct keys *new_keys(const char *name)
{
	struct keys *k = NULL;
	struct err err = {.line = 0};
	enum rc rc = keys_create(arena, path(name), path("kek"), &entropy, &k, &err);

	if (rc != RC_OK) {
		printf("Bail out! cannot make %s: %s\n", name, err.message);
		exit(1);
	}
	return k;
}

/* --- the key-encryption key --- */

static void kek_file(void)
{
	struct err err = {.line = 0};
	struct stat st;

	done(kek_make(path("kek"), &entropy, &err), &err, "a key-encryption key is made");
	struct text bytes = file_get(path("kek"));

	is_i64((int64_t)bytes.n, 77, "one line of 77 bytes");
	ok(text_starts(bytes, "tenor-kek/1 ") && text_ends(bytes, "\n"), "that says what it is");
	ok(stat(path("kek").p, &st) == 0 && (st.st_mode & 0777) == 0600, "mode 0600");
	refused(kek_make(path("kek"), &entropy, &err), RC_INVALID, &err,
		"is there already: a key is never written over", "made twice");
	ok(text_eq(bytes, file_get(path("kek"))), "and it is as it was");
	done(kek_make(path("other-kek"), &entropy, &err), &err, "another one");
	ok(!text_eq(bytes, file_get(path("other-kek"))), "is another one");
	refused(kek_make(path("none/kek"), &entropy, &err), RC_IO, &err, "cannot be made",
		"in no directory");
}

static void kek_refused(void)
{
	static const struct {
		const char *bytes, *says;
		mode_t mode;
	} cases[] = {
		{"", "is no file of a key-encryption key", 0600},
		{"tenor-kek/1 00\n", "tenor-kek/1 and 64 hex digits", 0600},
		{"tenor-kek/2 0000000000000000000000000000000000000000000000000000000000000000\n",
		 "is no file of", 0600},
		{"tenor-kek/1 000000000000000000000000000000000000000000000000000000000000000G\n",
		 "is no file of", 0600},
		{"tenor-kek/1 0000000000000000000000000000000000000000000000000000000000000000 ",
		 "is no file of", 0600},
		{"tenor-kek/1 0000000000000000000000000000000000000000000000000000000000000000\n\n",
		 "is no file of", 0600},
		{"tenor-kek/1 0000000000000000000000000000000000000000000000000000000000000000\n",
		 "chmod 600", 0640},
		{"tenor-kek/1 0000000000000000000000000000000000000000000000000000000000000000\n",
		 "can be read by others than its owner (mode 604)", 0604},
	};
	struct keys *k = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct err err = {.line = 0};

		file_put(path("bad-kek"), cases[i].bytes, cases[i].mode);
		refused(keys_create(arena, path("never.keys"), path("bad-kek"), &entropy, &k, &err),
			RC_INVALID, &err, cases[i].says, text_format(arena, "key file %zu", i).p);
	}
	struct err err = {.line = 0};

	refused(keys_create(arena, path("never.keys"), path("no-kek"), &entropy, &k, &err),
		RC_MISSING, &err, "there is no such file of the key-encryption key", "no key");
	refused(keys_create(arena, path("never.keys"), text_of(folder), &entropy, &k, &err),
		RC_INVALID, &err, "is", "a directory");
	ok(access(path("never.keys").p, F_OK) != 0, "and no keys file was begun");
	ok(k == NULL, "no keys come of it");
}

static void wrong_kek(void)
{
	struct keys *k = new_keys("a.keys"), *other = NULL;
	struct err err = {.line = 0};

	keys_close(k);
	refused(keys_open(arena, path("a.keys"), path("other-kek"), STORE_WRITE, &entropy, &other,
			  &err),
		RC_INVALID, &err, "is not the key-encryption key of", "another key");
	refused(keys_open(arena, path("b.keys"), path("kek"), STORE_WRITE, &entropy, &other, &err),
		RC_MISSING, &err, "b.keys", "no keys file");
	refused(keys_create(arena, path("a.keys"), path("kek"), &entropy, &other, &err), RC_INVALID,
		&err, "a.keys", "a keys file made twice");
	ok(other == NULL, "no keys come of it");
	keys_close(open_keys("a.keys", "kek", STORE_READ));
	struct stat st;

	ok(stat(path("a.keys").p, &st) == 0 && (st.st_mode & 0777) == 0600, "mode 0600");
}

/* --- seeds --- */

static void seeds(void)
{
	struct keys *k = new_keys("seeds.keys");
	unsigned char one[KEY_BYTES] = {0}, two[KEY_BYTES] = {0}, again[KEY_BYTES] = {0},
		      zero[KEY_BYTES] = {0};
	struct err err = {.line = 0};

	done(keys_seed_make(k, text_of("log/1"), one, &err), &err, "a seed");
	done(keys_seed_make(k, text_of("log/2"), two, &err), &err, "another seed");
	ok(memcmp(one, two, KEY_BYTES) != 0 && memcmp(one, zero, KEY_BYTES) != 0, "two seeds");
	refused(keys_seed_make(k, text_of("log/1"), again, &err), RC_INVALID, &err,
		"there is a key 'log/1' already", "the same name");
	ok(memcmp(again, zero, KEY_BYTES) == 0, "and nothing was given");
	refused(keys_seed_make(k, text_of("-lookup"), again, &err), RC_INVALID, &err,
		"is no name of a key", "a name of ours");
	refused(keys_seed(k, text_of("-lookup"), again, &err), RC_INVALID, &err,
		"is no name of a key", "nor read by it");
	refused(keys_seed(k, text_of("log/3"), again, &err), RC_MISSING, &err,
		"there is no key 'log/3'", "no such seed");
	keys_close(k);
	k = open_keys("seeds.keys", "kek", STORE_WRITE);
	done(keys_seed(k, text_of("log/1"), again, &err), &err, "read back");
	ok(memcmp(again, one, KEY_BYTES) == 0, "the same");
	ok(!text_has(file_get(path("seeds.keys")), (struct text){(const char *)one, KEY_BYTES}),
	   "and not in the file as it is");
	done(keys_seed_drop(k, text_of("log/1"), &err), &err, "dropped");
	refused(keys_seed(k, text_of("log/1"), again, &err), RC_MISSING, &err, "there is no key",
		"after that");
	refused(keys_seed_drop(k, text_of("log/1"), &err), RC_MISSING, &err, "there is no key",
		"dropped twice");
	keys_close(k);
}

/* A row as it is kept: `use` says what was sealed. */
static void row_put(struct keys *k, const char *use, const char *name, const unsigned char *plain,
		    size_t n)
{
	struct key_place place = key_place(use, text_of(name));
	unsigned char nonce[NONCE_BYTES], cipher[WRAPPED_PAIR_BYTES];
	struct err err = {.line = 0};
	enum rc rc = store_begin(keys_store(k), &err);

	key_encrypt(k, k->secrets->kek, &place, (struct text){(const char *)plain, n}, nonce,
		    cipher);

	const struct bind binds[] = {
		BIND_T(text_of(name)), BIND_B(((struct text){(const char *)nonce, sizeof(nonce)})),
		BIND_B(((struct text){(const char *)cipher, n + SEAL_TAG_BYTES}))};

	if (rc == RC_OK)
		rc = store_run(keys_store(k), SQL_SEED_ADD, binds, ARRAY_SIZE(binds), NULL, &err);
	if (rc == RC_OK)
		rc = store_commit(keys_store(k), &err);
	done(rc, &err, name);
}

/* The public key is sealed beside its seed; a seed that was kept alone, as files had it at first, gives it as well. */
static void pairs(void)
{
	struct keys *k = new_keys("pairs.keys");
	unsigned char both[2 * KEY_BYTES], public_key[KEY_BYTES] = {0}, seed[KEY_BYTES] = {0};
	struct key_pair pair = {{0}, {0}};
	struct err err = {.line = 0};
	struct buf problems;

	buf_init(&problems, 1 << 16);
	done(keys_seed_make(k, text_of("log/new"), seed, &err), &err, "a seed is made");
	ed25519_public(seed, public_key);
	done(keys_pair(k, text_of("log/new"), &pair, &err), &err, "its pair");
	ok(memcmp(pair.seed, seed, KEY_BYTES) == 0 &&
		   memcmp(pair.public_key, public_key, KEY_BYTES) == 0,
	   "is the seed and its public key");
	row_put(k, "seed", "log/old", seed, KEY_BYTES);
	memset(&pair, 0, sizeof(pair));
	done(keys_pair(k, text_of("log/old"), &pair, &err), &err, "of a seed that was kept alone");
	ok(memcmp(pair.seed, seed, KEY_BYTES) == 0 &&
		   memcmp(pair.public_key, public_key, KEY_BYTES) == 0,
	   "it is the same");
	done(keys_check(k, &problems, &err), &err, "a check of both");
	is_text(buf_view(&problems), "", "finds nothing");
	memcpy(both, seed, KEY_BYTES);
	memcpy(both + KEY_BYTES, public_key, KEY_BYTES);
	row_put(k, "seed", "log/wrong use", both, sizeof(both));
	refused(keys_pair(k, text_of("log/wrong use"), &pair, &err), RC_INVALID, &err,
		"the key 'log/wrong use' in", "a pair that was sealed as a seed");
	row_put(k, "pair", "log/half", both, KEY_BYTES);
	refused(keys_pair(k, text_of("log/half"), &pair, &err), RC_INVALID, &err,
		"the key 'log/half' in", "a seed that was sealed as a pair");
	both[KEY_BYTES] ^= 1;
	row_put(k, "pair", "log/other", both, sizeof(both));
	done(keys_check(k, &problems, &err), &err, "a check where halves do not belong together");
	ok(text_has(buf_view(&problems), text_of("the public key beside the seed 'log/other'")),
	   "names the one");
	buf_free(&problems);
	keys_close(k);
}

/* --- subjects --- */

static void subjects(void)
{
	struct keys *k = new_keys("subjects.keys");
	char ana[19] = "", again[19] = "", bo[19] = "", nobody[19] = "", nobody2[19] = "";
	struct err err = {.line = 0};
	struct text label = {"", 0};
	bool found = true;

	done(keys_subject_find(k, text_of("ana@client.example"), again, &found, &err), &err,
	     "looked for");
	ok(!found, "there is none yet");
	done(keys_subject(k, text_of("ana@client.example"), ana, &err), &err, "a subject");
	is_i64((int64_t)strlen(ana), 18, "has a name of 18 characters: %s", ana);
	done(keys_subject(k, text_of("ana@client.example"), again, &err), &err, "the same label");
	is_text(text_of(again), ana, "is the same subject");
	done(keys_subject(k, text_of("bo@client.example"), bo, &err), &err, "another label");
	ok(strcmp(ana, bo) != 0, "is another subject");
	done(keys_subject(k, text_of(""), nobody, &err), &err, "no label");
	done(keys_subject(k, text_of(""), nobody2, &err), &err, "no label again");
	ok(strcmp(nobody, nobody2) != 0, "is a new subject each time");
	keys_close(k);

	k = open_keys("subjects.keys", "kek", STORE_READ);
	done(keys_subject_find(k, text_of("ana@client.example"), again, &found, &err), &err,
	     "found in another run");
	ok(found && strcmp(again, ana) == 0, "the same");
	done(keys_subject_label(k, arena, text_of(ana), &label, &err), &err, "its label");
	is_text(label, "ana@client.example", "as it was given");
	done(keys_subject_label(k, arena, text_of(nobody), &label, &err), &err, "one without");
	is_text(label, "", "has none");
	refused(keys_subject_label(k, arena, text_of("s_0000000000000000"), &label, &err),
		RC_MISSING, &err, "no subject 's_0000000000000000' has a key here", "unknown");
	refused(keys_subject_label(k, arena, text_of("s_ilou000000000000"), &label, &err),
		RC_INVALID, &err, "is no subject", "no subject at all");
	keys_close(k);
	ok(!text_has(file_get(path("subjects.keys")), text_of("client.example")),
	   "the file has no label");
}

/* Many in one transaction: none is there if it is undone, all if it is not. */
static void together(void)
{
	struct keys *k = new_keys("together.keys");
	char name[19];
	bool found = true;
	struct err err = {.line = 0};
	unsigned char seed[KEY_BYTES];
	enum rc rc = store_begin(keys_store(k), &err);

	for (int i = 0; i < 20 && rc == RC_OK; i++)
		rc = keys_subject(k, text_format(arena, "label %d", i), name, &err);
	if (rc == RC_OK)
		rc = keys_seed_make(k, text_of("x"), seed, &err);
	done(rc, &err, "twenty subjects and a seed in one transaction");
	store_rollback(keys_store(k));
	done(keys_subject_find(k, text_of("label 3"), name, &found, &err), &err,
	     "after it is undone");
	ok(!found, "none is there");
	rc = store_begin(keys_store(k), &err);
	for (int i = 0; i < 20 && rc == RC_OK; i++)
		rc = keys_subject(k, text_format(arena, "label %d", i), name, &err);
	if (rc == RC_OK)
		rc = store_commit(keys_store(k), &err);
	done(rc, &err, "again, and committed");
	keys_close(k);
	k = open_keys("together.keys", "kek", STORE_READ);
	done(keys_subject_find(k, text_of("label 3"), name, &found, &err), &err, "after that");
	ok(found, "it is there");
	keys_close(k);
}

/* --- slots --- */

struct sealed {
	char subject[19], other[19];
	struct slot_place place;
	unsigned char salt[SALT_BYTES], nonce[NONCE_BYTES];
	struct text bytes, cipher;
};

static struct hash commit_of(const unsigned char salt[SALT_BYTES], struct text bytes)
{
	unsigned char *p = arena_alloc(arena, SALT_BYTES + bytes.n);
	struct hash h;

	memcpy(p, salt, SALT_BYTES);
	memcpy(p + SALT_BYTES, bytes.p, bytes.n);
	sha256((struct text){(const char *)p, SALT_BYTES + bytes.n}, h.b);
	return h;
}

/* The private bytes and the commitment of trust.md 2.4. */
static struct sealed seal(struct keys *k)
{
	struct sealed s = {
		.bytes =
			text_of("{\"from\":\"Ana Ruiz\",\"text\":\"Printer on floor 2 is dead\"}")};
	struct err err = {.line = 0};
	bool parsed = uuid_parse(text_of("019ca6b1-dc00-7000-8000-000000000001"), &s.place.log) &&
		      uuid_parse(text_of("019cadab-2340-7002-8000-000000000002"), &s.place.entry);

	for (unsigned i = 0; i < SALT_BYTES; i++)
		s.salt[i] = (unsigned char)i;
	s.place.slot = text_of("text");
	s.place.commit = commit_of(s.salt, s.bytes);
	enum rc rc = keys_subject(k, text_of("Ana Ruiz"), s.subject, &err);

	if (rc == RC_OK)
		rc = keys_subject(k, text_of("Bo"), s.other, &err);
	if (rc == RC_OK)
		rc = keys_seal(k, arena, text_of(s.subject), &s.place, s.salt, s.bytes, s.nonce,
			       &s.cipher, &err);
	ok(parsed, "the ids");
	done(rc, &err, "a slot is sealed");
	return s;
}

static struct text nonce_of(const struct sealed *s)
{
	return (struct text){(const char *)s->nonce, NONCE_BYTES};
}

static enum rc open_sealed(struct keys *k, const struct sealed *s, struct text *bytes,
			   unsigned char salt[SALT_BYTES], struct err *err)
{
	return keys_open_slot(k, arena, text_of(s->subject), &s->place, nonce_of(s), s->cipher,
			      salt, bytes, err);
}

static struct text flipped(struct text t, size_t at)
{
	char *p = arena_copy(arena, t.p, t.n);

	p[at] = (char)(p[at] ^ 1);
	return (struct text){p, t.n};
}

static void slots_round(void)
{
	struct keys *k = new_keys("slots.keys");
	struct sealed s = seal(k);
	unsigned char salt[SALT_BYTES] = {0}, nonce[NONCE_BYTES];
	struct text bytes = {"", 0}, cipher;
	struct err err = {.line = 0};
	char hex[65];

	is_i64((int64_t)s.bytes.n, 55, "the private bytes of the example");
	for (size_t i = 0; i < SHA256_BYTES; i++)
		(void)snprintf(hex + 2 * i, 3, "%02x", s.place.commit.b[i]);
	is_text(text_of(hex), "31030ff95459174927323a886e872c853ef51237005e3f3e238a4abd4f645062",
		"and their printed commitment");
	is_i64((int64_t)s.cipher.n, 55 + 16 + 16, "salt, bytes and tag");
	ok(!text_has(s.cipher, text_of("Ana")), "nothing readable");
	keys_close(k);

	k = open_keys("slots.keys", "kek", STORE_READ);
	done(open_sealed(k, &s, &bytes, salt, &err), &err, "opened in another run");
	ok(text_eq(bytes, s.bytes) && memcmp(salt, s.salt, SALT_BYTES) == 0, "salt and bytes");
	s.place.commit.b[0] ^= 1;
	refused(keys_seal(k, arena, text_of(s.subject), &s.place, s.salt, s.bytes, nonce, &cipher,
			  &err),
		RC_INVALID, &err, "the commitment does not fit", "a commitment of something else");
	s.place.commit.b[0] ^= 1;
	refused(keys_seal(k, arena, text_of("s_0000000000000000"), &s.place, s.salt, s.bytes, nonce,
			  &cipher, &err),
		RC_MISSING, &err, "no subject", "a subject without key");
	s.bytes = (struct text){arena_alloc(arena, SLOT_MAX_BYTES + 1), SLOT_MAX_BYTES + 1};
	refused(keys_seal(k, arena, text_of(s.subject), &s.place, s.salt, s.bytes, nonce, &cipher,
			  &err),
		RC_LIMIT, &err, "the limit is 26214400", "one byte too many");
	s.bytes.n = SLOT_MAX_BYTES;
	s.place.commit = commit_of(s.salt, s.bytes);
	done(keys_seal(k, arena, text_of(s.subject), &s.place, s.salt, s.bytes, s.nonce, &s.cipher,
		       &err),
	     &err, "as many as there may be");
	done(open_sealed(k, &s, &bytes, salt, &err), &err, "open again");
	ok(text_eq(bytes, s.bytes), "the same");
	keys_close(k);
}

/* Whatever is altered, nothing comes out, and the slot is named. */
static void slots_altered(void)
{
	static const char *const what[] = {"nonce", "commitment", "log",
					   "entry", "slot",       "subject"};
	struct keys *k = new_keys("altered.keys");
	const struct sealed s = seal(k);
	unsigned char salt[SALT_BYTES];
	struct text bytes = {"none", 4};
	size_t opened = 0;

	for (size_t i = 0; i < s.cipher.n; i++) {
		struct sealed x = s;
		struct err err = {.line = 0};

		x.cipher = flipped(s.cipher, i);
		opened +=
			open_sealed(k, &x, &bytes, salt, &err) != RC_INVALID ||
			!text_has(text_of(err.message), text_of("slot 'text' of entry 019cadab-"));
	}
	is_i64((int64_t)opened, 0, "each byte of the cipher altered: none opens");
	for (size_t i = 0; i < ARRAY_SIZE(what); i++) {
		struct sealed x = s;
		struct err err = {.line = 0};

		if (i == 0)
			x.nonce[23] ^= 1;
		else if (i == 1)
			x.place.commit.b[31] ^= 1;
		else if (i == 2)
			x.place.log.b[15] ^= 1;
		else if (i == 3)
			x.place.entry.b[0] ^= 128;
		else if (i == 4)
			x.place.slot = text_of("texts");
		else
			memcpy(x.subject, s.other, sizeof(x.subject));
		refused(open_sealed(k, &x, &bytes, salt, &err), RC_INVALID, &err,
			"cipher, nonce, commitment or subject was altered", what[i]);
	}
	for (size_t n = 0; n < s.cipher.n; n += 5) {
		struct sealed x = s;
		struct err err = {.line = 0};

		x.cipher.n = n;
		refused(open_sealed(k, &x, &bytes, salt, &err), RC_INVALID, &err, "slot 'text'",
			text_format(arena, "%zu bytes of the cipher", n).p);
	}
	struct err err = {.line = 0};

	refused(keys_open_slot(k, arena, text_of(s.subject), &s.place,
			       text_sub(nonce_of(&s), 0, 23), s.cipher, salt, &bytes, &err),
		RC_INVALID, &err, "its nonce has not 24 bytes", "23 bytes of the nonce");
	is_text(bytes, "none", "and nothing was given");
	keys_close(k);
}

/* --- rows altered behind our back --- */

static void alter(const char *name, const char *sql)
{
	sqlite3 *db = NULL;
	int rc = sqlite3_open(path(name).p, &db);

	if (rc == SQLITE_OK)
		rc = sqlite3_exec(db, sql, NULL, NULL, NULL);
	ok(rc == SQLITE_OK && sqlite3_changes(db) > 0, "%s", sql);
	(void)sqlite3_close(db);
}

static void rows_altered(void)
{
	static const struct {
		const char *sql, *says;
	} cases[] = {
		{"UPDATE subject SET cipher = zeroblob(48) WHERE label_mac IS NULL",
		 "the key of 's_"},
		{"UPDATE subject SET cipher = x'00' WHERE label_mac IS NULL", "the key of 's_"},
		{"UPDATE subject SET nonce = zeroblob(24) WHERE label_mac IS NULL",
		 "the key of 's_"},
		{"UPDATE subject SET label_cipher = zeroblob(30) WHERE label_mac IS NOT NULL",
		 "the label of 's_"},
		{"UPDATE subject SET label_mac = zeroblob(32) WHERE label_mac IS NOT NULL",
		 "the hash of the label of 's_"},
		{"UPDATE subject SET subject = 's_0000000000000000' WHERE label_mac IS NULL",
		 "the key of 's_0000000000000000'"},
		{"UPDATE seed SET cipher = zeroblob(48) WHERE name = 'a'", "the key 'a' in "},
		/* one wrapped seed in place of another */
		{"UPDATE seed SET nonce = (SELECT nonce FROM seed WHERE name = 'a'), cipher = "
		 "(SELECT cipher FROM seed WHERE name = 'a') WHERE name = 'b'",
		 "the key 'b' in "},
		/* a subject's key in place of a seed of the same name: one key, one use (J14) */
		{"UPDATE seed SET nonce = (SELECT nonce FROM subject WHERE subject = name), cipher "
		 "= (SELECT cipher FROM subject WHERE subject = name) WHERE name IN (SELECT "
		 "subject "
		 "FROM subject)",
		 "the key 's_"},
		{"INSERT INTO erased (subject, at) SELECT subject, 0 FROM subject WHERE label_mac "
		 "IS NULL",
		 "stands in the register of erasures and has a key"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct text name = text_format(arena, "rows%zu.keys", i);
		struct keys *k = new_keys(name.p);
		struct err err = {.line = 0};
		unsigned char seed[KEY_BYTES];
		char subject[19];
		struct buf b;
		enum rc rc = keys_subject(k, text_of("label"), subject, &err);

		if (rc == RC_OK)
			rc = keys_subject(k, text_of(""), subject, &err);
		if (rc == RC_OK)
			rc = keys_seed_make(k, text_of("a"), seed, &err);
		if (rc == RC_OK)
			rc = keys_seed_make(k, text_of("b"), seed, &err);
		if (rc == RC_OK)
			rc = keys_seed_make(k, text_of(subject), seed, &err);
		buf_init(&b, 4096);
		if (rc == RC_OK)
			rc = keys_check(k, &b, &err);
		done(rc, &err, "checked");
		is_text(buf_view(&b), "", "and sound");
		keys_close(k);
		alter(name.p, cases[i].sql);
		k = open_keys(name.p, "kek", STORE_READ);
		done(keys_check(k, &b, &err), &err, "checked again");
		if (!ok(text_has(buf_view(&b), text_of(cases[i].says)), "%s", cases[i].says))
			note("got %.*s", TEXT_ARG(buf_view(&b)));
		buf_free(&b);
		keys_close(k);
	}
	keys_close(new_keys("lookup.keys"));
	alter("lookup.keys", "UPDATE seed SET cipher = zeroblob(48) WHERE name = '-lookup'");
	struct keys *k = NULL;
	struct err err = {.line = 0};

	refused(keys_open(arena, path("lookup.keys"), path("kek"), STORE_READ, &entropy, &k, &err),
		RC_INVALID, &err, "'-lookup'", "the key of labels altered");
}

/* --- erasure --- */

struct traces {
	struct text v[6];
	size_t n;
};

/* What the file holds of a subject before it is erased. */
static struct traces traces_of(struct keys *k, const char *subject)
{
	struct traces t = {.n = 0};
	struct err err = {.line = 0};
	struct cursor c;
	bool row = false;
	enum rc rc =
		store_one(keys_store(k), SQL_SUBJECT, &BIND_T(text_of(subject)), 1, &c, &row, &err);

	ok(rc == RC_OK && row, "the row of the subject");
	for (int i = 0; i < 4 && row; i++)
		t.v[t.n++] = cursor_copy(&c, i, arena);
	cursor_close(&c);

	/* The keyed hash too, which only the file itself shows. */
	sqlite3 *db = NULL;
	sqlite3_stmt *q = NULL;

	if (sqlite3_open_v2(store_path(keys_store(k)).p, &db, SQLITE_OPEN_READONLY, NULL) ==
		    SQLITE_OK &&
	    sqlite3_prepare_v2(db, "SELECT label_mac FROM subject WHERE subject = ?1", -1, &q,
			       NULL) == SQLITE_OK &&
	    sqlite3_bind_text(q, 1, subject, -1, SQLITE_TRANSIENT) == SQLITE_OK &&
	    sqlite3_step(q) == SQLITE_ROW)
		t.v[t.n++] = text_copy(arena, (struct text){sqlite3_column_blob(q, 0),
							    (size_t)sqlite3_column_bytes(q, 0)});
	is_i64((int64_t)t.n, 5, "key, label, their nonces, the hash of the label");
	(void)sqlite3_finalize(q);
	(void)sqlite3_close(db);
	return t;
}

/* In the file, its write-ahead log and the log's index. */
static size_t found_in_files(const char *name, const struct traces *t, const char *label)
{
	static const char *const ends[] = {"", "-wal", "-shm", "-journal"};
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(ends); i++) {
		struct text bytes = file_get(text_format(arena, "%s/%s%s", folder, name, ends[i]));

		for (size_t j = 0; j < t->n; j++)
			n += text_has(bytes, t->v[j]);
		n += text_has(bytes, text_of(label));
	}
	return n;
}

static void erasure(void)
{
	struct keys *k = new_keys("erase.keys");
	const struct sealed s = seal(k);
	struct traces t = traces_of(k, s.subject);
	struct text bytes = {"none", 4}, label, *list = NULL;
	unsigned char salt[SALT_BYTES];
	struct err err = {.line = 0};
	instant when = INT64_C(1772442000000), at = INSTANT_NONE;
	bool found = true;
	size_t n = 0;
	char again[19];

	ok(found_in_files("erase.keys", &t, "Ana Ruiz") >= 5, "the row is in the files (sealed)");
	done(keys_erased_at(k, text_of(s.subject), &at, &err), &err, "asked");
	ok(at == INSTANT_NONE, "not erased");
	done(keys_erase(k, text_of(s.subject), when, &err), &err, "erased");
	is_i64((int64_t)found_in_files("erase.keys", &t, "Ana Ruiz"), 0,
	       "neither key nor label is in any file");
	refused(open_sealed(k, &s, &bytes, salt, &err), RC_MISSING, &err,
		"was erased on 2026-03-02", "opening");
	refused(keys_subject_label(k, arena, text_of(s.subject), &label, &err), RC_MISSING, &err,
		"was erased on 2026-03-02", "its label");
	done(keys_subject_find(k, text_of("Ana Ruiz"), again, &found, &err), &err, "looked for");
	ok(!found, "not found by its label");
	done(keys_erase(k, text_of(s.subject), when + 1, &err), &err,
	     "erased twice: nothing to do");
	keys_close(k);

	k = open_keys("erase.keys", "kek", STORE_WRITE);
	refused(open_sealed(k, &s, &bytes, salt, &err), RC_MISSING, &err,
		"was erased on 2026-03-02", "opening in another run");
	done(keys_erased_at(k, text_of(s.subject), &at, &err), &err, "the register stays");
	is_i64(at, when, "with the first date");
	done(keys_subject(k, text_of("Ana Ruiz"), again, &err), &err, "the same label again");
	ok(strcmp(again, s.subject) != 0, "is a new subject");
	refused(open_sealed(k, &s, &bytes, salt, &err), RC_MISSING, &err, "was erased",
		"and the old slot is as gone as before");
	/* A register that is replayed over an older copy: one whose key never was here. */
	done(keys_erase(k, text_of("s_0000000000000000"), when, &err), &err, "an unknown one");
	done(keys_erased(k, arena, &list, &n, &err), &err, "the register");
	is_i64((int64_t)n, 2, "has both");
	refused(keys_erase(k, text_of("Ana"), when, &err), RC_INVALID, &err, "is no subject",
		"no subject");
	is_text(bytes, "none", "nothing was given");

	const struct text asked[] = {text_of(s.subject), text_of(s.other),
				     text_of("s_1111111111111111")};
	struct buf b;

	buf_init(&b, 4096);
	done(keys_check_subjects(k, asked, ARRAY_SIZE(asked), &b, &err), &err, "a list is checked");
	is_text(buf_view(&b), "no subject 's_1111111111111111' has a key here\n",
		"the one that nobody knows");
	buf_free(&b);
	keys_close(k);
}

/* Killed between the commit and the scrub: the next erasure does it. */
/* --- keys to find by --- */

/* No call of the file from inside one of its queries: each is compared when all are there. */
struct given {
	char subject[4][19];
	unsigned char key[4][FINDING_KEY_BYTES];
	size_t n;
};

static void take_finding(void *context, struct text subject,
			 const unsigned char key[FINDING_KEY_BYTES])
{
	struct given *g = context;

	if (g->n < 4) {
		(void)snprintf(g->subject[g->n], sizeof(g->subject[0]), "%.*s", TEXT_ARG(subject));
		memcpy(g->key[g->n], key, FINDING_KEY_BYTES);
	}
	g->n++;
}

static void given_are(struct keys *k, int64_t most, size_t n, const char *name)
{
	struct given g = {.n = 0};
	struct err err = {.line = 0};
	unsigned char key[FINDING_KEY_BYTES];

	done(keys_finding_each(k, most, take_finding, &g, &err), &err, name);
	is_i64((int64_t)g.n, (int64_t)n, "%s: so many", name);
	for (size_t i = 0; i < g.n && i < 4; i++) {
		done(keys_finding(k, text_of(g.subject[i]), key, &err), &err, g.subject[i]);
		ok(memcmp(key, g.key[i], sizeof(key)) == 0, "%s: as when asked for by its name",
		   name);
		for (size_t j = 0; j < i; j++)
			ok(memcmp(g.key[j], g.key[i], sizeof(key)) != 0, "%s: another than %zu's",
			   name, j);
	}
}

static void finding_keys(void)
{
	static const char *const labels[] = {"ana", "bo", "cy"};
	struct keys *k = new_keys("finding.keys");
	char subject[3][19];
	struct err err = {.line = 0};
	unsigned char key[FINDING_KEY_BYTES];

	for (size_t i = 0; i < 3; i++)
		done(keys_subject(k, text_of(labels[i]), subject[i], &err), &err, labels[i]);
	given_are(k, 100, 3, "all");
	given_are(k, 2, 2, "two of three");
	given_are(k, 0, 0, "none asked for");
	done(keys_erase(k, text_of(subject[1]), 1, &err), &err, "one is erased");
	given_are(k, 100, 2, "without the erased one");
	keys_close(k);
	alter("finding.keys", "UPDATE subject SET cipher = zeroblob(48) WHERE rowid ="
			      " (SELECT max(rowid) FROM subject)");
	k = open_keys("finding.keys", "kek", STORE_READ);
	given_are(k, 100, 1, "without the altered one");
	refused(keys_finding(k, text_of(subject[2]), key, &err), RC_INVALID, &err, "was altered",
		"which is told to who asks for it");
	keys_close(k);
}

static void interrupted(void)
{
	struct keys *k = new_keys("killed.keys");
	const struct sealed s = seal(k);
	struct traces t = traces_of(k, s.subject);
	struct err err = {.line = 0};
	const struct bind due[] = {BIND_T(text_of("scrub_due")), BIND_T(text_of("1"))},
			  enter[] = {BIND_T(text_of(s.subject)), BIND_I(0)};
	enum rc rc = store_begin(keys_store(k), &err);

	if (rc == RC_OK)
		rc = store_run(keys_store(k), SQL_SUBJECT_DROP, &BIND_T(text_of(s.subject)), 1,
			       NULL, &err);
	if (rc == RC_OK)
		rc = store_run(keys_store(k), SQL_ERASED_ADD, enter, 2, NULL, &err);
	if (rc == RC_OK)
		rc = store_run(keys_store(k), SQL_META_PUT, due, 2, NULL, &err);
	if (rc == RC_OK)
		rc = store_commit(keys_store(k), &err);
	done(rc, &err, "committed, and not scrubbed");
	ok(found_in_files("killed.keys", &t, "Ana Ruiz") > 0, "traces are left");
	done(keys_erase(k, text_of(s.subject), 1, &err), &err, "erased again");
	is_i64((int64_t)found_in_files("killed.keys", &t, "Ana Ruiz"), 0, "no trace is left");
	keys_close(k);
}

static void remove_folder(void)
{
	DIR *d = opendir(folder);

	for (struct dirent *e = d == NULL ? NULL : readdir(d); e != NULL; e = readdir(d))
		if (e->d_name[0] != '.')
			(void)unlink(path(e->d_name).p);
	if (d != NULL)
		(void)closedir(d);
	(void)rmdir(folder);
}

int main(void)
{
	const char *seed = getenv("TENOR_SEED");

	state = UINT64_C(88172645463325252);
	for (; seed != NULL && *seed != '\0'; seed++)
		state = (state ^ (unsigned char)*seed) % UINT64_C(0xffffffffffff) * 31 + 1;
	note("TENOR_SEED=%s", getenv("TENOR_SEED") == NULL ? "" : getenv("TENOR_SEED"));
	(void)snprintf(folder, sizeof(folder), "/tmp/tenor-keys-XXXXXX");
	if (sodium_init() < 0 || mkdtemp(folder) == NULL)
		return tap_skip_all("no folder for files");
	arena = arena_new((size_t)1 << 30);
	kek_file();
	kek_refused();
	wrong_kek();
	seeds();
	pairs();
	subjects();
	together();
	slots_round();
	slots_altered();
	rows_altered();
	erasure();
	finding_keys();
	interrupted();
	remove_folder();
	arena_free(arena);
	return tap_done();
}
