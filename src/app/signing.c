/* SPDX-License-Identifier: Apache-2.0 */
#include "app/signing.h"

#include "app/append.h"
#include "app/own_entries.h"
#include "base/json.h"
#include "journal/entry.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

/* --- keys of a log --- */

/* whole: with a look at the point, for others than who signs. */
static enum rc key_entry(struct workspace *ws, const struct log_head *log, int64_t index,
			 bool whole, struct vkey *out, struct err *err)
{
	struct own_entry own;
	enum rc rc = own_entry_read(ws, log, index, &own, err);

	if (rc != RC_OK)
		return rc;
	return whole ? vkey_parse(own_entry_text(&own, "vkey"), out, err)
		     : vkey_parse_own(own_entry_text(&own, "vkey"), out, err);
}

static void seed_name(char out[SEED_NAME_BYTES], const struct log_head *log, size_t n)
{
	char uuid[UUID_TEXT + 1];

	uuid_text(&log->uuid, uuid);
	if (n == 0)
		(void)snprintf(out, SEED_NAME_BYTES, "log/%s", uuid);
	else
		(void)snprintf(out, SEED_NAME_BYTES, "log/%s/%zu", uuid, n + 1);
}

static enum rc read_keys(struct workspace *ws, const struct log_head *log, bool whole,
			 struct log_keys *out, struct err *err)
{
	int64_t *added = NULL, *retired = NULL;
	size_t n_added = 0, n_retired = 0;
	enum rc rc = record_marks(ws->store, ws->arena, log->id, FACT_LOG_KEY_ADDED, &added,
				  &n_added, err);

	*out = (struct log_keys){.n = 0};
	if (rc == RC_OK)
		rc = record_marks(ws->store, ws->arena, log->id, FACT_LOG_KEY_RETIRED, &retired,
				  &n_retired, err);
	if (rc == RC_OK && n_added > LOG_KEYS_MAX)
		return err_set(err, RC_LIMIT, "the log has had more than %d keys", LOG_KEYS_MAX);
	for (size_t i = 0; rc == RC_OK && i < n_added; i++) {
		rc = key_entry(ws, log, added[i], whole, &out->v[i], err);
		seed_name(out->seed_names[i], log, i);
		out->n = i + 1;
	}
	for (size_t i = 0; rc == RC_OK && i < n_retired; i++) {
		struct vkey gone;

		rc = key_entry(ws, log, retired[i], whole, &gone, err);
		for (size_t k = 0; rc == RC_OK && k < out->n; k++)
			out->retired[k] = out->retired[k] || vkey_eq(&out->v[k], &gone);
	}
	return rc;
}

/* The key that signs where a log has had one only, as nearly all have. *only: it has. */
static enum rc only_key(struct workspace *ws, const struct log_head *log, struct log_known *out,
			struct err *err)
{
	struct log_keys keys;
	enum rc rc = read_keys(ws, log, false, &keys, err);

	out->one_key = rc == RC_OK && keys.n == 1 && !keys.retired[0];
	if (!out->one_key)
		return rc;
	out->key = keys.v[0];
	memcpy(out->seed_name, keys.seed_names[0], sizeof(out->seed_name));
	return RC_OK;
}

enum rc log_keys_read(struct workspace *ws, const struct log_head *log, struct log_keys *out,
		      struct err *err)
{
	return read_keys(ws, log, true, out, err);
}

/* --- recomputing --- */

struct recomputing {
	struct recompute *state;
};

static enum rc recompute_entry(void *context, const struct stored_entry *e, struct err *err)
{
	struct recomputing *r = context;
	unsigned char leaf[RECOMPUTE_HASH];

	recompute_add(r->state, e->bytes, leaf);
	if (memcmp(leaf, e->leaf.b, sizeof(leaf)) == 0)
		return RC_OK;
	err_code(err, "log_frozen");
	return err_set(err, RC_INVALID,
		       "entry %lld is not what was recorded: its bytes do not give its leaf hash",
		       (long long)e->index);
}

enum rc recompute_log(struct store *store, const struct log_head *log, struct recompute *state,
		      struct err *err)
{
	struct recomputing r = {state};

	if (state->size == log->edge.size)
		return RC_OK;
	return record_each(store, log->id, state->size, log->edge.size, recompute_entry, &r, err);
}

