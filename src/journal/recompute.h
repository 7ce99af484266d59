/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The same root by other code (trust.md J13): a stack of subtrees and libsodium's SHA-256. Whoever signs runs this over the bytes
 * as committed and compares; it shares no function with merkle.c.
 */
#ifndef JOURNAL_RECOMPUTE_H
#define JOURNAL_RECOMPUTE_H

#include "base/text.h"

enum {
	RECOMPUTE_LEVELS = 64,
	RECOMPUTE_HASH = 32,
	RECOMPUTE_STATE_MAX = 8 + RECOMPUTE_LEVELS * RECOMPUTE_HASH
};

struct recompute {
	int64_t size;
	uint64_t count[RECOMPUTE_LEVELS]; /* leaves of each subtree on the stack */
	unsigned char hash[RECOMPUTE_LEVELS][RECOMPUTE_HASH];
	unsigned depth;
};

void recompute_init(struct recompute *r);
/* Takes an entry's bytes; leaf (32 bytes) may be NULL, else gets the leaf's hash. */
void recompute_add(struct recompute *r, struct text entry, unsigned char *leaf);
void recompute_root(const struct recompute *r, unsigned char root[RECOMPUTE_HASH]);
/* To bytes and back, so that a signer need not begin at leaf 0 each time. false: not such bytes. */
size_t recompute_store(const struct recompute *r, unsigned char out[RECOMPUTE_STATE_MAX]);
bool recompute_load(struct recompute *r, struct text bytes);

#endif
