/* SPDX-License-Identifier: Apache-2.0 */
/* Requests as calls: what Accept asks for, where values come from, how deep JSON may be; a webhook as facts; a list cut to pages. */
#include "http/api_parts.h"
#include "tap.h"

#include <string.h>

static struct arena *a;

static const struct {
	const char *accept, *query;
	enum api_format format;
	bool served; /* false: 406 */
} accepts[] = {
	{"", "", API_JSON, true},
	{"*/*", "", API_JSON, true},
	{"application/json", "", API_JSON, true},
	{"text/html", "", API_HTML, true},
	{"TEXT/HTML", "", API_HTML, true},
	{"application/pdf", "", API_PDF, true},
	{"text/csv;q=0.3, text/html;q=0.2", "", API_CSV, true},
	{"text/*", "", API_HTML, true},
	{"text/html;q=0, */*", "", API_JSON, true},
	{"application/json;q=0, */*;q=0.5", "", API_HTML, true},
	{"text/html;q=0.9, application/json;q=0.91", "", API_JSON, true},
	{"image/png", "", API_JSON, false},
	{"application/json;q=0", "", API_JSON, false},
	{"image/png", "html", API_HTML, true},
	{"application/json", "csv", API_CSV, true},
	{"text/calendar", "", API_JSON, false},
};

static const struct route *route_of(enum action_id action, enum method method)
{
	for (size_t i = 0; i < route_count(); i++)
		if (route_at(i)->action == action && route_at(i)->method == method)
			return route_at(i);
	return NULL;
}

static void answers_as_accept_asks(void)
{
	struct route_match m = {.route = route_of(ACTION_STATEMENT, METHOD_GET)};

	m.values[0] = text_of("NW-2026");
	for (size_t i = 0; i < ARRAY_SIZE(accepts); i++) {
		const struct field headers[] = {{text_of("accept"), text_of(accepts[i].accept)}};
		const struct field query[] = {{text_of("format"), text_of(accepts[i].query)}};
		struct request q = {.arena = a, .method = METHOD_GET};
		struct err err = {.line = 0};
		struct api_call call;
		enum rc rc;

		q.headers = (struct fields){headers, accepts[i].accept[0] != '\0'};
		q.query = (struct fields){query, accepts[i].query[0] != '\0'};
		rc = api_read(&q, &m, &call, &err);
		ok((rc == RC_OK) == accepts[i].served &&
			   (rc != RC_OK || call.format == accepts[i].format) &&
			   (rc == RC_OK || strcmp(err.code, "not_acceptable") == 0),
		   "Accept '%s', format '%s'", accepts[i].accept, accepts[i].query);
	}
}

static const struct {
	const char *body, *field; /* of the error; NULL: it is read */
} bodies[] = {
	{"{\"id\": \"P-1\", \"amount\": \"1.00\", \"date\": \"2026-04-02\"}", NULL},
	{"{\"amount\": 1, \"date\": \"2026-04-02\"}", NULL},
	{" { \"amount\" : \"1\" , \"date\" : \"2026-04-02\" } \n", NULL},
	{"{\"amount\": \"1.00\"}", "date"},
	{"", "amount"},
	{"{\"amount\": 1.5, \"date\": \"2026-04-02\"}", "amount"},
	{"{\"amount\": \"1\", \"date\": \"2026-02-30\"}", "date"},
	{"{\"amount\": \"1\", \"date\": \"2026-04-02\", \"as\": \"owner\"}", "as"},
	{"{\"amount\": \"1\", \"date\": \"2026-04-02\", \"workspace\": \"x\"}", "workspace"},
	{"{\"amount\": \"1\", \"date\": \"2026-04-02\", \"contract\": \"X\"}", "contract"},
	{"{\"amount\": {\"a\": 1}, \"date\": \"2026-04-02\"}", "amount"},
	{"{\"amount\": \"1\", \"amount\": \"1\", \"date\": \"2026-04-02\"}", ""},
	{"\"amount\"", ""},
	{"{\"amount\": \"1\", \"date\": \"2026-04-02\"} x", ""},
};

static void bodies_are_read(void)
{
	const struct field headers[] = {{text_of("content-type"), text_of("application/json")}};
	struct route_match m = {.route = route_of(ACTION_PAY, METHOD_POST)};

	m.values[0] = text_of("NW-2026");
	for (size_t i = 0; i < ARRAY_SIZE(bodies); i++) {
		struct request q = {
			.arena = a, .method = METHOD_POST, .body = text_of(bodies[i].body)};
		struct err err = {.line = 0};
		struct api_call call;
		enum rc rc;

		q.headers = (struct fields){headers, 1};
		rc = api_read(&q, &m, &call, &err);
		if (bodies[i].field == NULL)
			ok(rc == RC_OK && args_has(&call.args, PARAM_AMOUNT_ARG), "%s",
			   bodies[i].body);
		else
			ok(rc != RC_OK && strcmp(err.key, bodies[i].field) == 0, "%s: '%s'",
			   bodies[i].body, err.key);
	}
}