/* --- signing --- */

/* What was known of the log holds while nobody else appended to it: who knows it has looked at all of this in the same way. */
static bool holds(const struct log_known *known, const struct log_head *log)
{
	return known != NULL && known->size == log->edge.size;
}

static enum rc last_signed(struct workspace *ws, const struct log_head *log,
			   const struct log_known *known, struct stored_checkpoint *out,
			   struct recompute *state, struct err *err)
{
	unsigned char root[RECOMPUTE_HASH];
	enum rc rc;

	recompute_init(state);
	if (holds(known, log) && recompute_load(state, known->last.state)) {
		*out = known->last;
		return RC_OK;
	}
	rc = record_checkpoint_latest(ws->store, ws->arena, log->id, out, err);
	if (rc == RC_MISSING) {
		err_clear(err);
		*out = (struct stored_checkpoint){.size = 0, .root = merkle_empty()};
		return RC_OK;
	}
	if (rc != RC_OK)
		return rc;
	/* Without the signer's own state (a restored workspace), or with another's, it begins at leaf 0 again. */
	if (out->state.n == 0 || !recompute_load(state, out->state) || state->size != out->size)
		recompute_init(state);
	if (state->size != out->size) {
		struct log_head then = *log;

		then.edge.size = out->size;
		rc = out->size <= log->edge.size ? recompute_log(ws->store, &then, state, err)
						 : RC_OK;
	}
	if (rc != RC_OK)
		return rc;
	recompute_root(state, root);
	if (state->size == out->size && memcmp(root, out->root.b, sizeof(root)) == 0)
		return RC_OK;
	err_code(err, "log_frozen");
	return err_set(err, RC_INVALID,
		       "the record does not lead to the checkpoint signed last, of %lld entries",
		       (long long)out->size);
}

static enum rc freeze(struct workspace *ws, const struct log_head *log, struct err *err)
{
	struct err second = {.line = 0};

	if (store_begin(ws->store, &second) != RC_OK)
		return RC_INVALID;
	if (record_log_freeze(ws->store, log->id, text_of(err->message), &second) != RC_OK ||
	    store_commit(ws->store, &second) != RC_OK)
		workspace_rollback(ws);
	err_hint(err, "nothing was signed and the log is frozen; \"tenor doctor\" tells more, "
		      "\"tenor restore\" brings back a sound copy");
	return RC_INVALID;
}

static enum rc sign_with(const struct log_head *log, const struct vkey *key,
			 const struct key_pair *pair, size_t text_bytes, struct buf *note,
			 struct err *err)
{
	if (note_sign_own(key, pair, (struct text){note->p, text_bytes}, note))
		return RC_OK;
	return err_set(err, RC_INVALID, "the key that the log '%.*s' names is not that of its seed",
		       TEXT_ARG(log->origin));
}

static enum rc sign_by(struct keys *keys, const struct log_head *log, const struct vkey *key,
		       const char *seed_name, size_t text_bytes, struct buf *note, struct err *err)
{
	struct key_pair pair;
	enum rc rc = keys_pair(keys, text_of(seed_name), &pair, err);

	if (rc == RC_OK)
		rc = sign_with(log, key, &pair, text_bytes, note, err);
	key_pair_wipe(&pair);
	return rc;
}

static enum rc sign_by_all(struct workspace *ws, struct keys *keys, const struct log_head *log,
			   size_t text_bytes, struct buf *note, struct err *err)
{
	struct log_keys list;
	size_t signers = 0;
	enum rc rc = read_keys(ws, log, false, &list, err);

	for (size_t i = 0; rc == RC_OK && i < list.n; i++) {
		if (list.retired[i])
			continue;
		rc = sign_by(keys, log, &list.v[i], list.seed_names[i], text_bytes, note, err);
		signers++;
	}
	if (rc == RC_OK && signers == 0)
		return err_set(err, RC_INVALID, "the log '%.*s' has no key in force",
			       TEXT_ARG(log->origin));
	return rc;
}

