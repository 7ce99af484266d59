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
	const struct limit_excess *beyond; /* NULL: not beyond a limit of its service */
};

/* Something of a service beyond its fair use (work_limits.c): work on it is not covered, but under another charge. */
struct limit_excess {
	symbol ticket; /* 0: a visit without one, then `fact` is its time entry */
	uint32_t fact;
	day date; /* of a visit; DAY_NONE: the whole ticket */
	symbol service;
	struct text limit, beyond; /* ids of the limit and of the charge */
	uint16_t place;            /* of the limit among those of its service */
	int64_t ordinal, max;      /* the how-many-th in its period, and how many the limit gives */
};

/* How many there were in one period of a limit. */
struct limit_tally {
	symbol service;
	struct text limit;
	struct span window;
	int64_t n, max; /* max: by the words of the last of them */
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
	struct limit_excess *excess; /* by ticket */
	size_t n_excess;
	struct limit_tally *tallies;
	size_t n_tallies;
	bool rate_covered; /* R137: only what a service covers, as if none did; what no charge fits is left in covered */
};

enum rc work_read(struct work *w, struct err *err) MUST_USE;

/* The service whose work an entry is: the one that covers it, else its ticket's as logged; 0: none. */
symbol work_service(const struct charging *c, const struct fact *f, const struct promise *p);
/* Makes w->excess and w->tallies. */
void work_limits(struct work *w);
/* Is work of that day on that ticket (0: none) beyond a limit of the service? NULL: no. */
const struct limit_excess *work_beyond(const struct work *w, uint32_t fact, symbol ticket, day d,
				       symbol service);
static inline bool work_same_limit(const struct limit_excess *x, const struct limit_excess *y)
{
	return x == y ||
	       (x != NULL && y != NULL && x->service == y->service && text_eq(x->limit, y->limit));
}

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
