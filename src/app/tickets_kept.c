/* SPDX-License-Identifier: Apache-2.0 */
#include "app/tickets_kept.h"

#include "app/own_entries.h"
#include "app/tickets_over.h"
#include "app/tickets_past.h"
#include "app/values.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * What one entry read by itself costs, in entries read from packs and evaluated with all others: where more than one in so many would be
 * read, reading them all is less work.
 */
enum { ALONE_COSTS = 16, ENTRIES_BLOB_MAX = 64 << 20 };
/*
 * The memory of one request is limited (trust.md X2): it brings the table on in small steps and never makes it whole, but of a log that
 * any page reads whole. What it leaves behind, tickets_tidy makes up for, ASIDE_ROWS in a transaction, and every import by command line.
 */
enum { SERVED_STEP = 512, SERVED_ALONE_MAX = 8192, SERVED_WHOLE_MAX = 16384, ASIDE_ROWS = 2048 };

/* --- from an evaluation to rows --- */

enum rc making_work_out(struct making *m, const struct past *past, struct err *err)
{
	struct workspace *ws = m->g->ws;
	const struct promise *p = m->r->versions[m->r->n_versions - 1].promise;
	const struct facts *set = m->r->facts;
	struct evaluation in;
	enum rc rc;

	recall_evaluation(m->r, ws->arena, value_month_of(p->zone, ws->now), ws->now, ws->now, &in);
	in.past = past;
	rc = evaluate(ws->arena, &in, &m->o, err);
	if (rc != RC_OK)
		return rc;
	desk_make(ws->arena, m->o, &m->desk);
	m->of = arena_array(ws->arena, uint32_t, symbols_count(set->symbols));
	m->named = arena_array(ws->arena, bool, symbols_count(set->symbols));
	for (size_t i = 0; i < m->desk.n; i++)
		m->of[m->desk.v[i].id] = (uint32_t)i + 1;
	for (size_t i = 0; i < set->n; i++)
		for (size_t k = 0; k < set->v[i].n_values; k++)
			if (set->v[i].values[k].field == FIELD_TICKETS)
				m->named[set->v[i].values[k].word] = true;
	return RC_OK;
}

