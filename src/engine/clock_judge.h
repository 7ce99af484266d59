/* SPDX-License-Identifier: Apache-2.0 */
/* The course of one clock through its priority changes (sla.md R30 to R32). Shared by clock_judge.c and clock_detail.c. */
#ifndef ENGINE_CLOCK_JUDGE_H
#define ENGINE_CLOCK_JUDGE_H

#include "engine/clock.h"

enum { AT_RISK_PERCENT = 75 }; /* R36 */

/* One goal of the target in force, measured. */
struct mark {
	int64_t goal_ms;  /* whole */
	int64_t used_ms;  /* with what was carried over */
	instant deadline; /* INSTANT_NONE: not while paused, or never */
};

struct course {
	int priority;
	int target;         /* index into plan.targets, -1: none */
	instant origin;     /* the goals count from here */
	int64_t carried[2]; /* used before origin, by goal */
	instant floor;      /* the last change: nobody is late before the duty exists (R31) */
	struct mark marks[2];
	int binding; /* the goal whose deadline is the earlier; -1: no goal */
};

/* Good until the next timeline is asked for. */
struct timeline course_timeline(struct clock_engine *e, const struct life *l, const struct goal *g);
/* Measures the target in force up to an instant. */
void course_measure(struct clock_engine *e, const struct life *l, struct course *c, instant to);
/* When used time reaches that share of the goal (R37); INSTANT_NONE: not while paused. */
instant course_threshold(struct clock_engine *e, const struct life *l, const struct course *c,
			 struct decimal percent);
/* ceil(goal x percent / 100) */
int64_t threshold_ms(int64_t goal_ms, int percent);
instant course_deadline(const struct course *c);

#endif
