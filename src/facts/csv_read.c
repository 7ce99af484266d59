/* SPDX-License-Identifier: Apache-2.0 */
#include "facts/csv_read.h"

#include <assert.h>
#include <csv.h>
#include <string.h>

enum { SLICE = 64 * 1024, FIRST_ROW_BYTES = 4096 };

/* What a slice of the file holds, so that most fields need no look at all. */
enum look { LOOK_UTF8 = 1, LOOK_NUL = 2, LOOK_LINES = 4 };

struct csv_reader {
	struct csv_parser parser;
	struct csv_handler handler;
	struct arena *arena;
	unsigned char options;
	char delimiter;
	bool open, skipping; /* skipping: to the end of a line that could not be read */
	bool cr_lines, crlf_lines;
	unsigned look, look_before;
	uint32_t line;        /* of the row being read */
	uint32_t inner;       /* line ends inside quotation marks of that row */
	int last_end;         /* the character that ended the line before: CR, LF, 0 */
	size_t column;        /* next */
	size_t n_columns;     /* of the header */
	enum csv_fault fault; /* first one of the row */
	size_t fault_detail;
	bool in_header;
	int16_t *slots;
	size_t slots_n, n_slots;
	struct text *fields;
	struct place {
		size_t at, n;
	} * places;
	char *bytes;
	size_t used, room;
	enum rc rc;
	struct err err;
};

enum rc csv_begin(struct text head, struct csv_start *out, struct err *err)
{
	struct csv_start s = {.line = 1};

	if (text_starts(head, "\xff\xfe") || text_starts(head, "\xfe\xff") ||
	    (head.n >= 4 && memcmp(head.p, "\0\0\xfe\xff", 4) == 0)) {
		err_hint(err, "save it as UTF-8");
		return err_set(err, RC_INVALID, "the file is UTF-16 or UTF-32, not UTF-8");
	}
	if (text_starts(head, "\xef\xbb\xbf")) {
		s.bom = true;
		s.skip = 3;
	}
	for (;;) {
		struct text rest = text_sub(head, s.skip, head.n);
		size_t end = 0;

		while (end < rest.n && rest.p[end] != '\n' && rest.p[end] != '\r')
			end++;
		s.header = text_sub(rest, 0, end);
		bool blank = text_trim(s.header).n == 0;
		bool sep = s.header.n == 5 && text_starts(s.header, "sep=");

		if (!blank && !sep)
			break;
		if (end == rest.n)
			return err_set(err, RC_MISSING,
				       head.n == 0 ? "the file is empty"
						   : "the file has no header");
		if (sep)
			s.delimiter = s.header.p[4];
		s.skip += end + 1;
		if (rest.p[end] == '\r' && end + 1 < rest.n && rest.p[end + 1] == '\n')
			s.skip++;
		s.line++;
	}
	if (memchr(s.header.p, 0, s.header.n) != NULL) {
		err_hint(err, "save it as UTF-8");
		err_at(err, (struct text){"", 0}, s.line, 0);
		return err_set(err, RC_INVALID, "the first line has NUL bytes, as UTF-16 has");
	}
	*out = s;
	return RC_OK;
}

static void set_fault(struct csv_reader *r, enum csv_fault fault, size_t detail)
{
	if (r->fault != CSV_FINE)
		return;
	r->fault = fault;
	r->fault_detail = detail;
}

static uint32_t count_lines(struct text t)
{
	uint32_t n = 0;

	for (size_t i = 0; i < t.n; i++)
		n += t.p[i] == '\n' || (t.p[i] == '\r' && (i + 1 == t.n || t.p[i + 1] != '\n'));
	return n;
}

static void look_at(struct csv_reader *r, struct text field)
{
	unsigned look = r->look | r->look_before;

	if ((look & LOOK_UTF8) != 0 && !text_utf8(field, NULL))
		set_fault(r, CSV_NOT_UTF8, r->column);
	if ((look & LOOK_NUL) != 0 && memchr(field.p, 0, field.n) != NULL)
		set_fault(r, CSV_HAS_NUL, r->column);
	if ((look & LOOK_LINES) != 0)
		r->inner += count_lines(field);
}

/* Room for n more bytes of the row; false past the limit. */
static bool more_room(struct csv_reader *r, size_t n)
{
	size_t room = r->room;

	if (n > CSV_ROW_BYTES_MAX || r->used + n > CSV_ROW_BYTES_MAX) {
		set_fault(r, CSV_TOO_LONG, r->column);
		return false;
	}
	while (room < r->used + n)
		room *= 2;
	char *bigger = arena_alloc(r->arena, room);

	memcpy(bigger, r->bytes, r->used);
	r->bytes = bigger;
	r->room = room;
	return true;
}

