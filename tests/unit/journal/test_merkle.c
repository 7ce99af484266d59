/* SPDX-License-Identifier: Apache-2.0 */
#include "journal/merkle.h"

#include "example.h"
#include "tap.h"

#include <string.h>

static struct arena *arena;
static struct hasher *hasher;

/* The root by the definition of RFC 6962 2.1, which recurses where the code under test keeps an edge. */
static struct hash defined_root(const struct hash *v, int64_t n)
{
	if (n == 0)
		return merkle_empty();
	if (n == 1)
		return v[0];

	int64_t k = 1;

	while (2 * k < n)
		k *= 2;
	struct hash left = defined_root(v, k), right = defined_root(v + k, n - k);

	return merkle_node(hasher, &left, &right);
}

static void test_example(void)
{
	static const char *const leaves[] = {EXAMPLE_LEAF_0, EXAMPLE_LEAF_1, EXAMPLE_LEAF_2};
	static const char *const roots[] = {EXAMPLE_LEAF_0, EXAMPLE_ROOT_2, EXAMPLE_ROOT_3};
	struct edge e;
	struct hash leaf[3], root;

	edge_init(&e);
	root = edge_root(hasher, &e);
	hash_is(&root, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
		"the root of nothing");
	for (size_t i = 0; i < 3; i++) {
		leaf[i] = merkle_leaf(hasher, text_of(example_entries[i]));
		hash_is(&leaf[i], leaves[i], "leaf of the example");
		edge_append(hasher, &e, &leaf[i]);
		root = edge_root(hasher, &e);
		hash_is(&root, roots[i], "root of the example");
	}

	char flipped[600];
	size_t n = strlen(example_entries[1]);

	memcpy(flipped, example_entries[1], n);
	flipped[0] = (char)(flipped[0] ^ 1);
	leaf[1] = merkle_leaf(hasher, (struct text){flipped, n});
	root = defined_root(leaf, 3);
	hash_is(&root, EXAMPLE_FLIPPED, "root with one bit flipped");
}

static void test_example_proofs(void)
{
	struct hash leaf[3], root3, root2;
	struct leaf_array array = {leaf, 3, 0, 0, -1, 0, NULL};
	struct leaf_source source = {&array, leaf_array_read};
	struct proof p;
	struct err err = {0};

	for (size_t i = 0; i < 3; i++)
		leaf[i] = merkle_leaf(hasher, text_of(example_entries[i]));
	ok(hash_parse(text_of(EXAMPLE_ROOT_3), &root3) &&
		   hash_parse(text_of(EXAMPLE_ROOT_2), &root2),
	   "hashes are read");
	ok(merkle_inclusion(hasher, &source, 1, 3, &p, &err) == RC_OK && p.n == 2,
	   "inclusion of 1 in 3");
	hash_is(&p.v[0], EXAMPLE_LEAF_0, "is leaf 0");
	hash_is(&p.v[1], EXAMPLE_LEAF_2, "and leaf 2");
	ok(merkle_verify_inclusion(hasher, 1, 3, &leaf[1], p.v, p.n, &root3, &err) == RC_OK,
	   "and is verified");
	ok(merkle_consistency(hasher, &source, 2, 3, &p, &err) == RC_OK && p.n == 1,
	   "consistency of 2 with 3");
	hash_is(&p.v[0], EXAMPLE_LEAF_2, "is leaf 2");
	ok(merkle_verify_consistency(hasher, 2, 3, &root2, &root3, p.v, p.n, &err) == RC_OK,
	   "and is verified");
	ok(merkle_consistency(hasher, &source, 1, 3, &p, &err) == RC_OK && p.n == 2,
	   "consistency of 1 with 3");
	hash_is(&p.v[0], EXAMPLE_LEAF_1, "is leaf 1");
	hash_is(&p.v[1], EXAMPLE_LEAF_2, "and leaf 2");
	ok(merkle_verify_consistency(hasher, 1, 3, &leaf[0], &root3, p.v, p.n, &err) == RC_OK,
	   "and is verified");
}

/* The edge gives the defined root at every size, comes back from its bytes, and grows on from there. */
static void test_edge(void)
{
	enum { N = 600 };
	struct hash *v = numbered_leaves(arena, hasher, N);
	unsigned char bytes[MERKLE_LEVELS * SHA256_BYTES];
	struct edge e, loaded;
	int wrong = 0;
	size_t n;

	edge_init(&e);
	for (int64_t size = 0; size <= N; size++) {
		struct hash want = defined_root(v, size), got = edge_root(hasher, &e);

		edge_store(&e, bytes, &n);
		wrong += !hash_eq(&want, &got) || e.size != size;
		wrong += !edge_load(&loaded, size, (struct text){(char *)bytes, n});
		got = edge_root(hasher, &loaded);
		wrong += !hash_eq(&want, &got);
		wrong += edge_load(&loaded, size, (struct text){(char *)bytes, n + 32});
		wrong += size > 0 && edge_load(&loaded, size, (struct text){(char *)bytes, n - 1});
		wrong += edge_load(&loaded, -size - 1, (struct text){(char *)bytes, n});
		if (size < N)
			edge_append(hasher, &loaded, &v[size]);
		e = loaded;
	}
	is_i64(wrong, 0, "the edge of every size up to %d", N);
	memset(bytes, 1, sizeof(bytes));
	ok(edge_load(&e, MERKLE_SIZE_MAX, (struct text){(char *)bytes, 32}), "the largest size");
	ok(!edge_load(&e, MERKLE_SIZE_MAX + 1, (struct text){(char *)bytes, 64}),
	   "and no larger one");
	ok(edge_load(&e, MERKLE_SIZE_MAX - 1, (struct text){(char *)bytes, 53 * 32}),
	   "the edge with the most hashes");
	edge_append(hasher, &e, &v[0]);
	ok(e.n == 1 && e.size == MERKLE_SIZE_MAX, "grows to the largest size");
}

