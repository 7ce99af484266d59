/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tenor ticket list: tickets of a contract from its record. Nothing is written. Where the log has a table of tickets (tickets_kept.h) a page
 * costs what is not over and what it shows; else, and for words and auditors, the evaluation that the month's statement costs. Both give the
 * same. Words are opened for the tickets shown alone.
 */
#include "app/act_ticket.h"

#include "app/grants.h"
#include "app/own.h"
#include "app/tickets_kept.h"
#include "app/tickets_over.h"
#include "base/sort.h"

#include <string.h>

/* QUEUED_MAX: of a queue with more tickets than that, all are worked out: each of them is looked up by its id. */
enum { LIMIT_DEFAULT = 50, LIMIT_MAX = 1000, SUMMARY_BYTES = 16 << 20, QUEUED_MAX = 4096 };

/* --- which tickets --- */

enum { STATE_ANY = -3, STATE_OPEN_ONLY = -2, STATE_CLOSED_ONLY = -1 };

struct filter {
	int state; /* one of the above, or an enum desk_state */
	struct text priority, technician, service, queue, words;
	bool late, at_risk;
	instant logged_by; /* INSTANT_MAX: any time */
	enum desk_order order;
	int64_t limit;
};

static enum rc unknown_word(const char *what, struct text word, const char *right, struct err *err)
{
	err_hint(err, "write %s", right);
	return err_set(err, RC_USAGE, "there is no %s '%.*s'", what, TEXT_ARG(word));
}

static bool state_of(struct text word, int *out)
{
	static const char *const groups[] = {"all", "open", "closed"};

	if (word.n == 0)
		word = text_of("open");
	for (int i = 0; i < (int)ARRAY_SIZE(groups); i++)
		if (text_is(word, groups[i])) {
			*out = STATE_ANY + i;
			return true;
		}
	for (int i = DESK_WAITING_CLIENT; i <= (int)DESK_MERGED; i++)
		if (i != (int)DESK_CLOSED && text_is(word, desk_state_word((enum desk_state)i))) {
			*out = i;
			return true;
		}
	return false;
}

static enum rc filter_words(const struct args *args, struct filter *f, struct err *err)
{
	static const char *const orders[] = {"due", "logged", "priority", "id"};
	struct text state = args_text(args, PARAM_TICKET_STATE), sort = args_text(args, PARAM_SORT);
	int found;

	if (!state_of(state, &f->state))
		return unknown_word("state", state,
				    "open, closed, all, waiting_client, waiting_vendor, scheduled, "
				    "restored, resolved, cancelled or merged",
				    err);
	found = sort.n == 0 ? (int)DESK_BY_DUE : -1;
	for (int i = 0; i < (int)ARRAY_SIZE(orders); i++)
		if (text_is(sort, orders[i]))
			found = i;
	if (found < 0)
		return unknown_word("order", sort, "due, logged, priority or id", err);
	f->order = (enum desk_order)found;
	return RC_OK;
}

static enum rc limit_of(const struct args *args, int64_t *out, struct err *err)
{
	*out = LIMIT_DEFAULT;
	if (!args_has(args, PARAM_LIMIT) ||
	    (text_int(args_text(args, PARAM_LIMIT), out) && *out >= 1 && *out <= LIMIT_MAX))
		return RC_OK;
	err_hint(err, "1 to %d", LIMIT_MAX);
	return err_set(err, RC_USAGE, "'%.*s' tickets cannot be listed at once",
		       TEXT_ARG(args_text(args, PARAM_LIMIT)));
}

/* Is it an id of any version of the contract? */
static enum rc known_id(const struct desk_call *c, struct text id, bool service, struct err *err)
{
	bool known = id.n == 0;

