/* SPDX-License-Identifier: Apache-2.0 */
/* UBL 2.1 Invoice and CreditNote read: the mirror of einvoice_ubl.c. */
#include "render/einvoice_read.h"

#include <libxml/tree.h>

const struct xml_space einvoice_ubl_spaces[] = {
	{"cac", "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"},
	{"cbc", "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"},
	{NULL, NULL},
};

static void read_category(struct xml_reader *r, xmlNode *at, struct text *code,
			  struct decimal *rate)
{
	*code = xml_take(r, at, "cbc:ID");
	*rate = xml_take_decimal(r, at, "cbc:Percent", decimal_of(0), NULL);
	xml_expect(r, at, "cac:TaxScheme/cbc:ID", "VAT");
}

static void read_tax_schemes(struct xml_reader *r, xmlNode *at, struct einvoice_party *p,
			     bool seller)
{
	const char *name = "cac:PartyTaxScheme";

	for (xmlNode *n = xml_next(r, at, NULL, name); n != NULL; n = xml_next(r, at, n, name)) {
		bool vat = text_is(xml_peek(r, n, "cac:TaxScheme/cbc:ID"), "VAT");
		struct text *to = vat ? &p->vat_id : &p->tax_id;

		if (to->n > 0 || (!vat && !seller))
			continue;
		*to = xml_take(r, n, "cbc:CompanyID");
		(void)xml_take(r, n, "cac:TaxScheme/cbc:ID");
	}
}

static void read_party(struct xml_reader *r, xmlNode *at, struct einvoice_party *p, bool seller)
{
	p->address_scheme = xml_attribute_of(r, at, "cbc:EndpointID", "schemeID");
	p->address = xml_take(r, at, "cbc:EndpointID");
	p->lines[0] = xml_take(r, at, "cac:PostalAddress/cbc:StreetName");
	p->lines[1] = xml_take(r, at, "cac:PostalAddress/cbc:AdditionalStreetName");
	p->lines[2] = xml_take(r, at, "cac:PostalAddress/cac:AddressLine/cbc:Line");
	p->city = xml_take(r, at, "cac:PostalAddress/cbc:CityName");
	p->postcode = xml_take(r, at, "cac:PostalAddress/cbc:PostalZone");
	p->country = xml_take(r, at, "cac:PostalAddress/cac:Country/cbc:IdentificationCode");
	read_tax_schemes(r, at, p, seller);
	p->name = xml_take(r, at, "cac:PartyLegalEntity/cbc:RegistrationName");
	p->registration_no = xml_take(r, at, "cac:PartyLegalEntity/cbc:CompanyID");
	p->email = xml_take(r, at, "cac:Contact/cbc:ElectronicMail");
}

