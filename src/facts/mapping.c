/* SPDX-License-Identifier: Apache-2.0 */
#include "facts/mapping.h"

#include <assert.h>
#include <string.h>

static const char *const rows_words[] = {
	[ROWS_TICKET_STATES] = "ticket_states",
	[ROWS_TICKETS] = "tickets",
	[ROWS_FACTS] = "facts",
	[ROWS_SAMPLES] = "samples",
	[ROWS_COSTS] = "costs",
	[ROWS_STATUSPAGE] = "statuspage",
	[ROWS_CALENDAR] = "calendar",
};

#define ON(rows) (1u << (rows))
enum {
	STATES = ON(ROWS_TICKET_STATES),
	TICKETS = ON(ROWS_TICKETS),
	FACTS = ON(ROWS_FACTS),
	SAMPLES = ON(ROWS_SAMPLES),
	COSTS = ON(ROWS_COSTS),
};

/* Key, the rows that know it, the rows that need it. */
static const struct {
	const char *key;
	unsigned allowed, required;
} columns[COLUMN_COUNT] = {
	[COLUMN_ID] = {"id", FACTS | COSTS, 0},
	[COLUMN_KIND] = {"kind", FACTS, 0},
	[COLUMN_TICKET] = {"ticket", STATES | TICKETS, STATES | TICKETS},
	[COLUMN_STATE] = {"state", STATES | SAMPLES, STATES | SAMPLES},
	[COLUMN_LOGGED] = {"logged", STATES | TICKETS, TICKETS},
	[COLUMN_LOGGED_RECORDED] = {"logged_recorded", STATES | TICKETS, 0},
	[COLUMN_OCCURRED] = {"occurred", STATES | SAMPLES | FACTS | COSTS,
			     STATES | SAMPLES | COSTS},
	[COLUMN_TIME] = {"time", FACTS, 0},
	[COLUMN_RECORDED] = {"recorded", STATES | TICKETS | SAMPLES | FACTS, 0},
	[COLUMN_PRIORITY] = {"priority", STATES | TICKETS, 0},
	[COLUMN_TECHNICIAN] = {"technician", STATES | TICKETS, 0},
	[COLUMN_REOPENINGS] = {"reopenings", STATES, 0},
	[COLUMN_ORDER] = {"order", STATES, 0},
	[COLUMN_VERDICT] = {"verdict", STATES | TICKETS, 0},
	[COLUMN_CHANNEL] = {"channel", STATES | TICKETS, 0},
	[COLUMN_SERVICE] = {"service", STATES | TICKETS, 0},
	[COLUMN_SITE] = {"site", STATES | TICKETS, 0},
	[COLUMN_PARTY] = {"party", FACTS, 0},
	[COLUMN_ANSWERED] = {"answered", TICKETS, 0},
	[COLUMN_ASSIGNED] = {"assigned", TICKETS, 0},
	[COLUMN_STARTED] = {"started", TICKETS, 0},
	[COLUMN_RESTORED] = {"restored", TICKETS, 0},
	[COLUMN_RESOLVED] = {"resolved", TICKETS, 0},
	[COLUMN_CLOSED] = {"closed", TICKETS, 0},
	[COLUMN_CANCELLED] = {"cancelled", TICKETS, 0},
	[COLUMN_ASSET] = {"asset", SAMPLES, SAMPLES},
	[COLUMN_CODE] = {"code", SAMPLES, 0},
	[COLUMN_SEQ] = {"seq", FACTS, 0},
	[COLUMN_CORRECTS] = {"corrects", FACTS, 0},
	[COLUMN_CATEGORY] = {"category", COSTS, 0},
};

static const struct {
	const char *word;
	enum meaning means;
} meanings[] = {
	{"open", MEANS_OPEN},
	{"work", MEANS_WORK},
	{"answer", MEANS_ANSWER},
	{"waiting_client", MEANS_WAITING_CLIENT},
	{"waiting_vendor", MEANS_WAITING_VENDOR},
	{"scheduled", MEANS_SCHEDULED},
	{"restored", MEANS_RESTORED},
	{"resolved", MEANS_RESOLVED},
	{"closed", MEANS_CLOSED},
	{"cancelled", MEANS_CANCELLED},
	{"by_person", MEANS_BY_PERSON},
	{"ignore", MEANS_IGNORE},
	{"up", MEANS_UP},
	{"down", MEANS_DOWN},
	{"degraded", MEANS_DEGRADED},
	{"unknown", MEANS_UNKNOWN},
	{"cost", MEANS_COST},
};

