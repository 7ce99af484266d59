/* SPDX-License-Identifier: Apache-2.0 */
#include "app/derived_documents.h"

#include "app/issue.h"
#include "app/own_entries.h"

#include <stdlib.h>

enum { DOCUMENT_ARENA_BYTES = 1 << 28 };

/* What the entry itself says; the rest needs the document. */
static struct stored_document row_of(const struct log_head *log, const struct own_entry *e)
{
	day date = INT32_MIN; /* typed by facts.def as a word: a day that is none stays this */

	if (!day_parse(own_entry_text(e, "date"), &date))
		date = INT32_MIN;
	return (struct stored_document){.number = own_entry_text(e, "invoice"),
					.series = own_entry_text(e, "series"),
					.seq = own_entry_number(e, "number", 0),
					.log = log->id,
					.index = e->index,
					.day = date};
}

/* --- making --- */

static enum rc make_one(struct workspace *ws, const struct log_head *log, const struct own_entry *e,
			struct err *err)
{
	struct stored_document row = row_of(log, e);
	struct workspace own = *ws;
	struct issued_document d = {.invoice = NULL};
	enum rc rc;

	own.arena = arena_new(DOCUMENT_ARENA_BYTES);
	rc = money_document_of(&own, e, &d, err);
	if (rc == RC_INVALID || rc == RC_MISSING) {
		/* told by the doctor, who names the blob; the other contracts go on */
		err_clear(err);
		rc = record_document_put(ws->store, &row, err);
	} else if (rc == RC_OK)
		rc = issue_index(ws->store, log->id, e->index, d.invoice, row.seq, err);
	arena_free(own.arena);
	return rc;
}

enum rc derived_documents_make(struct workspace *ws, const struct log_head *log, struct err *err)
{
	struct own_entry *own;
	size_t n;
	enum rc rc = own_entries(ws, log, FACT_INVOICE_ISSUED, log->edge.size, &own, &n, err);

	for (size_t i = 0; rc == RC_OK && i < n; i++)
		rc = make_one(ws, log, &own[i], err);
	return rc;
}

/* --- comparing --- */

struct periods {
	struct arena *arena;
	struct stored_item *v;
	size_t n, cap;
};

static int by_period(const void *x, const void *y)
{
	const struct stored_item *a = x, *b = y;
	int order = text_cmp(a->charge, b->charge);

	order = order != 0 ? order : text_cmp(a->part, b->part);
	order = order != 0 ? order : (a->first_day > b->first_day) - (a->first_day < b->first_day);
	order = order != 0 ? order : (a->end_day > b->end_day) - (a->end_day < b->end_day);
	/* while they are gathered: in the order of the documents */
	return order != 0 ? order : (a->ordinal > b->ordinal) - (a->ordinal < b->ordinal);
}

static bool same_period(const struct stored_item *a, const struct stored_item *b)
{
	return text_eq(a->charge, b->charge) && text_eq(a->part, b->part) &&
	       a->first_day == b->first_day && a->end_day == b->end_day;
}

/* Each period of a document once, `at` its place among the documents. */
static void gather(struct periods *p, const struct log_head *log, const struct invoice *i,
		   int64_t at)
{
	for (size_t n = 0; n < i->n_lines; n++) {
		const struct invoice_line *l = &i->lines[n];

		p->v = arena_grow(p->arena, p->v, p->n, &p->cap, sizeof(*p->v));
		p->v[p->n++] = (struct stored_item){log->id,
						    text_copy(p->arena, l->charge),
						    text_copy(p->arena, l->item_part),
						    l->item.from,
						    l->item.to,
						    at,
						    text_copy(p->arena, i->number)};
	}
}

