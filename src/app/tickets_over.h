/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which tickets that are over come on a page, and how many there are (derived; docs/decisions/0018). Both without looking through all of
 * them: of each seven days it is kept how many were logged in them, by all that a list chooses by but who opened them. So days in which
 * there are none are not looked at, and nothing is counted but what is cut off by an age, and a person's own tickets.
 */
#ifndef APP_TICKETS_OVER_H
#define APP_TICKETS_OVER_H

#include "app/workspace.h"
#include "base/buf.h"
#include "base/symbols.h"
#include "store/record_tickets.h"

struct tickets_over {
	struct stored_ticket *v; /* at most as many as were asked for */
	size_t n;
	int64_t matching; /* so many fit, on the page or not */
};
/*
 * Those of a log that fit, in their order, behind `after`: in TICKETS_BY_RANK of its rank and those behind it (-1: of all), in the others
 * its rank says nothing. In a read transaction.
 */
enum rc tickets_over(struct workspace *ws, int64_t log, const struct tickets_sought *which,
		     enum tickets_order order, const struct tickets_after *after, int64_t most,
		     struct tickets_over *out, struct err *err) MUST_USE;

/* --- keeping --- */

/* What rows that were put say of how many there are, taken together; into the table at the end. */
struct count_tally {
	struct arena *arena;
	struct symbols *keys;
	struct stored_count *v; /* by symbol of keys; v[0] is none; n: how many more or fewer */
	size_t cap;
	struct buf key;
};
void count_tally_init(struct count_tally *t, struct arena *a);
void count_tally_free(struct count_tally *t);
/* by: 1, the row is there now; -1, it was. What is not over is not counted. The texts of the row last as long as the arena. */
void count_tally_add(struct count_tally *t, const struct stored_ticket *row, int64_t by);
/* In the transaction in which the rows were put. RC_INVALID: the table had fewer than went. */
enum rc count_tally_write(const struct count_tally *t, struct workspace *ws, int64_t log,
			  struct err *err) MUST_USE;
/* Is what the table has of a log what was added? In a read transaction. */
enum rc count_tally_compare(struct count_tally *t, struct workspace *ws, int64_t log, bool *same,
			    struct err *err) MUST_USE;

#endif
