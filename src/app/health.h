/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Personal text that is marked as health data: the field `health` of a ticket or a message, and files (trust.md P10; docs/decisions/0025). It is there
 * only while a business associate agreement is in force. The client's people read it as they read other words; of the provider's an owner
 * or the service desk, after an emergency access with a reason, for HEALTH_OPEN_MS, its own person alone. No program, auditor, index or bundle of the
 * provider's has it.
 */
#ifndef APP_HEALTH_H
#define APP_HEALTH_H

#include "app/workspace.h"
#include "journal/entry.h"

enum {
	HEALTH_OPEN_MS = 15 * 60 * 1000, /* after an emergency access */
	HEALTH_REASON_BYTES = 500,
};

/* Is a document of the kind `baa` in the version that is in force now? */
enum rc health_agreed(struct workspace *ws, const struct log_head *log, bool *out,
		      struct err *err) MUST_USE;
/* Is that the slot of such a text, or of such a file or its name? */
bool health_slot(struct text name);
/*
 * May who acts read the health data of a ticket? *until: up to when, INSTANT_MAX without an end, INSTANT_NONE: it is covered. That words may be
 * read at all (PERSONAL_READ) is the caller's to ask.
 */
enum rc health_open(struct workspace *ws, const struct log_head *log, struct text ticket,
		    instant *until, struct err *err) MUST_USE;
/* The same of an entry; false of one that has no such text. e and doc as entry_parse gave them. */
enum rc health_covers(struct workspace *ws, const struct log_head *log, const struct entry *e,
		      const struct canon_doc *doc, bool *covered, struct err *err) MUST_USE;

/* Who opened the health data of a ticket: entries of emergency_access, ascending. */
enum rc health_accesses(struct workspace *ws, const struct log_head *log, struct text ticket,
			int64_t **out, size_t *n, struct err *err) MUST_USE;

#endif