	for (size_t v = 0; v < c->r.n_versions && !known; v++) {
		const struct promise *p = c->r.versions[v].promise;

		for (size_t i = 0; service && i < p->n_services; i++)
			known = known || text_eq(p->services[i].id, id);
		for (size_t i = 0; !service && i < p->n_priorities; i++)
			known = known || text_eq(p->priorities[i].id, id);
	}
	if (known)
		return RC_OK;
	err_hint(err, "\"tenor contract show\" has those of the contract");
	err_code(err, service ? "service.unknown" : "priority.unknown");
	return err_set(err, RC_USAGE, "there is no %s '%.*s'", service ? "service" : "priority",
		       TEXT_ARG(id));
}

/* Logged so many days ago or earlier. */
static enum rc age_of(const struct desk_call *c, instant *out, struct err *err)
{
	int64_t days = 0;

	*out = INSTANT_MAX;
	if (!args_has(c->args, PARAM_AGE))
		return RC_OK;
	if (!text_digits(args_text(c->args, PARAM_AGE), &days) || days > 36500) {
		err_hint(err, "write a number of days, 0 to 36500");
		return err_set(err, RC_USAGE, "'%.*s' is no age",
			       TEXT_ARG(args_text(c->args, PARAM_AGE)));
	}
	*out = c->ws.now - days * DAY_MS;
	return RC_OK;
}

static enum rc filter_of(struct desk_call *c, struct filter *f, struct err *err)
{
	const struct args *args = c->args;
	enum rc rc = filter_words(args, f, err);

	f->priority = args_text(args, PARAM_PRIORITY);
	f->service = args_text(args, PARAM_SERVICE_ID);
	f->technician = args_text(args, PARAM_TECHNICIAN);
	f->queue = args_text(args, PARAM_QUEUE);
	f->words = args_text(args, PARAM_TEXT_SOUGHT);
	f->late = args_has(args, PARAM_LATE);
	f->at_risk = args_has(args, PARAM_AT_RISK);
	if (rc == RC_OK)
		rc = known_id(c, f->priority, false, err);
	if (rc == RC_OK)
		rc = known_id(c, f->service, true, err);
	if (rc == RC_OK)
		rc = age_of(c, &f->logged_by, err);
	if (rc == RC_OK)
		rc = limit_of(args, &f->limit, err);
	if (rc == RC_OK && f->words.n > 0)
		rc = workspace_may(&c->ws, R_PERSONAL_READ, err);
	return rc;
}

static bool fits_state(const struct filter *f, const struct desk_ticket *t)
{
	if (f->state == STATE_OPEN_ONLY || f->state == STATE_CLOSED_ONLY)
		return t->open == (f->state == STATE_OPEN_ONLY);
	return f->state == STATE_ANY || f->state == (int)t->state;
}

static bool is_at_risk(const struct desk_call *c, const struct desk_ticket *t)
{
	return t->next != UINT32_MAX && c->outcome->clocks[t->next].at_risk;
}

/* By handle, or by the id that the facts have. */
static bool fits_technician(const struct desk_call *c, const struct filter *f,
			    const struct desk_ticket *t)
{
	return f->technician.n == 0 ||
	       (t->technician != 0 &&
		(text_eq(symbol_text(c->outcome->in.facts->symbols, t->technician),
			 f->technician) ||
		 text_eq(desk_technician(c, t), f->technician)));
}

static bool fits(const struct desk_call *c, const struct filter *f, const struct desk_ticket *t)
{
	const struct promise *p = outcome_promise(c->outcome, t->version);

	if (!grant_at(&c->ws, t->logged) || !fits_state(f, t) || !fits_technician(c, f, t) ||
	    t->logged > f->logged_by)
		return false;
	if (f->priority.n > 0 &&
	    (t->priority < 0 || !text_eq(p->priorities[t->priority].id, f->priority)))
		return false;
	if (f->service.n > 0 &&
	    (t->service < 0 || !text_eq(p->services[t->service].id, f->service)))
		return false;
	if (f->queue.n > 0 && !text_eq(queue_of(c->queues, c->n_queues, desk_id(c, t)), f->queue))
		return false;
	if (f->late && !t->late && !t->missed)
		return false;
	return !f->at_risk || t->late || is_at_risk(c, t);
}

