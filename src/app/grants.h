/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an auditor may read (trust.md P2): contracts, a period of whole months, until an end of at most 90 days ahead. Asked where a
 * workspace is opened and where a log is found, so that no verb can forget it; each read is an entry of the install log. Who has other
 * roles has no grant: it would give what those do not.
 */
#ifndef APP_GRANTS_H
#define APP_GRANTS_H

#include "app/workspace.h"
#include "store/record_grants.h"

enum { GRANT_DAYS_DEFAULT = 30, GRANT_DAYS_MAX = 90 };

struct audit_grant {
	struct stored_grant row;
	const struct text *contracts;
	size_t n_contracts;
	bool holds;
	struct text object;      /* what the call is about, by id: a number, a ticket, a month; or empty */
	const struct text *read; /* contracts whose reading is recorded already, by this call */
	size_t n_read;
};

/* Of who acts: ws->grant, where the one role is auditor; not held where none was given or it is over. */
enum rc grant_find(struct workspace *ws, const struct args *args, struct err *err) MUST_USE;
/*
 * May this call be made under the grant? RC_MISSING: none is in force; the caller has different words for a call that names a contract.
 * RC_USAGE with code "right": it is about days outside of the period.
 */
enum rc grant_covers(const struct workspace *ws, const struct args *args, struct err *err) MUST_USE;
bool grant_sees(const struct workspace *ws, struct text contract);
/* Is a day, a moment in the period? true where nobody asks under a grant. */
bool grant_day(const struct workspace *ws, int64_t d);
bool grant_at(const struct workspace *ws, instant t);
/* The whole record, from its beginning to now? RC_USAGE with code "right" otherwise. */
enum rc grant_whole(const struct workspace *ws, const struct log_head *log, struct err *err) MUST_USE;
/* The entry that a contract was read (empty: several); once a call. Nothing where nobody asks under a grant. */
enum rc grant_read(struct workspace *ws, struct text contract, struct err *err) MUST_USE;
/* "2025-04..2026-03" */
struct text grant_months(struct arena *a, const struct stored_grant *g);

#endif
