/* SPDX-License-Identifier: Apache-2.0 */
/* Double entry (money.md R140 to R142; X61, X62, X63's postings). */
#include "engine/ledger.h"

#include "account_fixture.h"

#define PLAIN "payment: {due: 30d}\n"

static struct ledger ledger_of(struct books *k, const char *on)
{
	struct ledger l = {.n = 0};
	struct ledger_input in = {.charging = k->b->c,
				  .issued = k->issued,
				  .n_issued = k->n_issued,
				  .account = &k->account,
				  .client = text_of("klinik"),
				  .on = bill_day(on)};

	if (ledger_make_postings(k->b->e->arena, &in, &l, &k->err) != RC_OK)
		engine_fail("ledger", text_of(k->err.message));
	return l;
}

/* Sum of the postings of an account, of one document (NULL: all), up to a day. */
static int64_t sum_of(const struct ledger *l, const char *path, const char *document,
		      const char *until)
{
	int64_t sum = 0;

	for (size_t i = 0; i < l->n; i++)
		for (size_t p = 0; p < l->v[i].n_postings; p++)
			if (text_is(l->v[i].postings[p].path, path) &&
			    (document == NULL || text_is(l->v[i].document, document)) &&
			    l->v[i].date <= bill_day(until))
				sum += l->v[i].postings[p].amount;
	return sum;
}

/* The checker of our own: every transaction sums to zero, in order, no posting is zero. */
static bool balanced(const struct ledger *l)
{
	for (size_t i = 0; i < l->n; i++) {
		const struct transaction *t = &l->v[i];
		int64_t sum = 0;

		for (size_t p = 0; p < t->n_postings; p++) {
			sum += t->postings[p].amount;
			if (t->postings[p].amount == 0 ||
			    (p > 0 && text_cmp(t->postings[p - 1].path, t->postings[p].path) > 0))
				return false;
		}
		if (sum != 0 || t->n_postings < 2 ||
		    (i > 0 &&
		     (t[-1].date > t->date ||
		      (t[-1].date == t->date && text_cmp(t[-1].document, t->document) > 0))))
			return false;
	}
	return true;
}

/* --- X61 --- */

static void test_straight_line(void)
{
	static const struct {
		const char *to;
		int64_t part;
	} months[] = {{"2026-03-01", 46027},  {"2026-04-01", 101918}, {"2026-05-01", 98630},
		      {"2026-06-01", 101918}, {"2026-07-01", 98630},  {"2026-08-01", 101918},
		      {"2026-09-01", 101918}, {"2026-10-01", 98630},  {"2026-11-01", 101918},
		      {"2026-12-01", 98630},  {"2027-01-01", 101918}, {"2027-02-01", 101918},
		      {"2027-03-01", 46027}};
	struct days year = {bill_day("2026-02-15"), bill_day("2027-02-15")};
	int64_t before = 0;

	for (size_t i = 0; i < ARRAY_SIZE(months); i++) {
		int64_t now = 0;

		ok(ledger_earned(1200000, year, bill_day(months[i].to), ROUND_HALF_UP, &now),
		   "X61: it fits");
		/* the cents that rounding leaves move by one at most */
		ok(now - before >= months[i].part - 1 && now - before <= months[i].part + 1,
		   "X61: to %s", months[i].to);
		before = now;
	}
	is_i64(before, 1200000, "X61: sums to the whole");

	int64_t feb = 0, mar = 0, apr = 0, jan = 0;

	ok(ledger_earned(1200000, year, bill_day("2026-03-01"), ROUND_HALF_UP, &feb) &&
		   ledger_earned(1200000, year, bill_day("2026-04-01"), ROUND_HALF_UP, &mar) &&
		   ledger_earned(1200000, year, bill_day("2026-05-01"), ROUND_HALF_UP, &apr) &&
		   ledger_earned(1200000, year, bill_day("2027-02-01"), ROUND_HALF_UP, &jan),
	   "X61");
	is_i64(feb, 46027, "X61: February 460.27");
	is_i64(mar - feb, 101918, "X61: March 1,019.18");
	is_i64(apr - mar, 98630, "X61: April 986.30");
	is_i64(1200000 - jan, 46027, "X61: the last 460.27");
}

