/* SPDX-License-Identifier: Apache-2.0 */
/* Rules F about how prices move: open prices and indexation (F-02, F-06, F-07). */
#include "terms/lint_rules.h"

static struct fraction yearly(struct fraction month)
{
	return fraction_mul(month, fraction_of(12, 1));
}

/* --- F-02 --- */

static void report_open(struct lint *l, const struct node *at, struct text value,
			struct text effect)
{
	lint_report(l, LINT_F02, 'E', at,
		    text_format(l->a, "the price is open: \"%.*s\"", TEXT_ARG(value)), effect);
}

/* Yearly net of the lines exposed. */
static struct text exposed(struct lint *l, const char *of)
{
	struct fraction month = of == NULL ? lint_effect_month(l) : lint_effect_of(l, of);

	if (month.num == 0)
		return lint_nothing;
	return lint_effect(l, "%.*s a year", TEXT_ARG(lint_amount(l, yearly(month))));
}

static void open_terms(struct lint *l)
{
	const struct node *renewal = node_at(l->root, "term.renewal"),
			  *holdover = node_at(l->root, "term.holdover"),
			  *indexation = node_at(l->root, "indexation");

	if (renewal != NULL && text_is(term_text(renewal, "price"), "list"))
		report_open(l, node_at(renewal, "price"), text_of("list"), exposed(l, NULL));
	if (holdover != NULL && text_is(term_text(holdover, "price"), "list") &&
	    text_is(term_text(holdover, "mode"), "month_to_month"))
		report_open(l, node_at(holdover, "price"), text_of("list"), exposed(l, NULL));
	if (indexation != NULL && text_is(term_text(indexation, "mode"), "provider_choice"))
		report_open(l, node_at(indexation, "mode"), text_of("provider_choice"),
			    exposed(l, "indexation.applies_to"));
}

/* What is passed on without the supplier's invoice can be any sum. */
static void open_pass_through(struct lint *l)
{
	for (const struct node *c = lint_items(l->root, "charges"); c != NULL; c = c->next) {
		const struct node *evidence = node_at(c, "evidence");

		if (!text_is(term_text(c, "type"), "pass_through") ||
		    (evidence != NULL && (evidence->hole || !text_is(evidence->text, "none"))))
			continue;

		struct text message = text_format(
			l->a, "the price is open: \"%.*s without evidence\"", TEXT_ARG(c->key));

		if (evidence != NULL)
			lint_report(l, LINT_F02, 'E', evidence, message, lint_nothing);
		else
			lint_report_missing(l, LINT_F02, 'E', c, "evidence", message, lint_nothing);
	}
}

static void open_words(struct lint *l)
{
	struct fraction month = lint_effect_month(l);
	struct text effect = lint_nothing;

	if (month.num > 0)
		effect = lint_effect(l, "%.*s a year stay fixed, the rest is open",
				     TEXT_ARG(lint_amount(l, yearly(month))));
	for (size_t i = 0; i < l->n_clauses; i++) {
		struct text hit;

		if (lint_has_words(l->clauses[i].words, lint_open_price.v, lint_open_price.n, &hit))
			report_open(l, l->clauses[i].at, hit, effect);
	}
}

/* --- F-06 --- */

/* A price as a multiple of what it was at first, by steps of an index. */
struct course {
	struct fraction least, most; /* 1 + floor, 1 + cap; most 0: no cap */
	struct fraction step;        /* what the index rises to from one adjustment to the next */
};

static struct fraction clamped(const struct course *c, struct fraction r)
{
	if (fraction_cmp(r, c->least) < 0)
		r = c->least;
	if (c->most.num > 0 && fraction_cmp(r, c->most) > 0)
		r = c->most;
	return r;
}

/* To nine decimals each time: the exact product would grow with every adjustment. */
static struct fraction next_multiple(struct fraction a, struct fraction b)
{
	return fraction_of_decimal(fraction_round(fraction_mul(a, b), 9, ROUND_HALF_UP));
}

/* The multiple after n adjustments: as crossed in the contract, and as it should be (money.md R54). */
static void multiples(const struct course *c, bool from_signing, int n, struct fraction *crossed,
		      struct fraction *right)
{
	struct fraction one = fraction_of(1, 1), since = one;

	*crossed = *right = one;
	for (int i = 0; i < n; i++) {
		since = next_multiple(since, c->step);
		*right = next_multiple(*right, clamped(c, c->step));
		*crossed = from_signing ? next_multiple(*crossed, clamped(c, since))
					: clamped(c, c->step);
	}
}

static struct course course_of(const struct node *indexation, int percent_a_year)
{
	struct course c = {fraction_of(1, 1), fraction_of(0, 1), fraction_of(1, 1)};
	struct fraction one = fraction_of(1, 1), months = fraction_of(12, 1);
	struct decimal d;
	struct duration every;

	if (term_decimal(indexation, "floor", &d))
		c.least = fraction_add(one, lint_share(d));
	if (term_decimal(indexation, "cap", &d))
		c.most = fraction_add(one, lint_share(d));
	if (term_duration(indexation, "every", &every) && every.n <= 120)
		(void)lint_months(every, &months);
	c.step = fraction_add(one, fraction_mul(fraction_of(percent_a_year, 1200), months));
	return c;
}

/* Adjustments before the end of the initial term; five at least, to show where it leads, and ten at most. */
static int adjustments(const struct lint *l, const struct node *indexation)
{
	enum { ADJUSTMENTS_MIN = 5, ADJUSTMENTS_MAX = 10 };
	const struct node *first = node_at(indexation, "first");
	struct duration every;
	int n = ADJUSTMENTS_MIN;

	if (l->p == NULL || l->p->end == INSTANT_NONE || first == NULL || first->hole ||
	    !term_duration(indexation, "every", &every) || every.unit != UNIT_MO ||
	    every.n > 1200 || civil_of(first->value.date).year > 9000)
		return n;
	while (n < ADJUSTMENTS_MAX &&
	       zone_midnight(l->p->zone, day_add_months(first->value.date, (int32_t)every.n * n)) <
		       l->p->end)
		n++;
	return n;
}

