/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A contract's account (money.md sections 8, 9): issued documents, payments, refunds, disputes, in the order of their days; what pays
 * what, what is open, overdue, disputed, unapplied; interest, fees, dunning, suspension. Derived at every reading (R103), from what has
 * happened up to and with the day that is looked at.
 *
 * FK-26: where the contract counts from receipt and no receipt is recorded, a document counts as received on its date, as it says itself.
 */
#ifndef ENGINE_ACCOUNT_H
#define ENGINE_ACCOUNT_H

#include "engine/billing.h"

enum paid_by { BY_PAYMENT, BY_CREDIT_NOTE, BY_GRANT, BY_DEPOSIT, BY_DAMAGES };

/* Part of a payment (or credit) that took part of a document; those of returned payments are gone. */
struct allocation {
	size_t document; /* index into documents */
	enum paid_by by;
	struct text reference; /* payment id, credit note number */
	day date;
	int64_t amount;
	int64_t entry;
};

enum dispute_state {
	DISPUTE_OPEN,
	DISPUTE_LATE,
	DISPUTE_OVERDUE,
	DISPUTE_UPHELD,
	DISPUTE_REJECTED,
	DISPUTE_PARTLY
};

struct invoice_dispute {
	struct text id;
	size_t document;
	int64_t line; /* 0: the whole or an amount */
	int64_t net,
		held; /* R112: net disputed, with its tax share; held 0 where it came too late */
	enum dispute_state state;
	day raised, resolve_by, settled, pay_by; /* DAY_NONE */
	int64_t upheld;                          /* gross */
	int64_t entry;
};

/* An invoice or interest note; credit notes are sources of allocations. gross = paid + credited + open, if it is not below 0. */
struct account_document {
	const struct invoice *invoice;
	int64_t entry;
	int64_t gross;          /* what it asks for: with cash rounding (R84) */
	int64_t paid, credited; /* credited: by credit notes and damages (step 7) */
	int64_t open, disputed; /* disputed: of what is open */
	day due, settled_on;    /* settled_on: DAY_NONE while open */
	int64_t overdue_days;   /* at `on`, of the undisputed open part; 0: not due */
};

struct account_payment {
	struct text id, reference, purpose;
	day date;
	int64_t amount, applied, unapplied, refunded;
	bool duplicate; /* R100: unapplied until it is confirmed */
	bool returned, retainer, deposit;
	day returned_on; /* DAY_NONE */
	int64_t entry;
};

/* A refund and where it came from (R95, R102, R105). beyond: more than there was; later cash makes it up first. */
struct account_refund {
	struct text id;
	day date;
	int64_t amount, of_unapplied, of_credits, of_retainer, of_deposit, beyond;
	int64_t entry;
};

/* A line of the statement of account, in order of day. */
enum movement_kind {
	MOVE_INVOICE,
	MOVE_CREDIT_NOTE,
	MOVE_INTEREST,
	MOVE_PAYMENT,
	MOVE_RETURNED,
	MOVE_REFUND,
	MOVE_DEPOSIT /* R105: a deposit pays what is open */
};
struct movement {
	enum movement_kind kind;
	day date;
	struct text reference;
	int64_t amount; /* what the client owes more; less is negative */
	int64_t balance;
	int64_t entry;
};

/*
 * R104. unapplied (money grants and possible duplicates with it) and credits are what the client is owed: balance is the sum of the
 * others less these two.
 */
struct ageing {
	int64_t not_due, to_30, to_60, to_90, over_90, disputed, unapplied, credits, balance;
};

/* Interest and fees of one invoice, accrued to `on`, less what INT documents charged (R106 to R110). */
struct accrued {
	size_t document;
	int64_t interest, fixed, dunning,
		charged; /* charged: by earlier INT documents; may exceed when corrected (R103) */
	bool held;       /* R110: a rate is not published; interest is that of the days before */
	bool too_large;  /* R82: the interest does not fit; it is 0 */
	int64_t charged_interest, charged_fixed, charged_dunning;
	const struct step *steps;
	size_t n_steps;
};

/* R111: steps that were told, and of those missed the latest. */
struct dunning_due {
	size_t document;
	struct text step, to;
	day due; /* of the step */
	bool sent;
	int64_t amount; /* undisputed open */
};

struct account_input {
	const struct charging *charging;
	const struct issued_document *issued;
	size_t n_issued;
	day on;
};

struct account {
	const struct account_document *documents;
	size_t n_documents;
	const struct allocation *allocations;
	size_t n_allocations;
	const struct account_payment *payments;
	size_t n_payments;
	const struct account_refund *refunds;
	size_t n_refunds;
	const struct invoice_dispute *disputes;
	size_t n_disputes;
	const struct movement *movements;
	size_t n_movements;
	struct ageing ageing;
	const struct accrued *accrued;
	size_t n_accrued;
	const struct dunning_due *dunning;
	size_t n_dunning;
	day suspension_from;   /* R113: the right opens; DAY_NONE */
	instant suspension_at; /* exact */
	int64_t unapplied, retainer, deposit,
		credits; /* unapplied, retainer, credits: what steps 7 and 8 may use */
	const struct invoice_deduction *open; /* the same as deductions, in R60's order */
	size_t n_open;
};

/*
 * charging: begun. RC_INVALID: a payment or refund in another currency (R80), not above zero, or with more decimals than the currency
 * has. RC_LIMIT: a sum beyond 64 bits (R82).
 */
enum rc account_make(struct arena *a, const struct account_input *in, struct account *out,
		     struct err *err) MUST_USE;
/*
 * R109: the INT document of what is accrued and not charged, one a contract; NULL: nothing. Where more was charged than accrued (R103),
 * lines are negative (R17); if they outweigh all others it is a credit note on the last interest note that still has some of it, and
 * once that is issued the next call gives the next. Number, series and log are the issuer's to set.
 */
enum rc account_interest(struct arena *a, const struct account_input *in, const struct account *acc,
			 day date, const struct invoice **out, struct err *err) MUST_USE;

/* The last day to pay: from + payment.due (FK-26: from is the invoice's date, or the day it was received). DAY_NONE: none is written. */
enum rc account_due_date(const struct pricing *p, day from, day *out, struct err *err) MUST_USE;
/* R75, R112: the last day to dispute: from + payment.dispute.within; DAY_NONE: without end. */
enum rc account_dispute_until(const struct pricing *p, day from, day *out,
			      struct err *err) MUST_USE;

/* The published rate that statutory interest is of (R110): "boe_base", "ecb_refinancing"; NULL: none is. */
const char *account_rate_series(const struct payment_terms *p);

#endif
