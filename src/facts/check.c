/* SPDX-License-Identifier: Apache-2.0 */
#include "facts/check.h"

#include <assert.h>
#include <stdlib.h>

static bool same_value(const struct fact_value *x, const struct fact_value *y)
{
	return x->field == y->field && x->word == y->word && x->number == y->number &&
	       x->scale == y->scale;
}

bool fact_same(const struct fact *x, const struct fact *y)
{
	if (x->kind != y->kind || x->occurred_at != y->occurred_at ||
	    x->recorded_at != y->recorded_at || x->corrects != y->corrects || x->seq != y->seq ||
	    x->party != y->party || x->n_values != y->n_values)
		return false;
	for (size_t i = 0; i < x->n_values; i++)
		if (!same_value(&x->values[i], &y->values[i]))
			return false;
	return true;
}

/* The planned time of an announcement lies ahead of it; its own instant is when it was made. */
uint16_t fact_own_flags(const struct fact *f)
{
	if (f->recorded_at - f->occurred_at > LATE_AFTER_MS)
		return FLAG_LATE;
	if (f->occurred_at - f->recorded_at > FUTURE_AFTER_MS)
		return FLAG_FUTURE;
	return 0;
}

static void raise(struct fact *f, enum fact_flag flag)
{
	f->flags = (uint16_t)(f->flags | (unsigned)flag);
}

static enum fact_field subject_field(const struct fact *f)
{
	return fact_row((enum fact_kind)f->kind)->subject;
}

static int by_order(const void *x, const void *y)
{
	return fact_order(*(struct fact *const *)x, *(struct fact *const *)y);
}

static void sort_group(struct fact **v, size_t n)
{
	for (size_t i = 1; i < n; i++)
		if (fact_order(v[i - 1], v[i]) > 0) {
			qsort(v, n, sizeof(struct fact *), by_order);
			return;
		}
}

static void check_same_time(struct fact **v, size_t n)
{
	for (size_t i = 1; i < n; i++)
		if (v[i - 1]->occurred_at == v[i]->occurred_at &&
		    subject_field(v[i - 1]) == subject_field(v[i])) {
			raise(v[i - 1], FLAG_SAME_TIME);
			raise(v[i], FLAG_SAME_TIME);
		}
}

/* What the events of one ticket have led to. */
struct ticket_state {
	bool logged, stopped, paused, merged;
};

static bool is_pause(unsigned kind)
{
	return kind == FACT_TICKET_WAITING_CLIENT || kind == FACT_TICKET_WAITING_VENDOR ||
	       kind == FACT_TICKET_SCHEDULED;
}

static bool is_stop(unsigned kind)
{
	return kind == FACT_TICKET_RESTORED || kind == FACT_TICKET_RESOLVED ||
	       kind == FACT_TICKET_CLOSED || kind == FACT_TICKET_CANCELLED;
}

/* R14: impossible from the state before it. R27: a stop ends a pause. */
static bool is_impossible(const struct fact *f, struct ticket_state *s, bool logged_at_all)
{
	bool early = logged_at_all && !s->logged && f->kind != FACT_TICKET_LOGGED;
	bool bad = early || s->merged;

	if (f->kind == FACT_TICKET_LOGGED)
		s->logged = true;
	if (f->kind == FACT_TICKET_RESUMED) {
		bad = bad || !s->paused;
		s->paused = false;
	}
	if (f->kind == FACT_TICKET_REOPENED) {
		bad = bad || !s->stopped;
		s->stopped = false;
	}
	if (is_pause(f->kind))
		s->paused = true;
	if (is_stop(f->kind)) {
		s->stopped = true;
		s->paused = false;
	}
	if (f->kind == FACT_TICKET_MERGED)
		s->merged = true;
	return bad;
}

static void check_ticket(struct fact **v, size_t n)
{
	struct ticket_state s = {false, false, false, false};
	bool logged = false;

	for (size_t i = 0; i < n; i++)
		logged = logged || v[i]->kind == FACT_TICKET_LOGGED;
	for (size_t i = 0; i < n; i++)
		if (subject_field(v[i]) == FIELD_TICKET && is_impossible(v[i], &s, logged))
			raise(v[i], FLAG_OUT_OF_ORDER);
}

/* An end that comes before what it ends, by subject id (R16: outages pair by id, never by position). */
static const struct {
	enum fact_kind begins, ends;
} pairs[] = {
	{FACT_OUTAGE_BEGAN, FACT_OUTAGE_ENDED},
	{FACT_MAINTENANCE_STARTED, FACT_MAINTENANCE_ENDED},
	{FACT_FORCE_MAJEURE_DECLARED, FACT_FORCE_MAJEURE_ENDED},
	{FACT_SUSPENSION_BEGAN, FACT_SUSPENSION_ENDED},
	{FACT_OBLIGATION_REQUESTED, FACT_OBLIGATION_MET},
	{FACT_PATCH_RELEASED, FACT_PATCH_INSTALLED},
};

