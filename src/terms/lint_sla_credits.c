/* SPDX-License-Identifier: Apache-2.0 */
/* Rules S about what a miss is worth: caps, tiers, gaps, exits, claims, reports (S-03, S-04, S-06, S-11, S-12, S-18, S-20, S-21). */
#include "terms/lint_rules.h"

static const char *const base_path = "sla.credits.base.charges";

/* The smallest and the largest credit that one miss can earn under a rule, percent. */
static void credit_range(const struct credit_rule *r, struct decimal *least, struct decimal *most)
{
	*least = *most = r->form == RULE_PATTERN ? r->pattern_credit : r->each_breach;
	for (size_t i = 0; i < r->n_tiers; i++) {
		struct decimal credit = r->tiers[i].credit;

		if (i == 0 || decimal_cmp(credit, *least) < 0)
			*least = credit;
		if (i == 0 || decimal_cmp(credit, *most) > 0)
			*most = credit;
	}
}

static struct decimal top_of(const struct credit_rule *r)
{
	struct decimal least, most;

	credit_range(r, &least, &most);
	return most;
}

static struct decimal top_credit(const struct credits *c)
{
	struct decimal top = {0, 0};

	for (size_t i = 0; i < c->n_rules; i++)
		if (decimal_cmp(top_of(&c->rules[i]), top) > 0)
			top = top_of(&c->rules[i]);
	return top;
}

static struct fraction sum_of_tops(const struct credits *c)
{
	struct fraction sum = fraction_of(0, 1);

	for (size_t i = 0; i < c->n_rules; i++)
		sum = fraction_add(sum, fraction_of_decimal(top_of(&c->rules[i])));
	return fraction_div(sum, fraction_of(100, 1));
}

static bool per_year(const struct cap_rule *cap)
{
	return cap->per == CAP_CALENDAR_YEAR || cap->per == CAP_CONTRACT_YEAR;
}

/* --- S-03 --- */

static void both_caps(struct lint *l, const struct credits *c)
{
	bool month = false, year = false;
	struct fraction base = lint_effect_of(l, base_path);
	struct text effect = lint_nothing;

	for (size_t i = 0; i < c->n_caps; i++) {
		year = year || per_year(&c->caps[i]);
		month = month || !per_year(&c->caps[i]);
	}
	if (c->n_rules == 0 || (month && year))
		return;
	if (base.num > 0)
		effect = lint_effect(l, "all top tiers in one month %.*s against %.*s",
				     TEXT_ARG(lint_amount(l, fraction_mul(base, sum_of_tops(c)))),
				     TEXT_ARG(lint_amount(l, lint_effect_month(l))));

	struct text message = text_format(l->a, "credits have no %s cap",
					  month  ? "year"
					  : year ? "month"
						 : "month and no year");

	if (lint_has(c->node, "caps"))
		lint_report(l, LINT_S03, 'E', node_at(c->node, "caps"), message, effect);
	else
		lint_report_missing(l, LINT_S03, 'E', c->node, "caps", message, effect);
}

/* --- S-04 --- */

/* The code of sla.md 10 stands behind the message (LN-11). */
static void unsteady_tiers(struct lint *l, const struct credit_rule *r)
{
	for (size_t i = 1; i < r->n_tiers; i++) {
		const struct tier *before = &r->tiers[i - 1], *t = &r->tiers[i];

		if (decimal_cmp(t->below, before->below) >= 0)
			lint_report(
				l, LINT_S04, 'E', node_at(t->node, "below"),
				text_format(l->a,
					    "tier %.*s of rule %.*s does not begin below tier %.*s "
					    "(rule.tiers)",
					    TEXT_ARG(t->id), TEXT_ARG(r->id), TEXT_ARG(before->id)),
				lint_nothing);
		if (decimal_cmp(t->credit, before->credit) <= 0)
			lint_report(
				l, LINT_S04, 'E', node_at(t->node, "credit"),
				text_format(l->a,
					    "tier %.*s of rule %.*s earns no more than tier %.*s "
					    "(rule.tiers)",
					    TEXT_ARG(t->id), TEXT_ARG(r->id), TEXT_ARG(before->id)),
				lint_nothing);
	}
}

