/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a contract has cost by month and what it will cost (money.md R130, R133 to R135): actual nets by charge and month, and the months
 * ahead as what the contract alone gives, a trend of what is counted, and the service credits that may be expected. P50 is as likely too high
 * as too low; P90 is what nine of ten months stay under. The budget that these are held against is engine/budget.h.
 *
 * Nothing is billed from here. Amounts are net minor units.
 */
#ifndef ENGINE_FORECAST_H
#define ENGINE_FORECAST_H

#include "engine/billing.h"
#include "money/trend.h"

enum {
	FORECAST_MONTHS_MAX = 60,
	FORECAST_HISTORY = 12, /* full months that a trend looks back on (R134) */
};

struct forecast_input {
	struct charging *charging; /* begun and run on the day looked at */
	const struct issued_document *issued;
	size_t n_issued;
	const struct invoice *const *due; /* due and not issued: of billing_make on that day */
	size_t n_due;
	const struct earned_credit *credits; /* of the months that are over */
	size_t n_credits;
	const struct billing_settings *settings;
};

/* --- amounts by charge and month --- */

struct month_row {
	struct text charge, name;
	int slot;                  /* -1: none: a true-up, an exit fee */
	int64_t *net;              /* by month, discounts taken off */
	int64_t *printed;          /* the same with them (R48) */
	struct fraction *quantity; /* billed, as priced; {0, 0}: too large to be told */
};

struct month_table {
	struct days first;         /* the first of the months */
	const struct days *months; /* without gaps */
	size_t n;
	struct month_row *rows;
	size_t n_rows, cap;
};

/* n months from a day on: that day of each month (R3). */
void months_make(struct arena *a, day from, size_t n, struct month_table *out);
/* Index of the month that a day lies in, or -1. */
int month_index(const struct month_table *t, day d);
/* NULL: nothing was charged under that id. */
const struct month_row *month_row_of(const struct month_table *t, struct text charge);

/* R130: lines by service period, spread by day; invoiced or due. RC_LIMIT: a sum beyond 64 bits. */
enum rc actual_by_month(struct arena *a, const struct forecast_input *in, struct month_table *t,
			struct err *err) MUST_USE;
/* Service credits of a month that is over, as they are due: positive. */
bool credits_by_month(const struct forecast_input *in, const struct month_table *t,
		      int64_t *out) MUST_USE;

/* --- what the contract alone gives --- */

/*
 * R133: nets of what the contract fixes (fees, set-ups, hours of a period) from the versions and the view given, facts frozen after
 * `today`, up to the end of the table. The charging made is handed back: its prices hold ahead.
 */
struct certain_input {
	const struct priced_version *versions;
	size_t n_versions;
	const struct view *view;
	const int64_t *fact_entries;
	day today, stop;
	enum index_unknown unknown;
	const struct billing_settings *settings;
};
enum rc certain_by_month(struct arena *a, const struct certain_input *in, struct month_table *t,
			 struct charging **out, struct err *err) MUST_USE;
/* Is a charge fixed by the contract (R133), or counted (R134)? */
bool charge_is_certain(const struct priced_charge *x);
/* services[].covers of what a per_unit charge counts. false: nothing is planned. */
bool planned_quantity(const struct pricing *p, const struct priced_charge *x,
		      int64_t *out) MUST_USE;
/* What the planned quantity costs in a month at the prices of its first day (R134). quantity may be NULL. false: too large. */
bool planned_month(struct charging *c, size_t slot, struct days month, int64_t qty, int64_t *minor,
		   struct fraction *quantity) MUST_USE;

/* --- the forecast --- */

enum forecast_basis {
	FORECAST_CERTAIN,
	FORECAST_TREND,   /* a line through 6 to 12 months */
	FORECAST_MEDIAN,  /* of 3 to 5 months, flat */
	FORECAST_PLANNED, /* `covers` x price: no history, or the contract wants no trend */
	FORECAST_UNKNOWN, /* neither: nothing is forecast */
};

struct forecast_charge {
	struct text id, name;
	size_t slot;
	enum forecast_basis basis;
	day known_to;           /* its actual is complete before this day */
	const int64_t *history; /* net of the full months that the trend is of */
	size_t n_history;
	day history_from;
	struct trend trend;
	int64_t planned_qty;
	/* by month of the table: those from known_to on; months before are 0 */
	int64_t *p50, *p90;
	int64_t sum_p50, sum_p90; /* of the months ahead */
};

enum assumption_kind {
	ASSUME_FROZEN,       /* nothing is known after date */
	ASSUME_ENDS,         /* nothing after the contract's end, date */
	ASSUME_INDEX,        /* on date, low in P50, high in P90 */
	ASSUME_INDEX_NO_CAP, /* on date, low in both: the contract has no cap */
	ASSUME_INDEX_KNOWN,  /* on date, low: announced or computable */
	ASSUME_TREND,        /* subject, count months */
	ASSUME_MEDIAN,
	ASSUME_PLANNED,       /* subject, count units: no history */
	ASSUME_UNKNOWN,       /* subject */
	ASSUME_ONLY_CONTRACT, /* budget.forecast: contract_only */
	ASSUME_MILESTONE,     /* subject, date, amount */
	ASSUME_COMMITMENT,    /* up to amount by date */
	ASSUME_CREDITS,       /* amount a month, the median of count months */
};

struct assumption {
	enum assumption_kind kind;
	struct text subject;
	day date; /* DAY_NONE */
	int64_t count, amount;
	struct decimal low, high;
};

struct forecast_month {
	struct days days;
	int64_t certain, certain_p90; /* fees, milestones, what is missing to a commitment */
	int64_t trend, trend_p90;     /* what is counted */
	int64_t credits;              /* expected, at most what there is */
	int64_t p50, p90,
		reserve; /* R135: certain + trend - credits; without credits; their difference */
};

struct forecast {
	day on;
	struct currency currency;
	struct month_table actual; /* 24 months back, then the months ahead */
	size_t ahead; /* index in it of the running month, the first that is forecast */
	struct forecast_charge *charges;
	size_t n_charges;
	struct forecast_month *months; /* n ahead */
	size_t n;
	struct forecast_month sum;  /* its days are all of them */
	int64_t *topup, *topup_p90; /* by month ahead: within certain */
	const struct assumption *assumptions;
	size_t n_assumptions, assumptions_cap;
	/* R135: of the last 12 months, those of which a P90 could be told, and how many stayed under it */
	size_t checked, under;
};

/* n months from the running one on; `day_of_month` 1 except where a fiscal year begins on another day. */
enum rc forecast_make(struct arena *a, const struct forecast_input *in, size_t n, int day_of_month,
		      struct forecast *out, struct err *err) MUST_USE;

const char *basis_word(enum forecast_basis b);       /* "trend" */
const char *assumption_word(enum assumption_kind k); /* "index" */

#endif
