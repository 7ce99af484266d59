/* SPDX-License-Identifier: Apache-2.0 */
#include "app/tickets_gather.h"

#include <stdlib.h>

/* --- lists of entries --- */

void entry_list_add(struct arena *a, struct entry_list *l, const int64_t *v, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		l->v = arena_grow(a, l->v, l->n, &l->cap, sizeof(*l->v));
		l->v[l->n++] = v[i];
	}
}

static int by_index(const void *x, const void *y)
{
	int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;

	return (a > b) - (a < b);
}

void entry_list_sort(struct entry_list *l)
{
	size_t n = 0;

	if (l->n > 1)
		qsort(l->v, l->n, sizeof(*l->v), by_index);
	for (size_t i = 0; i < l->n; i++)
		if (n == 0 || l->v[n - 1] != l->v[i])
			l->v[n++] = l->v[i];
	l->n = n;
}

/* Steps from one to the next, seven bits a byte, the low ones first. */
void entry_list_pack(const struct entry_list *l, struct buf *out)
{
	int64_t before = 0;

	for (size_t i = 0; i < l->n; i++) {
		uint64_t step = (uint64_t)(l->v[i] - before);

		for (; step >= 0x80; step >>= 7)
			buf_char(out, (char)(unsigned char)(0x80 | (step & 0x7f)));
		buf_char(out, (char)(unsigned char)step);
		before = l->v[i];
	}
}

enum rc entry_list_unpack(struct arena *a, struct entry_list *l, struct text bytes, struct err *err)
{
	uint64_t step = 0;
	unsigned shift = 0;
	int64_t at = 0;

	for (size_t i = 0; i < bytes.n; i++) {
		unsigned char c = (unsigned char)bytes.p[i];

		if (shift > 35)
			break;
		step |= (uint64_t)(c & 0x7f) << shift;
		shift += 7;
		if ((c & 0x80) != 0)
			continue;
		at += (int64_t)step;
		entry_list_add(a, l, &at, 1);
		step = 0;
		shift = 0;
	}
	if (shift == 0)
		return RC_OK;
	err_hint(err, "make the derived tables anew: tenor rebuild");
	return err_set(err, RC_INVALID, "the table of tickets is damaged");
}

/* --- tickets --- */

void gather_init(struct gather *g, struct workspace *ws, const struct log_head *log)
{
	*g = (struct gather){.ws = ws, .log = log, .ids = symbols_new(ws->arena)};
}

struct text gather_id(const struct gather *g, uint32_t t)
{
	return symbol_text(g->ids, t);
}

static uint32_t ticket_of(struct gather *g, struct text id)
{
	symbol y = symbol_add(g->ids, id);

	while (g->n <= y) {
		g->v = arena_grow(g->ws->arena, g->v, g->n, &g->cap, sizeof(*g->v));
		g->v[g->n] = (struct gathered){.group = (uint32_t)g->n};
		g->n++;
	}
	return y;
}

uint32_t gather_leader(const struct gather *g, uint32_t t)
{
	while (g->v[t].group != t)
		t = g->v[t].group;
	return t;
}

static void link_tickets(struct gather *g, uint32_t x, uint32_t y)
{
	uint32_t a = gather_leader(g, x), b = gather_leader(g, y);

	if (a < b)
		g->v[b].group = a;
	else
		g->v[a].group = b;
}

static bool is_act(unsigned kind)
{
	return kind == FACT_FACT_ACCEPTED || kind == FACT_FACT_CONTESTED ||
	       kind == FACT_DISPUTE_SETTLED || kind == FACT_FACT_WITHDRAWN ||
	       kind == FACT_CORRECTION_APPROVED;
}

static bool of_ticket(unsigned kind)
{
	const struct fact_row *row = fact_row((enum fact_kind)kind);

	return !row->record && row->subject == FIELD_TICKET;
}

