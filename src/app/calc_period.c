/* SPDX-License-Identifier: Apache-2.0 */
/* Billing kinds of tenor calc about time: edges, periods, proration, change, revenue by day (money.md R2 to R5, R11 to R17, R141). */
#include "app/calc_kinds.h"

#include <string.h>

/* More than the years 1 to 9999 have. */
enum { MONTHS_FAR = 120000, DAYS_FAR = 4000000, LIFE_DAYS_MAX = 40000 };

/* The grid of "start", "period" and "anchor" (calendar unless it says anniversary). */
static enum rc read_grid(const struct calc_reader *r, struct grid *out)
{
	static const char *const anchors[] = {"calendar", "anniversary"};
	struct duration period = {1, UNIT_MO, {NULL, 0}};
	size_t anchor = 0;
	day start = DAY_NONE;
	enum rc rc = calc_period(r, "period", &period);

	if (rc == RC_OK)
		rc = calc_choice_if(r, "anchor", anchors, 2, &anchor);
	if (rc == RC_OK)
		rc = anchor == 1 ? calc_day(r, "start", &start) : calc_day_if(r, "start", &start);
	if (rc != RC_OK)
		return rc;
	if (anchor == 0 && !period_fits_calendar(period)) {
		err_key(r->err, text_of("period"));
		err_hint(r->err, "use anniversary, or 1mo, 3mo, 6mo, 12mo");
		return err_set(r->err, RC_INVALID, "calendar anchor does not fit period \"%s\"",
			       json_string_value(json_object_get(r->item, "period")));
	}
	*out = grid_of(period, anchor == 0, start);
	return RC_OK;
}

static enum rc too_far(const struct calc_reader *r)
{
	return err_set(r->err, RC_INVALID, "a date lies outside the years 1 to 9999");
}

static bool in_years(day d)
{
	return d >= day_of(1, 1, 1) && d < day_of(10000, 1, 1);
}

/* The edge, if it lies in the years that dates have. */
static bool edge_at(const struct grid *g, int64_t k, day *out)
{
	int64_t most = g->months > 0 ? MONTHS_FAR / g->months : DAYS_FAR / g->days;

	if (k > most || k < -most)
		return false;
	*out = grid_edge(g, k);
	return in_years(*out);
}

static void put_midnight(struct json *j, const char *key, const struct zone *z, day d)
{
	struct buf b;

	buf_init(&b, 64);
	instant_print(&b, zone_midnight(z, d));
	json_kv_text(j, key, buf_view(&b));
	buf_free(&b);
}

/* The day asked for: "on", or the local date of "at" in "tz" (R2). */
static enum rc read_on(const struct calc_reader *r, day *on, const struct zone **z)
{
	struct text tz = {"", 0};
	instant at = 0;
	enum rc rc;

	*z = NULL;
	if (!calc_has(r, "at"))
		return calc_day(r, "on", on);
	rc = calc_instant(r, "at", &at);
	if (rc == RC_OK)
		rc = calc_text(r, "tz", &tz);
	if (rc == RC_OK)
		rc = r->zones->find(r->zones->context, tz, z, r->err);
	if (rc == RC_OK)
		*on = zone_day(*z, at);
	return rc;
}

enum rc calc_period_of(const struct calc_reader *r, struct json *j)
{
	struct grid g = {0, 1, 0};
	const struct zone *z = NULL;
	struct days full;
	day on = 0;
	int64_t offset = 0;
	enum rc rc = read_grid(r, &g);

	if (rc == RC_OK)
		rc = read_on(r, &on, &z);
	if (rc == RC_OK)
		rc = calc_int_if(r, "offset", -MONTHS_FAR, MONTHS_FAR, &offset);
	if (rc != RC_OK)
		return rc;

	int64_t k = grid_index(&g, on) + offset;

	if (!edge_at(&g, k, &full.from) || !edge_at(&g, k + 1, &full.to))
		return too_far(r);
	put_day(j, "from", full.from);
	put_day(j, "to_exclusive", full.to);
	json_kv_int(j, "index", k);
	json_kv_int(j, "days", full.to - full.from);
	if (z != NULL) {
		put_midnight(j, "from_at", z, full.from);
		put_midnight(j, "to_exclusive_at", z, full.to);
	}
	return RC_OK;
}