static void test_year_ahead(void)
{
	struct books *k = books_new(PLAIN);
	struct invoice *i = books_invoice(k, "INV-1", "2026-02-15", 1200000, "0");
	struct invoice_line line = i->lines[0];
	struct ledger l;

	line.type = text_of("recurring");
	line.charge = text_of("year");
	line.item = line.period = (struct days){bill_day("2026-02-15"), bill_day("2027-02-15")};
	i->lines = &line;
	books_make(k, "2026-04-30");
	/* what the charge of the fixture earned is not looked at here */
	k->b->c->n_items = 0;
	l = ledger_of(k, "2026-04-30");
	ok(balanced(&l), "balanced");
	is_i64(sum_of(&l, "assets:receivable:klinik", NULL, "2026-04-30"), 1200000, "receivable");
	is_i64(sum_of(&l, "revenue:year", "CLOSE-2026-02", "2026-04-30"), -46027, "X61: February");
	is_i64(sum_of(&l, "revenue:year", "CLOSE-2026-03", "2026-04-30"), -101918, "X61: March");
	is_i64(sum_of(&l, "revenue:year", "CLOSE-2026-04", "2026-04-30"), -98630, "X61: April");
	is_i64(sum_of(&l, "liabilities:deferred:klinik", NULL, "2026-04-30"),
	       -1200000 + 46027 + 101918 + 98630, "the rest is deferred");
	books_free(k);
}

/* --- X63's invoice --- */

struct told {
	const char *charge, *type;
	enum line_role role;
	const char *from, *to;
	int64_t net;
};

static const struct told x63[] = {
	{"bundle", "recurring", LINE_CHARGE, "2026-07-01", "2026-08-01", 240000},
	{"users", "per_unit", LINE_CHARGE, "2026-06-01", "2026-07-01", 124417},
	{"storage", "usage", LINE_CHARGE, "2026-06-01", "2026-07-01", 4152},
	{"labour", "time", LINE_CHARGE, "2026-06-01", "2026-07-01", 8000},
	{"labour", "time", LINE_CHARGE, "2026-06-01", "2026-07-01", 6000},
	{"labour", "time", LINE_CORRECTION, "2026-05-01", "2026-06-01", 6000},
	{"licences", "pass_through", LINE_CHARGE, "2026-06-01", "2026-07-01", 133332},
	{"training", "usage", LINE_CHARGE, "2026-06-01", "2026-07-01", 30000},
	{"commitment", "", LINE_TRUE_UP, "2026-06-01", "2026-07-01", 17431},
};

static struct invoice *x63_invoice(struct books *k)
{
	struct arena *a = k->b->e->arena;
	struct invoice_line *lines = arena_array(a, struct invoice_line, ARRAY_SIZE(x63));
	struct invoice_tax *taxes = arena_array(a, struct invoice_tax, 2);
	struct invoice_reduction *cuts = arena_array(a, struct invoice_reduction, 2);
	int64_t *one = arena_array(a, int64_t, 2);
	struct invoice *i = books_invoice(k, "INV-2026-00042", "2026-07-01", 1, "19");

	taxes[0] = (struct invoice_tax){.category = text_of("vat"), .code = TAX_S, .rate = {19, 0}};
	taxes[1] = (struct invoice_tax){.category = text_of("exempt"), .code = TAX_E};
	for (size_t n = 0; n < ARRAY_SIZE(x63); n++)
		lines[n] = (struct invoice_line){
			.number = (int64_t)n + 1,
			.role = x63[n].role,
			.charge = text_of(x63[n].charge),
			.type = text_of(x63[n].type),
			.item = {bill_day(x63[n].from), bill_day(x63[n].to)},
			.period = {bill_day(x63[n].from), bill_day(x63[n].to)},
			.quantity = {1, 1},
			.net = x63[n].net,
			.category = text_of(n == 7 ? "exempt" : "vat"),
			.tax = n == 7 ? 1 : 0};
	one[0] = 1;
	one[1] = 7200;
	cuts[0] = (struct invoice_reduction){.kind = REDUCTION_DISCOUNT,
					     .charge = text_of("loyal"),
					     .amount = 7200,
					     .lines = &one[0],
					     .shares = &one[1],
					     .n_lines = 1,
					     .category = text_of("vat")};
	cuts[1] = (struct invoice_reduction){.kind = REDUCTION_CREDIT,
					     .charge = text_of("uptime"),
					     .metric = text_of("uptime"),
					     .month = text_of("2026-06"),
					     .amount = 12000,
					     .category = text_of("vat")};
	i->lines = lines;
	i->n_lines = ARRAY_SIZE(x63);
	i->taxes = taxes;
	i->n_taxes = 2;
	i->reductions = cuts;
	i->n_reductions = 2;
	if (invoice_total(i, k->pricing, a, &k->err) != RC_OK)
		engine_fail("total", text_of(k->err.message));
	return i;
}

