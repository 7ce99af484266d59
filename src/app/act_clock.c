/* SPDX-License-Identifier: Apache-2.0 */
/* tenor clock accept: the operator says that the clock is right (trust.md J29). */
#include "app/append.h"
#include "app/logs.h"
#include "app/signing.h"
#include "base/json.h"
#include "facts/exact.h"

#include <string.h>

static enum rc accept(struct workspace *ws, instant from, struct err *err)
{
	struct text body = body_of(ws->arena, "from", exact_instant_text(ws->arena, from), "to",
				   exact_instant_text(ws->arena, ws->now));
	struct uuid id;
	enum rc rc = workspace_begin(ws, err);

	if (rc != RC_OK)
		return rc;
	id = workspace_uuid(ws);
	rc = append_own(ws, &ws->install, FACT_CLOCK_ACCEPTED, body, &id, ws->now, NULL, 0, NULL,
			err);
	if (rc == RC_OK)
		rc = workspace_audit(ws, text_of(""), text_of(""), err);
	/* Also back: from here on this is the highest time seen. */
	if (rc == RC_OK)
		rc = record_clock_put(ws->store, ws->now, err);
	rc = workspace_end(ws, rc, err);
	return rc == RC_OK ? sign_install(ws, err) : rc;
}

static void say(const struct workspace *ws, const struct args *args, instant from,
		struct reply *reply)
{
	struct text then = exact_instant_text(ws->arena, from), now = exact_instant_text(ws->arena, ws->now);
	struct json j;

	if (!args_has(args, PARAM_JSON)) {
		buf_printf(&reply->out, "the highest time seen was %.*s and is now %.*s\n",
			   TEXT_ARG(then), TEXT_ARG(now));
		if (ws->now < from)
			buf_str(&reply->out, "a log goes on with the time of its last entry until "
					     "the clock has caught up with it\n");
		return;
	}
	json_init(&j, &reply->out, true);
	json_open_object(&j);
	json_kv_text(&j, "from", then);
	json_kv_text(&j, "to", now);
	json_end_object(&j);
	buf_char(&reply->out, '\n');
}

static enum rc nothing_to_accept(const struct workspace *ws, instant highest, struct err *err)
{
	struct text seen = exact_instant_text(ws->arena, highest), now = exact_instant_text(ws->arena, ws->now);

	return err_set(err, RC_INVALID,
		       "there is nothing to accept: the clock says %.*s, and the highest time seen "
		       "is %.*s",
		       TEXT_ARG(now), TEXT_ARG(seen));
}

enum rc action_clock_accept(struct app *app, const struct args *args, struct reply *reply,
			    struct err *err)
{
	struct workspace ws;
	instant highest = INSTANT_NONE;
	enum rc rc = workspace_open_any_clock(app, args, STORE_WRITE, &ws, err);

	if (rc != RC_OK)
		return rc;
	rc = record_clock(ws.store, &highest, err);
	if (rc == RC_OK)
		rc = workspace_clock(&ws, err);
	if (rc == RC_OK)
		rc = nothing_to_accept(&ws, highest, err);
	else if (rc == RC_IO && strcmp(err->code, "clock") == 0) {
		err_clear(err);
		rc = accept(&ws, highest, err);
		if (rc == RC_OK)
			say(&ws, args, highest, reply);
	}
	workspace_close(&ws);
	return rc;
}
