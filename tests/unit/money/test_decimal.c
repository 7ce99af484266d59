/* SPDX-License-Identifier: Apache-2.0 */
#include "money/decimal.h"

#include "tap.h"
#include "unit/money/random.h"

/* contract-language.md section 2, dec and pct: what is read, and its canonical text. */
static const struct {
	const char *text;
	int64_t units;
	unsigned scale;
	const char *canonical;
} read[] = {
	{"0", 0, 0, "0"},
	{"1.50", 15, 1, "1.5"},
	{"-0.25", -25, 2, "-0.25"},
	{"-3", -3, 0, "-3"},
	{"-0", 0, 0, "0"},
	{"-0.00", 0, 0, "0"},
	{"3.000000000", 3, 0, "3"},
	{"100", 100, 0, "100"},
	{"10.0", 10, 0, "10"},
	{"0.000000001", 1, 9, "0.000000001"},
	{"999999999999", 999999999999, 0, "999999999999"},
	{"999999999999.999999", 999999999999999999, 6, "999999999999.999999"},
	{"999999999999.999999000", 999999999999999999, 6, "999999999999.999999"},
	{"-123456789.123456789", -123456789123456789, 9, "-123456789.123456789"},
};

static const struct {
	const char *text, *message;
} refused[] = {
	{"", "\"\" is not a number: write it like 1.5"},
	{"abc", "\"abc\" is not a number: write it like 1.5"},
	{"-", "\"-\" is not a number: write it like 1.5"},
	{".", "\".\" is not a number: write it like 1.5"},
	{"1e3", "\"1e3\" is not a number: write it like 1.5"},
	{"0x10", "\"0x10\" is not a number: write it like 1.5"},
	{"1.2.3", "\"1.2.3\" is not a number: write it like 1.5"},
	{"007", "\"007\" is not a number: write 7"},
	{"-007.10", "\"-007.10\" is not a number: write -7.1"},
	{"00", "\"00\" is not a number: write 0"},
	{"1.", "\"1.\" is not a number: write 1"},
	{".5", "\".5\" is not a number: write 0.5"},
	{"+5", "\"+5\" is not a number: write 5"},
	{" 5", "\" 5\" is not a number: write 5"},
	{"5 ", "\"5 \" is not a number: write 5"},
	{"5\n", "\"5?\" is not a number: write 5"},
	{"1,000", "\"1,000\" is not a number: write 1000"},
	{"1,000,000.5", "\"1,000,000.5\" is not a number: write 1000000.5"},
	{"1.000.000,5", "\"1.000.000,5\" is not a number: write 1000000.5"},
	{"1_000", "\"1_000\" is not a number: write 1000"},
	{"1'000.5", "\"1'000.5\" is not a number: write 1000.5"},
	{"1 000", "\"1 000\" is not a number: write 1000"},
	{"1,5", "\"1,5\" is not a number: write 1.5"},
	{"10,00,000", "\"10,00,000\" is not a number: write it like 1.5"},
	{"1000000000000",
	 "\"1000000000000\" is not a number that fits: write at most 12 digits before the point"},
	{"0.0000000001", "\"0.0000000001\" is not a number that fits: write at most 9 decimals"},
	{"1.0000000000", "\"1.0000000000\" is not a number that fits: write at most 9 decimals"},
	{"999999999999.123456789",
	 "\"999999999999.123456789\" is not a number that fits: write at most 18 digits in all"},
	{"1234567890123456789012345678901234567890123456789012345678901234567890",
	 "\"123456789012345678901234567890123456789012345678901234567890...\" is not a number that "
	 "fits: "
	 "write at most 12 digits before the point"},
};

static const struct {
	const char *text, *canonical;
} percents[] = {
	{"99.90%", "99.9"}, {"0%", "0"},       {"100%", "100"},
	{"-2.5%", "-2.5"},  {"0.05%", "0.05"}, {"250%", "250"},
};

static const struct {
	const char *text, *message;
} not_percents[] = {
	{"0.05", "\"0.05\" is not a percentage: write 5% or 0.05%"},
	{"99.9", "\"99.9\" is not a percentage: write 99.9%"},
	{"1", "\"1\" is not a percentage: write 1%"},
	{"0", "\"0\" is not a percentage: write 0%"},
	{"99.9 %", "\"99.9 %\" is not a percentage: write 99.9%"},
	{"99,9%", "\"99,9%\" is not a percentage: write 99.9%"},
	{"05%", "\"05%\" is not a percentage: write 5%"},
	{"%", "\"%\" is not a percentage: write it like 99.9%"},
	{"", "\"\" is not a percentage: write it like 99.9%"},
	{"5%%", "\"5%%\" is not a percentage: write it like 99.9%"},
	{"five", "\"five\" is not a percentage: write it like 99.9%"},
	{"1.0000000001%",
	 "\"1.0000000001%\" is not a percentage that fits: write at most 9 decimals"},
};

