/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How documents of money read, byte for byte: text at 80 columns and at the narrowest, pages, CSV, explanations, in three languages. With
 * TENOR_GOLDEN=write the expected files are written anew, to be looked at.
 */
#include "render/invoice.h"

#include "invoice_fixture.h"

#define FOLDER "tests/unit/render/golden/"

enum form { FORM_TEXT, FORM_NARROW, FORM_HTML, FORM_CSV, FORM_LINE, FORM_REDUCTION, FORM_TAX };
enum { OUT_MAX = 1 << 20, ARENA_MAX = 64 << 20 };

static const struct golden {
	const char *file;
	const struct invoice *(*make)(struct arena *a);
	const char *lang;
	enum form form;
} cases[] = {
	{"x63-en.txt", x63, "en", FORM_TEXT},
	{"x63-narrow.txt", x63, "en", FORM_NARROW},
	{"x63-de.txt", x63, "de", FORM_TEXT},
	{"x63-fr.txt", x63, "fr", FORM_TEXT},
	{"x63-en.html", x63, "en", FORM_HTML},
	{"x63-fr.html", x63, "fr", FORM_HTML},
	{"x63.csv", x63, "en", FORM_CSV},
	{"x63-line.txt", x63, "en", FORM_LINE},
	{"x63-reduction-de.txt", x63, "de", FORM_REDUCTION},
	{"x63-tax-fr.txt", x63, "fr", FORM_TAX},
	{"american-en.txt", american, "en", FORM_TEXT},
	{"american-en.html", american, "en", FORM_HTML},
	{"credit-de.txt", credit_note, "de", FORM_TEXT},
	{"credit-en.html", credit_note, "en", FORM_HTML},
	{"interest-fr.txt", interest_note, "fr", FORM_TEXT},
	{"draft-en.txt", draft, "en", FORM_TEXT},
	{"draft-de.html", draft, "de", FORM_HTML},
};

static struct phrase fact_of(struct doc *d, const void *from, int64_t entry)
{
	(void)from;
	return entry == 12 ? doc_plain(d, text_of("list of users, 3 units")) : NO_WORDS;
}

static struct invoice_options options_of(const struct invoice *i, const char *lang)
{
	struct invoice_options o = {.language = language(lang),
				    .fact = fact_of,
				    .explain_command = text_of("tenor invoice explain NUMBER"),
				    .verify_command = text_of("tenor verify BUNDLE")};

	if (i->number.n > 0)
		o.sha256 = text_of(ROOT);
	else
		o.parked = reasons(&o.n_parked);
	return o;
}

static void print_form(struct arena *a, const struct golden *g, struct buf *out)
{
	const struct invoice *i = g->make(a);
	struct invoice_options o = options_of(i, g->lang);
	struct text_style wide = {.width = 80}, narrow = {.width = 40};

	switch (g->form) {
	case FORM_TEXT:
		doc_text(invoice_doc(a, i, &o), &wide, out);
		return;
	case FORM_NARROW:
		doc_text(invoice_doc(a, i, &o), &narrow, out);
		return;
	case FORM_HTML:
		doc_html(invoice_doc(a, i, &o), out);
		return;
	case FORM_CSV:
		invoice_csv(i, out);
		return;
	case FORM_LINE:
		doc_text(invoice_explain_doc(a, i, PART_LINE, 1, &o), &wide, out);
		return;
	case FORM_REDUCTION:
		doc_text(invoice_explain_doc(a, i, PART_REDUCTION, 1, &o), &wide, out);
		return;
	case FORM_TAX:
		doc_text(invoice_explain_doc(a, i, PART_TAX, 0, &o), &wide, out);
		return;
	}
}

static struct text read_file(struct arena *a, const char *path)
{
	char *p = arena_array(a, char, OUT_MAX);
	FILE *f = fopen(path, "rb");
	size_t n = 0;

