/* SPDX-License-Identifier: Apache-2.0 */
/* tenor check: errors of the file, or the findings of lint; with --contract their effects on what is recorded. */
#include "app/answer.h"
#include "app/app.h"
#include "app/findings_out.h"
#include "app/lint_effect.h"
#include "app/load.h"
#include "app/values.h"
#include "render/findings.h"
#include "terms/lint.h"

static unsigned width_of(const struct args *args)
{
	int64_t width = 0;

	return text_digits(args_text(args, PARAM_WIDTH), &width) ? (unsigned)width : 0;
}

static void print_findings(struct app *app, const struct args *args, struct text file,
			   const struct findings *f, struct buf *out)
{
	const struct language *l = language_english();
	struct findings_style style = {.colour = app->colour, .width = width_of(args)};
	struct err unknown = {.line = 0};

	if (args_has(args, PARAM_LANG) &&
	    language_find(args_text(args, PARAM_LANG), &l, &unknown) != RC_OK)
		l = language_english();
	findings_text(app->arena, file, f, l, &style, out);
	/* contract-language.md CL-6: all errors are counted, 100 are kept. */
	if (f->errors > f->n)
		buf_printf(out, "only the first %zu errors are shown\n", f->n);
}

void findings_note(struct app *app, const struct contract *c, const struct args *args,
		   struct buf *notes)
{
	print_findings(app, args, c->file, &c->findings, notes);
}

/* An invalid contract is an answer of check, not a failure of it; *promise stays NULL for a template. */
static enum rc read_one(struct app *app, struct text path, struct contract **c,
			const struct promise **promise, struct err *err)
{
	enum rc rc = load_contract(app, path, c, err);

	*promise = NULL;
	if (*c != NULL && !(*c)->valid)
		return RC_OK;
	if (rc == RC_OK && !(*c)->is_template)
		rc = load_promise(app, *c, promise, err);
	return rc;
}

static enum rc read_base(struct app *app, const struct args *args, struct check_input *in,
			 struct err *err)
{
	struct contract *base;
	enum rc rc;

	if (!args_has(args, PARAM_BASE_VERSION))
		return RC_OK;
	rc = load_contract(app, args_text(args, PARAM_BASE_VERSION), &base, err);
	if (rc == RC_OK)
		rc = load_promise(app, base, &in->base_promise, err);
	in->base = base;
	return rc;
}

/* --contract: what the lines come to on its facts, for the effects (lint.md LN-5). */
static enum rc read_facts(struct app *app, const struct args *args, struct text contract,
			  struct lint_input *in, struct findings_facts *facts, struct err *err)
{
	struct lint_measured *m = arena_one(app->arena, struct lint_measured);
	struct workspace ws;
	struct log_head log;
	enum rc rc;

	if (contract.n == 0)
		return RC_OK;
	rc = workspace_open(app, args, STORE_READ, &ws, err);
	if (rc != RC_OK)
		return rc;
	rc = workspace_may(&ws, R_MONEY_READ, err);
	if (rc == RC_OK)
		rc = workspace_log(&ws, contract, &log, err);
	if (rc == RC_OK)
		rc = lint_measure(&ws, &log, in, m, err);
	workspace_close(&ws);
	if (rc != RC_OK)
		return rc;
	*facts = (struct findings_facts){log.contract, m->first, m->last, m->n_facts, m->why_not};
	if (m->set)
		in->facts = &m->facts;
	return RC_OK;
}

static enum rc run_lint(struct app *app, const struct args *args, const struct check_input *x,
			struct findings *out, struct findings_facts *facts, struct err *err)
{
	struct lint_input in = {.contract = x->contract,
				.promise = x->promise,
				.base = x->base,
				.base_promise = x->base_promise,
				.as_of = INSTANT_NONE,
				.invoiced_to = INSTANT_NONE};
	const struct zone *zone = x->promise == NULL ? NULL : x->promise->zone;
	enum rc rc = RC_OK;

