/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What urgent alerts leave behind that nobody acknowledged (sla.md R74): an entry of the contract's log, so that the report can have its line and
 * both parties the same one. Who was told when is not in the record; that a side was silent is.
 */
#include "app/append.h"
#include "app/news_parts.h"
#include "app/signing.h"
#include "facts/exact.h"

static enum rc enter_one(struct workspace *ws, const struct news_unseen *x, bool *wrote,
			 struct err *err)
{
	struct own_note note;
	struct log_head log;
	struct json *j;
	enum rc rc = record_log_of_id(ws->store, ws->arena, x->log, &log, err);

	/* nothing is written to a frozen log, and mail goes out all the same */
	if (rc != RC_OK || log.frozen.n > 0)
		return rc;
	j = own_note_begin(&note);
	json_kv_text(j, "event", x->event);
	json_kv_text(j, "from", exact_instant_text(ws->arena, x->from));
	if (x->metric.n > 0)
		json_kv_text(j, "metric", x->metric);
	json_kv_str(j, "part", party_word(x->client ? PARTY_CLIENT : PARTY_PROVIDER));
	rc = own_note_append(ws, &log, FACT_ALERT_UNSEEN, &note, err);
	*wrote = *wrote || rc == RC_OK;
	return rc;
}

enum rc news_enter_unseen(struct workspace *ws, const struct news *n, bool *wrote, struct err *err)
{
	enum rc rc = RC_OK;

	for (size_t i = 0; rc == RC_OK && i < n->n_unseen; i++)
		rc = enter_one(ws, &n->unseen[i], wrote, err);
	return rc;
}

enum rc news_sign(struct workspace *ws, const struct news *n, struct err *err)
{
	enum rc rc = RC_OK;

	for (size_t i = 0; rc == RC_OK && i < n->n_unseen; i++) {
		struct log_head log;

		/* those of a log follow each other */
		if (i > 0 && n->unseen[i].log == n->unseen[i - 1].log)
			continue;
		rc = record_log_of_id(ws->store, ws->arena, n->unseen[i].log, &log, err);
		if (rc == RC_OK)
			rc = sign_log(ws, &log, false, NULL, err);
		if (rc == RC_INVALID) {
			err_clear(err);
			rc = RC_OK;
		}
	}
	return rc == RC_OK ? sign_install(ws, err) : rc;
}
