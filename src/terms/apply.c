/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Changes done to a copy of the target's tree, which is then printed as a form (CL-41) and read like one that came from outside. The
 * copy has only what printing needs: references still lead into the trees it was made of, and nobody follows them.
 */
#include "terms/apply.h"

#include "terms/canonical.h"
#include "terms/read.h"
#include "terms/version.h"

#include <assert.h>

static const char hash_suffix[] = "_sha256";

struct work {
	struct arena *a;
	const struct changes *changes;
	struct node *root;       /* of the copy */
	const struct node *hole; /* the first that a change sets */
	struct left_out *left;
	size_t n_left, left_cap, n_applied;
};

/* --- the copy --- */

/* The hash that a form has behind a library or calendar key (CL-44). */
static bool is_hash(const struct node *n)
{
	return n->parent != NULL && text_ends(n->key, hash_suffix) &&
	       form_term(n->parent, n->key) == n->term;
}

static void link_after(struct node *parent, struct node *before, struct node *n)
{
	n->parent = parent;
	n->next = before == NULL ? parent->child : before->next;
	if (before == NULL)
		parent->child = n;
	else
		before->next = n;
	if (parent->last == before)
		parent->last = n;
	parent->n++;
}

static struct node *before_of(struct node *n)
{
	struct node *b = n->parent->child;

	if (b == n)
		return NULL;
	while (b->next != n)
		b = b->next;
	return b;
}

static void take_away(struct node *n)
{
	struct node *parent = n->parent, *before = before_of(n);

	if (before == NULL)
		parent->child = n->next;
	else
		before->next = n->next;
	if (parent->last == n)
		parent->last = before;
	assert(parent->n > 0);
	parent->n--;
}

/*
 * Without hashes: printing makes them anew from what a key names, so that they cannot stay behind when it changes. Recursion is
 * bounded by the depth of contracts, DEPTH_MAX.
 */
static struct node *copy_of(struct work *w, const struct node *from)
{
	struct node *n = arena_one(w->a, struct node);

	*n = *from;
	n->parent = n->child = n->next = n->last = NULL;
	n->n = 0;
	if (n->hole && w->hole == NULL)
		w->hole = from;
	for (const struct node *c = from->child; c != NULL; c = c->next)
		if (!is_hash(c))
			link_after(n, n->last, copy_of(w, c));
	return n;
}

static struct node *child_of(const struct node *n, struct text key)
{
	if (n->kind != NODE_MAP && n->kind != NODE_ITEMS)
		return NULL;
	for (struct node *c = n->child; c != NULL; c = c->next)
		if (text_eq(c->key, key))
			return c;
	return NULL;
}

static struct node *find(const struct work *w, struct text path)
{
	struct node *n = w->root;

	while (path.n > 0 && n != NULL) {
		struct text key;

		path = text_cut(path, '.', &key);
		n = child_of(n, key);
	}
	return n;
}

/*
 * Where a new item goes: behind the nearest before it in the new version that this list has, else in front of the nearest after it,
 * else at the end. Returns the one it goes behind; NULL: first.
 */
static struct node *neighbour(const struct node *list, const struct node *item)
{
	struct node *before = NULL;

	for (const struct node *n = item->parent->child; n != item; n = n->next) {
		struct node *here = child_of(list, n->key);

		before = here != NULL ? here : before;
	}
	if (before != NULL)
		return before;
	for (const struct node *n = item->next; n != NULL; n = n->next) {
		struct node *here = child_of(list, n->key);

		if (here != NULL)
			return before_of(here);
	}
	return list->last;
}

/* What is there under that key gives way where it stands. */
static void put(struct work *w, struct node *parent, const struct node *from)
{
	struct node *n = copy_of(w, from), *there = child_of(parent, from->key), *before;

	if (there != NULL) {
		before = before_of(there);
		take_away(there);
	} else {
		before = parent->kind == NODE_ITEMS ? neighbour(parent, from) : parent->last;
	}
	link_after(parent, before, n);
}

/* --- the changes --- */

