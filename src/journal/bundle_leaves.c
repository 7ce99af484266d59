/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Step 4 of trust.md J20 for a bundle without all entries: each leaf's inclusion in the tree of `checkpoint`. That nothing else
 * happened is not shown, and said so.
 */
#include "journal/bundle_parts.h"

#include <stdlib.h>

struct leaf_file {
	const struct bundle_file *file;
	int64_t index;
};

static int by_index(const void *x, const void *y)
{
	const struct leaf_file *p = x, *q = y;

	return p->index < q->index ? -1 : p->index > q->index;
}

/* The proof's own note must be of the same tree as `checkpoint`, and no known key's signature on it may fail (J10). */
static bool same_tree(struct check *c, const struct bundle_file *file, struct text bytes)
{
	const struct note_file *last = &c->notes[c->n_notes - 1];
	struct err why = {.line = 0};
	struct checkpoint cp;
	struct note n;

	if (note_parse(bytes, &n, &why) != RC_OK || checkpoint_parse(n.text, &cp, &why) != RC_OK) {
		check_fail(c, CHECK_ROOT, -1, "'%.*s': %s", TEXT_ARG(file->name), why.message);
		return false;
	}
	if (!text_eq(cp.origin, c->b->about.origin) || cp.size != c->b->about.size ||
	    !hash_eq(&cp.root, &c->b->about.root) || !last->readable) {
		check_fail(c, CHECK_ROOT, -1, "'%.*s' is for another checkpoint",
			   TEXT_ARG(file->name));
		return false;
	}
	for (size_t i = 0; i < c->n_keys; i++)
		if (note_check(&n, &c->keys[i].key, NULL) == NOTE_FORGED) {
			check_fail(c, CHECK_SIGNATURES, -1,
				   "signature of '%.*s' does not fit '%.*s'",
				   TEXT_ARG(c->keys[i].key.name), TEXT_ARG(file->name));
			return false;
		}
	return true;
}

static void check_leaf(struct check *c, const struct leaf_file *leaf)
{
	struct text name = text_format(c->a, "proofs/%lld.tlog-proof", (long long)leaf->index);
	const struct bundle_file *file = bundle_find(c->b, name);
	struct err why = {.line = 0};
	struct proof_file f;
	struct hash hash;

	if (file == NULL) {
		check_fail(c, CHECK_ROOT, leaf->index, "'%.*s' of entry %lld is missing",
			   TEXT_ARG(name), (long long)leaf->index);
		return;
	}
	if (proof_file_parse(file->bytes, &f, &why) != RC_OK) {
		check_fail(c, CHECK_ROOT, leaf->index, "'%.*s': %s", TEXT_ARG(name), why.message);
		return;
	}
	if (f.index != leaf->index) {
		check_fail(c, CHECK_ROOT, leaf->index, "'%.*s' proves entry %lld", TEXT_ARG(name),
			   (long long)f.index);
		return;
	}
	if (!same_tree(c, file, f.note))
		return;
	hash = merkle_leaf(c->h, leaf->file->bytes);
	if (merkle_verify_inclusion(c->h, f.index, c->b->about.size, &hash, f.proof.v, f.proof.n,
				    &c->b->about.root, &why) != RC_OK)
		check_fail(c, CHECK_ROOT, leaf->index, "entry %lld: %s", (long long)leaf->index,
			   why.message);
}

/* `checkpoint` against the list, and a proof for nothing. */
static void check_frame(struct check *c, size_t n_leaves)
{
	const struct note_file *last = &c->notes[c->n_notes - 1];
	struct bundle_range proofs = bundle_range_of(c->b, "proofs/");

	if (last->readable && (last->checkpoint.size != c->b->about.size ||
			       !hash_eq(&last->checkpoint.root, &c->b->about.root)))
		check_fail(c, CHECK_ROOT, -1,
			   "'bundle.json' and 'checkpoint' are of different trees");
	for (size_t i = 0; i < proofs.n && proofs.n != n_leaves; i++) {
		int64_t index = bundle_path_of(proofs.v[i].name).number;

		if (bundle_find(c->b, text_format(c->a, "leaves/%lld", (long long)index)) == NULL)
			check_fail(c, CHECK_ROOT, index, "'%.*s' proves an entry that is missing",
				   TEXT_ARG(proofs.v[i].name));
	}
}

/* Without the entries between them, older checkpoints cannot be compared; one of the same size can. */
static void check_older(struct check *c)
{
	for (size_t i = 0; i + 1 < c->n_notes; i++) {
		const struct note_file *f = &c->notes[i];

		if (!f->readable)
			continue;
		if (f->checkpoint.size > c->b->about.size)
			check_fail(c, CHECK_ROOT, -1,
				   "'%.*s' is of size %lld; the log ends at %lld",
				   TEXT_ARG(f->file->name), (long long)f->checkpoint.size,
				   (long long)c->b->about.size);
		else if (f->checkpoint.size < c->b->about.size)
			check_impossible(c, CHECK_ROOT,
					 "whether '%.*s' is consistent needs all entries",
					 TEXT_ARG(f->file->name));
		else if (!hash_eq(&f->checkpoint.root, &c->b->about.root))
			check_fail(c, CHECK_ROOT, -1, "'%.*s' has another root for the same size",
				   TEXT_ARG(f->file->name));
	}
}

enum rc check_leaves(struct check *c, struct err *err)
{
	struct bundle_range r = bundle_range_of(c->b, "leaves/");
	struct leaf_file *v = arena_array(c->a, struct leaf_file, r.n);

	check_frame(c, r.n);
	for (size_t i = 0; i < r.n; i++)
		v[i] = (struct leaf_file){&r.v[i], bundle_path_of(r.v[i].name).number};
	/* names sort by their bytes, 10 before 9 */
	qsort(v, r.n, sizeof(*v), by_index);
	for (size_t i = 0; i < r.n; i++) {
		enum rc rc;

		check_leaf(c, &v[i]);
		rc = check_entry(c, v[i].file->bytes, v[i].index, err);
		if (rc != RC_OK)
			return rc;
	}
	check_older(c);
	check_words(c, CHECK_ROOT, "%zu entries lie under the root of size %lld", r.n,
		    (long long)c->b->about.size);
	return RC_OK;
}
