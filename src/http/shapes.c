/* SPDX-License-Identifier: Apache-2.0 */
#include "http/shapes.h"

#include "base/buf.h"
#include "engine/invoice_schema.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

/* --- rows --- */

static const struct {
	const char *name, *type;
} shapes[] = {
#define SHAPE(name, type) {#name, type},
#include "http/answers.def"
};

static const struct {
	const char *name;
	enum action_id action;
	enum method method;
	const char *type;
} answers[] = {
#define ANSWER(action, method, type) {#action, ACTION_##action, METHOD_##method, type},
#include "http/answers.def"
};

/* The one shape that has a table of its own. */
#define INVOICE "invoice"

/* --- words --- */

/* The one line of schema that each plain word is; a pattern or a format is left out where it says nothing. */
static const struct {
	const char *word, *type, *format, *pattern;
} words[] = {
	{"text", "string", NULL, NULL},
	{"int", "integer", NULL, NULL},
	{"bool", "boolean", NULL, NULL},
	{"object", "object", NULL, NULL},
	{"date", "string", "date", "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
	{"instant", "string", "date-time", "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{8,12}Z$"},
	{"month", "string", NULL, "^[0-9]{4}-[0-9]{2}$"},
	{"money", "string", NULL, "^-?[0-9]+([.][0-9]+)? [A-Z]{3}$"},
	{"decimal", "string", NULL, "^-?[0-9]+([.][0-9]+)?$"},
	{"exact", "string", NULL, "^-?[0-9]+([.][0-9]+|/[0-9]+)?$"},
	{"percent", "string", NULL, "^-?[0-9]+([.][0-9]+)?%$"},
	{"hash", "string", NULL, "^[0-9a-f]{64}$"},
	{"uuid", "string", "uuid", "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"},
};

static bool plain_word(struct json *j, struct text word)
{
	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		if (!text_is(word, words[i].word))
			continue;
		json_kv_str(j, "type", words[i].type);
		if (words[i].format != NULL)
			json_kv_str(j, "format", words[i].format);
		if (words[i].pattern != NULL)
			json_kv_str(j, "pattern", words[i].pattern);
		return true;
	}
	return false;
}

static void ref_to(struct json *j, struct text name)
{
	char ref[96];

	(void)snprintf(ref, sizeof(ref), "#/components/schemas/%.*s", TEXT_ARG(name));
	json_kv_str(j, "$ref", ref);
}

static bool named_word(struct json *j, struct text word)
{
	bool known = text_is(word, INVOICE);

	for (size_t i = 0; !known && i < ARRAY_SIZE(shapes); i++)
		known = text_is(word, shapes[i].name);
	if (!known)
		return false;
	ref_to(j, word);
	return true;
}

/* --- notation --- */

/* What of a type is not read yet. Types nest as deep as rows of the table do, which MOST_DEEP bounds. */
struct reading {
	struct text rest;
	unsigned depth;
};

enum { MOST_DEEP = 12, MOST_MEMBERS = 64 };

static void type_of(struct json *j, struct reading *x);

static void skip_blanks(struct reading *x)
{
	while (x->rest.n > 0 &&
	       (x->rest.p[0] == ' ' || x->rest.p[0] == ',' || x->rest.p[0] == '\n'))
		x->rest = text_sub(x->rest, 1, x->rest.n);
}

static bool took(struct reading *x, char c)
{
	skip_blanks(x);
	if (x->rest.n == 0 || x->rest.p[0] != c)
		return false;
	x->rest = text_sub(x->rest, 1, x->rest.n);
	return true;
}

static void must_take(struct reading *x, char c)
{
	bool there = took(x, c);

	assert(there);
}

static struct text take_word(struct reading *x)
{
	size_t n = 0;

	skip_blanks(x);
	while (n < x->rest.n &&
	       ((x->rest.p[n] >= 'a' && x->rest.p[n] <= 'z') ||
		(x->rest.p[n] >= '0' && x->rest.p[n] <= '9') || x->rest.p[n] == '_'))
		n++;
	assert(n > 0);

	struct text word = text_sub(x->rest, 0, n);

	x->rest = text_sub(x->rest, n, x->rest.n);
	return word;
}

