/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What `tenor verify` and `tenor doctor` are measured against: a pass that only hashes each entry as a leaf (SHA-256 of 00 and its
 * bytes, OpenSSL with the digest fetched once) and parses it with jansson (duplicate keys rejected), from memory.
 *
 *   bench_verify WORKSPACE
 */
#include "entries.h"
#include "journal/merkle.h"

#include <inttypes.h>
#include <jansson.h>

int main(int argc, char **argv)
{
	struct arena *a = arena_new((size_t)16 << 30);
	struct hasher *h = hasher_new(a);
	unsigned sum = 0;

	if (argc != 2) {
		fprintf(stderr, "usage: bench_verify WORKSPACE\n");
		return 64;
	}

	struct entries all = entries_read(a, argv[1]);
	struct moment start = moment_now();

	for (size_t i = 0; i < all.n; i++) {
		struct hash leaf = merkle_leaf(h, all.v[i].bytes);
		json_error_t why;
		json_t *root = json_loadb(all.v[i].bytes.p, all.v[i].bytes.n,
					  JSON_REJECT_DUPLICATES, &why);

		if (root == NULL) {
			fprintf(stderr, "bench_verify: entry %zu: %s\n", i, why.text);
			return 1;
		}
		sum += leaf.b[0];
		json_decref(root);
	}

	struct moment end = moment_now();

	printf("entries %zu\nbytes %" PRIu64 "\nsum %u\n", all.n, all.bytes, sum);
	span_print("hash_parse", start, end);
	hasher_free(h);
	arena_free(a);
	return 0;
}
