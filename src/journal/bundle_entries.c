/* SPDX-License-Identifier: Apache-2.0 */
/* Step 4 of trust.md J20 for a bundle with all entries: their root, and that of the first `size` of them for every checkpoint. */
#include "journal/bundle_parts.h"

#include <assert.h>
#include <string.h>

struct pass {
	struct check *c;
	struct edge edge;
	size_t next_note;     /* the first of c->notes whose size is not reached */
	int64_t last_fitting; /* largest size whose checkpoint fits the entries */
	bool broken;          /* the entries end early, or are not entry bundles */
};

/* The bundle's own words about the log against those of `checkpoint`. */
static void compare_about(struct check *c, const struct checkpoint *cp)
{
	const struct bundle_about *about = &c->b->about;

	if (cp->size != about->size)
		check_fail(c, CHECK_ROOT, -1,
			   "'bundle.json' says size %lld, 'checkpoint' says %lld",
			   (long long)about->size, (long long)cp->size);
	else if (!hash_eq(&cp->root, &about->root))
		check_fail(c, CHECK_ROOT, -1,
			   "'bundle.json' and 'checkpoint' have different roots");
}

/* The checkpoints of the size just reached. Between the last that fits and the first that does not lies what was changed. */
static void compare_roots(struct pass *p)
{
	struct check *c = p->c;

	while (p->next_note < c->n_notes) {
		struct note_file *f = &c->notes[p->next_note];

		if (!f->readable || f->checkpoint.size < p->edge.size) {
			p->next_note++;
			continue;
		}
		if (f->checkpoint.size > p->edge.size)
			return;
		f->root = edge_root(c->h, &p->edge);
		f->root_found = true;
		if (hash_eq(&f->root, &f->checkpoint.root))
			p->last_fitting = p->edge.size;
		else if (p->edge.size - p->last_fitting == 1)
			check_fail(c, CHECK_ROOT, p->edge.size - 1,
				   "entry %lld is not the one under the root of '%.*s'",
				   (long long)p->edge.size - 1, TEXT_ARG(f->file->name));
		else
			check_fail(c, CHECK_ROOT, -1,
				   "entries %lld to %lld do not give the root of '%.*s'",
				   (long long)p->last_fitting, (long long)p->edge.size - 1,
				   TEXT_ARG(f->file->name));
		p->next_note++;
	}
}

static void compare_tile(struct check *c, const struct bundle_file *tile, int64_t index,
			 const struct hash *leaf)
{
	size_t at = (size_t)(index % TILE_HASHES) * SHA256_BYTES;

	if (tile->bytes.n < at + SHA256_BYTES ||
	    memcmp(tile->bytes.p + at, leaf->b, SHA256_BYTES) != 0)
		check_fail(c, CHECK_ROOT, index, "entry %lld has another hash than '%.*s' says",
			   (long long)index, TEXT_ARG(tile->name));
}

/* One entry bundle: width entries, and nothing after them. */
static enum rc take_bundle(struct pass *p, const struct bundle_file *file, int64_t width,
			   struct err *err)
{
	struct check *c = p->c;
	int64_t first = p->edge.size;
	const struct bundle_file *tile = bundle_find(
		c->b, bundle_tile_path(c->a, false, first / TILE_HASHES, c->b->about.size));
	struct text rest = file->bytes, entry;
	bool broken = false;

	for (int64_t i = 0; i < width; i++) {
		struct hash leaf;
		enum rc rc;

		if (!entry_bundle_next(&rest, &entry, &broken)) {
			check_fail(c, CHECK_ROOT, first + i, "entry %lld is missing in '%.*s'",
				   (long long)first + (long long)i, TEXT_ARG(file->name));
			p->broken = true;
			return RC_OK;
		}
		leaf = merkle_leaf(c->h, entry);
		if (tile != NULL)
			compare_tile(c, tile, first + i, &leaf);
		edge_append(c->h, &p->edge, &leaf);
		compare_roots(p);
		rc = check_entry(c, entry, first + i, err);
		if (rc != RC_OK)
			return rc;
	}
	if (rest.n > 0) {
		check_fail(c, CHECK_ROOT, -1, "'%.*s' has more than its %lld entries",
			   TEXT_ARG(file->name), (long long)width);
		p->broken = true;
	}
	if (tile != NULL && tile->bytes.n != (size_t)width * SHA256_BYTES)
		check_fail(c, CHECK_ROOT, -1, "'%.*s' has not %lld hashes", TEXT_ARG(tile->name),
			   (long long)width);
	return RC_OK;
}

/* Files of a folder that the log does not have. Tiles of hashes are not asked for; those that are there must be of this log. */
static void check_folder(struct check *c, const char *folder, bool entries)
{
	struct bundle_range r = bundle_range_of(c->b, folder);
	int64_t size = c->b->about.size;

	for (size_t i = 0; i < r.n; i++) {
		int64_t n = bundle_path_of(r.v[i].name).tile.n;

		if (n * TILE_HASHES >= size ||
		    !text_eq(r.v[i].name, bundle_tile_path(c->a, entries, n, size)))
			check_fail(c, CHECK_ROOT, -1, "'%.*s' is no part of a log of size %lld",
				   TEXT_ARG(r.v[i].name), (long long)size);
	}
}

static void conclude(struct pass *p)
{
	struct check *c = p->c;
	struct hash root = edge_root(c->h, &p->edge);
	size_t fitting = 0;

	if (!p->broken && !hash_eq(&root, &c->b->about.root))
		check_fail(c, CHECK_ROOT, -1,
			   "the %lld entries do not give the root of 'bundle.json'",
			   (long long)p->edge.size);
	for (size_t i = 0; i < c->n_notes; i++) {
		const struct note_file *f = &c->notes[i];

		if (f->readable && !f->root_found && !p->broken)
			check_fail(c, CHECK_ROOT, -1,
				   "'%.*s' is of size %lld; the log ends at %lld",
				   TEXT_ARG(f->file->name), (long long)f->checkpoint.size,
				   (long long)p->edge.size);
		fitting += f->root_found && !f->main;
	}
	check_words(c, CHECK_ROOT,
		    "%lld entries give the root, and those of %zu earlier checkpoints",
		    (long long)p->edge.size, fitting);
}

enum rc check_entries(struct check *c, struct err *err)
{
	struct pass p = {.c = c};
	int64_t size = c->b->about.size;

	edge_init(&p.edge);
	if (c->notes[c->n_notes - 1].readable)
		compare_about(c, &c->notes[c->n_notes - 1].checkpoint);
	compare_roots(&p);
	while (p.edge.size < size && !p.broken) {
		int64_t n = p.edge.size / TILE_HASHES, left = size - p.edge.size;
		struct text name = bundle_tile_path(c->a, true, n, size);
		const struct bundle_file *file = bundle_find(c->b, name);
		enum rc rc;

		if (file == NULL) {
			check_fail(c, CHECK_ROOT, p.edge.size, "'%.*s' with entry %lld is missing",
				   TEXT_ARG(name), (long long)p.edge.size);
			p.broken = true;
			break;
		}
		rc = take_bundle(&p, file, left < TILE_HASHES ? left : TILE_HASHES, err);
		if (rc != RC_OK)
			return rc;
	}
	if (!p.broken) {
		check_folder(c, "entries/", true);
		check_folder(c, "tile/", false);
	}
	conclude(&p);
	return RC_OK;
}
