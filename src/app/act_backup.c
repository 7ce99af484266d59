/* SPDX-License-Identifier: Apache-2.0 */
/* tenor backup: an online copy that counts only once a trial restore of it has proved it (trust.md D4). */
#include "app/backup.h"
#include "app/doctor.h"
#include "app/erase.h"
#include "app/signing.h"
#include "app/vitals.h"
#include "base/json.h"
#include "journal/merkle.h"

#include <string.h>
#include <unistd.h>

/* How often an erasure may fall between the two copies before we give up. */
enum { COPIES_MAX = 5, NAMES_MAX = 1000, MANIFEST_BYTES = 16 << 20 };

struct backing {
	struct workspace ws;
	const struct args *args;
	struct text dir, work, trial;
	struct backup_manifest m;
	size_t cap_files, cap_logs;
	struct checks checks; /* of the trial */
	const char *copying;
	bool made;
};

/* --- before --- */

/* What is copied is signed as far as it goes, so that the promise of D4 covers all of it. */
static enum rc sign_all(struct workspace *ws, struct err *err)
{
	struct log_head *logs;
	size_t n;
	enum rc rc = workspace_begin(ws, err);

	if (rc != RC_OK)
		return rc;
	rc = workspace_audit(ws, text_of(""), text_of(""), err);
	rc = workspace_end(ws, rc, err);
	if (rc != RC_OK)
		return rc;
	rc = record_logs(ws->store, ws->arena, &logs, &n, err);
	return rc == RC_OK ? sign_engagements(ws, logs, n, err) : rc;
}

static enum rc name_folders(struct backing *b, struct err *err)
{
	struct arena *a = b->ws.arena;

	b->dir = args_text(b->args, PARAM_BACKUP_DIR);
	while (b->dir.n > 1 && b->dir.p[b->dir.n - 1] == '/')
		b->dir.n--;
	if (b->dir.n == 0 || files_is_there(a, b->dir)) {
		err_at(err, b->dir, 0, 0);
		err_hint(err, "every backup gets a folder of its own");
		return err_set(err, RC_INVALID, "is there already");
	}
	b->work = text_format(a, "%.*s.%ld.unfinished", TEXT_ARG(b->dir), (long)getpid());
	b->trial = text_format(a, "%.*s.%ld.trial", TEXT_ARG(b->dir), (long)getpid());
	return RC_OK;
}

static struct text inside(const struct backing *b, const char *name)
{
	return text_format(b->ws.arena, "%.*s/%s", TEXT_ARG(b->work), name);
}

static enum rc make_folders(struct backing *b, struct err *err)
{
	static const char *const names[] = {"data", "data/checkpoints", "keys"};
	enum rc rc = files_make_folder(b->ws.arena, b->work, err);

	b->made = rc == RC_OK;
	for (size_t i = 0; rc == RC_OK && i < ARRAY_SIZE(names); i++)
		rc = files_make_folder(b->ws.arena, inside(b, names[i]), err);
	return rc;
}

/* --- copying --- */

static void show_copy(void *context, int64_t done, int64_t all)
{
	const struct backing *b = context;
	struct app *app = b->ws.app;

	if (app->progress != NULL)
		app->progress(app->progress_context, text_of(b->copying), (uint64_t)done,
			      (uint64_t)all, done == all);
}

/* Moves on with every erasure that is begun or done. */
static enum rc erasures(struct workspace *ws, size_t *out, struct err *err)
{
	struct log_head *logs;
	struct text *erased;
	size_t n_logs, n = 0;
	enum rc rc = record_logs(ws->store, ws->arena, &logs, &n_logs, err);

	*out = 0;
	if (rc == RC_OK)
		rc = keys_erased(ws->keys, ws->arena, &erased, &n, err);
	*out = n;
	for (size_t i = 0; rc == RC_OK && i < n_logs; i++) {
		int64_t *marks;

		rc = record_marks(ws->store, ws->arena, logs[i].id, FACT_SUBJECT_ERASED, &marks, &n,
				  err);
		*out += rc == RC_OK ? n : 0;
	}
	return rc;
}

