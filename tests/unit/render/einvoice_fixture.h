/* SPDX-License-Identifier: Apache-2.0 */
/* Documents for e-invoices: money.md's X63, its credit note, and one of each tax category. */
#ifndef TEST_EINVOICE_FIXTURE_H
#define TEST_EINVOICE_FIXTURE_H

#include "render/einvoice.h"

#include "tap.h"

struct maker {
	struct arena *arena;
	struct invoice *i;
	struct invoice_line *lines;
	struct invoice_reduction *reductions;
	struct invoice_tax *taxes;
	struct invoice_deduction *deductions;
};

enum { FIXTURE_MANY = 40 };

static struct text fixture_text(const char *s)
{
	return text_of(s);
}

static struct party_details fixture_party(struct arena *a, const char *name, const char *country,
					  const char *vat, const char *address)
{
	struct text *lines = arena_array(a, struct text, 2);

	lines[0] = text_of("Hauptstraße 1 & 2");
	lines[1] = text_of("Building <B>");
	return (struct party_details){.legal_name = text_of(name),
				      .registration_no = text_of("HRB 12345"),
				      .vat_id = text_of(vat),
				      .e_address = text_of(address),
				      .lines = lines,
				      .n_lines = 2,
				      .city = text_of("Berlin"),
				      .postcode = text_of("10115"),
				      .country = text_of(country),
				      .email = text_of("billing@example.org")};
}

static struct maker fixture_new(struct arena *a, enum document_kind kind, const char *currency)
{
	struct maker m = {.arena = a,
			  .i = arena_one(a, struct invoice),
			  .lines = arena_array(a, struct invoice_line, FIXTURE_MANY),
			  .reductions = arena_array(a, struct invoice_reduction, FIXTURE_MANY),
			  .taxes = arena_array(a, struct invoice_tax, FIXTURE_MANY),
			  .deductions = arena_array(a, struct invoice_deduction, FIXTURE_MANY)};
	struct invoice *i = m.i;

	i->kind = kind;
	i->number = fixture_text(kind == DOCUMENT_CREDIT_NOTE ? "CN-2026-00004"
				 : kind == DOCUMENT_INTEREST  ? "INT-2026-00002"
							      : "INV-2026-00031");
	i->date = day_of(2026, 7, 1);
	i->due = day_of(2026, 7, 31);
	i->run = i->date;
	i->corrected_date = DAY_NONE;
	(void)!currency_find(text_of(currency), &i->currency);
	i->contract = text_of("MSA-2026-014");
	i->order_reference = text_of("PO 4711");
	i->payment_reference = i->number;
	i->instructions = text_of("IBAN DE79 0000 0000 1234 5678 90");
	i->version = text_of("4cf5d11ad8e1a2ee94ca8e4b5e2c0a9d3a1b6e9f7c8d5e4f3a2b1c0d9e8f7a6b");
	i->root = text_of("9b2c44f1d8e1a2ee94ca8e4b5e2c0a9d3a1b6e9f7c8d5e4f3a2b1c0d9e8f7a6b");
	i->log_size = 1841;
	i->provider =
		fixture_party(a, "Northwind IT GmbH", "DE", "DE123456789", "0204:991-1234-56");
	i->client = fixture_party(a, "Contoso \"Werke\" AG", "DE", "DE987654321",
				  "EM:ap@contoso.example");
	if (kind == DOCUMENT_CREDIT_NOTE) {
		i->corrected = text_of("INV-2026-00027");
		i->corrected_date = day_of(2026, 6, 1);
		i->reason = text_of("correction");
	}
	return m;
}

static int fixture_tax(struct maker *m, enum tax_code code, struct decimal rate, const char *reason)
{
	m->taxes[m->i->n_taxes] = (struct invoice_tax){.category = text_of(tax_word(code)),
						       .code = code,
						       .rate = rate,
						       .reason = text_of(reason)};
	return (int)m->i->n_taxes++;
}

static struct invoice_line *fixture_line(struct maker *m, const char *charge, int tax, int64_t net)
{
	struct invoice_line *l = &m->lines[m->i->n_lines++];

	*l = (struct invoice_line){.number = (int64_t)m->i->n_lines,
				   .charge = text_of(charge),
				   .name = text_of(charge),
				   .clause = text_of("Order form 2"),
				   .rule = text_of("money.md R37"),
				   .period = {day_of(2026, 6, 1), day_of(2026, 7, 1)},
				   .tax = tax,
				   .net = net,
				   .counts = true};
	return l;
}

static void fixture_priced(struct invoice_line *l, struct fraction quantity, const char *unit,
			   struct decimal price, int64_t base)
{
	l->priced = true;
	l->quantity = quantity;
	l->unit = text_of(unit);
	l->price = price;
	l->price_base = base;
}

