/* SPDX-License-Identifier: Apache-2.0 */
/* Rules T about the dates that notices and prices fall on: T-01, T-11, T-12. */
#include "terms/lint_values.h"

/* A contract may renew for ever; two years of monthly renewals hold every length of month. */
enum { RENEWALS_MAX = 24, DURATION_MAX = 999999999 };

/* --- T-01 --- */

static void cannot_be_given(struct lint *l, const struct node *notice, struct text term)
{
	lint_report(l, LINT_T01, 'E', notice,
		    text_format(l->a, "%.*s notice cannot be given in a term of %.*s",
				TEXT_ARG(notice->text), TEXT_ARG(term)),
		    lint_nothing);
}

/* Is the last moment of a notice before `to` no later than `from`, when the term that it ends begins? */
static bool too_long(const struct lint *l, const struct node *notice, day from, day to)
{
	instant last;

	return !lint_from_edge(l, notice->value.duration, -1, to, true, &last) ||
	       last <= zone_midnight(l->p->zone, from);
}

/* Edges of renewals are counted from the end of the initial term, never chained (CL-10). */
static bool renewal_end(const struct lint *l, struct duration period, int64_t nth, day end,
			day *out)
{
	instant t;

	if (period.n > DURATION_MAX / (nth == 0 ? 1 : nth))
		return false;
	period.n *= nth;
	if (!lint_from_edge(l, period, 1, end, false, &t))
		return false;
	*out = zone_day(l->p->zone, t);
	return true;
}

static bool too_long_for_a_renewal(const struct lint *l, const struct node *renewal,
				   const struct node *notice, day end)
{
	struct duration period;
	int64_t most = RENEWALS_MAX;
	day from, to;

	if (!lint_duration(renewal, "period", &period))
		return false;
	if (!term_int(renewal, "max_renewals", &most) || most > RENEWALS_MAX)
		most = RENEWALS_MAX;
	for (int64_t i = 0; i < most; i++) {
		if (!renewal_end(l, period, i, end, &from) ||
		    !renewal_end(l, period, i + 1, end, &to))
			return false;
		if (too_long(l, notice, from, to))
			return true;
	}
	return false;
}

static void notices_in_time(struct lint *l, const struct lint_days *term)
{
	static const struct duration month = {1, UNIT_MO, {"", 0}};
	const struct node *initial = node_at(l->root, "term.initial"),
			  *renewal = node_at(l->root, "term.renewal"),
			  *notice = lint_value(renewal, "non_renewal_notice.at_least"),
			  *holdover = lint_value(l->root, "term.holdover.notice");

	if (notice != NULL && too_long(l, notice, term->from, term->to))
		cannot_be_given(l, notice, initial->text);
	else if (notice != NULL && too_long_for_a_renewal(l, renewal, notice, term->to))
		cannot_be_given(l, notice, node_at(renewal, "period")->text);
	if (holdover != NULL && !lint_longer(l, month, holdover->value.duration))
		cannot_be_given(l, holdover, text_of("1mo"));
	for (const struct node *c = lint_items(l->root, "termination.convenience"); c != NULL;
	     c = c->next) {
		const struct node *n = lint_value(c, "notice");

		if (n != NULL && !lint_longer(l, initial->value.duration, n->value.duration))
			cannot_be_given(l, n, initial->text);
	}
}

/* --- T-11 --- */

/* Only civil deadlines roll (CL-12). */
static bool rolls(struct duration d)
{
	return d.unit == UNIT_D || d.unit == UNIT_W || d.unit == UNIT_MO || d.unit == UNIT_Y;
}

/* A contract that names no working days means Monday to Friday here. */
static bool is_working_day(const struct lint *l, day d)
{
	enum { SATURDAY = 5 };

	return l->p->business != NULL ? calendar_working_day(l->p->business, d)
				      : weekday_of(d) < SATURDAY;
}

static void report_day_off(struct lint *l, struct text deadline, day d)
{
	static const char *const names[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
					    "Friday", "Saturday", "Sunday"};

	lint_report_path(l, LINT_T11, 'W', "notices.roll",
			 text_format(l->a, "%.*s falls on %s %.*s", TEXT_ARG(deadline),
				     names[weekday_of(d)], TEXT_ARG(lint_date(l, d))));
}

