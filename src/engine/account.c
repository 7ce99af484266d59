/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The frame of the account: goes through the days, keeps the balance, and reads the result off the pieces. What happened is read in
 * account_facts.c; who pays what is account_allocate.c; disputes, interest, dunning have files of their own.
 */
#include "engine/account_parts.h"

#include <assert.h>
#include <stdlib.h>

/* --- small things --- */

void accounts_add(struct accounts *a, int64_t *sum, int64_t more)
{
	if (__builtin_add_overflow(*sum, more, sum)) {
		*sum = 0;
		a->too_large = true;
	}
}

void account_sub(struct accounts *a, int64_t *sum, int64_t less)
{
	if (__builtin_sub_overflow(*sum, less, sum)) {
		*sum = 0;
		a->too_large = true;
	}
}

const struct pricing *account_terms(const struct accounts *a, day d)
{
	size_t v = a->c->n_versions - 1;

	while (v > 0 && a->c->versions[v].from > d)
		v--;
	return a->c->versions[v].pricing;
}

enum rc account_day_after(const struct pricing *p, const struct timing *t, day from, day *out,
			  struct err *err)
{
	const struct promise *promise = p->promise;
	struct duration_context context = promise_duration(promise, t);
	instant at = INSTANT_NONE;
	enum rc rc = duration_add(t->duration, 1, ANCHOR_DATE, zone_midnight(promise->zone, from),
				  &context, &at, err);

	/* 24:00 of a day is that day */
	if (rc == RC_OK)
		*out = zone_day(promise->zone, at - 1);
	return rc;
}

enum rc account_due_date(const struct pricing *p, day from, day *out, struct err *err)
{
	*out = DAY_NONE;
	if (!p->payment.set || !p->payment.due.set)
		return RC_OK;
	return account_day_after(p, &p->payment.due, from, out, err);
}

enum rc account_dispute_until(const struct pricing *p, day from, day *out, struct err *err)
{
	*out = DAY_NONE;
	if (!p->payment.dispute_set || !p->payment.dispute_within.set)
		return RC_OK;
	return account_day_after(p, &p->payment.dispute_within, from, out, err);
}

int64_t account_share(struct accounts *a, int64_t amount, int64_t num, int64_t den)
{
	struct fraction f = {0, 1};
	struct decimal d = {0, 0};

	assert(den > 0);
	if (!fraction_try_mul(fraction_of(amount, 1), fraction_of(num, den), &f) ||
	    !fraction_try_round(f, 0, account_terms(a, a->in->on)->promise->rounding, &d))
		a->too_large = true;
	return d.units;
}

void account_move(struct accounts *a, enum movement_kind kind, day date, struct text reference,
		  int64_t amount, int64_t entry)
{
	struct movement m = {kind, date, reference, amount, 0, entry};

	accounts_add(a, &a->balance, amount);
	m.balance = a->balance;
	a->movements = arena_grow(a->arena, a->movements, a->n_movements, &a->movements_cap,
				  sizeof(*a->movements));
	a->movements[a->n_movements++] = m;
}

day account_received(struct accounts *a, const struct invoice *i)
{
	struct fact_run run = charging_facts(a->c, FACT_INVOICE_RECEIVED, i->number);

	for (size_t k = 0; k < run.n; k++) {
		day d = fact_day(a->c, run.v[k]);

		/* nobody receives what is not written yet */
		if (d <= a->in->on)
			return d < i->date ? i->date : d;
	}
	return i->date;
}

/* --- events --- */

/* Only its due date by the terms of its date, where those count from receipt; else the one it says. */
static enum rc due_of(struct accounts *a, const struct invoice *i, day *out)
{
	const struct pricing *p = account_terms(a, i->date);

	*out = i->due;
	if (i->due == DAY_NONE || (p->payment.set && p->payment.from_receipt))
		return account_due_date(p, account_received(a, i), out, a->err);
	return RC_OK;
}

static enum rc on_document(struct accounts *a, size_t issued)
{
	const struct invoice *i = a->in->issued[issued].invoice;
	int64_t entry = a->in->issued[issued].entry, asks = i->gross, owed;
	size_t at = a->document_of[issued];
	struct account_document *d = &a->documents[at];
	enum rc rc;

