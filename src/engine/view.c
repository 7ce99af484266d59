/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/view.h"

#include "engine/view_contradict.h"
#include "engine/view_order.h"

#include <assert.h>
#include <string.h>

enum { LATE_AFTER_H = 72, FUTURE_AFTER_MIN = 5 };

static bool known(const struct view *v, const struct fact *f)
{
	return f->recorded_at <= v->known_as_of;
}

/* R18, R19: the fact that an act is about, and only if somebody else than its reporter acts. */
static bool act_target(const struct view *v, const struct fact *act, uint32_t *target)
{
	const struct fact *about = facts_find(v->facts, fact_word(act, FIELD_FACT_ID));

	if (about == NULL || !known(v, about))
		return false;
	if (about->party == act->party && act->kind != FACT_DISPUTE_SETTLED)
		return false;
	*target = about->order;
	return true;
}

/* Facts picked out by what they do to others, each list in the order of recording once sorted. */
struct doings {
	struct timed *acts, *rulings, *corrections;
	size_t n_acts, n_rulings, n_corrections;
	uint8_t *approved; /* by fact; NULL: nothing was approved */
};

enum { SETTLED_AGAINST = 3, TAKEN_BACK = 4 }; /* of view.contested */

static uint16_t seen_flags(const struct fact *f)
{
	unsigned flags = f->flags;

	if (f->recorded_at - f->occurred_at > LATE_AFTER_H * HOUR_MS)
		flags |= FLAG_LATE;
	if (f->occurred_at - f->recorded_at > FUTURE_AFTER_MIN * MINUTE_MS)
		flags |= FLAG_FUTURE;
	return (uint16_t)flags;
}

static void pick(struct view *v, struct timed **list, size_t *n, size_t *cap, uint32_t i)
{
	*list = arena_grow(v->arena, *list, *n, cap, sizeof(**list));
	(*list)[(*n)++] = (struct timed){v->facts->v[i].recorded_at, i};
}

/* The one pass over all facts: their flags, and those that do something to others and are known. */
static struct doings read_doings(struct view *v)
{
	struct doings d = {.n_acts = 0};
	size_t acts_cap = 0, rulings_cap = 0, corrections_cap = 0;

	for (uint32_t i = 0; i < v->facts->n; i++) {
		const struct fact *f = &v->facts->v[i];
		unsigned kind = f->kind;

		v->flags[i] = seen_flags(f);
		if (f->corrects != 0 && known(v, f))
			pick(v, &d.corrections, &d.n_corrections, &corrections_cap, i);
		if ((kind == FACT_FACT_ACCEPTED || kind == FACT_FACT_CONTESTED ||
		     kind == FACT_DISPUTE_SETTLED) &&
		    known(v, f))
			pick(v, &d.acts, &d.n_acts, &acts_cap, i);
		if ((kind == FACT_FACT_WITHDRAWN || kind == FACT_CORRECTION_APPROVED) &&
		    known(v, f))
			pick(v, &d.rulings, &d.n_rulings, &rulings_cap, i);
	}
	timed_sort(v->arena, d.acts, d.n_acts);
	timed_sort(v->arena, d.rulings, d.n_rulings);
	timed_sort(v->arena, d.corrections, d.n_corrections);
	return d;
}

static bool recorded_before(const struct fact *x, const struct fact *y)
{
	return x->recorded_at != y->recorded_at ? x->recorded_at < y->recorded_at
						: x->order < y->order;
}

/*
 * J31: withdrawals and approvals, the last recorded first: each is about something earlier, so whether it stands itself is known
 * when it is come to, and there are no circles.
 */
static void apply_rulings(struct view *v, struct doings *d)
{
	for (size_t k = d->n_rulings; k > 0; k--) {
		const struct fact *f = &v->facts->v[d->rulings[k - 1].i];
		const struct fact *about = facts_find(v->facts, fact_word(f, FIELD_FACT_ID));

		if (about == NULL || !recorded_before(about, f) ||
		    v->contested[f->order] == TAKEN_BACK)
			continue;
		if (f->kind == FACT_CORRECTION_APPROVED) {
			if (d->approved == NULL)
				d->approved = arena_array(v->arena, uint8_t, v->facts->n);
			d->approved[about->order] = 1;
			v->flags[about->order] &= (uint16_t)~FLAG_PENDING;
		} else if (f->party == about->party && (v->flags[f->order] & FLAG_PENDING) == 0) {
			v->contested[about->order] = TAKEN_BACK;
		}
	}
}

static bool client_side(const struct fact *f)
{
	return f->party == PARTY_CLIENT;
}

