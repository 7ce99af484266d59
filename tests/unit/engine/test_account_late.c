/* SPDX-License-Identifier: Apache-2.0 */
/* Interest, fees, reminders and the right to suspend (money.md R106 to R113; X52 to X56), and the document of interest. */
#include "account_fixture.h"

#define RATE(more) "payment: {due: 30d, late_fee: {kind: interest, " more "}}\n"

static const struct {
	const char *name, *currency, *terms, *facts;
	const char *date; /* of the invoice, due 30 days later; effective date is 2026-01-01 */
	int64_t net;
	const char *on;
	int64_t interest, fixed;
	bool held;
} cases[] = {
	{"X52: simple", "USD", RATE("rate: 12.25%, per: year, compound: false"), NULL, "2026-03-01",
	 500000, "2026-07-10", 16949, 0, false},
	{"X52: compound", "USD", RATE("rate: 12.25%, per: year, compound: true"), NULL,
	 "2026-03-01", 500000, "2026-07-10", 17236, 0, false},
	{"X52: uk_1998 adds 70.00", "GBP",
	 "payment: {due: 30d, late_fee: {kind: statutory, scheme: uk_1998}}\n",
	 "2026-01-02 09:00 index.published provider series=boe_base month=2025-12 value=4.25\n",
	 "2026-03-01", 500000, "2026-07-10", 16949, 7000, false},
	{"uk_1998 is frozen: a later base rate changes nothing", "GBP",
	 "payment: {due: 30d, late_fee: {kind: statutory, scheme: uk_1998}}\n",
	 "2026-01-02 09:00 index.published provider series=boe_base month=2025-12 value=4.25\n"
	 "2026-07-02 09:00 index.published provider series=boe_base month=2026-06 value=9\n",
	 "2026-03-01", 500000, "2026-07-10", 16949, 7000, false},
	{"uk_1998: late from 1 July takes 30 June's", "GBP",
	 "payment: {due: 30d, late_fee: {kind: statutory, scheme: uk_1998}}\n",
	 "2026-01-02 09:00 index.published provider series=boe_base month=2025-12 value=4.25\n"
	 "2026-07-02 09:00 index.published provider series=boe_base month=2026-06 value=2\n",
	 "2026-05-31", 3650000, "2026-07-10", 10000, 10000, false},
	{"uk_1998 without its rate is held; the sum is owed", "GBP",
	 "payment: {due: 30d, late_fee: {kind: statutory, scheme: uk_1998}}\n", NULL, "2026-03-01",
	 99999, "2026-07-10", 0, 4000, true},
	{"X53: 1 % a month over part payments", "USD",
	 RATE("rate: 1%, per: month, compound: false"),
	 "2026-04-20 09:00 payment.received provider payment=P1 amount=4000 currency=USD\n"
	 "2026-05-15 09:00 payment.received provider payment=P2 amount=6000 currency=USD\n",
	 "2026-03-01", 1000000, "2026-07-10", 11507, 0, false},
	{"X54: eu_2011_7 over two half-years", "EUR",
	 "payment: {due: 30d, late_fee: {kind: statutory, scheme: eu_2011_7}}\n",
	 "2026-01-02 09:00 index.published provider series=ecb_refinancing month=2026-01 "
	 "value=2.15\n"
	 "2026-07-02 09:00 index.published provider series=ecb_refinancing month=2026-07 "
	 "value=2.40\n"
	 "2026-08-14 09:00 payment.received provider payment=P1 amount=10000 currency=EUR\n",
	 "2026-05-01", 1000000, "2026-12-31", 21164, 4000, false},
	{"R57: the first published value counts", "EUR",
	 "payment: {due: 30d, late_fee: {kind: statutory, scheme: eu_2011_7}}\n",
	 "2026-01-02 09:00 index.published provider series=ecb_refinancing month=2026-01 "
	 "value=2.15\n"
	 "2026-02-02 09:00 index.published provider series=ecb_refinancing month=2026-01 "
	 "value=9\n"
	 "2026-07-02 09:00 index.published provider series=ecb_refinancing month=2026-07 "
	 "value=2.40\n"
	 "2026-08-14 09:00 payment.received provider payment=P1 amount=10000 currency=EUR\n",
	 "2026-05-01", 1000000, "2026-08-14", 21164, 4000, false},
	{"eu_2011_7, the second half-year not published: held", "EUR",
	 "payment: {due: 30d, late_fee: {kind: statutory, scheme: eu_2011_7}}\n",
	 "2026-01-02 09:00 index.published provider series=ecb_refinancing month=2026-01 "
	 "value=2.15\n",
	 "2026-05-01", 1000000, "2026-08-14", 8342, 4000, true},
	{"paid on the due day: nothing", "USD", RATE("rate: 12.25%, per: year, compound: false"),
	 "2026-03-31 23:00 payment.received provider payment=P1 amount=5000 currency=USD\n",
	 "2026-03-01", 500000, "2026-07-10", 0, 0, false},
	{"paid within grace: nothing", "USD",
	 RATE("rate: 12.25%, per: year, compound: false, grace: 5d"),
	 "2026-04-05 23:00 payment.received provider payment=P1 amount=5000 currency=USD\n",
	 "2026-03-01", 500000, "2026-07-10", 0, 0, false},
	{"a day later: from the day after the due date", "USD",
	 RATE("rate: 36.5%, per: year, compound: false, grace: 5d"),
	 "2026-04-06 23:00 payment.received provider payment=P1 amount=5000 currency=USD\n",
	 "2026-03-01", 500000, "2026-07-10", 3000, 0, false},
	{"inside grace nothing has accrued", "USD",
	 RATE("rate: 36.5%, per: year, compound: false, grace: 5d"), NULL, "2026-03-01", 500000,
	 "2026-04-05", 0, 0, false},
	{"max_per_year bounds the yearly rate", "USD",
	 RATE("rate: 5%, per: month, compound: false, max_per_year: 36.5%"), NULL, "2026-03-01",
	 500000, "2026-04-10", 5000, 0, false},
	{"actual_360", "USD", RATE("rate: 36%, per: year, compound: false, day_count: actual_360"),
	 NULL, "2026-03-01", 500000, "2026-04-10", 5000, 0, false},
	{"fixed, once", "USD",
	 "payment: {due: 30d, late_fee: {kind: fixed, amount: \"25.00 USD\", grace: 5d}}\n", NULL,
	 "2026-03-01", 500000, "2026-07-10", 0, 2500, false},
	{"fixed, paid within grace", "USD",
	 "payment: {due: 30d, late_fee: {kind: fixed, amount: \"25.00 USD\", grace: 5d}}\n",
	 "2026-04-05 23:00 payment.received provider payment=P1 amount=5000 currency=USD\n",
	 "2026-03-01", 500000, "2026-07-10", 0, 0, false},
	{"a returned payment never paid", "USD", RATE("rate: 36.5%, per: year, compound: false"),
	 "2026-03-20 09:00 payment.received provider payment=P1 amount=5000 currency=USD\n"
	 "2026-04-20 09:00 payment.returned provider payment=P1\n",
	 "2026-03-01", 500000, "2026-05-10", 20000, 0, false},
	{"a disputed part bears nothing", "USD",
	 "payment: {due: 30d, late_fee: {kind: interest, rate: 36.5%, per: year, compound: false}, "
	 "dispute: {within: 30d, from: invoice_date, pay_after: 5d}}\n",
	 "2026-03-10 09:00 invoice.disputed client dispute=D1 invoice=A amount=2000\n",
	 "2026-03-01", 500000, "2026-04-10", 3000, 0, false},
	{"rejected, it is due pay_after later and bears from the day after", "USD",
	 "payment: {due: 30d, late_fee: {kind: interest, rate: 36.5%, per: year, compound: false}, "
	 "dispute: {within: 30d, from: invoice_date, pay_after: 5d}}\n",
	 "2026-03-10 09:00 invoice.disputed client dispute=D1 invoice=A amount=2000\n"
	 "2026-04-01 09:00 invoice.dispute_settled client dispute=D1 outcome=rejected\n",
	 "2026-03-01", 500000, "2026-04-10", 3000 + 4 * 200, 0, false},
	{"rejected after it was late: it bore until it was disputed", "USD",
	 "payment: {due: 30d, late_fee: {kind: interest, rate: 36.5%, per: year, compound: false}, "
	 "dispute: {within: 60d, from: invoice_date, pay_after: 5d}}\n",
	 "2026-04-10 09:00 invoice.disputed client dispute=D1 invoice=A amount=2000\n"
	 "2026-04-20 09:00 invoice.dispute_settled client dispute=D1 outcome=rejected\n",
	 "2026-03-01", 500000, "2026-04-30", 10 * 500 + 20 * 300 + 5 * 200, 0, false},
	{"upheld, it was never owed", "USD",
	 "payment: {due: 30d, late_fee: {kind: interest, rate: 36.5%, per: year, compound: false}, "
	 "dispute: {within: 60d, from: invoice_date, pay_after: 5d}}\n",
	 "2026-04-10 09:00 invoice.disputed client dispute=D1 invoice=A amount=2000\n"
	 "2026-04-20 09:00 invoice.dispute_settled provider dispute=D1 outcome=upheld\n",
	 "2026-03-01", 500000, "2026-04-30", 30 * 300, 0, false},
	{"disputed late: what it bore until then stays", "USD",
	 "payment: {due: 30d, late_fee: {kind: interest, rate: 36.5%, per: year, compound: false}, "
	 "dispute: {within: 60d, from: invoice_date, pay_after: 5d}}\n",
	 "2026-04-10 09:00 invoice.disputed client dispute=D1 invoice=A amount=2000\n",
	 "2026-03-01", 500000, "2026-04-30", 10 * 500 + 20 * 300, 0, false},
	{"of all: disputed sums bear, too", "USD",
	 "payment: {due: 30d, late_fee: {kind: interest, rate: 36.5%, per: year, compound: false, "
	 "of: all}, dispute: {within: 30d, from: invoice_date, pay_after: 5d}}\n",
	 "2026-03-10 09:00 invoice.disputed client dispute=D1 invoice=A amount=2000\n",
	 "2026-03-01", 500000, "2026-04-10", 5000, 0, false},
	{"kind none", "USD", "payment: {due: 30d, late_fee: {kind: none}}\n", NULL, "2026-03-01",
	 500000, "2026-07-10", 0, 0, false},
};

