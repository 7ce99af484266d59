/* SPDX-License-Identifier: Apache-2.0 */
/* Usage: aggregates, free quantity, blocks, tiers, prices by date, orders, interim runs (money.md R21, R22, R37 to R41; X14b, X26 to X34). */
#include "engine/usage.h"

#include "money_fixture.h"

/* One charge over the meter m, its records (quantities by day of June), and what June comes to. */
static const struct {
	const char *name, *charge;
	struct {
		const char *on, *quantity;
	} records[4];
	const char *want, *nets;
} rows[] = {
	{"X26: the example's storage",
	 "aggregate: max, prorate: none, included: {qty: 2000}, price: \"0.12 USD\", block: 1, "
	 "block_rounding: up",
	 {{"2026-06-03 10:00", "2100"},
	  {"2026-06-09 10:00", "2345.6"},
	  {"2026-06-19 10:00", "2200"}},
	 "41.52",
	 NULL},
	{"FK-23: up",
	 "included: {qty: 2000}, price: \"0.12 USD\", block: 1, block_rounding: up",
	 {{"2026-06-03 10:00", "2300.4"}},
	 "36.12",
	 NULL},
	{"FK-23: exact",
	 "included: {qty: 2000}, price: \"0.12 USD\", block: 1, block_rounding: exact",
	 {{"2026-06-03 10:00", "2300.4"}},
	 "36.05",
	 NULL},
	{"X27: 50 of 110 included",
	 "included: {qty: 110}, price: 100 USD",
	 {{"2026-06-03 10:00", "50"}},
	 "0.00",
	 NULL},
	{"X27: 125 of 110 included",
	 "included: {qty: 110}, price: 100 USD",
	 {{"2026-06-03 10:00", "50"}, {"2026-06-13 10:00", "75"}},
	 "1500.00",
	 NULL},
	{"X27: 155 of 110 included",
	 "included: {qty: 110}, price: 100 USD",
	 {{"2026-06-03 10:00", "50"}, {"2026-06-13 10:00", "75"}, {"2026-06-23 10:00", "30"}},
	 "4500.00",
	 NULL},
	{"X28: 1,300 in blocks of 1,000",
	 "price: 10 USD, block: 1000, block_rounding: up",
	 {{"2026-06-03 10:00", "1300"}},
	 "20.00",
	 NULL},
	{"X28: 1,900",
	 "price: 10 USD, block: 1000, block_rounding: up",
	 {{"2026-06-03 10:00", "1300"}, {"2026-06-13 10:00", "600"}},
	 "20.00",
	 NULL},
	{"X29: 0",
	 "tiers: [{id: t1, up_to: 20, price: 0 USD, flat: 40 USD}, {id: t2, price: \"1.50 "
	 "USD\", flat: 10 USD}]",
	 {{NULL, NULL}},
	 "40.00",
	 "40.00"},
	{"X29: 20",
	 "tiers: [{id: t1, up_to: 20, price: 0 USD, flat: 40 USD}, {id: t2, price: \"1.50 "
	 "USD\", flat: 10 USD}]",
	 {{"2026-06-03 10:00", "20"}},
	 "40.00",
	 NULL},
	{"X29: 20.001",
	 "tiers: [{id: t1, up_to: 20, price: 0 USD, flat: 40 USD}, {id: t2, price: \"1.50 USD\", "
	 "flat: 10 USD}]",
	 {{"2026-06-03 10:00", "20"}, {"2026-06-04 10:00", "0.001"}},
	 "50.00",
	 NULL},
	{"X29: 30",
	 "tiers: [{id: t1, up_to: 20, price: 0 USD, flat: 40 USD}, {id: t2, price: \"1.50 USD\", "
	 "flat: 10 USD}]",
	 {{"2026-06-03 10:00", "30"}},
	 "65.00",
	 "40.00 0.00 10.00 15.00"},
	{"X30: 50",
	 "tier_mode: volume, tiers: [{id: t1, up_to: 50, price: 4 USD}, {id: t2, up_to: 100, "
	 "price: 3 "
	 "USD}, {id: t3, price: \"2.50 USD\"}]",
	 {{"2026-06-03 10:00", "50"}},
	 "200.00",
	 NULL},
	{"X30: 51",
	 "tier_mode: volume, tiers: [{id: t1, up_to: 50, price: 4 USD}, {id: t2, up_to: 100, "
	 "price: 3 "
	 "USD}, {id: t3, price: \"2.50 USD\"}]",
	 {{"2026-06-03 10:00", "51"}},
	 "153.00",
	 NULL},
	{"X30: 101",
	 "tier_mode: volume, tiers: [{id: t1, up_to: 50, price: 4 USD}, {id: t2, up_to: 100, "
	 "price: 3 "
	 "USD}, {id: t3, price: \"2.50 USD\"}]",
	 {{"2026-06-03 10:00", "101"}},
	 "252.50",
	 NULL},
	{"X31",
	 "price: 100 USD, block: 10, included: {qty: 10}",
	 {{"2026-06-03 10:00", "121"}},
	 "1200.00",
	 NULL},
	{"X32: 2.5 % of metered money (R41)",
	 "pct: 2.5%",
	 {{"2026-06-03 10:00", "12000"}, {"2026-06-04 10:00", "345.67"}},
	 "308.64",
	 NULL},
	{"X33: sum",
	 "price: 1 USD, aggregate: sum",
	 {{"2026-06-01 00:00", "100"}, {"2026-06-06 00:00", "160"}, {"2026-06-21 00:00", "130"}},
	 "390.00",
	 NULL},
	{"X33: max",
	 "price: 1 USD, aggregate: max",
	 {{"2026-06-01 00:00", "100"}, {"2026-06-06 00:00", "160"}, {"2026-06-21 00:00", "130"}},
	 "160.00",
	 NULL},
	{"X33: average",
	 "price: 1 USD, aggregate: average",
	 {{"2026-06-01 00:00", "100"}, {"2026-06-06 00:00", "160"}, {"2026-06-21 00:00", "130"}},
	 "130.00",
	 NULL},
	{"X33: last",
	 "price: 1 USD, aggregate: last",
	 {{"2026-06-01 00:00", "100"}, {"2026-06-06 00:00", "160"}, {"2026-06-21 00:00", "130"}},
	 "130.00",
	 NULL},
	{"X33: time_weighted",
	 "price: 1 USD, aggregate: time_weighted",
	 {{"2026-06-01 00:00", "100"}, {"2026-06-06 00:00", "160"}, {"2026-06-21 00:00", "130"}},
	 "140.00",
	 NULL},
	{"time_weighted: the last reading of the previous period goes on",
	 "price: 1 USD, aggregate: time_weighted",
	 {{"2026-05-10 00:00", "90"}, {"2026-06-16 00:00", "30"}},
	 "60.00",
	 NULL},
	{"... and one of the period before that does not",
	 "price: 1 USD, aggregate: time_weighted",
	 {{"2026-04-30 23:59", "90"}, {"2026-06-16 00:00", "30"}},
	 "15.00",
	 NULL},
	{"... also without a reading of its own",
	 "price: 1 USD, aggregate: time_weighted",
	 {{"2026-05-31 23:59", "90"}},
	 "90.00",
	 NULL},
	{"unique subjects",
	 "price: 1 USD, aggregate: unique",
	 {{"2026-06-01 00:00", "100 subject=x"},
	  {"2026-06-06 00:00", "160 subject=y"},
	  {"2026-06-21 00:00", "130 subject=x"}},
	 "2.00",
	 NULL},
	{"the first instant of July is July's (R2)",
	 "price: 1 USD",
	 {{"2026-06-30 23:59", "5"}, {"2026-07-01 00:00", "7"}, {"2026-06-01 00:00", "11"}},
	 "16.00",
	 NULL},
	{"decimals of many lengths",
	 "price: \"0.001 USD\"",
	 {{"2026-06-03 10:00", "1000.5"},
	  {"2026-06-04 10:00", "0.000000001"},
	  {"2026-06-05 10:00", "3499.499999999"}},
	 "4.50",
	 NULL},
	{"nothing", "price: 1 USD", {{NULL, NULL}}, "0.00", "0.00"},
	{"nothing, of a level", "price: 1 USD, aggregate: max", {{NULL, NULL}}, "0.00", NULL},
	{"nothing on average", "price: 1 USD, aggregate: average", {{NULL, NULL}}, "0.00", NULL},
	{"nothing last", "price: 1 USD, aggregate: last", {{NULL, NULL}}, "0.00", NULL},
	{"tiers share one rounding", /* 0.3335 + 0.3335 = 0.667 */
	 "tiers: [{id: t1, up_to: 1, price: \"0.3335 USD\"}, {id: t2, price: \"0.3335 USD\"}]",
	 {{"2026-06-03 10:00", "2"}},
	 "0.67",
	 "0.34 0.33"},
};

