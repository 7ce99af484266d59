/* SPDX-License-Identifier: Apache-2.0 */
#include "app/tickets_over.h"

#include "base/sort.h"

enum {
	BLOCK_DAYS = 7,
	SORTED_MAX = 256, /* so few that fit are all read to be put in the order of their ids */
	FIRST_CAP = 16,
	KEY_BYTES_MAX = 1 << 20
};

static int64_t block_of(instant t)
{
	int64_t d = day_of_instant(t);

	return d >= 0 ? d / BLOCK_DAYS : -((BLOCK_DAYS - 1 - d) / BLOCK_DAYS);
}

static instant block_start(int64_t block)
{
	return instant_of_day((day)(block * BLOCK_DAYS));
}

/* --- how many --- */

/* Tickets that are looked through together: of one rank in TICKETS_BY_RANK, of any in the other orders. */
struct group {
	int64_t rank, block;
	instant from, to; /* logged then, both ends among them */
	int64_t n;        /* so many fit at most */
};

struct paging {
	struct workspace *ws;
	int64_t log;
	const struct tickets_sought *which;
	enum tickets_order order;
	const struct tickets_after *after;
	int64_t most;
	struct group *groups; /* in the order of the list */
	size_t n_groups;
	struct tickets_over *out;
};

static int by_block(const void *a, const void *b)
{
	const struct group *x = a, *y = b;

	return x->block == y->block ? 0 : x->block > y->block ? -1 : 1;
}

/* Of all ranks together, the newest first. */
static void join_ranks(struct paging *p)
{
	size_t n = 0;

	sort(p->groups, p->n_groups, sizeof(*p->groups), by_block);
	for (size_t i = 0; i < p->n_groups; i++)
		if (n > 0 && p->groups[n - 1].block == p->groups[i].block)
			p->groups[n - 1].n += p->groups[i].n;
		else
			p->groups[n++] = p->groups[i];
	p->n_groups = n;
}

/* Who opened them is not counted by: a person's are in an index of their own, of any day. */
static void join_days(struct paging *p)
{
	size_t n = 0;

	for (size_t i = 0; i < p->n_groups; i++) {
		struct group g = p->groups[i];

		if (n > 0 && (p->order != TICKETS_BY_RANK || p->groups[n - 1].rank == g.rank))
			continue;
		g.from = INSTANT_MIN;
		g.to = p->which->logged_by;
		g.n = INT64_MAX;
		p->groups[n++] = g;
	}
	p->n_groups = n;
}

static enum rc make_groups(struct paging *p, struct err *err)
{
	const struct tickets_sought *w = p->which;
	struct stored_block *v = NULL;
	size_t n = 0;
	enum rc rc = record_ticket_blocks(p->ws->store, p->ws->arena, p->log, w, &v, &n, err);

	if (rc != RC_OK)
		return rc;
	p->groups = arena_array(p->ws->arena, struct group, n);
	for (size_t i = 0; i < n; i++) {
		struct group g = {v[i].rank, v[i].block, block_start(v[i].block),
				  block_start(v[i].block + 1) - 1, v[i].n};

		if (g.from > w->logged_by)
			continue;
		g.to = g.to > w->logged_by ? w->logged_by : g.to;
		p->groups[p->n_groups++] = g;
	}
	if (w->opener.n > 0)
		join_days(p);
	else if (p->order != TICKETS_BY_RANK)
		join_ranks(p);
	return RC_OK;
}

static enum rc look_and_count(struct paging *p, instant from, struct err *err)
{
	struct tickets_sought which = *p->which;
	int64_t n = 0;
	enum rc rc;

	which.logged_from = from;
	rc = record_tickets_count(p->ws->store, p->log, &which, &n, err);
	p->out->matching += n;
	return rc;
}

static enum rc count(struct paging *p, struct err *err)
{
	instant cut = INSTANT_NONE; /* where the block begins that an age cuts */

	if (p->n_groups == 0)
		return RC_OK;
	if (p->which->opener.n > 0)
		return look_and_count(p, INSTANT_MIN, err);
	for (size_t i = 0; i < p->n_groups; i++) {
		const struct group *g = &p->groups[i];

		if (g->to < block_start(g->block + 1) - 1)
			cut = g->from;
		else
			p->out->matching += g->n;
	}
	return cut == INSTANT_NONE ? RC_OK : look_and_count(p, cut, err);
}

/* --- which --- */

static enum rc read_group(struct paging *p, const struct group *g, struct err *err)
{
	struct tickets_sought which = *p->which;
	struct tickets_after after = *p->after;
	struct stored_ticket *v = NULL;
	int64_t left = p->most - (int64_t)p->out->n;
	size_t n = 0;
	enum rc rc;

	if (p->order == TICKETS_BY_RANK && g->rank < after.rank)
		return RC_OK;
	if (p->order == TICKETS_BY_RANK && g->rank > after.rank)
		after = (struct tickets_after){INSTANT_MAX, g->rank, text_of("")};
	if (g->from > after.logged)
		return RC_OK;
	which.logged_from = g->from;
	which.logged_by = g->to;
	rc = record_tickets_page(p->ws->store, p->ws->arena, p->log, &which, p->order, &after,
				 left < g->n ? left : g->n, &v, &n, err);
	for (size_t i = 0; rc == RC_OK && i < n; i++)
		p->out->v[p->out->n++] = v[i];
	return rc;
}

static enum rc read_groups(struct paging *p, struct err *err)
{
	enum rc rc = RC_OK;