const char *mapping_rows_word(enum mapping_rows r)
{
	assert((unsigned)r < ARRAY_SIZE(rows_words));
	return rows_words[r];
}

const char *column_key(enum column c)
{
	assert((unsigned)c < COLUMN_COUNT);
	return columns[c].key;
}

bool column_allowed(enum column c, enum mapping_rows rows)
{
	assert((unsigned)c < COLUMN_COUNT);
	return (columns[c].allowed & ON(rows)) != 0;
}

bool column_required(enum column c, enum mapping_rows rows)
{
	assert((unsigned)c < COLUMN_COUNT);
	return (columns[c].required & ON(rows)) != 0;
}

const struct mapping_word *mapping_word(const struct mapping_words *w, struct text from)
{
	for (size_t i = 0; i < w->n; i++)
		if (text_eq(w->v[i].from, from))
			return &w->v[i];
	return NULL;
}

/* A mapping being read. */
struct reader {
	struct arena *arena;
	struct mapping *m;
	const struct section *section;
	uint32_t line;
	bool rows_seen;
	struct mapping_words seen; /* keys of the sections with fixed keys */
	uint32_t columns_line[COLUMN_COUNT];
	struct err *err;
};

static enum rc complain(struct reader *r, struct text key, const char *code)
{
	err_at(r->err, r->m->file, r->line, 0);
	err_code(r->err, code);
	if (key.n > 0)
		err_key(r->err, key);
	return RC_INVALID;
}

enum { WORDS_MAX = 96 };

static enum rc unknown_word(struct reader *r, struct text key, const char *what, struct text word,
			    const struct text *known, size_t n)
{
	struct text nearest = text_nearest(word, known, n);
	struct buf all;

	(void)err_set(r->err, RC_INVALID, "unknown %s '%.*s'", what, TEXT_ARG(word));
	if (nearest.n > 0) {
		err_hint(r->err, "did you mean '%.*s'?", TEXT_ARG(nearest));
	} else {
		buf_init(&all, ERR_MESSAGE_MAX - 1);
		for (size_t i = 0; i < n; i++)
			buf_printf(&all, "%s%.*s", i == 0 ? "known are " : ", ",
				   TEXT_ARG(known[i]));
		err_hint(r->err, "%.*s", TEXT_ARG(buf_view(&all)));
		buf_free(&all);
	}
	return complain(r, key, "mapping.word");
}

/* The next part of a list, cut at `separator`; a part in quotation marks is taken as it is. false at the end. */
static bool next_part(struct text *rest, char separator, struct text *part)
{
	struct text t = text_trim(*rest);

	if (t.n == 0)
		return false;
	if (t.p[0] == '"') {
		size_t end = text_find(t, '"', 1);

		if (end < t.n) {
			*part = text_sub(t, 1, end);
			struct text skipped;

			*rest = text_cut(text_sub(t, end + 1, t.n), separator, &skipped);
			return true;
		}
	}
	*rest = text_cut(t, separator, part);
	*part = text_trim(*part);
	return true;
}

static void add_text(struct reader *r, struct text **v, size_t *n, size_t *cap, struct text t)
{
	*v = arena_grow(r->arena, *v, *n, cap, sizeof(**v));
	(*v)[(*n)++] = t;
}

static void add_word(struct reader *r, struct mapping_words *w, struct mapping_word word)
{
	word.line = r->line;
	w->v = arena_grow(r->arena, w->v, w->n, &w->cap, sizeof(*w->v));
	w->v[w->n++] = word;
}

static enum rc yes_or_no(struct reader *r, struct text key, struct text value, bool *out)
{
	static const struct text known[] = {{"yes", 3}, {"no", 2}};

	if (!text_is(value, "yes") && !text_is(value, "no"))
		return unknown_word(r, key, "word", value, known, 2);
	*out = text_is(value, "yes");
	return RC_OK;
}