static void on_field(void *p, size_t n, void *data)
{
	struct csv_reader *r = data;
	size_t column = r->column++;

	if ((r->look | r->look_before) != 0 && n > 0)
		look_at(r, (struct text){p, n});
	if (column >= r->slots_n || r->slots[column] < 0)
		return;
	if (r->room - r->used < n && !more_room(r, n))
		return;
	if (n > 0)
		memcpy(r->bytes + r->used, p, n);
	r->places[r->slots[column]] = (struct place){r->used, n};
	r->used += n;
}

static void end_header(struct csv_reader *r)
{
	size_t n = r->column < CSV_COLUMNS_MAX ? r->column : CSV_COLUMNS_MAX;
	struct text *names = arena_array(r->arena, struct text, n);

	r->in_header = false;
	r->n_columns = r->column;
	for (size_t i = 0; i < n; i++)
		names[i] = (struct text){r->bytes + r->places[i].at, r->places[i].n};
	r->slots_n = 0;
	if (r->fault != CSV_FINE || r->column > CSV_COLUMNS_MAX) {
		err_at(&r->err, (struct text){"", 0}, r->line, 0);
		r->rc = err_set(&r->err, RC_INVALID,
				r->fault == CSV_NOT_UTF8 ? "the header is not UTF-8"
							 : "the header cannot be read");
		return;
	}
	r->rc = r->handler.header(r->handler.context, r->line, names, n, &r->err);
}

static void end_row(struct csv_reader *r)
{
	if (r->fault == CSV_FINE && r->column != r->n_columns)
		set_fault(r, CSV_COLUMNS, r->column);
	if (r->fault != CSV_FINE) {
		r->handler.bad(r->handler.context, r->line, r->fault, r->fault_detail);
		return;
	}
	for (size_t i = 0; i < r->n_slots; i++)
		r->fields[i] = (struct text){r->bytes + r->places[i].at, r->places[i].n};
	r->handler.row(r->handler.context, r->line, r->fields);
}

/* c: the character that ended the row, -1 at the end of the file. Blank lines come here too, without fields. */
static void on_row(int c, void *data)
{
	struct csv_reader *r = data;

	if (r->column == 0) {
		if (c == '\n' && r->last_end == '\r')
			r->crlf_lines = true;
		else
			r->line++;
		r->last_end = c == '\n' && r->last_end == '\r' ? 0 : c;
		return;
	}
	if (r->last_end == '\r')
		r->cr_lines = true;
	if (r->rc == RC_OK) {
		if (r->in_header)
			end_header(r);
		else
			end_row(r);
	}
	r->line += 1 + r->inner;
	r->inner = 0;
	r->column = 0;
	r->used = 0;
	r->fault = CSV_FINE;
	r->last_end = c;
}

static void start_parser(struct csv_reader *r)
{
	int failed = csv_init(&r->parser, r->options);

	assert(failed == 0);
	(void)failed;
	csv_set_delim(&r->parser, (unsigned char)r->delimiter);
	csv_set_blk_size(&r->parser, FIRST_ROW_BYTES);
	r->open = true;
}

struct csv_reader *csv_open(struct arena *a, char delimiter, uint32_t line,
			    const struct csv_handler *handler)
{
	struct csv_reader *r = arena_one(a, struct csv_reader);

	r->arena = a;
	r->handler = *handler;
	r->options = CSV_STRICT | CSV_STRICT_FINI | CSV_REPALL_NL;
	r->delimiter = delimiter;
	r->line = line;
	r->in_header = true;
	r->room = FIRST_ROW_BYTES;
	r->bytes = arena_alloc(a, r->room);
	/* The header wants every column. */
	r->slots_n = r->n_slots = CSV_COLUMNS_MAX;
	r->slots = arena_array(a, int16_t, CSV_COLUMNS_MAX);
	r->places = arena_array(a, struct place, CSV_COLUMNS_MAX);
	for (size_t i = 0; i < CSV_COLUMNS_MAX; i++)
		r->slots[i] = (int16_t)i;
	start_parser(r);
	return r;
}

void csv_want(struct csv_reader *r, const int16_t *slots, size_t n_columns, size_t n_slots)
{
	assert(n_columns <= CSV_COLUMNS_MAX && n_slots <= n_columns);
	if (n_columns > 0)
		memcpy(r->slots, slots, n_columns * sizeof(*slots));
	r->slots_n = n_columns;
	r->n_slots = n_slots;
	r->fields = arena_array(r->arena, struct text, n_slots);
}

