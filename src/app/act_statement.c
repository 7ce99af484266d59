/* SPDX-License-Identifier: Apache-2.0 */
/* tenor statement: what a month comes to, from the record; issued, it stays what it was. */
#include "app/answer.h"
#include "app/append.h"
#include "app/documents.h"
#include "app/inputs.h"
#include "app/load.h"
#include "app/logs.h"
#include "app/money.h"
#include "app/outbox.h"
#include "app/provider.h"
#include "app/recall_past.h"
#include "app/signing.h"
#include "app/tickets_past.h"
#include "base/json.h"
#include "facts/exact.h"
#include "render/report.h"

#include <string.h>

enum { CASES = 50, CASES_MAX = 1000 }; /* of one part: unless asked for, and at most */
enum { TRIES_MAX = 5 };                /* to issue; the record is in memory each time */

struct telling {
	struct workspace ws;
	const struct args *args;
	struct log_head log;
	struct recalled r;
	struct span period;
	struct evaluation in;
	struct outcome *outcome;
	struct stored_checkpoint checkpoint;
	struct issued *before;
	size_t n_before;
	struct statement_record record;
	char root[SHA256_HEX + 1], document[SHA256_HEX + 1];
	struct statement_options options;
	enum format format;
};

static const struct promise *newest(const struct telling *t)
{
	return t->r.versions[t->r.n_versions - 1].promise;
}

/* --- what is asked --- */

static enum rc ask(struct telling *t, struct err *err)
{
	struct loaded l;
	enum rc rc;

	recall_as_loaded(&t->r, t->ws.arena, &l);
	rc = load_period(&l, t->args, &t->period, err);
	return rc == RC_OK ? load_evaluation(t->ws.app, &l, t->args, t->period, t->period.to,
					     &t->in, err)
			   : rc;
}

static enum rc judge(struct telling *t, struct err *err)
{
	enum rc rc = ask(t, err);

	if (rc != RC_OK)
		return rc;
	recall_left_out(&t->r, &t->in);
	rc = money_bases_of(&t->ws, &t->r, &t->in, err);
	return rc == RC_OK ? evaluate(t->ws.arena, &t->in, &t->outcome, err) : rc;
}

/*
 * Is a month asked for by all that is known? Then tickets of others need not be read, unless it is as of an instant before the last of it
 * (recall_past_facts). What is issued is worked out of all there is.
 */
static bool asks_known(const struct args *args)
{
	return window_of(args).n > 0 && !args_has(args, PARAM_KNOWN_AS_OF) &&
	       !args_has(args, PARAM_ISSUE);
}

static enum rc as_of_asked(const struct telling *t, struct span period, instant *out,
			   struct err *err)
{
	*out = t->log.last_recorded_at > period.to ? t->log.last_recorded_at : period.to;
	return args_has(t->args, PARAM_AS_OF)
		       ? value_instant(args_text(t->args, PARAM_AS_OF), newest(t)->zone, out, err)
		       : RC_OK;
}

static enum rc recall_month(struct telling *t, struct past_asked *asked, struct err *err)
{
	bool own = !store_in_transaction(t->ws.store);
	struct span period;
	bool any = false;
	enum rc rc = own ? store_begin_read(t->ws.store, err) : RC_OK;

	if (rc != RC_OK)
		return rc;
	rc = tickets_past_any(&t->ws, &t->log, &any, err);
	if (rc != RC_OK || !any) {
		if (own)
			store_rollback(t->ws.store);
		return rc;
	}
	rc = recall_versions(&t->ws, &t->log, INSTANT_MAX, &t->r, err);
	if (rc == RC_OK)
		rc = value_period(window_of(t->args), newest(t)->zone, &period, err);
	if (rc == RC_OK)
		rc = as_of_asked(t, period, &asked->as_of, err);
	if (rc == RC_OK) {
		asked->shown = tickets_past_shown(&t->r, period);
		rc = recall_past_facts(&t->ws, asked, &t->r, err);
	}
	if (own)
		store_rollback(t->ws.store);
	return rc;
}

