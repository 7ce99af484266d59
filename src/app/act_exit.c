/* SPDX-License-Identifier: Apache-2.0 */
/* tenor quote-exit: what leaving on a day would cost, with every input of the fee (money.md R120 to R125). Nothing is written. */
#include "app/act_money.h"

#include "base/json.h"
#include "engine/leaving.h"
#include "render/account_doc.h"
#include "render/table_csv.h"

#include <assert.h>

struct asked {
	struct selling s;
	struct exit_input in;
	struct exit_quote q;
	struct account_words words;
};

static const enum exit_trigger causes[] = {EXIT_CHRONIC_FAILURE, EXIT_CLIENT_CONVENIENCE,
					   EXIT_CLIENT_DEFAULT, EXIT_FORCE_MAJEURE,
					   EXIT_PROVIDER_DEFAULT};

static enum rc cause_of(const struct args *args, enum exit_trigger *out, struct err *err)
{
	struct text word = args_text(args, PARAM_EXIT_CAUSE);

	*out = EXIT_CLIENT_CONVENIENCE;
	if (!args_has(args, PARAM_EXIT_CAUSE))
		return RC_OK;
	for (size_t i = 0; i < ARRAY_SIZE(causes); i++)
		if (text_is(word, exit_word(causes[i]))) {
			*out = causes[i];
			return RC_OK;
		}
	err_hint(err, "chronic_failure, client_convenience (default), client_default, "
		      "force_majeure or provider_default");
	return err_set(err, RC_USAGE, "there is no cause '%.*s'", TEXT_ARG(word));
}

/* DAY_NONE where it is not said. */
static day day_option(const struct args *args, enum param p)
{
	day d = DAY_NONE;

	if (args_has(args, p) && !day_parse(args_text(args, p), &d))
		assert(false && "the parameter's type is a date");
	return d;
}

/* Notice that is on record counts as it is; without one it would be given today. */
static day notice_of(const struct asked *l)
{
	const struct charging *c = l->s.m.charging;
	struct fact_run run = c->view->kinds[FACT_NOTICE_GIVEN];
	day today = zone_day(l->s.zone, l->s.ws.now);

	for (size_t i = 0; i < run.n; i++) {
		const struct fact *f = view_fact(c->view, run.v[i]);

		if (f->party != PARTY_PROVIDER && notice_of_termination(c->view, run.v[i]))
			return DAY_NONE;
	}
	return today < l->in.date ? today : l->in.date;
}

/* --- the quote --- */

/* Months ahead have no document yet: what would be issued stands for it, so that discounts count as they will be printed. */
static enum rc with_preview(struct asked *l, struct err *err)
{
	struct money_state *m = &l->s.m;
	struct money_proof proof = {0, text_of(""), text_of("")};
	struct issued_document *all =
		arena_array(l->s.ws.arena, struct issued_document, m->n_issued + 1);
	struct billing bill;
	enum rc rc = money_bill(l->s.ws.arena, m, m->on, &proof, &bill, err);

	if (rc != RC_OK)
		return rc;
	for (size_t i = 0; i < m->n_issued; i++)
		all[i] = m->issued[i];
	l->in.issued = all;
	l->in.n_issued = m->n_issued;
	if (bill.invoice != NULL)
		all[l->in.n_issued++] =
			(struct issued_document){.invoice = bill.invoice, .entry = -1};
	return RC_OK;
}

static enum rc quote(struct asked *l, struct err *err)
{
	const struct args *args = l->s.args;
	enum rc rc = cause_of(args, &l->in.cause, err);

	l->in.date = day_option(args, PARAM_EXIT_ON);
	l->in.returns = day_option(args, PARAM_RETURNS);
	if (rc == RC_OK && l->in.returns != DAY_NONE && l->in.returns < l->in.date) {
		err_hint(err, "the client comes back after it left");
		rc = err_set(err, RC_USAGE, "--returns is before --on");
	}
	if (rc == RC_OK)
		rc = money_account(&l->s, l->in.date, err);
	if (rc == RC_OK)
		rc = account_words_of(&l->s, &l->words, err);
	if (rc == RC_OK)
		rc = with_preview(l, err);
	if (rc != RC_OK)
		return rc;
	l->in.charging = l->s.m.charging;
	l->in.end =
		term_running_end(l->in.charging->versions, l->in.charging->n_versions, l->in.date);
	l->in.notice_on = day_option(args, PARAM_NOTICE_ON);
	if (l->in.notice_on == DAY_NONE)
		l->in.notice_on = notice_of(l);
	return exit_make(l->s.ws.arena, &l->in, &l->q, err);
}

/* --- answers --- */

static struct text fraction_text(struct arena *a, struct fraction f)
{
	struct text out;
	struct buf b;

	buf_init(&b, 128);
	csv_fraction(&(struct table_csv){&b, false}, f);
	out = text_copy(a, buf_view(&b));
	buf_free(&b);
	return out;
}

