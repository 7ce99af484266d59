/* SPDX-License-Identifier: Apache-2.0 */
/* tenor restore: a backup becomes a workspace again, or nothing is made (trust.md D5). */
#include "app/append.h"
#include "app/backup.h"
#include "app/derived.h"
#include "app/doctor.h"
#include "app/erase.h"
#include "app/logs.h"
#include "app/outbox.h"
#include "app/signing.h"
#include "base/json.h"
#include "facts/exact.h"

#include <string.h>
#include <unistd.h>

struct restoring {
	struct app *app;
	const struct args *args;
	struct text dir, path, keys_path; /* where it goes */
	struct text draft, keys_draft,
		own_keys; /* beside; own_keys: the backup's, where newer ones are given */
	struct backup_manifest m;
	struct workspace ws;
	struct text *lost; /* subjects erased since, of which no log here knows */
	size_t n_lost, cap_lost;
	struct slot_log *lost_in;
	bool opened, loss;
	int64_t erased; /* texts erased again */
};

/* --- where it goes --- */

static enum rc is_free(struct restoring *r, struct text path, const char *suffix, struct err *err)
{
	struct text name = text_format(r->app->arena, "%.*s%s", TEXT_ARG(path), suffix);

	if (!files_is_there(r->app->arena, name))
		return RC_OK;
	err_at(err, name, 0, 0);
	err_code(err, "restore.exists");
	err_hint(err, "a restore writes over nothing; choose another name, or move it away");
	return err_set(err, RC_INVALID, "is there already");
}

static enum rc name_files(struct restoring *r, struct err *err)
{
	/* A log that was left behind would be read into the new file. */
	static const char *const suffixes[] = {"", "-wal", "-shm", "-journal"};
	struct arena *a = r->app->arena;
	enum rc rc = RC_OK;

	r->dir = args_text(r->args, PARAM_BACKUP_DIR);
	r->path = args_text(r->args, PARAM_RESTORED);
	r->loss = args_has(r->args, PARAM_ACCEPT_LOSS);
	if (!text_ends(r->path, ".tenor") || r->path.n == strlen(".tenor")) {
		err_hint(err, "for example acme.tenor");
		return err_set(err, RC_USAGE,
			       "the name of a workspace ends in .tenor, '%.*s' does not",
			       TEXT_ARG(r->path));
	}
	r->keys_path = workspace_keys_beside(a, r->path);
	for (size_t i = 0; rc == RC_OK && i < ARRAY_SIZE(suffixes); i++) {
		rc = is_free(r, r->path, suffixes[i], err);
		if (rc == RC_OK)
			rc = is_free(r, r->keys_path, suffixes[i], err);
	}
	r->draft = text_format(a, "%.*s.%ld.restoring", TEXT_ARG(r->path), (long)getpid());
	r->keys_draft =
		text_format(a, "%.*s.%ld.restoring", TEXT_ARG(r->keys_path), (long)getpid());
	r->own_keys = text_format(a, "%.*s.%ld.backup", TEXT_ARG(r->keys_path), (long)getpid());
	return rc;
}

static void remove_drafts(struct restoring *r)
{
	static const char *const suffixes[] = {"", "-wal", "-shm", "-journal"};
	const struct text names[] = {r->draft, r->keys_draft, r->own_keys};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		for (size_t k = 0; names[i].n > 0 && k < ARRAY_SIZE(suffixes); k++)
			files_remove(r->app->arena, text_format(r->app->arena, "%.*s%s",
								TEXT_ARG(names[i]), suffixes[k]));
}

/* --- out of the backup --- */

/* A file of keys that is in use: copied by the store, log and all. */
static enum rc take_given_keys(struct restoring *r, struct err *err)
{
	struct store *s;
	enum rc rc = store_open(r->app->arena, args_text(r->args, PARAM_KEYS_FILE), STORE_KEYS,
				STORE_READ, &s, err);

	if (rc != RC_OK)
		return rc;
	rc = store_copy(s, r->keys_draft, NULL, NULL, err);
	store_close(s);
	return rc;
}

static enum rc unpack(struct restoring *r, struct err *err)
{
	bool given = args_has(r->args, PARAM_KEYS_FILE);
	struct text own = text_format(r->app->arena, "%.*s/%s", TEXT_ARG(r->dir), BACKUP_KEYS);
	enum rc rc = backup_read(r->app->arena, r->dir, given, &r->m, err);

