/* SPDX-License-Identifier: Apache-2.0 */
#include "render/doc.h"

#include "fixture.h"

#include <string.h>

/* --- columns of a terminal --- */

static const struct {
	const char *text;
	size_t columns;
} widths[] = {
	{"", 0},
	{"abc", 3},
	{"Zürich", 6},
	{"e\xcc\x81", 1},
	{"日本", 4},
	{"99\xc2\xa0%", 4},
	{"a\xe2\x80\xa6", 2},
	{"\xe2\x88\x92"
	 "1",
	 2},
};

/* --- wrapping, seen through a paragraph 60 wide (indent 2) --- */

static const struct {
	const char *name, *in, *want;
} wraps[] = {
	{"short", "one line", "  one line\n"},
	{"at blanks", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa bbbbbbbbbbbbbbbbbbbbbbbbbbb cc",
	 "  aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa bbbbbbbbbbbbbbbbbbbbbbbbbbb\n  cc\n"},
	{"a word longer than the line",
	 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
	 "  xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n  xxxxxxxxxxxx\n"},
	{"numbers keep their unit",
	 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa bbbbbbbbbbbbbbbbbbbbbbb 99\xc2\xa0% x",
	 "  aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa bbbbbbbbbbbbbbbbbbbbbbb\n  99 % x\n"},
	{"wide letters count twice",
	 "日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日",
	 "  日日日日日日日日日日日日日日日日日日日日日日日日日日日日日\n  日日\n"},
	{"an escape sequence cannot come in", "a\x1b[31mb", "  a\xef\xbf\xbd[31mb\n"},
	{"nor a mark that turns the order",
	 "a\xe2\x80\xae"
	 "b",
	 "  a\xef\xbf\xbd"
	 "b\n"},
	{"but a dash and joined emoji can", "\xe2\x80\x93\xe2\x80\x8d",
	 "  \xe2\x80\x93\xe2\x80\x8d\n"},
};

static void text_out(struct doc *d, unsigned width, bool colour, struct buf *b)
{
	buf_clear(b);
	doc_text(d, &(struct text_style){.width = width, .colour = colour}, b);
}

static void wrapping(struct arena *a, struct buf *b)
{
	for (size_t i = 0; i < ARRAY_SIZE(widths); i++)
		is_i64((int64_t)text_columns(text_of(widths[i].text)), (int64_t)widths[i].columns,
		       "columns of \"%s\"", widths[i].text);
	for (size_t i = 0; i < ARRAY_SIZE(wraps); i++) {
		struct doc *d = doc_new(a, language_english(), NULL);

		doc_paragraph(d, plain(d, wraps[i].in));
		text_out(d, 60, false, b);
		is_text(buf_view(b), wraps[i].want, "wrap: %s", wraps[i].name);
	}
}

/* --- a small document, both ways --- */

static struct doc *small(struct arena *a)
{
	struct doc *d = doc_new(a, language_english(), new_york(a));
	const struct table_column columns[] = {{plain(d, "promise"), COLUMN_TEXT},
					       {plain(d, "measured"), COLUMN_NUMBER},
					       {plain(d, "result"), COLUMN_TEXT},
					       {plain(d, "why"), COLUMN_TEXT}};
	size_t why = doc_reserve(d);

	d->title = plain(d, "Statement");
	d->aside = plain(d, "NW-1");
	d->parties = plain(d, "A for B <C>");
	doc_section(d, "verdict", plain(d, "Größe & words"));
	struct table *t = doc_table(d, NO_WORDS, columns, 4);

	ROW(d, t, plain(d, "Uptime"), doc_percent(d, (struct decimal){994384, 4}),
	    doc_state_run(d, STATE_MISSED, plain(d, "missed")), doc_ref(d, why));
	ROW(d, t, doc_same(d), plain(d, "3"), doc_state_run(d, STATE_KEPT, plain(d, "kept")),
	    NO_WORDS);
	doc_section(d, "why", plain(d, "Why"));
	doc_reason(d, why, STATE_MISSED, plain(d, "Uptime of server"), plain(d, "Order form 2"));
	struct pairs *p = doc_pairs(d);

	pair_add(d, p, plain(d, "due"), doc_time(d, at("2026-03-11T14:07:00Z"), TIME_MOMENT))
		->amount = plain(d, "8 h");
	pair_add(d, p, plain(d, "restored"), plain(d, "later"));
	doc_footer(d, plain(d, "foot"));
	doc_hint(d, text_of("tenor explain"), plain(d, "any figure"));
	return d;
}

static const char small_text[] =
	"Statement                                                                   NW-1\n"
	"A for B <C>\n"
	"\n"
	"  GRÖSSE & WORDS\n"
	"  promise   measured  result  why\n"
	"  Uptime   99.4384 %  missed  [1]\n"
	"                   3  kept\n"
	"\n"
	"  WHY\n"
	"  [1] Uptime of server                                              Order form 2\n"
	"      due       Wed 11 Mar 10:07 EDT                                         8 h\n"
	"      restored  later\n"
	"\n"
	"  foot\n"
	"\n"
	"  tenor explain   any figure\n";

