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

/* An evaluation from which rows are made. */
struct making {
	struct gather *g;
	struct recalled *r;
	struct outcome *o;
	struct desk desk;
	uint32_t *of; /* place in the desk by symbol of the facts, plus one */
	bool *named;  /* by symbol of the facts: an obligation names that ticket */
	struct buf bytes;
};

/* From the facts of m->r; past: of those left out of them, or NULL. */
enum rc making_work_out(struct making *m, const struct past *past, struct err *err) MUST_USE;
/* The fact of an entry; NULL: it is not among those of r. */
const struct fact *making_fact(const struct recalled *r, int64_t index);
/* A ticket of the gathered where it stands, NULL: nobody logged it; and is it over, so that nothing changes it but an entry about it? */
const struct desk_ticket *making_ticket(const struct making *m, uint32_t t);
bool making_over(const struct making *m, uint32_t t);

/*
 * What is behind the table, and the entries that may say something of any ticket. *have.size 0: there is no table, or it is not to be had
 * so.
 */
enum rc tickets_tail(struct workspace *ws, const struct recalled *r, struct gather *g,
		     struct stored_tickets *have, struct err *err) MUST_USE;

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
/* The ticket that leads those which hang together with it, itself where it stands alone. */
uint32_t gather_leader(const struct gather *g, uint32_t t);
/* The ticket that a word names, by its id or by that of a fact about it. */
enum rc gather_named(struct gather *g, const struct facts *set, symbol word,
		     struct err *err) MUST_USE;
void entry_list_pack(const struct entry_list *l, struct buf *out);

#endif
