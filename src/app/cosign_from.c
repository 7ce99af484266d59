/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cosign_from.h"

#include "app/filing.h"
#include "base/arena.h"
#include "facts/json_read.h"

#include <assert.h>
#include <string.h>

enum {
	TOKEN_MAX = 200,
	ANSWER_MAX = 64 << 10 /* S21 */,
	ENTRIES_MAX = TILE_HASHES * (2 + ENTRY_MAX_BYTES)
};

/* --- where it is --- */

static enum rc address_of(const struct args *args, struct text *base, struct err *err)
{
	struct text url = args_text(args, PARAM_SERVER);
	bool named = args_has(args, PARAM_SERVER_ADDRESS);

	if (!text_starts(url, "https://") && !(named && text_starts(url, "http://"))) {
		err_hint(err, named ? "write https://... or http://..."
				    : "write https://...; http:// is for an address that --address "
				      "names");
		return err_set(err, RC_USAGE, "'%.*s' is no address of a server", TEXT_ARG(url));
	}
	while (text_ends(url, "/"))
		url = text_sub(url, 0, url.n - 1);
	*base = url;
	return RC_OK;
}

static enum rc token_of(struct app *app, const struct args *args, struct text *out, struct err *err)
{
	struct text path = args_text(args, PARAM_TOKEN_FILE), bytes;
	enum rc rc = filing_read(app, path, TOKEN_MAX, &bytes, err);

	if (rc != RC_OK)
		return rc;
	*out = text_trim(bytes);
	if (text_starts(*out, "tnr_"))
		return RC_OK;
	err_at(err, path, 0, 0);
	err_hint(err, "one line, tnr_..., as \"tenor token add\" printed it; with the right "
		      "LOG_READ, and "
		      "COSIGN to give the signature back");
	return err_set(err, RC_INVALID, "is no file of a token");
}

enum rc server_open(struct server_log *s, struct app *app, const struct args *args, struct err *err)
{
	struct text base, token = text_of(""), log = args_text(args, PARAM_LOG);
	enum rc rc = address_of(args, &base, err);

	*s = (struct server_log){.app = app, .bundle = -1};
	if (rc == RC_OK && !uuid_parse(log, &s->log)) {
		err_hint(
			err,
			"the last part of the name of the log's key: --log 019d4e4c-0c60-7663-...");
		rc = err_set(err, RC_USAGE, "which log of the server is not said");
	}
	if (rc == RC_OK && (app->outside == NULL || app->served != NULL))
		rc = err_set(err, RC_USAGE, "nothing connects out here");
	if (rc == RC_OK && args_has(args, PARAM_TOKEN_FILE))
		rc = token_of(app, args, &token, err);
	if (rc != RC_OK)
		return rc;
	uuid_text(&s->log, s->uuid);
	return app->outside->start(app, base, token, args_text(args, PARAM_SERVER_ADDRESS), &s->to,
				   err);
}

void server_close(struct server_log *s)
{
	s->app->outside->end(s->to);
}

/* --- asking --- */

static enum rc refused(int status, const char *what, struct err *err)
{
	switch (status) {
	case 0:
		err_hint(err, "asked are public addresses by https with a certificate that holds, "
			      "and what "
			      "--address names");
		return err_set(err, RC_IO, "the server gives no answer to %s", what);
	case 401:
		err_hint(err, "--token names a file with a token that has the right LOG_READ");
		return err_set(err, RC_USAGE, "the server asks for a token that holds");
	case 404:
		return err_set(err, RC_MISSING, "the server has no %s, or not for this token",
			       what);
	default:
		return err_set(err, RC_IO, "the server answers %d to %s", status, what);
	}
}

static enum rc get(struct server_log *s, struct text path, size_t most, const char *what,
		   struct text *out, struct err *err)
{
	struct text whole = text_format(s->app->arena, "/log/%s/%.*s", s->uuid, TEXT_ARG(path));
	int status = 0;
	enum rc rc =
		s->app->outside->ask(s->to, s->app->arena, whole, NULL, most, &status, out, err);

	if (rc == RC_OK && status != 200)
		rc = refused(status, what, err);
	return rc;
}

enum rc server_checkpoint(struct server_log *s, struct text *note, struct err *err)
{
	return get(s, text_of("checkpoint"), NOTE_MAX_BYTES, "checkpoint of that log", note, err);
}

/* Tile n of the leaves, as wide as a log of this size has it. */
static struct tile_id tile_of(const struct server_log *s, bool entries, int64_t n)
{
	int64_t left = s->size - n * TILE_HASHES;

	return (struct tile_id){
		.entries = entries, .n = n, .width = left < TILE_HASHES ? (int)left : TILE_HASHES};
}

static enum rc get_tile(struct server_log *s, const struct tile_id *id, size_t most,
			struct text *out, struct err *err)
{
	struct text path;
	struct buf b;

	buf_init(&b, 256);
	tile_path(id, &b);
	path = text_copy(s->app->arena, buf_view(&b));
	buf_free(&b);
	return get(s, path, most, "tile of that log", out, err);
}

/* --- checking --- */

static enum rc fetch_leaves(struct server_log *s, struct err *err)
{
	struct app *app = s->app;

	s->leaves = arena_array(app->arena, struct hash, (size_t)s->size + 1);
	for (int64_t n = 0; n * TILE_HASHES < s->size; n++) {
		struct tile_id id = tile_of(s, false, n);
		size_t bytes = (size_t)id.width * SHA256_BYTES;
		struct text body;
		enum rc rc = get_tile(s, &id, ANSWER_MAX, &body, err);

		if (rc == RC_OK && body.n != bytes)
			rc = err_set(err, RC_INVALID, "a tile of %d hashes has %zu bytes", id.width,
				     body.n);
		if (rc != RC_OK)
			return rc;
		memcpy(s->leaves[n * TILE_HASHES].b, body.p, bytes);
		if (app->progress != NULL)
			app->progress(app->progress_context, text_of("hashes"),
				      (uint64_t)(n * TILE_HASHES + id.width), (uint64_t)s->size,
				      n * TILE_HASHES + id.width == s->size);
	}
	return RC_OK;
}