static enum rc read_rows(struct reader *r, struct text key, struct text value)
{
	struct text known[ARRAY_SIZE(rows_words)];

	for (size_t i = 0; i < ARRAY_SIZE(rows_words); i++) {
		known[i] = text_of(rows_words[i]);
		if (text_eq(value, known[i])) {
			r->m->rows = (enum mapping_rows)i;
			r->rows_seen = true;
			return RC_OK;
		}
	}
	return unknown_word(r, key, "kind of rows", value, known, ARRAY_SIZE(known));
}

static enum rc read_mapping(struct reader *r, struct text key, struct text value)
{
	static const struct text known[] = {{"name", 4}, {"title", 5}, {"rows", 4}, {"header", 6}};
	struct text rest = value, part;

	if (text_is(key, "name")) {
		r->m->name = value;
		return RC_OK;
	}
	if (text_is(key, "title")) {
		r->m->title = value;
		return RC_OK;
	}
	if (text_is(key, "rows"))
		return read_rows(r, key, value);
	if (!text_is(key, "header"))
		return unknown_word(r, key, "key", key, known, ARRAY_SIZE(known));
	while (next_part(&rest, ',', &part))
		add_text(r, &r->m->header, &r->m->n_header, &r->m->header_cap, part);
	return RC_OK;
}

static enum rc read_delimiter(struct reader *r, struct text key, struct text value)
{
	static const struct {
		const char *word;
		char c;
	} named[] = {{"comma", ','}, {"semicolon", ';'}, {"tab", '\t'}, {"pipe", '|'}};

	for (size_t i = 0; i < ARRAY_SIZE(named); i++)
		if (text_is(value, named[i].word)) {
			r->m->delimiter = named[i].c;
			return RC_OK;
		}
	if (value.n == 1 && value.p[0] != '"') {
		r->m->delimiter = value.p[0];
		return RC_OK;
	}
	(void)err_set(r->err, RC_INVALID, "'%.*s' is no delimiter", TEXT_ARG(value));
	err_hint(r->err, "write one character, or comma, semicolon, tab, pipe");
	return complain(r, key, "mapping.word");
}

static enum rc read_party(struct reader *r, struct text key, struct text value, enum party *out)
{
	struct text known[PARTY_SUPPLIER];

	for (unsigned p = PARTY_PROVIDER; p <= PARTY_SUPPLIER; p++)
		known[p - 1] = text_of(party_word((enum party)p));
	if (party_find(value, out))
		return RC_OK;
	return unknown_word(r, key, "party", value, known, ARRAY_SIZE(known));
}

static enum rc read_file(struct reader *r, struct text key, struct text value)
{
	static const struct text known[] = {
		{"delimiter", 9}, {"null", 4},  {"duplicates", 10}, {"decimal", 7}, {"negative", 8},
		{"whole_log", 9}, {"party", 5}, {"logged_by", 9},   {"apart", 5},   {"lines", 5}};
	static const struct text duplicates[] = {{"conflict", 8}, {"correct", 7}};
	struct text rest = value, part;

	if (text_is(key, "delimiter"))
		return read_delimiter(r, key, value);
	if (text_is(key, "whole_log"))
		return yes_or_no(r, key, value, &r->m->whole_log);
	if (text_is(key, "party"))
		return read_party(r, key, value, &r->m->party);
	if (text_is(key, "logged_by"))
		return read_party(r, key, value, &r->m->logged_by);
	if (text_is(key, "decimal")) {
		static const struct text points[] = {{"point", 5}, {"comma", 5}};

		if (!text_eq(value, points[0]) && !text_eq(value, points[1]))
			return unknown_word(r, key, "word", value, points, 2);
		r->m->decimal = text_is(value, "comma") ? ',' : '.';
		return RC_OK;
	}
	if (text_is(key, "lines")) {
		static const struct text words[] = {{"table", 5}, {"json", 4}};

		if (!text_eq(value, words[0]) && !text_eq(value, words[1]))
			return unknown_word(r, key, "word", value, words, 2);
		r->m->json_lines = text_is(value, "json");
		return RC_OK;
	}
	if (text_is(key, "negative")) {
		static const struct text words[] = {{"refuse", 6}, {"ignore", 6}};

		if (!text_eq(value, words[0]) && !text_eq(value, words[1]))
			return unknown_word(r, key, "word", value, words, 2);
		r->m->negative_ignored = text_is(value, "ignore");
		return RC_OK;
	}
	if (text_is(key, "duplicates")) {
		if (!text_is(value, "conflict") && !text_is(value, "correct"))
			return unknown_word(r, key, "word", value, duplicates, 2);
		r->m->correct = text_is(value, "correct");
		return RC_OK;
	}
	if (text_is(key, "apart")) {
		while (next_part(&rest, ',', &part))
			add_text(r, &r->m->apart, &r->m->n_apart, &r->m->apart_cap, part);
		return RC_OK;
	}
	if (!text_is(key, "null"))
		return unknown_word(r, key, "key", key, known, ARRAY_SIZE(known));
	while (next_part(&rest, ',', &part))
		add_text(r, &r->m->nulls, &r->m->n_nulls, &r->m->nulls_cap, part);
	return RC_OK;
}

