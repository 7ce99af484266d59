/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Unsigned 128-bit arithmetic that never wraps (money.md R82): what does not fit is an assertion, or false from the functions
 * called try. Private to src/money; signs are the business of the callers.
 */
#ifndef MONEY_WIDE_H
#define MONEY_WIDE_H

#include "base/attr.h"

#include <stdbool.h>
#include <stdint.h>

/* The largest magnitude that an i128 holds with either sign, 2^127 - 1. */
#define WIDE_MAX (((u128)1 << 127) - 1)

/* 10^n, n from 0 to 18. */
uint64_t power_of_ten(unsigned n);

u128 wide_add(u128 a, u128 b);
u128 wide_mul(u128 a, u128 b);
bool wide_try_add(u128 a, u128 b, u128 *sum);
bool wide_try_mul(u128 a, u128 b, u128 *product);
/* Greatest common divisor; that of 0 and n is n. */
u128 wide_gcd(u128 a, u128 b);
/*
 * The whole part of factor x num / den, and *rest / den is what is left. num and den up to WIDE_MAX, den > 0. The product
 * itself may be far longer than 128 bits; only the result has to fit.
 */
u128 wide_times_over(u128 factor, u128 num, u128 den, u128 *rest);
bool wide_try_times_over(u128 factor, u128 num, u128 den, u128 *whole, u128 *rest);

u128 wide_magnitude(i128 v);
/* m, or -m; m up to WIDE_MAX. */
i128 wide_signed(bool negative, u128 m);

#endif
