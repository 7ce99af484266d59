/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bundle.json and the files of a bundle: writing the list, and step 1 of trust.md J20, that the file holds what the list says and
 * nothing else. What the files mean is bundle_check.c's.
 */
#include "journal/bundle_parts.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { BUNDLE_VERSION = 1 };

/* The log's UUID is the end of its origin (J10), so that the two cannot disagree. */
static bool log_of_origin(struct text origin, struct uuid *out)
{
	static const char folder[] = "/log/";
	size_t tail = sizeof(folder) - 1 + UUID_TEXT;

	return key_name_ok(origin) && origin.n > tail &&
	       text_starts(text_sub(origin, origin.n - tail, origin.n), folder) &&
	       uuid_parse(text_sub(origin, origin.n - UUID_TEXT, origin.n), out);
}

/* --- writing --- */

static void add_key(struct buf *out, const char *key)
{
	buf_str(out, out->n > 0 && out->p[out->n - 1] != '{' ? ",\"" : "\"");
	buf_str(out, key);
	buf_str(out, "\":");
}

static void add_text(struct buf *out, const char *key, struct text t)
{
	add_key(out, key);
	canon_quote(out, t);
}

/* 24 characters: instant_print leaves .000 out. */
static void add_instant(struct buf *out, const char *key, instant t)
{
	size_t from;

	add_key(out, key);
	buf_char(out, '"');
	from = out->n;
	instant_print(out, t);
	if (!out->full && out->n - from == 20) {
		out->n--;
		buf_str(out, ".000Z");
	}
	buf_char(out, '"');
}

static void add_files(struct buf *out, const struct bundle_file *files, size_t n)
{
	add_key(out, "files");
	buf_char(out, '[');
	for (size_t i = 0; i < n; i++) {
		char hex[SHA256_HEX + 1];

		assert(bundle_path_ok(files[i].name) && !text_is(files[i].name, "bundle.json"));
		assert(i == 0 || text_cmp(files[i - 1].name, files[i].name) < 0);
		hash_hex(&files[i].sha256, hex);
		buf_str(out, i > 0 ? ",{" : "{");
		add_key(out, "length");
		buf_i64(out, (int64_t)files[i].bytes.n);
		add_text(out, "name", files[i].name);
		add_text(out, "sha256", text_of(hex));
		buf_char(out, '}');
	}
	buf_char(out, ']');
}

void bundle_list_print(const struct bundle_about *about, const struct bundle_file *files, size_t n,
		       struct buf *out)
{
	char hex[SHA256_HEX + 1];
	struct uuid log;

	assert(log_of_origin(about->origin, &log) && uuid_cmp(&log, &about->log) == 0);
	assert(about->as_of != INSTANT_NONE);
	hash_hex(&about->root, hex);
	buf_char(out, '{');
	add_instant(out, "as_of", about->as_of);
	add_key(out, "complete");
	buf_str(out, about->complete ? "true" : "false");
	add_text(out, "engine", about->engine);
	add_files(out, files, n);
	if (about->known_as_of != INSTANT_NONE)
		add_instant(out, "known_as_of", about->known_as_of);
	add_text(out, "origin", about->origin);
	add_text(out, "period", about->period);
	add_text(out, "root", text_of(hex));
	add_key(out, "size");
	buf_i64(out, about->size);
	add_key(out, "v");
	buf_i64(out, BUNDLE_VERSION);
	buf_char(out, '}');
}

/* --- the file --- */

/* Calls nothing and allocates nothing: counts, or fills files, of which there are then enough. */
static enum rc walk(struct text bytes, struct bundle_file *files, size_t *n, struct err *err)
{
	static const unsigned char zeros[2 * TAR_BLOCK];
	struct text last = {NULL, 0};
	size_t at = 0, count = 0;

