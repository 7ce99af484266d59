/* SPDX-License-Identifier: Apache-2.0 */
/* Announced maintenance, and whether downtime in it will be excused by what the contract asks of an announcement (sla.md R50). */
#ifndef RENDER_PLANNED_H
#define RENDER_PLANNED_H

#include "render/report.h"

struct planned {
	const struct fact *f; /* the announcement */
	struct span span;     /* the time announced */
	bool cancelled;
	bool moved;           /* a later announcement of the same work says otherwise */
	instant began, ended; /* as recorded; INSTANT_NONE */
	struct excuse judged; /* refusal, notice_ms and needed_ms alone */
};

/*
 * The announcements whose time touches `within`, in the order of their facts, each judged by the version in force when its work begins.
 * The list and what it points to are the arena's and the outcome's. Never fails: an announcement without length is not in it.
 */
size_t planned_list(struct arena *a, const struct outcome *o, struct span within,
		    struct planned **out);
/* When the work went on beyond its time: 1 ms after it; INSTANT_NONE: it did not, or nobody said that it began (sla.md R50). */
instant planned_overrun(const struct planned *x);
/* "announced 9 days before, 72 h needed", as a state: kept, or missed with why its downtime would count. */
struct phrase planned_effect(const struct report *r, const struct planned *x);
/* The ids of its assets, apart by commas, in the arena; empty: it names none. */
struct text planned_assets(struct arena *a, const struct outcome *o, const struct planned *x);

#endif
