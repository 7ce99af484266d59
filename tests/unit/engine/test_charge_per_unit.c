/* SPDX-License-Identifier: Apache-2.0 */
/* Units: lists, comings and goings, orders; when they are counted, what is free, tiers, pieces (money.md R16, R21 to R26; X14 to X16). */
#include "money_fixture.h"

/* "u1,u2,...": n units, the first of them number `from`. */
static struct text units(const struct bill *b, int from, int n)
{
	struct text t = {"", 0};

	for (int i = 0; i < n; i++)
		t = text_format(b->e->arena, "%.*s%su%d", TEXT_ARG(t), i > 0 ? "," : "", from + i);
	return t;
}

/* In parts of at most 12 units, as many as a fact of the fixture holds. */
static void listed_by(struct bill *b, const char *party, const char *on, const char *count, int n)
{
	enum { PART = 12 };
	static int lists;
	int parts = n <= PART ? 1 : (n + PART - 1) / PART;

	lists++;
	for (int i = 0; i < parts; i++) {
		int here = n - i * PART < PART ? n - i * PART : PART;
		struct text line = text_format(
			b->e->arena, "%s 00:00 units.listed %s list=L%d count=%s part=%d parts=%d",
			on, party, lists, count, i + 1, parts);

		if (here > 0)
			line = text_format(b->e->arena, "%.*s units=%.*s", TEXT_ARG(line),
					   TEXT_ARG(units(b, i * PART, here)));
		(void)engine_fact(b->e, line.p);
	}
}

static void listed(struct bill *b, const char *on, int n)
{
	listed_by(b, "provider", on, "active_users", n);
}

/* The users of June 2026 as X14 has them. */
static void june(struct bill *b)
{
	listed(b, "2026-06-01", 48);
	listed(b, "2026-06-11", 51);
	listed(b, "2026-06-24", 50);
}

static const struct {
	const char *name, *charge, *from, *want, *nets;
} counts[] = {
	{"X14, FK-24: period_start", "price: 85 USD, count_at: period_start", "2026-06-01",
	 "4080.00", NULL},
	{"X14, FK-24: period_end", "price: 85 USD, count_at: period_end", "2026-06-01", "4250.00",
	 NULL},
	{"X14, FK-24: unsaid is period_end", "price: 85 USD", "2026-06-01", "4250.00", NULL},
	{"X14, FK-24: peak", "price: 85 USD, count_at: peak", "2026-06-01", "4335.00", NULL},
	{"X14, FK-24: average_daily", "price: 85 USD, count_at: average_daily", "2026-06-01",
	 "4230.17", NULL},
	{"average_daily at 25.00 (X63)", "price: 25 USD, count_at: average_daily", "2026-06-01",
	 "1244.17", NULL},
	{"the list holds until the next one (R23)", "price: 85 USD, count_at: average_daily",
	 "2026-07-01", "4250.00", NULL},
	{"included units are free (R25)", "price: 85 USD, count_at: peak, included: {qty: 48}",
	 "2026-06-01", "255.00", NULL},
	{"more included than there are", "price: 85 USD, included: {qty: 60}", "2026-06-01", "0.00",
	 NULL},
	{"graduated tiers", /* 51: 40 x 2.00, 11 x 1.50 */
	 "count_at: peak, tiers: [{id: t1, up_to: 40, price: 2 USD}, {id: t2, price: \"1.50 "
	 "USD\"}]",
	 "2026-06-01", "96.50", "80.00 16.50"},
	{"volume tiers",
	 "count_at: peak, tier_mode: volume, tiers: [{id: t1, up_to: 40, price: 2 USD}, {id: t2, "
	 "price: \"1.50 USD\"}]",
	 "2026-06-01", "76.50", "76.50"},
	{"FK-22: billable", /* 3 left: the first tier */
	 "count_at: peak, included: {qty: 48}, tiers: [{id: t1, up_to: 40, price: 2 USD}, {id: t2, "
	 "price: \"1.50 USD\"}]",
	 "2026-06-01", "6.00", "6.00"},
	{"FK-22: all",
	 "count_at: peak, included: {qty: 48}, tiers_count: all, tiers: [{id: t1, up_to: 40, "
	 "price: 2 "
	 "USD}, {id: t2, price: \"1.50 USD\"}]",
	 "2026-06-01", "4.50", "4.50"},
	{"a flat sum is a line of its own",
	 "count_at: peak, tiers: [{id: t1, up_to: 50, price: 1 USD, flat: 5 USD}, {id: t2, flat: 3 "
	 "USD, price: \"0.50 USD\"}]",
	 "2026-06-01", "58.50", "5.00 50.00 3.00 0.50"},
	{"blocks of ten, begun ones whole (FK-23)",
	 "count_at: peak, price: 100 USD, block: 10, block_rounding: up", "2026-06-01", "600.00",
	 NULL},
	{"blocks of ten, exact (FK-23)",
	 "count_at: peak, price: 100 USD, block: 10, block_rounding: exact", "2026-06-01", "510.00",
	 NULL},
	{"FK-23: unsaid is up", "count_at: peak, price: 100 USD, block: 10", "2026-06-01", "600.00",
	 NULL},
};