/* The n-th document of a period has ordinal n. */
static void count_ordinals(struct periods *p)
{
	size_t kept = 0;

	if (p->n > 1)
		qsort(p->v, p->n, sizeof(*p->v), by_period);
	for (size_t i = 0; i < p->n; i++) {
		struct stored_item x = p->v[i];
		const struct stored_item *last = kept > 0 ? &p->v[kept - 1] : NULL;

		if (last != NULL && same_period(last, &x) && text_eq(last->number, x.number))
			continue;
		x.ordinal = last != NULL && same_period(last, &x) ? last->ordinal + 1 : 1;
		p->v[kept++] = x;
	}
	p->n = kept;
}

static bool same_row(const struct stored_document *a, const struct stored_document *b)
{
	return text_eq(a->number, b->number) && text_eq(a->series, b->series) && a->seq == b->seq &&
	       a->day == b->day && a->log == b->log;
}

static void compare_rows(struct checks *checks, const struct log_head *log,
			 const struct own_entry *own, size_t n_own, const struct stored_document *v,
			 size_t n)
{
	size_t at = 0;

	for (size_t i = 0; i < n_own; i++) {
		struct stored_document row = row_of(log, &own[i]);

		for (; at < n && v[at].index < own[i].index; at++)
			checks_problem(checks,
				       "'%.*s' is in the table of documents and entry %lld issued "
				       "none; \"tenor rebuild\" makes the table again",
				       TEXT_ARG(v[at].number), (long long)v[at].index);
		if (at < n && v[at].index == own[i].index && same_row(&row, &v[at])) {
			at++;
			continue;
		}
		at += at < n && v[at].index == own[i].index;
		checks_problem(checks,
			       "entry %lld issued '%.*s', and the table of documents does not say "
			       "so; \"tenor rebuild\" makes it again",
			       (long long)own[i].index, TEXT_ARG(row.number));
	}
	for (; at < n; at++)
		checks_problem(checks,
			       "'%.*s' is in the table of documents and entry %lld issued none; "
			       "\"tenor rebuild\" makes the table again",
			       TEXT_ARG(v[at].number), (long long)v[at].index);
}

static void compare_periods(struct checks *checks, const struct periods *p,
			    const struct stored_item *v, size_t n)
{
	size_t i = 0;

	while (i < n && i < p->n && by_period(&p->v[i], &v[i]) == 0 &&
	       text_eq(p->v[i].number, v[i].number))
		i++;
	if (i < n || i < p->n) {
		struct text number = i < p->n ? p->v[i].number : v[i].number;

		checks_problem(checks,
			       "the service periods of '%.*s' are not in the table as the document "
			       "has them; \"tenor rebuild\" makes it again",
			       TEXT_ARG(number));
	}
}

enum rc derived_documents_compare(struct workspace *ws, const struct log_head *log,
				  struct checks *checks, struct err *err)
{
	struct periods p = {.arena = ws->arena};
	struct stored_document *rows;
	struct stored_item *items;
	struct own_entry *own;
	size_t n_own, n_rows, n_items, read = 0;
	enum rc rc = checks_take(
		checks,
		own_entries(ws, log, FACT_INVOICE_ISSUED, log->edge.size, &own, &n_own, err), err);

	if (rc == RC_OK)
		rc = record_documents_of(ws->store, ws->arena, log->id, &rows, &n_rows, err);
	if (rc == RC_OK)
		rc = record_items_of(ws->store, ws->arena, log->id, &items, &n_items, err);
	if (rc != RC_OK)
		return rc;
	compare_rows(checks, log, own, n_own, rows, n_rows);
	for (size_t i = 0; rc == RC_OK && i < n_own; i++) {
		struct workspace scratch = *ws;
		struct issued_document d = {.invoice = NULL};

		scratch.arena = arena_new(DOCUMENT_ARENA_BYTES);
		rc = checks_take(checks, money_document_of(&scratch, &own[i], &d, err), err);
		if (rc == RC_OK && d.invoice != NULL) {
			gather(&p, log, d.invoice, (int64_t)i);
			read++;
		}
		arena_free(scratch.arena);
	}
	if (rc == RC_OK && read == n_own) {
		count_ordinals(&p);
		compare_periods(checks, &p, items, n_items);
	}
	return rc;
}
