/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What answers look like, as JSON schemas of draft 2020-12, made from the rows of http/answers.def. It knows names and types of members,
 * and prints no answer.
 */
#ifndef HTTP_SHAPES_H
#define HTTP_SHAPES_H

#include "base/json.h"
#include "http/route.h"

/*
 * One schema, as a value of j, of a type in the notation of answers.def. The text must be of that notation (asserted): it comes from a
 * table, never from a request.
 */
void shape_schema(struct json *j, const char *type);
/* All that have a name, shapes and answers, as members of the object that is open: what "#/components/schemas/..." refers to. */
void shapes_named(struct json *j);
/*
 * The schema of what a route answers, of one line where it answers lines of JSON, as member `key` of the object that is open. false, and
 * nothing is written: its answer is no JSON.
 */
bool shape_answer(struct json *j, const char *key, const struct route *r);

#endif
