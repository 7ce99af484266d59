/* SPDX-License-Identifier: Apache-2.0 */
/* Proofs of the Merkle tree: made from a source of leaves (RFC 6962 2.1.1, 2.1.2) and verified (RFC 9162 2.1.3.2, 2.1.4.2). */
#include "journal/merkle.h"

#include <assert.h>
#include <inttypes.h>

/* Leaves asked for in one go: 32 KiB on the stack. */
enum { CHUNK = 1024 };

/* Leaves [from, from + n). */
struct range {
	int64_t from, n;
};

/* The largest power of two below n; n > 1 (J7). */
static int64_t split(int64_t n)
{
	assert(n > 1);
	return INT64_C(1) << (63 - __builtin_clzll((uint64_t)n - 1));
}

enum rc merkle_subtree(struct hasher *h, const struct leaf_source *leaves, int64_t from, int64_t n,
		       struct hash *out, struct err *err)
{
	struct hash chunk[CHUNK];
	struct edge edge;

	assert(from >= 0 && n >= 0 && n <= MERKLE_SIZE_MAX && from <= MERKLE_SIZE_MAX - n);
	edge_init(&edge);
	for (int64_t at = 0; at < n;) {
		size_t here = n - at < CHUNK ? (size_t)(n - at) : CHUNK;
		enum rc rc = leaves->read(leaves->context, from + at, here, chunk, err);

		if (rc != RC_OK)
			return rc;
		for (size_t i = 0; i < here; i++)
			edge_append(h, &edge, &chunk[i]);
		at += (int64_t)here;
	}
	*out = edge_root(h, &edge);
	return RC_OK;
}

enum rc merkle_root(struct hasher *h, const struct leaf_source *leaves, int64_t size,
		    struct hash *out, struct err *err)
{
	return merkle_subtree(h, leaves, 0, size, out, err);
}

/* The ranges lie apart, so no leaf is read twice; a proof lists the deepest sibling first, the ranges come from the root down. */
static enum rc hash_ranges(struct hasher *h, const struct leaf_source *leaves,
			   const struct range *ranges, size_t n, struct proof *out, struct err *err)
{
	struct proof proof;

	assert(n <= PROOF_HASHES_MAX);
	for (size_t i = 0; i < n; i++) {
		const struct range *r = &ranges[n - 1 - i];
		enum rc rc = merkle_subtree(h, leaves, r->from, r->n, &proof.v[i], err);

		if (rc != RC_OK)
			return rc;
	}
	out->n = n;
	for (size_t i = 0; i < n; i++)
		out->v[i] = proof.v[i];
	return RC_OK;
}

enum rc merkle_inclusion(struct hasher *h, const struct leaf_source *leaves, int64_t index,
			 int64_t size, struct proof *out, struct err *err)
{
	struct range ranges[PROOF_HASHES_MAX], all = {0, size};
	size_t n = 0;

	assert(index >= 0 && index < size && size <= MERKLE_SIZE_MAX);
	while (all.n > 1) {
		int64_t k = split(all.n);
		struct range left = {all.from, k}, right = {all.from + k, all.n - k};
		bool in_left = index < right.from;

		assert(n < PROOF_HASHES_MAX);
		ranges[n++] = in_left ? right : left;
		all = in_left ? left : right;
	}
	return hash_ranges(h, leaves, ranges, n, out, err);
}

enum rc merkle_consistency(struct hasher *h, const struct leaf_source *leaves, int64_t older,
			   int64_t size, struct proof *out, struct err *err)
{
	struct range ranges[PROOF_HASHES_MAX], all = {0, size};
	size_t n = 0;

	assert(older >= 0 && older <= size && size <= MERKLE_SIZE_MAX);
	if (older == 0) {
		out->n = 0;
		return RC_OK;
	}
	/* Down to the subtree that ends where the older tree ended. */
	while (all.from + all.n != older) {
		int64_t k = split(all.n);
		struct range left = {all.from, k}, right = {all.from + k, all.n - k};
		bool in_left = older <= right.from;

		assert(n < PROOF_HASHES_MAX);
		ranges[n++] = in_left ? right : left;
		all = in_left ? left : right;
	}
	/* Where that is the whole older tree, its root is known to whoever verifies. */
	if (all.from > 0) {
		assert(n < PROOF_HASHES_MAX);
		ranges[n++] = all;
	}
	return hash_ranges(h, leaves, ranges, n, out, err);
}

static enum rc wrong_length(size_t n, bool too_long, struct err *err)
{
	err_set(err, RC_INVALID, "proof of %zu hashes is too %s", n, too_long ? "long" : "short");
	err_hint(err, "the sizes decide how many hashes a proof has");
	return RC_INVALID;
}

static enum rc check_limits(int64_t size, size_t n, struct err *err)
{
	if (size < 0 || size > MERKLE_SIZE_MAX) {
		err_hint(err, "0 to %" PRId64, MERKLE_SIZE_MAX);
		return err_set(err, RC_INVALID, "tree size '%" PRId64 "' is out of range", size);
	}
	if (n > PROOF_HASHES_MAX) {
		err_hint(err, "at most %d", PROOF_HASHES_MAX);
		return err_set(err, RC_INVALID, "proof has %zu hashes", n);
	}
	return RC_OK;
}