static void record(struct bill *b, const char *at, const char *quantity)
{
	(void)engine_fact(b->e,
			  text_format(b->e->arena, "%s usage.recorded provider meter=m quantity=%s",
				      at, quantity)
				  .p);
}

static struct bill *metered(const char *charge)
{
	struct bill *b = bill_new();

	bill_version(
		b, NULL,
		text_format(b->e->arena,
			    "charges: [{id: data, type: usage, unit: GiB, meter: m, period: 1mo, "
			    "%s}]\n",
			    charge)
			.p);
	return b;
}

static void table(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct bill *b = metered(rows[i].charge);

		for (size_t k = 0; k < ARRAY_SIZE(rows[i].records); k++)
			if (rows[i].records[k].on != NULL)
				record(b, rows[i].records[k].on, rows[i].records[k].quantity);
		engine_facts(b->e, "2026-06-05 10:00 usage.recorded provider meter=other "
				   "quantity=1000000\n");
		bill_run(b, "2026-07-05");
		is_bill(b, "data", "2026-06-01", rows[i].want, rows[i].name);
		if (rows[i].nets != NULL)
			is_text(bill_nets(b, bill_item(b, "data", "2026-06-01", 0)), rows[i].nets,
				"... lines");
		bill_free(b);
	}
}

