/* SPDX-License-Identifier: Apache-2.0 */
/* The table of routes: each verb has its row, each path means one, parameters are those of the verb. */
#include "http/route.h"
#include "tap.h"

#include <string.h>

static void each_verb_has_a_row(void)
{
	for (size_t i = 0; i < ACTION_COUNT; i++) {
		size_t n = 0;

		for (size_t k = 0; k < route_count(); k++)
			n += route_at(k)->action == (enum action_id)i;
		ok((n > 0) != (route_local((enum action_id)i) != NULL),
		   "'%s' is routed, or there is a reason", action_row((enum action_id)i)->verb);
	}
}

static void names_are_parameters(void)
{
	for (size_t i = 0; i < route_count(); i++) {
		const struct route *r = route_at(i);
		struct text names[ROUTE_NAMES_MAX];
		size_t n = route_names(r, names);
		enum param_use use;
		enum param p;

		for (size_t k = 0; k < n; k++)
			ok(route_param(r, names[k], &p, &use), "%s: {%.*s} is a parameter of '%s'",
			   r->path, TEXT_ARG(names[k]), action_row(r->action)->verb);
		if (r->brings)
			ok(r->method == METHOD_POST && r->types != NULL,
			   "%s: what brings a file is a POST", r->path);
		ok(strncmp(r->path, "/api/v1/", 8) == 0, "%s: the version is in the path", r->path);
		ok(!r->records || !method_safe(r->method), "%s: a GET records nothing", r->path);
	}
}

/* No other parameter that a verb takes may have the same name here: a file of that name never comes from a request. */
static void names_are_told_apart(void)
{
	for (size_t i = 0; i < route_count(); i++) {
		const struct route *r = route_at(i);
		const struct action *a = action_row(r->action);
		bool clash = false;

		for (size_t k = 0; a->params[k].use != USE_END; k++)
			for (size_t m = 0; m < k; m++) {
				enum param_use use;
				enum param p = a->params[k].param, o = a->params[m].param;

				clash |= strcmp(param_row(p)->name, param_row(o)->name) == 0 &&
					 route_takes(r, p, &use) && route_takes(r, o, &use);
			}
		ok(!clash, "%s: names are told apart", r->path);
	}
}

static void paths_are_apart(void)
{
	for (size_t i = 0; i < route_count(); i++)
		for (size_t k = 0; k < i; k++) {
			const struct route *r = route_at(i), *o = route_at(k);

			if (r->method == o->method && strcmp(r->path, o->path) == 0)
				ok(r->brings != o->brings, "%s: twice, told apart by the content",
				   r->path);
		}
}

static const struct {
	const char *path;
	enum method method;
	const char *type, *verb; /* NULL: none */
	bool allowed;            /* the path has other methods */
} finds[] = {
	{"api/v1/contracts", METHOD_GET, "", "contract list", true},
	{"api/v1/contracts", METHOD_HEAD, "", "contract list", true},
	{"api/v1/contracts", METHOD_POST, "application/yaml", "contract add", true},
	{"api/v1/contracts", METHOD_DELETE, "", NULL, true},
	{"api/v1/contracts/x/statement", METHOD_GET, "", "statement", true},
	{"api/v1/contracts/x/statements", METHOD_POST, "application/json", "statement", true},
	{"api/v1/contracts/x/facts", METHOD_POST, "application/json", "fact add", true},
	{"api/v1/contracts/x/facts", METHOD_POST, "application/x-ndjson", "import", true},
	{"api/v1/contracts/x/facts", METHOD_POST, "text/csv", "import", true},
	{"api/v1/contracts/x/facts", METHOD_POST, "image/png", "fact add", true},
	{"api/v1/contracts/x/facts", METHOD_GET, "", NULL, true},
	{"api/v1/contracts/x/nothing", METHOD_GET, "", NULL, false},
	{"api/v2/contracts", METHOD_GET, "", NULL, false},
	{"api/v1", METHOD_GET, "", NULL, false},
	{"api/v1/contracts//statement", METHOD_GET, "", NULL, false},
	{"api/v1/contracts/x/statement/y", METHOD_GET, "", NULL, false},
	{"api/v1/CONTRACTS", METHOD_GET, "", NULL, false},
};

static void paths_mean_verbs(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(finds); i++) {
		struct text segments[16], rest = text_of(finds[i].path), one;
		size_t n = 0;
		struct route_match m;
		bool any = false;

		while (rest.p != NULL && n < ARRAY_SIZE(segments)) {
			size_t slash = text_find(rest, '/', 0);

			one = text_sub(rest, 0, slash);
			segments[n++] = one;
			if (slash >= rest.n)
				break;
			rest = text_sub(rest, slash + 1, rest.n);
		}
		route_find(segments, n, finds[i].method, text_of(finds[i].type), &m);
		for (size_t k = 0; k < METHOD_COUNT; k++)
			any |= m.allowed[k];
		is_text(text_of(m.route == NULL ? "-" : action_row(m.route->action)->verb),
			finds[i].verb == NULL ? "-" : finds[i].verb, "%s %s %s",
			method_word(finds[i].method), finds[i].path, finds[i].type);
		ok(any == finds[i].allowed, "  and its methods");
	}
}

static const struct {
	enum action_id action;
	const char *name;
	bool taken;
} takes[] = {
	{ACTION_STATEMENT, "month", true},        {ACTION_STATEMENT, "known_as_of", true},
	{ACTION_STATEMENT, "known-as-of", false}, {ACTION_STATEMENT, "as", false},
	{ACTION_STATEMENT, "workspace", false},   {ACTION_STATEMENT, "key", false},
	{ACTION_STATEMENT, "output", false},      {ACTION_STATEMENT, "color", false},
	{ACTION_STATEMENT, "issue", false},       {ACTION_STATEMENT, "json", false},
	{ACTION_STATEMENT, "format", true},       {ACTION_EXPLAIN, "facts", false},
	{ACTION_EXPLAIN, "contract", true},       {ACTION_BACKTEST, "with", false},
	{ACTION_LOG_WITNESS, "key", true},        {ACTION_IMPORT, "no_progress", false},
};

static void parameters_are_the_verbs(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(takes); i++)
		for (size_t k = 0; k < route_count(); k++) {
			enum param_use use;
			enum param p;

			if (route_at(k)->action != takes[i].action)
				continue;
			ok(route_param(route_at(k), text_of(takes[i].name), &p, &use) ==
				   takes[i].taken,
			   "'%s' %s %s", action_row(takes[i].action)->verb,
			   takes[i].taken ? "takes" : "does not take", takes[i].name);
			break;
		}
}

int main(void)
{
	each_verb_has_a_row();
	names_are_parameters();
	names_are_told_apart();
	paths_are_apart();
	paths_mean_verbs();
	parameters_are_the_verbs();
	return tap_done();
}
