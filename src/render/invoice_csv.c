/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A document of money as one flat table. Columns; those that do not apply to a kind of row are empty:
 *
 *	document   number; empty for a draft
 *	kind       line, reduction, tax, deduction, rounding, unit, total
 *	number     line: its number; the others: their place from 1
 *	role       charge, correction, covered, ...; discount, maximum, credit; damages, credit_note, ...; unit: counted, added, removed
 *	charge     id of the charge, discount or credit rule; tax: its category; deduction: what it refers to
 *	part       of a charge: tier, class, unit; unit: its id
 *	name, clause
 *	item_from, item_last      service period, both days in it
 *	from, last                what the line pays for; unit: the day it was counted, came or went
 *	days, of                  d/D where the period is not whole
 *	quantity, unit, price, price_base
 *	metric, month, base, pct  reduction; tax: base and rate
 *	net, gross                gross: where prices include tax, and of the total
 *	tax_category
 *	corrects                  number of another document
 *	facts                     how many facts a line rests on
 *	rule                      of money.md
 *	currency
 *
 * Reductions and deductions are negative, so that the column net adds up. Figures have a decimal point and no groups.
 */
#include "render/invoice.h"

#include "render/table_csv.h"

static const char header[] =
	"document,kind,number,role,charge,part,name,clause,item_from,item_last,from,last,days,of,"
	"quantity,unit,price,price_base,metric,month,base,pct,net,gross,tax_category,corrects,"
	"facts,"
	"rule,currency\n";

static void put_start(struct table_csv *c, const struct invoice *i, const char *kind,
		      int64_t number, const char *role, struct text charge)
{
	csv_text(c, i->number);
	csv_word(c, kind);
	csv_int(c, number);
	csv_word(c, role);
	csv_text(c, charge);
}

static void put_end(struct table_csv *c, const struct invoice *i, struct text rule)
{
	csv_text(c, rule);
	csv_word(c, i->currency.code);
	csv_end(c);
}

static void put_days(struct table_csv *c, struct days v)
{
	bool set = v.from < v.to;

	csv_day(c, set ? v.from : DAY_NONE);
	csv_day(c, set ? v.to - 1 : DAY_NONE);
}

static void put_gross(struct table_csv *c, const struct invoice *i, int64_t gross)
{
	if (i->tax_included)
		csv_amount(c, gross, i->currency);
	else
		csv_empty(c, 1);
}

static void line_row(struct table_csv *c, const struct invoice *i, const struct invoice_line *l)
{
	put_start(c, i, "line", l->number, line_word(l->role), l->charge);
	csv_text(c, l->part);
	csv_text(c, l->name);
	csv_text(c, l->clause);
	put_days(c, l->item);
	put_days(c, l->period);
	if (l->weight.of != 0) {
		csv_int(c, l->weight.days);
		csv_int(c, l->weight.of);
	} else {
		csv_empty(c, 2);
	}
	csv_fraction(c, l->quantity);
	csv_text(c, l->unit);
	if (l->priced) {
		csv_decimal(c, l->price);
		csv_int(c, l->price_base);
	} else {
		csv_empty(c, 2);
	}
	csv_empty(c, 4);
	csv_amount(c, l->net, i->currency);
	put_gross(c, i, l->gross);
	csv_text(c, l->category);
	csv_text(c, l->corrects);
	csv_int(c, l->evidence.count);
	put_end(c, i, l->rule);
}

static void reduction_row(struct table_csv *c, const struct invoice *i, size_t at)
{
	const struct invoice_reduction *r = &i->reductions[at];

	put_start(c, i, "reduction", (int64_t)at + 1, reduction_word(r->kind), r->charge);
	csv_empty(c, 1);
	csv_text(c, r->name);
	csv_text(c, r->clause);
	put_days(c, r->item);
	csv_empty(c, 8);
	csv_text(c, r->metric);
	csv_text(c, r->month);
	if (r->base != 0)
		csv_amount(c, r->base, i->currency);
	else
		csv_empty(c, 1);
	csv_decimal(c, r->pct);
	csv_amount(c, -r->amount, i->currency);
	put_gross(c, i, -r->gross);
	csv_text(c, r->category);
	csv_empty(c, 2);
	put_end(c, i, r->rule);
}

