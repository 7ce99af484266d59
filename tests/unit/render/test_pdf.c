/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Documents on paper. With a folder as argument it tests nothing and writes there what tests/program/test_paper.py reads with tools that
 * share no code with ours: NAME.pdf, and NAME.txt with the same document as text.
 */
#include "render/pdf.h"

#include "fixture.h"

#include "render/pdf_parts.h"

#include <stdio.h>
#include <stdlib.h>

/* Pango keeps references to fontconfig's configuration that it never gives back; all else is looked for. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:libfontconfig";
}

static const char xml[] = "<?xml version=\"1.0\"?>\n<invoice>12 \xc3\xa4</invoice>\n";
static struct arena *arena;
static struct pdf_press *press;

/* sRGB of the system's package; the whole file, or an empty text. */
static struct text profile(void)
{
	static char bytes[1 << 16];
	FILE *f = fopen("/usr/share/color/icc/sRGB.icc", "rb");
	size_t n = f != NULL ? fread(bytes, 1, sizeof(bytes), f) : 0;

	if (f != NULL)
		(void)fclose(f);
	return (struct text){bytes, n};
}

/* --- documents --- */

static const struct table_column columns[] = {
	{{NULL, 0}, COLUMN_TEXT}, {{NULL, 0}, COLUMN_TEXT}, {{NULL, 0}, COLUMN_NUMBER}};

static struct table *add_table(struct doc *d, size_t rows)
{
	struct table_column c[ARRAY_SIZE(columns)];
	struct currency euro = {.code = ""};
	struct table *t;

	if (!currency_find(text_of("EUR"), &euro))
		note("there is no euro");
	memcpy(c, columns, sizeof(c));
	c[0].heading = plain(d, "Item");
	c[1].heading = plain(d, "What it is");
	c[2].heading = plain(d, "Amount");
	t = doc_table(d, plain(d, "Lines"), c, ARRAY_SIZE(c));
	for (size_t i = 0; i < rows; i++) {
		struct money m = {.minor = 123456 + (int64_t)i * 1000, .currency = euro};

		(void)ROW(d, t, doc_plain(d, text_format(arena, "L%zu", i + 1)),
			  plain(d, "managed workstations, patches and backup"), doc_money(d, m));
	}
	return t;
}

static struct doc *small(const char *tag)
{
	struct doc *d = doc_new(arena, language(tag), NULL);

	d->title = plain(d, "Invoice 2026-0042");
	d->aside = plain(d, "NW-1");
	d->parties = plain(d, "Harbor IT LLC for M\xc3\xbcller & Co");
	d->verdict = doc_state_run(d, STATE_MISSED, plain(d, "overdue"));
	doc_section(d, "lines", plain(d, "What was delivered"));
	(void)add_table(d, 3);
	doc_note(d, STATE_RISK, plain(d, "Due in fourteen days"));
	(void)doc_reserve(d);
	doc_section(d, "why", plain(d, "Why"));
	(void)doc_reason(d, 1, STATE_NONE, plain(d, "Eleven users"), plain(d, "Order form 2"));
	struct pairs *p = doc_pairs(d);

	pair_add(d, p, plain(d, "base"), doc_join(d, plain(d, "care "), doc_ref(d, 1)))->amount =
		plain(d, "1,230.00");
	struct list *l = doc_list(d);

	list_add(d, l, plain(d, "one point"));
	list_add(d, l, doc_link(d, text_of("https://example.org/terms"), plain(d, "the terms")));
	doc_quote(d, plain(d, "Both sides have signed."), plain(d, "Order form 2, 1"));
	doc_footer(d, plain(d, "version 4c1e09aa72b5"));
	return d;
}

static struct doc *tall(size_t rows)
{
	struct doc *d = doc_new(arena, language("en"), NULL);

	d->title = plain(d, "A long one");
	doc_section(d, "lines", plain(d, "Everything"));
	(void)add_table(d, rows);
	return d;
}

/* A cell that is higher than a page, letters that no font has, a word wider than the sheet, text that looks like a mark. */
static struct doc *hard(void)
{
	struct doc *d = doc_new(arena, language("en"), NULL);
	struct buf b;

