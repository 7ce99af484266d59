/* SPDX-License-Identifier: Apache-2.0 */
/*
 * iCalendar as maintenance: each VEVENT is an announcement, recorded at its DTSTAMP, a cancelled one a cancellation. libical
 * reads components and rules; instants are made by our own zones, a VTIMEZONE of the file is used only where its name is no zone
 * we know. Recurrences are followed by day, week, month and year alone, by recurrence.h, whose work is bounded: a rule that never
 * comes true would keep libical busy (DESIGN section 10).
 */
#include "facts/calendar_rule.h"
#include "facts/ics_read.h"
#include "facts/own.h"

#include <libical/ical.h>
#include <stdlib.h>
#include <string.h>

enum {
	INSTANCES_MAX = 5000,
	INSTANCES_OF_FILE_MAX = 200000,
	DATES_MAX = 2000,
	ENDLESS_YEARS = 2,
	LONGEST_YEARS = 100,
	SHOWN_MAX = 80,
	ZONE_NAME_MAX = 128, /* no name of a zone has half of that */
};
#define SHOWN(t) (int)((t).n > SHOWN_MAX ? SHOWN_MAX : (t).n), (t).p

/* A DTSTART, DTEND, EXDATE ...: a local time and its zone. */
struct when {
	struct icaltimetype local;
	struct text zone; /* TZID; empty: UTC if local says so, else floating */
};

struct when_list {
	struct when *v;
	size_t n, cap;
};

/* A VEVENT, kept until the file has ended: an instance may be changed by an event after its series. */
struct event {
	uint32_t line;
	struct text uid, summary, work, change, rule;
	struct when start, end, recurrence;
	bool has_end, has_recurrence, cancelled, has_stamp;
	int64_t duration_ms; /* where there is no end; -1: none */
	struct stamp stamp;
	struct text *assets;
	size_t n_assets, assets_cap;
	struct when_list exdates, rdates;
	int64_t *excluded, *excluded_days; /* of exdates, sorted */
	size_t n_excluded, n_excluded_days;
};

struct zone_of_file {
	struct text id;    /* TZID */
	struct text place; /* X-LIC-LOCATION */
	icaltimezone *zone;
	const struct zone *known;
	bool looked_up;
};

struct calendar {
	struct intake *in;
	struct ics_reader *ics;
	struct event *events;
	size_t n, cap;
	struct zone_of_file *zones;
	size_t n_zones, zones_cap;
	struct symbol_map zone_at; /* of a TZID: place in zones + 1 */
	struct text error;         /* why the event being read cannot be */
	size_t instances;          /* of all series */
	struct changed {
		symbol uid;
		instant at; /* INSTANT_MIN sorts first */
	} * changed;        /* instances told by events of their own, sorted */
	size_t n_changed;
};

static struct text keep(struct calendar *c, const char *s)
{
	return text_copy(c->in->arena, text_trim(text_of(s)));
}

static bool refuse(struct calendar *c, const char *why, struct text what)
{
	c->error = what.n == 0 ? text_of(why)
			       : text_format(c->in->arena, "%s '%.*s'", why, SHOWN(what));
	return false;
}

static struct text parameter(struct calendar *c, icalproperty *p, const char *name)
{
	char *s = icalproperty_get_parameter_as_string_r(p, name);
	struct text t = keep(c, s);

	icalmemory_free_buffer(s);
	return t;
}

static struct text value_text(struct calendar *c, icalproperty *p)
{
	char *s = icalproperty_get_value_as_string_r(p);
	struct text t = keep(c, s);

	icalmemory_free_buffer(s);
	return t;
}

static bool is_time(struct icaltimetype t)
{
	return !icaltime_is_null_time(t) && t.year >= 1 && t.year <= 9998 && t.month >= 1 &&
	       t.month <= 12 && t.day >= 1 && t.day <= days_in_month(t.year, t.month) &&
	       t.hour >= 0 && t.hour <= 23 && t.minute >= 0 && t.minute <= 59 && t.second >= 0 &&
	       t.second <= 60;
}

static bool read_when(struct calendar *c, icalproperty *p, struct when *out)
{
	icalvalue *v = icalproperty_get_value(p);

	if (v == NULL)
		return refuse(c, "no date in", text_of(icalproperty_get_property_name(p)));
	out->local = icalvalue_get_datetimedate(v);
	out->zone = parameter(c, p, "TZID");
	if (!is_time(out->local))
		return refuse(c, "a date that does not exist:", value_text(c, p));
	return true;
}