static struct books *in_currency(const char *currency, const char *terms)
{
	struct bill *b = bill_new();

	b->contract = text_format(b->e->arena,
				  "currency: %s, timezone: America/New_York, business_calendar: "
				  "business",
				  currency)
			      .p;
	return books_of(b, terms);
}

static void test_interest(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct books *k = in_currency(cases[i].currency, cases[i].terms);
		const struct accrued *x;

		(void)books_invoice(k, "A", cases[i].date, cases[i].net, "0");
		if (cases[i].facts != NULL)
			engine_facts(k->b->e, cases[i].facts);
		books_make(k, cases[i].on);
		x = books_accrued(k, "A");
		is_i64(x->interest, cases[i].interest, "%s", cases[i].name);
		is_i64(x->fixed, cases[i].fixed, "%s: fixed", cases[i].name);
		ok(x->held == cases[i].held, "%s: held", cases[i].name);
		books_free(k);
	}
}

/* What a correcting credit note takes was never owed; goodwill counts from its day. */
static void test_credited(void)
{
	static const struct {
		const char *reason;
		int64_t interest;
	} reasons[] = {{"correction", 20 * 300},
		       {"cancellation", 20 * 300},
		       {"goodwill", 10 * 500 + 10 * 300},
		       {"write_off", 10 * 500 + 10 * 300}};

	for (size_t i = 0; i < ARRAY_SIZE(reasons); i++) {
		struct books *k = books_new(RATE("rate: 36.5%, per: year, compound: false"));

		(void)books_invoice(k, "A", "2026-03-01", 500000, "0");
		(void)books_credit(k, "CN-1", "2026-04-10", "A", 200000, "0", reasons[i].reason);
		books_make(k, "2026-04-20");
		is_i64(books_accrued(k, "A")->interest, reasons[i].interest, "%s",
		       reasons[i].reason);
		books_free(k);
	}
}

