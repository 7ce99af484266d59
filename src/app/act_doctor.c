/* SPDX-License-Identifier: Apache-2.0 */
/* tenor doctor: is everything as it was recorded? */
#include "app/answer.h"
#include "app/doctor.h"
#include "app/signing.h"

static enum rc frozen_logs(struct workspace *ws, struct log_head **out, size_t *n, struct err *err)
{
	struct log_head *logs;
	size_t all, kept = 0;
	enum rc rc = record_logs(ws->store, ws->arena, &logs, &all, err);

	for (size_t i = 0; rc == RC_OK && i < all; i++)
		if (logs[i].frozen.n > 0)
			logs[kept++] = logs[i];
	*out = logs;
	*n = rc == RC_OK ? kept : 0;
	return rc;
}

/*
 * A log was frozen because one reading did not fit (J13). When all of the workspace fits again, down to every hash, that reading and not
 * the record was at fault, and an operator may let work go on; the act stands in the install log.
 */
static enum rc unfreeze(struct workspace *ws, const struct log_head *frozen, size_t n,
			struct err *err)
{
	enum rc rc = workspace_begin(ws, err);

	if (rc != RC_OK)
		return rc;
	for (size_t i = 0; rc == RC_OK && i < n; i++)
		rc = record_log_freeze(ws->store, frozen[i].id, text_of(""), err);
	if (rc == RC_OK)
		rc = workspace_audit(ws, n == 1 ? frozen[0].contract : text_of(""),
				     text_of("unfreeze"), err);
	rc = workspace_end(ws, rc, err);
	return rc == RC_OK ? sign_install(ws, err) : rc;
}

static void say(const struct args *args, const struct workspace *ws, const struct checks *c,
		size_t unfrozen, struct reply *reply)
{
	if (args_has(args, PARAM_JSON)) {
		checks_json(c, &reply->out);
		return;
	}
	checks_text(c, &reply->out);
	if (unfrozen > 0)
		buf_printf(&reply->out, "\n%zu %s frozen no longer.\n", unfrozen,
			   unfrozen == 1 ? "log is" : "logs are");
	else if (c->problems == 0)
		buf_printf(&reply->out, "\n%.*s is as it was recorded.\n", TEXT_ARG(ws->path));
	else
		buf_printf(&reply->out, "\n%zu %s in %.*s.\n", c->problems,
			   c->problems == 1 ? "problem" : "problems", TEXT_ARG(ws->path));
}

enum rc action_doctor(struct app *app, const struct args *args, struct reply *reply,
		      struct err *err)
{
	bool thaw = args_has(args, PARAM_UNFREEZE);
	struct workspace ws;
	struct checks checks;
	struct log_head *frozen = NULL;
	size_t n_frozen = 0;
	bool clean;
	enum rc rc = workspace_open_any_clock(app, args, thaw ? STORE_WRITE : STORE_READ, &ws, err);

	if (rc != RC_OK)
		return rc;
	checks_init(&checks, app->arena);
	rc = doctor_check(&ws, DOCTOR_MACHINE, &checks, err);
	if (rc == RC_OK && thaw)
		rc = frozen_logs(&ws, &frozen, &n_frozen, err);
	clean = rc == RC_OK && checks.problems == n_frozen;
	if (rc == RC_OK && thaw && n_frozen == 0)
		rc = err_set(err, RC_USAGE, "no log of %.*s is frozen", TEXT_ARG(ws.path));
	if (rc == RC_OK && n_frozen > 0 && clean)
		rc = unfreeze(&ws, frozen, n_frozen, err);
	reply->status = clean ? 0 : 1;
	if (rc == RC_OK)
		say(args, &ws, &checks, clean ? n_frozen : 0, reply);
	workspace_close(&ws);
	return rc;
}
