/* SPDX-License-Identifier: Apache-2.0 */
#include "app/app.h"
#include "app/help.h"
#include "base/json.h"

/* One text under one key. */
static void answer_text(const struct args *args, struct reply *reply, const char *key,
			struct text t)
{
	struct json j;

	if (!args_has(args, PARAM_JSON)) {
		buf_text(&reply->out, t);
		return;
	}
	json_init(&j, &reply->out, true);
	json_open_object(&j);
	json_kv_text(&j, key, t);
	json_end_object(&j);
	buf_char(&reply->out, '\n');
}

enum rc action_help(struct app *app, const struct args *args, struct reply *reply, struct err *err)
{
	const struct text *words = args->values[PARAM_COMMAND].v;
	size_t n = args->values[PARAM_COMMAND].n;

	if (n == 0) {
		if (args_has(args, PARAM_JSON))
			help_json(&reply->out, NULL);
		else
			help_all(&reply->out);
		return RC_OK;
	}

	struct args call;
	bool help;
	struct text with_help[3] = {words[0]};

	if (n > 2)
		return err_set(err, RC_USAGE, "help tells about one command");
	if (n == 2)
		with_help[1] = words[1];
	with_help[n] = text_of("--help");
	enum rc rc = args_parse(app->arena, with_help, n + 1, &call, &help, err);

	if (rc == RC_OK && args_has(args, PARAM_JSON))
		help_json(&reply->out, call.action);
	else if (rc == RC_OK)
		help_action(&reply->out, call.action);
	return rc;
}

enum rc action_man(struct app *app, const struct args *args, struct reply *reply, struct err *err)
{
	struct buf roff;

	(void)app;
	(void)err;
	buf_init(&roff, OUTPUT_MAX_BYTES);
	help_man(&roff);
	answer_text(args, reply, "roff", buf_view(&roff));
	buf_free(&roff);
	return RC_OK;
}

enum rc action_completion(struct app *app, const struct args *args, struct reply *reply,
			  struct err *err)
{
	struct text shell = args_text(args, PARAM_SHELL);
	struct buf script;
	bool known;

	(void)app;
	buf_init(&script, OUTPUT_MAX_BYTES);
	known = help_completion(&script, shell);
	if (known)
		answer_text(args, reply, "script", buf_view(&script));
	buf_free(&script);
	if (known)
		return RC_OK;
	err_hint(err, "write bash, zsh or fish");
	return err_set(err, RC_USAGE, "no completion for the shell \"%.*s\"", TEXT_ARG(shell));
}
