/* SPDX-License-Identifier: Apache-2.0 */
/*
 * E-invoices written (money.md R150 to R155): X63 to the cent in both syntaxes, each tax category, what is refused, and that the checks
 * A1 to A6 each see what they are for. With TENOR_EINVOICE_OUT every document written is kept there, for tests/einvoice/rules.py.
 */
#include "einvoice_fixture.h"

#include <string.h>

enum { XML_MAX = 1 << 22 };

static void keep(const char *name, const char *ending, struct text bytes)
{
	const char *folder = getenv("TENOR_EINVOICE_OUT");
	char path[512];
	FILE *f;

	if (folder == NULL)
		return;
	(void)snprintf(path, sizeof(path), "%s/%s_%s.xml", folder, name, ending);
	f = fopen(path, "wb");
	if (f == NULL || fwrite(bytes.p, 1, bytes.n, f) != bytes.n || fclose(f) != 0)
		ok(false, "%s is written", path);
}

static struct text written(struct arena *a, const struct invoice *i, enum einvoice_syntax syntax,
			   const char *name)
{
	static const char *const endings[] = {"ubl", "uncefact", "facturx"};
	struct err err = {.line = 0};
	struct text t = {NULL, 0};
	struct buf b;

	buf_init(&b, XML_MAX);
	if (einvoice_write(a, i, syntax, &b, &err) == RC_OK)
		t = text_copy(a, buf_view(&b));
	else
		ok(false, "%s is written: %s", name, err.message);
	buf_free(&b);
	if (t.n > 0)
		keep(name, endings[syntax], t);
	return t;
}

struct fragment {
	const char *why, *ubl, *cii;
};

static void holds(struct text xml, const char *want, const char *why, const char *syntax)
{
	if (want == NULL)
		return;
	if (!ok(text_has(xml, text_of(want)), "%s: %s", syntax, why))
		note("no %s", want);
}

static void all_hold(struct arena *a, const struct invoice *i, const char *name,
		     const struct fragment *v, size_t n)
{
	struct text ubl = written(a, i, EINVOICE_UBL, name),
		    cii = written(a, i, EINVOICE_CII, name);

	(void)written(a, i, EINVOICE_FACTURX, name);
	for (size_t k = 0; k < n; k++) {
		holds(ubl, v[k].ubl, v[k].why, "ubl");
		holds(cii, v[k].cii, v[k].why, "cii");
	}
}

/* --- X63 --- */

