/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An invoice, credit note or interest note as a document (money.md R60, R70, R75, R93, R109): everything that is printed, signed,
 * exported and explained. It points into no contract and no set of facts, so that one that was issued years ago reads back from its
 * canonical JSON (engine/invoice_json.h) as the same struct. Preview and issue make the same (R70); a draft has no number.
 *
 * Amounts are minor units of the document's currency. Amounts of a credit note are positive: its kind is the sign (R93).
 *
 * With prices_include_tax (R69) a charge is priced with its tax: `gross` of lines and reductions is then what the charge says and what
 * R17 compares, `net` what is left without tax, and no line is `priced`. Otherwise gross is 0.
 */
#ifndef ENGINE_INVOICE_H
#define ENGINE_INVOICE_H

#include "base/sha256.h"
#include "money/money.h"
#include "terms/pricing.h"
#include "time/period.h"

enum document_kind { DOCUMENT_INVOICE, DOCUMENT_CREDIT_NOTE, DOCUMENT_INTEREST };

/* --- steps: how a number came about; the trace of `--explain` --- */

enum step_what {
#define STEP(name, key) STEP_##name,
#include "engine/steps.def"
	STEP_COUNT_OF
};

enum step_type {
	STEP_IS_COUNT,
	STEP_IS_DECIMAL,
	STEP_IS_FRACTION,
	STEP_IS_MONEY,
	STEP_IS_DAYS,
	STEP_IS_WEIGHT,
	STEP_IS_TEXT,
	STEP_IS_PCT
};

struct step {
	uint16_t what; /* enum step_what: the words are render's */
	uint16_t rule; /* of money.md: 37 is R37; 0: none */
	uint8_t type;  /* enum step_type of the value */
	int64_t entry; /* log index of the fact it comes from; -1: none */
	union {
		int64_t count;          /* COUNT; MONEY: minor units */
		struct decimal decimal; /* DECIMAL, PCT */
		struct fraction fraction;
		struct days days;
		struct weight weight;
		struct text text;
	} value;
};

/* --- parts of a document --- */

enum line_role {
	LINE_CHARGE,     /* step 1 */
	LINE_CORRECTION, /* step 2: T - billed of an earlier period (R17, R91) */
	LINE_MINIMUM,    /* step 3: min_amount (R42) */
	LINE_TRUE_UP,    /* step 3: commitment (R48) */
	LINE_COVERED,    /* at 0.00: covered, included, drawn (R75) */
	LINE_EXIT,       /* early termination (R120, R121) */
	LINE_INTEREST,
	LINE_FIXED_FEE,
	LINE_DUNNING_FEE, /* INT documents (R106 to R111) */
};

struct evidence {
	struct text
		kind; /* "unit_list", "usage_records", "time_entries", "orders", "supplier_invoice", "acceptance", "contract" */
	int64_t count;          /* facts it rests on */
	struct hash hash;       /* SHA-256 over their ids in order; zero where there are none */
	const int64_t *entries; /* their log indexes, at most EVIDENCE_LISTED of them */
	size_t n_entries;
};
enum { EVIDENCE_LISTED = 100 };

struct invoice_line {
	int64_t number; /* from 1 */
	enum line_role role;
	struct text charge,
		part; /* R71: part names a piece of a charge: tier t1, class late, unit id; or empty */
	struct text
		item_part; /* R71: of which item of the charge and period: a milestone, an order; mostly empty */
	struct days item;   /* service period whose total this is a part of (R17) */
	struct days period; /* the piece: what the line pays for */
	struct text name, clause, type,
		rule;         /* type: word of charges[].type; rule: "money.md R37" */
	struct weight weight; /* d/D where not whole; {0, 0}: whole */
	struct fraction quantity;
	struct text
		unit; /* as the contract names it: "user"; the engine's own: "month", "minute", "day" */
	bool priced; /* net is exactly round(quantity x price / price_base); else only net holds (R151) */
	struct decimal price;
	int64_t price_base; /* quantity that the price is for, 1 mostly */
	int64_t net;
	int64_t gross; /* R69; else 0 */
	struct fraction
		exact; /* R83, place: document: currency units before rounding; {0, 0}: as net */
	bool counts; /* credit note: it counts towards its item's total (R17), as all lines of invoices do; goodwill does not */
	int tax; /* index into taxes; -1: before they are known, or the contract names no category */
	struct text category; /* id of the tax category */
	struct text corrects; /* number of the document that this corrects, or empty */
	int64_t of_line;      /* credit note: the line of it that is given back (R93); else 0 */
	struct evidence evidence;
	const struct step *steps;
	size_t n_steps;
};

enum reduction_kind {
	REDUCTION_DISCOUNT,
	REDUCTION_MAXIMUM,
	REDUCTION_CREDIT /* service credit, price adjustment */
};

/* A discount or credit on one tax category (R50, R61): an allowance of the document. */
struct invoice_reduction {
	enum reduction_kind kind;
	struct text charge; /* the discount's or the bounded charge's id; a credit's rule id */
	struct text name, clause, rule;
	struct text metric, month; /* of a service credit: what was missed, when */
	int64_t base;              /* what the share is of; 0: none */
	struct decimal pct;        /* {0, 0}: none */
	struct days
		item; /* service period that it reduces: with charge, metric and month what R17 subtracts by (R98) */
	/* positive; negative: what earlier documents gave too much (R17, R98), and so a charge of the document (EN 16931 BG-21) */
	int64_t amount;
	int64_t gross;        /* R69; else 0 */
	const int64_t *lines; /* numbers of the lines it lowers, and by how much each: for R94 */
	const int64_t *shares;
	size_t n_lines;
	int tax; /* as of a line */
	struct text category;
	const struct step *steps;
	size_t n_steps;
};

