/* SPDX-License-Identifier: Apache-2.0 */
/* Step 3 of R60: what a charge's min_amount (money.md R42) and the commitment (R48, R49) add to what was charged. */
#include "engine/billing_parts.h"

#include <assert.h>

static struct due *push(struct biller *b, struct due d)
{
	b->dues = arena_grow(b->arena, b->dues, b->n_dues, &b->dues_cap, sizeof(*b->dues));
	b->dues[b->n_dues] = d;
	return &b->dues[b->n_dues++];
}

/* max(0, bound - sum) */
static bool missing(int64_t bound, int64_t sum, int64_t *out)
{
	if (!take_from(&bound, sum))
		return false;
	*out = bound > 0 ? bound : 0;
	return true;
}

static struct invoice_line *line_for(struct biller *b, struct due *d, enum line_role role,
				     unsigned rule)
{
	struct invoice_line *l = arena_one(b->arena, struct invoice_line);

	*l = (struct invoice_line){.role = role,
				   .charge = d->charge,
				   .item = d->item,
				   .period = d->item,
				   .rule = billing_rule(b, rule),
				   .quantity = {1, 1},
				   .priced = true,
				   .price = {d->total, b->c->currency.decimals},
				   .price_base = 1,
				   .net = d->total,
				   .tax = -1,
				   .evidence = {.kind = text_of("contract")},
				   .steps = d->steps,
				   .n_steps = d->n_steps};
	d->lines = l;
	d->n_lines = 1;
	return l;
}

/* --- min_amount --- */

static bool same_period(const struct due *x, const struct due *y)
{
	return x->class == DUE_ITEM && y->class == DUE_ITEM && x->slot == y->slot &&
	       days_same(x->item, y->item);
}

/* The period's charges are all there: billed ahead, or over. */
static bool is_complete(const struct biller *b, const struct due *d)
{
	return d->from != NULL && (d->advance || d->item.to <= b->c->on);
}

/* With what was billed of it before; false: nothing was, and nothing is missing now. */
static bool is_due(struct biller *b, struct due *d)
{
	d->carried = ledger_find(b, d->class, d->charge, d->part, d->item);
	if (d->carried == NULL)
		d->carried = ledger_near(b, d);
	if (d->carried != NULL)
		d->carried->matched = true;
	return d->carried != NULL || d->total != 0;
}

static enum rc minimum_of(struct biller *b, size_t at, size_t n)
{
	const struct due *first = &b->dues[at];
	const struct priced_charge *x = slot_charge(b->c, (size_t)first->slot, first->version);
	struct weight w = slot_weight(b->c, (size_t)first->slot, first->item, first->full);
	struct due d = {.class = DUE_MINIMUM,
			.charge = first->charge,
			.item = first->item,
			.full = first->full,
			.version = first->version,
			.slot = first->slot,
			.advance = first->advance};
	struct invoice_line *l;
	struct step *steps = arena_array(b->arena, struct step, 3);
	int64_t bound = 0, sum = 0, part;

	for (size_t i = at; i < n; i++)
		if (same_period(first, &b->dues[i]) &&
		    (!due_printed(b, &b->dues[i], &part) || !add_to(&sum, part)))
			return billing_too_large(b, d.charge);
	if (!billing_share(b, x->min_amount.minor, fraction_of(w.days, w.of), &bound) ||
	    !missing(bound, sum, &d.total))
		return billing_too_large(b, d.charge);
	if (!is_due(b, &d))
		return RC_OK;
	steps[0] = step_money(STEP_MINIMUM, 42, x->min_amount.minor);
	steps[1] = step_weight(STEP_WEIGHT, 13, w);
	steps[2] = step_money(STEP_COUNTED_FEES, 42, sum);
	d.steps = steps;
	d.n_steps = 3;
	l = line_for(b, &d, LINE_MINIMUM, 42);
	l->name = x->name;
	l->clause = x->clause;
	l->type = first->n_lines > 0 ? first->lines[0].type : l->type;
	if (x->category >= 0)
		l->category = b->c->versions[d.version].pricing->categories[x->category].id;
	(void)push(b, d);
	return RC_OK;
}

enum rc minimums_make(struct biller *b)
{
	size_t n = b->n_dues;

	for (size_t i = 0; i < n; i++) {
		const struct due *d = &b->dues[i];
		const struct priced_charge *x;
		bool seen = false;
		enum rc rc;

		if (d->class != DUE_ITEM || d->slot < 0 || !is_complete(b, d))
			continue;
		x = slot_charge(b->c, (size_t)d->slot, d->version);
		for (size_t k = 0; k < i && !seen && x->min_amount.set; k++)
			seen = same_period(&b->dues[k], d) && is_complete(b, &b->dues[k]);
		if (!x->min_amount.set || seen)
			continue;
		rc = minimum_of(b, i, n);
		if (rc != RC_OK)
			return rc;
	}
	return RC_OK;
}

/* --- commitment --- */

static bool counts(const struct pricing *p, struct text charge)
{
	for (size_t i = 0; i < p->commitment.counts.n; i++)
		if (text_eq(p->promise->charges[p->commitment.counts.v[i]].id, charge))
			return true;
	return false;
}

