/* SPDX-License-Identifier: Apache-2.0 */
/* tenor invoice preview, run, release, list, show (money.md R8, R70 to R76). */
#include "app/act_money.h"

#include "app/append.h"
#include "app/logs.h"
#include "app/own_entries.h"
#include "app/signing.h"
#include "base/json.h"
#include "engine/invoice_json.h"

enum rc money_days(const struct workspace *ws, const struct args *args, const struct zone *zone,
		   day *on, day *date, struct err *err)
{
	day today = zone_day(zone, ws->now);

	*on = today;
	if (args_has(args, PARAM_ON) && !day_parse(args_text(args, PARAM_ON), on))
		return err_set(err, RC_USAGE, "--on is no date");
	*date = *on;
	if (args_has(args, PARAM_DATE) && !day_parse(args_text(args, PARAM_DATE), date))
		return err_set(err, RC_USAGE, "--date is no date");
	return RC_OK;
}

enum rc money_zone(struct workspace *ws, const struct log_head *log, const struct zone **zone,
		   struct err *err)
{
	struct recalled versions;
	enum rc rc = recall_versions(ws, log, INSTANT_MAX, &versions, err);

	if (rc == RC_OK)
		*zone = versions.versions[versions.n_versions - 1].promise->zone;
	return rc;
}

/* What is issued has happened: no document of a day still ahead. */
static enum rc not_ahead(const struct selling *s, struct err *err)
{
	day today = zone_day(s->zone, s->ws.now);

	if (s->on <= today && s->date <= today)
		return RC_OK;
	err_hint(err, "\"tenor invoice preview\" shows what would be due");
	return err_set(err, RC_USAGE, "nothing is issued for a day that is still ahead");
}

/* --- preview --- */

enum rc action_invoice_preview(struct app *app, const struct args *args, struct reply *reply,
			       struct err *err)
{
	struct selling s = {.log = {.id = 0}};
	struct billing bill;
	enum rc rc = answer_format(args, &s.format, err);

	if (rc == RC_OK)
		rc = selling_open(app, args, STORE_READ, &s, err);
	if (rc != RC_OK)
		return rc;
	rc = issue_preview(&s.ws, &s.log, s.on, s.date, &s.m, &bill, err);
	if (rc == RC_OK)
		rc = money_answer_bill(&s, &bill, reply, err);
	workspace_close(&s.ws);
	return rc;
}

/* --- run --- */

/* invoicing.issue_within in days; without it, or in another unit, the month after which everything is due again. */
static int64_t issue_within_days(const struct pricing *p)
{
	const struct timing *t = &p->invoicing.issue_within;

	return t->set && t->duration.unit == UNIT_D ? t->duration.n : 28;
}

/* R9: without --on the run waits for late usage, as the provider set it, at most as long as the contract lets it. */
static enum rc wait_for_late(struct selling *s, struct err *err)
{
	struct provider_settings p;
	struct billing_settings house = {.issue_delay_days = 0};
	struct recalled r;
	const struct pricing *pricing = NULL;
	int64_t most;
	enum rc rc;

	if (args_has(s->args, PARAM_ON))
		return RC_OK;
	rc = provider_settings_at(&s->ws, INSTANT_MAX, &p, err);
	if (rc != RC_OK || p.of[SETTING_ISSUE_DELAY].n == 0)
		return rc;
	provider_house_numbers(&p, (struct currency){.decimals = 2}, &house);
	rc = recall_versions(&s->ws, &s->log, INSTANT_MAX, &r, err);
	if (rc == RC_OK)
		rc = pricing_build(s->ws.arena, r.versions[r.n_versions - 1].promise, &pricing,
				   err);
	if (rc != RC_OK)
		return rc;
	most = issue_within_days(pricing);
	s->on -= (day)(house.issue_delay_days > most ? most : house.issue_delay_days);
	return RC_OK;
}