static void counted(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(counts); i++) {
		struct bill *b = bill_new();

		bill_version(b, NULL,
			     text_format(b->e->arena,
					 "charges: [{id: users, type: per_unit, unit: user, count: "
					 "active_users, period: 1mo, %s}]\n",
					 counts[i].charge)
				     .p);
		june(b);
		bill_run(b, "2026-08-01");
		is_bill(b, "users", counts[i].from, counts[i].want, counts[i].name);
		if (counts[i].nets != NULL)
			is_text(bill_nets(b, bill_item(b, "users", counts[i].from, 0)),
				counts[i].nets, "... lines");
		bill_free(b);
	}
}

/* X15: the example, a peak of 63 users; FK-21 and FK-22 with 65. */
static void example(void)
{
	static const struct {
		const char *name, *more;
		int users;
		const char *want;
	} rows[] = {
		{"X15", "", 63, "1257.00"},
		{"FK-21: graduated", "tier_mode: graduated, ", 65, "1415.00"},
		{"FK-21: volume", "tier_mode: volume, ", 65, "1343.00"},
		{"FK-22: billable", "tiers_count: billable, ", 65, "1415.00"},
		{"FK-22: all", "tiers_count: all, ", 65, "1343.00"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct bill *b = bill_new();

		bill_version(
			b, NULL,
			text_format(b->e->arena,
				    "charges: [{id: users, type: per_unit, unit: user, count: "
				    "active_users, count_at: peak, period: 1mo, prorate: none, "
				    "included: {qty: 48}, %stiers: [{id: t1, up_to: 12, price: 85 "
				    "USD}, {id: t2, price: 79 USD}]}]\n",
				    rows[i].more)
				.p);
		listed(b, "2026-06-01", 50);
		listed(b, "2026-06-12", rows[i].users);
		listed(b, "2026-06-13", 49);
		bill_run(b, "2026-07-01");
		is_bill(b, "users", "2026-06-01", rows[i].want, rows[i].name);
		bill_free(b);
	}
}

/* R24: proration is for the period's own stub; joiners are counted. */
static void stubs(void)
{
	static const struct {
		const char *name, *charge, *want;
	} rows[] = {
		{"period_end", "count_at: period_end", "50.00"}, /* 10 x 10.00 x 15/30 */
		{"days_30", "count_at: period_end, prorate: days_30", "50.00"},
		{"none", "count_at: period_end, prorate: none", "100.00"},
		{"average_daily", "count_at: average_daily", "41.67"}, /* 5x5 + 10x10 = 125 days */
		{"average_daily, none", "count_at: average_daily, prorate: none", "83.33"},
		{"with free units (R25)", "count_at: period_end, included: {qty: 4}", "30.00"},
		{"average_daily with free units", "count_at: average_daily, included: {qty: 4}",
		 "21.67"}, /* 125 - 4 x 15 = 65 days */
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct bill *b = bill_new();

		b->term = "effective_date: \"2026-06-16\", initial: 12mo";
		bill_version(
			b, NULL,
			text_format(b->e->arena,
				    "charges: [{id: users, type: per_unit, count: active_users, "
				    "price: 10 USD, period: 1mo, %s}]\n",
				    rows[i].charge)
				.p);
		listed(b, "2026-06-10", 5);
		listed(b, "2026-06-21", 10);
		bill_run(b, "2026-07-01");
		is_bill(b, "users", "2026-06-16", rows[i].want, rows[i].name);
		bill_free(b);
	}
}

/* "2026-06-11+b-c": who came and went, by day. */
static struct text changes(const struct bill *b, const struct invoice_annex *x)
{
	struct buf out;
	struct text t;

	buf_init(&out, 4096);
	for (size_t i = 0; i < x->n_changes; i++) {
		const struct invoice_unit_change *c = &x->changes[i];

		if (i > 0)
			buf_char(&out, ' ');
		day_print(&out, c->on);
		for (size_t k = 0; k < c->n_added; k++)
			buf_printf(&out, "+%.*s", TEXT_ARG(c->added[k]));
		for (size_t k = 0; k < c->n_removed; k++)
			buf_printf(&out, "-%.*s", TEXT_ARG(c->removed[k]));
	}
	t = text_copy(b->e->arena, buf_view(&out));
	buf_free(&out);
	return t;
}

/* R16, R23: units that come and go, one by one. */
static void added_and_removed(void)
{
	struct bill *b = bill_new();

	bill_version(b, NULL,
		     "charges: [{id: fw, type: per_unit, count: devices, price: 30 USD, count_at: "
		     "average_daily, period: 1mo}]\n");
	engine_facts(b->e, "2026-06-01 00:00 unit.added provider unit=a count=devices\n"
			   "2026-06-11 13:00 unit.added monitor unit=b count=devices\n"
			   "2026-06-11 14:00 unit.added monitor unit=b count=devices\n"
			   "2026-06-21 00:00 unit.removed provider unit=a count=devices\n"
			   "2026-06-21 08:00 unit.added provider unit=c count=devices\n"
			   "2026-06-25 08:00 unit.removed provider unit=x count=devices\n"
			   "2026-06-15 08:00 unit.added provider unit=s count=servers\n");
	bill_run(b, "2026-07-01");
	/* 10 x 1 + 20 x 2: a swap never counts two on its day */
	is_bill(b, "fw", "2026-06-01", "50.00", "unit-days");

	const struct invoice_annex *x = bill_item(b, "fw", "2026-06-01", 0)->annex;

	if (x == NULL)
		engine_fail("no annex", text_of("fw"));
	ok(x->n_units == 2 && text_is(x->units[0], "b") && text_is(x->units[1], "c"),
	   "R26: the units counted");
	ok(x->n_added == 2 && x->n_removed == 0, "... those new since the last period");
	is_text(changes(b, x), "2026-06-01+a 2026-06-11+b 2026-06-21+c-a", "... on which days");
	ok(x->on == bill_day("2026-06-30") && x->other_count == -1 && text_is(x->charge, "fw"),
	   "... on the last day");
	bill_free(b);
}

static void annex_over_periods(void)
{
	struct bill *b = bill_new();

	bill_version(b, NULL,
		     "charges: [{id: users, type: per_unit, count: active_users, price: 1 USD, "
		     "period: 1mo, from: \"2026-05-01\"}]\n");
	engine_facts(
		b->e,
		"2026-05-01 00:00 units.listed provider list=A count=active_users units=n,a,c\n"
		"2026-06-03 00:00 units.listed provider list=B count=active_users units=c,d\n");
	bill_run(b, "2026-07-01");

	const struct invoice_annex *may = bill_item(b, "users", "2026-05-01", 0)->annex,
				   *june_x = bill_item(b, "users", "2026-06-01", 0)->annex;

	ok(may != NULL && may->n_units == 3 && text_is(may->units[0], "a") && may->n_added == 3 &&
		   may->n_removed == 0,
	   "May: all are new");
	ok(june_x != NULL && june_x->n_units == 2 && june_x->n_added == 1 &&
		   text_is(june_x->added[0], "d") && june_x->n_removed == 2 &&
		   text_is(june_x->removed[0], "a") && text_is(june_x->removed[1], "n"),
	   "June: d came, a and n went");
	is_text(changes(b, may), "2026-05-01+a+c+n", "May: all came on one day");
	is_text(changes(b, june_x), "2026-06-03+d-a-n", "June: on the day of the list");
	bill_free(b);

	/* at the peak, what comes later is told with the next count; who comes and goes in between is told, too */
	b = bill_new();
	bill_version(b, NULL,
		     "charges: [{id: users, type: per_unit, count: active_users, price: 1 USD, "
		     "count_at: peak, period: 1mo, from: \"2026-05-01\"}]\n");
	engine_facts(b->e,
		     "2026-05-01 00:00 units.listed provider list=A count=active_users units=a\n"
		     "2026-05-10 00:00 unit.added provider unit=b count=active_users\n"
		     "2026-05-12 08:00 unit.removed provider unit=a count=active_users\n"
		     "2026-05-12 09:00 unit.added provider unit=a count=active_users\n"
		     "2026-05-20 00:00 unit.removed provider unit=b count=active_users\n"
		     "2026-06-02 00:00 unit.added provider unit=d count=active_users\n"
		     "2026-06-04 00:00 unit.removed provider unit=d count=active_users\n"
		     "2026-06-05 00:00 units.listed provider list=B count=active_users "
		     "units=a,e,f\n");
	bill_run(b, "2026-07-01");
	may = bill_item(b, "users", "2026-05-01", 0)->annex;
	june_x = bill_item(b, "users", "2026-06-01", 0)->annex;
	is_text(changes(b, may), "2026-05-01+a 2026-05-10+b", "up to the day of the peak");
	is_text(changes(b, june_x), "2026-05-20-b 2026-06-02+d 2026-06-04-d 2026-06-05+e+f",
		"and from there; back on the day it went is no change");
	ok(june_x->n_added == 2 && june_x->n_removed == 1, "what is left of it");
	bill_free(b);
}

/* R23: the party trusted, and the other one's count. */
static void parties(void)
{
	struct bill *b = bill_new();

	bill_version(b, NULL,
		     "charges: [{id: users, type: per_unit, count: active_users, price: 1 USD, "
		     "period: 1mo}]\n");
	listed_by(b, "client", "2026-06-02", "active_users", 9);
	bill_run(b, "2026-07-01");
	is_bill(b, "users", "2026-06-01", "9.00", "only the client filed a list");
	listed_by(b, "provider", "2026-06-01", "active_users", 11);
	bill_run(b, "2026-07-01");
	is_bill(b, "users", "2026-06-01", "11.00", "the provider's side is counted");

	const struct item *it = bill_item(b, "users", "2026-06-01", 0);
	bool told = false;

	for (size_t i = 0; i < it->lines[0].n_steps; i++)
		told = told || (it->lines[0].steps[i].what == STEP_OTHER_COUNT &&
				it->lines[0].steps[i].value.count == 9);
	ok(told && it->annex->other_count == 9, "the client's count is shown beside");
	bill_free(b);
}

static void lists_in_parts(void)
{
	struct bill *b = bill_new();

	bill_version(b, NULL,
		     "charges: [{id: users, type: per_unit, count: active_users, price: 1 USD, "
		     "period: 1mo}]\n");
	engine_facts(b->e, "2026-05-02 00:00 units.listed provider list=A count=active_users "
			   "units=a,b\n"
			   "2026-06-02 00:00 units.listed provider list=B count=active_users "
			   "units=a,b,c part=1 parts=2\n");
	bill_run(b, "2026-07-01");
	is_bill(b, "users", "2026-06-01", "2.00", "half a list is none");
	engine_facts(b->e, "2026-06-02 00:00 units.listed provider list=B count=active_users "
			   "units=d part=2 parts=2\n");
	bill_run(b, "2026-07-01");
	is_bill(b, "users", "2026-06-01", "4.00", "it counts when all of it is there");
	is_i64(bill_item(b, "users", "2026-06-01", 0)->lines[0].evidence.count, 3,
	       "evidence: the list that held before, and both parts");
	is_text(bill_item(b, "users", "2026-06-01", 0)->lines[0].evidence.kind, "unit_list",
		"its kind");
	engine_facts(b->e, "2026-07-02 00:00 units.listed provider list=C count=active_users "
			   "units=a,b part=1 parts=2\n"
			   "2026-07-02 00:00 units.listed provider list=C count=active_users "
			   "units=c,a part=2 parts=2\n");
	ok(bill_try(b, "2026-08-01") == RC_INVALID, "R23: the same id twice in one list");
	is_text(text_of(b->err.message), "unit listed twice: 'a' in list of 2026-07-02",
		"... says so");
	bill_free(b);
}

/* X16, R21: ordered units. */
static void orders(void)
{
	struct bill *b = bill_new();

	bill_version(b, NULL,
		     "charges: [{id: fw, type: per_unit, count: orders, price: 45 USD, count_at: "
		     "average_daily, period: 1mo}]\n");
	engine_facts(b->e,
		     "2026-06-10 11:00 order.placed client order=O1 charge=fw quantity=2\n"
		     "2026-06-12 11:00 order.placed provider order=O2 charge=fw quantity=3\n"
		     "2026-06-12 11:00 order.placed provider order=O3 charge=other quantity=3\n");
	bill_run(b, "2026-07-01");
	is_bill(b, "fw", "2026-06-01", "63.00", "X16: 42/30 x 45.00");
	ok(b->c->n_waits == 1 && b->c->waits[0].what == STEP_NOT_APPROVED &&
		   text_is(b->c->waits[0].subject, "O2"),
	   "R21: what is not approved is shown, not billed");
	is_text(bill_item(b, "fw", "2026-06-01", 0)->lines[0].evidence.kind, "orders", "evidence");

	const struct invoice_line *l = &bill_item(b, "fw", "2026-06-01", 0)->lines[0];

	ok(l->quantity.num == 42 && l->quantity.den == 1 && l->price_base == 30 && l->priced &&
		   text_is(l->unit, "day"),
	   "R151: 42 unit-days at 45.00 per 30");
	/* approved afterwards: from its own day */
	engine_facts(
		b->e,
		"2026-06-20 11:00 order.approved provider order=O2 approved_by=client_written\n");
	bill_run(b, "2026-07-01");
	is_bill(b, "fw", "2026-06-01", "148.50", "(42 + 57)/30 x 45.00");
	engine_facts(b->e, "2026-06-21 00:00 order.cancelled client order=O2 quantity=1\n"
			   "2026-06-26 00:00 order.cancelled client order=O2\n");
	bill_run(b, "2026-07-01");
	/* less 10 and 10 unit-days: 1 from the 21st, the other 2 from the 26th */
	is_bill(b, "fw", "2026-06-01", "118.50", "cancelled in part, then in whole");
	bill_free(b);
}

static const char *const approvals[][2] = {
	{"client", ""},
	{"provider", " approved_by=client_portal"},
	{"provider", " approved_by=client.it_lead"},
};

static void approved(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(approvals); i++) {
		struct bill *b = bill_new();

		bill_version(b, NULL,
			     "charges: [{id: fw, type: per_unit, count: orders, price: 45 USD, "
			     "period: 1mo}]\n");
		(void)engine_fact(b->e,
				  text_format(b->e->arena,
					      "2026-06-10 11:00 order.placed %s order=O1 charge=fw "
					      "quantity=1.5%s",
					      approvals[i][0], approvals[i][1])
					  .p);
		engine_facts(b->e, "2026-06-10 12:00 order.placed provider order=O2 charge=fw "
				   "quantity=1 approved_by=provider.billing\n"
				   "2026-06-10 12:00 order.approved provider order=O2 "
				   "approved_by=provider.executive\n");
		bill_run(b, "2026-07-01");
		is_bill(b, "fw", "2026-06-01", "67.50", "an order approved by the client's side");
		bill_free(b);
	}
}

