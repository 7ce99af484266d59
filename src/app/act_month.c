/* SPDX-License-Identifier: Apache-2.0 */
/* tenor month, explain, atrisk: what follows from a contract and facts. */
#include "app/answer.h"
#include "app/app.h"
#include "app/load.h"
#include "app/money.h"
#include "render/atrisk.h"
#include "render/explain.h"
#include "render/statement.h"

struct month {
	struct loaded loaded;
	/* with --contract ID */
	bool from_record;
	struct recalled r;
	struct issued_document *issued;
	size_t n_issued;
	struct outcome *outcome;
	struct statement_options options;
	enum format format;
};

static enum rc work_out(struct app *app, const struct args *args, struct month *m,
			struct span period, instant as_of, struct err *err)
{
	struct evaluation in;
	enum rc rc = load_evaluation(app, &m->loaded, args, period, as_of, &in, err);

	if (rc == RC_OK)
		rc = answer_language(args, m->loaded.promise->language, &m->options.language, err);
	if (rc != RC_OK)
		return rc;
	m->options.imports = m->loaded.reports;
	m->options.n_imports = m->loaded.n_reports;
	m->options.entries = args_has(args, PARAM_CONTRACT_ID);
	/* The same arguments again: written out they would fill lines and break in the middle of names. */
	m->options.explain_command = text_of("tenor explain \xE2\x80\xA6");
	if (m->from_record)
		rc = money_bases(app->arena, &m->r, m->issued, m->n_issued, &in, err);
	return rc == RC_OK ? evaluate(app->arena, &in, &m->outcome, err) : rc;
}

static enum rc recall_asked(struct workspace *ws, const struct args *args, struct month *m,
			    struct err *err)
{
	struct recall_options options = {-1, INSTANT_MAX, PACK_IDS_FEW};
	struct log_head log;
	enum rc rc = workspace_log(ws, args_text(args, PARAM_CONTRACT_ID), &log, err);

	if (rc == RC_OK)
		rc = recall_known_by(ws, &log, args, &options.known_as_of, err);
	if (rc == RC_OK)
		rc = recall(ws, &log, &options, &m->r, err);
	return rc == RC_OK ? money_issued(ws, &log, m->r.size, &m->issued, &m->n_issued, err) : rc;
}

/* As files would have given it; known_as_of and words as the call and the right of who acts allow. */
static enum rc load_record(struct app *app, const struct args *args, struct month *m,
			   struct err *err)
{
	struct workspace ws;
	enum rc rc = workspace_open(app, args, STORE_READ, &ws, err);

	if (rc != RC_OK)
		return rc;
	rc = workspace_may(&ws, R_MONEY_READ, err);
	if (rc == RC_OK)
		rc = recall_asked(&ws, args, m, err);
	workspace_close(&ws);
	if (rc == RC_OK)
		recall_as_loaded(&m->r, app->arena, &m->loaded);
	m->from_record = true;
	return rc;
}

/* Files given, or --contract ID of a workspace. */
static enum rc load_either(struct app *app, const struct args *args, struct month *m,
			   struct reply *reply, struct err *err)
{
	bool file = args_has(args, PARAM_CONTRACT), id = args_has(args, PARAM_CONTRACT_ID);

	if (file == id) {
		err_hint(err, "write contract.yaml and files of facts, or --contract ID of a workspace");
		return err_set(err, RC_USAGE, file ? "a contract file and --contract are both given" : "no contract is given");
	}
	return id ? load_record(app, args, m, err) : load_all(app, args, &m->loaded, reply, err);
}

static enum rc read_month(struct app *app, const struct args *args, struct month *m,
			  struct reply *reply, struct err *err)
{
	struct span period;
	enum rc rc;

	*m = (struct month){.format = FORMAT_TEXT};
	rc = answer_format(args, &m->format, err);
	if (rc == RC_OK)
		rc = load_either(app, args, m, reply, err);
	if (rc == RC_OK)
		rc = load_period(&m->loaded, args, &period, err);
	return rc == RC_OK ? work_out(app, args, m, period, period.to, err) : rc;
}

