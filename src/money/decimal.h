/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Exact numbers: decimals (rates, quantities, percentages) and fractions (shares, uptimes). No floating point anywhere.
 * A rounding is always named at the call.
 */
#ifndef MONEY_DECIMAL_H
#define MONEY_DECIMAL_H

#include "base/buf.h"
#include "base/err.h"

enum rounding { ROUND_HALF_UP, ROUND_HALF_EVEN, ROUND_DOWN };

/* units / 10^scale; scale 0 to 9 for what is read, up to 18 inside. A percentage of 99.5 % is {995, 1}. */
struct decimal {
	int64_t units;
	uint8_t scale;
};

/*
 * -?(0|[1-9][0-9]{0,11})(\.[0-9]{1,9})?  (contract-language.md section 2, dec), at most 18 digits in all, which 64 bits hold.
 * What is read has no trailing zeros: "1.50" is {15, 1}, so equal numbers are equal structs. Errors: type.dec.
 */
enum rc decimal_parse(struct text t, struct decimal *out, struct err *err) MUST_USE;
/* dec followed by %: the number before the sign. The range is checked by whoever knows the key. Errors: type.pct. */
enum rc percent_parse(struct text t, struct decimal *out, struct err *err) MUST_USE;
/* Canonical: trailing zeros dropped, "1.5", "-0.25", "3". */
void decimal_print(struct buf *out, struct decimal d);
/* Exactly `places` decimals; d must have no more. */
void decimal_print_places(struct buf *out, struct decimal d, unsigned places);
int decimal_cmp(struct decimal a, struct decimal b);
struct decimal decimal_of(int64_t n);

/* An exact fraction; den > 0. Products must stay within 128 bits, which is asserted. */
struct fraction {
	i128 num, den;
};

struct fraction fraction_reduced(i128 num, i128 den); /* in lowest terms */
static inline struct fraction fraction_of(i128 num, i128 den)
{
	return den == 1 ? (struct fraction){num, 1} : fraction_reduced(num, den);
}

struct fraction fraction_of_decimal(struct decimal d);
struct fraction fraction_add(struct fraction a, struct fraction b);
struct fraction fraction_sub(struct fraction a, struct fraction b);
struct fraction fraction_mul(struct fraction a, struct fraction b);
struct fraction fraction_div(struct fraction a, struct fraction b);
int fraction_cmp(struct fraction a, struct fraction b);
/*
 * The same, for what comes from facts: false, and *out untouched, if 128 bits do not hold it (money.md R82). A denominator of 0
 * in a division is false as well.
 */
bool fraction_try_add(struct fraction a, struct fraction b, struct fraction *out) MUST_USE;
bool fraction_try_sub(struct fraction a, struct fraction b, struct fraction *out) MUST_USE;
bool fraction_try_mul(struct fraction a, struct fraction b, struct fraction *out) MUST_USE;
bool fraction_try_div(struct fraction a, struct fraction b, struct fraction *out) MUST_USE;
/* false: the rounded number needs more than 63 bits. */
bool fraction_try_round(struct fraction f, unsigned places, enum rounding mode,
			struct decimal *out) MUST_USE;
/* Rounded to `places` decimals (0 to 9), which is its scale. Every mode treats both signs alike (money.md R83). */
struct decimal fraction_round(struct fraction f, unsigned places, enum rounding mode);
/* 100 x num / den rounded to `places`: a percentage (sla.md R55). */
struct decimal fraction_percent(struct fraction f, unsigned places, enum rounding mode);

#endif
