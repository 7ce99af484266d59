/* SPDX-License-Identifier: Apache-2.0 */
/* tenor cosign accept: a witness's line into the record, after the checks of trust.md J17. */
#include "app/answer.h"
#include "app/append.h"
#include "app/filing.h"
#include "app/log_of.h"
#include "app/own_entries.h"
#include "app/signing.h"
#include "app/trust.h"
#include "base/json.h"
#include "facts/exact.h"

enum { LINE_MAX_BYTES = 4096 };
#define AHEAD_MS (5 * MINUTE_MS)

static const char dash[] = "\xE2\x80\x94 "; /* how a signature line begins */

struct accepting {
	struct workspace ws;
	const struct args *args;
	struct reply *reply;
	struct log_head log;
	struct text line; /* with its newline */
	struct text name; /* of the key in it */
	struct vkey key;
	struct stored_checkpoint checkpoint;
	int64_t unix_s;
	bool again;
};

/* The line itself, or a file that holds it. */
static enum rc read_line(struct app *app, struct accepting *x, struct err *err)
{
	struct text given = args_text(x->args, PARAM_LINE), rest;
	enum rc rc = RC_OK;

	if (!text_starts(given, dash))
		rc = filing_read(app, given, LINE_MAX_BYTES, &given, err);
	if (rc != RC_OK)
		return rc;
	given = text_trim(given);
	if (!text_starts(given, dash) || text_find(given, '\n', 0) < given.n) {
		err_hint(err,
			 "one line that begins with \xE2\x80\x94, as \"tenor cosign\" prints it");
		return err_set(err, RC_INVALID, "this is no cosignature");
	}
	x->line = text_format(app->arena, "%.*s\n", TEXT_ARG(given));
	rest = text_cut(text_sub(given, sizeof(dash) - 1, given.n), ' ', &x->name);
	if (x->name.n == 0 || rest.n == 0) {
		err_hint(err, "\xE2\x80\x94 NAME BASE64");
		return err_set(err, RC_INVALID, "this is no cosignature");
	}
	return RC_OK;
}

/* The stored checkpoint's text under this one line. */
static enum rc note_with(const struct accepting *x, const struct stored_checkpoint *c,
			 struct arena *a, struct note *out, struct err *err)
{
	struct note stored;
	enum rc rc = note_parse(c->note, &stored, err);

	if (rc == RC_OK)
		rc = note_parse(
			text_format(a, "%.*s\n%.*s", TEXT_ARG(stored.text), TEXT_ARG(x->line)), out,
			err);
	return rc;
}

/* The newest first: a witness signs what is new. *found false: the key has signed none of them. */
static enum rc find_signed(struct accepting *x, const struct vkey *key,
			   const struct stored_checkpoint *all, size_t n, bool *found, bool *forged,
			   struct err *err)
{
	*found = false;
	for (size_t i = n; i > 0 && !*found; i--) {
		struct note note;
		enum note_verdict verdict;
		enum rc rc = note_with(x, &all[i - 1], x->ws.arena, &note, err);

		if (rc != RC_OK)
			return rc;
		verdict = note_check(&note, key, &x->unix_s);
		*forged = *forged || verdict == NOTE_FORGED;
		if (verdict != NOTE_SIGNED)
			continue;
		x->checkpoint = all[i - 1];
		x->key = *key;
		*found = true;
	}
	return RC_OK;
}

static enum rc refuse(struct err *err, const char *code, const char *words, struct text what,
		      const char *hint)
{
	err_code(err, code);
	err_hint(err, "%s", hint);
	return err_set(err, RC_INVALID, "%s '%.*s'", words, TEXT_ARG(what));
}

/* J17: unknown key or bad signature. */
static enum rc find_key(struct accepting *x, struct err *err)
{
	struct own_entry *v;
	struct stored_checkpoint *all;
	size_t n, n_all;
	bool found = false, forged = false;
	enum rc rc =
		own_entries(&x->ws, &x->log, FACT_WITNESS_ADDED, x->log.edge.size, &v, &n, err);

	if (rc == RC_OK)
		rc = record_checkpoints(x->ws.store, x->ws.arena, x->log.id, &all, &n_all, err);
	for (size_t i = 0; rc == RC_OK && i < n && !found; i++) {
		struct vkey key;

		rc = vkey_parse(own_entry_text(&v[i], "vkey"), &key, err);
		if (rc == RC_OK && text_eq(key.name, x->name))
			rc = find_signed(x, &key, all, n_all, &found, &forged, err);
	}
	if (rc != RC_OK || found)
		return rc;
	if (forged)
		return refuse(err, "bad_signature",
			      "no checkpoint of this log was signed by this line of", x->name,
			      "a bundle of another workspace, or a line that was altered");
	return refuse(err, "unknown_key", "no witness with this key is known:", x->name,
		      "\"tenor log witness KEY\" records it");
}

/* J17: a size below the key's last; a time more than five minutes ahead. */
static enum rc judge(struct accepting *x, struct err *err)
{
	struct own_entry *v;
	struct text name = trust_name(x->ws.arena, &x->key);
	int64_t last = 0;
	size_t n;
	enum rc rc = own_entries(&x->ws, &x->log, FACT_CHECKPOINT_COSIGNED, x->log.edge.size, &v,
				 &n, err);

