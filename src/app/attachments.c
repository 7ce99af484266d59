/* SPDX-License-Identifier: Apache-2.0 */
#include "app/attachments.h"

#include "app/append.h"
#include "app/health.h"
#include "app/own_entries.h"
#include "base/canon.h"
#include "store/record_desk.h"

#include <assert.h>

/* Where bytes and name of a file lie; of health data elsewhere, so that its slots say what they are. */
static const char *bytes_slot(bool health)
{
	return health ? ATTACHMENT_HEALTH_SLOT : ATTACHMENT_SLOT;
}

static const char *name_slot(bool health)
{
	return health ? field_row(FIELD_HEALTH)->key : "name";
}

/* --- reading --- */

/* Slots are under one subject: gone together. */
static enum rc erased_at(struct workspace *ws, const struct entry *e, instant *out, struct err *err)
{
	*out = INSTANT_NONE;
	if (ws->keys == NULL || e->n_slots == 0)
		return RC_OK;
	return keys_erased_at(ws->keys, e->slots[0].subject, out, err);
}

static const struct slot *slot_named(const struct entry *e, const char *name)
{
	for (size_t i = 0; i < e->n_slots; i++)
		if (text_is(e->slots[i].name, name))
			return &e->slots[i];
	return NULL;
}

/* The private bytes of a slot, in a. RC_MISSING: gone. */
static enum rc open_slot(struct workspace *ws, const struct log_head *log, const struct entry *e,
			 const char *name, struct arena *a, struct text *out, struct err *err)
{
	const struct slot *slot = slot_named(e, name);
	unsigned char salt[SALT_BYTES];
	struct stored_slot stored;
	struct keys *keys;
	enum rc rc = workspace_keys(ws, &keys, err);

	if (rc == RC_OK)
		rc = slot == NULL
			     ? RC_MISSING
			     : record_slot(ws->store, a, log->id, &e->id, slot->name, &stored, err);
	if (rc != RC_OK)
		return rc;

	const struct slot_place place = {log->uuid, e->id, slot->name, slot->commit};

	return keys_open_slot(keys, a, slot->subject, &place, stored.nonce, stored.cipher, salt,
			      out, err);
}

static bool is_health(const struct entry *e)
{
	return slot_named(e, ATTACHMENT_HEALTH_SLOT) != NULL;
}

static enum rc read_name(struct workspace *ws, const struct log_head *log, const struct entry *e,
			 struct text *out, struct err *err)
{
	const struct canon_node *v;
	struct canon_doc doc;
	struct text bytes;
	enum rc rc = open_slot(ws, log, e, name_slot(is_health(e)), ws->arena, &bytes, err);

	*out = text_of("");
	if (rc == RC_MISSING) {
		err_clear(err);
		return RC_OK;
	}
	if (rc == RC_OK)
		rc = canon_parse(ws->arena, NULL, bytes, CANON_STRICT, &CANON_LARGE, &doc, err);
	if (rc != RC_OK)
		return rc;
	v = canon_first(&doc, &doc.v[0]);
	if (v != NULL && v->type == CANON_TEXT)
		*out = text_copy(ws->arena, v->text);
	return RC_OK;
}

static enum rc read_one(struct workspace *ws, const struct log_head *log, instant health_until,
			const struct own_entry *own, struct attached *out, struct err *err)
{
	const struct entry *e = &own->entry;
	enum rc rc;

	*out = (struct attached){.id = e->id,
				 .index = own->index,
				 .at = e->occurred_at,
				 .who = e->actor,
				 .name = text_of(""),
				 .type = own_entry_text(own, "type"),
				 .bytes = own_entry_number(own, "bytes", 0),
				 .internal = log->kind != LOG_ENGAGEMENT,
				 .health = is_health(e)};
	out->covered = out->health && health_until == INSTANT_NONE;
	rc = erased_at(ws, e, &out->erased_at, err);
	if (rc == RC_OK && out->erased_at == INSTANT_NONE && !out->covered && ws->keys != NULL &&
	    workspace_allows(ws, R_PERSONAL_READ))
		rc = read_name(ws, log, e, &out->name, err);
	return rc;
}

struct attached_list {
	struct attached *v;
	size_t n, cap;
	instant health_until; /* up to when who asks may read health data of the ticket */
};

static enum rc add_one(struct workspace *ws, const struct log_head *log, int64_t index,
		       struct attached_list *l, struct err *err)
{
	struct own_entry *own = arena_one(ws->arena, struct own_entry);
	struct attached one;
	enum rc rc = own_entry_read(ws, log, index, own, err);

