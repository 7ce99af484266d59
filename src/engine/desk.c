/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/desk.h"

#include "engine/ticket.h"

#include <stdlib.h>

static const char *const STATES[] = {
	[DESK_OPEN] = "open",
	[DESK_WAITING_CLIENT] = "waiting_client",
	[DESK_WAITING_VENDOR] = "waiting_vendor",
	[DESK_SCHEDULED] = "scheduled",
	[DESK_RESTORED] = "restored",
	[DESK_RESOLVED] = "resolved",
	[DESK_CLOSED] = "closed",
	[DESK_CANCELLED] = "cancelled",
	[DESK_MERGED] = "merged",
};

const char *desk_state_word(enum desk_state s)
{
	return STATES[s];
}

/* --- one ticket --- */

static bool ends(enum moment kind, enum desk_state *state)
{
	switch (kind) {
	case MOMENT_RESTORED:
		*state = DESK_RESTORED;
		return true;
	case MOMENT_RESOLVED:
		*state = DESK_RESOLVED;
		return true;
	case MOMENT_CLOSED:
		*state = DESK_CLOSED;
		return true;
	case MOMENT_CANCELLED:
		*state = DESK_CANCELLED;
		return true;
	case MOMENT_REOPENED:
		*state = DESK_OPEN;
		return true;
	case MOMENT_PROVIDER_MESSAGE:
	case MOMENT_CLIENT_MESSAGE:
	case MOMENT_ASSIGNED:
	case MOMENT_WORK_STARTED:
		break;
	}
	return false;
}

/* A later restoring says no less than that it was resolved before. */
static bool goes_on(enum desk_state from, enum desk_state to)
{
	return to == DESK_OPEN || to > from;
}

static void end_state(const struct ticket *t, struct desk_ticket *out)
{
	enum desk_state to = DESK_OPEN;

	out->state = DESK_OPEN;
	out->since = t->logged;
	for (size_t i = 0; i < t->n_moments; i++) {
		if (!ends((enum moment)t->moments[i].kind, &to) || !goes_on(out->state, to))
			continue;
		out->state = to;
		out->since = t->moments[i].at;
	}
}

/* A pause that has not ended; of an open ticket only. */
static void pause_state(const struct ticket *t, struct desk_ticket *out)
{
	if (out->state != DESK_OPEN || t->n_pauses == 0)
		return;

	const struct ticket_pause *p = &t->pauses[t->n_pauses - 1];

	if (p->span.to != INSTANT_MAX)
		return;
	out->since = p->span.from;
	out->state = p->event == EVENT_WAITING_CLIENT   ? DESK_WAITING_CLIENT
		     : p->event == EVENT_WAITING_VENDOR ? DESK_WAITING_VENDOR
							: DESK_SCHEDULED;
}

static void read_run(const struct view *v, struct fact_run run, struct desk_ticket *out)
{
	const struct fact *logged = view_fact(v, out->logged_fact);

	out->site = fact_word(logged, FIELD_SITE);
	out->channel = fact_word(logged, FIELD_CHANNEL);
	for (size_t i = 0; i < run.n; i++) {
		const struct fact *f = view_fact(v, run.v[i]);
		symbol who = 0;

		if (f->kind == FACT_TICKET_ASSIGNED || f->kind == FACT_TICKET_WORK_STARTED)
			who = fact_word(f, FIELD_TECHNICIAN);
		if (who != 0)
			out->technician = who;
	}
}

static void one_ticket(const struct outcome *o, const struct ticket *t, uint32_t place,
		       struct desk_ticket *out)
{
	const struct view *v = o->view;

	*out = (struct desk_ticket){.id = t->id,
				    .version = t->version,
				    .priority = (int16_t)ticket_priority_at(t, o->in.as_of),
				    .service = t->service,
				    .logged = t->logged,
				    .monitor = t->monitor,
				    .out_of_scope = t->out_of_scope,
				    .scope_fact = t->scope_fact,
				    .logged_fact = t->logged_fact,
				    .next = UINT32_MAX};
	end_state(t, out);
	pause_state(t, out);
	read_run(v, v->tickets[place], out);
	if (t->merged_at != INSTANT_NONE) {
		out->state = DESK_MERGED;
		out->since = t->merged_at;
		out->into = fact_word(view_fact(v, t->merged_fact), FIELD_INTO);
	}
}

/* --- its clocks --- */

/* An outage or a patch may have the id of a ticket. */
static bool of_ticket(const struct outcome *o, const struct clock *c)
{
	const struct metric *m = &outcome_promise(o, c->version)->metrics[c->metric];

	return m->start >= 0 && m->start < (int)EVENT_COUNT &&
	       fact_row(event_row((enum fact_event)m->start)->kind)->subject == FIELD_TICKET;
}

static int by_number(int64_t x, int64_t y)
{
	return (x > y) - (x < y);
}

/* What stands still has no deadline yet: after what runs, by what is left. */
static int due_order(const struct clock *x, const struct clock *y)
{
	bool no_x = x->deadline == INSTANT_NONE, no_y = y->deadline == INSTANT_NONE;

	if (no_x || no_y)
		return no_x && no_y ? by_number(x->left_ms, y->left_ms) : (int)no_x - (int)no_y;
	return by_number(x->deadline, y->deadline);
}

