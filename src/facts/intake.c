/* SPDX-License-Identifier: Apache-2.0 */
#include "facts/intake.h"

#include "facts/check.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* RFC 3339; without a zone to fall back to, so that every instant says its offset. */
static const struct date_format rfc3339 = {.text = {"iso", 3}, .iso = true, .has_seconds = true};

void intake_init(struct intake *in, struct arena *a, struct facts *facts,
		 const struct import_options *options)
{
	struct symbols *s = facts->symbols;

	*in = (struct intake){.arena = a, .facts = facts, .options = *options};
	in->report = arena_one(a, struct import_report);
	in->report->name = text_copy(a, options->name);
	in->first = in->last = INSTANT_NONE;
	struct err none = {.line = 0};
	enum rc rc =
		date_reader_init(&in->instants, &rfc3339, 1, (struct text){"", 0}, NULL, &none);

	assert(rc == RC_OK);
	(void)rc;
	in->words = (struct intake_words){
		.human = symbol_add(s, text_of("human")),
		.public_ = symbol_add(s, text_of("public")),
		.up = symbol_add(s, text_of("up")),
		.down = symbol_add(s, text_of("down")),
		.degraded = symbol_add(s, text_of("degraded")),
		.unknown = symbol_add(s, text_of("unknown")),
		.person = symbol_add(s, text_of("person")),
		.monitor = symbol_add(s, text_of("monitor")),
	};
}

/* A list of units is of a day: a column says it, or [values], or whoever brings the file. Never two of them. */
static enum rc day_once(const struct intake *in, const struct mapping *m, struct err *err)
{
	const struct mapping_word *kind = mapping_word(&m->values, text_of("kind"));
	bool says = m->columns[COLUMN_OCCURRED].n > 0 ||
		    mapping_word(&m->values, text_of("occurred")) != NULL || kind == NULL ||
		    !text_is(kind->to, fact_row(FACT_UNITS_LISTED)->kind);

	if (says != in->options.on_told)
		return RC_OK;
	err_at(err, in->options.name, 0, 0);
	err_code(err, "import.day");
	if (says) {
		err_hint(err, "leave --on out");
		return err_set(err, RC_INVALID, "the file says its days itself");
	}
	err_hint(
		err,
		"tell it: tenor units import --on DATE, or `occurred = ` in [values] of a mapping");
	return err_set(err, RC_INVALID, "no column says the day of the list");
}

enum rc intake_begin(struct intake *in, const struct mapping *m, struct text format,
		     struct err *err)
{
	struct text zone = in->options.zone;
	bool needs_zone = false;

	in->mapping = m;
	if (zone.n == 0)
		zone = m->zone;
	/* money.md R2: a day of money is one in the contract's zone. */
	if ((m->rows == ROWS_CALENDAR || m->values.n > 0) && zone.n == 0)
		zone = in->options.default_zone;
	/* Of a cost the day is taken as the report writes it (rows_costs.c): the zone changes nothing. */
	if (m->rows == ROWS_COSTS && zone.n == 0)
		zone = text_of("UTC");
	for (size_t i = 0; i < m->n_formats; i++)
		needs_zone = needs_zone || (!m->formats[i].iso && !m->formats[i].has_offset);
	if (zone.n == 0 && needs_zone) {
		err_at(err, in->options.name, 0, 0);
		err_code(err, "import.zone");
		err_hint(err,
			 "tell it: --zone America/New_York, or `zone = ` in [dates] of a mapping");
		return err_set(err, RC_INVALID,
			       "dates written as '%.*s' say no time zone, and none was told",
			       TEXT_ARG(m->formats[0].text));
	}

	enum rc rc = day_once(in, m, err);

	if (rc == RC_OK)
		rc = date_reader_init(&in->dates, m->formats, m->n_formats, zone, in->options.zones,
				      err);
	if (rc != RC_OK)
		return rc;
	in->report->format = text_copy(in->arena, format);
	in->report->zone = text_copy(in->arena, zone);
	in->report->recorded_known = true;
	in->source = facts_add_source(in->facts, (struct fact_source){
							 .name = in->report->name,
							 .format = in->report->format,
							 .whole_log = m->whole_log,
							 .recorded_known = true,
						 });
	in->report->source = in->source;
	return RC_OK;
}

static void count_flags(const struct intake *in)
{
	for (size_t i = 0; i < in->facts->n; i++) {
		const struct fact *f = &in->facts->v[i];

		if (f->source != in->source || f->flags == 0)
			continue;
		for (unsigned bit = 0; bit < FACT_FLAG_BITS; bit++)
			in->report->flagged[bit] += ((unsigned)f->flags >> bit) & 1u;
	}
}