static void x63(void)
{
	static const struct fragment v[] = {
		{"X63 lines 5,693.32", "<cbc:LineExtensionAmount currencyID=\"EUR\">5693.32<",
		 "    <ram:LineTotalAmount>5693.32<"},
		{"X63 reductions 192.00", "<cbc:AllowanceTotalAmount currencyID=\"EUR\">192.00<",
		 "<ram:AllowanceTotalAmount>192.00<"},
		{"X63 net 5,501.32", "<cbc:TaxExclusiveAmount currencyID=\"EUR\">5501.32<",
		 "<ram:TaxBasisTotalAmount>5501.32<"},
		{"X63 tax 988.25", "<cbc:TaxAmount currencyID=\"EUR\">988.25<",
		 "<ram:TaxTotalAmount currencyID=\"EUR\">988.25<"},
		{"X63 gross 6,489.57", "<cbc:TaxInclusiveAmount currencyID=\"EUR\">6489.57<",
		 "<ram:GrandTotalAmount>6489.57<"},
		{"X63 grant 500.00", "<cbc:PrepaidAmount currencyID=\"EUR\">500.00<",
		 "<ram:TotalPrepaidAmount>500.00<"},
		{"X63 due 5,989.57", "<cbc:PayableAmount currencyID=\"EUR\">5989.57<",
		 "<ram:DuePayableAmount>5989.57<"},
		{"R151 user-days", "<cbc:InvoicedQuantity unitCode=\"C62\">1493<",
		 "<ram:BilledQuantity unitCode=\"C62\">1493<"},
		{"R151 per 30", "<cbc:BaseQuantity unitCode=\"C62\">30<",
		 "<ram:BasisQuantity unitCode=\"C62\">30<"},
		{"R151 minutes", "<cbc:InvoicedQuantity unitCode=\"MIN\">40<",
		 "<ram:BilledQuantity unitCode=\"MIN\">40<"},
		{"R151 of 60", "<cbc:BaseQuantity unitCode=\"MIN\">60<",
		 "<ram:BasisQuantity unitCode=\"MIN\">60<"},
		{"R152 GiB", "<cbc:InvoicedQuantity unitCode=\"E62\">346<",
		 "<ram:BilledQuantity unitCode=\"E62\">346<"},
		{"R151 1 x net", "<cbc:PriceAmount currencyID=\"EUR\">1333.32<",
		 "<ram:ChargeAmount>1333.32<"},
		{"discount 95", "ReasonCode>95</cbc:AllowanceChargeReasonCode>",
		 "<ram:ReasonCode>95<"},
		{"service credit 100", "ReasonCode>100</cbc:AllowanceChargeReasonCode>",
		 "<ram:ReasonCode>100<"},
		{"its percent", "<cbc:MultiplierFactorNumeric>5<", "<ram:CalculationPercent>5<"},
		{"exemption of E", "TaxExemptionReason>training, section 4 no. 21 UStG<",
		 "<ram:ExemptionReason>training, section 4 no. 21 UStG<"},
		{"last day inclusive", "<cbc:EndDate>2026-07-31<",
		 ">20260731</udt:DateTimeString>"},
		{"BT-25 of the correction line", "<cbc:ID>INV-2026-00027<",
		 "<ram:IssuerAssignedID>INV-2026-00027<"},
		{"BT-128", "<cbc:DocumentTypeCode>130<", "<ram:TypeCode>130<"},
		{"escaped", "Hauptstraße 1 &amp; 2<", "Building &lt;B&gt;<"},
		{"escaped quotes", "Contoso &quot;Werke&quot; AG<",
		 "Contoso &quot;Werke&quot; AG<"},
		{"Peppol", "#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0<",
		 ">urn:fdc:peppol.eu:2017:poacc:billing:01:1.0<"},
		{"endpoint", "<cbc:EndpointID schemeID=\"0204\">991-1234-56<",
		 "<ram:URIID schemeID=\"EM\">ap@contoso.example<"},
		{"380", "<cbc:InvoiceTypeCode>380<", "<ram:TypeCode>380<"},
	};
	struct arena *a = arena_new((size_t)1 << 26);
	struct invoice *i = fixture_x63(a);
	struct text ubl, facturx;

	all_hold(a, i, "x63", v, ARRAY_SIZE(v));
	ubl = written(a, i, EINVOICE_UBL, "x63");
	facturx = written(a, i, EINVOICE_FACTURX, "x63");
	ok(text_eq(ubl, written(a, i, EINVOICE_UBL, "x63")), "the same bytes twice");
	ok(text_has(facturx, text_of("<ram:ID>urn:cen.eu:en16931:2017</ram:ID>")) &&
		   !text_has(facturx, text_of("peppol")),
	   "Factur-X names EN 16931 alone");
	/* R153: a line of May lies outside of what is charged, and July is one of the charges */
	ok(!text_has(ubl, text_of("\n  <cac:InvoicePeriod>")), "no document period");
	arena_free(a);
}

