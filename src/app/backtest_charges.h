/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The charges of one side of a back-test: what a run of billing over all that is known would come to under its versions, and the bases of
 * service credits that follow from it (sla.md R58). What is done with both sides: engine/compare_charges.h.
 */
#ifndef APP_BACKTEST_CHARGES_H
#define APP_BACKTEST_CHARGES_H

#include "app/app.h"
#include "engine/compare_charges.h"

/* Does any version of it charge anything? Without charges nothing is looked at: a back-test of credits alone stays as fast as it is. */
bool backtest_has_charges(const struct evaluation *e);
/*
 * fact_entries: of recalled. e->nets is set where credits have bases of charges and none was given, e->view where it was not there yet.
 * The run is on the first day after the period, or on the day of e->as_of where that is later.
 */
enum rc backtest_charges(struct arena *a, struct evaluation *e, const int64_t *fact_entries,
			 struct billed_side *out, struct err *err) MUST_USE;

/* The answer of backtest over --contract, for a proposal that was read; months, format and the rest as the call has them (act_backtest.c). */
enum rc backtest_answer(struct app *app, const struct args *args, struct contract *proposed,
			struct reply *reply, struct err *err) MUST_USE;

#endif
