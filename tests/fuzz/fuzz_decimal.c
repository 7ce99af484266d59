/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as a decimal and as a percentage, two of them apart by a NUL: what is taken prints as text that reads as the same; sums,
 * products and roundings of two agree with each other, and say so where 128 bits do not hold them (money.md R82, R83).
 */
#include "money/decimal.h"

#include "fuzz_keys.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool same(struct decimal a, struct decimal b)
{
	return a.units == b.units && a.scale == b.scale;
}

static bool one(struct text t, struct decimal *out)
{
	struct decimal again, percent;
	struct err err = {.line = 0};
	char sign[64];
	struct buf b;

	if (decimal_parse(t, out, &err) != RC_OK) {
		MUST(err.message[0] != '\0');
		return false;
	}
	MUST(out->scale <= 9 && (out->scale == 0 || out->units % 10 != 0));
	buf_init(&b, 256);
	decimal_print(&b, *out);
	MUST(decimal_parse(buf_view(&b), &again, &err) == RC_OK && same(again, *out));
	MUST(b.n < sizeof(sign) - 1);
	memcpy(sign, buf_view(&b).p, b.n);
	sign[b.n] = '%';
	MUST(percent_parse((struct text){sign, b.n + 1}, &percent, &err) == RC_OK &&
	     same(percent, *out));
	buf_clear(&b);
	decimal_print_places(&b, *out, 9);
	MUST(decimal_parse(buf_view(&b), &again, &err) == RC_OK ? same(again, *out) : b.n > 20);
	buf_free(&b);
	return true;
}

static void rounds(struct fraction f)
{
	static const enum rounding modes[] = {ROUND_HALF_UP, ROUND_HALF_EVEN, ROUND_DOWN};
	struct fraction minus = {-f.num, f.den};

	for (unsigned places = 0; places <= 9; places++)
		for (size_t i = 0; i < ARRAY_SIZE(modes); i++) {
			struct decimal up, down;
			bool held = fraction_try_round(f, places, modes[i], &up);

			MUST(held == fraction_try_round(minus, places, modes[i], &down));
			MUST(!held || (up.units == -down.units && up.scale == places));
		}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text b = {(const char *)data, size}, a;
	struct decimal x, y;
	struct fraction fx, fy, sum, back, product;

	if (size > 256)
		return 0;
	b = text_cut(b, '\0', &a);
	if (!one(a, &x) || !one(b, &y))
		return 0;
	MUST(decimal_cmp(x, y) == -decimal_cmp(y, x));
	fx = fraction_of_decimal(x);
	fy = fraction_of_decimal(y);
	MUST(fraction_cmp(fx, fy) == decimal_cmp(x, y));
	if (fraction_try_add(fx, fy, &sum)) {
		rounds(sum);
		MUST(!fraction_try_sub(sum, fy, &back) || fraction_cmp(back, fx) == 0);
	}
	if (fraction_try_mul(fx, fy, &product)) {
		rounds(product);
		MUST(!fraction_try_div(product, fy, &back) || fraction_cmp(back, fx) == 0);
	}
	return 0;
}
