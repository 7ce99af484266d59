/* SPDX-License-Identifier: Apache-2.0 */
/* The charts of render/charts.h drawn by cairo, and the provider's logo. */
#include "render/pdf_calls.h"
#include "render/pdf_parts.h"

/* --- charts --- */

struct brush {
	const struct printing *p;
	cairo_t *cr;
	int x, y;      /* upper left corner */
	int64_t w, of; /* as wide as w units for `of` tenths */
};

static int scaled(const struct brush *b, int32_t tenths)
{
	return (int)(tenths * b->w / b->of);
}

int chart_height(const struct chart *c, int w)
{
	int32_t wide, high;

	chart_size(c, &wide, &high);
	return (int)((int64_t)high * w / wide);
}

static void use_ink(const struct brush *b, enum ink ink)
{
	uint32_t v = b->p->inks[ink];

	cairo_set_source_rgb(b->cr, (v >> 16 & 255) / 255.0, (v >> 8 & 255) / 255.0,
			     (v & 255) / 255.0);
}

static void rect(void *context, int32_t x, int32_t y, int32_t w, int32_t h, enum chart_ink ink)
{
	static const enum ink inks[] = {
		[CHART_BAR] = INK_BAR,        [CHART_BAR_OUT] = INK_BAD, [CHART_OPEN] = INK_TINT,
		[CHART_RAN] = INK_MARK,       [CHART_WAIT] = INK_WARN,   [CHART_OVER] = INK_BAD,
		[CHART_UNKNOWN] = INK_UNKNOWN};
	const struct brush *b = context;

	use_ink(b, inks[ink]);
	cairo_rectangle(b->cr, (b->x + scaled(b, x)) / 1024.0, (b->y + scaled(b, y)) / 1024.0,
			scaled(b, w) / 1024.0, scaled(b, h) / 1024.0);
	if (ink != CHART_WAIT) {
		cairo_fill(b->cr);
		return;
	}
	cairo_set_line_width(b->cr, 0.8);
	cairo_set_dash(b->cr, (const gdouble[]){1.2, 1.2}, 2, 0);
	cairo_stroke(b->cr);
	cairo_set_dash(b->cr, NULL, 0, 0);
}

static void line(void *context, int32_t x1, int32_t y1, int32_t x2, int32_t y2, bool target)
{
	const struct brush *b = context;

	use_ink(b, target ? INK_QUIET : INK_LINE);
	cairo_set_line_width(b->cr, 0.6);
	if (target)
		cairo_set_dash(b->cr, (const gdouble[]){1.8, 1.8}, 2, 0);
	cairo_move_to(b->cr, (b->x + scaled(b, x1)) / 1024.0, (b->y + scaled(b, y1)) / 1024.0);
	cairo_line_to(b->cr, (b->x + scaled(b, x2)) / 1024.0, (b->y + scaled(b, y2)) / 1024.0);
	cairo_stroke(b->cr);
	cairo_set_dash(b->cr, NULL, 0, 0);
}

static void label(void *context, int32_t x, int32_t y, struct text label, enum chart_weight weight,
		  enum chart_anchor anchor)
{
	const struct brush *b = context;
	enum letter letter = weight == CHART_STRONG ? LETTER_CHART_STRONG : LETTER_CHART;
	/* One layout for all labels would do, but each is measured for its anchor. */
	PangoLayout *l = pango_layout_new(b->p->press->context);
	int w, h, at = b->x + scaled(b, x);

	pango_layout_set_font_description(l, b->p->press->fonts[letter]);
	pango_layout_set_text(l, label.p, (int)label.n);
	pango_layout_get_size(l, &w, &h);
	if (anchor == CHART_AROUND)
		at -= w / 2;
	else if (anchor == CHART_UP_TO)
		at -= w;
	/* Centred under the first bar it may stand out on the left. */
	if (at < b->x)
		at = b->x;
	if (at + w > b->x + (int)b->w)
		at = b->x + (int)b->w - w;
	use_ink(b, letter_ink(letter));
	cairo_move_to(b->cr, at / 1024.0, (b->y + scaled(b, y)) / 1024.0);
	pango_cairo_show_layout_line(b->cr, pango_layout_get_line_readonly(l, 0));
	g_object_unref(l);
}

void chart_paint(const struct printing *p, cairo_t *cr, const struct chart *c, int x, int y, int w)
{
	struct brush b = {p, cr, x, y, w, 1};
	struct chart_pen pen = {&b, rect, line, label};
	int32_t wide, high;

	chart_size(c, &wide, &high);
	b.of = wide;
	chart_draw(&pen, c);
}

/* --- the logo --- */

enum { LOGO_WIDE = PT(150), LOGO_HIGH = PT(42) };

static uint32_t big_endian(const char *p)
{
	const unsigned char *b = (const unsigned char *)p;

	return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

static cairo_status_t read_logo(void *context, unsigned char *out, unsigned n)
{
	struct text *left = context;

	if (left->n < n)
		return CAIRO_STATUS_READ_ERROR;
	memcpy(out, left->p, n);
	*left = text_sub(*left, n, left->n);
	return CAIRO_STATUS_SUCCESS;
}

enum rc logo_read(struct printing *p, struct err *err)
{
	static const char signature[] = "\x89PNG\r\n\x1a\n";
	struct text bytes = p->style->letterhead != NULL ? p->style->letterhead->logo : text_of("");
	uint32_t w, h;
	int64_t high, wide;

	if (bytes.n == 0)
		return RC_OK;
	err_hint(err, "give a PNG of at most %d pixels", PDF_LOGO_PIXELS_MAX);
	/* The size stands in the first chunk: looked at before anything is unpacked. */
	if (bytes.n < 33 || memcmp(bytes.p, signature, 8) != 0 ||
	    memcmp(bytes.p + 12, "IHDR", 4) != 0)
		return err_set(err, RC_INVALID, "the logo is no PNG");
	w = big_endian(bytes.p + 16);
	h = big_endian(bytes.p + 20);
	if (w == 0 || h == 0 || (uint64_t)w * h > PDF_LOGO_PIXELS_MAX)
		return err_set(err, RC_INVALID, "the logo has %lu x %lu pixels", (unsigned long)w,
			       (unsigned long)h);
	p->logo = cairo_image_surface_create_from_png_stream(read_logo, &bytes);
	if (cairo_surface_status(p->logo) != CAIRO_STATUS_SUCCESS) {
		cairo_surface_destroy(p->logo);
		p->logo = NULL;
		return err_set(err, RC_INVALID, "the logo is a PNG that cannot be read");
	}
	err_clear(err);
	high = LOGO_HIGH;
	wide = (int64_t)w * high / h;
	if (wide > LOGO_WIDE) {
		wide = LOGO_WIDE;
		high = (int64_t)h * wide / w;
	}
	p->logo_w = (int)wide;
	p->logo_h = (int)high;
	return RC_OK;
}
