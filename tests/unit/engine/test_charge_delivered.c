/* SPDX-License-Identifier: Apache-2.0 */
/* Milestones and their acceptance (money.md R45, X36), and what suppliers charged (R47, R43, X37). */
#include "money_fixture.h"

#include "tap.h"

#define MIGRATION                                                                                  \
	"charges: [{id: migration, type: milestone, name: Mail migration, total: \"18000.00 "      \
	"USD\", milestones: "                                                                      \
	"[{id: design, name: Design accepted, pct: 30%}, {id: cutover, name: Cut-over, pct: "      \
	"50%}, "                                                                                   \
	"{id: done, name: Acceptance, pct: 20%}], acceptance: {reject_within: 10bd, "              \
	"resubmit_within: 10bd, silence: "

#define DELIVERED                                                                                  \
	"2026-03-02 10:00 milestone.delivered provider milestone=cutover charge=migration\n"

/* What becomes of the cut-over, delivered on Monday 2 March at 10:00: 10 working days end on Monday 16 March, 10:00. */
static const struct {
	const char *name, *silence, *facts, *on;
	const char *amount; /* "-": not billed */
	const char *day;    /* of the item */
} cases[] = {
	{"the last moment is still in time to reject", "accepted", DELIVERED, "2026-03-15", "-",
	 NULL},
	{"X36: silence accepts after the deadline", "accepted", DELIVERED, "2026-03-16", "9000.00",
	 "2026-03-16"},
	{"silence that rejects never accepts", "rejected", DELIVERED, "2026-12-31", "-", NULL},
	{"the client accepts", "accepted",
	 DELIVERED
	 "2026-03-04 09:00 milestone.accepted client milestone=cutover charge=migration\n",
	 "2026-03-04", "9000.00", "2026-03-04"},
	{"the provider cannot accept", "rejected",
	 DELIVERED
	 "2026-03-04 09:00 milestone.accepted provider milestone=cutover charge=migration\n",
	 "2026-12-31", "-", NULL},
	{"another charge's acceptance does not count", "rejected",
	 DELIVERED "2026-03-04 09:00 milestone.accepted client milestone=cutover charge=other\n",
	 "2026-12-31", "-", NULL},
	{"a rejection stops the silence", "accepted",
	 DELIVERED
	 "2026-03-10 09:00 milestone.rejected client milestone=cutover charge=migration\n",
	 "2026-12-31", "-", NULL},
	{"a rejection at the deadline is in time", "accepted",
	 DELIVERED
	 "2026-03-16 10:00 milestone.rejected client milestone=cutover charge=migration\n",
	 "2026-12-31", "-", NULL},
	{"a minute later it is not", "accepted",
	 DELIVERED
	 "2026-03-16 10:01 milestone.rejected client milestone=cutover charge=migration\n",
	 "2026-12-31", "9000.00", "2026-03-16"},
	{"delivered again, the time begins afresh", "accepted",
	 DELIVERED
	 "2026-03-10 09:00 milestone.rejected client milestone=cutover charge=migration\n"
	 "2026-03-20 12:00 milestone.delivered provider milestone=cutover charge=migration\n",
	 "2026-12-31", "9000.00", "2026-04-03"},
	{"accepted without a delivery", "accepted",
	 "2026-02-02 09:00 milestone.accepted client milestone=cutover charge=migration\n",
	 "2026-02-02", "9000.00", "2026-02-02"},
	{"no facts, nothing due", "accepted", "", "2026-12-31", "-", NULL},
};

static void test_acceptance(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct bill *b = bill_new();
		struct text blocks =
			text_format(b->e->arena, "%s%s}}]\n", MIGRATION, cases[i].silence);

		bill_version(b, NULL, blocks.p);
		if (cases[i].facts[0] != 0)
			engine_facts(b->e, cases[i].facts);
		bill_run(b, cases[i].on);
		is_bill(b, "migration", cases[i].day, cases[i].amount, cases[i].name);
		bill_free(b);
	}
}

static void test_shares(void)
{
	struct bill *b = bill_new();

	bill_version(b, NULL,
		     "charges: [{id: m, type: milestone, total: \"99.99 USD\", milestones: [{id: "
		     "a, name: A, pct: 25%}, {id: b, name: B, "
		     "pct: 25%}, {id: c, name: C, pct: 25%}, {id: d, name: D, pct: 25%}]}]\n");
	engine_facts(b->e, "2026-02-01 09:00 milestone.accepted client milestone=a charge=m\n"
			   "2026-02-02 09:00 milestone.accepted client milestone=b charge=m\n"
			   "2026-02-03 09:00 milestone.accepted client milestone=c charge=m\n"
			   "2026-02-04 09:00 milestone.accepted client milestone=d charge=m\n");
	bill_run(b, "2026-02-28");
	is_bill(b, "m", "2026-02-01", "25.00", "X36: the first of four quarters of 99.99");
	is_bill(b, "m", "2026-02-02", "25.00", "X36: the second");
	is_bill(b, "m", "2026-02-03", "25.00", "X36: the third");
	is_bill(b, "m", "2026-02-04", "24.99", "X36: the last");
	is_text(bill_item(b, "m", "2026-02-04", 0)->part, "d", "each is a part of its own");
	bill_free(b);
}

