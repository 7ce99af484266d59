/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fields of CSV as documents of money write them: RFC 4180, lines end with LF. A text that a spreadsheet would run as a formula gets a
 * leading ', a number never does.
 */
#ifndef RENDER_TABLE_CSV_H
#define RENDER_TABLE_CSV_H

#include "money/money.h"
#include "time/instant.h"

struct table_csv {
	struct buf *out;
	bool within; /* the row has a field already */
};

/* One field of a row (RFC 4180); apostrophe: a spreadsheet would take it for a formula. */
void csv_field(struct table_csv *c, struct text t, bool apostrophe);
void csv_text(struct table_csv *c, struct text t);
void csv_word(struct table_csv *c, const char *word);
void csv_int(struct table_csv *c, int64_t v);
void csv_empty(struct table_csv *c, size_t n);
/* 2026-03-31; DAY_NONE: empty. */
void csv_day(struct table_csv *c, day v);
void csv_decimal(struct table_csv *c, struct decimal v);
/* Without the currency, which has a column of its own. */
void csv_amount(struct table_csv *c, int64_t minor, struct currency currency);
/* "61.5", or "6750/7" where it has no decimal end. */
void csv_fraction(struct table_csv *c, struct fraction f);
void csv_end(struct table_csv *c);

#endif
