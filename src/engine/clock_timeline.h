/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The time that counts: open time of a calendar without what is gone (pauses, excuses, cuts). A deadline is the instant at
 * which enough of it has passed; it is never shifted by a pause (sla.md R26). Private to the engine.
 */
#ifndef ENGINE_CLOCK_TIMELINE_H
#define ENGINE_CLOCK_TIMELINE_H

#include "time/calendar.h"

struct timeline {
	const struct calendar *calendar;
	enum at_closing at_closing;
	const struct span *gone; /* ascending, disjoint; to INSTANT_MAX: not known to end */
	size_t n_gone;
};

/* Counting time in [from, to). */
int64_t timeline_used_ms(const struct timeline *t, instant from, instant to);
/* The smallest (with next_open: largest) instant at which ms > 0 have counted since from; false: not while a pause is open. */
bool timeline_reach(const struct timeline *t, instant from, int64_t ms, instant *out);
/* Both at once: what counts in [from, to), and when ms is reached (INSTANT_NONE: timeline_reach is false). */
void timeline_measure(const struct timeline *t, instant from, int64_t ms, instant to,
		      int64_t *used_ms, instant *reached);

#endif
