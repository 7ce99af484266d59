/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Step 4 of R60: discounts in list order, each on what is left of its lines (money.md R50, R51), then max_amount of charges (R42).
 *
 * A discount has a total too (R17, R98): for each service period and tax category what it takes of everything charged for that
 * period, whatever documents carried it; this document gets that total less what was documented. So a late or corrected fact
 * corrects its discounts, and how a period was cut into runs does not matter.
 */
#include "engine/billing_parts.h"

#include "base/sort.h"

#include <assert.h>

/* What a period's item comes to in print, with the tax that it bears: what discounts lower. */
struct lowered {
	struct text charge;
	struct days item;
	struct invoice_tax tax;
	bool untaxed;
	int64_t total, left;
	struct due *due; /* NULL: carried, and not part of this run */
	const struct carried *carried;
};

struct units {
	struct lowered *v;
	size_t n;
};

/* --- what there is to lower --- */

static bool discountable(enum due_class class)
{
	return class == DUE_ITEM || class == DUE_MINIMUM;
}

static int by_period(const void *p, const void *q)
{
	const struct lowered *x = p, *y = q;

	if (x->item.from != y->item.from)
		return x->item.from < y->item.from ? -1 : 1;
	if (x->item.to != y->item.to)
		return x->item.to < y->item.to ? -1 : 1;

	int order = text_cmp(x->tax.category, y->tax.category);

	if (order == 0)
		order = (x->tax.code > y->tax.code) - (x->tax.code < y->tax.code);
	if (order == 0)
		order = decimal_cmp(x->tax.rate, y->tax.rate);
	if (order == 0)
		order = text_cmp(x->charge, y->charge);
	if (order == 0 && x->due != NULL && y->due != NULL)
		order = text_cmp(x->due->part, y->due->part);
	if (order == 0)
		order = (x->due != NULL && x->due->class == DUE_MINIMUM) -
			(y->due != NULL && y->due->class == DUE_MINIMUM);
	return order;
}

static bool add_due_unit(const struct biller *b, struct units *u, struct due *d)
{
	struct lowered x = {.charge = d->charge,
			    .item = d->item,
			    .tax = d->tax,
			    .untaxed = d->untaxed,
			    .due = d,
			    .carried = d->carried};

	if (!due_printed(b, d, &x.total))
		return false;
	x.left = x.total;
	u->v[u->n++] = x;
	return true;
}

static bool add_carried_unit(const struct biller *b, struct units *u, const struct carried *k)
{
	struct lowered x = {.charge = k->charge, .item = k->item, .carried = k};

	if (!carried_printed(b, k, &x.total))
		return false;
	x.left = x.total;
	x.untaxed = k->last_line == NULL || k->last_line->tax < 0;
	if (!x.untaxed)
		x.tax = k->last->taxes[k->last_line->tax];
	u->v[u->n++] = x;
	return true;
}

static bool units_make(struct biller *b, struct units *u)
{
	u->v = arena_array(b->arena, struct lowered, b->n_dues + b->n_carried);
	for (size_t i = 0; i < b->n_dues; i++)
		if (discountable(b->dues[i].class) && !add_due_unit(b, u, &b->dues[i]))
			return false;
	for (size_t i = 0; i < b->n_carried; i++)
		if (discountable(b->carried[i].class) && !b->carried[i].matched &&
		    !add_carried_unit(b, u, &b->carried[i]))
			return false;
	sort(u->v, u->n, sizeof(*u->v), by_period);
	return true;
}

static bool same_group(const struct lowered *x, const struct lowered *y)
{
	return days_same(x->item, y->item) && x->untaxed == y->untaxed &&
	       tax_same(&x->tax, &y->tax);
}

/* --- which discount --- */

static bool in_list(const struct pricing *p, const struct index_list *list, struct text charge)
{
	for (size_t i = 0; i < list->n; i++)
		if (text_eq(p->promise->charges[list->v[i]].id, charge))
			return true;
	return list->n == 0;
}