enum rc calc_edge(const struct calc_reader *r, struct json *j)
{
	struct grid g = {0, 1, 0};
	int64_t k = 0;
	day d = 0;
	enum rc rc = read_grid(r, &g);

	if (rc == RC_OK)
		rc = calc_int(r, "count", -DAYS_FAR, DAYS_FAR, &k);
	if (rc != RC_OK)
		return rc;
	if (!edge_at(&g, k, &d))
		return too_far(r);
	put_day(j, "date", d);
	return RC_OK;
}

enum rc calc_whole_periods(const struct calc_reader *r, struct json *j)
{
	struct duration period = {1, UNIT_MO, {NULL, 0}};
	day from = 0, to = 0;
	enum rc rc = calc_day(r, "from", &from);

	if (rc == RC_OK)
		rc = calc_day(r, "to", &to);
	if (rc == RC_OK)
		rc = calc_period(r, "period", &period);
	if (rc != RC_OK)
		return rc;

	struct grid g = grid_of(period, false, from);

	json_kv_int(j, "whole_periods", periods_whole(from, to, g.months, g.days));
	return RC_OK;
}

static enum rc read_count(const struct calc_reader *r, enum day_count *out)
{
	static const char *const words[] = {"actual_days", "days_30", "none"};
	size_t count = 0;
	enum rc rc = calc_choice_if(r, "prorate", words, ARRAY_SIZE(words), &count);

	*out = (enum day_count)count;
	return rc;
}

static enum rc read_covered(const struct calc_reader *r, struct days **out, size_t *n)
{
	enum rc rc = calc_list(r, "covered", false, n);

	*out = arena_array(r->a, struct days, *n);
	for (size_t i = 0; i < *n && rc == RC_OK; i++) {
		const json_t *pair = json_array_get(json_object_get(r->item, "covered"), i);
		const json_t *from = json_array_get(pair, 0), *to = json_array_get(pair, 1);

		if (!json_is_string(from) || !json_is_string(to) ||
		    !day_parse(calc_view(from), &(*out)[i].from) ||
		    !day_parse(calc_view(to), &(*out)[i].to))
			return calc_wrong(r, "covered", "a list of [from, to], two dates each");
	}
	return rc;
}

enum rc calc_periods(const struct calc_reader *r, struct json *j)
{
	struct grid g = {0, 1, 0};
	struct days life = {0, 0}, *covered = NULL;
	enum day_count count = DAY_COUNT_ACTUAL;
	size_t n = 0;
	enum rc rc = read_grid(r, &g);

	if (rc == RC_OK)
		rc = calc_day(r, "from", &life.from);
	if (rc == RC_OK)
		rc = calc_day(r, "to", &life.to);
	if (rc == RC_OK)
		rc = read_covered(r, &covered, &n);
	if (rc == RC_OK)
		rc = read_count(r, &count);
	if (rc != RC_OK)
		return rc;
	if (life.to - life.from > LIFE_DAYS_MAX)
		return calc_wrong(r, "to", "at most 40000 days after from");

	struct service_periods all = periods_not_covered(r->a, &g, life, life, covered, n);

	json_key(j, "periods");
	json_open_array(j);
	for (size_t i = 0; i < all.n; i++) {
		struct weight w = days_weight(&g, all.v[i].own, all.v[i].full, count);

		json_open_object(j);
		put_day(j, "from", all.v[i].own.from);
		put_day(j, "to_exclusive", all.v[i].own.to);
		json_kv_int(j, "days", w.days);
		json_kv_int(j, "of", w.of);
		json_end_object(j);
	}
	json_end_array(j);
	return RC_OK;
}

/* --- proration (R13, R14) --- */

/* A price for some days of a period; what the days are is said in one of five ways. */
struct share {
	struct fraction days, of;
};

/* "days" of "of" */
static enum rc share_given(const struct calc_reader *r, struct share *s)
{
	enum rc rc = calc_fraction(r, "days", &s->days);

	if (rc == RC_OK)
		rc = calc_fraction(r, "of", &s->of);
	if (rc == RC_OK && s->of.num <= 0)
		return calc_wrong(r, "of", "a number above 0");
	return rc == RC_OK ? calc_not_negative(r, "days", s->days.num < 0) : rc;
}

/* By the second (R19): instants within a period of instants. */
static enum rc share_seconds(const struct calc_reader *r, struct share *s)
{
	const json_t *full = json_object_get(r->item, "full");
	struct err ignored = {.line = 0};
	instant from = 0, to = 0, start = 0, end = 0;
	enum rc rc = calc_instant(r, "from", &from);

