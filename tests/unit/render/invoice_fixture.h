/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Documents of money built by hand, for what shows them: the example X63 of money.md, an American one with units and a service credit, a
 * credit note, an interest note, a draft that is held. Their sums are made by invoice_total or stand as money.md gives them.
 */
#ifndef RENDER_INVOICE_FIXTURE_H
#define RENDER_INVOICE_FIXTURE_H

#include "render/invoice.h"

#include "fixture.h"

#define T(s)                                                                                       \
	{                                                                                          \
		s, sizeof(s) - 1                                                                   \
	}

enum { STEPS_MOST = 8 };

UNUSED static day on(int year, int month, int d)
{
	return day_of(year, month, d);
}

static const struct text hamburg[] = {T("Speicherstraße 1")}, berlin[] = {T("Lindenallee 7")},
			 austin[] = {T("500 Congress Avenue"), T("Suite 12")},
			 boston[] = {T("1 Harbor Street")};

static const struct party_details nordlicht = {.legal_name = T("Nordlicht IT GmbH"),
					       .registration_no = T("HRB 12345"),
					       .vat_id = T("DE123456789"),
					       .lines = hamburg,
					       .n_lines = 1,
					       .city = T("Hamburg"),
					       .postcode = T("20457"),
					       .country = T("DE"),
					       .email = T("rechnung@nordlicht.example")},
				  lindner = {.legal_name = T("Lindner Werke AG"),
					     .vat_id = T("DE987654321"),
					     .lines = berlin,
					     .n_lines = 1,
					     .city = T("Berlin"),
					     .postcode = T("10115"),
					     .country = T("DE")},
				  northwind = {.legal_name = T("Northwind Managed IT, LLC"),
					       .tax_id = T("12-3456789"),
					       .lines = austin,
					       .n_lines = 2,
					       .city = T("Austin, TX"),
					       .postcode = T("78701"),
					       .country = T("US"),
					       .email = T("billing@northwind.example")},
				  harbor = {.legal_name = T("Harbor Clinic, Inc."),
					    .lines = boston,
					    .n_lines = 1,
					    .city = T("Boston, MA"),
					    .postcode = T("02110"),
					    .country = T("US")};

#define ROOT "5f2b8c1e9d7a40336b1f0c2d4e6a8b9c0d1e2f3a4b5c6d7e8f9a0b1c2d3e4f5a"
#define VERSION "9c1185a5c5e9fc54612808977ee8f548b2258d31a7a3f2b0d6e1c4f5a6b7c8d9"

UNUSED static struct fraction whole(int64_t n)
{
	return fraction_of(n, 1);
}

/* A priced line: quantity x price, whose net is given, as what priced it would. */
UNUSED static struct invoice_line charge_line(int64_t number, const char *id, const char *name,
					      const char *type, const char *rule,
					      struct days period, struct fraction quantity,
					      const char *unit, int64_t price_cents, int64_t net,
					      int tax)
{
	return (struct invoice_line){.number = number,
				     .role = LINE_CHARGE,
				     .charge = text_of(id),
				     .name = text_of(name),
				     .type = text_of(type),
				     .rule = text_of(rule),
				     .clause = text_of("Order form 2"),
				     .item = period,
				     .period = period,
				     .quantity = quantity,
				     .unit = text_of(unit),
				     .priced = true,
				     .price = {price_cents, 2},
				     .price_base = 1,
				     .net = net,
				     .counts = true,
				     .tax = tax};
}

static const int64_t work_entries[] = {41, 42}, list_entries[] = {12};