/* Does what is shown tell of tickets that were left out? */
static bool tells_of_past(const struct telling *t)
{
	const struct outcome *o = t->outcome;

	for (size_t i = 0; o->in.past != NULL && i < o->n_windows; i++)
		if (window_shown(o, &o->windows[i]) && window_of_past(o, &o->windows[i]))
			return true;
	return false;
}

static enum rc judge_all(struct telling *t, struct err *err)
{
	struct recall_options options = {-1, INSTANT_MAX, PACK_IDS_FEW};
	enum rc rc = recall_known_by(&t->ws, &t->log, t->args, &options.known_as_of, err);

	if (rc == RC_OK)
		rc = recall(&t->ws, &t->log, &options, &t->r, err);
	return rc == RC_OK ? judge(t, err) : rc;
}

static enum rc work_out(struct telling *t, struct err *err)
{
	struct past_asked asked = {{0, 0}, 0};
	bool judged = false;
	enum rc rc = RC_OK;

	t->r.left_out = NULL;
	if (asks_known(t->args))
		rc = recall_month(t, &asked, err);
	if (rc == RC_OK && t->r.left_out != NULL) {
		rc = judge(t, err);
		judged = rc == RC_OK && t->in.as_of == asked.as_of && !tells_of_past(t);
	}
	if (rc == RC_OK && !judged)
		rc = judge_all(t, err);
	if (rc == RC_OK)
		rc = issued_read(&t->ws, &t->log, window_of(t->args), &t->before, &t->n_before,
				 err);
	return rc;
}

static void describe_record(struct telling *t, int64_t size, const struct hash *root,
			    int64_t revision)
{
	hash_hex(root, t->root);
	t->record.origin = t->log.origin;
	t->record.size = size;
	t->record.root = text_of(t->root);
	t->record.revision = revision;
	t->options.record = &t->record;
	t->options.entries = true;
}

/* --- issuing --- */

/* The first key in force when the log had that many entries: an issued statement keeps the one it was issued with (J14). */
static enum rc first_key_id(struct telling *t, int64_t size, struct text *out, struct err *err)
{
	struct own_entry *added, *retired;
	size_t n_added, n_retired;
	struct vkey key;
	struct buf b;
	enum rc rc = own_entries(&t->ws, &t->log, FACT_LOG_KEY_ADDED, size, &added, &n_added, err);

	if (rc == RC_OK)
		rc = own_entries(&t->ws, &t->log, FACT_LOG_KEY_RETIRED, size, &retired, &n_retired,
				 err);
	if (rc != RC_OK)
		return rc;
	buf_init(&b, 64);
	for (size_t i = 0; rc == RC_OK && i < n_added && b.n == 0; i++) {
		bool gone = false;

		for (size_t k = 0; k < n_retired; k++)
			gone = gone || text_eq(own_entry_text(&retired[k], "vkey"),
					       own_entry_text(&added[i], "vkey"));
		if (gone)
			continue;
		rc = vkey_parse(own_entry_text(&added[i], "vkey"), &key, err);
		if (rc == RC_OK)
			hex_add(&b, key.id, KEY_ID_BYTES);
	}
	*out = text_copy(t->ws.arena, buf_view(&b));
	buf_free(&b);
	return rc;
}

static struct text issued_body(const struct telling *t)
{
	struct text out;
	struct buf b, at;
	struct json j;

	buf_init(&b, 4096);
	buf_init(&at, 64);
	json_init(&j, &b, false);
	json_open_object(&j);
	exact_instant_print(&at, t->in.as_of);
	json_kv_text(&j, "as_of", buf_view(&at));
	json_kv_str(&j, "document", t->document);
	buf_clear(&at);
	exact_instant_print(&at, t->in.known_as_of);
	json_kv_text(&j, "known_as_of", buf_view(&at));
	json_kv_int(&j, "revision", t->record.revision);
	json_kv_int(&j, "size", t->record.size);
	json_kv_text(&j, "window", window_of(t->args));
	json_end_object(&j);
	out = text_copy(t->ws.arena, buf_view(&b));
	buf_free(&b);
	buf_free(&at);
	return out;
}