static void note_of_x63(void)
{
	static const struct fragment v[] = {
		{"root", "<CreditNote xmlns=", "<ram:TypeCode>381<"},
		{"8.06", "<cbc:LineExtensionAmount currencyID=\"EUR\">8.06<",
		 "<ram:LineTotalAmount>8.06<"},
		{"tax 1.53", "<cbc:TaxAmount currencyID=\"EUR\">1.53<",
		 "<ram:CalculatedAmount>1.53<"},
		{"total 9.59", "<cbc:PayableAmount currencyID=\"EUR\">9.59<",
		 "<ram:DuePayableAmount>9.59<"},
		{"quantity", "<cbc:CreditedQuantity unitCode=\"C62\">10<",
		 "<ram:BilledQuantity unitCode=\"C62\">10<"},
		{"BT-25", "<cac:InvoiceDocumentReference>\n      <cbc:ID>INV-2026-00027<",
		 "<ram:IssuerAssignedID>INV-2026-00027<"},
		{"BT-26",
		 "INV-2026-00027</cbc:ID>\n      "
		 "<cbc:IssueDate>2026-06-01</cbc:IssueDate>\n    "
		 "</cac:InvoiceDocumentReference>",
		 "INV-2026-00027</ram:IssuerAssignedID>\n        <ram:FormattedIssueDateTime>\n"
		 "          <qdt:DateTimeString format=\"102\">20260601</qdt:DateTimeString>\n"
		 "        </ram:FormattedIssueDateTime>\n      </ram:InvoiceReferencedDocument>"},
		{"due date where the syntax has it", "<cbc:PaymentDueDate>2026-07-31<",
		 ">20260731</udt:DateTimeString>"},
		{"document period: every line lies in it", "\n  <cac:InvoicePeriod>\n",
		 "\n      <ram:BillingSpecifiedPeriod>\n"},
		{"terms, which BR-CO-25 wants", "IBAN DE79", "IBAN DE79"},
		{"reason in the note", "; reason: correction<", "; reason: correction<"},
	};
	struct arena *a = arena_new((size_t)1 << 26);

	all_hold(a, fixture_x63_note(a), "x63-note", v, ARRAY_SIZE(v));
	arena_free(a);
}

/* --- categories --- */

static void categories(void)
{
	static const struct {
		const char *name;
		enum tax_code code;
		const char *reason, *to;
		struct fragment f;
	} v[] = {
		{"s", TAX_S, "", "DE", {"S 7.7 %", "<cbc:Percent>7.7<", "Percent>7.7<"}},
		{"z", TAX_Z, "", "DE", {"Z", "<cbc:ID>Z<", "CategoryCode>Z<"}},
		{"e",
		 TAX_E,
		 "certificate 77-1",
		 "DE",
		 {"E", "TaxExemptionReason>certificate 77-1<",
		  "ExemptionReason>certificate 77-1<"}},
		{"ae",
		 TAX_AE,
		 "reverse charge",
		 "FR",
		 {"AE", "ReasonCode>VATEX-EU-AE<", "ReasonCode>VATEX-EU-AE<"}},
		{"k",
		 TAX_K,
		 "",
		 "FR",
		 {"K: delivered on the last day billed", "<cbc:ActualDeliveryDate>2026-06-30<",
		  "<ram:OccurrenceDateTime>\n          <udt:DateTimeString "
		  "format=\"102\">20260630<"}},
		{"k2",
		 TAX_K,
		 "",
		 "FR",
		 {"K: to", "<cbc:IdentificationCode>FR<", "<ram:ShipToTradeParty>"}},
		{"g",
		 TAX_G,
		 "export",
		 "US",
		 {"G", "ReasonCode>VATEX-EU-G<", "ReasonCode>VATEX-EU-G<"}},
		{"o", TAX_O, "", "DE", {"O", "ReasonCode>VATEX-EU-O<", "ReasonCode>VATEX-EU-O<"}},
	};

	for (size_t k = 0; k < ARRAY_SIZE(v); k++) {
		struct arena *a = arena_new((size_t)1 << 26);
		struct invoice *i = fixture_category(a, v[k].code, v[k].reason, v[k].to);

		all_hold(a, i, v[k].name, &v[k].f, 1);
		if (v[k].code == TAX_O) {
			struct text ubl = written(a, i, EINVOICE_UBL, "o");

			ok(!text_has(ubl, text_of("cbc:Percent")), "O has no rate (BR-O-5)");
			ok(!text_has(ubl, text_of("DE123456789")), "O has no VAT id (BR-O-2)");
		}
		arena_free(a);
	}
}

