/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A monitor's webhook as outages (trust.md S18, S19): where in its JSON the alerts are, what tells them apart, which part of the contract
 * each is about, when it began and ended. The answer are lines of facts for the verb "import", which asks for rights, kinds and the
 * contract's parts. Alerts have no id of a fact: theirs is derived, so the same again records nothing.
 */
#include "http/api_parts.h"

#include "base/json.h"
#include "facts/json_read.h"
#include "http/fields.h"
#include "http/problem.h"

#include <string.h>

enum { ALERTS_MAX = 1000, STEPS_MAX = 8, LINES_MAX = 4 << 20 };

/* Forms that are known; a parameter of the query takes the place of a part. */
static const struct {
	const char *name, *each, *id, *asset, *state, *began, *ended, *severity, *down, *up;
} known[] = {
	{"alertmanager", "alerts", "fingerprint", "labels.asset", "status", "startsAt", "endsAt",
	 "labels.severity", "firing", "resolved"},
	{"plain", "", "id", "asset", "state", "began", "ended", "severity", "down", "up"},
};

bool hook_known(struct text name, struct hook_form *out)
{
	for (size_t i = 0; i < ARRAY_SIZE(known); i++) {
		if (!text_is(name, known[i].name))
			continue;
		*out = (struct hook_form){.each = text_of(known[i].each),
					  .id = text_of(known[i].id),
					  .asset = text_of(known[i].asset),
					  .state = text_of(known[i].state),
					  .began = text_of(known[i].began),
					  .ended = text_of(known[i].ended),
					  .severity = text_of(known[i].severity),
					  .down = text_of(known[i].down),
					  .up = text_of(known[i].up)};
		return true;
	}
	return false;
}

/* "labels.asset" in an object; NULL: there is none. A whole path that is a key itself counts, too. */
static const json_t *at_path(struct arena *a, const json_t *v, struct text path)
{
	struct text step;

	for (size_t i = 0; path.n > 0 && i < STEPS_MAX; i++) {
		const json_t *whole = json_object_get(v, arena_copy(a, path.p, path.n));

		if (whole != NULL)
			return whole;
		path = text_cut(path, '.', &step);
		v = json_object_get(v, arena_copy(a, step.p, step.n));
	}
	return path.n == 0 ? v : NULL;
}

/* A text or a whole number there; empty: neither. */
static struct text word_at(struct arena *a, const json_t *v, struct text path)
{
	const json_t *found = at_path(a, v, path);

	if (json_is_string(found))
		return (struct text){json_string_value(found), json_string_length(found)};
	if (json_is_integer(found))
		return text_format(a, "%lld", (long long)json_integer_value(found));
	return (struct text){"", 0};
}

static bool one_of(struct text word, struct text words)
{
	struct text one;

	while (words.n > 0) {
		words = text_cut(words, ',', &one);
		if (text_eq_nocase(text_trim(one), word))
			return true;
	}
	return false;
}

static enum rc missing(size_t number, const char *part, struct text path, struct err *err)
{
	err_key(err, text_of(part));
	err_hint(err, "say with %s=PATH where it is", part);
	return err_set(err, RC_INVALID, "alert %zu has no text at '%.*s'", number, TEXT_ARG(path));
}

/* What an alert says, as far as facts need it. */
struct alert {
	struct text id, asset, began, ended, severity;
	bool over;
};

static enum rc read_alert(struct arena *a, const json_t *v, size_t number,
			  const struct hook_form *form, struct alert *out, struct err *err)
{
	struct text state = word_at(a, v, form->state);

	*out = (struct alert){.id = word_at(a, v, form->id),
			      .asset = word_at(a, v, form->asset),
			      .began = word_at(a, v, form->began),
			      .ended = word_at(a, v, form->ended),
			      .severity = word_at(a, v, form->severity)};
	if (out->id.n == 0)
		return missing(number, "id", form->id, err);
	if (out->asset.n == 0)
		return missing(number, "asset", form->asset, err);
	if (out->began.n == 0)
		return missing(number, "began", form->began, err);
	out->over = one_of(state, form->up);
	if (!out->over && !one_of(state, form->down)) {
		err_key(err, text_of("state"));
		err_hint(err, "say with down=WORDS and up=WORDS which words mean what");
		return err_set(err, RC_INVALID, "alert %zu: '%.*s' is no state that is known",
			       number, TEXT_ARG(state));
	}
	return out->over && out->ended.n == 0 ? missing(number, "ended", form->ended, err) : RC_OK;
}