#define LICENCES(more)                                                                             \
	"charges: [{id: licences, type: pass_through, name: Licences, markup: 8%, "                \
	"approval_above: \"5000.00 USD\"" more "}]\n"

static const struct {
	const char *name, *blocks, *facts, *on, *from;
	const char *amount;
	size_t waits;
} passed[] = {
	{"X37: 1,234.56 and 8 %", LICENCES(""),
	 "2026-03-05 12:00 supplier.invoiced provider supplier_invoice=R-1 charge=licences "
	 "amount=1234.56 currency=USD\n",
	 "2026-03-31", "2026-03-05", "1333.32", 0},
	{"not before its day has ended", LICENCES(""),
	 "2026-03-05 12:00 supplier.invoiced provider supplier_invoice=R-1 charge=licences "
	 "amount=1234.56 currency=USD\n",
	 "2026-03-05", "2026-03-05", "-", 0},
	{"above the limit it waits", LICENCES(""),
	 "2026-03-05 12:00 supplier.invoiced provider supplier_invoice=R-1 charge=licences "
	 "amount=4700.00 currency=USD\n",
	 "2026-03-31", "2026-03-05", "-", 1},
	{"the provider cannot approve it", LICENCES(""),
	 "2026-03-05 12:00 supplier.invoiced provider supplier_invoice=R-1 charge=licences "
	 "amount=4700.00 currency=USD\n"
	 "2026-03-06 12:00 purchase.approved provider supplier_invoice=R-1\n",
	 "2026-03-31", "2026-03-05", "-", 1},
	{"the client can", LICENCES(""),
	 "2026-03-05 12:00 supplier.invoiced provider supplier_invoice=R-1 charge=licences "
	 "amount=4700.00 currency=USD\n"
	 "2026-03-06 12:00 purchase.approved client supplier_invoice=R-1\n",
	 "2026-03-31", "2026-03-05", "5076.00", 0},
	{"the same number again is not billed again", LICENCES(""),
	 "2026-03-05 12:00 supplier.invoiced provider supplier_invoice=R-1 charge=licences "
	 "amount=100.00 currency=USD\n"
	 "2026-03-07 12:00 supplier.invoiced provider supplier_invoice=R-1 charge=licences "
	 "amount=100.00 currency=USD\n",
	 "2026-03-31", NULL, "108.00", 1},
	{"another currency without a rate waits", LICENCES(""),
	 "2026-03-05 12:00 supplier.invoiced provider supplier_invoice=R-1 charge=licences "
	 "amount=100.00 currency=EUR\n",
	 "2026-03-31", "2026-03-05", "-", 1},
	{"records of a month sum exactly and round once", LICENCES(""),
	 "2026-03-05 12:00 cost.recorded provider charge=licences amount=0.00462962963 "
	 "currency=USD\n"
	 "2026-03-06 12:00 cost.recorded provider charge=licences amount=0.00462962963 "
	 "currency=USD\n"
	 "2026-03-31 23:30 cost.recorded provider charge=licences amount=-0.00000000001 "
	 "currency=USD\n"
	 "2026-04-01 00:10 cost.recorded provider charge=licences amount=700 currency=USD\n",
	 "2026-04-01", "2026-03-01", "0.01", 0},
	{"records alone wait where an invoice is evidence",
	 LICENCES(", evidence: supplier_invoice"),
	 "2026-03-05 12:00 cost.recorded provider charge=licences amount=12.5 currency=USD\n",
	 "2026-04-01", NULL, "-", 1},
};

static void test_passed_on(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(passed); i++) {
		struct bill *b = bill_new();

		bill_version(b, NULL, passed[i].blocks);
		engine_facts(b->e, passed[i].facts);
		bill_run(b, passed[i].on);
		is_bill(b, "licences", passed[i].from, passed[i].amount, passed[i].name);
		is_i64((int64_t)b->c->n_waits, (int64_t)passed[i].waits, "and so much waits");
		bill_free(b);
	}
}

int main(void)
{
	test_acceptance();
	test_shares();
	test_passed_on();
	return tap_done();
}
