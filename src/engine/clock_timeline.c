/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/clock_timeline.h"

#include <assert.h>

int64_t timeline_used_ms(const struct timeline *t, instant from, instant to)
{
	int64_t ms = 0;
	instant at = from;

	for (size_t i = 0; i < t->n_gone && t->gone[i].from < to; i++) {
		if (t->gone[i].to <= at)
			continue;
		if (t->gone[i].from > at)
			ms += calendar_elapsed_ms(t->calendar, at, t->gone[i].from);
		at = t->gone[i].to;
	}
	return at < to ? ms + calendar_elapsed_ms(t->calendar, at, to) : ms;
}

/*
 * One walk over the stretches between what is gone. A goal reached exactly where a stretch ends is reached there under
 * `close`; under `next_open` it is carried on, with nothing left, to where time counts again.
 */
void timeline_measure(const struct timeline *t, instant from, int64_t ms, instant to,
		      int64_t *used_ms, instant *reached)
{
	instant at = from;
	int64_t before = 0; /* counted up to at */
	bool found = false;

	assert(ms > 0);
	*used_ms = 0;
	*reached = INSTANT_NONE;
	for (size_t i = 0; i < t->n_gone; i++) {
		const struct span *gone = &t->gone[i];

		if (gone->to <= at)
			continue;
		if (found && gone->from >= to)
			break;

		int64_t here =
			gone->from > at ? calendar_elapsed_ms(t->calendar, at, gone->from) : 0;
		int64_t left = ms - before;

		if (to > at)
			*used_ms +=
				gone->from <= to ? here : calendar_elapsed_ms(t->calendar, at, to);
		if (!found &&
		    (here > left || (here == left && t->at_closing == AT_CLOSING_CLOSE))) {
			found = true;
			if (!calendar_deadline(t->calendar, at, left, t->at_closing, reached))
				*reached = INSTANT_NONE;
		}
		before += here;
		at = gone->to;
	}
	if (to > at)
		*used_ms += calendar_elapsed_ms(t->calendar, at, to);
	if (!found && at < INSTANT_MAX &&
	    !calendar_deadline(t->calendar, at, ms - before, t->at_closing, reached))
		*reached = INSTANT_NONE;
}

bool timeline_reach(const struct timeline *t, instant from, int64_t ms, instant *out)
{
	int64_t used_ms;
	instant reached;

	timeline_measure(t, from, ms, from, &used_ms, &reached);
	if (reached == INSTANT_NONE)
		return false;
	*out = reached;
	return true;
}
