/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of the account share: the days' events, pieces of documents, sources that pay them, who took what. Private to
 * account*.c.
 *
 * A document is one piece until a dispute holds a part of it (R112), which then has a due date of its own. Pieces never join again.
 */
#ifndef ENGINE_ACCOUNT_PARTS_H
#define ENGINE_ACCOUNT_PARTS_H

#include "engine/account.h"

#define NOTHING SIZE_MAX

enum piece_state {
	PIECE_OPEN,
	PIECE_HELD,   /* disputed, not decided */
	PIECE_UPHELD, /* decided for the client: a credit note is to come */
};

struct owed_piece {
	size_t document;
	enum piece_state state;
	size_t family; /* piece that the dispute split off first, NOTHING for a document's own piece */
	day due;
	int64_t amount, open; /* amount: what it began with */
};

/* R112: a part leaves the document's own piece on that day. */
struct split {
	size_t piece;
	day date;
	int64_t amount;
};

struct source {
	enum paid_by by;
	struct text reference;
	day date;
	int64_t amount, left, entry;
	size_t payment;  /* NOTHING: a credit note */
	size_t document; /* of a credit note: its invoice; NOTHING */
	bool barred;     /* R100: a possible duplicate */
	bool corrects;   /* what it takes was never owed (R98) */
};

struct take {
	size_t piece, source; /* source NOTHING: deposit or damages */
	enum paid_by by;
	struct text reference;
	day date;
	int64_t amount, entry;
	bool corrects, undone;
};

/* In the order in which they count on one day. */
enum event_class {
	ON_DOCUMENT,
	ON_DISPUTE,
	ON_SETTLED,
	ON_CREDIT_NOTE,
	ON_PAYMENT,
	ON_RETURN,
	ON_DEPOSIT,
	ON_REFUND
};

struct happening {
	day date;
	enum event_class class;
	struct text id;
	size_t index; /* issued document, dispute, payment, deposit, refund */
};

struct deposit_use {
	struct text id, invoice;
	day date;
	int64_t amount, entry;
};

/* What a refund says of itself beyond its result. */
struct refund_words {
	struct text invoice, purpose;
};

struct accounts {
	struct arena *arena;
	const struct account_input *in;
	struct charging *c;
	struct err *err;
	bool too_large; /* R82: a sum did not fit; the result is not used */

	struct happening *happenings;
	size_t n_happenings, happenings_cap;
	struct account_document *documents;
	size_t n_documents;
	size_t *document_of; /* of each issued document; NOTHING */
	struct account_payment *payments;
	size_t n_payments;
	struct text *named; /* of each payment: the invoice that the payer names, or empty */
	struct invoice_dispute *disputes;
	size_t n_disputes;
	size_t *held_piece; /* of each dispute; NOTHING */
	struct account_refund *refunds;
	struct refund_words *refund_words;
	size_t n_refunds;
	struct deposit_use *deposit_uses;
	size_t n_deposit_uses;

	struct owed_piece *pieces;
	size_t n_pieces, pieces_cap;
	size_t *own_piece; /* of each document */
	struct split *splits;
	size_t n_splits, splits_cap;
	struct source *sources;
	size_t n_sources, sources_cap;
	struct take *takes;
	size_t n_takes, takes_cap;
	struct movement *movements;
	size_t n_movements, movements_cap;
	int64_t deposit, overdrawn, balance;
};

/* --- small things (account.c) --- */

void accounts_add(struct accounts *a, int64_t *sum, int64_t more);
void account_sub(struct accounts *a, int64_t *sum, int64_t less);
/* The terms in force on a day. */
const struct pricing *account_terms(const struct accounts *a, day d);
/* 24:00 of the day that a timing leads to from the end of a date (CL-11), as that day. */
enum rc account_day_after(const struct pricing *p, const struct timing *t, day from, day *out,
			  struct err *err) MUST_USE;
/* amount x num / den rounded as the contract rounds; den > 0. */
int64_t account_share(struct accounts *a, int64_t amount, int64_t num, int64_t den);
void account_move(struct accounts *a, enum movement_kind kind, day date, struct text reference,
		  int64_t amount, int64_t entry);
/* The day a document counts as received: by a fact, else its own date. */
day account_received(struct accounts *a, const struct invoice *i);

/* --- account_facts.c: what happened --- */

enum rc account_read(struct accounts *a) MUST_USE;

/* --- account_dispute.c: R112 --- */

/* Net, held, until when; state but for the outcome. */
enum rc dispute_measure(struct accounts *a, struct invoice_dispute *d, struct maybe_money net,
			int64_t line) MUST_USE;
/* Until when a rejected part is to be paid. */
enum rc dispute_pay_by(struct accounts *a, struct invoice_dispute *d) MUST_USE;
void dispute_hold(struct accounts *a, size_t dispute);
void dispute_settle(struct accounts *a, size_t dispute);
/* After something reopened: what open disputes of the document still want to hold. */
void dispute_hold_again(struct accounts *a, size_t document, day date);

/* --- account_allocate.c: who pays what --- */

size_t piece_add(struct accounts *a, struct owed_piece p);
size_t source_add(struct accounts *a, struct source s);
void allocate_damages(struct accounts *a, size_t document, const struct invoice_deduction *d);
/* What the document itself says was taken off it (steps 7 and 8), as far as the sources still have it. */
void allocate_stated(struct accounts *a, size_t document);
void allocate_payment(struct accounts *a, size_t source, struct text named);
void allocate_credit_note(struct accounts *a, size_t source);
void allocate_deposit(struct accounts *a, const struct deposit_use *d);
/* What is free pays what is open: credits, then cash, then money grants. */
void allocate_free(struct accounts *a, day date);
void allocate_return(struct accounts *a, size_t payment, day date);
void allocate_refund(struct accounts *a, size_t refund);

/* --- account_interest.c, account_dunning.c --- */

enum rc accrue(struct accounts *a, const struct dunning_due *dunning, size_t n_dunning,
	       const struct accrued **out, size_t *n_out) MUST_USE;
enum rc dunning_make(struct accounts *a, const struct dunning_due **out, size_t *n_out) MUST_USE;
enum rc suspension_make(struct accounts *a, struct account *out) MUST_USE;

#endif
