/* SPDX-License-Identifier: Apache-2.0 */
/* Rules T: term, renewal, end (lint.md section 4), with the dates of renewals in lint_term_dates.c. */
#include "terms/lint_values.h"

#include <string.h>

/* --- T-02, T-03 --- */

static bool renews_by_itself(const struct node *renewal)
{
	return renewal != NULL && lint_says(renewal, "mode", "automatic");
}

static void evergreen(struct lint *l)
{
	static const char *const keys[] = {"non_renewal_notice", "period", "max_renewals"};
	const struct node *renewal = node_at(l->root, "term.renewal");
	struct text list = lint_nothing;
	const char *first;

	if (!renews_by_itself(renewal))
		return;
	first = lint_missing_keys(l, renewal, keys, ARRAY_SIZE(keys), &list);
	if (first != NULL)
		lint_report_missing(l, LINT_T02, 'W', renewal, first,
				    text_format(l->a, "it renews without %.*s", TEXT_ARG(list)),
				    lint_nothing);
}

/* The client lives there, or the contract is under its law (General Obligations Law 5-903). */
static bool in_new_york(const struct lint *l)
{
	return lint_says(l->root, "governing_law.law", "US-NY") ||
	       lint_says(l->root, "parties.client.jurisdiction", "US-NY") ||
	       lint_says(l->root, "parties.client.address.country", "US-NY");
}

/* A warning that the law accepts: by the provider, handed over or certified, 15 to 30 days ahead of the deadline. */
static bool is_statutory(const struct lint *l, const struct node *notice)
{
	static const struct duration earliest = {30, UNIT_D, {"", 0}},
				     latest = {15, UNIT_D, {"", 0}};
	struct duration from, to;

	return notice != NULL && lint_says(notice, "by", "provider") &&
	       (lint_says(notice, "form", "personal") ||
		lint_says(notice, "form", "certified_mail")) &&
	       lint_duration(notice, "not_earlier_than", &from) &&
	       lint_duration(notice, "not_later_than", &to) && !lint_longer(l, from, earliest) &&
	       !lint_longer(l, latest, to);
}

static struct text renewal_at_risk(struct lint *l, struct duration period)
{
	struct fraction months, month = lint_effect_month(l);

	if (month.num == 0 || !lint_months(period, &months))
		return lint_nothing;
	return lint_effect(l, "%.*s of a renewal at risk",
			   TEXT_ARG(lint_amount(l, fraction_mul(month, months))));
}

static void new_york(struct lint *l)
{
	static const struct duration month = {1, UNIT_MO, {"", 0}};
	const struct node *renewal = node_at(l->root, "term.renewal"), *notice;
	struct text message = text_of("the renewal cannot be enforced in New York");
	struct duration period;

	if (l->p == NULL || !renews_by_itself(renewal) || !in_new_york(l) ||
	    !lint_duration(renewal, "period", &period) || !lint_longer(l, period, month))
		return;
	notice = node_at(renewal, "statutory_notice");
	if (is_statutory(l, notice))
		return;
	if (notice == NULL)
		lint_report_missing(l, LINT_T03, 'E', renewal, "statutory_notice", message,
				    renewal_at_risk(l, period));
	else
		lint_report(l, LINT_T03, 'E', notice, message, renewal_at_risk(l, period));
}

/* --- T-04 --- */

static struct text when_counts(struct lint *l, struct text method)
{
	return text_format(l->a, "when does a notice by %.*s count?", TEXT_ARG(method));
}

static bool is_deemed(const struct node *notices, struct text method)
{
	for (const struct node *d = lint_items(notices, "deemed"); d != NULL; d = d->next)
		if (text_eq(term_text(d, "method"), method))
			return true;
	return false;
}

