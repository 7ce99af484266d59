/* SPDX-License-Identifier: Apache-2.0 */
/* tenor time: the calendar arithmetic on its own (sla.md R5, R6, R26). */
#include "app/answer.h"
#include "app/app.h"
#include "app/hours.h"
#include "app/load.h"
#include "app/values.h"
#include "time/duration.h"
#include "time/holidays.h"
#include "time/paused.h"

struct time_call {
	const struct zone *zone;         /* --zone, else the contract's, else NULL */
	const struct calendar *calendar; /* what counts; always if nothing was said */
	const struct promise *promise;   /* of --contract, or NULL */
	bool said;                       /* a calendar was given */
};

/* --- calendars from options: --hours "mon-fri 09:00-12:00,13:00-17:00; sat 10:00-12:00" --- */

static enum rc find_sets(struct arena *a, const struct args *args, struct calendar_spec *spec,
			 struct err *err)
{
	size_t n = args->values[PARAM_HOLIDAYS].n;
	const struct holiday_set **sets = arena_array(a, const struct holiday_set *, n);

	for (size_t i = 0; i < n; i++) {
		struct text name = args->values[PARAM_HOLIDAYS].v[i];

		sets[i] = holiday_set_find(name);
		if (sets[i] != NULL)
			continue;

		struct text *names = arena_array(a, struct text, holiday_set_count());

		for (size_t k = 0; k < holiday_set_count(); k++)
			names[k] = text_of(holiday_set_name(holiday_set_at(k)));
		struct text near = text_nearest(name, names, holiday_set_count());

		if (near.n > 0)
			err_hint(err, "did you mean \"%.*s\"?", TEXT_ARG(near));
		else
			err_hint(err,
				 "docs/holidays.md lists them: us_federal, gb_eng, de_by, ...");
		return err_set(err, RC_USAGE, "there is no holiday set \"%.*s\"", TEXT_ARG(name));
	}
	spec->sets = sets;
	spec->n_sets = n;
	return RC_OK;
}

static enum rc closed_days(struct arena *a, const struct args *args, struct calendar_spec *spec,
			   struct err *err)
{
	size_t n = args->values[PARAM_CLOSED].n;
	day *dates = arena_array(a, day, n);

	for (size_t i = 0; i < n; i++) {
		if (day_parse(args->values[PARAM_CLOSED].v[i], &dates[i]))
			continue;
		err_hint(err, "write a date that exists as YYYY-MM-DD");
		return err_set(err, RC_USAGE, "\"%.*s\" is not a date",
			       TEXT_ARG(args->values[PARAM_CLOSED].v[i]));
	}
	spec->dates = dates;
	spec->n_dates = n;
	return RC_OK;
}

static enum rc calendar_of_options(struct app *app, const struct args *args, struct time_call *t,
				   struct err *err)
{
	struct week_hours *w = arena_one(app->arena, struct week_hours);
	struct calendar_spec spec = {.id = text_of("hours"), .zone = t->zone};
	enum rc rc = hours_parse(args_text(args, PARAM_HOURS), w, err);

	if (rc == RC_OK && t->zone == NULL) {
		err_hint(err, "add --zone, for example --zone Europe/Berlin");
		return err_set(err, RC_USAGE, "opening hours need a time zone");
	}
	hours_put(w, &spec);
	if (rc == RC_OK)
		rc = find_sets(app->arena, args, &spec, err);
	if (rc == RC_OK)
		rc = closed_days(app->arena, args, &spec, err);
	if (rc == RC_OK)
		rc = calendar_new(app->arena, &spec, &t->calendar, err);
	return rc == RC_INVALID ? RC_USAGE : rc;
}

static enum rc calendar_of_contract(struct app *app, const struct args *args, struct time_call *t,
				    struct err *err)
{
	struct contract *c;
	struct text id = args_text(args, PARAM_CALENDAR);
	enum rc rc = load_contract(app, args_text(args, PARAM_IN_CONTRACT), &c, err);

	if (rc == RC_OK)
		rc = load_promise(app, c, &t->promise, err);
	if (rc != RC_OK)
		return rc;
	if (t->zone == NULL)
		t->zone = t->promise->zone;
	if (id.n == 0)
		return RC_OK;
	t->calendar = promise_calendar(t->promise, id);
	t->said = true;
	if (t->calendar != NULL)
		return RC_OK;

