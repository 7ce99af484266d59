/* SPDX-License-Identifier: Apache-2.0 */
/*
 * UN/CEFACT Cross Industry Invoice D16B (money.md R150), in the order of its schema; Factur-X is these bytes. What may be written is decided
 * before (einvoice.c).
 */
#include "render/einvoice_xml.h"

static struct xml_attribute attribute(const char *name, struct text value)
{
	return (struct xml_attribute){name, value};
}

/* Format 102 is YYYYMMDD. */
static void date_as(struct xml *x, const char *name, const char *string, day d)
{
	struct buf b;
	struct text t;
	char digits[8];
	size_t n = 0;

	if (d == DAY_NONE)
		return;
	buf_init(&b, 16);
	day_print(&b, d);
	t = buf_view(&b);
	for (size_t k = 0; k < t.n && n < sizeof(digits); k++)
		if (t.p[k] != '-')
			digits[n++] = t.p[k];
	buf_free(&b);
	xml_open(x, name);
	xml_leaf_with(x, string, attribute("format", text_of("102")), (struct text){digits, n});
	xml_close(x, name);
}

static void date(struct xml *x, const char *name, day d)
{
	date_as(x, name, "udt:DateTimeString", d);
}

static void nested(struct xml *x, const char *outer, const char *inner, struct text t)
{
	if (t.n == 0)
		return;
	xml_open(x, outer);
	xml_leaf(x, inner, t);
	xml_close(x, outer);
}

static void period(struct xml *x, day from, day last)
{
	if (from == DAY_NONE && last == DAY_NONE)
		return;
	xml_open(x, "ram:BillingSpecifiedPeriod");
	date(x, "ram:StartDateTime", from);
	date(x, "ram:EndDateTime", last);
	xml_close(x, "ram:BillingSpecifiedPeriod");
}

static void head(struct xml *x, const struct einvoice *e)
{
	xml_open(x, "rsm:ExchangedDocumentContext");
	nested(x, "ram:BusinessProcessSpecifiedDocumentContextParameter", "ram:ID", e->profile);
	nested(x, "ram:GuidelineSpecifiedDocumentContextParameter", "ram:ID", e->customization);
	xml_close(x, "rsm:ExchangedDocumentContext");
	xml_open(x, "rsm:ExchangedDocument");
	xml_leaf(x, "ram:ID", e->number);
	xml_leaf(x, "ram:TypeCode", e->type);
	date(x, "ram:IssueDateTime", e->date);
	nested(x, "ram:IncludedNote", "ram:Content", e->note);
	xml_close(x, "rsm:ExchangedDocument");
}

/* --- lines --- */

static void category(struct xml *x, const char *name, struct text code, struct decimal rate)
{
	xml_open(x, name);
	xml_word(x, "ram:TypeCode", "VAT");
	xml_leaf(x, "ram:CategoryCode", code);
	if (einvoice_rated(code))
		xml_decimal(x, "ram:RateApplicablePercent", rate);
	xml_close(x, name);
}

static void line_settlement(struct xml *x, const struct einvoice_line *l)
{
	xml_open(x, "ram:SpecifiedLineTradeSettlement");
	category(x, "ram:ApplicableTradeTax", l->category, l->rate);
	period(x, l->from, l->last);
	xml_open(x, "ram:SpecifiedTradeSettlementLineMonetarySummation");
	xml_amount(x, "ram:LineTotalAmount", l->net);
	xml_close(x, "ram:SpecifiedTradeSettlementLineMonetarySummation");
	if (l->evidence.n > 0) {
		xml_open(x, "ram:AdditionalReferencedDocument");
		xml_leaf(x, "ram:IssuerAssignedID", l->evidence);
		xml_word(x, "ram:TypeCode", "130");
		xml_close(x, "ram:AdditionalReferencedDocument");
	}
	xml_close(x, "ram:SpecifiedLineTradeSettlement");
}

static void line(struct xml *x, const struct einvoice_line *l)
{
	xml_open(x, "ram:IncludedSupplyChainTradeLineItem");
	xml_open(x, "ram:AssociatedDocumentLineDocument");
	xml_leaf(x, "ram:LineID", l->id);
	nested(x, "ram:IncludedNote", "ram:Content", l->note);
	xml_close(x, "ram:AssociatedDocumentLineDocument");
	xml_open(x, "ram:SpecifiedTradeProduct");
	xml_leaf(x, "ram:SellerAssignedID", l->item);
	xml_leaf(x, "ram:Name", l->name);
	xml_close(x, "ram:SpecifiedTradeProduct");
	xml_open(x, "ram:SpecifiedLineTradeAgreement");
	xml_open(x, "ram:NetPriceProductTradePrice");
	xml_decimal(x, "ram:ChargeAmount", l->price);
	if (decimal_cmp(l->base, decimal_of(1)) != 0)
		xml_decimal_with(x, "ram:BasisQuantity", attribute("unitCode", l->unit), l->base);
	xml_close(x, "ram:NetPriceProductTradePrice");
	xml_close(x, "ram:SpecifiedLineTradeAgreement");
	xml_open(x, "ram:SpecifiedLineTradeDelivery");
	xml_decimal_with(x, "ram:BilledQuantity", attribute("unitCode", l->unit), l->quantity);
	xml_close(x, "ram:SpecifiedLineTradeDelivery");
	line_settlement(x, l);
	xml_close(x, "ram:IncludedSupplyChainTradeLineItem");
}

