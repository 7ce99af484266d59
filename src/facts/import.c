/* SPDX-License-Identifier: Apache-2.0 */
/* The front of all importers: finds out what a file is from its first bytes, then hands all bytes to the reader of it. */
#include "facts/import.h"

#include "facts/csv_read.h"
#include "facts/intake.h"

#include <assert.h>
#include <string.h>

enum { HEAD_MAX = 4 << 20, FIRST_HEAD = 64 * 1024 };

struct importer {
	struct arena *arena;
	struct intake in;
	char *head; /* first bytes, until the format is known */
	size_t head_n, head_cap;
	size_t passed,
		looked; /* of it: lines that are blank, and how far the end of the next one was looked for */
	struct format_reader reader;
	bool reading, begun, failed;
	enum rc rc;
	struct err err;
};

enum rc importer_open(struct arena *a, struct facts *facts, const struct import_options *options,
		      struct importer **out, struct err *err)
{
	struct importer *im = arena_one(a, struct importer);

	if (options->mapping != NULL && options->format.n > 0)
		return err_set(err, RC_USAGE, "a format and a mapping were both told");
	im->arena = a;
	intake_init(&im->in, a, facts, options);
	*out = im;
	return RC_OK;
}

static enum rc fail(struct importer *im, enum rc rc, struct err *err)
{
	if (err->file[0] == '\0')
		err_at(err, im->in.options.name, err->line, err->column);
	im->failed = true;
	im->rc = rc;
	im->err = *err;
	return rc;
}

/* Formats that are no table, and the mapping that says how to read each. */
static const struct {
	const char *format, *mapping;
	bool document;
} formats[] = {
	{"tenor_jsonl", "tenor_csv", false},
	{"statuspage_transitions", "statuspage", false},
	{"statuspage_incidents", "statuspage", false},
	{"statuspage_maintenance", "statuspage", false},
	{"statuspage_summary", "statuspage", true},
	{"upptime_summary", "upptime_checks", true},
	{"icalendar", "icalendar", false},
};

static enum rc unknown_format(struct text format, struct err *err)
{
	struct text known[ARRAY_SIZE(formats) + 32];
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(formats); i++)
		known[n++] = text_of(formats[i].format);
	for (size_t i = 0; i < mapping_ready_count() && n < ARRAY_SIZE(known); i++)
		known[n++] = mapping_ready_name(i);

	struct text nearest = text_nearest(format, known, n);

	if (nearest.n > 0)
		err_hint(err, "did you mean '%.*s'?", TEXT_ARG(nearest));
	return err_set(err, RC_USAGE, "unknown format '%.*s'", TEXT_ARG(format));
}

static bool is_table(enum mapping_rows rows)
{
	return rows != ROWS_STATUSPAGE && rows != ROWS_CALENDAR;
}

/* The mapping told, if it is for this kind of file, else the ready one. */
static enum rc pick_mapping(struct importer *im, const char *ready, const struct mapping **out,
			    struct err *err)
{
	const struct mapping *told = im->in.options.mapping;
	struct mapping *m = NULL;
	enum rc rc = mapping_ready(im->arena, text_of(ready), &m, err);

	assert(rc == RC_OK);
	(void)rc;
	if (told == NULL) {
		*out = m;
		return RC_OK;
	}
	/* Assets, states and severities of any mapping serve; a table's columns do not. */
	if (is_table(told->rows) && told->rows != m->rows) {
		err_hint(err, "the mapping is for rows = %s", mapping_rows_word(told->rows));
		return err_set(err, RC_INVALID, "the file is no CSV table");
	}
	*out = told;
	return RC_OK;
}

static enum rc begin_named(struct importer *im, size_t i, bool document, struct err *err)
{
	const struct mapping *m = NULL;
	enum rc rc = pick_mapping(im, formats[i].mapping, &m, err);

	if (rc == RC_OK)
		rc = intake_begin(&im->in, m, text_of(formats[i].format), err);
	if (rc != RC_OK)
		return rc;
	im->begun = true;
	if (text_is(text_of(formats[i].format), "icalendar"))
		im->reader = calendar_open(&im->in);
	else if (document)
		im->reader = json_document_open(&im->in);
	else
		im->reader = json_lines_open(&im->in);
	im->reading = true;
	return RC_OK;
}

/* JSON lines of another tool, by the mapping told. */
static enum rc begin_json_table(struct importer *im, struct text line, struct err *err)
{
	const struct mapping *m = im->in.options.mapping;
	enum rc rc;