/*
 * R19: a dispute is settled by the side that gives way: who contested lets the fact stand, or the other side takes it back. Else a
 * party could settle for itself what the other contests, or excuse itself by settling what nobody has contested (R18).
 */
static bool settles(const struct view *v, const struct fact *act, uint32_t about, bool gone,
		    const bool *by_client)
{
	return v->contested[about] == 1 && (client_side(act) != by_client[about]) == gone;
}

/* by_client: for each contested fact whether the client's side contested it. */
static void apply_act(struct view *v, const struct fact *act, symbol withdrawn, bool *by_client)
{
	bool gone = withdrawn != 0 && fact_word(act, FIELD_OUTCOME) == withdrawn;
	uint32_t i;

	if (v->contested[act->order] == TAKEN_BACK || !act_target(v, act, &i) ||
	    v->contested[i] == TAKEN_BACK)
		return;
	if (act->kind == FACT_FACT_ACCEPTED) {
		v->accepted[i] = 1;
		if (v->contested[i] == 1)
			v->contested[i] = 2;
	} else if (act->kind == FACT_FACT_CONTESTED) {
		v->contested[i] = 1;
		v->accepted[i] = 0;
		by_client[i] = client_side(act);
	} else if (settles(v, act, i, gone, by_client)) {
		v->contested[i] = gone ? SETTLED_AGAINST : 2;
		v->accepted[i] = gone ? 0 : 1;
	}
}

/* Acts happen when they are recorded (R12); the last one about a fact decides. */
static void apply_acts(struct view *v, const struct doings *d)
{
	symbol withdrawn = symbol_find(v->facts->symbols, text_of("withdrawn"));
	bool *by_client = d->n_acts == 0 ? NULL : arena_array(v->arena, bool, v->facts->n);

	for (size_t i = 0; i < d->n_acts; i++)
		apply_act(v, &v->facts->v[d->acts[i].i], withdrawn, by_client);
}

/* R19: is the fact, as far as acts about it go, to be reckoned with at all? */
static bool stands(const struct view *v, const struct view_rules *rules, uint32_t i)
{
	if (v->contested[i] >= SETTLED_AGAINST)
		return false;
	return !(rules->without_contested && v->contested[i] == 1);
}

/* Chains of corrections: for each link the fact it all began with, and for that one the link that counts; 0: none, else plus one. */
struct chains {
	uint32_t *first, *last;
};

/*
 * R13: what is corrected gives way to its correction, known by then. Of two corrections of one fact the later counts. A
 * correction recorded before what it names corrects nothing, so there are no circles.
 */
static void apply_correction(struct view *v, const struct view_rules *rules, const struct doings *d,
			     struct chains *c, uint32_t i)
{
	const struct fact *f = &v->facts->v[i], *wrong = facts_find(v->facts, f->corrects);

	if (wrong == NULL || !recorded_before(wrong, f))
		return;

	uint32_t first = c->first[wrong->order] == 0 ? wrong->order : c->first[wrong->order] - 1;
	bool approved = d->approved != NULL && d->approved[i] != 0;

	c->first[i] = first + 1;
	if ((v->flags[wrong->order] & FLAG_PENDING) != 0 && stands(v, rules, wrong->order) &&
	    !approved)
		v->flags[i] |= FLAG_PENDING;
	if (!stands(v, rules, i) || (v->flags[i] & FLAG_PENDING) != 0)
		return;
	/* The link that counted until now gives way, whichever one was named. */
	v->corrected_by[c->last[first] == 0 ? first : c->last[first] - 1] = i;
	v->corrected_by[wrong->order] = i;
	c->last[first] = i + 1;
}

/* In the order of recording, so that a link finds the one it names done. */
static void apply_corrections(struct view *v, const struct view_rules *rules,
			      const struct doings *d)
{
	struct chains c;

	if (d->n_corrections == 0)
		return;
	c.first = arena_array(v->arena, uint32_t, v->facts->n);
	c.last = arena_array(v->arena, uint32_t, v->facts->n);
	for (size_t i = 0; i < d->n_corrections; i++)
		apply_correction(v, rules, d, &c, d->corrections[i].i);
}

static struct fact_run make_run(const struct view *v, const struct timed *kept, size_t n)
{
	uint32_t *run = arena_array(v->arena, uint32_t, n);

	for (size_t i = 0; i < n; i++)
		run[i] = kept[i].i;
	return (struct fact_run){run, n};
}

