/* SPDX-License-Identifier: Apache-2.0 */
/*
 * E-invoices read (money.md R150): what was written comes back equal from either syntax, with nothing left over, for X63 and for random
 * documents; what is no e-invoice is refused. TENOR_EINVOICE_IN is a file of paths, one a line: each is read and its totals are printed,
 * for tests/einvoice/rules.py to compare with its own reading.
 */
#include "einvoice_fixture.h"

#include "unit/engine/random_invoice.h"

#include <string.h>
#include <time.h>

enum { XML_MAX = 1 << 22 };

static const enum einvoice_syntax syntaxes[] = {EINVOICE_UBL, EINVOICE_CII, EINVOICE_FACTURX};

/* --- the round trip --- */

static void keep(const char *name, enum einvoice_syntax syntax, struct text bytes)
{
	static const char *const endings[] = {"ubl", "uncefact", "facturx"};
	const char *folder = getenv("TENOR_EINVOICE_OUT");
	char path[512];
	FILE *f;

	if (folder == NULL || name == NULL)
		return;
	(void)snprintf(path, sizeof(path), "%s/%s_%s.xml", folder, name, endings[syntax]);
	f = fopen(path, "wb");
	if (f == NULL || fwrite(bytes.p, 1, bytes.n, f) != bytes.n || fclose(f) != 0)
		ok(false, "%s is written", path);
}

static bool goes_round(struct arena *a, const struct invoice *i, enum einvoice_syntax syntax,
		       const char *name)
{
	enum einvoice_syntax found = EINVOICE_FACTURX;
	struct einvoice *e = NULL, *back = NULL;
	struct err err = {.line = 0};
	bool good = false;
	struct buf b;

	buf_init(&b, XML_MAX);
	if (einvoice_of(a, i, syntax, &e, NULL, &err) != RC_OK ||
	    einvoice_write(a, i, syntax, &b, &err) != RC_OK ||
	    einvoice_read(a, buf_view(&b), &back, &found, &err) != RC_OK) {
		note("%s; %s", err.message, err.hint);
	} else {
		keep(name, syntax, buf_view(&b));
		good = einvoice_eq(e, back) && back->unread == 0 &&
		       (found == EINVOICE_UBL) == (syntax == EINVOICE_UBL);
		if (!good)
			note("unread %zu %.*s:\n%.*s", back->unread, TEXT_ARG(back->first_unread),
			     TEXT_ARG(buf_view(&b)));
	}
	buf_free(&b);
	return good;
}

static void fixtures(void)
{
	struct arena *a = arena_new((size_t)1 << 27);

	for (size_t k = 0; k < ARRAY_SIZE(syntaxes); k++) {
		ok(goes_round(a, fixture_x63(a), syntaxes[k], NULL), "X63 goes round");
		ok(goes_round(a, fixture_x63_note(a), syntaxes[k], NULL), "its credit note");
		ok(goes_round(a, fixture_category(a, TAX_AE, "reverse charge", "FR"), syntaxes[k],
			      NULL),
		   "reverse charge");
		ok(goes_round(a, fixture_category(a, TAX_K, "", "FR"), syntaxes[k], NULL), "K");
		ok(goes_round(a, fixture_category(a, TAX_O, "", "US"), syntaxes[k], NULL), "O");
	}
	arena_free(a);
}

/* --- random documents --- */

static struct decimal random_price(struct random_source *r)
{
	struct decimal d = {(int64_t)random_below(r, 1000000), (uint8_t)random_below(r, 7)};

	while (d.scale > 0 && d.units % 10 == 0) {
		d.units /= 10;
		d.scale--;
	}
	return d;
}

