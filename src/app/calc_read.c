/* SPDX-License-Identifier: Apache-2.0 */
#include "app/calc_read.h"

static const char *const day_keys[7] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

struct text calc_view(const json_t *string)
{
	return (struct text){json_string_value(string), json_string_length(string)};
}

enum rc calc_wrong(const struct calc_reader *r, const char *key, const char *right)
{
	bool there = json_object_get(r->item, key) != NULL;

	err_code(r->err, there ? "calc.value" : "key.missing");
	err_key(r->err, text_of(key));
	err_hint(r->err, "it must be %s", right);
	return err_set(r->err, RC_INVALID, there ? "\"%s\" has a wrong value" : "\"%s\" is missing",
		       key);
}

enum rc calc_known_keys(const struct calc_reader *r, const json_t *object, const char *where,
			const struct text *words, size_t n)
{
	/* jansson iterates over what it does not change, but takes no pointer to const. */
	union {
		const json_t *in;
		json_t *out;
	} o = {object};
	const char *name;
	json_t *value;

	json_object_foreach(o.out, name, value)
	{
		struct text key = text_of(name), nearest;
		bool known = false;

		for (size_t i = 0; i < n && !known; i++)
			known = text_eq(key, words[i]);
		if (known)
			continue;
		nearest = text_nearest(key, words, n);
		err_code(r->err, "key.unknown");
		err_key(r->err, key);
		if (nearest.n > 0)
			err_hint(r->err, "did you mean \"%.*s\"?", TEXT_ARG(nearest));
		return err_set(r->err, RC_INVALID, "unknown key \"%s\" in %s", name, where);
	}
	return RC_OK;
}

enum rc calc_text(const struct calc_reader *r, const char *key, struct text *out)
{
	const json_t *v = json_object_get(r->item, key);

	if (!json_is_string(v) || json_string_length(v) == 0)
		return calc_wrong(r, key, "a text that is not empty");
	*out = calc_view(v);
	return RC_OK;
}

enum rc calc_int(const struct calc_reader *r, const char *key, int64_t min, int64_t max,
		 int64_t *out)
{
	const json_t *v = json_object_get(r->item, key);
	int64_t n = json_integer_value(v);

	if (!json_is_integer(v) || n < min || n > max)
		return calc_wrong(r, key,
				  text_format(r->a, "an integer from %lld to %lld", (long long)min,
					      (long long)max)
					  .p);
	*out = n;
	return RC_OK;
}

static bool whole_second(const struct calc_reader *r, const json_t *v, instant *out)
{
	struct err ignored = {0};

	(void)r;
	return json_is_string(v) && instant_parse(calc_view(v), out, NULL, &ignored) == RC_OK &&
	       *out % SECOND_MS == 0;
}

enum rc calc_instant(const struct calc_reader *r, const char *key, instant *out)
{
	if (!whole_second(r, json_object_get(r->item, key), out))
		return calc_wrong(r, key,
				  "an instant of whole seconds, such as 2026-03-31T04:00:00Z");
	return RC_OK;
}

enum rc calc_pauses(const struct calc_reader *r, const char *key, struct spans *out)
{
	const json_t *list = json_object_get(r->item, key);
	size_t n = json_array_size(list);
	struct span *v = arena_array(r->a, struct span, n);

	if (!json_is_array(list))
		return calc_wrong(r, key, "a list of [from, to] instants");
	for (size_t i = 0; i < n; i++) {
		const json_t *pair = json_array_get(list, i);

		if (!json_is_array(pair) || json_array_size(pair) != 2 ||
		    !whole_second(r, json_array_get(pair, 0), &v[i].from) ||
		    !whole_second(r, json_array_get(pair, 1), &v[i].to))
			return calc_wrong(r, key, "a list of [from, to] instants of whole seconds");
	}
	*out = spans_union(r->a, v, n);
	return RC_OK;
}

/* [["09:00","17:00"], ...] */
static bool read_ranges(const struct calc_reader *r, const json_t *list,
			const struct day_range **out, size_t *n)
{
	struct day_range *v = arena_array(r->a, struct day_range, json_array_size(list));

	*n = json_array_size(list);
	*out = v;
	if (!json_is_array(list))
		return false;
	for (size_t i = 0; i < *n; i++) {
		const json_t *pair = json_array_get(list, i);
		const json_t *from = json_array_get(pair, 0), *to = json_array_get(pair, 1);

		if (json_array_size(pair) != 2 || !json_is_string(from) || !json_is_string(to) ||
		    !minutes_parse(calc_view(from), &v[i].from_min) ||
		    !minutes_parse(calc_view(to), &v[i].to_min))
			return false;
	}
	return true;
}

static enum rc read_week(const struct calc_reader *r, struct calendar_spec *spec)
{
	const json_t *week = json_object_get(r->item, "week");
	struct text words[7];

	if (!json_is_object(week))
		return calc_wrong(r, "week", "an object of mon to sun");
	for (size_t i = 0; i < 7; i++)
		words[i] = text_of(day_keys[i]);

