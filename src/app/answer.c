/* SPDX-License-Identifier: Apache-2.0 */
#include "app/answer.h"

#include <stdarg.h>

#include "app/workspace.h"
#include "base/json.h"

/* --format, --json or the ending of --output. */
static enum rc named_format(const struct args *args, enum format *out, struct err *err)
{
	static const struct {
		const char *ending;
		enum format format;
	} endings[] = {{".html", FORMAT_HTML}, {".htm", FORMAT_HTML}, {".pdf", FORMAT_PDF}, {".json", FORMAT_JSON}, {".csv", FORMAT_CSV}};

	*out = FORMAT_TEXT;
	if (args_has(args, PARAM_FORMAT) && !value_format(args_text(args, PARAM_FORMAT), out))
		return err_set(err, RC_USAGE, "\"%.*s\" is not a format", TEXT_ARG(args_text(args, PARAM_FORMAT)));
	if (args_has(args, PARAM_JSON)) {
		if (args_has(args, PARAM_FORMAT) && *out != FORMAT_JSON)
			return err_set(err, RC_USAGE, "--json and --format %.*s are both given",
				       TEXT_ARG(args_text(args, PARAM_FORMAT)));
		*out = FORMAT_JSON;
		return RC_OK;
	}
	if (args_has(args, PARAM_FORMAT))
		return RC_OK;
	for (size_t i = 0; i < ARRAY_SIZE(endings); i++)
		if (text_ends(args_text(args, PARAM_OUTPUT), endings[i].ending))
			*out = endings[i].format;
	return RC_OK;
}

enum rc answer_format(const struct args *args, enum format *out, struct err *err)
{
	enum rc rc = named_format(args, out, err);

	if (rc != RC_OK || !args_has(args, PARAM_PAPER) || *out == FORMAT_PDF)
		return rc;
	err_hint(err, "add --format pdf");
	return err_set(err, RC_USAGE, "--paper is for pdf alone");
}

enum rc answer_open(struct app *app, const struct args *args, struct workspace *ws, enum format *format, struct err *err)
{
	enum rc rc = answer_format(args, format, err);

	return rc == RC_OK ? workspace_open(app, args, STORE_READ, ws, err) : rc;
}

enum rc answer_look(struct app *app, const struct args *args, struct workspace *ws, enum format *format,
		    enum rc (*look)(void *x, struct err *err), void *x, struct err *err)
{
	enum rc rc = answer_open(app, args, ws, format, err);

	if (rc != RC_OK)
		return rc;
	rc = look(x, err);
	workspace_close(ws);
	return rc;
}

enum rc answer_language(const struct args *args, struct text contract, const struct language **out, struct err *err)
{
	struct err unknown = {.line = 0};

	if (args_has(args, PARAM_LANG))
		return language_find(args_text(args, PARAM_LANG), out, err);
	if (contract.n == 0 || language_find(contract, out, &unknown) != RC_OK)
		*out = language_english();
	return RC_OK;
}

enum rc answer_doc(struct app *app, const struct args *args, enum format format, const struct doc *d, const struct answer_sender *from,
		   struct buf *out, struct err *err)
{
	int64_t width = TEXT_WIDTH_DEFAULT;

	if (format == FORMAT_PDF)
		return answer_paper(app, args, d, from, out, err);
	if (format == FORMAT_CSV) {
		doc_csv(d, out);
		return RC_OK;
	}
	if (format == FORMAT_HTML) {
		if (app->served != NULL && app->served->in_page)
			doc_html_inside(d, out);
		else
			doc_html(d, out);
		return RC_OK;
	}
	if (args_has(args, PARAM_WIDTH) && !text_digits(args_text(args, PARAM_WIDTH), &width))
		width = TEXT_WIDTH_DEFAULT;
	doc_text(d, &(struct text_style){.width = (unsigned)width, .colour = app->colour}, out);
	return RC_OK;
}

struct text answer_time(struct arena *a, instant t)
{
	struct buf b;
	struct text out;

	buf_init(&b, 64);
	instant_print(&b, t);
	out = text_copy(a, buf_view(&b));
	buf_free(&b);
	return out;
}

static void kv_instant(struct arena *a, struct json *j, const char *key, instant t)
{
	json_kv_text(j, key, answer_time(a, t));
}

static struct phrase utc(struct doc *d, instant t)
{
	return doc_plain(d, answer_time(d->arena, t));
}

enum rc answer_instant(struct app *app, const struct args *args, struct reply *reply, enum answer_kind kind, instant start,
		       instant at, const struct zone *zone, struct err *err)
{
	const struct language *l;
	struct json j;
	enum rc rc = answer_language(args, text_of(""), &l, err);

	if (rc != RC_OK)
		return rc;
	if (args_has(args, PARAM_JSON)) {
		json_init(&j, &reply->out, true);
		json_open_object(&j);
		kv_instant(app->arena, &j, "start", start);
		kv_instant(app->arena, &j, kind == ANSWER_DUE ? "deadline" : "next_open", at);
		json_end_object(&j);
		buf_char(&reply->out, '\n');
		return RC_OK;
	}

	struct doc *d = doc_new(app->arena, l, zone);
	struct pairs *p = doc_pairs(d);

	pair_add(d, p, SAY0(d, kind == ANSWER_DUE ? W_ANSWER_DUE : W_ANSWER_OPENS), doc_time(d, at, TIME_FULL));
	pair_add(d, p, doc_plain(d, text_of("UTC")), utc(d, at));
	return answer_doc(app, args, FORMAT_TEXT, d, NULL, &reply->out, err);
}

enum rc answer_elapsed(struct app *app, const struct args *args, struct reply *reply, instant start, instant end, int64_t ms,
		       const struct zone *zone, struct err *err)
{
	const struct language *l;
	struct json j;
	enum rc rc = answer_language(args, text_of(""), &l, err);

	if (rc != RC_OK)
		return rc;
	if (args_has(args, PARAM_JSON)) {
		json_init(&j, &reply->out, true);
		json_open_object(&j);
		kv_instant(app->arena, &j, "start", start);
		kv_instant(app->arena, &j, "end", end);
		json_kv_int(&j, "elapsed_ms", ms);
		json_end_object(&j);
		buf_char(&reply->out, '\n');
		return RC_OK;
	}

	struct doc *d = doc_new(app->arena, l, zone);
	struct pairs *p = doc_pairs(d);

	pair_add(d, p, SAY0(d, W_ANSWER_ELAPSED), doc_span(d, ms));
	pair_add(d, p, SAY0(d, W_ANSWER_FROM), doc_time(d, start, TIME_FULL));
	pair_add(d, p, SAY0(d, W_ANSWER_TO), doc_time(d, end, TIME_FULL));
	return answer_doc(app, args, FORMAT_TEXT, d, NULL, &reply->out, err);
}

void answer_done(const struct args *args, struct reply *reply, const char *key, struct text value, const char *fmt, ...)
{
	char line[ERR_MESSAGE_MAX];
	struct json j;
	va_list ap;

	if (args_has(args, PARAM_JSON)) {
		json_init(&j, &reply->out, true);
		json_open_object(&j);
		json_kv_text(&j, key, value);
		json_end_object(&j);
		buf_char(&reply->out, '\n');
		return;
	}
	va_start(ap, fmt);
	(void)vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	buf_str(&reply->out, line);
}
