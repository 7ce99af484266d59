/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tickets as a help desk reads them: a list of them, and one with its facts in order, its clocks as they ran, what the contract covers
 * and what it costs, and the credits that it led to. What a reader may not see is not given to these functions.
 */
#ifndef RENDER_TICKETS_H
#define RENDER_TICKETS_H

#include "engine/charging.h"
#include "engine/desk.h"
#include "render/statement.h"

struct ticket_row {
	const struct desk_ticket *t;
	struct text summary;    /* empty: there is none, or it may not be read */
	struct text technician; /* a handle, or the id that the facts have; empty: nobody */
	struct text queue;      /* of the provider; empty: none, or a client reads */
};

struct ticket_list {
	const struct outcome *outcome;
	const struct language *language;
	struct text contract;
	const struct ticket_row *v;
	size_t n;
	size_t matching; /* tickets that the call is about, on all its pages */
	bool more;       /* there are others after the last */
};

struct doc *tickets_doc(struct arena *a, const struct ticket_list *l);
/*
 * {"tenor_tickets": 1, "contract", "zone", "as_of", "matching", "tickets": [...], "after"}. A ticket has ticket, summary, state, since, priority,
 * service, site, channel, logged_at, technician, in_scope, late, missed, next: {metric, state, due, left_ms, used_ms, goal_ms}. after: the
 * id to ask on from, where there are more.
 */
void tickets_json(struct arena *a, const struct ticket_list *l, struct buf *out);
/* ticket,summary,state,since,priority,service,logged_at,technician,in_scope,late,missed,next,next_state,due,left_ms; queue where there is one */
void tickets_csv(const struct ticket_list *l, struct buf *out);

/* One fact of a ticket as it is told: with its words, where they may be read. */
struct ticket_fact {
	uint32_t fact;           /* in the outcome's set */
	int64_t entry;           /* of the record */
	struct text who;         /* who recorded it: a handle, or an opaque id */
	const struct fact *told; /* the same fact with its free words; their symbols are of words */
	const struct symbols *words;
	bool withheld; /* it has words that the reader may not read */
	bool covered;  /* it has health data, which is covered (trust.md P10) */
};

/* Work on the ticket. */
struct ticket_work {
	struct text entry, technician, place, charge, covered;
	instant at;
	int64_t minutes;
};

/* A line that work on the ticket is billed on. */
struct ticket_line {
	struct text charge, name;
	struct days period;
	int64_t net;
	int64_t of, facts; /* of so many facts that it rests on, so many are of this ticket */
};

/* Hours of a charge that cost nothing more: of those included, or of those bought ahead. */
struct ticket_hours {
	struct text charge;      /* the charge that they are hours of */
	struct text bought;      /* the charge they were bought by; empty: included */
	day until;               /* first day without them; INT32_MAX: they never end */
	struct fraction minutes; /* left */
};

/* What the provider's people tell each other: not given to a client. */
struct ticket_note {
	instant at;
	struct text who, words;
	struct text queue; /* not empty: the ticket was put there */
};

/* A file on the ticket; of an internal one no client is given anything. */
struct ticket_attachment {
	struct text id, who, name; /* name empty: it may not be read, or it is gone */
	int64_t entry;
	struct text type; /* "png" */
	int64_t bytes;
	instant at, erased_at; /* INSTANT_NONE: it is there */
	bool internal;
	bool health, covered; /* it is health data (trust.md P10); which who reads may not open */
	struct text link; /* where a page finds it; empty: not on a page, or it may not be opened */
};

/* Somebody opened the health data of the ticket (trust.md P10). */
struct ticket_access {
	int64_t entry;
	instant at;
	struct text who, code, why; /* why empty: it may not be read */
};

struct ticket_page {
	const struct outcome *outcome;
	const struct language *language;
	struct text contract;
	const struct desk_ticket *t;
	struct text technician, queue; /* as in the list */
	const struct ticket_note *notes;
	size_t n_notes;
	const struct ticket_fact *facts;
	size_t n_facts;
	bool health; /* there is health data on it */
	const struct ticket_access *accesses;
	size_t n_accesses;
	instant health_until; /* up to when it is open; INSTANT_MAX without an end, INSTANT_NONE: covered */
	const struct ticket_attachment *attachments;
	size_t n_attachments;
	const struct ticket_work *work;
	size_t n_work;
	bool money; /* lines and amounts of credits may be read */
	struct currency currency;
	const struct ticket_line *lines;
	size_t n_lines;
	const struct ticket_hours *hours;
	size_t n_hours;
};

struct doc *ticket_doc(struct arena *a, const struct ticket_page *p);
/*
 * {"tenor_ticket": 1, "contract", "as_of", "ticket": as in the list, "clocks": [clock as in the statement, with its pieces], "facts":
 * [{entry, id, kind, occurred_at, recorded_at, party, who, flags, <fields>, withheld, covered}], "health": "covered", "open" or an instant, "accesses": [{entry, at, who, reason_code, reason}], "attachments": [{attachment, entry, at, who, name,
 * type, bytes, internal, health, covered, erased_at}], "work", "lines", "credits"}
 */
void ticket_json(struct arena *a, const struct ticket_page *p, struct buf *out);

/*
 * What would be billed by time beside what the service includes: charges of its promise whose work may be on this ticket. true: one of
 * them has hours that cost nothing more, included or bought ahead.
 */
bool ticket_extra(const struct promise *p, int service, const struct charge **v, size_t *n);

/* Credits of windows in which a clock of the ticket was late: their indexes. */
size_t ticket_credits(struct arena *a, const struct outcome *o, const struct desk_ticket *t,
		      uint32_t **out);

#endif
