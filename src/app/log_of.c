/* SPDX-License-Identifier: Apache-2.0 */
#include "app/log_of.h"

#include "app/signing.h"

enum rc log_named(struct workspace *ws, struct text name, struct log_head *out, struct err *err)
{
	struct log_head named;
	struct uuid uuid;
	enum rc rc;

	if (!uuid_parse(name, &uuid))
		return workspace_log(ws, name, out, err);
	rc = record_log_of_uuid(ws->store, ws->arena, &uuid, &named, err);
	if (rc == RC_OK && named.kind == LOG_ENGAGEMENT)
		rc = workspace_log(ws, named.contract, out, err);
	else if (rc == RC_OK)
		rc = RC_MISSING;
	if (rc != RC_MISSING)
		return rc;
	/* In words that do not name the contract: what is not to be seen is not there (P5). */
	err_clear(err);
	return err_set(err, RC_MISSING, "there is no log '%.*s'", TEXT_ARG(name));
}

enum rc log_of(struct workspace *ws, const struct args *args, struct log_head *out, struct err *err)
{
	bool install = args_has(args, PARAM_INSTALL);
	enum rc rc;

	if (install == args_has(args, PARAM_CONTRACT_ID)) {
		err_hint(err, "write --contract ID, or --install for the log of what was done in "
			      "this workspace");
		return err_set(err, RC_USAGE,
			       install ? "--contract and --install are both given"
				       : "which log is not said");
	}
	if (!install)
		return log_named(ws, args_text(args, PARAM_CONTRACT_ID), out, err);
	rc = workspace_may(ws, R_AUDIT_READ, err);
	return rc == RC_OK ? record_log_install(ws->store, ws->arena, out, err) : rc;
}

enum rc log_open(struct app *app, const struct args *args, bool write, struct workspace *ws,
		 struct log_head *out, struct err *err)
{
	enum rc rc = workspace_open(app, args, write ? STORE_WRITE : STORE_READ, ws, err);

	if (rc != RC_OK)
		return rc;
	rc = log_of(ws, args, out, err);
	if (rc != RC_OK)
		workspace_close(ws);
	return rc;
}

enum rc log_number(const struct args *args, enum param p, int64_t least, int64_t *out,
		   struct err *err)
{
	struct text t = args_text(args, p);

	if (text_digits(t, out) && *out >= least)
		return RC_OK;
	return err_set(err, RC_USAGE, "'%.*s' is no number for --%s; write %lld or more",
		       TEXT_ARG(t), param_row(p)->name, (long long)least);
}

static enum rc checkpoint_of(struct workspace *ws, const struct log_head *log, int64_t size,
			     struct stored_checkpoint *out, struct err *err)
{
	struct stored_checkpoint *all;
	int64_t below = -1, above = -1;
	size_t n;
	enum rc rc = record_checkpoints(ws->store, ws->arena, log->id, &all, &n, err);

	if (rc != RC_OK)
		return rc;
	for (size_t i = 0; i < n; i++) {
		if (all[i].size == size) {
			*out = all[i];
			return RC_OK;
		}
		if (all[i].size < size && all[i].size > below)
			below = all[i].size;
		if (all[i].size > size && (above < 0 || all[i].size < above))
			above = all[i].size;
	}
	if (below >= 0 && above >= 0)
		err_hint(err, "the nearest are of %lld and %lld entries", (long long)below,
			 (long long)above);
	else if (below >= 0 || above >= 0)
		err_hint(err, "the nearest is of %lld entries",
			 (long long)(below >= 0 ? below : above));
	return err_set(err, RC_MISSING, "no checkpoint of %lld entries was signed",
		       (long long)size);
}

static enum rc checkpoint_of_head(struct app *app, const struct args *args, struct workspace *ws,
				  struct log_head *log, struct stored_checkpoint *out,
				  struct err *err)
{
	enum rc rc = record_checkpoint_latest(ws->store, ws->arena, log->id, out, err);

	if (rc == RC_OK && out->size == log->edge.size)
		return RC_OK;
	if (rc != RC_OK && rc != RC_MISSING)
		return rc;
	err_clear(err);
	/* Reading needs no keys; signing does. */
	workspace_close(ws);
	rc = workspace_open(app, args, STORE_WRITE, ws, err);
	if (rc == RC_OK)
		rc = log_of(ws, args, log, err);
	if (rc == RC_OK)
		rc = sign_log_and_install(ws, log, false, out, err);
	return rc == RC_OK ? record_log_of_uuid(ws->store, ws->arena, &log->uuid, log, err) : rc;
}

enum rc log_checkpoint(struct app *app, const struct args *args, struct workspace *ws,
		       struct log_head *log, struct stored_checkpoint *out, struct err *err)
{
	int64_t size;
	enum rc rc;

	if (!args_has(args, PARAM_SIZE))
		return checkpoint_of_head(app, args, ws, log, out, err);
	rc = log_number(args, PARAM_SIZE, 0, &size, err);
	return rc == RC_OK ? checkpoint_of(ws, log, size, out, err) : rc;
}
