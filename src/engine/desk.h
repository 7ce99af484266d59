/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where each ticket stands, for a help desk: its state, priority, who has it, and which of its clocks is due next. Put together from what
 * the outcome judged (clocks) and what the reader of tickets read (sla.md R23 to R35); no clock is computed here.
 */
#ifndef ENGINE_DESK_H
#define ENGINE_DESK_H

#include "engine/outcome.h"

enum desk_state {
	DESK_OPEN,
	DESK_WAITING_CLIENT,
	DESK_WAITING_VENDOR,
	DESK_SCHEDULED,
	DESK_RESTORED, /* usable again, perhaps not repaired */
	DESK_RESOLVED,
	DESK_CLOSED,
	DESK_CANCELLED,
	DESK_MERGED,
};

struct desk_ticket {
	symbol id;
	uint16_t version; /* in force when it was logged */
	int16_t priority; /* judged, at as_of; index into the version's priorities, -1: none */
	int16_t service;  /* index; -1: not said, or not one of the contract */
	enum desk_state state;
	bool open; /* somebody has to do something: not ended, or restored while a clock still asks for more */
	instant since; /* of the state */
	instant logged;
	symbol technician;    /* who was assigned or began to work last; 0: nobody */
	symbol site, channel; /* as logged; 0: not said */
	symbol into;          /* DESK_MERGED: the ticket that goes on */
	bool monitor;         /* logged by the provider or a monitor (R24) */
	bool out_of_scope;
	uint32_t scope_fact; /* NO_FACT: nobody set it */
	uint32_t logged_fact;
	const uint32_t *clocks; /* indexes into outcome.clocks, ascending */
	size_t n_clocks;
	uint32_t
		next; /* the clock that has not stopped and is due first, or stands still; UINT32_MAX: none */
	bool late;   /* a clock has run out and not stopped */
	bool missed; /* a clock stopped too late */
};

struct desk {
	struct desk_ticket *v; /* in the order of their first facts */
	size_t n;
};

/* Of every ticket in view that was logged; in time linear in facts and clocks. */
void desk_make(struct arena *a, const struct outcome *o, struct desk *out);
const char *desk_state_word(enum desk_state s); /* "waiting_client" */

/* What comes first. All break ties by when it was logged, then by id. */
enum desk_order {
	DESK_BY_DUE, /* the next due first; what stands still after what runs, what has no clock last */
	DESK_BY_LOGGED,   /* the newest first */
	DESK_BY_PRIORITY, /* the contract's first first, then by due */
	DESK_BY_ID,
};
void desk_sort(const struct outcome *o, struct desk *d, enum desk_order order);

#endif
