/* SPDX-License-Identifier: Apache-2.0 */
/* The answers themselves are checked by tests/program/test_vectors.py and the oracle; here: what is read, refused and said. */
#include "app/calc.h"

#include "tap.h"

#define DESK                                                                                       \
	"\"calendar\":{\"tz\":\"UTC\",\"week\":{\"mon\":[[\"09:00\",\"17:00\"]],\"tue\":[[\"09:"   \
	"00\",\"17:00\"]]}}"
#define STATES "\"calendar\":null,\"downtimes\":[],\"current_state\":null"

/* A line, and its answer or what is wrong with it. */
static const struct {
	const char *line, *want, *message, *hint;
} cases[] = {
	{"{\"id\":\"a\",\"kind\":\"deadline\"," DESK
	 ",\"start\":\"2026-01-26T16:00:00Z\",\"duration_s\":3600}",
	 "{\"id\":\"a\",\"expect\":{\"deadline\":\"2026-01-26T17:00:00Z\"}}", "", ""},
	{"{\"id\":\"a\",\"kind\":\"deadline\"," DESK
	 ",\"start\":\"2026-01-26T16:00:00Z\",\"duration_s\":3600,\"at_closing\":\"next_open\"}",
	 "{\"id\":\"a\",\"expect\":{\"deadline\":\"2026-01-27T09:00:00Z\"}}", "", ""},
	{"{\"id\":\"a\",\"kind\":\"elapsed\",\"calendar\":\"always\",\"start\":\"2026-01-26T16:00:"
	 "00Z\","
	 "\"end\":\"2026-01-26T16:00:07Z\",\"expect\":{\"x\":1.5},\"note\":\"n\",\"source\":null,"
	 "\"status\":\"plain\"}",
	 "{\"id\":\"a\",\"expect\":{\"elapsed_s\":7}}", "", ""},
	{"{\"id\":\"\\u00e9\\n\\\"\",\"kind\":\"next_open\"," DESK
	 ",\"start\":\"2026-01-26T10:00:00Z\"}",
	 "{\"id\":\"\xc3\xa9\\n\\\"\",\"expect\":{\"at\":\"2026-01-26T10:00:00Z\"}}", "", ""},
	{"{\"id\":\"a\",\"kind\":\"next_open_segments\"," DESK
	 ",\"start\":\"2026-01-26T10:00:00Z\",\"count\":2}",
	 "{\"id\":\"a\",\"expect\":{\"segments\":[[\"2026-01-26T10:00:00Z\",\"2026-01-26T17:00:"
	 "00Z\"],"
	 "[\"2026-01-27T09:00:00Z\",\"2026-01-27T17:00:00Z\"]]}}",
	 "", ""},
	{"{\"id\":\"a\",\"kind\":\"deadline_paused\"," DESK
	 ",\"start\":\"2026-01-26T10:00:00Z\",\"duration_s\":0,\"pauses\":[[\"2026-01-26T09:00:"
	 "00Z\",\"2026-01-26T18:00:00Z\"]]}",
	 "{\"id\":\"a\",\"expect\":{\"deadline\":\"2026-01-27T09:00:00Z\"}}", "", ""},
	/* 2 of 3 is 66.6667, half up; a third of nothing known is no answer. */
	{"{\"id\":\"a\",\"kind\":\"availability_states\"," STATES
	 ",\"window\":[0,3],\"states\":[{\"t\":2,\"state\":2,\"prev\":0}]}",
	 "{\"id\":\"a\",\"expect\":{\"ok_percent\":66.6667}}", "", ""},
	{"{\"id\":\"a\",\"kind\":\"availability_states\"," STATES
	 ",\"window\":[0,32],\"states\":[{\"t\":31,\"state\":2,\"prev\":0}]}",
	 "{\"id\":\"a\",\"expect\":{\"ok_percent\":96.875}}", "", ""},
	{"{\"id\":\"a\",\"kind\":\"availability_states\"," STATES
	 ",\"window\":[0,4],\"states\":[{\"t\":0,\"state\":2,\"prev\":0}]}",
	 "{\"id\":\"a\",\"expect\":{\"ok_percent\":0.0}}", "", ""},
	{"{\"id\":\"a\",\"kind\":\"availability_states\"," STATES
	 ",\"window\":[0,4],\"states\":[{\"t\":1,\"state\":0,\"prev\":99},{\"t\":4,\"state\":2,"
	 "\"prev\":99}]}",
	 "{\"id\":\"a\",\"expect\":{\"ok_percent\":100.0}}", "", ""},
	{"{\"id\":\"a\",\"kind\":\"availability_states\"," STATES
	 ",\"window\":[4,0],\"states\":[]}",
	 NULL, "\"window\" has a wrong value", "it must be [from, to], integers, to after from"},
	{"{\"id\":\"a\",\"kind\":\"dedline\"," DESK "}", NULL, "unknown kind \"dedline\"",
	 "did you mean \"deadline\"?"},
	{"{\"id\":\"a\",\"kind\":\"glpi_sla\"}", NULL, "unknown kind \"glpi_sla\"", ""},
	{"{\"id\":\"a\",\"kind\":\"deadline\"," DESK
	 ",\"strat\":\"2026-01-26T16:00:00Z\",\"duration_s\":3600}",
	 NULL, "unknown key \"strat\" in a case of kind deadline", "did you mean \"start\"?"},
	{"{\"id\":\"a\",\"kind\":\"elapsed\"," DESK
	 ",\"start\":\"2026-01-26T16:00:00Z\",\"duration_s\":3600}",
	 NULL, "unknown key \"duration_s\" in a case of kind elapsed", ""},
	{"{\"id\":\"a\",\"kind\":\"elapsed\"," DESK ",\"start\":\"2026-01-26T16:00:00Z\"}", NULL,
	 "\"end\" is missing",
	 "it must be an instant of whole seconds, such as 2026-03-31T04:00:00Z"},
	{"{\"id\":\"a\",\"kind\":\"next_open\",\"calendar\":{\"tz\":\"UTC\",\"weak\":{}},\"start\":"
	 "\"2026-01-26T16:00:00Z\"}",
	 NULL, "unknown key \"weak\" in calendar", "did you mean \"week\"?"},
	{"{\"id\":\"a\",\"kind\":\"next_open\",\"calendar\":{\"tz\":\"UTC\",\"week\":{\"mom\":[]}},"
	 "\"start\":\"2026-01-26T16:00:00Z\"}",
	 NULL, "unknown key \"mom\" in week", "did you mean \"mon\"?"},
	{"{\"id\":\"a\",\"kind\":\"next_open\",\"calendar\":{\"tz\":\"Mars\",\"week\":{}},"
	 "\"start\":\"2026-01-26T16:00:00Z\"}",
	 NULL, "no zone", ""},
	{"{\"id\":\"a\",\"kind\":\"next_open\",\"calendar\":{\"tz\":\"UTC\",\"week\":{}},\"start\":"
	 "\"2026-01-26T16:00:00Z\"}",
	 NULL, "calendar \"case\" is never open", ""},
	{"{\"id\":\"a\",\"kind\":\"deadline\"," DESK
	 ",\"start\":\"2026-01-26T16:00:00Z\",\"duration_s\":1.5}",
	 NULL, "\"duration_s\" has a wrong value", "it must be an integer from 0 to 400000000000"},
	{"{\"id\":\"a\",\"kind\":\"deadline\"," DESK
	 ",\"start\":\"2026-01-26T16:00:00Z\",\"duration_s\":400000000000}",
	 NULL, "the calendar has no such instant within the years 1 to 9999", ""},
	{"{\"id\":\"a\",\"kind\":\"next_open\"," DESK ",\"start\":\"2026-01-26T16:00:00.5Z\"}",
	 NULL, "\"start\" has a wrong value",
	 "it must be an instant of whole seconds, such as 2026-03-31T04:00:00Z"},
	{"[]", NULL, "a case is not a JSON object",
	 "write one case a line: {\"id\": ..., \"kind\": ..., ...}"},
	{"{\"kind\":\"deadline\"}", NULL, "\"id\" is missing",
	 "it must be a text that is not empty"},
};

