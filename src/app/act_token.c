/* SPDX-License-Identifier: Apache-2.0 */
/* tenor token add, list, revoke: programs that act for a person (trust.md S14, P2). */
#include "app/answer.h"
#include "app/append.h"
#include "app/people.h"
#include "app/signing.h"
#include "app/tokens.h"
#include "base/json.h"
#include "facts/exact.h"
#include "journal/entry.h"

#include <sodium.h>
#include <string.h>

enum { LABEL_MAX = 60 };

/* --- add --- */

static enum rc label_ok(struct text label, struct err *err)
{
	bool good = label.n > 0 && label.n <= LABEL_MAX && !text_starts(label, "t_");

	for (size_t i = 0; good && i < label.n; i++) {
		char c = label.p[i];

		good = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
		       (i > 0 && (c == '-' || c == '_' || c == '.'));
	}
	if (good)
		return RC_OK;
	err_hint(err, "write small letters, digits, - _ and points, at most %d", LABEL_MAX);
	return err_set(err, RC_USAGE, "'%.*s' is no name of a token", TEXT_ARG(label));
}

/* Whoever reports facts needs the verbs that do it, too. */
static rights with_verbs(rights set)
{
	static const enum permission reporting[] = {R_TICKET_WRITE, R_WORK_WRITE, R_USAGE_WRITE,
						    R_MONEY_WRITE};

	for (size_t i = 0; i < ARRAY_SIZE(reporting); i++)
		if (rights_have(set, reporting[i]))
			return set | (rights)1 << (unsigned)R_FACT_WRITE;
	return set;
}

static enum rc take_rights(struct workspace *ws, struct stored_token *t, struct err *err)
{
	rights set = 0, own = rights_of(ws->roles);
	struct buf b;
	enum rc rc = rights_parse(t->rights, &set, err);

	if (rc != RC_OK)
		return rc;
	if (set == 0) {
		err_hint(err, "for example --right USAGE_WRITE, or --right STATEMENT_READ --right "
			      "MONEY_READ");
		return err_set(err, RC_USAGE, "what the token may is not said");
	}
	for (int r = 1; r < RIGHT_COUNT; r++) {
		if (!rights_have(set, (enum permission)r))
			continue;
		if (!right_of_tokens((enum permission)r))
			return err_set(err, RC_USAGE, "the right %s is never a program's",
				       right_word((enum permission)r));
		if (!rights_have(own, (enum permission)r)) {
			err_code(err, "right");
			return err_set(err, RC_USAGE,
				       "'%.*s' has not the right %s, so no token of theirs has it",
				       TEXT_ARG(ws->actor.handle), right_word((enum permission)r));
		}
	}
	buf_init(&b, SCOPE_MAX);
	rights_print(with_verbs(set), &b);
	t->rights = text_copy(ws->arena, buf_view(&b));
	buf_free(&b);
	return RC_OK;
}

static enum rc take_scope(struct workspace *ws, const struct args *args, struct stored_token *t,
			  struct err *err)
{
	const struct text *list;
	struct log_head log;
	enum fact_kind kind;
	size_t n;
	enum rc rc = words_join(ws->arena, args, PARAM_CONTRACT_ID, &t->contracts, err);

	if (rc == RC_OK)
		rc = words_join(ws->arena, args, PARAM_TOKEN_KINDS, &t->kinds, err);
	if (rc == RC_OK)
		rc = words_join(ws->arena, args, PARAM_RIGHTS, &t->rights, err);
	if (rc == RC_OK)
		rc = take_rights(ws, t, err);
	list = words_list(ws->arena, t->contracts, &n);
	for (size_t i = 0; rc == RC_OK && i < n; i++)
		rc = workspace_log(ws, list[i], &log, err);
	list = words_list(ws->arena, t->kinds, &n);
	for (size_t i = 0; rc == RC_OK && i < n; i++)
		if (!fact_kind_find(list[i], &kind) || fact_row(kind)->record) {
			err_hint(err, "docs/facts.md lists the kinds of facts");
			rc = err_set(err, RC_USAGE, "there is no kind of fact '%.*s'",
				     TEXT_ARG(list[i]));
		}
	return rc;
}

static enum rc take_days(const struct workspace *ws, const struct args *args,
			 struct stored_token *t, struct err *err)
{
	int64_t days = TOKEN_DAYS_DEFAULT;

	if (args_has(args, PARAM_TOKEN_DAYS) &&
	    (!text_digits(args_text(args, PARAM_TOKEN_DAYS), &days) || days < 1 ||
	     days > TOKEN_DAYS_MAX))
		return err_set(err, RC_USAGE, "a token holds for 1 to %d days, not '%.*s'",
			       TOKEN_DAYS_MAX, TEXT_ARG(args_text(args, PARAM_TOKEN_DAYS)));
	t->made_at = ws->now;
	t->ends_at = ws->now + days * DAY_MS;
	return RC_OK;
}

