/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON lines of other tools by a mapping: a column is the path of a member (cost.amount), a line is a row. Numbers keep all the digits
 * that are written, so they are read as texts and never as floating point. No lists: what a row says stands in members of their own.
 */
#include "facts/json_read.h"
#include "facts/rows.h"

#include <string.h>

enum { LINE_TEXT_MAX = 16 << 20 };

struct json_table {
	struct intake *in;
	struct row_table *table;
	struct text *paths;
	bool whole; /* the last one is the whole line: costs seldom have an id, and one is made of all that a row says */
	bool *seen; /* by path: some line has it */
	struct text *cells;
	size_t n;
	struct buf line;
	bool failed;
	enum rc rc;
	struct err err; /* of the header; told at the end */
	uint32_t taken;
};

static const struct text WHOLE = {"(line)", 6};

static void add_path(struct json_table *j, struct text path)
{
	for (size_t i = 0; i < j->n; i++)
		if (text_eq(j->paths[i], path))
			return;
	j->paths[j->n++] = path;
}

static void find_paths(struct json_table *j)
{
	const struct mapping *m = j->in->mapping;
	size_t room = COLUMN_COUNT + m->fields.n + 1;

	j->paths = arena_array(j->in->arena, struct text, room);
	for (size_t i = 0; i < COLUMN_COUNT; i++)
		if (m->columns[i].n > 0)
			add_path(j, m->columns[i]);
	for (size_t i = 0; i < m->fields.n; i++)
		add_path(j, m->fields.v[i].to);
	j->whole = m->rows == ROWS_COSTS && m->columns[COLUMN_ID].n == 0;
	if (j->whole)
		add_path(j, WHOLE);
	j->seen = arena_array(j->in->arena, bool, room);
	j->cells = arena_array(j->in->arena, struct text, room);
}

/* --- numbers as texts --- */

static bool begins_number(char c)
{
	return c == '-' || (c >= '0' && c <= '9');
}

static bool of_number(char c)
{
	return begins_number(c) || c == '+' || c == '.' || c == 'e' || c == 'E';
}

/* A string from its quotation mark to the one that ends it; what is malformed is left as it is, for the parser to say so. */
static size_t string_end(struct text t, size_t at)
{
	for (at++; at < t.n && t.p[at] != '"'; at++)
		if (t.p[at] == '\\')
			at++;
	return at < t.n ? at + 1 : t.n;
}

static struct text numbers_as_texts(void *context, struct text t)
{
	struct json_table *j = context;
	size_t at = 0;

	buf_clear(&j->line);
	while (at < t.n) {
		size_t from = at;

		if (t.p[at] == '"') {
			at = string_end(t, at);
			buf_text(&j->line, text_sub(t, from, at));
		} else if (begins_number(t.p[at])) {
			while (at < t.n && of_number(t.p[at]))
				at++;
			buf_char(&j->line, '"');
			buf_text(&j->line, text_sub(t, from, at));
			buf_char(&j->line, '"');
		} else {
			buf_char(&j->line, t.p[at++]);
		}
	}
	return buf_view(&j->line);
}

/* --- members --- */

/* By its whole name, else step by step. NULL: it is not there. */
static const json_t *member_at(const json_t *o, struct text path)
{
	const json_t *whole = json_object_getn(o, path.p, path.n);
	struct text part;

	if (whole != NULL)
		return whole;
	while (path.n > 0 && o != NULL) {
		path = text_cut(path, '.', &part);
		o = json_object_getn(o, part.p, part.n);
	}
	return o;
}

static bool cell_of(struct json_table *j, const json_t *object, size_t i, uint32_t line)
{
	const json_t *v = member_at(object, j->paths[i]);

	j->cells[i] = (struct text){"", 0};
	j->seen[i] = j->seen[i] || v != NULL;
	if (v == NULL || json_is_null(v))
		return true;
	if (json_is_boolean(v)) {
		j->cells[i] = text_of(json_is_true(v) ? "true" : "false");
		return true;
	}
	if (json_is_string(v) && memchr(json_string_value(v), 0, json_string_length(v)) == NULL) {
		j->cells[i] = (struct text){json_string_value(v), json_string_length(v)};
		return true;
	}
	intake_note(j->in, IMPORT_FIELD_TYPE, line, "the member '%.*s' is %s",
		    TEXT_ARG(j->paths[i]),
		    json_is_string(v)  ? "a text with a NUL"
		    : json_is_array(v) ? "a list"
				       : "an object");
	return false;
}

static void take(void *context, const json_t *object, struct text line, uint32_t number)
{
	struct json_table *j = context;
	bool good = true;

	if (j->failed)
		return;
	j->taken++;
	for (size_t i = 0; i < j->n - j->whole && good; i++)
		good = cell_of(j, object, i, number);
	if (j->whole)
		j->cells[j->n - 1] = line;
	if (good)
		row_table_row(j->table, number, j->cells);
	else
		intake_row(j->in, false);
}

/* A member that no line has is a slip of the mapping, as a column is that the header has not. */
static enum rc all_seen(const struct json_table *j, struct err *err)
{
	for (size_t i = 0; i < j->n - j->whole && j->taken > 0; i++) {
		if (j->seen[i])
			continue;
		err_at(err, j->in->options.name, 0, 0);
		err_code(err, "import.header");
		err_hint(err, "a member within others is written a.b.c");
		return err_set(err, RC_INVALID, "no line has the member '%.*s' of mapping '%.*s'",
			       TEXT_ARG(j->paths[i]), TEXT_ARG(j->in->mapping->name));
	}
	return RC_OK;
}

static enum rc end(void *context, struct err *err)
{
	struct json_table *j = context;

	buf_free(&j->line);
	if (j->failed) {
		*err = j->err;
		return j->rc;
	}
	row_table_end(j->table);
	return all_seen(j, err);
}

struct format_reader json_table_open(struct intake *in)
{
	struct json_table *j = arena_one(in->arena, struct json_table);
	struct json_line_taker taker = {j, numbers_as_texts, take, end};

	j->in = in;
	j->table = row_table_new(in);
	buf_init(&j->line, LINE_TEXT_MAX);
	find_paths(j);
	j->rc = row_table_header(j->table, 0, j->paths, j->n, &j->err);
	j->failed = j->rc != RC_OK;
	return json_lines_for(in, &taker);
}
