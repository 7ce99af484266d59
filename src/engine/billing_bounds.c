/* SPDX-License-Identifier: Apache-2.0 */
/* What parks an account before anything is issued (money.md R66, R74): bounds of the provider, and what cannot be right. */
#include "engine/billing_parts.h"

#include <stdlib.h>

enum { MEDIAN_OF = 6, MEDIAN_LEAST = 3 };

static int64_t percent_or(int64_t set, int64_t otherwise)
{
	return set > 0 ? set : otherwise;
}

static int by_number(const void *p, const void *q)
{
	const int64_t *x = p, *y = q;

	return (*x > *y) - (*x < *y);
}

/* R74: above `ratio` times the median of the last six invoices and above `floor`. Fewer than three have no median. */
static enum rc check_total(struct biller *b)
{
	const struct billing_settings *s = b->in->settings;
	int64_t v[MEDIAN_OF], median, floor = s->bound_floor, ratio;
	size_t n = 0;
	i128 bound;

	ratio = percent_or(s->bound_ratio_percent, 300);
	if (floor == 0) {
		floor = 1000;
		for (uint8_t i = 0; i < b->c->currency.decimals; i++)
			floor *= 10;
	}
	for (size_t i = b->in->n_issued; i > 0 && n < MEDIAN_OF; i--)
		if (b->in->issued[i - 1].invoice->kind == DOCUMENT_INVOICE)
			v[n++] = b->in->issued[i - 1].invoice->gross;
	if (n < MEDIAN_LEAST)
		return RC_OK;
	qsort(v, n, sizeof(*v), by_number);
	median = n % 2 == 1 ? v[n / 2] : (int64_t)(((i128)v[n / 2 - 1] + v[n / 2]) / 2);
	bound = (i128)median * ratio / 100;
	if (b->draft->gross > floor && b->draft->gross > bound)
		park(b, (struct parked){.why = PARKED_TOTAL,
					.what = text_of("total"),
					.value = b->draft->gross,
					.bound = median});
	return RC_OK;
}

static bool counted(const struct invoice_line *l)
{
	return l->role == LINE_CHARGE &&
	       (text_is(l->type, "per_unit") || text_is(l->type, "usage")) && l->quantity.den > 0;
}

static int by_fraction(const void *p, const void *q)
{
	return fraction_cmp(*(const struct fraction *)p, *(const struct fraction *)q);
}

/* Quantities of the last six lines of the same charge, part and unit. */
static size_t earlier_counts(const struct biller *b, const struct invoice_line *l,
			     struct fraction v[MEDIAN_OF])
{
	size_t n = 0;

	for (size_t i = b->in->n_issued; i > 0 && n < MEDIAN_OF; i--) {
		const struct invoice *doc = b->in->issued[i - 1].invoice;

		for (size_t k = doc->n_lines; k > 0 && n < MEDIAN_OF; k--) {
			const struct invoice_line *x = &doc->lines[k - 1];

			if (doc->kind == DOCUMENT_INVOICE && counted(x) &&
			    text_eq(x->charge, l->charge) && text_eq(x->part, l->part) &&
			    text_eq(x->unit, l->unit))
				v[n++] = x->quantity;
		}
	}
	return n;
}

static void check_counts(struct biller *b)
{
	int64_t percent = percent_or(b->in->settings->bound_count_percent, 500);

	for (size_t i = 0; i < b->n_lines; i++) {
		const struct invoice_line *l = &b->lines[i];
		struct fraction v[MEDIAN_OF], bound;
		struct decimal value, median;
		size_t n;

		if (!counted(l))
			continue;
		n = earlier_counts(b, l, v);
		if (n < MEDIAN_LEAST)
			continue;
		qsort(v, n, sizeof(*v), by_fraction);
		if (!fraction_try_mul(v[(n - 1) / 2], fraction_of(percent, 100), &bound) ||
		    fraction_cmp(l->quantity, bound) <= 0)
			continue;
		if (!fraction_try_round(l->quantity, 0, ROUND_HALF_UP, &value) ||
		    !fraction_try_round(v[(n - 1) / 2], 0, ROUND_HALF_UP, &median))
			continue;
		park(b, (struct parked){.why = PARKED_COUNT,
					.what = l->charge,
					.days = l->period,
					.value = value.units,
					.bound = median.units});
	}
}

static bool first_of_period(const struct biller *b, size_t at)
{
	for (size_t k = 0; k < at; k++)
		if (text_eq(b->lines[k].charge, b->lines[at].charge) &&
		    days_same(b->lines[k].item, b->lines[at].item))
			return false;
	return true;
}

static void check_periods(struct biller *b)
{
	int64_t bound = percent_or(b->in->settings->bound_periods, 3);

	for (size_t i = 0; i < b->n_lines; i++) {
		const struct invoice_line *l = &b->lines[i];
		int64_t n = 0;
		bool first = true;

		for (size_t k = 0; k < i && first; k++)
			first = !text_eq(b->lines[k].charge, l->charge);
		for (size_t k = i; k < b->n_lines && first; k++)
			if (text_eq(b->lines[k].charge, l->charge) && first_of_period(b, k))
				n++;
		if (n > bound)
			park(b, (struct parked){.why = PARKED_PERIODS,
						.what = l->charge,
						.days = l->item,
						.value = n,
						.bound = bound});
	}
}

static int service_of(const struct biller *b, const struct invoice_line *l)
{
	int at = pricing_charge(b->pricing, l->charge);

	return at < 0 ? -1 : b->pricing->charges[at].service;
}

static bool one_service(const struct biller *b, const struct invoice_line *x,
			const struct invoice_line *y)
{
	int s = service_of(b, x);

	return text_eq(x->charge, y->charge) || (s >= 0 && s == service_of(b, y));
}

/* More than 15 lines of one service and day: a clock or an import that went wild. */
static void check_lines(struct biller *b)
{
	int64_t bound = percent_or(b->in->settings->bound_lines, 15);

	if ((uint64_t)bound >= b->n_lines)
		return;
	for (size_t i = 0; i < b->n_lines; i++) {
		const struct invoice_line *l = &b->lines[i];
		int64_t n = 0;
		bool first = true;

		for (size_t k = 0; k < b->n_lines && l->role != LINE_COVERED; k++) {
			const struct invoice_line *x = &b->lines[k];

			if (x->role == LINE_COVERED || x->period.from != l->period.from ||
			    !one_service(b, l, x))
				continue;
			first = first && k >= i;
			n++;
		}
		if (first && n > bound)
			park(b, (struct parked){.why = PARKED_LINES,
						.what = l->charge,
						.days = l->period,
						.value = n,
						.bound = bound});
	}
}

static void check_taxes(struct biller *b)
{
	const struct invoice *i = b->draft;

	if (i->gross < 0)
		park(b, (struct parked){.why = PARKED_NEGATIVE,
					.what = text_of("total"),
					.value = i->gross});
	for (size_t k = 0; k < i->n_taxes; k++) {
		if (i->taxes[k].base < 0)
			park(b, (struct parked){.why = PARKED_NEGATIVE,
						.what = i->taxes[k].category,
						.value = i->taxes[k].base});
		if (i->taxes[k].code == TAX_AE && i->client.vat_id.n == 0)
			park(b, (struct parked){.why = PARKED_REVERSE_CHARGE,
						.what = i->taxes[k].category});
	}
}

enum rc bounds_check(struct biller *b)
{
	enum rc rc;

	check_taxes(b);
	if (b->in->settings->bounds_off)
		return RC_OK;
	rc = check_total(b);
	check_counts(b);
	check_periods(b);
	check_lines(b);
	return rc;
}
