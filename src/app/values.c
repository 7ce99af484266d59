/* SPDX-License-Identifier: Apache-2.0 */
#include "app/values.h"

#include "money/money.h"
#include "time/duration.h"

/* A statement of hundreds of months is no statement; its size would be the limit instead. */
enum { PERIOD_MAX_YEARS = 25 };

struct span value_month_of(const struct zone *z, instant t)
{
	struct civil c = civil_of(zone_day(z, t));
	day first = day_of(c.year, c.month, 1);

	return (struct span){zone_midnight(z, first), zone_midnight(z, day_add_months(first, 1))};
}

enum rc value_limit(struct text word, int64_t most, int64_t *out, struct err *err)
{
	int64_t n;

	if (!text_digits(word, &n) || n < 1 || n > most)
		return err_set(err, RC_USAGE, "limit is a number from 1 to %lld", (long long)most);
	*out = n;
	return RC_OK;
}

bool value_format(struct text t, enum format *out)
{
	static const struct {
		const char *word;
		enum format format;
	} rows[] = {{"text", FORMAT_TEXT},
		    {"html", FORMAT_HTML},
		    {"pdf", FORMAT_PDF},
		    {"json", FORMAT_JSON},
		    {"csv", FORMAT_CSV}};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if (text_is(t, rows[i].word)) {
			*out = rows[i].format;
			return true;
		}
	}
	return false;
}

/* YYYY-MM-DD, then T or a blank and HH:MM[:SS]; without a time it is midnight. */
static bool local_parse(struct text t, day *date, int64_t *ms)
{
	struct text d, clock;
	int32_t minutes = 0;
	int64_t seconds = 0;
	size_t at = text_find(t, 'T', 0) < t.n ? text_find(t, 'T', 0) : text_find(t, ' ', 0);

	d = text_sub(t, 0, at);
	clock = text_sub(t, at + 1, t.n);
	if (!day_parse(d, date))
		return false;
	*ms = 0;
	if (at >= t.n)
		return true;
	if (clock.n == 8) {
		if (clock.p[5] != ':' || !text_digits(text_sub(clock, 6, 8), &seconds) ||
		    seconds > 59)
			return false;
		clock = text_sub(clock, 0, 5);
	}
	if (!minutes_parse(clock, &minutes))
		return false;
	*ms = minutes * MINUTE_MS + seconds * SECOND_MS;
	return true;
}

/* Written as YYYY-MM-DD, but a day that no calendar has. */
static bool no_such_day(struct text t)
{
	struct text d = text_sub(t, 0, 10);
	int64_t number;
	day unused;

	return d.n == 10 && d.p[4] == '-' && d.p[7] == '-' &&
	       text_digits(text_sub(d, 0, 4), &number) && text_digits(text_sub(d, 5, 7), &number) &&
	       text_digits(text_sub(d, 8, 10), &number) && !day_parse(d, &unused);
}

enum rc value_instant(struct text t, const struct zone *zone, instant *out, struct err *err)
{
	day date;
	int64_t ms;

	if (no_such_day(t)) {
		err_hint(err, "check the day of the month");
		return err_set(err, RC_USAGE, "there is no day %.*s", TEXT_ARG(text_sub(t, 0, 10)));
	}
	if (local_parse(t, &date, &ms)) {
		if (zone == NULL) {
			err_hint(err, "write it with its offset, %.*s%sZ or +01:00, or give --zone",
				 TEXT_ARG(t), ms == 0 && t.n == 10 ? "T00:00" : "");
			return err_set(err, RC_USAGE,
				       "\"%.*s\" is a local time and no zone is given",
				       TEXT_ARG(t));
		}
		*out = zone_instant(zone, date, ms, NULL);
		return RC_OK;
	}
	return instant_parse(t, out, NULL, err) == RC_OK ? RC_OK : RC_USAGE;
}

enum local_kind value_local_kind(struct text t, const struct zone *zone)
{
	enum local_kind kind = LOCAL_PLAIN;
	day date;
	int64_t ms;

	if (zone != NULL && local_parse(t, &date, &ms))
		(void)zone_instant(zone, date, ms, &kind);
	return kind;
}

/* Cuts FROM..TO. */
static bool cut_span(struct text t, struct text *from, struct text *to)
{
	for (size_t i = 0; i + 1 < t.n; i++) {
		if (t.p[i] == '.' && t.p[i + 1] == '.') {
			*from = text_sub(t, 0, i);
			*to = text_sub(t, i + 2, t.n);
			return from->n > 0 && to->n > 0;
		}
	}
	return false;
}

enum rc value_span(struct text t, const struct zone *zone, struct span *out, struct err *err)
{
	struct text from, to;
	struct span s;
	enum rc rc;

	if (!cut_span(t, &from, &to)) {
		err_hint(err, "write FROM..TO, for example 2026-03-01T00:00Z..2026-04-01T00:00Z");
		return err_set(err, RC_USAGE, "\"%.*s\" is not a span of time", TEXT_ARG(t));
	}
	rc = value_instant(from, zone, &s.from, err);
	if (rc == RC_OK)
		rc = value_instant(to, zone, &s.to, err);
	if (rc != RC_OK)
		return rc;
	if (s.from >= s.to)
		return err_set(err, RC_USAGE, "\"%.*s\" ends before it begins", TEXT_ARG(t));
	*out = s;
	return RC_OK;
}

