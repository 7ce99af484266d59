/* SPDX-License-Identifier: Apache-2.0 */
/* When reports are due, whether they came, and what follows if they did not (sla.md R67, R69, R11, R12). */
#include "engine/remedy_work.h"

#include "engine/windows.h"

enum { MONTHS_OF_YEAR = 12 };

int32_t report_months(const struct promise *p)
{
	enum { MONTHS_MAX = 12000 }; /* a thousand years: no term is longer */
	const struct duration *every = &p->reporting.every;

	if (every->unit == UNIT_MO)
		return every->n < MONTHS_MAX ? (int32_t)every->n : MONTHS_MAX;
	if (every->unit != UNIT_Y)
		return 0;
	return every->n < MONTHS_MAX / MONTHS_OF_YEAR ? (int32_t)every->n * MONTHS_OF_YEAR
						      : MONTHS_MAX;
}

instant report_end(const struct promise *p, const struct window_result *w)
{
	int32_t months = report_months(p);
	struct civil last = civil_of(zone_day(p->zone, w->window.to - 1));
	struct civil first = {last.year, 1, 1};

	if (months == 0)
		return w->window.to;
	/* Periods that do not divide the year have no January to start from: they count from the start of the service. */
	if (MONTHS_OF_YEAR % months != 0 && p->service_start_day != DAY_NONE)
		first = civil_of(p->service_start_day);

	int32_t since = (last.year - first.year) * MONTHS_OF_YEAR + last.month - first.month;
	int32_t begun = since >= 0 ? since / months : 0;

	return zone_midnight(
		p->zone, day_add_months(day_of(first.year, first.month, 1), (begun + 1) * months));
}

instant report_next_end(const struct promise *p, instant end)
{
	return zone_midnight(p->zone, day_add_months(zone_day(p->zone, end), report_months(p)));
}

void report_label(const struct promise *p, instant end, char out[24])
{
	enum window_kind kind = WINDOW_CALENDAR_MONTH;
	int32_t months = report_months(p);

	if (months == 3)
		kind = WINDOW_CALENDAR_QUARTER;
	else if (months == MONTHS_OF_YEAR)
		kind = WINDOW_CALENDAR_YEAR;
	window_label(p, kind, window_at(p, kind, end - 1), out);
}

/* A report may be recorded under the window's label or under that of the reporting period that ends with it. */
instant report_delivery(const struct outcome *o, const struct window_result *w, uint32_t *fact)
{
	const struct promise *p = promise_at(o, w->version);
	uint32_t own_fact = NO_FACT, whole_fact = NO_FACT;
	char label[24];
	instant own = report_delivered(o->view, p, text_of(w->label), &own_fact), whole;

	report_label(p, report_end(p, w), label);
	whole = report_delivered(o->view, p, text_of(label), &whole_fact);
	if (own == INSTANT_NONE || (whole != INSTANT_NONE && whole < own)) {
		*fact = whole_fact;
		return whole;
	}
	*fact = own_fact;
	return own;
}

bool report_is_late(const struct outcome *o, const struct window_result *w)
{
	if (w->report_due == INSTANT_NONE || w->why_not == NJ_OUTSIDE_TERM)
		return false;
	if (w->report_delivered != INSTANT_NONE)
		return w->report_delivered > w->report_due;
	return o->in.as_of > w->report_due;
}

/*
 * R67 deems what was promised for the window; where nothing was (before applies_from, a part that the contract does not
 * judge, no target, no agreed time) there is nothing to fail.
 */
static bool can_be_deemed(const struct outcome *o, const struct window_result *w)
{
	if (w->running || metric_of(o, w)->role != ROLE_COMMITMENT)
		return false;
	return w->why_not == JUDGED || w->why_not == NJ_NO_SAMPLES ||
	       w->why_not == NJ_SMALL_SAMPLE || w->why_not == NJ_CARRIED;
}

enum rc report_judge(const struct outcome *o, struct window_result *w, struct err *err)
{
	const struct promise *p = promise_at(o, w->version);
	uint32_t fact;

	w->report_due = INSTANT_NONE;
	w->report_delivered = INSTANT_NONE;
	/* Nobody owes a report on a time without a contract. */
	if (!p->reporting.set || w->why_not == NJ_OUTSIDE_TERM)
		return RC_OK;

	enum rc rc =
		act_due(p, &p->reporting.due, ANCHOR_EDGE, report_end(p, w), &w->report_due, err);

	if (rc != RC_OK)
		return rc;
	w->report_delivered = report_delivery(o, w, &fact);
	if (p->reporting.if_late == LATE_DEEMED_FAILURE && report_is_late(o, w) &&
	    can_be_deemed(o, w)) {
		w->deemed = true;
		w->verdict = VERDICT_MISSED;
	}
	return RC_OK;
}

enum rc remedy_reports(struct arena *a, struct outcome *o, struct err *err)
{
	(void)a;
	for (size_t i = 0; i < o->n_windows; i++) {
		enum rc rc = report_judge(o, &o->windows[i], err);

		if (rc != RC_OK)
			return rc;
	}
	return RC_OK;
}
