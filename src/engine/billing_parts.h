/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of billing share: what documents carry already (ledger), what the facts give now and what is left to document
 * (dues), the document under way. Amounts of dues and of the ledger are those of prices: with their tax where prices include it.
 * Private to billing*.c.
 */
#ifndef ENGINE_BILLING_PARTS_H
#define ENGINE_BILLING_PARTS_H

#include "engine/billing.h"
#include "engine/charging_parts.h"

/* Four things have a total of their own (R17): an item, what a minimum adds to a period, a true-up, a part of the fee for leaving. */
enum due_class { DUE_ITEM, DUE_MINIMUM, DUE_TRUE_UP, DUE_EXIT };

/* A line of an issued invoice, and what credit notes left of it (R94). */
struct carried_line {
	const struct invoice *invoice;
	const struct invoice_line *line;
	int64_t left;
};

/* What issued documents carry for one item and period. */
struct carried {
	enum due_class class;
	struct text charge, part;
	struct days item;
	int64_t billed;             /* credit notes that count taken off */
	struct fraction exact;      /* R83, place: document */
	const struct invoice *last; /* the last invoice that carried it */
	const struct invoice_line *last_line;
	const struct carried_line *lines; /* of invoices, in order of issue */
	size_t n_lines;
	bool matched;
};

/* Where an amount goes on paper. */
enum due_goes { GOES_NOWHERE, GOES_NEW, GOES_CORRECTION, GOES_NOTE };

/* What an item and period comes to now, and what is to be documented of it. */
struct due {
	enum due_class class;
	struct text charge, part;
	struct days item, full;
	uint16_t version;
	int slot;                /* -1: true-up, exit */
	const struct item *from; /* NULL: minimum, true-up, or what nothing gives any more */
	const struct invoice_line *lines; /* for GOES_NEW */
	size_t n_lines;
	struct carried *carried;    /* NULL: never documented */
	int64_t total, diff;        /* T; T - carried */
	int64_t waived;             /* R97: what T does not have of it */
	struct fraction exact_diff; /* R83 */
	struct invoice_tax tax;     /* what its lines bear, unless `untaxed` */
	bool untaxed;               /* no category */
	bool advance;
	enum due_goes goes;
	int64_t first_line, n_on_paper; /* where its lines stand on the document */
	const struct step *steps;       /* of minimum, true-up */
	size_t n_steps;
	int64_t left; /* R50: what discounts left of the total */
};

/* Part of a line that goes on a credit note, and what of its discounts goes back with it (R94). */
struct credit_share {
	const struct invoice_reduction *of;
	int64_t amount;
};
struct credit_line {
	const struct carried_line *of;
	int64_t amount;
	struct text part;
	const struct due
		*as; /* the item it counts for where that is not the line's own: a refund (R35) */
	const struct credit_share *shares;
	size_t n_shares;
};

struct biller {
	struct arena *arena;
	const struct billing_input *in;
	struct charging *c;
	struct err *err;
	const struct pricing *pricing; /* in force on the date */
	uint16_t version;
	enum rounding mode;
	bool gross; /* prices include tax */
	bool exact; /* R83, place: document */

	struct carried *carried;
	size_t n_carried;
	struct due *dues;
	size_t n_dues, dues_cap;

	/* the document under way, anew for every attempt */
	struct invoice *draft;
	struct invoice_line *lines;
	size_t n_lines, lines_cap;
	struct invoice_reduction *reductions;
	size_t n_reductions, reductions_cap;
	struct invoice_tax *taxes;
	size_t n_taxes, taxes_cap;
	struct invoice_deduction *deductions;
	size_t n_deductions, deductions_cap;
	struct credit_line *credited; /* what goes to credit notes */
	size_t n_credited, credited_cap;
	struct earned_credit *waiting;
	size_t n_waiting, waiting_cap;
	struct earned_credit *noted; /* service credits for credit notes */
	size_t n_noted, noted_cap;

	struct month_net *nets; /* of discounts_make */
	size_t n_nets;

	struct invoice_note *notes;
	size_t n_notes, notes_cap;
	struct parked *parked;
	size_t n_parked, parked_cap;
	const struct invoice **credit_notes;
	size_t n_credit_notes, credit_notes_cap;
};

/* --- small things (billing_work.c) --- */

bool add_to(int64_t *sum, int64_t more) MUST_USE;
bool take_from(int64_t *sum, int64_t less) MUST_USE;
/* RC_LIMIT: beyond 64 bits (R82). */
enum rc billing_too_large(struct biller *b, struct text what);
/* What a line, or a reduction, says in the terms of prices. */
int64_t line_amount(const struct invoice *i, const struct invoice_line *l);
int64_t reduction_amount(const struct invoice *i, const struct invoice_reduction *r);
/*
 * R51: the day on which the whole contract year that holds `from` was paid, before its first day (and not for the year before that);
 * DAY_NONE: it was not.
 */
