/* SPDX-License-Identifier: Apache-2.0 */
/* tenor dunning run, late-fees run, index run, index announce: what time brings (money.md R53 to R59, R106 to R111). */
#include "app/act_money.h"

#include "app/append.h"
#include "app/filing.h"
#include "app/logs.h"
#include "app/money_again.h"
#include "app/provider.h"
#include "app/signing.h"
#include "base/json.h"
#include "render/account_doc.h"

#include <string.h>

enum { TRIES_MAX = 50, LETTER_MAX_BYTES = 16 << 20 };

/* Over the contracts of the call, each with the head, the zone and the days of its own. */
typedef enum rc each_contract(struct selling *s, struct json *j, struct reply *reply,
			      struct err *err);

static enum rc over_contracts(struct app *app, const struct args *args, enum store_mode mode,
			      each_contract *each, struct reply *reply, struct err *err)
{
	struct selling s = {.args = args};
	struct json writer, *j = NULL;
	struct log_head *logs;
	size_t n;
	enum rc rc = workspace_open(app, args, mode, &s.ws, err);

	if (rc != RC_OK)
		return rc;
	json_init(&writer, &reply->out, true);
	if (args_has(args, PARAM_JSON)) {
		j = &writer;
		json_open_array(j);
	}
	rc = selling_logs(&s, &logs, &n, err);
	for (size_t i = 0; rc == RC_OK && i < n; i++) {
		bool there;

		rc = selling_turn(&s, &logs[i], &there, err);
		if (rc == RC_OK && there)
			rc = each(&s, j, reply, err);
	}
	if (rc == RC_OK && j != NULL) {
		json_end_array(j);
		buf_char(&reply->out, '\n');
	} else if (rc == RC_OK && reply->out.n == 0)
		buf_str(&reply->out, "nothing is due\n");
	workspace_close(&s.ws);
	return rc;
}

/* --- dunning (R111) --- */

static enum rc note_sent(struct selling *s, const struct dunning_due *d, struct err *err)
{
	struct text number = s->m.account.documents[d->document].invoice->number;
	struct uuid id = workspace_uuid(&s->ws);
	enum rc rc = append_own(&s->ws, &s->log, FACT_DUNNING_SENT,
				body_of(s->ws.arena, "invoice", number, "object", d->step), &id,
				s->ws.now, NULL, 0, NULL, err);

	return rc == RC_OK ? workspace_audit(&s->ws, s->log.contract, number, err) : rc;
}

static enum rc note_all_sent(struct selling *s, struct err *err)
{
	const struct account *acc = &s->m.account;
	enum rc rc = workspace_begin(&s->ws, err);

	if (rc != RC_OK)
		return rc;
	rc = record_log_of_uuid(s->ws.store, s->ws.arena, &s->log.uuid, &s->log, err);
	if (rc == RC_OK && s->log.edge.size != s->m.r.size) {
		err_hint(err, "say it again");
		err_code(err, "moved");
		rc = err_set(err, RC_INVALID, "more was recorded meanwhile");
	}
	for (size_t i = 0; rc == RC_OK && i < acc->n_dunning; i++)
		if (!acc->dunning[i].sent)
			rc = note_sent(s, &acc->dunning[i], err);
	rc = workspace_end(&s->ws, rc, err);
	return rc == RC_OK ? sign_log_and_install(&s->ws, &s->log, false, NULL, err) : rc;
}

static enum rc letter_of(struct selling *s, const struct dunning_due *d, const struct doc **out,
			 struct answer_sender *from, struct err *err)
{
	struct account_words words;
	enum rc rc = account_words_of(s, &words, err);

	if (rc != RC_OK)
		return rc;
	*from = (struct answer_sender){words.provider.legal_name, zone_midnight(s->zone, s->on)};
	*out = dunning_doc(s->ws.app->arena, &s->m.account, d, &words);
	return RC_OK;
}

/* INVOICE-STEP.pdf in the folder that --letters names. */
static enum rc file_letter(struct selling *s, const struct dunning_due *d, struct err *err)
{
	struct arena *a = s->ws.arena;
	struct text number = s->m.account.documents[d->document].invoice->number;
	struct text path =
		text_format(a, "%.*s/%.*s-%.*s.pdf", TEXT_ARG(args_text(s->args, PARAM_LETTERS)),
			    TEXT_ARG(number), TEXT_ARG(d->step));
	struct answer_sender from;
	const struct doc *letter;
	struct buf out;
	enum rc rc = letter_of(s, d, &letter, &from, err);