static void random_priced(struct random_source *r, struct maker *m, struct invoice_line *l)
{
	static const char *const units[] = {"month", "user", "day", "minute",
					    "hour",  "GiB",  "seat"};
	struct fraction q =
		fraction_of((i128)random_below(r, 5000) - 300, 1 + (i128)random_below(r, 40));
	int64_t base = 1 + (int64_t)random_below(r, 61);
	struct decimal price = random_price(r);
	struct fraction f =
		fraction_div(fraction_mul(q, fraction_of_decimal(price)), fraction_of(base, 1));
	struct money net = {0, m->i->currency};

	fixture_priced(l, q, units[random_below(r, ARRAY_SIZE(units))], price, base);
	if (money_try_round(f, m->i->currency, m->i->mode, &net))
		l->net = net.minor;
	else
		l->priced = false;
}

static void random_lines(struct random_source *r, struct maker *m)
{
	size_t n = m->i->n_taxes + (size_t)random_below(r, 12);

	for (size_t k = 0; k < n; k++) {
		/* every tax is that of a line */
		int tax = (int)(k < m->i->n_taxes ? k : random_below(r, m->i->n_taxes));
		struct invoice_line *l =
			fixture_line(m, "care", tax, (int64_t)random_below(r, 900000) - 1000);

		if (random_coin(r))
			random_priced(r, m, l);
		else
			l->quantity = random_coin(r) ? fraction_of(3, 7) : (struct fraction){0, 0};
		l->name = random_text(r);
		l->charge = random_text(r);
		l->part = random_text(r);
		l->clause = random_text(r);
		l->rule = random_text(r);
		l->corrects = random_below(r, 5) == 0 ? random_text(r) : text_of(NULL);
		l->evidence = random_evidence(r);
		if (random_below(r, 4) == 0 && m->taxes[tax].code != TAX_K)
			l->period = (struct days){0, 0};
		else
			l->period.to = l->period.from + 1 + (day)random_below(r, 60);
		l->role = random_coin(r) ? LINE_CHARGE : LINE_CORRECTION;
	}
}

static void random_rest(struct random_source *r, struct maker *m)
{
	size_t n = (size_t)random_below(r, 4);

	for (size_t k = 0; k < n; k++) {
		struct decimal pct = {(int64_t)random_below(r, 2000), 1};
		int64_t base = (int64_t)random_below(r, 200000),
			amount = (int64_t)random_below(r, 4000) - 500;
		struct money part = {0, m->i->currency};

		if (random_coin(r) &&
		    money_try_round(
			    fraction_mul(
				    fraction_of(base,
						1000 * (m->i->currency.decimals == 0 ? 1 : 100)),
				    fraction_of(pct.units, 1)),
			    m->i->currency, ROUND_HALF_UP, &part))
			amount = part.minor;
		fixture_reduction(m, (enum reduction_kind)random_below(r, 3),
				  (int)random_below(r, m->i->n_taxes), base, pct, amount)
			->name = random_text(r);
	}
	if (random_coin(r))
		fixture_deduction(m, DEDUCTION_UNAPPLIED, (int64_t)random_below(r, 5000));
	m->i->rounding = random_below(r, 3) == 0 ? (int64_t)random_below(r, 5) - 2 : 0;
	m->i->instructions = random_text(r);
	m->i->payment_reference = random_text(r);
	m->i->contract = random_text(r);
	m->i->version = random_text(r);
	m->i->root = random_text(r);
	m->i->client.registration_no = random_text(r);
	m->i->provider.tax_id = random_text(r);
	m->i->client.city = random_text(r);
	m->i->provider.lines = RANDOM_LIST(r, struct text, m->i->provider.n_lines, random_text);
	if (random_below(r, 3) == 0)
		m->i->client.e_address = text_of(NULL);
}