/* A cap on a month, its quarter x 3, its year x 12. */
static struct fraction cap_amount(const struct cap_rule *cap, struct fraction month)
{
	static const int months[] = {
		[CAP_MONTH_CHARGES] = 1,
		[CAP_QUARTER_CHARGES] = 3,
		[CAP_YEAR_CHARGES] = 12,
		[CAP_AVERAGE_MONTH_12MO] = 1,
	};

	return fraction_mul(fraction_mul(month, fraction_of(months[cap->of], 1)),
			    lint_share(cap->pct));
}

/* The message says what the nominal month makes of both, which the rule judges by; the effect what the facts do. */
static void report_cap(struct lint *l, char severity, const struct cap_rule *cap,
		       const struct credit_rule *r, struct decimal credit)
{
	struct fraction nominal = lint_nominal_of(l, base_path),
			base = lint_effect_of(l, base_path);
	struct text amount = lint_amount(l, cap_amount(cap, lint_nominal_month(l, NULL))),
		    owed = lint_amount(l, fraction_mul(nominal, lint_share(credit))),
		    cap_now = lint_amount(l, cap_amount(cap, lint_effect_month(l))),
		    owed_now = lint_amount(l, fraction_mul(base, lint_share(credit)));

	lint_report(
		l, LINT_S04, severity, node_at(cap->node, "pct"),
		text_format(l->a, "cap %.*s is %.*s, less than one credit of rule %.*s: %.*s%s",
			    TEXT_ARG(cap->id), TEXT_ARG(amount), TEXT_ARG(r->id), TEXT_ARG(owed),
			    severity == 'E' ? " (rule.caps)" : ""),
		lint_effect(l, "cap %.*s, one credit %.*s", TEXT_ARG(cap_now), TEXT_ARG(owed_now)));
}

static void small_cap(struct lint *l, const struct credits *c, const struct cap_rule *cap)
{
	struct fraction base = lint_nominal_of(l, base_path),
			amount = cap_amount(cap, lint_nominal_month(l, NULL));

	if (base.num == 0)
		return;
	for (size_t i = 0; i < c->n_rules; i++) {
		struct decimal least, most;

		credit_range(&c->rules[i], &least, &most);

		struct fraction smallest = fraction_mul(base, lint_share(least)),
				largest = fraction_mul(base, lint_share(most));

		if (fraction_cmp(amount, smallest) < 0)
			report_cap(l, 'E', cap, &c->rules[i], least);
		else if (fraction_cmp(amount, largest) < 0)
			report_cap(l, 'W', cap, &c->rules[i], most);
	}
}

static void tiers_and_caps(struct lint *l, const struct credits *c)
{
	const struct cap_rule *year = NULL;

	for (size_t i = 0; i < c->n_rules; i++)
		unsteady_tiers(l, &c->rules[i]);
	for (size_t i = 0; i < c->n_caps; i++) {
		const struct cap_rule *cap = &c->caps[i];

		small_cap(l, c, cap);
		if (per_year(cap)) {
			year = year == NULL ? cap : year;
		} else if (year != NULL) {
			lint_report(
				l, LINT_S04, 'W', node_at(cap->node, "per"),
				text_format(
					l->a,
					"cap %.*s is listed after cap %.*s, which is for a year",
					TEXT_ARG(cap->id), TEXT_ARG(year->id)),
				lint_nothing);
		}
	}
}

/* --- S-06 --- */

/* What the rules of a metric leave open. */
struct coverage {
	size_t rules;
	bool all;   /* a rule without priority pays, however little the miss */
	bool tiers; /* tiers without priority; highest is where the first begins */
	struct decimal highest;
	const struct credit_rule *pattern; /* the one that begins highest, or NULL */
};

static struct coverage coverage_of(const struct credits *c, int metric)
{
	struct coverage v = {0, false, false, {0, 0}, NULL};

