/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What every importer does alike, and only importers see: taking facts into the set (the same id once, R14 flags of a single
 * fact), counting rows, noting what was left out, and turning the file's words into the contract's.
 */
#ifndef FACTS_INTAKE_H
#define FACTS_INTAKE_H

#include "facts/import.h"

/* A number for each symbol, 0 where none was kept. */
struct symbol_map {
	uint32_t *v;
	size_t cap;
};

/* Its place; good until the next call. */
uint32_t *symbol_map_at(struct symbol_map *m, struct arena *a, symbol y);

/* Words that importers write; symbols of the set. */
struct intake_words {
	symbol human, public_, up, down, degraded, unknown, person, monitor;
};

struct intake {
	struct arena *arena;
	struct facts *facts;
	struct import_options options;
	const struct mapping *mapping; /* never NULL once reading has begun */
	struct import_report *report;
	struct date_reader dates;    /* of tables, by the mapping */
	struct date_reader instants; /* RFC 3339 with an offset */
	struct intake_words words;
	uint16_t source;
	instant first, last; /* of what the file records; INSTANT_NONE: nothing yet */
	bool observes;       /* it told of outages or states of components */
	bool polled; /* states are what a poll saw: it observes from its first poll, not from the first change */
	struct symbol_map asset_of; /* of a component: its asset + 1; 0 not asked yet, 1 none */
};

void intake_init(struct intake *in, struct arena *a, struct facts *facts,
		 const struct import_options *options);
/* The mapping, format and zone are known: makes the source. */
enum rc intake_begin(struct intake *in, const struct mapping *m, struct text format,
		     struct err *err) MUST_USE;
/* The source's span, flags of the set, counts of flags. */
void intake_end(struct intake *in);

void intake_note(struct intake *in, enum import_code code, uint32_t line, const char *fmt, ...)
	PRINTF_LIKE(4, 5);
/* One row came out: taken, or skipped with a note that the caller has made. */
void intake_row(struct intake *in, bool taken);

enum intake_result { INTAKE_NEW, INTAKE_SAME, INTAKE_CONFLICT };

/* Takes a fact; source, subject and the flags late and future are set here. Conflicts are noted. */
enum intake_result intake_add(struct intake *in, struct fact *fact);

/* The file shows that its tool was looking at this instant, whether or not a fact comes of it. */
void intake_observed(struct intake *in, instant t);

/* Is it an empty field, or a mark for nothing? */
bool intake_null(const struct intake *in, struct text t);
/* An instant; false (and a note) if there is none. `what` names the column or key. */
bool intake_date(struct intake *in, struct text t, const char *what, uint32_t line,
		 struct stamp *out);
/* RFC 3339 with an offset, as status pages and our own form write it. */
bool intake_instant(struct intake *in, struct text t, const char *what, uint32_t line,
		    struct stamp *out);
/* The asset of a component, looked for by its id, then by its name (may be empty). 0 and a note, once, if there is none. */
symbol intake_asset(struct intake *in, struct text id, struct text name, uint32_t line);
/* The asset that a fact in our own form names: mapped if the mapping knows it, else kept as it is, with a note once. */
symbol intake_asset_named(struct intake *in, struct text id, uint32_t line);
symbol intake_priority(struct intake *in, struct text t, uint32_t line);
/* By a list of the mapping, or as it is. */
symbol intake_word(struct intake *in, const struct mapping_words *words, struct text t);
symbol intake_symbol(struct intake *in, struct text t);
/* "PREFIX:REST": an id made from what the row says, so that the same row gives the same id again. */
symbol intake_id(struct intake *in, struct text subject, const char *sep, struct text rest,
		 const char *event);
/* The party that reports: the options, then the mapping, then `otherwise`. */
enum party intake_party(const struct intake *in, enum party otherwise);
/*
 * Whose a ticket is: the tool of the provider also holds what the client reported. Without logged_by in the mapping it is the
 * party that reports.
 */
enum party intake_logged_by(const struct intake *in, enum party otherwise);

/* A reader of one format; each file below makes one. */
struct reader_ops {
	enum rc (*push)(void *reader, const char *p, size_t n, struct err *err);
	/* Ends the file; frees in any case. */
	enum rc (*close)(void *reader, struct err *err);
};

struct format_reader {
	const struct reader_ops *ops;
	void *reader;
};

/* CSV by the mapping of the intake; `start` says how the file begins. */
struct csv_start;
struct format_reader csv_format_open(struct intake *in, const struct csv_start *start);
/*
 * Rows by the mapping of the intake, for a reader that cuts them itself: the header, then rows of as many cells, then the end. What
 * is read of names that the mapping does not take is the caller's to leave out.
 */
struct row_table;
struct row_table *row_table_new(struct intake *in);
enum rc row_table_header(struct row_table *t, uint32_t line, const struct text *names, size_t n,
		     struct err *err) MUST_USE;
void row_table_row(struct row_table *t, uint32_t line, const struct text *cells);
void row_table_end(struct row_table *t);
/* JSON lines by the mapping of the intake: a column is the path of a member. */
struct format_reader json_table_open(struct intake *in);
/* JSON lines: our own form and the objects of status pages, told apart by their keys. */
struct format_reader json_lines_open(struct intake *in);
/* One JSON document: a status page's summary, lists of incidents, an Upptime summary. */
struct format_reader json_document_open(struct intake *in);
struct format_reader calendar_open(struct intake *in);

/* The name of the format of a JSON object, by its keys; empty: unknown. */
struct text json_format_of(struct text object);

#endif