static const struct {
	int64_t units;
	uint8_t scale;
	unsigned places;
	const char *printed;
} padded[] = {
	{15, 1, 2, "1.50"},
	{15, 1, 1, "1.5"},
	{3, 0, 0, "3"},
	{3, 0, 3, "3.000"},
	{-5, 3, 4, "-0.0050"},
	{1500, 3, 1, "1.5"},
	{-6150, 2, 2, "-61.50"},
	{0, 2, 2, "0.00"},
	{1, 18, 18, "0.000000000000000001"},
	{INT64_MAX, 2, 2, "92233720368547758.07"},
	{INT64_MIN + 1, 0, 1, "-9223372036854775807.0"},
};

static const struct {
	struct decimal a, b;
	int order;
} orders[] = {
	{{15, 1}, {150, 2}, 0},
	{{15, 1}, {151, 2}, -1},
	{{-15, 1}, {-151, 2}, 1},
	{{-1, 9}, {0, 0}, -1},
	{{INT64_MAX, 0}, {INT64_MAX, 18}, 1},
	{{0, 0}, {0, 18}, 0},
};

static void print_round_trip(struct buf *out)
{
	size_t wrong = 0;

	for (size_t i = 0; i < 20000; i++) {
		unsigned scale = (unsigned)random_between(0, 9);
		int64_t units = random_long(12 + scale > 18 ? 18 : 12 + scale);
		struct decimal d = {random_bits() % 2 == 0 ? units : -units, (uint8_t)scale},
			       again = {1, 1};
		struct err err = {.line = 0};

		buf_clear(out);
		decimal_print(out, d);
		if (decimal_parse(buf_view(out), &again, &err) != RC_OK ||
		    decimal_cmp(d, again) != 0)
			wrong++;
	}
	is_i64((int64_t)wrong, 0, "what is printed reads as the same number");
}

static void refusals(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(refused); i++) {
		struct err err = {.line = 0};
		struct decimal d = {77, 7};

		ok(decimal_parse(text_of(refused[i].text), &d, &err) == RC_INVALID &&
			   d.units == 77 && d.scale == 7,
		   "number '%s' refused, output untouched",
		   i == 15 ? "5 and line end" : refused[i].text);
		is_text(text_of(err.message), refused[i].message, "and told what would be right");
		is_text(text_of(err.code), "type.dec", "code");
	}
	for (size_t i = 0; i < ARRAY_SIZE(not_percents); i++) {
		struct err err = {.line = 0};
		struct decimal d = {77, 7};

		ok(percent_parse(text_of(not_percents[i].text), &d, &err) == RC_INVALID &&
			   d.units == 77,
		   "percentage '%s' refused", not_percents[i].text);
		is_text(text_of(err.message), not_percents[i].message,
			"and told what would be right");
		is_text(text_of(err.code), "type.pct", "code");
	}
}

int main(void)
{
	struct buf out;

	buf_init(&out, 4096);
	random_start();
	for (size_t i = 0; i < ARRAY_SIZE(read); i++) {
		struct err err = {.line = 0};
		struct decimal d = {77, 7};

		ok(decimal_parse(text_of(read[i].text), &d, &err) == RC_OK, "%s is read",
		   read[i].text);
		ok(d.units == read[i].units && d.scale == read[i].scale, "%s: value", read[i].text);
		buf_clear(&out);
		decimal_print(&out, d);
		is_text(buf_view(&out), read[i].canonical, "%s: canonical", read[i].text);
	}
	for (size_t i = 0; i < ARRAY_SIZE(percents); i++) {
		struct err err = {.line = 0};
		struct decimal d = {77, 7};

		buf_clear(&out);
		ok(percent_parse(text_of(percents[i].text), &d, &err) == RC_OK, "%s is read",
		   percents[i].text);
		decimal_print(&out, d);
		is_text(buf_view(&out), percents[i].canonical, "%s: value", percents[i].text);
	}
	refusals();
	for (size_t i = 0; i < ARRAY_SIZE(padded); i++) {
		buf_clear(&out);
		decimal_print_places(&out, (struct decimal){padded[i].units, padded[i].scale},
				     padded[i].places);
		is_text(buf_view(&out), padded[i].printed, "%s printed with %u places",
			padded[i].printed, padded[i].places);
	}
	for (size_t i = 0; i < ARRAY_SIZE(orders); i++) {
		is_i64(decimal_cmp(orders[i].a, orders[i].b), orders[i].order, "order %zu", i);
		is_i64(decimal_cmp(orders[i].b, orders[i].a), -orders[i].order, "order %zu, turned",
		       i);
	}
	ok(decimal_cmp(decimal_of(-7), (struct decimal){-70, 1}) == 0,
	   "a whole number is a decimal");
	print_round_trip(&out);
	buf_free(&out);
	return tap_done();
}
