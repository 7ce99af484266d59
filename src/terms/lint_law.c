/* SPDX-License-Identifier: Apache-2.0 */
/* Rules L: law and liability (lint.md section 5); what clauses say is in lint_law_words.c. */
#include "terms/lint_values.h"

#include <string.h>

/* --- L-01 --- */

/* The provider's cover per event, for what a provider can break; NULL: none. */
static const struct node *largest_cover(const struct lint *l)
{
	const struct node *most = NULL;

	for (const struct node *p = lint_items(l->root, "insurance.policies"); p != NULL;
	     p = p->next) {
		const struct node *sum = lint_value(p, "per_occurrence");

		if (sum == NULL || !lint_says(p, "party", "provider") ||
		    !(lint_says(p, "kind", "tech_errors_omissions") ||
		      lint_says(p, "kind", "cyber")))
			continue;
		if (most == NULL || sum->value.money.minor > most->value.money.minor)
			most = sum;
	}
	return most;
}

/* A cap as NF-10 has it, on a month. */
struct limit {
	struct fraction months; /* of fees: lookback x multiple */
	struct fraction amount;
	bool fixed; /* an amount, not fees */
	bool known; /* false: a hole, or more than can be meant */
};

static struct limit limit_of(const struct node *cap, struct fraction month)
{
	static const int64_t months_max = 1200, multiple_max = 1000;
	struct limit x = {fraction_of(0, 1), fraction_of(0, 1), false, true};
	const struct node *lookback = node_at(cap, "lookback");
	struct decimal multiple = {1, 0};
	struct money m;

	if (term_money(cap, "amount", &m)) {
		x.fixed = true;
		x.amount = money_exact(m);
		return x;
	}
	(void)term_decimal(cap, "multiple", &multiple);
	x.known = !lint_has(cap, "amount") && (lookback == NULL || !lookback->hole) &&
		  decimal_cmp(multiple, decimal_of(multiple_max)) <= 0;
	if (lookback != NULL && x.known)
		x.known = lint_months(lookback->value.duration, &x.months) &&
			  fraction_cmp(x.months, fraction_of(months_max, 1)) <= 0;
	if (!x.known)
		return x;
	x.months = fraction_mul(x.months, fraction_of_decimal(multiple));
	x.known = lint_settled(fraction_mul(month, x.months), &x.amount);
	if (term_money(cap, "floor", &m) && fraction_cmp(money_exact(m), x.amount) > 0)
		x.amount = money_exact(m);
	return x;
}

static struct text amount_or_none(const struct lint *l, bool there, struct fraction amount)
{
	return there ? lint_amount(l, amount) : text_of("none");
}

/* Both amounts; on facts what the fees of those months make of the cap. */
static struct text cap_effect(const struct lint *l, const struct node *cap, bool against_cover,
			      struct text cover)
{
	struct fraction month = lint_effect_month(l),
			year = fraction_mul(month, fraction_of(12, 1));
	struct limit x = {fraction_of(0, 1), fraction_of(0, 1), false, false};

	if (cap != NULL)
		x = limit_of(cap, month);
	if (cap == NULL || !x.known)
		return lint_nothing;
	if (against_cover)
		return lint_effect(l, "%.*s against %.*s of cover",
				   TEXT_ARG(amount_or_none(l, x.amount.num > 0, x.amount)),
				   TEXT_ARG(cover));
	if (year.num == 0)
		return lint_nothing;
	return lint_effect(l, "%.*s against %.*s a year", TEXT_ARG(lint_amount(l, x.amount)),
			   TEXT_ARG(lint_amount(l, year)));
}

static void low_cap(struct lint *l)
{
	const struct node *cap = node_at(l->root, "liability.cap"), *cover = largest_cover(l);
	struct fraction month = lint_nominal_month(l, NULL), zero = fraction_of(0, 1),
			year = fraction_mul(month, fraction_of(12, 1)),
			insured = cover == NULL ? zero : money_exact(cover->value.money);
	struct limit x = {zero, zero, false, false};
	struct text cover_text = amount_or_none(l, cover != NULL, insured), effect = lint_nothing;

	if (cap != NULL)
		x = limit_of(cap, month);
	if (cap != NULL && !x.known)
		return;

	bool short_of_year =
		x.fixed ? fraction_cmp(x.amount, year) < 0
			: fraction_cmp(x.months,
				       fraction_of(12, 1))<0, short_of_cover = x.amount.num> 0 &&
				  fraction_cmp(x.amount, insured) < 0;

	if (cap != NULL && !short_of_year && !short_of_cover)
		return;

	struct text cap_text = amount_or_none(l, cap != NULL && x.amount.num > 0, x.amount),
		    message = text_format(l->a, "the cap is %.*s, the cover %.*s",
					  TEXT_ARG(cap_text), TEXT_ARG(cover_text));

	effect = cap_effect(l, cap, short_of_cover, cover_text);
	if (cap != NULL)
		lint_report(l, LINT_L01, 'W', cap, message, effect);
	else if (lint_has(l->root, "liability"))
		lint_report_missing(l, LINT_L01, 'W', node_at(l->root, "liability"), "cap", message,
				    effect);
	else
		lint_report_missing(l, LINT_L01, 'W', l->root, "liability.cap", message, effect);
}

