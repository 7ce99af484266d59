/* SPDX-License-Identifier: Apache-2.0 */
#include "terms/diff.h"

#include "terms/canonical.h"

#include <assert.h>
#include <stdlib.h>

enum { VALUE_BYTES_MAX = 8 << 20 };

struct differ {
	struct arena *a;
	struct change *v;
	size_t n, cap;
};

static struct text value_text(struct arena *a, const struct node *n)
{
	struct buf b;

	if (n->kind == NODE_SCALAR)
		return n->text;
	buf_init(&b, VALUE_BYTES_MAX);
	canonical_print(a, &b, n);
	assert(!b.full);
	struct text t = text_copy(a, buf_view(&b));

	buf_free(&b);
	return t;
}

static struct change *add(struct differ *d, enum change_kind kind, const struct node *before,
			  const struct node *after)
{
	const struct node *n = after != NULL ? after : before;

	d->v = arena_grow(d->a, d->v, d->n, &d->cap, sizeof(*d->v));
	struct change *c = &d->v[d->n++];

	*c = (struct change){.kind = kind,
			     .path = node_path(d->a, n),
			     .old_node = before,
			     .new_node = after,
			     .clause = node_clause(n)};
	c->label = clause_label(d->a, c->clause);
	if (kind != CHANGE_REORDERED && before != NULL)
		c->before = value_text(d->a, before);
	if (kind != CHANGE_REORDERED && after != NULL)
		c->after = value_text(d->a, after);
	return c;
}

static struct text ids(struct arena *a, const struct node *items)
{
	struct text t = {"", 0};

	for (const struct node *n = items->child; n != NULL; n = n->next)
		t = text_format(a, "%.*s%s%.*s", TEXT_ARG(t), t.n > 0 ? ", " : "",
				TEXT_ARG(n->key));
	return t;
}

/* Do the items that both lists have come in another order? */
static bool reordered(const struct node *before, const struct node *after)
{
	const struct node *o = before->child;

	for (const struct node *n = after->child; n != NULL; n = n->next) {
		if (node_item(before, n->key) == NULL)
			continue;
		while (o != NULL && node_item(after, o->key) == NULL)
			o = o->next;
		if (o == NULL || !text_eq(o->key, n->key))
			return true;
		o = o->next;
	}
	return false;
}

static bool same_set(const struct node *before, const struct node *after)
{
	if (before->n != after->n)
		return false;
	for (const struct node *n = after->child; n != NULL; n = n->next) {
		bool found = false;

		for (const struct node *o = before->child; o != NULL && !found; o = o->next)
			found = text_eq(o->text, n->text);
		if (!found)
			return false;
	}
	return true;
}

static const struct node *child_of(const struct node *map, struct text key)
{
	for (const struct node *n = map->child; n != NULL; n = n->next)
		if (text_eq(n->key, key))
			return n;
	return NULL;
}

/* Recursion is bounded by the depth of contracts, 12. */
static void compare(struct differ *d, const struct node *before, const struct node *after)
{
	if (after->kind == NODE_SCALAR || before->kind != after->kind) {
		if (before->kind != after->kind || !text_eq(before->text, after->text) ||
		    before->hole != after->hole)
			(void)add(d, CHANGE_CHANGED, before, after);
		return;
	}
	if (after->kind == NODE_SET) {
		if (!same_set(before, after))
			(void)add(d, CHANGE_CHANGED, before, after);
		return;
	}
	if (after->kind == NODE_ITEMS && reordered(before, after)) {
		struct change *c = add(d, CHANGE_REORDERED, before, after);

		c->before = ids(d->a, before);
		c->after = ids(d->a, after);
	}
	for (const struct node *n = after->child; n != NULL; n = n->next) {
		const struct node *o = child_of(before, n->key);

		if (o == NULL)
			(void)add(d, CHANGE_ADDED, NULL, n);
		else
			compare(d, o, n);
	}
	for (const struct node *o = before->child; o != NULL; o = o->next)
		if (child_of(after, o->key) == NULL)
			(void)add(d, CHANGE_REMOVED, o, NULL);
}

struct changes contract_diff(struct arena *a, const struct contract *before,
			     const struct contract *after)
{
	struct differ d = {.a = a};

	assert(before->valid && after->valid);
	compare(&d, before->root, after->root);

	/* Changes of one clause together; which clause it is both files agree on by its label. */
	struct change *grouped = arena_array(a, struct change, d.n);
	bool *taken = arena_array(a, bool, d.n);
	size_t n = 0;

	for (size_t i = 0; i < d.n; i++) {
		if (taken[i])
			continue;
		for (size_t k = i; k < d.n; k++) {
			if (taken[k] || !text_eq(d.v[k].label, d.v[i].label))
				continue;
			taken[k] = true;
			grouped[n++] = d.v[k];
		}
	}
	assert(n == d.n);
	return (struct changes){grouped, n};
}

bool changes_are_minor(const struct changes *c, const struct node *paths)
{
	for (size_t i = 0; i < c->n; i++) {
		struct text path = c->v[i].path;
		bool covered = false;

		for (const struct node *p = paths == NULL ? NULL : paths->child;
		     p != NULL && !covered; p = p->next)
			covered = text_eq(path, p->text) ||
				  (path.n > p->text.n && path.p[p->text.n] == '.' &&
				   text_eq(text_sub(path, 0, p->text.n), p->text));
		if (!covered)
			return false;
	}
	return true;
}

struct changes changes_without_names(struct arena *a, struct changes all)
{
	struct change *v = arena_array(a, struct change, all.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < all.n; i++) {
		struct text path = all.v[i].path;

		if (text_starts(path, "amends") || text_starts(path, "parties.client.contacts") ||
		    text_starts(path, "parties.provider.contacts"))
			continue;
		v[n++] = all.v[i];
	}
	return (struct changes){v, n};
}
