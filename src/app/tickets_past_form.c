/* SPDX-License-Identifier: Apache-2.0 */
#include "app/tickets_past_form.h"

#include <stdlib.h>

enum { PAST_COLUMN_MAX = 1 << 28 };

/* --- printing --- */

static int by_run(const void *x, const void *y)
{
	const struct in_time *a = x, *b = y;

	if (a->key.version != b->key.version)
		return a->key.version < b->key.version ? -1 : 1;
	if (a->key.metric != b->key.metric)
		return a->key.metric < b->key.metric ? -1 : 1;
	if (a->key.priority != b->key.priority)
		return a->key.priority < b->key.priority ? -1 : 1;
	return (a->settled > b->settled) - (a->settled < b->settled);
}

static bool same_run(const struct run_key *x, const struct run_key *y)
{
	return x->version == y->version && x->metric == y->metric && x->priority == y->priority;
}

static void put_one(struct month_clocks *m, enum clock_column c, int64_t x)
{
	column_add(m->arena, &m->columns[c], x);
}

void month_clocks_in_time(struct month_clocks *m, const struct clock *c)
{
	m->in_time = arena_grow(m->arena, m->in_time, m->n_in_time, &m->cap_in_time,
				sizeof(*m->in_time));
	m->in_time[m->n_in_time++] =
		(struct in_time){{c->version, c->metric, c->priority}, c->settled};
}

void month_clocks_other(struct month_clocks *m, const struct symbols *words, const struct clock *c)
{
	bool another = m->tickets.n == 0 || m->last != c->subject;

	if (another) {
		m->tickets.v = arena_grow(m->arena, m->tickets.v, m->tickets.n, &m->tickets.cap,
					  sizeof(*m->tickets.v));
		m->tickets.v[m->tickets.n++] = symbol_text(words, c->subject);
		m->last = c->subject;
	}
	put_one(m, C_NEW, another);
	put_one(m, C_VERSION, c->version);
	put_one(m, C_METRIC, c->metric);
	put_one(m, C_PRIORITY, c->priority);
	put_one(m, C_TARGET, c->target);
	put_one(m, C_CYCLE, c->cycle);
	put_one(m, C_STATE, c->state);
	put_one(m, C_START, c->start);
	put_one(m, C_STOPPED, c->stop != INSTANT_NONE);
	put_one(m, C_STOP, c->stop != INSTANT_NONE ? c->stop : c->start);
	put_one(m, C_DUE, c->deadline != INSTANT_NONE);
	put_one(m, C_DEADLINE, c->deadline != INSTANT_NONE ? c->deadline : c->start);
	put_one(m, C_SETTLED, c->settled);
}

/* Runs of samples in time, each by rising instants as steps; then the other clocks. */
void month_clocks_print(struct month_clocks *m, struct buf *out)
{
	struct column versions = {.n = 0}, metrics = {.n = 0}, priorities = {.n = 0},
		      counts = {.n = 0}, begins = {.n = 0}, steps = {.n = 0};

	if (m->n_in_time > 1)
		qsort(m->in_time, m->n_in_time, sizeof(*m->in_time), by_run);
	for (size_t i = 0; i < m->n_in_time; i++) {
		const struct in_time *x = &m->in_time[i], *before = i == 0 ? NULL : x - 1;

		if (before == NULL || !same_run(&before->key, &x->key)) {
			column_add(m->arena, &versions, x->key.version);
			column_add(m->arena, &metrics, x->key.metric);
			column_add(m->arena, &priorities, x->key.priority);
			column_add(m->arena, &begins, x->settled);
			column_add(m->arena, &counts, 0);
		} else {
			column_add(m->arena, &steps, x->settled - before->settled);
		}
		counts.v[counts.n - 1]++;
	}
	column_put(out, &versions);
	column_put(out, &metrics);
	column_put(out, &priorities);
	column_put(out, &counts);
	column_put(out, &begins);
	column_put(out, &steps);
	texts_put(m->arena, out, &m->tickets);
	for (size_t c = 0; c < C_COLUMNS; c++)
		column_put(out, &m->columns[c]);
}

static enum rc damaged(struct err *err)
{
	err_hint(err, "make the derived tables anew: tenor rebuild");
	return err_set(err, RC_INVALID, "the table of tickets of the past is damaged");
}

void month_entries_print(struct arena *a, struct entry_list *entries, struct buf *out)
{
	struct column steps = {.n = 0};
	int64_t at = 0;

	entry_list_sort(entries);
	for (size_t i = 0; i < entries->n; i++) {
		column_add(a, &steps, entries->v[i] - at);
		at = entries->v[i];
	}
	column_put(out, &steps);
}

/* --- reading --- */

static bool in_bounds(const struct past_reading *p, int64_t version, int64_t metric,
		      int64_t priority)
{
	return version >= 0 && version < (int64_t)p->r->n_versions && metric >= 0 &&
	       metric < (int64_t)p->r->versions[version].promise->n_metrics && priority >= -1 &&
	       priority < (int64_t)p->r->versions[version].promise->n_priorities;
}

