/* SPDX-License-Identifier: Apache-2.0 */
/* tenor backtest: what a new version would have cost over what is recorded (contract-language.md CL-56). */
#include "app/answer.h"
#include "app/backtest_charges.h"
#include "app/inputs.h"
#include "app/load.h"
#include "app/provider.h"
#include "app/recall.h"
#include "app/values.h"
#include "render/backtest.h"
#include "terms/apply.h"
#include "terms/version.h"

#include <stdio.h>
#include <string.h>

struct testing {
	struct workspace ws;
	const struct args *args;
	struct contract *proposed;   /* --with */
	struct changes change;       /* from the head of --contract to it */
	struct backtest_contract *v; /* results, one a contract */
	size_t n;
	enum format format;
	struct reply *reply;
};

/* --- zones and files: as the record has them; what only the proposal names, from the system and from beside it --- */

struct both {
	struct terms_context record, outside;
};

static enum rc zone_of_both(void *context, struct text name, const struct zone **out,
			    struct err *err)
{
	struct both *b = context;
	struct err unused = {.line = 0};

	if (b->record.zones->find(b->record.zones->context, name, out, &unused) == RC_OK)
		return RC_OK;
	return b->outside.zones->find(b->outside.zones->context, name, out, err);
}

static enum rc file_of_both(void *context, struct text name, struct text *bytes, struct err *err)
{
	struct both *b = context;

	if (text_starts(name, "sha256:"))
		return b->record.load(b->record.load_context, name, bytes, err);
	return b->outside.load(b->outside.load_context, name, bytes, err);
}

static enum rc context_of_both(struct testing *t, const struct log_head *log,
			       struct terms_context *out, struct err *err)
{
	struct both *b = arena_one(t->ws.arena, struct both);
	struct zone_source *zones = arena_one(t->ws.arena, struct zone_source);
	enum rc rc = inputs_context(&t->ws, log, log->edge.size, INSTANT_MAX, &b->record, err);

	b->outside = load_context(t->ws.app, t->proposed->file);
	*zones = (struct zone_source){b, zone_of_both};
	*out = (struct terms_context){zones, file_of_both, b, b->record.leap_day_from};
	return rc;
}

/* --- one contract --- */

static enum rc months_asked(struct testing *t, const struct zone *zone, struct span *out,
			    struct err *err)
{
	struct text from = args_text(t->args, PARAM_FROM_MONTH),
		    to = args_text(t->args, PARAM_TO_MONTH);

	return value_period(text_format(t->ws.arena, "%.*s..%.*s", TEXT_ARG(from), TEXT_ARG(to)),
			    zone, out, err);
}

static enum rc ask(struct testing *t, const struct recalled *r, struct evaluation *out,
		   struct err *err)
{
	struct span period;
	struct loaded l;
	enum rc rc = months_asked(t, r->versions[r->n_versions - 1].promise->zone, &period, err);

	recall_as_loaded(r, t->ws.arena, &l);
	return rc == RC_OK ? load_evaluation(t->ws.app, &l, t->args, period, period.to, out, err)
			   : rc;
}

/* money.md R80, before anything is worked out. */
static enum rc check_currency(const struct promise *was, const struct promise *is, struct err *err)
{
	if (strcmp(was->currency.code, is->currency.code) == 0)
		return RC_OK;
	err_hint(err, "make a new contract");
	return err_set(err, RC_INVALID, "contract currency cannot change: '%s' to '%s'",
		       was->currency.code, is->currency.code);
}

/* What both charge, where any of them charges; sets the bases of the credits of both. */
static enum rc charge_both(struct testing *t, const struct recalled *r, struct evaluation *before,
			   struct evaluation *after, struct backtest_contract *out, struct err *err)
{
	const struct promise *p = after->versions[0].promise;
	struct arena *a = t->ws.arena;
	struct billed_side side[SIDES];
	struct compared_charges *c;
	const struct days *months;
	size_t n;
	enum rc rc;