UNUSED static void x63_lines(struct invoice_line *l)
{
	struct days july = {on(2026, 7, 1), on(2026, 8, 1)},
		    june = {on(2026, 6, 1), on(2026, 7, 1)}, may = {on(2026, 5, 1), on(2026, 6, 1)};

	l[0] = charge_line(1, "bundle", "Managed workplace", "recurring", "money.md R40", july,
			   whole(1), "month", 240000, 240000, 0);
	l[1] = charge_line(2, "users", "Users", "per_unit", "money.md R25", june,
			   fraction_of(1493, 30), "user", 2500, 124417, 0);
	l[1].evidence = (struct evidence){
		.kind = text_of("unit_list"), .count = 1, .entries = list_entries, .n_entries = 1};
	l[2] = charge_line(3, "storage", "Backup storage", "usage", "money.md R43", june,
			   whole(346), "GB", 12, 4152, 0);
	l[2].evidence = (struct evidence){.kind = text_of("usage_records"), .count = 30};
	l[3] = charge_line(4, "work", "Work on site", "time", "money.md R29", june, whole(40),
			   "minute", 12000, 8000, 0);
	l[3].price_base = 60;
	l[3].evidence = (struct evidence){.kind = text_of("time_entries"),
					  .count = 2,
					  .entries = work_entries,
					  .n_entries = 2};
	l[4] = charge_line(5, "work", "Work on site", "time", "money.md R29", june, whole(20),
			   "minute", 18000, 6000, 0);
	l[4].part = text_of("evening");
	l[4].price_base = 60;
	l[5] = charge_line(6, "work", "Work on site", "time", "money.md R97", may, whole(30),
			   "minute", 12000, 6000, 0);
	l[5].price_base = 60;
	l[5].role = LINE_CORRECTION;
	l[5].corrects = text_of("INV-2026-00027");
	l[6] = charge_line(7, "licences", "Licences", "pass_through", "money.md R47", june,
			   whole(1), "", 133332, 133332, 0);
	l[6].evidence = (struct evidence){.kind = text_of("supplier_invoice"), .count = 1};
	l[7] = charge_line(8, "training", "Training", "one_time", "money.md R44",
			   (struct days){on(2026, 6, 18), on(2026, 6, 19)}, whole(1), "day", 30000,
			   30000, 1);
	l[8] = charge_line(9, "true_up", "Commitment of the half-year", "commitment",
			   "money.md R48", (struct days){on(2026, 1, 1), on(2026, 7, 1)},
			   (struct fraction){0, 0}, "", 0, 17431, 0);
	l[8].role = LINE_TRUE_UP;
	l[8].priced = false;
	l[9] = charge_line(10, "work", "Work inside the bundle", "time", "money.md R27", june,
			   whole(135), "minute", 0, 0, 0);
	l[9].role = LINE_COVERED;
	l[9].priced = false;
	l[1].weight = (struct weight){0, 0};
}

UNUSED static struct step money_step(enum step_what what, unsigned rule, int64_t minor)
{
	return (struct step){.what = (uint16_t)what,
			     .rule = (uint16_t)rule,
			     .type = STEP_IS_MONEY,
			     .entry = -1,
			     .value.count = minor};
}

UNUSED static void x63_steps(struct step *users, struct step *credit)
{
	users[0] = (struct step){STEP_UNIT_DAYS, 25, STEP_IS_COUNT, 12, .value.count = 1493};
	users[1] = (struct step){STEP_QUANTITY, 25, STEP_IS_FRACTION, -1,
				 .value.fraction = fraction_of(1493, 30)};
	users[2] = (struct step){STEP_PRICE, 22, STEP_IS_DECIMAL, 3, .value.decimal = {2500, 2}};
	users[3] = (struct step){STEP_EXACT, 82, STEP_IS_FRACTION, -1,
				 .value.fraction = fraction_of(7465, 6)};
	users[4] = money_step(STEP_ROUNDED, 83, 124417);
	credit[0] = money_step(STEP_BASE, 61, 240000);
	credit[1] = (struct step){STEP_PERCENT, 61, STEP_IS_PCT, -1, .value.decimal = {5, 0}};
	credit[2] = (struct step){STEP_CAP, 61, STEP_IS_PCT, 3, .value.decimal = {20, 0}};
	credit[3] = money_step(STEP_CREDIT, 61, 12000);
}