	if (rc == RC_OK)
		rc = backup_take(r->app, r->dir, &r->m, BACKUP_DATA, r->draft, err);
	if (rc == RC_OK && !given)
		return backup_take(r->app, r->dir, &r->m, BACKUP_KEYS, r->keys_draft, err);
	if (rc == RC_OK)
		rc = take_given_keys(r, err);
	if (rc == RC_OK && files_is_there(r->app->arena, own))
		return backup_take(r->app, r->dir, &r->m, BACKUP_KEYS, r->own_keys, err);
	r->own_keys.n = 0;
	return rc;
}

/* The newest register counts (J24): keys that know fewer erasures than the backup's own are not newer. */
static enum rc newest_keys(struct restoring *r, struct err *err)
{
	struct keys *own;
	struct text *erased;
	size_t n = 0;
	enum rc rc;

	if (!args_has(r->args, PARAM_KEYS_FILE) || r->own_keys.n == 0)
		return RC_OK;
	rc = keys_open(r->app->arena, r->own_keys, r->ws.kek_path, STORE_READ,
		       &r->app->world->random, &own, err);
	if (rc != RC_OK)
		return rc;
	rc = keys_erased(own, r->app->arena, &erased, &n, err);
	for (size_t i = 0; rc == RC_OK && i < n; i++) {
		instant at;

		rc = keys_erased_at(r->ws.keys, erased[i], &at, err);
		if (rc == RC_OK && at == INSTANT_NONE) {
			err_at(err, args_text(r->args, PARAM_KEYS_FILE), 0, 0);
			err_hint(err, "leave --keys out, or give the newest file of keys there is");
			rc = err_set(err, RC_INVALID,
				     "is older than the keys in the backup: it does not know that "
				     "%.*s was erased",
				     TEXT_ARG(erased[i]));
		}
	}
	keys_close(own);
	return rc;
}

/* --- what was erased since (J24) --- */

static enum rc is_announced(struct restoring *r, struct text subject, bool *yes, struct err *err)
{
	struct workspace *ws = &r->ws;
	struct slot_log *where;
	size_t n = 0;
	enum rc rc = record_slot_logs(ws->store, ws->arena, subject, &where, &n, err);

	*yes = n == 0;
	for (size_t i = 0; rc == RC_OK && i < n; i++) {
		int64_t *marks;
		size_t n_marks;

		rc = record_marks(ws->store, ws->arena, where[i].log, FACT_SUBJECT_ERASED, &marks,
				  &n_marks, err);
		for (size_t k = 0; rc == RC_OK && k < n_marks && !*yes; k++) {
			struct stored_entry e;

			rc = record_entry(ws->store, ws->arena, where[i].log, marks[k], &e, err);
			*yes = rc == RC_OK && text_has(e.bytes, subject);
		}
	}
	return rc;
}

/* Subjects whose texts are here and whose erasure no log here knows: the backup is older than the keys. */
static enum rc erased_since(struct restoring *r, struct err *err)
{
	struct text *erased;
	size_t n = 0;
	enum rc rc = keys_erased(r->ws.keys, r->ws.arena, &erased, &n, err);

	for (size_t i = 0; rc == RC_OK && i < n; i++) {
		bool announced;
		int64_t slots = 0;

		rc = record_slots_of_subject(r->ws.store, erased[i], &slots, err);
		r->erased += rc == RC_OK ? slots : 0;
		if (rc == RC_OK)
			rc = is_announced(r, erased[i], &announced, err);
		if (rc != RC_OK || announced)
			continue;
		r->lost =
			arena_grow(r->ws.arena, r->lost, r->n_lost, &r->cap_lost, sizeof(*r->lost));
		r->lost[r->n_lost++] = erased[i];
	}
	if (rc == RC_OK && r->n_lost > 0 && !r->loss) {
		err_code(err, "restore.older");
		err_hint(err, "restore a newer backup, or accept the loss with --accept-loss");
		return err_set(err, RC_INVALID,
			       "the backup is older than its keys: they know that %.*s was erased "
			       "and the backup does not",
			       TEXT_ARG(r->lost[0]));
	}
	return rc;
}

/* Kept until the texts are gone: where each was, to say so there. */
struct lost_where {
	struct slot_log *v;
	size_t n;
};

