/* SPDX-License-Identifier: Apache-2.0 */
/* The account: who pays what, what comes back, what is disputed, how old it is (money.md sections 8, 9; X51, X55, X62). */
#include "account_fixture.h"

#define PLAIN "payment: {due: 30d}\n"
#define PAY(words) words " currency=USD\n"

/* What one document, or the account, comes to. */
struct expected {
	const char *document; /* NULL: the account */
	const char *what;
	int64_t value;
};

struct story {
	const char *name, *terms, *facts, *on;
	/* documents: number, date, net, tax rate; note: corrected, reason */
	struct {
		const char *number, *date;
		int64_t net;
		const char *rate, *corrected, *reason;
	} documents[4];
	struct expected expected[8];
};

#define DISPUTES                                                                                   \
	"payment: {due: 30d, dispute: {within: 30d, from: invoice_date, resolve_within: 15d, "     \
	"pay_after: 5d}}\n"

static const struct story stories[] = {
	{"X51: oldest first, the disputed part takes nothing",
	 DISPUTES,
	 "2026-03-02 09:00 invoice.disputed client dispute=D1 invoice=B amount=300\n"
	 "2026-04-02 09:00 payment.received provider payment=P1 amount=1200 currency=USD\n",
	 "2026-04-02",
	 {{"A", "2026-01-30", 50000, "0", NULL, NULL}, {"B", "2026-03-02", 80000, "0", NULL, NULL}},
	 {{"A", "paid", 50000},
	  {"B", "paid", 50000},
	  {"B", "disputed", 30000},
	  {NULL, "unapplied", 20000},
	  {NULL, "balance", 10000}}},
	{"X51 with as_stated: the named invoice first, the disputed part with it",
	 "payment: {due: 30d, allocation: as_stated, dispute: {within: 30d}}\n",
	 "2026-03-02 09:00 invoice.disputed client dispute=D1 invoice=B amount=300\n"
	 "2026-04-02 09:00 payment.received provider payment=P1 amount=1200 currency=USD "
	 "invoice=B\n",
	 "2026-04-02",
	 {{"A", "2026-01-30", 50000, "0", NULL, NULL}, {"B", "2026-03-02", 80000, "0", NULL, NULL}},
	 {{"A", "paid", 40000},
	  {"B", "paid", 80000},
	  {"B", "disputed", 0},
	  {NULL, "unapplied", 0},
	  {NULL, "balance", 10000}}},
	{"oldest_first records the reference and does not follow it",
	 PLAIN,
	 "2026-04-02 09:00 payment.received provider payment=P1 amount=600 currency=USD "
	 "reference=B\n",
	 "2026-04-02",
	 {{"A", "2026-01-30", 50000, "0", NULL, NULL}, {"B", "2026-03-02", 80000, "0", NULL, NULL}},
	 {{"A", "paid", 50000}, {"B", "paid", 10000}, {NULL, "balance", 70000}}},
	{"oldest_first: what is named and disputed takes what is left",
	 DISPUTES,
	 "2026-03-02 09:00 invoice.disputed client dispute=D1 invoice=B amount=300\n"
	 "2026-04-02 09:00 payment.received provider payment=P1 amount=1200 currency=USD "
	 "invoice=B\n",
	 "2026-04-02",
	 {{"A", "2026-01-30", 50000, "0", NULL, NULL}, {"B", "2026-03-02", 80000, "0", NULL, NULL}},
	 {{"A", "paid", 50000}, {"B", "paid", 70000}, {"B", "disputed", 10000}}},
	{"equal due dates: by number",
	 PLAIN,
	 "2026-04-02 09:00 payment.received provider payment=P1 amount=600 currency=USD\n",
	 "2026-04-02",
	 {{"B", "2026-01-30", 80000, "0", NULL, NULL}, {"A", "2026-01-30", 50000, "0", NULL, NULL}},
	 {{"A", "paid", 50000}, {"B", "paid", 10000}}},
	{"the same payment twice counts once; its double waits",
	 PLAIN,
	 "2026-02-10 09:00 payment.received provider payment=P8 amount=100 currency=USD "
	 "reference=R\n"
	 "2026-02-10 09:30 payment.received provider payment=P8 amount=100 currency=USD "
	 "reference=R\n"
	 "2026-02-10 10:00 payment.received provider payment=P9 amount=100 currency=USD "
	 "reference=R\n",
	 "2026-04-02",
	 {{"A", "2026-01-30", 50000, "0", NULL, NULL}},
	 {{"A", "paid", 10000},
	  {NULL, "unapplied", 0},
	  {NULL, "ageing unapplied", 10000},
	  {NULL, "balance", 30000},
	  {NULL, "payments", 2},
	  {NULL, "duplicates", 1}}},
	{"confirmed, it pays",
	 PLAIN,
	 "2026-02-10 09:00 payment.received provider payment=P8 amount=100 currency=USD\n"
	 "2026-02-10 10:00 payment.received provider payment=P9 amount=100 currency=USD\n"
	 "2026-02-12 10:00 payment.confirmed provider payment=P9\n",
	 "2026-04-02",
	 {{"A", "2026-01-30", 50000, "0", NULL, NULL}},
	 {{"A", "paid", 20000}, {NULL, "duplicates", 0}, {NULL, "balance", 30000}}},
	{"or it is refunded",
	 PLAIN,
	 "2026-02-10 09:00 payment.received provider payment=P8 amount=100 currency=USD\n"
	 "2026-02-10 10:00 payment.received provider payment=P9 amount=100 currency=USD\n"
	 "2026-02-12 10:00 refund.made provider refund=R1 amount=100 currency=USD\n",
	 "2026-04-02",
	 {{"A", "2026-01-30", 50000, "0", NULL, NULL}},
	 {{"A", "paid", 10000}, {NULL, "ageing unapplied", 0}, {NULL, "balance", 40000}}},
	{"another reference is another payment",
	 PLAIN,
	 "2026-02-10 09:00 payment.received provider payment=P8 amount=100 currency=USD "
	 "reference=R\n"
	 "2026-02-10 10:00 payment.received provider payment=P9 amount=100 currency=USD "
	 "reference=S\n",
	 "2026-04-02",
	 {{"A", "2026-01-30", 50000, "0", NULL, NULL}},
	 {{"A", "paid", 20000}, {NULL, "duplicates", 0}}},
	{"a returned payment reopens what it paid",
	 PLAIN,
	 "2026-02-10 09:00 payment.received provider payment=P1 amount=600 currency=USD\n"
	 "2026-02-20 09:00 payment.returned provider payment=P1\n",
	 "2026-04-02",
	 {{"A", "2026-01-30", 50000, "0", NULL, NULL}},
	 {{"A", "paid", 0},
	  {"A", "open", 50000},
	  {NULL, "unapplied", 0},
	  {NULL, "balance", 50000}}},
	{"what is free pays what reopens",
	 PLAIN,
	 "2026-02-10 09:00 payment.received provider payment=P1 amount=500 currency=USD\n"
	 "2026-02-12 09:00 payment.received provider payment=P2 amount=300 currency=USD\n"
	 "2026-02-20 09:00 payment.returned provider payment=P1\n",
	 "2026-04-02",
	 {{"A", "2026-01-30", 50000, "0", NULL, NULL}},
	 {{"A", "paid", 30000}, {"A", "open", 20000}, {NULL, "balance", 20000}}},
	{"overpaid: the rest waits for the next invoice, which takes it",
	 PLAIN,
	 "2026-02-10 09:00 payment.received provider payment=P1 amount=600 currency=USD\n",
	 "2026-04-02",
	 {{"A", "2026-01-30", 50000, "0", NULL, NULL}, {"B", "2026-03-02", 80000, "0", NULL, NULL}},
	 {{"B", "paid", 10000}, {NULL, "unapplied", 0}, {NULL, "balance", 70000}}},
	{"refunded, it is gone; more than there was is owed",
	 PLAIN,
	 "2026-02-10 09:00 payment.received provider payment=P1 amount=600 currency=USD\n"
	 "2026-02-11 09:00 refund.made provider refund=R1 amount=150 currency=USD\n"
	 "2026-03-11 09:00 payment.received provider payment=P2 amount=70 currency=USD\n",
	 "2026-03-30",
	 {{"A", "2026-01-30", 50000, "0", NULL, NULL}},
	 {{"A", "paid", 50000},
	  {NULL, "unapplied", 2000},
	  {NULL, "beyond", 5000},
	  {NULL, "balance", -2000}}},
	{"a credit note reduces its own invoice, then others (R95)",
	 PLAIN,
	 NULL,
	 "2026-04-02",
	 {{"A", "2026-01-30", 50000, "0", NULL, NULL},
	  {"B", "2026-03-02", 80000, "0", NULL, NULL},
	  {"CN-1", "2026-03-10", 60000, "0", "B", "goodwill"},
	  {"CN-2", "2026-03-11", 40000, "0", "B", "goodwill"}},
	 {{"B", "credited", 80000}, {"A", "credited", 20000}, {NULL, "credits", 0}}},
	{"set_off none: the rest stays",
	 "payment: {due: 30d, set_off: none}\n",
	 NULL,
	 "2026-04-02",
	 {{"A", "2026-01-30", 50000, "0", NULL, NULL},
	  {"B", "2026-03-02", 80000, "0", NULL, NULL},
	  {"CN-1", "2026-03-10", 60000, "0", "B", "goodwill"},
	  {"CN-2", "2026-03-11", 40000, "0", "B", "goodwill"}},
	 {{"B", "credited", 80000},
	  {"A", "credited", 0},
	  {NULL, "credits", 20000},
	  {NULL, "open list", 0},
	  {NULL, "balance", 30000}}},
	{"a credit that is paid out",
	 "payment: {due: 30d, set_off: none}\n",
	 "2026-02-10 09:00 payment.received provider payment=P1 amount=500 currency=USD\n"
	 "2026-03-20 09:00 refund.made provider refund=R1 amount=200 currency=USD invoice=CN-1\n",
	 "2026-04-02",
	 {{"A", "2026-01-30", 50000, "0", NULL, NULL},
	  {"CN-1", "2026-03-10", 20000, "0", "A", "refund"}},
	 {{NULL, "credits", 0}, {NULL, "balance", 0}}},
	{"X55: held net with its tax",
	 DISPUTES,
	 "2026-07-10 09:00 invoice.disputed client dispute=D1 invoice=A amount=200\n",
	 "2026-08-19",
	 {{"A", "2026-07-01", 100000, "19", NULL, NULL}},
	 {{"A", "disputed", 23800},
	  {"A", "open", 119000},
	  {"A", "overdue", 19},
	  {NULL, "1-30", 95200}}},
	{"X55: half upheld, the credit note not yet written",
	 DISPUTES,
	 "2026-07-10 09:00 invoice.disputed client dispute=D1 invoice=A amount=200\n"
	 "2026-08-20 09:00 invoice.dispute_settled provider dispute=D1 outcome=partly amount=100\n",
	 "2026-08-25",
	 {{"A", "2026-07-01", 100000, "19", NULL, NULL}},
	 {{"A", "disputed", 11900}, {NULL, "not due", 11900}, {NULL, "1-30", 95200}}},
	{"X55: credit note 119.00, 119.00 due 25 August",
	 DISPUTES,
	 "2026-07-10 09:00 invoice.disputed client dispute=D1 invoice=A amount=200\n"
	 "2026-08-20 09:00 invoice.dispute_settled provider dispute=D1 outcome=partly amount=100\n",
	 "2026-08-26",
	 {{"A", "2026-07-01", 100000, "19", NULL, NULL},
	  {"CN-1", "2026-08-20", 10000, "19", "A", "correction"}},
	 {{"A", "credited", 11900},
	  {"A", "disputed", 0},
	  {"A", "open", 107100},
	  {NULL, "1-30", 107100}}},
	{"a dispute after `within` holds nothing",
	 DISPUTES,
	 "2026-08-01 09:00 invoice.disputed client dispute=D1 invoice=A amount=200\n",
	 "2026-08-19",
	 {{"A", "2026-07-01", 100000, "19", NULL, NULL}},
	 {{"A", "disputed", 0}, {NULL, "late disputes", 1}}},
	{"its last day is in time",
	 DISPUTES,
	 "2026-07-31 23:30 invoice.disputed client dispute=D1 invoice=A amount=200\n",
	 "2026-08-19",
	 {{"A", "2026-07-01", 100000, "19", NULL, NULL}},
	 {{"A", "disputed", 23800}, {NULL, "late disputes", 0}}},
	{"counted from receipt",
	 "payment: {due: 30d, dispute: {within: 30d}}\n",
	 "2026-07-03 09:00 invoice.received client invoice=A\n"
	 "2026-08-02 09:00 invoice.disputed client dispute=D1 invoice=A line=1\n",
	 "2026-08-19",
	 {{"A", "2026-07-01", 100000, "19", NULL, NULL}},
	 {{"A", "disputed", 119000}, {NULL, "1-30", 0}}},
	{"the payment of a disputed invoice comes back: it is held after all",
	 DISPUTES,
	 "2026-07-05 09:00 payment.received provider payment=P1 amount=1190 currency=USD\n"
	 "2026-07-10 09:00 invoice.disputed client dispute=D1 invoice=A amount=200\n"
	 "2026-07-12 09:00 payment.returned provider payment=P1\n",
	 "2026-08-19",
	 {{"A", "2026-07-01", 100000, "19", NULL, NULL}},
	 {{"A", "disputed", 23800}, {"A", "open", 119000}}},
	{"pay_undisputed false: all of it waits",
	 "payment: {due: 30d, dispute: {within: 30d, pay_undisputed: false}}\n",
	 "2026-07-10 09:00 invoice.disputed client dispute=D1 invoice=A amount=200\n",
	 "2026-08-19",
	 {{"A", "2026-07-01", 100000, "19", NULL, NULL}},
	 {{"A", "disputed", 119000}}},
	{"a deposit is no payment until it is applied",
	 PLAIN,
	 "2026-01-15 09:00 payment.received provider payment=P1 amount=600 currency=USD "
	 "purpose=deposit\n",
	 "2026-04-02",
	 {{"A", "2026-01-30", 50000, "0", NULL, NULL}},
	 {{"A", "open", 50000}, {NULL, "deposit", 60000}, {NULL, "balance", 50000}}},
	{"applied by a fact, the rest of it given back",
	 PLAIN,
	 "2026-01-15 09:00 payment.received provider payment=P1 amount=600 currency=USD "
	 "purpose=deposit\n"
	 "2026-03-15 09:00 deposit.applied provider statement=S1 amount=500\n"
	 "2026-03-16 09:00 refund.made provider refund=R1 amount=100 currency=USD "
	 "purpose=deposit\n",
	 "2026-04-02",
	 {{"A", "2026-01-30", 50000, "0", NULL, NULL}},
	 {{"A", "open", 0},
	  {NULL, "deposit", 0},
	  {NULL, "by deposit", -50000},
	  {NULL, "balance", 0}}},
	{"a money grant pays invoices and no interest note (R36)",
	 PLAIN,
	 "2026-01-15 09:00 payment.received provider payment=P1 amount=600 currency=USD "
	 "purpose=retainer\n",
	 "2026-04-02",
	 {{"A", "2026-01-30", 50000, "0", NULL, NULL},
	  {"INT-1", "2026-02-02", 1000, "0", NULL, NULL}},
	 {{"A", "paid", 50000},
	  {"INT-1", "open", 1000},
	  {NULL, "retainer", 10000},
	  {NULL, "balance", -9000}}},
};

