/* SPDX-License-Identifier: Apache-2.0 */
/* Rules F about single charges: what is missing, tiers, first periods, prepaid hours, references, taxes (F-01, F-10 to F-12, F-18 to F-21). */
#include "terms/lint_rules.h"

static bool is_type(const struct node *charge, enum charge_type type)
{
	return term_choice(charge, "type") == (int)type;
}

/* --- F-01 --- */

/* What the type of a charge needs; the last entry may be one of several keys. */
static const struct {
	const char *keys[3];
	size_t n;
	const char *one_of[3];
	size_t n_one_of;
} needs[] = {
	[CHARGE_ONE_TIME] = {{"amount"}, 1, {NULL}, 0},
	[CHARGE_RECURRING] = {{"amount", "period"}, 2, {NULL}, 0},
	[CHARGE_PER_UNIT] = {{"unit", "count", "period"}, 3, {"price", "tiers"}, 2},
	[CHARGE_USAGE] = {{"unit", "meter", "period"}, 3, {"price", "tiers", "pct"}, 3},
	[CHARGE_TIME] = {{"price", "increment"}, 2, {NULL}, 0},
	[CHARGE_PREPAID] = {{"amount", "hours", "draws_for"}, 3, {NULL}, 0},
	[CHARGE_MILESTONE] = {{"total", "milestones"}, 2, {NULL}, 0},
	[CHARGE_PASS_THROUGH] = {{"markup"}, 1, {NULL}, 0},
	[CHARGE_DISCOUNT] = {{"applies_to"}, 1, {"pct", "bands"}, 2},
};

static void incomplete(struct lint *l, const struct node *charge)
{
	static const char *const always[] = {"clause"};
	int type = term_choice(charge, "type");
	struct text missing = lint_nothing, choices = lint_nothing;
	const char *first = lint_missing_keys(l, charge, always, 1, &missing), *own;
	bool has_one = false;

	if (type >= 0) {
		own = lint_missing_keys(l, charge, needs[type].keys, needs[type].n, &missing);
		first = first == NULL ? own : first;
		for (size_t i = 0; i < needs[type].n_one_of; i++) {
			has_one = has_one || lint_has(charge, needs[type].one_of[i]);
			choices = text_format(l->a, "%.*s%s%s", TEXT_ARG(choices),
					      i == 0 ? "" : " or ", needs[type].one_of[i]);
		}
		if (needs[type].n_one_of > 0 && !has_one) {
			first = first == NULL ? needs[type].one_of[0] : first;
			missing = text_format(l->a, "%.*s%s%.*s", TEXT_ARG(missing),
					      missing.n == 0 ? "" : ", ", TEXT_ARG(choices));
		}
	}
	if (first != NULL)
		lint_report_missing(l, LINT_F01, 'E', charge, first,
				    text_format(l->a, "charge %.*s: %.*s missing",
						TEXT_ARG(charge->key), TEXT_ARG(missing)),
				    lint_nothing);
}

/* --- F-10 --- */

static void milestone_sum(struct lint *l, const struct node *charge)
{
	struct fraction sum = fraction_of(0, 1), all = fraction_of(100, 1), off;
	struct text effect = lint_nothing;
	struct money total;
	struct decimal pct;

	if (!is_type(charge, CHARGE_MILESTONE) || lint_items(charge, "milestones") == NULL)
		return;
	for (const struct node *m = lint_items(charge, "milestones"); m != NULL; m = m->next) {
		if (!term_decimal(m, "pct", &pct))
			return;
		sum = fraction_add(sum, fraction_of_decimal(pct));
	}
	if (fraction_cmp(sum, all) == 0)
		return;
	off = fraction_cmp(sum, all) < 0 ? fraction_sub(all, sum) : fraction_sub(sum, all);
	if (term_money(charge, "total", &total))
		effect = text_format(l->a, "%.*s of %.*s %s",
				     TEXT_ARG(lint_amount(l, fraction_mul(money_exact(total),
									  fraction_div(off, all)))),
				     TEXT_ARG(lint_amount(l, money_exact(total))),
				     fraction_cmp(sum, all) < 0 ? "is never due" : "is due twice");
	/* LN-11: what money.md 16 calls a rule of the file is reported here, once. */
	lint_report(l, LINT_F10, 'E', node_at(charge, "milestones"),
		    text_format(l->a, "milestones add up to %.*s%% (rule.milestones)",
				TEXT_ARG(lint_number(l, sum, 9))),
		    effect);
}

