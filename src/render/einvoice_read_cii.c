/* SPDX-License-Identifier: Apache-2.0 */
/* Cross Industry Invoice D16B read: the mirror of einvoice_cii.c. */
#include "render/einvoice_read.h"

const struct xml_space einvoice_cii_spaces[] = {
	{"rsm", "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"},
	{"ram",
	 "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"},
	{"qdt", "urn:un:unece:uncefact:data:standard:QualifiedDataType:100"},
	{"udt", "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100"},
	{NULL, NULL},
};

static void read_category(struct xml_reader *r, xmlNode *at, struct text *code,
			  struct decimal *rate)
{
	xml_expect(r, at, "ram:TypeCode", "VAT");
	*code = xml_take(r, at, "ram:CategoryCode");
	*rate = xml_take_decimal(r, at, "ram:RateApplicablePercent", decimal_of(0), NULL);
}

static void read_period(struct xml_reader *r, xmlNode *at, day *from, day *last)
{
	*from = xml_take_day_102(r, at,
				 "ram:BillingSpecifiedPeriod/ram:StartDateTime/udt:DateTimeString");
	*last = xml_take_day_102(r, at,
				 "ram:BillingSpecifiedPeriod/ram:EndDateTime/udt:DateTimeString");
}

static void read_head(struct xml_reader *r, xmlNode *root, struct einvoice *e)
{
	xmlNode *context = xml_find(r, root, "rsm:ExchangedDocumentContext");
	xmlNode *document = xml_find(r, root, "rsm:ExchangedDocument");

	e->profile =
		xml_take(r, context, "ram:BusinessProcessSpecifiedDocumentContextParameter/ram:ID");
	e->customization =
		xml_take(r, context, "ram:GuidelineSpecifiedDocumentContextParameter/ram:ID");
	e->number = xml_take(r, document, "ram:ID");
	e->type = xml_take(r, document, "ram:TypeCode");
	e->date = xml_take_day_102(r, document, "ram:IssueDateTime/udt:DateTimeString");
	e->note = xml_take(r, document, "ram:IncludedNote/ram:Content");
}

static void read_registrations(struct xml_reader *r, xmlNode *at, struct einvoice_party *p,
			       bool seller)
{
	const char *name = "ram:SpecifiedTaxRegistration";

	for (xmlNode *n = xml_next(r, at, NULL, name); n != NULL; n = xml_next(r, at, n, name)) {
		struct text scheme = xml_attribute_of(r, n, "ram:ID", "schemeID");

		if (text_is(scheme, "VA") && p->vat_id.n == 0)
			p->vat_id = xml_take(r, n, "ram:ID");
		else if (text_is(scheme, "FC") && p->tax_id.n == 0 && seller)
			p->tax_id = xml_take(r, n, "ram:ID");
	}
}

static void read_party(struct xml_reader *r, xmlNode *at, struct einvoice_party *p, bool seller)
{
	p->name = xml_take(r, at, "ram:Name");
	p->registration_no = xml_take(r, at, "ram:SpecifiedLegalOrganization/ram:ID");
	p->email = xml_take(r, at,
			    "ram:DefinedTradeContact/ram:EmailURIUniversalCommunication/ram:URIID");
	p->postcode = xml_take(r, at, "ram:PostalTradeAddress/ram:PostcodeCode");
	p->lines[0] = xml_take(r, at, "ram:PostalTradeAddress/ram:LineOne");
	p->lines[1] = xml_take(r, at, "ram:PostalTradeAddress/ram:LineTwo");
	p->lines[2] = xml_take(r, at, "ram:PostalTradeAddress/ram:LineThree");
	p->city = xml_take(r, at, "ram:PostalTradeAddress/ram:CityName");
	p->country = xml_take(r, at, "ram:PostalTradeAddress/ram:CountryID");
	p->address_scheme =
		xml_attribute_of(r, at, "ram:URIUniversalCommunication/ram:URIID", "schemeID");
	p->address = xml_take(r, at, "ram:URIUniversalCommunication/ram:URIID");
	read_registrations(r, at, p, seller);
}

static void read_agreement(struct xml_reader *r, xmlNode *at, struct einvoice *e)
{
	e->buyer_reference = xml_take(r, at, "ram:BuyerReference");
	read_party(r, xml_find(r, at, "ram:SellerTradeParty"), &e->seller, true);
	read_party(r, xml_find(r, at, "ram:BuyerTradeParty"), &e->buyer, false);
	e->order = xml_take(r, at, "ram:BuyerOrderReferencedDocument/ram:IssuerAssignedID");
	e->contract = xml_take(r, at, "ram:ContractReferencedDocument/ram:IssuerAssignedID");
}

