/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Work and prepaid hours (money.md R27 to R35) in three steps: entries become groups of classed minutes (work_entries.c), groups use up
 * included and prepaid hours in the order of the work (work_grants.c), what came of them becomes lines (charge_work.c). Private.
 */
#ifndef ENGINE_WORK_PARTS_H
#define ENGINE_WORK_PARTS_H

#include "engine/charging_parts.h"

/* Minutes of one class at one price. */
struct work_piece {
	int multiplier; /* index into the charge's multipliers; -1: factor 1 */
	struct decimal factor;
	const struct price_piece *price;
	struct fraction minutes;
};

/* The same price, from whichever cut of the slot's pieces. */
static inline bool work_same_price(const struct price_piece *x, const struct price_piece *y)
{
	return x == y || (x != NULL && y != NULL && decimal_cmp(x->amount, y->amount) == 0 &&
			  x->why == y->why && x->adjustment == y->adjustment);
}

/* What is summed before it is rounded: an entry, or those of a ticket in a period, or on a day (R27). */
struct work_group {
	size_t slot;
	uint16_t version;      /* in force when the work began */
	size_t period;         /* index into the slot's periods */
	instant start;         /* of its first entry */
	const uint32_t *facts; /* entries, in order */
	size_t n_facts;
	int64_t worked, billed; /* minutes, before and after increment and minimum */
	const struct work_piece *pieces;
	size_t n_pieces;
};

struct covered_work {
	uint32_t fact;
	symbol service;
	int64_t minutes;
};

struct work {
	struct charging *c;
	struct service_periods *periods; /* of each slot: all that have begun by `on` */
	struct work_group *groups;       /* by rising start, then by order of the first fact */
	size_t n_groups;
	struct covered_work *covered;
	size_t n_covered;
	bool rate_covered; /* R137: only what a service covers, as if none did; what no charge fits is left in covered */
};

enum rc work_read(struct work *w, struct err *err) MUST_USE;

/* What became of a piece of a group. */
enum use_kind { USE_BILLED, USE_INCLUDED, USE_DRAWN };
struct work_use {
	size_t group, piece;
	enum use_kind kind;
	size_t grant;            /* USE_DRAWN: index into c->grants */
	struct fraction minutes; /* of the clock */
	struct fraction balance; /* USE_DRAWN: hours left in the grant afterwards */
};

/* Hours that nobody used any more: above the roll-over, expired, at the end. */
struct work_lapse {
	size_t grant;
	day date; /* first day without them */
	struct fraction hours;
	bool refund; /* at_end: refund */
};

struct work_uses {
	struct work_use *v;
	size_t n, cap;
	struct work_lapse *lapses;
	size_t n_lapses, lapses_cap;
};

/* Makes c->grants, c->draws and what each piece came to. */
enum rc work_use_up(struct work *w, struct work_uses *out, struct err *err) MUST_USE;

#endif
