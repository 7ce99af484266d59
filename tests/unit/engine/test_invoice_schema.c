/* SPDX-License-Identifier: Apache-2.0 */
/* The schema of a document says what its table says: types, what is always there, and the words that a member may be. */
#include "engine/invoice_schema.h"

#include "tap.h"

static void has(struct text schema, const char *part, const char *why)
{
	ok(text_has(schema, text_of(part)), "%s", why);
}

int main(void)
{
	struct text schema;
	struct json j;
	struct buf b;

	buf_init(&b, 1 << 20);
	json_init(&j, &b, false);
	invoice_schema(&j);
	schema = buf_view(&b);
	ok(!b.full && j.depth == 0, "it is one whole value");
	ok(text_starts(schema,
		       "{\"type\":\"object\",\"properties\":{\"annexes\":{\"type\":\"array\""),
	   "an object, its members in the order of their keys");
	has(schema, "\"counts\":{\"type\":\"boolean\"}", "a truth");
	has(schema, "\"log_size\":{\"type\":\"integer\"}", "a count");
	has(schema, "\"net\":{\"type\":\"string\",\"pattern\":\"^-?[0-9]+([.][0-9]+)?$\"}",
	    "an amount is text");
	has(schema, "\"currency\":{\"type\":\"string\",\"pattern\":\"^[A-Z]{3}$\"}", "a currency");
	has(schema, "\"title\":{\"type\":\"string\"}", "free text has no pattern");
	has(schema, "\"kind\":{\"enum\":[\"invoice\",",
	    "a word that is always written, the first too");
	has(schema, "\"rounding_mode\":{\"enum\":[\"half_even\",\"down\"]}",
	    "one that is left out at its usual value is never that value");
	has(schema, "\"entries\":{\"type\":\"array\",\"items\":{\"type\":\"integer\"}}",
	    "a list of numbers");
	has(schema, "\"units\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}}",
	    "a list of texts");
	has(schema,
	    "\"shares\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{"
	    "\"amount\":{\"type\":\"string\"},\"line\":{\"type\":\"integer\"}}}}",
	    "the shares of a reduction");
	has(schema, "\"count\":{\"type\":\"integer\"},\"decimal\":{\"type\":\"string\"}",
	    "a step's value is under the key of its type");
	has(schema, "\"evidence\":{\"type\":\"object\",\"properties\":{\"count\"",
	    "an object in place");
	ok(text_ends(schema, "\"required\":[\"currency\",\"gross\",\"kind\",\"net\",\"payable\","
			     "\"sum_lines\",\"tax\"]}"),
	   "what is always written is required, and nothing else");
	buf_free(&b);
	return tap_done();
}
