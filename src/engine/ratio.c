/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/ratio.h"

#include "engine/view_order.h"

#include <assert.h>
#include <string.h>

enum { CARRY_WINDOWS_MAX = 3 };

const struct metric *judged_metric(const struct judging *j, const struct window_result *w)
{
	return &j->in->versions[w->version].promise->metrics[w->metric];
}

void judge_by(struct window_result *w, bool met)
{
	if (w->why_not == JUDGED)
		w->verdict = met ? VERDICT_MET : VERDICT_MISSED;
}

size_t clock_run_from(const struct clock_run *r, instant t)
{
	size_t low = 0, high = r->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (r->v[middle].at < t)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* --- which clocks belong to which metric --- */

enum run_kind { RUN_SETTLED, RUN_STOPPED, RUN_OVERDUE, RUN_KINDS };

static bool is_value(const struct judging *j, const struct clock *c)
{
	return j->in->versions[c->version].promise->metrics[c->metric].kind != METRIC_ELAPSED;
}

/* The instant by which a clock is in a run; INSTANT_NONE: it is not. */
static instant place_in(const struct judging *j, const struct clock *c, enum run_kind kind)
{
	if (c->state == CLOCK_VOID)
		return INSTANT_NONE;
	switch (kind) {
	case RUN_SETTLED:
		return c->sample && !is_value(j, c) ? c->settled : INSTANT_NONE;
	case RUN_STOPPED:
		return is_value(j, c) ? c->stop : INSTANT_NONE;
	case RUN_OVERDUE:
		return is_value(j, c) && c->deadline != INSTANT_NONE &&
				       (c->stop == INSTANT_NONE || c->stop > c->deadline)
			       ? c->deadline
			       : INSTANT_NONE;
	case RUN_KINDS:
		break;
	}
	return INSTANT_NONE;
}

static struct clock_run *collect(const struct judging *j, enum run_kind kind)
{
	size_t n_keys = j->keys->n, sum = 0;
	size_t *count = arena_array(j->arena, size_t, n_keys);
	struct timed **to = arena_array(j->arena, struct timed *, n_keys);
	struct clock_run *runs = arena_array(j->arena, struct clock_run, n_keys);

	for (size_t i = 0; i < j->n_clocks; i++)
		if (place_in(j, &j->clocks[i], kind) != INSTANT_NONE) {
			count[j->keys->of[j->clocks[i].version][j->clocks[i].metric]]++;
			sum++;
		}

	struct timed *pool = arena_array(j->arena, struct timed, sum);

	for (size_t k = 0; k < n_keys; k++) {
		to[k] = pool;
		pool += count[k];
	}
	for (size_t i = 0; i < j->n_clocks; i++) {
		instant at = place_in(j, &j->clocks[i], kind);
		size_t k;

		if (at == INSTANT_NONE)
			continue;
		k = j->keys->of[j->clocks[i].version][j->clocks[i].metric];
		to[k][runs[k].n++] = (struct timed){at, (uint32_t)i};
	}
	for (size_t k = 0; k < n_keys; k++) {
		timed_sort(j->arena, to[k], runs[k].n);
		runs[k].v = to[k];
	}
	return runs;
}

struct judging *judging_new(struct arena *a, struct clock_engine *e, const struct evaluation *in,
			    const struct metric_keys *keys)
{
	struct judging *j = arena_one(a, struct judging);

	j->arena = a;
	j->engine = e;
	j->in = in;
	j->view = e->view;
	j->keys = keys;
	j->clocks = e->clocks;
	j->n_clocks = e->n_clocks;
	j->settled = collect(j, RUN_SETTLED);
	j->stopped = collect(j, RUN_STOPPED);
	j->overdue = collect(j, RUN_OVERDUE);
	return j;
}

/* --- share of clocks in time (R39 to R41) --- */

/* Samples carried over from earlier windows of the same metric (R41). */
struct carried {
	const uint32_t *v;
	size_t n;
	unsigned windows;
};

static bool in_time(const struct clock *c)
{
	return c->state == CLOCK_MET;
}

/* R33: under `continue` a later cycle of the ticket that settled in the window stands for it. */
static bool superseded(const struct judging *j, const struct metric *m, uint32_t i,
		       struct span window)
{
	const struct clock *c = &j->clocks[i], *next = c + 1;

	if (m->reopen != REOPEN_CONTINUE || (size_t)i + 1 >= j->n_clocks)
		return false;
	return next->subject == c->subject && next->metric == c->metric &&
	       next->version == c->version && next->cycle == c->cycle + 1 && next->sample &&
	       next->settled >= window.from && next->settled < window.to;
}

static bool counts_cycles(const struct judging *j, const struct window_result *w)
{
	return j->engine->plans[w->version][w->metric].ends;
}

static uint32_t *own_samples(struct judging *j, const struct window_result *w, size_t *n)
{
	const struct metric *m = judged_metric(j, w);
	const struct clock_run *run = &j->settled[j->keys->of[w->version][w->metric]];
	size_t from = clock_run_from(run, w->judged.from), to = clock_run_from(run, w->judged.to);
	uint32_t *list = arena_array(j->arena, uint32_t, to - from);
	bool cycles = counts_cycles(j, w);

	*n = 0;
	for (size_t i = from; i < to; i++)
		if (!cycles || !superseded(j, m, run->v[i].i, w->judged))
			list[(*n)++] = run->v[i].i;
	return list;
}

static size_t first_from(const struct past_run *run, instant t)
{
	size_t low = 0, high = run->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (run->settled[middle] < t)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Samples in time of tickets that were left out. */
static void count_past(const struct judging *j, struct window_result *w,
		       struct priority_share *shares, size_t n)
{
	const struct past *past = j->in->past;
	uint16_t key = j->keys->of[w->version][w->metric];

	w->past_samples = 0;
	for (size_t i = 0; past != NULL && i < past->n_in_time; i++) {
		const struct past_run *run = &past->in_time[i];
		size_t at =
			run->priority >= 0 && (size_t)run->priority < n ? (size_t)run->priority : n;
		int64_t samples;

		if (j->keys->of[run->version][run->metric] != key)
			continue;
		samples =
			(int64_t)(first_from(run, w->judged.to) - first_from(run, w->judged.from));
		shares[at].samples += samples;
		shares[at].in_time += samples;
		w->past_samples += samples;
	}
}

static void count_shares(struct judging *j, struct window_result *w, unsigned decimals)
{
	size_t n = j->in->versions[w->version].promise->n_priorities;
	struct priority_share *shares = arena_array(j->arena, struct priority_share, n + 1);

	count_past(j, w, shares, n);
	w->samples = (int64_t)w->n_clocks + w->past_samples;
	w->in_time = w->past_samples;
	for (size_t i = 0; i < w->n_clocks; i++) {
		const struct clock *c = &j->clocks[w->clocks[i]];
		size_t at = c->priority >= 0 && (size_t)c->priority < n ? (size_t)c->priority : n;

		shares[at].samples++;
		shares[at].in_time += in_time(c);
		w->in_time += in_time(c);
	}
	for (size_t i = 0; i <= n; i++)
		if (shares[i].samples > 0)
			shares[i].shown =
				fraction_percent(fraction_of(shares[i].in_time, shares[i].samples),
						 decimals, ROUND_HALF_UP);
	w->priorities = shares;
}

static void join_carried(struct judging *j, struct window_result *w, struct carried *c)
{
	if (c->n == 0)
		return;

	uint32_t *all = arena_array(j->arena, uint32_t, c->n + w->n_clocks);

	memcpy(all, c->v, c->n * sizeof(*all));
	if (w->n_clocks > 0)
		memcpy(all + c->n, w->clocks, w->n_clocks * sizeof(*all));
	w->carried_samples = (int64_t)c->n;
	w->clocks = all;
	w->n_clocks += c->n;
}

/* R41: carried on through at most three windows in a row; then the samples are dropped. */
static void carry_on(struct window_result *w, struct carried *c)
{
	if (c->windows + 1 >= CARRY_WINDOWS_MAX || w->running) {
		w->why_not = NJ_SMALL_SAMPLE;
		*c = (struct carried){NULL, 0, 0};
		return;
	}
	w->why_not = NJ_CARRIED;
	*c = (struct carried){w->clocks, w->n_clocks, c->windows + 1};
}

static void judge_small(struct window_result *w, const struct metric *m, struct carried *c)
{
	switch (m->below_min) {
	case BELOW_NOT_JUDGED:
		w->why_not = NJ_SMALL_SAMPLE;
		break;
	case BELOW_ONE_MISS:
		judge_by(w, w->samples - w->in_time <= 1);
		break;
	case BELOW_CARRY:
		carry_on(w, c);
		break;
	}
}

/* R40: with `comply` the share decides; without it each ticket stands alone, and one miss is a miss. */
static void judge_share(struct judging *j, struct window_result *w, struct carried *c)
{
	const struct metric *m = judged_metric(j, w);
	size_t n;
	const uint32_t *own = own_samples(j, w, &n);

	w->clocks = own;
	w->n_clocks = n;
	if (w->why_not == JUDGED)
		join_carried(j, w, c);
	count_shares(j, w, m->decimals);
	w->target_set = m->comply;
	w->target = m->comply_at_least;
	if (w->samples > 0) {
		w->value_set = true;
		w->value = fraction_of(w->in_time, w->samples);
		w->shown = fraction_percent(w->value, m->decimals, ROUND_HALF_UP);
	}
	if (w->why_not != JUDGED)
		return;
	if (w->samples == 0) {
		w->why_not = NJ_NO_SAMPLES;
		return;
	}
	if (m->comply && w->samples < m->min_sample) {
		judge_small(w, m, c);
		return;
	}
	*c = (struct carried){NULL, 0, 0};
	judge_by(w, m->comply ? decimal_cmp(w->shown, m->comply_at_least) >= 0
			      : w->in_time == w->samples);
}

static void judge_window(struct judging *j, struct window_result *w, struct carried *c)
{
	switch (judged_metric(j, w)->kind) {
	case METRIC_ELAPSED:
		judge_share(j, w, c);
		break;
	case METRIC_RATIO:
		judge_ratio(j, w);
		break;
	case METRIC_MEAN:
	case METRIC_PERCENTILE:
		judge_values(j, w);
		break;
	case METRIC_COUNT:
		judge_count(j, w);
		break;
	case METRIC_AVAILABILITY:
		break;
	}
}

void judge_windows(struct judging *j, struct window_result *windows, size_t n)
{
	struct carried carried = {NULL, 0, 0};

	for (size_t i = 0; i < n; i++) {
		const struct window_result *before = i == 0 ? NULL : &windows[i - 1];

		if (before == NULL || j->keys->of[before->version][before->metric] !=
					      j->keys->of[windows[i].version][windows[i].metric])
			carried = (struct carried){NULL, 0, 0};
		judge_window(j, &windows[i], &carried);
	}
}