	while (bytes.n - at >= TAR_BLOCK && memcmp(bytes.p + at, zeros, TAR_BLOCK) != 0) {
		struct text name;
		int64_t size;
		size_t pad, from = at + TAR_BLOCK;
		enum rc rc =
			tar_header_read((const unsigned char *)bytes.p + at, at, &name, &size, err);

		if (rc != RC_OK)
			return rc;
		pad = tar_pad(size);
		if (bytes.n - from < pad || bytes.n - from - pad < (size_t)size)
			return err_set(err, RC_INVALID, "bundle ends inside '%.*s'",
				       TEXT_ARG(name));
		if (memcmp(bytes.p + from + size, zeros, pad) != 0)
			return err_set(err, RC_INVALID, "'%.*s' is not followed by zero bytes",
				       TEXT_ARG(name));
		if (count > 0 && text_cmp(last, name) >= 0) {
			err_set(err, RC_INVALID, "'%.*s' comes after '%.*s'", TEXT_ARG(name),
				TEXT_ARG(last));
			err_hint(err, "names of a bundle are sorted by byte, each once");
			return RC_INVALID;
		}
		if (files != NULL)
			files[count] =
				(struct bundle_file){name, {bytes.p + from, (size_t)size}, {{0}}};
		last = name;
		count++;
		at = from + (size_t)size + pad;
	}
	if (bytes.n - at != sizeof(zeros) || memcmp(bytes.p + at, zeros, sizeof(zeros)) != 0) {
		err_set(err, RC_INVALID, "bundle does not end at byte %zu with two blocks of zeros",
			at);
		err_hint(err, "1024 zero bytes after the last file, and nothing after them");
		return RC_INVALID;
	}
	*n = count;
	return RC_OK;
}

/* --- the list --- */

struct row {
	struct text name;
	int64_t length;
	struct hash sha256;
};

static const struct canon_node *member(const struct canon_doc *doc, const struct canon_node *object,
				       const char *key, enum canon_type type, struct err *err)
{
	const struct canon_node *m = canon_member(doc, object, key);

	if (m != NULL && m->type == type)
		return m;
	err_set(err, RC_INVALID, "'%s' of bundle.json is %s", key,
		m == NULL ? "missing" : "of another type");
	return NULL;
}

static bool text_member(const struct canon_doc *doc, const struct canon_node *object,
			const char *key, struct text *out, struct err *err)
{
	const struct canon_node *m = member(doc, object, key, CANON_TEXT, err);

	if (m != NULL)
		*out = m->text;
	return m != NULL;
}

static bool int_member(const struct canon_doc *doc, const struct canon_node *object,
		       const char *key, int64_t *out, struct err *err)
{
	const struct canon_node *m = member(doc, object, key, CANON_INT, err);

	if (m != NULL)
		*out = m->number;
	return m != NULL;
}

static bool instant_member(const struct canon_doc *doc, const char *key, instant *out,
			   struct err *err)
{
	struct text t;

	if (!text_member(doc, doc->v, key, &t, err))
		return false;
	if (t.n == 24 && t.p[10] == 'T' && t.p[23] == 'Z' &&
	    instant_parse(t, out, NULL, err) == RC_OK)
		return true;
	err_set(err, RC_INVALID, "'%s' of bundle.json is no instant", key);
	err_hint(err, "UTC with milliseconds: 2026-04-01T00:00:00.000Z");
	return false;
}

static enum rc read_about(const struct canon_doc *doc, struct bundle_about *out, struct err *err)
{
	struct bundle_about a = {.known_as_of = INSTANT_NONE};
	const struct canon_node *complete;
	struct text root;
	int64_t version;
	day month;
	bool known = canon_member(doc, doc->v, "known_as_of") != NULL;

	if (!int_member(doc, doc->v, "v", &version, err))
		return RC_INVALID;
	if (version != BUNDLE_VERSION)
		return err_set(err, RC_INVALID,
			       "bundle is of version %lld; this program reads version %d",
			       (long long)version, BUNDLE_VERSION);
	complete = member(doc, doc->v, "complete", CANON_BOOL, err);
	if (complete == NULL || !instant_member(doc, "as_of", &a.as_of, err) ||
	    (known && !instant_member(doc, "known_as_of", &a.known_as_of, err)) ||
	    !text_member(doc, doc->v, "engine", &a.engine, err) ||
	    !text_member(doc, doc->v, "origin", &a.origin, err) ||
	    !text_member(doc, doc->v, "period", &a.period, err) ||
	    !text_member(doc, doc->v, "root", &root, err) ||
	    !int_member(doc, doc->v, "size", &a.size, err))
		return RC_INVALID;
	a.complete = complete->number != 0;
	if (doc->v[0].n != (known ? 10u : 9u))
		return err_set(err, RC_INVALID, "bundle.json has a member that a list has not");
	if (!log_of_origin(a.origin, &a.log))
		return err_set(err, RC_INVALID,
			       "origin of bundle.json does not end in /log/ and a UUID");
	if (!hash_parse(root, &a.root))
		return err_set(err, RC_INVALID, "root of bundle.json is not 64 hex digits");
	if (a.size < 0 || a.size > MERKLE_SIZE_MAX)
		return err_set(err, RC_INVALID, "size of bundle.json is not one of a log");
	if (!month_parse(a.period, &month))
		return err_set(err, RC_INVALID,
			       "period of bundle.json is not a month like 2026-03");
	*out = a;
	return RC_OK;
}

