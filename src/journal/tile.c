/* SPDX-License-Identifier: Apache-2.0 */
#include "journal/tile.h"

#include <assert.h>
#include <string.h>

enum {
	LEVEL_MAX = 5,
	/* groups of three digits that the number of a tile may have: 2^45 has 14 digits */
	GROUPS_MAX = 5
};

/* The tile number that no log reaches. */
#define TILES (MERKLE_SIZE_MAX / TILE_HASHES)

void tile_path(const struct tile_id *id, struct buf *out)
{
	int64_t n = id->n, group[GROUPS_MAX];
	int groups = 0;

	assert(id->level >= 0 && id->level <= LEVEL_MAX && n >= 0 && n < TILES);
	assert(id->width >= 1 && id->width <= TILE_HASHES);
	do {
		group[groups++] = n % 1000;
		n /= 1000;
	} while (n > 0);
	buf_str(out, "tile/");
	if (id->entries)
		buf_str(out, "entries");
	else
		buf_i64(out, id->level);
	while (groups > 0) {
		groups--;
		buf_str(out, groups > 0 ? "/x" : "/");
		buf_i64_pad(out, group[groups], 3);
	}
	if (id->width < TILE_HASHES) {
		buf_str(out, ".p/");
		buf_i64(out, id->width);
	}
}

/* Takes the start of *rest if it is `word`. */
static bool take(struct text *rest, const char *word)
{
	if (!text_starts(*rest, word))
		return false;
	*rest = text_sub(*rest, strlen(word), rest->n);
	return true;
}

/* "x001/x234/067" at the start of *rest; one group less would do where the first is x000. */
static bool take_number(struct text *rest, int64_t *out)
{
	int64_t n = 0;

	for (int groups = 1; groups <= GROUPS_MAX; groups++) {
		bool more = take(rest, "x");
		int64_t group;

		if (!text_digits(text_sub(*rest, 0, 3), &group) || rest->n < 3)
			return false;
		*rest = text_sub(*rest, 3, rest->n);
		n = n * 1000 + group;
		if (!more) {
			*out = n;
			return n < TILES;
		}
		if ((groups == 1 && group == 0) || !take(rest, "/"))
			return false;
	}
	return false;
}

bool tile_path_parse(struct text path, struct tile_id *out)
{
	struct tile_id id = {.width = TILE_HASHES};
	struct text rest = path;
	int64_t width;

	if (!take(&rest, "tile/"))
		return false;
	if (take(&rest, "entries/")) {
		id.entries = true;
	} else {
		if (rest.n < 2 || rest.p[0] < '0' || rest.p[0] > '0' + LEVEL_MAX ||
		    rest.p[1] != '/')
			return false;
		id.level = rest.p[0] - '0';
		rest = text_sub(rest, 2, rest.n);
	}
	if (!take_number(&rest, &id.n))
		return false;
	if (take(&rest, ".p/")) {
		if (rest.n > 3 || !text_digits(rest, &width) || rest.p[0] == '0' ||
		    width >= TILE_HASHES)
			return false;
		id.width = (int)width;
		rest = text_sub(rest, rest.n, rest.n);
	}
	if (rest.n > 0)
		return false;
	*out = id;
	return true;
}

bool tile_exists(const struct tile_id *id, int64_t size)
{
	assert(id->level >= 0 && id->level <= LEVEL_MAX && id->n >= 0 && id->n < TILES);
	assert(size >= 0 && size <= MERKLE_SIZE_MAX);
	/* A hash of a level is of 256 of the level below, once these are all there; from then on it stays. */
	int64_t hashes = id->entries ? size : size >> (8 * id->level);

	return id->n * TILE_HASHES + id->width <= hashes;
}

enum rc tile_make(struct hasher *h, const struct leaf_source *leaves, const struct tile_id *id,
		  struct buf *out, struct err *err)
{
	struct hash v[TILE_HASHES];
	int64_t each, from;
	enum rc rc = RC_OK;

	assert(!id->entries && id->level >= 0 && id->level <= LEVEL_MAX);
	assert(id->width >= 1 && id->width <= TILE_HASHES && tile_exists(id, MERKLE_SIZE_MAX));
	each = INT64_C(1) << (8 * id->level);
	from = id->n * TILE_HASHES;
	if (id->level == 0)
		rc = leaves->read(leaves->context, from, (size_t)id->width, v, err);
	for (int i = 0; rc == RC_OK && id->level > 0 && i < id->width; i++)
		rc = merkle_subtree(h, leaves, (from + i) * each, each, &v[i], err);
	if (rc != RC_OK)
		return rc;
	for (int i = 0; i < id->width; i++)
		buf_add(out, (const char *)v[i].b, sizeof(v[i].b));
	return RC_OK;
}

void entry_bundle_add(struct buf *out, struct text entry)
{
	assert(entry.n <= ENTRY_MAX_BYTES);
	buf_char(out, (char)(unsigned char)(entry.n >> 8));
	buf_char(out, (char)(unsigned char)(entry.n & 255));
	buf_text(out, entry);
}

bool entry_bundle_next(struct text *rest, struct text *entry, bool *broken)
{
	*broken = false;
	if (rest->n == 0)
		return false;
	if (rest->n < 2) {
		*broken = true;
		return false;
	}

	size_t n = (size_t)(unsigned char)rest->p[0] << 8 | (unsigned char)rest->p[1];

	if (rest->n - 2 < n) {
		*broken = true;
		return false;
	}
	*entry = text_sub(*rest, 2, 2 + n);
	*rest = text_sub(*rest, 2 + n, rest->n);
	return true;
}