static enum rc summary_of(struct desk_call *c, const struct desk_ticket *t, struct text *out,
			  struct err *err)
{
	const struct fact *f = view_fact(c->outcome->view, t->logged_fact);
	struct facts *set = facts_new(c->ws.arena);
	struct fact told;
	struct text actor;
	enum rc rc;

	*out = text_of("");
	if (!c->words || fact_value(f, FIELD_SUMMARY) == NULL)
		return RC_OK;
	rc = recall_fact_at(&c->ws, &c->log, desk_index(c, t->logged_fact), set, &told, &actor,
			    err);
	if (rc == RC_OK && fact_value(&told, FIELD_SUMMARY) != NULL)
		*out = symbol_text(set->symbols, fact_word(&told, FIELD_SUMMARY));
	return rc;
}

static char ascii_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Letters of ASCII in either case; all others as they are. */
static bool has_words_in(struct text t, struct text words)
{
	for (size_t at = 0; at + words.n <= t.n; at++) {
		size_t i = 0;

		while (i < words.n && ascii_lower(t.p[at + i]) == ascii_lower(words.p[i]))
			i++;
		if (i == words.n)
			return true;
	}
	return false;
}

/* Opens the summary of each ticket that fits otherwise: nothing of them stays in memory. */
static enum rc keep_words(struct desk_call *c, struct text words, struct err *err)
{
	size_t n = 0;

	for (size_t i = 0; i < c->desk.n; i++) {
		struct desk_call scratch = *c;
		struct text summary;
		enum rc rc;

		scratch.ws.arena = arena_new(SUMMARY_BYTES);
		rc = summary_of(&scratch, &c->desk.v[i], &summary, err);
		if (rc == RC_OK && has_words_in(summary, words))
			c->desk.v[n++] = c->desk.v[i];
		arena_free(scratch.ws.arena);
		if (rc != RC_OK)
			return rc;
	}
	c->desk.n = n;
	return RC_OK;
}

static enum rc keep(struct desk_call *c, const struct filter *f, struct err *err)
{
	size_t n = 0;
	enum rc rc = RC_OK;

	for (size_t i = 0; i < c->desk.n; i++)
		if (fits(c, f, &c->desk.v[i]))
			c->desk.v[n++] = c->desk.v[i];
	c->desk.n = n;
	if (f->words.n > 0)
		rc = keep_words(c, f->words, err);
	desk_sort(c->outcome, &c->desk, f->order);
	return rc;
}

/* --- from the whole record --- */

static enum rc not_here(struct text after, struct err *err)
{
	err_key(err, text_of("after"));
	err_hint(err, "ask again from the first page");
	return err_set(err, RC_USAGE, "'%.*s' is not in this list", TEXT_ARG(after));
}

/* The place of the ticket of --after in the list, plus one; 0: it is not in it. */
static size_t place_after(const struct desk_call *c, struct text after)
{
	for (size_t i = 0; i < c->desk.n; i++)
		if (text_eq(desk_id(c, &c->desk.v[i]), after))
			return i + 1;
	return 0;
}

static enum rc put_row(struct desk_call *c, const struct desk_ticket *t, struct ticket_row *row,
		       struct err *err)
{
	row->t = t;
	row->technician = desk_technician(c, t);
	row->queue = queue_of(c->queues, c->n_queues, desk_id(c, t));
	return summary_of(c, t, &row->summary, err);
}

static enum rc list_whole(struct desk_call *c, const struct filter *f, struct ticket_list *out,
			  struct err *err)
{
	struct text after = args_text(c->args, PARAM_AFTER);
	struct ticket_row *rows;
	size_t first;
	enum rc rc = desk_whole(c, err);

