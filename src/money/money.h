/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Money: whole minor units of one currency (DESIGN section 4, money.md). Decimals per ISO 4217. Every rounding is named.
 */
#ifndef MONEY_MONEY_H
#define MONEY_MONEY_H

#include "base/arena.h"
#include "money/decimal.h"

/* An ISO 4217 currency: three letters and its number of decimals. */
struct currency {
	char code[4];
	uint8_t decimals;
};

/* false: no such code among those in use. */
bool currency_find(struct text code, struct currency *out);

struct money {
	int64_t minor;
	struct currency currency;
};

/* `<dec> <ISO 4217>`, one space, not negative, no more decimals than the currency has (contract-language.md section 2). */
enum rc money_parse(struct text t, struct money *out, struct err *err) MUST_USE;
/* As money, with up to 9 decimals. */
enum rc price_parse(struct text t, struct decimal *amount, struct currency *currency,
		    struct err *err) MUST_USE;
/* Canonical: "85.00 USD". */
void money_print(struct buf *out, struct money m);
/* Canonical price: padded to the currency's decimals, further zeros dropped: "0.125 USD". */
void price_print(struct buf *out, struct decimal amount, struct currency c);

bool money_same_currency(struct money a, struct money b);
struct money money_add(struct money a, struct money b);
struct money money_sub(struct money a, struct money b);
/* An exact amount in currency units, rounded to whole minor units. */
struct money money_round(struct fraction exact, struct currency c, enum rounding mode);
/* The same three, for what comes from facts: false if 64 bits do not hold it (money.md R82). */
bool money_try_add(struct money a, struct money b, struct money *out) MUST_USE;
bool money_try_sub(struct money a, struct money b, struct money *out) MUST_USE;
bool money_try_round(struct fraction exact, struct currency c, enum rounding mode,
		     struct money *out) MUST_USE;
/* The exact amount in currency units. */
struct fraction money_exact(struct money m);
/*
 * Shares of a total in proportion to weights (all >= 0, not all 0), by largest remainder, ties to the first; the parts sum to
 * the total exactly, which is asserted.
 */
void money_allocate(struct money total, const struct fraction *weights, size_t n,
		    struct money *parts);
/*
 * Exact amounts printed in whole minor units that sum to `total`: each rounded down, and what is left over one each to those
 * that lost most, the first among equals (money.md R83 `place: document`, R69). false: the total is not such a rounding of
 * their sum, being further from it than one minor unit each, or an amount does not fit (R82).
 */
bool money_round_to(struct arena *a, struct money total, const struct fraction *exact, size_t n,
		    struct money *parts) MUST_USE;
/* false: no weight is above 0, or the weights have no common denominator within 128 bits. */
bool money_try_allocate(struct money total, const struct fraction *weights, size_t n,
			struct money *parts) MUST_USE;

#endif
