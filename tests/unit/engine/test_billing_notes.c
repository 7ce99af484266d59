/* SPDX-License-Identifier: Apache-2.0 */
/* Credit notes (money.md R90 to R94), what must be one (R92), service credits (R61, R62, R98), late items (R97), what parks (R74). */
#include "billing_fixture.h"

static const char one_fee[] =
	"charges: [{id: fee, type: recurring, amount: \"200.00 USD\", period: 1mo, tax: s}]\n"
	"taxes: {categories: [{id: s, code: S, rate: 25%}]}\n";

static const struct invoice *credit(struct books *k, const struct invoice *of, int64_t line,
				    int64_t amount, const char *reason)
{
	const struct invoice *note = NULL;

	err_clear(&k->b->err);
	if (billing_credit(k->b->e->arena, of, k->issued, k->n_issued, line, amount,
			   text_of(reason), of->date + 1, &note, &k->b->err) != RC_OK)
		return NULL;
	return note;
}

/* X49: 29 of 30 days of a line go back. */
static void part_of_line(void)
{
	struct books *k = books_new();
	const struct invoice *inv, *note;

	bill_version(k->b, NULL, one_fee);
	inv = books_month(k, "2026-01-01");
	note = credit(k, inv, 1, 19333, "correction");
	if (ok(note != NULL, "X49: a note")) {
		is_minor(k, note->net, "193.33", "X49: net");
		is_minor(k, note->tax, "48.33", "X49: tax");
		is_minor(k, note->gross, "241.66", "X49: total");
		is_text(note->corrected, "INV-001", "R93: names the invoice");
		is_i64(note->lines[0].of_line, 1, "R93: and the line");
		books_add(k, note, "CN");
	}
	ok(credit(k, inv, 1, 668, "goodwill") == NULL, "R94: more than is left");
	is_text(text_of(k->b->err.message),
		"credit exceeds the line: '6.68' of 200.00, 193.33 already credited", "R94: words");
	is_text(text_of(k->b->err.hint), "at most 6.67", "R94: what would be right");
	note = credit(k, inv, 1, 667, "goodwill");
	if (ok(note != NULL, "R94: the rest")) {
		is_minor(k, note->tax, "1.67", "R94: the rest of the tax, to the cent");
		is_minor(k, note->gross + 24166, "250.00", "R94: both give the whole back");
		books_add(k, note, "CN");
	}
	books_run(k, "2026-01-02");
	is_lines(k, "-", "R17: what a person credits is not billed again");
	books_free(k);
}

/* X50: the line's share of discounts goes back with it. */
static void share_of_discount(void)
{
	struct books *k = books_new();
	const struct invoice *inv, *note;
	struct invoice_reduction r;
	struct invoice fake;
	static const int64_t lines[] = {1}, shares[] = {25000};
	static const struct invoice_tax tax = {
		.category = {"s", 1}, .code = TAX_S, .rate = {20, 0}, .base = 14900, .tax = 2980};
	struct invoice_line line;

	bill_version(k->b, NULL, one_fee);
	inv = books_month(k, "2026-01-01");
	fake = *inv;
	line = inv->lines[0];
	line.net = 39900;
	r = (struct invoice_reduction){.kind = REDUCTION_DISCOUNT,
				       .charge = text_of("d"),
				       .item = line.item,
				       .amount = 25000,
				       .lines = lines,
				       .shares = shares,
				       .n_lines = 1,
				       .category = text_of("s")};
	fake.lines = &line;
	fake.reductions = &r;
	fake.n_reductions = 1;
	fake.taxes = &tax;
	k->n_issued = 0;
	inv = books_add(k, &fake, "INV");
	note = credit(k, inv, 1, 26260, "correction");
	if (ok(note != NULL, "X50: a note")) {
		is_minor(k, note->sum_reductions, "164.54", "X50: the discount goes back");
		is_minor(k, note->net, "98.06", "X50: net");
		is_minor(k, note->tax, "19.61", "X50: tax");
		is_minor(k, note->gross, "117.67", "X50: total");
		books_add(k, note, "CN");
	}
	note = credit(k, inv, 1, 13640, "correction");
	if (ok(note != NULL, "R94: the rest"))
		is_minor(k, note->sum_reductions, "85.46", "R94: takes the remainder to the cent");
	books_free(k);
}

