/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A document on paper: PDF/A-3b with structure for those who do not see it, bookmarks, and files inside. What is said is the
 * document's (render/doc.h); here it gets sheets, heads and feet.
 *
 * Same input, same bytes: no clock, no locale, no font of the machine but those named, dates from the style only, an /ID from the
 * content. Not pure: FreeType opens the font files, and pango, cairo and qpdf allocate for themselves.
 *
 *	struct pdf_press *press;
 *	rc = pdf_press_open(arena, &(struct pdf_sources){profile}, &press, err);
 *	rc = pdf_print(press, doc, &style, &out, err);	(as often as wanted: the fonts stay loaded)
 *	pdf_press_close(press);
 */
#ifndef RENDER_PDF_H
#define RENDER_PDF_H

#include "base/err.h"
#include "render/doc.h"

enum pdf_paper { PAPER_A4, PAPER_LETTER };

/* "a4" or "letter", in any case. */
bool pdf_paper_named(struct text name, enum pdf_paper *out);

enum { PDF_LETTERHEAD_LINES_MAX = 8, PDF_LOGO_PIXELS_MAX = 4 << 20, PDF_PAGES_MAX = 5000 };

/* Who writes. Everything may be empty. */
struct pdf_letterhead {
	struct text name; /* the provider */
	const struct text
		*lines; /* address, telephone, registration: at most PDF_LETTERHEAD_LINES_MAX */
	size_t n_lines;
	uint32_t
		colour; /* 0xRRGGBB of headings and links; 0: the house's. Taken darker until white paper sets it off 4.5 to 1 */
	struct text logo; /* bytes of a PNG; drawn instead of the name, at most 150 x 42 points */
	struct text foot; /* at the foot of every page: bank, register, tax number */
};

/* How a file inside belongs to the document (PDF/A-3, AFRelationship). */
enum pdf_relation { PDF_DATA, PDF_SOURCE, PDF_ALTERNATIVE, PDF_SUPPLEMENT };

struct pdf_attachment {
	struct text name, mime, description, bytes;
	enum pdf_relation relation;
	struct pdf_attachment *next;
};

struct pdf_style {
	enum pdf_paper paper;
	const struct pdf_letterhead *letterhead; /* NULL: none */
	struct text title,
		author; /* of the file; empty: the document's title, the letterhead's name */
	instant dated;  /* what the file says of its making; INSTANT_NONE: nothing */
	struct pdf_attachment *attachments, *attachments_last;
	struct text
		facturx; /* profile of the attached "factur-x.xml", for example "EN 16931"; empty: none is announced */
};

/* A file inside, after those before it. Nothing is copied. */
void pdf_attach(struct arena *a, struct pdf_style *style, struct text name, struct text mime,
		struct text description, enum pdf_relation relation, struct text bytes);

/* Where the press has what it prints with. */
struct pdf_sources {
	struct text profile; /* bytes of an sRGB ICC profile */
};

struct pdf_press;

/* The libraries that PDF is made with (base/late.h): pdf_press_open does it, too; for a process that can load nothing later. RC_MISSING. */
enum rc pdf_load(struct err *err) MUST_USE;

/*
 * Libraries and fonts loaded: RC_MISSING names the first that is not there and its package. The press lives in the arena, and until it is closed. Open one
 * for many documents, not one each.
 */
enum rc pdf_press_open(struct arena *a, const struct pdf_sources *sources, struct pdf_press **out,
		       struct err *err) MUST_USE;
void pdf_press_close(struct pdf_press *press);

/*
 * Everything of d that stands on a page, and all of its tables but those of more than 2,000 rows, which say `more` after their limit.
 * Fails with RC_INVALID for a logo that is no PNG or too large, with RC_LIMIT beyond PDF_PAGES_MAX pages or the buffer's maximum.
 * Memory that lasts is the document's arena.
 */
enum rc pdf_print(struct pdf_press *press, const struct doc *d, const struct pdf_style *style,
		  struct buf *out, struct err *err) MUST_USE;

/* Pages that the last pdf_print gave. */
size_t pdf_pages(const struct pdf_press *press);

#endif
