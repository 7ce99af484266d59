/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the ledger share. Private. */
#ifndef ENGINE_LEDGER_PARTS_H
#define ENGINE_LEDGER_PARTS_H

#include "engine/ledger.h"

/* A posting before it finds its transaction. */
struct loose {
	day date;
	struct text document;
	enum transaction_kind kind;
	struct posting p;
};

struct booking {
	struct arena *arena;
	const struct ledger_input *in;
	struct err *err;
	struct text segment;
	enum rounding mode;
	bool too_large;
	struct loose *v;
	size_t n, cap;
};

/* Where a posting goes. */
struct place {
	day date;
	struct text document;
	enum transaction_kind kind;
	struct text charge;
	struct days period;
};

/* debit above zero; zero posts nothing. part: charge or category of accounts that have one. */
void book(struct booking *b, const struct place *at, enum ledger_account account, struct text part,
	  int64_t amount);
/* Both sides at once. */
void book_pair(struct booking *b, const struct place *at, enum ledger_account debit,
	       enum ledger_account credit, struct text part, int64_t amount);
day month_end(day d); /* the last day of its month */
struct text close_name(struct booking *b, day end);

/* ledger_documents.c: invoices, credit notes, interest notes, closes of months */
void book_documents(struct booking *b);
/* ledger_cash.c: payments and what they pay, returns, deposits, refunds */
void book_cash(struct booking *b);

#endif
