/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A document of the engine as an electronic invoice (money.md R150 to R153, R155), and what it lacks. Nothing is computed that the
 * document does not say: only the form of a line's quantity and price is found here (R151), and einvoice_check.c proves it.
 */
#include "render/einvoice_parts.h"

#include <assert.h>

#define AMOUNT_MAX                                                                                 \
	INT64_C(10000000000000000) /* minor units either way; sums of lines fit 64 bits */

struct maker {
	struct arena *arena;
	const struct invoice *i;
	struct einvoice *e;
	struct fault_list *faults;
};

/* --- faults --- */

PRINTF_LIKE(2, 3) static void fault(struct maker *m, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fault_add(m->faults, fmt, ap);
	va_end(ap);
}

static void missing(struct maker *m, const char *key, const char *why)
{
	fault(m, "'%s' is missing: %s", key, why);
}

/* As XML may hold it, without white space at its ends. */
static struct text clean(struct maker *m, struct text t, const char *what)
{
	t = text_trim(t);
	if (xml_holds(t))
		return t;
	fault(m, "'%s' has a character that XML cannot hold", what);
	return text_of(NULL);
}

static int64_t amount(struct maker *m, int64_t minor, const char *what)
{
	if (minor <= AMOUNT_MAX && minor >= -AMOUNT_MAX)
		return minor;
	fault(m, "'%s' is too large for an e-invoice: %lld minor units", what, (long long)minor);
	return 0;
}

/* --- parties --- */

static bool upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

/* BR-CO-9: the country's two letters first. */
static struct text vat_id(struct maker *m, struct text t, const char *what)
{
	t = clean(m, t, what);
	if (t.n > 0 && (t.n < 4 || !upper(t.p[0]) || !upper(t.p[1])))
		fault(m, "'%s' begins with no country: '%.*s': DE123456789", what, TEXT_ARG(t));
	return t;
}

static void address_lines(struct maker *m, struct einvoice_party *to,
			  const struct party_details *from, const char *what)
{
	size_t at = 0;

	for (size_t k = 0; k < from->n_lines; k++) {
		struct text t = clean(m, from->lines[k], what);

		if (t.n == 0)
			continue;
		if (at < EINVOICE_ADDRESS_LINES)
			to->lines[at++] = t;
		else /* there are three of them */
			to->lines[at - 1] = text_format(m->arena, "%.*s, %.*s",
							TEXT_ARG(to->lines[at - 1]), TEXT_ARG(t));
	}
}

static void endpoint(struct maker *m, struct einvoice_party *to, struct text t, const char *key)
{
	struct text rest;

	t = clean(m, t, key);
	if (t.n == 0)
		return;
	rest = text_trim(text_cut(t, ':', &to->address_scheme));
	to->address_scheme = text_trim(to->address_scheme);
	to->address = rest;
	if (rest.n == 0 || to->address_scheme.n == 0 || to->address_scheme.n > 4)
		fault(m,
		      "'%s' is no address for e-invoices: '%.*s': scheme:value, 0088:7300010000001",
		      key, TEXT_ARG(t));
}

static const char *key_of(struct maker *m, const char *side, const char *member)
{
	return text_format(m->arena, "parties.%s.%s", side, member).p;
}

static void party(struct maker *m, struct einvoice_party *to, const struct party_details *from,
		  const char *side)
{
	to->name = clean(m, from->legal_name, key_of(m, side, "legal_name"));
	to->registration_no = clean(m, from->registration_no, key_of(m, side, "registration_no"));
	to->vat_id = vat_id(m, from->vat_id, key_of(m, side, "vat_id"));
	to->city = clean(m, from->city, key_of(m, side, "address.city"));
	to->postcode = clean(m, from->postcode, key_of(m, side, "address.postcode"));
	to->country = clean(m, from->country, key_of(m, side, "address.country"));
	to->email = clean(m, from->email, key_of(m, side, "notice.email"));
	address_lines(m, to, from, key_of(m, side, "address.lines"));
	endpoint(m, to, from->e_address, key_of(m, side, "e_address"));
	if (to->name.n == 0)
		missing(m, key_of(m, side, "legal_name"), "BT-27 and BT-44 name both parties");
	if (to->country.n != 2 || !upper(to->country.p[0]) || !upper(to->country.p[1]))
		missing(m, key_of(m, side, "address.country"), "two letters of ISO 3166-1");
}

