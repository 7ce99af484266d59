/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/compare_charges.h"

#include "engine/ledger.h"
#include "terms/canonical.h"

#include <assert.h>
#include <stdlib.h>

enum { NODE_BYTES_MAX = 1 << 20 };

struct weighing {
	struct arena *arena;
	const struct billed_side *side;
	struct compared_charges *out;
	struct compared_charge *rows;
	struct two_amounts *sums, *taxes;
	struct days period;
	const struct billed_sum **before; /* items of BEFORE by key */
	size_t n_before;
	struct err *err;
};

static enum rc too_large(struct weighing *w, struct text what)
{
	err_key(w->err, what);
	err_hint(w->err, "at most 9223372036854775807 minor units");
	return err_set(w->err, RC_LIMIT, "amount too large: '%.*s'", TEXT_ARG(what));
}

static bool add(int64_t *to, int64_t more)
{
	return !__builtin_add_overflow(*to, more, to);
}

static bool subtract(int64_t x, int64_t y, int64_t *out)
{
	return !__builtin_sub_overflow(x, y, out);
}

const char *charge_why_word(enum charge_why w)
{
	static const char *const words[] = {"price", "allowance", "quantity", "other"};

	assert((size_t)w < ARRAY_SIZE(words));
	return words[w];
}

const struct days *months_of_span(struct arena *a, const struct zone *zone, struct span period,
				  size_t *n)
{
	day at = zone_day(zone, period.from), end = zone_day(zone, period.to);
	struct days *v = NULL;
	size_t cap = 0;

	*n = 0;
	while (at < end) {
		struct civil c = civil_of(at);
		day next = day_of(c.year, c.month, 1) + days_in_month(c.year, c.month);

		v = arena_grow(a, v, *n, &cap, sizeof(*v));
		v[(*n)++] = (struct days){at, next < end ? next : end};
		at = next;
	}
	return v;
}

/* --- rows --- */

static struct compared_charge *row_of(struct weighing *w, struct text id)
{
	for (size_t i = 0; i < w->out->n; i++)
		if (text_eq(w->rows[i].id, id))
			return &w->rows[i];
	return NULL;
}

static void add_row(struct weighing *w, enum side s, size_t slot)
{
	const struct charging *c = w->side[s].charging;
	const struct priced_charge *x =
		slot_charge(c, slot, slot_version_on(c, slot, w->period.to - 1));
	struct compared_charge *row = row_of(w, c->slots[slot].id);

	if (row != NULL) {
		row->presence = IN_BOTH;
		return;
	}
	row = &w->rows[w->out->n++];
	row->row = x->base->type == CHARGE_DISCOUNT ? ROW_DISCOUNT : ROW_CHARGE;
	row->id = c->slots[slot].id;
	row->name = x->name;
	row->type = term_text(x->node, "type");
	row->presence = s == AFTER ? ADDED : REMOVED;
	row->months = arena_array(w->arena, struct two_amounts, w->out->n_months);
}

static bool has_commitment(const struct billed_side *side)
{
	for (size_t i = 0; i < side->charging->n_versions; i++)
		if (side->charging->versions[i].pricing->commitment.set)
			return true;
	return false;
}

static void make_rows(struct weighing *w)
{
	bool was = has_commitment(&w->side[BEFORE]), is = has_commitment(&w->side[AFTER]);
	struct compared_charge *row;

	w->rows = arena_array(w->arena, struct compared_charge,
			      w->side[BEFORE].charging->n_slots + w->side[AFTER].charging->n_slots +
				      1);
	for (size_t i = 0; i < w->side[AFTER].charging->n_slots; i++)
		add_row(w, AFTER, i);
	for (size_t i = 0; i < w->side[BEFORE].charging->n_slots; i++)
		add_row(w, BEFORE, i);
	if (!was && !is)
		return;
	row = &w->rows[w->out->n++];
	row->row = ROW_COMMITMENT;
	row->id = row->name = row->type = text_of("commitment");
	row->presence = was && is ? IN_BOTH : is ? ADDED : REMOVED;
	row->months = arena_array(w->arena, struct two_amounts, w->out->n_months);
}

/* --- months --- */

static enum rounding rounding_of(const struct charging *c, const struct billed_sum *s)
{
	return c->versions[s->version].pricing->promise->rounding;
}