/* What jansson says is its own; that it refuses is ours to know. */
static const char *const no_json[] = {
	"", "{", "{\"id\":\"a\",\"id\":\"b\"}", "{} {}", "{\"id\":\"\xff\"}", "nul"};

static enum rc only_utc(void *context, struct text name, const struct zone **out, struct err *err)
{
	(void)context;
	if (!text_is(name, "UTC"))
		return err_set(err, RC_MISSING, "no zone");
	*out = zone_utc();
	return RC_OK;
}

int main(void)
{
	const struct zone_source zones = {NULL, only_utc};
	struct buf out;

	buf_init(&out, 1 << 16);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct arena *a = arena_new(64 << 20);
		struct err err = {0};
		enum rc rc = calc_line(a, &zones, text_of(cases[i].line), &out, &err);

		is_text(buf_view(&out), cases[i].want == NULL ? "" : cases[i].want, "answer to %s",
			cases[i].line);
		is_text(text_of(err.message), cases[i].message, "what is wrong with it");
		is_text(text_of(err.hint), cases[i].hint, "and what would be right");
		ok((rc == RC_OK) == (cases[i].want != NULL), "and the status");
		buf_clear(&out);
		arena_free(a);
	}
	for (size_t i = 0; i < ARRAY_SIZE(no_json); i++) {
		struct arena *a = arena_new(64 << 20);
		struct err err = {0};

		ok(calc_line(a, &zones, text_of(no_json[i]), &out, &err) == RC_INVALID &&
			   out.n == 0 && text_is(text_of(err.code), "json.syntax"),
		   "no JSON: %s", no_json[i]);
		arena_free(a);
	}
	buf_free(&out);
	return tap_done();
}
