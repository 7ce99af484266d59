/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a credit or a cap is a share of (sla.md R58, R62): the net amounts that charges come to for service on some days, after
 * discounts, before credits and tax. Where the evaluation has the nets of what was charged (evaluation.nets), they are taken. Else it
 * is what the contract's own words would put on an invoice, and charges whose quantities are facts (users, gigabytes, hours) are named
 * and add nothing.
 */
#ifndef ENGINE_BASE_H
#define ENGINE_BASE_H

#include "engine/outcome.h"
#include "time/period.h"

/*
 * The base of a month's credits under a version: its `base.charges` (none said: all recurring money) on those days. Amounts
 * follow the version in force on each day (CL-45); indexes of lines are into the charges of `version`. With --base: that.
 */
struct base base_make(struct arena *a, const struct outcome *o, uint16_t version, struct span month,
		      struct days days);

/*
 * All charges of those days, for caps. With --base the charges it stands for count as what was given, once for each month that
 * the days touch.
 */
struct fraction base_all_charges(struct arena *a, const struct outcome *o, uint16_t version,
				 struct days days);

/* What one version says of a charge: from `from` or the start of the service to before `until` (FK-19); without an end to INT32_MAX. */
struct days charge_written_life(const struct promise *p, const struct charge *c);

/* Mean of the full months among the 12 before the month that begins on `first`; *months is how many, 0: that month itself. */
struct fraction base_average_month(struct arena *a, const struct outcome *o, uint16_t version,
				   day first, int64_t *months);

#endif
