/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Numbers, dates and money of the billing cases of tenor calc, in and out. Numbers are text or whole JSON numbers, never binary
 * fractions; "1493/30" is a number too. Each function names the key and what would be right.
 */
#ifndef APP_CALC_NUMBERS_H
#define APP_CALC_NUMBERS_H

#include "app/calc_read.h"
#include "base/json.h"
#include "money/money.h"
#include "time/period.h"

/* What a case rounds by: "currency" (else two decimals) and "rounding" (else half_up). */
struct calc_terms {
	struct currency currency;
	enum rounding rounding;
};

enum rc calc_terms(const struct calc_reader *r, struct calc_terms *out) MUST_USE;

bool calc_has(const struct calc_reader *r, const char *key);
enum rc calc_decimal(const struct calc_reader *r, const char *key, struct decimal *out) MUST_USE;
/* As it was if there is no such key. */
enum rc calc_decimal_if(const struct calc_reader *r, const char *key, struct decimal *out) MUST_USE;
/* A decimal, or two with a stroke between them. */
enum rc calc_fraction(const struct calc_reader *r, const char *key, struct fraction *out) MUST_USE;
enum rc calc_fraction_if(const struct calc_reader *r, const char *key,
			 struct fraction *out) MUST_USE;
enum rc calc_money(const struct calc_reader *r, const char *key, struct currency c,
		   struct money *out) MUST_USE;
enum rc calc_money_if(const struct calc_reader *r, const char *key, struct currency c,
		      struct money *out) MUST_USE;
enum rc calc_day(const struct calc_reader *r, const char *key, day *out) MUST_USE;
enum rc calc_day_if(const struct calc_reader *r, const char *key, day *out) MUST_USE;
enum rc calc_int_if(const struct calc_reader *r, const char *key, int64_t min, int64_t max,
		    int64_t *out) MUST_USE;
enum rc calc_bool_if(const struct calc_reader *r, const char *key, bool *out) MUST_USE;
/* [from, to] of two dates, to after from. */
enum rc calc_days(const struct calc_reader *r, const char *key, struct days *out) MUST_USE;
/* d, w, mo or y, at least one. */
enum rc calc_period(const struct calc_reader *r, const char *key, struct duration *out) MUST_USE;
/* One of the words, as its position; as it was if there is no such key. */
enum rc calc_choice_if(const struct calc_reader *r, const char *key, const char *const *words,
		       size_t n, size_t *out) MUST_USE;
/* A list with as many elements as *n says; absent is empty unless it is needed. */
enum rc calc_list(const struct calc_reader *r, const char *key, bool needed, size_t *n) MUST_USE;
/* A reader of element i, which must be an object with no other keys than the words (n of them). */
enum rc calc_element(const struct calc_reader *r, const char *key, size_t i,
		     const struct text *words, size_t n, struct calc_reader *out) MUST_USE;
/* A list of money, of decimals, of fractions (>= 0 if `positive`). */
enum rc calc_moneys(const struct calc_reader *r, const char *key, struct currency c,
		    struct money **out, size_t *n) MUST_USE;
enum rc calc_decimals(const struct calc_reader *r, const char *key, struct decimal **out,
		      size_t *n) MUST_USE;
enum rc calc_fractions(const struct calc_reader *r, const char *key, bool positive,
		       struct fraction **out, size_t *n) MUST_USE;
/* What does not fit: money.md R82. */
enum rc calc_too_large(const struct calc_reader *r) MUST_USE;
/* "key" out of range: what it must be. */
enum rc calc_not_negative(const struct calc_reader *r, const char *key, bool negative) MUST_USE;

void put_decimal(struct json *j, const char *key, struct decimal d);
/* At most nine decimals if that is exact, else "n/d". */
void put_exact(struct json *j, const char *key, struct fraction f);
void put_money(struct json *j, const char *key, struct money m);
void put_money_value(struct json *j, struct money m);
void put_moneys(struct json *j, const char *key, const struct money *v, size_t n);
void put_day(struct json *j, const char *key, day d);

#endif
