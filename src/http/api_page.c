/* SPDX-License-Identifier: Apache-2.0 */
/* The API to read, without script: each route with what it takes and gives. Made from the rows that answer requests. */
#include "http/api_parts.h"

#include "render/markup.h"

#include <string.h>

static const struct {
	enum action_group group;
	const char *heading;
} headings[] = {
	{GROUP_RECORD, "Contracts, facts, statements"},
	{GROUP_FILES, "Service levels"},
	{GROUP_MONEY, "Money"},
	{GROUP_PROOF, "Proof"},
	{GROUP_CONTRACTS, "Language of contracts"},
	{GROUP_KEEPING, "Keeping"},
	{GROUP_TOOLS, "Tools"},
};

static void parameter_row(struct buf *b, struct arena *a, const struct route *r, enum param p,
			  enum param_use use)
{
	bool must = use == USE_ARG || use == USE_MUST || p == PARAM_REPORT_ID;

	html_raw(b, "<tr><td><code>");
	html_text(b, route_name(a, p));
	html_raw(b, "</code></td><td>");
	html_text(b, text_of(must ? "needed" : ""));
	html_raw(b, "</td><td>");
	html_text(b, text_of(param_row(p)->help));
	html_raw(b, "</td></tr>\n");
	(void)r;
}

static void parameter_table(struct buf *b, struct arena *a, const struct route *r)
{
	const struct action *action = action_row(r->action);
	enum param_use use;

	html_raw(b, "<table><thead><tr><th scope=\"col\">Name</th><th scope=\"col\"></th><th "
		    "scope=\"col\">Meaning</th></tr></thead><tbody>\n");
	for (size_t i = 0; action->params[i].use != USE_END; i++)
		if (route_takes(r, action->params[i].param, &use))
			parameter_row(b, a, r, action->params[i].param, use);
	if (r->list != NULL)
		html_raw(b, "<tr><td><code>limit</code>, <code>after</code></td><td></td><td>at "
			    "most so many (default: 100), after the member of that id</td></tr>\n");
	html_raw(b, "</tbody></table>\n");
}

static void takes(struct buf *b, const struct route *r)
{
	if (r->brings) {
		html_raw(b, "<p>Body: <code>");
		html_text(b, text_of(r->types));
		html_raw(b, "</code>; parameters in the query.</p>\n");
	} else if (r->method == METHOD_POST) {
		html_raw(b, "<p>Body: a JSON object of the parameters.</p>\n");
	}
	if (r->body != NULL && r->body[0] != '\0') {
		html_raw(b, "<pre><code>");
		html_text(b, text_of(r->body));
		html_raw(b, "</code></pre>\n");
	}
	if (r->query != NULL && r->query[0] != '\0') {
		html_raw(b, "<p>For example <code>?");
		html_text(b, text_of(r->query));
		html_raw(b, "</code></p>\n");
	}
}

static void section(struct buf *b, struct arena *a, const struct route *r)
{
	const struct action *action = action_row(r->action);

	html_raw(b, "<section><h3><code>");
	html_text(b, text_of(method_word(r->method)));
	html_raw(b, " ");
	html_text(b, text_of(r->path));
	html_raw(b, "</code></h3>\n<p>");
	html_text(b, text_of(action->line));
	html_raw(b, ". Right: <code>");
	html_text(b, text_of(right_word(action->right)));
	html_raw(b, "</code>");
	if (route_person(r))
		html_raw(b, ", which no token has: a person does it, signed in");
	html_raw(b, ".</p>\n");
	takes(b, r);
	parameter_table(b, a, r);
	html_raw(b, "</section>\n");
}

void api_page(struct buf *out)
{
	struct arena *a = arena_new((size_t)16 << 20);

	html_raw(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
		      "<meta name=\"viewport\" content=\"width=device-width, "
		      "initial-scale=1\">\n<title>API \xe2\x80\x93 Tenor</title>\n"
		      "<link rel=\"stylesheet\" "
		      "href=\"/assets/tenor.css\">\n</head>\n<body>\n<main>\n<h1>API</h1>\n"
		      "<p><a href=\"/\">Back</a></p>\n"
		      "<p>Every request brings a token: <code>Authorization: Bearer "
		      "tnr_\xe2\x80\xa6</code>. Answers are JSON; where a verb has them, "
		      "<code>Accept</code> asks for a page, a table or paper. Errors are problems "
		      "(RFC 9457) with a code, the field, and what would be right. "
		      "The same for programs: <a href=\"/api/v1/openapi.json\">openapi.json</a> "
		      "(OpenAPI 3.1).</p>\n");
	for (size_t h = 0; h < ARRAY_SIZE(headings); h++) {
		bool any = false;

		for (size_t i = 0; i < route_count(); i++) {
			if (action_row(route_at(i)->action)->group != headings[h].group)
				continue;
			if (!any) {
				html_raw(out, "<h2>");
				html_text(out, text_of(headings[h].heading));
				html_raw(out, "</h2>\n");
			}
			any = true;
			section(out, a, route_at(i));
		}
	}
	html_raw(out, "</main>\n</body>\n</html>\n");
	arena_free(a);
}
