/* SPDX-License-Identifier: Apache-2.0 */
/* Our own JSON lines: {"id", "kind", "occurred_at", "recorded_at", "party", "seq", "corrects", fields of the kind}. */
#include "facts/json_read.h"
#include "facts/own.h"

#include <string.h>

static const char *const about_keys[] = {"id",    "kind", "occurred_at", "recorded_at",
					 "party", "seq",  "corrects"};

/* A key that must be a string if it is there. */
static bool string_of(struct intake *in, const json_t *object, const char *key, uint32_t line,
		      struct text *out)
{
	const json_t *v = json_object_get(object, key);

	*out = json_member(object, key);
	if (v == NULL || (json_is_string(v) && out->n > 0 && memchr(out->p, 0, out->n) == NULL))
		return true;
	intake_note(in, IMPORT_FIELD_TYPE, line, "'%s' is no text", key);
	return false;
}

static bool read_times(struct intake *in, const json_t *object, struct own *o)
{
	struct text occurred, recorded;
	struct stamp at;

	if (!string_of(in, object, "occurred_at", o->fact.line, &occurred) ||
	    !string_of(in, object, "recorded_at", o->fact.line, &recorded) ||
	    !intake_instant(in, occurred, "occurred_at", o->fact.line, &at))
		return false;
	o->fact.occurred_at = o->fact.recorded_at = at.at;
	o->fact.flags = at.flags;
	if (recorded.n == 0) {
		in->report->recorded_known = false;
		return true;
	}
	if (!intake_instant(in, recorded, "recorded_at", o->fact.line, &at))
		return false;
	o->fact.recorded_at = at.at;
	return true;
}

static bool read_about(struct intake *in, const json_t *object, struct own *o)
{
	const json_t *seq = json_object_get(object, "seq");
	struct text party, corrects;
	enum party who = intake_party(in, PARTY_UNKNOWN);

	if (!string_of(in, object, "party", o->fact.line, &party) ||
	    !string_of(in, object, "corrects", o->fact.line, &corrects) ||
	    (party.n > 0 && !own_party(in, party, o->fact.line, &who)))
		return false;
	o->fact.party = (uint8_t)who;
	o->fact.corrects = intake_symbol(in, corrects);
	if (seq == NULL)
		return true;
	if (!json_is_integer(seq) || json_integer_value(seq) < 0 ||
	    json_integer_value(seq) > UINT32_MAX) {
		intake_note(in, IMPORT_FIELD_TYPE, o->fact.line,
			    "'seq' is no whole number from 0 to %u", UINT32_MAX);
		return false;
	}
	o->fact.seq = (uint32_t)json_integer_value(seq);
	return true;
}

static bool wrong_type(struct intake *in, enum fact_field field, uint32_t line)
{
	static const char *const wanted[] = {
		[FIELD_SYMBOL] = "a text",
		[FIELD_TEXT] = "a text",
		[FIELD_INSTANT] = "a text like 2026-03-31T09:15:00Z",
		[FIELD_BOOL] = "true or false",
		[FIELD_INT] = "a whole number",
		[FIELD_DECIMAL] = "a decimal number as text, like \"4.5\", or a whole number",
		[FIELD_SYMBOLS] = "a list of texts",
	};

	intake_note(in, IMPORT_FIELD_TYPE, line, "'%s' must be %s", field_row(field)->key,
		    wanted[field_row(field)->type]);
	return false;
}

static bool read_list(struct own *o, struct intake *in, enum fact_field field, const json_t *list)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *member = json_array_get(list, i);
		struct text t = {json_string_value(member), json_string_length(member)};

		if (!json_is_string(member) || memchr(t.p, 0, t.n) != NULL)
			return wrong_type(in, field, o->fact.line);
		if (!own_word(o, in, field, t))
			return false;
	}
	return true;
}

static bool read_string(struct own *o, struct intake *in, enum fact_field field, struct text t)
{
	struct stamp at;

	if (memchr(t.p, 0, t.n) != NULL)
		return wrong_type(in, field, o->fact.line);
	switch (field_row(field)->type) {
	case FIELD_INSTANT:
		return intake_instant(in, t, field_row(field)->key, o->fact.line, &at) &&
		       own_number(o, in, field, at.at, 0);
	case FIELD_SYMBOL:
	case FIELD_TEXT:
	case FIELD_DECIMAL:
		return own_text(o, in, field, t);
	case FIELD_BOOL:
	case FIELD_INT:
	case FIELD_SYMBOLS:
		break;
	}
	return wrong_type(in, field, o->fact.line);
}

static bool read_value(struct own *o, struct intake *in, enum fact_field field, const json_t *v)
{
	enum field_type type = field_row(field)->type;

	if (json_is_string(v))
		return read_string(o, in, field,
				   (struct text){json_string_value(v), json_string_length(v)});
	if (json_is_array(v) && type == FIELD_SYMBOLS)
		return read_list(o, in, field, v);
	if (json_is_boolean(v) && type == FIELD_BOOL)
		return own_number(o, in, field, json_is_true(v) ? 1 : 0, 0);
	if (json_is_integer(v) && (type == FIELD_INT || type == FIELD_DECIMAL))
		return own_number(o, in, field, json_integer_value(v), 0);
	return wrong_type(in, field, o->fact.line);
}

static bool is_about(const char *key)
{
	for (size_t i = 0; i < ARRAY_SIZE(about_keys); i++)
		if (strcmp(key, about_keys[i]) == 0)
			return true;
	return false;
}

static bool no_other_keys(struct intake *in, const json_t *object, enum fact_kind kind,
			  uint32_t line)
{
	/* jansson changes nothing when it iterates; the const is only missing from its signature. */
	json_t *o = (json_t *)(uintptr_t)object;

	for (void *at = json_object_iter(o); at != NULL; at = json_object_iter_next(o, at)) {
		const char *key = json_object_iter_key(at);
		enum fact_field known;

		if (is_about(key) || fact_field_find(kind, text_of(key), &known))
			continue;
		own_unknown_field(in, kind, text_of(key), line);
		return false;
	}
	return true;
}

bool json_take_fact(struct intake *in, const json_t *object, uint32_t line)
{
	struct text kind_word, id;
	enum fact_kind kind;
	struct own o;

	if (!string_of(in, object, "kind", line, &kind_word) ||
	    !string_of(in, object, "id", line, &id) || !own_kind(in, kind_word, line, &kind))
		return false;
	own_begin(&o, kind, line);
	if (!read_times(in, object, &o) || !read_about(in, object, &o) ||
	    !no_other_keys(in, object, kind, line))
		return false;

	const struct fact_row *row = fact_row(kind);

	for (size_t i = 0; i < row->n_fields; i++) {
		const json_t *v = json_object_get(object, field_row(row->fields[i].field)->key);

		if (v != NULL && !read_value(&o, in, row->fields[i].field, v))
			return false;
	}
	return own_take(&o, in, id);
}