/* The address that a method needs: a mailbox, or a postal address, be it that of the party itself. */
static void notice_address(struct lint *l, const char *party, const struct node *methods)
{
	const struct node *p = node_at(l->root, party);
	bool mailbox = lint_has(p, "notice.email"),
	     postal = lint_has(p, "notice.postal") || lint_has(p, "address");

	for (const struct node *m = methods->child; m != NULL; m = m->next) {
		bool electronic = text_is(m->text, "email");

		if (m->hole || text_is(m->text, "portal") || (electronic ? mailbox : postal))
			continue;
		lint_report_path(
			l, LINT_T04, 'W',
			text_format(l->a, "%s.notice.%s", party, electronic ? "email" : "postal").p,
			when_counts(l, m->text));
	}
}

static void receipt(struct lint *l)
{
	const struct node *notices = node_at(l->root, "notices"), *methods;
	struct text open = lint_nothing;

	if (notices == NULL) {
		lint_report_path(l, LINT_T04, 'W', "notices",
				 text_of("when does a notice by any method count?"));
		return;
	}
	methods = lint_value(notices, "methods");
	if (methods == NULL)
		return;
	for (const struct node *m = methods->child; m != NULL; m = m->next)
		if (!m->hole && !text_is(m->text, "portal") && !is_deemed(notices, m->text))
			lint_add_word(l, &open, text_format(l->a, "%.*s", TEXT_ARG(m->text)).p);
	if (open.n > 0)
		lint_report(l, LINT_T04, 'W', methods, when_counts(l, open), lint_nothing);
	notice_address(l, "parties.provider", methods);
	notice_address(l, "parties.client", methods);
}

/* --- T-05 --- */

static void report_order(struct lint *l, const struct node *at, const char *first, day a,
			 const char *second, day b)
{
	lint_report(l, LINT_T05, 'E', at,
		    text_format(l->a, "%s %.*s is after %s %.*s", first, TEXT_ARG(lint_date(l, a)),
				second, TEXT_ARG(lint_date(l, b))),
		    lint_nothing);
}

/* A charge runs from `from`, else the start of service, to before `until`; ends are given by their last day. */
static void charge_days(struct lint *l, const struct node *charge, day service, day end)
{
	const struct node *from = lint_value(charge, "from"), *until = lint_value(charge, "until");
	day first = from == NULL ? service : from->value.date;

	if (until != NULL && first != DAY_NONE && until->value.date <= first)
		report_order(l, until, from == NULL ? "the start of service" : "from", first,
			     "the last day of the charge", until->value.date - 1);
	if (from != NULL && end != DAY_NONE && first >= end)
		report_order(l, from, "from", first, "the last day of the term", end - 1);
}

static void outside_the_term(struct lint *l)
{
	const struct node *effective = lint_value(l->root, "term.effective_date"),
			  *start = lint_value(l->root, "term.service_start"),
			  *index = lint_value(l->root, "indexation.first");
	day effective_day = effective == NULL ? DAY_NONE : effective->value.date,
	    service = start == NULL ? effective_day : start->value.date, end = DAY_NONE;

	/* While the date that the term counts from is open, so is its end. */
	if (l->p != NULL && l->p->end != INSTANT_MAX && l->p->end != INSTANT_NONE)
		end = zone_day(l->p->zone, l->p->end);
	if (start != NULL && effective != NULL && service < effective_day)
		report_order(l, start, "effective_date", effective_day, "service_start", service);
	else if (start != NULL && end != DAY_NONE && service >= end)
		report_order(l, start, "service_start", service, "the last day of the term",
			     end - 1);
	for (const struct node *c = lint_items(l->root, "charges"); c != NULL; c = c->next)
		charge_days(l, c, service, end);
	if (index != NULL && effective != NULL && index->value.date < effective_day)
		report_order(l, index, "effective_date", effective_day, "the first adjustment",
			     index->value.date);
}

/* --- T-06 --- */

/* Of an amended version it is G-02 that asks. */
static void late_signature(struct lint *l)
{
	const struct node *effective = lint_value(l->root, "term.effective_date");

	if (l->p == NULL || effective == NULL || l->in->as_of == INSTANT_NONE ||
	    l->in->base != NULL || lint_has(l->root, "amends"))
		return;
	if (zone_day(l->p->zone, l->in->as_of) > effective->value.date)
		lint_report(l, LINT_T06, 'W', effective, text_of("signed after it takes effect"),
			    lint_nothing);
}

