/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Facts in bulk (trust.md J27, X5): lines that are taken in pieces while they come in, each by the verb that imports as if it were a file of
 * its own whose lines are counted on. The answer is one, as of one file, and names the last line that is committed; a line that is none ends it.
 */
#include "http/api_parts.h"

#include "base/json.h"
#include "facts/json_read.h"
#include "http/fields.h"
#include "http/problem.h"

#include <assert.h>
#include <string.h>

enum {
	TOLD_MAX = 1000,
	NOTES_MAX = 200
}; /* of all pieces; what is told of one is bounded by the verb */

static const char *const sums[] = {"recorded",    "again",         "conflicts",          "refused",
				   "pending",     "closed_period", "duplicate_payments", "future",
				   "turned_rates"};

static const char *const file_sums[] = {"facts", "skipped", "taken"};

struct told_line {
	int64_t line;
	struct text id, source, why; /* of a line that was not recorded */
	struct text code, words;     /* of a note */
};

/* What the pieces so far came to; in memory of the whole request. */
struct bulk {
	bool partly; /* lines were not taken */
	int64_t sums[ARRAY_SIZE(sums)], file_sums[ARRAY_SIZE(file_sums)], size;
	struct text contract, root, format, name;
	struct told_line *not_recorded, *notes;
	size_t n_not_recorded, not_recorded_cap, n_notes, notes_cap;
};

bool api_in_pieces(const struct request *q)
{
	struct text type = media_type(fields_get(&q->headers, "content-type"));
	struct route_match m;

	if (!text_eq_nocase(type, text_of("application/x-ndjson")))
		return false;
	route_find(q->segments, q->n_segments, q->method, type, &m);
	return m.route != NULL && m.route->brings && m.route->file == PARAM_FACTS;
}

/* --- adding up --- */

static struct text words_of(struct arena *a, const json_t *object, const char *key)
{
	const json_t *v = json_object_get(object, key);

	return json_is_string(v)
		       ? text_copy(a, (struct text){json_string_value(v), json_string_length(v)})
		       : text_of("");
}

static int64_t number_of(const json_t *object, const char *key)
{
	return (int64_t)json_integer_value(json_object_get(object, key));
}

static void add_not_recorded(struct bulk *b, struct arena *a, const json_t *rows)
{
	for (size_t i = 0; i < json_array_size(rows) && b->n_not_recorded < TOLD_MAX; i++) {
		const json_t *row = json_array_get(rows, i);

		b->not_recorded = (struct told_line *)arena_grow(
			a, b->not_recorded, b->n_not_recorded, &b->not_recorded_cap,
			sizeof(*b->not_recorded));
		b->not_recorded[b->n_not_recorded++] =
			(struct told_line){.line = number_of(row, "line"),
					   .id = words_of(a, row, "id"),
					   .source = words_of(a, row, "source"),
					   .why = words_of(a, row, "why")};
	}
}

static void add_notes(struct bulk *b, struct arena *a, const json_t *rows)
{
	for (size_t i = 0; i < json_array_size(rows) && b->n_notes < NOTES_MAX; i++) {
		const json_t *row = json_array_get(rows, i);

		b->notes = (struct told_line *)arena_grow(a, b->notes, b->n_notes, &b->notes_cap,
							  sizeof(*b->notes));
		b->notes[b->n_notes++] = (struct told_line){.line = number_of(row, "line"),
							    .code = words_of(a, row, "code"),
							    .words = words_of(a, row, "text")};
	}
}

static void add_file(struct bulk *b, struct arena *a, const json_t *file)
{
	for (size_t i = 0; i < ARRAY_SIZE(file_sums); i++)
		b->file_sums[i] += number_of(file, file_sums[i]);
	if (b->name.n == 0) {
		b->name = words_of(a, file, "name");
		b->format = words_of(a, file, "format");
	}
	add_notes(b, a, json_object_get(file, "notes"));
}

static enum rc add_piece(struct bulk *b, struct arena *a, const struct reply *reply,
			 struct err *err)
{
	json_t *root = json_strict(buf_view(&reply->out), err);

