/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tickets of a log, at rest (derived; docs/decisions/0018): which entries each follows from, and of those that are over what a list
 * chooses and orders them by. What a ticket is and what is over is decided in app/.
 */
#ifndef STORE_RECORD_TICKETS_H
#define STORE_RECORD_TICKETS_H

#include "store/record.h"

/* How many entries of a log are in the table, from the first, and which of them belong to no ticket but may say something of all. */
struct stored_tickets {
	int64_t size; /* 0: the log has no table */
	struct text rest;
};
enum rc record_tickets_size(struct store *s, struct arena *a, int64_t log,
			    struct stored_tickets *out, struct err *err) MUST_USE;
enum rc record_tickets_size_put(struct store *s, int64_t log, const struct stored_tickets *t,
				struct err *err) MUST_USE;
/* From now on the log has no table, whatever rows lie there: who makes it again finds out which of them are to be others. */
enum rc record_tickets_size_drop(struct store *s, int64_t log, struct err *err) MUST_USE;
/* Forgets all of a log. */
enum rc record_tickets_drop(struct store *s, int64_t log, struct err *err) MUST_USE;

struct stored_ticket {
	struct text ticket;
	struct text entries; /* those that it follows from; bytes are the caller's */
	bool live;           /* may still change by itself: the members below mean nothing */
	bool missed;
	instant logged;
	int64_t state, rank;
	struct text priority, service, technician, opener; /* empty: none */
};
enum rc record_ticket_put(struct store *s, int64_t log, const struct stored_ticket *t,
			  struct err *err) MUST_USE;
/* RC_MISSING without words. */
enum rc record_ticket(struct store *s, struct arena *a, int64_t log, struct text ticket,
		      struct stored_ticket *out, struct err *err) MUST_USE;
/* Those that are live, the newest first, or all, by id. */
enum rc record_tickets(struct store *s, struct arena *a, int64_t log, bool live_only,
		       struct stored_ticket **out, size_t *n, struct err *err) MUST_USE;

/* Which of those that are over. Empty words: any. */
struct tickets_sought {
	int64_t state, state_to; /* both are meant, and what lies between */
	struct text priority, service;
	struct text technician, technician_too; /* one of the two; both empty: any */
	struct text opener;
	bool missed; /* only such */
	instant logged_from, logged_by;
};
enum tickets_order { TICKETS_BY_LOGGED, TICKETS_BY_RANK, TICKETS_BY_ID };
/* Behind which to go on: in TICKETS_BY_ID the id alone tells. */
struct tickets_after {
	instant logged; /* INSTANT_MAX: from the first */
	int64_t rank;   /* of which they are: in TICKETS_BY_RANK alone */
	struct text ticket;
};
/* At most `most`, newest first, those of one rank and newest first, or by id. Each looks through all that lie before the last it gives. */
enum rc record_tickets_page(struct store *s, struct arena *a, int64_t log,
			    const struct tickets_sought *which, enum tickets_order order,
			    const struct tickets_after *after, int64_t most,
			    struct stored_ticket **out, size_t *n, struct err *err) MUST_USE;
/* Looks at each of them; record_ticket_blocks does not. */
enum rc record_tickets_count(struct store *s, int64_t log, const struct tickets_sought *which,
			     int64_t *out, struct err *err) MUST_USE;

/* --- how many are over --- */

/* So many that are over are alike in all that they are counted by. Block: the seven days in which they were logged, by number since 1970. */
struct stored_count {
	int64_t block, rank, state;
	bool missed;
	struct text priority, service, technician;
	int64_t n;
};
/* All of a log, in no order. */
enum rc record_ticket_counts(struct store *s, struct arena *a, int64_t log,
			     struct stored_count **out, size_t *n, struct err *err) MUST_USE;
/* c->n becomes how many the table has; 0: none. */
enum rc record_ticket_count(struct store *s, int64_t log, struct stored_count *c,
			    struct err *err) MUST_USE;
enum rc record_ticket_count_put(struct store *s, int64_t log, const struct stored_count *c,
				struct err *err) MUST_USE;

struct stored_block {
	int64_t rank, block, n; /* n > 0 */
};
/* How many fit, whoever opened them and whenever they were logged: by rank, of each the newest block first. */
enum rc record_ticket_blocks(struct store *s, struct arena *a, int64_t log,
			     const struct tickets_sought *which, struct stored_block **out,
			     size_t *n, struct err *err) MUST_USE;

/* --- tickets of a month that may be left out (docs/decisions/0024) --- */

struct stored_past {
	instant month; /* the first of the local month in which they were logged */
	int64_t over;  /* so many tickets of the month were over when this was made */
	instant first; /* of all instants of theirs, the first and the last */
	instant last;
	instant seen;                /* of facts in view the first; INSTANT_MAX: none */
	struct text entries, clocks; /* bytes are the caller's */
};
enum rc record_past_put(struct store *s, int64_t log, const struct stored_past *p,
			struct err *err) MUST_USE;
/* By month. The texts are there until `each` returns. */
enum rc record_pasts(struct store *s, int64_t log,
		     enum rc (*each)(void *context, const struct stored_past *p, struct err *err),
		     void *context, struct err *err) MUST_USE;
/* The sum of `over`. */
enum rc record_past_over(struct store *s, int64_t log, int64_t *out, struct err *err) MUST_USE;
/* How many tickets of the table are over now. */
enum rc record_tickets_over(struct store *s, int64_t log, int64_t *out, struct err *err) MUST_USE;
enum rc record_past_drop(struct store *s, int64_t log, instant month, struct err *err) MUST_USE;
enum rc record_pasts_drop(struct store *s, int64_t log, struct err *err) MUST_USE;

#endif