static const char *const fragments[] = {
	"<html lang=\"en\">",
	"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
	"'sha256-",
	"<title>Statement \xc2\xb7 NW-1</title>",
	"<a class=\"skip\" href=\"#content\">Skip to the content</a>",
	"A for B &lt;C&gt;",
	"<h1>Statement</h1>",
	"<h2 id=\"verdict\">Größe &amp; words</h2>",
	"<th scope=\"col\" class=\"num\">measured</th>",
	"<th scope=\"row\" rowspan=\"2\">Uptime</th><td class=\"num\" "
	"data-label=\"measured\">99.4384\xc2\xa0%</td>",
	"<span class=\"state missed\">missed</span>",
	"<a class=\"ref\" href=\"#why-1\" id=\"from-1\" aria-label=\"reason 1\">[1]</a>",
	"<article id=\"why-1\"><header><h3><span class=\"number\">[1]</span> Uptime of server</h3>",
	"<a class=\"back\" href=\"#from-1\" aria-label=\"back to the figure\">",
	"<time datetime=\"2026-03-11T14:07:00Z\">",
};

static void both_ways(struct arena *a, struct buf *b)
{
	struct doc *d = small(a);
	static const char *const banned[] = {"<script", "javascript:", "src=",    "@import",
					     "url(",    "style=\"",    "http://", "https://"};

	text_out(d, 80, false, b);
	is_text(buf_view(b), small_text, "the document as text");
	text_out(d, 80, true, b);
	ok(text_has(buf_view(b), text_of("\x1b[0;31mmissed\x1b[0m\x1b[0m")) ||
		   text_has(buf_view(b), text_of("\x1b[0;31mmissed")),
	   "with colour a miss is red");
	buf_clear(b);
	doc_html(d, b);
	for (size_t i = 0; i < ARRAY_SIZE(fragments); i++)
		ok(text_has(buf_view(b), text_of(fragments[i])), "page: %.60s", fragments[i]);
	for (size_t i = 0; i < ARRAY_SIZE(banned); i++)
		ok(!text_has(buf_view(b), text_of(banned[i])), "page without %s", banned[i]);
}

/* --- no line is ever wider than asked for --- */

static bool within(struct text t, size_t width)
{
	while (t.n > 0) {
		struct text line;

		t = text_cut(t, '\n', &line);
		if (text_columns(line) > width) {
			note("%zu columns: %.*s", text_columns(line), TEXT_ARG(line));
			return false;
		}
	}
	return true;
}

static void every_width(struct arena *a, struct buf *b)
{
	struct doc *d = small(a);
	struct table_column columns[9];
	struct phrase cells[9];

	for (size_t i = 0; i < 9; i++) {
		columns[i] = (struct table_column){plain(d, "a heading of words"),
						   i % 2 == 0 ? COLUMN_TEXT : COLUMN_NUMBER};
		cells[i] = plain(
			d, i % 2 == 0 ? "some words and a very-long-identifier-without-a-blank"
				      : "1,234,567.89");
	}
	struct table *t = doc_table(d, plain(d, "a caption"), columns, 9);

	table_row(d, t, cells, 9);
	table_row(d, t, cells, 9);
	for (unsigned width = TEXT_WIDTH_MIN; width <= 240; width += 9) {
		text_out(d, width, false, b);
		ok(within(buf_view(b), width), "no line is wider than %u", width);
	}
	text_out(d, 10, false, b);
	ok(within(buf_view(b), TEXT_WIDTH_MIN), "a width below the least is brought to it");
}

static void limits(struct arena *a, struct buf *b)
{
	struct doc *d = doc_new(a, language_english(), NULL);
	const struct table_column columns[] = {{plain(d, "ticket"), COLUMN_TEXT}};
	struct table *t = doc_table(d, NO_WORDS, columns, 1);

	t->limit = 2;
	t->more = plain(d, "and 3 more");
	for (int i = 0; i < 5; i++)
		ROW(d, t, doc_int(d, i));
	text_out(d, 80, false, b);
	is_text(buf_view(b), "  ticket\n  0\n  1\n  and 3 more\n",
		"a long table is cut and says how many are left");
	buf_clear(b);
	doc_html(d, b);
	ok(text_has(buf_view(b), text_of("<th scope=\"row\">4</th>")) &&
		   !text_has(buf_view(b), text_of("and 3 more")),
	   "a page has them all");
}

static size_t rows_of(struct text page)
{
	size_t n = 0;

	for (size_t at = text_find(page, 'r', 0); at + 3 < page.n;
	     at = text_find(page, 'r', at + 1))
		n += at > 2 && memcmp(page.p + at - 2, "<tr>", 4) == 0;
	return n;
}