static enum rc erase_again(struct restoring *r, struct lost_where *where, struct err *err)
{
	enum rc rc = erased_since(r, err);

	for (size_t i = 0; rc == RC_OK && i < r->n_lost; i++)
		rc = record_slot_logs(r->ws.store, r->ws.arena, r->lost[i], &where[i].v,
				      &where[i].n, err);
	return rc == RC_OK ? erase_resume(&r->ws, err) : rc;
}

/* --- checkpoints it is shown --- */

static enum rc log_of_origin(struct restoring *r, struct text origin, struct log_head *out,
			     struct err *err)
{
	struct log_head *logs;
	size_t n;
	enum rc rc = record_logs(r->ws.store, r->ws.arena, &logs, &n, err);

	for (size_t i = 0; rc == RC_OK && i < n; i++) {
		if (!text_eq(logs[i].origin, origin))
			continue;
		*out = logs[i];
		return RC_OK;
	}
	err_code(err, "restore.foreign");
	return rc == RC_OK ? err_set(err, RC_INVALID,
				     "is a checkpoint of '%.*s', a log that this backup has not",
				     TEXT_ARG(origin))
			   : rc;
}

static enum rc compare_with(struct restoring *r, const struct log_head *log,
			    const struct checkpoint *c, struct err *err)
{
	struct record_leaves leaves = {r->ws.store, log->id};
	struct leaf_source source = record_leaf_source(&leaves);
	struct hash root;
	enum rc rc;

	if (c->size > log->edge.size) {
		if (r->loss)
			return RC_OK;
		err_code(err, "restore.older");
		err_hint(err, "restore a newer backup, or accept the loss with --accept-loss");
		return err_set(err, RC_INVALID,
			       "shows %lld entries of '%.*s', and the backup has only %lld",
			       (long long)c->size, TEXT_ARG(c->origin), (long long)log->edge.size);
	}
	rc = merkle_root(r->ws.hasher, &source, c->size, &root, err);
	if (rc != RC_OK || hash_eq(&root, &c->root))
		return rc;
	/* Not a loss but two histories (J18): nothing makes that good. */
	err_code(err, "fork");
	err_hint(err, "keep both as evidence: one of them was rewritten after it was signed");
	return err_set(
		err, RC_INVALID,
		"and the backup are two histories of '%.*s': their first %lld entries differ",
		TEXT_ARG(c->origin), (long long)c->size);
}

static enum rc show_one(struct restoring *r, struct text path, struct err *err)
{
	struct log_keys keys;
	struct checkpoint c;
	struct log_head log;
	struct note note;
	struct text bytes;
	size_t signers = 0;
	enum rc rc = files_read(r->app->arena, path, NOTE_MAX_BYTES, &bytes, err);

	if (rc != RC_OK)
		return rc;
	err_at(err, path, 0, 0);
	rc = note_parse(bytes, &note, err);
	if (rc == RC_OK)
		rc = checkpoint_parse(note.text, &c, err);
	if (rc == RC_OK)
		rc = log_of_origin(r, c.origin, &log, err);
	if (rc == RC_OK)
		rc = log_keys_read(&r->ws, &log, &keys, err);
	if (rc == RC_OK)
		rc = checkpoint_open(bytes, keys.v, keys.n, &c, &signers, err);
	if (rc == RC_OK)
		rc = compare_with(r, &log, &c, err);
	if (rc == RC_OK)
		err_clear(err);
	return rc;
}

static enum rc show_checkpoints(struct restoring *r, struct err *err)
{
	enum rc rc = RC_OK;

	for (size_t i = 0; rc == RC_OK && i < r->args->values[PARAM_AT_LEAST].n; i++)
		rc = show_one(r, r->args->values[PARAM_AT_LEAST].v[i], err);
	return rc;
}

/* --- the record goes on --- */

static enum rc note_restored(struct restoring *r, struct log_head *log, struct err *err)
{
	struct workspace *ws = &r->ws;
	struct hash root = edge_root(ws->hasher, &log->edge);
	char hex[SHA256_HEX + 1];
	struct own_note note;
	struct json *j;

	hash_hex(&root, hex);
	j = own_note_begin(&note);
	json_kv_str(j, "root", hex);
	json_kv_int(j, "size", log->edge.size);
	return own_note_append(ws, log, FACT_LOG_RESTORED, &note, err);
}

