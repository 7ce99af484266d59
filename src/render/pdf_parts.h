/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How a document becomes sheets, private to the PDF rendering, in four steps: pdf_words sets phrases in type; pdf_flow and pdf_table
 * make of blocks a chain of pieces, each of which stands whole on one page; pdf_sheet gives pieces their pages and draws them;
 * pdf_tree and pdf_finish make of what cairo wrote a PDF/A-3 with structure, links, bookmarks and files.
 *
 * Lengths are pango's units, 1/1024 of a point, in int: a page is 862,000 of them high. y grows downwards.
 */
#ifndef RENDER_PDF_PARTS_H
#define RENDER_PDF_PARTS_H

#include "render/pdf.h"

#define PT(points) ((points)*1024)

/* The types of pango and cairo by their tags: this header needs none of theirs. */
struct _PangoLayout;
struct _PangoContext;
struct _PangoFontMap;
struct _PangoFontDescription;
struct _FcConfig;
struct _FcCharSet;
struct _cairo;
struct _cairo_surface;

/* --- type --- */

enum letter {
	LETTER_TITLE,
	LETTER_HEADING,
	LETTER_SUBHEADING,
	LETTER_TEXT,
	LETTER_STRONG,
	LETTER_QUIET,
	LETTER_FINE,
	LETTER_FINE_STRONG,
	LETTER_FINE_QUIET,
	LETTER_COLUMN, /* headings of columns */
	LETTER_FIGURE,
	LETTER_NAME, /* of the provider */
	LETTER_RUNNING,
	LETTER_CHART,
	LETTER_CHART_STRONG,
	LETTER_SMALL, /* tables of many columns, two sizes down */
	LETTER_SMALL_STRONG,
	LETTER_SMALL_COLUMN,
	LETTER_COUNT
};

enum ink {
	INK_TEXT,
	INK_QUIET,
	INK_LINE,
	INK_MARK, /* the letterhead's colour */
	INK_TINT,
	INK_GOOD,
	INK_WARN,
	INK_BAD,
	INK_IDLE,
	INK_BAR,
	INK_UNKNOWN,
	INK_COUNT
};

enum shape { SHAPE_DASH, SHAPE_TICK, SHAPE_HALF, SHAPE_CROSS };

struct pdf_press {
	struct arena *arena;
	struct _FcConfig *config;
	struct _FcCharSet *letters; /* that the fonts have among them */
	struct _PangoFontMap *map;
	struct _PangoContext *context;
	struct _PangoFontDescription *fonts[LETTER_COUNT];
	struct text profile;
	size_t pages;
};

/* Bytes [from, to) of set words, and whose they are. */
struct stretch {
	size_t from, to;
	const struct run *run;
};

/* A phrase in type; the layout is released with the printing. */
struct words {
	struct _PangoLayout *layout; /* NULL: nothing is said */
	const char *p;
	const struct stretch *v;
	size_t n;
	enum letter letter;
	bool flat;                 /* INK of the letter for all of it, no links */
	int natural, lines, width; /* on one line; after words_fit */
};

struct printing;

int letter_leading(enum letter l);
/* From the top of a line to its baseline. */
int letter_baseline(enum letter l);
enum ink letter_ink(enum letter l);
/* Tables and lists that are longer say `more` after their limit. */
enum { PDF_ROWS_MAX = 2000 };

enum { WORDS_PLAIN, WORDS_CAPITAL /* the first letter */ };
struct words words_set(struct printing *p, struct phrase phrase, enum letter letter, int how);
struct words words_of(struct printing *p, struct text t, enum letter letter);
/* The widest part of it that is never broken. */
int words_least(const struct words *w);
/* Broken to a width. */
void words_fit(struct words *w, int width);
int words_line_width(const struct words *w, int line);

/* --- what it is, for those who do not see it --- */

struct node;
struct place;

enum kid_kind { KID_NODE, KID_CONTENT, KID_LINK };

struct kid {
	enum kid_kind kind;
	struct node *node;
	size_t page, index; /* CONTENT: its number on the page; LINK: number of the place */
	struct kid *next;
};

struct node {
	const char *role;
	struct text alt;
	const char *scope; /* TH */
	size_t column_span, row_span;
	struct node *parent;
	struct kid *first, *last;
	size_t id;          /* object number, given by pdf_tree */
	struct node *after; /* of all, in the order they were made */
};

struct node *node_new(struct printing *p, struct node *parent, const char *role);

/* Where a link leads from, on its page. */
struct place {
	size_t page;
	int x, y, w, h;
	struct text target, label;
	struct node *node;
	size_t key; /* in the parent tree */
	struct place *next;
};

struct spot {
	struct text name;
	const struct piece *piece;
	struct spot *next;
};

struct bookmark {
	struct text title;
	unsigned level; /* 1 or 2 */
	const struct piece *piece;
	struct bookmark *next;
};

