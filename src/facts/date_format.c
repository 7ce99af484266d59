/* SPDX-License-Identifier: Apache-2.0 */
#include "facts/date_format.h"

#include "facts/fact.h"

#include <assert.h>
#include <string.h>

enum part {
	PART_LITERAL,
	PART_YEAR4,
	PART_YEAR2,
	PART_MONTH,
	PART_MONTH2,
	PART_MONTH_NAME,
	PART_DAY,
	PART_DAY2,
	PART_HOUR,
	PART_HOUR2,
	PART_HOUR12,
	PART_HOUR12_2,
	PART_MINUTE,
	PART_SECOND,
	PART_FRACTION,
	PART_AM,
	PART_OFFSET,
};

/* Longest first where one begins another. */
static const struct {
	const char *word;
	enum part part;
} words[] = {
	{"YYYY", PART_YEAR4}, {"YY", PART_YEAR2},     {"MMM", PART_MONTH_NAME}, {"MM", PART_MONTH2},
	{"M", PART_MONTH},    {"DD", PART_DAY2},      {"D", PART_DAY},          {"HH", PART_HOUR2},
	{"H", PART_HOUR},     {"hh", PART_HOUR12_2},  {"h", PART_HOUR12},       {"mm", PART_MINUTE},
	{"ss", PART_SECOND},  {"SSS", PART_FRACTION}, {"AM", PART_AM},          {"Z", PART_OFFSET},
};

static bool has_part(const struct date_format *f, enum part part)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->parts[i].part == part)
			return true;
	return false;
}

static bool has_hour(const struct date_format *f)
{
	return has_part(f, PART_HOUR) || has_part(f, PART_HOUR2) || has_part(f, PART_HOUR12) ||
	       has_part(f, PART_HOUR12_2);
}

/* The part that begins at t, and its length in the form; a literal is one character. */
static enum part part_at(const struct date_format *f, struct text t, size_t *n)
{
	for (size_t w = 0; w < ARRAY_SIZE(words); w++) {
		if (!text_starts(t, words[w].word))
			continue;
		*n = strlen(words[w].word);
		/* HH:MM is what most people write for hours and minutes. */
		if (words[w].part == PART_MONTH2 && has_hour(f))
			return PART_MINUTE;
		return words[w].part;
	}
	*n = 1;
	return PART_LITERAL;
}

static enum rc check_whole(const struct date_format *f, struct text t, struct err *err)
{
	bool year = has_part(f, PART_YEAR4) || has_part(f, PART_YEAR2);
	bool month =
		has_part(f, PART_MONTH) || has_part(f, PART_MONTH2) || has_part(f, PART_MONTH_NAME);
	bool mday = has_part(f, PART_DAY) || has_part(f, PART_DAY2);

	if (!year || !month || !mday) {
		err_hint(err, "write the parts as in D/M/YYYY HH:mm, DD.MM.YYYY HH:mm:ss, or iso");
		return err_set(err, RC_INVALID, "form of date '%.*s' has no %s", TEXT_ARG(t),
			       !year ? "year" : (!month ? "month" : "day"));
	}
	bool half_day = has_part(f, PART_HOUR12) || has_part(f, PART_HOUR12_2);

	if (half_day != has_part(f, PART_AM)) {
		err_hint(err, "write h:mm AM or HH:mm");
		return err_set(err, RC_INVALID, "form of date '%.*s' needs both h and AM",
			       TEXT_ARG(t));
	}
	return RC_OK;
}

enum rc date_format_parse(struct text t, struct date_format *out, struct err *err)
{
	struct date_format f = {.text = t};

	if (text_eq_nocase(t, text_of("iso"))) {
		f.iso = true;
		f.has_seconds = true;
		*out = f;
		return RC_OK;
	}
	for (size_t i = 0; i < t.n;) {
		size_t n = 0;
		enum part part = part_at(&f, text_sub(t, i, t.n), &n);

		if (f.n == DATE_PARTS_MAX)
			return err_set(err, RC_INVALID, "form of date '%.*s' is too long",
				       TEXT_ARG(t));
		if (part != PART_LITERAL && has_part(&f, part))
			return err_set(err, RC_INVALID,
				       "form of date '%.*s' has a part twice: '%.*s'", TEXT_ARG(t),
				       (int)n, t.p + i);
		f.parts[f.n].part = (uint8_t)part;
		f.parts[f.n++].literal = t.p[i];
		i += n;
	}

