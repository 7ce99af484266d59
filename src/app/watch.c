/* SPDX-License-Identifier: Apache-2.0 */
#include "app/watch.h"

#include "app/sign_in_parts.h"

enum rc watch_stamp(struct sign_in *s, struct store_stamp *out, struct err *err)
{
	return store_stamp(s->ws.store, out, err);
}

enum rc watch_logs(struct sign_in *s, struct arena *a, struct watched_log **out, size_t *n,
		   struct err *err)
{
	struct log_head *logs;
	size_t all, k = 0;
	enum rc rc = record_logs(s->ws.store, a, &logs, &all, err);

	if (rc != RC_OK)
		return rc;
	*out = arena_array(a, struct watched_log, all);
	for (size_t i = 0; i < all; i++)
		if (logs[i].kind != LOG_INSTALL)
			(*out)[k++] = (struct watched_log){logs[i].contract,
							   logs[i].kind == LOG_INTERNAL,
							   logs[i].id,
							   (int64_t)logs[i].edge.size};
	*n = k;
	return RC_OK;
}