/* --- taxes --- */

static bool is_interest(const struct maker *m)
{
	return m->i->kind == DOCUMENT_INTEREST;
}

static const struct invoice_tax *tax_at(const struct maker *m, int tax)
{
	return tax >= 0 && (size_t)tax < m->i->n_taxes ? &m->i->taxes[tax] : NULL;
}

/* Category and rate of a line or reduction. R109: interest and fees are outside the scope of VAT without a word of the contract. */
static struct text category(struct maker *m, int tax, struct text of, struct decimal *rate)
{
	const struct invoice_tax *t = tax_at(m, tax);

	*rate = decimal_of(0);
	if (t != NULL) {
		if (t->code != TAX_O)
			*rate = t->rate;
		return text_of(tax_word(t->code));
	}
	if (is_interest(m))
		return text_of("O");
	fault(m, "'%.*s' has no tax category: charges[].tax", TEXT_ARG(of));
	return text_of(NULL);
}

static const char *reason_code(enum tax_code code)
{
	switch (code) {
	case TAX_AE:
		return "VATEX-EU-AE";
	case TAX_K:
		return "VATEX-EU-IC";
	case TAX_G:
		return "VATEX-EU-G";
	case TAX_O:
		return "VATEX-EU-O";
	case TAX_S:
	case TAX_Z:
	case TAX_E:
		break;
	}
	return NULL;
}

static struct einvoice_tax tax(struct maker *m, const struct invoice_tax *t)
{
	struct einvoice_tax out = {.category = text_of(tax_word(t->code)),
				   .rate = t->code == TAX_O ? decimal_of(0) : t->rate,
				   .base = amount(m, t->base, "taxable amount"),
				   .tax = amount(m, t->tax, "tax"),
				   .reason_code = text_of(reason_code(t->code))};

	/* S and Z must not have one */
	if (t->code != TAX_S && t->code != TAX_Z)
		out.reason = clean(m, t->reason, "taxes.categories[].exemption");
	if (t->code == TAX_E && out.reason.n == 0)
		missing(m, "taxes.categories[].exemption", "category E says why (BR-E-10)");
	return out;
}

/* Two categories of the contract may be one of EN 16931: same letter, same rate. */
static bool tax_merged(struct einvoice_tax *v, size_t n, const struct einvoice_tax *t)
{
	for (size_t k = 0; k < n; k++) {
		if (!text_eq(v[k].category, t->category) || decimal_cmp(v[k].rate, t->rate) != 0)
			continue;
		v[k].base += t->base;
		v[k].tax += t->tax;
		if (v[k].reason.n == 0)
			v[k].reason = t->reason;
		return true;
	}
	return false;
}

static void taxes(struct maker *m)
{
	struct einvoice_tax *v = arena_array(m->arena, struct einvoice_tax, m->i->n_taxes + 1);
	struct einvoice *e = m->e;
	int64_t untaxed = 0;
	size_t n = 0;

	for (size_t k = 0; k < m->i->n_taxes; k++) {
		struct einvoice_tax t = tax(m, &m->i->taxes[k]);

		if (!tax_merged(v, n, &t))
			v[n++] = t;
	}
	for (size_t k = 0; k < e->n_lines; k++)
		untaxed += tax_at(m, m->i->lines[k].tax) == NULL ? e->lines[k].net : 0;
	if (n == 0 && is_interest(m))
		v[n++] = (struct einvoice_tax){.category = text_of("O"),
					       .base = untaxed,
					       .reason_code = text_of("VATEX-EU-O")};
	e->taxes = v;
	e->n_taxes = n;
}

static bool has_category(const struct maker *m, const char *code)
{
	for (size_t k = 0; k < m->e->n_taxes; k++)
		if (text_is(m->e->taxes[k].category, code))
			return true;
	return false;
}