UNUSED static void x63_reductions(struct invoice_reduction *r, const struct step *steps)
{
	static const int64_t first[] = {1}, discount[] = {7200}, credit[] = {12000};
	struct days july = {on(2026, 7, 1), on(2026, 8, 1)};

	r[0] = (struct invoice_reduction){.kind = REDUCTION_DISCOUNT,
					  .charge = text_of("loyalty"),
					  .name = text_of("Loyalty"),
					  .clause = text_of("Order form 2"),
					  .rule = text_of("money.md R50"),
					  .base = 240000,
					  .pct = {3, 0},
					  .item = july,
					  .amount = 7200,
					  .lines = first,
					  .shares = discount,
					  .n_lines = 1,
					  .tax = 0};
	r[1] = (struct invoice_reduction){.kind = REDUCTION_CREDIT,
					  .charge = text_of("uptime"),
					  .name = text_of("Uptime below 99.5 %"),
					  .clause = text_of("SLA 4.2"),
					  .rule = text_of("money.md R61"),
					  .metric = text_of("uptime"),
					  .month = text_of("2026-05"),
					  .base = 240000,
					  .pct = {5, 0},
					  .amount = 12000,
					  .lines = first,
					  .shares = credit,
					  .n_lines = 1,
					  .tax = 0,
					  .steps = steps,
					  .n_steps = 4};
}

/* X63 of money.md, with what R75 asks for beside the lines. */
UNUSED static const struct invoice *x63(struct arena *a)
{
	struct invoice *i = arena_one(a, struct invoice);
	struct invoice_line *l = arena_array(a, struct invoice_line, 10);
	struct invoice_reduction *r = arena_array(a, struct invoice_reduction, 2);
	struct step *steps = arena_array(a, struct step, STEPS_MOST * 2);
	static const struct invoice_tax taxes[] = {
		{T("standard"), T("VAT"), T(""), TAX_S, {19, 0}, 520132, 98825},
		{T("training"),
		 T("VAT"),
		 T("exempt under section 4 no. 21 UStG"),
		 TAX_E,
		 {0, 0},
		 30000,
		 0}};
	static const struct invoice_deduction deductions[] = {
		{DEDUCTION_GRANT, T("prepaid 2026-01"), 50000, NULL, 0}};
	static const struct text units[] = {T("u-1001"), T("u-1002"), T("u-1003")},
				 added[] = {T("u-1003")};
	static struct invoice_balance balances[] = {{T("hours"),
						     T("Prepaid hours"),
						     {20, 0},
						     {10, 0},
						     {75, 1},
						     {0, 0},
						     {225, 1},
						     0,
						     {125, 1}}};
	static const struct text gone[] = {T("u-0999")};
	static struct invoice_unit_change came[] = {{0, added, gone, 1, 0}, {0, added, gone, 0, 1}};
	static struct invoice_annex annex[] = {
		{T("users"), 0, units, added, gone, 3, 1, 1, came, 2, 4}};
	static struct invoice_note notes[] = {
		{NOTE_AHEAD, STEP_NOTICE_DEADLINE, T("contract"), 0, 0, -1},
		{NOTE_WAIVED, STEP_WAIVED, T("work of 2026-01-12"), 0, 6000, 17},
		{NOTE_WAITS, STEP_NOT_APPROVED, T("order 0198"), 0, 0, 55}};

	balances[0].next_expiry = on(2026, 9, 30);
	annex[0].on = on(2026, 6, 30);
	came[0].on = on(2026, 6, 11);
	came[1].on = on(2026, 6, 24);
	notes[0].date = on(2026, 9, 30);
	notes[1].date = on(2026, 1, 12);
	notes[2].date = DAY_NONE;
	x63_lines(l);
	x63_steps(steps, steps + STEPS_MOST);
	x63_reductions(r, steps + STEPS_MOST);
	l[1].steps = steps;
	l[1].n_steps = 5;
	*i = (struct invoice){.kind = DOCUMENT_INVOICE,
			      .number = T("INV-2026-00031"),
			      .series = T("INV"),
			      .date = on(2026, 7, 1),
			      .due = on(2026, 7, 31),
			      .corrected_date = DAY_NONE,
			      .run = on(2026, 7, 1),
			      .currency = {"EUR", 2},
			      .contract = T("MSA-2026-014"),
			      .title = T("Managed IT for Lindner Werke"),
			      .order_reference = T("4500012345"),
			      .payment_reference = T("INV-2026-00031"),
			      .provider = nordlicht,
			      .client = lindner,
			      .version = T(VERSION),
			      .as_of = at("2026-07-01T00:00:00Z"),
			      .known_as_of = at("2026-07-01T06:00:00Z"),
			      .log_size = 1204,
			      .root = T(ROOT),
			      .origin = T("nordlicht.example/msa-2026-014"),
			      .lines = l,
			      .n_lines = 10,
			      .reductions = r,
			      .n_reductions = 2,
			      .taxes = taxes,
			      .n_taxes = 2,
			      .deductions = deductions,
			      .n_deductions = 1,
			      .balances = balances,
			      .n_balances = 1,
			      .annexes = annex,
			      .n_annexes = 1,
			      .notes = notes,
			      .n_notes = 3,
			      .sum_lines = 569332,
			      .sum_reductions = 19200,
			      .net = 550132,
			      .tax = 98825,
			      .gross = 648957,
			      .sum_deductions = 50000,
			      .payable = 598957,
			      .closing = 598957,
			      .commitment = 3600000,
			      .commitment_reached = 3582569,
			      .dispute_until = on(2026, 8, 30),
			      .instructions =
				      T("IBAN DE02 1203 0000 0000 2020 51, Nordlicht IT GmbH")};
	return i;
}

