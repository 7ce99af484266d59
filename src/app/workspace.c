/* SPDX-License-Identifier: Apache-2.0 */
#include "app/workspace.h"

#include "app/append.h"
#include "app/derived.h"
#include "app/erase.h"
#include "app/grants.h"
#include "app/kept.h"
#include "app/tokens.h"
#include "base/json.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <sodium.h>
#include <string.h>

/* J29: how far the clock may lie behind the highest time seen, and ahead of it at the start. */
#define CLOCK_BEHIND_MS (60 * SECOND_MS)
#define CLOCK_AHEAD_MS (30 * DAY_MS)

static const char suffix[] = ".tenor";

enum rc workspace_find(struct app *app, const struct args *args, struct text *path, struct err *err)
{
	DIR *here;
	size_t found = 0;

	if (args_has(args, PARAM_WORKSPACE)) {
		*path = args_text(args, PARAM_WORKSPACE);
		return RC_OK;
	}
	here = opendir(".");
	if (here == NULL)
		return err_set(err, RC_IO, "the current folder cannot be read: %s",
			       strerror(errno));
	for (const struct dirent *e = readdir(here); e != NULL; e = readdir(here)) {
		struct text name = text_of(e->d_name);

		if (!text_ends(name, suffix) || name.n == strlen(suffix))
			continue;
		if (found++ == 0)
			*path = text_copy(app->arena, name);
	}
	(void)closedir(here);
	if (found == 1)
		return RC_OK;
	err_hint(err, found == 0 ? "make one with \"tenor init NAME.tenor\", or name it with "
				   "--workspace FILE"
				 : "name one with --workspace FILE");
	return err_set(err, RC_USAGE,
		       found == 0 ? "there is no workspace (*.tenor) in the current folder"
				  : "there are several workspaces (*.tenor) in the current folder");
}

/* "acme.tenor" has its keys in "acme.keys" (J23). */
struct text workspace_keys_beside(struct arena *a, struct text path)
{
	size_t stem = text_ends(path, suffix) ? path.n - strlen(suffix) : path.n;

	return text_format(a, "%.*s.keys", (int)stem, path.p);
}

static enum rc find_kek(struct workspace *ws, const struct args *args, struct err *err)
{
	struct text id;
	enum rc rc;

	if (args_has(args, PARAM_KEY)) {
		ws->kek_path = args_text(args, PARAM_KEY);
		return RC_OK;
	}
	rc = record_meta(ws->store, ws->arena, "workspace", &id, err);
	if (rc != RC_OK)
		return rc;
	if (ws->app->world->settings.n == 0) {
		err_hint(err, "name it with --key FILE");
		return err_set(err, RC_MISSING, "where the key file is, is not known");
	}
	ws->kek_path = text_format(ws->arena, "%.*s/%.*s.kek", TEXT_ARG(ws->app->world->settings),
				   TEXT_ARG(id));
	return RC_OK;
}

/* What is to stay open lives longer than the call. */
static struct arena *arena_of(const struct workspace *ws)
{
	return ws->place != NULL ? ws->place->arena : ws->arena;
}

static enum rc open_keys(struct workspace *ws, const struct args *args, enum store_mode mode,
			 struct err *err)
{
	struct err why = {.line = 0};
	enum rc rc = find_kek(ws, args, &why);

	if (rc == RC_OK)
		rc = keys_open(arena_of(ws), ws->keys_path, ws->kek_path,
			       mode == STORE_READ ? STORE_READ : STORE_WRITE,
			       &ws->app->world->random, &ws->keys, &why);
	if (rc == RC_OK)
		return RC_OK;
	ws->keys = NULL;
	ws->keys_why = why;
	if (mode == STORE_READ)
		return RC_OK;
	*err = why;
	return rc;
}

enum rc workspace_keys(struct workspace *ws, struct keys **out, struct err *err)
{
	*out = ws->keys;
	if (ws->keys != NULL)
		return RC_OK;
	*err = ws->keys_why;
	return RC_MISSING;
}

static bool is_active(const struct stored_user *u)
{
	return u->ended_at == INSTANT_NONE;
}