static void random_taxes(struct random_source *r, struct maker *m)
{
	static const struct {
		enum tax_code code;
		struct decimal rate;
		const char *reason;
	} mixed[] = {{TAX_S, {19, 0}, ""},
		     {TAX_S, {77, 1}, ""},
		     {TAX_Z, {0, 0}, ""},
		     {TAX_E, {0, 0}, "certificate & <co>"},
		     {TAX_AE, {0, 0}, "reverse charge"},
		     {TAX_K, {0, 0}, "goods"},
		     {TAX_G, {0, 0}, ""}};

	if (random_below(r, 6) == 0) {
		(void)fixture_tax(m, TAX_O, decimal_of(0), random_coin(r) ? "outside" : "");
		return;
	}
	for (size_t k = 0; k < ARRAY_SIZE(mixed); k++)
		if (random_below(r, 3) == 0)
			(void)fixture_tax(m, mixed[k].code, mixed[k].rate, mixed[k].reason);
	if (m->i->n_taxes == 0)
		(void)fixture_tax(m, TAX_S, (struct decimal){19, 0}, "");
}

static struct invoice *random_document(struct random_source *r)
{
	static const char *const currencies[] = {"EUR", "USD", "JPY"};
	bool note = random_below(r, 4) == 0;
	struct maker m = fixture_new(r->arena, note ? DOCUMENT_CREDIT_NOTE : DOCUMENT_INVOICE,
				     currencies[random_below(r, ARRAY_SIZE(currencies))]);

	m.i->mode = (enum rounding)random_below(r, ROUND_DOWN + 1);
	m.i->tax_included = random_below(r, 5) == 0;
	if (note && random_coin(r))
		m.i->due = DAY_NONE;
	random_taxes(r, &m);
	random_lines(r, &m);
	random_rest(r, &m);
	return fixture_done(&m);
}

static void random_documents(void)
{
	enum { ROUNDS = 500, KEPT = 40 };
	const char *given = getenv("TENOR_SEED");
	uint64_t seed = given != NULL ? strtoull(given, NULL, 10) : (uint64_t)time(NULL);
	int good = 0;

	note("seed %llu", (unsigned long long)seed);
	for (uint64_t k = 0; k < ROUNDS; k++) {
		struct random_source r = {
			arena_new((size_t)1 << 27), (seed ^ (k << 32)) | 1, {{0}, 0}};
		const struct invoice *i;
		char name[32];

		for (int warm = 0; warm < 8; warm++)
			(void)random_next(&r);
		i = random_document(&r);
		/* A4 from outside knows half up and tax on top alone */
		(void)snprintf(name, sizeof(name), "%s-%d",
			       i->mode == ROUND_HALF_UP && !i->tax_included ? "random" : "rounded",
			       (int)k);
		for (size_t s = 0; s < ARRAY_SIZE(syntaxes); s++)
			good += goes_round(r.arena, i, syntaxes[s], k < KEPT ? name : NULL);
		arena_free(r.arena);
	}
	is_i64(good, (int64_t)ROUNDS * (int64_t)ARRAY_SIZE(syntaxes), "random documents go round");
}

/* --- what the comparison sees --- */

static void comparison(void)
{
	static const size_t at[] = {
		offsetof(struct einvoice, payable),   offsetof(struct einvoice, rounding),
		offsetof(struct einvoice, tax),       offsetof(struct einvoice, date),
		offsetof(struct einvoice, delivered), offsetof(struct einvoice, n_taxes),
		offsetof(struct einvoice, n_lines),   offsetof(struct einvoice, sum_charges),
	};
	struct arena *a = arena_new((size_t)1 << 26);
	struct err err = {.line = 0};
	struct einvoice *e = NULL;

	is_i64(einvoice_of(a, fixture_x63(a), EINVOICE_UBL, &e, NULL, &err), RC_OK, "X63");
	ok(einvoice_eq(e, e), "equal to itself");
	for (size_t k = 0; k < ARRAY_SIZE(at); k++) {
		struct einvoice other = *e;

		((unsigned char *)&other)[at[k]] ^= 1;
		ok(!einvoice_eq(e, &other), "a bit at %zu makes another", at[k]);
	}
	arena_free(a);
}

/* --- refusals --- */

