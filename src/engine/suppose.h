/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a client's yes would come to: the charges as they stand, and once more as if one fact that waits for it were approved (money.md
 * R21, R30, R45); what differs is what it costs. Tiers, included hours, hours paid ahead, increments and proration have their say, since
 * both are the run that invoices come from. Discounts, credits and tax come after it (R60).
 */
#ifndef ENGINE_SUPPOSE_H
#define ENGINE_SUPPOSE_H

#include "engine/charging.h"

struct supposed {
	struct text charge;  /* its id */
	struct days service; /* the service period */
	int64_t amount;      /* more by that much in it, minor units; may be negative */
};

/*
 * What the yes to w (of c->waits, with `asks`) changes, by due edge, from the period that the fact is in up to the first whole one after
 * c->on; periods without a difference are left out. now: begun and run; it is not changed. Errors are those of charging_run.
 */
enum rc suppose_approved(const struct charging *now, const struct waiting *w, struct supposed **out,
			 size_t *n, struct err *err) MUST_USE;

#endif
