/* SPDX-License-Identifier: Apache-2.0 */
/* tenor today, deadlines: what waits and what is due, over all contracts that the person may see. Nothing is written. */
#include "app/agenda.h"
#include "app/answer.h"

enum { DAYS_TODAY = 30, DAYS_DEADLINES = 90, DAYS_MAX = 90 };

static enum rc days_of(const struct args *args, int64_t otherwise, int64_t *out, struct err *err)
{
	*out = otherwise;
	if (!args_has(args, PARAM_DAYS))
		return RC_OK;
	if (!text_int(args_text(args, PARAM_DAYS), out) || *out < 1 || *out > DAYS_MAX) {
		err_hint(err, "1 to %d", DAYS_MAX);
		return err_set(err, RC_USAGE, "deadlines of '%.*s' days are not looked at",
			       TEXT_ARG(args_text(args, PARAM_DAYS)));
	}
	return RC_OK;
}

/* The contract of the call, or all that the person may see. */
static enum rc collect(struct workspace *ws, const struct args *args, enum agenda_what what,
		       struct agenda *to, struct err *err)
{
	struct log_head *logs, one;
	size_t n = 0;
	enum rc rc;

	if (args_has(args, PARAM_CONTRACT_ID)) {
		rc = workspace_log(ws, args_text(args, PARAM_CONTRACT_ID), &one, err);
		return rc == RC_OK ? agenda_collect(ws, &one, what, to, err) : rc;
	}
	rc = workspace_logs(ws, &logs, &n, err);
	for (size_t i = 0; rc == RC_OK && i < n; i++)
		rc = agenda_collect(ws, &logs[i], what, to, err);
	return rc;
}

static enum rc open_agenda(struct app *app, const struct args *args, int64_t days,
			   enum agenda_what what, struct agenda *out, struct err *err)
{
	const struct language *l = NULL;
	struct workspace ws;
	enum rc rc = answer_language(args, text_of(""), &l, err);

	if (rc == RC_OK)
		rc = workspace_open(app, args, STORE_READ, &ws, err);
	if (rc != RC_OK)
		return rc;
	agenda_new(&ws, l, days, out);
	out->about = args_text(args, PARAM_ITEM_ABOUT);
	rc = collect(&ws, args, what, out, err);
	workspace_close(&ws);
	return rc;
}

enum rc action_today(struct app *app, const struct args *args, struct reply *reply, struct err *err)
{
	enum format format = FORMAT_TEXT;
	struct agenda a;
	int64_t days = 0;
	enum rc rc = answer_format(args, &format, err);

	if (rc == RC_OK)
		rc = days_of(args, DAYS_TODAY, &days, err);
	if (rc == RC_OK)
		rc = open_agenda(app, args, days, AGENDA_ALL, &a, err);
	if (rc != RC_OK)
		return rc;
	agenda_sort(&a);
	if (format == FORMAT_JSON) {
		today_json(&a, &reply->out);
		return RC_OK;
	}
	if (format == FORMAT_CSV) {
		deadlines_csv(&a, &reply->out);
		return RC_OK;
	}
	return answer_doc(app, args, format, today_doc(&a), NULL, &reply->out, err);
}

/* --format of deadlines: ics beside the others. */
static enum rc deadlines_format(const struct args *args, bool *ics, enum format *out,
				struct err *err)
{
	struct text word = args_text(args, PARAM_DEADLINES_FORMAT);
	bool given = args_has(args, PARAM_DEADLINES_FORMAT);
	enum rc rc = answer_format(args, out, err);

	*ics = text_is(word, "ics") || (!given && text_ends(args_text(args, PARAM_OUTPUT), ".ics"));
	if (rc != RC_OK || !given)
		return rc;
	if (!*ics && !value_format(word, out)) {
		err_hint(err, "write text, html, pdf, json, csv or ics");
		return err_set(err, RC_USAGE, "--format: '%.*s' is not a format", TEXT_ARG(word));
	}
	if (args_has(args, PARAM_JSON) && (*ics || *out != FORMAT_JSON))
		return err_set(err, RC_USAGE, "--json and --format %.*s are both given",
			       TEXT_ARG(word));
	return RC_OK;
}

enum rc action_deadlines(struct app *app, const struct args *args, struct reply *reply,
			 struct err *err)
{
	enum format format = FORMAT_TEXT;
	struct agenda a;
	bool ics = false;
	int64_t days = 0;
	enum rc rc = deadlines_format(args, &ics, &format, err);

	if (rc == RC_OK)
		rc = days_of(args, DAYS_DEADLINES, &days, err);
	if (rc == RC_OK)
		rc = open_agenda(app, args, days, AGENDA_DUE_ONLY, &a, err);
	if (rc != RC_OK)
		return rc;
	agenda_sort_by_day(&a);
	a.in_page = app->served != NULL && app->served->in_page;
	if (ics)
		deadlines_ics(&a, &reply->out);
	else if (format == FORMAT_JSON)
		deadlines_json(&a, &reply->out);
	else if (format == FORMAT_CSV)
		deadlines_csv(&a, &reply->out);
	else
		return answer_doc(app, args, format, deadlines_doc(&a), NULL, &reply->out, err);
	return RC_OK;
}