_Static_assert(sizeof(struct hash) == SHA256_BYTES, "hashes of a tile lie as in memory");

static enum rc read_leaves(void *context, int64_t from, size_t n, struct hash *out, struct err *err)
{
	const struct server_log *s = context;

	(void)err;
	assert(from + (int64_t)n <= s->size);
	memcpy(out, &s->leaves[from], n * sizeof(*out));
	return RC_OK;
}

struct leaf_source server_leaves(struct server_log *s)
{
	return (struct leaf_source){s, read_leaves};
}

/* Is there a trusted key of this log at all? Else nothing can be checked, which is no failure. */
static bool key_known(const struct server_log *s, const struct trust *t)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->keys[i].type == KEY_LOG && text_ends(t->keys[i].name, s->uuid))
			return true;
	return false;
}

static int look_at_note(const struct server_log *s, const struct trust *t, struct witness_now *now,
			struct err *why)
{
	struct text end = text_format(s->app->arena, "/log/%s", s->uuid);
	size_t signers = 0;

	if (!key_known(s, t)) {
		err_hint(why, "\"tenor trust add KEY\", the key as it stands on paper");
		(void)err_set(why, RC_INVALID, "no key of log %s is trusted", s->uuid);
		return 2;
	}
	if (checkpoint_open(now->note, t->keys, t->n, &now->checkpoint, &signers, why) != RC_OK)
		return 1;
	if (!text_ends(now->checkpoint.origin, end.p)) {
		(void)err_set(why, RC_INVALID, "the checkpoint is of another log, '%.*s'",
			      TEXT_ARG(now->checkpoint.origin));
		return 1;
	}
	if (now->checkpoint.size > SERVER_LEAVES_MAX) {
		err_hint(why, "cosign a bundle");
		(void)err_set(why, RC_LIMIT,
			      "the log has %lld entries; %d are looked at by their tiles",
			      (long long)now->checkpoint.size, SERVER_LEAVES_MAX);
		return 2;
	}
	return 0;
}

enum rc server_check(struct server_log *s, struct hasher *h, const struct trust *t,
		     struct witness_now *now, int *status, struct err *why, struct err *err)
{
	struct leaf_source leaves = server_leaves(s);
	struct hash root = merkle_empty();
	enum rc rc;

	now->log = s->log;
	*status = look_at_note(s, t, now, why);
	if (*status != 0)
		return RC_OK;
	s->size = now->checkpoint.size;
	rc = fetch_leaves(s, err);
	if (rc == RC_OK)
		rc = merkle_root(h, &leaves, s->size, &root, err);
	if (rc != RC_OK || hash_eq(&root, &now->checkpoint.root))
		return rc;
	(void)err_set(why, RC_INVALID,
		      "the hashes that the server gives are not those of its signed root");
	*status = 1;
	return RC_OK;
}

/* --- entries --- */

static enum rc fetch_bundle(struct server_log *s, int64_t n, struct err *err)
{
	struct tile_id id = tile_of(s, true, n);
	struct text body;
	bool broken = false;
	enum rc rc = get_tile(s, &id, ENTRIES_MAX, &body, err);

	if (rc != RC_OK)
		return rc;
	s->bundle = n;
	s->n_entries = 0;
	while (s->n_entries < TILE_HASHES &&
	       entry_bundle_next(&body, &s->entries[s->n_entries], &broken))
		s->n_entries++;
	return RC_OK;
}

enum rc server_entry(struct server_log *s, struct hasher *h, int64_t i, struct text *out,
		     struct err *err)
{
	size_t at = (size_t)(i % TILE_HASHES);
	struct hash leaf;
	enum rc rc = s->bundle == i / TILE_HASHES ? RC_OK : fetch_bundle(s, i / TILE_HASHES, err);

	if (rc != RC_OK)
		return rc;
	if (at < s->n_entries) {
		leaf = merkle_leaf(h, s->entries[at]);
		if (hash_eq(&leaf, &s->leaves[i])) {
			*out = s->entries[at];
			return RC_OK;
		}
	}
	return err_set(err, RC_INVALID, "the server gives another entry %lld than its hash is of",
		       (long long)i);
}

/* --- the way back --- */

static struct text words_of(struct arena *a, int status, struct text body)
{
	struct err none = {.line = 0};
	json_t *problem = json_strict(body, &none);
	struct text detail = json_member(problem, "detail"), out;

	if (status == 0)
		out = text_of("there was no answer");
	else if (status == 409)
		out = text_format(a, "it has a cosignature of this key over %.*s entries",
				  TEXT_ARG(text_trim(body)));
	else
		out = text_format(a, "%d%s%.*s", status, detail.n > 0 ? ", " : "",
				  TEXT_ARG(detail));
	json_decref(problem);
	return out;
}

enum rc server_cosign(struct server_log *s, struct text line, bool *taken, struct text *why,
		      struct err *err)
{
	struct arena *a = s->app->arena;
	struct text body, path = text_format(a, "/log/%s/cosignature", s->uuid);
	int status = 0;
	enum rc rc = s->app->outside->ask(s->to, a, path, &line, ANSWER_MAX, &status, &body, err);

	if (rc != RC_OK)
		return rc;
	*taken = status == 201;
	*why = words_of(a, status, body);
	return RC_OK;
}
