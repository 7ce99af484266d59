/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the entries of a bank statement pay (money.md R100, R101): never guessed. Only an entry whose reference is the number of one open
 * invoice and whose amount is what is open of it matches; of the others it is said why not, and what they may be for. Nothing is read or
 * recorded here.
 */
#ifndef APP_BANK_MATCH_H
#define APP_BANK_MATCH_H

#include "app/camt.h"
#include "money/money.h"

/* A document of some contract. */
struct bank_open {
	struct text contract, number;
	struct currency currency;
	int64_t open; /* lowered by each entry that matches */
};

/* A payment that the record has. */
struct bank_known {
	struct text contract, payment;
};

enum bank_fate {
	BANK_MATCHED,  /* pays `invoice` */
	BANK_ACCEPTED, /* a person said so */
	BANK_AGAIN,    /* recorded before, in `contract` */
	BANK_PROPOSED, /* `why`, and the candidates, if any */
	BANK_LEFT_OUT, /* no payment to us: `why` */
};

struct bank_result {
	enum bank_fate fate;
	const struct camt_entry *entry;
	int64_t minor; /* of BANK_MATCHED, BANK_ACCEPTED, BANK_PROPOSED */
	struct text contract, invoice;
	struct text why;
	const struct bank_open **candidates;
	size_t n_candidates, cap;
};

struct bank_books {
	struct bank_open *open; /* also those with nothing left: a reference may name them */
	size_t n_open, open_cap;
	struct bank_known *known;
	size_t n_known, known_cap;
};

/* ENTRY=NUMBER */
struct bank_accept {
	struct text entry, number;
	bool used;
};

/* RC_MISSING: an accepted number or entry that is not there; RC_INVALID: accepted, and recorded already, or in another currency. */
enum rc bank_match(struct arena *a, const struct camt *statement, struct bank_books *books,
		   struct bank_accept *accepts, size_t n_accepts, struct bank_result **out,
		   struct err *err) MUST_USE;

const char *bank_fate_word(enum bank_fate f);

#endif
