/* SPDX-License-Identifier: Apache-2.0 */
/* tenor export bundle: what a holder needs to check and replay a month without this workspace (trust.md J19). */
#include "app/answer.h"
#include "app/append.h"
#include "app/bundling.h"
#include "app/documents.h"
#include "app/grants.h"
#include "app/health.h"
#include "app/notes.h"
#include "app/own_entries.h"
#include "app/signing.h"
#include "engine/version.h"
#include "journal/tile.h"

enum { DOCUMENT_MAX_BYTES = 1 << 30 };

struct exporting {
	struct workspace ws;
	const struct args *args;
	struct reply *reply;
	struct log_head log;
	struct stored_checkpoint checkpoint;
	struct issued *issued;
	size_t n_issued;
	struct bundling files;
	bool partial;
};

static struct text named(struct exporting *x, const char *folder, struct text name,
			 const char *suffix)
{
	return text_format(x->ws.arena, "%s%.*s%s", folder, TEXT_ARG(name), suffix);
}

/* --- what entries name --- */

static enum rc add_blob(struct exporting *x, const char *folder, struct text sha,
			const char *suffix, struct err *err)
{
	struct hash h;
	struct text bytes;
	enum rc rc;

	if (!hash_parse(sha, &h))
		return err_set(err, RC_INVALID, "'%.*s' is no SHA-256", TEXT_ARG(sha));
	rc = record_blob(x->ws.store, x->ws.arena, &h, &bytes, err);
	if (rc == RC_MISSING)
		return err_set(err, RC_INVALID,
			       "the bytes of %s%.*s are missing in the workspace; \"tenor doctor\" "
			       "tells more",
			       folder, TEXT_ARG(sha));
	if (rc == RC_OK)
		bundling_add(&x->files, named(x, folder, sha, suffix), bytes);
	return rc;
}

static enum rc add_versions_and_inputs(struct exporting *x, struct err *err)
{
	struct own_entry *v;
	size_t n;
	enum rc rc =
		own_entries(&x->ws, &x->log, FACT_VERSION_AGREED, x->checkpoint.size, &v, &n, err);

	for (size_t i = 0; rc == RC_OK && i < n; i++)
		rc = add_blob(x, "versions/", own_entry_text(&v[i], "version"), ".json", err);
	if (rc == RC_OK)
		rc = own_entries(&x->ws, &x->log, FACT_INPUT_PINNED, x->checkpoint.size, &v, &n,
				 err);
	for (size_t i = 0; rc == RC_OK && i < n; i++)
		if (own_entry_text(&v[i], "sha256").n > 0)
			rc = add_blob(x, "inputs/", own_entry_text(&v[i], "sha256"), "", err);
	return rc;
}

/* Keys the exporter claims: all the log has had, and its witnesses'. Whoever verifies has its own from paper (J21). */
static enum rc add_keys(struct exporting *x, const char *name, enum fact_kind kind, struct err *err)
{
	struct own_entry *v;
	struct buf lines;
	size_t n;
	enum rc rc = own_entries(&x->ws, &x->log, kind, x->checkpoint.size, &v, &n, err);

	if (rc != RC_OK || n == 0)
		return rc;
	buf_init(&lines, NOTE_MAX_BYTES);
	for (size_t i = 0; i < n; i++) {
		buf_text(&lines, own_entry_text(&v[i], "vkey"));
		buf_char(&lines, '\n');
	}
	if (lines.full)
		rc = err_set(err, RC_LIMIT, "the keys would be more than %d bytes", NOTE_MAX_BYTES);
	bundling_add(&x->files, text_of(name), text_copy(x->ws.arena, buf_view(&lines)));
	buf_free(&lines);
	return rc;
}

static enum rc add_checkpoints(struct exporting *x, struct err *err)
{
	struct stored_checkpoint *v;
	size_t n;
	enum rc rc = record_checkpoints(x->ws.store, x->ws.arena, x->log.id, &v, &n, err);

	if (rc != RC_OK)
		return rc;
	bundling_add(&x->files, text_of("checkpoint"), x->checkpoint.note);
	/* Without the entries between them, older checkpoints say nothing that could be checked. */
	for (size_t i = 0; i < n && !x->partial; i++)
		if (v[i].kept && v[i].size <= x->checkpoint.size)
			bundling_add(
				&x->files,
				text_format(x->ws.arena, "checkpoints/%lld", (long long)v[i].size),
				v[i].note);
	return RC_OK;
}

/* --- entries: all of them, or some with proofs --- */

