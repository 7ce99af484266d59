/* SPDX-License-Identifier: Apache-2.0 */
#include "money/exchange.h"

#include "tap.h"

/* money.md R47: what is known of a pair, what is told, and whether that looks like the wrong way round. */
static const struct {
	const char *known, *told;
	bool turned;
} rates[] = {
	{"1 EUR = 1.0832 USD", "1 EUR = 1.0832 USD", false},
	{"1 EUR = 1.0832 USD", "1 USD = 1.0832 EUR", true},
	{"1 EUR = 1.0832 USD", "1 EUR = 0.9232 USD", true},
	{"1 EUR = 1.0832 USD", "1 USD = 0.9232 EUR", false},
	{"1 USD = 0.9232 EUR", "1 EUR = 1.09 USD", false},
	{"1 USD = 0.9232 EUR", "1 EUR = 0.9232 USD", true},
	{"1 EUR = 2 USD", "1 EUR = 0.5 USD", true},
	{"1 EUR = 2 USD", "1 EUR = 5 USD", false},   /* far, but on its side of 1 */
	{"1 EUR = 1 USD", "1 EUR = 0.5 USD", false}, /* at parity there is no other side */
	{"1 EUR = 2 USD", "1 USD = 1 EUR", false},
	{"1 EUR = 1.01 CHF", "1 EUR = 0.99 CHF",
	 false}, /* around parity they cannot be told apart */
	{"1 EUR = 1.02 CHF", "1 EUR = 0.969 CHF", false}, /* 0.969 / 1.02 = 0.95 exactly */
	{"1 EUR = 1.02 CHF", "1 EUR = 0.968 CHF", true},
	{"1 EUR = 162.35 JPY", "1 JPY = 162.35 EUR", true},
	{"1 EUR = 162.35 JPY", "1 JPY = 0.0061 EUR", false},
	{"1 EUR = 9007199.254740991 USD", "1 USD = 9007199.254740991 EUR", true},
	{"1 EUR = 9007199.254740991 USD", "1 EUR = 9007199.254740990 USD", false},
	{"1 EUR = 0.000000001 USD", "1 EUR = 9007199.254740991 USD", true},
};

static const struct {
	const char *x, *y;
	bool same;
} pairs[] = {
	{"1 EUR = 1.1 USD", "1 EUR = 1.2 USD", true},
	{"1 EUR = 1.1 USD", "1 USD = 1.2 EUR", true},
	{"1 EUR = 1.1 USD", "1 EUR = 0.8 GBP", false},
	{"1 EUR = 1.1 USD", "1 GBP = 1.2 USD", false},
	{"1 EUR = 1.1 USD", "1 USD = 0.8 GBP", false},
};

static struct exchange parsed(const char *s)
{
	struct exchange out = {.rate = {0, 0}};
	struct err err = {.line = 0};

	if (exchange_parse(text_of(s), &out, &err) != RC_OK)
		ok(false, "%s is a rate: %s", s, err.message);
	return out;
}

int main(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(pairs); i++) {
		struct exchange x = parsed(pairs[i].x), y = parsed(pairs[i].y);

		ok(exchange_same(&x, &y) == pairs[i].same, "%s and %s: %s", pairs[i].x, pairs[i].y,
		   pairs[i].same ? "one pair" : "two pairs");
	}
	for (size_t i = 0; i < ARRAY_SIZE(rates); i++) {
		struct exchange known = parsed(rates[i].known), told = parsed(rates[i].told);

		ok(exchange_turned(&known, &told) == rates[i].turned, "%s after %s: %s",
		   rates[i].told, rates[i].known, rates[i].turned ? "turned" : "not turned");
	}
	return tap_done();
}