static struct answer_sender sender(const struct month *m)
{
	return (struct answer_sender){m->loaded.promise->provider, m->outcome->in.known_as_of};
}

enum rc action_month(struct app *app, const struct args *args, struct reply *reply, struct err *err)
{
	struct month m;
	struct answer_sender from;
	enum rc rc = read_month(app, args, &m, reply, err);

	if (rc != RC_OK)
		return rc;
	m.options.text_only = m.format == FORMAT_TEXT;
	switch (m.format) {
	case FORMAT_TEXT:
	case FORMAT_HTML:
	case FORMAT_PDF:
		from = sender(&m);
		return answer_doc(app, args, m.format,
				  statement_doc(app->arena, m.outcome, &m.options), &from,
				  &reply->out, err);
	case FORMAT_JSON:
		statement_json(app->arena, m.outcome, &m.options, true, &reply->out);
		break;
	case FORMAT_CSV:
		statement_csv(app->arena, m.outcome, &reply->out);
		break;
	}
	return RC_OK;
}

static enum rc no_csv(struct err *err)
{
	err_hint(err, "write text, html, pdf or json");
	return err_set(err, RC_USAGE, "this is not a table: no csv");
}

enum rc action_explain(struct app *app, const struct args *args, struct reply *reply,
		       struct err *err)
{
	struct month m;
	struct text what = args_text(args, PARAM_WHAT);
	bool list = args_has(args, PARAM_LIST);
	struct answer_sender from;
	struct doc *d = NULL;
	enum rc rc;

	if (list == (what.n > 0)) {
		err_hint(err, "give --what ID, or --list to see what there is");
		return err_set(err, RC_USAGE,
			       list ? "--list and --what are both given"
				    : "what to explain is not said");
	}
	rc = read_month(app, args, &m, reply, err);
	if (rc == RC_OK && m.format == FORMAT_CSV)
		rc = no_csv(err);
	if (rc != RC_OK)
		return rc;
	if (m.format == FORMAT_JSON)
		return explain_json(app->arena, m.outcome, &m.options, what, &reply->out, err);
	from = sender(&m);
	if (list)
		d = explain_list(app->arena, m.outcome, &m.options);
	else
		rc = explain_doc(app->arena, m.outcome, &m.options, what, &d, err);
	if (rc == RC_OK)
		rc = answer_doc(app, args, m.format, d, &from, &reply->out, err);
	return rc;
}

enum rc action_atrisk(struct app *app, const struct args *args, struct reply *reply,
		      struct err *err)
{
	struct month m = {.format = FORMAT_TEXT};
	struct answer_sender from;
	instant as_of;
	enum rc rc = answer_format(args, &m.format, err);

	if (rc == RC_OK)
		rc = load_either(app, args, &m, reply, err);
	if (rc != RC_OK)
		return rc;
	as_of = m.loaded.last;
	if (args_has(args, PARAM_AS_OF))
		rc = value_instant(args_text(args, PARAM_AS_OF), m.loaded.promise->zone, &as_of,
				   err);
	else if (as_of == INSTANT_NONE)
		rc = err_set(err, RC_USAGE, "there are no facts; say as of when with --as-of");
	if (rc == RC_OK)
		/* error budgets are those of the windows of its month */
		rc = work_out(app, args, &m, value_month_of(m.loaded.promise->zone, as_of), as_of,
			      err);
	if (rc != RC_OK)
		return rc;
	if (m.format == FORMAT_JSON) {
		atrisk_json(app->arena, m.outcome, &m.options, &reply->out);
		return RC_OK;
	}
	from = sender(&m);
	return answer_doc(app, args, m.format, atrisk_doc(app->arena, m.outcome, &m.options), &from,
			  &reply->out, err);
}
