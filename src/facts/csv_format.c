/* SPDX-License-Identifier: Apache-2.0 */
/* CSV by a mapping: finds the columns, hands rows to what they are (rows.h), and notes what could not be read. */
#include "facts/csv_read.h"
#include "facts/rows.h"

#include <assert.h>

/* Also without CSV: then csv is NULL, and cells come by row_table_row. */
struct row_table {
	struct intake *in;
	struct csv_reader *csv;
	const struct rows_ops *ops;
	void *rows;
	int16_t slot[COLUMN_COUNT];
	int16_t field_slot[FIELD_COUNT];
	int16_t *slot_of; /* by column of the file */
	size_t n_columns;
	int16_t n_slots;
	bool bom;
	struct text *cells; /* of row_table_row, by slot */
};

static const struct rows_ops *ops_of(enum mapping_rows rows)
{
	switch (rows) {
	case ROWS_TICKET_STATES:
		return &ticket_states_rows;
	case ROWS_TICKETS:
		return &tickets_rows;
	case ROWS_FACTS:
		return &facts_rows;
	case ROWS_SAMPLES:
		return &samples_rows;
	case ROWS_COSTS:
		return &costs_rows;
	case ROWS_STATUSPAGE:
	case ROWS_CALENDAR:
		break;
	}
	return NULL;
}

static enum rc header_error(struct row_table *c, uint32_t line, struct err *err)
{
	err_at(err, c->in->options.name, line, 0);
	err_code(err, "import.header");
	return RC_INVALID;
}

/* A mapping that states the header wants exactly that one. */
static enum rc check_header(struct row_table *c, uint32_t line, const struct text *names, size_t n,
			    struct err *err)
{
	const struct mapping *m = c->in->mapping;

	for (size_t i = 0; i < m->n_header; i++) {
		if (i < n && text_eq(names[i], m->header[i]))
			continue;
		if (i >= n)
			(void)err_set(
				err, RC_INVALID,
				"the header has %zu columns; mapping '%.*s' wants '%.*s' next", n,
				TEXT_ARG(m->name), TEXT_ARG(m->header[i]));
		else
			(void)err_set(err, RC_INVALID,
				      "column %zu is '%.*s'; mapping '%.*s' wants '%.*s'", i + 1,
				      TEXT_ARG(names[i]), TEXT_ARG(m->name),
				      TEXT_ARG(m->header[i]));
		if (n == 1 && m->n_header > 1)
			err_hint(err,
				 "is the delimiter another one than '%c'? write `delimiter = ` in "
				 "[file]",
				 m->delimiter);
		return header_error(c, line, err);
	}
	if (m->n_header > 0 && n > m->n_header) {
		(void)err_set(err, RC_INVALID, "column %zu '%.*s' is not in mapping '%.*s'",
			      m->n_header + 1, TEXT_ARG(names[m->n_header]), TEXT_ARG(m->name));
		return header_error(c, line, err);
	}
	return RC_OK;
}

/* A slot for the column with this name; -1 and an error if there is none, or two. */
static int16_t take_slot(struct row_table *c, struct text key, struct text name, uint32_t line,
			 const struct text *names, size_t n, struct err *err)
{
	size_t at = n;

	for (size_t i = 0; i < n; i++) {
		if (!text_eq(names[i], name))
			continue;
		if (at < n) {
			(void)err_set(err, RC_INVALID,
				      "column '%.*s' stands twice: columns %zu and %zu",
				      TEXT_ARG(name), at + 1, i + 1);
			err_hint(err, "rename one of them");
			(void)header_error(c, line, err);
			return -1;
		}
		at = i;
	}
	if (at == n) {
		struct text nearest = text_nearest(name, names, n);

		(void)err_set(err, RC_INVALID,
			      "no column '%.*s', which mapping '%.*s' takes for '%.*s'",
			      TEXT_ARG(name), TEXT_ARG(c->in->mapping->name), TEXT_ARG(key));
		if (n == 1)
			err_hint(err,
				 "the file has one column: is the delimiter another one than '%c'?",
				 c->in->mapping->delimiter);
		else if (nearest.n > 0)
			err_hint(err, "did you mean '%.*s'?", TEXT_ARG(nearest));
		(void)header_error(c, line, err);
		return -1;
	}
	if (c->slot_of[at] < 0)
		c->slot_of[at] = c->n_slots++;
	return c->slot_of[at];
}

static enum rc find_columns(struct row_table *c, uint32_t line, const struct text *names, size_t n,
			    struct err *err)
{
	const struct mapping *m = c->in->mapping;

	for (unsigned i = 0; i < COLUMN_COUNT; i++) {
		if (m->columns[i].n == 0)
			continue;
		c->slot[i] = take_slot(c, text_of(column_key((enum column)i)), m->columns[i], line,
				       names, n, err);
		if (c->slot[i] < 0)
			return RC_INVALID;
	}
	for (size_t i = 0; i < m->fields.n; i++) {
		int16_t slot =
			take_slot(c, m->fields.v[i].from, m->fields.v[i].to, line, names, n, err);

		if (slot < 0)
			return RC_INVALID;
		/* Two fields may share a key ("to"); a fact's kind tells which is meant. */
		for (unsigned f = 0; f < FIELD_COUNT; f++)
			if (!field_row((enum fact_field)f)->record &&
			    text_is(m->fields.v[i].from, field_row((enum fact_field)f)->key))
				c->field_slot[f] = slot;
	}
	return RC_OK;
}