static void members(struct json *j, struct reading *x)
{
	struct text always[MOST_MEMBERS];
	size_t n_always = 0;

	json_kv_str(j, "type", "object");
	json_key(j, "properties");
	json_open_object(j);
	while (!took(x, '}')) {
		struct text name = take_word(x);

		if (!took(x, '?')) {
			assert(n_always < MOST_MEMBERS);
			always[n_always++] = name;
		}
		json_key_text(j, name);
		type_of(j, x);
	}
	json_end_object(j);
	if (n_always == 0)
		return;
	json_key(j, "required");
	json_open_array(j);
	for (size_t i = 0; i < n_always; i++)
		json_text(j, always[i]);
	json_end_array(j);
}

/* One type without what may stand beside it. */
static void single(struct json *j, struct reading *x)
{
	json_open_object(j);
	if (took(x, '{')) {
		members(j, x);
	} else if (took(x, '[')) {
		json_kv_str(j, "type", "array");
		json_key(j, "items");
		type_of(j, x);
		must_take(x, ']');
	} else if (took(x, '<')) {
		json_kv_str(j, "type", "object");
		json_key(j, "additionalProperties");
		type_of(j, x);
		must_take(x, '>');
	} else {
		struct text word = take_word(x);
		bool known = plain_word(j, word) || named_word(j, word);

		assert(known);
	}
	json_end_object(j);
}

/* Is there a | at this level of the type that begins here? */
static bool has_others(struct text t)
{
	int open = 0;

	for (size_t i = 0; i < t.n; i++) {
		char c = t.p[i];

		if (c == '{' || c == '[' || c == '<')
			open++;
		else if (c == '}' || c == ']' || c == '>')
			open--;
		else if (c == '|' && open == 0)
			return true;
		else if ((c == ' ' || c == ',') && open == 0)
			return false;
		if (open < 0)
			return false;
	}
	return false;
}

static void type_of(struct json *j, struct reading *x)
{
	assert(x->depth < MOST_DEEP);
	x->depth++;
	skip_blanks(x);
	if (has_others(x->rest)) {
		json_open_object(j);
		json_key(j, "anyOf");
		json_open_array(j);
		do {
			single(j, x);
		} while (took(x, '|'));
		json_end_array(j);
		json_end_object(j);
	} else {
		single(j, x);
	}
	x->depth--;
}

void shape_schema(struct json *j, const char *type)
{
	struct reading x = {.rest = text_of(type)};

	type_of(j, &x);
	skip_blanks(&x);
	assert(x.rest.n == 0);
}

/* --- by name --- */

/* An answer that is one shape has the name of that. */
static bool is_one_word(const char *type)
{
	return type[strcspn(type, "[]{}<>|, ")] == '\0';
}

/* "INVOICE_LIST" as "invoice_list_answer". */
static struct text answer_name(char room[static 96], const char *action)
{
	int n = snprintf(room, 96, "%s_answer", action);

	assert(n > 0 && n < 96);
	for (int i = 0; i < n; i++)
		if (room[i] >= 'A' && room[i] <= 'Z')
			room[i] = (char)(room[i] - 'A' + 'a');
	return (struct text){room, (size_t)n};
}

void shapes_named(struct json *j)
{
	char room[96];

	for (size_t i = 0; i < ARRAY_SIZE(shapes); i++) {
		json_key(j, shapes[i].name);
		shape_schema(j, shapes[i].type);
	}
	for (size_t i = 0; i < ARRAY_SIZE(answers); i++) {
		if (is_one_word(answers[i].type))
			continue;
		json_key_text(j, answer_name(room, answers[i].name));
		shape_schema(j, answers[i].type);
	}
	json_key(j, INVOICE);
	invoice_schema(j);
}

bool shape_answer(struct json *j, const char *key, const struct route *r)
{
	char room[96];

	for (size_t i = 0; i < ARRAY_SIZE(answers); i++) {
		if (answers[i].action != r->action || answers[i].method != r->method)
			continue;
		json_key(j, key);
		if (is_one_word(answers[i].type)) {
			shape_schema(j, answers[i].type);
			return true;
		}
		json_open_object(j);
		ref_to(j, answer_name(room, answers[i].name));
		json_end_object(j);
		return true;
	}
	return false;
}
