/* SPDX-License-Identifier: Apache-2.0 */
#include "app/calc_numbers.h"

#include <assert.h>
#include <string.h>

enum { SHORT_TEXT_MAX = 128 };

bool calc_has(const struct calc_reader *r, const char *key)
{
	return json_object_get(r->item, key) != NULL;
}

enum rc calc_too_large(const struct calc_reader *r)
{
	err_code(r->err, "calc.large");
	return err_set(r->err, RC_INVALID, "a number is too large: amounts have 64 bits");
}

enum rc calc_not_negative(const struct calc_reader *r, const char *key, bool negative)
{
	return negative ? calc_wrong(r, key, "a number that is not negative") : RC_OK;
}

static bool decimal_value(const json_t *v, struct decimal *out)
{
	struct err ignored = {.line = 0};
	json_int_t n = json_integer_value(v);

	if (json_is_string(v))
		return decimal_parse(calc_view(v), out, &ignored) == RC_OK;
	if (!json_is_integer(v) || n < -INT64_C(999999999999) || n > INT64_C(999999999999))
		return false;
	*out = decimal_of(n);
	return true;
}

/* "1493/30" */
static bool fraction_value(const json_t *v, struct fraction *out)
{
	struct err ignored = {.line = 0};
	struct decimal d = {0, 0}, den = {0, 0};
	struct text num = {"", 0}, rest;

	if (decimal_value(v, &d)) {
		*out = fraction_of_decimal(d);
		return true;
	}
	if (!json_is_string(v))
		return false;
	rest = text_cut(calc_view(v), '/', &num);
	if (decimal_parse(num, &d, &ignored) != RC_OK ||
	    decimal_parse(rest, &den, &ignored) != RC_OK || den.units <= 0)
		return false;
	return fraction_try_div(fraction_of_decimal(d), fraction_of_decimal(den), out);
}

static bool money_value(const json_t *v, struct currency c, struct money *out)
{
	struct decimal d = {0, 0};
	int64_t minor = 0, each = 1;

	if (!decimal_value(v, &d) || d.scale > c.decimals)
		return false;
	for (unsigned i = d.scale; i < c.decimals; i++)
		each *= 10;
	if (__builtin_mul_overflow(d.units, each, &minor))
		return false;
	*out = (struct money){minor, c};
	return true;
}

enum rc calc_decimal(const struct calc_reader *r, const char *key, struct decimal *out)
{
	if (!decimal_value(json_object_get(r->item, key), out))
		return calc_wrong(r, key,
				  "a number such as \"12.5\", at most 12 digits and 9 decimals");
	return RC_OK;
}

enum rc calc_decimal_if(const struct calc_reader *r, const char *key, struct decimal *out)
{
	return calc_has(r, key) ? calc_decimal(r, key, out) : RC_OK;
}

enum rc calc_fraction(const struct calc_reader *r, const char *key, struct fraction *out)
{
	if (!fraction_value(json_object_get(r->item, key), out))
		return calc_wrong(r, key, "a number such as \"12.5\" or \"1493/30\"");
	return RC_OK;
}

enum rc calc_fraction_if(const struct calc_reader *r, const char *key, struct fraction *out)
{
	return calc_has(r, key) ? calc_fraction(r, key, out) : RC_OK;
}

static enum rc wrong_money(const struct calc_reader *r, const char *key, struct currency c)
{
	return calc_wrong(r, key,
			  text_format(r->a, "an amount with at most %d decimals", c.decimals).p);
}

enum rc calc_money(const struct calc_reader *r, const char *key, struct currency c,
		   struct money *out)
{
	if (!money_value(json_object_get(r->item, key), c, out))
		return wrong_money(r, key, c);
	return RC_OK;
}

enum rc calc_money_if(const struct calc_reader *r, const char *key, struct currency c,
		      struct money *out)
{
	return calc_has(r, key) ? calc_money(r, key, c, out) : RC_OK;
}

static bool day_value(const json_t *v, day *out)
{
	return json_is_string(v) && day_parse(calc_view(v), out);
}