/* R155, R64: the ids that a category needs, and those that it forbids. */
static void category_ids(struct maker *m)
{
	struct einvoice *e = m->e;
	bool taxed = has_category(m, "S") || has_category(m, "Z") || has_category(m, "E");
	bool reverse = has_category(m, "AE"), within = has_category(m, "K");

	if (has_category(m, "O")) {
		if (e->n_taxes > 1)
			fault(m, "category O stands with another one: O has a document of its own "
				 "(BR-O-11)");
		/* BR-O-2 */
		e->seller.vat_id = e->buyer.vat_id = text_of(NULL);
	}
	if (taxed && e->seller.vat_id.n == 0 && e->seller.tax_id.n == 0)
		missing(m, "parties.provider.vat_id",
			"a taxed supply needs the seller's VAT or tax id (BR-S-2)");
	if ((reverse || within || has_category(m, "G")) && e->seller.vat_id.n == 0)
		missing(m, "parties.provider.vat_id", "categories AE, K and G need it (BR-AE-2)");
	if ((reverse || within) && e->buyer.vat_id.n == 0)
		missing(m, "parties.client.vat_id", "categories AE and K need it (BR-AE-2)");
	if (e->seller.vat_id.n == 0 && e->seller.registration_no.n == 0)
		missing(m, "parties.provider.registration_no", "the seller needs an id (BR-CO-26)");
}

/* R153: goods go to the client's country, delivered with the last day of what is billed. */
static void delivery(struct maker *m)
{
	struct einvoice *e = m->e;

	if (!has_category(m, "K"))
		return;
	e->delivered_to = e->buyer.country;
	for (size_t k = 0; k < e->n_lines; k++)
		if (text_is(e->lines[k].category, "K") && e->lines[k].last > e->delivered)
			e->delivered = e->lines[k].last;
	if (e->delivered == DAY_NONE)
		missing(m, "lines[].period", "category K needs the day of delivery (BT-72)");
}

/* --- reductions --- */

static const char *reduction_code(enum reduction_kind k)
{
	return k == REDUCTION_CREDIT ? "100" : "95";
}

static struct text reduction_reason(struct maker *m, const struct invoice_reduction *r)
{
	struct text name = clean(m, r->name.n > 0 ? r->name : r->charge, "reductions[].name");
	struct text month = clean(m, r->month, "reductions[].month");

	if (name.n == 0)
		name = text_of(reduction_word(r->kind));
	return month.n > 0 ? text_format(m->arena, "%.*s, %.*s", TEXT_ARG(name), TEXT_ARG(month))
			   : name;
}

static struct einvoice_allowance reduction(struct maker *m, const struct invoice_reduction *r)
{
	int64_t less = amount(m, r->amount, "reductions[].amount"), part = 0;
	struct einvoice_allowance a = {.charge = less < 0,
				       .amount = less < 0 ? -less : less,
				       .reason = reduction_reason(m, r)};

	/* the codes of charges are another list, and none is of a discount taken back */
	if (!a.charge)
		a.reason_code = text_of(reduction_code(r->kind));
	a.category = category(m, r->tax, a.reason, &a.rate);
	/* a share of a split, or of what is no longer the whole: the amount alone (A2) */
	if (r->base > 0 && r->base <= AMOUNT_MAX && r->pct.units > 0 &&
	    einvoice_share(r->base, r->pct, m->i->currency, &part) && part == a.amount) {
		a.shared = true;
		a.base = r->base;
		a.pct = r->pct;
	}
	return a;
}

static void reductions(struct maker *m)
{
	struct einvoice_allowance *v =
		arena_array(m->arena, struct einvoice_allowance, m->i->n_reductions);
	size_t n = 0;

	for (size_t k = 0; k < m->i->n_reductions; k++) {
		if (m->i->reductions[k].amount == 0)
			continue;
		v[n] = reduction(m, &m->i->reductions[k]);
		if (v[n].charge)
			m->e->sum_charges += v[n].amount;
		else
			m->e->sum_allowances += v[n].amount;
		n++;
	}
	m->e->allowances = v;
	m->e->n_allowances = n;
}

