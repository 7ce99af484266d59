/* SPDX-License-Identifier: Apache-2.0 */
/* What exit.c and exit_average.c share. Private. */
#ifndef ENGINE_EXIT_PARTS_H
#define ENGINE_EXIT_PARTS_H

#include "engine/exit.h"

#define NOWHERE SIZE_MAX

struct exit_work {
	struct arena *arena;
	const struct exit_input *in;
	struct charging *c;
	const struct pricing *pricing; /* in force on the date */
	uint16_t version;
	struct err *err;
	const bool *counted;      /* of each slot: is it in `of`? */
	struct fraction *by_slot; /* what each put into the average's sum */
	struct exit_quote out;
	struct invoice_line *lines;
	size_t lines_cap;
};

/* Nets of those slots in a window, period by day; whole: without stubs. */
struct net_query {
	const bool *slots;
	struct days window;
	bool whole;
	struct fraction *by_slot; /* NULL: not asked */
};

/* Adds to *sum. false: 128 bits do not hold it. */
bool exit_items(struct exit_work *x, const struct net_query *q, bool discounts,
		struct fraction *sum) MUST_USE;
bool exit_documents(struct exit_work *x, const struct net_query *q, struct fraction *sum) MUST_USE;
/* Does an invoice carry that item? */
bool exit_carried(const struct exit_work *x, struct text charge, struct text part,
		  struct days item);
/* A line of an invoice less its discounts; of a credit note below zero, 0 where it does not count. */
int64_t exit_line_net(const struct invoice *i, const struct invoice_line *l);

#endif
