/* SPDX-License-Identifier: Apache-2.0 */
#include "app/health.h"

#include "app/own_entries.h"
#include "app/recall.h"
#include "facts/attachment.h"
#include "terms/tree.h"

static bool has_agreement(const struct contract *c)
{
	const struct node *documents = node_at(c->root, "documents");

	for (const struct node *d = documents == NULL ? NULL : documents->child; d != NULL;
	     d = d->next)
		if (text_is(term_text(d, "kind"), "baa"))
			return true;
	return false;
}

enum rc health_agreed(struct workspace *ws, const struct log_head *log, bool *out, struct err *err)
{
	struct recalled r;
	enum rc rc = recall_versions(ws, log, INSTANT_MAX, &r, err);

	*out = false;
	if (rc == RC_MISSING) {
		err_clear(err);
		return RC_OK;
	}
	for (size_t i = 0; rc == RC_OK && i < r.n_versions; i++)
		if (r.versions[i].from <= ws->now)
			*out = has_agreement(r.versions[i].contract);
	return rc;
}

bool health_slot(struct text name)
{
	return text_is(name, field_row(FIELD_HEALTH)->key) || text_is(name, ATTACHMENT_HEALTH_SLOT);
}

/* By who acts, of that ticket, not too long ago: the last one counts. */
static enum rc last_access(struct workspace *ws, const struct log_head *log, struct text ticket,
			   instant *until, struct err *err)
{
	int64_t *marks = NULL;
	size_t n = 0;
	enum rc rc =
		record_marks(ws->store, ws->arena, log->id, FACT_EMERGENCY_ACCESS, &marks, &n, err);

	while (rc == RC_OK && n > 0 && *until == INSTANT_NONE) {
		struct own_entry *own = arena_one(ws->arena, struct own_entry);

		rc = own_entry_read(ws, log, marks[--n], own, err);
		if (rc != RC_OK || own->entry.recorded_at <= ws->now - HEALTH_OPEN_MS)
			break; /* the times of a log only grow */
		if (text_eq(own->entry.actor, ws->actor.id) &&
		    text_eq(own_entry_text(own, "ticket"), ticket))
			*until = own->entry.recorded_at + HEALTH_OPEN_MS;
	}
	return rc;
}

enum rc health_open(struct workspace *ws, const struct log_head *log, struct text ticket,
		    instant *until, struct err *err)
{
	bool agreed = false;
	enum rc rc;

	*until = INSTANT_NONE;
	if (ws->token != NULL || ws->grant != NULL)
		return RC_OK;
	if (workspace_client(ws)) {
		*until = INSTANT_MAX;
		return RC_OK;
	}
	if (!workspace_allows(ws, R_EMERGENCY_ACCESS))
		return RC_OK;
	rc = last_access(ws, log, ticket, until, err);
	if (rc == RC_OK && *until != INSTANT_NONE)
		rc = health_agreed(ws, log, &agreed, err);
	if (!agreed)
		*until = INSTANT_NONE;
	return rc;
}

enum rc health_covers(struct workspace *ws, const struct log_head *log, const struct entry *e,
		      const struct canon_doc *doc, bool *covered, struct err *err)
{
	const struct canon_node *body, *ticket;
	instant until = INSTANT_NONE;
	bool has = false;
	enum rc rc;

	*covered = false;
	for (size_t i = 0; i < e->n_slots; i++)
		has = has || health_slot(e->slots[i].name);
	if (!has)
		return RC_OK;
	body = canon_member(doc, &doc->v[0], "body");
	ticket = body == NULL ? NULL : canon_member(doc, body, "ticket");
	rc = health_open(ws, log, ticket == NULL ? text_of("") : ticket->text, &until, err);
	*covered = until == INSTANT_NONE;
	return rc;
}

enum rc health_accesses(struct workspace *ws, const struct log_head *log, struct text ticket,
			int64_t **out, size_t *n, struct err *err)
{
	struct own_entry *own = arena_one(ws->arena, struct own_entry);
	int64_t *marks = NULL;
	size_t all = 0, kept = 0;
	enum rc rc = record_marks(ws->store, ws->arena, log->id, FACT_EMERGENCY_ACCESS, &marks,
				  &all, err);

	for (size_t i = 0; rc == RC_OK && i < all; i++) {
		rc = own_entry_read(ws, log, marks[i], own, err);
		if (rc == RC_OK && text_eq(own_entry_text(own, "ticket"), ticket))
			marks[kept++] = marks[i];
	}
	*out = marks;
	*n = kept;
	return rc;
}
