/* SPDX-License-Identifier: Apache-2.0 */
/* The 98 + 98 proof vectors that other implementations of RFC 6962 are tested with (trust.md R11). */
#include "base/base64.h"
#include "journal/merkle.h"

#include "tap.h"

#include <jansson.h>
#include <string.h>

static struct hasher *hasher;

/*
 * Some vectors have words or nothing in place of hashes. They are filled up with zeros, so that it is the verification of proofs that
 * has to refuse them; false only for what has no bytes at all where a leaf or root is due, which no caller could hand over.
 */
static bool hash_of(const json_t *text, struct hash *out)
{
	size_t n = 0;

	memset(out->b, 0, sizeof(out->b));
	return base64_read(text_of(json_string_value(text)), out->b, sizeof(out->b), &n) && n > 0;
}

static size_t proof_of(const json_t *list, struct hash out[PROOF_HASHES_MAX])
{
	size_t n = json_array_size(list);

	for (size_t i = 0; i < n && i < PROOF_HASHES_MAX; i++)
		(void)hash_of(json_array_get(list, i), &out[i]);
	return n;
}

static int64_t number_of(const json_t *v, const char *key)
{
	return json_integer_value(json_object_get(v, key));
}

static bool included(const json_t *v, bool *formed)
{
	struct hash leaf, root, proof[PROOF_HASHES_MAX];
	size_t n = proof_of(json_object_get(v, "proof"), proof);
	struct err err = {0};

	*formed = hash_of(json_object_get(v, "leafHash"), &leaf) &&
		  hash_of(json_object_get(v, "root"), &root);
	return *formed &&
	       merkle_verify_inclusion(hasher, number_of(v, "leafIdx"), number_of(v, "treeSize"),
				       &leaf, proof, n, &root, &err) == RC_OK;
}

static bool consistent(const json_t *v, bool *formed)
{
	struct hash older, root, proof[PROOF_HASHES_MAX];
	size_t n = proof_of(json_object_get(v, "proof"), proof);
	struct err err = {0};

	*formed = hash_of(json_object_get(v, "root1"), &older) &&
		  hash_of(json_object_get(v, "root2"), &root);
	return *formed &&
	       merkle_verify_consistency(hasher, number_of(v, "size1"), number_of(v, "size2"),
					 &older, &root, proof, n, &err) == RC_OK;
}

/* One index is 2^64 - 1, more than jansson reads: to who counts in 64 bits with a sign it is -1. */
static json_t *vector_of(char *line)
{
	static const char largest[] = "18446744073709551615";
	char *at = strstr(line, largest);

	if (at != NULL) {
		memset(at, ' ', sizeof(largest) - 1);
		at[0] = '-';
		at[1] = '1';
	}
	return json_loads(line, JSON_REJECT_DUPLICATES, NULL);
}

static void run(const char *dir, const char *file, bool (*verify)(const json_t *, bool *))
{
	char path[512], line[1 << 16];
	int count = 0, good = 0, malformed = 0;

	(void)snprintf(path, sizeof(path), "%s/vectors/merkle/%s", dir, file);
	FILE *f = fopen(path, "rb");

	if (!ok(f != NULL, "%s is there", file))
		return;
	while (fgets(line, sizeof(line), f) != NULL) {
		json_t *v = vector_of(line);
		bool formed, want, got;

		if (!ok(v != NULL, "%s:%d is JSON", file, count + 1))
			break;
		want = !json_is_true(json_object_get(v, "wantErr"));
		got = verify(v, &formed);
		ok(got == want, "%s %s: %s", file, json_string_value(json_object_get(v, "case")),
		   want ? "accepted" : "refused");
		count++;
		good += want;
		malformed += !formed;
		json_decref(v);
	}
	(void)fclose(f);
	is_i64(count, 98, "vectors in %s", file);
	note("%s: %d to accept, %d without a leaf or root", file, good, malformed);
	ok(good >= 5, "some are to be accepted");
}

int main(void)
{
	const char *dir = tap_shared();

	if (dir == NULL)
		return tap_skip_all("no shared vectors");

	struct arena *a = arena_new(1 << 20);

	hasher = hasher_new(a);
	run(dir, "inclusion.jsonl", included);
	run(dir, "consistency.jsonl", consistent);
	hasher_free(hasher);
	arena_free(a);
	return tap_done();
}
