/* SPDX-License-Identifier: Apache-2.0 */
/* What the rules of term, law, privacy and amendment share: values at paths, and findings at paths that are not written. */
#ifndef TERMS_LINT_VALUES_H
#define TERMS_LINT_VALUES_H

#include "terms/lint_rules.h"

/* What is written at a path and is no hole of a template; NULL. n may be NULL. */
const struct node *lint_value(const struct node *n, const char *path);
/* A duration that is written there. */
bool lint_duration(const struct node *n, const char *path, struct duration *out);
/* Is this the word, or the truth value ("true"), that is written there? */
bool lint_says(const struct node *n, const char *path, const char *word);
/* Does a map say this word by its value or by the default of its row? */
bool lint_means(const struct node *map, const char *key, const char *word);

/*
 * A finding about what a path from the root should have: at its value where it is written, else at the nearest map that is
 * (LN-4).
 */
void lint_report_path(struct lint *l, enum lint_rule rule, char severity, const char *path,
		      struct text message);

/* "2026-03-07" */
struct text lint_date(const struct lint *l, day d);

/* From the first day of the initial term to the day after its last (FK-3), LN-8's day standing for a date that is not set. */
struct lint_days {
	day from, to;
};
/* false: a template, or an end beyond the calendar. */
bool lint_initial_term(const struct lint *l, struct lint_days *out);

void lint_term_dates(struct lint *l); /* T-01, T-11, T-12 */
void lint_law_words(struct lint *l);  /* what clauses say: L-03, L-07, L-09 to L-11, L-14 */
void lint_personal(struct lint *l);   /* P-10 */

#endif
