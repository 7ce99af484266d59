/* SPDX-License-Identifier: Apache-2.0 */
#include "app/erase.h"

#include "app/own_entries.h"
#include "store/record_found.h"
#include "store/record_mail.h"

#include <string.h>

/* What an erasure leaves in the write-ahead log is due to be overwritten until it was: noted in the transaction that deletes. */
static const char scrub_due[] = "scrub_due";

static enum rc scrub(struct workspace *ws, struct err *err)
{
	enum rc rc = store_scrub(ws->store, err);

	if (rc == RC_OK)
		rc = store_begin(ws->store, err);
	if (rc != RC_OK)
		return rc;
	rc = record_meta_put(ws->store, scrub_due, text_of("no"), err);
	if (rc == RC_OK)
		rc = store_commit(ws->store, err);
	if (rc != RC_OK)
		workspace_rollback(ws);
	return rc;
}

/* Another process may be reading just now; then it stays due, and whoever opens the file for writing next tries again. */
static enum rc scrub_if_due(struct workspace *ws, struct err *err)
{
	struct text due;
	enum rc rc = record_meta(ws->store, ws->arena, scrub_due, &due, err);

	if (rc == RC_OK && text_is(due, "yes"))
		rc = scrub(ws, err);
	if (rc == RC_MISSING || (rc == RC_IO && strcmp(err->code, "store.locked") == 0)) {
		err_clear(err);
		return RC_OK;
	}
	return rc;
}

/* Steps 2 to 5 of J24 for one subject; each may be done already. */
enum rc erase_subject(struct workspace *ws, struct text subject, instant at, int64_t *slots,
		      struct err *err)
{
	enum rc rc = keys_erase(ws->keys, subject, at, err);

	*slots = 0;
	if (rc == RC_OK)
		rc = store_begin(ws->store, err);
	if (rc != RC_OK)
		return rc;
	rc = record_slots_erase(ws->store, subject, slots, err);
	if (rc == RC_OK)
		rc = record_hashes_erase(ws->store, subject, NULL, err);
	if (rc == RC_OK)
		rc = record_mailbox_erase(ws->store, subject, err);
	if (rc == RC_OK && *slots > 0)
		rc = record_meta_put(ws->store, scrub_due, text_of("yes"), err);
	if (rc == RC_OK)
		rc = store_commit(ws->store, err);
	if (rc != RC_OK)
		workspace_rollback(ws);
	return rc == RC_OK && *slots > 0 ? scrub(ws, err) : rc;
}

static enum rc resume_log(struct workspace *ws, const struct log_head *log, struct err *err)
{
	struct own_entry *erased;
	int64_t slots;
	size_t n;
	enum rc rc = own_entries(ws, log, FACT_SUBJECT_ERASED, log->edge.size, &erased, &n, err);

	for (size_t i = 0; rc == RC_OK && i < n; i++) {
		struct text subject = own_entry_text(&erased[i], "subject");
		instant at;

		rc = keys_erased_at(ws->keys, subject, &at, err);
		if (rc == RC_OK && at == INSTANT_NONE)
			rc = erase_subject(ws, subject, erased[i].entry.recorded_at, &slots, err);
	}
	return rc;
}

enum rc erase_resume(struct workspace *ws, struct err *err)
{
	int64_t *logs = NULL;
	struct text *erased;
	size_t n = 0, n_erased;
	int64_t slots;
	enum rc rc = record_marked_logs(ws->store, ws->arena, FACT_SUBJECT_ERASED, &logs, &n, err);

	for (size_t i = 0; rc == RC_OK && i < n; i++) {
		struct log_head log;

		rc = record_log_of_id(ws->store, ws->arena, logs[i], &log, err);
		if (rc == RC_OK)
			rc = resume_log(ws, &log, err);
	}
	if (rc == RC_OK)
		rc = keys_erased(ws->keys, ws->arena, &erased, &n_erased, err);
	for (size_t i = 0; rc == RC_OK && i < n_erased; i++) {
		rc = record_slots_of_subject(ws->store, erased[i], &slots, err);
		if (rc == RC_OK && slots > 0)
			rc = erase_subject(ws, erased[i], ws->now, &slots, err);
	}
	return rc == RC_OK ? scrub_if_due(ws, err) : rc;
}
