/* SPDX-License-Identifier: Apache-2.0 */
/* C2SP tlog-tiles: a tile of 256 hashes of one level, an entry bundle with 16-bit lengths, and their paths (trust.md J8, J9). */
#ifndef JOURNAL_TILE_H
#define JOURNAL_TILE_H

#include "base/buf.h"
#include "journal/merkle.h"

enum { TILE_HASHES = 256, ENTRY_MAX_BYTES = 65535 };

struct tile_id {
	bool entries; /* an entry bundle instead of hashes */
	int level;    /* 0 to 5 */
	int64_t n;    /* number of the tile in its level */
	int width;    /* 1 to 256; 256: full */
};

/* "tile/0/x001/x234/067.p/8", "tile/entries/000.p/3". */
void tile_path(const struct tile_id *id, struct buf *out);
/* false: not such a path. */
bool tile_path_parse(struct text path, struct tile_id *out);
/*
 * Can it be cut from a log of that size? The level above counts full tiles below. Narrower partial tiles than the log's present one
 * count: they are what the holder of an older checkpoint asks for, and their hashes never change.
 */
bool tile_exists(const struct tile_id *id, int64_t size);
/* Hashes only, 32 bytes each, of a tile that exists. Reads each of the leaves under it once. */
enum rc tile_make(struct hasher *h, const struct leaf_source *leaves, const struct tile_id *id,
		  struct buf *out, struct err *err) MUST_USE;

/* One entry of a bundle: its length in 2 bytes, big end first, then its bytes. */
void entry_bundle_add(struct buf *out, struct text entry);
/* Cuts the first entry off *rest; false at its end or where it is broken (*broken). */
bool entry_bundle_next(struct text *rest, struct text *entry, bool *broken);

#endif
