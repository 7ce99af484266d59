/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Finding: one question over the contracts, clauses, tickets, documents of money and facts that who asks may see (trust.md P3 to P5). Nothing
 * is written. What may not be read is not looked into: personal words only with PERSONAL_READ, documents of money with MONEY_READ, facts
 * with LOG_READ, and of another client nothing.
 */
#ifndef APP_FIND_H
#define APP_FIND_H

#include "app/workspace.h"
#include "render/found.h"

enum { FIND_MOST = 50 };

/* RC_USAGE names those there are. */
enum rc find_kind_of(struct text word, enum find_kind *out, struct err *err) MUST_USE;

struct find_question {
	struct text words;
	bool kinds[FIND_KINDS]; /* what to look for; none: all */
	struct text client;     /* empty: all */
	bool recent;            /* personal words of what was recorded last alone (app/find_recent.h) */
};

enum rc find(struct workspace *ws, const struct find_question *q, struct find_answer *out,
	     struct err *err) MUST_USE;

#endif
