/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Merges and splits (sla.md R34). A merged ticket keeps what it had settled; the survivor goes on from the earliest start of
 * all, with the most urgent priority, answered if any of them was, paused only while all of them are. A ticket split off
 * goes on from its parent's start with the parent's pauses and messages up to the split.
 */
#include "engine/ticket.h"

#include <assert.h>
#include <string.h>

/* A ticket split off a ticket split off a ticket ...: no deeper than this; beyond it a split inherits nothing. */
enum { SPLITS_DEEP_MAX = 16 };

static bool place_of_ticket(const struct view *v, symbol id, uint32_t *place)
{
	if (id == 0 || id >= v->n_ticket_of || v->ticket_of[id] == 0)
		return false;
	*place = v->ticket_of[id] - 1;
	return true;
}

/* Closed or cancelled and not reopened, from what sorts before the fact. */
static bool closed_before(const struct view *v, uint32_t place, const struct fact *at)
{
	struct fact_run run = v->tickets[place];
	bool closed = false;

	for (size_t i = 0; i < run.n; i++) {
		const struct fact *f = &v->facts->v[run.v[i]];

		if (fact_order(f, at) >= 0)
			break;
		if (f->kind == FACT_TICKET_CLOSED || f->kind == FACT_TICKET_CANCELLED)
			closed = true;
		else if (f->kind == FACT_TICKET_REOPENED)
			closed = false;
	}
	return closed;
}

static void link_merge(struct ticket_reader *r, uint32_t i)
{
	const struct view *v = r->view;
	const struct fact *f = &v->facts->v[i];
	uint32_t from, into;

	if (!place_of_ticket(v, f->subject, &from))
		return;
	if (!place_of_ticket(v, fact_word(f, FIELD_INTO), &into) || from == into ||
	    r->merged[from].fact != NO_FACT || r->merged[into].fact != NO_FACT ||
	    closed_before(v, into, f)) {
		v->flags[i] |= FLAG_OUT_OF_ORDER;
		return;
	}
	r->merged[from] = (struct ticket_link){into, i, r->first_merged[into]};
	r->first_merged[into] = from;
}

static void link_split(struct ticket_reader *r, uint32_t i)
{
	const struct view *v = r->view;
	const struct fact *f = &v->facts->v[i];
	uint32_t parent, child;

	if (!place_of_ticket(v, f->subject, &parent))
		return;
	if (!place_of_ticket(v, fact_word(f, FIELD_INTO), &child))
		return; /* nothing has happened on the new ticket yet */
	if (child == parent || r->split_from[child].fact != NO_FACT) {
		v->flags[i] |= FLAG_OUT_OF_ORDER;
		return;
	}
	r->split_from[child] = (struct ticket_link){parent, i, NO_FACT};
}

static struct ticket_link *no_links(struct arena *a, size_t n)
{
	struct ticket_link *links = arena_array(a, struct ticket_link, n);

	memset(links, 0xff, n * sizeof(*links));
	return links;
}

void ticket_links_find(struct ticket_reader *r)
{
	struct fact_run merges = r->view->kinds[FACT_TICKET_MERGED];
	struct fact_run splits = r->view->kinds[FACT_TICKET_SPLIT];
	size_t n = r->view->n_tickets;

	r->linked = merges.n + splits.n > 0;
	if (!r->linked)
		return;
	r->merged = no_links(r->arena, n);
	r->split_from = no_links(r->arena, n);
	r->first_merged = arena_array(r->arena, uint32_t, n);
	memset(r->first_merged, 0xff, n * sizeof(*r->first_merged));
	for (size_t i = 0; i < merges.n; i++)
		link_merge(r, merges.v[i]);
	for (size_t i = 0; i < splits.n; i++)
		link_split(r, splits.v[i]);
}

/* --- what a ticket takes over --- */

static int16_t same_priority(const struct promise *from, const struct promise *to, int16_t priority)
{
	for (size_t i = 0; priority >= 0 && i < to->n_priorities; i++)
		if (text_eq(from->priorities[priority].id, to->priorities[i].id))
			return (int16_t)i;
	return -1;
}

/* An earlier start may mean an earlier version of the contract, with priorities of its own (R20). */
static void move_start(const struct ticket_reader *r, struct ticket *t, const struct ticket *to)
{
	const struct promise *from = r->versions[t->version].promise;
	const struct promise *into = r->versions[to->version].promise;

	t->logged = to->logged;
	t->logged_fact = to->logged_fact;
	if (t->version == to->version)
		return;
	t->version = to->version;
	t->priority = same_priority(from, into, t->priority);
	for (size_t i = 0; i < t->n_priorities; i++) {
		t->priorities[i].from = same_priority(from, into, t->priorities[i].from);
		t->priorities[i].to = same_priority(from, into, t->priorities[i].to);
	}
}

static void insert_moment(const struct ticket_reader *r, struct ticket *t, struct ticket_moment m)
{
	const struct fact *facts = r->view->facts->v;
	size_t at = t->n_moments;

	t->moments = arena_grow(r->arena, t->moments, t->n_moments, &t->cap_moments,
				sizeof(*t->moments));
	for (; at > 0 && fact_order(&facts[t->moments[at - 1].fact], &facts[m.fact]) > 0; at--)
		t->moments[at] = t->moments[at - 1];
	t->moments[at] = m;
	t->n_moments++;
}

