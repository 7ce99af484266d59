/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the provider's people tell each other about a ticket: notes and queues, in the internal log (trust.md J1). Nothing in it can change
 * a number that a client sees, and no client reads any of it. The words of a note are sealed under the key of the ticket's subject in its
 * own log, so that who erases the ticket's words erases what was noted about it too (J24).
 */
#ifndef APP_NOTES_H
#define APP_NOTES_H

#include "app/checks.h"
#include "app/workspace.h"

/*
 * A message that another tool's export calls internal lies in the engagement's log, where both parties may read the leaf (J1). Its words
 * are the provider's: no client has them opened, and no bundle carries them.
 */
bool entry_is_internal(struct text canonical);

enum { NOTE_BYTES_MAX = 16384, QUEUE_BYTES_MAX = 40 };

struct desk_note {
	instant at;
	struct text who;   /* opaque id */
	struct text words; /* "-": may not be read by who asks */
	struct text queue; /* where the ticket was put; else empty */
};

/*
 * Writes one on a ticket of an engagement, by itself, in a transaction of its own, and signs. queue empty: a note with words. id: of the
 * report, or NULL; the same id and the same again changes nothing. The ticket is known to be there.
 */
struct new_note {
	struct text ticket, words, queue;
	const struct uuid *id;
};
enum rc notes_add(struct workspace *ws, const struct log_head *log, const struct new_note *n,
		  bool *again, struct err *err) MUST_USE;

/* The internal log, which its first entry makes; in the transaction under way. */
enum rc notes_log(struct workspace *ws, struct log_head *out, struct err *err) MUST_USE;

/* Of one ticket, in their order; none for a client. Files among them are attachments.h's. */
enum rc notes_of(struct workspace *ws, const struct log_head *log, struct text ticket,
		 struct desk_note **out, size_t *n, struct err *err) MUST_USE;

/* Where tickets of a contract wait, by id of the ticket; none for a client. */
struct queued {
	struct text ticket, queue;
};
enum rc notes_queues(struct workspace *ws, const struct log_head *log, struct queued **out,
		     size_t *n, struct err *err) MUST_USE;
/* Empty: in none. */
struct text queue_of(const struct queued *v, size_t n, struct text ticket);

/* The derived table of the internal log: made in the transaction that dropped it, and held against the entries. */
enum rc notes_derive(struct workspace *ws, const struct log_head *log, struct err *err) MUST_USE;
enum rc notes_compare(struct workspace *ws, const struct log_head *log, struct checks *checks,
		      struct err *err) MUST_USE;

#endif
