/* SPDX-License-Identifier: Apache-2.0 */
/* The days that an iCalendar file lists, by libical, with limits on what a rule of recurrence may ask for. */
#include "terms/calendars.h"

#include <libical/ical.h>

#include <stdlib.h>

enum { YEAR_FIRST = 1970, YEAR_LAST = 2100, DAYS_MAX = 60000, LONGEST_EVENT_DAYS = 366 };

struct listing {
	struct arena *a;
	day *v;
	size_t n, cap;
	struct err *err;
};

static day day_of_ical(struct icaltimetype t)
{
	return day_of(t.year, t.month, t.day);
}

/* libical lets months and days pass that do not exist. */
static bool exists(struct icaltimetype t)
{
	return !icaltime_is_null_time(t) && t.year >= 1 && t.year <= 9999 && t.month >= 1 &&
	       t.month <= 12 && t.day >= 1 && t.day <= days_in_month(t.year, t.month);
}

static bool same_day(struct icaltimetype x, struct icaltimetype y)
{
	return x.year == y.year && x.month == y.month && x.day == y.day;
}

static bool in_years(struct icaltimetype t)
{
	return t.year >= YEAR_FIRST && t.year <= YEAR_LAST;
}

static bool whole_day(struct icaltimetype t)
{
	return t.is_date != 0 || (t.hour == 0 && t.minute == 0 && t.second == 0);
}

/* Is this instance of the event cancelled by EXDATE, or moved by another event with its RECURRENCE-ID? */
static bool taken_out(icalcomponent *file, icalcomponent *event, struct icaltimetype t)
{
	const char *uid = icalcomponent_get_uid(event);

	for (icalproperty *p = icalcomponent_get_first_property(event, ICAL_EXDATE_PROPERTY);
	     p != NULL; p = icalcomponent_get_next_property(event, ICAL_EXDATE_PROPERTY))
		if (same_day(icalproperty_get_exdate(p), t))
			return true;

	icalcompiter i = icalcomponent_begin_component(file, ICAL_VEVENT_COMPONENT);

	for (icalcomponent *o = icalcompiter_deref(&i); o != NULL && uid != NULL;
	     o = icalcompiter_next(&i)) {
		const char *other = icalcomponent_get_uid(o);
		icalproperty *id = icalcomponent_get_first_property(o, ICAL_RECURRENCEID_PROPERTY);

		if (o != event && id != NULL && other != NULL &&
		    text_eq(text_of(uid), text_of(other)) &&
		    same_day(icalproperty_get_recurrenceid(id), t))
			return true;
	}
	return false;
}

static enum rc add(struct listing *l, struct icaltimetype t, int32_t length)
{
	for (int32_t i = 0; i < length && in_years(t); i++) {
		if (l->n == DAYS_MAX)
			return err_set(l->err, RC_LIMIT, "the calendar lists more than %d days",
				       DAYS_MAX);
		l->v = arena_grow(l->a, l->v, l->n, &l->cap, sizeof(*l->v));
		l->v[l->n++] = day_of_ical(t) + i;
	}
	return RC_OK;
}

static bool frequency_allowed(const struct icalrecurrencetype *rule)
{
	bool by_time = rule->by_hour[0] != ICAL_RECURRENCE_ARRAY_MAX ||
		       rule->by_minute[0] != ICAL_RECURRENCE_ARRAY_MAX ||
		       rule->by_second[0] != ICAL_RECURRENCE_ARRAY_MAX;

	return !by_time && rule->interval > 0 &&
	       (rule->freq == ICAL_YEARLY_RECURRENCE || rule->freq == ICAL_MONTHLY_RECURRENCE ||
		rule->freq == ICAL_WEEKLY_RECURRENCE || rule->freq == ICAL_DAILY_RECURRENCE);
}