/* Every proof of every size up to N is as the algorithm of verification wants it, and each leaf is read once at most. */
static void test_all_proofs(void)
{
	enum { N = 70 };
	struct hash *v = numbered_leaves(arena, hasher, N);
	struct hash root[N + 1];
	unsigned char seen[N];
	struct proof p;
	struct err err = {0};
	int wrong = 0, proofs = 0;

	for (int64_t size = 0; size <= N; size++)
		root[size] = defined_root(v, size);
	for (int64_t size = 1; size <= N; size++) {
		for (int64_t i = 0; i <= size; i++) {
			struct leaf_array array = {v, size, 0, 0, -1, 0, seen};
			struct leaf_source source = {&array, leaf_array_read};

			memset(seen, 0, sizeof(seen));
			if (i < size) {
				wrong += merkle_inclusion(hasher, &source, i, size, &p, &err) !=
					 RC_OK;
				wrong += merkle_verify_inclusion(hasher, i, size, &v[i], p.v, p.n,
								 &root[size], &err) != RC_OK;
				proofs++;
			}
			for (int64_t k = 0; k < size; k++)
				wrong += seen[k] > 1;
			memset(seen, 0, sizeof(seen));
			wrong += merkle_consistency(hasher, &source, i, size, &p, &err) != RC_OK;
			wrong += (i == 0 || i == size) && p.n != 0;
			if (i > 0)
				wrong += merkle_verify_consistency(hasher, i, size, &root[i],
								   &root[size], p.v, p.n,
								   &err) != RC_OK;
			for (int64_t k = 0; k < size; k++)
				wrong += seen[k] > 1;
			proofs++;
		}
	}
	is_i64(wrong, 0, "%d proofs of sizes up to %d", proofs, N);
}

static void test_large(void)
{
	enum { N = 100003 };
	struct hash *v = numbered_leaves(arena, hasher, N), root, older;
	struct leaf_array array = {v, N, 0, 0, -1, 0, NULL};
	struct leaf_source source = {&array, leaf_array_read};
	struct proof p;
	struct err err = {0};

	ok(merkle_root(hasher, &source, N, &root, &err) == RC_OK, "root of %d leaves", N);
	struct hash want = defined_root(v, N);

	ok(hash_eq(&root, &want), "is the defined one");
	is_i64(array.read, N, "each leaf is read once");
	is_i64((int64_t)array.largest, 1024, "in chunks of 1,024");
	array.read = 0;
	ok(merkle_inclusion(hasher, &source, 77777, N, &p, &err) == RC_OK &&
		   merkle_verify_inclusion(hasher, 77777, N, &v[77777], p.v, p.n, &root, &err) ==
			   RC_OK,
	   "inclusion in a large tree");
	is_i64(array.read, N - 1, "reads every other leaf once");
	older = defined_root(v, 65536);
	ok(merkle_consistency(hasher, &source, 65536, N, &p, &err) == RC_OK &&
		   merkle_verify_consistency(hasher, 65536, N, &older, &root, p.v, p.n, &err) ==
			   RC_OK,
	   "consistency with a power of two");
	older = defined_root(v, 65537);
	ok(merkle_consistency(hasher, &source, 65537, N, &p, &err) == RC_OK &&
		   merkle_verify_consistency(hasher, 65537, N, &older, &root, p.v, p.n, &err) ==
			   RC_OK,
	   "and with one more");
	array.fail_at = 50000;
	p.n = 7;
	ok(merkle_root(hasher, &source, N, &root, &err) == RC_IO &&
		   merkle_inclusion(hasher, &source, 0, N, &p, &err) == RC_IO &&
		   merkle_consistency(hasher, &source, 1, N, &p, &err) == RC_IO && p.n == 7,
	   "an unreadable leaf is an error, and nothing is written");
}

