/* SPDX-License-Identifier: Apache-2.0 */
#include "money/interest.h"

#include "money/wide.h"

#include <assert.h>

enum { PERCENT = 100, MONTHS_A_YEAR = 12 };

/* --- spans --- */

struct list {
	struct arena *arena;
	struct interest_span *v;
	size_t n, cap;
};

static void add_span(struct list *to, int32_t from, int32_t until, struct money open,
		     struct decimal pct)
{
	if (from >= until || open.minor == 0)
		return;
	to->v = arena_grow(to->arena, to->v, to->n, &to->cap, sizeof(*to->v));
	to->v[to->n++] = (struct interest_span){from, until, 0, open, pct};
}

/* The days after `from` to `to` inclusive, cut where the rate changes: a rate counts from its first day on. */
static void add_by_rate(struct list *to, const struct owed *owed, int32_t from, int32_t until,
			struct money open)
{
	for (size_t i = 0; i < owed->n_rates; i++) {
		int32_t start = from, end = until;

		if (i > 0 && owed->rates[i].from - 1 > start)
			start = owed->rates[i].from - 1;
		if (i + 1 < owed->n_rates && owed->rates[i + 1].from - 1 < end)
			end = owed->rates[i + 1].from - 1;
		add_span(to, start, end, open, owed->rates[i].pct);
	}
}

static bool in_order(const struct owed *owed)
{
	for (size_t i = 0; i < owed->n_paid; i++)
		if (owed->paid[i].amount.minor <= 0 ||
		    (i > 0 && owed->paid[i].on < owed->paid[i - 1].on))
			return false;
	for (size_t i = 1; i < owed->n_rates; i++)
		if (owed->rates[i].from <= owed->rates[i - 1].from)
			return false;
	return true;
}

bool interest_spans(struct arena *a, const struct owed *owed, struct interest_spans *out)
{
	struct list spans = {.arena = a};
	struct money open = owed->amount;
	int64_t grace_end = (int64_t)owed->due + owed->grace_days;
	int32_t from = owed->due;

	assert(owed->n_rates > 0 && owed->grace_days >= 0);
	if (!in_order(owed))
		return false;
	*out = (struct interest_spans){NULL, 0};
	if (owed->until <= grace_end && owed->grace_days > 0)
		return true;
	for (size_t i = 0; i < owed->n_paid && open.minor > 0; i++) {
		const struct paid *p = &owed->paid[i];
		int32_t on = p->on < owed->until ? p->on : owed->until;

		if (on > grace_end && on > from) {
			add_by_rate(&spans, owed, from, on, open);
			from = on;
		}
		if (p->on > owed->until)
			break;
		open = p->amount.minor < open.minor ? money_sub(open, p->amount)
						    : (struct money){0, open.currency};
	}
	add_by_rate(&spans, owed, from, owed->until, open);
	*out = (struct interest_spans){spans.v, spans.n};
	return true;
}

bool interest_yearly(struct decimal pct, bool per_month, bool has_max, struct decimal max_pct,
		     struct decimal *out)
{
	struct decimal yearly = pct;

	if (per_month && __builtin_mul_overflow(pct.units, MONTHS_A_YEAR, &yearly.units))
		return false;
	*out = has_max && decimal_cmp(yearly, max_pct) > 0 ? max_pct : yearly;
	return true;
}

/* --- simple --- */

/* A number of days over a year's length. */
struct part {
	int64_t days, year;
};

/* The days of a span by the length of year that they count for; two parts only if it touches leap years. */
static size_t parts_of(const struct interest_span *s, enum year_basis basis, struct part parts[2])
{
	int64_t days = (int64_t)s->to - s->from;

	switch (basis) {
	case YEAR_365:
		parts[0] = (struct part){days, 365};
		return 1;
	case YEAR_360:
		parts[0] = (struct part){days, 360};
		return 1;
	case YEAR_ACTUAL:
		assert(s->leap_days >= 0 && s->leap_days <= days);
		parts[0] = (struct part){days - s->leap_days, 365};
		parts[1] = (struct part){s->leap_days, 366};
		return 2;
	}
	assert(false && "a basis that does not exist");
	return 0;
}

