/* SPDX-License-Identifier: Apache-2.0 */
/* Walking the values of a contract's tree in the order of the file, and showing sets and clauses as text. */
#ifndef RENDER_TREE_WORDS_H
#define RENDER_TREE_WORDS_H

#include "render/doc.h"
#include "terms/tree.h"

/* The node after n within top, children first; with `over` those of n are passed over. NULL at the end. */
const struct node *tree_next(const struct node *n, const struct node *top, bool over);
/* Is it what a reader calls a value: a scalar or a set of scalars? */
bool tree_is_value(const struct node *n);
/* The id of an item says nothing that its path does not. */
bool tree_is_id(const struct node *n);
/* As canonical text; the members of a set with commas. */
struct text tree_value(struct arena *a, const struct node *n);
/* A clause's label (terms/tree.h) in the reader's language; what stands in a record and in tables of files stays as it is. */
struct phrase tree_clause(struct doc *d, struct text label);

#endif