	if (rc == RC_OK)
		rc = keep(c, f, err);
	if (rc != RC_OK)
		return rc;
	first = args_has(c->args, PARAM_AFTER) ? place_after(c, after) : 0;
	if (first == 0 && args_has(c->args, PARAM_AFTER))
		return not_here(after, err);
	*out = (struct ticket_list){.matching = c->desk.n, .n = c->desk.n - first};
	out->more = out->n > (size_t)f->limit;
	if (out->more)
		out->n = (size_t)f->limit;
	rows = arena_array(c->ws.arena, struct ticket_row, out->n);
	for (size_t i = 0; rc == RC_OK && i < out->n; i++)
		rc = put_row(c, &c->desk.v[first + i], &rows[i], err);
	out->v = rows;
	return rc;
}

/* --- with the table of tickets --- */

struct from_table {
	struct desk_call *c;
	const struct filter *f;
	const struct kept_tickets *k;
	struct tickets_sought sought;
	bool over; /* tickets that are over can be in the list */
	/* where the page begins: in what was worked out now, and in the table */
	size_t first;
	struct tickets_after after;
	struct stored_ticket *rows; /* of the table, on this page or the next */
	size_t n_rows;
	int64_t matching;
};

/* One of these on the page. */
struct chosen {
	struct text id;
	const struct stored_ticket *row; /* NULL: worked out now */
};

/* The id that facts have for a handle, or what was asked for itself. */
static struct text technician_asked(const struct desk_call *c, struct text asked)
{
	for (size_t i = 0; i < c->n_users; i++)
		if (text_eq(c->users[i].handle, asked) && c->users[i].client == c->ws.actor.client)
			return c->users[i].id;
	return asked;
}

static void seek(struct from_table *x)
{
	const struct filter *f = x->f;
	bool state = f->state >= (int)DESK_OPEN;

	x->over = f->state != STATE_OPEN_ONLY && !f->at_risk;
	x->sought = (struct tickets_sought){
		.state = state ? f->state : (int)DESK_OPEN,
		.state_to = state ? f->state : (int)DESK_MERGED,
		.priority = f->priority,
		.service = f->service,
		.technician = f->technician,
		.technician_too = technician_asked(x->c, f->technician),
		.opener = own_only(&x->c->ws, R_TICKET_READ) ? x->c->ws.actor.id : text_of(""),
		.missed = f->late,
		.logged_from = INSTANT_MIN,
		.logged_by = f->logged_by};
	x->after = (struct tickets_after){INSTANT_MAX, -1, text_of("")};
}

static bool is_sought(const struct tickets_sought *s, const struct stored_ticket *row)
{
	return !row->live && row->logged <= s->logged_by && row->state >= s->state &&
	       row->state <= s->state_to &&
	       (s->priority.n == 0 || text_eq(s->priority, row->priority)) &&
	       (s->service.n == 0 || text_eq(s->service, row->service)) &&
	       (s->technician.n == 0 || text_eq(s->technician, row->technician) ||
		text_eq(s->technician_too, row->technician)) &&
	       (s->opener.n == 0 || text_eq(s->opener, row->opener)) && row->missed >= s->missed;
}

/* Something new is about it: it was worked out now, and what the table has is not looked at. */
static bool is_superseded(const struct from_table *x, struct text id)
{
	for (size_t i = 0; i < x->k->n_live; i++)
		if (x->k->live[i].row_over && text_eq(x->k->live[i].id, id))
			return true;
	return false;
}

static int64_t rank_of(const struct desk_ticket *t)
{
	return t->priority < 0 ? RANK_NONE : t->priority;
}

static bool fits_queue(const struct from_table *x, struct text id)
{
	const struct desk_call *c = x->c;

	return x->f->queue.n == 0 || text_eq(queue_of(c->queues, c->n_queues, id), x->f->queue);
}

/* In the order of desk_sort: what is over has no clock that runs. */
static bool comes_before(const struct from_table *x, const struct desk_ticket *t,
			 const struct stored_ticket *row)
{
	enum desk_order order = x->f->order;
	int by_id = text_cmp(desk_id(x->c, t), row->ticket);

	if (order == DESK_BY_ID)
		return by_id < 0;
	if (order == DESK_BY_PRIORITY && rank_of(t) != row->rank)
		return rank_of(t) < row->rank;
	if (order != DESK_BY_LOGGED && t->next != UINT32_MAX)
		return true;
	return t->logged != row->logged ? t->logged > row->logged : by_id < 0;
}