/* R109: interest comes without a category, and is O. */
static void interest(void)
{
	struct arena *a = arena_new((size_t)1 << 26);
	struct maker m = fixture_new(a, DOCUMENT_INTEREST, "EUR");
	static const struct fragment v[] = {
		{"interest is O", "<cbc:TaxExemptionReasonCode>VATEX-EU-O<",
		 "<ram:ExemptionReasonCode>VATEX-EU-O<"},
		{"211.64 + 40.00", "<cbc:PayableAmount currencyID=\"EUR\">251.64<",
		 "<ram:DuePayableAmount>251.64<"}};

	fixture_line(&m, "", -1, 21164)->role = LINE_INTEREST;
	fixture_line(&m, "", -1, 4000)->role = LINE_FIXED_FEE;
	all_hold(a, fixture_done(&m), "interest", v, ARRAY_SIZE(v));
	arena_free(a);
}

/* --- R151 --- */

static void forms(void)
{
	static const struct {
		const char *why;
		i128 num, den;
		const char *unit;
		struct decimal price;
		int64_t base, net;
		bool priced;
		const char *quantity, *price_is, *base_is;
	} v[] = {
		{"X7 17 of 31 days of 7,200.00",
		 17,
		 1,
		 "day",
		 {7200, 0},
		 31,
		 394839,
		 true,
		 "DAY\">17<",
		 "\">7200<",
		 "BaseQuantity unitCode=\"DAY\">31<"},
		{"an open fraction becomes a base",
		 1493,
		 30,
		 "user",
		 {25, 0},
		 1,
		 124417,
		 true,
		 "C62\">1493<",
		 "\">25<",
		 "BaseQuantity unitCode=\"C62\">30<"},
		{"a half stays a decimal",
		 5,
		 2,
		 "hour",
		 {120, 0},
		 1,
		 30000,
		 true,
		 "HUR\">2.5<",
		 "\">120<",
		 NULL},
		{"correction: the quantity is negative",
		 -3,
		 1,
		 "user",
		 {25, 0},
		 1,
		 -7500,
		 true,
		 "C62\">-3<",
		 "\">25<",
		 NULL},
		{"a negative price turns round",
		 3,
		 1,
		 "user",
		 {-25, 0},
		 1,
		 -7500,
		 true,
		 "C62\">-3<",
		 "\">25<",
		 NULL},
		{"a cent off: 1 x net",
		 3,
		 1,
		 "user",
		 {3333, 3},
		 1,
		 999,
		 true,
		 "C62\">1<",
		 "\">9.99<",
		 NULL},
		{"not priced: 1 x net",
		 3,
		 1,
		 "user",
		 {0, 0},
		 0,
		 1001,
		 false,
		 "C62\">1<",
		 "\">10.01<",
		 NULL},
		{"not priced, negative: -1 x net",
		 3,
		 1,
		 "user",
		 {0, 0},
		 0,
		 -1001,
		 false,
		 "C62\">-1<",
		 "\">10.01<",
		 NULL},
		{"covered: hours at nothing",
		 7,
		 2,
		 "hour",
		 {0, 0},
		 0,
		 0,
		 false,
		 "HUR\">3.5<",
		 "\">0<",
		 NULL},
		{"price with nine decimals",
		 1000,
		 1,
		 "GB",
		 {123456789, 9},
		 1,
		 12346,
		 true,
		 "E34\">1000<",
		 "\">0.123456789<",
		 NULL},
	};

	for (size_t k = 0; k < ARRAY_SIZE(v); k++) {
		struct arena *a = arena_new((size_t)1 << 26);
		struct maker m = fixture_new(a, DOCUMENT_INVOICE, "EUR");
		int s = fixture_tax(&m, TAX_S, (struct decimal){19, 0}, "");
		struct invoice_line *l = fixture_line(&m, "care", s, v[k].net);
		struct text xml;

		if (v[k].net < 0) /* the rest of the document, so that something is to be paid */
			fixture_line(&m, "rest", s, 100000);
		fixture_priced(l, fraction_of(v[k].num, v[k].den), v[k].unit, v[k].price,
			       v[k].base);
		l->priced = v[k].priced;
		l->name = text_of(v[k].why);
		xml = written(a, fixture_done(&m), EINVOICE_UBL, text_format(a, "form-%zu", k).p);
		(void)written(a, m.i, EINVOICE_CII, text_format(a, "form-%zu", k).p);
		holds(xml, v[k].quantity, v[k].why, "quantity");
		holds(xml, v[k].price_is, v[k].why, "price");
		holds(xml, v[k].base_is, v[k].why, "base");
		if (v[k].base_is == NULL)
			ok(!text_has(xml, text_of("BaseQuantity")), "%s: no base", v[k].why);
		arena_free(a);
	}
}