	if (line.n == 0 || line.p[0] != '{' || !is_table(m->rows) || m->n_header > 0) {
		err_code(err, "import.header");
		if (m->n_header > 0)
			return err_set(err, RC_INVALID,
				       "mapping '%.*s' has lines = json and a header",
				       TEXT_ARG(m->name));
		err_hint(err, "one whole object a line; a table has lines = table");
		return err_set(err, RC_INVALID,
			       "mapping '%.*s' is for JSON lines, the file is none",
			       TEXT_ARG(m->name));
	}
	rc = intake_begin(&im->in, m, m->name, err);
	if (rc != RC_OK)
		return rc;
	im->begun = true;
	im->reader = json_table_open(&im->in);
	im->reading = true;
	return RC_OK;
}

static enum rc begin_csv(struct importer *im, const struct mapping *m,
			 const struct csv_start *start, struct err *err)
{
	enum rc rc = RC_OK;

	if (start->delimiter != 0 && start->delimiter != m->delimiter) {
		err_hint(err, "write `delimiter = ` in [file] of a mapping");
		return err_set(err, RC_INVALID,
			       "the first line says sep=%c, mapping '%.*s' says '%c'",
			       start->delimiter, TEXT_ARG(m->name), m->delimiter);
	}
	rc = intake_begin(&im->in, m, m->name, err);
	if (rc != RC_OK)
		return rc;
	im->begun = true;
	im->reader = csv_format_open(&im->in, start);
	im->reading = true;
	return RC_OK;
}

/* One row of names cut from a line, for comparing it with the header of a mapping. */
struct names {
	struct text v[CSV_COLUMNS_MAX];
	size_t n;
};

static enum rc keep_names(void *context, uint32_t line, const struct text *names, size_t n,
			  struct err *err)
{
	struct names *all = context;

	(void)line;
	(void)err;
	all->n = n;
	memcpy(all->v, names, n * sizeof(*names));
	return RC_OK;
}

static void no_row(void *context, uint32_t line, const struct text *fields)
{
	(void)context;
	(void)line;
	(void)fields;
}

static void no_bad_row(void *context, uint32_t line, enum csv_fault fault, size_t detail)
{
	(void)context;
	(void)line;
	(void)fault;
	(void)detail;
}

static struct names *cut_header(struct importer *im, struct text header, char delimiter)
{
	struct names *names = arena_one(im->arena, struct names);
	struct csv_handler handler = {names, keep_names, no_row, no_bad_row};
	struct csv_reader *r = csv_open(im->arena, delimiter, 1, &handler);
	struct err ignored = {.line = 0};
	enum rc rc = csv_push(r, header.p, header.n, &ignored);

	/* What is wrong with the header is said when the file is read by its mapping. */
	if (csv_close(r, &ignored) != RC_OK || rc != RC_OK)
		names->n = 0;
	return names;
}

static bool has_text(const struct names *names, struct text name)
{
	for (size_t i = 0; i < names->n; i++)
		if (text_eq(names->v[i], name))
			return true;
	return false;
}

static bool has_name(const struct names *names, const char *name)
{
	return has_text(names, text_of(name));
}

static bool has_columns(const struct mapping *m, const struct names *names)
{
	bool all = true;

	for (unsigned i = 0; i < COLUMN_COUNT; i++)
		all = all && (m->columns[i].n == 0 || has_text(names, m->columns[i]));
	for (size_t i = 0; i < m->fields.n; i++)
		all = all && has_text(names, m->fields.v[i].to);
	return all;
}

static bool header_matches(const struct mapping *m, const struct names *names)
{
	/* Our own table may leave columns out; these two make it ours. */
	if (m->rows == ROWS_FACTS && m->values.n == 0)
		return has_name(names, "kind") && has_name(names, "occurred_at");
	/* Cost reports come with columns left out, added and in any order; those that are read make them known. */
	if (m->rows == ROWS_COSTS)
		return has_columns(m, names);
	if (m->n_header == 0 || names->n != m->n_header)
		return false;
	for (size_t i = 0; i < names->n; i++)
		if (!text_eq(names->v[i], m->header[i]))
			return false;
	return true;
}

enum { FIT_MAX = 4 };

/* Two reports with one header and another meaning, as actual and amortized costs: nobody but the user can tell. */
static enum rc several_fit(struct importer *im, struct mapping *const *fit, size_t n,
			   struct err *err)
{
	struct buf all;

