/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tenor margin: what a client's contracts earned against what they cost the provider. The costs come from a file of the call and are kept
 * nowhere: they are no business of the client, who reads the record.
 */
#include "app/act_ledger.h"

#include "app/input.h"
#include "engine/margin.h"
#include "facts/csv_read.h"
#include "render/margin.h"

enum { COSTS_MAX_BYTES = 16 << 20 };

enum cost_column { COST_DATE, COST_KIND, COST_AMOUNT, COST_TECHNICIAN, COST_COLUMNS };

struct margining {
	struct selling s;
	struct days window;
	struct currency currency;
	const struct ledger **ledgers;
	size_t n_ledgers;
	struct text path; /* of the costs */
	struct own_cost *costs;
	size_t n_costs, costs_cap;
	enum rc rc; /* of the rows */
	struct err *err;
};

/* --- the file of costs --- */

static const char *const columns[] = {[COST_DATE] = "date",
				      [COST_KIND] = "kind",
				      [COST_AMOUNT] = "amount",
				      [COST_TECHNICIAN] = "technician"};

struct reading_costs {
	struct margining *x;
	struct csv_reader *reader;
	bool named; /* there is a column of technicians */
};

static enum rc cost_header(void *context, uint32_t line, const struct text *names, size_t n,
			   struct err *err)
{
	struct reading_costs *r = context;
	int16_t *slots = arena_array(r->x->s.ws.arena, int16_t, n);
	bool seen[COST_COLUMNS] = {false};

	for (size_t i = 0; i < n; i++) {
		slots[i] = -1;
		for (int k = 0; k < COST_COLUMNS; k++)
			if (text_is(names[i], columns[k]) && !seen[k]) {
				slots[i] = (int16_t)k;
				seen[k] = true;
			}
	}
	for (int k = 0; k < COST_TECHNICIAN; k++)
		if (!seen[k]) {
			err_at(err, r->x->path, line, 1);
			err_hint(err, "the columns are date, kind, amount and, if wanted, "
				      "technician");
			return err_set(err, RC_INVALID, "there is no column '%s'", columns[k]);
		}
	r->named = seen[COST_TECHNICIAN];
	csv_want(r->reader, slots, n, r->named ? COST_COLUMNS : COST_TECHNICIAN);
	return RC_OK;
}

static enum rc cost_refused(struct margining *x, uint32_t line, const char *what, struct text value,
			    const char *right)
{
	err_clear(x->err);
	err_at(x->err, x->path, line, 1);
	err_hint(x->err, "%s", right);
	return err_set(x->err, RC_INVALID, "%s '%.*s'", what, TEXT_ARG(value));
}

static void cost_row(void *context, uint32_t line, const struct text *fields)
{
	const struct reading_costs *r = context;
	struct margining *x = r->x;
	struct own_cost c = {.kind = COST_HOURS};

	if (x->rc != RC_OK)
		return;
	if (!day_parse(fields[COST_DATE], &c.date))
		x->rc = cost_refused(x, line, "this is no date:", fields[COST_DATE],
				     "write 2026-03-31");
	else if (text_is(fields[COST_KIND], "supplier"))
		c.kind = COST_SUPPLIER;
	else if (!text_is(fields[COST_KIND], "hours"))
		x->rc = cost_refused(x, line, "there is no kind of cost", fields[COST_KIND],
				     "hours or supplier");
	if (x->rc == RC_OK &&
	    money_amount(fields[COST_AMOUNT], x->currency, &c.amount, x->err) != RC_OK)
		x->rc = cost_refused(x, line, "this is no amount above zero:", fields[COST_AMOUNT],
				     "for example 250.00");
	if (x->rc != RC_OK)
		return;
	if (r->named)
		c.technician = text_copy(x->s.ws.arena, fields[COST_TECHNICIAN]);
	x->costs =
		arena_grow(x->s.ws.arena, x->costs, x->n_costs, &x->costs_cap, sizeof(*x->costs));
	x->costs[x->n_costs++] = c;
}

static void cost_bad(void *context, uint32_t line, enum csv_fault fault, size_t detail)
{
	struct margining *x = ((struct reading_costs *)context)->x;

	(void)fault;
	(void)detail;
	if (x->rc == RC_OK)
		x->rc = cost_refused(x, line, "this row cannot be read:",
				     text_of("columns or "
					     "quotation "
					     "marks"),
				     "as many columns as the first row has");
}

static enum rc read_costs(struct margining *x, struct err *err)
{
	struct reading_costs r = {x, NULL, false};
	struct csv_handler handler = {&r, cost_header, cost_row, cost_bad};
	struct csv_start start;
	struct text all;
	enum rc rc, closed;

	x->path = args_text(x->s.args, PARAM_COSTS);
	x->err = err;
	rc = input_whole(x->s.ws.app, x->path, COSTS_MAX_BYTES, &all, err);
	if (rc == RC_OK)
		rc = csv_begin(all, &start, err);
	if (rc != RC_OK)
		return rc;
	r.reader = csv_open(x->s.ws.arena, start.delimiter == 0 ? ',' : start.delimiter, start.line,
			    &handler);
	rc = csv_push(r.reader, all.p + start.skip, all.n - start.skip, err);
	if (rc == RC_OK) {
		closed = csv_close(r.reader, err);
		return closed == RC_OK ? x->rc : closed;
	}
	{
		struct err unused = {.line = 0};

		closed = csv_close(r.reader, &unused);
	}
	return rc;
}