static void leave_out(struct work *w, struct text path, const char *why, bool identity)
{
	w->left = arena_grow(w->a, w->left, w->n_left, &w->left_cap, sizeof(*w->left));
	w->left[w->n_left++] = (struct left_out){text_copy(w->a, path), text_of(why), identity};
}

static void no_place(struct work *w, struct text path)
{
	leave_out(w, path, "there is no such place", false);
}

static bool is_identity(struct text path)
{
	static const char *const roots[] = {"amends", "contract.id", "parties", "template"};

	for (size_t i = 0; i < ARRAY_SIZE(roots); i++) {
		struct text root = text_of(roots[i]);

		if (text_starts(path, roots[i]) && (path.n == root.n || path.p[root.n] == '.'))
			return true;
	}
	return false;
}

static struct text path_above(struct text path)
{
	size_t n = path.n;

	while (n > 0 && path.p[n - 1] != '.')
		n--;
	return text_sub(path, 0, n > 0 ? n - 1 : 0);
}

static void do_added(struct work *w, const struct change *c)
{
	struct node *parent = find(w, path_above(c->path));
	struct node *there = parent == NULL ? NULL : child_of(parent, c->new_node->key);

	if (parent == NULL) {
		no_place(w, c->path);
		return;
	}
	/* The path leads through the same rows of the table in both. */
	assert(parent->kind == c->new_node->parent->kind);
	w->n_applied++;
	if (there == NULL || there->kind != NODE_ITEMS) {
		put(w, parent, c->new_node);
		return;
	}
	for (const struct node *item = c->new_node->child; item != NULL; item = item->next)
		put(w, there, item);
}

static void do_changed(struct work *w, const struct change *c, struct text path,
		       const struct node *value)
{
	struct node *there = find(w, path);

	if (there == NULL) {
		no_place(w, c->path);
		return;
	}
	assert(there->kind == value->kind && there->parent != NULL);
	w->n_applied++;
	put(w, there->parent, value);
}

static void do_removed(struct work *w, const struct change *c)
{
	struct node *there = find(w, c->path);
	size_t there_n = 0;

	for (const struct node *n = c->old_node->child; there != NULL && n != NULL; n = n->next)
		there_n += child_of(there, n->key) != NULL ? 1 : 0;
	if (there == NULL || (there->kind == NODE_ITEMS && there_n == 0)) {
		no_place(w, c->path);
		return;
	}
	w->n_applied++;
	if (there->kind != NODE_ITEMS) {
		take_away(there);
		return;
	}
	for (const struct node *n = c->old_node->child; n != NULL; n = n->next) {
		struct node *item = child_of(there, n->key);

		if (item != NULL)
			take_away(item);
		else
			no_place(w, text_format(w->a, "%.*s.%.*s", TEXT_ARG(c->path),
						TEXT_ARG(n->key)));
	}
}

/* The items that the new version names take each other's places; whatever else the list has keeps its own. */
static void do_reordered(struct work *w, const struct change *c)
{
	struct node *list = find(w, c->path);
	const struct node *named = c->new_node->child;

	if (list == NULL) {
		no_place(w, c->path);
		return;
	}
	for (const struct node *n = named; n != NULL; n = n->next) {
		if (child_of(list, n->key) != NULL)
			continue;
		leave_out(w, c->path, "not all of its items are there", false);
		return;
	}
	w->n_applied++;

	struct node **order = arena_array(w->a, struct node *, list->n);
	size_t n = 0;

	for (struct node *here = list->child; here != NULL; here = here->next) {
		if (child_of(c->new_node, here->key) == NULL) {
			order[n++] = here;
			continue;
		}
		assert(named != NULL && "ids are unique, and all of them are there");
		order[n++] = child_of(list, named->key);
		named = named->next;
	}
	list->child = list->last = NULL;
	list->n = 0;
	for (size_t i = 0; i < n; i++)
		link_after(list, list->last, order[i]);
}

