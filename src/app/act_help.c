/* SPDX-License-Identifier: Apache-2.0 */
#include "app/app.h"
#include "app/help.h"

enum rc action_help(struct app *app, const struct args *args, struct reply *reply, struct err *err)
{
	const struct text *words = args->values[PARAM_COMMAND].v;
	size_t n = args->values[PARAM_COMMAND].n;

	if (n == 0) {
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

	if (rc == RC_OK)
		help_action(&reply->out, call.action);
	return rc;
}

enum rc action_man(struct app *app, const struct args *args, struct reply *reply, struct err *err)
{
	(void)app;
	(void)args;
	(void)err;
	help_man(&reply->out);
	return RC_OK;
}

enum rc action_completion(struct app *app, const struct args *args, struct reply *reply,
			  struct err *err)
{
	struct text shell = args_text(args, PARAM_SHELL);

	(void)app;
	if (help_completion(&reply->out, shell))
		return RC_OK;
	err_hint(err, "write bash, zsh or fish");
	return err_set(err, RC_USAGE, "no completion for the shell \"%.*s\"", TEXT_ARG(shell));
}
