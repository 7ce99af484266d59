/* SPDX-License-Identifier: Apache-2.0 */
/* Making the months of tickets of the past, and holding them against the entries. */
#include "app/recall_past.h"
#include "app/tickets_past_form.h"

/*
 * So many tickets that are over and in no month are worth making months again; the largest blob, which is some 3 bytes an entry.
 */
enum { PAST_WORTH = 256, PAST_BLOB_MAX = 512 << 20 };

struct past_month {
	instant month;
	int64_t over;
	instant first, last, seen;
	struct entry_list entries;
	struct month_clocks clocks;
};

struct past_making {
	struct making *m;
	bool *linked;      /* by symbol of the facts: a cause is given for it */
	uint32_t *group_n; /* by leader: tickets that hang together */
	bool work_counts;  /* a charge is for work on tickets */
	struct past_month *months;
	size_t n, cap;
};

static bool charges_work(const struct recalled *r)
{
	for (size_t v = 0; v < r->n_versions; v++)
		for (size_t i = 0; i < r->versions[v].promise->n_charges; i++)
			if (r->versions[v].promise->charges[i].type == CHARGE_TIME ||
			    r->versions[v].promise->charges[i].type == CHARGE_PREPAID)
				return true;
	return false;
}

static void find_linked(struct past_making *k)
{
	const struct facts *set = k->m->r->facts;

	k->linked = arena_array(k->m->g->ws->arena, bool, symbols_count(set->symbols));
	for (size_t i = 0; i < set->n; i++) {
		const struct fact *f = &set->v[i];

		for (size_t v = 0; f->kind == FACT_CAUSE_LINKED && v < f->n_values; v++) {
			const struct fact *named;

			if (f->values[v].field != FIELD_EVENTS)
				continue;
			k->linked[f->values[v].word] = true;
			named = facts_find(set, f->values[v].word);
			if (named != NULL)
				k->linked[named->subject] = true;
		}
	}
}

static struct past_making past_making(struct making *m)
{
	struct arena *a = m->g->ws->arena;
	struct past_making k = {.m = m, .work_counts = charges_work(m->r)};

	find_linked(&k);
	k.group_n = arena_array(a, uint32_t, m->g->n);
	for (uint32_t t = 1; t < m->g->n; t++)
		k.group_n[gather_leader(m->g, t)]++;
	return k;
}

static bool of_ticket(const struct fact *f)
{
	const struct fact_row *row = fact_row((enum fact_kind)f->kind);

	return !row->record && row->subject == FIELD_TICKET;
}

static bool clocks_stand(const struct past_making *k, const struct desk_ticket *d)
{
	for (size_t i = 0; i < d->n_clocks; i++) {
		const struct clock *c = &k->m->o->clocks[d->clocks[i]];

		if (c->state == CLOCK_VOID)
			continue;
		if (c->settled == INSTANT_NONE ||
		    (c->state != CLOCK_MET && c->state != CLOCK_BREACHED &&
		     c->state != CLOCK_MISSED))
			return false;
	}
	return true;
}

static bool may_go(const struct past_making *k, uint32_t t)
{
	const struct desk_ticket *d = making_ticket(k->m, t);
	const struct entry_list *entries = &k->m->g->v[t].entries;

	if (k->group_n[gather_leader(k->m->g, t)] != 1 || k->linked[d->id] || !clocks_stand(k, d))
		return false;
	for (size_t i = 0; k->work_counts && i < entries->n; i++)
		if (making_fact(k->m->r, entries->v[i])->kind == FACT_WORK_RECORDED)
			return false;
	return true;
}

/* Of its samples each that is in time and the only one of its metric needs no name. */
static bool nameless(const struct past_making *k, const struct desk_ticket *d)
{
	for (size_t i = 0; i < d->n_clocks; i++) {
		const struct clock *c = &k->m->o->clocks[d->clocks[i]];

		if (c->state == CLOCK_VOID || !c->sample)
			continue;
		if (c->state != CLOCK_MET || c->cycle > 0)
			return false;
	}
	return true;
}

static void reach(struct past_month *to, instant t)
{
	to->first = t < to->first ? t : to->first;
	to->last = t > to->last ? t : to->last;
}

