/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Status pages and Upptime. A component keeps its id and changes its name, so ids decide and names only help. An incident is an
 * outage of the components it names; one of no length is valid and counts nothing; one without an end runs on.
 */
#include "facts/json_read.h"
#include "facts/own.h"

/* Takes a stamp from a key; an absent key gives INSTANT_NONE. false: it cannot be read, noted. */
static bool stamp_of(struct intake *in, const json_t *o, const char *key, uint32_t line,
		     struct stamp *out)
{
	struct text t = json_member(o, key);

	*out = (struct stamp){INSTANT_NONE, 0};
	return t.n == 0 || intake_instant(in, t, key, line, out);
}

static symbol state_word(struct intake *in, struct text state, uint32_t line)
{
	const struct mapping_word *w = mapping_word(&in->mapping->states, state);
	unsigned means = w == NULL ? 0 : w->means;

	if ((means & MEANS_UP) != 0)
		return in->words.up;
	if ((means & MEANS_DOWN) != 0)
		return in->words.down;
	if ((means & MEANS_DEGRADED) != 0)
		return in->words.degraded;
	if ((means & MEANS_UNKNOWN) != 0)
		return in->words.unknown;
	if ((means & MEANS_IGNORE) != 0)
		intake_note(in, IMPORT_IGNORED, line, "state '%.*s' says nothing", TEXT_ARG(state));
	else
		intake_note(in, IMPORT_STATE_UNKNOWN, line,
			    "state '%.*s' is not in [states] as up, down, degraded or unknown",
			    TEXT_ARG(state));
	return 0;
}

static bool take_state(struct intake *in, struct text component, symbol asset, symbol state,
		       struct stamp at, struct stamp seen, struct text seen_text, uint32_t line)
{
	struct own o;

	own_begin(&o, FACT_PROBE_SAMPLE, line);
	o.fact.occurred_at = at.at;
	o.fact.recorded_at = seen.at;
	o.fact.flags = at.flags;
	o.fact.party = (uint8_t)intake_party(in, PARTY_PROVIDER);
	if (!own_word(&o, in, FIELD_ASSET, symbol_text(in->facts->symbols, asset)) ||
	    !own_word(&o, in, FIELD_STATE, symbol_text(in->facts->symbols, state)))
		return false;
	return own_take(
		&o, in,
		symbol_text(in->facts->symbols, intake_id(in, component, "@", seen_text, "")));
}

bool statuspage_take_transition(struct intake *in, const json_t *o, uint32_t line)
{
	struct text id = json_member(o, "component_id"), seen_text = json_member(o, "observed_at");
	struct stamp seen, changed;
	symbol state = state_word(in, json_member(o, "new"), line);

	in->polled = true;
	if (state == 0 || !intake_instant(in, seen_text, "observed_at", line, &seen) ||
	    !stamp_of(in, o, "component_updated_at", line, &changed))
		return false;
	if (id.n == 0) {
		intake_note(in, IMPORT_FIELD_MISSING, line, "no component_id");
		return false;
	}

	symbol asset = intake_asset(in, id, json_member(o, "component"), line);

	if (asset == 0)
		return false;
	if (changed.at == INSTANT_NONE || in->mapping->observed)
		changed = seen;
	return take_state(in, id, asset, state, changed, seen, seen_text, line);
}

bool statuspage_take_component(struct intake *in, const json_t *o, struct text seen_text)
{
	struct text id = json_member(o, "id");
	struct stamp seen;

	in->polled = true;
	if (json_is_true(json_object_get(o, "group"))) {
		intake_note(in, IMPORT_IGNORED, 0, "'%.*s' is a group of components",
			    TEXT_ARG(json_member(o, "name")));
		return false;
	}
	symbol state = state_word(in, json_member(o, "status"), 0);

	if (seen_text.n == 0)
		seen_text = json_member(o, "updated_at");
	if (state == 0 || !intake_instant(in, seen_text, "page.updated_at", 0, &seen))
		return false;
	if (id.n == 0) {
		intake_note(in, IMPORT_FIELD_MISSING, 0, "a component without id");
		return false;
	}

	symbol asset = intake_asset(in, id, json_member(o, "name"), 0);

	/* A summary shows the state at one instant, whenever it was last changed. */
	return asset != 0 && take_state(in, id, asset, state, seen, seen, seen_text, 0);
}

static bool add_asset(struct own *o, struct intake *in, struct text id, struct text name)
{
	symbol asset = id.n == 0 ? 0 : intake_asset(in, id, name, o->fact.line);

	if (asset == 0 || fact_has_word(&o->fact, FIELD_ASSETS, asset))
		return true;
	return own_word(o, in, FIELD_ASSETS, symbol_text(in->facts->symbols, asset));
}

