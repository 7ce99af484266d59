/* SPDX-License-Identifier: Apache-2.0 */
#include "money/money.h"

#include "money/number.h"
#include "money/wide.h"

#include <assert.h>
#include <string.h>

static const struct currency currencies[] = {
#define CURRENCY(code, decimals) {#code, decimals},
#include "money/currencies.def"
#undef CURRENCY
};

bool currency_find(struct text code, struct currency *out)
{
	size_t from = 0, to = ARRAY_SIZE(currencies);

	while (from < to) {
		size_t middle = from + (to - from) / 2;
		int order = text_cmp(code, text_of(currencies[middle].code));

		if (order == 0) {
			*out = currencies[middle];
			return true;
		}
		if (order < 0)
			to = middle;
		else
			from = middle + 1;
	}
	return false;
}

/* What makes the difference between the types money and price. */
struct kind {
	const char *word, *code;
	bool fine; /* up to 9 decimals, whatever the currency */
};

static const struct kind kind_money = {"money", "type.money", false};
static const struct kind kind_price = {"a price", "type.price", true};

static bool is_letter(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* A currency sign at either end of *rest, taken off; its usual code. */
static const char *take_sign(struct text *rest)
{
	static const struct {
		const char *sign, *code;
	} signs[] = {{"US$", "USD"},
		     {"$", "USD"},
		     {"\xe2\x82\xac", "EUR"},
		     {"\xc2\xa3", "GBP"},
		     {"\xc2\xa5", "JPY"}};

	for (size_t i = 0; i < ARRAY_SIZE(signs); i++) {
		size_t n = strlen(signs[i].sign);

		if (text_starts(*rest, signs[i].sign)) {
			*rest = text_sub(*rest, n, rest->n);
			return signs[i].code;
		}
		if (text_ends(*rest, signs[i].sign)) {
			*rest = text_sub(*rest, 0, rest->n - n);
			return signs[i].code;
		}
	}
	return NULL;
}

/* The letters at the end of *rest, or else at its start, taken off. */
static struct text take_letters(struct text *rest)
{
	size_t from = rest->n, to = 0;
	struct text letters;

	while (from > 0 && is_letter(rest->p[from - 1]))
		from--;
	if (from < rest->n) {
		letters = text_sub(*rest, from, rest->n);
		*rest = text_sub(*rest, 0, from);
		return letters;
	}
	while (to < rest->n && is_letter(rest->p[to]))
		to++;
	letters = text_sub(*rest, 0, to);
	*rest = text_sub(*rest, to, rest->n);
	return letters;
}

/* An amount with its currency as a person may have written it, taken apart. */
struct guess {
	bool has_amount, has_currency, known;
	struct decimal amount;
	struct text letters;
	struct currency currency; /* if known */
};

static struct guess guess(struct text t)
{
	struct text rest = text_trim(t);
	struct guess g = {.has_currency = true};
	const char *by_sign = take_sign(&rest);

	if (by_sign != NULL) {
		g.known = currency_find(text_of(by_sign), &g.currency);
	} else {
		char upper[3];

		g.letters = take_letters(&rest);
		g.has_currency = g.letters.n > 0;
		if (g.letters.n == sizeof(upper)) {
			for (size_t i = 0; i < sizeof(upper); i++)
				upper[i] = g.letters.p[i] >= 'a'
						   ? (char)(g.letters.p[i] - 'a' + 'A')
						   : g.letters.p[i];
			g.known = currency_find((struct text){upper, sizeof(upper)}, &g.currency);
		}
	}
	g.has_amount = number_guess(rest, &g.amount);
	return g;
}

/* What would be right, for a text that has an amount and a known currency. */
static void advise(const struct kind *kind, struct guess g, struct buf *out)
{
	if (g.amount.units < 0) {
		buf_str(out, "it is never negative; write ");
		g.amount.units = -g.amount.units;
	}
	if (!kind->fine && g.amount.scale > g.currency.decimals) {
		buf_printf(out, "%s has %u decimal%s, not %u", g.currency.code, g.currency.decimals,
			   g.currency.decimals == 1 ? "" : "s", g.amount.scale);
		return;
	}
	if (out->n == 0)
		buf_str(out, "write ");
	price_print(out, g.amount, g.currency);
}

static enum rc refuse(const struct kind *kind, struct text t, enum number_fault fault,
		      struct err *err)
{
	struct quotable said = number_quotable(t), letters;
	struct guess g = guess(t);
	struct buf right;

	err_code(err, kind->code);
	if (fault != NUMBER_RIGHT && fault != NUMBER_SHAPE)
		return err_set(err, RC_INVALID, "\"%s\" is not %s that fits: %s", said.p,
			       kind->word, number_advice(fault));
	if (!g.has_amount)
		return err_set(err, RC_INVALID, "\"%s\" is not %s: write it like 85.00 USD", said.p,
			       kind->word);
	if (g.has_currency && !g.known) {
		letters = number_quotable(g.letters);
		return err_set(err, RC_INVALID,
			       "\"%s\" is not %s: no currency \"%s\" is in use, write its ISO 4217 "
			       "code as in "
			       "85.00 USD",
			       said.p, kind->word, letters.p);
	}

	buf_init(&right, 160);
	if (g.has_currency)
		advise(kind, g, &right);
	else
		buf_str(&right, "write the currency too, as in 85.00 USD");
	(void)err_set(err, RC_INVALID, "\"%s\" is not %s: %.*s", said.p, kind->word,
		      TEXT_ARG(buf_view(&right)));
	buf_free(&right);
	return RC_INVALID;
}

static enum rc amount_parse(const struct kind *kind, struct text t, struct decimal *amount,
			    struct currency *currency, struct err *err)
{
	struct text number, code = text_cut(t, ' ', &number);
	struct decimal read;
	struct currency found;
	unsigned decimals = 0;
	enum number_fault fault = number_scan(number, &read, &decimals);

	if (fault != NUMBER_RIGHT || number.p[0] == '-' || !currency_find(code, &found))
		return refuse(kind, t, fault, err);
	if (!kind->fine && decimals > found.decimals)
		return refuse(kind, t, fault, err);
	*amount = read;
	*currency = found;
	return RC_OK;
}

enum rc money_parse(struct text t, struct money *out, struct err *err)
{
	struct decimal amount;
	struct currency currency;
	enum rc rc = amount_parse(&kind_money, t, &amount, &currency, err);

	if (rc != RC_OK)
		return rc;
	/* 12 digits and at most 4 decimals: 16 digits. */
	out->minor =
		amount.units * (int64_t)power_of_ten(currency.decimals - (unsigned)amount.scale);
	out->currency = currency;
	return RC_OK;
}

enum rc price_parse(struct text t, struct decimal *amount, struct currency *currency,
		    struct err *err)
{
	return amount_parse(&kind_price, t, amount, currency, err);
}

void money_print(struct buf *out, struct money m)
{
	price_print(out, (struct decimal){m.minor, m.currency.decimals}, m.currency);
}

void price_print(struct buf *out, struct decimal amount, struct currency c)
{
	while (amount.scale > c.decimals && amount.units % 10 == 0) {
		amount.units /= 10;
		amount.scale--;
	}
	decimal_print_places(out, amount, amount.scale > c.decimals ? amount.scale : c.decimals);
	buf_char(out, ' ');
	buf_str(out, c.code);
}

bool money_same_currency(struct money a, struct money b)
{
	return memcmp(a.currency.code, b.currency.code, sizeof(a.currency.code)) == 0;
}

bool money_try_add(struct money a, struct money b, struct money *out)
{
	assert(money_same_currency(a, b));
	int64_t minor = 0;

	if (__builtin_add_overflow(a.minor, b.minor, &minor))
		return false;
	*out = (struct money){minor, a.currency};
	return true;
}

bool money_try_sub(struct money a, struct money b, struct money *out)
{
	assert(money_same_currency(a, b));
	int64_t minor = 0;

	if (__builtin_sub_overflow(a.minor, b.minor, &minor))
		return false;
	*out = (struct money){minor, a.currency};
	return true;
}

struct money money_add(struct money a, struct money b)
{
	struct money sum = a;
	bool fits = money_try_add(a, b, &sum);

	assert(fits);
	return sum;
}

struct money money_sub(struct money a, struct money b)
{
	struct money rest = a;
	bool fits = money_try_sub(a, b, &rest);

	assert(fits);
	return rest;
}

bool money_try_round(struct fraction exact, struct currency c, enum rounding mode,
		     struct money *out)
{
	struct decimal d = {0, 0};

	if (!fraction_try_round(exact, c.decimals, mode, &d))
		return false;
	*out = (struct money){d.units, c};
	return true;
}

struct money money_round(struct fraction exact, struct currency c, enum rounding mode)
{
	return (struct money){fraction_round(exact, c.decimals, mode).units, c};
}

struct fraction money_exact(struct money m)
{
	return fraction_of(m.minor, (i128)power_of_ten(m.currency.decimals));
}