/* Whatever is not told to be less is down: an outage that is shown too mild is the worse error. */
static const char *severity_of(struct text word)
{
	return one_of(word, text_of("warning,warn,minor,degraded,info")) ? "degraded" : "down";
}

static void one_fact(struct arena *a, struct buf *out, struct text outage,
		     const struct alert *alert, bool end)
{
	struct json j;

	json_init(&j, out, false);
	json_open_object(&j);
	json_kv_text(&j, "id",
		     text_format(a, "%.*s|%s", TEXT_ARG(outage), end ? "ended" : "began"));
	json_kv_str(&j, "kind", end ? "outage.ended" : "outage.began");
	json_kv_text(&j, "occurred_at", end ? alert->ended : alert->began);
	json_kv_text(&j, "outage", outage);
	if (!end) {
		json_key(&j, "assets");
		json_open_array(&j);
		json_text(&j, alert->asset);
		json_end_array(&j);
		json_kv_str(&j, "severity", severity_of(alert->severity));
	}
	json_end_object(&j);
	buf_char(out, '\n');
}

/* An alert that comes back is another outage: its beginning tells them apart. */
static enum rc put_alert(struct arena *a, const json_t *v, size_t number,
			 const struct hook_form *form, struct buf *out, struct err *err)
{
	struct alert alert;
	struct text outage;
	enum rc rc = read_alert(a, v, number, form, &alert, err);

	if (rc != RC_OK)
		return rc;
	outage = text_format(a, "%.*s|%.*s", TEXT_ARG(alert.id), TEXT_ARG(alert.began));
	one_fact(a, out, outage, &alert, false);
	if (alert.over)
		one_fact(a, out, outage, &alert, true);
	return RC_OK;
}

static enum rc put_alerts(struct arena *a, const json_t *root, const struct hook_form *form,
			  struct buf *out, struct err *err)
{
	const json_t *list = form->each.n > 0 ? at_path(a, root, form->each) : root;
	size_t n = json_array_size(list);
	enum rc rc = RC_OK;

	if (json_is_object(list))
		return put_alert(a, list, 1, form, out, err);
	if (!json_is_array(list)) {
		err_key(err, text_of("each"));
		err_hint(err, "say with each=PATH where the alerts are");
		return err_set(err, RC_INVALID, "there is no list at '%.*s'", TEXT_ARG(form->each));
	}
	if (n > ALERTS_MAX)
		return err_set(err, RC_LIMIT, "there are %zu alerts; the limit is %d", n,
			       ALERTS_MAX);
	for (size_t i = 0; rc == RC_OK && i < n; i++)
		rc = put_alert(a, json_array_get(list, i), i + 1, form, out, err);
	return rc;
}

enum rc hook_facts(struct arena *a, struct text body, const struct hook_form *form, struct buf *out,
		   struct err *err)
{
	json_t *root;
	enum rc rc = api_depth(body, err);

	if (rc != RC_OK)
		return rc;
	root = json_strict(body, err);
	if (root == NULL) {
		err_code(err, "json.syntax");
		return RC_USAGE;
	}
	rc = put_alerts(a, root, form, out, err);
	json_decref(root);
	if (rc == RC_OK && out->n == 0)
		return err_set(err, RC_INVALID, "there are no alerts in it");
	return rc == RC_OK && out->full
		       ? err_set(err, RC_LIMIT, "the alerts make more than %d MiB of facts",
				 LINES_MAX >> 20)
		       : rc;
}

/* --- the request --- */