/* A page of the server: of a table at most 1,000 rows; of a light one so many that it stays below 90 kB, and its first ones all the same. */
static void light_pages(struct arena *a, struct buf *b)
{
	static const struct {
		size_t rows, want;
		bool light;
		const char *more;
	} pages[] = {
		{1500, 1000, false, "500 more rows"},
		{1500, 200, true, "1,300 more rows"},
		{150, 150, true, NULL},
	};

	for (size_t k = 0; k < ARRAY_SIZE(pages); k++) {
		struct doc *d = doc_new(a, language_english(), NULL);
		struct table_column columns[] = {{plain(d, "ticket"), COLUMN_TEXT},
						 {plain(d, "why"), COLUMN_TEXT}};
		struct table *t = doc_table(d, NO_WORDS, columns, 2);

		d->light = pages[k].light;
		for (size_t i = 0; i < pages[k].rows; i++)
			ROW(d, t, doc_int(d, (int64_t)i),
			    plain(d,
				  "late by five minutes, as nobody was there to answer it before"));
		buf_clear(b);
		doc_html_inside(d, b);
		/* one more is the row of headings */
		is_i64((int64_t)rows_of(buf_view(b)), (int64_t)pages[k].want + 1,
		       "rows of page %zu", k);
		ok(pages[k].more == NULL ? !text_has(buf_view(b), text_of("more rows"))
					 : text_has(buf_view(b), text_of(pages[k].more)),
		   "and it says how many more there are");
		ok(!pages[k].light || b->n < 90000, "a light page is light");
	}
}

static void as_csv(struct arena *a, struct buf *b)
{
	struct doc *d = doc_new(a, language_english(), NULL);
	const struct language *german;
	const struct table_column columns[] = {{plain(d, "ticket"), COLUMN_TEXT},
					       {plain(d, "since"), COLUMN_TEXT},
					       {plain(d, "amount"), COLUMN_NUMBER}};
	struct err err = {.line = 0};
	struct table *t;

	buf_clear(b);
	doc_paragraph(d, plain(d, "words alone"));
	doc_csv(d, b);
	is_text(buf_view(b), "", "a document without a table is no CSV");
	doc_section(d, "one", plain(d, "One"));
	t = doc_table(d, NO_WORDS, columns, 3);
	ROW(d, t, plain(d, "=T-1, \"x\""), doc_time(d, 0, TIME_FULL), plain(d, "1,234.50"));
	ROW(d, t, doc_same(d), plain(d, "n/a"),
	    plain(d, "\xe2\x88\x92"
		     "7"));
	doc_section(d, "two", plain(d, "Two"));
	t = doc_table(d, NO_WORDS, columns, 1);
	ROW(d, t, plain(d, "1,5"));
	doc_csv(d, b);
	is_text(buf_view(b),
		"One\nticket,since,amount\n\"'=T-1, \"\"x\"\"\",1970-01-01T00:00:00Z,1234.50\n"
		"\"'=T-1, \"\"x\"\"\",n/a,-7\n\nTwo\nticket\n\"1,5\"\n",
		"each table under its section: moments and numbers as programs read them, no "
		"formula");
	ok(language_find(text_of("de"), &german, &err) == RC_OK, "German");
	d = doc_new(a, german, NULL);
	t = doc_table(d, NO_WORDS, columns, 3);
	ROW(d, t, plain(d, "x"), plain(d, "y"), plain(d, "-1.234,50"));
	buf_clear(b);
	doc_csv(d, b);
	is_text(buf_view(b), "ticket,since,amount\nx,y,-1234.50\n",
		"whatever the writing of the document");
}

/* Times of a reader's own zone: the contract's on hover and in print, and never twice the same. */
static void two_zones(struct arena *a, struct buf *b)
{
	struct doc *d = doc_new(a, language_english(), zone_utc());

	doc_paragraph(d, doc_time(d, 0, TIME_FULL));
	buf_clear(b);
	doc_html_inside(d, b);
	ok(!text_has(buf_view(b), text_of("title=")), "a time says nothing more on hover");
	d->also = new_york(a);
	buf_clear(b);
	doc_html_inside(d, b);
	ok(text_has(buf_view(b), text_of(" title=\"31")) &&
		   text_has(buf_view(b), text_of("19:00")) &&
		   text_has(buf_view(b), text_of("class=\"also\">1")),
	   "but in the other zone: %.*s", TEXT_ARG(buf_view(b)));
	d->zone = d->also;
	buf_clear(b);
	doc_html_inside(d, b);
	ok(!text_has(buf_view(b), text_of("title=")), "which is not said where it is the same");
}

int main(void)
{
	struct arena *a = arena_new(64 << 20);
	struct buf b;

	buf_init(&b, 1 << 20);
	wrapping(a, &b);
	both_ways(a, &b);
	every_width(a, &b);
	limits(a, &b);
	light_pages(a, &b);
	as_csv(a, &b);
	two_zones(a, &b);
	buf_free(&b);
	arena_free(a);
	return tap_done();
}
