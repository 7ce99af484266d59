/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Late-payment interest: over part payments and changes of the rate, simple or compounding daily, rounded once (money.md R106 to
 * R110). Days are numbers of civil days; which of them lie in leap years the caller says, who knows a calendar. No clock.
 */
#ifndef MONEY_INTEREST_H
#define MONEY_INTEREST_H

#include "base/arena.h"
#include "money/money.h"

/* FK-27. YEAR_ACTUAL: each day by the length of the year it lies in. */
enum year_basis { YEAR_365, YEAR_360, YEAR_ACTUAL };

/* `open` bears pct a year on each day after `from`, to `to` inclusive: to - from days (R106). */
struct interest_span {
	int32_t from, to;
	int32_t leap_days; /* of those, in leap years; only YEAR_ACTUAL reads it */
	struct money open;
	struct decimal pct;
};

struct interest_spans {
	struct interest_span *v;
	size_t n;
};

struct paid {
	int32_t on;
	struct money amount;
};

struct yearly_rate {
	int32_t from; /* the first day it counts for */
	struct decimal pct;
};

/* What is owed since when, and what was paid of it. */
struct owed {
	struct money amount;
	int32_t due, until; /* interest runs to `until` inclusive */
	int32_t grace_days; /* R107: what is paid within it bears nothing; after it, from the day after due */
	const struct paid *paid;
	size_t n_paid; /* by day */
	const struct yearly_rate *rates;
	size_t n_rates; /* by day, at least one; the first holds from the beginning */
};

/*
 * The spans of an amount: cut at payments and at changes of the rate; a payment bears interest on its own day. Payments beyond
 * the amount leave nothing open. leap_days are 0. false: a payment is not above zero, or out of order.
 */
bool interest_spans(struct arena *a, const struct owed *owed, struct interest_spans *out) MUST_USE;

/* The yearly rate of a contract: x 12 if it is written per month, at most max_pct if has_max (R107). */
bool interest_yearly(struct decimal pct, bool per_month, bool has_max, struct decimal max_pct,
		     struct decimal *out) MUST_USE;

/* R106: the sum of open x pct % x days / year, exact. false: it does not fit 128 bits (R82). */
bool interest_simple(const struct interest_spans *s, enum year_basis basis,
		     struct fraction *exact) MUST_USE;

/*
 * R107: what daily compounding adds, P(1 + r/365)^n - P; over several spans the interest so far bears interest as what is open
 * does, and a payment takes from what is open; once nothing is open nothing more accrues. Exact fractions as long as 128 bits
 * hold them, which all ties of one span do; then fixed point between two bounds that hold the true number and are less than
 * days x 2^-40 of a minor unit apart, for amounts below 2^56 minor units that do not grow more than fourfold. false: too large,
 * or both bounds do not round to the same minor unit.
 */
bool interest_compound(const struct interest_spans *s, enum year_basis basis, enum rounding mode,
		       struct money *out) MUST_USE;

/* R110. The base rates are facts; only what the statutes fix is here. */
enum statutory { STATUTORY_UK_1998, STATUTORY_EU_2011_7 };

/* Percentage points over the base rate. */
struct decimal statutory_points(enum statutory s);
/* The fixed sum on an invoice's debt. false: the scheme names no sum in that currency. */
bool statutory_sum(enum statutory s, struct money debt, struct money *out) MUST_USE;

#endif
