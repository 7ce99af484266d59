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
 * R44 to R47 and R50 to R53 for one metric over everything in view: once per metric, windows are then looked up in it. Excuses
 * without proof are flagged `unproven` in v->flags. Facts that wait for acceptance (v->waits, R18) excuse nothing; a contested
 * fact counts as far as the view holds it, so R19 is a second history over a view made without contested facts.
 */
struct availability_history *availability_history_make(struct arena *a, const struct view *v,
						       const struct promise *p,
						       const struct metric *m);

/*
 * R43, R48, R49, R55, R56 for the judged part of one window; fills w->availability, value, shown, target and verdict. A why_not
 * that the caller has set stays and leaves the window not judged; otherwise it becomes NJ_NO_AGREED_TIME if A' is empty,
 * NJ_NO_TARGET without a target, JUDGED with a verdict. A window that is still running is valued up to as_of.
 *
 * A of partial_window `full` is the whole window and time outside service is up; else A lies in w->judged. In the mean and
 * weighted groups the times of the group are sums over its members, unweighted, and its pieces and outages are the members'.
 * An excuse that is granted but contested keeps EXCUSE_CONTESTED; one that was granted in part, EXCUSE_ALLOWANCE_USED: there
 * granted_ms says how much.
 */
void availability_window(struct arena *a, const struct availability_history *h,
			 struct window_result *w);

/*
 * R29 for ticket clocks: the spans excused for a metric by client obligations, for one ticket (0: those that name no ticket).
 * Ascending, united. A duty not yet met ends at as_of.
 */
struct spans obligation_spans(struct arena *a, const struct view *v, const struct promise *p,
			      int metric, symbol ticket);

/* R27: while a valid maintenance announcement covers the service's assets (pause `while: maintenance.window`). */
struct spans maintenance_spans(struct arena *a, const struct view *v, const struct promise *p);

#endif
