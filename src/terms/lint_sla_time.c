/* SPDX-License-Identifier: Apache-2.0 */
/* Rules S that compare deadlines and hours: S-08, S-09 (LN-7), S-17, S-22. All need a promise. */
#include "terms/lint_rules.h"

/* LN-7: each full hour of 14 days from the first Monday on or after the start of service. */
enum { STARTS = 14 * 24 };

static bool is_solved(int event)
{
	return event == EVENT_RESTORED || event == EVENT_RESOLVED || event == EVENT_CLOSED;
}

/* The priorities of a contract, or one that stands for every ticket. */
static int priorities_end(const struct promise *p)
{
	return p->n_priorities == 0 ? 0 : (int)p->n_priorities;
}

static int priorities_begin(const struct promise *p)
{
	return p->n_priorities == 0 ? -1 : 0;
}

static struct text priority_name(const struct promise *p, int priority)
{
	return priority < 0 ? text_of("every ticket") : p->priorities[priority].id;
}

/* --- S-08 --- */

static bool solved_by_another(const struct promise *p, const struct metric *response, int priority)
{
	for (size_t i = 0; i < p->n_metrics; i++) {
		const struct metric *m = &p->metrics[i];

		if (m->kind == METRIC_ELAPSED && m->role == ROLE_COMMITMENT &&
		    m->service == response->service && is_solved(m->stop) &&
		    metric_target(m, priority) != NULL)
			return true;
	}
	return false;
}

static void never_solved(struct lint *l, const struct metric *m)
{
	const struct promise *p = l->p;

	if (m->kind != METRIC_ELAPSED || m->role != ROLE_COMMITMENT || m->stop != EVENT_ANSWERED)
		return;
	for (int i = priorities_begin(p); i < priorities_end(p); i++) {
		const struct target *t = metric_target(m, i);

		if (t == NULL || solved_by_another(p, m, i))
			continue;
		lint_report(l, LINT_S08, 'W', t->node,
			    text_format(l->a,
					"%.*s is answered within %.*s but never has to be solved",
					TEXT_ARG(priority_name(p, i)),
					TEXT_ARG(term_text(t->node, "within"))),
			    lint_nothing);
	}
}

/* --- S-09 --- */

/* `by` replaces the time of day of a deadline counted in days (sla.md R8), on the clock of its calendar. */
static instant at_time_of_day(const struct promise *p, const struct timing *t, int32_t by_min,
			      instant due)
{
	const struct zone *z = t->calendar == NULL ? NULL : calendar_zone(t->calendar);

	if (by_min < 0 || t->duration.unit == UNIT_MIN || t->duration.unit == UNIT_H)
		return due;
	z = z == NULL ? p->zone : z;
	return zone_instant(z, zone_day(z, due), (int64_t)by_min * MINUTE_MS, NULL);
}

static bool one_deadline(const struct promise *p, const struct metric *m,
			 const struct target *target, const struct timing *t, instant start,
			 instant *out)
{
	struct duration_context context = promise_duration(p, t);
	struct err err = {.line = 0};
	int64_t ms;

	if (t->calendar != NULL && duration_exact_ms(t->duration, &ms))
		return calendar_deadline(t->calendar, start, ms, m->at_closing, out);
	if (duration_add(t->duration, 1, ANCHOR_MOMENT, start, &context, out, &err) != RC_OK)
		return false;
	*out = at_time_of_day(p, t, target->by_min, *out);
	return true;
}

/* The earlier of `within` and `or_within` (sla.md R30). */
static bool deadline(const struct promise *p, const struct metric *m, const struct target *t,
		     instant start, instant *out)
{
	instant other;

	if (!t->within.set || !one_deadline(p, m, t, &t->within, start, out))
		return false;
	if (t->or_within.set && one_deadline(p, m, t, &t->or_within, start, &other) && other < *out)
		*out = other;
	return true;
}

/* A target of a metric. */
struct promised {
	const struct metric *metric;
	const struct target *target;
};