#define UBL_HEAD                                                                                   \
	"<Invoice xmlns='urn:oasis:names:specification:ubl:schema:xsd:Invoice-2'"                  \
	" xmlns:cbc='urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2'"        \
	" xmlns:cac='urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2'>"   \
	"<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>"
#define UBL(inside) UBL_HEAD inside "</Invoice>"
#define TOTAL(inside) UBL("<cac:LegalMonetaryTotal>" inside "</cac:LegalMonetaryTotal>")

static void refusals(void)
{
	static const struct {
		const char *xml;
		enum rc rc;
		const char *says;
	} v[] = {
		{"", RC_INVALID, "nothing in it"},
		{"not xml", RC_INVALID, "no well-formed XML"},
		{"<a>", RC_INVALID, "no well-formed XML"},
		{"<a/>", RC_INVALID, "no e-invoice: its root is 'a'"},
		{"<Invoice xmlns='urn:other'/>", RC_INVALID, "no e-invoice: its root is 'Invoice'"},
		{"<!DOCTYPE Invoice [<!ENTITY a 'x'>]>" UBL("<cbc:ID>&a;</cbc:ID>"), RC_INVALID,
		 "has a document type"},
		{"<!DOCTYPE Invoice SYSTEM 'file:///etc/passwd'>" UBL(""), RC_INVALID,
		 "has a document type"},
		{UBL("<cbc:ID>&a;</cbc:ID>"), RC_INVALID, "no well-formed XML"},
		{UBL("<cbc:IssueDate>2026-02-30</cbc:IssueDate>"), RC_INVALID,
		 "wrong value of cbc:IssueDate"},
		{TOTAL("<cbc:PayableAmount>1.001</cbc:PayableAmount>"), RC_INVALID,
		 "wrong value of cbc:PayableAmount: '1.001'"},
		{TOTAL("<cbc:PayableAmount>1e3</cbc:PayableAmount>"), RC_INVALID,
		 "wrong value of cbc:PayableAmount: '1e3'"},
		{TOTAL("<cbc:PayableAmount>9999999999999999999</cbc:PayableAmount>"), RC_INVALID,
		 "wrong value"},
		{TOTAL("<cbc:PayableAmount>999999999999999999</cbc:PayableAmount>"), RC_INVALID,
		 "wrong value"},
		{TOTAL("<cbc:PayableAmount currencyID='USD'>1</cbc:PayableAmount>"), RC_INVALID,
		 "'USD'"},
		{"<CreditNote xmlns='urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2'/>",
		 RC_INVALID, "wrong value of cbc:DocumentCurrencyCode: ''"},
	};

	for (size_t k = 0; k < ARRAY_SIZE(v); k++) {
		struct arena *a = arena_new((size_t)1 << 26);
		enum einvoice_syntax syntax = EINVOICE_FACTURX;
		struct einvoice *e = NULL;
		struct err err = {.line = 0};

		is_i64(einvoice_read(a, text_of(v[k].xml), &e, &syntax, &err), v[k].rc,
		       "refused: %s", v[k].says);
		if (!ok(strstr(err.message, v[k].says) != NULL && e == NULL &&
				syntax == EINVOICE_FACTURX,
			"says so"))
			note("%s", err.message);
		arena_free(a);
	}
}

static void too_much(void)
{
	struct arena *a = arena_new((size_t)1 << 28);
	enum einvoice_syntax syntax = EINVOICE_UBL;
	struct einvoice *e = NULL;
	struct err err = {.line = 0};
	struct buf b;

	buf_init(&b, 1 << 24);
	buf_str(&b, UBL_HEAD);
	for (int k = 0; k <= EINVOICE_DEPTH_MAX; k++)
		buf_str(&b, "<cac:Party>");
	for (int k = 0; k <= EINVOICE_DEPTH_MAX; k++)
		buf_str(&b, "</cac:Party>");
	buf_str(&b, "</Invoice>");
	is_i64(einvoice_read(a, buf_view(&b), &e, &syntax, &err), RC_LIMIT, "too deep: %s",
	       err.message);
	buf_clear(&b);
	buf_str(&b, UBL_HEAD);
	for (int k = 0; k <= EINVOICE_LINES_MAX; k++)
		buf_str(&b, "<cac:InvoiceLine/>");
	buf_str(&b, "</Invoice>");
	err.message[0] = '\0';
	is_i64(einvoice_read(a, buf_view(&b), &e, &syntax, &err), RC_LIMIT, "too many lines: %s",
	       err.message);
	buf_free(&b);
	arena_free(a);
}