static void read_delivery(struct xml_reader *r, xmlNode *at, struct einvoice *e)
{
	e->delivered_to =
		xml_take(r, at, "ram:ShipToTradeParty/ram:PostalTradeAddress/ram:CountryID");
	e->delivered = xml_take_day_102(r, at,
					"ram:ActualDeliverySupplyChainEvent/ram:OccurrenceDateTime/"
					"udt:DateTimeString");
}

static void read_taxes(struct xml_reader *r, xmlNode *at, struct einvoice *e)
{
	const char *name = "ram:ApplicableTradeTax";
	struct einvoice_tax *v = arena_array(r->arena, struct einvoice_tax, xml_count(r, at, name));

	e->taxes = v;
	for (xmlNode *n = xml_next(r, at, NULL, name); r->rc == RC_OK && n != NULL;
	     n = xml_next(r, at, n, name)) {
		struct einvoice_tax *t = &v[e->n_taxes++];

		t->tax = xml_take_amount(r, n, "ram:CalculatedAmount", NULL);
		t->base = xml_take_amount(r, n, "ram:BasisAmount", NULL);
		t->reason = xml_take(r, n, "ram:ExemptionReason");
		t->reason_code = xml_take(r, n, "ram:ExemptionReasonCode");
		read_category(r, n, &t->category, &t->rate);
	}
}

static void read_allowances(struct xml_reader *r, xmlNode *at, struct einvoice *e)
{
	const char *name = "ram:SpecifiedTradeAllowanceCharge";
	struct einvoice_allowance *v =
		arena_array(r->arena, struct einvoice_allowance, xml_count(r, at, name));

	e->allowances = v;
	for (xmlNode *n = xml_next(r, at, NULL, name); r->rc == RC_OK && n != NULL;
	     n = xml_next(r, at, n, name)) {
		struct einvoice_allowance *a = &v[e->n_allowances++];
		bool pct = false, base = false;

		a->charge = text_is(xml_take(r, n, "ram:ChargeIndicator/udt:Indicator"), "true");
		a->pct = xml_take_decimal(r, n, "ram:CalculationPercent", decimal_of(0), &pct);
		a->base = xml_take_amount(r, n, "ram:BasisAmount", &base);
		a->shared = pct && base;
		a->amount = xml_take_amount(r, n, "ram:ActualAmount", NULL);
		a->reason_code = xml_take(r, n, "ram:ReasonCode");
		a->reason = xml_take(r, n, "ram:Reason");
		read_category(r, xml_find(r, n, "ram:CategoryTradeTax"), &a->category, &a->rate);
	}
}

/* BT-110: the one in the document's currency; BT-111 is left. */
static int64_t tax_total(struct xml_reader *r, xmlNode *at)
{
	const char *name = "ram:TaxTotalAmount";

	for (xmlNode *n = xml_next(r, at, NULL, name); n != NULL; n = xml_next(r, at, n, name))
		if (text_is(xml_attribute_of(r, n, "", "currencyID"), r->currency.code))
			return xml_take_amount(r, n, "", NULL);
	return 0;
}

static void read_totals(struct xml_reader *r, xmlNode *at, struct einvoice *e)
{
	e->sum_lines = xml_take_amount(r, at, "ram:LineTotalAmount", NULL);
	e->sum_charges = xml_take_amount(r, at, "ram:ChargeTotalAmount", NULL);
	e->sum_allowances = xml_take_amount(r, at, "ram:AllowanceTotalAmount", NULL);
	e->net = xml_take_amount(r, at, "ram:TaxBasisTotalAmount", NULL);
	e->tax = tax_total(r, at);
	e->rounding = xml_take_amount(r, at, "ram:RoundingAmount", NULL);
	e->gross = xml_take_amount(r, at, "ram:GrandTotalAmount", NULL);
	e->prepaid = xml_take_amount(r, at, "ram:TotalPrepaidAmount", NULL);
	e->payable = xml_take_amount(r, at, "ram:DuePayableAmount", NULL);
}

