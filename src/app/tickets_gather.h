/* SPDX-License-Identifier: Apache-2.0 */
/* Which entries belong to which ticket: what making the table and reading it share. Private to tickets_*.c. */
#ifndef APP_TICKETS_GATHER_H
#define APP_TICKETS_GATHER_H

#include "app/tickets_kept.h"

struct gathered {
	struct entry_list entries;
	uint32_t group; /* a ticket of the same group, or itself */
	bool loaded;    /* what the table has of it was looked at */
	bool stored;    /* and it has a row, `row` */
	struct stored_ticket row;
};

struct gather {
	struct workspace *ws;
	const struct log_head *log;
	struct symbols *ids;
	struct gathered *v; /* by symbol of ids; v[0] is none */
	size_t n, cap;
	struct entry_list rest;
	bool all; /* something was said that may concern any ticket, over or not */
};

void gather_init(struct gather *g, struct workspace *ws, const struct log_head *log);
struct text gather_id(const struct gather *g, uint32_t t);
/* Takes the facts of r, the record's or some of it. */
enum rc gather_facts(struct gather *g, const struct recalled *r, struct err *err) MUST_USE;
/* What the table has of the tickets that were met, of those that hang together with them, and so on. */
enum rc gather_stored(struct gather *g, const struct recalled *versions, struct err *err) MUST_USE;
/* Gives each ticket the entries of all of its group. */
void gather_groups(struct gather *g);
/* The entries [from, to) of the log. */
enum rc gather_range(struct gather *g, const struct recalled *versions, int64_t from, int64_t to,
		     struct err *err) MUST_USE;
void entry_list_pack(const struct entry_list *l, struct buf *out);

#endif
