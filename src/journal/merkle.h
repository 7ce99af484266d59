/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The Merkle tree of a log (RFC 6962 hashing, trust.md J7): growing it, its root, proofs and their verification (RFC 9162
 * 2.1.3.2 and 2.1.4.2). SHA-256 by OpenSSL here; recompute.h does the same with other code, so that one fault cannot hide (J13).
 */
#ifndef JOURNAL_MERKLE_H
#define JOURNAL_MERKLE_H

#include "base/err.h"
#include "base/sha256.h"

enum { MERKLE_LEVELS = 53, PROOF_HASHES_MAX = 63 };
#define MERKLE_SIZE_MAX (INT64_C(1) << 53)

/* The digest fetched once, for many small hashes (J7); from an arena, its OpenSSL state freed by hasher_free. */
struct hasher;
struct hasher *hasher_new(struct arena *a);
void hasher_free(struct hasher *h);

struct hash merkle_leaf(struct hasher *h, struct text entry);
struct hash merkle_node(struct hasher *h, const struct hash *left, const struct hash *right);
/* Root of size 0: SHA-256(""). */
struct hash merkle_empty(void);
bool hash_eq(const struct hash *x, const struct hash *y);
/* Lower-case hex and a NUL. */
void hash_hex(const struct hash *x, char out[SHA256_HEX + 1]);
bool hash_parse(struct text hex, struct hash *out);

/*
 * The right edge: hashes of the full subtrees of a tree of `size` leaves, largest first (one for each bit set in size). Enough to
 * append and to give the root; 32 bytes a hash when stored.
 */
struct edge {
	int64_t size;
	unsigned n;
	struct hash v[MERKLE_LEVELS];
};

void edge_init(struct edge *e);
void edge_append(struct hasher *h, struct edge *e, const struct hash *leaf);
struct hash edge_root(struct hasher *h, const struct edge *e);
/* n hashes of 32 bytes one after another; false if the number of bytes does not fit the size. */
bool edge_load(struct edge *e, int64_t size, struct text bytes);
void edge_store(const struct edge *e, unsigned char out[MERKLE_LEVELS * SHA256_BYTES], size_t *n);

/* Where hashes of leaves come from when a proof is made: leaves [from, from + n) into out. */
struct leaf_source {
	void *context;
	enum rc (*read)(void *context, int64_t from, size_t n, struct hash *out, struct err *err);
};

struct proof {
	struct hash v[PROOF_HASHES_MAX];
	size_t n;
};

/*
 * Root of the leaves [from, from + n), read from the source in chunks of at most 1,024, each leaf once; nothing but a right edge
 * is kept. A subtree of the log's own tree where n is a power of two and from a multiple of it.
 */
enum rc merkle_subtree(struct hasher *h, const struct leaf_source *leaves, int64_t from, int64_t n,
		       struct hash *out, struct err *err) MUST_USE;
/* Root of the first `size` leaves. */
enum rc merkle_root(struct hasher *h, const struct leaf_source *leaves, int64_t size,
		    struct hash *out, struct err *err) MUST_USE;
/* RFC 6962 2.1.1: that leaf `index` is in the tree of `size`. index < size. */
enum rc merkle_inclusion(struct hasher *h, const struct leaf_source *leaves, int64_t index,
			 int64_t size, struct proof *out, struct err *err) MUST_USE;
/* RFC 6962 2.1.2: that the tree of `size` begins with that of `older`. 0 <= older <= size; empty for 0 and for equal sizes. */
enum rc merkle_consistency(struct hasher *h, const struct leaf_source *leaves, int64_t older,
			   int64_t size, struct proof *out, struct err *err) MUST_USE;

/*
 * RC_INVALID tells why (J16): index not below size, proof too long or short, other root. Consistency of a larger tree with size 0
 * is refused as by RFC 9162 (0 < older): it holds for every tree, so whoever holds nothing yet has nothing to verify.
 */
enum rc merkle_verify_inclusion(struct hasher *h, int64_t index, int64_t size,
				const struct hash *leaf, const struct hash *proof, size_t n,
				const struct hash *root, struct err *err) MUST_USE;
enum rc merkle_verify_consistency(struct hasher *h, int64_t older, int64_t size,
				  const struct hash *older_root, const struct hash *root,
				  const struct hash *proof, size_t n, struct err *err) MUST_USE;

#endif
