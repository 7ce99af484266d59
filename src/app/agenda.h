/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From a contract's record to what waits and what is due in it now (render/agenda.h). Nothing is written. What a person may not see is
 * not collected: amounts need MONEY_READ, and what only the provider does is not told to a client.
 *
 * It costs an evaluation of the record for clocks and deadlines, and where money is asked for that of the closed months and of the draft.
 */
#ifndef APP_AGENDA_H
#define APP_AGENDA_H

#include "app/workspace.h"
#include "render/agenda.h"

enum agenda_what {
	AGENDA_DUE_ONLY, /* deadlines, of money too */
	AGENDA_ALL,
};

/* An empty one for who acts, as of now. */
void agenda_new(const struct workspace *ws, const struct language *l, int64_t days,
		struct agenda *out);
/* Of one contract; a contract without a version adds nothing. */
enum rc agenda_collect(struct workspace *ws, const struct log_head *log, enum agenda_what what,
		       struct agenda *to, struct err *err) MUST_USE;

#endif
