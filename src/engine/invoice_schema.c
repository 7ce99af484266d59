/* SPDX-License-Identifier: Apache-2.0 */
/* What a document's JSON looks like, by the table that prints it (invoice_shape.h). */
#include "engine/invoice_schema.h"

#include "engine/invoice_shape.h"

#include <assert.h>

static void pattern_of(struct json *j, const char *pattern)
{
	json_kv_str(j, "type", "string");
	if (pattern != NULL)
		json_kv_str(j, "pattern", pattern);
}

static void words_of(struct json *j, const struct member *m)
{
	json_key(j, "enum");
	json_open_array(j);
	/* The first word stands for what is usual: it is written where the member always is. */
	for (unsigned k = (m->flags & MEMBER_ALWAYS) != 0 ? 0 : 1; k < m->n_words; k++)
		json_str(j, m->word(k));
	json_end_array(j);
}

static void scalar(struct json *j, const struct member *m)
{
	static const char *const patterns[] = {
		[MEMBER_MONEY] = "^-?[0-9]+([.][0-9]+)?$",
		[MEMBER_DAY] = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
		[MEMBER_DAYS] = "^[0-9]{4}-[0-9]{2}-[0-9]{2}/[0-9]{4}-[0-9]{2}-[0-9]{2}$",
		[MEMBER_INSTANT] = "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{8,12}Z$",
		[MEMBER_DECIMAL] = "^-?[0-9]+([.][0-9]+)?$",
		[MEMBER_PRICE] = "^-?[0-9]+([.][0-9]+)?$",
		[MEMBER_FRACTION] = "^-?[0-9]+(/[0-9]+)?$",
		[MEMBER_WEIGHT] = "^-?[0-9]+/[0-9]+$",
		[MEMBER_HASH] = "^[0-9a-f]{64}$",
		[MEMBER_CURRENCY] = "^[A-Z]{3}$",
	};

	if (m->type == MEMBER_INT || m->type == MEMBER_ENTRY || m->type == MEMBER_INDEX)
		json_kv_str(j, "type", "integer");
	else if (m->type == MEMBER_BOOL)
		json_kv_str(j, "type", "boolean");
	else if (m->type == MEMBER_WORD)
		words_of(j, m);
	else
		pattern_of(j, (size_t)m->type < ARRAY_SIZE(patterns) ? patterns[m->type] : NULL);
}

static void typed(struct json *j, const char *key, const char *type)
{
	json_key(j, key);
	json_open_object(j);
	json_kv_str(j, "type", type);
	json_end_object(j);
}

/* Which part of a reduction lies on which line. */
static void share(struct json *j)
{
	json_kv_str(j, "type", "object");
	json_key(j, "properties");
	json_open_object(j);
	typed(j, "amount", "string");
	typed(j, "line", "integer");
	json_end_object(j);
}

/* {"entry":7,"money":"12.00","rule":14,"what":"price"}: the value is under one of the keys of its types. */
static void step(struct json *j)
{
	json_kv_str(j, "type", "object");
	json_key(j, "properties");
	json_open_object(j);
	typed(j, "entry", "integer");
	typed(j, "rule", "integer");
	typed(j, "what", "string");
	for (unsigned t = 0; t < STEP_TYPES; t++)
		typed(j, step_type_key(t), t == STEP_IS_COUNT ? "integer" : "string");
	json_end_object(j);
	json_key(j, "required");
	json_open_array(j);
	json_str(j, "what");
	json_end_array(j);
}

static void shape(struct json *j, const struct shape *s, unsigned depth);

static void items(struct json *j, const struct member *m, unsigned depth)
{
	json_kv_str(j, "type", "array");
	json_key(j, "items");
	json_open_object(j);
	if (m->type == MEMBER_LIST)
		shape(j, m->of, depth);
	else if (m->type == MEMBER_SHARES)
		share(j);
	else if (m->type == MEMBER_STEPS)
		step(j);
	else
		json_kv_str(j, "type", m->type == MEMBER_NUMBERS ? "integer" : "string");
	json_end_object(j);
}

static void member(struct json *j, const struct member *m, unsigned depth)
{
	json_open_object(j);
	if (m->type == MEMBER_OBJECT)
		shape(j, m->of, depth);
	else if (m->type == MEMBER_LIST || m->type == MEMBER_TEXTS || m->type == MEMBER_NUMBERS ||
		 m->type == MEMBER_SHARES || m->type == MEMBER_STEPS)
		items(j, m, depth);
	else
		scalar(j, m);
	json_end_object(j);
}

enum { SHAPES_DEEP = 8 };

static void shape(struct json *j, const struct shape *s, unsigned depth)
{
	assert(depth < SHAPES_DEEP);
	json_kv_str(j, "type", "object");
	json_key(j, "properties");
	json_open_object(j);
	for (size_t i = 0; i < s->n; i++) {
		json_key(j, s->v[i].key);
		member(j, &s->v[i], depth + 1);
	}
	json_end_object(j);
	json_key(j, "required");
	json_open_array(j);
	for (size_t i = 0; i < s->n; i++)
		if ((s->v[i].flags & MEMBER_ALWAYS) != 0)
			json_str(j, s->v[i].key);
	json_end_array(j);
}

void invoice_schema(struct json *j)
{
	json_open_object(j);
	shape(j, &INVOICE_SHAPE, 0);
	json_end_object(j);
}
