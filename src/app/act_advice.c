/* SPDX-License-Identifier: Apache-2.0 */
/* tenor suggest, compare-break-fix: what would have cost less on the same record (money.md R136, R137). Nothing is written. */
#include "app/act_money.h"

#include "app/load.h"
#include "render/advice.h"
#include "terms/diff.h"

struct weighing {
	struct selling s;
	struct advice_input in;
	struct account_words words;
	struct advice_offer *offers;
};

enum { MONTHS_LOOKED_AT = 12 };

static day month_of(day d)
{
	struct civil c = civil_of(d);

	return day_of(c.year, c.month, 1);
}

/* --from and --to, else the last 12 full months since the service began. */
static enum rc window_asked(struct weighing *x, struct err *err)
{
	const struct args *args = x->s.args;
	struct recalled r;
	enum rc rc = recall_versions(&x->s.ws, &x->s.log, INSTANT_MAX, &r, err);
	day start, last = month_of(x->s.on);
	struct days w;

	if (rc != RC_OK)
		return rc;
	start = r.versions[0].promise->service_start_day;
	if (start == DAY_NONE)
		start = r.versions[0].promise->effective_day;
	w = (struct days){day_add_months(last, -MONTHS_LOOKED_AT), last};
	if (start != DAY_NONE && start > w.from)
		w.from = month_of(start);
	if (args_has(args, PARAM_FROM_MONTH) &&
	    !month_parse(args_text(args, PARAM_FROM_MONTH), &w.from))
		return err_set(err, RC_USAGE, "--from is no month");
	if (args_has(args, PARAM_TO_MONTH)) {
		if (!month_parse(args_text(args, PARAM_TO_MONTH), &w.to))
			return err_set(err, RC_USAGE, "--to is no month");
		w.to = day_add_months(w.to, 1);
	}
	if (w.from >= w.to) {
		err_hint(err, "months that are over: --from YYYY-MM --to YYYY-MM");
		return err_set(err, RC_USAGE, "there is no full month to look at");
	}
	if (w.to > zone_day(x->s.zone, x->s.ws.now) + 1) {
		err_hint(err, "\"tenor forecast\" looks ahead");
		return err_set(err, RC_USAGE, "a month that is not over is compared with nothing");
	}
	x->in.window = w;
	return RC_OK;
}

static enum rc work_out(struct weighing *x, struct err *err)
{
	const struct charging *c;
	const struct promise *p;
	enum rc rc = window_asked(x, err);

	if (rc == RC_OK)
		rc = money_account(&x->s, x->in.window.to, err);
	if (rc == RC_OK)
		rc = account_words_of(&x->s, &x->words, err);
	if (rc != RC_OK)
		return rc;
	c = x->s.m.charging;
	p = c->versions[c->n_versions - 1].pricing->promise;
	x->in.charging = x->s.m.charging;
	x->in.settings = &x->s.m.settings;
	x->in.as_of = x->s.m.as_of;
	x->in.known_as_of = x->s.m.known_as_of;
	x->in.end = p->end == INSTANT_NONE || p->end == INSTANT_MAX ? DAY_NONE
								    : zone_day(p->zone, p->end);
	return RC_OK;
}

/* --- offers --- */

/* R136: no promise gets worse, so an offer changes charges and nothing else. */
static enum rc only_charges(struct weighing *x, const struct contract *offer, struct err *err)
{
	const struct recalled *r = &x->s.m.r;
	struct changes all =
		contract_diff(x->s.ws.arena, r->versions[r->n_versions - 1].contract, offer);

	for (size_t i = 0; i < all.n; i++) {
		struct text path = all.v[i].path;

		if (text_starts(path, "charges") || text_starts(path, "amends") ||
		    text_starts(path, "parties.client.contacts") ||
		    text_starts(path, "parties.provider.contacts"))
			continue;
		err_at(err, offer->file, 0, 0);
		err_hint(err, "\"tenor backtest --with\" shows what that would have cost");
		return err_set(err, RC_INVALID, "the offer changes more than charges: '%.*s'",
			       TEXT_ARG(path));
	}
	return RC_OK;
}

