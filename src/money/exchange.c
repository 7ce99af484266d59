/* SPDX-License-Identifier: Apache-2.0 */
#include "money/exchange.h"

#include "money/number.h"

#include <assert.h>
#include <string.h>

/* The words of a text that single blanks part, at most n; more or fewer: 0. */
static bool words(struct text t, struct text *out, size_t n)
{
	size_t at = 0;

	for (size_t i = 0; i < n; i++) {
		size_t from = at;

		while (at < t.n && t.p[at] != ' ')
			at++;
		out[i] = (struct text){t.p + from, at - from};
		if (out[i].n == 0 || (i + 1 < n) != (at < t.n))
			return false;
		at++;
	}
	return true;
}

enum rc exchange_parse(struct text t, struct exchange *out, struct err *err)
{
	struct text w[5];
	struct exchange e;
	struct err why;

	err_clear(&why);
	if (!words(t, w, ARRAY_SIZE(w)) || !text_is(w[0], "1") || !text_is(w[2], "=")) {
		err_hint(err, "write 1 EUR = 1.0832 USD");
		return err_set(err, RC_INVALID, "exchange rate has no direction: '%.*s'",
			       TEXT_ARG(t));
	}
	if (!currency_find(w[1], &e.of) || !currency_find(w[4], &e.in) ||
	    strcmp(e.of.code, e.in.code) == 0) {
		err_hint(err, "two different ISO 4217 codes, like 1 EUR = 1.0832 USD");
		return err_set(err, RC_INVALID,
			       "exchange rate is between no two currencies: '%.*s'", TEXT_ARG(t));
	}
	if (number_scan(w[3], &e.rate, NULL) == NUMBER_TOO_FINE) {
		err_hint(err, "at most 9");
		return err_set(err, RC_INVALID, "too many decimals: '%.*s'", TEXT_ARG(w[3]));
	}
	if (decimal_parse(w[3], &e.rate, &why) != RC_OK || e.rate.units <= 0) {
		err_hint(err, "a number above 0 with at most 9 decimals");
		return err_set(err, RC_INVALID, "'%.*s' is no exchange rate", TEXT_ARG(w[3]));
	}
	*out = e;
	return RC_OK;
}

bool exchange_apply(const struct exchange *e, struct fraction amount, struct currency from,
		    struct currency to, struct fraction *out)
{
	struct fraction rate = fraction_of_decimal(e->rate);

	if (strcmp(from.code, e->of.code) == 0 && strcmp(to.code, e->in.code) == 0)
		return fraction_try_mul(amount, rate, out);
	if (strcmp(from.code, e->in.code) == 0 && strcmp(to.code, e->of.code) == 0)
		return fraction_try_mul(amount, (struct fraction){rate.den, rate.num}, out);
	return false;
}

bool exchange_same(const struct exchange *x, const struct exchange *y)
{
	return (strcmp(x->of.code, y->of.code) == 0 && strcmp(x->in.code, y->in.code) == 0) ||
	       (strcmp(x->of.code, y->in.code) == 0 && strcmp(x->in.code, y->of.code) == 0);
}

/* In proportion a number is nearer to another's reciprocal if one of the two is above 1 and the other below. */
bool exchange_turned(const struct exchange *known, const struct exchange *e)
{
	struct fraction k = fraction_of_decimal(known->rate), r = fraction_of_decimal(e->rate);
	i128 low, high;

	assert(exchange_same(known, e));
	if (strcmp(known->of.code, e->of.code) != 0)
		r = (struct fraction){r.den, r.num};
	if ((r.num > r.den) == (k.num > k.den) || r.num == r.den || k.num == k.den)
		return false;
	/* r < 0.95 k, or k < 0.95 r: each part has at most 64 bits, and bits too small to matter make room for the factor */
	low = r.num * k.den;
	high = k.num * r.den;
	if (low > high) {
		i128 swap = low;

		low = high;
		high = swap;
	}
	while (high >> 119 != 0) {
		high /= 2;
		low /= 2;
	}
	return low * 100 < high * 95;
}
