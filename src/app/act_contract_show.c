/* SPDX-License-Identifier: Apache-2.0 */
/* tenor contract show: a version of a contract as a document beside its terms. Nothing is written. */
#include "app/answer.h"
#include "app/provider.h"
#include "app/recall.h"
#include "render/contract_page.h"

struct reading {
	struct workspace ws;
	const struct args *args;
	struct log_head log;
	struct recalled r;
	struct contract_page page;
	enum format format;
};

/* --version: its number, or a day on which it is in force. */
static enum rc version_of(const struct reading *x, size_t *out, struct err *err)
{
	struct text word = args_text(x->args, PARAM_VERSION_SHOWN);
	const struct zone *z = x->r.versions[x->r.n_versions - 1].promise->zone;
	int64_t number = 0;
	day on = 0;

	*out = recall_in_force(&x->r, x->ws.now);
	if (!args_has(x->args, PARAM_VERSION_SHOWN))
		return RC_OK;
	if (day_parse(word, &on)) {
		*out = recall_in_force(&x->r, zone_midnight(z, on));
		return RC_OK;
	}
	if (!text_digits(word, &number)) {
		err_hint(err, "write its number, or a day as 2026-03-01");
		return err_set(err, RC_USAGE, "'%.*s' is no version", TEXT_ARG(word));
	}
	if (number < 1 || (uint64_t)number > x->r.n_versions) {
		err_hint(err, "it has %zu", x->r.n_versions);
		return err_set(err, RC_MISSING, "there is no version %.*s of %.*s", TEXT_ARG(word),
			       TEXT_ARG(x->log.contract));
	}
	*out = (size_t)number - 1;
	return RC_OK;
}

static enum rc read_page(void *context, struct err *err)
{
	struct reading *x = context;
	struct contract_page *p = &x->page;
	struct contract_version *v;
	enum rc rc = workspace_log(&x->ws, args_text(x->args, PARAM_CONTRACT_ID), &x->log, err);

	if (rc == RC_OK)
		rc = recall_versions(&x->ws, &x->log, INSTANT_MAX, &x->r, err);
	if (rc == RC_OK)
		rc = version_of(x, &p->shown, err);
	if (rc != RC_OK)
		return rc;
	v = arena_array(x->ws.arena, struct contract_version, x->r.n_versions);
	for (size_t i = 0; i < x->r.n_versions; i++)
		v[i] = (struct contract_version){
			.hash = text_copy(x->ws.arena, text_of(x->r.versions[i].contract->hash)),
			.agreed = x->r.versions[i].agreed_at,
			.from = x->r.versions[i].from};
	p->versions = v;
	p->n_versions = x->r.n_versions;
	p->in_force = recall_in_force(&x->r, x->ws.now);
	p->now = x->ws.now;
	p->contract = x->r.versions[p->shown].contract;
	p->promise = x->r.versions[p->shown].promise;
	p->money = workspace_allows(&x->ws, R_MONEY_READ);
	rc = answer_language(x->args, p->promise->language, &p->language, err);
	if (rc == RC_OK && x->format == FORMAT_PDF)
		rc = provider_letterhead(&x->ws, INSTANT_MAX, err);
	return rc;
}

enum rc action_contract_show(struct app *app, const struct args *args, struct reply *reply,
			     struct err *err)
{
	struct reading *x = arena_one(app->arena, struct reading);
	struct answer_sender from;
	enum rc rc;

	x->args = args;
	rc = answer_look(app, args, &x->ws, &x->format, read_page, x, err);
	if (rc != RC_OK)
		return rc;
	if (x->format == FORMAT_JSON) {
		contract_json(app->arena, &x->page, &reply->out);
		return RC_OK;
	}
	from = (struct answer_sender){x->page.promise->provider, x->ws.now};
	return answer_doc(app, args, x->format, contract_doc(app->arena, &x->page), &from,
			  &reply->out, err);
}