static enum rc copy_once(struct backing *b, struct err *err)
{
	struct text data = inside(b, BACKUP_DATA), keys = inside(b, BACKUP_KEYS);
	enum rc rc;

	files_remove(b->ws.arena, data);
	files_remove(b->ws.arena, keys);
	b->copying = "copying the workspace";
	rc = store_copy(b->ws.store, data, show_copy, b, err);
	/* The keys after what they open: a key made meanwhile is one too many, never one too few. */
	b->copying = "copying the keys";
	return rc == RC_OK ? store_copy(keys_store(b->ws.keys), keys, show_copy, b, err) : rc;
}

/* An erasure between the two copies would leave texts whose key is gone: then both are taken again. */
static enum rc copy_both(struct backing *b, struct err *err)
{
	for (int i = 0; i < COPIES_MAX; i++) {
		size_t before, after = 0;
		enum rc rc = erasures(&b->ws, &before, err);

		if (rc == RC_OK)
			rc = copy_once(b, err);
		if (rc == RC_OK)
			rc = erasures(&b->ws, &after, err);
		if (rc != RC_OK || before == after)
			return rc;
	}
	return err_set(err, RC_IO, "personal texts were being erased all the while; try again");
}

static enum rc list_file(struct backing *b, const char *name, struct err *err)
{
	struct backup_file f = {.name = text_copy(b->ws.arena, text_of(name))};
	enum rc rc = files_hash(b->ws.arena, inside(b, name), &f.sha256, &f.bytes, err);

	if (rc != RC_OK)
		return rc;
	b->m.files = arena_grow(b->ws.arena, b->m.files, b->m.n_files, &b->cap_files,
				sizeof(*b->m.files));
	b->m.files[b->m.n_files++] = f;
	return RC_OK;
}

/* Read before the copy, so that the copy reaches each of them. */
static enum rc write_checkpoints(struct backing *b, struct err *err)
{
	struct workspace *ws = &b->ws;
	struct log_head *logs;
	size_t n;
	enum rc rc = record_logs(ws->store, ws->arena, &logs, &n, err);

	for (size_t i = 0; rc == RC_OK && i < n; i++) {
		struct stored_checkpoint c;
		char uuid[UUID_TEXT + 1];

		rc = record_checkpoint_latest(ws->store, ws->arena, logs[i].id, &c, err);
		if (rc == RC_MISSING) {
			err_clear(err);
			rc = RC_OK;
			continue;
		}
		if (rc != RC_OK)
			return rc;
		uuid_text(&logs[i].uuid, uuid);
		rc = files_write(ws->arena,
				 text_format(ws->arena, "%.*s/%s%s", TEXT_ARG(b->work),
					     BACKUP_CHECKPOINTS, uuid),
				 c.note, err);
		b->m.logs = arena_grow(ws->arena, b->m.logs, b->m.n_logs, &b->cap_logs,
				       sizeof(*b->m.logs));
		b->m.logs[b->m.n_logs++] = (struct backup_log){text_copy(ws->arena, text_of(uuid)),
							       logs[i].origin, c.size, c.root};
	}
	return rc;
}

static enum rc write_manifest(struct backing *b, struct err *err)
{
	struct text *names;
	struct buf out;
	size_t n;
	enum rc rc = files_list(b->ws.arena, b->work, &names, &n, err);

	for (size_t i = 0; rc == RC_OK && i < n; i++)
		rc = list_file(b, names[i].p, err);
	if (rc == RC_OK)
		rc = record_meta(b->ws.store, b->ws.arena, "workspace", &b->m.workspace, err);
	if (rc != RC_OK)
		return rc;
	b->m.tenor = text_of(TENOR_VERSION);
	b->m.made_at = b->ws.now;
	b->m.schema = store_schema_version();
	buf_init(&out, MANIFEST_BYTES);
	backup_manifest_print(b->ws.arena, &b->m, &out);
	rc = out.full ? err_set(err, RC_LIMIT, "the manifest is larger than %d bytes",
				MANIFEST_BYTES)
		      : files_write(b->ws.arena, inside(b, BACKUP_MANIFEST), buf_view(&out), err);
	buf_free(&out);
	return rc;
}

