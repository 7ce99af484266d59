/* SPDX-License-Identifier: Apache-2.0 */
/* Reading CSV: fields, the lines that rows begin on, and rows that cannot be used, whatever the size of chunks. */
#include "facts/csv_read.h"

#include "base/buf.h"

#include "tap.h"

/*
 * Rows as they are handed out: "LINE:a|b;" for a row, "LINE!FAULT;" for one that cannot be used. The header is what comes first.
 */
static const struct {
	const char *name, *input;
	size_t n;
	char delimiter;
	const char *rows;
} cases[] = {
	{"plain rows", "a,b\n1,2\n3,4", 0, ',', "1:a|b;2:1|2;3:3|4;"},
	{"CR LF", "a,b\r\n1,2\r\n", 0, ',', "1:a|b;2:1|2;"},
	{"CR alone", "a,b\r1,2\r3,4\r", 0, ',', "1:a|b;2:1|2;3:3|4;"},
	{"blank lines count, but are no rows", "a,b\n\n\n1,2\n\r\n3,4\n", 0, ',',
	 "1:a|b;4:1|2;6:3|4;"},
	{"line ends inside quotation marks", "a,b\n\"x\ny\r\nz\",2\n3,4\n", 0, ',',
	 "1:a|b;2:x~y~~z|2;5:3|4;"},
	{"quotation marks, delimiters and blanks", "a,b\n \"x \"\"y\"\"\" , p q \n\"1,2\",\n", 0,
	 ',', "1:a|b;2:x \"y\"|p q;3:1,2|;"},
	{"another delimiter", "a;b\n1,5;2\n", 0, ';', "1:a|b;2:1,5|2;"},
	{"tabs", "a\tb\n1\t2\n", 0, '\t', "1:a|b;2:1|2;"},
	{"too few and too many", "a,b\n1\n1,2,3\n1,2\n", 0, ',',
	 "1:a|b;2!columns 1;3!columns 3;4:1|2;"},
	{"a mark inside a field", "a,b\n1,2\"x\n3,4\n", 0, ',', "1:a|b;2!quote;3:3|4;"},
	{"text after a closing mark", "a,b\n\"1\"x,2\n3,4\n", 0, ',', "1:a|b;2!quote;3:3|4;"},
	{"a wrong mark after a line end in the row", "a,b\n\"1\n2\"x,2\n3,4\n", 0, ',',
	 "1:a|b;2!quote;4:3|4;"},
	{"a mark that is never closed", "a,b\n1,2\n\"3,4\n5,6\n", 0, ',',
	 "1:a|b;2:1|2;3!unclosed;"},
	{"not UTF-8, one row", "a,b\n\xc3\xa9,\xe2\x82\xac\n1,\xff\n3,4\n", 0, ',',
	 "1:a|b;2:\xc3\xa9|\xe2\x82\xac;3!utf8 2;4:3|4;"},
	{"a NUL, one row", "a,b\n1\0x,2\n3,4\n", 14, ',', "1:a|b;2!nul 1;3:3|4;"},
	{"only a header", "a,b", 0, ',', "1:a|b;"},
};

struct seen {
	struct arena *arena;
	struct csv_reader *csv;
	struct buf out;
	size_t n;
};

static void put_fields(struct seen *s, uint32_t line, const struct text *fields, size_t n)
{
	buf_printf(&s->out, "%u:", line);
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			buf_char(&s->out, '|');
		for (size_t c = 0; c < fields[i].n; c++)
			buf_char(&s->out, fields[i].p[c] == '\n' || fields[i].p[c] == '\r'
						  ? '~'
						  : fields[i].p[c]);
	}
	buf_char(&s->out, ';');
}

static enum rc on_header(void *context, uint32_t line, const struct text *names, size_t n,
			 struct err *err)
{
	struct seen *s = context;
	int16_t *slots = arena_array(s->arena, int16_t, n);

	(void)err;
	for (size_t i = 0; i < n; i++)
		slots[i] = (int16_t)i;
	s->n = n;
	put_fields(s, line, names, n);
	csv_want(s->csv, slots, n, n);
	return RC_OK;
}

static void on_row(void *context, uint32_t line, const struct text *fields)
{
	struct seen *s = context;

	put_fields(s, line, fields, s->n);
}

static void on_bad(void *context, uint32_t line, enum csv_fault fault, size_t detail)
{
	static const char *const words[] = {"fine", "columns", "quote", "unclosed",
					    "utf8", "nul",     "long"};
	struct seen *s = context;

	buf_printf(&s->out, "%u!%s", line, words[fault]);
	if (fault == CSV_COLUMNS || fault == CSV_NOT_UTF8 || fault == CSV_HAS_NUL)
		buf_printf(&s->out, " %zu", detail);
	buf_char(&s->out, ';');
}