/* --- F-11 --- */

static void report_gap(struct lint *l, const struct node *charge, const struct node *at,
		       struct text value, struct text effect)
{
	lint_report(l, LINT_F11, 'E', at,
		    text_format(l->a, "tiers of %.*s leave a gap at %.*s", TEXT_ARG(charge->key),
				TEXT_ARG(value)),
		    effect);
}

/* The quantity for which a charge's tiers have reached `at`. */
static struct fraction quantity_at(const struct node *charge, struct decimal at)
{
	const struct node *included = node_at(charge, "included");
	struct decimal free_units;
	struct fraction q = fraction_of_decimal(at);

	if (included == NULL || text_is(term_text(charge, "tiers_count"), "all") ||
	    !term_decimal(included, "qty", &free_units))
		return q;
	return fraction_add(q, fraction_of_decimal(free_units));
}

/* What a quantity costs, and what one unit more. */
static struct text before_and_after(struct lint *l, const struct node *charge, struct decimal at)
{
	struct fraction q = quantity_at(charge, at), next = fraction_add(q, fraction_of(1, 1)),
			cost;
	struct text more = text_of("no price");

	if (!lint_rate(charge, q, &cost))
		return lint_nothing;

	struct text here = lint_amount(l, cost);

	if (lint_rate(charge, next, &cost))
		more = lint_amount(l, cost);
	return text_format(l->a, "%.*s units cost %.*s, %.*s %.*s", TEXT_ARG(lint_number(l, q, 9)),
			   TEXT_ARG(here), TEXT_ARG(lint_number(l, next, 9)), TEXT_ARG(more));
}

static void tier_gaps(struct lint *l, const struct node *charge)
{
	struct decimal before = {0, 0}, here;
	bool any = false;

	for (const struct node *t = lint_items(charge, "tiers"); t != NULL; t = t->next) {
		bool last = t->next == NULL;

		if (!lint_has(t, "up_to")) {
			if (!last)
				lint_report_missing(
					l, LINT_F11, 'E', t, "up_to",
					text_format(
						l->a,
						"tiers of %.*s leave a gap at %.*s: it has no end "
						"and is not the last",
						TEXT_ARG(charge->key), TEXT_ARG(t->key)),
					lint_nothing);
			continue;
		}
		if (!term_decimal(t, "up_to", &here))
			continue;
		if (any && decimal_cmp(here, before) <= 0)
			report_gap(l, charge, node_at(t, "up_to"), term_text(t, "up_to"),
				   before_and_after(l, charge, here));
		else if (last)
			report_gap(l, charge, node_at(t, "up_to"), term_text(t, "up_to"),
				   before_and_after(l, charge, here));
		before = here;
		any = true;
	}
}

static void band_gaps(struct lint *l, const struct node *charge)
{
	const struct node *bands = lint_items(charge, "bands");
	struct money before = {0, {"", 0}}, here;

	for (const struct node *b = bands; b != NULL; b = b->next) {
		if (!term_money(b, "from", &here)) {
			if (!lint_has(b, "from"))
				lint_report_missing(
					l, LINT_F11, 'E', b, "from",
					text_format(l->a, "tiers of %.*s leave a gap at %.*s",
						    TEXT_ARG(charge->key), TEXT_ARG(b->key)),
					lint_nothing);
			return;
		}
		bool fits = b == bands ? here.minor == 0 : here.minor > before.minor;

		if (!fits)
			report_gap(l, charge, node_at(b, "from"), term_text(b, "from"),
				   b == bands ? text_format(l->a, "below %.*s there is no rate",
							    TEXT_ARG(term_text(b, "from")))
					      : lint_nothing);
		before = here;
	}
}

