/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two outcomes side by side: what differs, by how much, and what the difference rests on. Two uses of one thing:
 *
 *   back-test     the same facts under other versions of the contract, over the same months (CL-56)
 *   restatement   the same contract with more known: an issued statement against now (sla.md R21; restate.h)
 *
 * Pure, and of nothing but the outcomes: no rule is applied here a second time. Charges are not compared, the engine computes none
 * yet; a tally has a place for them beside the credits.
 *
 * What belongs together. Metrics by their id; one that only one side has was added or removed. Windows by the metric's id and the
 * whole local period; of several with the same period (FK-29, `split`) the first with the first. Clocks by subject, metric id and
 * cycle. Outages of a window by the outage's id (one that probes found: by the fact that began it), the first with the first.
 *
 * Which windows. Those whose month of failure, in which their judged part ended, lies in the period; so a quarter belongs to its
 * last month, as its credit does. Credits are those that are due (CREDIT_DUE), as rounded: those of a month sum to its settlement.
 *
 * How the difference in money is attributed, so that the shares of all items sum to it exactly:
 *
 *   1. The difference of a month is that of its credits, and a credit belongs to its window: the difference of a window is what its
 *      credits come to after, less what they came to before.
 *   2. A credit for one missed sample (each_breach) belongs to that clock: its difference is exactly the clock's own.
 *   3. The rest of the window's difference is shared equally by the clocks whose part in the window differs: not in it, in time,
 *      late. For a mean or a percentile: the clocks that are in it on one side only, or with another used time.
 *   4. In a window without such clocks but with downtime it is shared by its outages, in proportion to the change of their counted
 *      time; if that is the same on both sides (another target, another tier), in proportion to the time itself.
 *   5. What is left belongs to the window itself: another base, another cap, another percentage for the same facts.
 *
 * Shares are whole minor units by largest remainder, ties to the earlier start, then the smaller id. Items gather the shares of one
 * subject over all windows: a ticket, an outage, or a window. They are ranked by the size of their share, whatever its sign; ties by
 * start, then id. Items without any money come after those with some: first those with another verdict, then by the change of used
 * or counted time, then by start and id.
 */
#ifndef ENGINE_COMPARE_H
#define ENGINE_COMPARE_H

#include "engine/outcome.h"

enum side { BEFORE, AFTER, SIDES };

#define NO_INDEX UINT32_MAX

enum { COMPARE_ITEMS_DEFAULT = 10 };

/* What one side has of a window, of a metric, of a month or of all. */
struct tally {
	int64_t windows, missed; /* with a verdict; of them missed */
	int64_t samples, late;   /* cases in windows of elapsed metrics; of them late */
	/*
	 * Commitments only, in windows with a verdict: late cases of elapsed metrics, also where the share in time was kept; missed
	 * windows of the others; a window that is only deemed missed is one.
	 */
	int64_t breaches;
	struct fraction exact;   /* credits that are due, as caps left them, before rounding */
	struct money credit;     /* as rounded */
};

enum presence { IN_BOTH, ADDED, REMOVED };

/* Both in one currency. */
void tally_add(struct tally *to, const struct tally *t);

struct compared_metric {
	struct text id;
	enum presence presence;
	uint16_t version[SIDES], metric[SIDES]; /* of the last version that has it; of a side without it 0 */
	struct tally tally[SIDES];
};

struct compared_window {
	size_t metric;           /* index into metrics */
	struct span window;
	instant month;           /* first instant of its month of failure; after, if there, else before */
	uint32_t of[SIDES];      /* index into that outcome's windows; NO_INDEX: not there */
	struct tally tally[SIDES];
	bool changed;            /* verdict, value, samples, late ones or money differ */
};

struct compared_month {
	struct span month;
	struct tally tally[SIDES];
	struct money bonus[SIDES], earned_back[SIDES];
};

enum part_state { PART_ABSENT, PART_IN_TIME, PART_LATE, PART_VALUE };

/* What one clock, one outage or the window itself has of a window's difference. */
struct compared_part {
	uint32_t window;              /* index into windows */
	uint32_t clock[SIDES];        /* index into that outcome's clocks, also if it counts elsewhere; NO_INDEX */
	enum part_state state[SIDES]; /* in this window */
	const struct raw_outage *outage[SIDES]; /* NULL: not there */
	int64_t time_ms[SIDES];       /* used by the clock, or counted of the outage; 0: not there */
	struct money share;
	/* what it is called, and since when: what ties are decided by */
	symbol subject;
	instant start;
};

enum item_kind { ITEM_CASE, ITEM_OUTAGE, ITEM_WINDOW };

struct compared_item {
	enum item_kind kind;
	symbol subject;          /* CASE: ticket or other subject; OUTAGE: its id, or of the fact that began it; WINDOW: 0 */
	instant start;
	struct money share;
	bool verdict;            /* late on one side only, or the window's verdict differs */
	int64_t change_ms;       /* of used or counted time, in all, without sign */
	const struct compared_part *parts; /* by window */
	size_t n_parts;
};

struct comparison {
	const struct outcome *of[SIDES];
	struct currency currency;
	const struct compared_metric *metrics; /* in order of the last version after, those removed last */
	size_t n_metrics;
	const struct compared_window *windows; /* by metric, then by window */
	size_t n_windows;
	const struct compared_month *months;   /* all of the period */
	size_t n_months;
	struct tally total[SIDES];
	struct money bonus[SIDES], earned_back[SIDES];
	struct money difference;               /* credits after less before */
	const struct compared_item *items;     /* the first in rank, at most as many as asked for */
	/*
	 * All: subjects with a share, with another verdict, or in a window on one side only. Those with nothing but another time are
	 * listed where there is room, and not counted.
	 */
	size_t n_items, n_all_items;
	struct money rest;                     /* share of the items that are not listed */
	const struct compared_part *parts;     /* of all items, by window */
	size_t n_parts;
};

struct compare_options {
	size_t items;            /* at most; 0: COMPARE_ITEMS_DEFAULT */
};

/*
 * Both outcomes must have the same period and facts of one table of symbols (one set, or one set and its beginning). Fails only
 * (RC_INVALID) if their currencies differ.
 */
enum rc compare_outcomes(struct arena *a, const struct outcome *before, const struct outcome *after,
			 const struct compare_options *options, struct comparison **out, struct err *err) MUST_USE;

/* What the windows of a side that has no verdict lack most often, to be said: how many windows have that reason. */
int64_t compare_not_judged(const struct comparison *c, enum side side, enum not_judged why);

#endif