static void test_x63(void)
{
	static const struct {
		const char *path;
		int64_t amount;
	} want[] = {{"assets:receivable:klinik", 648957},
		    {"assets:unbilled:klinik", -311332},
		    {"revenue:labour", -6000},
		    {"liabilities:deferred:klinik", -232800},
		    {"liabilities:tax:vat", -98825}};
	struct books *k = books_new(PLAIN);
	struct ledger l;

	is_i64(x63_invoice(k)->gross, 648957, "X63: gross");
	books_make(k, "2026-07-31");
	k->b->c->n_items = 0;
	l = ledger_of(k, "2026-07-01");
	ok(balanced(&l), "R143: balanced");
	for (size_t i = 0; i < ARRAY_SIZE(want); i++)
		is_i64(sum_of(&l, want[i].path, "INV-2026-00042", "2026-07-01"), want[i].amount,
		       "R143: %s", want[i].path);
	is_i64(sum_of(&l, "revenue:service-credits", "CLOSE-2026-06", "2026-07-01"), 12000,
	       "the credit of June is in June");
	is_i64(sum_of(&l, "revenue:users", "CLOSE-2026-06", "2026-07-01"), -124417,
	       "June's users are in June");
	is_i64(sum_of(&l, "assets:unbilled:klinik", NULL, "2026-07-01"), 0, "nothing is unbilled");
	l = ledger_of(k, "2026-07-31");
	is_i64(sum_of(&l, "revenue:bundle", "CLOSE-2026-07", "2026-07-31"), -240000,
	       "July's bundle is in July");
	is_i64(sum_of(&l, "revenue:loyal", "CLOSE-2026-07", "2026-07-31"), 7200,
	       "with its discount");
	is_i64(sum_of(&l, "liabilities:deferred:klinik", NULL, "2026-07-31"), 0,
	       "nothing is deferred any more");
	l = ledger_of(k, "2026-06-30");
	is_i64(sum_of(&l, "assets:unbilled:klinik", NULL, "2026-06-30"), 311332,
	       "the day before June is unbilled");
	is_i64(sum_of(&l, "assets:receivable:klinik", NULL, "2026-06-30"), 0,
	       "and nothing receivable");
	books_free(k);
}

/* X62: the money grant and the credit note of 9.59; receivable and what waits are the account's balance. */
static void test_x62(void)
{
	struct books *k = books_new(PLAIN);
	struct invoice *note;
	struct invoice_line line;
	struct ledger l;

	books_deduct(k, x63_invoice(k), DEDUCTION_GRANT, "P-1", 50000);
	note = books_credit(k, "CN-1", "2026-07-20", "INV-2026-00042", 806, "19", "correction");
	line = note->lines[0];
	line.period = line.item = (struct days){bill_day("2026-05-01"), bill_day("2026-06-01")};
	note->lines = &line;
	engine_facts(k->b->e, "2026-06-28 09:00 payment.received provider payment=P-1 amount=500 "
			      "currency=USD purpose=retainer\n");
	books_make(k, "2026-07-31");
	k->b->c->n_items = 0;
	l = ledger_of(k, "2026-07-31");
	ok(balanced(&l), "X62: balanced");
	is_i64(k->account.ageing.balance, 597998, "X62: closing");
	is_i64(sum_of(&l, "assets:receivable:klinik", NULL, "2026-07-31"), 597998,
	       "X62: receivable");
	is_i64(sum_of(&l, "liabilities:retainer:klinik", NULL, "2026-06-30"), -50000,
	       "the grant waits");
	is_i64(sum_of(&l, "liabilities:retainer:klinik", NULL, "2026-07-31"), 0, "and pays");
	is_i64(sum_of(&l, "revenue:care", "CN-1", "2026-07-31"), 806,
	       "a credit note is the mirror image");
	is_i64(sum_of(&l, "liabilities:tax:standard", "CN-1", "2026-07-31"), 153, "with its tax");
	books_free(k);
}