const struct fact *making_fact(const struct recalled *r, int64_t index)
{
	const int64_t *found;

	if (r->fact_index == NULL)
		return index < (int64_t)r->facts->n ? &r->facts->v[index] : NULL;
	for (size_t low = 0, high = r->facts->n; low < high;) {
		size_t middle = low + (high - low) / 2;

		found = &r->fact_index[middle];
		if (*found == index)
			return &r->facts->v[middle];
		if (*found < index)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

/* Does something that is still to come, or that people still decide, hang on one of its facts? */
static bool unsettled(const struct making *m, const struct entry_list *entries)
{
	const struct view *v = m->o->view;

	for (size_t i = 0; i < entries->n; i++) {
		const struct fact *f = making_fact(m->r, entries->v[i]);
		uint32_t k;

		if (f == NULL)
			return true;
		k = f->order;
		if (f->occurred_at > m->r->last_recorded_at || f->occurred_at > v->as_of ||
		    (v->flags[k] & (FLAG_PENDING | FLAG_CONTRADICTING)) != 0 ||
		    v->contested[k] != 0 || v->accepted[k] != 0 || v->waits[k] != 0 ||
		    v->outweighed_by[k] != NO_FACT)
			return true;
	}
	return false;
}

/* Who opened it: of its first report, corrected or not. */
static enum rc opener_of(const struct making *m, const struct entry_list *entries, symbol id,
			 struct text *out, struct err *err)
{
	struct own_entry e;

	*out = text_of("");
	for (size_t i = 0; i < entries->n; i++) {
		const struct fact *f = making_fact(m->r, entries->v[i]);
		enum rc rc;

		if (f == NULL || f->kind != FACT_TICKET_LOGGED || f->subject != id)
			continue;
		rc = own_entry_read(m->g->ws, m->g->log, entries->v[i], &e, err);
		if (rc == RC_OK)
			*out = e.entry.actor;
		return rc;
	}
	return RC_OK;
}

static void put_over(const struct making *m, const struct desk_ticket *t, struct stored_ticket *row)
{
	const struct promise *p = outcome_promise(m->o, t->version);
	const struct symbols *words = m->r->facts->symbols;

	row->live = false;
	row->missed = t->missed;
	row->logged = t->logged;
	row->state = (int64_t)t->state;
	row->rank = t->priority < 0 ? RANK_NONE : t->priority;
	if (t->priority >= 0)
		row->priority = p->priorities[t->priority].id;
	if (t->service >= 0)
		row->service = p->services[t->service].id;
	if (t->technician != 0)
		row->technician = symbol_text(words, t->technician);
}

const struct desk_ticket *making_ticket(const struct making *m, uint32_t t)
{
	symbol id = symbol_find(m->r->facts->symbols, gather_id(m->g, t));

	return id == 0 || m->of[id] == 0 ? NULL : &m->desk.v[m->of[id] - 1];
}

bool making_over(const struct making *m, uint32_t t)
{
	const struct desk_ticket *d = making_ticket(m, t);

	return d != NULL && !d->open && d->next == UINT32_MAX && !m->named[d->id] &&
	       !unsettled(m, &m->g->v[t].entries);
}

static enum rc row_of(struct making *m, uint32_t t, struct stored_ticket *row, struct err *err)
{
	const struct gathered *x = &m->g->v[t];
	const struct desk_ticket *d = making_ticket(m, t);

	buf_clear(&m->bytes);
	entry_list_pack(&x->entries, &m->bytes);
	*row = (struct stored_ticket){.ticket = gather_id(m->g, t),
				      .entries = buf_view(&m->bytes),
				      .live = true,
				      .rank = RANK_NONE,
				      .priority = text_of(""),
				      .service = text_of(""),
				      .technician = text_of(""),
				      .opener = text_of("")};
	if (!making_over(m, t))
		return RC_OK;
	put_over(m, d, row);
	return opener_of(m, &x->entries, d->id, &row->opener, err);
}

/* And how many there are then. */
static enum rc put_rows(struct making *m, struct err *err)
{
	struct count_tally tally;
	enum rc rc = RC_OK;

	count_tally_init(&tally, m->g->ws->arena);
	for (uint32_t t = 1; rc == RC_OK && t < m->g->n; t++) {
		struct stored_ticket row;

		if (m->g->v[t].entries.n == 0)
			continue;
		rc = row_of(m, t, &row, err);
		if (rc == RC_OK && m->g->v[t].stored)
			count_tally_add(&tally, &m->g->v[t].row, -1);
		count_tally_add(&tally, &row, 1);
		if (rc == RC_OK)
			rc = record_ticket_put(m->g->ws->store, m->g->log->id, &row, err);
	}
	if (rc == RC_OK)
		rc = count_tally_write(&tally, m->g->ws, m->g->log->id, err);
	count_tally_free(&tally);
	return rc;
}

static enum rc put_size(struct making *m, int64_t size, struct err *err)
{
	entry_list_sort(&m->g->rest);
	buf_clear(&m->bytes);
	entry_list_pack(&m->g->rest, &m->bytes);
	return record_tickets_size_put(m->g->ws->store, m->g->log->id,
				       &(const struct stored_tickets){size, buf_view(&m->bytes)},
				       err);
}

/* --- the whole table --- */

static enum rc make_all(struct making *m, struct gather *g, struct recalled *r, int64_t size,
			struct err *err)
{
	struct recall_options options = {size, INSTANT_MAX, PACK_IDS_FEW};
	enum rc rc = recall(g->ws, g->log, &options, r, err);

	if (rc == RC_OK)
		rc = gather_facts(g, r, err);
	if (rc != RC_OK)
		return rc;
	gather_groups(g);
	m->g = g;
	m->r = r;
	return making_work_out(m, NULL, err);
}

static enum rc keep_all(struct making *m, struct gather *g, int64_t before, struct err *err)
{
	struct workspace *ws = g->ws;
	struct stored_tickets now;
	struct recalled r;
	enum rc rc = make_all(m, g, &r, g->log->edge.size, err);

	if (rc == RC_OK)
		rc = store_begin(ws->store, err);
	if (rc != RC_OK)
		return rc;
	rc = record_tickets_size(ws->store, ws->arena, g->log->id, &now, err);
	if (rc == RC_OK && now.size != before) { /* somebody else has done it meanwhile */
		store_rollback(ws->store);
		return RC_OK;
	}
	if (rc == RC_OK)
		rc = record_tickets_drop(ws->store, g->log->id, err);
	if (rc == RC_OK)
		rc = put_rows(m, err);
	if (rc == RC_OK)
		rc = put_size(m, r.size, err);
	if (rc == RC_OK)
		rc = store_commit(ws->store, err);
	if (rc != RC_OK)
		workspace_rollback(ws);
	return rc;
}

/* --- what came since --- */

/* All entries that the gathered tickets follow from, and the rest. */
static void needed(struct gather *g, struct entry_list *out)
{
	for (uint32_t t = 1; t < g->n; t++)
		entry_list_add(g->ws->arena, out, g->v[t].entries.v, g->v[t].entries.n);
	entry_list_add(g->ws->arena, out, g->rest.v, g->rest.n);
	entry_list_sort(out);
}

static bool worth_it(const struct workspace *ws, size_t alone, int64_t size)
{
	return (int64_t)alone < size / ALONE_COSTS &&
	       (ws->app->served == NULL || alone <= SERVED_ALONE_MAX);
}

/* Up to entry `to`. *whole: it is not to be had so; nothing was written. */
static enum rc keep_since(struct making *m, struct gather *g, const struct stored_tickets *have,
			  int64_t to, bool *whole, struct err *err)
{
	struct workspace *ws = g->ws;
	struct entry_list all = {NULL, 0, 0};
	struct recalled *r = arena_one(ws->arena, struct recalled);
	enum rc rc = recall_versions(ws, g->log, INSTANT_MAX, r, err);

	if (rc == RC_OK)
		rc = entry_list_unpack(ws->arena, &g->rest, have->rest, err);
	if (rc == RC_OK)
		rc = gather_range(g, r, have->size, to, err);
	if (rc == RC_OK && have->size > 0)
		rc = tickets_past_touch(g, r, have->size, to, err);
	if (rc == RC_OK && (!g->all || have->size == 0))
		rc = gather_stored(g, r, err);
	if (rc != RC_OK)
		return rc;
	gather_groups(g);
	needed(g, &all);
	*whole = (g->all && have->size > 0) ||
		 (ws->app->served == NULL ? !worth_it(ws, all.n, g->log->edge.size)
					  : all.n > SERVED_ALONE_MAX);
	if (*whole)
		return RC_OK;
	rc = recall_some(ws, all.v, all.n, r, err);
	m->g = g;
	m->r = r;
	if (rc == RC_OK)
		rc = making_work_out(m, NULL, err);
	if (rc == RC_OK)
		rc = put_rows(m, err);
	return rc == RC_OK ? put_size(m, to, err) : rc;
}

static enum rc keep_more(struct making *m, struct gather *g, const struct stored_tickets *have,
			 int64_t to, bool *whole, struct err *err)
{
	struct workspace *ws = g->ws;
	struct stored_tickets now;
	enum rc rc = store_begin(ws->store, err);

	if (rc != RC_OK)
		return rc;
	rc = record_tickets_size(ws->store, ws->arena, g->log->id, &now, err);
	if (rc == RC_OK && now.size == have->size)
		rc = keep_since(m, g, &now, to, whole, err);
	if (rc == RC_OK && !*whole)
		rc = store_commit(ws->store, err);
	else
		store_rollback(ws->store);
	if (rc != RC_OK)
		workspace_rollback(ws);
	return rc;
}

static enum rc keep_in(struct workspace *ws, const struct log_head *log,
		       const struct stored_tickets *have, int64_t to, bool *whole, struct err *err)
{
	struct making m = {.g = NULL};
	struct gather g;
	enum rc rc = RC_OK;

	buf_init(&m.bytes, ENTRIES_BLOB_MAX);
	gather_init(&g, ws, log);
	if (!*whole)
		rc = keep_more(&m, &g, have, to, whole, err);
	if (rc == RC_OK && *whole &&
	    (ws->app->served == NULL || log->edge.size <= SERVED_WHOLE_MAX)) {
		gather_init(&g, ws, log);
		rc = keep_all(&m, &g, have->size, err);
	}
	buf_free(&m.bytes);
	return rc;
}

/* One step, in memory of its own. */
static enum rc keep_step(struct workspace *ws, const struct log_head *log,
			 const struct stored_tickets *have, int64_t to, bool *whole,
			 struct err *err)
{
	struct workspace scratch = *ws;
	enum rc rc;

	scratch.arena = arena_like(ws->arena);
	rc = keep_in(&scratch, log, have, to, whole, err);
	arena_free(scratch.arena);
	return rc;
}

static enum rc keep_steps(struct workspace *ws, const struct log_head *log,
			  struct stored_tickets have, struct err *err)
{
	bool served = ws->app->served != NULL, whole = false;
	enum rc rc = RC_OK;

	while (rc == RC_OK && !whole && have.size < log->edge.size) {
		int64_t to = log->edge.size;

		whole = !served && have.size == 0;
		if (served && to - have.size > SERVED_STEP)
			to = have.size + SERVED_STEP;
		rc = keep_step(ws, log, &have, to, &whole, err);
		have.size = to;
	}
	return rc;
}

/* Another version, or another table that it rests on: nobody can read from the rows until they are made again. */
static enum rc turned(struct workspace *ws, int64_t log, int64_t size, bool *out, struct err *err)
{
	static const enum fact_kind kinds[] = {FACT_VERSION_AGREED, FACT_INPUT_PINNED};
	enum rc rc = RC_OK;

	*out = false;
	for (size_t i = 0; rc == RC_OK && i < ARRAY_SIZE(kinds); i++) {
		int64_t *marks = NULL;
		size_t n = 0;

		rc = record_marks(ws->store, ws->arena, log, (int)kinds[i], &marks, &n, err);
		*out = *out || (rc == RC_OK && n > 0 && marks[n - 1] >= size);
	}
	return rc;
}

enum rc tickets_keep(struct workspace *ws, const struct log_head *before, struct err *err)
{
	struct stored_tickets have = {.size = 0};
	struct log_head log;
	bool again = false;
	enum rc rc;

	if (before->kind != LOG_ENGAGEMENT)
		return RC_OK;
	rc = record_log_of_uuid(ws->store, ws->arena, &before->uuid, &log, err);
	if (rc == RC_OK)
		rc = record_tickets_size(ws->store, ws->arena, log.id, &have, err);
	if (rc == RC_OK && have.size > 0)
		rc = turned(ws, log.id, have.size, &again, err);
	if (rc != RC_OK || (!again && log.edge.size - have.size < TICKETS_RUN))
		return rc;
	if (ws->app->served != NULL && have.size == 0 && log.edge.size > SERVED_WHOLE_MAX)
		return RC_OK; /* tickets_tidy makes it, or is about to */
	rc = keep_steps(ws, &log, have, err);
	/* As the whole table: only where there is memory for it. */
	if (rc == RC_OK && ws->app->served == NULL)
		rc = tickets_past_keep(ws, &log, err);
	if (rc == RC_MISSING) { /* no version was agreed yet */
		err_clear(err);
		return RC_OK;
	}
	return rc;
}

/* --- the whole table, beside those who write --- */

struct aside_key {
	char text[32];
};

/*
 * Worked out from one reading, then put where it differs from what is there, some rows at a time. Meanwhile the log has no table. Who makes
 * it says so in the file: how many entries were read, and a word of its own. Somebody who has read as many or more may take its place;
 * the former finds another word then, and ends.
 */
struct aside {
	struct making m;
	struct gather g;
	struct recalled r;
	struct aside_key key; /* of what is said in the file */
	struct text said;
};

static struct aside_key aside_key(int64_t log)
{
	struct aside_key key;

	(void)snprintf(key.text, sizeof(key.text), "tickets %lld", (long long)log);
	return key;
}

/* Who is said to be making it; empty: nobody. */
static enum rc said_in(struct workspace *ws, const struct aside_key *key, struct text *out,
		       struct err *err)
{
	enum rc rc = record_meta(ws->store, ws->arena, key->text, out, err);

	if (rc == RC_MISSING) {
		err_clear(err);
		*out = text_of("");
		rc = RC_OK;
	}
	return rc;
}

enum rc tickets_dropped(struct workspace *ws, int64_t log, struct err *err)
{
	struct aside_key key = aside_key(log);
	struct text said;
	enum rc rc = said_in(ws, &key, &said, err);

	return rc == RC_OK && said.n > 0 ? record_meta_put(ws->store, key.text, text_of(""), err)
					 : rc;
}

/* In a transaction: does the table have these entries, and is this the one who says that it is being made? */
static enum rc still_there(const struct aside *x, int64_t size, struct text said, bool *out,
			   struct err *err)
{
	struct workspace *ws = x->g.ws;
	struct stored_tickets now;
	struct text told, others;
	int64_t read = 0;
	enum rc rc = record_tickets_size(ws->store, ws->arena, x->g.log->id, &now, err);

	if (rc == RC_OK)
		rc = said_in(ws, &x->key, &told, err);
	if (rc != RC_OK)
		return rc;
	*out = now.size == size;
	(void)text_cut(told, ' ', &others);
	if (said.n > 0)
		*out = *out && text_eq(told, said);
	else if (text_digits(others, &read))
		*out = *out && read <= x->r.size;
	return RC_OK;
}

static enum rc end_aside(struct workspace *ws, bool put, enum rc rc, struct err *err)
{
	if (rc == RC_OK && put)
		rc = store_commit(ws->store, err);
	else
		store_rollback(ws->store);
	if (rc != RC_OK)
		workspace_rollback(ws);
	return rc;
}

static enum rc aside_begin(struct aside *x, int64_t before, bool *mine, struct err *err)
{
	struct workspace *ws = x->g.ws;
	unsigned char raw[8];
	uint64_t word;
	enum rc rc = store_begin(ws->store, err);

	if (rc != RC_OK)
		return rc;
	ws->app->world->random.fill(ws->app->world->random.context, raw, sizeof(raw));
	memcpy(&word, raw, sizeof(word));
	x->said = text_format(ws->arena, "%lld %016llx", (long long)x->r.size,
			      (unsigned long long)word);
	rc = still_there(x, before, text_of(""), mine, err);
	if (rc == RC_OK && *mine)
		rc = record_tickets_size_drop(ws->store, x->g.log->id, err);
	if (rc == RC_OK && *mine)
		rc = record_pasts_drop(ws->store, x->g.log->id, err);
	if (rc == RC_OK && *mine)
		rc = record_meta_put(ws->store, x->key.text, x->said, err);
	return end_aside(ws, *mine, rc, err);
}

static bool same_over(const struct stored_ticket *x, const struct stored_ticket *y)
{
	return x->missed == y->missed && x->logged == y->logged && x->state == y->state &&
	       x->rank == y->rank && text_eq(x->priority, y->priority) &&
	       text_eq(x->service, y->service) && text_eq(x->technician, y->technician) &&
	       text_eq(x->opener, y->opener);
}

static bool same_row(const struct stored_ticket *x, const struct stored_ticket *y)
{
	return x->live == y->live && text_eq(x->entries, y->entries) &&
	       (x->live || same_over(x, y));
}

/* Those of the tickets [from, to) that are to be others. */
static enum rc other_rows(struct aside *x, uint32_t from, uint32_t to, struct count_tally *tally,
			  struct stored_ticket *rows, size_t *n, struct err *err)
{
	struct workspace *ws = x->g.ws;
	enum rc rc = RC_OK;

	for (uint32_t t = from; rc == RC_OK && t < to; t++) {
		struct stored_ticket row, was;
		bool there;

		if (x->g.v[t].entries.n == 0)
			continue;
		rc = row_of(&x->m, t, &row, err);
		if (rc != RC_OK)
			return rc;
		rc = record_ticket(ws->store, ws->arena, x->g.log->id, row.ticket, &was, err);
		there = rc == RC_OK;
		if (rc == RC_MISSING)
			rc = RC_OK;
		if (rc != RC_OK || (there && same_row(&was, &row)))
			continue;
		row.entries = text_copy(ws->arena, row.entries);
		if (there)
			count_tally_add(tally, &was, -1);
		count_tally_add(tally, &row, 1);
		rows[(*n)++] = row;
	}
	return rc;
}

static enum rc aside_put(struct aside *x, const struct stored_ticket *rows, size_t n,
			 const struct count_tally *tally, bool *mine, struct err *err)
{
	struct workspace *ws = x->g.ws;
	enum rc rc = store_begin(ws->store, err);

	if (rc != RC_OK)
		return rc;
	rc = still_there(x, 0, x->said, mine, err);
	for (size_t i = 0; rc == RC_OK && *mine && i < n; i++)
		rc = record_ticket_put(ws->store, x->g.log->id, &rows[i], err);
	if (rc == RC_OK && *mine)
		rc = count_tally_write(tally, ws, x->g.log->id, err);
	return end_aside(ws, *mine, rc, err);
}

/* In memory of its own. */
static enum rc aside_some(struct aside *x, uint32_t from, uint32_t to, bool *mine, struct err *err)
{
	struct workspace *ws = x->g.ws, scratch = *ws;
	struct stored_ticket *rows;
	struct count_tally tally;
	size_t n = 0;
	enum rc rc;

	scratch.arena = arena_like(ws->arena);
	x->g.ws = &scratch;
	rows = arena_array(scratch.arena, struct stored_ticket, to - from);
	count_tally_init(&tally, scratch.arena);
	rc = other_rows(x, from, to, &tally, rows, &n, err);
	if (rc == RC_OK && n > 0)
		rc = aside_put(x, rows, n, &tally, mine, err);
	count_tally_free(&tally);
	x->g.ws = ws;
	arena_free(scratch.arena);
	return rc;
}

static enum rc aside_end(struct aside *x, bool *mine, struct err *err)
{
	struct workspace *ws = x->g.ws;
	enum rc rc = store_begin(ws->store, err);

	if (rc != RC_OK)
		return rc;
	rc = still_there(x, 0, x->said, mine, err);
	if (rc == RC_OK && *mine)
		rc = put_size(&x->m, x->r.size, err);
	if (rc == RC_OK && *mine)
		rc = record_meta_put(ws->store, x->key.text, text_of(""), err);
	return end_aside(ws, *mine, rc, err);
}

/* before: the entries that the table had when somebody found that it is to be made whole. */
static enum rc keep_aside(struct workspace *ws, const struct log_head *log, int64_t before,
			  struct err *err)
{
	struct workspace scratch = *ws;
	struct aside *x;
	bool mine = false;
	enum rc rc;

	scratch.arena = arena_like(ws->arena);
	x = arena_one(scratch.arena, struct aside);
	x->key = aside_key(log->id);
	buf_init(&x->m.bytes, ENTRIES_BLOB_MAX);
	gather_init(&x->g, &scratch, log);
	rc = make_all(&x->m, &x->g, &x->r, log->edge.size, err);
	if (rc == RC_OK)
		rc = aside_begin(x, before, &mine, err);
	for (uint32_t t = 1; rc == RC_OK && mine && t < x->g.n; t += ASIDE_ROWS)
		rc = aside_some(x, t, x->g.n - t > ASIDE_ROWS ? t + ASIDE_ROWS : (uint32_t)x->g.n,
				&mine, err);
	if (rc == RC_OK && mine)
		rc = aside_end(x, &mine, err);
	buf_free(&x->m.bytes);
	arena_free(scratch.arena);
	return rc;
}

enum rc tickets_tidy(struct workspace *ws, const struct log_head *before, struct err *err)
{
	struct stored_tickets have = {.size = 0};
	struct log_head log;
	enum rc rc = record_log_of_uuid(ws->store, ws->arena, &before->uuid, &log, err);

	if (rc == RC_OK)
		rc = record_tickets_size(ws->store, ws->arena, log.id, &have, err);
	if (rc == RC_OK && have.size > 0 && have.size < log.edge.size)
		rc = keep_steps(ws, &log, have, err);
	if (rc == RC_OK)
		rc = record_tickets_size(ws->store, ws->arena, log.id, &have, err);
	if (rc == RC_OK && have.size < log.edge.size)
		rc = keep_aside(ws, &log, have.size, err);
	if (rc == RC_OK)
		rc = record_tickets_size(ws->store, ws->arena, log.id, &have, err);
	return rc == RC_OK && have.size == log.edge.size ? tickets_past_keep(ws, &log, err) : rc;
}

/* --- comparing --- */

/* What was not over when its row was made may be by now. */
static enum rc compare_rows(struct making *m, struct stored_ticket *rows, size_t n, bool *same,
			    struct err *err)
{
	size_t met = 0;
	enum rc rc = RC_OK;

	for (uint32_t t = 1; t < m->g->n; t++)
		met += m->g->v[t].entries.n > 0;
	*same = met == n;
	for (size_t i = 0; rc == RC_OK && *same && i < n; i++) {
		symbol t = symbol_find(m->g->ids, rows[i].ticket);
		struct stored_ticket made;

		*same = t != 0 && t < m->g->n;
		if (!*same)
			return RC_OK;
		rc = row_of(m, t, &made, err);
		*same = rc == RC_OK && text_eq(made.entries, rows[i].entries) &&
			(rows[i].live || (!made.live && same_over(&made, &rows[i])));
	}
	return rc;
}

/* Are as many counted as there are? */
static enum rc compare_counts(const struct making *m, const struct stored_ticket *rows, size_t n,
			      bool *same, struct err *err)
{
	struct count_tally tally;
	enum rc rc;

	count_tally_init(&tally, m->g->ws->arena);
	for (size_t i = 0; i < n; i++)
		count_tally_add(&tally, &rows[i], 1);
	rc = count_tally_compare(&tally, m->g->ws, m->g->log->id, same, err);
	count_tally_free(&tally);
	return rc;
}

static enum rc compare_log(struct workspace *ws, const struct log_head *log, struct checks *checks,
			   struct err *err)
{
	struct making m = {.g = NULL};
	struct entry_list rest = {NULL, 0, 0};
	struct stored_tickets have;
	struct stored_ticket *rows = NULL;
	struct gather g;
	struct recalled r;
	size_t n = 0;
	bool same = true;
	enum rc rc = record_tickets_size(ws->store, ws->arena, log->id, &have, err);

	if (rc != RC_OK || have.size == 0)
		return rc;
	if (have.size > log->edge.size) {
		checks_problem(checks,
			       "there are %lld entries in it where the log has %lld; \"tenor "
			       "rebuild\" makes it again",
			       (long long)have.size, (long long)log->edge.size);
		return RC_OK;
	}
	buf_init(&m.bytes, ENTRIES_BLOB_MAX);
	gather_init(&g, ws, log);
	rc = make_all(&m, &g, &r, have.size, err);
	if (rc == RC_OK)
		rc = record_tickets(ws->store, ws->arena, log->id, false, &rows, &n, err);
	if (rc == RC_OK)
		rc = entry_list_unpack(ws->arena, &rest, have.rest, err);
	if (rc == RC_OK)
		rc = compare_rows(&m, rows, n, &same, err);
	if (rc == RC_OK && same)
		rc = compare_counts(&m, rows, n, &same, err);
	if (rc == RC_OK)
		rc = tickets_past_compare(&m, &same, err);
	entry_list_sort(&g.rest);
	same = same && rest.n == g.rest.n &&
	       (rest.n == 0 || memcmp(rest.v, g.rest.v, rest.n * sizeof(*rest.v)) == 0);
	if (rc == RC_OK && !same)
		checks_problem(checks, "its tickets are not what the entries make; \"tenor "
				       "rebuild\" makes the table again");
	buf_free(&m.bytes);
	return rc;
}

enum rc tickets_compare(struct workspace *ws, const struct log_head *logs, size_t n,
			struct checks *checks, struct err *err)
{
	enum rc rc = RC_OK;

	for (size_t i = 0; rc == RC_OK && i < n; i++) {
		struct workspace scratch = *ws;

		if (logs[i].kind != LOG_ENGAGEMENT)
			continue;
		checks_about(checks,
			     text_format(ws->arena, "tickets of %.*s", TEXT_ARG(logs[i].contract)));
		scratch.arena = arena_like(ws->arena);
		rc = checks_take(checks, compare_log(&scratch, &logs[i], checks, err), err);
		arena_free(scratch.arena);
	}
	return rc;
}

/* --- reading --- */

/* What is behind the table, and the entries that may say something of any ticket. *have.size 0: none, or not to be had so. */
enum rc tickets_tail(struct workspace *ws, const struct recalled *r, struct gather *g,
		     struct stored_tickets *have, struct err *err)
{
	enum rc rc = record_tickets_size(ws->store, ws->arena, r->log.id, have, err);

	gather_init(g, ws, &r->log);
	if (rc != RC_OK || have->size == 0)
		return rc;
	if (have->size > r->size || !worth_it(ws, (size_t)(r->size - have->size), r->size)) {
		have->size = 0;
		return RC_OK;
	}
	rc = entry_list_unpack(ws->arena, &g->rest, have->rest, err);
	if (rc == RC_OK)
		rc = gather_range(g, r, have->size, r->size, err);
	if (rc == RC_OK && g->all)
		have->size = 0;
	return rc;
}

static enum rc put_live(struct gather *g, struct kept_tickets *k, struct kept_ticket *live,
			struct stored_ticket *rows, size_t n, struct err *err)
{
	struct entry_list all = {NULL, 0, 0};
	enum rc rc = RC_OK;

	for (uint32_t t = 1; t < g->n; t++) {
		if (g->v[t].entries.n == 0)
			continue;
		live[k->n_live++] = (struct kept_ticket){
			gather_id(g, t), g->v[t].stored && !g->v[t].row.live, g->v[t].row};
	}
	needed(g, &all);
	for (size_t i = 0; rc == RC_OK && i < n; i++) {
		symbol t = symbol_find(g->ids, rows[i].ticket);

		if (t != 0)
			continue;
		live[k->n_live++] = (struct kept_ticket){rows[i].ticket, false, rows[i]};
		rc = entry_list_unpack(g->ws->arena, &all, rows[i].entries, err);
	}
	entry_list_sort(&all);
	k->live = live;
	k->rest = g->rest.v;
	k->n_rest = g->rest.n;
	k->entries = all.v;
	k->n_entries = all.n;
	return rc;
}

enum rc tickets_kept(struct workspace *ws, const struct recalled *r, struct kept_tickets **out,
		     struct err *err)
{
	struct kept_tickets *k = arena_one(ws->arena, struct kept_tickets);
	struct stored_ticket *rows = NULL;
	struct stored_tickets have;
	struct gather g;
	size_t n = 0;
	enum rc rc = tickets_tail(ws, r, &g, &have, err);

	*out = NULL;
	if (rc != RC_OK || have.size == 0)
		return rc;
	rc = gather_stored(&g, r, err);
	if (rc == RC_OK)
		rc = record_tickets(ws->store, ws->arena, r->log.id, true, &rows, &n, err);
	if (rc != RC_OK)
		return rc;
	gather_groups(&g);
	rc = put_live(&g, k, arena_array(ws->arena, struct kept_ticket, g.n + n), rows, n, err);
	if (rc == RC_OK && worth_it(ws, k->n_entries, r->size))
		*out = k;
	return rc;
}

enum rc tickets_kept_one(struct workspace *ws, const struct recalled *r, struct text ticket,
			 int64_t **out, size_t *n, struct err *err)
{
	struct entry_list all = {NULL, 0, 0};
	struct stored_tickets have;
	struct gather g;
	symbol t;
	enum rc rc = tickets_tail(ws, r, &g, &have, err);

	if (rc == RC_OK && have.size > 0)
		rc = gather_stored(&g, r, err);
	if (rc != RC_OK)
		return rc;
	gather_groups(&g);
	t = symbol_find(g.ids, ticket);
	if (have.size > 0 && t != 0) {
		entry_list_add(ws->arena, &all, g.v[t].entries.v, g.v[t].entries.n);
	} else if (have.size > 0 && ticket.n > 0) {
		struct stored_ticket row;

		rc = record_ticket(ws->store, ws->arena, r->log.id, ticket, &row, err);
		if (rc == RC_OK)
			rc = entry_list_unpack(ws->arena, &all, row.entries, err);
	}
	if (rc == RC_OK && all.n == 0)
		rc = RC_MISSING;
	if (rc != RC_OK)
		return rc;
	entry_list_add(ws->arena, &all, g.rest.v, g.rest.n);
	entry_list_sort(&all);
	if (!worth_it(ws, all.n, r->size))
		return RC_MISSING;
	*out = all.v;
	*n = all.n;
	return RC_OK;
}