static void read_head(struct xml_reader *r, xmlNode *root, struct einvoice *e, bool note)
{
	const char *name = "cac:BillingReference";
	struct text *v;
	day *dates;

	e->customization = xml_take(r, root, "cbc:CustomizationID");
	e->profile = xml_take(r, root, "cbc:ProfileID");
	e->number = xml_take(r, root, "cbc:ID");
	e->date = xml_take_day(r, root, "cbc:IssueDate");
	e->due = note ? xml_take_day(r, root, "cac:PaymentMeans/cbc:PaymentDueDate")
		      : xml_take_day(r, root, "cbc:DueDate");
	e->type = xml_take(r, root, note ? "cbc:CreditNoteTypeCode" : "cbc:InvoiceTypeCode");
	e->note = xml_take(r, root, "cbc:Note");
	e->buyer_reference = xml_take(r, root, "cbc:BuyerReference");
	e->from = xml_take_day(r, root, "cac:InvoicePeriod/cbc:StartDate");
	e->last = xml_take_day(r, root, "cac:InvoicePeriod/cbc:EndDate");
	e->order = xml_take(r, root, "cac:OrderReference/cbc:ID");
	e->contract = xml_take(r, root, "cac:ContractDocumentReference/cbc:ID");
	v = arena_array(r->arena, struct text, xml_count(r, root, name));
	dates = arena_array(r->arena, day, xml_count(r, root, name));
	e->preceding = v;
	e->preceding_dates = dates;
	for (xmlNode *n = xml_next(r, root, NULL, name); r->rc == RC_OK && n != NULL;
	     n = xml_next(r, root, n, name)) {
		dates[e->n_preceding] =
			xml_take_day(r, n, "cac:InvoiceDocumentReference/cbc:IssueDate");
		v[e->n_preceding++] = xml_take(r, n, "cac:InvoiceDocumentReference/cbc:ID");
	}
	e->delivered = xml_take_day(r, root, "cac:Delivery/cbc:ActualDeliveryDate");
	e->delivered_to = xml_take(r, root,
				   "cac:Delivery/cac:DeliveryLocation/cac:Address/cac:Country/"
				   "cbc:IdentificationCode");
	e->means = xml_take(r, root, "cac:PaymentMeans/cbc:PaymentMeansCode");
	e->payment_reference = xml_take(r, root, "cac:PaymentMeans/cbc:PaymentID");
	e->iban = xml_take(r, root, "cac:PaymentMeans/cac:PayeeFinancialAccount/cbc:ID");
	e->bic = xml_take(r, root,
			  "cac:PaymentMeans/cac:PayeeFinancialAccount/"
			  "cac:FinancialInstitutionBranch/cbc:ID");
	e->terms = xml_take(r, root, "cac:PaymentTerms/cbc:Note");
}

static void read_allowances(struct xml_reader *r, xmlNode *root, struct einvoice *e)
{
	const char *name = "cac:AllowanceCharge";
	struct einvoice_allowance *v =
		arena_array(r->arena, struct einvoice_allowance, xml_count(r, root, name));

	e->allowances = v;
	for (xmlNode *n = xml_next(r, root, NULL, name); r->rc == RC_OK && n != NULL;
	     n = xml_next(r, root, n, name)) {
		struct einvoice_allowance *a = &v[e->n_allowances++];
		bool pct = false, base = false;

		a->charge = text_is(xml_take(r, n, "cbc:ChargeIndicator"), "true");
		a->reason_code = xml_take(r, n, "cbc:AllowanceChargeReasonCode");
		a->reason = xml_take(r, n, "cbc:AllowanceChargeReason");
		a->pct = xml_take_decimal(r, n, "cbc:MultiplierFactorNumeric", decimal_of(0), &pct);
		a->amount = xml_take_amount(r, n, "cbc:Amount", NULL);
		a->base = xml_take_amount(r, n, "cbc:BaseAmount", &base);
		a->shared = pct && base;
		read_category(r, xml_find(r, n, "cac:TaxCategory"), &a->category, &a->rate);
	}
}

/* BT-110 and BG-23 are those in the currency of the document; the other TaxTotal is BT-111. */
static xmlNode *tax_total(const struct xml_reader *r, xmlNode *root)
{
	const char *name = "cac:TaxTotal";

	for (xmlNode *n = xml_next(r, root, NULL, name); n != NULL; n = xml_next(r, root, n, name))
		if (text_is(xml_attribute_of(r, n, "cbc:TaxAmount", "currencyID"),
			    r->currency.code))
			return n;
	return NULL;
}

static void read_taxes(struct xml_reader *r, xmlNode *root, struct einvoice *e)
{
	const char *name = "cac:TaxSubtotal";
	xmlNode *total = tax_total(r, root);
	struct einvoice_tax *v =
		arena_array(r->arena, struct einvoice_tax, xml_count(r, total, name));

	e->tax = xml_take_amount(r, total, "cbc:TaxAmount", NULL);
	e->taxes = v;
	for (xmlNode *n = xml_next(r, total, NULL, name); r->rc == RC_OK && n != NULL;
	     n = xml_next(r, total, n, name)) {
		struct einvoice_tax *t = &v[e->n_taxes++];

		t->base = xml_take_amount(r, n, "cbc:TaxableAmount", NULL);
		t->tax = xml_take_amount(r, n, "cbc:TaxAmount", NULL);
		read_category(r, xml_find(r, n, "cac:TaxCategory"), &t->category, &t->rate);
		t->reason_code = xml_take(r, n, "cac:TaxCategory/cbc:TaxExemptionReasonCode");
		t->reason = xml_take(r, n, "cac:TaxCategory/cbc:TaxExemptionReason");
	}
}

