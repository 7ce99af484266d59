/* SPDX-License-Identifier: Apache-2.0 */
/* Rules F: money (lint.md section 3). Here those about leaving, paying, credits' base, minimum and tax categories. */
#include "terms/lint_rules.h"

#include <string.h>

static struct fraction zero(void)
{
	return fraction_of(0, 1);
}

/* --- leaving: F-03 to F-05 --- */

/* Months of the initial term; 0 if it has none that can be counted. */
static int64_t term_months(const struct lint *l)
{
	const struct node *term = node_at(l->root, "term");
	struct duration initial;

	if (!term_duration(term, "initial", &initial) || initial.n > INT64_C(12) * 9999)
		return 0;
	if (initial.unit == UNIT_MO)
		return initial.n;
	if (initial.unit == UNIT_Y)
		return initial.n * 12;
	return initial.unit == UNIT_D || initial.unit == UNIT_W
		       ? initial.n * (initial.unit == UNIT_W ? 7 : 1) * 12 / 365
		       : 0;
}

/* Set-up fees not yet earned: what was paid x unexpired / all months (money.md R121). */
static struct fraction unearned_setup(const struct lint *l, int64_t left, int64_t all)
{
	struct fraction sum = zero();
	struct money m;

	if (lint_member(l->root, "early_termination_fee.plus", "unamortised_setup") == NULL)
		return sum;
	for (const struct node *c = lint_items(l->root, "charges"); c != NULL; c = c->next)
		if (term_choice(c, "type") == CHARGE_ONE_TIME && term_money(c, "amount", &m))
			sum = fraction_add(sum, money_exact(m));
	return fraction_mul(sum, fraction_of(left, all));
}

/* NF-9 on the first day of a month of the term, on the month of LN-5. false: it comes to nothing that can be said. */
static bool exit_fee(const struct lint *l, int64_t month, struct fraction share,
		     struct fraction *fee)
{
	const struct node *etf = node_at(l->root, "early_termination_fee");
	int64_t all = term_months(l), left = all - (month - 1);
	struct fraction formula, setup;
	struct money fixed;

	if (all == 0 || left <= 0)
		return false;
	if (text_is(term_text(etf, "formula"), "fixed")) {
		if (!term_money(etf, "amount", &fixed))
			return false;
		formula = money_exact(fixed);
	} else {
		formula = fraction_mul(
			fraction_mul(lint_effect_of(l, "early_termination_fee.of"), share),
			fraction_of(left, 1));
	}
	if (!lint_settled(formula, &formula) || !lint_settled(unearned_setup(l, left, all), &setup))
		return false;
	*fee = fraction_add(formula, setup);
	return fee->num > 0;
}

/* NF-9 at the first day of each step, "month 1: 2,700.00 USD, month 13: ...". */
static struct text fee_of_steps(const struct lint *l, const struct node *etf)
{
	struct text list = lint_nothing;
	struct fraction fee;

	if (lint_items(etf, "steps") == NULL) {
		if (!exit_fee(l, 1, fraction_of(1, 1), &fee))
			return lint_nothing;
		return lint_effect(l, "month 1: %.*s", TEXT_ARG(lint_amount(l, fee)));
	}
	for (const struct node *s = lint_items(etf, "steps"); s != NULL; s = s->next) {
		struct decimal pct;
		int64_t month;

		if (!term_int(s, "from_month", &month) || !term_decimal(s, "pct", &pct))
			continue;
		if (text_is(term_text(etf, "formula"), "remaining_fees"))
			pct = decimal_of(100);
		if (exit_fee(l, month, lint_share(pct), &fee))
			list = text_format(l->a, "%.*s%smonth %lld: %.*s", TEXT_ARG(list),
					   list.n == 0 ? "" : ", ", (long long)month,
					   TEXT_ARG(lint_amount(l, fee)));
	}
	return list.n == 0 ? list : lint_effect(l, "%.*s", TEXT_ARG(list));
}

static void all_that_remains(struct lint *l, const struct node *etf)
{
	bool all = text_is(term_text(etf, "formula"), "remaining_fees");
	struct text effect = fee_of_steps(l, etf);

	if (all)
		lint_report(l, LINT_F03, 'E', node_at(etf, "formula"),
			    text_of("leaving costs 100% of all that remains"), effect);
	for (const struct node *s = lint_items(etf, "steps"); s != NULL && !all; s = s->next) {
		struct decimal pct;

		if (!term_decimal(s, "pct", &pct) || decimal_cmp(pct, decimal_of(75)) < 0)
			continue;
		lint_report(l, LINT_F03, decimal_cmp(pct, decimal_of(100)) >= 0 ? 'E' : 'W',
			    node_at(s, "pct"),
			    text_format(l->a, "leaving costs %.*s of all that remains",
					TEXT_ARG(term_text(s, "pct"))),
			    effect);
	}
}