	enum rc rc = calc_known_keys(r, week, "week", words, 7);

	for (size_t i = 0; i < 7 && rc == RC_OK; i++) {
		const json_t *list = json_object_get(week, day_keys[i]);

		if (list != NULL && !read_ranges(r, list, &spec->week[i].v, &spec->week[i].n))
			rc = calc_wrong(r, "week",
					"lists of [\"HH:MM\", \"HH:MM\"] for mon to sun");
	}
	return rc;
}

static enum rc read_holidays(const struct calc_reader *r, struct calendar_spec *spec)
{
	const json_t *list = json_object_get(r->item, "holidays");
	day *v = arena_array(r->a, day, json_array_size(list));

	spec->dates = v;
	spec->n_dates = json_array_size(list);
	if (list != NULL && !json_is_array(list))
		return calc_wrong(r, "holidays", "a list of YYYY-MM-DD");
	for (size_t i = 0; i < spec->n_dates; i++) {
		const json_t *date = json_array_get(list, i);

		if (!json_is_string(date) || !day_parse(calc_view(date), &v[i]))
			return calc_wrong(r, "holidays", "a list of YYYY-MM-DD");
	}
	return RC_OK;
}

/* MM-DD of a leap year. */
static bool month_day(struct arena *a, const json_t *v, int32_t *out)
{
	day d;

	if (!json_is_string(v) || json_string_length(v) != 5 ||
	    !day_parse(text_format(a, "2000-%s", json_string_value(v)), &d))
		return false;

	struct civil c = civil_of(d);

	*out = c.month * 100 + c.mday;
	return true;
}

static enum rc read_yearly(const struct calc_reader *r, struct calendar_spec *spec)
{
	const json_t *list = json_object_get(r->item, "holidays_yearly");
	int32_t *v = arena_array(r->a, int32_t, json_array_size(list));

	spec->yearly = v;
	spec->n_yearly = json_array_size(list);
	if (list != NULL && !json_is_array(list))
		return calc_wrong(r, "holidays_yearly", "a list of MM-DD");
	for (size_t i = 0; i < spec->n_yearly; i++)
		if (!month_day(r->a, json_array_get(list, i), &v[i]))
			return calc_wrong(r, "holidays_yearly", "a list of MM-DD");
	return RC_OK;
}

/* {"2026-12-24": [["09:00","12:00"]], ...} */
static enum rc read_dates(const struct calc_reader *r, const char *key,
			  const struct date_hours **out, size_t *n)
{
	json_t *object = json_object_get(r->item, key);
	struct date_hours *v = arena_array(r->a, struct date_hours, json_object_size(object));
	const char *name;
	json_t *list;

	*out = v;
	*n = 0;
	if (object != NULL && !json_is_object(object))
		return calc_wrong(r, key, "an object of YYYY-MM-DD and lists of hours");
	json_object_foreach(object, name, list)
	{
		if (!day_parse(text_of(name), &v[*n].date) ||
		    !read_ranges(r, list, &v[*n].v, &v[*n].n))
			return calc_wrong(
				r, key,
				"an object of YYYY-MM-DD and lists of [\"HH:MM\", \"HH:MM\"]");
		++*n;
	}
	return RC_OK;
}

static enum rc read_spec(const struct calc_reader *r, struct calendar_spec *spec)
{
	static const struct text keys[] = {{"tz", 2},
					   {"week", 4},
					   {"holidays", 8},
					   {"holidays_yearly", 15},
					   {"date_overrides", 14},
					   {"date_breaks", 11}};
	struct text tz = {"", 0};
	enum rc rc = calc_known_keys(r, r->item, "calendar", keys, ARRAY_SIZE(keys));

	if (rc == RC_OK)
		rc = calc_text(r, "tz", &tz);
	if (rc == RC_OK)
		rc = r->zones->find(r->zones->context, tz, &spec->zone, r->err);
	if (rc == RC_OK)
		rc = read_week(r, spec);
	if (rc == RC_OK)
		rc = read_holidays(r, spec);
	if (rc == RC_OK)
		rc = read_yearly(r, spec);
	if (rc == RC_OK)
		rc = read_dates(r, "date_overrides", &spec->replace, &spec->n_replace);
	if (rc == RC_OK)
		rc = read_dates(r, "date_breaks", &spec->breaks, &spec->n_breaks);
	return rc;
}

enum rc calc_calendar(const struct calc_reader *r, const char *key, const struct calendar **out)
{
	const json_t *v = json_object_get(r->item, key);
	struct calc_reader inner = {r->a, r->zones, v, r->err};
	struct calendar_spec spec = {.id = {"case", 4}, .holidays_first = true};

	if (json_is_string(v) && text_is(calc_view(v), "always")) {
		*out = calendar_always();
		return RC_OK;
	}
	if (!json_is_object(v))
		return calc_wrong(r, key, "an object with tz and week, or \"always\"");

	enum rc rc = read_spec(&inner, &spec);

	return rc == RC_OK ? calendar_new(r->a, &spec, out, r->err) : rc;
}
