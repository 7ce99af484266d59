/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From items to a document (money.md R8, R9, R12, R17, R42 to R50, R60 to R69, R74, R90 to R98): what is due by a date and not yet
 * documented, in the fixed order of R60, with taxes, totals, balances and what is parked. Preview and issue are this one function.
 */
#ifndef ENGINE_BILLING_H
#define ENGINE_BILLING_H

#include "engine/charging.h"
#include "engine/outcome.h"

/* A document issued before, as it reads back. */
struct issued_document {
	const struct invoice *invoice;
	int64_t entry; /* of its invoice_issued */
	struct hash sha256;
};

/* A service credit that a month earned (sla.md), from the outcome of that month: input of steps 5 and 7. */
struct earned_credit {
	struct text rule, metric, month; /* month "2026-03" */
	struct text name, clause;
	int64_t amount; /* after caps, minor units, positive */
	int64_t base;
	struct decimal pct;
	const struct index_list *base_charges; /* of its version; NULL: all */
	uint16_t version;
	bool damages; /* nature: liquidated_damages */
	bool due;     /* claimed where a claim is needed, reported, not expired */
	day expires;  /* last day on which it may be given; DAY_NONE */
	enum {
		CREDIT_ON_INVOICE,
		CREDIT_ON_NOTE,
		CREDIT_PAID
	} apply_to;         /* FK-17; paid: on a credit note that is refunded */
	bool lapses_at_end; /* if_no_invoice: expire (R62) */
	const struct step *steps;
	size_t n_steps;
	/*
	 * Of the windows that it comes from those with cases of tickets that were left out (struct past), from the first to the last: steps
	 * do not say which facts these are of, nor in which order. Empty: there are none.
	 */
	struct span past;
};

/* Who sells and where to pay, as the provider says now: what is set stands instead of the contract's. */
struct seller {
	struct party_details details;
	struct text iban, bic;
};
/* On a document; a credit note asks for no payment. s may be NULL. */
void seller_put(const struct seller *s, struct invoice *i);

struct exit_quote; /* engine/exit.h */

/* Settings of the provider (R9, R65, R74, R84); 0 is a stated default. */
struct billing_settings {
	int32_t issue_delay_days;    /* 0 */
	bool bounds_off;             /* no sanity bound at all: tests and calc only */
	int64_t bound_ratio_percent; /* 300 */
	int64_t bound_floor;         /* 1,000.00 in minor units of the currency; 0: that default */
	int64_t bound_count_percent; /* 500 */
	int32_t bound_periods, bound_lines; /* 3, 15 */
	int64_t cash_rounding;              /* minor units, 0: none */
	enum tax_point {
		TAX_POINT_BY_CHARGE, /* end of the service period; the document's date where billed ahead */
		TAX_POINT_SERVICE_END,
		TAX_POINT_INVOICE_DATE,
		/* end of the service period; what is billed ahead: the day on which its year was paid ahead, if that is earlier */
		TAX_POINT_PAYMENT
	} tax_point;                 /* R65 */
	const struct seller *seller; /* NULL: as the contract has the provider */
	bool second_person_above_set;
	int64_t second_person_above; /* credit notes; default 1,000.00 */
};

struct billing_input {
	struct charging *charging;            /* begun and run */
	const struct issued_document *issued; /* by entry */
	size_t n_issued;
	const struct earned_credit *credits;
	size_t n_credits;
	const struct billing_settings *settings;
	day date;             /* of the document */
	struct hash released; /* R74: bytes that a person released; zero: none */
	int64_t log_size;
	struct text root, origin, payment_reference;
	instant as_of, known_as_of;
	/* cash and credit that steps 7 and 8 may use, from engine/account.h: at most what is open there */
	const struct invoice_deduction *open;
	size_t n_open;
	const struct exit_quote *exit; /* R120: the fee of an end that has come; NULL: none */
	bool final; /* the last period of the contract is in it: what is left is paid out (R62) */
	const struct act_deadline
		*deadlines; /* of notices, from the outcome, for what is ahead (R75); or NULL */
	size_t n_deadlines;
};

/* Why an account is parked (R74): reason and numbers. */
enum parked_why {
	PARKED_TOTAL,
	PARKED_COUNT,
	PARKED_PERIODS,
	PARKED_LINES,
	PARKED_NEGATIVE,
	PARKED_OVERFLOW,
	PARKED_OVERLAP,
	PARKED_REVERSE_CHARGE,
	PARKED_CHANGED
};
struct parked {
	enum parked_why why;
	struct text what;     /* charge or category */
	struct text other;    /* PARKED_OVERLAP: number of the document that has the days */
	struct days days;     /* PARKED_OVERLAP, PARKED_PERIODS, PARKED_LINES: which */
	int64_t value, bound; /* in their own unit */
};

struct billing {
	const struct invoice *invoice;             /* NULL: nothing is due */
	const struct invoice *const *credit_notes; /* R91, R92: that go out at once */
	size_t n_credit_notes;
	const struct parked *parked; /* none: may be issued */
	size_t n_parked;
	const struct earned_credit
		*waiting; /* R62: what is left of credits, for the next invoice */
	size_t n_waiting;
};

