/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Why is a figure what it is? One thing of a statement down to the words of its clause, its terms, its facts with file and line,
 * and the rules by which it was computed. What can be explained:
 *
 *	3                    the reason with that number in the statement
 *	metric response      all windows of the period, with every case
 *	window uptime 2026-03
 *	ticket T-118         every clock of it, and all its facts
 *	outage 9, excuse 2   excuses are numbered in the order of the statement
 *	credit c1, base 2026-03, cap month, right chronic1
 *	deadline 1           in the order of their instants
 *
 * The second word alone is enough where only one thing has it.
 */
#ifndef RENDER_EXPLAIN_H
#define RENDER_EXPLAIN_H

#include "render/statement.h"

/* All that can be explained, one line each. */
struct doc *explain_list(struct arena *a, const struct outcome *o,
			 const struct statement_options *options);
/* RC_MISSING if there is no such thing; the hint names the nearest. */
enum rc explain_doc(struct arena *a, const struct outcome *o,
		    const struct statement_options *options, struct text what, struct doc **out,
		    struct err *err) MUST_USE;
/*
 * {"tenor_explain": 1, "what", "says", and the thing as in the statement's JSON}: "clock"s, "window"s, "outage", "excuse",
 * "credit", "base", "caps", "right", "deadline", "contradiction", "facts". An empty `what` gives {"tenor_explain": 1, "items": [{"what", "says"}]}.
 */
enum rc explain_json(struct arena *a, const struct outcome *o,
		     const struct statement_options *options, struct text what, struct buf *out,
		     struct err *err) MUST_USE;

#endif