static void read_settlement(struct xml_reader *r, xmlNode *at, struct einvoice *e)
{
	const char *name = "ram:InvoiceReferencedDocument";
	struct text *v;
	day *dates;

	xml_take_currency(r, at, "ram:InvoiceCurrencyCode");
	e->currency = r->currency;
	e->payment_reference = xml_take(r, at, "ram:PaymentReference");
	e->means = xml_take(r, at, "ram:SpecifiedTradeSettlementPaymentMeans/ram:TypeCode");
	e->iban = xml_take(r, at,
			   "ram:SpecifiedTradeSettlementPaymentMeans/"
			   "ram:PayeePartyCreditorFinancialAccount/ram:IBANID");
	e->bic = xml_take(r, at,
			  "ram:SpecifiedTradeSettlementPaymentMeans/"
			  "ram:PayeeSpecifiedCreditorFinancialInstitution/ram:BICID");
	read_taxes(r, at, e);
	read_period(r, at, &e->from, &e->last);
	read_allowances(r, at, e);
	e->terms = xml_take(r, at, "ram:SpecifiedTradePaymentTerms/ram:Description");
	e->due = xml_take_day_102(
		r, at, "ram:SpecifiedTradePaymentTerms/ram:DueDateDateTime/udt:DateTimeString");
	read_totals(r, xml_find(r, at, "ram:SpecifiedTradeSettlementHeaderMonetarySummation"), e);
	v = arena_array(r->arena, struct text, xml_count(r, at, name));
	dates = arena_array(r->arena, day, xml_count(r, at, name));
	e->preceding = v;
	e->preceding_dates = dates;
	for (xmlNode *n = xml_next(r, at, NULL, name); r->rc == RC_OK && n != NULL;
	     n = xml_next(r, at, n, name)) {
		dates[e->n_preceding] =
			xml_take_day_102(r, n, "ram:FormattedIssueDateTime/qdt:DateTimeString");
		v[e->n_preceding++] = xml_take(r, n, "ram:IssuerAssignedID");
	}
}

static void read_line(struct xml_reader *r, xmlNode *n, struct einvoice_line *l)
{
	xmlNode *price =
		xml_find(r, n, "ram:SpecifiedLineTradeAgreement/ram:NetPriceProductTradePrice");
	xmlNode *delivery = xml_find(r, n, "ram:SpecifiedLineTradeDelivery");
	xmlNode *settlement = xml_find(r, n, "ram:SpecifiedLineTradeSettlement");
	xmlNode *evidence = xml_find(r, settlement, "ram:AdditionalReferencedDocument");

	l->id = xml_take(r, n, "ram:AssociatedDocumentLineDocument/ram:LineID");
	l->note = xml_take(r, n, "ram:AssociatedDocumentLineDocument/ram:IncludedNote/ram:Content");
	l->item = xml_take(r, n, "ram:SpecifiedTradeProduct/ram:SellerAssignedID");
	l->name = xml_take(r, n, "ram:SpecifiedTradeProduct/ram:Name");
	l->price = xml_take_decimal(r, price, "ram:ChargeAmount", decimal_of(0), NULL);
	l->base = xml_take_decimal(r, price, "ram:BasisQuantity", decimal_of(1), NULL);
	l->unit = xml_attribute_of(r, delivery, "ram:BilledQuantity", "unitCode");
	l->quantity = xml_take_decimal(r, delivery, "ram:BilledQuantity", decimal_of(0), NULL);
	read_category(r, xml_find(r, settlement, "ram:ApplicableTradeTax"), &l->category, &l->rate);
	read_period(r, settlement, &l->from, &l->last);
	l->net = xml_take_amount(
		r, settlement,
		"ram:SpecifiedTradeSettlementLineMonetarySummation/ram:LineTotalAmount", NULL);
	if (text_is(xml_peek(r, evidence, "ram:TypeCode"), "130")) {
		l->evidence = xml_take(r, evidence, "ram:IssuerAssignedID");
		xml_expect(r, evidence, "ram:TypeCode", "130");
	}
}

void einvoice_read_cii(struct xml_reader *r, xmlNode *root, struct einvoice *e)
{
	const char *name = "ram:IncludedSupplyChainTradeLineItem";
	xmlNode *trade = xml_find(r, root, "rsm:SupplyChainTradeTransaction");
	struct einvoice_line *v;

	read_head(r, root, e);
	read_settlement(r, xml_find(r, trade, "ram:ApplicableHeaderTradeSettlement"), e);
	read_agreement(r, xml_find(r, trade, "ram:ApplicableHeaderTradeAgreement"), e);
	read_delivery(r, xml_find(r, trade, "ram:ApplicableHeaderTradeDelivery"), e);
	v = arena_array(r->arena, struct einvoice_line, xml_count(r, trade, name));
	e->lines = v;
	for (xmlNode *n = xml_next(r, trade, NULL, name); r->rc == RC_OK && n != NULL;
	     n = xml_next(r, trade, n, name))
		read_line(r, n, &v[e->n_lines++]);
}
