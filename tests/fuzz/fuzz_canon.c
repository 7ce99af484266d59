/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as restricted JSON (trust.md J4), under the limits of an entry and of a document. What lenient reading takes is written
 * and read to the same bytes for ever after; strict reading takes exactly the bytes that rewriting leaves as they are.
 */
#include "base/canon.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool in_order(const struct canon_node *object, const struct canon_node *before,
		     const struct canon_node *here)
{
	return object->type != CANON_OBJECT || before == NULL ||
	       text_cmp(before->key, here->key) < 0;
}

/* The nodes are a tree in preorder, members sorted, texts good; each knows the bytes it was read from. */
static void check_nodes(const struct canon_doc *doc)
{
	char why[64];

	assert(doc->n > 0 && doc->v[0].end == doc->n);
	for (uint32_t i = 0; i < doc->n; i++) {
		const struct canon_node *node = &doc->v[i], *before = NULL;
		uint32_t n = 0, next = i + 1;

		assert(node->end > i && node->end <= doc->n);
		assert((size_t)node->offset + node->length <= doc->bytes.n && node->length > 0);
		assert(canon_text_ok(node->key, why) && canon_text_ok(node->text, why));
		for (const struct canon_node *m = canon_first(doc, node); m != NULL;
		     m = canon_next(doc, node, m)) {
			assert(m == &doc->v[next] && in_order(node, before, m));
			assert(m->offset > node->offset &&
			       m->offset + m->length < node->offset + node->length);
			next = m->end;
			before = m;
			n++;
		}
		assert(n == node->n && next == node->end);
	}
}

static void check_failure(enum rc rc, const struct err *err)
{
	assert((rc == RC_INVALID || rc == RC_LIMIT) && err->message[0] != '\0');
	assert(text_utf8(text_of(err->message), NULL) ||
	       strlen(err->message) + 1 == sizeof(err->message));
	assert(rc == RC_LIMIT || (err->line > 0 && err->column > 0));
}

static void check(struct arena *a, struct text bytes, const struct canon_limits *limits)
{
	struct canon_doc doc, strict;
	struct err err = {.line = 0};
	struct buf once, again;
	enum rc rc = canon_parse(a, NULL, bytes, CANON_LENIENT, limits, &doc, &err);

	buf_init(&once, 64u << 20);
	buf_init(&again, 64u << 20);
	if (rc != RC_OK) {
		check_failure(rc, &err);
		err_clear(&err);
		rc = canon_parse(a, NULL, bytes, CANON_STRICT, limits, &strict, &err);
		assert(rc != RC_OK);
		check_failure(rc, &err);
		buf_free(&once);
		buf_free(&again);
		return;
	}
	check_nodes(&doc);
	canon_print(&doc, 0, &once);
	assert(!once.full);
	rc = canon_parse(a, NULL, bytes, CANON_STRICT, limits, &strict, &err);
	assert((rc == RC_OK) == text_eq(buf_view(&once), bytes));
	if (rc != RC_OK)
		check_failure(rc, &err);
	/* never longer: white space goes, an escape is at least as long as what it stands for */
	assert(once.n <= bytes.n);
	rc = canon_parse(a, NULL, buf_view(&once), CANON_STRICT, limits, &strict, &err);
	assert(rc == RC_OK && strict.n == doc.n);
	check_nodes(&strict);
	rc = canon_rewrite(a, buf_view(&once), limits, &again, &err);
	assert(rc == RC_OK && text_eq(buf_view(&once), buf_view(&again)));
	for (uint32_t i = 0; i < strict.n && strict.n < 100; i++) {
		buf_clear(&again);
		canon_print(&strict, i, &again);
		assert(text_eq(buf_view(&again),
			       (struct text){once.p + strict.v[i].offset, strict.v[i].length}));
	}
	buf_free(&once);
	buf_free(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new((size_t)1 << 30);
	struct text bytes = {(const char *)data, size};

	check(a, bytes, &CANON_ENTRY);
	check(a, bytes, &CANON_LARGE);
	arena_free(a);
	return 0;
}
