/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Judging windows of everything but availability (sla.md section 4): shares of clocks in time, ratios, means, percentiles,
 * counts, small samples. Private to the engine.
 */
#ifndef ENGINE_RATIO_H
#define ENGINE_RATIO_H

#include "engine/clock.h"
#include "engine/windows.h"

/* Clocks of one metric (through all versions) in order of an instant. */
struct clock_run {
	const struct timed *v;
	size_t n;
};

struct judging {
	struct arena *arena;
	struct clock_engine *engine;
	const struct evaluation *in;
	const struct view *view;
	const struct metric_keys *keys;
	struct clock *clocks;
	size_t n_clocks;
	struct clock_run *settled; /* by key: samples, by the instant they settled (R39) */
	struct clock_run *stopped; /* by key: of means and percentiles, by their stop (R42) */
	struct clock_run *overdue; /* by key: of those, the ones that were late, by deadline */
};

struct judging *judging_new(struct arena *a, struct clock_engine *e, const struct evaluation *in,
			    const struct metric_keys *keys);
/* Fills every window but those of availability; they are as windows_make made them. */
void judge_windows(struct judging *j, struct window_result *windows, size_t n);

/* ratio_values.c */
void judge_values(struct judging *j, struct window_result *w);
/* ratio_events.c */
void judge_ratio(struct judging *j, struct window_result *w);
void judge_count(struct judging *j, struct window_result *w);

/* Verdict of what has a value, unless the calendar or a small sample leaves it unjudged. */
void judge_by(struct window_result *w, bool met);
const struct metric *judged_metric(const struct judging *j, const struct window_result *w);
/* Places in the run at or after t. */
size_t clock_run_from(const struct clock_run *r, instant t);

#endif
