/* SPDX-License-Identifier: Apache-2.0 */
/* UBL 2.1 Invoice and CreditNote (money.md R150), in the order of their schemas. What may be written is decided before (einvoice.c). */
#include "render/einvoice_xml.h"

static bool is_note(const struct einvoice *e)
{
	return text_is(e->type, "381");
}

static struct xml_attribute attribute(const char *name, struct text value)
{
	return (struct xml_attribute){name, value};
}

static void scheme(struct xml *x, const char *word)
{
	xml_open(x, "cac:TaxScheme");
	xml_word(x, "cbc:ID", word);
	xml_close(x, "cac:TaxScheme");
}

static void category(struct xml *x, const char *name, struct text code, struct decimal rate)
{
	xml_open(x, name);
	xml_leaf(x, "cbc:ID", code);
	if (einvoice_rated(code))
		xml_decimal(x, "cbc:Percent", rate);
	scheme(x, "VAT");
	xml_close(x, name);
}

static void days(struct xml *x, day from, day last)
{
	if (from == DAY_NONE && last == DAY_NONE)
		return;
	xml_open(x, "cac:InvoicePeriod");
	xml_day(x, "cbc:StartDate", from);
	xml_day(x, "cbc:EndDate", last);
	xml_close(x, "cac:InvoicePeriod");
}

static void reference(struct xml *x, const char *outer, const char *inner, struct text id,
		      day issued)
{
	if (id.n == 0)
		return;
	xml_open(x, outer);
	if (inner != NULL)
		xml_open(x, inner);
	xml_leaf(x, "cbc:ID", id);
	if (issued != DAY_NONE)
		xml_day(x, "cbc:IssueDate", issued);
	if (inner != NULL)
		xml_close(x, inner);
	xml_close(x, outer);
}

static void head(struct xml *x, const struct einvoice *e)
{
	xml_leaf(x, "cbc:CustomizationID", e->customization);
	xml_leaf(x, "cbc:ProfileID", e->profile);
	xml_leaf(x, "cbc:ID", e->number);
	xml_day(x, "cbc:IssueDate", e->date);
	if (!is_note(e))
		xml_day(x, "cbc:DueDate", e->due);
	xml_leaf(x, is_note(e) ? "cbc:CreditNoteTypeCode" : "cbc:InvoiceTypeCode", e->type);
	xml_leaf(x, "cbc:Note", e->note);
	xml_word(x, "cbc:DocumentCurrencyCode", e->currency.code);
	xml_leaf(x, "cbc:BuyerReference", e->buyer_reference);
	days(x, e->from, e->last);
	reference(x, "cac:OrderReference", NULL, e->order, DAY_NONE);
	for (size_t k = 0; k < e->n_preceding; k++)
		reference(x, "cac:BillingReference", "cac:InvoiceDocumentReference",
			  e->preceding[k], e->preceding_dates[k]);
	reference(x, "cac:ContractDocumentReference", NULL, e->contract, DAY_NONE);
}

static void address(struct xml *x, const struct einvoice_party *p)
{
	xml_open(x, "cac:PostalAddress");
	xml_leaf(x, "cbc:StreetName", p->lines[0]);
	xml_leaf(x, "cbc:AdditionalStreetName", p->lines[1]);
	xml_leaf(x, "cbc:CityName", p->city);
	xml_leaf(x, "cbc:PostalZone", p->postcode);
	if (p->lines[2].n > 0) {
		xml_open(x, "cac:AddressLine");
		xml_leaf(x, "cbc:Line", p->lines[2]);
		xml_close(x, "cac:AddressLine");
	}
	xml_open(x, "cac:Country");
	xml_leaf(x, "cbc:IdentificationCode", p->country);
	xml_close(x, "cac:Country");
	xml_close(x, "cac:PostalAddress");
}

static void tax_scheme(struct xml *x, struct text id, const char *word)
{
	if (id.n == 0)
		return;
	xml_open(x, "cac:PartyTaxScheme");
	xml_leaf(x, "cbc:CompanyID", id);
	scheme(x, word);
	xml_close(x, "cac:PartyTaxScheme");
}

