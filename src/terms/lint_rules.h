/* SPDX-License-Identifier: Apache-2.0 */
/* Between the files of lint: what a rule's function gets and how it reports. Not for other rooms. */
#ifndef TERMS_LINT_RULES_H
#define TERMS_LINT_RULES_H

#include "terms/lint.h"

enum lint_rule {
#define LINT(group, number, severities, message, why, fix) LINT_##group##number,
#include "terms/lint.def"
	LINT_COUNT
};

/* A clause that is printed (CL-23), with its words. */
struct lint_clause {
	const struct node *document, *clause;
	const struct node
		*at; /* the node of the words, else the clause: where a finding about them stands */
	struct text words; /* its text, or that of its own `library` */
};

struct lint {
	struct arena *a;
	const struct lint_input *in;
	const struct node *root; /* of the contract */
	const struct promise *p; /* NULL for a template: rules that compute do not run */
	struct findings *out;
	/* In order of documents; in each first what its library brings in, then its own. */
	const struct lint_clause *clauses;
	size_t n_clauses;
};

/*
 * Reports a finding at a node (its value's place; for a missing key the map it should be in). message is the rule's own with its
 * {names} filled, in words of the table; effect may be empty. A second finding of the same rule and path is dropped unless it is
 * more severe (LN-3).
 */
void lint_report(struct lint *l, enum lint_rule rule, char severity, const struct node *at,
		 struct text message, struct text effect);
/* The same at a path that the contract does not have, below the map `in`: "sla.metrics.uptime.window". */
void lint_report_missing(struct lint *l, enum lint_rule rule, char severity, const struct node *in,
			 const char *key, struct text message, struct text effect);
/* An effect that is left out (LN-5), or a message without names. */
extern const struct text lint_nothing;

/* --- the tree --- */

/* Is the key written, be it as a hole of a template? */
bool lint_has(const struct node *map, const char *key);
/* The first item of a list at a path from n, or NULL; then `->next`. */
const struct node *lint_items(const struct node *n, const char *path);
/* The member of a set at a path from n that is this word, or NULL. */
const struct node *lint_member(const struct node *n, const char *path, const char *word);
/* Appends "word" to a list of words: "a, b". */
void lint_add_word(struct lint *l, struct text *list, const char *word);
/* Appends each of the n keys that the map does not have; returns the first of them, or NULL if it has all. */
const char *lint_missing_keys(struct lint *l, const struct node *map, const char *const *keys,
			      size_t n, struct text *list);

/* --- shared arithmetic (lint.md LN-6 to LN-10) --- */

/*
 * LN-6: in currency units, each charge to the millionth. of: NULL for all charges, else only those whose index is true there (by
 * promise.charges).
 */
struct fraction lint_nominal_month(const struct lint *l, const bool *of);
/* The part of one charge. */
struct fraction lint_nominal_charge(const struct lint *l, const struct node *charge);
/* The part of the charges named by a set of references at a path; all charges if the path is not written. */
struct fraction lint_nominal_of(const struct lint *l, const char *path);
/*
 * NF-6: the amount of a per_unit or usage charge for a quantity in one period, by price or tiers. false: none of them, a
 * quantity beyond the last tier, or an amount too large to be meant.
 */
bool lint_rate(const struct node *charge, struct fraction quantity, struct fraction *amount);
/* To the millionth, so that sums of unlike fractions stay within 128 bits; false: too large to be meant. */
bool lint_settled(struct fraction exact, struct fraction *out);
/*
 * LN-5, for an effect alone: the same in an average month of the facts, with what repeats (no one_time, no milestone) and net of
 * discounts; without facts the nominal month.
 */
struct fraction lint_effect_charge(const struct lint *l, const struct node *charge);
struct fraction lint_effect_month(const struct lint *l);
struct fraction lint_effect_of(const struct lint *l, const char *path);
/* Months in a period: 3mo is 3, 1y is 12, days and weeks by 365 days a year; false: no civil period. */
bool lint_months(struct duration d, struct fraction *months);