static enum rc write_issue(struct telling *t, const struct hash *sha, struct text document,
			   struct err *err)
{
	struct workspace *ws = &t->ws;
	struct uuid id = workspace_uuid(ws), delivered = workspace_uuid(ws);
	char cause[UUID_TEXT + 1];
	struct mail_notice notice = {.kind = MAIL_STATEMENT,
				     .right = R_MONEY_READ,
				     .contract = t->log.contract,
				     .object = window_of(t->args)};
	enum rc rc = workspace_begin(ws, err);

	if (rc != RC_OK)
		return rc;
	uuid_text(&id, cause);
	notice.cause = text_of(cause);
	rc = record_log_of_uuid(ws->store, ws->arena, &t->log.uuid, &t->log, err);
	if (rc == RC_OK && t->log.edge.size != t->record.size) {
		err_code(err, "moved");
		err_hint(err, "issue it again");
		rc = err_set(err, RC_INVALID,
			     "more was recorded while the statement was worked out");
	}
	if (rc == RC_OK)
		rc = record_blob_put(ws->store, sha, text_of("document"), document, err);
	if (rc == RC_OK)
		rc = append_own(ws, &t->log, FACT_STATEMENT_ISSUED, issued_body(t), &id, ws->now,
				NULL, 0, NULL, err);
	if (rc == RC_OK)
		rc = append_own(
			ws, &t->log, FACT_REPORT_DELIVERED,
			body_of(ws->arena, "window", window_of(t->args), NULL, text_of(NULL)),
			&delivered, ws->now, NULL, 0, NULL, err);
	if (rc == RC_OK)
		rc = outbox_tell_client(ws, &notice, err);
	if (rc == RC_OK)
		rc = workspace_audit(ws, t->log.contract, window_of(t->args), err);
	return workspace_end(ws, rc, err);
}

/* Checkpoint n, the document, its fact, checkpoint n + 1 (J11). */
static enum rc issue(struct telling *t, struct err *err)
{
	struct document_about about = {.window = window_of(t->args), .rules = ENGINE_NEWEST};
	struct hash sha;
	struct buf document;
	enum rc rc = first_key_id(t, t->checkpoint.size, &about.key_id, err);

	if (rc != RC_OK)
		return rc;
	describe_record(t, t->checkpoint.size, &t->checkpoint.root, (int64_t)t->n_before + 1);
	about.checkpoint =
		(struct checkpoint){t->log.origin, t->checkpoint.size, t->checkpoint.root};
	about.root_hex = t->root;
	about.revision = t->record.revision;
	buf_init(&document, 1 << 30);
	rc = document_print(t->ws.arena, t->outcome, &about, &document, err);
	if (rc == RC_OK) {
		sha256(buf_view(&document), sha.b);
		hash_hex(&sha, t->document);
		t->record.document = text_of(t->document);
		rc = write_issue(t, &sha, buf_view(&document), err);
	}
	buf_free(&document);
	return rc == RC_OK ? sign_log_and_install(&t->ws, &t->log, true, NULL, err) : rc;
}

static enum rc issue_once(struct telling *t, struct err *err)
{
	enum rc rc = sign_log(&t->ws, &t->log, true, &t->checkpoint, err);

	if (rc == RC_OK)
		rc = workspace_log(&t->ws, t->log.contract, &t->log, err);
	if (rc == RC_OK)
		rc = work_out(t, err);
	return rc == RC_OK ? issue(t, err) : rc;
}

/* Whoever recorded meanwhile moved the head, and it is made anew: it tells of all that is in the record when it is signed. */
static enum rc work_out_and_issue(struct telling *t, struct err *err)
{
	enum rc rc = workspace_may(&t->ws, R_MONEY_WRITE, err);

