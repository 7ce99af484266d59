/* SPDX-License-Identifier: Apache-2.0 */
/* tenor init, client, user: the workspace and who works in it. */
#include "app/answer.h"
#include "app/append.h"
#include "app/files.h"
#include "app/filing.h"
#include "app/grants.h"
#include "app/logs.h"
#include "app/people.h"
#include "app/signing.h"
#include "app/workspace.h"
#include "base/json.h"
#include "journal/entry.h"
#include "store/record_access.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { WORD_MAX = 60 };

/* --- init --- */

/* Ids and handles: a-z, 0-9, - _ and points, beginning with a letter or digit. */
static enum rc word_ok(const char *what, struct text word, struct err *err)
{
	bool ok = word.n > 0 && word.n <= WORD_MAX;

	for (size_t i = 0; ok && i < word.n; i++) {
		char c = word.p[i];
		bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');

		ok = plain || (i > 0 && (c == '-' || c == '_' || c == '.'));
	}
	if (ok)
		return RC_OK;
	err_hint(err, "write small letters, digits, - _ and points, at most %d", WORD_MAX);
	return err_set(err, RC_USAGE, "'%.*s' is no %s", TEXT_ARG(word), what);
}

static struct text stem_of(struct text path)
{
	size_t from = path.n;

	while (from > 0 && path.p[from - 1] != '/')
		from--;
	return text_sub(path, from, path.n - strlen(".tenor"));
}

struct making {
	struct workspace ws;
	struct text uuid, host, provider;
	bool made_store, made_keys, made_kek;
};

static enum rc name_files(struct making *m, const struct args *args, struct err *err)
{
	struct workspace *ws = &m->ws;
	struct text path = args_text(args, PARAM_NEW_WORKSPACE);
	struct uuid id = workspace_uuid(ws);
	char uuid[UUID_TEXT + 1];
	enum rc rc;

	if (!text_ends(path, ".tenor") || stem_of(path).n == 0) {
		err_hint(err, "for example acme.tenor");
		return err_set(err, RC_USAGE,
			       "the name of a workspace ends in .tenor, '%.*s' does not",
			       TEXT_ARG(path));
	}
	uuid_text(&id, uuid);
	m->uuid = text_copy(ws->arena, text_of(uuid));
	m->provider = args_text(args, PARAM_PROVIDER);
	m->host = args_has(args, PARAM_HOST) ? args_text(args, PARAM_HOST) : stem_of(path);
	rc = word_ok("name to sign logs under", m->host, err);
	if (rc != RC_OK)
		return rc;
	ws->path = path;
	ws->keys_path =
		text_format(ws->arena, "%.*s.keys", (int)(path.n - strlen(".tenor")), path.p);
	ws->kek_path = args_text(args, PARAM_KEY);
	if (ws->kek_path.n > 0)
		return RC_OK;
	if (ws->app->world->settings.n == 0) {
		err_hint(err, "say with --key FILE where the key that opens the keys is to lie, "
			      "apart from the workspace");
		return err_set(err, RC_USAGE, "no folder for a person's settings is known");
	}
	ws->kek_path =
		text_format(ws->arena, "%.*s/%s.kek", TEXT_ARG(ws->app->world->settings), uuid);
	return filing_folders(ws->arena, ws->kek_path, err);
}

static enum rc make_files(struct making *m, struct err *err)
{
	struct workspace *ws = &m->ws;
	const struct text paths[] = {ws->path, ws->keys_path, ws->kek_path};
	enum rc rc;

	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		if (!files_is_there(ws->arena, paths[i]))
			continue;
		err_at(err, paths[i], 0, 0);
		err_hint(err, "nothing was changed");
		return err_set(err, RC_INVALID, "is there already");
	}
	rc = kek_make(ws->kek_path, &ws->app->world->random, err);
	m->made_kek = rc == RC_OK;
	if (rc == RC_OK) {
		rc = store_open(ws->arena, ws->path, STORE_WORKSPACE, STORE_CREATE, &ws->store,
				err);
		m->made_store = rc == RC_OK || strcmp(err->code, "store.exists") != 0;
	}
	if (rc == RC_OK) {
		rc = keys_create(ws->arena, ws->keys_path, ws->kek_path, &ws->app->world->random,
				 &ws->keys, err);
		m->made_keys = rc == RC_OK || strcmp(err->code, "store.exists") != 0;
	}
	return rc;
}