/* A change of the hash behind a library or calendar key: the words or days that the key names are others, or the key itself is. */
static void do_hash(struct work *w, const struct change *c)
{
	const struct node *n = c->new_node != NULL ? c->new_node : c->old_node;
	struct text key = text_sub(n->key, 0, n->key.n - (sizeof(hash_suffix) - 1)),
		    path = text_sub(c->path, 0, c->path.n - (sizeof(hash_suffix) - 1));

	for (size_t i = 0; i < w->changes->n; i++)
		if (text_eq(w->changes->v[i].path, path))
			return;
	if (c->kind == CHANGE_CHANGED) {
		const struct node *value = child_of(n->parent, key);

		assert(value != NULL && "a form has a hash only behind its key");
		do_changed(w, c, path, value);
	} else if (!text_is(key, "library")) {
		/* One version is no form and has no hash. What an entry of the library says never changes; a file may. */
		leave_out(w, c->path, "whether the file is another one cannot be told", false);
	}
}

static void do_change(struct work *w, const struct change *c)
{
	if (is_identity(c->path)) {
		leave_out(w, c->path, "it is what a contract is, and no clause", true);
		return;
	}
	if (is_hash(c->new_node != NULL ? c->new_node : c->old_node)) {
		do_hash(w, c);
		return;
	}
	switch (c->kind) {
	case CHANGE_ADDED:
		do_added(w, c);
		break;
	case CHANGE_REMOVED:
		do_removed(w, c);
		break;
	case CHANGE_CHANGED:
		do_changed(w, c, c->path, c->new_node);
		break;
	case CHANGE_REORDERED:
		do_reordered(w, c);
		break;
	}
}

/* Nothing is empty (CL-4): what lost its last key or item is gone. Recursion is bounded by DEPTH_MAX. */
static void prune(struct node *n)
{
	struct node *next;

	for (struct node *c = n->child; c != NULL; c = next) {
		next = c->next;
		if (c->kind == NODE_SCALAR)
			continue;
		prune(c);
		if (c->n == 0)
			take_away(c);
	}
}

/* --- the contract that comes out --- */

static enum rc print(const struct work *w, struct text *form, struct err *err)
{
	struct buf b;
	enum rc rc = RC_OK;

	buf_init(&b, CANONICAL_BYTES_MAX);
	canonical_print(w->a, &b, w->root);
	if (b.full)
		rc = err_set(err, RC_LIMIT, "the changed contract has more than %d bytes",
			     CANONICAL_BYTES_MAX);
	else
		*form = text_copy(w->a, buf_view(&b));
	buf_free(&b);
	return rc;
}

enum rc changes_apply(struct arena *a, const struct contract *target, const struct changes *changes,
		      const struct terms_context *context, struct applied *out, struct err *err)
{
	struct work w = {.a = a, .changes = changes};
	struct contract *c = NULL;
	struct text form = {"", 0};

	assert(target->valid && !target->is_template);
	w.root = copy_of(&w, target->root);
	/* An order can be told only once all items are there, and a list is empty only once nothing more comes. */
	for (size_t i = 0; i < changes->n; i++)
		if (changes->v[i].kind != CHANGE_REORDERED)
			do_change(&w, &changes->v[i]);
	for (size_t i = 0; i < changes->n; i++)
		if (changes->v[i].kind == CHANGE_REORDERED)
			do_change(&w, &changes->v[i]);
	prune(w.root);
	if (w.hole != NULL) {
		err_at(err, target->file, 0, 0);
		err_code(err, "version.draft");
		err_key(err, node_path(a, w.hole));
		return err_set(err, RC_INVALID, "'%.*s' is a hole and no value",
			       TEXT_ARG(w.hole->text));
	}

	enum rc rc = print(&w, &form, err);

	if (rc == RC_OK)
		rc = contract_read_canonical(a, target->file, form, context, &c, err);
	if (rc != RC_OK) {
		/* They would be of bytes that nobody has. */
		err_at(err, target->file, 0, 0);
		return rc;
	}
	*out = (struct applied){.contract = c,
				.n_applied = w.n_applied,
				.left_out = w.left,
				.n_left_out = w.n_left};
	return RC_OK;
}