	if (rc != RC_OK || own->entry.kind != FACT_TICKET_ATTACHED)
		return rc;
	rc = read_one(ws, log, l->health_until, own, &one, err);
	if (rc != RC_OK)
		return rc;
	l->v = arena_grow(ws->arena, l->v, l->n, &l->cap, sizeof(*l->v));
	l->v[l->n++] = one;
	return RC_OK;
}

/* Entries of the internal log about the ticket: notes, queues, files. */
static enum rc add_internal(struct workspace *ws, const struct log_head *log, struct text ticket,
			    struct attached_list *l, struct err *err)
{
	struct stored_note *rows = NULL;
	struct log_head notes;
	size_t n = 0;
	enum rc rc = record_log_internal(ws->store, ws->arena, &notes, err);

	if (rc == RC_MISSING) {
		err_clear(err);
		return RC_OK;
	}
	if (rc == RC_OK)
		rc = record_notes(ws->store, ws->arena, log->contract, ticket, &rows, &n, err);
	for (size_t i = 0; rc == RC_OK && i < n; i++)
		if (rows[i].queue.n == 0)
			rc = add_one(ws, &notes, rows[i].index, l, err);
	return rc;
}

enum rc attachments_of(struct workspace *ws, const struct recalled *r, struct text ticket,
		       struct attached **out, size_t *n, struct err *err)
{
	symbol id = symbol_find(r->facts->symbols, ticket);
	struct attached_list l = {.v = NULL};
	enum rc rc = health_open(ws, &r->log, ticket, &l.health_until, err);

	for (size_t i = 0; id != 0 && rc == RC_OK && i < r->facts->n; i++)
		if (r->facts->v[i].kind == FACT_TICKET_ATTACHED &&
		    fact_word(&r->facts->v[i], FIELD_TICKET) == id)
			rc = add_one(ws, &r->log,
				     r->fact_index == NULL ? (int64_t)i : r->fact_index[i], &l,
				     err);
	if (rc == RC_OK && !workspace_client(ws))
		rc = add_internal(ws, &r->log, ticket, &l, err);
	*out = l.v;
	*n = l.n;
	return rc;
}

int64_t attachments_bytes(const struct attached *v, size_t n, bool internal)
{
	int64_t sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += v[i].internal == internal ? v[i].bytes : 0;
	return sum;
}

/* --- writing --- */

/* Members in the order of their names. */
static struct text body_of_file(struct workspace *ws, const struct attach_to *to,
				const struct new_attachment *f)
{
	struct text out;
	struct buf b;

	buf_init(&b, (size_t)1 << 16);
	buf_printf(&b, "{\"bytes\":%zu", f->bytes.n);
	if (to->into->kind != LOG_ENGAGEMENT) {
		buf_str(&b, ",\"contract\":");
		canon_quote(&b, to->log->contract);
	}
	buf_str(&b, ",\"ticket\":");
	canon_quote(&b, to->ticket);
	buf_printf(&b, ",\"type\":\"%s\"}", attachment_word(f->type));
	out = text_copy(ws->arena, buf_view(&b));
	buf_free(&b);
	return out;
}

static struct text name_bytes(struct workspace *ws, const struct new_attachment *f)
{
	struct text out;
	struct buf b;

	buf_init(&b, PRIVATE_MAX_BYTES);
	buf_printf(&b, "{\"%s\":", name_slot(f->health));
	canon_quote(&b, f->name);
	buf_char(&b, '}');
	out = text_copy(ws->arena, buf_view(&b));
	buf_free(&b);
	return out;
}

/* J28: a slot that is kept against what came again; one that was erased is not compared. */
static enum rc same_slot(struct workspace *ws, const struct log_head *log, const struct entry *e,
			 const char *name, struct text bytes, bool *same, struct err *err)
{
	struct arena *a = arena_new((size_t)2 * SLOT_MAX_BYTES + ((size_t)1 << 20));
	struct text kept;
	enum rc rc = open_slot(ws, log, e, name, a, &kept, err);

	if (rc == RC_OK)
		*same = *same && text_eq(kept, bytes);
	if (rc == RC_MISSING)
		err_clear(err);
	arena_free(a);
	return rc == RC_MISSING ? RC_OK : rc;
}

/* *out.again: the id is there, with the same file. */
static enum rc was_there(struct workspace *ws, const struct attach_to *to,
			 const struct new_attachment *f, struct text body, struct attaching *out,
			 struct err *err)
{
	struct stored_entry stored;
	struct canon_doc doc;
	struct entry before, now;
	bool same;
	enum rc rc = !f->given ? RC_MISSING
			       : record_entry_of_id(ws->store, ws->arena, to->into->id, &f->id,
						    &stored, err);

