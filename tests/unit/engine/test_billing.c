/* SPDX-License-Identifier: Apache-2.0 */
/* The worked examples of money.md section 15 about documents: what is due, corrections, minimums, commitment, discounts, tax. */
#include "billing_fixture.h"

static const char fee_840[] =
	"charges: [{id: fee, type: recurring, amount: \"840.00 USD\", period: 1mo}]\n";
static const char fee_310[] =
	"charges: [{id: fee, type: recurring, amount: \"310.00 USD\", period: 1mo}]\n";
static const char fee_525[] =
	"charges: [{id: fee, type: recurring, amount: \"525.00 USD\", period: 1mo}]\n";

/* X9 and X10: changes after the month was billed, and both of them undone. */
static void chain_of_changes(void)
{
	struct books *k = books_new();

	k->b->term = "effective_date: \"2026-07-01\", initial: 36mo";
	bill_version(k->b, NULL, fee_840);
	books_run(k, "2026-07-01");
	is_lines(k, "840.00", "X9: the month in advance");
	books_issue(k);
	books_run(k, "2026-07-01");
	is_lines(k, "-", "R8: what was documented is not documented again");
	bill_version(k->b, "2026-07-10", fee_310);
	books_run(k, "2026-07-10");
	is_lines(k, "-", "X9: nothing to pay");
	is_notes(k, "376.13", "X9, R92: the reduction on a credit note");
	books_issue(k);
	bill_version(k->b, "2026-07-16", fee_525);
	books_run(k, "2026-07-16");
	is_lines(k, "110.97", "X9: the second change");
	is_text(k->out.invoice->lines[0].corrects, "INV-001", "R91: names what it corrects");
	books_issue(k);
	k->b->n_versions = 1;
	k->b->versions[0].to = INT32_MAX;
	books_run(k, "2026-07-20");
	is_lines(k, "265.16", "X10: both were mistakes");
	books_issue(k);
	is_minor(k, carried_in(k, NULL), "840.00", "X10: all four sum to the first");
	books_free(k);
}

/* R8: months that were missed come together, one line each. */
static void missed_months(void)
{
	struct books *k = books_new();

	k->b->term = "effective_date: \"2026-07-01\", initial: 36mo";
	bill_version(k->b, NULL, fee_840);
	books_run(k, "2026-09-15");
	is_lines(k, "840.00 840.00 840.00", "R8: three lines");
	is_i64(k->out.invoice->lines[2].item.from, bill_day("2026-09-01"), "R8: by period");
	books_free(k);
}

/* X7, R10, R125: a stop after the month was billed. */
static void stop(void)
{
	struct books *k = books_new();

	k->b->term = "effective_date: \"2026-05-01\", initial: 36mo";
	bill_version(
		k->b, NULL,
		"charges: [{id: fee, type: recurring, amount: \"640.00 USD\", period: 1mo}]\n");
	books_month(k, "2026-05-01");
	k->b->stop = bill_day("2026-05-13");
	books_run(k, "2026-05-20");
	is_notes(k, "392.26", "X7: 640.00 - 247.74 goes back");
	books_issue(k);
	is_minor(k, carried_in(k, NULL), "247.74", "X7: what is left");
	k->b->stop = bill_day("2026-05-01");
	books_run(k, "2026-05-21");
	is_notes(k, "247.74", "R125: nothing is left of it");
	books_free(k);
}

/* X34: the least and the most of a charge. */
static void bounds_of_charge(void)
{
	struct books *k = books_new();

	k->b->term = "effective_date: \"2026-02-04\", initial: 36mo";
	bill_version(k->b, NULL,
		     "charges: [{id: data, type: usage, meter: data, price: \"1.00 USD\", period: "
		     "1mo, min_amount: \"10.00 USD\"}]\n");
	engine_facts(k->b->e, "2026-02-10 12:00 usage.recorded provider meter=data quantity=8\n");
	books_run(k, "2026-03-01");
	is_lines(k, "8.00 0.93", "X34: min_amount over 25 of 28 days");
	is_i64(k->out.invoice->lines[1].role, LINE_MINIMUM, "X34: a line of its own");
	books_issue(k);
	engine_facts(k->b->e, "2026-02-11 12:00 usage.recorded provider meter=data quantity=2\n");
	books_run(k, "2026-03-02");
	is_lines(k, "2.00 -0.93", "R17: late usage takes the minimum back");
	books_free(k);

	k = books_new();
	k->b->term = "effective_date: \"2026-02-01\", initial: 36mo";
	bill_version(k->b, NULL,
		     "charges: [{id: data, type: usage, meter: data, price: \"10.00 USD\", period: "
		     "1mo, max_amount: \"100.00 USD\"}]\n");
	engine_facts(k->b->e, "2026-02-10 12:00 usage.recorded provider meter=data quantity=7\n");
	books_month(k, "2026-03-01");
	engine_facts(k->b->e, "2026-02-11 12:00 usage.recorded provider meter=data quantity=5\n");
	books_run(k, "2026-03-02");
	is_lines(k, "50.00", "X34: five more units");
	is_reductions(k, "20.00", "X34: what is above max_amount");
	is_minor(k, k->out.invoice->payable, "30.00", "X34: 30.00");
	books_free(k);
}