static void take_clocks(struct past_making *k, struct past_month *to, const struct desk_ticket *d)
{
	bool plain = nameless(k, d);
	struct month_clocks *m = &to->clocks;

	for (size_t i = 0; i < d->n_clocks; i++) {
		const struct clock *c = &k->m->o->clocks[d->clocks[i]];

		reach(to, c->start);
		if (c->settled != INSTANT_NONE)
			reach(to, c->settled);
		if (c->stop != INSTANT_NONE)
			reach(to, c->stop);
		if (c->state == CLOCK_VOID || !c->sample)
			continue;
		if (!plain) {
			month_clocks_other(m, k->m->r->facts->symbols, c);
			continue;
		}
		month_clocks_in_time(m, c);
	}
}

static bool in_view(const struct view *v, uint32_t i)
{
	const struct fact *f = view_fact(v, i);

	return v->corrected_by[i] == NO_FACT && v->outweighed_by[i] == NO_FACT &&
	       v->contested[i] < 3 && f->occurred_at <= v->as_of;
}

static void take_ticket(struct past_making *k, struct past_month *to, uint32_t t)
{
	const struct entry_list *entries = &k->m->g->v[t].entries;

	for (size_t i = 0; i < entries->n; i++) {
		const struct fact *f = making_fact(k->m->r, entries->v[i]);

		if (!of_ticket(f))
			continue;
		entry_list_add(k->m->g->ws->arena, &to->entries, &entries->v[i], 1);
		reach(to, f->occurred_at);
		if (in_view(k->m->o->view, f->order) && f->occurred_at < to->seen)
			to->seen = f->occurred_at;
	}
	take_clocks(k, to, making_ticket(k->m, t));
}

static struct past_month *past_month(struct past_making *k, instant month)
{
	struct past_month *to;

	for (size_t i = k->n; i > 0; i--)
		if (k->months[i - 1].month == month)
			return &k->months[i - 1];
	k->months = arena_grow(k->m->g->ws->arena, k->months, k->n, &k->cap, sizeof(*k->months));
	to = &k->months[k->n++];
	*to = (struct past_month){
		.month = month, .first = INSTANT_MAX, .last = INSTANT_MIN, .seen = INSTANT_MAX};
	to->clocks.arena = k->m->g->ws->arena;
	return to;
}

/* Of the months that are not in `but`. */
static void make_months(struct past_making *k, const instant *but, size_t n_but)
{
	for (uint32_t t = 1; t < k->m->g->n; t++) {
		struct past_month *to;
		bool had = false;
		instant month;

		if (k->m->g->v[t].entries.n == 0 || !making_over(k->m, t))
			continue;
		month = past_month_of(k->m->r, making_ticket(k->m, t)->logged);
		for (size_t i = 0; i < n_but && !had; i++)
			had = but[i] == month;
		if (had)
			continue;
		to = past_month(k, month);
		to->over++;
		if (may_go(k, t))
			take_ticket(k, to, t);
	}
}

static struct stored_past stored_of(struct past_month *p, struct buf *entries, struct buf *clocks)
{
	buf_clear(entries);
	buf_clear(clocks);
	month_entries_print(p->clocks.arena, &p->entries, entries);
	month_clocks_print(&p->clocks, clocks);
	return (struct stored_past){p->month, p->over,           p->first,        p->last,
				    p->seen,  buf_view(entries), buf_view(clocks)};
}

static enum rc put_months(struct past_making *k, struct err *err)
{
	struct buf entries, clocks;
	enum rc rc = RC_OK;

	buf_init(&entries, PAST_BLOB_MAX);
	buf_init(&clocks, PAST_BLOB_MAX);
	for (size_t i = 0; rc == RC_OK && i < k->n; i++) {
		struct stored_past s = stored_of(&k->months[i], &entries, &clocks);

		/* A month of which nothing may go is there as well: nobody looks for it again. */
		if (k->months[i].entries.n == 0)
			s.first = s.last = s.month;
		rc = record_past_put(k->m->g->ws->store, k->m->g->log->id, &s, err);
	}
	buf_free(&entries);
	buf_free(&clocks);
	return rc;
}

static enum rc make_missing(struct workspace *ws, const struct log_head *log, int64_t size,
			    struct err *err)
{
	struct making m = {.g = NULL};
	struct past_making k;
	struct recalled r;
	struct gather g;
	struct stored_tickets now;
	const struct past_asked asked = {{INSTANT_MAX, INSTANT_MAX}, ws->now};
	enum rc rc = recall_past(ws, log, &asked, &r, err);