static void tax_row(struct table_csv *c, const struct invoice *i, size_t at)
{
	const struct invoice_tax *t = &i->taxes[at];

	put_start(c, i, "tax", (int64_t)at + 1, tax_word(t->code), t->category);
	csv_empty(c, 1);
	csv_text(c, t->name);
	csv_text(c, t->reason);
	csv_empty(c, 12);
	csv_amount(c, t->base, i->currency);
	csv_decimal(c, t->rate);
	csv_amount(c, t->tax, i->currency);
	csv_empty(c, 1);
	csv_text(c, t->category);
	csv_empty(c, 2);
	put_end(c, i, text_of("money.md R68"));
}

/* A row that has an amount alone. */
static void amount_row(struct table_csv *c, const struct invoice *i, int64_t minor,
		       const char *rule)
{
	csv_empty(c, 17);
	csv_amount(c, minor, i->currency);
	csv_empty(c, 4);
	put_end(c, i, text_of(rule));
}

/* --- R26: the units counted, and the comings and goings since the annex before --- */

static void unit_rows(struct table_csv *c, const struct invoice *i, int64_t *number,
		      const char *role, struct text charge, day on, const struct text *v, size_t n)
{
	for (size_t k = 0; k < n; k++) {
		put_start(c, i, "unit", ++*number, role, charge);
		csv_text(c, v[k]);
		csv_empty(c, 4);
		csv_day(c, on);
		csv_day(c, on);
		csv_empty(c, 15);
		put_end(c, i, text_of("money.md R26"));
	}
}

static void annex_rows(struct table_csv *c, const struct invoice *i, int64_t *number,
		       const struct invoice_annex *x)
{
	unit_rows(c, i, number, "counted", x->charge, x->on, x->units, x->n_units);
	if (x->n_changes == 0) { /* a document of old: what was left of them, without their days */
		unit_rows(c, i, number, "added", x->charge, DAY_NONE, x->added, x->n_added);
		unit_rows(c, i, number, "removed", x->charge, DAY_NONE, x->removed, x->n_removed);
	}
	for (size_t k = 0; k < x->n_changes; k++) {
		const struct invoice_unit_change *u = &x->changes[k];

		unit_rows(c, i, number, "added", x->charge, u->on, u->added, u->n_added);
		unit_rows(c, i, number, "removed", x->charge, u->on, u->removed, u->n_removed);
	}
}

void invoice_csv(const struct invoice *i, struct buf *out)
{
	struct table_csv c = {.out = out};
	int64_t units = 0;

	buf_str(out, header);
	for (size_t k = 0; k < i->n_lines; k++)
		line_row(&c, i, &i->lines[k]);
	for (size_t k = 0; k < i->n_reductions; k++)
		reduction_row(&c, i, k);
	for (size_t k = 0; k < i->n_taxes; k++)
		tax_row(&c, i, k);
	for (size_t k = 0; k < i->n_deductions; k++) {
		put_start(&c, i, "deduction", (int64_t)k + 1, deduction_word(i->deductions[k].kind),
			  i->deductions[k].reference);
		amount_row(&c, i, -i->deductions[k].amount, "money.md R60");
	}
	if (i->rounding != 0) {
		put_start(&c, i, "rounding", 1, "", text_of(""));
		amount_row(&c, i, i->rounding, "money.md R84");
	}
	for (size_t k = 0; k < i->n_annexes; k++)
		annex_rows(&c, i, &units, &i->annexes[k]);
	put_start(&c, i, "total", 1, document_word(i->kind), i->corrected);
	amount_row(&c, i, i->payable, "money.md R76");
}
