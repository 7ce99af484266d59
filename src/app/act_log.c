/* SPDX-License-Identifier: Apache-2.0 */
/* tenor log show: entries as they were recorded, with the private words that the reader may see. */
#include "app/grants.h"
#include "app/health.h"
#include "app/log_of.h"
#include "app/notes.h"
#include "app/recall.h"
#include "facts/attachment.h"
#include "journal/entry.h"

enum { PAGE = 50, FLUSH_BYTES = 1 << 20 };

struct showing {
	struct workspace ws;
	const struct args *args;
	struct reply *reply;
	struct log_head log;
	int64_t from, to; /* half-open */
	struct canon_scratch *scratch;
	struct arena *entry_arena;
	struct stored_user *users;
	size_t n_users;
	bool as_json, words;
	bool withheld; /* the entry under work is an internal message, and a client reads */
	bool covered;  /* its health data is not to be read by who asks */
};

/* --- which --- */

static enum rc one_fact(struct showing *x, struct err *err)
{
	struct text name = args_text(x->args, PARAM_FACT_ID);
	struct stored_entry stored;
	struct fact f;
	struct uuid id;
	enum rc rc = RC_OK;

	if (!uuid_parse(name, &id)) {
		if (x->log.kind == LOG_INSTALL)
			return err_set(
				err, RC_MISSING,
				"there is no entry '%.*s' in the install log; its ids are UUIDs",
				TEXT_ARG(name));
		rc = recall_fact(&x->ws, &x->log, name, facts_new(x->ws.arena), &f, &id, err);
	}
	if (rc == RC_OK)
		rc = record_entry_of_id(x->ws.store, x->ws.arena, x->log.id, &id, &stored, err);
	if (rc == RC_MISSING && err->message[0] == '\0')
		return err_set(err, RC_MISSING, "there is no entry '%.*s' in this log",
			       TEXT_ARG(name));
	if (rc != RC_OK)
		return rc;
	x->from = stored.index;
	x->to = stored.index + 1;
	return RC_OK;
}

static enum rc choose(struct showing *x, struct err *err)
{
	int64_t size = x->log.edge.size, last = size - 1;
	bool has_from = args_has(x->args, PARAM_FROM_INDEX),
	     has_to = args_has(x->args, PARAM_TO_INDEX);
	enum rc rc = RC_OK;

	if (args_has(x->args, PARAM_FACT_ID) && (has_from || has_to))
		return err_set(err, RC_USAGE,
			       "--fact names one entry; --from and --to name others");
	if (args_has(x->args, PARAM_FACT_ID))
		return one_fact(x, err);
	if (has_to)
		rc = log_number(x->args, PARAM_TO_INDEX, 0, &last, err);
	x->from = last >= PAGE ? last - PAGE + 1 : 0;
	if (rc == RC_OK && has_from) {
		rc = log_number(x->args, PARAM_FROM_INDEX, 0, &x->from, err);
		if (!has_to)
			last = x->from + PAGE - 1;
	}
	if (rc != RC_OK)
		return rc;
	if (x->from > last)
		return err_set(err, RC_USAGE, "--from %lld lies after --to %lld",
			       (long long)x->from, (long long)last);
	/* A program that follows the record asks from where it is: so far there is nothing. */
	if (x->from >= size && x->as_json) {
		x->to = x->from;
		return RC_OK;
	}
	if (x->from >= size) {
		err_hint(err, size == 0 ? "it has none yet" : "the last is %lld",
			 (long long)size - 1);
		return err_set(err, RC_MISSING, "there is no entry %lld", (long long)x->from);
	}
	x->to = last < size ? last + 1 : size;
	return RC_OK;
}

/* --- one entry --- */

static void json_line(struct buf *out, const struct stored_entry *stored)
{
	char leaf[SHA256_HEX + 1];

	hash_hex(&stored->leaf, leaf);
	buf_printf(out, "{\"entry\":%.*s,\"index\":%lld,\"leaf\":\"%s\"}\n",
		   TEXT_ARG(stored->bytes), (long long)stored->index, leaf);
}