	enum rc rc = check_whole(&f, t, err);

	if (rc != RC_OK)
		return rc;
	f.has_offset = has_part(&f, PART_OFFSET);
	f.has_seconds = has_part(&f, PART_SECOND);
	f.date_only = !has_hour(&f);
	*out = f;
	return RC_OK;
}

/* What a reader sees of a part: digits, a name, an offset, or the character. */
static int class_of(enum part part, char literal)
{
	switch (part) {
	case PART_LITERAL:
		return literal;
	case PART_MONTH_NAME:
	case PART_AM:
	case PART_OFFSET:
		return 1000 + (int)part;
	case PART_YEAR4:
		return 2000;
	case PART_YEAR2:
	case PART_MONTH:
	case PART_MONTH2:
	case PART_DAY:
	case PART_DAY2:
	case PART_HOUR:
	case PART_HOUR2:
	case PART_HOUR12:
	case PART_HOUR12_2:
	case PART_MINUTE:
	case PART_SECOND:
	case PART_FRACTION:
		return 2001;
	}
	return 0;
}

/* Its meaning, short and long form taken together. */
static enum part long_form(enum part part)
{
	switch (part) {
	case PART_MONTH:
		return PART_MONTH2;
	case PART_DAY:
		return PART_DAY2;
	case PART_HOUR:
		return PART_HOUR2;
	case PART_HOUR12:
		return PART_HOUR12_2;
	case PART_LITERAL:
	case PART_YEAR4:
	case PART_YEAR2:
	case PART_MONTH2:
	case PART_MONTH_NAME:
	case PART_DAY2:
	case PART_HOUR2:
	case PART_HOUR12_2:
	case PART_MINUTE:
	case PART_SECOND:
	case PART_FRACTION:
	case PART_AM:
	case PART_OFFSET:
		break;
	}
	return part;
}

bool date_formats_clash(const struct date_format *x, const struct date_format *y)
{
	bool differ = false;

	if (x->iso || y->iso || x->n != y->n)
		return false;
	for (size_t i = 0; i < x->n; i++) {
		enum part a = (enum part)x->parts[i].part, b = (enum part)y->parts[i].part;

		if (class_of(a, x->parts[i].literal) != class_of(b, y->parts[i].literal))
			return false;
		differ = differ || long_form(a) != long_form(b);
	}
	return differ;
}

