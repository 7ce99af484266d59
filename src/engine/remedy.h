/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Remedies (sla.md section 6; R22 steps 9 to 17): lateness of reports, credits, same cause, combination, claims, caps,
 * rounding, earn-back and bonus, chronic rights, and the deadlines that follow. Works on judged windows and on clocks; no fact
 * about tickets or outages is looked at again except for causes.
 */
#ifndef ENGINE_REMEDY_H
#define ENGINE_REMEDY_H

#include "engine/outcome.h"

/* Step 9: report_due, report_delivered and `deemed` of every window (R67, R69). Before credits and chronic rights. */
enum rc remedy_reports(struct arena *a, struct outcome *o, struct err *err) MUST_USE;
/* Steps 10 to 17: fills bases, credits, settlements, rights and deadlines of o. */
enum rc remedy_evaluate(struct arena *a, struct outcome *o, struct err *err) MUST_USE;

#endif