static enum rc add_rule(struct listing *l, icalcomponent *file, icalcomponent *event,
			icalproperty *property, struct icaltimetype start, int32_t length)
{
	struct icalrecurrencetype rule = icalproperty_get_rrule(property);
	enum rc rc = RC_OK;

	if (!frequency_allowed(&rule))
		return err_set(
			l->err, RC_INVALID,
			"an event recurs by hours, minutes or seconds: only YEARLY, MONTHLY, "
			"WEEKLY and DAILY can be read");
	/* Without an end libical would search far beyond what a calendar needs. */
	if (icaltime_is_null_time(rule.until) || rule.until.year > YEAR_LAST) {
		rule.until = icaltime_null_date();
		rule.until.year = YEAR_LAST;
		rule.until.month = 12;
		rule.until.day = 31;
	}

	icalrecur_iterator *i = icalrecur_iterator_new(rule, start);

	if (i == NULL)
		return err_set(l->err, RC_INVALID, "a rule of recurrence cannot be followed");
	for (struct icaltimetype t = icalrecur_iterator_next(i);
	     rc == RC_OK && exists(t) && t.year <= YEAR_LAST; t = icalrecur_iterator_next(i))
		if (!taken_out(file, event, t))
			rc = add(l, t, length);
	icalrecur_iterator_free(i);
	return rc;
}

static enum rc add_event(struct listing *l, icalcomponent *file, icalcomponent *event)
{
	struct icaltimetype start = icalcomponent_get_dtstart(event),
			    end = icalcomponent_get_dtend(event);
	icalproperty *rule = icalcomponent_get_first_property(event, ICAL_RRULE_PROPERTY);
	enum rc rc = RC_OK;

	if (!exists(start))
		return err_set(l->err, RC_INVALID, "an event has no date");
	if (icalcomponent_get_status(event) == ICAL_STATUS_CANCELLED)
		return RC_OK;
	if (!whole_day(start) || (!icaltime_is_null_time(end) && !whole_day(end)))
		return err_set(l->err, RC_INVALID,
			       "the event of %04d-%02d-%02d has a time of day: only whole days can "
			       "be closed",
			       start.year, start.month, start.day);

	bool has_end = !icaltime_is_null_time(end);

	if (has_end && !exists(end))
		return err_set(l->err, RC_INVALID, "an event has no end that exists");

	int32_t length = has_end ? day_of_ical(end) - day_of_ical(start) : 1;

	if (length < 1)
		length = 1;
	if (length > LONGEST_EVENT_DAYS)
		return err_set(l->err, RC_INVALID,
			       "the event of %04d-%02d-%02d lasts more than a year", start.year,
			       start.month, start.day);
	if (rule == NULL && !taken_out(file, event, start))
		rc = add(l, start, length);
	for (; rule != NULL && rc == RC_OK;
	     rule = icalcomponent_get_next_property(event, ICAL_RRULE_PROPERTY))
		rc = add_rule(l, file, event, rule, start, length);
	for (icalproperty *p = icalcomponent_get_first_property(event, ICAL_RDATE_PROPERTY);
	     p != NULL && rc == RC_OK;
	     p = icalcomponent_get_next_property(event, ICAL_RDATE_PROPERTY)) {
		struct icaltimetype t = icalproperty_get_rdate(p).time;

		if (exists(t) && in_years(t) && !taken_out(file, event, t))
			rc = add(l, t, length);
	}
	return rc;
}

enum rc ics_days(struct arena *a, struct text bytes, const day **out, size_t *n, struct err *err)
{
	struct listing l = {.a = a, .err = err};
	/* arena_copy ends the text with a NUL; one inside the bytes would hide the rest. */
	char *copy = arena_copy(a, bytes.p, bytes.n);

	if (text_find(bytes, '\0', 0) < bytes.n || bytes.n > (1u << 22))
		return err_set(err, RC_INVALID, "this is not an iCalendar file");

	icalcomponent *file = icalparser_parse_string(copy);
	enum rc rc = RC_OK;

	if (file == NULL)
		return err_set(err, RC_INVALID, "this is not an iCalendar file");

	icalcompiter i = icalcomponent_begin_component(file, ICAL_VEVENT_COMPONENT);

	for (icalcomponent *event = icalcompiter_deref(&i); event != NULL && rc == RC_OK;
	     event = icalcompiter_next(&i))
		rc = add_event(&l, file, event);
	if (rc == RC_OK && l.n == 0)
		rc = err_set(err, RC_INVALID, "the calendar lists no days");
	icalcomponent_free(file);
	if (rc != RC_OK)
		return rc;
	*out = l.v;
	*n = l.n;
	return RC_OK;
}
