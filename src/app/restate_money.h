/* SPDX-License-Identifier: Apache-2.0 */
/* What late and corrected facts change of the invoices of a contract, for `tenor restate` (money.md R91 to R98). Writes nothing. */
#ifndef APP_RESTATE_MONEY_H
#define APP_RESTATE_MONEY_H

#include "app/money.h"
#include "render/restate_money.h"

struct restate_money_at {
	instant known_as_of; /* INSTANT_MAX: all that is recorded */
	day on;              /* what is due by then */
	struct text month;   /* of service periods; empty: all */
};

/* all: everything recalled of that log. *out NULL: no invoice was issued yet. */
enum rc restate_money_make(struct workspace *ws, const struct log_head *log,
			   const struct recalled *all, const struct restate_money_at *at,
			   const struct restate_money **out, struct err *err) MUST_USE;

#endif
