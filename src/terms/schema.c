/* SPDX-License-Identifier: Apache-2.0 */
#include "terms/schema.h"

#include "base/json.h"
#include "terms/table.h"

#include <stdio.h>
#include <string.h>

/* Patterns of contract-language.md section 2, as ECMA 262 regular expressions. */
static const struct {
	enum term_type type;
	const char *pattern;
	const char *help;
} patterns[] = {
	{TERM_ID, "^[A-Za-z][A-Za-z0-9_]{0,39}$", "an id: letters, digits and _, a letter first"},
	{TERM_NAME, "^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$", "a name"},
	{TERM_TEXT, "^[^\\u0000-\\u001f]{1,500}$", "one line of text"},
	{TERM_PROSE, "^[^\\u0000-\\u0009\\u000b-\\u001f]+$", "Markdown with {{references}}"},
	{TERM_DEC, "^-?(0|[1-9][0-9]{0,11})(\\.[0-9]{1,9})?$",
	 "a number, quoted if it has a point"},
	{TERM_PCT, "^-?(0|[1-9][0-9]{0,11})(\\.[0-9]{1,9})?%$", "a percentage: 99.9%"},
	{TERM_MONEY, "^(0|[1-9][0-9]{0,11})(\\.[0-9]{1,4})? [A-Z]{3}$", "money: 85.00 USD"},
	{TERM_PRICE, "^(0|[1-9][0-9]{0,11})(\\.[0-9]{1,9})? [A-Z]{3}$", "a price: 0.125 USD"},
	{TERM_DATE, "^(19[7-9][0-9]|[2-9][0-9]{3})-[0-9]{2}-[0-9]{2}$", "a date: 2026-03-31"},
	{TERM_MONTH, "^(19[7-9][0-9]|[2-9][0-9]{3})-[0-9]{2}$", "a month: 2026-03"},
	{TERM_MONTHDAY, "^[0-9]{2}-[0-9]{2}$", "a day of the year: 12-25"},
	{TERM_TIME, "^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$", "a time of day: 17:00"},
	{TERM_RANGE, "^([01][0-9]|2[0-3]):[0-5][0-9]-(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$",
	 "hours of one day: 09:00-17:00"},
	{TERM_DAYS, "^(mon|tue|wed|thu|fri|sat|sun)([,-](mon|tue|wed|thu|fri|sat|sun)){0,6}$",
	 "days: mon-fri or mon,wed"},
	{TERM_DUR, "^(0|[1-9][0-9]{0,8})((min|h|bd)(@[A-Za-z][A-Za-z0-9_]{0,39})?|d|w|mo|y)$",
	 "a duration: 15min, 4h@support, 3bd, 12mo"},
	{TERM_TZ, "^(UTC|[A-Z][A-Za-z0-9_+-]*(/[A-Z][A-Za-z0-9_+-]*)+)$",
	 "a time zone: America/New_York"},
	{TERM_CUR, "^[A-Z]{3}$", "an ISO 4217 code"},
	{TERM_LANG, "^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$",
	 "a language: en, de-AT"},
	{TERM_REGION, "^[A-Z]{2}(-[A-Z0-9]{1,3})?$", "an ISO 3166 code: US, US-NY"},
	{TERM_EMAIL, "^[^@\\s]{1,64}@[^@\\s.]+(\\.[^@\\s.]+)+$", "a mailbox"},
	{TERM_REF, "^[A-Za-z][A-Za-z0-9_]{0,39}$", "the id of an item of another list"},
	{TERM_ROLE,
	 "^(provider|client)\\.(account_manager|billing|executive|it_lead|legal|privacy_officer|"
	 "security_officer|service_desk_manager|signatory|technician)$",
	 "a role of a party: client.it_lead"},
	{TERM_CLAUSE, "^[A-Za-z][A-Za-z0-9_]{0,39}\\.[A-Za-z][A-Za-z0-9_]{0,39}$",
	 "document.clause"},
	{TERM_PATH, "^[A-Za-z][A-Za-z0-9_]*(\\.[A-Za-z][A-Za-z0-9_]*)*$",
	 "keys and ids joined by points"},
	{TERM_KEYPATH, "^[A-Za-z][A-Za-z0-9_]*(\\.[A-Za-z][A-Za-z0-9_]*)*$",
	 "keys and ids joined by points"},
	{TERM_LIB, "^[A-Za-z][A-Za-z0-9_]{0,39}@[1-9][0-9]{0,8}$", "library words: tenor_msa@1"},
	{TERM_HASH, "^[0-9a-f]{64}$", "64 hex digits"},
};