static enum rc read_format(struct reader *r, struct text key, struct text value)
{
	struct mapping *m = r->m;
	struct date_format *f = &m->formats[m->n_formats];

	if (m->n_formats == DATE_FORMATS_MAX) {
		(void)err_set(r->err, RC_INVALID, "more than %d forms of date", DATE_FORMATS_MAX);
		return complain(r, key, "mapping.dates");
	}
	if (date_format_parse(value, f, r->err) != RC_OK)
		return complain(r, key, "mapping.dates");
	for (size_t i = 0; i < m->n_formats; i++)
		if (date_formats_clash(&m->formats[i], f)) {
			(void)err_set(r->err, RC_INVALID,
				      "'%.*s' and '%.*s' read the same text as different dates",
				      TEXT_ARG(m->formats[i].text), TEXT_ARG(value));
			err_hint(r->err, "keep the one that the tool writes");
			return complain(r, key, "mapping.dates");
		}
	m->n_formats++;
	return RC_OK;
}

static enum rc read_dates(struct reader *r, struct text key, struct text value)
{
	static const struct text known[] = {{"format", 6}, {"zone", 4}};

	if (text_is(key, "format"))
		return read_format(r, key, value);
	if (!text_is(key, "zone"))
		return unknown_word(r, key, "key", key, known, ARRAY_SIZE(known));
	r->m->zone = value;
	return RC_OK;
}

/* `order`, `ticket`, `technician` are columns of other rows, and fields of facts. */
static bool is_field_here(const struct reader *r, enum column c, struct text key)
{
	enum fact_field unused;

	return r->rows_seen && r->m->rows == ROWS_FACTS && !column_allowed(c, ROWS_FACTS) &&
	       field_find(key, &unused);
}

static enum rc read_column(struct reader *r, struct text key, struct text value)
{
	struct text known[COLUMN_COUNT + FIELD_COUNT];
	enum fact_field field;
	size_t n = 0;

	for (unsigned c = 0; c < COLUMN_COUNT; c++) {
		if (text_is(key, columns[c].key) && !is_field_here(r, (enum column)c, key)) {
			if (r->columns_line[c] != 0) {
				(void)err_set(r->err, RC_INVALID,
					      "'%.*s' stands on line %u already", TEXT_ARG(key),
					      r->columns_line[c]);
				return complain(r, key, "mapping.twice");
			}
			r->m->columns[c] = value;
			r->columns_line[c] = r->line;
			return RC_OK;
		}
		known[n++] = text_of(columns[c].key);
	}
	if (field_find(key, &field)) {
		add_word(r, &r->m->fields, (struct mapping_word){.from = key, .to = value});
		return RC_OK;
	}
	for (unsigned f = 0; f < FIELD_COUNT; f++)
		if (!field_row((enum fact_field)f)->record)
			known[n++] = text_of(field_row((enum fact_field)f)->key);
	return unknown_word(r, key, "column", key, known, n);
}

/* [values]: what is the same in every row, and so in no column. */
static enum rc read_fixed(struct reader *r, struct text key, struct text value)
{
	struct text known[FIELD_COUNT + 2], nearest;
	enum fact_field field;
	enum fact_kind kind;
	size_t n = 0;