	gather_init(&g, ws, log);
	if (rc == RC_OK)
		rc = gather_facts(&g, &r, err);
	if (rc != RC_OK)
		return rc;
	gather_groups(&g);
	m.g = &g;
	m.r = &r;
	rc = making_work_out(&m, r.left_out == NULL ? NULL : &r.left_out->past, err);
	if (rc != RC_OK)
		return rc;
	k = past_making(&m);
	make_months(&k, r.left_out == NULL ? NULL : r.left_out->months,
		    r.left_out == NULL ? 0 : r.left_out->n_months);
	rc = store_begin(ws->store, err);
	if (rc != RC_OK)
		return rc;
	rc = record_tickets_size(ws->store, ws->arena, log->id, &now, err);
	/* Somebody else may have brought the table on meanwhile: then what was worked out may not hold any more. */
	if (rc == RC_OK && now.size == size)
		rc = put_months(&k, err);
	if (rc == RC_OK)
		rc = store_commit(ws->store, err);
	if (rc != RC_OK)
		workspace_rollback(ws);
	return rc;
}

enum rc tickets_past_keep(struct workspace *ws, const struct log_head *log, struct err *err)
{
	struct workspace scratch = *ws;
	struct recalled versions;
	int64_t over = 0, had = 0;
	enum rc rc = recall_versions(ws, log, INSTANT_MAX, &versions, err);

	if (rc == RC_OK &&
	    !past_allowed(recall_version_list(&versions, ws->arena), versions.n_versions))
		return record_pasts_drop(ws->store, log->id, err);
	if (rc == RC_OK)
		rc = record_tickets_over(ws->store, log->id, &over, err);
	if (rc == RC_OK)
		rc = record_past_over(ws->store, log->id, &had, err);
	if (rc != RC_OK || over - had < PAST_WORTH)
		return rc;
	scratch.arena = arena_like(ws->arena);
	rc = make_missing(&scratch, log, log->edge.size, err);
	arena_free(scratch.arena);
	return rc;
}

/* --- comparing --- */

struct past_comparing {
	struct making *m;
	struct past_making k;
	struct buf entries, clocks;
	bool same;
};

/* Tickets by entry: of which one is each. */
static enum rc compare_month(void *context, const struct stored_past *s, struct err *err)
{
	struct past_comparing *c = context;
	struct left_out left = {.n = 0};
	struct past_reading p = {.ws = c->m->g->ws, .r = c->m->r, .out = &left};
	struct past_month *to;
	struct stored_past made;
	enum rc rc;

	left.entries = arena_array(p.ws->arena, uint8_t, (size_t)c->m->r->size);
	rc = past_read_entries(&p, s->entries, err);
	if (rc != RC_OK)
		return rc;
	c->k.n = 0;
	to = past_month(&c->k, s->month);
	for (uint32_t t = 1; t < c->m->g->n; t++) {
		const struct entry_list *entries = &c->m->g->v[t].entries;
		size_t n = 0;

		for (size_t i = 0; i < entries->n; i++)
			n += left.entries[entries->v[i]];
		if (n == 0)
			continue;
		c->same = c->same && making_over(c->m, t) && may_go(&c->k, t);
		if (!c->same)
			return RC_OK;
		take_ticket(&c->k, to, t);
	}
	to->over = s->over;
	made = stored_of(to, &c->entries, &c->clocks);
	c->same = text_eq(made.entries, s->entries) && text_eq(made.clocks, s->clocks) &&
		  (to->entries.n == 0 ||
		   (made.first == s->first && made.last == s->last && made.seen == s->seen));
	return RC_OK;
}

enum rc tickets_past_compare(struct making *m, bool *same, struct err *err)
{
	struct past_comparing c = {.m = m, .k = past_making(m), .same = *same};
	enum rc rc;

	buf_init(&c.entries, PAST_BLOB_MAX);
	buf_init(&c.clocks, PAST_BLOB_MAX);
	rc = *same ? record_pasts(m->g->ws->store, m->g->log->id, compare_month, &c, err) : RC_OK;
	buf_free(&c.entries);
	buf_free(&c.clocks);
	*same = c.same;
	return rc;
}
