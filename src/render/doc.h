/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A document: what is said, in which order, and what links to what; not how it looks. Built once, rendered as text and as
 * HTML. A document is a list of blocks. A section or a reason begins with its heading and goes on until the next one begins.
 *
 * A phrase is a line of words with marks: a moment, a link, a reference to a reason, a state. Phrases are values: they may be
 * used many times. All memory is the document's arena.
 *
 * For a plain answer of another verb:
 *
 *	struct doc *d = doc_new(arena, language, zone);
 *	d->title = doc_plain(d, text_of("Deadline"));
 *	struct pairs *p = doc_pairs(d);
 *	pair_add(d, p, SAY0(d, W_DUE), doc_time(d, due, TIME_MOMENT));
 *	doc_text(d, &(struct text_style){.width = 80}, out);
 */
#ifndef RENDER_DOC_H
#define RENDER_DOC_H

#include "base/arena.h"
#include "render/charts.h"
#include "render/words.h"

/* --- phrases --- */

/* A state is a word and a shape before it is a colour. */
enum doc_state { STATE_NONE, STATE_KEPT, STATE_RISK, STATE_MISSED, STATE_OPEN };

enum run_kind {
	RUN_TEXT,
	RUN_STRONG,
	RUN_SOFT,
	RUN_CODE,
	RUN_TIME, /* target: RFC 3339 */
	RUN_ABBR, /* target: the long form */
	RUN_LINK, /* target: "#anchor" or an address; only a page follows it */
	RUN_REF,  /* target: "3": the number of a reason, "[3]" */
	RUN_STATE,
	RUN_SAME, /* a table's cell: as in the row above */
};

struct run {
	enum run_kind kind;
	enum doc_state state;
	struct text text, target;
	const struct run *next;
};

struct phrase {
	const struct run *first;
	size_t n;
};

struct doc;

#define NO_WORDS ((struct phrase){NULL, 0})

/* Text from outside: control characters become U+FFFD, line breaks blanks. */
struct phrase doc_plain(struct doc *d, struct text t);
struct phrase doc_run(struct doc *d, enum run_kind kind, struct text t, struct text target);
struct phrase doc_state_run(struct doc *d, enum doc_state state, struct phrase words);
/* The same words as a link. */
struct phrase doc_link(struct doc *d, struct text target, struct phrase words);
struct phrase doc_ref(struct doc *d, size_t reason);
struct phrase doc_same(struct doc *d);
struct phrase doc_join(struct doc *d, struct phrase a, struct phrase b);
/* Joined with a separator between them, empty ones left out. */
struct phrase doc_join_all(struct doc *d, const char *separator, const struct phrase *v, size_t n);

/* A word of words.def with its arguments; their number must be the pattern's, which is asserted. */
struct phrase doc_say(struct doc *d, enum wording w, const struct phrase *args, size_t n);
#define SAY0(d, w) doc_say((d), (w), NULL, 0)
#define SAY(d, w, ...)                                                                             \
	doc_say((d), (w), (const struct phrase[]){__VA_ARGS__},                                    \
		sizeof((const struct phrase[]){__VA_ARGS__}) / sizeof(struct phrase))
/* The form for n, with the number as {1}: COUNTED(d, 3, W_TICKETS) uses W_TICKETS_ONE or W_TICKETS_MANY. */
#define COUNTED(d, n, w) doc_counted((d), (n), w##_ONE, w##_MANY)
struct phrase doc_counted(struct doc *d, int64_t n, enum wording one, enum wording many);

struct phrase doc_int(struct doc *d, int64_t v);
struct phrase doc_decimal(struct doc *d, struct decimal v);
struct phrase doc_percent(struct doc *d, struct decimal v);
struct phrase doc_money(struct doc *d, struct money m);
struct phrase doc_exact(struct doc *d, struct fraction f, unsigned min_places);
struct phrase doc_span(struct doc *d, int64_t ms);
struct phrase doc_duration(struct doc *d, struct duration v);
/* In the document's zone. INSTANT_NONE is the empty phrase. */
struct phrase doc_time(struct doc *d, instant t, enum time_form form);
struct phrase doc_day(struct doc *d, day v);
/* Bare text of a phrase, references as [n]. */
struct text doc_words(struct doc *d, struct phrase p);

/* --- blocks --- */

enum block_kind {
	BLOCK_SECTION,
	BLOCK_REASON,
	BLOCK_TILES,
	BLOCK_TABLE,
	BLOCK_PAIRS,
	BLOCK_PARAGRAPH,
	BLOCK_NOTE,
	BLOCK_LIST,
	BLOCK_CHART,
	BLOCK_QUOTE,
};

enum medium { ON_ANY, ON_TEXT, ON_PAGE };

enum column_kind {
	COLUMN_TEXT,
	COLUMN_NUMBER,
	COLUMN_PAGE, /* text for which a terminal has no room: on a page only */
};

struct table_column {
	struct phrase heading;
	enum column_kind kind;
};

struct row {
	const struct phrase *cells;
	struct text anchor; /* id on a page, or empty */
	struct row *next;
};

struct table {
	struct phrase caption; /* empty: none is shown */
	const struct table_column *columns;
	size_t n_columns;
	bool headless; /* the headings are read aloud only */
	struct row *first, *last;
	size_t n_rows;
	size_t limit;       /* rows shown as text; 0: all */
	struct phrase more; /* said as text instead of the others */
};