/* LN-7: a start for which a's deadline is after b's. */
static bool later(struct lint *l, struct promised a, struct promised b, instant *start)
{
	const struct promise *p = l->p;
	day monday = lint_service_day(l);

	if (a.target == NULL || b.target == NULL || a.target == b.target)
		return false;
	monday += (7 - weekday_of(monday)) % 7;
	for (int i = 0; i < STARTS; i++) {
		instant at = zone_instant(p->zone, monday + i / 24, i % 24 * HOUR_MS, NULL), due_a,
			due_b;

		if (deadline(p, a.metric, a.target, at, &due_a) &&
		    deadline(p, b.metric, b.target, at, &due_b) && due_a > due_b) {
			*start = at;
			return true;
		}
	}
	return false;
}

static void report_later(struct lint *l, struct promised a, struct text who, struct text than,
			 instant start)
{
	lint_report(l, LINT_S09, 'E', node_at(a.target->node, "within"),
		    text_format(l->a, "%.*s is due later than %.*s for a ticket logged %.*s",
				TEXT_ARG(who), TEXT_ARG(than),
				TEXT_ARG(lint_weekday_when(l, start))),
		    lint_nothing);
}

/* A more urgent ticket must not be due after the next less urgent one. */
static void urgent_later(struct lint *l, const struct metric *m)
{
	const struct promise *p = l->p;
	instant start;

	if (m->kind != METRIC_ELAPSED)
		return;
	for (int i = 0; i + 1 < (int)p->n_priorities; i++) {
		struct promised a = {m, metric_target(m, i)}, b = {m, metric_target(m, i + 1)};

		if (later(l, a, b, &start))
			report_later(l, a, p->priorities[i].id, p->priorities[i + 1].id, start);
	}
}

/* A ticket must not have to be solved before it has to be answered. */
static void answered_after_solved(struct lint *l, const struct metric *response)
{
	const struct promise *p = l->p;
	instant start;

	if (response->kind != METRIC_ELAPSED || response->stop != EVENT_ANSWERED)
		return;
	for (size_t k = 0; k < p->n_metrics; k++) {
		const struct metric *m = &p->metrics[k];

		if (m->kind != METRIC_ELAPSED || !is_solved(m->stop) ||
		    m->service != response->service)
			continue;
		for (int i = priorities_begin(p); i < priorities_end(p); i++) {
			struct promised a = {response, metric_target(response, i)},
					b = {m, metric_target(m, i)};
			struct text name = priority_name(p, i);

			if (later(l, a, b, &start))
				report_later(
					l, a,
					text_format(l->a, "the answer to %.*s", TEXT_ARG(name)),
					text_format(l->a, "its solution (%.*s)", TEXT_ARG(m->id)),
					start);
		}
	}
}

/* --- S-17 --- */

/* When a service is there for a priority: `calendar_for` wins over `calendar`. */
static const struct calendar *staffed(const struct promise *p, const struct service *s,
				      int priority, struct text *name)
{
	const struct node *own = NULL;

	for (const struct node *f = lint_items(s->node, "calendar_for"); f != NULL; f = f->next)
		if (priority >= 0 && term_ref(f, "priority") == p->priorities[priority].node)
			own = f;
	*name = term_text(own != NULL ? own : s->node, "calendar");
	return promise_calendar(p, *name);
}

/* Open time of a that is not open in b, in the first year of service. */
static bool opens_beyond(struct lint *l, const struct calendar *a, const struct calendar *b)
{
	const struct zone *z = l->p->zone;
	day from = lint_service_day(l);
	instant begin = zone_midnight(z, from), end = zone_midnight(z, day_add_months(from, 12));

	return spans_minus(l->a, calendar_spans(l->a, a, begin, end),
			   calendar_spans(l->a, b, begin, end))
		       .n > 0;
}

static void clock_and_staff(struct lint *l, const struct metric *m, int priority,
			    const struct timing *t)
{
	const struct promise *p = l->p;
	struct text name, clock_name = t->duration.calendar;
	const struct calendar *service,
		*clock = t->calendar == NULL ? calendar_always() : t->calendar;
	char severity = 0;

	if (!t->set || (t->duration.unit != UNIT_MIN && t->duration.unit != UNIT_H))
		return;
	service = staffed(p, &p->services[m->service], priority, &name);
	if (service == NULL || service == clock)
		return;
	if (opens_beyond(l, service, clock))
		severity = 'E';
	else if (opens_beyond(l, clock, service))
		severity = 'W';
	if (severity != 0)
		lint_report(
			l, LINT_S17, severity, t->node,
			text_format(l->a, "%.*s is served on %.*s but counted on %.*s",
				    TEXT_ARG(priority_name(p, priority)), TEXT_ARG(name),
				    TEXT_ARG(clock_name.n == 0 ? text_of("always") : clock_name)),
			lint_nothing);
}

