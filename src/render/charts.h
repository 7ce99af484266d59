/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Small charts as inline SVG: drawn here from values that the engine computed, described in words for those who do not see
 * them, coloured by the page's classes alone. The one place where `double` is allowed: for positions on the picture.
 */
#ifndef RENDER_CHARTS_H
#define RENDER_CHARTS_H

#include "base/buf.h"
#include "time/intervals.h"

enum chart_kind {
	CHART_SHARES, /* a bar for each of the last windows, and the target */
	CHART_STRIP,  /* a window by day: what was up, down, excused, unknown */
	CHART_TIMES,  /* how the used times are distributed around the target */
	CHART_CLOCK,  /* one clock as it ran */
};

enum chart_mark {
	MARK_OPEN,
	MARK_RAN,
	MARK_WAITED,
	MARK_OVER,
	MARK_DOWN,
	MARK_EXCUSED,
	MARK_UNKNOWN,
};

struct chart_bar {
	struct text label; /* "Mar" */
	bool set;          /* false: no value, nothing is drawn */
	bool missed;
	int64_t ppm; /* of 1: 1,000,000 is all */
};

struct chart_span {
	struct span span;
	enum chart_mark mark;
};

struct chart_tick {
	instant at;
	struct text label;
	bool strong; /* above the line instead of under it */
};

struct chart {
	enum chart_kind kind;
	struct text label; /* read aloud in place of the picture: what it shows, with its figures */
	bool small;        /* for a tile */
	/* SHARES; TIMES: one value a clock, used time over the goal */
	const struct chart_bar *bars;
	size_t n_bars;
	int64_t target_ppm; /* SHARES; -1: none */
	/* STRIP and CLOCK */
	struct span axis;
	const struct chart_span *spans;
	size_t n_spans;
	const struct chart_tick *ticks;
	size_t n_ticks;
	instant target; /* CLOCK: the deadline; INSTANT_NONE: none */
};

void chart_svg(struct buf *out, const struct chart *c);

#endif
