/* SPDX-License-Identifier: Apache-2.0 */
#include "app/vitals.h"

#include "app/own_entries.h"

#include <errno.h>
#include <string.h>
#include <sys/statvfs.h>

static int64_t seconds_since(const struct workspace *ws, instant at)
{
	return ws->now > at ? (ws->now - at) / SECOND_MS : 0;
}

static enum rc see_signed(struct workspace *ws, const struct log_head *log, struct vitals *h,
			  struct err *err)
{
	struct stored_checkpoint c = {.size = 0};
	struct stored_entry stored;
	struct canon_doc doc;
	struct entry first = {.recorded_at = INSTANT_NONE};
	enum rc rc = record_checkpoint_latest(ws->store, ws->arena, log->id, &c, err);

	if (rc == RC_MISSING) {
		err_clear(err);
		rc = RC_OK;
	}
	if (rc != RC_OK || c.size >= log->edge.size)
		return rc;
	rc = record_entry(ws->store, ws->arena, log->id, c.size, &stored, err);
	if (rc == RC_OK)
		rc = entry_parse(ws->arena, NULL, stored.bytes, &first, &doc, err);
	if (rc == RC_OK && seconds_since(ws, first.recorded_at) > h->unsigned_s)
		h->unsigned_s = seconds_since(ws, first.recorded_at);
	return rc;
}

static enum rc see_cosigned(struct workspace *ws, const struct log_head *log, struct vitals *h,
			    struct err *err)
{
	struct own_entry last;
	int64_t *marks;
	size_t n;
	enum rc rc = record_marks(ws->store, ws->arena, log->id, FACT_CHECKPOINT_COSIGNED, &marks,
				  &n, err);

	if (rc != RC_OK || n == 0)
		return rc;
	rc = own_entry_read(ws, log, marks[n - 1], &last, err);
	if (rc == RC_OK && seconds_since(ws, last.entry.recorded_at) > h->cosigned_s)
		h->cosigned_s = seconds_since(ws, last.entry.recorded_at);
	return rc;
}

static enum rc see_backup(struct workspace *ws, const struct log_head *logs, size_t n,
			  struct vitals *h, struct err *err)
{
	struct stored_entry stored;
	struct canon_doc doc;
	struct entry first;
	struct text kept;
	instant at;
	enum rc rc = record_meta(ws->store, ws->arena, META_BACKED_UP, &kept, err);

	if (rc == RC_OK) {
		if (!text_digits(kept, &at))
			return err_set(err, RC_INVALID, "'%.*s' is no time of a backup",
				       TEXT_ARG(kept));
		h->backed_up_s = seconds_since(ws, at);
		return RC_OK;
	}
	if (rc != RC_MISSING)
		return rc;
	err_clear(err);
	for (size_t i = 0; i < n; i++) {
		if (logs[i].kind != LOG_INSTALL || logs[i].edge.size == 0)
			continue;
		rc = record_entry(ws->store, ws->arena, logs[i].id, 0, &stored, err);
		if (rc == RC_OK)
			rc = entry_parse(ws->arena, NULL, stored.bytes, &first, &doc, err);
		if (rc == RC_OK)
			h->backed_up_s = seconds_since(ws, first.recorded_at);
		return rc;
	}
	return RC_OK;
}

static enum rc see_disk(struct workspace *ws, struct text path, struct vitals *h, struct err *err)
{
	struct statvfs s;

	if (statvfs(arena_copy(ws->arena, path.p, path.n), &s) != 0)
		return err_set(err, RC_IO, "the disk does not tell what is free: %s",
			       strerror(errno));
	h->disk_free = (int64_t)s.f_bavail * (int64_t)s.f_frsize;
	return RC_OK;
}

enum rc vitals_read(struct workspace *ws, struct text path, struct vitals *out, struct err *err)
{
	struct vitals h = {.frozen = 0};
	struct log_head *logs;
	size_t n;
	enum rc rc = record_logs(ws->store, ws->arena, &logs, &n, err);

	for (size_t i = 0; rc == RC_OK && i < n; i++) {
		h.frozen += logs[i].frozen.n > 0;
		rc = see_signed(ws, &logs[i], &h, err);
		if (rc == RC_OK)
			rc = see_cosigned(ws, &logs[i], &h, err);
	}
	if (rc == RC_OK)
		rc = see_backup(ws, logs, n, &h, err);
	if (rc == RC_OK)
		rc = see_disk(ws, path, &h, err);
	if (rc == RC_OK)
		*out = h;
	return rc;
}
