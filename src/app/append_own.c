/* SPDX-License-Identifier: Apache-2.0 */
/* Entries that Tenor itself writes, one or many at the end of a log, in the transaction under way. */
#include "app/append.h"

#include "app/append_parts.h"
#include "base/canon.h"

#include <assert.h>

void own_run_begin(struct own_run *r, struct workspace *ws, struct log_head *log)
{
	*r = (struct own_run){.ws = ws, .scratch = canon_scratch_new(ws->arena)};
	record_append_begin(&r->to, ws->store, ws->hasher, log);
	buf_init(&r->bytes, ENTRY_MAX_BYTES + 1);
}

static instant recorded_now(const struct own_run *r)
{
	instant last = r->to.head->last_recorded_at;

	return last == INSTANT_NONE || r->ws->now > last ? r->ws->now : last;
}

/* A slot may be a file: its cipher is in memory no longer than it takes to store it, and not in that of the call. */
static enum rc seal_slot(struct own_run *r, const struct entry *e, const struct own_slot *own,
			 struct slot *out, struct err *err)
{
	struct arena *a = arena_new(SLOT_MAX_BYTES + ((size_t)1 << 20));
	unsigned char nonce[NONCE_BYTES];
	struct slot_place place = {e->log, e->id, text_of(own->name),
				   slot_commit(own->salt, own->private_bytes)};
	struct stored_slot kept = {e->id,
				   place.slot,
				   text_of(own->subject),
				   {(const char *)nonce, NONCE_BYTES},
				   {NULL, 0}};
	enum rc rc = keys_seal(r->ws->keys, a, kept.subject, &place, own->salt,
			       own->private_bytes, nonce, &kept.cipher, err);

	if (rc == RC_OK)
		rc = record_slot_put(r->ws->store, r->to.head->id, &kept, err);
	if (rc == RC_OK)
		*out = (struct slot){place.slot, place.commit, kept.subject};
	arena_free(a);
	return rc;
}

static enum rc seal_slots(struct own_run *r, struct entry *e, const struct own_slot *slots,
			  size_t n_slots, struct err *err)
{
	enum rc rc = RC_OK;

	for (size_t i = 0; rc == RC_OK && i < n_slots; i++)
		rc = seal_slot(r, e, &slots[i], &e->slots[i], err);
	e->n_slots = n_slots;
	return rc;
}

/* Puts what was printed at the end of the log. */
static enum rc own_put(struct own_run *r, const struct entry *e, int64_t *index, struct err *err)
{
	struct workspace *ws = r->ws;
	struct text bytes = buf_view(&r->bytes);
	int64_t at = r->to.edge.size;
	struct canon_doc doc;
	struct entry again;
	bool there = false;
	/* What Tenor writes by itself it must be able to read: a body that breaks its row is a fault of this program. */
	enum rc rc = entry_parse(ws->arena, r->scratch, bytes, &again, &doc, err);

	if (rc == RC_OK)
		rc = record_append_entry(&r->to, &e->id, bytes, NULL, &there, err);
	if (rc == RC_OK && there)
		rc = record_appended_twice(r->to.head, &e->id, err);
	/* A fact of the contract that Tenor reports itself (report.delivered) is found like any other fact. */
	if (rc == RC_OK && fact_row(e->kind)->record)
		rc = record_mark(ws->store, r->to.head->id, (int)e->kind, at, err);
	if (rc != RC_OK)
		return rc;
	if (e->kind == FACT_VERSION_AGREED)
		r->version = text_of(NULL); /* what follows is under that */
	if (index != NULL)
		*index = at;
	r->n++;
	return RC_OK;
}

enum rc own_run_add(struct own_run *r, enum fact_kind kind, struct text body, const struct uuid *id,
		    instant occurred_at, const struct own_slot *slots, size_t n_slots,
		    int64_t *index, struct err *err)
{
	struct workspace *ws = r->ws;
	struct entry e = {.log = r->to.head->uuid,
			  .id = *id,
			  .occurred_at = occurred_at,
			  .recorded_at = recorded_now(r),
			  .client = ws->actor.client,
			  .actor = ws->actor.id,
			  .kind = kind,
			  .body = body};
	enum rc rc = RC_OK;

	assert(store_in_transaction(ws->store) && n_slots <= SLOTS_MAX);
	if (r->to.head->kind == LOG_ENGAGEMENT && r->version.n == 0)
		rc = newest_version(ws, r->to.head, &r->version, err);
	e.contract = r->version;
	if (rc == RC_OK)
		rc = seal_slots(r, &e, slots, n_slots, err);
	buf_clear(&r->bytes);
	if (rc == RC_OK)
		rc = entry_print(&e, &r->bytes, err);
	return rc == RC_OK ? own_put(r, &e, index, err) : rc;
}

enum rc own_run_end(struct own_run *r, enum rc rc, struct err *err)
{
	buf_free(&r->bytes);
	return rc == RC_OK && r->n > 0 ? record_append_end(&r->to, recorded_now(r), err) : rc;
}

enum rc append_own(struct workspace *ws, struct log_head *log, enum fact_kind kind,
		   struct text body, const struct uuid *id, instant occurred_at,
		   const struct own_slot *slots, size_t n_slots, int64_t *index, struct err *err)
{
	struct own_run r;
	int64_t at = 0;
	enum rc rc;

	own_run_begin(&r, ws, log);
	rc = own_run_add(&r, kind, body, id, occurred_at, slots, n_slots, &at, err);
	rc = own_run_end(&r, rc, err);
	if (rc == RC_OK && index != NULL)
		*index = at;
	return rc;
}
