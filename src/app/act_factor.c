/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tenor factor reset, approve, keep, list: a second factor that was lost together with its recovery codes is taken away by two people, a
 * day after the second of them said so (trust.md S7). The person is told on every page meanwhile and can keep it. What is due is done when
 * the person signs in (sign_in_session.c).
 */
#include "app/answer.h"
#include "app/append.h"
#include "app/outbox.h"
#include "app/people.h"
#include "app/signing.h"
#include "base/json.h"
#include "facts/exact.h"
#include "store/record_access.h"
#include "store/record_grants.h"

enum { RESET_WAIT_MS = 24 * HOUR_MS };

static enum rc note_reset(struct workspace *ws, const struct stored_factor_reset *r,
			  const char *method, struct err *err)
{
	struct own_note note;
	struct json *j;

	j = own_note_begin(&note);
	json_kv_str(j, "method", method);
	if (r->due_at != INSTANT_NONE)
		json_kv_text(j, "to", exact_instant_text(ws->arena, r->due_at));
	json_kv_text(j, "user", r->person);
	return own_note_append(ws, &ws->install, FACT_FACTOR_RESET, &note, err);
}

/* keep false: the row goes. */
static enum rc save(struct workspace *ws, const struct stored_factor_reset *r, const char *method,
		    bool keep, struct err *err)
{
	bool put;
	enum rc rc = workspace_begin(ws, err);

	if (rc != RC_OK)
		return rc;
	rc = keep ? record_factor_reset_put(ws->store, r, err)
		  : record_factor_reset_drop(ws->store, r->person, err);
	if (rc == RC_OK)
		rc = note_reset(ws, r, method, err);
	/* S7: by whatever way reaches the person */
	if (rc == RC_OK && keep)
		rc = outbox_put(ws,
				&(struct mail_wish){.kind = MAIL_FACTOR,
						    .person = r->person,
						    .ends_at = INSTANT_NONE},
				&put, err);
	if (rc == RC_OK)
		rc = workspace_audit(ws, text_of(""), r->person, err);
	rc = workspace_end(ws, rc, err);
	return rc == RC_OK ? sign_install(ws, err) : rc;
}

static enum rc none_asked(struct text handle, struct err *err)
{
	err_hint(err, "\"tenor factor reset %.*s\" asks for it", TEXT_ARG(handle));
	return err_set(err, RC_MISSING,
		       "nobody asked that the second factor of '%.*s' is taken away",
		       TEXT_ARG(handle));
}

static enum rc find_reset(struct workspace *ws, const struct stored_user *u,
			  struct stored_factor_reset *r, struct err *err)
{
	enum rc rc = record_factor_reset(ws->store, ws->arena, u->id, r, err);

	return rc == RC_MISSING ? none_asked(u->handle, err) : rc;
}

/* --- the first person --- */

static enum rc ask(struct workspace *ws, const struct stored_user *u, struct err *err)
{
	struct stored_factor_reset r = {u->id, ws->actor.id, text_of(""), ws->now, INSTANT_NONE};
	struct stored_factor f;
	enum rc rc = record_factor(ws->store, ws->arena, u->id, FACTOR_STANDS, &f, err);

	if (rc == RC_MISSING)
		return err_set(err, RC_INVALID, "'%.*s' has no second factor", TEXT_ARG(u->handle));
	return rc == RC_OK ? save(ws, &r, "asked", true, err) : rc;
}

static enum rc act_reset(struct workspace *ws, const struct args *args, struct stored_user *u,
			 struct reply *reply, struct err *err)
{
	enum rc rc = ask(ws, u, err);

	if (rc == RC_OK)
		answer_done(
			args, reply, "person", u->id,
			"the second factor of %.*s is to be taken away; an operator approves it: "
			"tenor factor approve %.*s\n",
			TEXT_ARG(u->handle), TEXT_ARG(u->handle));
	return rc;
}

enum rc action_factor_reset(struct app *app, const struct args *args, struct reply *reply,
			    struct err *err)
{
	return person_action(app, args, &(struct person_verb){person_managed, act_reset}, reply,
			     err);
}

/* --- the second one --- */

static enum rc approve(struct workspace *ws, struct stored_factor_reset *r, struct err *err)
{
	if (r->due_at != INSTANT_NONE)
		return err_set(err, RC_INVALID, "this is approved already, and due at %.*s",
			       TEXT_ARG(answer_time(ws->arena, r->due_at)));
	if (text_eq(r->asked_by, ws->actor.id) || text_eq(r->person, ws->actor.id)) {
		err_code(err, "second_person");
		err_hint(err, "an operator who neither asked for it nor is meant approves it");
		return err_set(err, RC_INVALID,
			       "a second factor is taken away by two other people");
	}
	r->approved_by = ws->actor.id;
	r->due_at = ws->now + RESET_WAIT_MS;
	return save(ws, r, "approved", true, err);
}

