/* SPDX-License-Identifier: Apache-2.0 */
/* tenor find: one question over all that the person may see. Nothing is written. */
#include "app/answer.h"
#include "app/find.h"

enum { QUESTION_BYTES_MAX = 500 };

static enum rc question_of(struct arena *a, const struct args *args, struct find_question *q,
			   struct err *err)
{
	struct buf b;
	enum rc rc = RC_OK;

	buf_init(&b, QUESTION_BYTES_MAX);
	for (size_t i = 0; i < args->values[PARAM_QUESTION].n; i++) {
		if (i > 0)
			buf_char(&b, ' ');
		buf_text(&b, args->values[PARAM_QUESTION].v[i]);
	}
	q->words = text_copy(a, buf_view(&b));
	if (b.full)
		rc = err_set(err, RC_USAGE, "a question has at most %d bytes", QUESTION_BYTES_MAX);
	buf_free(&b);
	if (rc == RC_OK && !text_utf8(q->words, NULL))
		rc = err_set(err, RC_USAGE, "the question is not UTF-8");
	for (size_t i = 0; rc == RC_OK && i < args->values[PARAM_FIND_KIND].n; i++) {
		enum find_kind k = FIND_KINDS;

		rc = find_kind_of(args->values[PARAM_FIND_KIND].v[i], &k, err);
		if (rc == RC_OK)
			q->kinds[k] = true;
	}
	q->client = args_text(args, PARAM_CLIENT);
	q->recent = args_has(args, PARAM_RECENT);
	return rc;
}

enum rc action_find_words(struct app *app, const struct args *args, struct reply *reply,
			  struct err *err)
{
	struct find_question q = {.words = {NULL, 0}};
	const struct language *l = NULL;
	enum format format = FORMAT_TEXT;
	struct find_answer found;
	struct workspace ws;
	enum rc rc = answer_format(args, &format, err);

	if (rc == RC_OK)
		rc = answer_language(args, text_of(""), &l, err);
	if (rc == RC_OK)
		rc = question_of(app->arena, args, &q, err);
	if (rc == RC_OK)
		rc = workspace_open(app, args, STORE_READ, &ws, err);
	if (rc != RC_OK)
		return rc;
	rc = find(&ws, &q, &found, err);
	workspace_close(&ws);
	if (rc != RC_OK)
		return rc;
	if (found.n_words == 0) {
		err_hint(err, "tenor find printer");
		return err_set(err, RC_USAGE, "there is no word in '%.*s'", TEXT_ARG(q.words));
	}
	if (format == FORMAT_JSON)
		found_json(&found, &reply->out);
	else if (format == FORMAT_CSV)
		found_csv(&found, &reply->out);
	else
		return answer_doc(app, args, format, found_doc(app->arena, l, &found), NULL,
				  &reply->out, err);
	return RC_OK;
}
