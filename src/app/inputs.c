/* SPDX-License-Identifier: Apache-2.0 */
#include "app/inputs.h"

#include "app/append.h"
#include "app/own_entries.h"
#include "app/zones.h"
#include "base/json.h"
#include "engine/version.h"
#include "journal/entry.h"
#include "terms/version.h"

#include <assert.h>
#include <string.h>

/* --- what is pinned --- */

struct pinned {
	struct text input, name;
	struct hash sha256;
	bool has_bytes;
	instant at;
	struct pinned *next;
	const struct zone *zone;
};

struct inputs {
	struct workspace *ws;
	struct pinned *first; /* newest first */
};

static enum rc read_pin(struct inputs *in, const struct log_head *log, int64_t index,
			struct err *err)
{
	struct workspace *ws = in->ws;
	struct own_entry own;
	struct pinned *p = arena_one(ws->arena, struct pinned);
	enum rc rc = own_entry_read(ws, log, index, &own, err);

	if (rc != RC_OK)
		return rc;
	p->input = own_entry_text(&own, "input");
	p->name = own_entry_text(&own, "name");
	p->at = own.entry.recorded_at;
	p->has_bytes = hash_parse(own_entry_text(&own, "sha256"), &p->sha256);
	p->next = in->first;
	in->first = p;
	return RC_OK;
}

static enum rc read_pins(struct workspace *ws, const struct log_head *log, int64_t size,
			 instant known_as_of, struct inputs *in, struct err *err)
{
	int64_t *marks;
	size_t n;
	enum rc rc =
		record_marks(ws->store, ws->arena, log->id, FACT_INPUT_PINNED, &marks, &n, err);

	in->ws = ws;
	in->first = NULL;
	for (size_t i = 0; rc == RC_OK && i < n && marks[i] < size; i++) {
		struct pinned *before = in->first;

		rc = read_pin(in, log, marks[i], err);
		if (rc == RC_OK && in->first->at > known_as_of)
			in->first = before;
	}
	return rc;
}

static struct pinned *find_pin(const struct inputs *in, const char *input, struct text name)
{
	for (struct pinned *p = in->first; p != NULL; p = p->next)
		if (text_is(p->input, input) && text_eq(p->name, name))
			return p;
	return NULL;
}

/* The engine that is named last, "" where none is. */
static struct text engine_named(const struct inputs *in)
{
	for (const struct pinned *p = in->first; p != NULL; p = p->next)
		if (text_is(p->input, "engine"))
			return p->name;
	return text_of("");
}

static instant leap_day_from(const struct inputs *in)
{
	struct engine_named *v;
	size_t n = 0, k;

	for (const struct pinned *p = in->first; p != NULL; p = p->next)
		n += text_is(p->input, "engine");
	v = arena_array(in->ws->arena, struct engine_named, n);
	k = n; /* the list has the last first */
	for (const struct pinned *p = in->first; p != NULL; p = p->next)
		if (text_is(p->input, "engine"))
			v[--k] = (struct engine_named){p->name, p->at};
	return engine_leap_day_from(v, n);
}

/* --- zones kept from contract to contract --- */

enum { ZONES_KEPT = 64 };

struct zones_kept {
	struct arena *arena;
	struct kept_zone {
		struct hash sha256;
		struct text name;
		const struct zone *zone;
	} v[ZONES_KEPT];
	size_t n;
};

void inputs_keep(struct workspace *ws, struct arena *a)
{
	ws->zones = arena_one(a, struct zones_kept);
	ws->zones->arena = a;
}

static const struct zone *kept_zone(const struct zones_kept *k, const struct hash *sha,
				    struct text name)
{
	for (size_t i = 0; k != NULL && i < k->n; i++)
		if (hash_eq(&k->v[i].sha256, sha) && text_eq(k->v[i].name, name))
			return k->v[i].zone;
	return NULL;
}

static enum rc read_zone(struct workspace *ws, const struct pinned *p, struct text name,
			 const struct zone **out, struct err *err)
{
	struct zones_kept *k = ws->zones;
	bool keep = k != NULL && k->n < ZONES_KEPT;
	struct arena *a = keep ? k->arena : ws->arena;
	struct text bytes;
	enum rc rc = record_blob(ws->store, a, &p->sha256, &bytes, err);

	if (rc == RC_OK && keep)
		name = text_copy(a, name);
	if (rc == RC_OK)
		rc = zone_parse(a, name, bytes, out, err);
	if (rc == RC_OK && keep)
		k->v[k->n++] = (struct kept_zone){p->sha256, name, *out};
	return rc;
}

static enum rc pinned_zone(void *context, struct text name, const struct zone **out,
			   struct err *err)
{
	struct inputs *in = context;
	struct pinned *p = find_pin(in, "zone", name);
	enum rc rc;

	if (text_is(name, "UTC")) {
		*out = zone_utc();
		return RC_OK;
	}
	if (p == NULL)
		return err_set(err, RC_MISSING,
			       "the time zone '%.*s' is not among the record's inputs",
			       TEXT_ARG(name));
	if (p->zone == NULL)
		p->zone = kept_zone(in->ws->zones, &p->sha256, name);
	if (p->zone == NULL) {
		rc = read_zone(in->ws, p, name, &p->zone, err);
		if (rc != RC_OK)
			return rc;
	}
	*out = p->zone;
	return RC_OK;
}

static enum rc pinned_file(void *context, struct text name, struct text *bytes, struct err *err)
{
	struct inputs *in = context;
	struct hash sha;

