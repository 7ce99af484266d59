/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sums of amounts as cost exports write them, with up to 28 decimals and no rounding (money.md R43). What does not fit 128 bits is a
 * false, never an assertion.
 */
#ifndef MONEY_EXACT_H
#define MONEY_EXACT_H

#include "money/decimal.h"

enum { EXACT_DECIMALS_MAX = 28, EXACT_DIGITS_MAX = 37 };
/* Of a decimal in a fact. */
enum { LONG_DECIMALS_MAX = 15, LONG_DIGITS_MAX = 18 };

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
/*
 * As other programs write numbers (money.md R43): also with a plus, an exponent (`5.64902E-05`), zeros in front, or without a digit
 * before or after the point. The number is the same; the log never has such a text. RC_INVALID as above.
 */
enum rc exact_parse_written(struct text t, struct exact *out, struct err *err) MUST_USE;
/*
 * A decimal of a fact (money.md R82 "imports more"): as decimal_parse, but with up to 15 decimals and 18 digits in all. RC_INVALID:
 * "too many decimals: '0.1234567890123456'" with the hint "at most 15", or what is no number.
 */
enum rc decimal_parse_long(struct text t, struct decimal *out, struct err *err) MUST_USE;
/* false: more than 15 decimals or 18 digits. */
bool exact_to_decimal(struct exact x, struct decimal *out) MUST_USE;
bool exact_add(struct exact *sum, struct exact x) MUST_USE;
struct fraction exact_fraction(struct exact x);
/* Without trailing zeros. */
void exact_print(struct buf *out, struct exact x);

#endif