/* A program acts with a token, which only the door of the server has looked at: no word of a command line is one. */
static enum rc find_program(struct workspace *ws, struct text id, struct err *err)
{
	bool client;
	enum rc rc = token_actor(ws->store, ws->arena, id, ws->now, &ws->actor, &ws->token, err);

	if (rc != RC_OK)
		return rc;
	client = ws->actor.client;
	return roles_parse(ws->actor.roles, &ws->roles, &client, err);
}

static enum rc find_actor(struct workspace *ws, const struct args *args, struct err *err)
{
	struct stored_user *users;
	struct text wanted = args_text(args, PARAM_AS);
	size_t n;

	if (ws->app->served != NULL && text_starts(wanted, "t_"))
		return find_program(ws, wanted, err);

	enum rc rc = record_users(ws->store, ws->arena, &users, &n, err);

	if (rc != RC_OK)
		return rc;
	for (size_t i = 0; i < n; i++) {
		bool client;

		if (!is_active(&users[i]) || (wanted.n > 0 && !text_eq(wanted, users[i].handle) &&
					      !text_eq(wanted, users[i].id)))
			continue;
		client = users[i].client;
		rc = roles_parse(users[i].roles, &ws->roles, &client, err);
		if (rc != RC_OK)
			return rc;
		if (wanted.n == 0 && !roles_have(ws->roles, R_INSTALL))
			continue;
		ws->actor = users[i];
		return RC_OK;
	}
	err_hint(err, "\"tenor user list\" shows the people of this workspace");
	return err_set(err, RC_MISSING, "nobody active is called '%.*s'", TEXT_ARG(wanted));
}

/* P3: of MONEY_WRITE a program has the payments alone, by the verbs that record them. */
static bool token_may(const struct workspace *ws, enum permission right)
{
	static const char *const payments[] = {"pay", "bank import", "import", "fact add"};

	if (!rights_have(ws->token->rights, right))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(payments); i++)
		if (strcmp(ws->action->verb, payments[i]) == 0)
			return true;
	return right != R_MONEY_WRITE;
}

enum rc workspace_may(const struct workspace *ws, enum permission right, struct err *err)
{
	struct buf holders;

	if (roles_have(ws->roles, right) &&
	    !(ws->grant != NULL && right == R_PERSONAL_READ && !ws->grant->row.personal)) {
		if (ws->token == NULL || token_may(ws, right))
			return RC_OK;
		err_code(err, "right");
		err_hint(err, "\"tenor token list\" shows what each token may");
		return err_set(err, RC_USAGE, "this token has not the right %s", right_word(right));
	}
	buf_init(&holders, 512);
	right_holders(right, &holders);
	err_code(err, "right");
	err_hint(err, "roles that may: %.*s; act as such a person with --as",
		 TEXT_ARG(buf_view(&holders)));
	buf_free(&holders);
	return err_set(err, RC_USAGE, "'%.*s' has not the right %s", TEXT_ARG(ws->actor.handle),
		       right_word(right));
}

bool workspace_allows(const struct workspace *ws, enum permission right)
{
	struct err refused = {.line = 0};

	return workspace_may(ws, right, &refused) == RC_OK;
}

bool workspace_client(const struct workspace *ws)
{
	return ws->actor.client;
}

enum rc workspace_clock(const struct workspace *ws, struct err *err)
{
	instant highest;
	struct buf seen, now;
	enum rc rc = record_clock(ws->store, &highest, err);

	if (rc != RC_OK || highest == INSTANT_NONE ||
	    (ws->now >= highest - CLOCK_BEHIND_MS && ws->now <= highest + CLOCK_AHEAD_MS))
		return rc;
	buf_init(&seen, 64);
	buf_init(&now, 64);
	instant_print(&seen, highest);
	instant_print(&now, ws->now);
	err_code(err, "clock");
	err_hint(err, "if this clock is right, \"tenor clock accept\" lets writing go on; reading "
		      "works meanwhile");
	rc = err_set(err, RC_IO,
		     "the clock of this machine says %.*s, %s the last time this workspace has "
		     "seen, %.*s",
		     TEXT_ARG(buf_view(&now)),
		     ws->now < highest ? "before" : "more than 30 days after",
		     TEXT_ARG(buf_view(&seen)));
	buf_free(&seen);
	buf_free(&now);
	return rc;
}