/* The price of one unit more than a package, with and without a begun one counting as whole. */
static void block_gap(struct lint *l, const struct node *charge)
{
	const struct node *price = node_at(charge, "price");
	int64_t block = 1, next;
	struct text effect = lint_nothing;

	if (!lint_has(charge, "block") || lint_has(charge, "block_rounding") ||
	    !term_int(charge, "block", &block) || block <= 1)
		return;
	next = block + 1;
	if (price != NULL && !price->hole) {
		struct fraction one = fraction_of_decimal(price->value.price.amount),
				exact = fraction_mul(one, fraction_of(next, block));

		effect = text_format(l->a, "%lld units cost %.*s, %lld either %.*s or %.*s",
				     (long long)block, TEXT_ARG(lint_amount(l, one)),
				     (long long)next,
				     TEXT_ARG(lint_amount(l, fraction_mul(one, fraction_of(2, 1)))),
				     TEXT_ARG(lint_amount(l, exact)));
	}
	lint_report_missing(l, LINT_F11, 'E', charge, "block_rounding",
			    text_format(l->a, "tiers of %.*s leave a gap at %lld",
					TEXT_ARG(charge->key), (long long)next),
			    effect);
}

/* --- F-12 --- */

/* Days of a month counted as 30 (money.md R13, days_30). */
static int64_t days_30(struct civil from, struct civil to)
{
	return 30 * ((int64_t)(to.year - from.year) * 12 + to.month - from.month) +
	       (to.mday > 30 ? 30 : to.mday) - (from.mday > 30 ? 30 : from.mday);
}

/* The first period under the three rules in use: 14/28, 16/30, full. */
static struct text three_amounts(struct lint *l, const struct node *charge, day first,
				 int64_t months)
{
	struct civil c = civil_of(first);
	int64_t place = (c.month - 1) / months * months;
	day begin = day_of(c.year, (int32_t)place + 1, 1),
	    end = day_add_months(begin, (int32_t)months);
	struct fraction full = fraction_mul(lint_effect_charge(l, charge), fraction_of(months, 1)),
			actual = fraction_of(end - first, end - begin),
			thirty = fraction_of(days_30(c, civil_of(end)), (i128)30 * months);

	if (full.num == 0)
		return lint_nothing;
	return lint_effect(l, "actual_days %.*s, days_30 %.*s, none %.*s",
			   TEXT_ARG(lint_amount(l, fraction_mul(full, actual))),
			   TEXT_ARG(lint_amount(l, fraction_mul(full, thirty))),
			   TEXT_ARG(lint_amount(l, full)));
}

static void partial_first(struct lint *l, const struct node *charge)
{
	bool timed = is_type(charge, CHARGE_RECURRING) || is_type(charge, CHARGE_PER_UNIT) ||
		     is_type(charge, CHARGE_PREPAID);
	const struct node *from = node_at(charge, "from");
	struct duration period;
	struct text effect = lint_nothing;
	day first;
	int64_t months;

	if (!timed || !term_duration(charge, "period", &period) || lint_has(charge, "prorate") ||
	    text_is(term_text(charge, "anchor"), "anniversary") || l->p == NULL)
		return;
	first = from != NULL && !from->hole ? from->value.date : l->p->service_start_day;
	if (first == DAY_NONE || civil_of(first).mday == 1)
		return;
	months = period.unit == UNIT_MO ? period.n : period.unit == UNIT_Y ? period.n * 12 : 0;
	if (months > 0 && 12 % months == 0 && civil_of(first).year < 9900)
		effect = three_amounts(l, charge, first, months);
	lint_report_missing(l, LINT_F12, 'W', charge, "prorate",
			    text_format(l->a,
					"the first period of %.*s is partial and its rule unsaid",
					TEXT_ARG(charge->key)),
			    effect);
}

/* --- F-18 to F-20 --- */

static void vanishing_hours(struct lint *l, const struct node *charge)
{
	const struct node *at_end = node_at(charge, "at_end");
	bool refund = at_end != NULL && (at_end->hole || text_is(at_end->text, "refund"));
	struct text message = text_of("paid hours can vanish"), effect = lint_nothing;
	struct money amount;

	if (!is_type(charge, CHARGE_PREPAID) ||
	    (refund && lint_has(charge, "rollover") && lint_has(charge, "alert_at")))
		return;
	if (term_money(charge, "amount", &amount))
		effect = text_format(l->a, "%.*s a period",
				     TEXT_ARG(lint_amount(l, money_exact(amount))));
	if (at_end != NULL && !refund)
		lint_report(l, LINT_F18, 'W', at_end, message, effect);
	else
		lint_report_missing(l, LINT_F18, 'W', charge,
				    at_end == NULL                  ? "at_end"
				    : !lint_has(charge, "rollover") ? "rollover"
								    : "alert_at",
				    message, effect);
}