static bool is_returned(const struct biller *b, symbol payment)
{
	struct fact_run run = b->c->view->kinds[FACT_PAYMENT_RETURNED];

	for (size_t i = 0; i < run.n; i++)
		if (view_fact(b->c->view, run.v[i])->subject == payment)
			return true;
	return false;
}

day billing_year_paid(const struct biller *b, const struct promise *p, day from)
{
	day start = p->service_start_day != DAY_NONE ? p->service_start_day : p->effective_day;
	struct fact_run run = b->c->view->kinds[FACT_PAYMENT_RECEIVED];
	int64_t years;
	day first, before;

	if (start == DAY_NONE || from < start)
		return DAY_NONE;
	years = periods_whole(start, from, 12, 0);
	first = day_add_months(start, (int32_t)(12 * years));
	before = day_add_months(start, (int32_t)(12 * (years - 1)));
	for (size_t i = 0; i < run.n; i++) {
		const struct fact *f = view_fact(b->c->view, run.v[i]);
		struct text purpose =
			symbol_text(b->c->view->facts->symbols, fact_word(f, FIELD_PURPOSE));
		day on = fact_day(b->c, run.v[i]);

		if (text_is(purpose, "year_ahead") && on < first && on >= before &&
		    !is_returned(b, f->subject))
			return on;
	}
	return DAY_NONE;
}

/* Net lines, without tax, credits and what is passed through, of service periods that begin in those days. */
static bool nets_in(const struct biller *b, const struct units *u, struct days days, int64_t *out)
{
	*out = 0;
	for (size_t i = 0; i < u->n; i++) {
		const struct lowered *x = &u->v[i];
		int at = pricing_charge(b->pricing, x->charge);

		if (x->item.from < days.from || x->item.from >= days.to ||
		    (at >= 0 && b->pricing->promise->charges[at].type == CHARGE_PASS_THROUGH))
			continue;
		if (!add_to(out, x->total))
			return false;
	}
	return true;
}

static bool band_of(const struct biller *b, const struct units *u, const struct priced_charge *x,
		    struct days item, struct decimal *pct, int64_t *base)
{
	struct days days = item;

	if (x->bands_of != BANDS_NET_PERIOD)
		days = (struct days){day_add_months(item.from, -12), item.from};
	if (!nets_in(b, u, days, base))
		return false;
	*pct = decimal_of(0);
	for (size_t i = 0; i < x->n_bands; i++)
		if (x->bands[i].from.minor <= *base)
			*pct = x->bands[i].pct;
	return true;
}

/* --- totals of one discount --- */

/* One group of units and what a discount takes of it. */
struct taking {
	struct biller *b;
	const struct units *units;
	enum reduction_kind kind;
	struct text charge;
	const struct priced_charge *words;
	uint16_t version;
	size_t from, to; /* of units */
	struct decimal pct;
	bool pct_set;
	int64_t base, total, band_base;
	int64_t *shares; /* of each unit in from .. to */
	bool *covered;
};

/* What documents say already of this charge, period and tax; credit notes that count taken off, and those under way. */
static bool taken(const struct taking *t, const struct lowered *group, int64_t *out)
{
	struct biller *b = t->b;

	*out = 0;
	for (size_t i = 0; i < b->in->n_issued; i++) {
		const struct invoice *doc = b->in->issued[i].invoice;
		bool note = doc->kind == DOCUMENT_CREDIT_NOTE;

		if (note && (doc->n_lines == 0 || !doc->lines[0].counts))
			continue;
		for (size_t k = 0; k < doc->n_reductions; k++) {
			const struct invoice_reduction *r = &doc->reductions[k];
			bool untaxed = r->tax < 0;
			int64_t amount = reduction_amount(doc, r);

			if (r->kind != t->kind || !text_eq(r->charge, t->charge) ||
			    !days_same(r->item, group->item) || untaxed != group->untaxed ||
			    (!untaxed && !tax_same(&doc->taxes[r->tax], &group->tax)))
				continue;
			if (note ? !take_from(out, amount) : !add_to(out, amount))
				return false;
		}
	}
	for (size_t i = 0; i < b->n_credited; i++) {
		const struct credit_line *c = &b->credited[i];

		for (size_t k = 0; k < c->n_shares; k++) {
			const struct invoice_reduction *r = c->shares[k].of;

			if (r->kind == t->kind && text_eq(r->charge, t->charge) &&
			    days_same(r->item, group->item) && (r->tax < 0) == group->untaxed &&
			    (r->tax < 0 || tax_same(&c->of->invoice->taxes[r->tax], &group->tax)) &&
			    !take_from(out, c->shares[k].amount))
				return false;
		}
	}
	return true;
}

