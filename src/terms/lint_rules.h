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

struct lint {
	struct arena *a;
	const struct lint_input *in;
	const struct node *root;          /* of the contract */
	const struct promise *p;          /* may be NULL for a template */
	struct findings *out;
};

/*
 * Reports a finding at a node (its value's place; for a missing key the map it should be in). message is the rule's own with its
 * {names} filled, in words of the table; effect may be empty. A second finding of the same rule and path is dropped (LN-3).
 */
void lint_report(struct lint *l, enum lint_rule rule, char severity, const struct node *at, struct text message,
		 struct text effect);
/* The same at a path that the contract does not have, below the map `in`: "sla.metrics.uptime.window". */
void lint_report_missing(struct lint *l, enum lint_rule rule, char severity, const struct node *in, const char *key,
			 struct text message, struct text effect);

/* --- shared arithmetic (lint.md LN-6 to LN-10) --- */

/* LN-6: exact, in currency units. of: NULL for all charges, else only those whose index is true there (by promise.charges). */
struct fraction lint_nominal_month(const struct lint *l, const bool *of);
/* "on the nominal month: 45.00 USD" */
struct text lint_effect_money(const struct lint *l, const char *words, struct fraction amount);
/* LN-8: is a longer than b, both counted from the effective date? */
bool lint_longer(const struct lint *l, struct duration a, struct duration b);
/* LN-9 */
bool lint_is_commitment(const struct node *metric);
/* Does t (a clause's words) hold one of the n phrases, case ignored? *hit is what was found. Whole words. */
bool lint_has_words(struct text t, const char *const *phrases, size_t n, struct text *hit);

/* Calls f for each clause with words of its own (text, or its library's), in order. */
void lint_each_clause(struct lint *l, void (*f)(struct lint *l, const struct node *document, const struct node *clause,
						struct text words));

/* --- the rules, one function a group of the table; each runs all rules of its letter --- */

void lint_service_levels(struct lint *l);  /* S: lint_sla.c */
void lint_money(struct lint *l);           /* F: lint_money.c */
void lint_term(struct lint *l);            /* T: lint_term.c */
void lint_law(struct lint *l);             /* L: lint_law.c */
void lint_privacy(struct lint *l);         /* P: lint_privacy.c */
void lint_amendment(struct lint *l);       /* G: lint_amendment.c */

#endif