static enum rc put_person(struct workspace *ws, const struct stored_user *u, enum fact_kind kind,
			  struct err *err)
{
	struct own_note note;
	struct json *j;
	struct text rest = u->roles, word;
	enum rc rc = record_user_put(ws->store, u, err);

	if (rc != RC_OK)
		return rc;
	j = own_note_begin(&note);
	if (u->ended_at == INSTANT_NONE) {
		if (u->contract.n > 0)
			json_kv_text(j, "contract", u->contract);
		json_key(j, "roles");
		json_open_array(j);
		while (rest.n > 0) {
			rest = text_cut(rest, ' ', &word);
			json_text(j, word);
		}
		json_end_array(j);
	}
	json_kv_text(j, "user", u->id);
	return own_note_append(ws, &ws->install, kind, &note, err);
}

static enum rc fill_workspace(struct making *m, const struct args *args, struct err *err)
{
	struct workspace *ws = &m->ws;
	struct text handle =
		args_has(args, PARAM_OWNER) ? args_text(args, PARAM_OWNER) : text_of("owner");
	enum rc rc = word_ok("handle", handle, err);

	if (rc == RC_OK)
		rc = store_begin(ws->store, err);
	if (rc != RC_OK)
		return rc;
	ws->actor = (struct stored_user){.id = workspace_opaque_id(ws, 'u'),
					 .handle = handle,
					 .roles = text_of("owner operator"),
					 .added_at = ws->now,
					 .ended_at = INSTANT_NONE};
	rc = record_meta_put(ws->store, "workspace", m->uuid, err);
	if (rc == RC_OK)
		rc = record_meta_put(ws->store, "provider", m->provider, err);
	if (rc == RC_OK)
		rc = record_meta_put(ws->store, "host", m->host, err);
	if (rc == RC_OK)
		rc = record_meta_put(ws->store, "derived", workspace_derived_tag(ws->arena), err);
	if (rc == RC_OK)
		rc = log_make(ws, LOG_INSTALL, text_of(""), text_of(""), m->host, &ws->install,
			      err);
	if (rc == RC_OK)
		rc = put_person(ws, &ws->actor, FACT_USER_ADDED, err);
	if (rc == RC_OK)
		rc = workspace_audit(ws, text_of(""), m->uuid, err);
	rc = workspace_end(ws, rc, err);
	return rc == RC_OK ? sign_install(ws, err) : rc;
}

/* With what SQLite may have left beside it. */
static void remove_database(struct arena *a, struct text path)
{
	static const char *const endings[] = {"", "-wal", "-shm", "-journal"};

	for (size_t i = 0; i < ARRAY_SIZE(endings); i++)
		(void)unlink(text_format(a, "%.*s%s", TEXT_ARG(path), endings[i]).p);
}

static void unmake(struct making *m)
{
	struct workspace *ws = &m->ws;
	struct arena *a = ws->arena;

	workspace_close(ws);
	if (m->made_store)
		remove_database(a, ws->path);
	if (m->made_keys)
		remove_database(a, ws->keys_path);
	if (m->made_kek)
		(void)unlink(arena_copy(a, ws->kek_path.p, ws->kek_path.n));
}

static void say_made(const struct making *m, const struct args *args, struct reply *reply)
{
	const struct workspace *ws = &m->ws;
	struct json j;

	if (args_has(args, PARAM_JSON)) {
		json_init(&j, &reply->out, true);
		json_open_object(&j);
		json_kv_text(&j, "workspace", m->uuid);
		json_kv_text(&j, "file", ws->path);
		json_kv_text(&j, "keys", ws->keys_path);
		json_kv_text(&j, "key", ws->kek_path);
		json_kv_text(&j, "log", ws->install.origin);
		json_kv_text(&j, "person", ws->actor.id);
		json_end_object(&j);
		buf_char(&reply->out, '\n');
		return;
	}
	buf_printf(&reply->out, "%.*s is ready for %.*s.\n\n", TEXT_ARG(ws->path),
		   TEXT_ARG(m->provider));
	buf_printf(&reply->out, "  keys      %.*s\n  opened by %.*s\n", TEXT_ARG(ws->keys_path),
		   TEXT_ARG(ws->kek_path));
	buf_printf(&reply->out, "  you are   %.*s (%.*s)\n\n", TEXT_ARG(ws->actor.handle),
		   TEXT_ARG(ws->actor.id));
	buf_str(&reply->out,
		"Keep copies of the three files, the last one apart from the others. Next:\n"
		"  tenor client add ID --name NAME\n"
		"  tenor contract add contract.yaml --client ID\n");
}