/* NF-9 today: at the month of the term that as-of lies in, else in its first month. */
static struct text fee_today(const struct lint *l)
{
	const struct node *etf = node_at(l->root, "early_termination_fee");
	struct fraction fee, share = fraction_of(1, 1);
	int64_t month = 1, reached = 0;

	if (etf == NULL)
		return lint_nothing;
	if (l->p != NULL && l->in->as_of != INSTANT_NONE && l->p->effective != INSTANT_NONE &&
	    l->in->as_of > l->p->effective) {
		struct civil now = civil_of(zone_day(l->p->zone, l->in->as_of)),
			     from = civil_of(l->p->effective_day);

		month += (now.year - from.year) * 12 + now.month - from.month -
			 (now.mday < from.mday ? 1 : 0);
	}
	for (const struct node *s = lint_items(etf, "steps"); s != NULL; s = s->next) {
		struct decimal pct;
		int64_t from;

		if (!term_int(s, "from_month", &from) || !term_decimal(s, "pct", &pct) ||
		    from > month || from < reached)
			continue;
		reached = from;
		share = lint_share(pct);
	}
	if (!exit_fee(l, month, share, &fee))
		return lint_nothing;
	return lint_effect(l, "leaving in month %lld costs %.*s", (long long)month,
			   TEXT_ARG(lint_amount(l, fee)));
}

static void pays_for_breach(struct lint *l)
{
	static const char *const causes[] = {"provider_default", "chronic_failure",
					     "force_majeure"};
	struct text message = text_of("the client pays to leave a provider in breach");

	for (size_t i = 0; i < ARRAY_SIZE(causes); i++) {
		const struct node *t =
			lint_member(l->root, "early_termination_fee.triggers", causes[i]);

		if (t != NULL)
			lint_report(l, LINT_F05, 'E', t, message, fee_today(l));
	}
	for (const struct node *c = lint_items(l->root, "sla.chronic"); c != NULL; c = c->next)
		if (text_is(term_text(c, "fee"), "early_termination"))
			lint_report(l, LINT_F05, 'E', node_at(c, "fee"), message, fee_today(l));
}

static void leaving(struct lint *l)
{
	const struct node *etf = node_at(l->root, "early_termination_fee");

	pays_for_breach(l);
	if (etf == NULL)
		return;
	all_that_remains(l, etf);
	if (text_is(term_text(etf, "nature"), "liquidated_damages") &&
	    lint_member(etf, "triggers", "client_convenience") != NULL)
		lint_report(l, LINT_F04, 'W', node_at(etf, "nature"),
			    text_of("an exit fee is called damages"), lint_nothing);
}

/* --- paying: F-08, F-09, F-15, F-17 --- */

/* (1 + daily)^days by steps of 10^-15, which is far below a cent of any nominal month (NF-8, money.md R107). */
static struct fraction compounded(struct fraction daily, int days)
{
	const i128 unit = (i128)1000000000 * 1000000;
	i128 step = unit + daily.num * unit / daily.den, value = unit;

	for (int i = 0; i < days; i++)
		value = (value * step + unit / 2) / unit;
	return fraction_of_decimal(
		fraction_round(fraction_of(value - unit, unit), 9, ROUND_HALF_UP));
}

/* Interest on one nominal month paid 90 days late. */
static struct text interest_effect(const struct lint *l, const struct node *fee,
				   struct decimal yearly)
{
	enum { LATE_DAYS = 90 };
	struct fraction month = lint_effect_month(l);
	int64_t days_of_year = text_is(term_text(fee, "day_count"), "actual_360") ? 360 : 365;
	struct fraction daily = fraction_div(lint_share(yearly), fraction_of(days_of_year, 1)),
			share = fraction_mul(daily, fraction_of(LATE_DAYS, 1));

	if (month.num == 0 || yearly.units == 0)
		return lint_nothing;
	if (term_truth(fee, "compound"))
		share = compounded(daily, LATE_DAYS);
	return lint_effect(l, "90 days late cost %.*s",
			   TEXT_ARG(lint_amount(l, fraction_mul(month, share))));
}

