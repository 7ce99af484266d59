/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A fiscal year's budget held against what was charged (money.md R130, R132): by month, with the variance split by price and volume for
 * each charge, and the thresholds that were or will be reached. The client's budget is one amount; what the contract gave for the year on
 * its first day, with `covers` for what is counted, is the plan that prices and quantities are compared with.
 */
#ifndef ENGINE_BUDGET_H
#define ENGINE_BUDGET_H

#include "engine/forecast.h"

enum { BUDGET_MONTHS = 12 };

struct budget_month {
	struct days days;
	int64_t budget;  /* amount / 12, largest remainder */
	int64_t actual;  /* credits taken off */
	int64_t credits; /* positive */
	int64_t outlook; /* actual of what is over, P50 of what is not */
	bool over;       /* the month has ended */
};

/* Of the months that are over: actual - planned = price + volume, exactly. */
struct budget_row {
	struct text id, name;
	bool planned; /* false: nothing was planned under that id, all is volume */
	bool split;   /* false: quantities too large to be told; all is volume */
	struct fraction planned_quantity, quantity;
	int64_t planned_net, net;
	int64_t price, volume;
};

/* R132: once for each year and threshold. */
struct budget_alert {
	struct decimal pct;
	int64_t amount;
	int reached;  /* month in which the actual reaches it; -1: not yet */
	int forecast; /* month in which the outlook will; -1: it will not, or it is reached */
};

struct budget {
	bool set; /* budget: in the contract */
	day on;
	struct days year;
	struct currency currency;
	int64_t amount;
	struct budget_month months[BUDGET_MONTHS];
	size_t n_over;                              /* months that have ended */
	int64_t budget_over, actual_over, variance; /* of those months: actual - budget */
	int64_t actual, outlook;                    /* of the year */
	struct budget_row *rows;
	size_t n_rows;
	int64_t credits;    /* of those months, taken off */
	int64_t unassigned; /* budget of those months that no plan uses */
	struct budget_alert *alerts;
	size_t n_alerts;
};

/* The fiscal year that a day lies in, as the contract begins it; without a budget the calendar's. */
day budget_year_of(const struct pricing *p, day d);
/* The one that begins in that calendar year. */
day budget_year_named(const struct pricing *p, int year);

/* The year that begins on that day. RC_LIMIT: a sum beyond 64 bits. */
enum rc budget_make(struct arena *a, const struct forecast_input *in, day year, struct budget *out,
		    struct err *err) MUST_USE;

#endif