static bool add_when(struct calendar *c, struct when_list *list, icalproperty *p)
{
	struct when w;

	if (list->n >= DATES_MAX)
		return refuse(c, "too many dates in", text_of(icalproperty_get_property_name(p)));
	if (!read_when(c, p, &w))
		return false;
	list->v = arena_grow(c->in->arena, list->v, list->n, &list->cap, sizeof(*list->v));
	list->v[list->n++] = w;
	return true;
}

/* RDATE may also give periods, which have their own ends. */
static bool add_rdate(struct calendar *c, struct event *e, icalproperty *p)
{
	struct icaldatetimeperiodtype period = icalproperty_get_rdate(p);
	struct when w = {.local = period.time, .zone = parameter(c, p, "TZID")};

	if (!icalperiodtype_is_null_period(period.period))
		return refuse(c, "an RDATE with a period:", value_text(c, p));
	if (e->rdates.n >= DATES_MAX)
		return refuse(c, "too many dates in", text_of("RDATE"));
	if (!is_time(w.local))
		return refuse(c, "a date that does not exist:", value_text(c, p));
	e->rdates.v = arena_grow(c->in->arena, e->rdates.v, e->rdates.n, &e->rdates.cap,
				 sizeof(*e->rdates.v));
	e->rdates.v[e->rdates.n++] = w;
	return true;
}

static void add_assets(struct calendar *c, struct event *e, struct text list)
{
	struct text member;

	while (list.n > 0) {
		list = text_cut(list, ',', &member);
		member = text_trim(member);
		if (member.n == 0)
			continue;
		e->assets = arena_grow(c->in->arena, e->assets, e->n_assets, &e->assets_cap,
				       sizeof(*e->assets));
		e->assets[e->n_assets++] = member;
	}
}

static bool read_duration(struct calendar *c, struct event *e, icalproperty *p)
{
	struct icaldurationtype d = icalproperty_get_duration(p);
	int64_t seconds = 0;

	if (icaldurationtype_is_bad_duration(d) || d.is_neg != 0)
		return refuse(c, "a duration that cannot be:", value_text(c, p));
	seconds = (int64_t)d.weeks * 604800 + (int64_t)d.days * 86400 + (int64_t)d.hours * 3600 +
		  (int64_t)d.minutes * 60 + d.seconds;
	e->duration_ms = seconds * SECOND_MS;
	return true;
}

static void read_other(struct calendar *c, struct event *e, icalproperty *p)
{
	struct text name = text_of(icalproperty_get_property_name(p));

	if (text_eq_nocase(name, text_of("X-TENOR-ASSETS"))) {
		e->n_assets = 0;
		add_assets(c, e, value_text(c, p));
	} else if (text_eq_nocase(name, text_of("X-TENOR-WORK"))) {
		e->work = value_text(c, p);
	} else if (text_eq_nocase(name, text_of("X-TENOR-CHANGE"))) {
		e->change = value_text(c, p);
	}
}

/* DTSTAMP is UTC by RFC 5545. */
static bool read_stamp(struct calendar *c, struct event *e, icalproperty *p)
{
	struct when w;

	if (!read_when(c, p, &w))
		return false;
	e->stamp.at = instant_of_day(day_of(w.local.year, w.local.month, w.local.day)) +
		      (w.local.hour * 3600 + w.local.minute * 60 + w.local.second) * SECOND_MS;
	e->stamp.flags = 0;
	e->has_stamp = true;
	return true;
}

/* Properties whose mistakes make an event unreadable; what is wrong with others costs nothing. */
static const char *const read_names[] = {"DTSTART",       "DTEND",  "DURATION",  "UID",
					 "RRULE",         "RDATE",  "EXDATE",    "DTSTAMP",
					 "RECURRENCE-ID", "STATUS", "CATEGORIES"};

/* libical puts its complaints into the component: "No value for LOCATION property. Removing entire property:". */
static bool read_complaint(struct calendar *c, struct event *e, icalproperty *p)
{
	struct text complaint = value_text(c, p);
	bool about_property = text_has(complaint, text_of(" property. "));

	for (size_t i = 0; i < ARRAY_SIZE(read_names); i++)
		if (text_has(complaint, text_format(c->in->arena, " %s property", read_names[i])))
			about_property = false;
	if (!about_property)
		return refuse(c, "cannot be read:", complaint);
	intake_note(c->in, IMPORT_EVENT_ODD, e->line, "%.*s", SHOWN(complaint));
	return true;
}

