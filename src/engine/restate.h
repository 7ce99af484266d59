/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an issued statement would say today (sla.md R21): the same contract and period, with what is known now. The statement itself
 * stays what it was. Which windows and credits changed is the comparison; here is why, and what becomes of the difference.
 *
 * Why: the facts recorded since, each with the changed windows it concerns. A fact concerns a window if it is about one of the cases
 * or outages that differ in it, or, where the window has no such cases, lies in its time; an act about a fact (accepted, contested,
 * settled, withdrawn, approved) and a correction concern what that fact does. So every fact that can have changed a window is named;
 * whether a window also changed by time alone (a claim that lapsed) is said by its having none.
 */
#ifndef ENGINE_RESTATE_H
#define ENGINE_RESTATE_H

#include "engine/compare.h"

enum fact_way {
	WAY_RECORDED,   /* told late */
	WAY_CORRECTED,  /* a correction of an earlier fact */
	WAY_WITHDRAWN,  /* taken back by who told it */
	WAY_APPROVED,   /* a second person approved a correction (trust.md J31) */
	WAY_ACCEPTED, WAY_CONTESTED, WAY_SETTLED,
};

struct later_fact {
	uint32_t fact;            /* index into the facts known now */
	enum fact_way way;
	uint32_t about;           /* the fact that it corrects or is an act about; NO_FACT */
	bool waits;               /* R18: has no effect until the other party accepts it */
	bool pending;             /* J30: has no effect until a second person approves it */
	const uint32_t *windows;  /* changed windows that it concerns: indexes into comparison.windows; none if it waits or is pending */
	size_t n_windows;
};

struct restatement {
	const struct comparison *comparison;  /* BEFORE: as issued; AFTER: now */
	const struct later_fact *facts;       /* by recorded_at, then as they came: with a window, waiting or pending */
	size_t n_facts;
	size_t n_recorded;                    /* facts recorded since, in all */
	size_t n_changed;                     /* windows that changed */
	bool by_credit_note;                  /* FK-34: reductions become a credit note at once; else all goes on the next invoice */
	const struct node *way;               /* invoicing.corrections; NULL: not said, next_invoice holds */
};

/* now.in.facts must be issued.in.facts, or begin with them (facts/first.h). */
enum rc restate(struct arena *a, const struct outcome *issued, const struct outcome *now,
		const struct compare_options *options, struct restatement **out, struct err *err) MUST_USE;

#endif
