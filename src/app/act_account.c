/* SPDX-License-Identifier: Apache-2.0 */
/* tenor receivables, statement-of-account: who owes what (money.md R75, R100 to R108). Nothing is written. */
#include "app/act_money.h"

#include "app/recall_past.h"
#include "base/json.h"
#include "render/account_doc.h"

static const struct priced_version *version_on(const struct money_state *m)
{
	const struct charging *c = m->charging;
	size_t v = c->n_versions - 1;

	while (v > 0 && c->versions[v].from > m->on)
		v--;
	return &c->versions[v];
}

enum rc account_words_of(struct selling *s, struct account_words *out, struct err *err)
{
	const struct pricing *p = version_on(&s->m)->pricing;
	const struct language *language = NULL;
	struct invoice seller = {.provider = p->provider};
	enum rc rc = answer_language(s->args, p->promise->language, &language, err);

	seller_put(s->m.settings.seller, &seller); /* as on the documents it lists */
	*out = (struct account_words){.language = language,
				      .zone = s->zone,
				      .currency = s->m.charging->currency,
				      .contract = s->log.contract,
				      .title = p->promise->title,
				      .provider = seller.provider,
				      .client = p->client,
				      .instructions = p->payment.instructions,
				      .on = s->m.on};
	return rc;
}

/* --- JSON --- */

static void kv_money(struct json *j, const struct selling *s, const char *key, int64_t minor)
{
	json_kv_text(j, key, money_text(s->ws.arena, minor, s->m.charging->currency));
}

static void kv_day(struct json *j, const struct selling *s, const char *key, day d)
{
	if (d != DAY_NONE)
		json_kv_text(j, key, money_day_text(s->ws.arena, d));
}

static void json_ageing(struct json *j, const struct selling *s)
{
	const struct ageing *g = &s->m.account.ageing;

	json_key(j, "ageing");
	json_open_object(j);
	kv_money(j, s, "balance", g->balance);
	kv_money(j, s, "credits", g->credits);
	kv_money(j, s, "days_1_30", g->to_30);
	kv_money(j, s, "days_31_60", g->to_60);
	kv_money(j, s, "days_61_90", g->to_90);
	kv_money(j, s, "days_over_90", g->over_90);
	kv_money(j, s, "disputed", g->disputed);
	kv_money(j, s, "not_due", g->not_due);
	kv_money(j, s, "unapplied", g->unapplied);
	json_end_object(j);
}

static void json_disputes(struct json *j, const struct selling *s)
{
	static const char *const states[] = {
		[DISPUTE_OPEN] = "open",         [DISPUTE_LATE] = "late",
		[DISPUTE_OVERDUE] = "overdue",   [DISPUTE_UPHELD] = "upheld",
		[DISPUTE_REJECTED] = "rejected", [DISPUTE_PARTLY] = "partly"};
	const struct account *acc = &s->m.account;

	json_key(j, "disputes");
	json_open_array(j);
	for (size_t i = 0; i < acc->n_disputes; i++) {
		const struct invoice_dispute *d = &acc->disputes[i];

		json_open_object(j);
		json_kv_text(j, "dispute", d->id);
		json_kv_int(j, "entry", d->entry);
		kv_money(j, s, "held", d->held);
		json_kv_text(j, "invoice", acc->documents[d->document].invoice->number);
		if (d->line > 0)
			json_kv_int(j, "line", d->line);
		kv_money(j, s, "net", d->net);
		kv_day(j, s, "pay_by", d->pay_by);
		kv_day(j, s, "resolve_by", d->resolve_by);
		json_kv_str(j, "state", states[d->state]);
		json_end_object(j);
	}
	json_end_array(j);
}

static void json_documents(struct json *j, const struct selling *s)
{
	const struct account *acc = &s->m.account;

	json_key(j, "documents");
	json_open_array(j);
	for (size_t i = 0; i < acc->n_documents; i++) {
		const struct account_document *d = &acc->documents[i];

		json_open_object(j);
		kv_money(j, s, "credited", d->credited);
		kv_money(j, s, "disputed", d->disputed);
		kv_day(j, s, "due", d->due);
		json_kv_int(j, "entry", d->entry);
		kv_money(j, s, "gross", d->gross);
		json_kv_text(j, "invoice", d->invoice->number);
		kv_money(j, s, "open", d->open);
		json_kv_int(j, "overdue_days", d->overdue_days);
		kv_money(j, s, "paid", d->paid);
		json_end_object(j);
	}
	json_end_array(j);
}

