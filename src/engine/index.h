/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Indexation (money.md R53 to R59): which price becomes which on which day, from index facts known by then, and why. The price
 * pieces of a slot (engine/charging.h) are made here from amounts, schedules, amendments and adjustments.
 */
#ifndef ENGINE_INDEX_H
#define ENGINE_INDEX_H

#include "engine/charging.h"

enum adjustment_state {
	ADJUSTED,         /* in force from `effective` */
	ADJUST_ANNOUNCED, /* computable and ahead of the day looked at */
	ADJUST_NOTHING,   /* the floor leaves nothing: the base stays (R55) */
	ADJUST_WAITS,     /* the month is not published (R56), or the series needs a link (R57) */
	ADJUST_NOTICE,    /* no notice yet: moves (R58) */
	ADJUST_CHOICE,    /* provider_choice without its fact */
};

struct adjusted_price {
	size_t slot;
	struct decimal old_price,
		new_price; /* of the amount or single price; of the first tier where there are tiers */
	int64_t yearly_effect; /* minor units: (new - old) x what a year has of fixed quantity; 0 where it is counted */
};

struct adjustment {
	day date;      /* of the clause: first + k x every */
	day effective; /* R58: later where notice was late */
	uint16_t version;
	enum adjustment_state state;
	day month_wanted, month_used, base_month; /* first days of months */
	struct decimal value_now, value_base;     /* index values */
	struct decimal ratio;                     /* before clamp, at ratio_decimals */
	struct decimal applied;                   /* after floor and cap */
	bool capped, floored;
	bool assumed;          /* R133: at the floor or the cap, since it is not known yet */
	instant notice_due;    /* OB-4; INSTANT_NONE */
	day last_day_to_leave; /* R59: of non_renewal_notice or convenience, DAY_NONE */
	int64_t entry_now, entry_base, entry_notice; /* facts; -1 */
	const struct adjusted_price *prices;
	size_t n_prices;
};

/* Makes c->prices and c->adjustments, those within `ahead` days after c->on too. Called by charging_begin. */
enum rc index_prices(struct charging *c, int32_t ahead, struct err *err) MUST_USE;

#endif
