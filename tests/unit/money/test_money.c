/* SPDX-License-Identifier: Apache-2.0 */
#include "money/money.h"

#include "tap.h"
#include "unit/money/random.h"

#include <string.h>

/* contract-language.md section 2, money: minor units and canonical text. */
static const struct {
	const char *text;
	int64_t minor;
	const char *canonical;
} moneys[] = {
	{"85 USD", 8500, "85.00 USD"},
	{"85.00 USD", 8500, "85.00 USD"},
	{"85.5 USD", 8550, "85.50 USD"},
	{"0 EUR", 0, "0.00 EUR"},
	{"0.05 EUR", 5, "0.05 EUR"},
	{"1200 JPY", 1200, "1200 JPY"},
	{"1.234 BHD", 1234, "1.234 BHD"},
	{"1 BHD", 1000, "1.000 BHD"},
	{"1.5 CLF", 15000, "1.5000 CLF"},
	{"999999999999.99 USD", 99999999999999, "999999999999.99 USD"},
	{"999999999999.9999 UYW", 9999999999999999, "999999999999.9999 UYW"},
};

static const struct {
	const char *text;
	int64_t units;
	unsigned scale;
	const char *canonical;
} prices[] = {
	{"0.125 USD", 125, 3, "0.125 USD"},
	{"0.1250 USD", 125, 3, "0.125 USD"},
	{"85 USD", 85, 0, "85.00 USD"},
	{"85.000000000 USD", 85, 0, "85.00 USD"},
	{"0.5 USD", 5, 1, "0.50 USD"},
	{"0.000000001 EUR", 1, 9, "0.000000001 EUR"},
	{"12.50 JPY", 125, 1, "12.5 JPY"},
	{"12.00 JPY", 12, 0, "12 JPY"},
	{"0.12345 BHD", 12345, 5, "0.12345 BHD"},
};

static const struct {
	const char *text, *message;
} not_money[] = {
	{"$85", "\"$85\" is not money: write 85.00 USD"},
	{"$ 85.5", "\"$ 85.5\" is not money: write 85.50 USD"},
	{"US$85", "\"US$85\" is not money: write 85.00 USD"},
	{"$1,234.56", "\"$1,234.56\" is not money: write 1234.56 USD"},
	{"85 \xe2\x82\xac", "\"85 \xe2\x82\xac\" is not money: write 85.00 EUR"},
	{"1.234,56 EUR", "\"1.234,56 EUR\" is not money: write 1234.56 EUR"},
	{"\xc2\xa3"
	 "85",
	 "\"\xc2\xa3"
	 "85\" is not money: write 85.00 GBP"},
	{"85  USD", "\"85  USD\" is not money: write 85.00 USD"},
	{"85USD", "\"85USD\" is not money: write 85.00 USD"},
	{"85 usd", "\"85 usd\" is not money: write 85.00 USD"},
	{"USD 85", "\"USD 85\" is not money: write 85.00 USD"},
	{"85 USD ", "\"85 USD \" is not money: write 85.00 USD"},
	{" 85 USD", "\" 85 USD\" is not money: write 85.00 USD"},
	{"85\tUSD", "\"85?USD\" is not money: write 85.00 USD"},
	{"007 USD", "\"007 USD\" is not money: write 7.00 USD"},
	{"1. USD", "\"1. USD\" is not money: write 1.00 USD"},
	{"+85 USD", "\"+85 USD\" is not money: write 85.00 USD"},
	{"-85 USD", "\"-85 USD\" is not money: it is never negative; write 85.00 USD"},
	{"-0 USD", "\"-0 USD\" is not money: write 0.00 USD"},
	{"85", "\"85\" is not money: write the currency too, as in 85.00 USD"},
	{"007", "\"007\" is not money: write the currency too, as in 85.00 USD"},
	{"1.", "\"1.\" is not money: write the currency too, as in 85.00 USD"},
	{"85 ", "\"85 \" is not money: write the currency too, as in 85.00 USD"},
	{"85.001 USD", "\"85.001 USD\" is not money: USD has 2 decimals, not 3"},
	{"85.000 USD", "\"85.000 USD\" is not money: write 85.00 USD"},
	{"85.5 JPY", "\"85.5 JPY\" is not money: JPY has 0 decimals, not 1"},
	{"85.00 JPY", "\"85.00 JPY\" is not money: write 85 JPY"},
	{"85 XYZ", "\"85 XYZ\" is not money: no currency \"XYZ\" is in use, write its ISO 4217 "
		   "code as in 85.00 USD"},
	{"85 DEM", "\"85 DEM\" is not money: no currency \"DEM\" is in use, write its ISO 4217 "
		   "code as in 85.00 USD"},
	{"85 XXX", "\"85 XXX\" is not money: no currency \"XXX\" is in use, write its ISO 4217 "
		   "code as in 85.00 USD"},
	{"85 dollars", "\"85 dollars\" is not money: no currency \"dollars\" is in use, write its "
		       "ISO 4217 code as in 85.00 USD"},
	{"85 USDX", "\"85 USDX\" is not money: no currency \"USDX\" is in use, write its ISO 4217 "
		    "code as in 85.00 USD"},
	{"", "\"\" is not money: write it like 85.00 USD"},
	{"USD", "\"USD\" is not money: write it like 85.00 USD"},
	{"85 US", "\"85 US\" is not money: no currency \"US\" is in use, write its ISO 4217 code "
		  "as in 85.00 USD"},
	{"85 USD each", "\"85 USD each\" is not money: write it like 85.00 USD"},
	{"1000000000000 USD",
	 "\"1000000000000 USD\" is not money that fits: write at most 12 digits before the point"},
};