/*
 * Keys of another workspace open as well if the same key wraps them; what tells is the seed of this install log. Said before anything
 * is written, since entries would follow that nobody can sign.
 */
static enum rc keys_belong(struct workspace *ws, struct err *err)
{
	char uuid[UUID_TEXT + 1];
	unsigned char seed[KEY_BYTES];
	enum rc rc;

	if (ws->keys == NULL)
		return RC_OK;
	uuid_text(&ws->install.uuid, uuid);
	rc = keys_seed(ws->keys, text_format(ws->arena, "log/%s", uuid), seed, err);
	sodium_memzero(seed, sizeof(seed));
	if (rc != RC_MISSING)
		return rc;
	err_code(err, "keys.foreign");
	err_hint(err, "put back the file of keys that was made with %.*s", TEXT_ARG(ws->path));
	return err_set(err, RC_INVALID, "'%.*s' holds the keys of another workspace",
		       TEXT_ARG(ws->keys_path));
}

/* Store and keys: those that stayed open since an earlier call, or opened now. */
static enum rc open_files(const struct args *args, enum store_mode mode, struct workspace *ws,
			  struct err *err)
{
	struct kept_place *p =
		kept_take(ws->app->kept, ws->path, ws->keys_path, args_text(args, PARAM_KEY), mode);
	enum rc rc;

	ws->place = p;
	if (p != NULL && p->store != NULL) {
		ws->store = p->store;
		ws->keys = p->keys;
		ws->hasher = p->hasher;
		ws->kek_path = p->kek_path;
		return RC_OK;
	}
	ws->hasher = hasher_new(arena_of(ws));
	rc = store_open(arena_of(ws), ws->path, STORE_WORKSPACE, mode, &ws->store, err);
	if (rc == RC_OK)
		rc = open_keys(ws, args, mode, err);
	if (p == NULL)
		return rc;
	if (ws->store != NULL)
		store_limit(ws->store, KEPT_SQL_MS);
	if (rc == RC_OK && mode == STORE_READ)
		rc = store_scope(ws->store, &(struct store_scope){.all = false}, err);
	p->store = ws->store;
	p->keys = ws->keys;
	p->hasher = ws->hasher;
	p->kek_path = text_copy(p->arena, ws->kek_path);
	return rc;
}

/* P4: a client's person sees one contract, a token those that it names; the provider's people all. */
static enum rc scope_of_actor(struct workspace *ws, struct err *err)
{
	struct store_scope scope = {.all = true};

	if (ws->actor.client)
		scope = (struct store_scope){.contracts = &ws->actor.contract, .n = 1};
	else if (ws->token != NULL && ws->token->n_contracts > 0)
		scope = (struct store_scope){.contracts = ws->token->contracts,
					     .n = ws->token->n_contracts};
	return store_scope(ws->store, &scope, err);
}

static enum rc open_parts(const struct args *args, const struct workspace_files *files,
			  enum store_mode mode, struct workspace *ws, struct err *err)
{
	enum rc rc;

	ws->path = files->path;
	ws->keys_path =
		files->keys.n > 0 ? files->keys : workspace_keys_beside(ws->arena, ws->path);
	rc = open_files(args, mode, ws, err);
	if (rc == RC_OK)
		rc = record_log_install(ws->store, ws->arena, &ws->install, err);
	if (rc == RC_MISSING && err->message[0] == '\0')
		rc = err_set(err, RC_INVALID,
			     "'%.*s' has no install log: making it was interrupted; remove it and "
			     "make it again",
			     TEXT_ARG(ws->path));
	if (rc == RC_OK && mode != STORE_READ)
		rc = keys_belong(ws, err);
	if (rc == RC_OK)
		rc = find_actor(ws, args, err);
	if (rc == RC_OK)
		rc = grant_find(ws, args, err);
	if (rc == RC_OK)
		rc = workspace_may(ws, args->action->right, err);
	return rc == RC_OK && ws->place != NULL && mode == STORE_READ ? scope_of_actor(ws, err)
								      : rc;
}

