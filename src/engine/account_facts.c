/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What happened to an account: documents and the facts about payments, refunds, deposits and disputes, up to the day that is looked at,
 * as events. Which payments are possible duplicates (money.md R100). Nothing is allocated here.
 */
#include "engine/account_parts.h"

#include <assert.h>

static struct text word(const struct accounts *a, const struct fact *f, enum fact_field field)
{
	return symbol_text(a->c->view->facts->symbols, fact_word(f, field));
}

static void add_event(struct accounts *a, struct happening h)
{
	a->happenings = arena_grow(a->arena, a->happenings, a->n_happenings, &a->happenings_cap,
				   sizeof(*a->happenings));
	a->happenings[a->n_happenings++] = h;
}

/* --- amounts --- */

static enum rc minor_of(struct accounts *a, const struct fact *f, int64_t *out)
{
	const struct fact_value *v = fact_value(f, FIELD_AMOUNT);
	struct money m = {0, a->c->currency};
	struct decimal d = {0, 0};
	struct fraction exact;
	struct buf b;

	assert(v != NULL);
	d = (struct decimal){v->number, (uint8_t)v->scale};
	exact = fraction_of_decimal(d);
	if (!money_try_round(exact, a->c->currency, ROUND_DOWN, &m))
		return err_set(a->err, RC_LIMIT, "amount too large: '%lld'", (long long)v->number);
	if (fraction_cmp(money_exact(m), exact) == 0) {
		*out = m.minor;
		return RC_OK;
	}
	buf_init(&b, 64);
	decimal_print(&b, d);
	(void)err_set(a->err, RC_INVALID, "too many decimals: '%.*s': %s has %u",
		      TEXT_ARG(buf_view(&b)), a->c->currency.code,
		      (unsigned)a->c->currency.decimals);
	buf_free(&b);
	return RC_INVALID;
}

/* R80; `what` is "payment" or "refund". Above zero. */
static enum rc cash_of(struct accounts *a, const struct fact *f, const char *what, int64_t *out)
{
	struct text currency = word(a, f, FIELD_CURRENCY);
	struct text id = symbol_text(a->c->view->facts->symbols, f->subject);
	enum rc rc;

	if (!text_is(currency, a->c->currency.code)) {
		err_key(a->err, id);
		return err_set(a->err, RC_INVALID,
			       "%s currency is '%.*s', the contract's is %s: record what the bank "
			       "credited",
			       what, TEXT_ARG(currency), a->c->currency.code);
	}
	rc = minor_of(a, f, out);
	if (rc != RC_OK || *out > 0)
		return rc;
	err_key(a->err, id);
	return err_set(a->err, RC_INVALID, "%s is not above zero: '%.*s'", what, TEXT_ARG(id));
}

/* --- documents --- */

static void read_documents(struct accounts *a)
{
	const struct account_input *in = a->in;

	a->documents = arena_array(a->arena, struct account_document, in->n_issued);
	a->own_piece = arena_array(a->arena, size_t, in->n_issued);
	a->document_of = arena_array(a->arena, size_t, in->n_issued);
	for (size_t i = 0; i < in->n_issued; i++) {
		const struct invoice *doc = in->issued[i].invoice;
		bool note = doc->kind == DOCUMENT_CREDIT_NOTE;

		a->document_of[i] = NOTHING;
		if (doc->date > in->on)
			continue;
		if (!note) {
			a->document_of[i] = a->n_documents;
			a->documents[a->n_documents] =
				(struct account_document){.invoice = doc,
							  .entry = in->issued[i].entry,
							  .due = DAY_NONE,
							  .settled_on = DAY_NONE};
			a->own_piece[a->n_documents++] = NOTHING;
		}
		add_event(a, (struct happening){doc->date, note ? ON_CREDIT_NOTE : ON_DOCUMENT,
						doc->number, i});
	}
}

/* --- payments --- */

static bool payment_confirmed(struct accounts *a, struct text id)
{
	struct fact_run run = charging_facts(a->c, FACT_PAYMENT_CONFIRMED, id);

	for (size_t i = 0; i < run.n; i++)
		if (fact_day(a->c, run.v[i]) <= a->in->on)
			return true;
	return false;
}

static day payment_returned(struct accounts *a, const struct account_payment *p)
{
	struct fact_run run = charging_facts(a->c, FACT_PAYMENT_RETURNED, p->id);

	for (size_t i = 0; i < run.n; i++) {
		day d = fact_day(a->c, run.v[i]);

		if (d <= a->in->on)
			return d < p->date ? p->date : d;
	}
	return DAY_NONE;
}

