/* SPDX-License-Identifier: Apache-2.0 */
/* Two e-invoices compared term by term, for the round trip through either syntax (money.md R150). */
#include "render/einvoice.h"

static bool same_decimal(struct decimal x, struct decimal y)
{
	return decimal_cmp(x, y) == 0;
}

static bool same_party(const struct einvoice_party *x, const struct einvoice_party *y)
{
	for (size_t k = 0; k < EINVOICE_ADDRESS_LINES; k++)
		if (!text_eq(x->lines[k], y->lines[k]))
			return false;
	return text_eq(x->name, y->name) && text_eq(x->registration_no, y->registration_no) &&
	       text_eq(x->vat_id, y->vat_id) && text_eq(x->tax_id, y->tax_id) &&
	       text_eq(x->address_scheme, y->address_scheme) && text_eq(x->address, y->address) &&
	       text_eq(x->city, y->city) && text_eq(x->postcode, y->postcode) &&
	       text_eq(x->country, y->country) && text_eq(x->email, y->email);
}

static bool same_allowance(const struct einvoice_allowance *x, const struct einvoice_allowance *y)
{
	return x->charge == y->charge && x->amount == y->amount && x->shared == y->shared &&
	       x->base == y->base && same_decimal(x->pct, y->pct) &&
	       text_eq(x->category, y->category) && same_decimal(x->rate, y->rate) &&
	       text_eq(x->reason, y->reason) && text_eq(x->reason_code, y->reason_code);
}

static bool same_tax(const struct einvoice_tax *x, const struct einvoice_tax *y)
{
	return text_eq(x->category, y->category) && same_decimal(x->rate, y->rate) &&
	       x->base == y->base && x->tax == y->tax && text_eq(x->reason, y->reason) &&
	       text_eq(x->reason_code, y->reason_code);
}

static bool same_line(const struct einvoice_line *x, const struct einvoice_line *y)
{
	return text_eq(x->id, y->id) && text_eq(x->note, y->note) &&
	       text_eq(x->evidence, y->evidence) && text_eq(x->name, y->name) &&
	       text_eq(x->item, y->item) && text_eq(x->unit, y->unit) &&
	       same_decimal(x->quantity, y->quantity) && same_decimal(x->price, y->price) &&
	       same_decimal(x->base, y->base) && x->net == y->net && x->from == y->from &&
	       x->last == y->last && text_eq(x->category, y->category) &&
	       same_decimal(x->rate, y->rate);
}

static bool same_head(const struct einvoice *x, const struct einvoice *y)
{
	return text_eq(x->profile, y->profile) && text_eq(x->customization, y->customization) &&
	       text_eq(x->number, y->number) && text_eq(x->type, y->type) && x->date == y->date &&
	       x->due == y->due && text_eq(text_of(x->currency.code), text_of(y->currency.code)) &&
	       text_eq(x->buyer_reference, y->buyer_reference) &&
	       text_eq(x->contract, y->contract) && text_eq(x->order, y->order) &&
	       text_eq(x->terms, y->terms) && text_eq(x->note, y->note) &&
	       text_eq(x->means, y->means) && text_eq(x->payment_reference, y->payment_reference) &&
	       text_eq(x->iban, y->iban) && text_eq(x->bic, y->bic) &&
	       x->delivered == y->delivered && text_eq(x->delivered_to, y->delivered_to) &&
	       x->from == y->from && x->last == y->last;
}

static bool same_totals(const struct einvoice *x, const struct einvoice *y)
{
	return x->sum_lines == y->sum_lines && x->sum_allowances == y->sum_allowances &&
	       x->sum_charges == y->sum_charges && x->net == y->net && x->tax == y->tax &&
	       x->gross == y->gross && x->prepaid == y->prepaid && x->rounding == y->rounding &&
	       x->payable == y->payable;
}

bool einvoice_eq(const struct einvoice *x, const struct einvoice *y)
{
	if (!same_head(x, y) || !same_totals(x, y) || !same_party(&x->seller, &y->seller) ||
	    !same_party(&x->buyer, &y->buyer) || x->n_preceding != y->n_preceding ||
	    x->n_allowances != y->n_allowances || x->n_taxes != y->n_taxes ||
	    x->n_lines != y->n_lines)
		return false;
	for (size_t k = 0; k < x->n_preceding; k++)
		if (!text_eq(x->preceding[k], y->preceding[k]) ||
		    x->preceding_dates[k] != y->preceding_dates[k])
			return false;
	for (size_t k = 0; k < x->n_allowances; k++)
		if (!same_allowance(&x->allowances[k], &y->allowances[k]))
			return false;
	for (size_t k = 0; k < x->n_taxes; k++)
		if (!same_tax(&x->taxes[k], &y->taxes[k]))
			return false;
	for (size_t k = 0; k < x->n_lines; k++)
		if (!same_line(&x->lines[k], &y->lines[k]))
			return false;
	return true;
}