enum rc billing_make(struct arena *a, const struct billing_input *in, struct billing *out,
		     struct err *err) MUST_USE;

/*
 * What late and corrected facts change of issued documents (R17, R91, R97, R98), in the terms of prices; what lowers is negative. An
 * item that no document has, but that was due when the last one was made, has no number.
 */
enum restated_what {
	RESTATED_CHARGE,
	RESTATED_MINIMUM,
	RESTATED_TRUE_UP,
	RESTATED_DISCOUNT,
	RESTATED_MAXIMUM,
	RESTATED_CREDIT
};
enum restated_way {
	RESTATED_INVOICE, /* a line or reduction of the next invoice */
	RESTATED_NOTE,    /* a credit note that goes out with the next run */
	RESTATED_WAITS,   /* for an invoice that has room (R62) */
	RESTATED_WAIVED,  /* told too late (R97), or lapsed (R62) */
	RESTATED_WAYS
};
struct restated {
	enum restated_what what;
	struct text charge, part, name; /* credit: its rule's */
	struct text month;              /* of a credit */
	struct days item;
	struct text number; /* of the last document that has it; empty: none */
	int64_t line;       /* of that document; 0: a reduction */
	int64_t was, now, difference;
	int64_t way[RESTATED_WAYS]; /* what becomes of the difference */
};
/* billing_make, and what of it is about earlier documents: the next document carries exactly that. */
enum rc billing_restate(struct arena *a, const struct billing_input *in, struct billing *out,
			struct restated **rows, size_t *n, struct err *err) MUST_USE;
const char *restated_word(enum restated_what w);
const char *restated_way_word(enum restated_way w);

/*
 * What each charge and service period came to in the terms of prices, discounts taken off (sla.md R58): nets of an evaluation whose credits then are the
 * input of billing_make. Of all that is due by `on`, documented or not.
 */
enum rc billing_nets(struct arena *a, const struct billing_input *in, struct month_net **out,
		     size_t *n, struct err *err) MUST_USE;

/* What one item, minimum, true-up, discount or maximum comes to, in the terms of prices; what lowers is negative. */
enum billed_kind { BILLED_CHARGE, BILLED_MINIMUM, BILLED_TRUE_UP, BILLED_DISCOUNT, BILLED_MAXIMUM };
struct billed_sum {
	enum billed_kind kind;
	struct text charge, part; /* discount: its own id; maximum: the bounded charge's */
	struct days item;         /* service period that it belongs to */
	uint16_t version;
	int slot; /* -1: true-up */
	int64_t amount;
	bool taxed;
	struct invoice_tax tax; /* of the category in force on the date of `in`; base and tax 0 */
	const struct invoice_line *lines; /* CHARGE: its pieces */
	size_t n_lines;
};

/*
 * All that is due by `on`, each for itself, as documents would come to in the end (R17): what a back-test adds up. in->issued has to be
 * empty: then everything is still to be documented.
 */
enum rc billing_sums(struct arena *a, const struct billing_input *in, struct billed_sum **out,
		     size_t *n, struct err *err) MUST_USE;

/*
 * A credit note over part of a line of an issued invoice, at its own tax rate, with its share of discounts (R93, R94). amount: as the
 * line has it before discounts (net; with its tax where prices include it), positive. RC_INVALID: 'credit exceeds the line: ...'.
 * before: all documents issued before. It does not count towards the item (R17): what the facts give stays as it is.
 */
enum rc billing_credit(struct arena *a, const struct invoice *of,
		       const struct issued_document *before, size_t n_before, int64_t line,
		       int64_t amount, struct text reason, day date, const struct invoice **out,
		       struct err *err) MUST_USE;
/* R90: all that is left of it; it counts, so that the next run bills the items anew. */
enum rc billing_void(struct arena *a, const struct invoice *of,
		     const struct issued_document *before, size_t n_before, day date,
		     const struct invoice **out, struct err *err) MUST_USE;

/*
 * What no document gave of a credit yet and is not lapsed; negative: what documents gave too much. With 0 the next document tells nothing
 * of what it comes from.
 */
enum rc billing_credit_open(struct arena *a, const struct billing_input *in,
			    const struct earned_credit *k, int64_t *open, struct err *err) MUST_USE;

/* Why an account is parked, as a word: "total", "overlap". */
const char *parked_word(enum parked_why w);

/*
 * The credits of all months of an outcome (sla.md), as input of steps 5 and 7: one for each rule and month, after caps, the month's
 * earn-back and bonus set off (rules "earn_back" and "bonus", negative amounts). version: whose base.charges and words hold where the
 * credit's own version says nothing.
 */
enum rc credits_earned(struct arena *a, const struct outcome *o, uint16_t version,
		       struct earned_credit **out, size_t *n, struct err *err) MUST_USE;

#endif
