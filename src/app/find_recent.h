/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How far back a look at what was recorded last goes (docs/decisions/0016): so many entries of all logs together, the latest recorded first,
 * in whole blocks. By the record alone, and by nothing that is in it: whoever asks, and for whatever word, as far back.
 */
#ifndef APP_FIND_RECENT_H
#define APP_FIND_RECENT_H

#include "app/workspace.h"

enum { FIND_RECENT_ENTRIES = 1 << 15, FIND_RECENT_BLOCK = 1 << 8 };

/*
 * from, room for n: the first entry of each log to be looked at; its size: none. *older: when the last entry that is not looked at was
 * recorded, so that everything recorded after it is; INSTANT_NONE: all entries are looked at. In a read transaction.
 */
enum rc find_recent(struct workspace *ws, const struct log_head *logs, size_t n, int64_t *from,
		    instant *older, struct err *err) MUST_USE;

#endif