	if (rc != RC_OK)
		return rc;
	for (size_t i = 0; i < n; i++) {
		if (!text_eq(own_entry_text(&v[i], "vkey"), name))
			continue;
		if (own_entry_number(&v[i], "size", 0) > last)
			last = own_entry_number(&v[i], "size", 0);
		x->again = x->again || own_entry_number(&v[i], "size", 0) == x->checkpoint.size;
	}
	if (x->checkpoint.size < last) {
		/* for a program that is answered with the size alone (http/tlog.c) */
		buf_printf(&x->reply->out, "%lld\n", (long long)last);
		err_code(err, "size_below");
		return err_set(
			err, RC_INVALID,
			"this key has cosigned %lld entries already, and this line is for %lld",
			(long long)last, (long long)x->checkpoint.size);
	}
	if (x->unix_s > (x->ws.now + AHEAD_MS) / SECOND_MS) {
		err_code(err, "time_ahead");
		err_hint(err, "set the clock of the witness right and cosign again");
		return err_set(err, RC_INVALID,
			       "it says it was signed more than 5 minutes from now");
	}
	return RC_OK;
}

static struct text body(const struct accepting *x)
{
	char root[SHA256_HEX + 1];
	struct text out;
	struct buf b, t;
	struct json j;

	hash_hex(&x->checkpoint.root, root);
	buf_init(&b, (size_t)2 * LINE_MAX_BYTES);
	buf_init(&t, 64);
	exact_instant_print(&t, x->unix_s * SECOND_MS);
	json_init(&j, &b, false);
	json_open_object(&j);
	json_kv_str(&j, "root", root);
	json_kv_text(&j, "signature", text_trim(x->line));
	json_kv_int(&j, "size", x->checkpoint.size);
	json_kv_text(&j, "time", buf_view(&t));
	json_kv_text(&j, "vkey", trust_name(x->ws.arena, &x->key));
	json_end_object(&j);
	out = text_copy(x->ws.arena, buf_view(&b));
	buf_free(&b);
	buf_free(&t);
	return out;
}

static enum rc write_it(struct accepting *x, struct err *err)
{
	struct workspace *ws = &x->ws;
	struct stored_checkpoint now;
	struct uuid id;
	enum rc rc = workspace_begin(ws, err);

	if (rc != RC_OK)
		return rc;
	id = workspace_uuid(ws);
	rc = record_log_of_uuid(ws->store, ws->arena, &x->log.uuid, &x->log, err);
	/* read again: another cosignature may have been added meanwhile */
	if (rc == RC_OK)
		rc = record_checkpoint(ws->store, ws->arena, x->log.id, x->checkpoint.size, &now,
				       err);
	if (rc == RC_OK) {
		struct text note =
			text_format(ws->arena, "%.*s%.*s", TEXT_ARG(now.note), TEXT_ARG(x->line));
		struct note whole;

		rc = note_parse(note, &whole, err);
		if (rc == RC_OK)
			rc = record_checkpoint_note(ws->store, x->log.id, x->checkpoint.size, note,
						    true, err);
	}
	if (rc == RC_OK)
		rc = append_own(ws, &x->log, FACT_CHECKPOINT_COSIGNED, body(x), &id, ws->now, NULL,
				0, NULL, err);
	if (rc == RC_OK)
		rc = workspace_audit(ws, x->log.contract, trust_name(ws->arena, &x->key), err);
	rc = workspace_end(ws, rc, err);
	return rc == RC_OK ? sign_log_and_install(ws, &x->log, false, NULL, err) : rc;
}

static void say(const struct accepting *x, struct reply *reply)
{
	struct text name = trust_name(x->ws.arena, &x->key);
	struct json j;

	if (!args_has(x->args, PARAM_JSON)) {
		buf_printf(&reply->out,
			   x->again ? "%.*s had cosigned the first %lld entries before\n"
				    : "%.*s has cosigned the first %lld entries\n",
			   TEXT_ARG(name), (long long)x->checkpoint.size);
		return;
	}
	json_init(&j, &reply->out, true);
	json_open_object(&j);
	json_kv_text(&j, "key", name);
	json_kv_int(&j, "size", x->checkpoint.size);
	json_kv_bool(&j, "again", x->again);
	json_end_object(&j);
	buf_char(&reply->out, '\n');
}

enum rc action_cosign_accept(struct app *app, const struct args *args, struct reply *reply,
			     struct err *err)
{
	struct accepting *x = arena_one(app->arena, struct accepting);
	enum rc rc;

	x->args = args;
	x->reply = reply;
	rc = read_line(app, x, err);
	if (rc == RC_OK)
		rc = workspace_open(app, args, STORE_WRITE, &x->ws, err);
	if (rc != RC_OK)
		return rc;
	rc = log_named(&x->ws, args_text(args, PARAM_CONTRACT_ID), &x->log, err);
	if (rc == RC_OK)
		rc = find_key(x, err);
	if (rc == RC_OK)
		rc = judge(x, err);
	if (rc == RC_OK && !x->again)
		rc = write_it(x, err);
	if (rc == RC_OK)
		say(x, reply);
	workspace_close(&x->ws);
	return rc;
}