/* --- T-07 --- */

static bool needs_cure(const struct node *cause)
{
	static const char *const causes[] = {"material_breach", "non_payment", "baa_breach",
					     "dpa_breach", "insurance_or_certificate_lost"};

	for (size_t i = 0; i < ARRAY_SIZE(causes); i++)
		if (lint_says(cause, "cause", causes[i]))
			return true;
	return false;
}

/* The node of the shortest cure in causes that a party may use; NULL: none is written. */
static const struct node *shortest_cure(const struct lint *l, const char *party)
{
	const struct node *least = NULL;

	for (const struct node *c = lint_items(l->root, "termination.causes"); c != NULL;
	     c = c->next) {
		const struct node *cure = lint_value(c, "cure");

		if (cure == NULL || !(lint_says(c, "by", party) || lint_says(c, "by", "either")))
			continue;
		if (least == NULL || lint_longer(l, least->value.duration, cure->value.duration))
			least = cure;
	}
	return least;
}

static void report_cure(struct lint *l, const struct node *cause, const struct node *at,
			const struct node *one, const struct node *other)
{
	struct text unsaid = text_of("unsaid"), a = one == NULL ? unsaid : one->text,
		    b = other == NULL ? unsaid : other->text;
	struct text message = text_format(l->a, "cure is %.*s one way and %.*s the other",
					  TEXT_ARG(a), TEXT_ARG(b));

	if (at == NULL)
		lint_report_missing(l, LINT_T07, 'W', cause, "cure", message, lint_nothing);
	else
		lint_report(l, LINT_T07, 'W', at, message, lint_nothing);
}

static void cures(struct lint *l)
{
	const struct node *provider = shortest_cure(l, "provider"),
			  *client = shortest_cure(l, "client");

	for (const struct node *c = lint_items(l->root, "termination.causes"); c != NULL;
	     c = c->next)
		if (needs_cure(c) && !lint_has(c, "cure"))
			report_cure(l, c, NULL, NULL,
				    lint_says(c, "by", "provider") ? client : provider);
	if (provider == NULL || client == NULL)
		return;
	if (lint_longer(l, client->value.duration, provider->value.duration))
		report_cure(l, NULL, provider, provider, client);
	else if (lint_longer(l, provider->value.duration, client->value.duration))
		report_cure(l, NULL, client, client, provider);
}

/* --- T-08, T-09 --- */

static void data_back(struct lint *l)
{
	static const char *const dates[] = {"transition.data_return.within",
					    "transition.credentials.within"};
	struct text message = text_of("the client's data has no date to come back");
	const struct node *fee = lint_value(l->root, "transition.data_return.fee");

	if (!lint_has(l->root, "transition")) {
		lint_report_path(l, LINT_T08, 'W', "transition", message);
		return;
	}
	for (size_t i = 0; i < ARRAY_SIZE(dates); i++)
		if (!lint_has(l->root, dates[i]))
			lint_report_path(l, LINT_T08, 'W', dates[i], message);
	if (fee != NULL && text_is(fee->text, "hourly"))
		lint_report(l, LINT_T08, 'W', fee, message, lint_nothing);
}

static void gone_too_soon(struct lint *l)
{
	struct duration period, notice;

	if (!lint_duration(l->root, "transition.period", &period))
		return;
	for (const struct node *c = lint_items(l->root, "termination.convenience"); c != NULL;
	     c = c->next)
		if (!lint_says(c, "by", "client") && lint_duration(c, "notice", &notice) &&
		    lint_longer(l, period, notice))
			lint_report(l, LINT_T09, 'W', node_at(c, "notice"),
				    text_of("the provider can be gone before the transition ends"),
				    lint_nothing);
}

/* --- T-10 --- */

