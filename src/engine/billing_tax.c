/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which tax a line bears: the category that its charge names, at the rate of the version in force at the tax point (money.md R64,
 * R65); an exemption certificate that holds on the day of the document (R66); a correction that of the document it corrects.
 */
#include "engine/billing_parts.h"

#include <assert.h>

static const struct tax_category *category_in(const struct pricing *p, struct text id)
{
	for (size_t i = 0; i < p->n_categories; i++)
		if (text_eq(p->categories[i].id, id))
			return &p->categories[i];
	return NULL;
}

/* The number of a certificate that holds on the document's date; empty: none. */
static struct text certificate(const struct biller *b)
{
	struct fact_run run = b->c->view->kinds[FACT_EXEMPTION_CERTIFIED];
	const struct symbols *s = b->c->view->facts->symbols;

	for (size_t i = run.n; i > 0; i--) {
		const struct fact *f = view_fact(b->c->view, run.v[i - 1]);
		struct days d = {0, 0};

		if (day_parse(symbol_text(s, fact_word(f, FIELD_FROM_DATE)), &d.from) &&
		    day_parse(symbol_text(s, fact_word(f, FIELD_TO_DATE)), &d.to) &&
		    d.from <= b->in->date && b->in->date < d.to)
			return symbol_text(s, f->subject);
	}
	return (struct text){"", 0};
}

/* What a category is on this document, by the words of a version. */
static struct invoice_tax tax_by(const struct biller *b, const struct tax_category *c)
{
	struct invoice_tax t = {.category = c->id,
				.name = c->name,
				.reason = c->exemption,
				.code = c->code,
				.rate = c->rate};
	struct text number = c->code == TAX_S ? certificate(b) : (struct text){"", 0};

	if (number.n > 0) {
		t.code = TAX_E;
		t.rate = decimal_of(0);
		t.reason = number;
	} else if (c->code == TAX_AE && t.reason.n == 0) {
		t.reason = text_of("reverse charge");
	}
	return t;
}

static const struct invoice_tax *carried_tax(const struct carried *k)
{
	if (k == NULL || k->last == NULL || k->last_line->tax < 0)
		return NULL;
	return &k->last->taxes[k->last_line->tax];
}

static struct text category_of(const struct biller *b, const struct due *d)
{
	if (d->n_lines > 0)
		return d->lines[0].category;
	if (d->from != NULL && d->from->n_lines > 0)
		return d->from->lines[0].category;
	if (d->slot >= 0) {
		const struct priced_charge *x = slot_charge(b->c, (size_t)d->slot, d->version);

		if (x != NULL && x->category >= 0)
			return b->c->versions[d->version].pricing->categories[x->category].id;
	}
	return (struct text){"", 0};
}

/*
 * R65: the document's date where the charge is billed ahead, else the last day of the service period; or as the provider's country has
 * it. Of payments, only one of the year ahead says before the document what it is for.
 */
static day tax_point_of(const struct biller *b, const struct due *d)
{
	day end = d->item.to - 1, paid;

	switch (b->in->settings->tax_point) {
	case TAX_POINT_BY_CHARGE:
		return d->advance ? b->in->date : end;
	case TAX_POINT_SERVICE_END:
		return end;
	case TAX_POINT_INVOICE_DATE:
		return b->in->date;
	case TAX_POINT_PAYMENT:
		if (!d->advance)
			return end;
		paid = billing_year_paid(b, b->pricing->promise, d->item.from);
		return paid != DAY_NONE && paid < end ? paid : end;
	}
	assert(false && "an unknown tax point");
	return end;
}

static bool tax_now(const struct biller *b, const struct due *d, struct text category,
		    struct invoice_tax *out)
{
	uint16_t v = version_on(b->c, tax_point_of(b, d));
	const struct tax_category *c = category_in(b->c->versions[v].pricing, category);

	if (c == NULL)
		c = category_in(b->c->versions[d->version].pricing, category);
	if (c == NULL)
		return false;
	*out = tax_by(b, c);
	return true;
}

void due_tax(struct biller *b, struct due *d)
{
	const struct invoice_tax *had = carried_tax(d->carried);

	d->untaxed = false;
	if (had != NULL)
		d->tax = *had;
	else
		d->untaxed = (d->carried != NULL && d->carried->last != NULL) ||
			     !tax_now(b, d, category_of(b, d), &d->tax);
}

bool tax_is_other_now(struct biller *b, const struct due *d)
{
	const struct tax_category *c;
	struct text category = category_of(b, d);
	struct invoice_tax now;

	if (d->carried == NULL)
		return false;
	if (category.n == 0)
		category = d->untaxed ? category : d->tax.category;
	c = category_in(b->pricing, category);
	if (c == NULL)
		return !d->untaxed;
	now = tax_by(b, c);
	return d->untaxed || !tax_same(&now, &d->tax);
}