static bool can_observe(enum mapping_rows rows)
{
	switch (rows) {
	case ROWS_FACTS:
	case ROWS_SAMPLES:
	case ROWS_STATUSPAGE:
		return true;
	case ROWS_TICKET_STATES:
	case ROWS_TICKETS:
	case ROWS_COSTS:
	case ROWS_CALENDAR:
		break;
	}
	return false;
}

void intake_end(struct intake *in)
{
	struct fact_source *source = &in->facts->sources[in->source];
	struct span covers = in->options.covers;
	bool told = covers.from < covers.to;

	source->recorded_known = in->report->recorded_known;
	/*
	 * Told coverage is a promise to know of every outage in it, even if there was none; but a list of tickets or a
	 * calendar of maintenance knows of no outage, whatever was told.
	 */
	told = told && can_observe(in->mapping->rows);
	source->observes_outages = in->observes || told;
	if (!told && in->observes && in->first != INSTANT_NONE)
		covers = (struct span){in->first, in->last};
	if (source->observes_outages && covers.from < covers.to)
		source->covers = covers;
	in->report->covers = source->covers;
	in->report->covers_told = told;
	if (in->report->rows_read == 0)
		intake_note(in, IMPORT_EMPTY, 0, "the file has no rows");
	facts_check(in->facts);
	count_flags(in);
}