/* Twelve devices of 30 days, one for 14 of them, and a credit for late answers: no tax. */
UNUSED static const struct invoice *american(struct arena *a)
{
	struct invoice *i = arena_one(a, struct invoice);
	struct invoice_line *l = arena_array(a, struct invoice_line, 2);
	struct invoice_reduction *r = arena_array(a, struct invoice_reduction, 1);
	struct days june = {on(2026, 6, 1), on(2026, 7, 1)};
	static const int64_t lines[] = {1, 2}, shares[] = {9643, 357};

	l[0] = charge_line(1, "devices", "Managed devices", "per_unit", "money.md R25", june,
			   whole(11), "device", 4500, 49500, -1);
	l[1] = charge_line(2, "devices", "Managed devices", "per_unit", "money.md R13", june,
			   whole(1), "device", 4500, 2100, -1);
	l[1].part = text_of("lap-77");
	l[1].period.from = on(2026, 6, 17);
	l[1].weight = (struct weight){14, 30};
	l[1].priced = false;
	r[0] = (struct invoice_reduction){.kind = REDUCTION_CREDIT,
					  .charge = text_of("late-answers"),
					  .name = text_of("First response below 95 %"),
					  .clause = text_of("Exhibit B 3.1"),
					  .rule = text_of("money.md R61"),
					  .metric = text_of("first-response"),
					  .month = text_of("2026-05"),
					  .base = 100000,
					  .pct = {10, 0},
					  .amount = 10000,
					  .lines = lines,
					  .shares = shares,
					  .n_lines = 2,
					  .tax = -1};
	*i = (struct invoice){.kind = DOCUMENT_INVOICE,
			      .number = T("INV-2026-00112"),
			      .date = on(2026, 7, 1),
			      .due = on(2026, 7, 31),
			      .corrected_date = DAY_NONE,
			      .currency = {"USD", 2},
			      .contract = T("NW-HARBOR-3"),
			      .title = T("Managed IT for Harbor Clinic"),
			      .provider = northwind,
			      .client = harbor,
			      .lines = l,
			      .n_lines = 2,
			      .reductions = r,
			      .n_reductions = 1,
			      .sum_lines = 51600,
			      .sum_reductions = 10000,
			      .net = 41600,
			      .gross = 41600,
			      .payable = 41600,
			      .opening = 120000,
			      .payments = 120000,
			      .closing = 41600,
			      .dispute_until = DAY_NONE,
			      .as_of = INSTANT_NONE,
			      .known_as_of = INSTANT_NONE};
	return i;
}