/* A reference to a charge where only one by the hour makes sense. */
static void needs_hours(struct lint *l, const struct node *ref)
{
	if (ref == NULL || ref->value.ref == NULL || is_type(ref->value.ref, CHARGE_TIME))
		return;
	lint_report(l, LINT_F19, 'E', ref,
		    text_format(l->a, "%.*s needs an hourly charge, %.*s is %.*s",
				TEXT_ARG(node_path(l->a, ref)), TEXT_ARG(ref->text),
				TEXT_ARG(term_text(ref->value.ref, "type"))),
		    lint_nothing);
}

static void hourly_references(struct lint *l)
{
	for (const struct node *c = lint_items(l->root, "charges"); c != NULL; c = c->next) {
		const struct node *draws = node_at(c, "draws_for");

		for (const struct node *d = draws == NULL ? NULL : draws->child; d != NULL;
		     d = d->next)
			needs_hours(l, d);
	}
	for (const struct node *s = lint_items(l->root, "services"); s != NULL; s = s->next) {
		needs_hours(l, node_at(s, "out_of_scope.charge"));
		for (const struct node *x = lint_items(s, "limits"); x != NULL; x = x->next)
			needs_hours(l, node_at(x, "beyond"));
	}
	needs_hours(l, node_at(l->root, "transition.assistance.charge"));
}

/* Tax of a charge's month (LN-5) at each category that has a rate. */
static struct text tax_at_each(struct lint *l, const struct node *charge)
{
	struct fraction part = lint_effect_charge(l, charge);
	struct text list = lint_nothing;
	struct decimal rate;

	for (const struct node *c = lint_items(l->root, "taxes.categories"); c != NULL; c = c->next)
		if (term_decimal(c, "rate", &rate))
			list = text_format(
				l->a, "%.*s%s%.*s %.*s", TEXT_ARG(list), list.n == 0 ? "" : ", ",
				TEXT_ARG(c->key),
				TEXT_ARG(lint_amount(l, fraction_mul(part, lint_share(rate)))));
	return list.n == 0 || part.num <= 0 ? lint_nothing : lint_effect(l, "%.*s", TEXT_ARG(list));
}

static void untaxed(struct lint *l, const struct node *charge)
{
	if (lint_items(l->root, "taxes.categories") == NULL || is_type(charge, CHARGE_DISCOUNT) ||
	    lint_has(charge, "tax"))
		return;
	lint_report_missing(l, LINT_F20, 'W', charge, "tax",
			    text_format(l->a, "%.*s has no tax category", TEXT_ARG(charge->key)),
			    tax_at_each(l, charge));
}

/* --- F-21 --- */

static void more_costs_less(struct lint *l, const struct node *charge)
{
	if (!text_is(term_text(charge, "tier_mode"), "volume"))
		return;
	for (const struct node *t = lint_items(charge, "tiers"); t != NULL; t = t->next) {
		struct fraction n, next, a, b;
		struct decimal up_to;

		if (!term_decimal(t, "up_to", &up_to))
			continue;
		n = quantity_at(charge, up_to);
		next = fraction_add(n, fraction_of(1, 1));
		if (!lint_rate(charge, n, &a) || !lint_rate(charge, next, &b) ||
		    fraction_cmp(b, a) >= 0)
			continue;

		struct text first = lint_amount(l, a), second = lint_amount(l, b);

		lint_report(
			l, LINT_F21, 'I', node_at(t, "up_to"),
			text_format(l->a, "%.*s units cost %.*s, %.*s cost %.*s",
				    TEXT_ARG(lint_number(l, n, 9)), TEXT_ARG(first),
				    TEXT_ARG(lint_number(l, next, 9)), TEXT_ARG(second)),
			text_format(l->a, "%.*s against %.*s", TEXT_ARG(first), TEXT_ARG(second)));
	}
}

void lint_money_charges(struct lint *l)
{
	for (const struct node *c = lint_items(l->root, "charges"); c != NULL; c = c->next) {
		bool tiered = is_type(c, CHARGE_PER_UNIT) || is_type(c, CHARGE_USAGE);

		incomplete(l, c);
		milestone_sum(l, c);
		if (tiered) {
			tier_gaps(l, c);
			block_gap(l, c);
			more_costs_less(l, c);
		}
		if (is_type(c, CHARGE_DISCOUNT))
			band_gaps(l, c);
		partial_first(l, c);
		vanishing_hours(l, c);
		untaxed(l, c);
	}
	hourly_references(l);
}
