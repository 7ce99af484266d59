/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An invoice, credit note or interest note as its reader sees it (money.md R75, R76, R93, R109): what is due and by when first, then the
 * lines by service period, then what follows from them, then what stands behind them. A document without a number is a draft and says so,
 * with what keeps it from being issued (R74). Nothing is computed here.
 *
 * As text: doc_text(invoice_doc(...)); as a page: doc_html. invoice_csv gives lines, reductions, taxes and deductions as one flat table.
 */
#ifndef RENDER_INVOICE_H
#define RENDER_INVOICE_H

#include "engine/billing.h"
#include "render/doc.h"

/* The words of a fact by its entry in the log: "ticket 4711, on site, 40 min". The empty phrase: there is nothing to say. */
typedef struct phrase fact_says(struct doc *d, const void *from, int64_t entry);

struct invoice_options {
	const struct language *language; /* NULL: the document's own; English where it names none */
	const struct zone *zone;         /* of the contract; NULL: UTC */
	struct text sha256;              /* of the issued document, 64 hex digits; empty: a draft */
	const struct parked *parked;     /* R74: why it may not be issued as it is */
	size_t n_parked;
	const struct earned_credit *waiting; /* R62: for the next invoice */
	size_t n_waiting;
	fact_says *fact; /* NULL: facts are named by their entry alone */
	const void *fact_from;
	/* The words before what explains or verifies it: "tenor invoice explain INV-2026-00031"; empty: nothing is hinted at */
	struct text explain_command, verify_command;
};

struct doc *invoice_doc(struct arena *a, const struct invoice *i,
			const struct invoice_options *options);

/* What can be explained: line, reduction, tax, deduction by their place from 0. */
enum invoice_part { PART_LINE, PART_REDUCTION, PART_TAX, PART_DEDUCTION };

size_t invoice_parts(const struct invoice *i, enum invoice_part part);
/* R76: every step with its value, its rule and its fact, in the order in which it was taken. at < invoice_parts(i, part). */
struct doc *invoice_explain_doc(struct arena *a, const struct invoice *i, enum invoice_part part,
				size_t at, const struct invoice_options *options);

/*
 * RFC 4180, but lines end with LF alone. One row a line, reduction, tax and deduction, then the total; the columns are described in
 * invoice_csv.c. A text that a spreadsheet would take for a formula gets a leading '.
 */
void invoice_csv(const struct invoice *i, struct buf *out);

/* The words of a step, and why an account is parked (R74), as one sentence. */
struct phrase step_words(struct doc *d, enum step_what what);
struct phrase parked_words(struct doc *d, const struct invoice *i, const struct parked *p);

#endif
