/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Small charts, drawn here from values that the engine computed and described in words for those who do not see them: as inline SVG,
 * coloured by the page's classes alone, or with another pen. As SVG a picture is as wide as its place and always as high: places along it are
 * shares, and labels that would not have room on a phone say so. The one place where `double` is allowed: for positions on the picture.
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

enum chart_ink {
	CHART_BAR,
	CHART_BAR_OUT, /* out of what was promised */
	CHART_OPEN,
	CHART_RAN,
	CHART_WAIT, /* an outline */
	CHART_OVER,
	CHART_UNKNOWN,
};

enum chart_anchor { CHART_FROM, CHART_AROUND, CHART_UP_TO };

enum chart_weight {
	CHART_PLAIN,
	CHART_STRONG,
	CHART_ROOMY, /* plain, and left out where the picture is as narrow as a phone */
};

/* What a picture is drawn with: SVG here, cairo in the PDF. Places in tenths of the picture's units, about a pixel of a page; y grows downwards. */
struct chart_pen {
	void *context;
	void (*rect)(void *context, int32_t x, int32_t y, int32_t w, int32_t h, enum chart_ink ink);
	/* An axis, or the target: dashes. */
	void (*line)(void *context, int32_t x1, int32_t y1, int32_t x2, int32_t y2, bool target);
	void (*label)(void *context, int32_t x, int32_t y, struct text label,
		      enum chart_weight weight, enum chart_anchor anchor);
};

void chart_size(const struct chart *c, int32_t *w, int32_t *h);
void chart_draw(const struct chart_pen *pen, const struct chart *c);
void chart_svg(struct buf *out, const struct chart *c);

#endif
