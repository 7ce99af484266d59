/* SPDX-License-Identifier: Apache-2.0 */
/*
 * `tenor calc`: one question about a service calendar, or about money, a line, as JSON, and its answer. The form is that of published test
 * vectors for service-level clocks, so anybody can put their own cases to the same code that judges a contract.
 *
 * A case has "id", "kind" and the keys that its kind needs:
 *
 *   deadline, deadline_before                  calendar start duration_s                 -> deadline
 *   deadline_paused                            calendar start duration_s pauses          -> deadline
 *   elapsed                                    calendar start end                        -> elapsed_s
 *   elapsed_paused                             calendar start end pauses                 -> elapsed_s
 *   next_open, prev_open                       calendar start                            -> at
 *   next_open_segments                         calendar start [count]                    -> segments
 *   working_days_same_time,
 *   working_days_end_of_day,
 *   days_same_time_then_forward                calendar start days                       -> deadline
 *   availability_states                        window states downtimes current_state     -> ok_percent
 *
 * calendar: {"tz", "week": {"mon": [["09:00","17:00"]], ...}, "holidays", "holidays_yearly", "date_overrides", "date_breaks"}, in
 * which a holiday wins over everything else, or "always". Instants are whole seconds. deadline and deadline_paused also take
 * "at_closing": "close" or "next_open" (sla.md R6). What only describes a case (source, note, status, expect, ...) is ignored.
 *
 * The billing kinds (rates, periods, proration, tax, interest, invoices) are rows of calc_money.c; docs/calc.md says what each takes.
 */
#ifndef APP_CALC_H
#define APP_CALC_H

#include "base/buf.h"
#include "time/zone.h"

/* Reads one case and appends {"id": ..., "expect": {...}} without a line end. Nothing is written on failure. */
enum rc calc_line(struct arena *a, const struct zone_source *zones, struct text json_line,
		  struct buf *out, struct err *err) MUST_USE;

#endif