/* X35: the commitment, and late usage of its year. */
static void commitment(void)
{
	struct books *k = books_new();

	k->b->term = "effective_date: \"2022-02-01\", initial: 36mo";
	bill_version(k->b, NULL,
		     "charges: [{id: fee, type: recurring, amount: \"1000.00 USD\", period: 12mo}, "
		     "{id: data, type: usage, meter: data, price: \"1.00 USD\", period: 1mo}]\n"
		     "commitment: {amount: \"10000.00 USD\", per: 12mo, counts: [fee, data]}\n");
	books_month(k, "2022-02-01");
	is_lines(k, "915.07", "X35: the year's stub");
	books_month(k, "2022-12-02");
	books_run(k, "2023-01-01");
	ok(k->out.invoice != NULL, "X35: the last edge");
	is_minor(k, k->out.invoice->lines[k->out.invoice->n_lines - 1].net, "8235.61",
		 "X35: the true-up");
	books_issue(k);
	engine_facts(k->b->e, "2022-06-10 12:00 usage.recorded provider meter=data quantity=200 "
			      "recorded=2023-01-03T00:00:00Z\n");
	books_run(k, "2023-01-04");
	is_lines(k, "200.00 -200.00", "X35, R49: late usage comes out of the true-up");
	books_free(k);
}

/* X38: two discounts, one after the other; X40: by what twelve months came to. */
static void discounts(void)
{
	struct books *k = books_new();

	bill_version(k->b, NULL,
		     "charges: [{id: fee, type: recurring, amount: \"7200.00 USD\", period: 1mo}, "
		     "{id: a, type: discount, pct: 3%, applies_to: [fee]}, "
		     "{id: b, type: discount, pct: 2%, applies_to: [fee]}]\n");
	books_run(k, "2026-01-01");
	is_reductions(k, "216.00 139.68", "X38: 3 % then 2 %");
	is_minor(k, k->out.invoice->net, "6844.32", "X38: what is left");
	books_issue(k);
	books_run(k, "2026-01-01");
	is_lines(k, "-", "R17: discounts are not given twice");
	books_free(k);

	k = books_new();
	bill_version(
		k->b, NULL,
		"charges: [{id: fee, type: recurring, amount: \"13500.00 USD\", period: 1mo, "
		"until: "
		"\"2027-01-01\"}, {id: users, type: recurring, amount: \"1415.00 USD\", period: "
		"1mo, from: \"2027-01-01\"}, {id: volume, type: discount, applies_to: [users], "
		"bands_of: net_charges_12mo, bands: [{id: low, from: \"100000.00 USD\", pct: "
		"2.5%}, "
		"{id: high, from: \"200000.00 USD\", pct: 5%}]}]\n");
	books_month(k, "2026-12-01");
	books_run(k, "2027-01-01");
	is_reductions(k, "35.38", "X40: 2.5 % of 1,415.00 after 162,000.00");
	books_free(k);
}

/* R50, R98: a correction of a month's charge corrects its discount. */
static void discount_of_correction(void)
{
	static const char two[] =
		"charges: [{id: fee, type: recurring, amount: \"%s USD\", period: 1mo}, {id: big, "
		"type: recurring, amount: \"5000.00 USD\", period: 1mo}, {id: d, type: discount, "
		"pct: 3%%, applies_to: [fee]}]\n";
	struct books *k = books_new();
	char terms[400];

	(void)snprintf(terms, sizeof(terms), two, "1000.00");
	bill_version(k->b, NULL, terms);
	books_month(k, "2026-01-01");
	(void)snprintf(terms, sizeof(terms), two, "500.00");
	bill_version(k->b, "2026-01-17", terms);
	books_run(k, "2026-02-01");
	is_lines(k, "500.00 5000.00 -241.93", "R17: 15 of 31 days at half the price");
	is_reductions(k, "-7.26 15.00", "R98: its discount goes back, the new month has its own");
	books_issue(k);
	books_run(k, "2026-02-01");
	is_lines(k, "-", "and nothing is left");
	books_free(k);
}

static const char taxes_10[] = "taxes: {categories: [{id: s, code: S, rate: 10%}]}\n";

/* X45: the order of R60. */
static void order_of_steps(void)
{
	static const struct invoice_deduction open[] = {
		{DEDUCTION_CREDIT_NOTE, {"CN-9", 4}, 2000, NULL, 0},
		{DEDUCTION_GRANT, {"P-1", 3}, 3000, NULL, 0}};
	struct books *k = books_new();

	bill_version(k->b, NULL,
		     text_format(k->b->e->arena,
				 "charges: [{id: fee, type: recurring, amount: \"50.00 USD\", "
				 "period: 1mo, tax: s}, {id: data, type: recurring, amount: "
				 "\"20.00 USD\", period: 1mo, tax: s}, {id: d, type: discount, "
				 "pct: 20%%, applies_to: [fee]}]\n%s",
				 taxes_10)
			     .p);
	k->open = open;
	k->n_open = 2;
	books_run(k, "2026-01-01");
	is_minor(k, k->out.invoice->net, "60.00", "X45: net");
	is_minor(k, k->out.invoice->tax, "6.00", "X45: tax");
	is_minor(k, k->out.invoice->gross, "66.00", "X45: gross");
	is_minor(k, k->out.invoice->payable, "16.00", "X45: due");
	books_free(k);
}