static struct text both_ways(struct lint *l, const struct node *indexation, bool from_signing)
{
	enum { FIFTH = 5 };
	struct fraction month = lint_effect_of(l, "indexation.applies_to"), crossed, right;
	struct course c = course_of(indexation, 3);
	struct text list = lint_nothing;
	int n = adjustments(l, indexation);

	if (month.num == 0)
		return lint_nothing;
	for (int i = 1; i <= n; i++) {
		multiples(&c, from_signing, i, &crossed, &right);
		list = text_format(l->a, "%.*s%s%.*s instead of %.*s", TEXT_ARG(list),
				   list.n == 0 ? "" : ", ",
				   TEXT_ARG(lint_amount(l, fraction_mul(month, crossed))),
				   TEXT_ARG(lint_amount(l, fraction_mul(month, right))));
	}
	c = course_of(indexation, 5);
	multiples(&c, from_signing, FIFTH, &crossed, &right);
	if (fraction_cmp(crossed, right) == 0)
		return lint_effect(l, "at 3%% a year %.*s", TEXT_ARG(list));
	return lint_effect(
		l,
		"at 3%% a year %.*s; at 5%% the fifth adjustment gives %.*s times the fee "
		"instead of %.*s: %.*s instead of %.*s",
		TEXT_ARG(list), TEXT_ARG(lint_number(l, crossed, 6)),
		TEXT_ARG(lint_number(l, right, 6)),
		TEXT_ARG(lint_amount(l, fraction_mul(month, crossed))),
		TEXT_ARG(lint_amount(l, fraction_mul(month, right))));
}

static void crossed_index(struct lint *l, const struct node *indexation)
{
	/* Unset are previous_adjustment and current_price (FK-28), which fit each other. */
	bool from_signing = text_is(term_text(indexation, "index_from"), "signing"),
	     of_original = text_is(term_text(indexation, "multiplicand"), "original_price");
	const struct node *at = node_at(indexation, "index_from");

	if (from_signing == of_original)
		return;
	lint_report(l, LINT_F06, 'E', at == NULL ? node_at(indexation, "multiplicand") : at,
		    text_format(l->a, "%s times the change since %s counts inflation %s",
				of_original ? "original_price" : "current_price",
				from_signing ? "signing" : "previous_adjustment",
				from_signing ? "again" : "only once"),
		    both_ways(l, indexation, from_signing));
}

/* --- F-07 --- */

/* Days between the end of the reference month and the date of the notice; false: they cannot be known. */
static bool days_to_notice(const struct lint *l, const struct node *indexation, int64_t *days)
{
	const struct node *index = node_at(indexation, "index"),
			  *first = node_at(indexation, "first");
	struct duration lag, notice;
	instant notified;
	struct civil c;

	if (l->p == NULL || first == NULL || first->hole || index == NULL ||
	    !term_duration(index, "lag", &lag) || !term_duration(indexation, "notice", &notice))
		return false;
	if (lag.unit != UNIT_MO && lag.unit != UNIT_Y)
		return false;

	int64_t months = lag.n * (lag.unit == UNIT_Y ? 12 : 1);

	if (months > 1200 || !lint_from_edge(l, notice, -1, first->value.date, false, &notified))
		return false;
	c = civil_of(first->value.date);
	*days = zone_day(l->p->zone, notified) -
		day_add_months(day_of(c.year, c.month, 1), (int32_t)(1 - months));
	return true;
}

static struct text one_point(struct lint *l)
{
	struct fraction month = lint_effect_of(l, "indexation.applies_to");

	if (month.num == 0)
		return lint_nothing;
	return lint_effect(
		l, "one point of the index is %.*s a year",
		TEXT_ARG(lint_amount(l, fraction_mul(yearly(month), fraction_of(1, 100)))));
}

static void open_index(struct lint *l, const struct node *indexation)
{
	static const char *const own[] = {"cap", "notice"};
	static const char *const of_index[] = {"lag", "if_missing", "if_discontinued"};
	const struct node *index = node_at(indexation, "index");
	struct text missing = lint_nothing;
	const char *first = lint_missing_keys(l, indexation, own, ARRAY_SIZE(own), &missing),
		   *in_index = index == NULL ? NULL
					     : lint_missing_keys(l, index, of_index,
								 ARRAY_SIZE(of_index), &missing);
	int64_t days;

	if (first != NULL || in_index != NULL) {
		lint_report_missing(
			l, LINT_F07, 'W', first != NULL ? indexation : index,
			first != NULL ? first : in_index,
			text_format(l->a, "the index clause is open: %.*s", TEXT_ARG(missing)),
			one_point(l));
		return;
	}
	if (!days_to_notice(l, indexation, &days) || days >= 31)
		return;
	lint_report(
		l, LINT_F07, 'W', node_at(index, "lag"),
		text_format(
			l->a,
			"the index clause is open: lag, the reference month ends %lld days before "
			"the notice",
			(long long)days),
		one_point(l));
}

void lint_money_prices(struct lint *l)
{
	const struct node *indexation = node_at(l->root, "indexation");

	open_terms(l);
	open_pass_through(l);
	open_words(l);
	if (indexation == NULL || !text_is(term_text(indexation, "formula"), "index"))
		return;
	crossed_index(l, indexation);
	open_index(l, indexation);
}
