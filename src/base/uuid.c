/* SPDX-License-Identifier: Apache-2.0 */
#include "base/uuid.h"

#include "base/base64.h"

#include <assert.h>
#include <sodium/crypto_hash_sha256.h>
#include <string.h>

#define UUID_MS_MAX ((INT64_C(1) << 48) - 1)

/* Bytes in the five groups of the text. */
static const size_t groups[] = {4, 2, 2, 2, 6};

bool uuid_parse(struct text t, struct uuid *out)
{
	char digits[2 * sizeof(out->b)];

	if (t.n != UUID_TEXT || t.p[8] != '-' || t.p[13] != '-' || t.p[18] != '-' || t.p[23] != '-')
		return false;
	memcpy(digits, t.p, 8);
	memcpy(digits + 8, t.p + 9, 4);
	memcpy(digits + 12, t.p + 14, 4);
	memcpy(digits + 16, t.p + 19, 4);
	memcpy(digits + 20, t.p + 24, 12);
	return hex_read((struct text){digits, sizeof(digits)}, out->b, sizeof(out->b));
}

bool uuid_is_v7(const struct uuid *u)
{
	/* The time is 48 bits without a sign: there is no negative one to refuse. */
	return u->b[6] >> 4 == 7 && u->b[8] >> 6 == 2;
}

void uuid_text(const struct uuid *u, char out[UUID_TEXT + 1])
{
	static const char digits[] = "0123456789abcdef";
	size_t at = 0, byte = 0;

	for (size_t g = 0; g < ARRAY_SIZE(groups); g++) {
		if (g > 0)
			out[at++] = '-';
		for (size_t i = 0; i < groups[g]; i++, byte++) {
			out[at++] = digits[u->b[byte] >> 4];
			out[at++] = digits[u->b[byte] & 15];
		}
	}
	assert(at == UUID_TEXT && byte == sizeof(u->b));
	out[at] = '\0';
}

void uuid_print(struct buf *out, const struct uuid *u)
{
	char text[UUID_TEXT + 1];

	uuid_text(u, text);
	buf_add(out, text, UUID_TEXT);
}

int uuid_cmp(const struct uuid *x, const struct uuid *y)
{
	return memcmp(x->b, y->b, sizeof(x->b));
}

struct uuid uuid_v7(int64_t unix_ms, const unsigned char random[10])
{
	struct uuid u;

	assert(unix_ms >= 0 && unix_ms <= UUID_MS_MAX);
	for (size_t i = 0; i < 6; i++)
		u.b[i] = (unsigned char)((uint64_t)unix_ms >> (40 - 8 * i) & 255);
	memcpy(u.b + 6, random, 10);
	u.b[6] = (unsigned char)(0x70 | (u.b[6] & 0x0f));
	u.b[8] = (unsigned char)(0x80 | (u.b[8] & 0x3f));
	return u;
}

int64_t uuid_v7_ms(const struct uuid *u)
{
	uint64_t ms = 0;

	for (size_t i = 0; i < 6; i++)
		ms = ms << 8 | u->b[i];
	return (int64_t)ms;
}

static void feed(crypto_hash_sha256_state *state, struct text t)
{
	if (t.n > 0)
		crypto_hash_sha256_update(state, (const unsigned char *)t.p, t.n);
}

struct uuid uuid_derived(int64_t unix_ms, struct text source, struct text key)
{
	unsigned char digest[crypto_hash_sha256_BYTES];
	crypto_hash_sha256_state state;

	/* libsodium here: it needs neither an allocation nor a fetched digest, and sources and keys may be of any length. */
	crypto_hash_sha256_init(&state);
	feed(&state, text_of("tenor/derived-id/1\n"));
	feed(&state, source);
	feed(&state, text_of("\n"));
	feed(&state, key);
	crypto_hash_sha256_final(&state, digest);
	/* A record from before 1970 has no time that version 7 could hold: it gets the first one, and is still told apart by the rest. */
	if (unix_ms < 0)
		unix_ms = 0;
	if (unix_ms > UUID_MS_MAX)
		unix_ms = UUID_MS_MAX;
	return uuid_v7(unix_ms, digest);
}
