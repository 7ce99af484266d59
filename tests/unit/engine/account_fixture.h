/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Accounts for tests: a contract with the payment terms given (money_fixture.h), documents by hand, facts as lines.
 *
 *     struct books *k = books_new("payment: {due: 30d}\n");
 *     books_invoice(k, "INV-1", "2026-03-01", 100000, "19");
 *     engine_facts(k->b->e, "2026-03-20 10:00 payment.received provider payment=P1 amount=500 currency=USD\n");
 *     books_make(k, "2026-04-30");
 *     books_free(k);
 */
#ifndef TEST_ACCOUNT_FIXTURE_H
#define TEST_ACCOUNT_FIXTURE_H

#include "engine/account.h"

#include "money_fixture.h"

enum { BOOKS_MAX = 64 };

struct books {
	struct bill *b;
	const struct pricing *pricing;
	struct issued_document issued[BOOKS_MAX];
	size_t n_issued;
	struct account account;
	struct account_input in;
	enum rc rc;
	struct err err;
};

UNUSED static struct books *books_of(struct bill *b, const char *blocks)
{
	struct books *k = arena_one(b->e->arena, struct books);

	k->b = b;
	k->pricing = bill_version(
		b, NULL,
		text_format(b->e->arena,
			    "charges: [{id: care, type: recurring, amount: \"100.00 %.3s\", "
			    "period: 1mo}]\n%s",
			    strstr(b->contract, "currency: ") + strlen("currency: "), blocks)
			.p);
	return k;
}

UNUSED static struct books *books_new(const char *blocks)
{
	return books_of(bill_new(), blocks);
}

UNUSED static void books_free(struct books *k)
{
	bill_free(k->b);
}

/* A document of one line; rate: percent. For a credit note `corrected` is its invoice. */
UNUSED static struct invoice *books_document(struct books *k, enum document_kind kind,
					     const char *number, const char *date, int64_t net,
					     const char *rate)
{
	struct arena *a = k->b->e->arena;
	struct invoice *i = arena_one(a, struct invoice);
	struct invoice_line *l = arena_one(a, struct invoice_line);
	struct invoice_tax *t = arena_one(a, struct invoice_tax);
	struct err err = {.line = 0};

	*t = (struct invoice_tax){.category = text_of("standard"), .code = TAX_S};
	if (decimal_parse(text_of(rate), &t->rate, &err) != RC_OK)
		engine_fail("rate", text_of(rate));
	*l = (struct invoice_line){.number = 1,
				   .role = LINE_CHARGE,
				   .charge = text_of("care"),
				   .quantity = {1, 1},
				   .net = net,
				   .category = t->category};
	*i = (struct invoice){.kind = kind,
			      .number = text_of(number),
			      .date = bill_day(date),
			      .due = DAY_NONE,
			      .corrected_date = DAY_NONE,
			      .currency = k->pricing->promise->currency,
			      .lines = l,
			      .n_lines = 1,
			      .taxes = t,
			      .n_taxes = 1};
	if (kind != DOCUMENT_CREDIT_NOTE &&
	    account_due_date(k->pricing, i->date, &i->due, &err) != RC_OK)
		engine_fail("due", text_of(err.message));
	if (invoice_total(i, k->pricing, a, &err) != RC_OK)
		engine_fail("total", text_of(err.message));
	k->issued[k->n_issued] = (struct issued_document){i, (int64_t)k->n_issued, {{0}}};
	if (++k->n_issued == BOOKS_MAX)
		engine_fail("too many documents", text_of(number));
	return i;
}

UNUSED static struct invoice *books_invoice(struct books *k, const char *number, const char *date,
					    int64_t net, const char *rate)
{
	return books_document(k, DOCUMENT_INVOICE, number, date, net, rate);
}

UNUSED static struct invoice *books_credit(struct books *k, const char *number, const char *date,
					   const char *corrected, int64_t net, const char *rate,
					   const char *reason)
{
	struct invoice *i = books_document(k, DOCUMENT_CREDIT_NOTE, number, date, net, rate);

	i->corrected = text_of(corrected);
	i->reason = text_of(reason);
	return i;
}

/* One more deduction, which the totals know (steps 7, 8). */
UNUSED static void books_deduct(struct books *k, struct invoice *i, enum deduction_kind kind,
				const char *reference, int64_t amount)
{
	struct arena *a = k->b->e->arena;
	struct invoice_deduction *v = arena_array(a, struct invoice_deduction, i->n_deductions + 1);
	struct err err = {.line = 0};

	for (size_t d = 0; d < i->n_deductions; d++)
		v[d] = i->deductions[d];
	v[i->n_deductions] =
		(struct invoice_deduction){.kind = kind, .reference = text_of(reference)};
	v[i->n_deductions++].amount = amount;
	i->deductions = v;
	if (invoice_total(i, k->pricing, a, &err) != RC_OK)
		engine_fail("total", text_of(err.message));
}

UNUSED static enum rc books_try(struct books *k, const char *on)
{
	bill_run(k->b, on);
	k->in = (struct account_input){k->b->c, k->issued, k->n_issued, bill_day(on)};
	err_clear(&k->err);
	k->rc = account_make(k->b->e->arena, &k->in, &k->account, &k->err);
	return k->rc;
}

UNUSED static void books_make(struct books *k, const char *on)
{
	if (books_try(k, on) != RC_OK)
		engine_fail("account", text_of(k->err.message));
}

UNUSED static const struct account_document *books_found(const struct books *k, const char *number)
{
	for (size_t i = 0; i < k->account.n_documents; i++)
		if (text_is(k->account.documents[i].invoice->number, number))
			return &k->account.documents[i];
	engine_fail("no such document", text_of(number));
}

UNUSED static const struct accrued *books_accrued(const struct books *k, const char *number)
{
	static const struct accrued none;

	for (size_t i = 0; i < k->account.n_accrued; i++)
		if (text_is(k->account.documents[k->account.accrued[i].document].invoice->number,
			    number))
			return &k->account.accrued[i];
	return &none;
}

#endif
