/* SPDX-License-Identifier: Apache-2.0 */
/* Fees of a period: periods, proration, changes, pauses, dates (money.md R1 to R18; X1 to X13). */
#include "money_fixture.h"

/* One charge; what the items come to, in order of their service periods. */
static const struct {
	const char *name, *term, *charge, *stop, *on;
	const char *want; /* "2011-03-10 17.86 | ..." */
} periods[] = {
	{"a whole month in advance", NULL,
	 "amount: \"7200.00 USD\", period: 1mo, from: \"2026-03-01\"", NULL, "2026-03-31",
	 "2026-03-01 7200.00"},
	{"a month in arrears is not due before it ends", NULL,
	 "amount: \"7200.00 USD\", period: 1mo, bill: arrears, from: \"2026-03-01\"", NULL,
	 "2026-03-31", ""},
	{"... and is on its last edge (R6)", NULL,
	 "amount: \"7200.00 USD\", period: 1mo, bill: arrears, from: \"2026-03-01\"", NULL,
	 "2026-04-01", "2026-03-01 7200.00"},
	{"in advance it is due on its first edge, not before", NULL,
	 "amount: \"7200.00 USD\", period: 1mo, from: \"2026-04-01\"", NULL, "2026-03-31", ""},
	{"three missed months are three items (R8)", NULL,
	 "amount: \"10.00 USD\", period: 1mo, from: \"2026-03-01\"", NULL, "2026-05-15",
	 "2026-03-01 10.00 | 2026-04-01 10.00 | 2026-05-01 10.00"},
	{"X1: the 31st comes back", NULL,
	 "amount: \"10.00 USD\", period: 1mo, anchor: anniversary, from: \"2026-08-31\"", NULL,
	 "2027-03-31",
	 "2026-08-31 10.00 | 2026-09-30 10.00 | 2026-10-31 10.00 | 2026-11-30 10.00 | 2026-12-31 "
	 "10.00 | 2027-01-31 10.00 | 2027-02-28 10.00 | 2027-03-31 10.00"},
	{"X2: 29 February", "effective_date: \"2024-02-29\", initial: 60mo",
	 "amount: \"10.00 USD\", period: 1y, anchor: anniversary", NULL, "2028-02-29",
	 "2024-02-29 10.00 | 2025-02-28 10.00 | 2026-02-28 10.00 | 2027-02-28 10.00 | 2028-02-29 "
	 "10.00"},
	{"X4", "effective_date: \"2028-02-27\", initial: 12mo",
	 "amount: \"465.00 USD\", period: 1mo, prorate: actual_days", NULL, "2028-02-28",
	 "2028-02-27 48.10"},
	{"X6, FK-18: actual_days", "effective_date: \"2026-05-20\", initial: 12mo",
	 "amount: \"465.00 USD\", period: 1mo, prorate: actual_days", NULL, "2026-05-31",
	 "2026-05-20 180.00"},
	{"X6, FK-18: days_30", "effective_date: \"2026-05-20\", initial: 12mo",
	 "amount: \"465.00 USD\", period: 1mo, prorate: days_30", NULL, "2026-05-31",
	 "2026-05-20 170.50"},
	{"X6, FK-18: none", "effective_date: \"2026-05-20\", initial: 12mo",
	 "amount: \"465.00 USD\", period: 1mo, prorate: none", NULL, "2026-05-31",
	 "2026-05-20 465.00"},
	{"FK-18 in February: actual_days", "effective_date: \"2026-02-15\", initial: 12mo",
	 "amount: \"7200.00 USD\", period: 1mo, prorate: actual_days", NULL, "2026-02-28",
	 "2026-02-15 3600.00"},
	{"FK-18 in February: days_30", "effective_date: \"2026-02-15\", initial: 12mo",
	 "amount: \"7200.00 USD\", period: 1mo, prorate: days_30", NULL, "2026-02-28",
	 "2026-02-15 3840.00"},
	{"X7, FK-19: free", NULL,
	 "amount: \"640.00 USD\", period: 1mo, last_day: free, from: \"2026-05-01\", until: "
	 "\"2026-05-13\"",
	 NULL, "2026-06-30", "2026-05-01 247.74"},
	{"X7, FK-19: billed", NULL,
	 "amount: \"640.00 USD\", period: 1mo, last_day: billed, from: \"2026-05-01\", until: "
	 "\"2026-05-13\"",
	 NULL, "2026-06-30", "2026-05-01 268.39"},
	{"FK-19: 10 March, free", NULL,
	 "amount: \"7200.00 USD\", period: 1mo, from: \"2026-03-01\", until: \"2026-03-10\"", NULL,
	 "2026-06-30", "2026-03-01 2090.32"},
	{"FK-19: 10 March, billed", NULL,
	 "amount: \"7200.00 USD\", period: 1mo, from: \"2026-03-01\", until: \"2026-03-10\", "
	 "last_day: billed",
	 NULL, "2026-06-30", "2026-03-01 2322.58"},
	{"edges on the 15th", "effective_date: \"2011-01-01\", initial: 12mo",
	 "amount: \"100.00 USD\", period: 1mo, anchor: anniversary, bill: arrears, from: "
	 "\"2011-02-15\"",
	 NULL, "2011-05-15", "2011-02-15 100.00 | 2011-03-15 100.00 | 2011-04-15 100.00"},
	{"FK-20: calendar", "effective_date: \"2026-02-15\", initial: 12mo",
	 "amount: \"280.00 USD\", period: 1mo, anchor: calendar", NULL, "2026-03-20",
	 "2026-02-15 140.00 | 2026-03-01 280.00"},
	{"FK-20: anniversary", "effective_date: \"2026-02-15\", initial: 12mo",
	 "amount: \"280.00 USD\", period: 1mo, anchor: anniversary", NULL, "2026-03-20",
	 "2026-02-15 280.00 | 2026-03-15 280.00"},
	{"a quarter by January's cycle", "effective_date: \"2026-02-01\", initial: 12mo",
	 "amount: \"900.00 USD\", period: 3mo", NULL, "2026-04-30",
	 "2026-02-01 590.00 | 2026-04-01 900.00"},
	{"thirty days are thirty days (R4)", "effective_date: \"2026-01-01\", initial: 12mo",
	 "amount: \"30.00 USD\", period: 30d, anchor: anniversary", NULL, "2026-03-01",
	 "2026-01-01 30.00 | 2026-01-31 30.00"},
	{"a week from Monday", "effective_date: \"2026-01-01\", initial: 12mo",
	 "amount: \"70.00 USD\", period: 1w", NULL, "2026-01-06",
	 "2026-01-01 40.00 | 2026-01-05 70.00"},
	{"the end of the contract (R10)", NULL,
	 "amount: \"310.00 USD\", period: 1mo, from: \"2026-05-01\"", "2026-05-11", "2026-08-01",
	 "2026-05-01 100.00"},
	{"a period that begins on the stop date is not billed (R10)", NULL,
	 "amount: \"310.00 USD\", period: 1mo, from: \"2026-05-01\"", "2026-06-01", "2026-08-01",
	 "2026-05-01 310.00"},
	{"nothing before its own first day", NULL,
	 "amount: \"310.00 USD\", period: 1mo, from: \"2027-05-01\"", NULL, "2026-08-01", ""},
	{"a schedule cuts a period (R15, X12)", NULL,
	 "amount: \"7200.00 USD\", period: 1mo, from: \"2026-06-01\", schedule: [{id: s, from: "
	 "\"2026-06-11\", amount: \"7500.00 USD\"}]",
	 NULL, "2026-07-01", "2026-06-01 7400.00 | 2026-07-01 7500.00"},
	{"a raise without proration waits for the period", NULL,
	 "amount: \"7200.00 USD\", period: 1mo, prorate: none, from: \"2026-06-01\", schedule: "
	 "[{id: s, from: \"2026-06-11\", amount: \"7500.00 USD\"}]",
	 NULL, "2026-07-01", "2026-06-01 7200.00 | 2026-07-01 7500.00"},
};

