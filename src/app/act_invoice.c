/* SPDX-License-Identifier: Apache-2.0 */
/* tenor invoice preview, run, release, list, show (money.md R8, R70 to R76). */
#include "app/act_money.h"

#include "app/append.h"
#include "app/grants.h"
#include "app/inputs.h"
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
static enum rc not_ahead(const struct workspace *ws, const struct zone *zone, day on, day date,
			 struct err *err)
{
	day today = zone_day(zone, ws->now);

	if (on <= today && date <= today)
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
static enum rc wait_for_late(const struct args *args, struct workspace *ws,
			     const struct promise *promise, day *on, struct err *err)
{
	struct provider_settings p;
	struct billing_settings house = {.issue_delay_days = 0};
	const struct pricing *pricing = NULL;
	int64_t most;
	enum rc rc;

	if (args_has(args, PARAM_ON))
		return RC_OK;
	rc = provider_settings_at(ws, INSTANT_MAX, &p, err);
	if (rc != RC_OK || p.of[SETTING_ISSUE_DELAY].n == 0)
		return rc;
	provider_house_numbers(&p, (struct currency){.decimals = 2}, &house);
	rc = pricing_build(ws->arena, promise, &pricing, err);
	if (rc != RC_OK)
		return rc;
	most = issue_within_days(pricing);
	*on -= (day)(house.issue_delay_days > most ? most : house.issue_delay_days);
	return RC_OK;
}

static enum rc days_of(const void *context, struct workspace *ws, const struct recalled *r, day *on,
		       day *date, struct err *err)
{
	const struct args *args = context;
	const struct promise *promise = r->versions[r->n_versions - 1].promise;
	enum rc rc = money_days(ws, args, promise->zone, on, date, err);

	if (rc == RC_OK)
		rc = not_ahead(ws, promise->zone, *on, *date, err);
	return rc == RC_OK ? wait_for_late(args, ws, promise, on, err) : rc;
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

/* A run on its way. */
struct running {
	struct selling s;
	struct json writer, *j; /* j: NULL for text, else the writer */
	struct reply *reply;
	struct crew *crew;
	bool all, parked;
	int status; /* of the contracts that could not be done, the first; 0: none */
};

static void say_left_out(struct running *r, const struct issue_asked *one)
{
	buf_printf(&r->reply->notes, "%.*s is left out: ", TEXT_ARG(one->log.contract));
	err_print(&one->err, &r->reply->notes);
	buf_char(&r->reply->notes, '\n');
	if (r->status == 0)
		r->status = app_status(one->rc);
}

/* One contract's troubles are its own, unless it is the only one, or the call itself is wrong. */
static enum rc say_one(struct running *r, const struct issue_asked *one, struct err *err)
{
	if (one->rc ==
	    RC_LIMIT) { /* R82: an amount beyond what fits parks the account, with what does not fit */
		buf_printf(&r->reply->notes, "%.*s is parked: %s\n", TEXT_ARG(one->log.contract),
			   one->err.message);
		r->parked = true;
	} else if (one->rc == RC_OK) {
		r->parked = r->parked || one->result.fate == ISSUE_PARKED;
		say_result(&r->s, &one->result, r->j, r->reply);
	} else if (!r->all || one->rc == RC_USAGE) {
		*err = one->err;
		return one->rc;
	} else if (one->there)
		say_left_out(r, one);
	return RC_OK;
}

/* All of them; what is told of is signed. */
static enum rc say(struct running *r, const struct issue_asked *v, size_t n, struct err *err)
{
	enum rc rc = RC_OK;

	for (size_t i = 0; i < n; i++) {
		struct err of_one = {.line = 0};
		enum rc said = say_one(r, &v[i], &of_one);

		if (rc == RC_OK && said != RC_OK) {
			rc = said;
			*err = of_one;
		}
	}
	return rc;
}

/* Another hand is not worth its connection for fewer contracts. A run begins with small turns, so that there is soon something to write. */
enum { TOGETHER_FIRST = 8, TOGETHER = 256, TOGETHER_GROWS = 4, CONTRACTS_A_HAND = 4 };

static void progress(const struct app *app, int64_t done, int64_t all, bool end)
{
	if (app->progress != NULL && all > 0)
		app->progress(app->progress_context, text_of("issuing"), (uint64_t)done,
			      (uint64_t)all, end);
}

/* Contracts that take each step together, in an arena of their own. */
struct turn {
	struct arena *arena;
	const struct log_head *logs;
	struct issue_asked *v;
	size_t n, done;
	struct issue_run *issue; /* NULL: there are no more contracts */
};

/* Two of them, one behind the other, and what both have in common. */
struct turns {
	struct running *r;
	struct issue_days days;
	struct log_head
		install; /* its words lie in no turn's arena; they are the same for life (J10) */
	struct turn v[2];
	size_t together;
	int64_t after; /* the last contract that is in a turn */
};

static void in_turn(struct turns *t, const struct turn *turn)
{
	t->r->s.ws.arena = turn->arena;
	t->r->s.ws.install = t->install;
}

/* The contracts after those of the turn before. */
static enum rc turn_begin(struct turns *t, struct turn *turn, struct err *err)
{
	struct workspace *ws = &t->r->s.ws;
	struct log_head *logs = NULL;
	int64_t read = t->after;
	enum rc rc;

	arena_rewind(turn->arena);
	crew_turn(t->r->crew);
	in_turn(t, turn);
	turn->issue = NULL;
	turn->done = 0;
	rc = workspace_logs_after(ws, &read, t->together, &logs, &turn->n, err);
	if (rc != RC_OK || turn->n == 0)
		return rc;
	turn->logs = logs;
	turn->v = arena_array(ws->arena, struct issue_asked, turn->n);
	for (size_t i = 0; i < turn->n; i++)
		turn->v[i].log = logs[i];
	if (t->together < TOGETHER)
		t->together *= TOGETHER_GROWS;
	return issue_begin(ws, t->r->crew, turn->v, turn->n, &t->days, &turn->issue, err);
}

/* A turn is worked out, the next one is begun, and this one is written meanwhile. */
static enum rc turn_end(struct turns *t, struct turn *turn, struct turn *next, bool first,
			struct err *err)
{
	struct running *r = t->r;
	struct workspace *ws = &r->s.ws;
	const struct app *app = ws->app;
	enum rc rc;

	in_turn(t, turn);
	rc = issue_prepare(turn->issue, &turn->done, err);
	if (rc == RC_OK)
		rc = store_aside_rest(ws->store, err);
	if (rc != RC_OK)
		return rc;
	t->after = turn->logs[turn->done - 1].id;
	rc = turn_begin(t, next, err);
	in_turn(t, turn);
	/* A run may be long: what is done is delivered. The last of it waits until all files are closed (trust.md D3). */
	if (rc == RC_OK && app->flush != NULL && !first)
		rc = app->flush(app->flush_context, &r->reply->out, err);
	if (rc == RC_OK)
		rc = issue_end(turn->issue, err);
	return rc == RC_OK ? say(r, turn->v, turn->done, err) : rc;
}

static enum rc turns_run(struct turns *t, int64_t last, struct err *err)
{
	struct turn *turn = &t->v[0], *next = &t->v[1];
	bool first = true;
	enum rc rc = turn_begin(t, turn, err);

	while (rc == RC_OK && turn->issue != NULL) {
		struct turn *done = turn;

		rc = turn_end(t, turn, next, first, err);
		first = false;
		if (rc == RC_OK)
			progress(t->r->s.ws.app, turn->logs[turn->done - 1].id, last, false);
		turn = next;
		next = done;
	}
	for (size_t i = 0; i < ARRAY_SIZE(t->v); i++)
		if (t->v[i].issue != NULL)
			issue_stop(t->v[i].issue);
	return rc;
}

/* The first thing that failed is the one to tell. */
static enum rc end_aside(struct workspace *ws, enum rc rc, struct err *err)
{
	struct err second = {.line = 0};
	enum rc end = store_aside_end(ws->store, &second);

	if (rc == RC_OK && end != RC_OK)
		*err = second;
	return rc == RC_OK ? end : rc;
}

static enum rc run_all(struct running *r, struct err *err)
{
	struct workspace *ws = &r->s.ws;
	struct arena *whole = ws->arena;
	struct turns t = {.r = r,
			  .days = {r->s.args, days_of},
			  .install = ws->install,
			  .together = TOGETHER_FIRST};
	int64_t last = 0;
	enum rc rc = record_log_last(ws->store, &last, err);

	if (rc == RC_OK)
		rc = store_aside_begin(ws->store, whole, err);
	if (rc != RC_OK)
		return rc;
	inputs_keep(ws, whole);
	r->crew = crew_new(ws, 1 + (size_t)last / CONTRACTS_A_HAND);
	for (size_t i = 0; i < ARRAY_SIZE(t.v); i++)
		t.v[i].arena = arena_like(whole);
	rc = turns_run(&t, last, err);
	ws->arena = whole;
	ws->install = t.install;
	for (size_t i = 0; i < ARRAY_SIZE(t.v); i++)
		arena_free(t.v[i].arena);
	crew_free(r->crew);
	progress(ws->app, t.after, last, true);
	return end_aside(ws, rc, err);
}

static enum rc run_contract(struct running *r, struct err *err)
{
	struct issue_asked *one = arena_one(r->s.ws.arena, struct issue_asked);
	struct issue_days days = {r->s.args, days_of};
	enum rc rc =
		workspace_log(&r->s.ws, args_text(r->s.args, PARAM_CONTRACT_ID), &r->s.log, err);

	if (rc != RC_OK)
		return rc;
	one->log = r->s.log;
	r->crew = crew_new(&r->s.ws, 1);
	rc = issue_due(&r->s.ws, r->crew, one, &days, err);
	crew_free(r->crew);
	return rc == RC_OK ? say(r, one, 1, err) : rc;
}

static enum rc run(struct running *r, struct err *err)
{
	struct reply *reply = r->reply;
	enum rc rc;

	if (args_has(r->s.args, PARAM_JSON)) {
		json_init(&r->writer, &reply->out, true);
		json_open_array(&r->writer);
		r->j = &r->writer;
	}
	rc = r->all ? run_all(r, err) : run_contract(r, err);
	if (rc == RC_OK && r->j != NULL) {
		json_end_array(r->j);
		buf_char(&reply->out, '\n');
	}
	if (r->parked)
		reply->status = 1;
	if (r->status != 0)
		reply->status = r->status;
	return rc;
}

enum rc action_invoice_run(struct app *app, const struct args *args, struct reply *reply,
			   struct err *err)
{
	struct running r = {.s = {.args = args}, .reply = reply, .all = args_has(args, PARAM_ALL)};
	enum rc rc;

	if (r.all == args_has(args, PARAM_CONTRACT_ID)) {
		err_hint(err, "--contract ID, or --all");
		return err_set(err, RC_USAGE,
			       r.all ? "one contract or all of them?"
				     : "which contract is not said");
	}
	rc = workspace_open(app, args, STORE_WRITE, &r.s.ws, err);
	if (rc != RC_OK)
		return rc;
	rc = run(&r, err);
	workspace_close(&r.s.ws);
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
	rc = issue_draft(&s.ws, &s.log, s.on, s.date, &s.m, &bill, err);
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

/* Of the one contract that is asked about. An auditor sees a period, and what was paid after it is not in it. */
static enum rc what_is_open(struct selling *s, struct err *err)
{
	const struct log_head log = s->log;
	bool there = false;
	enum rc rc = s->ws.grant != NULL ? RC_OK : selling_turn(s, &log, &there, err);

	return rc == RC_OK && there ? selling_account(s, err) : rc;
}

/* Of the document of this entry; false: it has none, or the account was not worked out. Documents are in the order of their entries. */
static bool open_of(const struct selling *s, int64_t entry, struct money *out)
{
	const struct account *a = &s->m.account;
	size_t low = 0, high = a->n_documents;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (a->documents[middle].entry < entry)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == a->n_documents || a->documents[low].entry != entry)
		return false;
	*out = (struct money){a->documents[low].open, s->m.charging->currency};
	return true;
}

/* One row; *shown false: not one to be seen here. */
static enum rc list_one(struct selling *s, const struct stored_document *d, struct json *j,
			struct reply *reply, bool *shown, struct err *err)
{
	struct own_entry own;
	struct log_head log;
	struct money open;
	enum rc rc;

	*shown = false;
	if ((s->log.id != 0 && s->log.id != d->log) || !grant_day(&s->ws, d->day))
		return RC_OK;
	rc = workspace_log_of_id(&s->ws, d->log, &log, err);
	if (rc == RC_MISSING) {
		err_clear(err);
		return RC_OK;
	}
	if (rc == RC_OK)
		rc = own_entry_read(&s->ws, &log, d->index, &own, err);
	if (rc != RC_OK)
		return rc;
	money_list_row(&own, log.contract, open_of(s, d->index, &open) ? &open : NULL, j,
		       &reply->out);
	*shown = true;
	return RC_OK;
}

static enum rc list(struct selling *s, struct reply *reply, struct err *err)
{
	bool as_json = args_has(s->args, PARAM_JSON);
	struct arena *whole = s->ws.arena;
	struct stored_document *v;
	struct json j;
	size_t n, shown = 0;
	enum rc rc = record_documents(s->ws.store, whole, &v, &n, err);

	if (rc != RC_OK)
		return rc;
	json_init(&j, &reply->out, true);
	if (as_json)
		json_open_array(&j);
	for (size_t i = 0; rc == RC_OK && i < n; i++) {
		bool this;

		s->ws.arena = arena_like(whole);
		rc = list_one(s, &v[i], as_json ? &j : NULL, reply, &this, err);
		shown += rc == RC_OK && this;
		arena_free(s->ws.arena);
		s->ws.arena = whole;
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
	if (rc == RC_OK && s.log.id != 0)
		rc = what_is_open(&s, err);
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
	enum rc rc = answer_open(app, args, &s.ws, &s.format, err);

	if (rc != RC_OK)
		return rc;
	rc = money_document(&s.ws, args_text(args, PARAM_NUMBER), &s.log, &document, err);
	if (rc == RC_OK)
		rc = money_answer_document(&s, &document, reply, err);
	workspace_close(&s.ws);
	return rc;
}
