/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CSV, streaming, over libcsv in strict mode: rows with the line they begin on, quoted line ends counted. A row that cannot be
 * used (columns, quotation marks, UTF-8, NUL, length) is handed to `bad` and reading goes on with the next line. Blanks around
 * unquoted fields are dropped. Only fields that somebody wants are copied. No column or mapping is known here.
 */
#ifndef FACTS_CSV_READ_H
#define FACTS_CSV_READ_H

#include "base/err.h"
#include "base/text.h"

enum { CSV_ROW_BYTES_MAX = 1 << 20, CSV_COLUMNS_MAX = 4096 };

enum csv_fault {
	CSV_FINE,
	CSV_COLUMNS,  /* detail: how many there are */
	CSV_MISQUOTE, /* a quotation mark inside an unquoted field, or text after a closing one */
	CSV_UNCLOSED, /* the file ends inside quotation marks */
	CSV_NOT_UTF8, /* detail: the column, from 1 */
	CSV_HAS_NUL,  /* detail: the column, from 1 */
	CSV_TOO_LONG,
};

struct csv_handler {
	void *context;
	/* The first row. Fails to stop reading. Column texts are good during the call only. */
	enum rc (*header)(void *context, uint32_t line, const struct text *names, size_t n,
			  struct err *err);
	/* fields[slot] as csv_want numbered them; good during the call only. */
	void (*row)(void *context, uint32_t line, const struct text *fields);
	void (*bad)(void *context, uint32_t line, enum csv_fault fault, size_t detail);
};

/* How a CSV file begins. */
struct csv_start {
	bool bom;
	size_t skip;        /* bytes before the header: mark, blank lines, a `sep=` line */
	uint32_t line;      /* of the header */
	char delimiter;     /* told by a `sep=` line, or 0 */
	struct text header; /* its line, without the line end */
};

struct csv_reader;

/* RC_INVALID: UTF-16, UTF-32, NUL; RC_MISSING: nothing but blank lines. `whole`: no more bytes will come. */
enum rc csv_begin(struct text head, struct csv_start *out, struct err *err) MUST_USE;

struct csv_reader *csv_open(struct arena *a, char delimiter, uint32_t line,
			    const struct csv_handler *handler);
/* Called from `header`: slots[i] is the slot of column i, or -1. Slots are 0 to n - 1. */
void csv_want(struct csv_reader *r, const int16_t *slots, size_t n_columns, size_t n_slots);
enum rc csv_push(struct csv_reader *r, const char *p, size_t n, struct err *err) MUST_USE;
/* Ends the last row and frees what libcsv holds; call it in any case. */
enum rc csv_close(struct csv_reader *r, struct err *err) MUST_USE;
/* Did lines end with a CR alone, or with CR LF? */
bool csv_cr_lines(const struct csv_reader *r);
bool csv_crlf_lines(const struct csv_reader *r);
/* Lines begun so far, which is the number of the current line. */
uint32_t csv_line(const struct csv_reader *r);

#endif
