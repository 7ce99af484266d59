/* SPDX-License-Identifier: Apache-2.0 */
#include "http/route.h"

#include <assert.h>
#include <string.h>

#define RECORDS .records = true
#define BRINGS(p, t) .brings = true, .file = PARAM_##p, .types = t
#define GIVES(t) .gives = t
#define NO_TABLE .no_table = true
#define SETS(p, v) .sets = PARAM_##p, .sets_value = v
#define PAGED(l, i) .list = l, .list_id = i
#define QUERY(q) .query = q
#define BODY(b) .body = b

static const struct route routes[] = {
#define ROUTE(name, method_, path_, ...)                                                           \
	{.action = ACTION_##name, .method = METHOD_##method_, .path = path_, __VA_ARGS__},
#define AGAIN(name, method_, path_, ...)                                                           \
	{.action = ACTION_##name, .method = METHOD_##method_, .path = path_, __VA_ARGS__},
#include "app/actions.def"
};

static const struct {
	enum action_id action;
	const char *why;
} locals[] = {
#define LOCAL(name, why_) {ACTION_##name, why_},
#include "app/actions.def"
};

/* A verb with two rows does not build, since an enumerator is named once; one without fails the unit test. */
enum row_of_verb {
#define ROUTE(name, method_, path_, ...) ROW_OF_##name,
#define LOCAL(name, why_) ROW_OF_##name,
#include "app/actions.def"
	ROW_COUNT
};

_Static_assert(ROW_COUNT > 0, "there are rows");

size_t route_count(void)
{
	return ARRAY_SIZE(routes);
}

const struct route *route_at(size_t i)
{
	assert(i < ARRAY_SIZE(routes));
	return &routes[i];
}

const char *route_local(enum action_id a)
{
	for (size_t i = 0; i < ARRAY_SIZE(locals); i++)
		if (locals[i].action == a)
			return locals[i].why;
	return NULL;
}

/* --- parameters --- */

struct text route_name(struct arena *a, enum param p)
{
	struct text word = text_of(param_row(p)->name);
	char *out = arena_copy(a, word.p, word.n);

	for (size_t i = 0; i < word.n; i++)
		if (out[i] == '-')
			out[i] = '_';
	return (struct text){out, word.n};
}

static bool same_name(struct text given, const char *name)
{
	size_t n = strlen(name);

	if (given.n != n)
		return false;
	for (size_t i = 0; i < n; i++)
		if (given.p[i] != (name[i] == '-' ? '_' : name[i]))
			return false;
	return true;
}

bool route_takes(const struct route *r, enum param p, enum param_use *use)
{
	static const enum param never[] = {
		PARAM_AS,    PARAM_KEY,  PARAM_WORKSPACE,   PARAM_OUTPUT, PARAM_WIDTH,
		PARAM_COLOR, PARAM_HELP, PARAM_NO_PROGRESS, PARAM_JSON,   PARAM_ISSUE};
	const struct action *a = action_row(r->action);

	if (param_row(p)->type == TYPE_FILE || param_row(p)->type == TYPE_FILE_OUT)
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(never); i++)
		if (never[i] == p)
			return false;
	if (r->sets_value != NULL && r->sets == p)
		return false;
	for (size_t i = 0; a->params[i].use != USE_END; i++) {
		if (a->params[i].param != p)
			continue;
		*use = a->params[i].use;
		/* Other content is in no other format. */
		return p != PARAM_FORMAT || r->gives == NULL;
	}
	return false;
}

bool route_param(const struct route *r, struct text name, enum param *p, enum param_use *use)
{
	const struct action *a = action_row(r->action);

	for (size_t i = 0; a->params[i].use != USE_END; i++) {
		enum param one = a->params[i].param;

		if (!same_name(name, param_row(one)->name) || !route_takes(r, one, use))
			continue;
		*p = one;
		return true;
	}
	return false;
}

bool route_format(const struct route *r, enum param *p)
{
	enum param_use use;

	return r->gives == NULL && route_param(r, text_of("format"), p, &use);
}

bool route_person(const struct route *r)
{
	enum permission right = action_row(r->action)->right;

	/* P3: of money that is recorded, a program has the payments. */
	return (r->sets_value != NULL && r->sets == PARAM_ISSUE) || !right_of_tokens(right) ||
	       (right == R_MONEY_WRITE && r->action != ACTION_PAY &&
		r->action != ACTION_BANK_IMPORT);
}

/* --- paths --- */

/* Cuts the next segment of a pattern off; false: there is none. */
static bool next_segment(struct text *pattern, struct text *segment)
{
	if (pattern->n == 0)
		return false;
	assert(pattern->p[0] == '/');
	*pattern = text_sub(*pattern, 1, pattern->n);

	size_t end = text_find(*pattern, '/', 0);

	*segment = text_sub(*pattern, 0, end);
	*pattern = text_sub(*pattern, end, pattern->n);
	return true;
}

static bool is_name(struct text segment)
{
	return segment.n > 2 && segment.p[0] == '{' && segment.p[segment.n - 1] == '}';
}

static bool fits(const struct route *r, const struct text *segments, size_t n,
		 struct text values[ROUTE_NAMES_MAX])
{
	struct text pattern = text_of(r->path), one;
	size_t named = 0, i = 0;

	for (; next_segment(&pattern, &one); i++) {
		if (i >= n || segments[i].n == 0)
			return false;
		if (!is_name(one)) {
			if (!text_eq(one, segments[i]))
				return false;
			continue;
		}
		assert(named < ROUTE_NAMES_MAX);
		values[named++] = segments[i];
	}
	return i == n;
}

size_t route_names(const struct route *r, struct text names[ROUTE_NAMES_MAX])
{
	struct text pattern = text_of(r->path), one;
	size_t n = 0;

	while (next_segment(&pattern, &one)) {
		if (!is_name(one))
			continue;
		assert(n < ROUTE_NAMES_MAX);
		names[n++] = text_sub(one, 1, one.n - 1);
	}
	return n;
}

bool route_type_is(const char *types, struct text type)
{
	struct text rest = text_of(types), one;

	while (rest.n > 0) {
		rest = text_cut(rest, ' ', &one);
		if (text_eq_nocase(one, type))
			return true;
	}
	return false;
}

/* Of two routes for one path and method the one that reads this content. */
static bool reads_better(const struct route *r, const struct route *other, struct text content_type)
{
	if (other == NULL)
		return true;
	if (r->brings)
		return route_type_is(r->types, content_type);
	return !other->brings || !route_type_is(other->types, content_type);
}

void route_find(const struct text *segments, size_t n, enum method method, struct text content_type,
		struct route_match *out)
{
	enum method wanted = method == METHOD_HEAD ? METHOD_GET : method;
	struct text values[ROUTE_NAMES_MAX];

	*out = (struct route_match){.route = NULL};
	for (size_t i = 0; i < ARRAY_SIZE(routes); i++) {
		const struct route *r = &routes[i];

		if (!fits(r, segments, n, values))
			continue;
		out->allowed[r->method] = true;
		if (r->method == METHOD_GET)
			out->allowed[METHOD_HEAD] = true;
		if (r->method != wanted || !reads_better(r, out->route, content_type))
			continue;
		out->route = r;
		for (size_t k = 0; k < ROUTE_NAMES_MAX; k++)
			out->values[k] = values[k];
	}
}
