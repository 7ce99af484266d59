/* SPDX-License-Identifier: Apache-2.0 */
/* tenor diff: what changed between two versions, by clause. */
#include "app/answer.h"
#include "app/app.h"
#include "app/load.h"
#include "render/changes.h"

enum rc action_diff(struct app *app, const struct args *args, struct reply *reply, struct err *err)
{
	struct contract *before, *after;
	const struct language *l;
	enum format format;
	enum rc rc = answer_format(args, &format, err);

	if (rc == RC_OK)
		rc = load_noted(app, args, args_text(args, PARAM_OLD), &before, reply, err);
	if (rc == RC_OK)
		rc = load_noted(app, args, args_text(args, PARAM_NEW), &after, reply, err);
	if (rc == RC_OK)
		rc = answer_language(args, term_text(node_at(after->root, "contract"), "language"),
				     &l, err);
	if (rc != RC_OK)
		return rc;

	struct changes changes = contract_diff(app->arena, before, after);

	reply->status = changes.n > 0 ? 1 : 0;
	if (format == FORMAT_JSON)
		changes_json(before, after, &changes, &reply->out);
	else
		rc = answer_doc(app, args, format,
				changes_doc(app->arena, before, after, &changes, l), NULL,
				&reply->out, err);
	return rc;
}