/* Types for which plain integers are text as well (CL-2). */
static bool takes_integers(enum term_type type)
{
	return type == TERM_TEXT || type == TERM_NAME || type == TERM_DEC;
}

static void ref_to(struct json *j, const char *name)
{
	char ref[64];

	(void)snprintf(ref, sizeof(ref), "#/$defs/%s", name);
	json_kv_str(j, "$ref", ref);
}

static void words_array(struct json *j, const char *words)
{
	struct text rest = text_of(words);

	json_open_array(j);
	while (rest.n > 0)
		json_text(j, words_cut(&rest));
	json_end_array(j);
}

static void events_array(struct json *j, const char *flag)
{
	unsigned want = strcmp(flag, "START") == 0   ? EVENT_START
			: strcmp(flag, "STOP") == 0  ? EVENT_STOP
			: strcmp(flag, "STATE") == 0 ? EVENT_STATE
			: strcmp(flag, "VALUE") == 0 ? EVENT_VALUE
						     : EVENT_TEST;

	json_open_array(j);
	for (int i = 0; i < EVENT_COUNT; i++)
		if ((event_row((enum fact_event)i)->flags & want) != 0)
			json_str(j, event_row((enum fact_event)i)->name);
	json_end_array(j);
}

/* What one value of a row must be. */
static void value_schema(struct json *j, const struct term *t)
{
	if (t->type == TERM_ENUM) {
		json_key(j, "enum");
		words_array(j, t->arg);
	} else if (t->type == TERM_EVENT) {
		json_key(j, "enum");
		events_array(j, t->arg);
	} else if (t->type == TERM_TEXT && strcmp(t->arg, "hex32") == 0) {
		json_kv_str(j, "type", "string");
		json_kv_str(j, "pattern", "^[0-9a-f]{32}$");
	} else {
		ref_to(j, type_name(t->type));
	}
}

static void map_schema(struct json *j, const struct term *map);

/* Members of the property of a row. Recursion follows the table, whose maps nest six deep. */
static void row_schema(struct json *j, const struct term *t)
{
	json_open_object(j);
	json_kv_str(j, "description", t->help);
	if (t->otherwise != NULL) {
		bool truth = t->type == TERM_BOOL;
		int64_t number;

		if (truth)
			json_kv_bool(j, "default", strcmp(t->otherwise, "true") == 0);
		else if (t->type == TERM_INT && text_int(text_of(t->otherwise), &number))
			json_kv_int(j, "default", number);
		else
			json_kv_str(j, "default", t->otherwise);
	}
	if (t->type == TERM_MAP) {
		map_schema(j, t);
	} else if (t->set || t->type == TERM_ITEMS) {
		json_kv_str(j, "type", "array");
		json_kv_int(j, "minItems", 1);
		json_kv_int(j, "maxItems", 1000);
		if (t->set)
			json_kv_bool(j, "uniqueItems", true);
		json_key(j, "items");
		json_open_object(j);
		if (t->set)
			value_schema(j, t);
		else
			map_schema(j, t);
		json_end_object(j);
	} else {
		value_schema(j, t);
	}
	json_end_object(j);
}

