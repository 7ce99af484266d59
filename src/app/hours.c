/* SPDX-License-Identifier: Apache-2.0 */
#include "app/hours.h"

#include "base/sort.h"

enum { DAY_MINUTES = 24 * 60 };

static const char *const weekdays[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

static bool weekday(struct text t, int *out)
{
	for (int i = 0; i < 7; i++) {
		if (text_is(t, weekdays[i])) {
			*out = i;
			return true;
		}
	}
	return false;
}

/* mon, mon-fri: bits. */
static bool days_parse(struct text t, unsigned *out)
{
	struct text part, rest = t;

	*out = 0;
	while (rest.n > 0) {
		struct text from, to;
		int a, b;

		rest = text_cut(rest, ',', &part);
		to = text_cut(part, '-', &from);
		if (!weekday(from, &a) || !weekday(to.n > 0 ? to : from, &b) || b < a)
			return false;
		for (int d = a; d <= b; d++)
			*out |= 1u << d;
	}
	return *out != 0;
}

static bool add_range(struct week_hours *w, int d, struct day_range r)
{
	if (w->n[d] == HOURS_OF_DAY_MAX)
		return false;
	w->ranges[d][w->n[d]++] = r;
	return true;
}

/* One that ends before it begins goes on to the next day, where that may be. */
static bool add_day(struct week_hours *w, int d, struct day_range r, bool overnight)
{
	const struct day_range evening = {r.from_min, DAY_MINUTES}, morning = {0, r.to_min};

	if (!overnight || r.from_min < r.to_min)
		return add_range(w, d, r);
	return (evening.from_min == DAY_MINUTES || add_range(w, d, evening)) &&
	       (morning.to_min == 0 || add_range(w, (d + 1) % 7, morning));
}

static bool ranges_parse(struct text t, unsigned days, bool overnight, struct week_hours *w)
{
	struct text part, rest = t;

	while (rest.n > 0) {
		struct text from, to;
		struct day_range r;

		rest = text_cut(rest, ',', &part);
		to = text_cut(part, '-', &from);
		if (!minutes_parse(from, &r.from_min) || !minutes_parse(to, &r.to_min) ||
		    r.from_min == r.to_min || (!overnight && r.from_min > r.to_min))
			return false;
		for (int d = 0; d < 7; d++)
			if ((days & (1u << d)) != 0 && !add_day(w, d, r, overnight))
				return false;
	}
	return t.n > 0;
}

static enum rc parse(struct text t, bool overnight, struct week_hours *w, struct err *err)
{
	struct text rest = t, part;

	*w = (struct week_hours){.n = {0}};
	while (rest.n > 0) {
		struct text days_words, hours;
		unsigned days;

		rest = text_cut(rest, ';', &part);
		hours = text_cut(text_trim(part), ' ', &days_words);
		if (!days_parse(days_words, &days) ||
		    !ranges_parse(text_trim(hours), days, overnight, w)) {
			err_hint(err,
				 overnight ? "write for example \"mon-fri 19:00-07:30; sat-sun "
					     "00:00-24:00\""
					   : "write for example \"mon-fri 09:00-12:00,13:00-17:00; "
					     "sat 10:00-12:00\"");
			return err_set(err, RC_USAGE, "\"%.*s\" are no %s hours",
				       TEXT_ARG(text_trim(part)), overnight ? "quiet" : "opening");
		}
	}
	return RC_OK;
}

enum rc hours_parse(struct text t, struct week_hours *out, struct err *err)
{
	return parse(t, false, out, err);
}

static int by_start(const void *x, const void *y)
{
	const struct day_range *a = x, *b = y;

	return (a->from_min > b->from_min) - (a->from_min < b->from_min);
}

/* In order and apart. Returns how many minutes of the day there are. */
static int32_t join_day(struct day_range *v, size_t *n)
{
	int32_t minutes = 0;
	size_t kept = 0;

	sort(v, *n, sizeof(*v), by_start);
	for (size_t i = 0; i < *n; i++) {
		if (kept > 0 && v[i].from_min <= v[kept - 1].to_min) {
			if (v[i].to_min > v[kept - 1].to_min)
				v[kept - 1].to_min = v[i].to_min;
		} else {
			v[kept++] = v[i];
		}
	}
	*n = kept;
	for (size_t i = 0; i < kept; i++)
		minutes += v[i].to_min - v[i].from_min;
	return minutes;
}

enum rc hours_parse_quiet(struct text t, struct week_hours *out, struct err *err)
{
	int32_t minutes = 0;
	enum rc rc = parse(t, true, out, err);

	for (size_t d = 0; rc == RC_OK && d < 7; d++)
		minutes += join_day(out->ranges[d], &out->n[d]);
	if (rc == RC_OK && minutes == 7 * DAY_MINUTES) {
		err_hint(err,
			 "leave some of the week; mail like this can be turned off altogether on "
			 "one's own page");
		rc = err_set(err, RC_USAGE, "in hours that never end no mail would go out");
	}
	return rc;
}

void hours_put(const struct week_hours *h, struct calendar_spec *spec)
{
	for (size_t d = 0; d < 7; d++) {
		spec->week[d].v = h->ranges[d];
		spec->week[d].n = h->n[d];
	}
}