/* --- lines --- */

/* The words are the contract's own and the engine's; what Rec 20 has no unit for is a piece (R152). */
struct text einvoice_unit(struct text unit)
{
	static const struct {
		const char *word, *code;
	} units[] = {
		{"month", "MON"}, {"quarter", "QAN"}, {"year", "ANN"}, {"day", "DAY"},
		{"hour", "HUR"},  {"minute", "MIN"},  {"GiB", "E62"},  {"GB", "E34"},
		{"TiB", "E61"},   {"person", "IE"},
	};

	for (size_t k = 0; k < ARRAY_SIZE(units); k++)
		if (text_is(unit, units[k].word))
			return text_of(units[k].code);
	return text_of("C62");
}

/* What decimal_parse reads back: at most 12 digits before the point, 9 after it. */
static bool fits(i128 units, unsigned scale)
{
	i128 bound = 1;

	for (unsigned k = 0; k < scale + 12 && k < 18; k++)
		bound *= 10;
	return scale <= 9 && units < bound && units > -bound;
}

/* A fraction as a quantity for which the price is: exact, if need be by a base quantity (R151). */
static bool quantity_of(struct fraction q, int64_t price_base, struct decimal *quantity,
			struct decimal *base)
{
	unsigned scale = 0;
	i128 num, den, of;

	if (q.den <= 0 || price_base <= 0)
		return false;
	q = fraction_of(q.num, q.den);
	num = q.num;
	den = q.den;
	of = price_base;
	if (!fits(num, 0) || !fits(den, 0))
		return false;
	while (den != 1 && scale < 9 && (den % 10 == 0 || den % 5 == 0 || den % 2 == 0)) {
		num *= den % 10 == 0 ? 1 : den % 5 == 0 ? 2 : 5;
		den /= den % 10 == 0 ? 10 : den % 5 == 0 ? 5 : 2;
		scale++;
	}
	if (den != 1) {
		num = q.num;
		of *= q.den;
		scale = 0;
	}
	if (!fits(num, scale) || !fits(of, 0))
		return false;
	*quantity = (struct decimal){(int64_t)num, (uint8_t)scale};
	*base = decimal_of((int64_t)of);
	return true;
}

/* Without zeros at the end, as it is read back. */
static struct decimal shortest(struct decimal d)
{
	while (d.scale > 0 && d.units % 10 == 0) {
		d.units /= 10;
		d.scale--;
	}
	return d;
}

static bool priced_form(const struct maker *m, const struct invoice_line *l,
			struct einvoice_line *to)
{
	struct decimal price = shortest(l->price);
	int64_t net = 0;

	if (l->net == 0 && !l->priced)
		price = decimal_of(0);
	else if (!l->priced)
		return false;
	if (!fits(price.units, price.scale) ||
	    !quantity_of(l->quantity, l->net == 0 && !l->priced ? 1 : l->price_base, &to->quantity,
			 &to->base))
		return false;
	if (price.units < 0) { /* BR-27 */
		price.units = -price.units;
		to->quantity.units = -to->quantity.units;
	}
	to->price = price;
	return einvoice_line_net(to, m->i->currency.decimals, &net) && net == l->net;
}

/* R151: the form that gives the net exactly, at the latest 1 x net. */
static void form(const struct maker *m, const struct invoice_line *l, struct einvoice_line *to)
{
	to->unit = einvoice_unit(l->unit);
	if (priced_form(m, l, to))
		return;
	to->unit = text_of("C62");
	to->base = decimal_of(1);
	to->quantity = decimal_of(to->net < 0 ? -1 : 1);
	to->price = shortest(
		(struct decimal){to->net < 0 ? -to->net : to->net, m->i->currency.decimals});
}

static struct text line_note(struct maker *m, const struct invoice_line *l)
{
	struct text clause = clean(m, l->clause, "lines[].clause");
	struct text rule = clean(m, l->rule, "lines[].rule");
	struct text corrects = clean(m, l->corrects, "lines[].corrects");
	struct text t = clause;

