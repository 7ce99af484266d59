/* SPDX-License-Identifier: Apache-2.0 */
/* tenor ticket emergency: health data of a ticket is opened, with a reason, and the client's signers are told (trust.md P10). */
#include "app/act_ticket.h"
#include "app/append.h"
#include "app/found.h"
#include "app/health.h"
#include "app/outbox.h"
#include "app/own_entries.h"
#include "app/signing.h"
#include "app/tickets_kept.h"

struct opening {
	struct workspace ws;
	const struct args *args;
	struct log_head log;
	struct text ticket, code, reason;
	struct uuid id;
	bool given; /* the id was made before it was sent (S20) */
	instant until;
};

static enum rc reason_ok(const struct opening *o, struct err *err)
{
	static const char *const codes[] = {"care", "repair", "incident", "asked", "law"};

	if (o->reason.n == 0 || o->reason.n > HEALTH_REASON_BYTES) {
		err_key(err, text_of("reason"));
		err_hint(err, "write 1 to %d bytes", HEALTH_REASON_BYTES);
		return err_set(err, RC_USAGE, "a reason of %zu bytes cannot be recorded",
			       o->reason.n);
	}
	for (size_t i = 0; i < ARRAY_SIZE(codes); i++)
		if (text_is(o->code, codes[i]))
			return RC_OK;
	err_key(err, text_of("reason-code"));
	err_hint(err, "write care, repair, incident, asked or law");
	return err_set(err, RC_USAGE, "'%.*s' is no reason for emergency access",
		       TEXT_ARG(o->code));
}

static enum rc take_id(struct opening *o, struct err *err)
{
	struct text given = args_text(o->args, PARAM_REPORT_ID);

	o->given = given.n > 0;
	if (!o->given) {
		o->id = workspace_uuid(&o->ws);
		return RC_OK;
	}
	if (uuid_parse(given, &o->id) && uuid_is_v7(&o->id))
		return RC_OK;
	err_key(err, text_of("id"));
	err_hint(err, "write a UUIDv7 in lower case");
	return err_set(err, RC_USAGE, "'%.*s' is no id of an emergency access", TEXT_ARG(given));
}

/* --- may it be opened? --- */

static bool has_health(const struct recalled *r, struct text ticket)
{
	symbol id = symbol_find(r->facts->symbols, ticket);

	for (size_t i = 0; id != 0 && i < r->facts->n; i++)
		if (fact_value(&r->facts->v[i], FIELD_HEALTH) != NULL &&
		    fact_word(&r->facts->v[i], FIELD_TICKET) == id)
			return true;
	return false;
}

static enum rc may_open(struct opening *o, struct err *err)
{
	struct recalled r;
	bool agreed = false;
	enum rc rc = desk_has_ticket(&o->ws, &o->log, o->ticket, &r, err);

	if (rc == RC_OK && !has_health(&r, o->ticket)) {
		err_code(err, "health.none");
		err_hint(err, "its words are on \"tenor ticket show %.*s\"", TEXT_ARG(o->ticket));
		return err_set(err, RC_INVALID, "there is no health data on ticket '%.*s'",
			       TEXT_ARG(o->ticket));
	}
	if (rc == RC_OK)
		rc = health_agreed(&o->ws, &o->log, &agreed, err);
	if (rc != RC_OK || agreed)
		return rc;
	err_code(err, "health.baa");
	err_hint(err, "a version with a document of the kind 'baa' lets it be opened again");
	return err_set(err, RC_INVALID,
		       "no business associate agreement is in force in %.*s: its health data "
		       "stays covered",
		       TEXT_ARG(o->log.contract));
}

/* --- in the record --- */

/* Members in the order of their names. */
static struct text body_of_access(const struct opening *o)
{
	struct text out;
	struct buf b;

	buf_init(&b, (size_t)1 << 16);
	buf_printf(&b, "{\"reason_code\":\"%.*s\",\"ticket\":", TEXT_ARG(o->code));
	canon_quote(&b, o->ticket);
	buf_char(&b, '}');
	out = text_copy(o->ws.arena, buf_view(&b));
	buf_free(&b);
	return out;
}

/* Why, in words, which may name people: beside the record, and gone with the words of the ticket. */
static enum rc reason_slot(const struct opening *o, struct own_slot *out, struct err *err)
{
	const struct workspace *ws = &o->ws;
	char log[UUID_TEXT + 1];
	struct buf b;

	*out = (struct own_slot){.name = field_row(FIELD_REASON)->key};
	buf_init(&b, (size_t)HEALTH_REASON_BYTES * 8);
	buf_printf(&b, "{\"%s\":", out->name);
	canon_quote(&b, o->reason);
	buf_char(&b, '}');
	out->private_bytes = text_copy(ws->arena, buf_view(&b));
	buf_free(&b);
	uuid_text(&o->log.uuid, log);
	return keys_subject(ws->keys, text_format(ws->arena, "%s/%.*s", log, TEXT_ARG(o->ticket)),
			    out->subject, err);
}