static bool read_runs(struct past_reading *p, struct pack_reader *r)
{
	struct arena *a = p->ws->arena;
	struct column *c = p->run_columns;
	size_t step = 0;

	for (size_t i = 0; i < PAST_RUN_COLUMNS; i++)
		column_get(r, a, &c[i], PAST_COLUMN_MAX);
	for (size_t i = 1; i < 5; i++)
		if (r->bad || c[i].n != c[0].n)
			return false;
	for (size_t i = 0; i < c[0].n; i++) {
		int64_t n = c[3].v[i];
		instant at = c[4].v[i];
		instant *v;

		if (!in_bounds(p, c[0].v[i], c[1].v[i], c[2].v[i]) || n < 1 ||
		    (size_t)(n - 1) > c[5].n - step)
			return false;
		v = arena_array(a, instant, (size_t)n);
		v[0] = at;
		for (int64_t k = 1; k < n; k++) {
			if (c[5].v[step] < 0 || c[5].v[step] > INSTANT_MAX - at)
				return false;
			at += c[5].v[step++];
			v[k] = at;
		}
		p->runs = arena_grow(a, p->runs, p->out->past.n_in_time, &p->runs_cap,
				     sizeof(*p->runs));
		p->runs[p->out->past.n_in_time++] = (struct past_run){
			(uint16_t)c[0].v[i], (uint16_t)c[1].v[i], (int16_t)c[2].v[i], v, (size_t)n};
	}
	return step == c[5].n;
}

static bool clock_of(const struct past_reading *p, const struct column *c, size_t i, symbol subject,
		     struct clock *out)
{
	int64_t state = c[C_STATE].v[i], cycle = c[C_CYCLE].v[i], target = c[C_TARGET].v[i];

	if (!in_bounds(p, c[C_VERSION].v[i], c[C_METRIC].v[i], c[C_PRIORITY].v[i]) ||
	    (state != CLOCK_MET && state != CLOCK_BREACHED && state != CLOCK_MISSED) || cycle < 0 ||
	    cycle > UINT16_MAX || target < -1 || target > INT16_MAX)
		return false;
	*out = (struct clock){
		.subject = subject,
		.version = (uint16_t)c[C_VERSION].v[i],
		.metric = (uint16_t)c[C_METRIC].v[i],
		.priority = (int16_t)c[C_PRIORITY].v[i],
		.target = (int16_t)target,
		.cycle = (uint16_t)cycle,
		.state = (uint8_t)state,
		.sample = true,
		.start = c[C_START].v[i],
		.stop = c[C_STOPPED].v[i] != 0 ? c[C_STOP].v[i] : INSTANT_NONE,
		.deadline = c[C_DUE].v[i] != 0 ? c[C_DEADLINE].v[i] : INSTANT_NONE,
		.settled = c[C_SETTLED].v[i],
		.start_fact = NO_FACT,
		.stop_fact = NO_FACT,
	};
	return true;
}

static bool read_others(struct past_reading *p, struct pack_reader *r)
{
	struct arena *a = p->ws->arena;
	struct column *c = p->columns;
	symbol subject = 0;
	size_t t = 0;

	texts_get(r, a, &p->lengths, &p->tickets, PAST_COLUMN_MAX);
	for (size_t i = 0; i < C_COLUMNS; i++)
		column_get(r, a, &c[i], PAST_COLUMN_MAX);
	for (size_t i = 0; i < C_COLUMNS; i++)
		if (r->bad || c[i].n != c[0].n)
			return false;
	for (size_t i = 0; i < c[0].n; i++) {
		struct clock *clock;

		if (c[C_NEW].v[i] != 0) {
			if (t == p->tickets.n)
				return false;
			subject = symbol_add(p->set->symbols, p->tickets.v[t++]);
		}
		p->clocks = arena_grow(a, p->clocks, p->out->past.n_clocks, &p->clocks_cap,
				       sizeof(*p->clocks));
		clock = &p->clocks[p->out->past.n_clocks++];
		if (subject == 0 || !clock_of(p, c, i, subject, clock))
			return false;
	}
	return t == p->tickets.n;
}

enum rc past_read_entries(struct past_reading *p, struct text bytes, struct err *err)
{
	struct pack_reader r = {(const unsigned char *)bytes.p, bytes.n, false};
	const struct column *steps = &p->steps;
	int64_t at = 0;

	column_get(&r, p->ws->arena, &p->steps, PAST_COLUMN_MAX);
	if (r.bad || r.left > 0)
		return damaged(err);
	for (size_t i = 0; i < steps->n; i++) {
		if (steps->v[i] < 0 || steps->v[i] >= p->r->size - at)
			return damaged(err);
		at += steps->v[i];
		p->out->n += p->out->entries[at] == 0;
		p->out->entries[at] = 1;
	}
	return RC_OK;
}

enum rc past_read_clocks(struct past_reading *p, struct text bytes, struct err *err)
{
	struct pack_reader r = {(const unsigned char *)bytes.p, bytes.n, false};

	return read_runs(p, &r) && read_others(p, &r) && r.left == 0 ? RC_OK : damaged(err);
}