static void say_result(const struct selling *s, const struct issue_result *r, struct json *j,
		       struct reply *reply)
{
	if (j != NULL) {
		money_json_result(j, r);
		return;
	}
	if (r->fate == ISSUE_NOTHING)
		buf_printf(&reply->out, "%.*s: nothing is due that no document has\n",
			   TEXT_ARG(r->contract));
	for (size_t i = 0; r->fate == ISSUED && i < r->n_documents; i++) {
		const struct invoice *d = r->documents[i];

		buf_printf(&reply->out, "%.*s: %s %.*s, ", TEXT_ARG(r->contract),
			   d->kind == DOCUMENT_INVOICE       ? "invoice"
			   : d->kind == DOCUMENT_CREDIT_NOTE ? "credit note"
							     : "interest note",
			   TEXT_ARG(d->number));
		money_print(&reply->out, (struct money){d->payable, d->currency});
		buf_char(&reply->out, '\n');
	}
	if (r->fate == ISSUE_PARKED)
		money_say_parked(&s->ws, r->contract, &r->billing, &reply->out);
}

static enum rc run_one(struct selling *s, struct json *j, struct reply *reply, bool *parked,
		       struct err *err)
{
	struct issue_result r;
	enum rc rc = issue_due(&s->ws, &s->log, s->on, s->date, &r, err);

	if (rc ==
	    RC_LIMIT) { /* R82: an amount beyond what fits parks the account, with what does not fit */
		buf_printf(&reply->notes, "%.*s is parked: %s\n", TEXT_ARG(s->log.contract),
			   err->message);
		err_clear(err);
		*parked = true;
		return RC_OK;
	}
	if (rc != RC_OK)
		return rc;
	*parked = *parked || r.fate == ISSUE_PARKED;
	say_result(s, &r, j, reply);
	return RC_OK;
}

static enum rc run_all(struct selling *s, struct json *j, struct reply *reply, bool *parked,
		       struct err *err)
{
	struct log_head *logs;
	size_t n;
	enum rc rc = workspace_logs(&s->ws, &logs, &n, err);

	for (size_t i = 0; rc == RC_OK && i < n; i++) {
		s->log = logs[i];
		rc = money_zone(&s->ws, &s->log, &s->zone, err);
		if (rc == RC_MISSING) { /* no contract in it yet */
			err_clear(err);
			rc = RC_OK;
			continue;
		}
		if (rc == RC_OK)
			rc = money_days(&s->ws, s->args, s->zone, &s->on, &s->date, err);
		if (rc == RC_OK)
			rc = not_ahead(s, err);
		if (rc == RC_OK)
			rc = wait_for_late(s, err);
		if (rc == RC_OK)
			rc = run_one(s, j, reply, parked, err);
	}
	return rc;
}

static enum rc run(struct selling *s, struct reply *reply, struct err *err)
{
	bool parked = false, all = args_has(s->args, PARAM_ALL);
	struct json writer, *j = NULL;
	enum rc rc;

	if (args_has(s->args, PARAM_JSON)) {
		json_init(&writer, &reply->out, true);
		json_open_array(&writer);
		j = &writer;
	}
	if (all)
		rc = run_all(s, j, reply, &parked, err);
	else {
		rc = not_ahead(s, err);
		if (rc == RC_OK)
			rc = wait_for_late(s, err);
		if (rc == RC_OK)
			rc = run_one(s, j, reply, &parked, err);
	}
	if (rc == RC_OK && j != NULL) {
		json_end_array(j);
		buf_char(&reply->out, '\n');
	}
	if (parked)
		reply->status = 1;
	return rc;
}

enum rc action_invoice_run(struct app *app, const struct args *args, struct reply *reply,
			   struct err *err)
{
	struct selling s = {.args = args};
	bool all = args_has(args, PARAM_ALL);
	enum rc rc;

	if (all == args_has(args, PARAM_CONTRACT_ID)) {
		err_hint(err, "--contract ID, or --all");
		return err_set(err, RC_USAGE,
			       all ? "one contract or all of them?" : "which contract is not said");
	}
	rc = all ? workspace_open(app, args, STORE_WRITE, &s.ws, err)
		 : selling_open(app, args, STORE_WRITE, &s, err);
	if (rc != RC_OK)
		return rc;
	rc = run(&s, reply, err);
	workspace_close(&s.ws);
	return rc;
}

/* --- release (R74) --- */

static enum rc write_release(struct selling *s, const struct hash *substance, struct err *err)
{
	char hex[SHA256_HEX + 1];
	struct uuid id = workspace_uuid(&s->ws);
	enum rc rc = workspace_begin(&s->ws, err);