/* Printed nets of counted charges whose service period lies in the days: what documents carry, and what this one adds. */
static bool counted_fees(const struct biller *b, const struct pricing *p, struct days days,
			 int64_t *out)
{
	int64_t part;

	*out = 0;
	for (size_t i = 0; i < b->n_carried; i++) {
		const struct carried *k = &b->carried[i];

		if (k->class != DUE_TRUE_UP && !k->matched && counts(p, k->charge) &&
		    k->item.from >= days.from && k->item.from < days.to &&
		    (!carried_printed(b, k, &part) || !add_to(out, part)))
			return false;
	}
	for (size_t i = 0; i < b->n_dues; i++) {
		const struct due *d = &b->dues[i];

		if (d->class != DUE_TRUE_UP && counts(p, d->charge) && d->item.from >= days.from &&
		    d->item.from < days.to && (!due_printed(b, d, &part) || !add_to(out, part)))
			return false;
	}
	return true;
}

static struct text first_category(const struct pricing *p)
{
	for (size_t i = 0; i < p->commitment.counts.n; i++) {
		int category = p->charges[p->commitment.counts.v[i]].category;

		if (category >= 0)
			return p->categories[category].id;
	}
	return (struct text){"", 0};
}

static enum rc true_up_of(struct biller *b, uint16_t version, const struct service_period *s,
			  const struct grid *grid)
{
	const struct pricing *p = b->c->versions[version].pricing;
	struct weight w = days_weight(grid, s->own, s->full, DAY_COUNT_ACTUAL);
	struct due d = {.class = DUE_TRUE_UP,
			.charge = text_of("commitment"),
			.item = s->own,
			.full = s->full,
			.version = version,
			.slot = -1};
	struct step *steps = arena_array(b->arena, struct step, 3);
	struct invoice_line *l;
	int64_t bound = 0, sum = 0;

	if (!counted_fees(b, p, s->own, &sum) ||
	    !billing_share(b, p->commitment.amount.minor, fraction_of(w.days, w.of), &bound) ||
	    !missing(bound, sum, &d.total))
		return billing_too_large(b, d.charge);
	if (!is_due(b, &d))
		return RC_OK;
	steps[0] = step_money(STEP_COMMITMENT, 48, p->commitment.amount.minor);
	steps[1] = step_weight(STEP_WEIGHT, 13, w);
	steps[2] = step_money(STEP_COUNTED_FEES, 48, sum);
	d.steps = steps;
	d.n_steps = 3;
	l = line_for(b, &d, LINE_TRUE_UP, 48);
	l->name = l->type = text_of("commitment");
	l->category = first_category(p);
	(void)push(b, d);
	return RC_OK;
}

/* The commitment's periods: the calendar's, from the start of the service to the end (R4, R5). */
static struct service_periods periods(struct biller *b, const struct pricing *p, struct days within,
				      struct grid *grid)
{
	const struct promise *q = p->promise;
	struct days life = {q->service_start_day != DAY_NONE ? q->service_start_day
							     : q->effective_day,
			    b->c->stop};

	if (q->end != INSTANT_NONE && q->end != INSTANT_MAX)
		life.to = earlier_day(life.to, zone_day(q->zone, q->end));
	*grid = grid_of(p->commitment.per, true, life.from);
	if (life.from == DAY_NONE || days_empty(life))
		return (struct service_periods){NULL, 0};
	return periods_of(b->arena, grid, life, within);
}

/* What the document says of the commitment that runs on its date (R75). */
static enum rc show_commitment(struct biller *b)
{
	struct days today = {b->in->date, b->in->date + 1};
	struct grid grid;
	struct service_periods all;

	if (!b->pricing->commitment.set)
		return RC_OK;
	all = periods(b, b->pricing, today, &grid);
	for (size_t i = 0; i < all.n; i++) {
		struct weight w = days_weight(&grid, all.v[i].own, all.v[i].full, DAY_COUNT_ACTUAL);

		if (!billing_share(b, b->pricing->commitment.amount.minor,
				   fraction_of(w.days, w.of), &b->draft->commitment) ||
		    !counted_fees(b, b->pricing, all.v[i].own, &b->draft->commitment_reached))
			return billing_too_large(b, text_of("commitment"));
	}
	return RC_OK;
}

enum rc true_ups_make(struct biller *b)
{
	for (size_t v = 0; v < b->c->n_versions; v++) {
		const struct pricing *p = b->c->versions[v].pricing;
		struct days within = {INT32_MIN, b->c->on};
		struct service_periods all;
		struct grid grid;

		if (!p->commitment.set || !p->commitment.bill)
			continue;
		all = periods(b, p, within, &grid);
		for (size_t i = 0; i < all.n; i++) {
			day last = all.v[i].own.to - 1;
			enum rc rc;

			/* the words in force when the period ends; due on its last edge */
			if (all.v[i].own.to > b->c->on || all.v[i].own.to < b->c->since ||
			    version_on(b->c, last) != v)
				continue;
			rc = true_up_of(b, (uint16_t)v, &all.v[i], &grid);
			if (rc != RC_OK)
				return rc;
		}
	}
	return show_commitment(b);
}
