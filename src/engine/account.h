/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A contract's account (money.md sections 8, 9): issued documents, payments, refunds, disputes, in the order of their days; what pays
 * what, what is open, overdue, disputed, unapplied; interest, fees, dunning, suspension. Derived at every reading (R103).
 */
#ifndef ENGINE_ACCOUNT_H
#define ENGINE_ACCOUNT_H

#include "engine/billing.h"

enum paid_by { BY_PAYMENT, BY_CREDIT_NOTE, BY_GRANT, BY_DEPOSIT, BY_DAMAGES };

/* Part of a payment (or credit) that took part of a document. */
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

struct account_document {
	const struct invoice *invoice;
	int64_t entry;
	int64_t gross, paid, credited, open, disputed;
	day due, settled_on;  /* settled_on: DAY_NONE while open */
	int64_t overdue_days; /* at `on`, of the undisputed open part; 0: not due */
};

struct account_payment {
	struct text id, reference, purpose;
	day date;
	int64_t amount, applied, unapplied;
	bool duplicate, returned, retainer, deposit;
	int64_t entry;
};

/* A line of the statement of account, in order of day. */
enum movement_kind {
	MOVE_INVOICE,
	MOVE_CREDIT_NOTE,
	MOVE_INTEREST,
	MOVE_PAYMENT,
	MOVE_RETURNED,
	MOVE_REFUND
};
struct movement {
	enum movement_kind kind;
	day date;
	struct text reference;
	int64_t amount; /* what the client owes more; less is negative */
	int64_t balance;
	int64_t entry;
};

struct ageing {
	int64_t not_due, to_30, to_60, to_90, over_90, disputed, unapplied, credits,
		balance; /* R104 */
};

/* Interest and fees of one invoice, accrued to `on`, less what INT documents charged (R106 to R110). */
struct accrued {
	size_t document;
	int64_t interest, fixed, dunning,
		charged; /* charged: by earlier INT documents; may exceed when corrected (R103) */
	bool held;       /* R110: a rate is not published */
	const struct step *steps;
	size_t n_steps;
};

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
	const struct invoice_dispute *disputes;
	size_t n_disputes;
	const struct movement *movements;
	size_t n_movements;
	struct ageing ageing;
	const struct accrued *accrued;
	size_t n_accrued;
	const struct dunning_due *dunning;
	size_t n_dunning;
	day suspension_from;                           /* R113: the right opens; DAY_NONE */
	instant suspension_at;                         /* exact */
	int64_t unapplied, retainer, deposit, credits; /* what steps 7 and 8 may use */
	const struct invoice_deduction *open;          /* the same as deductions, in R60's order */
	size_t n_open;
};

enum rc account_make(struct arena *a, const struct account_input *in, struct account *out,
		     struct err *err) MUST_USE;
/* R109: the INT document of what is accrued and not charged, one a contract; NULL: nothing. */
enum rc account_interest(struct arena *a, const struct account_input *in, const struct account *acc,
			 day date, const struct invoice **out, struct err *err) MUST_USE;

#endif
