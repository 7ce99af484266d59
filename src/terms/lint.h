/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lint (lint.md): findings on a valid contract, a pure function of its tree and, where given, of the version it amends, the
 * instant of sending and the end of the last invoiced period.
 */
#ifndef TERMS_LINT_H
#define TERMS_LINT_H

#include "terms/promise.h"

/* A charge, and what its lines came to. */
struct lint_charged {
	struct text charge;
	struct money total;
};

/* What the contract's lines come to on recorded facts (lint.md LN-5): worked out by the caller, who has the record. */
struct lint_facts {
	struct text months; /* "2025-12 to 2026-11" */
	int64_t n_months;   /* of them, > 0 */
	const struct lint_charged *v; /* of these months; discounts are negative */
	size_t n;
	bool minimum_set; /* F-16: what the minimum added to them */
	struct money minimum;
	bool changed_set; /* G-05: the lines of the invoiced months that would change, under both versions */
	struct money changed_base, changed_this;
};

struct lint_input {
	const struct contract *contract;  /* valid */
	const struct promise *promise;    /* of the contract; NULL for a template */
	const struct contract *base;      /* the version it amends, or NULL: then G-01, G-02, G-04 to G-06 do not run */
	const struct promise *base_promise;
	instant as_of;                    /* of sending, INSTANT_NONE: T-06 and part of G-02 do not run */
	instant invoiced_to;              /* end of the last invoiced period, INSTANT_NONE: G-05 does not run */
	const struct lint_facts *facts;   /* NULL: effects are on the nominal month; no finding depends on it, only its effect */
};

/* All findings, one per (rule, path), by severity (E, W, I), then line (LN-3). Texts live in the arena. */
enum rc lint(struct arena *a, const struct lint_input *in, struct findings *out, struct err *err) MUST_USE;

/* Worst severity: 'E', 'W', 'I', or 0 if there is nothing. */
char findings_worst(const struct findings *f);

struct lint_row {
	const char *id, *severities, *message, *why, *fix;
};

size_t lint_row_count(void);
const struct lint_row *lint_row_at(size_t i);

#endif