static enum rc read_row(const struct canon_doc *doc, const struct canon_node *node, struct row *out,
			struct err *err)
{
	struct text sha256;

	if (node->type != CANON_OBJECT || node->n != 3)
		return err_set(err, RC_INVALID,
			       "files of bundle.json are not all length, name, sha256");
	if (!text_member(doc, node, "name", &out->name, err) ||
	    !text_member(doc, node, "sha256", &sha256, err) ||
	    !int_member(doc, node, "length", &out->length, err))
		return RC_INVALID;
	if (!hash_parse(sha256, &out->sha256) || out->length < 0)
		return err_set(err, RC_INVALID, "length or sha256 of '%.*s' in bundle.json is none",
			       TEXT_ARG(text_sub(out->name, 0, BUNDLE_PATH_MAX)));
	return RC_OK;
}

static enum rc read_rows(struct arena *a, const struct canon_doc *doc, struct row **out, size_t *n,
			 struct err *err)
{
	const struct canon_node *files = member(doc, doc->v, "files", CANON_ARRAY, err);
	struct row *rows;
	size_t i = 0;

	if (files == NULL)
		return RC_INVALID;
	rows = arena_array(a, struct row, files->n);
	for (const struct canon_node *f = canon_first(doc, files); f != NULL;
	     f = canon_next(doc, files, f)) {
		enum rc rc = read_row(doc, f, &rows[i], err);

		if (rc != RC_OK)
			return rc;
		i++;
	}
	*out = rows;
	*n = i;
	return RC_OK;
}

/* --- step 1 --- */

/*
 * The index of the first entry that is not the one its hash tile shows; -1: there is no tile, or it shows no difference. With it one
 * changed byte is named by its entry, not only by its file.
 */
static int64_t changed_entry(struct arena *a, struct hasher *h, const struct bundle *b,
			     const struct bundle_file *file)
{
	struct bundle_path path = bundle_path_of(file->name);
	const struct bundle_file *tile;
	struct text rest = file->bytes, entry;
	int64_t first;
	bool broken = false;

	if (path.kind != PATH_ENTRIES)
		return -1;
	first = path.tile.n * TILE_HASHES;
	tile = bundle_find(b, bundle_tile_path(a, false, path.tile.n, first + path.tile.width));
	if (tile == NULL || tile->bytes.n != (size_t)path.tile.width * SHA256_BYTES)
		return -1;
	for (int64_t i = 0; i < path.tile.width; i++) {
		struct hash leaf;

		if (!entry_bundle_next(&rest, &entry, &broken))
			return first + i;
		leaf = merkle_leaf(h, entry);
		if (memcmp(leaf.b, tile->bytes.p + i * SHA256_BYTES, SHA256_BYTES) != 0)
			return first + i;
	}
	return -1;
}

static enum rc check_file(struct arena *a, struct hasher *h, const struct bundle *b,
			  struct bundle_file *file, const struct row *row, struct err *err)
{
	int64_t index;

	sha256(file->bytes, file->sha256.b);
	if ((int64_t)file->bytes.n == row->length && hash_eq(&file->sha256, &row->sha256))
		return RC_OK;
	index = changed_entry(a, h, b, file);
	if (index >= 0)
		return err_set(
			err, RC_INVALID,
			"entry %lld in '%.*s' has another hash than its tile says, and the file "
			"another than the list says",
			(long long)index, TEXT_ARG(file->name));
	if ((int64_t)file->bytes.n != row->length)
		return err_set(err, RC_INVALID, "'%.*s' has %zu bytes; the list says %lld",
			       TEXT_ARG(file->name), file->bytes.n, (long long)row->length);
	return err_set(err, RC_INVALID, "'%.*s' has another SHA-256 than the list says",
		       TEXT_ARG(file->name));
}