static bool is_open_clock(const struct clock *c)
{
	return c->stop == INSTANT_NONE && (c->state == CLOCK_RUNNING || c->state == CLOCK_AT_RISK ||
					   c->state == CLOCK_PAUSED || c->state == CLOCK_BREACHED);
}

static void sum_up(const struct outcome *o, struct desk_ticket *t)
{
	for (size_t i = 0; i < t->n_clocks; i++) {
		const struct clock *c = &o->clocks[t->clocks[i]];

		t->missed = t->missed || c->state == CLOCK_MISSED;
		t->late = t->late || (c->state == CLOCK_BREACHED && c->stop == INSTANT_NONE);
		if (is_open_clock(c) &&
		    (t->next == UINT32_MAX || due_order(c, &o->clocks[t->next]) < 0))
			t->next = t->clocks[i];
	}
	t->open = t->state < DESK_RESTORED || (t->state == DESK_RESTORED && t->next != UINT32_MAX);
}

/* Places of the tickets by symbol plus one, then the clocks of each one after another. */
static void add_clocks(struct arena *a, const struct outcome *o, struct desk *d)
{
	uint32_t *place = arena_array(a, uint32_t, symbols_count(o->in.facts->symbols));
	uint32_t *v = arena_array(a, uint32_t, o->n_clocks);
	uint32_t **at = arena_array(a, uint32_t *, d->n);
	uint32_t *next = v;

	for (size_t i = 0; i < d->n; i++)
		place[d->v[i].id] = (uint32_t)i + 1;
	for (uint32_t i = 0; i < o->n_clocks; i++)
		if (place[o->clocks[i].subject] > 0 && of_ticket(o, &o->clocks[i]))
			d->v[place[o->clocks[i].subject] - 1].n_clocks++;
	for (size_t i = 0; i < d->n; i++) {
		d->v[i].clocks = at[i] = next;
		next += d->v[i].n_clocks;
	}
	for (uint32_t i = 0; i < o->n_clocks; i++)
		if (place[o->clocks[i].subject] > 0 && of_ticket(o, &o->clocks[i]))
			*at[place[o->clocks[i].subject] - 1]++ = i;
	for (size_t i = 0; i < d->n; i++)
		sum_up(o, &d->v[i]);
}

void desk_make(struct arena *a, const struct outcome *o, struct desk *out)
{
	struct ticket_reader *r = ticket_reader_new(a, o->view, o->in.versions, o->in.n_versions);
	struct ticket *t = arena_one(a, struct ticket);

	*out = (struct desk){.v = arena_array(a, struct desk_ticket, o->view->n_tickets)};
	for (uint32_t i = 0; i < o->view->n_tickets; i++)
		if (ticket_read(r, i, t))
			one_ticket(o, t, i, &out->v[out->n++]);
	add_clocks(a, o, out);
}

/* --- order --- */

struct placed {
	struct desk_ticket t;
	struct text id;
	const struct clock *next; /* NULL: none */
	int64_t rank;             /* DESK_BY_PRIORITY */
};

static int by_id(const struct placed *x, const struct placed *y)
{
	return text_cmp(x->id, y->id);
}

static int by_due(const struct placed *x, const struct placed *y)
{
	int d = (int)(x->next == NULL) - (int)(y->next == NULL);

	if (d == 0 && x->next != NULL)
		d = due_order(x->next, y->next);
	if (d == 0)
		d = by_number(y->t.logged, x->t.logged);
	return d != 0 ? d : by_id(x, y);
}

static int compare_due(const void *x, const void *y)
{
	return by_due(x, y);
}

static int compare_logged(const void *x, const void *y)
{
	const struct placed *a = x, *b = y;
	int d = by_number(b->t.logged, a->t.logged);

	return d != 0 ? d : by_id(a, b);
}

static int compare_priority(const void *x, const void *y)
{
	const struct placed *a = x, *b = y;
	int d = by_number(a->rank, b->rank);

	return d != 0 ? d : by_due(a, b);
}

static int compare_id(const void *x, const void *y)
{
	return by_id(x, y);
}

void desk_sort(const struct outcome *o, struct desk *d, enum desk_order order)
{
	static int (*const compare[])(const void *,
				      const void *) = {[DESK_BY_DUE] = compare_due,
						       [DESK_BY_LOGGED] = compare_logged,
						       [DESK_BY_PRIORITY] = compare_priority,
						       [DESK_BY_ID] = compare_id};
	struct placed *v = arena_array(o->arena, struct placed, d->n);

	for (size_t i = 0; i < d->n; i++) {
		const struct desk_ticket *t = &d->v[i];

		v[i] = (struct placed){.t = *t,
				       .id = symbol_text(o->in.facts->symbols, t->id),
				       .next = t->next == UINT32_MAX ? NULL : &o->clocks[t->next],
				       .rank = t->priority < 0 ? INT32_MAX : t->priority};
	}
	if (d->n > 1)
		qsort(v, d->n, sizeof(*v), compare[order]);
	for (size_t i = 0; i < d->n; i++)
		d->v[i] = v[i].t;
}
