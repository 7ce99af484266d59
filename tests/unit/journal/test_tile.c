/* SPDX-License-Identifier: Apache-2.0 */
#include "journal/tile.h"

#include "example.h"
#include "tap.h"

#include <string.h>

static struct arena *arena;
static struct hasher *hasher;

static const struct {
	const char *path;
	struct tile_id id;
} paths[] = {
	{"tile/0/000.p/3", {false, 0, 0, 3}},
	{"tile/0/000", {false, 0, 0, 256}},
	{"tile/entries/000.p/3", {true, 0, 0, 3}},
	{"tile/entries/x001/000", {true, 0, 1000, 256}},
	{"tile/0/x001/x234/067.p/8", {false, 0, 1234067, 8}},
	{"tile/1/001.p/134", {false, 1, 1, 134}},
	{"tile/5/999.p/255", {false, 5, 999, 255}},
	{"tile/0/x035/x184/x372/x088/831", {false, 0, INT64_C(35184372088831), 256}},
};

static const char *const bad_paths[] = {
	"",
	"tile",
	"tile/",
	"tile/0",
	"tile/0/",
	"tile/0/0",
	"tile/0/00",
	"tile/0/0000",
	"tile/0/000/",
	"tile/0/000.p",
	"tile/0/000.p/",
	"tile/0/000.p/0",
	"tile/0/000.p/03",
	"tile/0/000.p/256",
	"tile/0/000.p/1000",
	"tile/0/000.p/3/",
	"tile/0/000.p/-3",
	"tile/0/x000/067",
	"tile/0/x001",
	"tile/0/x001/x234",
	"tile/0/001/067",
	"tile/0/x1/067",
	"tile/0/X001/067",
	"tile/6/000",
	"tile/00/000",
	"tile/-1/000",
	"tile/entry/000",
	"tile/entries",
	"tile/entries/",
	"Tile/0/000",
	"/tile/0/000",
	"tile/0/../000",
	"tile/0/x035/x184/x372/x088/832",
	"tile/0/x001/x035/x184/x372/x088/831",
};

static void test_paths(void)
{
	struct buf b;

	buf_init(&b, 1024);
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		struct tile_id id = {false, -1, -1, -1};

		buf_clear(&b);
		tile_path(&paths[i].id, &b);
		is_text(buf_view(&b), paths[i].path, "path of a tile");
		ok(tile_path_parse(text_of(paths[i].path), &id) &&
			   id.entries == paths[i].id.entries && id.level == paths[i].id.level &&
			   id.n == paths[i].id.n && id.width == paths[i].id.width,
		   "and back");
	}
	for (size_t i = 0; i < ARRAY_SIZE(bad_paths); i++) {
		struct tile_id id = {false, -1, -1, -1};

		ok(!tile_path_parse(text_of(bad_paths[i]), &id) && id.level == -1, "no path: '%s'",
		   bad_paths[i]);
	}
	struct tile_id id;

	ok(!tile_path_parse((struct text){"tile/0/000\0", 11}, &id), "no path: a NUL at the end");
	buf_free(&b);
}