/* A reduction that gave too much before is a charge; a share of a split has no percent; two categories. */
static void reductions(void)
{
	static const struct fragment v[] = {
		{"charge", "<cbc:ChargeIndicator>true<", "<udt:Indicator>true<"},
		{"charges 10.00", "<cbc:ChargeTotalAmount currencyID=\"EUR\">10.00<",
		 "<ram:ChargeTotalAmount>10.00<"},
		{"rounding", "<cbc:PayableRoundingAmount currencyID=\"EUR\">-0.02<",
		 "<ram:RoundingAmount>-0.02<"},
	};
	struct arena *a = arena_new((size_t)1 << 26);
	struct maker m = fixture_new(a, DOCUMENT_INVOICE, "EUR");
	int s = fixture_tax(&m, TAX_S, (struct decimal){19, 0}, ""),
	    r = fixture_tax(&m, TAX_S, (struct decimal){7, 0}, "");
	struct text ubl;

	fixture_line(&m, "care", s, 100000);
	fixture_line(&m, "books", r, 33333);
	fixture_reduction(&m, REDUCTION_CREDIT, s, 0, (struct decimal){0, 0}, -1000);
	fixture_reduction(&m, REDUCTION_DISCOUNT, r, 133333, (struct decimal){3, 0}, 1000);
	m.i->rounding = -2;
	all_hold(a, fixture_done(&m), "reductions", v, ARRAY_SIZE(v));
	ubl = written(a, m.i, EINVOICE_UBL, "reductions");
	ok(!text_has(ubl, text_of("Multiplier")), "no percent that is not that of its base");
	arena_free(a);
}

static void no_decimals(void)
{
	static const struct fragment v[] = {
		{"X64: 3226 JPY", "<cbc:PayableAmount currencyID=\"JPY\">3549<",
		 "<ram:DuePayableAmount>3549<"},
		{"two decimals do not give it: 1 x net (A1)",
		 "<cbc:PriceAmount currencyID=\"JPY\">3226<", "<ram:ChargeAmount>3226<"}};
	struct arena *a = arena_new((size_t)1 << 26);
	struct maker m = fixture_new(a, DOCUMENT_INVOICE, "JPY");
	int s = fixture_tax(&m, TAX_S, (struct decimal){10, 0}, "");

	fixture_priced(fixture_line(&m, "care", s, 3226), fraction_of(10, 1), "day",
		       (struct decimal){10000, 0}, 31);
	all_hold(a, fixture_done(&m), "jpy", v, ARRAY_SIZE(v));
	arena_free(a);
}

/* R69: tax = round(gross x 19 / 119), which may be a cent off the rate of the net. */
static void tax_included(void)
{
	struct arena *a = arena_new((size_t)1 << 26);
	int good = 0;

	for (int64_t gross = 1; gross <= 200; gross++) {
		struct maker m = fixture_new(a, DOCUMENT_INVOICE, "EUR");
		struct err err = {.line = 0};
		struct buf b;
		int s = fixture_tax(&m, TAX_S, (struct decimal){19, 0}, "");

		m.i->tax_included = true;
		fixture_line(&m, "care", s, gross);
		buf_init(&b, XML_MAX);
		good += einvoice_write(a, fixture_done(&m), EINVOICE_UBL, &b, &err) == RC_OK;
		buf_free(&b);
	}
	is_i64(good, 200, "tax included: every gross can be written");
	arena_free(a);
}

/* --- refusals --- */

