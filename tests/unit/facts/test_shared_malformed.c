/* SPDX-License-Identifier: Apache-2.0 */
/* Broken input of the shared data: nothing crashes, what must be refused is refused with a reason. */
#include "files.h"

#include "facts/csv_read.h"
#include "facts/json_read.h"

/* Of base/json.h, which cannot be included beside jansson: both have a json_object. */
void json_quote(struct buf *out, struct text t);

static size_t shown;

/* ---- CSV ---- */

enum verdict { V_OK, V_HEADERS, V_ENCODING, V_PARSE, V_COLUMNS };

static const char *const verdict_words[] = {"parse_ok", "E_HEADERS", "E_ENCODING", "E_CSV_PARSE",
					    "columns"};

struct csv_run {
	struct arena *arena;
	struct csv_reader *csv;
	size_t rows, bad, columns;
	enum csv_fault fault;
	struct buf *json; /* of csv-spectrum: the rows as JSON, or NULL */
	struct text *names;
};

static enum rc run_header(void *context, uint32_t line, const struct text *names, size_t n,
			  struct err *err)
{
	struct csv_run *r = context;
	int16_t *slots = arena_array(r->arena, int16_t, n);

	(void)line;
	(void)err;
	r->columns = n;
	r->names = arena_array(r->arena, struct text, n);
	for (size_t i = 0; i < n; i++) {
		slots[i] = (int16_t)i;
		r->names[i] = text_copy(r->arena, names[i]);
	}
	csv_want(r->csv, slots, n, n);
	return RC_OK;
}

static void run_row(void *context, uint32_t line, const struct text *fields)
{
	struct csv_run *r = context;

	(void)line;
	if (r->json != NULL) {
		buf_str(r->json, r->rows > 0 ? ",{" : "{");
		for (size_t i = 0; i < r->columns; i++) {
			if (i > 0)
				buf_char(r->json, ',');
			json_quote(r->json, r->names[i]);
			buf_char(r->json, ':');
			json_quote(r->json, fields[i]);
		}
		buf_char(r->json, '}');
	}
	r->rows++;
}

static void run_bad(void *context, uint32_t line, enum csv_fault fault, size_t detail)
{
	struct csv_run *r = context;

	(void)line;
	(void)detail;
	if (r->bad++ == 0)
		r->fault = fault;
}

static enum verdict run_csv(struct csv_run *r, struct text bytes, char delimiter, size_t chunk)
{
	struct csv_handler handler = {r, run_header, run_row, run_bad};
	struct err err = {.line = 0};
	struct csv_start start;

	if (csv_begin(bytes, &start, &err) != RC_OK)
		return text_has(text_of(err.message), text_of("UTF-16")) ? V_ENCODING : V_HEADERS;
	bytes = text_sub(bytes, start.skip, bytes.n);
	r->csv = csv_open(r->arena, start.delimiter != 0 ? start.delimiter : delimiter, start.line,
			  &handler);

	enum rc rc = RC_OK;

	for (size_t at = 0; at < bytes.n && rc == RC_OK; at += chunk) {
		struct text part = text_sub(bytes, at, at + chunk);

		rc = csv_push(r->csv, part.p, part.n, &err);
	}
	if (csv_close(r->csv, &err) != RC_OK || rc != RC_OK)
		return V_PARSE;
	if (r->fault == CSV_HAS_NUL || r->fault == CSV_NOT_UTF8)
		return V_ENCODING;
	if (r->fault == CSV_COLUMNS)
		return V_COLUMNS;
	return r->fault != CSV_FINE ? V_PARSE : V_OK;
}

/*
 * Where our verdict is another one than that of the tool the corpus was made for, and why. Duplicate or empty column names and
 * the choice of a delimiter are no matter of reading CSV here: a mapping states its delimiter and its columns, and a doubled
 * name is refused when it is used.
 */
static const struct {
	const char *file;
	enum verdict ours;
	const char *why;
} differs[] = {
	{"ambiguous_delimiter.csv", V_OK, "the mapping states the delimiter, nothing is guessed"},
	{"single_column.csv", V_OK,
	 "one column is no error; a mapping that wants more names the delimiter"},
	{"duplicate_headers.csv", V_OK, "refused when a mapping uses the column, noted when not"},
	{"backslash_escape.csv", V_PARSE, "RFC 4180: only a doubled quotation mark stands for one"},
	{"extra_fields_empty.csv", V_COLUMNS,
	 "a row of another length is skipped and noted, also if what is too much is empty"},
	{"extra_trailing_empty_fields.csv", V_COLUMNS, "the same"},
	{"ragged_rows_long_empty.csv", V_COLUMNS, "the same"},
	{"wide_row_extra_empty.csv", V_COLUMNS, "the same"},
	{"ragged_rows_short.csv", V_COLUMNS, "a row that is too short is skipped and noted"},
	{"extra_fields_non_empty.csv", V_COLUMNS,
	 "the row is skipped and noted, the rest of the file is read"},
	{"extra_trailing_nonempty.csv", V_COLUMNS, "the same"},
	{"wide_row_extra_non_empty.csv", V_COLUMNS, "the same"},
};