	if (rc == RC_OK)
		rc = provider_letterhead(&s->ws, INSTANT_MAX, err);
	if (rc == RC_OK)
		rc = filing_folders(a, path, err);
	if (rc != RC_OK)
		return rc;
	buf_init(&out, LETTER_MAX_BYTES);
	rc = answer_paper(s->ws.app, s->args, letter, &from, &out, err);
	if (rc == RC_OK)
		rc = filing_replace(a, path, buf_view(&out), err);
	buf_free(&out);
	return rc;
}

/* Before it is recorded that they were sent: a folder that cannot be written to leaves them due. */
static enum rc file_letters(struct selling *s, struct err *err)
{
	const struct account *acc = &s->m.account;
	enum rc rc = RC_OK;

	for (size_t k = 0; rc == RC_OK && k < acc->n_dunning; k++)
		if (!acc->dunning[k].sent)
			rc = file_letter(s, &acc->dunning[k], err);
	return rc;
}

static enum rc say_dunning(struct selling *s, const struct dunning_due *d, struct json *j,
			   struct reply *reply, struct err *err)
{
	struct arena *a = s->ws.arena;

	if (j == NULL) {
		struct answer_sender from;
		const struct doc *letter;
		enum rc rc = letter_of(s, d, &letter, &from, err);

		return rc == RC_OK ? answer_doc(s->ws.app, s->args, FORMAT_TEXT, letter, &from,
						&reply->out, err)
				   : rc;
	}
	json_open_object(j);
	json_kv_text(j, "amount", money_text(a, d->amount, s->m.charging->currency));
	json_kv_text(j, "contract", s->log.contract);
	json_kv_text(j, "due", money_day_text(a, d->due));
	json_kv_text(j, "invoice", s->m.account.documents[d->document].invoice->number);
	json_kv_text(j, "step", d->step);
	json_kv_text(j, "to", d->to);
	json_end_object(j);
	return RC_OK;
}

static enum rc dun(struct selling *s, struct json *j, struct reply *reply, struct err *err)
{
	const struct account *acc = &s->m.account;
	bool any = false;
	enum rc rc = RC_INVALID;

	for (int i = 0; i < TRIES_MAX && rc != RC_OK; i++) {
		err_clear(err);
		any = false;
		rc = money_account(s, s->on, err);
		for (size_t k = 0; rc == RC_OK && k < acc->n_dunning; k++)
			any = any || !acc->dunning[k].sent;
		if (rc == RC_OK && args_has(s->args, PARAM_LETTERS)) {
			rc = file_letters(s, err);
			if (rc != RC_OK)
				return rc;
		}
		/* what is only looked at, or is a day of the past or ahead, was not told */
		if (rc == RC_OK && any && !args_has(s->args, PARAM_DRY_RUN))
			rc = note_all_sent(s, err);
		if (rc != RC_OK && strcmp(err->code, "moved") != 0)
			return rc;
	}
	for (size_t k = 0; rc == RC_OK && k < acc->n_dunning; k++)
		if (!acc->dunning[k].sent)
			rc = say_dunning(s, &acc->dunning[k], j, reply, err);
	return rc;
}

enum rc action_dunning_run(struct app *app, const struct args *args, struct reply *reply,
			   struct err *err)
{
	return over_contracts(app, args, args_has(args, PARAM_DRY_RUN) ? STORE_READ : STORE_WRITE,
			      dun, reply, err);
}

/* --- interest and fees (R109) --- */

static void say_fees(struct selling *s, const struct invoice *i, struct json *j,
		     struct reply *reply)
{
	if (j != NULL) {
		json_open_object(j);
		json_kv_text(j, "amount",
			     money_text(s->ws.arena, i->payable, s->m.charging->currency));
		json_kv_text(j, "contract", s->log.contract);
		json_kv_str(j, "kind", document_word(i->kind));
		if (i->number.n > 0)
			json_kv_text(j, "number", i->number);
		json_end_object(j);
		return;
	}
	buf_printf(&reply->out, "%.*s: %s %.*s, ", TEXT_ARG(s->log.contract),
		   i->kind == DOCUMENT_INTEREST ? "interest note" : "credit note",
		   TEXT_ARG(i->number.n > 0 ? i->number : text_of("(draft)")));
	money_print(&reply->out, (struct money){i->payable, i->currency});
	buf_char(&reply->out, '\n');
}