/* What a sum, or an amount of it, has in some days (R141). */
static bool part_in(const struct charging *c, const struct billed_sum *s, int64_t amount,
		    struct days in, int64_t *out)
{
	struct days over = s->item;
	enum rounding mode = rounding_of(c, s);
	int64_t from = 0, to = 0;

	if (s->kind == BILLED_TRUE_UP)
		over.from = over.to - 1;
	if (over.to <= over.from)
		over.to = over.from + 1;
	return ledger_earned(amount, over, in.from, mode, &from) &&
	       ledger_earned(amount, over, in.to, mode, &to) && subtract(to, from, out);
}

static bool touches(struct days x, struct days y)
{
	return x.from < y.to && y.from < (x.to > x.from ? x.to : x.from + 1);
}

/* --- tax (R68), each month for itself --- */

struct month_tax {
	struct invoice_tax tax;
	int64_t *bases; /* by month */
};

struct month_taxes {
	struct month_tax *v;
	size_t n, cap;
};

static int64_t *bases_of(struct weighing *w, struct month_taxes *all, const struct invoice_tax *tax)
{
	for (size_t i = 0; i < all->n; i++)
		if (text_eq(all->v[i].tax.category, tax->category) &&
		    all->v[i].tax.code == tax->code &&
		    decimal_cmp(all->v[i].tax.rate, tax->rate) == 0)
			return all->v[i].bases;
	all->v = arena_grow(w->arena, all->v, all->n, &all->cap, sizeof(*all->v));
	all->v[all->n] = (struct month_tax){*tax, arena_array(w->arena, int64_t, w->out->n_months)};
	return all->v[all->n++].bases;
}

/* Tax on a base, or inside of it where prices include it (R68, R69). */
static bool tax_of(int64_t base, struct decimal rate, bool inside, enum rounding mode, int64_t *out)
{
	struct fraction hundred = fraction_of(100, 1), r = fraction_of_decimal(rate), per = hundred,
			value = {0, 1};
	struct decimal d = {0, 0};

	if ((inside && !fraction_try_add(hundred, r, &per)) ||
	    !fraction_try_mul(fraction_of(base, 1), r, &value) ||
	    !fraction_try_div(value, per, &value) || !fraction_try_round(value, 0, mode, &d))
		return false;
	*out = d.units;
	return true;
}

static enum rc tax_months(struct weighing *w, enum side s, const struct month_taxes *all)
{
	const struct charging *c = w->side[s].charging;
	enum rounding mode = c->versions[c->n_versions - 1].pricing->promise->rounding;

	for (size_t i = 0; i < all->n; i++)
		for (size_t m = 0; m < w->out->n_months; m++) {
			int64_t tax = 0;

			if (!tax_of(all->v[i].bases[m], all->v[i].tax.rate, w->out->tax_included[s],
				    mode, &tax) ||
			    !add(&w->taxes[m].of[s], tax) || !add(&w->out->tax.of[s], tax))
				return too_large(w, all->v[i].tax.category);
		}
	return RC_OK;
}

/* --- amounts --- */

static bool add_to_row(struct weighing *w, struct compared_charge *row, enum side s, size_t month,
		       int64_t amount)
{
	return add(&row->months[month].of[s], amount) && add(&row->total.of[s], amount) &&
	       add(&w->sums[month].of[s], amount) && add(&w->out->sum.of[s], amount);
}

static enum rc add_side(struct weighing *w, enum side s)
{
	const struct billed_side *side = &w->side[s];
	struct month_taxes taxes = {NULL, 0, 0};

	for (size_t i = 0; i < side->n; i++) {
		const struct billed_sum *x = &side->v[i];
		struct compared_charge *row = row_of(w, x->charge);
		int64_t *bases = NULL;

		if (!touches(x->item, w->period))
			continue;
		assert(row != NULL);
		if (x->taxed)
			bases = bases_of(w, &taxes, &x->tax);
		for (size_t m = 0; m < w->out->n_months; m++) {
			int64_t part = 0;

			if (!part_in(side->charging, x, x->amount, w->out->months[m], &part) ||
			    !add_to_row(w, row, s, m, part) ||
			    (bases != NULL && !add(&bases[m], part)))
				return too_large(w, x->charge);
		}
	}
	return tax_months(w, s, &taxes);
}