/* What no clock of a ticket, and nothing that is told of one, looks at: money and counts, what is measured of assets. */
static bool says_nothing(unsigned kind)
{
	if (fact_row((enum fact_kind)kind)->record)
		return kind != FACT_SOURCE_READ && !is_act(kind);
	return (kind >= FACT_UNITS_LISTED && kind <= FACT_SAVING_STATED) ||
	       (kind >= FACT_OUTAGE_BEGAN && kind <= FACT_REQUESTS_COUNTED) ||
	       kind == FACT_PATCH_RELEASED || kind == FACT_PATCH_INSTALLED ||
	       kind == FACT_SURVEY_ANSWERED;
}

/* The fact that an id names: of the set, or an entry of the log. NULL: there is none. */
static enum rc named_fact(struct gather *g, const struct facts *set, symbol id,
			  const struct facts **of, const struct fact **out, struct err *err)
{
	struct facts *alone;
	struct stored_entry stored;
	struct canon_doc doc;
	struct entry e;
	struct uuid u;
	enum rc rc;

	*of = set;
	*out = facts_find(set, id);
	if (*out != NULL || !uuid_parse(symbol_text(set->symbols, id), &u))
		return RC_OK;
	rc = record_entry_of_id(g->ws->store, g->ws->arena, g->log->id, &u, &stored, err);
	if (rc == RC_MISSING) {
		err_clear(err);
		return RC_OK;
	}
	alone = facts_new(g->ws->arena);
	if (rc == RC_OK)
		rc = entry_parse(g->ws->arena, NULL, stored.bytes, &e, &doc, err);
	if (rc == RC_OK)
		rc = fact_reader_add(fact_reader_new(g->ws->arena, alone, NULL), &e, &doc, err);
	if (rc != RC_OK)
		return rc;
	*of = alone;
	*out = &alone->v[0];
	return RC_OK;
}

enum rc gather_named(struct gather *g, const struct facts *set, symbol word, struct err *err)
{
	const struct fact *named = NULL;
	const struct facts *of;
	enum rc rc = named_fact(g, set, word, &of, &named, err);

	if (rc == RC_OK && named == NULL)
		(void)ticket_of(g, symbol_text(set->symbols, word));
	if (rc == RC_OK && named != NULL && of_ticket(named->kind))
		(void)ticket_of(g, symbol_text(of->symbols, named->subject));
	return rc;
}

/* An act about a fact of a ticket, or an act about such an act, and so on: the ticket has to be looked at. */
static enum rc take_act(struct gather *g, const struct facts *set, const struct fact *f,
			struct err *err)
{
	enum { DEPTH = 8 };

	for (int i = 0; i < DEPTH; i++) {
		const struct fact *named = NULL;
		enum rc rc = named_fact(g, set, fact_word(f, FIELD_FACT_ID), &set, &named, err);

		if (rc != RC_OK || named == NULL)
			return rc;
		f = named;
		if (of_ticket(f->kind))
			(void)ticket_of(g, symbol_text(set->symbols, f->subject));
		g->all = g->all || f->kind == FACT_CALENDAR_EXCEPTION;
		if (!is_act(f->kind))
			return RC_OK;
	}
	g->all = true;
	return RC_OK;
}

static enum rc take_ticket(struct gather *g, const struct facts *set, const struct fact *f,
			   int64_t index, struct err *err)
{
	uint32_t t = ticket_of(g, symbol_text(set->symbols, f->subject));
	symbol into = fact_word(f, FIELD_INTO);
	const struct fact *wrong = NULL;
	const struct facts *of;
	enum rc rc = RC_OK;

	entry_list_add(g->ws->arena, &g->v[t].entries, &index, 1);
	if (into != 0)
		link_tickets(g, t, ticket_of(g, symbol_text(set->symbols, into)));
	if (f->corrects != 0)
		rc = named_fact(g, set, f->corrects, &of, &wrong, err);
	if (rc == RC_OK && wrong != NULL && of_ticket(wrong->kind))
		link_tickets(g, t, ticket_of(g, symbol_text(of->symbols, wrong->subject)));
	return rc;
}

static enum rc take(struct gather *g, const struct facts *set, const struct fact *f, int64_t index,
		    struct err *err)
{
	symbol ticket;

