/* SPDX-License-Identifier: Apache-2.0 */
/* What a draft is about, in a line: the version it was begun from, why, and which terms it changes. For lists; the whole is draft diff. */
#ifndef APP_DRAFT_BRIEF_H
#define APP_DRAFT_BRIEF_H

#include "app/app.h"
#include "app/drafts.h"

/* Of more drafts, those changed last, a list says no more than their names; of more terms, how many there are. */
enum { DRAFT_BRIEFS = 20, DRAFT_BRIEF_TERMS = 3 };

struct draft_brief {
	struct text title,
		reason; /* of the contract that it makes, and why its terms change; or empty */
	size_t version; /* number of the version that it was begun from; 0: none of the record */
	bool whole;     /* without errors and holes */
	size_t changes; /* terms that differ from the head; of whole ones */
	struct text terms[DRAFT_BRIEF_TERMS];
	size_t n_terms;
};

/*
 * Read from the draft's last text, in the workspace's arena; nothing is written. What cannot be read, such as a contract that is not for
 * these eyes, leaves its part empty. Fails if the store does.
 */
enum rc draft_brief(struct app *app, struct workspace *ws, const struct stored_draft *d,
		    struct draft_brief *out, struct err *err) MUST_USE;

#endif