enum rc workspace_open_files(struct app *app, const struct args *args,
			     const struct workspace_files *files, enum store_mode mode,
			     struct workspace *out, struct err *err)
{
	enum rc rc;

	*out = (struct workspace){.app = app, .arena = app->arena, .action = args->action};
	out->now = app->world->now(app->world->context);
	rc = open_parts(args, files, mode, out, err);
	if (rc != RC_OK)
		workspace_close(out);
	return rc;
}

enum rc workspace_open_any_clock(struct app *app, const struct args *args, enum store_mode mode,
				 struct workspace *out, struct err *err)
{
	struct workspace_files files = {.path = {NULL, 0}};
	enum rc rc = workspace_find(app, args, &files.path, err);

	return rc == RC_OK ? workspace_open_files(app, args, &files, mode, out, err) : rc;
}

/* Who reads gets a name for what is the matter; who writes has the derived tables made again. */
static enum rc derived_fit(struct workspace *ws, enum store_mode mode, struct err *err)
{
	bool fit;
	enum rc rc = derived_current(ws, &fit, err);

	if (rc != RC_OK || fit)
		return rc;
	if (mode != STORE_READ)
		return derived_rebuild(ws, err);
	err_code(err, "derived.other");
	err_hint(err, "\"tenor rebuild\" makes them again from the entries; any verb that writes "
		      "does so by itself");
	return err_set(err, RC_INVALID,
		       "the derived tables of '%.*s' were made by another version of Tenor",
		       TEXT_ARG(ws->path));
}

/* What an auditor reads is recorded before it is answered, so the file is opened for that. */
static enum rc open_for(struct app *app, const struct args *args, enum store_mode *mode,
			struct workspace *out, struct err *err)
{
	enum rc rc = workspace_open_any_clock(app, args, *mode, out, err);

	if (rc != RC_OK || out->grant == NULL || *mode != STORE_READ)
		return rc;
	workspace_close(out);
	*mode = STORE_WRITE;
	return workspace_open_any_clock(app, args, *mode, out, err);
}

/* Under a grant: is it in force, and is the call about its days? Without one a contract is like one that is not there (P5). */
static enum rc granted(struct workspace *ws, const struct args *args, struct err *err)
{
	struct text contract = args_text(args, PARAM_CONTRACT_ID);
	struct log_head log;
	enum rc rc = grant_covers(ws, args, err);

	if (rc == RC_MISSING && contract.n > 0) {
		err_clear(err);
		return workspace_log(ws, contract, &log, err);
	}
	/* What is no contract's: who did what on one's own side. */
	if (rc == RC_OK && args->action->right == R_AUDIT_READ)
		rc = grant_read(ws, text_of(""), err);
	return rc;
}

enum rc workspace_open(struct app *app, const struct args *args, enum store_mode mode,
		       struct workspace *out, struct err *err)
{
	enum rc rc = open_for(app, args, &mode, out, err);

	if (rc != RC_OK)
		return rc;
	if (mode != STORE_READ)
		rc = workspace_clock(out, err);
	if (rc == RC_OK)
		rc = derived_fit(out, mode, err);
	if (rc == RC_OK && mode != STORE_READ)
		rc = erase_resume(out, err);
	if (rc == RC_OK)
		rc = granted(out, args, err);
	if (rc != RC_OK)
		workspace_close(out);
	return rc;
}

static void close_files(struct workspace *ws)
{
	if (ws->keys != NULL) {
		keys_close(ws->keys);
		ws->app->disk_failed |= keys_broken(ws->keys);
	}
	if (ws->store != NULL) {
		store_close(ws->store);
		ws->app->disk_failed |= store_broken(ws->store);
	}
	if (ws->hasher != NULL)
		hasher_free(ws->hasher);
}

void workspace_close(struct workspace *ws)
{
	if (ws->place != NULL)
		ws->app->disk_failed |= kept_give(ws->place);
	else
		close_files(ws);
	ws->place = NULL;
	ws->keys = NULL;
	ws->store = NULL;
	ws->hasher = NULL;
}

struct text workspace_derived_tag(struct arena *a)
{
	const char *const *tables;
	size_t n_tables = 0;
	struct text out;
	char hex[SHA256_HEX + 1];
	struct buf b;

