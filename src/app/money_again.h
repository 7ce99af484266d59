/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An issued document worked out again from the state it was made on (money.md R70, R73): its bytes must come out. Shared by issuing, which
 * holds the account if they do not, and by verification. Also what a document made for a person gets before it is issued.
 */
#ifndef APP_MONEY_AGAIN_H
#define APP_MONEY_AGAIN_H

#include "app/money.h"

/* What a run gives its own documents and the engine cannot know of one that a person asked for: checkpoint, instants, who sells. */
void money_stamp(const struct money_state *m, const struct money_proof *proof, struct invoice *i);

/*
 * m: the state at of's own size, known-as-of and run. *again: what it gives now, numbered like `of`; NULL: no such document. Notes that a
 * person asked for are made again from what they say of themselves: invoice, lines, amounts, reason.
 */
enum rc money_again(struct arena *a, const struct money_state *m, const struct invoice *of,
		    const struct invoice **again, struct err *err) MUST_USE;
bool money_same(const struct invoice *x, const struct invoice *y);

#endif