enum rc action_init(struct app *app, const struct args *args, struct reply *reply, struct err *err)
{
	struct making m = {.made_store = false};
	enum rc rc;

	m.ws = (struct workspace){.app = app,
				  .arena = app->arena,
				  .action = args->action,
				  .now = app->world->now(app->world->context)};
	m.ws.hasher = hasher_new(app->arena);
	rc = name_files(&m, args, err);
	if (rc == RC_OK)
		rc = make_files(&m, err);
	if (rc == RC_OK)
		rc = fill_workspace(&m, args, err);
	if (rc != RC_OK) {
		unmake(&m);
		return rc;
	}
	say_made(&m, args, reply);
	workspace_close(&m.ws);
	return RC_OK;
}

/* --- clients --- */

static enum rc client_put(struct workspace *ws, const struct stored_client *c, struct err *err)
{
	enum rc rc = workspace_begin(ws, err);

	if (rc != RC_OK)
		return rc;
	rc = record_client_put(ws->store, c, err);
	if (rc == RC_INVALID && strcmp(err->code, "unique") == 0)
		(void)err_set(err, RC_INVALID, "there is a client '%.*s' already", TEXT_ARG(c->id));
	if (rc == RC_OK)
		rc = workspace_audit(ws, text_of(""), c->id, err);
	rc = workspace_end(ws, rc, err);
	return rc == RC_OK ? sign_install(ws, err) : rc;
}

enum rc action_client_add(struct app *app, const struct args *args, struct reply *reply,
			  struct err *err)
{
	struct workspace ws;
	struct stored_client c = {args_text(args, PARAM_CLIENT_ID), args_text(args, PARAM_NAME), 0};
	enum rc rc = word_ok("id", c.id, err);

	if (rc == RC_OK)
		rc = workspace_open(app, args, STORE_WRITE, &ws, err);
	if (rc != RC_OK)
		return rc;
	c.added_at = ws.now;
	rc = client_put(&ws, &c, err);
	if (rc == RC_OK)
		answer_done(args, reply, "client", c.id, "client %.*s added\n", TEXT_ARG(c.id));
	workspace_close(&ws);
	return rc;
}

static void print_day(struct buf *out, instant t)
{
	day_print(out, zone_day(zone_utc(), t));
}

static void clients_json(const struct stored_client *c, size_t n, const struct log_head *logs,
			 size_t n_logs, struct buf *out)
{
	struct json j;

	json_init(&j, out, true);
	json_open_array(&j);
	for (size_t i = 0; i < n; i++) {
		json_open_object(&j);
		json_kv_text(&j, "id", c[i].id);
		json_kv_text(&j, "name", c[i].name);
		json_key(&j, "contracts");
		json_open_array(&j);
		for (size_t k = 0; k < n_logs; k++)
			if (text_eq(logs[k].client, c[i].id))
				json_text(&j, logs[k].contract);
		json_end_array(&j);
		json_end_object(&j);
	}
	json_end_array(&j);
	buf_char(out, '\n');
}

static void clients_text(const struct stored_client *c, size_t n, const struct log_head *logs,
			 size_t n_logs, struct buf *out)
{
	if (n == 0)
		buf_str(out, "There is no client yet: tenor client add ID --name NAME\n");
	for (size_t i = 0; i < n; i++) {
		size_t contracts = 0;

		buf_printf(out, "%.*s  %.*s\n", TEXT_ARG(c[i].id), TEXT_ARG(c[i].name));
		for (size_t k = 0; k < n_logs; k++) {
			if (!text_eq(logs[k].client, c[i].id))
				continue;
			contracts++;
			buf_printf(out, "    %.*s: %lld entries\n", TEXT_ARG(logs[k].contract),
				   (long long)logs[k].edge.size);
		}
		if (contracts == 0)
			buf_str(out, "    no contract yet\n");
	}
}

/*
 * Whoever sees some contracts only, a client or a token for them, learns of their clients and of no other (trust.md P5, P6). Gives how many
 * are left.
 */
static size_t seen_clients(const struct workspace *ws, struct stored_client *c, size_t n,
			   const struct log_head *logs, size_t n_logs)
{
	bool all = !ws->actor.client && (ws->token == NULL || ws->token->n_contracts == 0) &&
		   ws->grant == NULL;
	size_t kept = 0;

	for (size_t i = 0; i < n; i++) {
		bool seen = all;

		for (size_t k = 0; k < n_logs && !seen; k++)
			seen = text_eq(logs[k].client, c[i].id);
		if (seen)
			c[kept++] = c[i];
	}
	return kept;
}