static void add_tiles(struct exporting *x, bool entries)
{
	for (int64_t at = 0; at < x->checkpoint.size; at += TILE_HASHES) {
		int64_t left = x->checkpoint.size - at;
		struct tile_id id = {.entries = entries,
				     .n = at / TILE_HASHES,
				     .width = left < TILE_HASHES ? (int)left : TILE_HASHES};
		struct bundled f = {.kind = entries ? BUNDLED_ENTRIES : BUNDLED_TILE,
				    .from = at,
				    .to = at + id.width};
		struct buf path;

		buf_init(&path, 256);
		tile_path(&id, &path);
		/* "tile/entries/000" lies in entries/ of a bundle */
		f.name = text_copy(x->ws.arena, entries ? text_sub(buf_view(&path), 5, path.n)
							: buf_view(&path));
		buf_free(&path);
		bundling_add_made(&x->files, &f);
	}
}

static enum rc add_leaf(struct exporting *x, int64_t index, struct err *err)
{
	struct record_leaves leaves = {x->ws.store, x->log.id};
	struct leaf_source source = record_leaf_source(&leaves);
	struct stored_entry stored;
	struct proof proof;
	struct buf file;
	enum rc rc = record_entry(x->ws.store, x->ws.arena, x->log.id, index, &stored, err);

	if (rc == RC_OK)
		rc = merkle_inclusion(x->ws.hasher, &source, index, x->checkpoint.size, &proof,
				      err);
	if (rc != RC_OK)
		return rc;
	buf_init(&file, (size_t)2 * NOTE_MAX_BYTES);
	proof_file_print(index, &proof, x->checkpoint.note, &file);
	bundling_add(&x->files, text_format(x->ws.arena, "leaves/%lld", (long long)index),
		     stored.bytes);
	bundling_add(&x->files,
		     text_format(x->ws.arena, "proofs/%lld.tlog-proof", (long long)index),
		     text_copy(x->ws.arena, buf_view(&file)));
	buf_free(&file);
	return RC_OK;
}

/* The month's record: its statements, the versions they follow from, the keys that sign. */
static enum rc add_leaves(struct exporting *x, struct err *err)
{
	static const enum fact_kind kinds[] = {FACT_VERSION_AGREED, FACT_LOG_KEY_ADDED,
					       FACT_LOG_KEY_RETIRED};
	enum rc rc = RC_OK;

	for (size_t k = 0; rc == RC_OK && k < ARRAY_SIZE(kinds); k++) {
		struct own_entry *v;
		size_t n;

		rc = own_entries(&x->ws, &x->log, kinds[k], x->checkpoint.size, &v, &n, err);
		for (size_t i = 0; rc == RC_OK && i < n; i++)
			rc = add_leaf(x, v[i].index, err);
	}
	for (size_t i = 0; rc == RC_OK && i < x->n_issued; i++)
		rc = add_leaf(x, x->issued[i].index, err);
	return rc;
}

/* --- statements --- */

static enum rc render(struct exporting *x, const struct issued *is, struct text stem,
		      struct err *err)
{
	struct arena *a = x->ws.arena;
	struct statement_record record = {
		.origin = x->log.origin, .size = is->size, .revision = is->revision};
	struct statement_options options = {
		.record = &record, .explain_command = text_of("tenor explain \xE2\x80\xA6")};
	char root[SHA256_HEX + 1], document[SHA256_HEX + 1];
	struct stored_checkpoint c;
	struct recalled r;
	enum engine_rules rules;
	struct outcome *o;
	struct buf out;
	enum rc rc = issued_again(&x->ws, &x->log, is, &r, &rules, &o, err);

	if (rc == RC_OK)
		rc = record_checkpoint(x->ws.store, a, x->log.id, is->size, &c, err);
	if (rc == RC_OK)
		rc = answer_language(x->args, r.versions[r.n_versions - 1].promise->language,
				     &options.language, err);
	if (rc != RC_OK)
		return rc;
	hash_hex(&c.root, root);
	hash_hex(&is->document, document);
	record.root = text_of(root);
	record.document = text_of(document);
	buf_init(&out, DOCUMENT_MAX_BYTES);
	doc_html(statement_doc(a, o, &options), &out);
	bundling_add(&x->files, named(x, "documents/", stem, ".html"),
		     text_copy(a, buf_view(&out)));
	buf_clear(&out);
	options.text_only = true;
	doc_text(statement_doc(a, o, &options), &(struct text_style){.width = TEXT_WIDTH_DEFAULT},
		 &out);
	bundling_add(&x->files, named(x, "documents/", stem, ".txt"), text_copy(a, buf_view(&out)));
	if (out.full)
		rc = err_set(err, RC_LIMIT, "the statement would be larger than %d bytes",
			     DOCUMENT_MAX_BYTES);
	buf_free(&out);
	return rc;
}

