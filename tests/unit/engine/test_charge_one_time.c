/* SPDX-License-Identifier: Apache-2.0 */
/* What is paid once: on the effective date, at the start of service, on acceptance (money.md section 3, R45). */
#include "money_fixture.h"

static const struct {
	const char *name, *charge, *on, *from, *want;
} rows[] = {
	{"at the start of service unless said", "", "2026-03-15", "2026-03-15", "4500.00"},
	{"not before", "", "2026-03-14", "2026-03-15", "-"},
	{"on the effective date", ", due: effective_date", "2026-02-01", "2026-02-01", "4500.00"},
	{"on a day of its own", ", from: \"2026-05-04\"", "2026-05-04", "2026-05-04", "4500.00"},
	{"at the price of its day (R22)",
	 ", from: \"2026-05-04\", schedule: [{id: s, from: \"2026-05-01\", amount: 5000 USD}]",
	 "2026-05-04", "2026-05-04", "5000.00"},
	{"not if it ends before (R10)", ", until: \"2026-03-15\"", "2026-04-01", "2026-03-15", "-"},
};

static void table(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct bill *b = bill_new();

		b->term = "effective_date: \"2026-02-01\", service_start: \"2026-03-15\", initial: "
			  "12mo";
		bill_version(
			b, NULL,
			text_format(b->e->arena,
				    "charges: [{id: setup, type: one_time, amount: 4500 USD%s}]\n",
				    rows[i].charge)
				.p);
		bill_run(b, rows[i].on);
		is_bill(b, "setup", rows[i].from, rows[i].want, rows[i].name);
		ok(bill_count(b, "setup") <= 1, "... once");
		bill_free(b);
	}
}

/* The contract ended before; a later version moves nothing that fell due. */
static void versions(void)
{
	struct bill *b = bill_new();
	static const char *const amounts[] = {"10", "20"};

	for (int k = 0; k < 2; k++)
		bill_version(b, k == 0 ? NULL : "2026-06-01",
			     text_format(b->e->arena,
					 "charges: [{id: setup, type: one_time, amount: %s USD}]\n",
					 amounts[k])
				     .p);
	bill_run(b, "2026-07-01");
	is_bill(b, "setup", "2026-01-01", "10.00", "fell due under the first words");
	is_i64((int64_t)bill_count(b, "setup"), 1, "and once only");
	bill_free(b);

	b = bill_new();
	bill_version(b, NULL,
		     "charges: [{id: care, type: recurring, amount: 1 USD, period: 1mo}]\n");
	bill_version(
		b, "2026-06-10",
		"charges: [{id: care, type: recurring, amount: 1 USD, period: 1mo}, {id: setup, "
		"type: one_time, due: effective_date, amount: 7 USD}]\n");
	bill_run(b, "2026-07-01");
	is_bill(b, "setup", "2026-06-10", "7.00", "one that an amendment adds: with the amendment");
	bill_free(b);

	b = bill_new();
	b->stop = bill_day("2025-12-01");
	bill_version(b, NULL, "charges: [{id: setup, type: one_time, amount: 7 USD}]\n");
	bill_run(b, "2026-07-01");
	is_bill(b, "setup", NULL, "-", "nothing of a contract that ended before");
	bill_free(b);
}

static struct bill *on_acceptance(void)
{
	struct bill *b = bill_new();

	bill_version(b, NULL,
		     "charges: [{id: setup, type: one_time, amount: 4500 USD, due: acceptance, "
		     "acceptance: {reject_within: 10bd}}]\n");
	engine_facts(b->e, "2026-03-02 10:00 milestone.delivered provider milestone=setup "
			   "charge=setup\n");
	return b;
}

static void acceptance(void)
{
	struct bill *b = on_acceptance();

	bill_run(b, "2026-03-05");
	is_bill(b, "setup", NULL, "-", "delivered, not accepted");
	ok(b->c->n_waits == 1 && b->c->waits[0].what == STEP_ACCEPTED &&
		   b->c->waits[0].date == bill_day("2026-03-16"),
	   "it waits until the day on which silence decides");
	engine_facts(b->e,
		     "2026-03-06 15:00 milestone.accepted client milestone=setup charge=setup\n");
	bill_run(b, "2026-03-06");
	is_bill(b, "setup", "2026-03-06", "4500.00", "accepted: due that day");

	const struct invoice_line *l = &bill_item(b, "setup", NULL, 0)->lines[0];

	is_text(l->rule, "money.md R45", "rule");
	is_text(l->evidence.kind, "acceptance", "evidence");
	ok(l->evidence.count == 2 && l->steps[0].what == STEP_ACCEPTED && l->steps[0].entry == 1,
	   "delivery and acceptance");
	bill_free(b);

	b = on_acceptance();
	bill_run(b, "2026-03-17");
	is_bill(b, "setup", "2026-03-16", "4500.00", "accepted by silence (X36's delivery)");
	l = &bill_item(b, "setup", NULL, 0)->lines[0];
	ok(l->evidence.count == 1 && l->steps[0].what == STEP_ACCEPTED_BY_SILENCE,
	   "... and says so");
	bill_free(b);

	b = on_acceptance();
	engine_facts(b->e,
		     "2026-03-06 15:00 milestone.rejected client milestone=setup charge=setup\n");
	bill_run(b, "2026-04-17");
	is_bill(b, "setup", NULL, "-", "rejected: silence does not decide any more");
	ok(b->c->n_waits == 1 && b->c->waits[0].date == DAY_NONE, "it waits for a new delivery");
	bill_free(b);

	b = bill_new();
	bill_version(b, NULL,
		     "charges: [{id: setup, type: one_time, amount: 4500 USD, due: acceptance}]\n");
	bill_run(b, "2026-03-05");
	ok(b->c->n_items == 0 && b->c->n_waits == 0, "nothing was delivered");
	bill_free(b);
}

int main(void)
{
	table();
	versions();
	acceptance();
	return tap_done();
}