	if (root == NULL)
		return RC_IO;
	for (size_t i = 0; i < ARRAY_SIZE(sums); i++)
		b->sums[i] += number_of(root, sums[i]);
	b->size = number_of(root, "size");
	b->root = words_of(a, root, "root");
	if (b->contract.n == 0)
		b->contract = words_of(a, root, "contract");
	b->partly = b->partly || reply->status != 0;
	add_not_recorded(b, a, json_object_get(root, "not_recorded"));
	add_file(b, a, json_array_get(json_object_get(root, "files"), 0));
	json_decref(root);
	return RC_OK;
}

/* --- the answer, as the verb gives it of one file --- */

static void print_not_recorded(const struct bulk *b, struct json *j)
{
	json_key(j, "not_recorded");
	json_open_array(j);
	for (size_t i = 0; i < b->n_not_recorded; i++) {
		json_open_object(j);
		json_kv_text(j, "id", b->not_recorded[i].id);
		json_kv_int(j, "line", b->not_recorded[i].line);
		json_kv_text(j, "source", b->not_recorded[i].source);
		json_kv_text(j, "why", b->not_recorded[i].why);
		json_end_object(j);
	}
	json_end_array(j);
}

static void print_file(const struct bulk *b, struct json *j)
{
	json_key(j, "files");
	json_open_array(j);
	json_open_object(j);
	json_kv_int(j, "facts", b->file_sums[0]);
	json_kv_text(j, "format", b->format);
	json_kv_text(j, "name", b->name);
	json_key(j, "notes");
	json_open_array(j);
	for (size_t i = 0; i < b->n_notes; i++) {
		json_open_object(j);
		json_kv_text(j, "code", b->notes[i].code);
		if (b->notes[i].line > 0)
			json_kv_int(j, "line", b->notes[i].line);
		json_kv_text(j, "text", b->notes[i].words);
		json_end_object(j);
	}
	json_end_array(j);
	json_kv_int(j, "skipped", b->file_sums[1]);
	json_kv_int(j, "taken", b->file_sums[2]);
	json_end_object(j);
	json_end_array(j);
}

static void print_counts(const struct bulk *b, size_t committed_line, struct json *j)
{
	for (size_t i = 0; i < ARRAY_SIZE(sums); i++)
		json_kv_int(j, sums[i], b->sums[i]);
	json_kv_int(j, "size", b->size);
	json_kv_text(j, "root", b->root);
	json_kv_int(j, "committed_line", (int64_t)committed_line);
	print_not_recorded(b, j);
}

static void print(const struct bulk *b, const struct api_call *call, size_t committed_line,
		  struct response *r)
{
	struct json j;

	buf_clear(&r->body);
	json_init(&j, &r->body, false);
	json_open_object(&j);
	json_kv_text(&j, "contract", b->contract);
	if (!call->dry)
		print_counts(b, committed_line, &j);
	if (call->route->action != ACTION_IMPORT) {
		/* Sums are told of a supplier's report; of costs that come as facts there are none. */
		json_key(&j, "costs");
		json_open_array(&j);
		json_end_array(&j);
	}
	print_file(b, &j);
	json_end_object(&j);
	buf_char(&r->body, '\n');
	r->status = b->partly || call->dry ? 200 : 201;
	r->type = text_of(api_type(API_JSON));
}

static size_t lines_of(struct text body)
{
	return text_count(body, '\n') + (body.n > 0 && body.p[body.n - 1] != '\n');
}

void api_piece(struct api *api, const struct visitor *who, const struct request *q,
	       struct api_call *call, struct response *r)
{
	struct body_piece *piece = q->piece;
	struct err err = {.line = 0};
	struct reply reply = {.status = 0};
	enum rc rc = RC_OK;

	if (piece->state == NULL)
		piece->state = arena_one(r->arena, struct bulk);
	/* Empty lines at the end may be cut off as a piece of their own. */
	if (piece->first_line == 1 || text_trim(q->body).n > 0) {
		rc = api_act(api, who, q, &call->args, q->body, &reply, &err);
		if (rc == RC_OK)
			rc = add_piece(piece->state, r->arena, &reply, &err);
	}
	if (rc != RC_OK)
		response_problem_noted(r, q, rc, &err, buf_view(&reply.notes));
	else if (piece->last)
		print(piece->state, call, piece->first_line - 1 + lines_of(q->body), r);
	piece->done = rc == RC_OK;
	buf_free(&reply.out);
	buf_free(&reply.notes);
}