	if (text_is(key, "kind") && (!fact_kind_find(value, &kind) || fact_row(kind)->record)) {
		nearest = fact_kind_nearest(value);
		if (nearest.n > 0)
			err_hint(r->err, "did you mean '%.*s'?", TEXT_ARG(nearest));
		(void)err_set(r->err, RC_INVALID, "unknown kind '%.*s'", TEXT_ARG(value));
		return complain(r, key, "mapping.word");
	}
	known[n++] = text_of("kind");
	known[n++] = text_of("occurred");
	if (!text_is(key, "kind") && !text_is(key, "occurred") && !field_find(key, &field)) {
		for (unsigned f = 0; f < FIELD_COUNT; f++)
			if (!field_row((enum fact_field)f)->record)
				known[n++] = text_of(field_row((enum fact_field)f)->key);
		return unknown_word(r, key, "key", key, known, n);
	}
	add_word(r, &r->m->values, (struct mapping_word){.from = key, .to = value});
	return RC_OK;
}

static enum rc read_statuspage(struct reader *r, struct text key, struct text value)
{
	static const struct text keys[] = {{"occurred", 8}};
	static const struct text known[] = {{"component_updated_at", 20}, {"observed_at", 11}};

	if (!text_is(key, "occurred"))
		return unknown_word(r, key, "key", key, keys, 1);
	if (!text_eq(value, known[0]) && !text_eq(value, known[1]))
		return unknown_word(r, key, "word", value, known, 2);
	r->m->observed = text_eq(value, known[1]);
	return RC_OK;
}

static enum rc read_meaning(struct reader *r, struct text key, struct text value, unsigned *means)
{
	struct text known[ARRAY_SIZE(meanings)], rest = value, part;
	unsigned all = 0;

	for (size_t i = 0; i < ARRAY_SIZE(meanings); i++)
		known[i] = text_of(meanings[i].word);
	while (next_part(&rest, ' ', &part)) {
		size_t i = 0;

		while (i < ARRAY_SIZE(meanings) && !text_eq(part, known[i]))
			i++;
		if (i == ARRAY_SIZE(meanings))
			return unknown_word(r, key, "meaning", part, known, ARRAY_SIZE(known));
		all |= (unsigned)meanings[i].means;
	}
	*means = all;
	return RC_OK;
}

enum section_kind { SECTION_KEYS, SECTION_WORDS, SECTION_MEANINGS, SECTION_PARTIES };

struct section {
	const char *name;
	enum section_kind kind;
	enum rc (*read)(struct reader *r, struct text key, struct text value); /* SECTION_KEYS */
	size_t words; /* the others: place of the list in struct mapping */
};

static const struct section sections[] = {
	{"mapping", SECTION_KEYS, read_mapping, 0},
	{"file", SECTION_KEYS, read_file, 0},
	{"dates", SECTION_KEYS, read_dates, 0},
	{"columns", SECTION_KEYS, read_column, 0},
	{"values", SECTION_KEYS, read_fixed, 0},
	{"series", SECTION_WORDS, NULL, offsetof(struct mapping, series)},
	{"statuspage", SECTION_KEYS, read_statuspage, 0},
	{"states", SECTION_MEANINGS, NULL, offsetof(struct mapping, states)},
	{"severities", SECTION_MEANINGS, NULL, offsetof(struct mapping, severities)},
	{"codes", SECTION_MEANINGS, NULL, offsetof(struct mapping, codes)},
	{"categories", SECTION_MEANINGS, NULL, offsetof(struct mapping, categories)},
	{"priorities", SECTION_WORDS, NULL, offsetof(struct mapping, priorities)},
	{"verdicts", SECTION_WORDS, NULL, offsetof(struct mapping, verdicts)},
	{"channels", SECTION_WORDS, NULL, offsetof(struct mapping, channels)},
	{"services", SECTION_WORDS, NULL, offsetof(struct mapping, services)},
	{"assets", SECTION_WORDS, NULL, offsetof(struct mapping, assets)},
	{"charges", SECTION_WORDS, NULL, offsetof(struct mapping, charges)},
	{"parties", SECTION_PARTIES, NULL, offsetof(struct mapping, parties)},
};

static struct mapping_words *words_of(struct reader *r)
{
	return (struct mapping_words *)(void *)((char *)r->m + r->section->words);
}