	struct text *ids = arena_array(app->arena, struct text, t->promise->n_calendars + 1);

	for (size_t i = 0; i < t->promise->n_calendars; i++)
		ids[i] = t->promise->calendars[i].id;
	struct text near = text_nearest(id, ids, t->promise->n_calendars);

	if (near.n > 0)
		err_hint(err, "did you mean \"%.*s\"?", TEXT_ARG(near));
	return err_set(err, RC_MISSING, "the contract has no calendar \"%.*s\"", TEXT_ARG(id));
}

static enum rc read_call(struct app *app, const struct args *args, struct time_call *t,
			 struct err *err)
{
	bool in_contract = args_has(args, PARAM_IN_CONTRACT), hours = args_has(args, PARAM_HOURS);
	enum rc rc = RC_OK;

	*t = (struct time_call){.calendar = calendar_always()};
	if (in_contract && hours)
		return err_set(err, RC_USAGE, "--contract and --hours are both given");
	if (args_has(args, PARAM_CALENDAR) && !in_contract)
		return err_set(err, RC_USAGE, "--calendar needs --contract");
	if (!hours && (args_has(args, PARAM_HOLIDAYS) || args_has(args, PARAM_CLOSED)))
		return err_set(err, RC_USAGE, "--holidays and --closed need --hours");
	if (args_has(args, PARAM_ZONE))
		rc = app->zones.find(app->zones.context, args_text(args, PARAM_ZONE), &t->zone,
				     err);
	if (rc == RC_OK && in_contract)
		rc = calendar_of_contract(app, args, t, err);
	if (rc == RC_OK && hours) {
		rc = calendar_of_options(app, args, t, err);
		t->said = true;
	}
	return rc;
}

/* --- instants --- */

/* What a local time that does not exist, or exists twice, was taken for is said (sla.md R4). */
static enum rc read_instant(const struct time_call *t, struct text word, struct reply *reply,
			    instant *out, struct err *err)
{
	enum rc rc = value_instant(word, t->zone, out, err);
	enum local_kind kind = value_local_kind(word, t->zone);

	if (rc != RC_OK || kind == LOCAL_PLAIN)
		return rc;
	buf_printf(&reply->notes, "%.*s %s in %.*s: taken as ", TEXT_ARG(word),
		   kind == LOCAL_GAP ? "does not exist" : "occurs twice",
		   TEXT_ARG(zone_name(t->zone)));
	instant_print(&reply->notes, *out);
	buf_str(&reply->notes,
		kind == LOCAL_GAP ? ", moved forward by the gap\n" : ", the first\n");
	return RC_OK;
}

/* --- pauses --- */

static enum rc read_pauses(struct app *app, const struct args *args, const struct time_call *t,
			   struct spans *out, struct err *err)
{
	size_t n = args->values[PARAM_PAUSE].n;
	struct span *v = arena_array(app->arena, struct span, n);

	for (size_t i = 0; i < n; i++) {
		enum rc rc = value_span(args->values[PARAM_PAUSE].v[i], t->zone, &v[i], err);

		if (rc != RC_OK)
			return rc;
	}
	*out = spans_union(app->arena, v, n);
	return RC_OK;
}

static enum rc at_closing_of(const struct args *args, enum at_closing *out, struct err *err)
{
	struct text t = args_text(args, PARAM_AT_CLOSING);

	*out = text_is(t, "next_open") ? AT_CLOSING_NEXT_OPEN : AT_CLOSING_CLOSE;
	if (t.n == 0 || text_is(t, "close") || text_is(t, "next_open"))
		return RC_OK;
	err_hint(err, "write close or next_open");
	return err_set(err, RC_USAGE, "\"%.*s\" is not a rule for closing time", TEXT_ARG(t));
}

static enum rc too_far(struct err *err)
{
	return err_set(err, RC_LIMIT, "the answer lies beyond the year 9999");
}

/* bd, d, w, mo, y: the calendar gives the working days; pauses as sla.md R10 would need a clock, which this is not. */
static enum rc civil_deadline(const struct time_call *t, struct duration d, instant start,
			      struct spans pauses, instant *out, struct err *err)
{
	struct duration_context c = {.zone = t->zone,
				     .calendar = t->said ? t->calendar : NULL,
				     .business = t->said ? t->calendar : NULL};
	instant plain;
	enum rc rc;

