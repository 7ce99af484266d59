/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Exchange rates that say their direction: `1 EUR = 1.0832 USD` (money.md R47, R81). A bare number is refused, because nobody can
 * tell which way round it is.
 */
#ifndef MONEY_EXCHANGE_H
#define MONEY_EXCHANGE_H

#include "money/money.h"

/* One unit of `of` costs `rate` units of `in`. */
struct exchange {
	struct currency of, in;
	struct decimal rate;
};

/* RC_INVALID: "exchange rate has no direction: '1.0832'", with the hint how to write it. The rate is above 0. */
enum rc exchange_parse(struct text t, struct exchange *out, struct err *err) MUST_USE;
/* From one currency into the other, exact. false: the rate is about other currencies, or the result does not fit. */
bool exchange_apply(const struct exchange *e, struct fraction amount, struct currency from,
		    struct currency to, struct fraction *out) MUST_USE;
/* Are they about the same two currencies, either way round? */
bool exchange_same(const struct exchange *x, const struct exchange *y);
/*
 * Is e nearer to the reciprocal of what is known of the pair, and more than 5 % from it? Then somebody may have written it the wrong way
 * round. Around parity a rate and its reciprocal cannot be told apart: false. Both about the same currencies.
 */
bool exchange_turned(const struct exchange *known, const struct exchange *e);

#endif