/* Stamps that must be UTC, and addresses with blanks in them. */
static void look_at_unread(struct calendar *c, struct event *e, icalproperty *p,
			   icalproperty_kind kind)
{
	struct text value = value_text(c, p);
	bool stamp = kind == ICAL_CREATED_PROPERTY || kind == ICAL_LASTMODIFIED_PROPERTY;
	bool address = kind == ICAL_ATTENDEE_PROPERTY || kind == ICAL_ORGANIZER_PROPERTY;

	if ((stamp && !text_ends(value, "Z")) || (address && text_find(value, ' ', 0) < value.n))
		intake_note(c->in, IMPORT_EVENT_ODD, e->line, "%s '%.*s'",
			    icalproperty_get_property_name(p), SHOWN(value));
}

static bool read_property(struct calendar *c, struct event *e, icalproperty *p, bool tenor_assets)
{
	icalproperty_kind kind = icalproperty_isa(p);

	if (kind == ICAL_XLICERROR_PROPERTY)
		return read_complaint(c, e, p);
	if (kind == ICAL_UID_PROPERTY)
		e->uid = keep(c, icalproperty_get_uid(p));
	else if (kind == ICAL_SUMMARY_PROPERTY)
		e->summary = keep(c, icalproperty_get_summary(p));
	else if (kind == ICAL_DTSTAMP_PROPERTY)
		return read_stamp(c, e, p);
	else if (kind == ICAL_DTSTART_PROPERTY)
		return read_when(c, p, &e->start);
	else if (kind == ICAL_DTEND_PROPERTY)
		return e->has_end = read_when(c, p, &e->end);
	else if (kind == ICAL_DURATION_PROPERTY)
		return read_duration(c, e, p);
	else if (kind == ICAL_RECURRENCEID_PROPERTY)
		return e->has_recurrence = read_when(c, p, &e->recurrence);
	else if (kind == ICAL_STATUS_PROPERTY)
		e->cancelled = icalproperty_get_status(p) == ICAL_STATUS_CANCELLED;
	else if (kind == ICAL_RRULE_PROPERTY && e->rule.n > 0)
		return refuse(c, "more than one RRULE", (struct text){"", 0});
	else if (kind == ICAL_RRULE_PROPERTY)
		e->rule = value_text(c, p);
	else if (kind == ICAL_EXDATE_PROPERTY)
		return add_when(c, &e->exdates, p);
	else if (kind == ICAL_RDATE_PROPERTY)
		return add_rdate(c, e, p);
	else if (kind == ICAL_CATEGORIES_PROPERTY && !tenor_assets)
		add_assets(c, e, keep(c, icalproperty_get_categories(p)));
	else if (kind == ICAL_X_PROPERTY)
		read_other(c, e, p);
	else
		look_at_unread(c, e, p, kind);
	return true;
}

static bool has_tenor_assets(icalcomponent *v)
{
	for (icalproperty *p = icalcomponent_get_first_property(v, ICAL_X_PROPERTY); p != NULL;
	     p = icalcomponent_get_next_property(v, ICAL_X_PROPERTY))
		if (text_eq_nocase(text_of(icalproperty_get_property_name(p)),
				   text_of("X-TENOR-ASSETS")))
			return true;
	return false;
}

static bool read_event(struct calendar *c, icalcomponent *v, struct event *e)
{
	bool tenor_assets = has_tenor_assets(v);

	e->duration_ms = -1;
	e->start.local = icaltime_null_time();
	for (icalproperty *p = icalcomponent_get_first_property(v, ICAL_ANY_PROPERTY); p != NULL;
	     p = icalcomponent_get_next_property(v, ICAL_ANY_PROPERTY))
		if (!read_property(c, e, p, tenor_assets))
			return false;
	if (e->uid.n == 0)
		return refuse(c, "no UID", (struct text){"", 0});
	if (icaltime_is_null_time(e->start.local))
		return refuse(c, "no DTSTART in", e->uid);
	if (e->has_end && e->duration_ms >= 0)
		return refuse(c, "both DTEND and DURATION in", e->uid);
	return true;
}

static void bad_event(void *context, uint32_t line, const char *why)
{
	struct calendar *c = context;

	intake_note(c->in, IMPORT_EVENT, line, "%s", why);
	intake_row(c->in, false);
}

