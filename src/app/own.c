/* SPDX-License-Identifier: Apache-2.0 */
#include "app/own.h"

#include "app/own_entries.h"

#include <stdlib.h>

bool own_only(const struct workspace *ws, enum permission right)
{
	return roles_own_only(ws->roles, right);
}

struct opened {
	struct text ticket;
	int64_t index;
	size_t order; /* among the facts: the first that opened it counts */
};

static int by_ticket(const void *x, const void *y)
{
	const struct opened *a = x, *b = y;
	int order = text_cmp(a->ticket, b->ticket);

	return order != 0 ? order : (a->order > b->order) - (a->order < b->order);
}

/* Each ticket once, with the entry that opened it. */
static size_t first_opened(struct arena *a, const struct recalled *r, struct opened **out)
{
	size_t n = 0, cap = 0, kept = 0;
	struct opened *v = NULL;

	for (size_t i = 0; i < r->facts->n; i++) {
		const struct fact *f = &r->facts->v[i];
		symbol ticket = f->kind == FACT_TICKET_LOGGED ? fact_word(f, FIELD_TICKET) : 0;

		/* a corrected report still has its first reporter */
		if (ticket == 0)
			continue;
		v = arena_grow(a, v, n, &cap, sizeof(*v));
		v[n++] = (struct opened){symbol_text(r->facts->symbols, ticket),
					 r->fact_index == NULL ? (int64_t)i : r->fact_index[i], i};
	}
	if (n > 1)
		qsort(v, n, sizeof(*v), by_ticket);
	for (size_t i = 0; i < n; i++)
		if (kept == 0 || text_cmp(v[kept - 1].ticket, v[i].ticket) != 0)
			v[kept++] = v[i];
	*out = v;
	return kept;
}

static enum rc opened_by_me(struct workspace *ws, const struct log_head *log, int64_t index,
			    bool *mine, struct err *err)
{
	struct own_entry e;
	enum rc rc = own_entry_read(ws, log, index, &e, err);

	if (rc == RC_OK)
		*mine = text_eq(e.entry.actor, ws->actor.id);
	return rc;
}

enum rc own_tickets(struct workspace *ws, enum permission right, const struct recalled *r,
		    struct own_tickets *out, struct err *err)
{
	struct opened *v = NULL;
	size_t n;
	enum rc rc = RC_OK;

	*out = (struct own_tickets){.limited = own_only(ws, right)};
	if (!out->limited)
		return RC_OK;
	n = first_opened(ws->arena, r, &v);
	out->mine = arena_array(ws->arena, struct text, n + 1);
	out->others = arena_array(ws->arena, struct text, n + 1);
	for (size_t i = 0; rc == RC_OK && i < n; i++) {
		bool mine = false;

		rc = opened_by_me(ws, &r->log, v[i].index, &mine, err);
		if (mine)
			out->mine[out->n_mine++] = v[i].ticket;
		else
			out->others[out->n_others++] = v[i].ticket;
	}
	return rc;
}

enum rc own_tickets_of(struct workspace *ws, enum permission right, const struct log_head *log,
		       struct own_tickets *out, struct err *err)
{
	struct recall_options options = {-1, INSTANT_MAX, PACK_IDS_FEW};
	struct recalled r;
	enum rc rc;

	*out = (struct own_tickets){.limited = own_only(ws, right)};
	if (!out->limited)
		return RC_OK;
	rc = recall(ws, log, &options, &r, err);
	return rc == RC_OK ? own_tickets(ws, right, &r, out, err) : rc;
}

static int cmp_text(const void *x, const void *y)
{
	return text_cmp(*(const struct text *)x, *(const struct text *)y);
}

static bool is_in(struct text ticket, const struct text *v, size_t n)
{
	return n > 0 && bsearch(&ticket, v, n, sizeof(*v), cmp_text) != NULL;
}

bool own_has(const struct own_tickets *o, struct text ticket)
{
	return !o->limited || is_in(ticket, o->mine, o->n_mine);
}

bool own_is_other(const struct own_tickets *o, struct text ticket)
{
	return o->limited && is_in(ticket, o->others, o->n_others);
}

enum rc own_fact(struct workspace *ws, const struct log_head *log, const struct uuid *id,
		 enum own_fate *out, struct err *err)
{
	const struct canon_node *ticket;
	struct stored_entry stored;
	struct own_tickets own;
	struct canon_doc doc;
	struct entry e;
	enum rc rc = record_entry_of_id(ws->store, ws->arena, log->id, id, &stored, err);

	if (rc == RC_OK)
		rc = entry_parse(ws->arena, NULL, stored.bytes, &e, &doc, err);
	if (rc != RC_OK)
		return rc;
	*out = text_eq(e.actor, ws->actor.id) ? OWN_MINE : OWN_SEEN;
	if (*out == OWN_MINE || !own_only(ws, R_TICKET_READ))
		return RC_OK;
	rc = own_tickets_of(ws, R_TICKET_READ, log, &own, err);
	ticket = canon_member(&doc, canon_member(&doc, &doc.v[0], "body"), "ticket");
	if (rc == RC_OK && (ticket == NULL || !own_has(&own, ticket->text)))
		*out = OWN_UNSEEN;
	return rc;
}