/* Rows that are facts: columns that the mapping does not name are known by their own names, or not at all. */
static const struct {
	const char *name;
	enum column column;
} own_columns[] = {
	{"id", COLUMN_ID},
	{"kind", COLUMN_KIND},
	{"occurred_at", COLUMN_OCCURRED},
	{"recorded_at", COLUMN_RECORDED},
	{"party", COLUMN_PARTY},
	{"seq", COLUMN_SEQ},
	{"corrects", COLUMN_CORRECTS},
};

static bool take_own(struct row_table *c, size_t at, struct text name)
{
	bool found = false;

	for (size_t i = 0; i < ARRAY_SIZE(own_columns); i++)
		if (text_is(name, own_columns[i].name)) {
			c->slot[own_columns[i].column] = c->n_slots;
			found = true;
		}
	for (unsigned f = 0; f < FIELD_COUNT; f++)
		if (!field_row((enum fact_field)f)->record &&
		    text_is(name, field_row((enum fact_field)f)->key)) {
			c->field_slot[f] = c->n_slots;
			found = true;
		}
	if (found)
		c->slot_of[at] = c->n_slots++;
	return found;
}

static enum rc find_own_columns(struct row_table *c, uint32_t line, const struct text *names,
				size_t n, struct err *err)
{
	struct text known[FIELD_COUNT + ARRAY_SIZE(own_columns)];
	const struct mapping *m = c->in->mapping;
	size_t n_known = 0;

	/* Another tool's table: its other columns say nothing. But a rate whose direction nobody told is no rate (money.md R47). */
	if (m->values.n > 0 && mapping_word(&m->fields, text_of("series")) != NULL &&
	    m->series.n == 0) {
		(void)err_set(err, RC_INVALID,
			      "the mapping tells no series for the words of '%.*s'",
			      TEXT_ARG(mapping_word(&m->fields, text_of("series"))->to));
		err_hint(err, "write lines in [series] that say which way round it is: Euro = "
			      "1_usd_in_eur");
		return header_error(c, line, err);
	}
	if (m->values.n > 0)
		return RC_OK;
	for (unsigned f = 0; f < FIELD_COUNT; f++)
		if (!field_row((enum fact_field)f)->record)
			known[n_known++] = text_of(field_row((enum fact_field)f)->key);
	for (size_t i = 0; i < ARRAY_SIZE(own_columns); i++)
		known[n_known++] = text_of(own_columns[i].name);
	for (size_t i = 0; i < n; i++) {
		if (c->slot_of[i] >= 0 || take_own(c, i, names[i]))
			continue;
		struct text nearest = text_nearest(names[i], known, n_known);

		(void)err_set(err, RC_INVALID, "column %zu '%.*s' is no field of a fact", i + 1,
			      TEXT_ARG(names[i]));
		if (nearest.n > 0)
			err_hint(err, "did you mean '%.*s'?", TEXT_ARG(nearest));
		return header_error(c, line, err);
	}
	if (c->slot[COLUMN_KIND] < 0 || c->slot[COLUMN_OCCURRED] < 0) {
		(void)err_set(err, RC_INVALID, "no column '%s'",
			      c->slot[COLUMN_KIND] < 0 ? "kind" : "occurred_at");
		return header_error(c, line, err);
	}
	return RC_OK;
}

/* Doubled names: an error where the column is used, a note where it is not. */
static enum rc check_twice(struct row_table *c, uint32_t line, const struct text *names, size_t n,
			   struct err *err)
{
	for (size_t i = 0; i < n; i++)
		for (size_t j = i + 1; j < n; j++) {
			if (names[i].n == 0 || !text_eq(names[i], names[j]))
				continue;
			if (c->slot_of[i] < 0 && c->slot_of[j] < 0) {
				intake_note(c->in, IMPORT_COLUMN_TWICE, line,
					    "columns %zu and %zu are both '%.*s'", i + 1, j + 1,
					    TEXT_ARG(names[i]));
				continue;
			}
			(void)err_set(err, RC_INVALID,
				      "column '%.*s' stands twice: columns %zu and %zu",
				      TEXT_ARG(names[i]), i + 1, j + 1);
			err_hint(err, "rename one of them");
			return header_error(c, line, err);
		}
	return RC_OK;
}

static bool is_apart(const struct mapping *m, struct text name)
{
	for (size_t i = 0; i < m->n_apart; i++)
		if (text_eq(m->apart[i], name))
			return true;
	return false;
}

/* The row of a cost report seldom has an id of its own: one is made of all that it says (rows_costs.c), but for what is kept apart. */
static void want_whole_rows(struct row_table *c, const struct text *names, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (c->slot_of[i] < 0 && !is_apart(c->in->mapping, names[i]))
			c->slot_of[i] = c->n_slots++;
}