static struct text *part_of(struct hook_form *f, struct text name)
{
	const struct {
		const char *name;
		struct text *part;
	} parts[] = {{"each", &f->each},         {"id", &f->id},       {"asset", &f->asset},
		     {"state", &f->state},       {"began", &f->began}, {"ended", &f->ended},
		     {"severity", &f->severity}, {"down", &f->down},   {"up", &f->up}};

	for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
		if (text_is(name, parts[i].name))
			return parts[i].part;
	return NULL;
}

static enum rc read_query(const struct request *q, struct hook_form *form, struct text *contract,
			  struct err *err)
{
	struct text name = fields_get(&q->query, "form");

	if (!hook_known(name.n > 0 ? name : text_of("plain"), form)) {
		err_key(err, text_of("form"));
		err_hint(err, "write alertmanager, or plain with the parts each=, id=, asset=, "
			      "state=, began=, ended=");
		return err_set(err, RC_USAGE, "there is no form '%.*s'", TEXT_ARG(name));
	}
	for (size_t i = 0; i < q->query.n; i++) {
		const struct field *f = &q->query.v[i];
		struct text *part = part_of(form, f->name);

		if (text_is(f->name, "contract"))
			*contract = f->value;
		else if (part != NULL)
			*part = f->value;
		else if (!text_is(f->name, "form")) {
			err_key(err, f->name);
			return err_set(err, RC_USAGE, "there is no parameter '%.*s' here",
				       TEXT_ARG(f->name));
		}
	}
	return RC_OK;
}

/* S18: a source is bound to its contracts, so that its address needs to name one only where there are several. */
static enum rc which_contract(const struct visitor *who, struct text *contract, struct err *err)
{
	if (contract->n > 0)
		return RC_OK;
	if (who->n_contracts == 1)
		*contract = who->contracts[0];
	else if (who->contract.n > 0)
		*contract = who->contract;
	else {
		err_key(err, text_of("contract"));
		return err_set(err, RC_USAGE,
			       "which contract it is about is not said: add contract=ID");
	}
	return RC_OK;
}

static const struct route *import_route(void)
{
	for (size_t i = 0; i < route_count(); i++)
		if (route_at(i)->action == ACTION_IMPORT)
			return route_at(i);
	return NULL;
}

void api_hook(struct api *api, const struct visitor *who, const struct request *q,
	      struct text source, struct response *r)
{
	struct api_call call = {.route = import_route(), .format = API_JSON};
	struct text contract = {NULL, 0}, lines;
	struct hook_form form;
	struct err err = {.line = 0};
	struct buf b;
	enum rc rc;

	r->action = "hook";
	if (q->method != METHOD_POST) {
		response_problem(r, q, 405, "method", "that is not done here",
				 text_of("here is POST"));
		response_field(r, "Allow", text_of("POST"));
		return;
	}
	if (!route_type_is("application/json",
			   media_type(fields_get(&q->headers, "content-type")))) {
		response_problem(r, q, 415, "content_type", "that kind of content is not read here",
				 text_of("send application/json, in UTF-8"));
		return;
	}
	buf_init(&b, LINES_MAX);
	rc = read_query(q, &form, &contract, &err);
	if (rc == RC_OK)
		rc = which_contract(who, &contract, &err);
	if (rc == RC_OK)
		rc = hook_facts(q->arena, q->body, &form, &b, &err);
	lines = text_copy(q->arena, buf_view(&b));
	buf_free(&b);
	if (rc != RC_OK) {
		response_problem_err(r, q, rc, &err);
		return;
	}
	call.args.action = action_row(ACTION_IMPORT);
	api_give(q->arena, &call.args, PARAM_CONTRACT_ID, contract);
	api_give(q->arena, &call.args, PARAM_FACTS, text_of("-"));
	api_give(q->arena, &call.args, PARAM_SOURCE,
		 text_format(q->arena, "hook/%.*s", TEXT_ARG(source)));
	api_give(q->arena, &call.args, PARAM_JSON, text_of("true"));
	api_run(api, who, q, &call, lines, r);
}