/* --- pieces --- */

enum drawn_kind { DRAWN_WORDS, DRAWN_BOX, DRAWN_CHART, DRAWN_LOGO };

/* Something to draw, from the upper left corner of its piece. */
struct drawn {
	enum drawn_kind kind;
	int x, y, w, h; /* WORDS: y is the baseline */
	enum ink ink;   /* BOX */
	const struct words *words;
	int line;
	const struct chart *chart;
	struct node *node; /* NULL: nothing but decoration */
	struct drawn *next;
};

struct piece {
	int before, height; /* the space before is not kept at the top of a page */
	bool keep;          /* on one page with the next */
	const struct piece
		*head; /* drawn again above it where a page begins: headings of its table */
	struct drawn *first, *last;
	size_t page; /* from 0 */
	int y;
	struct piece *next;
};

/* What is drawn on a page, by the number of its mark: whose it is, NULL for decoration. */
struct page_marks {
	struct node **v;
	size_t n, cap;
};

struct printing {
	struct pdf_press *press;
	const struct doc *d;
	const struct pdf_style *style;
	struct arena *arena;
	uint32_t inks[INK_COUNT];
	int sheet_w, sheet_h, left, width, top_first, top, bottom;
	struct _cairo_surface *logo;
	int logo_w, logo_h;
	/* flow */
	struct piece *first, *last;
	size_t n_pieces;
	struct node *root, *section, *here, *nodes, *nodes_last;
	struct spot *spots;
	struct spot **reasons; /* by number */
	struct bookmark *bookmarks, *bookmarks_last;
	struct _PangoLayout **layouts; /* to be released */
	size_t n_layouts, cap_layouts;
	/* sheets */
	size_t pages;
	struct words foot;
	struct page_marks *marks; /* by page */
	struct place *places, *places_last;
	size_t n_places;
};

struct piece *piece_new(struct printing *p, int before, int height);
struct drawn *drawn_new(struct printing *p, struct piece *to, enum drawn_kind kind);
void drawn_box(struct printing *p, struct piece *to, int x, int y, int w, int h, enum ink ink);

/* Words beside each other: a paragraph, a pair, a table's row. */
struct cell {
	struct words *words; /* NULL or without layout: empty */
	int x, width;
	bool right; /* at the right edge */
	struct node *node;
};

struct row_look {
	int before, above, below; /* padding inside the piece */
	bool split;               /* may go over a page's end between lines */
	bool keep;                /* with what follows */
	bool feet;                /* cells stand at the bottom: headings */
	enum ink bar;             /* left of it, if bar_width > 0 */
	int bar_width, bar_x;
};

/* One piece, or one a line if it may be split or would be higher than most of a page. Returns the first. */
struct piece *put_cells(struct printing *p, const struct cell *cells, size_t n,
			const struct row_look *look);

void flow_doc(struct printing *p);
/* x and width: where the table has room. */
void flow_table(struct printing *p, const struct table *t, int x, int width);

/* --- sheets --- */

/* Every piece gets its page. RC_LIMIT: too many. */
enum rc sheets_break(struct printing *p, struct err *err);
/* What cairo writes, with a mark around each thing drawn. */
enum rc sheets_draw(struct printing *p, struct buf *out, struct err *err);
void chart_paint(const struct printing *p, struct _cairo *cr, const struct chart *c, int x, int y,
		 int w);
int chart_height(const struct chart *c, int w);
enum rc logo_read(struct printing *p, struct err *err);
/* The object number of nothing yet: where a link's target stands. false: nowhere. */
bool target_found(const struct printing *p, struct text target, const struct piece **out);

/* --- the file --- */

/* From cairo's bytes to the document's. */
enum rc pdf_finish(struct printing *p, struct text drawn, struct buf *out, struct err *err);
struct text pdf_title(const struct printing *p);
struct text pdf_author(const struct printing *p);
void xmp_print(const struct printing *p, struct buf *out);
/* "D:20260402130000Z" */
struct text pdf_date(const struct printing *p, instant t);

/* What is added to cairo's objects, as JSON that qpdf reads. */
struct adding {
	struct printing *p;
	struct buf *b;
	const int *pages; /* object numbers of the pages */
	size_t next;      /* free number */
	size_t root, parents,
		outlines; /* of the structure and its parent tree; outlines 0: there are none */
	size_t *annots;   /* by page; 0: it has no links */
};

/* The beginning of an object's value; what follows is up to the next. Returns its number. */
size_t object_new(struct adding *a);
void object_begin(struct adding *a, size_t id);
void put_string(struct buf *b, struct text t); /* as JSON: "u:..." */
void put_reference(struct buf *b, size_t id);
void tree_print(struct adding *a);
/* A page's content: the marks of decoration become artifacts, the others get their roles. false: not what was drawn. */
bool content_mark(const struct printing *p, size_t page, struct text content, struct buf *out);

#endif