static enum rc add_statements(struct exporting *x, struct err *err)
{
	enum rc rc = RC_OK;

	for (size_t i = 0; rc == RC_OK && i < x->n_issued; i++) {
		const struct issued *is = &x->issued[i];
		struct text stem = text_format(x->ws.arena, "statement-%.*s-r%lld",
					       TEXT_ARG(is->window), (long long)is->revision),
			    bytes;

		rc = record_blob(x->ws.store, x->ws.arena, &is->document, &bytes, err);
		if (rc == RC_MISSING)
			return err_set(err, RC_INVALID,
				       "revision %lld of %.*s is missing in the workspace; \"tenor "
				       "doctor\" tells more",
				       (long long)is->revision, TEXT_ARG(is->window));
		if (rc == RC_OK) {
			bundling_add(&x->files, named(x, "expected/", stem, ".json"), bytes);
			rc = render(x, is, stem, err);
		}
	}
	return rc;
}

/*
 * Documents of money, all of the record: what one comes to depends on those before it (money.md R17), so that a month's alone could not
 * be worked out again.
 */
static enum rc add_money(struct exporting *x, struct err *err)
{
	struct own_entry *v;
	size_t n;
	enum rc rc =
		own_entries(&x->ws, &x->log, FACT_INVOICE_ISSUED, x->checkpoint.size, &v, &n, err);

	for (size_t i = 0; rc == RC_OK && i < n; i++) {
		struct text stem = text_format(x->ws.arena, "invoice-%.*s",
					       TEXT_ARG(own_entry_text(&v[i], "invoice"))),
			    bytes;
		struct hash sha;

		if (!hash_parse(own_entry_text(&v[i], "document"), &sha))
			return err_set(err, RC_INVALID, "entry %lld names no document",
				       (long long)v[i].index);
		rc = record_blob(x->ws.store, x->ws.arena, &sha, &bytes, err);
		if (rc == RC_MISSING)
			return err_set(err, RC_INVALID,
				       "the document of entry %lld is missing in the workspace; "
				       "\"tenor doctor\" tells more",
				       (long long)v[i].index);
		if (rc == RC_OK)
			bundling_add(&x->files, named(x, "expected/", stem, ".json"), bytes);
	}
	return rc;
}

/* --- private slots --- */

static bool in_bundle(const struct exporting *x, const struct uuid *id, struct err *err)
{
	struct stored_entry stored;

	if (record_entry_of_id(x->ws.store, x->ws.arena, x->log.id, id, &stored, err) != RC_OK)
		return false;
	if (entry_is_internal(stored.bytes))
		return false; /* what the provider's people say among themselves goes to nobody else */
	if (!x->partial)
		return stored.index < x->checkpoint.size;

	struct text name = text_format(x->ws.arena, "leaves/%lld", (long long)stored.index);

	for (size_t i = 0; i < x->files.n; i++)
		if (text_eq(x->files.v[i].name, name))
			return true;
	return false;
}

struct slot_list {
	struct exporting *x;
	struct stored_slot *v;
	size_t n, cap;
};

static enum rc list_slot(void *context, const struct stored_slot *slot, struct err *err)
{
	struct slot_list *l = context;

	(void)err;
	l->v = arena_grow(l->x->ws.arena, l->v, l->n, &l->cap, sizeof(*l->v));
	l->v[l->n++] =
		(struct stored_slot){.id = slot->id, .name = text_copy(l->x->ws.arena, slot->name)};
	return RC_OK;
}

static enum rc add_private(struct exporting *x, struct err *err)
{
	struct slot_list l = {.x = x};
	struct err ignored = {.line = 0};
	enum rc rc = record_slots_each(x->ws.store, x->log.id, list_slot, &l, err);

	for (size_t i = 0; rc == RC_OK && i < l.n; i++) {
		struct bundled f = {.kind = BUNDLED_PRIVATE, .id = l.v[i].id, .slot = l.v[i].name};
		char id[UUID_TEXT + 1];

		/* health data leaves with nobody of the provider's, and with no auditor (trust.md P10) */
		if (!in_bundle(x, &f.id, &ignored) ||
		    (health_slot(f.slot) && (!workspace_client(&x->ws) || x->ws.grant != NULL)))
			continue;
		uuid_text(&f.id, id);
		f.name = text_format(x->ws.arena, "private/%s.%.*s.json", id, TEXT_ARG(f.slot));
		bundling_add_made(&x->files, &f);
	}
	return rc;
}