	accounts_add(a, &asks, i->rounding);
	owed = asks;
	for (size_t k = 0; k < i->n_deductions; k++)
		if (i->deductions[k].kind == DEDUCTION_DAMAGES)
			account_sub(a, &owed, i->deductions[k].amount);
	account_move(a, i->kind == DOCUMENT_INTEREST ? MOVE_INTEREST : MOVE_INVOICE, i->date,
		     i->number, owed, entry);
	*d = (struct account_document){.invoice = i,
				       .entry = entry,
				       .gross = asks,
				       .due = DAY_NONE,
				       .settled_on = DAY_NONE};
	rc = due_of(a, i, &d->due);
	if (rc != RC_OK)
		return rc;
	a->own_piece[at] = piece_add(a, (struct owed_piece){.document = at,
							    .state = PIECE_OPEN,
							    .family = NOTHING,
							    .due = d->due,
							    .amount = asks > 0 ? asks : 0,
							    .open = asks > 0 ? asks : 0});
	for (size_t k = 0; k < i->n_deductions; k++)
		if (i->deductions[k].kind == DEDUCTION_DAMAGES)
			allocate_damages(a, at, &i->deductions[k]);
	/* one that a person released although it gives money back (R74) */
	if (owed < 0)
		(void)source_add(a, (struct source){.by = BY_CREDIT_NOTE,
						    .reference = i->number,
						    .date = i->date,
						    .amount = -owed,
						    .left = -owed,
						    .entry = entry,
						    .payment = NOTHING,
						    .document = NOTHING});
	allocate_stated(a, at);
	return RC_OK;
}

static size_t document_named(const struct accounts *a, struct text number)
{
	for (size_t i = 0; i < a->n_documents; i++)
		if (a->documents[i].invoice != NULL &&
		    text_eq(a->documents[i].invoice->number, number))
			return i;
	return NOTHING;
}

static void on_credit_note(struct accounts *a, size_t issued)
{
	const struct invoice *i = a->in->issued[issued].invoice;
	int64_t entry = a->in->issued[issued].entry;
	size_t source;

	account_move(a, MOVE_CREDIT_NOTE, i->date, i->number, -i->gross, entry);
	source = source_add(a, (struct source){.by = BY_CREDIT_NOTE,
					       .reference = i->number,
					       .date = i->date,
					       .amount = i->gross,
					       .left = i->gross,
					       .entry = entry,
					       .payment = NOTHING,
					       .document = document_named(a, i->corrected),
					       .corrects = text_is(i->reason, "correction") ||
							   text_is(i->reason, "cancellation")});
	allocate_credit_note(a, source);
}

static void on_payment(struct accounts *a, size_t at)
{
	struct account_payment *p = &a->payments[at];
	size_t source;

	if (p->deposit) {
		accounts_add(a, &a->deposit, p->amount);
		return;
	}
	account_move(a, MOVE_PAYMENT, p->date, p->id, -p->amount, p->entry);
	source = source_add(a, (struct source){.by = p->retainer ? BY_GRANT : BY_PAYMENT,
					       .reference = p->id,
					       .date = p->date,
					       .amount = p->amount,
					       .left = p->amount,
					       .entry = p->entry,
					       .payment = at,
					       .document = NOTHING,
					       .barred = p->duplicate});
	allocate_payment(a, source, a->named[at]);
}

static void on_return(struct accounts *a, size_t at)
{
	const struct account_payment *p = &a->payments[at];

	if (!p->deposit)
		account_move(a, MOVE_RETURNED, p->returned_on, p->id, p->amount, p->entry);
	allocate_return(a, at, p->returned_on);
}

static enum rc happen(struct accounts *a, const struct happening *h)
{
	switch (h->class) {
	case ON_DOCUMENT:
		return on_document(a, h->index);
	case ON_DISPUTE:
		dispute_hold(a, h->index);
		break;
	case ON_SETTLED:
		dispute_settle(a, h->index);
		break;
	case ON_CREDIT_NOTE:
		on_credit_note(a, h->index);
		break;
	case ON_PAYMENT:
		on_payment(a, h->index);
		break;
	case ON_RETURN:
		on_return(a, h->index);
		break;
	case ON_DEPOSIT:
		allocate_deposit(a, &a->deposit_uses[h->index]);
		break;
	case ON_REFUND:
		allocate_refund(a, h->index);
		break;
	}
	return RC_OK;
}

/* By day, what comes first on a day, and its own id: when it reached the record does not matter. */
static int by_day(const void *p, const void *q)
{
	const struct happening *x = p, *y = q;
	int order = (x->date > y->date) - (x->date < y->date);

	if (order == 0)
		order = (x->class > y->class) - (x->class < y->class);
	if (order == 0)
		order = text_cmp(x->id, y->id);
	return order != 0 ? order : (x->index > y->index) - (x->index < y->index);
}

