/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What all reports on an outcome share: which windows and reasons they show, and the words for the engine's things. Private to
 * this room.
 */
#ifndef RENDER_REPORT_H
#define RENDER_REPORT_H

#include "engine/contradictions.h"
#include "render/statement.h"

enum reason_kind {
	REASON_CLOCK,         /* index: a clock that is late */
	REASON_WINDOW,        /* index: a window whose value is not just a count of clocks */
	REASON_CREDIT,        /* index: a credit */
	REASON_RIGHT,         /* index: a right */
	REASON_VOID,          /* index: enum void_reason */
	REASON_CONTRADICTION, /* index: into the report's contradictions */
	REASON_FLAG,          /* index: the bit of enum fact_flag */
};

struct reason {
	enum reason_kind kind;
	uint32_t index;
	uint32_t window; /* CLOCK: the window that it is a sample of */
};

/* The numbered reasons of a statement; number n is v[n - 1]. The same outcome gives the same numbers. */
struct plan {
	const uint32_t *windows; /* shown: by metric, then by time */
	size_t n_windows;
	const struct reason *v;
	size_t n;
	const uint32_t *clocks; /* number of each clock of the outcome, 0: none */
};

/* Cases and flagged facts that come in parts. */
struct cases_part {
	size_t from, most, seen;
};

struct report {
	struct doc *d;
	const struct outcome *o;
	struct statement_options options;
	struct plan plan;
	struct contradiction *contradictions; /* ask contradiction_at */
	size_t n_contradictions;
	bool full;        /* explain: rules, clause text and facts as well */
	bool facts_later; /* the facts of a clock come in one table of all facts of its ticket */
	const struct node *clause_said; /* the clause quoted last */
	struct cases_part *cases;       /* NULL: all of them */
};

struct report *report_new(struct arena *a, const struct outcome *o,
			  const struct statement_options *options);
/* With reasons for the first n_contradictions of them, at most CONTRADICTIONS_TRIED_MAX. */
struct plan plan_make(struct arena *a, const struct outcome *o, size_t n_contradictions);
/* The number of a reason, 0: it has none. */
size_t plan_number(const struct plan *p, enum reason_kind kind, uint32_t index);
/* Does it concern the statement's period? */
bool window_shown(const struct outcome *o, const struct window_result *w);
bool credit_shown(const struct outcome *o, const struct credit *c);
bool clock_late(const struct clock *c);
bool void_shown(const struct outcome *o, const struct clock *c);
/* An outweighed record and what it would change; not tried, if there are too many or it could not be evaluated. */
const struct contradiction *contradiction_at(const struct report *r, uint32_t index);
/* Two credits of one rule for one window; has that line a part that waits for a dispute? */
bool credit_same_line(const struct credit *x, const struct credit *y);
bool credit_in_dispute(const struct outcome *o, const struct credit *c);
/* Outages of a window and, of mean and weighted, of each of its members, one after another. */
size_t outage_count(const struct availability *av);
const struct raw_outage *outage_of(const struct availability *av, size_t place);
/* Facts of the period with that flag, in order. */
size_t flagged_facts(struct arena *a, const struct outcome *o, uint16_t flag, uint32_t **out);

/* --- words for things; all in the report's document --- */