day billing_year_paid(const struct biller *b, const struct promise *p, day from);
/* What of a tax is still above zero on the document at hand, in minor units (R62). */
int64_t billing_room(const struct biller *b, int tax);
/* round(amount x num / den); den > 0. */
bool billing_share(const struct biller *b, int64_t amount, struct fraction share,
		   int64_t *out) MUST_USE;
/*
 * What all documents and this one carry of a due, or documents of a carried item. R83: with `place: document` a printed line may be a
 * unit off, so the exact amount is rounded instead: it does not change from run to run.
 */
bool due_printed(const struct biller *b, const struct due *d, int64_t *out) MUST_USE;
bool carried_printed(const struct biller *b, const struct carried *k, int64_t *out) MUST_USE;
/* The split of R83 over exact minor units; see money_round_to. */
bool billing_split(struct biller *b, int64_t total, const struct fraction *exact, size_t n,
		   int64_t *parts) MUST_USE;
/* A total over weights in proportion, largest remainder; the first takes all where no weight is above 0. */
void billing_proportion(struct biller *b, int64_t total, const int64_t *weights, size_t n,
			int64_t *parts);
void park(struct biller *b, struct parked p);
void note_add(struct biller *b, struct invoice_note n);
uint16_t version_on(const struct charging *c, day d);
/* The day that a timing leads to from the end of a date (CL-11). */
enum rc day_after(struct biller *b, const struct pricing *p, const struct timing *t, day from,
		  day *out);
/* Index of such a tax on the draft, added if it is not there. */
int tax_on_draft(struct biller *b, const struct invoice_tax *tax);
bool tax_same(const struct invoice_tax *x, const struct invoice_tax *y);
/* "money.md R17" */
struct text billing_rule(struct biller *b, unsigned rule);
struct step *steps_copy(struct biller *b, const struct step *more, size_t n_more,
			const struct step *steps, size_t n, size_t *out);

/* --- billing_ledger.c --- */

enum rc ledger_make(struct biller *b) MUST_USE;
/* What carries exactly that item and is not matched yet; NULL: nothing does. */
struct carried *ledger_find(struct biller *b, enum due_class class, struct text charge,
			    struct text part, struct days item);
/* R10, R17: what carries it under other days, since a start or a stop moved inside of its full period. */
struct carried *ledger_near(struct biller *b, const struct due *d);
/* What carries days of an item that nothing carries itself (R11); NULL: none. */
const struct carried *ledger_overlap(const struct biller *b, const struct due *d);
/* What credit notes left of a line of an issued invoice (R94). */
int64_t line_left(const struct issued_document *issued, size_t n, const struct invoice *i,
		  const struct invoice_line *line);

/* --- billing_items.c: steps 1 to 3 --- */

enum rc dues_make(struct biller *b) MUST_USE;
/* The lines of the draft, and what goes to credit notes; taxes that must not be lowered have their reductions there too. */
enum rc lines_make(struct biller *b) MUST_USE;

/* --- billing_minimum.c: R42, R48 --- */

enum rc minimums_make(struct biller *b) MUST_USE;
enum rc true_ups_make(struct biller *b) MUST_USE;

/* --- billing_tax.c: R65, R66 --- */

/* The tax of what a due's lines bear. */
void due_tax(struct biller *b, struct due *d);
/* The same category as the document's date has it: R92 asks whether it is another now. */
bool tax_is_other_now(struct biller *b, const struct due *d);

/* --- billing_discount.c: step 4 --- */

enum rc discounts_make(struct biller *b) MUST_USE;

/* --- billing_credits.c: steps 5 and 7 --- */

/* What documents gave of a credit, and the last that did. false: beyond 64 bits. */
bool credit_given(struct biller *b, const struct earned_credit *k, int64_t *out,
		  struct text *number) MUST_USE;
enum rc credits_apply(struct biller *b) MUST_USE;
enum rc deductions_make(struct biller *b) MUST_USE;

/* --- billing_note.c: credit notes --- */

/* What credits, issued or under way, leave of a line. */
int64_t left_now(const struct biller *b, const struct carried_line *of);
void credit_add(struct biller *b, struct credit_line c);
/* R35: what hours cost goes back on a note of its own. */
bool is_refund(const struct due *d);

/* The shares of discounts and maximums that go back with `amount` of a line; all that is left of them where the line's rest goes. */
enum rc shares_back(struct arena *a, enum rounding mode, const struct issued_document *issued,
		    size_t n, const struct carried_line *of, int64_t amount,
		    const struct credit_share **out, size_t *n_out, struct err *err) MUST_USE;

enum rc notes_make(struct biller *b) MUST_USE;

/* --- billing_bounds.c: R74 --- */

enum rc bounds_check(struct biller *b) MUST_USE;

/* --- billing_restated.c --- */

enum rc restated_make(struct biller *b, struct restated **out, size_t *n) MUST_USE;

/* --- billing_rest.c: R75 --- */

enum rc rest_make(struct biller *b) MUST_USE;

#endif
