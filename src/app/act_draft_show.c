/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tenor draft show, check, diff, backtest: what a draft says and what would follow from it; or another text in its place, before it is
 * saved. Nothing is written.
 */
#include "app/answer.h"
#include "app/backtest_charges.h"
#include "app/drafts.h"
#include "app/findings_out.h"
#include "app/input.h"
#include "app/load.h"
#include "app/provider.h"
#include "app/recall.h"
#include "base/json.h"
#include "render/changes.h"
#include "render/contract_page.h"
#include "terms/diff.h"

#include <string.h>

struct looking {
	struct app *app;
	const struct args *args;
	struct stored_draft d;
	struct draft_saved saved;
	struct text text; /* as saved, or the call's file */
	struct contract *contract;
	const struct promise *promise; /* NULL: invalid, or with holes */
	const struct contract *head;   /* NULL: it changes none */
	const struct promise *head_promise;
	instant now;
	bool money;
	enum format format;
};

static enum rc read_head(struct workspace *ws, struct looking *x, struct err *err)
{
	const struct recalled_version *head;
	struct log_head log;
	size_t number;
	enum rc rc;

	if (x->d.contract.n == 0)
		return RC_OK;
	rc = draft_head(ws, &x->d, &log, &head, &number, err);
	if (rc == RC_OK) {
		x->head = head->contract;
		x->head_promise = head->promise;
	}
	return rc;
}

static enum rc read_record(struct workspace *ws, struct looking *x, struct err *err)
{
	int64_t revision = 0;
	enum rc rc = draft_find(ws, args_text(x->args, PARAM_DRAFT), &x->d, err);

	revision = x->d.revision;
	if (rc == RC_OK && args_has(x->args, PARAM_DRAFT_REVISION) &&
	    !text_digits(args_text(x->args, PARAM_DRAFT_REVISION), &revision))
		return err_set(err, RC_USAGE, "'%.*s' is no revision",
			       TEXT_ARG(args_text(x->args, PARAM_DRAFT_REVISION)));
	if (rc == RC_OK)
		rc = draft_text(ws, &x->d, revision, &x->saved, err);
	if (rc == RC_OK)
		rc = read_head(ws, x, err);
	x->now = ws->now;
	x->money = workspace_allows(ws, R_MONEY_READ);
	if (rc == RC_OK && x->format == FORMAT_PDF)
		rc = provider_letterhead(ws, INSTANT_MAX, err);
	return rc;
}

/* The draft, its text read as a contract, and what it changes. */
static enum rc look(struct app *app, const struct args *args, struct looking *x, struct err *err)
{
	struct terms_context context;
	struct workspace ws;
	enum rc rc = answer_format(args, &x->format, err);

	x->app = app;
	x->args = args;
	if (rc == RC_OK)
		rc = workspace_open(app, args, STORE_READ, &ws, err);
	if (rc != RC_OK)
		return rc;
	rc = read_record(&ws, x, err);
	workspace_close(&ws);
	if (rc != RC_OK)
		return rc;
	x->text = x->saved.text;
	if (args_has(args, PARAM_CONTRACT))
		rc = input_whole(app, args_text(args, PARAM_CONTRACT), DRAFT_TEXT_MAX_BYTES,
				 &x->text, err);
	if (rc != RC_OK)
		return rc;
	context = load_context(app, x->d.id);
	rc = contract_read(app->arena, x->d.id, x->text, &context, &x->contract, err);
	if (rc == RC_OK && x->contract->valid && !x->contract->is_template)
		rc = load_promise(app, x->contract, &x->promise, err);
	return rc;
}

/* For what needs a contract without errors: they are told, and then, once, that they end the run. */
static enum rc whole(struct looking *x, struct reply *reply, struct err *err)
{
	if (x->promise != NULL)
		return RC_OK;
	if (!x->contract->valid)
		findings_note(x->app, x->contract, x->args, &reply->notes);
	err_at(err, x->d.id, 0, 0);
	err_code(err, "draft.unready");
	err_hint(err, "\"tenor draft check %.*s\" lists what is missing", TEXT_ARG(x->d.id));
	return err_set(err, RC_INVALID, "the draft is no whole contract yet");
}

/* --- show --- */

static void show_json(const struct looking *x, struct buf *out)
{
	struct json j;

	json_init(&j, out, true);
	json_open_object(&j);
	json_kv_text(&j, "draft", x->d.id);
	json_kv_int(&j, "revision", x->saved.revision);
	json_kv_int(&j, "last_revision", x->d.revision);
	if (x->d.contract.n > 0)
		json_kv_text(&j, "contract", x->d.contract);
	if (x->d.client_id.n > 0)
		json_kv_text(&j, "client", x->d.client_id);
	if (x->d.base.n > 0)
		json_kv_text(&j, "base", x->d.base);
	if (x->head != NULL)
		json_kv_str(&j, "head", x->head->hash);
	json_kv_text(&j, "author", x->saved.author);
	json_kv_text(&j, "changed_at", answer_time(x->app->arena, x->saved.at));
	json_kv_bool(&j, "valid", x->contract->valid);
	json_kv_bool(&j, "template", x->contract->is_template);
	json_kv_text(&j, "text", x->text);
	json_end_object(&j);
	buf_char(out, '\n');
}