enum lack {
	LACK_NUMBER,
	LACK_DATE,
	LACK_SELLER_VAT,
	LACK_BUYER_VAT,
	LACK_CORRECTED,
	LACK_ORDER,
	LACK_EXEMPTION,
	LACK_LINES,
	LACK_CATEGORY,
	LACK_CURRENCY,
	LACK_COUNTRY,
	LACK_NAME,
	LACK_ADDRESS,
	LACK_PREFIX,
	LACK_CONTROL,
	LACK_DUE,
	LACK_ALONE,
	LACK_REGISTRATION,
	LACK_G,
	LACK_LARGE,
};

static struct invoice *lacking(struct arena *a, enum lack lack)
{
	struct invoice *i = lack == LACK_BUYER_VAT
				    ? fixture_category(a, TAX_AE, "reverse charge", "FR")
			    : lack == LACK_G            ? fixture_category(a, TAX_G, "", "US")
			    : lack == LACK_CORRECTED    ? fixture_x63_note(a)
			    : lack == LACK_REGISTRATION ? fixture_category(a, TAX_O, "", "US")
							: fixture_x63(a);
	struct invoice_line *lines = arena_array(a, struct invoice_line, i->n_lines);
	struct invoice_tax *taxes = arena_array(a, struct invoice_tax, i->n_taxes);
	const struct text none = {NULL, 0};

	memcpy(lines, i->lines, i->n_lines * sizeof(*lines));
	memcpy(taxes, i->taxes, i->n_taxes * sizeof(*taxes));
	i->lines = lines;
	i->taxes = taxes;
	switch (lack) {
	case LACK_NUMBER:
		i->number = none;
		break;
	case LACK_DATE:
		i->date = DAY_NONE;
		break;
	case LACK_SELLER_VAT:
		i->provider.vat_id = none;
		break;
	case LACK_BUYER_VAT:
		i->client.vat_id = none;
		break;
	case LACK_CORRECTED:
		i->corrected = none;
		break;
	case LACK_ORDER:
		i->order_reference = none;
		break;
	case LACK_EXEMPTION:
		taxes[1].reason = none;
		break;
	case LACK_LINES:
		i->n_lines = 0;
		break;
	case LACK_CATEGORY:
		lines[0].tax = -1;
		break;
	case LACK_CURRENCY:
		(void)!currency_find(text_of("BHD"), &i->currency);
		break;
	case LACK_COUNTRY:
		i->client.country = none;
		break;
	case LACK_NAME:
		i->provider.legal_name = none;
		break;
	case LACK_ADDRESS:
		i->provider.e_address = text_of("no scheme");
		break;
	case LACK_PREFIX:
		i->provider.vat_id = text_of("123456789");
		break;
	case LACK_CONTROL:
		lines[2].name = text_of("a\x01z");
		break;
	case LACK_DUE:
		i->due = DAY_NONE;
		i->instructions = none;
		break;
	case LACK_ALONE:
		taxes[1].code = TAX_O;
		break;
	case LACK_REGISTRATION:
		i->provider.registration_no = none;
		break;
	case LACK_G:
		i->provider.vat_id = none;
		break;
	case LACK_LARGE:
		lines[0].net = INT64_MIN;
		break;
	}
	return i;
}