static void insert_pause(const struct ticket_reader *r, struct ticket *t, struct ticket_pause p)
{
	size_t at = t->n_pauses;

	t->pauses =
		arena_grow(r->arena, t->pauses, t->n_pauses, &t->cap_pauses, sizeof(*t->pauses));
	for (; at > 0 && t->pauses[at - 1].span.from > p.span.from; at--)
		t->pauses[at] = t->pauses[at - 1];
	t->pauses[at] = p;
	t->n_pauses++;
}

/* Messages either way; an ending of the other ticket tells the client something, but ends nothing here. */
static void take_message(const struct ticket_reader *r, struct ticket *t, struct ticket_moment m)
{
	if (m.answers)
		m.kind = MOMENT_PROVIDER_MESSAGE;
	if (m.kind == MOMENT_PROVIDER_MESSAGE || m.kind == MOMENT_CLIENT_MESSAGE)
		insert_moment(r, t, m);
}

static struct ticket *member_room(const struct ticket_reader *r, struct ticket *t)
{
	t->members = arena_grow(r->arena, t->members, t->n_members, &t->cap_members,
				sizeof(*t->members));
	return &t->members[t->n_members];
}

static bool read_split(const struct ticket_reader *r, uint32_t place, struct ticket *t,
		       unsigned depth);

static void inherit(const struct ticket_reader *r, struct ticket *t, const struct ticket *parent,
		    uint32_t split)
{
	const struct fact *at = &r->view->facts->v[split];

	move_start(r, t, parent);
	t->monitor = parent->monitor;
	t->live = parent->live;
	if (t->service < 0)
		t->service = parent->service;
	if (t->priority < 0)
		t->priority = (int16_t)ticket_priority_at(parent, at->occurred_at);
	for (size_t i = 0; i < parent->n_moments; i++)
		if (fact_order(&r->view->facts->v[parent->moments[i].fact], at) < 0)
			take_message(r, t, parent->moments[i]);
	for (size_t i = 0; i < parent->n_pauses; i++) {
		struct ticket_pause p = parent->pauses[i];

		if (p.span.from >= at->occurred_at)
			continue;
		if (p.span.to > at->occurred_at) {
			p.span.to = at->occurred_at;
			p.to_fact = split;
		}
		insert_pause(r, t, p);
	}
}

static bool read_split(const struct ticket_reader *r, uint32_t place, struct ticket *t,
		       unsigned depth)
{
	bool logged = ticket_read_run(r, place, t);
	uint32_t split = r->split_from[place].fact;

	if (split == NO_FACT || depth == SPLITS_DEEP_MAX || !logged)
		return logged;

	struct ticket parent = {0};

	if (!read_split(r, r->split_from[place].other, &parent, depth + 1))
		return true;
	/* A ticket older than the one it is said to come from was not split off it. */
	if (parent.logged > t->logged)
		r->view->flags[split] |= FLAG_OUT_OF_ORDER;
	else
		inherit(r, t, &parent, split);
	return true;
}

/* The merge gives the survivor the more urgent priority from then on. */
static void take_priority(const struct ticket_reader *r, struct ticket *t,
			  const struct ticket *member)
{
	instant at = member->merged_at;
	int theirs = ticket_priority_at(member, at), ours = ticket_priority_at(t, at);

	if (theirs < 0 || (ours >= 0 && ours <= theirs))
		return;

	size_t k = t->n_priorities;
	struct ticket_priority p = {at, member->merged_fact, (int16_t)ours, (int16_t)theirs, true};

	ticket_add_priority(r, t, p);
	for (; k > 0 && t->priorities[k - 1].at > at; k--)
		t->priorities[k] = t->priorities[k - 1];
	t->priorities[k] = p;
	/* What was lowered from a less urgent priority later does not undo the merge. */
	for (k++; k < t->n_priorities; k++)
		if (t->priorities[k].to > theirs)
			t->priorities[k].counts = false;
}

static void take_member(const struct ticket_reader *r, struct ticket *t,
			const struct ticket *member)
{
	if (member->logged < t->logged)
		move_start(r, t, member);
	t->monitor = t->monitor && member->monitor;
	t->live = t->live || member->live;
	take_priority(r, t, member);
	for (size_t i = 0; i < member->n_moments; i++)
		take_message(r, t, member->moments[i]);
}

/* All tickets merged into this one or into one of those, without recursion: the links form a forest. */
static void read_members(const struct ticket_reader *r, uint32_t place, struct ticket *t)
{
	uint32_t at = r->first_merged[place];

	while (at != NO_FACT) {
		struct ticket *room = member_room(r, t);

		if (read_split(r, at, room, 0))
			t->n_members++;
		if (r->first_merged[at] != NO_FACT) {
			at = r->first_merged[at];
			continue;
		}
		while (at != place && r->merged[at].next == NO_FACT)
			at = r->merged[at].other;
		at = at == place ? NO_FACT : r->merged[at].next;
	}
}

/* The copy of the survivor among its members: only its pauses and its span of life matter there. */
static void add_self(const struct ticket_reader *r, struct ticket *t)
{
	struct ticket *self = member_room(r, t);

	self->id = t->id;
	self->logged = t->logged;
	self->merged_at = t->merged_at;
	self->merged_fact = t->merged_fact;
	self->n_pauses = 0;
	for (size_t i = 0; i < t->n_pauses; i++)
		insert_pause(r, self, t->pauses[i]);
	t->n_members++;
}

bool ticket_read_linked(const struct ticket_reader *r, uint32_t place, struct ticket *t)
{
	if (!read_split(r, place, t, 0))
		return false;
	if (r->first_merged[place] == NO_FACT)
		return true;
	add_self(r, t);
	read_members(r, place, t);
	for (size_t i = 1; i < t->n_members; i++)
		take_member(r, t, &t->members[i]);
	return true;
}
