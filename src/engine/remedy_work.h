/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of remedies share: credits on their way (sla.md R22 steps 9 to 15), and small questions about windows and
 * months. Private to remedy*.c, chronic.c, deadlines.c and one_short.c.
 */
#ifndef ENGINE_REMEDY_WORK_H
#define ENGINE_REMEDY_WORK_H

#include "engine/base.h"
#include "engine/remedy.h"

/* Why something failed (R59): a root cause, or an event that is its own. Two are the same if word and kind are. */
struct cause {
	symbol word;
	uint32_t of; /* enum fact_field: CAUSE, TICKET, OUTAGE, SUBJECT, FACT_ID, ... */
};

struct causes {
	const struct cause *v;
	size_t n;
};

/* A credit before it has its place, with what later steps need and the outcome does not. */
struct draft {
	struct credit c;
	size_t order; /* of the rule in the file; SIZE_MAX: the late report */
	/* of one missed sample: when it settled and what it is called, so that its place needs no index */
	instant settled;
	struct text sample;
	uint16_t cycle;
	struct causes causes;
};

/* What a base was made for. */
struct base_key {
	uint16_t version;
	instant month;
	day from, to;
};

struct cause_index;

struct remedy {
	struct arena *arena;
	struct outcome *o;
	bool other_way; /* held windows have the result without contested facts (R19) */
	struct cause_index *index;
	struct draft *drafts;
	size_t n_drafts, drafts_cap;
	struct base *bases;
	struct base_key *base_keys;
	size_t n_bases, bases_cap;
	struct settlement *settlements;
	size_t n_settlements, settlements_cap;
};

struct indexes {
	uint32_t *v;
	size_t n;
};

/* --- remedy_work.c --- */

const struct promise *promise_at(const struct outcome *o, uint16_t version);
const struct metric *metric_of(const struct outcome *o, const struct window_result *w);
/* Over, judged, and a commitment: only such windows give credits and count (R41, goals never). */
bool window_judged(const struct outcome *o, const struct window_result *w);
/* The end of the part that was judged: the window's own, or that of the service. */
instant window_end(const struct window_result *w);
/* The local month that contains t. */
struct span month_around(const struct promise *p, instant t);
/* The month of failure: in which the judged part of the window ended. */
struct span failure_month(const struct outcome *o, const struct window_result *w);
/* Windows of the metric with this id under every version, by their end: a promise that is amended goes on being one. */
struct indexes metric_windows(struct arena *a, const struct outcome *o, struct text metric);
/* The instant up to which an act is in time (R11, CL-11). */
enum rc act_due(const struct promise *p, const struct timing *t, enum anchor anchor, instant at,
		instant *out, struct err *err) MUST_USE;
/* pct % of an amount. */
struct fraction percent_of(struct decimal pct, struct fraction amount);
/* The base for that month under a version: index into r->bases, made if it is not there. */
uint32_t base_index(struct remedy *r, uint16_t version, struct span month, struct days days);

/* --- remedy_report.c --- */

/* The period whose report tells of a window (R68, sla.reporting.every): its end, and its label. */
instant report_end(const struct promise *p, const struct window_result *w);
void report_label(const struct promise *p, instant end, char out[24]);
/* Months between reports; 0: not counted in months, so that each window has a report of its own. */
int32_t report_months(const struct promise *p);
/* The end of the period after the one that ends there; only if counted in months. */
instant report_next_end(const struct promise *p, instant end);
/* When the report of a window was delivered (INSTANT_NONE: not), and by which fact. */
instant report_delivery(const struct outcome *o, const struct window_result *w, uint32_t *fact);
/* Sets report_due, report_delivered and what is deemed (R67) of one window. */
enum rc report_judge(const struct outcome *o, struct window_result *w, struct err *err) MUST_USE;
bool report_is_late(const struct outcome *o, const struct window_result *w);

/* --- remedy_cause.c --- */

struct cause_index *cause_index_make(struct arena *a, const struct outcome *o);
/* Causes of one missed sample, and of all events that a window counted; priority -1: all. */
struct causes causes_of_clock(struct remedy *r, const struct clock *c);
struct causes causes_of_window(struct remedy *r, const struct window_result *w, int priority);

/* Causes, each with a number. */
struct cause_map;
struct cause_map *cause_map_new(struct arena *a);
/* UINT32_MAX: not there. */
uint32_t cause_map_number(const struct cause_map *m, const struct cause *c);
/* false: it was there already and keeps its number. */
bool cause_map_add(struct cause_map *m, const struct cause *c, uint32_t number);

/* --- remedy_rules.c: steps 10 and 13's facts --- */

/* All drafts, by month of failure, then as the file lists the rules; the late report after them. */
enum rc credits_make(struct remedy *r, struct err *err) MUST_USE;
/* Does a window count for a rule of the form `pattern` (R57; R67: a deemed one does)? */
bool pattern_below(const struct window_result *w, const struct credit_rule *rule);

/* --- remedy_settle.c: steps 11 to 15 --- */

void credits_settle(struct remedy *r);

/* --- remedy_caps.c: R62 --- */

/*
 * Cuts the credits (indexes of drafts, all of one month and version) by the version's caps; `before` is what the month's other
 * versions already take. Returns what is left in all.
 */
struct fraction caps_apply(struct remedy *r, struct settlement *s, const uint32_t *credits,
			   size_t n, struct fraction before);

/* --- remedy_hold.c: step 16 --- */

/* R19: settles everything again with the other result of held windows; applied is what both share, the rest is held. */
enum rc credits_hold(struct remedy *r, struct err *err) MUST_USE;

/* --- chronic.c, deadlines.c --- */

enum rc rights_make(struct arena *a, struct outcome *o, struct err *err) MUST_USE;
enum rc deadlines_make(struct arena *a, struct outcome *o, struct err *err) MUST_USE;

#endif