/* --- quantities --- */

/* Billed units of an item: those of a stub by their weight. false: no one unit, or beyond 128 bits. */
static bool units_of(const struct billed_sum *s, struct fraction *out, struct text *unit)
{
	*out = (struct fraction){0, 1};
	*unit = s->n_lines > 0 ? s->lines[0].unit : (struct text){"", 0};
	for (size_t i = 0; i < s->n_lines; i++) {
		const struct invoice_line *l = &s->lines[i];
		struct fraction q = l->quantity;

		if (l->role != LINE_CHARGE)
			continue;
		if (!text_eq(l->unit, *unit) || q.den == 0 ||
		    (l->weight.of > 0 &&
		     !fraction_try_mul(q, fraction_of(l->weight.days, l->weight.of), &q)) ||
		    !fraction_try_add(*out, q, out))
			return false;
	}
	return true;
}

static void add_quantity(struct compared_charge *row, enum side s, const struct billed_sum *x,
			 struct days period)
{
	struct fraction q;
	struct text unit;
	bool first = row->unit[s].p == NULL;

	if (x->n_lines == 0)
		return;
	if (!units_of(x, &q, &unit) || x->item.from < period.from || x->item.to > period.to ||
	    (!first && !text_eq(unit, row->unit[s]))) {
		row->unit[s] = text_of("?");
		row->quantity_set[s] = false;
		return;
	}
	if (first) {
		row->unit[s] = unit;
		row->quantity[s] = (struct fraction){0, 1};
		row->quantity_set[s] = true;
	}
	row->quantity_set[s] =
		row->quantity_set[s] && fraction_try_add(row->quantity[s], q, &row->quantity[s]);
}

static void add_quantities(struct weighing *w)
{
	for (size_t s = 0; s < SIDES; s++)
		for (size_t i = 0; i < w->side[s].n; i++) {
			const struct billed_sum *x = &w->side[s].v[i];

			struct compared_charge *row = row_of(w, x->charge);

			if (row != NULL && x->kind == BILLED_CHARGE && touches(x->item, w->period))
				add_quantity(row, (enum side)s, x, w->period);
		}
}

/* --- why --- */

static int by_key(const struct billed_sum *x, const struct billed_sum *y)
{
	int order = text_cmp(x->charge, y->charge);

	if (order == 0)
		order = text_cmp(x->part, y->part);
	if (order == 0)
		order = (x->item.from > y->item.from) - (x->item.from < y->item.from);
	return order != 0 ? order : (x->item.to > y->item.to) - (x->item.to < y->item.to);
}

static int by_pointed_key(const void *p, const void *q)
{
	return by_key(*(const struct billed_sum *const *)p, *(const struct billed_sum *const *)q);
}

static void sort_before(struct weighing *w)
{
	const struct billed_side *side = &w->side[BEFORE];

	w->before = arena_array(w->arena, const struct billed_sum *, side->n);
	for (size_t i = 0; i < side->n; i++)
		if (side->v[i].kind == BILLED_CHARGE)
			w->before[w->n_before++] = &side->v[i];
	if (w->n_before > 0)
		qsort(w->before, w->n_before, sizeof(*w->before), by_pointed_key);
}

static const struct billed_sum *same_before(const struct weighing *w, const struct billed_sum *x)
{
	size_t from = 0, to = w->n_before;

	while (from < to) {
		size_t middle = from + (to - from) / 2;

		if (by_key(w->before[middle], x) < 0)
			from = middle + 1;
		else
			to = middle;
	}
	return from < w->n_before && by_key(w->before[from], x) == 0 ? w->before[from] : NULL;
}

/* RC_LIMIT: a node too large to compare, which says neither. */
static enum rc node_same(struct weighing *w, const struct node *x, const struct node *y, bool *same)
{
	struct buf p, q;
	bool fits;