	d->title = plain(d, "Hard words (\\) /P << /MCID 0 >> BDC \xf0\x9f\x92\xa3 \xe4\xb8\xad "
			    "\xd0\x96 \xce\xa9");
	doc_section(d, "hard", NO_WORDS);
	struct table *t = add_table(d, 1);

	buf_init(&b, 1 << 16);
	for (int i = 0; i < 900; i++)
		buf_printf(&b, "(/NonStruct << /MCID %d >> BDC) ", i);
	struct phrase much = doc_plain(d, text_copy(arena, buf_view(&b)));

	buf_clear(&b);
	buf_pad(&b, 'W', 500);
	(void)ROW(d, t, plain(d, "x"), much, plain(d, "1"));
	(void)ROW(d, t, doc_plain(d, text_copy(arena, buf_view(&b))), doc_same(d), plain(d, "2"));
	doc_paragraph(d, doc_plain(d, text_copy(arena, buf_view(&b))));
	buf_free(&b);
	return d;
}

/* --- what is printed --- */

static enum rc print(const struct doc *d, const struct pdf_style *style, struct buf *out,
		     struct err *err)
{
	err_clear(err);
	buf_init(out, 1 << 26);
	return pdf_print(press, d, style, out, err);
}

static bool has(struct text all, const char *what)
{
	return text_has(all, text_of(what));
}

static void pages(void)
{
	static const struct {
		const char *name;
		size_t rows, from, to;
	} cases[] = {{"one row", 1, 1, 1},
		     {"forty rows", 40, 2, 2},
		     {"four hundred rows", 400, 9, 14},
		     {"2,500 rows that have no limit", 2500, 55, 80}};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct buf out;
		struct err err = {.line = 0};
		struct pdf_style style = {.dated = INSTANT_NONE};
		enum rc rc = print(tall(cases[i].rows), &style, &out, &err);
		size_t n = pdf_pages(press);

		ok(rc == RC_OK && n >= cases[i].from && n <= cases[i].to, "%s: %zu pages",
		   cases[i].name, n);
		buf_free(&out);
	}
}

static void limited(void)
{
	struct doc *d = tall(2001);
	struct pdf_style style = {.dated = INSTANT_NONE};
	struct buf out;
	struct err err = {.line = 0};

	for (struct block *b = d->first; b != NULL; b = b->next)
		if (b->kind == BLOCK_TABLE) {
			b->of.table->limit = 10;
			b->of.table->more = plain(d, "1,991 more");
		}
	ok(print(d, &style, &out, &err) == RC_OK && pdf_pages(press) == 1,
	   "a table of more than 2,000 rows keeps to its limit");
	buf_free(&out);
}

static void bytes(void)
{
	struct pdf_style style = {.dated = at("2026-04-02T13:00:00Z"), .title = text_of("T <&> t")};
	struct buf one, two, three;
	struct err err = {.line = 0};
	struct text v;

	ok(print(small("en"), &style, &one, &err) == RC_OK, "a document: %s", err.message);
	ok(print(small("en"), &style, &two, &err) == RC_OK &&
		   text_eq(buf_view(&one), buf_view(&two)),
	   "the same input gives the same bytes");
	style.dated++;
	style.dated += 999;
	ok(print(small("en"), &style, &three, &err) == RC_OK &&
		   !text_eq(buf_view(&one), buf_view(&three)),
	   "another date gives others");
	v = buf_view(&one);
	ok(text_starts(v, "%PDF-1.7"), "PDF 1.7");
	ok(has(v, "<pdfaid:part>3</pdfaid:part>") &&
		   has(v, "<pdfaid:conformance>B</pdfaid:conformance>"),
	   "says that it is PDF/A-3b");
	ok(has(v, ">T &lt;&amp;&gt; t</rdf:li>"), "its title is escaped");
	ok(has(v, "<xmp:CreateDate>2026-04-02T13:00:00Z</xmp:CreateDate>"),
	   "its date is the document's");
	ok(!has(v, "fx:"), "no invoice is announced where none is");
	buf_free(&one);
	buf_free(&two);
	buf_free(&three);
}

