/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A year of one contract from items to documents, account, interest and ledger: what an invoice says is payable is what the account has
 * open; the books hold; what is all earned and invoiced leaves nothing unbilled or deferred; the exit is quoted from what was printed.
 */
#include "billing_fixture.h"
#include "engine/account.h"
#include "engine/exit.h"
#include "engine/ledger.h"

#define CONTRACT                                                                                   \
	"charges: [{id: setup, type: one_time, amount: \"1200.00 USD\", due: effective_date, "     \
	"tax: "                                                                                    \
	"std}, {id: managed, type: recurring, amount: \"1000.00 USD\", period: 1mo, tax: std}, "   \
	"{id: users, type: per_unit, price: \"10.00 USD\", unit: user, count: active_users, "      \
	"count_at: period_end, period: 1mo, tax: std}, {id: less, type: discount, pct: 10%, "      \
	"applies_to: [managed]}]\n"                                                                \
	"taxes: {categories: [{id: std, code: S, rate: 8%}]}\n"                                    \
	"payment: {due: 30d, late_fee: {kind: interest, rate: 1%, per: month, compound: false}}\n" \
	"early_termination_fee: {triggers: [client_convenience], formula: remaining_fees, of: "    \
	"[managed, users]}\n"

static struct account account_on(struct books *k, const char *on, struct account_input *in)
{
	struct account acc = {.n_documents = 0};

	bill_run(k->b, on);
	*in = (struct account_input){k->b->c, k->issued, k->n_issued, bill_day(on)};
	if (account_make(k->b->e->arena, in, &acc, &k->b->err) != RC_OK)
		engine_fail("account", text_of(k->b->err.message));
	return acc;
}

static int64_t open_of(const struct account *acc, struct text number)
{
	for (size_t i = 0; i < acc->n_documents; i++)
		if (text_eq(acc->documents[i].invoice->number, number))
			return acc->documents[i].open;
	return -1;
}

/* The first of each month: what is open is offered, the invoice issued and looked at again. */
static void run_months(struct books *k)
{
	struct account_input in;

	for (int month = 1; month <= 12; month++) {
		const char *date = text_format(k->b->e->arena, "2026-%02d-01", month).p;
		struct account acc = account_on(k, date, &in);
		const struct invoice *i;

		k->open = acc.open;
		k->n_open = acc.n_open;
		i = books_month(k, date);
		acc = account_on(k, date, &in);
		if (i == NULL)
			ok(false, "%s: an invoice", date);
		else
			is_i64(open_of(&acc, i->number), i->payable, "%s: payable is open", date);
	}
}

static struct ledger ledger_on(struct books *k, const struct account *acc, const char *on)
{
	struct ledger l = {.n = 0};
	struct ledger_input in = {.charging = k->b->c,
				  .issued = k->issued,
				  .n_issued = k->n_issued,
				  .account = acc,
				  .on = bill_day(on)};

	if (ledger_make_postings(k->b->e->arena, &in, &l, &k->b->err) != RC_OK)
		engine_fail("ledger", text_of(k->b->err.message));
	return l;
}

static int64_t sum_of(const struct ledger *l, enum ledger_account account, const char *charge)
{
	int64_t sum = 0;

	for (size_t i = 0; i < l->n; i++)
		for (size_t p = 0; p < l->v[i].n_postings; p++)
			if (l->v[i].postings[p].account == account &&
			    (charge == NULL || text_is(l->v[i].postings[p].charge, charge)))
				sum += l->v[i].postings[p].amount;
	return sum;
}

static void test_ledger(struct books *k, const struct account *acc)
{
	struct ledger l = ledger_on(k, acc, "2026-12-31");

	is_i64(sum_of(&l, LEDGER_RECEIVABLE, NULL) + sum_of(&l, LEDGER_UNAPPLIED, NULL) +
		       sum_of(&l, LEDGER_RETAINER, NULL),
	       acc->ageing.balance, "the ledger has the account's balance");
	is_i64(sum_of(&l, LEDGER_REVENUE, "managed"), -1200000, "twelve months of the fee");
	is_i64(sum_of(&l, LEDGER_REVENUE, "less"), 120000, "and of its discount");
	is_i64(sum_of(&l, LEDGER_REVENUE, "setup"), -39964, "365 of 1,096 days of the set-up");
	/* December's users are invoiced in January */
	is_i64(sum_of(&l, LEDGER_REVENUE, "users"), -11 * 5000, "eleven months of users");
	is_i64(sum_of(&l, LEDGER_UNBILLED, NULL), 0, "nothing is unbilled");
	is_i64(sum_of(&l, LEDGER_DEFERRED, NULL), -(120000 - 39964),
	       "the rest of the set-up waits");
}

static void test_interest(struct books *k, const struct account_input *in,
			  const struct account *acc)
{
	const struct invoice *note = NULL;
	struct account_input again;
	struct account after;

	if (account_interest(k->b->e->arena, in, acc, in->on, &note, &k->b->err) != RC_OK ||
	    note == NULL)
		engine_fail("interest", text_of(k->b->err.message));
	(void)books_add(k, note, "INT");
	after = account_on(k, "2026-12-31", &again);
	is_i64(after.ageing.balance, acc->ageing.balance + note->payable,
	       "the interest note is a debt");
	note = NULL;
	if (account_interest(k->b->e->arena, &again, &after, again.on, &note, &k->b->err) != RC_OK)
		engine_fail("interest", text_of(k->b->err.message));
	ok(note == NULL, "and charged once");
}

int main(void)
{
	struct books *k = books_new();
	struct account_input in;
	struct account acc;
	struct exit_quote q = {.due = false};

	k->b->term = "effective_date: \"2026-01-01\", initial: 36mo";
	bill_version(k->b, NULL, CONTRACT);
	engine_facts(k->b->e, "2026-01-01 00:00 units.listed provider list=L1 count=active_users "
			      "units=u1,u2,u3,u4,u5\n"
			      "2026-01-20 09:00 payment.received provider payment=P1 amount=3000 "
			      "currency=USD\n"
			      "2026-03-10 09:00 payment.received provider payment=P2 amount=5000 "
			      "currency=USD purpose=retainer\n"
			      "2026-06-10 09:00 payment.received provider payment=P3 amount=500 "
			      "currency=USD\n"
			      "2026-06-20 09:00 payment.returned provider payment=P3\n");
	run_months(k);
	acc = account_on(k, "2026-12-31", &in);
	test_ledger(k, &acc);
	test_interest(k, &in, &acc);

	struct exit_input leave = {.charging = k->b->c,
				   .issued = k->issued,
				   .n_issued = k->n_issued,
				   .date = bill_day("2026-12-15"),
				   .cause = EXIT_CLIENT_CONVENIENCE,
				   .end = DAY_NONE,
				   .notice_on = DAY_NONE,
				   .returns = DAY_NONE};

	if (exit_make(k->b->e->arena, &leave, &q, &k->b->err) != RC_OK)
		engine_fail("exit", text_of(k->b->err.message));
	is_i64(q.months_counted, 11, "eleven full months before the exit");
	is_i64(q.formula, 95000 * 24, "900.00 and 50.00 a month as printed, 24 months left");
	books_free(k);
	return tap_done();
}
