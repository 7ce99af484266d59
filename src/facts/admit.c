/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a value may be, whatever the contract says (money.md section 16): a wrong invoice begins with a quantity below zero, a rate
 * without a direction, a unit counted twice. Not here: whether the contract has the meter or the charge (app/append_rules.c).
 */
#include "facts/admit.h"

#include "facts/check.h"
#include "money/exact.h"
#include "money/exchange.h"

#include <assert.h>
#include <string.h>

enum { SHOWN_MAX = 60 };
#define SHOWN(t) (int)((t).n > SHOWN_MAX ? SHOWN_MAX : (t).n), (t).p

/* Prices and amounts (money.md R82); only what a meter says may be finer. */
enum { PRICE_DECIMALS_MAX = 9 };

/* --- one word --- */

static enum rc bad_word(enum fact_field field, struct text word, const char *wanted,
			struct err *err)
{
	const char *key = field_row(field)->key;

	err_key(err, text_of(key));
	return err_set(err, RC_INVALID, "'%.*s' in '%s' is %s", SHOWN(word), key, wanted);
}

static enum rc admit_currency(enum fact_field field, struct text word, struct err *err)
{
	struct currency unused;

	if (currency_find(word, &unused))
		return RC_OK;
	err_key(err, text_of(field_row(field)->key));
	err_hint(err, "write an ISO 4217 code, like EUR");
	return err_set(err, RC_INVALID, "unknown currency: '%.*s'", SHOWN(word));
}

/* The error of a reader, at the field's key. */
static enum rc at_key(enum rc rc, enum fact_field field, struct err *err)
{
	if (rc != RC_OK)
		err_key(err, text_of(field_row(field)->key));
	return rc;
}

static enum rc admit_rate(enum fact_field field, struct text word, struct err *err)
{
	struct exchange rate;

	return at_key(exchange_parse(word, &rate, err), field, err);
}

static enum rc admit_exact(enum fact_field field, struct text word, struct err *err)
{
	struct exact x = {0, 0};

	return at_key(exact_parse(word, &x, err), field, err);
}

enum rc admit_word(enum fact_kind kind, enum fact_field field, struct text word, struct err *err)
{
	day unused = 0;

	if ((field == FIELD_DATE || field == FIELD_FROM_DATE || field == FIELD_TO_DATE) &&
	    !day_parse(word, &unused))
		return bad_word(field, word, "no date; write YYYY-MM-DD", err);
	if (field == FIELD_INDEX_MONTH && !month_parse(word, &unused))
		return bad_word(field, word, "no month; write YYYY-MM", err);
	if (field == FIELD_CURRENCY)
		return admit_currency(field, word, err);
	if (field == FIELD_RATE)
		return admit_rate(field, word, err);
	if (field == FIELD_EXACT_AMOUNT)
		return admit_exact(field, word, err);
	if (field_knows(kind, field, word))
		return RC_OK;
	err_key(err, text_of(field_row(field)->key));
	return err_set(err, RC_INVALID, "'%.*s' in '%s' is none of %s", SHOWN(word),
		       field_row(field)->key, field_words(kind, field));
}

/* --- all values --- */

struct asked {
	enum fact_kind kind;
	const struct told *v;
	size_t n;
	day on;
	struct err *err;
};

static const struct told *told_of(const struct asked *a, enum fact_field field)
{
	for (size_t i = 0; i < a->n; i++)
		if (a->v[i].field == field)
			return &a->v[i];
	return NULL;
}

static struct text word_of(const struct asked *a, enum fact_field field)
{
	const struct told *t = told_of(a, field);

	return t == NULL ? (struct text){"", 0} : t->word;
}

/* What the fact is about, in the words of the refusals: the meter, the charge, else its subject. */
static struct text about(const struct asked *a)
{
	static const enum fact_field named[] = {FIELD_METER, FIELD_CHARGE};

	for (size_t i = 0; i < ARRAY_SIZE(named); i++)
		if (told_of(a, named[i]) != NULL)
			return word_of(a, named[i]);
	return word_of(a, fact_row(a->kind)->subject);
}

/* "what: 'NUMBER' for 'SUBJECT'" */
static enum rc bad_number(const struct asked *a, const struct told *t, const char *what,
			  const char *hint)
{
	struct text of = about(a);
	struct buf b;

	buf_init(&b, 64);
	decimal_print(&b, (struct decimal){t->number, (uint8_t)t->scale});
	err_key(a->err, text_of(field_row(t->field)->key));
	err_hint(a->err, "%s", hint);
	(void)err_set(a->err, RC_INVALID, "%s: '%.*s' for '%.*s'", what, TEXT_ARG(buf_view(&b)),
		      SHOWN(of));
	buf_free(&b);
	return RC_INVALID;
}

