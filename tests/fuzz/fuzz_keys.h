/* SPDX-License-Identifier: Apache-2.0 */
/* For fuzz targets of notes and bundles: the public keys of the seeds of trust.md 2.4, and a check that stays in every build. */
#ifndef TESTS_FUZZ_KEYS_H
#define TESTS_FUZZ_KEYS_H

#include "journal/note.h"

#include <stdlib.h>
#include <string.h>

#define MUST(x)                                                                                    \
	do {                                                                                       \
		if (!(x))                                                                          \
			abort();                                                                   \
	} while (0)

#define FUZZ_ORIGIN "tenor.example.net/log/019ca6b1-dc00-7000-8000-000000000001"

/* The log's and its witness's. */
UNUSED static const struct vkey *fuzz_keys(void)
{
	static struct vkey keys[2];
	static bool made;

	for (int k = 0; k < 2 && !made; k++) {
		unsigned char seed[ED25519_SEED], key[ED25519_PUBLIC];
		struct err err = {.line = 0};

		memset(seed, k + 1, sizeof(seed));
		ed25519_public(seed, key);
		MUST(vkey_make(text_of(k == 0 ? FUZZ_ORIGIN : "client.example.org/it"),
			       k == 0 ? KEY_LOG : KEY_COSIGNER, key, &keys[k], &err) == RC_OK);
	}
	made = true;
	return keys;
}

#endif