	buf_init(&b, 1 << 20);
	for (int k = 0; k < FACT_COUNT; k++) {
		const struct fact_row *row = fact_row((enum fact_kind)k);

		buf_printf(&b, "%s:", row->kind);
		for (size_t i = 0; i < row->n_fields; i++)
			buf_printf(&b, "%d=%s,", (int)row->fields[i].field,
				   field_row(row->fields[i].field)->key);
		buf_char(&b, '\n');
	}
	tables = store_tables(STORE_WORKSPACE, true, &n_tables);
	for (size_t i = 0; i < n_tables; i++)
		buf_printf(&b, "%s\n", tables[i]);
	sha256_hex(buf_view(&b), hex);
	buf_free(&b);
	out = text_copy(a, text_of(hex));
	return out;
}

/* --- transactions --- */

enum rc workspace_begin(struct workspace *ws, struct err *err)
{
	instant now = ws->app->world->now(ws->app->world->context);
	enum rc rc = store_begin(ws->store, err);

	if (rc != RC_OK)
		return rc;
	/* A small step back repeats the last value (J29). */
	if (now > ws->now)
		ws->now = now;
	rc = record_log_install(ws->store, ws->arena, &ws->install, err);
	if (rc != RC_OK)
		workspace_rollback(ws);
	return rc;
}

enum rc workspace_keys_begin(struct workspace *ws, struct err *err)
{
	struct keys *keys;
	enum rc rc = workspace_keys(ws, &keys, err);

	if (rc != RC_OK || store_in_transaction(keys_store(keys)))
		return rc;
	return store_begin(keys_store(keys), err);
}

enum rc workspace_commit(struct workspace *ws, struct err *err)
{
	instant highest;
	enum rc rc = record_clock(ws->store, &highest, err);

	if (rc == RC_OK && (highest == INSTANT_NONE || ws->now > highest))
		rc = record_clock_put(ws->store, ws->now, err);
	/* A key must be there before what only it opens. */
	if (rc == RC_OK && ws->keys != NULL && store_in_transaction(keys_store(ws->keys)))
		rc = store_commit(keys_store(ws->keys), err);
	if (rc == RC_OK)
		rc = store_commit(ws->store, err);
	if (rc != RC_OK)
		workspace_rollback(ws);
	return rc;
}

void workspace_rollback(struct workspace *ws)
{
	if (store_in_transaction(ws->store))
		store_rollback(ws->store);
	if (ws->keys != NULL && store_in_transaction(keys_store(ws->keys)))
		store_rollback(keys_store(ws->keys));
}

enum rc workspace_end(struct workspace *ws, enum rc rc, struct err *err)
{
	if (rc == RC_OK)
		return workspace_commit(ws, err);
	workspace_rollback(ws);
	return rc;
}

/* --- logs --- */

static bool is_of(struct text word, const struct text *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (text_eq(word, list[i]))
			return true;
	return n == 0;
}

bool workspace_kind(const struct workspace *ws, struct text kind)
{
	return ws->token == NULL || is_of(kind, ws->token->kinds, ws->token->n_kinds);
}

static bool may_see(const struct workspace *ws, const struct log_head *log)
{
	return log->kind == LOG_ENGAGEMENT && grant_sees(ws, log->contract) &&
	       (!ws->actor.client || text_eq(log->contract, ws->actor.contract)) &&
	       (ws->token == NULL ||
		is_of(log->contract, ws->token->contracts, ws->token->n_contracts));
}

static enum rc logs_seen(struct workspace *ws, struct log_head **out, size_t *n, struct err *err)
{
	struct log_head *all;
	size_t n_all, kept = 0;
	enum rc rc = record_logs(ws->store, ws->arena, &all, &n_all, err);

	if (rc != RC_OK)
		return rc;
	for (size_t i = 0; i < n_all; i++)
		if (may_see(ws, &all[i]))
			all[kept++] = all[i];
	*out = all;
	*n = kept;
	return RC_OK;
}

enum rc workspace_logs(struct workspace *ws, struct log_head **out, size_t *n, struct err *err)
{
	enum rc rc = logs_seen(ws, out, n, err);

