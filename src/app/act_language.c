/* SPDX-License-Identifier: Apache-2.0 */
/* tenor new, schema, reference: the contract language itself. */
#include "app/app.h"
#include "app/starters.h"
#include "base/json.h"
#include "terms/schema.h"

static void list_starters(const struct args *args, struct buf *out)
{
	struct json j;

	if (!args_has(args, PARAM_JSON)) {
		for (size_t i = 0; i < starter_count(); i++)
			buf_printf(out, "%-16s %s\n", starter_at(i)->name, starter_at(i)->title);
		return;
	}
	json_init(&j, out, true);
	json_open_array(&j);
	for (size_t i = 0; i < starter_count(); i++) {
		json_open_object(&j);
		json_kv_str(&j, "name", starter_at(i)->name);
		json_kv_str(&j, "title", starter_at(i)->title);
		json_end_object(&j);
	}
	json_end_array(&j);
	buf_char(out, '\n');
}

enum rc action_new(struct app *app, const struct args *args, struct reply *reply, struct err *err)
{
	const struct starter *s;
	struct json j;
	enum rc rc;

	if (args_has(args, PARAM_LIST)) {
		list_starters(args, &reply->out);
		return RC_OK;
	}
	rc = starter_named(app->arena, args_text(args, PARAM_FROM_STARTER), &s, err);
	if (rc != RC_OK)
		return rc;
	if (!args_has(args, PARAM_JSON)) {
		buf_add(&reply->out, s->bytes, s->size);
		return RC_OK;
	}
	json_init(&j, &reply->out, true);
	json_open_object(&j);
	json_kv_str(&j, "name", s->name);
	json_kv_str(&j, "title", s->title);
	json_kv_text(&j, "contract", (struct text){s->bytes, s->size});
	json_end_object(&j);
	buf_char(&reply->out, '\n');
	return RC_OK;
}

enum rc action_schema(struct app *app, const struct args *args, struct reply *reply,
		      struct err *err)
{
	(void)app;
	(void)args;
	(void)err;
	terms_schema(&reply->out);
	return RC_OK;
}

enum rc action_reference(struct app *app, const struct args *args, struct reply *reply,
			 struct err *err)
{
	struct buf text;
	struct json j;

	(void)app;
	(void)err;
	if (!args_has(args, PARAM_JSON)) {
		terms_manual(&reply->out);
		return RC_OK;
	}
	buf_init(&text, OUTPUT_MAX_BYTES);
	terms_manual(&text);
	json_init(&j, &reply->out, true);
	json_open_object(&j);
	json_kv_text(&j, "markdown", buf_view(&text));
	json_end_object(&j);
	buf_char(&reply->out, '\n');
	buf_free(&text);
	return RC_OK;
}