static void party(struct xml *x, const char *name, const struct einvoice_party *p)
{
	xml_open(x, name);
	xml_open(x, "cac:Party");
	xml_leaf_with(x, "cbc:EndpointID", attribute("schemeID", p->address_scheme), p->address);
	address(x, p);
	tax_scheme(x, p->vat_id, "VAT");
	tax_scheme(x, p->tax_id, "FC");
	xml_open(x, "cac:PartyLegalEntity");
	xml_leaf(x, "cbc:RegistrationName", p->name);
	xml_leaf(x, "cbc:CompanyID", p->registration_no);
	xml_close(x, "cac:PartyLegalEntity");
	if (p->email.n > 0) {
		xml_open(x, "cac:Contact");
		xml_leaf(x, "cbc:ElectronicMail", p->email);
		xml_close(x, "cac:Contact");
	}
	xml_close(x, "cac:Party");
	xml_close(x, name);
}

static void delivery(struct xml *x, const struct einvoice *e)
{
	if (e->delivered == DAY_NONE && e->delivered_to.n == 0)
		return;
	xml_open(x, "cac:Delivery");
	xml_day(x, "cbc:ActualDeliveryDate", e->delivered);
	if (e->delivered_to.n > 0) {
		xml_open(x, "cac:DeliveryLocation");
		xml_open(x, "cac:Address");
		xml_open(x, "cac:Country");
		xml_leaf(x, "cbc:IdentificationCode", e->delivered_to);
		xml_close(x, "cac:Country");
		xml_close(x, "cac:Address");
		xml_close(x, "cac:DeliveryLocation");
	}
	xml_close(x, "cac:Delivery");
}

static void account(struct xml *x, const struct einvoice *e)
{
	if (e->iban.n == 0)
		return;
	xml_open(x, "cac:PayeeFinancialAccount");
	xml_leaf(x, "cbc:ID", e->iban);
	if (e->bic.n > 0) {
		xml_open(x, "cac:FinancialInstitutionBranch");
		xml_leaf(x, "cbc:ID", e->bic);
		xml_close(x, "cac:FinancialInstitutionBranch");
	}
	xml_close(x, "cac:PayeeFinancialAccount");
}

static void payment(struct xml *x, const struct einvoice *e)
{
	if (e->means.n > 0) {
		xml_open(x, "cac:PaymentMeans");
		xml_leaf(x, "cbc:PaymentMeansCode", e->means);
		if (is_note(e)) /* it has no element of its own for it */
			xml_day(x, "cbc:PaymentDueDate", e->due);
		xml_leaf(x, "cbc:PaymentID", e->payment_reference);
		account(x, e);
		xml_close(x, "cac:PaymentMeans");
	}
	if (e->terms.n > 0) {
		xml_open(x, "cac:PaymentTerms");
		xml_leaf(x, "cbc:Note", e->terms);
		xml_close(x, "cac:PaymentTerms");
	}
}

static void allowance(struct xml *x, const struct einvoice_allowance *a)
{
	xml_open(x, "cac:AllowanceCharge");
	xml_word(x, "cbc:ChargeIndicator", a->charge ? "true" : "false");
	xml_leaf(x, "cbc:AllowanceChargeReasonCode", a->reason_code);
	xml_leaf(x, "cbc:AllowanceChargeReason", a->reason);
	if (a->shared)
		xml_decimal(x, "cbc:MultiplierFactorNumeric", a->pct);
	xml_amount(x, "cbc:Amount", a->amount);
	if (a->shared)
		xml_amount(x, "cbc:BaseAmount", a->base);
	category(x, "cac:TaxCategory", a->category, a->rate);
	xml_close(x, "cac:AllowanceCharge");
}

static void tax_total(struct xml *x, const struct einvoice *e)
{
	xml_open(x, "cac:TaxTotal");
	xml_amount(x, "cbc:TaxAmount", e->tax);
	for (size_t k = 0; k < e->n_taxes; k++) {
		const struct einvoice_tax *t = &e->taxes[k];

		xml_open(x, "cac:TaxSubtotal");
		xml_amount(x, "cbc:TaxableAmount", t->base);
		xml_amount(x, "cbc:TaxAmount", t->tax);
		xml_open(x, "cac:TaxCategory");
		xml_leaf(x, "cbc:ID", t->category);
		if (einvoice_rated(t->category))
			xml_decimal(x, "cbc:Percent", t->rate);
		xml_leaf(x, "cbc:TaxExemptionReasonCode", t->reason_code);
		xml_leaf(x, "cbc:TaxExemptionReason", t->reason);
		scheme(x, "VAT");
		xml_close(x, "cac:TaxCategory");
		xml_close(x, "cac:TaxSubtotal");
	}
	xml_close(x, "cac:TaxTotal");
}