/* R94: the last credit takes what rounding left, of discounts and of tax. */
static void remainders(void)
{
	struct books *k = books_new();
	const struct invoice *inv, *note;

	bill_version(k->b, NULL,
		     "charges: [{id: fee, type: recurring, amount: \"10.00 USD\", period: 1mo}, "
		     "{id: d, type: discount, pct: 0.5%, applies_to: [fee]}]\n");
	inv = books_month(k, "2026-01-01");
	books_add(k, credit(k, inv, 1, 333, "goodwill"), "CN");
	books_add(k, credit(k, inv, 1, 333, "goodwill"), "CN");
	note = credit(k, inv, 1, 334, "goodwill");
	is_minor(k, note->sum_reductions, "0.01", "R94: 0.05 less twice 0.02");
	books_free(k);

	k = books_new();
	bill_version(k->b, NULL,
		     "charges: [{id: fee, type: recurring, amount: \"30.15 USD\", period: 1mo, "
		     "tax: s}]\ntaxes: {categories: [{id: s, code: S, rate: 10%}]}\n");
	inv = books_month(k, "2026-01-01");
	is_minor(k, inv->tax, "3.02", "R94: tax of the invoice");
	books_add(k, credit(k, inv, 1, 1005, "goodwill"), "CN");
	books_add(k, credit(k, inv, 1, 1005, "goodwill"), "CN");
	note = credit(k, inv, 1, 1005, "goodwill");
	is_minor(k, note->tax, "1.00", "R94: 3.02 less twice 1.01");
	is_minor(k, note->gross, "11.05", "R94: and in its total");
	books_free(k);
}

/* R65: what is billed behind is taxed by the end of its period, what is billed ahead by the day of the invoice. */
static void tax_point(void)
{
	static const char both[] =
		"charges: [{id: fee, type: recurring, amount: \"100.00 USD\", period: 1mo, bill: "
		"arrears, tax: s}, {id: big, type: recurring, amount: \"100.00 USD\", period: 1mo, "
		"tax: s}]\ntaxes: {categories: [{id: s, code: S, rate: %s}]}\n";
	struct books *k = books_new();

	bill_version(k->b, NULL, text_format(k->b->e->arena, both, "10%").p);
	books_month(k, "2026-01-01");
	bill_version(k->b, "2026-02-01", text_format(k->b->e->arena, both, "12%").p);
	books_run(k, "2026-02-01");
	is_i64((int64_t)k->out.invoice->n_taxes, 2, "R65: two rates");
	is_minor(k, k->out.invoice->tax, "22.00", "R65: January at 10 %, February at 12 %");
	books_free(k);
}

/*
 * R65, a rate that changes in the middle of the year: 10 %, from 1 July 12 %. June behind and July ahead on the document of 1 July; and the
 * year from 1 January paid ahead, of which the document of 1 August bills August ahead.
 */