static void refusals(void)
{
	static const struct {
		enum lack lack;
		const char *says;
	} v[] = {
		{LACK_NUMBER, "'number' is missing"},
		{LACK_DATE, "'date' is missing"},
		{LACK_SELLER_VAT, "'parties.provider.vat_id' is missing: a taxed supply"},
		{LACK_BUYER_VAT, "'parties.client.vat_id' is missing"},
		{LACK_CORRECTED, "'corrected' is missing"},
		{LACK_ORDER, "'invoicing.order_reference' is missing"},
		{LACK_EXEMPTION, "'taxes.categories[].exemption' is missing"},
		{LACK_LINES, "no line"},
		{LACK_CATEGORY, "'bundle' has no tax category"},
		{LACK_CURRENCY, "BHD has 3 decimals"},
		{LACK_COUNTRY, "'parties.client.address.country' is missing"},
		{LACK_NAME, "'parties.provider.legal_name' is missing"},
		{LACK_ADDRESS, "'parties.provider.e_address' is no address"},
		{LACK_PREFIX, "'parties.provider.vat_id' begins with no country"},
		{LACK_CONTROL, "'lines[].name' has a character"},
		{LACK_DUE, "'due' is missing"},
		{LACK_ALONE, "category O stands with another one"},
		{LACK_REGISTRATION, "'parties.provider.registration_no' is missing"},
		{LACK_G, "'parties.provider.vat_id' is missing: categories AE, K and G"},
		{LACK_LARGE, "'lines[].net' is too large"},
	};

	for (size_t k = 0; k < ARRAY_SIZE(v); k++) {
		struct arena *a = arena_new((size_t)1 << 26);
		struct err err = {.line = 0};
		struct buf b;

		buf_init(&b, XML_MAX);
		is_i64(einvoice_write(a, lacking(a, v[k].lack), EINVOICE_UBL, &b, &err), RC_INVALID,
		       "refused: %s", v[k].says);
		if (!ok(strstr(err.message, v[k].says) != NULL, "says so"))
			note("%s", err.message);
		is_i64((int64_t)b.n, 0, "nothing is written");
		buf_free(&b);
		arena_free(a);
	}
}

/* All at once, and by einvoice_of as a list. */
static void all_at_once(void)
{
	struct arena *a = arena_new((size_t)1 << 26);
	struct invoice *i = fixture_x63(a);
	struct einvoice_faults faults = {NULL, 0};
	struct einvoice *e = NULL;
	struct err err = {.line = 0};

	i->provider.vat_id = i->number = i->client.country = (struct text){NULL, 0};
	is_i64(einvoice_of(a, i, EINVOICE_UBL, &e, &faults, &err), RC_INVALID, "three are missing");
	is_i64((int64_t)faults.n, 3, "three faults");
	ok(e == NULL, "no document");
	ok(strstr(err.message, "vat_id") != NULL && strstr(err.message, "'number'") != NULL &&
		   strstr(err.message, "country") != NULL,
	   "the message has them all");
	arena_free(a);
}

/* --- A1 to A6: each sees its own cent --- */

enum wrong {
	WRONG_LINE,
	WRONG_PRICE,
	WRONG_SUM,
	WRONG_SHARE,
	WRONG_LESS,
	WRONG_MORE,
	WRONG_NET,
	WRONG_BASE,
	WRONG_TAX,
	WRONG_TAX_99,
	WRONG_TAXES,
	WRONG_GROSS,
	WRONG_DUE,
	WRONG_CATEGORY,
	WRONG_O,
	WRONG_DECIMALS,
	WRONG_NOTE,
	WRONG_LATER,
};

static void spoil(struct arena *a, struct einvoice *e, enum wrong w)
{
	static const day later = 30000;
	struct einvoice_line *lines = arena_array(a, struct einvoice_line, e->n_lines);
	struct einvoice_tax *taxes = arena_array(a, struct einvoice_tax, e->n_taxes);
	struct einvoice_allowance *less =
		arena_array(a, struct einvoice_allowance, e->n_allowances);

	memcpy(lines, e->lines, e->n_lines * sizeof(*lines));
	memcpy(taxes, e->taxes, e->n_taxes * sizeof(*taxes));
	memcpy(less, e->allowances, e->n_allowances * sizeof(*less));
	e->lines = lines;
	e->taxes = taxes;
	e->allowances = less;
	switch (w) {
	case WRONG_LINE:
		lines[1].net++;
		break;
	case WRONG_PRICE:
		lines[0].price.units = -lines[0].price.units;
		break;
	case WRONG_SUM:
		e->sum_lines++;
		break;
	case WRONG_SHARE:
		less[0].amount--;
		break;
	case WRONG_LESS:
		e->sum_allowances++;
		break;
	case WRONG_MORE:
		e->sum_charges++;
		break;
	case WRONG_NET:
		e->net++;
		break;
	case WRONG_BASE:
		taxes[0].base++;
		break;
	case WRONG_TAX:
		taxes[0].tax++;
		break;
	case WRONG_TAX_99:
		taxes[0].tax += 90;
		break;
	case WRONG_TAXES:
		e->tax++;
		break;
	case WRONG_GROSS:
		e->gross++;
		break;
	case WRONG_DUE:
		e->payable++;
		break;
	case WRONG_CATEGORY:
		lines[0].category = text_of("Z");
		break;
	case WRONG_O:
		taxes[1].category = text_of("O");
		break;
	case WRONG_DECIMALS:
		e->currency.decimals = 3;
		break;
	case WRONG_NOTE:
		e->type = text_of("381");
		e->n_preceding = 0;
		break;
	case WRONG_LATER:
		e->preceding_dates = &later;
		break;
	}
}