	if (!backtest_has_charges(before) && !backtest_has_charges(after))
		return RC_OK;
	rc = backtest_charges(a, before, r->fact_index, &side[BEFORE], err);
	if (rc == RC_OK)
		rc = backtest_charges(a, after, r->fact_index, &side[AFTER], err);
	if (rc != RC_OK)
		return rc;
	months = months_of_span(a, p->zone, after->period, &n);
	rc = compare_charges(a, side, months, n, &c, err);
	if (rc == RC_OK)
		out->charges = c;
	return rc;
}

static enum rc compare_both(struct testing *t, const struct recalled *r,
			    const struct promise *proposed, struct backtest_contract *out,
			    struct err *err)
{
	struct compare_options options = {.items = COMPARE_ITEMS_DEFAULT};
	struct version *version = arena_one(t->ws.arena, struct version);
	struct evaluation before, after;
	struct outcome *was, *would;
	struct comparison *c;
	enum rc rc = check_currency(r->versions[r->n_versions - 1].promise, proposed, err);

	if (rc == RC_OK)
		rc = ask(t, r, &before, err);
	if (rc != RC_OK)
		return rc;
	*version = (struct version){proposed, INSTANT_MIN};
	after = before;
	after.versions = version;
	after.n_versions = 1;
	if (evaluations_share_view(t->ws.arena, &before, &after))
		before.view = after.view = evaluation_view(t->ws.arena, &before);
	rc = charge_both(t, r, &before, &after, out, err);
	if (rc == RC_OK)
		rc = evaluate(t->ws.arena, &before, &was, err);
	if (rc == RC_OK)
		rc = evaluate(t->ws.arena, &after, &would, err);
	if (rc == RC_OK)
		rc = compare_outcomes(t->ws.arena, was, would, &options, &c, err);
	if (rc == RC_OK)
		out->comparison = c;
	return rc;
}

/* The proposal for another contract: its own newest version with the same clauses changed. */
static enum rc proposal_for(struct testing *t, const struct recalled *r,
			    const struct terms_context *context, const struct contract **out,
			    struct changes *changes, struct err *err)
{
	const struct contract *head = r->versions[r->n_versions - 1].contract;
	struct applied applied;
	enum rc rc = changes_apply(t->ws.arena, head, &t->change, context, &applied, err);

	if (rc != RC_OK)
		return rc;
	for (size_t i = 0; i < applied.n_left_out; i++)
		if (!applied.left_out[i].identity)
			buf_printf(&t->reply->notes, "%.*s: %.*s is not changed: %.*s\n",
				   TEXT_ARG(r->log.contract), TEXT_ARG(applied.left_out[i].path),
				   TEXT_ARG(applied.left_out[i].why));
	*out = applied.contract;
	*changes = contract_diff(t->ws.arena, head, applied.contract);
	return RC_OK;
}

static enum rc test_one(struct testing *t, const struct log_head *log, bool own, struct err *err)
{
	struct recall_options options = {-1, INSTANT_MAX, PACK_IDS_FEW};
	struct terms_context context;
	const struct contract *proposed = t->proposed;
	const struct promise *promise;
	struct changes *changes = arena_one(t->ws.arena, struct changes);
	struct recalled *r = arena_one(t->ws.arena, struct recalled);
	enum rc rc = recall(&t->ws, log, &options, r, err);

