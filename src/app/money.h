/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A contract's money from the record: what its charges come to, the documents issued, the account, the service credits, and what an
 * invoice of a day would be (money.md). Joins recall, the engine and the provider's settings; verbs and verification share it.
 */
#ifndef APP_MONEY_H
#define APP_MONEY_H

#include "app/own_entries.h"
#include "app/provider.h"
#include "app/recall.h"
#include "engine/account.h"
#include "engine/index.h"
#include "engine/leaving.h"

struct money_at {
	int64_t size;        /* entries looked at; -1: all */
	instant known_as_of; /* INSTANT_MAX: all that is recorded */
	day on;              /* what is due by then */
	bool no_credits; /* where no service credit is asked for: the months are not evaluated */
};

struct money_state {
	struct log_head log;
	struct recalled r;
	day on;
	instant as_of, known_as_of; /* as_of: the end of `on` in the contract's zone */
	struct leaving leaving;     /* an end before that of the term, once it is known */
	struct charging *charging;  /* begun and run, up to that end */
	struct issued_document *issued;
	size_t n_issued;
	struct earned_credit *credits;
	size_t n_credits;
	struct account account; /* on `on` */
	struct billing_settings settings;
	struct provider_settings logged; /* as the contract's log has them */
	struct provider_settings
		provider; /* that documents are made with: those, or the newest (money_provider_now) */
};

/* RC_LIMIT from the charges is that of R82: the caller parks the account. */
enum rc money_recall(struct workspace *ws, const struct log_head *log, const struct money_at *at,
		     struct money_state *out, struct err *err) MUST_USE;
/*
 * The same of what was recalled. Where tickets were left out (r->left_out) amounts are the same; which facts a credit came from is not
 * told of those.
 */
enum rc money_of(struct workspace *ws, const struct recalled *r, const struct money_at *at,
		 struct money_state *out, struct err *err) MUST_USE;
/* The same from versions at hand, which get their facts, and from the settings in force: for who does many contracts. */
enum rc money_recall_on(struct workspace *ws, struct recalled *versions,
			const struct provider_settings *now, const struct money_at *at,
			struct money_state *out, struct err *err) MUST_USE;
/* The same from what is at hand already (verify: from a bundle; backtest: with another version). issued as read. */
enum rc money_work_out(struct arena *a, const struct recalled *r,
		       const struct issued_document *issued, size_t n_issued,
		       const struct money_at *at, struct money_state *out,
		       struct err *err) MUST_USE;

/*
 * What was charged as the bases of an evaluation's credits (sla.md R58), as the run of the first day after its period has it, or of its
 * as_of where that is later; nothing where no credit has a base of charges, or the call gave one. r: what e was made of. issued: those
 * among its entries; of them, those known by e's known_as_of count.
 */
enum rc money_bases(struct arena *a, const struct recalled *r, struct issued_document *issued,
		    size_t n_issued, struct evaluation *e, struct err *err) MUST_USE;
/* The same with the documents read from the workspace. */
enum rc money_bases_of(struct workspace *ws, const struct recalled *r, struct evaluation *e,
		       struct err *err) MUST_USE;

/* The document of a date, or none; root and origin of the checkpoint it is worked out from. */
struct money_proof {
	int64_t size;
	struct text root, origin;
};
enum rc money_bill(struct arena *a, const struct money_state *m, day date,
		   const struct money_proof *proof, struct billing *out, struct err *err) MUST_USE;

/* The same, and what of it is about earlier documents (R91 to R98). */
enum rc money_restate(struct arena *a, const struct money_state *m, day date,
		      const struct money_proof *proof, struct billing *out, struct restated **rows,
		      size_t *n, struct err *err) MUST_USE;

/*
 * The windows of which a draft of that date says what their credits come from, though tickets of theirs were left out, from the first to the
 * last; empty: none. Where such tickets are among the facts (recall_past, `shown`) the draft is, byte for byte, that of all facts.
 */
enum rc money_past_shown(struct arena *a, const struct money_state *m, day date, struct span *out,
			 struct err *err) MUST_USE;

/* R74: what a person let go out last; it holds for exactly those bytes. Zero: nothing. */
struct hash money_released(const struct money_state *m);

/* The document of an invoice_issued entry. RC_INVALID: its bytes are gone, or are no document. */
enum rc money_document_of(struct workspace *ws, const struct own_entry *e,
			  struct issued_document *out, struct err *err) MUST_USE;
/* The documents of a log in the order of their entries, read from their blobs. */
enum rc money_issued(struct workspace *ws, const struct log_head *log, int64_t size,
		     struct issued_document **out, size_t *n, struct err *err) MUST_USE;
/* One by its number, with its log; RC_MISSING in the words for the user, also where the actor may not see it (trust.md P5). */
enum rc money_document(struct workspace *ws, struct text number, struct log_head *log,
		       struct issued_document *out, struct err *err) MUST_USE;

/* What is made from here on is made with the provider's settings of now (R65, R84), which the contract's log may not have yet. */
enum rc money_provider_now(struct workspace *ws, struct money_state *m, struct err *err) MUST_USE;
/* The same from settings at hand. */
void money_provider_is(struct arena *a, const struct provider_settings *now, struct money_state *m);

#endif