/* Facts in view, in journal order; those that wait for a second person apart. */
static struct timed *select_facts(struct view *v, const struct view_rules *rules, size_t *n)
{
	const struct facts *facts = v->facts;
	struct timed *kept = arena_array(v->arena, struct timed, facts->n), *waiting = NULL;
	size_t n_waiting = 0, cap = 0;
	*n = 0;
	for (uint32_t i = 0; i < facts->n; i++) {
		const struct fact *f = &facts->v[i];

		if (!known(v, f) || f->occurred_at > v->as_of || v->corrected_by[i] != NO_FACT ||
		    !stands(v, rules, i))
			continue;
		if ((v->flags[i] & FLAG_PENDING) != 0) {
			waiting = arena_grow(v->arena, waiting, n_waiting, &cap, sizeof(*waiting));
			waiting[n_waiting++] = (struct timed){f->occurred_at, i};
		} else if (!fact_row((enum fact_kind)f->kind)->record) {
			kept[(*n)++] = (struct timed){f->occurred_at, i};
		}
	}
	timed_sort(v->arena, waiting, n_waiting);
	v->pending = make_run(v, waiting, n_waiting);
	return kept;
}

/* R15 beyond the instant, by merging: runs of one instant may be long where a tool stamps whole days. */
static void order_ties(const struct facts *facts, struct timed *v, struct timed *spare, size_t n)
{
	for (size_t width = 1; width < n; width *= 2) {
		for (size_t from = 0; from < n; from += 2 * width) {
			size_t middle = from + width < n ? from + width : n;
			size_t end = from + 2 * width < n ? from + 2 * width : n;
			size_t i = from, j = middle;

			for (size_t k = from; k < end; k++) {
				bool left = j == end ||
					    (i < middle &&
					     fact_order(&facts->v[v[i].i], &facts->v[v[j].i]) <= 0);

				spare[k] = left ? v[i++] : v[j++];
			}
		}
		memcpy(v, spare, n * sizeof(*v));
	}
}

static void sort_facts(struct view *v, struct timed *kept, size_t n)
{
	struct timed *spare = NULL;

	timed_sort(v->arena, kept, n);
	for (size_t from = 0; from < n;) {
		size_t end = from + 1;
		bool ordered = true;

		for (; end < n && kept[end].at == kept[from].at; end++)
			ordered = ordered && fact_order(&v->facts->v[kept[end - 1].i],
							&v->facts->v[kept[end].i]) <= 0;
		if (!ordered) {
			if (spare == NULL)
				spare = arena_array(v->arena, struct timed, n);
			order_ties(v->facts, kept + from, spare, end - from);
		}
		from = end;
	}
}

static void make_kinds(struct view *v)
{
	size_t place[FACT_COUNT] = {0}, sum = 0;
	uint32_t *pool = arena_array(v->arena, uint32_t, v->all.n);

	for (size_t i = 0; i < v->all.n; i++)
		place[v->facts->v[v->all.v[i]].kind]++;
	for (size_t k = 0; k < FACT_COUNT; k++) {
		v->kinds[k] = (struct fact_run){pool + sum, place[k]};
		sum += place[k];
		place[k] = (size_t)(v->kinds[k].v - pool);
	}
	for (size_t i = 0; i < v->all.n; i++)
		pool[place[v->facts->v[v->all.v[i]].kind]++] = v->all.v[i];
}

static bool about_ticket(const struct fact *f)
{
	return fact_row((enum fact_kind)f->kind)->subject == FIELD_TICKET && f->subject != 0;
}

/* One run a ticket: counted, then dealt out, so the order of all carries over. */
static void make_tickets(struct view *v)
{
	uint32_t *of = arena_array(v->arena, uint32_t, symbols_count(v->facts->symbols));
	size_t n_facts = 0, cap = 0;
	struct fact_run *runs = NULL;
	symbol *ids = NULL;

	v->n_tickets = 0;
	for (size_t i = 0; i < v->all.n; i++) {
		const struct fact *f = &v->facts->v[v->all.v[i]];

		if (!about_ticket(f))
			continue;
		n_facts++;
		if (of[f->subject] == 0) {
			size_t room = cap;

			runs = arena_grow(v->arena, runs, v->n_tickets, &cap, sizeof(*runs));
			ids = arena_grow(v->arena, ids, v->n_tickets, &room, sizeof(*ids));
			runs[v->n_tickets].n = 0;
			ids[v->n_tickets] = f->subject;
			of[f->subject] = (uint32_t)++v->n_tickets;
		}
		runs[of[f->subject] - 1].n++;
	}

	uint32_t *pool = arena_array(v->arena, uint32_t, n_facts);
	uint32_t *next = arena_array(v->arena, uint32_t, v->n_tickets);
	size_t sum = 0;

	assert(v->n_tickets == 0 || runs != NULL);
	for (size_t t = 0; t < v->n_tickets; t++) {
		runs[t].v = pool + sum;
		next[t] = (uint32_t)sum;
		sum += runs[t].n;
	}
	for (size_t i = 0; i < v->all.n; i++) {
		const struct fact *f = &v->facts->v[v->all.v[i]];

		if (about_ticket(f))
			pool[next[of[f->subject] - 1]++] = v->all.v[i];
	}
	v->tickets = runs;
	v->ticket_ids = ids;
	v->ticket_of = of;
	v->n_ticket_of = symbols_count(v->facts->symbols);
}

