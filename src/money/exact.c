/* SPDX-License-Identifier: Apache-2.0 */
#include "money/exact.h"

#include "money/wide.h"

#include <assert.h>

static u128 power(unsigned n)
{
	assert(n <= EXACT_DIGITS_MAX);
	return n <= 18 ? power_of_ten(n) : (u128)power_of_ten(18) * power(n - 18);
}

static size_t digits(struct text t, size_t from)
{
	size_t at = from;

	while (at < t.n && t.p[at] >= '0' && t.p[at] <= '9')
		at++;
	return at - from;
}

enum rc exact_parse(struct text t, struct exact *out, struct err *err)
{
	bool negative = t.n > 0 && t.p[0] == '-';
	size_t start = negative ? 1 : 0, whole = digits(t, start), point = start + whole;
	size_t fine = point < t.n && t.p[point] == '.' ? digits(t, point + 1) : 0;
	size_t kept = fine;
	u128 units = 0;

	if (whole == 0 || (whole > 1 && t.p[start] == '0') || (point < t.n && fine == 0) ||
	    point + (point < t.n ? 1 : 0) + fine != t.n) {
		err_hint(err, "write it like -0.00000001234, without an exponent");
		return err_set(err, RC_INVALID, "'%.*s' is not an amount", TEXT_ARG(t));
	}
	while (kept > 0 && t.p[point + kept] == '0')
		kept--;
	if (kept > EXACT_DECIMALS_MAX || whole + kept > EXACT_DIGITS_MAX) {
		err_hint(err, "at most %d decimals and %d digits", EXACT_DECIMALS_MAX,
			 EXACT_DIGITS_MAX);
		return err_set(err, RC_INVALID, "'%.*s' has too many digits", TEXT_ARG(t));
	}
	for (size_t i = start; i < t.n && i <= point + kept; i++)
		if (t.p[i] != '.')
			units = units * 10 + (unsigned)(t.p[i] - '0');
	*out = (struct exact){wide_signed(negative, units), (unsigned)kept};
	return RC_OK;
}

/* The same number with more decimals. */
static bool widen(struct exact *x, unsigned scale)
{
	u128 m;

	if (scale - x->scale > EXACT_DIGITS_MAX ||
	    !wide_try_mul(wide_magnitude(x->units), power(scale - x->scale), &m))
		return false;
	*x = (struct exact){wide_signed(x->units < 0, m), scale};
	return true;
}

bool exact_add(struct exact *sum, struct exact x)
{
	struct exact s = *sum;
	unsigned scale = s.scale > x.scale ? s.scale : x.scale;
	i128 units;

	if (!widen(&s, scale) || !widen(&x, scale) ||
	    __builtin_add_overflow(s.units, x.units, &units) || wide_magnitude(units) > WIDE_MAX)
		return false;
	*sum = (struct exact){units, scale};
	return true;
}

struct fraction exact_fraction(struct exact x)
{
	return fraction_of(x.units, (i128)power(x.scale));
}

void exact_print(struct buf *out, struct exact x)
{
	u128 m = wide_magnitude(x.units);
	char digit[EXACT_DIGITS_MAX + 4];
	size_t n = 0;

	while (x.scale > 0 && m % 10 == 0) {
		m /= 10;
		x.scale--;
	}
	while (m > 0 || n <= x.scale) {
		digit[n++] = (char)('0' + (unsigned)(m % 10));
		m /= 10;
	}
	if (x.units < 0)
		buf_char(out, '-');
	for (size_t i = n; i > 0; i--) {
		if (i == x.scale)
			buf_char(out, '.');
		buf_char(out, digit[i - 1]);
	}
}