static enum rc act_approve(struct workspace *ws, const struct args *args, struct stored_user *u,
			   struct reply *reply, struct err *err)
{
	struct stored_factor_reset r;
	enum rc rc = find_reset(ws, u, &r, err);

	if (rc == RC_OK)
		rc = approve(ws, &r, err);
	if (rc == RC_OK)
		answer_done(args, reply, "due", answer_time(ws->arena, r.due_at),
			    "%.*s signs in without it, and sets up another, from %.*s on\n",
			    TEXT_ARG(u->handle), TEXT_ARG(answer_time(ws->arena, r.due_at)));
	return rc;
}

enum rc action_factor_approve(struct app *app, const struct args *args, struct reply *reply,
			      struct err *err)
{
	return person_action(app, args, &(struct person_verb){person_any, act_approve}, reply, err);
}

/* --- not after all --- */

static enum rc act_keep(struct workspace *ws, const struct args *args, struct stored_user *u,
			struct reply *reply, struct err *err)
{
	struct stored_factor_reset r;
	enum rc rc = find_reset(ws, u, &r, err);

	if (rc == RC_OK)
		rc = save(ws, &r, "withdrawn", false, err);
	if (rc == RC_OK)
		answer_done(args, reply, "person", u->id, "%.*s keeps the second factor\n",
			    TEXT_ARG(u->handle));
	return rc;
}

enum rc action_factor_keep(struct app *app, const struct args *args, struct reply *reply,
			   struct err *err)
{
	return person_action(app, args, &(struct person_verb){person_managed, act_keep}, reply,
			     err);
}

/* --- which --- */

static enum rc handle_of(struct workspace *ws, struct text id, struct text *out, struct err *err)
{
	struct stored_user u = {.handle = text_of("")};
	enum rc rc = id.n == 0 ? RC_OK : record_user_of_id(ws->store, ws->arena, id, &u, err);

	*out = u.handle;
	return rc;
}

static enum rc say_reset(struct workspace *ws, const struct stored_factor_reset *r, struct json *j,
			 struct buf *out, struct err *err)
{
	struct text whose = {NULL, 0}, asked = {NULL, 0}, approved = {NULL, 0};
	enum rc rc = handle_of(ws, r->person, &whose, err);

	if (rc == RC_OK)
		rc = handle_of(ws, r->asked_by, &asked, err);
	if (rc == RC_OK)
		rc = handle_of(ws, r->approved_by, &approved, err);
	if (rc != RC_OK)
		return rc;
	if (j == NULL) {
		buf_printf(out, "%-12.*s asked for by %.*s, %.*s", TEXT_ARG(whose), TEXT_ARG(asked),
			   TEXT_ARG(answer_time(ws->arena, r->asked_at)));
		if (r->due_at != INSTANT_NONE)
			buf_printf(out, "; approved by %.*s, due %.*s", TEXT_ARG(approved),
				   TEXT_ARG(answer_time(ws->arena, r->due_at)));
		buf_char(out, '\n');
		return RC_OK;
	}
	json_open_object(j);
	json_kv_text(j, "handle", whose);
	json_kv_text(j, "asked_by", asked);
	json_kv_text(j, "asked_at", answer_time(ws->arena, r->asked_at));
	if (r->due_at != INSTANT_NONE) {
		json_kv_text(j, "approved_by", approved);
		json_kv_text(j, "due_at", answer_time(ws->arena, r->due_at));
	}
	json_end_object(j);
	return RC_OK;
}

enum rc action_factor_list(struct app *app, const struct args *args, struct reply *reply,
			   struct err *err)
{
	bool as_json = args_has(args, PARAM_JSON);
	struct stored_factor_reset *v = NULL;
	struct workspace ws;
	struct json j;
	size_t n = 0;
	enum rc rc = workspace_open(app, args, STORE_READ, &ws, err);

	if (rc != RC_OK)
		return rc;
	rc = record_factor_resets(ws.store, ws.arena, &v, &n, err);
	json_init(&j, &reply->out, true);
	if (as_json)
		json_open_array(&j);
	else if (rc == RC_OK && n == 0)
		buf_str(&reply->out, "no second factor is to be taken away\n");
	for (size_t i = 0; rc == RC_OK && i < n; i++)
		rc = say_reset(&ws, &v[i], as_json ? &j : NULL, &reply->out, err);
	if (as_json) {
		json_end_array(&j);
		buf_char(&reply->out, '\n');
	}
	workspace_close(&ws);
	return rc;
}