	if (rc == RC_OK)
		rc = calc_instant(r, "to", &to);
	if (rc != RC_OK)
		return rc;
	if (!json_is_string(json_array_get(full, 0)) || !json_is_string(json_array_get(full, 1)) ||
	    instant_parse(calc_view(json_array_get(full, 0)), &start, NULL, &ignored) != RC_OK ||
	    instant_parse(calc_view(json_array_get(full, 1)), &end, NULL, &ignored) != RC_OK ||
	    start >= end)
		return calc_wrong(r, "full", "[from, to], two instants, the second later");
	if (from < start || to > end || to < from)
		return calc_wrong(r, "to", "within the full period, and not before from");
	s->days = fraction_of(to - from, SECOND_MS);
	s->of = fraction_of(end - start, SECOND_MS);
	return RC_OK;
}

/* Months of a fixed number of days, of any length. */
static enum rc share_fixed(const struct calc_reader *r, struct days own, struct share *s)
{
	struct civil from = civil_of(own.from), to = civil_of(own.to);
	int64_t month = 30, months = ((int64_t)to.year - from.year) * 12 + to.month - from.month;
	enum rc rc = calc_int(r, "fixed_month_days", 1, 31, &month);

	if (rc != RC_OK)
		return rc;
	s->days = fraction_of(months * month + to.mday - from.mday, 1);
	s->of = fraction_of(month, 1);
	return calc_not_negative(r, "to", s->days.num < 0);
}

static enum rc share_of_period(const struct calc_reader *r, struct days own, struct share *s)
{
	struct grid g = {0, 0, 1};
	struct days full = own;
	enum day_count count = DAY_COUNT_ACTUAL;
	enum rc rc = calc_has(r, "full") ? calc_days(r, "full", &full) : read_grid(r, &g);

	if (rc == RC_OK)
		rc = read_count(r, &count);
	if (rc != RC_OK)
		return rc;
	if (!calc_has(r, "full"))
		full = grid_around(&g, own.from);
	if (own.from < full.from || own.to > full.to)
		return calc_wrong(r, "to", "within one full period");

	struct weight w = days_weight(&g, own, full, count);

	s->days = fraction_of(w.days, 1);
	s->of = fraction_of(w.of, 1);
	return RC_OK;
}

static enum rc read_share(const struct calc_reader *r, struct share *s)
{
	struct days own = {0, 0};
	enum rc rc;

	if (calc_has(r, "days"))
		return share_given(r, s);
	if (json_string_length(json_object_get(r->item, "from")) > strlen("YYYY-MM-DD"))
		return share_seconds(r, s);
	rc = calc_day(r, "from", &own.from);
	if (rc == RC_OK)
		rc = calc_day(r, "to", &own.to);
	if (rc == RC_OK && own.to < own.from)
		return calc_wrong(r, "to", "a date that is not before from");
	if (rc != RC_OK)
		return rc;
	return calc_has(r, "fixed_month_days") ? share_fixed(r, own, s)
					       : share_of_period(r, own, s);
}

/* days / of; cut to decimals only to reproduce engines that do (R14). */
static enum rc weight_of(const struct calc_reader *r, const struct share *s, struct fraction *out)
{
	struct decimal cut = {0, 0};
	int64_t scale = -1;
	enum rc rc = calc_int_if(r, "fraction_scale", 0, 9, &scale);

	if (rc != RC_OK)
		return rc;
	if (!fraction_try_div(s->days, s->of, out))
		return calc_too_large(r);
	if (scale < 0)
		return RC_OK;
	if (!fraction_try_round(*out, (unsigned)scale, ROUND_HALF_UP, &cut))
		return calc_too_large(r);
	*out = fraction_of_decimal(cut);
	return RC_OK;
}

static bool product(struct fraction x, struct fraction y, struct fraction z, struct fraction *out)
{
	return fraction_try_mul(x, y, out) && fraction_try_mul(*out, z, out);
}

enum rc calc_prorate(const struct calc_reader *r, struct json *j)
{
	struct calc_terms terms;
	struct share share = {{0, 1}, {1, 1}};
	struct fraction price = {0, 1}, quantity = {1, 1}, weight = {0, 1}, exact = {0, 1};
	struct money amount;
	enum rc rc = calc_terms(r, &terms);

