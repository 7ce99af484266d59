/* SPDX-License-Identifier: Apache-2.0 */
/* tenor pay, refund: money that arrived and money that was given back, as facts (money.md R100, R102, R105). What pays what is derived. */
#include "app/act_money.h"

#include "app/append.h"
#include "app/fact_fields.h"
#include "app/signing.h"
#include "base/json.h"
#include "facts/body.h"
#include "journal/tile.h"

#include <assert.h>

enum rc selling_open(struct app *app, const struct args *args, enum store_mode mode,
		     struct selling *s, struct err *err)
{
	enum rc rc = workspace_open(app, args, mode, &s->ws, err);

	if (rc != RC_OK)
		return rc;
	s->args = args;
	rc = workspace_log(&s->ws, args_text(args, PARAM_CONTRACT_ID), &s->log, err);
	if (rc == RC_OK)
		rc = money_zone(&s->ws, &s->log, &s->zone, err);
	if (rc == RC_OK)
		rc = money_days(&s->ws, args, s->zone, &s->on, &s->date, err);
	if (rc != RC_OK)
		workspace_close(&s->ws);
	return rc;
}

enum rc money_not_ahead(const struct selling *s, day date, const char *what, struct err *err)
{
	if (date <= zone_day(s->zone, s->ws.now))
		return RC_OK;
	return err_set(err, RC_USAGE, "%s of a day that is still ahead", what);
}

enum rc money_account(struct selling *s, day on, struct err *err)
{
	struct money_at at = {.size = -1, .known_as_of = INSTANT_MAX, .on = on, .no_credits = true};

	return money_recall(&s->ws, &s->log, &at, &s->m, err);
}

/* --- amounts --- */

enum rc money_amount(struct text t, struct currency c, int64_t *minor, struct err *err)
{
	struct text number, code = text_cut(text_trim(t), ' ', &number);
	struct decimal d;
	int64_t v;

	if (code.n > 0 && !text_is(code, c.code))
		return err_set(err, RC_INVALID,
			       "payment currency is '%.*s', the contract's is %s: record what the "
			       "bank credited",
			       TEXT_ARG(code), c.code);
	if (decimal_parse(number, &d, err) != RC_OK || d.units <= 0) {
		err_clear(err);
		err_hint(err, "for example 250.00");
		return err_set(err, RC_USAGE, "'%.*s' is no amount above zero", TEXT_ARG(t));
	}
	if (d.scale > c.decimals)
		return err_set(err, RC_USAGE, "too many decimals: '%.*s': %s has %d",
			       TEXT_ARG(number), c.code, c.decimals);
	v = d.units;
	for (int i = d.scale; i < c.decimals; i++)
		if (__builtin_mul_overflow(v, 10, &v))
			return err_set(err, RC_LIMIT, "amount too large: '%.*s' minor units",
				       TEXT_ARG(number));
	*minor = v;
	return RC_OK;
}

enum rc money_asked(const struct args *args, enum param name, struct currency c, int64_t *minor,
		    struct err *err)
{
	enum rc rc = money_amount(args_text(args, name), c, minor, err);

	if (rc != RC_OK)
		err_key(err, text_of(param_row(name)->name));
	return rc;
}

struct text money_text(struct arena *a, int64_t minor, struct currency c)
{
	struct text out;
	struct buf b;

	buf_init(&b, 64);
	decimal_print_places(&b, (struct decimal){minor, c.decimals}, c.decimals);
	out = text_copy(a, buf_view(&b));
	buf_free(&b);
	return out;
}

struct text money_day_text(struct arena *a, day d)
{
	struct text out;
	struct buf b;

	buf_init(&b, 32);
	day_print(&b, d);
	out = text_copy(a, buf_view(&b));
	buf_free(&b);
	return out;
}

struct text money_decimal_text(struct arena *a, struct decimal d)
{
	struct text out;
	struct buf b;

	buf_init(&b, 64);
	decimal_print(&b, d);
	out = text_copy(a, buf_view(&b));
	buf_free(&b);
	return out;
}

/* --- the fact --- */