static struct text items_of(const struct bill *b)
{
	struct text t = {"", 0};

	for (size_t i = 0; i < b->c->n_items; i++) {
		const struct item *it = &b->c->items[i];
		struct civil d = civil_of(it->service.from);

		t = text_format(b->e->arena, "%.*s%s%04d-%02d-%02d %.*s", TEXT_ARG(t),
				i > 0 ? " | " : "", (int)d.year, (int)d.month, (int)d.mday,
				TEXT_ARG(bill_amount(b, it->total)));
	}
	return t;
}

static void one_charge(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(periods); i++) {
		struct bill *b = bill_new();

		if (periods[i].term != NULL)
			b->term = periods[i].term;
		if (periods[i].stop != NULL)
			b->stop = bill_day(periods[i].stop);
		bill_version(b, NULL,
			     text_format(b->e->arena,
					 "charges: [{id: care, type: recurring, %s}]\n",
					 periods[i].charge)
				     .p);
		bill_run(b, periods[i].on);
		is_text(items_of(b), periods[i].want, "%s", periods[i].name);
		bill_free(b);
	}
}

/* X5: billed 06-20 to 07-20, then the anchor moves to the 17th. */
static void moved_anchor(void)
{
	struct bill *b = bill_new();

	bill_version(b, NULL,
		     "charges: [{id: care, type: recurring, amount: \"10.00 USD\", period: 1mo, "
		     "anchor: anniversary, from: \"2026-06-20\"}]\n");
	bill_version(b, "2026-07-01",
		     "charges: [{id: care, type: recurring, amount: \"10.00 USD\", period: 1mo, "
		     "anchor: anniversary, from: \"2026-06-17\"}]\n");
	bill_run(b, "2026-08-17");
	is_bill(b, "care", "2026-06-17", "1.00", "X5: 3 of 30 days before");
	is_bill(b, "care", "2026-06-20", "10.00", "X5: what began before the move stays whole");
	is_bill(b, "care", "2026-07-20", "9.03", "X5: 28 of 31 days after");
	is_bill(b, "care", "2026-08-17", "10.00", "... and whole periods of the new grid");
	is_i64((int64_t)bill_count(b, "care"), 4, "no day is paid twice (R11)");
	bill_free(b);
}