static const struct {
	const char *text, *message;
} not_prices[] = {
	{"$0.125", "\"$0.125\" is not a price: write 0.125 USD"},
	{"0.125", "\"0.125\" is not a price: write the currency too, as in 85.00 USD"},
	{"0.1234567891 USD",
	 "\"0.1234567891 USD\" is not a price that fits: write at most 9 decimals"},
	{"-0.125 USD", "\"-0.125 USD\" is not a price: it is never negative; write 0.125 USD"},
	{"0,125 EUR", "\"0,125 EUR\" is not a price: write 0.125 EUR"},
	{"999999999999.123456789 USD",
	 "\"999999999999.123456789 USD\" is not a price that fits: write at most 18 digits in all"},
};

static struct currency currency(const char *code)
{
	struct currency c = {"", 0};

	ok(currency_find(text_of(code), &c), "%s is a currency", code);
	return c;
}

/* The table itself: sorted, or the search would miss some, and complete as far as the decimals go. */
static void table_of_currencies(void)
{
	static const char *const codes[] = {
#define CURRENCY(code, decimals) #code,
#include "money/currencies.def"
#undef CURRENCY
	};
	static const char *const unusual[] = {
		"BIF0", "CLP0", "DJF0", "GNF0", "ISK0", "JPY0", "KMF0", "KRW0", "PYG0",
		"RWF0", "UGX0", "UYI0", "VND0", "VUV0", "XAF0", "XOF0", "XPF0", "BHD3",
		"IQD3", "JOD3", "KWD3", "LYD3", "OMR3", "TND3", "CLF4", "UYW4"};
	size_t lost = 0, two = 0;

	for (size_t i = 0; i < ARRAY_SIZE(codes); i++) {
		struct currency c = {"", 9};

		if (strlen(codes[i]) != 3 || (i > 0 && strcmp(codes[i - 1], codes[i]) >= 0) ||
		    !currency_find(text_of(codes[i]), &c) || strcmp(c.code, codes[i]) != 0)
			lost++;
		if (c.decimals == 2)
			two++;
	}
	is_i64((int64_t)lost, 0, "every currency is found under its code, and the table is sorted");
	is_i64((int64_t)(ARRAY_SIZE(codes) - two), ARRAY_SIZE(unusual),
	       "so many do not have two decimals");
	for (size_t i = 0; i < ARRAY_SIZE(unusual); i++) {
		struct currency c = {"", 9};

		ok(currency_find(text_sub(text_of(unusual[i]), 0, 3), &c) &&
			   c.decimals == unusual[i][3] - '0',
		   "%s", unusual[i]);
	}
	for (const char *const *p = (const char *const[]){"XYZ", "usd", "", "US", "USDX", "XAU",
							  "XTS", "HRK", NULL};
	     *p != NULL; p++) {
		struct currency c = {"", 9};

		ok(!currency_find(text_of(*p), &c) && c.decimals == 9, "'%s' is no currency", *p);
	}
}