	if (rc == RC_OK)
		rc = inputs_pin_engine(&t->ws, &t->log, err);
	if (rc != RC_OK)
		return rc;
	rc = RC_INVALID;
	for (int i = 0; i < TRIES_MAX && rc != RC_OK; i++) {
		err_clear(err);
		rc = issue_once(t, err);
		if (rc != RC_OK && strcmp(err->code, "moved") != 0)
			return rc;
	}
	return rc;
}

/* --- answering --- */

static enum rc answer(struct telling *t, struct reply *reply, struct err *err)
{
	struct app *app = t->ws.app;
	struct answer_sender from = {newest(t)->provider, t->outcome->in.known_as_of};
	enum rc rc = answer_language(t->args, newest(t)->language, &t->options.language, err);

	if (rc != RC_OK)
		return rc;
	if (rc == RC_OK && t->format == FORMAT_PDF)
		rc = provider_letterhead(&t->ws, INSTANT_MAX, err);
	if (rc != RC_OK)
		return rc;
	t->options.explain_command = text_of("tenor explain \xE2\x80\xA6");
	t->options.text_only = t->format == FORMAT_TEXT;
	switch (t->format) {
	case FORMAT_TEXT:
	case FORMAT_HTML:
	case FORMAT_PDF:
		return answer_doc(app, t->args, t->format,
				  statement_doc(app->arena, t->outcome, &t->options), &from,
				  &reply->out, err);
	case FORMAT_JSON:
		statement_json(app->arena, t->outcome, &t->options, true, &reply->out);
		break;
	case FORMAT_CSV:
		statement_csv(app->arena, t->outcome, &reply->out);
		break;
	}
	return RC_OK;
}

/* A statement as it was issued: worked out again, and held against the hash that the record has of it. */
static enum rc tell_issued(struct telling *t, struct err *err)
{
	int64_t revision = 0;
	const struct issued *is;
	struct stored_checkpoint c;
	struct document_about about = {.window = window_of(t->args)};
	struct stored_checkpoint *all;
	struct buf document;
	struct hash sha;
	size_t n;
	enum rc rc =
		issued_read(&t->ws, &t->log, window_of(t->args), &t->before, &t->n_before, err);

	if (rc != RC_OK)
		return rc;
	if (!text_int(args_text(t->args, PARAM_REVISION), &revision) || revision < 1 ||
	    (size_t)revision > t->n_before) {
		err_hint(err, t->n_before == 0 ? "--issue issues it" : "it was issued %zu times",
			 t->n_before);
		return err_set(err, RC_MISSING, "there is no revision %.*s of %.*s",
			       TEXT_ARG(args_text(t->args, PARAM_REVISION)),
			       TEXT_ARG(window_of(t->args)));
	}
	is = &t->before[revision - 1];
	rc = issued_again(&t->ws, &t->log, is, &t->r, &about.rules, &t->outcome, err);
	if (rc == RC_OK)
		rc = record_checkpoints(t->ws.store, t->ws.arena, t->log.id, &all, &n, err);
	if (rc == RC_OK)
		rc = first_key_id(t, is->size, &about.key_id, err);
	if (rc != RC_OK)
		return rc;
	c = (struct stored_checkpoint){.size = -1};
	for (size_t i = 0; i < n; i++)
		if (all[i].size == is->size)
			c = all[i];
	if (c.size < 0)
		return err_set(err, RC_INVALID,
			       "the checkpoint of %lld entries that the statement names is missing",
			       (long long)is->size);
	describe_record(t, c.size, &c.root, is->revision);
	about.checkpoint = (struct checkpoint){t->log.origin, c.size, c.root};
	about.root_hex = t->root;
	about.revision = is->revision;
	buf_init(&document, 1 << 30);
	rc = document_print(t->ws.arena, t->outcome, &about, &document, err);
	sha256(buf_view(&document), sha.b);
	buf_free(&document);
	hash_hex(&is->document, t->document);
	t->record.document = text_of(t->document);
	if (rc == RC_OK && !hash_eq(&sha, &is->document)) {
		err_hint(err, "the record has the document itself: \"tenor export bundle\" writes "
			      "it out");
		return err_set(err, RC_INVALID,
			       "worked out again, the statement is not the one that was issued");
	}
	return rc;
}

