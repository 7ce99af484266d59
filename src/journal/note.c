/* SPDX-License-Identifier: Apache-2.0 */
/*
 * C2SP signed notes: a text, a blank line, and lines of signatures (trust.md J10, J17). What a text says is checkpoint.c's; which
 * keys count is the caller's. Lines of unknown keys may be of any kind and length: they are read, and ignored.
 */
#include "journal/note_parts.h"

#include <assert.h>
#include <inttypes.h>
#include <sodium.h>
#include <string.h>

/* A line of a signature begins with an em dash and a space. */
static const char line_start[] = "\xe2\x80\x94 ";
static const char cosign_start[] = "cosignature/v1\ntime ";

/* UTF-8 without control characters other than newline, so that a note shows as what it is. */
static enum rc check_bytes(struct text bytes, struct err *err)
{
	uint32_t line = 1;
	size_t at;

	if (bytes.n > NOTE_MAX_BYTES)
		return err_set(err, RC_LIMIT, "note is %zu bytes; the limit is %d", bytes.n,
			       NOTE_MAX_BYTES);
	if (!text_utf8(bytes, &at))
		return err_set(err, RC_INVALID, "note is not UTF-8 at byte %zu", at);
	for (size_t i = 0; i < bytes.n; i++) {
		unsigned char c = (unsigned char)bytes.p[i];

		if (c == '\n') {
			line++;
		} else if (c < 0x20 || c == 0x7f) {
			err->line = line;
			return err_set(err, RC_INVALID, "control character U+%04X in a note",
				       (unsigned)c);
		}
	}
	return RC_OK;
}

/* "— name base64\n" */
static bool read_signature(struct text line, struct note_signature *out)
{
	unsigned char raw[NOTE_MAX_BYTES];
	struct text body = text_sub(line, sizeof(line_start) - 1, line.n - 1), name, coded;
	struct note_signature s = {.line = line};
	size_t n;

	if (!text_starts(line, line_start))
		return false;
	coded = text_cut(body, ' ', &name);
	if (!key_name_ok(name) || !base64_read(coded, raw, sizeof(raw), &n) || n <= KEY_ID_BYTES)
		return false;
	s.name = name;
	s.n = n - KEY_ID_BYTES;
	memcpy(s.id, raw, KEY_ID_BYTES);
	memcpy(s.bytes, raw + KEY_ID_BYTES, s.n < sizeof(s.bytes) ? s.n : sizeof(s.bytes));
	*out = s;
	return true;
}

/* Where the last blank line begins (its own newline), or 0. */
static size_t last_blank_line(struct text bytes)
{
	for (size_t i = bytes.n; i >= 2; i--)
		if (bytes.p[i - 1] == '\n' && bytes.p[i - 2] == '\n')
			return i - 1;
	return 0;
}

enum rc note_parse(struct text bytes, struct note *out, struct err *err)
{
	enum rc rc = check_bytes(bytes, err);
	size_t blank;
	struct text rest;

	if (rc != RC_OK)
		return rc;
	blank = last_blank_line(bytes);
	if (blank == 0)
		return err_set(err, RC_INVALID, "note has no blank line before its signatures");
	*out = (struct note){.text = text_sub(bytes, 0, blank)};
	rest = text_sub(bytes, blank + 1, bytes.n);
	if (rest.n == 0)
		return err_set(err, RC_INVALID, "note has no signature");
	while (rest.n > 0) {
		size_t end = text_find(rest, '\n', 0);

		if (out->n == NOTE_SIGNATURES_MAX)
			return err_set(err, RC_INVALID, "note has more than %d signatures",
				       NOTE_SIGNATURES_MAX);
		if (end == rest.n)
			return err_set(err, RC_INVALID, "last line of a note has no newline");
		if (!read_signature(text_sub(rest, 0, end + 1), &out->signatures[out->n]))
			return err_set(err, RC_INVALID, "signature %zu of a note is malformed",
				       out->n + 1);
		out->n++;
		rest = text_sub(rest, end + 1, rest.n);
	}
	return RC_OK;
}

_Static_assert(crypto_sign_SECRETKEYBYTES == ED25519_SEED + ED25519_PUBLIC,
	       "libsodium's secret key is the seed and its public key");

void key_pair_wipe(struct key_pair *p)
{
	sodium_memzero(p, sizeof(*p));
}

static struct key_pair pair_of(const unsigned char seed[ED25519_SEED])
{
	struct key_pair p;

	memcpy(p.seed, seed, sizeof(p.seed));
	ed25519_public(seed, p.public_key);
	return p;
}

/* Signs the message with the key of the pair, if that is the key named: with another's a signature would give the seed away. */
static bool sign(const struct vkey *key, const struct key_pair *pair, struct text message,
		 unsigned char out[ED25519_SIGNATURE])
{
	unsigned char secret[crypto_sign_SECRETKEYBYTES];
	bool own = memcmp(pair->public_key, key->key, sizeof(pair->public_key)) == 0;
	int rc = 0;

	memcpy(secret, pair->seed, ED25519_SEED);
	memcpy(secret + ED25519_SEED, pair->public_key, ED25519_PUBLIC);
	if (own)
		rc = crypto_sign_detached(out, NULL, (const unsigned char *)message.p, message.n,
					  secret);
	assert(rc == 0);
	(void)rc;
	sodium_memzero(secret, sizeof(secret));
	return own;
}

