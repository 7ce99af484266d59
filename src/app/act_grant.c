/* SPDX-License-Identifier: Apache-2.0 */
/* tenor user grant: what an auditor may read, and for how long (trust.md P2). */
#include "app/answer.h"
#include "app/append.h"
#include "app/grants.h"
#include "app/people.h"
#include "app/signing.h"
#include "app/tokens.h"
#include "base/json.h"
#include "facts/exact.h"

/* Of the side of who acts, and an auditor alone. */
static enum rc find_auditor(struct workspace *ws, struct text handle, struct stored_user *u,
			    struct err *err)
{
	bool client;
	roles set = 0;
	enum rc rc = person_managed(ws, handle, u, err);

	if (rc != RC_OK)
		return rc;
	client = u->client;
	rc = roles_parse(u->roles, &set, &client, err);
	if (rc != RC_OK || roles_audit_only(set))
		return rc;
	err_hint(err, "a grant is for whoever has the role auditor and no other");
	return err_set(err, RC_USAGE, "'%.*s' is no auditor", TEXT_ARG(handle));
}

static enum rc take_contracts(struct workspace *ws, const struct args *args, struct stored_grant *g,
			      struct err *err)
{
	const struct text *list;
	struct log_head log;
	size_t n;
	enum rc rc = words_join(ws->arena, args, PARAM_CONTRACT_ID, &g->contracts, err);

	if (rc == RC_OK && g->contracts.n == 0 && ws->actor.client)
		g->contracts = ws->actor.contract;
	if (rc == RC_OK && g->contracts.n == 0) {
		err_hint(err, "write --contract ID, as often as there are contracts");
		return err_set(err, RC_USAGE, "which contracts may be read is not said");
	}
	list = words_list(ws->arena, g->contracts, &n);
	for (size_t i = 0; rc == RC_OK && i < n; i++)
		rc = workspace_log(ws, list[i], &log, err);
	return rc;
}

static enum rc take_period(struct workspace *ws, const struct args *args, struct stored_grant *g,
			   struct err *err)
{
	struct text first = args_text(args, PARAM_FROM_MONTH),
		    last = args_text(args, PARAM_TO_MONTH);
	int64_t days = GRANT_DAYS_DEFAULT;
	struct span from, to;
	enum rc rc = value_period(first, zone_utc(), &from, err);

	if (rc == RC_OK)
		rc = value_period(last, zone_utc(), &to, err);
	if (rc != RC_OK)
		return rc;
	g->first = zone_day(zone_utc(), from.from);
	g->end = zone_day(zone_utc(), to.to);
	if (g->end <= g->first)
		return err_set(err, RC_USAGE, "--from %.*s lies after --to %.*s", TEXT_ARG(first),
			       TEXT_ARG(last));
	if (args_has(args, PARAM_GRANT_DAYS) &&
	    (!text_digits(args_text(args, PARAM_GRANT_DAYS), &days) || days < 1 ||
	     days > GRANT_DAYS_MAX))
		return err_set(err, RC_USAGE, "an auditor reads for 1 to %d days, not '%.*s'",
			       GRANT_DAYS_MAX, TEXT_ARG(args_text(args, PARAM_GRANT_DAYS)));
	g->made_at = ws->now;
	g->ends_at = ws->now + days * DAY_MS;
	return RC_OK;
}

static enum rc note_grant(struct workspace *ws, const struct stored_grant *g, struct err *err)
{
	struct own_note note;
	struct json *j;
	size_t n;
	const struct text *list = words_list(ws->arena, g->contracts, &n);

	j = own_note_begin(&note);
	json_key(j, "contracts");
	json_open_array(j);
	for (size_t i = 0; i < n; i++)
		json_text(j, list[i]);
	json_end_array(j);
	if (g->personal) {
		json_key(j, "rights");
		json_open_array(j);
		json_str(j, right_word(R_PERSONAL_READ));
		json_end_array(j);
	}
	json_kv_text(j, "to", exact_instant_text(ws->arena, g->ends_at));
	json_kv_text(j, "user", g->person);
	json_kv_text(j, "window", grant_months(ws->arena, g));
	return own_note_append(ws, &ws->install, FACT_GRANT_MADE, &note, err);
}

static enum rc keep(struct workspace *ws, const struct stored_grant *g, struct err *err)
{
	enum rc rc = workspace_begin(ws, err);

	if (rc != RC_OK)
		return rc;
	rc = record_grant_put(ws->store, g, err);
	if (rc == RC_OK)
		rc = note_grant(ws, g, err);
	if (rc == RC_OK)
		rc = workspace_audit(ws, text_of(""), g->person, err);
	rc = workspace_end(ws, rc, err);
	return rc == RC_OK ? sign_install(ws, err) : rc;
}

enum rc action_user_grant(struct app *app, const struct args *args, struct reply *reply,
			  struct err *err)
{
	struct stored_grant g = {.personal = args_has(args, PARAM_GRANT_PERSONAL)};
	struct workspace ws;
	struct stored_user u;
	enum rc rc = workspace_open(app, args, STORE_WRITE, &ws, err);

	if (rc != RC_OK)
		return rc;
	rc = find_auditor(&ws, args_text(args, PARAM_HANDLE), &u, err);
	if (rc == RC_OK)
		rc = take_contracts(&ws, args, &g, err);
	if (rc == RC_OK)
		rc = take_period(&ws, args, &g, err);
	if (rc == RC_OK) {
		g.person = u.id;
		rc = keep(&ws, &g, err);
	}
	if (rc == RC_OK)
		answer_done(args, reply, "until", answer_time(ws.arena, g.ends_at),
			    "%.*s may read %.*s of %.*s until %.*s%s\n", TEXT_ARG(u.handle),
			    TEXT_ARG(g.contracts), TEXT_ARG(grant_months(ws.arena, &g)),
			    TEXT_ARG(answer_time(ws.arena, g.ends_at)),
			    g.personal ? ", words and names too" : "");
	workspace_close(&ws);
	return rc;
}
