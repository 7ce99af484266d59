/* SPDX-License-Identifier: Apache-2.0 */
#include "render/charts.h"

#include "render/markup.h"

#include <assert.h>

enum { LABEL_ROWS = 2, TIMES_BINS = 12, TIMES_AT_GOAL = 8 };

static const double wide = 940, small_w = 160, small_h = 44;

static int32_t tenths(double v)
{
	return (int32_t)(v * 10 + (v < 0 ? -0.5 : 0.5));
}

static void put_rect(const struct chart_pen *p, double x, double y, double w, double h,
		     enum chart_ink ink)
{
	p->rect(p->context, tenths(x), tenths(y), tenths(w), tenths(h), ink);
}

static void put_vertical(const struct chart_pen *p, double x, double from, double to)
{
	p->line(p->context, tenths(x), tenths(from), tenths(x), tenths(to), true);
}

static void put_horizontal(const struct chart_pen *p, double y, double to, bool target)
{
	p->line(p->context, 0, tenths(y), tenths(to), tenths(y), target);
}

static void put_label(const struct chart_pen *p, double x, double y, struct text label, bool strong,
		      enum chart_anchor anchor)
{
	p->label(p->context, tenths(x), tenths(y), label, strong, anchor);
}

/* --- a bar a window --- */

static void shares(const struct chart_pen *b, const struct chart *c)
{
	double w = c->small ? small_w : wide, h = c->small ? small_h : 96;
	double floor = h - (c->small ? 0.5 : 18), top = 4,
	       step = w / (double)(c->n_bars > 0 ? c->n_bars : 1);

	if (step > w / 6)
		step = w / 6;
	put_horizontal(b, floor, w, false);
	for (size_t i = 0; i < c->n_bars; i++) {
		const struct chart_bar *bar = &c->bars[i];
		double height = (floor - top) * (double)bar->ppm / 1e6,
		       x = step * (double)i + step * 0.15;

		if (!c->small)
			put_label(b, x + step * 0.35, h - 4, bar->label, false, CHART_AROUND);
		if (!bar->set)
			continue;
		/* A window of nothing but misses still has a bar to be seen. */
		if (height < 1)
			height = 1;
		put_rect(b, x, floor - height, step * 0.7, height,
			 bar->missed ? CHART_BAR_OUT : CHART_BAR);
	}
	if (c->target_ppm >= 0)
		put_horizontal(b, floor - (floor - top) * (double)c->target_ppm / 1e6, w, true);
}

/* --- used time over the goal, in steps of an eighth of the goal --- */

static size_t bin_of(int64_t ppm)
{
	/* Exactly the goal is in time (sla.md R6). */
	int64_t bin = ppm <= 0 ? 0 : (ppm * TIMES_AT_GOAL - 1) / 1000000;

	return bin < TIMES_BINS - 1 ? (size_t)bin : TIMES_BINS - 1;
}

static void times(const struct chart_pen *b, const struct chart *c)
{
	double w = c->small ? small_w : wide, h = c->small ? small_h : 84;
	double floor = h - (c->small ? 0.5 : 18), step = w / TIMES_BINS;
	size_t bins[TIMES_BINS] = {0}, most = 1;

	for (size_t i = 0; i < c->n_bars; i++) {
		size_t *n = &bins[bin_of(c->bars[i].ppm)];

		(*n)++;
		most = *n > most ? *n : most;
	}
	put_horizontal(b, floor, w, false);
	for (size_t i = 0; i < TIMES_BINS; i++) {
		double height = (floor - 6) * (double)bins[i] / (double)most;

		if (bins[i] == 0)
			continue;
		if (height < 2)
			height = 2;
		put_rect(b, step * (double)i + 1, floor - height, step - 2, height,
			 i >= TIMES_AT_GOAL ? CHART_BAR_OUT : CHART_BAR);
	}
	put_vertical(b, step * TIMES_AT_GOAL, 2, floor);
	if (!c->small) {
		put_label(b, step * TIMES_AT_GOAL / 2, h - 4, text_of("50 %"), false, CHART_AROUND);
		put_label(b, step * TIMES_AT_GOAL, h - 4, text_of("100 %"), true, CHART_AROUND);
	}
}

/* --- spans on a line of time --- */

static enum chart_ink ink_of(enum chart_mark mark)
{
	switch (mark) {
	case MARK_OPEN:
		return CHART_OPEN;
	case MARK_RAN:
		return CHART_RAN;
	case MARK_WAITED:
	case MARK_EXCUSED:
		return CHART_WAIT;
	case MARK_OVER:
	case MARK_DOWN:
		return CHART_OVER;
	case MARK_UNKNOWN:
		break;
	}
	return CHART_UNKNOWN;
}