enum rc action_client_list(struct app *app, const struct args *args, struct reply *reply,
			   struct err *err)
{
	struct workspace ws;
	struct stored_client *clients;
	struct log_head *logs;
	size_t n, n_logs;
	enum rc rc = workspace_open(app, args, STORE_READ, &ws, err);

	if (rc != RC_OK)
		return rc;
	rc = record_clients(ws.store, app->arena, &clients, &n, err);
	if (rc == RC_OK)
		rc = workspace_logs(&ws, &logs, &n_logs, err);
	if (rc == RC_OK)
		n = seen_clients(&ws, clients, n, logs, n_logs);
	if (rc == RC_OK && args_has(args, PARAM_JSON))
		clients_json(clients, n, logs, n_logs, &reply->out);
	else if (rc == RC_OK)
		clients_text(clients, n, logs, n_logs, &reply->out);
	workspace_close(&ws);
	return rc;
}

/* --- people --- */

static enum rc roles_of(struct arena *a, const struct args *args, roles *set, bool *client,
			struct text *words, struct err *err)
{
	struct buf all;
	enum rc rc;

	buf_init(&all, 4096);
	for (size_t i = 0; i < args->values[PARAM_ROLE].n; i++) {
		if (i > 0)
			buf_char(&all, ' ');
		buf_text(&all, args->values[PARAM_ROLE].v[i]);
	}
	*client = false;
	rc = roles_parse(buf_view(&all), set, client, err);
	buf_clear(&all);
	if (rc == RC_OK)
		roles_print(*set, &all);
	*words = text_copy(a, buf_view(&all));
	buf_free(&all);
	if (rc == RC_OK && roles_audit(*set) && !roles_audit_only(*set)) {
		err_hint(err,
			 "an auditor reads what \"tenor user grant\" gives, and has no other role");
		return err_set(err, RC_USAGE, "auditor and another role together");
	}
	return rc;
}

/* Own side only (P3): the provider's owner makes the client's first person, who then makes others. */
static enum rc may_manage(const struct workspace *ws, bool client, bool first_of_client,
			  struct err *err)
{
	if (ws->actor.client == client || (client && first_of_client))
		return RC_OK;
	err_code(err, "right");
	return err_set(err, RC_USAGE, "people of the %s are managed by a person of the %s",
		       client ? "client" : "provider", client ? "client" : "provider");
}

static enum rc check_person(struct workspace *ws, const struct stored_user *u, struct err *err)
{
	struct stored_user *all;
	struct log_head log;
	bool first = true;
	size_t n;
	enum rc rc = record_users(ws->store, ws->arena, &all, &n, err);

	for (size_t i = 0; rc == RC_OK && i < n; i++) {
		if (text_eq(all[i].handle, u->handle) && all[i].ended_at == INSTANT_NONE)
			return err_set(err, RC_INVALID, "there is a person '%.*s' already",
				       TEXT_ARG(u->handle));
		if (all[i].client && text_eq(all[i].contract, u->contract) &&
		    all[i].ended_at == INSTANT_NONE)
			first = false;
	}
	if (rc == RC_OK && u->client && u->contract.n == 0) {
		err_hint(err, "write --contract ID");
		return err_set(err, RC_USAGE,
			       "a person of the client belongs to a contract, and none is given");
	}
	if (rc == RC_OK && u->contract.n > 0)
		rc = workspace_log(ws, u->contract, &log, err);
	return rc == RC_OK ? may_manage(ws, u->client, first, err) : rc;
}

/* Who may act no longer, or otherwise, is signed in no longer (trust.md S2); of the former nothing to sign in with is kept. */
static enum rc end_access(struct workspace *ws, const struct stored_user *u, enum fact_kind kind,
			  struct err *err)
{
	if (kind == FACT_USER_ENDED)
		return record_access_forget(ws->store, u->id, ws->now, err);
	/* Whoever is no auditor any more has no grant to come back to. */
	enum rc rc = record_grant_drop(ws->store, u->id, err);

	return rc == RC_OK ? record_sessions_drop(ws->store, u->id, NULL, NULL, err) : rc;
}

static enum rc save_person(struct workspace *ws, const struct stored_user *u, enum fact_kind kind,
			   struct err *err)
{
	enum rc rc = workspace_begin(ws, err);

