/* SPDX-License-Identifier: Apache-2.0 */
/* tenor erase: the personal text of a subject is destroyed, proofs and numbers stay (trust.md J24, J25). */
#include "app/append.h"
#include "app/erase.h"
#include "app/logs.h"
#include "app/signing.h"
#include "base/json.h"
#include "journal/entry.h"

struct erasing {
	struct workspace ws;
	const struct args *args;
	struct text subject, reason;
	struct slot_log *where;
	size_t n_where;
	struct log_head *logs; /* of where, in its order */
	int64_t slots;
	instant before; /* erased already, then; INSTANT_NONE */
};

static enum rc unknown(const struct erasing *x, struct err *err)
{
	struct text person = args_text(x->args, PARAM_WHOM);

	if (person.n > 0) {
		err_hint(err, "words given without --person belong to their ticket: \"tenor log "
			      "show\" names the subject of each");
		return err_set(err, RC_MISSING,
			       "nothing is kept under the name '%.*s'; if it was erased, the name "
			       "went with it",
			       TEXT_ARG(person));
	}
	err_hint(err, "\"tenor log show\" names the subject of each private text");
	return err_set(err, RC_MISSING,
		       "there is no subject '%.*s' here, and none of that name was erased",
		       TEXT_ARG(x->subject));
}

static enum rc find_subject(struct erasing *x, struct err *err)
{
	struct workspace *ws = &x->ws;
	struct text label;
	char found[19];
	bool is_found = false;
	enum rc rc;

	if (args_has(x->args, PARAM_SUBJECT) == args_has(x->args, PARAM_WHOM)) {
		err_hint(err,
			 "tenor erase --subject s_7h3d0w5n2b9j4f1y, or tenor erase --person NAME");
		return err_set(err, RC_USAGE, "say whose: one subject or one person");
	}
	if (args_has(x->args, PARAM_WHOM)) {
		rc = keys_subject_find(ws->keys, args_text(x->args, PARAM_WHOM), found, &is_found,
				       err);
		x->subject = is_found ? text_copy(ws->arena, text_of(found)) : text_of("");
		return rc == RC_OK && !is_found ? unknown(x, err) : rc;
	}
	x->subject = args_text(x->args, PARAM_SUBJECT);
	if (!opaque_id_ok(x->subject, 's')) {
		err_hint(err, "a subject is s_ and 16 letters and digits");
		return err_set(err, RC_USAGE, "'%.*s' is no subject", TEXT_ARG(x->subject));
	}
	rc = keys_erased_at(ws->keys, x->subject, &x->before, err);
	if (rc != RC_OK || x->before != INSTANT_NONE)
		return rc;
	rc = keys_subject_label(ws->keys, ws->arena, x->subject, &label, err);
	if (rc != RC_MISSING)
		return rc;
	err_clear(err);
	return unknown(x, err);
}

static bool is_told(const struct erasing *x, const struct log_head *log)
{
	return log->kind == LOG_ENGAGEMENT || !x->ws.actor.client;
}

static struct text log_words(const struct log_head *log)
{
	return log->kind == LOG_ENGAGEMENT ? log->contract : text_of("internal notes");
}

/* Where it has private texts. A person of a client reaches their own engagement only, and is told no more of others than of nobody (P5). */
static enum rc find_slots(struct erasing *x, struct err *err)
{
	struct workspace *ws = &x->ws;
	struct log_head *all, notes = {.id = 0}; /* 0: there is no internal log */
	size_t n, kept = 0, shown = 0;
	enum rc rc =
		record_slot_logs(ws->store, ws->arena, x->subject, &x->where, &x->n_where, err);

	if (rc == RC_OK)
		rc = workspace_logs(ws, &all, &n, err);
	if (rc == RC_OK)
		rc = record_log_internal(ws->store, ws->arena, &notes, err);
	if (rc != RC_OK && rc != RC_MISSING)
		return rc;
	err_clear(err);
	x->logs = arena_array(ws->arena, struct log_head, x->n_where + 1);
	for (size_t i = 0; i < x->n_where; i++) {
		for (size_t k = 0; k < n; k++)
			if (all[k].id == x->where[i].log) {
				x->logs[kept++] = all[k];
				shown++;
			}
		/* What the provider noted about somebody goes too; a client is not told that there was any. */
		if (x->where[i].log == notes.id)
			x->logs[kept++] = notes;
		x->slots += is_told(x, &x->logs[i]) ? x->where[i].n : 0;
	}
	return kept < x->n_where || (ws->actor.client && shown == 0) ? unknown(x, err) : RC_OK;
}