static void read_totals(struct xml_reader *r, xmlNode *at, struct einvoice *e)
{
	e->sum_lines = xml_take_amount(r, at, "cbc:LineExtensionAmount", NULL);
	e->net = xml_take_amount(r, at, "cbc:TaxExclusiveAmount", NULL);
	e->gross = xml_take_amount(r, at, "cbc:TaxInclusiveAmount", NULL);
	e->sum_allowances = xml_take_amount(r, at, "cbc:AllowanceTotalAmount", NULL);
	e->sum_charges = xml_take_amount(r, at, "cbc:ChargeTotalAmount", NULL);
	e->prepaid = xml_take_amount(r, at, "cbc:PrepaidAmount", NULL);
	e->rounding = xml_take_amount(r, at, "cbc:PayableRoundingAmount", NULL);
	e->payable = xml_take_amount(r, at, "cbc:PayableAmount", NULL);
}

static void read_line(struct xml_reader *r, xmlNode *n, struct einvoice_line *l, bool note)
{
	const char *quantity = note ? "cbc:CreditedQuantity" : "cbc:InvoicedQuantity";

	l->id = xml_take(r, n, "cbc:ID");
	l->note = xml_take(r, n, "cbc:Note");
	l->unit = xml_attribute_of(r, n, quantity, "unitCode");
	l->quantity = xml_take_decimal(r, n, quantity, decimal_of(0), NULL);
	l->net = xml_take_amount(r, n, "cbc:LineExtensionAmount", NULL);
	l->from = xml_take_day(r, n, "cac:InvoicePeriod/cbc:StartDate");
	l->last = xml_take_day(r, n, "cac:InvoicePeriod/cbc:EndDate");
	if (text_is(xml_peek(r, n, "cac:DocumentReference/cbc:DocumentTypeCode"), "130")) {
		l->evidence = xml_take(r, n, "cac:DocumentReference/cbc:ID");
		xml_expect(r, n, "cac:DocumentReference/cbc:DocumentTypeCode", "130");
	}
	l->name = xml_take(r, n, "cac:Item/cbc:Name");
	l->item = xml_take(r, n, "cac:Item/cac:SellersItemIdentification/cbc:ID");
	read_category(r, xml_find(r, n, "cac:Item/cac:ClassifiedTaxCategory"), &l->category,
		      &l->rate);
	l->price = xml_take_decimal(r, n, "cac:Price/cbc:PriceAmount", decimal_of(0), NULL);
	l->base = xml_take_decimal(r, n, "cac:Price/cbc:BaseQuantity", decimal_of(1), NULL);
}

void einvoice_read_ubl(struct xml_reader *r, xmlNode *root, struct einvoice *e)
{
	bool note = text_is(text_of((const char *)root->name), "CreditNote");
	const char *name = note ? "cac:CreditNoteLine" : "cac:InvoiceLine";
	struct einvoice_line *v;

	xml_take_currency(r, root, "cbc:DocumentCurrencyCode");
	e->currency = r->currency;
	read_head(r, root, e, note);
	read_party(r, xml_find(r, root, "cac:AccountingSupplierParty/cac:Party"), &e->seller, true);
	read_party(r, xml_find(r, root, "cac:AccountingCustomerParty/cac:Party"), &e->buyer, false);
	read_allowances(r, root, e);
	read_taxes(r, root, e);
	read_totals(r, xml_find(r, root, "cac:LegalMonetaryTotal"), e);
	v = arena_array(r->arena, struct einvoice_line, xml_count(r, root, name));
	e->lines = v;
	for (xmlNode *n = xml_next(r, root, NULL, name); r->rc == RC_OK && n != NULL;
	     n = xml_next(r, root, n, name))
		read_line(r, n, &v[e->n_lines++], note);
}