/* A line, its dates and its steps. */
static void lines(void)
{
	struct bill *b = bill_new();

	b->term = "effective_date: \"2026-02-15\", initial: 12mo";
	bill_version(
		b, NULL,
		"charges: [{id: care, type: recurring, clause: order.fees, name: Care, amount: "
		"\"7200.00 USD\", period: 1mo, tax: std}]\n"
		"taxes: {categories: [{id: std, code: S, rate: 8%}]}\n");
	bill_run(b, "2026-03-01");

	const struct item *stub = bill_item(b, "care", "2026-02-15", 0),
			  *whole = bill_item(b, "care", "2026-03-01", 0);

	if (stub == NULL || whole == NULL || stub->n_lines != 1 || whole->n_lines != 1)
		engine_fail("no items", text_of("care"));

	const struct invoice_line *l = &stub->lines[0], *w = &whole->lines[0];

	is_text(l->name, "Care", "name");
	is_text(l->clause, "Order form 1, Fees", "clause");
	is_text(l->type, "recurring", "type");
	is_text(l->rule, "money.md R13", "rule of a stub");
	is_text(w->rule, "money.md R14", "rule of a whole period");
	is_text(l->category, "std", "category");
	is_text(l->evidence.kind, "contract", "evidence");
	ok(l->weight.days == 14 && l->weight.of == 28 && w->weight.of == 0, "weight");
	ok(l->quantity.num == 14 && l->price_base == 28 && l->priced && text_is(l->unit, "day") &&
		   l->price.units == 720000,
	   "R151: 14 days of a price per 28");
	ok(w->quantity.num == 1 && w->price_base == 1 && w->priced && text_is(w->unit, "month"),
	   "one month");
	ok(l->period.from == stub->service.from && l->period.to == stub->service.to &&
		   stub->full.from == bill_day("2026-02-01") && stub->due == stub->service.from,
	   "its days");
	ok(l->number == 0 && l->tax == -1 && l->counts && l->role == LINE_CHARGE, "billing's own");
	ok(l->steps[0].what == STEP_AMOUNT && l->steps[l->n_steps - 1].what == STEP_ROUNDED &&
		   l->steps[l->n_steps - 1].value.count == 360000,
	   "steps from the amount to the rounded net");
	bill_free(b);
}

