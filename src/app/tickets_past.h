/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tickets of the past that an evaluation need not read (derived; docs/decisions/0024): those that are over, by the local month in which
 * they were logged, with their settled clocks in place of their facts. Whoever asks about other months reads what is left. Made after
 * entries are recorded, never by who reads; what something new is about is forgotten with its whole month until it is made again.
 */
#ifndef APP_TICKETS_PAST_H
#define APP_TICKETS_PAST_H

#include "app/tickets_gather.h"

/* --- reading --- */

struct left_out {
	struct past past; /* subjects are symbols of the set that was given */
	uint8_t *entries; /* by entry of the log: 1, it is left out */
	int64_t n;        /* so many are */
	instant first;    /* of their facts, in view or not, the first; INSTANT_MAX: none */
	instant *months;  /* those of which something is left out, and of which nothing could be */
	size_t n_months;
};

/* Is there any month of a log at all? */
enum rc tickets_past_any(struct workspace *ws, const struct log_head *log, bool *any,
			 struct err *err) MUST_USE;
/*
 * What may be left out of the facts of the log of r, which has its versions, all known: nothing that lies in `shown`, which the caller
 * looks at itself, and nothing that is not over at as_of. Subjects of clocks become symbols of `set`. *out NULL: nothing. In a read
 * transaction.
 */
enum rc tickets_past(struct workspace *ws, const struct recalled *r, struct facts *set,
		     struct span shown, instant as_of, struct left_out **out,
		     struct err *err) MUST_USE;
/* The instants whose facts a statement of that period may show: windows that meet it, whole, of each version. */
struct span tickets_past_shown(const struct recalled *versions, struct span period);

/* --- keeping --- */

/*
 * After the table of tickets was brought on to all of the log: makes the months that are missing, once they have so many tickets that
 * it is worth it. In a transaction of its own. Not inside one.
 */
enum rc tickets_past_keep(struct workspace *ws, const struct log_head *log,
			  struct err *err) MUST_USE;
/* Forgets the months that the gathered entries [from, to) say something new of. In the transaction that brings the table on. */
enum rc tickets_past_touch(struct gather *g, const struct recalled *versions, int64_t from,
			   int64_t to, struct err *err) MUST_USE;
/* Is what the file has what the entries make? m: of the whole log. *same is changed to false where not. */
enum rc tickets_past_compare(struct making *m, bool *same, struct err *err) MUST_USE;

#endif
