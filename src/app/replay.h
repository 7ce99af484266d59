/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Step 8 of trust.md J20: the entries of a bundle to facts, its versions and inputs to promises, these to statements, and each statement
 * held byte for byte against the one that was issued. Nothing is taken from the machine it runs on: no zone file, no clock, no network.
 * Not a judge of signatures or of the tree: journal/bundle.h has done that.
 */
#ifndef APP_REPLAY_H
#define APP_REPLAY_H

#include "app/app.h"
#include "journal/bundle.h"

struct replay;

struct replay *replay_new(struct arena *a, const struct bundle *b);
/* For bundle_check's `each`: context is the replay. Takes an entry that was found good; what does not fit is told by replay_judge. */
enum rc replay_entry(void *context, int64_t index, const struct entry *e,
		     const struct canon_doc *doc, struct err *err) MUST_USE;

struct replay_count {
	size_t facts;   /* that were reported; what the record says of itself is not among them */
	size_t numbers; /* of the statements worked out again */
	size_t statements;
	size_t documents; /* of money */
};

/* After bundle_check: fills checked->steps[CHECK_NUMBERS]. */
void replay_judge(struct replay *r, struct hasher *h, struct bundle_checked *checked,
		  struct replay_count *out);

/* How many values of a document are numbers: integers, and text that is a decimal, a percentage or money. */
size_t document_numbers(const struct canon_doc *doc);
/*
 * The first place where two documents differ: *path "statement.credits[0].amount", the two values (empty text: not there), and the clause
 * that stands nearest above it, or empty text. false: they are equal.
 */
bool document_differs(struct arena *a, const struct canon_doc *is, const struct canon_doc *ought,
		      struct text *path, struct text *is_value, struct text *ought_value,
		      struct text *clause);

#endif
