/* SPDX-License-Identifier: Apache-2.0 */
/* tenor restate: what issued statements and invoices would say today (sla.md R21, money.md R91 to R98). */
#include "app/act_money.h"
#include "app/answer.h"
#include "app/documents.h"
#include "app/load.h"
#include "app/restate_money.h"
#include "app/values.h"
#include "facts/first.h"
#include "render/restate.h"

struct restating {
	struct workspace ws;
	const struct args *args;
	struct log_head log;
	struct recalled r; /* all that is known now */
	const struct restatement **v;
	size_t n, unchanged;
	const struct restate_money *money; /* NULL: no invoice was issued */
	enum format format;
};

/* The last issue of every window: that is the statement in force. */
static size_t last_issues(struct issued *all, size_t n)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++) {
		bool later = false;

		for (size_t k = i + 1; k < n; k++)
			later = later || text_eq(all[i].window, all[k].window);
		if (!later)
			all[kept++] = all[i];
	}
	return kept;
}

/* As it was issued: the first entries, the versions known by them, the same instants. */
static enum rc as_issued(struct restating *t, const struct issued *is, struct span period,
			 enum engine_rules *rules, struct outcome **out, struct err *err)
{
	struct evaluation in;
	struct recalled then = t->r;
	size_t n = 0;
	enum rc rc;

	while (n < t->r.n_versions && t->r.versions[n].index < is->size)
		n++;
	then.n_versions = n;
	then.size = is->size;
	then.facts = facts_first(t->ws.arena, t->r.facts, (size_t)is->size);
	recall_evaluation(&then, t->ws.arena, period, is->as_of, is->known_as_of, &in);
	rc = issued_rules(then.facts, rules, err);
	if (rc == RC_OK && *rules >= ENGINE_2)
		rc = money_bases_of(&t->ws, &then, &in, err);
	return rc == RC_OK ? evaluate(t->ws.arena, &in, out, err) : rc;
}

/* By the rules it was issued by: what differs, differs by facts (trust.md D8). */
static enum rc as_known_now(struct restating *t, struct span period, enum engine_rules rules,
			    struct outcome **out, struct err *err)
{
	struct evaluation in;
	struct loaded l;
	enum rc rc;

	recall_as_loaded(&t->r, t->ws.arena, &l);
	rc = load_evaluation(t->ws.app, &l, t->args, period, period.to, &in, err);
	if (rc == RC_OK && rules >= ENGINE_2)
		rc = money_bases_of(&t->ws, &t->r, &in, err);
	return rc == RC_OK ? evaluate(t->ws.arena, &in, out, err) : rc;
}

static enum rc restate_one(struct restating *t, const struct issued *is, struct err *err)
{
	struct compare_options options = {.items = COMPARE_ITEMS_DEFAULT};
	struct outcome *issued, *now;
	enum engine_rules rules = ENGINE_NEWEST;
	struct restatement *out;
	struct span period;
	enum rc rc = value_period(is->window, t->r.versions[t->r.n_versions - 1].promise->zone,
				  &period, err);

	if (rc == RC_OK)
		rc = as_issued(t, is, period, &rules, &issued, err);
	if (rc == RC_OK)
		rc = as_known_now(t, period, rules, &now, err);
	if (rc == RC_OK)
		rc = restate(t->ws.arena, issued, now, &options, &out, err);
	if (rc != RC_OK)
		return rc;
	if (out->n_changed > 0 || out->n_facts > 0)
		t->v[t->n++] = out;
	else
		t->unchanged++;
	return RC_OK;
}

static enum rc restate_invoices(struct restating *t, struct err *err)
{
	const struct zone *zone = t->r.versions[t->r.n_versions - 1].promise->zone;
	struct restate_money_at at = {.known_as_of = INSTANT_MAX,
				      .month = args_text(t->args, PARAM_MONTH)};
	day date;
	enum rc rc = money_days(&t->ws, t->args, zone, &at.on, &date, err);

	if (rc == RC_OK && args_has(t->args, PARAM_KNOWN_AS_OF))
		rc = value_instant(args_text(t->args, PARAM_KNOWN_AS_OF), zone, &at.known_as_of,
				   err);
	return rc == RC_OK ? restate_money_make(&t->ws, &t->log, &t->r, &at, &t->money, err) : rc;
}

static enum rc restate_all(struct restating *t, struct err *err)
{
	struct recall_options options = {-1, INSTANT_MAX, PACK_IDS_ALL};
	struct issued *issued;
	size_t n;
	enum rc rc = workspace_log(&t->ws, args_text(t->args, PARAM_CONTRACT_ID), &t->log, err);

	if (rc == RC_OK)
		rc = recall(&t->ws, &t->log, &options, &t->r, err);
	if (rc == RC_OK)
		rc = issued_read(&t->ws, &t->log, args_text(t->args, PARAM_MONTH), &issued, &n,
				 err);
	if (rc != RC_OK)
		return rc;
	n = last_issues(issued, n);
	rc = restate_invoices(t, err);
	if (rc != RC_OK)
		return rc;
	if (n == 0 && t->money == NULL) {
		err_hint(err,
			 "\"tenor statement --contract %.*s --month YYYY-MM --issue\" issues a "
			 "statement, \"tenor invoice run\" an invoice",
			 TEXT_ARG(t->log.contract));
		return err_set(err, RC_MISSING,
			       "nothing was issued yet, so there is nothing to restate");
	}
	t->v = arena_array(t->ws.arena, const struct restatement *, n + 1);
	for (size_t i = 0; rc == RC_OK && i < n; i++)
		rc = restate_one(t, &issued[i], err);
	return rc;
}

enum rc action_restate(struct app *app, const struct args *args, struct reply *reply,
		       struct err *err)
{
	struct restating *t = arena_one(app->arena, struct restating);
	struct restate_options options = {.language = NULL};
	enum rc rc = answer_open(app, args, &t->ws, &t->format, err);

	t->args = args;
	if (rc != RC_OK)
		return rc;
	rc = restate_all(t, err);
	options.money = t->money;
	options.statements = t->n + t->unchanged > 0;
	if (rc == RC_OK && t->format == FORMAT_CSV && t->money == NULL) {
		err_hint(err, "write text, html, pdf or json");
		rc = err_set(err, RC_USAGE,
			     "no invoice was issued, and statements are no table: no csv");
	}
	if (rc == RC_OK)
		rc = answer_language(args, t->r.versions[t->r.n_versions - 1].promise->language,
				     &options.language, err);
	if (rc == RC_OK && t->format == FORMAT_CSV)
		restate_money_csv(t->money, &reply->out);
	else if (rc == RC_OK && t->format == FORMAT_JSON)
		restate_json(app->arena, t->v, t->n, &options, true, &reply->out);
	else if (rc == RC_OK)
		rc = answer_doc(app, args, t->format, restate_doc(app->arena, t->v, t->n, &options),
				NULL, &reply->out, err);
	workspace_close(&t->ws);
	return rc;
}