static int64_t ageing_value(const struct ageing *g, const char *what)
{
	const struct {
		const char *what;
		int64_t value;
	} v[] = {{"not due", g->not_due},
		 {"1-30", g->to_30},
		 {"31-60", g->to_60},
		 {"61-90", g->to_90},
		 {"over 90", g->over_90},
		 {"ageing disputed", g->disputed},
		 {"ageing unapplied", g->unapplied},
		 {"balance", g->balance}};

	for (size_t i = 0; i < ARRAY_SIZE(v); i++)
		if (strcmp(v[i].what, what) == 0)
			return v[i].value;
	engine_fail("what is that", text_of(what));
}

static int64_t account_value(const struct account *acc, const char *what)
{
	int64_t duplicates = 0, late = 0, beyond = 0, by_deposit = 0;

	for (size_t i = 0; i < acc->n_payments; i++)
		duplicates += acc->payments[i].duplicate;
	for (size_t i = 0; i < acc->n_disputes; i++)
		late += acc->disputes[i].state == DISPUTE_LATE;
	for (size_t i = 0; i < acc->n_refunds; i++)
		beyond += acc->refunds[i].beyond;
	for (size_t i = 0; i < acc->n_movements; i++)
		by_deposit += acc->movements[i].kind == MOVE_DEPOSIT ? acc->movements[i].amount : 0;

	const struct {
		const char *what;
		int64_t value;
	} v[] = {{"unapplied", acc->unapplied},
		 {"retainer", acc->retainer},
		 {"deposit", acc->deposit},
		 {"by deposit", by_deposit},
		 {"credits", acc->credits},
		 {"payments", (int64_t)acc->n_payments},
		 {"open list", (int64_t)acc->n_open},
		 {"duplicates", duplicates},
		 {"late disputes", late},
		 {"beyond", beyond}};

	for (size_t i = 0; i < ARRAY_SIZE(v); i++)
		if (strcmp(v[i].what, what) == 0)
			return v[i].value;
	return ageing_value(&acc->ageing, what);
}

