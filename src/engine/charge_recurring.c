/* SPDX-License-Identifier: Apache-2.0 */
/* Fees of a period: 1 x amount x weight, a line for each piece of one price and one set of words (money.md R13 to R16, R18). */
#include "engine/charging_parts.h"

static struct text period_word(const struct priced_charge *x)
{
	struct duration d = x->base->period;
	int64_t months = d.unit == UNIT_Y ? 12 * d.n : d.unit == UNIT_MO ? d.n : 0;

	return text_of(months == 1    ? "month"
		       : months == 3  ? "quarter"
		       : months == 12 ? "year"
				      : "period");
}

static void add_line(struct charging *c, struct item *it, const struct service_period *p,
		     const struct share *s, bool several)
{
	struct invoice_line line = line_of(c, it, s->weight.days == s->weight.of ? 14 : 13);
	const struct priced_charge *x = slot_charge(c, it->slot, s->price->version);
	bool whole = s->days.from == p->full.from && s->days.to == p->full.to;

	/* the words of a piece are those of its days (R15) */
	line.name = x->name;
	line.clause = x->clause;
	line.period = s->days;
	line.net = s->net;
	line.exact = s->exact;
	line.price = s->price->amount;
	line.unit = period_word(x);
	if (!whole && x->day_count != DAY_COUNT_NONE) {
		line.weight = s->weight;
		line.quantity = fraction_of(s->weight.days, 1);
		line.price_base = s->weight.of;
		line.unit = text_of("day");
	}
	price_steps_add(c, &line, s->price, STEP_AMOUNT);
	if (line.weight.of > 0)
		line_step(c, &line, step_weight(STEP_WEIGHT, 13, line.weight));
	if (s->days.to - s->days.from < p->own.to - p->own.from && !several)
		line_step(c, &line, step_days(STEP_PAUSED, 18, p->own));
	line_step(c, &line, step_fraction(STEP_EXACT, 14, s->exact));
	line_step(c, &line, step_money(STEP_ROUNDED, 83, s->net));

	int64_t alone = 0;

	/* a piece of a split may be a cent off its own rounding (R151) */
	line.priced = charge_round(c, s->exact, &alone) && alone == s->net;
	line_add(c, it, &line);
}

/* amount x d / D, exact */
static bool exact_of(const struct share *s, struct fraction *out)
{
	struct fraction amount = fraction_of_decimal(s->price->amount);

	if (s->weight.days == s->weight.of) {
		*out = amount;
		return true;
	}
	return fraction_try_mul(amount, fraction_of(s->weight.days, s->weight.of), out);
}

static enum rc charge_period(struct charging *c, size_t slot, const struct service_period *p,
			     struct err *err)
{
	struct share *v = NULL;
	size_t n = shares_of(c, slot, p, &v);
	struct item *it;

	for (size_t i = 0; i < n; i++)
		if (!exact_of(&v[i], &v[i].exact))
			return too_large(c, slot, err);
	if (!shares_round(c, v, n))
		return too_large(c, slot, err);
	/* Also a period that is paused from end to end is an item: what was billed of it goes back (R17). */
	it = item_add(c, slot, p->own, p->full);
	for (size_t i = 0; i < n; i++) {
		add_line(c, it, p, &v[i], n > 1);
		if (__builtin_add_overflow(it->total, v[i].net, &it->total))
			return too_large(c, slot, err);
	}
	return RC_OK;
}

enum rc charge_recurring(struct charging *c, size_t slot, struct err *err)
{
	struct service_periods all = slot_due(c, slot, false);

	for (size_t i = 0; i < all.n; i++) {
		enum rc rc = charge_period(c, slot, &all.v[i], err);

		if (rc != RC_OK)
			return rc;
	}
	return RC_OK;
}