	if (args_has(args, PARAM_CHECKED))
		rc = value_instant(args_text(args, PARAM_CHECKED), zone, &in.as_of, err);
	if (rc == RC_OK && args_has(args, PARAM_INVOICED_TO))
		rc = value_instant(args_text(args, PARAM_INVOICED_TO), zone, &in.invoiced_to, err);
	if (rc == RC_OK)
		rc = read_facts(app, args, x->measured_on, &in, facts, err);
	return rc == RC_OK ? lint(app->arena, &in, out, err) : rc;
}

/* lint.md LN-2: 2 for an invalid file or an E, 1 for a W, else 0. */
static int status_of(const struct findings *f)
{
	char worst = findings_worst(f);

	return worst == 'E' ? 2 : worst == 'W' ? 1 : 0;
}

/* The node after n in order of the file, or NULL. */
static const struct node *node_after(const struct node *n)
{
	if (n->child != NULL)
		return n->child;
	while (n != NULL && n->next == NULL)
		n = n->parent;
	return n == NULL ? NULL : n->next;
}

/* A template without findings is not yet a contract, and must not read as if it were one. */
static void say_holes(const struct contract *c, struct buf *out)
{
	const struct node *first = NULL;
	size_t holes = 0;

	for (const struct node *n = c->root; n != NULL; n = node_after(n)) {
		if (!n->hole)
			continue;
		first = first == NULL ? n : first;
		holes++;
	}
	if (first == NULL)
		buf_printf(out, "%.*s: every hole is filled; take the block `template` out\n",
			   TEXT_ARG(c->file));
	else
		buf_printf(out, "%.*s: a template, %zu %s to fill; the first is %.*s in line %u\n",
			   TEXT_ARG(c->file), holes, holes == 1 ? "hole" : "holes",
			   TEXT_ARG(first->written), first->line);
}

/* Which months the effects are on, and how many facts they rest on. */
static void say_facts(const struct findings_facts *f, const struct findings *found, struct buf *out)
{
	size_t n = 0;

	for (size_t i = 0; i < found->n; i++)
		n += found->v[i].effect.n > 0;
	if (f->contract.n == 0 || n == 0)
		return;
	if (f->why_not.n > 0)
		buf_printf(out, "%.*s: effects are on the nominal month: %.*s\n",
			   TEXT_ARG(f->contract), TEXT_ARG(f->why_not));
	else
		buf_printf(out,
			   "%.*s: effects are on %.*s to %.*s, from %zu fact%s recorded in them\n",
			   TEXT_ARG(f->contract), TEXT_ARG(f->first), TEXT_ARG(f->last), f->n,
			   f->n == 1 ? "" : "s");
}

enum rc check_answer(struct app *app, const struct args *args, const struct check_input *in,
		     struct reply *reply, struct err *err)
{
	const struct contract *c = in->contract;
	struct findings found = {.n = 0};
	struct findings_facts facts = {.n = 0};
	enum rc rc = RC_OK;

	if (c->valid)
		rc = run_lint(app, args, in, &found, &facts, err);
	if (rc != RC_OK)
		return rc;
	err_clear(err);
	reply->status = c->valid ? status_of(&found) : 2;
	if (args_has(args, PARAM_JSON)) {
		findings_json(c->file, c->valid, &c->findings, &found,
			      facts.contract.n > 0 ? &facts : NULL, &reply->out);
		return RC_OK;
	}
	print_findings(app, args, c->file, c->valid ? &found : &c->findings, &reply->out);
	if (c->valid && c->is_template)
		say_holes(c, &reply->out);
	else if (c->valid && found.n == 0)
		buf_printf(&reply->out, "%.*s: nothing to say\n", TEXT_ARG(c->file));
	say_facts(&facts, &found, &reply->out);
	return RC_OK;
}

enum rc action_check(struct app *app, const struct args *args, struct reply *reply, struct err *err)
{
	struct check_input in = {.measured_on = args_text(args, PARAM_CONTRACT_ID)};
	struct contract *c;
	enum rc rc = read_one(app, args_text(args, PARAM_CONTRACT), &c, &in.promise, err);

	if (rc != RC_OK)
		return rc;
	in.contract = c;
	if (c->valid)
		rc = read_base(app, args, &in, err);
	return rc == RC_OK ? check_answer(app, args, &in, reply, err) : rc;
}