/* The first days of the months from and after a word like 2016-03, 2024-Q1 or 2024. */
static bool months_of(struct text t, day *from, day *to)
{
	int64_t year, quarter;

	if (month_parse(t, from)) {
		*to = day_add_months(*from, 1);
		return true;
	}
	if (t.n < 4 || !text_digits(text_sub(t, 0, 4), &year) || year < 1970 || year > 9998)
		return false;
	if (t.n == 4) {
		*from = day_of((int32_t)year, 1, 1);
		*to = day_of((int32_t)year + 1, 1, 1);
		return true;
	}
	if (t.n != 7 || t.p[4] != '-' || t.p[5] != 'Q' || !text_digits(text_sub(t, 6, 7), &quarter))
		return false;
	if (quarter < 1 || quarter > 4)
		return false;
	*from = day_of((int32_t)year, (int32_t)quarter * 3 - 2, 1);
	*to = day_add_months(*from, 3);
	return true;
}

static bool period_parse(struct text t, day *from, day *to)
{
	struct text first, last;
	day unused;

	if (!cut_span(t, &first, &last))
		return months_of(t, from, to);
	return months_of(first, from, &unused) && months_of(last, &unused, to) && *from < *to;
}

static enum rc bad_period(struct text t, bool month, struct err *err)
{
	if (month)
		err_hint(err, "write YYYY-MM, for example 2026-03");
	else
		err_hint(err, "write 2026-03, 2026-Q1, 2026 or 2026-01..2026-03");
	return err_set(err, RC_USAGE, "\"%.*s\" is not a %s", TEXT_ARG(t),
		       month ? "month" : "period");
}

enum rc value_period(struct text t, const struct zone *zone, struct span *out, struct err *err)
{
	day from, to;

	if (!period_parse(t, &from, &to))
		return bad_period(t, false, err);
	if (to > day_add_months(from, 12 * PERIOD_MAX_YEARS)) {
		err_hint(err, "ask for its parts");
		return err_set(err, RC_USAGE, "\"%.*s\" is longer than %d years", TEXT_ARG(t),
			       PERIOD_MAX_YEARS);
	}
	*out = (struct span){zone_midnight(zone, from), zone_midnight(zone, to)};
	return RC_OK;
}

static enum rc check_words(const struct param_row *row, struct text value, struct err *err)
{
	enum format f;
	int64_t n;

	if (row->type == TYPE_FORMAT && !value_format(value, &f)) {
		err_hint(err, "write text, html, pdf, json or csv");
		return err_set(err, RC_USAGE, "\"%.*s\" is not a format", TEXT_ARG(value));
	}
	if (row->type == TYPE_INT && (!text_digits(value, &n) || n < 60 || n > 400)) {
		err_hint(err, "write a number from 60 to 400");
		return err_set(err, RC_USAGE, "\"%.*s\" is not a width", TEXT_ARG(value));
	}
	if (row->type == TYPE_COUNT && !text_digits(value, &n)) {
		err_hint(err, "write a number: 0, 1, 2, ...");
		return err_set(err, RC_USAGE, "\"%.*s\" is no number for --%s", TEXT_ARG(value),
			       row->name);
	}
	return RC_OK;
}

enum rc value_check(const struct param_row *row, struct text value, struct err *err)
{
	day from, to;
	struct money money;
	struct duration duration;
	struct err why = {.line = 0};

	if (value.n == 0 && row->type != TYPE_WORD)
		return err_set(err, RC_USAGE, "%s is empty; write %s", row->name, row->metavar);
	switch (row->type) {
	case TYPE_MONTH:
		return month_parse(value, &from) ? RC_OK : bad_period(value, true, err);
	case TYPE_PERIOD:
		return period_parse(value, &from, &to) ? RC_OK : bad_period(value, false, err);
	case TYPE_DATE:
		if (day_parse(value, &from))
			return RC_OK;
		err_hint(err, "write YYYY-MM-DD, for example 2026-07-01");
		return err_set(err, RC_USAGE, "%s is no date: '%.*s'", row->name, TEXT_ARG(value));
	case TYPE_MONEY:
		if (money_parse(value, &money, &why) == RC_OK)
			return RC_OK;
		*err = why;
		return RC_USAGE;
	case TYPE_DURATION:
		if (duration_parse(value, &duration, &why) == RC_OK)
			return RC_OK;
		*err = why;
		return RC_USAGE;
	case TYPE_FORMAT:
	case TYPE_INT:
	case TYPE_COUNT:
		return check_words(row, value, err);
	case TYPE_FILE:
	case TYPE_FILE_OUT:
	case TYPE_WORD:
	case TYPE_FLAG:
	case TYPE_INSTANT:
	case TYPE_SPAN:
	case TYPE_ZONE:
	case TYPE_LANG:
		/* instants and spans may be local: the action reads them in its zone; names are looked up there too */
		return RC_OK;
	}
	return RC_OK;
}