	if (t->promise != NULL && !t->said)
		c.business = t->promise->business;
	if (c.zone == NULL) {
		err_hint(err, "add --zone");
		return err_set(err, RC_USAGE, "days, weeks, months and years need a time zone");
	}
	if (d.unit == UNIT_BD && c.business == NULL) {
		err_hint(err, "give --hours, or --contract");
		return err_set(err, RC_USAGE, "business days need a calendar");
	}
	rc = duration_add(d, 1, ANCHOR_MOMENT, start, &c, &plain, err);
	if (rc != RC_OK)
		return rc == RC_INVALID ? RC_USAGE : rc;

	const struct calendar *count =
		d.unit == UNIT_BD && c.business != NULL ? c.business : calendar_always();
	int64_t lost_ms = calendar_elapsed_ms(count, start, plain) -
			  calendar_elapsed_paused_ms(count, start, plain, pauses);

	*out = plain;
	if (lost_ms == 0)
		return RC_OK;

	/* R10: the paused open time before D is given back from D on, again without the pauses. */
	return calendar_deadline_paused(count, plain, lost_ms, pauses, AT_CLOSING_CLOSE, out)
		       ? RC_OK
		       : too_far(err);
}

enum rc action_time_deadline(struct app *app, const struct args *args, struct reply *reply,
			     struct err *err)
{
	struct time_call t;
	struct duration d;
	struct spans pauses;
	enum at_closing at;
	instant start, due;
	int64_t d_ms;
	enum rc rc = read_call(app, args, &t, err);

	if (rc == RC_OK)
		rc = at_closing_of(args, &at, err);
	if (rc == RC_OK)
		rc = read_instant(&t, args_text(args, PARAM_START), reply, &start, err);
	if (rc == RC_OK)
		rc = duration_parse(args_text(args, PARAM_DURATION), &d, err);
	if (rc == RC_OK)
		rc = read_pauses(app, args, &t, &pauses, err);
	if (rc != RC_OK)
		return rc;
	if (d.calendar.n > 0) {
		const struct calendar *named =
			t.promise == NULL ? NULL : promise_calendar(t.promise, d.calendar);

		if (named == NULL) {
			err_hint(err, "give --contract with that calendar, or --hours and a "
				      "duration without @");
			return err_set(err, RC_USAGE, "no calendar \"%.*s\" is given",
				       TEXT_ARG(d.calendar));
		}
		t.calendar = named;
		t.said = true;
	}
	if (!duration_exact_ms(d, &d_ms))
		rc = civil_deadline(&t, d, start, pauses, &due, err);
	else if (!calendar_deadline_paused(t.calendar, start, d_ms, pauses, at, &due))
		rc = too_far(err);
	if (rc != RC_OK)
		return rc;
	return answer_instant(app, args, reply, ANSWER_DUE, start, due, t.zone, err);
}

enum rc action_time_elapsed(struct app *app, const struct args *args, struct reply *reply,
			    struct err *err)
{
	struct time_call t;
	struct spans pauses;
	instant start, end;
	enum rc rc = read_call(app, args, &t, err);

	if (rc == RC_OK)
		rc = read_instant(&t, args_text(args, PARAM_START), reply, &start, err);
	if (rc == RC_OK)
		rc = read_instant(&t, args_text(args, PARAM_END), reply, &end, err);
	if (rc == RC_OK)
		rc = read_pauses(app, args, &t, &pauses, err);
	if (rc != RC_OK)
		return rc;

	if (end < start) {
		err_hint(err, "write the earlier instant first");
		return err_set(err, RC_USAGE, "END lies before START");
	}
	int64_t ms = calendar_elapsed_paused_ms(t.calendar, start, end, pauses);

	return answer_elapsed(app, args, reply, start, end, ms, t.zone, err);
}

enum rc action_time_next_open(struct app *app, const struct args *args, struct reply *reply,
			      struct err *err)
{
	struct time_call t;
	instant start, at;
	enum rc rc = read_call(app, args, &t, err);

	if (rc == RC_OK)
		rc = read_instant(&t, args_text(args, PARAM_START), reply, &start, err);
	if (rc != RC_OK)
		return rc;
	if (!calendar_next_open(t.calendar, start, &at))
		return too_far(err);
	return answer_instant(app, args, reply, ANSWER_OPENS, start, at, t.zone, err);
}