/* The page begins behind one that was worked out now. */
static void begin_after_live(struct from_table *x, size_t place)
{
	const struct desk_ticket *t = &x->c->desk.v[place];
	bool by_next = x->f->order == DESK_BY_DUE || x->f->order == DESK_BY_PRIORITY;

	x->first = place + 1;
	x->after.rank = rank_of(t);
	if (by_next && t->next != UINT32_MAX)
		return; /* behind it come all of its rank */
	x->after.logged = t->logged;
	x->after.ticket = desk_id(x->c, t);
}

static enum rc begin_after(struct from_table *x, struct err *err)
{
	struct desk_call *c = x->c;
	struct text after = args_text(c->args, PARAM_AFTER);
	struct stored_ticket row;
	size_t place = place_after(c, after);
	enum rc rc = RC_MISSING;

	if (place > 0) {
		begin_after_live(x, place - 1);
		return RC_OK;
	}
	if (x->over && !is_superseded(x, after))
		rc = record_ticket(c->ws.store, c->ws.arena, c->log.id, after, &row, err);
	if (rc == RC_MISSING ||
	    (rc == RC_OK && (!is_sought(&x->sought, &row) || !fits_queue(x, after))))
		return not_here(after, err);
	if (rc != RC_OK)
		return rc;
	x->after = (struct tickets_after){row.logged, row.rank, row.ticket};
	while (x->first < c->desk.n && comes_before(x, &c->desk.v[x->first], &row))
		x->first++;
	return RC_OK;
}

/* --- what is over, of a queue: its tickets are known by id --- */

static int by_logged(const void *p, const void *q)
{
	const struct stored_ticket *a = p, *b = q;

	return a->logged != b->logged ? (a->logged < b->logged) - (a->logged > b->logged)
				      : text_cmp(a->ticket, b->ticket);
}

static int by_rank(const void *p, const void *q)
{
	const struct stored_ticket *a = p, *b = q;

	return a->rank != b->rank ? (a->rank > b->rank) - (a->rank < b->rank) : by_logged(p, q);
}

static int by_ticket(const void *p, const void *q)
{
	const struct stored_ticket *a = p, *b = q;

	return text_cmp(a->ticket, b->ticket);
}

/* As the table orders its pages (record_tickets_page). */
static bool lies_behind(const struct from_table *x, const struct stored_ticket *row)
{
	const struct stored_ticket after = {
		.ticket = x->after.ticket, .logged = x->after.logged, .rank = x->after.rank};

	if (x->f->order == DESK_BY_ID)
		return by_ticket(&after, row) < 0;
	if (x->f->order == DESK_BY_PRIORITY)
		return after.rank < 0 || by_rank(&after, row) < 0;
	return by_logged(&after, row) < 0;
}

static enum rc read_queued(struct from_table *x, struct err *err)
{
	static int (*const orders[])(const void *, const void *) = {[DESK_BY_DUE] = by_logged,
								    [DESK_BY_LOGGED] = by_logged,
								    [DESK_BY_PRIORITY] = by_rank,
								    [DESK_BY_ID] = by_ticket};
	struct desk_call *c = x->c;
	size_t cap = 0;

	for (size_t i = 0; i < c->n_queues; i++) {
		struct stored_ticket row;
		enum rc rc;

		if (!text_eq(c->queues[i].queue, x->f->queue) ||
		    is_superseded(x, c->queues[i].ticket))
			continue;
		rc = record_ticket(c->ws.store, c->ws.arena, c->log.id, c->queues[i].ticket, &row,
				   err);
		if (rc != RC_OK && rc != RC_MISSING)
			return rc;
		if (rc == RC_MISSING || !is_sought(&x->sought, &row))
			continue;
		x->matching++;
		if (!lies_behind(x, &row))
			continue;
		x->rows = arena_grow(c->ws.arena, x->rows, x->n_rows, &cap, sizeof(*x->rows));
		x->rows[x->n_rows++] = row;
	}
	if (x->n_rows > 0)
		sort(x->rows, x->n_rows, sizeof(*x->rows), orders[x->f->order]);
	return RC_OK;
}