/* Eight bytes at a time: is any byte not ASCII? */
static bool has_high_byte(const char *p, size_t n)
{
	uint64_t all = 0, word = 0;
	size_t i = 0;

	for (; i + sizeof(word) <= n; i += sizeof(word)) {
		memcpy(&word, p + i, sizeof(word));
		all |= word;
	}
	for (; i < n; i++)
		all |= (uint64_t)((unsigned char)p[i] & 0x80u);
	return (all & UINT64_C(0x8080808080808080)) != 0;
}

static unsigned look_of(const char *p, size_t n)
{
	return (has_high_byte(p, n) ? (unsigned)LOOK_UTF8 : 0) |
	       (memchr(p, 0, n) != NULL ? (unsigned)LOOK_NUL : 0) |
	       (memchr(p, CSV_QUOTE, n) != NULL ? (unsigned)LOOK_LINES : 0);
}

/* Gives up the row being read; what follows its line goes on with a fresh parser. */
static void give_up_row(struct csv_reader *r, enum csv_fault fault)
{
	struct text begun = {(const char *)r->parser.entry_buf, r->parser.entry_pos};
	uint32_t inner = r->inner + count_lines(begun);

	if (r->in_header) {
		err_at(&r->err, (struct text){"", 0}, r->line, 0);
		r->rc = err_set(&r->err, RC_INVALID,
				fault == CSV_TOO_LONG
					? "the header is too long"
					: "a quotation mark in the wrong place in the header");
	} else {
		r->handler.bad(r->handler.context, r->line, fault, r->column + 1);
	}
	csv_free(&r->parser);
	start_parser(r);
	r->line += inner;
	r->inner = 0;
	r->column = 0;
	r->used = 0;
	r->fault = CSV_FINE;
	r->skipping = true;
}

/* Drops bytes up to the end of the line; returns how many. */
static size_t skip_line(struct csv_reader *r, const char *p, size_t n)
{
	size_t i = 0;

	while (i < n && p[i] != '\n' && p[i] != '\r')
		i++;
	if (i == n)
		return n;
	r->skipping = false;
	r->line++;
	r->last_end = (unsigned char)p[i];
	return i + 1;
}

static void push_slice(struct csv_reader *r, const char *p, size_t n)
{
	r->look = look_of(p, n);
	while (n > 0 && r->rc == RC_OK) {
		if (r->skipping) {
			size_t dropped = skip_line(r, p, n);

			p += dropped;
			n -= dropped;
			continue;
		}
		size_t done = csv_parse(&r->parser, p, n, on_field, on_row, r);

		if (done < n) {
			assert(csv_error(&r->parser) == CSV_EPARSE);
			give_up_row(r, CSV_MISQUOTE);
		} else if (r->parser.entry_pos > CSV_ROW_BYTES_MAX) {
			give_up_row(r, CSV_TOO_LONG);
		}
		p += done;
		n -= done;
	}
	/* A field may reach over the border of slices. */
	bool in_field = r->parser.entry_pos > 0 || r->parser.quoted != 0;

	r->look_before = in_field ? r->look | r->look_before : 0;
}

enum rc csv_push(struct csv_reader *r, const char *p, size_t n, struct err *err)
{
	while (n > 0 && r->rc == RC_OK) {
		size_t slice = n < SLICE ? n : SLICE;

		push_slice(r, p, slice);
		p += slice;
		n -= slice;
	}
	if (r->rc != RC_OK)
		*err = r->err;
	return r->rc;
}

enum rc csv_close(struct csv_reader *r, struct err *err)
{
	if (r->open) {
		bool closed = r->rc != RC_OK || csv_fini(&r->parser, on_field, on_row, r) == 0;

		if (!closed) {
			uint32_t line = r->line;

			give_up_row(r, CSV_UNCLOSED);
			if (r->rc != RC_OK)
				err_at(&r->err, (struct text){"", 0}, line, 0);
		}
		csv_free(&r->parser);
		r->open = false;
	}
	if (r->rc != RC_OK)
		*err = r->err;
	return r->rc;
}

bool csv_cr_lines(const struct csv_reader *r)
{
	return r->cr_lines;
}

bool csv_crlf_lines(const struct csv_reader *r)
{
	return r->crlf_lines;
}

uint32_t csv_line(const struct csv_reader *r)
{
	return r->line;
}
