/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Windows: which local periods a metric is judged over (sla.md R20, R43), what they are called, and when the report of one was
 * delivered (R12, R69). Judging is elsewhere.
 */
#ifndef ENGINE_WINDOWS_H
#define ENGINE_WINDOWS_H

#include "engine/outcome.h"

/* The window of that kind which contains t; rolling windows: the one that ends with t's local month. */
struct span window_at(const struct promise *p, enum window_kind kind, instant t);
/* The first instant of t's local month of the contract's zone, months later (or earlier). */
instant window_month(const struct promise *p, instant t, int32_t months);
/* "2026-03", "2026-Q1", "2026", "30d to 2026-03-31". */
void window_label(const struct promise *p, enum window_kind kind, struct span window, char out[24]);
/* The span of "2026-03", "2026-Q1" or "2026" in the contract's zone; false: not a label. */
bool window_of_label(const struct promise *p, struct text label, struct span *out);
/* From here on windows are judged: sla.applies_from. INSTANT_MIN if the service has no start. */
instant window_applies_from(const struct promise *p);

/*
 * R12, R69: when the report of the window with that label could be read by the last role of reporting.to (a delivery without
 * a role reaches all); INSTANT_NONE: not yet in view. *fact is the delivery that completed it.
 */
instant report_delivered(const struct view *v, const struct promise *p, struct text label,
			 uint32_t *fact);

/*
 * R14, R18: sets `restating` on facts recorded after the report of their window, and waits for those that excuse the party
 * that reports them and are not accepted.
 */
void view_reports(struct view *v, const struct promise *p);

/* A metric goes through versions by its id: those of the last version in its order, then those only earlier ones had. */
struct metric_keys {
	size_t n;
	uint16_t **of; /* by version, by metric */
};

struct metric_keys metric_keys_make(struct arena *a, const struct version *versions, size_t n);

/*
 * The windows of all metrics of all versions, from the start of the service (or the first fact, if later) to as_of and the
 * period, in order: by metric, then by time. Fills version, metric, kind, window, judged, label, running, and why_not where
 * the calendar alone decides (outside the term, partial, before applies_from); everything else is left to judging.
 */
size_t windows_make(struct arena *a, const struct evaluation *in, const struct view *v,
		    const struct metric_keys *keys, struct window_result **out);

/* The same window of another outcome; NULL: it has none, as where the first fact of all counts in one of the two alone. */
const struct window_result *window_counterpart(const struct outcome *o,
					       const struct window_result *of);

/* From the first to the last instant of both; *hull {0, 0}: it is of none yet. */
void window_hull(struct span *hull, struct span window);

#endif