	*same = x == y;
	if (x == NULL || y == NULL)
		return RC_OK;
	buf_init(&p, NODE_BYTES_MAX);
	buf_init(&q, NODE_BYTES_MAX);
	canonical_print(w->arena, &p, x);
	canonical_print(w->arena, &q, y);
	fits = !p.full && !q.full;
	*same = fits && text_eq(buf_view(&p), buf_view(&q));
	buf_free(&p);
	buf_free(&q);
	if (fits)
		return RC_OK;
	err_hint(w->err, "at most %d bytes in canonical form", NODE_BYTES_MAX);
	return err_set(w->err, RC_LIMIT, "too large to compare: '%s'",
		       x->term != NULL && x->term->key != NULL ? x->term->key : "charges");
}

static enum rc any_differs(struct weighing *w, const struct node *x, const struct node *y,
			   const char *const *keys, size_t n, bool *differs)
{
	*differs = false;
	for (size_t i = 0; i < n && !*differs; i++) {
		bool same = false;
		enum rc rc = node_same(w, node_at(x, keys[i]), node_at(y, keys[i]), &same);

		if (rc != RC_OK)
			return rc;
		*differs = !same;
	}
	return RC_OK;
}

/* What the two contracts say otherwise of a charge. */
struct otherwise {
	bool price, allowance, quantity;
	uint16_t version[SIDES];
};

static enum rc otherwise_of(struct weighing *w, const struct billed_sum *was,
			    const struct billed_sum *is, struct otherwise *out)
{
	static const char *const price[] = {"amount",      "price",     "pct",
					    "tiers",       "tier_mode", "schedule",
					    "multipliers", "total",     "markup"};
	static const char *const allowance[] = {"included", "hours", "rollover", "draws_for",
						"burn"};
	static const char *const quantity[] = {
		"count",          "count_at",   "meter",   "aggregate",          "block",
		"block_rounding", "increment",  "minimum", "increment_rounding", "increment_per",
		"tiers_count",    "milestones", "unit"};
	const struct charging *b = w->side[BEFORE].charging, *a = w->side[AFTER].charging;
	const struct node *x = slot_charge(b, (size_t)was->slot, was->version)->node,
			  *y = slot_charge(a, (size_t)is->slot, is->version)->node;
	bool indexed = true;
	enum rc rc = any_differs(w, x, y, price, ARRAY_SIZE(price), &out->price);

	out->version[BEFORE] = was->version;
	out->version[AFTER] = is->version;
	if (rc == RC_OK)
		rc = node_same(w, b->versions[was->version].pricing->indexation.node,
			       a->versions[is->version].pricing->indexation.node, &indexed);
	out->price = out->price || !indexed;
	if (rc == RC_OK)
		rc = any_differs(w, x, y, allowance, ARRAY_SIZE(allowance), &out->allowance);
	if (rc == RC_OK)
		rc = any_differs(w, x, y, quantity, ARRAY_SIZE(quantity), &out->quantity);
	return rc;
}

/* round((rate after - rate before) x quantity before); false: no such rates. */
static bool price_effect(const struct charging *c, const struct billed_sum *was,
			 const struct billed_sum *is, int64_t *out)
{
	struct fraction q, r, value = {0, 1};
	struct text u, v;
	struct decimal d = {0, 0};

	if (!units_of(was, &q, &u) || !units_of(is, &r, &v) || !text_eq(u, v) || q.num <= 0 ||
	    r.num <= 0 || !fraction_try_mul(fraction_of(is->amount, 1), q, &value) ||
	    !fraction_try_div(value, r, &value) ||
	    !fraction_try_sub(value, fraction_of(was->amount, 1), &value) ||
	    !fraction_try_round(value, 0, rounding_of(c, is), &d))
		return false;
	*out = d.units;
	return true;
}

/* How the difference of a pair divides: into price, and all else under one name. */
static enum charge_why divide(const struct weighing *w, const struct otherwise *o,
			      const struct billed_sum *was, const struct billed_sum *is,
			      int64_t *price)
{
	int n = o->price + o->allowance + o->quantity;
	enum charge_why rest = o->allowance ? WHY_ALLOWANCE : WHY_QUANTITY;

	*price = 0;
	if (n == 0 || (o->allowance && o->quantity))
		return WHY_OTHER;
	if (!o->price)
		return rest;
	if (n == 1)
		return WHY_PRICE;
	return price_effect(w->side[AFTER].charging, was, is, price) ? rest : WHY_OTHER;
}

