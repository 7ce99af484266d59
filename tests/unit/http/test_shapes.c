/* SPDX-License-Identifier: Apache-2.0 */
/* The notation of answers.def as JSON schemas, and that each route which answers JSON has its row. */
#include "http/shapes.h"

#include "tap.h"

#include <string.h>

static void notation(void)
{
	static const struct {
		const char *type, *schema;
	} cases[] = {
		{"text", "{\"type\":\"string\"}"},
		{"int", "{\"type\":\"integer\"}"},
		{"bool", "{\"type\":\"boolean\"}"},
		{"object", "{\"type\":\"object\"}"},
		{"month", "{\"type\":\"string\",\"pattern\":\"^[0-9]{4}-[0-9]{2}$\"}"},
		{"span", "{\"$ref\":\"#/components/schemas/span\"}"},
		{"invoice", "{\"$ref\":\"#/components/schemas/invoice\"}"},
		{"[text]", "{\"type\":\"array\",\"items\":{\"type\":\"string\"}}"},
		{"<int>", "{\"type\":\"object\",\"additionalProperties\":{\"type\":\"integer\"}}"},
		{"{a text, b? int}",
		 "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\"},\"b\":{\"type\":"
		 "\"integer\"}},\"required\":[\"a\"]}"},
		{"{a? text}", "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\"}}}"},
		{"int|text", "{\"anyOf\":[{\"type\":\"integer\"},{\"type\":\"string\"}]}"},
		{"{a int|[text], b text}",
		 "{\"type\":\"object\",\"properties\":{\"a\":{\"anyOf\":[{\"type\":\"integer\"},{"
		 "\"type\":\"array\",\"items\":{\"type\":\"string\"}}]},\"b\":{\"type\":\"string\"}"
		 "},\"required\":[\"a\",\"b\"]}"},
		{"<text|[int]>",
		 "{\"type\":\"object\",\"additionalProperties\":{\"anyOf\":[{\"type\":\"string\"},{"
		 "\"type\":\"array\",\"items\":{\"type\":\"integer\"}}]}}"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct json j;
		struct buf b;

		buf_init(&b, 4096);
		json_init(&j, &b, false);
		shape_schema(&j, cases[i].type);
		is_text(buf_view(&b), cases[i].schema, "%s", cases[i].type);
		buf_free(&b);
	}
}

/* The table is read whole, which asserts that each row is of the notation; a name stands once. */
static void names(void)
{
	struct json j;
	struct buf b;

	buf_init(&b, 1 << 20);
	json_init(&j, &b, false);
	json_open_object(&j);
	shapes_named(&j);
	json_end_object(&j);
	ok(!b.full &&
		   text_has(buf_view(&b), text_of("\"invoice_list_answer\":{\"type\":\"array\"")),
	   "an answer has the name of its verb");
	ok(text_has(buf_view(&b), text_of("\"invoice\":{\"type\":\"object\"")),
	   "a document of money is described by its own table");
	buf_free(&b);
}

static void each_answer_has_a_row(void)
{
	for (size_t i = 0; i < route_count(); i++) {
		const struct route *r = route_at(i);
		struct json j;
		struct buf b;
		bool there;

		buf_init(&b, 65536);
		json_init(&j, &b, false);
		json_open_object(&j);
		there = shape_answer(&j, "schema", r);
		json_end_object(&j);
		ok(there || (r->gives != NULL && strcmp(r->gives, "application/x-ndjson") != 0),
		   "%s: what it answers is told", r->path);
		buf_free(&b);
	}
}

int main(void)
{
	notation();
	names();
	each_answer_has_a_row();
	return tap_done();
}