/* How a unit's lines on this document share in it (R94). */
static void put_shares(struct taking *t, struct invoice_reduction *r, int64_t amount)
{
	struct biller *b = t->b;
	int64_t *lines, *weights, *shares;
	size_t n = 0;

	for (size_t i = t->from; i < t->to; i++)
		if (t->covered[i - t->from] && t->units->v[i].due != NULL)
			n += (size_t)t->units->v[i].due->n_on_paper;
	lines = arena_array(b->arena, int64_t, n);
	weights = arena_array(b->arena, int64_t, n);
	shares = arena_array(b->arena, int64_t, n);
	n = 0;
	for (size_t i = t->from; i < t->to; i++) {
		const struct due *d = t->units->v[i].due;

		if (!t->covered[i - t->from] || d == NULL)
			continue;
		for (int64_t k = 0; k < d->n_on_paper; k++) {
			const struct invoice_line *l = &b->lines[d->first_line - 1 + k];

			lines[n] = l->number;
			weights[n++] = l->net < 0 ? -l->net : l->net;
		}
	}
	if (n > 0)
		billing_proportion(b, amount, weights, n, shares);
	r->lines = lines;
	r->shares = shares;
	r->n_lines = n;
}

static bool bears(const struct biller *b, const struct lowered *group, int *tax)
{
	*tax = -1;
	if (group->untaxed)
		return true;
	for (size_t i = 0; i < b->n_taxes; i++)
		if (tax_same(&b->taxes[i], &group->tax))
			*tax = (int)i;
	return *tax >= 0;
}

static enum rc put_reduction(struct taking *t, const struct lowered *group)
{
	struct biller *b = t->b;
	int64_t before = 0, amount = t->total, space;
	struct invoice_reduction r = {.kind = t->kind, .charge = t->charge, .item = group->item};
	struct step *steps = arena_array(b->arena, struct step, 4);
	size_t n = 0;
	int tax;

	if (!taken(t, group, &before) || !take_from(&amount, before))
		return billing_too_large(b, t->charge);
	if (amount == 0)
		return RC_OK;
	if (!bears(b, group, &tax) && amount > 0)
		return RC_OK; /* nothing here to lower: it waits (R62) */
	space = billing_room(b, tax);
	if (amount > space)
		amount = space;
	if (amount == 0)
		return RC_OK;
	if (tax < 0 && !group->untaxed)
		tax = tax_on_draft(b, &group->tax);
	steps[n++] = step_money(STEP_BASE, t->kind == REDUCTION_MAXIMUM ? 42 : 50, t->base);
	if (t->kind == REDUCTION_MAXIMUM)
		steps[n++] = step_money(STEP_MAXIMUM, 42, t->band_base);
	else
		steps[n++] = step_pct(STEP_PERCENT, 50, t->pct);
	steps[n++] = step_money(STEP_TOTAL_NOW, 17, t->total);
	if (before != 0)
		steps[n++] = step_money(STEP_ALREADY_BILLED, 17, before);
	r.name = t->words != NULL ? t->words->name : t->charge;
	r.clause = t->words != NULL ? t->words->clause : (struct text){"", 0};
	r.rule = billing_rule(b, t->kind == REDUCTION_MAXIMUM ? 42 : 50);
	r.amount = amount;
	r.tax = tax;
	r.category = group->untaxed ? (struct text){"", 0} : group->tax.category;
	r.steps = steps;
	r.n_steps = n;
	if (before == 0 && amount == t->total && t->pct_set) {
		r.base = t->base;
		r.pct = t->pct;
	}
	put_shares(t, &r, amount);
	b->reductions = arena_grow(b->arena, b->reductions, b->n_reductions, &b->reductions_cap,
				   sizeof(*b->reductions));
	b->reductions[b->n_reductions++] = r;
	return RC_OK;
}