/* X25: what rounds to nothing is not made good by the sum, and a money grant pays what is rounded. */
static void small_lines(void)
{
	static const struct invoice_deduction open[] = {
		{DEDUCTION_GRANT, {"P-1", 3}, 10000, NULL, 0}};
	struct books *k = books_new();
	struct buf b;

	buf_init(&b, 4000);
	buf_str(&b, "charges: [");
	for (int i = 0; i < 8; i++)
		buf_printf(&b,
			   "%s{id: u%d, type: usage, meter: m, price: \"%s USD\", period: 1mo, "
			   "tax: s}",
			   i > 0 ? ", " : "", i, i < 6 ? "0.004" : "0.01");
	buf_str(&b, "]\ntaxes: {categories: [{id: s, code: S, rate: 40%}]}\n");
	bill_version(k->b, NULL, text_copy(k->b->e->arena, buf_view(&b)).p);
	buf_free(&b);
	engine_facts(k->b->e, "2026-01-10 12:00 usage.recorded provider meter=m quantity=1\n");
	k->open = open;
	k->n_open = 1;
	books_run(k, "2026-02-01");
	is_minor(k, k->out.invoice->net, "0.02", "X25: net");
	is_minor(k, k->out.invoice->tax, "0.01", "X25: tax");
	is_minor(k, k->out.invoice->payable, "0.00", "X25: due");
	is_minor(k, k->out.invoice->sum_deductions, "0.03", "X25: the grant pays 0.03");
	books_free(k);
}

struct tax_case {
	const char *name, *charges, *nets, *net, *tax, *gross;
};

/* X46 to X48. */
static void taxes(void)
{
	static const struct tax_case cases[] = {
		{"X46",
		 "charges: [{id: a, type: recurring, amount: \"10.03 USD\", period: 1mo, tax: s}, "
		 "{id: b, type: recurring, amount: \"10.03 USD\", period: 1mo, tax: s}, "
		 "{id: c, type: recurring, amount: \"10.03 USD\", period: 1mo, tax: s}]\n"
		 "taxes: {categories: [{id: s, code: S, rate: 7%}]}\n",
		 "10.03 10.03 10.03", "30.09", "2.11", "32.20"},
		{"X48",
		 "charges: [{id: a, type: recurring, amount: \"9.99 USD\", period: 1mo, tax: s}, "
		 "{id: b, type: recurring, amount: \"9.99 USD\", period: 1mo, tax: s}, "
		 "{id: c, type: recurring, amount: \"9.99 USD\", period: 1mo, tax: s}]\n"
		 "taxes: {prices_include_tax: true, categories: [{id: s, code: S, rate: 19%}]}\n",
		 "8.40 8.39 8.39", "25.18", "4.79", "29.97"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct tax_case *c = &cases[i];
		struct books *k = books_new();

		bill_version(k->b, NULL, c->charges);
		books_run(k, "2026-01-01");
		is_lines(k, c->nets, c->name);
		is_minor(k, k->out.invoice->net, c->net, c->name);
		is_minor(k, k->out.invoice->tax, c->tax, c->name);
		is_minor(k, k->out.invoice->gross, c->gross, c->name);
		books_issue(k);
		books_run(k, "2026-01-01");
		is_lines(k, "-", c->name);
		books_free(k);
	}
}

/* X47: the line is rounded before its tax. */
static void tax_of_rounded_line(void)
{
	struct books *k = books_new();

	bill_version(k->b, NULL,
		     "charges: [{id: a, type: usage, meter: m, price: \"1000.04 USD\", "
		     "block_rounding: exact, period: 1mo, tax: s}]\n"
		     "taxes: {categories: [{id: s, code: S, rate: 21%}]}\n");
	engine_facts(k->b->e, "2026-01-10 12:00 usage.recorded provider meter=m quantity=0.37\n");
	books_run(k, "2026-02-01");
	is_minor(k, k->out.invoice->net, "370.01", "X47: net");
	is_minor(k, k->out.invoice->tax, "77.70", "X47: tax");
	is_minor(k, k->out.invoice->gross, "447.71", "X47: gross");
	books_free(k);
}

int main(void)
{
	chain_of_changes();
	missed_months();
	stop();
	bounds_of_charge();
	commitment();
	discounts();
	discount_of_correction();
	order_of_steps();
	small_lines();
	taxes();
	tax_of_rounded_line();
	return tap_done();
}
