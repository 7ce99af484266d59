/* SPDX-License-Identifier: Apache-2.0 */
#include "app/app.h"

enum rc app_run(struct app *app, const struct args *args, struct reply *reply, struct err *err)
{
	buf_init(&reply->out, OUTPUT_MAX_BYTES);
	buf_init(&reply->notes, OUTPUT_MAX_BYTES);
	reply->status = 0;
	reply->delivered = false;
	reply->state = NULL;
	reply->file_name = text_of("");

	enum rc rc = args->action->run(app, args, reply, err);

	if (rc == RC_OK && app->disk_failed) {
		err_code(err, "store.io");
		err_hint(err, "look at the disk, then do it again: what is there already is not "
			      "recorded twice");
		return err_set(err, RC_IO,
			       "the disk failed when the files were closed, so this is not said to "
			       "be done");
	}
	if (rc == RC_OK && (reply->out.full || reply->notes.full))
		return err_set(err, RC_LIMIT, "the answer is larger than %d MiB",
			       OUTPUT_MAX_BYTES >> 20);
	return rc;
}

int app_status(enum rc rc)
{
	switch (rc) {
	case RC_OK:
		return 0;
	case RC_INVALID:
		return 2;
	case RC_USAGE:
		return 64;
	case RC_MISSING:
		return 66;
	case RC_LIMIT:
		return 65;
	case RC_IO:
		return 74;
	}
	return 74;
}
