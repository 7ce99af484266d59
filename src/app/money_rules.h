/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What only the contract can say of a fact about money (money.md section 16): does it have the meter, the charge, the currency? And what
 * is kept but shown: usage of a period that is on an issued invoice, a payment that equals another.
 */
#ifndef APP_MONEY_RULES_H
#define APP_MONEY_RULES_H

#include "app/append.h"
#include "app/recall.h"

struct money_rules;

/* Of all versions agreed: a late fact may be about an older one. The zone is the newest's. */
enum rc money_rules_new(struct arena *a, const struct recalled *r, const struct money_rules **out,
			struct err *err) MUST_USE;
/* append_options.fits; context: the rules. */
enum rc money_rules_fit(void *context, const struct facts *set, const struct fact *f,
			struct err *err) MUST_USE;

/* Does some version work with values of this series: its indexation, or statutory interest? */
bool money_rules_name_series(const struct money_rules *m, struct text series);

/* Facts that were taken and are shown with a reason (F in money.md section 16). */
struct money_flags {
	size_t closed, duplicates; /* usage of closed periods; possible duplicates */
	size_t ahead, turned; /* dated after their recording; exchange rates that may be the wrong way round */
	struct text lines;         /* what to say of them, each line ended; or empty */
};
/* Of the facts of a set that were appended now; r tells versions and zone. */
enum rc money_flags_of(struct workspace *ws, const struct log_head *log, const struct recalled *r,
		       const struct facts *set, const struct appended *results,
		       struct money_flags *out, struct err *err) MUST_USE;

#endif
