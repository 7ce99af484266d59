/* SPDX-License-Identifier: Apache-2.0 */
#include "time/zone_rule.h"

#include <string.h>

/* Where the parser is. Every read checks what is left. */
struct cursor {
	struct text t;
	size_t at;
};

static bool next_is(const struct cursor *c, char wanted)
{
	return c->at < c->t.n && c->t.p[c->at] == wanted;
}

static bool take(struct cursor *c, char wanted)
{
	if (!next_is(c, wanted))
		return false;
	c->at++;
	return true;
}

/* One to three digits, at most max. */
static bool take_number(struct cursor *c, int32_t max, int32_t *out)
{
	size_t first = c->at;
	int32_t v = 0;

	while (c->at < c->t.n && c->at - first < 3 && c->t.p[c->at] >= '0' && c->t.p[c->at] <= '9')
		v = v * 10 + (c->t.p[c->at++] - '0');
	if (c->at == first || v > max)
		return false;
	*out = v;
	return true;
}

static bool is_letter(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* "EST" or "<+03>": at least three characters. */
static bool take_name(struct cursor *c, char out[ZONE_ABBREV_MAX])
{
	bool quoted = take(c, '<');
	size_t n = 0;

	while (c->at < c->t.n) {
		char ch = c->t.p[c->at];
		bool fits = is_letter(ch) ||
			    (quoted && (ch == '+' || ch == '-' || (ch >= '0' && ch <= '9')));

		if (!fits)
			break;
		if (n + 1 >= ZONE_ABBREV_MAX)
			return false;
		out[n++] = ch;
		c->at++;
	}
	out[n] = '\0';
	return n >= 3 && (!quoted || take(c, '>'));
}

/* [+-]hh[:mm[:ss]] in seconds. */
static bool take_time(struct cursor *c, int32_t max_h, int32_t *out)
{
	int32_t h, m = 0, s = 0;
	bool minus = take(c, '-');

	if (!minus)
		(void)take(c, '+');
	if (!take_number(c, max_h, &h))
		return false;
	if (take(c, ':')) {
		if (!take_number(c, 59, &m))
			return false;
		if (take(c, ':') && !take_number(c, 59, &s))
			return false;
	}
	*out = (h * 3600 + m * 60 + s) * (minus ? -1 : 1);
	return true;
}

/* The offset of a TZ string counts west of Greenwich; ours counts east. */
static bool take_offset(struct cursor *c, int32_t *offset_s)
{
	int32_t west_s;

	if (!take_time(c, 25, &west_s))
		return false;
	*offset_s = -west_s;
	return *offset_s >= ZONE_OFFSET_MIN_S && *offset_s <= ZONE_OFFSET_MAX_S;
}

static bool take_month_week(struct cursor *c, struct rule_date *d)
{
	d->kind = RULE_MONTH_WEEK;
	return take_number(c, 12, &d->month) && d->month >= 1 && take(c, '.') &&
	       take_number(c, 5, &d->week) && d->week >= 1 && take(c, '.') &&
	       take_number(c, 6, &d->weekday);
}

/* ,Mm.w.d[/time] or ,Jn[/time] or ,n[/time] */
static bool take_date(struct cursor *c, struct rule_date *d)
{
	bool good;

	if (!take(c, ','))
		return false;
	if (take(c, 'M')) {
		good = take_month_week(c, d);
	} else if (take(c, 'J')) {
		d->kind = RULE_JULIAN;
		good = take_number(c, 365, &d->n) && d->n >= 1;
	} else {
		d->kind = RULE_ZERO_BASED;
		good = take_number(c, 365, &d->n);
	}
	d->time_s = 2 * 3600;
	return good && (!take(c, '/') || take_time(c, 167, &d->time_s));
}

static bool take_rule(struct cursor *c, struct zone_rule *r)
{
	if (!take_name(c, r->standard.abbrev) || !take_offset(c, &r->standard.offset_s))
		return false;
	if (c->at == c->t.n)
		return true;

	r->has_daylight = true;
	r->daylight.dst = true;
	if (!take_name(c, r->daylight.abbrev))
		return false;
	r->daylight.offset_s = r->standard.offset_s + 3600;
	if (!next_is(c, ',') && !take_offset(c, &r->daylight.offset_s))
		return false;
	/* Without dates POSIX leaves the rule to the system; a file that depends on the system is of no use. */
	return r->daylight.offset_s <= ZONE_OFFSET_MAX_S && take_date(c, &r->begin) &&
	       take_date(c, &r->end) && c->at == c->t.n;
}

enum rc zone_rule_parse(struct text t, struct zone_rule *out, struct err *err)
{
	struct cursor c = {t, 0};
	struct zone_rule r;

	memset(&r, 0, sizeof(r));
	if (!take_rule(&c, &r))
		return err_set(err, RC_INVALID, "the zone rule is malformed at its byte %zu",
			       c.at + 1);
	*out = r;
	return RC_OK;
}

static day date_in_year(const struct rule_date *d, int32_t year)
{
	if (d->kind == RULE_JULIAN)
		return day_of(year, 1, 1) + d->n - 1 + (leap_year(year) && d->n >= 60 ? 1 : 0);
	if (d->kind == RULE_ZERO_BASED)
		return day_of(year, 1, 1) + d->n;

	day first = day_of(year, d->month, 1);
	int sunday_based = (weekday_of(first) + 1) % 7;
	int32_t mday = (d->weekday - sunday_based + 7) % 7 + (d->week - 1) * 7;

	if (mday >= days_in_month(year, d->month))
		mday -= 7;
	return first + mday;
}

/* Each date is local time as it is just before the change. */
static instant begin_of(const struct zone_rule *r, int32_t year)
{
	return instant_of_day(date_in_year(&r->begin, year)) +
	       (r->begin.time_s - r->standard.offset_s) * SECOND_MS;
}

static instant end_of(const struct zone_rule *r, int32_t year)
{
	return instant_of_day(date_in_year(&r->end, year)) +
	       (r->end.time_s - r->daylight.offset_s) * SECOND_MS;
}

/*
 * Daylight time that begins in a year lasts until that year's end date, or in the southern hemisphere until the next year's.
 * Where the end is the next begin (daylight time all year, "XXX3EDT4,0/0,J365/23") the spans join and there is no change.
 */
static instant end_after_begin(const struct zone_rule *r, int32_t year, instant begin)
{
	instant end = end_of(r, year);

	return end > begin ? end : end_of(r, year + 1);
}

static int32_t year_of(instant t)
{
	return civil_of(day_of_instant(t)).year;
}

static bool is_daylight(const struct zone_rule *r, instant t)
{
	int32_t year = year_of(t);

	/* A date may lie a week outside its year, so the span that covers t may have begun in any of these years. */
	for (int32_t y = year + 1; y >= year - 2; y--) {
		instant begin = begin_of(r, y);

		if (begin <= t && t < end_after_begin(r, y, begin))
			return true;
	}
	return false;
}

const struct zone_type *zone_rule_at(const struct zone_rule *r, instant t)
{
	return r->has_daylight && is_daylight(r, t) ? &r->daylight : &r->standard;
}

/* A begin or end counts only if it changes something: joined spans do not. */
static bool is_change(const struct zone_rule *r, instant t)
{
	return is_daylight(r, t) != is_daylight(r, t - 1);
}

/*
 * A rule may change in leap years only (J60 against 59), and eight years may pass between two of those (1896 to 1904), so the
 * search goes nine years far before it says never. A date lies at most a week outside its year: one year more is enough.
 */
enum { YEARS_BETWEEN_CHANGES = 9 };

instant zone_rule_next(const struct zone_rule *r, instant t)
{
	instant best = INSTANT_MAX;

	if (!r->has_daylight)
		return INSTANT_MAX;

	int32_t y = year_of(t) - 1, last = y + 1 + YEARS_BETWEEN_CHANGES;

	for (; y <= last; y++) {
		instant at[2] = {begin_of(r, y), end_of(r, y)};

		for (size_t i = 0; i < 2; i++)
			if (at[i] > t && at[i] < best && is_change(r, at[i]))
				best = at[i];
		if (best < INSTANT_MAX && last > y + 1)
			last = y + 1;
	}
	return best;
}
