/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What was seen of each component over all time: up, degraded, down or unknown (sla.md R44, R47). Outage facts paired by their
 * id, probe samples confirmed, coverage of sources. No excuse, no group and no window is known here.
 */
#ifndef ENGINE_OUTAGE_H
#define ENGINE_OUTAGE_H

#include "engine/outcome.h"

/* One beginning of an outage: several of one id are the same outage told or spreading, and end together. */
struct outage {
	symbol id;
	struct span span; /* to as_of while open; may be empty: valid, and counts 0 */
	bool open, degraded;
	uint32_t began, ended; /* ended NO_FACT: open */
};

struct outages {
	const struct outage *v; /* by id, then by beginning */
	size_t n;
};

/* Flags an end without a beginning as out of order. */
struct outages outages_make(struct arena *a, const struct view *v);
/* Those with that id. */
struct outages outages_of(const struct outages *all, symbol id);

enum seen { SEEN_UNKNOWN, SEEN_UP, SEEN_DEGRADED, SEEN_DOWN };

/* From here on the component was seen so; the fact that showed it. */
struct change {
	instant at;
	enum seen seen;
	uint32_t fact;
};

struct component {
	int asset; /* index into promise.assets; -1: the metric's service */
	symbol id; /* 0: no fact names it */
	const struct change
		*v; /* ascending; the first is SEEN_UNKNOWN at INSTANT_MIN; none after as_of */
	size_t n;
};

struct components {
	const struct component *v; /* one per scope member, or one for the service */
	size_t n;
	const uint16_t *place; /* by symbol: place in v plus one */
	size_t n_place;
};

struct components components_make(struct arena *a, const struct view *v, const struct promise *p,
				  const struct metric *m, const struct outages *outages);
/* The component with that id, or -1. */
int component_place(const struct components *c, symbol id);
/* Which components a fact's assets are: `set` has one place each. Returns how many. */
size_t components_named(const struct components *c, const struct fact *f, bool *set);
/* What is seen at t: the last change not after it. */
const struct change *component_at(const struct component *c, instant t);

/*
 * R44: one component's samples, in R15's order, as changes. A state that is not known any more becomes SEEN_UNKNOWN.
 */
const struct change *samples_read(struct arena *a, const struct view *v,
				  const struct measured_by *by, struct fact_run run, size_t *n);
/* Does the fact come from measured_by.system (R17)? */
bool sample_of_system(const struct view *v, const struct measured_by *by, const struct fact *f);

#endif
