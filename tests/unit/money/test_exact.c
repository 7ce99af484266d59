/* SPDX-License-Identifier: Apache-2.0 */
/* Long decimals of cost exports, and exchange rates that say their direction (money.md R43, R47). */
#include "money/exact.h"
#include "money/exchange.h"

#include "tap.h"

static const struct {
	const char *text, *printed; /* NULL: refused */
} amounts[] = {
	{"0", "0"},
	{"-0", "0"},
	{"12", "12"},
	{"20.52022672899", "20.52022672899"},
	{"-0.00000000001", "-0.00000000001"},
	{"1.2300", "1.23"},
	{"8.5450077867419368", "8.5450077867419368"},
	{"0.0000000000000000000000000001", "0.0000000000000000000000000001"},
	{"0.00000000000000000000000000010000", "0.0000000000000000000000000001"},
	{"0.00000000000000000000000000001", NULL},
	{"1234567890123456789012345678901234567", "1234567890123456789012345678901234567"},
	{"12345678901234567890123456789012345678", NULL},
	{"5.64902E-05", NULL},
	{"", NULL},
	{".5", NULL},
	{"1.", NULL},
	{"01", NULL},
	{"1,5", NULL},
	{"- 1", NULL},
};

static const struct {
	const char *text, *amount, *from, *to; /* amount NULL: the rate is refused */
	const char *result;                    /* NULL: cannot be converted */
} rates[] = {
	{"1 EUR = 1.0832 USD", "100", "EUR", "USD", "108.32"},
	{"1 EUR = 1.0832 USD", "1083.2", "USD", "EUR", "1000"},
	{"1 USD = 0.8684 EUR", "100", "USD", "EUR", "86.84"},
	{"1 EUR = 1.0832 USD", "100", "GBP", "USD", NULL},
	{"1 EUR = 1.0832 USD", "100", "EUR", "GBP", NULL},
	{"1.0832", NULL, "EUR", "USD", NULL},
	{"1 EUR = 1.0832", NULL, "EUR", "USD", NULL},
	{"1 EUR = 1.0832 USD ", NULL, "EUR", "USD", NULL},
	{"1 EUR  = 1.0832 USD", NULL, "EUR", "USD", NULL},
	{"2 EUR = 1.0832 USD", NULL, "EUR", "USD", NULL},
	{"1 EUR = 0 USD", NULL, "EUR", "USD", NULL},
	{"1 EUR = -1 USD", NULL, "EUR", "USD", NULL},
	{"1 EUR = 1 EUR", NULL, "EUR", "EUR", NULL},
	{"1 XXY = 1 EUR", NULL, "EUR", "EUR", NULL},
	{"", NULL, "EUR", "USD", NULL},
};

static void test_amounts(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(amounts); i++) {
		struct exact x = {0, 0};
		struct err err;
		struct buf out;
		bool read;

		err_clear(&err);
		read = exact_parse(text_of(amounts[i].text), &x, &err) == RC_OK;
		if (amounts[i].printed == NULL) {
			ok(!read && err.message[0] != 0, "'%s' is refused", amounts[i].text);
			continue;
		}
		buf_init(&out, 1000);
		exact_print(&out, x);
		ok(read, "'%s' is read", amounts[i].text);
		is_text(buf_view(&out), amounts[i].printed, "and printed");
		buf_free(&out);
	}
}

static const struct {
	const char *text, *printed; /* NULL: refused */
} written[] = {
	{"5.64902E-05", "0.0000564902"},
	{"-1.5e+3", "-1500"},
	{"1.20E2", "120"},
	{"0E-400", "0"},
	{"-0", "0"},
	{"+3.", "3"},
	{".5", "0.5"},
	{"007.250", "7.25"},
	{"1e-28", "0.0000000000000000000000000001"},
	{"1e36", "1000000000000000000000000000000000000"},
	{"1.0000000000000000000000000000", "1"},
	{"1e-29", NULL},
	{"1e37", NULL},
	{"1e99999", NULL},
	{"e5", NULL},
	{".", NULL},
	{"1e", NULL},
	{"1e+", NULL},
	{"1.5x", NULL},
	{"1,5", NULL},
	{"", NULL},
	{"--1", NULL},
};

static void test_written(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(written); i++) {
		struct exact x = {0, 0};
		struct err err;
		struct buf out;
		bool read;

		err_clear(&err);
		read = exact_parse_written(text_of(written[i].text), &x, &err) == RC_OK;
		if (written[i].printed == NULL) {
			ok(!read && err.hint[0] != 0, "'%s' is refused with a hint",
			   written[i].text);
			continue;
		}
		buf_init(&out, 1000);
		exact_print(&out, x);
		ok(read, "'%s' is read as other programs write it", written[i].text);
		is_text(buf_view(&out), written[i].printed, "and printed plainly");
		buf_free(&out);
	}
}