static size_t queued(const struct desk_call *c, struct text queue)
{
	size_t n = 0;

	for (size_t i = 0; i < c->n_queues; i++)
		n += text_eq(c->queues[i].queue, queue) ? 1 : 0;
	return n;
}

static enum rc read_rows(struct from_table *x, struct err *err)
{
	static const enum tickets_order orders[] = {[DESK_BY_DUE] = TICKETS_BY_LOGGED,
						    [DESK_BY_LOGGED] = TICKETS_BY_LOGGED,
						    [DESK_BY_PRIORITY] = TICKETS_BY_RANK,
						    [DESK_BY_ID] = TICKETS_BY_ID};
	struct desk_call *c = x->c;
	int64_t most = x->f->limit + 1;
	struct tickets_over page;
	enum rc rc;

	x->matching = (int64_t)c->desk.n;
	if (!x->over)
		return RC_OK;
	if (x->f->queue.n > 0)
		return read_queued(x, err);
	for (size_t i = 0; i < x->k->n_live; i++)
		if (x->k->live[i].row_over && is_sought(&x->sought, &x->k->live[i].row)) {
			most++;
			x->matching--;
		}
	rc = tickets_over(&c->ws, c->log.id, &x->sought, orders[x->f->order], &x->after, most,
			  &page, err);
	if (rc != RC_OK)
		return rc;
	x->matching += page.matching;
	x->rows = page.v;
	for (size_t i = 0; i < page.n; i++)
		if (!is_superseded(x, page.v[i].ticket))
			x->rows[x->n_rows++] = page.v[i];
	return RC_OK;
}

/* Both in their order. *more: there are others. */
static size_t merge(const struct from_table *x, struct chosen *out, bool *more)
{
	const struct desk *d = &x->c->desk;
	size_t i = x->first, k = 0, n = 0;

	while (n < (size_t)x->f->limit && (i < d->n || k < x->n_rows)) {
		bool live = i < d->n && (k == x->n_rows || comes_before(x, &d->v[i], &x->rows[k]));

		if (live)
			out[n++] = (struct chosen){desk_id(x->c, &d->v[i++]), NULL};
		else {
			out[n++] = (struct chosen){x->rows[k].ticket, &x->rows[k]};
			k++;
		}
	}
	*more = i < d->n || k < x->n_rows;
	return n;
}

/* Those that are on the page, each from its own entries. */
static enum rc work_out_page(struct from_table *x, const struct chosen *v, size_t n,
			     struct err *err)
{
	struct entry_list all = {NULL, 0, 0};
	bool live = false, over = false;
	enum rc rc = RC_OK;

	for (size_t i = 0; rc == RC_OK && i < n; i++) {
		live = live || v[i].row == NULL;
		over = over || v[i].row != NULL;
		if (v[i].row != NULL)
			rc = entry_list_unpack(x->c->ws.arena, &all, v[i].row->entries, err);
	}
	if (rc != RC_OK || !over)
		return rc;
	if (live)
		entry_list_add(x->c->ws.arena, &all, x->k->entries, x->k->n_entries);
	entry_list_add(x->c->ws.arena, &all, x->k->rest, x->k->n_rest);
	entry_list_sort(&all);
	return desk_some(x->c, all.v, all.n, err);
}

static enum rc put_page(struct from_table *x, const struct chosen *v, size_t n,
			struct ticket_list *out, struct err *err)
{
	struct desk_call *c = x->c;
	struct ticket_row *rows = arena_array(c->ws.arena, struct ticket_row, n);
	enum rc rc = work_out_page(x, v, n, err);