static enum rc tell(struct telling *t, struct reply *reply, struct err *err)
{
	enum rc rc = workspace_log(&t->ws, args_text(t->args, PARAM_CONTRACT_ID), &t->log, err);

	if (rc != RC_OK)
		return rc;
	if (args_has(t->args, PARAM_REVISION)) {
		rc = tell_issued(t, err);
	} else if (args_has(t->args, PARAM_ISSUE)) {
		rc = work_out_and_issue(t, err);
	} else {
		struct hash root = edge_root(t->ws.hasher, &t->log.edge);

		rc = work_out(t, err);
		describe_record(t, t->log.edge.size, &root, (int64_t)t->n_before + 1);
	}
	return rc == RC_OK ? answer(t, reply, err) : rc;
}

static enum rc usage(const struct args *args, enum format format, struct err *err)
{
	if (args_has(args, PARAM_ISSUE) &&
	    (args_has(args, PARAM_AS_OF) || args_has(args, PARAM_KNOWN_AS_OF) ||
	     args_has(args, PARAM_BASE))) {
		err_hint(err, "issue what is recorded, or look at something else without --issue");
		return err_set(
			err, RC_USAGE,
			"--issue takes everything recorded: no --as-of, --known-as-of or --base");
	}
	if ((args_has(args, PARAM_ISSUE) || args_has(args, PARAM_REVISION)) &&
	    window_of(args).n == 0)
		return err_set(err, RC_USAGE, "which month is not said: --month YYYY-MM");
	if (args_has(args, PARAM_ISSUE) && args_has(args, PARAM_REVISION))
		return err_set(err, RC_USAGE,
			       "--issue makes a new one and --revision shows an old one");
	if ((args_has(args, PARAM_CASES_LIMIT) || args_has(args, PARAM_CASES_AFTER)) &&
	    format != FORMAT_JSON) {
		err_hint(err, "--json --limit 1000");
		return err_set(err, RC_USAGE, "cases come in parts in JSON alone");
	}
	return RC_OK;
}

/* limit and after. A server's answer has its bounds. */
static enum rc take_part(struct telling *t, struct err *err)
{
	int64_t most = t->ws.app->served != NULL ? CASES : 0, from = 0;

	if (args_has(t->args, PARAM_CASES_LIMIT) &&
	    value_limit(args_text(t->args, PARAM_CASES_LIMIT), CASES_MAX, &most, err) != RC_OK) {
		err_key(err, text_of("limit"));
		return RC_USAGE;
	}
	if (args_has(t->args, PARAM_CASES_AFTER) &&
	    (!text_int(args_text(t->args, PARAM_CASES_AFTER), &from) || from < 0 ||
	     from > UINT32_MAX)) {
		err_key(err, text_of("after"));
		err_hint(err, "\"next\" of the part before says from where on");
		return err_set(err, RC_USAGE, "after is a number of rows");
	}
	if (from > 0 && most == 0)
		most = CASES_MAX;
	t->options.cases_most = (size_t)most;
	t->options.cases_from = (size_t)from;
	return RC_OK;
}

enum rc action_statement(struct app *app, const struct args *args, struct reply *reply,
			 struct err *err)
{
	struct telling *t = arena_one(app->arena, struct telling);
	enum rc rc = answer_format(args, &t->format, err);

	t->args = args;
	if (rc == RC_OK)
		rc = usage(args, t->format, err);
	if (rc == RC_OK)
		rc = workspace_open(app, args,
				    args_has(args, PARAM_ISSUE) ? STORE_WRITE : STORE_READ, &t->ws,
				    err);
	if (rc != RC_OK)
		return rc;
	rc = take_part(t, err);
	if (rc == RC_OK)
		rc = tell(t, reply, err);
	reply->issued = (int64_t)t->n_before;
	workspace_close(&t->ws);
	return rc;
}
