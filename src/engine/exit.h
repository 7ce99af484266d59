/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Leaving early (money.md R120 to R125, NF-9): what an end before the end of the term costs, for any day, with every input. What was paid
 * ahead beyond that day comes back by R17, whatever the fee (R125), so it is not here.
 */
#ifndef ENGINE_EXIT_H
#define ENGINE_EXIT_H

#include "engine/billing.h"

struct exit_input {
	struct charging
		*charging; /* begun and run: what is due by the exit, as if the contract went on */
	/* documents issued, and for months ahead a preview: its discounts then count as printed */
	const struct issued_document *issued;
	size_t n_issued;
	day date; /* the first day without the contract */
	enum exit_trigger cause;
	day end; /* of the running term; DAY_NONE: of the initial one */
	day notice_on; /* DAY_NONE: of the notice of termination on record, else the last day charged by */
	day returns; /* R123: the client is back on that day; DAY_NONE: it is not */
};

struct exit_quote {
	bool due; /* the contract has a fee and names the cause */
	const struct invoice_line
		*lines; /* LINE_EXIT; name and part: "formula", "unamortised_setup", ... */
	size_t n_lines;
	int64_t total; /* their sum, not below 0 */
	int64_t formula, rebate;
	int64_t month;       /* of exit, from 1 */
	int64_t months_left; /* unexpired whole months */
	int64_t months_counted; /* of the average; 0: younger than a month, so the first period as if it were whole */
	struct fraction average; /* a month, currency units */
	struct decimal pct;
	int64_t stay; /* what staying to the end would have cost */
	bool damages; /* R124: no price, outside the scope of VAT */
};

/* The terms are those in force on the date. RC_LIMIT: beyond 64 bits (R82). */
enum rc exit_make(struct arena *a, const struct exit_input *in, struct exit_quote *out,
		  struct err *err) MUST_USE;

const char *exit_word(enum exit_trigger t); /* as the contract writes it: "client_default" */

#endif