static enum rc show_document(struct looking *x, struct reply *reply, struct err *err)
{
	struct contract_version *v = arena_one(x->app->arena, struct contract_version);
	struct contract_page page = {.contract = x->contract,
				     .promise = x->promise,
				     .versions = v,
				     .n_versions = 1,
				     .now = x->now,
				     .money = x->money,
				     .draft = x->d.id};
	struct answer_sender from;
	enum rc rc = whole(x, reply, err);

	if (rc == RC_OK)
		rc = answer_language(x->args, x->promise->language, &page.language, err);
	if (rc != RC_OK)
		return rc;
	*v = (struct contract_version){
		.hash = text_of(x->contract->hash), .agreed = INSTANT_NONE, .from = INSTANT_MAX};
	from = (struct answer_sender){x->promise->provider, x->now};
	return answer_doc(x->app, x->args, x->format, contract_doc(x->app->arena, &page), &from,
			  &reply->out, err);
}

enum rc action_draft_show(struct app *app, const struct args *args, struct reply *reply,
			  struct err *err)
{
	struct looking *x = arena_one(app->arena, struct looking);
	enum rc rc = look(app, args, x, err);

	if (rc != RC_OK)
		return rc;
	if (x->format == FORMAT_JSON)
		show_json(x, &reply->out);
	else if (x->format == FORMAT_TEXT)
		buf_text(&reply->out, x->text);
	else
		rc = show_document(x, reply, err);
	return rc;
}

/* --- check --- */

/* Effects come from facts of the same contract in the same currency; lint itself says what else changes. */
static bool measurable(const struct looking *x)
{
	const struct node *c;

	if (x->head == NULL || x->promise == NULL || !x->money)
		return false;
	c = node_at(x->contract->root, "contract");
	return text_eq(term_text(c, "id"), x->d.contract) &&
	       text_eq(term_text(c, "currency"), text_of(x->head_promise->currency.code));
}

enum rc action_draft_check(struct app *app, const struct args *args, struct reply *reply,
			   struct err *err)
{
	struct looking *x = arena_one(app->arena, struct looking);
	struct check_input in;
	enum rc rc = look(app, args, x, err);

	if (rc != RC_OK)
		return rc;
	in = (struct check_input){.contract = x->contract,
				  .promise = x->promise,
				  .base = x->promise != NULL ? x->head : NULL,
				  .base_promise = x->promise != NULL ? x->head_promise : NULL};
	if (measurable(x))
		in.measured_on = x->d.contract;
	return check_answer(app, args, &in, reply, err);
}

/* A whole draft of a contract that is there. */
static enum rc amendment(struct looking *x, struct reply *reply, struct err *err)
{
	enum rc rc = whole(x, reply, err);

	if (rc == RC_OK && x->head == NULL)
		rc = err_set(err, RC_INVALID, "'%.*s' changes no contract of the record",
			     TEXT_ARG(x->d.id));
	return rc;
}

/* --- diff --- */

enum rc action_draft_diff(struct app *app, const struct args *args, struct reply *reply,
			  struct err *err)
{
	struct looking *x = arena_one(app->arena, struct looking);
	const struct language *l;
	struct changes changes;
	enum rc rc = look(app, args, x, err);

	if (rc == RC_OK)
		rc = amendment(x, reply, err);
	if (rc == RC_OK)
		rc = answer_language(args, x->promise->language, &l, err);
	if (rc != RC_OK)
		return rc;
	changes =
		changes_without_names(app->arena, contract_diff(app->arena, x->head, x->contract));
	reply->status = changes.n > 0 ? 1 : 0;
	if (x->format == FORMAT_JSON)
		changes_json(x->head, x->contract, &changes, &reply->out);
	else
		rc = answer_doc(app, args, x->format,
				changes_doc(app->arena, x->head, x->contract, &changes, l), NULL,
				&reply->out, err);
	return rc;
}

/* --- backtest --- */

/* The month so many before that of the day. */
static struct text month_before(struct arena *a, day d, int back)
{
	struct civil c = civil_of(d);
	int months = (int)c.year * 12 + (int)c.month - 1 - back;

	return text_format(a, "%04d-%02d", months / 12, months % 12 + 1);
}

enum { MONTHS_TESTED = 3 };

enum rc action_draft_backtest(struct app *app, const struct args *args, struct reply *reply,
			      struct err *err)
{
	struct looking *x = arena_one(app->arena, struct looking);
	struct args *call = arena_one(app->arena, struct args);
	struct text *v = arena_array(app->arena, struct text, 3);
	enum rc rc = look(app, args, x, err);

	if (rc == RC_OK)
		rc = amendment(x, reply, err);
	if (rc != RC_OK)
		return rc;

	day today = zone_day(x->promise->zone, x->now);

	*call = *args;
	v[0] = x->d.contract;
	v[1] = month_before(app->arena, today, MONTHS_TESTED);
	v[2] = month_before(app->arena, today, 1);
	call->values[PARAM_CONTRACT_ID].v = &v[0];
	call->values[PARAM_CONTRACT_ID].n = 1;
	if (!args_has(args, PARAM_FROM_MONTH)) {
		call->values[PARAM_FROM_MONTH].v = &v[1];
		call->values[PARAM_FROM_MONTH].n = 1;
	}
	if (!args_has(args, PARAM_TO_MONTH)) {
		call->values[PARAM_TO_MONTH].v = &v[2];
		call->values[PARAM_TO_MONTH].n = 1;
	}
	return backtest_answer(app, call, x->contract, reply, err);
}