	p->out->v = arena_array(p->ws->arena, struct stored_ticket, (size_t)p->most);
	for (size_t i = 0; rc == RC_OK && i < p->n_groups && (int64_t)p->out->n < p->most; i++)
		rc = read_group(p, &p->groups[i], err);
	return rc;
}

static int by_id(const void *a, const void *b)
{
	const struct stored_ticket *x = a, *y = b;

	return text_cmp(x->ticket, y->ticket);
}

/* All that fit, where they are few: those between them need not be looked at. */
static enum rc sort_few(struct paging *p, struct err *err)
{
	const struct tickets_after all = {INSTANT_MAX, -1, text_of("")};
	struct paging few = *p;
	size_t first = 0;
	enum rc rc;

	few.order = TICKETS_BY_LOGGED;
	few.after = &all;
	few.most = p->out->matching;
	rc = read_groups(&few, err);
	if (rc != RC_OK)
		return rc;
	sort(p->out->v, p->out->n, sizeof(*p->out->v), by_id);
	while (first < p->out->n && text_cmp(p->out->v[first].ticket, p->after->ticket) <= 0)
		first++;
	p->out->v += first;
	p->out->n -= first;
	if ((int64_t)p->out->n > p->most)
		p->out->n = (size_t)p->most;
	return RC_OK;
}

enum rc tickets_over(struct workspace *ws, int64_t log, const struct tickets_sought *which,
		     enum tickets_order order, const struct tickets_after *after, int64_t most,
		     struct tickets_over *out, struct err *err)
{
	struct paging p = {.ws = ws,
			   .log = log,
			   .which = which,
			   .order = order,
			   .after = after,
			   .most = most,
			   .out = out};
	struct tickets_sought any = *which;
	enum rc rc = make_groups(&p, err);

	*out = (struct tickets_over){.n = 0};
	if (rc == RC_OK)
		rc = count(&p, err);
	if (rc != RC_OK || out->matching == 0)
		return rc;
	if (order != TICKETS_BY_ID)
		return read_groups(&p, err);
	if (out->matching <= SORTED_MAX && which->opener.n == 0)
		return sort_few(&p, err);
	any.logged_from = INSTANT_MIN;
	return record_tickets_page(ws->store, ws->arena, log, &any, order, after, most, &out->v,
				   &out->n, err);
}

/* --- keeping --- */

void count_tally_init(struct count_tally *t, struct arena *a)
{
	*t = (struct count_tally){.arena = a,
				  .keys = symbols_new(a),
				  .v = arena_array(a, struct stored_count, FIRST_CAP),
				  .cap = FIRST_CAP};
	buf_init(&t->key, KEY_BYTES_MAX);
}

void count_tally_free(struct count_tally *t)
{
	buf_free(&t->key);
}

/* What is counted together has the same. */
static struct text key_of(struct buf *key, const struct stored_count *c)
{
	buf_clear(key);
	buf_printf(key, "%lld %lld %lld %d %zu %zu %.*s%.*s%.*s", (long long)c->block,
		   (long long)c->rank, (long long)c->state, (int)c->missed, c->priority.n,
		   c->service.n, TEXT_ARG(c->priority), TEXT_ARG(c->service),
		   TEXT_ARG(c->technician));
	return buf_view(key);
}

void count_tally_add(struct count_tally *t, const struct stored_ticket *row, int64_t by)
{
	struct stored_count c;
	size_t before = symbols_count(t->keys);
	symbol key;

	if (row->live)
		return;
	c = (struct stored_count){.block = block_of(row->logged),
				  .rank = row->rank,
				  .state = row->state,
				  .missed = row->missed,
				  .priority = row->priority,
				  .service = row->service,
				  .technician = row->technician};
	key = symbol_add(t->keys, key_of(&t->key, &c));
	t->v = arena_grow(t->arena, t->v, before, &t->cap, sizeof(*t->v));
	if (key == before)
		t->v[key] = c;
	t->v[key].n += by;
}

enum rc count_tally_write(const struct count_tally *t, struct workspace *ws, int64_t log,
			  struct err *err)
{
	enum rc rc = RC_OK;

	for (uint32_t i = 1; rc == RC_OK && i < symbols_count(t->keys); i++) {
		struct stored_count now = t->v[i];

		if (now.n == 0)
			continue;
		rc = record_ticket_count(ws->store, log, &now, err);
		now.n += t->v[i].n;
		if (rc == RC_OK && now.n < 0) {
			err_hint(err, "make the derived tables anew: tenor rebuild");
			rc = err_set(err, RC_INVALID, "fewer tickets are counted than there are");
		}
		if (rc == RC_OK)
			rc = record_ticket_count_put(ws->store, log, &now, err);
	}
	return rc;
}

enum rc count_tally_compare(struct count_tally *t, struct workspace *ws, int64_t log, bool *same,
			    struct err *err)
{
	struct stored_count *v = NULL;
	size_t n = 0, counted = 0;
	enum rc rc = record_ticket_counts(ws->store, ws->arena, log, &v, &n, err);

	for (uint32_t i = 1; i < symbols_count(t->keys); i++)
		counted += t->v[i].n != 0;
	*same = counted == n;
	for (size_t i = 0; rc == RC_OK && *same && i < n; i++) {
		symbol key = symbol_find(t->keys, key_of(&t->key, &v[i]));

		*same = key != 0 && t->v[key].n == v[i].n;
	}
	return rc;
}
