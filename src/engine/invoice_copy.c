/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/invoice_copy.h"

#include "engine/invoice_shape.h"

#include <string.h>

/* Every pointer of a document is a member of the table: one that is not would be missing from its JSON, too (invoice_shape.h). */
static void copy_members(struct arena *a, const struct shape *s, char *base);

static struct text copy_text(struct arena *a, struct text t)
{
	return t.n == 0 ? text_of("") : text_copy(a, t);
}

static void copy_texts(struct arena *a, struct text *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		v[i] = copy_text(a, v[i]);
}

static void copy_steps(struct arena *a, struct step *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (v[i].type == STEP_IS_TEXT)
			v[i].value.text = copy_text(a, v[i].value.text);
}

/* The items of a list, as they are: what they point to is the caller's to copy. */
static void *copy_items(struct arena *a, char *at, size_t n, size_t size)
{
	void *from = NULL, *to = arena_alloc_array(a, n, size);

	memcpy(&from, at, sizeof(from));
	if (n > 0)
		memcpy(to, from, n * size);
	memcpy(at, &to, sizeof(to));
	return to;
}

static void copy_list(struct arena *a, const struct member *m, char *base)
{
	char *at = base + m->at, *items;
	size_t n = 0;

	memcpy(&n, base + m->n_at, sizeof(n));
	if (m->type == MEMBER_TEXTS) {
		copy_texts(a, copy_items(a, at, n, sizeof(struct text)), n);
	} else if (m->type == MEMBER_STEPS) {
		copy_steps(a, copy_items(a, at, n, sizeof(struct step)), n);
	} else if (m->type == MEMBER_NUMBERS) {
		(void)copy_items(a, at, n, sizeof(int64_t));
	} else if (m->type == MEMBER_SHARES) {
		(void)copy_items(a, at, n, sizeof(int64_t));
		(void)copy_items(a, base + offsetof(struct invoice_reduction, shares), n,
				 sizeof(int64_t));
	} else if (m->type == MEMBER_LIST) {
		items = copy_items(a, at, n, m->of->size);
		for (size_t i = 0; i < n; i++)
			copy_members(a, m->of, items + i * m->of->size);
	}
}

static void copy_member(struct arena *a, const struct member *m, char *base)
{
	if (m->type == MEMBER_OBJECT) {
		copy_members(a, m->of, base + m->at);
	} else if (m->type == MEMBER_TEXT) {
		copy_texts(a, (struct text *)(void *)(base + m->at), 1);
	} else {
		copy_list(a, m, base);
	}
}

/* The struct at base was copied as it is. Shapes lie three deep at most. */
static void copy_members(struct arena *a, const struct shape *s, char *base)
{
	for (size_t i = 0; i < s->n; i++)
		copy_member(a, &s->v[i], base);
}

struct invoice *invoice_copy(struct arena *a, const struct invoice *from)
{
	struct invoice *to = arena_one(a, struct invoice);

	*to = *from;
	copy_members(a, &INVOICE_SHAPE, (char *)to);
	return to;
}