static struct text two_deadlines(struct lint *l, struct text a, struct text b)
{
	return text_format(l->a, "two deadlines for one act: %.*s, %.*s", TEXT_ARG(a), TEXT_ARG(b));
}

static bool same_deadline(const struct node *a, const struct node *b)
{
	struct duration x = a->value.duration, y = b->value.duration;

	return lint_same_length(x, y) && text_eq(x.calendar, y.calendar);
}

static void duties_of_one_id(struct lint *l)
{
	const struct node *duties = lint_value(l->root, "responsibilities");

	for (const struct node *o = lint_items(l->root, "client_obligations");
	     o != NULL && duties != NULL; o = o->next) {
		const struct node *within = lint_value(o, "within"),
				  *same = node_item(duties, o->key),
				  *other = lint_value(same, "within");

		if (within != NULL && other != NULL && !same_deadline(within, other))
			lint_report(l, LINT_T10, 'E', within,
				    two_deadlines(l, other->text, within->text), lint_nothing);
	}
}

/* What a party holds of the other is given back or destroyed once, whatever paper asks for it. */
static void destroyed_once(struct lint *l)
{
	static const char *const paths[] = {
		"confidentiality.return_or_destroy", "compliance.hipaa.end.within",
		"compliance.gdpr.end.within", "transition.data_destroy.within"};
	const struct node *first = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		const struct node *n = lint_value(l->root, paths[i]);

		if (n != NULL && first != NULL && !same_deadline(first, n)) {
			lint_report(l, LINT_T10, 'E', n, two_deadlines(l, first->text, n->text),
				    lint_nothing);
			return;
		}
		first = first == NULL ? n : first;
	}
}

/*
 * Is a figure at `at` what "within" or "no later than" speaks of? Between the two stand at most three words and the bracket of
 * "seven (7)", no other figure and no end of a sentence.
 */
static bool is_limit(struct text words, size_t at)
{
	static const char *const limits[] = {"within", "no later than"};
	enum { BLANKS_MAX = 6 }; /* "no later than" and three words */
	struct text hit;
	size_t blanks = 0, from = at;

	for (; from > 0 && blanks <= BLANKS_MAX; from--) {
		char c = words.p[from - 1];

		if (strchr(".;,:}", c) != NULL || (c >= '0' && c <= '9'))
			return false;
		if (c != ' ' && c != '\n')
			continue;
		if (lint_has_words(text_sub(words, from, at), limits, ARRAY_SIZE(limits), &hit))
			return true;
		blanks++;
	}
	return from == 0 &&
	       lint_has_words(text_sub(words, 0, at), limits, ARRAY_SIZE(limits), &hit);
}

static bool same_literal(const struct literal *a, const struct literal *b)
{
	struct duration x = {a->number.units, a->unit, lint_nothing},
			y = {b->number.units, b->unit, lint_nothing};

	if (a->number.scale > 0 || b->number.scale > 0)
		return a->unit == b->unit && decimal_cmp(a->number, b->number) == 0;
	return lint_same_length(x, y);
}

static void limits_in_words(struct lint *l, const struct lint_clause *c)
{
	struct literal x, first;
	bool found = false;
	size_t from = 0;

	while (lint_literal(c->words, &from, &x)) {
		if (x.kind != LITERAL_DURATION || !is_limit(c->words, x.at))
			continue;
		if (found && !same_literal(&first, &x)) {
			lint_report(l, LINT_T10, 'E', c->at,
				    two_deadlines(l, lint_literal_text(l, &first),
						  lint_literal_text(l, &x)),
				    lint_nothing);
			return;
		}
		if (!found)
			first = x;
		found = true;
	}
}

void lint_term(struct lint *l)
{
	lint_term_dates(l);
	evergreen(l);
	new_york(l);
	receipt(l);
	outside_the_term(l);
	late_signature(l);
	cures(l);
	data_back(l);
	gone_too_soon(l);
	duties_of_one_id(l);
	destroyed_once(l);
	for (size_t i = 0; i < l->n_clauses; i++)
		limits_in_words(l, &l->clauses[i]);
}