struct invoice_tax {
	struct text category, name, reason;
	enum tax_code code;
	struct decimal rate;
	int64_t base, tax;
};

/* In the order of R60. */
enum deduction_kind {
	DEDUCTION_DAMAGES, /* reference: rule and month, "uptime 2026-03" */
	DEDUCTION_CREDIT_NOTE,
	DEDUCTION_UNAPPLIED,
	DEDUCTION_GRANT
};

struct invoice_deduction {
	enum deduction_kind kind;
	struct text reference; /* credit note, payment or credit rule */
	int64_t amount;
	const struct step *steps;
	size_t n_steps;
};

/* Hours (or money) bought ahead: what became of them since the last document (R75). */
struct invoice_balance {
	struct text charge, name;
	struct decimal opening, bought, drawn, lapsed, closing;
	day next_expiry; /* DAY_NONE */
	struct decimal expiring;
};

/* R26: units that came or went on a day. */
struct invoice_unit_change {
	day on;
	const struct text *added, *removed;
	size_t n_added, n_removed;
};

/*
 * R26: the units counted on a day, and those added and removed since the last annex of the charge: what is left of it, and `changes` by
 * rising days, also of units that came and went in between. Documents of old have no changes.
 */
struct invoice_annex {
	struct text charge;
	day on;
	const struct text *units, *added, *removed;
	size_t n_units, n_added, n_removed;
	const struct invoice_unit_change *changes;
	size_t n_changes;
	int64_t other_count; /* the other party's count; -1: it filed none (R23) */
};

/* R75 "ahead", and what could not be billed: shown, not billed. */
enum invoice_note_kind { NOTE_AHEAD, NOTE_WAITS, NOTE_WAIVED, NOTE_LATE_CREDIT, NOTE_NO_DATA };
struct invoice_note {
	enum invoice_note_kind kind;
	uint16_t what;       /* enum step_what: the words */
	struct text subject; /* what it is about */
	day date;            /* DAY_NONE */
	int64_t amount;      /* 0: none */
	int64_t entry;       /* -1 */
};

struct invoice_party {
	struct party_details details;
};

struct invoice {
	enum document_kind kind;
	struct text number, series; /* empty in a draft */
	day date, due;              /* DAY_NONE where there is none */
	day run;                    /* what was due by then was taken (R8) */
	struct currency currency;
	enum rounding
		mode; /* contract.rounding.mode: a credit note years later rounds as its invoice */
	struct text language;
	struct text contract, title, order_reference, payment_reference;
	struct party_details provider, client;
	struct text version; /* hash of the version in force on the date, 64 hex digits */
	instant as_of, known_as_of;
	int64_t log_size;         /* R70 */
	struct text root, origin; /* 64 hex digits; name of the log */
	struct text corrected;    /* credit note: the invoice it is about (BT-25) */
	day corrected_date;       /* and when that was issued (BT-26); DAY_NONE */
	struct text
		reason; /* credit note: correction, service_credit, cancellation, goodwill, refund, write_off */

	const struct invoice_line *lines;
	size_t n_lines;
	const struct invoice_reduction *reductions;
	size_t n_reductions;
	const struct invoice_tax *taxes; /* by category and rate */
	size_t n_taxes;
	const struct invoice_deduction *deductions;
	size_t n_deductions;
	const struct invoice_balance *balances;
	size_t n_balances;
	const struct invoice_annex *annexes;
	size_t n_annexes;
	const struct invoice_note *notes;
	size_t n_notes;

	/* R76: lines - reductions + tax - deductions + rounding = due */
	int64_t sum_lines, sum_reductions, net, tax, gross, sum_deductions, rounding, payable;
	bool tax_included; /* prices_include_tax */

	/* R75 account: 0 where the contract's account is not looked at */
	int64_t opening, payments, credits, refunds, closing;
	/* R75 commitment of the period */
	int64_t commitment, commitment_reached;
	day dispute_until;        /* DAY_NONE */
	struct text instructions; /* payment.instructions */
	struct text iban, bic;    /* where to pay to; empty: not said */
};

const char *document_word(enum document_kind k); /* "invoice", "credit_note", "interest" */
const char *line_word(enum line_role r);
const char *reduction_word(enum reduction_kind k);
const char *deduction_word(enum deduction_kind k);
const char *note_word(enum invoice_note_kind k);
const char *step_word(enum step_what w);

/*
 * Sums, taxes by category and rate in order of first use (R68, R69), and the check of R76 (asserted). Lines and reductions know their
 * category; one whose `tax` is no index yet gets the category of `pricing`, one without a category bears none. Taxes that are there
 * stay. Lines and reductions are copied. Rounding is the document's mode. With tax included, net is what the contract's price says when it comes, and moves to gross.
 * RC_LIMIT: a sum beyond 64 bits (R82). RC_INVALID: no such category.
 */
enum rc invoice_total(struct invoice *i, const struct pricing *pricing, struct arena *a,
		      struct err *err) MUST_USE;

#endif