static void tax_points(void)
{
	static const struct {
		const char *name;
		enum tax_point point;
		const char *facts, *july, *august; /* tax */
	} cases[] = {
		{"by charge: end of June, 1 July", TAX_POINT_BY_CHARGE, "", "22.00", "24.00"},
		{"end of the service", TAX_POINT_SERVICE_END, "", "22.00", "24.00"},
		{"day of the invoice", TAX_POINT_INVOICE_DATE, "", "24.00", "24.00"},
		{"payment: nothing paid ahead", TAX_POINT_PAYMENT, "", "22.00", "24.00"},
		{"payment: the year paid ahead at the old rate", TAX_POINT_PAYMENT,
		 "2025-12-20 10:00 payment.received provider payment=P amount=1200.00 "
		 "currency=USD purpose=year_ahead\n",
		 "20.00", "22.00"},
		{"by charge: a payment changes nothing", TAX_POINT_BY_CHARGE,
		 "2025-12-20 10:00 payment.received provider payment=P amount=1200.00 "
		 "currency=USD purpose=year_ahead\n",
		 "22.00", "24.00"},
		{"payment: what the bank took back is none", TAX_POINT_PAYMENT,
		 "2025-12-20 10:00 payment.received provider payment=P amount=1200.00 "
		 "currency=USD purpose=year_ahead\n"
		 "2025-12-29 10:00 payment.returned provider payment=P\n",
		 "22.00", "24.00"},
	};
	static const char both[] =
		"charges: [{id: fee, type: recurring, amount: \"100.00 USD\", period: 1mo, bill: "
		"arrears, tax: s}, {id: big, type: recurring, amount: \"100.00 USD\", period: 1mo, "
		"tax: s}]\ntaxes: {categories: [{id: s, code: S, rate: %s}]}\n";

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct books *k = books_new();

		k->settings.tax_point = cases[i].point;
		bill_version(k->b, NULL, text_format(k->b->e->arena, both, "10%").p);
		bill_version(k->b, "2026-07-01", text_format(k->b->e->arena, both, "12%").p);
		engine_facts(k->b->e, cases[i].facts);
		books_month(k, "2026-06-01");
		is_minor(k, books_month(k, "2026-07-01")->tax, cases[i].july, cases[i].name);
		is_minor(k, books_month(k, "2026-08-01")->tax, cases[i].august, "and August");
		books_free(k);
	}
}

/* R75: what lies ahead, for 90 days. */
static void ahead(void)
{
	struct books *k = books_new();

	bill_version(k->b, NULL,
		     "charges: [{id: fee, type: recurring, amount: \"100.00 USD\", period: 1mo, "
		     "schedule: [{id: s1, from: \"2026-06-01\", amount: \"110.00 USD\"}]}]\n"
		     "payment: {due: 30d, dispute: {within: 20d}}\n");
	books_run(k, "2026-03-01");
	is_i64((int64_t)k->out.invoice->n_notes, 0, "R75: 92 days ahead: not yet");
	is_i64(k->out.invoice->due, bill_day("2026-03-31"), "due thirty days after its date");
	is_i64(k->out.invoice->dispute_until, bill_day("2026-03-21"), "R75: disputable until");
	books_run(k, "2026-04-01");
	if (ok(k->out.invoice->n_notes == 1, "R75: 61 days ahead")) {
		is_i64(k->out.invoice->notes[0].what, STEP_NEW_PRICE, "R75: a new price");
		is_i64(k->out.invoice->notes[0].date, bill_day("2026-06-01"), "R75: its day");
	}
	books_free(k);
}

/* R90: a full credit note, then a new invoice. */
static void voided(void)
{
	struct books *k = books_new();
	const struct invoice *inv, *note = NULL;
	const char *terms = "charges: [{id: fee, type: recurring, amount: \"399.00 USD\", period: "
			    "1mo, tax: s}, "
			    "{id: d, type: discount, pct: 7%, applies_to: [fee]}]\n"
			    "taxes: {categories: [{id: s, code: S, rate: 25%}]}\n";

	bill_version(k->b, NULL, terms);
	inv = books_month(k, "2026-01-01");
	note = credit(k, inv, 1, 10000, "goodwill");
	books_add(k, note, "CN");
	is_i64(billing_void(k->b->e->arena, inv, k->issued, k->n_issued, inv->date + 2, &note,
			    &k->b->err),
	       RC_OK, "R90: voided");
	is_minor(k, note->gross + k->issued[1].invoice->gross, "463.84",
		 "R90: with what was credited before, all of it");
	is_minor(k, inv->gross, "463.84", "R90: which is the invoice");
	books_add(k, note, "CN");
	books_run(k, "2026-01-04");
	is_lines(k, "299.00", "R90: billed anew, without the goodwill");
	books_issue(k);
	books_run(k, "2026-01-04");
	is_lines(k, "-", "R90: once");
	is_i64(billing_void(k->b->e->arena, inv, k->issued, k->n_issued, inv->date + 2, &note,
			    &k->b->err),
	       RC_INVALID, "R90: not twice");
	books_free(k);
}