static void json_movements(struct json *j, const struct selling *s)
{
	static const char *const kinds[] = {
		[MOVE_INVOICE] = "invoice",   [MOVE_CREDIT_NOTE] = "credit_note",
		[MOVE_INTEREST] = "interest", [MOVE_PAYMENT] = "payment",
		[MOVE_RETURNED] = "returned", [MOVE_REFUND] = "refund",
		[MOVE_DEPOSIT] = "deposit"};
	const struct account *acc = &s->m.account;

	json_key(j, "movements");
	json_open_array(j);
	for (size_t i = 0; i < acc->n_movements; i++) {
		const struct movement *m = &acc->movements[i];

		json_open_object(j);
		kv_money(j, s, "amount", m->amount);
		kv_money(j, s, "balance", m->balance);
		kv_day(j, s, "date", m->date);
		json_kv_int(j, "entry", m->entry);
		json_kv_str(j, "kind", kinds[m->kind]);
		json_kv_text(j, "reference", m->reference);
		json_end_object(j);
	}
	json_end_array(j);
}

static void json_account(struct json *j, const struct selling *s)
{
	json_open_object(j);
	json_ageing(j, s);
	json_kv_text(j, "client", s->log.client);
	json_kv_text(j, "contract", s->log.contract);
	json_kv_str(j, "currency", s->m.charging->currency.code);
	json_disputes(j, s);
	json_documents(j, s);
	json_movements(j, s);
	kv_day(j, s, "on", s->m.on);
	kv_day(j, s, "suspension_from", s->m.account.suspension_from);
	json_end_object(j);
}

/* --- the logs of a call --- */

enum rc selling_logs(struct selling *s, struct log_head **out, size_t *n, struct err *err)
{
	struct log_head *v;
	struct text client = args_text(s->args, PARAM_CLIENT);
	size_t all, kept = 0;
	enum rc rc = workspace_logs(&s->ws, &v, &all, err);

	if (rc != RC_OK)
		return rc;
	for (size_t i = 0; i < all; i++)
		if ((!args_has(s->args, PARAM_CONTRACT_ID) ||
		     text_eq(v[i].contract, args_text(s->args, PARAM_CONTRACT_ID))) &&
		    (!args_has(s->args, PARAM_CLIENT) || text_eq(v[i].client, client)))
			v[kept++] = v[i];
	if (kept == 0 && args_has(s->args, PARAM_CONTRACT_ID)) {
		struct log_head none;

		return workspace_log(&s->ws, args_text(s->args, PARAM_CONTRACT_ID), &none, err);
	}
	if (kept == 0 && args_has(s->args, PARAM_CLIENT)) {
		err_hint(err, "\"tenor client list\" names those there are");
		return err_set(err, RC_MISSING, "there is no contract of a client '%.*s'",
			       TEXT_ARG(client));
	}
	*out = v;
	*n = kept;
	return RC_OK;
}

enum rc selling_turn(struct selling *s, const struct log_head *log, bool *there, struct err *err)
{
	enum rc rc;

	s->log = *log;
	rc = money_zone(&s->ws, &s->log, &s->zone, err);
	*there = rc == RC_OK;
	if (rc == RC_MISSING) { /* no version in it yet */
		err_clear(err);
		return RC_OK;
	}
	return rc == RC_OK ? money_days(&s->ws, s->args, s->zone, &s->on, &s->date, err) : rc;
}

/* Of a ticket that is over it takes nothing: no work on it is charged, and where a right to leave was exercised, its windows follow from settled clocks. */
enum rc selling_account(struct selling *s, struct err *err)
{
	const struct money_at at = {
		.size = -1, .known_as_of = INSTANT_MAX, .on = s->on, .no_credits = true};
	const struct past_asked nothing = {{INSTANT_MAX, INSTANT_MAX},
					   zone_midnight(s->zone, s->on + 1)};
	struct recalled r;
	enum rc rc = recall_past(&s->ws, &s->log, &nothing, &r, err);

	return rc == RC_OK ? money_of(&s->ws, &r, &at, &s->m, err) : rc;
}

/* --- receivables --- */

static void json_receivables(struct selling *s, const struct receivable *v, size_t n,
			     struct reply *reply)
{
	struct json j;

	json_init(&j, &reply->out, true);
	json_open_array(&j);
	for (size_t i = 0; i < n; i++) {
		struct charging c = {.currency = v[i].currency};
		struct selling row = {.ws = s->ws};

		row.m.charging = &c;
		row.m.account.ageing = v[i].ageing;
		json_open_object(&j);
		json_ageing(&j, &row);
		json_kv_text(&j, "client", v[i].client);
		json_kv_text(&j, "contract", v[i].contract);
		json_kv_str(&j, "currency", v[i].currency.code);
		kv_day(&j, &row, "suspension_from", v[i].suspension_from);
		json_end_object(&j);
	}
	json_end_array(&j);
	buf_char(&reply->out, '\n');
}