static void words_json(struct json *j, struct arena *a, const char *key, struct text words)
{
	size_t n;
	const struct text *v = words_list(a, words, &n);

	json_key(j, key);
	json_open_array(j);
	for (size_t i = 0; i < n; i++)
		json_text(j, v[i]);
	json_end_array(j);
}

static enum rc note_added(struct workspace *ws, const struct stored_token *t, struct err *err)
{
	struct own_note note;
	struct json *j;

	j = own_note_begin(&note);
	if (t->contracts.n > 0)
		words_json(j, ws->arena, "contracts", t->contracts);
	if (t->kinds.n > 0)
		words_json(j, ws->arena, "kinds", t->kinds);
	words_json(j, ws->arena, "rights", t->rights);
	json_kv_text(j, "to", exact_instant_text(ws->arena, t->ends_at));
	json_kv_text(j, "token", t->id);
	json_kv_text(j, "user", t->person);
	return own_note_append(ws, &ws->install, FACT_TOKEN_ADDED, &note, err);
}

static enum rc keep(struct workspace *ws, struct stored_token *t, char shown[TOKEN_TEXT + 1],
		    struct err *err)
{
	struct token_bytes bytes;
	const struct entropy *r = &ws->app->world->random;
	enum rc rc;

	t->id = workspace_opaque_id(ws, 't');
	r->fill(r->context, bytes.look, sizeof(bytes.look));
	r->fill(r->context, bytes.secret, sizeof(bytes.secret));
	memcpy(t->look, bytes.look, sizeof(t->look));
	sha256((struct text){(const char *)bytes.secret, sizeof(bytes.secret)}, t->secret.b);
	token_print(&bytes, shown);
	sodium_memzero(&bytes, sizeof(bytes));
	rc = workspace_begin(ws, err);
	if (rc != RC_OK)
		return rc;
	rc = record_token_add(ws->store, t, err);
	if (rc == RC_OK)
		rc = note_added(ws, t, err);
	if (rc == RC_OK)
		rc = workspace_audit(ws, text_of(""), t->id, err);
	rc = workspace_end(ws, rc, err);
	return rc == RC_OK ? sign_install(ws, err) : rc;
}

static void say_added(struct workspace *ws, const struct args *args, const struct stored_token *t,
		      const char *shown, struct reply *reply)
{
	struct json j;

	if (!args_has(args, PARAM_JSON)) {
		buf_printf(&reply->out,
			   "%s\nThis is shown once. It is %.*s, may %.*s, until %.*s.\n", shown,
			   TEXT_ARG(t->id), TEXT_ARG(t->rights),
			   TEXT_ARG(answer_time(ws->arena, t->ends_at)));
		return;
	}
	json_init(&j, &reply->out, true);
	json_open_object(&j);
	json_kv_text(&j, "id", t->id);
	json_kv_str(&j, "token", shown);
	json_kv_text(&j, "until", answer_time(ws->arena, t->ends_at));
	json_end_object(&j);
	buf_char(&reply->out, '\n');
}

enum rc action_token_add(struct app *app, const struct args *args, struct reply *reply,
			 struct err *err)
{
	char shown[TOKEN_TEXT + 1] = "";
	struct workspace ws;
	struct stored_token t = {.label = args_text(args, PARAM_TOKEN_NAME),
				 .used_at = INSTANT_NONE,
				 .revoked_at = INSTANT_NONE};
	enum rc rc = label_ok(t.label, err);

	if (rc == RC_OK)
		rc = workspace_open(app, args, STORE_WRITE, &ws, err);
	if (rc != RC_OK)
		return rc;
	t.person = ws.actor.id;
	rc = take_scope(&ws, args, &t, err);
	if (rc == RC_OK)
		rc = take_days(&ws, args, &t, err);
	if (rc == RC_OK)
		rc = keep(&ws, &t, shown, err);
	if (rc == RC_OK)
		say_added(&ws, args, &t, shown, reply);
	sodium_memzero(shown, sizeof(shown));
	workspace_close(&ws);
	return rc;
}

/* --- list --- */

static void token_json(struct workspace *ws, const struct stored_token *t,
		       const struct stored_user *by, struct json *j)
{
	struct arena *a = ws->arena;

	json_open_object(j);
	json_kv_text(j, "id", t->id);
	json_kv_text(j, "name", t->label);
	json_kv_text(j, "by", by->handle);
	words_json(j, a, "contracts", t->contracts);
	words_json(j, a, "kinds", t->kinds);
	words_json(j, a, "rights", t->rights);
	json_kv_text(j, "made_at", answer_time(a, t->made_at));
	json_kv_text(j, "until", answer_time(a, t->ends_at));
	if (t->used_at != INSTANT_NONE)
		json_kv_text(j, "used_at", answer_time(a, t->used_at));
	if (t->revoked_at != INSTANT_NONE)
		json_kv_text(j, "revoked_at", answer_time(a, t->revoked_at));
	json_end_object(j);
}