static const struct {
	const char *text;
	int64_t units; /* INT64_MIN: refused */
	unsigned scale;
	const char *message; /* of a refusal */
} longs[] = {
	{"0.000000000000001", 1, 15, NULL},
	{"-0.123456789012345", -123456789012345, 15, NULL},
	{"999999999999999999", 999999999999999999, 0, NULL},
	{"1.500000000000000000", 15, 1, NULL},
	{"0.1234567890123456", INT64_MIN, 0, "too many decimals: '0.1234567890123456'"},
	{"1000000000000000000", INT64_MIN, 0, "too many digits: '1000000000000000000'"},
	{"1234.123456789012345", INT64_MIN, 0, "too many digits: '1234.123456789012345'"},
	{"1,5", INT64_MIN, 0, "\"1,5\" is not a number: write 1.5"},
	{"5E-05", INT64_MIN, 0, "\"5E-05\" is not a number: write it like 1.5"},
	{"", INT64_MIN, 0, "\"\" is not a number: write it like 1.5"},
};

static void test_longs(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(longs); i++) {
		struct decimal d = {0, 0};
		struct err err;
		bool read;

		err_clear(&err);
		read = decimal_parse_long(text_of(longs[i].text), &d, &err) == RC_OK;
		if (longs[i].units == INT64_MIN) {
			ok(!read, "'%s' is refused", longs[i].text);
			is_text(text_of(err.message), longs[i].message, "in these words");
			continue;
		}
		ok(read && d.units == longs[i].units && d.scale == longs[i].scale,
		   "'%s' is read with all its decimals", longs[i].text);
	}
}

static void test_sums(void)
{
	struct exact sum = {0, 0}, x = {0, 0}, most = {0, 0};
	struct err err;
	struct buf out;
	bool fits = true;

	err_clear(&err);
	ok(exact_parse(text_of("0.00000000001"), &x, &err) == RC_OK, "a unit of eleven decimals");
	for (int i = 0; i < 1000; i++)
		fits = fits && exact_add(&sum, x);
	ok(exact_parse(text_of("-0.5"), &x, &err) == RC_OK && exact_add(&sum, x) && fits,
	   "a thousand of them and another scale");
	buf_init(&out, 1000);
	exact_print(&out, sum);
	is_text(buf_view(&out), "-0.49999999", "sum exactly");
	buf_free(&out);
	ok(fraction_cmp(exact_fraction(sum), fraction_of(-49999999, 100000000)) == 0,
	   "the fraction is the same number");
	ok(exact_parse(text_of("9999999999999999999999999999999999999"), &most, &err) == RC_OK,
	   "37 digits");
	sum = most;
	for (int i = 0; i < 16; i++)
		fits = fits && exact_add(&sum, most);
	ok(fits, "seventeen times 37 digits fit");
	ok(!exact_add(&sum, most), "one more does not");
	ok(exact_parse(text_of("0.1"), &x, &err) == RC_OK && !exact_add(&sum, x),
	   "nor does a decimal more");
}

static void test_rates(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(rates); i++) {
		struct exchange e = {.rate = {0, 0}};
		struct currency from = {{0}, 0}, to = {{0}, 0};
		struct exact x = {0, 0}, want = {0, 0};
		struct fraction got = {0, 1};
		struct err err;
		bool read;

		err_clear(&err);
		read = exchange_parse(text_of(rates[i].text), &e, &err) == RC_OK;
		if (rates[i].amount == NULL) {
			ok(!read && err.message[0] != 0 && err.hint[0] != 0,
			   "'%s' is refused with a hint", rates[i].text);
			continue;
		}
		ok(read && currency_find(text_of(rates[i].from), &from) &&
			   currency_find(text_of(rates[i].to), &to) &&
			   exact_parse(text_of(rates[i].amount), &x, &err) == RC_OK,
		   "'%s' is read", rates[i].text);
		if (rates[i].result == NULL) {
			ok(!exchange_apply(&e, exact_fraction(x), from, to, &got),
			   "and is about other currencies");
			continue;
		}
		ok(exact_parse(text_of(rates[i].result), &want, &err) == RC_OK &&
			   exchange_apply(&e, exact_fraction(x), from, to, &got) &&
			   fraction_cmp(got, exact_fraction(want)) == 0,
		   "%s %s is %s %s", rates[i].amount, rates[i].from, rates[i].result, rates[i].to);
	}
	struct exchange e;
	struct err err;

	err_clear(&err);
	ok(exchange_parse(text_of("1.0832"), &e, &err) == RC_INVALID, "a bare number is refused");
	is_text(text_of(err.message), "exchange rate has no direction: '1.0832'", "in these words");
	is_text(text_of(err.hint), "write 1 EUR = 1.0832 USD", "with this advice");
}

int main(void)
{
	test_amounts();
	test_written();
	test_longs();
	test_sums();
	test_rates();
	return tap_done();
}