static enum rc sync_folders(struct backing *b, struct err *err)
{
	static const char *const names[] = {"data/checkpoints", "data", "keys", "."};
	enum rc rc = RC_OK;

	for (size_t i = 0; rc == RC_OK && i < ARRAY_SIZE(names); i++)
		rc = files_sync_folder(b->ws.arena, inside(b, names[i]), err);
	return rc;
}

/* --- the trial --- */

static enum rc check_trial(struct backing *b, const struct workspace_files *files,
			   const struct backup_manifest *m, struct err *err)
{
	struct workspace trial;
	enum rc rc = workspace_open_files(b->ws.app, b->args, files, STORE_WRITE, &trial, err);

	if (rc != RC_OK)
		return rc;
	/* An erasure that was under way while the files were copied is finished by whoever restores them (J24). */
	rc = erase_resume(&trial, err);
	/* The keys beside a copy have no place of their own for the key that opens them: it is the live one's. */
	if (rc == RC_OK)
		rc = doctor_check(&trial, DOCTOR_FILES, &b->checks, err);
	if (rc == RC_OK)
		rc = backup_reaches(&trial, m, &b->checks, err);
	workspace_close(&trial);
	return rc;
}

/* What a restore would do, from the files as they are on the disk. */
static enum rc try_it(struct backing *b, struct err *err)
{
	struct arena *a = b->ws.arena;
	struct workspace_files files = {text_format(a, "%.*s/trial.tenor", TEXT_ARG(b->trial)),
					text_format(a, "%.*s/trial.keys", TEXT_ARG(b->trial))};
	struct backup_manifest m;
	enum rc rc = backup_read(a, b->work, false, &m, err);

	if (rc == RC_OK)
		rc = files_make_folder(a, b->trial, err);
	if (rc != RC_OK)
		return rc;
	rc = backup_take(b->ws.app, b->work, &m, BACKUP_DATA, files.path, err);
	if (rc == RC_OK)
		rc = backup_take(b->ws.app, b->work, &m, BACKUP_KEYS, files.keys, err);
	if (rc == RC_OK)
		rc = check_trial(b, &files, &m, err);
	files_remove_folder(a, b->trial);
	return rc;
}

/* --- after --- */

/* A failed backup keeps its files, for whoever looks into it, under a name that no restore script takes for a good one. */
static struct text name_failed(struct backing *b)
{
	struct arena *a = b->ws.arena;
	struct text name = text_format(a, "%.*s.failed", TEXT_ARG(b->dir));
	struct err ignored = {.line = 0};

	for (int i = 2; i < NAMES_MAX && files_is_there(a, name); i++)
		name = text_format(a, "%.*s.%d.failed", TEXT_ARG(b->dir), i);
	if (files_rename_folder(a, b->work, name, &ignored) == RC_OK)
		return name;
	/* A disk that failed at the last sync may have failed at taking the name back, too. */
	return files_is_there(a, b->work) ? b->work : b->dir;
}

static enum rc answer_failed(struct backing *b, struct reply *reply, struct err *err)
{
	struct text name = name_failed(b);

	if (err->message[0] != '\0') {
		buf_str(&reply->notes, "tenor: ");
		err_print(err, &reply->notes);
		buf_char(&reply->notes, '\n');
		err_clear(err);
	}
	if (b->checks.problems > 0)
		checks_text(&b->checks, &reply->notes);
	buf_printf(&reply->notes, "tenor: the backup failed; what there is of it lies in '%.*s'\n",
		   TEXT_ARG(name));
	reply->status = 1;
	return RC_OK;
}

