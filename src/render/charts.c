/* SPDX-License-Identifier: Apache-2.0 */
#include "render/charts.h"

#include "render/markup.h"

#include <assert.h>

enum { LABEL_ROWS = 2, TIMES_BINS = 12, TIMES_AT_GOAL = 8 };

/* phone: the room for labels of a picture that is shown on one. */
static const double wide = 940, small_w = 160, small_h = 44, phone = 300;

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

static void put_label(const struct chart_pen *p, double x, double y, struct text label,
		      enum chart_weight weight, enum chart_anchor anchor)
{
	p->label(p->context, tenths(x), tenths(y), label, weight, anchor);
}

/* Seven units a letter of the widest usual font: enough to keep labels apart. */
static double label_width(struct text t)
{
	size_t letters = 0;

	for (size_t i = 0; i < t.n; i++)
		letters += ((unsigned char)t.p[i] & 0xc0) != 0x80;
	return (double)letters * 7;
}

/* --- a bar a window --- */

/* On a phone each so-manieth label has room; the last one, which is the latest window's, always has. */
static size_t bars_a_label(const struct chart *c, double step)
{
	double need = 0, narrow = step * phone / wide;
	size_t n = 1;

	for (size_t i = 0; i < c->n_bars; i++)
		if (label_width(c->bars[i].label) > need)
			need = label_width(c->bars[i].label);
	while ((double)n * narrow < need && n < c->n_bars)
		n++;
	return n;
}