/* --- parties --- */

static void tax_registration(struct xml *x, struct text id, const char *scheme)
{
	if (id.n == 0)
		return;
	xml_open(x, "ram:SpecifiedTaxRegistration");
	xml_leaf_with(x, "ram:ID", attribute("schemeID", text_of(scheme)), id);
	xml_close(x, "ram:SpecifiedTaxRegistration");
}

static void party(struct xml *x, const char *name, const struct einvoice_party *p)
{
	xml_open(x, name);
	xml_leaf(x, "ram:Name", p->name);
	nested(x, "ram:SpecifiedLegalOrganization", "ram:ID", p->registration_no);
	if (p->email.n > 0) {
		xml_open(x, "ram:DefinedTradeContact");
		nested(x, "ram:EmailURIUniversalCommunication", "ram:URIID", p->email);
		xml_close(x, "ram:DefinedTradeContact");
	}
	xml_open(x, "ram:PostalTradeAddress");
	xml_leaf(x, "ram:PostcodeCode", p->postcode);
	xml_leaf(x, "ram:LineOne", p->lines[0]);
	xml_leaf(x, "ram:LineTwo", p->lines[1]);
	xml_leaf(x, "ram:LineThree", p->lines[2]);
	xml_leaf(x, "ram:CityName", p->city);
	xml_leaf(x, "ram:CountryID", p->country);
	xml_close(x, "ram:PostalTradeAddress");
	if (p->address.n > 0) {
		xml_open(x, "ram:URIUniversalCommunication");
		xml_leaf_with(x, "ram:URIID", attribute("schemeID", p->address_scheme), p->address);
		xml_close(x, "ram:URIUniversalCommunication");
	}
	tax_registration(x, p->vat_id, "VA");
	tax_registration(x, p->tax_id, "FC");
	xml_close(x, name);
}

static void agreement(struct xml *x, const struct einvoice *e)
{
	xml_open(x, "ram:ApplicableHeaderTradeAgreement");
	xml_leaf(x, "ram:BuyerReference", e->buyer_reference);
	party(x, "ram:SellerTradeParty", &e->seller);
	party(x, "ram:BuyerTradeParty", &e->buyer);
	nested(x, "ram:BuyerOrderReferencedDocument", "ram:IssuerAssignedID", e->order);
	nested(x, "ram:ContractReferencedDocument", "ram:IssuerAssignedID", e->contract);
	xml_close(x, "ram:ApplicableHeaderTradeAgreement");
}

static void delivery(struct xml *x, const struct einvoice *e)
{
	xml_open(x, "ram:ApplicableHeaderTradeDelivery");
	if (e->delivered_to.n > 0) {
		xml_open(x, "ram:ShipToTradeParty");
		nested(x, "ram:PostalTradeAddress", "ram:CountryID", e->delivered_to);
		xml_close(x, "ram:ShipToTradeParty");
	}
	if (e->delivered != DAY_NONE) {
		xml_open(x, "ram:ActualDeliverySupplyChainEvent");
		date(x, "ram:OccurrenceDateTime", e->delivered);
		xml_close(x, "ram:ActualDeliverySupplyChainEvent");
	}
	xml_close(x, "ram:ApplicableHeaderTradeDelivery");
}

/* --- settlement --- */

static void tax(struct xml *x, const struct einvoice_tax *t)
{
	xml_open(x, "ram:ApplicableTradeTax");
	xml_amount(x, "ram:CalculatedAmount", t->tax);
	xml_word(x, "ram:TypeCode", "VAT");
	xml_leaf(x, "ram:ExemptionReason", t->reason);
	xml_amount(x, "ram:BasisAmount", t->base);
	xml_leaf(x, "ram:CategoryCode", t->category);
	xml_leaf(x, "ram:ExemptionReasonCode", t->reason_code);
	if (einvoice_rated(t->category))
		xml_decimal(x, "ram:RateApplicablePercent", t->rate);
	xml_close(x, "ram:ApplicableTradeTax");
}

