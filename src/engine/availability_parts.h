/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of availability share; nobody else needs it. See availability.h. */
#ifndef ENGINE_AVAILABILITY_PARTS_H
#define ENGINE_AVAILABILITY_PARTS_H

#include "engine/availability.h"
#include "engine/excuse.h"
#include "engine/outage.h"

/* The three values of R49. */
enum value { VALUE_UP, VALUE_DOWN, VALUE_OUT };

/* From here on the group was so; up to the next stretch. */
struct stretch {
	instant from;
	uint8_t raw;      /* enum value, as if nothing were excused, degraded as down (R47) */
	uint8_t raw_hard; /* the same with degraded as up */
	uint8_t worst,
		best; /* after excuses: degraded as down; as up. Equal unless the contract says half (R46) */
	bool excused; /* an excuse takes the time, known or not */
	bool blind; /* for want of knowledge it is neither up nor down, whatever `unknown` makes of it (R45) */
	int rule; /* the first rule with an excuse here, index into metric.excludes; -1: none */
	uint32_t fact; /* what the group is down by; NO_FACT */
};

/* An uninterrupted raw outage of the group, over all time (R47). */
struct group_outage {
	struct span span;
	bool dropped, open;
	bool degraded; /* never more than degraded */
	uint32_t began_fact, ended_fact;
	const int *assets;
	size_t n_assets;
};

/* What is judged as one: the whole group, or one member of mean and weighted. */
struct judged_unit {
	enum group group; /* any_down, all_down or k_of_n */
	int64_t k;
	size_t first, n; /* its components: [first, first + n) */
	const struct stretch
		*v; /* from INSTANT_MIN on; after as_of up, but for what is excused already */
	size_t n_stretches;
	const struct group_outage *outages;
	size_t n_outages;
};

/* What a rule of `exclude` grants. */
struct grant {
	const struct spans *of; /* per component */
	struct spans used; /* of any component, inside A: what counts against the allowance (R51) */
	struct spans wanted; /* inside A, with what the allowance refused */
	bool limited;
};

struct availability_history {
	const struct view *v;
	const struct promise *p;
	const struct metric *m;
	struct spans proclaimed; /* days closed in the schedule since the version was approved */
	struct outages outages;
	struct components c;
	struct claims claims;
	const struct grant *grants; /* per rule */
	struct judged_unit *units;
	size_t n_units;
};

/* The part of an ascending set that may lie in [from, to), not clipped; no copy. */
struct spans spans_near(struct spans of, struct span range);
/* Agreed time in a range: the schedule's (R43) without days proclaimed later (R3). */
struct spans agreed_time(struct arena *a, const struct availability_history *h, struct span range);
/* Days that are closed in the metric's schedule by a fact recorded on an earlier date. */
struct spans days_proclaimed(struct arena *a, const struct view *v, const struct promise *p,
			     const struct metric *m);

/* R51: which time each rule takes of each component, in the order of the rules, allowances earliest first. */
const struct grant *grants_make(struct arena *a, const struct availability_history *h);
/* The allowance of a rule in the period that holds t; *period is that period. */
int64_t allowance_ms(const struct promise *p, const struct exclude_rule *r, instant t,
		     struct span *period);

/* What a sweep sees; outages are noted only if `found` is given. */
struct sweep {
	const struct availability_history *h;
	const struct judged_unit *unit;
	struct span range;
	const struct claim *extra; /* NULL, or a claim that is taken to be granted in full */
};

struct found {
	struct stretch *v;
	size_t n, cap;
	struct group_outage *outages;
	size_t n_outages, outages_cap;
};

/* R49: one pass over everything that changes in the range. Stretches begin with range.from. */
void sweep_group(struct arena *a, const struct sweep *s, struct found *found, bool with_outages);
/* Stretches and raw outages of one unit over all time. */
void unit_make(struct arena *a, const struct availability_history *h, struct judged_unit *u);

/* The first raw outage of a unit that ends after t; its index, or n_outages. */
size_t outage_at(const struct judged_unit *u, instant t);
/* What a window covers: its judged part, or all of it for partial_window `full`. */
struct span window_range(const struct availability_history *h, const struct window_result *w);

/* Sums of one unit over ranges, in order; pieces and the raw outages of the range only if asked for. */
struct account {
	struct arena *arena;
	const struct availability_history *h;
	const struct judged_unit *unit;
	struct availability sum; /* base_ms and removed_ms are not set */
	int64_t base_twice_ms;   /* A' with degraded as down plus A' with degraded as up */
	bool with_pieces;
	struct availability_piece *pieces;
	size_t n_pieces, cap;
	struct raw_outage *outages; /* NULL: not asked for; counted_ms is twice what counts */
	size_t first_outage, n_outages;
};

/* Room for the raw outages that touch a range. */
void account_outages(struct account *x, struct span range);
/* Counts one range of stretches, which begin not after range.from. */
void account_add(struct account *x, const struct stretch *v, size_t n, struct span range);

/* The claims that touch a window. */
struct excuse *window_excuses(struct arena *a, const struct availability_history *h,
			      const struct window_result *w, size_t *n);
/*
 * One unit in one window, up to as_of. Under `degraded: half` both A' and D' are means of the two readings: of what is out in
 * one and down in the other, half is in A', or one more excuse could lower a value. Twice A' is told too, being exact, and
 * twice the A' of what is left of the window.
 */
struct unit_result {
	struct availability sum;
	int64_t base_twice_ms, future_twice_ms;
};

struct unit_result unit_window(struct arena *a, const struct availability_history *h,
			       const struct judged_unit *u, const struct window_result *w,
			       const struct excuse *excuses, size_t n_excuses);

#endif