static void refused(void)
{
	static const char png[] =
		"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\1\0\0\0\1\0\0\10\6\0\0\0\0\0\0\0\0\0\0\0\0";
	static const char cut[] =
		"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\10\6\0\0\0\0\0\0\0\0\0\0\0\0";
	const struct {
		const char *name;
		struct text logo;
		const char *mime, *second, *message;
	} cases[] = {
		{"a logo of another kind", text_of("GIF89a"), "text/xml", "b",
		 "the logo is no PNG"},
		{"a logo of 4 billion pixels",
		 {png, sizeof(png) - 1},
		 "text/xml",
		 "b",
		 "the logo has 65536 x 65536 pixels"},
		{"half a logo",
		 {cut, sizeof(cut) - 1},
		 "text/xml",
		 "b",
		 "the logo is a PNG that cannot be read"},
		{"a file twice", text_of(""), "text/xml", "a", "'a' is attached twice"},
		{"no media type", text_of(""), "text xml", "b", "'text xml' is no media type"}};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct pdf_letterhead letterhead = {.logo = cases[i].logo};
		struct pdf_style style = {.letterhead = &letterhead, .dated = INSTANT_NONE};
		struct buf out;
		struct err err = {.line = 0};

		pdf_attach(arena, &style, text_of("a"), text_of(cases[i].mime), text_of(""),
			   PDF_DATA, text_of("1"));
		pdf_attach(arena, &style, text_of(cases[i].second), text_of("text/plain"),
			   text_of(""), PDF_DATA, text_of("2"));
		ok(print(small("en"), &style, &out, &err) == RC_INVALID &&
			   text_is(text_of(err.message), cases[i].message) && out.n == 0,
		   "%s: %s", cases[i].name, err.message);
		buf_free(&out);
	}

	struct buf out;
	struct err err = {.line = 0};
	struct pdf_style style = {.dated = INSTANT_NONE};
	struct pdf_press *none;

	buf_init(&out, 5000);
	ok(pdf_print(press, small("en"), &style, &out, &err) == RC_LIMIT, "a buffer too small: %s",
	   err.message);
	buf_free(&out);
	ok(pdf_press_open(arena, &(struct pdf_sources){text_of("no profile")}, &none, &err) ==
		   RC_INVALID,
	   "no profile: %s", err.message);
}

static void papers(void)
{
	enum pdf_paper p = PAPER_A4;

	ok(pdf_paper_named(text_of("Letter"), &p) && p == PAPER_LETTER, "letter");
	ok(pdf_paper_named(text_of("A4"), &p) && p == PAPER_A4, "A4");
	ok(!pdf_paper_named(text_of("a5"), &p), "no other");
}

/* Only marks at the top level count, and only in the order in which they were made. */
static void marks(void)
{
	static struct node cell = {.role = "TD"};
	static struct node *owners[] = {NULL, &cell};
	static struct page_marks page = {owners, 2, 2};
	static const struct {
		const char *name, *content, *out;
	} cases[] = {
		{"roles", "/NonStruct << /MCID 0 >> BDC\nf\nEMC\n/P << /MCID 1 >> BDC\nEMC",
		 "/Artifact BMC\nf\nEMC\n/TD <</MCID 1>> BDC\nEMC"},
		{"words that look like a mark stay words",
		 "/NonStruct << /MCID 0 >> BDC (\\)/P << /MCID 1 >> BDC) /P << /MCID 1 >> BDC",
		 "/Artifact BMC (\\)/P << /MCID 1 >> BDC) /TD <</MCID 1>> BDC"},
		{"one too few", "/NonStruct << /MCID 0 >> BDC", NULL},
		{"another order", "/P << /MCID 0 >> BDC /NonStruct << /MCID 1 >> BDC", NULL},
		{"a number left out", "/NonStruct << /MCID 0 >> BDC /P << /MCID 2 >> BDC", NULL},
		{"one too many",
		 "/NonStruct << /MCID 0 >> BDC /P << /MCID 1 >> BDC /P << /MCID 2 >> BDC", NULL}};
	struct printing p = {.marks = &page, .pages = 1};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct buf out;
		bool good;

		buf_init(&out, 4096);
		good = content_mark(&p, 0, text_of(cases[i].content), &out);
		ok(good == (cases[i].out != NULL) &&
			   (!good || text_is(buf_view(&out), cases[i].out)),
		   "%s", cases[i].name);
		buf_free(&out);
	}
}

