/* SPDX-License-Identifier: Apache-2.0 */
#include "money/rating.h"

#include "money/wide.h"

#include <assert.h>

enum { PERCENT = 100 };

static struct fraction zero(void)
{
	return (struct fraction){0, 1};
}

static size_t tiers_of(const struct rate_card *c)
{
	return c->n_tiers > 0 ? c->n_tiers : 1;
}

/* A card of one price is one open tier. */
static struct rate_tier tier_at(const struct rate_card *c, size_t i)
{
	if (c->n_tiers == 0)
		return (struct rate_tier){.open = true, .price = c->price};
	return c->tiers[i];
}

static bool has_included(const struct rate_card *c)
{
	return c->included.den > 0 && c->included.num > 0;
}

/* --- integers of one scale: what nearly every line needs --- */

/*
 * Every quantity is a whole number of 1/denominator units, every price of 10^-places; amounts are then whole numbers of
 * 1/(one x 10^places [x 100]), where `one` is how many of those parts a priced unit, or block, has.
 */
struct scaled {
	int64_t denominator, one, billed, end;
	unsigned places;
	int64_t factor; /* of amounts: one x 10^places [x 100] */
};

static bool times(int64_t a, int64_t b, int64_t *out)
{
	return !__builtin_mul_overflow(a, b, out);
}

static bool decimal_scaled(struct decimal d, int64_t denominator, int64_t *out)
{
	if (d.scale == 0)
		return times(d.units, denominator, out);

	int64_t ten = (int64_t)power_of_ten(d.scale), each = denominator / ten;

	return denominator % ten == 0 && times(d.units, each, out);
}

static bool fraction_scaled(struct fraction f, int64_t denominator, int64_t *out)
{
	if (f.num > INT64_MAX || f.den > INT64_MAX)
		return false;
	if (f.den == 1)
		return times((int64_t)f.num, denominator, out);
	if (denominator % (int64_t)f.den != 0)
		return false;
	return times((int64_t)f.num, denominator / (int64_t)f.den, out);
}

static unsigned higher(unsigned a, unsigned b)
{
	return a > b ? a : b;
}

/* The scales that hold every number of the card and the quantity. */
static bool choose_scales(const struct rate_card *c, struct fraction quantity, struct scaled *s)
{
	unsigned decimals = c->block.scale;

	s->places = c->n_tiers == 0 ? c->price.scale : 0;
	for (size_t i = 0; i < c->n_tiers; i++) {
		const struct rate_tier *t = &c->tiers[i];

		if (!t->open)
			decimals = higher(decimals, t->up_to.scale);
		s->places = higher(s->places, higher(t->price.scale, t->flat.scale));
	}
	if (quantity.den > INT64_MAX ||
	    !times((int64_t)quantity.den, (int64_t)power_of_ten(decimals), &s->denominator))
		return false;
	if (!has_included(c) || c->included.den == 1)
		return true;
	return c->included.den <= INT64_MAX &&
	       ((int64_t)quantity.den % (int64_t)c->included.den == 0 ||
		times(s->denominator, (int64_t)c->included.den, &s->denominator));
}

static bool whole_blocks(int64_t units, int64_t block, int64_t *out)
{
	int64_t blocks = units / block + (units % block > 0 ? 1 : 0);

	return times(blocks, block, out);
}

static bool scale(const struct rate_card *c, struct fraction quantity, struct scaled *s)
{
	int64_t included = 0, q = 0;

	if (!choose_scales(c, quantity, s) || !fraction_scaled(quantity, s->denominator, &q))
		return false;
	if (has_included(c) && !fraction_scaled(c->included, s->denominator, &included))
		return false;
	s->one = s->denominator;
	s->billed = q > included ? q - included : 0;
	if (c->block.units > 0) {
		if (!decimal_scaled(c->block, s->denominator, &s->one))
			return false;
		if (!c->block_exact && !whole_blocks(s->billed, s->one, &s->billed))
			return false;
	}
	s->end = s->billed;
	if (c->count_all && __builtin_add_overflow(s->billed, q < included ? q : included, &s->end))
		return false;
	return times(s->one, (int64_t)power_of_ten(s->places), &s->factor) &&
	       (!c->pct || times(s->factor, PERCENT, &s->factor));
}

/* A price or a flat sum on the card's scale of prices. */
static bool price_scaled(const struct scaled *s, struct decimal d, int64_t *out)
{
	return times(d.units, (int64_t)power_of_ten(s->places - d.scale), out);
}

