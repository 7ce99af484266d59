/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How an account reads: the statement of account (money.md R75, R104), receivables of many contracts, dunning letters (R111), the
 * announcement of an adjusted price (R59), the price of leaving early (R120 to R125). Nothing is computed here, and no document of these is an invoice.
 */
#ifndef RENDER_ACCOUNT_DOC_H
#define RENDER_ACCOUNT_DOC_H

#include "engine/account.h"
#include "engine/exit.h"
#include "engine/index.h"
#include "render/doc.h"

struct account_words {
	const struct language *language; /* NULL: English */
	const struct zone *zone;         /* of the contract; NULL: UTC */
	struct currency currency;
	struct text contract, title;
	struct party_details provider, client;
	struct text instructions; /* payment.instructions */
	day on;
};

/* What papers about an account begin with: date, parties, title; the letter names the contract below it. */
struct doc *account_paper(struct arena *a, const struct account_words *w);
struct doc *account_letter(struct arena *a, const struct account_words *w);
struct phrase account_money(struct doc *d, const struct account_words *w, int64_t minor);

/* Movements with the balance after each, open documents, payments, disputes, what was accrued, ageing. */
struct doc *account_doc(struct arena *a, const struct account *acc, const struct account_words *w);

/* One contract's row of the receivables. */
struct receivable {
	struct text contract, client;
	struct currency currency;
	struct ageing ageing;
	day suspension_from; /* DAY_NONE */
};
/* n may be 0. One sum a currency. ageing: by days past due alone. */
struct doc *receivables_doc(struct arena *a, const struct receivable *v, size_t n, day on,
			    bool ageing, const struct language *language);
void receivables_csv(const struct receivable *v, size_t n, struct buf *out);

/* The letter of one step: due is of acc->dunning. */
struct doc *dunning_doc(struct arena *a, const struct account *acc, const struct dunning_due *due,
			const struct account_words *w);

/* R59: the letter about one adjustment of c->adjustments. */
struct doc *price_letter_doc(struct arena *a, const struct charging *c, const struct adjustment *x,
			     const struct account_words *w);

/* R124: what leaving on in->date costs, with every input of it. */
struct doc *exit_doc(struct arena *a, const struct exit_quote *q, const struct exit_input *in,
		     const struct account_words *w);

#endif
