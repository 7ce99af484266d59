/* SPDX-License-Identifier: Apache-2.0 */
#include "journal/recompute.h"

#include <assert.h>
#include <sodium/crypto_hash_sha256.h>
#include <string.h>

/* No log grows beyond 2^53 entries (J16). */
#define LARGEST (INT64_C(1) << 53)

static void hash_pair(const unsigned char *left, const unsigned char *right, unsigned char *out)
{
	static const unsigned char node = 0x01;
	crypto_hash_sha256_state state;

	crypto_hash_sha256_init(&state);
	crypto_hash_sha256_update(&state, &node, 1);
	crypto_hash_sha256_update(&state, left, RECOMPUTE_HASH);
	crypto_hash_sha256_update(&state, right, RECOMPUTE_HASH);
	crypto_hash_sha256_final(&state, out);
}

void recompute_init(struct recompute *r)
{
	*r = (struct recompute){.size = 0};
}

void recompute_add(struct recompute *r, struct text entry, unsigned char *leaf)
{
	static const unsigned char zero = 0x00;
	crypto_hash_sha256_state state;
	unsigned char *top = r->hash[r->depth];

	assert(r->size < LARGEST && r->depth < RECOMPUTE_LEVELS);
	crypto_hash_sha256_init(&state);
	crypto_hash_sha256_update(&state, &zero, 1);
	if (entry.n > 0)
		crypto_hash_sha256_update(&state, (const unsigned char *)entry.p, entry.n);
	crypto_hash_sha256_final(&state, top);
	if (leaf != NULL)
		memcpy(leaf, top, RECOMPUTE_HASH);
	r->count[r->depth++] = 1;
	r->size++;
	/* Two full subtrees of one size are one of twice the size. */
	while (r->depth > 1 && r->count[r->depth - 2] == r->count[r->depth - 1]) {
		r->depth--;
		hash_pair(r->hash[r->depth - 1], r->hash[r->depth], r->hash[r->depth - 1]);
		r->count[r->depth - 1] *= 2;
	}
}

void recompute_root(const struct recompute *r, unsigned char root[RECOMPUTE_HASH])
{
	if (r->depth == 0) {
		crypto_hash_sha256(root, (const unsigned char *)"", 0);
		return;
	}
	memcpy(root, r->hash[r->depth - 1], RECOMPUTE_HASH);
	for (unsigned i = r->depth - 1; i > 0; i--)
		hash_pair(r->hash[i - 1], root, root);
}

/* The size, 8 bytes with the big end first, then the stack from its bottom: the size says how many leaves each subtree has. */
size_t recompute_store(const struct recompute *r, unsigned char out[RECOMPUTE_STATE_MAX])
{
	for (unsigned i = 0; i < 8; i++)
		out[i] = (unsigned char)((uint64_t)r->size >> (56 - 8 * i) & 255);
	memcpy(out + 8, r->hash, (size_t)r->depth * RECOMPUTE_HASH);
	return 8 + (size_t)r->depth * RECOMPUTE_HASH;
}

bool recompute_load(struct recompute *r, struct text bytes)
{
	struct recompute read = {.size = 0};
	uint64_t size = 0;

	if (bytes.n < 8)
		return false;
	for (unsigned i = 0; i < 8; i++)
		size = size << 8 | (unsigned char)bytes.p[i];
	if (size > LARGEST)
		return false;
	for (unsigned bit = 54; bit > 0; bit--)
		if ((size >> (bit - 1) & 1) != 0)
			read.count[read.depth++] = UINT64_C(1) << (bit - 1);
	if (bytes.n - 8 != (size_t)read.depth * RECOMPUTE_HASH)
		return false;
	memcpy(read.hash, bytes.p + 8, bytes.n - 8);
	read.size = (int64_t)size;
	*r = read;
	return true;
}
