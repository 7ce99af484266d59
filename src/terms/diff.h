/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What differs between two contracts, value by value, with the clause each value stands under. Data only: render makes the
 * words. Items are matched by id, so moving one is not removing it.
 */
#ifndef TERMS_DIFF_H
#define TERMS_DIFF_H

#include "terms/tree.h"

enum change_kind {
	CHANGE_ADDED,     /* a key, item or block that is new; old is empty */
	CHANGE_REMOVED,   /* one that is gone; new is empty */
	CHANGE_CHANGED,   /* another value */
	CHANGE_REORDERED, /* a list has the same items in another order; old and new name them */
};

struct change {
	enum change_kind kind;
	struct text path;                    /* "sla.metrics.uptime.target" */
	struct text before, after;           /* canonical text; of maps and lists canonical JSON (CL-41) */
	const struct node *old_node, *new_node; /* NULL where there is none */
	const struct node *clause;           /* in the new contract, of what is gone in the old one; NULL: none */
	struct text label;                   /* "Order form 2, Service levels" */
};

struct changes {
	const struct change *v;
	size_t n;
};

/* Both contracts must be valid. In order of the new file, changes of one clause together, clauses in order of first change. */
struct changes contract_diff(struct arena *a, const struct contract *before, const struct contract *after);
/*
 * Without what tells a file from a version of a record, where contacts are commitments, and what is amended is said by who asks: neither is
 * a change of terms.
 */
struct changes changes_without_names(struct arena *a, struct changes all);
/* Is every changed path one of those paths or below one (CL-52)? paths is the node of amendments.minor, or NULL. */
bool changes_are_minor(const struct changes *c, const struct node *paths);

#endif