static enum rc too_many_decimals(const struct asked *a, const struct told *t, unsigned most,
				 const char *of)
{
	struct buf b;

	buf_init(&b, 64);
	decimal_print(&b, (struct decimal){t->number, (uint8_t)t->scale});
	err_key(a->err, text_of(field_row(t->field)->key));
	if (of == NULL)
		err_hint(a->err, "at most %u", most);
	else
		err_hint(a->err, "%s has %u", of, most);
	(void)err_set(a->err, RC_INVALID, "too many decimals: '%.*s'", TEXT_ARG(buf_view(&b)));
	buf_free(&b);
	return RC_INVALID;
}

/* What must be above zero, what may be zero; the rest may have either sign (a supplier's credit, a rate of interest). */
static const struct sign_rule {
	enum fact_kind kind;
	enum fact_field field;
	bool above_zero;
	const char *what, *hint;
} signs[] = {
	{FACT_USAGE_RECORDED, FIELD_QUANTITY, false, "negative quantity",
	 "correct the earlier record instead"},
	{FACT_ORDER_PLACED, FIELD_QUANTITY, true, "no quantity above zero",
	 "record order.cancelled to give up an order"},
	{FACT_ORDER_CANCELLED, FIELD_QUANTITY, true, "no quantity above zero",
	 "write how many are given up"},
	{FACT_PREPAID_BOUGHT, FIELD_QUANTITY, true, "no quantity above zero",
	 "write how many blocks are bought"},
	{FACT_WORK_RECORDED, FIELD_MINUTES, false, "negative minutes",
	 "correct the earlier entry instead"},
	{FACT_PAYMENT_RECEIVED, FIELD_AMOUNT, true, "no amount above zero",
	 "money that went back is payment.returned or refund.made"},
	{FACT_REFUND_MADE, FIELD_AMOUNT, true, "no amount above zero", "write what was given back"},
	{FACT_DEPOSIT_APPLIED, FIELD_AMOUNT, true, "no amount above zero",
	 "write how much of the deposit is used"},
	{FACT_INVOICE_DISPUTED, FIELD_AMOUNT, true, "no amount above zero",
	 "write the net amount that is disputed"},
	{FACT_INVOICE_SETTLED, FIELD_AMOUNT, false, "negative amount",
	 "write the net amount that is upheld"},
	{FACT_SUPPLIER_COMMITTED, FIELD_AMOUNT, false, "negative amount", "0 ends it"},
	{FACT_SAVING_STATED, FIELD_AMOUNT, false, "negative amount", "write what is saved"},
	{FACT_INDEX_LINKED, FIELD_OLD_VALUE, true, "no index above zero",
	 "write the value in the old series"},
	{FACT_INDEX_LINKED, FIELD_VALUE, true, "no index above zero",
	 "write the value in the new series"},
	{FACT_INDEX_PUBLISHED, FIELD_VALUE, false, "negative index",
	 "write the value as it is published"},
	{FACT_UNITS_LISTED, FIELD_PART_NUMBER, true, "no number of a part",
	 "parts are counted from 1"},
	{FACT_UNITS_LISTED, FIELD_PART_COUNT, true, "no number of parts",
	 "parts are counted from 1"},
	{FACT_INVOICE_DISPUTED, FIELD_LINE, true, "no number of a line",
	 "lines are counted from 1"},
};

static enum rc check_signs(const struct asked *a)
{
	for (size_t i = 0; i < ARRAY_SIZE(signs); i++) {
		const struct told *t = signs[i].kind == a->kind ? told_of(a, signs[i].field) : NULL;

		if (t != NULL && t->number < (signs[i].above_zero ? 1 : 0))
			return bad_number(a, t, signs[i].what, signs[i].hint);
	}
	return RC_OK;
}

static enum rc check_decimals(const struct asked *a)
{
	for (size_t i = 0; i < a->n; i++) {
		const struct told *t = &a->v[i];
		bool metered = t->field == FIELD_QUANTITY && a->kind == FACT_USAGE_RECORDED;

		if (field_row(t->field)->type == FIELD_DECIMAL && !metered &&
		    t->scale > PRICE_DECIMALS_MAX)
			return too_many_decimals(a, t, PRICE_DECIMALS_MAX, NULL);
	}
	return RC_OK;
}

/* Money that moved is whole minor units of its currency, and 64 bits hold it (money.md R80, R82). */
static enum rc check_cash(const struct asked *a)
{
	const struct told *amount = told_of(a, FIELD_AMOUNT);
	i128 minor;
	struct currency c;
	struct buf b;

	if (a->kind != FACT_PAYMENT_RECEIVED && a->kind != FACT_REFUND_MADE)
		return RC_OK;
	if (amount == NULL || !currency_find(word_of(a, FIELD_CURRENCY), &c))
		return RC_OK;
	if (amount->scale > c.decimals)
		return too_many_decimals(a, amount, c.decimals, c.code);
	minor = amount->number;
	for (unsigned i = amount->scale; i < c.decimals; i++)
		minor *= 10;
	if (minor <= INT64_MAX)
		return RC_OK;
	buf_init(&b, 64);
	exact_print(&b, (struct exact){minor, 0});
	err_key(a->err, text_of(field_row(FIELD_AMOUNT)->key));
	(void)err_set(a->err, RC_INVALID, "amount too large: '%.*s' minor units",
		      TEXT_ARG(buf_view(&b)));
	buf_free(&b);
	return RC_INVALID;
}

