/* SPDX-License-Identifier: Apache-2.0 */
/* Billing kinds of tenor calc about rates over time: interest, indexation, trend (money.md R53, R106 to R110, R134). */
#include "app/calc_kinds.h"
#include "money/indexation.h"
#include "money/interest.h"
#include "money/trend.h"

enum { DAYS_MAX = 40000 };

struct question {
	struct calc_terms terms;
	struct owed owed;
	enum year_basis basis;
	bool compound, statutory;
	enum statutory scheme;
};

static enum rc read_paid(const struct calc_reader *r, struct currency c, struct owed *owed)
{
	static const struct text words[] = {{"on", 2}, {"amount", 6}};
	size_t n = 0;
	enum rc rc = calc_list(r, "paid", false, &n);
	struct paid *v = arena_array(r->a, struct paid, n);

	for (size_t i = 0; i < n && rc == RC_OK; i++) {
		struct calc_reader e;

		rc = calc_element(r, "paid", i, words, ARRAY_SIZE(words), &e);
		if (rc == RC_OK)
			rc = calc_day(&e, "on", &v[i].on);
		if (rc == RC_OK)
			rc = calc_money(&e, "amount", c, &v[i].amount);
	}
	owed->paid = v;
	owed->n_paid = n;
	return rc;
}

/* What a contract, or the statute over a base rate, makes of a written rate. */
static enum rc yearly(const struct calc_reader *r, const struct question *q, struct decimal *pct)
{
	static const char *const per[] = {"year", "month"};
	struct decimal max = {0, 0}, points = statutory_points(q->scheme);
	struct fraction sum = {0, 1};
	size_t unit = 0;
	enum rc rc = calc_choice_if(r, "per", per, 2, &unit);

	if (rc == RC_OK)
		rc = calc_decimal_if(r, "max_per_year", &max);
	if (rc != RC_OK)
		return rc;
	if (q->statutory &&
	    (!fraction_try_add(fraction_of_decimal(*pct), fraction_of_decimal(points), &sum) ||
	     !fraction_try_round(sum, pct->scale, ROUND_HALF_UP, pct)))
		return calc_too_large(r);
	if (!interest_yearly(*pct, unit == 1, calc_has(r, "max_per_year"), max, pct))
		return calc_too_large(r);
	return calc_not_negative(r, "rate", pct->units < 0);
}

static enum rc read_rates(const struct calc_reader *r, struct question *q)
{
	static const struct text words[] = {{"from", 4}, {"pct", 3}};
	size_t n = 1;
	enum rc rc = calc_has(r, "rates") ? calc_list(r, "rates", true, &n) : RC_OK;
	struct yearly_rate *v = arena_array(r->a, struct yearly_rate, n);

	q->owed.rates = v;
	q->owed.n_rates = n;
	if (rc != RC_OK)
		return rc;
	if (!calc_has(r, "rates")) {
		rc = calc_decimal(r, "rate", &v[0].pct);
		v[0].from = INT32_MIN;
		return rc == RC_OK ? yearly(r, q, &v[0].pct) : rc;
	}
	for (size_t i = 0; i < n && rc == RC_OK; i++) {
		struct calc_reader e;

		rc = calc_element(r, "rates", i, words, ARRAY_SIZE(words), &e);
		if (rc == RC_OK)
			rc = calc_day(&e, "from", &v[i].from);
		if (rc == RC_OK)
			rc = calc_decimal(&e, "pct", &v[i].pct);
		if (rc == RC_OK)
			rc = yearly(r, q, &v[i].pct);
	}
	return rc;
}

/* From "due" to "until", or simply so many "days". */
static enum rc read_days(const struct calc_reader *r, struct owed *owed)
{
	int64_t days = 0, grace = 0;
	enum rc rc = calc_int_if(r, "grace_days", 0, DAYS_MAX, &grace);

	owed->grace_days = (int32_t)grace;
	if (rc == RC_OK && calc_has(r, "days")) {
		rc = calc_int(r, "days", 0, DAYS_MAX, &days);
		owed->due = day_of(2001, 1, 1);
		owed->until = owed->due + (int32_t)days;
		return rc;
	}
	if (rc == RC_OK)
		rc = calc_day(r, "due", &owed->due);
	if (rc == RC_OK)
		rc = calc_day(r, "until", &owed->until);
	if (rc == RC_OK && owed->until > owed->due + DAYS_MAX)
		return calc_wrong(r, "until", "at most 40000 days after due");
	return rc;
}