/* What the struct has no place for is said, not dropped in silence. */
static void unread(void)
{
	struct arena *a = arena_new((size_t)1 << 26);
	enum einvoice_syntax syntax = EINVOICE_CII;
	struct einvoice *e = NULL;
	struct err err = {.line = 0};

	is_i64(einvoice_read(
		       a,
		       text_of(UBL(
			       "<cbc:ID> INV-1 </cbc:ID><cbc:AccountingCost>77</cbc:AccountingCost>"
			       "<cbc:Note/><!-- x "
			       "--><cac:PaymentMeans><cbc:PaymentMeansCode>58</"
			       "cbc:PaymentMeansCode>"
			       "</cac:PaymentMeans><cbc:DueDate>2026-03-31+01:00</cbc:DueDate>"
			       "<cbc:Note><![CDATA[a<b]]></cbc:Note>")),
		       &e, &syntax, &err),
	       RC_OK, "read: %s", err.message);
	if (e != NULL) {
		is_i64((int64_t)e->unread, 2, "two are not read: the cost and the second note");
		is_text(e->first_unread, "AccountingCost", "the first");
		is_text(e->number, "INV-1", "trimmed");
		is_i64(e->due, day_of(2026, 3, 31), "a zone does not move a day");
		ok(syntax == EINVOICE_UBL, "UBL");
	}
	arena_free(a);
}

/* --- documents of others --- */

static struct text file_of(struct arena *a, const char *path)
{
	static char bytes[1 << 22];
	FILE *f = fopen(path, "rb");
	size_t n;

	if (f == NULL)
		return text_of(NULL);
	n = fread(bytes, 1, sizeof(bytes), f);
	(void)fclose(f);
	return text_copy(a, (struct text){bytes, n});
}

static void print_totals(struct arena *a, struct text path)
{
	enum einvoice_syntax syntax = EINVOICE_UBL;
	struct einvoice *e = NULL;
	struct err err = {.line = 0};
	struct einvoice_faults faults;

	if (einvoice_read(a, file_of(a, text_copy(a, path).p), &e, &syntax, &err) != RC_OK) {
		note("refused %.*s %s; %s", TEXT_ARG(path), err.message, err.hint);
		return;
	}
	faults = einvoice_check(a, e, (struct einvoice_basis){ROUND_HALF_UP, false, false});
	note("totals %.*s %.*s %lld %lld %lld %lld %lld %zu %zu %zu", TEXT_ARG(path),
	     TEXT_ARG(e->number), (long long)e->sum_lines, (long long)e->net, (long long)e->tax,
	     (long long)e->gross, (long long)e->payable, e->n_lines, e->unread, faults.n);
}

static void others(void)
{
	const char *list = getenv("TENOR_EINVOICE_IN");
	struct arena *a;
	struct text rest;

	if (list == NULL)
		return;
	a = arena_new((size_t)1 << 29);
	rest = file_of(a, list);
	while (rest.n > 0) {
		struct text path;

		rest = text_cut(rest, '\n', &path);
		if (path.n > 0)
			print_totals(a, path);
	}
	arena_free(a);
}

int main(void)
{
	fixtures();
	random_documents();
	comparison();
	refusals();
	too_much();
	unread();
	others();
	return tap_done();
}
