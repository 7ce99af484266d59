/* SPDX-License-Identifier: Apache-2.0 */
/* The kinds of billing cases of tenor calc: one function a kind, its rows in calc_money.c, what each means in docs/calc.md. */
#ifndef APP_CALC_KINDS_H
#define APP_CALC_KINDS_H

#include "app/calc_numbers.h"

struct calc_kind {
	const char *name;
	const char *
		keys; /* with blanks between; only these are allowed, besides those that describe a case */
	/* Writes its results into the object that is open in j. */
	enum rc (*answer)(const struct calc_reader *r, struct json *j);
};

/* The row of that name, or NULL. */
const struct calc_kind *calc_money_kind(struct text name);
/* The names, to find the nearest of; at most max. */
size_t calc_money_names(struct text *names, size_t max);

/* calc_rate.c */
enum rc calc_rate(const struct calc_reader *r, struct json *j) MUST_USE;
enum rc calc_rate_events(const struct calc_reader *r, struct json *j) MUST_USE;
enum rc calc_rate_running(const struct calc_reader *r, struct json *j) MUST_USE;
enum rc calc_aggregate(const struct calc_reader *r, struct json *j) MUST_USE;
enum rc calc_prepaid(const struct calc_reader *r, struct json *j) MUST_USE;
/* calc_period.c */
enum rc calc_period_of(const struct calc_reader *r, struct json *j) MUST_USE;
enum rc calc_edge(const struct calc_reader *r, struct json *j) MUST_USE;
enum rc calc_whole_periods(const struct calc_reader *r, struct json *j) MUST_USE;
enum rc calc_periods(const struct calc_reader *r, struct json *j) MUST_USE;
enum rc calc_prorate(const struct calc_reader *r, struct json *j) MUST_USE;
enum rc calc_change(const struct calc_reader *r, struct json *j) MUST_USE;
enum rc calc_revenue(const struct calc_reader *r, struct json *j) MUST_USE;
/* calc_document.c */
enum rc calc_split(const struct calc_reader *r, struct json *j) MUST_USE;
enum rc calc_tax(const struct calc_reader *r, struct json *j) MUST_USE;
enum rc calc_split_reduction(const struct calc_reader *r, struct json *j) MUST_USE;
enum rc calc_discount(const struct calc_reader *r, struct json *j) MUST_USE;
enum rc calc_bounds(const struct calc_reader *r, struct json *j) MUST_USE;
enum rc calc_true_up(const struct calc_reader *r, struct json *j) MUST_USE;
enum rc calc_settle(const struct calc_reader *r, struct json *j) MUST_USE;
enum rc calc_apply(const struct calc_reader *r, struct json *j) MUST_USE;
enum rc calc_credit_note(const struct calc_reader *r, struct json *j) MUST_USE;
/* calc_invoice.c */
enum rc calc_invoice(const struct calc_reader *r, struct json *j) MUST_USE;
/* calc_interest.c */
enum rc calc_interest(const struct calc_reader *r, struct json *j) MUST_USE;
enum rc calc_index(const struct calc_reader *r, struct json *j) MUST_USE;
enum rc calc_trend(const struct calc_reader *r, struct json *j) MUST_USE;

#endif