static void served_and_counted(struct lint *l, const struct metric *m)
{
	const struct promise *p = l->p;

	if (m->kind != METRIC_ELAPSED || m->role != ROLE_COMMITMENT || m->service < 0)
		return;
	for (int i = priorities_begin(p); i < priorities_end(p); i++) {
		const struct target *t = metric_target(m, i);

		if (t == NULL)
			continue;
		clock_and_staff(l, m, i, &t->within);
		clock_and_staff(l, m, i, &t->or_within);
	}
}

/* --- S-22 --- */

static int64_t agreed_ms(const struct lint *l, const struct metric *m, day from, day to)
{
	const struct calendar *c = m->schedule == NULL ? calendar_always() : m->schedule;

	return calendar_elapsed_ms(c, zone_midnight(l->p->zone, from),
				   zone_midnight(l->p->zone, to));
}

/* Months of a window that follows the calendar; 0 for one of so many days. */
static int32_t months_of(enum window_kind window)
{
	switch (window) {
	case WINDOW_CALENDAR_QUARTER:
		return 3;
	case WINDOW_CALENDAR_YEAR:
	case WINDOW_ROLLING_12MO:
		return 12;
	case WINDOW_ROLLING_30D:
	case WINDOW_ROLLING_90D:
		return 0;
	case WINDOW_CALENDAR_MONTH:
	case WINDOW_UNSAID:
		return 1;
	}
	return 1;
}

/* Agreed time of the shortest whole window that begins in the first 12 months of service. */
static int64_t shortest_window_ms(const struct lint *l, const struct metric *m)
{
	struct civil start = civil_of(lint_service_day(l));
	int32_t months = months_of(m->window);
	bool calendar = m->window != WINDOW_ROLLING_12MO && months > 1;
	int64_t shortest = INT64_MAX;

	for (int32_t i = 0; i < 12; i++) {
		day from = day_add_months(day_of(start.year, start.month, 1), i), to;

		if (calendar && (civil_of(from).month - 1) % months != 0)
			continue;
		to = months > 0 ? day_add_months(from, months)
				: from + (m->window == WINDOW_ROLLING_30D ? 30 : 90);

		int64_t ms = agreed_ms(l, m, from, to);

		shortest = ms < shortest ? ms : shortest;
	}
	return shortest;
}

static void unseen_outage(struct lint *l, const struct metric *m)
{
	const struct measured_by *by = &m->measured_by;
	struct fraction seen, allowed, per_minute = fraction_of(1, MINUTE_MS);
	int64_t seen_ms;

	if (m->kind != METRIC_AVAILABILITY || !m->target_set || by->interval_ms <= 0 ||
	    __builtin_mul_overflow(by->interval_ms, by->down_after < 1 ? 1 : by->down_after,
				   &seen_ms))
		return;
	seen = fraction_of(seen_ms, 1);
	allowed = fraction_mul(fraction_of(shortest_window_ms(l, m), 100),
			       fraction_sub(fraction_of(100, 1), fraction_of_decimal(m->target)));
	if (fraction_cmp(seen, allowed) < 0)
		return;
	lint_report(l, LINT_S22, 'E', node_at(m->node, "target"),
		    text_format(l->a, "an outage is seen after %.*s min, %.*s allows %.*s min",
				TEXT_ARG(lint_number(l, fraction_mul(seen, per_minute), 2)),
				TEXT_ARG(term_text(m->node, "target")),
				TEXT_ARG(lint_number(l, fraction_mul(allowed, per_minute), 2))),
		    lint_nothing);
}

void lint_sla_time(struct lint *l)
{
	if (l->p == NULL)
		return;
	for (size_t i = 0; i < l->p->n_metrics; i++) {
		const struct metric *m = &l->p->metrics[i];

		never_solved(l, m);
		urgent_later(l, m);
		answered_after_solved(l, m);
		served_and_counted(l, m);
		unseen_outage(l, m);
	}
}
