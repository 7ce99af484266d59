/* SPDX-License-Identifier: Apache-2.0 */
#include "facts/calendar_rule.h"

/* Values of a part of a rule up to the mark that ends them. */
static bool take_numbers(const short *from, size_t max, int *to, size_t *n)
{
	for (size_t i = 0; i < max && from[i] != ICAL_RECURRENCE_ARRAY_MAX; i++) {
		if (*n == RECURRENCE_DAYS_MAX)
			return false;
		to[(*n)++] = from[i];
	}
	return true;
}

static bool take_months(const short *from, unsigned *months)
{
	for (size_t i = 0; i < ICAL_BY_MONTH_SIZE && from[i] != ICAL_RECURRENCE_ARRAY_MAX; i++) {
		if (from[i] < 1 || from[i] > 12)
			return false;
		*months |= 1u << from[i];
	}
	return true;
}

static bool take_weekdays(const short *from, struct recurrence *r)
{
	for (size_t i = 0; i < ICAL_BY_DAY_SIZE && from[i] != ICAL_RECURRENCE_ARRAY_MAX; i++) {
		int nth = icalrecurrencetype_day_position(from[i]);
		int weekday = (int)icalrecurrencetype_day_day_of_week(from[i]);

		/* "The second Monday" is of a month or a year. */
		if (r->n_weekdays == RECURRENCE_DAYS_MAX || weekday < ICAL_SUNDAY_WEEKDAY ||
		    (nth != 0 && (r->by == BY_DAY || r->by == BY_WEEK)))
			return false;
		r->weekdays[r->n_weekdays].nth = nth;
		r->weekdays[r->n_weekdays++].weekday = (weekday - ICAL_MONDAY_WEEKDAY + 7) % 7;
	}
	return true;
}

static bool is_unused(const short *part)
{
	return part[0] == ICAL_RECURRENCE_ARRAY_MAX;
}

bool calendar_rule(const struct icalrecurrencetype *rule, day start, struct recurrence *r)
{
	*r = (struct recurrence){.start = start, .interval = rule->interval};
	switch (rule->freq) {
	case ICAL_DAILY_RECURRENCE:
		r->by = BY_DAY;
		break;
	case ICAL_WEEKLY_RECURRENCE:
		r->by = BY_WEEK;
		break;
	case ICAL_MONTHLY_RECURRENCE:
		r->by = BY_MONTH;
		break;
	case ICAL_YEARLY_RECURRENCE:
		r->by = BY_YEAR;
		break;
	case ICAL_SECONDLY_RECURRENCE:
	case ICAL_MINUTELY_RECURRENCE:
	case ICAL_HOURLY_RECURRENCE:
	case ICAL_NO_RECURRENCE:
		return false;
	}
	r->week_start = rule->week_start == ICAL_NO_WEEKDAY
				? 0
				: ((int)rule->week_start - ICAL_MONDAY_WEEKDAY + 7) % 7;
	return r->interval >= 1 && is_unused(rule->by_second) && is_unused(rule->by_minute) &&
	       is_unused(rule->by_hour) && is_unused(rule->by_year_day) &&
	       is_unused(rule->by_week_no) && rule->rscale == NULL &&
	       (r->by != BY_WEEK || is_unused(rule->by_month_day)) &&
	       take_months(rule->by_month, &r->months) &&
	       take_numbers(rule->by_month_day, ICAL_BY_MONTHDAY_SIZE, r->month_days,
			    &r->n_month_days) &&
	       take_weekdays(rule->by_day, r) &&
	       take_numbers(rule->by_set_pos, ICAL_BY_SETPOS_SIZE, r->positions, &r->n_positions);
}