/* + units x price + flat; units of 64 bits times a price of 64 bits always fit 128. */
static bool add_tier(const struct rate_card *c, const struct scaled *s, const struct rate_tier *t,
		     int64_t units, bool entered, i128 *sum)
{
	int64_t price = 0, flat = 0;

	if (!price_scaled(s, t->price, &price) ||
	    __builtin_add_overflow(*sum, (i128)units * price, sum))
		return false;
	if (!entered || t->flat.units == 0)
		return true;
	if (!price_scaled(s, t->flat, &flat))
		return false;

	int64_t whole = c->pct ? s->one * PERCENT : s->one;

	return !__builtin_add_overflow(*sum, (i128)flat * whole, sum);
}

/* false: take the long way. */
static bool rate_scaled(const struct rate_card *c, struct fraction quantity,
			struct fraction *amount)
{
	struct scaled s = {.denominator = 1};
	i128 sum = 0;

	if (!scale(c, quantity, &s))
		return false;

	int64_t from = 0, start = s.end - s.billed;

	for (size_t i = 0; i < tiers_of(c); i++) {
		struct rate_tier t = tier_at(c, i);
		int64_t to = s.end;

		if (!t.open && !decimal_scaled(t.up_to, s.denominator, &to))
			return false;

		bool last = t.open || s.end <= to;
		int64_t units = s.billed;

		if (!c->volume) {
			int64_t above = start > from ? start : from,
				below = s.end < to ? s.end : to;

			units = below > above ? below - above : 0;
		}
		if ((!c->volume || last) && !add_tier(c, &s, &t, units, true, &sum))
			return false;
		if (last) {
			*amount = (struct fraction){sum, s.factor};
			return true;
		}
		from = to;
	}
	return false;
}

/* --- fractions: what is long or no decimal --- */

/* Where the billed units lie on the line of tiers. */
struct place {
	struct fraction start, end, billed;
};

static struct fraction less(struct fraction a, struct fraction b)
{
	return fraction_cmp(a, b) < 0 ? a : b;
}

static struct fraction more(struct fraction a, struct fraction b)
{
	return fraction_cmp(a, b) > 0 ? a : b;
}

bool rate_billed(const struct rate_card *c, struct fraction quantity, struct fraction *units)
{
	struct fraction billed = quantity, block = fraction_of_decimal(c->block), blocks = zero();

	if (quantity.num < 0)
		return false;
	if (has_included(c) && !fraction_try_sub(quantity, less(c->included, quantity), &billed))
		return false;
	if (c->block.units > 0 && !c->block_exact) {
		if (!fraction_try_div(billed, block, &blocks))
			return false;

		i128 whole = blocks.num / blocks.den + (blocks.num % blocks.den > 0 ? 1 : 0);

		if (!fraction_try_mul(fraction_of(whole, 1), block, &billed))
			return false;
	}
	*units = billed;
	return true;
}

static bool place_of(const struct rate_card *c, struct fraction quantity, struct place *out)
{
	out->start = zero();
	if (!rate_billed(c, quantity, &out->billed))
		return false;
	if (c->count_all && has_included(c))
		out->start = less(c->included, quantity);
	return fraction_try_add(out->start, out->billed, &out->end);
}

/* What tier i has of it: its units, and whether its flat sum is owed. */
struct share {
	struct fraction units;
	bool entered;
};

static bool share_of(const struct rate_card *c, const struct place *p, size_t i, struct share *out)
{
	struct rate_tier t = tier_at(c, i);
	struct fraction from = i > 0 ? fraction_of_decimal(tier_at(c, i - 1).up_to) : zero();
	struct fraction to = t.open ? more(p->end, from) : fraction_of_decimal(t.up_to);
	bool entered = i == 0 || fraction_cmp(p->end, from) > 0;
	bool last = fraction_cmp(p->end, to) <= 0;

	out->units = zero();
	out->entered = entered && (!c->volume || last);
	if (!out->entered)
		return true;
	if (c->volume) {
		out->units = p->billed;
		return true;
	}

	struct fraction above = more(p->start, from), below = less(p->end, to);

	return fraction_cmp(below, above) <= 0 || fraction_try_sub(below, above, &out->units);
}

static bool beyond(const struct rate_card *c, const struct place *p)
{
	struct rate_tier last = tier_at(c, tiers_of(c) - 1);

	return !last.open && fraction_cmp(p->end, fraction_of_decimal(last.up_to)) > 0;
}

/* units x price, per block and per cent as the card says. */
static bool cost_of(const struct rate_card *c, struct fraction units, struct decimal price,
		    struct fraction *out)
{
	struct fraction cost = zero();

	if (c->block.units > 0 && !fraction_try_div(units, fraction_of_decimal(c->block), &units))
		return false;
	if (!fraction_try_mul(units, fraction_of_decimal(price), &cost))
		return false;
	if (c->pct && !fraction_try_mul(cost, fraction_of(1, PERCENT), &cost))
		return false;
	*out = cost;
	return true;
}