/* R50: pct of what is left of the covered units, rounded once, shared among them by largest remainder. */
static enum rc take_percent(struct taking *t)
{
	struct biller *b = t->b;
	size_t n = t->to - t->from;
	struct fraction *exact = arena_array(b->arena, struct fraction, n);
	struct fraction part;

	t->base = t->total = 0;
	if (!fraction_try_div(fraction_of_decimal(t->pct), fraction_of(100, 1), &part))
		return billing_too_large(b, t->charge);
	for (size_t i = 0; i < n; i++) {
		int64_t left = t->covered[i] ? t->units->v[t->from + i].left : 0;

		if (!add_to(&t->base, left) ||
		    !fraction_try_mul(fraction_of(left, 1), part, &exact[i]))
			return billing_too_large(b, t->charge);
	}
	if (!billing_share(b, t->base, part, &t->total) ||
	    !billing_split(b, t->total, exact, n, t->shares))
		return billing_too_large(b, t->charge);
	for (size_t i = 0; i < n; i++)
		t->units->v[t->from + i].left -= t->shares[i];
	return RC_OK;
}

static enum rc discount_group(struct biller *b, const struct units *u, size_t slot, size_t from,
			      size_t to)
{
	const struct lowered *group = &u->v[from];
	uint16_t version = slot_version_on(b->c, slot, group->item.from);
	const struct priced_charge *x = slot_charge(b->c, slot, version);
	const struct pricing *p = b->c->versions[version].pricing;
	struct days life = slot_life(b->c, slot);
	struct taking t = {.b = b,
			   .units = u,
			   .kind = REDUCTION_DISCOUNT,
			   .charge = b->c->slots[slot].id,
			   .words = x,
			   .version = version,
			   .from = from,
			   .to = to,
			   .pct = x->pct,
			   .pct_set = true,
			   .shares = arena_array(b->arena, int64_t, to - from),
			   .covered = arena_array(b->arena, bool, to - from)};
	bool granted = group->item.from >= life.from && group->item.from < life.to;
	enum rc rc;

	if (x->when == DISCOUNT_PAID_YEAR_AHEAD)
		granted = granted && billing_year_paid(b, p->promise, group->item.from) != DAY_NONE;
	if (!x->pct_set && !band_of(b, u, x, group->item, &t.pct, &t.band_base))
		return billing_too_large(b, t.charge);
	for (size_t i = from; i < to; i++)
		t.covered[i - from] = granted && in_list(p, &x->applies_to, u->v[i].charge);
	rc = take_percent(&t);
	return rc == RC_OK ? put_reduction(&t, group) : rc;
}

/* --- max_amount --- */

static void lower_in_proportion(struct taking *t)
{
	size_t n = t->to - t->from;
	int64_t *weights = arena_array(t->b->arena, int64_t, n);

	if (t->total == 0)
		return;
	for (size_t i = 0; i < n; i++)
		weights[i] = t->covered[i] ? t->units->v[t->from + i].left : 0;
	billing_proportion(t->b, t->total, weights, n, t->shares);
	for (size_t i = 0; i < n; i++)
		t->units->v[t->from + i].left -= t->shares[i];
}

