/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Findings of a contract: errors of its file in the shape of contract-language.md CL-6, findings of lint in that of lint.md LN-4.
 *
 *	file:line:col: code: path: text
 *	file:line:col: RULE severity path = "value" (clause): message
 *	    why: ...
 *	    fix: ...
 *	    effect: ...
 */
#ifndef RENDER_FINDINGS_H
#define RENDER_FINDINGS_H

#include "render/doc.h"
#include "terms/tree.h"

struct findings_style {
	bool colour;
	unsigned width; /* why, fix and effect are wrapped there; 0: not at all */
};

/* All of them in their order, and one line that counts them. Nothing at all if there is none. */
void findings_text(struct arena *a, struct text file, const struct findings *f,
		   const struct language *l, const struct findings_style *style, struct buf *out);
/* Facts that the effects rest on (lint.md LN-5). */
struct findings_facts {
	struct text contract;    /* id in the workspace */
	struct text first, last; /* months: "2025-12" */
	size_t n;
	struct text why_not; /* not empty: effects are on the nominal month all the same */
};

/*
 * {"tenor_check": 1, "file", "valid", "errors", "facts": {"contract", "from", "to", "count"} or {"contract", "none"}, "findings": [{"rule" or "code", "severity": "error"|"E"|"W"|"I", "line", "column",
 * "path", "value", "clause", "message", "why", "fix", "effect"}]}. Either list may be NULL: errors of the file, findings of lint. facts may be NULL.
 */
void findings_json(struct text file, bool valid, const struct findings *errors,
		   const struct findings *lint, const struct findings_facts *facts,
		   struct buf *out);

#endif