	if (rule.n > 0)
		t = text_format(m->arena, "%.*s%s%.*s", TEXT_ARG(t), t.n > 0 ? "; " : "",
				TEXT_ARG(rule));
	if (corrects.n > 0)
		t = text_format(m->arena, "%.*s%scorrects %.*s", TEXT_ARG(t), t.n > 0 ? "; " : "",
				TEXT_ARG(corrects));
	return t;
}

/* "time_entries 3, log 17 18 21", or the hash of their ids where they are many. */
static struct text evidence(struct maker *m, const struct evidence *v)
{
	enum { NAMED = 8 };
	struct text kind = clean(m, v->kind, "lines[].evidence"), t;

	if (kind.n == 0)
		return kind;
	t = text_format(m->arena, "%.*s %lld", TEXT_ARG(kind), (long long)v->count);
	if (v->n_entries == 0)
		return t;
	if (v->n_entries <= NAMED && (int64_t)v->n_entries == v->count) {
		t = text_format(m->arena, "%.*s, log", TEXT_ARG(t));
		for (size_t k = 0; k < v->n_entries; k++)
			t = text_format(m->arena, "%.*s %lld", TEXT_ARG(t),
					(long long)v->entries[k]);
		return t;
	}
	t = text_format(m->arena, "%.*s, sha256 ", TEXT_ARG(t));
	for (size_t k = 0; k < sizeof(v->hash.b); k++)
		t = text_format(m->arena, "%.*s%02x", TEXT_ARG(t), v->hash.b[k]);
	return t;
}

static struct einvoice_line line(struct maker *m, const struct invoice_line *l)
{
	struct einvoice_line to = {.id = text_format(m->arena, "%lld", (long long)l->number),
				   .note = line_note(m, l),
				   .evidence = evidence(m, &l->evidence),
				   .name = clean(m, l->name, "lines[].name"),
				   .item = clean(m, l->charge, "lines[].charge"),
				   .net = amount(m, l->net, "lines[].net"),
				   .from = DAY_NONE,
				   .last = DAY_NONE};
	struct text part = clean(m, l->part, "lines[].part");

	if (to.item.n > 0 && part.n > 0)
		to.item = text_format(m->arena, "%.*s/%.*s", TEXT_ARG(to.item), TEXT_ARG(part));
	if (to.name.n == 0)
		to.name = to.item.n > 0 ? to.item : text_of(line_word(l->role));
	if (!days_empty(l->period)) {
		to.from = l->period.from;
		to.last = l->period.to - 1;
	}
	to.category = category(m, l->tax, to.name, &to.rate);
	form(m, l, &to);
	return to;
}

static void lines(struct maker *m)
{
	struct einvoice_line *v = arena_array(m->arena, struct einvoice_line, m->i->n_lines);

	for (size_t k = 0; k < m->i->n_lines; k++)
		v[k] = line(m, &m->i->lines[k]);
	m->e->lines = v;
	m->e->n_lines = m->i->n_lines;
	if (m->i->n_lines == 0)
		fault(m, "no line: an e-invoice has at least one (BR-16)");
	if (m->i->n_lines > EINVOICE_LINES_MAX)
		fault(m, "too many lines: %zu, at most %d", m->i->n_lines, EINVOICE_LINES_MAX);
}

/* R153: the days of what is charged, if every line lies in them. */
static void period(struct maker *m)
{
	struct einvoice *e = m->e;
	day from = DAY_NONE, last = DAY_NONE;

	for (size_t k = 0; k < e->n_lines; k++) {
		const struct einvoice_line *l = &e->lines[k];

		if (m->i->lines[k].role != LINE_CHARGE || l->from == DAY_NONE)
			continue;
		if (from == DAY_NONE || l->from < from)
			from = l->from;
		if (l->last > last)
			last = l->last;
	}
	for (size_t k = 0; k < e->n_lines; k++)
		if (e->lines[k].from < from || e->lines[k].last > last ||
		    e->lines[k].from == DAY_NONE)
			return;
	e->from = from;
	e->last = last;
}

