/* SPDX-License-Identifier: Apache-2.0 */
#include "render/tree_words.h"

const struct node *tree_next(const struct node *n, const struct node *top, bool over)
{
	if (n->child != NULL && !over)
		return n->child;
	while (n != top && n->next == NULL)
		n = n->parent;
	return n == top ? NULL : n->next;
}

bool tree_is_value(const struct node *n)
{
	return n->kind == NODE_SCALAR || n->kind == NODE_SET;
}

bool tree_is_id(const struct node *n)
{
	return n->kind == NODE_SCALAR && text_is(n->key, "id") && n->parent != NULL &&
	       n->parent->parent != NULL && n->parent->parent->kind == NODE_ITEMS;
}

struct text tree_value(struct arena *a, const struct node *n)
{
	struct text value = {"", 0};

	if (n->kind != NODE_SET)
		return n->text;
	for (const struct node *y = n->child; y != NULL; y = y->next)
		value = value.n == 0
				? y->text
				: text_format(a, "%.*s, %.*s", TEXT_ARG(value), TEXT_ARG(y->text));
	return value;
}

struct phrase tree_clause(struct doc *d, struct text label)
{
	size_t end = sizeof(CLAUSE_UNPRINTED) - 1;

	if (text_is(label, CLAUSE_NONE))
		return SAY0(d, W_CLAUSE_NONE);
	if (text_ends(label, CLAUSE_UNPRINTED))
		return SAY(d, W_CLAUSE_UNPRINTED, doc_plain(d, text_sub(label, 0, label.n - end)));
	return doc_plain(d, label);
}
