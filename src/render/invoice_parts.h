/* SPDX-License-Identifier: Apache-2.0 */
/* What the files that write documents of money share. Private to invoice*.c and account*.c. */
#ifndef RENDER_INVOICE_PARTS_H
#define RENDER_INVOICE_PARTS_H

#include "render/invoice.h"

struct paper {
	struct doc *d;
	const struct invoice *i;
	const struct invoice_options *o;
};

/* The most that is listed where the whole would fill a page: the rest is counted. */
enum { ENTRIES_SHOWN = 5, PHRASES_MAX = 12 };

struct paper paper_new(struct arena *a, const struct invoice *i, const struct invoice_options *o);
/* " . " between what is not empty, in the quiet ink of details. */
struct phrase paper_details(struct doc *d, const struct phrase *v, size_t n);
struct phrase paper_money(const struct paper *p, int64_t minor);
struct phrase paper_code(struct doc *d, struct text t);
/* With the last day, not the one after it; one day alone; empty: nothing. */
struct phrase days_words(struct doc *d, struct days v);
/* "14 of 30 days"; nothing for a whole period. */
struct phrase weight_words(struct doc *d, struct weight w);
/* As decimal where that is exact, else as what it is: "1,493/30". */
struct phrase fraction_words(struct doc *d, struct fraction f);
/* Padded to the currency's decimals, nothing rounded: "25.00", "0.125". */
struct phrase price_words(struct doc *d, struct decimal price, unsigned decimals);
/* The contract's unit, or the engine's own in the reader's language. */
struct phrase unit_words(struct doc *d, struct text unit, bool one);
/* The fact behind an entry, its number with it; nothing below 0. */
struct phrase entry_words(const struct paper *p, int64_t entry);
struct phrase step_value(const struct paper *p, const struct step *s);
struct phrase tax_words(const struct paper *p, size_t tax);
struct phrase line_title(const struct paper *p, const struct invoice_line *l);
struct phrase exit_part_words(struct doc *d, struct text part); /* "unamortised_setup" in words */
struct phrase reduction_title(const struct paper *p, const struct invoice_reduction *r);
struct phrase deduction_title(const struct paper *p, const struct invoice_deduction *x);
struct phrase kind_words(struct doc *d, enum document_kind k);
/* Name, address and ids, as pairs under one key. */
void party_pairs(struct doc *d, struct pairs *to, enum wording key, const struct party_details *v);

/* Parts of the document that stand after the sum. */
void invoice_behind(const struct paper *p);

#endif
