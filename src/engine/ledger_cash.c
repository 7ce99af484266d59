/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Payments, what they pay and when, returns, deposits and refunds (money.md R140). What came in stands where it was put: paid at once,
 * unapplied, a money grant, a deposit. Credit notes are in receivable from the day of issue, so what they pay posts nothing.
 */
#include "engine/ledger_parts.h"

#include <assert.h>

static const struct text no_part = {"", 0};

static enum ledger_account waits_in(const struct account_payment *p)
{
	return p->deposit ? LEDGER_DEPOSIT : p->retainer ? LEDGER_RETAINER : LEDGER_UNAPPLIED;
}

static bool is_of(const struct allocation *x, const struct account_payment *p)
{
	return (x->by == BY_PAYMENT || x->by == BY_GRANT) && x->entry == p->entry &&
	       text_eq(x->reference, p->id);
}

static void book_payment(struct booking *b, const struct account_payment *p)
{
	const struct account *acc = b->in->account;
	struct place at = {.date = p->date, .document = p->id, .kind = TRANSACTION_PAYMENT};
	int64_t at_once = 0;

	for (size_t i = 0; i < acc->n_allocations && !p->returned; i++) {
		const struct allocation *x = &acc->allocations[i];
		struct place later = {
			.date = x->date, .document = p->id, .kind = TRANSACTION_APPLIED};

		if (!is_of(x, p))
			continue;
		if (x->date <= p->date)
			at_once += x->amount; /* at most the payment */
		else
			book_pair(b, &later, waits_in(p), LEDGER_RECEIVABLE, no_part, x->amount);
	}
	book(b, &at, LEDGER_BANK, no_part, p->amount);
	book(b, &at, LEDGER_RECEIVABLE, no_part, -at_once);
	book(b, &at, waits_in(p), no_part, -(p->amount - at_once));
	if (!p->returned)
		return;
	at.date = p->returned_on;
	at.kind = TRANSACTION_RETURNED;
	book_pair(b, &at, waits_in(p), LEDGER_BANK, no_part, p->amount);
}

static void book_deposits(struct booking *b)
{
	const struct account *acc = b->in->account;

	for (size_t i = 0; i < acc->n_allocations; i++) {
		const struct allocation *x = &acc->allocations[i];
		struct place at = {
			.date = x->date, .document = x->reference, .kind = TRANSACTION_APPLIED};

		if (x->by == BY_DEPOSIT)
			book_pair(b, &at, LEDGER_DEPOSIT, LEDGER_RECEIVABLE, no_part, x->amount);
	}
}

static void book_refund(struct booking *b, const struct account_refund *r)
{
	struct place at = {.date = r->date, .document = r->id, .kind = TRANSACTION_REFUND};

	/* more than there was is cash given ahead, which the next cash makes up */
	book(b, &at, LEDGER_UNAPPLIED, no_part, r->of_unapplied);
	book(b, &at, LEDGER_UNAPPLIED, no_part, r->beyond);
	book(b, &at, LEDGER_RECEIVABLE, no_part, r->of_credits);
	book(b, &at, LEDGER_RETAINER, no_part, r->of_retainer);
	book(b, &at, LEDGER_DEPOSIT, no_part, r->of_deposit);
	book(b, &at, LEDGER_BANK, no_part, -r->amount);
}

void book_cash(struct booking *b)
{
	const struct account *acc = b->in->account;

	for (size_t i = 0; acc != NULL && i < acc->n_payments; i++)
		book_payment(b, &acc->payments[i]);
	for (size_t i = 0; acc != NULL && i < acc->n_refunds; i++)
		book_refund(b, &acc->refunds[i]);
	if (acc != NULL)
		book_deposits(b);
}