/* --- for the reader --- */

static void save(const char *folder, const char *name, const char *ending, struct text t)
{
	char path[1024];
	FILE *f;

	(void)snprintf(path, sizeof(path), "%s/%s.%s", folder, name, ending);
	f = fopen(path, "wb");
	if (f == NULL || fwrite(t.p, 1, t.n, f) != t.n || fclose(f) != 0) {
		(void)fprintf(stderr, "%s cannot be written\n", path);
		exit(1);
	}
}

static void write_one(const char *folder, const char *name, const struct doc *d,
		      const struct pdf_style *style)
{
	struct buf out, words;
	struct err err = {.line = 0};

	if (print(d, style, &out, &err) != RC_OK) {
		(void)fprintf(stderr, "%s: %s\n", name, err.message);
		exit(1);
	}
	buf_init(&words, 1 << 26);
	doc_text(d, &(struct text_style){.width = 400, .unlimited = true}, &words);
	save(folder, name, "pdf", buf_view(&out));
	save(folder, name, "txt", buf_view(&words));
	buf_free(&out);
	buf_free(&words);
}

/* A PNG of 2 x 1 pixels, half of it clear. */
static const char logo[] =
	"\211\120\116\107\015\012\032\012\000\000\000\015\111\110\104\122\000\000\000\002"
	"\000\000\000\001\010\006\000\000\000\364\042\177\212\000\000\000\017\111\104\101"
	"\124\170\332\143\340\213\112\374\017\004\014\000\023\047\004\306\344\052\201\162"
	"\000\000\000\000\111\105\116\104\256\102\140\202";

static void write_all(const char *folder, struct text picture)
{
	static const struct text lines[] = {{"12 Quay Street", 14}, {"Portland ME 04101", 17}};
	struct pdf_letterhead letterhead = {.name = text_of("Harbor IT LLC"),
					    .lines = lines,
					    .n_lines = 2,
					    .colour = 0xffcc00,
					    .foot = text_of("Bank 12 34 56 \xc2\xb7 Register 789")};
	struct pdf_style plain_style = {.dated = INSTANT_NONE, .paper = PAPER_LETTER},
			 style = {.letterhead = &letterhead,
				  .dated = at("2026-04-02T13:00:00Z"),
				  .facturx = text_of("EN 16931")};

	write_one(folder, "plain", small("en"), &plain_style);
	write_one(folder, "tall", tall(120), &plain_style);
	write_one(folder, "hard", hard(), &plain_style);
	pdf_attach(arena, &style, text_of("usage.csv"), text_of("text/csv"),
		   text_of("what was used"), PDF_SUPPLEMENT, text_of("a,b\n1,2\n"));
	pdf_attach(arena, &style, text_of("factur-x.xml"), text_of("text/xml"),
		   text_of("the invoice"), PDF_ALTERNATIVE, text_of(xml));
	write_one(folder, "invoice", small("de"), &style);
	letterhead.logo = picture;
	write_one(folder, "logo", small("en"), &style);
}

int main(int argc, char **argv)
{
	struct err err = {.line = 0};
	struct text icc = profile();

	arena = arena_new((size_t)1 << 30);
	if (icc.n == 0)
		note("the package icc-profiles-free is not installed");
	if (pdf_press_open(arena, &(struct pdf_sources){icc}, &press, &err) != RC_OK) {
		note("%s", err.message);
		return 1;
	}
	if (argc > 1) {
		write_all(argv[1], (struct text){logo, sizeof(logo) - 1});
	} else {
		papers();
		marks();
		pages();
		limited();
		bytes();
		refused();
	}
	pdf_press_close(press);
	arena_free(arena);
	return argc > 1 ? 0 : tap_done();
}
