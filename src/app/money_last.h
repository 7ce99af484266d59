/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Does the last invoice of a contract come out again (money.md R73)? Worked out once and kept (derived: document_again), not at each look:
 * it means reading all facts that the invoice was made from.
 *
 * Why the answer cannot become another one while the program is the same. The document is made again from the first so many entries of
 * its log, as many as it names itself, and nothing else:
 *
 * - Those entries never change and none comes between them. What is recorded later, be it late facts, corrections or versions that are in
 *   force from an earlier day, lies behind them; everything among them was known, so there is no known-as-of to choose.
 * - The instant as of which it is made is the end of the day that the document names, in the zone of the last version among them.
 * - Versions, zone files, holiday sets and calendars are those pinned among them, by hash; the machine's own are never looked at.
 * - The provider's settings are those of the log. What the house sets beside them (bounds, delay, a second person) is in no document.
 * - No free word is read, so erasing one changes nothing.
 *
 * What is left is the program. Its version says too little: a change that alters a document by mistake is just what R73 is to find. So an
 * answer holds for the same sources only (engine_sources). And the document itself: its bytes are held against the hash in its entry
 * before an answer is taken.
 */
#ifndef APP_MONEY_LAST_H
#define APP_MONEY_LAST_H

#include "app/checks.h"
#include "app/money.h"

/*
 * The last invoice of the state m, which is that of the log. *changed: its number, where it does not come out; empty: it does, or there is
 * none. From what is kept, else worked out. RC_LIMIT with code "heavy" as recall_facts.
 */
enum rc money_last_changed(struct workspace *ws, const struct log_head *log,
			   const struct money_state *m, struct text *changed,
			   struct err *err) MUST_USE;
/*
 * An invoice was just made by billing from all entries before it: it comes out, so nothing is to be worked out. In the transaction that
 * issues it.
 */
enum rc money_last_issued(struct workspace *ws, int64_t log, int64_t index,
			  struct err *err) MUST_USE;
/*
 * Works it out and keeps it, where it is not known and reading the record again each time would be long. Not inside a transaction: writes
 * in one of its own. Does nothing for a request that may not read so much (served.recalled).
 */
enum rc money_last_keep(struct workspace *ws, const struct log_head *log, struct err *err) MUST_USE;
/* Works it out again and tells a problem where something else is kept. In a read transaction. */
enum rc money_last_compare(struct workspace *ws, const struct log_head *log, struct checks *checks,
			   struct err *err) MUST_USE;

#endif
