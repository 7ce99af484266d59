/* SPDX-License-Identifier: Apache-2.0 */
/* Means and percentiles (sla.md R42): of used times of the metric's own clock, or of the answers of a survey. */
#include "engine/ratio.h"
#include "engine/view_order.h"

/* Sorting needs 64 bits: thousandths of a millisecond would not help, so used time counts in ms and scores in 10^-9. */
enum { SCORE_SCALE = 9 };

struct values {
	struct timed *v; /* the value stands in place of an instant, to be sorted */
	size_t n, cap;
	int64_t unit; /* one of them is 1/unit of the value that is printed */
};

static void add_value(struct judging *j, struct values *all, int64_t value, uint32_t i)
{
	all->v = arena_grow(j->arena, all->v, all->n, &all->cap, sizeof(*all->v));
	all->v[all->n++] = (struct timed){value, i};
}

/* R42: open and overdue at the window's end, with the time used so far; otherwise never closing would pay. */
static void add_censored(struct judging *j, struct window_result *w, struct values *all, size_t key)
{
	const struct clock_run *run = &j->overdue[key];
	instant end = w->judged.to < j->in->as_of ? w->judged.to : j->in->as_of;

	for (size_t i = 0; i < run->n && run->v[i].at < end; i++) {
		struct clock *c = &j->clocks[run->v[i].i];

		if (c->stop != INSTANT_NONE && c->stop < end)
			continue;
		add_value(j, all, clock_used_at_ms(j->engine, c, end), run->v[i].i);
		c->censored = true;
		w->censored++;
	}
}

static void used_times(struct judging *j, struct window_result *w, struct values *all)
{
	size_t key = j->keys->of[w->version][w->metric];
	const struct clock_run *run = &j->stopped[key];
	size_t from = clock_run_from(run, w->judged.from), to = clock_run_from(run, w->judged.to);

	all->unit = MINUTE_MS;
	for (size_t i = from; i < to; i++)
		add_value(j, all, j->clocks[run->v[i].i].used_ms, run->v[i].i);
	add_censored(j, w, all, key);

	uint32_t *list = arena_array(j->arena, uint32_t, all->n);

	for (size_t i = 0; i < all->n; i++)
		list[i] = all->v[i].i;
	w->clocks = list;
	w->n_clocks = all->n;
}

static int64_t power_of_10(unsigned n)
{
	int64_t p = 1;

	for (; n > 0; n--)
		p *= 10;
	return p;
}

static void scores(struct judging *j, const struct window_result *w, struct values *all)
{
	struct fact_run run = j->view->kinds[FACT_SURVEY_ANSWERED];

	all->unit = power_of_10(SCORE_SCALE);
	for (size_t i = 0; i < run.n; i++) {
		const struct fact *f = view_fact(j->view, run.v[i]);
		const struct fact_value *score = fact_value(f, FIELD_SCORE);

		int64_t value;

		if (f->occurred_at < w->judged.from || f->occurred_at >= w->judged.to ||
		    score == NULL || score->scale > SCORE_SCALE ||
		    __builtin_mul_overflow(score->number, power_of_10(SCORE_SCALE - score->scale),
					   &value))
			continue; /* beyond 9,000,000,000 it is no score */
		add_value(j, all, value, run.v[i]);
	}
}

static struct fraction mean_of(const struct values *all)
{
	i128 sum = 0;

	for (size_t i = 0; i < all->n; i++)
		sum += all->v[i].at;
	return fraction_of(sum, (i128)all->n * all->unit);
}

/* Nearest rank: the value at position ceil(p x n / 100), counted from 1. */
static struct fraction percentile_of(struct judging *j, struct values *all, int64_t percentile)
{
	size_t rank = ((size_t)percentile * all->n + 99) / 100;

	timed_sort(j->arena, all->v, all->n);
	rank = rank < 1 ? 1 : rank > all->n ? all->n : rank;
	return fraction_of(all->v[rank - 1].at, all->unit);
}

static bool within_limits(const struct metric *m, struct fraction value)
{
	if (m->at_least_set && fraction_cmp(value, fraction_of_decimal(m->at_least)) < 0)
		return false;
	return !m->at_most_set || fraction_cmp(value, fraction_of_decimal(m->at_most)) <= 0;
}

void judge_values(struct judging *j, struct window_result *w)
{
	const struct metric *m = judged_metric(j, w);
	struct values all = {NULL, 0, 0, 1};

	if (j->engine->plans[w->version][w->metric].shape != SHAPE_NONE)
		used_times(j, w, &all);
	else
		scores(j, w, &all);
	w->samples = (int64_t)all.n;
	w->target_set = m->at_least_set || m->at_most_set;
	w->target = m->at_least_set ? m->at_least : m->at_most;
	if (all.n > 0) {
		w->value_set = true;
		w->value = m->kind == METRIC_MEAN ? mean_of(&all)
						  : percentile_of(j, &all, m->percentile);
		w->shown = fraction_round(w->value, m->decimals, ROUND_HALF_UP);
	}
	if (w->why_not != JUDGED)
		return;
	if (all.n == 0)
		w->why_not = NJ_NO_SAMPLES;
	else if (w->samples < m->min_sample)
		w->why_not = NJ_SMALL_SAMPLE;
	else if (!w->target_set)
		w->why_not = NJ_NO_TARGET;
	else
		judge_by(w, within_limits(m, w->value));
}
