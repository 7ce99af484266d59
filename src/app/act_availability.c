/* SPDX-License-Identifier: Apache-2.0 */
/* tenor availability: a month by day, from the record. Nothing is written. */
#include "app/answer.h"
#include "app/load.h"
#include "app/recall_past.h"
#include "render/strips.h"

struct looking {
	struct workspace ws;
	const struct args *args;
	struct log_head log;
	struct recalled r;
	struct outcome *outcome;
	struct strips_page page;
	enum format format;
};

static const struct promise *newest(const struct looking *x)
{
	return x->r.versions[x->r.n_versions - 1].promise;
}

/* --month, or the one that runs. */
static enum rc month_of(const struct looking *x, struct span *out, struct err *err)
{
	const struct zone *z = newest(x)->zone;

	*out = value_month_of(z, x->ws.now);
	return args_has(x->args, PARAM_MONTH)
		       ? value_period(args_text(x->args, PARAM_MONTH), z, out, err)
		       : RC_OK;
}

/* No window of availability has a ticket in it: none that is over need be read. */
static enum rc look(void *context, struct err *err)
{
	struct looking *x = context;
	const struct past_asked nothing = {{INSTANT_MAX, INSTANT_MAX}, x->ws.now};
	struct strips_page *p = &x->page;
	struct metric_strips *v = NULL;
	instant moment;
	enum rc rc = workspace_log(&x->ws, args_text(x->args, PARAM_CONTRACT_ID), &x->log, err);

	if (rc == RC_OK)
		rc = recall_past(&x->ws, &x->log, &nothing, &x->r, err);
	if (rc == RC_OK)
		rc = answer_language(x->args, newest(x)->language, &p->language, err);
	if (rc == RC_OK)
		rc = month_of(x, &p->month, err);
	if (rc == RC_OK && p->month.from > x->ws.now) {
		err_hint(err, "a month that has begun");
		rc = err_set(err, RC_USAGE, "%.*s lies ahead",
			     TEXT_ARG(args_text(x->args, PARAM_MONTH)));
	}
	if (rc != RC_OK)
		return rc;
	moment = recall_moment(&x->r, x->ws.now);
	rc = recall_evaluate(&x->r, x->ws.arena, p->month, moment, &x->outcome, err);
	if (rc != RC_OK)
		return rc;
	strips_make(x->ws.arena, x->outcome, p->month, &v, &p->n);
	p->v = v;
	p->outcome = x->outcome;
	p->contract = x->log.contract;
	return RC_OK;
}

enum rc action_availability(struct app *app, const struct args *args, struct reply *reply,
			    struct err *err)
{
	struct looking *x = arena_one(app->arena, struct looking);
	struct answer_sender from;
	enum rc rc;

	x->args = args;
	rc = answer_look(app, args, &x->ws, &x->format, look, x, err);
	if (rc != RC_OK)
		return rc;
	if (x->format == FORMAT_JSON) {
		strips_json(app->arena, &x->page, &reply->out);
		return RC_OK;
	}
	if (x->format == FORMAT_CSV) {
		strips_csv(app->arena, &x->page, &reply->out);
		return RC_OK;
	}
	from = (struct answer_sender){newest(x)->provider, x->ws.now};
	return answer_doc(app, args, x->format, strips_doc(app->arena, &x->page), &from,
			  &reply->out, err);
}