static void allowance(struct xml *x, const struct einvoice_allowance *a)
{
	xml_open(x, "ram:SpecifiedTradeAllowanceCharge");
	xml_open(x, "ram:ChargeIndicator");
	xml_word(x, "udt:Indicator", a->charge ? "true" : "false");
	xml_close(x, "ram:ChargeIndicator");
	if (a->shared) {
		xml_decimal(x, "ram:CalculationPercent", a->pct);
		xml_amount(x, "ram:BasisAmount", a->base);
	}
	xml_amount(x, "ram:ActualAmount", a->amount);
	xml_leaf(x, "ram:ReasonCode", a->reason_code);
	xml_leaf(x, "ram:Reason", a->reason);
	category(x, "ram:CategoryTradeTax", a->category, a->rate);
	xml_close(x, "ram:SpecifiedTradeAllowanceCharge");
}

static void totals(struct xml *x, const struct einvoice *e)
{
	xml_open(x, "ram:SpecifiedTradeSettlementHeaderMonetarySummation");
	xml_amount(x, "ram:LineTotalAmount", e->sum_lines);
	if (e->sum_charges != 0)
		xml_amount(x, "ram:ChargeTotalAmount", e->sum_charges);
	if (e->sum_allowances != 0)
		xml_amount(x, "ram:AllowanceTotalAmount", e->sum_allowances);
	xml_amount(x, "ram:TaxBasisTotalAmount", e->net);
	xml_amount_of(x, "ram:TaxTotalAmount", e->tax, "currencyID");
	if (e->rounding != 0)
		xml_amount(x, "ram:RoundingAmount", e->rounding);
	xml_amount(x, "ram:GrandTotalAmount", e->gross);
	if (e->prepaid != 0)
		xml_amount(x, "ram:TotalPrepaidAmount", e->prepaid);
	xml_amount(x, "ram:DuePayableAmount", e->payable);
	xml_close(x, "ram:SpecifiedTradeSettlementHeaderMonetarySummation");
}

static void payment_means(struct xml *x, const struct einvoice *e)
{
	const char *name = "ram:SpecifiedTradeSettlementPaymentMeans";

	if (e->means.n == 0)
		return;
	xml_open(x, name);
	xml_leaf(x, "ram:TypeCode", e->means);
	nested(x, "ram:PayeePartyCreditorFinancialAccount", "ram:IBANID", e->iban);
	nested(x, "ram:PayeeSpecifiedCreditorFinancialInstitution", "ram:BICID", e->bic);
	xml_close(x, name);
}

/* BT-25, BT-26. Its date is of the qualified type, unlike all others. */
static void preceding(struct xml *x, struct text number, day issued)
{
	if (number.n == 0)
		return;
	xml_open(x, "ram:InvoiceReferencedDocument");
	xml_leaf(x, "ram:IssuerAssignedID", number);
	date_as(x, "ram:FormattedIssueDateTime", "qdt:DateTimeString", issued);
	xml_close(x, "ram:InvoiceReferencedDocument");
}

static void settlement(struct xml *x, const struct einvoice *e)
{
	xml_open(x, "ram:ApplicableHeaderTradeSettlement");
	xml_leaf(x, "ram:PaymentReference", e->payment_reference);
	xml_word(x, "ram:InvoiceCurrencyCode", e->currency.code);
	payment_means(x, e);
	for (size_t k = 0; k < e->n_taxes; k++)
		tax(x, &e->taxes[k]);
	period(x, e->from, e->last);
	for (size_t k = 0; k < e->n_allowances; k++)
		allowance(x, &e->allowances[k]);
	if (e->terms.n > 0 || e->due != DAY_NONE) {
		xml_open(x, "ram:SpecifiedTradePaymentTerms");
		xml_leaf(x, "ram:Description", e->terms);
		date(x, "ram:DueDateDateTime", e->due);
		xml_close(x, "ram:SpecifiedTradePaymentTerms");
	}
	totals(x, e);
	for (size_t k = 0; k < e->n_preceding; k++)
		preceding(x, e->preceding[k], e->preceding_dates[k]);
	xml_close(x, "ram:ApplicableHeaderTradeSettlement");
}

void einvoice_cii(const struct einvoice *e, struct buf *out)
{
	struct xml x = {out, 1, e->currency, NULL};

	buf_str(out,
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		"<rsm:CrossIndustryInvoice "
		"xmlns:rsm=\"urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100\"\n"
		"  "
		"xmlns:ram=\"urn:un:unece:uncefact:data:standard:"
		"ReusableAggregateBusinessInformationEntity:100\"\n"
		"  xmlns:qdt=\"urn:un:unece:uncefact:data:standard:QualifiedDataType:100\"\n"
		"  xmlns:udt=\"urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100\">\n");
	head(&x, e);
	xml_open(&x, "rsm:SupplyChainTradeTransaction");
	for (size_t k = 0; k < e->n_lines; k++)
		line(&x, &e->lines[k]);
	agreement(&x, e);
	delivery(&x, e);
	settlement(&x, e);
	xml_close(&x, "rsm:SupplyChainTradeTransaction");
	xml_close(&x, "rsm:CrossIndustryInvoice");
}