bool interest_simple(const struct interest_spans *s, enum year_basis basis, struct fraction *exact)
{
	struct fraction sum = {0, 1};

	for (size_t i = 0; i < s->n; i++) {
		struct part parts[2] = {{0, 365}, {0, 366}};
		size_t n = parts_of(&s->v[i], basis, parts);
		struct fraction yearly = {0, 1};

		if (!fraction_try_mul(money_exact(s->v[i].open), fraction_of_decimal(s->v[i].pct),
				      &yearly) ||
		    !fraction_try_mul(yearly, fraction_of(1, PERCENT), &yearly))
			return false;
		for (size_t k = 0; k < n; k++) {
			struct fraction f = {0, 1};

			if (!fraction_try_mul(yearly, fraction_of(parts[k].days, parts[k].year),
					      &f) ||
			    !fraction_try_add(sum, f, &sum))
				return false;
		}
	}
	*exact = sum;
	return true;
}

/* --- compound, exact --- */

/* 1 + pct % / year: how a day multiplies. */
static bool daily(struct decimal pct, int64_t year, struct fraction *out)
{
	struct fraction f = fraction_of_decimal(pct);

	return fraction_try_mul(f, fraction_of(1, (i128)PERCENT * year), &f) &&
	       fraction_try_add(f, fraction_of(1, 1), out);
}

static bool power(struct fraction base, int64_t n, struct fraction *out)
{
	struct fraction result = {1, 1};

	for (int64_t left = n; left > 0; left /= 2) {
		if (left % 2 == 1 && !fraction_try_mul(result, base, &result))
			return false;
		if (left > 1 && !fraction_try_mul(base, base, &base))
			return false;
	}
	*out = result;
	return true;
}

static bool compound_exact(const struct interest_spans *s, enum year_basis basis,
			   struct fraction *out)
{
	struct fraction interest = {0, 1};

	for (size_t i = 0; i < s->n; i++) {
		struct part parts[2] = {{0, 365}, {0, 366}};
		size_t n = parts_of(&s->v[i], basis, parts);
		struct fraction open = money_exact(s->v[i].open), all = {0, 1};

		if (!fraction_try_add(open, interest, &all))
			return false;
		for (size_t k = 0; k < n; k++) {
			struct fraction grown = {1, 1};

			if (!daily(s->v[i].pct, parts[k].year, &grown) ||
			    !power(grown, parts[k].days, &grown) ||
			    !fraction_try_mul(all, grown, &all))
				return false;
		}
		if (!fraction_try_sub(all, open, &interest))
			return false;
	}
	*out = interest;
	return true;
}

/* --- compound, between two bounds --- */

enum {
	GROWTH_BITS = 100, /* behind the point of a growth factor, which stays below 2^27 */
	AMOUNT_BITS = 60, /* behind the point of an amount in minor units, which stays below 2^67 */
};

static u128 low_half(u128 x)
{
	return x & UINT64_MAX;
}

/* a x b / 2^shift, rounded down or up; false: more than 128 bits. 0 < shift < 128. */
static bool times_shifted(u128 a, u128 b, unsigned shift, bool up, u128 *out)
{
	u128 a1 = a >> 64, a0 = low_half(a), b1 = b >> 64, b0 = low_half(b);
	u128 bottom = a0 * b0;
	u128 middle = a1 * b0 + (bottom >> 64);
	u128 other = a0 * b1 + low_half(middle);
	u128 high = a1 * b1 + (middle >> 64) + (other >> 64);
	u128 low = (low_half(other) << 64) | low_half(bottom);

	if (high >> shift != 0)
		return false;

	u128 result = (high << (128 - shift)) | (low >> shift);

	if (up && (low & (((u128)1 << shift) - 1)) != 0) {
		if (result == ~(u128)0)
			return false;
		result++;
	}
	*out = result;
	return true;
}

/* A number that lies between two others. */
struct between {
	u128 least, most;
};

static bool between_times(struct between x, struct between y, struct between *out)
{
	return times_shifted(x.least, y.least, GROWTH_BITS, false, &out->least) &&
	       times_shifted(x.most, y.most, GROWTH_BITS, true, &out->most);
}