static struct arena *csv_arena;
static struct text expected;

static struct text expected_row(struct text file, char *delimiter)
{
	struct text rest = expected, line, name, verdict, d;

	while (rest.n > 0) {
		rest = text_cut(rest, '\n', &line);
		line = text_cut(line, '\t', &name);
		if (!text_eq(name, file))
			continue;
		line = text_cut(line, '\t', &verdict);
		(void)text_cut(line, '\t', &d);
		*delimiter = ',';
		if (d.n == 1)
			*delimiter = d.p[0];
		if (text_is(d, "\\t"))
			*delimiter = '\t';
		if (text_eq_nocase(d, text_of("0x01")))
			*delimiter = '\x01';
		if (text_eq_nocase(d, text_of("0x1f")))
			*delimiter = '\x1f';
		return verdict;
	}
	return (struct text){"", 0};
}

static void find_expected(const char *path, struct text bytes)
{
	if (text_ends(text_of(path), "rvl/expected.tsv"))
		expected = text_copy(csv_arena, bytes);
}

static void check_csv(const char *path, struct text bytes)
{
	struct text p = text_of(path), file = p;
	char delimiter = ',';

	if (!text_ends(p, ".csv") || !text_has(p, text_of("rvl/")))
		return;
	for (size_t i = p.n; i > 0 && p.p[i - 1] != '/'; i--)
		file = text_sub(p, i - 1, p.n);
	struct text verdict = expected_row(file, &delimiter);
	struct csv_run whole = {.arena = csv_arena}, split = {.arena = csv_arena};
	enum verdict got = run_csv(&whole, bytes, delimiter, bytes.n + 1);
	enum verdict again = run_csv(&split, bytes, delimiter, 1);
	const char *want = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(differs); i++)
		if (text_is(file, differs[i].file))
			want = verdict_words[differs[i].ours];
	ok(want != NULL ? text_is(text_of(verdict_words[got]), want)
			: text_is(verdict, verdict_words[got]),
	   "%.*s: %s, expected there %.*s", TEXT_ARG(file), verdict_words[got], TEXT_ARG(verdict));
	ok(got == again && whole.rows == split.rows && whole.bad == split.bad,
	   "%.*s: the same byte by byte", TEXT_ARG(file));
	shown++;
}

/* csv-spectrum: X.csv with its rows in X.json. */
static struct {
	struct text name, bytes;
} spectrum[64];
static size_t n_spectrum;

static void keep_spectrum(const char *path, struct text bytes)
{
	if (!text_has(text_of(path), text_of("csv-spectrum/")) ||
	    n_spectrum == ARRAY_SIZE(spectrum))
		return;
	spectrum[n_spectrum].name = text_copy(csv_arena, text_of(path));
	spectrum[n_spectrum++].bytes = text_copy(csv_arena, bytes);
}

static struct text base_of(struct text path)
{
	size_t from = 0, dot = path.n;

	for (size_t i = 0; i < path.n; i++) {
		if (path.p[i] == '/')
			from = i + 1;
		if (path.p[i] == '.')
			dot = i;
	}
	return text_sub(path, from, dot);
}

static void check_spectrum(void)
{
	size_t compared = 0;

	for (size_t i = 0; i < n_spectrum; i++) {
		if (!text_ends(spectrum[i].name, ".csv"))
			continue;
		for (size_t j = 0; j < n_spectrum; j++) {
			struct buf json;
			struct err err = {.line = 0};
			struct csv_run run = {.arena = csv_arena, .json = &json};

			if (!text_ends(spectrum[j].name, ".json") ||
			    !text_eq(base_of(spectrum[i].name), base_of(spectrum[j].name)))
				continue;
			buf_init(&json, 1 << 20);
			buf_char(&json, '[');
			(void)run_csv(&run, spectrum[i].bytes, ',', 7);
			buf_char(&json, ']');
			json_t *got = json_strict(buf_view(&json), &err),
			       *want = json_strict(spectrum[j].bytes, &err);

			ok(got != NULL && want != NULL && json_equal(got, want),
			   "csv-spectrum %.*s", TEXT_ARG(base_of(spectrum[i].name)));
			if (got == NULL || want == NULL || !json_equal(got, want))
				note("%.*s", TEXT_ARG(buf_view(&json)));
			json_decref(got);
			json_decref(want);
			buf_free(&json);
			compared++;
		}
	}
	ok(compared == 11, "csv-spectrum: all 11 compared");
}