static enum rc read_word(struct reader *r, struct text key, struct text value)
{
	struct mapping_word word = {.from = key, .to = value};
	const struct mapping_word *before = mapping_word(words_of(r), key);
	enum party party = PARTY_UNKNOWN;
	enum rc rc = RC_OK;

	if (before != NULL) {
		(void)err_set(r->err, RC_INVALID, "'%.*s' stands on line %u already", TEXT_ARG(key),
			      before->line);
		return complain(r, key, "mapping.twice");
	}
	if (r->section->kind == SECTION_MEANINGS)
		rc = read_meaning(r, key, value, &word.means);
	if (r->section->kind == SECTION_PARTIES)
		rc = read_party(r, key, value, &party);
	if (rc == RC_OK)
		add_word(r, words_of(r), word);
	return rc;
}

static enum rc read_section(struct reader *r, struct text line)
{
	struct text known[ARRAY_SIZE(sections)];
	struct text name = text_trim(text_sub(line, 1, line.n - 1));

	if (line.p[line.n - 1] != ']') {
		(void)err_set(r->err, RC_INVALID, "a section begins with [ and ends with ]");
		return complain(r, line, "mapping.line");
	}
	for (size_t i = 0; i < ARRAY_SIZE(sections); i++) {
		known[i] = text_of(sections[i].name);
		if (text_eq(name, known[i])) {
			r->section = &sections[i];
			return RC_OK;
		}
	}
	return unknown_word(r, line, "section", name, known, ARRAY_SIZE(known));
}

/* The word before the equal sign, which may stand in quotation marks. */
static bool cut_key(struct text line, struct text *key, struct text *value)
{
	struct text rest = line;

	if (line.p[0] == '"') {
		size_t end = text_find(line, '"', 1);

		*key = text_sub(line, 1, end);
		rest = text_trim(text_sub(line, end + 1, line.n));
		if (rest.n == 0 || rest.p[0] != '=')
			return false;
		*value = text_trim(text_sub(rest, 1, rest.n));
		return true;
	}
	if (text_find(line, '=', 0) == line.n)
		return false;
	*value = text_trim(text_cut(line, '=', key));
	*key = text_trim(*key);
	return true;
}

/* Quotation marks around a whole value are dropped; lists have their own. */
static struct text unquote(struct text t)
{
	if (t.n >= 2 && t.p[0] == '"' && text_find(t, '"', 1) == t.n - 1)
		return text_sub(t, 1, t.n - 1);
	return t;
}

/* header, format, null and apart may be said in several lines; all else once. */
static enum rc only_once(struct reader *r, struct text key)
{
	if (text_is(key, "header") || text_is(key, "format") || text_is(key, "null") ||
	    text_is(key, "apart"))
		return RC_OK;
	for (size_t i = 0; i < r->seen.n; i++) {
		const struct mapping_word *w = &r->seen.v[i];

		if (!text_eq(w->from, key) || !text_is(w->to, r->section->name))
			continue;
		(void)err_set(r->err, RC_INVALID, "'%.*s' stands on line %u already", TEXT_ARG(key),
			      w->line);
		return complain(r, key, "mapping.twice");
	}
	add_word(r, &r->seen, (struct mapping_word){.from = key, .to = text_of(r->section->name)});
	return RC_OK;
}

static enum rc read_line(struct reader *r, struct text line)
{
	struct text key = {"", 0}, value = {"", 0};

	if (line.p[0] == '[')
		return read_section(r, line);
	if (!cut_key(line, &key, &value)) {
		(void)err_set(r->err, RC_INVALID, "'%.*s' is no line of a mapping",
			      line.n > 60 ? 60 : (int)line.n, line.p);
		err_hint(r->err, "write [section], word = meaning, or # comment");
		return complain(r, (struct text){"", 0}, "mapping.line");
	}
	if (r->section == NULL) {
		(void)err_set(r->err, RC_INVALID, "'%.*s' stands before the first section",
			      TEXT_ARG(key));
		err_hint(r->err, "begin with [mapping]");
		return complain(r, key, "mapping.line");
	}
	if (r->section->kind == SECTION_KEYS && r->section->read != read_mapping &&
	    !text_is(key, "null") && !text_is(key, "apart"))
		value = unquote(value);
	if (r->section->kind == SECTION_WORDS)
		value = unquote(value);
	if (r->section->kind != SECTION_KEYS)
		return read_word(r, key, value);
	enum rc rc = only_once(r, key);