/* R7: in advance, provisional; what comes later changes the total. */
static void in_advance(void)
{
	struct bill *b = bill_new();

	bill_version(b, NULL,
		     "charges: [{id: users, type: per_unit, count: active_users, count_at: peak, "
		     "bill: advance, price: 10 USD, period: 1mo}]\n");
	listed(b, "2026-05-20", 8);
	bill_run(b, "2026-06-01");
	is_bill(b, "users", "2026-06-01", "80.00", "the count known on the first edge");
	ok(bill_item(b, "users", "2026-06-01", 0)->provisional &&
		   !bill_item(b, "users", "2026-05-01", 0)->provisional,
	   "... is provisional until the period ends");
	listed(b, "2026-06-09", 11);
	bill_run(b, "2026-07-01");
	is_bill(b, "users", "2026-06-01", "110.00", "then the peak");
	ok(!bill_item(b, "users", "2026-06-01", 0)->provisional, "... for good");
	bill_free(b);
}

/* R15, R22: a price that changes inside the period; a pause. */
static void pieces(void)
{
	static const struct {
		const char *name, *charge, *want, *nets;
	} rows[] = {
		{"one count, two prices", "count_at: period_end", "113.33", "33.33 80.00"},
		{"average_daily, two prices", "count_at: average_daily", "96.67", "16.67 80.00"},
		{"without proration the first day's price holds",
		 "count_at: period_end, prorate: none", "100.00", "100.00"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct bill *b = bill_new();

		bill_version(
			b, NULL,
			text_format(b->e->arena,
				    "charges: [{id: users, type: per_unit, count: active_users, "
				    "price: 10 USD, period: 1mo, schedule: [{id: s, from: "
				    "\"2026-06-11\", price: 12 USD}], %s}]\n",
				    rows[i].charge)
				.p);
		listed(b, "2026-06-01", 5);
		listed(b, "2026-06-11", 10);
		bill_run(b, "2026-07-01");
		is_bill(b, "users", "2026-06-01", rows[i].want, rows[i].name);
		is_text(bill_nets(b, bill_item(b, "users", "2026-06-01", 0)), rows[i].nets,
			"... lines");
		bill_free(b);
	}
}

/* R18: paused days are not billed, whatever is counted. */
static void paused(void)
{
	struct bill *b = bill_new();

	bill_version(
		b, NULL,
		"charges: [{id: e, type: per_unit, count: active_users, price: 30 USD, period: "
		"1mo}, {id: d, type: per_unit, count: active_users, count_at: average_daily, "
		"price: 30 USD, period: 1mo}]\n");
	listed(b, "2026-06-01", 2);
	listed(b, "2026-06-21", 4);
	engine_facts(b->e, "2026-06-01 09:00 pause.agreed provider event=P charge=e "
			   "from_date=2026-06-11 to_date=2026-06-26 id=p1\n"
			   "2026-06-01 09:00 pause.agreed provider event=Q charge=d "
			   "from_date=2026-06-11 to_date=2026-06-26 id=p2\n"
			   "2026-06-02 09:00 fact.accepted client fact=p1\n"
			   "2026-06-02 09:00 fact.accepted client fact=p2\n");
	bill_run(b, "2026-07-01");
	is_bill(b, "e", "2026-06-01", "60.00", "4 x 30.00 x 15/30");
	is_bill(b, "d", "2026-06-01", "40.00", "(2 x 10 + 4 x 5)/30 x 30.00");
	bill_free(b);
}

/* X14b's tiers with a count: each piece by the card of its days; volume at the tier of the period. */
static void tiers_change(void)
{
	static const char *const first =
		"tiers: [{id: t1, up_to: 10, price: 10 USD}, {id: t2, price: 8 USD}]";
	static const char *const then =
		"tiers: [{id: t1, up_to: 10, price: 11 USD}, {id: t2, price: 9 USD}]";
	static const struct {
		const char *name, *more, *want;
	} rows[] = {{"graduated: (116.00 + 128.00) / 2", "", "122.00"},
		    {"volume: (96.00 + 108.00) / 2", "tier_mode: volume, ", "102.00"}};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct bill *b = bill_new();

		for (int k = 0; k < 2; k++)
			bill_version(b, k == 0 ? NULL : "2026-06-16",
				     text_format(b->e->arena,
						 "charges: [{id: users, type: per_unit, count: "
						 "active_users, period: 1mo, %s%s}]\n",
						 rows[i].more, k == 0 ? first : then)
					     .p);
		listed(b, "2026-06-01", 12);
		bill_run(b, "2026-07-01");
		is_bill(b, "users", "2026-06-01", rows[i].want, rows[i].name);
		bill_free(b);
	}
}

