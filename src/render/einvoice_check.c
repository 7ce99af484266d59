/* SPDX-License-Identifier: Apache-2.0 */
/*
 * money.md R154, A1 to A6: what the official rules allow to be wrong by up to 0.99 is asserted to the cent. Nothing is repaired. The rest of
 * EN 16931's rules are held by how a document is made (einvoice.c); tests/einvoice/rules.py tests them from outside.
 */
#include "render/einvoice_parts.h"

#include <stdio.h>

struct checker {
	const struct einvoice *e;
	struct einvoice_basis basis;
	struct fault_list list;
};

void fault_add(struct fault_list *list, const char *fmt, va_list ap)
{
	char line[ERR_MESSAGE_MAX];
	struct text *v = arena_grow(list->arena, list->v, list->n, &list->cap, sizeof(*v));

	(void)vsnprintf(line, sizeof(line), fmt, ap);
	v[list->n++] = text_copy(list->arena, text_of(line));
	list->v = v;
}

enum rc faults_report(const struct fault_list *list, struct err *err)
{
	struct buf b;
	enum rc rc;

	buf_init(&b, ERR_MESSAGE_MAX - 64);
	for (size_t k = 0; k < list->n && !b.full; k++) {
		if (k > 0)
			buf_str(&b, ", ");
		buf_text(&b, list->v[k]);
	}
	rc = err_set(err, RC_INVALID, "no e-invoice can be made of this: %.*s",
		     TEXT_ARG(buf_view(&b)));
	buf_free(&b);
	return rc;
}

PRINTF_LIKE(2, 3) static void fault(struct checker *c, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fault_add(&c->list, fmt, ap);
	va_end(ap);
}

static bool round_to(struct fraction f, unsigned places, enum rounding mode, int64_t *out)
{
	struct decimal d = {0, 0};

	if (!fraction_try_round(f, places, mode, &d))
		return false;
	*out = d.units;
	return true;
}

/*
 * What a reader of EN 16931 computes has two decimals in any currency (Peppol R120 does so for yen): a result between two minor units of a
 * coarser currency is none.
 */
static bool round_two(struct fraction f, unsigned decimals, int64_t *minor)
{
	const unsigned places = decimals < 2 ? 2 : decimals;
	int64_t v = 0;

	if (!round_to(f, places, ROUND_HALF_UP, &v))
		return false;
	for (unsigned k = decimals; k < places; k++) {
		if (v % 10 != 0)
			return false;
		v /= 10;
	}
	*minor = v;
	return true;
}

bool einvoice_line_net(const struct einvoice_line *l, unsigned decimals, int64_t *net)
{
	struct fraction f = {0, 1};

	return fraction_try_mul(fraction_of_decimal(l->quantity), fraction_of_decimal(l->price),
				&f) &&
	       fraction_try_div(f, fraction_of_decimal(l->base), &f) && round_two(f, decimals, net);
}

bool einvoice_share(int64_t base, struct decimal pct, struct currency c, int64_t *out)
{
	struct fraction f = money_exact((struct money){base, c});

	return fraction_try_mul(f, fraction_of_decimal(pct), &f) &&
	       fraction_try_mul(f, fraction_of(1, 100), &f) && round_two(f, c.decimals, out);
}

/* R68, in minor units and as the contract rounds. */
static bool tax_outside(const struct einvoice_tax *t, enum rounding mode, int64_t *out)
{
	struct fraction f = {0, 1};

	return fraction_try_mul(fraction_of(t->base, 1), fraction_of_decimal(t->rate), &f) &&
	       fraction_try_mul(f, fraction_of(1, 100), &f) && round_to(f, 0, mode, out);
}

static void lines(struct checker *c)
{
	const struct einvoice *e = c->e;
	i128 sum = 0;

	for (size_t k = 0; k < e->n_lines; k++) {
		const struct einvoice_line *l = &e->lines[k];
		int64_t net = 0;

		sum += l->net;
		if (l->price.units < 0)
			fault(c, "A1: the price of line '%.*s' is negative (BR-27)",
			      TEXT_ARG(l->id));
		if (!einvoice_line_net(l, e->currency.decimals, &net) || net != l->net)
			fault(c,
			      "A1: line '%.*s' is %lld minor units, price and quantity give %lld",
			      TEXT_ARG(l->id), (long long)l->net, (long long)net);
	}
	if (sum != e->sum_lines)
		fault(c, "A2: the lines do not sum to BT-106");
}

static void allowances(struct checker *c)
{
	const struct einvoice *e = c->e;
	i128 less = 0, more = 0;

	for (size_t k = 0; k < e->n_allowances; k++) {
		const struct einvoice_allowance *a = &e->allowances[k];
		int64_t part = 0;

		*(a->charge ? &more : &less) += a->amount;
		if (a->shared &&
		    (!einvoice_share(a->base, a->pct, e->currency, &part) || part != a->amount))
			fault(c, "A2: '%.*s' is not its percent of its base", TEXT_ARG(a->reason));
	}
	if (less != e->sum_allowances)
		fault(c, "A2: the allowances do not sum to BT-107");
	if (more != e->sum_charges)
		fault(c, "A2: the charges do not sum to BT-108");
	if ((i128)e->sum_lines - e->sum_allowances + e->sum_charges != e->net)
		fault(c, "A3: lines - allowances + charges are not BT-109");
}

