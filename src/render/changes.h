/* SPDX-License-Identifier: Apache-2.0 */
/* What changed between two versions of a contract, by clause, in words and values (terms/diff.h finds it). */
#ifndef RENDER_CHANGES_H
#define RENDER_CHANGES_H

#include "render/doc.h"
#include "terms/diff.h"

struct doc *changes_doc(struct arena *a, const struct contract *before,
			const struct contract *after, const struct changes *c,
			const struct language *l);
/*
 * {"tenor_diff": 1, "before": hash, "after": hash, "minor": bool, "changes": [{"kind": "added"|"removed"|"changed"|"reordered",
 * "path", "before", "after", "clause", "line_before", "line_after"}]}
 */
void changes_json(const struct contract *before, const struct contract *after,
		  const struct changes *c, struct buf *out);

#endif