static void issue(struct books *k, const struct invoice *doc, const char *number)
{
	struct invoice *i = arena_one(k->b->e->arena, struct invoice);

	*i = *doc;
	i->number = text_of(number);
	k->issued[k->n_issued] = (struct issued_document){i, (int64_t)k->n_issued, {{0}}};
	k->n_issued++;
}

static const struct invoice *interest_note(struct books *k, const char *on)
{
	const struct invoice *out = NULL;

	books_make(k, on);
	if (account_interest(k->b->e->arena, &k->in, &k->account, bill_day(on), &out, &k->err) !=
	    RC_OK)
		engine_fail("interest", text_of(k->err.message));
	return out;
}

/* R106: total accrued - already charged; R103: a payment that is recorded late corrects it. */
static void test_notes(void)
{
	struct books *k = books_new(
		RATE("rate: 36.5%, per: year, compound: false") "taxes: {categories: [{id: "
								"standard, code: S, rate: 8%, "
								"name: Sales tax}, {id: out, "
								"code: O, name: Outside, "
								"exemption: no supply}]}\n");
	const struct invoice *doc;

	(void)books_invoice(k, "A", "2026-03-01", 500000, "0");
	ok(interest_note(k, "2026-03-31") == NULL, "nothing accrued, no document");
	doc = interest_note(k, "2026-04-10");
	is_i64(doc->kind, DOCUMENT_INTEREST, "an interest note");
	is_i64(doc->payable, 5000, "R109: of ten days");
	is_i64((int64_t)doc->n_taxes, 1, "one tax");
	is_i64(doc->taxes[0].code, TAX_O, "outside the scope");
	is_text(doc->taxes[0].reason, "no supply", "with the contract's reason");
	is_i64(doc->due, bill_day("2026-05-10"), "due as any document");
	ok(doc->lines[0].n_steps >= 4, "its line knows how it came about");
	is_text(doc->lines[0].corrects, "A", "and which invoice it is for");
	issue(k, doc, "INT-1");
	ok(interest_note(k, "2026-04-10") == NULL, "charged once");
	doc = interest_note(k, "2026-04-20");
	is_i64(doc->payable, 5000, "ten days more");
	issue(k, doc, "INT-2");
	is_i64(books_accrued(k, "A")->charged, 5000, "one note was issued when it was looked at");
	is_i64(books_found(k, "INT-1")->open, 5000, "INT-1 is a debt");

	/* paid on 5 April, as it turns out: 5 days were owed, 20 charged */
	engine_facts(k->b->e, "2026-04-05 09:00 payment.received provider payment=P1 amount=5000 "
			      "currency=USD\n");
	doc = interest_note(k, "2026-04-25");
	is_i64(doc->kind, DOCUMENT_CREDIT_NOTE, "too much was charged: a credit note");
	is_text(doc->corrected, "INT-2", "on the last interest note");
	is_i64(doc->gross, 5000, "all of it");
	is_i64(doc->lines[0].of_line, 1, "of its line");
	issue(k, doc, "CN-1");
	doc = interest_note(k, "2026-04-25");
	is_text(doc->corrected, "INT-1", "then on the one before");
	is_i64(doc->gross, 2500, "as far as needed");
	issue(k, doc, "CN-2");
	ok(interest_note(k, "2026-04-25") == NULL, "then nothing is left");
	is_i64(books_accrued(k, "A")->charged, 2500, "2,500 stay charged");
	books_free(k);
}