static void reading(struct buf *out)
{
	for (size_t i = 0; i < ARRAY_SIZE(moneys); i++) {
		struct money m = {-1, {"", 0}};
		struct err err = {.line = 0};

		ok(money_parse(text_of(moneys[i].text), &m, &err) == RC_OK, "%s is money",
		   moneys[i].text);
		is_i64(m.minor, moneys[i].minor, "%s: minor units", moneys[i].text);
		buf_clear(out);
		money_print(out, m);
		is_text(buf_view(out), moneys[i].canonical, "%s: canonical", moneys[i].text);
	}
	for (size_t i = 0; i < ARRAY_SIZE(prices); i++) {
		struct decimal d = {-1, 0};
		struct currency c = {"", 0};
		struct err err = {.line = 0};

		ok(price_parse(text_of(prices[i].text), &d, &c, &err) == RC_OK, "%s is a price",
		   prices[i].text);
		ok(d.units == prices[i].units && d.scale == prices[i].scale, "%s: value",
		   prices[i].text);
		buf_clear(out);
		price_print(out, d, c);
		is_text(buf_view(out), prices[i].canonical, "%s: canonical", prices[i].text);
	}
}

static void refusals(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(not_money); i++) {
		struct money m = {-1, {"", 0}};
		struct err err = {.line = 0};

		ok(money_parse(text_of(not_money[i].text), &m, &err) == RC_INVALID && m.minor == -1,
		   "refused, output untouched");
		is_text(text_of(err.message), not_money[i].message, "and told what would be right");
		is_text(text_of(err.code), "type.money", "code");
	}
	for (size_t i = 0; i < ARRAY_SIZE(not_prices); i++) {
		struct decimal d = {-1, 0};
		struct currency c = {"", 0};
		struct err err = {.line = 0};

		ok(price_parse(text_of(not_prices[i].text), &d, &c, &err) == RC_INVALID &&
			   d.units == -1,
		   "refused, output untouched");
		is_text(text_of(err.message), not_prices[i].message,
			"and told what would be right");
		is_text(text_of(err.code), "type.price", "code");
	}
}

static void arithmetic(struct buf *out)
{
	struct currency usd = currency("USD"), jpy = currency("JPY"), bhd = currency("BHD");
	struct money a = {12300, usd}, b = {6150, usd};

	is_i64(money_add(a, b).minor, 18450, "sum");
	is_i64(money_sub(b, a).minor, -6150, "difference");
	ok(money_same_currency(a, b) && !money_same_currency(a, (struct money){12300, jpy}),
	   "currencies are told apart");
	buf_clear(out);
	money_print(out, money_sub(b, a));
	is_text(buf_view(out), "-61.50 USD", "a credit is printed with its sign");

	struct fraction x = fraction_of(2345, 1000);

	is_i64(money_round(x, usd, ROUND_HALF_UP).minor, 235, "2.345 USD half up (FK-1)");
	is_i64(money_round(x, usd, ROUND_HALF_EVEN).minor, 234, "2.345 USD half even");
	is_i64(money_round(x, usd, ROUND_DOWN).minor, 234, "2.345 USD down");
	is_i64(money_round(x, jpy, ROUND_HALF_UP).minor, 2, "2.345 JPY");
	is_i64(money_round(x, bhd, ROUND_DOWN).minor, 2345, "2.345 BHD");
	ok(fraction_cmp(money_exact((struct money){-8550, usd}), fraction_of(-171, 2)) == 0,
	   "-85.50 USD exactly");
	ok(fraction_cmp(money_exact((struct money){85, jpy}), fraction_of(85, 1)) == 0,
	   "85 JPY exactly");
}

static void properties(struct buf *out)
{
	static const char *const codes[] = {"USD", "JPY", "BHD", "CLF"};
	size_t wrong = 0, wrong_round = 0;

	for (size_t i = 0; i < 20000; i++) {
		struct money m = {random_long(12), {"", 0}}, again = {-1, {"", 0}};
		struct err err = {.line = 0};

		if (!currency_find(text_of(codes[i % ARRAY_SIZE(codes)]), &m.currency))
			wrong++;
		buf_clear(out);
		money_print(out, m);
		if (money_parse(buf_view(out), &again, &err) != RC_OK || again.minor != m.minor ||
		    !money_same_currency(m, again))
			wrong++;
		if (money_round(money_exact(m), m.currency, ROUND_DOWN).minor != m.minor)
			wrong_round++;
	}
	is_i64((int64_t)wrong, 0, "what is printed reads as the same money");
	is_i64((int64_t)wrong_round, 0, "money is exact");
}

int main(void)
{
	struct buf out;

	buf_init(&out, 4096);
	random_start();
	table_of_currencies();
	reading(&out);
	refusals();
	arithmetic(&out);
	properties(&out);
	buf_free(&out);
	return tap_done();
}