static double on_axis(const struct chart *c, instant t, double w)
{
	double length = (double)(c->axis.to - c->axis.from);

	if (t < c->axis.from)
		t = c->axis.from;
	if (t > c->axis.to)
		t = c->axis.to;
	return length > 0 ? w * (double)(t - c->axis.from) / length : 0;
}

static void strip(const struct chart_pen *b, const struct chart *c)
{
	double w = c->small ? small_w : wide, h = c->small ? small_h : 64, y = c->small ? 8 : 6,
	       high = c->small ? 28 : 34;

	put_rect(b, 0, y, w, high, CHART_OPEN);
	for (size_t i = 0; i < c->n_spans; i++) {
		double from = on_axis(c, c->spans[i].span.from, w),
		       to = on_axis(c, c->spans[i].span.to, w);
		bool outline = c->spans[i].mark == MARK_EXCUSED;

		/* A minute of a month would be a hair: what happened must be seen. */
		if (to - from < (c->small ? 2 : 3))
			to = from + (c->small ? 2 : 3);
		put_rect(b, from, y + (outline ? 1 : 0), to - from, high - (outline ? 2 : 0),
			 ink_of(c->spans[i].mark));
	}
	for (size_t i = 0; i < c->n_ticks && !c->small; i++)
		put_label(b, on_axis(c, c->ticks[i].at, w), h - 8, c->ticks[i].label, false,
			  i == 0 ? 's' : CHART_AROUND);
}

/* --- a clock: open time to scale, closed time as a narrow gap --- */

enum { CLOCK_GAP = 28 };

static double open_length(const struct chart *c, size_t *n)
{
	double sum = 0;

	*n = 0;
	for (size_t i = 0; i < c->n_spans; i++) {
		if (c->spans[i].mark != MARK_OPEN)
			continue;
		sum += (double)(c->spans[i].span.to - c->spans[i].span.from);
		(*n)++;
	}
	return sum;
}

static double clock_x(const struct chart *c, instant t)
{
	size_t n = 0, seen = 0;
	double length = open_length(c, &n);
	double gaps = n > 1 ? (double)(n - 1) * CLOCK_GAP : 0, room = wide, x = 0;

	if (gaps > room / 2)
		gaps = room / 2;
	for (size_t i = 0; i < c->n_spans; i++) {
		const struct span *s = &c->spans[i].span;

		if (c->spans[i].mark != MARK_OPEN)
			continue;
		if (seen > 0 && t >= s->from)
			x += gaps / (double)(n - 1);
		seen++;
		if (t <= s->from)
			continue;
		instant to = t < s->to ? t : s->to;

		x += length > 0 ? (room - gaps) * (double)(to - s->from) / length : 0;
	}
	return x;
}

/* Seven units a letter of the widest usual font: enough to keep labels apart. */
static double label_width(struct text t)
{
	size_t letters = 0;

	for (size_t i = 0; i < t.n; i++)
		letters += ((unsigned char)t.p[i] & 0xc0) != 0x80;
	return (double)letters * 7;
}

/* Under the line in two rows, strong ones above it; a label without room is left out, the words below say it anyway. */
static void clock_labels(const struct chart_pen *b, const struct chart *c)
{
	static const double at[LABEL_ROWS + 1] = {76, 90, 12};
	double right[LABEL_ROWS + 1] = {-10, -10, -10};

	for (size_t i = 0; i < c->n_ticks; i++) {
		const struct chart_tick *t = &c->ticks[i];
		double x = clock_x(c, t->at), width = label_width(t->label);
		double left = t->strong ? x - width / 2 : x;
		bool at_end = left + width > wide;
		size_t row = t->strong ? LABEL_ROWS : 0,
		       last = t->strong ? LABEL_ROWS : LABEL_ROWS - 1;

		if (at_end)
			left = wide - width;
		if (left < 0)
			left = 0;
		while (row <= last && left < right[row] + 8)
			row++;
		if (row > last)
			continue;
		right[row] = left + width;
		put_label(b, at_end ? wide : left, at[row], t->label, t->strong,
			  at_end ? CHART_UP_TO : CHART_FROM);
	}
}

static void clock_chart(const struct chart_pen *b, const struct chart *c)
{
	for (size_t i = 0; i < c->n_spans; i++) {
		double from = clock_x(c, c->spans[i].span.from),
		       to = clock_x(c, c->spans[i].span.to);
		bool open = c->spans[i].mark == MARK_OPEN,
		     outline = c->spans[i].mark == MARK_WAITED;

		if (to - from < 1)
			to = from + 1;
		if (open)
			put_rect(b, from, 24, to - from, 36, CHART_OPEN);
		else
			put_rect(b, from, outline ? 33 : 32, to - from, outline ? 18 : 20,
				 ink_of(c->spans[i].mark));
	}
	if (c->target != INSTANT_NONE)
		put_vertical(b, clock_x(c, c->target), 16, 64);
	clock_labels(b, c);
}