/* pair: of the key known, where that holds; NULL: keys are read. */
static enum rc write_note(struct workspace *ws, const struct log_head *log,
			  const struct log_known *known, const struct key_pair *pair,
			  const struct hash *root, struct buf *note, struct err *err)
{
	struct keys *keys;
	struct checkpoint c = {log->origin, log->edge.size, *root};
	size_t text_bytes;
	enum rc rc;

	checkpoint_print(&c, note);
	text_bytes = note->n;
	buf_char(note, '\n');
	if (pair != NULL)
		return sign_with(log, &known->key, pair, text_bytes, note, err);
	rc = workspace_keys(ws, &keys, err);
	if (rc != RC_OK)
		return rc;
	if (holds(known, log) && known->one_key)
		return sign_by(keys, log, &known->key, known->seed_name, text_bytes, note, err);
	return sign_by_all(ws, keys, log, text_bytes, note, err);
}

/* The checkpoint as a leaf of the install log (J1). */
static enum rc note_in_install(struct own_run *install, const struct log_head *log,
			       const struct hash *root, struct err *err)
{
	char uuid[UUID_TEXT + 1], hex[SHA256_HEX + 1];
	struct own_note note;
	struct json *j;

	uuid_text(&log->uuid, uuid);
	hash_hex(root, hex);
	j = own_note_begin(&note);
	json_kv_str(j, "log", uuid);
	json_kv_str(j, "root", hex);
	json_kv_int(j, "size", log->edge.size);
	return own_note_add(install, FACT_CHECKPOINT_MADE, &note, err);
}

/* What is looked at before a log is signed. */
struct looked_at {
	struct log_head log;
	struct stored_checkpoint last;
	struct recompute state;
	struct hash root; /* as appended, and as recomputed */
	bool broken;      /* what was read does not fit: the log is to be frozen */
	bool sign;        /* the head has no checkpoint yet: `made` is that */
	struct stored_checkpoint made;
};

static enum rc look_at(struct workspace *ws, const struct uuid *uuid, const struct log_known *known,
		       struct looked_at *x, struct err *err)
{
	unsigned char root[RECOMPUTE_HASH];
	enum rc rc = record_log_of_uuid(ws->store, ws->arena, uuid, &x->log, err);

	if (rc == RC_OK && x->log.frozen.n > 0) {
		err_code(err, "log_frozen");
		return err_set(err, RC_INVALID, "the log is frozen: %.*s", TEXT_ARG(x->log.frozen));
	}
	if (rc != RC_OK)
		return rc;
	rc = last_signed(ws, &x->log, known, &x->last, &x->state, err);
	if (rc == RC_OK)
		rc = recompute_log(ws->store, &x->log, &x->state, err);
	x->broken = rc == RC_INVALID;
	if (rc != RC_OK)
		return rc;
	recompute_root(&x->state, root);
	x->root = edge_root(ws->hasher, &x->log.edge);
	if (x->state.size == x->log.edge.size && memcmp(root, x->root.b, sizeof(root)) == 0)
		return RC_OK;
	x->broken = true;
	return err_set(err, RC_INVALID,
		       "the entries do not give the root that was kept while they were appended");
}

/* Many logs, looked at by one or by the crew. */
struct looking {
	struct log_signing *v;
	struct looked_at *x;
	size_t n;
	bool keep;
	instant now;
	struct key_pair *pairs; /* of the keys known, for hands that have no keys of their own */
	bool *paired, *looked;
};

/* The checkpoint of the head, signed; nothing is written yet. */
static enum rc make_checkpoint(struct workspace *ws, const struct log_known *known,
			       const struct key_pair *pair, const struct looking *l,
			       struct looked_at *x, struct err *err)
{
	unsigned char bytes[RECOMPUTE_STATE_MAX];
	struct buf note;
	enum rc rc;

	buf_init(&note, NOTE_MAX_BYTES);
	rc = write_note(ws, &x->log, known, pair, &x->root, &note, err);
	x->made = (struct stored_checkpoint){
		.size = x->log.edge.size, .root = x->root, .made_at = l->now, .kept = l->keep};
	x->made.note = text_copy(ws->arena, buf_view(&note));
	x->made.state = text_copy(
		ws->arena, (struct text){(const char *)bytes, recompute_store(&x->state, bytes)});
	buf_free(&note);
	x->sign = true;
	return rc;
}

/* Only the disk fails all of them: what is the matter with one log stays with it. */
static bool of_one(enum rc rc)
{
	return rc != RC_IO;
}