/* Interest on interest: none. A line below zero goes with others that outweigh it. */
static void test_mixed_note(void)
{
	struct books *k = books_new(RATE("rate: 36.5%, per: year, compound: false"));
	const struct invoice *doc;

	(void)books_invoice(k, "A", "2026-03-01", 500000, "0");
	issue(k, interest_note(k, "2026-04-10"), "INT-1");
	(void)books_invoice(k, "B", "2026-03-05", 500000, "0");
	engine_facts(k->b->e, "2026-04-05 09:00 payment.received provider payment=P1 amount=5000 "
			      "currency=USD\n");
	doc = interest_note(k, "2026-05-20");
	is_i64((int64_t)doc->n_lines, 2, "two lines");
	is_i64(doc->lines[0].net, -2500, "A: five days too many");
	is_i64(doc->lines[1].net, 46 * 500, "B: 46 days");
	is_i64(doc->payable, 46 * 500 - 2500, "the note is their sum");
	ok(books_accrued(k, "INT-1")->interest == 0, "INT-1 bears nothing");
	books_free(k);
}

#define REMINDERS                                                                                  \
	"payment: {due: 30d, dunning: [{id: first, after: 5d, to: client.billing}, {id: second, "  \
	"after: 20d, to: client.executive, fee: \"15.00 USD\"}]}\n"