/* The credit note of X63: ten user-days of May. */
UNUSED static const struct invoice *credit_note(struct arena *a)
{
	struct invoice *i = arena_one(a, struct invoice);
	struct invoice_line *l = arena_array(a, struct invoice_line, 1);
	static const struct invoice_tax taxes[] = {
		{T("standard"), T("VAT"), T(""), TAX_S, {19, 0}, 806, 153}};

	l[0] = charge_line(1, "users", "Users", "per_unit", "money.md R93",
			   (struct days){on(2026, 5, 1), on(2026, 6, 1)}, fraction_of(10, 31),
			   "user", 2500, 806, 0);
	l[0].of_line = 2;
	l[0].corrects = text_of("INV-2026-00027");
	*i = *x63(a);
	i->kind = DOCUMENT_CREDIT_NOTE;
	i->number = text_of("CN-2026-00004");
	i->corrected = text_of("INV-2026-00027");
	i->corrected_date = on(2026, 6, 1);
	i->reason = text_of("correction");
	i->due = i->dispute_until = DAY_NONE;
	i->lines = l;
	i->n_lines = 1;
	i->taxes = taxes;
	i->n_taxes = 1;
	i->n_reductions = i->n_deductions = i->n_balances = i->n_annexes = i->n_notes = 0;
	i->sum_lines = i->net = 806;
	i->tax = 153;
	i->gross = i->payable = 959;
	i->sum_reductions = i->sum_deductions = i->commitment = i->closing = 0;
	return i;
}

/* X54 of money.md: 211.64 of interest and 40.00, outside the scope of VAT. */
UNUSED static const struct invoice *interest_note(struct arena *a)
{
	struct invoice *i = arena_one(a, struct invoice);
	struct invoice_line *l = arena_array(a, struct invoice_line, 2);
	struct days late = {on(2026, 6, 1), on(2026, 8, 15)};
	static const struct invoice_tax taxes[] = {
		{T("outside"), T("VAT"), T("not subject to VAT"), TAX_O, {0, 0}, 25164, 0}};

	l[0] = charge_line(1, "late", "Interest on INV-2026-00020", "interest", "money.md R110",
			   late, (struct fraction){0, 0}, "", 0, 21164, 0);
	l[0].role = LINE_INTEREST;
	l[0].priced = false;
	l[1] = charge_line(2, "late", "Fixed sum for INV-2026-00020", "interest", "money.md R110",
			   late, whole(1), "", 4000, 4000, 0);
	l[1].role = LINE_FIXED_FEE;
	*i = *x63(a);
	i->kind = DOCUMENT_INTEREST;
	i->number = i->payment_reference = text_of("INT-2026-00002");
	i->date = on(2026, 8, 14);
	i->due = on(2026, 9, 13);
	i->lines = l;
	i->n_lines = 2;
	i->taxes = taxes;
	i->n_taxes = 1;
	i->n_reductions = i->n_deductions = i->n_balances = i->n_annexes = i->n_notes = 0;
	i->sum_lines = i->net = i->gross = i->payable = 25164;
	i->tax = i->sum_reductions = i->sum_deductions = i->commitment = i->closing = 0;
	return i;
}

UNUSED static const struct invoice *draft(struct arena *a)
{
	struct invoice *i = arena_one(a, struct invoice);

	*i = *x63(a);
	i->number = i->series = text_of("");
	i->due = DAY_NONE;
	return i;
}

UNUSED static const struct parked *reasons(size_t *n)
{
	static struct parked v[] = {
		{PARKED_TOTAL, T("total"), T(""), {0, 0}, 3120000, 761000},
		{PARKED_COUNT, T("users"), T(""), {0, 0}, 250, 40},
		{PARKED_COUNT, T("storage"), T(""), {0, 0}, 12, 0},
		{PARKED_PERIODS, T("bundle"), T(""), {0, 0}, 5, 3},
		{PARKED_LINES, T("work"), T(""), {0, 0}, 18, 15},
		{PARKED_NEGATIVE, T("standard"), T(""), {0, 0}, -1200, 0},
		{PARKED_OVERFLOW, T(""), T(""), {0, 0}, 0, 0},
		{PARKED_OVERLAP, T("bundle"), T("INV-2026-00031"), {0, 0}, 0, 0},
		{PARKED_REVERSE_CHARGE, T("eu"), T(""), {0, 0}, 0, 0},
		{PARKED_CHANGED, T(""), T("INV-2026-00030"), {0, 0}, 0, 0}};

	v[4].days = (struct days){on(2026, 6, 1), on(2026, 6, 2)};
	v[7].days = (struct days){on(2026, 6, 1), on(2026, 7, 1)};
	*n = ARRAY_SIZE(v);
	return v;
}

#endif
