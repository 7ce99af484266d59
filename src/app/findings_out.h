/* SPDX-License-Identifier: Apache-2.0 */
/* Findings of a contract as lines: for check, and for whoever stumbles over an invalid contract. */
#ifndef APP_FINDINGS_OUT_H
#define APP_FINDINGS_OUT_H

#include "app/app.h"
#include "terms/promise.h"

/* The errors of a contract's file as they would stand in the output of check, for standard error. */
void findings_note(struct app *app, const struct contract *c, const struct args *args, struct buf *notes);

/* What check looks at: a contract that was read, valid or not. */
struct check_input {
	const struct contract *contract, *base;       /* base: the version that it amends; NULL: none is known */
	const struct promise *promise, *base_promise; /* promise NULL: invalid, or a template */
	struct text measured_on;                      /* the engagement on whose facts effects are worked out; empty: none */
};
/* The answer of check, with its exit status; --as-of, --invoiced-to, --json, --lang, --width as the call has them. */
enum rc check_answer(struct app *app, const struct args *args, const struct check_input *in, struct reply *reply,
		     struct err *err) MUST_USE;

#endif