/* trust.md J16 */
static void test_refused(void)
{
	struct hash v[8], root[9], empty = merkle_empty(), proof[64] = {{{0}}};
	struct leaf_array array = {v, 8, 0, 0, -1, 0, NULL};
	struct leaf_source source = {&array, leaf_array_read};
	struct proof p;
	struct err err = {0};

	memcpy(v, numbered_leaves(arena, hasher, 8), sizeof(v));
	for (int64_t i = 0; i <= 8; i++)
		root[i] = defined_root(v, i);
	ok(merkle_inclusion(hasher, &source, 5, 8, &p, &err) == RC_OK && p.n == 3,
	   "a proof of 3 hashes");

#define INCLUDED(index, size, n)                                                                   \
	merkle_verify_inclusion(hasher, index, size, &v[5], p.v, n, &root[8], &err)
	ok(INCLUDED(5, 8, 3) == RC_OK, "it holds");
	ok(INCLUDED(8, 8, 3) == RC_INVALID, "index 8 of 8");
	is_text(text_of(err.message), "index '8' is not in the tree", "named");
	ok(INCLUDED(-1, 8, 3) == RC_INVALID, "index -1");
	ok(INCLUDED(0, 0, 0) == RC_INVALID, "index 0 of nothing");
	ok(INCLUDED(5, -8, 3) == RC_INVALID, "size -8");
	ok(INCLUDED(5, MERKLE_SIZE_MAX + 1, 3) == RC_INVALID, "size above 2^53");
	is_text(text_of(err.message), "tree size '9007199254740993' is out of range", "named");
	ok(INCLUDED(5, 8, 2) == RC_INVALID, "a hash too few");
	is_text(text_of(err.message), "proof of 2 hashes is too short", "named");
	p.v[3] = p.v[2];
	ok(INCLUDED(5, 8, 4) == RC_INVALID, "a hash too many");
	is_text(text_of(err.message), "proof of 4 hashes is too long", "named");
	ok(INCLUDED(4, 8, 3) == RC_INVALID, "another index");
	ok(text_starts(text_of(err.message), "proof leads to another root"), "named");
	ok(merkle_verify_inclusion(hasher, 0, MERKLE_SIZE_MAX, &v[0], proof, 64, &root[8], &err) ==
		   RC_INVALID,
	   "64 hashes");
	is_text(text_of(err.message), "proof has 64 hashes", "named");

#define CONSISTENT(older, size, n)                                                                 \
	merkle_verify_consistency(hasher, older, size, &root[older], &root[size], p.v, n, &err)
	ok(merkle_consistency(hasher, &source, 6, 8, &p, &err) == RC_OK && p.n == 3, "6 in 8");
	ok(CONSISTENT(6, 8, 3) == RC_OK, "it holds");
	ok(CONSISTENT(8, 6, 3) == RC_INVALID, "the older larger");
	ok(CONSISTENT(6, 8, 2) == RC_INVALID, "a hash too few");
	p.v[3] = p.v[2];
	ok(CONSISTENT(6, 8, 4) == RC_INVALID, "a hash too many");
	ok(CONSISTENT(6, 8, 0) == RC_INVALID, "no hash");
	ok(CONSISTENT(6, 6, 1) == RC_INVALID, "equal sizes need none");
	ok(CONSISTENT(6, 6, 0) == RC_OK, "equal sizes, equal roots");
	ok(merkle_verify_consistency(hasher, 6, 6, &root[6], &root[7], p.v, 0, &err) == RC_INVALID,
	   "equal sizes, two roots");
	is_text(text_of(err.message), "two roots for the size 6", "named");
	ok(merkle_verify_consistency(hasher, 0, 0, &empty, &empty, p.v, 0, &err) == RC_OK,
	   "nothing is nothing");
	ok(merkle_verify_consistency(hasher, 0, 0, &root[1], &root[1], p.v, 0, &err) == RC_INVALID,
	   "size 0 with another root");
	ok(CONSISTENT(0, 8, 0) == RC_INVALID, "from nothing, nothing is proved");
	ok(merkle_verify_consistency(hasher, -1, 8, &empty, &root[8], p.v, 3, &err) == RC_INVALID,
	   "size -1");
	ok(merkle_verify_consistency(hasher, 1, INT64_MAX, &empty, &root[8], proof, 63, &err) ==
		   RC_INVALID,
	   "size above 2^53");
}

/* Hashes of every place in the largest tree: no shift or array runs over. */
static void test_extremes(void)
{
	struct hash proof[PROOF_HASHES_MAX] = {{{0}}}, any = merkle_empty();
	static const int64_t at[] = {0, 1, MERKLE_SIZE_MAX / 2, MERKLE_SIZE_MAX - 2,
				     MERKLE_SIZE_MAX - 1};
	struct err err = {0};
	int accepted = 0;

	for (size_t i = 0; i < ARRAY_SIZE(at); i++) {
		for (size_t n = 0; n <= PROOF_HASHES_MAX; n++) {
			accepted += merkle_verify_inclusion(hasher, at[i], MERKLE_SIZE_MAX, &any,
							    proof, n, &any, &err) == RC_OK;
			accepted += merkle_verify_consistency(hasher, at[i], MERKLE_SIZE_MAX, &any,
							      &any, proof, n, &err) == RC_OK;
		}
	}
	is_i64(accepted, 0, "proofs of zeros in the largest tree");
}

int main(void)
{
	arena = arena_new(64 << 20);
	hasher = hasher_new(arena);
	test_example();
	test_example_proofs();
	test_edge();
	test_all_proofs();
	test_large();
	test_refused();
	test_extremes();
	hasher_free(hasher);
	arena_free(arena);
	return tap_done();
}