/* The files are sorted, so the list must be: the first name that differs is missing, or in nobody's list. */
static enum rc compare_names(const struct bundle *b, const struct row *rows, size_t n,
			     struct err *err)
{
	for (size_t i = 0; i < b->n || i < n; i++) {
		int order;

		order = i == b->n ? 1 : i == n ? -1 : text_cmp(b->files[i].name, rows[i].name);
		if (order > 0)
			return err_set(err, RC_INVALID, "'%.*s' of the list is missing",
				       TEXT_ARG(text_sub(rows[i].name, 0, BUNDLE_PATH_MAX)));
		if (order < 0)
			return err_set(err, RC_INVALID, "'%.*s' is not in the list",
				       TEXT_ARG(b->files[i].name));
	}
	return RC_OK;
}

static enum rc check_kinds(const struct bundle *b, struct err *err)
{
	for (size_t i = 0; i < b->n; i++) {
		enum path_kind kind = bundle_path_of(b->files[i].name).kind;
		bool of_complete = kind == PATH_ENTRIES || kind == PATH_TILE;
		bool of_part = kind == PATH_LEAF || kind == PATH_PROOF;

		if (kind == PATH_NONE)
			return err_set(err, RC_INVALID, "'%.*s' is no file of a bundle",
				       TEXT_ARG(b->files[i].name));
		if (b->about.complete ? of_part : of_complete)
			return err_set(err, RC_INVALID,
				       "'%.*s' is no file of a bundle that is %scomplete",
				       TEXT_ARG(b->files[i].name), b->about.complete ? "" : "not ");
	}
	if (bundle_find(b, text_of("checkpoint")) == NULL)
		return err_set(err, RC_INVALID, "'checkpoint' is missing");
	return RC_OK;
}

enum rc bundle_read(struct arena *a, struct hasher *h, struct text bytes, struct bundle *out,
		    struct err *err)
{
	struct bundle b = {.n = 0};
	struct bundle_file *files;
	struct canon_doc doc;
	struct row *rows;
	size_t n = 0, n_rows;
	enum rc rc;

	if (bytes.n > (size_t)BUNDLE_MAX_BYTES)
		return err_set(err, RC_LIMIT, "bundle is %zu bytes; the limit is 4 GiB", bytes.n);
	rc = walk(bytes, NULL, &n, err);
	if (rc != RC_OK)
		return rc;
	files = arena_array(a, struct bundle_file, n);
	rc = walk(bytes, files, &n, err);
	if (rc != RC_OK)
		return rc;
	/* no name of a bundle comes before it */
	if (n == 0 || !text_is(files[0].name, "bundle.json"))
		return err_set(err, RC_INVALID, "bundle does not begin with 'bundle.json'");
	b = (struct bundle){.files = files + 1, .n = n - 1, .list = files[0].bytes};
	rc = canon_parse(a, NULL, b.list, CANON_STRICT, &CANON_LARGE, &doc, err);
	if (rc == RC_OK && doc.v[0].type != CANON_OBJECT)
		rc = err_set(err, RC_INVALID, "bundle.json is not an object");
	if (rc != RC_OK) {
		err_at(err, text_of("bundle.json"), err->line, err->column);
		return rc;
	}
	rc = read_about(&doc, &b.about, err);
	if (rc == RC_OK)
		rc = read_rows(a, &doc, &rows, &n_rows, err);
	if (rc == RC_OK)
		rc = compare_names(&b, rows, n_rows, err);
	for (size_t i = 0; rc == RC_OK && i < b.n; i++)
		rc = check_file(a, h, &b, &files[1 + i], &rows[i], err);
	if (rc == RC_OK)
		rc = check_kinds(&b, err);
	if (rc == RC_OK)
		*out = b;
	return rc;
}

static int by_name(const void *key, const void *file)
{
	return text_cmp(*(const struct text *)key, ((const struct bundle_file *)file)->name);
}

const struct bundle_file *bundle_find(const struct bundle *b, struct text name)
{
	return b->n == 0 ? NULL : bsearch(&name, b->files, b->n, sizeof(*b->files), by_name);
}
