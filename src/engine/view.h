/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The facts that an evaluation sees (sla.md R13): known by then, corrections in place of what they correct, sorted by R15, and
 * findable by kind and by subject. Also what facts say about other facts: accepted, contested, settled (R18, R19), withdrawn by who
 * reported them, and corrections that wait for a second person (trust.md J30, J31). Facts of the record itself are in no run.
 */
#ifndef ENGINE_VIEW_H
#define ENGINE_VIEW_H

#include "facts/fact.h"

#include <assert.h>

#define NO_FACT UINT32_MAX

/* A run of facts in R15's order: indexes into facts->v. */
struct fact_run {
	const uint32_t *v;
	size_t n;
};

struct view {
	struct arena *arena;
	const struct facts *facts;
	instant as_of, known_as_of;
	uint16_t *
		flags; /* flags of each fact of the set as this view sees them; starts as the fact's own */
	uint32_t
		*corrected_by; /* for each fact the one that replaces it in this view, or NO_FACT */
	uint8_t *
		contested; /* for each fact: 0, 1 contested and not settled, 2 settled, stands, 3 settled, withdrawn */
	uint8_t *accepted; /* for each fact: 1 if the other party accepted it */
	uint32_t *
		outweighed_by; /* R17: of two that contradict, for the one that does not count the one that does; or NO_FACT */
	uint8_t *
		waits; /* R18: for each fact 1 if it excuses, came after the report and is not accepted: no effect yet */
	struct fact_run all;
	struct fact_run pending; /* J30: in view but for a second person; in no other run */
	struct fact_run kinds[FACT_COUNT];
	/* tickets: facts whose subject field is ticket, one run a ticket, in order of first fact */
	size_t n_tickets;
	const symbol *ticket_ids;
	const struct fact_run *tickets;
	const uint32_t *ticket_of; /* by symbol: place in ticket_ids plus one, 0: no ticket */
	size_t n_ticket_of;
};

/* What a view may be told beyond the two instants. */
struct view_rules {
	const struct text *
		systems; /* names of measured_by.system: their facts count when facts contradict (R17) */
	size_t n_systems;
	const uint32_t *instead; /* facts that count although others outweigh them */
	size_t n_instead;
	bool without_contested; /* as if facts contested and not settled had never been reported (R19) */
};

/*
 * Corrected, outweighed (R17) and withdrawn facts are in no run. A settled dispute whose outcome is "withdrawn" withdraws the
 * fact; with any other outcome it stands. fact_withdrawn takes back what the same party reported, an act or a correction too: what
 * that one corrected counts again. FLAG_PENDING is set by who reads the record; a correction or withdrawal that has it does nothing
 * until a correction_approved names it, which clears the flag here; a correction of a correction that waits, waits too. A chain of
 * corrections counts by its last link that neither waits nor was withdrawn (J31). Flags late, future, contradicting and same_time are
 * set here; the others by those who find out. waits is all 0 until view_reports.
 */
struct view *view_make_by(struct arena *a, const struct facts *facts, instant as_of,
			  instant known_as_of, const struct view_rules *rules);
struct view *view_make(struct arena *a, const struct facts *facts, instant as_of,
		       instant known_as_of);
static inline const struct fact *view_fact(const struct view *v, uint32_t i)
{
	assert(i < v->facts->n);
	return &v->facts->v[i];
}

/* false: corrected, outweighed, withdrawn, later than the view, or waiting for acceptance or a second person (R13, R17, R18, R19, J30). */
bool view_counts(const struct view *v, uint32_t i);
/* Does it come from the system of that name (measured_by.system), by its source's name or by the format that one is read by (R17)? */
bool view_from_system(const struct view *v, const struct fact *f, struct text system);
/* The run of a ticket; n == 0 if it has no fact in view. */
struct fact_run view_ticket(const struct view *v, symbol ticket);

#endif