/* For each kind of item: the keys it may not have. */
static void kinds_schema(struct json *j, const struct term *items)
{
	const struct term *by = term_own_child(items, text_of("type"));
	bool any = false;

	if (by == NULL)
		by = term_own_child(items, text_of("kind"));
	for (size_t i = 1; i < term_count(); i++)
		any = any || (term_at(term_at(i)->parent) == items && term_at(i)->kinds != NULL);
	if (by == NULL || !any)
		return;
	json_key(j, "allOf");
	json_open_array(j);
	for (struct text rest = text_of(by->arg); rest.n > 0;) {
		struct text kind = words_cut(&rest);

		json_open_object(j);
		json_key(j, "if");
		json_open_object(j);
		json_key(j, "properties");
		json_open_object(j);
		json_key(j, by->key);
		json_open_object(j);
		json_kv_text(j, "const", kind);
		json_end_object(j);
		json_end_object(j);
		json_end_object(j);
		json_key(j, "then");
		json_open_object(j);
		json_key(j, "properties");
		json_open_object(j);
		for (size_t i = 1; i < term_count(); i++) {
			const struct term *t = term_at(i);

			if (term_at(t->parent) == items && t->kinds != NULL &&
			    word_index(t->kinds, kind) < 0)
				json_kv_bool(j, t->key, false);
		}
		json_end_object(j);
		json_end_object(j);
		json_end_object(j);
	}
	json_end_array(j);
}

static void map_schema(struct json *j, const struct term *map)
{
	bool item = map->type == TERM_ITEMS;

	json_kv_str(j, "type", "object");
	json_kv_int(j, "minProperties", 1);
	json_kv_bool(j, "additionalProperties", false);
	json_key(j, "properties");
	json_open_object(j);
	if (item) {
		json_key(j, "id");
		row_schema(j, term_id());
	}
	for (size_t i = 1; i < term_count(); i++) {
		const struct term *t = term_at(i);

		if (term_at(t->parent) != map || term_is_shared(t))
			continue;
		json_key(j, t->key);
		row_schema(j, t);
	}
	json_key(j, "clause");
	row_schema(j, term_clause());
	json_end_object(j);

	json_key(j, "required");
	json_open_array(j);
	if (item)
		json_str(j, "id");
	for (size_t i = 1; i < term_count(); i++) {
		const struct term *t = term_at(i);

		if (term_at(t->parent) == map && t->required && t->kinds == NULL &&
		    !term_is_shared(t))
			json_str(j, t->key);
	}
	json_end_array(j);
	kinds_schema(j, map);
}

static void definitions(struct json *j)
{
	json_key(j, "$defs");
	json_open_object(j);
	for (size_t i = 0; i < ARRAY_SIZE(patterns); i++) {
		json_key(j, type_name(patterns[i].type));
		json_open_object(j);
		json_kv_str(j, "description", patterns[i].help);
		json_key(j, "type");
		if (takes_integers(patterns[i].type)) {
			json_open_array(j);
			json_str(j, "string");
			json_str(j, "integer");
			json_end_array(j);
		} else {
			json_str(j, "string");
		}
		json_kv_str(j, "pattern", patterns[i].pattern);
		json_end_object(j);
	}
	json_key(j, "int");
	json_open_object(j);
	json_kv_str(j, "description", "a whole number");
	json_key(j, "type");
	json_open_array(j);
	json_str(j, "integer");
	json_str(j, "string");
	json_end_array(j);
	json_kv_int(j, "minimum", 0);
	json_kv_int(j, "maximum", 999999999);
	json_kv_str(j, "pattern", "^(0|[1-9][0-9]{0,8})$");
	json_end_object(j);
	json_key(j, "bool");
	json_open_object(j);
	json_kv_str(j, "description", "true or false");
	json_key(j, "enum");
	json_open_array(j);
	json_bool(j, true);
	json_bool(j, false);
	json_str(j, "true");
	json_str(j, "false");
	json_end_array(j);
	json_end_object(j);
	json_end_object(j);
}

void terms_schema(struct buf *out)
{
	struct json j;

	json_init(&j, out, true);
	json_open_object(&j);
	json_kv_str(&j, "$schema", "https://json-schema.org/draft/2020-12/schema");
	json_kv_str(&j, "title", "Tenor contract");
	json_kv_str(&j, "description", "A contract in the language of Tenor, version 1");
	map_schema(&j, term_at(0));
	definitions(&j);
	json_end_object(&j);
	buf_char(out, '\n');
}