	if (of_ticket(f->kind) && f->subject != 0)
		return take_ticket(g, set, f, index, err);
	if (f->kind == FACT_VERSION_AGREED || f->kind == FACT_INPUT_PINNED ||
	    f->kind == FACT_CALENDAR_EXCEPTION)
		g->all = true;
	/* What else its page tells. */
	ticket = f->kind == FACT_WORK_RECORDED || f->kind == FACT_TICKET_ATTACHED
			 ? fact_word(f, FIELD_TICKET)
			 : 0;
	if (ticket != 0) {
		uint32_t t = ticket_of(g, symbol_text(set->symbols, ticket)); /* may move g->v */

		entry_list_add(g->ws->arena, &g->v[t].entries, &index, 1);
	}
	if (says_nothing(f->kind))
		return RC_OK;
	entry_list_add(g->ws->arena, &g->rest, &index, 1);
	for (size_t i = 0; i < f->n_values; i++)
		if (f->values[i].field == FIELD_TICKETS)
			(void)ticket_of(g, symbol_text(set->symbols, f->values[i].word));
	return is_act(f->kind) ? take_act(g, set, f, err) : RC_OK;
}

enum rc gather_facts(struct gather *g, const struct recalled *r, struct err *err)
{
	enum rc rc = RC_OK;

	for (size_t i = 0; rc == RC_OK && i < r->facts->n; i++)
		rc = take(g, r->facts, &r->facts->v[i],
			  r->fact_index == NULL ? (int64_t)i : r->fact_index[i], err);
	return rc;
}

enum rc gather_range(struct gather *g, const struct recalled *versions, int64_t from, int64_t to,
		     struct err *err)
{
	int64_t *v = arena_array(g->ws->arena, int64_t, (size_t)(to - from));
	struct recalled some = *versions;
	enum rc rc;

	for (int64_t i = from; i < to; i++)
		v[i - from] = i;
	rc = recall_some(g->ws, v, (size_t)(to - from), &some, err);
	return rc == RC_OK ? gather_facts(g, &some, err) : rc;
}

/* --- with what the table has --- */

static enum rc load_row(struct gather *g, uint32_t t, struct entry_list *news, struct err *err)
{
	struct gathered *x = &g->v[t];
	enum rc rc;

	if (x->loaded)
		return RC_OK;
	rc = record_ticket(g->ws->store, g->ws->arena, g->log->id, gather_id(g, t), &x->row, err);
	x->loaded = true;
	x->stored = rc == RC_OK;
	if (rc == RC_MISSING)
		return RC_OK;
	return rc == RC_OK ? entry_list_unpack(g->ws->arena, news, x->row.entries, err) : rc;
}

enum rc gather_stored(struct gather *g, const struct recalled *versions, struct err *err)
{
	bool all = g->all;
	size_t before = 1;
	enum rc rc = RC_OK;

	/* reading may bring in others of the group, whose entries are the same */
	while (rc == RC_OK && before < g->n) {
		struct entry_list news = {NULL, 0, 0};
		struct recalled some = *versions;
		size_t rest = g->rest.n;

		for (size_t end = g->n; rc == RC_OK && before < end; before++)
			rc = load_row(g, (uint32_t)before, &news, err);
		entry_list_sort(&news);
		if (rc == RC_OK && news.n > 0)
			rc = recall_some(g->ws, news.v, news.n, &some, err);
		if (rc == RC_OK && news.n > 0)
			rc = gather_facts(g, &some, err);
		g->rest.n = rest;
	}
	g->all = all;
	return rc;
}

void gather_groups(struct gather *g)
{
	struct arena *a = g->ws->arena;

	for (uint32_t t = 1; t < g->n; t++) {
		uint32_t of = gather_leader(g, t);

		if (of != t)
			entry_list_add(a, &g->v[of].entries, g->v[t].entries.v, g->v[t].entries.n);
	}
	for (uint32_t t = 1; t < g->n; t++) {
		uint32_t of = gather_leader(g, t);

		if (of == t)
			entry_list_sort(&g->v[t].entries);
	}
	for (uint32_t t = 1; t < g->n; t++)
		g->v[t].entries = g->v[gather_leader(g, t)].entries;
}
