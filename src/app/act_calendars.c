/* SPDX-License-Identifier: Apache-2.0 */
/* tenor calendars: when somebody is there by the contracts that the person may see. Nothing is written. */
#include "app/answer.h"
#include "app/calendar_cards.h"
#include "app/inputs.h"
#include "app/provider.h"

enum { YEAR_FIRST = 1970, YEAR_LAST = 9998 };

struct looking {
	struct workspace ws;
	const struct args *args;
	struct calendars_page page;
	struct calendar_cards cards;
	struct text provider;
	enum format format;
};

/* --year, or the one that runs and the next. */
static enum rc years_of(struct looking *x, struct err *err)
{
	struct text word = args_text(x->args, PARAM_CALENDAR_YEAR);
	int64_t year = civil_of(day_of_instant(x->ws.now)).year;

	x->page.first_year = (int32_t)year;
	x->page.last_year = (int32_t)year + 1;
	if (!args_has(x->args, PARAM_CALENDAR_YEAR))
		return RC_OK;
	if (!text_digits(word, &year) || year < YEAR_FIRST || year > YEAR_LAST) {
		err_hint(err, "write it as 2026");
		return err_set(err, RC_USAGE, "'%.*s' is no year", TEXT_ARG(word));
	}
	x->page.first_year = x->page.last_year = (int32_t)year;
	return RC_OK;
}

static void cards_begin(struct looking *x)
{
	x->cards = (struct calendar_cards){.arena = x->ws.app->arena,
					   .language = x->page.language,
					   .first_year = x->page.first_year,
					   .last_year = x->page.last_year,
					   .now = x->page.now};
}

/* One contract, with the days that were proclaimed. */
static enum rc look_at(struct looking *x, struct err *err)
{
	struct recall_options options = {-1, INSTANT_MAX, PACK_IDS_FEW};
	struct log_head log;
	struct recalled r;
	const struct promise *promise;
	enum rc rc = workspace_log(&x->ws, args_text(x->args, PARAM_CONTRACT_ID), &log, err);

	if (rc == RC_OK)
		rc = recall(&x->ws, &log, &options, &r, err);
	if (rc != RC_OK)
		return rc;
	promise = r.versions[recall_in_force(&r, x->page.now)].promise;
	rc = answer_language(x->args, promise->language, &x->page.language, err);
	if (rc != RC_OK)
		return rc;
	x->page.contract = log.contract;
	x->page.zone = promise->zone;
	x->page.n_contracts = 1;
	x->provider = promise->provider;
	cards_begin(x);
	return calendar_cards_add(&x->cards, &x->ws, &r, true, err);
}

static enum rc add_contract(struct looking *x, const struct log_head *log, struct err *err)
{
	struct recalled r;
	enum rc rc = recall_versions(&x->ws, log, INSTANT_MAX, &r, err);

	if (rc == RC_MISSING) {
		err_clear(err); /* of no version yet */
		return RC_OK;
	}
	if (rc != RC_OK)
		return rc;
	x->page.n_contracts++;
	return calendar_cards_add(&x->cards, &x->ws, &r, false, err);
}

/* All, each in memory of its own that the next one takes again. */
static enum rc look_at_all(struct looking *x, struct err *err)
{
	struct arena *whole = x->ws.arena;
	struct log_head *logs;
	size_t n = 0;
	enum rc rc = answer_language(x->args, text_of(""), &x->page.language, err);

	if (rc == RC_OK)
		rc = workspace_logs(&x->ws, &logs, &n, err);
	if (rc != RC_OK)
		return rc;
	cards_begin(x);
	inputs_keep(&x->ws, whole);
	x->ws.arena = arena_like(whole);
	for (size_t i = 0; rc == RC_OK && i < n; i++) {
		rc = add_contract(x, &logs[i], err);
		arena_clear(x->ws.arena);
	}
	arena_free(x->ws.arena);
	x->ws.arena = whole;
	return rc;
}

static enum rc look(void *context, struct err *err)
{
	struct looking *x = context;
	struct app *app = x->ws.app;
	enum rc rc;

	x->page.now = x->ws.now / SECOND_MS * SECOND_MS;
	x->page.in_page = app->served != NULL && app->served->in_page;
	rc = years_of(x, err);
	if (rc == RC_OK)
		rc = args_has(x->args, PARAM_CONTRACT_ID) ? look_at(x, err) : look_at_all(x, err);
	if (rc == RC_OK && x->format == FORMAT_PDF)
		rc = provider_letterhead(&x->ws, INSTANT_MAX, err);
	x->page.v = x->cards.v;
	x->page.n = x->cards.n;
	return rc;
}

enum rc action_calendars(struct app *app, const struct args *args, struct reply *reply,
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
		calendars_json(app->arena, &x->page, &reply->out);
		return RC_OK;
	}
	if (x->format == FORMAT_CSV) {
		calendars_csv(app->arena, &x->page, &reply->out);
		return RC_OK;
	}
	from = (struct answer_sender){x->provider, x->page.now};
	return answer_doc(app, args, x->format, calendars_doc(app->arena, &x->page),
			  x->provider.n > 0 ? &from : NULL, &reply->out, err);
}
