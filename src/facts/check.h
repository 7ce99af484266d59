/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What can be said of facts without knowing any promise: whether two are the same, and the flags of sla.md R14 that need no
 * contract. A flagged fact is kept; what a flag does to a result is decided by who knows the promise.
 */
#ifndef FACTS_CHECK_H
#define FACTS_CHECK_H

#include "facts/fact.h"
#include "time/zone.h"

/* R14: recorded more than 72 h after it occurred; occurred more than 5 min after it was recorded. */
#define LATE_AFTER_MS (72 * HOUR_MS)
#define FUTURE_AFTER_MS (5 * MINUTE_MS)
/* R14: times of two reports of one event may differ this much. */
#define SAME_EVENT_MS (60 * SECOND_MS)

/* Same content: everything but where it came from, its place and its flags (DESIGN section 6). */
bool fact_same(const struct fact *x, const struct fact *y);

/*
 * May it be recorded at all, whatever the contract says (money.md section 16)? Dates, months, currencies, rates with a direction, words
 * of closed lists; no negative quantity, no empty period, no unit twice in a list, no more decimals than there can be. RC_INVALID names
 * the field; the hint says what would be right. zone: in which the day of a list is told; may be NULL. Asked by whoever reads facts from
 * outside; facts_add checks nothing.
 */
enum rc facts_admit(const struct facts *set, const struct fact *f, const struct zone *zone,
		    struct err *err) MUST_USE;

/* FLAG_LATE and FLAG_FUTURE of one fact. */
uint16_t fact_own_flags(const struct fact *f);

/*
 * Sets late, future, same_time, overlapping, contradicting and out_of_order on every fact of the set; flags that are there
 * stay. Corrected facts (R13) are left out of account.
 */
void facts_check(struct facts *f);

#endif