/* --- revenue --- */

static enum rc window_asked(struct margining *x, struct err *err)
{
	const struct args *args = x->s.args;
	day today = zone_day(zone_utc(), x->s.ws.now);
	struct civil c = civil_of(today);
	day this_month = day_of(c.year, c.month, 1);
	struct days w = {day_add_months(this_month, -12), this_month};

	if (args_has(args, PARAM_TO_MONTH)) {
		if (!month_parse(args_text(args, PARAM_TO_MONTH), &w.to))
			return err_set(err, RC_USAGE, "--to is no month");
		w.to = day_add_months(w.to, 1);
		w.from = day_add_months(w.to, -12);
	}
	if (args_has(args, PARAM_FROM_MONTH) &&
	    !month_parse(args_text(args, PARAM_FROM_MONTH), &w.from))
		return err_set(err, RC_USAGE, "--from is no month");
	if (w.from >= w.to || w.to > this_month) {
		err_hint(err, "months that are over: --from YYYY-MM --to YYYY-MM");
		return err_set(err, RC_USAGE, "there is no full month to look at");
	}
	x->window = w;
	return RC_OK;
}

static enum rc add_ledger(struct margining *x, struct err *err)
{
	struct ledger *l = NULL;
	enum rc rc = money_ledger(&x->s, x->window.to - 1, NULL, 0, &l, err);

	if (rc != RC_OK)
		return rc;
	if (x->n_ledgers > 0 && !text_is(text_of(l->currency.code), x->currency.code)) {
		err_hint(err, "--contract ID for one of them");
		return err_set(err, RC_USAGE, "contracts in %s and %s have no common margin",
			       x->currency.code, l->currency.code);
	}
	x->currency = l->currency;
	x->ledgers[x->n_ledgers++] = l;
	return RC_OK;
}

static enum rc add_ledgers(struct margining *x, struct err *err)
{
	struct log_head *logs;
	size_t n;
	enum rc rc = selling_logs(&x->s, &logs, &n, err);

	if (rc != RC_OK)
		return rc;
	x->ledgers = arena_array(x->s.ws.arena, const struct ledger *, n);
	for (size_t i = 0; rc == RC_OK && i < n; i++) {
		bool there;

		rc = selling_turn(&x->s, &logs[i], &there, err);
		if (rc == RC_OK && there)
			rc = add_ledger(x, err);
	}
	if (rc == RC_OK && x->n_ledgers == 0)
		rc = err_set(err, RC_MISSING, "no contract has a version yet");
	return rc;
}

static enum rc answer(struct margining *x, const struct margin *m, struct reply *reply,
		      struct err *err)
{
	struct app *app = x->s.ws.app;
	struct margin_words w = {.currency = x->currency, .window = x->window};
	struct answer_sender from = {x->ledgers[0]->contract, x->s.ws.now};
	enum rc rc = answer_language(x->s.args, text_of(""), &w.language, err);

	w.subject = args_has(x->s.args, PARAM_CLIENT) ? args_text(x->s.args, PARAM_CLIENT)
						      : x->ledgers[0]->contract;
	if (rc != RC_OK)
		return rc;
	if (x->s.format == FORMAT_JSON)
		margin_json(app->arena, m, &w, &reply->out);
	else if (x->s.format == FORMAT_CSV)
		margin_csv(m, &w, &reply->out);
	else
		rc = answer_doc(app, x->s.args, x->s.format, margin_doc(app->arena, m, &w), &from,
				&reply->out, err);
	return rc;
}

static enum rc margin_of(struct margining *x, struct reply *reply, struct err *err)
{
	struct margin m = {.n_months = 0};
	enum rc rc = RC_OK;

	if (workspace_client(&x->s.ws))
		return err_set(err, RC_USAGE, "the margin is the provider's own");
	rc = window_asked(x, err);
	if (rc == RC_OK)
		rc = add_ledgers(x, err);
	if (rc == RC_OK)
		rc = read_costs(x, err);
	if (rc == RC_OK)
		rc = margin_make(x->s.ws.arena, x->ledgers, x->n_ledgers, x->costs, x->n_costs,
				 x->window, &m, err);
	return rc == RC_OK ? answer(x, &m, reply, err) : rc;
}

enum rc action_margin(struct app *app, const struct args *args, struct reply *reply,
		      struct err *err)
{
	struct margining *x = arena_one(app->arena, struct margining);
	enum rc rc = RC_OK;

	x->s.args = args;
	if (args_has(args, PARAM_CLIENT) == args_has(args, PARAM_CONTRACT_ID)) {
		err_hint(err, "--client ID, or --contract ID for one of theirs");
		return err_set(err, RC_USAGE, "whose margin is not said");
	}
	rc = answer_open(app, args, &x->s.ws, &x->s.format, err);
	if (rc != RC_OK)
		return rc;
	rc = margin_of(x, reply, err);
	workspace_close(&x->s.ws);
	return rc;
}