/* What has been read of a date so far. */
struct reading {
	int32_t year, month, mday, hour, minute, second, milli, offset_s;
	bool pm, am, offset, seconds;
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* min to max digits. */
static bool take_number(struct text t, size_t *at, size_t min, size_t max, int32_t *out)
{
	int32_t v = 0;
	size_t n = 0;

	while (n < max && *at + n < t.n && is_digit(t.p[*at + n]))
		v = v * 10 + (t.p[*at + n++] - '0');
	if (n < min)
		return false;
	*at += n;
	*out = v;
	return true;
}

static bool take_month_name(struct text t, size_t *at, int32_t *out)
{
	static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	struct text word = text_sub(t, *at, *at + 3);

	for (int32_t m = 0; m < 12; m++)
		if (text_eq_nocase(word, (struct text){names + 3 * (size_t)m, 3})) {
			*at += 3;
			*out = m + 1;
			return true;
		}
	return false;
}

static bool take_half(struct text t, size_t *at, struct reading *r)
{
	struct text word = text_sub(t, *at, *at + 2);

	r->am = text_eq_nocase(word, text_of("am"));
	r->pm = text_eq_nocase(word, text_of("pm"));
	*at += 2;
	return r->am || r->pm;
}

/* 1 to 9 digits, cut to milliseconds. */
static bool take_fraction(struct text t, size_t *at, int32_t *milli)
{
	size_t n = 0;
	int32_t v = 0;

	for (; n < 9 && *at + n < t.n && is_digit(t.p[*at + n]); n++)
		if (n < 3)
			v = v * 10 + (t.p[*at + n] - '0');
	if (n == 0)
		return false;
	for (size_t i = n; i < 3; i++)
		v *= 10;
	*at += n;
	*milli = v;
	return true;
}

/* Z, +HH:MM, +HHMM */
static bool take_offset(struct text t, size_t *at, int32_t *out)
{
	int32_t h = 0, m = 0;

	if (*at >= t.n)
		return false;
	char sign = t.p[(*at)++];

	*out = 0;
	if (sign == 'Z' || sign == 'z')
		return true;
	if ((sign != '+' && sign != '-') || !take_number(t, at, 2, 2, &h))
		return false;
	if (*at < t.n && t.p[*at] == ':')
		(*at)++;
	if (!take_number(t, at, 2, 2, &m) || h > 15 || m > 59)
		return false;
	*out = (h * 3600 + m * 60) * (sign == '-' ? -1 : 1);
	return true;
}

static bool take_part(enum part part, char literal, struct text t, size_t *at, struct reading *r)
{
	switch (part) {
	case PART_LITERAL:
		return *at < t.n && t.p[(*at)++] == literal;
	case PART_YEAR4:
		return take_number(t, at, 4, 4, &r->year);
	case PART_YEAR2:
		if (!take_number(t, at, 2, 2, &r->year))
			return false;
		r->year += 2000;
		return true;
	case PART_MONTH:
		return take_number(t, at, 1, 2, &r->month);
	case PART_MONTH2:
		return take_number(t, at, 2, 2, &r->month);
	case PART_MONTH_NAME:
		return take_month_name(t, at, &r->month);
	case PART_DAY:
		return take_number(t, at, 1, 2, &r->mday);
	case PART_DAY2:
		return take_number(t, at, 2, 2, &r->mday);
	case PART_HOUR:
	case PART_HOUR12:
		return take_number(t, at, 1, 2, &r->hour);
	case PART_HOUR2:
	case PART_HOUR12_2:
		return take_number(t, at, 2, 2, &r->hour);
	case PART_MINUTE:
		return take_number(t, at, 2, 2, &r->minute);
	case PART_SECOND:
		r->seconds = true;
		return take_number(t, at, 2, 2, &r->second);
	case PART_FRACTION:
		return take_fraction(t, at, &r->milli);
	case PART_AM:
		return take_half(t, at, r);
	case PART_OFFSET:
		r->offset = true;
		return take_offset(t, at, &r->offset_s);
	}
	return false;
}

/* YYYY-MM-DD, and then optionally [T ]HH:MM[:SS[.fff]] and an offset, a blank before it allowed. */
static bool read_iso(struct text t, struct reading *r)
{
	size_t at = 0;

	if (!take_number(t, &at, 4, 4, &r->year) || at >= t.n || t.p[at++] != '-' ||
	    !take_number(t, &at, 2, 2, &r->month) || at >= t.n || t.p[at++] != '-' ||
	    !take_number(t, &at, 2, 2, &r->mday))
		return false;
	if (at == t.n)
		return true;
	if (t.p[at] != 'T' && t.p[at] != 't' && t.p[at] != ' ')
		return false;
	at++;
	if (!take_number(t, &at, 2, 2, &r->hour) || at >= t.n || t.p[at++] != ':' ||
	    !take_number(t, &at, 2, 2, &r->minute))
		return false;
	if (at < t.n && t.p[at] == ':') {
		at++;
		r->seconds = true;
		if (!take_number(t, &at, 2, 2, &r->second))
			return false;
		if (at < t.n && t.p[at] == '.') {
			at++;
			if (!take_fraction(t, &at, &r->milli))
				return false;
		}
	}
	if (at == t.n)
		return true;
	if (t.p[at] == ' ')
		at++;
	r->offset = true;
	return take_offset(t, &at, &r->offset_s) && at == t.n;
}

static bool read_form(const struct date_format *f, struct text t, struct reading *r)
{
	size_t at = 0;

	if (f->iso)
		return read_iso(t, r);
	for (size_t i = 0; i < f->n; i++)
		if (!take_part((enum part)f->parts[i].part, f->parts[i].literal, t, &at, r))
			return false;
	return at == t.n;
}

/* Month, day and time exist? 12-hour clocks become 24. */
static bool exists(struct reading *r)
{
	if (r->year < 1 || r->month < 1 || r->month > 12 || r->mday < 1 ||
	    r->mday > days_in_month(r->year, r->month))
		return false;
	if (r->am || r->pm) {
		if (r->hour < 1 || r->hour > 12)
			return false;
		r->hour = r->hour % 12 + (r->pm ? 12 : 0);
	}
	if (r->minute > 59 || r->second > 60)
		return false;
	/* 24:00 is the end of the day; a leap second is the first instant after it (instants have none). */
	return r->hour < 24 || (r->hour == 24 && r->minute == 0 && r->second == 0 && r->milli == 0);
}

enum rc date_reader_init(struct date_reader *r, const struct date_format *formats, size_t n,
			 struct text zone, const struct zone_source *zones, struct err *err)
{
	size_t at = 0;