	for (size_t i = 0; rc == RC_OK && i < n; i++) {
		size_t place = place_after(c, v[i].id);

		if (place == 0) {
			err_hint(err, "make the derived tables anew: tenor rebuild");
			return err_set(err, RC_INVALID,
				       "the table of tickets has '%.*s', which is none",
				       TEXT_ARG(v[i].id));
		}
		rc = put_row(c, &c->desk.v[place - 1], &rows[i], err);
	}
	out->v = rows;
	out->n = n;
	return rc;
}

/* Others that hang together with one that is not over are read with it, and are in the table themselves. */
static void keep_live(struct desk_call *c, const struct kept_tickets *k)
{
	const struct symbols *words = c->r.facts->symbols;
	bool *live = arena_array(c->ws.arena, bool, symbols_count(words));
	size_t n = 0;

	for (size_t i = 0; i < k->n_live; i++)
		live[symbol_find(words, k->live[i].id)] = true;
	for (size_t i = 0; i < c->desk.n; i++)
		if (live[c->desk.v[i].id])
			c->desk.v[n++] = c->desk.v[i];
	c->desk.n = n;
}

static enum rc list_kept(struct desk_call *c, const struct filter *f, const struct kept_tickets *k,
			 struct ticket_list *out, struct err *err)
{
	struct from_table x = {.c = c, .f = f, .k = k};
	struct chosen *v;
	size_t n;
	enum rc rc = desk_some(c, k->entries, k->n_entries, err);

	if (rc != RC_OK)
		return rc;
	keep_live(c, k);
	seek(&x);
	rc = keep(c, f, err);
	if (rc == RC_OK && args_has(c->args, PARAM_AFTER))
		rc = begin_after(&x, err);
	if (rc == RC_OK)
		rc = read_rows(&x, err);
	if (rc != RC_OK)
		return rc;
	v = arena_array(c->ws.arena, struct chosen, (size_t)f->limit);
	n = merge(&x, v, &out->more);
	out->matching = (size_t)x.matching;
	return put_page(&x, v, n, out, err);
}

/* Words are not in the table, nor is what a grant lets see. */
static bool in_table(const struct desk_call *c, const struct filter *f)
{
	return f->words.n == 0 && c->ws.grant == NULL &&
	       (f->queue.n == 0 || f->state == STATE_OPEN_ONLY ||
		queued(c, f->queue) <= QUEUED_MAX);
}

static enum rc list(struct desk_call *c, struct ticket_list *out, struct err *err)
{
	struct kept_tickets *k = NULL;
	struct filter f;
	enum rc rc = filter_of(c, &f, err);

	*out = (struct ticket_list){.n = 0};
	if (rc == RC_OK && in_table(c, &f))
		rc = tickets_kept(&c->ws, &c->r, &k, err);
	if (rc == RC_OK)
		rc = k != NULL ? list_kept(c, &f, k, out, err) : list_whole(c, &f, out, err);
	if (rc != RC_OK)
		return rc;
	out->outcome = c->outcome;
	out->language = c->language;
	out->contract = c->log.contract;
	return RC_OK;
}

enum rc action_ticket_list(struct app *app, const struct args *args, struct reply *reply,
			   struct err *err)
{
	struct desk_call *c = arena_one(app->arena, struct desk_call);
	struct ticket_list l;
	enum rc rc = desk_begin(app, args, c, err);

	if (rc != RC_OK)
		return rc;
	rc = list(c, &l, err);
	desk_end(c);
	if (rc != RC_OK)
		return rc;
	if (c->format == FORMAT_JSON)
		tickets_json(app->arena, &l, &reply->out);
	else if (c->format == FORMAT_CSV)
		tickets_csv(&l, &reply->out);
	else {
		struct answer_sender from = {desk_newest(c)->provider, c->ws.now};

		return answer_doc(app, args, c->format, tickets_doc(app->arena, &l), &from,
				  &reply->out, err);
	}
	return RC_OK;
}