/* --- L-02 --- */

static void open_cap(struct lint *l)
{
	static const char credit_path[] = "sla.credits.counts_toward_liability_cap";
	const struct node *liability = node_at(l->root, "liability");
	struct text message = text_of("what does the cap not cover?");

	if (lint_has(l->root, "sla.credits") && !lint_has(l->root, credit_path))
		lint_report_path(l, LINT_L02, 'W', credit_path, message);
	if (liability == NULL || !lint_has(liability, "cap"))
		return;
	if (!lint_has(liability, "uncapped") ||
	    lint_member(liability, "uncapped", "all_breaches") != NULL)
		lint_report_path(l, LINT_L02, 'W', "liability.uncapped", message);
	if (lint_member(liability, "exclude", "all") != NULL)
		lint_report_path(l, LINT_L02, 'W', "liability.exclude", message);
}

/* --- L-03 to L-05 --- */

static bool step_binds(const struct node *step)
{
	const struct node *binding = node_at(step, "binding");

	return binding != NULL && (binding->hole || binding->value.truth);
}

static void no_forum(struct lint *l)
{
	bool decided = lint_has(l->root, "governing_law.courts");

	for (const struct node *s = lint_items(l->root, "dispute.steps"); s != NULL; s = s->next)
		decided = decided || step_binds(s);
	if (!lint_has(l->root, "governing_law.law"))
		lint_report_path(l, LINT_L03, 'E', "governing_law.law",
				 text_of("no forum: no law is named"));
	if (!decided)
		lint_report_path(l, LINT_L03, 'W', "governing_law.courts", text_of("no forum"));
}

static void endless_steps(struct lint *l)
{
	for (const struct node *s = lint_items(l->root, "dispute.steps"); s != NULL; s = s->next) {
		struct text message = text_format(l->a, "step %.*s never ends", TEXT_ARG(s->key));
		const struct node *kind = node_at(s, "kind");

		if (!lint_has(s, "within"))
			lint_report_missing(l, LINT_L04, 'W', s, "within", message, lint_nothing);
		if (s->next == NULL && !step_binds(s) && !kind->hole &&
		    !text_is(kind->text, "court"))
			lint_report(l, LINT_L04, 'W', s, message, lint_nothing);
	}
}

static void two_judges(struct lint *l)
{
	const struct node *law = node_at(l->root, "governing_law"), *courts_for;

	if (law == NULL || !lint_says(law, "exclusive", "true"))
		return;
	courts_for = node_at(law, "courts_for");
	if (courts_for != NULL && lint_member(law, "courts_for", "all") == NULL)
		return;
	for (const struct node *s = lint_items(l->root, "dispute.steps"); s != NULL; s = s->next) {
		if (!lint_says(s, "kind", "arbitration") || !lint_says(s, "binding", "true"))
			continue;
		lint_report(l, LINT_L05, 'E', node_at(law, "exclusive"),
			    text_of("arbitration and courts both decide"), lint_nothing);
		return;
	}
}

/* --- L-06 to L-08 --- */

/* Is something other than this word written there, or nothing? A hole can still become the word. */
static bool is_not(const struct node *map, const char *key, const char *word)
{
	const struct node *n = node_at(map, key);

	return n == NULL || (!n->hole && !text_is(n->text, word));
}

static void endless_force_majeure(struct lint *l)
{
	const struct node *fm = node_at(l->root, "force_majeure");
	struct text limit = text_of("force majeure has no limit");

	if (fm == NULL)
		return;
	if (!lint_has(fm, "terminate_after"))
		lint_report_path(l, LINT_L06, 'W', "force_majeure.terminate_after",
				 text_of("force majeure has no end"));
	if (is_not(fm, "payment_excused", "false"))
		lint_report_path(l, LINT_L06, 'W', "force_majeure.payment_excused", limit);
	if (is_not(fm, "recovery_still_due", "true"))
		lint_report_path(l, LINT_L06, 'W', "force_majeure.recovery_still_due", limit);
	if (lint_member(fm, "events", "other") != NULL)
		lint_report_path(l, LINT_L06, 'W', "force_majeure.events", limit);
}