static enum rc go_through(struct accounts *a)
{
	enum rc rc = RC_OK;

	if (a->n_happenings > 1)
		qsort(a->happenings, a->n_happenings, sizeof(*a->happenings), by_day);
	for (size_t i = 0; i < a->n_happenings && rc == RC_OK; i++) {
		rc = happen(a, &a->happenings[i]);
		if (i + 1 == a->n_happenings || a->happenings[i + 1].date != a->happenings[i].date)
			allocate_free(a, a->happenings[i].date);
	}
	return rc;
}

/* --- the result --- */

static void sum_document(struct accounts *a, size_t at)
{
	struct account_document *d = &a->documents[at];
	day settled = d->invoice->date;

	for (size_t i = 0; i < a->n_takes; i++) {
		const struct take *t = &a->takes[i];

		if (t->undone || a->pieces[t->piece].document != at)
			continue;
		accounts_add(
			a, t->by == BY_CREDIT_NOTE || t->by == BY_DAMAGES ? &d->credited : &d->paid,
			t->amount);
		settled = t->date > settled ? t->date : settled;
	}
	for (size_t i = 0; i < a->n_pieces; i++) {
		const struct owed_piece *p = &a->pieces[i];

		if (p->document != at)
			continue;
		accounts_add(a, &d->open, p->open);
		if (p->state != PIECE_OPEN)
			accounts_add(a, &d->disputed, p->open);
		else if (p->open > 0 && p->due != DAY_NONE && a->in->on - p->due > d->overdue_days)
			d->overdue_days = a->in->on - p->due;
	}
	if (d->open == 0)
		d->settled_on = settled;
}

static int64_t *age_of(const struct accounts *a, const struct owed_piece *p, struct ageing *g)
{
	int32_t late = p->due == DAY_NONE ? 0 : a->in->on - p->due;

	if (p->state != PIECE_OPEN)
		return &g->disputed;
	if (late <= 0)
		return &g->not_due;
	if (late <= 30)
		return &g->to_30;
	if (late <= 60)
		return &g->to_60;
	return late <= 90 ? &g->to_90 : &g->over_90;
}

static void make_ageing(struct accounts *a, struct account *out)
{
	struct ageing *g = &out->ageing;
	int64_t sum;

	for (size_t i = 0; i < a->n_pieces; i++)
		accounts_add(a, age_of(a, &a->pieces[i], g), a->pieces[i].open);
	for (size_t i = 0; i < a->n_sources; i++) {
		const struct source *s = &a->sources[i];

		if (s->by == BY_CREDIT_NOTE) {
			accounts_add(a, &g->credits, s->left);
			accounts_add(a, &out->credits, s->left);
			continue;
		}
		accounts_add(a, &g->unapplied, s->left);
		if (!s->barred)
			accounts_add(a, s->by == BY_GRANT ? &out->retainer : &out->unapplied,
				     s->left);
	}
	account_sub(a, &g->unapplied, a->overdrawn);
	out->deposit = a->deposit;
	g->balance = a->balance;
	sum = g->not_due;
	accounts_add(a, &sum, g->to_30);
	accounts_add(a, &sum, g->to_60);
	accounts_add(a, &sum, g->to_90);
	accounts_add(a, &sum, g->over_90);
	accounts_add(a, &sum, g->disputed);
	account_sub(a, &sum, g->unapplied);
	account_sub(a, &sum, g->credits);
	assert((a->too_large || sum == g->balance) && "R104: the sum is the balance");
}

static void make_allocations(struct accounts *a, struct account *out)
{
	struct allocation *v = arena_array(a->arena, struct allocation, a->n_takes);
	size_t n = 0;

	for (size_t i = 0; i < a->n_takes; i++) {
		const struct take *t = &a->takes[i];

		if (!t->undone)
			v[n++] = (struct allocation){a->pieces[t->piece].document,
						     t->by,
						     t->reference,
						     t->date,
						     t->amount,
						     t->entry};
	}
	out->allocations = v;
	out->n_allocations = n;
}

static void sum_payments(struct accounts *a)
{
	for (size_t i = 0; i < a->n_takes; i++) {
		const struct take *t = &a->takes[i];

		if (!t->undone && t->source != NOTHING && a->sources[t->source].payment != NOTHING)
			accounts_add(a, &a->payments[a->sources[t->source].payment].applied,
				     t->amount);
	}
	for (size_t i = 0; i < a->n_sources; i++) {
		const struct source *s = &a->sources[i];
		struct account_payment *p;

		if (s->payment == NOTHING)
			continue;
		p = &a->payments[s->payment];
		p->unapplied = s->left;
		assert(a->too_large || p->returned ||
		       p->applied + p->unapplied + p->refunded == p->amount);
	}
}