/* Sent again it is the same access, which ends when the first one does. */
static enum rc was_there(struct opening *o, struct text body, bool *again, struct err *err)
{
	struct stored_entry stored;
	struct canon_doc doc;
	struct entry before, now;
	enum rc rc;

	*again = false;
	if (!o->given)
		return RC_OK;
	rc = record_entry_of_id(o->ws.store, o->ws.arena, o->log.id, &o->id, &stored, err);
	if (rc == RC_MISSING) {
		err_clear(err);
		return RC_OK;
	}
	if (rc == RC_OK)
		rc = entry_parse(o->ws.arena, NULL, stored.bytes, &before, &doc, err);
	if (rc != RC_OK)
		return rc;
	now = (struct entry){.id = o->id,
			     .kind = FACT_EMERGENCY_ACCESS,
			     .client = o->ws.actor.client,
			     .occurred_at = before.occurred_at,
			     .body = body};
	if (!entry_same_report(&before, &now) || !text_eq(before.actor, o->ws.actor.id)) {
		err_code(err, "id_conflict");
		return err_set(err, RC_INVALID,
			       "this id was recorded with other content or by somebody else");
	}
	*again = true;
	o->until = before.recorded_at + HEALTH_OPEN_MS;
	return RC_OK;
}

static enum rc tell_signers(struct opening *o, struct text id, struct err *err)
{
	const struct mail_notice n = {.kind = MAIL_EMERGENCY,
				      .right = R_TERMS_APPROVE, /* of the client's the signers' */
				      .contract = o->log.contract,
				      .object = o->ticket,
				      .cause = id};

	return outbox_tell_client(&o->ws, &n, err);
}

static enum rc put_access(struct opening *o, struct err *err)
{
	struct workspace *ws = &o->ws;
	struct text body, uuid;
	struct own_slot slot;
	char id[UUID_TEXT + 1];
	bool again = false;
	enum rc rc = record_log_of_uuid(ws->store, ws->arena, &o->log.uuid, &o->log, err);

	if (rc == RC_OK)
		rc = may_open(o, err);
	if (rc != RC_OK)
		return rc;
	body = body_of_access(o);
	rc = was_there(o, body, &again, err);
	if (rc != RC_OK || again)
		return rc;
	rc = workspace_keys_begin(ws, err);
	if (rc == RC_OK)
		rc = reason_slot(o, &slot, err);
	if (rc != RC_OK)
		return rc;
	ws->app->world->random.fill(ws->app->world->random.context, slot.salt, SALT_BYTES);
	o->until = ws->now + HEALTH_OPEN_MS;
	uuid_text(&o->id, id);
	uuid = text_copy(ws->arena, text_of(id));
	rc = append_own(ws, &o->log, FACT_EMERGENCY_ACCESS, body, &o->id, ws->now, &slot, 1, NULL,
			err);
	if (rc == RC_OK)
		rc = tell_signers(o, uuid, err);
	return rc == RC_OK ? workspace_audit(ws, o->log.contract, uuid, err) : rc;
}

static enum rc open_it(struct opening *o, struct err *err)
{
	struct workspace *ws = &o->ws;
	enum rc rc = workspace_log(ws, args_text(o->args, PARAM_CONTRACT_ID), &o->log, err);

	if (rc == RC_OK)
		rc = reason_ok(o, err);
	if (rc == RC_OK)
		rc = take_id(o, err);
	if (rc == RC_OK)
		rc = workspace_begin(ws, err);
	if (rc != RC_OK)
		return rc;
	rc = workspace_end(ws, put_access(o, err), err);
	if (rc == RC_OK)
		rc = sign_log_and_install(ws, &o->log, false, NULL, err);
	if (rc == RC_OK)
		rc = found_fill(ws, &o->log, err);
	return rc == RC_OK ? tickets_keep(ws, &o->log, err) : rc;
}

static void say(const struct opening *o, struct reply *reply)
{
	struct text until = answer_time(o->ws.arena, o->until);
	struct json j;

	if (!args_has(o->args, PARAM_JSON)) {
		buf_printf(&reply->out,
			   "the health data of %.*s is open to you until %.*s; the record and the "
			   "client's signers are told\n",
			   TEXT_ARG(o->ticket), TEXT_ARG(until));
		return;
	}
	json_init(&j, &reply->out, true);
	json_open_object(&j);
	json_kv_text(&j, "ticket", o->ticket);
	json_kv_text(&j, "until", until);
	json_end_object(&j);
	buf_char(&reply->out, '\n');
}

enum rc action_ticket_emergency(struct app *app, const struct args *args, struct reply *reply,
				struct err *err)
{
	struct opening *o = arena_one(app->arena, struct opening);
	enum rc rc = workspace_open(app, args, STORE_WRITE, &o->ws, err);

	if (rc != RC_OK)
		return rc;
	o->args = args;
	o->ticket = args_text(args, PARAM_TICKET);
	o->code = args_text(args, PARAM_EMERGENCY_CODE);
	o->reason = text_trim(args_text(args, PARAM_EMERGENCY_WHY));
	rc = open_it(o, err);
	if (rc == RC_OK)
		say(o, reply);
	workspace_close(&o->ws);
	return rc;
}
