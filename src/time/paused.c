/* SPDX-License-Identifier: Apache-2.0 */
#include "time/paused.h"

int64_t calendar_elapsed_paused_ms(const struct calendar *c, instant from, instant to,
				   struct spans pauses)
{
	int64_t ms = calendar_elapsed_ms(c, from, to);

	for (size_t i = 0; i < pauses.n; i++) {
		struct span p = pauses.v[i];

		p.from = p.from < from ? from : p.from;
		p.to = p.to > to ? to : p.to;
		ms -= calendar_elapsed_ms(c, p.from, p.to);
	}
	return ms;
}

/* The first instant at or after t that is open and not paused. */
static bool first_counting(const struct calendar *c, instant t, struct spans pauses, instant *out)
{
	if (!calendar_next_open(c, t, &t))
		return false;
	for (size_t i = 0; i < pauses.n; i++)
		if (pauses.v[i].from <= t && t < pauses.v[i].to &&
		    !calendar_next_open(c, pauses.v[i].to, &t))
			return false;
	*out = t;
	return true;
}

/* From pause to pause. */
bool calendar_deadline_paused(const struct calendar *c, instant from, int64_t d_ms,
			      struct spans pauses, enum at_closing at, instant *out)
{
	int64_t left_ms = d_ms;

	if (left_ms == 0)
		return first_counting(c, from, pauses, out);
	for (size_t i = 0; i < pauses.n; i++) {
		struct span p = pauses.v[i];
		int64_t here_ms = calendar_elapsed_ms(c, from, p.from);

		if (left_ms <= here_ms)
			break;
		left_ms -= here_ms;
		from = p.to > from ? p.to : from;
	}
	if (!calendar_deadline(c, from, left_ms, AT_CLOSING_CLOSE, out))
		return false;
	return at == AT_CLOSING_CLOSE || first_counting(c, *out, pauses, out);
}