	buf_init(&all, ERR_MESSAGE_MAX - 1);
	for (size_t i = 0; i < n; i++)
		buf_printf(&all, "%s%.*s",
			   i == 0      ? ""
			   : i + 1 < n ? ", "
				       : " or ",
			   TEXT_ARG(fit[i]->name));
	err_at(err, im->in.options.name, 0, 0);
	err_code(err, "import.ambiguous");
	err_hint(err, "tell which it is: --map %.*s", TEXT_ARG(fit[0]->name));
	(void)err_set(err, RC_INVALID, "the header fits several mappings: %.*s",
		      TEXT_ARG(buf_view(&all)));
	buf_free(&all);
	return RC_INVALID;
}

/* The one ready mapping that fits; RC_MISSING: none does; RC_INVALID: several. */
static enum rc ready_by_header(struct importer *im, const struct names *names, struct mapping **out,
			       struct err *err)
{
	struct mapping *fit[FIT_MAX];
	size_t n = 0;

	for (size_t i = 0; i < mapping_ready_count(); i++) {
		struct mapping *m = NULL;
		enum rc rc = mapping_ready(im->arena, mapping_ready_name(i), &m, err);

		assert(rc == RC_OK);
		(void)rc;
		if (!is_table(m->rows) || m->json_lines || !header_matches(m, names))
			continue;
		if (n < ARRAY_SIZE(fit))
			fit[n++] = m;
	}
	if (n == 0)
		return RC_MISSING;
	*out = fit[0];
	return n == 1 ? RC_OK : several_fit(im, fit, n, err);
}

static enum rc unknown_header(struct importer *im, const struct csv_start *start, struct err *err)
{
	static const char others[] = ";\t|";
	struct mapping *m = NULL;

	err_at(err, im->in.options.name, start->line, 0);
	err_code(err, "import.header");
	for (size_t i = 0; others[i] != '\0'; i++) {
		struct err ignored = {.line = 0};

		if (ready_by_header(im, cut_header(im, start->header, others[i]), &m, &ignored) ==
		    RC_MISSING)
			continue;
		err_hint(err, "take `tenor map --show %.*s` and change `delimiter` in it",
			 TEXT_ARG(m->name));
		return err_set(
			err, RC_INVALID,
			"the header is that of '%.*s', but with '%s' between columns, not ','",
			TEXT_ARG(m->name), others[i] == '\t' ? "tab" : (char[2]){others[i], '\0'});
	}
	err_hint(err, "`tenor map FILE` proposes a mapping; edit it and give it with --map");
	return err_set(err, RC_INVALID, "no ready mapping knows this header: '%.*s'",
		       start->header.n > 200 ? 200 : (int)start->header.n, start->header.p);
}

static enum rc detect_csv(struct importer *im, struct err *err)
{
	struct csv_start start;
	struct mapping *m = NULL;
	struct text head = {im->head, im->head_n};
	const struct mapping *told = im->in.options.mapping;
	enum rc rc = csv_begin(head, &start, err);

	if (rc != RC_OK) {
		err_code(err, "import.file");
		return rc;
	}
	if (told != NULL && !is_table(told->rows)) {
		err_hint(err, "the mapping is for rows = %s", mapping_rows_word(told->rows));
		return err_set(err, RC_INVALID, "the file is not what the mapping is for");
	}
	if (told == NULL && im->in.options.format.n > 0) {
		rc = mapping_ready(im->arena, im->in.options.format, &m, err);
		if (rc != RC_OK)
			return unknown_format(im->in.options.format, err);
		told = m;
	}
	if (told == NULL) {
		char delimiter = ',';

		if (start.delimiter != 0)
			delimiter = start.delimiter;

		rc = ready_by_header(im, cut_header(im, start.header, delimiter), &m, err);
		if (rc != RC_OK)
			return rc == RC_MISSING ? unknown_header(im, &start, err) : rc;
		told = m;
	}
	rc = begin_csv(im, told, &start, err);
	im->head += start.skip;
	im->head_n -= start.skip;
	return rc;
}

static size_t format_index(struct text format)
{
	for (size_t i = 0; i < ARRAY_SIZE(formats); i++)
		if (text_is(format, formats[i].format))
			return i;
	return ARRAY_SIZE(formats);
}

static enum rc detect_json(struct importer *im, struct text first_line, struct err *err)
{
	struct text format = json_format_of(first_line);
	size_t i = format_index(format);

	/* A line that is no whole object begins a document of many lines, or a list; among lines it is one that is wrong. */
	if (i == ARRAY_SIZE(formats))
		i = format_index(text_of(im->in.options.first_line > 0 ? "tenor_jsonl"
								       : "statuspage_summary"));
	return begin_named(im, i, formats[i].document, err);
}