enum rc calc_day(const struct calc_reader *r, const char *key, day *out)
{
	if (!day_value(json_object_get(r->item, key), out))
		return calc_wrong(r, key, "a date, YYYY-MM-DD");
	return RC_OK;
}

enum rc calc_day_if(const struct calc_reader *r, const char *key, day *out)
{
	return calc_has(r, key) ? calc_day(r, key, out) : RC_OK;
}

enum rc calc_int_if(const struct calc_reader *r, const char *key, int64_t min, int64_t max,
		    int64_t *out)
{
	return calc_has(r, key) ? calc_int(r, key, min, max, out) : RC_OK;
}

enum rc calc_bool_if(const struct calc_reader *r, const char *key, bool *out)
{
	const json_t *v = json_object_get(r->item, key);

	if (v == NULL)
		return RC_OK;
	if (!json_is_boolean(v))
		return calc_wrong(r, key, "true or false");
	*out = json_is_true(v);
	return RC_OK;
}

enum rc calc_days(const struct calc_reader *r, const char *key, struct days *out)
{
	const json_t *v = json_object_get(r->item, key);

	if (json_array_size(v) != 2 || !day_value(json_array_get(v, 0), &out->from) ||
	    !day_value(json_array_get(v, 1), &out->to) || days_empty(*out))
		return calc_wrong(r, key, "[from, to], two dates, the second later");
	return RC_OK;
}

enum rc calc_period(const struct calc_reader *r, const char *key, struct duration *out)
{
	struct err ignored = {.line = 0};
	const json_t *v = json_object_get(r->item, key);

	if (!json_is_string(v) || duration_parse(calc_view(v), out, &ignored) != RC_OK ||
	    out->n <= 0 || out->calendar.n > 0 || out->unit == UNIT_MIN || out->unit == UNIT_H ||
	    out->unit == UNIT_BD)
		return calc_wrong(r, key, "a period such as 1mo, 3mo, 1y, 1w or 30d");
	return RC_OK;
}

enum rc calc_choice_if(const struct calc_reader *r, const char *key, const char *const *words,
		       size_t n, size_t *out)
{
	const json_t *v = json_object_get(r->item, key);
	struct buf all;

	if (v == NULL)
		return RC_OK;
	for (size_t i = 0; i < n && json_is_string(v); i++)
		if (text_is(calc_view(v), words[i])) {
			*out = i;
			return RC_OK;
		}
	buf_init(&all, SHORT_TEXT_MAX);
	for (size_t i = 0; i < n; i++)
		buf_printf(&all, "%s\"%s\"", i > 0 ? " or " : "", words[i]);
	buf_char(&all, '\0');

	enum rc rc = calc_wrong(r, key, all.p);

	buf_free(&all);
	return rc;
}

enum rc calc_list(const struct calc_reader *r, const char *key, bool needed, size_t *n)
{
	const json_t *v = json_object_get(r->item, key);

	*n = json_array_size(v);
	if ((v == NULL && needed) || (v != NULL && !json_is_array(v)) || (needed && *n == 0))
		return calc_wrong(r, key, needed ? "a list that is not empty" : "a list");
	return RC_OK;
}

enum rc calc_element(const struct calc_reader *r, const char *key, size_t i,
		     const struct text *words, size_t n, struct calc_reader *out)
{
	const json_t *v = json_array_get(json_object_get(r->item, key), i);

	if (!json_is_object(v))
		return calc_wrong(r, key, "a list of objects");
	*out = (struct calc_reader){r->a, r->zones, v, r->err};
	return calc_known_keys(out, v, key, words, n);
}

enum rc calc_moneys(const struct calc_reader *r, const char *key, struct currency c,
		    struct money **out, size_t *n)
{
	enum rc rc = calc_list(r, key, true, n);

	if (rc != RC_OK)
		return rc;
	*out = arena_array(r->a, struct money, *n);
	for (size_t i = 0; i < *n; i++)
		if (!money_value(json_array_get(json_object_get(r->item, key), i), c, &(*out)[i]))
			return wrong_money(r, key, c);
	return RC_OK;
}

enum rc calc_decimals(const struct calc_reader *r, const char *key, struct decimal **out, size_t *n)
{
	enum rc rc = calc_list(r, key, true, n);

