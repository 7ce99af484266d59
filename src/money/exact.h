/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sums of amounts as cost exports write them, with up to 28 decimals and no rounding (money.md R43). What does not fit 128 bits is a
 * false, never an assertion.
 */
#ifndef MONEY_EXACT_H
#define MONEY_EXACT_H

#include "money/decimal.h"

enum { EXACT_DECIMALS_MAX = 28, EXACT_DIGITS_MAX = 37 };

/* units / 10^scale. */
struct exact {
	i128 units;
	unsigned scale;
};

/*
 * -?(0|[1-9][0-9]*)(\.[0-9]{1,28})?, at most 37 digits in all; trailing zeros are dropped, also those of more decimals than 28.
 * RC_INVALID says what would be right.
 */
enum rc exact_parse(struct text t, struct exact *out, struct err *err) MUST_USE;
bool exact_add(struct exact *sum, struct exact x) MUST_USE;
struct fraction exact_fraction(struct exact x);
/* Without trailing zeros. */
void exact_print(struct buf *out, struct exact x);

#endif
