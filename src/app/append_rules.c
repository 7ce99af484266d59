/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What may be recorded only by the right side: a settlement by the one that gives way, facts of a source by whose source it is; and only by
 * whose object it is (trust.md P3).
 */
#include "app/append_parts.h"
#include "app/own_entries.h"

/* --- disputes (sla.md R18, R19) --- */

/* The last one of a fact. */
struct contest {
	struct arena *arena;
	struct canon_scratch *scratch;
	struct text uuid;
	bool found, by_client;
};

static enum rc look_for_contest(void *context, const struct stored_entry *stored, struct err *err)
{
	struct contest *c = context;
	struct canon_doc doc;
	const struct canon_node *body, *about;
	enum rc rc;

	/* Few entries are contests; those that do not name the fact need not be parsed. */
	if (!text_has(stored->bytes, c->uuid))
		return RC_OK;
	rc = canon_parse(c->arena, c->scratch, stored->bytes, CANON_STRICT, &CANON_ENTRY, &doc,
			 err);
	if (rc != RC_OK)
		return rc;
	body = canon_member(&doc, &doc.v[0], "body");
	about = canon_member(&doc, body, "fact");
	if (about == NULL || !text_eq(about->text, c->uuid) ||
	    !text_is(canon_member(&doc, &doc.v[0], "kind")->text, "fact.contested"))
		return RC_OK;
	c->found = true;
	c->by_client = text_is(canon_member(&doc, &doc.v[0], "party")->text, "client");
	return RC_OK;
}

/* One that this call has recorded since the head was read: of the same transaction, and later than all that were found. */
static bool contested_here(struct appending *x, symbol uuid)
{
	for (size_t i = x->from; i < x->to; i++) {
		const struct fact *f = &x->set->v[i];
		const struct appended *r = &x->results[i - x->from];

		if (f->kind == FACT_FACT_CONTESTED && x->judged[i - x->from] &&
		    r->fate == APPENDED && r->index >= x->log->edge.size &&
		    append_named(x, fact_word(f, FIELD_FACT_ID)) == uuid)
			return true;
	}
	return false;
}

enum rc append_settlement(struct appending *x, symbol uuid, struct text outcome,
			  const char **refused, struct err *err)
{
	struct contest c = {.uuid = symbol_text(x->set->symbols, uuid)};
	bool gone = text_is(outcome, "withdrawn");
	enum rc rc;

	*refused = NULL;
	c.arena = arena_new((size_t)1 << 28);
	c.scratch = canon_scratch_new(c.arena);
	rc = record_each(x->ws->store, x->log->id, 0, x->log->edge.size, look_for_contest, &c, err);
	arena_free(c.arena);
	if (rc != RC_OK)
		return rc;
	if (contested_here(x, uuid)) {
		c.found = true;
		c.by_client = x->ws->actor.client;
	}
	if (!c.found)
		*refused = "nobody contests this fact, so there is nothing to settle; a fact that "
			   "waits is accepted with fact.accepted";
	else if ((x->ws->actor.client != c.by_client) != gone)
		*refused = gone ? "it is taken back by the side that did not contest it"
				: "it is let stand by the side that contested it";
	return RC_OK;
}

/* --- sources (sla.md R17: the measuring system's word counts) --- */

enum rc append_sources(struct appending *x, struct err *err)
{
	struct own_entry *read;
	size_t n;
	enum rc rc =
		own_entries(x->ws, x->log, FACT_SOURCE_READ, x->log->edge.size, &read, &n, err);

	for (size_t i = 0; rc == RC_OK && i < n; i++) {
		struct text theirs = own_entry_text(&read[i], "source");

		if (read[i].entry.client == x->ws->actor.client)
			continue;
		for (size_t k = 0; k < x->set->n_sources; k++) {
			struct text name = x->set->sources[k].name;

			if (name.n == 0 || !text_eq(theirs, name))
				continue;
			err_code(err, "source.other_party");
			err_hint(err, "name it otherwise with --source NAME");
			return err_set(err, RC_INVALID, "the source '%.*s' is the %s's",
				       TEXT_ARG(name),
				       read[i].entry.client ? "client" : "provider");
		}
	}
	return rc;
}

/* --- own objects only (trust.md P3) --- */

static bool opened_here(const struct appending *x, symbol ticket)
{
	for (size_t i = x->from; i < x->to; i++)
		if (x->set->v[i].kind == FACT_TICKET_LOGGED &&
		    fact_word(&x->set->v[i], FIELD_TICKET) == ticket)
			return true;
	return false;
}

enum rc append_own_ticket(const struct appending *x, const struct fact *f, enum permission right,
			  struct err *err)
{
	symbol ticket = fact_word(f, FIELD_TICKET);
	struct text id = symbol_text(x->set->symbols, ticket);

	if (!x->own.limited || !own_only(x->ws, right))
		return RC_OK;
	if (ticket == 0 &&
	    (right == R_TICKET_WRITE || fact_word(f, FIELD_FACT_ID) != 0 || f->corrects != 0))
		return RC_OK; /* about no ticket; or about a fact, which append_own_target judges */
	if (ticket == 0) {
		err_code(err, "right");
		return err_set(err, RC_INVALID,
			       "'%.*s' has the right %s for tickets of its own only",
			       TEXT_ARG(x->ws->actor.handle), right_word(right));
	}
	if (own_has(&x->own, id) || (!own_is_other(&x->own, id) && opened_here(x, ticket)))
		return RC_OK;
	if (f->kind == FACT_TICKET_LOGGED)
		return err_set(err, RC_INVALID,
			       "a ticket '%.*s' cannot be opened; choose another id", TEXT_ARG(id));
	return err_set(err, RC_INVALID, "there is no ticket '%.*s' that '%.*s' opened",
		       TEXT_ARG(id), TEXT_ARG(x->ws->actor.handle));
}

bool append_own_target(const struct appending *x, const struct entry *e,
		       const struct canon_doc *doc, enum permission right)
{
	const struct canon_node *ticket;

	if (!own_only(x->ws, right))
		return true;
	if (right == R_CORRECT)
		return text_eq(e->actor, x->ws->actor.id);
	ticket = canon_member(doc, canon_member(doc, &doc->v[0], "body"), "ticket");
	return ticket != NULL && own_has(&x->own, ticket->text);
}