static const char *const named[] = {"A", "B", "C"};

/* X11: 100.00 for April in three pieces of one price. */
static void split(void)
{
	static const char *const from[] = {NULL, "2026-04-11", "2026-04-21"};
	struct bill *b = bill_new();

	for (size_t i = 0; i < 3; i++)
		bill_version(b, from[i],
			     text_format(b->e->arena,
					 "charges: [{id: care, type: recurring, name: %s, amount: "
					 "\"100.00 USD\", period: 1mo, from: \"2026-04-01\"}]\n",
					 named[i])
				     .p);
	bill_run(b, "2026-04-30");
	is_bill(b, "care", "2026-04-01", "100.00", "X11: the parts are the whole");
	is_text(bill_nets(b, bill_item(b, "care", "2026-04-01", 0)), "33.34 33.33 33.33",
		"X11: largest remainder, ties to the earliest");
	is_text(bill_item(b, "care", "2026-04-01", 0)->lines[2].name, "C",
		"each has its own words");
	bill_free(b);
}

/* An amendment that leaves a charge alone does not cut its period. */
static void untouched(void)
{
	struct bill *b = bill_new();

	bill_version(
		b, NULL,
		"charges: [{id: care, type: recurring, amount: \"100.00 USD\", period: 1mo}]\n");
	bill_version(b, "2026-04-11",
		     "charges: [{id: more, type: recurring, amount: \"30.00 USD\", period: 1mo}, "
		     "{id: care, type: recurring, amount: \"100.00 USD\", period: 1mo}]\n");
	bill_run(b, "2026-04-30");
	is_text(bill_nets(b, bill_item(b, "care", "2026-04-01", 0)), "100.00", "one line");
	is_bill(b, "more", "2026-04-11", "20.00", "the new one from its day (R16)");
	is_i64((int64_t)bill_item(b, "more", NULL, 0)->slot, 0,
	       "slots in the last version's order");
	bill_free(b);
}

/* X9, X10: upgrades within July, and their removal. */
static void changes(void)
{
	struct bill *b = bill_new();
	static const struct {
		const char *from, *amount;
	} at[] = {{NULL, "840.00 USD"}, {"2026-07-10", "310.00 USD"}, {"2026-07-16", "525.00 USD"}};
	static const char *const want[] = {"840.00", "463.87", "574.84"};

	for (size_t i = 0; i < ARRAY_SIZE(at); i++) {
		bill_version(b, at[i].from,
			     text_format(b->e->arena,
					 "charges: [{id: care, type: recurring, amount: \"%s\", "
					 "period: 1mo, from: \"2026-07-01\"}]\n",
					 at[i].amount)
				     .p);
		bill_run(b, "2026-07-31");
		is_bill(b, "care", "2026-07-01", want[i],
			i == 0 ? "X9: in advance"
			       : text_format(b->e->arena, "X9: after change %zu", i).p);
	}
	is_text(bill_nets(b, bill_item(b, "care", "2026-07-01", 0)), "243.87 60.00 270.97",
		"X9: the pieces round on their own (R15)");
	b->n_versions = 1;
	b->versions[0].to = INT32_MAX;
	bill_run(b, "2026-07-31");
	is_bill(b, "care", "2026-07-01", "840.00", "X10: without the mistakes all is as before");
	bill_free(b);
}