/* Step 1 of J24: what cannot be undone is begun by what cannot be denied. */
static enum rc announce(struct erasing *x, struct err *err)
{
	struct workspace *ws = &x->ws;
	struct text body = body_of(ws->arena, "reason_code", x->reason, "subject", x->subject);
	enum rc rc = workspace_begin(ws, err);

	if (rc != RC_OK)
		return rc;
	for (size_t i = 0; rc == RC_OK && i < x->n_where; i++) {
		struct uuid id = workspace_uuid(ws);

		rc = record_log_of_uuid(ws->store, ws->arena, &x->logs[i].uuid, &x->logs[i], err);
		if (rc == RC_OK)
			rc = append_own(ws, &x->logs[i], FACT_SUBJECT_ERASED, body, &id, ws->now,
					NULL, 0, NULL, err);
	}
	if (rc == RC_OK)
		rc = workspace_audit(ws, x->n_where == 1 ? x->logs[0].contract : text_of(""),
				     x->subject, err);
	return workspace_end(ws, rc, err);
}

static enum rc erase(struct erasing *x, struct err *err)
{
	int64_t slots;
	enum rc rc = announce(x, err);

	if (rc == RC_OK)
		rc = erase_subject(&x->ws, x->subject, x->ws.now, &slots, err);
	return rc == RC_OK ? sign_engagements(&x->ws, x->logs, x->n_where, err) : rc;
}

static void print_day(struct buf *out, instant t)
{
	day_print(out, zone_day(zone_utc(), t));
}

static void say_json(const struct erasing *x, struct buf *out)
{
	struct buf at;
	struct json j;

	buf_init(&at, 64);
	instant_print(&at, x->before == INSTANT_NONE ? x->ws.now : x->before);
	json_init(&j, out, true);
	json_open_object(&j);
	json_kv_text(&j, "subject", x->subject);
	json_kv_text(&j, "erased_at", buf_view(&at));
	json_kv_bool(&j, "again", x->before != INSTANT_NONE);
	json_kv_int(&j, "texts", x->slots);
	json_key(&j, "contracts");
	json_open_array(&j);
	for (size_t i = 0; i < x->n_where; i++)
		if (x->logs[i].kind == LOG_ENGAGEMENT)
			json_text(&j, x->logs[i].contract);
	json_end_array(&j);
	json_end_object(&j);
	buf_char(out, '\n');
	buf_free(&at);
}

static void say(const struct erasing *x, struct buf *out)
{
	buf_printf(out, "%.*s %s on ", TEXT_ARG(x->subject),
		   x->before == INSTANT_NONE ? "is erased" : "was erased before,");
	print_day(out, x->before == INSTANT_NONE ? x->ws.now : x->before);
	if (x->before != INSTANT_NONE) {
		buf_str(out, "; there is nothing left to destroy\n");
		return;
	}
	buf_str(out, "\n  destroyed  its key, the name it was kept under");
	if (x->slots > 0)
		buf_printf(out, ", %lld private text%s with %s salt", (long long)x->slots,
			   x->slots == 1 ? "" : "s", x->slots == 1 ? "its" : "their");
	buf_char(out, '\n');
	for (size_t i = 0; i < x->n_where; i++)
		if (is_told(x, &x->logs[i]))
			buf_printf(out, "             %.*s: %lld\n", TEXT_ARG(log_words(&x->logs[i])),
				   (long long)x->where[i].n);
	buf_str(out,
		"  stays      every entry, every proof, every number\n"
		"Backups of the keys made before still open it: keep none longer than 30 days.\n");
}

enum rc action_erase(struct app *app, const struct args *args, struct reply *reply, struct err *err)
{
	struct erasing *x = arena_one(app->arena, struct erasing);
	enum rc rc = workspace_open(app, args, STORE_WRITE, &x->ws, err);

	if (rc != RC_OK)
		return rc;
	x->args = args;
	x->before = INSTANT_NONE;
	x->reason = args_has(args, PARAM_REASON_CODE) ? args_text(args, PARAM_REASON_CODE)
						      : text_of("request");
	rc = find_subject(x, err);
	if (rc == RC_OK && x->before == INSTANT_NONE) {
		rc = find_slots(x, err);
		if (rc == RC_OK)
			rc = erase(x, err);
	}
	if (rc == RC_OK && args_has(args, PARAM_JSON))
		say_json(x, &reply->out);
	else if (rc == RC_OK)
		say(x, &reply->out);
	workspace_close(&x->ws);
	return rc;
}
