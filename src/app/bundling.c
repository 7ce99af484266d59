/* SPDX-License-Identifier: Apache-2.0 */
#include "app/bundling.h"

#include "app/append.h"
#include "base/base64.h"
#include "facts/attachment.h"
#include "journal/tile.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { FLUSH_BYTES = 4 << 20 };
#define ONE_FILE_MAX ((size_t)1 << 30)

void bundling_add_made(struct bundling *b, const struct bundled *made)
{
	b->v = arena_grow(b->ws->arena, b->v, b->n, &b->cap, sizeof(*b->v));
	b->v[b->n++] = *made;
}

void bundling_add(struct bundling *b, struct text name, struct text bytes)
{
	bundling_add_made(b, &(struct bundled){.name = name, .bytes = bytes});
}

/* --- making one file --- */

static enum rc add_entry(void *context, const struct stored_entry *e, struct err *err)
{
	(void)err;
	entry_bundle_add(context, e->bytes);
	return RC_OK;
}

static enum rc make_tile(struct bundling *b, const struct bundled *f, struct buf *out,
			 struct err *err)
{
	struct record_leaves leaves = {b->ws->store, b->log.id};
	struct leaf_source source = record_leaf_source(&leaves);
	struct tile_id id = {.n = f->from / TILE_HASHES, .width = (int)(f->to - f->from)};

	return tile_make(b->ws->hasher, &source, &id, out, err);
}

/*
 * {"bytes":"<private bytes>","salt":"<32 hex>"} of a slot that is opened; of a file, which is no text, {"base64":"...","salt":"..."}
 * (docs/decisions/0020).
 */
static void print_opened(bool file, struct text bytes, const unsigned char salt[SALT_BYTES],
			 struct buf *out)
{
	if (file) {
		buf_str(out, "{\"base64\":\"");
		base64_add(out, (const unsigned char *)bytes.p, bytes.n);
		buf_char(out, '"');
	} else {
		buf_str(out, "{\"bytes\":");
		canon_quote(out, bytes);
	}
	buf_str(out, ",\"salt\":\"");
	hex_add(out, salt, SALT_BYTES);
	buf_str(out, "\"}");
}

static enum rc make_private(struct bundling *b, const struct bundled *f, struct buf *out,
			    struct err *err)
{
	struct workspace *ws = b->ws;
	struct arena *a = arena_new((size_t)2 * SLOT_MAX_BYTES + ((size_t)1 << 20));
	unsigned char salt[SALT_BYTES];
	struct stored_entry stored;
	struct stored_slot slot;
	struct canon_doc doc;
	struct entry e = {.n_slots = 0};
	struct text bytes;
	enum rc rc = record_entry_of_id(ws->store, a, b->log.id, &f->id, &stored, err);

	if (rc == RC_OK)
		rc = entry_parse(a, NULL, stored.bytes, &e, &doc, err);
	if (rc == RC_OK)
		rc = record_slot(ws->store, a, b->log.id, &f->id, f->slot, &slot, err);
	for (size_t i = 0; rc == RC_OK && i < e.n_slots; i++) {
		struct slot_place place = {e.log, e.id, e.slots[i].name, e.slots[i].commit};

		if (!text_eq(e.slots[i].name, f->slot))
			continue;
		rc = keys_open_slot(ws->keys, a, slot.subject, &place, slot.nonce, slot.cipher,
				    salt, &bytes, err);
		if (rc != RC_OK)
			break;
		print_opened(attachment_slot(e.kind, f->slot), bytes, salt, out);
	}
	arena_free(a);
	if (rc != RC_OK)
		err_key(err, f->name);
	return rc;
}

static enum rc make(struct bundling *b, const struct bundled *f, struct buf *scratch,
		    struct text *out, struct err *err)
{
	enum rc rc = RC_OK;

	buf_clear(scratch);
	switch (f->kind) {
	case BUNDLED_BYTES:
		*out = f->bytes;
		return RC_OK;
	case BUNDLED_ENTRIES:
		rc = record_each(b->ws->store, b->log.id, f->from, f->to, add_entry, scratch, err);
		break;
	case BUNDLED_TILE:
		rc = make_tile(b, f, scratch, err);
		break;
	case BUNDLED_PRIVATE:
		rc = make_private(b, f, scratch, err);
		break;
	}
	*out = buf_view(scratch);
	return rc;
}

/* --- all of them --- */

static int by_name(const void *x, const void *y)
{
	return text_cmp(((const struct bundled *)x)->name, ((const struct bundled *)y)->name);
}

/* A version, an input or a document may have been named twice: it is one file. */
static void sort_once(struct bundling *b)
{
	size_t kept = 0;

	if (b->n > 0)
		qsort(b->v, b->n, sizeof(*b->v), by_name);
	for (size_t i = 0; i < b->n; i++)
		if (kept == 0 || text_cmp(b->v[kept - 1].name, b->v[i].name) != 0)
			b->v[kept++] = b->v[i];
	b->n = kept;
}