static int64_t document_value(const struct account_document *d, const char *what)
{
	const struct {
		const char *what;
		int64_t value;
	} v[] = {{"paid", d->paid},
		 {"credited", d->credited},
		 {"open", d->open},
		 {"disputed", d->disputed},
		 {"overdue", d->overdue_days}};

	for (size_t i = 0; i < ARRAY_SIZE(v); i++)
		if (strcmp(v[i].what, what) == 0)
			return v[i].value;
	engine_fail("what is that", text_of(what));
}

static void tell_documents(struct books *k, const struct story *s)
{
	for (size_t d = 0; d < ARRAY_SIZE(s->documents) && s->documents[d].number != NULL; d++) {
		const char *number = s->documents[d].number;

		if (s->documents[d].corrected != NULL)
			(void)books_credit(k, number, s->documents[d].date,
					   s->documents[d].corrected, s->documents[d].net,
					   s->documents[d].rate, s->documents[d].reason);
		else
			(void)books_document(k,
					     text_starts(text_of(number), "INT") ? DOCUMENT_INTEREST
										 : DOCUMENT_INVOICE,
					     number, s->documents[d].date, s->documents[d].net,
					     s->documents[d].rate);
	}
}

static void test_stories(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(stories); i++) {
		const struct story *s = &stories[i];
		struct books *k = books_new(s->terms);

		tell_documents(k, s);
		if (s->facts != NULL)
			engine_facts(k->b->e, s->facts);
		books_make(k, s->on);
		for (size_t e = 0; e < ARRAY_SIZE(s->expected) && s->expected[e].what != NULL;
		     e++) {
			const struct expected *x = &s->expected[e];

			is_i64(x->document == NULL
				       ? account_value(&k->account, x->what)
				       : document_value(books_found(k, x->document), x->what),
			       x->value, "%s: %s %s", s->name, x->document ? x->document : "",
			       x->what);
		}
		books_free(k);
	}
}