/* ---- JSON ---- */

/* Stricter than JSON asks: names of an object must differ (the last would win silently) and hold no NUL. */
static const char *const stricter[] = {"y_object_duplicated_key.json",
				       "y_object_duplicated_key_and_value.json",
				       "y_object_escaped_null_in_key.json"};

static void check_json(const char *path, struct text bytes)
{
	struct text file = text_of(path);
	struct err err = {.line = 0};
	bool refuse = false;

	if (!text_ends(file, ".json"))
		return;
	for (size_t i = file.n; i > 0 && path[i - 1] != '/'; i--)
		file = text_of(path + i - 1);
	json_t *value = json_strict(bytes, &err);
	struct import_options o = plain_options(path);

	for (size_t i = 0; i < ARRAY_SIZE(stricter); i++)
		refuse = refuse || text_is(file, stricter[i]);
	if (text_starts(file, "y_"))
		ok((value != NULL) != refuse, "%.*s is %s", TEXT_ARG(file),
		   refuse ? "refused" : "read");
	if (text_starts(file, "n_"))
		ok(value == NULL && err.message[0] != '\0', "%.*s is refused: %s", TEXT_ARG(file),
		   err.message);
	if (value != NULL && text_starts(file, "n_"))
		note("accepted");
	json_decref(value);

	/* As JSON lines: none of them is a fact, none crashes, each line is counted. */
	o.format = text_of("tenor_jsonl");
	struct imported im = import_text(bytes, &o, 3);

	ok(im.facts->n == 0 && (im.rc != RC_OK || im.report->taken == 0), "%.*s gives no fact",
	   TEXT_ARG(file));
	imported_free(&im);
	shown++;
}

/* ---- iCalendar ---- */

static size_t n_ics, ics_facts;

static void check_ics(const char *path, struct text bytes)
{
	struct text p = text_of(path);
	struct import_options o = plain_options(path);

	if (!text_ends(p, ".ics"))
		return;
	o.format = text_of("icalendar");
	o.default_zone = text_of("America/New_York");
	o.zones = system_zones();
	struct imported im = import_text(bytes, &o, 4096);
	bool told =
		im.rc != RC_OK || im.report->skipped > 0 || im.report->counts[IMPORT_EVENT_ODD] > 0;

	n_ics++;
	ics_facts += im.facts->n;
	if (im.rc == RC_OK && im.report->taken + im.report->skipped != im.report->rows_read)
		ok(false, "%s: rows are taken or skipped", path);
	if (text_has(p, text_of("ical4j/invalid/"))) {
		/* What is wrong where nothing is read from is told, and the announcement is taken all the same. */
		ok(told, "%s is told to be wrong: %s", path,
		   im.rc != RC_OK ? im.err.message
				  : (im.report->n_notes > 0 ? im.report->notes[0].text.p : "no"));
		for (size_t i = 0; im.rc == RC_OK && i < im.report->n_notes; i++)
			note("%s: %.*s", import_code_word(im.report->notes[i].code),
			     TEXT_ARG(im.report->notes[i].text));
	}
	imported_free(&im);
}

int main(void)
{
	if (tap_shared() == NULL)
		return tap_skip_all("no shared data");
	csv_arena = arena_new((size_t)1 << 30);
	(void)shared_files("malformed/csv-edge-cases.tar.zst", find_expected);
	(void)shared_files("malformed/csv-edge-cases.tar.zst", check_csv);
	is_i64((int64_t)shown, 89, "files of the CSV corpus");
	(void)shared_files("malformed/csv-edge-cases.tar.zst", keep_spectrum);
	check_spectrum();
	shown = 0;
	(void)shared_files("malformed/JSONTestSuite.tar.zst", check_json);
	ok(shown >= 318, "files of the JSON suite: %zu", shown);
	(void)shared_files("calendars/icalendar-fixtures.tar.zst", check_ics);
	is_i64((int64_t)n_ics, 1515, "iCalendar files");
	note("%zu facts from them", ics_facts);
	arena_free(csv_arena);
	return tap_done();
}