static void pauses(void)
{
	struct bill *b = bill_new();

	b->term = "effective_date: \"2014-01-01\", initial: 36mo";
	bill_version(b, NULL,
		     "charges: [{id: care, type: recurring, amount: \"100.00 USD\", period: 1y}, "
		     "{id: flat, type: recurring, amount: \"10.00 USD\", period: 1mo, prorate: "
		     "none}, {id: other, type: recurring, amount: \"310.00 USD\", period: 1mo}]\n");
	engine_facts(b->e, "2014-01-10 09:00 pause.agreed provider event=P charge=care "
			   "from_date=2014-01-14 to_date=2014-02-08 id=p1\n"
			   "2014-01-10 09:00 pause.agreed provider event=Q charge=flat "
			   "from_date=2014-03-01 to_date=2014-04-01 id=p2\n"
			   "2014-01-10 09:00 pause.agreed provider event=R charge=flat "
			   "from_date=2014-05-02 to_date=2014-05-31 id=p3\n"
			   "2014-01-10 09:00 pause.agreed client event=S charge=other "
			   "from_date=2014-05-11 to_date=2014-05-21 id=p4\n"
			   "2014-01-10 09:00 pause.agreed client event=T charge=other "
			   "from_date=2014-05-16 to_date=2014-05-26 id=p5\n");
	bill_run(b, "2014-06-30");
	is_bill(b, "care", "2014-01-01", "100.00", "a pause that only one side states is none");
	engine_facts(b->e, "2014-01-11 09:00 fact.accepted client fact=p1\n"
			   "2014-01-11 09:00 fact.accepted client fact=p2\n"
			   "2014-01-11 09:00 fact.accepted client fact=p3\n"
			   "2014-01-11 09:00 fact.accepted provider fact=p4\n"
			   "2014-01-11 09:00 fact.accepted provider fact=p5\n");
	bill_run(b, "2014-06-30");
	is_bill(b, "care", "2014-01-01", "93.15", "X13: -6.85");
	is_text(bill_nets(b, bill_item(b, "care", "2014-01-01", 0)), "3.56 89.59",
		"... in two pieces");
	is_bill(b, "flat", "2014-02-01", "10.00", "another charge's pause is none");
	is_bill(b, "flat", "2014-03-01", "0.00",
		"a month paused from end to end, without proration");
	is_bill(b, "flat", "2014-05-01", "10.00", "... 1 if any day is covered (R13)");
	is_bill(b, "other", "2014-05-01", "160.00", "pauses that overlap take a day out once");
	bill_free(b);
}

/* A charge that goes and comes back; one that ends by amendment; currencies and types that change. */
static void lives(void)
{
	struct bill *b = bill_new();
	static const char with[] =
		"charges: [{id: a, type: recurring, amount: \"31.00 USD\", period: 1mo}, {id: b, "
		"type: recurring, amount: \"31.00 USD\", period: 1mo}]\n";
	static const char without[] =
		"charges: [{id: a, type: recurring, amount: \"31.00 USD\", period: 1mo}]\n";

	bill_version(b, NULL, with);
	bill_version(b, "2026-03-11", without);
	bill_version(b, "2026-05-21", with);
	bill_run(b, "2026-05-31");
	is_bill(b, "b", "2026-03-01", "10.00",
		"an amendment without it stops it on its date (R16)");
	is_bill(b, "b", "2026-04-01", "-", "nothing while it is gone");
	is_bill(b, "b", "2026-05-21", "11.00", "and from its return");
	is_i64((int64_t)bill_count(b, "b"), 4, "items of it");
	is_i64((int64_t)bill_count(b, "a"), 5, "the other goes on");
	bill_free(b);
}

