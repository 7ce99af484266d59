/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Paper: milliseconds a page with the press warm, for an invoice of two pages and for a list of many; and a run of invoices, each written
 * to a file of its own in a folder: pages a second. Making the documents is measured too, as a run makes them.
 *	bench_pdf FOLDER [DOCUMENTS]
 */
#include "render/pdf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { WARM_ROUNDS = 40, LINES = 40, LONG_LINES = 2000, DOCUMENTS = 1000 };

static int64_t clock_ns(clockid_t clock)
{
	struct timespec t;

	(void)clock_gettime(clock, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static int64_t now_ns(void)
{
	return clock_ns(CLOCK_MONOTONIC);
}

static struct phrase words(struct doc *d, const char *s)
{
	return doc_plain(d, text_of(s));
}

static struct doc *invoice(struct arena *a, size_t lines, size_t number)
{
	struct doc *d = doc_new(a, language_english(), NULL);
	const struct table_column columns[] = {{words(d, "Position"), COLUMN_TEXT},
					       {words(d, "What was delivered"), COLUMN_TEXT},
					       {words(d, "Quantity"), COLUMN_NUMBER},
					       {words(d, "Rate"), COLUMN_NUMBER},
					       {words(d, "Amount"), COLUMN_NUMBER},
					       {words(d, "Why"), COLUMN_TEXT}};
	struct currency euro = {.code = ""};

	if (!currency_find(text_of("EUR"), &euro))
		abort();
	d->title = doc_plain(d, text_format(a, "Invoice 2026-%05zu", number));
	d->parties = words(d, "Harbor IT LLC for Northwind Clinic PC");
	doc_section(d, "lines", words(d, "What is due"));
	struct table *t = doc_table(d, NO_WORDS, columns, sizeof(columns) / sizeof(columns[0]));

	for (size_t i = 0; i < lines; i++) {
		struct money m = {.minor = (int64_t)(6500 * (i + 1) + number), .currency = euro};

		(void)ROW(d, t, doc_int(d, (int64_t)i + 1),
			  words(d, "Managed workstations, patches and backup, March 2026"),
			  doc_int(d, (int64_t)i + 1), words(d, "65.00"), doc_money(d, m),
			  words(d, "Order form 2, 3.1"));
	}
	struct pairs *p = doc_pairs(d);

	pair_add(d, p, words(d, "to pay"), NO_WORDS)->amount = words(d, "53,300.00 EUR");
	doc_paragraph(
		d, words(d, "Payable within 30 days of the date of the invoice. Every line names "
			    "the clause it follows from and the facts it was worked out from."));
	return d;
}

static size_t print(struct pdf_press *press, size_t lines, size_t number, struct buf *out)
{
	struct arena *a = arena_new((size_t)1 << 30);
	struct pdf_letterhead letterhead = {.name = text_of("Harbor IT LLC"),
					    .foot = text_of("Bank 12 34 56")};
	struct pdf_style style = {.letterhead = &letterhead, .dated = 1774900000000};
	struct err err = {.line = 0};

	buf_clear(out);
	if (pdf_print(press, invoice(a, lines, number), &style, out, &err) != RC_OK) {
		(void)fprintf(stderr, "%s\n", err.message);
		exit(1);
	}
	arena_free(a);
	return pdf_pages(press);
}

static void warm(struct pdf_press *press, const char *key, size_t lines, int rounds,
		 struct buf *out)
{
	size_t pages = print(press, lines, 0, out);
	int64_t best = INT64_MAX, least = INT64_MAX;

	for (int i = 0; i < rounds; i++) {
		int64_t from = now_ns(), began = clock_ns(CLOCK_PROCESS_CPUTIME_ID), took;

		(void)print(press, lines, 0, out);
		took = now_ns() - from;
		best = took < best ? took : best;
		took = clock_ns(CLOCK_PROCESS_CPUTIME_ID) - began;
		least = took < least ? took : least;
	}
	printf("%s_pages %zu\n%s_bytes %zu\n", key, pages, key, out->n);
	printf("%s_page_us %lld\n%s_page_cpu_us %lld\n", key,
	       (long long)(best / 1000 / (int64_t)pages), key,
	       (long long)(least / 1000 / (int64_t)pages));
}

static void run(struct pdf_press *press, const char *folder, size_t documents, struct buf *out)
{
	int64_t from = now_ns(), took;
	size_t pages = 0;

	for (size_t i = 0; i < documents; i++) {
		char path[1024];
		FILE *f;

		pages += print(press, LINES, i, out);
		(void)snprintf(path, sizeof(path), "%s/%zu.pdf", folder, i);
		f = fopen(path, "wb");
		if (f == NULL || fwrite(out->p, 1, out->n, f) != out->n || fclose(f) != 0) {
			(void)fprintf(stderr, "%s cannot be written\n", path);
			exit(1);
		}
	}
	took = now_ns() - from;
	printf("run_documents %zu\nrun_pages %zu\nrun_pages_per_s %lld\n", documents, pages,
	       (long long)((int64_t)pages * 1000000000 / (took > 0 ? took : 1)));
}

int main(int argc, char **argv)
{
	static char bytes[1 << 16];
	struct arena *a = arena_new(1 << 20);
	struct err err = {.line = 0};
	struct pdf_press *press;
	struct buf out;
	int64_t documents = DOCUMENTS, from;
	FILE *f = fopen("/usr/share/color/icc/sRGB.icc", "rb");
	struct pdf_sources sources = {{bytes, f != NULL ? fread(bytes, 1, sizeof(bytes), f) : 0}};

	if (f != NULL)
		(void)fclose(f);
	if (argc < 2 || (argc > 2 && !text_digits(text_of(argv[2]), &documents))) {
		(void)fprintf(stderr, "usage: bench_pdf FOLDER [DOCUMENTS]\n");
		return 64;
	}
	from = now_ns();
	if (pdf_press_open(a, &sources, &press, &err) != RC_OK) {
		(void)fprintf(stderr, "%s\n", err.message);
		return 1;
	}
	buf_init(&out, 1 << 28);
	(void)print(press, LINES, 0, &out);
	printf("first_us %lld\n", (long long)((now_ns() - from) / 1000));
	warm(press, "invoice", LINES, WARM_ROUNDS, &out);
	warm(press, "list", LONG_LINES, 3, &out);
	run(press, argv[1], (size_t)documents, &out);
	buf_free(&out);
	pdf_press_close(press);
	arena_free(a);
	return 0;
}