	if (rc == RC_OK)
		rc = context_of_both(t, log, &context, err);
	if (rc != RC_OK)
		return rc;
	if (own) {
		t->change = changes_without_names(
			t->ws.arena,
			contract_diff(t->ws.arena, r->versions[r->n_versions - 1].contract,
				      t->proposed));
		*changes = t->change;
	} else {
		rc = proposal_for(t, r, &context, &proposed, changes, err);
		if (rc == RC_OK && changes->n == 0) {
			buf_printf(&t->reply->notes,
				   "%.*s: has none of the clauses that change, and is left out\n",
				   TEXT_ARG(log->contract));
			return RC_OK;
		}
	}
	if (rc == RC_OK)
		rc = promise_build(t->ws.arena, proposed, &context, &promise, err);
	t->v[t->n].changes = changes;
	if (rc == RC_OK)
		rc = compare_both(t, r, promise, &t->v[t->n], err);
	t->n += rc == RC_OK;
	return rc;
}

/* --- all --- */

static enum rc test_all(struct testing *t, struct err *err)
{
	struct log_head own, *all;
	size_t n;
	enum rc rc = workspace_log(&t->ws, args_text(t->args, PARAM_CONTRACT_ID), &own, err);
	struct text id = term_text(node_at(t->proposed->root, "contract"), "id");

	if (rc == RC_OK)
		rc = workspace_logs(&t->ws, &all, &n, err);
	if (rc != RC_OK)
		return rc;
	if (!text_eq(id, own.contract)) {
		err_at(err, t->proposed->file, 0, 0);
		err_hint(err, "give a changed version of '%.*s'", TEXT_ARG(own.contract));
		return err_set(err, RC_INVALID, "is the contract '%.*s'", TEXT_ARG(id));
	}
	t->v = arena_array(t->ws.arena, struct backtest_contract, n + 1);
	rc = test_one(t, &own, true, err);
	for (size_t i = 0; rc == RC_OK && args_has(t->args, PARAM_ALL_CONTRACTS) && i < n; i++)
		if (all[i].id != own.id)
			rc = test_one(t, &all[i], false, err);
	return rc;
}

static enum rc answer(struct testing *t, struct reply *reply, struct err *err)
{
	struct backtest_options options = {NULL};
	struct app *app = t->ws.app;
	const struct evaluation *in = &t->v[0].comparison->of[AFTER]->in;
	struct answer_sender from = {in->versions[in->n_versions - 1].promise->provider,
				     in->known_as_of};
	enum rc rc = answer_language(t->args,
				     term_text(node_at(t->proposed->root, "contract"), "language"),
				     &options.language, err);

	if (rc != RC_OK)
		return rc;
	if (rc == RC_OK && t->format == FORMAT_PDF)
		rc = provider_letterhead(&t->ws, INSTANT_MAX, err);
	if (rc != RC_OK)
		return rc;
	if (t->format == FORMAT_JSON)
		backtest_json(app->arena, t->v, t->n, &options, true, &reply->out);
	else if (t->format == FORMAT_CSV)
		backtest_csv(t->v, t->n, &reply->out);
	else
		rc = answer_doc(app, t->args, t->format,
				backtest_doc(app->arena, t->v, t->n, &options), &from, &reply->out,
				err);
	return rc;
}

enum rc backtest_answer(struct app *app, const struct args *args, struct contract *proposed,
			struct reply *reply, struct err *err)
{
	struct testing *t = arena_one(app->arena, struct testing);
	enum rc rc = answer_format(args, &t->format, err);

	t->args = args;
	t->reply = reply;
	t->proposed = proposed;
	if (rc == RC_OK)
		rc = workspace_open(app, args, STORE_READ, &t->ws, err);
	if (rc != RC_OK)
		return rc;
	rc = workspace_may(&t->ws, R_MONEY_READ, err);
	if (rc == RC_OK)
		rc = test_all(t, err);
	if (rc == RC_OK)
		rc = answer(t, reply, err);
	workspace_close(&t->ws);
	return rc;
}

enum rc action_backtest(struct app *app, const struct args *args, struct reply *reply,
			struct err *err)
{
	struct contract *proposed;
	enum rc rc = load_noted(app, args, args_text(args, PARAM_WITH), &proposed, reply, err);

	return rc == RC_OK ? backtest_answer(app, args, proposed, reply, err) : rc;
}
