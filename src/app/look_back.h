/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The facts of some kinds of a record, the newest first, a pack at a time: what is to be held against the record when facts come in, in
 * memory of one pack, however much the record has. What evaluates reads the whole (app/recall.h).
 */
#ifndef APP_LOOK_BACK_H
#define APP_LOOK_BACK_H

#include "app/workspace.h"
#include "facts/fact.h"

struct look_back {
	bool kinds[FACT_COUNT]; /* which are looked at */
	/*
	 * set holds facts of these kinds, good during the call, and f is one of them; its id is that of the record. Not called for one that
	 * is withdrawn or corrected. false: nothing older is wanted.
	 */
	bool (*take)(void *context, const struct facts *set, const struct fact *f);
	void *context;
};

/* In the read transaction under way, or one of its own. RC_INVALID: a pack or an entry is damaged. */
enum rc look_back(struct workspace *ws, const struct log_head *log, const struct look_back *b,
		  struct err *err) MUST_USE;

#endif