static void odd_calendar(void *context, uint32_t line, const char *why)
{
	struct calendar *c = context;

	intake_note(c->in, IMPORT_EVENT_ODD, line, "%s", why);
}

static void take_event(struct calendar *c, uint32_t line, icalcomponent *v)
{
	struct event e = {.line = line};

	if (!read_event(c, v, &e)) {
		intake_note(c->in, IMPORT_EVENT, line, "%.*s", TEXT_ARG(c->error));
		intake_row(c->in, false);
		return;
	}
	c->events = arena_grow(c->in->arena, c->events, c->n, &c->cap, sizeof(*c->events));
	c->events[c->n++] = e;
}

static struct zone_of_file *add_zone(struct calendar *c, struct zone_of_file z)
{
	c->zones = arena_grow(c->in->arena, c->zones, c->n_zones, &c->zones_cap, sizeof(*c->zones));
	c->zones[c->n_zones++] = z;
	*symbol_map_at(&c->zone_at, c->in->arena, intake_symbol(c->in, z.id)) =
		(uint32_t)c->n_zones;
	return &c->zones[c->n_zones - 1];
}

/* Zone rules that recur otherwise than by year, or at more times than one a day, would keep libical busy. */
static bool sane_zone(icalcomponent *v)
{
	struct recurrence r;

	for (icalcomponent *part = icalcomponent_get_first_component(v, ICAL_ANY_COMPONENT);
	     part != NULL; part = icalcomponent_get_next_component(v, ICAL_ANY_COMPONENT))
		for (icalproperty *p = icalcomponent_get_first_property(part, ICAL_RRULE_PROPERTY);
		     p != NULL; p = icalcomponent_get_next_property(part, ICAL_RRULE_PROPERTY)) {
			struct icalrecurrencetype rule = icalproperty_get_rrule(p);

			if (!calendar_rule(&rule, 0, &r) || r.by != BY_YEAR)
				return false;
		}
	return true;
}

static void take_zone(struct calendar *c, uint32_t line, icalcomponent *v)
{
	icalproperty *id = icalcomponent_get_first_property(v, ICAL_TZID_PROPERTY);
	struct zone_of_file z = {.zone = NULL};

	if (id == NULL || !sane_zone(v)) {
		intake_note(c->in, IMPORT_EVENT, line,
			    id == NULL ? "a VTIMEZONE without TZID"
				       : "a VTIMEZONE whose rules do not recur by year");
		icalcomponent_free(v);
		return;
	}
	z.id = keep(c, icalproperty_get_tzid(id));
	for (icalproperty *p = icalcomponent_get_first_property(v, ICAL_X_PROPERTY); p != NULL;
	     p = icalcomponent_get_next_property(v, ICAL_X_PROPERTY))
		if (text_eq_nocase(text_of(icalproperty_get_property_name(p)),
				   text_of("X-LIC-LOCATION")))
			z.place = value_text(c, p);
	z.zone = icaltimezone_new();
	if (icaltimezone_set_component(z.zone, v) == 0) {
		icaltimezone_free(z.zone, 1);
		z.zone = NULL;
		icalcomponent_free(v);
		intake_note(c->in, IMPORT_EVENT, line, "VTIMEZONE '%.*s' cannot be read",
			    SHOWN(z.id));
	}
	(void)add_zone(c, z);
}

static void on_component(void *context, uint32_t line, struct text name, struct text text)
{
	struct calendar *c = context;
	bool event = text_eq_nocase(name, text_of("VEVENT")),
	     zone = text_eq_nocase(name, text_of("VTIMEZONE"));
	icalcomponent *v = NULL;

	if (!event && !zone) {
		intake_note(c->in, IMPORT_IGNORED, line, "a %.*s is no maintenance", SHOWN(name));
		intake_row(c->in, false);
		return;
	}
	if (text_utf8(text, NULL) && memchr(text.p, 0, text.n) == NULL) {
		struct text copy = text_copy(c->in->arena, text);

		v = icalparser_parse_string(copy.p);
	}
	if (v == NULL) {
		bad_event(c, line,
			  text_utf8(text, NULL) ? "the component cannot be read"
						: "the component is not UTF-8");
		return;
	}
	if (zone) {
		take_zone(c, line, v);
		return;
	}
	take_event(c, line, v);
	icalcomponent_free(v);
}

