/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Availability by day, for strips of a month: what each promise of availability counted each day, and what was seen of each of its
 * components. Cut into days of the contract's zone from what the outcome judged (sla.md section 5); no excuse and no outage is judged here.
 */
#ifndef ENGINE_STRIPS_H
#define ENGINE_STRIPS_H

#include "engine/outcome.h"

enum { AV_STATES = AV_DEGRADED + 1 };

struct strip_day {
	day day;
	int64_t ms[AV_STATES]; /* by enum availability_state */
};

struct strip {
	int asset; /* index into the promise's assets; -1: all of it, or the metric's service */
	bool judged; /* states are those that were counted; else as seen, before excuses and agreed time */
	const struct availability_piece *pieces; /* inside the month, up to as_of */
	size_t n_pieces;
	const struct strip_day *days; /* every day of the month that had begun by as_of */
	size_t n_days;
};

struct metric_strips {
	uint16_t version, metric;
	uint32_t
		window; /* index into outcome.windows, of the last window that has part of the month; UINT32_MAX: none */
	struct strip
		whole; /* no pieces in groups that are sums of their members (mean, weighted) */
	const struct strip *components; /* one a member of the scope, or one for the service */
	size_t n_components;
};

/* month: whole local days of the contract's zone. Of every metric of availability of the version that was in force at the month's end. */
void strips_make(struct arena *a, const struct outcome *o, struct span month,
		 struct metric_strips **out, size_t *n);

#endif
