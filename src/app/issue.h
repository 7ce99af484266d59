/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Issuing documents of money (money.md R70 to R74, trust.md J11): checkpoint n, what is due by a day worked out at that size, then in one
 * transaction the next numbers of their series, the documents and their facts, then checkpoint n + 1. Doing it again issues nothing.
 */
#ifndef APP_ISSUE_H
#define APP_ISSUE_H

#include "app/money.h"

enum issue_fate {
	ISSUED,
	ISSUE_NOTHING, /* nothing is due that no document has */
	ISSUE_PARKED,  /* R74: the reasons are in billing.parked */
};

struct issue_result {
	enum issue_fate fate;
	struct text contract;
	const struct invoice **documents; /* those issued now, numbered */
	size_t n_documents;
	struct billing billing; /* what it was worked out to */
	struct hash substance;  /* of the draft: what a release holds for */
};

/* What is due by `on` on a document of `date`. Not inside a transaction; signs before and after. */
enum rc issue_due(struct workspace *ws, const struct log_head *log, day on, day date,
		  struct issue_result *out, struct err *err) MUST_USE;
/*
 * Documents that somebody made on a state read at m's size (credit notes by hand, interest): the same way. RC_INVALID with code "moved":
 * more was recorded meanwhile, or the provider's settings were just now; make them again.
 */
enum rc issue_documents(struct workspace *ws, const struct money_state *m,
			const struct invoice *const *documents, size_t n, day run,
			struct issue_result *out, struct err *err) MUST_USE;

/* The same with a fact that goes first, in the same transaction: the settlement that a credit note follows from. NULL: none. */
struct issue_first {
	enum fact_kind kind;
	struct uuid id;
	instant at;
	struct text body; /* canonical */
};
enum rc issue_after(struct workspace *ws, const struct money_state *m,
		    const struct issue_first *first, const struct invoice *const *documents,
		    size_t n, day run, struct issue_result *out, struct err *err) MUST_USE;

/* A draft as it would be issued now, nothing written. */
enum rc issue_preview(struct workspace *ws, const struct log_head *log, day on, day date,
		      struct money_state *m, struct billing *out, struct err *err) MUST_USE;
/* The state at the head, signed: what issue_documents goes on from. */
enum rc issue_state(struct workspace *ws, const struct log_head *log, day on, struct money_state *m,
		    struct money_proof *proof, struct err *err) MUST_USE;

/* The rows of `document` and `document_item` of an issued document, in the transaction under way (rebuild makes them again). */
enum rc issue_index(struct store *s, int64_t log, int64_t index, const struct invoice *i,
		    int64_t seq, struct err *err) MUST_USE;
/* Their hash, as a person releases it (R74). */
struct hash issue_substance(const struct invoice *i);

#endif