static bool explain_pair(struct weighing *w, struct compared_charge *row, const struct otherwise *o,
			 const struct billed_sum *was, const struct billed_sum *is)
{
	const struct charging *b = w->side[BEFORE].charging, *a = w->side[AFTER].charging;
	int64_t x = 0, y = 0, difference = 0, price = 0, part = 0;
	enum charge_why rest = divide(w, o, was, is, &price);

	if (!part_in(b, was, was->amount, w->period, &x) ||
	    !part_in(a, is, is->amount, w->period, &y) || !subtract(y, x, &difference) ||
	    !part_in(a, is, price, w->period, &part))
		return false;
	return add(&row->why[WHY_PRICE], part) && subtract(difference, part, &difference) &&
	       add(&row->why[rest], difference);
}

/* Charges of both sides by their items; what is left of a row's difference then is `other`. */
static enum rc explain_items(struct weighing *w)
{
	const struct billed_side *side = &w->side[AFTER];
	struct otherwise o = {false, false, false, {0, 0}};
	struct text last = {NULL, 0};

	sort_before(w);
	for (size_t i = 0; i < side->n; i++) {
		struct compared_charge *row = row_of(w, side->v[i].charge);
		const struct billed_sum *is = &side->v[i], *was;

		if (is->kind != BILLED_CHARGE || !touches(is->item, w->period))
			continue;
		was = same_before(w, is);
		if (was == NULL || was->amount == is->amount)
			continue;
		if (last.p == NULL || !text_eq(last, is->charge) ||
		    o.version[BEFORE] != was->version || o.version[AFTER] != is->version) {
			enum rc rc = otherwise_of(w, was, is, &o);

			if (rc != RC_OK)
				return rc;
		}
		last = is->charge;
		assert(row != NULL);
		if (!explain_pair(w, row, &o, was, is))
			return too_large(w, is->charge);
	}
	return RC_OK;
}

static enum rc explain(struct weighing *w)
{
	enum rc rc = explain_items(w);

	for (size_t i = 0; rc == RC_OK && i < w->out->n; i++) {
		struct compared_charge *row = &w->rows[i];
		int64_t left = 0;
		bool fits = subtract(row->total.of[AFTER], row->total.of[BEFORE], &left);

		for (size_t k = 0; fits && k < WHY_OTHER; k++)
			fits = subtract(left, row->why[k], &left);
		row->why[WHY_OTHER] = left;
		for (size_t k = 0; fits && k < CHARGE_WHYS; k++)
			fits = add(&w->out->why[k], row->why[k]);
		if (!fits)
			return too_large(w, row->id);
	}
	return rc;
}

/* --- all --- */

static enum rc check_currency(const struct billed_side side[SIDES], struct err *err)
{
	struct money x = {0, side[BEFORE].charging->currency},
		     y = {0, side[AFTER].charging->currency};

	if (money_same_currency(x, y))
		return RC_OK;
	err_hint(err, "make a new contract");
	return err_set(err, RC_INVALID, "contract currency cannot change: '%s' to '%s'",
		       x.currency.code, y.currency.code);
}

enum rc compare_charges(struct arena *a, const struct billed_side side[SIDES],
			const struct days *months, size_t n_months, struct compared_charges **out,
			struct err *err)
{
	struct compared_charges *made = arena_one(a, struct compared_charges);
	struct weighing w = {.arena = a, .side = side, .out = made, .err = err};
	enum rc rc = check_currency(side, err);

	assert(n_months > 0);
	if (rc != RC_OK)
		return rc;
	made->currency = side[AFTER].charging->currency;
	made->months = months;
	made->n_months = n_months;
	w.period = (struct days){months[0].from, months[n_months - 1].to};
	w.sums = arena_array(a, struct two_amounts, n_months);
	w.taxes = arena_array(a, struct two_amounts, n_months);
	made->sums = w.sums;
	made->taxes = w.taxes;
	make_rows(&w);
	made->v = w.rows;
	for (size_t s = 0; s < SIDES && rc == RC_OK; s++) {
		const struct charging *c = side[s].charging;

		made->tax_included[s] = c->versions[c->n_versions - 1].pricing->prices_include_tax;
		rc = add_side(&w, (enum side)s);
	}
	if (rc != RC_OK)
		return rc;
	add_quantities(&w);
	rc = explain(&w);
	if (rc == RC_OK)
		*out = made;
	return rc;
}