struct pair {
	struct phrase key, value, amount; /* amount stands at the right edge */
	struct pair *next;
};

struct pairs {
	struct pair *first, *last;
};

struct list_item {
	struct phrase words;
	enum medium medium; /* of a footer's item */
	struct list_item *next;
};

struct list {
	struct list_item *first, *last;
	size_t n, limit;
	struct phrase more;
};

struct tile {
	struct phrase heading, figure, unit, state, note;
	const struct chart *chart;
	struct tile *next;
};

struct tiles {
	struct tile *first, *last;
};

struct block {
	enum block_kind kind;
	enum medium medium;
	enum doc_state state;       /* NOTE, REASON */
	struct text anchor;         /* SECTION */
	size_t reason;              /* REASON: its number, 0: none */
	bool one_of_many;           /* REASON: of a case; a page need not have all of these */
	struct phrase words, aside; /* headings; PARAGRAPH, NOTE, QUOTE */
	union {
		struct table *table;
		struct pairs *pairs;
		struct list *list;
		struct tiles *tiles;
		const struct chart *chart;
	} of;
	struct block *next;
};

struct hint {
	struct text command;
	struct phrase words;
	struct hint *next;
};

struct doc {
	struct arena *arena;
	const struct language *language;
	const struct zone *zone;        /* NULL: times show in UTC */
	const struct zone *also;        /* a page says moments in this one too, on hover and in print; NULL: in none */
	struct phrase title, aside;     /* first line: left and right */
	struct phrase parties, subject; /* second line */
	struct phrase under;            /* third */
	struct phrase verdict;          /* the page's state beside the title */
	struct block *first, *last;
	struct list_item *footer, *footer_last;
	struct hint *hints, *hints_last; /* commands that lead on, text only */
	size_t n_reasons;
	enum medium medium; /* of blocks added from now on */
	/* It may have thousands of rows and reasons, and its page is to be light: so many of each that it fits are shown, the others are in its other forms. */
	bool light;
};

struct doc *doc_new(struct arena *a, const struct language *l, const struct zone *zone);

void doc_section(struct doc *d, const char *anchor, struct phrase heading);
/* n is from doc_reserve; on a page its anchor is why-n. 0: a heading without number. */
struct block *doc_reason(struct doc *d, size_t n, enum doc_state state, struct phrase heading,
			 struct phrase aside);
/* The next number of a reason that will be given later. */
size_t doc_reserve(struct doc *d);
struct tiles *doc_tiles(struct doc *d);
struct tile *tile_add(struct doc *d, struct tiles *t, struct phrase heading);
/*
 * Is a column one of numbers, on paper and on a page: right-aligned? One for which a terminal has no room says nothing of its kind; it is
 * one of numbers if all it has are figures.
 */
bool table_has_numbers(const struct table *t, size_t column);
struct table *doc_table(struct doc *d, struct phrase caption, const struct table_column *columns,
			size_t n);
struct row *table_row(struct doc *d, struct table *t, const struct phrase *cells, size_t n);
#define ROW(d, t, ...)                                                                             \
	table_row((d), (t), (const struct phrase[]){__VA_ARGS__},                                  \
		  sizeof((const struct phrase[]){__VA_ARGS__}) / sizeof(struct phrase))
struct pairs *doc_pairs(struct doc *d);
/* An empty key goes on under the one before. */
struct pair *pair_add(struct doc *d, struct pairs *p, struct phrase key, struct phrase value);
struct list *doc_list(struct doc *d);
void list_add(struct doc *d, struct list *l, struct phrase words);
void doc_paragraph(struct doc *d, struct phrase words);
void doc_note(struct doc *d, enum doc_state state, struct phrase words);
/* Words of the contract; aside says where they stand. */
void doc_quote(struct doc *d, struct phrase words, struct phrase aside);
void doc_chart(struct doc *d, const struct chart *c);
void doc_footer(struct doc *d, struct phrase words);
void doc_hint(struct doc *d, struct text command, struct phrase words);

/* --- renderings --- */

enum { TEXT_WIDTH_MIN = 60, TEXT_WIDTH_DEFAULT = 80, TEXT_WIDTH_MAX = 400 };

struct text_style {
	unsigned width; /* columns; outside the limits above it is brought inside; 0: the default */
	bool colour;    /* ANSI */
	bool unlimited; /* all rows of long tables */
};

/* Plain text, every line ended by \n and never wider than width. */
void doc_text(const struct doc *d, const struct text_style *style, struct buf *out);
/* One HTML file that needs nothing else: style inside, no script. */
void doc_html(const struct doc *d, struct buf *out);
/* The title, the blocks and the footer alone, for a page that has its own frame and style. */
void doc_html_inside(const struct doc *d, struct buf *out);
/*
 * Its tables as CSV, in their order: each after the heading of its section, with an empty line between them. Moments are RFC 3339 in UTC,
 * numbers of columns of numbers as programs write them; all else is in the document's words. Empty where there is no table.
 */
void doc_csv(const struct doc *d, struct buf *out);

/* Columns that t takes on a terminal. */
size_t text_columns(struct text t);

#endif