static void fields_become_words(void)
{
	const struct field headers[] = {
		{text_of("content-type"), text_of("application/json; charset=UTF-8")},
		{text_of("idempotency-key"), text_of("019d0f2e-1180-7000-8000-000000000001")}};
	struct route_match m = {.route = NULL};
	struct request q = {.arena = a, .method = METHOD_POST};
	struct err err = {.line = 0};
	struct api_call call;

	for (size_t i = 0; i < route_count(); i++)
		if (route_at(i)->action == ACTION_FACT_ADD)
			m.route = route_at(i);
	m.values[0] = text_of("NW-2026");
	q.headers = (struct fields){headers, 2};
	q.body = text_of("{\"kind\": \"outage.began\", \"fields\": {\"assets\": [\"a\", \"b\"], "
			 "\"outage\": \"o\", \"n\": 3, \"b\": true}}");
	ok(api_read(&q, &m, &call, &err) == RC_OK, "a fact: %s", err.message);
	is_i64((int64_t)call.args.values[PARAM_FIELDS].n, 4, "its fields");
	is_text(call.args.values[PARAM_FIELDS].v[0], "assets=a,b", "a list");
	is_text(call.args.values[PARAM_FIELDS].v[2], "n=3", "a number");
	is_text(call.args.values[PARAM_FIELDS].v[3], "b=true", "a flag");
	is_text(args_text(&call.args, PARAM_REPORT_ID), "019d0f2e-1180-7000-8000-000000000001",
		"the key is the id (S20)");
	q.body = text_of("{\"kind\": \"x\", \"fields\": {\"assets\": [\"a,b\"]}}");
	ok(api_read(&q, &m, &call, &err) == RC_USAGE, "a comma inside a member is no list");
}

static void depth_is_bounded(void)
{
	char text[2 * API_DEPTH_MAX + 8];
	struct err err = {.line = 0};

	for (int n = API_DEPTH_MAX; n <= API_DEPTH_MAX + 1; n++) {
		memset(text, '[', (size_t)n);
		memset(text + n, ']', (size_t)n);
		text[2 * n] = '\0';
		ok((api_depth(text_of(text), &err) == RC_OK) == (n == API_DEPTH_MAX), "%d levels",
		   n);
	}
	ok(api_depth(text_of("\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\\\"[[[\""), &err) ==
		   RC_OK,
	   "brackets of a text do not count");
}

static void alerts_are_outages(void)
{
	static const char want[] =
		"{\"id\":\"f|2026-03-24T08:30:00Z|began\",\"kind\":\"outage.began\",\"occurred_"
		"at\":\"2026-03-24T08:30:00Z\",\"outage\":\"f|2026-03-24T08:30:00Z\",\"assets\":["
		"\"web\"],\"severity\":\"degraded\"}\n"
		"{\"id\":\"f|2026-03-24T08:30:00Z|ended\",\"kind\":\"outage.ended\",\"occurred_"
		"at\":\"2026-03-24T09:00:00Z\",\"outage\":\"f|2026-03-24T08:30:00Z\"}\n";
	struct hook_form form;
	struct err err = {.line = 0};
	struct buf b;
	enum rc rc;

	ok(hook_known(text_of("alertmanager"), &form) && !hook_known(text_of("odd"), &form),
	   "forms by name");
	(void)hook_known(text_of("alertmanager"), &form);
	buf_init(&b, 1 << 16);
	rc = hook_facts(
		a,
		text_of("{\"alerts\": [{\"status\": \"resolved\", \"fingerprint\": \"f\", "
			"\"startsAt\": \"2026-03-24T08:30:00Z\", "
			"\"endsAt\": \"2026-03-24T09:00:00Z\", \"labels\": {\"asset\": \"web\", "
			"\"severity\": \"warning\"}}]}"),
		&form, &b, &err);
	ok(rc == RC_OK, "an alert that is over: %s", err.message);
	is_text(buf_view(&b), want, "began and ended");
	buf_clear(&b);
	rc = hook_facts(a, text_of("{\"alerts\": [{\"status\": \"resolved\"}]}"), &form, &b, &err);
	ok(rc == RC_INVALID && strcmp(err.key, "id") == 0, "an alert without an id is named");
	buf_free(&b);
}

static const struct {
	int64_t limit;
	const char *after, *want, *next;
} pages[] = {
	{0, "", "[1,2,3]", ""}, {2, "", "[1,2]", "2"}, {2, "2", "[3]", ""},
	{1, "1", "[2]", "2"},   {1000, "3", "[]", ""}, {3, "", "[1,2,3]", ""},
};

static void lists_are_cut(void)
{
	const struct route r = {.list = "", .list_id = "other id"};

	for (size_t i = 0; i < ARRAY_SIZE(pages); i++) {
		const struct api_page page = {pages[i].limit, text_of(pages[i].after)};
		struct err err = {.line = 0};
		struct text next;
		struct buf b, digits;

		buf_init(&b, 1 << 16);
		buf_init(&digits, 100);
		buf_str(&b, "[{\"id\": \"1\"}, {\"id\": \"2\"}, {\"other\": \"3\"}]");
		ok(api_cut(a, &r, &page, &b, &next, &err) == RC_OK, "a page: %s", err.message);
		buf_char(&digits, '[');
		for (size_t k = 0; k < b.n; k++)
			if (b.p[k] >= '1' && b.p[k] <= '3') {
				if (digits.n > 1)
					buf_char(&digits, ',');
				buf_char(&digits, b.p[k]);
			}
		buf_char(&digits, ']');
		is_text(buf_view(&digits), pages[i].want, "limit %d after '%s'",
			(int)pages[i].limit, pages[i].after);
		is_text(next, pages[i].next, "  and where it goes on");
		buf_free(&b);
		buf_free(&digits);
	}
}

int main(void)
{
	a = arena_new((size_t)16 << 20);
	answers_as_accept_asks();
	bodies_are_read();
	fields_become_words();
	depth_is_bounded();
	alerts_are_outages();
	lists_are_cut();
	arena_free(a);
	return tap_done();
}
