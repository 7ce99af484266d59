/* SPDX-License-Identifier: Apache-2.0 */
/* tenor rebuild: derived tables from the entries. */
#include "app/answer.h"
#include "app/derived.h"
#include "app/doctor_parts.h"
#include "app/found.h"
#include "app/signing.h"

static enum rc compare_all(struct workspace *ws, struct checks *checks, struct err *err)
{
	struct log_head *logs;
	bool fit = false;
	size_t n = 0;
	enum rc rc = store_begin_read(ws->store, err);

	if (rc != RC_OK)
		return rc;
	checks_about(checks, text_of("derived tables"));
	rc = derived_current(ws, &fit, err);
	if (rc == RC_OK && !fit)
		checks_problem(checks, "they were made by another version of Tenor");
	if (rc == RC_OK)
		rc = record_logs(ws->store, ws->arena, &logs, &n, err);
	for (size_t i = 0; rc == RC_OK && i < n; i++) {
		checks_about(checks, doctor_log_name(ws->arena, &logs[i]));
		rc = derived_compare(ws, &logs[i], checks, err);
		if (rc == RC_OK)
			checks_ok(checks,
				  "what is derived is what its %lld entries make, byte for byte",
				  (long long)logs[i].edge.size);
	}
	if (rc == RC_OK)
		rc = found_compare(ws, logs, n, checks, err);
	store_rollback(ws->store);
	checks_end(checks);
	return rc;
}

static enum rc check(struct app *app, const struct args *args, struct reply *reply, struct err *err)
{
	struct workspace ws;
	struct checks checks;
	enum rc rc = workspace_open_any_clock(app, args, STORE_READ, &ws, err);

	if (rc != RC_OK)
		return rc;
	checks_init(&checks, app->arena);
	rc = compare_all(&ws, &checks, err);
	if (rc == RC_OK && args_has(args, PARAM_JSON))
		checks_json(&checks, &reply->out);
	else if (rc == RC_OK)
		checks_text(&checks, &reply->out);
	reply->status = checks.problems > 0 ? 1 : 0;
	workspace_close(&ws);
	return rc;
}

static enum rc note_done(struct workspace *ws, struct err *err)
{
	enum rc rc = workspace_begin(ws, err);

	if (rc != RC_OK)
		return rc;
	rc = workspace_audit(ws, text_of(""), text_of(""), err);
	rc = workspace_end(ws, rc, err);
	return rc == RC_OK ? sign_install(ws, err) : rc;
}

static void say(struct arena *a, const struct args *args, const struct log_head *logs, size_t n,
		struct reply *reply)
{
	int64_t entries = 0;

	for (size_t i = 0; i < n; i++)
		entries += logs[i].edge.size;
	answer_done(args, reply, "entries", text_format(a, "%lld", (long long)entries),
		    "made again from %lld entries\n", (long long)entries);
}

enum rc action_rebuild(struct app *app, const struct args *args, struct reply *reply,
		       struct err *err)
{
	bool upgrade = args_has(args, PARAM_UPGRADE);
	struct workspace ws;
	struct log_head *logs;
	size_t n;
	enum rc rc;

	if (upgrade && args_has(args, PARAM_CHECK_ONLY))
		return err_set(err, RC_USAGE, "--check changes nothing, and --upgrade does");
	if (args_has(args, PARAM_CHECK_ONLY))
		return check(app, args, reply, err);
	rc = workspace_open_any_clock(app, args, upgrade ? STORE_UPGRADE : STORE_WRITE, &ws, err);
	if (rc != RC_OK)
		return rc;
	rc = workspace_clock(&ws, err);
	if (rc == RC_OK)
		rc = derived_rebuild(&ws, err);
	if (rc == RC_OK)
		rc = note_done(&ws, err);
	if (rc == RC_OK)
		rc = record_logs(ws.store, ws.arena, &logs, &n, err);
	if (rc == RC_OK)
		say(ws.arena, args, logs, n, reply);
	workspace_close(&ws);
	return rc;
}