static void add_line(const struct vkey *key, const unsigned char *signature, size_t n,
		     struct buf *out)
{
	unsigned char raw[KEY_ID_BYTES + 8 + ED25519_SIGNATURE];

	assert(n <= 8 + ED25519_SIGNATURE);
	memcpy(raw, key->id, KEY_ID_BYTES);
	memcpy(raw + KEY_ID_BYTES, signature, n);
	buf_str(out, line_start);
	buf_text(out, key->name);
	buf_char(out, ' ');
	base64_add(out, raw, KEY_ID_BYTES + n);
	buf_char(out, '\n');
}

bool note_sign_own(const struct vkey *key, const struct key_pair *pair, struct text text,
		   struct buf *out)
{
	unsigned char signature[ED25519_SIGNATURE] = {0};

	assert(key->type == KEY_LOG && text.n > 0 && text.p[text.n - 1] == '\n');
	if (!sign(key, pair, text, signature))
		return false;
	add_line(key, signature, sizeof(signature), out);
	return true;
}

void note_sign(const struct vkey *key, const unsigned char seed[ED25519_SEED], struct text text,
	       struct buf *out)
{
	struct key_pair pair = pair_of(seed);
	bool own = note_sign_own(key, &pair, text, out);

	key_pair_wipe(&pair);
	assert(own && "a key and a seed of one pair");
	(void)own;
}

/* The message that a cosignature signs; its length. */
static size_t cosign_message(char message[NOTE_MAX_BYTES + 64], int64_t unix_s, struct text text)
{
	int n = snprintf(message, 64, "%s%" PRId64 "\n", cosign_start, unix_s);

	assert(n > 0 && n < 64 && text.n <= NOTE_MAX_BYTES);
	memcpy(message + n, text.p, text.n);
	return (size_t)n + text.n;
}

void note_cosign(const struct vkey *key, const unsigned char seed[ED25519_SEED], int64_t unix_s,
		 struct text text, struct buf *out)
{
	char message[NOTE_MAX_BYTES + 64];
	unsigned char signature[8 + ED25519_SIGNATURE];
	size_t n = cosign_message(message, unix_s, text);

	assert(key->type == KEY_COSIGNER && unix_s >= 0 && text.n > 0 &&
	       text.p[text.n - 1] == '\n');
	for (unsigned i = 0; i < 8; i++)
		signature[i] = (unsigned char)((uint64_t)unix_s >> (56 - 8 * i) & 0xff);
	struct key_pair pair = pair_of(seed);
	bool own = sign(key, &pair, (struct text){message, n}, signature + 8);

	key_pair_wipe(&pair);
	assert(own && "a key and a seed of one pair");
	(void)own;
	add_line(key, signature, sizeof(signature), out);
}

/* libsodium refuses S not below the group order, and small-order points; a non-canonical R never equals the one it computes (J16). */
static bool verify(const struct vkey *key, struct text message, const unsigned char *signature)
{
	return ed25519_point_ok(key->key) &&
	       crypto_sign_verify_detached(signature, (const unsigned char *)message.p, message.n,
					   key->key) == 0;
}

static bool signature_fits(const struct note *n, const struct vkey *key,
			   const struct note_signature *s, int64_t *unix_s)
{
	char message[NOTE_MAX_BYTES + 64];
	uint64_t time = 0;

	if (key->type == KEY_LOG)
		return s->n == ED25519_SIGNATURE && verify(key, n->text, s->bytes);
	if (s->n != 8 + ED25519_SIGNATURE)
		return false;
	for (unsigned i = 0; i < 8; i++)
		time = time << 8 | s->bytes[i];
	if (time > INT64_MAX)
		return false;

	size_t length = cosign_message(message, (int64_t)time, n->text);

	if (!verify(key, (struct text){message, length}, s->bytes + 8))
		return false;
	*unix_s = (int64_t)time;
	return true;
}

enum note_verdict note_check(const struct note *n, const struct vkey *key, int64_t *unix_s)
{
	enum note_verdict verdict = NOTE_UNSIGNED;
	int64_t latest = 0, time = 0;

	for (size_t i = 0; i < n->n; i++) {
		const struct note_signature *s = &n->signatures[i];

		if (!text_eq(s->name, key->name) || memcmp(s->id, key->id, KEY_ID_BYTES) != 0)
			continue;
		if (!signature_fits(n, key, s, &time))
			return NOTE_FORGED;
		if (time > latest)
			latest = time;
		verdict = NOTE_SIGNED;
	}
	if (verdict == NOTE_SIGNED && key->type == KEY_COSIGNER && unix_s != NULL)
		*unix_s = latest;
	return verdict;
}