static bool rate_long(const struct rate_card *c, struct fraction quantity, struct fraction *amount)
{
	struct place p = {zero(), zero(), zero()};
	struct fraction sum = zero();

	if (!place_of(c, quantity, &p) || beyond(c, &p))
		return false;
	for (size_t i = 0; i < tiers_of(c); i++) {
		struct rate_tier t = tier_at(c, i);
		struct share share = {zero(), false};
		struct fraction cost = zero();

		if (!share_of(c, &p, i, &share) || !cost_of(c, share.units, t.price, &cost) ||
		    !fraction_try_add(sum, cost, &sum))
			return false;
		if (share.entered && !fraction_try_add(sum, fraction_of_decimal(t.flat), &sum))
			return false;
	}
	*amount = sum;
	return true;
}

bool rate_amount(const struct rate_card *c, struct fraction quantity, struct fraction *amount)
{
	if (quantity.num < 0)
		return false;
	return rate_scaled(c, quantity, amount) || rate_long(c, quantity, amount);
}

bool rate_more(const struct rate_card *c, struct fraction before, struct fraction total,
	       struct fraction *amount)
{
	struct fraction then = zero(), now = zero();
	i128 num = 0;

	if (before.den == 0)
		return rate_amount(c, total, amount);
	if (!rate_amount(c, before, &then) || !rate_amount(c, total, &now))
		return false;
	if (then.den != now.den || __builtin_sub_overflow(now.num, then.num, &num))
		return fraction_try_sub(now, then, amount);
	*amount = (struct fraction){num, now.den};
	return true;
}

/* --- parts --- */

struct list {
	struct arena *arena;
	struct rate_part *v;
	size_t n, cap;
	struct fraction sum;
};

static bool add_part(struct list *to, struct rate_part part)
{
	if (!fraction_try_add(to->sum, part.amount, &to->sum))
		return false;
	to->v = arena_grow(to->arena, to->v, to->n, &to->cap, sizeof(*to->v));
	to->v[to->n++] = part;
	return true;
}

static bool add_parts(struct list *to, const struct rate_card *c, size_t i, struct share was,
		      struct share is)
{
	struct rate_tier t = tier_at(c, i);
	struct rate_part units = {.tier = i, .rate = t.price, .quantity = zero(), .amount = zero()};
	struct rate_part flat = {.tier = i, .flat = true, .rate = t.flat};
	int entered = (is.entered ? 1 : 0) - (was.entered ? 1 : 0);

	flat.quantity = fraction_of(entered, 1);
	flat.amount = fraction_of(0, 1);
	if (!fraction_try_mul(flat.quantity, fraction_of_decimal(t.flat), &flat.amount) ||
	    !fraction_try_sub(is.units, was.units, &units.quantity) ||
	    !cost_of(c, units.quantity, t.price, &units.amount))
		return false;
	return (flat.amount.num == 0 || add_part(to, flat)) &&
	       (units.quantity.num == 0 || add_part(to, units));
}

bool rate_parts(struct arena *a, const struct rate_card *c, struct fraction before,
		struct fraction total, struct rate_parts *out)
{
	struct list parts = {.arena = a, .sum = zero()};
	struct place was = {zero(), zero(), zero()}, is = was;

	if (!place_of(c, total, &is) || beyond(c, &is))
		return false;
	if (before.den > 0 && (!place_of(c, before, &was) || beyond(c, &was)))
		return false;
	for (size_t i = 0; i < tiers_of(c); i++) {
		struct share then = {zero(), false}, now = then;

		if (before.den > 0 && !share_of(c, &was, i, &then))
			return false;
		if (!share_of(c, &is, i, &now) || !add_parts(&parts, c, i, then, now))
			return false;
	}
	*out = (struct rate_parts){parts.v, parts.n, parts.sum};
	return true;
}

/* --- events --- */

static bool event_cost(const struct event_rate *r, struct decimal base, struct fraction *out)
{
	struct fraction cost = zero();

	if (!fraction_try_mul(fraction_of_decimal(base), fraction_of_decimal(r->pct), &cost) ||
	    !fraction_try_mul(cost, fraction_of(1, PERCENT), &cost) ||
	    !fraction_try_add(cost, fraction_of_decimal(r->fixed), &cost))
		return false;
	if (r->has_min)
		cost = more(cost, fraction_of_decimal(r->min));
	if (r->has_max)
		cost = less(cost, fraction_of_decimal(r->max));
	*out = cost;
	return true;
}

bool rate_events(const struct event_rate *r, const struct decimal *bases, size_t n,
		 struct fraction *amount)
{
	struct fraction sum = zero();

	for (size_t i = 0; i < n; i++) {
		struct fraction cost = zero();

		if (!event_cost(r, bases[i], &cost) || !fraction_try_add(sum, cost, &sum))
			return false;
	}
	*amount = sum;
	return true;
}