static const char two_fees[] =
	"charges: [{id: fee, type: recurring, amount: \"%s USD\", period: 1mo, tax: s}, "
	"{id: big, type: recurring, amount: \"5000.00 USD\", period: 1mo, tax: s}]\n"
	"taxes: {categories: [{id: s, code: S, rate: %s}]}\n%s";

static void terms(struct books *k, const char *from, const char *fee, const char *rate,
		  const char *more)
{
	bill_version(k->b, from, text_format(k->b->e->arena, two_fees, fee, rate, more).p);
}

/* R91 and R92: line or note. */
static void which_way(void)
{
	struct books *k = books_new();

	terms(k, NULL, "310.00", "10%", "");
	books_month(k, "2026-01-01");
	terms(k, "2026-01-17", "155.00", "10%", "");
	books_run(k, "2026-02-01");
	is_lines(k, "155.00 5000.00 -75.00", "R91: next_invoice: a line");
	is_notes(k, "", "R91: no note");
	books_free(k);

	k = books_new();
	terms(k, NULL, "310.00", "10%", "invoicing: {corrections: credit_note}\n");
	books_month(k, "2026-01-01");
	terms(k, "2026-01-17", "155.00", "10%", "invoicing: {corrections: credit_note}\n");
	books_run(k, "2026-02-01");
	is_lines(k, "155.00 5000.00", "R91: credit_note: the month alone");
	is_notes(k, "75.00", "R91: a note at once");
	is_text(k->out.credit_notes[0]->reason, "correction", "R93: its reason");
	books_issue(k);
	books_run(k, "2026-02-01");
	is_lines(k, "-", "R17: the note counts");
	is_notes(k, "", "R17: once");
	books_free(k);

	k = books_new();
	terms(k, NULL, "310.00", "10%", "");
	books_month(k, "2026-01-01");
	terms(k, "2026-01-17", "155.00", "12%", "");
	books_run(k, "2026-02-01");
	is_lines(k, "155.00 5000.00", "R92: another rate: not on this invoice");
	is_notes(k, "75.00", "R92: on a note");
	is_minor(k, k->out.credit_notes[0]->tax, "7.50", "R65: at the rate of its document");
	is_minor(k, k->out.invoice->tax, "618.60", "R65: the month at the new rate");
	books_free(k);

	k = books_new();
	terms(k, NULL, "310.00", "10%", "");
	books_month(k, "2026-01-01");
	terms(k, "2026-01-17", "620.00", "12%", "");
	books_run(k, "2026-02-01");
	is_lines(k, "620.00 5000.00 150.00", "R91: an addition stays on the invoice");
	is_i64((int64_t)k->out.invoice->n_taxes, 2, "R65: at the rate of what it corrects");
	is_minor(k, k->out.invoice->taxes[1].tax, "15.00", "R65: 10 %");
	books_free(k);
}