/* The seeds of many logs are read in one transaction of their file, not each in its own; *own: it is to be ended. */
static enum rc begin_seeds(struct workspace *ws, bool *own, struct err *err)
{
	*own = ws->keys != NULL && !store_in_transaction(keys_store(ws->keys));
	return *own ? store_begin_read(keys_store(ws->keys), err) : RC_OK;
}

static bool is_signed(const struct looked_at *x)
{
	return x->last.size == x->log.edge.size && x->last.note.n > 0;
}

enum rc sign_seen(struct workspace *ws, struct log_signing *v, bool *there, struct log_known *known,
		  struct err *err)
{
	struct looked_at x = {.broken = false};

	assert(store_in_transaction(ws->store));
	v->rc = look_at(ws, &v->log, NULL, &x, &v->err);
	*there = v->rc == RC_OK && is_signed(&x);
	v->head = x.log;
	v->checkpoint = x.last;
	*known = (struct log_known){.size = -1};
	if (*there) {
		v->rc = only_key(ws, &x.log, known, &v->err);
		known->size = x.log.edge.size;
		known->last = x.last;
	}
	if (v->rc == RC_OK || of_one(v->rc))
		return RC_OK;
	*err = v->err;
	return v->rc;
}

/* What is read is as of one moment for each log. Signed where its pair is at hand; the others wait for who has the keys. */
static void look_piece(void *context, struct hand *h, size_t i)
{
	const struct looking *l = context;
	struct log_signing *v = &l->v[i];
	struct looked_at *x = &l->x[i];

	v->rc = look_at(h->ws, &v->log, v->known, x, &v->err);
	if (v->rc == RC_OK && !is_signed(x) && l->paired[i] && holds(v->known, &x->log))
		v->rc = make_checkpoint(h->ws, v->known, &l->pairs[i], l, x, &v->err);
	l->looked[i] = true;
}

/* The pairs lie in memory while the crew signs, and are wiped then. One that cannot be read is asked for again by who says why. */
static enum rc look_together(struct workspace *ws, struct crew *crew, struct looking *l,
			     struct err *err)
{
	struct err unsaid = {.line = 0};
	bool own = false;
	enum rc rc = begin_seeds(ws, &own, err);

	l->pairs = arena_array(ws->arena, struct key_pair, l->n);
	for (size_t i = 0; rc == RC_OK && ws->keys != NULL && i < l->n; i++) {
		const struct log_known *known = l->v[i].known;

		l->paired[i] = known != NULL && known->size >= 0 && known->one_key &&
			       keys_pair(ws->keys, text_of(known->seed_name), &l->pairs[i],
					 &unsaid) == RC_OK;
	}
	if (own)
		store_rollback(keys_store(ws->keys));
	if (rc == RC_OK)
		rc = crew_share(crew, l->n, look_piece, l, err);
	for (size_t i = 0; i < l->n; i++)
		key_pair_wipe(&l->pairs[i]);
	return rc;
}

/* Heads, checkpoints and entries as of one moment: another process may append and sign meanwhile. */
static enum rc look_alone(struct workspace *ws, struct looking *l, struct err *err)
{
	bool own = false;
	enum rc rc = store_begin_read(ws->store, err);

	if (rc == RC_OK)
		rc = begin_seeds(ws, &own, err);
	for (size_t i = 0; rc == RC_OK && i < l->n; i++) {
		struct log_signing *v = &l->v[i];
		struct looked_at *x = &l->x[i];

		if (!l->looked[i])
			v->rc = look_at(ws, &v->log, v->known, x, &v->err);
		if (v->rc == RC_OK && !is_signed(x) && !x->sign)
			v->rc = make_checkpoint(ws, v->known, NULL, l, x, &v->err);
		if (v->rc != RC_OK && !of_one(v->rc)) {
			*err = v->err;
			rc = v->rc;
		}
	}
	if (own)
		store_rollback(keys_store(ws->keys));
	store_rollback(ws->store);
	return rc;
}

/* Another process may have signed the same size meanwhile: noted once is enough, and what it signed is what counts. */
static enum rc put_new(struct own_run *install, struct looked_at *x, struct err *err)
{
	struct workspace *ws = install->ws;
	bool already = false;
	enum rc rc = record_checkpoint_add(ws->store, x->log.id, &x->made, &already, err);

