/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tickets of a log by the entries that they follow from (derived; docs/decisions/0018): so a list need not read the whole record, and a
 * ticket's page only what is about it. What is not over yet is worked out by each reader, from its own entries; of what is over, the table
 * has what lists choose and order by. Made after entries are recorded, never by who reads: it may lag behind, whoever reads takes up the
 * rest, and it is never wrong.
 */
#ifndef APP_TICKETS_KEPT_H
#define APP_TICKETS_KEPT_H

#include "app/checks.h"
#include "app/recall.h"
#include "engine/desk.h"
#include "store/record_tickets.h"

enum { TICKETS_RUN = 256, RANK_NONE = INT32_MAX };

/* Brings the table on once a run of entries is behind it, in a transaction of its own. Not inside one. */
enum rc tickets_keep(struct workspace *ws, const struct log_head *log, struct err *err) MUST_USE;
/*
 * What tickets_keep leaves to others, for who has the time and the memory but may not hold up those who write: brings the table on to the
 * last entry, in small steps where that can be had, else whole, read outside of transactions and written in short ones; and then makes the
 * months of the past that are missing (tickets_past.h). Two at once do not disturb each other. Not inside a transaction.
 */
enum rc tickets_tidy(struct workspace *ws, const struct log_head *log, struct err *err) MUST_USE;
/* In the transaction that drops the tables: whoever is making that of this log, row by row, does not go on, since those it put are gone. */
enum rc tickets_dropped(struct workspace *ws, int64_t log, struct err *err) MUST_USE;
/* Is what the file has what the entries make? Said only where it is not. In a read transaction. */
enum rc tickets_compare(struct workspace *ws, const struct log_head *logs, size_t n,
			struct checks *checks, struct err *err) MUST_USE;

/* --- reading --- */

struct kept_ticket {
	struct text id;
	bool row_over; /* the table has it as over, and something new is about it */
	struct stored_ticket row;
};

struct kept_tickets {
	const int64_t *rest; /* entries that may say something of any ticket */
	size_t n_rest;
	/* Those to be worked out now: what is not over, and what entries behind the table are about; with all the entries for it. */
	const struct kept_ticket *live;
	size_t n_live;
	const int64_t *entries;
	size_t n_entries;
};

/*
 * Of the log of r, which has its versions. *out NULL: there is no table, or reading the whole record is less work. In a read transaction.
 */
enum rc tickets_kept(struct workspace *ws, const struct recalled *r, struct kept_tickets **out,
		     struct err *err) MUST_USE;
/*
 * The entries that one ticket follows from, with those of the rest, by rising index. RC_MISSING without words: it is not among those of
 * the table; it may still be there.
 */
enum rc tickets_kept_one(struct workspace *ws, const struct recalled *r, struct text ticket,
			 int64_t **out, size_t *n, struct err *err) MUST_USE;
/* Entries of rows and others put together, by rising index, each once. */
struct entry_list {
	int64_t *v;
	size_t n, cap;
};
void entry_list_add(struct arena *a, struct entry_list *l, const int64_t *v, size_t n);
enum rc entry_list_unpack(struct arena *a, struct entry_list *l, struct text bytes,
			  struct err *err) MUST_USE;
void entry_list_sort(struct entry_list *l);

#endif