static enum rc read_interest(const struct calc_reader *r, struct question *q)
{
	static const char *const bases[] = {"actual_365", "actual_360", "actual_actual"},
				 *const schemes[] = {"uk_1998", "eu_2011_7"};
	size_t basis = 0, scheme = 0;
	enum rc rc = calc_terms(r, &q->terms);

	if (rc == RC_OK)
		rc = calc_choice_if(r, "day_count", bases, ARRAY_SIZE(bases), &basis);
	if (rc == RC_OK)
		rc = calc_choice_if(r, "scheme", schemes, ARRAY_SIZE(schemes), &scheme);
	if (rc == RC_OK)
		rc = calc_bool_if(r, "compound", &q->compound);
	if (rc == RC_OK)
		rc = calc_money(r, "amount", q->terms.currency, &q->owed.amount);
	if (rc == RC_OK)
		rc = calc_not_negative(r, "amount", q->owed.amount.minor < 0);
	q->basis = (enum year_basis)basis;
	q->statutory = calc_has(r, "scheme");
	q->scheme = (enum statutory)scheme;
	if (rc == RC_OK)
		rc = read_days(r, &q->owed);
	if (rc == RC_OK)
		rc = read_paid(r, q->terms.currency, &q->owed);
	if (rc == RC_OK)
		rc = read_rates(r, q);
	return rc;
}

static void put_spans(struct json *j, const struct interest_spans *spans)
{
	json_key(j, "spans");
	json_open_array(j);
	for (size_t i = 0; i < spans->n; i++) {
		json_open_object(j);
		put_money(j, "open", spans->v[i].open);
		json_kv_int(j, "days", spans->v[i].to - spans->v[i].from);
		put_decimal(j, "pct", spans->v[i].pct);
		json_end_object(j);
	}
	json_end_array(j);
}

enum rc calc_interest(const struct calc_reader *r, struct json *j)
{
	struct question q = {.scheme = STATUTORY_UK_1998};
	struct interest_spans spans = {NULL, 0};
	struct fraction exact = {0, 1};
	struct money interest, fixed;
	enum rc rc = read_interest(r, &q);

	if (rc != RC_OK)
		return rc;
	if (!interest_spans(r->a, &q.owed, &spans))
		return calc_wrong(r, calc_has(r, "paid") ? "paid" : "rates",
				  "amounts above 0, and dates in order");
	for (size_t i = 0; i < spans.n; i++) {
		struct days counted = {spans.v[i].from + 1, spans.v[i].to + 1};

		spans.v[i].leap_days = days_in_leap_years(counted);
	}
	interest = (struct money){0, q.terms.currency};
	if (q.compound) {
		if (spans.n > 0 && !interest_compound(&spans, q.basis, q.terms.rounding, &interest))
			return calc_too_large(r);
	} else {
		if (!interest_simple(&spans, q.basis, &exact) ||
		    !money_try_round(exact, q.terms.currency, q.terms.rounding, &interest))
			return calc_too_large(r);
		put_exact(j, "exact", exact);
	}
	put_spans(j, &spans);
	put_money(j, "interest", interest);
	if (q.statutory) {
		if (!statutory_sum(q.scheme, q.owed.amount, &fixed))
			return calc_wrong(r, "currency", "GBP for uk_1998, EUR for eu_2011_7");
		put_money(j, "fixed", fixed);
	}
	return RC_OK;
}

/* --- indexation --- */

/* As many decimals as a price is written with. */
static unsigned decimals_written(const json_t *v)
{
	struct text whole, rest = text_cut(calc_view(v), '.', &whole);

	return json_is_string(v) ? (unsigned)rest.n : 0;
}

static enum rc put_prices(const struct calc_reader *r, struct json *j, struct fraction ratio,
			  enum rounding mode)
{
	struct decimal *v = NULL;
	struct buf b;
	size_t n = 0;
	enum rc rc = calc_decimals(r, "prices", &v, &n);

	if (rc != RC_OK)
		return rc;
	buf_init(&b, 128);
	json_key(j, "prices");
	json_open_array(j);
	for (size_t i = 0; i < n && rc == RC_OK; i++) {
		unsigned places =
			decimals_written(json_array_get(json_object_get(r->item, "prices"), i));
		struct decimal price = {0, 0};

		if (!index_price(v[i], places, ratio, mode, &price)) {
			rc = calc_too_large(r);
			break;
		}
		buf_clear(&b);
		decimal_print_places(&b, price, places);
		json_text(j, buf_view(&b));
	}
	json_end_array(j);
	buf_free(&b);
	return rc;
}