	if (rc == RC_MISSING) {
		err_clear(err);
		return RC_OK;
	}
	if (rc == RC_OK)
		rc = entry_parse(ws->arena, NULL, stored.bytes, &before, &doc, err);
	if (rc != RC_OK)
		return rc;
	/* when it came is the server's to say: sent again it came at first */
	now = (struct entry){.id = f->id,
			     .kind = FACT_TICKET_ATTACHED,
			     .client = ws->actor.client,
			     .occurred_at = before.occurred_at,
			     .body = body};
	same = entry_same_report(&before, &now) && is_health(&before) == f->health;
	if (same)
		rc = same_slot(ws, to->into, &before, bytes_slot(f->health), f->bytes, &same, err);
	if (rc == RC_OK && same)
		rc = same_slot(ws, to->into, &before, name_slot(f->health), name_bytes(ws, f),
			       &same, err);
	if (rc == RC_OK && !same) {
		err_code(err, "id_conflict");
		return err_set(err, RC_INVALID,
			       "this id was recorded with other content or by the other party");
	}
	*out = (struct attaching){stored.index, true};
	return rc;
}

static enum rc subject_of(struct workspace *ws, const struct attach_to *to, char subject[19],
			  struct err *err)
{
	char log[UUID_TEXT + 1];
	struct text label = to->person;

	if (label.n == 0) { /* as the words of the ticket itself are kept (append_batch.c) */
		uuid_text(&to->log->uuid, log);
		label = text_format(ws->arena, "%s/%.*s", log, TEXT_ARG(to->ticket));
	}
	return keys_subject(ws->keys, label, subject, err);
}

static enum rc put_one(struct workspace *ws, const struct attach_to *to,
		       const struct new_attachment *f, struct text body, const char subject[19],
		       int64_t *index, struct err *err)
{
	struct own_slot bytes = {.name = bytes_slot(f->health), .private_bytes = f->bytes},
			name = {.name = name_slot(f->health), .private_bytes = name_bytes(ws, f)};
	/* by their names */
	struct own_slot slots[2] = {f->health ? name : bytes, f->health ? bytes : name};
	enum rc rc;

	for (size_t i = 0; i < ARRAY_SIZE(slots); i++) {
		(void)snprintf(slots[i].subject, sizeof(slots[i].subject), "%s", subject);
		ws->app->world->random.fill(ws->app->world->random.context, slots[i].salt,
					    SALT_BYTES);
	}
	rc = append_own(ws, to->into, FACT_TICKET_ATTACHED, body, &f->id, ws->now, slots,
			ARRAY_SIZE(slots), index, err);
	if (rc == RC_OK && to->into->kind != LOG_ENGAGEMENT)
		rc = record_note_add(ws->store,
				     &(const struct stored_note){to->log->contract, to->ticket,
								 *index, text_of("")},
				     err);
	return rc;
}

static enum rc room_for(const struct attach_to *to, int64_t held, struct text name, struct err *err)
{
	if (held <= ATTACHMENTS_TICKET_BYTES)
		return RC_OK;
	err_key(err, name);
	err_hint(err,
		 "what does not fit goes where files are kept, and its address into an answer");
	return err_set(
		err, RC_LIMIT,
		"with '%.*s' there would be %lld bytes on ticket '%.*s'; the limit is %d MiB",
		TEXT_ARG(name), (long long)held, TEXT_ARG(to->ticket),
		ATTACHMENTS_TICKET_BYTES >> 20);
}

enum rc attachments_put(struct workspace *ws, const struct attach_to *to,
			const struct new_attachment *v, size_t n, struct attaching *out,
			struct err *err)
{
	int64_t held = to->held;
	char subject[19];
	enum rc rc = workspace_keys_begin(ws, err);

	assert(store_in_transaction(ws->store));
	if (rc == RC_OK)
		rc = subject_of(ws, to, subject, err);
	for (size_t i = 0; rc == RC_OK && i < n; i++) {
		struct text body = body_of_file(ws, to, &v[i]);

		out[i] = (struct attaching){-1, false};
		rc = was_there(ws, to, &v[i], body, &out[i], err);
		if (rc != RC_OK || out[i].again)
			continue;
		held += (int64_t)v[i].bytes.n;
		rc = room_for(to, held, v[i].name, err);
		if (rc == RC_OK)
			rc = put_one(ws, to, &v[i], body, subject, &out[i].index, err);
	}
	return rc;
}

/* --- opening --- */

