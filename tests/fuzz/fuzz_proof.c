/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Arbitrary proofs, and true ones with some bits changed (trust.md J15, J16). Verification must say what the definition of the proof
 * says, which is written here a second time and top down. Then the small formats of the same room: paths and bundles of tiles, stored
 * states.
 */
#include "journal/merkle.h"
#include "journal/recompute.h"
#include "journal/tile.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { LEAVES = 300 };

static struct hasher *hasher;

struct claim {
	bool consistency;
	int64_t at, size;
	struct hash start, root, proof[PROOF_HASHES_MAX + 1];
	size_t n;
};

static int64_t split(int64_t n)
{
	int64_t k = 1;

	while (k < n - k)
		k *= 2;
	return k;
}

/* Takes the last hash of the proof that is left. */
static bool take(const struct claim *c, size_t *left, struct hash *out)
{
	if (*left == 0)
		return false;
	*out = c->proof[--*left];
	return true;
}

/* The root of a tree of n leaves with c->start at index i. The depth is that of the tree, at most 53. */
static bool from_leaf(const struct claim *c, int64_t i, int64_t n, size_t *left, struct hash *out)
{
	struct hash mine, other;

	if (n == 1) {
		*out = c->start;
		return true;
	}

	int64_t k = split(n);

	if (!take(c, left, &other))
		return false;
	if (i < k ? !from_leaf(c, i, k, left, &mine) : !from_leaf(c, i - k, n - k, left, &mine))
		return false;
	*out = i < k ? merkle_node(hasher, &mine, &other) : merkle_node(hasher, &other, &mine);
	return true;
}

/* Both roots over n leaves of which the first m are old; whole: the old part is all of the older tree. */
static bool from_older(const struct claim *c, int64_t m, int64_t n, bool whole, size_t *left,
		       struct hash *older, struct hash *newer)
{
	struct hash other;

	if (m == n) {
		*older = c->start;
		if (!whole && !take(c, left, older))
			return false;
		*newer = *older;
		return true;
	}

	int64_t k = split(n);

	if (!take(c, left, &other))
		return false;
	if (m <= k) {
		if (!from_older(c, m, k, whole, left, older, newer))
			return false;
		*newer = merkle_node(hasher, newer, &other);
		return true;
	}
	if (!from_older(c, m - k, n - k, false, left, older, newer))
		return false;
	*older = merkle_node(hasher, &other, older);
	*newer = merkle_node(hasher, &other, newer);
	return true;
}

static bool holds(const struct claim *c)
{
	struct hash older, root, empty = merkle_empty();
	size_t left = c->n;

	if (c->size < 0 || c->size > MERKLE_SIZE_MAX || c->n > PROOF_HASHES_MAX || c->at < 0)
		return false;
	if (!c->consistency)
		return c->at < c->size && from_leaf(c, c->at, c->size, &left, &root) && left == 0 &&
		       hash_eq(&root, &c->root);
	if (c->at == c->size && c->size == 0)
		return c->n == 0 && hash_eq(&c->start, &empty) && hash_eq(&c->root, &empty);
	return c->at > 0 && c->at <= c->size &&
	       from_older(c, c->at, c->size, true, &left, &older, &root) && left == 0 &&
	       hash_eq(&older, &c->start) && hash_eq(&root, &c->root);
}

static void check_claim(const struct claim *c)
{
	struct err err = {.line = 0};
	enum rc rc;

	if (c->consistency)
		rc = merkle_verify_consistency(hasher, c->at, c->size, &c->start, &c->root,
					       c->proof, c->n, &err);
	else
		rc = merkle_verify_inclusion(hasher, c->at, c->size, &c->start, c->proof, c->n,
					     &c->root, &err);
	assert(rc == RC_OK || (rc == RC_INVALID && err.message[0] != '\0'));
	assert((rc == RC_OK) == holds(c));
}

static int64_t number(struct text *rest)
{
	uint64_t v = 0;

	for (size_t i = 0; i < 8 && i < rest->n; i++)
		v = v << 8 | (unsigned char)rest->p[i];
	*rest = text_sub(*rest, 8, rest->n);
	return v > INT64_MAX ? -1 : (int64_t)v;
}

static void any_claim(bool consistency, struct text rest)
{
	struct claim c = {.consistency = consistency};

	c.at = number(&rest);
	c.size = number(&rest);
	if (rest.n < 64)
		return;
	memcpy(c.start.b, rest.p, 32);
	memcpy(c.root.b, rest.p + 32, 32);
	rest = text_sub(rest, 64, rest.n);
	c.n = rest.n / 32 > PROOF_HASHES_MAX + 1 ? PROOF_HASHES_MAX + 1 : rest.n / 32;
	if (c.n > 0)
		memcpy(c.proof, rest.p, c.n * 32);
	check_claim(&c);
}

