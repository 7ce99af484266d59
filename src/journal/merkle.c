/* SPDX-License-Identifier: Apache-2.0 */
#include "journal/merkle.h"

#include "base/base64.h"

#include <assert.h>
#include <openssl/evp.h>
#include <string.h>

struct hasher {
	EVP_MD *md;
	EVP_MD_CTX *ctx;
};

struct hasher *hasher_new(struct arena *a)
{
	struct hasher *h = arena_one(a, struct hasher);

	h->md = EVP_MD_fetch(NULL, "SHA256", NULL);
	h->ctx = EVP_MD_CTX_new();
	if (h->md == NULL || h->ctx == NULL || EVP_DigestInit_ex2(h->ctx, h->md, NULL) != 1)
		memory_none();
	return h;
}

void hasher_free(struct hasher *h)
{
	if (h == NULL)
		return;
	EVP_MD_CTX_free(h->ctx);
	EVP_MD_free(h->md);
	h->ctx = NULL;
	h->md = NULL;
}

/* SHA-256 of two runs of bytes. */
static struct hash digest(struct hasher *h, const void *x, size_t nx, const void *y, size_t ny)
{
	struct hash out;
	unsigned n = 0;
	/* NULL: the digest that the context already holds (J7: fetched once). */
	bool done = EVP_DigestInit_ex2(h->ctx, NULL, NULL) == 1 &&
		    EVP_DigestUpdate(h->ctx, x, nx) == 1 &&
		    (ny == 0 || EVP_DigestUpdate(h->ctx, y, ny) == 1) &&
		    EVP_DigestFinal_ex(h->ctx, out.b, &n) == 1;

	assert(done && n == sizeof(out.b));
	(void)done;
	return out;
}

struct hash merkle_leaf(struct hasher *h, struct text entry)
{
	static const unsigned char prefix = 0x00;

	return digest(h, &prefix, 1, entry.p, entry.n);
}

struct hash merkle_node(struct hasher *h, const struct hash *left, const struct hash *right)
{
	unsigned char bytes[1 + 2 * SHA256_BYTES] = {0x01};

	memcpy(bytes + 1, left->b, sizeof(left->b));
	memcpy(bytes + 1 + sizeof(left->b), right->b, sizeof(right->b));
	return digest(h, bytes, sizeof(bytes), NULL, 0);
}

struct hash merkle_empty(void)
{
	return (struct hash){{0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14, 0x9a, 0xfb, 0xf4,
			      0xc8, 0x99, 0x6f, 0xb9, 0x24, 0x27, 0xae, 0x41, 0xe4, 0x64, 0x9b,
			      0x93, 0x4c, 0xa4, 0x95, 0x99, 0x1b, 0x78, 0x52, 0xb8, 0x55}};
}

bool hash_eq(const struct hash *x, const struct hash *y)
{
	return memcmp(x->b, y->b, sizeof(x->b)) == 0;
}

void hash_hex(const struct hash *x, char out[SHA256_HEX + 1])
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < sizeof(x->b); i++) {
		out[2 * i] = digits[x->b[i] >> 4];
		out[2 * i + 1] = digits[x->b[i] & 15];
	}
	out[SHA256_HEX] = '\0';
}

bool hash_parse(struct text hex, struct hash *out)
{
	return hex_read(hex, out->b, sizeof(out->b));
}

void edge_init(struct edge *e)
{
	*e = (struct edge){.size = 0};
}

void edge_append(struct hasher *h, struct edge *e, const struct hash *leaf)
{
	struct hash top = *leaf;

	assert(e->size >= 0 && e->size < MERKLE_SIZE_MAX);
	/* Each bit set at the low end of the size is a full subtree as large as what `top` has become. */
	for (uint64_t s = (uint64_t)e->size; (s & 1) != 0; s >>= 1) {
		assert(e->n > 0);
		e->n--;
		top = merkle_node(h, &e->v[e->n], &top);
	}
	assert(e->n < MERKLE_LEVELS);
	e->v[e->n++] = top;
	e->size++;
}

struct hash edge_root(struct hasher *h, const struct edge *e)
{
	if (e->n == 0)
		return merkle_empty();
	assert(e->n <= MERKLE_LEVELS);

	struct hash root = e->v[e->n - 1];

	for (unsigned i = e->n - 1; i > 0; i--)
		root = merkle_node(h, &e->v[i - 1], &root);
	return root;
}

bool edge_load(struct edge *e, int64_t size, struct text bytes)
{
	if (size < 0 || size > MERKLE_SIZE_MAX)
		return false;

	unsigned n = (unsigned)__builtin_popcountll((uint64_t)size);

	if (bytes.n != (size_t)n * SHA256_BYTES)
		return false;
	edge_init(e);
	e->size = size;
	e->n = n;
	if (n > 0)
		memcpy(e->v, bytes.p, bytes.n);
	return true;
}

void edge_store(const struct edge *e, unsigned char out[MERKLE_LEVELS * SHA256_BYTES], size_t *n)
{
	assert(e->n <= MERKLE_LEVELS);
	*n = (size_t)e->n * SHA256_BYTES;
	if (*n > 0)
		memcpy(out, e->v, *n);
}