static enum rc charge_once(struct selling *s, const struct invoice **out, struct err *err)
{
	struct issue_result r = {.contract = s->log.contract};
	bool dry = args_has(s->args, PARAM_DRY_RUN);
	struct money_proof proof = {0, text_of(""), text_of("")};
	struct account_input in;
	const struct invoice *made = NULL;
	struct invoice *own;
	enum rc rc = dry ? money_account(s, s->on, err)
			 : issue_state(&s->ws, &s->log, s->on, &s->m, &proof, err);

	if (rc != RC_OK)
		return rc;
	in = (struct account_input){s->m.charging, s->m.issued, s->m.n_issued, s->m.on};
	rc = account_interest(s->ws.arena, &in, &s->m.account, s->date, &made, err);
	*out = made;
	if (rc != RC_OK || made == NULL || dry)
		return rc;
	own = arena_one(s->ws.arena, struct invoice);
	*own = *made;
	money_stamp(&s->m, &proof, own);
	made = own;
	rc = issue_documents(&s->ws, &s->m, &made, 1, s->on, &r, err);
	if (rc == RC_OK)
		*out = r.documents[0];
	return rc;
}

static enum rc charge_fees(struct selling *s, struct json *j, struct reply *reply, struct err *err)
{
	const struct invoice *made = NULL;
	enum rc rc = money_not_ahead(s, s->on > s->date ? s->on : s->date, "no interest note", err);

	if (rc != RC_OK)
		return rc;
	rc = RC_INVALID;
	for (int i = 0; i < TRIES_MAX && rc != RC_OK; i++) {
		err_clear(err);
		rc = charge_once(s, &made, err);
		if (rc != RC_OK && strcmp(err->code, "moved") != 0)
			return rc;
	}
	if (rc == RC_OK && made != NULL)
		say_fees(s, made, j, reply);
	return rc;
}

enum rc action_late_fees_run(struct app *app, const struct args *args, struct reply *reply,
			     struct err *err)
{
	return over_contracts(app, args, args_has(args, PARAM_DRY_RUN) ? STORE_READ : STORE_WRITE,
			      charge_fees, reply, err);
}

/* --- indexation (R53 to R59) --- */

static const char *state_word(enum adjustment_state state)
{
	static const char *const words[] = {[ADJUSTED] = "in force",
					    [ADJUST_ANNOUNCED] = "ahead",
					    [ADJUST_NOTHING] = "nothing to adjust",
					    [ADJUST_WAITS] = "waits for the index",
					    [ADJUST_NOTICE] = "moved: no notice yet",
					    [ADJUST_CHOICE] = "waits for the provider's choice"};

	return words[state];
}

static void json_adjustment(struct selling *s, const struct adjustment *x, struct json *j)
{
	const struct charging *c = s->m.charging;
	struct arena *a = s->ws.arena;

	json_open_object(j);
	json_kv_text(j, "contract", s->log.contract);
	json_kv_text(j, "date", money_day_text(a, x->date));
	json_kv_text(j, "effective", money_day_text(a, x->effective));
	if (x->notice_due != INSTANT_NONE)
		json_kv_text(j, "notice_due", money_day_text(a, zone_day(s->zone, x->notice_due)));
	json_key(j, "prices");
	json_open_array(j);
	for (size_t i = 0; i < x->n_prices; i++) {
		const struct adjusted_price *p = &x->prices[i];

		json_open_object(j);
		json_kv_text(j, "charge", c->slots[p->slot].id);
		json_kv_text(j, "new_price", money_decimal_text(a, p->new_price));
		json_kv_text(j, "old_price", money_decimal_text(a, p->old_price));
		json_kv_text(j, "yearly_effect", money_text(a, p->yearly_effect, c->currency));
		json_end_object(j);
	}
	json_end_array(j);
	json_kv_str(j, "state", state_word(x->state));
	json_end_object(j);
}