static bool same_words(const struct account_payment *x, const struct account_payment *y)
{
	return x->amount == y->amount && x->date == y->date &&
	       text_eq(x->reference, y->reference) && text_eq(x->purpose, y->purpose);
}

/*
 * R100: the same id with the same content is one payment; what equals another one, or has its id with other content, is kept unapplied
 * until it is confirmed. false: it is there already.
 */
static bool is_new(struct accounts *a, struct account_payment *p)
{
	for (size_t i = 0; i < a->n_payments; i++) {
		const struct account_payment *other = &a->payments[i];
		bool same = same_words(p, other);

		if (text_eq(p->id, other->id) && same)
			return false;
		if (text_eq(p->id, other->id) || same)
			p->duplicate = true;
	}
	if (p->duplicate && payment_confirmed(a, p->id))
		p->duplicate = false;
	return true;
}

static void add_payment(struct accounts *a, struct account_payment p, struct text named)
{
	size_t at = a->n_payments;

	if (!is_new(a, &p))
		return;
	p.returned_on = payment_returned(a, &p);
	p.returned = p.returned_on != DAY_NONE;
	a->named[at] = named;
	a->payments[at] = p;
	a->n_payments++;
	add_event(a, (struct happening){p.date, ON_PAYMENT, p.id, at});
	if (p.returned)
		add_event(a, (struct happening){p.returned_on, ON_RETURN, p.id, at});
}

static enum rc read_payments(struct accounts *a)
{
	struct fact_run run = a->c->view->kinds[FACT_PAYMENT_RECEIVED];

	a->payments = arena_array(a->arena, struct account_payment, run.n);
	a->named = arena_array(a->arena, struct text, run.n);
	for (size_t i = 0; i < run.n; i++) {
		const struct fact *f = view_fact(a->c->view, run.v[i]);
		struct account_payment p = {.date = fact_day(a->c, run.v[i]),
					    .returned_on = DAY_NONE};
		enum rc rc;

		if (p.date > a->in->on)
			continue;
		rc = cash_of(a, f, "payment", &p.amount);
		if (rc != RC_OK)
			return rc;
		p.id = symbol_text(a->c->view->facts->symbols, f->subject);
		p.reference = word(a, f, FIELD_REFERENCE);
		p.purpose = word(a, f, FIELD_PURPOSE);
		p.retainer = text_is(p.purpose, "retainer");
		p.deposit = text_is(p.purpose, "deposit");
		p.entry = entry_of(a->c, run.v[i]);
		add_payment(a, p, word(a, f, FIELD_INVOICE));
	}
	return RC_OK;
}

static enum rc read_refunds(struct accounts *a)
{
	struct fact_run run = a->c->view->kinds[FACT_REFUND_MADE];

	a->refunds = arena_array(a->arena, struct account_refund, run.n);
	a->refund_words = arena_array(a->arena, struct refund_words, run.n);
	for (size_t i = 0; i < run.n; i++) {
		const struct fact *f = view_fact(a->c->view, run.v[i]);
		struct account_refund r = {.date = fact_day(a->c, run.v[i]),
					   .entry = entry_of(a->c, run.v[i])};
		enum rc rc;

		if (r.date > a->in->on)
			continue;
		rc = cash_of(a, f, "refund", &r.amount);
		if (rc != RC_OK)
			return rc;
		r.id = symbol_text(a->c->view->facts->symbols, f->subject);
		a->refund_words[a->n_refunds] =
			(struct refund_words){word(a, f, FIELD_INVOICE), word(a, f, FIELD_PURPOSE)};
		add_event(a, (struct happening){r.date, ON_REFUND, r.id, a->n_refunds});
		a->refunds[a->n_refunds++] = r;
	}
	return RC_OK;
}

static enum rc read_deposit_uses(struct accounts *a)
{
	struct fact_run run = a->c->view->kinds[FACT_DEPOSIT_APPLIED];

	a->deposit_uses = arena_array(a->arena, struct deposit_use, run.n);
	for (size_t i = 0; i < run.n; i++) {
		const struct fact *f = view_fact(a->c->view, run.v[i]);
		struct deposit_use d = {.date = fact_day(a->c, run.v[i]),
					.entry = entry_of(a->c, run.v[i])};
		enum rc rc;

		if (d.date > a->in->on)
			continue;
		rc = minor_of(a, f, &d.amount);
		if (rc != RC_OK)
			return rc;
		d.id = symbol_text(a->c->view->facts->symbols, f->subject);
		d.invoice = word(a, f, FIELD_INVOICE);
		add_event(a, (struct happening){d.date, ON_DEPOSIT, d.id, a->n_deposit_uses});
		a->deposit_uses[a->n_deposit_uses++] = d;
	}
	return RC_OK;
}

/* --- disputes --- */