/* The components of a list, known by `id_key`; counts them. */
static bool add_list(struct own *o, struct intake *in, const json_t *list, const char *id_key,
		     size_t *named)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *c = json_array_get(list, i);

		(*named)++;
		if (!add_asset(o, in, json_member(c, id_key), json_member(c, "name")))
			return false;
	}
	return true;
}

/* Components of the incident and of its updates. An incident that names none is about `*`, if the mapping says what that is. */
static bool add_assets(struct own *o, struct intake *in, const json_t *incident)
{
	const json_t *components = json_object_get(incident, "components");
	const json_t *updates = json_object_get(incident, "incident_updates");
	const struct mapping_word *all = mapping_word(&in->mapping->assets, text_of("*"));
	size_t named = 0;

	if (!add_list(o, in, components, "id", &named))
		return false;
	for (size_t i = 0; i < json_array_size(updates); i++)
		if (!add_list(o, in,
			      json_object_get(json_array_get(updates, i), "affected_components"),
			      "code", &named))
			return false;
	if (named == 0 && all != NULL)
		return own_word(o, in, FIELD_ASSETS, all->to);
	return true;
}

/* false and a note if nothing it names is an asset. */
static bool has_assets(struct intake *in, const struct own *o, const char *what, struct text id)
{
	if (fact_value(&o->fact, FIELD_ASSETS) != NULL)
		return true;
	intake_note(in, IMPORT_ASSET_UNKNOWN, o->fact.line,
		    "%s '%.*s' names no component that is an asset of the contract; `* = asset` in "
		    "[assets] takes all",
		    what, TEXT_ARG(id));
	return false;
}

/* "down" or "degraded" by the impact; 0 and a note if it makes no outage. */
static symbol severity_of(struct intake *in, const json_t *incident, uint32_t line)
{
	struct text impact = json_member(incident, "impact"), id = json_member(incident, "id");
	const struct mapping_word *w = mapping_word(&in->mapping->severities, impact);
	unsigned means = w == NULL ? 0 : w->means;

	if ((means & MEANS_DOWN) != 0)
		return in->words.down;
	if ((means & MEANS_DEGRADED) != 0)
		return in->words.degraded;
	if ((means & MEANS_IGNORE) != 0)
		intake_note(in, IMPORT_IGNORED, line,
			    "incident '%.*s' has impact '%.*s', which makes no outage",
			    TEXT_ARG(id), TEXT_ARG(impact));
	else
		intake_note(in, IMPORT_STATE_UNKNOWN, line,
			    "impact '%.*s' is not in [severities] as down, degraded or ignore",
			    TEXT_ARG(impact));
	return 0;
}

static bool take_end(struct intake *in, struct text id, struct stamp ended, instant recorded_at,
		     uint32_t line)
{
	struct own o;

	own_begin(&o, FACT_OUTAGE_ENDED, line);
	o.fact.occurred_at = ended.at;
	o.fact.recorded_at = recorded_at;
	o.fact.flags = ended.flags;
	o.fact.party = (uint8_t)intake_party(in, PARTY_PROVIDER);
	return own_word(&o, in, FIELD_OUTAGE, id) &&
	       own_take(&o, in,
			symbol_text(in->facts->symbols,
				    intake_id(in, id, ":", text_of("ended"), "")));
}

static bool take_began(struct own *o, struct intake *in, const json_t *incident, struct text id)
{
	struct text link = json_member(incident, "shortlink");
	symbol severity = severity_of(in, incident, o->fact.line);

	if (severity == 0 || !own_word(o, in, FIELD_OUTAGE, id) || !add_assets(o, in, incident))
		return false;
	if (!has_assets(in, o, "incident", id))
		return false;
	if (!own_word(o, in, FIELD_SEVERITY, symbol_text(in->facts->symbols, severity)))
		return false;
	if (link.n > 0 && !own_word(o, in, FIELD_EVIDENCE, link))
		return false;
	return own_take(
		o, in,
		symbol_text(in->facts->symbols, intake_id(in, id, ":", text_of("began"), "")));
}

