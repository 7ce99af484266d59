/* SPDX-License-Identifier: Apache-2.0 */
#include "render/pdf.h"

#include "render/pdf_calls.h"
#include "render/pdf_parts.h"

enum { DRAWN_MAX = 1 << 30, MARGIN = PT(54), FOOT_LINES_MAX = 4 };

bool pdf_paper_named(struct text name, enum pdf_paper *out)
{
	if (text_eq_nocase(name, text_of("a4")))
		*out = PAPER_A4;
	else if (text_eq_nocase(name, text_of("letter")))
		*out = PAPER_LETTER;
	else
		return false;
	return true;
}

void pdf_attach(struct arena *a, struct pdf_style *style, struct text name, struct text mime,
		struct text description, enum pdf_relation relation, struct text bytes)
{
	struct pdf_attachment *f = arena_one(a, struct pdf_attachment);

	*f = (struct pdf_attachment){name, mime, description, bytes, relation, NULL};
	if (style->attachments_last == NULL)
		style->attachments = f;
	else
		style->attachments_last->next = f;
	style->attachments_last = f;
}

/* --- colours --- */

static uint32_t mix(uint32_t ink, unsigned percent)
{
	uint32_t out = 0;

	for (unsigned shift = 0; shift < 24; shift += 8) {
		uint32_t v = ink >> shift & 255;

		out |= ((v * percent + 255 * (100 - percent)) / 100) << shift;
	}
	return out;
}

/*
 * Letters in it must stand out from white paper 4.5 to 1 (WCAG 1.4.3): relative luminance at most 0.183. Squares instead of the power
 * 2.4 take every colour for lighter than it is, so the result is on the safe side.
 */
static uint32_t readable(uint32_t ink)
{
	for (;;) {
		uint64_t r = ink >> 16 & 255, g = ink >> 8 & 255, b = ink & 255;

		if (2126 * r * r + 7152 * g * g + 722 * b * b <= UINT64_C(119000000))
			return ink;
		ink = (uint32_t)(r * 15 / 16 << 16 | g * 15 / 16 << 8 | b * 15 / 16);
	}
}

static void mix_inks(struct printing *p)
{
	const struct pdf_letterhead *l = p->style->letterhead;
	uint32_t mark = l != NULL && l->colour != 0 ? readable(l->colour & 0xffffff) : 0x0e5a61;

	p->inks[INK_TEXT] = 0x1b1f21;
	p->inks[INK_QUIET] = 0x596063;
	p->inks[INK_LINE] = 0xd5d2cc;
	p->inks[INK_MARK] = mark;
	p->inks[INK_TINT] = mix(mark, 10);
	p->inks[INK_GOOD] = 0x286a3c;
	p->inks[INK_WARN] = 0x835400;
	p->inks[INK_BAD] = 0xa12f2a;
	p->inks[INK_IDLE] = 0x555c60;
	p->inks[INK_BAR] = mix(mark, 60);
	p->inks[INK_UNKNOWN] = 0xc3c6c8;
}

/* --- the sheet --- */

static void lay_out(struct printing *p)
{
	const struct pdf_letterhead *l = p->style->letterhead;
	bool a4 = p->style->paper == PAPER_A4;

	/* 210 x 297 mm, 8.5 x 11 in */
	p->sheet_w = a4 ? 609562 : PT(612);
	p->sheet_h = a4 ? 862095 : PT(792);
	p->left = MARGIN;
	p->width = p->sheet_w - 2 * MARGIN;
	p->top_first = PT(40);
	p->top = PT(64);
	p->foot = words_of(p, l != NULL ? l->foot : text_of(""), LETTER_RUNNING);
	words_fit(&p->foot, p->width * 4 / 5);
	if (p->foot.lines > FOOT_LINES_MAX)
		p->foot.lines = FOOT_LINES_MAX;
	p->bottom = p->sheet_h - PT(48) -
		    (p->foot.lines > 1 ? p->foot.lines - 1 : 0) * letter_leading(LETTER_RUNNING);
}

static enum rc check(const struct pdf_style *style, struct err *err)
{
	if (style->letterhead != NULL && style->letterhead->n_lines > PDF_LETTERHEAD_LINES_MAX)
		return err_set(err, RC_INVALID, "the letterhead has more than %d lines",
			       PDF_LETTERHEAD_LINES_MAX);
	for (const struct pdf_attachment *f = style->attachments; f != NULL; f = f->next) {
		if (f->name.n == 0 || f->mime.n == 0 || !text_utf8(f->name, NULL))
			return err_set(err, RC_INVALID, "a file to attach has no name or no type");
		for (size_t i = 0; i < f->mime.n; i++)
			if (f->mime.p[i] <= ' ' || f->mime.p[i] > '~' || f->mime.p[i] == '"' ||
			    f->mime.p[i] == '\\')
				return err_set(err, RC_INVALID, "'%.*s' is no media type",
					       TEXT_ARG(f->mime));
		for (const struct pdf_attachment *k = f->next; k != NULL; k = k->next)
			if (text_eq(f->name, k->name))
				return err_set(err, RC_INVALID, "'%.*s' is attached twice",
					       TEXT_ARG(f->name));
	}
	return RC_OK;
}

enum rc pdf_print(struct pdf_press *press, const struct doc *d, const struct pdf_style *style,
		  struct buf *out, struct err *err)
{
	struct printing *p = arena_one(d->arena, struct printing);
	struct buf drawn;
	enum rc rc = check(style, err);

	*p = (struct printing){.press = press, .d = d, .style = style, .arena = d->arena};
	if (rc != RC_OK)
		return rc;
	pango_context_set_language(press->context,
				   pango_language_from_string(language_words(d->language)));
	buf_init(&drawn, DRAWN_MAX);
	mix_inks(p);
	lay_out(p);
	rc = logo_read(p, err);
	if (rc == RC_OK) {
		flow_doc(p);
		rc = sheets_break(p, err);
	}
	if (rc == RC_OK)
		rc = sheets_draw(p, &drawn, err);
	if (rc == RC_OK)
		rc = pdf_finish(p, buf_view(&drawn), out, err);
	press->pages = rc == RC_OK ? p->pages : 0;
	for (size_t i = 0; i < p->n_layouts; i++)
		g_object_unref(p->layouts[i]);
	if (p->logo != NULL)
		cairo_surface_destroy(p->logo);
	buf_free(&drawn);
	return rc;
}
