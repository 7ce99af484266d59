/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Postings as files that ledgers read (money.md R143): hledger (passes `hledger check --strict`), Beancount (passes `bean-check`), CSV. One
 * file for any number of contracts, sorted by date, document number, contract; the same postings give the same bytes. No number is
 * computed here but sums of postings of one account.
 */
#ifndef RENDER_LEDGER_H
#define RENDER_LEDGER_H

#include "engine/ledger.h"

enum ledger_format { LEDGER_HLEDGER, LEDGER_BEANCOUNT, LEDGER_CSV };

/* "hledger", "beancount", "csv". false: none of them. */
bool ledger_format_find(struct text word, enum ledger_format *out);

/* The buffer's `full` tells that its maximum was too small; what is written then is no file. */
void ledger_print(struct arena *a, const struct ledger *const *ledgers, size_t n,
		  enum ledger_format format, struct buf *out);

#endif