/* R66. */
static void exemption(void)
{
	struct books *k = books_new();

	terms(k, NULL, "100.00", "10%", "");
	engine_facts(k->b->e, "2026-01-15 00:00 exemption.certified client certificate=EX-7 "
			      "from_date=2026-02-01 to_date=2026-03-01 "
			      "recorded=2026-01-01T05:00:00Z\n");
	k->b->known = engine_time(k->b->e, "2026-02-01 12:00");
	k->b->as_of = k->b->known;
	books_run(k, "2026-01-20");
	is_minor(k, k->out.invoice->tax, "510.00", "R66: outside its days taxed");
	books_issue(k);
	books_run(k, "2026-02-01");
	is_minor(k, k->out.invoice->tax, "0.00", "R66: inside exempt");
	is_i64(k->out.invoice->taxes[0].code, TAX_E, "R66: category E");
	is_text(k->out.invoice->taxes[0].reason, "EX-7", "R66: its number is the reason");
	books_free(k);
}

static bool is_parked(const struct books *k, enum parked_why why)
{
	for (size_t i = 0; i < k->out.n_parked; i++)
		if (k->out.parked[i].why == why)
			return true;
	return false;
}

static void parks(void)
{
	struct books *k = books_new();
	struct hash h;
	struct buf b;

	k->settings.bounds_off = false;
	terms(k, NULL, "100.00", "10%", "");
	for (int month = 1; month <= 4; month++)
		books_month(k, text_format(k->b->e->arena, "2026-%02d-01", month).p);
	books_run(k, "2026-05-01");
	is_i64((int64_t)k->out.n_parked, 0, "R74: a month like the others goes out");
	terms(k, "2026-05-01", "14000.00", "10%", "");
	books_run(k, "2026-05-01");
	ok(is_parked(k, PARKED_TOTAL), "R74: more than three times the median");
	is_minor(k, k->out.parked[0].bound, "5610.00", "R74: with the median");
	buf_init(&b, 1 << 20);
	invoice_json(k->out.invoice, INVOICE_SUBSTANCE, &b);
	sha256(buf_view(&b), h.b);
	buf_free(&b);
	k->released = h;
	books_run(k, "2026-05-02");
	is_i64((int64_t)k->out.n_parked, 0, "R74: released by a person, a day later");
	terms(k, "2026-05-01", "14001.00", "10%", "");
	k->b->versions[k->b->n_versions - 2] = k->b->versions[k->b->n_versions - 1];
	k->b->n_versions--;
	k->b->versions[k->b->n_versions - 1].from = bill_day("2026-05-01");
	books_run(k, "2026-05-02");
	ok(is_parked(k, PARKED_TOTAL), "R74: the release holds for exactly those bytes");
	books_free(k);

	/* months without use have a median of 0: the first use is held, with what it is held against */
	k = books_new();
	k->settings.bounds_off = false;
	bill_version(
		k->b, NULL,
		"charges: [{id: gb, type: usage, meter: m, price: \"0.10 USD\", period: 1mo}]\n");
	engine_facts(k->b->e, "2026-05-10 10:00 usage.recorded provider meter=m quantity=12\n");
	for (int month = 2; month <= 5; month++)
		books_month(k, text_format(k->b->e->arena, "2026-%02d-01", month).p);
	books_run(k, "2026-06-01");
	ok(is_parked(k, PARKED_COUNT) && k->out.parked[0].value == 12 &&
		   k->out.parked[0].bound == 0,
	   "R74: the first use after quiet months");
	books_free(k);

	k = books_new();
	k->settings.bounds_off = false;
	terms(k, NULL, "100.00", "10%", "");
	books_run(k, "2026-04-01");
	ok(is_parked(k, PARKED_PERIODS), "R74: four months of one charge");
	books_free(k);

	k = books_new();
	bill_version(k->b, NULL,
		     "charges: [{id: fee, type: recurring, amount: \"100.00 USD\", period: 1mo, "
		     "tax: r}]\ntaxes: {categories: [{id: r, code: AE}]}\n");
	books_run(k, "2026-01-01");
	ok(is_parked(k, PARKED_REVERSE_CHARGE), "R66: reverse charge without the client's VAT id");
	books_free(k);
}