	if (f != NULL) {
		n = fread(p, 1, OUT_MAX, f);
		(void)fclose(f);
	}
	return (struct text){p, n};
}

static void write_file(const char *path, struct text t)
{
	FILE *f = fopen(path, "wb");

	if (f == NULL || fwrite(t.p, 1, t.n, f) != t.n)
		note("%s was not written", path);
	if (f != NULL)
		(void)fclose(f);
}

/* The first line that differs, for whoever reads the failure. */
static void show_difference(struct text got, struct text want)
{
	struct text g, w;

	while (got.n > 0 || want.n > 0) {
		got = text_cut(got, '\n', &g);
		want = text_cut(want, '\n', &w);
		if (text_eq(g, w))
			continue;
		note("got  %.*s", TEXT_ARG(g));
		note("want %.*s", TEXT_ARG(w));
		return;
	}
}

static void golden_case(const struct golden *g)
{
	const char *mode = getenv("TENOR_GOLDEN");
	struct arena *a = arena_new(ARENA_MAX);
	struct text path = text_format(a, FOLDER "%s", g->file), want;
	struct buf out;

	buf_init(&out, OUT_MAX);
	print_form(a, g, &out);
	if (mode != NULL && text_is(text_of(mode), "write"))
		write_file(path.p, buf_view(&out));
	want = read_file(a, path.p);
	if (!ok(text_eq(buf_view(&out), want), "%s", g->file))
		show_difference(buf_view(&out), want);
	buf_free(&out);
	arena_free(a);
}

/* --- what must hold whatever the words are --- */

static struct text text_form(struct arena *a, const struct invoice *i, const char *lang, bool html)
{
	struct invoice_options o = options_of(i, lang);
	struct buf out;
	struct text t;

	buf_init(&out, OUT_MAX);
	if (html)
		doc_html(invoice_doc(a, i, &o), &out);
	else
		doc_text(invoice_doc(a, i, &o), &(struct text_style){.width = 200}, &out);
	t = text_copy(a, buf_view(&out));
	buf_free(&out);
	return t;
}

/* Without line breaks and with plain blanks: where a sentence wraps is not what is asked. */
static struct text flat(struct arena *a, struct text t)
{
	char *p = arena_array(a, char, t.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < t.n; i++) {
		unsigned char c = (unsigned char)t.p[i],
			      next = i + 1 < t.n ? (unsigned char)t.p[i + 1] : 0;
		bool wide = c == 0xc2 && next == 0xa0;
		bool narrow = c == 0xe2 && next == 0x80 && i + 2 < t.n &&
			      (unsigned char)t.p[i + 2] == 0xaf;

		if (wide || narrow)
			i += narrow ? 2 : 1;
		if (!wide && !narrow && c != ' ' && c != '\n')
			p[n++] = t.p[i];
		else if (n > 0 && p[n - 1] != ' ')
			p[n++] = ' ';
	}
	return (struct text){p, n};
}

/* What a page says, without the marks that keep an id in one line. */
static struct text unmarked(struct arena *a, struct text page)
{
	static const char opened[] = "<span class=\"keep\">", closed[] = "</span>";
	char *p = arena_array(a, char, page.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < page.n; i++) {
		if (text_starts(text_sub(page, i, page.n), opened))
			i += sizeof(opened) - 2;
		else if (text_starts(text_sub(page, i, page.n), closed))
			i += sizeof(closed) - 2;
		else
			p[n++] = page.p[i];
	}
	return (struct text){p, n};
}