static void check_pairs(struct fact **v, size_t n)
{
	for (size_t p = 0; p < ARRAY_SIZE(pairs); p++) {
		const struct fact *begins = NULL;

		for (size_t i = 0; i < n; i++)
			if (v[i]->kind == pairs[p].begins && begins == NULL)
				begins = v[i];
		for (size_t i = 0; i < n; i++)
			if (v[i]->kind == pairs[p].ends && begins != NULL &&
			    v[i]->occurred_at < begins->occurred_at)
				raise(v[i], FLAG_OUT_OF_ORDER);
	}
}

/* Events that happen once to their subject, or a countable number of times: two origins can tell the same one. */
static bool is_one_event(unsigned kind)
{
	static const enum fact_kind once[] = {
		FACT_TICKET_LOGGED,         FACT_TICKET_RESTORED,     FACT_TICKET_RESOLVED,
		FACT_TICKET_CLOSED,         FACT_TICKET_CANCELLED,    FACT_TICKET_REOPENED,
		FACT_TICKET_MERGED,         FACT_OUTAGE_BEGAN,        FACT_OUTAGE_ENDED,
		FACT_MAINTENANCE_ANNOUNCED, FACT_MAINTENANCE_STARTED, FACT_MAINTENANCE_ENDED,
		FACT_MAINTENANCE_CANCELLED, FACT_FORCE_MAJEURE_ENDED, FACT_OBLIGATION_MET,
		FACT_SUSPENSION_BEGAN,      FACT_SUSPENSION_ENDED,    FACT_PATCH_INSTALLED,
	};

	for (size_t i = 0; i < ARRAY_SIZE(once); i++)
		if (kind == once[i])
			return true;
	return false;
}

/* Who tells it: two facts of one origin are two events, of two origins perhaps one. */
static uint32_t origin(const struct fact *f)
{
	return (uint32_t)f->source << 8 | f->party;
}

static bool values_differ(const struct fact *x, const struct fact *y)
{
	for (size_t i = 0; i < x->n_values; i++) {
		enum fact_field field = (enum fact_field)x->values[i].field;
		const struct fact_value *other = fact_value(y, field);

		/* What one leaves out is no contradiction; of a list the members may come in any order. */
		if (other == NULL)
			continue;
		if (field_row(field)->type == FIELD_SYMBOLS) {
			if (!fact_has_word(y, field, x->values[i].word))
				return true;
		} else if (!same_value(&x->values[i], other)) {
			return true;
		}
	}
	return false;
}

static bool contradict(const struct fact *x, const struct fact *y)
{
	int64_t apart = x->occurred_at - y->occurred_at;

	if (apart < 0)
		apart = -apart;
	return apart > SAME_EVENT_MS || values_differ(x, y) || values_differ(y, x);
}

struct telling {
	struct fact *fact;
	uint32_t nth; /* of its kind and origin, from 0 */
};

static int by_origin(const void *x, const void *y)
{
	const struct telling *a = x, *b = y;

	if (a->fact->kind != b->fact->kind)
		return a->fact->kind < b->fact->kind ? -1 : 1;
	if (origin(a->fact) != origin(b->fact))
		return origin(a->fact) < origin(b->fact) ? -1 : 1;
	return fact_order(a->fact, b->fact);
}

static int by_nth(const void *x, const void *y)
{
	const struct telling *a = x, *b = y;

	if (a->fact->kind != b->fact->kind)
		return a->fact->kind < b->fact->kind ? -1 : 1;
	if (a->nth != b->nth)
		return a->nth < b->nth ? -1 : 1;
	return by_origin(x, y);
}

/* The n-th restoring of one origin is taken to be the n-th of another. */
static void check_tellings(struct arena *a, struct fact **v, size_t n)
{
	struct telling *t = arena_array(a, struct telling, n);
	size_t m = 0;

	for (size_t i = 0; i < n; i++)
		if (is_one_event(v[i]->kind))
			t[m++].fact = v[i];
	qsort(t, m, sizeof(*t), by_origin);
	for (size_t i = 1; i < m; i++)
		if (t[i].fact->kind == t[i - 1].fact->kind &&
		    origin(t[i].fact) == origin(t[i - 1].fact))
			t[i].nth = t[i - 1].nth + 1;
	qsort(t, m, sizeof(*t), by_nth);
	for (size_t i = 1; i < m; i++) {
		struct fact *x = t[i - 1].fact, *y = t[i].fact;

		if (x->kind == y->kind && t[i].nth == t[i - 1].nth && contradict(x, y)) {
			raise(x, FLAG_CONTRADICTING);
			raise(y, FLAG_CONTRADICTING);
		}
	}
}