	return rc == RC_OK ? r->section->read(r, key, value) : rc;
}

/* A line and those after it that begin with a blank, joined; *next_line is the number of the line after them. */
static struct text joined_line(struct arena *a, struct text *rest, uint32_t *next_line)
{
	struct text line, more, bytes = *rest;
	struct buf b;

	*rest = text_cut(*rest, '\n', &line);
	(*next_line)++;
	line = text_trim(line);
	if (line.n == 0 || line.p[0] == '#')
		return line;
	buf_init(&b, bytes.n + 1);
	buf_text(&b, line);
	while (rest->n > 0 && (rest->p[0] == ' ' || rest->p[0] == '\t')) {
		struct text after = text_cut(*rest, '\n', &more);

		more = text_trim(more);
		if (more.n == 0)
			break;
		buf_char(&b, ' ');
		buf_text(&b, more);
		*rest = after;
		(*next_line)++;
	}
	line = text_copy(a, buf_view(&b));
	buf_free(&b);
	return line;
}

static bool has_field(const struct mapping *m, const char *key)
{
	return mapping_word(&m->fields, text_of(key)) != NULL;
}

/* Rows that are costs have the fields of cost.recorded, of which an amount and its currency must be there. */
static enum rc check_costs(struct reader *r)
{
	static const char *const needed[] = {"amount", "currency"};
	const struct mapping *m = r->m;
	enum fact_field unused;

	for (size_t i = 0; i < m->fields.n; i++)
		if (!fact_field_find(FACT_COST_RECORDED, m->fields.v[i].from, &unused)) {
			r->line = m->fields.v[i].line;
			(void)err_set(r->err, RC_INVALID, "rows = costs have no column '%.*s'",
				      TEXT_ARG(m->fields.v[i].from));
			return complain(r, m->fields.v[i].from, "mapping.word");
		}
	r->line = 0;
	for (size_t i = 0; i < ARRAY_SIZE(needed); i++)
		if (!has_field(m, needed[i])) {
			(void)err_set(r->err, RC_INVALID, "column '%s' is missing in [columns]",
				      needed[i]);
			return complain(r, text_of(needed[i]), "mapping.missing");
		}
	for (size_t i = 0; i < m->categories.n; i++)
		if (m->categories.v[i].means != MEANS_COST &&
		    m->categories.v[i].means != MEANS_IGNORE) {
			r->line = m->categories.v[i].line;
			(void)err_set(r->err, RC_INVALID, "a category is either cost or ignore");
			return complain(r, m->categories.v[i].from, "mapping.word");
		}
	return RC_OK;
}

/* Of a kind that is told, every field must be one. */
static enum rc check_values(struct reader *r)
{
	const struct mapping *m = r->m;
	const struct mapping_word *told = mapping_word(&m->values, text_of("kind"));
	const struct mapping_words *lists[] = {&m->fields, &m->values};
	enum fact_field unused;
	enum fact_kind kind;

	if (m->values.n == 0)
		return RC_OK;
	r->line = m->values.v[0].line;
	if (m->rows != ROWS_FACTS || told == NULL || !fact_kind_find(told->to, &kind)) {
		(void)err_set(r->err, RC_INVALID, "[values] is for rows = facts of one kind");
		err_hint(r->err, "write rows = facts and kind = usage.recorded, or another");
		return complain(r, text_of("kind"), "mapping.missing");
	}
	for (size_t l = 0; l < ARRAY_SIZE(lists); l++)
		for (size_t i = 0; i < lists[l]->n; i++) {
			struct text key = lists[l]->v[i].from;

			if (text_is(key, "kind") || text_is(key, "occurred") ||
			    fact_field_find(kind, key, &unused))
				continue;
			struct text nearest = fact_field_nearest(kind, key);

			r->line = lists[l]->v[i].line;
			(void)err_set(r->err, RC_INVALID, "%s has no field '%.*s'",
				      fact_row(kind)->kind, TEXT_ARG(key));
			if (nearest.n > 0)
				err_hint(r->err, "did you mean '%.*s'?", TEXT_ARG(nearest));
			return complain(r, key, "mapping.word");
		}
	if (m->columns[COLUMN_OCCURRED].n > 0 ||
	    mapping_word(&m->values, text_of("occurred")) != NULL ||
	    kind == FACT_UNITS_LISTED) /* its day may be told with the file (intake.c) */
		return RC_OK;
	(void)err_set(r->err, RC_INVALID, "column 'occurred' is missing in [columns]");
	err_hint(r->err, "or write occurred = DATE in [values], if it is one for all rows");
	return complain(r, text_of("occurred"), "mapping.missing");
}

