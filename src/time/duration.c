/* SPDX-License-Identifier: Apache-2.0 */
#include "time/duration.h"

#include <assert.h>

enum { CALENDAR_ID_MAX = 40, NUMBER_DIGITS_MAX = 9 };

static const struct {
	const char *word;
	enum unit unit;
} units[] = {
	{"min", UNIT_MIN}, {"h", UNIT_H},   {"d", UNIT_D}, {"bd", UNIT_BD},
	{"w", UNIT_W},     {"mo", UNIT_MO}, {"y", UNIT_Y},
};

/* What people write instead, to say what would be right. */
static const struct {
	const char *word;
	enum unit unit;
} spellings[] = {
	{"m", UNIT_MIN},
	{"mins", UNIT_MIN},
	{"minute", UNIT_MIN},
	{"minutes", UNIT_MIN},
	{"hr", UNIT_H},
	{"hrs", UNIT_H},
	{"hour", UNIT_H},
	{"hours", UNIT_H},
	{"day", UNIT_D},
	{"days", UNIT_D},
	{"bds", UNIT_BD},
	{"wd", UNIT_BD},
	{"bday", UNIT_BD},
	{"bdays", UNIT_BD},
	{"business days", UNIT_BD},
	{"business day", UNIT_BD},
	{"working day", UNIT_BD},
	{"working days", UNIT_BD},
	{"wk", UNIT_W},
	{"wks", UNIT_W},
	{"week", UNIT_W},
	{"weeks", UNIT_W},
	{"mon", UNIT_MO},
	{"mth", UNIT_MO},
	{"month", UNIT_MO},
	{"months", UNIT_MO},
	{"yr", UNIT_Y},
	{"yrs", UNIT_Y},
	{"year", UNIT_Y},
	{"years", UNIT_Y},
};

static const char *unit_word(enum unit u)
{
	size_t i = 0;

	while (units[i].unit != u && i + 1 < ARRAY_SIZE(units))
		i++;
	assert(units[i].unit == u);
	return units[i].word;
}

static bool unit_of(struct text t, enum unit *out)
{
	for (size_t i = 0; i < ARRAY_SIZE(units); i++) {
		if (text_is(t, units[i].word)) {
			*out = units[i].unit;
			return true;
		}
	}
	return false;
}

/* Also in other letter case or spelling. */
static bool unit_meant(struct text t, enum unit *out)
{
	for (size_t i = 0; i < ARRAY_SIZE(units); i++) {
		if (text_eq_nocase(t, text_of(units[i].word))) {
			*out = units[i].unit;
			return true;
		}
	}
	for (size_t i = 0; i < ARRAY_SIZE(spellings); i++) {
		if (text_eq_nocase(t, text_of(spellings[i].word))) {
			*out = spellings[i].unit;
			return true;
		}
	}
	return false;
}

static size_t digits_from(struct text t, size_t at)
{
	size_t n = 0;

	while (at + n < t.n && t.p[at + n] >= '0' && t.p[at + n] <= '9')
		n++;
	return n;
}

static bool is_calendar_id(struct text t)
{
	if (t.n == 0 || t.n > CALENDAR_ID_MAX)
		return false;
	for (size_t i = 0; i < t.n; i++) {
		char c = t.p[i];
		bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');

		if (!letter && (i == 0 || (c != '_' && (c < '0' || c > '9'))))
			return false;
	}
	return true;
}

/* A number and a unit at *at, blanks between allowed; as a person may have meant them. */
static bool meant_part(struct text t, size_t *at, int64_t *n, enum unit *unit)
{
	size_t digits = digits_from(t, *at), end = *at + digits;

	if (digits == 0 || digits > NUMBER_DIGITS_MAX || !text_digits(text_sub(t, *at, end), n))
		return false;
	*at = end;
	while (end < t.n && (t.p[end] < '0' || t.p[end] > '9'))
		end++;

	struct text word = text_trim(text_sub(t, *at, end));

	*at = end;
	return unit_meant(word, unit);
}

/* "1.5h": one decimal and hours. */
static bool meant_decimal(struct text t, int64_t *minutes)
{
	size_t point = text_find(t, '.', 0);
	int64_t h = 0;
	enum unit unit = UNIT_MIN;

	if (digits_from(t, 0) != point || point == 0 || point > NUMBER_DIGITS_MAX ||
	    digits_from(t, point + 1) != 1)
		return false;
	if (!text_digits(text_sub(t, 0, point), &h) ||
	    !unit_meant(text_trim(text_sub(t, point + 2, t.n)), &unit))
		return false;
	*minutes = h * 60 + (int64_t)(t.p[point + 1] - '0') * 6;
	return unit == UNIT_H;
}

/* What was meant by "4 hours" (4h), "1h30min" (90min) or "1.5h" (90min). */
static bool meant(struct text t, struct duration *out)
{
	int64_t more = 0;
	enum unit small = UNIT_H;
	size_t at = 0;

	if (meant_decimal(t, &out->n)) {
		out->unit = UNIT_MIN;
		return true;
	}
	if (!meant_part(t, &at, &out->n, &out->unit))
		return false;
	if (at == t.n)
		return true;
	if (out->unit != UNIT_H || !meant_part(t, &at, &more, &small) || at != t.n ||
	    small != UNIT_MIN)
		return false;
	out->n = out->n * 60 + more;
	out->unit = UNIT_MIN;
	return true;
}