static enum rc read_offer(struct weighing *x, struct text path, struct reply *reply,
			  struct err *err)
{
	struct app *app = x->s.ws.app;
	struct contract *offer;
	struct terms_context context;
	const struct promise *promise;
	struct advice_offer *to = &x->offers[x->in.n_offers];
	enum rc rc = load_noted(app, x->s.args, path, &offer, reply, err);

	if (rc == RC_OK)
		rc = only_charges(x, offer, err);
	if (rc != RC_OK)
		return rc;
	context = load_context(app, offer->file);
	rc = promise_build(x->s.ws.arena, offer, &context, &promise, err);
	if (rc == RC_OK)
		rc = pricing_build(x->s.ws.arena, promise, &to->pricing, err);
	if (rc != RC_OK)
		return rc;
	to->name = path;
	x->in.n_offers++;
	return RC_OK;
}

static enum rc read_offers(struct weighing *x, struct reply *reply, struct err *err)
{
	size_t n = x->s.args->values[PARAM_OFFER].n;
	enum rc rc = RC_OK;

	x->offers = arena_array(x->s.ws.arena, struct advice_offer, n);
	x->in.offers = x->offers;
	for (size_t i = 0; rc == RC_OK && i < n; i++)
		rc = read_offer(x, x->s.args->values[PARAM_OFFER].v[i], reply, err);
	return rc;
}

/* --- verbs --- */

static enum rc answer(struct weighing *x, const struct doc *d, struct reply *reply, struct err *err)
{
	struct answer_sender from = {x->words.provider.legal_name, x->s.ws.now};

	return answer_doc(x->s.ws.app, x->s.args, x->s.format, d, &from, &reply->out, err);
}

static enum rc suggest(struct weighing *x, struct reply *reply, struct err *err)
{
	struct arena *a = x->s.ws.arena;
	struct advices all = {.n = 0};
	enum rc rc = work_out(x, err);

	if (rc == RC_OK)
		rc = read_offers(x, reply, err);
	if (rc == RC_OK)
		rc = advice_make(a, &x->in, &all, err);
	if (rc != RC_OK)
		return rc;
	if (x->s.format == FORMAT_JSON)
		advice_json(a, &all, x->in.window, &x->words, &reply->out);
	else if (x->s.format == FORMAT_CSV)
		advice_csv(&all, &x->words, &reply->out);
	else
		rc = answer(x, advice_doc(a, &all, x->in.window, &x->words), reply, err);
	return rc;
}

static enum rc compare(struct weighing *x, struct reply *reply, struct err *err)
{
	struct arena *a = x->s.ws.arena;
	struct break_fix f = {.n_work = 0};
	enum rc rc = work_out(x, err);

	if (rc == RC_OK)
		rc = break_fix_make(a, &x->in, &f, err);
	if (rc != RC_OK)
		return rc;
	if (x->s.format == FORMAT_JSON)
		break_fix_json(a, &f, x->in.window, &x->words, &reply->out);
	else if (x->s.format == FORMAT_CSV)
		break_fix_csv(&f, &x->words, &reply->out);
	else
		rc = answer(x, break_fix_doc(a, &f, x->in.window, &x->words), reply, err);
	return rc;
}

static enum rc with_contract(struct app *app, const struct args *args,
			     enum rc (*each)(struct weighing *x, struct reply *reply,
					     struct err *err),
			     struct reply *reply, struct err *err)
{
	struct weighing *x = arena_one(app->arena, struct weighing);
	enum rc rc = RC_OK;

	x->s.args = args;
	rc = answer_format(args, &x->s.format, err);
	if (rc == RC_OK)
		rc = selling_open(app, args, STORE_READ, &x->s, err);
	if (rc != RC_OK)
		return rc;
	rc = each(x, reply, err);
	workspace_close(&x->s.ws);
	return rc;
}

enum rc action_suggest(struct app *app, const struct args *args, struct reply *reply,
		       struct err *err)
{
	return with_contract(app, args, suggest, reply, err);
}

enum rc action_compare_break_fix(struct app *app, const struct args *args, struct reply *reply,
				 struct err *err)
{
	return with_contract(app, args, compare, reply, err);
}