static void tell(const struct bundling *b, int64_t done, int64_t all)
{
	const struct app *app = b->ws->app;

	if (app->progress != NULL)
		app->progress(app->progress_context, text_of("bundle"), (uint64_t)done,
			      (uint64_t)all, done == all);
}

/* First pass: length and hash of every file; *bytes: of the whole bundle without its list. */
static enum rc measure(struct bundling *b, struct buf *scratch, int64_t *bytes, struct err *err)
{
	*bytes = (int64_t)2 * TAR_BLOCK;
	for (size_t i = 0; i < b->n; i++) {
		struct text t;
		enum rc rc = make(b, &b->v[i], scratch, &t, err);

		if (rc != RC_OK)
			return rc;
		if (scratch->full)
			return err_set(err, RC_LIMIT, "'%.*s' would be larger than 1 GiB",
				       TEXT_ARG(b->v[i].name));
		b->v[i].length = (int64_t)t.n;
		sha256(t, b->v[i].sha256.b);
		*bytes += TAR_BLOCK + b->v[i].length + (int64_t)tar_pad(b->v[i].length);
		if (*bytes > BUNDLE_MAX_BYTES)
			return err_set(err, RC_LIMIT,
				       "the bundle would be larger than 4 GiB, which is the limit");
	}
	return RC_OK;
}

static enum rc flush(const struct bundling *b, struct reply *reply, size_t at_least,
		     struct err *err)
{
	const struct app *app = b->ws->app;

	if (app->flush == NULL || reply->out.n < at_least)
		return RC_OK;
	return app->flush(app->flush_context, &reply->out, err);
}

static enum rc write_file(const struct bundling *b, struct text name, struct text bytes,
			  struct reply *reply, struct err *err)
{
	unsigned char header[TAR_BLOCK];
	enum rc rc = tar_header(name, (int64_t)bytes.n, header, err);

	if (rc != RC_OK)
		return rc;
	buf_add(&reply->out, (const char *)header, sizeof(header));
	buf_text(&reply->out, bytes);
	buf_pad(&reply->out, '\0', tar_pad((int64_t)bytes.n));
	return flush(b, reply, FLUSH_BYTES, err);
}

static enum rc write_list(struct bundling *b, const struct bundle_about *about, int64_t *bytes,
			  struct reply *reply, struct err *err)
{
	struct bundle_file *files = arena_array(b->ws->arena, struct bundle_file, b->n + 1);
	struct buf list;
	enum rc rc;

	for (size_t i = 0; i < b->n; i++)
		files[i] = (struct bundle_file){
			b->v[i].name, {NULL, (size_t)b->v[i].length}, b->v[i].sha256};
	buf_init(&list, ONE_FILE_MAX);
	bundle_list_print(about, files, b->n, &list);
	*bytes += TAR_BLOCK + (int64_t)list.n + (int64_t)tar_pad((int64_t)list.n);
	if (list.full || *bytes > BUNDLE_MAX_BYTES)
		rc = err_set(err, RC_LIMIT,
			     "the bundle would be larger than 4 GiB, which is the limit");
	else
		rc = write_file(b, text_of("bundle.json"), buf_view(&list), reply, err);
	buf_free(&list);
	return rc;
}

/* Second pass. What was measured and what is written must be the same bytes. */
static enum rc write_files(struct bundling *b, struct buf *scratch, int64_t all,
			   struct reply *reply, struct err *err)
{
	int64_t done = 0;

	for (size_t i = 0; i < b->n; i++) {
		struct hash sha = {{0}};
		struct text t;
		enum rc rc = make(b, &b->v[i], scratch, &t, err);

		if (rc != RC_OK)
			return rc;
		sha256(t, sha.b);
		if (!hash_eq(&sha, &b->v[i].sha256))
			return err_set(err, RC_IO, "'%.*s' was read twice and differed",
				       TEXT_ARG(b->v[i].name));
		rc = write_file(b, b->v[i].name, t, reply, err);
		if (rc != RC_OK)
			return rc;
		done += TAR_BLOCK + b->v[i].length;
		tell(b, done < all ? done : all - 1, all);
	}
	tell(b, all, all);
	buf_pad(&reply->out, '\0', (size_t)2 * TAR_BLOCK);
	return flush(b, reply, 0, err);
}

enum rc bundling_write(struct bundling *b, const struct bundle_about *about, struct reply *reply,
		       struct err *err)
{
	struct buf scratch;
	int64_t bytes;
	enum rc rc = store_begin_read(b->ws->store, err);

	if (rc != RC_OK)
		return rc;
	sort_once(b);
	buf_init(&scratch, ONE_FILE_MAX);
	rc = measure(b, &scratch, &bytes, err);
	if (rc == RC_OK)
		rc = write_list(b, about, &bytes, reply, err);
	if (rc == RC_OK)
		rc = write_files(b, &scratch, bytes, reply, err);
	buf_free(&scratch);
	store_rollback(b->ws->store);
	return rc;
}
