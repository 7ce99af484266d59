/* SPDX-License-Identifier: Apache-2.0 */
/* tenor budget, forecast: a year against its budget, and the months ahead (money.md R130 to R135). Nothing is written. */
#include "app/act_money.h"

#include "base/json.h"
#include "engine/budget.h"
#include "render/planning.h"

enum { MONTHS_DEFAULT = 12, YEAR_FIRST = 1970, YEAR_LAST = 9998 };

/* What is known by the day: documents, what is due and on none, service credits. */
static enum rc look(struct selling *s, struct forecast_input *out, struct err *err)
{
	struct billing bill;
	const struct invoice **due;
	size_t n = 0;
	enum rc rc = money_not_ahead(s, s->on, "a forecast", err);

	if (rc == RC_OK)
		rc = issue_preview(&s->ws, &s->log, s->on, s->on, &s->m, &bill, err);
	if (rc != RC_OK)
		return rc;
	for (size_t i = 0; i < bill.n_parked; i++)
		if (bill.parked[i].why == PARKED_OVERFLOW)
			return err_set(err, RC_LIMIT, "amount too large: '%.*s'",
				       TEXT_ARG(bill.parked[i].what));
	due = arena_array(s->ws.arena, const struct invoice *, bill.n_credit_notes + 1);
	if (bill.invoice != NULL)
		due[n++] = bill.invoice;
	for (size_t i = 0; i < bill.n_credit_notes; i++)
		due[n++] = bill.credit_notes[i];
	*out = (struct forecast_input){.charging = s->m.charging,
				       .issued = s->m.issued,
				       .n_issued = s->m.n_issued,
				       .due = due,
				       .n_due = n,
				       .credits = s->m.credits,
				       .n_credits = s->m.n_credits,
				       .settings = &s->m.settings};
	return RC_OK;
}

static const struct pricing *newest(const struct selling *s)
{
	const struct charging *c = s->m.charging;

	return c->versions[c->n_versions - 1].pricing;
}

static enum rc words_of(const struct selling *s, struct planning_words *out, struct err *err)
{
	const struct pricing *p = newest(s);

	*out = (struct planning_words){.zone = s->zone,
				       .contract = s->log.contract,
				       .title = p->promise->title,
				       .provider = p->promise->provider,
				       .client = p->promise->client};
	return answer_language(s->args, p->promise->language, &out->language, err);
}

static enum rc answer(struct selling *s, const struct doc *d, struct reply *reply, struct err *err)
{
	struct answer_sender from = {newest(s)->provider.legal_name, zone_midnight(s->zone, s->on)};

	return answer_doc(s->ws.app, s->args, s->format, d, &from, &reply->out, err);
}

/* --- budget --- */

static enum rc year_of(const struct selling *s, day *out, struct err *err)
{
	int64_t year = 0;

	*out = budget_year_of(newest(s), s->on);
	if (!args_has(s->args, PARAM_YEAR))
		return RC_OK;
	if (!text_int(args_text(s->args, PARAM_YEAR), &year) || year < YEAR_FIRST ||
	    year > YEAR_LAST) {
		err_hint(err, "the year in which the fiscal year begins, as 2026");
		return err_set(err, RC_USAGE, "'%.*s' is no year",
			       TEXT_ARG(args_text(s->args, PARAM_YEAR)));
	}
	*out = budget_year_named(newest(s), (int)year);
	return RC_OK;
}

static enum rc budget(struct selling *s, struct reply *reply, struct err *err)
{
	struct forecast_input in;
	struct planning_words words;
	struct budget b;
	struct json j;
	day year = 0;
	enum rc rc = look(s, &in, err);

	if (rc == RC_OK)
		rc = year_of(s, &year, err);
	if (rc == RC_OK)
		rc = budget_make(s->ws.arena, &in, year, &b, err);
	if (rc == RC_OK)
		rc = words_of(s, &words, err);
	if (rc != RC_OK)
		return rc;
	if (s->format == FORMAT_CSV) {
		budget_csv(&b, s->log.contract, &reply->out);
		return RC_OK;
	}
	if (s->format != FORMAT_JSON)
		return answer(s, budget_doc(s->ws.arena, &b, &words), reply, err);
	json_init(&j, &reply->out, true);
	budget_json(&j, &b, s->log.contract);
	buf_char(&reply->out, '\n');
	return RC_OK;
}

enum rc action_budget(struct app *app, const struct args *args, struct reply *reply,
		      struct err *err)
{
	struct selling s = {.log = {.id = 0}};
	enum rc rc = answer_format(args, &s.format, err);

	if (rc == RC_OK)
		rc = selling_open(app, args, STORE_READ, &s, err);
	if (rc != RC_OK)
		return rc;
	rc = budget(&s, reply, err);
	workspace_close(&s.ws);
	return rc;
}

/* --- forecast --- */

static enum rc months_of(const struct args *args, int64_t *out, struct err *err)
{
	*out = MONTHS_DEFAULT;
	if (!args_has(args, PARAM_AHEAD))
		return RC_OK;
	if (!text_int(args_text(args, PARAM_AHEAD), out) || *out < 1 ||
	    *out > FORECAST_MONTHS_MAX) {
		err_hint(err, "1 to %d", FORECAST_MONTHS_MAX);
		return err_set(err, RC_USAGE, "'%.*s' months cannot be forecast",
			       TEXT_ARG(args_text(args, PARAM_AHEAD)));
	}
	return RC_OK;
}

static enum rc forecast(struct selling *s, size_t months, struct reply *reply, struct err *err)
{
	struct forecast_input in;
	struct planning_words words;
	struct forecast f;
	struct json j;
	enum rc rc = look(s, &in, err);

	if (rc == RC_OK)
		rc = forecast_make(s->ws.arena, &in, months, 1, &f, err);
	if (rc == RC_OK)
		rc = words_of(s, &words, err);
	if (rc != RC_OK)
		return rc;
	if (s->format == FORMAT_CSV) {
		forecast_csv(&f, s->log.contract, &reply->out);
		return RC_OK;
	}
	if (s->format != FORMAT_JSON)
		return answer(s, forecast_doc(s->ws.arena, &f, &words), reply, err);
	json_init(&j, &reply->out, true);
	forecast_json(&j, &f, s->log.contract);
	buf_char(&reply->out, '\n');
	return RC_OK;
}

enum rc action_forecast(struct app *app, const struct args *args, struct reply *reply,
			struct err *err)
{
	struct selling s = {.log = {.id = 0}};
	int64_t months = 0;
	enum rc rc = answer_format(args, &s.format, err);

	if (rc == RC_OK)
		rc = months_of(args, &months, err);
	if (rc == RC_OK)
		rc = selling_open(app, args, STORE_READ, &s, err);
	if (rc != RC_OK)
		return rc;
	rc = forecast(&s, (size_t)months, reply, err);
	workspace_close(&s.ws);
	return rc;
}