/* R97: what was recorded too long after its month. */
static void late_items(void)
{
	const char *usage =
		"charges: [{id: data, type: usage, meter: m, price: \"1.00 USD\", period: 1mo}, "
		"{id: fee, type: recurring, amount: \"100.00 USD\", period: 1mo}]\n"
		"invoicing: {late_items: 60d}\n";
	struct books *k = books_new();

	bill_version(k->b, NULL, usage);
	engine_facts(k->b->e, "2026-01-10 12:00 usage.recorded provider meter=m quantity=5 id=a\n"
			      "2026-01-11 12:00 usage.recorded provider meter=m quantity=7 "
			      "recorded=2026-03-30T00:00:00Z\n"
			      "2026-01-12 12:00 usage.recorded provider meter=m quantity=20 "
			      "recorded=2026-05-01T00:00:00Z\n");
	books_month(k, "2026-02-01");
	books_month(k, "2026-03-01");
	books_run(k, "2026-04-01");
	is_lines(k, "0.00 100.00 7.00", "R97: recorded in time");
	books_issue(k);
	books_run(k, "2026-05-01");
	is_lines(k, "0.00 100.00", "R97: recorded too late");
	if (!ok(k->out.invoice->n_notes > 0, "R97: a note"))
		return;
	is_i64(k->out.invoice->notes[0].kind, NOTE_WAIVED, "R97: shown as waived");
	is_minor(k, k->out.invoice->notes[0].amount, "20.00", "R97: with the amount");
	books_issue(k);
	engine_facts(k->b->e, "2026-01-10 12:00 usage.recorded provider meter=m quantity=1 "
			      "corrects=a recorded=2026-05-20T00:00:00Z\n");
	books_run(k, "2026-06-01");
	ok(k->out.invoice != NULL && carried_in(k, "data") == 1200, "before: 12.00");
	books_issue(k);
	books_free(k);
}

/* R11. */
static void overlap(void)
{
	struct books *k = books_new();

	bill_version(k->b, NULL, one_fee);
	books_month(k, "2026-01-01");
	k->b->n_versions = 0;
	bill_version(k->b, NULL,
		     "charges: [{id: fee, type: recurring, amount: \"200.00 USD\", period: 2w, "
		     "anchor: anniversary, tax: s}]\n"
		     "taxes: {categories: [{id: s, code: S, rate: 25%}]}\n");
	books_run(k, "2026-01-20");
	if (!ok(is_parked(k, PARKED_OVERLAP), "R11: the same days twice"))
		return;
	is_text(k->out.parked[0].other, "INV-001", "R11: names the document");
	books_free(k);
}

static struct earned_credit earned(const char *rule, const char *month, int64_t amount)
{
	return (struct earned_credit){.rule = text_of(rule),
				      .metric = text_of("uptime"),
				      .month = text_of(month),
				      .name = text_of("uptime"),
				      .amount = amount,
				      .due = true,
				      .expires = DAY_NONE};
}