static void say_adjustment(struct selling *s, const struct adjustment *x, struct reply *reply)
{
	const struct charging *c = s->m.charging;
	struct arena *a = s->ws.arena;

	buf_printf(&reply->out, "%.*s  %.*s  %s", TEXT_ARG(s->log.contract),
		   TEXT_ARG(money_day_text(a, x->effective)), state_word(x->state));
	if (x->notice_due != INSTANT_NONE && x->state != ADJUSTED)
		buf_printf(&reply->out, ", notice due %.*s",
			   TEXT_ARG(money_day_text(a, zone_day(s->zone, x->notice_due))));
	buf_char(&reply->out, '\n');
	for (size_t i = 0; i < x->n_prices; i++) {
		const struct adjusted_price *p = &x->prices[i];

		buf_printf(&reply->out, "  %.*s: %.*s to %.*s %s, %.*s a year\n",
			   TEXT_ARG(c->slots[p->slot].id),
			   TEXT_ARG(money_decimal_text(a, p->old_price)),
			   TEXT_ARG(money_decimal_text(a, p->new_price)), c->currency.code,
			   TEXT_ARG(money_text(a, p->yearly_effect, c->currency)));
	}
}

static enum rc list_adjustments(struct selling *s, struct json *j, struct reply *reply,
				struct err *err)
{
	enum rc rc = money_account(s, s->on, err);

	for (size_t i = 0; rc == RC_OK && i < s->m.charging->n_adjustments; i++) {
		const struct adjustment *x = &s->m.charging->adjustments[i];

		if (j != NULL)
			json_adjustment(s, x, j);
		else
			say_adjustment(s, x, reply);
	}
	return rc;
}

enum rc action_index_run(struct app *app, const struct args *args, struct reply *reply,
			 struct err *err)
{
	if (!args_has(args, PARAM_DRY_RUN)) {
		err_hint(err, "--dry-run shows them; a rise is announced with \"tenor index "
			      "announce\"");
		return err_set(err, RC_USAGE,
			       "prices follow from the contract and the index by "
			       "themselves: there is nothing to run");
	}
	return over_contracts(app, args, STORE_READ, list_adjustments, reply, err);
}

/* Announced is an adjustment that the clause has (R58), on its own date also where late notice moves it. */
static enum rc find_adjustment(struct selling *s, struct text date, struct err *err)
{
	const struct charging *c;
	day on = 0;
	enum rc rc;

	if (!day_parse(date, &on)) {
		err_hint(err, "write it as 2027-02-01");
		return err_set(err, RC_USAGE, "'%.*s' is not a day", TEXT_ARG(date));
	}
	rc = money_account(s, on, err);
	if (rc != RC_OK)
		return rc;
	c = s->m.charging;
	for (size_t i = 0; i < c->n_adjustments; i++)
		if (c->adjustments[i].date == on)
			return RC_OK;
	err_hint(err, "\"tenor index run --dry-run --contract %.*s\" lists the adjustments",
		 TEXT_ARG(s->log.contract));
	return err_set(err, RC_INVALID, "no price of '%.*s' is adjusted on '%.*s'",
		       TEXT_ARG(s->log.contract), TEXT_ARG(date));
}

enum rc action_index_announce(struct app *app, const struct args *args, struct reply *reply,
			      struct err *err)
{
	struct selling s = {.args = args};
	struct appended result;
	struct text fields[1], date = args_text(args, PARAM_DATE);
	enum rc rc = selling_open(app, args, STORE_WRITE, &s, err);

	if (rc != RC_OK)
		return rc;
	fields[0] = text_format(s.ws.arena, "date=%.*s", TEXT_ARG(date));
	rc = find_adjustment(&s, date, err);
	/* of the day it is said, so that saying it again that day changes nothing */
	if (rc == RC_OK)
		rc = money_fact(&s, "price.announced",
				text_format(s.ws.arena, "announced-%.*s", TEXT_ARG(date)),
				zone_midnight(s.zone, zone_day(s.zone, s.ws.now)), fields, 1,
				&result, err);
	if (rc == RC_OK)
		answer_done(args, reply, "announced", date,
			    "%.*s: the adjustment of %.*s %s, entry "
			    "%lld\n",
			    TEXT_ARG(s.log.contract), TEXT_ARG(date),
			    result.fate == APPEND_AGAIN ? "was announced before" : "is announced",
			    (long long)result.index);
	workspace_close(&s.ws);
	return rc;
}