static void hint_meant(struct text t, struct err *err)
{
	struct duration d = {0, UNIT_MIN, {"", 0}};
	struct text amount;

	d.calendar = text_cut(t, '@', &amount);
	if (meant(amount, &d))
		err_hint(err, "write %lld%s%s%.*s", (long long)d.n, unit_word(d.unit),
			 d.calendar.n > 0 ? "@" : "", TEXT_ARG(d.calendar));
	else
		err_hint(err, "write a whole number and one of min, h, d, bd, w, mo, y: 15min, "
			      "4h@support, 2bd");
}

static enum rc not_a_duration(struct text t, struct err *err)
{
	struct text shown = text_sub(t, 0, 60);
	size_t digits = digits_from(t, 0);
	enum unit unused;

	err_code(err, "type.dur");
	if (digits > NUMBER_DIGITS_MAX &&
	    unit_of(text_sub(t, digits, text_find(t, '@', 0)), &unused)) {
		err_hint(err, "write a number of at most %d digits", NUMBER_DIGITS_MAX);
		return err_set(err, RC_INVALID, "\"%.*s\" is longer than any duration",
			       TEXT_ARG(shown));
	}
	hint_meant(shown, err);
	return err_set(err, RC_INVALID, "\"%.*s\" is not a duration", TEXT_ARG(shown));
}

enum rc duration_parse(struct text t, struct duration *out, struct err *err)
{
	struct duration d = {0, UNIT_MIN, {"", 0}};
	size_t digits = digits_from(t, 0), at = text_find(t, '@', 0);
	bool leading_zero = digits > 1 && t.p[0] == '0';

	if (digits == 0 || digits > NUMBER_DIGITS_MAX || leading_zero || at < digits ||
	    !text_digits(text_sub(t, 0, digits), &d.n) ||
	    !unit_of(text_sub(t, digits, at), &d.unit))
		return not_a_duration(t, err);
	if (at < t.n) {
		d.calendar = text_sub(t, at + 1, t.n);
		if (!is_calendar_id(d.calendar)) {
			err_code(err, "type.dur");
			err_hint(err, "write the calendar's id: letters, digits and _, a letter "
				      "first, at most 40");
			return err_set(err, RC_INVALID, "\"%.*s\" names no calendar after @",
				       TEXT_ARG(text_sub(t, 0, 60)));
		}
		if (d.unit != UNIT_MIN && d.unit != UNIT_H && d.unit != UNIT_BD) {
			err_code(err, "type.dur");
			err_hint(err,
				 "a day of work is not 24 hours: write open hours, 8h@%.*s, or "
				 "business days, %lldbd@%.*s",
				 TEXT_ARG(d.calendar), (long long)d.n, TEXT_ARG(d.calendar));
			return err_set(err, RC_INVALID,
				       "\"%.*s\": %s cannot be counted on a calendar", TEXT_ARG(t),
				       unit_word(d.unit));
		}
	}
	*out = d;
	return RC_OK;
}

void duration_print(struct buf *out, struct duration d)
{
	buf_i64(out, d.n);
	buf_str(out, unit_word(d.unit));
	if (d.calendar.n > 0) {
		buf_char(out, '@');
		buf_text(out, d.calendar);
	}
}

bool duration_exact_ms(struct duration d, int64_t *ms)
{
	if (d.unit != UNIT_MIN && d.unit != UNIT_H)
		return false;
	*ms = d.n * (d.unit == UNIT_H ? HOUR_MS : MINUTE_MS);
	return true;
}

/* A duration on its way to an instant. */
struct step {
	struct duration d;
	int sign;
	enum anchor anchor;
	const struct duration_context *c;
	struct err *err;
};

static enum rc out_of_time(const struct step *s)
{
	return err_set(s->err, RC_INVALID, "%lld%s %s leads out of the years 1 to 9999",
		       (long long)s->d.n, unit_word(s->d.unit), s->sign < 0 ? "earlier" : "later");
}

static enum rc set_instant(const struct step *s, instant t, instant *out)
{
	if (t < INSTANT_MIN || t >= INSTANT_MAX)
		return out_of_time(s);
	*out = t;
	return RC_OK;
}

static enum rc never_opens(const struct step *s, const struct calendar *c)
{
	return err_set(s->err, RC_INVALID, "calendar \"%.*s\" has no %lld%s %s there",
		       TEXT_ARG(calendar_id(c)), (long long)s->d.n, unit_word(s->d.unit),
		       s->sign < 0 ? "before" : "after");
}

/* A date stands for its end: 24:00, so that the day of an event is not counted (sla.md R11). */
static instant exact_anchor(const struct step *s, instant at)
{
	if (s->anchor != ANCHOR_DATE)
		return at;
	return zone_midnight(s->c->zone, zone_day(s->c->zone, at) + 1);
}