	hash_hex(substance, hex);
	if (rc != RC_OK)
		return rc;
	rc = record_log_of_uuid(s->ws.store, s->ws.arena, &s->log.uuid, &s->log, err);
	if (rc == RC_OK)
		rc = append_own(&s->ws, &s->log, FACT_ACCOUNT_RELEASED,
				body_of(s->ws.arena, "document", text_of(hex), "reason_code",
					args_text(s->args, PARAM_WHY)),
				&id, s->ws.now, NULL, 0, NULL, err);
	if (rc == RC_OK)
		rc = workspace_audit(&s->ws, s->log.contract, text_of("release"), err);
	rc = workspace_end(&s->ws, rc, err);
	return rc == RC_OK ? sign_log_and_install(&s->ws, &s->log, false, NULL, err) : rc;
}

enum rc action_invoice_release(struct app *app, const struct args *args, struct reply *reply,
			       struct err *err)
{
	struct selling s = {.args = args};
	struct billing bill;
	struct hash substance;
	enum rc rc = selling_open(app, args, STORE_WRITE, &s, err);

	if (rc != RC_OK)
		return rc;
	rc = issue_preview(&s.ws, &s.log, s.on, s.date, &s.m, &bill, err);
	if (rc == RC_OK && (bill.invoice == NULL || bill.n_parked == 0))
		rc = err_set(err, RC_INVALID, "nothing of '%.*s' is parked",
			     TEXT_ARG(s.log.contract));
	if (rc == RC_OK) {
		substance = issue_substance(bill.invoice);
		rc = write_release(&s, &substance, err);
	}
	if (rc == RC_OK)
		answer_done(args, reply, "released", s.log.contract,
			    "%.*s may go out with exactly these lines: tenor invoice run "
			    "--contract %.*s\n",
			    TEXT_ARG(s.log.contract), TEXT_ARG(s.log.contract));
	workspace_close(&s.ws);
	return rc;
}

/* --- list --- */

static enum rc list(struct selling *s, struct reply *reply, struct err *err)
{
	bool as_json = args_has(s->args, PARAM_JSON);
	struct stored_document *v;
	struct log_head *logs;
	struct json j;
	size_t n, n_logs, shown = 0;
	enum rc rc = record_documents(s->ws.store, s->ws.arena, &v, &n, err);

	if (rc == RC_OK)
		rc = workspace_logs(&s->ws, &logs, &n_logs, err);
	if (rc != RC_OK)
		return rc;
	json_init(&j, &reply->out, true);
	if (as_json)
		json_open_array(&j);
	for (size_t i = 0; rc == RC_OK && i < n; i++)
		for (size_t k = 0; rc == RC_OK && k < n_logs; k++) {
			struct own_entry own;

			if (logs[k].id != v[i].log || (s->log.id != 0 && s->log.id != v[i].log))
				continue;
			rc = own_entry_read(&s->ws, &logs[k], v[i].index, &own, err);
			if (rc == RC_OK)
				money_list_row(&own, logs[k].contract, as_json ? &j : NULL,
					       &reply->out);
			shown++;
		}
	if (as_json) {
		json_end_array(&j);
		buf_char(&reply->out, '\n');
	} else if (rc == RC_OK && shown == 0)
		buf_str(&reply->out, "no document was issued yet; \"tenor invoice preview\" shows "
				     "what is due\n");
	return rc;
}

enum rc action_invoice_list(struct app *app, const struct args *args, struct reply *reply,
			    struct err *err)
{
	struct selling s = {.args = args};
	enum rc rc = workspace_open(app, args, STORE_READ, &s.ws, err);

	if (rc != RC_OK)
		return rc;
	if (args_has(args, PARAM_CONTRACT_ID))
		rc = workspace_log(&s.ws, args_text(args, PARAM_CONTRACT_ID), &s.log, err);
	if (rc == RC_OK)
		rc = list(&s, reply, err);
	workspace_close(&s.ws);
	return rc;
}

/* --- show --- */

enum rc action_invoice_show(struct app *app, const struct args *args, struct reply *reply,
			    struct err *err)
{
	struct selling s = {.args = args};
	struct issued_document document;
	enum rc rc = answer_format(args, &s.format, err);

	if (rc == RC_OK)
		rc = workspace_open(app, args, STORE_READ, &s.ws, err);
	if (rc != RC_OK)
		return rc;
	rc = money_document(&s.ws, args_text(args, PARAM_NUMBER), &s.log, &document, err);
	if (rc == RC_OK)
		rc = money_answer_document(&s, &document, reply, err);
	workspace_close(&s.ws);
	return rc;
}