static enum rc all_receivables(struct selling *s, struct receivable **out, size_t *n,
			       struct err *err)
{
	struct log_head *logs;
	size_t n_logs, found = 0;
	enum rc rc = selling_logs(s, &logs, &n_logs, err);

	if (rc != RC_OK)
		return rc;
	*out = arena_array(s->ws.arena, struct receivable, n_logs);
	for (size_t i = 0; rc == RC_OK && i < n_logs; i++) {
		bool there;

		rc = selling_turn(s, &logs[i], &there, err);
		if (rc == RC_OK && there)
			rc = selling_account(s, err);
		if (rc == RC_OK && there)
			(*out)[found++] = (struct receivable){
				logs[i].contract, logs[i].client, s->m.charging->currency,
				s->m.account.ageing, s->m.account.suspension_from};
	}
	*n = found;
	return rc;
}

enum rc action_receivables(struct app *app, const struct args *args, struct reply *reply,
			   struct err *err)
{
	struct selling s = {.args = args};
	const struct language *language = NULL;
	struct receivable *v;
	size_t n = 0;
	enum rc rc = answer_format(args, &s.format, err);

	if (rc == RC_OK)
		rc = answer_language(args, text_of(""), &language, err);
	if (rc == RC_OK)
		rc = workspace_open(app, args, STORE_READ, &s.ws, err);
	if (rc != RC_OK)
		return rc;
	s.zone = zone_utc();
	rc = money_days(&s.ws, args, s.zone, &s.on, &s.date, err);
	if (rc == RC_OK)
		rc = all_receivables(&s, &v, &n, err);
	if (rc == RC_OK && s.format == FORMAT_JSON)
		json_receivables(&s, v, n, reply);
	else if (rc == RC_OK && s.format == FORMAT_CSV)
		receivables_csv(v, n, &reply->out);
	else if (rc == RC_OK)
		rc = answer_doc(app, args, s.format,
				receivables_doc(app->arena, v, n, s.on,
						args_has(args, PARAM_AGEING), language),
				NULL, &reply->out, err);
	workspace_close(&s.ws);
	return rc;
}

/* --- statement of account --- */

static enum rc one_statement(struct selling *s, struct json *j, struct reply *reply,
			     struct err *err)
{
	struct app *app = s->ws.app;
	struct account_words words;
	struct answer_sender from;
	enum rc rc = selling_account(s, err);

	if (rc == RC_OK)
		rc = account_words_of(s, &words, err);
	if (rc != RC_OK)
		return rc;
	if (j != NULL) {
		json_account(j, s);
		return RC_OK;
	}
	from = (struct answer_sender){words.provider.legal_name, zone_midnight(s->zone, s->on)};
	if (s->format == FORMAT_PDF)
		rc = provider_letterhead(&s->ws, INSTANT_MAX, err);
	if (rc != RC_OK)
		return rc;
	return answer_doc(app, s->args, s->format, account_doc(app->arena, &s->m.account, &words),
			  &from, &reply->out, err);
}

static enum rc statements(struct selling *s, struct reply *reply, struct err *err)
{
	struct log_head *logs;
	struct json writer, *j = NULL;
	size_t n;
	enum rc rc = selling_logs(s, &logs, &n, err);

	if (rc != RC_OK)
		return rc;
	if (n > 1 && s->format != FORMAT_TEXT && s->format != FORMAT_JSON) {
		err_hint(err, "one of them: --contract %.*s", TEXT_ARG(logs[0].contract));
		return err_set(err, RC_USAGE, "that client has %zu contracts, and a page has one",
			       n);
	}
	json_init(&writer, &reply->out, true);
	if (s->format == FORMAT_JSON) {
		j = &writer;
		json_open_array(j);
	}
	for (size_t i = 0; rc == RC_OK && i < n; i++) {
		bool there;

		rc = selling_turn(s, &logs[i], &there, err);
		if (rc == RC_OK && there)
			rc = one_statement(s, j, reply, err);
	}
	if (j != NULL) {
		json_end_array(j);
		buf_char(&reply->out, '\n');
	}
	return rc;
}

enum rc action_statement_of_account(struct app *app, const struct args *args, struct reply *reply,
				    struct err *err)
{
	struct selling s = {.args = args};
	enum rc rc = answer_format(args, &s.format, err);

	if (rc == RC_OK && args_has(args, PARAM_CLIENT) == args_has(args, PARAM_CONTRACT_ID)) {
		err_hint(err, "--contract ID, or --client ID for all of theirs");
		return err_set(err, RC_USAGE, "whose account is not said");
	}
	if (rc == RC_OK)
		rc = workspace_open(app, args, STORE_READ, &s.ws, err);
	if (rc != RC_OK)
		return rc;
	rc = statements(&s, reply, err);
	workspace_close(&s.ws);
	return rc;
}
