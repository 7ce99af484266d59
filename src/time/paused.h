/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Calendar arithmetic without pauses: a pause is cut out of the timeline, a deadline is never shifted by it (sla.md R26). For one
 * question at a time; the engine keeps its own timelines.
 */
#ifndef TIME_PAUSED_H
#define TIME_PAUSED_H

#include "time/calendar.h"

/* Open time of [from, to) outside the pauses. */
int64_t calendar_elapsed_paused_ms(const struct calendar *c, instant from, instant to,
				   struct spans pauses);
/* The instant at which d_ms >= 0 of open, unpaused time lie behind `from`. false: past INSTANT_MAX. */
bool calendar_deadline_paused(const struct calendar *c, instant from, int64_t d_ms,
			      struct spans pauses, enum at_closing at, instant *out);

#endif