static enum rc read_leaves(void *context, int64_t from, size_t n, struct hash *out, struct err *err)
{
	(void)context;
	(void)err;
	for (size_t i = 0; i < n; i++) {
		memset(out[i].b, 0, sizeof(out[i].b));
		out[i].b[0] = (unsigned char)((from + (int64_t)i) & 255);
		out[i].b[1] = (unsigned char)((from + (int64_t)i) >> 8 & 255);
	}
	return RC_OK;
}

/* A true claim about a small tree, and then pairs of bytes: which byte of its hashes to change, and by which bits. */
static void changed_claim(bool consistency, struct text rest)
{
	struct leaf_source source = {NULL, read_leaves};
	struct claim c = {.consistency = consistency};
	struct err err = {.line = 0};
	struct proof proof;
	enum rc rc;

	if (rest.n < 4)
		return;
	c.size = 1 + ((unsigned char)rest.p[0] << 8 | (unsigned char)rest.p[1]) % LEAVES;
	c.at = ((unsigned char)rest.p[2] << 8 | (unsigned char)rest.p[3]) % c.size;
	rest = text_sub(rest, 4, rest.n);
	if (consistency) {
		c.at++;
		rc = merkle_consistency(hasher, &source, c.at, c.size, &proof, &err);
		assert(rc == RC_OK);
		rc = merkle_root(hasher, &source, c.at, &c.start, &err);
	} else {
		rc = merkle_inclusion(hasher, &source, c.at, c.size, &proof, &err);
		assert(rc == RC_OK);
		rc = read_leaves(NULL, c.at, 1, &c.start, &err);
	}
	assert(rc == RC_OK);
	rc = merkle_root(hasher, &source, c.size, &c.root, &err);
	assert(rc == RC_OK);
	c.n = proof.n;
	memcpy(c.proof, proof.v, proof.n * sizeof(proof.v[0]));
	assert(holds(&c));
	check_claim(&c);
	for (; rest.n >= 2; rest = text_sub(rest, 2, rest.n)) {
		size_t at = (unsigned char)rest.p[0];
		struct hash *h = at / 32 == 0   ? &c.start
				 : at / 32 == 1 ? &c.root
						: &c.proof[at / 32 - 2];

		h->b[at % 32] = (unsigned char)(h->b[at % 32] ^ (unsigned char)rest.p[1]);
		check_claim(&c);
	}
}

static void check_formats(struct text bytes)
{
	unsigned char state[RECOMPUTE_STATE_MAX], hashes[MERKLE_LEVELS * SHA256_BYTES];
	struct text rest = bytes, entry;
	struct tile_id id;
	struct recompute r;
	struct edge edge;
	bool broken;
	struct buf b;
	size_t n;

	buf_init(&b, 4u << 20);
	if (tile_path_parse(bytes, &id)) {
		tile_path(&id, &b);
		assert(text_eq(buf_view(&b), bytes));
		assert(!tile_exists(&id, 0) && (id.level > 0 || tile_exists(&id, MERKLE_SIZE_MAX)));
	}
	buf_clear(&b);
	while (entry_bundle_next(&rest, &entry, &broken))
		entry_bundle_add(&b, entry);
	assert(broken == (rest.n > 0) && b.n + rest.n == bytes.n);
	assert(text_eq(buf_view(&b), text_sub(bytes, 0, b.n)));
	buf_free(&b);
	if (recompute_load(&r, bytes)) {
		n = recompute_store(&r, state);
		assert(text_eq((struct text){(const char *)state, n}, bytes));
		recompute_root(&r, state);
		if (r.size < MERKLE_SIZE_MAX)
			recompute_add(&r, bytes, NULL);
	}
	rest = bytes;
	if (edge_load(&edge, number(&rest), rest)) {
		edge_store(&edge, hashes, &n);
		assert(text_eq((struct text){(const char *)hashes, n}, rest));
		(void)edge_root(hasher, &edge);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct arena *a;

	if (size == 0)
		return 0;

	struct text rest = {(const char *)data + 1, size - 1};

	if (hasher == NULL) {
		a = arena_new(1u << 20);
		hasher = hasher_new(a);
	}
	switch (data[0] % 5) {
	case 0:
	case 1:
		any_claim(data[0] % 5 == 1, rest);
		break;
	case 2:
	case 3:
		changed_claim(data[0] % 5 == 3, rest);
		break;
	case 4:
		check_formats(rest);
		break;
	}
	return 0;
}