static void open_interest(struct lint *l, const struct node *fee)
{
	static const char *const keys[] = {"rate", "per", "compound", "max_per_year"};
	struct text missing = lint_nothing, per = term_text(fee, "per"),
		    rate = term_text(fee, "rate");
	struct decimal yearly = {0, 0}, most;
	const char *first = lint_missing_keys(l, fee, keys, ARRAY_SIZE(keys), &missing);
	bool above;

	if (!text_is(term_text(fee, "kind"), "interest"))
		return;
	if (term_decimal(fee, "rate", &yearly) && text_is(per, "month"))
		yearly.units *= 12;
	above = term_decimal(fee, "max_per_year", &most) && decimal_cmp(yearly, most) > 0;
	if (first == NULL && !above)
		return;
	if (above)
		lint_add_word(l, &missing, "staying below max_per_year");

	struct text message =
			    text_format(l->a, "late interest is %.*s%s%.*s without %.*s",
					TEXT_ARG(rate.n == 0 ? text_of("due") : rate),
					per.n == 0 ? "" : " a ", TEXT_ARG(per), TEXT_ARG(missing)),
		    effect = interest_effect(l, fee, yearly);

	if (first != NULL)
		lint_report_missing(l, LINT_F08, 'E', fee, first, message, effect);
	else
		lint_report(l, LINT_F08, 'E', node_at(fee, "rate"), message, effect);
}

/* ISO 3166-1 code of where a party is: its address, else its jurisdiction. */
static struct text country_of(const struct lint *l, const char *party)
{
	const struct node *parties = node_at(l->root, "parties"), *p = node_at(parties, party),
			  *address = node_at(p, "address");
	struct text region =
		address == NULL ? term_text(p, "jurisdiction") : term_text(address, "country");

	return text_sub(region, 0, region.n < 2 ? region.n : 2);
}

static bool is_one_of(struct text country, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (text_is(country, list[i]))
			return true;
	return false;
}

static bool in_eu(struct text country)
{
	static const char *const states[] = {"AT", "BE", "BG", "HR", "CY", "CZ", "DK", "EE", "FI",
					     "FR", "DE", "GR", "HU", "IE", "IT", "LV", "LT", "LU",
					     "MT", "NL", "PL", "PT", "RO", "SK", "SI", "ES", "SE"};

	return is_one_of(country, states, ARRAY_SIZE(states));
}

/* Where directive 2011/7/EU holds, or what Great Britain kept of it. */
static bool protects_creditors(struct text country)
{
	static const char *const others[] = {"IS", "LI", "NO", "GB"};

	return in_eu(country) || is_one_of(country, others, ARRAY_SIZE(others));
}

static void unfair_here(struct lint *l, const struct node *payment, const struct node *fee)
{
	struct duration due;

	if (!protects_creditors(country_of(l, "provider")) &&
	    !protects_creditors(country_of(l, "client")))
		return;
	if (term_duration(payment, "due", &due) && !term_truth(payment, "expressly_agreed") &&
	    lint_longer(l, due, (struct duration){60, UNIT_D, lint_nothing}))
		lint_report(l, LINT_F09, 'W', node_at(payment, "due"),
			    text_format(l->a, "%.*s may be grossly unfair here",
					TEXT_ARG(term_text(payment, "due"))),
			    lint_nothing);
	if (fee != NULL && text_is(term_text(fee, "kind"), "none"))
		lint_report(l, LINT_F09, 'W', node_at(fee, "kind"),
			    text_of("no late fee may be grossly unfair here"), lint_nothing);
}

static void short_dispute(struct lint *l, const struct node *payment)
{
	const struct node *dispute = node_at(payment, "dispute");
	struct duration due, within;

	if (dispute == NULL || !term_duration(payment, "due", &due) ||
	    !term_duration(dispute, "within", &within) || !lint_longer(l, due, within))
		return;
	lint_report(l, LINT_F15, 'W', node_at(dispute, "within"),
		    text_of("an invoice cannot be disputed any more when it falls due"),
		    lint_nothing);
}