/* A person of one's own side by handle; of the other side opaque, as the entry has it. */
static struct text actor_words(const struct showing *x, const struct entry *e)
{
	for (size_t i = 0; i < x->n_users; i++)
		if (text_eq(x->users[i].id, e->actor) && x->users[i].client == x->ws.actor.client)
			return x->users[i].handle;
	return e->actor;
}

static void value_words(const struct canon_doc *doc, const struct canon_node *v, struct buf *out)
{
	switch (v->type) {
	case CANON_TEXT:
		buf_text(out, v->text);
		return;
	case CANON_INT:
		buf_i64(out, v->number);
		return;
	case CANON_BOOL:
		buf_str(out, v->number != 0 ? "yes" : "no");
		return;
	case CANON_ARRAY:
		for (const struct canon_node *c = canon_first(doc, v); c != NULL;
		     c = canon_next(doc, v, c)) {
			if (c != canon_first(doc, v))
				buf_char(out, ',');
			if (c->type == CANON_TEXT)
				buf_text(out, c->text);
			else
				canon_print(doc, (uint32_t)(c - doc->v), out);
		}
		return;
	case CANON_OBJECT:
		canon_print(doc, (uint32_t)(v - doc->v), out);
	}
}

static void members(const struct canon_doc *doc, const struct canon_node *object,
		    const char *between, struct buf *out)
{
	for (const struct canon_node *v = canon_first(doc, object); v != NULL;
	     v = canon_next(doc, object, v)) {
		buf_printf(out, "%s%.*s=", v == canon_first(doc, object) ? "" : between,
			   TEXT_ARG(v->key));
		value_words(doc, v, out);
	}
}

/* One line, whatever the words hold. */
static void one_line(struct buf *out, size_t from)
{
	for (size_t i = from; i < out->n; i++)
		if (out->p[i] == '\n' || out->p[i] == '\t')
			out->p[i] = ' ';
}

static enum rc slot_words(struct showing *x, const struct entry *e, const struct slot *slot,
			  struct buf *out, struct err *err)
{
	struct slot_place place = {e->log, e->id, slot->name, slot->commit};
	struct arena *a = x->entry_arena;
	unsigned char salt[SALT_BYTES];
	struct stored_slot stored;
	struct canon_doc doc;
	struct text bytes;
	instant erased = INSTANT_NONE;
	size_t from = out->n;
	enum rc rc = x->ws.keys == NULL ? RC_OK
					: keys_erased_at(x->ws.keys, slot->subject, &erased, err);

	if (rc != RC_OK)
		return rc;
	if (erased != INSTANT_NONE) {
		buf_str(out, "erased on ");
		day_print(out, zone_day(zone_utc(), erased));
		return RC_OK;
	}
	if (!x->words || x->withheld) {
		buf_str(out, "(kept apart)");
		return RC_OK;
	}
	if (x->covered && health_slot(slot->name)) {
		buf_str(out, "(health data, covered: tenor ticket emergency)");
		return RC_OK;
	}
	if (attachment_slot(e->kind, slot->name)) {
		buf_str(out, "(a file: tenor ticket attachment writes it)");
		return RC_OK;
	}
	rc = record_slot(x->ws.store, a, x->log.id, &e->id, slot->name, &stored, err);
	if (rc == RC_OK)
		rc = keys_open_slot(x->ws.keys, a, slot->subject, &place, stored.nonce,
				    stored.cipher, salt, &bytes, err);
	if (rc == RC_MISSING) {
		err_clear(err);
		buf_str(out, "(erased)");
		return RC_OK;
	}
	if (rc == RC_OK)
		rc = canon_parse(a, NULL, bytes, CANON_STRICT, &CANON_LARGE, &doc, err);
	if (rc != RC_OK)
		return rc;
	if (doc.v[0].n == 1 && canon_first(&doc, doc.v)->type == CANON_TEXT)
		buf_text(out, canon_first(&doc, doc.v)->text);
	else
		members(&doc, doc.v, ", ", out);
	one_line(out, from);
	return RC_OK;
}

static enum rc text_lines(struct showing *x, const struct stored_entry *stored, struct buf *out,
			  struct err *err)
{
	struct canon_doc doc;
	struct entry e;
	size_t from;
	enum rc rc = entry_parse(x->entry_arena, x->scratch, stored->bytes, &e, &doc, err);