	if (rc != RC_OK)
		return rc;
	*out = arena_array(r->a, struct decimal, *n);
	for (size_t i = 0; i < *n; i++)
		if (!decimal_value(json_array_get(json_object_get(r->item, key), i), &(*out)[i]))
			return calc_wrong(r, key, "a list of numbers");
	return RC_OK;
}

enum rc calc_fractions(const struct calc_reader *r, const char *key, bool positive,
		       struct fraction **out, size_t *n)
{
	enum rc rc = calc_list(r, key, true, n);

	if (rc != RC_OK)
		return rc;
	*out = arena_array(r->a, struct fraction, *n);
	for (size_t i = 0; i < *n; i++)
		if (!fraction_value(json_array_get(json_object_get(r->item, key), i), &(*out)[i]) ||
		    (positive && (*out)[i].num < 0))
			return calc_wrong(r, key,
					  positive ? "a list of numbers that are not negative"
						   : "a list of numbers");
	return RC_OK;
}

enum rc calc_terms(const struct calc_reader *r, struct calc_terms *out)
{
	static const char *const modes[] = {"half_up", "half_even", "down"};
	const json_t *code = json_object_get(r->item, "currency");
	size_t mode = 0;
	enum rc rc = calc_choice_if(r, "rounding", modes, ARRAY_SIZE(modes), &mode);

	*out = (struct calc_terms){{"", 2}, (enum rounding)mode};
	if (rc == RC_OK && code != NULL &&
	    (!json_is_string(code) || !currency_find(calc_view(code), &out->currency)))
		return calc_wrong(r, "currency", "an ISO 4217 code in use, such as EUR");
	return rc;
}

/* --- out --- */

void put_decimal(struct json *j, const char *key, struct decimal d)
{
	struct buf b;

	buf_init(&b, SHORT_TEXT_MAX);
	decimal_print(&b, d);
	json_kv_text(j, key, buf_view(&b));
	buf_free(&b);
}

static void put_digits(struct buf *b, u128 n)
{
	char digits[40];
	size_t at = sizeof(digits);

	do {
		digits[--at] = (char)('0' + (int)(n % 10));
		n /= 10;
	} while (n > 0);
	buf_add(b, digits + at, sizeof(digits) - at);
}

void put_exact(struct json *j, const char *key, struct fraction f)
{
	struct decimal d = {0, 0};
	struct buf b;

	if (fraction_try_round(f, 9, ROUND_DOWN, &d) &&
	    fraction_cmp(fraction_of_decimal(d), f) == 0) {
		put_decimal(j, key, d);
		return;
	}
	/* What was made without division need not be in lowest terms. */
	f = fraction_of(f.num, f.den);
	buf_init(&b, SHORT_TEXT_MAX);
	if (f.num < 0)
		buf_char(&b, '-');
	put_digits(&b, f.num < 0 ? (u128) - (f.num + 1) + 1 : (u128)f.num);
	if (f.den > 1) {
		buf_char(&b, '/');
		put_digits(&b, (u128)f.den);
	}
	json_kv_text(j, key, buf_view(&b));
	buf_free(&b);
}

void put_money_value(struct json *j, struct money m)
{
	struct buf b;

	buf_init(&b, SHORT_TEXT_MAX);
	decimal_print_places(&b, (struct decimal){m.minor, m.currency.decimals},
			     m.currency.decimals);
	json_text(j, buf_view(&b));
	buf_free(&b);
}

void put_money(struct json *j, const char *key, struct money m)
{
	json_key(j, key);
	put_money_value(j, m);
}

void put_moneys(struct json *j, const char *key, const struct money *v, size_t n)
{
	json_key(j, key);
	json_open_array(j);
	for (size_t i = 0; i < n; i++)
		put_money_value(j, v[i]);
	json_end_array(j);
}

void put_day(struct json *j, const char *key, day d)
{
	struct buf b;

	buf_init(&b, SHORT_TEXT_MAX);
	day_print(&b, d);
	json_kv_text(j, key, buf_view(&b));
	buf_free(&b);
}