static size_t invoice_named(const struct accounts *a, struct text number)
{
	for (size_t i = 0; i < a->n_documents; i++)
		if (text_eq(a->documents[i].invoice->number, number))
			return i;
	return NOTHING;
}

static bool dispute_known(const struct accounts *a, struct text id)
{
	for (size_t i = 0; i < a->n_disputes; i++)
		if (text_eq(a->disputes[i].id, id))
			return true;
	return false;
}

static day later_of(day x, day y)
{
	return x > y ? x : y;
}

/* What a decision says: all, nothing, or the net amount that is upheld. false: it decides nothing. */
static enum rc outcome_of(struct accounts *a, const struct fact *f, struct invoice_dispute *d,
			  bool *decided)
{
	struct text outcome = word(a, f, FIELD_OUTCOME);
	int64_t net = d->net;
	enum rc rc;

	*decided = true;
	if (text_is(outcome, "rejected") || text_is(outcome, "withdrawn")) {
		d->state = DISPUTE_REJECTED;
		return RC_OK;
	}
	if (fact_value(f, FIELD_AMOUNT) != NULL) {
		rc = minor_of(a, f, &net);
		if (rc != RC_OK)
			return rc;
		net = net < 0 ? 0 : net;
	} else if (!text_is(outcome, "upheld")) {
		*decided = false;
		return RC_OK;
	}
	d->state = net < d->net ? DISPUTE_PARTLY : DISPUTE_UPHELD;
	d->upheld = net < d->net ? account_share(a, d->held, net, d->net) : d->held;
	return RC_OK;
}

/* The first decision counts; another one is a correction of it. */
static enum rc read_outcome(struct accounts *a, size_t at)
{
	struct invoice_dispute *d = &a->disputes[at];
	struct fact_run run = charging_facts(a->c, FACT_INVOICE_SETTLED, d->id);
	bool late = d->state == DISPUTE_LATE, decided = false;
	enum rc rc = RC_OK;

	for (size_t i = 0; i < run.n && rc == RC_OK && !decided; i++) {
		day settled = later_of(fact_day(a->c, run.v[i]), d->raised);

		if (settled > a->in->on)
			continue;
		rc = outcome_of(a, view_fact(a->c->view, run.v[i]), d, &decided);
		if (rc == RC_OK && decided)
			d->settled = settled;
	}
	if (rc != RC_OK || !decided)
		return rc;
	if (late) {
		d->state = DISPUTE_LATE;
		return RC_OK;
	}
	add_event(a, (struct happening){d->settled, ON_SETTLED, d->id, at});
	return dispute_pay_by(a, d);
}

static enum rc read_dispute(struct accounts *a, uint32_t fact)
{
	const struct fact *f = view_fact(a->c->view, fact);
	struct invoice_dispute d = {.raised = fact_day(a->c, fact),
				    .resolve_by = DAY_NONE,
				    .settled = DAY_NONE,
				    .pay_by = DAY_NONE,
				    .entry = entry_of(a->c, fact)};
	struct maybe_money net = {false, 0};
	enum rc rc = RC_OK;

	d.id = symbol_text(a->c->view->facts->symbols, f->subject);
	d.document = invoice_named(a, word(a, f, FIELD_INVOICE));
	if (d.raised > a->in->on || d.document == NOTHING || dispute_known(a, d.id))
		return RC_OK;
	d.raised = later_of(d.raised, a->documents[d.document].invoice->date);
	if (fact_value(f, FIELD_AMOUNT) != NULL) {
		net.set = true;
		rc = minor_of(a, f, &net.minor);
	}
	d.line = fact_number(f, FIELD_LINE, 0);
	if (rc == RC_OK)
		rc = dispute_measure(a, &d, net, d.line);
	if (rc != RC_OK)
		return rc;
	add_event(a, (struct happening){d.raised, ON_DISPUTE, d.id, a->n_disputes});
	a->held_piece[a->n_disputes] = NOTHING;
	a->disputes[a->n_disputes++] = d;
	return read_outcome(a, a->n_disputes - 1);
}

enum rc account_read(struct accounts *a)
{
	struct fact_run run = a->c->view->kinds[FACT_INVOICE_DISPUTED];
	enum rc rc;

	read_documents(a);
	a->disputes = arena_array(a->arena, struct invoice_dispute, run.n);
	a->held_piece = arena_array(a->arena, size_t, run.n);
	rc = read_payments(a);
	if (rc == RC_OK)
		rc = read_refunds(a);
	if (rc == RC_OK)
		rc = read_deposit_uses(a);
	for (size_t i = 0; i < run.n && rc == RC_OK; i++)
		rc = read_dispute(a, run.v[i]);
	return rc;
}
