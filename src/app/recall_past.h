/* SPDX-License-Identifier: Apache-2.0 */
/* The facts of a record but for tickets of other months that are over (app/tickets_past.h): the same evaluation from less reading. */
#ifndef APP_RECALL_PAST_H
#define APP_RECALL_PAST_H

#include "app/recall.h"

/* What the caller looks at itself, and as of when it evaluates. */
struct past_asked {
	struct span shown; /* empty and INSTANT_MAX: nothing */
	instant as_of;
};

/*
 * All that is known of one engagement, as recall has it with PACK_IDS_FEW. out->left_out: what is not among the facts, for
 * evaluation.past; NULL: all are there. as_of must not lie before what was recorded last. In the read transaction under way, or one of its
 * own. RC_MISSING where there is no version yet, RC_LIMIT with code "heavy" as recall_facts.
 */
enum rc recall_past(struct workspace *ws, const struct log_head *log,
		    const struct past_asked *asked, struct recalled *out, struct err *err) MUST_USE;
/*
 * The same where the versions are at hand (recall_versions), in the read transaction in which they were read; but where nothing can be left
 * out, no facts are read, and out->left_out is NULL.
 */
enum rc recall_past_facts(struct workspace *ws, const struct past_asked *asked,
			  struct recalled *out, struct err *err) MUST_USE;

#endif