static void checks(void)
{
	static const struct {
		enum wrong wrong;
		const char *says;
	} v[] = {
		{WRONG_LINE, "A1: line '2'"},
		{WRONG_PRICE, "A1: the price of line '1'"},
		{WRONG_SUM, "A2: the lines"},
		{WRONG_SHARE, "A2: 'partner"},
		{WRONG_LESS, "A2: the allowances"},
		{WRONG_MORE, "A2: the charges"},
		{WRONG_NET, "A3: "},
		{WRONG_BASE, "A4: the taxable"},
		{WRONG_TAX, "A4: the tax of category S"},
		{WRONG_TAX_99, "A4: the tax of category S, 98915"},
		{WRONG_TAXES, "A5: the taxes"},
		{WRONG_GROSS, "A5: net and tax"},
		{WRONG_DUE, "A5: BT-112"},
		{WRONG_CATEGORY, "A4: line '1' is in no"},
		{WRONG_O, "A6: category O"},
		{WRONG_DECIMALS, "A6: more than"},
		{WRONG_NOTE, "A6: a credit note"},
		{WRONG_LATER, "A6: 'INV-2026-00027', which it refers to, is of a later day"},
	};
	struct arena *a = arena_new((size_t)1 << 26);
	const struct einvoice_basis basis = {ROUND_HALF_UP, false, false};
	struct err err = {.line = 0};
	struct einvoice *whole = NULL;

	is_i64(einvoice_of(a, fixture_x63(a), EINVOICE_UBL, &whole, NULL, &err), RC_OK,
	       "X63 is one");
	is_i64((int64_t)einvoice_check(a, whole, basis).n, 0, "X63 holds A1 to A6");
	for (size_t k = 0; k < ARRAY_SIZE(v); k++) {
		struct einvoice e = *whole;
		struct einvoice_faults faults;
		bool said = false;

		spoil(a, &e, v[k].wrong);
		faults = einvoice_check(a, &e, basis);
		for (size_t j = 0; j < faults.n; j++)
			said = said || text_starts(faults.v[j], v[k].says);
		ok(said, "seen: %s", v[k].says);
	}
	arena_free(a);
}

static void too_small(void)
{
	struct arena *a = arena_new((size_t)1 << 26);
	struct err err = {.line = 0};
	struct buf b;

	buf_init(&b, 1000);
	is_i64(einvoice_write(a, fixture_x63(a), EINVOICE_CII, &b, &err), RC_LIMIT,
	       "a small buffer");
	buf_free(&b);
	arena_free(a);
}

static void names(void)
{
	enum einvoice_syntax s = EINVOICE_UBL;

	ok(einvoice_syntax_named(text_of("facturx"), &s) && s == EINVOICE_FACTURX, "facturx");
	ok(einvoice_syntax_named(text_of("cii"), &s) && s == EINVOICE_CII, "cii");
	ok(einvoice_syntax_named(text_of("ubl"), &s) && s == EINVOICE_UBL, "ubl");
	ok(!einvoice_syntax_named(text_of("UBL "), &s), "no other");
}

int main(void)
{
	x63();
	note_of_x63();
	categories();
	interest();
	forms();
	reductions();
	no_decimals();
	tax_included();
	refusals();
	all_at_once();
	checks();
	too_small();
	names();
	return tap_done();
}