static enum rc typed_fact(struct selling *s, const char *kind, struct text id, instant at,
			  const struct text *fields, size_t n, struct facts **out, struct err *err)
{
	struct facts *set = facts_new(s->ws.arena);
	struct fact f = {.occurred_at = at, .recorded_at = s->ws.now};

	f.party = (uint8_t)(s->ws.actor.client ? PARTY_CLIENT : PARTY_PROVIDER);
	f.source = facts_add_source(
		set, (struct fact_source){.name = text_of(""), .recorded_known = true});
	f.id = symbol_add(set->symbols, id);
	*out = set;
	return fact_from_fields(set, text_of(kind), fields, n, s->zone, &f, err);
}

enum rc money_fact(struct selling *s, const char *kind, struct text id, instant at,
		   const struct text *fields, size_t n, struct appended *result, struct err *err)
{
	struct append_options options = {.one_transaction = true};
	struct append_count count;
	struct facts *set;
	enum rc rc = typed_fact(s, kind, id, at, fields, n, &set, err);

	if (rc == RC_OK)
		rc = append_facts(&s->ws, &s->log, set, 0, 1, &options, text_of(kind), result,
				  &count, err);
	return rc == RC_OK ? sign_log_and_install(&s->ws, &s->log, false, NULL, err) : rc;
}

/* Id and body as append_facts gives them, so that the fact by itself, said again, is known to be there. */
enum rc money_entry(struct selling *s, const char *kind, struct text id, instant at,
		    const struct text *fields, size_t n, struct issue_first *out, struct err *err)
{
	enum party side = s->ws.actor.client ? PARTY_CLIENT : PARTY_PROVIDER;
	struct body_text texts[BODY_TEXTS_MAX];
	struct facts *set;
	struct buf b;
	size_t n_texts = 0;
	enum rc rc = typed_fact(s, kind, id, at, fields, n, &set, err);

	if (rc == RC_OK)
		rc = body_fits(set, &set->v[0], id, err);
	if (rc != RC_OK)
		return rc;
	buf_init(&b, ENTRY_MAX_BYTES);
	body_print(set, &set->v[0], id, side, &b, texts, &n_texts);
	assert(n_texts == 0 && "a fact with free words needs a key");
	*out = (struct issue_first){(enum fact_kind)set->v[0].kind,
				    uuid_derived(at > 0 ? at : 0, text_of(""), id), at,
				    text_copy(s->ws.arena, buf_view(&b))};
	if (b.full)
		rc = err_set(err, RC_LIMIT, "its fields have more than %d bytes", ENTRY_MAX_BYTES);
	buf_free(&b);
	return rc;
}

static const struct fact *fact_of(const struct money_state *m, enum fact_kind kind, struct text id)
{
	const struct facts *f = m->r.facts;
	symbol name = symbol_find(f->symbols, id);

	for (size_t i = 0; name != 0 && i < f->n; i++)
		if (f->v[i].kind == kind && f->v[i].subject == name)
			return &f->v[i];
	return NULL;
}

static bool carries(const struct money_state *m, struct text number)
{
	for (size_t i = 0; i < m->n_issued; i++)
		if (text_eq(m->issued[i].invoice->number, number))
			return true;
	return false;
}

/* --- one movement of cash --- */

struct cash {
	struct selling s;
	enum fact_kind kind;
	const char *what; /* "payment", "refund" */
	struct text id;
	day date;
	int64_t minor;
	struct appended result;
};

static enum rc read_cash(struct cash *x, struct err *err)
{
	static const char *const purposes[] = {"invoice", "retainer", "deposit", "year_ahead"};
	const struct args *args = x->s.args;
	struct currency c = x->s.m.charging->currency;
	struct text number = args_text(args, PARAM_FOR), purpose = args_text(args, PARAM_PURPOSE);
	bool known = purpose.n == 0;
	enum rc rc = money_asked(args, PARAM_AMOUNT_ARG, c, &x->minor, err);

