/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Electronic invoices after EN 16931 (money.md R150 to R155): one document of business terms (BT, BG), two syntaxes. A document of the
 * engine becomes a struct einvoice or is refused with everything that is missing at once; the struct is checked to the cent, then
 * written as UBL 2.1 or CII D16B; either reads back as an equal struct. PDF is no syntax of this file: Factur-X is the CII bytes,
 * attached elsewhere.
 *
 * Amounts are minor units of the currency. Texts have no white space at their ends; an empty text is "not there".
 */
#ifndef RENDER_EINVOICE_H
#define RENDER_EINVOICE_H

#include "engine/invoice.h"

/* FACTURX: CII under the guideline of EN 16931 alone, for factur-x.xml; UBL and CII name Peppol where both parties have an address for it. */
enum einvoice_syntax { EINVOICE_UBL, EINVOICE_CII, EINVOICE_FACTURX };

/* "ubl", "cii", "facturx". */
bool einvoice_syntax_named(struct text name, enum einvoice_syntax *out);

enum {
	EINVOICE_ADDRESS_LINES = 3,
	EINVOICE_BYTES_MAX = 64 << 20, /* written or read */
	EINVOICE_LINES_MAX = 100000,   /* of each list */
	EINVOICE_DEPTH_MAX = 64,
};

/* BG-4, BG-7 */
struct einvoice_party {
	struct text name;                    /* BT-27, 44 */
	struct text registration_no;         /* BT-30, 47 */
	struct text vat_id;                  /* BT-31, 48 */
	struct text tax_id;                  /* BT-32: of the seller only */
	struct text address_scheme, address; /* BT-34, 49 */
	struct text lines[EINVOICE_ADDRESS_LINES];
	struct text city, postcode, country;
	struct text email; /* BT-43, 58 */
};

/* BG-20, BG-21 */
struct einvoice_allowance {
	bool charge;
	int64_t amount;     /* BT-92, 99 */
	bool shared;        /* base and percent are there */
	int64_t base;       /* BT-93, 100 */
	struct decimal pct; /* BT-94, 101 */
	struct text category;
	struct decimal rate;
	struct text reason, reason_code; /* BT-97, 98 */
};

/* BG-23 */
struct einvoice_tax {
	struct text category; /* BT-118 */
	struct decimal rate;  /* BT-119; 0 in category O, which has none */
	int64_t base, tax;    /* BT-116, 117 */
	struct text reason, reason_code;
};

/* BG-25 */
struct einvoice_line {
	struct text id, note;                 /* BT-126, 127 */
	struct text evidence;                 /* BT-128, of type 130 */
	struct text name;                     /* BT-153 */
	struct text item;                     /* BT-155 */
	struct text unit;                     /* BT-130, 150 */
	struct decimal quantity, price, base; /* BT-129, 146, 149 */
	int64_t net;                          /* BT-131 */
	day from, last;                       /* BT-134, 135: both inclusive; DAY_NONE */
	struct text category;                 /* BT-151 */
	struct decimal rate;                  /* BT-152 */
};

struct einvoice {
	struct text profile, customization;           /* BT-23, 24 */
	struct text number, type;                     /* BT-1; BT-3 "380" or "381" */
	day date, due;                                /* BT-2, 9 */
	struct currency currency;                     /* BT-5 */
	struct text buyer_reference, contract, order; /* BT-10, 12, 13 */
	struct text terms, note;                      /* BT-20, 22 */
	const struct text *preceding;                 /* BT-25 */
	const day *preceding_dates;                   /* BT-26, of each; DAY_NONE: not said */
	size_t n_preceding;
	struct text means, payment_reference; /* BT-81, 83 */
	struct text iban, bic;                /* BT-84, 86 */
	struct einvoice_party seller, buyer;
	day delivered;            /* BT-72 */
	struct text delivered_to; /* BT-80 */
	day from, last;           /* BT-73, 74 */
	const struct einvoice_allowance *allowances;
	size_t n_allowances;
	const struct einvoice_tax *taxes;
	size_t n_taxes;
	const struct einvoice_line *lines;
	size_t n_lines;
	/* BT-106, 107, 108, 109, 110, 112, 113, 114, 115 */
	int64_t sum_lines, sum_allowances, sum_charges, net, tax, gross, prepaid, rounding, payable;
	/* reading: leaves of the XML that this struct has no place for, and the name of the first */
	size_t unread;
	struct text first_unread;
};

/* What is wrong, all of it; each text is a line for people. */
struct einvoice_faults {
	const struct text *v;
	size_t n;
};

/* How the taxes of a document were rounded, for A4. */
struct einvoice_basis {
	enum rounding mode;
	bool tax_included; /* R69 */
	bool remainder;    /* a credit note's tax may be the rest of its invoice's (R94) */
};

/*
 * R151 to R155. RC_INVALID: something is missing or cannot be written; the message holds the first of it, *faults (if not NULL) everything.
 * The texts of *out lie in `i` and in the arena.
 */
enum rc einvoice_of(struct arena *a, const struct invoice *i, enum einvoice_syntax syntax,
		    struct einvoice **out, struct einvoice_faults *faults,
		    struct err *err) MUST_USE;

/* R154: which of A1 to A6 do not hold, each beginning with its name. */
struct einvoice_faults einvoice_check(struct arena *a, const struct einvoice *e,
				      struct einvoice_basis basis);

/* Of a struct without faults. Indented, the same bytes every time; the caller looks at buf.full. */
void einvoice_ubl(const struct einvoice *e, struct buf *out);
void einvoice_cii(const struct einvoice *e, struct buf *out);

/*
 * The document as XML, checked: einvoice_of, einvoice_check, then the syntax. RC_INVALID with what is wrong, RC_LIMIT if the buffer is too
 * small; then nothing of *out is to be used.
 */
enum rc einvoice_write(struct arena *a, const struct invoice *i, enum einvoice_syntax syntax,
		       struct buf *out, struct err *err) MUST_USE;

/*
 * Either syntax back (*syntax says which). No network, no entities, no document type. RC_INVALID: no XML, no invoice, a value that its
 * type does not hold; RC_LIMIT: larger than the limits above.
 */
enum rc einvoice_read(struct arena *a, struct text bytes, struct einvoice **out,
		      enum einvoice_syntax *syntax, struct err *err) MUST_USE;

/* All but what was not read. */
bool einvoice_eq(const struct einvoice *x, const struct einvoice *y);

#endif