/* Names like /example.org/20250101_1/Europe/Berlin end with the zone's own. */
static const struct zone *find_zone(struct calendar *c, struct text name)
{
	const struct zone_source *zones = c->in->options.zones;
	const struct zone *z = NULL;
	struct text rest = name, skipped;
	struct err ignored = {.line = 0};

	while (zones != NULL && rest.n > 0) {
		if (rest.n <= ZONE_NAME_MAX && rest.p[0] != '/' &&
		    zones->find(zones->context, rest, &z, &ignored) == RC_OK)
			return z;
		rest = text_cut(rest, '/', &skipped);
	}
	return NULL;
}

/* The zone of a TZID, remembered in the list of the file's zones. */
static struct zone_of_file *zone_of(struct calendar *c, struct text id)
{
	uint32_t place = *symbol_map_at(&c->zone_at, c->in->arena, intake_symbol(c->in, id));
	struct zone_of_file *found =
		place == 0 ? add_zone(c, (struct zone_of_file){.id = id}) : &c->zones[place - 1];

	if (place == 0)
		intake_note(c->in, IMPORT_EVENT_ODD, 0,
			    "no VTIMEZONE for TZID '%.*s'; taken by its name", SHOWN(id));
	if (found->looked_up)
		return found;
	found->looked_up = true;
	found->known = find_zone(c, id);
	if (found->known == NULL && found->place.n > 0)
		found->known = find_zone(c, found->place);
	return found;
}

static int64_t local_ms(struct icaltimetype t)
{
	return t.is_date ? 0 : (t.hour * 3600 + t.minute * 60 + t.second) * SECOND_MS;
}

static void set_kind(enum local_kind kind, struct stamp *out)
{
	out->flags = 0;
	if (kind == LOCAL_GAP)
		out->flags = FLAG_ZONE_GAP;
	if (kind == LOCAL_TWICE)
		out->flags = FLAG_ZONE_TWICE;
}

/* The instant of a local time; false and the reason if its zone is not known. */
static bool instant_of(struct calendar *c, struct text zone, struct icaltimetype t,
		       struct stamp *out)
{
	day date = day_of(t.year, t.month, t.day);
	enum local_kind kind = LOCAL_PLAIN;
	int dst = 0;

	if (zone.n == 0 && icaltime_is_utc(t)) {
		*out = (struct stamp){instant_of_day(date) + local_ms(t), 0};
		return true;
	}
	if (zone.n == 0) {
		if (date_local(&c->in->dates, date, local_ms(t), out) == DATE_OK)
			return true;
		return refuse(c, "a local time without a zone, and no zone was told",
			      (struct text){"", 0});
	}

	struct zone_of_file *z = zone_of(c, zone);

	if (z->known != NULL) {
		out->at = zone_instant(z->known, date, local_ms(t), &kind);
		set_kind(kind, out);
		return true;
	}
	if (z->zone == NULL)
		return refuse(c, "unknown time zone", zone);
	out->at = instant_of_day(date) + local_ms(t) -
		  icaltimezone_get_utc_offset(z->zone, &t, &dst) * SECOND_MS;
	out->flags = 0;
	return true;
}

/* Whole days between two local dates, and the rest: an event's length in local time stays the same across DST. */
static bool end_of_instance(struct calendar *c, const struct event *e, struct icaltimetype start,
			    struct stamp from, struct stamp *to)
{
	if (e->has_end) {
		day days = day_of(e->end.local.year, e->end.local.month, e->end.local.day) -
			   day_of(e->start.local.year, e->start.local.month, e->start.local.day);
		struct icaltimetype end = e->end.local;
		struct civil moved = civil_of(day_of(start.year, start.month, start.day) + days);

		end.year = moved.year;
		end.month = moved.month;
		end.day = moved.mday;
		return instant_of(c, e->end.zone, end, to);
	}
	if (e->duration_ms < 0 && start.is_date) {
		struct civil next = civil_of(day_of(start.year, start.month, start.day) + 1);
		struct icaltimetype end = start;

		end.year = next.year;
		end.month = next.month;
		end.day = next.mday;
		return instant_of(c, e->start.zone, end, to);
	}
	*to = (struct stamp){from.at + (e->duration_ms > 0 ? e->duration_ms : 0), 0};
	return true;
}