/* --- other events --- */

static const struct {
	const char *name, *facts, *path;
	int64_t before, after; /* up to 10 and 28 February */
} cash[] = {
	{"a payment",
	 "2026-02-10 09:00 payment.received provider payment=P1 amount=600 currency=USD\n",
	 "assets:bank-clearing", 60000, 60000},
	{"its rest is unapplied",
	 "2026-02-10 09:00 payment.received provider payment=P1 amount=600 currency=USD\n",
	 "liabilities:unapplied:klinik", -10000, -10000},
	{"a return",
	 "2026-02-10 09:00 payment.received provider payment=P1 amount=600 currency=USD\n"
	 "2026-02-20 09:00 payment.returned provider payment=P1\n",
	 "assets:bank-clearing", 60000, 0},
	{"a refund",
	 "2026-02-10 09:00 payment.received provider payment=P1 amount=600 currency=USD\n"
	 "2026-02-20 09:00 refund.made provider refund=R1 amount=100 currency=USD\n",
	 "liabilities:unapplied:klinik", -10000, 0},
	{"a deposit is a liability",
	 "2026-02-10 09:00 payment.received provider payment=P1 amount=600 currency=USD "
	 "purpose=deposit\n"
	 "2026-02-20 09:00 deposit.applied provider statement=S1 amount=500\n",
	 "liabilities:deposit:klinik", -60000, -10000},
	{"that pays what is open",
	 "2026-02-10 09:00 payment.received provider payment=P1 amount=600 currency=USD "
	 "purpose=deposit\n"
	 "2026-02-20 09:00 deposit.applied provider statement=S1 amount=500\n",
	 "assets:receivable:klinik", 50000, 0},
};

static void test_cash(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(cash); i++) {
		struct books *k = books_new(PLAIN);
		struct ledger l;

		(void)books_invoice(k, "A", "2026-01-30", 50000, "0");
		engine_facts(k->b->e, cash[i].facts);
		books_make(k, "2026-02-28");
		l = ledger_of(k, "2026-02-28");
		ok(balanced(&l), "%s: balanced", cash[i].name);
		is_i64(sum_of(&l, cash[i].path, NULL, "2026-02-10"), cash[i].before, "%s: before",
		       cash[i].name);
		is_i64(sum_of(&l, cash[i].path, NULL, "2026-02-28"), cash[i].after, "%s: after",
		       cash[i].name);
		books_free(k);
	}
}

/* R95: a credit that is paid out was receivable's. */
static void test_credit_paid(void)
{
	struct books *k = books_new("payment: {due: 30d, set_off: none}\n");
	struct ledger l;

	(void)books_invoice(k, "A", "2026-01-10", 50000, "0");
	(void)books_credit(k, "CN-1", "2026-02-15", "A", 20000, "0", "goodwill");
	engine_facts(k->b->e,
		     "2026-02-10 09:00 payment.received provider payment=P1 amount=500 "
		     "currency=USD\n"
		     "2026-02-20 09:00 refund.made provider refund=R1 amount=200 currency=USD "
		     "invoice=A\n");
	books_make(k, "2026-02-28");
	l = ledger_of(k, "2026-02-28");
	ok(balanced(&l), "a credit paid out: balanced");
	is_i64(sum_of(&l, "assets:receivable:klinik", NULL, "2026-02-15"), -20000, "credit");
	is_i64(sum_of(&l, "assets:receivable:klinik", NULL, "2026-02-28"), 0, "paid out");
	is_i64(sum_of(&l, "assets:bank-clearing", NULL, "2026-02-28"), 30000, "from the bank");
	books_free(k);
}

