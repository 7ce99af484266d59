/* SPDX-License-Identifier: Apache-2.0 */
#include "app/actions.h"

#include "app/app.h"

#include <assert.h>

static const struct param_row params[] = {
#define PARAM(name, word, type_, metavar_, help_) {word, metavar_, help_, TYPE_##type_},
#include "app/actions.def"
};

#define COMMON                                                                                     \
	{PARAM_JSON, USE_OPT}, {PARAM_LANG, USE_OPT}, {PARAM_WIDTH, USE_OPT},                      \
		{PARAM_COLOR, USE_OPT}, {PARAM_OUTPUT, USE_OPT},                                   \
	{                                                                                          \
		PARAM_HELP, USE_OPT                                                                \
	}
#define ARG(p)                                                                                     \
	{                                                                                          \
		PARAM_##p, USE_ARG                                                                 \
	}
#define ARG_OPT(p)                                                                                 \
	{                                                                                          \
		PARAM_##p, USE_ARG_OPT                                                             \
	}
#define ARGS(p)                                                                                    \
	{                                                                                          \
		PARAM_##p, USE_ARGS                                                                \
	}
#define OPT(p)                                                                                     \
	{                                                                                          \
		PARAM_##p, USE_OPT                                                                 \
	}
#define OPTS(p)                                                                                    \
	{                                                                                          \
		PARAM_##p, USE_OPTS                                                                \
	}
#define MUST(p)                                                                                    \
	{                                                                                          \
		PARAM_##p, USE_MUST                                                                \
	}
/* what every verb of the record takes */
#define RECORD_OPTIONS OPT(WORKSPACE), OPT(AS), OPT(KEY)
#define TAKES(...)                                                                                 \
	{                                                                                          \
		__VA_ARGS__, COMMON                                                                \
	}
#define TAKES_NOTHING                                                                              \
	{                                                                                          \
		COMMON                                                                             \
	}

static const struct action actions[] = {
#define ACTION(name, verb_, function, right_, group_, line_, about_, examples_, takes)             \
	{.verb = verb_,                                                                            \
	 .line = line_,                                                                            \
	 .about = about_,                                                                          \
	 .examples = examples_,                                                                    \
	 .run = function,                                                                          \
	 .right = R_##right_,                                                                      \
	 .group = GROUP_##group_,                                                                  \
	 .params = takes},
#include "app/actions.def"
};

const struct param_row *param_row(enum param p)
{
	assert((size_t)p < ARRAY_SIZE(params));
	return &params[p];
}

const struct action *action_row(enum action_id a)
{
	assert((size_t)a < ARRAY_SIZE(actions));
	return &actions[a];
}

const struct action *action_find(struct text verb)
{
	for (size_t i = 0; i < ARRAY_SIZE(actions); i++)
		if (text_is(verb, actions[i].verb))
			return &actions[i];
	return NULL;
}

bool action_option(const struct action *a, struct text name, enum param *p, enum param_use *use)
{
	for (size_t i = 0; a->params[i].use != USE_END; i++) {
		enum param_use u = a->params[i].use;

		if (u != USE_OPT && u != USE_OPTS && u != USE_MUST)
			continue;
		if (!text_is(name, params[a->params[i].param].name))
			continue;
		*p = a->params[i].param;
		*use = u;
		return true;
	}
	return false;
}

bool args_has(const struct args *a, enum param p)
{
	return a->values[p].n > 0;
}

struct text args_text(const struct args *a, enum param p)
{
	return a->values[p].n > 0 ? a->values[p].v[0] : (struct text){"", 0};
}