	for (size_t i = 0; i < c->n_rules; i++) {
		const struct credit_rule *r = &c->rules[i];

		if (r->metric != metric)
			continue;
		v.rules++;
		if (r->form == RULE_PATTERN) {
			if (v.pattern == NULL ||
			    decimal_cmp(r->pattern_below, v.pattern->pattern_below) > 0)
				v.pattern = r;
			continue;
		}
		if (r->priority >= 0)
			continue;
		v.all = v.all || r->form == RULE_EACH_BREACH;
		for (size_t t = 0; t < r->n_tiers; t++) {
			v.tiers = true;
			if (decimal_cmp(r->tiers[t].below, v.highest) > 0)
				v.highest = r->tiers[t].below;
		}
	}
	return v;
}

static bool priority_pays(const struct credits *c, int metric, int priority)
{
	for (size_t i = 0; i < c->n_rules; i++)
		if (c->rules[i].metric == metric && c->rules[i].form == RULE_EACH_BREACH &&
		    c->rules[i].priority == priority)
			return true;
	return false;
}

/* The first priority with a target of which a single miss earns nothing, or -1. */
static int unpaid_priority(const struct promise *p, int metric)
{
	for (size_t i = 0; i < p->n_priorities; i++)
		if (metric_target(&p->metrics[metric], (int)i) != NULL &&
		    !priority_pays(&p->credits, metric, (int)i))
			return (int)i;
	return -1;
}

static void report_gap(struct lint *l, char severity, const struct node *at, struct text who,
		       struct text below, struct text target, struct text effect)
{
	lint_report(l, LINT_S06, severity, at,
		    text_format(l->a, "%.*s: between %.*s and %.*s nothing is owed", TEXT_ARG(who),
				TEXT_ARG(below), TEXT_ARG(target)),
		    severity == 'I' ? lint_nothing : effect);
}

static struct text percent(const struct lint *l, struct decimal d)
{
	return text_format(l->a, "%.*s%%", TEXT_ARG(lint_number(l, fraction_of_decimal(d), 9)));
}

/* A pattern pays for repetition: the misses before it are free. */
static struct text free_misses_text(struct lint *l, const struct coverage *v)
{
	const struct credit_rule *r = v->pattern;

	if (v->tiers || r == NULL || r->pattern_times < 2)
		return lint_nothing;
	return text_format(l->a, "; below %.*s the first %lld of any %lld windows are free too",
			   TEXT_ARG(percent(l, r->pattern_below)),
			   (long long)(r->pattern_times - 1), (long long)r->pattern_in);
}

/* Agreed minutes in 30 days from the start of service: all of them, or the open time of the schedule. */
static struct text gap_effect(struct lint *l, const struct metric *m, struct decimal below,
			      struct decimal target, struct text free_misses)
{
	struct fraction gap = fraction_sub(fraction_of_decimal(target), fraction_of_decimal(below)),
			minutes = lint_minutes(gap);

	if (m->kind != METRIC_AVAILABILITY)
		return lint_nothing;
	if (m->schedule != NULL && !calendar_is_always(m->schedule)) {
		day from = lint_service_day(l);
		int64_t open_ms = calendar_elapsed_ms(m->schedule, zone_midnight(l->p->zone, from),
						      zone_midnight(l->p->zone, from + 30));

		minutes = fraction_mul(gap, fraction_of(open_ms / MINUTE_MS, 100));
	}
	return text_format(l->a, "%.*s min per 30 days between %.*s and %.*s%.*s",
			   TEXT_ARG(lint_number(l, minutes, 1)), TEXT_ARG(percent(l, below)),
			   TEXT_ARG(percent(l, target)), TEXT_ARG(free_misses));
}

/* A metric with a percentage as its promise: availability, ratio, share of tickets in time. */
static void gap_below_target(struct lint *l, const struct metric *m, struct coverage v,
			     const struct node *at, struct decimal target, bool every_priority)
{
	struct decimal below = v.tiers || v.pattern == NULL ? v.highest : v.pattern->pattern_below;
	bool closed = v.all || every_priority || (v.tiers && decimal_cmp(v.highest, target) >= 0);

	if (v.rules > 0 && closed)
		return;
	report_gap(l, v.rules > 0 ? 'W' : 'I', v.rules > 0 ? at : m->node, m->id, percent(l, below),
		   percent(l, target), gap_effect(l, m, below, target, free_misses_text(l, &v)));
}