	if (rc == RC_OK && already)
		rc = record_checkpoint(ws->store, ws->arena, x->log.id, x->made.size, &x->last,
				       err);
	else if (rc == RC_OK) {
		x->last = x->made;
		if (x->log.kind == LOG_ENGAGEMENT)
			rc = note_in_install(install, &x->log, &x->root, err);
	}
	return rc;
}

static enum rc put_one(struct own_run *install, struct looked_at *x, bool keep, struct err *err)
{
	enum rc rc = x->sign ? put_new(install, x, err) : RC_OK;

	if (rc != RC_OK || !keep || x->last.kept)
		return rc;
	/* It was made in passing and is now printed: it goes into every bundle (J19). */
	x->last.kept = true;
	return record_checkpoint_note(install->ws->store, x->log.id, x->last.size, x->last.note,
				      true, err);
}

static enum rc put_all(struct workspace *ws, struct log_signing *v, struct looked_at *x, size_t n,
		       bool keep, struct err *err)
{
	struct own_run install;
	bool any = false;
	enum rc rc;

	for (size_t i = 0; i < n; i++)
		any = any || (v[i].rc == RC_OK && (x[i].sign || (keep && !x[i].last.kept)));
	if (!any)
		return RC_OK;
	rc = workspace_begin(ws, err);
	if (rc != RC_OK)
		return rc;
	own_run_begin(&install, ws, &ws->install);
	for (size_t i = 0; rc == RC_OK && i < n; i++) {
		if (v[i].rc != RC_OK)
			continue;
		rc = put_one(&install, &x[i], keep, err);
		/* said before anything of it was written */
		if (rc == RC_INVALID && strcmp(err->code, "fork") == 0) {
			v[i].rc = rc;
			v[i].err = *err;
			err_clear(err);
			rc = RC_OK;
		}
	}
	rc = own_run_end(&install, rc, err);
	return workspace_end(ws, rc, err);
}

enum rc sign_logs(struct workspace *ws, struct crew *crew, struct log_signing *v, size_t n,
		  bool keep, struct err *err)
{
	struct looked_at *x = arena_array(ws->arena, struct looked_at, n);
	struct looking l = {.v = v, .x = x, .n = n, .keep = keep, .now = ws->now};
	enum rc rc = RC_OK;

	l.paired = arena_array(ws->arena, bool, n);
	l.looked = arena_array(ws->arena, bool, n);
	if (crew != NULL && n > 1)
		rc = look_together(ws, crew, &l, err);
	if (rc == RC_OK)
		rc = look_alone(ws, &l, err);
	for (size_t i = 0; rc == RC_OK && i < n; i++)
		if (x[i].broken)
			v[i].rc = freeze(ws, &x[i].log, &v[i].err);
	if (rc == RC_OK)
		rc = put_all(ws, v, x, n, keep, err);
	for (size_t i = 0; rc == RC_OK && i < n; i++) {
		v[i].head = x[i].log;
		v[i].checkpoint = x[i].last;
	}
	return rc;
}

enum rc sign_log(struct workspace *ws, const struct log_head *log, bool keep,
		 struct stored_checkpoint *out, struct err *err)
{
	struct log_signing one = {.log = log->uuid};
	enum rc rc = sign_logs(ws, NULL, &one, 1, keep, err);

	if (rc != RC_OK)
		return rc;
	if (one.rc != RC_OK)
		*err = one.err;
	else if (out != NULL)
		*out = one.checkpoint;
	return one.rc;
}

enum rc sign_install(struct workspace *ws, struct err *err)
{
	return sign_log(ws, &ws->install, false, NULL, err);
}

enum rc sign_log_and_install(struct workspace *ws, const struct log_head *log, bool keep,
			     struct stored_checkpoint *out, struct err *err)
{
	enum rc rc = sign_log(ws, log, keep, out, err);

	return rc == RC_OK && log->kind != LOG_INSTALL ? sign_install(ws, err) : rc;
}

enum rc sign_engagements(struct workspace *ws, const struct log_head *logs, size_t n,
			 struct err *err)
{
	enum rc rc = RC_OK;

	for (size_t i = 0; rc == RC_OK && i < n; i++)
		if (logs[i].kind != LOG_INSTALL && logs[i].edge.size > 0)
			rc = sign_log(ws, &logs[i], false, NULL, err);
	return rc == RC_OK ? sign_install(ws, err) : rc;
}