	if (rc != RC_OK) {
		err_key(err, text_format(x->ws.arena, "entry %lld", (long long)stored->index));
		return rc;
	}
	buf_printf(out, "%6lld  ", (long long)stored->index);
	instant_print(out, e.recorded_at);
	buf_printf(out, "  %s %.*s  %s  ", e.client ? "client  " : "provider",
		   TEXT_ARG(actor_words(x, &e)), fact_row(e.kind)->kind);
	from = out->n;
	members(&doc, canon_member(&doc, doc.v, "body"), " ", out);
	one_line(out, from);
	buf_str(out, "\n        ");
	uuid_print(out, &e.id);
	if (e.occurred_at != e.recorded_at) {
		buf_str(out, "  happened ");
		instant_print(out, e.occurred_at);
	}
	if (e.corrected) {
		buf_str(out, "  corrects ");
		uuid_print(out, &e.corrects);
	}
	buf_char(out, '\n');
	x->withheld = workspace_client(&x->ws) && entry_is_internal(stored->bytes);
	rc = health_covers(&x->ws, &x->log, &e, &doc, &x->covered, err);
	for (size_t i = 0; rc == RC_OK && i < e.n_slots; i++) {
		buf_printf(out, "        %.*s: ", TEXT_ARG(e.slots[i].name));
		rc = slot_words(x, &e, &e.slots[i], out, err);
		buf_char(out, '\n');
	}
	return rc;
}

/* An auditor sees what was recorded in the period of the grant. */
static enum rc in_period(struct showing *x, const struct stored_entry *stored, bool *shown,
			 struct err *err)
{
	struct canon_doc doc;
	struct entry e;
	enum rc rc;

	if (x->ws.grant == NULL)
		return RC_OK;
	rc = entry_parse(x->entry_arena, x->scratch, stored->bytes, &e, &doc, err);
	*shown = rc == RC_OK && grant_at(&x->ws, e.recorded_at);
	return rc;
}

static enum rc show_entry(void *context, const struct stored_entry *stored, struct err *err)
{
	struct showing *x = context;
	struct app *app = x->ws.app;
	struct buf *out = &x->reply->out;
	bool shown = true;
	enum rc rc = in_period(x, stored, &shown, err);

	if (rc != RC_OK || !shown)
		return rc;
	if (x->as_json)
		json_line(out, stored);
	else
		rc = text_lines(x, stored, out, err);
	/* Long logs: what one entry needed is not kept for all. */
	if (arena_used_bytes(x->entry_arena) > (size_t)16 << 20) {
		arena_free(x->entry_arena);
		x->entry_arena = arena_new((size_t)256 << 20);
		x->scratch = canon_scratch_new(x->entry_arena);
	}
	if (rc == RC_OK && app->flush != NULL && out->n > FLUSH_BYTES)
		rc = app->flush(app->flush_context, out, err);
	return rc;
}

static enum rc show(struct showing *x, struct err *err)
{
	enum rc rc = choose(x, err);

	if (rc == RC_OK)
		rc = record_users(x->ws.store, x->ws.arena, &x->users, &x->n_users, err);
	if (rc != RC_OK)
		return rc;
	x->entry_arena = arena_new((size_t)256 << 20);
	x->scratch = canon_scratch_new(x->entry_arena);
	if (!x->as_json)
		buf_printf(&x->reply->out, "%.*s: entries %lld to %lld of %lld\n",
			   TEXT_ARG(x->log.origin), (long long)x->from, (long long)x->to - 1,
			   (long long)x->log.edge.size);
	rc = record_each(x->ws.store, x->log.id, x->from, x->to, show_entry, x, err);
	arena_free(x->entry_arena);
	return rc;
}

enum rc action_log_show(struct app *app, const struct args *args, struct reply *reply,
			struct err *err)
{
	struct showing *x = arena_one(app->arena, struct showing);
	enum rc rc;

	x->args = args;
	x->reply = reply;
	x->as_json = args_has(args, PARAM_JSON);
	rc = log_open(app, args, false, &x->ws, &x->log, err);
	if (rc != RC_OK)
		return rc;
	x->words = x->ws.keys != NULL && workspace_allows(&x->ws, R_PERSONAL_READ);
	rc = show(x, err);
	workspace_close(&x->ws);
	return rc;
}
