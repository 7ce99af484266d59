/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Own objects only (trust.md P3, the table's `o`): a requester reads, corrects and disputes what belongs to the tickets that it opened
 * itself, a technician corrects what it recorded itself. Who opened a ticket is the actor of its first ticket.logged. What is not one's
 * own and not to be seen is answered like what is not there (P5).
 *
 * Asked in one place: rights.def says whose right is so limited, this module which objects those are.
 */
#ifndef APP_OWN_H
#define APP_OWN_H

#include "app/recall.h"

/* Has who acts this right for own objects only? */
bool own_only(const struct workspace *ws, enum permission right);

/* The tickets of a record by whether who acts opened them; each list in order. */
struct own_tickets {
	bool limited; /* false: all are to be seen, and the lists are empty */
	struct text *mine, *others;
	size_t n_mine, n_others;
};

/* Of what was recalled. One entry is read for each ticket, and only where a right is limited. */
enum rc own_tickets(struct workspace *ws, enum permission right, const struct recalled *r,
		    struct own_tickets *out, struct err *err) MUST_USE;
/* The same of a record that was not recalled yet. */
enum rc own_tickets_of(struct workspace *ws, enum permission right, const struct log_head *log,
		       struct own_tickets *out, struct err *err) MUST_USE;
bool own_has(const struct own_tickets *o, struct text ticket);
bool own_is_other(const struct own_tickets *o, struct text ticket);

/* One fact: recorded by who acts, or to be seen, or to be answered like one that is not there. */
enum own_fate { OWN_MINE, OWN_SEEN, OWN_UNSEEN };
enum rc own_fact(struct workspace *ws, const struct log_head *log, const struct uuid *id,
		 enum own_fate *out, struct err *err) MUST_USE;

#endif