static void one_sided_terms(struct lint *l)
{
	const struct node *one = lint_value(l->root, "amendments.unilateral"),
			  *price = lint_value(l->root, "indexation.mode");

	if (one != NULL && !text_is(one->text, "none"))
		lint_report(l, LINT_L07, 'E', one, text_of("one side may change the contract"),
			    lint_nothing);
	if (price != NULL && text_is(price->text, "provider_choice"))
		lint_report(l, LINT_L07, 'E', price, text_of("one side may change the prices"),
			    lint_nothing);
}

static void lapsing_cover(struct lint *l)
{
	const struct node *insurance = node_at(l->root, "insurance");
	struct text message = text_of("cover can lapse unseen");
	bool cyber = false;

	if (insurance == NULL)
		return;
	for (const struct node *p = lint_items(insurance, "policies"); p != NULL; p = p->next) {
		cyber = cyber || !is_not(p, "kind", "cyber");
		if (lint_says(p, "basis", "claims_made") && !lint_has(p, "tail"))
			lint_report_missing(l, LINT_L08, 'W', p, "tail", message, lint_nothing);
	}
	if (!lint_has(insurance, "certificate"))
		lint_report_path(l, LINT_L08, 'W', "insurance.certificate", message);
	if (!cyber)
		lint_report_path(l, LINT_L08, 'W', "insurance.policies", message);
}

/* --- L-11 to L-13: duties --- */

static bool has_part(const struct node *duty, const char *party, char part)
{
	const struct node *n = lint_value(duty, party);

	return n != NULL && text_find(n->text, part, 0) < n->text.n;
}

static const char *who_does(const struct node *duty)
{
	bool provider = has_part(duty, "provider", 'R'), client = has_part(duty, "client", 'R');

	return provider && client ? "both parties"
	       : provider         ? "the provider"
	       : client           ? "the client"
				  : "somebody";
}

static void duties(struct lint *l)
{
	for (const struct node *d = lint_items(l->root, "responsibilities"); d != NULL;
	     d = d->next) {
		int answer = (has_part(d, "provider", 'A') ? 1 : 0) +
			     (has_part(d, "client", 'A') ? 1 : 0);
		bool done = has_part(d, "provider", 'R') || has_part(d, "client", 'R'),
		     open = lint_value(d, "provider") == NULL || lint_value(d, "client") == NULL;

		if (!lint_has(d, "within") && !lint_has(d, "every"))
			lint_report_missing(l, LINT_L11, 'W', d, "within",
					    text_format(l->a, "%s must, but by when?", who_does(d)),
					    lint_nothing);
		if (!open && (answer != 1 || !done))
			lint_report(l, LINT_L13, 'W', d,
				    text_format(l->a, "%.*s: %d answer for it%s",
						TEXT_ARG(term_text(d, "activity")), answer,
						done ? "" : ", nobody does it"),
				    lint_nothing);
	}
	for (const struct node *o = lint_items(l->root, "client_obligations"); o != NULL;
	     o = o->next)
		if (lint_has(o, "excuses") && !lint_has(o, "within") &&
		    is_not(o, "standing", "true"))
			lint_report_missing(
				l, LINT_L12, 'W', o, "within",
				text_format(l->a, "when does %.*s excuse?", TEXT_ARG(o->key)),
				lint_nothing);
}

/* --- L-15 --- */

struct told {
	bool provider, client, open; /* open: a hole can still name anybody */
};

static void add_told(struct told *t, const struct node *to)
{
	t->open = t->open || (to != NULL && to->hole);
	for (const struct node *r = to == NULL ? NULL : to->child; r != NULL; r = r->next) {
		t->open = t->open || r->hole;
		t->provider = t->provider || text_starts(r->text, "provider.");
		t->client = t->client || text_starts(r->text, "client.");
	}
}

static void told_to_one(struct lint *l)
{
	const struct node *first = NULL, *reporting = node_at(l->root, "sla.reporting");
	struct told breach = {false, false, false}, report = breach;

	for (const struct node *a = lint_items(l->root, "sla.alerts"); a != NULL; a = a->next) {
		if (!lint_says(a, "event", "breach"))
			continue;
		first = first == NULL ? node_at(a, "to") : first;
		add_told(&breach, node_at(a, "to"));
	}
	if (first != NULL && !breach.open && breach.provider != breach.client)
		lint_report(l, LINT_L15, 'W', first,
			    text_format(l->a, "only the %s is told",
					breach.provider ? "provider" : "client"),
			    lint_nothing);
	if (reporting == NULL)
		return;
	add_told(&report, node_at(reporting, "to"));
	if (!report.open && !report.client)
		lint_report_path(l, LINT_L15, 'W', "sla.reporting.to",
				 text_of("only the provider is told"));
}

void lint_law(struct lint *l)
{
	low_cap(l);
	open_cap(l);
	no_forum(l);
	endless_steps(l);
	two_judges(l);
	endless_force_majeure(l);
	one_sided_terms(l);
	lapsing_cover(l);
	duties(l);
	told_to_one(l);
	lint_law_words(l);
}