static enum rc no_attachment(const struct log_head *log, struct text ticket, struct text id,
			     struct err *err)
{
	err_hint(err, "\"tenor ticket show %.*s --contract %.*s\" lists them", TEXT_ARG(ticket),
		 TEXT_ARG(log->contract));
	return err_set(err, RC_MISSING, "there is no attachment '%.*s' on ticket '%.*s'",
		       TEXT_ARG(id), TEXT_ARG(ticket));
}

/* An entry of that id in the log, if it is a file on that ticket of that contract. RC_MISSING without words. */
static enum rc find_in(struct workspace *ws, const struct log_head *in, struct text contract,
		       struct text ticket, const struct uuid *id, struct own_entry *out,
		       struct err *err)
{
	struct stored_entry stored;
	enum rc rc = record_entry_of_id(ws->store, ws->arena, in->id, id, &stored, err);

	if (rc == RC_OK)
		rc = own_entry_read(ws, in, stored.index, out, err);
	if (rc == RC_OK &&
	    (out->entry.kind != FACT_TICKET_ATTACHED ||
	     !text_eq(own_entry_text(out, "ticket"), ticket) ||
	     (in->kind != LOG_ENGAGEMENT && !text_eq(own_entry_text(out, "contract"), contract))))
		rc = RC_MISSING;
	if (rc == RC_MISSING)
		err_clear(err);
	return rc;
}

static enum rc find(struct workspace *ws, const struct log_head *log, struct text ticket,
		    struct text id, struct log_head *in, struct own_entry *out, struct err *err)
{
	struct uuid u;
	enum rc rc;

	if (!uuid_parse(id, &u))
		return no_attachment(log, ticket, id, err);
	*in = *log;
	rc = find_in(ws, in, log->contract, ticket, &u, out, err);
	if (rc == RC_MISSING && !workspace_client(ws)) {
		rc = record_log_internal(ws->store, ws->arena, in, err);
		if (rc == RC_OK)
			rc = find_in(ws, in, log->contract, ticket, &u, out, err);
		if (rc == RC_MISSING)
			err_clear(err);
	}
	return rc == RC_MISSING ? no_attachment(log, ticket, id, err) : rc;
}

static enum rc was_erased(struct workspace *ws, const struct entry *e, struct err *err)
{
	struct buf on;
	instant at;
	enum rc rc = erased_at(ws, e, &at, err);

	if (rc != RC_OK || at == INSTANT_NONE)
		return rc;
	buf_init(&on, 32);
	day_print(&on, zone_day(zone_utc(), at));
	rc = err_set(err, RC_MISSING, "this file was erased on %.*s", TEXT_ARG(buf_view(&on)));
	buf_free(&on);
	return rc;
}

static enum rc may_open(struct workspace *ws, const struct log_head *log, struct text ticket,
			const struct entry *e, struct err *err)
{
	instant until = INSTANT_NONE;
	enum rc rc = is_health(e) ? health_open(ws, log, ticket, &until, err) : RC_OK;

	if (rc != RC_OK || !is_health(e) || until != INSTANT_NONE)
		return rc;
	err_code(err, "right");
	err_hint(err, "an owner or the service desk opens it with \"tenor ticket emergency\"");
	return err_set(err, RC_USAGE, "this file is health data, and covered");
}

enum rc attachment_open(struct workspace *ws, const struct log_head *log, struct text ticket,
			struct text id, struct text *name, struct buf *out, struct err *err)
{
	struct own_entry *own = arena_one(ws->arena, struct own_entry);
	struct log_head in;
	struct arena *a;
	struct text bytes;
	enum rc rc = find(ws, log, ticket, id, &in, own, err);

	if (rc == RC_OK)
		rc = was_erased(ws, &own->entry, err);
	if (rc == RC_OK)
		rc = may_open(ws, log, ticket, &own->entry, err);
	if (rc == RC_OK)
		rc = read_name(ws, &in, &own->entry, name, err);
	if (rc != RC_OK)
		return rc;
	a = arena_new((size_t)2 * SLOT_MAX_BYTES + ((size_t)1 << 20));
	rc = open_slot(ws, &in, &own->entry, bytes_slot(is_health(&own->entry)), a, &bytes, err);
	if (rc == RC_MISSING)
		rc = err_set(err, RC_IO,
			     "the bytes of attachment '%.*s' are not in the workspace; "
			     "\"tenor doctor\" tells more",
			     TEXT_ARG(id));
	if (rc == RC_OK)
		buf_text(out, bytes);
	if (name->n == 0)
		*name = text_of("file");
	arena_free(a);
	return rc;
}