static void check_contradicting(struct arena *a, struct fact **v, size_t n)
{
	bool several = false;

	for (size_t i = 1; i < n; i++)
		several = several || origin(v[i]) != origin(v[0]);
	if (!several)
		return;
	check_tellings(a, v, n);
	for (size_t i = 1; i < n; i++) {
		struct fact *x = v[i - 1], *y = v[i];

		if (x->kind == FACT_PROBE_SAMPLE && y->kind == FACT_PROBE_SAMPLE &&
		    x->occurred_at == y->occurred_at && origin(x) != origin(y) &&
		    fact_word(x, FIELD_STATE) != fact_word(y, FIELD_STATE)) {
			raise(x, FLAG_CONTRADICTING);
			raise(y, FLAG_CONTRADICTING);
		}
	}
}

/* One outage on one asset. */
struct lasting {
	struct fact *began, *ended; /* ended may be NULL */
	symbol asset;
};

struct lastings {
	struct arena *arena;
	struct lasting *v;
	size_t n, cap;
};

static void gather_outage(struct lastings *all, struct fact **v, size_t n)
{
	struct fact *began = NULL, *ended = NULL;

	for (size_t i = 0; i < n; i++) {
		if (v[i]->kind == FACT_OUTAGE_BEGAN && began == NULL)
			began = v[i];
		if (v[i]->kind == FACT_OUTAGE_ENDED && ended == NULL)
			ended = v[i];
	}
	if (began == NULL)
		return;
	for (size_t i = 0; i < began->n_values; i++) {
		if (began->values[i].field != FIELD_ASSETS)
			continue;
		all->v = arena_grow(all->arena, all->v, all->n, &all->cap, sizeof(*all->v));
		all->v[all->n++] = (struct lasting){began, ended, began->values[i].word};
	}
}

static int by_asset(const void *x, const void *y)
{
	const struct lasting *a = x, *b = y;

	if (a->asset != b->asset)
		return a->asset < b->asset ? -1 : 1;
	return fact_order(a->began, b->began);
}

static instant end_of(const struct lasting *l)
{
	return l->ended == NULL ? INSTANT_MAX : l->ended->occurred_at;
}

static void flag_overlap(const struct lasting *l)
{
	raise(l->began, FLAG_OVERLAPPING);
	if (l->ended != NULL)
		raise(l->ended, FLAG_OVERLAPPING);
}

static void check_overlaps(struct lastings *all)
{
	const struct lasting *longest = NULL;

	if (all->n > 0)
		qsort(all->v, all->n, sizeof(*all->v), by_asset);
	for (size_t i = 0; i < all->n; i++) {
		const struct lasting *l = &all->v[i];

		if (longest == NULL || longest->asset != l->asset) {
			longest = l;
			continue;
		}
		/* Half-open: an outage that begins when another ends does not overlap it, nor does one of no length. */
		if (l->began->occurred_at < end_of(longest) && l->began->occurred_at < end_of(l)) {
			flag_overlap(longest);
			flag_overlap(l);
		}
		if (end_of(l) > end_of(longest))
			longest = l;
	}
}

/*
 * Facts grouped by subject: group y is v[start[y]] up to v[start[y + 1]]. Corrected facts are in no group, nor is what the record
 * says of itself: a person or key that is called like a ticket has nothing to do with it.
 */
struct groups {
	struct fact **v;
	uint32_t *start;
	uint32_t n;
};

static struct groups group_by_subject(struct facts *f)
{
	struct groups g = {.n = symbols_count(f->symbols)};
	bool *left_out = arena_array(f->arena, bool, f->n);
	uint32_t *next;

	g.v = arena_array(f->arena, struct fact *, f->n);
	g.start = arena_array(f->arena, uint32_t, (size_t)g.n + 1);
	next = arena_array(f->arena, uint32_t, g.n);
	for (size_t i = 0; i < f->n; i++) {
		const struct fact *before = facts_find(f, f->v[i].corrects);

		if (before != NULL)
			left_out[before - f->v] = true;
		if (fact_row((enum fact_kind)f->v[i].kind)->record)
			left_out[i] = true;
	}
	for (size_t i = 0; i < f->n; i++)
		if (!left_out[i])
			g.start[f->v[i].subject + 1]++;
	for (uint32_t y = 0; y < g.n; y++) {
		g.start[y + 1] += g.start[y];
		next[y] = g.start[y];
	}
	for (size_t i = 0; i < f->n; i++)
		if (!left_out[i])
			g.v[next[f->v[i].subject]++] = &f->v[i];
	return g;
}

void facts_check(struct facts *f)
{
	struct groups g = group_by_subject(f);
	struct lastings outages = {.arena = f->arena};

	for (size_t i = 0; i < f->n; i++)
		f->v[i].flags = (uint16_t)(f->v[i].flags | fact_own_flags(&f->v[i]));
	/* Subject 0 is no subject: facts without one are not about the same thing. */
	for (uint32_t y = 1; y < g.n; y++) {
		struct fact **v = g.v + g.start[y];
		size_t n = g.start[y + 1] - g.start[y];

		if (n == 0)
			continue;
		sort_group(v, n);
		check_same_time(v, n);
		check_ticket(v, n);
		check_pairs(v, n);
		check_contradicting(f->arena, v, n);
		gather_outage(&outages, v, n);
	}
	check_overlaps(&outages);
}
