/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Changes of single values in a file that somebody wrote: comments, order and layout of all the rest stay. What comes out is read
 * again and held against what went in: a change that would touch anything else is refused. Whether the new value is a good one is for
 * contract_read to say.
 */
#ifndef TERMS_EDIT_H
#define TERMS_EDIT_H

#include "terms/tree.h"

struct term_edit {
	/* "sla.metrics.uptime.target"; a block, list or item only to take it away */
	struct text path;
	/* As typed; of a set one member a line. Empty: the key goes, and the block that would be empty without it. */
	struct text value;
};

/*
 * The bytes with the edits made, in their order. A path that is not written yet is written: with the blocks and lists on the way, and the
 * item, if there is none of that id. RC_INVALID with err key = the path: the file cannot be read ("edit.file"), the table has no such path
 * ("key.unknown"), or it cannot be changed where it stands ("edit.place": whoever writes can change it in the text).
 */
enum rc contract_edit(struct arena *a, struct text file, struct text bytes,
		      const struct terms_context *context, const struct term_edit *edits, size_t n,
		      struct text *out, struct err *err) MUST_USE;

#endif
