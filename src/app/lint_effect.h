/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The effects of lint on recorded facts (lint.md LN-5): the lines that the contract under check would have had over the last twelve whole
 * months of its service, from the facts that one engagement recorded in them. The rules themselves stay in terms/lint.h, which knows no
 * facts; they get sums. Not a back-test: one side only, and nothing of what the versions in force would have charged.
 */
#ifndef APP_LINT_EFFECT_H
#define APP_LINT_EFFECT_H

#include "app/workspace.h"
#include "terms/lint.h"

struct lint_measured {
	bool set; /* facts holds; else why not */
	struct lint_facts facts;
	size_t n_facts;          /* reported in those months */
	struct text first, last; /* the months: "2025-12", "2026-11" */
	struct text why_not;     /* why effects are on the nominal month all the same */
};

/*
 * in: contract, promise, and where they are known base_promise, as_of and invoiced_to; this one is taken from the documents issued where
 * it is not given. *out stays unset where the contract is a template, where no month or no fact is there, or where its charges cannot be
 * worked out as they stand (lint then says why): no failures. RC_INVALID: another contract, or another currency.
 */
enum rc lint_measure(struct workspace *ws, const struct log_head *log, struct lint_input *in,
		     struct lint_measured *out, struct err *err) MUST_USE;

#endif