static void totals(struct xml *x, const struct einvoice *e)
{
	xml_open(x, "cac:LegalMonetaryTotal");
	xml_amount(x, "cbc:LineExtensionAmount", e->sum_lines);
	xml_amount(x, "cbc:TaxExclusiveAmount", e->net);
	xml_amount(x, "cbc:TaxInclusiveAmount", e->gross);
	if (e->sum_allowances != 0)
		xml_amount(x, "cbc:AllowanceTotalAmount", e->sum_allowances);
	if (e->sum_charges != 0)
		xml_amount(x, "cbc:ChargeTotalAmount", e->sum_charges);
	if (e->prepaid != 0)
		xml_amount(x, "cbc:PrepaidAmount", e->prepaid);
	if (e->rounding != 0)
		xml_amount(x, "cbc:PayableRoundingAmount", e->rounding);
	xml_amount(x, "cbc:PayableAmount", e->payable);
	xml_close(x, "cac:LegalMonetaryTotal");
}

static void item(struct xml *x, const struct einvoice_line *l)
{
	xml_open(x, "cac:Item");
	xml_leaf(x, "cbc:Name", l->name);
	if (l->item.n > 0) {
		xml_open(x, "cac:SellersItemIdentification");
		xml_leaf(x, "cbc:ID", l->item);
		xml_close(x, "cac:SellersItemIdentification");
	}
	category(x, "cac:ClassifiedTaxCategory", l->category, l->rate);
	xml_close(x, "cac:Item");
	xml_open(x, "cac:Price");
	/* a price is no amount: it has as many decimals as it needs */
	xml_decimal_with(x, "cbc:PriceAmount", attribute("currencyID", text_of(x->currency.code)),
			 l->price);
	if (decimal_cmp(l->base, decimal_of(1)) != 0)
		xml_decimal_with(x, "cbc:BaseQuantity", attribute("unitCode", l->unit), l->base);
	xml_close(x, "cac:Price");
}

static void line(struct xml *x, const struct einvoice_line *l, bool note)
{
	const char *name = note ? "cac:CreditNoteLine" : "cac:InvoiceLine";

	xml_open(x, name);
	xml_leaf(x, "cbc:ID", l->id);
	xml_leaf(x, "cbc:Note", l->note);
	xml_decimal_with(x, note ? "cbc:CreditedQuantity" : "cbc:InvoicedQuantity",
			 attribute("unitCode", l->unit), l->quantity);
	xml_amount(x, "cbc:LineExtensionAmount", l->net);
	days(x, l->from, l->last);
	if (l->evidence.n > 0) {
		xml_open(x, "cac:DocumentReference");
		xml_leaf(x, "cbc:ID", l->evidence);
		xml_word(x, "cbc:DocumentTypeCode", "130");
		xml_close(x, "cac:DocumentReference");
	}
	item(x, l);
	xml_close(x, name);
}

void einvoice_ubl(const struct einvoice *e, struct buf *out)
{
	struct xml x = {out, 1, e->currency, "currencyID"};
	const char *root = is_note(e) ? "CreditNote" : "Invoice";

	buf_str(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<");
	buf_str(out, root);
	buf_str(out, " xmlns=\"urn:oasis:names:specification:ubl:schema:xsd:");
	buf_str(out, root);
	buf_str(out, "-2\"\n  "
		     "xmlns:cac=\"urn:oasis:names:specification:ubl:schema:xsd:"
		     "CommonAggregateComponents-2\"\n"
		     "  "
		     "xmlns:cbc=\"urn:oasis:names:specification:ubl:schema:xsd:"
		     "CommonBasicComponents-2\">\n");
	head(&x, e);
	party(&x, "cac:AccountingSupplierParty", &e->seller);
	party(&x, "cac:AccountingCustomerParty", &e->buyer);
	delivery(&x, e);
	payment(&x, e);
	for (size_t k = 0; k < e->n_allowances; k++)
		allowance(&x, &e->allowances[k]);
	tax_total(&x, e);
	totals(&x, e);
	for (size_t k = 0; k < e->n_lines; k++)
		line(&x, &e->lines[k], is_note(e));
	xml_close(&x, root);
}