static void test_documents(void)
{
	struct books *k = books_new(PLAIN);
	struct invoice *note, *invoice;
	struct invoice_line fee;
	struct ledger l;

	invoice = books_invoice(k, "A", "2026-01-30", 50000, "10");
	books_deduct(k, invoice, DEDUCTION_DAMAGES, "uptime 2026-01", 1000);
	invoice->rounding = 2;
	(void)books_credit(k, "CN-1", "2026-02-10", "A", 20000, "10", "write_off");
	note = books_document(k, DOCUMENT_INTEREST, "INT-1", "2026-02-11", 700, "0");
	fee = note->lines[0];
	fee.role = LINE_INTEREST;
	note->lines = &fee;
	books_make(k, "2026-02-28");
	k->b->c->n_items = 0;
	l = ledger_of(k, "2026-02-28");
	ok(balanced(&l), "balanced");
	is_i64(sum_of(&l, "expenses:bad-debt", NULL, "2026-02-28"), 20000,
	       "a write-off is bad debt");
	is_i64(sum_of(&l, "liabilities:tax:standard", NULL, "2026-02-28"), -3000,
	       "its tax goes back");
	is_i64(sum_of(&l, "revenue:interest", NULL, "2026-02-28"), -700, "interest");
	is_i64(sum_of(&l, "expenses:damages", NULL, "2026-02-28"), 1000, "damages are no revenue");
	is_i64(sum_of(&l, "expenses:rounding", NULL, "2026-02-28"), -2, "cash rounding");
	is_i64(sum_of(&l, "assets:receivable:klinik", NULL, "2026-02-28"),
	       k->account.ageing.balance, "receivable is the balance");
	books_free(k);
}

/* A set-up is earned over the initial term; items that nobody invoiced are unbilled at the close. */
static void test_setup_and_unbilled(void)
{
	struct bill *b = bill_new();
	struct books *k = arena_one(b->e->arena, struct books);
	struct ledger l;

	b->term = "effective_date: \"2026-01-01\", initial: 12mo";
	k->b = b;
	k->pricing = bill_version(
		b, NULL,
		"charges: [{id: setup, type: one_time, amount: \"365.00 USD\"}, {id: care, type: "
		"recurring, amount: \"100.00 USD\", period: 1mo, bill: arrears}]\n" PLAIN);
	books_make(k, "2026-03-01");
	l = ledger_of(k, "2026-03-01");
	ok(balanced(&l), "balanced");
	is_i64(sum_of(&l, "revenue:setup", "CLOSE-2026-01", "2026-03-01"), -3100,
	       "31 of 365 days of the set-up");
	is_i64(sum_of(&l, "revenue:setup", "CLOSE-2026-02", "2026-03-01"), -2800, "28");
	is_i64(sum_of(&l, "revenue:care", "CLOSE-2026-02", "2026-03-01"), -10000,
	       "a fee that is not invoiced");
	is_i64(sum_of(&l, "assets:unbilled:klinik", NULL, "2026-03-01"), 5900 + 20000, "unbilled");
	books_free(k);
}

/* R142: as drawn, the rest at expiry. */
static void test_prepaid(void)
{
	struct books *k = books_new(PLAIN);
	struct invoice *i = books_invoice(k, "INV-1", "2026-01-05", 100000, "0");
	struct invoice_line line = i->lines[0];
	struct grant grant = {.start = bill_day("2026-01-05"),
			      .expiry = bill_day("2026-04-05"),
			      .bought = {3, 1},
			      .price = {1000, 3}};
	struct draw draws[] = {{.at = engine_time(k->b->e, "2026-01-20 10:00"), .hours = {1, 1}},
			       {.at = engine_time(k->b->e, "2026-03-31 23:00"), .hours = {1, 2}}};
	struct ledger l;

	line.type = text_of("prepaid");
	line.item = line.period = (struct days){bill_day("2026-01-05"), bill_day("2026-01-06")};
	i->lines = &line;
	books_make(k, "2026-04-30");
	k->b->c->n_items = 0;
	k->b->c->grants = &grant;
	k->b->c->n_grants = 1;
	k->b->c->draws = draws;
	k->b->c->n_draws = 2;
	l = ledger_of(k, "2026-04-30");
	ok(balanced(&l), "balanced");
	is_i64(sum_of(&l, "revenue:care", "CLOSE-2026-01", "2026-04-30"), -33333,
	       "one hour of three");
	is_i64(sum_of(&l, "revenue:care", "CLOSE-2026-02", "2026-04-30"), 0, "none");
	is_i64(sum_of(&l, "revenue:care", "CLOSE-2026-03", "2026-04-30"), -16667,
	       "half an hour, in the month of the work");
	is_i64(sum_of(&l, "revenue:breakage", "CLOSE-2026-04", "2026-04-30"), -50000,
	       "the rest lapses");
	is_i64(sum_of(&l, "liabilities:prepaid:klinik", NULL, "2026-04-30"), 0, "nothing is owed");
	books_free(k);
}