void chart_size(const struct chart *c, int32_t *w, int32_t *h)
{
	static const int32_t heights[] = {[CHART_SHARES] = 960,
					  [CHART_STRIP] = 640,
					  [CHART_TIMES] = 840,
					  [CHART_CLOCK] = 960};
	bool small = c->small && c->kind != CHART_CLOCK;

	*w = tenths(small ? small_w : wide);
	*h = small ? tenths(small_h) : heights[c->kind];
}

void chart_draw(const struct chart_pen *pen, const struct chart *c)
{
	switch (c->kind) {
	case CHART_SHARES:
		shares(pen, c);
		return;
	case CHART_STRIP:
		strip(pen, c);
		return;
	case CHART_TIMES:
		times(pen, c);
		return;
	case CHART_CLOCK:
		clock_chart(pen, c);
		return;
	}
}

/* --- as SVG --- */

/* One decimal, by integers: the machine's idea of a decimal point plays no part. */
static void put_number(struct buf *b, int32_t n)
{
	if (n < 0) {
		buf_char(b, '-');
		n = -n;
	}
	buf_i64(b, n / 10);
	if (n % 10 != 0) {
		buf_char(b, '.');
		buf_i64(b, n % 10);
	}
}

#define put_position(b, name, v)                                                                   \
	do {                                                                                       \
		html_raw((b), " " name "=\"");                                                     \
		put_number((b), (v));                                                              \
		html_raw((b), "\"");                                                               \
	} while (0)

static void svg_rect(void *context, int32_t x, int32_t y, int32_t w, int32_t h, enum chart_ink ink)
{
	struct buf *b = context;

	html_raw(b, "<rect");
	put_position(b, "x", x);
	put_position(b, "y", y);
	put_position(b, "width", w);
	put_position(b, "height", h);
	switch (ink) {
	case CHART_BAR:
		html_raw(b, " class=\"bar\"/>");
		return;
	case CHART_BAR_OUT:
		html_raw(b, " class=\"bar out\"/>");
		return;
	case CHART_OPEN:
		html_raw(b, " class=\"open\" rx=\"3\"/>");
		return;
	case CHART_RAN:
		html_raw(b, " class=\"run\"/>");
		return;
	case CHART_WAIT:
		html_raw(b, " class=\"wait\"/>");
		return;
	case CHART_OVER:
		html_raw(b, " class=\"over\"/>");
		return;
	case CHART_UNKNOWN:
		html_raw(b, " class=\"unknown\"/>");
		return;
	}
}

static void svg_line(void *context, int32_t x1, int32_t y1, int32_t x2, int32_t y2, bool target)
{
	struct buf *b = context;

	if (target)
		html_raw(b, "<line class=\"target\"");
	else
		html_raw(b, "<line class=\"axis\"");
	put_position(b, "x1", x1);
	put_position(b, "y1", y1);
	put_position(b, "x2", x2);
	put_position(b, "y2", y2);
	html_raw(b, "/>");
}

static void svg_label(void *context, int32_t x, int32_t y, struct text label, bool strong,
		      enum chart_anchor anchor)
{
	struct buf *b = context;

	if (strong)
		html_raw(b, "<text class=\"strong\"");
	else
		html_raw(b, "<text");
	put_position(b, "x", x);
	put_position(b, "y", y);
	if (anchor == CHART_AROUND)
		html_raw(b, " text-anchor=\"middle\"");
	else if (anchor == CHART_UP_TO)
		html_raw(b, " text-anchor=\"end\"");
	html_raw(b, ">");
	html_text(b, label);
	html_raw(b, "</text>");
}

void chart_svg(struct buf *out, const struct chart *c)
{
	struct chart_pen pen = {out, svg_rect, svg_line, svg_label};
	int32_t w, h;

	chart_size(c, &w, &h);
	html_raw(out, "<svg viewBox=\"0 0 ");
	put_number(out, w);
	html_raw(out, " ");
	put_number(out, h);
	html_raw(out, "\" role=\"img\"");
	html_attr(out, "aria-label", c->label);
	html_raw(out, "><title>");
	html_text(out, c->label);
	html_raw(out, "</title>");
	chart_draw(&pen, c);
	html_raw(out, "</svg>");
}