static const struct {
	const char *name, *facts, *on;
	const char *rows; /* step, + sent, - due */
} reminders[] = {
	{"the day before", NULL, "2026-04-04", ""},
	{"the first step", NULL, "2026-04-05", "first-"},
	{"told once", "2026-04-05 12:00 dunning_sent provider invoice=A object=first\n",
	 "2026-04-06", "first+"},
	{"the second", "2026-04-05 12:00 dunning_sent provider invoice=A object=first\n",
	 "2026-04-20", "first+ second-"},
	{"after an outage only the latest", NULL, "2026-05-20", "second-"},
	{"one missed before is not told any more",
	 "2026-04-21 12:00 dunning_sent provider invoice=A object=second\n", "2026-05-20",
	 "second+"},
	{"payment ends them",
	 "2026-04-10 12:00 payment.received provider payment=P1 amount=5000 currency=USD\n",
	 "2026-05-20", ""},
	{"what was told stays",
	 "2026-04-05 12:00 dunning_sent provider invoice=A object=first\n"
	 "2026-04-10 12:00 payment.received provider payment=P1 amount=5000 currency=USD\n",
	 "2026-05-20", "first+"},
	{"nobody is reminded of what is disputed",
	 "2026-03-10 09:00 invoice.disputed client dispute=D1 invoice=A\n", "2026-05-20", ""},
	{"another invoice's reminder",
	 "2026-04-05 12:00 dunning_sent provider invoice=Z object=first\n", "2026-04-06", "first-"},
};

static void test_dunning(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(reminders); i++) {
		struct books *k = books_new(REMINDERS);
		struct buf rows;

		buf_init(&rows, 200);
		(void)books_invoice(k, "A", "2026-03-01", 500000, "0");
		if (reminders[i].facts != NULL)
			engine_facts(k->b->e, reminders[i].facts);
		books_make(k, reminders[i].on);
		for (size_t d = 0; d < k->account.n_dunning; d++)
			buf_printf(&rows, "%s%.*s%c", d > 0 ? " " : "",
				   TEXT_ARG(k->account.dunning[d].step),
				   k->account.dunning[d].sent ? '+' : '-');
		is_text(buf_view(&rows), reminders[i].rows, "%s", reminders[i].name);
		buf_free(&rows);
		books_free(k);
	}
}

