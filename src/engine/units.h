/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How many units there are on each day (money.md R16, R21, R23, R24, R26): from dated lists, which hold until the next one, from units
 * added and removed, or from orders. What is counted is filed by the provider's side (the provider, a monitor, a supplier); only if that
 * side filed nothing of it, the client's own count holds. Where both filed, the client's is shown beside.
 */
#ifndef ENGINE_UNITS_H
#define ENGINE_UNITS_H

#include "engine/charging_parts.h"

/* So many from this day on, to the next step. */
struct unit_step {
	day from;
	int64_t n; /* units of 10^-scale */
};

enum unit_event_kind { UNITS_ARE, UNIT_COMES, UNIT_GOES };

/* A list (all its parts), or a unit that comes or goes. */
struct unit_event {
	enum unit_event_kind kind;
	day on;
	const uint32_t *facts;
	size_t n_facts;
};

struct unit_counts {
	struct unit_step *steps;
	size_t n_steps;
	uint8_t scale;
	const struct unit_event *events; /* of lists and units, by rising days; none of orders */
	size_t n_events;
	const uint32_t *orders; /* those that count */
	size_t n_orders;
};

/* RC_INVALID: 'unit listed twice'. *other has no steps where the client filed nothing beside the provider's side. */
enum rc units_counted(struct charging *c, struct text list, struct unit_counts *out,
		      struct unit_counts *other, struct err *err) MUST_USE;
/* R21: ordered and approved, less what was cancelled. Unapproved ones are put among what waits. */
enum rc units_ordered(struct charging *c, size_t slot, struct unit_counts *out,
		      struct err *err) MUST_USE;

/* On a day; the most of any of the days; unit-days. */
int64_t units_on(const struct unit_counts *u, day d);
int64_t units_peak(const struct unit_counts *u, struct days days, day *on);
bool units_days(const struct unit_counts *u, struct days days, int64_t *out) MUST_USE;

/* Facts that the count of some days rests on: the list that held when they began, and what changed it. */
size_t units_evidence(struct charging *c, const struct unit_counts *u, struct days days,
		      const uint32_t **out);

/* R26: who is there on rising days, who came and went since the day asked about before. */
struct unit_roll;
struct unit_roll *units_roll(struct charging *c, const struct unit_counts *u);
/* Says from which day on comings and goings are told. */
void units_roll_from(struct unit_roll *r, day d);
const struct invoice_annex *units_annex(struct unit_roll *r, struct text charge, day on,
					int64_t other_count);

#endif