/* --- the whole --- */

static enum rc gather(struct exporting *x, struct err *err)
{
	enum rc rc = add_checkpoints(x, err);

	if (rc == RC_OK)
		rc = add_versions_and_inputs(x, err);
	if (rc == RC_OK)
		rc = add_keys(x, "keys/log", FACT_LOG_KEY_ADDED, err);
	if (rc == RC_OK)
		rc = add_keys(x, "keys/witness", FACT_WITNESS_ADDED, err);
	if (rc == RC_OK)
		rc = add_statements(x, err);
	if (rc == RC_OK && !x->partial)
		rc = add_money(x, err);
	if (rc != RC_OK)
		return rc;
	if (x->partial) {
		rc = add_leaves(x, err);
	} else {
		add_tiles(x, true);
		add_tiles(x, false);
	}
	if (rc == RC_OK && args_has(x->args, PARAM_WITH_PRIVATE))
		rc = add_private(x, err);
	return rc;
}

static struct bundle_about describe(const struct exporting *x)
{
	struct bundle_about about = {
		.origin = x->log.origin,
		.log = x->log.uuid,
		.size = x->checkpoint.size,
		.root = x->checkpoint.root,
		.engine = text_of(ENGINE_VERSION),
		.period = args_text(x->args, PARAM_MONTH),
		.as_of = x->log.last_recorded_at,
		.known_as_of = INSTANT_NONE,
		.complete = !x->partial,
	};

	if (x->n_issued > 0) {
		about.as_of = x->issued[x->n_issued - 1].as_of;
		about.known_as_of = x->issued[x->n_issued - 1].known_as_of;
	}
	return about;
}

/* An export is kept track of (O2), and signed at once (J12). */
static enum rc begin(struct exporting *x, struct err *err)
{
	struct workspace *ws = &x->ws;
	enum rc rc = workspace_log(ws, args_text(x->args, PARAM_CONTRACT_ID), &x->log, err);

	if (rc == RC_OK && args_has(x->args, PARAM_WITH_PRIVATE))
		rc = workspace_may(ws, R_PERSONAL_READ, err);
	if (rc == RC_OK)
		rc = sign_log(ws, &x->log, true, &x->checkpoint, err);
	if (rc == RC_OK)
		rc = workspace_begin(ws, err);
	if (rc != RC_OK)
		return rc;
	rc = workspace_audit(ws, x->log.contract, args_text(x->args, PARAM_MONTH), err);
	rc = workspace_end(ws, rc, err);
	if (rc == RC_OK)
		rc = sign_install(ws, err);
	if (rc == RC_OK)
		rc = issued_read(ws, &x->log, args_text(x->args, PARAM_MONTH), &x->issued,
				 &x->n_issued, err);
	return rc;
}

static void note_nothing_issued(const struct exporting *x)
{
	if (x->n_issued == 0)
		buf_printf(&x->reply->notes,
			   "no statement of %.*s was issued, so the bundle has none: \"tenor "
			   "statement --contract %.*s --month %.*s --issue\"\n",
			   TEXT_ARG(args_text(x->args, PARAM_MONTH)), TEXT_ARG(x->log.contract),
			   TEXT_ARG(args_text(x->args, PARAM_MONTH)));
}

enum rc action_export_bundle(struct app *app, const struct args *args, struct reply *reply,
			     struct err *err)
{
	struct exporting *x = arena_one(app->arena, struct exporting);
	struct bundle_about about;
	enum rc rc;

	if (!args_has(args, PARAM_OUTPUT)) {
		err_hint(err, "write -o month.tnb, or -o - for standard output");
		return err_set(err, RC_USAGE,
			       "a bundle is no text for a terminal, and no file is named");
	}
	rc = workspace_open(app, args, STORE_WRITE, &x->ws, err);
	if (rc != RC_OK)
		return rc;
	x->args = args;
	x->reply = reply;
	x->partial = args_has(args, PARAM_PARTIAL);
	rc = begin(x, err);
	/* All entries from the first on are in it, unless it is partial. */
	if (rc == RC_OK && !x->partial)
		rc = grant_whole(&x->ws, &x->log, err);
	x->files = (struct bundling){.ws = &x->ws, .log = x->log};
	if (rc == RC_OK)
		rc = gather(x, err);
	if (rc == RC_OK) {
		about = describe(x);
		rc = bundling_write(&x->files, &about, reply, err);
	}
	if (rc == RC_OK)
		note_nothing_issued(x);
	workspace_close(&x->ws);
	return rc;
}