/* 1 + pct % / year with GROWTH_BITS behind the point. */
static bool between_daily(struct decimal pct, int64_t year, struct between *out)
{
	u128 one = (u128)1 << GROWTH_BITS, whole = 0, rest = 0;
	u128 den = (u128)power_of_ten(pct.scale) * PERCENT * (u128)year;

	if (!wide_try_times_over(one, wide_magnitude(pct.units), den, &whole, &rest) ||
	    whole >= one << 27)
		return false;
	*out = (struct between){one + whole, one + whole + (rest > 0 ? 1 : 0)};
	return true;
}

/* x (1 + pct % / year)^days */
static bool between_grow(struct between *x, struct decimal pct, struct part part)
{
	struct between base = {0, 0};

	if (!between_daily(pct, part.year, &base))
		return false;
	for (int64_t left = part.days; left > 0; left /= 2) {
		if (left % 2 == 1 && !between_times(*x, base, x))
			return false;
		if (left > 1 && !between_times(base, base, &base))
			return false;
	}
	return true;
}

/* Half up and its like on AMOUNT_BITS behind the point. The last bit goes down, or up, so that it stays a bound. */
static bool minor_units(u128 amount, bool up, enum rounding mode, int64_t *out)
{
	u128 half = (amount >> 1) + (up ? amount & 1 : 0);
	struct fraction f = {0, (i128)1 << (AMOUNT_BITS - 1)};
	struct decimal d = {0, 0};

	if (half > WIDE_MAX)
		return false;
	f.num = (i128)half;
	if (!fraction_try_round(f, 0, mode, &d))
		return false;
	*out = d.units;
	return true;
}

static bool compound_between(const struct interest_spans *s, enum year_basis basis,
			     enum rounding mode, struct money *out)
{
	struct between interest = {0, 0};
	int64_t least = 0, most = 0;

	for (size_t i = 0; i < s->n; i++) {
		struct part parts[2] = {{0, 365}, {0, 366}};
		size_t n = parts_of(&s->v[i], basis, parts);
		u128 open = (u128)s->v[i].open.minor << AMOUNT_BITS;
		struct between all = {0, 0};

		if (!wide_try_add(open, interest.least, &all.least) ||
		    !wide_try_add(open, interest.most, &all.most))
			return false;
		for (size_t k = 0; k < n; k++)
			if (!between_grow(&all, s->v[i].pct, parts[k]))
				return false;
		interest = (struct between){all.least - open, all.most - open};
	}
	if (!minor_units(interest.least, false, mode, &least) ||
	    !minor_units(interest.most, true, mode, &most) || least != most)
		return false;
	if (s->n > 0)
		*out = (struct money){least, s->v[0].open.currency};
	return true;
}

bool interest_compound(const struct interest_spans *s, enum year_basis basis, enum rounding mode,
		       struct money *out)
{
	struct fraction exact = {0, 1};

	assert(s->n > 0);
	for (size_t i = 0; i < s->n; i++)
		if (s->v[i].pct.units < 0 || s->v[i].open.minor < 0)
			return false;
	if (compound_exact(s, basis, &exact))
		return money_try_round(exact, s->v[0].open.currency, mode, out);
	return compound_between(s, basis, mode, out);
}

/* --- statutory --- */

struct decimal statutory_points(enum statutory s)
{
	(void)s;
	return (struct decimal){8, 0};
}

bool statutory_sum(enum statutory s, struct money debt, struct money *out)
{
	enum { BELOW_1000 = 4000, BELOW_10000 = 7000, ABOVE = 10000, EU_SUM = 4000 };
	struct text currency = text_of(debt.currency.code);

	switch (s) {
	case STATUTORY_UK_1998:
		if (!text_is(currency, "GBP"))
			return false;
		*out = (struct money){ABOVE, debt.currency};
		if (debt.minor < 1000000)
			out->minor = debt.minor < 100000 ? BELOW_1000 : BELOW_10000;
		return true;
	case STATUTORY_EU_2011_7:
		if (!text_is(currency, "EUR"))
			return false;
		*out = (struct money){EU_SUM, debt.currency};
		return true;
	}
	assert(false && "a scheme that does not exist");
	return false;
}
