/* SPDX-License-Identifier: Apache-2.0 */
/* What the writers of reasons share. Private to them. */
#ifndef RENDER_REASON_H
#define RENDER_REASON_H

#include "render/report.h"

struct phrase clock_heading(struct report *r, const struct clock *c);
struct phrase window_heading(struct report *r, uint32_t window);
struct phrase credit_heading(struct report *r, uint32_t credit);
struct phrase right_heading(struct report *r, uint32_t right);
struct phrase void_heading(struct report *r, enum void_reason reason);
struct phrase flag_heading(struct report *r, unsigned bit);
struct phrase contradiction_heading(struct report *r, uint32_t index);

/* What became of a credit. */
struct phrase credit_fate_words(const struct report *r, const struct credit *c);
/* The settlement that has the credit, or NULL. */
const struct settlement *settlement_of(const struct outcome *o, uint32_t credit);
struct phrase cap_words(const struct report *r, const struct cap_use *u);
/* "99.4384 %", or a number for means and counts; "n/a". */
struct phrase value_words(const struct report *r, const struct window_result *w);
struct phrase window_target_words(const struct report *r, const struct window_result *w);
/* "late by 33 min", "in time", "running", ... */
struct phrase clock_verdict_words(struct report *r, const struct clock *c);
enum doc_state clock_doc_state(const struct clock *c);
/* "2 h 15 min counted", "1 h excused"; why an excuse was granted or refused. */
struct phrase outage_effect(const struct report *r, const struct raw_outage *x);
struct phrase excuse_effect(const struct report *r, const struct excuse *e);
/* The version in force at the start of the period, whose names and zone the report carries. */
const struct promise *statement_promise(const struct report *r);
const struct zone *statement_zone(const struct report *r);
struct phrase deadline_words(const struct report *r, const struct act_deadline *x);
/* All samples of a window, one row each. */
void add_sample_table(struct report *r, uint32_t window);

/* "without what is contested: 99.8 %, kept" */
struct phrase alternative_words(const struct report *r, const struct window_result *w);
/* A held window: what is contested, by whom, and the other result; nothing for any other window. */
void add_contested(struct report *r, struct pairs *pairs, uint32_t window);
void add_contested_facts(struct report *r, uint32_t window);
/* Of a credit that a contested fact touches: what is applied and what waits; nothing for any other credit. */
void add_held(struct report *r, struct pairs *pairs, const struct credit *c);

/* A table of facts: when, what, who, recorded, where it stands. */
struct table *fact_table(struct report *r, struct phrase caption);
void fact_row_add(struct report *r, struct table *t, uint32_t fact);
/* "sla.md R26, R28": the rules by which it was computed. */
void add_rules(struct report *r, struct pairs *pairs, const char *rules);
/*
 * The terms of a map as the contract writes them, and the words of its clause. focus: NULL, or a node below n whose
 * neighbours in its list are left out.
 */
void add_terms(struct report *r, const struct node *n, const struct node *focus);
/* Says that more than a hundredth of the agreed time was not observed, if so; named: which promise; reason: its number, 0: none. */
void unseen_note(struct report *r, const struct window_result *w, bool named, size_t reason);
/* Rows of a long table in text: the limit, and how to see the rest: by explaining `what`, or, if it is empty, all. */
void limit_table(struct report *r, struct table *t, struct text what);

#endif