static void switched_off(struct lint *l, const struct node *payment)
{
	const struct node *suspension = node_at(payment, "suspension"),
			  *set = suspension == NULL ? NULL : node_at(suspension, "services"),
			  *vital = NULL;
	struct text all = lint_nothing, named = lint_nothing;

	for (const struct node *s = set == NULL ? NULL : set->child; s != NULL; s = s->next) {
		const struct node *service = s->value.ref;

		all = text_format(l->a, "%.*s%s%.*s", TEXT_ARG(all), all.n == 0 ? "" : ", ",
				  TEXT_ARG(s->text));
		if (service == NULL ||
		    (!term_truth(service, "essential") && !lint_has(service, "objectives")))
			continue;
		vital = vital == NULL ? s : vital;
		named = text_format(l->a, "%.*s%s%.*s", TEXT_ARG(named), named.n == 0 ? "" : ", ",
				    TEXT_ARG(s->text));
	}
	if (vital != NULL)
		lint_report(l, LINT_F17, 'W', vital,
			    text_format(l->a, "%.*s may be switched off", TEXT_ARG(named)),
			    lint_nothing);
	if (suspension != NULL && term_truth(suspension, "counts_disputed"))
		lint_report(l, LINT_F17, 'W', node_at(suspension, "counts_disputed"),
			    text_format(l->a, "%.*s may be switched off", TEXT_ARG(all)),
			    lint_nothing);
}

static void paying(struct lint *l)
{
	const struct node *payment = node_at(l->root, "payment"),
			  *fee = payment == NULL ? NULL : node_at(payment, "late_fee");

	if (payment == NULL)
		return;
	if (fee != NULL)
		open_interest(l, fee);
	unfair_here(l, payment, fee);
	short_dispute(l, payment);
	switched_off(l, payment);
}

/* --- F-13 --- */

/* The largest single credit that any rule names, percent. */
static const struct node *largest_credit(const struct lint *l)
{
	const struct node *best = NULL;

	for (const struct node *r = lint_items(l->root, "sla.credits.rules"); r != NULL;
	     r = r->next) {
		const struct node *own[] = {node_at(r, "each_breach"), node_at(r, "credit")};
		const struct node *t = lint_items(r, "tiers");

		for (size_t i = 0; i < ARRAY_SIZE(own) || t != NULL; i++) {
			const struct node *credit =
				i < ARRAY_SIZE(own) ? own[i] : node_at(t, "credit");

			if (i >= ARRAY_SIZE(own))
				t = t->next;
			if (credit != NULL && !credit->hole &&
			    (best == NULL ||
			     decimal_cmp(credit->value.decimal, best->value.decimal) > 0))
				best = credit;
		}
	}
	return best;
}

/* The credit on the smallest and on the largest charge that it could be a share of. */
static struct text credit_on_candidates(const struct lint *l, struct decimal credit)
{
	struct fraction least = zero(), most = zero();
	struct fraction share = lint_share(credit);

	for (const struct node *c = lint_items(l->root, "charges"); c != NULL; c = c->next) {
		struct fraction part = lint_effect_charge(l, c);

		if (term_choice(c, "type") == CHARGE_PASS_THROUGH)
			continue; /* no candidate: F-13 */
		if (part.num > 0 && (least.num == 0 || fraction_cmp(part, least) < 0))
			least = part;
		if (fraction_cmp(part, most) > 0)
			most = part;
	}
	if (most.num == 0)
		return lint_nothing;
	if (fraction_cmp(least, most) == 0)
		return lint_effect_money(l, "", fraction_mul(most, share));
	return lint_effect(l, "%.*s to %.*s", TEXT_ARG(lint_amount(l, fraction_mul(least, share))),
			   TEXT_ARG(lint_amount(l, fraction_mul(most, share))));
}

static void of_what(struct lint *l)
{
	static const char *const unfit[] = {"one_time", "milestone", "pass_through", "discount"};
	const struct node *credits = node_at(l->root, "sla.credits"), *credit = largest_credit(l),
			  *base = node_at(l->root, "sla.credits.base"),
			  *charges = node_at(l->root, "sla.credits.base.charges");

	if (credit == NULL)
		return;

	struct text message =
			    text_format(l->a, "a credit of %.*s of what?", TEXT_ARG(credit->text)),
		    effect = credit_on_candidates(l, credit->value.decimal);

	if (charges == NULL)
		lint_report_missing(l, LINT_F13, 'E', base == NULL ? credits : base,
				    base == NULL ? "base" : "charges", message, effect);
	for (const struct node *c = charges == NULL ? NULL : charges->child; c != NULL; c = c->next)
		if (c->value.ref != NULL &&
		    is_one_of(term_text(c->value.ref, "type"), unfit, ARRAY_SIZE(unfit)))
			lint_report(l, LINT_F13, 'E', c, message, effect);
}

/* --- F-14, F-16 --- */

