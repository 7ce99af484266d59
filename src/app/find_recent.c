/* SPDX-License-Identifier: Apache-2.0 */
#include "app/find_recent.h"

#include "journal/entry.h"

/* When the entry before one was recorded; INSTANT_NONE: there is none. */
static enum rc recorded_before(struct workspace *ws, struct arena *a, int64_t log, int64_t index,
			       instant *at, struct err *err)
{
	struct stored_entry stored;
	struct canon_doc doc;
	struct entry e;
	enum rc rc;

	*at = INSTANT_NONE;
	if (index == 0)
		return RC_OK;
	arena_clear(a);
	rc = record_entry(ws->store, a, log, index - 1, &stored, err);
	if (rc == RC_OK)
		rc = entry_parse(a, NULL, stored.bytes, &e, &doc, err);
	if (rc == RC_OK)
		*at = e.recorded_at;
	return rc;
}

/* The log whose last entry that is not looked at yet was recorded last, the first of several; n: all are looked at. */
static size_t latest(const instant *at, size_t n)
{
	size_t found = n;

	for (size_t i = 0; i < n; i++)
		if (at[i] != INSTANT_NONE && (found == n || at[i] > at[found]))
			found = i;
	return found;
}

static enum rc go_back(struct workspace *ws, struct arena *a, const struct log_head *logs, size_t n,
		       int64_t *from, instant *at, struct err *err)
{
	enum rc rc = RC_OK;

	for (size_t i = 0; rc == RC_OK && i < n; i++) {
		from[i] = logs[i].edge.size;
		rc = recorded_before(ws, a, logs[i].id, from[i], &at[i], err);
	}
	for (int64_t left = FIND_RECENT_ENTRIES; rc == RC_OK && left > 0;) {
		size_t i = latest(at, n);
		int64_t step;

		if (i == n)
			break;
		step = from[i] < FIND_RECENT_BLOCK ? from[i] : FIND_RECENT_BLOCK;
		from[i] -= step;
		left -= step;
		rc = recorded_before(ws, a, logs[i].id, from[i], &at[i], err);
	}
	return rc;
}

enum rc find_recent(struct workspace *ws, const struct log_head *logs, size_t n, int64_t *from,
		    instant *older, struct err *err)
{
	instant *at = arena_array(ws->arena, instant, n);
	struct arena *a = arena_like(ws->arena);
	enum rc rc = go_back(ws, a, logs, n, from, at, err);
	size_t i = latest(at, n);

	arena_free(a);
	*older = i == n ? INSTANT_NONE : at[i];
	return rc;
}