/* The first line that is not blank; false: it has not ended yet. What was looked at is not looked at again when more has come. */
static bool first_line(struct importer *im, bool whole, struct text *out)
{
	struct text head = {im->head, im->head_n};
	struct text line = {"", 0};

	if (im->passed == 0 && text_starts(head, "\xef\xbb\xbf"))
		im->passed = 3;
	while (im->passed < head.n) {
		size_t end = im->looked > im->passed ? im->looked : im->passed;

		while (end < head.n && head.p[end] != '\n' && head.p[end] != '\r')
			end++;
		im->looked = end;
		if (end == head.n && !whole)
			return false;
		line = text_sub(head, im->passed, end);
		/* An Excel `sep=` line belongs to the header after it. */
		if (text_trim(line).n > 0 && !(line.n == 5 && text_starts(line, "sep=")))
			break;
		line = (struct text){"", 0};
		im->passed = end + 1;
	}
	*out = text_trim(line);
	return whole || out->n > 0;
}

static bool is_utf16(const struct importer *im)
{
	return im->head_n >= 2 &&
	       (memcmp(im->head, "\xff\xfe", 2) == 0 || memcmp(im->head, "\xfe\xff", 2) == 0);
}

/* Picks the reader. Returns RC_OK without one as long as the first line has not ended. */
static enum rc detect(struct importer *im, bool whole, struct err *err)
{
	struct text line;
	size_t named = format_index(im->in.options.format);

	if (!is_utf16(im) && !first_line(im, whole, &line)) {
		if (im->head_n < HEAD_MAX)
			return RC_OK;
		return err_set(err, RC_LIMIT, "the first line is longer than %d bytes", HEAD_MAX);
	}
	if (!is_utf16(im) && im->in.options.mapping != NULL && im->in.options.mapping->json_lines)
		return begin_json_table(im, line, err);
	if (is_utf16(im) || (line.n == 0 && im->in.options.format.n == 0))
		return detect_csv(im, err);
	if (named < ARRAY_SIZE(formats))
		return begin_named(im, named, formats[named].document, err);
	if (im->in.options.format.n > 0)
		return detect_csv(im, err);
	if (text_eq_nocase(line, text_of("BEGIN:VCALENDAR")))
		return begin_named(im, format_index(text_of("icalendar")), false, err);
	if (im->in.options.first_line > 0 || line.p[0] == '{' || line.p[0] == '[')
		return detect_json(im, line, err);
	return detect_csv(im, err);
}

/* Hands the first bytes on, once the format is known. */
static enum rc start(struct importer *im, bool whole, struct err *err)
{
	enum rc rc = detect(im, whole, err);

	if (rc != RC_OK || !im->reading)
		return rc;
	return im->reader.ops->push(im->reader.reader, im->head, im->head_n, err);
}

static void keep_head(struct importer *im, const char *bytes, size_t n)
{
	if (im->head_cap - im->head_n < n) {
		size_t cap = im->head_cap == 0 ? FIRST_HEAD : im->head_cap;

		while (cap < im->head_n + n)
			cap *= 2;
		char *bigger = arena_alloc(im->arena, cap);

		if (im->head_n > 0)
			memcpy(bigger, im->head, im->head_n);
		im->head = bigger;
		im->head_cap = cap;
	}
	if (n > 0)
		memcpy(im->head + im->head_n, bytes, n);
	im->head_n += n;
}

enum rc importer_push(struct importer *im, const char *bytes, size_t n, struct err *err)
{
	enum rc rc = RC_OK;

	if (im->failed) {
		*err = im->err;
		return im->rc;
	}
	if (im->reading) {
		rc = im->reader.ops->push(im->reader.reader, bytes, n, err);
	} else {
		keep_head(im, bytes, n);
		rc = start(im, false, err);
	}
	return rc == RC_OK ? RC_OK : fail(im, rc, err);
}

static enum rc finish(struct importer *im, struct err *err)
{
	enum rc rc = im->failed ? im->rc : RC_OK;

	if (!im->failed && !im->reading)
		rc = start(im, true, err);
	if (rc == RC_OK && !im->reading)
		rc = err_set(err, RC_MISSING, "the file is empty");
	if (im->reading) {
		struct err closing = {.line = 0};
		enum rc closed = im->reader.ops->close(im->reader.reader, &closing);

		im->reading = false;
		if (rc == RC_OK && closed != RC_OK) {
			*err = closing;
			rc = closed;
		}
	}
	return rc;
}

enum rc importer_close(struct importer *im, struct import_report **out, struct err *err)
{
	bool failed_before = im->failed;
	enum rc rc = finish(im, err);

	if (rc != RC_OK) {
		if (failed_before)
			*err = im->err;
		return failed_before ? rc : fail(im, rc, err);
	}
	intake_end(&im->in);
	*out = im->in.report;
	return RC_OK;
}