	return rc == RC_OK && *n > 0 ? grant_read(ws, text_of(""), err) : rc;
}

enum rc workspace_logs_after(struct workspace *ws, int64_t *after, size_t most,
			     struct log_head **out, size_t *n, struct err *err)
{
	struct log_head *all = NULL;
	size_t n_all = 0;
	enum rc rc;

	*n = 0;
	do {
		rc = record_logs_after(ws->store, ws->arena, *after, most, &all, &n_all, err);
		for (size_t i = 0; rc == RC_OK && i < n_all; i++) {
			*after = all[i].id;
			if (may_see(ws, &all[i]))
				all[(*n)++] = all[i];
		}
	} while (rc == RC_OK && *n == 0 && n_all > 0);
	*out = all;
	return rc == RC_OK && *n > 0 ? grant_read(ws, text_of(""), err) : rc;
}

enum rc workspace_log_of_id(struct workspace *ws, int64_t id, struct log_head *out, struct err *err)
{
	enum rc rc = record_log_of_id(ws->store, ws->arena, id, out, err);

	if (rc != RC_OK)
		return rc;
	return may_see(ws, out) ? grant_read(ws, out->contract, err) : RC_MISSING;
}

static enum rc no_such_contract(struct workspace *ws, struct text contract, struct err *err)
{
	struct log_head *logs;
	struct text *ids;
	size_t n;
	enum rc rc = logs_seen(ws, &logs, &n, err);

	if (rc != RC_OK)
		return rc;
	ids = arena_array(ws->arena, struct text, n + 1);
	for (size_t i = 0; i < n; i++)
		ids[i] = logs[i].contract;

	struct text near = text_nearest(contract, ids, n);

	if (near.n > 0)
		err_hint(err, "did you mean %.*s?", TEXT_ARG(near));
	else if (n == 1)
		err_hint(err, "the only one here is %.*s", TEXT_ARG(ids[0]));
	else
		err_hint(err, n == 0 ? "\"tenor contract add FILE\" brings one in"
				     : "\"tenor contract list\" shows those there are");
	return err_set(err, RC_MISSING, "there is no contract '%.*s' in %.*s", TEXT_ARG(contract),
		       TEXT_ARG(ws->path));
}

enum rc workspace_log(struct workspace *ws, struct text contract, struct log_head *out,
		      struct err *err)
{
	enum rc rc = record_log_of_contract(ws->store, ws->arena, contract, out, err);

	if (rc == RC_OK && may_see(ws, out))
		return grant_read(ws, out->contract, err);
	if (rc != RC_OK && rc != RC_MISSING)
		return rc;
	/* A contract that is not to be seen is answered like one that is not there (P5). */
	err_clear(err);
	return no_such_contract(ws, contract, err);
}

/* --- who did what --- */

struct uuid workspace_uuid(struct workspace *ws)
{
	unsigned char random[10];

	ws->app->world->random.fill(ws->app->world->random.context, random, sizeof(random));
	return uuid_v7(ws->now, random);
}

struct text workspace_opaque_id(struct workspace *ws, char prefix)
{
	unsigned char random[10];
	char id[ACTOR_CHARS + 1];

	ws->app->world->random.fill(ws->app->world->random.context, random, sizeof(random));
	opaque_id_make(prefix, random, id);
	return text_copy(ws->arena, text_of(id));
}

enum rc workspace_note(struct workspace *ws, struct text contract, struct text object,
		       struct err *err)
{
	struct own_note note;
	struct json *j;

	assert(store_in_transaction(ws->store));
	j = own_note_begin(&note);
	json_kv_str(j, "action", ws->action->verb);
	if (contract.n > 0)
		json_kv_text(j, "contract", contract);
	if (object.n > 0)
		json_kv_text(j, "object", object);
	return own_note_append(ws, &ws->install, FACT_ACTION_DONE, &note, err);
}

enum rc workspace_audit(struct workspace *ws, struct text contract, struct text object,
			struct err *err)
{
	enum rc rc;

	if (ws->audited)
		return RC_OK;
	rc = workspace_note(ws, contract, object, err);
	ws->audited = rc == RC_OK;
	return rc;
}