/* What only the whole can tell: rows known, required columns there, none that these rows do not have. */
static enum rc check_whole(struct reader *r)
{
	struct mapping *m = r->m;

	r->line = 0;
	if (!r->rows_seen) {
		(void)err_set(r->err, RC_INVALID, "'rows' is missing in [mapping]");
		err_hint(r->err,
			 "write rows = ticket_states, tickets, facts, samples, costs, statuspage "
			 "or calendar");
		return complain(r, text_of("rows"), "mapping.missing");
	}
	for (unsigned c = 0; c < COLUMN_COUNT; c++) {
		struct text key = text_of(columns[c].key);
		bool there = r->columns_line[c] != 0;

		r->line = r->columns_line[c];
		if (there && (columns[c].allowed & ON(m->rows)) == 0) {
			(void)err_set(r->err, RC_INVALID, "rows = %s have no column '%.*s'",
				      rows_words[m->rows], TEXT_ARG(key));
			return complain(r, key, "mapping.word");
		}
		if (!there && (columns[c].required & ON(m->rows)) != 0) {
			(void)err_set(r->err, RC_INVALID, "column '%.*s' is missing in [columns]",
				      TEXT_ARG(key));
			return complain(r, key, "mapping.missing");
		}
	}
	if (m->fields.n > 0 && m->rows != ROWS_FACTS && m->rows != ROWS_COSTS) {
		r->line = m->fields.v[0].line;
		(void)err_set(r->err, RC_INVALID, "rows = %s have no column '%.*s'",
			      rows_words[m->rows], TEXT_ARG(m->fields.v[0].from));
		return complain(r, m->fields.v[0].from, "mapping.word");
	}
	bool table = m->rows != ROWS_STATUSPAGE && m->rows != ROWS_CALENDAR;

	if (table && m->n_formats == 0) {
		r->line = 0;
		(void)err_set(r->err, RC_INVALID, "no form of date in [dates]");
		err_hint(r->err, "write format = D/M/YYYY HH:mm, or format = iso");
		return complain(r, text_of("format"), "mapping.missing");
	}
	return m->rows == ROWS_COSTS ? check_costs(r) : RC_OK;
}

enum rc mapping_parse(struct arena *a, struct text file, struct text bytes, struct mapping **out,
		      struct err *err)
{
	struct mapping *m = arena_one(a, struct mapping);
	struct reader r = {.arena = a, .m = m, .err = err};
	uint32_t line = 1;
	size_t bad = 0;

	m->file = text_copy(a, file);
	m->delimiter = ',';
	m->decimal = '.';
	if (text_starts(bytes, "\xef\xbb\xbf"))
		bytes = text_sub(bytes, 3, bytes.n);
	if (!text_utf8(bytes, &bad)) {
		r.line = 1;
		for (size_t i = 0; i < bad; i++)
			r.line += bytes.p[i] == '\n';
		(void)err_set(err, RC_INVALID, "the mapping is not UTF-8");
		return complain(&r, (struct text){"", 0}, "mapping.encoding");
	}
	bytes = text_copy(a, bytes);
	while (bytes.n > 0) {
		r.line = line;
		struct text text = joined_line(a, &bytes, &line);

		if (text.n == 0 || text.p[0] == '#')
			continue;
		enum rc rc = read_line(&r, text);

		if (rc != RC_OK)
			return rc;
	}
	enum rc rc = check_whole(&r);

	if (rc == RC_OK)
		rc = check_values(&r);
	if (rc != RC_OK)
		return rc;
	if (m->name.n == 0)
		m->name = m->file;
	*out = m;
	return RC_OK;
}
