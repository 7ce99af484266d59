/* SPDX-License-Identifier: Apache-2.0 */
/* The schema is JSON, describes every row, and every reference in it leads somewhere; the manual names every row. */
#include "terms/schema.h"
#include "terms/table.h"
#include "terms_tap.h"

#include <jansson.h>

enum { OUT_MAX = 8 << 20 };

/* The schema of a row: down the properties, through the items of lists. */
static const json_t *schema_at(const json_t *root, struct text path)
{
	const json_t *at = root;

	while (path.n > 0 && at != NULL) {
		struct text key;
		char name[64];

		path = text_cut(path, '.', &key);
		bool list = text_ends(key, "[]");

		(void)snprintf(name, sizeof(name), "%.*s", (int)(list ? key.n - 2 : key.n), key.p);
		at = json_object_get(json_object_get(at, "properties"), name);
		if (list)
			at = json_object_get(at, "items");
	}
	return at;
}

static size_t refs_that_lead_nowhere(const json_t *root, const json_t *at)
{
	const char *key;
	const json_t *value;
	size_t n = 0, i;

	if (json_is_array(at)) {
		json_array_foreach(at, i, value) n += refs_that_lead_nowhere(root, value);
		return n;
	}
	for (void *it = json_object_iter((json_t *)(uintptr_t)at); it != NULL;
	     it = json_object_iter_next((json_t *)(uintptr_t)at, it)) {
		key = json_object_iter_key(it);
		value = json_object_iter_value(it);
		if (text_is(text_of(key), "$ref") && json_is_string(value)) {
			const char *name = json_string_value(value);

			n += text_starts(text_of(name), "#/$defs/") &&
					     json_object_get(json_object_get(root, "$defs"),
							     name + 8) != NULL
				     ? 0
				     : 1;
		} else {
			n += refs_that_lead_nowhere(root, value);
		}
	}
	return n;
}

static bool in_array(const json_t *array, const char *word)
{
	size_t i;
	const json_t *value;

	json_array_foreach(array, i,
			   value) if (json_is_string(value) &&
				      text_is(text_of(word), json_string_value(value))) return true;
	return false;
}

static void schema(struct buf *out)
{
	json_error_t error;
	json_t *root;
	size_t missing = 0, required = 0;

	terms_schema(out);
	ok(!out->full, "the schema fits");
	root = json_loadb(out->p, out->n, JSON_REJECT_DUPLICATES, &error);
	if (!ok(root != NULL, "the schema is JSON without doubled keys")) {
		note("%s at %d", error.text, error.line);
		return;
	}
	ok(text_is(text_of(json_string_value(json_object_get(root, "$schema"))),
		   "https://json-schema.org/draft/2020-12/schema"),
	   "draft 2020-12");
	for (size_t i = 1; i < term_count(); i++) {
		const struct term *t = term_at(i);
		char parent[200] = "";

		if (term_is_shared(t))
			continue;
		const json_t *at = schema_at(root, text_of(t->path));

		if (at == NULL ||
		    !text_is(text_of(json_string_value(json_object_get(at, "description"))),
			     t->help)) {
			missing++;
			note("%s is missing", t->path);
		}
		(void)snprintf(parent, sizeof(parent), "%.*s",
			       (int)(text_of(t->path).n - text_of(t->key).n), t->path);
		struct text up = text_of(parent);

		if (up.n > 0)
			up.n--;
		const json_t *map = schema_at(root, up);

		required +=
			in_array(json_object_get(map, "required"), t->key) == t->required ? 0 : 1;
	}
	is_i64((int64_t)missing, 0, "every row is described");
	is_i64((int64_t)required, 0, "and required where the table says so");
	is_i64((int64_t)refs_that_lead_nowhere(root, root), 0,
	       "every reference leads to a definition");
	ok(json_is_false(json_object_get(schema_at(root, text_of("sla.metrics[]")),
					 "additionalProperties")),
	   "no other keys");
	ok(json_array_size(json_object_get(schema_at(root, text_of("sla.metrics[]")), "allOf")) ==
		   6,
	   "keys by kind of metric");
	ok(json_array_size(json_object_get(schema_at(root, text_of("charges[]")), "allOf")) == 9,
	   "keys by type of charge");
	ok(in_array(json_object_get(schema_at(root, text_of("sla.metrics[].start")), "enum"),
		    "ticket.logged") &&
		   !in_array(
			   json_object_get(schema_at(root, text_of("sla.metrics[].start")), "enum"),
			   "ticket.waiting_client"),
	   "events by use");
	json_decref(root);
}

static void manual(struct buf *out)
{
	struct text all;
	size_t missing = 0;

	buf_clear(out);
	terms_manual(out);
	all = buf_view(out);
	ok(!out->full, "the manual fits");
	for (size_t i = 1; i < term_count(); i++) {
		const struct term *t = term_at(i);
		char line[300];

		(void)snprintf(line, sizeof(line), "| `%s`%s | ", t->key,
			       t->required ? " (required)" : "");
		if (!term_is_shared(t) && !text_has(all, text_of(line)))
			missing++;
		(void)snprintf(line, sizeof(line), "\n## %s\n", t->path);
		if ((t->type == TERM_MAP || t->type == TERM_ITEMS) && !text_has(all, text_of(line)))
			missing++;
	}
	is_i64((int64_t)missing, 0, "every key and block is in the manual");
	ok(text_has(all, text_of("| `language` | lang | `en` | language of the printed documents; "
				 "number and date formats follow it |")),
	   "type, default and meaning of a key");
	ok(text_has(all, text_of("(FK-8)")) &&
		   text_has(all, text_of("| 8 | `sla.metrics[].excluded_time` | `remove_both`, "
					 "`count_as_up` |")),
	   "forks in their places and in a table");
}

int main(void)
{
	struct buf out;

	buf_init(&out, OUT_MAX);
	schema(&out);
	manual(&out);
	buf_free(&out);
	return tap_done();
}