const struct promise *report_promise(const struct report *r, uint16_t version);
const struct metric *report_metric(const struct report *r, uint16_t version, uint16_t metric);
/* "First response", "Uptime": by what it measures; with its id if two would read alike. */
/* What a metric is called: by what it measures, and by its id where that says too little. */
struct phrase metric_name(struct doc *d, const struct promise *p, size_t metric);
struct phrase metric_words(const struct report *r, uint16_t version, uint16_t metric);
struct phrase priority_words(const struct report *r, uint16_t version, int priority);
/* "4 h office", "1 h office or 30 min", "1 business day by 17:00" */
struct phrase target_words(const struct report *r, const struct target *t);
/* "March 2026", "Q1 2026", or the label as it is. */
struct phrase window_words(const struct report *r, const struct window_result *w);
/* "Mar", for charts. */
struct text window_short(const struct report *r, const struct window_result *w);
/* "Order form 2, Service levels" of the node's clause. */
struct phrase clause_words(const struct report *r, const struct node *n);
/* "Sat 7 Mar 22:00-23:00 EST" */
struct phrase span_words(const struct report *r, struct span s);
/* "T-118 ticket.restored, Wed 11 Mar 10:40 EDT, by the provider" */
/* The entry of the record that a fact is. */
int64_t report_entry(const struct report *r, const struct fact *f);
struct phrase fact_words(const struct report *r, uint32_t fact);
/* The last part of a file's name: where it lay on somebody's machine says nothing to the reader. */
struct phrase file_words(const struct report *r, struct text name);
/* "tickets.csv, line 88" */
struct phrase fact_source_words(const struct report *r, uint32_t fact);
struct phrase party_words(const struct report *r, enum party p);
struct phrase symbol_words(const struct report *r, symbol y);
/* Opening hours as the contract writes them: "Mon-Fri 09:00-17:00"; empty for none or for always. */
struct phrase hours_words(const struct report *r, const struct promise *p,
			  const struct calendar *c);
struct phrase verdict_words(const struct report *r, const struct window_result *w);
enum doc_state verdict_state(const struct window_result *w);
struct phrase not_judged_words(const struct report *r, const struct window_result *w);
struct phrase void_words(const struct report *r, enum void_reason reason, int64_t n);
struct phrase refusal_words(const struct report *r, const struct excuse *e);
struct phrase cause_words(const struct report *r, enum excuse_cause c);
struct phrase event_words(const struct report *r, int event);
/* What an import has to say about rows. */
struct phrase import_words(const struct report *r, enum import_code code);
/* Amount of credits without its currency: "61.50". */
struct phrase amount_words(const struct report *r, struct money m);
struct phrase flag_words(const struct report *r, enum fact_flag f);
/* "4 h 10 min" as "250 min" when both are whole minutes: so that a quotient can be checked. */
struct phrase quotient_words(const struct report *r, int64_t part_ms, int64_t whole_ms);
/* The target that holds for a priority (-1: none): its own, else the one for all; NULL. */
const struct target *target_for(const struct metric *m, int priority);
/* Samples of a priority row: index promise.n_priorities is "without priority". */
const struct priority_share *share_of(const struct window_result *w, const struct promise *p,
				      int priority);

/* --- reasons: each adds its blocks to the document --- */

void reason_add(struct report *r, size_t number, const struct reason *x);
void reason_clock(struct report *r, size_t number, uint32_t clock);
void reason_window(struct report *r, size_t number, uint32_t window);
void reason_credit(struct report *r, size_t number, uint32_t credit);
void reason_right(struct report *r, size_t number, uint32_t right);
void reason_void(struct report *r, size_t number, enum void_reason reason);
void reason_contradiction(struct report *r, size_t number, uint32_t index);
void reason_flag(struct report *r, size_t number, unsigned bit);
/* The reason's head alone: one line that says what is explained. */
struct phrase reason_heading(struct report *r, const struct reason *x);

/* How a state of availability is drawn. */
enum chart_mark report_mark(enum availability_state s);
/* Charts; NULL if there is nothing to draw. */
const struct chart *chart_of_trend(struct report *r, const struct window_result *w, bool small);
/* Share in time of each priority against the target of the window. */
const struct chart *chart_of_priorities(struct report *r, const struct window_result *w);
const struct chart *chart_of_times(struct report *r, const struct window_result *w, bool small);
const struct chart *chart_of_window(struct report *r, const struct window_result *w, bool small);
/* ran: when it ran; stood: when and why it stood still, or no words: both are read aloud in place of the picture. */
const struct chart *chart_of_clock(struct report *r, uint32_t clock,
				   const struct clock_detail *detail, struct phrase ran,
				   struct phrase stood);

/* Last windows of a metric up to the given one, oldest first, at most max. */
size_t last_windows(const struct outcome *o, uint32_t window, size_t max, uint32_t *out);

#endif
