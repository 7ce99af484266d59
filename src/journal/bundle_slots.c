/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Steps 6 and 7 of trust.md J20: opened slots against the commitments in their entries (J22), and what entries name by SHA-256 against
 * the files that should be it.
 */
#include "journal/bundle_parts.h"

#include "base/base64.h"
#include "facts/attachment.h"

#include <stdlib.h>
#include <string.h>

enum { SALT_BYTES = 16, BASE64_FILE_MAX = (ATTACHMENT_MAX_BYTES + 2) / 3 * 4 };

/* --- step 6 --- */

void check_slots_read(struct check *c)
{
	struct bundle_range r = bundle_range_of(c->b, "private/");

	c->n_opened = r.n;
	c->opened = arena_array(c->a, struct opened, r.n);
	for (size_t i = 0; i < r.n; i++)
		c->opened[i] = (struct opened){&r.v[i], bundle_path_of(r.v[i].name), false};
}

/* A file's bytes, which are no text, stand in base64. */
static bool read_base64(struct arena *a, struct text base64, struct text *out)
{
	unsigned char *bytes = arena_alloc(a, base64.n + 1);
	size_t n = 0;

	if (base64.n > BASE64_FILE_MAX || !base64_read(base64, bytes, base64.n, &n))
		return false;
	*out = (struct text){(const char *)bytes, n};
	return true;
}

/* {"bytes":"<private bytes>","salt":"<32 hex>"}; of a file {"base64":"...","salt":"..."} */
static bool read_opened(struct arena *a, bool is_file, const struct bundle_file *file,
			unsigned char salt[SALT_BYTES], struct text *private_bytes, struct err *why)
{
	const struct canon_node *bytes, *hex;
	struct canon_doc doc;

	if (canon_parse(a, NULL, file->bytes, CANON_STRICT, &CANON_LARGE, &doc, why) != RC_OK)
		return false;
	bytes = doc.v[0].type != CANON_OBJECT
			? NULL
			: canon_member(&doc, doc.v, is_file ? "base64" : "bytes");
	hex = doc.v[0].type != CANON_OBJECT ? NULL : canon_member(&doc, doc.v, "salt");
	if (bytes == NULL || hex == NULL || doc.v[0].n != 2 || bytes->type != CANON_TEXT ||
	    hex->type != CANON_TEXT || !hex_read(hex->text, salt, SALT_BYTES) ||
	    (is_file && !read_base64(a, bytes->text, private_bytes))) {
		err_set(why, RC_INVALID, "not the %s and the 16-byte salt of a slot",
			is_file ? "base64 bytes" : "bytes");
		return false;
	}
	if (!is_file)
		*private_bytes = bytes->text;
	return true;
}

static void check_opened(struct check *c, int64_t index, const struct entry *e,
			 const struct slot *slot, const struct opened *o)
{
	bool is_file = attachment_slot(e->kind, slot->name);
	struct arena *a = is_file ? arena_like(c->a) : c->a; /* one file at a time */
	unsigned char salt[SALT_BYTES];
	struct text private_bytes = {NULL, 0};
	struct err why = {.line = 0};
	struct hash commit = {{0}};
	bool read = read_opened(a, is_file, o->file, salt, &private_bytes, &why);

	if (read)
		commit = slot_commit(salt, private_bytes);
	if (is_file)
		arena_free(a);
	if (!read) {
		check_fail(c, CHECK_COMMITMENTS, index, "'%.*s': %s", TEXT_ARG(o->file->name),
			   why.message);
		return;
	}
	if (!hash_eq(&commit, &slot->commit))
		check_fail(c, CHECK_COMMITMENTS, index,
			   "'%.*s' is not what entry %lld committed to in '%.*s'",
			   TEXT_ARG(o->file->name), (long long)index, TEXT_ARG(slot->name));
}

/* The first opened slot whose entry's id is not below; texts of UUIDs sort as their bytes. */
static size_t first_of(const struct check *c, const struct uuid *id)
{
	size_t low = 0, high = c->n_opened;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (uuid_cmp(&c->opened[mid].path.id, id) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

void check_slots_of(struct check *c, int64_t index, const struct entry *e)
{
	if (e->n_slots == 0 || c->n_opened == 0)
		return;
	for (size_t i = first_of(c, &e->id);
	     i < c->n_opened && uuid_cmp(&c->opened[i].path.id, &e->id) == 0; i++)
		for (size_t s = 0; s < e->n_slots; s++) {
			if (!text_eq(e->slots[s].name, c->opened[i].path.stem))
				continue;
			c->opened[i].met = true;
			check_opened(c, index, e, &e->slots[s], &c->opened[i]);
		}
}

void check_slots_end(struct check *c)
{
	/* where reading of entries stopped early, a slot may belong to one that was not reached */
	bool all = c->out->steps[CHECK_ENTRIES].result != CHECK_FAILED;

	for (size_t i = 0; i < c->n_opened; i++)
		if (all && !c->opened[i].met)
			check_fail(c, CHECK_COMMITMENTS, -1,
				   "'%.*s' belongs to no slot of an entry",
				   TEXT_ARG(c->opened[i].file->name));
	if (all)
		check_words(c, CHECK_COMMITMENTS, "%zu slots are opened, each as committed",
			    c->n_opened);
	else
		check_impossible(c, CHECK_COMMITMENTS, "not all entries could be read");
}

/* --- step 7 --- */

/* versions/ and inputs/ are named by what they are. */
void check_named_files(struct check *c)
{
	static const char *const folders[] = {"versions/", "inputs/"};

	for (size_t k = 0; k < ARRAY_SIZE(folders); k++) {
		struct bundle_range r = bundle_range_of(c->b, folders[k]);

		for (size_t i = 0; i < r.n; i++) {
			char hex[SHA256_HEX + 1];

			hash_hex(&r.v[i].sha256, hex);
			if (!text_is(bundle_path_of(r.v[i].name).stem, hex))
				check_fail(c, CHECK_APPROVALS, -1, "'%.*s' has the SHA-256 %s",
					   TEXT_ARG(r.v[i].name), hex);
		}
	}
}

/* An entry that names a version or an input: its file must be there, unless the bundle is only a part. */
void check_names_files(struct check *c, int64_t index, const struct entry *e,
		       const struct canon_doc *doc)
{
	bool version = e->kind == FACT_VERSION_AGREED;
	const struct canon_node *body, *node;
	struct text name;

	if (!version && e->kind != FACT_INPUT_PINNED)
		return;
	body = canon_member(doc, doc->v, "body");
	node = body == NULL ? NULL : canon_member(doc, body, version ? "version" : "sha256");
	if (node == NULL || node->type != CANON_TEXT) {
		/* an input without bytes of its own, such as the engine's version, has no file */
		if (version)
			check_fail(c, CHECK_APPROVALS, index, "entry %lld: 'version' is missing",
				   (long long)index);
		return;
	}
	name = version ? text_format(c->a, "versions/%.*s.json", TEXT_ARG(node->text))
		       : text_format(c->a, "inputs/%.*s", TEXT_ARG(node->text));
	if (bundle_find(c->b, name) == NULL) {
		if (c->b->about.complete)
			check_fail(c, CHECK_APPROVALS, index,
				   "entry %lld names '%.*s', which is missing", (long long)index,
				   TEXT_ARG(name));
		else
			check_impossible(c, CHECK_APPROVALS,
					 "entry %lld names '%.*s', which is missing",
					 (long long)index, TEXT_ARG(name));
		return;
	}
	if (version)
		c->out->n_versions++;
	else
		c->n_inputs++;
}
