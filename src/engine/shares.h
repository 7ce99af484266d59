/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A sum in equal shares. What money_allocate gives for equal weights, one share at a time and without looking for the largest
 * remainders among many thousand equal ones.
 */
#ifndef ENGINE_SHARES_H
#define ENGINE_SHARES_H

#include "money/money.h"

/* The i-th of n equal shares, n > 0: all lose the same by rounding down, so the first ones get the units left over. */
struct money equal_share(struct money total, size_t n, size_t i);

#endif
