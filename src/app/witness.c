/* SPDX-License-Identifier: Apache-2.0 */
#include "app/witness.h"

#include "app/files.h"
#include "app/filing.h"
#include "base/base64.h"

#include <sodium.h>
#include <string.h>

#define KEY_WORD "tenor-cosign/1 "

enum { KEY_FILE_MAX = 1024, EVIDENCE_MAX = 64 << 10 };

/* --- the key --- */

void witness_key_clear(struct witness_key *k)
{
	sodium_memzero(k->seed, sizeof(k->seed));
}

static enum rc key_of(struct arena *a, struct text name, struct witness_key *k, struct err *err)
{
	unsigned char public_key[ED25519_PUBLIC];

	ed25519_public(k->seed, public_key);
	return vkey_make(text_copy(a, name), KEY_COSIGNER, public_key, &k->key, err);
}

enum rc witness_key_make(struct app *app, struct text name, struct text path,
			 struct witness_key *out, struct err *err)
{
	struct witness_key k;
	struct buf line;
	enum rc rc;

	app->world->random.fill(app->world->random.context, k.seed, sizeof(k.seed));
	rc = key_of(app->arena, name, &k, err);
	/* bounded, so that it never moves and leaves a copy */
	buf_init(&line, KEY_FILE_MAX);
	buf_printf(&line, KEY_WORD "%.*s ", TEXT_ARG(name));
	hex_add(&line, k.seed, sizeof(k.seed));
	buf_char(&line, '\n');
	if (rc == RC_OK)
		rc = filing_folders(app->arena, path, err);
	if (rc == RC_OK)
		rc = filing_new(app->arena, path, buf_view(&line), err);
	sodium_memzero(line.p, line.n);
	buf_free(&line);
	if (rc == RC_OK)
		*out = k;
	witness_key_clear(&k);
	return rc;
}

static enum rc no_key(struct text path, struct err *err)
{
	err_at(err, path, 0, 0);
	err_hint(err, "\"tenor cosign key NAME -o FILE\" makes one");
	return err_set(err, RC_INVALID, "is no file of a witness's key");
}

enum rc witness_key_read(struct app *app, struct text path, struct witness_key *out,
			 struct err *err)
{
	struct text bytes, name, hex;
	struct witness_key k;
	enum rc rc = filing_read(app, path, KEY_FILE_MAX, &bytes, err);

	if (rc != RC_OK)
		return rc;
	if (!text_starts(bytes, KEY_WORD) || !text_ends(bytes, "\n"))
		return no_key(path, err);
	hex = text_cut(text_sub(bytes, strlen(KEY_WORD), bytes.n - 1), ' ', &name);
	if (!hex_read(hex, k.seed, sizeof(k.seed)) || key_of(app->arena, name, &k, err) != RC_OK) {
		witness_key_clear(&k);
		return no_key(path, err);
	}
	*out = k;
	witness_key_clear(&k);
	return RC_OK;
}

/* --- the state --- */

static enum rc state_path(struct app *app, struct text path, const struct uuid *log,
			  struct text *out, struct err *err)
{
	char uuid[UUID_TEXT + 1];

	if (path.n > 0) {
		*out = path;
		return RC_OK;
	}
	if (app->world->settings.n == 0) {
		err_hint(err, "say with --state FILE where the last checkpoint seen is to be kept");
		return err_set(err, RC_USAGE, "no folder for a person's settings is known");
	}
	uuid_text(log, uuid);
	*out = text_format(app->arena, "%.*s/cosign/%s", TEXT_ARG(app->world->settings), uuid);
	return RC_OK;
}

enum rc witness_state_read(struct app *app, struct text path, const struct witness_now *now,
			   struct witness_state *out, struct err *err)
{
	struct witness_state s = {.there = true};
	struct note n;
	enum rc rc = state_path(app, path, &now->log, &s.path, err);

	if (rc == RC_OK)
		rc = filing_read(app, s.path, NOTE_MAX_BYTES, &s.note, err);
	if (rc == RC_MISSING) {
		err_clear(err);
		*out = (struct witness_state){.path = s.path};
		return RC_OK;
	}
	if (rc == RC_OK)
		rc = note_parse(s.note, &n, err);
	if (rc == RC_OK)
		rc = checkpoint_parse(n.text, &s.checkpoint, err);
	if (rc == RC_OK && !text_eq(s.checkpoint.origin, now->checkpoint.origin))
		rc = err_set(err, RC_INVALID, "is the checkpoint of another log, '%.*s'",
			     TEXT_ARG(s.checkpoint.origin));
	if (rc != RC_OK) {
		err_at(err, s.path, 0, 0);
		return rc;
	}
	*out = s;
	return RC_OK;
}