/* R104: each day past due in its column. */
static void test_ageing(void)
{
	static const struct {
		const char *on, *column;
	} cases[] = {{"2026-01-31", "not due"}, {"2026-02-01", "1-30"},   {"2026-03-02", "1-30"},
		     {"2026-03-03", "31-60"},   {"2026-04-01", "31-60"},  {"2026-04-02", "61-90"},
		     {"2026-05-01", "61-90"},   {"2026-05-02", "over 90"}};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct books *k = books_new(PLAIN);

		(void)books_invoice(k, "A", "2026-01-01", 70000, "0");
		books_make(k, cases[i].on);
		is_i64(account_value(&k->account, cases[i].column), 70000, "%s is %s", cases[i].on,
		       cases[i].column);
		books_free(k);
	}
}

/* X62 with the deductions of X63's invoice: what it says is what the account has. */
static void test_statement(void)
{
	struct books *k = books_new(PLAIN);
	struct invoice *i;

	i = books_invoice(k, "INV-2026-00042", "2026-07-01", 545342, "19");
	books_deduct(k, i, DEDUCTION_GRANT, "P-1", 50000);
	(void)books_credit(k, "CN-1", "2026-07-20", "INV-2026-00042", 806, "19", "correction");
	engine_facts(k->b->e, "2026-06-28 09:00 payment.received provider payment=P-1 amount=500 "
			      "currency=USD purpose=retainer\n");
	books_make(k, "2026-07-20");
	is_i64(i->gross, 648957, "X62: the invoice");
	is_i64((int64_t)k->account.n_movements, 3, "X62: three movements");
	is_i64(k->account.movements[0].balance, -50000, "X62: the grant");
	is_i64(k->account.movements[1].balance, 598957, "X62: the invoice, less the grant");
	is_i64(k->account.movements[2].balance, 597998, "X62: closing 5,979.98");
	is_i64(k->account.ageing.balance, 597998, "X62: the ageing");
	is_i64(books_found(k, "INV-2026-00042")->open, 597998, "X62: what is open");
	is_i64(k->account.retainer, 0, "X62: the grant is used");
	books_free(k);
}

