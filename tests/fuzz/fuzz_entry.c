/* SPDX-License-Identifier: Apache-2.0 */
/* Entries: what is read prints back to the same bytes, its body makes a fact, and the fact prints that body again. */
#include "journal/entry.h"

#include <stdlib.h>
#include <string.h>

#define MUST(x)                                                                                    \
	do {                                                                                       \
		if (!(x))                                                                          \
			abort();                                                                   \
	} while (0)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void must_make_a_fact(struct arena *a, const struct entry *e, const struct canon_doc *doc)
{
	struct facts *set = facts_new(a);
	struct body_reader *r = body_reader_new(a, set);
	enum party recorder = e->client ? PARTY_CLIENT : PARTY_PROVIDER;
	const struct canon_node *body = canon_member(doc, doc->v, "body");
	struct text names[SLOTS_MAX], ref = {"", 0};
	struct body_text texts[BODY_TEXTS_MAX];
	size_t n_texts = 0;
	struct err err = {.line = 0};
	struct fact f;
	struct buf b;

	for (size_t i = 0; i < e->n_slots; i++)
		names[i] = e->slots[i].name;
	MUST(body_read(r, doc, body, e->kind, recorder, names, NULL, e->n_slots, &f, &ref, &err) ==
	     RC_OK);
	MUST(body_fits(set, &f, ref, &err) == RC_OK);
	buf_init(&b, 1 << 20);
	body_print(set, &f, ref, recorder, &b, texts, &n_texts);
	MUST(text_eq(buf_view(&b), e->body));
	MUST(n_texts <= e->n_slots);
	buf_free(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena *a = arena_new((size_t)1 << 28);
	struct text bytes = {(const char *)data, n};
	struct err err = {.line = 0};
	struct canon_doc doc;
	struct entry e;
	struct buf b;

	buf_init(&b, 1 << 20);
	if (entry_parse(a, NULL, bytes, &e, &doc, &err) == RC_OK) {
		MUST(entry_print(&e, &b, &err) == RC_OK);
		MUST(text_eq(buf_view(&b), bytes));
		must_make_a_fact(a, &e, &doc);
	} else {
		MUST(err.message[0] != '\0');
	}
	buf_free(&b);
	arena_free(a);
	return 0;
}