static enum rc note_erased(struct restoring *r, struct log_head *log,
			   const struct lost_where *where, struct err *err)
{
	enum rc rc = RC_OK;

	for (size_t i = 0; rc == RC_OK && i < r->n_lost; i++) {
		struct text body = body_of(r->ws.arena, "reason_code", text_of("restored"),
					   "subject", r->lost[i]);

		for (size_t k = 0; rc == RC_OK && k < where[i].n; k++) {
			struct uuid id = workspace_uuid(&r->ws);

			if (where[i].v[k].log == log->id)
				rc = append_own(&r->ws, log, FACT_SUBJECT_ERASED, body, &id,
						r->ws.now, NULL, 0, NULL, err);
		}
	}
	return rc;
}

/* A backup may be older than the 30 days that the clock may run ahead (J29); who restores it says that the clock is right. */
static enum rc accept_clock(struct restoring *r, struct err *err)
{
	struct workspace *ws = &r->ws;
	instant highest = INSTANT_NONE;
	struct uuid id;
	enum rc rc = workspace_clock(ws, err);

	if (rc != RC_IO || strcmp(err->code, "clock") != 0)
		return rc;
	rc = record_clock(ws->store, &highest, err);
	if (rc != RC_OK || ws->now < highest) {
		err_hint(err, "set the clock right, then restore");
		return RC_IO;
	}
	err_clear(err);
	id = workspace_uuid(ws);
	return append_own(ws, &ws->install, FACT_CLOCK_ACCEPTED,
			  body_of(ws->arena, "from", exact_instant_text(ws->arena, highest), "to",
				  exact_instant_text(ws->arena, ws->now)),
			  &id, ws->now, NULL, 0, NULL, err);
}

static enum rc append_all(struct restoring *r, const struct lost_where *where,
			  struct log_head *logs, size_t n, struct err *err)
{
	struct workspace *ws = &r->ws;
	enum rc rc = workspace_begin(ws, err);

	if (rc != RC_OK)
		return rc;
	rc = accept_clock(r, err);
	for (size_t i = 0; rc == RC_OK && r->loss && i < n; i++) {
		if (logs[i].kind == LOG_INSTALL)
			continue;
		rc = note_restored(r, &logs[i], err);
		if (rc == RC_OK)
			rc = note_erased(r, &logs[i], where, err);
	}
	/* whoever may hold it against checkpoints of their own (D5) */
	if (rc == RC_OK && r->loss)
		rc = outbox_tell_all(ws, MAIL_RESTORED, R_COSIGN,
				     exact_instant_text(ws->arena, ws->now), err);
	if (rc == RC_OK)
		rc = workspace_audit(ws, text_of(""), text_of(""), err);
	return workspace_end(ws, rc, err);
}

static enum rc go_on(struct restoring *r, const struct lost_where *where, struct log_head **logs,
		     size_t *n, struct err *err)
{
	struct workspace *ws = &r->ws;
	enum rc rc = record_logs(ws->store, ws->arena, logs, n, err);

	if (rc == RC_OK)
		rc = append_all(r, where, *logs, *n, err);
	if (rc == RC_OK)
		rc = sign_engagements(ws, *logs, *n, err);
	return rc == RC_OK ? record_logs(ws->store, ws->arena, logs, n, err) : rc;
}

/* --- in place --- */

static enum rc place(struct restoring *r, struct err *err)
{
	struct arena *a = r->app->arena;
	struct text log = text_format(a, "%.*s-wal", TEXT_ARG(r->draft)),
		    keys_log = text_format(a, "%.*s-wal", TEXT_ARG(r->keys_draft));
	enum rc rc;

	/* Closing carried the write-ahead logs over and synced; one that is left says that it did not. */
	if (files_is_there(a, log) || files_is_there(a, keys_log))
		return err_set(err, RC_IO, "the restored files could not be closed whole");
	/* Keys first: a workspace without them would let nobody write, keys without a workspace are of no harm. */
	rc = files_place(a, r->keys_draft, r->keys_path, err);
	if (rc != RC_OK)
		return rc;
	rc = files_place(a, r->draft, r->path, err);
	if (rc != RC_OK)
		files_remove(a, r->keys_path);
	return rc;
}

static void say(const struct restoring *r, const struct log_head *logs, size_t n,
		struct reply *reply)
{
	struct buf *out = &reply->out;
	struct json j;