static enum rc check_days(const struct asked *a)
{
	struct text from = word_of(a, FIELD_FROM_DATE), to = word_of(a, FIELD_TO_DATE);
	struct text of = about(a);
	day x = 0, y = 0;

	if (!day_parse(from, &x) || !day_parse(to, &y) || x < y)
		return RC_OK;
	err_key(a->err, text_of(field_row(FIELD_TO_DATE)->key));
	err_hint(a->err, "the end must be later");
	return err_set(a->err, RC_INVALID, "period is empty: '%.*s' %.*s to %.*s", SHOWN(of),
		       SHOWN(from), SHOWN(to));
}

/* A rate that says nothing of the currency whose worth it should tell. */
static enum rc check_rate(const struct asked *a)
{
	struct text rate = word_of(a, FIELD_RATE), code = word_of(a, FIELD_CURRENCY);
	struct exchange e;
	struct err unused;

	err_clear(&unused);
	if (rate.n == 0 || exchange_parse(rate, &e, &unused) != RC_OK || text_is(code, e.of.code) ||
	    text_is(code, e.in.code))
		return RC_OK;
	err_key(a->err, text_of(field_row(FIELD_RATE)->key));
	err_hint(a->err, "write what 1 %.*s is worth", SHOWN(code));
	return err_set(a->err, RC_INVALID,
		       "exchange rate is about other currencies than %.*s: '%.*s'", SHOWN(code),
		       SHOWN(rate));
}

static bool twice(const struct told *v, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (v[i].field == v[at].field && text_eq(v[i].word, v[at].word))
			return true;
	return false;
}

/* money.md R23. A fact has 255 values at most, so comparing each with each is little work. */
static enum rc check_units(const struct asked *a)
{
	struct text list = word_of(a, FIELD_LIST), shown = list;
	const struct told *part = told_of(a, FIELD_PART_NUMBER),
			  *parts = told_of(a, FIELD_PART_COUNT);
	struct buf b;

	if (a->kind != FACT_UNITS_LISTED)
		return RC_OK;
	if (part != NULL && parts != NULL && part->number > parts->number)
		return bad_number(a, part, "part beyond the last", "a list has parts 1 to `parts`");
	for (size_t i = 0; i < a->n; i++) {
		if (a->v[i].field != FIELD_UNITS || !twice(a->v, i))
			continue;
		buf_init(&b, 64);
		if (a->on != DAY_NONE) {
			day_print(&b, a->on);
			shown = buf_view(&b);
		}
		err_key(a->err, text_of(field_row(FIELD_UNITS)->key));
		(void)err_set(a->err, RC_INVALID, "unit listed twice: '%.*s' in list of %.*s",
			      SHOWN(a->v[i].word), SHOWN(shown));
		buf_free(&b);
		return RC_INVALID;
	}
	return RC_OK;
}

enum rc admit_values(enum fact_kind kind, const struct told *v, size_t n, day on, struct err *err)
{
	static enum rc (*const rules[])(const struct asked *a) = {
		check_signs, check_decimals, check_cash, check_days, check_rate, check_units,
	};
	struct asked a = {kind, v, n, on, err};
	enum rc rc = RC_OK;

	/* What the record says of itself is computed, not told. */
	for (size_t i = 0; rc == RC_OK && !fact_row(kind)->record && i < ARRAY_SIZE(rules); i++)
		rc = rules[i](&a);
	return rc;
}

enum rc facts_admit(const struct facts *set, const struct fact *f, const struct zone *zone,
		    struct err *err)
{
	enum fact_kind kind = (enum fact_kind)f->kind;
	struct told v[FACT_VALUES_MAX];
	enum rc rc = RC_OK;

	for (size_t i = 0; rc == RC_OK && i < f->n_values; i++) {
		const struct fact_value *value = &f->values[i];
		enum field_type type = field_row((enum fact_field)value->field)->type;

		v[i] = (struct told){.field = (enum fact_field)value->field};
		if (type == FIELD_SYMBOL || type == FIELD_SYMBOLS) {
			v[i].word = symbol_text(set->symbols, value->word);
			rc = admit_word(kind, v[i].field, v[i].word, err);
		} else if (type != FIELD_TEXT) {
			v[i].number = value->number;
			v[i].scale = value->scale;
		}
	}
	return rc == RC_OK
		       ? admit_values(kind, v, f->n_values,
				      zone == NULL ? DAY_NONE : zone_day(zone, f->occurred_at), err)
		       : rc;
}
