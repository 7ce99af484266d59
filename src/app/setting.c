/* SPDX-License-Identifier: Apache-2.0 */
#include "app/setting.h"

enum rc setting_turn(struct app *app, const struct args *args, setting_change *change,
		     const void *what, bool *done, struct err *err)
{
	struct workspace ws;
	enum rc rc = workspace_open(app, args, STORE_WRITE, &ws, err);

	*done = false;
	if (rc != RC_OK)
		return rc;
	rc = workspace_begin(&ws, err);
	if (rc == RC_OK) {
		rc = change(&ws, what, done, err);
		if (rc == RC_OK && *done)
			rc = workspace_audit(&ws, text_of(""), text_of(""), err);
		rc = workspace_end(&ws, rc, err);
	}
	workspace_close(&ws);
	return rc;
}