static void read_all(struct seen *s, struct text input, char delimiter, size_t chunk)
{
	struct csv_handler handler = {s, on_header, on_row, on_bad};
	struct err err = {.line = 0};
	enum rc rc = RC_OK;

	s->csv = csv_open(s->arena, delimiter, 1, &handler);
	buf_init(&s->out, 8u << 20);
	for (size_t at = 0; at < input.n && rc == RC_OK; at += chunk) {
		struct text part = text_sub(input, at, at + chunk);

		rc = csv_push(s->csv, part.p, part.n, &err);
	}
	ok(rc == RC_OK && csv_close(s->csv, &err) == RC_OK, "read to the end");
}

static void test_cases(struct arena *a)
{
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct text input = cases[i].n > 0 ? (struct text){cases[i].input, cases[i].n}
						   : text_of(cases[i].input);

		for (size_t chunk = 1; chunk <= input.n + 1; chunk += chunk < 4 ? 1 : input.n) {
			struct seen s = {.arena = a};

			read_all(&s, input, cases[i].delimiter, chunk);
			is_text(buf_view(&s.out), cases[i].rows, "%s, in chunks of %zu",
				cases[i].name, chunk);
			buf_free(&s.out);
		}
	}
}

/* A field longer than a row may be is given up, and the row after it is read. */
static void test_too_long(struct arena *a)
{
	static const char *const starts[] = {"", "\""};

	for (size_t i = 0; i < ARRAY_SIZE(starts); i++) {
		struct buf b;
		struct seen s = {.arena = a};

		buf_init(&b, 8u << 20);
		buf_printf(&b, "a,b\n1,2\n%s", starts[i]);
		buf_pad(&b, 'x', CSV_ROW_BYTES_MAX + 100000);
		buf_printf(&b, "%s,2\n3,4\n", starts[i]);
		read_all(&s, buf_view(&b), ',', 5000);
		is_text(buf_view(&s.out), "1:a|b;2:1|2;3!long;4:3|4;",
			"a field of more than a megabyte, %s", i == 0 ? "bare" : "quoted");
		buf_free(&s.out);
		buf_free(&b);
	}
}

/* How a file begins. */
static const struct {
	const char *name, *head;
	size_t n;
	enum rc rc;
	size_t skip;
	uint32_t line;
	char delimiter;
	const char *header;
} starts[] = {
	{"a header", "a,b\n1,2", 0, RC_OK, 0, 1, 0, "a,b"},
	{"a mark",
	 "\xef\xbb\xbf"
	 "a,b\r\n",
	 0, RC_OK, 3, 1, 0, "a,b"},
	{"blank lines", "\r\n \n\na,b", 0, RC_OK, 5, 4, 0, "a,b"},
	{"a sep= line", "sep=;\r\na;b\n", 0, RC_OK, 7, 2, ';', "a;b"},
	{"a mark and a sep= line", "\xef\xbb\xbfsep=|\na|b\n", 0, RC_OK, 9, 2, '|', "a|b"},
	{"a sep= line alone", "sep=;\n", 0, RC_MISSING, 0, 0, 0, ""},
	{"nothing", "", 0, RC_MISSING, 0, 0, 0, ""},
	{"UTF-16", "\xfe\xff\0a", 4, RC_INVALID, 0, 0, 0, ""},
	{"UTF-32", "\0\0\xfe\xff\0\0\0a", 8, RC_INVALID, 0, 0, 0, ""},
	{"NUL", "a\0,\0", 4, RC_INVALID, 0, 0, 0, ""},
};

static void test_starts(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(starts); i++) {
		struct csv_start s = {.line = 0};
		struct err err = {.line = 0};
		struct text head = starts[i].n > 0 ? (struct text){starts[i].head, starts[i].n}
						   : text_of(starts[i].head);

		is_i64(csv_begin(head, &s, &err), starts[i].rc, "%s", starts[i].name);
		if (starts[i].rc != RC_OK) {
			ok(err.message[0] != '\0', "%s: %s", starts[i].name, err.message);
			continue;
		}
		ok(s.skip == starts[i].skip && s.line == starts[i].line &&
			   s.delimiter == starts[i].delimiter,
		   "%s: %zu %u", starts[i].name, s.skip, s.line);
		is_text(s.header, starts[i].header, "%s: header", starts[i].name);
	}
}

int main(void)
{
	struct arena *a = arena_new(512u << 20);

	test_cases(a);
	test_too_long(a);
	test_starts();
	arena_free(a);
	return tap_done();
}
