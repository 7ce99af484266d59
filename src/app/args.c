/* SPDX-License-Identifier: Apache-2.0 */
/* From words to a call: the table of actions says what there is; whatever it does not name is an error that names itself. */
#include "app/actions.h"
#include "app/values.h"

#include <assert.h>

enum { VALUES_MAX = 4096 };

static struct text nearest_verb(struct text word)
{
	struct text verbs[ACTION_COUNT];

	for (size_t i = 0; i < ACTION_COUNT; i++)
		verbs[i] = text_of(action_row((enum action_id)i)->verb);
	return text_nearest(word, verbs, ACTION_COUNT);
}

/* The verb is one word or two ("time deadline"); *used is how many. */
static enum rc find_verb(struct arena *a, const struct text *words, size_t n,
			 const struct action **out, size_t *used, struct err *err)
{
	if (n > 1) {
		struct text two =
			text_format(a, "%.*s %.*s", TEXT_ARG(words[0]), TEXT_ARG(words[1]));

		*out = action_find(two);
		*used = 2;
		if (*out != NULL)
			return RC_OK;
	}
	*out = action_find(words[0]);
	*used = 1;
	if (*out != NULL)
		return RC_OK;

	struct text near = nearest_verb(words[0]);

	if (text_is(words[0], "time"))
		err_hint(err, "write time deadline, time elapsed or time next-open");
	else if (near.n > 0)
		err_hint(err, "did you mean \"%.*s\"?", TEXT_ARG(near));
	else
		err_hint(err, "\"tenor help\" lists the commands");
	return err_set(err, RC_USAGE, "unknown command \"%.*s\"", TEXT_ARG(words[0]));
}

static enum rc unknown_option(const struct action *action, struct text name, struct err *err)
{
	struct text names[ACTION_PARAMS_MAX];
	size_t n = 0;

	for (size_t i = 0; action->params[i].use != USE_END; i++)
		if (action->params[i].use >= USE_OPT)
			names[n++] = text_of(param_row(action->params[i].param)->name);

	struct text near = text_nearest(name, names, n);

	if (near.n > 0)
		err_hint(err, "did you mean --%.*s?", TEXT_ARG(near));
	else
		err_hint(err, "\"tenor help %s\" lists them", action->verb);
	return err_set(err, RC_USAGE, "%s has no option --%.*s", action->verb, TEXT_ARG(name));
}

static void add_value(struct arena *a, struct args *out, enum param p, struct text value)
{
	struct text *v = arena_array(a, struct text, out->values[p].n + 1);

	for (size_t i = 0; i < out->values[p].n; i++)
		v[i] = out->values[p].v[i];
	v[out->values[p].n++] = value;
	out->values[p].v = v;
}

/* words[*i] is --name, --name=value or -o; takes the next word too if it needs it. */
static enum rc take_option(struct arena *a, const struct text *words, size_t n, size_t *i,
			   struct args *out, struct err *err)
{
	struct text word = words[*i], name, value;
	enum param p;
	enum param_use use;
	bool has_value = text_find(word, '=', 0) < word.n;

	if (text_is(word, "-o"))
		word = text_of("--output");
	value = text_cut(text_sub(word, 2, word.n), '=', &name);
	if (!text_starts(word, "--") || !action_option(out->action, name, &p, &use))
		return unknown_option(out->action,
				      text_starts(word, "--") ? name : text_sub(word, 1, word.n),
				      err);

	const struct param_row *row = param_row(p);

	if (use != USE_OPTS && args_has(out, p))
		return err_set(err, RC_USAGE, "--%s is given twice", row->name);
	if (row->type == TYPE_FLAG) {
		if (has_value)
			return err_set(err, RC_USAGE, "--%s takes no value", row->name);
		value = text_of("true");
	} else if (!has_value) {
		if (*i + 1 >= n)
			return err_set(err, RC_USAGE, "--%s needs a value: %s", row->name,
				       row->metavar);
		value = words[++*i];
	}
	enum rc rc = value_check(row, value, err);

	if (rc != RC_OK)
		return rc;
	if (out->values[p].n >= VALUES_MAX)
		return err_set(err, RC_USAGE, "--%s is given more than %d times", row->name,
			       VALUES_MAX);
	add_value(a, out, p, value);
	return RC_OK;
}

/* Arguments fill the action's ARGs in order; the last ARGS takes the rest. */
static enum rc take_argument(struct arena *a, struct text word, struct args *out, struct err *err)
{
	const struct action *action = out->action;

	for (size_t i = 0; action->params[i].use != USE_END; i++) {
		enum param_use use = action->params[i].use;
		enum param p = action->params[i].param;

		if (use >= USE_OPT || (use != USE_ARGS && args_has(out, p)))
			continue;
		if (out->values[p].n >= VALUES_MAX)
			return err_set(err, RC_USAGE, "more than %d %s", VALUES_MAX,
				       param_row(p)->metavar);
		enum rc rc = value_check(param_row(p), word, err);

		if (rc == RC_OK)
			add_value(a, out, p, word);
		return rc;
	}
	err_hint(err, "\"tenor help %s\" shows how it is called", action->verb);
	return err_set(err, RC_USAGE, "%s takes no further argument \"%.*s\"", action->verb,
		       TEXT_ARG(word));
}

static enum rc all_there(const struct args *out, struct err *err)
{
	const struct action *action = out->action;

	for (size_t i = 0; action->params[i].use != USE_END; i++) {
		enum param_use use = action->params[i].use;
		const struct param_row *row = param_row(action->params[i].param);

		if (args_has(out, action->params[i].param))
			continue;
		if (use == USE_ARG) {
			err_hint(err, "\"tenor help %s\" shows how it is called", action->verb);
			return err_set(err, RC_USAGE, "%s needs %s: %s", action->verb, row->metavar,
				       row->help);
		}
		if (use == USE_MUST)
			return err_set(err, RC_USAGE, "%s needs --%s %s", action->verb, row->name,
				       row->metavar);
	}
	return RC_OK;
}

enum rc args_parse(struct arena *a, const struct text *words, size_t n, struct args *out,
		   bool *help, struct err *err)
{
	size_t i = 0;
	bool only_arguments = false;
	enum rc rc;

	*out = (struct args){.action = NULL};
	*help = false;
	assert(n > 0);
	rc = find_verb(a, words, n, &out->action, &i, err);
	if (rc != RC_OK)
		return rc;
	for (size_t k = i; k < n && !text_is(words[k], "--"); k++)
		if (text_is(words[k], "--help") || text_is(words[k], "-h"))
			*help = true;
	if (*help)
		return RC_OK;

	for (; i < n; i++) {
		if (!only_arguments && text_is(words[i], "--")) {
			only_arguments = true;
			continue;
		}
		/* "-" alone is standard input, a file like any other. */
		bool option = !only_arguments && words[i].n > 1 && words[i].p[0] == '-';

		rc = option ? take_option(a, words, n, &i, out, err)
			    : take_argument(a, words[i], out, err);
		if (rc != RC_OK)
			return rc;
	}
	return all_there(out, err);
}
