/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Three texts by lines: what two people made of the same one. Knows no language; a line is the same or it is not. Where both changed the
 * same lines in different ways there is a clash, which a person settles.
 */
#ifndef BASE_MERGE_H
#define BASE_MERGE_H

#include "base/arena.h"
#include "base/buf.h"

enum merge_of {
	MERGE_SAME,
	MERGE_THEIRS, /* only they changed it */
	MERGE_MINE,   /* only I did */
	MERGE_BOTH,   /* both did, in the same way */
	MERGE_CLASH
};

/* Whole lines, with their line breaks. */
struct merge_part {
	enum merge_of of;
	struct text base, theirs, mine;
};

/* In their order. Texts so different that comparing them would take too long come out as one clash between what begins and ends alike. */
void merge_lines(struct arena *a, struct text base, struct text theirs, struct text mine,
		 struct merge_part **out, size_t *n);
/* The merged text; a clash stands between the marks of common tools, with those words. Returns how many there are. */
size_t merge_print(struct buf *out, const struct merge_part *v, size_t n, const char *theirs,
		   const char *mine);

#endif