	if (rc != RC_OK)
		return rc;
	rc = put_person(ws, u, kind, err);
	if (rc == RC_OK)
		rc = end_access(ws, u, kind, err);
	if (rc == RC_OK)
		rc = workspace_audit(ws, u->contract, u->id, err);
	rc = workspace_end(ws, rc, err);
	return rc == RC_OK ? sign_install(ws, err) : rc;
}

enum rc action_user_add(struct app *app, const struct args *args, struct reply *reply,
			struct err *err)
{
	struct workspace ws;
	struct stored_user u = {.handle = args_text(args, PARAM_HANDLE),
				.contract = args_text(args, PARAM_CONTRACT_ID),
				.ended_at = INSTANT_NONE};
	roles set;
	enum rc rc = word_ok("handle", u.handle, err);

	if (rc == RC_OK)
		rc = roles_of(app->arena, args, &set, &u.client, &u.roles, err);
	if (rc == RC_OK)
		rc = workspace_open(app, args, STORE_WRITE, &ws, err);
	if (rc != RC_OK)
		return rc;
	u.id = workspace_opaque_id(&ws, 'u');
	u.added_at = ws.now;
	rc = check_person(&ws, &u, err);
	if (rc == RC_OK)
		rc = save_person(&ws, &u, FACT_USER_ADDED, err);
	if (rc == RC_OK)
		answer_done(args, reply, "person", u.id, "%.*s (%.*s) may act as %.*s\n",
			    TEXT_ARG(u.handle), TEXT_ARG(u.id), TEXT_ARG(u.roles));
	workspace_close(&ws);
	return rc;
}

/* One operator must be left. */
static enum rc operator_left(struct workspace *ws, const struct stored_user *u, struct err *err)
{
	struct stored_user *all;
	size_t n, operators = 0;
	enum rc rc = record_users(ws->store, ws->arena, &all, &n, err);

	for (size_t i = 0; rc == RC_OK && i < n; i++)
		operators += all[i].ended_at == INSTANT_NONE &&
			     text_has(all[i].roles, text_of("operator"));
	if (rc != RC_OK || operators > 1 || !text_has(u->roles, text_of("operator")))
		return rc;
	err_hint(err, "add another operator first");
	return err_set(err, RC_INVALID, "'%.*s' is the only operator of this workspace",
		       TEXT_ARG(u->handle));
}

static enum rc end_person(struct workspace *ws, const struct args *args, struct stored_user *u,
			  struct reply *reply, struct err *err)
{
	enum rc rc = operator_left(ws, u, err);

	if (rc == RC_OK) {
		u->ended_at = ws->now;
		rc = save_person(ws, u, FACT_USER_ENDED, err);
	}
	if (rc == RC_OK)
		answer_done(args, reply, "person", u->id, "%.*s may act no longer\n",
			    TEXT_ARG(u->handle));
	return rc;
}

enum rc action_user_end(struct app *app, const struct args *args, struct reply *reply,
			struct err *err)
{
	return person_action(app, args, &(struct person_verb){person_managed, end_person}, reply,
			     err);
}

/* The roles asked for, of the side that the person is of (P1). */
static enum rc other_roles(struct workspace *ws, const struct args *args, struct stored_user *u,
			   struct err *err)
{
	struct stored_user was = *u;
	bool client = false;
	roles set;
	enum rc rc = roles_of(ws->arena, args, &set, &client, &u->roles, err);

	if (rc != RC_OK)
		return rc;
	if (client != u->client && !text_is(u->roles, "auditor")) {
		err_code(err, "both_sides");
		err_hint(err, "a person has roles of one side of an engagement");
		return err_set(err, RC_USAGE, "'%.*s' is of the %s", TEXT_ARG(u->handle),
			       u->client ? "client" : "provider");
	}
	return text_has(u->roles, text_of("operator")) ? RC_OK : operator_left(ws, &was, err);
}

static enum rc change_roles(struct workspace *ws, const struct args *args, struct stored_user *u,
			    struct reply *reply, struct err *err)
{
	enum rc rc = other_roles(ws, args, u, err);

	if (rc == RC_OK)
		rc = save_person(ws, u, FACT_USER_CHANGED, err);
	if (rc == RC_OK)
		answer_done(args, reply, "person", u->id, "%.*s (%.*s) may act as %.*s\n",
			    TEXT_ARG(u->handle), TEXT_ARG(u->id), TEXT_ARG(u->roles));
	return rc;
}

