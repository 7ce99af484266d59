/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Facts in dispute, and what hangs on them. Of two records that contradict each other one counts (sla.md R17): for the other, what
 * it would change. Facts that a party contests (R19): which of them a held window may turn on. Pure, like all of the engine.
 */
#ifndef ENGINE_CONTRADICTIONS_H
#define ENGINE_CONTRADICTIONS_H

#include "engine/outcome.h"

/* Each is a whole evaluation: beyond so many a statement only names them. */
enum { CONTRADICTIONS_TRIED_MAX = 20 };

struct window_change {
	uint32_t window;            /* index into outcome.windows: the result before */
	struct window_result after; /* without clocks, shares, availability and alternative */
};

struct total_change {
	struct span month;
	struct money before, after; /* what the month's settlement applies */
};

struct contradiction {
	uint32_t fact, counted; /* the record that does not count; the one that counts instead */
	bool tried;             /* false: nothing below is known yet */
	const struct window_change
		*windows; /* of the period, whose verdict or value would change */
	size_t n_windows;
	const struct total_change *totals; /* of the period's months, where money would change */
	size_t n_totals;
};

/*
 * The outweighed facts that concern the statement's period, in order of their instants, none tried: those that lie in it, and
 * those about a ticket, an outage or another subject that the period also knows. Returns how many.
 */
size_t contradictions_find(struct arena *a, const struct outcome *o, struct contradiction **out);

/*
 * What would follow if x->fact counted. The second evaluation lives in scratch, which may go afterwards; what it changes is
 * copied to a. On failure x is untouched.
 */
enum rc contradiction_try(struct arena *a, struct arena *scratch, const struct outcome *o,
			  struct contradiction *x, struct err *err) MUST_USE;

/*
 * The contested facts that the result of a window may turn on, in order: about one of its cases, or in its time and of a kind
 * that its metric reads. All contested facts, if none of them is near. Returns how many.
 */
size_t contested_facts(struct arena *a, const struct outcome *o, uint32_t window, uint32_t **out);

/* The fact by which the other party contests that one, or NO_FACT. */
uint32_t contested_by(const struct outcome *o, uint32_t fact);

#endif