static void json_step(struct json *j, const struct asked *l, const struct step *s)
{
	struct arena *a = l->s.ws.arena;
	struct currency currency = l->s.m.charging->currency;

	json_open_object(j);
	if (s->entry >= 0)
		json_kv_int(j, "entry", s->entry);
	json_kv_text(j, "rule", text_format(a, "money.md R%u", (unsigned)s->rule));
	switch ((enum step_type)s->type) {
	case STEP_IS_COUNT:
		json_kv_int(j, "value", s->value.count);
		break;
	case STEP_IS_MONEY:
		json_kv_text(j, "value", money_text(a, s->value.count, currency));
		break;
	case STEP_IS_DECIMAL:
	case STEP_IS_PCT:
		json_kv_text(j, "value", money_decimal_text(a, s->value.decimal));
		break;
	case STEP_IS_FRACTION:
		json_kv_text(j, "value", fraction_text(a, s->value.fraction));
		break;
	case STEP_IS_DAYS:
		json_kv_text(j, "value",
			     text_format(a, "%.*s..%.*s",
					 TEXT_ARG(money_day_text(a, s->value.days.from)),
					 TEXT_ARG(money_day_text(a, s->value.days.to))));
		break;
	case STEP_IS_WEIGHT:
		json_kv_text(j, "value",
			     text_format(a, "%lld/%lld", (long long)s->value.weight.days,
					 (long long)s->value.weight.of));
		break;
	case STEP_IS_TEXT:
		json_kv_text(j, "value", s->value.text);
		break;
	}
	json_kv_str(j, "what", step_word((enum step_what)s->what));
	json_end_object(j);
}

static void json_lines(struct json *j, const struct asked *l)
{
	json_key(j, "lines");
	json_open_array(j);
	for (size_t i = 0; i < l->q.n_lines; i++) {
		const struct invoice_line *line = &l->q.lines[i];

		json_open_object(j);
		json_kv_text(j, "category", line->category);
		json_kv_text(j, "clause", line->clause);
		json_kv_text(j, "net",
			     money_text(l->s.ws.arena, line->net, l->s.m.charging->currency));
		json_kv_text(j, "part", line->part);
		json_kv_text(j, "rule", line->rule);
		json_key(j, "steps");
		json_open_array(j);
		for (size_t k = 0; k < line->n_steps; k++)
			json_step(j, l, &line->steps[k]);
		json_end_array(j);
		json_end_object(j);
	}
	json_end_array(j);
}

static void answer_json(const struct asked *l, struct buf *out)
{
	struct arena *a = l->s.ws.arena;
	struct currency currency = l->s.m.charging->currency;
	struct json j;

	json_init(&j, out, true);
	json_open_object(&j);
	if (l->q.due) {
		json_kv_text(&j, "average", fraction_text(a, l->q.average));
		json_kv_int(&j, "average_months", l->q.months_counted);
	}
	json_kv_str(&j, "cause", exit_word(l->in.cause));
	json_kv_text(&j, "contract", l->s.log.contract);
	json_kv_str(&j, "currency", currency.code);
	json_key(&j, "damages");
	json_bool(&j, l->q.damages);
	json_key(&j, "due");
	json_bool(&j, l->q.due);
	if (l->in.end != DAY_NONE)
		json_kv_text(&j, "end", money_day_text(a, l->in.end));
	if (l->q.due) {
		json_kv_text(&j, "formula", money_text(a, l->q.formula, currency));
		json_lines(&j, l);
		json_kv_int(&j, "month", l->q.month);
		json_kv_int(&j, "months_left", l->q.months_left);
	}
	json_kv_text(&j, "on", money_day_text(a, l->in.date));
	if (l->q.due) {
		json_kv_text(&j, "percent", money_decimal_text(a, l->q.pct));
		json_kv_text(&j, "rebate", money_text(a, l->q.rebate, currency));
		json_kv_text(&j, "staying", money_text(a, l->q.stay, currency));
	}
	json_kv_text(&j, "total", money_text(a, l->q.total, currency));
	json_end_object(&j);
	buf_char(out, '\n');
}

static void answer_csv(const struct asked *l, struct buf *out)
{
	static const char *const heads[] = {"contract", "on",   "cause",  "part",
					    "clause",   "rule", "amount", "currency"};
	struct currency currency = l->s.m.charging->currency;
	struct table_csv c = {out, false};

	for (size_t i = 0; i < ARRAY_SIZE(heads); i++)
		csv_word(&c, heads[i]);
	csv_end(&c);
	for (size_t i = 0; i < l->q.n_lines; i++) {
		const struct invoice_line *line = &l->q.lines[i];

		csv_text(&c, l->s.log.contract);
		csv_day(&c, l->in.date);
		csv_word(&c, exit_word(l->in.cause));
		csv_text(&c, line->part);
		csv_text(&c, line->clause);
		csv_text(&c, line->rule);
		csv_amount(&c, line->net, currency);
		csv_word(&c, currency.code);
		csv_end(&c);
	}
}

enum rc action_quote_exit(struct app *app, const struct args *args, struct reply *reply,
			  struct err *err)
{
	struct asked *l = arena_one(app->arena, struct asked);
	struct answer_sender from;
	enum rc rc = RC_OK;

	l->s.args = args;
	rc = answer_format(args, &l->s.format, err);
	if (rc == RC_OK)
		rc = selling_open(app, args, STORE_READ, &l->s, err);
	if (rc != RC_OK)
		return rc;
	rc = quote(l, err);
	if (rc == RC_OK && l->s.format == FORMAT_JSON)
		answer_json(l, &reply->out);
	else if (rc == RC_OK && l->s.format == FORMAT_CSV)
		answer_csv(l, &reply->out);
	else if (rc == RC_OK) {
		from = (struct answer_sender){l->words.provider.legal_name, l->s.ws.now};
		rc = answer_doc(app, args, l->s.format,
				exit_doc(app->arena, &l->q, &l->in, &l->words), &from, &reply->out,
				err);
	}
	workspace_close(&l->s.ws);
	return rc;
}
