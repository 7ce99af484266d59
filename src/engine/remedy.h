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
/*
 * Steps 10 to 18: fills bases, credits, settlements, rights and deadlines of o.
 *
 * credit      amount is the part of settlement.total for CREDIT_DUE; what is held for CREDIT_HELD; what could be or could have
 *             been claimed for CREDIT_CLAIM_OPEN and CREDIT_UNCLAIMED; 0 for the others. other: the credit that was kept
 *             instead; for CREDIT_HELD the credit that has the part on which both results agree (R19), if there is one.
 * cap_use     used is used_before and what this month took; months 0 means that no full month came before and the current
 *             one stands for the average. used_before counts money as it was rounded and given.
 * settlement  month is the month of failure, also if settled by quarter; total is before bonus and earned_back, which are
 *             amounts in the provider's favour.
 * right       windows are the missed ones among those counted; exercised only if in time.
 */
enum rc remedy_evaluate(struct arena *a, struct outcome *o, struct err *err) MUST_USE;

#endif