static enum rc on_header(void *context, uint32_t line, const struct text *names, size_t n,
			 struct err *err)
{
	struct row_table *c = context;
	enum rc rc = check_header(c, line, names, n, err);

	c->n_columns = n;
	c->slot_of = arena_array(c->in->arena, int16_t, n);
	for (size_t i = 0; i < n; i++)
		c->slot_of[i] = -1;
	if (rc == RC_OK)
		rc = find_columns(c, line, names, n, err);
	if (rc == RC_OK && c->in->mapping->rows == ROWS_FACTS)
		rc = find_own_columns(c, line, names, n, err);
	if (rc == RC_OK)
		rc = check_twice(c, line, names, n, err);
	if (rc != RC_OK)
		return rc;
	if (c->in->mapping->rows == ROWS_COSTS && c->slot[COLUMN_ID] < 0)
		want_whole_rows(c, names, n);
	if (c->csv != NULL)
		csv_want(c->csv, c->slot_of, n, (size_t)c->n_slots);
	c->rows = c->ops->open(c->in, c->slot);
	if (c->bom)
		intake_note(c->in, IMPORT_ENCODING, line,
			    "a byte-order mark before the header was dropped");
	return RC_OK;
}

static void on_row(void *context, uint32_t line, const struct text *fields)
{
	struct row_table *c = context;
	struct cells cells = {fields, c->slot, c->field_slot, (size_t)c->n_slots, line};

	intake_row(c->in, c->ops->row(c->rows, &cells));
}

static void on_bad(void *context, uint32_t line, enum csv_fault fault, size_t detail)
{
	struct row_table *c = context;

	switch (fault) {
	case CSV_FINE:
		return;
	case CSV_COLUMNS:
		intake_note(c->in, IMPORT_COLUMNS, line, "the row has %zu columns, the header %zu",
			    detail, c->n_columns);
		break;
	case CSV_MISQUOTE:
		intake_note(c->in, IMPORT_QUOTE, line,
			    "a quotation mark in the wrong place, column %zu", detail);
		break;
	case CSV_UNCLOSED:
		intake_note(c->in, IMPORT_QUOTE, line,
			    "a quotation mark opened in column %zu is never closed; all that "
			    "follows was left out",
			    detail);
		break;
	case CSV_NOT_UTF8:
		intake_note(c->in, IMPORT_UTF8, line, "column %zu is not UTF-8", detail);
		break;
	case CSV_HAS_NUL:
		intake_note(c->in, IMPORT_NUL, line, "column %zu has a NUL byte", detail);
		break;
	case CSV_TOO_LONG:
		intake_note(c->in, IMPORT_LONG, line, "the row is longer than %d bytes",
			    CSV_ROW_BYTES_MAX);
		break;
	}
	intake_row(c->in, false);
}

static enum rc push(void *reader, const char *p, size_t n, struct err *err)
{
	struct row_table *c = reader;

	return csv_push(c->csv, p, n, err);
}

static enum rc close_file(void *reader, struct err *err)
{
	struct row_table *c = reader;
	enum rc rc = csv_close(c->csv, err);

	if (rc != RC_OK)
		return rc;
	if (c->rows == NULL)
		return err_set(err, RC_INVALID, "the file has no header");
	c->ops->end(c->rows);
	if (csv_cr_lines(c->csv))
		intake_note(c->in, IMPORT_ENCODING, 0,
			    "lines end with CR alone, as on old systems");
	return RC_OK;
}

struct row_table *row_table_new(struct intake *in)
{
	struct row_table *c = arena_one(in->arena, struct row_table);

	c->in = in;
	c->ops = ops_of(in->mapping->rows);
	assert(c->ops != NULL);
	for (size_t i = 0; i < COLUMN_COUNT; i++)
		c->slot[i] = -1;
	for (size_t i = 0; i < FIELD_COUNT; i++)
		c->field_slot[i] = -1;
	return c;
}

enum rc row_table_header(struct row_table *t, uint32_t line, const struct text *names, size_t n,
			 struct err *err)
{
	enum rc rc = on_header(t, line, names, n, err);

	t->cells = arena_array(t->in->arena, struct text, n + 1);
	return rc;
}

void row_table_row(struct row_table *t, uint32_t line, const struct text *cells)
{
	for (size_t i = 0; i < t->n_columns; i++)
		if (t->slot_of[i] >= 0)
			t->cells[t->slot_of[i]] = cells[i];
	on_row(t, line, t->cells);
}

void row_table_end(struct row_table *t)
{
	t->ops->end(t->rows);
}

struct format_reader csv_format_open(struct intake *in, const struct csv_start *start)
{
	static const struct reader_ops ops = {push, close_file};
	struct row_table *c = row_table_new(in);
	struct csv_handler handler = {c, on_header, on_row, on_bad};
	char delimiter = in->mapping->delimiter;

	c->bom = start->bom;
	if (start->delimiter != 0)
		delimiter = start->delimiter;
	c->csv = csv_open(in->arena, delimiter, start->line, &handler);
	return (struct format_reader){&ops, c};
}
