/* SPDX-License-Identifier: Apache-2.0 */
/* tenor availability: components of a month by day, outages, announced maintenance, and what was excluded by which clause. */
#ifndef RENDER_STRIPS_H
#define RENDER_STRIPS_H

#include "engine/strips.h"
#include "render/statement.h"

struct strips_page {
	const struct outcome *outcome;
	const struct language *language;
	struct text contract;
	struct span month;
	const struct metric_strips *v;
	size_t n;
};

/* A strip for each promise and component on a page; as text the days on which not everything was up. */
struct doc *strips_doc(struct arena *a, const struct strips_page *p);
/*
 * {"tenor_availability": 1, "contract", "as_of", "from", "to", "metrics": [{"metric", "window", verdict and value as in the statement,
 * "days", "components": [{"component", "name", "judged", "days", "pieces"}], "outages", "excuses": as in the statement, each with the
 * clause that excludes it}], "maintenance": [{"id", "from", "to", "assets", "announced_at", "cancelled", "refused" why downtime in it
 * would count, "notice_ms", "needed_ms"}]}, of a month that runs also what is announced for later ones. A day has day and, where they are
 * not 0, up_ms, down_ms, degraded_ms, excused_ms, unknown_ms, unagreed_ms (outside the agreed time), dropped_ms (too short to count).
 */
void strips_json(struct arena *a, const struct strips_page *p, struct buf *out);
/* metric,component,judged,day and the milliseconds of each state; component is empty for the promise as a whole */
void strips_csv(struct arena *a, const struct strips_page *p, struct buf *out);

#endif
