/* SPDX-License-Identifier: Apache-2.0 */
/*
 * When a contract ends before its time (contract-language.md `termination`, OB-9): the day that a notice of termination or an exercised
 * right leads to, and whether the contract asks a fee for leaving that way. What the fee is, is engine/exit.h; that charges stop on the
 * day is money.md R10.
 */
#ifndef ENGINE_LEAVING_H
#define ENGINE_LEAVING_H

#include "engine/charging.h"
#include "engine/outcome.h"

struct leaving {
	bool set;
	day date; /* the first day without the contract */
	day notice_on;
	enum exit_trigger cause;
	bool fee; /* `fee: early_termination` of the clause that was used, and a cause of R120 */
	uint32_t fact; /* index in facts of the notice, or of the right's exercise */
};

/* The earliest end that a party's notice of a day leads to without a cause. */
struct convenience {
	bool any;      /* the contract lets that party leave so */
	day by_notice; /* when the shortest notice is over */
	day date;      /* the same, not before `not_before` */
	bool fee;
};
enum rc convenience_of(const struct promise *p, enum party by, day notice, struct convenience *out,
		       struct err *err) MUST_USE;

/* Is that fact a notice of termination? Whether it counts is the view's to say. */
bool notice_of_termination(const struct view *view, uint32_t fact);

/* The version in force on the day. */
const struct promise *promise_on(const struct priced_version *versions, size_t n, day on);

/* The end of the term that runs on the day: the initial one, then by periods of an automatic renewal. DAY_NONE: the contract has none. */
day term_running_end(const struct priced_version *versions, size_t n, day on);

/* By the first notice of termination that counts and that a clause gives its party; one that names a day holds for that day. */
enum rc leaving_by_notice(const struct priced_version *versions, size_t n, const struct view *view,
			  struct leaving *out, struct err *err) MUST_USE;

/* By a right that was exercised while it was open (sla.md R66); an earlier end stays. */
enum rc leaving_by_right(const struct outcome *o, struct leaving *out, struct err *err) MUST_USE;

#endif