static bool add_event_assets(struct calendar *c, const struct event *e, struct own *o)
{
	for (size_t i = 0; i < e->n_assets; i++) {
		symbol asset = intake_asset(c->in, e->assets[i], (struct text){"", 0}, e->line);

		if (asset == 0 || fact_has_word(&o->fact, FIELD_ASSETS, asset))
			continue;
		if (!own_word(o, c->in, FIELD_ASSETS, symbol_text(c->in->facts->symbols, asset)))
			return false;
	}
	if (e->n_assets > 0 && fact_value(&o->fact, FIELD_ASSETS) == NULL) {
		intake_note(c->in, IMPORT_ASSET_UNKNOWN, e->line,
			    "event '%.*s' names no asset of the contract", SHOWN(e->uid));
		return false;
	}
	return true;
}

/* Feeds stamp all their events anew at each export: the same announcement again is the one we have. */
static void keep_first_stamp(struct calendar *c, struct own *o, struct text id)
{
	const struct fact *before =
		facts_find(c->in->facts, symbol_find(c->in->facts->symbols, id));
	instant occurred = o->fact.occurred_at, recorded = o->fact.recorded_at;

	if (before == NULL)
		return;
	o->fact.occurred_at = before->occurred_at;
	o->fact.recorded_at = before->recorded_at;
	for (size_t i = 0; i < o->n && i < before->n_values; i++)
		if (o->values[i].field != before->values[i].field ||
		    o->values[i].word != before->values[i].word ||
		    o->values[i].number != before->values[i].number || o->n != before->n_values) {
			o->fact.occurred_at = occurred;
			o->fact.recorded_at = recorded;
		}
}

static bool emit(struct calendar *c, const struct event *e, struct text maintenance,
		 struct stamp from, struct stamp to)
{
	enum fact_kind kind =
		e->cancelled ? FACT_MAINTENANCE_CANCELLED : FACT_MAINTENANCE_ANNOUNCED;
	struct text id = text_format(c->in->arena, "%.*s:%s", TEXT_ARG(maintenance),
				     e->cancelled ? "cancelled" : "announced");
	struct own o;

	own_begin(&o, kind, e->line);
	/* sla.md R12: an announcement happens when it is recorded. Without a stamp nothing proves that it came before the work. */
	o.fact.occurred_at = o.fact.recorded_at = e->has_stamp ? e->stamp.at : from.at;
	o.fact.flags = from.flags;
	o.fact.party = (uint8_t)intake_party(c->in, PARTY_PROVIDER);
	if (!own_word(&o, c->in, FIELD_MAINTENANCE, maintenance))
		return false;
	if (!e->cancelled) {
		if (!own_number(&o, c->in, FIELD_FROM, from.at, 0) ||
		    !own_number(&o, c->in, FIELD_TO, to.at, 0) || !add_event_assets(c, e, &o) ||
		    (e->work.n > 0 && !own_word(&o, c->in, FIELD_WORK, e->work)) ||
		    (e->change.n > 0 && !own_word(&o, c->in, FIELD_CHANGE, e->change)))
			return false;
	}
	if (e->summary.n > 0 && !own_word(&o, c->in, FIELD_REASON, e->summary))
		return false;
	keep_first_stamp(c, &o, id);
	return own_take(&o, c->in, id);
}

static struct text instance_id(struct calendar *c, const struct event *e, instant original)
{
	struct buf b;

	buf_init(&b, 64);
	instant_print(&b, original);

	struct text id =
		text_format(c->in->arena, "%.*s/%.*s", TEXT_ARG(e->uid), TEXT_ARG(buf_view(&b)));

	buf_free(&b);
	return id;
}

static int by_number(const void *x, const void *y)
{
	const int64_t *a = x, *b = y;

	return (*a > *b) - (*a < *b);
}

/* EXDATEs as instants, or as days where they are dates alone, sorted for looking up. */
static void gather_excluded(struct calendar *c, struct event *e)
{
	size_t n = e->exdates.n;

	e->excluded = arena_array(c->in->arena, int64_t, n);
	e->excluded_days = arena_array(c->in->arena, int64_t, n);
	for (size_t i = 0; i < n; i++) {
		const struct when *w = &e->exdates.v[i];
		struct text zone = w->zone.n > 0 ? w->zone : e->start.zone;
		struct stamp at;

		if (w->local.is_date)
			e->excluded_days[e->n_excluded_days++] =
				day_of(w->local.year, w->local.month, w->local.day);
		else if (instant_of(c, icaltime_is_utc(w->local) ? (struct text){"", 0} : zone,
				    w->local, &at))
			e->excluded[e->n_excluded++] = at.at;
	}
	if (n == 0)
		return;
	qsort(e->excluded, e->n_excluded, sizeof(int64_t), by_number);
	qsort(e->excluded_days, e->n_excluded_days, sizeof(int64_t), by_number);
}