static enum rc compare_roots(const struct hash *got, const struct hash *want, const char *which,
			     struct err *err)
{
	char hex[2][SHA256_HEX + 1];

	if (hash_eq(got, want))
		return RC_OK;
	hash_hex(got, hex[0]);
	hash_hex(want, hex[1]);
	err_hint(err, "%s is '%s'", which, hex[1]);
	return err_set(err, RC_INVALID, "proof leads to another root '%s'", hex[0]);
}

enum rc merkle_verify_inclusion(struct hasher *h, int64_t index, int64_t size,
				const struct hash *leaf, const struct hash *proof, size_t n,
				const struct hash *root, struct err *err)
{
	enum rc rc = check_limits(size, n, err);

	if (rc != RC_OK)
		return rc;
	if (index < 0 || index >= size) {
		err_hint(err, "it must be below the size %" PRId64, size);
		return err_set(err, RC_INVALID, "index '%" PRId64 "' is not in the tree", index);
	}

	uint64_t fn = (uint64_t)index, sn = (uint64_t)size - 1;
	struct hash r = *leaf;

	for (size_t i = 0; i < n; i++) {
		if (sn == 0)
			return wrong_length(n, true, err);
		if ((fn & 1) != 0 || fn == sn) {
			r = merkle_node(h, &proof[i], &r);
			while ((fn & 1) == 0 && fn != 0) {
				fn >>= 1;
				sn >>= 1;
			}
		} else {
			r = merkle_node(h, &r, &proof[i]);
		}
		fn >>= 1;
		sn >>= 1;
	}
	if (sn != 0)
		return wrong_length(n, false, err);
	return compare_roots(&r, root, "the root", err);
}

/* The steps of RFC 9162 2.1.4.2 from the third on. first: the hash that both roots grow from. */
static enum rc climb(struct hasher *h, int64_t older, int64_t size, const struct hash *first,
		     const struct hash *rest, size_t n_rest, const struct hash *older_root,
		     const struct hash *root, size_t n, struct err *err)
{
	uint64_t fn = (uint64_t)older - 1, sn = (uint64_t)size - 1;
	struct hash fr = *first, sr = *first;

	while ((fn & 1) != 0) {
		fn >>= 1;
		sn >>= 1;
	}
	for (size_t i = 0; i < n_rest; i++) {
		if (sn == 0)
			return wrong_length(n, true, err);
		if ((fn & 1) != 0 || fn == sn) {
			fr = merkle_node(h, &rest[i], &fr);
			sr = merkle_node(h, &rest[i], &sr);
			while ((fn & 1) == 0 && fn != 0) {
				fn >>= 1;
				sn >>= 1;
			}
		} else {
			sr = merkle_node(h, &sr, &rest[i]);
		}
		fn >>= 1;
		sn >>= 1;
	}
	if (sn != 0)
		return wrong_length(n, false, err);

	enum rc rc = compare_roots(&fr, older_root, "the older root", err);

	return rc != RC_OK ? rc : compare_roots(&sr, root, "the root", err);
}

/* J16: size 0 has one root only, equal sizes have equal roots and nothing to prove. */
static enum rc check_equal(int64_t size, const struct hash *older_root, const struct hash *root,
			   size_t n, struct err *err)
{
	struct hash empty = merkle_empty();

	if (n > 0)
		return wrong_length(n, true, err);
	if (!hash_eq(older_root, root)) {
		err_hint(err, "one of them was changed");
		return err_set(err, RC_INVALID, "two roots for the size %" PRId64, size);
	}
	if (size == 0 && !hash_eq(root, &empty)) {
		err_hint(err, "it is SHA-256 of nothing");
		return err_set(err, RC_INVALID, "not the root of an empty tree");
	}
	return RC_OK;
}

enum rc merkle_verify_consistency(struct hasher *h, int64_t older, int64_t size,
				  const struct hash *older_root, const struct hash *root,
				  const struct hash *proof, size_t n, struct err *err)
{
	enum rc rc = check_limits(size, n, err);

	if (rc != RC_OK)
		return rc;
	if (older < 0 || older > size) {
		err_hint(err, "0 to %" PRId64, size);
		return err_set(err, RC_INVALID, "older size '%" PRId64 "' is out of range", older);
	}
	if (older == size)
		return check_equal(size, older_root, root, n, err);
	if (older == 0) {
		err_hint(err, "every tree begins with the empty one");
		return err_set(err, RC_INVALID, "consistency with size 0 proves nothing");
	}
	if (n == 0)
		return wrong_length(n, false, err);
	if ((older & (older - 1)) == 0)
		return climb(h, older, size, older_root, proof, n, older_root, root, n, err);
	return climb(h, older, size, &proof[0], proof + 1, n - 1, older_root, root, n, err);
}