/* "1,080", "4.03": at most `places` decimals, trailing zeros dropped, groups of three. */
struct text lint_number(const struct lint *l, struct fraction f, unsigned places);
/* "1,350.00 USD", rounded as the contract says. */
struct text lint_amount(const struct lint *l, struct fraction amount);
/* "on the nominal month: <words> 45.00 USD", or "on 2025-12 to 2026-11: ..."; words may be "". */
struct text lint_effect_money(const struct lint *l, const char *words, struct fraction amount);
/* "on the nominal month: ", or the months of the facts, and what follows. */
struct text lint_effect(const struct lint *l, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Minutes of day and night in 30 days that a percentage makes. */
struct fraction lint_minutes(struct fraction percent);
/* A percentage as a share of 1. */
struct fraction lint_share(struct decimal percent);

/* LN-8: is a longer than b, both counted from the effective date? */
bool lint_longer(const struct lint *l, struct duration a, struct duration b);
/* The day from which LN-7 and LN-8 count: the given one, without it the day of sending, without that 2026-01-01. */
day lint_effective_day(const struct lint *l);
day lint_service_day(const struct lint *l);
/* The n-th instant a duration after (sign 1) or before (-1) 00:00 of a day that is an edge (CL-11), rolled by CL-12 if asked. */
bool lint_from_edge(const struct lint *l, struct duration d, int sign, day edge, bool roll,
		    instant *out);
/* "2026-03-07 10:00"; with edge, 00:00 is 24:00 of the day before (CL-11). */
struct text lint_when(const struct lint *l, instant t, bool edge);
/* "Sat 2026-03-07 10:00" */
struct text lint_weekday_when(const struct lint *l, instant t);

/* All clauses of a contract, for lint.c. */
void lint_find_clauses(struct lint *l);

/* LN-9 */
bool lint_is_commitment(const struct node *metric);

/* Does t (a clause's words) hold one of the n phrases, case ignored? *hit is what was found. Whole words. */
bool lint_has_words(struct text t, const char *const *phrases, size_t n, struct text *hit);

/* The word lists of lint.md section 1, in English. */
struct lint_words {
	const char *const *v;
	size_t n;
};
extern const struct lint_words lint_effort, lint_open_price, lint_vague_time, lint_unilateral,
	lint_precedence, lint_adjective;
/* Also finds what is no word: `[ ]`, `[•]`, `____`. */
bool lint_placeholder(struct text t, struct text *hit);

/* LN-10: a number with %, a currency, or a unit of time, outside {{...}}. */
enum literal_kind { LITERAL_PERCENT, LITERAL_MONEY, LITERAL_DURATION };
struct literal {
	enum literal_kind kind;
	struct text text;              /* as it stands: "2.00 USD", "7) days" of "seven (7) days" */
	struct text figure, unit_word; /* "7", "days" */
	size_t at, end;                /* where in the words */
	struct decimal number;
	char currency[4]; /* MONEY by code; "" for a symbol */
	enum unit unit;   /* DURATION */
};
/* The first literal that begins at or after *from; *from becomes its end. false: no more. */
bool lint_literal(struct text words, size_t *from, struct literal *out);
/* For a message: "2.00 USD", "7 days". */
struct text lint_literal_text(const struct lint *l, const struct literal *x);
/* Are two durations the same length in every case: 1w and 7d, 1y and 12mo, 1h and 60min; calendars are not compared. */
bool lint_same_length(struct duration a, struct duration b);

/* --- the rules, one function a group of the table; each runs all rules of its letter --- */

void lint_service_levels(struct lint *l); /* S: lint_sla.c, which calls */
void lint_sla_credits(struct lint *l);    /* S-03, S-04, S-06, S-11, S-12, S-18, S-20, S-21 */
void lint_sla_time(struct lint *l);       /* S-08, S-09, S-17, S-22 */
void lint_sla_words(struct lint *l);      /* S-07, S-10, S-19 */
void lint_money(struct lint *l);          /* F: lint_money.c, which calls */
void lint_money_charges(struct lint *l);  /* F-01, F-10 to F-12, F-18 to F-21 */
void lint_money_prices(struct lint *l);   /* F-02, F-06, F-07 */
void lint_term(struct lint *l);           /* T: lint_term.c */
void lint_law(struct lint *l);            /* L: lint_law.c */
void lint_privacy(struct lint *l);        /* P: lint_privacy.c */
void lint_amendment(struct lint *l);      /* G: lint_amendment.c */

#endif
