/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One ticket as its facts tell it (sla.md R23 to R27, R31 to R35): when it was received, what may stop a clock, pauses, judged
 * priorities, merges and splits. No clock and no calendar is known here. A ticket is read into memory that the next one
 * overwrites. Private to the engine.
 */
#ifndef ENGINE_TICKET_H
#define ENGINE_TICKET_H

#include "engine/outcome.h"

enum moment {
	MOMENT_PROVIDER_MESSAGE, /* public, by a person */
	MOMENT_CLIENT_MESSAGE,
	MOMENT_ASSIGNED,
	MOMENT_WORK_STARTED,
	MOMENT_RESTORED,
	MOMENT_RESOLVED,
	MOMENT_CLOSED,
	MOMENT_CANCELLED,
	MOMENT_REOPENED,
};

/* Something that may start or stop a clock. */
struct ticket_moment {
	instant at;
	uint32_t fact;
	uint8_t kind;   /* enum moment */
	bool answers;   /* a public act toward the client by a person of the provider (R24) */
	bool by_client;
};

/* A recorded pause, whether or not a metric lists it (R27). */
struct ticket_pause {
	struct span span; /* to INSTANT_MAX: still open */
	uint32_t from_fact, to_fact;
	enum fact_event event;
	bool asked;           /* a question to the client stood open when it began */
	bool supplier_ticket; /* it names the supplier's number */
};

struct ticket_priority {
	instant at;
	uint32_t fact;
	int16_t from, to; /* judged priority before and after; to is the proposed one if it does not count */
	bool counts;
};

struct ticket {
	symbol id;
	instant logged; /* INSTANT_NONE: never logged, nothing follows */
	uint32_t logged_fact;
	uint16_t version;
	int16_t priority; /* as logged */
	int16_t service;  /* index; -1: not said, or not one of the contract */
	bool monitor;     /* logged by the provider or a monitor (R24) */
	bool live;        /* a technician took the call */
	bool out_of_scope;
	uint32_t scope_fact;
	instant merged_at; /* INSTANT_NONE: not merged into another */
	uint32_t merged_fact;

	struct ticket_moment *moments, *early; /* early: recorded for an instant before the ticket was logged */
	size_t n_moments, cap_moments, n_early, cap_early;
	struct ticket_pause *pauses;
	size_t n_pauses, cap_pauses;
	struct ticket_priority *priorities;
	size_t n_priorities, cap_priorities;

	/* Tickets merged into this one, itself included; n_members 0: none were (R34). */
	struct ticket *members;
	size_t n_members, cap_members;
};

/* Words of facts as symbols, looked up once. */
struct ticket_words {
	symbol monitor, automatic, internal;
};

/* Where a ticket's other facts come from: merges and splits that are valid (R34), by place in view.ticket_ids. */
struct ticket_link {
	uint32_t other;   /* place of the survivor, or of the parent */
	uint32_t fact;    /* NO_FACT: no link */
	uint32_t next;    /* next ticket merged into the same survivor; NO_FACT: last */
};

struct ticket_reader {
	struct arena *arena;
	const struct view *view;
	const struct version *versions;
	size_t n_versions;
	struct ticket_words words;
	symbol **priorities; /* by version: the symbol of each priority's id, 0 if no fact names it */
	symbol **services;
	bool linked;                    /* there are merges or splits at all */
	struct ticket_link *merged;     /* by ticket: into which */
	struct ticket_link *split_from; /* by ticket: out of which */
	uint32_t *first_merged;         /* by ticket: the first ticket merged into it, or NO_FACT */
};

struct ticket_reader *ticket_reader_new(struct arena *a, const struct view *v,
					const struct version *versions, size_t n_versions);
/*
 * Reads the ticket at that place of view.ticket_ids, with those merged into it and what it took over from the one it was
 * split off. Flags out_of_order and implied are set in the view. false: it was never logged.
 */
bool ticket_read(const struct ticket_reader *r, uint32_t place, struct ticket *out);

/* The judged priority at t. */
int ticket_priority_at(const struct ticket *t, instant at);
/* The version in force at t (CL-45, R20). */
uint16_t version_at(const struct version *versions, size_t n, instant t);

/* Between the files of a ticket: its own run only, facts of `until` and later left out (INSTANT_MAX: none). */
bool ticket_read_run(const struct ticket_reader *r, uint32_t place, struct ticket *out);
/* R34; nothing if the ticket has no part in a merge or a split. */
void ticket_links_find(struct ticket_reader *r);
bool ticket_read_linked(const struct ticket_reader *r, uint32_t place, struct ticket *out);
void ticket_add_priority(const struct ticket_reader *r, struct ticket *t, struct ticket_priority p);

#endif
