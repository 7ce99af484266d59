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

/* A number taken apart: the digits before and after the point are those of t, which has no other characters between them. */
struct written {
	struct text whole, fine;
	int64_t exponent;
	bool negative;
};

/* The sign at *at, passed over. */
static bool sign_at(struct text t, size_t *at)
{
	bool negative = *at < t.n && t.p[*at] == '-';

	if (*at < t.n && (t.p[*at] == '-' || t.p[*at] == '+'))
		++*at;
	return negative;
}

static bool take_apart(struct text t, struct written *w)
{
	size_t at = 0, n;
	bool down;

	*w = (struct written){.negative = sign_at(t, &at)};
	n = digits(t, at);
	w->whole = text_sub(t, at, at + n);
	at += n;
	if (at < t.n && t.p[at] == '.') {
		n = digits(t, ++at);
		w->fine = text_sub(t, at, at + n);
		at += n;
	}
	if (w->whole.n + w->fine.n == 0)
		return false;
	if (at == t.n)
		return true;
	if (t.p[at] != 'e' && t.p[at] != 'E')
		return false;
	at++;
	down = sign_at(t, &at);
	n = digits(t, at);
	if (n == 0 || n > 4 || at + n != t.n)
		return false;
	for (; at < t.n; at++)
		w->exponent = w->exponent * 10 + (t.p[at] - '0');
	w->exponent = down ? -w->exponent : w->exponent;
	return true;
}

/* Digit i of the whole and then of what is after the point. */
static unsigned digit_of(const struct written *w, size_t i)
{
	return (unsigned)((i < w->whole.n ? w->whole.p[i] : w->fine.p[i - w->whole.n]) - '0');
}

enum rc exact_parse_written(struct text t, struct exact *out, struct err *err)
{
	struct written w;
	size_t from = 0, to;
	int64_t scale, more = 0;
	u128 units = 0;

	if (!take_apart(t, &w)) {
		err_hint(err, "write it like -0.00000001234 or -1.234E-08");
		return err_set(err, RC_INVALID, "'%.*s' is not a number", TEXT_ARG(t));
	}
	to = w.whole.n + w.fine.n;
	scale = (int64_t)w.fine.n - w.exponent;
	while (from < to && digit_of(&w, from) == 0)
		from++;
	while (to > from && digit_of(&w, to - 1) == 0) {
		to--;
		scale--;
	}
	if (from == to)
		scale = 0;
	if (scale < 0) {
		more = -scale;
		scale = 0;
	}
	if (scale > EXACT_DECIMALS_MAX || (int64_t)(to - from) + more > EXACT_DIGITS_MAX) {
		err_hint(err, "at most %d decimals and %d digits", EXACT_DECIMALS_MAX,
			 EXACT_DIGITS_MAX);
		return err_set(err, RC_INVALID, "'%.*s' has too many digits", TEXT_ARG(t));
	}
	for (size_t i = from; i < to; i++)
		units = units * 10 + digit_of(&w, i);
	for (int64_t i = 0; i < more; i++)
		units *= 10;
	*out = (struct exact){wide_signed(w.negative, units), (unsigned)scale};
	return RC_OK;
}

bool exact_to_decimal(struct exact x, struct decimal *out)
{
	u128 m = wide_magnitude(x.units);

	while (x.scale > 0 && m % 10 == 0) {
		m /= 10;
		x.scale--;
	}
	if (x.scale > LONG_DECIMALS_MAX || m >= power(LONG_DIGITS_MAX))
		return false;
	*out = (struct decimal){(int64_t)wide_signed(x.units < 0, m), (uint8_t)x.scale};
	return true;
}

enum rc decimal_parse_long(struct text t, struct decimal *out, struct err *err)
{
	struct exact x = {0, 0};
	struct err why;

	err_clear(&why);
	if (exact_parse(t, &x, &why) == RC_OK) {
		if (exact_to_decimal(x, out))
			return RC_OK;
		if (x.scale > LONG_DECIMALS_MAX) {
			err_hint(err, "at most %d", LONG_DECIMALS_MAX);
			return err_set(err, RC_INVALID, "too many decimals: '%.*s'", TEXT_ARG(t));
		}
		err_hint(err, "at most %d", LONG_DIGITS_MAX);
		return err_set(err, RC_INVALID, "too many digits: '%.*s'", TEXT_ARG(t));
	}
	/* The plain error tells what was most likely meant. */
	return decimal_parse(t, out, err) == RC_OK ? RC_OK : RC_INVALID;
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