void intake_note(struct intake *in, enum import_code code, uint32_t line, const char *fmt, ...)
{
	struct import_report *r = in->report;
	char text[ERR_MESSAGE_MAX];
	va_list ap;

	if (r->counts[code]++ >= IMPORT_NOTES_PER_CODE)
		return;
	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	/* What a file says must not make lines of its own in the report. */
	for (char *p = text; *p != '\0'; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			*p = ' ';
	r->notes = arena_grow(in->arena, r->notes, r->n_notes, &r->notes_cap, sizeof(*r->notes));
	r->notes[r->n_notes++] =
		(struct import_note){code, line, text_copy(in->arena, text_of(text))};
}

void intake_row(struct intake *in, bool taken)
{
	in->report->rows_read++;
	if (taken)
		in->report->taken++;
	else
		in->report->skipped++;
}

void intake_observed(struct intake *in, instant t)
{
	if (in->first == INSTANT_NONE || t < in->first)
		in->first = t;
	if (in->last == INSTANT_NONE || t > in->last)
		in->last = t;
}

/* The subject is the value of the kind's subject field. */
static symbol subject_of(const struct fact *f)
{
	return fact_word(f, fact_row((enum fact_kind)f->kind)->subject);
}

static bool tells_of_outages(const struct fact *f)
{
	return f->kind == FACT_OUTAGE_BEGAN || f->kind == FACT_OUTAGE_ENDED ||
	       f->kind == FACT_PROBE_SAMPLE || f->kind == FACT_REQUESTS_COUNTED;
}

static void note_conflict(struct intake *in, const struct fact *f, const struct fact *before)
{
	const struct fact_source *source = &in->facts->sources[before->source];
	struct text id = symbol_text(in->facts->symbols, f->id);

	intake_note(in, IMPORT_CONFLICT, f->line,
		    "id '%.*s' was taken with other content on line %u of %.*s", TEXT_ARG(id),
		    before->line, TEXT_ARG(source->name));
}

/* A later row with the same id corrects the one before; its own id counts up. */
static enum intake_result add_correction(struct intake *in, struct fact *f)
{
	struct text base = symbol_text(in->facts->symbols, f->id);
	symbol before = f->id;

	for (unsigned n = 2;; n++) {
		struct text id = text_format(in->arena, "%.*s~%u", TEXT_ARG(base), n);
		const struct fact *same =
			facts_find(in->facts, symbol_find(in->facts->symbols, id));

		if (same != NULL) {
			f->id = same->id;
			f->corrects = before;
			if (fact_same(same, f))
				return INTAKE_SAME;
			if (same->source == in->source) {
				note_conflict(in, f, same);
				return INTAKE_CONFLICT;
			}
			before = same->id;
			continue;
		}
		f->id = symbol_add(in->facts->symbols, id);
		f->corrects = before;
		intake_note(in, IMPORT_CORRECTED, f->line, "'%.*s' corrects '%.*s'", TEXT_ARG(id),
			    TEXT_ARG(symbol_text(in->facts->symbols, before)));
		return INTAKE_NEW;
	}
}

static enum intake_result admit(struct intake *in, struct fact *f)
{
	const struct fact *before = facts_find(in->facts, f->id);

	if (before == NULL)
		return INTAKE_NEW;
	if (fact_same(before, f))
		return INTAKE_SAME;
	/* What one file says twice is no correction: which is right? */
	if (in->mapping->correct && before->source != in->source)
		return add_correction(in, f);
	note_conflict(in, f, before);
	return INTAKE_CONFLICT;
}

enum intake_result intake_add(struct intake *in, struct fact *f)
{
	f->source = in->source;
	f->subject = subject_of(f);
	f->flags |= fact_own_flags(f);
	if ((f->flags & FLAG_ZONE_GAP) != 0)
		intake_note(in, IMPORT_ZONE_GAP, f->line,
			    "the local time did not exist; moved forward by the gap");
	if ((f->flags & FLAG_ZONE_TWICE) != 0)
		intake_note(in, IMPORT_ZONE_TWICE, f->line,
			    "the local time occurred twice; the first is taken");

	enum intake_result result = admit(in, f);

	/* What is left out proves no observation: an outage that conflicts must not make its time count as up. */
	if (result != INTAKE_CONFLICT && tells_of_outages(f)) {
		in->observes = true;
		if (!in->polled)
			intake_observed(in, f->occurred_at);
		intake_observed(in, f->recorded_at);
	}
	switch (result) {
	case INTAKE_NEW:
		(void)facts_add(in->facts, f);
		in->report->facts++;
		break;
	case INTAKE_SAME:
		in->report->duplicates++;
		intake_note(in, IMPORT_DUPLICATE, f->line, "'%.*s' again, with the same content",
			    TEXT_ARG(symbol_text(in->facts->symbols, f->id)));
		break;
	case INTAKE_CONFLICT:
		in->report->conflicts++;
		break;
	}
	return result;
}

bool intake_null(const struct intake *in, struct text t)
{
	if (t.n == 0)
		return true;
	for (size_t i = 0; i < in->mapping->n_nulls; i++)
		if (text_eq(t, in->mapping->nulls[i]))
			return true;
	return false;
}

/* Shown text of the file, cut. */
enum { SHOWN_MAX = 60 };
#define SHOWN(t) (int)((t).n > SHOWN_MAX ? SHOWN_MAX : (t).n), (t).p

bool intake_date(struct intake *in, struct text t, const char *what, uint32_t line,
		 struct stamp *out)
{
	if (intake_null(in, t)) {
		intake_note(in, IMPORT_DATE_MISSING, line, "no date in '%s'", what);
		return false;
	}
	switch (date_read(&in->dates, t, out)) {
	case DATE_OK:
		return true;
	case DATE_MALFORMED:
		intake_note(in, IMPORT_DATE_FORMAT, line, "'%.*s' in '%s' is not written as '%.*s'",
			    SHOWN(t), what, TEXT_ARG(in->mapping->formats[0].text));
		return false;
	case DATE_IMPOSSIBLE:
		intake_note(in, IMPORT_DATE_NONE, line, "'%.*s' in '%s' does not exist", SHOWN(t),
			    what);
		return false;
	case DATE_NO_ZONE:
		intake_note(in, IMPORT_DATE_FORMAT, line,
			    "'%.*s' in '%s' says no time zone, and none was told", SHOWN(t), what);
		return false;
	}
	return false;
}

bool intake_instant(struct intake *in, struct text t, const char *what, uint32_t line,
		    struct stamp *out)
{
	if (t.n == 0) {
		intake_note(in, IMPORT_DATE_MISSING, line, "no date in '%s'", what);
		return false;
	}
	switch (date_read(&in->instants, t, out)) {
	case DATE_OK:
		return true;
	case DATE_IMPOSSIBLE:
		intake_note(in, IMPORT_DATE_NONE, line, "'%.*s' in '%s' does not exist", SHOWN(t),
			    what);
		return false;
	case DATE_MALFORMED:
	case DATE_NO_ZONE:
		intake_note(in, IMPORT_DATE_FORMAT, line,
			    "'%.*s' in '%s' is not written as 2026-03-31T09:15:00Z, with an offset",
			    SHOWN(t), what);
		return false;
	}
	return false;
}

static struct text known_asset(const struct intake *in, struct text t)
{
	if (in->options.known_assets == NULL)
		return t;
	for (size_t i = 0; i < in->options.n_known_assets; i++)
		if (text_eq(t, in->options.known_assets[i]))
			return t;
	return (struct text){"", 0};
}

/* What the options or the mapping call it; the target must be an asset of the contract as well. */
static struct text mapped_asset(const struct intake *in, struct text t)
{
	const struct mapping_word *w = mapping_word(&in->mapping->assets, t);

	if (t.n == 0)
		return t;
	for (size_t i = 0; i < in->options.n_assets; i++)
		if (text_eq(t, in->options.assets[i].from))
			return known_asset(in, in->options.assets[i].to);
	return w == NULL ? (struct text){"", 0} : known_asset(in, w->to);
}

static symbol find_asset(struct intake *in, struct text id, struct text name, uint32_t line)
{
	struct text asset = mapped_asset(in, id);

	if (asset.n == 0)
		asset = mapped_asset(in, name);
	if (asset.n == 0)
		asset = known_asset(in, id);
	/* The mapping may name one asset for all the rest. */
	if (asset.n == 0)
		asset = mapped_asset(in, text_of("*"));
	if (asset.n > 0)
		return symbol_add(in->facts->symbols, asset);
	if (name.n > 0)
		intake_note(in, IMPORT_ASSET_UNKNOWN, line,
			    "component '%.*s' (%.*s) is mapped to no asset of the contract",
			    SHOWN(id), SHOWN(name));
	else
		intake_note(in, IMPORT_ASSET_UNKNOWN, line,
			    "component '%.*s' is mapped to no asset of the contract", SHOWN(id));
	return 0;
}

uint32_t *symbol_map_at(struct symbol_map *m, struct arena *a, symbol y)
{
	if (y >= m->cap) {
		size_t cap = m->cap == 0 ? 256 : m->cap;

		while (cap <= y)
			cap *= 2;
		uint32_t *bigger = arena_array(a, uint32_t, cap);

		if (m->cap > 0)
			memcpy(bigger, m->v, m->cap * sizeof(*bigger));
		m->v = bigger;
		m->cap = cap;
	}
	return &m->v[y];
}

symbol intake_asset(struct intake *in, struct text id, struct text name, uint32_t line)
{
	symbol y = symbol_add(in->facts->symbols, id);
	uint32_t *memory = symbol_map_at(&in->asset_of, in->arena, y);

	if (*memory == 0)
		*memory = find_asset(in, id, name, line) + 1;
	else if (*memory == 1)
		in->report->counts[IMPORT_ASSET_UNKNOWN]++;
	return *memory - 1;
}

symbol intake_asset_named(struct intake *in, struct text id, uint32_t line)
{
	symbol y = symbol_add(in->facts->symbols, id);
	uint32_t *memory = symbol_map_at(&in->asset_of, in->arena, y);
	struct text asset;

	if (*memory > 1)
		return *memory - 1;
	asset = mapped_asset(in, id);
	if (asset.n == 0)
		asset = known_asset(in, id);
	if (asset.n == 0) {
		intake_note(in, IMPORT_ASSET_FOREIGN, line, "the contract has no asset '%.*s'",
			    SHOWN(id));
		asset = id;
	}
	*memory = symbol_add(in->facts->symbols, asset) + 1;
	return *memory - 1;
}

symbol intake_priority(struct intake *in, struct text t, uint32_t line)
{
	const struct mapping_words *words = &in->mapping->priorities;
	const struct mapping_word *w = mapping_word(words, t);
	struct text word = w == NULL ? t : w->to;

	for (size_t i = 0; i < in->options.n_priorities; i++)
		if (text_eq(word, in->options.priorities[i].from) ||
		    text_eq(t, in->options.priorities[i].from))
			return symbol_add(in->facts->symbols, in->options.priorities[i].to);
	if (w == NULL && (words->n > 0 || in->options.n_priorities > 0))
		intake_note(in, IMPORT_PRIORITY_UNKNOWN, line,
			    "priority '%.*s' is not mapped; kept as it is", SHOWN(t));
	return symbol_add(in->facts->symbols, word);
}

symbol intake_word(struct intake *in, const struct mapping_words *words, struct text t)
{
	const struct mapping_word *w = mapping_word(words, t);

	return symbol_add(in->facts->symbols, w == NULL ? t : w->to);
}

symbol intake_symbol(struct intake *in, struct text t)
{
	return symbol_add(in->facts->symbols, t);
}

enum { ID_MAX = 256 };

symbol intake_id(struct intake *in, struct text subject, const char *sep, struct text rest,
		 const char *event)
{
	char id[ID_MAX];
	struct text parts[] = {subject, text_of(sep), rest, text_of(event)};
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		if (parts[i].n > sizeof(id) - n)
			return symbol_add(in->facts->symbols,
					  text_format(in->arena, "%.*s%s%.*s%s", TEXT_ARG(subject),
						      sep, TEXT_ARG(rest), event));
		if (parts[i].n > 0)
			memcpy(id + n, parts[i].p, parts[i].n);
		n += parts[i].n;
	}
	return symbol_add(in->facts->symbols, (struct text){id, n});
}

enum party intake_party(const struct intake *in, enum party otherwise)
{
	if (in->options.party != PARTY_UNKNOWN)
		return in->options.party;
	return in->mapping->party != PARTY_UNKNOWN ? in->mapping->party : otherwise;
}

enum party intake_logged_by(const struct intake *in, enum party otherwise)
{
	enum party p = in->mapping->logged_by;

	return p != PARTY_UNKNOWN ? p : intake_party(in, otherwise);
}