static void take_from(int64_t *rest, int64_t most, int64_t *to)
{
	int64_t n = *rest < most ? *rest : most;

	*rest -= n;
	*to += n;
}

/* R105: what was used of deposits, and what was given back, came out of the earlier ones first. */
static void sum_deposits(struct accounts *a)
{
	int64_t used = 0, back = 0;

	for (size_t i = 0; i < a->n_takes; i++)
		if (!a->takes[i].undone && a->takes[i].by == BY_DEPOSIT)
			accounts_add(a, &used, a->takes[i].amount);
	for (size_t i = 0; i < a->n_refunds; i++)
		accounts_add(a, &back, a->refunds[i].of_deposit);
	for (size_t i = 0; i < a->n_payments; i++) {
		struct account_payment *p = &a->payments[i];

		if (!p->deposit || p->returned)
			continue;
		take_from(&used, p->amount, &p->applied);
		take_from(&back, p->amount - p->applied, &p->refunded);
	}
}

/* Credits and cash that the next document may take, in R60's order (steps 7, 8). */
static void make_open(struct accounts *a, struct account *out)
{
	static const struct {
		enum paid_by by;
		enum deduction_kind kind;
	} steps[] = {{BY_CREDIT_NOTE, DEDUCTION_CREDIT_NOTE},
		     {BY_PAYMENT, DEDUCTION_UNAPPLIED},
		     {BY_GRANT, DEDUCTION_GRANT}};
	struct invoice_deduction *v = arena_array(a->arena, struct invoice_deduction, a->n_sources);
	bool set_off = account_terms(a, a->in->on)->payment.set_off != SET_OFF_NONE;
	size_t n = 0;

	for (size_t k = 0; k < ARRAY_SIZE(steps); k++)
		for (size_t i = 0; i < a->n_sources; i++) {
			const struct source *s = &a->sources[i];
			struct step *step;

			if (s->by != steps[k].by || s->left == 0 || s->barred ||
			    (s->by == BY_CREDIT_NOTE && !set_off))
				continue;
			step = arena_one(a->arena, struct step);
			*step = (struct step){.what = STEP_BALANCE,
					      .rule = s->by == BY_CREDIT_NOTE ? 95
						      : s->by == BY_GRANT     ? 36
									      : 102,
					      .type = STEP_IS_MONEY,
					      .entry = s->entry,
					      .value.count = s->left};
			v[n++] = (struct invoice_deduction){steps[k].kind, s->reference, s->left,
							    step, 1};
		}
	out->open = v;
	out->n_open = n;
}

static enum rc finish(struct accounts *a, struct account *out)
{
	enum rc rc;

	for (size_t i = 0; i < a->n_documents; i++)
		sum_document(a, i);
	sum_payments(a);
	sum_deposits(a);
	make_ageing(a, out);
	make_allocations(a, out);
	make_open(a, out);
	out->documents = a->documents;
	out->n_documents = a->n_documents;
	out->payments = a->payments;
	out->n_payments = a->n_payments;
	out->refunds = a->refunds;
	out->n_refunds = a->n_refunds;
	out->disputes = a->disputes;
	out->n_disputes = a->n_disputes;
	out->movements = a->movements;
	out->n_movements = a->n_movements;
	rc = dunning_make(a, &out->dunning, &out->n_dunning);
	if (rc == RC_OK)
		rc = accrue(a, out->dunning, out->n_dunning, &out->accrued, &out->n_accrued);
	if (rc == RC_OK)
		rc = suspension_make(a, out);
	return rc;
}

enum rc account_make(struct arena *arena, const struct account_input *in, struct account *out,
		     struct err *err)
{
	struct accounts a = {.arena = arena, .in = in, .err = err};
	struct account result = {.suspension_from = DAY_NONE, .suspension_at = INSTANT_NONE};
	struct charging *c = arena_one(arena, struct charging);
	enum rc rc;

	/* its index of facts is made as it is asked, which changes no answer */
	*c = *in->charging;
	a.c = c;
	rc = account_read(&a);
	if (rc == RC_OK)
		rc = go_through(&a);
	if (rc == RC_OK)
		rc = finish(&a, &result);
	if (rc != RC_OK)
		return rc;
	if (a.too_large)
		return err_set(err, RC_LIMIT,
			       "amount too large: a sum of the account is beyond 64 bits");
	*out = result;
	return RC_OK;
}