static enum rc maximum_group(struct biller *b, const struct units *u, size_t at, size_t from,
			     size_t to)
{
	const struct due *d = u->v[at].due;
	const struct priced_charge *x = slot_charge(b->c, (size_t)d->slot, d->version);
	struct weight w = slot_weight(b->c, (size_t)d->slot, d->item, d->full);
	struct taking t = {.b = b,
			   .units = u,
			   .kind = REDUCTION_MAXIMUM,
			   .charge = d->charge,
			   .words = x,
			   .version = d->version,
			   .from = from,
			   .to = to,
			   .shares = arena_array(b->arena, int64_t, to - from),
			   .covered = arena_array(b->arena, bool, to - from)};
	int64_t over;

	for (size_t i = from; i < to; i++) {
		t.covered[i - from] = text_eq(u->v[i].charge, d->charge);
		if (t.covered[i - from] && !add_to(&t.base, u->v[i].left))
			return billing_too_large(b, t.charge);
	}
	if (!billing_share(b, x->max_amount.minor, fraction_of(w.days, w.of), &t.band_base))
		return billing_too_large(b, t.charge);
	over = t.base;
	if (!take_from(&over, t.band_base))
		return billing_too_large(b, t.charge);
	t.total = over > 0 ? over : 0;
	lower_in_proportion(&t);
	return put_reduction(&t, &u->v[at]);
}

static enum rc maximums(struct biller *b, const struct units *u, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++) {
		const struct due *d = u->v[i].due;
		bool seen = false;
		enum rc rc;

		if (d == NULL || d->slot < 0 ||
		    !slot_charge(b->c, (size_t)d->slot, d->version)->max_amount.set)
			continue;
		for (size_t k = from; k < i && !seen; k++)
			seen = u->v[k].due != NULL && text_eq(u->v[k].charge, d->charge);
		rc = seen ? RC_OK : maximum_group(b, u, i, from, to);
		if (rc != RC_OK)
			return rc;
	}
	return RC_OK;
}

/* --- all --- */

static bool is_discount(const struct charging *c, size_t slot)
{
	return slot_charge(c, slot, slot_version_on(c, slot, c->on))->base->type == CHARGE_DISCOUNT;
}

/* Discounts of periods of which nothing is left at all: what was given goes back. */
static enum rc vanished(struct biller *b, const struct units *u)
{
	for (size_t i = 0; i < b->in->n_issued; i++) {
		const struct invoice *doc = b->in->issued[i].invoice;

		for (size_t k = 0; k < doc->n_reductions && doc->kind == DOCUMENT_INVOICE; k++) {
			const struct invoice_reduction *r = &doc->reductions[k];
			struct lowered group = {.item = r->item, .untaxed = r->tax < 0};
			struct taking t = {
				.b = b, .units = u, .kind = r->kind, .charge = r->charge};
			bool there = r->kind == REDUCTION_CREDIT;
			enum rc rc;

			if (r->tax >= 0)
				group.tax = doc->taxes[r->tax];
			for (size_t m = 0; m < u->n && !there; m++)
				there = same_group(&u->v[m], &group);
			for (size_t m = 0; m < b->n_reductions && !there; m++)
				there = b->reductions[m].kind == r->kind &&
					text_eq(b->reductions[m].charge, r->charge) &&
					days_same(b->reductions[m].item, r->item);
			rc = there ? RC_OK : put_reduction(&t, &group);
			if (rc != RC_OK)
				return rc;
		}
	}
	return RC_OK;
}

/* What is left of everything charged: bases of service credits. */
static void keep_nets(struct biller *b, const struct units *u)
{
	b->nets = arena_array(b->arena, struct month_net, u->n);
	b->n_nets = u->n;
	for (size_t i = 0; i < u->n; i++)
		b->nets[i] = (struct month_net){u->v[i].charge, u->v[i].item, u->v[i].left};
}

enum rc discounts_make(struct biller *b)
{
	struct units u = {NULL, 0};
	enum rc rc = RC_OK;

	if (!units_make(b, &u))
		return billing_too_large(b, text_of("document"));
	for (size_t s = 0; s <= b->c->n_slots && rc == RC_OK; s++) {
		bool last = s == b->c->n_slots; /* maximums come after all percentages (R42) */

		if (!last && !is_discount(b->c, s))
			continue;
		for (size_t from = 0, to; from < u.n && rc == RC_OK; from = to) {
			for (to = from + 1; to < u.n && same_group(&u.v[from], &u.v[to]);)
				to++;
			rc = last ? maximums(b, &u, from, to) : discount_group(b, &u, s, from, to);
		}
	}
	if (rc == RC_OK)
		keep_nets(b, &u);
	return rc == RC_OK ? vanished(b, &u) : rc;
}