	if (rc != RC_OK)
		return rc;
	for (size_t i = 0; i < ARRAY_SIZE(purposes); i++)
		known = known || text_is(purpose, purposes[i]);
	if (!known) {
		err_hint(err, "invoice, retainer, deposit or year_ahead");
		return err_set(err, RC_USAGE, "there is no purpose '%.*s'", TEXT_ARG(purpose));
	}
	if (number.n > 0 && !carries(&x->s.m, number)) {
		err_hint(err, "\"tenor invoice list --contract %.*s\" names those there are",
			 TEXT_ARG(x->s.log.contract));
		return err_set(err, RC_MISSING, "there is no document '%.*s' of '%.*s'",
			       TEXT_ARG(number), TEXT_ARG(x->s.log.contract));
	}
	x->id = args_text(args, PARAM_PAYMENT_ID);
	if (x->id.n == 0)
		x->id = text_format(x->s.ws.arena, "%s-%.*s-%.*s%s%.*s", x->what,
				    TEXT_ARG(money_day_text(x->s.ws.arena, x->date)),
				    TEXT_ARG(money_text(x->s.ws.arena, x->minor, c)),
				    args_has(args, PARAM_REF) ? "-" : "",
				    TEXT_ARG(args_text(args, PARAM_REF)));
	return RC_OK;
}

/* The id of a payment is the bank's (R100): the same one cannot be another payment. */
static enum rc same_as_before(const struct cash *x, instant at, struct err *err)
{
	const struct fact *f = fact_of(&x->s.m, x->kind, x->id);

	if (f == NULL || f->occurred_at == at)
		return RC_OK;
	err_hint(err, "another one needs another --id; a wrong one is corrected with \"tenor fact "
		      "correct\"");
	return err_set(err, RC_INVALID, "%s '%.*s' is recorded with another date", x->what,
		       TEXT_ARG(x->id));
}

static enum rc record_cash(struct cash *x, struct err *err)
{
	struct arena *a = x->s.ws.arena;
	const struct args *args = x->s.args;
	struct currency c = x->s.m.charging->currency;
	instant at = zone_midnight(x->s.zone, x->date);
	struct text fields[6];
	size_t n = 0;
	enum rc rc = same_as_before(x, at, err);

	if (rc != RC_OK)
		return rc;
	fields[n++] = text_format(a, "%s=%.*s", x->what, TEXT_ARG(x->id));
	fields[n++] = text_format(a, "amount=%.*s", TEXT_ARG(money_text(a, x->minor, c)));
	fields[n++] = text_format(a, "currency=%s", c.code);
	if (args_has(args, PARAM_REF))
		fields[n++] =
			text_format(a, "reference=%.*s", TEXT_ARG(args_text(args, PARAM_REF)));
	if (args_has(args, PARAM_FOR))
		fields[n++] = text_format(a, "invoice=%.*s", TEXT_ARG(args_text(args, PARAM_FOR)));
	if (args_has(args, PARAM_PURPOSE))
		fields[n++] =
			text_format(a, "purpose=%.*s", TEXT_ARG(args_text(args, PARAM_PURPOSE)));
	return money_fact(&x->s, fact_row(x->kind)->kind, x->id, at, fields, n, &x->result, err);
}

/* --- what came of it --- */

static const struct account_payment *payment_of(const struct cash *x)
{
	const struct account *acc = &x->s.m.account;

	for (size_t i = 0; i < acc->n_payments; i++)
		if (text_eq(acc->payments[i].id, x->id))
			return &acc->payments[i];
	return NULL;
}

static void kv_money(struct json *j, struct cash *x, const char *key, int64_t minor)
{
	json_kv_text(j, key, money_text(x->s.ws.arena, minor, x->s.m.charging->currency));
}

static void json_cash(struct cash *x, struct reply *reply)
{
	const struct account *acc = &x->s.m.account;
	const struct account_payment *p = x->kind == FACT_PAYMENT_RECEIVED ? payment_of(x) : NULL;
	struct json j;

	json_init(&j, &reply->out, true);
	json_open_object(&j);
	json_kv_bool(&j, "again", x->result.fate == APPEND_AGAIN);
	kv_money(&j, x, "amount", x->minor);
	if (p != NULL)
		json_kv_bool(&j, "duplicate", p->duplicate);
	json_kv_int(&j, "entry", x->result.index);
	json_kv_text(&j, x->what, x->id);
	if (p != NULL) {
		json_key(&j, "paid");
		json_open_array(&j);
		for (size_t i = 0; i < acc->n_allocations; i++) {
			const struct allocation *t = &acc->allocations[i];

			if (!text_eq(t->reference, x->id))
				continue;
			json_open_object(&j);
			kv_money(&j, x, "amount", t->amount);
			json_kv_text(&j, "invoice", acc->documents[t->document].invoice->number);
			kv_money(&j, x, "open", acc->documents[t->document].open);
			json_end_object(&j);
		}
		json_end_array(&j);
		kv_money(&j, x, "unapplied", p->unapplied);
	}
	json_end_object(&j);
	buf_char(&reply->out, '\n');
}