/* A deduction that its payment no longer covers leaves that much open. */
static void test_deductions(void)
{
	struct books *k = books_new(PLAIN);
	struct invoice *i;

	i = books_invoice(k, "A", "2026-03-01", 100000, "0");
	books_deduct(k, i, DEDUCTION_DAMAGES, "uptime 2026-02", 5000);
	books_deduct(k, i, DEDUCTION_UNAPPLIED, "P1", 20000);
	engine_facts(k->b->e, "2026-02-10 09:00 payment.received provider payment=P1 amount=200 "
			      "currency=USD\n");
	books_make(k, "2026-03-05");
	is_i64(books_found(k, "A")->open, i->payable, "open is what the invoice asks for");
	is_i64(books_found(k, "A")->credited, 5000, "damages are a credit");
	is_i64(k->account.ageing.balance, 75000, "and so is the balance");
	engine_facts(k->b->e, "2026-03-06 09:00 payment.returned provider payment=P1\n");
	books_make(k, "2026-03-06");
	is_i64(books_found(k, "A")->open, 95000, "a return reopens what the invoice took off");
	books_free(k);
}

/* R103: recorded late, but of an earlier day, it pays first; who looked before it was known sees the other. */
static void test_late_payment(void)
{
	struct books *k = books_new(PLAIN);

	(void)books_invoice(k, "A", "2026-01-01", 50000, "0");
	(void)books_invoice(k, "B", "2026-02-01", 50000, "0");
	engine_facts(k->b->e, "2026-03-10 09:00 payment.received provider payment=P2 amount=600 "
			      "currency=USD\n"
			      "2026-02-10 09:00 payment.received provider payment=P1 amount=500 "
			      "currency=USD recorded=2026-04-20T12:00:00Z\n");
	k->b->known = engine_time(k->b->e, "2026-04-01 00:00");
	books_make(k, "2026-04-30");
	is_text(k->account.allocations[0].reference, "P2", "before it is known, P2 pays A");
	k->b->known = INSTANT_NONE;
	books_make(k, "2026-04-30");
	is_text(k->account.allocations[0].reference, "P1", "then P1 does");
	is_i64(k->account.allocations[0].date, bill_day("2026-02-10"), "on its own day");
	is_i64(k->account.unapplied, 10000, "and P2 has more left");
	books_free(k);
}

