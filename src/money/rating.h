/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a quantity costs by a rate card: included units, blocks, tiers or a percentage (money.md R25, R37 to R41). Exact: the
 * rounding of the line is the caller's. What facts can make too large is a false, never an assertion (R82): the account is parked.
 *
 * Usual numbers take a path of integers of one scale, without a division; only what does not fit or is a true fraction
 * (unit-days / days) goes through fractions. Both give the same number.
 */
#ifndef MONEY_RATING_H
#define MONEY_RATING_H

#include "base/arena.h"
#include "money/decimal.h"

struct rate_tier {
	bool open;            /* the last one, without up_to */
	struct decimal up_to; /* inclusive (R40) */
	struct decimal price; /* per unit, per block, or percent */
	struct decimal flat;  /* once, when the tier is entered; tier 1 is entered at 0 */
};

struct rate_card {
	const struct rate_tier *tiers; /* rising up_to, the last one open; none: the single price */
	size_t n_tiers;
	bool volume;    /* tier_mode: all units at the tier reached; else each unit at its own */
	bool count_all; /* tiers_count: all: included units take up the first tiers, at no price */
	bool pct;       /* prices are percentages of metered money */
	bool block_exact; /* block_rounding: exact; else a block is sold whole */
	struct decimal price;
	struct decimal block; /* units a block; prices are per block. {0}: none */
	struct fraction
		included; /* free units of the period, a stub's share of them if so; {0}: none */
};

/*
 * A(quantity), quantity >= 0. false: it does not fit 128 bits, is negative, or lies beyond a last tier that is not open. The
 * result need not be in lowest terms.
 */
bool rate_amount(const struct rate_card *c, struct fraction quantity,
		 struct fraction *amount) MUST_USE;
/*
 * R38: A(total) - A(before), for what came on top of `before`; in volume mode it may be negative. before {0} is nothing at all,
 * so that the base fee of the first tier is still owed; {0, 1} are no units, with the base fee owed already.
 */
bool rate_more(const struct rate_card *c, struct fraction before, struct fraction total,
	       struct fraction *amount) MUST_USE;

/* What goes into the tiers: quantity - included, in whole blocks if they are sold whole, still in units. */
bool rate_billed(const struct rate_card *c, struct fraction quantity,
		 struct fraction *units) MUST_USE;

/* A part of a line: the units of one tier at its price, or a tier's flat sum (quantity 1). amount = quantity x rate [/ block, %]. */
struct rate_part {
	size_t tier; /* from 0 */
	bool flat;
	struct fraction quantity; /* units, after whole blocks */
	struct decimal rate;
	struct fraction amount;
};

struct rate_parts {
	const struct rate_part *v;
	size_t n;
	struct fraction amount; /* their sum, which is rate_more's */
};

/*
 * The parts of A(total) - A(before), tier by tier, those of no units and no money left out. In volume mode a second tier reached
 * takes the first one's units back.
 */
bool rate_parts(struct arena *a, const struct rate_card *c, struct fraction before,
		struct fraction total, struct rate_parts *out) MUST_USE;

/* R41: each event costs min(max, max(min, fixed + base x pct %)). */
struct event_rate {
	struct decimal pct, fixed;
	bool has_min, has_max;
	struct decimal min, max;
};

/* The exact sum over n events' bases. */
bool rate_events(const struct event_rate *r, const struct decimal *bases, size_t n,
		 struct fraction *amount) MUST_USE;

#endif