static void token_line(struct workspace *ws, const struct stored_token *t,
		       const struct stored_user *by, struct buf *out)
{
	struct arena *a = ws->arena;

	buf_printf(out, "%.*s  %.*s, by %.*s: %.*s", TEXT_ARG(t->id), TEXT_ARG(t->label),
		   TEXT_ARG(by->handle), TEXT_ARG(t->rights));
	if (t->contracts.n > 0)
		buf_printf(out, "; contracts %.*s", TEXT_ARG(t->contracts));
	if (t->kinds.n > 0)
		buf_printf(out, "; kinds %.*s", TEXT_ARG(t->kinds));
	if (t->revoked_at != INSTANT_NONE)
		buf_printf(out, "; revoked %.*s", TEXT_ARG(answer_time(a, t->revoked_at)));
	else
		buf_printf(out, "; %s %.*s", ws->now >= t->ends_at ? "over since" : "until",
			   TEXT_ARG(answer_time(a, t->ends_at)));
	if (t->used_at != INSTANT_NONE)
		buf_printf(out, "; used %.*s", TEXT_ARG(answer_time(a, t->used_at)));
	buf_char(out, '\n');
}

/* Whose it is, if the actor may know of it. */
static enum rc maker_of(struct workspace *ws, const struct stored_token *t, struct stored_user *by,
			bool *own, struct err *err)
{
	enum rc rc = record_user_of_id(ws->store, ws->arena, t->person, by, err);

	*own = rc == RC_OK && person_own(ws, by);
	return rc;
}

enum rc action_token_list(struct app *app, const struct args *args, struct reply *reply,
			  struct err *err)
{
	struct workspace ws;
	struct stored_token *all;
	struct json j;
	bool as_json = args_has(args, PARAM_JSON);
	size_t n = 0, shown = 0;
	enum rc rc = workspace_open(app, args, STORE_READ, &ws, err);

	if (rc != RC_OK)
		return rc;
	rc = record_tokens(ws.store, app->arena, &all, &n, err);
	json_init(&j, &reply->out, true);
	if (as_json)
		json_open_array(&j);
	for (size_t i = 0; rc == RC_OK && i < n; i++) {
		struct stored_user by;
		bool own;

		rc = maker_of(&ws, &all[i], &by, &own, err);
		if (rc != RC_OK || !own)
			continue;
		shown++;
		if (as_json)
			token_json(&ws, &all[i], &by, &j);
		else
			token_line(&ws, &all[i], &by, &reply->out);
	}
	if (as_json) {
		json_end_array(&j);
		buf_char(&reply->out, '\n');
	} else if (shown == 0) {
		buf_str(&reply->out, "there is no token: tenor token add NAME --right RIGHT\n");
	}
	workspace_close(&ws);
	return rc;
}

/* --- revoke --- */

static enum rc no_token(struct text id, struct err *err)
{
	err_hint(err, "\"tenor token list\" shows those there are");
	return err_set(err, RC_MISSING, "there is no token '%.*s' that holds", TEXT_ARG(id));
}

static enum rc note_revoked(struct workspace *ws, struct text token, struct err *err)
{
	struct own_note note;
	struct json *j;

	j = own_note_begin(&note);
	json_kv_text(j, "token", token);
	return own_note_append(ws, &ws->install, FACT_TOKEN_REVOKED, &note, err);
}

static enum rc revoke(struct workspace *ws, struct text id, struct err *err)
{
	bool revoked = false;
	enum rc rc = workspace_begin(ws, err);

	if (rc != RC_OK)
		return rc;
	rc = record_token_revoke(ws->store, id, ws->now, &revoked, err);
	if (rc == RC_OK && !revoked)
		rc = no_token(id, err);
	if (rc == RC_OK)
		rc = note_revoked(ws, id, err);
	if (rc == RC_OK)
		rc = workspace_audit(ws, text_of(""), id, err);
	rc = workspace_end(ws, rc, err);
	return rc == RC_OK ? sign_install(ws, err) : rc;
}

enum rc action_token_revoke(struct app *app, const struct args *args, struct reply *reply,
			    struct err *err)
{
	struct text id = args_text(args, PARAM_TOKEN_ID);
	struct workspace ws;
	struct stored_token t;
	struct stored_user by;
	bool own = false;
	enum rc rc = workspace_open(app, args, STORE_WRITE, &ws, err);

	if (rc != RC_OK)
		return rc;
	rc = record_token(ws.store, app->arena, id, &t, err);
	if (rc == RC_OK)
		rc = maker_of(&ws, &t, &by, &own, err);
	if (rc == RC_MISSING || (rc == RC_OK && !own))
		rc = no_token(id, err);
	if (rc == RC_OK)
		rc = revoke(&ws, id, err);
	if (rc == RC_OK)
		answer_done(args, reply, "token", id, "%.*s (%.*s) may act no longer\n",
			    TEXT_ARG(t.label), TEXT_ARG(id));
	workspace_close(&ws);
	return rc;
}