static const struct {
	const char *fact, *message;
} refused[] = {
	{"2026-02-10 09:00 payment.received provider payment=P1 amount=5 currency=EUR\n",
	 "payment currency is 'EUR', the contract's is USD: record what the bank credited"},
	{"2026-02-10 09:00 payment.received provider payment=P1 amount=5.005 currency=USD\n",
	 "too many decimals: '5.005': USD has 2"},
	{"2026-02-10 09:00 payment.received provider payment=P1 amount=0 currency=USD\n",
	 "payment is not above zero: 'P1'"},
	{"2026-02-10 09:00 refund.made provider refund=R1 amount=-5 currency=USD\n",
	 "refund is not above zero: 'R1'"},
};

static void test_refused(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(refused); i++) {
		struct books *k = books_new(PLAIN);

		engine_facts(k->b->e, refused[i].fact);
		(void)books_try(k, "2026-04-30");
		is_text(text_of(k->err.message), refused[i].message, "refused: %s",
			refused[i].message);
		books_free(k);
	}

	struct books *k = books_new(PLAIN);

	(void)books_invoice(k, "A", "2026-01-01", INT64_MAX - 5, "0");
	(void)books_invoice(k, "B", "2026-01-02", 6, "0");
	is_i64(books_try(k, "2026-04-30"), RC_LIMIT, "R82: a balance beyond 64 bits");
	is_text(text_of(k->err.message), "amount too large: a sum of the account is beyond 64 bits",
		"and says so");
	books_free(k);
}

int main(void)
{
	test_stories();
	test_ageing();
	test_statement();
	test_deductions();
	test_late_payment();
	test_refused();
	return tap_done();
}
