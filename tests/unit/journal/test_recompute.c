/* SPDX-License-Identifier: Apache-2.0 */
#include "journal/recompute.h"

#include "example.h"
#include "journal/merkle.h"
#include "tap.h"

#include <string.h>

static struct hasher *hasher;

static bool same_root(const struct recompute *r, const struct edge *e)
{
	unsigned char root[RECOMPUTE_HASH];
	struct hash want = edge_root(hasher, e);

	recompute_root(r, root);
	return memcmp(root, want.b, sizeof(root)) == 0;
}

/* An entry of 0 to 200 bytes that differs for each i. */
static struct text entry_of(int64_t i, char bytes[220])
{
	size_t n = (size_t)(i * 7 % 200);
	int used = snprintf(bytes, 20, "%" PRId64, i);

	memset(bytes + used, 'x', 200);
	return (struct text){bytes, i == 0 ? 0 : (size_t)used + n};
}

static void test_every_size(int64_t most, bool store)
{
	unsigned char bytes[RECOMPUTE_STATE_MAX], leaf[RECOMPUTE_HASH];
	struct recompute r, loaded;
	struct edge e;
	char text[220];
	int wrong = 0;

	recompute_init(&r);
	edge_init(&e);
	for (int64_t size = 0;; size++) {
		if (store) {
			size_t n = recompute_store(&r, bytes);

			wrong += !recompute_load(&loaded, (struct text){(char *)bytes, n});
			wrong += recompute_load(&r, (struct text){(char *)bytes, n - 1});
			wrong += n < sizeof(bytes) &&
				 recompute_load(&r, (struct text){(char *)bytes, n + 1});
			wrong += loaded.depth != r.depth || loaded.size != size;
			r = loaded;
		}
		if (store || size == most)
			wrong += !same_root(&r, &e);
		if (size == most)
			break;

		struct text entry = entry_of(size, text);
		struct hash want = merkle_leaf(hasher, entry);

		recompute_add(&r, entry, size % 3 == 0 ? NULL : leaf);
		wrong += size % 3 != 0 && memcmp(leaf, want.b, sizeof(leaf)) != 0;
		edge_append(hasher, &e, &want);
	}
	is_i64(wrong, 0, "%s to %" PRId64,
	       store ? "agrees at every size, loaded from its bytes," : "agrees, run on", most);
}

static void test_example(void)
{
	static const char *const roots[] = {EXAMPLE_LEAF_0, EXAMPLE_ROOT_2, EXAMPLE_ROOT_3};
	struct recompute r;
	struct hash root;

	recompute_init(&r);
	recompute_root(&r, root.b);
	hash_is(&root, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
		"the root of nothing");
	for (size_t i = 0; i < 3; i++) {
		recompute_add(&r, text_of(example_entries[i]), NULL);
		recompute_root(&r, root.b);
		hash_is(&root, roots[i], "root of the example");
	}
}

static void test_refused(void)
{
	static const struct {
		const char *name;
		unsigned char size[8];
		size_t n;
		bool good;
	} cases[] = {
		{"no bytes", {0}, 0, false},
		{"seven bytes", {0}, 7, false},
		{"size 0", {0}, 8, true},
		{"size 0 with a hash", {0}, 40, false},
		{"size 1 without a hash", {0, 0, 0, 0, 0, 0, 0, 1}, 8, false},
		{"size 2 with a hash", {0, 0, 0, 0, 0, 0, 0, 2}, 40, true},
		{"size 3 with one hash", {0, 0, 0, 0, 0, 0, 0, 3}, 40, false},
		{"size 2^53", {0, 0x20, 0, 0, 0, 0, 0, 0}, 40, true},
		{"size 2^53 + 1", {0, 0x20, 0, 0, 0, 0, 0, 1}, 72, false},
		{"size 2^54", {0, 0x40, 0, 0, 0, 0, 0, 0}, 40, false},
		{"size -1", {255, 255, 255, 255, 255, 255, 255, 255}, 8 + 64 * 32, false},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		char bytes[RECOMPUTE_STATE_MAX] = {0};
		struct recompute r = {.size = 5};

		memcpy(bytes, cases[i].size, 8);
		ok(recompute_load(&r, (struct text){bytes, cases[i].n}) == cases[i].good, "%s: %s",
		   cases[i].name, cases[i].good ? "loaded" : "refused");
		ok(cases[i].good || r.size == 5, "%s: nothing written on failure", cases[i].name);
	}
}

int main(void)
{
	struct arena *a = arena_new(1 << 20);

	hasher = hasher_new(a);
	test_example();
	test_every_size(600, true);
	test_every_size(70001, false);
	test_refused();
	hasher_free(hasher);
	arena_free(a);
	return tap_done();
}