	*r = (struct date_reader){.formats = formats, .n_formats = n};
	for (size_t i = 0; i < DATE_DAYS; i++)
		r->days[i].date = DAY_NONE;
	if (zone.n == 0)
		return RC_OK;
	if (text_eq_nocase(zone, text_of("UTC"))) {
		r->fixed = true;
		return RC_OK;
	}
	if (take_offset(zone, &at, &r->offset_s) && at == zone.n) {
		r->fixed = true;
		return RC_OK;
	}
	if (zones == NULL)
		return err_set(err, RC_MISSING, "no time zones are at hand to find '%.*s'",
			       TEXT_ARG(zone));
	return zones->find(zones->context, zone, &r->zone, err);
}

static struct date_day *day_row(struct date_reader *r, day date)
{
	struct date_day *row = &r->days[(uint32_t)date % DATE_DAYS];

	if (row->date != date) {
		row->date = date;
		row->midnight = zone_instant(r->zone, date, 0, NULL);
		row->plain =
			zone_next_change(r->zone, row->midnight - HOUR_MS) > row->midnight + DAY_MS;
	}
	return row;
}

enum date_result date_local(struct date_reader *r, day date, int64_t ms, struct stamp *out)
{
	enum local_kind kind = LOCAL_PLAIN;

	out->flags = 0;
	if (r->fixed) {
		out->at = instant_of_day(date) + ms - (int64_t)r->offset_s * SECOND_MS;
		return DATE_OK;
	}
	if (r->zone == NULL)
		return DATE_NO_ZONE;

	const struct date_day *row = day_row(r, date);

	if (row->plain) {
		out->at = row->midnight + ms;
		return DATE_OK;
	}
	out->at = zone_instant(r->zone, date, ms, &kind);
	if (kind == LOCAL_GAP)
		out->flags = FLAG_ZONE_GAP;
	if (kind == LOCAL_TWICE)
		out->flags = FLAG_ZONE_TWICE;
	return DATE_OK;
}

static enum date_result to_stamp(struct date_reader *r, const struct reading *got,
				 struct stamp *out)
{
	day date = day_of(got->year, got->month, got->mday);
	int64_t ms = got->hour * HOUR_MS + got->minute * MINUTE_MS + got->second * SECOND_MS +
		     got->milli;
	enum date_result result = DATE_OK;
	struct stamp s = {0, 0};

	if (got->offset) {
		s.at = instant_of_day(date) + ms - (int64_t)got->offset_s * SECOND_MS;
	} else {
		/* zone_instant takes times up to 24:00; a leap second in the last minute goes beyond. */
		int64_t over = ms > DAY_MS ? ms - DAY_MS : 0;

		result = date_local(r, date, ms - over, &s);
		s.at += over;
	}
	if (result != DATE_OK)
		return result;
	if (s.at < INSTANT_MIN || s.at >= INSTANT_MAX)
		return DATE_IMPOSSIBLE;
	if (!got->seconds)
		s.flags |= FLAG_MINUTE_PRECISION;
	*out = s;
	return DATE_OK;
}

enum date_result date_read(struct date_reader *r, struct text t, struct stamp *out)
{
	enum date_result result = DATE_MALFORMED;

	for (size_t i = 0; i < r->n_formats; i++) {
		struct reading got = {0};

		if (!read_form(&r->formats[i], t, &got))
			continue;
		if (exists(&got))
			return to_stamp(r, &got, out);
		result = DATE_IMPOSSIBLE;
	}
	return result;
}
