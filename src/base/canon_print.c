/* SPDX-License-Identifier: Apache-2.0 */
/* Restricted JSON read before, walked and written. The parser left every object sorted, so that canonical bytes are one pass. */
#include "base/canon.h"
#include "base/json.h"

#include <assert.h>
#include <string.h>

static void print_scalar(const struct canon_node *node, struct buf *out)
{
	switch (node->type) {
	case CANON_TEXT:
		canon_quote(out, node->text);
		break;
	case CANON_INT:
		buf_i64(out, node->number);
		break;
	case CANON_BOOL:
		buf_str(out, node->number != 0 ? "true" : "false");
		break;
	case CANON_OBJECT:
	case CANON_ARRAY:
		assert(false && "a container is no scalar");
	}
}

static bool is_container(const struct canon_node *node)
{
	return node->type == CANON_OBJECT || node->type == CANON_ARRAY;
}

void canon_print(const struct canon_doc *doc, uint32_t node, struct buf *out)
{
	uint32_t open[JSON_DEPTH_MAX];
	unsigned depth = 0;
	bool first = true;

	assert(node < doc->n);
	for (uint32_t i = node; i < doc->v[node].end; i++) {
		const struct canon_node *here = &doc->v[i];

		if (!first)
			buf_char(out, ',');
		if (depth > 0 && doc->v[open[depth - 1]].type == CANON_OBJECT) {
			canon_quote(out, here->key);
			buf_char(out, ':');
		}
		first = is_container(here);
		if (first) {
			assert(depth < JSON_DEPTH_MAX);
			open[depth++] = i;
			buf_char(out, here->type == CANON_OBJECT ? '{' : '[');
		} else {
			print_scalar(here, out);
		}
		for (; depth > 0 && doc->v[open[depth - 1]].end == i + 1; depth--) {
			buf_char(out, doc->v[open[depth - 1]].type == CANON_OBJECT ? '}' : ']');
			first = false;
		}
	}
}

enum rc canon_rewrite(struct arena *a, struct text bytes, const struct canon_limits *limits,
		      struct buf *out, struct err *err)
{
	struct canon_doc doc;
	enum rc rc = canon_parse(a, NULL, bytes, CANON_LENIENT, limits, &doc, err);

	if (rc == RC_OK)
		canon_print(&doc, 0, out);
	return rc;
}

const struct canon_node *canon_first(const struct canon_doc *doc, const struct canon_node *parent)
{
	(void)doc;
	return parent->n == 0 ? NULL : parent + 1;
}

const struct canon_node *canon_next(const struct canon_doc *doc, const struct canon_node *parent,
				    const struct canon_node *child)
{
	return child->end < parent->end ? &doc->v[child->end] : NULL;
}

const struct canon_node *canon_member(const struct canon_doc *doc, const struct canon_node *object,
				      const char *key)
{
	size_t n = strlen(key);

	if (object->type != CANON_OBJECT)
		return NULL;
	for (const struct canon_node *m = canon_first(doc, object); m != NULL;
	     m = canon_next(doc, object, m))
		if (m->key.n == n && memcmp(m->key.p, key, n) == 0)
			return m;
	return NULL;
}
