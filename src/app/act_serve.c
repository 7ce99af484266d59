/* SPDX-License-Identifier: Apache-2.0 */
/* tenor serve, openapi: handed to whoever can run a server (DESIGN section 2: this room knows no HTTP). */
#include "app/app.h"

enum rc action_serve(struct app *app, const struct args *args, struct reply *reply, struct err *err)
{
	if (app->served != NULL || app->serve == NULL)
		return err_set(err, RC_USAGE, "this program runs no server");
	return app->serve(app, args, reply, err);
}

enum rc action_openapi(struct app *app, const struct args *args, struct reply *reply,
		       struct err *err)
{
	if (app->served != NULL || app->openapi == NULL)
		return err_set(err, RC_USAGE, "this program runs no server");
	app->openapi(args_text(args, PARAM_BASE_URL), &reply->out);
	return RC_OK;
}