/* Each ticket stands alone: a share in time under 100 % is a miss, whatever the share. */
static void gap_of_tickets(struct lint *l, const struct metric *m, struct coverage v, int metric)
{
	const struct promise *p = l->p;
	int open = unpaid_priority(p, metric);
	struct text who = m->id, none = text_of("0%"), full = text_of("100%");

	if (v.rules == 0) {
		report_gap(l, 'I', m->node, who, none, full, lint_nothing);
		return;
	}
	if (v.all || v.tiers || (open < 0 && p->n_priorities > 0))
		return;

	const struct target *t = metric_target(m, open);

	if (open >= 0)
		who = text_format(l->a, "%.*s %.*s", TEXT_ARG(m->id),
				  TEXT_ARG(p->priorities[open].id));
	report_gap(l, 'W', t == NULL ? m->node : t->node, who, none, full, lint_nothing);
}

/* A mean, percentile or count with a limit: a credit rule other than a pattern pays for every miss. */
static void gap_of_limit(struct lint *l, const struct metric *m, struct coverage v)
{
	const char *key = m->at_least_set ? "at_least" : "at_most";
	const struct node *limit = node_at(m->node, key);
	struct text said = limit == NULL ? text_of("its limit") : limit->text;

	if (v.rules > 0 && (v.all || v.tiers))
		return;
	report_gap(l, v.rules > 0 ? 'W' : 'I', limit == NULL ? m->node : limit, m->id,
		   text_of(m->at_least_set ? "0" : "any higher value"), said, lint_nothing);
}

static void gaps(struct lint *l)
{
	const struct promise *p = l->p;

	for (size_t i = 0; i < p->n_metrics; i++) {
		const struct metric *m = &p->metrics[i];
		struct coverage v = coverage_of(&p->credits, (int)i);

		if (m->role != ROLE_COMMITMENT)
			continue;
		if (m->target_set)
			gap_below_target(l, m, v, node_at(m->node, "target"), m->target, false);
		else if (m->comply)
			gap_below_target(l, m, v, node_at(m->node, "comply.at_least"),
					 m->comply_at_least,
					 p->n_priorities > 0 && unpaid_priority(p, (int)i) < 0);
		else if (m->kind == METRIC_ELAPSED)
			gap_of_tickets(l, m, v, (int)i);
		else if (m->at_least_set || m->at_most_set)
			gap_of_limit(l, m, v);
	}
}

/* --- S-11 --- */

static bool exit_for_chronic_failure(const struct lint *l)
{
	for (const struct node *c = lint_items(l->root, "termination.causes"); c != NULL;
	     c = c->next)
		if (text_is(term_text(c, "cause"), "chronic_failure"))
			return true;
	return false;
}

static void no_exit(struct lint *l)
{
	const struct node *sole = node_at(l->root, "sla.credits.sole_remedy");

	if (sole == NULL || !term_truth(sole, "applies"))
		return;
	if (lint_items(l->root, "sla.chronic") != NULL && exit_for_chronic_failure(l) &&
	    lint_member(sole, "except", "chronic_failure") != NULL)
		return;
	lint_report(l, LINT_S11, 'E', node_at(sole, "applies"),
		    text_of("credits are the only remedy and no exit exists"), lint_nothing);
}

/* --- S-12 --- */

/* The first day of the report's period after a month that ends before `edge`: reports of 3mo come after whole quarters. */
static day report_edge(const struct reporting *r, day edge)
{
	int64_t months = r->every.unit == UNIT_MO  ? r->every.n
			 : r->every.unit == UNIT_Y ? r->every.n * 12
						   : 1;
	struct civil c = civil_of(edge);
	int64_t place = c.month - 1;

	if (months <= 1 || 12 % months != 0 || place % months == 0)
		return edge;
	return day_add_months(edge, (int32_t)(months - place % months));
}