static void say(const struct backing *b, struct reply *reply)
{
	int64_t bytes = 0;
	struct json j;

	for (size_t i = 0; i < b->m.n_files; i++)
		bytes += b->m.files[i].bytes;
	if (args_has(b->args, PARAM_JSON)) {
		json_init(&j, &reply->out, true);
		json_open_object(&j);
		json_kv_text(&j, "backup", b->dir);
		json_kv_int(&j, "files", (int64_t)b->m.n_files);
		json_kv_int(&j, "bytes", bytes);
		json_key(&j, "logs");
		json_open_array(&j);
		for (size_t i = 0; i < b->m.n_logs; i++) {
			char root[SHA256_HEX + 1];

			hash_hex(&b->m.logs[i].root, root);
			json_open_object(&j);
			json_kv_text(&j, "origin", b->m.logs[i].origin);
			json_kv_int(&j, "size", b->m.logs[i].size);
			json_kv_str(&j, "root", root);
			json_end_object(&j);
		}
		json_end_array(&j);
		json_end_object(&j);
		buf_char(&reply->out, '\n');
		return;
	}
	buf_printf(&reply->out,
		   "%.*s is done: %zu files, %lld bytes, restored for trial and checked.\n\n",
		   TEXT_ARG(b->dir), b->m.n_files, (long long)bytes);
	for (size_t i = 0; i < b->m.n_logs; i++)
		buf_printf(&reply->out, "  %lld entries of %.*s\n", (long long)b->m.logs[i].size,
			   TEXT_ARG(b->m.logs[i].origin));
	buf_printf(&reply->out,
		   "\nNothing up to there can be lost now. The key that opens the keys is not in "
		   "it (%.*s): keep it elsewhere.\n"
		   "Keep no copy of %.*s/keys longer than 30 days.\n",
		   TEXT_ARG(b->ws.kek_path), TEXT_ARG(b->dir));
}

static enum rc back_up(struct backing *b, struct err *err)
{
	struct err frozen = {.line = 0};
	enum rc rc = sign_all(&b->ws, &frozen);
	/* A record that does not fit is copied all the same, as evidence; it cannot become a good backup. */
	bool unsound = rc == RC_INVALID;

	if (rc != RC_OK && !unsound) {
		*err = frozen;
		return rc;
	}
	rc = make_folders(b, err);
	if (rc == RC_OK)
		rc = write_checkpoints(b, err);
	if (rc == RC_OK)
		rc = copy_both(b, err);
	if (rc == RC_OK)
		rc = write_manifest(b, err);
	if (rc == RC_OK)
		rc = sync_folders(b, err);
	if (rc == RC_OK)
		rc = try_it(b, err);
	if (rc == RC_OK && unsound) {
		*err = frozen;
		rc = RC_INVALID;
	}
	if (rc == RC_OK && b->checks.problems == 0)
		rc = files_rename_folder(b->ws.arena, b->work, b->dir, err);
	return rc;
}

/* For the alarm over old backups (O4). The backup is good without it. */
static void keep_time(struct backing *b, struct reply *reply)
{
	struct workspace *ws = &b->ws;
	struct err err = {.line = 0};
	enum rc rc = store_begin(ws->store, &err);

	if (rc == RC_OK)
		rc = record_meta_put(ws->store, META_BACKED_UP,
				     text_format(ws->arena, "%lld", (long long)ws->now), &err);
	if (rc == RC_OK)
		rc = store_commit(ws->store, &err);
	if (rc == RC_OK)
		return;
	workspace_rollback(ws);
	buf_str(&reply->notes, "tenor: when it was made is not kept for the metrics: ");
	err_print(&err, &reply->notes);
	buf_char(&reply->notes, '\n');
}

enum rc action_backup(struct app *app, const struct args *args, struct reply *reply,
		      struct err *err)
{
	struct backing *b = arena_one(app->arena, struct backing);
	enum rc rc = workspace_open(app, args, STORE_WRITE, &b->ws, err);

	if (rc != RC_OK)
		return rc;
	b->args = args;
	checks_init(&b->checks, app->arena);
	rc = name_folders(b, err);
	if (rc == RC_OK)
		rc = back_up(b, err);
	if (rc == RC_OK && b->checks.problems == 0) {
		keep_time(b, reply);
		say(b, reply);
	} else if (b->made) {
		rc = answer_failed(b, reply, err);
	}
	workspace_close(&b->ws);
	return rc;
}