/* --- head --- */

/* BT-25, BT-26: what is credited, and what correction lines are about (R91), each once. A line does not say of which day that was. */
static void preceding(struct maker *m)
{
	const struct invoice *i = m->i;
	struct text *v = arena_array(m->arena, struct text, i->n_lines + 1);
	day *dates = arena_array(m->arena, day, i->n_lines + 1);
	size_t n = 0;

	for (size_t k = 0; k <= i->n_lines; k++)
		dates[k] = DAY_NONE;
	v[n] = clean(m, i->corrected, "corrected");
	dates[n] = i->corrected_date;
	n += v[n].n > 0;
	if (n == 0)
		dates[0] = DAY_NONE;
	if (i->kind == DOCUMENT_CREDIT_NOTE && n == 0)
		missing(m, "corrected", "a credit note names its invoice (BT-25)");
	for (size_t k = 0; k < i->n_lines; k++) {
		struct text t = clean(m, i->lines[k].corrects, "lines[].corrects");
		bool known = t.n == 0;

		for (size_t j = 0; j < n && !known; j++)
			known = text_eq(v[j], t);
		if (!known)
			v[n++] = t;
	}
	m->e->preceding = v;
	m->e->preceding_dates = dates;
	m->e->n_preceding = n;
}

/* BT-22, one of them: by what the document can be checked. */
static struct text head_note(struct maker *m)
{
	const struct invoice *i = m->i;
	struct text version = clean(m, i->version, "version"), root = clean(m, i->root, "root");
	struct text reason = clean(m, i->reason, "reason"), t = text_of(NULL);

	if (version.n > 0)
		t = text_format(m->arena, "contract version %.*s", TEXT_ARG(version));
	if (root.n > 0)
		t = text_format(m->arena, "%.*s%slog size %lld, root %.*s", TEXT_ARG(t),
				t.n > 0 ? "; " : "", (long long)i->log_size, TEXT_ARG(root));
	if (reason.n > 0)
		t = text_format(m->arena, "%.*s%sreason: %.*s", TEXT_ARG(t), t.n > 0 ? "; " : "",
				TEXT_ARG(reason));
	return t;
}

static void profile(struct maker *m, enum einvoice_syntax syntax)
{
	struct einvoice *e = m->e;

	e->customization = text_of("urn:cen.eu:en16931:2017");
	if (syntax == EINVOICE_FACTURX || e->seller.address.n == 0 || e->buyer.address.n == 0)
		return;
	e->customization = text_of("urn:cen.eu:en16931:2017#compliant#"
				   "urn:fdc:peppol.eu:2017:poacc:billing:3.0");
	e->profile = text_of("urn:fdc:peppol.eu:2017:poacc:billing:01:1.0");
	if (e->buyer_reference.n == 0)
		missing(m, "invoicing.order_reference",
			"Peppol wants the buyer's reference (R003)");
}