	if (rc == RC_OK)
		rc = calc_fraction(r, "price", &price);
	if (rc == RC_OK)
		rc = calc_fraction_if(r, "quantity", &quantity);
	if (rc == RC_OK)
		rc = read_share(r, &share);
	if (rc == RC_OK)
		rc = weight_of(r, &share, &weight);
	if (rc != RC_OK)
		return rc;
	if (!product(price, quantity, weight, &exact) ||
	    !money_try_round(exact, terms.currency, terms.rounding, &amount))
		return calc_too_large(r);
	put_exact(j, "days", share.days);
	put_exact(j, "of", share.of);
	put_exact(j, "exact", exact);
	put_money(j, "amount", amount);
	return RC_OK;
}

/* R17: the pieces of one item and period, each rounded, less what documents already carry. */
static enum rc add_piece(const struct calc_reader *r, const struct calc_terms *terms, size_t i,
			 struct money *total)
{
	static const struct text words[] = {{"price", 5}, {"quantity", 8}, {"days", 4}, {"of", 2}};
	struct calc_reader e;
	struct share share = {{1, 1}, {1, 1}};
	struct fraction price = {0, 1}, quantity = {1, 1}, weight = {1, 1}, exact = {0, 1};
	struct money piece;
	enum rc rc = calc_element(r, "pieces", i, words, ARRAY_SIZE(words), &e);

	if (rc == RC_OK)
		rc = calc_fraction(&e, "price", &price);
	if (rc == RC_OK)
		rc = calc_fraction_if(&e, "quantity", &quantity);
	if (rc == RC_OK && calc_has(&e, "days"))
		rc = share_given(&e, &share);
	if (rc != RC_OK)
		return rc;
	if (!fraction_try_div(share.days, share.of, &weight) ||
	    !product(price, quantity, weight, &exact) ||
	    !money_try_round(exact, terms->currency, terms->rounding, &piece) ||
	    !money_try_add(*total, piece, total))
		return calc_too_large(r);
	return RC_OK;
}

enum rc calc_change(const struct calc_reader *r, struct json *j)
{
	struct calc_terms terms;
	size_t n = 0;
	enum rc rc = calc_terms(r, &terms);
	struct money total = {0, terms.currency}, billed = total, amount = total;

	if (rc == RC_OK)
		rc = calc_list(r, "pieces", false, &n);
	for (size_t i = 0; i < n && rc == RC_OK; i++)
		rc = add_piece(r, &terms, i, &total);
	if (rc == RC_OK)
		rc = calc_money_if(r, "billed", terms.currency, &billed);
	if (rc != RC_OK)
		return rc;
	if (!money_try_sub(total, billed, &amount))
		return calc_too_large(r);
	put_money(j, "total", total);
	put_money(j, "amount", amount);
	return RC_OK;
}

/* R141: month m = round(total x days to its end / days) - earlier. */
enum rc calc_revenue(const struct calc_reader *r, struct json *j)
{
	struct calc_terms terms;
	struct days life = {0, 0};
	enum rc rc = calc_terms(r, &terms);
	struct money total = {0, terms.currency}, before = total;
	struct grid months = {day_of(1970, 1, 1), 1, 0};

	if (rc == RC_OK)
		rc = calc_money(r, "total", terms.currency, &total);
	if (rc == RC_OK)
		rc = calc_day(r, "from", &life.from);
	if (rc == RC_OK)
		rc = calc_day(r, "to", &life.to);
	if (rc != RC_OK)
		return rc;
	if (days_empty(life) || life.to - life.from > LIFE_DAYS_MAX)
		return calc_wrong(r, "to", "a date after from, at most 40000 days");

	struct service_periods all = periods_of(r->a, &months, life, life);

	json_key(j, "months");
	json_open_array(j);
	for (size_t i = 0; i < all.n; i++) {
		struct fraction part =
			fraction_of(all.v[i].own.to - life.from, life.to - life.from);
		struct money so_far, own;

		if (!fraction_try_mul(money_exact(total), part, &part) ||
		    !money_try_round(part, terms.currency, terms.rounding, &so_far) ||
		    !money_try_sub(so_far, before, &own))
			return calc_too_large(r);
		put_money_value(j, own);
		before = so_far;
	}
	json_end_array(j);
	return RC_OK;
}