static void refusals(void)
{
	struct bill *b = bill_new();

	bill_version(b, NULL, "charges: [{id: a, type: recurring, amount: 31 USD, period: 1mo}]\n");
	b->contract = "currency: EUR, timezone: America/New_York, business_calendar: business";
	bill_version(b, "2026-03-11",
		     "charges: [{id: a, type: recurring, amount: 31 EUR, period: 1mo}]\n");
	ok(bill_try(b, "2026-05-31") == RC_INVALID, "R80: another currency");
	is_text(text_of(b->err.message),
		"contract currency cannot change: 'USD' to 'EUR': make a new contract",
		"... says so");
	bill_free(b);
	b = bill_new();
	bill_version(b, NULL, "charges: [{id: a, type: recurring, amount: 31 USD, period: 1mo}]\n");
	bill_version(b, "2026-03-11", "charges: [{id: a, type: one_time, amount: 31 USD}]\n");
	ok(bill_try(b, "2026-05-31") == RC_INVALID, "another type under one id");
	is_text(text_of(b->err.message),
		"charge changes its type: 'a': give the new one another id", "... says so");
	bill_free(b);
}

/* X3, R2: the day is New York's; items due before `since` are left out. */
static void windows(void)
{
	struct bill *b = bill_new();

	bill_version(
		b, NULL,
		"charges: [{id: a, type: recurring, amount: 31 USD, period: 1mo, bill: arrears}, "
		"{id: b, type: recurring, amount: 31 USD, period: 1mo}]\n");
	bill_run(b, "2026-06-10");

	size_t all = b->c->n_items;
	struct charging late = *b->c;
	struct err err = {.line = 0};

	late.items = NULL;
	late.n_items = late.items_cap = 0;
	late.since = bill_day("2026-06-01");
	ok(charging_begin(&late, &err) == RC_OK && charging_run(&late, &err) == RC_OK, "a run");
	is_i64((int64_t)all, 5 + 6, "all items");
	is_i64((int64_t)late.n_items, 2, "those due from a day on");
	ok(late.items[0].slot == 0 && late.items[0].service.from == bill_day("2026-05-01") &&
		   late.items[1].slot == 1 && late.items[1].due == bill_day("2026-06-01"),
	   "one in arrears, one in advance");
	ok(b->c->items[0].due == bill_day("2026-01-01") && b->c->items[1].slot == 0 &&
		   b->c->items[1].due == bill_day("2026-02-01") && b->c->items[2].slot == 1,
	   "by due edge, then by the order in the contract");
	bill_free(b);
}

/* R83: rounding modes are the contract's. */
static void rounding(void)
{
	static const struct {
		const char *mode, *want;
	} rows[] = {{"half_up", "0.13"}, {"half_even", "0.12"}, {"down", "0.12"}};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct bill *b = bill_new();

		b->contract = text_format(b->e->arena,
					  "currency: USD, timezone: America/New_York, "
					  "business_calendar: business, rounding: {mode: %s}",
					  rows[i].mode)
				      .p;
		bill_version(
			b, NULL,
			"charges: [{id: a, type: recurring, amount: \"0.25 USD\", period: 1mo, "
			"from: \"2026-06-16\"}]\n");
		bill_run(b, "2026-06-30");
		is_bill(b, "a", "2026-06-16", rows[i].want, rows[i].mode);
		bill_free(b);
	}
}

/* X64: currencies with none and with three decimals. */
static void currencies(void)
{
	static const struct {
		const char *currency, *from, *amount, *want;
	} rows[] = {{"JPY", "2026-05-22", "10000 JPY", "3226"},
		    {"BHD", "2026-06-21", "1.000 BHD", "0.333"}};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct bill *b = bill_new();

		b->contract = text_format(b->e->arena,
					  "currency: %s, timezone: America/New_York, "
					  "business_calendar: business",
					  rows[i].currency)
				      .p;
		bill_version(b, NULL,
			     text_format(b->e->arena,
					 "charges: [{id: a, type: recurring, amount: \"%s\", "
					 "period: 1mo, from: \"%s\"}]\n",
					 rows[i].amount, rows[i].from)
				     .p);
		bill_run(b, "2026-06-30");
		is_bill(b, "a", rows[i].from, rows[i].want, "X64");
		bill_free(b);
	}
}

int main(void)
{
	one_charge();
	moved_anchor();
	lines();
	split();
	untouched();
	changes();
	pauses();
	lives();
	refusals();
	windows();
	rounding();
	currencies();
	return tap_done();
}