static void no_data(void)
{
	struct bill *b = bill_new();

	bill_version(b, NULL,
		     "charges: [{id: users, type: per_unit, count: active_users, price: 10 USD, "
		     "period: 1mo, from: \"2026-05-01\"}]\n");
	listed(b, "2026-06-02", 3);
	bill_run(b, "2026-07-01");
	is_bill(b, "users", "2026-05-01", "0.00", "no list yet");
	is_bill(b, "users", "2026-06-01", "30.00", "then one");
	ok(b->c->n_waits == 1 && b->c->waits[0].kind == NOTE_NO_DATA &&
		   b->c->waits[0].date == bill_day("2026-05-01"),
	   "no data is said, once");
	bill_free(b);
}

/* A quantity of facts beyond 64 bits of money parks the account (R82). */
static void too_many(void)
{
	struct bill *b = bill_new();

	bill_version(
		b, NULL,
		"charges: [{id: fw, type: per_unit, count: orders, price: \"999999999999 USD\", "
		"period: 1mo}]\n");
	engine_facts(
		b->e,
		"2026-06-10 11:00 order.placed client order=O1 charge=fw quantity=999999999999\n");
	ok(bill_try(b, "2026-07-01") == RC_LIMIT, "R82: too large");
	is_text(text_of(b->err.message), "amount too large: 'fw': more than 64 bits of minor units",
		"... says so");
	bill_free(b);
}

int main(void)
{
	counted();
	example();
	stubs();
	added_and_removed();
	annex_over_periods();
	parties();
	lists_in_parts();
	orders();
	approved();
	in_advance();
	pieces();
	paused();
	tiers_change();
	no_data();
	too_many();
	return tap_done();
}