static bool renewal_on_day_off(struct lint *l, const struct lint_days *term)
{
	const struct node *renewal = node_at(l->root, "term.renewal");
	struct duration notice;
	instant last;
	day d;

	if (renewal == NULL || lint_says(renewal, "mode", "none") ||
	    !lint_duration(renewal, "non_renewal_notice.at_least", &notice) || !rolls(notice) ||
	    !lint_from_edge(l, notice, -1, term->to, false, &last))
		return false;
	/* 00:00 of a day is 24:00 of the one before, and that is the last day (CL-11). */
	d = zone_day(l->p->zone, last) - 1;
	if (is_working_day(l, d))
		return false;
	report_day_off(l, text_of("the last day to decline renewal"), d);
	return true;
}

/* Invoices of the first twelve months: of the day the service starts, then of the first of each month. */
static void payment_on_day_off(struct lint *l)
{
	enum { INVOICES = 12 };
	struct duration due;
	day invoice = lint_service_day(l);

	if (!lint_duration(l->root, "payment.due", &due) || !rolls(due))
		return;
	for (int i = 0; i < INVOICES; i++) {
		struct civil c = civil_of(invoice);
		instant end;

		if (!lint_from_edge(l, due, 1, invoice, false, &end))
			return;
		/* From the edge of a date its n-th day after begins; it is due at the end of that day (CL-11). */
		if (!is_working_day(l, zone_day(l->p->zone, end))) {
			report_day_off(l,
				       text_format(l->a, "payment of the invoice of %.*s",
						   TEXT_ARG(lint_date(l, invoice))),
				       zone_day(l->p->zone, end));
			return;
		}
		invoice = day_add_months(day_of(c.year, c.month, 1), 1);
	}
}

static void days_off(struct lint *l, const struct lint_days *term)
{
	if (lint_has(l->root, "notices.roll"))
		return;
	if (!renewal_on_day_off(l, term))
		payment_on_day_off(l);
}

/* --- T-12 --- */

/* The first adjustment at or after a day, counted from `first` and never chained. */
static bool adjustment_from(const struct lint *l, const struct node *indexation, day end, day *out)
{
	const struct node *first = lint_value(indexation, "first");
	struct duration every;
	int64_t times = 0;

	if (first == NULL || !lint_duration(indexation, "every", &every) || !rolls(every))
		return false;

	struct civil from = civil_of(first->value.date), to = civil_of(end);
	int64_t months = ((int64_t)to.year - from.year) * 12 + to.month - from.month;
	bool by_day = every.unit == UNIT_D || every.unit == UNIT_W;
	int64_t step = every.unit == UNIT_W || every.unit == UNIT_Y
			       ? every.n * (every.unit == UNIT_W ? 7 : 12)
			       : every.n;

	*out = first->value.date;
	if (first->value.date >= end)
		return true;
	times = (by_day ? (int64_t)end - first->value.date : months) / step;
	for (; times >= 0; times++) {
		if (!renewal_end(l, every, times, first->value.date, out))
			return false;
		if (*out >= end)
			return true;
	}
	return false;
}

static void price_after_choice(struct lint *l, const struct lint_days *term)
{
	const struct node *renewal = node_at(l->root, "term.renewal"),
			  *indexation = node_at(l->root, "indexation");
	struct duration decline, announce;
	instant choice, told;
	day adjustment;

	if (renewal == NULL || indexation == NULL ||
	    !(lint_says(renewal, "mode", "automatic") ||
	      lint_says(renewal, "mode", "client_option")) ||
	    !lint_duration(renewal, "non_renewal_notice.at_least", &decline) ||
	    !lint_from_edge(l, decline, -1, term->to, true, &choice))
		return;

	struct text by = lint_when(l, choice, true);

	if (!lint_has(indexation, "notice"))
		lint_report_missing(l, LINT_T12, 'W', indexation, "notice",
				    text_format(l->a,
						"the client must decide by %.*s and learns the "
						"price on no stated date",
						TEXT_ARG(by)),
				    lint_nothing);
	if (!lint_duration(indexation, "notice", &announce) ||
	    !adjustment_from(l, indexation, term->to, &adjustment) ||
	    !lint_from_edge(l, announce, -1, adjustment, true, &told) || told <= choice)
		return;
	lint_report(l, LINT_T12, 'W', node_at(indexation, "notice"),
		    text_format(l->a, "the client must decide by %.*s and learns the price on %.*s",
				TEXT_ARG(by), TEXT_ARG(lint_when(l, told, true))),
		    lint_nothing);
}

void lint_term_dates(struct lint *l)
{
	struct lint_days term;

	if (!lint_initial_term(l, &term))
		return;
	notices_in_time(l, &term);
	days_off(l, &term);
	price_after_choice(l, &term);
}
