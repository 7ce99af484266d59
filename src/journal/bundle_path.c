/* SPDX-License-Identifier: Apache-2.0 */
/* The names of files in a bundle: the table of trust.md J19, and level 0 of the hash tiles (J8), by which a changed entry is named. */
#include "journal/bundle_parts.h"

#include <assert.h>
#include <string.h>

static const struct {
	enum path_kind kind;
	const char *prefix, *suffix;
} paths[] = {
	{PATH_OLDER, "checkpoints/", ""},
	{PATH_DOCUMENT, "documents/", ""},
	{PATH_ENTRIES, "entries/", ""},
	{PATH_EXPECTED, "expected/", ".json"},
	{PATH_INPUT, "inputs/", ""},
	{PATH_KEYS, "keys/", ""},
	{PATH_LEAF, "leaves/", ""},
	{PATH_PRIVATE, "private/", ".json"},
	{PATH_PROOF, "proofs/", ".tlog-proof"},
	{PATH_TILE, "tile/0/", ""},
	{PATH_VERSION, "versions/", ".json"},
};

static bool no_folder(struct text t)
{
	return t.n > 0 && text_find(t, '/', 0) == t.n;
}

static bool read_hash(struct text t)
{
	struct hash h;

	return t.n == SHA256_HEX && hash_parse(t, &h);
}

/* "<id>.<slot>" */
static bool read_private(struct text t, struct bundle_path *out)
{
	if (t.n < UUID_TEXT + 2 || t.p[UUID_TEXT] != '.' ||
	    !uuid_parse(text_sub(t, 0, UUID_TEXT), &out->id))
		return false;
	out->stem = text_sub(t, UUID_TEXT + 1, t.n);
	for (size_t i = 0; i < out->stem.n; i++) {
		char c = out->stem.p[i];

		if (!((c >= 'a' && c <= 'z') || (i > 0 && ((c >= '0' && c <= '9') || c == '_'))))
			return false;
	}
	return out->stem.n <= SLOT_NAME_MAX;
}

/* entries/… and tile/0/…: C2SP's path without, or with, its first folder. */
static bool read_tile(struct text name, bool entries, struct bundle_path *out)
{
	char path[BUNDLE_PATH_MAX + 8] = "tile/";
	size_t n = entries ? 5 : 0;

	if (name.n > BUNDLE_PATH_MAX)
		return false;
	memcpy(path + n, name.p, name.n);
	if (!tile_path_parse((struct text){path, n + name.n}, &out->tile))
		return false;
	assert(out->tile.entries == entries && out->tile.level == 0);
	return true;
}

static bool read_stem(struct text name, struct text stem, struct bundle_path *out)
{
	out->stem = stem;
	switch (out->kind) {
	case PATH_OLDER:
	case PATH_LEAF:
	case PATH_PROOF:
		return decimal_read(stem, &out->number);
	case PATH_DOCUMENT:
	case PATH_EXPECTED:
	case PATH_KEYS:
		return no_folder(stem);
	case PATH_INPUT:
	case PATH_VERSION:
		return read_hash(stem);
	case PATH_PRIVATE:
		return read_private(stem, out);
	case PATH_ENTRIES:
		return read_tile(name, true, out);
	case PATH_TILE:
		return read_tile(name, false, out);
	case PATH_NONE:
	case PATH_LIST:
	case PATH_CHECKPOINT:
		break;
	}
	return false;
}

struct bundle_path bundle_path_of(struct text name)
{
	struct bundle_path out = {.kind = PATH_NONE};

	if (text_is(name, "bundle.json"))
		out.kind = PATH_LIST;
	if (text_is(name, "checkpoint"))
		out.kind = PATH_CHECKPOINT;
	for (size_t i = 0; i < ARRAY_SIZE(paths) && out.kind == PATH_NONE; i++) {
		size_t prefix = strlen(paths[i].prefix), suffix = strlen(paths[i].suffix);

		if (name.n < prefix + suffix || !text_starts(name, paths[i].prefix) ||
		    !text_ends(name, paths[i].suffix))
			continue;
		out.kind = paths[i].kind;
		if (!read_stem(name, text_sub(name, prefix, name.n - suffix), &out))
			return (struct bundle_path){.kind = PATH_NONE};
	}
	return out;
}

struct text bundle_tile_path(struct arena *a, bool entries, int64_t n, int64_t size)
{
	int64_t left = size - n * TILE_HASHES;
	struct tile_id id = {.entries = entries, .n = n};
	struct buf path;
	struct text out;

	id.width = left < TILE_HASHES ? (int)left : TILE_HASHES;
	buf_init(&path, 256);
	tile_path(&id, &path);
	out = text_copy(a, entries ? text_sub(buf_view(&path), 5, path.n) : buf_view(&path));
	buf_free(&path);
	return out;
}

struct bundle_range bundle_range_of(const struct bundle *b, const char *prefix)
{
	struct text p = text_of(prefix);
	size_t low = 0, high = b->n;
	struct bundle_range out;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (text_cmp(b->files[mid].name, p) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	if (low == b->n)
		return (struct bundle_range){NULL, 0};
	out = (struct bundle_range){b->files + low, 0};
	while (low + out.n < b->n && text_starts(out.v[out.n].name, prefix))
		out.n++;
	return out;
}