/* R140: a credit that no document gives yet accrues in its month, as far as it is not given. */
static void test_waiting_credit(void)
{
	const struct earned_credit credits[] = {
		{.rule = text_of("uptime"),
		 .metric = text_of("uptime"),
		 .month = text_of("2026-06"),
		 .amount = 20000,
		 .due = true},
		{.rule = text_of("uptime"),
		 .month = text_of("2026-06"),
		 .amount = 500,
		 .due = false},
		{.rule = text_of("ld"),
		 .month = text_of("2026-06"),
		 .amount = 700,
		 .due = true,
		 .damages = true},
		{.rule = text_of("x"), .month = text_of("2026-Q2"), .amount = 900, .due = true},
	};
	struct books *k = books_new(PLAIN);
	struct ledger l = {.n = 0};
	struct ledger_input in = {.issued = k->issued,
				  .credits = credits,
				  .n_credits = ARRAY_SIZE(credits),
				  .client = text_of("klinik"),
				  .on = bill_day("2026-07-31")};

	(void)x63_invoice(k);
	books_make(k, "2026-07-31");
	k->b->c->n_items = 0;
	in.charging = k->b->c;
	in.n_issued = k->n_issued;
	in.account = &k->account;
	if (ledger_make_postings(k->b->e->arena, &in, &l, &k->err) != RC_OK)
		engine_fail("ledger", text_of(k->err.message));
	ok(balanced(&l), "balanced");
	is_i64(sum_of(&l, "revenue:service-credits", "CLOSE-2026-06", "2026-07-31"), 20000,
	       "120.00 on the invoice, 80.00 waiting");
	is_i64(sum_of(&l, "assets:unbilled:klinik", NULL, "2026-07-31"), -8000,
	       "owed to the client");
	books_free(k);
}

static void test_codes(void)
{
	static const struct ledger_code codes[] = {
		{LEDGER_REVENUE, {"care", 4}, {"4400", 4}},
		{LEDGER_RECEIVABLE, {"", 0}, {"1200", 4}},
	};
	struct books *k = books_new(PLAIN);
	struct ledger l = {.n = 0};
	struct ledger_input in = {.issued = k->issued,
				  .codes = codes,
				  .n_codes = ARRAY_SIZE(codes),
				  .client = text_of("Dr. M\xc3\xbcller & Co_"),
				  .on = bill_day("2026-02-28")};

	(void)books_invoice(k, "A", "2026-01-30", 50000, "10");
	books_make(k, "2026-02-28");
	in.charging = k->b->c;
	in.n_issued = k->n_issued;
	in.account = &k->account;
	if (ledger_make_postings(k->b->e->arena, &in, &l, &k->err) != RC_OK)
		engine_fail("ledger", text_of(k->err.message));
	is_i64(sum_of(&l, "assets:1200", NULL, "2026-02-28"), 55000, "the provider's own code");
	ok(sum_of(&l, "revenue:4400", NULL, "2026-02-28") != 0, "of one charge");
	enum ledger_account found = LEDGER_BANK;

	ok(ledger_account_find(text_of("revenue"), &found) && found == LEDGER_REVENUE,
	   "an account by its name");
	ok(ledger_account_find(text_of("receivable"), &found) && found == LEDGER_RECEIVABLE,
	   "another");
	ok(!ledger_account_find(text_of(""), &found), "none without a name");
	is_text(l.segment, "Dr-M-ller-Co", "R143: letters, digits and - only");
	books_free(k);
}

int main(void)
{
	test_straight_line();
	test_year_ahead();
	test_x63();
	test_x62();
	test_cash();
	test_credit_paid();
	test_documents();
	test_setup_and_unbilled();
	test_prepaid();
	test_waiting_credit();
	test_codes();
	return tap_done();
}