static bool same_tax(const struct einvoice_tax *t, struct text category, struct decimal rate)
{
	return text_eq(t->category, category) && decimal_cmp(t->rate, rate) == 0;
}

/* R69: the tax inside of base + tax. */
static bool tax_inside(const struct einvoice_tax *t, enum rounding mode, int64_t *out)
{
	struct fraction rate = fraction_of_decimal(t->rate), hundred = {0, 1}, f = {0, 1};
	i128 gross = (i128)t->base + t->tax;

	return fraction_try_add(rate, fraction_of(100, 1), &hundred) &&
	       fraction_try_mul(fraction_of(gross, 1), rate, &f) &&
	       fraction_try_div(f, hundred, &f) && round_to(f, 0, mode, out);
}

static bool tax_right(const struct checker *c, const struct einvoice_tax *t)
{
	const i128 whole = c->e->currency.decimals == 0   ? 1
			   : c->e->currency.decimals == 1 ? 10
							  : 100;
	int64_t tax = 0;
	i128 off;

	if (c->basis.tax_included && tax_inside(t, c->basis.mode, &tax) && tax == t->tax)
		return true;
	if (!tax_outside(t, c->basis.mode, &tax))
		return false;
	off = (i128)tax - t->tax;
	/* R94: the rest of its invoice's tax, cents of earlier notes in it; the official bound of BR-CO-17 */
	return off == 0 || (c->basis.remainder && off < whole && off > -whole);
}

static void taxes(struct checker *c)
{
	const struct einvoice *e = c->e;
	i128 sum = 0;

	for (size_t k = 0; k < e->n_taxes; k++) {
		const struct einvoice_tax *t = &e->taxes[k];
		i128 base = 0;

		sum += t->tax;
		for (size_t j = 0; j < e->n_lines; j++)
			if (same_tax(t, e->lines[j].category, e->lines[j].rate))
				base += e->lines[j].net;
		for (size_t j = 0; j < e->n_allowances; j++) {
			const struct einvoice_allowance *a = &e->allowances[j];

			if (same_tax(t, a->category, a->rate))
				base += a->charge ? a->amount : -(i128)a->amount;
		}
		if (base != t->base)
			fault(c, "A4: the taxable amount of category %.*s is not that of its lines",
			      TEXT_ARG(t->category));
		if (!tax_right(c, t))
			fault(c,
			      "A4: the tax of category %.*s, %lld minor units, is not its rate of "
			      "%lld",
			      TEXT_ARG(t->category), (long long)t->tax, (long long)t->base);
	}
	if (sum != e->tax)
		fault(c, "A5: the taxes do not sum to BT-110");
	if ((i128)e->net + e->tax != e->gross)
		fault(c, "A5: net and tax are not BT-112");
	if ((i128)e->gross - e->prepaid + e->rounding != e->payable)
		fault(c, "A5: BT-112 - BT-113 + BT-114 are not BT-115");
}

/* Every line and allowance finds its category: what A4 sums over would else pass by. */
static bool listed(const struct einvoice *e, struct text category, struct decimal rate)
{
	for (size_t k = 0; k < e->n_taxes; k++)
		if (same_tax(&e->taxes[k], category, rate))
			return true;
	return false;
}

static void categories(struct checker *c)
{
	const struct einvoice *e = c->e;
	bool outside = false;

	for (size_t k = 0; k < e->n_lines; k++)
		if (!listed(e, e->lines[k].category, e->lines[k].rate))
			fault(c, "A4: line '%.*s' is in no tax category of the document",
			      TEXT_ARG(e->lines[k].id));
	for (size_t k = 0; k < e->n_allowances; k++)
		if (!listed(e, e->allowances[k].category, e->allowances[k].rate))
			fault(c, "A4: '%.*s' is in no tax category of the document",
			      TEXT_ARG(e->allowances[k].reason));
	for (size_t k = 0; k < e->n_taxes; k++)
		outside = outside || text_is(e->taxes[k].category, "O");
	if (outside && e->n_taxes != 1)
		fault(c, "A6: category O stands with another one");
	if (outside && (e->seller.vat_id.n > 0 || e->buyer.vat_id.n > 0))
		fault(c, "A6: a VAT id stands on a document of category O");
	if (e->currency.decimals > 2)
		fault(c, "A6: more than 2 decimals: %s", e->currency.code);
	if (text_is(e->type, "381") && e->n_preceding == 0)
		fault(c, "A6: a credit note names no invoice (BT-25)");
	for (size_t k = 0; k < e->n_preceding; k++)
		if (e->preceding_dates[k] != DAY_NONE && e->preceding_dates[k] > e->date)
			fault(c, "A6: '%.*s', which it refers to, is of a later day (BT-26)",
			      TEXT_ARG(e->preceding[k]));
}

struct einvoice_faults einvoice_check(struct arena *a, const struct einvoice *e,
				      struct einvoice_basis basis)
{
	struct checker c = {e, basis, {.arena = a}};

	lines(&c);
	allowances(&c);
	taxes(&c);
	categories(&c);
	return (struct einvoice_faults){c.list.v, c.list.n};
}
