/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files attached to tickets (trust.md S23, J22): an entry ticket_attached with kind and size, and two slots under the subject of the
 * ticket's words, the bytes as they came and the name. Those among the provider's own people lie in the internal log (J1), found like its
 * notes. Erasing the ticket's words destroys both slots; the entry stays (docs/decisions/0020). Of a file of health data both slots have other
 * names, by which everybody knows them who passes slots on (app/health.h).
 */
#ifndef APP_ATTACHMENTS_H
#define APP_ATTACHMENTS_H

#include "app/recall.h"
#include "facts/attachment.h"

struct attached {
	struct uuid id;
	int64_t index; /* of the entry in its log */
	instant at;
	struct text who;  /* opaque id */
	struct text name; /* empty: it may not be read by who asks, or it is gone */
	struct text type; /* attachment_word */
	int64_t bytes;
	bool internal;     /* among the provider's own people */
	bool health;       /* marked as health data (app/health.h) */
	bool covered;      /* and not open to who asks: no name, no bytes */
	instant erased_at; /* INSTANT_NONE: the file is there */
};

/*
 * Of a ticket of the log of r, in the order of their entries, internal ones after the others; those only for the provider's people. r: what
 * was recalled about the ticket, or more.
 */
enum rc attachments_of(struct workspace *ws, const struct recalled *r, struct text ticket,
		       struct attached **out, size_t *n, struct err *err) MUST_USE;

/* One file that comes in: name and type as attachment_check found them good. */
struct new_attachment {
	struct text name, bytes;
	enum attachment_type type;
	struct uuid id;
	bool given; /* the id came with the report: the same again is the same file (J28) */
	bool health; /* marked as health data: only under an agreement, and never in the internal log, which the caller sees to */
};
/* What became of it. */
struct attaching {
	int64_t index;
	bool again;
};

/*
 * Puts files on a ticket, all or none, in the transaction under way; `into` is the engagement's log or the internal one, whose head moves
 * on. person: whom they are about; empty: the ticket's own subject. RC_LIMIT: more than ATTACHMENTS_TICKET_BYTES on the ticket in that log;
 * RC_INVALID with code "id_conflict": the id names something else.
 */
struct attach_to {
	const struct log_head *log; /* the engagement's */
	struct log_head *into;
	struct text ticket, person;
	int64_t held; /* bytes on the ticket before, in `into` */
};
enum rc attachments_put(struct workspace *ws, const struct attach_to *to,
			const struct new_attachment *v, size_t n, struct attaching *out,
			struct err *err) MUST_USE;
/* Bytes of what is on a ticket: all but internal ones, or those alone. */
int64_t attachments_bytes(const struct attached *v, size_t n, bool internal);

/*
 * The file of an id on a ticket: *name, and its bytes at the end of out. RC_MISSING: not on this ticket, not for who asks, or erased, and
 * then when. RC_USAGE with code "right": health data that is covered.
 */
enum rc attachment_open(struct workspace *ws, const struct log_head *log, struct text ticket,
			struct text id, struct text *name, struct buf *out,
			struct err *err) MUST_USE;

#endif