static void shares(const struct chart_pen *b, const struct chart *c)
{
	double w = c->small ? small_w : wide, h = c->small ? small_h : 96;
	double floor = h - (c->small ? 0.5 : 18), top = 4,
	       step = w / (double)(c->n_bars > 0 ? c->n_bars : 1);

	if (step > w / 6)
		step = w / 6;
	size_t each = c->small ? 1 : bars_a_label(c, step);

	put_horizontal(b, floor, w, false);
	for (size_t i = 0; i < c->n_bars; i++) {
		const struct chart_bar *bar = &c->bars[i];
		double height = (floor - top) * (double)bar->ppm / 1e6,
		       x = step * (double)i + step * 0.15;

		if (!c->small)
			put_label(b, x + step * 0.35, h - 4, bar->label,
				  (c->n_bars - 1 - i) % each == 0 ? CHART_PLAIN : CHART_ROOMY,
				  CHART_AROUND);
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
		put_label(b, step * TIMES_AT_GOAL / 2, h - 4, text_of("50 %"), CHART_PLAIN,
			  CHART_AROUND);
		put_label(b, step * TIMES_AT_GOAL, h - 4, text_of("100 %"), CHART_STRONG,
			  CHART_AROUND);
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

static void strip_labels(const struct chart_pen *b, const struct chart *c, double y)
{
	double right = 0; /* of what a phone shows */

	for (size_t i = 0; i < c->n_ticks; i++) {
		const struct chart_tick *t = &c->ticks[i];
		double width = label_width(t->label), x = on_axis(c, t->at, wide),
		       left = x * phone / wide - (i == 0 ? 0 : width / 2);
		bool room = left >= right && left + width <= phone;

		if (room)
			right = left + width + 4;
		put_label(b, x, y, t->label, room ? CHART_PLAIN : CHART_ROOMY,
			  i == 0 ? CHART_FROM : CHART_AROUND);
	}
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
	if (!c->small)
		strip_labels(b, c, h - 8);
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

/* Right ends of the labels that stand in the rows, on a page and on a phone. */
struct label_rows {
	double page[LABEL_ROWS + 1], phone[LABEL_ROWS + 1];
};

/* Where a label stands for a tick at x: *x becomes its anchor's place. A strong one is at its line wherever a phone has the room. */
static enum chart_anchor clock_anchor(const struct chart_tick *t, double width, double *x)
{
	double at = *x * phone / wide;

	if (!t->strong) {
		if (*x + width <= wide)
			return CHART_FROM;
		*x = wide;
		return CHART_UP_TO;
	}
	if (at >= width / 2 && at + width / 2 <= phone)
		return CHART_AROUND;
	if (*x <= wide / 2) {
		*x = at + width <= phone ? *x : 0;
		return CHART_FROM;
	}
	*x = at >= width ? *x : wide;
	return CHART_UP_TO;
}

static double label_left(enum chart_anchor anchor, double x, double width)
{
	switch (anchor) {
	case CHART_FROM:
		return x;
	case CHART_AROUND:
		return x - width / 2;
	case CHART_UP_TO:
		break;
	}
	return x - width;
}

/*
 * The row in which a label has room, first one where it has room on a phone too; past the last row: none. *weight: ROOMY if on a page alone.
 */
static size_t clock_row(struct label_rows *rows, const struct chart_tick *t, double page,
			double narrow, double width, enum chart_weight *weight)
{
	size_t first = t->strong ? LABEL_ROWS : 0, end = t->strong ? LABEL_ROWS + 1 : LABEL_ROWS,
	       row = first;

	*weight = t->strong ? CHART_STRONG : CHART_PLAIN;
	while (row < end && (page < rows->page[row] + 8 || narrow < rows->phone[row] + 8 ||
			     narrow + width > phone))
		row++;
	if (row < end) {
		rows->phone[row] = narrow + width;
	} else {
		*weight = t->strong ? CHART_STRONG : CHART_ROOMY;
		for (row = first; row < end && page < rows->page[row] + 8;)
			row++;
	}
	if (row < end)
		rows->page[row] = page + width;
	return row < end ? row : LABEL_ROWS + 1;
}

/* Under the line in two rows, strong ones above it; a label without room is left out, the words below say it anyway. */
static void clock_labels(const struct chart_pen *b, const struct chart *c)
{
	static const double at[LABEL_ROWS + 1] = {76, 90, 12};
	struct label_rows rows = {{-10, -10, -10}, {-10, -10, -10}};

	for (size_t i = 0; i < c->n_ticks; i++) {
		const struct chart_tick *t = &c->ticks[i];
		double x = clock_x(c, t->at), width = label_width(t->label);
		enum chart_anchor anchor = clock_anchor(t, width, &x);
		enum chart_weight weight;
		size_t row = clock_row(&rows, t, label_left(anchor, x, width),
				       label_left(anchor, x * phone / wide, width), width, &weight);

		if (row <= LABEL_ROWS)
			put_label(b, x, at[row], t->label, weight, anchor);
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

struct svg {
	struct buf *b;
	int32_t wide; /* tenths that are the whole width */
};

/* A place along the picture as a share of it: of 12.34 % two decimals, a tenth of a pixel on the widest page. */
static void put_share(const struct svg *s, int32_t tenths_of)
{
	int64_t n = ((int64_t)tenths_of * 20000 / s->wide + 1) / 2;

	buf_i64(s->b, n / 100);
	if (n % 100 != 0) {
		buf_char(s->b, '.');
		buf_char(s->b, (char)('0' + n % 100 / 10));
		if (n % 10 != 0)
			buf_char(s->b, (char)('0' + n % 10));
	}
	buf_char(s->b, '%');
}

#define put_along(s, name, v)                                                                      \
	do {                                                                                       \
		html_raw((s)->b, " " name "=\"");                                                  \
		put_share((s), (v));                                                               \
		html_raw((s)->b, "\"");                                                            \
	} while (0)

static void svg_rect(void *context, int32_t x, int32_t y, int32_t w, int32_t h, enum chart_ink ink)
{
	const struct svg *s = context;
	struct buf *b = s->b;

	html_raw(b, "<rect");
	put_along(s, "x", x);
	put_position(b, "y", y);
	put_along(s, "width", w);
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
	const struct svg *s = context;
	struct buf *b = s->b;

	if (target)
		html_raw(b, "<line class=\"target\"");
	else
		html_raw(b, "<line class=\"axis\"");
	put_along(s, "x1", x1);
	put_position(b, "y1", y1);
	put_along(s, "x2", x2);
	put_position(b, "y2", y2);
	html_raw(b, "/>");
}

static void svg_label(void *context, int32_t x, int32_t y, struct text label,
		      enum chart_weight weight, enum chart_anchor anchor)
{
	const struct svg *s = context;
	struct buf *b = s->b;

	switch (weight) {
	case CHART_PLAIN:
		html_raw(b, "<text");
		break;
	case CHART_STRONG:
		html_raw(b, "<text class=\"strong\"");
		break;
	case CHART_ROOMY:
		html_raw(b, "<text class=\"roomy\"");
		break;
	}
	put_along(s, "x", x);
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
	struct svg svg = {.b = out};
	struct chart_pen pen = {&svg, svg_rect, svg_line, svg_label};
	int32_t h;

	chart_size(c, &svg.wide, &h);
	html_raw(out, "<svg width=\"100%\"");
	put_position(out, "height", h);
	html_raw(out, " role=\"img\"");
	html_attr(out, "aria-label", c->label);
	html_raw(out, "><title>");
	html_text(out, c->label);
	html_raw(out, "</title>");
	chart_draw(&pen, c);
	html_raw(out, "</svg>");
}