static void left_to_default(struct lint *l)
{
	static const char *const keys[] = {"mode", "place"};
	const struct node *contract = node_at(l->root, "contract"),
			  *rounding = node_at(contract, "rounding");
	struct text message = text_of("rounding is left to the default"), missing = lint_nothing;
	const char *first =
		rounding == NULL ? NULL
				 : lint_missing_keys(l, rounding, keys, ARRAY_SIZE(keys), &missing);

	if (rounding == NULL)
		lint_report_missing(l, LINT_F14, 'W', contract, "rounding", message, lint_nothing);
	else if (first != NULL)
		lint_report_missing(l, LINT_F14, 'W', rounding, first, message, lint_nothing);
}

/* What is short in a month: by the plan, and on facts what the minimum in fact added. */
static struct fraction short_of_minimum(const struct lint *l, struct fraction by_plan)
{
	const struct lint_facts *f = l->in->facts;
	struct fraction added;

	if (f == NULL)
		return by_plan;
	if (!f->minimum_set ||
	    !lint_settled(fraction_mul(money_exact(f->minimum), fraction_of(1, f->n_months)),
			  &added))
		return zero();
	return added;
}

static void minimum_above_plan(struct lint *l)
{
	const struct node *commitment = node_at(l->root, "commitment");
	struct fraction months, least, planned;
	struct duration per;
	struct money amount;

	if (commitment == NULL || !term_money(commitment, "amount", &amount) ||
	    !term_duration(commitment, "per", &per) || !lint_months(per, &months))
		return;
	least = fraction_div(money_exact(amount), months);
	planned = lint_nominal_of(l, "commitment.counts");
	if (fraction_cmp(least, planned) <= 0)
		return;
	lint_report(l, LINT_F16, 'I', node_at(commitment, "amount"),
		    text_of("the minimum exceeds the plan"),
		    lint_effect(l, "%.*s short",
				TEXT_ARG(lint_amount(
					l, short_of_minimum(l, fraction_sub(least, planned))))));
}

/* --- F-22 --- */

/* Does a category of EN 16931 fit a supply from a to b? (money.md R64) */
static bool fits(const struct lint *l, struct text code, struct text a, struct text b)
{
	const struct node *provider = node_at(l->root, "parties.provider"),
			  *client = node_at(l->root, "parties.client");
	bool two_states = in_eu(a) && in_eu(b) && !text_eq(a, b),
	     client_id = lint_has(client, "vat_id");

	if (text_is(code, "AE") || text_is(code, "K"))
		return two_states && lint_has(provider, "vat_id") && client_id;
	if (text_is(code, "G"))
		return in_eu(a) && !in_eu(b);
	if (text_is(code, "S"))
		return !(two_states && client_id);
	return !text_is(code, "O") || !text_eq(a, b);
}

/* Tax at the category's rate on what is charged with it in the month of LN-5. */
static struct text tax_effect(const struct lint *l, const struct node *category)
{
	struct fraction sum = zero();
	struct decimal rate;

	for (const struct node *c = lint_items(l->root, "charges"); c != NULL; c = c->next)
		if (term_ref(c, "tax") == category)
			sum = fraction_add(sum, lint_effect_charge(l, c));
	if (sum.num <= 0 || !term_decimal(category, "rate", &rate))
		return lint_nothing;
	return lint_effect(l, "tax of %.*s at %.*s on %.*s",
			   TEXT_ARG(lint_amount(l, fraction_mul(sum, lint_share(rate)))),
			   TEXT_ARG(term_text(category, "rate")), TEXT_ARG(lint_amount(l, sum)));
}

static void wrong_category(struct lint *l, const struct node *category)
{
	struct text code = term_text(category, "code"), a = country_of(l, "provider"),
		    b = country_of(l, "client");

	if (fits(l, code, a, b))
		return;
	lint_report(l, LINT_F22, 'W', node_at(category, "code"),
		    text_format(l->a, "category %.*s does not fit %.*s to %.*s", TEXT_ARG(code),
				TEXT_ARG(a), TEXT_ARG(b)),
		    tax_effect(l, category));
}

void lint_money(struct lint *l)
{
	leaving(l);
	paying(l);
	of_what(l);
	left_to_default(l);
	minimum_above_plan(l);
	for (const struct node *c = lint_items(l->root, "taxes.categories"); c != NULL; c = c->next)
		wrong_category(l, c);
	lint_money_charges(l);
	lint_money_prices(l);
}