static void flag_same_time(struct view *v)
{
	for (size_t t = 0; t < v->n_tickets; t++) {
		const struct fact_run *run = &v->tickets[t];

		for (size_t i = 1; i < run->n; i++)
			if (v->facts->v[run->v[i - 1]].occurred_at ==
			    v->facts->v[run->v[i]].occurred_at) {
				v->flags[run->v[i - 1]] |= FLAG_SAME_TIME;
				v->flags[run->v[i]] |= FLAG_SAME_TIME;
			}
	}
}

static void drop_outweighed(struct view *v)
{
	uint32_t *kept = arena_array(v->arena, uint32_t, v->all.n);
	size_t n = 0;

	for (size_t i = 0; i < v->all.n; i++)
		if (v->outweighed_by[v->all.v[i]] == NO_FACT)
			kept[n++] = v->all.v[i];
	v->all = (struct fact_run){kept, n};
}

struct view *view_make_by(struct arena *a, const struct facts *facts, instant as_of,
			  instant known_as_of, const struct view_rules *rules)
{
	struct view *v = arena_one(a, struct view);
	size_t n;

	v->arena = a;
	v->facts = facts;
	v->as_of = as_of;
	v->known_as_of = known_as_of;
	v->flags = arena_array(a, uint16_t, facts->n);
	v->corrected_by = arena_array(a, uint32_t, facts->n);
	v->contested = arena_array(a, uint8_t, facts->n);
	v->accepted = arena_array(a, uint8_t, facts->n);
	v->outweighed_by = arena_array(a, uint32_t, facts->n);
	v->waits = arena_array(a, uint8_t, facts->n);
	memset(v->corrected_by, 0xff, facts->n * sizeof(*v->corrected_by));
	memset(v->outweighed_by, 0xff, facts->n * sizeof(*v->outweighed_by));

	struct doings doings = read_doings(v);

	apply_rulings(v, &doings);
	apply_acts(v, &doings);
	apply_corrections(v, rules, &doings);

	struct timed *kept = select_facts(v, rules, &n);

	sort_facts(v, kept, n);
	v->all = make_run(v, kept, n);
	make_kinds(v);
	make_tickets(v);
	if (view_find_contradictions(v, rules) > 0) {
		drop_outweighed(v);
		make_kinds(v);
		make_tickets(v);
	}
	flag_same_time(v);
	return v;
}

struct view *view_make(struct arena *a, const struct facts *facts, instant as_of,
		       instant known_as_of)
{
	const struct view_rules none = {.n_systems = 0};

	return view_make_by(a, facts, as_of, known_as_of, &none);
}

bool view_counts(const struct view *v, uint32_t i)
{
	const struct fact *f = view_fact(v, i);

	return known(v, f) && f->occurred_at <= v->as_of && v->corrected_by[i] == NO_FACT &&
	       v->outweighed_by[i] == NO_FACT && v->contested[i] < SETTLED_AGAINST &&
	       v->waits[i] == 0 && (v->flags[i] & FLAG_PENDING) == 0 &&
	       !fact_row((enum fact_kind)f->kind)->record;
}

bool view_from_system(const struct view *v, const struct fact *f, struct text system)
{
	if (f->source >= v->facts->n_sources)
		return false;

	const struct fact_source *s = &v->facts->sources[f->source];

	/* What a source is read by is known from when it was read; what the fact calls it, from the fact. */
	return text_eq(system, s->name) ||
	       (s->read_at <= v->known_as_of && text_eq(system, s->format));
}

struct fact_run view_ticket(const struct view *v, symbol ticket)
{
	if (ticket >= v->n_ticket_of || v->ticket_of[ticket] == 0)
		return (struct fact_run){NULL, 0};
	return v->tickets[v->ticket_of[ticket] - 1];
}