static void test_dunning_fee(void)
{
	struct books *k = books_new(REMINDERS);
	const struct invoice *doc;

	(void)books_invoice(k, "A", "2026-03-01", 500000, "0");
	ok(interest_note(k, "2026-04-25") == NULL, "a reminder that was not told costs nothing");
	engine_facts(k->b->e, "2026-04-21 12:00 dunning_sent provider invoice=A object=second\n");
	doc = interest_note(k, "2026-04-25");
	is_i64(doc->payable, 1500, "R111: the fee is on the interest note");
	is_i64(doc->lines[0].role, LINE_DUNNING_FEE, "as a fee");
	is_i64((int64_t)doc->lines[0].n_steps, 2, "that is told alone");
	is_i64((int64_t)doc->n_taxes, 0,
	       "a contract without categories has no tax to be outside of");
	books_free(k);
}

static const struct {
	const char *name, *more, *facts, *on, *at;
} suspensions[] = {
	{"X56", "", "2026-08-25 10:00 notice.given provider event=N1 notice=suspension\n",
	 "2026-08-26", "2026-09-05T04:00:00Z"},
	{"an early notice waits for after_overdue", "",
	 "2026-08-02 10:00 notice.given provider event=N1 notice=suspension\n", "2026-08-26",
	 "2026-08-31T04:00:00Z"},
	{"without notice no right", "", NULL, "2026-10-26", NULL},
	{"a notice before it was late is none", "",
	 "2026-07-31 10:00 notice.given provider event=N1 notice=suspension\n", "2026-10-26", NULL},
	{"another notice is none", "",
	 "2026-08-25 10:00 notice.given provider event=N1 notice=termination\n", "2026-10-26",
	 NULL},
	{"payment ends it", "",
	 "2026-08-25 10:00 notice.given provider event=N1 notice=suspension\n"
	 "2026-09-25 10:00 payment.received provider payment=P1 amount=5000 currency=USD\n",
	 "2026-10-26", NULL},
	{"disputed money does not count", "",
	 "2026-07-10 09:00 invoice.disputed client dispute=D1 invoice=A\n"
	 "2026-08-25 10:00 notice.given provider event=N1 notice=suspension\n",
	 "2026-08-26", NULL},
	{"unless the contract says so", ", counts_disputed: true",
	 "2026-07-10 09:00 invoice.disputed client dispute=D1 invoice=A\n"
	 "2026-08-25 10:00 notice.given provider event=N1 notice=suspension\n",
	 "2026-08-26", "2026-09-05T04:00:00Z"},
};

static void test_suspension(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(suspensions); i++) {
		struct bill *b = bill_new();
		struct books *k = books_of(
			b, text_format(b->e->arena,
				       "payment: {due: 30d, suspension: {after_overdue: 30d, "
				       "notice: 10d, services: [help]%s}}\n",
				       suspensions[i].more)
				   .p);

		(void)books_invoice(k, "A", "2026-07-01", 500000, "0");
		if (suspensions[i].facts != NULL)
			engine_facts(b->e, suspensions[i].facts);
		books_make(k, suspensions[i].on);
		is_instant(k->account.suspension_at,
			   suspensions[i].at != NULL ? engine_time(b->e, suspensions[i].at)
						     : INSTANT_NONE,
			   suspensions[i].name);
		books_free(k);
	}
}

/* FK-26 in both positions. */
static void test_due(void)
{
	static const struct {
		const char *from, *due;
	} forks[] = {{"invoice_date", "2026-07-31"}, {"invoice_received", "2026-08-04"}};

	for (size_t i = 0; i < ARRAY_SIZE(forks); i++) {
		struct bill *b = bill_new();
		struct books *k =
			books_of(b, text_format(b->e->arena, "payment: {due: 30d, from: %s}\n",
						forks[i].from)
					    .p);

		(void)books_invoice(k, "A", "2026-07-01", 500000, "0");
		engine_facts(b->e, "2026-07-05 10:00 invoice.received client invoice=A\n");
		books_make(k, "2026-07-10");
		is_i64(books_found(k, "A")->due, bill_day(forks[i].due), "from %s", forks[i].from);
		books_free(k);
	}
}

int main(void)
{
	test_interest();
	test_credited();
	test_notes();
	test_mixed_note();
	test_dunning();
	test_dunning_fee();
	test_suspension();
	test_due();
	return tap_done();
}
