/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bank statements in CAMT.053 (ISO 20022, any version): entries as the bank wrote them, one for each payment. Bytes are anybody's: no
 * network, no document type, limits on size, depth and number. Nothing is judged here: what an entry is worth is bank_match's to say.
 */
#ifndef APP_CAMT_H
#define APP_CAMT_H

#include "base/arena.h"
#include "base/err.h"
#include "base/text.h"
#include "time/instant.h"

enum { CAMT_BYTES_MAX = 32 << 20, CAMT_DEPTH_MAX = 40, CAMT_ENTRIES_MAX = 100000 };

struct camt_entry {
	struct text
		id; /* letters, digits, - / . only: the bank's, or made of what the entry says */
	struct text amount, currency;
	day date; /* of value, else of booking; DAY_NONE: neither can be read */
	bool credit, booked, reversal;
	bool lumped; /* several payments in one amount, which it does not say apart */
	struct text end_to_end, structured; /* the payer's references; empty where not given */
	struct text remittance;             /* free words, blanks joined; may name people */
	struct text payer;                  /* a name: shown, never recorded */
	struct text as_given;               /* the bank's id, where `id` is another one */
	struct text aside; /* why it is no payment of an invoice, though a credit; or empty */
	uint32_t line;
};

struct camt {
	struct camt_entry *entries;
	size_t n, cap;
};

/* RC_INVALID: no well-formed XML, a document type, no CAMT.053; RC_LIMIT. *out untouched on failure. */
enum rc camt_read(struct arena *a, struct text bytes, struct camt **out, struct err *err) MUST_USE;

/* Ids that are unique and may be recorded: the entry's own, or made of what it says. */
void camt_give_ids(struct arena *a, struct camt *c);

/* May a text stand in the record as a reference: at most 140 letters, digits, - / and .? */
bool camt_plain_reference(struct text t);

#endif
