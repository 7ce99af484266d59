/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The derived tables (DESIGN section 8, trust.md D7): marks and packs, made again from the entries, and compared with them byte for byte.
 * Nothing is ever read from them that the entries do not say.
 */
#ifndef APP_DERIVED_H
#define APP_DERIVED_H

#include "app/checks.h"
#include "app/workspace.h"
#include "journal/entry.h"

/* Were they made by this table of facts? (workspace_derived_tag) */
enum rc derived_current(struct workspace *ws, bool *fit, struct err *err) MUST_USE;

/*
 * Drops them and makes them again. All marks come in the one transaction that drops, so that nobody ever reads without them; packs
 * follow in transactions of their own, since reading without them is only slower. Not inside a transaction.
 */
enum rc derived_rebuild(struct workspace *ws, struct err *err) MUST_USE;

/*
 * A turn of a server beside its requests: what they leave behind of large logs, since they have neither the time nor the memory. The pack at
 * the end of a log, the table of tickets up to the last entry, months of the past that something new was about, what R73 asks. In
 * transactions that are short; the reading before them holds nobody up. A small log is read whole by whoever asks.
 */
enum rc derived_tidy(struct app *app, const struct args *args, struct err *err) MUST_USE;

/*
 * The tables of one log, held against its entries as these go by in order. Entries are to be parsed into the arena and the scratch given,
 * which last until the next entry is asked for.
 */
struct derived_check;
enum rc derived_check_begin(struct workspace *ws, const struct log_head *log, struct checks *checks,
			    struct derived_check **out, struct err *err) MUST_USE;
struct arena *derived_check_arena(struct derived_check *d, struct canon_scratch **scratch);
/* e NULL: it could not be parsed, which has been told; its pack is then not compared. */
enum rc derived_check_entry(struct derived_check *d, int64_t index, const struct entry *e,
			    const struct canon_doc *doc, struct err *err) MUST_USE;
void derived_check_end(struct derived_check *d);

/* The same over the whole log, reading nothing else. In a read transaction. */
enum rc derived_compare(struct workspace *ws, const struct log_head *log, struct checks *checks,
			struct err *err) MUST_USE;

#endif