/* A date alone excludes what begins on that date. */
static bool is_excluded(const struct event *e, struct icaltimetype t, instant at)
{
	int64_t d = day_of(t.year, t.month, t.day);

	return (e->n_excluded > 0 &&
		bsearch(&at, e->excluded, e->n_excluded, sizeof(int64_t), by_number) != NULL) ||
	       (e->n_excluded_days > 0 && bsearch(&d, e->excluded_days, e->n_excluded_days,
						  sizeof(int64_t), by_number) != NULL);
}

static int by_uid(const void *x, const void *y)
{
	const struct changed *a = x, *b = y;

	if (a->uid != b->uid)
		return a->uid < b->uid ? -1 : 1;
	return (a->at > b->at) - (a->at < b->at);
}

/* Instances told by events of their own. One that was cancelled had been announced with the series. */
static void gather_changed(struct calendar *c)
{
	c->changed = arena_array(c->in->arena, struct changed, c->n);
	for (size_t i = 0; i < c->n; i++) {
		const struct event *e = &c->events[i];
		struct stamp original;

		if (e->has_recurrence && !e->cancelled &&
		    instant_of(c, e->recurrence.zone, e->recurrence.local, &original))
			c->changed[c->n_changed++] =
				(struct changed){intake_symbol(c->in, e->uid), original.at};
	}
	if (c->n_changed > 0)
		qsort(c->changed, c->n_changed, sizeof(*c->changed), by_uid);
}

static bool is_changed(struct calendar *c, const struct event *series, instant at)
{
	struct changed wanted = {intake_symbol(c->in, series->uid), at};

	return c->n_changed > 0 &&
	       bsearch(&wanted, c->changed, c->n_changed, sizeof(*c->changed), by_uid) != NULL;
}

static bool emit_instance(struct calendar *c, const struct event *e, struct icaltimetype start,
			  bool *refused)
{
	struct stamp from, to;

	if (!instant_of(c, e->start.zone, start, &from) ||
	    !end_of_instance(c, e, start, from, &to)) {
		intake_note(c->in, IMPORT_EVENT, e->line, "%.*s", TEXT_ARG(c->error));
		*refused = true;
		return false;
	}
	if (is_excluded(e, start, from.at) || is_changed(c, e, from.at))
		return true;
	return emit(c, e, instance_id(c, e, from.at), from, to);
}

/* Days after which a rule is no longer followed: its own end if it has one. */
static day last_day(struct calendar *c, const struct event *e,
		    const struct icalrecurrencetype *rule)
{
	bool endless = rule->count == 0 && icaltime_is_null_time(rule->until);
	day first = day_of(e->start.local.year, e->start.local.month, e->start.local.day);
	day until = c->in->options.expand_until != 0 ? day_of_instant(c->in->options.expand_until)
						     : day_add_months(first, ENDLESS_YEARS * 12);

	if (endless)
		intake_note(c->in, IMPORT_EXPANSION, e->line,
			    "event '%.*s' recurs without an end; followed for a limited time",
			    SHOWN(e->uid));
	return endless ? until : day_add_months(first, LONGEST_YEARS * 12);
}

/* UNTIL is a date, UTC, or local like the start. */
static bool is_after_until(struct calendar *c, const struct event *e,
			   const struct icalrecurrencetype *rule, struct icaltimetype t)
{
	struct icaltimetype until = rule->until;
	struct stamp at, end;

	if (icaltime_is_null_time(until))
		return false;
	if (until.is_date || t.is_date)
		return day_of(t.year, t.month, t.day) > day_of(until.year, until.month, until.day);
	return instant_of(c, e->start.zone, t, &at) &&
	       instant_of(c, icaltime_is_utc(until) ? (struct text){"", 0} : e->start.zone, until,
			  &end) &&
	       at.at > end.at;
}

/* One more instance; false past a limit. */
static bool within_limits(struct calendar *c, const struct event *e, size_t n)
{
	if (n < INSTANCES_MAX && c->instances < INSTANCES_OF_FILE_MAX) {
		c->instances++;
		return true;
	}
	intake_note(c->in, IMPORT_EXPANSION, e->line,
		    "event '%.*s' recurs more often than is followed (%d times, %d in a file)",
		    SHOWN(e->uid), INSTANCES_MAX, INSTANCES_OF_FILE_MAX);
	return false;
}