/* Does a time counted from the end of one of 12 monthly windows end before the report of that window must be there? */
static void before_report(struct lint *l, struct duration d, const struct node *at)
{
	const struct reporting *r = &l->p->reporting;
	struct civil start = civil_of(lint_service_day(l));
	day first = day_of(start.year, start.month, 1);

	for (int32_t i = 1; i <= 12; i++) {
		day edge = day_add_months(first, i);
		instant due, reported;

		if (!lint_from_edge(l, d, 1, edge, true, &due) ||
		    !lint_from_edge(l, r->due.duration, 1, report_edge(r, edge), true, &reported) ||
		    due > reported)
			continue;
		lint_report(l, LINT_S12, 'E', at,
			    text_format(l->a,
					"claim due %.*s, before the report of %.*s that proves it",
					TEXT_ARG(lint_when(l, due, true)),
					TEXT_ARG(lint_when(l, reported, true))),
			    lint_nothing);
		return;
	}
}

static void claims_and_reports(struct lint *l)
{
	const struct promise *p = l->p;
	const struct credits *c = &p->credits;

	if (!p->reporting.set || !p->reporting.due.set)
		return;
	if (c->set && c->claim && c->claim_from_window_end && c->claim_within.set)
		before_report(l, c->claim_within.duration, c->claim_within.node);
	for (size_t i = 0; i < p->n_chronic; i++)
		if (p->chronic[i].exercise_within.set)
			before_report(l, p->chronic[i].exercise_within.duration,
				      p->chronic[i].exercise_within.node);
}

/* --- S-18, S-20, S-21 --- */

static void lost_at_the_end(struct lint *l, const struct credits *c)
{
	const struct node *apply = node_at(c->node, "apply");
	struct fraction base = lint_effect_of(l, base_path);
	struct text effect = lint_nothing;

	if (apply == NULL)
		return;
	if (base.num > 0)
		effect = lint_effect_money(l, "", fraction_mul(base, lint_share(top_credit(c))));
	if (lint_has(apply, "expires"))
		lint_report(l, LINT_S18, 'W', node_at(apply, "expires"),
			    text_of("a credit of the last period is lost"), effect);
	if (c->if_no_invoice_expire)
		lint_report(l, LINT_S18, 'W', node_at(apply, "if_no_invoice"),
			    text_of("a credit of the last period is lost"), effect);
}

static void silent_report(struct lint *l)
{
	const struct node *sla = node_at(l->root, "sla"),
			  *reporting = node_at(l->root, "sla.reporting");
	struct text message = text_of("nothing follows from a missing report");

	if (lint_items(l->root, "sla.metrics") == NULL)
		return;
	if (reporting == NULL)
		lint_report_missing(l, LINT_S20, 'I', sla, "reporting", message, lint_nothing);
	else if (!lint_has(reporting, "if_late"))
		lint_report_missing(l, LINT_S20, 'I', reporting, "if_late", message, lint_nothing);
	else if (term_choice(reporting, "if_late") == LATE_NONE)
		lint_report(l, LINT_S20, 'I', node_at(reporting, "if_late"), message, lint_nothing);
}

static void one_event(struct lint *l, const struct credits *c)
{
	static const char *const keys[] = {"combine", "same_cause"};
	struct fraction base = lint_effect_of(l, base_path);
	struct text missing = lint_nothing, effect = lint_nothing;
	const char *first = lint_missing_keys(l, c->node, keys, ARRAY_SIZE(keys), &missing);

	if (c->n_rules < 2 || first == NULL)
		return;
	if (base.num > 0)
		effect = lint_effect(
			l, "the sum is %.*s, the largest %.*s",
			TEXT_ARG(lint_amount(l, fraction_mul(base, sum_of_tops(c)))),
			TEXT_ARG(lint_amount(l, fraction_mul(base, lint_share(top_credit(c))))));
	lint_report_missing(l, LINT_S21, 'W', c->node, first,
			    text_format(l->a, "one event can earn %zu credits", c->n_rules),
			    effect);
}

void lint_sla_credits(struct lint *l)
{
	silent_report(l);
	no_exit(l);
	if (l->p == NULL)
		return;

	const struct credits *c = &l->p->credits;

	if (c->set) {
		both_caps(l, c);
		tiers_and_caps(l, c);
		lost_at_the_end(l, c);
		one_event(l, c);
	}
	gaps(l);
	claims_and_reports(l);
}
