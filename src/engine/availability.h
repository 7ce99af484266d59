/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Availability of one metric in one window (sla.md section 5): raw outages, excuses and their allowances, grouping, value.
 */
#ifndef ENGINE_AVAILABILITY_H
#define ENGINE_AVAILABILITY_H

#include "engine/outcome.h"

/* What all windows of one availability metric share: raw outages and excuses over all time, allowances used in order. */
struct availability_history;

/*
 * R44 to R47 and R50 to R53 for one metric over everything in view. report_of gives, for a window of the metric, the instant its
 * report was delivered (INSTANT_NONE: not), for R18; it may be NULL.
 */
struct availability_history *availability_history_make(struct arena *a, const struct view *v, const struct promise *p,
						       const struct metric *m);

/*
 * R43, R48, R49, R55, R56 for the judged part of one window; fills w->availability, value, shown, verdict (met, missed, or not
 * judged if A' is empty) and leaves why_not of partial windows to the caller. assume: NULL, or a fact index whose contested
 * fact is left out (R19).
 */
void availability_window(struct arena *a, const struct availability_history *h, struct window_result *w);

/*
 * R29 for ticket clocks: the spans excused for a metric by client obligations, for one ticket (0: those that name no ticket).
 * Ascending, united.
 */
struct spans obligation_spans(struct arena *a, const struct view *v, const struct promise *p, int metric, symbol ticket);

/* R27: while a valid maintenance announcement covers the service's assets (pause `while: maintenance.window`). */
struct spans maintenance_spans(struct arena *a, const struct view *v, const struct promise *p);

#endif