enum rc action_user_role(struct app *app, const struct args *args, struct reply *reply,
			 struct err *err)
{
	return person_action(app, args, &(struct person_verb){person_managed, change_roles}, reply,
			     err);
}

/* What an auditor may read: "NW-2026 of 2026-01..2026-03", these months, and until when; empty texts where none is given. */
struct granted {
	struct text reads, months, until;
};

static enum rc grant_words(struct workspace *ws, const struct stored_user *u, struct granted *out,
			   struct err *err)
{
	struct stored_grant g;
	enum rc rc;

	*out = (struct granted){.reads = text_of("")};
	if (!text_is(u->roles, "auditor"))
		return RC_OK;
	rc = record_grant(ws->store, ws->arena, u->id, &g, err);
	if (rc == RC_OK) {
		out->months = grant_months(ws->arena, &g);
		out->reads = text_format(ws->arena, "%.*s of %.*s", TEXT_ARG(g.contracts),
					 TEXT_ARG(out->months));
		out->until = answer_time(ws->arena, g.ends_at);
	}
	return rc == RC_MISSING ? RC_OK : rc;
}

static void user_json(struct json *j, const struct stored_user *u, const struct granted *g)
{
	struct buf at;

	buf_init(&at, 64);
	json_open_object(j);
	json_kv_text(j, "id", u->id);
	json_kv_text(j, "handle", u->handle);
	json_kv_str(j, "party", u->client ? "client" : "provider");
	json_kv_text(j, "roles", u->roles);
	if (u->contract.n > 0)
		json_kv_text(j, "contract", u->contract);
	instant_print(&at, u->added_at);
	json_kv_text(j, "added_at", buf_view(&at));
	buf_clear(&at);
	if (u->ended_at != INSTANT_NONE) {
		instant_print(&at, u->ended_at);
		json_kv_text(j, "ended_at", buf_view(&at));
	}
	if (g->reads.n > 0) {
		json_kv_text(j, "reads", g->reads);
		json_kv_text(j, "months", g->months);
		json_kv_text(j, "until", g->until);
	}
	json_end_object(j);
	buf_free(&at);
}

enum rc action_user_list(struct app *app, const struct args *args, struct reply *reply,
			 struct err *err)
{
	struct workspace ws;
	struct stored_user *all;
	struct granted granted;
	struct json j;
	bool as_json = args_has(args, PARAM_JSON);
	size_t n;
	enum rc rc = workspace_open(app, args, STORE_READ, &ws, err);

	if (rc != RC_OK)
		return rc;
	rc = record_users(ws.store, app->arena, &all, &n, err);
	json_init(&j, &reply->out, true);
	if (rc == RC_OK && as_json)
		json_open_array(&j);
	for (size_t i = 0; rc == RC_OK && i < n; i++) {
		/* Own side only (AUDIT_READ); an auditor learns of no other client than those of its contracts. */
		if (ws.actor.client &&
		    (!all[i].client || !text_eq(all[i].contract, ws.actor.contract)))
			continue;
		if (all[i].client && !grant_sees(&ws, all[i].contract))
			continue;
		rc = grant_words(&ws, &all[i], &granted, err);
		if (rc != RC_OK)
			break;
		if (as_json) {
			user_json(&j, &all[i], &granted);
			continue;
		}
		buf_printf(&reply->out, "%-12.*s %-8s %.*s", TEXT_ARG(all[i].handle),
			   all[i].client ? "client" : "provider", TEXT_ARG(all[i].roles));
		if (all[i].contract.n > 0)
			buf_printf(&reply->out, ", %.*s", TEXT_ARG(all[i].contract));
		buf_printf(&reply->out, " (%.*s, since ", TEXT_ARG(all[i].id));
		print_day(&reply->out, all[i].added_at);
		if (all[i].ended_at != INSTANT_NONE) {
			buf_str(&reply->out, ", ended ");
			print_day(&reply->out, all[i].ended_at);
		}
		if (granted.reads.n > 0)
			buf_printf(&reply->out, ", reads %.*s until %.*s", TEXT_ARG(granted.reads),
				   TEXT_ARG(granted.until));
		buf_str(&reply->out, ")\n");
	}
	if (rc == RC_OK && as_json) {
		json_end_array(&j);
		buf_char(&reply->out, '\n');
	}
	workspace_close(&ws);
	return rc;
}