/* trust.md J8: what a log of 100,000 leaves has. */
static void test_sizes(void)
{
	static const struct {
		struct tile_id id;
		bool there;
	} cases[] = {
		{{false, 0, 0, 256}, true},    {{false, 0, 389, 256}, true},
		{{false, 0, 390, 160}, true},  {{false, 0, 390, 161}, false},
		{{false, 0, 390, 256}, false}, {{false, 0, 391, 1}, false},
		{{false, 1, 0, 256}, true},    {{false, 1, 1, 134}, true},
		{{false, 1, 1, 135}, false},   {{false, 1, 2, 1}, false},
		{{false, 2, 0, 1}, true},      {{false, 2, 0, 2}, false},
		{{false, 3, 0, 1}, false},     {{false, 5, 0, 1}, false},
		{{true, 0, 390, 160}, true},   {{true, 0, 390, 161}, false},
		{{false, 0, 390, 7}, true},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		ok(tile_exists(&cases[i].id, 100000) == cases[i].there,
		   "level %d, tile %" PRId64 ", width %d: %s", cases[i].id.level, cases[i].id.n,
		   cases[i].id.width, cases[i].there ? "there" : "not there");
	struct tile_id first = {false, 0, 0, 1};

	ok(!tile_exists(&first, 0) && tile_exists(&first, 1), "an empty log has none");
}

static void test_example(void)
{
	struct hash leaf[3];
	struct leaf_array array = {leaf, 3, 0, 0, -1, 0, NULL};
	struct leaf_source source = {&array, leaf_array_read};
	struct tile_id id = {false, 0, 0, 3};
	struct err err = {0};
	struct text rest, entry;
	char hex[SHA256_HEX + 1];
	bool broken;
	struct buf b;

	buf_init(&b, 1 << 20);
	for (size_t i = 0; i < 3; i++)
		leaf[i] = merkle_leaf(hasher, text_of(example_entries[i]));
	ok(tile_make(hasher, &source, &id, &b, &err) == RC_OK, "tile/0/000.p/3");
	is_i64((int64_t)b.n, 96, "has 96 bytes");
	sha256_hex(buf_view(&b), hex);
	is_text(text_of(hex), "ba2d77e3ae360550579134d2ba4935eceda5c0d2f9ae963a8b97785a3d6dd994",
		"its SHA-256");
	buf_clear(&b);
	for (size_t i = 0; i < 3; i++)
		entry_bundle_add(&b, text_of(example_entries[i]));
	is_i64((int64_t)b.n, 1207, "tile/entries/000.p/3 has 1,207 bytes");
	ok(b.p[0] == 0x01 && b.p[1] == 0x50, "the first two are 336");
	sha256_hex(buf_view(&b), hex);
	is_text(text_of(hex), "8d4ceedcdf3635c12095b9fbbb06338d3ac798c30020015a9ef1d741193c72e1",
		"its SHA-256");
	rest = buf_view(&b);
	for (size_t i = 0; i < 3; i++)
		ok(entry_bundle_next(&rest, &entry, &broken) && text_is(entry, example_entries[i]),
		   "entry %zu comes out", i);
	ok(!entry_bundle_next(&rest, &entry, &broken) && !broken, "and nothing after it");
	for (size_t cut = 1; cut < 1207; cut++) {
		int n = 0;

		rest = (struct text){b.p, cut};
		while (entry_bundle_next(&rest, &entry, &broken))
			n++;
		if (broken == (cut == 338 || cut == 338 + 513) || n != (cut >= 338) + (cut >= 851))
			ok(false, "cut at %zu", cut);
	}
	ok(true, "cut anywhere else it is broken");
	buf_free(&b);
}

/* A tile of level 1 and 2 is of the roots of the tiles below, whatever the tree's shape above. */
static void test_levels(void)
{
	enum { N = 70000 };
	struct hash *v = numbered_leaves(arena, hasher, N), want;
	struct leaf_array array = {v, N, 0, 0, -1, 0, NULL};
	struct leaf_source source = {&array, leaf_array_read};
	struct tile_id id = {false, 1, 0, 256}, partial = {false, 1, 1, 17}, top = {false, 2, 0, 1};
	struct err err = {0};
	struct buf b;
	struct edge e;

	buf_init(&b, 1 << 20);
	ok(tile_make(hasher, &source, &id, &b, &err) == RC_OK && b.n == 8192,
	   "a full tile has 8,192 bytes");
	is_i64(array.read, 65536, "and reads each leaf below it once");
	ok(merkle_subtree(hasher, &source, 255 * 256, 256, &want, &err) == RC_OK &&
		   memcmp(b.p + 255 * 32, want.b, 32) == 0,
	   "its last hash is of the last 256 leaves");
	/* The root of the tile as a tree of its own is the hash in the tile above. */
	edge_init(&e);
	for (size_t i = 0; i < 256; i++) {
		memcpy(want.b, b.p + 32 * i, 32);
		edge_append(hasher, &e, &want);
	}
	want = edge_root(hasher, &e);
	buf_clear(&b);
	ok(tile_make(hasher, &source, &top, &b, &err) == RC_OK && b.n == 32 &&
		   memcmp(b.p, want.b, 32) == 0,
	   "level 2 is of level 1");
	buf_clear(&b);
	ok(tile_make(hasher, &source, &partial, &b, &err) == RC_OK && b.n == 17 * 32,
	   "a partial tile");
	array.fail_at = 65536 + 300;
	b.n = 5;
	ok(tile_make(hasher, &source, &partial, &b, &err) == RC_IO && b.n == 5,
	   "an unreadable leaf is an error, and nothing is written");
	buf_free(&b);
}

static void test_largest_entry(void)
{
	static char bytes[ENTRY_MAX_BYTES];
	struct text rest, entry;
	bool broken;
	struct buf b;

	buf_init(&b, 1 << 20);
	memset(bytes, 'e', sizeof(bytes));
	entry_bundle_add(&b, (struct text){bytes, sizeof(bytes)});
	entry_bundle_add(&b, (struct text){"", 0});
	rest = buf_view(&b);
	ok(entry_bundle_next(&rest, &entry, &broken) && entry.n == sizeof(bytes),
	   "the largest entry");
	ok(entry_bundle_next(&rest, &entry, &broken) && entry.n == 0, "the smallest one");
	ok(!entry_bundle_next(&rest, &entry, &broken) && !broken, "the end");
	buf_free(&b);
}

int main(void)
{
	arena = arena_new(64 << 20);
	hasher = hasher_new(arena);
	test_paths();
	test_sizes();
	test_example();
	test_levels();
	test_largest_entry();
	hasher_free(hasher);
	arena_free(arena);
	return tap_done();
}