	if (!text_starts(name, "sha256:") || !hash_parse(text_sub(name, 7, name.n), &sha))
		return err_set(err, RC_MISSING, "'%.*s' is not among the record's inputs",
			       TEXT_ARG(name));
	return record_blob(in->ws->store, in->ws->arena, &sha, bytes, err);
}

enum rc inputs_context(struct workspace *ws, const struct log_head *log, int64_t size,
		       instant known_as_of, struct terms_context *out, struct err *err)
{
	struct inputs *in = arena_one(ws->arena, struct inputs);
	struct zone_source *zones;
	enum rc rc = read_pins(ws, log, size, known_as_of, in, err);

	zones = arena_one(ws->arena, struct zone_source);
	*zones = (struct zone_source){in, pinned_zone};
	*out = (struct terms_context){zones, pinned_file, in, leap_day_from(in)};
	return rc;
}

enum rc inputs_holidays(struct workspace *ws, const struct log_head *log,
			const struct pinned_set **out, size_t *n, struct err *err)
{
	struct inputs in;
	struct pinned_set *v;
	size_t all = 0, k;
	enum rc rc = read_pins(ws, log, INT64_MAX, INSTANT_MAX, &in, err);

	if (rc != RC_OK)
		return rc;
	for (const struct pinned *p = in.first; p != NULL; p = p->next)
		all += text_is(p->input, "holidays");
	v = arena_array(ws->arena, struct pinned_set, all);
	k = all; /* the list has the last first */
	for (const struct pinned *p = in.first; p != NULL; p = p->next)
		if (text_is(p->input, "holidays"))
			v[--k] = (struct pinned_set){p->name, p->sha256, p->at};
	*out = v;
	*n = all;
	return RC_OK;
}

/* --- pinning --- */

/* Is what the record names last the engine of this program? */
static bool engine_is_pinned(const struct inputs *in)
{
	return text_is(engine_named(in), ENGINE_VERSION);
}

static enum rc add_pin(struct workspace *ws, struct log_head *log, const char *input,
		       struct text name, const struct hash *sha, struct err *err)
{
	char hex[SHA256_HEX + 1];
	struct own_note note;
	struct json *j;

	j = own_note_begin(&note);
	json_kv_str(j, "input", input);
	json_kv_text(j, "name", name);
	if (sha != NULL) {
		hash_hex(sha, hex);
		json_kv_str(j, "sha256", hex);
	}
	return own_note_append(ws, log, FACT_INPUT_PINNED, &note, err);
}

static enum rc pin_bytes(struct workspace *ws, struct log_head *log, const struct inputs *in,
			 const char *input, struct text name, struct text bytes, size_t *pinned,
			 struct err *err)
{
	const struct pinned *p = find_pin(in, input, name);
	struct hash sha = {{0}};
	enum rc rc;

	sha256(bytes, sha.b);
	if (p != NULL && p->has_bytes && hash_eq(&p->sha256, &sha))
		return RC_OK;
	rc = record_blob_put(ws->store, &sha, text_of("input"), bytes, err);
	if (rc == RC_OK)
		rc = add_pin(ws, log, input, name, &sha, err);
	*pinned += rc == RC_OK;
	return rc;
}

enum rc inputs_pin(struct workspace *ws, struct log_head *log, const struct contract *c,
		   const struct terms_context *context, size_t *pinned, struct err *err)
{
	const struct contract_input *inputs;
	struct inputs in;
	size_t n;
	enum rc rc = read_pins(ws, log, log->edge.size, INSTANT_MAX, &in, err);

	*pinned = 0;
	if (rc == RC_OK)
		rc = contract_inputs(ws->arena, c, context, zone_day(zone_utc(), ws->now), &inputs,
				     &n, err);
	for (size_t i = 0; rc == RC_OK && i < n; i++) {
		struct text bytes = inputs[i].bytes;

		if (inputs[i].kind == INPUT_ZONE && text_is(inputs[i].name, "UTC"))
			continue;
		if (inputs[i].kind == INPUT_ZONE)
			rc = zones_system_bytes(ws->arena, inputs[i].name, &bytes, err);
		/* A set of holidays that is pinned stays pinned: a day proclaimed later is a calendar.exception (sla.md R3). */
		else if (inputs[i].kind == INPUT_HOLIDAYS &&
			 find_pin(&in, "holidays", inputs[i].name) != NULL)
			continue;
		if (rc == RC_OK)
			rc = pin_bytes(ws, log, &in, input_kind_name(inputs[i].kind),
				       inputs[i].name, bytes, pinned, err);
	}
	if (rc == RC_OK && !engine_is_pinned(&in)) {
		rc = add_pin(ws, log, "engine", text_of(ENGINE_VERSION), NULL, err);
		*pinned += rc == RC_OK;
	}
	return rc;
}

enum rc inputs_pin_engine(struct workspace *ws, struct log_head *log, struct err *err)
{
	struct inputs in;
	enum rc rc = read_pins(ws, log, log->edge.size, INSTANT_MAX, &in, err);

	if (rc != RC_OK || engine_is_pinned(&in))
		return rc;
	rc = workspace_begin(ws, err);
	if (rc != RC_OK)
		return rc;
	/* again under the lock: another process may have been faster */
	rc = record_log_of_uuid(ws->store, ws->arena, &log->uuid, log, err);
	if (rc == RC_OK)
		rc = read_pins(ws, log, log->edge.size, INSTANT_MAX, &in, err);
	if (rc == RC_OK && !engine_is_pinned(&in))
		rc = add_pin(ws, log, "engine", text_of(ENGINE_VERSION), NULL, err);
	return workspace_end(ws, rc, err);
}