static bool expand_rule(struct calendar *c, const struct event *e,
			const struct icalrecurrencetype *rule)
{
	struct icaltimetype t = e->start.local;
	day start = day_of(t.year, t.month, t.day), d = start, last = 0;
	struct recurrence_walk *walk = arena_one(c->in->arena, struct recurrence_walk);
	struct recurrence r;
	bool taken = false, refused = false;

	if (!calendar_rule(rule, start, &r) ||
	    (!icaltime_is_null_time(rule->until) && !is_time(rule->until))) {
		intake_note(c->in, IMPORT_RECURRENCE, e->line, "rule '%.*s' is not followed",
			    SHOWN(e->rule));
		return false;
	}
	last = last_day(c, e, rule);
	walk->rule = &r;
	size_t n = 0;

	for (; !refused && recurrence_next(walk, last, &d); n++) {
		struct civil date = civil_of(d);

		t.year = date.year;
		t.month = date.month;
		t.day = date.mday;
		if ((rule->count > 0 && n >= (size_t)rule->count) ||
		    is_after_until(c, e, rule, t) || !within_limits(c, e, n))
			break;
		taken = emit_instance(c, e, t, &refused) || taken;
	}
	if (n == 0)
		intake_note(c->in, IMPORT_RECURRENCE, e->line, "rule '%.*s' never comes true",
			    SHOWN(e->rule));
	return taken;
}

static bool expand(struct calendar *c, const struct event *e)
{
	struct icalrecurrencetype rule = icalrecurrencetype_from_string(e->rule.p);
	bool taken;

	/* The year 9999 is how some tools write "without an end". */
	if (rule.until.year > 9998)
		rule.until = icaltime_null_time();
	taken = expand_rule(c, e, &rule);

	/* RSCALE, the one part of a rule that libical allocates. */
	icalmemory_free_buffer(rule.rscale);
	return taken;
}

static bool emit_dates(struct calendar *c, const struct event *e)
{
	bool taken = false, refused = false;

	if (e->rule.n == 0)
		taken = emit_instance(c, e, e->start.local, &refused);
	for (size_t i = 0; i < e->rdates.n && !refused; i++)
		taken = emit_instance(c, e, e->rdates.v[i].local, &refused) || taken;
	return taken;
}

static bool emit_event(struct calendar *c, const struct event *e)
{
	struct stamp from, to, original;

	if (e->rule.n > 0 || e->rdates.n > 0) {
		bool taken = e->rule.n > 0 && expand(c, e);

		return emit_dates(c, e) || taken;
	}
	if (!instant_of(c, e->start.zone, e->start.local, &from) ||
	    !end_of_instance(c, e, e->start.local, from, &to) ||
	    (e->has_recurrence &&
	     !instant_of(c, e->recurrence.zone, e->recurrence.local, &original))) {
		intake_note(c->in, IMPORT_EVENT, e->line, "%.*s", TEXT_ARG(c->error));
		return false;
	}
	return emit(c, e, e->has_recurrence ? instance_id(c, e, original.at) : e->uid, from, to);
}

static enum rc push(void *reader, const char *p, size_t n, struct err *err)
{
	struct calendar *c = reader;

	return ics_push(c->ics, p, n, err);
}

static enum rc close_file(void *reader, struct err *err)
{
	struct calendar *c = reader;
	enum rc rc = ics_close(c->ics, err);

	if (rc == RC_OK)
		gather_changed(c);
	for (size_t i = 0; i < c->n && rc == RC_OK; i++) {
		if (!c->events[i].has_stamp)
			c->in->report->recorded_known = false;
		gather_excluded(c, &c->events[i]);
		intake_row(c->in, emit_event(c, &c->events[i]));
	}
	for (size_t i = 0; i < c->n_zones; i++)
		if (c->zones[i].zone != NULL)
			icaltimezone_free(c->zones[i].zone, 1);
	return rc;
}

struct format_reader calendar_open(struct intake *in)
{
	static const struct reader_ops ops = {push, close_file};
	struct calendar *c = arena_one(in->arena, struct calendar);
	struct ics_handler handler = {c, on_component, bad_event, odd_calendar};

	c->in = in;
	c->ics = ics_open(in->arena, &handler);
	return (struct format_reader){&ops, c};
}