/* R75 in both forms: each figure of money that the document has is there. */
static void every_figure(const char *name, const struct invoice *i)
{
	struct arena *a = arena_new(ARENA_MAX);

	for (int html = 0; html < 2; html++) {
		struct text page = unmarked(a, text_form(a, i, "en", html == 1));
		const int64_t figures[] = {i->sum_lines, i->net,     i->tax,
					   i->gross,     i->payable, i->closing};

		for (size_t k = 0; k < ARRAY_SIZE(figures) + i->n_lines; k++) {
			int64_t minor = k < ARRAY_SIZE(figures)
						? figures[k]
						: i->lines[k - ARRAY_SIZE(figures)].net;
			struct buf b;

			buf_init(&b, 64);
			format_fixed(&b, language("en"), (struct decimal){minor, 2});
			if (minor != 0 && !text_has(page, buf_view(&b)))
				ok(false, "%s: %.*s is shown, html %d", name,
				   TEXT_ARG(buf_view(&b)), html);
			buf_free(&b);
		}
		ok(text_has(page, i->lines[0].name) && text_has(page, i->provider.legal_name),
		   "%s: every figure, names and parties, %s", name, html == 1 ? "page" : "text");
	}
	arena_free(a);
}

/* R76 from the table: without gross columns, lines, reductions, taxes, deductions and rounding add up to the total. */
static void csv_adds_up(const char *name, const struct invoice *i)
{
	enum { KIND = 1, NET = 22, COLUMNS = 29 };
	struct buf out;
	int64_t sum = 0, total = 0;
	bool even = true, header = true;

	buf_init(&out, OUT_MAX);
	invoice_csv(i, &out);
	for (struct text rest = buf_view(&out), row; rest.n > 0; header = false) {
		struct text kind = {"", 0}, field;
		int64_t columns = 0, net = 0;
		bool quoted = false;
		size_t from = 0;

		rest = text_cut(rest, '\n', &row);
		for (size_t k = 0; k <= row.n; k++) {
			if (k < row.n && row.p[k] == '"')
				quoted = !quoted;
			if (k < row.n && (row.p[k] != ',' || quoted))
				continue;
			field = text_sub(row, from, k);
			from = k + 1;
			if (columns == KIND)
				kind = field;
			if (columns++ != NET)
				continue;
			for (size_t m = 0; m < field.n; m++)
				if (field.p[m] >= '0' && field.p[m] <= '9')
					net = net * 10 + (field.p[m] - '0');
			if (text_starts(field, "-"))
				net = -net;
		}
		even &= columns == COLUMNS;
		if (!header && text_is(kind, "total"))
			total = net;
		else if (!header)
			sum += net;
	}
	ok(even, "%s: every row has all columns", name);
	is_i64(sum, i->payable, "%s: the rows of the table add up", name);
	is_i64(total, i->payable, "%s: and the total says so", name);
	buf_free(&out);
}

static void properties(void)
{
	struct arena *a = arena_new(ARENA_MAX);
	static const char *const tags[] = {"en", "de", "fr"};
	size_t n;
	const struct parked *v = reasons(&n);

	is_i64(x63(a)->payable, 598957, "X63: due 5,989.57");
	every_figure("X63", x63(a));
	every_figure("american", american(a));
	every_figure("credit note", credit_note(a));
	every_figure("interest note", interest_note(a));
	csv_adds_up("X63", x63(a));
	csv_adds_up("american", american(a));
	csv_adds_up("credit note", credit_note(a));
	for (size_t l = 0; l < ARRAY_SIZE(tags); l++) {
		struct text page = text_form(a, draft(a), tags[l], false);

		for (size_t k = 0; k < n; k++) {
			struct doc *d = doc_new(a, language(tags[l]), NULL);
			struct text says = doc_words(d, parked_words(d, draft(a), &v[k]));

			ok(text_has(flat(a, page), flat(a, says)),
			   "%s: a draft held for %s says so", tags[l], parked_word(v[k].why));
		}
	}
	ok(!text_has(text_form(a, x63(a), "en", false), text_of("draft")),
	   "an issued document is no draft");
	ok(text_has(text_form(a, credit_note(a), "fr", false), text_of("Note de crédit")),
	   "French words");
	arena_free(a);
}

int main(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		golden_case(&cases[i]);
	properties();
	return tap_done();
}