static void service_credits(void)
{
	struct books *k = books_new();
	struct earned_credit v[2];

	terms(k, NULL, "100.00", "10%", "");
	books_month(k, "2026-01-01");
	v[0] = earned("tiers", "2026-01", 510000 + 100000);
	k->credits = v;
	k->n_credits = 1;
	books_run(k, "2026-02-01");
	is_reductions(k, "5100.00", "R62: never below zero");
	is_minor(k, k->out.invoice->tax, "0.00", "R61: reduces what is taxed");
	is_i64((int64_t)k->out.n_waiting, 1, "R62: the rest waits");
	is_minor(k, k->out.waiting[0].amount, "1000.00", "R62: 1,000.00 of it");
	books_issue(k);
	books_run(k, "2026-03-01");
	is_reductions(k, "1000.00", "R62: for the next invoice");
	books_issue(k);
	v[0].amount = 600000;
	v[1] = earned("tiers", "2026-03", 5000);
	k->n_credits = 2;
	books_run(k, "2026-04-01");
	is_reductions(k, "-100.00 50.00", "R98: too much is taken back, oldest month first");
	books_issue(k);
	books_run(k, "2026-05-01");
	is_reductions(k, "", "R17: each once");
	books_free(k);

	k = books_new();
	terms(k, NULL, "100.00", "10%", "");
	books_month(k, "2026-01-01");
	v[0] = earned("tiers", "2026-01", 25500);
	v[0].apply_to = CREDIT_ON_NOTE;
	k->credits = v;
	k->n_credits = 1;
	books_run(k, "2026-02-01");
	is_reductions(k, "", "FK-17: not on the invoice");
	is_notes(k, "5.00 250.00", "FK-17: on a note over the month's lines");
	is_minor(k, k->out.credit_notes[0]->tax, "25.50", "R93: with their tax");
	books_issue(k);
	books_run(k, "2026-02-02");
	is_notes(k, "", "R17: once");
	books_free(k);

	k = books_new();
	terms(k, NULL, "100.00", "10%", "");
	books_month(k, "2026-01-01");
	v[0] = earned("tiers", "2026-01", 25500);
	v[0].damages = true;
	k->credits = v;
	k->n_credits = 1;
	books_run(k, "2026-02-01");
	is_minor(k, k->out.invoice->tax, "510.00", "R61: damages have no tax effect");
	is_minor(k, k->out.invoice->payable, "5355.00", "R60 step 7: after tax");
	books_issue(k);
	books_run(k, "2026-03-01");
	is_minor(k, k->out.invoice->payable, "5610.00", "R17: once");
	books_free(k);
}

/* X24, R35: unused hours are paid back at the price paid, on a credit note. */
static void refund(void)
{
	struct books *k = books_new();

	bill_version(k->b, NULL,
		     "charges: [{id: block, type: prepaid, amount: \"1200.00 USD\", hours: \"10\", "
		     "draws_for: [work], at_end: refund, tax: s}, {id: work, type: time, price: "
		     "\"140.00 USD\", tax: s}]\n"
		     "taxes: {categories: [{id: s, code: S, rate: 10%}]}\n");
	engine_facts(k->b->e, "2026-01-05 00:00 prepaid.bought client order=O1 charge=block\n"
			      "2026-01-10 09:00 work.recorded provider entry=e1 charge=work "
			      "minutes=240\n");
	books_month(k, "2026-01-05");
	is_minor(k, k->out.invoice->net, "1200.00", "X24: ten hours are bought");
	books_month(k, "2026-02-01");
	k->b->stop = bill_day("2026-02-15");
	k->final = true;
	books_run(k, "2026-02-15");
	is_notes(k, "720.00", "X24: six of ten hours");
	if (k->out.n_credit_notes > 0) {
		is_minor(k, k->out.credit_notes[0]->tax, "72.00", "X24: tax included");
		is_text(k->out.credit_notes[0]->reason, "refund", "R93: its reason");
	}
	books_issue(k);
	books_run(k, "2026-02-16");
	is_notes(k, "", "R17: once");
	books_free(k);
}

static void cash(void)
{
	struct books *k = books_new();

	k->settings.cash_rounding = 5;
	bill_version(k->b, NULL,
		     "charges: [{id: fee, type: recurring, amount: \"10.03 USD\", period: 1mo}]\n");
	books_run(k, "2026-01-01");
	is_minor(k, k->out.invoice->rounding, "0.02", "R84: shown on its own");
	is_minor(k, k->out.invoice->payable, "10.05", "R84: what is due");
	is_minor(k, k->out.invoice->gross, "10.03", "R84: nothing else");
	books_free(k);
}

int main(void)
{
	part_of_line();
	share_of_discount();
	remainders();
	tax_point();
	tax_points();
	ahead();
	voided();
	which_way();
	exemption();
	parks();
	late_items();
	overlap();
	service_credits();
	refund();
	cash();
	return tap_done();
}
