/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The service statement (sla.md R68): the same for both parties. The verdict first, then what follows from it, then why, then
 * what did not count and why. Nothing is computed here.
 *
 * As text: doc_text(statement_doc(...)); as a page: doc_html. statement_json and statement_csv say the same to machines.
 */
#ifndef RENDER_STATEMENT_H
#define RENDER_STATEMENT_H

#include "engine/outcome.h"
#include "facts/import.h"
#include "render/doc.h"

enum { STATEMENT_ROWS_DEFAULT = 10 };

/* What the record says of a statement: which entries it was worked out from, and, once issued, its document. */
struct statement_record {
	struct text origin;  /* of the log */
	int64_t size;        /* entries looked at */
	struct text root;    /* of the tree of that size, hex */
	struct text document; /* SHA-256 of the canonical document, hex; empty: not issued */
	int64_t revision;    /* from 1 */
};

struct statement_options {
	const struct language *language;            /* NULL: English */
	const struct import_report *const *imports; /* one a file, in the order read */
	size_t n_imports;
	/* The words before `--what ID` that explain a figure: "tenor explain contract.yaml tickets.csv --month 2026-03" */
	struct text explain_command;
	bool text_only; /* leave out what only a page shows: a long statement is then far quicker to make */
	bool entries; /* facts come from a record: they are named by their entry, not by file and line */
	const struct statement_record *record; /* NULL: worked out from files */
	/*
	 * JSON: of all cases, those of one window after the other, then those that are not counted, then flagged facts, so many from that
	 * one on. 0: all
	 */
	size_t cases_most, cases_from;
	size_t rows; /* rows of a long list in text, 0: the default. Pages, JSON and CSV always have all */
};

struct doc *statement_doc(struct arena *a, const struct outcome *o,
			  const struct statement_options *options);

/*
 * {"tenor_statement": 1, ...}: every figure as exact text or integer, and how it came about. The fields are described in
 * statement_json.c, next to what writes them. No float, no null; absent means there is none.
 */
void statement_json(struct arena *a, const struct outcome *o,
		    const struct statement_options *options, bool pretty, struct buf *out);

/*
 * One flat table (RFC 4180, but lines end with LF alone): a header and a row for each window, sample, outage, excuse and
 * credit. Columns are described in statement_csv.c. A text that a spreadsheet would take for a formula gets a leading '.
 */
void statement_csv(struct arena *a, const struct outcome *o, struct buf *out);

#endif