	if (args_has(r->args, PARAM_JSON)) {
		json_init(&j, out, true);
		json_open_object(&j);
		json_kv_text(&j, "workspace", r->path);
		json_kv_text(&j, "keys", r->keys_path);
		json_kv_bool(&j, "loss_accepted", r->loss);
		json_kv_int(&j, "erased_again", r->erased);
		json_key(&j, "contracts");
		json_open_array(&j);
		for (size_t i = 0; i < n; i++) {
			if (logs[i].kind != LOG_ENGAGEMENT)
				continue;
			json_open_object(&j);
			json_kv_text(&j, "contract", logs[i].contract);
			json_kv_int(&j, "size", logs[i].edge.size);
			json_end_object(&j);
		}
		json_end_array(&j);
		json_end_object(&j);
		buf_char(out, '\n');
		return;
	}
	buf_printf(out, "%.*s and %.*s are restored, as of %.*s.\n", TEXT_ARG(r->path),
		   TEXT_ARG(r->keys_path),
		   TEXT_ARG(exact_instant_text(r->app->arena, r->m.made_at)));
	for (size_t i = 0; i < n; i++)
		if (logs[i].kind == LOG_ENGAGEMENT)
			buf_printf(out, "  %.*s: %lld entries\n", TEXT_ARG(logs[i].contract),
				   (long long)logs[i].edge.size);
	if (r->erased > 0)
		buf_printf(out, "%lld private texts that were erased since were erased again.\n",
			   (long long)r->erased);
	if (r->loss)
		buf_str(out, "Every log says that it was restored; both parties are told by mail, "
			     "where that is set up, and on their pages. Checkpoints of what was "
			     "lost no longer fit.\n");
}

static enum rc derived_fit(struct workspace *ws, struct err *err)
{
	bool fit;
	enum rc rc = derived_current(ws, &fit, err);

	return rc == RC_OK && !fit ? derived_rebuild(ws, err) : rc;
}

static enum rc prove(struct restoring *r, struct checks *checks, struct err *err)
{
	enum rc rc = doctor_check(&r->ws, DOCTOR_FILES, checks, err);

	if (rc == RC_OK)
		rc = backup_reaches(&r->ws, &r->m, checks, err);
	if (rc != RC_OK || checks->problems == 0)
		return rc;

	struct text first = checks_first(checks);

	err_code(err, "backup.unsound");
	err_at(err, r->dir, 0, 0);
	return err_set(err, RC_INVALID, "%.*s%s", TEXT_ARG(first),
		       checks->problems > 1 ? ", and more" : "");
}

static enum rc restore(struct restoring *r, struct log_head **logs, size_t *n, struct err *err)
{
	struct workspace_files files = {r->draft, r->keys_draft};
	struct lost_where *where;
	struct checks checks;
	struct text *erased;
	size_t n_erased = 0;
	enum rc rc = unpack(r, err);

	if (rc == RC_OK)
		rc = workspace_open_files(r->app, r->args, &files, STORE_UPGRADE, &r->ws, err);
	if (rc != RC_OK)
		return rc;
	r->opened = true;
	checks_init(&checks, r->app->arena);
	rc = derived_fit(&r->ws, err);
	if (rc == RC_OK)
		rc = newest_keys(r, err);
	if (rc == RC_OK)
		rc = keys_erased(r->ws.keys, r->ws.arena, &erased, &n_erased, err);
	where = arena_array(r->ws.arena, struct lost_where, n_erased + 1);
	if (rc == RC_OK)
		rc = erase_again(r, where, err);
	if (rc == RC_OK)
		rc = prove(r, &checks, err);
	if (rc == RC_OK)
		rc = show_checkpoints(r, err);
	return rc == RC_OK ? go_on(r, where, logs, n, err) : rc;
}

enum rc action_restore(struct app *app, const struct args *args, struct reply *reply,
		       struct err *err)
{
	struct restoring *r = arena_one(app->arena, struct restoring);
	struct log_head *logs = NULL;
	size_t n = 0;
	enum rc rc;

	r->app = app;
	r->args = args;
	rc = name_files(r, err);
	if (rc != RC_OK)
		return rc;
	rc = restore(r, &logs, &n, err);
	if (r->opened)
		workspace_close(&r->ws);
	if (rc == RC_OK)
		rc = place(r, err);
	if (rc == RC_OK)
		say(r, logs, n, reply);
	remove_drafts(r);
	return rc;
}