enum rc calc_index(const struct calc_reader *r, struct json *j)
{
	static const char *const effects[] = {"none", "floor", "cap"};
	struct calc_terms terms;
	struct index_bounds bounds = {.has_cap = calc_has(r, "cap")};
	struct decimal value = {0, 0}, base = {0, 0}, ratio = {0, 0};
	struct fraction clamped = {0, 1};
	enum index_effect effect = INDEX_FREE;
	int64_t places = 6;
	enum rc rc = calc_terms(r, &terms);

	if (rc == RC_OK)
		rc = calc_decimal(r, "value", &value);
	if (rc == RC_OK)
		rc = calc_decimal(r, "base", &base);
	if (rc == RC_OK)
		rc = calc_int_if(r, "ratio_decimals", 0, 9, &places);
	if (rc == RC_OK)
		rc = calc_decimal_if(r, "cap", &bounds.cap);
	if (rc == RC_OK)
		rc = calc_decimal_if(r, "floor", &bounds.floor);
	if (rc != RC_OK)
		return rc;
	if (base.units <= 0 || value.units < 0)
		return calc_wrong(r, "base", "above 0, and value not negative");
	if (!index_ratio(value, base, (unsigned)places, &ratio) ||
	    !index_clamp(ratio, &bounds, &clamped, &effect))
		return calc_too_large(r);
	put_decimal(j, "ratio", ratio);
	put_exact(j, "applied", clamped);
	json_kv_str(j, "bound", effects[effect]);
	return calc_has(r, "prices") ? put_prices(r, j, clamped, terms.rounding) : RC_OK;
}

/* --- trend --- */

/* A number of minor units in units of the currency. */
static bool major(struct fraction minor, struct currency c, struct fraction *out)
{
	struct money one = {1, c};

	return fraction_try_mul(minor, money_exact(one), out);
}

static enum rc put_months_ahead(const struct calc_reader *r, struct json *j,
				const struct calc_terms *terms, const struct trend *t)
{
	struct fraction f = {0, 1}, high = {0, 1};
	struct money p50, p90, sum50 = {0, terms->currency}, sum90 = sum50;
	int64_t ahead = 1;
	enum rc rc = calc_int_if(r, "ahead", 1, 1200, &ahead);

	if (rc != RC_OK)
		return rc;
	json_key(j, "p50");
	json_open_array(j);
	for (int64_t i = 1; i <= ahead; i++) {
		if (!trend_p50(t, i, &f) || !fraction_try_add(f, t->residual, &high) ||
		    !major(f, terms->currency, &f) || !major(high, terms->currency, &high) ||
		    !money_try_round(f, terms->currency, terms->rounding, &p50) ||
		    !money_try_round(high, terms->currency, terms->rounding, &p90) ||
		    !money_try_add(sum50, p50, &sum50) || !money_try_add(sum90, p90, &sum90))
			return calc_too_large(r);
		put_money_value(j, p50);
	}
	json_end_array(j);
	put_money(j, "p50_sum", sum50);
	put_money(j, "p90_sum", sum90);
	return RC_OK;
}

enum rc calc_trend(const struct calc_reader *r, struct json *j)
{
	static const char *const kinds[] = {"none", "median", "line"};
	struct calc_terms terms;
	struct trend t = {.kind = TREND_NONE};
	struct fraction slope = {0, 1}, residual = {0, 1};
	struct money *months = NULL;
	size_t n = 0;
	enum rc rc = calc_terms(r, &terms);

	if (rc == RC_OK)
		rc = calc_moneys(r, "months", terms.currency, &months, &n);
	if (rc == RC_OK && n > TREND_MONTHS_MAX)
		return calc_wrong(r, "months", "at most 120 months");
	if (rc != RC_OK)
		return rc;

	int64_t *minor = arena_array(r->a, int64_t, n);

	for (size_t i = 0; i < n; i++)
		minor[i] = months[i].minor;
	if (!trend_make(r->a, minor, n, &t) || !major(t.slope, terms.currency, &slope) ||
	    !major(t.residual, terms.currency, &residual))
		return calc_too_large(r);
	json_kv_str(j, "kind", kinds[t.kind]);
	if (t.kind == TREND_NONE)
		return RC_OK;
	put_exact(j, "slope", slope);
	put_exact(j, "residual", residual);
	return put_months_ahead(r, j, &terms, &t);
}
