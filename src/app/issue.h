/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Issuing documents of money (money.md R70 to R74, trust.md J11): checkpoint n, what is due by a day worked out at that size, then in one
 * transaction the next numbers of their series, the documents and their facts, then checkpoint n + 1. Doing it again issues nothing.
 * Many contracts take these steps together, so that they wait for the disk together; what becomes of one is what would have become of it
 * alone.
 */
#ifndef APP_ISSUE_H
#define APP_ISSUE_H

#include "app/crew.h"
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
};

/* One contract of those asked for. */
struct issue_asked {
	struct log_head log; /* which; where it stands is read anew */
	bool there;          /* false: no version of it is agreed yet (rc is RC_MISSING) */
	enum rc rc;          /* of this one; RC_OK: result holds. RC_LIMIT is that of R82 */
	struct err err;
	struct issue_result result;
};

/* By when things are due and of when the documents are, once the versions are known. What it answers, if not RC_OK, is the asked one's. */
struct issue_days {
	const void *context; /* several threads may ask at once */
	enum rc (*of)(const void *context, struct workspace *ws, const struct recalled *versions,
		      day *on, day *date, struct err *err);
};

/*
 * What is due, of n contracts in three steps, so that the crew may work out the next ones while these are written: begin sets the crew to
 * work; prepare ends that, and *done says of how many there was memory for at once, the first of them; end writes and signs. After begin
 * comes prepare or stop, once each; after prepare, which leaves the crew free, end. What is made lies in ws->arena, which is the same at
 * each step, and in those of the crew (crew_turn), where the results are, too; days and v stay where they are. What comes of it does not
 * depend on how many hands the crew has.
 * Not inside a transaction. Fails as a whole where the disk does: then nothing of what is not signed was told of.
 */
struct issue_run;
enum rc issue_begin(struct workspace *ws, struct crew *crew, struct issue_asked *v, size_t n,
		    const struct issue_days *days, struct issue_run **out,
		    struct err *err) MUST_USE;
enum rc issue_prepare(struct issue_run *r, size_t *done, struct err *err) MUST_USE;
enum rc issue_end(struct issue_run *r, struct err *err) MUST_USE;
/* Begun, and not wanted: the crew comes back. Nothing where it has come back already. */
void issue_stop(struct issue_run *r);
/* All of it, for one contract. */
enum rc issue_due(struct workspace *ws, struct crew *crew, struct issue_asked *one,
		  const struct issue_days *days, struct err *err) MUST_USE;
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

/*
 * A draft as it would be issued now, nothing written: for a look, with the state it was made of. Tickets that are over are left out where
 * the draft is the same bytes without them (recall_past). _on: from what was recalled of the log's head, all or without them.
 */
enum rc issue_preview(struct workspace *ws, const struct log_head *log, day on, day date,
		      struct money_state *m, struct billing *out, struct err *err) MUST_USE;
enum rc issue_preview_on(struct workspace *ws, const struct recalled *r, day on, day date,
			 struct money_state *m, struct billing *out, struct err *err) MUST_USE;
/* The same of all facts: for what a person lets go out (R74). */
enum rc issue_draft(struct workspace *ws, const struct log_head *log, day on, day date,
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