bool statuspage_take_incident(struct intake *in, const json_t *incident, uint32_t line)
{
	struct text id = json_member(incident, "id");
	struct stamp created, started, ended;
	struct own o;

	if (id.n == 0) {
		intake_note(in, IMPORT_FIELD_MISSING, line, "an incident without id");
		return false;
	}
	if (!intake_instant(in, json_member(incident, "created_at"), "created_at", line,
			    &created) ||
	    !stamp_of(in, incident, "started_at", line, &started) ||
	    !stamp_of(in, incident, "resolved_at", line, &ended))
		return false;
	if (started.at == INSTANT_NONE)
		started = created;
	/* Also one that makes no outage shows that somebody was looking. */
	in->observes = true;
	intake_observed(in, created.at);
	own_begin(&o, FACT_OUTAGE_BEGAN, line);
	o.fact.occurred_at = started.at;
	o.fact.recorded_at = created.at;
	o.fact.flags = started.flags;
	o.fact.party = (uint8_t)intake_party(in, PARTY_PROVIDER);
	if (!take_began(&o, in, incident, id))
		return false;
	if (ended.at == INSTANT_NONE) {
		intake_note(in, IMPORT_OPEN_END, line, "incident '%.*s' has no end in the file",
			    TEXT_ARG(id));
		return true;
	}
	if (ended.at < started.at)
		intake_note(in, IMPORT_ORDER, line, "incident '%.*s' ends before it begins",
			    TEXT_ARG(id));
	/* The page writes the end when it happens, but nothing before the incident was entered. */
	(void)take_end(in, id, ended, ended.at > created.at ? ended.at : created.at, line);
	return true;
}

bool statuspage_take_maintenance(struct intake *in, const json_t *o, uint32_t line)
{
	struct text id = json_member(o, "id"), name = json_member(o, "name");
	struct stamp created, from, to;
	struct own own;

	if (id.n == 0) {
		intake_note(in, IMPORT_FIELD_MISSING, line, "a maintenance without id");
		return false;
	}
	if (!intake_instant(in, json_member(o, "created_at"), "created_at", line, &created) ||
	    !intake_instant(in, json_member(o, "scheduled_for"), "scheduled_for", line, &from) ||
	    !intake_instant(in, json_member(o, "scheduled_until"), "scheduled_until", line, &to))
		return false;
	own_begin(&own, FACT_MAINTENANCE_ANNOUNCED, line);
	/* sla.md R12: an announcement happens when it is recorded. */
	own.fact.occurred_at = own.fact.recorded_at = created.at;
	own.fact.party = (uint8_t)intake_party(in, PARTY_PROVIDER);
	if (!own_word(&own, in, FIELD_MAINTENANCE, id) ||
	    !own_number(&own, in, FIELD_FROM, from.at, 0) ||
	    !own_number(&own, in, FIELD_TO, to.at, 0) || !add_assets(&own, in, o))
		return false;
	if (!has_assets(in, &own, "maintenance", id))
		return false;
	if (name.n > 0 && !own_word(&own, in, FIELD_REASON, name))
		return false;
	return own_take(
		&own, in,
		symbol_text(in->facts->symbols, intake_id(in, id, ":", text_of("announced"), "")));
}

static void report_figure(struct intake *in, struct text subject, struct text asset,
			  struct text period, struct text value)
{
	struct import_report *r = in->report;

	r->reported = arena_grow(in->arena, r->reported, r->n_reported, &r->reported_cap,
				 sizeof(*r->reported));
	r->reported[r->n_reported++] =
		(struct reported_figure){text_copy(in->arena, subject), text_copy(in->arena, asset),
					 text_copy(in->arena, period), text_copy(in->arena, value)};
}

bool upptime_take_monitor(struct intake *in, const json_t *o)
{
	static const struct {
		const char *key, *period;
	} periods[] = {{"uptime", "all"},
		       {"uptimeDay", "day"},
		       {"uptimeWeek", "week"},
		       {"uptimeMonth", "month"},
		       {"uptimeYear", "year"}};
	struct text slug = json_member(o, "slug"), asset_name = {"", 0};
	json_t *days = json_object_get(o, "dailyMinutesDown");

	if (slug.n == 0) {
		intake_note(in, IMPORT_FIELD_MISSING, 0, "a monitor without slug");
		return false;
	}
	symbol asset = intake_asset(in, slug, json_member(o, "name"), 0);

	if (asset == 0)
		return false;
	asset_name = symbol_text(in->facts->symbols, asset);
	for (size_t i = 0; i < ARRAY_SIZE(periods); i++) {
		struct text value = json_member(o, periods[i].key);

		if (value.n > 0)
			report_figure(in, slug, asset_name, text_of(periods[i].period), value);
	}
	for (void *at = json_object_iter(days); at != NULL; at = json_object_iter_next(days, at)) {
		const char *date = json_object_iter_key(at);
		const json_t *minutes = json_object_iter_value(at);

		if (json_is_integer(minutes))
			report_figure(in, slug, asset_name, text_of(date),
				      text_format(in->arena, "%lld min down",
						  (long long)json_integer_value(minutes)));
		else
			intake_note(in, IMPORT_FIELD_TYPE, 0,
				    "'%s' of monitor '%.*s' is no whole number of minutes", date,
				    TEXT_ARG(slug));
	}
	return true;
}