static void say_payment(struct cash *x, struct reply *reply)
{
	const struct account *acc = &x->s.m.account;
	const struct account_payment *p = payment_of(x);
	struct currency c = x->s.m.charging->currency;
	struct arena *a = x->s.ws.arena;

	for (size_t i = 0; i < acc->n_allocations; i++) {
		const struct allocation *t = &acc->allocations[i];
		const struct account_document *d = &acc->documents[t->document];

		if (text_eq(t->reference, x->id))
			buf_printf(&reply->out, "  %.*s to %.*s, of which %.*s stays open\n",
				   TEXT_ARG(money_text(a, t->amount, c)),
				   TEXT_ARG(d->invoice->number),
				   TEXT_ARG(money_text(a, d->open, c)));
	}
	if (p != NULL && p->unapplied > 0)
		buf_printf(&reply->out, "  %.*s is applied to nothing yet\n",
			   TEXT_ARG(money_text(a, p->unapplied, c)));
	if (p != NULL && p->duplicate)
		buf_printf(&reply->out,
			   "payment may be a duplicate: '%.*s' has the amount, date and reference "
			   "of another: confirm or refund\n",
			   TEXT_ARG(x->id));
}

static void say_refund(struct cash *x, struct reply *reply)
{
	const struct account *acc = &x->s.m.account;
	struct currency c = x->s.m.charging->currency;

	for (size_t i = 0; i < acc->n_refunds; i++)
		if (text_eq(acc->refunds[i].id, x->id) && acc->refunds[i].beyond > 0)
			buf_printf(&reply->notes,
				   "%.*s of it is more than there was to give back\n",
				   TEXT_ARG(money_text(x->s.ws.arena, acc->refunds[i].beyond, c)));
}

static enum rc cash(struct app *app, const struct args *args, enum fact_kind kind, const char *what,
		    struct reply *reply, struct err *err)
{
	struct cash x = {.s = {.args = args}, .kind = kind, .what = what};
	day today;
	enum rc rc = selling_open(app, args, STORE_WRITE, &x.s, err);

	if (rc != RC_OK)
		return rc;
	x.date = x.s.date;
	today = zone_day(x.s.zone, x.s.ws.now);
	rc = money_not_ahead(&x.s, x.date, kind == FACT_PAYMENT_RECEIVED ? "a payment" : "a refund",
			     err);
	if (rc == RC_OK)
		rc = money_account(&x.s, today, err);
	if (rc == RC_OK)
		rc = read_cash(&x, err);
	if (rc == RC_OK)
		rc = record_cash(&x, err);
	if (rc == RC_OK)
		rc = money_account(&x.s, today, err);
	if (rc == RC_OK && args_has(args, PARAM_JSON))
		json_cash(&x, reply);
	else if (rc == RC_OK) {
		buf_printf(&reply->out, "%.*s: %s '%.*s' %s, entry %lld\n",
			   TEXT_ARG(x.s.log.contract), what, TEXT_ARG(x.id),
			   x.result.fate == APPEND_AGAIN ? "was recorded before" : "recorded",
			   (long long)x.result.index);
		if (kind == FACT_PAYMENT_RECEIVED)
			say_payment(&x, reply);
		else
			say_refund(&x, reply);
	}
	workspace_close(&x.s.ws);
	return rc;
}

enum rc action_pay(struct app *app, const struct args *args, struct reply *reply, struct err *err)
{
	return cash(app, args, FACT_PAYMENT_RECEIVED, "payment", reply, err);
}

enum rc action_refund(struct app *app, const struct args *args, struct reply *reply,
		      struct err *err)
{
	return cash(app, args, FACT_REFUND_MADE, "refund", reply, err);
}
