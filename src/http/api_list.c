/* SPDX-License-Identifier: Apache-2.0 */
/* A JSON answer that is a list, or has one, cut to a page: what comes after an id, at most so many. */
#include "http/api_parts.h"

#include "facts/json_read.h"

#include <assert.h>
#include <string.h>

/* The list of an answer, or NULL. */
static json_t *list_of(json_t *answer, const char *name)
{
	json_t *list = name[0] == '\0' ? answer : json_object_get(answer, name);

	return json_is_array(list) ? list : NULL;
}

/* The first member of these names, apart by blanks. */
static struct text id_of(const json_t *member, const char *ids)
{
	struct text rest = text_of(ids), name, id;
	char key[64];

	while (rest.n > 0) {
		rest = text_cut(rest, ' ', &name);
		assert(name.n < sizeof(key));
		memcpy(key, name.p, name.n);
		key[name.n] = '\0';
		id = json_member(member, key);
		if (id.n > 0)
			return id;
	}
	return (struct text){"", 0};
}

/* Where the list goes on: after the member of that id. false: there is none of that id. */
static bool begin_of(const json_t *list, const char *id, struct text after, size_t *begin)
{
	*begin = 0;
	if (after.n == 0)
		return true;
	for (size_t i = 0; i < json_array_size(list); i++)
		if (text_eq(id_of(json_array_get(list, i), id), after)) {
			*begin = i + 1;
			return true;
		}
	return false;
}

static int to_buf(const char *p, size_t n, void *context)
{
	buf_add(context, p, n);
	return 0;
}

enum rc api_cut(struct arena *a, const struct route *route, const struct api_page *page,
		struct buf *body, struct text *next, struct err *err)
{
	size_t limit = page->limit > 0 ? (size_t)page->limit : API_PAGE, begin = 0, n;
	json_t *answer = json_strict(buf_view(body), err), *list, *part;

	*next = (struct text){NULL, 0};
	list = answer != NULL ? list_of(answer, route->list) : NULL;
	if (list == NULL) {
		json_decref(answer);
		return err_set(err, RC_IO, "the answer is no list");
	}
	if (!begin_of(list, route->list_id, page->after, &begin)) {
		json_decref(answer);
		err_clear(err);
		err_key(err, text_of("after"));
		return err_set(err, RC_USAGE, "the list has no '%.*s' to go on after",
			       TEXT_ARG(page->after));
	}
	n = json_array_size(list);
	if (begin == 0 && n <= limit) {
		json_decref(answer);
		return RC_OK;
	}
	if (n > begin + limit) {
		*next = text_copy(a,
				  id_of(json_array_get(list, begin + limit - 1), route->list_id));
		n = begin + limit;
	}
	part = json_array();
	for (size_t i = begin; i < n; i++)
		(void)json_array_append(part, json_array_get(list, i));
	buf_clear(body);
	if (list == answer) {
		(void)json_dump_callback(part, to_buf, body, JSON_COMPACT);
		json_decref(part);
	} else {
		(void)json_object_set_new(answer, route->list, part);
		(void)json_dump_callback(answer, to_buf, body, JSON_COMPACT);
	}
	buf_char(body, '\n');
	json_decref(answer);
	return RC_OK;
}