static struct invoice_reduction *fixture_reduction(struct maker *m, enum reduction_kind kind,
						   int tax, int64_t base, struct decimal pct,
						   int64_t amount)
{
	struct invoice_reduction *r = &m->reductions[m->i->n_reductions++];

	*r = (struct invoice_reduction){
		.kind = kind,
		.name = text_of(kind == REDUCTION_CREDIT ? "uptime" : "partner discount"),
		.month = text_of(kind == REDUCTION_CREDIT ? "2026-05" : ""),
		.base = base,
		.pct = pct,
		.amount = amount,
		.tax = tax};
	return r;
}

static void fixture_deduction(struct maker *m, enum deduction_kind kind, int64_t amount)
{
	m->deductions[m->i->n_deductions++] = (struct invoice_deduction){
		.kind = kind, .reference = text_of("R-1"), .amount = amount};
}

/* Sums by the engine itself. */
static struct invoice *fixture_done(struct maker *m)
{
	struct err err = {.line = 0};

	m->i->lines = m->lines;
	m->i->reductions = m->reductions;
	m->i->taxes = m->taxes;
	m->i->deductions = m->deductions;
	if (invoice_total(m->i, NULL, m->arena, &err) != RC_OK)
		ok(false, "a fixture sums up: %s", err.message);
	return m->i;
}

/* X63 */
static void fixture_x63_lines(struct maker *m, int s, int e)
{
	struct invoice_line *l = fixture_line(m, "bundle", s, 240000);

	fixture_priced(l, fraction_of(1, 1), "month", (struct decimal){2400, 0}, 1);
	l->period = (struct days){day_of(2026, 7, 1), day_of(2026, 8, 1)};
	l = fixture_line(m, "users", s, 124417);
	fixture_priced(l, fraction_of(1493, 1), "user", (struct decimal){25, 0}, 30);
	l->evidence = (struct evidence){.kind = text_of("unit_list"), .count = 1};
	l = fixture_line(m, "storage", s, 4152);
	fixture_priced(l, fraction_of(346, 1), "GiB", (struct decimal){12, 2}, 1);
	l = fixture_line(m, "work", s, 8000);
	fixture_priced(l, fraction_of(40, 1), "minute", (struct decimal){120, 0}, 60);
	l = fixture_line(m, "work", s, 6000);
	fixture_priced(l, fraction_of(20, 1), "minute", (struct decimal){180, 0}, 60);
	l->part = text_of("late");
	l = fixture_line(m, "work", s, 6000);
	fixture_priced(l, fraction_of(30, 1), "minute", (struct decimal){120, 0}, 60);
	l->period = (struct days){day_of(2026, 5, 1), day_of(2026, 6, 1)};
	l->role = LINE_CORRECTION;
	l->corrects = text_of("INV-2026-00027");
	fixture_line(m, "licences", s, 133332);
	fixture_line(m, "training", e, 30000);
	fixture_line(m, "true-up", s, 17431)->role = LINE_TRUE_UP;
}

UNUSED static struct invoice *fixture_x63(struct arena *a)
{
	struct maker m = fixture_new(a, DOCUMENT_INVOICE, "EUR");
	int s = fixture_tax(&m, TAX_S, (struct decimal){19, 0}, "");
	int e = fixture_tax(&m, TAX_E, decimal_of(0), "training, section 4 no. 21 UStG");

	fixture_x63_lines(&m, s, e);
	fixture_reduction(&m, REDUCTION_DISCOUNT, s, 240000, (struct decimal){3, 0}, 7200);
	fixture_reduction(&m, REDUCTION_CREDIT, s, 240000, (struct decimal){5, 0}, 12000);
	fixture_deduction(&m, DEDUCTION_GRANT, 50000);
	return fixture_done(&m);
}

/* X63's credit note: 10 user-days of May. */
UNUSED static struct invoice *fixture_x63_note(struct arena *a)
{
	struct maker m = fixture_new(a, DOCUMENT_CREDIT_NOTE, "EUR");
	int s = fixture_tax(&m, TAX_S, (struct decimal){19, 0}, "");
	struct invoice_line *l = fixture_line(&m, "users", s, 806);

	fixture_priced(l, fraction_of(10, 1), "user", (struct decimal){25, 0}, 31);
	l->period = (struct days){day_of(2026, 5, 1), day_of(2026, 6, 1)};
	return fixture_done(&m);
}

/* One line of one category, between two countries. */
UNUSED static struct invoice *fixture_category(struct arena *a, enum tax_code code,
					       const char *reason, const char *to)
{
	struct maker m =
		fixture_new(a, code == TAX_O ? DOCUMENT_INTEREST : DOCUMENT_INVOICE, "EUR");
	int tax = fixture_tax(&m, code, code == TAX_S ? (struct decimal){77, 1} : decimal_of(0),
			      reason);
	struct invoice_line *l = fixture_line(&m, "care", tax, 100000);

	fixture_priced(l, fraction_of(1, 1), "month", (struct decimal){1000, 0}, 1);
	m.i->client.country = text_of(to);
	m.i->client.vat_id = text_format(a, "%s987654321", to);
	return fixture_done(&m);
}

#endif