enum rc witness_state_write(struct app *app, const struct witness_state *state, struct text note,
			    struct err *err)
{
	enum rc rc = filing_folders(app->arena, state->path, err);

	return rc == RC_OK ? filing_replace(app->arena, state->path, note, err) : rc;
}

/* --- comparing --- */

enum rc witness_compare(struct hasher *h, const struct witness_state *state,
			const struct witness_now *seen, const struct leaf_source *leaves,
			enum witness_finding *out, struct proof *proof, struct err *err)
{
	const struct checkpoint *now = &seen->checkpoint;
	struct err why = {.line = 0};
	enum rc rc;

	proof->n = 0;
	*out = WITNESS_FIRST;
	if (!state->there)
		return RC_OK;
	if (now->size < state->checkpoint.size) {
		*out = WITNESS_ROLLED_BACK;
		return RC_OK;
	}
	if (now->size == state->checkpoint.size) {
		*out = hash_eq(&now->root, &state->checkpoint.root) ? WITNESS_SAME : WITNESS_FORKED;
		return RC_OK;
	}
	/* Every tree begins with the empty one; there is nothing to prove. */
	*out = WITNESS_GREW;
	if (state->checkpoint.size == 0)
		return RC_OK;
	rc = merkle_consistency(h, leaves, state->checkpoint.size, now->size, proof, err);
	if (rc != RC_OK)
		return rc;
	if (merkle_verify_consistency(h, state->checkpoint.size, now->size, &state->checkpoint.root,
				      &now->root, proof->v, proof->n, &why) != RC_OK)
		*out = WITNESS_FORKED;
	return RC_OK;
}

/* --- evidence --- */

static enum rc put(struct app *app, struct text folder, struct text name, struct text bytes,
		   struct err *err)
{
	struct text path = text_format(app->arena, "%.*s/%.*s", TEXT_ARG(folder), TEXT_ARG(name));
	struct text there;
	enum rc rc = filing_new(app->arena, path, bytes, err);

	/* Found a second time, it is there already; evidence is never written over. */
	if (rc != RC_INVALID)
		return rc;
	rc = filing_read(app, path, EVIDENCE_MAX, &there, err);
	if (rc == RC_OK && !text_eq(there, bytes)) {
		err_at(err, path, 0, 0);
		return err_set(err, RC_INVALID, "is there already with other content");
	}
	if (rc == RC_OK)
		err_clear(err);
	return rc;
}

static struct text note_name(struct arena *a, const struct checkpoint *c)
{
	char hex[SHA256_HEX + 1];

	hash_hex(&c->root, hex);
	return text_format(a, "%lld-%.16s.note", (long long)c->size, hex);
}

static struct text proof_words(struct arena *a, const struct witness_state *state,
			       const struct checkpoint *now, const struct proof *proof)
{
	struct text out;
	struct buf b;

	buf_init(&b, EVIDENCE_MAX);
	buf_printf(&b, "older %lld\nsize %lld\n", (long long)state->checkpoint.size,
		   (long long)now->size);
	for (size_t i = 0; i < proof->n; i++) {
		base64_add(&b, proof->v[i].b, sizeof(proof->v[i].b));
		buf_char(&b, '\n');
	}
	out = text_copy(a, buf_view(&b));
	buf_free(&b);
	return out;
}

enum rc witness_evidence(struct app *app, const struct witness_state *state,
			 const struct witness_now *seen, const struct proof *proof,
			 struct text *folder, struct err *err)
{
	const struct checkpoint *now = &seen->checkpoint;
	struct arena *a = app->arena;
	struct text stem;
	enum rc rc;

	*folder = text_format(a, "%.*s/fork-evidence", TEXT_ARG(files_folder(a, state->path)));
	rc = filing_folders(a, text_format(a, "%.*s/.", TEXT_ARG(*folder)), err);
	if (rc == RC_OK)
		rc = put(app, *folder, note_name(a, &state->checkpoint), state->note, err);
	if (rc == RC_OK)
		rc = put(app, *folder, note_name(a, now), seen->note, err);
	if (rc != RC_OK)
		return rc;
	stem = note_name(a, now);
	return put(app, *folder,
		   text_format(a, "%lld-%.*sproof", (long long)state->checkpoint.size,
			       (int)(stem.n - strlen("note")), stem.p),
		   proof_words(a, state, now, proof), err);
}