/* X14b, R22: each unit at the price list of its day, graduated at its position. */
static void dated_prices(void)
{
	static const struct {
		const char *name, *more, *nets;
	} modes[] = {
		{"X14b: graduated", "", "100.00 16.00 90.00"},
		{"volume: all at the tier of the period", "tier_mode: volume, ", "96.00 90.00"},
		{"a flat sum is owed once", "FLAT", "7.00 100.00 16.00 90.00"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(modes); i++) {
		struct bill *b = bill_new();
		bool flat = text_is(text_of(modes[i].more), "FLAT");

		for (int k = 0; k < 2; k++)
			bill_version(
				b, k == 0 ? NULL : "2026-06-16",
				text_format(
					b->e->arena,
					"charges: [{id: data, type: usage, meter: m, period: 1mo, "
					"%stiers: [{id: t1, up_to: 10, price: %d USD%s}, {id: t2, "
					"price: %d USD}]}]\n",
					flat ? "" : modes[i].more, 10 + k,
					flat ? ", flat: 7 USD" : "", 8 + k)
					.p);
		record(b, "2026-06-15 23:59", "12");
		record(b, "2026-06-16 00:00", "10");
		bill_run(b, "2026-07-01");
		is_text(bill_nets(b, bill_item(b, "data", "2026-06-01", 0)), modes[i].nets, "%s",
			modes[i].name);
		bill_free(b);
	}
}

/* A schedule in the middle of June; each aggregate has its own day, or none. */
static void scheduled(void)
{
	static const struct {
		const char *name, *aggregate, *want;
	} how[] = {
		{"sum: each record by its day", "sum", "590.00"},    /* 190 x 1 + 200 x 2 */
		{"max: by the day of the largest", "max", "400.00"}, /* 200 x 2 */
		{"last: by its day", "last", "400.00"},
		{"average: by the days of each price", "average", "195.00"}, /* 130 x (1 + 2) / 2 */
		{"unique: by the days of each price", "unique", "1.50"},
		/* 15 days: 100 x 5 + 90 x 10 = 1,400; then 90 x 5 + 200 x 10 = 2,450 */
		{"time_weighted: by time", "time_weighted", "210.00"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(how); i++) {
		char charge[160];
		struct bill *b;

		(void)snprintf(
			charge, sizeof(charge),
			"aggregate: %s, prorate: none, price: 1 USD, schedule: [{id: s, from: "
			"\"2026-06-16\", price: 2 USD}]",
			how[i].aggregate);
		b = metered(charge);

		record(b, "2026-06-01 00:00", "100");
		record(b, "2026-06-06 00:00", "90");
		record(b, "2026-06-21 00:00", "200");
		bill_run(b, "2026-07-01");
		is_bill(b, "data", "2026-06-01", how[i].want, how[i].name);
		bill_free(b);
	}
}

/* R25: in a stub a flow has less by itself, a level is weighed. */
static void stubs(void)
{
	static const struct {
		const char *name, *charge, *want;
	} how[] = {
		{"sum: only what is free is prorated", "price: 1 USD, included: {qty: 60}",
		 "70.00"},
		{"sum, none: all of it is free", "price: 1 USD, prorate: none, included: {qty: 60}",
		 "40.00"},
		{"max: a level is weighed", "aggregate: max, price: 1 USD, included: {qty: 60}",
		 "10.00"},
		{"max, none", "aggregate: max, prorate: none, price: 1 USD, included: {qty: 60}",
		 "20.00"},
		{"time_weighted: over its own days",
		 "aggregate: time_weighted, prorate: none, price: "
		 "1 USD",
		 "40.00"}, /* (20 x 10 + 80 x 5) / 15 */
	};

	for (size_t i = 0; i < ARRAY_SIZE(how); i++) {
		struct bill *b = bill_new();

		b->term = "effective_date: \"2026-06-16\", initial: 12mo";
		bill_version(b, NULL,
			     text_format(b->e->arena,
					 "charges: [{id: data, type: usage, meter: m, period: 1mo, "
					 "%s}]\n",
					 how[i].charge)
				     .p);
		record(b, "2026-06-10 00:00", "1000");
		record(b, "2026-06-16 00:00", "20");
		record(b, "2026-06-26 00:00", "80");
		bill_run(b, "2026-07-01");
		is_bill(b, "data", "2026-06-16", how[i].want, how[i].name);
		bill_free(b);
	}
}

/* March has the hour that the clock skips, November the one it repeats: days are days. */
static void wall_clock(void)
{
	static const struct {
		const char *first, *mid, *run;
	} months[] = {{"2026-03-01", "2026-03-11", "2026-04-01"},
		      {"2026-11-01", "2026-11-11", "2026-12-01"}};
	static const char *const want[] = {"20.00", "20.00"};

	for (size_t i = 0; i < ARRAY_SIZE(months); i++) {
		struct bill *b = metered("price: 1 USD, aggregate: time_weighted");
		int days = i == 0 ? 31 : 30;

		/* 10 days of 2 x days, nothing after: 20 */
		record(b, text_format(b->e->arena, "%s 00:00", months[i].first).p,
		       text_format(b->e->arena, "%d", 2 * days).p);
		record(b, text_format(b->e->arena, "%s 00:00", months[i].mid).p, "0");
		bill_run(b, months[i].run);
		is_bill(b, "data", months[i].first, want[i], "R19: weighed by the wall clock");
		bill_free(b);
	}
}

/* R12, X28: an interim run takes what there is; the whole is the same. */
static void interim(void)
{
	struct bill *b = metered("price: 10 USD, block: 1000, block_rounding: up");
	struct charging so_far;
	struct err err = {.line = 0};

	record(b, "2026-06-03 10:00", "1300");
	bill_run(b, "2026-06-20");
	ok(bill_item(b, "data", "2026-06-01", 0) == NULL, "June is not due before it ends");
	so_far = *b->c;
	so_far.interim = true;
	so_far.items = NULL;
	so_far.n_items = so_far.items_cap = 0;
	ok(charging_begin(&so_far, &err) == RC_OK && charging_run(&so_far, &err) == RC_OK,
	   "an interim run");

	const struct item *june = &so_far.items[so_far.n_items - 1];

	ok(june->service.from == bill_day("2026-06-01") && june->total == 2000 &&
		   june->provisional && june->due == bill_day("2026-06-20"),
	   "X28: two blocks so far");
	record(b, "2026-06-25 10:00", "600");
	bill_run(b, "2026-07-01");
	is_bill(b, "data", "2026-06-01", "20.00", "X28: and two in all");
	bill_free(b);
}

/* R21: a one-off item is usage whose meter is the order. */
static void orders(void)
{
	struct bill *b = bill_new();

	bill_version(
		b, NULL,
		"charges: [{id: laptop, type: usage, unit: laptop, meter: order, price: 900 USD, "
		"period: 1mo}]\n");
	engine_facts(b->e,
		     "2026-06-10 11:00 order.placed client order=O1 charge=laptop quantity=2\n"
		     "2026-06-11 11:00 order.placed provider order=O2 charge=laptop quantity=1\n"
		     "2026-06-12 11:00 order.placed client order=O3 charge=laptop quantity=4\n"
		     "2026-06-13 11:00 order.cancelled client order=O3 quantity=1.5\n"
		     "2026-06-13 12:00 order.cancelled client order=O3 quantity=0.5\n"
		     "2026-06-14 11:00 order.placed client order=O4 charge=laptop quantity=4\n"
		     "2026-06-15 11:00 order.cancelled client order=O4\n");
	bill_run(b, "2026-07-01");
	is_bill(b, "laptop", "2026-06-01", "3600.00",
		"2 and 4 - 2, and nothing of what was cancelled");
	ok(b->c->n_waits >= 1 && b->c->waits[0].what == STEP_NOT_APPROVED &&
		   text_is(b->c->waits[0].subject, "O2"),
	   "what is not approved waits");
	bill_free(b);
}

/* A free quantity for a quarter, and one of which a part goes on. */
static void allowances(void)
{
	struct bill *b =
		metered("price: 1 USD, from: \"2026-04-01\", included: {qty: 100, per: 3mo}");
	static const char *const months[] = {"2026-04-01", "2026-05-01", "2026-06-01",
					     "2026-07-01"};
	static const char *const quarter[] = {"0.00", "40.00", "80.00", "0.00"};
	static const char *const rolled[] = {"0.00", "30.00", "30.00", "0.00"};

	record(b, "2026-04-03 10:00", "60");
	record(b, "2026-05-03 10:00", "80");
	record(b, "2026-06-03 10:00", "80");
	record(b, "2026-07-03 10:00", "80");
	bill_run(b, "2026-08-01");
	for (size_t i = 0; i < 4; i++)
		is_bill(b, "data", months[i], quarter[i], "100 free a quarter");
	bill_free(b);

	b = metered("price: 1 USD, from: \"2026-04-01\", included: {qty: 50, rollover_max: 30}");
	record(b, "2026-04-03 10:00", "10");
	record(b, "2026-05-03 10:00", "110");
	record(b, "2026-06-03 10:00", "80");
	record(b, "2026-07-03 10:00", "50");
	bill_run(b, "2026-08-01");
	for (size_t i = 0; i < 4; i++)
		is_bill(b, "data", months[i], rolled[i], "50 a month, of which 30 go on");

	/* the same for a run over the last month alone */
	struct charging late = *b->c;
	struct err err = {.line = 0};

	late.items = NULL;
	late.n_items = late.items_cap = 0;
	late.since = bill_day("2026-06-15");
	ok(charging_begin(&late, &err) == RC_OK && charging_run(&late, &err) == RC_OK &&
		   late.n_items == 2 && late.items[0].total == 3000 && late.items[1].total == 0,
	   "... whatever was settled before");
	bill_free(b);
}

static void told(void)
{
	struct bill *b = metered("price: \"0.12 USD\", name: Backup storage, clause: order.fees");

	record(b, "2026-06-03 10:00", "10.5");
	record(b, "2026-06-04 10:00", "2");
	bill_run(b, "2026-07-01");

	const struct item *it = bill_item(b, "data", "2026-06-01", 0);
	const struct invoice_line *l = &it->lines[0];

	ok(it->n_lines == 1 && l->quantity.num == 25 && l->quantity.den == 2 && l->priced &&
		   l->price.units == 12 && l->price.scale == 2 && l->net == 150,
	   "12.5 at 0.12");
	is_text(l->unit, "GiB", "unit");
	is_text(l->rule, "money.md R37", "rule");
	is_text(l->evidence.kind, "usage_records", "evidence");
	ok(l->evidence.count == 2 && l->evidence.n_entries == 2 && l->evidence.entries[1] == 1,
	   "its facts");

	unsigned char want[SHA256_BYTES];

	sha256(text_of("fact-0\nfact-1\n"), want);
	ok(memcmp(want, l->evidence.hash.b, sizeof(want)) == 0, "and the hash of their ids");
	ok(b->c->n_waits == 5 && b->c->waits[0].kind == NOTE_NO_DATA &&
		   b->c->waits[0].date == bill_day("2026-01-01"),
	   "R39: months without a record say so");
	bill_free(b);
}

static void refused(void)
{
	struct bill *b = metered("price: \"999999999999 USD\"");

	record(b, "2026-06-03 10:00", "-3");
	ok(bill_try(b, "2026-07-01") == RC_INVALID, "R43: a negative quantity");
	is_text(text_of(b->err.message),
		"negative quantity: '-3' for 'data': correct the earlier record instead",
		"... says so");
	bill_free(b);
	b = metered("price: \"999999999999 USD\"");
	record(b, "2026-06-03 10:00", "999999999999");
	ok(bill_try(b, "2026-07-01") == RC_LIMIT, "R82: too large");
	bill_free(b);
	b = metered("price: 1 USD");
	record(b, "2026-06-03 10:00", "999999999999");
	record(b, "2026-06-04 10:00", "0.000000001");
	ok(bill_try(b, "2026-07-01") == RC_LIMIT, "R82: quantities of no common scale");
	bill_free(b);
}

static void paused(void)
{
	static const char *const how[][2] = {
		{"price: 1 USD", "30.00"},
		{"price: 1 USD, aggregate: max, prorate: none", "20.00"},
		{"price: 1 USD, aggregate: average, prorate: none", "15.00"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(how); i++) {
		struct bill *b = metered(how[i][0]);

		record(b, "2026-06-05 00:00", "10");
		record(b, "2026-06-15 00:00", "500");
		record(b, "2026-06-25 00:00", "20");
		engine_facts(b->e, "2026-06-01 09:00 pause.agreed provider event=P charge=data "
				   "from_date=2026-06-11 to_date=2026-06-21 id=p1\n"
				   "2026-06-02 09:00 fact.accepted client fact=p1\n");
		bill_run(b, "2026-07-01");
		is_bill(b, "data", "2026-06-01", how[i][1], "R18: paused days have no usage");
		bill_free(b);
	}
}

int main(void)
{
	table();
	dated_prices();
	scheduled();
	stubs();
	wall_clock();
	interim();
	orders();
	allowances();
	told();
	refused();
	paused();
	return tap_done();
}