static void head(struct maker *m)
{
	const struct invoice *i = m->i;
	struct einvoice *e = m->e;
	bool note = i->kind == DOCUMENT_CREDIT_NOTE;

	e->number = clean(m, i->number, "number");
	e->type = text_of(note ? "381" : "380");
	e->date = i->date;
	e->due = i->due;
	e->currency = i->currency;
	e->buyer_reference = clean(m, i->order_reference, "order_reference");
	e->order = e->buyer_reference;
	e->contract = clean(m, i->contract, "contract");
	e->terms = clean(m, i->instructions, "payment.instructions");
	e->note = head_note(m);
	e->payment_reference = clean(m, i->payment_reference, "payment_reference");
	e->delivered = e->from = e->last = DAY_NONE;
	/* 1: the instrument is not defined; it carries the reference and, in UBL's credit notes, the due date */
	if (e->payment_reference.n > 0 || (note && e->due != DAY_NONE))
		e->means = text_of("1");
	/* a credit transfer, in euro one of SEPA; what a credit gives back has no account here */
	if (i->iban.n > 0 && !note) {
		e->means = text_of(text_is(text_of(i->currency.code), "EUR") ? "58" : "30");
		e->iban = clean(m, i->iban, "iban");
		e->bic = clean(m, i->bic, "bic");
	}
	/* BR-CO-25 asks it of credits as well, and UBL's have no due date that it would see */
	if (note && e->terms.n == 0)
		e->terms = text_format(m->arena, "credit of %.*s",
				       TEXT_ARG(clean(m, i->corrected, "corrected")));
	if (e->number.n == 0)
		missing(m, "number", "a draft has none: issue it first (BT-1)");
	if (e->date == DAY_NONE)
		missing(m, "date", "BT-2");
	if (i->currency.decimals > 2)
		fault(m, "%s has %u decimals: EN 16931 holds two; PDF and CSV hold them all (R155)",
		      i->currency.code, (unsigned)i->currency.decimals);
	if (i->payable > 0 && i->due == DAY_NONE && e->terms.n == 0)
		missing(m, "due", "BT-9 or BT-20 where something is to be paid (BR-CO-25)");
}

static void totals(struct maker *m)
{
	const struct invoice *i = m->i;
	struct einvoice *e = m->e;

	e->sum_lines = amount(m, i->sum_lines, "sum_lines");
	e->net = amount(m, i->net, "net");
	e->tax = amount(m, i->tax, "tax");
	e->gross = amount(m, i->gross, "gross");
	e->prepaid = amount(m, i->sum_deductions, "sum_deductions");
	e->rounding = amount(m, i->rounding, "rounding");
	e->payable = amount(m, i->payable, "payable");
}

enum rc einvoice_of(struct arena *a, const struct invoice *i, enum einvoice_syntax syntax,
		    struct einvoice **out, struct einvoice_faults *faults, struct err *err)
{
	struct fault_list list = {.arena = a};
	struct maker m = {a, i, arena_one(a, struct einvoice), &list};

	head(&m);
	party(&m, &m.e->seller, &i->provider, "provider");
	m.e->seller.tax_id = clean(&m, i->provider.tax_id, "parties.provider.tax_id");
	party(&m, &m.e->buyer, &i->client, "client");
	profile(&m, syntax);
	lines(&m);
	reductions(&m);
	taxes(&m);
	category_ids(&m);
	delivery(&m);
	period(&m);
	preceding(&m);
	totals(&m);
	if (faults != NULL)
		*faults = (struct einvoice_faults){list.v, list.n};
	if (list.n > 0)
		return faults_report(&list, err);
	*out = m.e;
	return RC_OK;
}

bool einvoice_syntax_named(struct text name, enum einvoice_syntax *out)
{
	static const char *const words[] = {
		[EINVOICE_UBL] = "ubl", [EINVOICE_CII] = "cii", [EINVOICE_FACTURX] = "facturx"};

	for (size_t k = 0; k < ARRAY_SIZE(words); k++) {
		if (!text_is(name, words[k]))
			continue;
		*out = (enum einvoice_syntax)k;
		return true;
	}
	return false;
}

enum rc einvoice_write(struct arena *a, const struct invoice *i, enum einvoice_syntax syntax,
		       struct buf *out, struct err *err)
{
	struct einvoice_basis basis = {i->mode, i->tax_included, i->kind == DOCUMENT_CREDIT_NOTE};
	struct einvoice_faults faults;
	struct einvoice *e = NULL;
	enum rc rc = einvoice_of(a, i, syntax, &e, NULL, err);

	if (rc != RC_OK)
		return rc;
	faults = einvoice_check(a, e, basis);
	if (faults.n > 0)
		return faults_report(&(struct fault_list){.v = faults.v, .n = faults.n}, err);
	if (syntax == EINVOICE_UBL)
		einvoice_ubl(e, out);
	else
		einvoice_cii(e, out);
	if (out->full)
		return err_set(err, RC_LIMIT, "e-invoice is larger than %zu bytes", out->max);
	return RC_OK;
}
