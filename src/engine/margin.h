/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Revenue against the provider's own cost, month by month. Revenue is what the ledger says was earned (money.md R141), service credits off;
 * cost is what the provider gives, which is in no record: it is no fact between the parties.
 */
#ifndef ENGINE_MARGIN_H
#define ENGINE_MARGIN_H

#include "engine/ledger.h"

enum cost_kind { COST_HOURS, COST_SUPPLIER, COST_KINDS };

struct own_cost {
	day date;
	enum cost_kind kind;
	int64_t amount;
	struct text technician; /* or empty */
};

struct margin_month {
	day month; /* its first day */
	int64_t revenue, costs[COST_KINDS], left;
};

struct technician_cost {
	struct text technician;
	int64_t amount;
};

struct margin {
	const struct margin_month *months; /* all of the window */
	size_t n_months;
	struct margin_month total;
	const struct technician_cost *technicians; /* by name */
	size_t n_technicians;
	size_t n_outside; /* costs of other days */
};

/* ledgers of one currency, closed to the end of the window, which is whole months. RC_LIMIT: beyond 64 bits. */
enum rc margin_make(struct arena *a, const struct ledger *const *ledgers, size_t n_ledgers,
		    const struct own_cost *costs, size_t n_costs, struct days window,
		    struct margin *out, struct err *err) MUST_USE;

#endif