static enum rc add_exact(const struct step *s, instant at, instant *out)
{
	const struct calendar *c = s->c->calendar;
	instant from = exact_anchor(s, at);
	int64_t ms = 0;

	(void)duration_exact_ms(s->d, &ms);
	if (c == NULL || calendar_is_always(c))
		return set_instant(s, from + s->sign * ms, out);

	bool found = s->sign < 0 ? calendar_before(c, from, ms, out)
				 : calendar_deadline(c, from, ms, AT_CLOSING_CLOSE, out);

	return found ? RC_OK : never_opens(s, c);
}

/* The n-th working day after or before a date, the label being one of the contract's zone. */
static enum rc nth_working(const struct step *s, const struct calendar *c, day date, int64_t n,
			   day *out)
{
	return calendar_nth_working_day(c, date, n, out) ? RC_OK : never_opens(s, c);
}

static enum rc add_business(const struct step *s, instant at, instant *out)
{
	const struct calendar *c = s->c->calendar != NULL ? s->c->calendar : s->c->business;
	const struct zone *z = s->c->zone;
	int64_t n = s->sign * s->d.n;
	enum rc rc;
	day to;

	if (c == NULL) {
		err_hint(s->err, "write %lldbd@<calendar>, or set contract.business_calendar",
			 (long long)s->d.n);
		return err_set(s->err, RC_INVALID, "business days need a calendar");
	}
	if (s->anchor == ANCHOR_MOMENT && !calendar_is_always(c))
		return calendar_workday(c, at, n, out) ? RC_OK : never_opens(s, c);

	struct local l = zone_local(z, at);

	if (s->anchor == ANCHOR_MOMENT || n == 0) {
		rc = nth_working(s, c, l.date, n, &to);
		if (rc != RC_OK)
			return rc;
		return set_instant(s,
				   s->anchor == ANCHOR_DATE ? zone_midnight(z, to + 1)
							    : zone_instant(z, to, l.ms, NULL),
				   out);
	}
	/* After an edge its own date is the first that counts; before it, the deadline is 00:00 of the n-th (CL-11). */
	rc = nth_working(s, c, s->anchor == ANCHOR_EDGE && n > 0 ? l.date - 1 : l.date, n, &to);
	if (rc != RC_OK)
		return rc;
	return set_instant(s, zone_midnight(z, s->anchor == ANCHOR_EDGE && n < 0 ? to : to + 1),
			   out);
}

/* d, w, mo, y later or earlier than a date; false if that leaves the years 1 to 9999. */
static bool civil_date(const struct step *s, day date, day *out)
{
	int64_t n = s->sign * s->d.n;
	struct civil v = civil_of(date);
	const int64_t first = day_of(1, 1, 1), last = day_of(9999, 12, 31);

	if (s->d.unit == UNIT_D || s->d.unit == UNIT_W) {
		int64_t to = date + n * (s->d.unit == UNIT_W ? 7 : 1);

		if (to < first || to > last)
			return false;
		*out = (day)to;
		return true;
	}
	n *= s->d.unit == UNIT_Y ? 12 : 1;

	int64_t month = (int64_t)v.year * 12 + v.month - 1 + n;

	if (month < 12 || month >= INT64_C(120000))
		return false;
	*out = day_add_months(date, (int32_t)n);
	return true;
}

/* CL-12: back to the last working day if it is before something, forward if after. */
static enum rc roll(const struct step *s, day *date)
{
	const struct calendar *c = s->c->business;

	if (!s->c->roll)
		return RC_OK;
	if (c == NULL) {
		err_hint(s->err, "set contract.business_calendar");
		return err_set(s->err, RC_INVALID, "to_business_day needs a calendar");
	}
	if (calendar_working_day(c, *date))
		return RC_OK;
	return nth_working(s, c, *date, s->sign, date);
}

static enum rc add_civil(const struct step *s, instant at, instant *out)
{
	const struct zone *z = s->c->zone;
	struct local l = zone_local(z, at);
	day to;

	if (!civil_date(s, l.date, &to))
		return out_of_time(s);
	/* An edge E is shown as 24:00 of the day before, and that is the day that must be a working day (CL-11). */
	if (s->anchor == ANCHOR_EDGE)
		to--;

	enum rc rc = roll(s, &to);

	if (rc != RC_OK)
		return rc;
	return set_instant(s,
			   s->anchor == ANCHOR_MOMENT ? zone_instant(z, to, l.ms, NULL)
						      : zone_midnight(z, to + 1),
			   out);
}

enum rc duration_add(struct duration d, int sign, enum anchor anchor, instant at,
		     const struct duration_context *c, instant *out, struct err *err)
{
	struct step s = {d, sign, anchor, c, err};

	assert(sign == 1 || sign == -1);
	assert(c->zone != NULL && d.n >= 0 && d.n <= 999999999);
	if (at < INSTANT_MIN || at >= INSTANT_MAX)
		return out_of_time(&s);
	if (d.unit == UNIT_MIN || d.unit == UNIT_H)
		return add_exact(&s, at, out);
	if (d.unit == UNIT_BD)
		return add_business(&s, at, out);
	return add_civil(&s, at, out);
}
